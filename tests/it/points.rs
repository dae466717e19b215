//! Random points of a derivation, and its derivatives there by every witness.

use std::collections::{BTreeMap, BTreeSet};

use chainrule::derivation::{Document, Item};
use chainrule::expr::{Big, Comparison, DerivativeKind, Elementary, Expr, Node, Prop, Shape, SymbolId, SymbolKind};
use chainrule::number::{Random, Rational};
use chainrule::numeric::{
    Assignment, Error, Fallback, Floats, Form, Rationals, Style, Tape, Tensor, Witness, evaluate, evaluate_all,
    gradient_along, holds,
};

/// How far two values may differ, as a part of the larger.
pub const TOLERANCE: f64 = 1e-10;

/// Values below this count as this large: what cancels loses its digits.
const FLOOR: f64 = 1e-4;

/// Beyond this a point is left out: sums of numbers of such sizes lose too many digits.
const CEILING: f64 = 1e7;

/// A derivative that a page speaks of, and where it does.
#[derive(Clone)]
pub struct Slope {
    pub line: usize,
    pub kind: DerivativeKind,
    pub of: Expr,
    pub by: Expr,
    /// What must hold of the letters and the givens.
    pub conditions: Vec<Prop>,
}

impl Slope {
    /// The derivative, not worked out.
    pub fn expr(&self, document: &mut Document) -> Expr {
        document.arena.derivative(self.kind, self.of, self.by)
    }

    /// The slope by the forward witness, and by the backward one; of a number by a number.
    pub fn witnesses(&self, document: &mut Document, point: &Assignment) -> Result<(f64, f64), Error> {
        let asked = self.expr(document);
        let forward = value(document, point, asked)?;
        let Document { arena, model, .. } = document;
        let found = gradient_along(self.kind, (arena, model, point), &Floats, self.of, &[self.by])?;
        Ok((forward, number(found.into_iter().next().ok_or(Error::Misfit("a gradient"))?)?))
    }

    /// The whole derivative by the backward witness: Jacobians with rows by what is differentiated, and by a matrix
    /// with its columns one below the other.
    pub fn backward(&self, document: &mut Document, point: &Assignment) -> Result<Vec<f64>, Error> {
        let Document { arena, model, .. } = document;
        let parts = match evaluate(arena, model, point, &Floats, self.of)?.form() {
            Form::Scalar => {
                let found = gradient_along(self.kind, (arena, model, point), &Floats, self.of, &[self.by])?;
                return Ok(found.into_iter().flat_map(Tensor::into_entries).collect());
            }
            Form::Vector(n) => (1..=n as i64).map(|at| arena.integer(at)).collect::<Vec<Expr>>(),
            Form::Matrix(..) => return Err(Error::Unsupported("the derivative of a matrix")),
        };
        let mut jacobian = Vec::new();
        for at in parts {
            let part = arena.entry(self.of, vec![at]);
            for row in gradient_along(self.kind, (arena, model, point), &Floats, part, &[self.by])? {
                let entries = row.entries();
                match row.form() {
                    Form::Scalar | Form::Vector(_) => jacobian.extend(entries),
                    Form::Matrix(m, n) => jacobian.extend((0..m * n).map(|at| entries[at % m * n + at / m])),
                }
            }
        }
        Ok(jacobian)
    }

    /// The slope by differences of order 8, for a given; not exact where half of the step gives something else.
    pub fn by_differences(&self, document: &Document, point: &Assignment) -> Result<f64, Error> {
        let (coarse, fine) = (self.difference(document, point, 256)?, self.difference(document, point, 512)?);
        if agree(coarse, fine) { Ok(fine) } else { Err(Error::NotExact) }
    }

    fn difference(&self, document: &Document, point: &Assignment, steps_in_one: i64) -> Result<f64, Error> {
        let Document { arena, model, .. } = document;
        let (member, at) = match arena.node(self.by) {
            Node::Entry { of, at } => (*of, at.to_vec()),
            _ => (self.by, Vec::new()),
        };
        let Node::Symbol { symbol, indices, .. } = arena.node(member) else {
            return Err(Error::Unsupported("a difference by something that is no symbol"));
        };
        if model.is_defined(*symbol) {
            return Err(Error::Unsupported("a difference by what is defined"));
        }
        let whole = |exprs: &[Expr]| -> Result<Vec<i64>, Error> {
            let numbers = exprs.iter().map(|&expr| value(document, point, expr).map(|value| value as i64));
            numbers.collect()
        };
        let base = evaluate(arena, model, point, &Rationals, member)?;
        let position = base.form().position(&whole(&at)?)?;
        let key = (*symbol, whole(indices)?);
        let shifted = |steps: i64| -> Result<f64, Error> {
            let mut moved = base.clone();
            moved.entries_mut()[position] += Rational::from(steps) / Rational::from(steps_in_one);
            let mut point = point.clone();
            point.values.insert(key.clone(), moved);
            value(document, &point, self.of)
        };
        let mut slope = 0.0;
        for (steps, weight) in (1..).zip([4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0]) {
            slope += weight * (shifted(steps)? - shifted(-steps)?);
        }
        Ok(slope * steps_in_one as f64)
    }

    /// The slope by a tape; of an immediate derivative there is none.
    pub fn by_tape(&self, document: &Document, point: &Assignment) -> Result<f64, Error> {
        if self.kind == DerivativeKind::Immediate {
            return Err(Error::Unsupported("an immediate derivative, on a tape"));
        }
        let mut tape = Tape::compile(&document.arena, &document.model, point, self.of, &[self.by])?;
        number(tape.gradient().1.remove(0))
    }
}

/// The number that a tensor is.
pub fn number(value: Tensor<f64>) -> Result<f64, Error> {
    value.as_scalar().copied().ok_or(Error::Misfit("a number where a tensor stands"))
}

/// Whether two values are the same up to rounding.
pub fn agree(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(FLOOR)
}

/// Whether a value can be compared.
pub fn is_moderate(value: f64) -> bool {
    value.is_finite() && value.abs() < CEILING
}

/// Every derivative that stands in a claim or is asked for, each once, by entries with letters of their own.
pub fn slopes(document: &mut Document) -> Vec<Slope> {
    let mut found: Vec<(usize, Expr, Vec<Prop>)> = Vec::new();
    for item in &document.items {
        match item {
            Item::Claim(block) => {
                for (formula, claim) in &block.claims {
                    let line = document.source.place(formula.span.start).line;
                    for statement in claim.iter().flat_map(|claim| &claim.statements) {
                        let parts = document.arena.reachable(&statement.prop.expressions()).into_iter();
                        found.extend(parts.map(|part| (line, part, statement.conditions.clone())));
                    }
                }
            }
            Item::Derive(block) => {
                let line = document.source.place(block.fence.span.start).line;
                found.extend(block.asked.iter().flatten().map(|&asked| (line, asked, Vec::new())));
            }
            Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Display(_) => {}
        }
    }
    let mut seen = BTreeSet::new();
    let mut slopes = Vec::new();
    for (line, part, mut conditions) in found {
        let Node::Derivative { kind, of, by, .. } = *document.arena.node(part) else { continue };
        let kind = if kind == DerivativeKind::Partial { DerivativeKind::Total } else { kind };
        let (of, by) = (with_free_letters(document, of), with_free_letters(document, by));
        let (of, by) = (entry(document, of, "i"), entry(document, by, "k"));
        // A derivative is taken in the space of all givens, whatever is assumed of their values.
        conditions.extend(document.model.assumptions.clone());
        conditions.retain(|prop| speaks_of_integers(document, prop) && !speaks_of_all(document, prop));
        if seen.insert((kind, of, by)) {
            slopes.push(Slope { line, kind, of, by, conditions });
        }
    }
    slopes
}

fn speaks_of_integers(document: &Document, prop: &Prop) -> bool {
    let parts = document.arena.reachable(&prop.expressions());
    parts.into_iter().all(|part| match document.arena.node(part) {
        Node::Symbol { symbol, .. } => document.arena.kind(*symbol) == SymbolKind::Integer,
        Node::Call { .. } | Node::Tensor { .. } => false,
        _ => true,
    })
}

/// Whether an assumption speaks of something that a formula hangs on, through the definitions.
pub fn bears_on(document: &Document, exprs: &[Expr], assumption: &Prop) -> bool {
    let Document { arena, model, .. } = document;
    let names = |exprs: &[Expr]| -> BTreeSet<SymbolId> {
        let symbol = |part: Expr| match arena.node(part) {
            Node::Symbol { symbol, .. } => Some(*symbol),
            _ => None,
        };
        arena.reachable(exprs).into_iter().filter_map(symbol).collect()
    };
    let mut reached = names(exprs);
    loop {
        let n_before = reached.len();
        for definition in
            model.definitions.iter().filter(|definition| reached.contains(&definition.symbol)).collect::<Vec<_>>()
        {
            reached.extend(names(&[definition.body]));
        }
        if reached.len() == n_before {
            break;
        }
    }
    names(&assumption.expressions()).iter().any(|name| reached.contains(name))
}

/// Whether a condition speaks of all sizes of a family, or of all values of a function: it is met by what is drawn, or
/// does not touch how the function is differentiated.
pub fn speaks_of_all(document: &Document, prop: &Prop) -> bool {
    let parts = document.arena.reachable(&prop.expressions());
    let has_call = parts.iter().any(|&part| matches!(document.arena.node(part), Node::Call { .. }));
    matches!(prop, Prop::ForAll(..)) && (has_call || speaks_of_integers(document, prop))
}

/// Indices that binders outside of a part bind, as letters of its own.
fn with_free_letters(document: &mut Document, part: Expr) -> Expr {
    let bound: Vec<(Expr, u32)> =
        document
            .arena
            .reachable(&[part])
            .into_iter()
            .filter_map(|inner| {
                if let Node::Bound(height) = *document.arena.node(inner) { Some((inner, height)) } else { None }
            })
            .collect();
    let arena = &mut document.arena;
    let letter = |(inner, height): (Expr, u32)| {
        let letter = arena.intern(&format!("\u{a7}b{height}"), SymbolKind::Integer);
        (inner, arena.symbol(letter))
    };
    let map = bound.into_iter().map(letter).collect();
    document.arena.substitute(part, &map)
}

/// An entry of a tensor with letters of its own; a number itself.
fn entry(document: &mut Document, of: Expr, name: &str) -> Expr {
    let arena = &mut document.arena;
    let (of, is_transposed) = match *arena.node(of) {
        Node::Transpose(inner) => (inner, true),
        _ => (of, false),
    };
    let n = match arena.shape(of) {
        Shape::Scalar => return of,
        Shape::Vector(_) => 1,
        Shape::Matrix(..) => 2,
    };
    let mut at: Vec<Expr> = (0..n)
        .map(|place| {
            let letter = arena.intern(&format!("\u{a7}{name}{place}"), SymbolKind::Integer);
            arena.symbol(letter)
        })
        .collect();
    if is_transposed {
        at.reverse();
    }
    arena.entry(of, at)
}

/// A point drawn from the seed, with integers from 1 to `highest`; `None` where it breaks a condition.
///
/// Values are small, of both signs for every other seed: large ones lose digits where a sigmoid is nearly 1.
pub fn draw(document: &Document, slope: &Slope, highest: i64, seed: u64) -> Option<Assignment> {
    let Document { arena, model, .. } = document;
    let mut random = Random::new(seed);
    let mut exprs = vec![slope.of, slope.by];
    exprs.extend(slope.conditions.iter().flat_map(Prop::expressions));
    for definition in &model.definitions {
        exprs.push(definition.body);
        exprs.extend(definition.range.iter().flat_map(Prop::expressions));
    }
    let letters: BTreeSet<SymbolId> = symbols(document, &exprs, SymbolKind::Integer);
    let integers: BTreeMap<SymbolId, i64> =
        letters.into_iter().map(|letter| (letter, random.between(1, highest))).collect();
    let fallback = Some(Fallback { seed, style: Style::Unit });
    let mut point = Assignment { integers, fallback, ..Assignment::default() };
    for (symbol, declaration) in &model.declarations {
        let is_of_one = declaration.signature.as_ref().is_some_and(|signature| signature.arguments.len() == 1);
        if is_of_one && !model.functions.contains_key(symbol) {
            let function = *random.choose(&[Elementary::Tanh, Elementary::Sin, Elementary::Sigmoid])?;
            point.functions.insert(*symbol, Witness::Elementary(function));
        }
    }
    let (_, givens) = evaluate_all(arena, model, &point, &Floats, &[slope.of]);
    for (key, mut value) in givens {
        let entries = value.entries_mut().iter_mut();
        entries.filter(|_| seed % 2 == 1 && random.coin()).for_each(|entry| *entry *= Rational::NEG_ONE);
        point.values.insert(key, value);
    }
    let others = slope.conditions.iter().filter(|prop| !make_true(document, &mut point, prop));
    let others: Vec<&Prop> = others.collect();
    others.into_iter().all(|prop| is_met(document, &point, highest, prop)).then_some(point)
}

/// Whether a condition holds at a point; for all values of an index, at those that the point may speak of.
fn is_met(document: &Document, point: &Assignment, highest: i64, prop: &Prop) -> bool {
    let Document { arena, model, .. } = document;
    let Prop::ForAll(letters, inner) = prop else {
        return holds(arena, model, point, &Floats, prop) == Ok(true);
    };
    let Some((&letter, others)) = letters.split_first() else {
        return is_met(document, point, highest, inner);
    };
    let others = Prop::ForAll(others.to_vec(), inner.clone());
    arena.kind(letter) == SymbolKind::Integer
        && (1..=highest).all(|index| {
            let mut at = point.clone();
            at.integers.insert(letter, index);
            let is_outside = matches!(evaluate_sides(document, &at, inner), Err(Error::Undefined(_)));
            is_outside || is_met(document, &at, highest, &others)
        })
}

/// Whether the sides of a comparison have values.
fn evaluate_sides(document: &Document, point: &Assignment, prop: &Prop) -> Result<(), Error> {
    let Document { arena, model, .. } = document;
    prop.expressions().into_iter().try_for_each(|side| evaluate(arena, model, point, &Floats, side).map(drop))
}

/// Gives a number the value that a condition says, or makes the entries of a vector add up to what it says of them;
/// false where it says something else.
fn make_true(document: &Document, point: &mut Assignment, prop: &Prop) -> bool {
    let arena = &document.arena;
    let (left, right) = match prop {
        Prop::ForAll(_, inner) => return scale_to_sum(document, point, inner),
        Prop::Compare(Comparison::Equal, left, right) => (*left, *right),
        _ => return false,
    };
    let found = [(left, right), (right, left)].into_iter().find_map(|(given, number)| {
        let Node::Symbol { symbol, indices, shape: Shape::Scalar } = arena.node(given) else { return None };
        let is_real = arena.kind(*symbol) == SymbolKind::Real;
        let indices: Option<Vec<i64>> = indices.iter().map(|&index| arena.as_integer(index)).collect();
        Some(((*symbol, indices?), arena.as_number(number)?)).filter(|_| is_real)
    });
    match found {
        Some((key, number)) => {
            point.values.insert(key, Tensor::Scalar(number.clone()));
            true
        }
        None => scale_to_sum(document, point, prop),
    }
}

fn scale_to_sum(document: &Document, point: &mut Assignment, prop: &Prop) -> bool {
    let arena = &document.arena;
    let Prop::Compare(Comparison::Equal, left, right) = *prop else { return false };
    let found = [(left, right), (right, left)].into_iter().find_map(|(sum, total)| {
        let Node::Big { op: Big::Sum, height, body, .. } = *arena.node(sum) else { return None };
        let Node::Entry { of, ref at } = *arena.node(body) else { return None };
        let Node::Symbol { symbol, .. } = *arena.node(of) else { return None };
        let is_over_all = matches!(at[..], [at] if *arena.node(at) == Node::Bound(height));
        Some((symbol, arena.as_number(total)?)).filter(|_| is_over_all)
    });
    let Some((symbol, total)) = found else { return false };
    for (_, value) in point.values.iter_mut().filter(|((own, _), _)| *own == symbol) {
        let sum = value.entries().iter().fold(Rational::ZERO, |sum, entry| sum + entry);
        if sum.is_zero() {
            return false;
        }
        value.entries_mut().iter_mut().for_each(|entry| *entry *= total / &sum);
    }
    true
}

/// The symbols of a kind without indices that stand in some expressions.
fn symbols(document: &Document, exprs: &[Expr], kind: SymbolKind) -> BTreeSet<SymbolId> {
    let arena = &document.arena;
    let symbol = |part: Expr| match arena.node(part) {
        Node::Symbol { symbol, indices, .. } if indices.is_empty() && arena.kind(*symbol) == kind => Some(*symbol),
        _ => None,
    };
    arena.reachable(exprs).into_iter().filter_map(symbol).collect()
}

/// The value of an expression that must be a number.
pub fn value(document: &Document, point: &Assignment, expr: Expr) -> Result<f64, Error> {
    number(evaluate(&document.arena, &document.model, point, &Floats, expr)?)
}
