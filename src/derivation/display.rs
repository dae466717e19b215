//! Formulas that are only shown, read as claims.

use std::collections::BTreeSet;

use crate::derivation::document::{Document, Formulas, Item, Relation, relations_of};
use crate::derivation::memory::Decider;
use crate::derivation::repairs::mend_shown;
use crate::expr::{Arena, Comparison, Expr, Function, Node as Expression, Prop};
use crate::lower::{Names, Reader, names};
use crate::model::{FunctionBody, Model};
use crate::proof::{Claim, Effort};
use crate::source::{Diagnostic, Severity, Span};
use crate::syntax::Block;
use crate::syntax::ast::{Formula, Kind, Node, Relation as Sign};

/// Diagnostics that say that nothing is claimed which could be true or false.
const STATES_NOTHING: [&str; 2] = ["no-relation", "unknown-relation"];

/// A formula that is only shown, and what became of it when it was read as a claim.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The formula as written.
    pub formula: Formula,
    /// The whole block.
    pub block: Span,
    /// The LaTeX of the block.
    pub latex: String,
    /// The byte of the file at which `latex` begins.
    pub offset: usize,
    /// The label, where there is one.
    pub label: Option<String>,
    /// What became of it.
    pub class: Class,
    /// What was taken where something else could be meant.
    pub notes: Vec<Diagnostic>,
}

/// What a shown formula turned out to be.
#[derive(Debug, Clone)]
pub enum Class {
    /// It repeats a definition of the model.
    Definition,
    /// It states nothing: an expression, a type, an assignment.
    NotAClaim,
    /// It was not understood.
    NotRead(Diagnostic),
    /// Its relations were decided.
    Decided(Vec<Relation>),
}

/// What a shown formula means, before anything is decided.
pub(super) enum Meaning {
    /// Something that is true or false.
    Claim(Claim),
    /// The same, but no more than a definition of the model says.
    Definition(Claim),
    /// Nothing that could be true or false.
    NotAClaim,
    /// It was not understood.
    NotRead(Diagnostic),
}

/// A block of the page that is only shown.
struct Display {
    block: Span,
    body: Span,
    latex: String,
    label: Option<String>,
    n_assumptions: usize,
}

/// Reads what a derivation only shows as claims about its model, and decides them.
pub fn decide_shown(document: &mut Document, effort: Effort, clock: &dyn Fn() -> u64) -> Vec<Shown> {
    let mut decider = Decider::new(effort, clock);
    let all = document.model.assumptions.clone();
    let mut shown = Vec::new();
    for Display { block, body, latex, label, n_assumptions } in displays(document) {
        document.model.assumptions.truncate(n_assumptions);
        let (formulas, problems) = document.page.parse(&latex, body.start);
        let errors: Vec<Diagnostic> =
            problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect();
        for formula in whole_if_none(formulas, body, &errors) {
            let within = |problem: &&Diagnostic| {
                formula.span.start <= problem.span.start && problem.span.end <= formula.span.end
            };
            let error = errors
                .iter()
                .find(within)
                .or(errors.first().filter(|_| !errors.iter().any(|problem| within(&problem))));
            let (class, notes) = match error {
                Some(problem) => (Class::NotRead(problem.clone()), Vec::new()),
                None => class_of(&formula, document, &mut decider),
            };
            let (latex, label) = (latex.clone(), label.clone());
            shown.push(Shown { formula, block, latex, offset: body.start, label, class, notes });
        }
        document.model.assumptions.clone_from(&all);
    }
    document.withdraw_shown(&mut shown);
    mend_shown(document, &mut shown, &mut decider);
    say_each_once(&mut shown, &document.diagnostics);
    shown
}

/// Drops the notes on names that were said before.
fn say_each_once(shown: &mut [Shown], before: &[Diagnostic]) {
    let about = |note: &Diagnostic| note.about.clone().map(|name| (note.code, name));
    let mut said: BTreeSet<(&str, String)> = before.iter().filter_map(about).collect();
    for formula in shown {
        formula.notes.retain(|note| about(note).is_none_or(|name| said.insert(name)));
    }
}

fn displays(document: &Document) -> Vec<Display> {
    let display = |item: &Item| {
        let Item::Display(Formulas { span, body, label, n_assumptions, .. }) = item else { return None };
        let block = document.page.blocks.iter().find(|block| block.span() == *span)?;
        let latex = match block {
            Block::Prose { .. } => return None,
            Block::Display { latex, .. } => latex.clone(),
            Block::Fence(fence) => fence.latex.clone(),
        };
        Some(Display { block: *span, body: *body, latex, label: label.clone(), n_assumptions: *n_assumptions })
    };
    document.items.iter().filter_map(display).collect()
}

/// Where nothing could be made out, the whole block counts as one formula.
fn whole_if_none(formulas: Vec<Formula>, body: Span, errors: &[Diagnostic]) -> Vec<Formula> {
    if !formulas.is_empty() || errors.is_empty() {
        return formulas;
    }
    let node = Node { kind: Kind::Error, span: body };
    vec![Formula::alone(node, body)]
}

fn class_of(formula: &Formula, document: &mut Document, decider: &mut Decider<'_>) -> (Class, Vec<Diagnostic>) {
    let Document { arena, model, names, .. } = document;
    let (meaning, notes) = meaning_of(formula, (arena, model, names));
    let class = match meaning {
        Meaning::Claim(claim) => Class::Decided(relations_of(arena, model, &claim, decider)),
        Meaning::Definition(_) => Class::Definition,
        Meaning::NotAClaim => Class::NotAClaim,
        Meaning::NotRead(problem) => Class::NotRead(problem),
    };
    (class, notes)
}

/// What a formula that is only shown means under a model, and what was noted on the way.
pub(super) fn meaning_of(
    formula: &Formula,
    (arena, model, names): (&mut Arena, &mut Model, &mut Names),
) -> (Meaning, Vec<Diagnostic>) {
    if is_declaration(&formula.body) {
        return (Meaning::NotAClaim, Vec::new());
    }
    let mut reader = Reader::new(arena, model, names);
    let statements = reader.claims(formula);
    let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
    let (problems, notes): (Vec<Diagnostic>, Vec<Diagnostic>) = reader.diagnostics.into_iter().partition(is_error);
    let Some(statements) = statements else {
        let unnamed = || Diagnostic::note("not-supported", formula.span, "this formula is not understood");
        return match problems.into_iter().next() {
            Some(problem) if STATES_NOTHING.contains(&problem.code) => (Meaning::NotAClaim, notes),
            problem => (Meaning::NotRead(problem.unwrap_or_else(unnamed)), notes),
        };
    };
    let repeats = statements.iter().all(|statement| repeats_definition(arena, model, &statement.prop));
    let claim = Claim { statements };
    (if repeats { Meaning::Definition(claim) } else { Meaning::Claim(claim) }, notes)
}

/// `x \in \mathbb{R}^n`, `f : \mathbb{R} \to \mathbb{R}`, `x \leftarrow …`
fn is_declaration(body: &Node) -> bool {
    match &body.kind {
        Kind::Group(inner) => is_declaration(inner),
        Kind::Signature { .. } => true,
        Kind::Chain { rest, .. } => rest.iter().all(|(sign, right)| {
            let is_assignment =
                matches!(sign, Sign::Assign | Sign::To | Sign::MapsTo | Sign::Colon | Sign::Distributed);
            is_assignment || *sign == Sign::In && is_whole_space(right)
        }),
        _ => false,
    }
}

fn is_whole_space(set: &Node) -> bool {
    match &set.kind {
        Kind::Script { base, .. } => is_whole_space(base),
        Kind::Group(inner) => is_whole_space(inner),
        _ => names::spell(set).is_some_and(|name| name.starts_with(r"\mathbb")),
    }
}

/// Whether the statement says nothing but what a definition of the model says.
fn repeats_definition(arena: &mut Arena, model: &Model, prop: &Prop) -> bool {
    let Prop::Compare(Comparison::Equal, left, right) = *prop else { return false };
    is_definition(arena, model, left, right) || is_definition(arena, model, right, left)
}

fn is_definition(arena: &mut Arena, model: &Model, name: Expr, body: Expr) -> bool {
    if let Some((symbol, at, entry)) = Model::member(arena, name) {
        let definitions: Vec<_> =
            model.definitions_of(symbol).filter(|own| own.components.len() == entry.len()).collect();
        return definitions.into_iter().any(|own| own.instance(arena, &at, &entry) == Some(body));
    }
    let Expression::Call { function: Function::Declared { symbol, .. }, args, .. } = arena.node(name).clone() else {
        return false;
    };
    match model.functions.get(&symbol) {
        Some(FunctionBody::Expression { parameters, body: own }) if parameters.len() == args.len() => {
            let map = parameters.iter().zip(args).map(|(&letter, arg)| (arena.symbol(letter), arg)).collect();
            arena.substitute(*own, &map) == body
        }
        Some(FunctionBody::Expression { .. } | FunctionBody::Elementary(_)) | None => false,
    }
}
