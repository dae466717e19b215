//! Elementary functions written out by others, where their own laws do not suffice.

use crate::expr::{Arena, Elementary, Expr, Function, Node};
use crate::number::Rational;
use crate::proof::equality::Ground;
use crate::proof::equality::algebra::Algebra;
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

    /// Sigmoid and tanh written out by exp, where their own laws do not suffice.
    pub fn by_exponentials(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let written_out = self.forms.arena.rewrite(difference, &mut |arena, part| {
            let Node::Call { function: Function::Elementary(f), slots, args } = arena.node(part).clone() else {
                return None;
            };
            if !slots.is_empty() || !matches!(f, Elementary::Sigmoid | Elementary::Tanh) {
                return None;
            }
            let scale = arena.integer(if f == Elementary::Sigmoid { -1 } else { -2 });
            let argument = arena.product([scale, args[0]]);
            let (one, e) = (arena.one(), arena.apply(Elementary::Exp, argument));
            let below = arena.sum([one, e]);
            let above = if f == Elementary::Sigmoid { one } else { arena.subtract(one, e) };
            Some(arena.divide(above, below))
        });
        if written_out == difference {
            return None;
        }
        self.note("exponentials", [(difference, written_out)]);
        self.vanishes(written_out, domain)
    }
}

/// The sine and the cosine of a sum or of a multiple; `None` for another angle.
fn angle(arena: &mut Arena, argument: Expr) -> Option<(Expr, Expr)> {
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

fn sine_and_cosine(arena: &mut Arena, argument: Expr) -> (Expr, Expr) {
    match angle(arena, argument) {
        Some(known) => known,
        None => (arena.apply(Elementary::Sin, argument), arena.apply(Elementary::Cos, argument)),
    }
}
