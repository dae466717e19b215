//! What a proof of order says, line by line: the inferences of its evidence, each as a statement with what it supposes.
//!
//! A reader is told every inference that says something new. What only joins others, holds of numbers at sight, or was said
//! already is passed over, and so is the claim at the end.

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop, Substitution, SymbolKind};
use crate::print::Tree;
use crate::proof::check::{Composition, Evidence, Reason, Relation, Span};
use crate::proof::readable::readable;

/// A line of a proof.
struct Line {
    /// The name of the inference.
    name: &'static str,
    /// What it shows.
    conclusion: Prop,
    /// What it supposes beyond the conditions of the claim.
    supposed: Vec<Prop>,
}

/// The place of an inference in a proof.
#[derive(Clone, Default)]
struct Place {
    /// What is supposed there.
    supposed: Vec<Prop>,
    /// The letters that run over a range.
    spans: Vec<Span>,
    /// What letters stand for.
    letters: Substitution,
}

/// The lines of a proof, premises first: the name of an inference, and its statement as LaTeX.
pub(super) fn lines(arena: &mut Arena, evidence: &Evidence) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    tell(arena, evidence, &Place::default(), &mut lines);
    lines.retain(|line| line.conclusion != evidence.conclusion);
    named(arena, lines)
}

fn tell(arena: &mut Arena, evidence: &Evidence, place: &Place, lines: &mut Vec<Line>) {
    let (mut reason, mut premises) = (&evidence.reason, &evidence.premises[..]);
    // Of two ways to write one relation the later one is told, for the reason of the earlier one.
    while let (Reason::Law("same difference", _), [only]) = (reason, premises) {
        (reason, premises) = (&only.reason, &only.premises);
    }
    let first = lines.len();
    for (idx, premise) in premises.iter().enumerate() {
        let inner = place.within(reason, &evidence.conclusion, (idx, premises));
        tell(arena, premise, &inner, lines);
    }
    if let Reason::Unreplayed(_) = reason {
        // Nothing says what the letters of the search stand for.
        let told = lines.split_off(first).into_iter();
        lines.extend(told.filter(|line| !has_private_letters(arena, &line.conclusion)));
    }
    let Some(name) = name(reason) else { return };
    let conclusion = evidence.conclusion.map(&mut |side| arena.substitute(side, &place.letters));
    let supposed = place.told_for(arena, &conclusion);
    let is_told = |line: &Line| line.conclusion == conclusion && line.supposed == supposed;
    if !is_plain(arena, &conclusion) && !supposed.contains(&conclusion) && !lines.iter().any(is_told) {
        lines.push(Line { name, conclusion, supposed });
    }
}

/// Whether a statement compares two numbers, or what is equal as it stands.
fn is_plain(arena: &Arena, prop: &Prop) -> bool {
    let is_number = |side: Expr| match arena.node(side) {
        Node::Number(_) => true,
        Node::Call { function: Function::Elementary(Elementary::Abs), args, .. } => arena.as_number(args[0]).is_some(),
        _ => false,
    };
    matches!(*prop, Prop::Compare(_, left, right) if left == right || is_number(left) && is_number(right))
}

/// Whether a statement holds letters for numbers that a search made for itself.
fn has_private_letters(arena: &Arena, prop: &Prop) -> bool {
    arena.reachable(&prop.expressions()).into_iter().any(|part| {
        matches!(arena.node(part), Node::Symbol { symbol, .. }
            if arena.kind(*symbol) == SymbolKind::Real && arena.name(*symbol).starts_with('\u{a7}'))
    })
}

impl Place {
    /// The place of a premise of an inference.
    fn within(&self, reason: &Reason, conclusion: &Prop, (idx, premises): (usize, &[Evidence])) -> Place {
        let mut inner = self.clone();
        match (reason, conclusion) {
            (Reason::Form, Prop::Implies(premise, _)) => inner.supposed.push((**premise).clone()),
            (Reason::Contraposition, Prop::Implies(_, end)) => {
                let ends = if let Prop::Or(parts) = &**end { parts.as_slice() } else { std::slice::from_ref(&**end) };
                let contraries = ends.iter().filter_map(|end| relation(end)?.contrary());
                inner.supposed.extend(contraries.map(Relation::prop));
            }
            (Reason::Split(case), _) => {
                let case = if idx == 0 { Some(*case) } else { case.contrary() };
                inner.supposed.extend(case.map(Relation::prop));
            }
            (Reason::EitherSide(a, b), _) => {
                let (low, high) = if idx == 0 { (a, b) } else { (b, a) };
                inner.supposed.push(Prop::Compare(Comparison::Less, *low, *high));
            }
            (Reason::Factors(span), _) if idx + 1 == premises.len() => inner.run_over(*span),
            (Reason::Composed(Composition::Over(_, span)), _) => inner.run_over(*span),
            (Reason::Generalized(letters), _) => inner.letters.extend(letters.iter().copied()),
            (Reason::Induction { letter, least }, _) if idx > 0 => {
                inner.supposed.push(Prop::at_most(*least, *letter));
            }
            _ => {}
        }
        inner
    }

    /// A letter runs over a range here; of one integer it is that integer.
    fn run_over(&mut self, span: Span) {
        if span.lower == span.upper {
            self.letters.insert(span.letter, span.lower);
        } else {
            self.spans.push(span);
        }
    }

    /// What is to be told beside a statement at this place.
    fn told_for(&self, arena: &mut Arena, conclusion: &Prop) -> Vec<Prop> {
        let parts = arena.reachable(&conclusion.expressions());
        let spans = self.spans.iter().filter(|span| parts.contains(&span.letter));
        let ranges =
            spans.flat_map(|span| [Prop::at_most(span.lower, span.letter), Prop::at_most(span.letter, span.upper)]);
        let all: Vec<Prop> = self.supposed.iter().cloned().chain(ranges).collect();
        all.iter().map(|prop| prop.map(&mut |side| arena.substitute(side, &self.letters))).collect()
    }
}

fn relation(prop: &Prop) -> Option<Relation> {
    match *prop {
        Prop::Compare(how, left, right) => Some(Relation::new(how, left, right)),
        _ => None,
    }
}

/// The lines as LaTeX, with one name for a letter in all of them.
fn named(arena: &mut Arena, lines: Vec<Line>) -> Vec<(String, String)> {
    let sides = |line: &Line| -> Vec<Expr> {
        [&line.conclusion].into_iter().chain(&line.supposed).flat_map(Prop::expressions).collect()
    };
    let before: Vec<Expr> = lines.iter().flat_map(sides).collect();
    let after = readable(arena, &before);
    let names: Substitution = before.into_iter().zip(after).collect();
    let told = |line: Line| {
        let [conclusion, supposed @ ..] = &[&[line.conclusion][..], &line.supposed].concat()[..] else { return None };
        let rename = |prop: &Prop| prop.map(&mut |side| names.get(&side).copied().unwrap_or(side));
        let supposed: Vec<Prop> = supposed.iter().map(rename).collect();
        Some((line.name.to_owned(), Tree::of_claim(arena, &rename(conclusion), &supposed, &[]).latex()))
    };
    lines.into_iter().filter_map(told).collect()
}

/// The name of an inference; none for what only joins others or repeats a hypothesis.
fn name(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::Form
        | Reason::Part(_)
        | Reason::Contraposition
        | Reason::EachConclusion
        | Reason::EachPremise
        | Reason::WithLemmas
        | Reason::Supposed
        | Reason::WhereDefined(_)
        | Reason::Generalized(_)
        | Reason::Nowhere(_)
        | Reason::Absurd => return None,
        Reason::Unreplayed(name) => name,
        Reason::Law("same difference", _) => "common form",
        Reason::Law(name, _) => name,
        Reason::WorkedOut => "definitions and chain rule",
        Reason::Opened(_) => "definition",
        Reason::Identity => "common form",
        Reason::Numbers => "numbers",
        Reason::Extent => "range",
        Reason::Through => "transitivity",
        Reason::Composed(_) => "bound by structure",
        Reason::LargestEntry(_) => "largest entry",
        Reason::EntryByEntry(_) => "entry by entry",
        Reason::Polynomial(_) => "polynomial bound",
        Reason::Split(_) | Reason::EitherSide(..) => "cases",
        Reason::Replaced(_) => "replacement",
        Reason::TermOfSum(_) => "term of a sum",
        Reason::Instance(_) => "given law",
        Reason::Factors(_) => "factor by factor",
        Reason::NowhereBeyond(_) => "upper bound",
        Reason::ReachedAt(_) => "value at a point",
        Reason::AtSomeIndex { .. } => "extreme value over an index",
        Reason::Enclosed(_) => "enclosure",
        Reason::FarOut(_) => "growth far out",
        Reason::FromZero(..) => "slope from a zero",
        Reason::MeanValue { .. } => "mean value",
        Reason::Jensen { .. } => "Jensen",
        Reason::Approached { .. } => "limit far out",
        Reason::Limit => "limit by growth",
        Reason::Sequence => "sequence of powers",
        Reason::Squeezed(_) => "squeezing",
        Reason::Induction { .. } => "induction",
    })
}
