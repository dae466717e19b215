//! Values on the command line: exact numbers, and lists of them for vectors, matrices and families.

use crate::number::Rational;
use crate::number::rational::parse_decimal;
use crate::numeric::Tensor;

/// A value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// `0.5`, `1/3`, `1e-3`
    Number(Rational),
    /// `[1, 2]`, `[[1, 0], [0, 1]]`
    List(Vec<Value>),
}

impl Value {
    /// Reads `0.5`, `-1/3`, `[1, 2]`, `[[1, 0], [0, 1]]`; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Value> {
        let text = text.trim();
        let Some(inner) = text.strip_prefix('[') else { return number(text).map(Value::Number) };
        let inner = inner.strip_suffix(']')?;
        if inner.trim().is_empty() {
            return Some(Value::List(Vec::new()));
        }
        items(inner)?.into_iter().map(Value::parse).collect::<Option<Vec<Value>>>().map(Value::List)
    }

    /// Reads a value of a JSON file: numbers, lists, and strings such as `"1/3"`.
    pub(super) fn of_json(json: &serde_json::Value) -> Option<Value> {
        match json {
            serde_json::Value::Number(written) => number(&written.to_string()).map(Value::Number),
            serde_json::Value::String(text) => Value::parse(text),
            serde_json::Value::Array(items) => {
                items.iter().map(Value::of_json).collect::<Option<Vec<Value>>>().map(Value::List)
            }
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Object(_) => None,
        }
    }

    /// The number, the vector or the matrix; `None` for ragged rows and deeper lists.
    pub(super) fn tensor(&self) -> Option<Tensor<Rational>> {
        let items = match self {
            Value::Number(number) => return Some(Tensor::Scalar(number.clone())),
            Value::List(items) => items,
        };
        if let Some(vector) = row(items) {
            return Some(Tensor::Vector(vector));
        }
        let rows: Vec<Vec<Rational>> = items
            .iter()
            .map(|item| match item {
                Value::List(items) => row(items),
                Value::Number(_) => None,
            })
            .collect::<Option<_>>()?;
        let columns = rows.first()?.len();
        if rows.iter().any(|row| row.len() != columns) {
            return None;
        }
        Some(Tensor::Matrix { rows: rows.len(), columns, entries: rows.concat() })
    }
}

/// A decimal or a fraction of two decimals.
fn number(text: &str) -> Option<Rational> {
    match text.split_once('/') {
        None => parse_decimal(text.trim()),
        Some((numerator, denominator)) => {
            let denominator = parse_decimal(denominator.trim()).filter(|value| !value.is_zero())?;
            Some(parse_decimal(numerator.trim())? / denominator)
        }
    }
}

/// The parts between the commas that stand in no inner list; `None` where brackets do not match.
fn items(text: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (depth == 0).then_some(parts)
}

/// Numbers only.
fn row(items: &[Value]) -> Option<Vec<Rational>> {
    items
        .iter()
        .map(|item| match item {
            Value::Number(number) => Some(number.clone()),
            Value::List(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    #[track_caller]
    fn check(text: &str, expected: Option<Tensor<Rational>>) {
        assert_eq!(Value::parse(text).and_then(|value| value.tensor()), expected, "{text}");
    }

    #[test]
    fn values_are_read_exactly() {
        let ratio = |n, d| fraction(n, d).unwrap();
        check("0.1", Some(Tensor::Scalar(ratio(1, 10))));
        check(" -1/3 ", Some(Tensor::Scalar(ratio(-1, 3))));
        check("[1, 1/2]", Some(Tensor::Vector(vec![ratio(1, 1), ratio(1, 2)])));
        let entries = vec![ratio(1, 1), ratio(0, 1), ratio(2, 1), ratio(3, 1)];
        check("[[1,0],[2,3]]", Some(Tensor::Matrix { rows: 2, columns: 2, entries }));
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for wrong in ["", "x", "1/0", "[1, 2", "1, 2", "[[1], [1, 2]]", "[1, [2]]", "[[[1]]]", "[1,]", "1]["] {
            check(wrong, None);
        }
    }
}
