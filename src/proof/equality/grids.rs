//! One step of derivatives over a grid: from the places that lie behind others, or from the states that lie ahead.

use crate::calculus::Resolver;
use crate::expr::{Arena, DerivativeKind, Expr, Node, SymbolId};
use crate::model::Model;
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::{Domain, Form, Linear};

/// A member of a family over several indices.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    family: SymbolId,
    at: Vec<Linear>,
}

impl Place {
    fn of(arena: &Arena, member: Expr) -> Option<Place> {
        let (family, at, _) = Model::member(arena, member)?;
        if at.len() < 2 {
            return None;
        }
        let at: Option<Vec<Linear>> = at.iter().map(|&index| Linear::read(arena, index)).collect();
        Some(Place { family, at: at? })
    }

    /// Whether it lies ahead of another place by known numbers of steps.
    fn is_ahead_of(&self, other: &Place) -> bool {
        self.at != other.at
            && self.at.len() == other.at.len()
            && self.at.iter().zip(&other.at).all(|(a, b)| a.minus(b).as_integer().is_some_and(|ahead| ahead >= 0))
    }
}

/// A total derivative of one place by another.
struct Arrow {
    of: Expr,
    by: Expr,
    to: Place,
    from: Place,
}

impl Arrow {
    fn read(arena: &Arena, part: Expr) -> Option<Arrow> {
        let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(part) else { return None };
        Some(Arrow { of, by, to: Place::of(arena, of)?, from: Place::of(arena, by)? })
    }
}

impl Algebra<'_> {
    /// The difference with derivatives over a grid opened by one step: at their earlier ends where these lie behind
    /// others, else at the ends that lie ahead of all others. `None` where nothing changes.
    pub fn grid_stepped(&mut self, form: &Form, expr: Expr, domain: &Domain) -> Option<Expr> {
        let atoms = form.terms.iter().flat_map(|term| term.factors.keys());
        let arrows: Vec<Arrow> = atoms.filter_map(|&atom| Arrow::read(self.forms.arena, atom)).collect();
        let is_hindmost = |from: &Place| {
            arrows.iter().any(|other| other.from.is_ahead_of(from))
                && !arrows.iter().any(|other| from.is_ahead_of(&other.from))
        };
        let is_foremost = |to: &Place| !arrows.iter().any(|other| other.to.is_ahead_of(to));
        let back = self.each_stepped(expr, domain, &mut |resolver, arrow| {
            is_hindmost(&arrow.from).then(|| resolver.grid_step_back(arrow.of, arrow.by)).flatten()
        });
        back.or_else(|| {
            self.each_stepped(expr, domain, &mut |resolver, arrow| {
                let is_there = arrows.iter().any(|other| other.to == arrow.to);
                (is_there && is_foremost(&arrow.to)).then(|| resolver.grid_step(arrow.of, arrow.by, domain)).flatten()
            })
        })
    }

    /// The expression with each derivative over a grid replaced by what `step` says of it.
    fn each_stepped(
        &mut self,
        expr: Expr,
        domain: &Domain,
        step: &mut dyn FnMut(&mut Resolver<'_>, &Arrow) -> Option<Expr>,
    ) -> Option<Expr> {
        let (model, structure) = (self.model, self.structure.within(domain));
        let mut used = Vec::new();
        let stepped = self.forms.arena.rewrite(expr, &mut |arena, part| {
            let is_derivative = matches!(arena.node(part), Node::Derivative { kind: DerivativeKind::Total, .. });
            let arrow = Arrow::read(arena, part);
            let step = arrow.and_then(|arrow| step(&mut Resolver::new(arena, model, &structure), &arrow));
            used.extend(step.map(|step| (part, step)));
            step.or(is_derivative.then_some(part))
        });
        let is_changed = !used.is_empty();
        self.note("chain rule", used);
        is_changed.then_some(stepped)
    }
}
