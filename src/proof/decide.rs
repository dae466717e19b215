//! The order in which things are tried.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Prop};
use crate::lower::Statement;
use crate::model::Model;
use crate::proof::context::Context;
use crate::proof::outcome::{Method, Outcome, Verdict};
use crate::proof::{Reading, bounds, equality, readings};

/// How much work may be done, in steps; and the seed of all chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Steps, never seconds.
    pub steps: u64,
    /// The seed.
    pub seed: u64,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { steps: 1_000_000, seed: 1 }
    }
}

/// The relations of one formula, decided together because one reading serves them all.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The relations in order.
    pub statements: Vec<Statement>,
}

/// Decides the relations of one formula: one outcome each, in order.
pub fn decide(arena: &mut Arena, model: &Model, claim: &Claim, effort: Effort) -> Vec<Outcome> {
    let structure = Structure::new(arena, model);
    let props: Vec<Prop> = claim.statements.iter().map(|statement| statement.prop.clone()).collect();
    let mut best: Option<(Option<Reading>, Vec<Outcome>)> = None;
    for (reading, read) in readings::readings(arena, model, &props) {
        let outcomes: Vec<Outcome> = read
            .iter()
            .zip(&claim.statements)
            .map(|(prop, statement)| decide_one(arena, model, &structure, prop, statement, effort))
            .collect();
        let all_proved = outcomes.iter().all(|outcome| outcome.verdict == Verdict::Proved);
        let better = best.is_none() || all_proved;
        if better {
            best = Some((reading, outcomes));
        }
        if all_proved {
            break;
        }
    }
    let (reading, mut outcomes) = best.unwrap_or_default();
    outcomes.iter_mut().for_each(|outcome| outcome.reading = reading);
    outcomes
}

fn decide_one(arena: &mut Arena, model: &Model, structure: &Structure, prop: &Prop, statement: &Statement, _effort: Effort) -> Outcome {
    let exprs: Vec<Expr> = prop.expressions();
    let conditions: Vec<Prop> = statement.conditions.iter().map(|prop| readings::total(arena, prop)).collect();
    let context = Context::new(arena, model, structure, &conditions, &exprs);
    if let Prop::Compare(Comparison::Equal, left, right) = prop
        && let Some(ground) = equality::prove(arena, model, structure, &context, *left, *right)
    {
        let method = if ground.induction { vec![Method::Induction, Method::NormalForm] } else { vec![Method::NormalForm] };
        let mut outcome = Outcome::bare(Verdict::Proved, method);
        outcome.conditions = ground.conditions.iter().map(|&expr| format!("{} \\ne 0", crate::print::latex(arena, expr))).collect();
        return outcome;
    }
    if let Some(proof) = bounds::prove(arena, model, structure, &context, prop) {
        return proof.outcome(arena);
    }
    Outcome::bare(Verdict::Open, Vec::new())
}
