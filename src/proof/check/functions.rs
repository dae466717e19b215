//! Values of powers, roots and elementary functions at a point of a prime field.

use crate::expr::{Big, Elementary, Expr, Node, Slot, SymbolKind};
use crate::number::modular::Residue;
use crate::number::rational::to_i64;
use crate::number::{Rational, range};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::call;
use crate::proof::check::residues::{Found, Leaf, Missing, Point, Value};

/// Of each exponential so many roots are at hand: a common multiple of the numbers up to 6.
const ROOTS: i64 = 60;

impl Point<'_> {
    pub(super) fn power_node(&mut self, base: Expr, exponent: Expr) -> Found {
        let base = match *self.arena.node(base) {
            Node::Tensor { op, ref args } => {
                let of = args[0];
                self.by_entries(op, of).unwrap_or(base)
            }
            _ => base,
        };
        if let (Some(n), &Node::Power(inner, root)) = (self.arena.as_integer(exponent), self.arena.node(base))
            && let Some(root) = self.arena.as_number(root).cloned()
            && !root.is_int()
        {
            // Where a root is defined, what stands in it is not negative.
            let exponent = self.arena.number(root * Rational::from(n));
            let power = self.arena.power(inner, exponent);
            return self.value(power);
        }
        if let Some(n) = self.arena.as_integer(exponent).filter(|n| n % 2 == 0) {
            // The square of an absolute value is that of what stands in it.
            let square = self.square(base)?;
            return self.power(square, n / 2);
        }
        let under = self.value(base)?;
        if let Some(n) = self.arena.as_integer(exponent) {
            return self.power(under, n);
        }
        if let Some(fraction) = self.arena.as_number(exponent).cloned() {
            // The whole part apart, so that what is under a root comes out of it in one way only.
            let whole = Rational::from(fraction.floor());
            let above = (&fraction - &whole) * Rational::from(fraction.denominator().clone());
            let (above, whole) = to_i64(&above).zip(to_i64(&whole)).ok_or(Missing::Undefined)?;
            let below = to_i64(&Rational::from(fraction.denominator().clone())).ok_or(Missing::Undefined)?;
            let root = self.root(base, below)?;
            return Ok(self.times(self.power(root, above)?, self.power(under, whole)?));
        }
        match self.integer(exponent) {
            Some(n) => self.raised(under, exponent, n),
            None => {
                let above = self.value(exponent)?;
                Ok(self.leaf(Leaf::Power(under.residue, above.residue)))
            }
        }
    }

    /// A power with letters in its exponent, whose value is n.
    pub(super) fn raised(&self, base: Value, exponent: Expr, n: i64) -> Found {
        Ok(Value { plain: base.plain * self.arena.written_size(exponent) as f64, ..self.power(base, n)? })
    }

    /// A root: that of a product of positive numbers is the product of theirs.
    fn root(&mut self, base: Expr, degree: i64) -> Found {
        let mut root = self.whole(1);
        let mut rest = Vec::new();
        let factors = self.arena.factors(base);
        for factor in factors {
            let number = self.arena.as_number(factor).filter(|number| **number > Rational::from(0)).cloned();
            let own = match number {
                Some(number) => self.over_primes(&number, |point, prime| point.root_of_prime(prime, degree))?,
                None if degree == 2 && matches!(self.arena.node(factor), Node::Pi) => self.root_of_pi(),
                None => {
                    rest.push(factor);
                    continue;
                }
            };
            root = self.times(root, own);
        }
        if rest.is_empty() {
            return Ok(root);
        }
        let rest = self.arena.product(rest);
        let rest = self.value(rest)?;
        let own = self.leaf(Leaf::Root(self.field.from_i64(degree), rest.residue));
        Ok(self.times(root, own))
    }

    /// A root of a prime. A square root is one in the field, of either sign: those of different primes are independent.
    fn root_of_prime(&mut self, prime: i64, degree: i64) -> Found {
        let value = self.field.from_i64(prime);
        if degree != 2 {
            return Ok(self.leaf(Leaf::Root(self.field.from_i64(degree), value)));
        }
        self.has_laws = true;
        // The prime of the field is 3 modulo 4, so a root is a power.
        let exponent = i64::try_from((self.field.prime() + 1) / 4).map_err(|_| Missing::Undefined)?;
        let root = self.field.pow(value, exponent).filter(|&root| self.field.mul(root, root) == value);
        root.map(|residue| Value { residue, ..self.whole(prime) }).ok_or(Missing::Undefined)
    }

    /// The root of π, of which π is the square.
    pub(super) fn root_of_pi(&mut self) -> Value {
        let pi = self.arena.pi();
        self.leaf(Leaf::Whole(pi))
    }

    /// A product over the primes of a positive number, those below the line divided by.
    fn over_primes(&mut self, number: &Rational, of: impl Fn(&mut Self, i64) -> Found) -> Found {
        let mut product = self.whole(1);
        let above = Rational::from(number.numerator().clone());
        for (part, exponent) in [(above, 1), (Rational::from(number.denominator().clone()), -1)] {
            for prime in primes_of(&part).ok_or(LARGE)? {
                let own = of(self, prime)?;
                product = self.times(product, self.power(own, exponent)?);
            }
        }
        Ok(product)
    }

    pub(super) fn elementary(&mut self, expr: Expr, f: Elementary, slots: &[Slot], args: &[Expr]) -> Found {
        if let ([_], &[arg]) = (slots, args) {
            let slope = (f.row().derivative)(self.arena, arg);
            return self.value(slope);
        }
        if let ([_, _], &[arg]) = (slots, args) {
            let letter = self.arena.intern("\u{a7}slope", SymbolKind::Real);
            let letter = self.arena.symbol(letter);
            let slope = (f.row().derivative)(self.arena, letter);
            return self.slope_of_function(slope, letter, arg, 1);
        }
        let values = self.residues(args)?;
        let marks = slots.iter().map(|slot| slot.argument).collect();
        if !slots.is_empty() {
            return Ok(self.leaf(Leaf::Elementary(f, marks, values)));
        }
        let opened = args.first().and_then(|&arg| self.arena.undone(f, arg));
        if let Some(opened) = opened.or_else(|| f.written_out(self.arena, args)) {
            return self.value(opened);
        }
        let one = self.whole(1);
        match (f, args) {
            (Elementary::Exp, &[arg]) => self.exponential(arg, 1),
            (Elementary::Softplus, &[arg]) => {
                let v = self.exponential(arg, 1)?;
                let inside = self.plus(v, one);
                Ok(self.leaf(Leaf::Elementary(Elementary::Log, Vec::new(), vec![inside.residue])))
            }
            (Elementary::Log, &[arg]) if self.arena.as_number(arg).is_some_and(|n| *n > Rational::from(0)) => {
                let number = self.arena.as_number(arg).cloned().unwrap_or_default();
                self.log_of_number(&number)
            }
            (Elementary::Log, &[arg]) if self.log_apart(arg).is_some() => {
                let apart = self.log_apart(arg).ok_or(Missing::Undefined)?;
                self.value(apart)
            }
            (Elementary::Abs, &[arg]) => self.absolute(expr, arg),
            (Elementary::Delta, &[a, b]) if values[0] == values[1] || a == b => Ok(one),
            _ => match self.known_value(f, &values)? {
                Some(value) => Ok(value),
                None => Ok(self.leaf(Leaf::Elementary(f, marks, values))),
            },
        }
    }

    /// `log (a b^k e^c)` as `log a + k log b + c` for odd k, where all factors but one are certainly positive: where the
    /// logarithm is defined, the product is.
    pub(super) fn log_apart(&mut self, arg: Expr) -> Option<Expr> {
        let parts = self.arena.factors(arg);
        let (mut n_open, mut terms) = (0, Vec::new());
        for part in parts {
            let (base, exponent) = match *self.arena.node(part) {
                Node::Power(base, n) if self.arena.as_integer(n).is_some_and(|n| n % 2 != 0) => (base, n),
                _ => (part, self.arena.one()),
            };
            n_open += usize::from(!range::is_positive(&extent(self.arena, &self.hypotheses, base)));
            let own = match call(self.arena, base) {
                Some((Elementary::Exp, inside)) => inside,
                _ => self.arena.apply(Elementary::Log, base),
            };
            terms.push(self.arena.product([exponent, own]));
        }
        let (whole, apart) = (self.arena.apply(Elementary::Log, arg), self.arena.sum(terms));
        (n_open <= 1 && apart != whole).then_some(apart)
    }

    /// The logarithm of a positive number, from those of its primes.
    fn log_of_number(&mut self, number: &Rational) -> Found {
        let mut sum = self.whole(0);
        let above = Rational::from(number.numerator().clone());
        for (part, sign) in [(above, 1), (Rational::from(number.denominator().clone()), -1)] {
            for prime in primes_of(&part).ok_or(LARGE)? {
                let own = self.leaf(Leaf::Elementary(Elementary::Log, Vec::new(), vec![self.field.from_i64(prime)]));
                sum = self.plus(sum, self.times(own, self.whole(sign)));
            }
        }
        Ok(sum)
    }

    /// Values that are known exactly: at 0, at 1 and at halves of π (DLMF 4.2, 4.17, 7.2).
    fn known_value(&mut self, f: Elementary, values: &[Residue]) -> Result<Option<Value>, Missing> {
        let [at] = values[..] else { return Ok(None) };
        let known = match f {
            Elementary::Sin | Elementary::Cos => {
                let pi = self.arena.pi();
                let pi = self.value(pi)?.residue;
                let twice = self.field.add(at, at);
                let halves = (-4..=4).find(|&n| self.field.mul(self.field.from_i64(n), pi) == twice);
                let from = i64::from(f == Elementary::Cos);
                halves.map(|n| [0, 1, 0, -1][usize::try_from((n + from).rem_euclid(4)).unwrap_or(0)])
            }
            Elementary::Log if at == self.field.one() => Some(0),
            _ if at.is_zero() => f.at_zero().and_then(|value| to_i64(&value)),
            _ => None,
        };
        Ok(known.map(|value| self.whole(value)))
    }

    /// `|a|` and `|-a|` are one leaf; of what is taken apart, the absolute value of a product is that of its factors.
    fn absolute(&mut self, expr: Expr, arg: Expr) -> Found {
        let sign = self.signs.iter().find(|(part, _)| *part == expr).map(|&(_, sign)| sign);
        if let (None, true) = (sign, self.is_apart) {
            match self.arena.node(arg).clone() {
                Node::Product(factors) => {
                    let mut product = self.whole(1);
                    for &factor in factors.iter() {
                        let own = self.absolute_of(factor)?;
                        product = self.times(product, own);
                    }
                    return Ok(product);
                }
                Node::Power(base, exponent) if self.sign_of(base).is_none() => {
                    if let Some(n) = self.integer(exponent) {
                        let size = self.absolute_of(base)?;
                        return self.raised(size, exponent, n);
                    }
                }
                Node::Big { op: Big::Product, lower, upper, .. } => {
                    return self.product_over(arg, (lower, upper), Point::absolute_of);
                }
                _ => {}
            }
        }
        let inside = self.value(arg)?;
        if let Some(sign) = sign.or_else(|| self.sign_of(arg)) {
            return Ok(self.times(self.whole(sign), inside));
        }
        if let Some(n) = self.small(inside.residue) {
            return Ok(self.times(self.whole(if n < 0 { -1 } else { 1 }), inside));
        }
        let back = Leaf::Elementary(Elementary::Abs, Vec::new(), vec![self.field.neg(inside.residue)]);
        let leaf = if self.leaves.contains_key(&back) {
            back
        } else {
            Leaf::Elementary(Elementary::Abs, Vec::new(), vec![inside.residue])
        };
        Ok(self.leaf(leaf))
    }

    /// The sign of a number, where its range shows it.
    fn sign_of(&mut self, expr: Expr) -> Option<i64> {
        let own = extent(self.arena, &self.hypotheses, expr);
        let is_below = range::is_non_negative(&range::negation(&own));
        if range::is_non_negative(&own) { Some(1) } else { is_below.then_some(-1) }
    }

    fn absolute_of(&mut self, expr: Expr) -> Found {
        let size = self.arena.apply(Elementary::Abs, expr);
        self.value(size)
    }

    /// `e^(scale arg)`; whole multiples of logarithms are exponents of their arguments.
    fn exponential(&mut self, arg: Expr, scale: i64) -> Found {
        let (mut powers, mut rest) = (Vec::new(), Vec::new());
        self.logarithms_in(arg, 1, &mut powers, &mut rest);
        let rest = self.arena.sum(rest);
        let mut product = self.exponential_of(rest, scale)?;
        for (base, times) in powers {
            let exponent = self.arena.integer(times * scale);
            let power = self.arena.power(base, exponent);
            let own = self.value(power)?;
            product = self.times(product, own);
        }
        Ok(product)
    }

    /// A multiple of a sum, as the arguments of logarithms in it, each with its factor, and the other terms.
    fn logarithms_in(&mut self, arg: Expr, times: i64, powers: &mut Vec<(Expr, i64)>, rest: &mut Vec<Expr>) {
        match self.arena.node(arg).clone() {
            Node::Sum(terms) => terms.iter().for_each(|&term| self.logarithms_in(term, times, powers, rest)),
            Node::Product(parts) => {
                let (numbers, others): (Vec<Expr>, Vec<Expr>) =
                    parts.iter().partition(|&&part| self.arena.as_integer(part).is_some());
                match (&numbers[..], &others[..]) {
                    (&[n], &[own]) => {
                        let n = self.arena.as_integer(n).unwrap_or(1);
                        self.logarithms_in(own, times.saturating_mul(n), powers, rest);
                    }
                    _ => self.push_multiple(times, arg, rest),
                }
            }
            _ => match call(self.arena, arg) {
                Some((Elementary::Log, inside)) => powers.push((inside, times)),
                _ => self.push_multiple(times, arg, rest),
            },
        }
    }

    fn push_multiple(&mut self, times: i64, term: Expr, terms: &mut Vec<Expr>) {
        let times = self.arena.integer(times);
        terms.push(self.arena.product([times, term]));
    }

    fn exponential_of(&mut self, arg: Expr, scale: i64) -> Found {
        let inside = self.value(arg)?;
        let own = self.times(inside, self.whole(scale));
        let Some(scale) = self.field.inv(own.residue).map(|_| own.residue) else { return Ok(self.whole(1)) };
        for at in 0..self.exponentials.len() {
            let (base, root) = self.exponentials[at];
            let Some(ratio) = self.field.div(scale, base) else { continue };
            if let Some(exponent) = self.as_roots(ratio) {
                return self.root_to(root, exponent);
            }
        }
        let root = self.field.random_nonzero(&mut self.random);
        self.exponentials.push((scale, root));
        self.root_to(root, ROOTS)
    }

    /// A power of a root of an exponential.
    fn root_to(&self, root: Residue, exponent: i64) -> Found {
        let value = self.power(Value { residue: root, size: 1.0, plain: 1.0 }, exponent)?;
        Ok(Value { plain: value.plain / ROOTS as f64 + 1.0, ..value })
    }

    /// [`ROOTS`] times a fraction with small terms.
    fn as_roots(&self, ratio: Residue) -> Option<i64> {
        (1..=6).find_map(|below: i64| {
            let above = self.field.mul(ratio, self.field.from_i64(below));
            Some(self.small(above)? * (ROOTS / below))
        })
    }

    /// The small integer that a residue is.
    pub(super) fn small(&self, value: Residue) -> Option<i64> {
        let small = |value: Residue| i64::try_from(self.field.to_u64(value)).ok().filter(|&n| n <= 64);
        small(value).or_else(|| small(self.field.neg(value)).map(|n| -n))
    }
}

/// What is said of numbers that are not taken apart.
const LARGE: Missing = Missing::Unreplayed("a large number under a root");

/// The prime factors of a positive integer, one for each time that they divide it; `None` where that takes long.
fn primes_of(number: &Rational) -> Option<Vec<i64>> {
    const LAST: i64 = 1000;
    let (mut rest, mut primes) = (to_i64(number)?, Vec::new());
    for prime in 2..=LAST {
        while rest % prime == 0 {
            primes.push(prime);
            rest /= prime;
        }
    }
    if rest > 1 {
        primes.push(rest);
    }
    (rest < LAST * LAST).then_some(primes)
}
