//! Mean values of expressions: how far apart two values of one expression are, by its steepest slope.

use crate::expr::{Comparison, Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::number::polynomial::Goal;
use crate::number::range;
use crate::number::rational::is_negative;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::rules::Asked;
use crate::proof::outcome::Method;

impl Prover<'_> {
    /// `|F(x) - F(y)| <= c |x - y|` where F is continuous on the whole line and `|F'(z)| <= c` wherever F has a slope, as
    /// it has but for corners (DLMF 1.4(iii)).
    pub fn by_steepest_slope(&mut self, asked: Asked<'_>) -> bool {
        if asked.goal == Goal::Positive {
            return false;
        }
        let Some((x, y, factor)) = self.distance(asked.right) else { return false };
        let inside = self.arena.argument(Elementary::Abs, asked.left).unwrap_or(asked.left);
        let letter = self.fresh(SymbolKind::Real);
        let Some(function) = self.difference_of_values(inside, x, y, letter) else { return false };
        if !self.is_continuous(function, letter, asked.known) {
            return false;
        }
        let slope = crate::rewrite::slope::slope(self.arena, function, letter);
        let size = self.arena.apply(Elementary::Abs, slope);
        let mark = self.evidence.len();
        let known = self.between(asked.known, letter, x, y);
        self.evidence.truncate(mark);
        self.methods.insert(Method::Rule);
        self.attest_slope(Asked { known: &known, ..asked }, (function, letter), (x, y), factor)
            || self.asks(Asked { left: size, right: factor, known: &known, ..asked })
    }

    /// `c |x - y|` of two letters as x, y and c.
    fn distance(&mut self, expr: Expr) -> Option<(Expr, Expr, Expr)> {
        let factors = match self.arena.node(expr).clone() {
            Node::Product(factors) => factors.to_vec(),
            _ => vec![expr],
        };
        let place = factors.iter().position(|&factor| self.letters_apart(factor).is_some())?;
        let (x, y) = self.letters_apart(factors[place])?;
        let rest: Vec<Expr> =
            factors.iter().enumerate().filter(|&(other, _)| other != place).map(|(_, &factor)| factor).collect();
        Some((x, y, self.arena.product(rest)))
    }

    fn letters_apart(&self, expr: Expr) -> Option<(Expr, Expr)> {
        let inside = self.arena.argument(Elementary::Abs, expr)?;
        let Node::Sum(terms) = self.arena.node(inside) else { return None };
        let [first, second] = terms[..] else { return None };
        let is_name = |part: Expr| matches!(self.arena.node(part), Node::Symbol { symbol, .. } if self.arena.kind(*symbol) == SymbolKind::Real);
        let opposite = |part: Expr| match self.arena.node(part) {
            Node::Product(parts) => match parts[..] {
                [a, b] if self.arena.as_integer(a) == Some(-1) && is_name(b) => Some(b),
                [a, b] if self.arena.as_integer(b) == Some(-1) && is_name(a) => Some(a),
                _ => None,
            },
            _ => None,
        };
        match (is_name(first), is_name(second)) {
            (true, false) => Some((first, opposite(second)?)),
            (false, true) => Some((second, opposite(first)?)),
            (true, true) | (false, false) => None,
        }
    }

    /// F, in terms of a letter, where an expression is `F(x) - F(y)`.
    fn difference_of_values(&mut self, expr: Expr, x: Expr, y: Expr, letter: Expr) -> Option<Expr> {
        let Node::Sum(terms) = self.arena.node(expr).clone() else { return None };
        let with_x: Vec<Expr> = terms.iter().copied().filter(|&term| self.arena.contains(term, x)).collect();
        let at_x = self.arena.sum(with_x);
        let rest = self.arena.subtract(expr, at_x);
        let at = |prover: &mut Self, place: Expr| prover.arena.substitute(at_x, &Substitution::from([(x, place)]));
        let (at_y, function) = (at(self, y), at(self, letter));
        let gap = self.arena.sum([rest, at_y]);
        let same = self.vanishes(gap, &Known::default());
        (same && !self.arena.contains(function, y)).then_some(function)
    }

    /// Whether an expression of a letter is continuous on the whole line, and smooth but for corners.
    fn is_continuous(&mut self, expr: Expr, letter: Expr, known: &Known) -> bool {
        self.arena.reachable(&[expr]).into_iter().all(|part| {
            if !self.arena.contains(part, letter) || part == letter {
                return true;
            }
            match self.arena.node(part).clone() {
                Node::Sum(_) | Node::Product(_) => true,
                Node::Power(base, exponent) => match self.arena.as_number(exponent).cloned() {
                    Some(n) if n.is_int() && !is_negative(&n) => true,
                    Some(n) if n.is_int() => range::excludes_zero(&self.range(base, known)),
                    Some(_) => range::is_positive(&self.range(base, known)),
                    None => false,
                },
                Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => match f {
                    Elementary::Log => range::is_positive(&self.range(args[0], known)),
                    f => f.is_total(),
                },
                _ => false,
            }
        })
    }

    /// What is known of a letter between two others: the side of 0 that both are on.
    fn between(&mut self, known: &Known, letter: Expr, x: Expr, y: Expr) -> Known {
        let zero = self.arena.zero();
        let both = |prover: &mut Self, low: [Expr; 2], high: [Expr; 2]| {
            let each = |prover: &mut Self, at: usize| {
                prover.attempt(|prover| prover.compared(low[at], high[at], Goal::NonNegative, known))
            };
            each(prover, 0) && each(prover, 1)
        };
        if both(self, [zero, zero], [x, y]) {
            known.with_fact(self.arena, Comparison::LessEqual, zero, letter)
        } else if both(self, [x, y], [zero, zero]) {
            known.with_fact(self.arena, Comparison::LessEqual, letter, zero)
        } else {
            known.clone()
        }
    }
}
