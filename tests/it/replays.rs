//! The checker of order: how many proofs it replays whole, and which steps keep it from the others.

use std::collections::BTreeMap;
use std::path::Path;

use chainrule::proof::{Objection, Verdict, replays};

use crate::documents::{chapters, claims, label, load, pages_in, root};

/// The least number of proofs that are replayed whole.
const FLOOR: usize = 500;

#[test]
fn proofs_of_order_are_replayed() {
    let mut answers = Vec::new();
    for path in chapters().into_iter().chain(pages_in(&root().join("tests/suite/bounds"))) {
        answers.extend(replays_of(&path));
    }
    let (mut n_whole, mut missing) = (0, BTreeMap::<&str, usize>::new());
    let mut wrong = Vec::new();
    for (place, answer) in &answers {
        match answer {
            Ok(()) => n_whole += 1,
            Err(Objection::Unreplayed(name)) => *missing.entry(name).or_default() += 1,
            Err(Objection::Wrong(why)) => wrong.push(format!("{place}: {why}")),
        }
    }
    let mut missing: Vec<(&str, usize)> = missing.into_iter().collect();
    missing.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    println!("{n_whole} of {} proofs of order are replayed whole", answers.len());
    for (name, count) in missing {
        println!("{count:4} {name}");
    }
    assert!(wrong.is_empty(), "refused:\n{}", wrong.join("\n"));
    assert!(n_whole >= FLOOR, "{n_whole} of at least {FLOOR}");
}

/// What the checker answers to the proofs of a page, each with its place.
fn replays_of(path: &Path) -> Vec<(String, Result<(), Objection>)> {
    let mut document = load(path);
    let all = document.model.assumptions.clone();
    let mut answers = Vec::new();
    for block in claims(&document.items) {
        if block.expected != Verdict::Proved {
            continue;
        }
        document.model.assumptions.truncate(block.n_assumptions);
        for claim in block.claims.iter().filter_map(|(_, claim)| claim.as_ref()) {
            let own = replays(&mut document.arena, &document.model, claim);
            answers.extend(own.into_iter().map(|answer| (format!("{}: #{}", path.display(), label(block)), answer)));
        }
        document.model.assumptions.clone_from(&all);
    }
    answers
}
