//! Expressions of one variable as they are far out: see [`super::tail`].
//!
//! A function of a sum whose largest scale is 1, or vanishes, is its Taylor polynomial with an enclosed remainder. Where
//! the argument grows, each function has its own rule, after DLMF 4.2 (exp, log), 7.2 and 7.8 (erf).

use std::cmp::Ordering;

use crate::expr::{Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::number::rational::fraction;
use crate::number::{Interval, Rational};
use crate::proof::reals::curve::{self, Curve};
use crate::proof::reals::numbers::{BITS, power};
use crate::proof::reals::scale::Scale;
use crate::proof::reals::tail::{Coefficient, Reach, Tail, Tails};

/// How deep functions may be nested.
const DEPTH: usize = 40;

impl Tails<'_> {
    /// The tail of an expression of `variable`, which grows without bound; `None` where no rule applies.
    pub fn expand(&mut self, expr: Expr, variable: Expr) -> Option<Tail> {
        self.expand_at(expr, variable, 0)
    }

    fn expand_at(&mut self, expr: Expr, variable: Expr, depth: usize) -> Option<Tail> {
        self.left = self.left.saturating_sub(1);
        if depth > DEPTH || self.left == 0 {
            return None;
        }
        if expr == variable {
            let one = self.ground.arena().one();
            let one = Coefficient { exact: Some(one), within: Interval::integer(1, BITS) };
            return Some(Tail::term(Scale::variable(), one));
        }
        if !self.ground.arena().contains(expr, variable) {
            return self.ground.arena().shape(expr).is_scalar().then(|| self.constant(expr));
        }
        match self.ground.arena().node(expr).clone() {
            Node::Sum(parts) => {
                let mut sum = Tail::default();
                for &part in parts.iter() {
                    let part = self.expand_at(part, variable, depth + 1)?;
                    sum = self.sum(&sum, &part);
                }
                Some(sum)
            }
            Node::Product(parts) => {
                let mut product = self.number(1);
                for &part in parts.iter() {
                    let part = self.expand_at(part, variable, depth + 1)?;
                    product = self.product(&product, &part)?;
                }
                Some(product)
            }
            Node::Power(base, exponent) => match self.ground.arena().as_number(exponent).cloned() {
                Some(exponent) => {
                    let base = self.expand_at(base, variable, depth + 1)?;
                    self.power(&base, &exponent)
                }
                // a^b = e^(b log a), and the logarithm asks for a positive a: `0^{1/n}` is 0 for every n.
                None => {
                    if !self.ground.arena().contains(base, variable) && !self.ground.is_positive(base) {
                        return None;
                    }
                    let log = self.ground.arena().apply(Elementary::Log, base);
                    let exponent = self.ground.arena().product([exponent, log]);
                    let power = self.ground.arena().apply(Elementary::Exp, exponent);
                    self.expand_at(power, variable, depth + 1)
                }
            },
            Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => {
                let args: Option<Vec<Tail>> =
                    args.iter().map(|&arg| self.expand_at(arg, variable, depth + 1)).collect();
                self.call(f, &args?)
            }
            Node::Call { function: Function::Elementary(f), slots, args } if args.len() == 1 => {
                let letter = self.letter();
                let mut slope = self.ground.arena().apply(f, letter);
                for _ in slots.iter() {
                    slope = curve::slope(self.ground.arena(), slope, letter)?;
                }
                let slope = self.ground.arena().substitute(slope, &Substitution::from([(letter, args[0])]));
                self.expand_at(slope, variable, depth + 1)
            }
            _ => None,
        }
    }

    fn call(&mut self, function: Elementary, args: &[Tail]) -> Option<Tail> {
        match (function, args) {
            (Elementary::Max | Elementary::Min, [a, b]) => {
                let difference = self.difference(a, b)?;
                let first = (self.sign(&difference)? == Ordering::Less) == (function == Elementary::Min);
                Some(if first { a.clone() } else { b.clone() })
            }
            (Elementary::Abs | Elementary::Sign | Elementary::Relu, [a]) => {
                let sign = self.sign(a)?;
                match (function, sign) {
                    (Elementary::Sign, Ordering::Equal) => None,
                    (Elementary::Sign, sign) => Some(self.number(if sign == Ordering::Less { -1 } else { 1 })),
                    (Elementary::Abs, Ordering::Less) => self.difference(&Tail::default(), a),
                    (_, Ordering::Less) => Some(Tail::default()),
                    (_, Ordering::Equal | Ordering::Greater) => Some(a.clone()),
                }
            }
            (Elementary::Silu, [a]) => {
                let slope = self.call(Elementary::Sigmoid, args)?;
                self.product(a, &slope)
            }
            (Elementary::Gelu, [a]) => {
                let two = self.number(2);
                let root = self.power(&two, &-fraction(1, 2)?)?;
                let scaled = self.product(a, &root)?;
                let erf = self.call(Elementary::Erf, &[scaled])?;
                let one = self.number(1);
                let twice = self.sum(&one, &erf);
                let twice = self.product(a, &twice)?;
                self.scaled(&fraction(1, 2)?, &twice)
            }
            (_, [a]) if a.lead().is_some_and(|(scale, _)| scale.grows()) => {
                let sign = self.sign(a)?;
                self.call_growing(function, a, sign).or_else(|| self.by_values(function, a))
            }
            (_, [a]) => self.call_bounded(function, a).or_else(|| self.by_values(function, a)),
            _ => None,
        }
    }

    /// Only where the values lie.
    fn by_values(&mut self, function: Elementary, arg: &Tail) -> Option<Tail> {
        let values = match self.values(arg) {
            Some(values) => values,
            None => Interval::real_line(BITS),
        };
        self.enclosed((function.row().enclosure)(&[values])?)
    }

    /// A function where its argument has a finite limit.
    fn call_bounded(&mut self, function: Elementary, arg: &Tail) -> Option<Tail> {
        let letter = self.letter();
        let value = self.ground.arena().apply(function, letter);
        let mut rest = arg.clone();
        let limit = match rest.terms.remove(&Scale::one()) {
            None => self.ground.arena().zero(),
            Some(coefficient) => coefficient.exact?,
        };
        self.taylor(value, letter, limit, &rest)
    }

    /// A function of `limit + rest`, where the rest vanishes: the Taylor polynomial and its remainder.
    fn taylor(&mut self, function: Expr, letter: Expr, limit: Expr, rest: &Tail) -> Option<Tail> {
        let order = match rest.terms.len() {
            0 => 0,
            1..=4 => 3,
            5..=12 => 2,
            _ => 1,
        };
        let around = {
            let limit = self.constant(limit);
            let all = self.sum(&limit, rest);
            self.values(&all)?
        };
        // The function itself must be defined all around.
        let whole = Curve::new(self.ground.arena(), function, letter)?.value(&around)?;
        let mut slope = function;
        let mut sum = Tail::default();
        let mut power = self.number(1);
        let mut factorial = Rational::from(1);
        for k in 0..order.max(1) {
            let value = self.ground.arena().substitute(slope, &Substitution::from([(letter, limit)]));
            let over = self.ground.arena().number(Rational::from(1) / &factorial);
            let value = self.ground.arena().product([over, value]);
            let value = self.constant(value);
            let term = self.product(&value, &power)?;
            sum = self.sum(&sum, &term);
            power = self.product(&power, rest)?;
            slope = curve::slope(self.ground.arena(), slope, letter)?;
            factorial *= Rational::from(k + 1);
        }
        if order == 0 {
            return whole.is_bounded().then_some(sum);
        }
        let remainder = Curve::new(self.ground.arena(), slope, letter)?.value(&around)?;
        let remainder = &remainder * &Interval::point(&(Rational::from(1) / factorial), BITS);
        let remainder = self.enclosed(remainder)?;
        let remainder = self.product(&remainder, &power)?;
        Some(self.sum(&sum, &remainder))
    }

    /// A power with an exponent that is a fraction.
    fn power(&mut self, base: &Tail, exponent: &Rational) -> Option<Tail> {
        let (scale, lead) = base.lead().map(|(scale, lead)| (scale.clone(), lead.clone()))?;
        let whole = exponent.is_int();
        if whole && *exponent > Rational::from(0) && *exponent <= Rational::from(4) {
            let mut product = base.clone();
            for _ in 1..crate::number::rational::to_i64(exponent)? {
                product = self.product(&product, base)?;
            }
            return Some(product);
        }
        let sign = self.sign_of_coefficient(&lead)?;
        if sign == Ordering::Less && !whole {
            return None;
        }
        let rest = self.beside_lead(base)?;
        let exponent_expr = self.ground.arena().number(exponent.clone());
        let outer = match lead.exact {
            Some(exact) => {
                let power = self.ground.arena().power(exact, exponent_expr);
                self.constant(power)
            }
            None => self.enclosed(power(&lead.within, exponent)?)?,
        };
        let letter = self.letter();
        let function = self.ground.arena().power(letter, exponent_expr);
        let one = self.ground.arena().one();
        let inner = self.near_one(function, letter, one, &rest)?;
        let coefficient = outer.terms.get(&Scale::one())?.clone();
        self.product(&Tail::term(scale.raised(exponent)?, coefficient), &inner)
    }

    /// A function of `1 + rest`, which must stay positive.
    fn near_one(&mut self, function: Expr, letter: Expr, one: Expr, rest: &Tail) -> Option<Tail> {
        let around = &Interval::integer(1, BITS) + &self.values(rest)?;
        if around.is_positive() { self.taylor(function, letter, one, rest) } else { None }
    }

    /// A function where its argument grows without bound, with this sign.
    fn call_growing(&mut self, function: Elementary, arg: &Tail, sign: Ordering) -> Option<Tail> {
        let upward = sign == Ordering::Greater;
        let one = self.number(1);
        match function {
            Elementary::Exp => self.exponential(arg),
            Elementary::Log => self.logarithm(arg),
            Elementary::Sinh | Elementary::Cosh => {
                let back = self.difference(&Tail::default(), arg)?;
                let (forth, back) = (self.exponential(arg)?, self.exponential(&back)?);
                let is_sum = function == Elementary::Cosh;
                let twice = if is_sum { self.sum(&forth, &back) } else { self.difference(&forth, &back)? };
                self.scaled(&fraction(1, 2)?, &twice)
            }
            // With e = e^-|x|: 1 / (1 + e) or e / (1 + e), and log (1 + e) above max(x, 0).
            Elementary::Sigmoid => {
                let (small, beyond) = self.beside_one(arg, upward)?;
                let share = self.power(&beyond, &(-1).into())?;
                if upward { Some(share) } else { self.product(&small, &share) }
            }
            Elementary::Softplus => {
                let (_, beyond) = self.beside_one(arg, upward)?;
                let rest = self.logarithm(&beyond)?;
                Some(if upward { self.sum(arg, &rest) } else { rest })
            }
            Elementary::Tanh => {
                let back = self.scaled(&(-2).into(), arg)?;
                let small = self.call(Elementary::Sigmoid, &[back])?;
                let twice = self.scaled(&2.into(), &small)?;
                self.difference(&one, &twice)
            }
            Elementary::Erf => {
                let rest = self.erfc(arg)?;
                if upward { self.difference(&one, &rest) } else { self.difference(&rest, &one) }
            }
            Elementary::Atan => {
                let inverse = self.power(arg, &(-1).into())?;
                let rest = self.call_bounded(Elementary::Atan, &inverse)?;
                let (pi, half) = (self.ground.arena().pi(), fraction(if upward { 1 } else { -1 }, 2)?);
                let half = self.ground.arena().number(half);
                let limit = self.ground.arena().product([half, pi]);
                let limit = self.constant(limit);
                self.difference(&limit, &rest)
            }
            _ => None,
        }
    }

    /// `e^-|arg|`, and 1 more.
    fn beside_one(&mut self, arg: &Tail, upward: bool) -> Option<(Tail, Tail)> {
        let exponent = if upward { self.scaled(&(-1).into(), arg)? } else { arg.clone() };
        let small = self.exponential(&exponent).filter(Tail::vanishes)?;
        let one = self.number(1);
        let beyond = self.sum(&one, &small);
        Some((small, beyond))
    }

    /// A multiple.
    fn scaled(&mut self, factor: &Rational, tail: &Tail) -> Option<Tail> {
        let factor = self.ground.arena().number(factor.clone());
        let factor = self.constant(factor);
        self.product(&factor, tail)
    }

    /// The letter in which functions of what vanishes are written.
    fn letter(&mut self) -> Expr {
        let letter = self.ground.arena().intern("\u{a7}beside", SymbolKind::Real);
        self.ground.arena().symbol(letter)
    }

    /// The exponential where the part of the argument that grows is made of x², x and log x with known factors.
    fn exponential(&mut self, arg: &Tail) -> Option<Tail> {
        let mut scale = Scale::one();
        let mut constant = self.ground.arena().zero();
        let mut rest = Tail::default();
        for (own, coefficient) in &arg.terms {
            if own.vanishes() {
                rest.terms.insert(own.clone(), coefficient.clone());
                continue;
            }
            let exact = coefficient.exact?;
            if *own == Scale::one() {
                constant = exact;
                continue;
            }
            let factor = self.ground.arena().as_number(exact)?.clone();
            let square = Scale { power: Rational::from(2), ..Scale::one() };
            let log = Scale { logs: 1, ..Scale::one() };
            if *own == square {
                scale.square = factor;
            } else if *own == Scale::variable() {
                scale.linear = factor;
            } else if *own == log {
                scale.power = factor;
            } else {
                return None;
            }
        }
        let outer = self.ground.arena().apply(Elementary::Exp, constant);
        let outer = self.constant(outer).terms.remove(&Scale::one())?;
        let letter = self.letter();
        let function = self.ground.arena().apply(Elementary::Exp, letter);
        let zero = self.ground.arena().zero();
        let inner = self.taylor(function, letter, zero, &rest)?;
        self.product(&Tail::term(scale, outer), &inner)
    }

    /// `log (c s (1 + rest)) = log c + log s + log (1 + rest)`.
    fn logarithm(&mut self, arg: &Tail) -> Option<Tail> {
        let (scale, lead) = arg.lead().map(|(scale, lead)| (scale.clone(), lead.clone()))?;
        let exact = lead.exact?;
        if scale.logs != 0 || self.sign_of_coefficient(&lead)? != Ordering::Greater {
            return None;
        }
        let rest = self.beside_lead(arg)?;
        let letter = self.letter();
        let function = self.ground.arena().apply(Elementary::Log, letter);
        let one = self.ground.arena().one();
        let mut sum = self.near_one(function, letter, one, &rest)?;
        let constant = self.ground.arena().apply(Elementary::Log, exact);
        let constant = self.constant(constant);
        sum = self.sum(&sum, &constant);
        let powers = [
            (Scale { power: Rational::from(2), ..Scale::one() }, scale.square),
            (Scale::variable(), scale.linear),
            (Scale { logs: 1, ..Scale::one() }, scale.power),
        ];
        for (scale, factor) in powers {
            let factor = self.ground.arena().number(factor);
            if let Some(coefficient) = self.constant(factor).terms.remove(&Scale::one()) {
                sum = self.sum(&sum, &Tail::term(scale, coefficient));
            }
        }
        Some(sum)
    }

    /// `1 - erf |x|`, which is `c e^(-x²) / |x|` with c between `2 / sqrt π |x| / (|x| + sqrt (x² + 2))`, which rises, and
    /// `1 / sqrt π` (DLMF 7.8.2).
    fn erfc(&mut self, arg: &Tail) -> Option<Tail> {
        let square = self.product(arg, arg)?;
        let minus = self.difference(&Tail::default(), &square)?;
        let bell = self.exponential(&minus)?;
        let size = match self.sign(arg)? {
            Ordering::Less => self.difference(&Tail::default(), arg)?,
            Ordering::Equal | Ordering::Greater => arg.clone(),
        };
        let one = Interval::integer(1, BITS);
        let least = match (self.values(&size).and_then(|values| values.low()), &self.reach) {
            (Some(least), _) => least,
            // Where no bound is named, the argument is as large as one likes.
            (None, Reach::Eventually) => Rational::from(1),
            (None, Reach::From(_)) => return None,
        };
        let least = Interval::point(&least, BITS);
        let root = (&least.powi(2)? + &Interval::integer(2, BITS)).sqrt()?;
        let share = least.div(&(&least + &root)).filter(|_| least.is_positive())?;
        let largest = one.div(&Interval::pi(BITS).sqrt()?)?;
        let smallest = &(&largest * &Interval::integer(2, BITS)) * &share;
        let factor = self.enclosed(smallest.hull(&largest))?;
        let (inverse, scaled) = (self.power(&size, &(-1).into())?, self.product(&factor, &bell)?);
        self.product(&inverse, &scaled)
    }
}
