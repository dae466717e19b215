use std::cell::RefCell;
use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::number::polynomial::End;
use crate::number::polynomial::Polynomial;
use crate::number::polynomial::Range;
use crate::numeric::Error;
use crate::numeric::Rationals;
use crate::numeric::field::Field;
use crate::numeric::slopes::slopes_by_recurrence;

/// What the unknown of [`Quotients`] is, for a letter that runs over all real numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// The letter.
    Letter,
    /// The sigmoid, tanh or exponential of an affine function of the letter.
    Value(Elementary),
}

/// Functions of one real letter: quotients of polynomials in an unknown, with a multiple of the letter beside them
/// where the unknown is another one. Equality is decided for all values of the letter at once.
///
/// Signs are those near one value of the unknown. What is asked about is noted as [edges](Quotients::into_edges): between
/// neighbouring roots of them nothing that is concluded changes. No function here has a pole anywhere.
#[derive(Debug)]
pub struct Quotients {
    unknown: Unknown,
    near: Rational,
    /// Of which multiple of the letter, plus what, the unknown is the value.
    argument: RefCell<Option<(Rational, Rational)>>,
    edges: RefCell<Vec<Polynomial>>,
}

/// `letter z + numerator(x) / denominator(x)`, in lowest terms with a leading 1 below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotient {
    letter: Rational,
    numerator: Polynomial,
    denominator: Polynomial,
}

/// Polynomials of a higher degree are refused.
const MAX_DEGREE: usize = 64;

impl Unknown {
    /// All that the unknown may be.
    pub const ALL: [Unknown; 4] = [
        Unknown::Letter,
        Unknown::Value(Elementary::Sigmoid),
        Unknown::Value(Elementary::Tanh),
        Unknown::Value(Elementary::Exp),
    ];

    /// The values of the unknown while the letter runs over all real numbers.
    pub fn range(self) -> Range {
        match self {
            Unknown::Value(Elementary::Sigmoid) => Range::open(Rational::ZERO, Rational::ONE),
            Unknown::Value(Elementary::Tanh) => Range::open(Rational::NEG_ONE, Rational::ONE),
            Unknown::Value(Elementary::Exp) => Range { low: End::Open(Rational::ZERO), high: End::Unbounded },
            Unknown::Letter | Unknown::Value(_) => Range::everything(),
        }
    }
}

impl Quotients {
    /// The functions of an unknown, with signs as they are near this value.
    pub fn near(unknown: Unknown, near: Rational) -> Quotients {
        Quotients { unknown, near, argument: RefCell::default(), edges: RefCell::default() }
    }

    /// The letter itself.
    pub fn letter(&self) -> Quotient {
        match self.unknown {
            Unknown::Letter => of_polynomial(Polynomial::unknown()),
            Unknown::Value(_) => Quotient { letter: Rational::ONE, ..of_polynomial(Polynomial::zero()) },
        }
    }

    /// Polynomials between whose neighbouring roots all that was concluded stays as it is.
    pub fn into_edges(self) -> Vec<Polynomial> {
        self.edges.into_inner()
    }

    /// How a function compares with 0 near the value at hand; `None` where this cannot be told.
    pub fn sign(&self, of: &Quotient) -> Option<Ordering> {
        if !of.letter.is_zero() {
            return None;
        }
        let product = &of.numerator * &of.denominator;
        let sign = product.eval(&self.near).cmp(&Rational::ZERO);
        if product.degree().is_some_and(|degree| degree > 0) {
            self.edges.borrow_mut().push(product);
        }
        Some(sign)
    }

    /// Whether a function is 0 nowhere; `false` where this cannot be told.
    pub fn vanishes_nowhere(&self, function: &Quotient) -> bool {
        let roots = || function.numerator.roots_in(&self.unknown.range());
        function.letter.is_zero() && roots().is_some_and(|roots| roots.is_empty())
    }

    /// The value of the function that the unknown stands for, at its argument or at the negative of that.
    fn value(&self, at: &Quotient) -> Result<Quotient, Error> {
        let constant = Quotient { letter: Rational::ZERO, ..at.clone() }.constant().ok_or(Error::NotExact)?;
        let mut argument = self.argument.borrow_mut();
        let (scale, shift) = argument.get_or_insert_with(|| (at.letter.clone(), constant.clone()));
        let unknown = of_polynomial(Polynomial::unknown());
        if (&*scale, &*shift) == (&at.letter, &constant) {
            return Ok(unknown);
        }
        if (-&*scale, -&*shift) != (at.letter.clone(), constant) {
            return Err(Error::NotExact);
        }
        match self.unknown {
            Unknown::Value(Elementary::Sigmoid) => self.subtract(&self.integer(1), &unknown),
            Unknown::Value(Elementary::Tanh) => Ok(self.negate(&unknown)),
            Unknown::Value(Elementary::Exp) => self.reciprocal(&unknown),
            Unknown::Letter | Unknown::Value(_) => Err(Error::NotExact),
        }
    }
}

impl Quotient {
    /// Whether this is 0 for all values of the letter.
    pub fn is_zero(&self) -> bool {
        self.letter.is_zero() && self.numerator.is_zero()
    }

    /// A multiple by a number.
    fn times(&self, factor: &Rational) -> Quotient {
        if factor.is_zero() {
            return of_polynomial(Polynomial::zero());
        }
        let denominator = self.denominator.clone();
        Quotient { letter: factor * &self.letter, numerator: self.numerator.scale(factor), denominator }
    }

    /// Whether nothing is divided by.
    fn is_whole(&self) -> bool {
        self.denominator.degree() == Some(0)
    }

    /// The number that this is, if it is one.
    fn constant(&self) -> Option<Rational> {
        let is_constant = self.letter.is_zero() && self.is_whole();
        match self.numerator.coefficients() {
            [] if is_constant => Some(Rational::ZERO),
            [number] if is_constant => Some(number.clone()),
            _ => None,
        }
    }
}

fn of_polynomial(numerator: Polynomial) -> Quotient {
    Quotient { letter: Rational::ZERO, numerator, denominator: Polynomial::constant(Rational::ONE) }
}

/// A quotient in lowest terms.
fn reduced(letter: Rational, numerator: &Polynomial, denominator: &Polynomial) -> Result<Quotient, Error> {
    let common = numerator.gcd(denominator);
    if common.degree() == Some(0) {
        return in_lowest_terms(letter, numerator.clone(), denominator.clone());
    }
    let parts = (numerator.div_rem(&common), denominator.div_rem(&common));
    let (Some((numerator, _)), Some((denominator, _))) = parts else { return Err(Error::NotExact) };
    in_lowest_terms(letter, numerator, denominator)
}

/// A quotient of polynomials without a common factor.
fn in_lowest_terms(letter: Rational, numerator: Polynomial, denominator: Polynomial) -> Result<Quotient, Error> {
    if numerator.degree().max(denominator.degree()).is_some_and(|degree| degree > MAX_DEGREE) {
        return Err(Error::TooLarge);
    }
    let leading = denominator.leading().ok_or(Error::NotExact)?;
    if leading.is_one() {
        return Ok(Quotient { letter, numerator, denominator });
    }
    let factor = Rational::ONE / leading;
    Ok(Quotient { letter, numerator: numerator.scale(&factor), denominator: denominator.scale(&factor) })
}

impl Field for Quotients {
    type Element = Quotient;

    fn rational(&self, value: &Rational) -> Result<Quotient, Error> {
        Ok(of_polynomial(Polynomial::constant(value.clone())))
    }

    fn integer(&self, value: i64) -> Quotient {
        of_polynomial(Polynomial::constant(Rational::from(value)))
    }

    fn pi(&self) -> Result<Quotient, Error> {
        Err(Error::NotExact)
    }

    fn add(&self, left: &Quotient, right: &Quotient) -> Result<Quotient, Error> {
        let letter = &left.letter + &right.letter;
        if left.denominator == right.denominator && !left.is_whole() {
            return reduced(letter, &(&left.numerator + &right.numerator), &left.denominator);
        }
        let crossed = &(&left.numerator * &right.denominator) + &(&right.numerator * &left.denominator);
        let below = &left.denominator * &right.denominator;
        // A factor of the one denominator in the sum would be one of the numerator above it.
        if left.is_whole() || right.is_whole() {
            return in_lowest_terms(letter, crossed, below);
        }
        reduced(letter, &crossed, &below)
    }

    fn multiply(&self, left: &Quotient, right: &Quotient) -> Result<Quotient, Error> {
        match (left.constant(), right.constant()) {
            (Some(factor), _) => return Ok(right.times(&factor)),
            (None, Some(factor)) => return Ok(left.times(&factor)),
            (None, None) if left.letter.is_zero() && right.letter.is_zero() => {}
            (None, None) => return Err(Error::NotExact),
        }
        let product = &left.numerator * &right.numerator;
        if left.is_whole() && right.is_whole() {
            return in_lowest_terms(Rational::ZERO, product, left.denominator.clone());
        }
        reduced(Rational::ZERO, &product, &(&left.denominator * &right.denominator))
    }

    fn negate(&self, value: &Quotient) -> Quotient {
        Quotient { letter: -&value.letter, numerator: -&value.numerator, denominator: value.denominator.clone() }
    }

    fn reciprocal(&self, value: &Quotient) -> Result<Quotient, Error> {
        if value.is_zero() {
            return Err(Error::Undefined("a division by zero"));
        }
        if !self.vanishes_nowhere(value) {
            return Err(Error::NotExact);
        }
        in_lowest_terms(Rational::ZERO, value.denominator.clone(), value.numerator.clone())
    }

    fn root(&self, value: &Quotient, degree: u32) -> Result<Quotient, Error> {
        self.rational(&Rationals.root(&value.constant().ok_or(Error::NotExact)?, degree)?)
    }

    fn apply(&self, function: Elementary, at: &Quotient) -> Result<Quotient, Error> {
        if let Some(at) = at.constant() {
            return self.rational(&Rationals.apply(function, &at)?);
        }
        match function {
            // Both are continuous, so what holds on either side of an edge holds there.
            Elementary::Abs | Elementary::Relu => Ok(match self.sign(at).ok_or(Error::NotExact)? {
                Ordering::Less if function == Elementary::Abs => self.negate(at),
                Ordering::Less => self.integer(0),
                Ordering::Equal | Ordering::Greater => at.clone(),
            }),
            _ if self.unknown == Unknown::Value(function) => self.value(at),
            _ => Err(Error::NotExact),
        }
    }

    fn slopes(&self, function: Elementary, at: &Quotient, order: usize) -> Result<Vec<Quotient>, Error> {
        if function != Elementary::Relu || at.constant().is_some() {
            return slopes_by_recurrence(self, function, at, order);
        }
        let mut slopes = vec![self.integer(0); order + 1];
        match self.sign(at) {
            Some(Ordering::Less) => Ok(slopes),
            Some(Ordering::Greater) => {
                slopes.iter_mut().zip([at.clone(), self.integer(1)]).for_each(|(slope, value)| *slope = value);
                Ok(slopes)
            }
            Some(Ordering::Equal) | None => Err(Error::NotExact),
        }
    }

    fn compare(&self, left: &Quotient, right: &Quotient) -> Result<Ordering, Error> {
        let difference = self.subtract(left, right)?.constant().ok_or(Error::NotExact)?;
        Ok(difference.cmp(&Rational::ZERO))
    }

    fn is_zero(&self, value: &Quotient) -> Option<bool> {
        value.constant().map(|value| value.is_zero())
    }

    fn to_rational(&self, value: &Quotient) -> Option<Rational> {
        value.constant()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::integer;

    #[test]
    fn a_wave_is_bounded() {
        let field = Quotients::near(Unknown::Letter, integer(1));
        let z = field.letter();
        let below = field.add(&field.integer(1), &field.multiply(&z, &z).unwrap()).unwrap();
        let wave = field.divide(&z, &below).unwrap();
        let half = field.divide(&field.integer(1), &field.integer(2)).unwrap();
        let room = field.subtract(&half, &wave).unwrap();
        assert_eq!(field.sign(&room), Some(Ordering::Equal));
        assert!(!field.vanishes_nowhere(&room) && field.reciprocal(&room).is_err());
        assert!(field.vanishes_nowhere(&field.subtract(&field.integer(1), &wave).unwrap()));
    }

    #[test]
    fn a_sigmoid_satisfies_its_equation() {
        let field = Quotients::near(Unknown::Value(Elementary::Sigmoid), Rational::ONE / integer(3));
        let argument = field.add(&field.letter(), &field.integer(1)).unwrap();
        let slopes = field.slopes(Elementary::Sigmoid, &argument, 1).unwrap();
        let rest = field.subtract(&field.integer(1), &slopes[0]).unwrap();
        assert_eq!(field.multiply(&slopes[0], &rest).unwrap(), slopes[1]);
        assert!(field.vanishes_nowhere(&slopes[1]));
        assert_eq!(field.apply(Elementary::Sigmoid, &field.negate(&argument)), Ok(rest));
        assert_eq!(field.apply(Elementary::Sigmoid, &field.letter()), Err(Error::NotExact));
    }

    #[test]
    fn signs_leave_edges() {
        let field = Quotients::near(Unknown::Letter, integer(-2));
        let size = field.apply(Elementary::Abs, &field.letter()).unwrap();
        assert_eq!(size, field.negate(&field.letter()));
        assert_eq!(field.into_edges(), vec![Polynomial::unknown()]);
    }
}
