use std::cmp::Ordering;
use std::fmt::Debug;

use crate::expr::{DefinedOn, Elementary};
use crate::number::Rational;
use crate::number::rational::to_integer;
use crate::numeric::Error;
use crate::numeric::slopes::slopes_by_recurrence;
use crate::numeric::spectral;

/// Numbers to evaluate with: a context and its operations. The elements mean nothing in another context.
pub trait Field {
    /// A number of this field.
    type Element: Clone + Debug;

    /// The number nearest to a fraction, or enclosing it, or equal to it.
    fn rational(&self, value: &Rational) -> Result<Self::Element, Error>;

    /// A whole number.
    fn integer(&self, value: i64) -> Self::Element;

    /// The number that is drawn for a given; the fraction itself where the field has no unknowns of its own.
    fn given(&self, drawn: &Rational) -> Result<Self::Element, Error> {
        self.rational(drawn)
    }

    /// The number that is drawn for a size, which is above 0.
    fn size(&self, drawn: &Rational) -> Result<Self::Element, Error> {
        self.given(drawn)
    }

    /// How many rows a matrix may have that is inverted, or whose determinant is taken, by elimination.
    fn largest_elimination(&self) -> usize {
        usize::MAX
    }

    /// π.
    fn pi(&self) -> Result<Self::Element, Error>;

    /// The sum.
    fn add(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error>;

    /// The product.
    fn multiply(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error>;

    /// The negative.
    fn negate(&self, value: &Self::Element) -> Self::Element;

    /// The inverse; undefined at 0.
    fn reciprocal(&self, value: &Self::Element) -> Result<Self::Element, Error>;

    /// The real root of this degree, at least 2; undefined for an even degree below 0.
    fn root(&self, value: &Self::Element, degree: u32) -> Result<Self::Element, Error>;

    /// An elementary function of one argument.
    fn apply(&self, function: Elementary, at: &Self::Element) -> Result<Self::Element, Error>;

    /// The value and the first `order` derivatives of an elementary function of one argument.
    fn slopes(&self, function: Elementary, at: &Self::Element, order: usize) -> Result<Vec<Self::Element>, Error> {
        slopes_by_recurrence(self, function, at, order)
    }

    /// The value of an arbitrary function at a row of numbers, differentiated by these slots in ascending order, where
    /// the field has unknowns for such values.
    fn arbitrary(&self, _function: u64, _slots: &[usize], _at: &[Self::Element]) -> Result<Self::Element, Error> {
        Err(Error::NotExact)
    }

    /// The same number under a name of its own, where the field tells members of families from what they are made of.
    fn named(&self, _value: &Self::Element) -> Option<Self::Element> {
        None
    }

    /// Which of two is larger; not exact where this cannot be told.
    fn compare(&self, left: &Self::Element, right: &Self::Element) -> Result<Ordering, Error>;

    /// Whether this is 0; `None` where this cannot be told.
    fn is_zero(&self, value: &Self::Element) -> Option<bool>;

    /// The fraction that this number is, where it is certainly one and small enough to be an exponent.
    fn to_rational(&self, _value: &Self::Element) -> Option<Rational> {
        None
    }

    /// How well a number serves as a divisor in elimination: a larger weight is better, 0 does not serve.
    fn weight(&self, value: &Self::Element) -> f64 {
        if self.is_zero(value) == Some(false) { 1.0 } else { 0.0 }
    }

    /// How many products of short numbers a product of two numbers like this one takes; at least 1.
    fn cost_of_product(&self, _value: &Self::Element) -> u64 {
        1
    }

    /// The largest singular value of a matrix, row by row.
    fn spectral_norm(&self, rows: usize, entries: &[Self::Element]) -> Result<Self::Element, Error> {
        spectral::norm(self, rows, entries)
    }

    /// The largest absolute value of an eigenvalue of a square matrix, row by row.
    fn spectral_radius(&self, size: usize, entries: &[Self::Element]) -> Result<Self::Element, Error> {
        spectral::radius(self, size, entries)
    }

    /// The difference.
    fn subtract(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error> {
        self.add(left, &self.negate(right))
    }

    /// The quotient.
    fn divide(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error> {
        self.multiply(left, &self.reciprocal(right)?)
    }

    /// The power with a whole exponent from 0 up; `x^0 = 1`.
    fn raise(&self, base: &Self::Element, exponent: u64) -> Result<Self::Element, Error> {
        raise_by_squaring(self, base, exponent)
    }

    /// The power with any exponent; above 0 it is `e^{y log x}`.
    fn power_of_any(&self, base: &Self::Element, exponent: &Self::Element) -> Result<Self::Element, Error> {
        if let Some(exponent) = self.to_rational(exponent) {
            return self.power(base, &exponent);
        }
        match self.compare(base, &self.integer(0))? {
            Ordering::Greater => {
                let logarithm = self.apply(Elementary::Log, base)?;
                self.apply(Elementary::Exp, &self.multiply(exponent, &logarithm)?)
            }
            Ordering::Equal | Ordering::Less => Err(Error::Undefined("a real power of a number that is not positive")),
        }
    }

    /// The power with a fraction as exponent, through the root of its denominator's degree.
    fn power(&self, base: &Self::Element, exponent: &Rational) -> Result<Self::Element, Error> {
        let degree = u32::try_from(exponent.denominator().clone()).map_err(|_| Error::TooLarge)?;
        let numerator = i64::try_from(exponent.numerator().clone()).map_err(|_| Error::TooLarge)?;
        let root = if degree == 1 { base.clone() } else { self.root(base, degree)? };
        let power = self.raise(&root, numerator.unsigned_abs())?;
        if numerator < 0 { self.reciprocal(&power) } else { Ok(power) }
    }
}

/// [`Field::raise`] by repeated squaring.
pub(super) fn raise_by_squaring<F: Field + ?Sized>(
    field: &F,
    base: &F::Element,
    mut exponent: u64,
) -> Result<F::Element, Error> {
    let mut power = None;
    let mut square = base.clone();
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = Some(match power {
                None => square.clone(),
                Some(power) => field.multiply(&power, &square)?,
            });
        }
        exponent >>= 1;
        if exponent > 0 {
            square = field.multiply(&square, &square)?;
        }
    }
    Ok(power.unwrap_or_else(|| field.integer(1)))
}

/// Refuses a number at which a function has no value, as far as the field tells.
pub(super) fn within<F: Field + ?Sized>(field: &F, function: Elementary, at: &F::Element) -> Result<(), Error> {
    match function.row().defined_on {
        DefinedOn::Positive => match field.compare(at, &field.integer(0)) {
            Ok(Ordering::Less | Ordering::Equal) => {
                Err(Error::Undefined("the logarithm of a number that is not positive"))
            }
            Ok(Ordering::Greater) | Err(_) => Ok(()),
        },
        DefinedOn::FromMinusOneToOne => {
            let is_past = |size: &F::Element| field.compare(size, &field.integer(1)) == Ok(Ordering::Greater);
            let is_outside = is_past(at) || is_past(&field.negate(at));
            if is_outside { Err(Error::Undefined("a function from -1 to 1 of a number outside")) } else { Ok(()) }
        }
        DefinedOn::Reals | DefinedOn::NonZero | DefinedOn::BetweenPoles | DefinedOn::Integers => Ok(()),
    }
}

/// What every field answers alike for ReLU, the absolute value and the sign.
pub(super) fn apply_by_sign<F: Field + ?Sized>(
    field: &F,
    function: Elementary,
    at: &F::Element,
) -> Result<F::Element, Error> {
    let sign = field.compare(at, &field.integer(0))?;
    Ok(match (function, sign) {
        (Elementary::Sign, Ordering::Equal) => return Err(Error::Undefined("the sign of 0")),
        (Elementary::Sign, Ordering::Less) => field.integer(-1),
        (Elementary::Sign, Ordering::Greater) => field.integer(1),
        (Elementary::Abs, Ordering::Less) => field.negate(at),
        (Elementary::Relu, Ordering::Less) => field.integer(0),
        (_, Ordering::Less | Ordering::Equal | Ordering::Greater) => at.clone(),
    })
}

/// The factorial of a small number.
pub(super) fn factorial(n: usize) -> Rational {
    (1..=n as u64).map(Rational::from).fold(Rational::ONE, |product, factor| product * factor)
}

/// The whole exponent of a power, where it is one.
pub(super) fn whole(exponent: &Rational) -> Option<i64> {
    to_integer(exponent).and_then(|integer| i64::try_from(integer).ok())
}
