//! From a claim to its verdict, with evidence.
//!
//! [`decide`] takes the relations of one formula. Each kind of proof is one file that finds evidence and says what it
//! rests on; the refuter looks for a counterexample independently, by evaluating the definitions themselves. No
//! verdict `proved` stands where a sample contradicts it, nor where a checker does: `check` replays the evidence for
//! statements of order, `cases` confirms equalities from the definitions. Under premises `cases` does not contradict, for
//! it may know too little of what they imply; what it cannot confirm says so in its outcome.

mod absent;
mod bounds;
mod cases;
mod check;
mod conditions;
mod context;
mod decide;
mod equality;
mod equations;
mod finite;
mod laws_of_functions;
mod nonempty;
mod outcome;
mod powers;
mod proportional;
mod reached;
mod readable;
mod readings;
mod reals;
mod refute;
mod repair;
mod subject;
mod tally;
mod tensor_limits;
mod throughout;
mod touching;
mod trial;
mod values;

pub use check::Objection;
pub use context::Context;
pub(crate) use decide::glance;
pub use decide::{Claim, Effort, decide};
pub use outcome::{Confirmation, Counterexample, Kind, Method, Outcome, Reading, Verdict};
pub use repair::{Refuted, Repair, repair};
pub use tally::Tally;
pub use trial::{checker_confirms, provers_agree, replays};

/// What a law of the checker's table says, in the notation of that table: its premises and its conclusion.
pub fn law(name: &str) -> Option<(&'static str, &'static str)> {
    check::Law::named(name).map(|law| (law.premises, law.conclusion))
}
