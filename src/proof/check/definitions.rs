//! What members are by their definitions, and which of them are states.

use std::collections::BTreeSet;

use crate::expr::{Arena, Comparison, Expr, Function, Node, Prop, Substitution, SymbolId};
use crate::model::{Argument, Definition, FunctionBody, Model};
use crate::proof::check::hypotheses::Hypotheses;

/// Families that some definition asks for at another index than its own, and that lead back to themselves; and those that
/// begin with a member which their definition does not make.
pub(super) fn states_of(arena: &mut Arena, model: &Model) -> BTreeSet<SymbolId> {
    let recurrent = model.recurrent(arena);
    let mut states = model.started(arena);
    for definition in &model.definitions {
        let own: Vec<Expr> = definition.indices.iter().filter_map(|argument| letter(arena, argument)).collect();
        for part in arena.reachable(&[definition.body]) {
            let Node::Symbol { symbol, indices, .. } = arena.node(part) else { continue };
            let is_elsewhere = indices.iter().any(|index| !own.contains(index));
            if recurrent.contains(symbol) && is_elsewhere && !own.is_empty() {
                states.insert(*symbol);
            }
        }
    }
    states
}

fn letter(arena: &mut Arena, argument: &Argument) -> Option<Expr> {
    match argument {
        Argument::Letter(letter) => Some(arena.symbol(*letter)),
        Argument::Value(_) => None,
    }
}

/// A family over one index of which each member is defined by the one before alone, or each by the one after alone.
pub(super) struct Chain {
    /// The letter of the index.
    index: Expr,
    /// The right side at that letter.
    body: Expr,
    /// What a step adds to the index: 1, or -1 where it runs from right to left.
    towards: i64,
}

impl Chain {
    /// The index one step after another.
    pub fn after(&self, arena: &mut Arena, index: Expr) -> Expr {
        let step = arena.integer(self.towards);
        arena.sum([index, step])
    }

    /// The ends, as numbers in order, of the indices from an earlier to a later one.
    pub fn range(&self, earlier: Expr, later: Expr) -> (Expr, Expr) {
        if self.runs_back() { (later, earlier) } else { (earlier, later) }
    }

    /// Whether it runs from right to left.
    pub fn runs_back(&self) -> bool {
        self.towards < 0
    }

    /// The right side at an index.
    pub fn body_at(&self, arena: &mut Arena, index: Expr) -> Expr {
        arena.substitute(self.body, &Substitution::from([(self.index, index)]))
    }
}

impl Hypotheses<'_> {
    /// Whether a symbol is defined and no state, so that its members are what their definition says.
    pub fn is_helper(&self, symbol: SymbolId) -> bool {
        self.model.is_defined(symbol) && !self.states.contains(&symbol)
    }

    /// Whether a symbol is a state.
    pub fn is_state(&self, symbol: SymbolId) -> bool {
        self.states.contains(&symbol)
    }

    /// A member as its definition says, an entry of one by the definition of entries; `None` where it is not certain
    /// which definition holds.
    pub fn definition_of(&self, arena: &mut Arena, member: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(arena, member)?;
        let is_base = |definition: &Definition| {
            !definition.indices.is_empty() && definition.indices.iter().all(|own| matches!(own, Argument::Value(_)))
        };
        let (bases, general): (Vec<_>, Vec<_>) = self.model.definitions_of(symbol).partition(|own| is_base(own));
        let fits = |definition: &Definition| definition.components.len() == components.len();
        if let Some(base) = bases.iter().find(|base| base.unify(&at).is_some()) {
            return if fits(base) { base.instance(arena, &at, &components) } else { None };
        }
        let [only] = general[..] else { return None };
        let is_plain = only.indices.iter().all(|own| matches!(own, Argument::Letter(_)));
        if !is_plain || !fits(only) || !bases.is_empty() && !self.are_implied(arena, only, &at) {
            return None;
        }
        only.instance(arena, &at, &components)
    }

    /// Whether a definition holds at some indices whatever the values.
    fn are_implied(&self, arena: &mut Arena, definition: &Definition, at: &[Expr]) -> bool {
        let conditions = definition.conditions(arena, at).unwrap_or_default();
        !conditions.is_empty() && conditions.iter().all(|condition| self.implies(arena, condition))
    }

    /// Whether comparisons of integers follow from what is known.
    pub fn implies(&self, arena: &Arena, prop: &Prop) -> bool {
        let holds = |(how, left, right)| self.decides(arena, how, left, right) == Some(true);
        prop.comparisons().is_some_and(|all| all.into_iter().all(holds))
    }

    /// A call of a bound function as its body; `None` for other calls and for derivatives by slots of bodies.
    pub fn body_of(&self, arena: &mut Arena, expr: Expr) -> Option<Expr> {
        let Node::Call { function: Function::Declared { symbol, indices }, slots, args } = arena.node(expr).clone()
        else {
            return None;
        };
        match self.model.functions.get(&symbol)? {
            FunctionBody::Elementary(f) => Some(arena.call(Function::Elementary(*f), slots.to_vec(), args.to_vec())),
            FunctionBody::Expression { parameters, body } if slots.is_empty() && indices.is_empty() => {
                let map = substitution(arena, parameters, &args);
                Some(arena.substitute(*body, &map))
            }
            FunctionBody::Expression { .. } => None,
        }
    }

    /// The body of a bound function of one number that is differentiated by it, the letter, and how often.
    pub fn differentiated(&self, arena: &mut Arena, expr: Expr) -> Option<(Expr, Expr, usize)> {
        let Node::Call { function: Function::Declared { symbol, .. }, slots, args } = arena.node(expr).clone() else {
            return None;
        };
        let FunctionBody::Expression { parameters, body } = self.model.functions.get(&symbol)? else { return None };
        let [parameter] = parameters[..] else { return None };
        let letter = arena.symbol(parameter);
        let is_number = args.len() == 1 && arena.shape(args[0]).is_scalar() && arena.shape(letter).is_scalar();
        (is_number && !slots.is_empty()).then_some((*body, letter, slots.len()))
    }

    /// The family of a symbol, where it is such a one.
    pub fn chain(&self, arena: &mut Arena, symbol: SymbolId) -> Option<Chain> {
        let mut general =
            self.model.definitions_of(symbol).filter(|own| !matches!(own.indices[..], [Argument::Value(_)]));
        let definition = general.next().filter(|own| own.components.is_empty())?;
        let [Argument::Letter(index)] = definition.indices[..] else { return None };
        let index = arena.symbol(index);
        let mut met = BTreeSet::new();
        let bases: Vec<Expr> = self.model.definitions_of(symbol).filter_map(base_of).collect();
        let are_outside = bases.iter().all(|&base| {
            let conditions = definition.conditions(arena, &[base]).unwrap_or_default();
            conditions.iter().any(|condition| fails(arena, condition) || self.excludes(arena, condition))
        });
        let is_alone =
            are_outside && general.next().is_none() && self.states_within(arena, definition.body, &mut met, 0);
        let mut follows = |towards: i64| {
            let back = arena.integer(-towards);
            let before = arena.sum([index, back]);
            let before = arena.member(symbol, vec![before]);
            met.iter().eq([&before])
        };
        let towards = [1, -1].into_iter().find(|&towards| follows(towards)).filter(|_| is_alone)?;
        Some(Chain { index, body: definition.body, towards })
    }

    /// A member of such a family by its definition, and the member before it.
    pub fn step_of(&self, arena: &mut Arena, symbol: SymbolId, index: Expr) -> Option<(Expr, Expr)> {
        let chain = self.chain(arena, symbol)?;
        let (body, back) = (chain.body_at(arena, index), arena.integer(-chain.towards));
        let before = arena.sum([index, back]);
        Some((body, arena.member(symbol, vec![before])))
    }

    /// Whether an index of a chain certainly does not stand before its first step.
    pub fn has_begun(&self, arena: &mut Arena, symbol: SymbolId, chain: &Chain, index: Expr) -> bool {
        let Some(definition) = self.model.definitions_of(symbol).find(|own| base_of(own).is_none()) else {
            return false;
        };
        let conditions: Vec<Prop> = definition.range.iter().flat_map(Prop::conjuncts).cloned().collect();
        let ends: Vec<Prop> = conditions
            .into_iter()
            .filter(|own| own.order().is_some_and(|(_, low, high)| chain.range(low, high).1 == chain.index))
            .collect();
        let map = Substitution::from([(chain.index, index)]);
        let holds = |own: &Prop, arena: &mut Arena| {
            let own = own.map(&mut |side| arena.substitute(side, &map));
            self.implies(arena, &own)
        };
        !ends.is_empty() && ends.iter().all(|own| holds(own, arena))
    }

    /// Whether a member is certainly what the one definition of its family that has a letter says: all that this asks for
    /// holds there.
    pub fn is_made_at(&self, arena: &mut Arena, symbol: SymbolId, at: &[Expr]) -> bool {
        let mut general = self.model.definitions_of(symbol).filter(|own| base_of(own).is_none());
        let (only, None) = (general.next(), general.next()) else { return false };
        only.is_some_and(|only| self.are_implied(arena, only, at))
    }

    /// Whether a comparison of integers is known not to hold.
    fn excludes(&self, arena: &Arena, prop: &Prop) -> bool {
        let is_excluded = |(how, left, right)| self.decides(arena, how, left, right) == Some(false);
        prop.conjuncts().into_iter().filter_map(Prop::comparison).any(is_excluded)
    }

    /// The least index at which the definition of a family over one index holds, from its range; 1 where there is none.
    pub fn first_of(&self, arena: &mut Arena, symbol: SymbolId) -> Option<Expr> {
        let definition = self.model.definitions_of(symbol).find(|own| base_of(own).is_none())?;
        let [Argument::Letter(index)] = definition.indices[..] else { return None };
        let index = arena.symbol(index);
        match definition.range[..] {
            [] => Some(arena.one()),
            [Prop::Compare(Comparison::LessEqual, low, high)] if high == index => Some(low),
            _ => None,
        }
    }

    /// Where a member certainly exists: where it is given or defined, a state also one step before, which its definition
    /// asks for; an entry at an index from 1 up to the size. `None` where it is not known.
    pub fn existence_of(&self, arena: &mut Arena, part: Expr) -> Option<Vec<Prop>> {
        let (symbol, indices) = match arena.node(part).clone() {
            Node::Symbol { symbol, indices, .. } => (symbol, indices),
            Node::Entry { of, at } => {
                let ends = at.iter().zip(arena.shape(of).sizes());
                return Some(
                    ends.flat_map(|(&at, n)| [Prop::at_most(arena.one(), at), Prop::at_most(at, n)]).collect(),
                );
            }
            _ => return Some(Vec::new()),
        };
        if !self.model.is_defined(symbol) {
            let Some(declaration) = self.model.declarations.get(&symbol) else { return Some(Vec::new()) };
            let map = declaration.indices.iter().zip(indices.iter()).map(|(&own, &index)| (arena.symbol(own), index));
            let map: Substitution = map.collect();
            return Some(
                declaration.range.iter().map(|prop| prop.map(&mut |expr| arena.substitute(expr, &map))).collect(),
            );
        }
        let definitions: Vec<&Definition> = self.model.definitions_of(symbol).collect();
        if let ([only], false) = (&definitions[..], self.is_state(symbol)) {
            return only.conditions(arena, &indices);
        }
        let (Some(first), [index], true) = (self.first_of(arena, symbol), &indices[..], self.is_state(symbol)) else {
            return None;
        };
        let back = arena.integer(-self.n_starts(arena, symbol, first));
        let start = arena.sum([first, back]);
        Some(vec![Prop::at_most(start, *index)])
    }

    /// How many members of a state stand before the first one that its definition makes: as many as are defined one by
    /// one, and one in any case.
    fn n_starts(&self, arena: &Arena, symbol: SymbolId, first: Expr) -> i64 {
        let Some(first) = arena.as_integer(first) else { return 1 };
        let bases: BTreeSet<i64> =
            self.model.definitions_of(symbol).filter_map(base_of).filter_map(|base| arena.as_integer(base)).collect();
        (1..).find(|back| !bases.contains(&(first - back - 1))).unwrap_or(1)
    }

    /// Whether that is all of where it exists: no definition asks for a state more than one step before its own place, and
    /// its own for no more than there are starts.
    pub fn exists_nowhere_else(&self, arena: &mut Arena, part: Expr) -> bool {
        let Node::Symbol { symbol: family, .. } = *arena.node(part) else { return true };
        let n_starts = self.first_of(arena, family).map_or(1, |first| self.n_starts(arena, family, first));
        !self.is_state(family)
            || self.model.definitions.iter().all(|definition| {
                let own: Vec<Expr> = definition.indices.iter().filter_map(|argument| letter(arena, argument)).collect();
                let is_near = |arena: &Arena, index: Expr| {
                    let most = if definition.symbol == family { n_starts } else { 1 };
                    own.iter().any(|&own| self.distance(arena, index, own).is_some_and(|back| back <= most))
                };
                arena.reachable(&[definition.body]).into_iter().all(|part| match arena.node(part) {
                    Node::Symbol { symbol, indices, .. } if *symbol == family => {
                        indices.iter().all(|&index| is_near(arena, index))
                    }
                    _ => true,
                })
            })
    }

    /// Collects the members of states that an expression leads to through helpers; whether all of them were found.
    fn states_within(&self, arena: &mut Arena, expr: Expr, met: &mut BTreeSet<Expr>, depth: usize) -> bool {
        arena.reachable(&[expr]).into_iter().all(|part| {
            let Node::Symbol { symbol, .. } = *arena.node(part) else { return true };
            if self.states.contains(&symbol) {
                met.insert(part);
                return true;
            }
            if !self.model.is_defined(symbol) {
                return true;
            }
            let body = self.definition_of(arena, part);
            depth < 20 && body.is_some_and(|body| self.states_within(arena, body, met, depth + 1))
        })
    }
}

/// The index of a base case.
fn base_of(definition: &Definition) -> Option<Expr> {
    match definition.indices[..] {
        [Argument::Value(value)] => Some(value),
        _ => None,
    }
}

/// Whether a comparison of numbers does not hold.
fn fails(arena: &Arena, prop: &Prop) -> bool {
    let fails = |(how, left, right)| arena.decide_numbers(how, left, right) == Some(false);
    prop.conjuncts().into_iter().filter_map(Prop::comparison).any(fails)
}

fn substitution(arena: &mut Arena, parameters: &[SymbolId], args: &[Expr]) -> Substitution {
    parameters.iter().zip(args).map(|(&parameter, &arg)| (arena.symbol(parameter), arg)).collect()
}
