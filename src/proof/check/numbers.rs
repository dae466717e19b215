//! Enclosures of expressions of one letter, or of none, on intervals.

use std::collections::BTreeMap;

use crate::expr::{Arena, Elementary, Expr, Function, Node};
use crate::number::rational::to_i64;
use crate::number::{Interval, Rational};

/// The precision of the ends, in bits.
pub(crate) const BITS: u32 = 64;

/// An interval that holds the values of an expression where it is defined, with a letter on an interval; `None` where it
/// holds anything else that is no number.
pub(super) fn enclosure(arena: &Arena, expr: Expr, letter: Option<(Expr, &Interval)>) -> Option<Interval> {
    let mut known = BTreeMap::new();
    enclosure_of(arena, expr, letter, &mut known)
}

fn enclosure_of(
    arena: &Arena,
    expr: Expr,
    letter: Option<(Expr, &Interval)>,
    known: &mut BTreeMap<Expr, Interval>,
) -> Option<Interval> {
    if let Some(value) = known.get(&expr) {
        return Some(value.clone());
    }
    let value = match arena.node(expr) {
        _ if letter.is_some_and(|(own, _)| own == expr) => letter?.1.clone(),
        Node::Number(value) => Interval::point(value, BITS),
        Node::Pi => Interval::pi(BITS),
        Node::Sum(parts) => parts.iter().try_fold(Interval::integer(0, BITS), |sum, &part| {
            Some(&sum + &enclosure_of(arena, part, letter, known)?)
        })?,
        Node::Product(parts) => {
            let mut product = Interval::integer(1, BITS);
            for (place, &part) in parts.iter().enumerate() {
                // Equal factors stand for a power.
                if parts[..place].contains(&part) {
                    continue;
                }
                let times = parts.iter().filter(|&&other| other == part).count();
                let own = enclosure_of(arena, part, letter, known)?;
                product = &product * &own.powi(i64::try_from(times).ok()?)?;
            }
            product
        }
        Node::Power(base, exponent) => {
            let exponent = arena.as_number(*exponent)?.clone();
            power(&enclosure_of(arena, *base, letter, known)?, &exponent)?
        }
        Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => {
            let mut values = Vec::new();
            for &arg in args.iter() {
                values.push(enclosure_of(arena, arg, letter, known)?);
            }
            of_call_on(*f, &values)?
        }
        _ => return None,
    };
    known.insert(expr, value.clone());
    Some(value)
}

/// A power with an exponent that is a fraction, where it is defined.
pub(crate) fn power(base: &Interval, exponent: &Rational) -> Option<Interval> {
    if let Some(n) = to_i64(exponent) {
        if n >= 0 {
            return base.powi(n);
        }
        return Interval::integer(1, BITS).div_where_defined(&base.powi(-n)?);
    }
    let twice = exponent * Rational::from(2);
    if let Some(n) = to_i64(&twice) {
        let root = base.sqrt_where_defined()?;
        return if n >= 0 { root.powi(n) } else { Interval::integer(1, BITS).div_where_defined(&root.powi(-n)?) };
    }
    let logarithm = base.ln_where_defined()?;
    Some((&logarithm * &Interval::point(exponent, BITS)).exp())
}

/// A function on intervals, where it is defined.
pub(crate) fn of_call_on(function: Elementary, args: &[Interval]) -> Option<Interval> {
    match (function, args) {
        (Elementary::Log, [x]) => x.ln_where_defined(),
        (Elementary::Sign, [x]) if x.contains_zero() => Interval::between(&(-1).into(), &1.into(), BITS),
        _ => (function.row().enclosure)(args),
    }
}
