//! Equalities between products of matrices, where inverses and equations between matrices matter.
//!
//! The sum-product form knows sums over entries; what it cannot know is that `Σ_j (B^{-1})_{ij} B_{jk} = δ_{ik}` where
//! B is a sum itself, or that `S^⊤ = S`. Here the form is read as words of matrices, and words have such relations.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Elementary, Equation, Expr, Function, Node, Prop, Shape, Tensor};
use crate::model::Model;
use crate::proof::context::Context;
use crate::proof::equality::Ground;
use crate::proof::equality::algebra::{Algebra, MAX_DIVISORS, where_divided};
use crate::rewrite::Domain;
use crate::rewrite::ordered::Ordered;

impl Algebra<'_> {
    /// Proves that `difference` vanishes on `domain` by words of matrices.
    pub fn by_words(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let equations = self.equations(domain);
        if equations.is_empty() && inverted_within(self.forms.arena, &[difference]).is_empty() {
            return None;
        }
        self.by_words_with(difference, domain, equations, None)
    }

    /// The same, where another difference vanishes, in which powers of matrices have an exponent less by 1.
    pub fn by_words_from(&mut self, difference: Expr, previous: Expr, domain: &Domain) -> Option<Ground> {
        if !has_counted_powers(self.forms.arena, difference) {
            return None;
        }
        let equations = self.equations(domain);
        self.by_words_with(difference, domain, equations, Some(previous))
    }

    /// What the facts say is 0, on the branch that is looked at.
    fn equations(&mut self, domain: &Domain) -> Vec<Expr> {
        let arena = &mut *self.forms.arena;
        let equations = equations(arena, self.model, self.structure, self.context);
        equations.into_iter().map(|equation| self.branch.applied(arena, domain, equation)).collect()
    }

    fn by_words_with(
        &mut self,
        difference: Expr,
        domain: &Domain,
        equations: Vec<Expr>,
        previous: Option<Expr>,
    ) -> Option<Ground> {
        let mut form = self.form(difference, domain)?;
        let mut conditions = self.forms.conditions.clone();
        for _ in 0..MAX_DIVISORS {
            let Some((atom, exponent)) = self.divisor(&form) else { break };
            if !domain.without(&where_divided(&form, atom)?).is_empty() {
                return None;
            }
            conditions.push(atom);
            form = self.forms.scaled(&form, atom, -exponent).ok()?;
        }
        let previous = match previous {
            Some(previous) => Some(self.form(previous, domain)?),
            None => None,
        };
        let mut ordered = Ordered::new(&mut self.forms, domain);
        for equation in equations {
            ordered.assume(equation);
        }
        let vanishes = match previous {
            Some(previous) => ordered.vanishes_if(&form, &previous)?,
            None => ordered.vanishes(&form)?,
        };
        if !vanishes {
            return None;
        }
        let inverted = ordered.inverted();
        let arena = &mut *self.forms.arena;
        conditions.extend(inverted.into_iter().map(|base| arena.tensor(Tensor::Determinant, vec![base])));
        Some(Ground { conditions, ..Ground::default() })
    }
}

/// Whether a power of a matrix with letters in its exponent stands in an expression.
pub(super) fn has_counted_powers(arena: &Arena, expr: Expr) -> bool {
    arena.reachable(&[expr]).iter().any(|&part| match arena.node(part) {
        Node::MatrixPower(_, exponent) => arena.as_number(*exponent).is_none(),
        _ => false,
    })
}

/// The differences of vectors and matrices that the facts say are 0.
fn equations(arena: &mut Arena, model: &Model, structure: &Structure, context: &Context) -> Vec<Expr> {
    let mut equations = Vec::new();
    for equation in context.facts.iter().filter_map(Prop::equation) {
        let Equation { letters, left, right, .. } = equation.whole(arena);
        if !letters.is_empty() || arena.shape(left).is_scalar() && arena.shape(right).is_scalar() {
            continue;
        }
        let difference = arena.subtract(left, right);
        let difference = structure.unfold(arena, model, difference, &[]);
        let is_plain = |part: &Expr| !matches!(arena.node(*part), Node::Derivative { .. } | Node::At { .. });
        if arena.reachable(&[difference]).iter().all(is_plain) {
            equations.push(difference);
        }
    }
    equations
}

/// The matrices whose inverses stand in some expressions.
fn inverted_within(arena: &Arena, exprs: &[Expr]) -> Vec<Expr> {
    let of_inverse = |part: Expr| match *arena.node(part) {
        Node::MatrixPower(base, exponent) if arena.as_integer(exponent).is_some_and(|n| n < 0) => Some(base),
        _ => None,
    };
    arena.reachable(exprs).into_iter().filter_map(of_inverse).collect()
}

/// Whether every inverse that a derivative brought in is one of a matrix that is known to have one: because the sides
/// as they were written are there only then, or because the matrix is given and nothing is assumed of it, so that
/// those without an inverse are limits of those with one.
pub(super) fn inverses_exist(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    written: &[Expr],
    resolved: &[Expr],
) -> bool {
    let inverted = inverted_within(arena, resolved);
    let written: Vec<Expr> = written.iter().map(|&side| structure.unfold(arena, model, side, &[])).collect();
    let parts = arena.reachable(&written);
    let holds_derivative = parts.iter().any(|&part| matches!(arena.node(part), Node::Derivative { .. }));
    if inverted.is_empty() || !holds_derivative {
        return true;
    }
    let mut needed = inverted_within(arena, &written);
    for part in parts {
        let inside = match arena.node(part) {
            Node::Call { function: Function::Elementary(Elementary::Log), args, .. } => args[0],
            Node::Power(base, exponent) if arena.as_number(*exponent).is_some_and(|n| *n < 0.into()) => *base,
            _ => continue,
        };
        if let Node::Tensor { op: Tensor::Determinant, args } = arena.node(inside) {
            needed.push(args[0]);
        }
    }
    let needed = with_factors(arena, needed);
    let is_free = |base: Expr| {
        let is_given = matches!(arena.node(base), Node::Symbol { symbol, .. } if !model.is_defined(*symbol));
        let is_equated = |fact: &Prop| {
            let is_equation = !matches!(fact, Prop::Compare(how, ..) if *how != Comparison::Equal);
            is_equation && fact.expressions().iter().any(|&side| arena.contains(side, base))
        };
        is_given && !context.facts.iter().any(is_equated)
    };
    inverted.into_iter().all(|base| needed.contains(&base) || is_free(base))
}

/// The matrices, and those of which they are products: a product of square matrices has an inverse where all have.
fn with_factors(arena: &Arena, matrices: Vec<Expr>) -> Vec<Expr> {
    let mut found = matrices;
    let mut next = 0;
    while let Some(&matrix) = found.get(next) {
        next += 1;
        match arena.node(matrix) {
            Node::MatMul(parts) | Node::Product(parts) => {
                let square = |part: &&Expr| matches!(arena.shape(**part), Shape::Matrix(m, n) if m == n);
                found.extend(parts.iter().filter(square));
            }
            Node::Transpose(inner) | Node::MatrixPower(inner, _) => found.push(*inner),
            _ => {}
        }
    }
    found
}
