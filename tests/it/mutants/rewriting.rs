//! A true equation or inequality written in another way: as true as before.

use chainrule::expr::{Arena, Comparison, Expr, Node, Prop, SymbolKind};
use chainrule::lower::Statement;

/// The statement written in other ways, each with its name.
pub fn rewritings(arena: &mut Arena, statement: &Statement) -> Vec<(&'static str, Statement)> {
    let Prop::Compare(how, left, right) = statement.prop else { return Vec::new() };
    if statement.tolerance.is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut say = |kind, how, left, right| {
        found.push((kind, Statement { prop: Prop::Compare(how, left, right), ..statement.clone() }));
    };
    if matches!(how, Comparison::Equal | Comparison::NotEqual) {
        say("sides exchanged", how, right, left);
    }
    if arena.shape(left) != arena.shape(right) || arena.reachable(&[left, right]).iter().any(|&e| is_limit(arena, e)) {
        return found;
    }
    let difference = arena.subtract(left, right);
    if arena.shape(left).is_scalar() {
        let zero = arena.zero();
        say("everything on one side", how, difference, zero);
    }
    let two = arena.integer(2);
    let (doubled, doubled_right) = (arena.product([two, left]), arena.product([two, right]));
    say("both sides doubled", how, doubled, doubled_right);
    let (more, more_right) = (arena.sum([left, left, right]), arena.sum([left, right, right]));
    say("both sides added", how, more, more_right);
    if how == Comparison::Equal && arena.shape(left).is_scalar() {
        let (square, square_right) = (arena.product([left, left]), arena.product([right, right]));
        say("both sides squared", how, square, square_right);
    }
    for (kind, change) in CHANGES {
        for (own, other, is_left) in [(left, right, true), (right, left, false)] {
            let changed = arena.rewrite(own, &mut |arena, part| change(arena, part));
            if changed != own {
                let (left, right) = if is_left { (changed, other) } else { (other, changed) };
                say(kind, how, left, right);
            }
        }
    }
    found
}

fn is_limit(arena: &Arena, expr: Expr) -> bool {
    matches!(arena.node(expr), Node::Limit { .. } | Node::Extremum { .. })
}

type Change = fn(&mut Arena, Expr) -> Option<Expr>;

const CHANGES: [(&str, Change); 4] =
    [("reindexed", reindexed), ("reversed", reversed), ("distributed", distributed), ("square expanded", expanded)];

/// `Σ_{k=a}^{b} f(k) = Σ_{k=a+1}^{b+1} f(k-1)`
fn reindexed(arena: &mut Arena, part: Expr) -> Option<Expr> {
    let Node::Big { op, lower, upper, .. } = *arena.node(part) else { return None };
    let letter = arena.intern("reindexed", SymbolKind::Integer);
    let (index, one, minus) = (arena.symbol(letter), arena.one(), arena.integer(-1));
    let before = arena.sum([index, minus]);
    let body = arena.instantiate(part, before)?;
    let (lower, upper) = (arena.sum([lower, one]), arena.sum([upper, one]));
    Some(arena.big(op, letter, lower, upper, body))
}

/// `Σ_{k=a}^{b} f(k) = Σ_{k=a}^{b} f(a+b-k)`, where the order does not matter.
fn reversed(arena: &mut Arena, part: Expr) -> Option<Expr> {
    use chainrule::expr::Big;
    let Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } = *arena.node(part) else { return None };
    let letter = arena.intern("reversed", SymbolKind::Integer);
    let index = arena.symbol(letter);
    let minus = arena.negate(index);
    let mirrored = arena.sum([lower, upper, minus]);
    let body = arena.instantiate(part, mirrored)?;
    Some(arena.big(op, letter, lower, upper, body))
}

/// `a (b + c) = a b + a c` between numbers.
fn distributed(arena: &mut Arena, part: Expr) -> Option<Expr> {
    let Node::Product(factors) = arena.node(part).clone() else { return None };
    if !factors.iter().all(|&factor| arena.shape(factor).is_scalar()) {
        return None;
    }
    let place = factors.iter().position(|&factor| matches!(arena.node(factor), Node::Sum(_)))?;
    let Node::Sum(terms) = arena.node(factors[place]).clone() else { return None };
    let mut rest = factors.to_vec();
    rest.remove(place);
    let products: Vec<Expr> = terms.iter().map(|&term| arena.product([&rest[..], &[term]].concat())).collect();
    Some(arena.sum(products))
}

/// `(a + b)^2 = a^2 + 2 a b + b^2`
fn expanded(arena: &mut Arena, part: Expr) -> Option<Expr> {
    let Node::Power(base, exponent) = *arena.node(part) else { return None };
    let Node::Sum(terms) = arena.node(base).clone() else { return None };
    if arena.as_integer(exponent) != Some(2) || !arena.shape(base).is_scalar() {
        return None;
    }
    let products: Vec<Expr> =
        terms.iter().flat_map(|&a| terms.iter().map(move |&b| (a, b))).map(|(a, b)| arena.product([a, b])).collect();
    Some(arena.sum(products))
}
