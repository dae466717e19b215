//! Equalities by their sum-product form.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Expr, Shape, SymbolKind};
use crate::model::Model;
use crate::proof::context::Context;
use crate::rewrite::entries::entry;
use crate::rewrite::relation::{self, Named};
use crate::rewrite::{Domain, Form, KnownSum, Normalizer};

/// What a proof of an equality rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Ground {
    /// Divisors that must not vanish.
    pub conditions: Vec<Expr>,
    /// The steps: the rule and the expression it left.
    pub steps: Vec<(&'static str, Expr)>,
    /// Whether an induction was needed.
    pub induction: bool,
    /// The error bound, where some part was decided by the random identity test.
    pub identity: Option<String>,
}

/// Two sides entry by entry, with fresh letters for the entries and the conditions that they lie in the shape.
pub(super) fn sides_by_entry(arena: &mut Arena, left: Expr, right: Expr) -> (Expr, Expr, Vec<(Expr, Expr)>) {
    let shape = match arena.shape(left) {
        Shape::Scalar => arena.shape(right),
        shape => shape,
    };
    let ranges = entry_letters(arena, shape);
    let letters: Vec<Expr> = ranges.iter().map(|&(letter, _)| letter).collect();
    (entry(arena, left, &letters), entry(arena, right, &letters), ranges)
}

/// One expression entry by entry, as in [`sides_by_entry`].
pub(super) fn by_entry(arena: &mut Arena, expr: Expr) -> (Expr, Vec<(Expr, Expr)>) {
    let ranges = entry_letters(arena, arena.shape(expr));
    let letters: Vec<Expr> = ranges.iter().map(|&(letter, _)| letter).collect();
    (entry(arena, expr, &letters), ranges)
}

/// A fresh letter for each index of a shape, with the size up to which it runs.
fn entry_letters(arena: &mut Arena, shape: Shape) -> Vec<(Expr, Expr)> {
    let mut letters = Vec::new();
    for (n, size) in shape.sizes().into_iter().enumerate() {
        let symbol = arena.intern(&format!("\u{a7}i{n}"), SymbolKind::Integer);
        letters.push((arena.symbol(symbol), size));
    }
    letters
}

/// Proves `left = right` on the ground of `context`, or does not.
pub(super) fn prove(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    left: Expr,
    right: Expr,
) -> Option<Ground> {
    let (left, right, ranges) = sides_by_entry(arena, left, right);
    let mut domain = context.domain.clone();
    for (letter, size) in ranges {
        let one = crate::rewrite::Linear::integer(1);
        let index = crate::rewrite::Linear::letter(letter);
        let size = crate::rewrite::Linear::read(arena, size)?;
        domain.require_at_most_zero(&one.minus(&index))?;
        domain.require_at_most_zero(&index.minus(&size))?;
    }
    let sides = arena.substitute_all(&[left, right], &context.fixed);
    let mut ground = Ground::default();
    let left = Resolver::new(arena, model, structure).resolve(sides[0])?;
    let right = Resolver::new(arena, model, structure).resolve(sides[1])?;
    if !crate::proof::ordered::inverses_exist(arena, model, structure, context, &sides, &[left, right]) {
        return None;
    }
    ground.steps.push(("definitions and chain rule", left));
    let difference = arena.subtract(left, right);
    let difference = arena.substitute(difference, &context.fixed);
    // Derivatives are taken; now the equations among the conditions may be used, each branch of their solutions apart.
    for branch in crate::proof::equations::branches(arena, model, structure, context)? {
        let difference = branch.applied(arena, model, structure, difference);
        let found = on_branch(arena, model, structure, context, difference, &domain)?;
        ground.conditions.extend(found.conditions);
        ground.induction |= found.induction || branch.by_induction;
        ground.identity = ground.identity.or(found.identity);
    }
    Some(ground)
}

fn on_branch(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    difference: Expr,
    domain: &Domain,
) -> Option<Ground> {
    let difference = crate::proof::jacobians::recognised(arena, model, structure, context, domain, difference);
    let by_identity = |arena: &mut Arena| {
        let found = crate::proof::identity::vanishes(arena, model, structure, domain, difference)?;
        Some(Ground { conditions: found.divisors, identity: Some(found.detail), ..Ground::default() })
    };
    // What is large is not multiplied out before it is known not to be needed.
    if is_large(arena, difference)
        && let Some(found) = by_identity(arena)
    {
        return Some(found);
    }
    if let Some(found) = by_unfolding(arena, model, structure, context, difference, domain) {
        return Some(found);
    }
    if let Some(found) = by_identity(arena) {
        return Some(found);
    }
    if let Some(folded) = crate::proof::fold::folded(arena, model, structure, context, domain, difference)
        && let Some(found) = by_unfolding(arena, model, structure, context, folded, domain)
    {
        return Some(found);
    }
    if let Some(found) = by_exponentials(arena, context, difference, domain) {
        return Some(found);
    }
    if let Some(found) = crate::proof::ordered::prove(arena, model, structure, context, difference, domain) {
        return Some(found);
    }
    if let Some(found) = crate::proof::induction::prove(arena, model, structure, context, difference, domain) {
        return Some(found);
    }
    crate::proof::steps::prove(arena, model, structure, context, difference, domain)
}

/// Differences with more nodes than this, or with longer ranges between numbers, are large.
const LARGE: usize = 150;

/// Whether the form of a difference may be very much larger than the difference itself.
fn is_large(arena: &Arena, difference: Expr) -> bool {
    let nodes = arena.reachable(&[difference]);
    let is_long = |&part: &Expr| match arena.node(part) {
        crate::expr::Node::Big { lower, upper, .. } => {
            arena.as_integer(*lower).zip(arena.as_integer(*upper)).is_some_and(|(low, high)| high - low > 4)
        }
        _ => false,
    };
    nodes.len() > LARGE || nodes.iter().any(is_long)
}

/// Whether a difference vanishes by its form, after a few steps of the definitions where it needs them.
fn by_unfolding(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    difference: Expr,
    domain: &Domain,
) -> Option<Ground> {
    let mut difference = difference;
    for _round in 0..4 {
        if let Some(found) = vanishes(arena, context, difference, domain) {
            return Some(found);
        }
        if let Some(stepped) = stepped(arena, model, structure, context, difference, domain) {
            let unfolded = structure.unfold(arena, model, stepped, &[]);
            difference = Resolver::new(arena, model, structure).functions_opened(unfolded);
            continue;
        }
        let unfolded = crate::proof::unfold::once(arena, model, structure, domain, difference)?;
        difference = Resolver::new(arena, model, structure).functions_opened(unfolded);
    }
    None
}

/// The difference with its propagators brought to common ends: as it stands, or as its form is written out, where
/// indices that guards made equal are equal.
fn stepped(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    difference: Expr,
    domain: &Domain,
) -> Option<Expr> {
    let form = form_of(arena, context, difference, domain)?;
    if let Some(stepped) = crate::proof::unfold::propagators(arena, model, structure, domain, &form, difference) {
        return Some(stepped);
    }
    let written = Normalizer::new(arena).expression_within(&form, domain)?;
    crate::proof::unfold::propagators(arena, model, structure, domain, &form, written)
}

/// Sigmoid and tanh written out by exp, where their own laws do not suffice.
fn by_exponentials(arena: &mut Arena, context: &Context, difference: Expr, domain: &Domain) -> Option<Ground> {
    use crate::expr::{Elementary, Function, Node};
    let written_out = arena.rewrite(difference, &mut |arena, part| {
        let Node::Call { function: Function::Elementary(f), slots, args } = arena.node(part).clone() else {
            return None;
        };
        if !slots.is_empty() || !matches!(f, Elementary::Sigmoid | Elementary::Tanh) {
            return None;
        }
        let scale = arena.integer(if f == Elementary::Sigmoid { -1 } else { -2 });
        let argument = arena.product([scale, args[0]]);
        let (one, e) = (arena.one(), arena.apply(Elementary::Exp, argument));
        let below = arena.sum([one, e]);
        let above = if f == Elementary::Sigmoid { one } else { arena.subtract(one, e) };
        Some(arena.divide(above, below))
    });
    if written_out == difference { None } else { vanishes(arena, context, written_out, domain) }
}

fn form_of(arena: &mut Arena, context: &Context, difference: Expr, domain: &Domain) -> Option<Form> {
    let mut normalizer = Normalizer::new(arena);
    normalizer.positive = positive_atoms(normalizer.arena, context);
    normalizer.known_sums = known_sums(normalizer.arena, context);
    normalizer.form(difference, domain).ok()
}

/// Sums that the assumptions give a value: `Σ_i y_i = 1`, with the letters for which it holds.
pub(super) fn known_sums(arena: &mut Arena, context: &Context) -> Vec<KnownSum> {
    use crate::expr::{Big, Comparison, Node, Prop};
    let mut known = Vec::new();
    for fact in &context.facts {
        let (letters, inner) = match fact {
            Prop::ForAll(letters, inner) => (letters.clone(), &**inner),
            other => (Vec::new(), other),
        };
        let Prop::Compare(Comparison::Equal, left, right) = *inner else { continue };
        for (sum, value) in [(left, right), (right, left)] {
            let Some(value) = arena.as_number(value).cloned() else { continue };
            let opened = entry(arena, sum, &[]);
            let Ok(sum) = Normalizer::new(arena).canonical(opened) else { continue };
            if let Node::Big { op: Big::Sum, .. } = arena.node(sum) {
                let letters = letters.iter().map(|&letter| arena.symbol(letter)).collect();
                known.push(KnownSum { sum, letters, value });
            }
        }
    }
    known
}

/// Whether a difference vanishes on the domain by its form alone.
pub(super) fn vanishes(arena: &mut Arena, context: &Context, difference: Expr, domain: &Domain) -> Option<Ground> {
    if let Some(ground) = vanishes_with(arena, context, difference, domain, &[]) {
        return Some(ground);
    }
    let names = relation::names(arena, difference);
    if names.is_empty() {
        return None;
    }
    let named = relation::named(arena, difference, &names);
    vanishes_with(arena, context, named, domain, &names)
}

/// [`vanishes`] by the form and the relations of sums that have names.
pub(super) fn vanishes_with(
    arena: &mut Arena,
    context: &Context,
    difference: Expr,
    domain: &Domain,
    names: &[Named],
) -> Option<Ground> {
    let mut normalizer = Normalizer::new(arena);
    normalizer.positive = positive_atoms(normalizer.arena, context);
    normalizer.known_sums = known_sums(normalizer.arena, context);
    let form = normalizer.form(difference, domain).ok()?;
    let form = normalizer.reduced(form, names).ok()?;
    let mut conditions = normalizer.conditions.clone();
    if !form.terms.is_empty() {
        conditions.extend(cleared(arena, context, &form, names)?);
    }
    let sums = names.iter().map(|named| (named.name, named.sum)).collect();
    let conditions = arena.substitute_all(&conditions, &sums);
    Some(Ground { conditions, ..Ground::default() })
}

/// Whether the form vanishes when it is multiplied by the sums that divide it; those sums.
fn cleared(arena: &mut Arena, context: &Context, form: &Form, names: &[Named]) -> Option<Vec<Expr>> {
    let mut normalizer = Normalizer::new(arena);
    normalizer.positive = positive_atoms(normalizer.arena, context);
    let mut form = form.clone();
    let mut divisors = Vec::new();
    for _ in 0..MAX_DIVISORS {
        let (atom, n) = divisor(normalizer.arena, &form)?;
        divisors.push(atom);
        let scaled = normalizer.scaled(&form, atom, -n).ok()?;
        form = normalizer.reduced(scaled, names).ok()?;
        if form.terms.is_empty() {
            return Some(divisors);
        }
    }
    None
}

/// How many divisors a form is multiplied by.
pub(super) const MAX_DIVISORS: usize = 6;

/// A divisor of some terms of a form, with its least exponent.
pub(super) fn divisor(arena: &Arena, form: &Form) -> Option<(Expr, i64)> {
    let mut found: Option<(Expr, i64)> = None;
    for term in &form.terms {
        for (&atom, exponent) in &term.factors {
            let free = !term.letters.iter().any(|&letter| arena.contains(atom, letter));
            if let Some(n) = exponent.as_integer()
                && n < 0
                && n > -12
                && free
                && is_divisor(arena, atom)
                && found.is_none_or(|(other, _)| other == atom)
            {
                found = Some((atom, found.map_or(n, |(_, m)| m.min(n))));
            }
        }
    }
    found
}

/// Atoms by which a form is multiplied where they divide it.
fn is_divisor(arena: &Arena, atom: Expr) -> bool {
    use crate::expr::Node;
    matches!(arena.node(atom), Node::Sum(_) | Node::Big { .. } | Node::Symbol { .. } | Node::Entry { .. })
}

/// Atoms that the conditions make positive.
pub(super) fn positive_atoms(arena: &mut Arena, context: &Context) -> Vec<Expr> {
    use crate::expr::{Comparison, Prop};
    let mut positive = Vec::new();
    for fact in &context.facts {
        if let Prop::Compare(Comparison::Less, low, high) = fact
            && arena.as_number(*low).is_some_and(|low| *low >= crate::number::Rational::from(0))
        {
            positive.push(*high);
        }
    }
    let zero = crate::rewrite::Linear::integer(1);
    for letter in context.domain.letters() {
        if context.domain.implies_at_most_zero(&zero.minus(&crate::rewrite::Linear::letter(letter))) {
            positive.push(letter);
        }
    }
    positive
}
