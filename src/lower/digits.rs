//! How exactly a number is written.

use crate::lower::expression::strip;
use crate::number::Rational;
use crate::number::rational::{abs, integer, parse_decimal, pow};
use crate::syntax::ast::{Kind, Node, Sign, Times};

/// Half a unit of the last digit of a number as it is written: `0.25`, `-0.2`, `7.6 \times 10^{-3}`.
///
/// `None` for what is not written in digits.
pub(super) fn tolerance(node: &Node) -> Option<Rational> {
    match &strip(node).kind {
        Kind::Number(text) => {
            let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
            Some(power_of_ten(-i64::try_from(digits).ok()?)? / integer(2))
        }
        Kind::Sum(terms) => match &terms[..] {
            [(Sign::Minus | Sign::Plus | Sign::None, only)] => tolerance(only),
            _ => None,
        },
        Kind::Product(items) => {
            let ((_, first), rest) = items.split_first()?;
            let mut all = tolerance(first)?;
            for (times, factor) in rest {
                all = match times {
                    Times::Juxtaposed | Times::Dot | Times::Star | Times::Cross => all * scale(factor)?,
                    Times::Slash | Times::Odot | Times::Oslash | Times::Circ | Times::Otimes => return None,
                };
            }
            Some(all)
        }
        _ => None,
    }
}

/// The same where the number may have been rounded: it has a decimal point, or a power of ten.
pub(super) fn rounded(node: &Node) -> Option<Rational> {
    let is_rounded = match &strip(node).kind {
        Kind::Number(text) => text.contains('.'),
        Kind::Sum(terms) => matches!(&terms[..], [(_, only)] if rounded(only).is_some()),
        Kind::Product(_) => true,
        _ => false,
    };
    tolerance(node).filter(|_| is_rounded)
}

/// The size of a factor after the digits: `10^{-3}`, `100`.
fn scale(factor: &Node) -> Option<Rational> {
    match &strip(factor).kind {
        Kind::Number(text) => parse_decimal(text).map(|value| abs(&value)),
        Kind::Script { base, sub: None, sup: Some(sup), primes: 0 } if is_ten(base) => power_of_ten(exponent(sup)?),
        _ => None,
    }
}

fn is_ten(node: &Node) -> bool {
    matches!(&strip(node).kind, Kind::Number(text) if text == "10")
}

fn exponent(node: &Node) -> Option<i64> {
    match &strip(node).kind {
        Kind::Number(text) => text.parse().ok(),
        Kind::Sum(terms) => match &terms[..] {
            [(Sign::Minus, only)] => exponent(only).map(|value| -value),
            [(Sign::Plus | Sign::None, only)] => exponent(only),
            _ => None,
        },
        _ => None,
    }
}

fn power_of_ten(exponent: i64) -> Option<Rational> {
    pow(&integer(10), exponent)
}
