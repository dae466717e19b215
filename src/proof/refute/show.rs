//! A counterexample in words: names as LaTeX, values as text.

use crate::expr::{Arena, Prop, SymbolId};
use crate::model::Model;
use crate::number::rational::{display, to_f64};
use crate::number::{Interval, Rational};
use crate::numeric::{Assignment, Enclosures, Givens, Rationals, Tensor, Witness};
use crate::print;
use crate::proof::Counterexample;
use crate::proof::refute::Hunt;
use crate::proof::refute::beyond::{ClaimThere, Supposed};
use crate::proof::refute::limits::speaks_of_limits;
use crate::proof::refute::truth::BITS;
use crate::proof::subject::Subject;

/// A point at which the claim fails, with what is read and what comes out.
pub(super) struct Found {
    pub point: Assignment,
    /// The point itself, and others at which the claim fails or may fail.
    pub points: Vec<Assignment>,
    pub read: Givens,
    /// What no sample decides of the premises there.
    pub supposed: Supposed,
    /// The point that this one was shrunk from, where something is supposed.
    pub first: Option<Box<Found>>,
    left: String,
    right: String,
    along_limits: bool,
}

impl Found {
    pub(super) fn new(hunt: &Hunt<'_>, point: Assignment) -> Found {
        let mut read = Givens::new();
        let (left, right) = sides(hunt, &point, hunt.claim, &mut read);
        // What holds for all members of a family matters only for those that are read.
        for prop in hunt.subject.premises.iter().filter(|prop| !matches!(prop, Prop::ForAll(..))) {
            hunt.question(&point).decide(&mut point.clone(), prop, &mut read);
        }
        let points = vec![point.clone()];
        let supposed = Supposed::at(hunt, &point, ClaimThere::Fails);
        Found { point, points, read, supposed, first: None, left, right, along_limits: hunt.limits.is_some() }
    }

    /// A point along which a limit is another one.
    pub(super) fn along(point: Assignment, read: Givens, left: String, right: String) -> Found {
        let points = vec![point.clone()];
        Found { point, points, read, supposed: Supposed::default(), first: None, left, right, along_limits: true }
    }
}

/// The values of both sides; of a statement with parts, of its last comparison.
fn sides(hunt: &Hunt<'_>, point: &Assignment, prop: &Prop, read: &mut Givens) -> (String, String) {
    match prop {
        Prop::Compare(_, left, right) if speaks_of_limits(hunt.bench.arena, prop) => {
            let mut text = |side| {
                let side = hunt.limits.and_then(|limits| limits.side(hunt.bench, point, side, read));
                side.map_or_else(|| "unknown".to_owned(), |side| side.text(decimal))
            };
            (text(*left), text(*right))
        }
        Prop::Compare(_, left, right) => {
            let exact = hunt.bench.values(point, &Rationals, &[*left, *right], read);
            let enclosed = hunt.bench.values(point, &Enclosures { bits: BITS }, &[*left, *right], read);
            let text = |at: usize| match (exact.get(at), enclosed.get(at)) {
                (Some(Ok(value)), _) => tensor(value, display),
                (_, Some(Ok(value))) => tensor(value, decimal),
                _ => "undefined".to_owned(),
            };
            (text(0), text(1))
        }
        Prop::Implies(premise, conclusion) => {
            hunt.question(point).decide(&mut point.clone(), premise, read);
            sides(hunt, point, conclusion, read)
        }
        Prop::Iff(left, right) => {
            let mut point = point.clone();
            let question = hunt.question(&point);
            let mut word = |part| if question.holds(&mut point, part, read) { "true" } else { "false" };
            (word(left).to_owned(), word(right).to_owned())
        }
        Prop::And(parts) => {
            let mut point = point.clone();
            let question = hunt.question(&point);
            let failing = parts.iter().find(|part| !question.holds(&mut point, part, read));
            failing.or(parts.last()).map_or_else(Default::default, |part| sides(hunt, &point, part, read))
        }
        Prop::Not(part) | Prop::ForAll(_, part) => sides(hunt, point, part, read),
        Prop::Or(parts) => {
            // All of them fail, and what each of them reads makes it fail.
            for part in parts {
                hunt.question(point).decide(&mut point.clone(), part, read);
            }
            parts.last().map_or_else(Default::default, |part| sides(hunt, point, part, read))
        }
        Prop::Integer(expr) => {
            let value = hunt.bench.values(point, &Rationals, &[*expr], read).pop();
            (
                value.and_then(Result::ok).map_or_else(String::new, |value| tensor(&value, display)),
                "an integer".to_owned(),
            )
        }
        Prop::Proportional { .. } => Default::default(),
    }
}

/// A tensor on one line: `[1, 2]` for a vector, `[1, 0; 2, 1]` for a matrix, `[1, 2;]` for one with a single row.
pub(super) fn tensor<S>(value: &Tensor<S>, number: impl Fn(&S) -> String) -> String {
    match value {
        Tensor::Scalar(value) => number(value),
        Tensor::Vector(entries) => format!("[{}]", entries.iter().map(number).collect::<Vec<_>>().join(", ")),
        Tensor::Matrix { columns, entries, .. } => {
            let rows = entries.chunks((*columns).max(1));
            let rows: Vec<String> = rows.map(|row| row.iter().map(&number).collect::<Vec<_>>().join(", ")).collect();
            let end = if rows.len() == 1 && *columns > 1 { ";" } else { "" };
            format!("[{}{end}]", rows.join("; "))
        }
    }
}

/// A number known by an enclosure, to twelve digits.
fn decimal(value: &Interval) -> String {
    match value.midpoint() {
        Some(middle) if value.is_point() => display(&middle),
        Some(middle) => {
            let text = format!("{:.12}", to_f64(&middle));
            if text.trim_start_matches('-').starts_with("0.000000") {
                return format!("{:e}", to_f64(&middle));
            }
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        None => value.to_string(),
    }
}

/// The counterexample with its names.
pub(super) fn counterexample(arena: &mut Arena, model: &Model, subject: &Subject, found: Found) -> Counterexample {
    let mut assignment = Vec::new();
    for (&symbol, value) in &found.point.integers {
        assignment.push((name(arena, symbol, &[]), value.to_string()));
    }
    let sizes = found.point.values.iter().filter(|((symbol, _), _)| subject.families.contains(symbol));
    for ((symbol, indices), value) in sizes {
        assignment.push((name(arena, *symbol, indices), tensor(value, display)));
    }
    for &function in &subject.functions {
        if let Some(witness) = found.point.functions.get(&function) {
            assignment.push((function_name(arena, model, function), function_text(arena, model, function, witness)));
        }
    }
    let along = found.along_limits;
    for ((symbol, indices), value) in &found.read {
        let text = tensor(value, |entry: &Rational| display(entry));
        if along && found.read.keys().filter(|(other, _)| other == symbol).count() > 1 {
            // One value for all members, as a formula.
            let letter = model.declarations.get(symbol).and_then(|declaration| declaration.indices.first());
            let letter = letter.map_or("s", |letter| arena.name(*letter)).to_owned();
            let entry = (function_name(arena, model, *symbol), format!("{letter} -> {text}"));
            if !assignment.contains(&entry) {
                assignment.push(entry);
            }
            continue;
        }
        assignment.push((name(arena, *symbol, indices), text));
    }
    Counterexample { assignment, left: found.left, right: found.right }
}

fn name(arena: &mut Arena, symbol: SymbolId, indices: &[i64]) -> String {
    let indices: Vec<_> = indices.iter().map(|&index| arena.integer(index)).collect();
    let shape = arena.declared_shape(symbol);
    let member = arena.member_of_shape(symbol, indices.into(), shape);
    print::latex(arena, member)
}

fn function_name(arena: &mut Arena, model: &Model, function: SymbolId) -> String {
    let letters = model.declarations.get(&function).map(|declaration| declaration.indices.clone()).unwrap_or_default();
    let indices: Vec<_> = letters.into_iter().map(|letter| arena.symbol(letter)).collect();
    let shape = arena.declared_shape(function);
    let member = arena.member_of_shape(function, indices.into(), shape);
    print::latex(arena, member)
}

/// How many numbers a function takes, where that does not depend on sizes.
pub(super) fn arity(arena: &Arena, model: &Model, function: SymbolId) -> Option<usize> {
    let signature = model.declarations.get(&function)?.signature.as_ref()?;
    let mut n = 0;
    for argument in &signature.arguments {
        n += argument.sizes().iter().try_fold(1usize, |product, &size| {
            usize::try_from(arena.as_integer(size)?).ok().map(|size| product * size)
        })?;
    }
    Some(n)
}

fn function_text(arena: &Arena, model: &Model, function: SymbolId, witness: &Witness) -> String {
    let indices = model.declarations.get(&function).map_or(&[][..], |declaration| &declaration.indices);
    let names: Vec<&str> = indices.iter().map(|&index| arena.name(index)).collect();
    let arity = arity(arena, model, function);
    match arity.filter(|_| names.is_empty()).and_then(|n| witness.terms(&[], n)) {
        Some(terms) => Witness::Terms(terms).to_string(),
        None => witness.text(arity, &names),
    }
}
