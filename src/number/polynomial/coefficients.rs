use crate::number::rational::{display, integer, is_negative};
use crate::number::{Integer, Interval, Rational};
use dashu_base::{Gcd, UnsignedAbs};
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// A polynomial in one unknown: the coefficients from the constant one up, without zeros at the end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Polynomial {
    coefficients: Vec<Rational>,
}

impl Polynomial {
    /// From the coefficients, the constant one first.
    pub fn new(mut coefficients: Vec<Rational>) -> Self {
        while coefficients.last().is_some_and(Rational::is_zero) {
            coefficients.pop();
        }
        Self { coefficients }
    }

    /// From whole coefficients, the constant one first.
    pub fn from_integers(coefficients: &[i64]) -> Self {
        Self::new(coefficients.iter().map(|&coefficient| integer(coefficient)).collect())
    }

    /// The polynomial that is 0 everywhere.
    pub fn zero() -> Self {
        Self { coefficients: Vec::new() }
    }

    /// The polynomial with one value.
    pub fn constant(value: Rational) -> Self {
        Self::new(vec![value])
    }

    /// The unknown itself.
    pub fn unknown() -> Self {
        Self::from_integers(&[0, 1])
    }

    /// The coefficients, the constant one first.
    pub fn coefficients(&self) -> &[Rational] {
        &self.coefficients
    }

    /// The degree; `None` for 0.
    pub fn degree(&self) -> Option<usize> {
        self.coefficients.len().checked_sub(1)
    }

    /// Whether this is 0 everywhere.
    pub fn is_zero(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// The coefficient of the highest power; `None` for 0.
    pub fn leading(&self) -> Option<&Rational> {
        self.coefficients.last()
    }

    /// The value at a point, exact (Horner's rule).
    pub fn eval(&self, point: &Rational) -> Rational {
        self.coefficients.iter().rev().fold(Rational::ZERO, |value, coefficient| value * point + coefficient)
    }

    /// An enclosure of the values on an interval (Horner's rule). It shrinks to the value as the interval shrinks.
    pub fn enclose(&self, points: &Interval) -> Interval {
        let bits = points.bits();
        self.coefficients.iter().rev().fold(Interval::integer(0, bits), |value, coefficient| {
            &(&value * points) + &Interval::point(coefficient, bits)
        })
    }

    /// The derivative.
    pub fn derivative(&self) -> Self {
        let powers = self.coefficients.iter().enumerate().skip(1);
        Self::new(powers.map(|(power, coefficient)| coefficient * Integer::from(power)).collect())
    }

    /// The product with a number.
    pub fn scale(&self, factor: &Rational) -> Self {
        Self::new(self.coefficients.iter().map(|coefficient| coefficient * factor).collect())
    }

    /// The power with a whole exponent; `p^0 = 1`.
    pub fn pow(&self, exponent: u32) -> Self {
        (0..exponent).fold(Self::constant(Rational::ONE), |power, _| &power * self)
    }

    /// The value of this polynomial at another one.
    pub fn compose(&self, inner: &Self) -> Self {
        self.coefficients
            .iter()
            .rev()
            .fold(Self::zero(), |value, coefficient| &(&value * inner) + &Self::constant(coefficient.clone()))
    }

    /// Quotient and remainder; the remainder has a lower degree than the divisor. `None` when the divisor is 0.
    pub fn div_rem(&self, divisor: &Self) -> Option<(Self, Self)> {
        let (leading, degree) = (divisor.leading()?, divisor.degree()?);
        let mut rest = self.coefficients.clone();
        let mut quotient = vec![Rational::ZERO; (rest.len()).saturating_sub(degree)];
        for shift in (0..quotient.len()).rev() {
            let factor = &rest[shift + degree] / leading;
            for (place, coefficient) in divisor.coefficients.iter().enumerate() {
                rest[shift + place] -= &factor * coefficient;
            }
            quotient[shift] = factor;
        }
        Some((Self::new(quotient), Self::new(rest)))
    }

    /// The greatest common divisor, primitive with a positive leading coefficient; 0 only when both are 0.
    pub fn gcd(&self, other: &Self) -> Self {
        let (mut large, mut small) = (self.primitive(), other.primitive());
        while let Some((_, rest)) = large.div_rem(&small) {
            (large, small) = (small, rest.primitive());
        }
        if large.leading().is_some_and(is_negative) { -&large } else { large }
    }

    /// The polynomial with the same roots, each once.
    pub fn square_free(&self) -> Self {
        let common = self.gcd(&self.derivative());
        match self.div_rem(&common) {
            Some((quotient, _)) => quotient.primitive(),
            None => Self::zero(),
        }
    }

    /// The positive multiple whose coefficients are whole and have no common divisor.
    pub fn primitive(&self) -> Self {
        Self { coefficients: self.whole_coefficients().into_iter().map(Rational::from).collect() }
    }

    /// The coefficients of [`Polynomial::primitive`].
    pub(super) fn whole_coefficients(&self) -> Vec<Integer> {
        let common = self.coefficients.iter().fold(Integer::ONE, |common, coefficient| {
            let denominator = Integer::from(coefficient.denominator().clone());
            let shared = Integer::from((&common).gcd(&denominator));
            common / shared * denominator
        });
        let whole: Vec<Integer> = self
            .coefficients
            .iter()
            .map(|coefficient| coefficient.numerator() * (&common / Integer::from(coefficient.denominator().clone())))
            .collect();
        let content = whole.iter().fold(Integer::ZERO, |content, coefficient| {
            if content.is_zero() {
                Integer::from(coefficient.unsigned_abs())
            } else {
                Integer::from(content.gcd(coefficient))
            }
        });
        whole.into_iter().map(|coefficient| coefficient / &content).collect()
    }

    fn combine(&self, other: &Self, operation: fn(&Rational, &Rational) -> Rational) -> Self {
        let length = self.coefficients.len().max(other.coefficients.len());
        let at =
            |polynomial: &Self, place: usize| polynomial.coefficients.get(place).cloned().unwrap_or(Rational::ZERO);
        Self::new((0..length).map(|place| operation(&at(self, place), &at(other, place))).collect())
    }
}

impl Add for &Polynomial {
    type Output = Polynomial;

    fn add(self, other: Self) -> Polynomial {
        self.combine(other, |left, right| left + right)
    }
}

impl Sub for &Polynomial {
    type Output = Polynomial;

    fn sub(self, other: Self) -> Polynomial {
        self.combine(other, |left, right| left - right)
    }
}

impl Neg for &Polynomial {
    type Output = Polynomial;

    fn neg(self) -> Polynomial {
        self.scale(&Rational::NEG_ONE)
    }
}

impl Mul for &Polynomial {
    type Output = Polynomial;

    fn mul(self, other: Self) -> Polynomial {
        let length = (self.coefficients.len() + other.coefficients.len()).saturating_sub(1);
        let mut product = vec![Rational::ZERO; length];
        for (left_place, left) in self.coefficients.iter().enumerate() {
            for (right_place, right) in other.coefficients.iter().enumerate() {
                product[left_place + right_place] += left * right;
            }
        }
        Polynomial::new(product)
    }
}

impl fmt::Display for Polynomial {
    /// Writes `3 x^2 - 1/2 x + 1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("0");
        }
        let terms = self.coefficients.iter().enumerate().rev().filter(|(_, coefficient)| !coefficient.is_zero());
        for (term_idx, (power, coefficient)) in terms.enumerate() {
            let negative = is_negative(coefficient);
            f.write_str(match (term_idx, negative) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => " + ",
                (_, true) => " - ",
            })?;
            let magnitude = if negative { -coefficient } else { coefficient.clone() };
            let unknown = match power {
                0 => String::new(),
                1 => "x".into(),
                _ => format!("x^{power}"),
            };
            match (power, magnitude.is_one()) {
                (0, _) => f.write_str(&display(&magnitude))?,
                (_, true) => f.write_str(&unknown)?,
                (_, false) => write!(f, "{} {unknown}", display(&magnitude))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    fn polynomial(coefficients: &[i64]) -> Polynomial {
        Polynomial::from_integers(coefficients)
    }

    #[test]
    fn ring_operations() {
        let (left, right) = (polynomial(&[-1, 0, 1]), polynomial(&[1, 1]));
        assert_eq!(&left + &-&left, Polynomial::zero());
        assert_eq!(&left * &Polynomial::zero(), Polynomial::zero());
        assert_eq!(left.div_rem(&right), Some((polynomial(&[-1, 1]), Polynomial::zero())));
        assert_eq!(right.div_rem(&left), Some((Polynomial::zero(), right.clone())));
        assert_eq!(left.div_rem(&Polynomial::zero()), None);
        assert_eq!(right.pow(3), polynomial(&[1, 3, 3, 1]));
        assert_eq!(left.compose(&right), polynomial(&[0, 2, 1]));
        assert_eq!(left.derivative(), polynomial(&[0, 2]));
        assert_eq!(left.eval(&fraction(1, 2).unwrap()), fraction(-3, 4).unwrap());
        assert!(left.enclose(&Interval::point(&fraction(1, 3).unwrap(), 64)).contains(&fraction(-8, 9).unwrap()));
    }

    #[test]
    fn common_divisors() {
        let square = polynomial(&[1, 2, 1]);
        let (left, right) = (&square * &polynomial(&[-3, 1]), &square * &polynomial(&[5, 7]));
        assert_eq!(left.scale(&integer(-4)).gcd(&right.scale(&fraction(2, 3).unwrap())), square);
        assert_eq!(left.square_free(), polynomial(&[-3, -2, 1]));
        assert_eq!(polynomial(&[4]).square_free(), polynomial(&[1]));
        assert_eq!(polynomial(&[-4]).gcd(&Polynomial::zero()), polynomial(&[1]));
        assert_eq!(Polynomial::zero().gcd(&Polynomial::zero()), Polynomial::zero());
        let halves = Polynomial::new(vec![fraction(-1, 2).unwrap(), fraction(1, 3).unwrap()]);
        assert_eq!(halves.primitive(), polynomial(&[-3, 2]));
    }

    #[test]
    fn writing() {
        let check = |coefficients: &[i64], expected: &str| assert_eq!(polynomial(coefficients).to_string(), expected);
        check(&[], "0");
        check(&[1, -1, 0, 3], "3 x^3 - x + 1");
        check(&[0, 0, -1], "-x^2");
    }
}
