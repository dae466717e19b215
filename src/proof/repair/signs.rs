//! Derivatives of another kind, bars, transposes, relations and the ends of intervals.

use crate::expr::{DerivativeKind, Shape};
use crate::lower::names::{Part, spell};
use crate::proof::Kind;
use crate::proof::repair::edit::{Change, Place};
use crate::proof::repair::editor::{Around, Editor, bare, orders, weight};
use crate::proof::repair::indices::is_transpose;
use crate::source::Span;
use crate::syntax::ast::{Connective, Kind as Written, Node, Relation};

impl Editor<'_> {
    /// The sign between two sides: `<` that is attained, the ends of an interval.
    pub(super) fn relation(&mut self, sign: Relation, left: &Node, right: &Node) {
        let between = Span::new(left.span.end, right.span.start);
        let written = self.slice(between);
        let start = between.start + written.len() - written.trim_start().len();
        let span = Span::new(start, start + written.trim().len());
        match sign {
            Relation::Less => drop(self.add(Kind::StrictForAttained, vec![Change::new(span, r"\le")])),
            Relation::Greater => drop(self.add(Kind::StrictForAttained, vec![Change::new(span, r"\ge")])),
            Relation::LessEqual if self.place == Place::Condition => {
                self.add(Kind::StrictForAttained, vec![Change::new(span, "<")]);
            }
            Relation::GreaterEqual if self.place == Place::Condition => {
                self.add(Kind::StrictForAttained, vec![Change::new(span, ">")]);
            }
            Relation::In => self.interval(right),
            Relation::Equal if self.place == Place::Right => {
                self.negated(right);
                if !matches!(bare(right).kind, Written::Sum(_)) {
                    self.terms_in(right);
                }
                self.exchanges(right);
            }
            _ => {}
        }
    }

    /// `(a, b)` with its ends closed.
    fn interval(&mut self, set: &Node) {
        let Written::Fenced { open, close, body } = &bare(set).kind else { return };
        let opening = self.text[..body.span.start].rfind('(').filter(|_| open == "(");
        let closing = self.text[body.span.end..].find(')').map(|at| at + body.span.end).filter(|_| close == ")");
        let low = opening.map(|at| Change::new(Span::new(at, at + 1), "["));
        let high = closing.map(|at| Change::new(Span::new(at, at + 1), "]"));
        for change in [&high, &low].into_iter().flatten() {
            self.add(Kind::StrictForAttained, vec![change.clone()]);
        }
        if let (Some(low), Some(high)) = (low, high) {
            self.add_of_size(Kind::StrictForAttained, 2, vec![low, high]);
        }
    }

    /// Bars around a whole side.
    pub(super) fn bars_around(&mut self, side: &Node) {
        let is_name = self.name_of(side).is_some();
        let has_bars = matches!(&bare(side).kind, Written::Fenced { open, .. } if open == "|" || open == r"\|");
        let has_names = !matches!(bare(side).kind, Written::Number(_) | Written::Empty);
        if is_name || has_bars || !has_names {
            return;
        }
        let text = format!(r"\left| {} \right|", self.slice(side.span));
        self.add(Kind::MissingAbsoluteValue, vec![Change::new(side.span, text)]);
    }

    /// `A \implies B` turned round, and one direction of `A \iff B`.
    pub(super) fn connective(&mut self, connective: Connective, first: &Node, second: &Node) {
        self.place = Place::Right;
        let (a, b) = (self.slice(first.span).to_owned(), self.slice(second.span).to_owned());
        let all = first.span.to(second.span);
        let written = |from: &str, to: &str| vec![Change::new(all, format!(r"{from} \implies {to}"))];
        match connective {
            Connective::Implies => drop(self.add_of_size(Kind::Converse, 2, written(&b, &a))),
            Connective::ImpliedBy => drop(self.add_of_size(Kind::Converse, 2, written(&a, &b))),
            Connective::Iff => {
                // Half of what is claimed is less than the whole of it, set right.
                self.add_of_size(Kind::Converse, 3, written(&a, &b));
                self.add_of_size(Kind::Converse, 3, written(&b, &a));
            }
            Connective::And | Connective::Or => {}
        }
    }

    /// A fraction: a derivative of another kind, or a divisor too many.
    pub(super) fn fraction(&mut self, node: &Node, num: &Node, den: &Node, around: Around) {
        let (above, below) = (factors(num), factors(den));
        let marks = above.first().and_then(|node| mark(node)).zip(below.first().and_then(|node| mark(node)));
        let Some((kind, _)) = marks else {
            if self.place == Place::Right && !around.derivative {
                let text = self.slice(num.span).to_owned();
                self.add_of_size(Kind::ExtraFactor, weight(den), vec![Change::new(node.span, text)]).distance = 1;
            }
            self.visit(num, around);
            return self.visit(den, around);
        };
        let n_marks = below.iter().filter(|node| mark(node).is_some()).count();
        if n_marks == 1 {
            self.other_derivatives(kind, (above[0].span, below[0].span), den);
        }
        let around = Around { derivative: true, ..around };
        above[1..].iter().chain(&below[1..]).for_each(|part| self.visit(part, around));
    }

    fn other_derivatives(&mut self, own: DerivativeKind, (above, below): (Span, Span), den: &Node) {
        let by = self.slice(Span::new(below.end, den.span.end)).trim().to_owned();
        for (kind, upper, lower) in
            [(DerivativeKind::Immediate, r"\partial^{+} ", r"\partial"), (DerivativeKind::Total, "d", "d")]
        {
            if kind == own {
                continue;
            }
            let changes = vec![Change::new(above, upper), Change::new(below, lower)];
            let changes = changes.into_iter().filter(|change| self.slice(change.span) != change.text.trim()).collect();
            let is_partial = own == DerivativeKind::Partial;
            let edit = self.add(Kind::TotalForImmediate, changes);
            edit.theme = format!("{upper} by {by}");
            edit.distance = usize::from(is_partial && kind == DerivativeKind::Total);
        }
    }

    /// A transpose more or less.
    pub(super) fn transposes(&mut self, node: &Node, around: Around) {
        if around.derivative || self.place == Place::Condition {
            return;
        }
        let name = self.name_of(node).cloned();
        let has_own_sup = name.as_ref().is_some_and(|name| name.sup != Part::Absent);
        let shape = name.and_then(|name| self.shape_of(&name));
        match &node.kind {
            Written::Script { sup: Some(sup), .. } if !has_own_sup && is_transpose(sup) => {
                let start = self.text[..sup.span.start].rfind('^').unwrap_or(sup.span.start);
                self.add(Kind::Transpose, vec![Change::new(Span::new(start, node.span.end), "")]);
            }
            Written::Script { sup: Some(sup), .. } if !has_own_sup => {
                let Some(Shape::Matrix(..)) = shape else { return };
                let start = self.text[..sup.span.start].rfind('^').unwrap_or(sup.span.start);
                let base = self.slice(Span::new(node.span.start, start)).trim().to_owned();
                let change = Change::new(Span::new(node.span.start, start), format!(r"\left( {base}^\top \right)"));
                self.add(Kind::Transpose, vec![change]);
            }
            Written::Script { .. } | Written::Symbol(_) => {
                let Some(Shape::Matrix(..) | Shape::Vector(_)) = shape else { return };
                let change = if has_own_sup {
                    Change::new(node.span, format!(r"\left( {} \right)^\top", self.slice(node.span)))
                } else {
                    Change::insertion(node.span.end, r"^\top")
                };
                self.add(Kind::Transpose, vec![change]);
            }
            _ => {}
        }
    }

    /// Whether the statement is an inequality in something that is no index.
    pub(super) fn is_inequality(&self, node: &Node) -> bool {
        matches!(&bare(node).kind, Written::Chain { rest, .. } if rest.iter().any(|(sign, _)| orders(*sign)))
    }
}

/// The factors of a numerator or denominator.
fn factors(node: &Node) -> Vec<&Node> {
    match &bare(node).kind {
        Written::Product(items) => items.iter().map(|(_, item)| item).collect(),
        _ => vec![bare(node)],
    }
}

/// The kind of derivative whose sign a part is.
fn mark(node: &Node) -> Option<DerivativeKind> {
    match &bare(node).kind {
        Written::Symbol(text) if text == r"\partial" => Some(DerivativeKind::Partial),
        Written::Symbol(text) if text == "d" || text == r"\mathrm{d}" => Some(DerivativeKind::Total),
        Written::Script { base, sub: None, sup: Some(sup), primes: 0 } => {
            let is_plus = matches!(&bare(sup).kind, Written::Sum(_)) || spell(sup).as_deref() == Some("+");
            mark(base).filter(|_| is_plus).map(|_| DerivativeKind::Immediate)
        }
        _ => None,
    }
}
