//! Logarithms and exponentials by their tangents (DLMF 4.5.1, 4.5.7), and logarithms by their signs.

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::Goal;
use crate::rewrite::Linear;

impl Prover<'_> {
    /// The logarithm of what is at most 1 is not positive, of what is at least 1 not negative.
    pub fn by_signs_of_logarithms(&mut self, asked: Asked<'_>) -> bool {
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let mut known = asked.known.clone();
        for part in self.arena.reachable(&[asked.left, asked.right]) {
            let Node::Call { function: Function::Elementary(Elementary::Log), args, .. } =
                self.arena.node(part).clone()
            else {
                continue;
            };
            if !self.is_closed(part) {
                continue;
            }
            let below = |prover: &mut Self, low, high| {
                prover.attempt(|prover| prover.compared(low, high, Goal::NonNegative, asked.known))
            };
            if below(self, args[0], one) {
                known = known.with_fact(self.arena, Comparison::LessEqual, part, zero);
            } else if below(self, one, args[0]) {
                known = known.with_fact(self.arena, Comparison::LessEqual, zero, part);
            }
        }
        self.applied("signs of logarithms", asked.right);
        known.facts.len() > asked.known.facts.len() && self.compared(asked.left, asked.right, asked.goal, &known)
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
        scales.into_iter().any(|scale| {
            self.attempt(|prover| {
                let Some(bound) = prover.below_by_tangents(difference, scale, asked.known) else { return false };
                let zero = prover.arena.zero();
                prover.applied("tangent of the logarithm", bound);
                if prover.attempt(|prover| prover.compared(zero, bound, Goal::NonNegative, asked.known)) {
                    return true;
                }
                let bound = prover.with_sums_known(bound, asked.known);
                prover.compared(zero, bound, Goal::NonNegative, asked.known)
            })
        })
    }

    /// The arguments of logarithms that are terms of an expression.
    fn scales(&self, expr: Expr) -> Vec<Expr> {
        let terms = match self.arena.node(expr) {
            Node::Sum(terms) => terms.to_vec(),
            _ => return Vec::new(),
        };
        let argument = |&term: &Expr| match self.arena.node(term) {
            Node::Call { function: Function::Elementary(Elementary::Log), args, slots } if slots.is_empty() => {
                Some(args[0])
            }
            _ => None,
        };
        terms.iter().filter_map(argument).collect()
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

    /// A lower bound without logarithms or exponentials; `None` where none stands or a factor has no sign.
    fn below_by_tangents(&mut self, expr: Expr, scale: Option<Expr>, known: &Known) -> Option<Expr> {
        match self.arena.node(expr).clone() {
            Node::Sum(parts) => {
                let mut bounds = Vec::new();
                for &part in parts.iter() {
                    bounds.push(if self.may_be_bounded_by_tangent(part, scale) {
                        self.below_by_tangents(part, scale, known)?
                    } else {
                        part
                    });
                }
                Some(self.arena.sum(bounds))
            }
            Node::Big { op: Big::Sum, lower, upper, .. } => {
                let (term, inner, letter) = self.term(expr, lower, upper, known)?;
                let bound = self.below_by_tangents(term, scale, &inner)?;
                self.summed_apart(bound, letter, (lower, upper), known)
            }
            Node::Product(parts) => {
                let inside = self.with_factors_inside(expr);
                if inside != expr {
                    return self.below_by_tangents(inside, scale, known);
                }
                let (logs, rest): (Vec<Expr>, Vec<Expr>) =
                    parts.iter().partition(|&&part| self.may_be_bounded_by_tangent(part, scale));
                let factor = self.arena.product(rest);
                match logs[..] {
                    [log] => self.tangent(factor, log, scale, known),
                    _ => self.exponential_tangent(&logs, factor, known),
                }
            }
            _ => {
                let one = self.arena.one();
                self.tangent(one, expr, scale, known)
            }
        }
    }

    /// `f (1 - 1 / (a c) - log c)` for `f >= 0`, `f (a c - 1 - log c)` for `f <= 0`; c is 1 where there is no scale.
    fn tangent(&mut self, factor: Expr, log: Expr, scale: Option<Expr>, known: &Known) -> Option<Expr> {
        let Node::Call { function: Function::Elementary(Elementary::Log), args, slots } = self.arena.node(log).clone()
        else {
            return self.exponential_tangent(&[log], factor, known);
        };
        if !slots.is_empty() {
            return None;
        }
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let below = |prover: &mut Self, low, high| {
            prover.attempt(|prover| prover.compared(low, high, Goal::NonNegative, known))
        };
        let (place, shift) = match scale {
            None => (args[0], zero),
            Some(scale) => (self.arena.product([args[0], scale]), self.arena.apply(Elementary::Log, scale)),
        };
        let shifted = self.arena.product([factor, shift]);
        let bound = if below(self, zero, factor) {
            let inverse = self.over_argument(factor, place);
            self.arena.subtract(factor, inverse)
        } else if below(self, factor, zero) {
            let difference = self.arena.subtract(place, one);
            self.arena.product([factor, difference])
        } else {
            return None;
        };
        Some(self.arena.subtract(bound, shifted))
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
            let is_log = |part: &Expr| match prover.arena.node(*part) {
                Node::Call { function: Function::Elementary(Elementary::Log), args, slots } if slots.is_empty() => {
                    Some(args[0])
                }
                _ => None,
            };
            let Node::Product(factors) = prover.arena.node(term).clone() else { return None };
            let place = factors.iter().position(|factor| is_log(factor).is_some())?;
            let argument = is_log(&factors[place])?;
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
    fn exponential_tangent(&mut self, exponentials: &[Expr], factor: Expr, known: &Known) -> Option<Expr> {
        let mut sum = vec![self.arena.one()];
        for &part in exponentials {
            match self.arena.node(part).clone() {
                Node::Call { function: Function::Elementary(Elementary::Exp), args, slots } if slots.is_empty() => {
                    sum.push(args[0]);
                }
                _ => return None,
            }
        }
        let zero = self.arena.zero();
        let may = self.attempt(|prover| prover.compared(zero, factor, Goal::NonNegative, known));
        let sum = self.arena.sum(sum);
        may.then(|| self.arena.product([factor, sum]))
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
