//! What a point supposes of values of letters that no sample reaches.
//!
//! A premise for all t is tested at the first few t. That decides it where it speaks of members of given families apart,
//! since those elsewhere are free, and where its range ends. Where it speaks of states, or of t as a number, it decides
//! nothing: `w^t \le 100` holds at w = 2 until t is 7. Such premises are proved with the values of the point put in, or
//! the point is no counterexample, and no witness.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::Rational;
use crate::number::rational::height;
use crate::numeric::{Assignment, Givens, Tensor};
use crate::proof::refute::bench::Bench;
use crate::proof::refute::show::Found;
use crate::proof::refute::truth::{FIRST_BITS, Question, Truth};
use crate::proof::refute::{Hunt, instances};
use crate::proof::subject::{Subject, letters_of};
use crate::proof::throughout;

/// How far from the values at which premises are made to hold floats look whether they still do.
const FAR: i64 = 60;

/// How many points are tried as witnesses.
const WITNESSES: usize = 6;

/// Where it is looked whether a range ends.
const OUT: [i64; 6] = [60, -60, 1000, -1000, 1_000_000, -1_000_000];

/// What becomes of the claim at a point: premises for all values bear on it where it fails, and where it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimThere {
    Fails,
    Holds,
}

/// Premises that samples do not decide, at a point where they are supposed to hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Supposed {
    /// Those that are to be proved.
    premises: Vec<Prop>,
    /// Those that speak of members of given families apart.
    apart: Vec<Prop>,
    /// Premises that certainly hold at the point.
    certain: Vec<Prop>,
    point: Assignment,
    read: Givens,
}

/// How the members of a given family that are read stand for all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Elsewhere {
    /// Where they are alike, so are the others.
    Alike,
    /// The others are free.
    Free,
}

impl Supposed {
    /// What a point supposes if this becomes of the claim there.
    pub(super) fn at(hunt: &Hunt<'_>, point: &Assignment, there: ClaimThere) -> Supposed {
        let question = hunt.question(point);
        let undecided = undecided(hunt, &question, point, there);
        if undecided.is_empty() {
            return Supposed::default();
        }
        let mut read = Givens::new();
        for prop in hunt.subject.premises.iter().chain([hunt.claim]) {
            question.decide(&mut point.clone(), prop, &mut read);
        }
        let arena = question.bench.arena;
        let is_certain = |prop: &&Prop| letters_of(prop).iter().all(|&letter| arena.kind(letter) == SymbolKind::Real);
        let certain = hunt.subject.premises.iter().filter(is_certain).cloned().collect();
        let (premises, apart) = undecided.into_iter().partition(|prop| says_more(arena, question.bench.model, prop));
        Supposed { premises, apart, certain, point: point.clone(), read }
    }

    /// How far the numbers that are read are from simple ones.
    fn size(&self) -> usize {
        let entries = self.read.values().flat_map(Tensor::entries);
        entries.filter(|entry| !entry.is_zero()).map(height).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.premises.is_empty()
    }

    /// Whether all that is supposed is proved, where families go on as they are read, or whatever they are elsewhere.
    pub(super) fn is_known(&self, arena: &mut Arena, model: &Model, subject: &Subject) -> bool {
        if self.is_empty() {
            return true;
        }
        // What is proved for every function holds for the one at hand.
        let lines = instances::with_lines(arena, model, subject, &self.point);
        let model = lines.as_ref().unwrap_or(model);
        let all = [&self.premises[..], &self.apart].concat();
        let alike = [self.values(arena, model, subject, Elsewhere::Alike), self.certain.clone()].concat();
        if throughout::hold(arena, model, &all, &alike) {
            return true;
        }
        let free = self.values(arena, model, subject, Elsewhere::Free);
        let free = [&free[..], &self.certain, &self.apart].concat();
        free != alike && throughout::hold(arena, model, &self.premises, &free)
    }

    /// The values of the point as equations. What is not said may have any value, tensors among it.
    fn values(&self, arena: &mut Arena, model: &Model, subject: &Subject, elsewhere: Elsewhere) -> Vec<Prop> {
        let mut props = Vec::new();
        for (&symbol, &value) in self.point.integers.iter().filter(|(symbol, _)| subject.integers.contains(symbol)) {
            let (letter, value) = (arena.symbol(symbol), arena.integer(value));
            props.push(Prop::equal(letter, value));
        }
        let mut families: BTreeMap<SymbolId, Vec<(&[i64], &Rational)>> = BTreeMap::new();
        for ((symbol, indices), value) in &self.read {
            let value = value.as_scalar().map(|value| (&indices[..], value));
            families.entry(*symbol).or_default().extend(value);
        }
        for (symbol, members) in families {
            let first = members.first().map(|(_, value)| *value);
            let are_alike = members.iter().all(|(at, value)| at.len() == 1 && Some(*value) == first);
            if let Some(first) =
                first.filter(|_| elsewhere == Elsewhere::Alike && are_alike && !model.is_defined(symbol))
            {
                let letter = arena.intern("\u{a7}index", SymbolKind::Integer);
                let index = arena.symbol(letter);
                let (member, value) = (arena.member(symbol, vec![index]), arena.number(first.clone()));
                props.push(Prop::ForAll(vec![letter], Box::new(Prop::equal(member, value))));
                continue;
            }
            for (indices, value) in members {
                let at: Vec<Expr> = indices.iter().map(|&index| arena.integer(index)).collect();
                let (member, value) = (arena.member(symbol, at), arena.number(value.clone()));
                props.push(Prop::equal(member, value));
            }
        }
        props
    }
}

/// The counterexample that was found, or the point that it was shrunk from, where what it supposes is proved.
pub(super) fn known(arena: &mut Arena, model: &Model, subject: &Subject, mut found: Found) -> Option<Found> {
    let first = found.first.take();
    if found.supposed.is_known(arena, model, subject) {
        return Some(found);
    }
    first.and_then(|first| known(arena, model, subject, *first))
}

/// Whether what one of some points supposes is proved: the simplest of them are tried.
pub(super) fn any_is_known(arena: &mut Arena, model: &Model, subject: &Subject, mut all: Vec<Supposed>) -> bool {
    all.sort_by_key(Supposed::size);
    all.dedup_by(|one, other| one.read == other.read && one.point.integers == other.point.integers);
    all.iter().take(WITNESSES).any(|supposed| supposed.is_known(arena, model, subject))
}

/// The last value at which premises are tested, moved on to where ranges begin that would be tested nowhere: `h_t = 0` for
/// all t from 5 on.
pub(super) fn reaching_ranges(bench: &Bench<'_>, point: &Assignment, props: &[&Prop], last: i64) -> i64 {
    let mut all = Vec::new();
    props.iter().for_each(|prop| ranges(bench.arena, prop, &mut all));
    let begins = |&(letter, range): &(SymbolId, &Prop)| {
        let mut there = point.clone();
        let question = Question { bench, tolerance: None, window: (-1, last), limits: None, bits: FIRST_BITS };
        let mut is_within = |value: i64| {
            there.integers.insert(letter, value);
            question.premise(&mut there, range, &mut Givens::new()) != Truth::False
        };
        (-FAR..=FAR).find(|&value| is_within(value)).filter(|&first| first >= last)
    };
    all.iter().filter_map(begins).map(|first| first + 1).max().unwrap_or(last).max(last)
}

/// The ranges of the integers that statements are for all of, one letter each.
fn ranges<'p>(arena: &Arena, prop: &'p Prop, all: &mut Vec<(SymbolId, &'p Prop)>) {
    match prop {
        Prop::ForAll(letters, part) => match (&letters[..], &**part) {
            ([letter], Prop::Implies(range, _)) if arena.kind(*letter) == SymbolKind::Integer => {
                all.push((*letter, range));
            }
            _ => ranges(arena, part, all),
        },
        Prop::And(parts) | Prop::Or(parts) => parts.iter().for_each(|part| ranges(arena, part, all)),
        Prop::Not(part) => ranges(arena, part, all),
        Prop::Implies(one, other) | Prop::Iff(one, other) => {
            ranges(arena, one, all);
            ranges(arena, other, all);
        }
        Prop::Compare(..) | Prop::Integer(_) | Prop::Proportional { .. } => {}
    }
}

/// Whether floats see nothing, far out, that speaks against what a point supposes.
pub(super) fn may_stand(hunt: &Hunt<'_>, point: &Assignment, there: ClaimThere) -> bool {
    let question = hunt.question(point);
    let premises = undecided(hunt, &question, point, there);
    let far = Question { window: (question.window.0, question.window.1 + FAR), ..question };
    premises.iter().all(|premise| !far.looks_false(&mut point.clone(), premise))
}

/// The premises for all values of integer letters that hold at a point only as far as samples tell; none where all of
/// them are decided.
fn undecided(hunt: &Hunt<'_>, question: &Question<'_>, point: &Assignment, there: ClaimThere) -> Vec<Prop> {
    let mut all = Vec::new();
    hunt.subject.premises.iter().for_each(|premise| collect(question, point, premise, true, &mut all));
    match (there, hunt.claim) {
        (ClaimThere::Fails, claim) => collect(question, point, claim, false, &mut all),
        (ClaimThere::Holds, Prop::Implies(premise, _)) => collect(question, point, premise, true, &mut all),
        (ClaimThere::Holds, _) => {}
    }
    let more_is_said =
        |all: &[Prop]| all.iter().any(|prop| says_more(question.bench.arena, question.bench.model, prop));
    if more_is_said(&all) {
        all.retain(|prop| goes_on(question, point, prop));
    }
    if more_is_said(&all) { all } else { Vec::new() }
}

/// The statements for all values of letters that must hold for a statement to hold, or to fail.
fn collect(question: &Question<'_>, point: &Assignment, prop: &Prop, holds: bool, all: &mut Vec<Prop>) {
    match prop {
        Prop::ForAll(..) if holds => all.push(prop.clone()),
        Prop::And(parts) | Prop::Or(parts) => {
            parts.iter().for_each(|part| collect(question, point, part, holds, all));
        }
        Prop::Not(part) => collect(question, point, part, !holds, all),
        Prop::Implies(premise, conclusion) => {
            collect(question, point, premise, !holds, all);
            collect(question, point, conclusion, holds, all);
        }
        Prop::Iff(left, right) => {
            for side in [left, right] {
                let side_holds = question.holds(&mut point.clone(), side, &mut Givens::new());
                collect(question, point, side, side_holds, all);
            }
        }
        Prop::ForAll(..) | Prop::Compare(..) | Prop::Integer(_) | Prop::Proportional { .. } => {}
    }
}

/// Whether a statement for all values of integer letters speaks of more than members of given families apart: of states,
/// or of a letter as a number.
pub(super) fn says_more(arena: &Arena, model: &Model, prop: &Prop) -> bool {
    let Prop::ForAll(letters, part) = prop else { return false };
    let names: Vec<Expr> = arena.reachable(&part.expressions());
    let is_letter = |part: Expr| {
        matches!(arena.node(part), Node::Symbol { symbol, .. }
            if letters.contains(symbol) && arena.kind(*symbol) == SymbolKind::Integer)
    };
    if !names.iter().any(|&part| is_letter(part)) {
        return false;
    }
    let (mut is_of_givens, mut is_of_states) = (false, false);
    for &part in &names {
        let (of, at) = match arena.node(part) {
            Node::Symbol { symbol, indices, .. } => (Some(*symbol), indices),
            Node::Entry { at, .. } => (None, at),
            Node::Call { function: Function::Declared { indices, .. }, .. } => (None, indices),
            _ => continue,
        };
        if !arena.reachable(at).into_iter().any(is_letter) {
            continue;
        }
        let is_state = of.is_some_and(|symbol| model.is_defined(symbol) && !follows_givens(arena, model, symbol));
        is_of_states |= is_state;
        is_of_givens |= !is_state;
    }
    is_of_states || !is_of_givens
}

/// Whether the members of a defined family follow from those of given families, and not from one another: `s_t = \sigma(b_t)`.
fn follows_givens(arena: &Arena, model: &Model, family: SymbolId) -> bool {
    let (mut open, mut seen, mut reads_givens) = (vec![family], BTreeSet::new(), false);
    while let Some(symbol) = open.pop() {
        for part in model.definitions_of(symbol).flat_map(|own| arena.reachable(&[own.body])) {
            let Node::Symbol { symbol, indices, .. } = arena.node(part) else { continue };
            if *symbol == family {
                return false;
            }
            reads_givens |= !indices.is_empty() && !model.is_defined(*symbol);
            if model.is_defined(*symbol) && seen.insert(*symbol) {
                open.push(*symbol);
            }
        }
    }
    let is_recurrent = |own: &SymbolId| leads_to_itself(arena, model, *own);
    reads_givens && !seen.iter().any(is_recurrent)
}

/// Whether the definition of a family asks for other members of it.
fn leads_to_itself(arena: &Arena, model: &Model, family: SymbolId) -> bool {
    let is_own = |part: Expr| matches!(arena.node(part), Node::Symbol { symbol, .. } if *symbol == family);
    model.definitions_of(family).any(|own| arena.reachable(&[own.body]).into_iter().any(is_own))
}

/// Whether a statement says something of values of its letters beyond those at which it is made to hold.
fn goes_on(question: &Question<'_>, point: &Assignment, prop: &Prop) -> bool {
    let Prop::ForAll(letters, part) = prop else { return false };
    let arena = question.bench.arena;
    let (integers, reals): (Vec<SymbolId>, Vec<SymbolId>) =
        letters.iter().partition(|&&letter| arena.kind(letter) == SymbolKind::Integer);
    let mut there = point.clone();
    there.values.extend(reals.into_iter().map(|real| ((real, Vec::new()), Tensor::Scalar(Rational::ONE))));
    let mut speaks = |letter: SymbolId, value: i64, other: i64, said: &Prop| {
        there.integers.extend(integers.iter().map(|&own| (own, if own == letter { value } else { other })));
        let truth = question.premise(&mut there, said, &mut Givens::new());
        !matches!(truth, Truth::Undefined | Truth::Vacuous)
    };
    let (first, last) = question.window;
    let near = [last + 1, last + 2, first - 1, first - 2];
    integers.iter().any(|&letter| {
        let is_near =
            near.iter().any(|&value| [value, 0, 1, 2].iter().any(|&other| speaks(letter, value, other, part)));
        is_near || is_open(part, &mut |said| OUT.iter().any(|&value| speaks(letter, value, value, said)))
    })
}

/// Whether the range of a statement, made a premise of what is never so, holds at some values that are looked at.
fn is_open(part: &Prop, speaks: &mut dyn FnMut(&Prop) -> bool) -> bool {
    match part {
        Prop::Implies(range, _) => speaks(&Prop::Implies(range.clone(), Box::new(Prop::Or(Vec::new())))),
        _ => false,
    }
}
