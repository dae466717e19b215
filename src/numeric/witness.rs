use std::fmt;

use crate::expr::Elementary;
use crate::number::Random;
use crate::number::Rational;
use crate::number::rational::display;
use crate::numeric::Bent;
use crate::numeric::Curved;
use crate::numeric::Error;
use crate::numeric::field::Field;
use crate::numeric::field::raise_by_squaring;
use crate::numeric::linear::total;
use crate::numeric::slopes::horner;

/// A concrete function in the place of an arbitrary one, smooth on the whole of its domain.
///
/// On several arguments, or on the entries of vectors and matrices, all numbers are taken in one row u_1, u_2, ….
/// A family of functions differs from member to member: member (i, j, …) adds `(i + 2 j + …) Σ u` to the first two
/// kinds, scales the third by `1 + i + 2 j + …`, and draws the last anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// A polynomial in the sum of the numbers, by coefficients from the constant up.
    Polynomial(Vec<Rational>),
    /// An elementary function of one argument, of the sum of the numbers.
    Elementary(Elementary),
    /// The sum of the powers of the numbers with this exponent.
    Powers(u32),
    /// A polynomial of degree 3 that is symmetric in nothing, with coefficients drawn from the seed.
    Generic(u64),
    /// A polynomial in the numbers, term by term; the same for all members of a family.
    Terms(Vec<Term>),
    /// A curve of known shape in a weighted sum of the numbers, moved further for each member of a family.
    Curved(Box<Curved>),
    /// Another function with a smooth term that vanishes on a part of the line.
    Bent(Box<Bent>),
    /// No concrete function: unknowns for its values and slopes, in a field that has such.
    Arbitrary(u64),
}

/// One term of a polynomial: a coefficient, and the exponents of the numbers in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The coefficient.
    pub coefficient: Rational,
    /// The exponents; of the numbers that are left out, 0.
    pub exponents: Vec<u32>,
}

impl Term {
    /// The value at a row of numbers.
    fn value<F: Field>(&self, field: &F, at: &[F::Element]) -> Result<F::Element, Error> {
        let mut value = if self.coefficient.is_one() { None } else { Some(field.rational(&self.coefficient)?) };
        for (u, &exponent) in at.iter().zip(&self.exponents).filter(|(_, exponent)| **exponent > 0) {
            let power = raise_by_squaring(field, u, u64::from(exponent))?;
            value = Some(match value {
                None => power,
                Some(value) => field.multiply(&value, &power)?,
            });
        }
        Ok(value.unwrap_or_else(|| field.integer(1)))
    }
}

impl Witness {
    /// `z -> z^n`.
    pub fn monomial(n: usize) -> Witness {
        let mut coefficients = vec![Rational::ZERO; n];
        coefficients.push(Rational::ONE);
        Witness::Polynomial(coefficients)
    }

    /// The same function of one number as a polynomial that can be written out, for the member with these indices of
    /// a family; itself where it is no polynomial.
    pub fn written_out(&self, indices: &[i64]) -> Witness {
        let shift = Rational::from(shift(indices));
        match self {
            Witness::Polynomial(coefficients) => {
                let mut coefficients = coefficients.clone();
                if coefficients.len() < 2 && !shift.is_zero() {
                    coefficients.resize(2, Rational::ZERO);
                }
                if let Some(linear) = coefficients.get_mut(1) {
                    *linear += shift;
                }
                Witness::Polynomial(coefficients)
            }
            Witness::Elementary(_)
            | Witness::Terms(_)
            | Witness::Curved(_)
            | Witness::Bent(_)
            | Witness::Arbitrary(_) => self.clone(),
            Witness::Powers(exponent) => {
                let mut coefficients = vec![Rational::ZERO; *exponent as usize];
                coefficients.push(Rational::ONE + shift);
                Witness::Polynomial(coefficients)
            }
            Witness::Generic(seed) => {
                let c = |place: &[usize]| Rational::from(coefficient(*seed, indices, place));
                Witness::Polynomial(vec![c(&[]), c(&[0]), c(&[0, 0]), c(&[0, 0, 0])])
            }
        }
    }

    /// Whether it is a constant plus multiples of the numbers, for all members of a family.
    pub fn is_affine(&self) -> bool {
        match self {
            Witness::Polynomial(coefficients) => coefficients.len() <= 2,
            Witness::Powers(exponent) => *exponent <= 1,
            Witness::Terms(terms) => terms.iter().all(|term| term.exponents.iter().sum::<u32>() <= 1),
            Witness::Curved(curved) => curved.is_affine(),
            Witness::Elementary(_) | Witness::Generic(_) | Witness::Bent(_) | Witness::Arbitrary(_) => false,
        }
    }

    /// Whether it depends on one sum of multiples of the numbers alone, in which every number has a part.
    pub fn is_of_one_sum(&self) -> bool {
        match self {
            Witness::Polynomial(_) | Witness::Elementary(_) | Witness::Curved(_) => true,
            Witness::Terms(terms) => terms.iter().all(|term| term.exponents.iter().all(|&exponent| exponent == 0)),
            Witness::Powers(_) | Witness::Generic(_) | Witness::Bent(_) | Witness::Arbitrary(_) => false,
        }
    }

    /// The function of so many numbers, or the member of a family with these indices, in words. What a curve is a
    /// function of is gathered in one sum.
    pub fn text(&self, n: Option<usize>, indices: &[&str]) -> String {
        let Witness::Curved(curved) = self else { return self.to_string() };
        let (argument, sum) = match n {
            Some(1) if indices.is_empty() => return self.to_string(),
            Some(1) => ("z", "z"),
            Some(2) => ("u", "u_1 + 2 u_2"),
            Some(_) | None => ("u", "u_1 + 2 u_2 + ..."),
        };
        let moved = indices.iter().zip(1..).map(|(index, weight)| match weight {
            1 => format!(" + {index}"),
            weight => format!(" + {weight} {index}"),
        });
        format!("{argument} -> {}, s = {sum}{}", curved.text("s"), moved.collect::<String>())
    }

    /// The value of the member with these indices of the family at a row of numbers.
    pub fn value<F: Field>(&self, field: &F, indices: &[i64], at: &[F::Element]) -> Result<F::Element, Error> {
        let shift = shift(indices);
        match self {
            Witness::Polynomial(coefficients) => {
                let sum = sum(field, at)?;
                let value = horner(field, coefficients, &sum)?;
                add_multiple(field, value, shift, &sum)
            }
            Witness::Elementary(function) => {
                let sum = sum(field, at)?;
                let value = field.apply(*function, &sum)?;
                add_multiple(field, value, shift, &sum)
            }
            Witness::Powers(exponent) => {
                let powers: Vec<F::Element> = at
                    .iter()
                    .map(|u| raise_by_squaring(field, u, u64::from(*exponent)))
                    .collect::<Result<_, Error>>()?;
                let total = sum(field, &powers)?;
                add_multiple(field, total.clone(), shift, &total)
            }
            Witness::Generic(seed) => generic(field, *seed, indices, at),
            Witness::Curved(curved) => curved.value(field, shift, at),
            Witness::Bent(bent) => bent.value(field, indices, at),
            Witness::Arbitrary(seed) => {
                let name =
                    indices.iter().fold(Random::new(*seed), |mut random, index| random.fork(index.cast_unsigned()));
                field.arbitrary(name.clone().next_u64(), &[], at)
            }
            Witness::Terms(terms) => total(field, terms.iter().map(|term| term.value(field, at))),
        }
    }

    /// The terms of the polynomial in `n` numbers that the member with these indices is; `None` where it is none.
    pub fn terms(&self, indices: &[i64], n: usize) -> Option<Vec<Term>> {
        match self {
            Witness::Terms(terms) => Some(terms.clone()),
            Witness::Generic(seed) => Some(generic_terms(*seed, indices, n)),
            Witness::Polynomial(_) | Witness::Powers(_) if n == 1 => match self.written_out(indices) {
                Witness::Polynomial(coefficients) => Some(
                    (0..)
                        .zip(coefficients)
                        .filter(|(_, coefficient)| !coefficient.is_zero())
                        .map(|(exponent, coefficient)| Term { coefficient, exponents: vec![exponent] })
                        .collect(),
                ),
                Witness::Elementary(_)
                | Witness::Powers(_)
                | Witness::Generic(_)
                | Witness::Terms(_)
                | Witness::Curved(_)
                | Witness::Bent(_)
                | Witness::Arbitrary(_) => None,
            },
            Witness::Polynomial(_)
            | Witness::Powers(_)
            | Witness::Elementary(_)
            | Witness::Curved(_)
            | Witness::Bent(_)
            | Witness::Arbitrary(_) => None,
        }
    }
}

/// The multiple of the sum of the numbers by which the member with these indices differs from the function itself.
pub(super) fn shift(indices: &[i64]) -> i64 {
    let weighted = indices.iter().zip(1i64..).map(|(index, place)| index.saturating_mul(place));
    weighted.fold(0, i64::saturating_add)
}

fn sum<F: Field>(field: &F, at: &[F::Element]) -> Result<F::Element, Error> {
    match at {
        [] => Ok(field.integer(0)),
        [first, rest @ ..] => rest.iter().try_fold(first.clone(), |sum, u| field.add(&sum, u)),
    }
}

fn add_multiple<F: Field>(field: &F, value: F::Element, factor: i64, of: &F::Element) -> Result<F::Element, Error> {
    if factor == 0 {
        return Ok(value);
    }
    field.add(&value, &field.multiply(&field.integer(factor), of)?)
}

/// A small whole number other than 0 that is a function of the seed, the indices of the family and the place.
fn coefficient(seed: u64, indices: &[i64], place: &[usize]) -> i64 {
    let mut random = Random::new(seed);
    for &index in indices {
        random = random.fork(index.cast_unsigned());
    }
    for &part in place {
        random = random.fork(part as u64 + 1);
    }
    let magnitude = random.between(1, 5);
    if random.coin() { -magnitude } else { magnitude }
}

/// `c + Σ_i u_i (c_i + Σ_{j ≥ i} u_j (c_ij + c_ijj u_j))`
fn generic<F: Field>(field: &F, seed: u64, indices: &[i64], at: &[F::Element]) -> Result<F::Element, Error> {
    let c = |place: &[usize]| field.integer(coefficient(seed, indices, place));
    let mut value = c(&[]);
    for (i, u) in at.iter().enumerate() {
        let mut factor = c(&[i]);
        for (j, v) in at.iter().enumerate().skip(i) {
            let inner = field.add(&c(&[i, j]), &field.multiply(&c(&[i, j, j]), v)?)?;
            factor = field.add(&factor, &field.multiply(v, &inner)?)?;
        }
        value = field.add(&value, &field.multiply(u, &factor)?)?;
    }
    Ok(value)
}

/// [`generic`], multiplied out.
fn generic_terms(seed: u64, indices: &[i64], n: usize) -> Vec<Term> {
    let term = |place: &[usize]| {
        let mut exponents = vec![0; n];
        place.iter().for_each(|&at| exponents[at] += 1);
        Term { coefficient: Rational::from(coefficient(seed, indices, place)), exponents }
    };
    let mut terms = vec![term(&[])];
    for i in 0..n {
        terms.push(term(&[i]));
        for j in i..n {
            terms.push(term(&[i, j]));
            terms.push(term(&[i, j, j]));
        }
    }
    terms
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Witness::Polynomial(coefficients) => write!(f, "z -> {}", polynomial(coefficients)),
            Witness::Elementary(function) => write!(f, "z -> {}(z)", function.row().name),
            Witness::Powers(exponent) => write!(f, "u -> sum of u_i^{exponent}"),
            Witness::Generic(seed) => write!(f, "u -> polynomial of degree 3 from seed {seed}"),
            Witness::Curved(curved) => write!(f, "z -> {}", curved.text("z")),
            Witness::Bent(bent) => write!(f, "{bent}"),
            Witness::Arbitrary(_) => f.write_str("an arbitrary function"),
            Witness::Terms(terms) if terms.iter().all(|term| term.exponents.len() <= 1) => {
                write!(f, "z -> {}", written(terms, |_| "z".to_owned()))
            }
            Witness::Terms(terms) => write!(f, "u -> {}", written(terms, |at| format!("u_{}", at + 1))),
        }
    }
}

fn polynomial(coefficients: &[Rational]) -> String {
    let terms: Vec<Term> = (0..)
        .zip(coefficients)
        .map(|(exponent, coefficient)| Term { coefficient: coefficient.clone(), exponents: vec![exponent] })
        .collect();
    written(&terms, |_| "z".to_owned())
}

/// A polynomial on one line, the highest terms first.
fn written(terms: &[Term], name: impl Fn(usize) -> String) -> String {
    let mut terms: Vec<&Term> = terms.iter().filter(|term| !term.coefficient.is_zero()).collect();
    terms.sort_by_key(|term| std::cmp::Reverse((term.exponents.iter().sum::<u32>(), term.exponents.clone())));
    let mut text = String::new();
    for Term { coefficient, exponents } in terms {
        let negative = *coefficient < Rational::ZERO;
        let magnitude = if negative { -coefficient } else { coefficient.clone() };
        text.push_str(match (text.is_empty(), negative) {
            (true, true) => "-",
            (true, false) => "",
            (false, true) => " - ",
            (false, false) => " + ",
        });
        let mut factors: Vec<String> = Vec::new();
        if exponents.iter().all(|&exponent| exponent == 0) || !magnitude.is_one() {
            factors.push(display(&magnitude));
        }
        for (at, exponent) in exponents.iter().enumerate().filter(|(_, exponent)| **exponent > 0) {
            factors.push(if *exponent == 1 { name(at) } else { format!("{}^{exponent}", name(at)) });
        }
        text.push_str(&factors.join(" "));
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;
    use crate::numeric::Rationals;

    #[test]
    fn text() {
        let half = fraction(-1, 2).unwrap();
        assert_eq!(Witness::monomial(2).to_string(), "z -> z^2");
        assert_eq!(Witness::Polynomial(vec![Rational::ONE, half, Rational::ZERO]).to_string(), "z -> -1/2 z + 1");
        assert_eq!(Witness::Polynomial(Vec::new()).to_string(), "z -> 0");
        assert_eq!(Witness::Elementary(Elementary::Exp).to_string(), "z -> exp(z)");
    }

    #[test]
    fn what_is_written_is_what_is_computed() {
        for witness in [Witness::Generic(5), Witness::Powers(3), Witness::monomial(0), Witness::monomial(2)] {
            for z in [-2, 0, 3] {
                let z = [Rational::from(z)];
                let expected = witness.written_out(&[4]).value(&Rationals, &[], &z);
                assert_eq!(witness.value(&Rationals, &[4], &z), expected, "{witness}");
            }
        }
    }

    #[test]
    fn terms_are_the_polynomial() {
        let at = [Rational::from(2), Rational::from(-3)];
        let generic = Witness::Generic(9);
        let terms = Witness::Terms(generic.terms(&[4], 2).unwrap());
        assert_eq!(generic.value(&Rationals, &[4], &at), terms.value(&Rationals, &[], &at));
        let product = Term { coefficient: Rational::from(-2), exponents: vec![1, 3] };
        let constant = Term { coefficient: Rational::ONE, exponents: Vec::new() };
        assert_eq!(Witness::Terms(vec![constant, product]).to_string(), "u -> -2 u_1 u_2^3 + 1");
    }

    #[test]
    fn members_of_a_family_differ() {
        for witness in [Witness::monomial(2), Witness::Powers(2), Witness::Generic(1)] {
            let at = [Rational::from(2), Rational::from(3)];
            let values: Vec<Rational> = (1..4).map(|t| witness.value(&Rationals, &[t], &at).unwrap()).collect();
            assert!(values[0] != values[1] && values[1] != values[2], "{witness}");
        }
    }
}
