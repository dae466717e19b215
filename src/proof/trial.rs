//! One party alone: how the provers and the checkers are tested on what they must refuse. None of this is a verdict.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Prop};
use crate::lower::Statement;
use crate::model::Model;
use crate::proof::check::Objection;
use crate::proof::context::Context;
use crate::proof::decide::{Claim, prove, speechless};
use crate::proof::subject::Subject;
use crate::proof::{bounds, cases, equality, readings};

/// One relation in one reading.
struct Asked<'a> {
    model: &'a Model,
    structure: &'a Structure,
    prop: &'a Prop,
    statement: &'a Statement,
}

/// What is answered to the relations of a formula in the first reading in which all of them are answered.
fn in_some_reading<T>(
    arena: &mut Arena,
    model: &Model,
    claim: &Claim,
    answer: impl Fn(&mut Arena, Asked<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let structure = &Structure::new(arena, model);
    let props: Vec<Prop> = claim.statements.iter().map(|statement| statement.prop.clone()).collect();
    readings::readings(arena, model, structure, &props).into_iter().find_map(|read| {
        let asked = read.props.iter().zip(&claim.statements);
        asked.map(|(prop, statement)| answer(arena, Asked { model, structure, prop, statement })).collect()
    })
}

/// Whether the provers, without the refuter that stands guard over them, prove every relation of a formula in one reading.
pub fn provers_agree(arena: &mut Arena, model: &Model, claim: &Claim) -> bool {
    let proved = in_some_reading(arena, model, claim, |arena, Asked { model, structure, prop, statement }| {
        let conditions = readings::conditions(arena, model, statement);
        let fits = speechless(arena, model, structure, statement).is_none();
        let mut proves = |prop| prove(arena, model, structure, prop, &conditions).is_some();
        (fits && proves(prop) && !statement.unattained.as_ref().is_some_and(proves)).then_some(())
    });
    proved.is_some()
}

/// Whether the checker by cases confirms every relation of a formula in one reading.
pub fn checker_confirms(arena: &mut Arena, model: &Model, claim: &Claim) -> bool {
    let confirmed = in_some_reading(arena, model, claim, |arena, Asked { model, structure, prop, statement }| {
        let conditions = readings::conditions(arena, model, statement);
        let subject = Subject::new(arena, model, structure, prop, &conditions);
        let (left, right) = prop.sides(Comparison::Equal)?;
        speechless(arena, model, structure, statement).is_none().then_some(())?;
        cases::equality(arena, model, &subject, left, right).ok()
    });
    confirmed.is_some()
}

/// What the checker of evidence answers to the proofs of the relations of a formula, in a reading in which all of them are
/// proved; nothing for equalities, which another checker replays.
pub fn replays(arena: &mut Arena, model: &Model, claim: &Claim) -> Vec<Result<(), Objection>> {
    let answers = in_some_reading(arena, model, claim, |arena, Asked { model, structure, prop, statement }| {
        let conditions = readings::conditions(arena, model, statement);
        let context = Context::new(arena, model, structure, &conditions, &prop.subjects());
        if let Some((left, right)) = prop.sides(Comparison::Equal)
            && equality::prove(arena, model, structure, &context, left, right).is_some()
        {
            return Some(None);
        }
        bounds::find(arena, model, structure, &context, prop).map(|found| Some(found.replayed))
    });
    answers.unwrap_or_default().into_iter().flatten().collect()
}
