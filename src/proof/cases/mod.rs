//! The checker of equalities: they are confirmed at the finitely many cases that decide all others.
//!
//! Both sides are evaluated from the definitions, derivatives included, in fields whose unknowns stand for all numbers
//! and all functions: at every way in which the letters of the claim may lie, up to the distances that are counted, and with
//! sizes that have room for all indices. Nothing here knows of algebra, of calculus or of the proof.
//!
//! **What is trusted.** That the evaluation in [`crate::numeric`] follows the definitions; that the cases decide; and a chance
//! of error that [`points`] states. How something was found is of no account: whatever changes a claim before it is looked at
//! (1 below) makes one that implies it. A case at which the sides differ refutes the proof; everything that is not covered
//! by a theorem is refused by its name.
//!
//! To be read in this order; in brackets the lines of each part:
//!
//! 1. What is looked at instead of the claim [1090]. [`hidden`]: members as givens, where all that they are made of is
//!    hidden behind them. [`indices`]: a change of letters. [`cofactors`]: assumptions that are equations, multiplied and
//!    added to the claim; [`assumed`]: or put in as values of givens, on every branch of their solutions ([`ways`]).
//! 2. The theorems, and the numbers in which an expression is measured: [`need`] [260]. What every node needs: [`survey`],
//!    and [`nodes`] where that takes more than a line [600].
//! 3. On the line of steps [1310]. Indices ([`places`], [`lines`]), members of families ([`families`]), derivatives of members
//!    by members ([`graph`], [`cones`], [`strips`]), conditions ([`conditions`]).
//! 4. Of sizes [1310]. Whether an index is a count ([`grips`], [`accidents`]), divisors ([`divisors`]), functions ([`laws`]),
//!    inverses ([`words`]), determinants ([`factors`]).
//! 5. The cases [630]. [`letters`]: the ways in which letters, sizes and indices lie. [`claim`]: all of them, within what
//!    they may take. [`points`]: one of them, at random points.
//!
//! To cover a node that is refused: its theorem in [`need`], its arm in [`survey`], and claims in `tests/suite/checker` that
//! are confirmed and that are refused.

mod accidents;
mod assumed;
mod claim;
mod cofactors;
mod conditions;
mod cones;
mod divisors;
mod factors;
mod families;
mod graph;
mod grips;
mod hidden;
mod indices;
mod laws;
mod letters;
mod lines;
mod need;
mod nodes;
mod places;
mod points;
mod strips;
mod survey;
mod ways;
mod words;

use std::fmt;

use crate::expr::{Arena, Expr};
use crate::model::Model;
use crate::proof::cases::claim::Claim;
use crate::proof::cases::graph::Method;
use crate::proof::cases::indices::with_plain_indices;
use crate::proof::cases::places::LETTERS;
use crate::proof::cases::points::Means;
use crate::proof::subject::{Subject, seed_of};

/// The cases at which an equality was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cases {
    /// How many there were.
    pub number: usize,
    /// Up to which distance letters were moved apart; 0 where there are none.
    pub distance: i64,
    /// The largest size.
    pub size: i64,
}

impl Cases {
    fn with(self, other: Cases) -> Cases {
        Cases {
            number: self.number + other.number,
            distance: self.distance.max(other.distance),
            size: self.size.max(other.size),
        }
    }
}

impl fmt::Display for Cases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cases { number, distance, size } = self;
        write!(f, "{number} {}", if *number == 1 { "case" } else { "cases" })?;
        if *distance > 0 {
            write!(f, ", letters up to {distance} apart")?;
        }
        if *size > 0 { write!(f, ", sizes up to {size}") } else { Ok(()) }
    }
}

/// How many cases are looked at.
const MAX_CASES: usize = 1_200;

/// Up to which distance letters are moved apart, and how large sizes may be.
const MAX_DISTANCE: i64 = 32;
const MAX_SIZE: i64 = 24;

/// How large where there are inverses, for which room for many indices is needed by few matrices.
const MAX_SIZE_OF_INVERSES: i64 = 32;

/// Confirms `left = right` wherever the subject's conditions hold, where needed after a change of letters.
pub(super) fn equality(
    arena: &mut Arena,
    model: &Model,
    subject: &Subject,
    left: Expr,
    right: Expr,
) -> Result<Cases, Refusal> {
    let conditions = [&subject.on_integers[..], &subject.premises].concat();
    let means = Means::new(seed_of(arena, model, &conditions, &[left, right]));
    match as_written(arena, model, subject, [left, right], &means) {
        Err(Refusal::Outside(LETTERS)) => {}
        answer => return answer,
    }
    match with_plain_indices(arena, model, subject, [left, right]) {
        Some((subject, sides)) => as_written(arena, model, &subject, sides, &means),
        None => Err(Refusal::Outside(LETTERS)),
    }
}

/// Confirms it, under the assumptions that are equations where it does not hold without them.
fn as_written(
    arena: &mut Arena,
    model: &Model,
    subject: &Subject,
    sides: [Expr; 2],
    means: &Means,
) -> Result<Cases, Refusal> {
    if let Some(shorter) = hidden::without_hidden(arena, model, &sides)
        && let Ok(cases) = Claim::new(arena, (&shorter, &shorter), subject, sides, means).for_all_givens()
    {
        return Ok(cases);
    }
    let refusal = match Claim::new(arena, (model, model), subject, sides, means).for_all_givens() {
        Ok(cases) => return Ok(cases),
        Err(refusal) => refusal,
    };
    if let Some(sides) = cofactors::less_laws(arena, model, &subject.premises, sides)
        && let Ok(cases) = Claim::new(arena, (model, model), subject, sides, means).for_all_givens()
    {
        return Ok(cases);
    }
    let branches = assumed::branches(arena, model, &subject.premises);
    if branches.iter().any(Vec::is_empty) {
        return Err(refusal);
    }
    let mut cases = Cases { number: 0, distance: 0, size: 0 };
    for branch in branches {
        let model = Model { values: branch, ..model.clone() };
        let confirmed = |model: &Model| {
            let surveyed = hidden::with_values(model);
            Claim::new(arena, (model, &surveyed), subject, sides, means).confirmed(Method::Moved)
        };
        let shorter = hidden::without_hidden(arena, &model, &sides);
        let own = match shorter.map(|shorter| confirmed(&shorter)) {
            Some(Ok(cases)) => Ok(cases),
            Some(Err(_)) | None => confirmed(&model),
        };
        cases = cases.with(own.map_err(|own| match own {
            Refusal::Differs(_) => refusal.clone(),
            own => own,
        })?);
    }
    Ok(cases)
}

/// Why the checker does not confirm a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It holds something of which the checker has no theorem.
    Outside(&'static str),
    /// It would take too many cases or too much work.
    TooLarge(&'static str),
    /// A side has no value in the field of the unknowns, or where a case demands one.
    NoValue,
    /// The sides differ at a case, in unknowns that no assumption binds.
    Differs(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Outside(what) => write!(f, "it has no theorem for {what}"),
            Refusal::TooLarge(why) => f.write_str(why),
            Refusal::NoValue => f.write_str("a side has no value at random points"),
            Refusal::Differs(case) if case.is_empty() => f.write_str("the sides differ without the assumptions"),
            Refusal::Differs(case) => write!(f, "the sides differ at {case} without the assumptions"),
        }
    }
}
