//! Order, bounds, limits, extreme values and logic: what is proved of inequalities and of statements made of them.
//!
//! [`prove`] takes a statement apart ([`logic`]) until relations are left. Norms are bounded by those of their parts
//! ([`norms`], [`jacobian`]) before anything is opened into entries; limits go to [`limit`], extreme values to
//! [`extremum`]. A relation of order ([`order`]) is decided by the first that succeeds of: exact polynomials over bounded
//! unknowns ([`reading`], [`positivity`]), functions of one unknown by tails, enclosures and slopes ([`single`], [`far`]),
//! bounds by structure ([`bounding`], [`peaks`]), rules that lead to other relations ([`rules`], [`sums`], [`tangents`]), induction
//! ([`inductive`]). Everything here proves or is silent; nothing refutes.
//!
//! Whoever proves leaves evidence ([`evidence`]), which the checker replays before the proof is accepted; a step that leaves
//! none is named in it as one that nothing replays. Readers are told the same evidence, line by line ([`told`]).
//!
//! To add a rule: a method of `Prover` that takes an [`rules::Asked`], and its name in the list of `by_rules`; its row in
//! `render/rules.rs`; the evidence that it leaves; its sections in `tests/suite/bounds`, the false neighbour beside the true claim.

mod bounding;
mod clearing;
mod convex;
mod corners;
mod counting;
mod evidence;
mod exact;
mod exponents;
mod expressed;
mod extreme;
mod extremum;
mod factors;
mod far;
mod gates;
mod inductive;
mod jacobian;
mod known;
mod limit;
mod linear;
mod lipschitz;
mod logic;
mod maps;
mod normed;
mod norms;
mod order;
mod peaks;
mod positivity;
mod ratio;
mod reading;
mod rules;
mod sequence;
mod single;
mod sizes;
mod solved;
mod sums;
mod tangents;
mod told;
mod totals;
mod values;

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Node, Prop, SymbolKind};
use crate::model::Model;
pub(super) use crate::proof::bounds::exact::with_known_values;
use crate::proof::bounds::known::Known;
pub(super) use crate::proof::bounds::limit::Found;
use crate::proof::bounds::peaks::Peak;
use crate::proof::bounds::positivity::Refused;
use crate::proof::check::{Evidence, Objection, replay};
use crate::proof::context::Context;
use crate::proof::equations::{self, Branch};
use crate::proof::outcome::{Confirmation, Method, Outcome, Verdict};
use crate::rewrite::{Normalizer, Positive};

/// A proof of a statement that is more than an equality.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Proof {
    /// What was used.
    pub method: Vec<Method>,
    /// Expressions that must not be 0.
    pub conditions: Vec<Expr>,
    /// In words.
    pub detail: String,
    /// What the checker replays.
    pub evidence: Evidence,
    /// What the checker answered.
    pub replayed: Result<(), Objection>,
}

impl Proof {
    /// Whether the checker contradicts it, so that it is no proof.
    pub(super) fn is_refused(&self) -> bool {
        matches!(self.replayed, Err(Objection::Wrong(_)))
    }

    /// The proof as an outcome.
    pub(super) fn outcome(self, arena: &mut Arena) -> Outcome {
        let mut outcome = Outcome::bare(Verdict::Proved, self.method);
        outcome.divisors = self.conditions;
        outcome.steps = told::lines(arena, &self.evidence);
        outcome.confirmation = Some(match self.replayed {
            Ok(()) => Confirmation::Confirmed(match self.evidence.n_inferences() {
                1 => "1 inference".to_owned(),
                n => format!("{n} inferences"),
            }),
            Err(objection) => Confirmation::Unconfirmed(objection.to_string()),
        });
        outcome.detail = self.detail;
        outcome
    }
}

/// Proves a statement on the ground of `context`, or does not. What the checker contradicts is no proof.
pub(super) fn prove(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    prop: &Prop,
) -> Option<Proof> {
    find(arena, model, structure, context, prop).filter(|proof| !proof.is_refused())
}

/// A proof as the finders have it, with what the checker answers to it.
pub(super) fn find(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    prop: &Prop,
) -> Option<Proof> {
    if holds_huge_number(arena, prop) {
        return None;
    }
    let mut prover = Prover::new(arena, model, structure, context);
    let known = Known::new(&mut prover, context);
    if known.is_absurd(prover.arena) || !prover.statement(prop, &known) {
        return None;
    }
    let mut conditions = Vec::new();
    for condition in std::mem::take(&mut prover.conditions) {
        if !conditions.contains(&condition) && prover.arena.as_number(condition).is_none() {
            conditions.push(condition);
        }
    }
    let evidence = prover.evidence_for(prop);
    let signs = prover.open_signs(prop, &known);
    conditions.extend(signs.into_iter().filter(|sign| !conditions.contains(sign)).collect::<Vec<_>>());
    let method = prover.methods.into_iter().collect();
    let replayed = replay(arena, model, &context.conditions, prop, &evidence);
    Some(Proof { method, conditions, detail: String::new(), evidence, replayed })
}

/// Numbers with more bits than this are not worked with: what isolates a root takes time with each.
const MAX_BITS: usize = 4_096;

fn holds_huge_number(arena: &Arena, prop: &Prop) -> bool {
    arena
        .reachable(&prop.expressions())
        .into_iter()
        .any(|part| arena.as_number(part).is_some_and(|value| crate::number::rational::height(value) > MAX_BITS))
}

/// The limit that an expression is, where a rule finds it and it holds no givens.
pub(super) fn limit(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    expr: Expr,
) -> Option<Found> {
    let mut prover = Prover::new(arena, model, structure, context);
    let known = Known::new(&mut prover, context);
    let expr = prover.resolved(expr)?;
    prover.limit_of(expr, &known)
}

/// The limit that an expression is, in terms of the givens, where a rule finds it.
pub(super) fn limit_value(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    limit: Expr,
) -> Option<Expr> {
    let mut prover = Prover::new(arena, model, structure, context);
    let known = Known::new(&mut prover, context);
    let limit = prover.resolved(limit)?;
    match prover.limit_of(limit, &known) {
        Some(Found::Number(_, Some(exact))) => Some(prover.arena.number(exact)),
        Some(Found::Infinite { .. } | Found::Unbounded | Found::Nowhere) => None,
        Some(Found::Number(_, None)) | None => {
            prover.value_of_sequence(limit, &known).or_else(|| prover.value_of_function(limit, &known))
        }
    }
}

/// An expression with the states in it that solve their recurrence, far out along a letter; `None` where that asks that
/// something is not 0.
pub(super) fn states_solved(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    expr: Expr,
    letter: Expr,
) -> Option<Expr> {
    let context = Context::new(arena, model, structure, &[], &[]);
    let mut prover = Prover::new(arena, model, structure, &context);
    let known = Known::new(&mut prover, &context);
    let known = prover.far_out(letter, true, &known);
    prover.conditions.clear();
    let solved = prover.states_solved(expr, &known);
    prover.conditions.is_empty().then_some(solved)
}

/// Whether every limit in a comparison is known to exist: one that does not is not even equal to itself. Where a limit is
/// compared with what holds none, what proves it says that it exists.
pub(super) fn limits_exist(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    prop: &Prop,
) -> bool {
    let Prop::Compare(_, left, right) = *prop else { return true };
    let is_limit = |arena: &Arena, part: &Expr| matches!(arena.node(*part), Node::Limit { .. });
    let sides = [left, right].map(|side| {
        let parts = arena.reachable(&[side]).into_iter();
        parts.filter(|part| is_limit(arena, part)).collect::<Vec<_>>()
    });
    match [&sides[0][..], &sides[1][..]] {
        [&[limit], []] if limit == left => true,
        [[], &[limit]] if limit == right => true,
        [own, others] => own.iter().chain(others).all(|&part| {
            let found = limit(arena, model, structure, context, part);
            matches!(found, Some(Found::Number(..) | Found::Infinite { .. }))
        }),
    }
}

/// How many questions one statement may lead to.
const STEPS: usize = 600;

/// How many of them are few.
const FEW_STEPS: usize = 60;

/// How often a search may begin with all of them again.
const REFILLS: usize = 4;

/// How many terms a sum-product form may have here.
const MAX_TERMS: usize = 120;

/// How many terms may be worked on for one form, and how many of them are as much work as one question.
const FORM_STEPS: usize = 1500;
const FORM_STEPS_PER_QUESTION: usize = 75;

/// On how many parts of the line functions may be enclosed.
const PARTS: usize = 2000;

/// One search for a proof.
struct Prover<'a> {
    arena: &'a mut Arena,
    model: &'a Model,
    structure: &'a Structure,
    steps: usize,
    refills: usize,
    parts: usize,
    letters: usize,
    positive: Positive,
    /// The ways to satisfy the equations among the conditions, and the one that is looked at.
    branches: Vec<Branch>,
    branch: Branch,
    methods: BTreeSet<Method>,
    conditions: Vec<Expr>,
    /// Whether bounds by structure leave evidence.
    explains: bool,
    /// Whether a sum that is known stands beside a side of what is asked, so that no other one is put there.
    has_total_beside: bool,
    /// The peaks of functions that were asked for.
    peaks: Vec<Peak>,
    /// Questions about polynomials that were not answered.
    refused: Refused,
    /// What was proved, in the order in which it was; the premises of a step become part of it.
    evidence: Vec<Evidence>,
}

impl<'a> Prover<'a> {
    fn new(arena: &'a mut Arena, model: &'a Model, structure: &'a Structure, context: &Context) -> Prover<'a> {
        let positive = crate::proof::equality::positive(arena, context);
        let branches = equations::branches(arena, model, structure, context);
        Prover {
            arena,
            model,
            structure,
            steps: STEPS,
            refills: REFILLS,
            parts: PARTS,
            letters: 0,
            positive,
            branches: branches.unwrap_or_else(|| vec![Branch::default()]),
            branch: Branch::default(),
            methods: BTreeSet::new(),
            conditions: Vec::new(),
            explains: false,
            has_total_beside: false,
            peaks: Vec::new(),
            refused: Refused::default(),
            evidence: Vec::new(),
        }
    }
}

impl Prover<'_> {
    /// Spends one step; `false` when none is left.
    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    /// A normalizer that knows what is positive, and gives up on what is large: inequalities are asked for often.
    fn normalizer(&mut self) -> Normalizer<'_> {
        let positive = self.positive.clone();
        let mut normalizer = Normalizer::new(self.arena);
        normalizer.positive = positive;
        normalizer.max_terms = MAX_TERMS;
        normalizer.budget = FORM_STEPS;
        normalizer
    }

    /// Counts the work on a form of which this much was left.
    fn charge(&mut self, left: usize) {
        self.steps = self.steps.saturating_sub(FORM_STEPS.saturating_sub(left) / FORM_STEPS_PER_QUESTION);
    }

    /// The expression that all visibly equal ones become; the expression itself where it has no form.
    fn canonical(&mut self, expr: Expr) -> Expr {
        let mut normalizer = self.normalizer();
        let canonical = normalizer.canonical(expr);
        let (left, conditions) = (normalizer.budget, std::mem::take(&mut normalizer.conditions));
        self.charge(left);
        match canonical {
            Ok(canonical) => {
                self.conditions.extend(conditions);
                canonical
            }
            Err(_) => expr,
        }
    }

    /// Whether an expression is 0 by algebra alone.
    fn vanishes(&mut self, expr: Expr, known: &Known) -> bool {
        let mut normalizer = self.normalizer();
        let found = normalizer.form(expr, &known.domain).is_ok_and(|form| form.terms.is_empty());
        let (left, conditions) = (normalizer.budget, std::mem::take(&mut normalizer.conditions));
        self.charge(left);
        if found {
            self.conditions.extend(conditions);
        }
        found
    }

    /// A letter that stands nowhere else.
    fn fresh(&mut self, kind: SymbolKind) -> Expr {
        self.letters += 1;
        let name = match kind {
            SymbolKind::Real => format!("\u{a7}x{}", self.letters),
            SymbolKind::Integer | SymbolKind::Function => format!("\u{a7}b{}", self.letters),
        };
        let symbol = self.arena.intern(&name, kind);
        self.arena.symbol(symbol)
    }

    /// An attempt with half of the steps that are left, so that others have some when it fails.
    fn sparingly(&mut self, search: impl FnOnce(&mut Self) -> bool) -> bool {
        let kept = self.steps / 2;
        self.steps -= kept;
        let found = self.attempt(search);
        self.steps += kept;
        found
    }

    /// An attempt with few steps, of what succeeds soon where it does.
    pub fn with_few_steps(&mut self, search: impl FnOnce(&mut Self) -> bool) -> bool {
        let kept = self.steps.saturating_sub(FEW_STEPS);
        self.steps -= kept;
        let found = self.attempt(search);
        self.steps += kept;
        found
    }

    /// Work on the evidence for what was found, which counts for nothing else.
    fn aside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let counts = (self.steps, self.refills, self.parts);
        let (n_conditions, methods) = (self.conditions.len(), self.methods.clone());
        self.steps = STEPS;
        let done = work(self);
        (self.steps, self.refills, self.parts) = counts;
        self.conditions.truncate(n_conditions);
        self.methods = methods;
        done
    }

    /// An attempt after which, where it fails, as many steps are left as before, a few times.
    fn afresh(&mut self, search: impl FnOnce(&mut Self) -> bool) -> bool {
        let steps = self.steps;
        let found = self.attempt(search);
        if !found && self.refills > 0 {
            self.refills -= 1;
            self.steps = steps;
        }
        found
    }

    /// Runs a search that may fail: what it noted is kept only where it succeeds.
    fn attempt(&mut self, search: impl FnOnce(&mut Self) -> bool) -> bool {
        let (n_conditions, methods) = (self.conditions.len(), self.methods.clone());
        let n_evidence = self.evidence.len();
        let found = search(self);
        if !found {
            self.conditions.truncate(n_conditions);
            self.evidence.truncate(n_evidence);
            self.methods = methods;
        }
        found
    }
}
