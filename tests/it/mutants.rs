//! Mutants: true claims of the derivations, of the suite and of the acceptance cases, each changed in one place, or read
//! under another layout of derivatives.
//!
//! Which mutants are truly false is found by brute force at small sizes ([`oracle`]), which uses no prover. None of
//! those may be proved or checked, neither by the whole nor by the provers alone. The other way round, true claims that
//! are only written in another way ([`rewriting`]) may never be refuted.

mod claims;
mod edit;
mod oracle;
mod rewriting;

use std::collections::BTreeMap;

use chainrule::expr::{Arena, Prop};
use chainrule::lower::Statement;
use chainrule::model::Model;
use chainrule::number::Random;
use chainrule::print;
use chainrule::proof::{Claim, Effort, Reading, Verdict, checker_confirms, decide, provers_agree};
use claims::{LaidOut, True, all_true};
use edit::Mutant;
use oracle::Truth;

use crate::documents::in_parallel;

/// How many mutants of one claim are made at most, chosen by the seed.
const MOST: usize = 24;

/// How many rewritings of one claim are tried at most.
const MOST_REWRITINGS: usize = 4;

/// How many of the truly false mutants, one in so many, are also shown to the provers alone.
const ALONE: usize = 2;

/// The seed of every choice.
const SEED: u64 = 20_260;

/// What became of the mutants.
#[derive(Debug, Default)]
struct Tally {
    made: usize,
    not_false: usize,
    undecided: usize,
    truly_false: BTreeMap<&'static str, usize>,
    verdicts: BTreeMap<Verdict, usize>,
    survivors: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.made += other.made;
        self.not_false += other.not_false;
        self.undecided += other.undecided;
        for (kind, n) in other.truly_false {
            *self.truly_false.entry(kind).or_default() += n;
        }
        for (verdict, n) in other.verdicts {
            *self.verdicts.entry(verdict).or_default() += n;
        }
        self.survivors.extend(other.survivors);
    }
}

/// Does `work` for every true claim and adds up what it tells.
fn over_claims(work: impl Fn(&mut True) -> Tally + Sync) -> Tally {
    let tallies = in_parallel(&claims::pages(), |page| {
        let mut sum = Tally::default();
        all_true(page).iter_mut().for_each(|claim| sum.add(work(claim)));
        sum
    });
    let mut sum = Tally::default();
    tallies.into_iter().for_each(|tally| sum.add(tally));
    sum
}

/// A claim of one statement, for the tool.
fn alone(statement: &Statement) -> Claim {
    Claim { statements: vec![statement.clone()] }
}

fn shown(arena: &Arena, prop: &Prop) -> String {
    match prop {
        Prop::Compare(how, left, right) => {
            format!("{} {how:?} {}", print::text(arena, *left), print::text(arena, *right))
        }
        other => format!("{other:?}"),
    }
}

/// Whether a statement is false in every reading that is open to it, as far as brute force can tell.
fn truth(arena: &mut Arena, model: &Model, statement: &Statement) -> (Truth, Truth) {
    let total = oracle::read_as(arena, model, statement, Reading::Total);
    let immediate = oracle::read_as(arena, model, statement, Reading::Immediate);
    let in_total = oracle::truth(arena, model, &total);
    if total.prop == immediate.prop {
        return (in_total, in_total);
    }
    (in_total, oracle::truth(arena, model, &immediate))
}

fn mutate(claim: &mut True) -> Tally {
    let mut tally = Tally::default();
    let mut mutants = edit::mutants(&mut claim.arena, &claim.model, &claim.statement);
    // A change inside the size of a shape cannot be written: the shape of a member is its declaration's.
    let (own, written) = (&claim.statement.prop, shown(&claim.arena, &claim.statement.prop));
    mutants.retain(|mutant| mutant.statement.prop == *own || shown(&claim.arena, &mutant.statement.prop) != written);
    Random::new(SEED ^ claim.statement.span.start as u64).shuffle(&mut mutants);
    mutants.truncate(MOST);
    for (number, Mutant { kind, statement, model }) in mutants.into_iter().enumerate() {
        let subject = Subject { place: &claim.place, kind, statement: &statement, model: &model };
        judge(&mut tally, claim.arena.clone(), subject, number);
    }
    for (number, LaidOut { arena, model, statement }) in std::mem::take(&mut claim.laid_out).into_iter().enumerate() {
        let subject = Subject { place: &claim.place, kind: "layout", statement: &statement, model: &model };
        judge(&mut tally, arena, subject, number);
    }
    tally
}

/// One mutant.
#[derive(Clone, Copy)]
struct Subject<'a> {
    place: &'a str,
    kind: &'static str,
    statement: &'a Statement,
    model: &'a Model,
}

/// Decides a mutant by brute force and, where that finds it false, by the tool.
fn judge(tally: &mut Tally, arena: Arena, subject: Subject<'_>, number: usize) {
    let Subject { place, kind, statement, model } = subject;
    let mut arena = arena;
    tally.made += 1;
    let (total, immediate) = truth(&mut arena, model, statement);
    match (total, immediate) {
        (Truth::False, Truth::False) => {}
        (Truth::NotFalse, _) | (_, Truth::NotFalse) => {
            tally.not_false += 1;
            return;
        }
        (Truth::Undecided, _) | (_, Truth::Undecided) => {
            tally.undecided += 1;
            return;
        }
    }
    *tally.truly_false.entry(kind).or_default() += 1;
    let describe = |arena: &Arena, by: &str| format!("{place} ({kind}), {by}: {}", shown(arena, &statement.prop));
    let outcome = decide(&mut arena, model, &alone(statement), Effort::default()).remove(0);
    *tally.verdicts.entry(outcome.verdict).or_default() += 1;
    if matches!(outcome.verdict, Verdict::Proved | Verdict::Checked) {
        tally.survivors.push(describe(&arena, outcome.verdict.word()));
    }
    if number.is_multiple_of(ALONE) && provers_agree(&mut arena, model, &alone(statement)) {
        tally.survivors.push(describe(&arena, "proved by the provers alone"));
    }
    if checker_confirms(&mut arena, model, &alone(statement)) {
        tally.survivors.push(describe(&arena, "confirmed by the checker alone"));
    }
}

#[test]
fn no_mutant_that_is_truly_false_is_proved_or_checked() {
    let tally = over_claims(mutate);
    let n_false: usize = tally.truly_false.values().sum();
    println!(
        "{} mutants: {n_false} truly false, {} not, {} undecided by brute force",
        tally.made, tally.not_false, tally.undecided
    );
    println!("the truly false by kind: {:?}", tally.truly_false);
    println!("their verdicts: {:?}; survivors: {}", tally.verdicts, tally.survivors.len());
    assert!(tally.survivors.is_empty(), "\n{}", tally.survivors.join("\n"));
    assert!(tally.made >= 8_000, "only {} mutants", tally.made);
    assert!(n_false * 3 > tally.made, "brute force has gone blind");
}

#[test]
fn no_true_claim_is_refuted_when_it_is_written_in_another_way() {
    let tally = over_claims(|claim| {
        let mut tally = Tally::default();
        let mut rewritings = rewriting::rewritings(&mut claim.arena, &claim.statement);
        Random::new(SEED ^ claim.statement.span.start as u64).shuffle(&mut rewritings);
        for (kind, statement) in rewritings.into_iter().take(MOST_REWRITINGS) {
            tally.made += 1;
            let mut arena = claim.arena.clone();
            let outcome = decide(&mut arena, &claim.model, &alone(&statement), Effort::default()).remove(0);
            *tally.verdicts.entry(outcome.verdict).or_default() += 1;
            if outcome.verdict == Verdict::Refuted || outcome.detail.contains("the checker finds") {
                let shown = shown(&arena, &statement.prop);
                let why = format!("{:?} {}", outcome.counterexample, outcome.detail);
                tally.survivors.push(format!("{} ({kind}): {shown}, {why}", claim.place));
            }
        }
        tally
    });
    println!("{} rewritings: {:?}", tally.made, tally.verdicts);
    assert!(tally.survivors.is_empty(), "\n{}", tally.survivors.join("\n"));
    assert!(tally.made > 500, "only {} rewritings", tally.made);
}
