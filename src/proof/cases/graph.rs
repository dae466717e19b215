//! Derivatives of members by members: where they are evaluated on the graph of the definitions, cut at those that follow
//! from others ([`crate::numeric::evaluate_on_graph`]).
//!
//! A cut derivative is an unknown at its step. One that is worked out down to the cuts is a sum over the uses of what it
//! is taken by, of slopes of one definition each. No family is met twice on the way to the cuts, so that it stays within a
//! few steps.

use std::collections::BTreeSet;

use crate::expr::{Arena, Big, DerivativeKind, Expr, Function, Node, SymbolId, SymbolKind};
use crate::model::{Argument, Definition, FunctionBody, Model};
use crate::numeric::WorkedOut;
use crate::proof::cases::Refusal;
use crate::proof::cases::need::{NOTHING, Need, ONE, Reach, rank};
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;

/// How derivatives are evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Method {
    /// By moving what they are taken by.
    Moved,
    /// Those of members by members on the graph, which is cut in these families: for each family that is differentiated,
    /// those by which it is.
    OnGraph(WorkedOut),
}

impl Method {
    /// The graph of the derivatives that stand in some expressions and in what they lead to; `None` where there are none
    /// or where they stand in each other.
    pub fn on_graph(arena: &Arena, model: &Model, sides: &[Expr]) -> Option<Method> {
        let mut cuts = WorkedOut::new();
        for part in reached(arena, model, sides) {
            let Node::Derivative { kind, of, by, .. } = arena.node(part) else { continue };
            let within = reached(arena, model, &[*of]);
            if within.iter().any(|&inner| matches!(arena.node(inner), Node::Derivative { .. })) {
                return None;
            }
            if let (Some((root, by)), false) = (ends(arena, model, *of, *by), *kind == DerivativeKind::Immediate) {
                cuts.entry(root).or_default().insert(by);
            }
        }
        (!cuts.is_empty()).then_some(Method::OnGraph(cuts))
    }
}

/// The defined family that is differentiated and the family by which it is, where both are members.
fn ends(arena: &Arena, model: &Model, of: Expr, by: Expr) -> Option<(SymbolId, SymbolId)> {
    let ((root, ..), (by, ..)) = (Model::member(arena, of)?, Model::member(arena, by)?);
    (model.is_defined(root) && arena.kind(by) == SymbolKind::Real).then_some((root, by))
}

/// All parts of some expressions, and of the definitions and functions that they lead to.
pub(super) fn reached(arena: &Arena, model: &Model, sides: &[Expr]) -> Vec<Expr> {
    let mut roots = sides.to_vec();
    let mut seen = BTreeSet::new();
    loop {
        let parts = arena.reachable(&roots);
        let named = parts.iter().filter_map(|&part| match arena.node(part) {
            Node::Symbol { symbol, .. } | Node::Call { function: Function::Declared { symbol, .. }, .. } => {
                Some(*symbol)
            }
            _ => None,
        });
        let fresh: Vec<SymbolId> = named.filter(|&symbol| seen.insert(symbol)).collect();
        let before = roots.len();
        for symbol in fresh {
            roots.extend(model.definitions_of(symbol).map(|definition| definition.body));
            if let Some(FunctionBody::Expression { body, .. }) = model.functions.get(&symbol) {
                roots.push(*body);
            }
        }
        if roots.len() == before {
            return parts;
        }
    }
}

impl<'a> Survey<'a> {
    /// The need of a derivative that is evaluated on the graph; `None` where it is not.
    pub fn derivative_on_graph(&mut self, of: Expr, by: Expr) -> Result<Option<Need>, Refusal> {
        let Method::OnGraph(cuts) = &self.method else { return Ok(None) };
        let Some((root, family)) = ends(self.arena, self.model, of, by) else { return Ok(None) };
        let cut = cuts.get(&root).cloned().unwrap_or_default();
        let reach = match (self.step_of(of)?, self.step_of(by)?) {
            (Some(Place::Letter { letter, .. }), Some(Place::Letter { letter: other, .. })) if letter != other => {
                return Err(Refusal::Outside("a derivative between two steps"));
            }
            (Some(Place::Letter { letter, .. }), _) | (_, Some(Place::Letter { letter, .. })) => {
                Reach::Near(self.one_place(letter))
            }
            (None | Some(Place::At), None | Some(Place::At)) => Reach::Nowhere,
        };
        let rank_of = |expr: Expr| Model::member(self.arena, expr).map_or(0, |(_, _, entry)| entry.len() as u64);
        let rank_by = rank(self.arena.shape(by)) + rank_of(by);
        // What follows from others, or leads through many steps, must be cut wherever it stands.
        let uses = if self.follows(family, &cut) {
            None
        } else {
            self.uses((root, &cut), (family, rank_by), &mut vec![]).ok()
        };
        let Some(need) = uses else { return Ok(Some(Need { reach, ..ONE })) };
        self.worked_out.entry(root).or_default().insert(family);
        let ranks = rank(self.arena.shape(of)) + rank_of(of) + rank_by;
        // A pair of indices that are equal, summed, counts.
        Ok(Some(Need { reach: need.reach.with(reach), ..need }.with_counts(ranks / 2)))
    }

    /// Whether a family is made of another of these that is not made of it.
    fn follows(&self, family: SymbolId, others: &BTreeSet<SymbolId>) -> bool {
        let leads = |from: SymbolId, to: SymbolId| self.below.get(&from).is_some_and(|below| below.contains(&to));
        others.iter().any(|&other| leads(family, other) && !leads(other, family))
    }

    /// The need of a derivative by a member, as the sum over all uses of it down to the cuts.
    fn uses(
        &mut self,
        (root, cut): (SymbolId, &BTreeSet<SymbolId>),
        (by, rank_by): (SymbolId, u64),
        visited: &mut Vec<SymbolId>,
    ) -> Result<Need, Refusal> {
        if visited.contains(&by) {
            return Err(Refusal::Outside("a derivative that leads through many steps"));
        }
        visited.push(by);
        let below = self.below.get(&root).cloned().unwrap_or_default();
        let model = self.model;
        let mut need = NOTHING;
        for definition in &model.definitions {
            let user = definition.symbol;
            let places =
                if user == root || below.contains(&user) { self.places_of(by, definition) } else { Vec::new() };
            if places.is_empty() {
                continue;
            }
            let onward = if user == root || cut.contains(&user) {
                ONE
            } else {
                self.uses((root, cut), (user, rank(definition.shape)), visited)?
            };
            let slope = self.slope(definition, rank_by)?;
            for place in places {
                // Two states: one before the term and one behind it, of a sum of what stands at one step.
                let is_one_term = slope.states == 2 && self.is_one_term(&place, definition);
                let slope = if is_one_term { slope.at_one_step() } else { slope };
                let slope = slope.times(onward);
                need = need.plus(match self.n_untied(&place, definition) {
                    0 => slope,
                    1 => slope.summed(1),
                    _ => return Err(Refusal::Outside("sums over both indices of a family")),
                });
            }
        }
        visited.pop();
        Ok(need)
    }

    /// The indices with which a family stands in a definition.
    fn places_of(&self, family: SymbolId, definition: &Definition) -> Vec<Vec<Expr>> {
        let parts = self.arena.reachable(&[definition.body]);
        let places = parts.into_iter().filter_map(|part| match self.arena.node(part) {
            Node::Symbol { symbol, indices, .. } if *symbol == family => Some(indices.to_vec()),
            _ => None,
        });
        places.collect()
    }

    /// Whether a member stands in one term only of a sum over steps that is the whole definition: no other term follows it.
    fn is_one_term(&mut self, place: &[Expr], definition: &Definition) -> bool {
        let Node::Big { op: Big::Sum, height, body, .. } = *self.arena.node(definition.body) else { return false };
        let is_index = |part: &Expr| matches!(self.arena.node(*part), Node::Bound(own) if *own == height);
        let holds_index = |part: &Expr| self.arena.reachable(&[*part]).iter().any(is_index);
        let holds_sum = |part: Expr| matches!(self.arena.node(part), Node::Big { .. });
        let is_plain = !self.arena.reachable(&[body]).into_iter().any(holds_sum);
        is_plain && place.len() == 1 && place.iter().all(holds_index)
    }

    /// How many indices of a defined family are not tied to those of a member that stands in its definition: over all of
    /// their values it is used.
    fn n_untied(&self, place: &[Expr], definition: &Definition) -> usize {
        let parts = self.arena.reachable(place);
        let stands = |letter: SymbolId| {
            parts.iter().any(|&part| matches!(self.arena.node(part), Node::Symbol { symbol, .. } if *symbol == letter))
        };
        let untied = definition.indices.iter().filter(|argument| match argument {
            Argument::Value(_) => false,
            Argument::Letter(letter) => !stands(*letter),
        });
        untied.count()
    }

    /// The need of the derivative of one definition by a member that stands in it, all other members left as they are.
    fn slope(&mut self, definition: &Definition, rank_by: u64) -> Result<Need, Refusal> {
        self.family(definition.symbol)?;
        let all = self.model.definitions.iter().map(|definition| definition.symbol).collect();
        let open = std::mem::replace(&mut self.open, all);
        let alone = self.body(definition);
        self.open = open;
        let (inner, whole) = (alone?.inner, self.body(definition)?);
        let letters = whole.letters + inner + rank(definition.shape) + rank_by;
        let slope = Need { letters, inner: 0, ..whole };
        Ok(if slope.is_near() { slope } else { slope.with_slopes(1) })
    }
}
