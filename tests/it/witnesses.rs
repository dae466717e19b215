//! Every derivative of every chapter, worked out by the symbolic rules, against both witnesses: forward and reverse
//! differentiation of the definitions themselves, which share no code with those rules.
//!
//! Each comparison is shown to be able to fail: a formula with its sign changed, or with a term of a sum lost, must
//! differ. A claim counts where its author expects it to be true, which the tests of the book hold it to. How many are
//! compared must not fall: whoever takes a derivative out of the book lowers the number here. `cargo test --test it witnesses -- --nocapture` prints what was compared, and what was not and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chainrule::calculus::{Resolver, Shown, Structure, derive};
use chainrule::derivation::{Document, Item};
use chainrule::expr::{Comparison, DerivativeKind, Expr, Node, Prop, Substitution, SymbolKind};
use chainrule::numeric::{Assignment, Error, Floats, evaluate};
use chainrule::proof::Verdict;

use crate::documents::{acceptance_cases, chapters, claims, load};
use crate::points::{Slope, agree, bears_on, draw, is_moderate, slopes, speaks_of_all, value};

/// At how many points each is compared.
const N_POINTS: usize = 4;

/// How many points are tried for them.
const N_TRIES: u64 = 400;

/// The largest size, last time and free letter.
const HIGHEST: i64 = 6;

/// How many sums of a formula lose a term.
const N_SUMS: usize = 4;

/// What became of one comparison.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    /// All values are the same at each of the points, so many of them.
    Agreed(usize),
    /// What differs at a point.
    Differs(String),
    /// Why there was no point.
    Nothing(String),
}

/// Works out several rows of values at random points of a slope: the first must be the same as each of the others.
fn compare(
    document: &mut Document,
    slope: &Slope,
    rows: impl Fn(&mut Document, &Assignment) -> Result<Vec<Vec<f64>>, Error>,
) -> Found {
    let mut n_points = 0;
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..N_TRIES {
        let Some(point) = draw(document, slope, HIGHEST, seed) else { continue };
        match rows(document, &point) {
            Ok(rows) if rows.iter().flatten().all(|&value| is_moderate(value)) => {
                let (first, others) = rows.split_first().unwrap();
                let is_same = |other: &Vec<f64>| {
                    first.len() == other.len() && first.iter().zip(other).all(|(&a, &b)| agree(a, b))
                };
                if !others.iter().all(is_same) {
                    return Found::Differs(format!("{rows:?}"));
                }
                n_points += 1;
            }
            Ok(_) => *reasons.entry("values too large".to_owned()).or_default() += 1,
            Err(error) => *reasons.entry(error.describe(&document.arena)).or_default() += 1,
        }
        if n_points == N_POINTS {
            break;
        }
    }
    let most_frequent = reasons.into_iter().max_by_key(|(_, n)| *n);
    match most_frequent {
        _ if n_points > 0 => Found::Agreed(n_points),
        Some((reason, n)) => Found::Nothing(format!("{reason}, {n} times")),
        None => Found::Nothing("no random point meets the conditions".to_owned()),
    }
}

/// The values of a formula for a slope of a number by a number: its own, forward, and backward.
fn compare_slope(document: &mut Document, slope: &Slope, formula: Expr) -> Found {
    compare(document, slope, |document, point| {
        let (forward, backward) = slope.witnesses(document, point)?;
        Ok([value(document, point, formula)?, forward, backward].map(|value| vec![value]).to_vec())
    })
}

/// The same for a whole tensor that is asked for.
fn compare_tensor(document: &mut Document, slope: &Slope, asked: Expr, formula: Expr) -> Found {
    compare(document, slope, |document, point| {
        let backward = slope.backward(document, point)?;
        let Document { arena, model, .. } = document;
        let forward = evaluate(arena, model, point, &Floats, asked)?.into_entries();
        Ok(vec![evaluate(arena, model, point, &Floats, formula)?.into_entries(), forward, backward])
    })
}

/// What was compared on some pages.
#[derive(Default)]
struct Tally {
    n_compared: usize,
    n_points: usize,
    /// Of how many it was seen that the sign was changed, and that a term was lost.
    n_signs: usize,
    n_lost: usize,
    differences: Vec<String>,
    /// What could not be compared, by the reason.
    left_out: BTreeMap<String, Vec<String>>,
}

impl Tally {
    fn leave_out(&mut self, place: String, reason: impl Into<String>) {
        self.left_out.entry(reason.into()).or_default().push(place);
    }

    /// Compares a formula, and then its mutants.
    fn add(
        &mut self,
        place: String,
        document: &mut Document,
        formula: Expr,
        compare: &dyn Fn(&mut Document, Expr) -> Found,
    ) {
        match compare(document, formula) {
            Found::Agreed(n_points) => {
                self.n_compared += 1;
                self.n_points += n_points;
            }
            Found::Differs(how) => return self.differences.push(format!("{place}: {how}")),
            Found::Nothing(reason) => return self.leave_out(place, reason),
        }
        let negative = document.arena.negate(formula);
        let shorter = with_a_term_lost(document, formula);
        let mut is_seen = |mutant: Expr| matches!(compare(document, mutant), Found::Differs(_));
        self.n_signs += usize::from(is_seen(negative));
        self.n_lost += usize::from(shorter.into_iter().any(is_seen));
    }

    /// Fails where something differs, and where less is compared or seen than was once.
    #[track_caller]
    fn expect(&self, what: &str, n_compared: usize, (n_signs, n_lost): (usize, usize)) {
        println!("{what}: {} compared at {} points with both witnesses", self.n_compared, self.n_points);
        println!("  mutants seen: {} of the other sign, {} with a term lost", self.n_signs, self.n_lost);
        for (reason, places) in &self.left_out {
            println!("  not compared, {reason}: {}", places.join(", "));
        }
        assert!(self.differences.is_empty(), "{what} that differ:\n{}", self.differences.join("\n"));
        assert!(self.n_compared >= n_compared, "{what}: {} were compared, {n_compared} once", self.n_compared);
        assert!(self.n_signs >= n_signs, "{what}: {} changed signs were seen, {n_signs} once", self.n_signs);
        assert!(self.n_lost >= n_lost, "{what}: {} lost terms were seen, {n_lost} once", self.n_lost);
    }
}

/// The formula with the last term of a sum lost, for the outermost sums that are not of integers.
fn with_a_term_lost(document: &mut Document, formula: Expr) -> Vec<Expr> {
    let arena = &mut document.arena;
    let is_real = |part: &Expr| {
        let symbols = arena.reachable(&[*part]).into_iter();
        symbols.into_iter().any(|inner| match arena.node(inner) {
            Node::Symbol { symbol, .. } => arena.kind(*symbol) == SymbolKind::Real,
            _ => false,
        })
    };
    let sums: Vec<(Expr, Vec<Expr>)> = arena
        .reachable(&[formula])
        .into_iter()
        .rev()
        .filter_map(|part| match arena.node(part) {
            Node::Sum(parts) if parts.iter().all(is_real) => Some((part, parts[..parts.len() - 1].to_vec())),
            _ => None,
        })
        .take(N_SUMS)
        .collect();
    let lose = |(sum, parts): (Expr, Vec<Expr>)| {
        let shorter = arena.sum(parts);
        arena.substitute(formula, &Substitution::from([(sum, shorter)]))
    };
    sums.into_iter().map(lose).collect()
}

/// The chapters of the book.
fn place(path: &Path, line: usize) -> String {
    format!("{}:{line}", path.file_name().unwrap().to_str().unwrap())
}

/// Every derivative that stands on a page, worked out by the symbolic rules.
fn worked_out(pages: &[PathBuf]) -> Tally {
    let mut tally = Tally::default();
    for path in pages {
        let mut document = load(path);
        let structure = Structure::new(&mut document.arena, &document.model);
        for slope in slopes(&mut document) {
            let place = place(path, slope.line);
            let asked = slope.expr(&mut document);
            let Document { arena, model, .. } = &mut document;
            match Resolver::new(arena, model, &structure).resolve(asked) {
                None => tally.leave_out(place, "not worked out by the rules"),
                Some(own) if own == asked => tally.leave_out(place, "left as it stands by the rules"),
                Some(own) => {
                    tally.add(place, &mut document, own, &|document, formula| compare_slope(document, &slope, formula))
                }
            }
        }
    }
    tally
}

/// Every claim that a derivative is equal to something, and that is true.
fn claimed(pages: &[PathBuf]) -> Tally {
    let mut tally = Tally::default();
    for path in pages {
        let mut document = load(path);
        for (slope, asked, formula) in equalities(&document) {
            let place = place(path, slope.line);
            let immediate = in_the_immediate_reading(&mut document, formula);
            let total = compare_tensor(&mut document, &slope, asked, formula);
            let formula = if matches!(total, Found::Differs(_)) { immediate } else { formula };
            tally.add(place, &mut document, formula, &|document, formula| {
                compare_tensor(document, &slope, asked, formula)
            });
        }
    }
    tally
}

/// The derivatives on one side of a true equality, each with the other side.
fn equalities(document: &Document) -> Vec<(Slope, Expr, Expr)> {
    let mut found = Vec::new();
    for block in claims(&document.items) {
        if !matches!(block.expected, Verdict::Proved | Verdict::Checked) {
            continue;
        }
        for (formula, claim) in &block.claims {
            let line = document.source.place(formula.span.start).line;
            for statement in claim.iter().flat_map(|claim| &claim.statements) {
                let Prop::Compare(Comparison::Equal, left, right) = statement.prop else { continue };
                let assumptions = document.model.assumptions[..block.n_assumptions].iter();
                let assumptions = assumptions.filter(|prop| bears_on(document, &[left, right], prop));
                let mut conditions: Vec<Prop> = statement.conditions.iter().chain(assumptions).cloned().collect();
                conditions.retain(|prop| !speaks_of_all(document, prop));
                let side = [(left, right), (right, left)].into_iter().find_map(|(asked, formula)| {
                    let Node::Derivative { kind, of, by, .. } = *document.arena.node(asked) else { return None };
                    let kind = if kind == DerivativeKind::Partial { DerivativeKind::Total } else { kind };
                    Some((Slope { line, kind, of, by, conditions: conditions.clone() }, asked, formula))
                });
                found.extend(side);
            }
        }
    }
    found
}

/// A formula with every partial derivative read as the immediate one.
fn in_the_immediate_reading(document: &mut Document, formula: Expr) -> Expr {
    document.arena.rewrite(formula, &mut |arena, part| match *arena.node(part) {
        Node::Derivative { kind: DerivativeKind::Partial, of, by, shape } => {
            Some(arena.derivative_of_shape(DerivativeKind::Immediate, of, by, shape))
        }
        _ => None,
    })
}

#[test]
fn every_derivative_of_every_chapter() {
    worked_out(&chapters()).expect("derivatives of the book", 165, (160, 84));
}

#[test]
fn every_claim_of_every_chapter() {
    claimed(&chapters()).expect("claims of the book", 80, (78, 31));
}

#[test]
fn every_derivation_in_every_form() {
    let mut tally = Tally::default();
    for path in chapters() {
        let mut document = load(&path);
        let structure = Structure::new(&mut document.arena, &document.model);
        let lines = derived_at(&document);
        for slope in slopes(&mut document).into_iter().filter(|slope| lines.contains(&slope.line)) {
            for shown in [Shown::Paths, Shown::Closed, Shown::Composed] {
                let place = format!("{} {shown:?}", place(&path, slope.line));
                let Document { arena, model, .. } = &mut document;
                match derive(arena, model, &structure, (slope.of, slope.by), shown) {
                    Ok(derivation) => tally.add(place, &mut document, derivation.result, &|document, formula| {
                        compare_slope(document, &slope, formula)
                    }),
                    Err(obstacle) => tally.leave_out(place, obstacle.to_string()),
                }
            }
        }
    }
    tally.expect("derivations of the book", 18, (18, 8));
}

/// The lines of the fences that ask for a derivation.
fn derived_at(document: &Document) -> Vec<usize> {
    let line = |item: &Item| match item {
        Item::Derive(block) => Some(document.source.place(block.fence.span.start).line),
        Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Claim(_) | Item::Display(_) => None,
    };
    document.items.iter().filter_map(line).collect()
}

#[test]
fn the_acceptance_cases() {
    let pages = acceptance_cases();
    if !pages.is_empty() {
        worked_out(&pages).expect("derivatives of the cases", 74, (73, 44));
        claimed(&pages).expect("claims of the cases", 38, (38, 12));
    }
}
