//! Small edits, as slips make them: one place of a statement changed.

use chainrule::expr::{
    Arena, Big, Comparison, DerivativeKind, Elementary, Expr, Function, Node, Prop, Substitution, SymbolId, SymbolKind,
};
use chainrule::lower::Statement;
use chainrule::model::Model;
use chainrule::number::Rational;

/// A statement with one slip, and the model that belongs to it.
pub struct Mutant {
    /// The kind of slip.
    pub kind: &'static str,
    /// The statement.
    pub statement: Statement,
    /// The model: that of the claim, or one without some assumption.
    pub model: Model,
}

/// Every mutant of a statement.
pub fn mutants(arena: &mut Arena, model: &Model, statement: &Statement) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (kind, prop) in of_prop(arena, model, &statement.prop) {
        let statement = Statement { prop, ..statement.clone() };
        found.push(Mutant { kind, statement, model: model.clone() });
    }
    for place in 0..statement.conditions.len() {
        let mut without = statement.clone();
        without.conditions.remove(place);
        found.push(Mutant { kind: "condition dropped", statement: without, model: model.clone() });
    }
    for place in 0..model.assumptions.len() {
        let mut without = model.clone();
        without.assumptions.remove(place);
        found.push(Mutant { kind: "assumption dropped", statement: statement.clone(), model: without });
    }
    for (place, condition) in statement.conditions.iter().enumerate() {
        for (kind, prop) in relaxed(arena, condition) {
            let mut changed = statement.clone();
            changed.conditions[place] = prop;
            found.push(Mutant { kind, statement: changed, model: model.clone() });
        }
    }
    found
}

fn of_prop(arena: &mut Arena, model: &Model, prop: &Prop) -> Vec<(&'static str, Prop)> {
    let inside = |found: Vec<(&'static str, Prop)>, wrap: &dyn Fn(Prop) -> Prop| {
        found.into_iter().map(|(kind, prop)| (kind, wrap(prop))).collect::<Vec<_>>()
    };
    match prop {
        Prop::Compare(how, left, right) => {
            let (how, left, right) = (*how, *left, *right);
            let mut found = vec![];
            match how {
                Comparison::LessEqual => found.push(("strict", Prop::Compare(Comparison::Less, left, right))),
                Comparison::Less => found.push(("order reversed", Prop::Compare(Comparison::Less, right, left))),
                Comparison::Equal => found.push(("not equal", Prop::Compare(Comparison::NotEqual, left, right))),
                Comparison::NotEqual => found.push(("equal", Prop::equal(left, right))),
                Comparison::Approximately => {}
            }
            for (kind, right) in of_expr(arena, model, right) {
                found.push((kind, Prop::Compare(how, left, right)));
            }
            for (kind, left) in of_expr(arena, model, left) {
                found.push((kind, Prop::Compare(how, left, right)));
            }
            found
        }
        Prop::Implies(a, b) => {
            let mut found = vec![("converse", Prop::Implies(b.clone(), a.clone()))];
            found.extend(inside(of_prop(arena, model, b), &|b| Prop::Implies(a.clone(), Box::new(b))));
            found.extend(inside(of_prop(arena, model, a), &|a| Prop::Implies(Box::new(a), b.clone())));
            found
        }
        Prop::Iff(a, b) => {
            let mut found = inside(of_prop(arena, model, b), &|b| Prop::Iff(a.clone(), Box::new(b)));
            found.extend(inside(of_prop(arena, model, a), &|a| Prop::Iff(Box::new(a), b.clone())));
            found
        }
        Prop::And(parts) => {
            let mut found = Vec::new();
            for (place, part) in parts.iter().enumerate() {
                found.extend(inside(of_prop(arena, model, part), &|part| {
                    let mut parts = parts.clone();
                    parts[place] = part;
                    Prop::And(parts)
                }));
            }
            found
        }
        Prop::Integer(_) | Prop::Or(_) | Prop::Not(_) | Prop::ForAll(..) | Prop::Proportional { .. } => Vec::new(),
    }
}

/// A condition that allows a little more.
fn relaxed(arena: &mut Arena, condition: &Prop) -> Vec<(&'static str, Prop)> {
    match *condition {
        Prop::Compare(Comparison::Less, a, b) => vec![("condition not strict", Prop::at_most(a, b))],
        Prop::Compare(Comparison::LessEqual, a, b) => {
            let one = arena.one();
            let more = arena.sum([b, one]);
            vec![("condition one further", Prop::at_most(a, more))]
        }
        _ => Vec::new(),
    }
}

/// Every expression that differs from this one in one place.
fn of_expr(arena: &mut Arena, model: &Model, expr: Expr) -> Vec<(&'static str, Expr)> {
    let mut places = 0;
    arena.rewrite(expr, &mut |_, _| {
        places += 1;
        None
    });
    let mut found = Vec::new();
    for place in 0..places {
        for number in 0.. {
            let mut visited = 0;
            let mut kind = None;
            let changed = arena.rewrite(expr, &mut |arena, part| {
                visited += 1;
                if visited != place + 1 || kind.is_some() {
                    return None;
                }
                let edits = of_place(arena, model, part);
                let &(name, new) = edits.get(number)?;
                kind = Some(name);
                Some(new)
            });
            let Some(kind) = kind else { break };
            if changed != expr && arena.shape(changed) == arena.shape(expr) {
                found.push((kind, changed));
            }
        }
    }
    found
}

/// The edits of one place, all of its shape.
fn of_place(arena: &mut Arena, model: &Model, part: Expr) -> Vec<(&'static str, Expr)> {
    let mut edits = Vec::new();
    match arena.node(part).clone() {
        Node::Number(value) => {
            for other in [&value + Rational::ONE, -&value, &value * Rational::from(2)] {
                edits.push(("constant", arena.number(other)));
            }
        }
        Node::Symbol { symbol, indices, .. } => of_member(arena, model, (symbol, &indices), &mut edits),
        Node::Sum(terms) => {
            for place in 0..terms.len() {
                let mut rest = terms.to_vec();
                let term = rest.remove(place);
                edits.push(("term dropped", arena.sum(rest.clone())));
                rest.push(arena.negate(term));
                edits.push(("sign", arena.sum(rest)));
            }
        }
        Node::Product(factors) => {
            for place in 0..factors.len() {
                let mut rest = factors.to_vec();
                rest.remove(place);
                edits.push(("factor dropped", arena.product(rest)));
            }
            edits.push(("sign", arena.negate(part)));
            edits.push(("factor doubled", arena.product([part, *factors.last().unwrap_or(&part)])));
        }
        Node::Power(base, exponent) => {
            let (one, minus) = (arena.one(), arena.integer(-1));
            for step in [one, minus] {
                let exponent = arena.sum([exponent, step]);
                edits.push(("exponent", arena.power(base, exponent)));
            }
        }
        Node::Big { op, lower, upper, .. } => of_big(arena, part, (op, lower, upper), &mut edits),
        Node::MatMul(factors) => of_matrices(arena, &factors, &mut edits),
        Node::Transpose(of) if arena.shape(of) == arena.shape(part) => edits.push(("transpose", of)),
        Node::Derivative { kind, of, by, shape } => {
            let other =
                if kind == DerivativeKind::Immediate { DerivativeKind::Total } else { DerivativeKind::Immediate };
            edits.push(("total or immediate", arena.derivative_of_shape(other, of, by, shape)));
        }
        Node::Call { function, slots, args } => {
            if slots.is_empty() && args.len() == 1 {
                edits.push(("call dropped", args[0]));
            }
            if let Function::Elementary(Elementary::Abs) = function {
                edits.push(("absolute value dropped", args[0]));
            }
            for step in [-1, 1] {
                let args = args.iter().map(|&arg| shifted(arena, arg, step)).collect();
                edits.push(("time of the argument", arena.call(function.clone(), slots.to_vec(), args)));
            }
        }
        Node::MatrixPower(..)
        | Node::Transpose(_)
        | Node::Pi
        | Node::Infinity
        | Node::Bound(_)
        | Node::Cases(_)
        | Node::Entry { .. }
        | Node::Literal { .. }
        | Node::Identity(_)
        | Node::Fill(..)
        | Node::Unit(..)
        | Node::Tensor { .. }
        | Node::At { .. }
        | Node::Limit { .. }
        | Node::Extremum { .. } => {}
    }
    if let chainrule::expr::Shape::Matrix(m, n) = arena.shape(part)
        && m == n
    {
        edits.push(("transpose", arena.transpose(part)));
    }
    edits.retain(|&(_, new)| new != part && arena.shape(new) == arena.shape(part));
    edits
}

fn of_member(
    arena: &mut Arena,
    model: &Model,
    (symbol, indices): (SymbolId, &[Expr]),
    edits: &mut Vec<(&'static str, Expr)>,
) {
    for place in 0..indices.len() {
        for step in [-1, 1] {
            let step = arena.integer(step);
            let mut indices = indices.to_vec();
            indices[place] = arena.sum([indices[place], step]);
            edits.push(("index", arena.member(symbol, indices)));
        }
    }
    let is_alike = |other: SymbolId| {
        let count = |symbol| model.declarations.get(&symbol).map(|declaration| declaration.indices.len());
        let is_real = arena.kind(symbol) == SymbolKind::Real && arena.kind(other) == SymbolKind::Real;
        other != symbol && is_real && count(other) == Some(indices.len())
    };
    let alike: Vec<SymbolId> = model.declarations.keys().copied().filter(|&other| is_alike(other)).collect();
    for other in alike {
        edits.push(("symbol", arena.member(other, indices.to_vec())));
    }
}

fn of_big(arena: &mut Arena, part: Expr, (op, lower, upper): (Big, Expr, Expr), edits: &mut Vec<(&'static str, Expr)>) {
    let letter = arena.intern("edited", SymbolKind::Integer);
    let index = arena.symbol(letter);
    let Some(body) = arena.instantiate(part, index) else { return };
    for step in [-1, 1] {
        let step = arena.integer(step);
        let (other_lower, other_upper) = (arena.sum([lower, step]), arena.sum([upper, step]));
        edits.push(("bound", arena.big(op, letter, other_lower, upper, body)));
        edits.push(("bound", arena.big(op, letter, lower, other_upper, body)));
    }
    let turned = match op {
        Big::Ascending => Big::Descending,
        Big::Descending => Big::Ascending,
        Big::Sum => Big::Product,
        Big::Product => Big::Sum,
    };
    edits.push(("big operator", arena.big(turned, letter, lower, upper, body)));
}

fn of_matrices(arena: &mut Arena, factors: &[Expr], edits: &mut Vec<(&'static str, Expr)>) {
    let is_square = |arena: &Arena, factor: Expr| match arena.shape(factor) {
        chainrule::expr::Shape::Matrix(m, n) => m == n,
        _ => false,
    };
    for place in 0..factors.len() {
        if !is_square(arena, factors[place]) {
            continue;
        }
        let mut without = factors.to_vec();
        without.remove(place);
        edits.push(("factor dropped", arena.matmul(without)));
        if place + 1 < factors.len() && arena.shape(factors[place]) == arena.shape(factors[place + 1]) {
            let mut swapped = factors.to_vec();
            swapped.swap(place, place + 1);
            edits.push(("order of factors", arena.matmul(swapped)));
        }
    }
    let whole = arena.matmul(factors.to_vec());
    edits.push(("sign", arena.negate(whole)));
}

/// Every index of a member, if it has one, moved by a step.
fn shifted(arena: &mut Arena, expr: Expr, step: i64) -> Expr {
    let step = arena.integer(step);
    let mut map = Substitution::new();
    for part in arena.reachable(&[expr]) {
        if let Node::Symbol { symbol, indices, .. } = arena.node(part).clone()
            && let [index] = indices[..]
            && arena.kind(symbol) == SymbolKind::Real
        {
            let index = arena.sum([index, step]);
            map.insert(part, arena.member(symbol, vec![index]));
        }
    }
    arena.substitute(expr, &map)
}
