//! Whether a statement holds at a point, in a logic that knows when it does not know.

use std::collections::BTreeSet;

use crate::expr::{Comparison, Expr, Node, Prop, SymbolId};
use crate::number::rational::abs;
use crate::number::{Interval, Rational};
use crate::numeric::{Assignment, Enclosures, Error, Field, Floats, Givens, Rationals, Tensor};
use crate::proof::refute::bench::Bench;
use crate::proof::refute::limits::Limits;

/// What is known of a statement at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds.
    True,
    /// Nothing speaks against it: narrow enclosures of the two sides overlap.
    Agrees,
    /// It holds because its premise does not.
    Vacuous,
    /// It does not hold.
    False,
    /// A side has no value there.
    Undefined,
    /// The numbers at hand cannot tell.
    Unknown,
}

impl Truth {
    pub(super) fn of(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }

    pub(super) fn not(self) -> Truth {
        match self {
            Truth::True | Truth::Vacuous => Truth::False,
            Truth::False => Truth::True,
            Truth::Undefined => Truth::Undefined,
            Truth::Agrees | Truth::Unknown => Truth::Unknown,
        }
    }

    /// Both; what is undefined stays so.
    pub(super) fn and(self, other: Truth) -> Truth {
        [Truth::Undefined, Truth::False, Truth::Unknown, Truth::Agrees, Truth::True]
            .into_iter()
            .find(|&truth| self == truth || other == truth)
            .unwrap_or(Truth::Vacuous)
    }

    pub(super) fn or(self, other: Truth) -> Truth {
        [Truth::Undefined, Truth::True, Truth::Vacuous, Truth::Agrees, Truth::Unknown]
            .into_iter()
            .find(|&truth| self == truth || other == truth)
            .unwrap_or(Truth::False)
    }

    pub(super) fn implies(self, conclusion: Truth) -> Truth {
        match self {
            Truth::True | Truth::Vacuous => conclusion,
            Truth::False => Truth::Vacuous,
            Truth::Undefined => Truth::Undefined,
            Truth::Agrees | Truth::Unknown if conclusion == Truth::True => Truth::True,
            Truth::Agrees | Truth::Unknown => Truth::Unknown,
        }
    }

    pub(super) fn equals(self, other: Truth) -> Truth {
        let certain = |truth| matches!(truth, Truth::True | Truth::Vacuous | Truth::False);
        match (self, other) {
            (Truth::Undefined, _) | (_, Truth::Undefined) => Truth::Undefined,
            (a, b) if certain(a) && certain(b) => Truth::of((a == Truth::False) == (b == Truth::False)),
            _ => Truth::Unknown,
        }
    }
}

/// Numbers that can be compared with care.
pub(super) trait Judge: Field {
    /// Whether comparisons are certain. What only suggests looks at a few values of what runs over the whole line.
    const IS_CERTAIN: bool = true;

    /// Whether the comparison of two numbers holds.
    fn judge(
        &self,
        how: Comparison,
        left: &Self::Element,
        right: &Self::Element,
        tolerance: Option<&Rational>,
    ) -> Truth;
}

impl Judge for Rationals {
    fn judge(&self, how: Comparison, left: &Rational, right: &Rational, tolerance: Option<&Rational>) -> Truth {
        Truth::of(match how {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessEqual => left <= right,
            Comparison::Approximately => abs(&(left - right)) <= tolerance.cloned().unwrap_or_default(),
        })
    }
}

impl Judge for Enclosures {
    fn judge(&self, how: Comparison, left: &Interval, right: &Interval, tolerance: Option<&Rational>) -> Truth {
        let same = left.is_point() && right.is_point() && !left.disjoint(right);
        match how {
            Comparison::Equal if left.disjoint(right) => Truth::False,
            Comparison::NotEqual if left.disjoint(right) => Truth::True,
            Comparison::Equal | Comparison::NotEqual if same => Truth::of(how == Comparison::Equal),
            Comparison::Equal if is_narrow(left, right) => Truth::Agrees,
            Comparison::Equal | Comparison::NotEqual => Truth::Unknown,
            Comparison::Less if left.certainly_less(right) => Truth::True,
            Comparison::Less if right.certainly_at_most(left) => Truth::False,
            Comparison::LessEqual if left.certainly_at_most(right) => Truth::True,
            Comparison::LessEqual if right.certainly_less(left) => Truth::False,
            Comparison::Less | Comparison::LessEqual => Truth::Unknown,
            Comparison::Approximately => {
                let tolerance = Interval::point(&tolerance.cloned().unwrap_or_default(), self.bits);
                let apart = (left - right).abs();
                if apart.certainly_at_most(&tolerance) {
                    Truth::True
                } else if tolerance.certainly_less(&apart) {
                    Truth::False
                } else {
                    Truth::Unknown
                }
            }
        }
    }
}

/// Whether two numbers are known to some twenty digits, in their own size.
fn is_narrow(left: &Interval, right: &Interval) -> bool {
    let (low, high) = left.hull(right).to_f64_pair();
    let size = low.abs().max(high.abs());
    match left.hull(right).width() {
        Some(width) => crate::number::rational::to_f64(&width) <= size * 1e-15 || size < 1e-25,
        None => false,
    }
}

/// Where a statement for all integers is tried besides.
const FAR_OUT: [i64; 4] = [1000, -1000, 1_000_000, -1_000_000];

/// How far apart two floats may be, in their own size, and still be taken for one number.
const SLACK: f64 = 1e-9;

impl Judge for Floats {
    const IS_CERTAIN: bool = false;

    /// A suggestion: differences within the slack are agreement for `=`, and unknown otherwise.
    fn judge(&self, how: Comparison, left: &f64, right: &f64, tolerance: Option<&Rational>) -> Truth {
        let apart = (left - right).abs();
        if !apart.is_finite() {
            return Truth::Unknown;
        }
        let close = apart <= SLACK * left.abs().max(right.abs());
        match how {
            Comparison::Equal if close => Truth::Agrees,
            Comparison::Equal => Truth::False,
            Comparison::NotEqual if close => Truth::Unknown,
            Comparison::NotEqual => Truth::True,
            Comparison::Less | Comparison::LessEqual if close => Truth::Unknown,
            Comparison::Less | Comparison::LessEqual => Truth::of(left < right),
            Comparison::Approximately => {
                let tolerance = crate::number::rational::to_f64(&tolerance.cloned().unwrap_or_default());
                if (apart - tolerance).abs() <= SLACK * tolerance {
                    Truth::Unknown
                } else {
                    Truth::of(apart < tolerance)
                }
            }
        }
    }
}

/// A statement that is asked about, and what it is asked with.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub bench: &'a Bench<'a>,
    pub tolerance: Option<&'a Rational>,
    /// The values of letters that a statement is for all of.
    pub window: (i64, i64),
    /// The limits that are enclosed.
    pub limits: Option<&'a Limits>,
    /// The precision at which enclosures decide in the end.
    pub bits: u32,
}

impl Question<'_> {
    /// Whether a statement holds at a point; the givens that were read are added to `read`.
    pub(super) fn truth<F: Judge>(&self, point: &mut Assignment, field: &F, prop: &Prop, read: &mut Givens) -> Truth {
        match prop {
            Prop::Compare(how, left, right) => self.compare(point, field, *how, (*left, *right), read),
            Prop::Integer(expr) => match self.bench.values(point, &Rationals, &[*expr], read).pop() {
                Some(Ok(value)) => Truth::of(value.as_scalar().is_some_and(Rational::is_int)),
                Some(Err(error)) => of_error(&error),
                None => Truth::Unknown,
            },
            Prop::And(parts) => {
                let mut all = Truth::Vacuous;
                for part in parts {
                    all = all.and(self.truth(point, field, part, read));
                }
                if parts.is_empty() { Truth::True } else { all }
            }
            Prop::Or(parts) => {
                let truths: Vec<Truth> = parts.iter().map(|part| self.truth(point, field, part, read)).collect();
                truths.into_iter().fold(Truth::False, Truth::or)
            }
            Prop::Not(part) => self.truth(point, field, part, read).not(),
            Prop::Implies(premise, conclusion) => match self.truth(point, field, premise, read) {
                decided @ (Truth::False | Truth::Undefined) => decided.implies(Truth::Unknown),
                premise @ (Truth::True | Truth::Agrees | Truth::Vacuous | Truth::Unknown) => {
                    premise.implies(self.truth(point, field, conclusion, read))
                }
            },
            Prop::Iff(left, right) => {
                let left = self.truth(point, field, left, read);
                left.equals(self.truth(point, field, right, read))
            }
            Prop::ForAll(letters, part) if self.is_over_reals(letters) => {
                self.for_all_reals(point, field, letters, part, read)
            }
            Prop::ForAll(letters, part) => {
                self.for_all(point, letters, part, &mut |point| self.truth(point, field, part, read))
            }
            Prop::Proportional { .. } => Truth::Unknown,
        }
    }

    /// Whether something about `part` holds for the values of the integer letters at which it is defined: those within
    /// the window, and of a letter that is a number and nothing more some far out.
    pub(super) fn for_all(
        &self,
        point: &mut Assignment,
        letters: &[SymbolId],
        part: &Prop,
        holds: &mut dyn FnMut(&mut Assignment) -> Truth,
    ) -> Truth {
        let [letter, rest @ ..] = letters else { return holds(point) };
        let before = point.integers.get(letter).copied();
        let mut all = Truth::Vacuous;
        let far = if self.is_number(*letter, part) { &FAR_OUT[..] } else { &[] };
        for value in (self.window.0..=self.window.1).chain(far.iter().copied()) {
            point.integers.insert(*letter, value);
            match self.for_all(point, rest, part, holds) {
                Truth::Undefined => {}
                truth => all = all.and(truth),
            }
            if all == Truth::False {
                break;
            }
        }
        match before {
            Some(value) => point.integers.insert(*letter, value),
            None => point.integers.remove(letter),
        };
        if all == Truth::Vacuous { Truth::True } else { all }
    }

    /// Whether a letter stands in sums, products and powers alone: in no index, bound or exponent.
    fn is_number(&self, letter: SymbolId, part: &Prop) -> bool {
        let arena = self.bench.arena;
        let mut holding = BTreeSet::new();
        arena.reachable(&part.expressions()).into_iter().all(|part| {
            let is_letter = matches!(arena.node(part), Node::Symbol { symbol, .. } if *symbol == letter);
            let is_held = is_letter || !arena.all_children(part, |child| !holding.contains(&child));
            if is_held {
                holding.insert(part);
            }
            is_letter
                || !is_held
                || match arena.node(part) {
                    Node::Sum(_) | Node::Product(_) => true,
                    Node::Power(_, exponent) => !holding.contains(exponent),
                    _ => false,
                }
        })
    }

    fn compare<F: Judge>(
        &self,
        point: &Assignment,
        field: &F,
        how: Comparison,
        (left, right): (Expr, Expr),
        read: &mut Givens,
    ) -> Truth {
        if let Some(limits) = self.limits
            && (limits.are_in(self.bench.arena, left) || limits.are_in(self.bench.arena, right))
        {
            return limits.compare(self.bench, point, (how, self.tolerance), (left, right), read);
        }
        let values = self.bench.values(point, field, &[left, right], read);
        let [left, right] = &values[..] else { return Truth::Unknown };
        match (left, right) {
            (Ok(left), Ok(right)) => tensors(field, how, left, right, self.tolerance),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => of_error(error),
            (Err(a), Err(b)) => match (of_error(a), of_error(b)) {
                (Truth::Undefined, _) | (_, Truth::Undefined) => Truth::Undefined,
                _ => Truth::Unknown,
            },
        }
    }
}

fn of_error(error: &Error) -> Truth {
    match error {
        Error::Undefined(_) | Error::Misfit(_) => Truth::Undefined,
        Error::NotExact | Error::Missing(..) | Error::Unsupported(_) | Error::TooLarge => Truth::Unknown,
    }
}

/// Whether a comparison holds in every entry; `\ne` where some entry differs.
pub(super) fn tensors<F: Judge>(
    field: &F,
    how: Comparison,
    left: &Tensor<F::Element>,
    right: &Tensor<F::Element>,
    tolerance: Option<&Rational>,
) -> Truth {
    let (a, b) = (left.entries(), right.entries());
    let fits = left.form() == right.form() || a.len() == 1 || b.len() == 1;
    let lines = is_line(left.form().rows_and_columns()) && is_line(right.form().rows_and_columns());
    if !(fits || lines && a.len() == b.len()) {
        return Truth::Undefined;
    }
    let entry = |entries: &[F::Element], at: usize| entries[if entries.len() == 1 { 0 } else { at }].clone();
    let judged = (0..a.len().max(b.len())).map(|at| field.judge(how, &entry(a, at), &entry(b, at), tolerance));
    if how == Comparison::NotEqual {
        return judged.fold(Truth::False, Truth::or);
    }
    let mut all = Truth::True;
    for own in judged {
        all = all.and(own);
        if all == Truth::False {
            break;
        }
    }
    all
}

fn is_line((rows, columns): (usize, usize)) -> bool {
    rows == 1 || columns == 1
}

/// A verdict at a point, and how it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judgement {
    pub truth: Truth,
    /// Whether exact fractions decided.
    pub exact: bool,
}

/// The precision of the enclosures that decide.
pub(super) const BITS: u32 = 128;

/// The precision that is tried first.
pub(super) const FIRST_BITS: u32 = 72;

impl Question<'_> {
    /// Decides a statement at a point, exactly where possible, else by enclosures.
    pub(super) fn decide(&self, point: &mut Assignment, prop: &Prop, read: &mut Givens) -> Judgement {
        match self.truth(point, &Rationals, prop, read) {
            Truth::Unknown => Judgement { truth: self.enclosed(point, prop, read), exact: false },
            truth @ (Truth::True | Truth::Agrees | Truth::Vacuous | Truth::False | Truth::Undefined) => {
                Judgement { truth, exact: true }
            }
        }
    }

    /// Decides a statement at a point by enclosures. What only agrees as far as it goes is looked at more closely,
    /// as far as this question does: products of many small factors hide whole terms behind the first digits.
    pub(super) fn enclosed(&self, point: &mut Assignment, prop: &Prop, read: &mut Givens) -> Truth {
        match self.truth(point, &Enclosures { bits: FIRST_BITS }, prop, read) {
            Truth::Unknown | Truth::Agrees if self.bits > FIRST_BITS => {
                self.truth(point, &Enclosures { bits: self.bits }, prop, read)
            }
            truth => truth,
        }
    }

    /// What becomes of a premise at a point: decided as a statement is, but never at more digits, for another point is
    /// cheaper.
    pub(super) fn premise(&self, point: &mut Assignment, prop: &Prop, read: &mut Givens) -> Truth {
        match self.truth(point, &Rationals, prop, read) {
            Truth::Unknown => self.truth(point, &Enclosures { bits: FIRST_BITS }, prop, read),
            truth @ (Truth::True | Truth::Agrees | Truth::Vacuous | Truth::False | Truth::Undefined) => truth,
        }
    }

    /// Whether a premise certainly holds.
    pub(super) fn holds(&self, point: &mut Assignment, prop: &Prop, read: &mut Givens) -> bool {
        matches!(self.premise(point, prop, read), Truth::True | Truth::Vacuous)
    }

    /// Whether a side of a comparison is nothing that enclosures know of, such as the eigenvalues of a large matrix: then
    /// other values do not help.
    pub(super) fn is_out_of_reach(&self, point: &Assignment, prop: &Prop) -> bool {
        let Prop::Compare(_, left, right) = prop else { return false };
        let field = Enclosures { bits: FIRST_BITS };
        let values = self.bench.values(point, &field, &[*left, *right], &mut Givens::new());
        values.iter().any(|value| matches!(value, Err(Error::Unsupported(_))))
    }

    /// Whether floats suggest that the statement fails, by more than their slack.
    pub(super) fn looks_false(&self, point: &mut Assignment, prop: &Prop) -> bool {
        self.limits.is_none() && self.truth(point, &Floats, prop, &mut Givens::new()) == Truth::False
    }

    /// Whether floats suggest that the statement may fail.
    pub(super) fn suggests_failure(&self, point: &mut Assignment, prop: &Prop) -> bool {
        let mut read = Givens::new();
        matches!(self.truth(point, &Floats, prop, &mut read), Truth::False | Truth::Unknown)
    }
}
