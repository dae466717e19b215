use crate::number::polynomial::narrow::{Narrowed, Narrowing};
use crate::number::polynomial::sturm::{Chain, sign_at};
use crate::number::polynomial::{Polynomial, Range};
use crate::number::rational::{abs, display, integer, to_f64};
use crate::number::{Integer, Interval, Rational};
use dashu_base::UnsignedAbs;
use std::cmp::Ordering;
use std::fmt;

/// A real root of a polynomial.
///
/// A rational root is always recognised as one: its denominator divides the leading coefficient of the primitive
/// polynomial, so few fractions come into question. Equality compares rational roots as numbers, and others as
/// isolating intervals: the same irrational root in two intervals is not equal to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// This number.
    Rational(Rational),
    /// The one root between two numbers, at which the signs are opposite.
    Irrational(Isolated),
}

/// The one root of a square-free polynomial in an open interval with rational ends. It is irrational.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Isolated {
    coefficients: Vec<Integer>,
    low: Rational,
    high: Rational,
    sign_at_low: Ordering,
}

impl Root {
    /// A number that is not above the root.
    pub fn low(&self) -> &Rational {
        match self {
            Self::Rational(value) => value,
            Self::Irrational(isolated) => &isolated.low,
        }
    }

    /// A number that is not below the root.
    pub fn high(&self) -> &Rational {
        match self {
            Self::Rational(value) => value,
            Self::Irrational(isolated) => &isolated.high,
        }
    }

    /// The root, when it is rational.
    pub fn exact(&self) -> Option<&Rational> {
        match self {
            Self::Rational(value) => Some(value),
            Self::Irrational(_) => None,
        }
    }

    /// Halves the distance between [`Root::low`] and [`Root::high`].
    pub fn refine(&mut self) {
        if let Self::Irrational(isolated) = self {
            isolated.halve();
        }
    }

    /// An interval of the given precision that holds the root.
    pub fn enclosure(&self, bits: u32) -> Interval {
        let mut root = self.clone();
        loop {
            let interval = Interval::point(root.low(), bits).hull(&Interval::point(root.high(), bits));
            // Ends in neighbouring binary fractions cannot be told apart by this precision.
            let narrow = Interval::point(&((root.low() + root.high()) / integer(2)), bits);
            if interval.bisect().is_none() || root.exact().is_some() || narrow.contains_interval(&interval) {
                return interval;
            }
            root.refine();
        }
    }

    /// A float next to the root.
    pub fn to_f64(&self) -> f64 {
        let (low, high) = self.enclosure(64).to_f64_pair();
        self.exact().map_or(low / 2.0 + high / 2.0, to_f64)
    }
}

impl fmt::Display for Root {
    /// Writes a rational root exactly, another one as `≈ 1.41421356`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rational(value) => f.write_str(&display(value)),
            Self::Irrational(_) => write!(f, "≈ {}", (self.to_f64() * 1e9).round() / 1e9),
        }
    }
}

impl Isolated {
    fn halve(&mut self) {
        let middle = (&self.low + &self.high) / integer(2);
        // The middle is rational, so it is not the root.
        if sign_at(&self.coefficients, &middle) == self.sign_at_low {
            self.low = middle;
        } else {
            self.high = middle;
        }
    }
}

impl Polynomial {
    /// The different roots in a range, in order. `None` for the polynomial 0, of which every number is a root.
    pub fn roots_in(&self, range: &Range) -> Option<Vec<Root>> {
        if self.is_zero() {
            return None;
        }
        if range.is_empty() {
            return Some(Vec::new());
        }
        let square_free = self.square_free();
        let bound = square_free.root_bound();
        let (far_low, far_high) = (-&bound, bound);
        let low = range.low.value().unwrap_or(&far_low);
        let high = range.high.value().unwrap_or(&far_high);
        let mut search = Search { chain: Chain::new(&square_free), coefficients: square_free.whole_coefficients() };
        let mut roots = Vec::new();
        if range.low.member().is_some_and(|low| search.is_root(low)) {
            roots.push(Root::Rational(low.clone()));
        }
        if low < high {
            search.isolate(low.clone(), high.clone(), &mut roots);
        }
        roots.retain(|root| root.exact().is_none_or(|root| range.contains(root)));
        Some(roots)
    }

    /// A number that is larger than every root, and than its negative (Cauchy 1829): 1 + max |a_i / a_n|. It is a
    /// power of two above that.
    fn root_bound(&self) -> Rational {
        let Some(leading) = self.leading() else { return Rational::ONE };
        let ratios = self.coefficients().iter().map(|coefficient| abs(&(coefficient / leading)));
        let largest = ratios.max().unwrap_or(Rational::ZERO);
        let mut bound = integer(2);
        while bound <= &largest + integer(1) {
            bound *= integer(2);
        }
        bound
    }
}

/// What the search for the roots of one polynomial keeps at hand.
struct Search {
    chain: Chain,
    coefficients: Vec<Integer>,
}

impl Search {
    fn is_root(&self, point: &Rational) -> bool {
        sign_at(&self.coefficients, point) == Ordering::Equal
    }

    /// Appends the roots above `low` and not above `high`, in order.
    fn isolate(&mut self, low: Rational, high: Rational, roots: &mut Vec<Root>) {
        let mut pending = vec![(low, high)];
        while let Some((low, high)) = pending.pop() {
            match self.chain.count(Some(&low), Some(&high)) {
                0 => {}
                1 => roots.push(self.single(low, high)),
                _ => {
                    let middle = (&low + &high) / integer(2);
                    pending.push((middle.clone(), high));
                    pending.push((low, middle));
                }
            }
        }
    }

    /// The one root above `low` and not above `high`.
    fn single(&self, mut low: Rational, mut high: Rational) -> Root {
        if self.is_root(&high) {
            return Root::Rational(high);
        }
        // A root at `low` is a different one: step away from it.
        while self.is_root(&low) {
            let middle = (&low + &high) / integer(2);
            if self.is_root(&middle) {
                return Root::Rational(middle);
            }
            if self.chain.count(Some(&low), Some(&middle)) == 1 { high = middle } else { low = middle }
        }
        self.rational_or_isolated(low, high)
    }

    /// Narrows the interval below the distance of two fractions that may be roots, then tries the one in it.
    fn rational_or_isolated(&self, low: Rational, high: Rational) -> Root {
        let leading = self.coefficients.last().map_or(Integer::ONE, |leading| Integer::from(leading.unsigned_abs()));
        let sign_at_low = sign_at(&self.coefficients, &low);
        let (low, high) = match Narrowing::new(&self.coefficients, &low, &high).below_one_in(&leading) {
            Narrowed::Hit(root) => return Root::Rational(root),
            Narrowed::Between(low, high) => (low, high),
        };
        let step = Rational::ONE / Rational::from(leading.clone());
        let candidate = Rational::from((&high * Rational::from(leading)).floor()) * step;
        if candidate > low && self.is_root(&candidate) {
            return Root::Rational(candidate);
        }
        Root::Irrational(Isolated { coefficients: self.coefficients.clone(), low, high, sign_at_low })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Random;
    use crate::number::polynomial::End;
    use crate::number::rational::fraction;

    fn roots(coefficients: &[i64], range: &Range) -> Vec<String> {
        let roots = Polynomial::from_integers(coefficients).roots_in(range).unwrap();
        roots.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rational_roots_are_recognised() {
        // (x + 1)^2 x (3x - 1) (7x - 22)
        let square = Polynomial::from_integers(&[1, 2, 1]);
        let rest = &Polynomial::from_integers(&[0, -1, 3]) * &Polynomial::from_integers(&[-22, 7]);
        let roots = (&square * &rest).roots_in(&Range::everything()).unwrap();
        let expected = [(-1, 1), (0, 1), (1, 3), (22, 7)].map(|(n, d)| Root::Rational(fraction(n, d).unwrap()));
        assert_eq!(roots, expected);
    }

    #[test]
    fn ends_count_as_the_range_says() {
        let cubic = [0, -1, 0, 1];
        assert_eq!(roots(&cubic, &Range::closed(integer(-1), integer(1))), ["-1", "0", "1"]);
        assert_eq!(roots(&cubic, &Range::open(integer(-1), integer(1))), ["0"]);
        assert_eq!(roots(&cubic, &Range { low: End::Open(integer(0)), high: End::Unbounded }), ["1"]);
        assert_eq!(roots(&cubic, &Range::closed(integer(1), integer(1))), ["1"]);
        assert!(roots(&cubic, &Range::open(integer(1), integer(1))).is_empty());
        assert!(roots(&[5], &Range::everything()).is_empty());
        assert_eq!(Polynomial::zero().roots_in(&Range::everything()), None);
    }

    #[test]
    fn irrational_roots_are_isolated() {
        assert_eq!(roots(&[-2, 0, 1], &Range::everything()), ["≈ -1.414213562", "≈ 1.414213562"]);
        let mut root = Polynomial::from_integers(&[-2, 0, 1]).roots_in(&Range::everything()).unwrap().remove(1);
        (0..40).for_each(|_| root.refine());
        assert!(root.low() * root.low() < integer(2) && root.high() * root.high() > integer(2));
        let enclosure = root.enclosure(200);
        assert!(!enclosure.disjoint(&Interval::integer(2, 200).sqrt().unwrap()) && enclosure.is_narrower_than(198));
    }

    #[test]
    fn close_roots_are_told_apart() {
        // Mignotte: x^7 - 2 (100 x - 1)^2 has two roots within 10^-9 of 1/100.
        let steep = Polynomial::from_integers(&[-1, 100]).pow(2).scale(&integer(-2));
        let polynomial = &Polynomial::unknown().pow(7) + &steep;
        assert_eq!(polynomial.roots_in(&Range::everything()).unwrap().len(), 3);
        // Wilkinson's polynomial of degree 20.
        let wilkinson = (1..=20)
            .fold(Polynomial::from_integers(&[1]), |product, root| &product * &Polynomial::from_integers(&[-root, 1]));
        let expected: Vec<Root> = (1..=20).map(|root| Root::Rational(integer(root))).collect();
        assert_eq!(wilkinson.roots_in(&Range::everything()).unwrap(), expected);
    }

    #[test]
    fn products_of_known_factors_have_the_known_roots() {
        let mut random = Random::new(41);
        for _ in 0..60 {
            let mut expected = std::collections::BTreeSet::new();
            let mut product = Polynomial::from_integers(&[random.between(1, 9)]);
            for _ in 0..random.between(0, 4) {
                let root = random.rational(12);
                let factor = Polynomial::new(vec![-&root, Rational::ONE]);
                product = &product * &factor.pow(random.between(1, 3) as u32);
                expected.insert(root);
            }
            for constant in [1, 5, -2, -3] {
                if random.coin() {
                    product = &product * &Polynomial::from_integers(&[constant, 0, 1]);
                }
            }
            let (low, high) = (integer(random.between(-3, -1)), integer(random.between(1, 3)));
            for range in [Range::closed(low.clone(), high.clone()), Range::open(low, high), Range::everything()] {
                let roots = product.roots_in(&range).unwrap();
                let exact: Vec<_> = roots.iter().filter_map(Root::exact).collect();
                let inside: Vec<_> = expected.iter().filter(|root| range.contains(root)).collect();
                assert_eq!(exact, inside, "{product} on {range}");
                for square in [2, 3] {
                    let factor = Polynomial::from_integers(&[-square, 0, 1]);
                    let divides = product.div_rem(&factor).unwrap().1.is_zero();
                    let both = factor.roots_in(&range).unwrap();
                    let found = both.iter().filter(|root| roots.iter().any(|own| meets(own, root))).count();
                    assert_eq!(found, if divides { both.len() } else { 0 }, "{product} on {range}");
                }
                assert!(roots.windows(2).all(|pair| pair[0].to_f64() < pair[1].to_f64()));
            }
        }
    }

    /// Whether two irrational roots agree to 100 bits.
    fn meets(left: &Root, right: &Root) -> bool {
        left.exact().is_none() && !left.enclosure(100).disjoint(&right.enclosure(100))
    }
}
