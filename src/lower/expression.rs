//! Expressions: from the tree as written to meaning.

use crate::expr::{self, Elementary, Expr, Shape, Tensor};
use crate::lower::inline::with_gradients_joined;
use crate::lower::reader::Reader;
use crate::number::rational::parse_decimal;
use crate::syntax::ast::{Kind, Node, Sign};

/// Decorations that change nothing of what they decorate.
const MEANINGLESS: [&str; 8] =
    ["underbrace", "overbrace", "underline", "boxed", "underbracket", "overbracket", "bbox", "fbox"];

/// The number of digits beyond which a number that is refused is not repeated.
const LONG: usize = 1_000;

impl Reader<'_> {
    /// The meaning of an expression; `None` after a diagnostic.
    pub fn expression(&mut self, node: &Node) -> Option<Expr> {
        match &node.kind {
            Kind::Number(text) => match parse_decimal(text) {
                Some(value) => Some(self.arena.number(value)),
                None if text.len() > LONG => self.fail(
                    "too-large",
                    node.span,
                    format!("a number of {} digits is too large to work with", text.len()),
                    "write it as a power, such as `10^{300}`, or give it a letter",
                ),
                None => self.fail(
                    "bad-number",
                    node.span,
                    format!("`{text}` is not a number"),
                    "write digits, with at most one point",
                ),
            },
            Kind::Symbol(_) | Kind::Script { .. } | Kind::Operator(_) => {
                self.factor(std::slice::from_ref(node), 0).map(|(expr, _)| expr)
            }
            Kind::Group(inner) => self.expression(inner),
            Kind::Fenced { open, close, body } => self.fenced(node, open, close, body),
            Kind::Frac { num, den } => {
                if let Some(derivative) = self.derivative_fraction(node, num, den) {
                    return derivative;
                }
                let (num, den) = (self.expression(num)?, self.expression(den)?);
                self.quotient(node, num, den)
            }
            Kind::Sqrt { index, body } => self.root(node, index.as_deref(), body),
            Kind::Product(items) => self.product(node, items),
            Kind::Sum(terms) => self.sum(node, terms),
            Kind::Big { op, sub, sup, body } => self.big(node, op, sub.as_deref(), sup.as_deref(), body),
            Kind::Matrix { env, rows } => self.matrix(node, env, rows),
            Kind::Cases(rows) => self.cases(rows),
            Kind::Evaluated { body, sub, sup: None } => self.evaluated(node, body, sub.as_deref()),
            Kind::Decorated { accent, body, .. } if MEANINGLESS.contains(&accent.as_str()) => self.expression(body),
            Kind::Dots(_) => self.uncertain_dots(node.span),
            Kind::Text(text) => {
                let message = format!("`{text}` is prose, not a part of a formula");
                self.fail(
                    "prose-in-formula",
                    node.span,
                    message,
                    r"declare it as a name, or move the words out of the formula",
                )
            }
            Kind::Chain { .. } | Kind::Logic(..) | Kind::Not(_) | Kind::Quantified { .. } => self.fail(
                "relation-as-value",
                node.span,
                "a relation stands where a value is expected".to_owned(),
                r"compare values, and join relations with `\implies`, `\iff` or a comma",
            ),
            Kind::List(items) => {
                let are_digits = items.iter().all(|item| matches!(item.kind, Kind::Number(_)));
                let hint = match are_digits && items.len() == 2 {
                    true => "a decimal is written with a point: `3.5`",
                    false => r"write one value, or a vector: `\begin{pmatrix} x \\ y \end{pmatrix}`",
                };
                self.fail("list-as-value", node.span, "a list stands where one value is expected".to_owned(), hint)
            }
            Kind::Empty => self.fail(
                "missing-operand",
                node.span,
                "an expression is missing here".to_owned(),
                "write what is meant",
            ),
            Kind::Error => None,
            Kind::Factorial(of) => self.factorial(node, of),
            Kind::Binom(above, below) => self.binomial(node, above, below),
            Kind::Evaluated { .. } | Kind::Decorated { .. } | Kind::Given(..) | Kind::Signature { .. } => {
                self.without_meaning(node)
            }
        }
    }

    /// Notation that is read and stands for nothing the engine knows.
    fn without_meaning<T>(&mut self, node: &Node) -> Option<T> {
        let (what, hint) = match &node.kind {
            Kind::Evaluated { .. } => {
                ("a bar with two ends", r"write the difference: `\left. F \right|_{x=b} - \left. F \right|_{x=a}`")
            }
            Kind::Given(..) => ("a value under a condition", "write a function of both: `p(x, y)`"),
            Kind::Signature { .. } => ("the type of a function", "declare the function in a `math given` fence"),
            _ => ("a sign over several letters", "give what it decorates a name of its own in a `math given` fence"),
        };
        self.fail("not-supported", node.span, format!("{what} is read, but has no meaning for the engine"), hint)
    }

    /// The meaning of an expression that may be infinite as a whole: a side, a bound, where a limit goes.
    pub(super) fn extended(&mut self, node: &Node) -> Option<Expr> {
        let is_infinity = |node: &Node| matches!(&strip(node).kind, Kind::Symbol(text) if text == r"\infty");
        let sign = match &strip(node).kind {
            Kind::Sum(terms) => match &terms[..] {
                [(sign @ (Sign::Plus | Sign::Minus), only)] if is_infinity(only) => *sign,
                _ => return self.expression(node),
            },
            _ if is_infinity(node) => Sign::Plus,
            _ => return self.expression(node),
        };
        let infinity = self.arena.infinity();
        Some(if sign == Sign::Minus { self.arena.negate(infinity) } else { infinity })
    }

    fn fenced(&mut self, node: &Node, open: &str, close: &str, body: &Node) -> Option<Expr> {
        match (open, close) {
            ("|", "|") => {
                let value = self.expression(body)?;
                Some(self.absolute(value))
            }
            (r"\|", r"\|") => {
                let value = self.expression(body)?;
                self.norm(node, value, None)
            }
            (r"\langle", r"\rangle") => self.inner_product(node, body),
            ("[", "]") if matches!(strip(body).kind, Kind::Chain { .. }) => self.indicator(body),
            ("[" | "(", "]" | ")") if let Kind::List(items) = &strip(body).kind => self.joined_list(node, body, items),
            ("(", ")") | ("[", "]") | (r"\{", r"\}") | (".", ".") | (r"\lbrace", r"\rbrace") => {
                self.within_parentheses(body)
            }
            ("(" | "[", ")" | "]") => {
                let message = "an interval stands where a value is expected".to_owned();
                self.fail("not-supported", node.span, message, r"say that a value lies in it: `x \in (a, b]`")
            }
            _ => {
                let message = format!("`{open} … {close}` is read, but has no meaning for the engine");
                let hint = "write parentheses, or give the value a name of its own in a `math given` fence";
                self.fail("not-supported", node.span, message, hint)
            }
        }
    }

    /// `[h_{t-1}, x_t]`: vectors one below the other, matrices beside or below one another as their sizes ask for.
    fn joined_list(&mut self, node: &Node, list: &Node, items: &[Node]) -> Option<Expr> {
        let values: Option<Vec<Expr>> = items.iter().map(|item| self.expression(item)).collect();
        let values = values?;
        let shapes: Vec<Shape> = values.iter().map(|&value| self.arena.shape(value)).collect();
        if shapes.iter().all(|shape| shape.is_scalar()) {
            return self.expression(list);
        }
        let lines = |are_rows: bool| match are_rows {
            true => values.iter().map(|&value| vec![value]).collect::<Vec<_>>(),
            false => vec![values.clone()],
        };
        let (mut heights, mut widths) = (Vec::new(), Vec::new());
        for shape in shapes {
            let Shape::Matrix(m, n) = shape else { return self.blocks(node, &lines(true)) };
            heights.push(m);
            widths.push(n);
        }
        let is_one = |sizes: &[Expr]| sizes.windows(2).all(|pair| pair[0] == pair[1]);
        if is_one(&heights) && is_one(&widths) {
            let message = "these matrices fit side by side and one below the other".to_owned();
            let hint = r"write `\begin{bmatrix} A & B \end{bmatrix}` or `\begin{bmatrix} A \\ B \end{bmatrix}`";
            return self.fail("ambiguous-blocks", node.span, message, hint);
        }
        self.blocks(node, &lines(is_one(&widths)))
    }

    pub(super) fn absolute(&mut self, value: Expr) -> Expr {
        match self.arena.shape(value) {
            Shape::Scalar => self.arena.apply(Elementary::Abs, value),
            Shape::Vector(_) => self.arena.tensor(Tensor::Norm, vec![value]),
            Shape::Matrix(..) => self.arena.tensor(Tensor::Determinant, vec![value]),
        }
    }

    /// The norm with this index: Euclidean where a vector has none. A row that is no declared matrix is a vector lying
    /// down, as gradients do in the numerator layout: its norms are those of the vector.
    pub(super) fn norm(&mut self, node: &Node, value: Expr, kind: Option<&str>) -> Option<Expr> {
        let is_row = matches!(self.arena.shape(value), Shape::Matrix(rows, _) if self.arena.is_one(rows));
        let is_declared = matches!(self.arena.node(value), expr::Node::Symbol { .. });
        let value = if is_row && !is_declared { self.arena.transpose(value) } else { value };
        let kind = kind.map(|kind| kind.trim_end_matches('}').rsplit('{').next().unwrap_or(kind));
        let op = match (self.arena.shape(value), kind) {
            (Shape::Scalar, _) => return Some(self.arena.apply(Elementary::Abs, value)),
            (Shape::Vector(_), None | Some("2" | "F")) => Tensor::Norm,
            (Shape::Vector(_), Some("1")) => Tensor::Norm1,
            (Shape::Vector(_), Some(r"\infty")) => Tensor::NormInfinity,
            (Shape::Matrix(..), Some("F")) => Tensor::Norm,
            (Shape::Matrix(..), Some("2")) => Tensor::NormSpectral,
            (Shape::Matrix(..), Some("1")) => return self.norm_of_lines(value, true),
            (Shape::Matrix(..), Some(r"\infty")) => return self.norm_of_lines(value, false),
            (Shape::Matrix(..), None) => {
                let hint = r"write `\|W\|_2` for the largest singular value, `\|W\|_F` for the Frobenius norm";
                let message = "a matrix has several norms, and this does not say which one is meant".to_owned();
                return self.fail("ambiguous-norm", node.span, message, hint);
            }
            (Shape::Vector(size), Some(other)) if matches!(other.parse::<u8>(), Ok(3..)) => {
                let power = other.parse().ok()?;
                return Some(self.norm_of_power(value, size, power));
            }
            (Shape::Vector(_) | Shape::Matrix(..), Some(other)) => {
                let message = format!("the norm with the index `{other}` is read, but has no meaning for the engine");
                let hint = r"vectors have the norms 1, 2, 3, … and \infty, matrices 1, 2, F and \infty";
                return self.fail("not-supported", node.span, message, hint);
            }
        };
        Some(self.arena.tensor(op, vec![value]))
    }

    /// `\langle u, v \rangle`
    fn inner_product(&mut self, node: &Node, body: &Node) -> Option<Expr> {
        let Kind::List(items) = &strip(body).kind else { return self.not_inner_product(node) };
        let [left, right] = &items[..] else { return self.not_inner_product(node) };
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        match (self.arena.shape(left), self.arena.shape(right)) {
            (Shape::Vector(m), Shape::Vector(n)) if self.same_size(m, n) => {
                let row = self.arena.transpose(left);
                Some(self.arena.matmul([row, right]))
            }
            _ => self.not_inner_product(node),
        }
    }

    fn not_inner_product<T>(&mut self, node: &Node) -> Option<T> {
        let hint = r"write `\langle u, v \rangle` of two vectors of one size";
        self.fail("not-supported", node.span, "angles hold the inner product of two vectors".to_owned(), hint)
    }

    fn root(&mut self, node: &Node, index: Option<&Node>, body: &Node) -> Option<Expr> {
        let body = self.expression(body)?;
        if matches!(self.arena.shape(body), Shape::Matrix(..)) {
            let message = "the root of a matrix is not defined here".to_owned();
            return self.fail("function-of-matrix", node.span, message, "write the entries, or apply it to vectors");
        }
        let Some(index) = index else { return Some(self.arena.sqrt(body)) };
        let degree = self.expression(index)?;
        if self.arena.is_zero(degree) || !self.arena.shape(degree).is_scalar() {
            let message = "the degree of a root is a number that is not 0".to_owned();
            return self.fail("division-by-zero", index.span, message, r"write `\sqrt[3]{x}`");
        }
        let exponent = self.arena.reciprocal(degree);
        Some(self.arena.power(body, exponent))
    }

    pub(super) fn quotient(&mut self, node: &Node, num: Expr, den: Expr) -> Option<Expr> {
        if self.arena.is_zero(den) {
            return self.fail(
                "division-by-zero",
                node.span,
                "the denominator is 0".to_owned(),
                "a quotient needs a denominator that is not 0",
            );
        }
        let shape = self.arena.shape(den);
        if !shape.is_scalar() {
            let message = format!("the denominator is {}", self.describe(shape));
            return self.fail("shape-mismatch", node.span, message, "divide by a number, or multiply by the inverse");
        }
        self.divisors.push(den);
        let value = self.arena.divide(num, den);
        let below = self.arena.reciprocal(den);
        self.kept_product(node, value, &[num, below])
    }

    fn sum(&mut self, node: &Node, terms: &[(Sign, Node)]) -> Option<Expr> {
        if let Some(terms) = with_gradients_joined(terms) {
            return self.expression(&Node { kind: Kind::Sum(terms), span: node.span });
        }
        if let Some(parts) = self.sum_with_dots(terms) {
            let parts = parts?;
            self.check_terms(node, &parts)?;
            return Some(self.arena.sum(parts));
        }
        self.note_behind_sum(terms);
        let mut parts = Vec::new();
        for (sign, term) in terms {
            let value = self.expression(term)?;
            parts.push(match sign {
                Sign::None | Sign::Plus => value,
                Sign::Minus => self.arena.negate(value),
                Sign::PlusMinus | Sign::MinusPlus | Sign::Oplus => {
                    let hint = "write two formulas, one for each sign";
                    return self.fail("ambiguous-sign", term.span, "the sign leaves two values open".to_owned(), hint);
                }
            });
        }
        let parts = self.with_rows_turned(terms, parts);
        self.check_terms(node, &parts)?;
        Some(self.arena.sum(parts))
    }

    /// Terms must have one shape; numbers may be added to any but a matrix.
    fn check_terms(&mut self, node: &Node, parts: &[Expr]) -> Option<()> {
        let tensors: Vec<Shape> = parts.iter().map(|&part| self.arena.shape(part)).filter(|s| !s.is_scalar()).collect();
        for pair in tensors.windows(2) {
            if !self.same_shape(pair[0], pair[1]) {
                let message = format!("cannot add {} and {}", self.describe(pair[0]), self.describe(pair[1]));
                return self.fail("shape-mismatch", node.span, message, "terms of a sum have one shape");
            }
        }
        let has_number = parts.iter().any(|&part| self.arena.shape(part).is_scalar() && !self.arena.is_zero(part));
        if has_number && tensors.iter().any(|shape| matches!(shape, Shape::Matrix(..))) {
            let hint = r"write `I` for the identity, or `\mathbf{1}` for a matrix of ones";
            return self.fail("shape-mismatch", node.span, "cannot add a number to a matrix".to_owned(), hint);
        }
        Some(())
    }
}

/// Braces that only group are looked through.
pub(super) fn strip(node: &Node) -> &Node {
    match &node.kind {
        Kind::Group(inner) => strip(inner),
        _ => node,
    }
}
