//! The enclosures against digits from elsewhere, against themselves at higher precision, and their refusals.

use crate::number::Rational;
use crate::number::enclose::values::VALUES;
use crate::number::interval::Interval;
use crate::number::random::Random;
use crate::number::rational::{abs, fraction, integer, parse_decimal, pow};

type Function = fn(&Interval) -> Option<Interval>;

/// Every function of one argument, by the name it has in `VALUES`.
const FUNCTIONS: &[(&str, Function)] = &[
    ("exp", |x| Some(x.exp())),
    ("ln", Interval::ln),
    ("sin", |x| Some(x.sin())),
    ("cos", |x| Some(x.cos())),
    ("tan", Interval::tan),
    ("atan", |x| Some(x.atan())),
    ("asin", Interval::asin),
    ("sinh", |x| Some(x.sinh())),
    ("cosh", |x| Some(x.cosh())),
    ("tanh", |x| Some(x.tanh())),
    ("sigmoid", |x| Some(x.sigmoid())),
    ("softplus", |x| Some(x.softplus())),
    ("erf", |x| Some(x.erf())),
    ("erfc", |x| Some(x.erfc())),
    ("normal_cdf", |x| Some(x.normal_cdf())),
    ("silu", |x| Some(x.silu())),
    ("gelu", |x| Some(x.gelu())),
];

fn function(name: &str) -> Function {
    FUNCTIONS.iter().find(|(own, _)| *own == name).unwrap().1
}

fn two_to(exponent: i64) -> Rational {
    integer(2).pow(isize::try_from(exponent).unwrap())
}

/// Whether the interval is around the number, of which 48 digits are known.
fn is_near(interval: &Interval, value: &Rational) -> bool {
    let slack = abs(value) * parse_decimal("1e-48").unwrap();
    let known = Interval::between(&(value - &slack), &(value + &slack), 400).unwrap();
    !interval.disjoint(&known)
}

#[test]
fn values_at_points_are_right_and_tight() {
    for (name, argument, value) in VALUES {
        let (argument, value) = (parse_decimal(argument).unwrap(), parse_decimal(value).unwrap());
        let is_binary = Interval::point(&argument, 60).is_point();
        // An argument that is not a binary fraction is an interval itself, and the sine of 355 magnifies it.
        for (bits, certain) in [(60, 58), (128, 126), (256, 254), (500, 498)] {
            let argument = Interval::point(&argument, if is_binary { bits } else { bits + 64 });
            let enclosure = function(name)(&argument).unwrap().with_bits(bits);
            assert!(is_near(&enclosure, &value), "{name} {argument} {enclosure} {value}");
            let width = enclosure.width().unwrap();
            assert!(width <= abs(&value) * two_to(-certain), "{name} {argument} at {bits}: {enclosure}");
        }
    }
}

#[test]
fn wide_intervals_hold_the_values_of_their_members() {
    let mut random = Random::new(17);
    for round in 0..400 {
        let height = [3, 40, 2000][round % 3];
        let (first, second) = (random.rational(height), random.rational(height));
        let (low, high) = if first <= second { (first, second) } else { (second, first) };
        let wide = match round % 5 {
            0 => Interval::at_least(&low, 40),
            1 => Interval::at_most(&high, 40),
            _ => Interval::between(&low, &high, 40).unwrap(),
        };
        for member in [low.clone(), high.clone(), random.rational_between(&low, &high, 1000)] {
            let thin = Interval::point(&member, 200);
            for (name, function) in FUNCTIONS {
                let Some(image) = function(&wide) else { continue };
                let value = function(&thin).unwrap();
                assert!(image.contains_interval(&value), "{name}({member}) = {value} is not in {image} for {wide}");
            }
        }
    }
}

#[test]
fn precisions_agree() {
    let mut random = Random::new(23);
    for _ in 0..300 {
        let (height, scale) = (1 << random.below(30), random.between(-40, 4));
        let argument = random.rational(height) * two_to(scale);
        for (name, function) in FUNCTIONS {
            let Some(coarse) = function(&Interval::point(&argument, 24)) else { continue };
            for bits in [53, 100, 300] {
                let fine = function(&Interval::point(&argument, bits)).unwrap();
                assert!(!coarse.disjoint(&fine), "{name}({argument}): {coarse} {fine}");
            }
        }
    }
}

#[test]
fn extremes_inside_are_seen() {
    let between = |low, high| Interval::between(&low, &high, 100).unwrap();
    let unit = between(integer(-1), integer(1));
    assert_eq!(between(integer(1), integer(2)).sin().high(), Some(integer(1)));
    assert!(between(integer(1), integer(2)).sin().is_positive());
    assert_eq!(between(integer(4), integer(5)).sin().low(), Some(integer(-1)));
    assert_eq!(between(integer(0), integer(7)).cos(), unit);
    assert_eq!(between(integer(-1), integer(1)).cos().high(), Some(integer(1)));
    assert_eq!(between(integer(3), integer(4)).cos().low(), Some(integer(-1)));
    assert!(between(integer(4), integer(5)).cos().high().unwrap() < fraction(3, 10).unwrap());
    assert_eq!(Interval::real_line(100).sin(), unit);
    assert_eq!(between(integer(-1), integer(1)).cosh().low(), Some(integer(1)));
    let check_bottom = |image: Interval, digits: &str| {
        let bottom = parse_decimal(digits).unwrap();
        let low = image.low().unwrap();
        assert!(low <= bottom && low > &bottom - two_to(-90), "{image}");
    };
    for wide in [between(integer(-2), integer(-1)), Interval::real_line(100), between(integer(-9), integer(3))] {
        check_bottom(wide.silu(), "-0.278464542761073795109358739022980155439477488619745");
    }
    for wide in [between(integer(-2), fraction(-1, 2).unwrap()), Interval::at_least(&integer(-3), 100)] {
        check_bottom(wide.gelu(), "-0.169971207479903661693868470982433922832852392418238");
    }
    assert!(Interval::at_most(&integer(-2), 100).silu().high().unwrap().is_zero());
    assert!(Interval::at_most(&integer(-2), 100).silu().low().unwrap() > fraction(-24, 100).unwrap());
    assert!(between(integer(1), integer(2)).gelu().low().unwrap() > fraction(84, 100).unwrap());
}

#[test]
fn exact_and_limiting_values() {
    let zero = Interval::integer(0, 100);
    let one = Interval::integer(1, 100);
    assert_eq!(zero.exp(), one);
    assert_eq!(one.ln(), Some(zero.clone()));
    assert_eq!(zero.cos(), one);
    assert_eq!(zero.cosh(), one);
    assert_eq!(zero.erfc(), one);
    for name in ["sin", "tan", "atan", "sinh", "tanh", "erf", "silu", "gelu"] {
        assert_eq!(function(name)(&zero), Some(zero.clone()), "{name}");
    }
    assert_eq!(zero.sigmoid(), one.div(&Interval::integer(2, 100)).unwrap());
    let line = Interval::real_line(100);
    assert_eq!(line.tanh(), Interval::between(&integer(-1), &integer(1), 100).unwrap());
    assert_eq!(line.sigmoid(), Interval::between(&integer(0), &integer(1), 100).unwrap());
    assert_eq!(line.softplus(), Interval::at_least(&integer(0), 100));
    assert_eq!(line.relu(), Interval::at_least(&integer(0), 100));
    for giant in [integer(10_000), integer(1 << 50), two_to(5000)] {
        for sign in [integer(1), integer(-1)] {
            let argument = Interval::point(&(&giant * &sign), 100);
            for (name, function) in FUNCTIONS {
                if let Some(image) = function(&argument) {
                    assert!(image.low() <= image.high() || image.high().is_none(), "{name} {image}");
                }
            }
            assert!(argument.sin().contains_interval(&argument.sin()));
        }
        let tail = Interval::point(&-&giant, 100).gelu();
        assert!(tail.is_nonpositive() && tail.is_narrower_than(1000));
    }
    for tiny in [two_to(-200), two_to(-100_000), -two_to(-1_000_000)] {
        let argument = Interval::point(&tiny, 100);
        for name in ["sin", "tan", "atan", "sinh", "tanh"] {
            let image = function(name)(&argument).unwrap();
            assert!(image.contains(&tiny) && image.width().unwrap() <= abs(&tiny) * two_to(-98), "{name}");
        }
        assert!(argument.cos().contains(&integer(1)) && argument.exp().is_narrower_than(90));
        assert!(argument.erf().is_positive() == (tiny > Rational::ZERO));
    }
}

#[test]
fn refusals() {
    let between = |low, high| Interval::between(&integer(low), &integer(high), 64).unwrap();
    assert_eq!(between(-1, 2).ln(), None);
    assert_eq!(between(0, 2).ln(), None);
    assert_eq!(between(-2, -1).ln_where_defined(), None);
    assert_eq!(between(0, 0).ln_where_defined(), None);
    assert_eq!(between(-1, 1).ln_where_defined(), Some(Interval::at_most(&integer(0), 64)));
    assert_eq!(between(1, 2).tan(), None);
    assert_eq!(between(-2, -1).tan(), None);
    assert!(between(2, 4).tan().is_some());
    assert_eq!(Interval::real_line(64).tan(), None);
    assert_eq!(between(-1, 1).pow(&between(1, 1)), None);
}

#[test]
fn real_powers() {
    let root = Interval::integer(2, 128).pow(&Interval::point(&fraction(1, 2).unwrap(), 128)).unwrap();
    assert!(!root.disjoint(&Interval::integer(2, 128).sqrt().unwrap()) && root.is_narrower_than(124));
    let large = Interval::integer(3, 128).pow(&Interval::integer(500, 128)).unwrap();
    let exact = pow(&integer(3), 500).unwrap();
    assert!(large.contains(&exact) && large.width().unwrap() < exact * two_to(-124));
}

#[test]
fn constants_have_their_published_digits() {
    let check = |interval: Interval, digits: &str| {
        assert!(is_near(&interval, &parse_decimal(digits).unwrap()) && interval.is_narrower_than(150), "{interval}");
    };
    check(Interval::pi(154), "3.14159265358979323846264338327950288419716939937510582");
    check(Interval::e(154), "2.71828182845904523536028747135266249775724709369995957");
}
