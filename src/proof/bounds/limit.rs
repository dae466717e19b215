//! Limits: by tails of elementary expressions, by continuity, by sequences of powers, and by bounds that tend to 0.
//!
//! A limit over an index is taken where the index lies beyond every other letter and every number that is named.

use std::cmp::Ordering;

use crate::expr::{Comparison, DefinedOn, Elementary, Expr, Function, Node, Prop, Substitution, SymbolKind, Tensor};
use crate::number::polynomial::Goal;
use crate::number::{Interval, Rational};
use crate::proof::bounds::Prover;
use crate::proof::bounds::bounding::Names;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::linear::Solved;
use crate::proof::bounds::norms::Apart;
use crate::proof::bounds::sequence::Course;
use crate::proof::check::{Reason, Relation};
use crate::proof::equations::Branch;
use crate::proof::outcome::Method;
use crate::proof::reals::{BITS, Reach, Tail, Tails};
use crate::rewrite::{Domain, Linear};

/// Where something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    To(Expr),
    ToInfinity { negative: bool },
}

/// A limit that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub body: Expr,
    pub letter: Expr,
    pub to: Expr,
    pub sequence: bool,
}

impl Limit {
    /// That it is a value.
    pub fn written(self, prover: &mut Prover<'_>, value: Expr) -> Prop {
        let Node::Symbol { symbol, .. } = *prover.arena.node(self.letter) else { return Prop::And(Vec::new()) };
        let limit = prover.arena.limit(symbol, self.sequence, self.to, self.body);
        Prop::equal(limit, value)
    }
}

/// A limit that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::proof) enum Found {
    /// A number that lies in here, and its exact value where that is a fraction.
    Number(Interval, Option<Rational>),
    /// Plus or minus infinity.
    Infinite {
        /// Which of them.
        negative: bool,
    },
    /// None: its absolute value grows without bound.
    Unbounded,
    /// None: it comes near to different values again and again.
    Nowhere,
}

impl Found {
    /// Whether two limits are certainly the same.
    pub(in crate::proof) fn is_exactly(&self, other: &Found) -> bool {
        match (self, other) {
            (Found::Number(_, Some(a)), Found::Number(_, Some(b))) => a == b,
            (Found::Infinite { negative: a }, Found::Infinite { negative: b }) => a == b,
            _ => false,
        }
    }

    /// Whether two limits are certainly different; what has none differs from every limit that exists.
    pub(in crate::proof) fn differs(&self, other: &Found) -> bool {
        match (self, other) {
            (Found::Number(a, _), Found::Number(b, _)) => a.disjoint(b),
            (Found::Infinite { negative: a }, Found::Infinite { negative: b }) => a != b,
            (Found::Number(..), Found::Infinite { .. } | Found::Unbounded | Found::Nowhere)
            | (Found::Infinite { .. } | Found::Unbounded | Found::Nowhere, Found::Number(..))
            | (Found::Nowhere, Found::Infinite { .. })
            | (Found::Infinite { .. }, Found::Nowhere) => true,
            (Found::Unbounded, Found::Infinite { .. } | Found::Unbounded | Found::Nowhere)
            | (Found::Infinite { .. } | Found::Nowhere, Found::Unbounded)
            | (Found::Nowhere, Found::Nowhere) => false,
        }
    }
}

/// How far beyond every letter and number the index of a sequence is.
const FAR: i64 = 64;

impl Prover<'_> {
    /// The limit that stands alone on one side, and the other side.
    pub fn limit_side(&self, left: Expr, right: Expr) -> Option<(Expr, Expr)> {
        let is_limit = |expr: Expr| matches!(self.arena.node(expr), Node::Limit { .. });
        match (is_limit(left), is_limit(right)) {
            (true, false) => Some((left, right)),
            (false, true) => Some((right, left)),
            (true, true) | (false, false) => None,
        }
    }

    /// Whether a limit exists and is what is said.
    pub fn has_limit(&mut self, limit: Expr, value: Expr, known: &Known) -> bool {
        let Node::Limit { integer, to, .. } = *self.arena.node(limit) else { return false };
        let sequence = integer && self.goes(to) == (Goes::ToInfinity { negative: false });
        let letter = self.fresh(if sequence { SymbolKind::Integer } else { SymbolKind::Real });
        let Some(body) = self.arena.instantiate(limit, letter) else { return false };
        let branches = self.branches.clone();
        let mark = self.evidence.len();
        let found = branches.iter().all(|branch| {
            let body = branch.applied(self.arena, &Domain::all(), body);
            let Some(known) = &self.on_branch(branch, known) else { return true };
            self.branch = branch.clone();
            self.attempt(|prover| prover.body_has_limit(Limit { body, letter, to, sequence }, value, known))
        });
        let is_one_way = branches.len() == 1 && self.evidence.len() == mark + 1;
        if found && is_one_way && !self.concludes(mark, &Prop::equal(limit, value)) {
            self.conclude(mark, Prop::equal(limit, value), Reason::WorkedOut);
        }
        found
    }

    /// What is known where the equations are satisfied in one way; `None` where they cannot be.
    fn on_branch(&mut self, branch: &Branch, known: &Known) -> Option<Known> {
        let mut all = Known { facts: Vec::new(), ..known.clone() };
        for &(how, left, right) in &known.facts {
            let sides = [left, right].map(|side| {
                let side = branch.applied(self.arena, &Domain::all(), side);
                self.canonical(side)
            });
            all = all.with_fact(self.arena, how, sides[0], sides[1]);
        }
        (!all.is_absurd(self.arena)).then_some(all)
    }

    pub fn goes(&mut self, to: Expr) -> Goes {
        let infinity = self.arena.infinity();
        let minus = self.arena.negate(infinity);
        if to == infinity {
            Goes::ToInfinity { negative: false }
        } else if to == minus {
            Goes::ToInfinity { negative: true }
        } else {
            Goes::To(to)
        }
    }

    fn body_has_limit(&mut self, limit: Limit, value: Expr, known: &Known) -> bool {
        let Limit { body, letter, to, sequence } = limit;
        let known = &self.far_out(letter, sequence, known);
        let body = self.states_solved(body, known);
        let body = self.branch.clone().applied(self.arena, &Domain::all(), body);
        let body = self.opened_out(body, known);
        let (to, goes) = (self.goes(to), self.goes(value));
        let opened = Limit { body, ..limit };
        let wanted = opened.written(self, value);
        let mark = self.evidence.len();
        if sequence
            && let Some(body) = self.arena.argument(Elementary::Abs, body)
            && self.attempt(|prover| prover.magnitude_by_sequence(Limit { body, ..limit }, value, known))
        {
            return true;
        }
        if self.attempt(|prover| prover.by_tail(body, letter, to, goes, known)) {
            self.conclude(mark, wanted, Reason::Limit);
            return true;
        }
        match to {
            Goes::To(place) => self.by_continuity(body, letter, place, goes, known),
            Goes::ToInfinity { .. } if sequence => {
                self.attempt(|prover| prover.by_sequence(opened, value, known))
                    || self.attempt(|prover| prover.by_squeezing(opened, value, known))
            }
            Goes::ToInfinity { .. } => false,
        }
    }

    /// What is known of an index beyond every other letter.
    pub fn far_out(&mut self, letter: Expr, sequence: bool, known: &Known) -> Known {
        let mut known = known.clone();
        if sequence {
            let own = Linear::letter(letter);
            for other in known.domain.letters() {
                let gap = Linear::letter(other).plus(&Linear::integer(FAR), &1.into()).minus(&own);
                let _ = known.domain.require_at_most_zero(&gap);
            }
            let _ = known.domain.require_at_most_zero(&Linear::integer(FAR).minus(&own));
        }
        known
    }

    /// By the largest scale of what the body differs from the limit.
    fn by_tail(&mut self, body: Expr, letter: Expr, to: Goes, value: Goes, known: &Known) -> bool {
        let (gap, wanted) = match value {
            Goes::To(value) => (self.arena.subtract(body, value), None),
            Goes::ToInfinity { negative } => (body, Some(if negative { Ordering::Less } else { Ordering::Greater })),
        };
        self.methods.insert(Method::Rule);
        self.approaches(to, letter).into_iter().all(|place| {
            let far = self.arena.substitute(gap, &Substitution::from([(letter, place)]));
            let is_wanted = |tails: &mut Tails<'_>, tail: &Tail| match (wanted, tail.lead()) {
                (None, _) => Some(tail.vanishes()),
                (Some(sign), Some((scale, lead))) if scale.grows() => {
                    Some(tails.sign_of_coefficient(&lead.clone())? == sign)
                }
                (Some(_), _) => None,
            };
            self.seen_far_out((far, letter), Reach::Eventually, known, is_wanted) == Some(true)
        })
    }

    /// The limit of an expression that holds nothing but its letter, by its tail.
    pub fn limit_of(&mut self, limit: Expr, known: &Known) -> Option<Found> {
        let Node::Limit { to, .. } = *self.arena.node(limit) else { return None };
        if let Some(found) = self.limit_of_sequence(limit, known) {
            return Some(found);
        }
        let letter = self.fresh(SymbolKind::Real);
        let body = self.arena.instantiate(limit, letter)?;
        let body = self.opened_out(body, known);
        let to = self.goes(to);
        let mut found: Vec<Found> = Vec::new();
        for place in self.approaches(to, letter) {
            let far = self.arena.substitute(body, &Substitution::from([(letter, place)]));
            found.push(self.seen_far_out((far, letter), Reach::Eventually, known, end_of)?);
        }
        let first = found.pop()?;
        if found.iter().any(|other| first.differs(other)) {
            // From the two sides it goes to different ends.
            return Some(Found::Nowhere);
        }
        found.iter().all(|other| *other == first).then_some(first)
    }

    /// The limit of a sequence in which the values of all givens are known.
    fn limit_of_sequence(&mut self, limit: Expr, known: &Known) -> Option<Found> {
        let (body, letter, known) = self.sequence_far_out(limit, known)?;
        let inside = self.arena.argument(Elementary::Abs, body);
        let (body, absolute) = (inside.unwrap_or(body), inside.is_some());
        self.end_of_sequence(body, absolute, letter, &known)
    }

    /// What is left of a sequence far out, where each of its terms stays or vanishes.
    pub fn value_of_sequence(&mut self, limit: Expr, known: &Known) -> Option<Expr> {
        let (body, letter, known) = self.sequence_far_out(limit, known)?;
        let body = self.series_closed(body, &known);
        let mut left = Vec::new();
        for course in self.courses(body, letter, &known)? {
            match course {
                Course::Vanishes => {}
                Course::Constant(own) => left.push(own),
                Course::Grows { .. } | Course::Swings(_) => return None,
            }
        }
        Some(self.arena.sum(left))
    }

    /// What a function tends to, in terms of the givens, by its tail from every side.
    pub fn value_of_function(&mut self, limit: Expr, known: &Known) -> Option<Expr> {
        let Node::Limit { to, integer: false, .. } = *self.arena.node(limit) else { return None };
        let letter = self.fresh(SymbolKind::Real);
        let body = self.arena.instantiate(limit, letter)?;
        let body = self.opened_out(body, known);
        let to = self.goes(to);
        let mut found = Vec::new();
        for place in self.approaches(to, letter) {
            let far = self.arena.substitute(body, &Substitution::from([(letter, place)]));
            let value = |_: &mut Tails<'_>, tail: &Tail| match tail.lead() {
                Some((scale, lead)) if !scale.grows() && !scale.vanishes() => lead.exact,
                Some(_) | None => None,
            };
            let value = self.seen_far_out((far, letter), Reach::Eventually, known, value)?;
            found.push(self.canonical(value));
        }
        let first = found.pop()?;
        found.iter().all(|other| *other == first).then_some(first)
    }

    /// The general term of a sequence, its index, and what is known where that is large.
    fn sequence_far_out(&mut self, limit: Expr, known: &Known) -> Option<(Expr, Expr, Known)> {
        let Node::Limit { to, integer: true, .. } = *self.arena.node(limit) else { return None };
        let branches = self.branches.clone();
        let [branch] = &branches[..] else { return None };
        if self.goes(to) != (Goes::ToInfinity { negative: false }) {
            return None;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let body = self.arena.instantiate(limit, letter)?;
        let body = branch.applied(self.arena, &Domain::all(), body);
        let known = self.on_branch(branch, known)?;
        self.branch = branch.clone();
        let known = self.far_out(letter, true, &known);
        let body = self.states_solved(body, &known);
        let body = branch.applied(self.arena, &Domain::all(), body);
        let body = self.opened_out(body, &known);
        Some((body, letter, known))
    }

    /// What stands for the letter so that its limit is approached as another one grows, from every side.
    fn approaches(&mut self, to: Goes, letter: Expr) -> Vec<Expr> {
        match to {
            Goes::ToInfinity { negative: false } => vec![letter],
            Goes::ToInfinity { negative: true } => vec![self.arena.negate(letter)],
            // From the right and from the left.
            Goes::To(place) => {
                let inverse = self.arena.reciprocal(letter);
                vec![self.arena.sum([place, inverse]), self.arena.subtract(place, inverse)]
            }
        }
    }

    /// A value of functions that are continuous there.
    fn by_continuity(&mut self, body: Expr, letter: Expr, place: Expr, value: Goes, known: &Known) -> bool {
        let Goes::To(value) = value else { return false };
        let continuous = self.arena.reachable(&[body]).into_iter().all(|part| {
            !self.arena.contains(part, letter)
                || part == letter
                || match self.arena.node(part) {
                    Node::Sum(_) | Node::Product(_) => true,
                    Node::Power(_, exponent) => self.arena.as_number(*exponent).is_some(),
                    Node::Call { function: Function::Elementary(f), slots, .. } => {
                        slots.is_empty() && matches!(f.row().defined_on, DefinedOn::Reals | DefinedOn::Positive)
                    }
                    _ => false,
                }
        });
        let there = self.arena.substitute(body, &Substitution::from([(letter, place)]));
        let difference = self.arena.subtract(there, value);
        let difference = self.with_known_values(difference);
        self.methods.insert(Method::Rule);
        continuous && self.is_defined(there, known) && self.vanishes(difference, known)
    }

    /// A norm has the limit 0: a bound by the norms of its parts tends to 0.
    pub fn norm_vanishes(&mut self, limit: Expr, value: Expr, known: &Known) -> bool {
        let Node::Limit { integer: true, to, .. } = *self.arena.node(limit) else { return false };
        if self.goes(to) != (Goes::ToInfinity { negative: false }) || !self.arena.is_zero(value) {
            return false;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let Some(body) = self.arena.instantiate(limit, letter) else { return false };
        let limit = Limit { body, letter, to, sequence: true };
        let known = self.far_out(letter, true, known);
        let (solved, solved_body) = self.maps_solved(&[body], &known);
        [Apart::Spectral, Apart::Whole].into_iter().any(|apart| {
            self.attempt(|prover| prover.solved_norm_vanishes(limit, value, (&solved, solved_body[0]), apart, &known))
        }) || self.attempt(|prover| prover.power_vanishes(solved_body[0], letter, &known))
    }

    /// A norm of a product that moves with a power of one matrix alone, of which the spectral radius is below 1 (Horn and
    /// Johnson 2013, Theorem 5.6.12).
    fn power_vanishes(&mut self, norm: Expr, letter: Expr, known: &Known) -> bool {
        let Node::Tensor { op: Tensor::Norm | Tensor::NormSpectral, args } = self.arena.node(norm).clone() else {
            return false;
        };
        let factors = self.arena.factors(args[0]).into_iter().flat_map(|factor| match self.arena.node(factor) {
            Node::MatMul(parts) => parts.to_vec(),
            _ => vec![factor],
        });
        let moving: Vec<Expr> = factors.filter(|&factor| self.arena.contains(factor, letter)).collect();
        let [power] = moving[..] else { return false };
        let power = if let Node::Transpose(of) = *self.arena.node(power) { of } else { power };
        let Node::MatrixPower(base, exponent) = *self.arena.node(power) else { return false };
        let Some(steps) = Linear::read(self.arena, exponent) else { return false };
        let rises = steps.minus(&Linear::letter(letter)).parts.keys().all(|&part| !self.arena.contains(part, letter));
        if !rises || self.arena.contains(base, letter) {
            return false;
        }
        let (radius, one) = (self.arena.tensor(Tensor::SpectralRadius, vec![base]), self.arena.one());
        self.methods.insert(Method::Rule);
        self.statement(&Prop::Compare(Comparison::Less, radius, one), known)
    }

    /// The same, with powers of matrices in the place of linear states.
    fn solved_norm_vanishes(
        &mut self,
        limit: Limit,
        value: Expr,
        (solved, solved_body): (&Solved, Expr),
        apart: Apart,
        known: &Known,
    ) -> bool {
        let Limit { body, letter, .. } = limit;
        let (zero, mark) = (self.arena.zero(), self.evidence.len());
        let Some((bound, ground, norms)) = self.bound_by_norms(solved_body, apart, known) else { return false };
        if !solved.is_empty() {
            let shown = norms.shown(self.arena, bound);
            self.conclude_solved(mark, &Prop::at_most(body, shown), solved.clone());
        }
        self.methods.insert(Method::Rule);
        // A norm that changes along the sequence is no constant of it.
        let changes = |&&(_, of, name): &&(Tensor, Expr, Expr)| {
            self.arena.contains(of, letter) && self.arena.contains(bound, name)
        };
        if norms.atoms.iter().find(changes).is_some() {
            return false;
        }
        let courses = self.courses(bound, letter, &ground);
        if !courses.is_some_and(|courses| courses.iter().all(|course| matches!(course, Course::Vanishes))) {
            return false;
        }
        self.show_each(mark + 1, &norms);
        let shown = norms.shown(self.arena, bound);
        let vanishes = Limit { body: shown, ..limit }.written(self, zero);
        self.conclude(mark + 1, vanishes, Reason::Sequence);
        let wanted = limit.written(self, value);
        self.conclude(mark, wanted, Reason::Squeezed(letter));
        let place = self.evidence.len();
        let is_size = self.by_norms(Comparison::LessEqual, zero, body, known);
        self.evidence.truncate(place);
        is_size
    }

    /// What the body differs from the limit is never beyond a bound that tends to 0.
    fn by_squeezing(&mut self, limit: Limit, value: Expr, known: &Known) -> bool {
        if !matches!(self.goes(value), Goes::To(_)) {
            return false;
        }
        let gap = self.arena.subtract(limit.body, value);
        [Names::Kept, Names::Bounded, Names::Apart, Names::Peaks, Names::Arguments].into_iter().any(|names| {
            self.attempt(|prover| {
                let mark = prover.evidence.len();
                let Some(bound) = prover.magnitude(gap, names, known) else { return false };
                prover.evidence.truncate(mark);
                prover.methods.insert(Method::Rule);
                prover.is_bounded_by(gap, bound, known);
                let (zero, bound) = (prover.arena.zero(), Limit { body: bound, ..limit });
                let vanishes = prover.by_sequence(bound, zero, known);
                let wanted = limit.written(prover, value);
                prover.conclude(mark, wanted, Reason::Squeezed(limit.letter));
                vanishes
            })
        })
    }

    /// Leaves the evidence that a bound, which was found by structure, is one.
    fn is_bounded_by(&mut self, gap: Expr, bound: Expr, known: &Known) {
        let size = self.arena.apply(Elementary::Abs, gap);
        let relation = Relation::new(Comparison::LessEqual, size, bound);
        if !self.sparingly(|prover| prover.at_most(size, bound, Goal::NonNegative, known)) {
            self.attest(relation.prop(), Reason::Unreplayed("bound by structure"));
        }
    }
}

/// Where a tail goes.
fn end_of(tails: &mut Tails<'_>, tail: &Tail) -> Option<Found> {
    match tail.lead() {
        Some((scale, lead)) if scale.grows() => {
            let negative = tails.sign_of_coefficient(&lead.clone())? == Ordering::Less;
            Some(Found::Infinite { negative })
        }
        Some((scale, lead)) if !scale.vanishes() => {
            let (within, exact) = (lead.within.clone(), lead.exact?);
            Some(Found::Number(within, tails.ground.arena().as_number(exact).cloned()))
        }
        Some(_) | None => Some(Found::Number(Interval::integer(0, BITS), Some(Rational::from(0)))),
    }
}
