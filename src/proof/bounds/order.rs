//! Relations of order between two expressions of numbers: the deciders, in the order in which they are tried.

use std::collections::HashMap;
use std::rc::Rc;

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Function, Mixing, Node, Substitution, SymbolKind};
use crate::number::polynomial::{Certificate, Goal, Question, Range};
use crate::number::range;
use crate::number::rational::is_negative;
use crate::proof::bounds::Prover;
use crate::proof::bounds::bounding::Names;
use crate::proof::bounds::known::{Known, contrary};
use crate::proof::bounds::positivity::{WORK, certify_by_signs};
use crate::proof::bounds::reading::{Reader, Stop};
use crate::proof::bounds::rules::Asked;
use crate::proof::check::{Evidence, Given, Reason, Relation};
use crate::proof::outcome::Method;
use crate::proof::reals::constant;
use crate::rewrite::Linear;

/// How many terms of polynomials are as much work as one question.
const WORK_PER_QUESTION: usize = 800;

/// How often a question may be split into the two sides of a comparison.
const SPLITS: usize = 4;

/// A relation that follows from what is known, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Derived {
    pub relation: Relation,
    reason: Reason,
}

impl Derived {
    pub fn new(relation: Relation, reason: Reason) -> Derived {
        Derived { relation, reason }
    }

    /// The relation, as facts are kept.
    pub fn triple(&self) -> (Comparison, Expr, Expr) {
        (self.relation.how, self.relation.left, self.relation.right)
    }

    /// The relation with its reason.
    pub fn evidence(self) -> Evidence {
        Evidence::leaf(self.relation.prop(), self.reason)
    }
}

impl Prover<'_> {
    /// Whether `left < right` or `left <= right` wherever both are defined; the sides are worked out.
    pub fn at_most(&mut self, left: Expr, right: Expr, goal: Goal, known: &Known) -> bool {
        if !self.step() {
            return false;
        }
        let relation = Relation::of_goal(goal, left, right);
        if let Some(decided) = self.decided_by_enclosure(left, right, goal) {
            if decided {
                self.attest(relation.prop(), Reason::Numbers);
            }
            return decided;
        }
        if known.decides(self.arena, relation.how, left, right) == Some(true) {
            self.methods.insert(Method::Rule);
            self.attest(relation.prop(), Reason::Supposed);
            return true;
        }
        let right = if self.is_constant(right) { self.canonical(right) } else { right };
        let mark = self.evidence.len();
        let found = self.by_some_way(Asked { left, right, goal, known });
        if found {
            self.restate(mark, relation);
        }
        found
    }

    fn by_some_way(&mut self, asked: Asked<'_>) -> bool {
        let Asked { left, right, goal, known } = asked;
        let wanted = &Relation::of_goal(goal, left, right).prop();
        self.concluding("factor by factor", wanted, |prover| prover.by_factors(asked))
            || self.concluding("the last factor", wanted, |prover| prover.by_last_factor(asked))
            || self.has_root(asked) && self.concluding("squared", wanted, |prover| prover.by_squares(asked))
            || self.is_of_arguments(left)
                && self.with_few_steps(|prover| {
                    let bound = |prover: &mut Self| prover.by_bound(left, right, goal, Names::Arguments, known);
                    prover.concluding("bound by arguments", wanted, bound)
                })
            || self.sparingly(|prover| {
                prover.concluding("compared", wanted, |prover| prover.compared(left, right, goal, known))
            })
            || self.sparingly(|prover| {
                prover.concluding("ranges of gates", wanted, |prover| prover.by_ranges_of_gates(asked))
            })
            || [Names::Kept, Names::Bounded, Names::Apart, Names::Peaks].into_iter().any(|names| {
                self.sparingly(|prover| {
                    let bound = |prover: &mut Self| prover.by_bound(left, right, goal, names, known);
                    prover.concluding("bound by structure", wanted, bound)
                })
            })
            || self.by_rules(asked)
    }

    /// Two sides without unknowns, where their enclosures do not meet.
    fn decided_by_enclosure(&mut self, left: Expr, right: Expr, goal: Goal) -> Option<bool> {
        let difference = self.arena.subtract(right, left);
        let value = constant(self.arena, difference)?;
        if value.is_positive() || goal == Goal::NonNegative && value.is_nonnegative() {
            self.methods.insert(Method::Enclosure);
            return Some(true);
        }
        value.is_negative().then_some(false)
    }

    /// Whether an expression is made of numbers alone, and is no number yet.
    fn is_constant(&self, expr: Expr) -> bool {
        self.arena.as_number(expr).is_none()
            && self.arena.reachable(&[expr]).into_iter().all(|part| {
                matches!(
                    self.arena.node(part),
                    Node::Number(_) | Node::Pi | Node::Sum(_) | Node::Product(_) | Node::Power(..)
                )
            })
    }

    /// Through a bound of the left side, by structure.
    fn by_bound(&mut self, left: Expr, right: Expr, goal: Goal, names: Names, known: &Known) -> bool {
        if self.arena.is_zero(left) {
            return false;
        }
        let Some(bound) = self.magnitude(left, names, known) else { return false };
        if bound == left {
            return false;
        }
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        if self.attempt(|prover| prover.compared(bound, right, goal, known)) {
            self.conclude_through(mark, Relation::of_goal(goal, left, right), names, known);
            return true;
        }
        let Some(whole) = self.without_series(bound, known) else { return false };
        self.evidence.truncate(mark);
        let found = self.compared(whole, right, goal, known);
        if found {
            self.explain_series(mark, (bound, whole), known);
            self.conclude_through(mark, Relation::of_goal(goal, left, right), names, known);
        }
        found
    }

    /// Leaves the evidence that sums are at most their whole series, before what was proved last.
    fn explain_series(&mut self, mark: usize, (bound, whole): (Expr, Expr), known: &Known) {
        let rest = self.evidence.split_off(mark);
        let relation = Relation::of_goal(Goal::NonNegative, bound, whole);
        self.aside(|prover| {
            let closed = prover.with_series_telescoped(bound);
            if prover.attempt(|prover| prover.compared(closed, whole, Goal::NonNegative, known)) {
                prover.conclude_telescoped(mark, relation);
            } else {
                prover.attest(relation.prop(), Reason::Unreplayed("geometric series"));
            }
        });
        self.evidence.extend(rest);
    }

    /// The relation through the bound of its left side, of which the rest was proved last.
    fn conclude_through(&mut self, mark: usize, relation: Relation, names: Names, known: &Known) {
        let rest = self.evidence.split_off(mark);
        self.explain_magnitude(relation.left, names, known);
        self.evidence.extend(rest);
        self.conclude(mark, relation.prop(), Reason::Through);
    }

    /// By algebra, by exact polynomials, or as a function of one unknown.
    pub fn compared(&mut self, left: Expr, right: Expr, goal: Goal, known: &Known) -> bool {
        if !self.step() {
            return false;
        }
        let relation = Relation::of_goal(goal, left, right);
        let difference = self.arena.subtract(right, left);
        let difference = self.opened_out(difference, known);
        if goal == Goal::NonNegative && self.attempt(|prover| prover.vanishes(difference, known)) {
            self.methods.insert(Method::NormalForm);
            self.attest(relation.prop(), Reason::Identity);
            return true;
        }
        let wanted = self.above_zero(goal, difference);
        let mark = self.evidence.len();
        let found = self.attempt(|prover| prover.has_sign(difference, goal, known))
            || self.concluding("a function of one unknown", &wanted.prop(), |prover| {
                prover.has_sign_as_curve(difference, goal, known)
            });
        if found {
            self.restate(mark, relation);
        }
        found
    }

    /// The expression with values put in, sums and products of known length written out, and settled cases taken.
    pub fn opened_out(&mut self, expr: Expr, known: &Known) -> Expr {
        let expr = self.arena.substitute(expr, &known.values);
        if self.arena.height(expr) == 0 {
            return self.opened_part_by_part(expr, known);
        }
        let mut map = Substitution::new();
        for part in self.arena.reachable(&[expr]) {
            let new = if map.is_empty() { part } else { self.arena.substitute(part, &map) };
            let opened = self.opened_node(new, known).unwrap_or(new);
            if opened != part {
                map.insert(part, opened);
            }
        }
        self.arena.substitute(expr, &map)
    }

    /// The same of an expression without binders, in time that grows with it.
    fn opened_part_by_part(&mut self, expr: Expr, known: &Known) -> Expr {
        let mut opened: HashMap<Expr, Expr, Mixing> = HashMap::default();
        for part in self.arena.reachable(&[expr]) {
            let now = |child| opened.get(&child).copied().unwrap_or(child);
            let is_same = self.arena.all_children(part, |child| now(child) == child);
            let new = if is_same { part } else { self.arena.rebuild(part, &mut |child| now(child)) };
            let new = self.opened_node(new, known).unwrap_or(new);
            opened.insert(part, new);
        }
        opened[&expr]
    }

    fn opened_node(&mut self, expr: Expr, known: &Known) -> Option<Expr> {
        match self.arena.node(expr).clone() {
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
                if let Some(term) = self.singled_out(expr, op, (lower, upper), known) {
                    return Some(term);
                }
                let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
                let n_last = high.minus(&low).as_integer().filter(|&n| n < 24)?;
                let mut parts = Vec::new();
                for place in 0..=n_last {
                    let at = low.plus(&Linear::integer(place), &1.into()).expr(self.arena);
                    parts.push(self.arena.instantiate(expr, at)?);
                }
                Some(if op == Big::Sum { self.arena.sum(parts) } else { self.arena.product(parts) })
            }
            Node::Cases(branches) => {
                for branch in branches.iter() {
                    let Some((how, a, b)) = branch.condition else { return Some(branch.value) };
                    match known.decides(self.arena, how, a, b) {
                        Some(true) => return Some(branch.value),
                        Some(false) => {}
                        None => return None,
                    }
                }
                None
            }
            Node::Call { function: Function::Elementary(f), slots, args } if !slots.is_empty() && args.len() == 1 => {
                let letter = self.fresh(SymbolKind::Real);
                let mut slope = (f.row().derivative)(self.arena, letter);
                for _ in 1..slots.len() {
                    slope = crate::rewrite::slope::slope(self.arena, slope, letter);
                }
                Some(self.arena.substitute(slope, &Substitution::from([(letter, args[0])])))
            }
            _ => None,
        }
    }

    /// The one term of a sum that a factor `δ(j, k)` leaves, where k is known to lie in the range.
    fn singled_out(&mut self, expr: Expr, op: Big, (lower, upper): (Expr, Expr), known: &Known) -> Option<Expr> {
        if op != Big::Sum {
            return None;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let body = self.arena.instantiate(expr, letter)?;
        let factors = match self.arena.node(body) {
            Node::Product(factors) => factors.to_vec(),
            _ => vec![body],
        };
        let (guard, at) = factors.iter().find_map(|&factor| Some((factor, self.guarded(factor, letter)?)))?;
        let at_most = |low, high| known.decides(self.arena, Comparison::LessEqual, low, high) == Some(true);
        if !at_most(lower, at) || !at_most(at, upper) {
            return None;
        }
        let rest = self.arena.product(factors.into_iter().filter(|&factor| factor != guard).collect::<Vec<_>>());
        Some(self.arena.substitute(rest, &Substitution::from([(letter, at)])))
    }

    /// The index that a factor `δ(letter, index)` singles out.
    fn guarded(&self, factor: Expr, letter: Expr) -> Option<Expr> {
        let (Elementary::Delta, args) = self.arena.elementary(factor)? else { return None };
        match args[..] {
            [own, at] | [at, own] if own == letter && !self.arena.contains(at, letter) => Some(at),
            _ => None,
        }
    }

    /// Whether an expression is not negative, or positive: by exact polynomials over bounded unknowns.
    pub fn has_sign(&mut self, expr: Expr, goal: Goal, known: &Known) -> bool {
        let n_evidence = self.evidence.len();
        let found = self.has_sign_split(expr, goal, known, SPLITS);
        if !found {
            self.evidence.truncate(n_evidence);
        }
        found
    }

    fn has_sign_split(&mut self, expr: Expr, goal: Goal, known: &Known, splits: usize) -> bool {
        if !self.step() {
            return false;
        }
        match self.polynomial_sign(expr, goal, known) {
            Ok(found) => {
                if found {
                    self.methods.insert(Method::PolynomialBound);
                }
                found
            }
            Err(Stop::Refused) => false,
            Err(Stop::Undecided(how, left, right)) => {
                let Some(other) = contrary(how, left, right) else { return false };
                let mark = self.evidence.len();
                let found = splits > 0
                    && [(how, left, right), other].into_iter().all(|(how, left, right)| {
                        let part = known.with_fact(self.arena, how, left, right);
                        self.has_sign_where(expr, goal, &part, splits - 1)
                    });
                if found {
                    let relation = self.above_zero(goal, expr);
                    self.conclude(mark, relation.prop(), Reason::Split(Relation::new(how, left, right)));
                }
                found
            }
        }
    }

    /// The same on one side of a split.
    fn has_sign_where(&mut self, expr: Expr, goal: Goal, part: &Known, splits: usize) -> bool {
        let relation = self.above_zero(goal, expr);
        if part.is_absurd(self.arena) {
            self.attest(relation.prop(), Reason::Absurd);
            return true;
        }
        let mark = self.evidence.len();
        let expr = self.opened_out(expr, part);
        let found = self.has_sign_split(expr, goal, part, splits);
        if found {
            self.restate(mark, relation);
        }
        found
    }

    fn polynomial_sign(&mut self, expr: Expr, goal: Goal, known: &Known) -> Result<bool, Stop> {
        let mark = self.evidence.len();
        let mut derived = self.terms_of_sums(expr, known);
        derived.extend(self.instances_of_laws(expr, known));
        let mut facts: Vec<(Comparison, Expr, Expr)> = derived.iter().map(Derived::triple).collect();
        facts.extend(known.facts.iter().copied());
        let mut because: Vec<Option<Evidence>> = derived.into_iter().map(|own| Some(own.evidence())).collect();
        because.resize(facts.len(), None);
        let mut exprs = vec![expr];
        exprs.extend(facts.iter().flat_map(|&(_, left, right)| [left, right]));
        exprs.extend(known.laws.iter().flat_map(|law| [law.relation.left, law.relation.right]));
        let differences: Vec<(Comparison, Expr)> = self.differences(&facts);
        let mut reader = Reader::new(self, known, &exprs);
        let ratio = reader.read(expr)?;
        for ((&(how, left, right), (_, difference)), because) in facts.iter().zip(differences).zip(because) {
            reader.assume(Relation::new(how, left, right), difference, because);
        }
        for own in reader.laws() {
            let difference = reader.difference(own.relation.left, own.relation.right);
            reader.assume(own.relation, difference, Some(own.evidence()));
        }
        let relation = Relation::of_goal(goal, reader.zero(), expr);
        let Some((numerator, denominator)) = reader.numerator(&ratio) else {
            self.evidence.truncate(mark);
            let reason =
                self.divided_by_zero(expr, known).map_or(Reason::Unreplayed("defined nowhere"), Reason::Nowhere);
            self.attest(relation.prop(), reason);
            return Ok(true);
        };
        let question = Question { poly: numerator, goal, region: Rc::new(reader.space.clone()) };
        let magnitudes = reader.magnitudes();
        let Some(certificate) = reader.prover.certificate(question, magnitudes) else { return Ok(false) };
        let reading = reader.reading(ratio.numerator, denominator, certificate);
        self.attest(relation.prop(), Reason::Polynomial(Box::new(reading)));
        Ok(true)
    }

    /// The answer to a question about a polynomial, for the steps that it takes.
    fn certificate(&mut self, question: Question, magnitudes: Vec<(usize, usize)>) -> Option<Certificate> {
        if let Some(work) = self.refused.work_on(&question, &magnitudes) {
            self.steps = self.steps.saturating_sub(work / WORK_PER_QUESTION);
            return None;
        }
        let mut left = WORK;
        let certificate = certify_by_signs(&question, &magnitudes, &mut left);
        let work = WORK - left;
        self.steps = self.steps.saturating_sub(work / WORK_PER_QUESTION);
        self.arena.spend(work as u64);
        if certificate.is_none() {
            self.refused.note(question, magnitudes, work);
        }
        certificate
    }

    /// What is said for all values of letters, for the parts of an expression.
    pub fn instances_of_laws(&mut self, expr: Expr, known: &Known) -> Vec<Derived> {
        let mut found = Vec::new();
        if known.laws.is_empty() {
            return found;
        }
        for part in self.arena.reachable(&[expr]) {
            if !self.arena.is_closed(part) || self.arena.as_number(part).is_some() {
                continue;
            }
            for law in &known.laws {
                for pattern in law.patterns(self.arena) {
                    if !law.letters.iter().any(|&letter| self.arena.contains(pattern, letter)) {
                        continue;
                    }
                    let letters = law.unify(self.arena, pattern, part);
                    found.extend(letters.and_then(|letters| law.derived(self.arena, known, &letters)));
                }
            }
        }
        found.dedup();
        found
    }

    /// A sum of terms that are not negative is at least each of them, more where another one is positive, and at
    /// least two different ones together.
    fn terms_of_sums(&mut self, expr: Expr, known: &Known) -> Vec<Derived> {
        let mut all = vec![expr];
        all.extend(known.facts.iter().flat_map(|&(_, left, right)| [left, right]));
        let parts = self.arena.reachable(&all);
        let is_letter = |arena: &Arena, part: Expr| matches!(arena.node(part), Node::Symbol { symbol, shape, .. } if shape.is_scalar() && arena.kind(*symbol) == SymbolKind::Integer);
        let letters: Vec<Expr> = parts.iter().copied().filter(|&part| is_letter(self.arena, part)).collect();
        let (mut found, mut pairs) = (Vec::new(), Vec::new());
        for &part in &parts {
            let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(part) else { continue };
            if !self.arena.is_closed(part) {
                continue;
            }
            let Some((term, inner)) = self.opened(part, lower, upper, known) else { continue };
            let own = self.range(term, &inner);
            if !range::is_non_negative(&own) {
                continue;
            }
            let several =
                range::is_positive(&own) && known.decides(self.arena, Comparison::Less, lower, upper) == Some(true);
            let at_most = |low, high| known.decides(self.arena, Comparison::LessEqual, low, high) == Some(true);
            let inside: Vec<Expr> =
                letters.iter().copied().filter(|&letter| at_most(lower, letter) && at_most(letter, upper)).collect();
            let mut terms = Vec::new();
            for &letter in &inside {
                let Some(term) = self.arena.instantiate(part, letter) else { continue };
                let how = if several { Comparison::Less } else { Comparison::LessEqual };
                found.push(Derived::new(Relation::new(how, term, part), Reason::TermOfSum(vec![letter])));
                for &(other, own) in &terms {
                    if known.are_different(self.arena, letter, other) {
                        let both = self.arena.sum([own, term]);
                        let relation = Relation::new(Comparison::LessEqual, both, part);
                        pairs.push(Derived::new(relation, Reason::TermOfSum(vec![other, letter])));
                    }
                }
                terms.push((letter, term));
            }
        }
        // What says more comes first.
        pairs.extend(found);
        pairs
    }

    /// What an expression is divided by although it is 0.
    fn divided_by_zero(&mut self, expr: Expr, known: &Known) -> Option<Expr> {
        let parts = self.arena.reachable(&[expr]);
        let is_zero = |own: &Range| own.is_single() && own.contains(&0.into());
        parts.into_iter().find_map(|part| match *self.arena.node(part) {
            Node::Power(base, exponent) if self.arena.as_number(exponent).is_some_and(is_negative) => {
                is_zero(&self.range(base, known)).then_some(base)
            }
            _ => None,
        })
    }

    /// The differences of facts, in their order.
    pub fn differences(&mut self, facts: &[(Comparison, Expr, Expr)]) -> Vec<(Comparison, Expr)> {
        facts.iter().map(|&(how, left, right)| (how, self.arena.subtract(right, left))).collect()
    }
}

impl Reader<'_, '_> {
    /// Learns that a difference is not negative, positive or 0; what cannot be read is forgotten. A relation that is no
    /// hypothesis comes with its evidence.
    pub fn assume(&mut self, relation: Relation, difference: Expr, because: Option<Evidence>) {
        let Ok(ratio) = self.read(difference) else { return };
        let Some(denominator) = self.certain_denominator(&ratio) else { return };
        let poly = ratio.numerator;
        self.note_given(Given { relation, because, numerator: poly.clone(), denominator });
        match relation.how {
            Comparison::Less => self.learn(poly, Goal::Positive),
            Comparison::LessEqual => self.learn(poly, Goal::NonNegative),
            Comparison::Equal => {
                self.learn(poly.clone(), Goal::NonNegative);
                self.learn(poly.negated(), Goal::NonNegative);
            }
            Comparison::NotEqual | Comparison::Approximately => {}
        }
    }
}
