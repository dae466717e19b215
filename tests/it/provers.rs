//! The provers without their guard, and the checker without the provers: a false claim is neither proved nor confirmed
//! even where nobody looks for a counterexample.

use std::path::Path;

use chainrule::expr::Arena;
use chainrule::model::Model;
use chainrule::proof::{Claim, Confirmation, Verdict, checker_confirms, provers_agree};

use crate::documents::{acceptance_cases, book, chapters, claims, label, load, root, suite};

#[test]
fn provers_refuse_every_false_claim_by_themselves() {
    refuses_every_false_claim("the provers", provers_agree);
}

#[test]
fn the_checker_refuses_every_false_claim_by_itself() {
    refuses_every_false_claim("the checker", checker_confirms);
}

/// Whether every relation of a formula holds, as one of them sees it.
type Judge = fn(&mut Arena, &Model, &Claim) -> bool;

fn refuses_every_false_claim(name: &str, judge: Judge) {
    let mut n_refused = 0;
    let mut wrong = Vec::new();
    for path in chapters().into_iter().chain(suite()).chain(acceptance_cases()) {
        let (refused, held) = judged(&path, Verdict::Refuted, judge);
        n_refused += refused.len();
        wrong.extend(held);
    }
    println!("{n_refused} false formulas refused by {name} alone");
    assert!(n_refused > 1_000, "there are false claims to refuse");
    assert!(wrong.is_empty(), "held for true by {name}:\n{}", wrong.join("\n"));
}

#[test]
fn the_checker_confirms_by_itself_what_it_has_a_theorem_for() {
    for (page, least) in [
        ("confirmed.md", 68),
        ("assumed.md", 22),
        ("layers-and-grids.md", 9),
        ("laws-of-powers.md", 4),
        ("determinants.md", 9),
        ("hidden.md", 3),
        ("divided-and-held.md", 3),
    ] {
        let path = root().join("tests/suite/checker").join(page);
        let (refused, held) = judged(&path, Verdict::Proved, checker_confirms);
        assert!(refused.is_empty(), "not confirmed:\n{}", refused.join("\n"));
        assert!(held.len() >= least, "{} claims", held.len());
    }
}

#[test]
fn most_proofs_of_the_derivations_are_confirmed() {
    let relations = book().iter().flat_map(|(_, document)| claims(&document.items)).flat_map(|block| &block.relations);
    let (mut n_confirmed, mut n_other) = (0, 0);
    for relation in relations {
        match &relation.outcome.confirmation {
            Some(Confirmation::Confirmed(_)) => n_confirmed += 1,
            Some(Confirmation::Unconfirmed(_)) => n_other += 1,
            None => {}
        }
    }
    println!("{n_confirmed} proofs of the derivations confirmed, {n_other} not");
    assert!(n_confirmed >= CONFIRMED, "{n_confirmed} confirmed");
}

/// How many relations that the derivations prove the checker confirms at least.
const CONFIRMED: usize = 174;

/// The formulas of a file that are expected to have a verdict: those that do not hold for `judge`, and those that do.
fn judged(path: &Path, expected: Verdict, judge: Judge) -> (Vec<String>, Vec<String>) {
    let mut document = load(path);
    let all = document.model.assumptions.clone();
    let (mut refused, mut held) = (Vec::new(), Vec::new());
    for block in claims(&document.items) {
        if block.expected != expected || block.claims.iter().any(|(_, claim)| claim.is_none()) {
            continue;
        }
        document.model.assumptions.truncate(block.n_assumptions);
        let all_hold = block
            .claims
            .iter()
            .all(|(_, claim)| claim.as_ref().is_some_and(|claim| judge(&mut document.arena, &document.model, claim)));
        document.model.assumptions.clone_from(&all);
        if all_hold { &mut held } else { &mut refused }.push(format!("{}: #{}", path.display(), label(block)));
    }
    (refused, held)
}
