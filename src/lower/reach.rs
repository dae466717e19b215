//! How far a big product reaches, and in which direction it runs.

use crate::expr::{Big, Expr, Shape};
use crate::lower::bound::follows;
use crate::lower::expression::strip;
use crate::lower::names::free_letters;
use crate::lower::reader::Reader;
use crate::number::Rational;
use crate::rewrite::Linear;
use crate::source::Diagnostic;
use crate::syntax::ast::{Kind, Node, Times};

impl Reader<'_> {
    /// The product in which the factors at the end that do not hold the bound index stand outside of `\prod`;
    /// `None` where all of them belong to it.
    pub(super) fn reach_of_product(
        &mut self,
        node: &Node,
        sub: &Node,
        sup: Option<&Node>,
        body: &Node,
        names: &[String],
    ) -> Option<Node> {
        let Kind::Product(items) = &body.kind else { return None };
        let holds_index = |item: &Node| names.iter().any(|name| free_letters([item]).contains_key(name));
        // Where no factor holds the index, the first one is multiplied.
        let mut last = items.iter().rposition(|(_, item)| holds_index(item)).unwrap_or(0);
        // A function is not torn from its argument.
        while last + 1 < items.len() && self.is_bare_function(&items[last].1) {
            last += 1;
        }
        let is_operator = |item: &Node| matches!(&strip(item).kind, Kind::Frac { num, den } if self.operator_kind(num, den).is_some());
        let outside = items.get(last + 1..).filter(|outside| !outside.is_empty())?;
        if items[..=last].iter().any(|(_, item)| is_operator(item)) {
            return None;
        }
        let inside = &items[..=last];
        let inside_span = inside[0].1.span.to(inside[last].1.span);
        let body = match inside {
            [(_, only)] => only.clone(),
            _ => Node { kind: Kind::Product(inside.to_vec()), span: inside_span },
        };
        let big = Kind::Big {
            op: "prod".to_owned(),
            sub: Some(Box::new(sub.clone())),
            sup: sup.cloned().map(Box::new),
            body: Box::new(body),
        };
        let mut factors = vec![(Times::Juxtaposed, Node { kind: big, span: node.span.to(inside_span) })];
        factors.extend(outside.iter().cloned());
        let span = outside[0].1.span.to(outside[outside.len() - 1].1.span);
        let message =
            format!("this factor does not hold `{}`, so it is read outside of the product", names.join("`, `"));
        self.remark("outside-product", span, message, "put parentheses around what `\\prod` multiplies");
        Some(Node { kind: Kind::Product(factors), span: node.span })
    }

    /// What stands in parentheses: of a product alone all factors, whether they hold its index or not.
    pub(super) fn within_parentheses(&mut self, body: &Node) -> Option<Expr> {
        let mut closed = strip(body).clone();
        if let Kind::Big { op, body: factors, .. } = &mut closed.kind
            && op == "prod"
        {
            **factors = (**factors).clone().in_parentheses();
            return self.expression(&closed);
        }
        self.expression(body)
    }

    /// `\prod_{j=t}^{k+1}`: a product of matrices runs downward where its lower bound is never below the upper one
    /// by more than an empty product takes, and above it for some values.
    pub(super) fn matrix_order(&mut self, node: &Node, lower: Expr, upper: Expr) -> Big {
        if !self.runs_downward(lower, upper) {
            return Big::Ascending;
        }
        let message = "this product of matrices runs downward, from its lower bound to its upper one";
        self.remark("runs-downward", node.span, message.to_owned(), "the factor of the lower bound stands leftmost");
        Big::Descending
    }

    /// `\prod_{t \ge i > k}`: a product of matrices whose index is written from the greatest value down.
    pub(super) fn falling_order(&mut self, node: &Node) -> Big {
        let message = "this product of matrices runs downward, from the greatest index to the least".to_owned();
        self.remark("runs-downward", node.span, message, "the factor of the greatest index stands leftmost");
        Big::Descending
    }

    /// Notes that neighbours in a product of matrices must fit: the columns of each factor and the rows of the next.
    pub(super) fn require_chain(&mut self, node: &Node, big: Big, factor: Expr, letter: Expr) -> Option<()> {
        let step = match big {
            Big::Sum | Big::Product => return Some(()),
            Big::Ascending => 1,
            Big::Descending => -1,
        };
        let shape = self.arena.shape(factor);
        let Shape::Matrix(rows, columns) = shape else { return Some(()) };
        let step = self.arena.integer(step);
        let next = self.arena.sum([letter, step]);
        let rows = self.arena.at_index(rows, letter, next);
        if self.same_size(columns, rows) { Some(()) } else { self.cannot_multiply(node, shape, shape) }
    }

    /// Whether `lower \ge upper - 1` for all values that the claim allows, and `lower > upper` for some. Bounds that are
    /// always 1 apart, `\prod_{j=t}^{t-1}`, write the empty product.
    pub(super) fn runs_downward(&mut self, lower: Expr, upper: Expr) -> bool {
        let read = |reader: &Self, expr| Linear::read(reader.arena, expr);
        let (Some(lower), Some(upper)) = (read(self, lower), read(self, upper)) else { return false };
        let gap = lower.minus(&upper);
        if gap.is_constant() {
            return gap.constant > Rational::from(1);
        }
        let known = self.never_negative();
        let is_never_above = follows(&upper.minus(&lower), &known);
        !is_never_above && follows(&gap.plus(&Linear::integer(1), &Rational::from(1)), &known)
    }

    /// A product of numbers does not change with its direction: one that seems to run downward is empty.
    pub(super) fn warn_of_empty_product(&mut self, node: &Node) {
        let message =
            "this product of numbers runs downward: it is empty wherever its lower bound is above its upper one";
        let hint = "exchange its bounds: factors that are numbers have no order";
        self.diagnostics.push(Diagnostic::warning("empty-product", node.span, message).with_hint(hint));
    }
}
