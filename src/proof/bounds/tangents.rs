//! Logarithms and exponentials by their tangents (DLMF 4.5.1, 4.5.7), and logarithms by their signs.

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, Prop, Substitution, SymbolKind};
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::{Composition, Reason, Relation, Span};
use crate::proof::outcome::Method;
use crate::rewrite::Linear;

impl Prover<'_> {
    /// The logarithm of what is at most 1 is not positive, of what is at least 1 not negative.
    pub fn by_signs_of_logarithms(&mut self, asked: Asked<'_>) -> bool {
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let (mut known, mark) = (asked.known.clone(), self.evidence.len());
        for part in self.arena.reachable(&[asked.left, asked.right]) {
            let Node::Call { function: Function::Elementary(Elementary::Log), args, .. } =
                self.arena.node(part).clone()
            else {
                continue;
            };
            if !self.arena.is_closed(part) {
                continue;
            }
            let orders = [([args[0], one], (part, zero)), ([one, args[0]], (zero, part))];
            for ([low, high], (left, right)) in orders {
                let place = self.evidence.len();
                if self.attempt(|prover| prover.compared(low, high, Goal::NonNegative, asked.known)) {
                    self.conclude(place, Prop::at_most(left, right), Reason::Law("log rises", vec![low, high]));
                    known = known.with_fact(self.arena, Comparison::LessEqual, left, right);
                    break;
                }
            }
        }
        self.methods.insert(Method::Rule);
        let found =
            known.facts.len() > asked.known.facts.len() && self.compared(asked.left, asked.right, asked.goal, &known);
        if found {
            self.conclude(mark, asked.relation().prop(), Reason::WithLemmas);
        }
        found
    }

    /// `1 - 1 / a <= log a <= a - 1` and `1 + u <= e^u`: each is bounded by its tangent where its factor has a sign. Beside
    /// a `log c` the tangents are those at `1 / c`.
    pub fn by_tangents(&mut self, asked: Asked<'_>) -> bool {
        if asked.goal == Goal::Positive {
            return false;
        }
        let difference = self.arena.subtract(asked.right, asked.left);
        let difference = self.with_sums_joined(difference);
        let scales: Vec<Option<Expr>> =
            std::iter::once(None).chain(self.scales(difference).into_iter().map(Some)).collect();
        let (mark, zero) = (self.evidence.len(), self.arena.zero());
        let found = scales.into_iter().any(|scale| {
            self.attempt(|prover| {
                let Some(bound) = prover.below_by_tangents(difference, scale, asked.known) else { return false };
                prover.methods.insert(Method::Rule);
                let rest = prover.evidence.split_off(mark);
                let found = prover.attempt(|prover| prover.compared(zero, bound, Goal::NonNegative, asked.known)) || {
                    let opened = prover.with_sums_known(bound, asked.known);
                    let found = prover.compared(zero, opened, Goal::NonNegative, asked.known);
                    // What the facts say of sums is a step of its own.
                    if found && !prover.attempt(|prover| prover.compared(opened, bound, Goal::NonNegative, asked.known))
                    {
                        prover.attest(Prop::at_most(opened, bound), Reason::Unreplayed("sums that are known"));
                    }
                    found
                };
                prover.evidence.extend(rest);
                found
            })
        });
        if found {
            self.conclude(mark, Prop::at_most(zero, difference), Reason::Through);
            self.restate(mark, asked.relation());
        }
        found
    }

    /// The arguments of logarithms that are terms of an expression.
    fn scales(&self, expr: Expr) -> Vec<Expr> {
        let terms = match self.arena.node(expr) {
            Node::Sum(terms) => terms.to_vec(),
            _ => return Vec::new(),
        };
        terms.iter().filter_map(|&term| self.arena.argument(Elementary::Log, term)).collect()
    }

    /// Sums whose value is a fact, as that value.
    fn with_sums_known(&mut self, expr: Expr, known: &Known) -> Expr {
        let mut map = Substitution::new();
        for &(how, left, right) in &known.facts {
            for (sum, value) in [(left, right), (right, left)] {
                if how == Comparison::Equal && self.big(sum).is_some() {
                    map.insert(sum, value);
                }
            }
        }
        self.arena.substitute(expr, &map)
    }

    /// A lower bound without logarithms or exponentials, with its evidence; `None` where none stands or a factor has no
    /// sign.
    fn below_by_tangents(&mut self, expr: Expr, scale: Option<Expr>, known: &Known) -> Option<Expr> {
        let mark = self.evidence.len();
        match self.arena.node(expr).clone() {
            Node::Sum(parts) => {
                let mut bounds = Vec::new();
                for &part in parts.iter() {
                    bounds.push(if self.may_be_bounded_by_tangent(part, scale) {
                        self.below_by_tangents(part, scale, known)?
                    } else {
                        self.attest(Prop::at_most(part, part), Reason::Identity);
                        part
                    });
                }
                let bound = self.arena.sum(bounds);
                self.conclude(mark, Prop::at_most(bound, expr), Reason::Composed(Composition::Sum));
                Some(bound)
            }
            Node::Big { op: op @ Big::Sum, lower, upper, .. } => {
                let (term, inner, letter) = self.term(expr, lower, upper, known)?;
                let bound = self.below_by_tangents(term, scale, &inner)?;
                let bound = self.summed_apart(bound, letter, (lower, upper), known)?;
                let how = Composition::Over(op, Span::new(letter, lower, upper));
                self.conclude(mark, Prop::at_most(bound, expr), Reason::Composed(how));
                Some(bound)
            }
            Node::Product(parts) => {
                let inside = self.with_factors_inside(expr);
                if inside != expr {
                    let bound = self.below_by_tangents(inside, scale, known)?;
                    self.restate(mark, Relation::new(Comparison::LessEqual, bound, expr));
                    return Some(bound);
                }
                let (logs, rest): (Vec<Expr>, Vec<Expr>) =
                    parts.iter().partition(|&&part| self.may_be_bounded_by_tangent(part, scale));
                let factor = self.arena.product(rest);
                match logs[..] {
                    [log] => self.tangent(expr, (factor, log), scale, known),
                    _ => self.exponential_tangent(expr, &logs, factor, known),
                }
            }
            _ => {
                let one = self.arena.one();
                self.tangent(expr, (one, expr), scale, known)
            }
        }
    }

    /// `f (1 - 1 / (a c) - log c)` for `f >= 0`, `f (a c - 1 - log c)` for `f <= 0`; c is 1 where there is no scale.
    fn tangent(&mut self, expr: Expr, (factor, log): (Expr, Expr), scale: Option<Expr>, known: &Known) -> Option<Expr> {
        let Node::Call { function: Function::Elementary(Elementary::Log), args, slots } = self.arena.node(log).clone()
        else {
            return self.exponential_tangent(expr, &[log], factor, known);
        };
        if !slots.is_empty() {
            return None;
        }
        let (zero, one, mark) = (self.arena.zero(), self.arena.one(), self.evidence.len());
        let (place, shift) = match scale {
            None => (args[0], zero),
            Some(scale) => (self.arena.product([args[0], scale]), self.arena.apply(Elementary::Log, scale)),
        };
        let shifted = self.arena.product([factor, shift]);
        let logarithm = self.arena.apply(Elementary::Log, place);
        let inverse = self.arena.reciprocal(place);
        let (back, below, above) =
            (self.arena.negate(factor), self.arena.subtract(one, inverse), self.arena.subtract(place, one));
        let (bound, size, law, sides) = if self.is_not_negative(factor, known) {
            let inverse = self.over_argument(factor, place);
            (self.arena.subtract(factor, inverse), factor, "below the logarithm", (below, logarithm))
        } else if self.is_not_negative(back, known) {
            (self.arena.product([factor, above]), back, "above the logarithm", (logarithm, above))
        } else {
            return None;
        };
        let bound = self.arena.subtract(bound, shifted);
        self.conclude_tangent(mark, (law, place), sides, size, Prop::at_most(bound, expr));
        Some(bound)
    }

    fn is_not_negative(&mut self, factor: Expr, known: &Known) -> bool {
        let zero = self.arena.zero();
        let relation = Relation::new(Comparison::LessEqual, zero, factor);
        let mark = self.evidence.len();
        let found = self.attempt(|prover| prover.compared(zero, factor, Goal::NonNegative, known));
        if found && !self.concludes(mark, &relation.prop()) {
            self.restate(mark, relation);
        }
        found
    }

    /// A bound by a law at a place times a factor whose sign was proved since `mark`.
    fn conclude_tangent(
        &mut self,
        mark: usize,
        (law, place): (&'static str, Expr),
        (left, right): (Expr, Expr),
        factor: Expr,
        conclusion: Prop,
    ) {
        self.attest(Prop::at_most(left, right), Reason::Law(law, vec![place]));
        self.conclude(mark, conclusion, Reason::Law("multiple", vec![left, right, factor]));
    }

    /// `f / a` without the factors that both have: where `log a` is defined none of the factors of a is 0.
    fn over_argument(&mut self, factor: Expr, argument: Expr) -> Expr {
        let inverse = self.arena.reciprocal(argument);
        let mut above = self.factors_of(factor);
        let mut kept = Vec::new();
        for own in self.factors_of(inverse) {
            let back = match *self.arena.node(own) {
                Node::Power(base, exponent) if self.arena.as_integer(exponent) == Some(-1) => base,
                _ => self.arena.reciprocal(own),
            };
            match above.iter().position(|&other| other == back) {
                Some(place) => {
                    above.remove(place);
                }
                None => kept.push(own),
            }
        }
        above.extend(kept);
        self.arena.product(above)
    }

    /// The sum of a sum of terms as a sum of sums, with what does not hold the index before each.
    fn summed_apart(&mut self, bound: Expr, letter: Expr, (lower, upper): (Expr, Expr), known: &Known) -> Option<Expr> {
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
        let terms = match self.arena.node(bound).clone() {
            Node::Sum(terms) => terms.to_vec(),
            _ => vec![bound],
        };
        let mut sums = Vec::new();
        for term in terms {
            if self.arena.contains(term, letter) {
                let sum = self.arena.big(Big::Sum, symbol, lower, upper, term);
                sums.push(self.with_factors_before(sum));
                continue;
            }
            let length = Linear::read(self.arena, upper)?
                .minus(&Linear::read(self.arena, lower)?)
                .plus(&Linear::integer(1), &1.into());
            if !known.domain.implies_at_most_zero(&Linear::default().minus(&length)) {
                return None;
            }
            let length = length.expr(self.arena);
            sums.push(self.arena.product([length, term]));
        }
        Some(self.arena.sum(sums))
    }

    /// Sums over the same index as one, and in it `f log a - f log b` as `f log(a / b)`: both logarithms are defined.
    fn with_sums_joined(&mut self, expr: Expr) -> Expr {
        let Node::Sum(terms) = self.arena.node(expr).clone() else { return expr };
        let inside: Vec<Expr> = terms.iter().map(|&term| self.with_factors_inside(term)).collect();
        let (sums, mut rest): (Vec<Expr>, Vec<Expr>) =
            inside.into_iter().partition(|&term| matches!(self.big(term), Some((Big::Sum, ..))));
        let [first, second] = sums[..] else { return expr };
        let (Some((_, low, high)), true) = (self.big(first), self.big(first) == self.big(second)) else { return expr };
        let letter = self.fresh(SymbolKind::Integer);
        let (Some(a), Some(b), Node::Symbol { symbol, .. }) = (
            self.arena.instantiate(first, letter),
            self.arena.instantiate(second, letter),
            self.arena.node(letter).clone(),
        ) else {
            return expr;
        };
        let Some(joined) = self.logarithms_joined(a, b) else { return expr };
        rest.push(self.arena.big(Big::Sum, symbol, low, high, joined));
        self.arena.sum(rest)
    }

    /// `f log a` and `-f log b` together.
    fn logarithms_joined(&mut self, first: Expr, second: Expr) -> Option<Expr> {
        let parts = |prover: &mut Self, term: Expr| {
            let Node::Product(factors) = prover.arena.node(term).clone() else { return None };
            let argument = |factor: &Expr| prover.arena.argument(Elementary::Log, *factor);
            let (place, argument) =
                factors.iter().enumerate().find_map(|(place, factor)| Some((place, argument(factor)?)))?;
            let mut rest = factors.to_vec();
            rest.remove(place);
            Some((prover.arena.product(rest), argument))
        };
        let ((f, a), (g, b)) = (parts(self, first)?, parts(self, second)?);
        if f != self.arena.negate(g) {
            return None;
        }
        let (f, a, b) = if matches!(self.arena.node(f), Node::Product(_)) { (g, b, a) } else { (f, a, b) };
        let quotient = self.arena.divide(a, b);
        let log = self.arena.apply(Elementary::Log, quotient);
        Some(self.arena.product([f, log]))
    }

    /// `c e^u e^v >= c (1 + u + v)` for `c >= 0`.
    fn exponential_tangent(&mut self, expr: Expr, powers: &[Expr], factor: Expr, known: &Known) -> Option<Expr> {
        let exponents: Option<Vec<Expr>> =
            powers.iter().map(|&part| self.arena.argument(Elementary::Exp, part)).collect();
        let exponents = exponents?;
        let (mark, one, exponent) = (self.evidence.len(), self.arena.one(), self.arena.sum(exponents));
        if !self.is_not_negative(factor, known) {
            return None;
        }
        let (tangent, power) = (self.arena.sum([one, exponent]), self.arena.apply(Elementary::Exp, exponent));
        let bound = self.arena.product([factor, tangent]);
        // `1 + u <= e^u` is `log v <= v - 1` at v = e^u.
        let law = ("above the logarithm", power);
        self.conclude_tangent(mark, law, (tangent, power), factor, Prop::at_most(bound, expr));
        Some(bound)
    }

    /// Whether a logarithm or an exponential stands in an expression, but for the logarithm of the scale.
    fn may_be_bounded_by_tangent(&self, expr: Expr, scale: Option<Expr>) -> bool {
        self.arena.reachable(&[expr]).into_iter().any(|part| {
            let is_scale = matches!(self.arena.node(part), Node::Call { args, .. } if args.first().copied() == scale);
            !is_scale
                && matches!(
                    self.arena.node(part),
                    Node::Call { function: Function::Elementary(Elementary::Log | Elementary::Exp), .. }
                )
        })
    }
}
