//! Derivatives of members by members: where they are evaluated on the graph of the definitions, cut at those that follow
//! from others, backward ([`crate::numeric::evaluate_on_graph`]) or forward ([`crate::numeric::evaluate_along`]).
//!
//! A cut derivative is an unknown at the steps of both of its members. One that is worked out down to the cuts is a sum
//! over the uses of what it is taken by, or over what it is made of, of slopes of one definition each. No family is met
//! twice on the way to the cuts, so that it stays within a few steps, along one index and over a grid alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Big, DerivativeKind, Expr, Function, Node, SymbolId, SymbolKind};
use crate::model::{Argument, Definition, FunctionBody, Model};
use crate::numeric::WorkedOut;
use crate::proof::cases::Refusal;
use crate::proof::cases::grips::Grip;
use crate::proof::cases::need::{NOTHING, Need, ONE, Reach};
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;

/// How derivatives are evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Method {
    /// By moving what they are taken by.
    Moved,
    /// Those of members by members backward on the graph, which is cut in these families: for each family that is
    /// differentiated, those by which it is.
    OnGraph(WorkedOut),
    /// Those of members by members forward, cut in these families: for each family by which is differentiated, those that
    /// are.
    Along(WorkedOut),
}

impl Method {
    /// The ways to evaluate the derivatives that stand in some expressions and in what they lead to, the cheapest first.
    /// On the graph none may stand in another, and forward there must be several by one member.
    pub fn all(arena: &Arena, model: &Model, sides: &[Expr]) -> Vec<Method> {
        let (mut backward, mut forward) = (WorkedOut::new(), WorkedOut::new());
        let mut taken: BTreeMap<Expr, BTreeSet<Expr>> = BTreeMap::new();
        for part in reached(arena, model, sides) {
            if matches!(arena.node(part), Node::At { .. }) {
                return vec![Method::Moved];
            }
            let Node::Derivative { kind, of, by, .. } = arena.node(part) else { continue };
            let within = reached(arena, model, &[*of]);
            if within.iter().any(|&inner| matches!(arena.node(inner), Node::Derivative { .. })) {
                return vec![Method::Moved];
            }
            if let (Some((root, family)), false) = (ends(arena, model, *of, *by), *kind == DerivativeKind::Immediate) {
                backward.entry(root).or_default().insert(family);
                forward.entry(family).or_default().insert(root);
                taken.entry(*by).or_default().insert(*of);
            }
        }
        let mut all = Vec::new();
        if !backward.is_empty() {
            all.push(Method::OnGraph(backward));
        }
        if taken.values().any(|members| members.len() > 1) {
            all.push(Method::Along(forward));
        }
        all.push(Method::Moved);
        all
    }
}

/// The defined family that is differentiated and the family by which it is, where both are members.
fn ends(arena: &Arena, model: &Model, of: Expr, by: Expr) -> Option<(SymbolId, SymbolId)> {
    let ((root, ..), (by, ..)) = (Model::member(arena, of)?, Model::member(arena, by)?);
    (model.is_defined(root) && arena.kind(by) == SymbolKind::Real).then_some((root, by))
}

/// All parts of some expressions, and of the definitions and functions that they lead to.
pub(super) fn reached(arena: &Arena, model: &Model, sides: &[Expr]) -> Vec<Expr> {
    let mut roots: BTreeSet<Expr> = sides.iter().copied().collect();
    loop {
        let parts = arena.reachable(&roots.iter().copied().collect::<Vec<_>>());
        let before = roots.len();
        roots.extend(parts.iter().flat_map(|&part| bodies_of(arena, model, part)));
        if roots.len() == before {
            return parts;
        }
    }
}

/// The bodies of the definitions and functions that stand in an expression.
pub(super) fn defined_in(arena: &Arena, model: &Model, expr: Expr) -> Vec<Expr> {
    arena.reachable(&[expr]).into_iter().flat_map(|part| bodies_of(arena, model, part)).collect()
}

fn bodies_of(arena: &Arena, model: &Model, part: Expr) -> Vec<Expr> {
    let (Node::Symbol { symbol, .. } | Node::Call { function: Function::Declared { symbol, .. }, .. }) =
        arena.node(part)
    else {
        return Vec::new();
    };
    let function = match model.functions.get(symbol) {
        Some(FunctionBody::Expression { body, .. }) => Some(*body),
        Some(FunctionBody::Elementary(_)) | None => None,
    };
    model.definitions_of(*symbol).map(|definition| definition.body).chain(function).collect()
}

impl<'a> Survey<'a> {
    /// The need of a derivative that is evaluated on the graph; `None` where it is not.
    pub fn derivative_on_graph(&mut self, of: Expr, by: Expr) -> Result<Option<Need>, Refusal> {
        let (cuts, is_backward) = match &self.method {
            Method::Moved => return Ok(None),
            Method::OnGraph(cuts) => (cuts, true),
            Method::Along(cuts) => (cuts, false),
        };
        let Some((root, family)) = ends(self.arena, self.model, of, by) else { return Ok(None) };
        let (start, end) = if is_backward { (root, family) } else { (family, root) };
        let cut = cuts.get(&start).cloned().unwrap_or_default();
        let reach = self.reach_between(of, by)?;
        let recurrences = self.recurrences_below(of);
        self.beyond = self.beyond.max(self.until_repeated(&recurrences)?);
        // What follows from others, or leads through many steps, must be cut wherever it stands.
        let worked_out = match is_backward {
            true if cut.iter().any(|&other| self.is_before(other, family)) => None,
            true => self.uses((root, &cut), family, &mut vec![]).ok(),
            false if cut.iter().any(|&other| self.is_before(root, other)) => None,
            false => self.made_of(root, (family, &cut), &mut vec![]).ok(),
        };
        let Some(need) = worked_out else { return Ok(Some(Need { reach, ..ONE })) };
        self.worked_out.entry(start).or_default().insert(end);
        Ok(Some(Need { reach: need.reach.with(reach), grip: self.grip_of_derivative(of), ..need }))
    }

    /// Where an unknown in the place of the derivative of a member by another stands: it has the indices of both.
    fn reach_between(&mut self, of: Expr, by: Expr) -> Result<Reach, Refusal> {
        let members = [of, by].into_iter().filter_map(|expr| Model::member(self.arena, expr));
        let indices: Vec<Expr> = members.flat_map(|(_, indices, _)| indices).collect();
        Ok(match self.place_of_all(&indices)? {
            Some(Place::Letter { letter, .. }) => Reach::Near(self.one_place(letter)),
            None | Some(Place::At) => Reach::Nowhere,
        })
    }

    fn is_made_of(&self, family: SymbolId, other: SymbolId) -> bool {
        self.below.get(&family).is_some_and(|below| below.contains(&other))
    }

    /// Whether a family leads to another that does not lead back.
    fn is_before(&self, family: SymbolId, other: SymbolId) -> bool {
        self.is_made_of(other, family) && !self.is_made_of(family, other)
    }

    /// The need of a derivative by a member, as the sum over all uses of it down to the cuts.
    fn uses(
        &mut self,
        (root, cut): (SymbolId, &BTreeSet<SymbolId>),
        by: SymbolId,
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
            let is_end = cut.contains(&user) || user == root && !self.is_made_of(root, root);
            let onward = if is_end { ONE } else { self.uses((root, cut), user, visited)? };
            let slope = self.slope(definition)?;
            for place in places {
                // Two states: one before the term and one behind it, of a sum of what stands at one step.
                let is_one_term = slope.states == 2 && self.is_one_term(&place, definition);
                let slope = if is_one_term { slope.at_one_step() } else { slope };
                let slope = slope.times(onward);
                need = need.plus(match self.n_untied(&place, definition) {
                    0 => slope,
                    1 => self.at_other_steps(slope)?.summed(1),
                    _ => return Err(Refusal::Outside("sums over both indices of a family")),
                });
            }
        }
        visited.pop();
        Ok(need)
    }

    /// The need of the derivative of a member by one of a family, as the sum over all that it is made of down to the cuts.
    fn made_of(
        &mut self,
        member: SymbolId,
        (by, cut): (SymbolId, &BTreeSet<SymbolId>),
        visited: &mut Vec<SymbolId>,
    ) -> Result<Need, Refusal> {
        if visited.contains(&member) {
            return Err(Refusal::Outside("a derivative that leads through many steps"));
        }
        visited.push(member);
        let model = self.model;
        let mut need = NOTHING;
        for definition in model.definitions_of(member) {
            let slope = self.slope(definition)?;
            need = need.plus(slope);
            for used in self.families_in(definition) {
                if used != by && !cut.contains(&used) && self.is_made_of(used, by) {
                    need = need.plus(slope.times(self.made_of(used, (by, cut), visited)?));
                }
            }
        }
        visited.pop();
        Ok(need)
    }

    /// The families of which a definition is made.
    fn families_in(&self, definition: &Definition) -> BTreeSet<SymbolId> {
        let parts = self.arena.reachable(&[definition.body]);
        let families = parts.into_iter().filter_map(|part| match self.arena.node(part) {
            Node::Symbol { symbol, .. } => Some(*symbol),
            _ => None,
        });
        families.collect()
    }

    /// The indices with which a family stands in a definition.
    pub fn places_of(&self, family: SymbolId, definition: &Definition) -> Vec<Vec<Expr>> {
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
        is_plain && place.iter().any(holds_index)
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
    fn slope(&mut self, definition: &Definition) -> Result<Need, Refusal> {
        self.family(definition.symbol)?;
        let all = self.model.definitions.iter().map(|definition| (definition.symbol, Grip::Every)).collect();
        let open = std::mem::replace(&mut self.open, all);
        let alone = self.body(definition);
        self.open = open;
        let (inner, whole) = (alone?.inner, self.body(definition)?);
        let letters = whole.letters + inner + self.n_free(definition.shape);
        let divided = self.differentiated_alone(whole.divided, definition.body);
        let slope = Need { letters, inner: 0, divided, ..whole };
        Ok(if slope.is_near() { slope } else { self.with_slopes_at_each_step(slope)?.with_slopes(1) })
    }
}
