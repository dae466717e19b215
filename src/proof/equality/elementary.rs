//! Elementary functions written out by others, where their own laws do not suffice.

use crate::expr::{Arena, Elementary, Expr, Function, Node};
use crate::number::Rational;
use crate::proof::equality::algebra::Algebra;
use crate::proof::equality::{Ground, ROUNDS};
use crate::rewrite::Domain;

/// Angles of larger multiples are left as they are.
const MAX_MULTIPLE: i64 = 6;

impl Algebra<'_> {
    /// Sines and cosines of sums and of multiples written out by those of their parts.
    pub fn by_angles(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let written_out = self.forms.arena.rewrite(difference, &mut |arena, part| {
            let Node::Call { function: Function::Elementary(f), slots, args } = arena.node(part).clone() else {
                return None;
            };
            let is_angle = slots.is_empty() && matches!(f, Elementary::Sin | Elementary::Cos);
            let (sin, cos) = is_angle.then(|| angle(arena, args[0])).flatten()?;
            Some(if f == Elementary::Sin { sin } else { cos })
        });
        if written_out == difference {
            return None;
        }
        self.note("sums of angles", [(difference, written_out)]);
        self.vanishes(written_out, domain)
    }

    /// What is made of `1 + e^x` written by the sigmoid and the softplus, which know their reflections.
    pub fn by_sigmoids(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let mut written = difference;
        for _ in 0..ROUNDS {
            let next = self.forms.arena.rewrite(written, &mut gated);
            if next == written {
                break;
            }
            written = next;
        }
        if written == difference {
            return None;
        }
        self.note("exponentials", [(difference, written)]);
        self.vanishes(written, domain)
    }

    /// Quotients of exponentials written out, where their own laws do not suffice.
    pub fn by_exponentials(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let written_out = self.forms.arena.rewrite(difference, &mut |arena, part| {
            let (f, args) = arena.elementary(part)?;
            let (written, &[arg]) = (f.row().in_exponentials?, args) else { return None };
            Some(written(arena, arg))
        });
        if written_out == difference {
            return None;
        }
        self.note("exponentials", [(difference, written_out)]);
        self.vanishes(written_out, domain)
    }
}

/// `e^x / (1 + e^x) = σ(x)`, `1 / (1 + e^x) = σ(-x)`, `log(1 + e^x) = softplus(x)`, `log σ(x) = -softplus(-x)`,
/// `log(1 - σ(x)) = -softplus(x)` and `softplus(0) = log 2`.
fn gated(arena: &mut Arena, part: Expr) -> Option<Expr> {
    match arena.node(part).clone() {
        Node::Product(factors) => {
            let (place, argument, n) = factors.iter().enumerate().find_map(|(place, &factor)| {
                let (argument, n) = reciprocal_of_gate(arena, factor)?;
                factors.contains(&arena.apply(Elementary::Exp, argument)).then_some((place, argument, n))
            })?;
            let above = arena.apply(Elementary::Exp, argument);
            let mut rest: Vec<Expr> = factors.to_vec();
            rest.remove(place);
            rest.remove(rest.iter().position(|&factor| factor == above)?);
            rest.push(arena.apply(Elementary::Sigmoid, argument));
            rest.push(complement(arena, argument, n - 1));
            Some(arena.product(rest))
        }
        Node::Power(..) => {
            let (argument, n) = reciprocal_of_gate(arena, part)?;
            Some(complement(arena, argument, n))
        }
        Node::Call { function: Function::Elementary(Elementary::Log), slots, args } if slots.is_empty() => {
            log_of_gate(arena, args[0])
        }
        Node::Call { function: Function::Elementary(Elementary::Softplus), slots, args }
            if slots.is_empty() && arena.is_zero(args[0]) =>
        {
            let two = arena.integer(2);
            Some(arena.apply(Elementary::Log, two))
        }
        _ => None,
    }
}

/// `σ(-x)^n`.
fn complement(arena: &mut Arena, argument: Expr, n: i64) -> Expr {
    let opposite = arena.negate(argument);
    let gate = arena.apply(Elementary::Sigmoid, opposite);
    let exponent = arena.integer(n);
    arena.power(gate, exponent)
}

/// The x and n of `(1 + e^x)^{-n}`.
fn reciprocal_of_gate(arena: &mut Arena, expr: Expr) -> Option<(Expr, i64)> {
    let Node::Power(base, exponent) = *arena.node(expr) else { return None };
    let n = arena.as_integer(exponent).filter(|&n| n < 0)?;
    exponent_beside_one(arena, base).map(|argument| (argument, -n))
}

/// `log(1 + e^x)`, `log σ(x)` and `log(1 - σ(x))` by the softplus.
fn log_of_gate(arena: &mut Arena, of: Expr) -> Option<Expr> {
    if let Some(argument) = exponent_beside_one(arena, of) {
        return Some(arena.apply(Elementary::Softplus, argument));
    }
    let argument = match argument_of(arena, Elementary::Sigmoid, of) {
        Some(argument) => arena.negate(argument),
        None => {
            let other = beside_one(arena, of)?;
            let gate = arena.negate(other);
            argument_of(arena, Elementary::Sigmoid, gate)?
        }
    };
    let softplus = arena.apply(Elementary::Softplus, argument);
    Some(arena.negate(softplus))
}

/// The x of `1 + e^x`.
fn exponent_beside_one(arena: &Arena, expr: Expr) -> Option<Expr> {
    argument_of(arena, Elementary::Exp, beside_one(arena, expr)?)
}

/// What is added to 1.
fn beside_one(arena: &Arena, expr: Expr) -> Option<Expr> {
    let Node::Sum(terms) = arena.node(expr) else { return None };
    match terms[..] {
        [a, b] if arena.is_one(a) => Some(b),
        [a, b] if arena.is_one(b) => Some(a),
        _ => None,
    }
}

/// The argument of a call of this function.
fn argument_of(arena: &Arena, function: Elementary, expr: Expr) -> Option<Expr> {
    match arena.node(expr) {
        Node::Call { function: Function::Elementary(own), slots, args } if *own == function && slots.is_empty() => {
            Some(args[0])
        }
        _ => None,
    }
}

/// The sine and the cosine of a sum or of a multiple; `None` for another angle.
fn angle(arena: &mut Arena, argument: Expr) -> Option<(Expr, Expr)> {
    if let Some(turns) = quarter_turns(arena, argument) {
        let [sin, cos] = [turns, turns + 1].map(|at| [0, 1, 0, -1][at.rem_euclid(4) as usize]);
        return Some((arena.integer(sin), arena.integer(cos)));
    }
    let (first, rest) = match arena.node(argument).clone() {
        Node::Sum(parts) => (parts[0], arena.sum(parts[1..].to_vec())),
        Node::Product(factors) => {
            let multiple = factors.iter().find_map(|&factor| arena.as_integer(factor))?;
            if !(2..=MAX_MULTIPLE).contains(&multiple.abs()) {
                return None;
            }
            let mut times = |n: i64| {
                let share = arena.number(Rational::from(n) / Rational::from(multiple));
                arena.product([share, argument])
            };
            (times(multiple.signum()), times(multiple - multiple.signum()))
        }
        _ => return None,
    };
    let ((s, c), (t, d)) = (sine_and_cosine(arena, first), sine_and_cosine(arena, rest));
    let (sin_cos, cos_sin) = (arena.product([s, d]), arena.product([c, t]));
    let (cos_cos, sin_sin) = (arena.product([c, d]), arena.product([s, t]));
    Some((arena.sum([sin_cos, cos_sin]), arena.subtract(cos_cos, sin_sin)))
}

/// The n of `n π/2`.
fn quarter_turns(arena: &Arena, angle: Expr) -> Option<i64> {
    let (scale, of) = match arena.node(angle) {
        Node::Product(factors) => match factors[..] {
            [a, b] => (
                arena.as_number(a).or_else(|| arena.as_number(b))?.clone(),
                if arena.as_number(a).is_some() { b } else { a },
            ),
            _ => return None,
        },
        _ => (Rational::from(1), angle),
    };
    let turns = &scale * &Rational::from(2);
    (matches!(arena.node(of), Node::Pi) && turns.is_int()).then(|| i64::try_from(turns.floor()).ok()).flatten()
}

fn sine_and_cosine(arena: &mut Arena, argument: Expr) -> (Expr, Expr) {
    match angle(arena, argument) {
        Some(known) => known,
        None => (arena.apply(Elementary::Sin, argument), arena.apply(Elementary::Cos, argument)),
    }
}
