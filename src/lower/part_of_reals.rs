//! Extreme values over a part of the real line: `\sup_{0 \le x \le 1} x (1 - x)`, `\min_{x > 0} f(x)`.
//!
//! A function whose values are all of the part stands for the variable, and the extremum is taken over all numbers:
//! what lies between two numbers closed is what is left of a line that is cut off at both, and what lies between them
//! open is what a sigmoid takes.

use crate::expr::{Elementary, Expr, Shape, Substitution, SymbolId, SymbolKind};
use crate::lower::big::extremum_of;
use crate::lower::expression::strip;
use crate::lower::names::base_name;
use crate::lower::reader::Reader;
use crate::lower::statement::indexes;
use crate::syntax::ast::{Kind, Node, Relation};

/// Letters that count where nothing declares them and no set of real numbers is named.
const COUNTING: [&str; 8] = ["i", "j", "k", "l", "m", "n", "s", "t"];

/// An end of an interval: a number, and whether the interval holds it.
#[derive(Clone, Copy)]
struct End {
    at: Expr,
    is_closed: bool,
}

/// A part of the real line, and the declared variable that runs over it.
pub(super) struct PartOfReals {
    name: String,
    symbol: SymbolId,
    low: Option<End>,
    high: Option<End>,
}

impl Reader<'_> {
    /// `0 \le x \le 1`, `x > 0`, `|x| < 1`, `x \in [0, 1]` of a real number x and numbers as bounds.
    pub(super) fn part_of_reals(&mut self, sub: &Node, body: &Node) -> Option<PartOfReals> {
        let Kind::Chain { first, rest } = &strip(sub).kind else { return None };
        let sides: Vec<&Node> = std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side)).collect();
        let is_in_set = matches!(rest[..], [(Relation::In, _)]);
        let (name, symbol, at) = sides.iter().enumerate().find_map(|(at, side)| {
            let (name, symbol) = self.real_variable(side, is_in_set, body)?;
            Some((name, symbol, at))
        })?;
        let (mut low, mut high) = (None, None);
        match (&rest[..], at) {
            ([(Relation::In, set)], 0) => (low, high) = self.ends_of_interval(set)?,
            ([(relation, bound)], 0) if is_between_bars(first) => {
                let end = self.end(bound, *relation).filter(|_| !points_up(*relation))?;
                (low, high) = (Some(End { at: self.arena.negate(end.at), ..end }), Some(end));
            }
            ([(relation, bound)], 0) => {
                let end = self.end(bound, *relation)?;
                if points_up(*relation) { low = Some(end) } else { high = Some(end) }
            }
            ([(relation, _)], 1) if !is_between_bars(sides[1]) => {
                let end = self.end(first, *relation)?;
                if points_up(*relation) { high = Some(end) } else { low = Some(end) }
            }
            ([(from, _), (to, bound)], 1) if points_up(*from) == points_up(*to) && !is_between_bars(sides[1]) => {
                let (start, stop) = (self.end(first, *from)?, self.end(bound, *to)?);
                (low, high) = if points_up(*from) { (Some(stop), Some(start)) } else { (Some(start), Some(stop)) };
            }
            _ => return None,
        }
        let is_in_order = match (low, high) {
            (Some(low), Some(high)) => self.arena.as_number(low.at) < self.arena.as_number(high.at),
            _ => true,
        };
        is_in_order.then_some(PartOfReals { name, symbol, low, high })
    }

    /// The greatest or least value of `body` where the variable lies in the part.
    pub(super) fn extremum_over_part(
        &mut self,
        (node, op): (&Node, &str),
        part: &PartOfReals,
        body: &Node,
    ) -> Option<Expr> {
        let letter = self.arena.symbol(part.symbol);
        let body = self.with_local(&part.name, letter, |reader| reader.expression(body))?;
        let body = self.varied(node, body, part.symbol)?;
        let inside = self.value_within(letter, part);
        let body = self.arena.substitute(body, &Substitution::from([(letter, inside)]));
        Some(self.extremum_over_reals(op, extremum_of(op), part.symbol, body))
    }

    /// A function of all numbers whose values are those of the part.
    fn value_within(&mut self, letter: Expr, part: &PartOfReals) -> Expr {
        let beyond = |reader: &mut Self, end: Expr| {
            let past = reader.arena.subtract(letter, end);
            reader.arena.apply(Elementary::Relu, past)
        };
        match (part.low, part.high) {
            (None, None) => letter,
            (Some(low), None) => {
                let above = match low.is_closed {
                    true => beyond(self, low.at),
                    false => self.arena.apply(Elementary::Exp, letter),
                };
                self.arena.sum([low.at, above])
            }
            (None, Some(high)) => {
                let below = match high.is_closed {
                    true => beyond(self, high.at),
                    false => self.arena.apply(Elementary::Exp, letter),
                };
                self.arena.subtract(high.at, below)
            }
            (Some(low), Some(high)) if low.is_closed && high.is_closed => {
                let (above, past) = (beyond(self, low.at), beyond(self, high.at));
                let cut = self.arena.subtract(above, past);
                self.arena.sum([low.at, cut])
            }
            (Some(low), Some(high)) => {
                let share = match (low.is_closed, high.is_closed) {
                    (false, false) => self.arena.apply(Elementary::Sigmoid, letter),
                    // Of [0, 1) what e^{-|x|} leaves of 1; of (0, 1] e^{-|x|} itself.
                    (low_is_closed, _) => {
                        let size = self.arena.apply(Elementary::Abs, letter);
                        let falls = self.arena.negate(size);
                        let share = self.arena.apply(Elementary::Exp, falls);
                        let one = self.arena.one();
                        if low_is_closed { self.arena.subtract(one, share) } else { share }
                    }
                };
                let width = self.arena.subtract(high.at, low.at);
                let into = self.arena.product([width, share]);
                self.arena.sum([low.at, into])
            }
        }
    }

    /// The real number that a side is, or that stands between its bars: a declared one, or a letter that is not declared
    /// and is none of those that count.
    fn real_variable(&mut self, side: &Node, is_in_set: bool, body: &Node) -> Option<(String, SymbolId)> {
        let inner = match &strip(side).kind {
            Kind::Fenced { open, body, .. } if open == "|" => strip(body),
            _ => strip(side),
        };
        let name = base_name(inner).filter(|_| matches!(inner.kind, Kind::Symbol(_)))?;
        let declared = self.names.with_base(&name);
        let counts = indexes(body, &name) || !is_in_set && COUNTING.contains(&name.as_str());
        if declared.is_empty() && !counts {
            let symbol = self.arena.intern(&format!("{name}\u{2032}"), SymbolKind::Real);
            return Some((name, symbol));
        }
        let own = declared.iter().find(|own| own.is_plain())?;
        let is_real = self.arena.kind(own.symbol) == SymbolKind::Real;
        (is_real && self.arena.declared_shape(own.symbol) == Shape::Scalar).then_some((name, own.symbol))
    }

    fn end(&mut self, bound: &Node, relation: Relation) -> Option<End> {
        let is_closed = match relation {
            Relation::LessEqual | Relation::GreaterEqual => true,
            Relation::Less | Relation::Greater => false,
            _ => return None,
        };
        let at = self.on_trial(|reader| reader.expression(bound));
        at.filter(|&at| self.arena.as_number(at).is_some()).map(|at| End { at, is_closed })
    }

    fn ends_of_interval(&mut self, set: &Node) -> Option<(Option<End>, Option<End>)> {
        let Kind::Fenced { open, close, body } = &strip(set).kind else { return None };
        let Kind::List(ends) = &strip(body).kind else { return None };
        let [low, high] = &ends[..] else { return None };
        let relation = |is_closed: bool| if is_closed { Relation::LessEqual } else { Relation::Less };
        let is_interval = matches!(open.as_str(), "(" | "[") && matches!(close.as_str(), ")" | "]");
        let (low, high) = (self.end(low, relation(open == "["))?, self.end(high, relation(close == "]"))?);
        is_interval.then_some((Some(low), Some(high)))
    }
}

/// Whether the left of a relation is the greater side.
fn points_up(relation: Relation) -> bool {
    matches!(relation, Relation::Greater | Relation::GreaterEqual)
}

fn is_between_bars(side: &Node) -> bool {
    matches!(&strip(side).kind, Kind::Fenced { open, .. } if open == "|")
}
