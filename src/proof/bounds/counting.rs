//! Induction over a number that counts: the exponent of powers, the last index of sums.

use std::collections::BTreeSet;

use crate::expr::{Big, Comparison, Expr, Node, Substitution, SymbolKind};
use crate::number::polynomial::Goal;
use crate::number::range;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::check::{Reason, Relation};
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
    /// The letters, each with what it stands for.
    letters: Vec<(Expr, Expr)>,
    /// The sums.
    sums: Vec<Expr>,
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
        let begins = Relation::new(how, sides[0], sides[1]);
        let sides = [sides[0], sides[1]].map(|side| self.opened_out(side, &base));
        let mark = self.evidence.len();
        if !self.attempt(|prover| prover.at_most(sides[0], sides[1], goal, &base)) {
            return false;
        }
        self.restate(mark, begins);
        let Some((mut named, mut step)) = self.named(left, right, letter, known) else { return false };
        self.evidence.truncate(mark + 1);
        // From the number before to the number itself.
        let minus = self.arena.integer(-1);
        let before = self.arena.sum([letter, minus]);
        let back = Substitution::from([(letter, before)]);
        let earlier = self.arena.substitute_all(&[left, right], &named.before);
        let earlier = self.arena.substitute_all(&earlier, &back);
        let later = self.arena.substitute_all(&[left, right], &named.after);
        for (_, place) in &mut named.letters {
            *place = self.arena.substitute(*place, &back);
        }
        let first = least.plus(&Linear::integer(1), &1.into()).minus(&Linear::letter(letter));
        if step.domain.require_at_most_zero(&first).is_none()
            || [earlier[0], earlier[1], later[0], later[1]].iter().any(|&side| self.is_in_place(side, letter))
        {
            return false;
        }
        step = step.with_fact(self.arena, how, earlier[0], earlier[1]);
        for &base in &named.bases {
            let sides = [earlier[0], earlier[1]].map(|side| self.arena.product([base, side]));
            step = step.with_fact(self.arena, Comparison::LessEqual, sides[0], sides[1]);
        }
        self.methods.insert(Method::Induction);
        let place = self.evidence.len();
        let found = self.at_most(later[0], later[1], goal, &step);
        if found {
            let relation = Relation::new(how, left, right);
            self.conclude_step(place, (relation, &back), (how, earlier, later), &named);
            let least = least.expr(self.arena);
            self.conclude(mark, relation.prop(), Reason::Induction { letter, least });
        }
        found
    }

    /// The step of an induction from what was proved since `mark` of letters: they stand for powers and sums at the number
    /// before, of which the relation is supposed.
    fn conclude_step(
        &mut self,
        mark: usize,
        (relation, back): (Relation, &Substitution),
        (how, earlier, later): (Comparison, Vec<Expr>, Vec<Expr>),
        named: &Named,
    ) {
        let shown: Substitution = named.letters.iter().copied().collect();
        let mut show = |sides: &[Expr]| {
            let sides = self.arena.substitute_all(sides, &shown);
            Relation::new(how, sides[0], sides[1])
        };
        let (earlier, later) = (show(&earlier), show(&later));
        self.conclude(mark, later.prop(), Reason::Generalized(named.letters.clone()));
        let proved = self.evidence.split_off(mark);
        let before = self.arena.substitute_all(&[relation.left, relation.right], back);
        let suppose = |prover: &mut Self, how: Comparison| {
            let place = prover.evidence.len();
            prover.attest(Relation::new(how, before[0], before[1]).prop(), Reason::Supposed);
            prover.restate(place, Relation { how, ..earlier });
        };
        suppose(self, how);
        for &base in &named.bases {
            let place = self.evidence.len();
            let not_negative = self.above_zero(Goal::NonNegative, base);
            self.attest(not_negative.prop(), Reason::Extent);
            suppose(self, Comparison::LessEqual);
            let sides = [earlier.left, earlier.right].map(|side| self.arena.product([base, side]));
            let multiple = Relation::new(Comparison::LessEqual, sides[0], sides[1]);
            self.conclude_multiple(place, base, multiple);
        }
        self.evidence.extend(proved);
        self.conclude(mark, later.prop(), Reason::WithLemmas);
        // The sums up to the number itself have their last terms in `later`.
        let (mut last, mut chain) = (relation, Vec::new());
        for &sum in &named.sums {
            let Some(apart) = self.with_last_term(sum) else { continue };
            chain.push((last, sum, apart));
            let map = Substitution::from([(sum, apart)]);
            let sides = self.arena.substitute_all(&[last.left, last.right], &map);
            last = Relation::new(how, sides[0], sides[1]);
        }
        self.restate(mark, last);
        for (own, sum, apart) in chain.into_iter().rev() {
            self.conclude_replaced(mark, own.prop(), sum, apart);
        }
    }

    /// A sum as that without its last term, and the last term.
    fn with_last_term(&mut self, sum: Expr) -> Option<Expr> {
        let (op, lower, upper) = self.big(sum)?;
        let (letter, minus) = (self.fresh(SymbolKind::Integer), self.arena.integer(-1));
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
        let (last, any) = (self.arena.instantiate(sum, upper)?, self.arena.instantiate(sum, letter)?);
        let before = self.arena.sum([upper, minus]);
        let rest = self.arena.big(op, symbol, lower, before, any);
        Some(self.arena.sum([rest, last]))
    }

    /// Letters for the powers `b^n` and the sums up to n. `None` where n stands in some other way.
    fn named(&mut self, left: Expr, right: Expr, letter: Expr, known: &Known) -> Option<(Named, Known)> {
        let (mut named, mut step) = (Named::default(), known.clone());
        let mut powers: Vec<(Expr, Expr)> = Vec::new();
        let zero = self.arena.zero();
        for part in self.arena.reachable(&[left, right]) {
            if !self.arena.contains(part, letter) || !self.arena.is_closed(part) {
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
                            named.letters.push((power, self.arena.power(base, letter)));
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
                    named.letters.push((sum, part));
                    named.sums.push(part);
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
