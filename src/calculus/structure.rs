use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::course::{Leaps, lag_at_the_end, last_indices};
use crate::calculus::grid::{self, Grid};
use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId};
use crate::model::{Argument, Definition, Model};
use crate::rewrite::{Domain, Linear};

/// What the graph of definitions says of each family.
#[derive(Debug, Clone)]
pub struct Structure {
    /// Families that a definition of their own circle asks for at another index than its own, and those that begin with
    /// a member which their definition does not make.
    pub states: BTreeSet<SymbolId>,
    /// The states, and the families of several indices that some definition asks for at others than its own: they
    /// exist one step before their definitions begin.
    pub carried: BTreeSet<SymbolId>,
    /// For each state, the index of its first step: the least at which its definition holds, or the last where it runs from
    /// right to left.
    pub first: BTreeMap<SymbolId, Expr>,
    /// States over one index with, among all states, only their own step before in the definition, and starts of others
    /// (`s_0 = h_0`), which stand before all steps.
    pub lone: BTreeSet<SymbolId>,
    /// States that some definition asks for at another index than its own and the one before along their course.
    pub leaping: BTreeSet<SymbolId>,
    /// Which states ask for which ones ahead of their own place on their course.
    pub(super) foreseen: BTreeSet<(SymbolId, SymbolId)>,
    /// States that are asked for at later indices than the definition's own only: they run from the end, which they have.
    pub backward: BTreeSet<SymbolId>,
    /// Those of the lone states that are families of numbers.
    pub chains: BTreeSet<SymbolId>,
    /// For each state, how many steps before its first index members exist: its given starts and its base cases.
    lags: BTreeMap<SymbolId, i64>,
    /// For each defined symbol, every symbol that its definition leads to.
    reach: BTreeMap<SymbolId, BTreeSet<SymbolId>>,
    /// For each state, all states whose steps its definitions lead to, its own among them.
    steps: BTreeMap<SymbolId, BTreeSet<SymbolId>>,
    /// The states over several indices whose definitions go back, or stay, in each of them.
    pub(super) grids: BTreeMap<SymbolId, Grid>,
    /// Whether some family is defined by several pieces, of which the range of an index may tell which holds.
    pub(super) is_piecewise: bool,
    /// Where the free letters lie: it may tell which piece of a definition holds.
    domain: Domain,
}

impl Structure {
    /// Reads the definitions of a model.
    pub fn new(arena: &mut Arena, model: &Model) -> Structure {
        let recurrent = model.recurrent(arena);
        let reach = reach(arena, model);
        let leads = |user: SymbolId, used: SymbolId| reach.get(&user).is_some_and(|below| below.contains(&used));
        let mut states = BTreeSet::new();
        let mut carried = BTreeSet::new();
        let (mut ahead, mut behind) = (BTreeSet::new(), BTreeSet::new());
        for definition in &model.definitions {
            for Asked { symbol, indices, offset } in asked(arena, definition) {
                if !recurrent.contains(&symbol) {
                    continue;
                }
                if indices.len() > 1 && is_elsewhere(arena, definition, &indices) {
                    carried.insert(symbol);
                }
                let Some(offset) = offset.filter(|offset| offset.as_integer() != Some(0)) else { continue };
                let runs_on = offset.as_integer().is_some_and(|offset| offset > 0);
                // What asks from outside the circle of definitions makes no state of what leads to one.
                let is_state = leads(symbol, definition.symbol);
                if is_state || !runs_on {
                    carried.insert(symbol);
                }
                if is_state {
                    states.insert(symbol);
                    if runs_on {
                        ahead.insert(symbol)
                    } else {
                        behind.insert(symbol)
                    };
                }
            }
        }
        let started = model.started(arena);
        carried.extend(&started);
        states.extend(started);
        let ends = last_indices(arena, model, ahead.difference(&behind).copied());
        let backward: BTreeSet<SymbolId> = ends.keys().copied().collect();
        let Leaps { leaping, foreseen } = Leaps::new(arena, model, &states, &backward);
        let mut first: BTreeMap<SymbolId, Expr> =
            states.iter().map(|&state| (state, first_index(arena, model, state))).collect();
        first.extend(ends);
        let circle = |state: SymbolId| -> BTreeSet<SymbolId> {
            let leads_back = |other: &SymbolId| leads(state, *other) && leads(*other, state);
            reach.keys().copied().filter(leads_back).collect()
        };
        let lag_of = |(&state, &first): (&SymbolId, &Expr)| match backward.contains(&state) {
            true => (state, lag_at_the_end(arena, model, state, &circle(state))),
            false => (state, lag(arena, model, state, first)),
        };
        let lags = first.iter().map(lag_of).collect();
        let steps = steps_below(arena, model, &states);
        let lone: BTreeSet<SymbolId> = states
            .iter()
            .copied()
            .filter(|state| {
                let alone = steps.get(state).is_none_or(|below| below.iter().all(|other| other == state));
                alone && index_count(model, *state) == 1 && !leaping.contains(state)
            })
            .collect();
        let chains = lone.iter().copied().filter(|&state| arena.declared_shape(state).is_scalar()).collect();
        let mut structure = Structure {
            states,
            carried,
            first,
            lone,
            leaping,
            foreseen,
            backward,
            chains,
            lags,
            reach,
            steps,
            grids: BTreeMap::new(),
            is_piecewise: is_piecewise(model),
            domain: Domain::all(),
        };
        structure.grids = grid::grids(arena, model, &structure);
        structure
    }

    /// The same structure, asked only where the free letters lie in `domain`.
    pub fn within(&self, domain: &Domain) -> Structure {
        Structure { domain: domain.clone(), ..self.clone() }
    }

    /// The same structure, asked where an index besides lies between two bounds.
    pub(super) fn along(&self, arena: &Arena, index: Expr, lower: Expr, upper: Expr) -> Structure {
        let mut domain = self.domain.clone();
        for (low, high) in [(lower, index), (index, upper)] {
            if let Some((low, high)) = Linear::read(arena, low).zip(Linear::read(arena, high)) {
                let _ = domain.require_at_most_zero(&low.minus(&high));
            }
        }
        self.within(&domain)
    }

    /// Whether every path of definitions between two places of a grid that differ in the index `axis` alone goes through
    /// all places between them and through no other state.
    pub(super) fn stays_in_rows(&self, state: SymbolId, axis: usize) -> bool {
        let Some(grid) = self.grids.get(&state) else { return false };
        let in_row = |steps: &[i64]| steps.iter().enumerate().all(|(n, &step)| n == axis || step == 0);
        grid.arrows()
            .filter(|(used, steps)| in_row(steps) && self.leads(*used, state))
            .all(|(used, steps)| *used == state && steps[axis] == -1)
    }

    /// Whether the definition of `user` leads to `used`.
    pub fn leads(&self, user: SymbolId, used: SymbolId) -> bool {
        user == used || self.reach.get(&user).is_some_and(|below| below.contains(&used))
    }

    /// Whether the definitions of a state lead to steps of another one, and not to starts of it alone.
    pub(super) fn runs_through(&self, state: SymbolId, other: SymbolId) -> bool {
        match self.steps.get(&state) {
            Some(steps) => steps.contains(&other),
            None => self.leads(state, other),
        }
    }

    /// Whether a member is certainly made by a step, and no start.
    pub(super) fn is_step(&self, arena: &mut Arena, model: &Model, family: SymbolId, at: &[Expr]) -> bool {
        let steps: Vec<Definition> =
            model.definitions_of(family).filter(|own| letter_of(own).is_some()).cloned().collect();
        steps.iter().any(|own| self.is_certain(arena, own, at))
    }

    /// How many steps before its first index the members of a state begin.
    pub fn lag(&self, state: SymbolId) -> i64 {
        self.lags.get(&state).copied().unwrap_or(1)
    }

    /// Whether the symbol is defined, but not a state: its members can be unfolded.
    pub fn is_helper(&self, model: &Model, symbol: SymbolId) -> bool {
        model.is_defined(symbol) && !self.states.contains(&symbol)
    }

    /// Whether a member of a state stands in an expression.
    pub fn holds_state(&self, arena: &Arena, expr: Expr) -> bool {
        let is_state = |part| matches!(arena.node(part), Node::Symbol { symbol, .. } if self.states.contains(symbol));
        arena.reachable(&[expr]).into_iter().any(is_state)
    }

    /// The member of a family at these indices, whole, in the shape it has there.
    pub fn member_at(&self, arena: &mut Arena, model: &Model, family: SymbolId, at: &[Expr]) -> Option<Expr> {
        let declaration = model.declarations.get(&family)?;
        // A family of which several starts are given may be declared by one of them: then a definition says its shape.
        let (letters, sizes) = if declaration.indices.len() == at.len() {
            (declaration.indices.clone(), declaration.shape.sizes())
        } else if index_count(model, family) != at.len() {
            return None;
        } else if declaration.shape.is_scalar() {
            (Vec::new(), Vec::new())
        } else {
            let mut definitions = model.definitions_of(family);
            definitions.find_map(|own| Some((own.letters()?, own.shape.sizes())))?
        };
        let map = letters.iter().zip(at).map(|(&letter, &index)| (arena.symbol(letter), index)).collect();
        let sizes = arena.substitute_all(&sizes, &map);
        let shape = crate::expr::Shape::from_sizes(&sizes)?;
        Some(arena.member_of_shape(family, at.into(), shape))
    }

    /// The one definition that holds for a member wherever the free letters lie, opened to an entry; within, `None`
    /// where none does: it is a start. `None` where that is not certain.
    pub fn certain_definition(&self, arena: &mut Arena, model: &Model, member: Expr) -> Option<Option<Expr>> {
        let (symbol, at, _) = Model::member(arena, member)?;
        let all: Vec<Definition> = model.definitions_of(symbol).cloned().collect();
        let mut possible = all.iter().filter(|definition| !self.excludes(arena, definition, &at));
        let (first, second) = (possible.next(), possible.next());
        match (first, second) {
            (None, _) => Some(None),
            (Some(definition), None) if self.is_certain(arena, definition, &at) => {
                self.instance_of(arena, definition, member).map(Some)
            }
            (Some(_), _) => None,
        }
    }

    /// What a definition says of a member, opened to an entry.
    pub(super) fn instance_of(&self, arena: &mut Arena, definition: &Definition, member: Expr) -> Option<Expr> {
        let (_, at, components) = Model::member(arena, member)?;
        if says_entries_only(definition, &components) {
            return None;
        }
        let body = definition.instance(arena, &at, &components)?;
        Some(opened(arena, body, definition, &components))
    }

    /// A member (or an entry of one) as its definition says, opened to an entry; `None` where none fits, or where entries are
    /// defined and the whole is asked for.
    pub fn definition_of(&self, arena: &mut Arena, model: &Model, member: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(arena, member)?;
        let fitting: Vec<Definition> = model.definitions_of(symbol).cloned().collect();
        if fitting.iter().any(|definition| says_entries_only(definition, &components)) {
            return None;
        }
        let base_cases: Vec<&Definition> = fitting
            .iter()
            .filter(|definition| letter_of(definition).is_none() && !definition.indices.is_empty())
            .collect();
        for definition in &base_cases {
            if let Some(body) = definition.instance(arena, &at, &components) {
                return Some(opened(arena, body, definition, &components));
            }
        }
        let general: Vec<&Definition> = fitting
            .iter()
            .filter(|definition| letter_of(definition).is_some() || definition.indices.is_empty())
            .collect();
        let mut pieces = general.iter().filter(|definition| !self.excludes(arena, definition, &at));
        // Where two pieces are possible, or a base case stands inside the range, the index does not tell which holds.
        let (Some(&definition), None) = (pieces.next(), pieces.next()) else { return None };
        if general.len() > 1 && !self.is_certain(arena, definition, &at) {
            return None;
        }
        let is_number = at.iter().all(|&index| arena.as_number(index).is_some());
        if !is_number && base_cases.iter().any(|base_case| !stands_outside(arena, base_case, definition)) {
            return None;
        }
        let body = definition.instance(arena, &at, &components)?;
        Some(opened(arena, body, definition, &components))
    }

    /// Whether no definition can hold at the indices of a member: it is a start that is given.
    pub fn is_given(&self, arena: &mut Arena, model: &Model, member: Expr) -> bool {
        let Some((symbol, at, _)) = Model::member(arena, member) else { return false };
        model.definitions_of(symbol).all(|definition| self.excludes(arena, definition, &at))
    }

    /// Whether a piece of a definition holds at no index that is meant.
    fn excludes(&self, arena: &mut Arena, definition: &Definition, at: &[Expr]) -> bool {
        let stands_elsewhere = definition.indices.iter().zip(at).any(|(argument, &index)| match argument {
            Argument::Letter(_) => false,
            Argument::Value(value) => Linear::read(arena, *value)
                .zip(Linear::read(arena, index))
                .is_some_and(|(value, index)| self.domain.keeps_apart(&value, &index)),
        });
        stands_elsewhere || excludes(arena, definition, at)
    }

    /// Whether a piece of a definition holds at every index that is meant.
    fn is_certain(&self, arena: &mut Arena, definition: &Definition, at: &[Expr]) -> bool {
        let conditions = definition.conditions(arena, at);
        conditions.is_some_and(|conditions| conditions.iter().all(|prop| self.domain.implies(arena, prop)))
    }

    /// The expression with every helper unfolded, except those of the families in `kept`.
    pub fn unfold(&self, arena: &mut Arena, model: &Model, expr: Expr, kept: &[SymbolId]) -> Expr {
        self.unfold_at(arena, model, expr, kept, 0)
    }

    fn unfold_at(&self, arena: &mut Arena, model: &Model, expr: Expr, kept: &[SymbolId], depth: usize) -> Expr {
        if depth > 100 || !self.holds_helper(arena, model, expr, kept) {
            return expr;
        }
        arena.rewrite(expr, &mut |arena, part| {
            let (symbol, _, _) = Model::member(arena, part)?;
            if !self.is_helper(model, symbol) || kept.contains(&symbol) {
                return None;
            }
            // A whole tensor is opened only where it is an argument; its entries are opened by themselves.
            let body = self.definition_of(arena, model, part)?;
            Some(self.unfold_at(arena, model, body, kept, depth + 1))
        })
    }

    fn holds_helper(&self, arena: &Arena, model: &Model, expr: Expr, kept: &[SymbolId]) -> bool {
        arena
            .reachable(&[expr])
            .iter()
            .any(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if self.is_helper(model, *symbol) && !kept.contains(symbol)))
    }
}

/// Whether a member with these indices is certainly outside the range of a definition.
pub(super) fn excludes(arena: &mut Arena, definition: &Definition, at: &[Expr]) -> bool {
    definition
        .conditions(arena, at)
        .is_some_and(|conditions| conditions.iter().any(|prop| certainly_false(arena, prop)))
}

/// Whether a base case stands outside the range of a definition with letters.
fn stands_outside(arena: &mut Arena, base_case: &Definition, definition: &Definition) -> bool {
    let values: Option<Vec<Expr>> = base_case
        .indices
        .iter()
        .map(|argument| match argument {
            Argument::Value(value) => Some(*value),
            Argument::Letter(_) => None,
        })
        .collect();
    values.is_some_and(|values| excludes(arena, definition, &values))
}

/// Whether a definition speaks of entries where the whole is asked for.
fn says_entries_only(definition: &Definition, components: &[Expr]) -> bool {
    components.is_empty() && !definition.components.is_empty()
}

fn opened(arena: &mut Arena, body: Expr, definition: &Definition, components: &[Expr]) -> Expr {
    if components.is_empty() && !arena.shape(body).is_scalar() {
        body
    } else if definition.components.is_empty() && !components.is_empty() {
        crate::rewrite::entries::entry(arena, body, components)
    } else {
        crate::rewrite::entries::entry(arena, body, &[])
    }
}

/// Whether some index differs from the letter that stands in its place on the left of the definition.
fn is_elsewhere(arena: &mut Arena, definition: &Definition, indices: &[Expr]) -> bool {
    definition.indices.len() == indices.len()
        && definition.indices.iter().zip(indices).any(|(argument, &index)| match argument {
            Argument::Letter(letter) => arena.symbol(*letter) != index,
            Argument::Value(_) => false,
        })
}

/// A member that a definition asks for.
pub(super) struct Asked {
    pub symbol: SymbolId,
    pub indices: Box<[Expr]>,
    /// How far its first index is from the letter of the definition, where that can be read.
    pub offset: Option<Linear>,
}

/// The members of families that a definition with a letter asks for.
pub(super) fn asked(arena: &mut Arena, definition: &Definition) -> Vec<Asked> {
    let Some(letter) = letter_of(definition) else { return Vec::new() };
    let letter = Linear::letter(arena.symbol(letter));
    let parts = arena.reachable(&[definition.body]);
    let asked = parts.into_iter().filter_map(|part| match arena.node(part) {
        Node::Symbol { symbol, indices, .. } if !indices.is_empty() => {
            let offset = Linear::read(arena, indices[0]).map(|index| index.minus(&letter));
            Some(Asked { symbol: *symbol, indices: indices.clone(), offset })
        }
        _ => None,
    });
    asked.collect()
}

/// Every symbol that each definition leads to.
fn reach(arena: &Arena, model: &Model) -> BTreeMap<SymbolId, BTreeSet<SymbolId>> {
    let arrows = model.dependencies(arena);
    let mut direct: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
    for arrow in arrows {
        direct.entry(arrow.user).or_default().insert(arrow.used);
    }
    let below = |start: &SymbolId| {
        let mut seen = BTreeSet::new();
        let mut open = vec![*start];
        while let Some(symbol) = open.pop() {
            open.extend(direct.get(&symbol).into_iter().flatten().filter(|next| seen.insert(**next)));
        }
        seen
    };
    direct.keys().map(|symbol| (*symbol, below(symbol))).collect()
}

/// For each state, all states whose steps its definitions lead to, its own among them. Those of a state of which a start
/// alone is asked for are none.
fn steps_below(
    arena: &mut Arena,
    model: &Model,
    states: &BTreeSet<SymbolId>,
) -> BTreeMap<SymbolId, BTreeSet<SymbolId>> {
    let below: Vec<BTreeSet<usize>> = model.definitions.iter().map(|own| asked_for(arena, model, own)).collect();
    let steps_of = |state: SymbolId| {
        let mut open: Vec<usize> = (0..below.len()).filter(|&own| model.definitions[own].symbol == state).collect();
        let mut seen: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(own) = open.pop() {
            open.extend(below[own].iter().copied().filter(|&next| seen.insert(next)));
        }
        let steps = seen.into_iter().map(|own| &model.definitions[own]).filter(|own| letter_of(own).is_some());
        steps.map(|own| own.symbol).filter(|symbol| states.contains(symbol)).collect()
    };
    states.iter().map(|&state| (state, steps_of(state))).collect()
}

/// The places of the definitions that may hold for a member that a definition asks for.
fn asked_for(arena: &mut Arena, model: &Model, definition: &Definition) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for part in arena.reachable(&[definition.body]) {
        let Node::Symbol { symbol, indices, .. } = arena.node(part).clone() else { continue };
        for (place, own) in model.definitions.iter().enumerate().filter(|(_, own)| own.symbol == symbol) {
            if !holds_elsewhere(arena, own, &indices) {
                found.insert(place);
            }
        }
    }
    found
}

/// Whether a definition certainly does not hold at some indices.
fn holds_elsewhere(arena: &mut Arena, definition: &Definition, at: &[Expr]) -> bool {
    let is_other_start = definition.indices.iter().zip(at).any(|(argument, &index)| match argument {
        Argument::Letter(_) => false,
        Argument::Value(value) => {
            let gap = Linear::read(arena, *value).zip(Linear::read(arena, index)).map(|(a, b)| a.minus(&b));
            gap.and_then(|gap| gap.as_integer()).is_some_and(|gap| gap != 0)
        }
    });
    is_other_start || excludes(arena, definition, at)
}

/// The letter of a family of one index.
pub(super) fn letter_of(definition: &Definition) -> Option<SymbolId> {
    definition.indices.iter().find_map(|argument| match argument {
        Argument::Letter(letter) => Some(*letter),
        Argument::Value(_) => None,
    })
}

/// Whether some family has more than one definition.
fn is_piecewise(model: &Model) -> bool {
    model.definitions.iter().any(|definition| model.definitions_of(definition.symbol).nth(1).is_some())
}

fn index_count(model: &Model, symbol: SymbolId) -> usize {
    model.definitions_of(symbol).next().map_or(0, |definition| definition.indices.len())
}

/// The least index of the definition with a letter: from its range, else 1.
fn first_index(arena: &mut Arena, model: &Model, state: SymbolId) -> Expr {
    for definition in model.definitions_of(state) {
        let Some(letter) = letter_of(definition) else { continue };
        let letter = arena.symbol(letter);
        for prop in &definition.range {
            if let Some(bound) = lower_bound(prop, letter) {
                return match bound {
                    (bound, Comparison::Less) => {
                        let one = arena.one();
                        arena.sum([bound, one])
                    }
                    (bound, _) => bound,
                };
            }
        }
    }
    arena.one()
}

/// How far before `first` the members of a state begin: as far as some definition asks for a start, or as a base case
/// stands. At least one step, which is what is taken where indices are not numbers.
fn lag(arena: &mut Arena, model: &Model, state: SymbolId, first: Expr) -> i64 {
    let Some(first) = arena.as_integer(first) else { return 1 };
    let mut start = first - 1;
    for definition in &model.definitions {
        let Some(letter) = letter_of(definition) else {
            if let (true, [Argument::Value(value)]) = (definition.symbol == state, &definition.indices[..]) {
                start = start.min(arena.as_integer(*value).unwrap_or(start));
            }
            continue;
        };
        let letter = arena.symbol(letter);
        let Some((from, how)) = definition.range.iter().find_map(|prop| lower_bound(prop, letter)) else { continue };
        let Some(from) = arena.as_integer(from) else { continue };
        let from = if how == Comparison::Less { from + 1 } else { from };
        for expr in arena.reachable(&[definition.body]) {
            let Node::Symbol { symbol, indices, .. } = arena.node(expr) else { continue };
            let offset = indices.first().and_then(|&index| Linear::read(arena, index));
            let offset = offset.and_then(|index| index.minus(&Linear::letter(letter)).as_integer());
            if let (true, Some(offset)) = (*symbol == state, offset) {
                start = start.min(from + offset);
            }
        }
    }
    first - start
}

/// What a condition says the letter is at least, and how.
pub(super) fn lower_bound(prop: &Prop, letter: Expr) -> Option<(Expr, Comparison)> {
    let mut orders = prop.conjuncts().into_iter().filter_map(Prop::order);
    orders.find_map(|(how, low, high)| (high == letter).then_some((low, how)))
}

fn certainly_false(arena: &Arena, prop: &Prop) -> bool {
    match prop {
        Prop::Compare(how, a, b) => {
            let difference =
                Linear::read(arena, *a).zip(Linear::read(arena, *b)).and_then(|(a, b)| a.minus(&b).as_integer());
            match (how, difference) {
                (_, None) => false,
                (Comparison::Equal | Comparison::Approximately, Some(d)) => d != 0,
                (Comparison::NotEqual, Some(d)) => d == 0,
                (Comparison::Less, Some(d)) => d >= 0,
                (Comparison::LessEqual, Some(d)) => d > 0,
            }
        }
        Prop::And(parts) => parts.iter().any(|part| certainly_false(arena, part)),
        _ => false,
    }
}
