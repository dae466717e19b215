//! Induction over a number that counts: the exponent of powers, the last index of sums.

use std::collections::BTreeSet;

use crate::expr::{Big, Comparison, Expr, Node, Substitution, SymbolKind};
use crate::number::range;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::check::Goal;
use crate::proof::outcome::Method;
use crate::rewrite::Linear;

/// What stands for the powers and sums of a step.
#[derive(Default)]
struct Named {
    /// At the number before.
    before: Substitution,
    /// At the number itself, by those of the number before.
    after: Substitution,
    /// Bases that are not negative.
    bases: Vec<Expr>,
}

impl Prover<'_> {
    /// Base: the relation at the least value. Step: from n to n + 1, where `b^n` and `Σ_{k<=n}` are letters.
    pub fn by_counting(&mut self, how: Comparison, (left, right): (Expr, Expr), known: &Known) -> bool {
        let goal = match how {
            Comparison::LessEqual => Goal::NonNegative,
            Comparison::Less => Goal::Positive,
            Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => return false,
        };
        self.counters(left, right, known).into_iter().any(|(letter, least)| {
            self.attempt(|prover| prover.counts_up(how, goal, (left, right), (letter, &least), known))
        })
    }

    /// Free integers with a least value of which nothing else is known, in exponents and as upper ends.
    fn counters(&self, left: Expr, right: Expr, known: &Known) -> Vec<(Expr, Linear)> {
        let mut letters = BTreeSet::new();
        for part in self.arena.reachable(&[left, right]) {
            let place = match *self.arena.node(part) {
                Node::Power(_, exponent) => exponent,
                Node::Big { op: Big::Sum, upper, .. } => upper,
                _ => continue,
            };
            letters.extend(Linear::read(self.arena, place).into_iter().flat_map(|form| form.parts.into_keys()));
        }
        let free = |letter: &Expr| {
            matches!(self.arena.node(*letter), Node::Symbol { indices, .. } if indices.is_empty())
                && !known.speaks_of(self.arena, *letter)
        };
        letters
            .into_iter()
            .filter(free)
            .filter_map(|letter| {
                let (lower, _) = known.domain.range_of(letter);
                let number =
                    lower.into_iter().filter(Linear::is_constant).max_by(|a, b| a.constant.cmp(&b.constant))?;
                (number.as_integer()? >= 0).then_some((letter, number))
            })
            .collect()
    }

    fn counts_up(
        &mut self,
        how: Comparison,
        goal: Goal,
        (left, right): (Expr, Expr),
        (letter, least): (Expr, &Linear),
        known: &Known,
    ) -> bool {
        let Some(domain) = known.domain.substitute(letter, least) else { return false };
        let base = Known { domain, ..known.clone() };
        let first = Substitution::from([(letter, least.expr(self.arena))]);
        let sides = self.arena.substitute_all(&[left, right], &first);
        let sides = [sides[0], sides[1]].map(|side| self.opened_out(side, &base));
        self.trace.push(("induction: base", sides[1]));
        if !self.attempt(|prover| prover.at_most(sides[0], sides[1], goal, &base)) {
            return false;
        }
        let Some((named, mut step)) = self.named(left, right, letter, known) else { return false };
        let earlier = self.arena.substitute_all(&[left, right], &named.before);
        let next = {
            let one = self.arena.one();
            self.arena.sum([letter, one])
        };
        let later = self.arena.substitute_all(&[left, right], &named.after);
        let later = self.arena.substitute_all(&later, &Substitution::from([(letter, next)]));
        let shown = [earlier[0], earlier[1], later[0], later[1]];
        if shown.iter().any(|&side| self.is_in_place(side, letter)) {
            return false;
        }
        step = step.with_fact(self.arena, how, earlier[0], earlier[1]);
        for base in named.bases {
            let sides = [earlier[0], earlier[1]].map(|side| self.arena.product([base, side]));
            step = step.with_fact(self.arena, Comparison::LessEqual, sides[0], sides[1]);
        }
        self.trace.push(("induction: step", later[1]));
        self.methods.insert(Method::Induction);
        self.at_most(later[0], later[1], goal, &step)
    }

    /// Letters for the powers `b^n` and the sums up to n. `None` where n stands in some other way.
    fn named(&mut self, left: Expr, right: Expr, letter: Expr, known: &Known) -> Option<(Named, Known)> {
        let (mut named, mut step) = (Named::default(), known.clone());
        let mut powers: Vec<(Expr, Expr)> = Vec::new();
        let zero = self.arena.zero();
        for part in self.arena.reachable(&[left, right]) {
            if !self.arena.contains(part, letter) || !self.is_closed(part) {
                continue;
            }
            match *self.arena.node(part) {
                Node::Power(base, exponent) if !self.arena.contains(base, letter) => {
                    let form = Linear::read(self.arena, exponent)?;
                    let rate = Linear::constant(form.parts.get(&letter)?.clone()).as_integer().filter(|&n| n >= 1)?;
                    let rest = form.substitute(letter, &Linear::default()).as_integer().filter(|&n| n >= 0)?;
                    let power = match powers.iter().find(|(own, _)| *own == base) {
                        Some(&(_, power)) => power,
                        None => {
                            let power = self.fresh(SymbolKind::Real);
                            powers.push((base, power));
                            let own = self.range(base, known);
                            if self.attempt(|prover| prover.compared(zero, base, Goal::NonNegative, known)) {
                                let how =
                                    if range::is_positive(&own) { Comparison::Less } else { Comparison::LessEqual };
                                step = step.with_fact(self.arena, how, zero, power);
                                named.bases.push(base);
                            }
                            power
                        }
                    };
                    let raised = |prover: &mut Self, base: Expr, n: i64| {
                        let exponent = prover.arena.integer(n);
                        prover.arena.power(base, exponent)
                    };
                    let (whole, more) = (raised(self, power, rate), raised(self, base, rest));
                    let further = raised(self, base, rate);
                    named.before.insert(part, self.arena.product([whole, more]));
                    named.after.insert(part, self.arena.product([whole, more, further]));
                }
                Node::Big { op: Big::Sum, lower, upper, .. } if !self.arena.contains(lower, letter) => {
                    let form = Linear::read(self.arena, upper)?;
                    let inner = self.fresh(SymbolKind::Integer);
                    let term = self.arena.instantiate(part, inner)?;
                    let grows = form.parts.get(&letter).is_some_and(|rate| *rate == 1.into());
                    let from = Linear::read(self.arena, lower)?;
                    let length = form.minus(&from).plus(&Linear::integer(1), &1.into());
                    let long = known.domain.implies_at_most_zero(&Linear::default().minus(&length));
                    if !grows || !long || self.arena.contains(term, letter) {
                        return None;
                    }
                    let sum = self.fresh(SymbolKind::Real);
                    // The last term of the sum up to n: after the step that of the longer one.
                    let end = form.expr(self.arena);
                    let last = self.arena.substitute(term, &Substitution::from([(inner, end)]));
                    named.before.insert(part, sum);
                    named.after.insert(part, self.arena.sum([sum, last]));
                }
                _ => {}
            }
        }
        Some((named, step)).filter(|(named, _)| !named.before.is_empty())
    }

    /// Whether a counter still stands in an exponent or a bound.
    fn is_in_place(&self, expr: Expr, letter: Expr) -> bool {
        self.arena.reachable(&[expr]).into_iter().any(|part| match *self.arena.node(part) {
            Node::Power(base, exponent) => {
                self.arena.contains(base, letter) && self.arena.as_number(exponent).is_none()
            }
            Node::Big { .. } => self.arena.contains(part, letter),
            _ => false,
        })
    }
}
