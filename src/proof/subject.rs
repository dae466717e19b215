//! What a claim speaks of: its sizes and letters, its givens and functions, and the assumptions that bear on them.

use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::model::{Argument, FunctionBody, Model};
use crate::number::{Random, Rational};
use crate::proof::context::existence_of;

/// Polynomials of a higher degree are not tried.
const MAX_DEGREE: usize = 12;

/// The symbols behind a claim and its conditions.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    /// Sizes, last times and free letters: integers without an index.
    pub integers: Vec<SymbolId>,
    /// Those of them that are sizes of vectors and matrices.
    pub sizes: BTreeSet<SymbolId>,
    /// Families of integers, such as the sizes of layers.
    pub families: Vec<SymbolId>,
    /// Everything that the claim leads to.
    pub reads: BTreeSet<SymbolId>,
    /// Functions that are arbitrary.
    pub functions: Vec<SymbolId>,
    /// How often a function is differentiated at most, by its slots and by what it is taken of, and how many of its values
    /// are put together: polynomials of that degree show it.
    pub degree: u32,
    /// Conditions on the integers alone.
    pub on_integers: Vec<Prop>,
    /// The other conditions and assumptions that bear on the claim.
    pub premises: Vec<Prop>,
    /// Assumptions that speak of other givens.
    pub others: Vec<Prop>,
    /// Those of them that are linked to the claim: by an integer that both speak of, or through one another.
    pub linked: Vec<Prop>,
    /// The integers of those alone.
    pub other_integers: Vec<SymbolId>,
    /// The arbitrary functions of those alone.
    pub other_functions: Vec<SymbolId>,
}

impl Subject {
    pub(super) fn new(
        arena: &mut Arena,
        model: &Model,
        structure: &Structure,
        claim: &Prop,
        conditions: &[Prop],
    ) -> Subject {
        let mut roots = claim.subjects();
        roots.extend(conditions.iter().flat_map(Prop::subjects_of_condition));
        let existence = existence(arena, model, structure, &roots);
        Subject::where_exist(arena, model, (claim, conditions), existence)
    }

    /// The same, where it is known when what stands in the claim exists.
    pub(super) fn where_exist(
        arena: &mut Arena,
        model: &Model,
        (claim, conditions): (&Prop, &[Prop]),
        existence: Vec<Prop>,
    ) -> Subject {
        let mut roots = claim.expressions();
        roots.extend(conditions.iter().flat_map(Prop::expressions));
        let mut names = Names::default();
        roots.iter().for_each(|&root| names.add(arena, model, root, &BTreeSet::new()));
        let quantified: BTreeSet<SymbolId> = conditions.iter().flat_map(letters_of).collect();
        let mut waiting: Vec<(Prop, Names)> = Vec::new();
        for prop in &model.assumptions {
            let letters: BTreeSet<SymbolId> = letters_of(prop).into_iter().collect();
            let mut own = Names::default();
            prop.expressions().into_iter().for_each(|root| own.add(arena, model, root, &letters));
            waiting.push((prop.clone(), own));
        }
        let mut bearing = Vec::new();
        loop {
            let (near, far): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, own)| own.bears_on(arena, &names));
            waiting = far;
            if near.is_empty() {
                break;
            }
            for (prop, own) in near {
                names.join(own);
                bearing.push(prop);
            }
        }
        let sizes = names.sizes.clone();
        names.found.retain(|symbol| !quantified.contains(symbol) || sizes.contains(symbol));
        let linked = linked(&waiting, &names);
        let elsewhere: BTreeSet<SymbolId> =
            waiting.iter().flat_map(|(_, own)| own.found.difference(&names.found).copied()).collect();
        let mut subject = Subject {
            sizes: names.sizes.clone(),
            reads: names.found.clone(),
            degree: degree_shown(arena, &roots),
            others: waiting.into_iter().map(|(prop, _)| prop).collect(),
            linked,
            other_functions: elsewhere
                .iter()
                .copied()
                .filter(|symbol| arena.kind(*symbol) == SymbolKind::Function && !model.functions.contains_key(symbol))
                .collect(),
            other_integers: elsewhere.into_iter().filter(|&symbol| arena.kind(symbol) == SymbolKind::Integer).collect(),
            ..Subject::default()
        };
        for &symbol in &names.found {
            match arena.kind(symbol) {
                SymbolKind::Integer if model.is_defined(symbol) => {}
                SymbolKind::Integer if names.indexed.contains(&symbol) => subject.families.push(symbol),
                SymbolKind::Integer => subject.integers.push(symbol),
                SymbolKind::Function if !model.functions.contains_key(&symbol) => subject.functions.push(symbol),
                SymbolKind::Function | SymbolKind::Real => {}
            }
        }
        for prop in bearing.into_iter().chain(conditions.iter().cloned()).chain(existence) {
            subject.sort(arena, prop);
        }
        subject
    }

    fn sort(&mut self, arena: &Arena, prop: Prop) {
        match prop {
            Prop::And(parts) => parts.into_iter().for_each(|part| self.sort(arena, part)),
            prop if is_of_integers(arena, &prop, &self.integers) => self.on_integers.push(prop),
            prop => self.premises.push(prop),
        }
    }
}

/// The assumptions that share a symbol with a claim, directly or through others of them and the definitions.
fn linked(assumptions: &[(Prop, Names)], claim: &Names) -> Vec<Prop> {
    let mut met = claim.found.clone();
    let (mut linked, mut apart): (Vec<Prop>, Vec<&(Prop, Names)>) = (Vec::new(), assumptions.iter().collect());
    loop {
        let (near, far): (Vec<_>, Vec<_>) = apart.into_iter().partition(|(_, own)| !own.found.is_disjoint(&met));
        if near.is_empty() {
            return linked;
        }
        apart = far;
        for (prop, own) in near {
            met.extend(&own.found);
            linked.push(prop.clone());
        }
    }
}

/// A number that depends on the numbers in what is claimed and known.
pub(super) fn seed_of(arena: &Arena, model: &Model, conditions: &[Prop], exprs: &[Expr]) -> u64 {
    let mut all: Vec<Expr> = model.definitions.iter().map(|own| own.body).chain(exprs.iter().copied()).collect();
    all.extend(model.assumptions.iter().chain(conditions).flat_map(Prop::expressions));
    let bodies = model.functions.values().filter_map(|own| match own {
        FunctionBody::Expression { body, .. } => Some(*body),
        FunctionBody::Elementary(_) => None,
    });
    all.extend(bodies);
    let written = arena.reachable(&all).into_iter().filter_map(|part| arena.as_number(part)).map(Rational::to_string);
    Random::of_text(1, written).next_u64()
}

/// Symbols that were met.
#[derive(Debug, Clone, Default)]
struct Names {
    found: BTreeSet<SymbolId>,
    indexed: BTreeSet<SymbolId>,
    sizes: BTreeSet<SymbolId>,
}

impl Names {
    /// Adds what stands in an expression and in the definitions that it leads to, but for some letters.
    fn add(&mut self, arena: &Arena, model: &Model, root: Expr, letters: &BTreeSet<SymbolId>) {
        for expr in arena.reachable(&[root]) {
            for size in arena.shape(expr).sizes() {
                let named = |parts: &[Expr]| {
                    let parts = arena.reachable(parts).into_iter();
                    let symbols = parts.filter_map(|part| match arena.node(part) {
                        Node::Symbol { symbol, indices, .. } if !letters.contains(symbol) => Some((*symbol, indices)),
                        _ => None,
                    });
                    symbols.collect::<Vec<_>>()
                };
                let all = named(&[size]);
                // The index of a member of a family of sizes is none itself.
                let places: BTreeSet<SymbolId> =
                    all.iter().flat_map(|(_, indices)| named(indices)).map(|(symbol, _)| symbol).collect();
                self.found.extend(all.iter().map(|(symbol, _)| *symbol));
                self.sizes.extend(all.into_iter().map(|(symbol, _)| symbol).filter(|symbol| !places.contains(symbol)));
            }
            match arena.node(expr) {
                Node::Symbol { symbol, indices, .. } if !letters.contains(symbol) => {
                    if !indices.is_empty() {
                        self.indexed.insert(*symbol);
                    }
                    self.meet(arena, model, *symbol);
                }
                Node::Call { function: Function::Declared { symbol, .. }, .. } => self.meet(arena, model, *symbol),
                _ => {}
            }
        }
    }

    fn meet(&mut self, arena: &Arena, model: &Model, symbol: SymbolId) {
        if !self.found.insert(symbol) {
            return;
        }
        if let Some(declaration) = model.declarations.get(&symbol) {
            let letters = declaration.indices.iter().copied().collect();
            let range = declaration.range.iter().flat_map(Prop::expressions);
            range.for_each(|root| self.add(arena, model, root, &letters));
        }
        for definition in model.definitions_of(symbol) {
            let mut letters: BTreeSet<SymbolId> = definition.components.iter().copied().collect();
            let mut roots = vec![definition.body];
            for argument in &definition.indices {
                match argument {
                    Argument::Letter(letter) => {
                        letters.insert(*letter);
                    }
                    Argument::Value(value) => roots.push(*value),
                }
            }
            roots.extend(definition.range.iter().flat_map(Prop::expressions));
            roots.into_iter().for_each(|root| self.add(arena, model, root, &letters));
        }
        if let Some(FunctionBody::Expression { parameters, body }) = model.functions.get(&symbol) {
            let letters = parameters.iter().copied().collect();
            self.add(arena, model, *body, &letters);
        }
    }

    fn join(&mut self, other: Names) {
        self.found.extend(other.found);
        self.indexed.extend(other.indexed);
        self.sizes.extend(other.sizes);
    }

    /// Whether an assumption about these speaks of something of the claim: a given or a function that it shares, or
    /// integers of the claim alone.
    fn bears_on(&self, arena: &Arena, claim: &Names) -> bool {
        let is_integer = |symbol: &&SymbolId| arena.kind(**symbol) == SymbolKind::Integer;
        let mut others = self.found.iter().filter(|symbol| !is_integer(symbol)).peekable();
        if others.peek().is_none() {
            return self.found.iter().any(|symbol| claim.found.contains(symbol));
        }
        others.any(|symbol| claim.found.contains(symbol))
    }
}

/// The degree below which polynomials may vanish in a claim that others refute: in the fourth derivative of a function, and
/// in a difference of five of its values, all cubics do.
fn degree_shown(arena: &Arena, roots: &[Expr]) -> u32 {
    let mut orders: BTreeMap<Expr, usize> = BTreeMap::new();
    let mut n_values: BTreeMap<SymbolId, usize> = BTreeMap::new();
    for part in arena.reachable(roots) {
        let node = arena.node(part);
        let inner = Arena::children_of(node).iter().filter_map(|child| orders.get(child)).max().copied().unwrap_or(0);
        let own = match node {
            Node::Call { slots, function, .. } => {
                if let (Function::Declared { symbol, .. }, true) = (function, slots.is_empty()) {
                    *n_values.entry(*symbol).or_default() += 1;
                }
                slots.len()
            }
            Node::Derivative { .. } => 1,
            _ => 0,
        };
        orders.insert(part, inner + own);
    }
    let order = orders.values().max().copied().unwrap_or(0);
    // Four values are told apart by what is drawn for cubics.
    let n_values = n_values.values().copied().filter(|&n| n > 4).max().unwrap_or(1);
    u32::try_from(order.max(n_values - 1).min(MAX_DEGREE)).unwrap_or(0)
}

/// The letters that a statement binds.
pub(super) fn letters_of(prop: &Prop) -> Vec<SymbolId> {
    match prop {
        Prop::Compare(..) | Prop::Integer(_) | Prop::Proportional { .. } => Vec::new(),
        Prop::And(parts) | Prop::Or(parts) => parts.iter().flat_map(letters_of).collect(),
        Prop::Not(part) => letters_of(part),
        Prop::Implies(a, b) | Prop::Iff(a, b) => [letters_of(a), letters_of(b)].concat(),
        Prop::ForAll(letters, part) => [letters.clone(), letters_of(part)].concat(),
    }
}

/// Whether a statement compares nothing but these integers.
fn is_of_integers(arena: &Arena, prop: &Prop, integers: &[SymbolId]) -> bool {
    match prop {
        Prop::Compare(_, a, b) => arena.reachable(&[*a, *b]).into_iter().all(|part| match arena.node(part) {
            Node::Number(_) | Node::Sum(_) | Node::Product(_) => true,
            Node::Symbol { symbol, indices, .. } => indices.is_empty() && integers.contains(symbol),
            Node::Power(_, exponent) => arena.as_integer(*exponent).is_some_and(|exponent| exponent >= 0),
            _ => false,
        }),
        Prop::Integer(expr) => is_of_integers(arena, &Prop::equal(*expr, *expr), integers),
        Prop::And(parts) | Prop::Or(parts) => parts.iter().all(|part| is_of_integers(arena, part, integers)),
        Prop::Not(part) => is_of_integers(arena, part, integers),
        Prop::Implies(a, b) | Prop::Iff(a, b) => {
            is_of_integers(arena, a, integers) && is_of_integers(arena, b, integers)
        }
        Prop::ForAll(..) | Prop::Proportional { .. } => false,
    }
}

/// Where the members and entries that stand in the claim itself exist.
fn existence(arena: &mut Arena, model: &Model, structure: &Structure, roots: &[Expr]) -> Vec<Prop> {
    let mut props = Vec::new();
    for expr in arena.reachable(roots) {
        match arena.node(expr).clone() {
            Node::Symbol { symbol, indices, .. }
                if !indices.is_empty() && indices.iter().all(|&index| arena.is_closed(index)) =>
            {
                props.extend(existence_of(arena, model, structure, symbol, &indices));
            }
            Node::Entry { of, at } => {
                let sizes = arena.shape(of).sizes();
                for (&index, size) in at.iter().zip(sizes) {
                    if arena.is_closed(index) && arena.is_closed(size) {
                        let one = arena.one();
                        props.push(Prop::at_most(one, index));
                        props.push(Prop::at_most(index, size));
                    }
                }
            }
            _ => {}
        }
    }
    props
}
