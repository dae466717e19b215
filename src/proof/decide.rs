//! The order in which things are tried.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId};
use crate::lower::Statement;
use crate::model::{FunctionBody, Model};
use crate::print::{Tree, latex};
use crate::proof::cases::Refusal;
use crate::proof::check::{self, Evidence, Reason};
use crate::proof::context::Context;
use crate::proof::equality::{Ground, Line};
use crate::proof::outcome::{Method, Outcome, Verdict};
use crate::proof::proportional::Crossed;
use crate::proof::readable::readable;
use crate::proof::readings::Read;
use crate::proof::refute::{Search, Side, Sizes, Sought};
use crate::proof::subject::Subject;
use crate::proof::values::{self, Valued};
use crate::proof::{
    Confirmation, Counterexample, absent, bounds, cases, conditions as listed_conditions, equality, finite, nonempty,
    powers, proportional, readings, refute, touching,
};
use crate::rewrite::Linear;

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
    in_best_reading(arena, model, claim, &mut |arena, structure, prop, statement| {
        decide_one(arena, Relation { model, structure, prop, statement, effort })
    })
}

/// What becomes of the relations of one formula, where nobody asks for more than the verdict: a counterexample is not
/// made small, and what is not proved is not searched for long.
pub(crate) fn glance(arena: &mut Arena, model: &Model, claim: &Claim, effort: Effort) -> Vec<Outcome> {
    in_best_reading(arena, model, claim, &mut |arena, structure, prop, statement| {
        glance_at_one(arena, Relation { model, structure, prop, statement, effort })
    })
}

/// The outcomes in the reading that speaks best for the formula.
fn in_best_reading(
    arena: &mut Arena,
    model: &Model,
    claim: &Claim,
    decide_one: &mut dyn FnMut(&mut Arena, &Structure, &Prop, &Statement) -> Outcome,
) -> Vec<Outcome> {
    let structure = Structure::new(arena, model);
    let props: Vec<Prop> = claim.statements.iter().map(|statement| statement.prop.clone()).collect();
    let mut best: Option<Vec<Outcome>> = None;
    for Read { reading, props, ambiguous } in readings::readings(arena, model, &structure, &props) {
        let mut outcomes: Vec<Outcome> = props
            .iter()
            .zip(&claim.statements)
            .map(|(prop, statement)| decide_one(arena, &structure, prop, statement))
            .collect();
        for outcome in &mut outcomes {
            (outcome.reading, outcome.ambiguous) = (reading, ambiguous.clone());
        }
        let all_proved = outcomes.iter().all(|outcome| outcome.verdict == Verdict::Proved);
        // It is refuted only where every reading is.
        let better = best.as_ref().is_none_or(|best| all_proved || (is_refuted(best) && !is_refuted(&outcomes)));
        if better {
            best = Some(outcomes);
        }
        if all_proved {
            break;
        }
    }
    best.unwrap_or_default()
}

fn is_refuted(outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|outcome| outcome.verdict == Verdict::Refuted)
}

/// One relation in one reading, with all that belongs to it.
#[derive(Clone, Copy)]
struct Relation<'a> {
    model: &'a Model,
    structure: &'a Structure,
    /// What it says in this reading.
    prop: &'a Prop,
    /// What it says as it was written.
    statement: &'a Statement,
    effort: Effort,
}

impl<'a> Relation<'a> {
    fn conditions(self, arena: &mut Arena) -> Vec<Prop> {
        readings::conditions(arena, self.model, self.statement)
    }

    fn sought(self, conditions: &'a [Prop]) -> Sought<'a> {
        let Relation { model, structure, prop, statement, effort } = self;
        Sought { model, structure, claim: prop, conditions, tolerance: statement.tolerance.as_ref(), effort }
    }

    /// A proof, unless there is a point at which the relation fails: that settles it.
    fn proof(self, arena: &mut Arena, conditions: &[Prop], search: &Search) -> Option<Outcome> {
        if search.counterexample.is_some() {
            return None;
        }
        prove(arena, self.model, self.structure, self.prop, conditions)
            .or_else(|| self.proof_for_every_function(arena, conditions))
    }

    /// A proof of an equality that asks nothing of the functions that are bound to smooth ones: it holds for `f = \sigma`,
    /// since it holds for every f.
    fn proof_for_every_function(self, arena: &mut Arena, conditions: &[Prop]) -> Option<Outcome> {
        self.prop.comparison().filter(|(how, ..)| *how == Comparison::Equal)?;
        let is_smooth = |body: &FunctionBody| match body {
            FunctionBody::Elementary(function) => function.is_smooth() && function.is_total(),
            FunctionBody::Expression { .. } => false,
        };
        if !self.model.functions.values().any(is_smooth) {
            return None;
        }
        let mut free = self.model.clone();
        free.functions.retain(|_, body| !is_smooth(body));
        prove(arena, &free, self.structure, self.prop, conditions)
    }
}

fn decide_one(arena: &mut Arena, relation: Relation<'_>) -> Outcome {
    if let Some(outcome) = by_values(arena, relation, decide_one) {
        return outcome;
    }
    let outcome = decide_as_written(arena, relation);
    if outcome.verdict != Verdict::Open {
        return outcome;
    }
    decide_by_bases(arena, relation)
        .or_else(|| decide_by_touching(arena, relation))
        .or_else(|| refute_by_values(arena, relation))
        .unwrap_or(outcome)
}

/// The statement with their values in the place of the limits and extreme values that it calculates with.
fn by_values(
    arena: &mut Arena,
    relation: Relation<'_>,
    decide: fn(&mut Arena, Relation<'_>) -> Outcome,
) -> Option<Outcome> {
    let Relation { model, structure, prop, statement, .. } = relation;
    let statement = Statement { prop: prop.clone(), ..statement.clone() };
    let Valued { model, statement, grounds, unattained } = values::valued(arena, model, structure, &statement)?;
    if !unattained.iter().all(|strict| fails_somewhere(arena, relation, strict)) {
        let detail = r"no number is known to attain a maximum or a minimum in it: write `\sup` or `\inf`".to_owned();
        return Some(Outcome { detail, ..Outcome::bare(Verdict::Open, Vec::new()) });
    }
    let structure = Structure::new(arena, &model);
    let valued =
        Relation { model: &model, structure: &structure, prop: &statement.prop, statement: &statement, ..relation };
    let outcome = decide(arena, valued);
    if outcome.verdict != Verdict::Proved {
        return Some(outcome);
    }
    grounds.into_iter().chain([outcome]).reduce(Outcome::with)
}

/// What is said of a limit or an extreme value is false where it is false of what that is: `\sup_x \sigma(x) < 1` says
/// `1 < 1`.
fn refute_by_values(arena: &mut Arena, relation: Relation<'_>) -> Option<Outcome> {
    let Relation { model, structure, prop, statement, .. } = relation;
    let statement = Statement { prop: prop.clone(), ..statement.clone() };
    let Valued { model, statement, unattained, .. } = values::valued_alone(arena, model, structure, &statement)?;
    if !unattained.is_empty() {
        return None;
    }
    let structure = Structure::new(arena, &model);
    let valued =
        Relation { model: &model, structure: &structure, prop: &statement.prop, statement: &statement, ..relation };
    let outcome = decide_as_written(arena, valued);
    (outcome.verdict == Verdict::Refuted).then_some(outcome)
}

/// Whether a counterexample is found to a statement, which stands under the same conditions as the relation.
fn fails_somewhere(arena: &mut Arena, relation: Relation<'_>, prop: &Prop) -> bool {
    let statement = Statement { prop: prop.clone(), unattained: None, reversed: false, ..relation.statement.clone() };
    decide_one(arena, Relation { prop, statement: &statement, ..relation }).verdict == Verdict::Refuted
}

/// The statement with what limits of powers say of their bases.
fn decide_by_bases(arena: &mut Arena, relation: Relation<'_>) -> Option<Outcome> {
    let Relation { model, structure, prop, statement, .. } = relation;
    let said = powers::said_of_bases(arena, model, structure, prop)?;
    let statement = Statement { prop: said.clone(), ..statement.clone() };
    let mut outcome = decide_as_written(arena, Relation { prop: &said, statement: &statement, ..relation });
    if outcome.verdict == Verdict::Refuted {
        outcome.detail = powers::WHERE_THEY_VANISH.to_owned();
    }
    Some(outcome)
}

/// A strict inequality is false where its sides are equal at some place.
fn decide_by_touching(arena: &mut Arena, relation: Relation<'_>) -> Option<Outcome> {
    let Relation { model, structure, prop, statement, .. } = relation;
    let places = touching::places(arena, model, structure, prop, &statement.conditions);
    places.into_iter().find_map(|place| {
        let (equality, conditions) = (&place.equality, place.conditions);
        let statement = Statement { prop: equality.clone(), conditions, unattained: None, ..statement.clone() };
        let met = decide_as_written(arena, Relation { prop: equality, statement: &statement, ..relation });
        (met.verdict == Verdict::Proved && met.conditions.is_empty()).then(|| Outcome {
            counterexample: Some(place.counterexample),
            detail: "both sides are equal there".to_owned(),
            ..Outcome::bare(Verdict::Refuted, vec![Method::Counterexample])
        })
    })
}

fn decide_as_written(arena: &mut Arena, relation: Relation<'_>) -> Outcome {
    let Relation { model, structure, prop, statement, .. } = relation;
    if let Some(outcome) = speechless(arena, model, structure, statement) {
        return outcome;
    }
    let conditions = relation.conditions(arena);
    if let Some(crossed) = proportional::crossed(arena, model, structure, prop, &conditions) {
        return decide_crossed(arena, relation, crossed);
    }
    let sought = relation.sought(&conditions);
    let mut search = refute::guard(arena, sought);
    let proof = relation.proof(arena, &conditions, &search);
    let lacks_witness = proof.is_some() && !search.witness;
    if (proof.is_none() || lacks_witness) && search.counterexample.is_none() && !search.is_over {
        search = refute::search(arena, sought);
    }
    let may_tell_more = search.held >= ENOUGH || search.turned_down;
    if proof.is_none() && search.counterexample.is_none() && may_tell_more && may_fail_elsewhere(prop) {
        search = refute::look_closer(arena, sought, search);
    }
    let unseen = std::mem::take(&mut search.unseen);
    let outcome = concluded(prop, proof, search);
    let outcome = if_seen(arena, relation, &conditions, &unseen, outcome);
    let outcome = if_finite(arena, relation, &conditions, outcome);
    let outcome = with_confirmation(arena, relation, &conditions, outcome);
    let mut outcome = if_attained(arena, relation, outcome);
    if outcome.verdict == Verdict::Proved {
        let divisors: Vec<Expr> = statement.divisors.iter().chain(&outcome.divisors).copied().collect();
        outcome.conditions = listed_conditions::listed(arena, model, (prop, &conditions), &divisors);
        outcome.conditions.extend(listed_conditions::narrowed(arena, model, structure, (prop, &conditions)));
        outcome.conditions.extend(nonempty::ranges(arena, model, structure, (prop, &conditions)));
    }
    if let Some(found) = outcome.counterexample.as_mut().filter(|_| statement.reversed) {
        std::mem::swap(&mut found.left, &mut found.right);
    }
    outcome
}

/// The outcome of samples, where they lie on both sides of every switch of the claim: it may hold on one of them alone.
/// `unseen` are the sides on which none lies, of which some may be empty.
fn if_seen(
    arena: &mut Arena,
    relation: Relation<'_>,
    conditions: &[Prop],
    unseen: &[Side],
    outcome: Outcome,
) -> Outcome {
    let Relation { model, structure, .. } = relation;
    if outcome.verdict != Verdict::Checked {
        return outcome;
    }
    let may_be_met = |side: &&Side| prove(arena, model, structure, &side.fails, conditions).is_none();
    let Some(side) = unseen.iter().find(may_be_met) else { return outcome };
    let switched = Tree::of_prop(arena, &side.holds, &[]).latex();
    let detail = format!("{}, but `{switched}` at none of them", outcome.detail);
    Outcome { detail, ..Outcome::bare(Verdict::Open, Vec::new()) }
}

/// What becomes of a proportionality: of the equality that it says, where its right side is not 0 everywhere.
fn decide_crossed(arena: &mut Arena, relation: Relation<'_>, crossed: Crossed) -> Outcome {
    let Crossed { prop, conditions, divisors, vanishing, beside } = crossed;
    let divisors = [&relation.statement.divisors[..], &divisors].concat();
    let statement = Statement { prop: prop.clone(), conditions, divisors, ..relation.statement.clone() };
    let outcome = decide_one(arena, Relation { prop: &prop, statement: &statement, ..relation });
    let holds = matches!(outcome.verdict, Verdict::Proved | Verdict::Checked);
    if holds && let Some(refuted) = beside.and_then(|beside| refuted_beside(arena, relation, &beside)) {
        return refuted;
    }
    if !holds || vanishing.is_none_or(|vanishing| fails_somewhere(arena, relation, &vanishing)) {
        return outcome;
    }
    let detail = r"no point was found at which the right side of `\propto` is not 0".to_owned();
    Outcome { detail, ..Outcome::bare(Verdict::Open, Vec::new()) }
}

/// The refutation of a proportionality by a point at which the right side vanishes and the left side does not.
fn refuted_beside(arena: &mut Arena, relation: Relation<'_>, beside: &Prop) -> Option<Outcome> {
    let statement = Statement { prop: beside.clone(), unattained: None, reversed: false, ..relation.statement.clone() };
    let outcome = decide_as_written(arena, Relation { prop: beside, statement: &statement, ..relation });
    let detail = "the right side is 0 there and the left side is not".to_owned();
    (outcome.verdict == Verdict::Refuted).then_some(Outcome { detail, ..outcome })
}

/// The outcome of a proof, where every limit and every extreme value that is calculated with is a number.
fn if_finite(arena: &mut Arena, relation: Relation<'_>, conditions: &[Prop], outcome: Outcome) -> Outcome {
    let Relation { model, structure, prop, .. } = relation;
    if outcome.verdict != Verdict::Proved {
        return outcome;
    }
    let Some(value) = finite::perhaps_infinite(arena, model, structure, prop, conditions) else { return outcome };
    let detail = format!("`{}` may be infinite, and is calculated with", latex(arena, value));
    Outcome { detail, ..Outcome::bare(Verdict::Open, Vec::new()) }
}

/// The outcome of a proof, where a maximum or a minimum in it is attained: where some number is found that is no
/// counterexample to the supremum, but one to all numbers lying below it.
fn if_attained(arena: &mut Arena, relation: Relation<'_>, outcome: Outcome) -> Outcome {
    let Some(strict) = &relation.statement.unattained else { return outcome };
    if outcome.verdict != Verdict::Proved {
        return outcome;
    }
    let statement = Statement { prop: strict.clone(), unattained: None, reversed: false, ..relation.statement.clone() };
    let below = decide_one(arena, Relation { prop: strict, statement: &statement, ..relation });
    if below.verdict == Verdict::Refuted {
        return outcome;
    }
    if below.verdict != Verdict::Proved {
        let detail = r"this is the `\sup` or `\inf`, but no number is known to attain it".to_owned();
        return Outcome { detail, ..Outcome::bare(Verdict::Open, Vec::new()) };
    }
    let Prop::Compare(_, left, right) = *relation.prop else { return outcome };
    let side = |expr: Expr| match arena.node(expr) {
        Node::Extremum { range: None, .. } => "attained nowhere".to_owned(),
        _ => latex(arena, expr),
    };
    let counterexample = Some(Counterexample { assignment: Vec::new(), left: side(left), right: side(right) });
    let detail = r"no number attains this: write `\sup` or `\inf`".to_owned();
    Outcome { counterexample, detail, ..Outcome::bare(Verdict::Refuted, below.method) }
}

/// The outcome of a proof with what the checker says of it. A proof that the checker contradicts is none.
fn with_confirmation(arena: &mut Arena, relation: Relation<'_>, conditions: &[Prop], outcome: Outcome) -> Outcome {
    let Relation { model, structure, prop, .. } = relation;
    let Prop::Compare(Comparison::Equal, left, right) = *prop else { return outcome };
    if outcome.verdict != Verdict::Proved {
        return outcome;
    }
    let subject = Subject::new(arena, model, structure, prop, conditions);
    match cases::equality(arena, model, &subject, left, right) {
        Ok(cases) => Outcome { confirmation: Some(Confirmation::Confirmed(cases.to_string())), ..outcome },
        Err(Refusal::Differs(case)) if subject.premises.is_empty() => {
            let mut open = Outcome::bare(Verdict::Open, Vec::new());
            open.detail = format!("a proof was found, but the checker finds that the sides differ at {case}");
            open
        }
        Err(_) if matches!(outcome.confirmation, Some(Confirmation::Confirmed(_))) => outcome,
        // A replay would look at the same cases.
        Err(refusal @ Refusal::TooLarge(_)) if subject.premises.is_empty() => {
            let confirmation = outcome.confirmation.or(Some(Confirmation::Unconfirmed(refusal.to_string())));
            Outcome { confirmation, ..outcome }
        }
        Err(refusal) => {
            let identity = Evidence::leaf(prop.clone(), Reason::Identity);
            let answer = match check::replay(arena, model, conditions, prop, &identity) {
                Ok(()) => Some(Confirmation::Confirmed("1 inference".to_owned())),
                // What the replay of the evidence lacks, where there is some.
                Err(_) => outcome.confirmation.or(Some(Confirmation::Unconfirmed(refusal.to_string()))),
            };
            Outcome { confirmation: answer, ..outcome }
        }
    }
}

fn glance_at_one(arena: &mut Arena, relation: Relation<'_>) -> Outcome {
    if let Some(outcome) = by_values(arena, relation, glance_at_one) {
        return outcome;
    }
    let Relation { model, structure, prop, statement, .. } = relation;
    if let Some(outcome) = speechless(arena, model, structure, statement) {
        return outcome;
    }
    let conditions = relation.conditions(arena);
    let search = refute::glance(arena, relation.sought(&conditions));
    let proof = relation.proof(arena, &conditions, &search);
    let outcome = concluded(prop, proof, search);
    if_finite(arena, relation, &conditions, outcome)
}

/// How many samples must have held before a claim is called checked.
const ENOUGH: usize = 5;

/// Whether a claim may be called checked: it would fail almost everywhere if it were false.
fn is_like_equality(prop: &Prop) -> bool {
    let is_equality = |how| matches!(how, Comparison::Equal | Comparison::Approximately);
    matches!(prop, Prop::Proportional { .. }) || prop.comparison().is_some_and(|(how, ..)| is_equality(how))
}

/// Whether it is worth looking at a claim in places that the search leaves out.
fn may_fail_elsewhere(prop: &Prop) -> bool {
    is_like_equality(prop) || prop.comparison().is_some()
}

/// What a counterexample to a statement shows, where its sides alone do not say it.
fn what_fails(prop: &Prop) -> &'static str {
    match prop {
        Prop::Implies(..) => "the premise holds there and the conclusion fails; the sides are those of the conclusion",
        Prop::Iff(..) => "one of the two statements holds there and the other does not",
        Prop::Compare(..)
        | Prop::Integer(_)
        | Prop::And(_)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => "",
    }
}

/// The verdict from what the provers and the refuter found, each on its own.
fn concluded(prop: &Prop, proof: Option<Outcome>, search: Search) -> Outcome {
    if let Some(counterexample) = search.counterexample {
        let mut outcome = Outcome::bare(Verdict::Refuted, vec![Method::Counterexample]);
        outcome.counterexample = Some(counterexample);
        outcome.points = search.points;
        outcome.detail = what_fails(prop).to_owned();
        return outcome;
    }
    if let Some(outcome) = proof {
        if search.witness {
            return outcome;
        }
        let mut open = Outcome::bare(Verdict::Open, Vec::new());
        open.detail = "no point was found at which the givens and the conditions hold".to_owned();
        return open;
    }
    if is_like_equality(prop) && search.held >= ENOUGH && !search.blind {
        let mut outcome = Outcome::bare(Verdict::Checked, vec![Method::Sample]);
        outcome.detail = format!("held at {} points{}", search.held, if search.exact { ", exactly" } else { "" });
        return outcome;
    }
    let mut open = Outcome::bare(Verdict::Open, Vec::new());
    open.detail = match search.held {
        0 => "neither proved nor refuted, and no sample could be decided".to_owned(),
        held if search.only_affine => {
            format!(
                "neither proved nor refuted; held at {held} points, but only affine functions were found that meet the assumptions"
            )
        }
        held if search.only_alike => {
            format!(
                "neither proved nor refuted; held at {held} points, but the functions agree there also where nothing says that they do"
            )
        }
        held => format!("neither proved nor refuted; held at {held} points"),
    };
    open
}

pub(super) fn prove(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    prop: &Prop,
    conditions: &[Prop],
) -> Option<Outcome> {
    let context = Context::new(arena, model, structure, conditions, &prop.subjects());
    // What speaks of nothing is not proved.
    if context.domain.is_empty() || !bounds::limits_exist(arena, model, structure, &context, prop) {
        return None;
    }
    if let Prop::Compare(Comparison::Equal, left, right) = prop
        && let Some(ground) = equality::prove(arena, model, structure, &context, *left, *right)
    {
        return Some(of_equality(arena, ground));
    }
    let by_bounds = bounds::prove(arena, model, structure, &context, prop).map(|proof| proof.outcome(arena));
    by_bounds.or_else(|| prove_parts(arena, model, structure, prop, conditions))
}

/// Each part of a statement on its own, a conclusion with its premise among the conditions.
fn prove_parts(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    prop: &Prop,
    conditions: &[Prop],
) -> Option<Outcome> {
    let mut prove_if = |premise: &Prop, conclusion: &Prop| {
        if let Some((conclusion, range)) =
            for_any(arena, conclusion, &[conditions, std::slice::from_ref(premise)].concat())
        {
            let conditions = [conditions, &range[..]].concat();
            let follows = Prop::Implies(Box::new(premise.clone()), Box::new(conclusion));
            return prove(arena, model, structure, &follows, &conditions);
        }
        let conditions = [conditions, std::slice::from_ref(premise)].concat();
        prove(arena, model, structure, conclusion, &conditions)
    };
    match prop {
        Prop::Implies(premise, conclusion) => prove_if(premise, conclusion),
        Prop::Iff(one, other) => {
            let (forth, back) = (prove_if(one, other)?, prove_if(other, one)?);
            Some(forth.with(back))
        }
        Prop::And(parts) => {
            let proofs: Option<Vec<Outcome>> =
                parts.iter().map(|part| prove(arena, model, structure, part, conditions)).collect();
            proofs?.into_iter().reduce(Outcome::with)
        }
        Prop::Compare(..)
        | Prop::Integer(_)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => None,
    }
}

/// What a statement says of any one value of its letters, of which `apart` says nothing, and the range of these.
fn for_any(arena: &mut Arena, prop: &Prop, apart: &[Prop]) -> Option<(Prop, Vec<Prop>)> {
    let Prop::ForAll(letters, inner) = prop else { return None };
    if speak_of(arena, apart, letters) {
        return None;
    }
    Some(match &**inner {
        Prop::Implies(range, said) => ((**said).clone(), vec![(**range).clone()]),
        said => (said.clone(), Vec::new()),
    })
}

/// Whether statements hold one of some letters.
fn speak_of(arena: &mut Arena, props: &[Prop], letters: &[SymbolId]) -> bool {
    let letters: Vec<Expr> = letters.iter().map(|&letter| arena.symbol(letter)).collect();
    let parts = props.iter().flat_map(Prop::expressions);
    parts.into_iter().any(|part| letters.iter().any(|&letter| arena.contains(part, letter)))
}

/// A proof of an equality as an outcome.
fn of_equality(arena: &mut Arena, ground: Ground) -> Outcome {
    let mut method = if ground.induction { vec![Method::Induction] } else { Vec::new() };
    method.push(if ground.identity.is_some() { Method::RandomIdentity } else { Method::NormalForm });
    let mut outcome = Outcome::bare(Verdict::Proved, method);
    outcome.detail = ground.identity.unwrap_or_default();
    outcome.divisors = ground.conditions;
    outcome.steps =
        ground.lines.into_iter().filter_map(|line| Some((line.rule.to_owned(), written(arena, line)?))).collect();
    outcome
}

/// Lines with more nodes than this are left out: nobody would read them.
const LONGEST_LINE: usize = 200;

/// A line of a proof as LaTeX, where it is short enough.
fn written(arena: &mut Arena, Line { left, right, .. }: Line) -> Option<String> {
    if arena.written_size(left).saturating_add(arena.written_size(right)) > LONGEST_LINE {
        return None;
    }
    let sides = readable(arena, &[left, right]);
    Some(format!("{} = {}", latex(arena, sides[0]), latex(arena, sides[1])))
}

/// The outcome of a statement that says nothing, whatever its sides would say: its shapes do not fit for all sizes, or a
/// member in it does not exist.
pub(super) fn speechless(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    statement: &Statement,
) -> Option<Outcome> {
    misfit(arena, model, structure, statement).or_else(|| absent::absent(arena, model, structure, statement))
}

/// Different values of two sizes that may have any.
fn any_two(arena: &Arena, a: Expr, b: Expr) -> (String, String) {
    let number = |expr: Expr, free: &str| arena.as_number(expr).map_or(free.to_owned(), ToString::to_string);
    let value = number(a, if arena.as_integer(b) == Some(1) { "2" } else { "1" });
    let other = number(b, if value == "2" { "1" } else { "2" });
    (value, other)
}

/// Whether the shapes of a statement fit for all sizes.
pub(super) fn fits(arena: &mut Arena, model: &Model, structure: &Structure, statement: &Statement) -> bool {
    misfit(arena, model, structure, statement).is_none()
}

/// A counterexample of sizes alone, where the shapes fit for some sizes only.
fn misfit(arena: &mut Arena, model: &Model, structure: &Structure, statement: &Statement) -> Option<Outcome> {
    let context = Context::new(arena, model, structure, &statement.conditions, &statement.prop.expressions());
    for &(a, b) in &statement.sizes {
        // Members of a family of sizes are the same where the conditions make their indices so.
        let (a, b) = (arena.substitute(a, &context.fixed), arena.substitute(b, &context.fixed));
        let forms = Linear::read(arena, a).zip(Linear::read(arena, b));
        if forms.is_some_and(|(a, b)| context.domain.implies_zero(&a.minus(&b))) {
            continue;
        }
        // An index that a sum or a product binds is marked as such in its name.
        let [left, right] = [a, b].map(|size| latex(arena, size).replace('\u{b7}', ""));
        let subject = Subject::new(arena, model, structure, &statement.prop, &statement.conditions);
        let (value, other) = match refute::sizes(arena, model, &subject, [a, b]) {
            Sizes::Apart(value, other) => (value.to_string(), other.to_string()),
            Sizes::Alike => continue,
            Sizes::Free => any_two(arena, a, b),
        };
        let assignment = [(a, left, value.clone()), (b, right, other.clone())]
            .into_iter()
            .filter(|(expr, ..)| arena.as_number(*expr).is_none())
            .map(|(_, name, value)| (name, value))
            .collect();
        let mut outcome = Outcome::bare(Verdict::Refuted, vec![Method::Counterexample]);
        outcome.counterexample =
            Some(Counterexample { assignment, left: format!("size {value}"), right: format!("size {other}") });
        let is_one = [a, b].into_iter().any(|size| arena.as_integer(size) == Some(1));
        let turned = if is_one { r": a row is a column where it has one entry, and `^\top` turns it" } else { "" };
        outcome.detail = format!("the shapes fit for some sizes only{turned}");
        return Some(outcome);
    }
    None
}
