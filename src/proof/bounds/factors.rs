//! Products over an index, step by step, against powers and against each other; powers of one base by their exponents.

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::number::polynomial::Goal;
use crate::number::rational::is_negative;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::{Reason, Span};
use crate::proof::context::is_integer;
use crate::proof::outcome::Method;
use crate::rewrite::Linear;

/// The index over which products run.
struct Steps {
    lower: Linear,
    upper: Linear,
    /// How many steps there are.
    length: Linear,
    /// The letter of one of them.
    letter: Expr,
    /// The ends as they are written.
    ends: (Expr, Expr),
}

/// An expression as a product over the steps of one factor each, times the rest.
#[derive(Default)]
struct Stepwise {
    step: Vec<Expr>,
    rest: Vec<Expr>,
}

impl Prover<'_> {
    /// `c Π a_j <= d Π b_j` where `|c| <= d` and `|a_j| <= b_j` for every j; `r^n` is a product of n factors r.
    pub fn by_factors(&mut self, written: Asked<'_>) -> bool {
        let asked = self.with_cases_taken(written);
        let Some(steps) = self.steps_of(asked.left, asked.right) else { return false };
        let Known { domain, .. } = asked.known;
        if steps.length.is_constant() {
            return false;
        }
        let at_least = |n: i64| domain.implies_at_most_zero(&Linear::integer(n).minus(&steps.length));
        if !at_least(if asked.goal == Goal::Positive { 1 } else { 0 }) {
            return false;
        }
        let (low, high) = (self.stepwise(asked.left, &steps), self.stepwise(asked.right, &steps));
        if low.step.is_empty() && high.step.is_empty() {
            return false;
        }
        let inner = asked.known.within(steps.letter, &steps.lower, &steps.upper);
        let mut both = [low.step, low.rest].map(|factors| {
            let product = self.arena.product(factors);
            self.size_of(product)
        });
        let (right, over) = (self.arena.product(high.step), self.arena.product(high.rest));
        both.swap(0, 1);
        let [under, left] = both;
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let trivial = self.arena.is_one(under) && self.arena.is_one(over);
        let zero = self.arena.zero();
        let rest_holds = trivial
            || self.attempt(|prover| prover.at_most(under, over, Goal::NonNegative, asked.known))
                && (asked.goal == Goal::NonNegative
                    || self.attempt(|prover| prover.at_most(zero, over, Goal::Positive, asked.known)));
        let found = rest_holds && self.asks(Asked { left, right, goal: asked.goal, known: &inner });
        if found {
            let (letter, (lower, upper)) = (steps.letter, steps.ends);
            self.conclude(mark, asked.relation().prop(), Reason::Factors(Span::new(letter, lower, upper)));
            self.restate(mark, written.relation());
        }
        found
    }

    /// Both sides with settled cases taken and short products written out.
    fn with_cases_taken<'k>(&mut self, asked: Asked<'k>) -> Asked<'k> {
        let has_big = |side: Expr| {
            self.arena.reachable(&[side]).into_iter().any(|part| matches!(self.arena.node(part), Node::Big { .. }))
        };
        if !has_big(asked.left) && !has_big(asked.right) {
            return asked;
        }
        let [left, right] = [asked.left, asked.right].map(|side| self.opened_out(side, asked.known));
        asked.of(left, right)
    }

    /// The absolute value, of what is none yet.
    fn size_of(&mut self, expr: Expr) -> Expr {
        match self.arena.node(expr) {
            _ if self.arena.argument(Elementary::Abs, expr).is_some() => expr,
            Node::Number(value) if !is_negative(value) => expr,
            _ => self.arena.apply(Elementary::Abs, expr),
        }
    }

    /// The steps of the first product over an index in either side.
    fn steps_of(&mut self, left: Expr, right: Expr) -> Option<Steps> {
        let (lower, upper) = [left, right].into_iter().find_map(|side| self.product_bounds(side))?;
        let ends = (lower, upper);
        let (lower, upper) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let length = upper.minus(&lower).plus(&Linear::integer(1), &1.into());
        Some(Steps { lower, upper, length, letter: self.fresh(SymbolKind::Integer), ends })
    }

    fn product_bounds(&self, expr: Expr) -> Option<(Expr, Expr)> {
        match self.arena.node(expr) {
            Node::Big { op: Big::Product, lower, upper, .. } => Some((*lower, *upper)),
            Node::Product(parts) => parts.iter().find_map(|&part| self.product_bounds(part)),
            _ => self.product_bounds(self.arena.argument(Elementary::Abs, expr)?),
        }
    }

    fn stepwise(&mut self, expr: Expr, steps: &Steps) -> Stepwise {
        let rest = |expr: Expr| Stepwise { step: Vec::new(), rest: vec![expr] };
        match self.arena.node(expr).clone() {
            Node::Product(parts) => parts.iter().fold(Stepwise::default(), |mut all, &part| {
                let own = self.stepwise(part, steps);
                all.step.extend(own.step);
                all.rest.extend(own.rest);
                all
            }),
            Node::Call { function: Function::Elementary(Elementary::Abs), args, slots } if slots.is_empty() => {
                let inner = self.stepwise(args[0], steps);
                let mut sizes = |factors: Vec<Expr>| -> Vec<Expr> {
                    factors.into_iter().map(|factor| self.size_of(factor)).collect()
                };
                Stepwise { step: sizes(inner.step), rest: sizes(inner.rest) }
            }
            Node::Big { op: Big::Product, lower, upper, .. } => {
                let same = |end: Expr, own: &Linear| Linear::read(self.arena, end).as_ref() == Some(own);
                if !same(lower, &steps.lower) || !same(upper, &steps.upper) {
                    return rest(expr);
                }
                match self.arena.instantiate(expr, steps.letter) {
                    Some(factor) => Stepwise { step: vec![factor], rest: Vec::new() },
                    None => rest(expr),
                }
            }
            Node::Power(base, exponent) => match self.per_step(exponent, steps) {
                Some((each, more)) => {
                    let mut power = |n: i64| {
                        let exponent = self.arena.integer(n);
                        self.arena.power(base, exponent)
                    };
                    Stepwise { step: vec![power(each)], rest: if more == 0 { Vec::new() } else { vec![power(more)] } }
                }
                None => rest(expr),
            },
            _ => rest(expr),
        }
    }

    /// An exponent as a multiple of the number of steps, plus a number; neither is negative where there are both.
    fn per_step(&self, exponent: Expr, steps: &Steps) -> Option<(i64, i64)> {
        let exponent = Linear::read(self.arena, exponent)?;
        let (letter, rate) = steps.length.parts.first_key_value()?;
        let each = exponent.parts.get(letter)? / rate;
        let more = exponent.plus(&steps.length, &-&each).as_integer()?;
        let each = Linear::constant(each).as_integer()?;
        (more == 0 || each >= 0 && more >= 0).then_some((each, more))
    }

    /// Two products that differ by their last factor: the longer one as the shorter one times it.
    pub fn by_last_factor(&mut self, written: Asked<'_>) -> bool {
        let asked = self.with_cases_taken(written);
        let parts = self.arena.reachable(&[asked.left, asked.right]);
        let mut products = Vec::new();
        for part in parts {
            if let Node::Big { op: Big::Product, lower, upper, .. } = *self.arena.node(part)
                && self.arena.is_closed(part)
            {
                products.push((part, lower, upper));
            }
        }
        let [first, second] = products[..] else { return false };
        let [long, short] = match self.is_one_longer(first, second) {
            true => [first, second],
            false if self.is_one_longer(second, first) => [second, first],
            false => return false,
        };
        let not_empty = asked.known.decides(self.arena, Comparison::LessEqual, long.1, long.2) == Some(true);
        let (Some(last), true) = (self.arena.instantiate(long.0, long.2), not_empty) else { return false };
        let letter = self.fresh(SymbolKind::Integer);
        let (a, b) = (self.arena.instantiate(long.0, letter), self.arena.instantiate(short.0, letter));
        if a.is_none() || a != b {
            return false;
        }
        let split = self.arena.product([short.0, last]);
        let map = Substitution::from([(long.0, split)]);
        let sides = self.arena.substitute_all(&[asked.left, asked.right], &map);
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = self.compared(sides[0], sides[1], asked.goal, asked.known);
        if found {
            self.conclude_replaced(mark, asked.relation().prop(), long.0, split);
            self.restate(mark, written.relation());
        }
        found
    }

    fn is_one_longer(&self, long: (Expr, Expr, Expr), short: (Expr, Expr, Expr)) -> bool {
        let (Some(a), Some(b)) = (Linear::read(self.arena, long.2), Linear::read(self.arena, short.2)) else {
            return false;
        };
        long.1 == short.1 && a.minus(&b).as_integer() == Some(1)
    }

    /// `a^n <= a^m` for `n <= m` and `1 <= a`, or for `m <= n` and `0 <= a <= 1`.
    pub fn by_exponents(&mut self, asked: Asked<'_>) -> bool {
        let is_power = |side: Expr| matches!(self.arena.node(side), Node::Power(..));
        if !is_power(asked.left) && !is_power(asked.right) {
            return false;
        }
        let ((a, n), (b, m)) = (self.as_power(asked.left), self.as_power(asked.right));
        let one = self.arena.one();
        let base = if a == one { b } else { a };
        let whole = [n, m].into_iter().all(|n| self.counts(n, asked.known));
        let same = (a == base || a == one) && (b == base || b == one) && base != one;
        let (n, m) = (if a == one { self.arena.zero() } else { n }, if b == one { self.arena.zero() } else { m });
        if !whole || !same || !is_integer(self.arena, n) {
            return false;
        }
        let how = if asked.goal == Goal::Positive { Comparison::Less } else { Comparison::LessEqual };
        let (rises, falls) = (asked.known.decides(self.arena, how, n, m), asked.known.decides(self.arena, how, m, n));
        let zero = self.arena.zero();
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let (law, exponents) = if rises == Some(true) && self.attempt(|prover| prover.asks(asked.of(one, base))) {
            ("larger exponent", [n, m])
        } else if falls == Some(true)
            && self.attempt(|prover| prover.asks(asked.of(zero, base)) && prover.asks(asked.of(base, one)))
        {
            ("smaller exponent", [m, n])
        } else {
            return false;
        };
        let values = std::iter::once(base).chain(exponents).collect();
        self.conclude(mark, asked.relation().prop(), Reason::Law(law, values));
        true
    }

    /// A power as its base and exponent; anything else to the power 1.
    fn as_power(&mut self, expr: Expr) -> (Expr, Expr) {
        match *self.arena.node(expr) {
            Node::Power(base, exponent) => (base, exponent),
            _ => (expr, self.arena.one()),
        }
    }
}
