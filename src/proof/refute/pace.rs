//! How long a search for a counterexample goes on, and with how much care.

use crate::expr::{Comparison, Prop};
use crate::proof::refute::truth::{BITS, FIRST_BITS};

/// How long a search goes on while nothing fails.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// At how many points the claim is decided with care, before floats are asked first.
    pub careful: usize,
    /// How many points are enough when they are costly.
    pub few: usize,
    /// How many points a cheap claim is tried at.
    pub many: usize,
    /// At how many floats look in vain for something that speaks against it.
    pub quiet: usize,
    /// The precision at which enclosures decide in the end.
    pub bits: u32,
    /// Whether points at which an inequality nearly fails are followed to one at which it does.
    pub climbs: bool,
    /// Whether a point that fails is made small and round.
    pub shrinks: bool,
}

/// Before a proof is sought: what looks right is left to the provers.
pub(super) const GUARD: Pace =
    Pace { careful: 3, few: 3, many: 24, quiet: 24, bits: FIRST_BITS, climbs: false, shrinks: true };

/// Where only the verdict counts.
pub(super) const GLANCE: Pace =
    Pace { careful: 5, few: 5, many: 24, quiet: 24, bits: FIRST_BITS, climbs: false, shrinks: false };

/// Where no proof was found.
pub(super) const USUAL: Pace =
    Pace { careful: 8, few: 8, many: 24, quiet: MAX_VAIN, bits: BITS, climbs: true, shrinks: true };

/// An order or an implication fails in a part of the space, and is never called checked.
const ORDER: Pace = Pace { careful: 8, few: 24, many: 72, quiet: MAX_VAIN, bits: BITS, climbs: true, shrinks: true };

/// Limits are enclosed, at great cost.
pub(super) const LIMIT: Pace =
    Pace { careful: 8, few: 0, many: 96, quiet: MAX_VAIN, bits: BITS, climbs: false, shrinks: true };

/// How many points are drawn in vain before the search ends, at most.
pub(super) const MAX_VAIN: usize = 60;

/// The pace of a claim without limits.
pub(super) fn pace_of(claim: &Prop) -> Pace {
    let is_of_parts = match claim {
        Prop::Compare(how, ..) => matches!(how, Comparison::Less | Comparison::LessEqual),
        Prop::Implies(..) | Prop::Iff(..) => true,
        Prop::Integer(_) | Prop::And(_) | Prop::Or(_) | Prop::Not(_) | Prop::ForAll(..) | Prop::Proportional { .. } => {
            false
        }
    };
    if is_of_parts { ORDER } else { USUAL }
}
