//! Remarks on partial derivatives that can be read in two ways.

use std::collections::BTreeMap;

use crate::derivation::document::{Document, Item, Relation};
use crate::expr::SymbolId;
use crate::lower::Names;
use crate::proof::{Reading, Verdict};
use crate::source::{Diagnostic, Source, Span};
use crate::syntax::ast::{Formula, Kind, Node};

/// Says of every proved formula how its ambiguous derivatives were read, and warns where two formulas differ.
pub(super) fn remark(document: &mut Document) {
    let Document { source, items, names, diagnostics, .. } = document;
    let mut seen: BTreeMap<(SymbolId, SymbolId), (Reading, usize)> = BTreeMap::new();
    for item in items {
        let Item::Claim(block) = item else { continue };
        let mut relations = block.relations.as_mut_slice();
        for (formula, claim) in &block.claims {
            let n_relations = claim.as_ref().map_or(1, |claim| claim.statements.len()).min(relations.len());
            let (own, others) = relations.split_at_mut(n_relations);
            relations = others;
            if own.iter().any(|relation| relation.outcome.verdict != Verdict::Proved) {
                continue;
            }
            for relation in own {
                let Some(reading) = relation.outcome.reading else { continue };
                let places = places(names, formula, relation);
                relation.outcome.diagnostics.extend(remarks(source, reading, &places));
                let line = source.place(relation.span.start).line;
                for place in places {
                    let (other, first) = *seen.entry(place.names).or_insert((reading, line));
                    if other != reading {
                        diagnostics.push(conflict(source, &place, (reading, line), (other, first)));
                    }
                }
            }
        }
    }
}

/// An ambiguous derivative where it is written.
struct Place {
    /// What is differentiated, and by what.
    names: (SymbolId, SymbolId),
    span: Span,
    /// Its two signs.
    signs: (Span, Span),
}

/// The ambiguous derivatives of a relation.
fn places(names: &Names, formula: &Formula, relation: &Relation) -> Vec<Place> {
    let mut found = Vec::new();
    collect(names, &formula.body, &mut found);
    let is_own = |place: &Place| {
        relation.outcome.ambiguous.contains(&place.names)
            && relation.span.start <= place.span.start
            && place.span.end <= relation.span.end
    };
    found.retain(is_own);
    found
}

fn collect(names: &Names, node: &Node, found: &mut Vec<Place>) {
    if let Kind::Frac { num, den } = &node.kind
        && let (Some((above, of)), Some((below, by))) = (partial(num), partial(den))
        && let (Some(of), Some(by)) = (names.named(of), names.named(by))
    {
        found.push(Place { names: (of.symbol, by.symbol), span: node.span, signs: (above, below) });
    }
    node.children().into_iter().for_each(|child| collect(names, child, found));
}

/// The place of the sign and what follows it, in a numerator or denominator such as `\partial h_t`.
fn partial(node: &Node) -> Option<(Span, &Node)> {
    let Kind::Product(items) = &node.kind else { return None };
    let [(_, sign), (_, what)] = &items[..] else { return None };
    (sign.kind == Kind::Symbol(r"\partial".to_owned())).then_some((sign.span, what))
}

/// One remark for each derivative that is written differently.
fn remarks(source: &Source, reading: Reading, places: &[Place]) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for place in places {
        let message = format!("`{}` is read as the {} derivative", source.slice(place.span), reading.word());
        if found.iter().all(|remark| remark.message != message) {
            let hint = format!("write `{}`", rewritten(source, place, reading));
            found.push(Diagnostic::note("ambiguous-partial", place.span, message).with_hint(hint));
        }
    }
    found
}

/// The derivative with signs that say how it is read.
fn rewritten(source: &Source, place: &Place, reading: Reading) -> String {
    let (above, below) = match reading {
        Reading::Total => ("d", "d"),
        Reading::Immediate => (r"\partial^{+}", r"\partial"),
    };
    let slice = |start, end| source.slice(Span::new(start, end));
    let (upper, lower) = place.signs;
    let (head, middle, tail) =
        (slice(place.span.start, upper.start), slice(upper.end, lower.start), slice(lower.end, place.span.end));
    format!("{head}{above}{middle}{below}{tail}")
}

fn conflict(source: &Source, place: &Place, own: (Reading, usize), other: (Reading, usize)) -> Diagnostic {
    let message = format!(
        "`{}` is read as the {} derivative here, and as the {} one in line {}",
        source.slice(place.span),
        own.0.word(),
        other.0.word(),
        other.1
    );
    let hint = format!("write `{}` here", rewritten(source, place, own.0));
    Diagnostic::warning("conflicting-readings", place.span, message).with_hint(hint)
}
