//! Signs: what is positive for all values, and absolute values.

use crate::expr::{Arena, Big, Elementary, Expr, Node, SymbolId};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::term::{Form, Refusal, Term};

/// What assumptions make positive.
#[derive(Debug, Clone, Default)]
pub struct Positive {
    /// Expressions as they are.
    pub atoms: Vec<Expr>,
    /// Members and entries at all values of letters: `p_i > 0` for all i.
    pub members: Vec<(Vec<SymbolId>, Expr)>,
}

impl Positive {
    fn holds(&self, arena: &Arena, expr: Expr) -> bool {
        let is_one_of = |(letters, pattern): &(Vec<SymbolId>, Expr)| is_member(arena, letters, *pattern, expr);
        self.atoms.contains(&expr) || self.members.iter().any(is_one_of)
    }
}

/// Whether an expression is a member or an entry `pattern` at some values of the letters, each of which is one index of it.
fn is_member(arena: &Arena, letters: &[SymbolId], pattern: Expr, expr: Expr) -> bool {
    let mut seen = Vec::new();
    let mut is_letter = |&index: &Expr| match arena.node(index) {
        Node::Symbol { symbol, .. } if letters.contains(symbol) && !seen.contains(symbol) => {
            seen.push(*symbol);
            true
        }
        _ => false,
    };
    match (arena.node(pattern), arena.node(expr)) {
        (Node::Symbol { symbol, indices, .. }, Node::Symbol { symbol: other, indices: at, .. }) => {
            symbol == other && indices.len() == at.len() && !at.is_empty() && indices.iter().all(&mut is_letter)
        }
        (Node::Entry { of, at: indices }, Node::Entry { of: other, at }) => {
            of == other && indices.len() == at.len() && indices.iter().all(&mut is_letter)
        }
        _ => false,
    }
}

impl Normalizer<'_> {
    /// Whether an atom is positive for all values: exp, sigmoid, softplus, even powers are not (they may be 0).
    pub(super) fn is_positive(&self, atom: Expr) -> bool {
        if self.positive.holds(self.arena, atom) {
            return true;
        }
        match self.arena.node(atom) {
            Node::Number(value) => *value > Rational::from(0),
            Node::Pi => true,
            Node::Call { .. } => self.arena.elementary(atom).is_some_and(|(f, _)| f.row().range.is_positive()),
            Node::Sum(parts) => {
                parts.iter().all(|&part| self.is_positive(part))
                    || parts.iter().any(|&part| self.is_positive(part))
                        && parts.iter().all(|&part| self.is_positive(part) || self.is_even_power(part))
                    || self.is_one_minus_bounded(parts)
            }
            Node::Product(parts) => parts.iter().all(|&part| self.is_positive(part)),
            Node::Power(base, _) => self.is_positive(*base),
            Node::Big { op: Big::Sum, body, lower, upper, .. } => {
                // A sum over a size is never empty.
                let from_one = self.arena.is_one(*lower) && self.is_size(*upper);
                from_one && self.is_positive(*body)
            }
            Node::Big { op: Big::Product, body, .. } => self.is_positive(*body),
            _ => false,
        }
    }

    pub(super) fn is_size(&self, expr: Expr) -> bool {
        self.positive.atoms.contains(&expr)
    }

    pub(super) fn is_even_power(&self, expr: Expr) -> bool {
        match self.arena.node(expr) {
            Node::Power(_, exponent) => self.arena.as_integer(*exponent).is_some_and(|n| n > 0 && n % 2 == 0),
            Node::Product(parts) => parts.iter().all(|&part| self.is_positive(part) || self.is_even_power(part)),
            _ => false,
        }
    }

    /// `1 - σ(x)` and `1 - tanh(x)^2`, as sums of two.
    pub(super) fn is_one_minus_bounded(&self, parts: &[Expr]) -> bool {
        let [a, b] = parts else { return false };
        let (one, other) = if self.arena.is_one(*a) { (*a, *b) } else { (*b, *a) };
        if !self.arena.is_one(one) {
            return false;
        }
        let Node::Product(factors) = self.arena.node(other) else { return false };
        let [x, y] = factors[..] else { return false };
        let (minus, bounded) = if self.arena.as_integer(x) == Some(-1) { (x, y) } else { (y, x) };
        if self.arena.as_integer(minus) != Some(-1) {
            return false;
        }
        let is_call = |expr: Expr, of: Elementary| self.arena.argument(of, expr).is_some();
        match self.arena.node(bounded) {
            Node::Power(base, exponent) => {
                self.arena.as_integer(*exponent).is_some_and(|n| n > 0)
                    && (is_call(*base, Elementary::Sigmoid) || is_call(*base, Elementary::Tanh))
            }
            _ => is_call(bounded, Elementary::Sigmoid) || is_call(bounded, Elementary::Tanh),
        }
    }

    /// `|a b| = |a| |b|`, `|x|^2 = x^2`, `|x| = x` where x is positive.
    pub(super) fn absolute(&mut self, form: &Form, context: &Domain) -> Result<Form, Refusal> {
        match &form.terms[..] {
            [] => Ok(Form::default()),
            [term] if term.letters.is_empty() && term.domain == *context => {
                let mut result = Term::constant(
                    if term.coefficient < Rational::from(0) {
                        -term.coefficient.clone()
                    } else {
                        term.coefficient.clone()
                    },
                    context,
                );
                for (&atom, exponent) in &term.factors {
                    let even = exponent.as_integer().is_some_and(|n| n % 2 == 0);
                    if self.arena.as_integer(atom) == Some(-1) {
                        continue;
                    }
                    if even || self.is_positive(atom) || self.is_absolute(atom) {
                        result.times(atom, exponent);
                        continue;
                    }
                    let atom = self.absolute_atom(atom);
                    result.times(atom, exponent);
                }
                Ok(Form { terms: vec![result] })
            }
            _ => {
                let mut positive = form.clone();
                if self.leading(form) < Rational::from(0) {
                    positive.terms.iter_mut().for_each(|term| term.coefficient = -term.coefficient.clone());
                }
                let arg = self.expression_within(&positive, context).ok_or(Refusal::NotLinear)?;
                let atom = if self.is_positive(arg) { arg } else { self.arena.apply(Elementary::Abs, arg) };
                Ok(self.atom(atom, context))
            }
        }
    }

    pub(super) fn is_absolute(&self, atom: Expr) -> bool {
        self.arena.argument(Elementary::Abs, atom).is_some()
    }

    /// `|Π a_k| = Π |a_k|`.
    pub(super) fn absolute_atom(&mut self, atom: Expr) -> Expr {
        if let Node::Big { op: Big::Product, lower, upper, .. } = *self.arena.node(atom)
            && let Some((letter, body)) = self.arena.open(atom, 80)
        {
            let body = if self.is_positive(body) { body } else { self.arena.apply(Elementary::Abs, body) };
            return self.arena.big(Big::Product, letter, lower, upper, body);
        }
        self.arena.apply(Elementary::Abs, atom)
    }
}
