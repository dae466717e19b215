//! A point: what `--set` and `--set-file` say the givens of a derivation are.

use crate::calculus::Structure;
use crate::cli::failure::{Failure, Refusal};
use crate::cli::question;
use crate::cli::values::Value;
use crate::derivation::Document;
use crate::expr::{Expr, Node, Shape, SymbolId, SymbolKind};
use crate::lower::names::{Name, Part};
use crate::number::Rational;
use crate::number::rational::{display, to_i64};
use crate::numeric::{Assignment, Form, Tensor};
use crate::print::latex;
use crate::source::Source;

/// How values are written, for hints.
const WRITE_A_VALUE: &str =
    "write a number (`0.5`, `1/3`), a vector (`[1, 2]`), or a matrix by rows (`[[1, 0], [0, 1]]`)";

/// Gives `name` the value that is written as `text`, in one pair `NAME=VALUE`.
pub(super) fn set(document: &mut Document, point: &mut Assignment, pair: &str) -> Result<(), Failure> {
    let Some((name, text)) = pair.split_once('=') else {
        let message = format!("`{pair}` has no `=`");
        return Err(
            Refusal::of_command("bad-setting", message, "write `--set NAME=VALUE`, such as `--set w_h=1/2`").into()
        );
    };
    let (name, text) = (name.trim(), text.trim());
    if function_named(document, name).is_some() {
        return set_function(document, name, text);
    }
    let Some(value) = Value::parse(text) else {
        let message = format!("`{text}` is no value for `{name}`");
        return Err(Refusal::of_command("bad-value", message, WRITE_A_VALUE).into());
    };
    set_value(document, point, name, &value)
}

/// Gives every name of a JSON object its value.
pub(super) fn set_all(document: &mut Document, point: &mut Assignment, file: &Source) -> Result<(), Failure> {
    let refuse =
        |message: String, hint: &str| Failure::from(Refusal::of_file(&file.path, "bad-set-file", message, hint));
    let hint = "write one object of names and values: `{ \"w_h\": 0.5, \"x\": [1, 2], \"f\": \"sigmoid\" }`";
    let json: serde_json::Value =
        serde_json::from_str(&file.text).map_err(|error| refuse(format!("this is not JSON: {error}"), hint))?;
    let serde_json::Value::Object(pairs) = json else {
        return Err(refuse("this is no JSON object".to_owned(), hint));
    };
    for (name, json) in &pairs {
        if let (Some(_), serde_json::Value::String(text)) = (function_named(document, name), json) {
            set_function(document, name, text)?;
            continue;
        }
        let value =
            Value::of_json(json).ok_or_else(|| refuse(format!("`{json}` is no value for `{name}`"), WRITE_A_VALUE))?;
        set_value(document, point, name, &value)?;
    }
    Ok(())
}

/// The declared function of this name.
fn function_named(document: &Document, name: &str) -> Option<SymbolId> {
    document.names.with_base(name).iter().map(|name| name.symbol).find(|&symbol| document.model.is_function(symbol))
}

/// Binds a function: to one that is known by name, or to a formula, `z -> z^2`.
fn set_function(document: &mut Document, name: &str, text: &str) -> Result<(), Failure> {
    let is_bound = function_named(document, name).is_some_and(|symbol| document.model.functions.contains_key(&symbol));
    if is_bound {
        return Err(defined(name));
    }
    let arrow = text.split_once("->").or_else(|| text.split_once(r"\mapsto"));
    let definition = match arrow {
        Some((arguments, body)) => {
            let arguments = arguments.trim().trim_start_matches('(').trim_end_matches(')');
            format!("{name}({arguments}) = {}", body.trim())
        }
        None if text.chars().all(|c| c.is_ascii_alphanumeric()) => format!(r"{name} = \operatorname{{{text}}}"),
        None => format!("{name} = {text}"),
    };
    let definition = question::formula("--set", &definition);
    document.add_definition(&definition).map_err(|problems| question::refused(&definition, problems))
}

fn set_value(document: &mut Document, point: &mut Assignment, name: &str, value: &Value) -> Result<(), Failure> {
    if let Some(symbol) = integer_named(document, name) {
        point.integers.insert(symbol, whole(name, value)?);
        return Ok(());
    }
    if let Some(family) = family_named(document, name) {
        return set_family(document, point, name, family, value);
    }
    let formula = question::formula("--set", name);
    let member = document.read_value(&formula).map_err(|problems| question::refused(&formula, problems))?;
    set_member(document, point, member, value)
}

/// An index, a size or a last time that stands alone.
fn integer_named(document: &Document, name: &str) -> Option<SymbolId> {
    let symbol = document.arena.find(name)?;
    (document.arena.kind(symbol) == SymbolKind::Integer).then_some(symbol)
}

/// A family of one index that is named without it.
fn family_named(document: &Document, name: &str) -> Option<SymbolId> {
    let is_family = |name: &&&Name| match (&name.sub, &name.sup) {
        (Part::Index(_, 1), Part::Absent) | (Part::Absent, Part::Index(_, 1)) => true,
        (Part::Absent | Part::Fixed(_) | Part::Index(..), Part::Absent | Part::Fixed(_) | Part::Index(..)) => false,
    };
    document.names.with_base(name).iter().find(is_family).map(|name| name.symbol)
}

/// The members 1, 2, … of a family.
fn set_family(
    document: &mut Document,
    point: &mut Assignment,
    name: &str,
    family: SymbolId,
    value: &Value,
) -> Result<(), Failure> {
    let Value::List(members) = value else {
        let message = format!("`{name}` is a family, and one number is no value for it");
        let hint = format!("write its members in order, `{name}=[1, 2]`, or one of them, `{name}_1=1`");
        return Err(Refusal::of_command("bad-value", message, &hint).into());
    };
    for (index, value) in (1..).zip(members) {
        let at = document.arena.integer(index);
        let member = document.arena.member(family, vec![at]);
        set_member(document, point, member, value)?;
    }
    Ok(())
}

fn set_member(document: &mut Document, point: &mut Assignment, member: Expr, value: &Value) -> Result<(), Failure> {
    let written = latex(&document.arena, member);
    let Node::Symbol { symbol, indices, shape } = document.arena.node(member).clone() else {
        let hint = "set a name or a member of a family; an entry has no value of its own";
        return Err(Refusal::of_command("bad-setting", format!("`{written}` is no name"), hint).into());
    };
    let structure = Structure::new(&mut document.arena, &document.model);
    if structure.definition_of(&mut document.arena, &document.model, member).is_some() {
        return Err(defined(&written));
    }
    let Some(at) = indices.iter().map(|&at| document.arena.as_integer(at)).collect::<Option<Vec<i64>>>() else {
        let message = format!("the index of `{written}` is a letter");
        return Err(Refusal::of_command("bad-setting", message, "name one member, such as `x_1`").into());
    };
    let Some(tensor) = value.tensor() else {
        let message = format!("the rows of `{written}` are of different lengths, or lists are nested too deeply");
        return Err(Refusal::of_command("bad-value", message, WRITE_A_VALUE).into());
    };
    fit_sizes(document, point, &written, shape, &tensor)?;
    point.values.insert((symbol, at), tensor);
    Ok(())
}

/// Sizes follow from values: a letter that has none yet takes that of the value, and the others must agree.
fn fit_sizes(
    document: &Document,
    point: &mut Assignment,
    name: &str,
    shape: Shape,
    value: &Tensor<Rational>,
) -> Result<(), Failure> {
    let found: Vec<usize> = match value.form() {
        Form::Scalar => Vec::new(),
        Form::Vector(n) => vec![n],
        Form::Matrix(rows, columns) => vec![rows, columns],
    };
    let wanted = shape.sizes();
    let mismatch = |expected: String| {
        let message = format!("`{name}` is given {}, expected {expected}", words(&found));
        Failure::from(Refusal::of_command("shape-mismatch", message, WRITE_A_VALUE))
    };
    let written: Vec<String> = wanted.iter().map(|&size| latex(&document.arena, size)).collect();
    if found.len() != wanted.len() {
        return Err(mismatch(words(&written)));
    }
    for (&size, &n) in wanted.iter().zip(&found) {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let known = match document.arena.node(size) {
            Node::Symbol { symbol, indices, .. } if indices.is_empty() => {
                Some(*point.integers.entry(*symbol).or_insert(n))
            }
            _ => document.arena.as_integer(size),
        };
        if known.is_some_and(|known| known != n) {
            let sizes: Vec<String> =
                written.iter().zip(&wanted).map(|(text, &size)| with_value(document, point, text, size)).collect();
            return Err(mismatch(words(&sizes)));
        }
    }
    Ok(())
}

/// `n`, or `n = 2` where it has a value by now.
fn with_value(document: &Document, point: &Assignment, text: &str, size: Expr) -> String {
    match document.arena.node(size) {
        Node::Symbol { symbol, indices, .. } if indices.is_empty() => match point.integers.get(symbol) {
            Some(value) => format!("{text} = {value}"),
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// A shape by its sizes.
fn words<T: ToString>(sizes: &[T]) -> String {
    match sizes {
        [] => "a number".to_owned(),
        [n] => format!("a vector of size {}", n.to_string()),
        sizes => {
            let sizes: Vec<String> = sizes.iter().map(T::to_string).collect();
            format!("a matrix of sizes {}", sizes.join(" and "))
        }
    }
}

fn whole(name: &str, value: &Value) -> Result<i64, Failure> {
    let number = match value {
        Value::Number(number) => to_i64(number).ok_or_else(|| display(number)),
        Value::List(_) => Err("a list".to_owned()),
    };
    number.map_err(|found| {
        let message = format!("`{name}` is a whole number, and {found} is none");
        Failure::from(Refusal::of_command("bad-value", message, &format!("write `--set {name}=3`")))
    })
}

fn defined(name: &str) -> Failure {
    let hint = "set what it depends on, or take the definition out of the file";
    Refusal::of_command("already-defined", format!("`{name}` is defined in the file, and only givens can be set"), hint)
        .into()
}
