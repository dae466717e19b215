//! States recognised by their definitions: `tanh(W h_{s} + U x_{s+1} + b)` under a sum over s is `h_{s+1}`.
//!
//! Unfolding a state goes one step back and never ends under a bound index; folding goes the other way, and there is
//! one answer. Sound where the index lies in the range of the definition, which the bounds of the sums around it and
//! the ground of the claim must say, and where the arguments are equal by their form.

use std::collections::BTreeSet;

use crate::calculus::Resolver;
use crate::expr::{Arena, Expr, Function, Node, Prop, Substitution, SymbolId};
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::entries::entry;
use crate::rewrite::{Domain, Linear};

impl Algebra<'_> {
    /// The expression with every call that is a state's definition written as that state; `None` where there is none.
    pub fn folded(&mut self, expr: Expr, domain: &Domain) -> Option<Expr> {
        let states: Vec<SymbolId> = self.structure.states.iter().copied().collect();
        let patterns: Vec<Pattern> = states.into_iter().filter_map(|state| Pattern::new(self, state)).collect();
        if patterns.is_empty() {
            return None;
        }
        let folded = self.rewritten_within(expr, domain, &mut |algebra, part, domain| {
            Folder { algebra, patterns: &patterns }.recognised(part, domain)
        });
        (folded != expr).then_some(folded)
    }
}

/// A state whose definition is one call: its general member and what that is.
struct Pattern {
    state: SymbolId,
    index: Expr,
    components: Vec<Expr>,
    function: Function,
    args: Vec<Expr>,
}

impl Pattern {
    fn new(algebra: &mut Algebra<'_>, state: SymbolId) -> Option<Pattern> {
        let (model, structure) = (algebra.model, algebra.structure);
        let arena = &mut *algebra.forms.arena;
        let index = arena.letter_apart("fold", &[]);
        let index = arena.symbol(index);
        let whole = structure.member_at(arena, model, state, &[index])?;
        let sizes = arena.shape(whole).sizes();
        let components: Vec<Expr> = (0..sizes.len())
            .map(|n| {
                let letter = arena.letter_apart(&format!("fold{n}"), &[]);
                arena.symbol(letter)
            })
            .collect();
        let member = if components.is_empty() { whole } else { arena.entry(whole, components.clone()) };
        let body = structure.definition_of(arena, model, member)?;
        let body = structure.unfold(arena, model, body, &[]);
        let body = Resolver::new(arena, model, structure).functions_opened(body);
        let body = entry(arena, body, &[]);
        match arena.node(body).clone() {
            Node::Call { function, slots, args } if slots.is_empty() => {
                Some(Pattern { state, index, components, function, args: args.to_vec() })
            }
            _ => None,
        }
    }
}

struct Folder<'p, 'a> {
    algebra: &'p mut Algebra<'a>,
    patterns: &'p [Pattern],
}

impl Folder<'_, '_> {
    /// The state whose definition a call is, at an index where that definition holds.
    fn recognised(&mut self, call: Expr, domain: &Domain) -> Option<Expr> {
        let Node::Call { function, slots, args } = self.algebra.forms.arena.node(call).clone() else { return None };
        if !slots.is_empty() {
            return None;
        }
        for pattern in self.patterns.iter().filter(|pattern| pattern.function == function) {
            for index in self.places(pattern, pattern.index, &args) {
                let components: Option<Vec<Expr>> = pattern
                    .components
                    .iter()
                    .map(|&component| self.places(pattern, component, &args).into_iter().next())
                    .collect();
                let Some(components) = components else { continue };
                if self.holds_at(pattern.state, index, domain) && self.fits(pattern, index, &components, &args, domain)
                {
                    let whole = self.algebra.structure.member_at(
                        self.algebra.forms.arena,
                        self.algebra.model,
                        pattern.state,
                        &[index],
                    )?;
                    let arena = &mut *self.algebra.forms.arena;
                    let member = if components.is_empty() { whole } else { arena.entry(whole, components) };
                    self.algebra.note("definition", [(call, member)]);
                    return Some(member);
                }
            }
        }
        None
    }

    /// What a letter of the pattern may stand for: where it is an index of a member, with the offset it has there, the
    /// arguments hold the same member at another index.
    fn places(&mut self, pattern: &Pattern, letter: Expr, args: &[Expr]) -> Vec<Expr> {
        let mut found = BTreeSet::new();
        let theirs = self.algebra.forms.arena.reachable(args);
        for own in self.algebra.forms.arena.reachable(&pattern.args) {
            for &other in &theirs {
                for (mine, yours) in indices_of(self.algebra.forms.arena, own, other) {
                    let offset =
                        Linear::read(self.algebra.forms.arena, mine).map(|mine| mine.minus(&Linear::letter(letter)));
                    if let Some(offset) = offset.filter(Linear::is_constant)
                        && let Some(yours) = Linear::read(self.algebra.forms.arena, yours)
                    {
                        found.insert(yours.minus(&offset));
                    }
                }
            }
        }
        let places: Vec<Expr> = found.into_iter().map(|form| form.expr(self.algebra.forms.arena)).collect();
        places.into_iter().filter(|&place| self.algebra.forms.arena.is_closed(place)).collect()
    }

    /// Whether the definition of a state holds at an index, everywhere in the domain.
    fn holds_at(&mut self, state: SymbolId, index: Expr, domain: &Domain) -> bool {
        let Some(at) = Linear::read(self.algebra.forms.arena, index) else { return false };
        let structure = self.algebra.structure;
        let Some(first) = structure.place_of_first(self.algebra.forms.arena, state) else { return false };
        let conditions: Vec<Prop> = self
            .algebra
            .model
            .definitions_of(state)
            .filter_map(|definition| definition.conditions(self.algebra.forms.arena, &[index]))
            .flatten()
            .collect();
        domain.implies_at_most_zero(&first.minus(&structure.place(state, &at)))
            && conditions.iter().all(|prop| domain.implies(self.algebra.forms.arena, prop))
    }

    fn fits(&mut self, pattern: &Pattern, index: Expr, components: &[Expr], args: &[Expr], domain: &Domain) -> bool {
        let mut map = Substitution::from([(pattern.index, index)]);
        map.extend(pattern.components.iter().copied().zip(components.iter().copied()));
        pattern.args.iter().zip(args).all(|(&own, &arg)| {
            let own = self.algebra.forms.arena.substitute(own, &map);
            let difference = self.algebra.forms.arena.subtract(own, arg);
            self.algebra.vanishes(difference, domain).is_some_and(|ground| ground.conditions.is_empty())
        })
    }
}

/// The indices that stand at the same places of two members of one family, or of two entries of one tensor.
fn indices_of(arena: &Arena, own: Expr, other: Expr) -> Vec<(Expr, Expr)> {
    let pairs = |a: &[Expr], b: &[Expr]| a.iter().copied().zip(b.iter().copied()).collect();
    match (arena.node(own), arena.node(other)) {
        (Node::Symbol { symbol, indices, .. }, Node::Symbol { symbol: same, indices: there, .. }) if symbol == same => {
            pairs(indices, there)
        }
        (Node::Entry { of, at }, Node::Entry { of: same, at: there }) => match (arena.node(*of), arena.node(*same)) {
            (Node::Symbol { symbol, .. }, Node::Symbol { symbol: same, .. }) if symbol == same => pairs(at, there),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
