//! Relations between atoms: what the greatest monomial of an equation is by the rest of it.
//!
//! **Sums with a name:** `u = 1 - α` where powers of it have symbolic exponents, so that `(1-α) (1-α)^{t-1} = (1-α)^t`.
//! The name is an unknown of its own, and what is left of the sum is reduced by the one relation between them. A single
//! polynomial is a Gröbner basis of its ideal, so a form that vanishes by the relation reduces to nothing.
//!
//! **Laws** that assumptions give, at every index that stands in the form.

use crate::expr::{Arena, Expr, Node, SymbolKind};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::law::{assignments, indices_in};
use crate::rewrite::linear::Linear;
use crate::rewrite::term::{Factors, Form, Refusal, Term};

/// A letter and the sum that it stands for.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The letter.
    pub name: Expr,
    /// The sum.
    pub sum: Expr,
}

/// A name for each sum that stands in the expression with a symbolic exponent.
pub fn names(arena: &mut Arena, expr: Expr) -> Vec<Named> {
    let parts = arena.reachable(&[expr]);
    let mut sums: Vec<Expr> = parts
        .into_iter()
        .filter_map(|part| match *arena.node(part) {
            Node::Power(base, exponent) if arena.as_number(exponent).is_none() => Some(base),
            _ => None,
        })
        .filter(|&base| matches!(arena.node(base), Node::Sum(_)) && arena.shape(base).is_scalar())
        .filter(|&base| !arena.reachable(&[base]).iter().any(|&part| matches!(arena.node(part), Node::Bound(_))))
        .collect();
    sums.sort_unstable();
    sums.dedup();
    let letters = sums.iter().enumerate().map(|(n, _)| arena.intern(&format!("\u{a7}u{n}"), SymbolKind::Real));
    let letters: Vec<_> = letters.collect();
    letters.into_iter().zip(sums).map(|(letter, sum)| Named { name: arena.symbol(letter), sum }).collect()
}

/// The expression with every sum that has a name written by it.
pub fn named(arena: &mut Arena, expr: Expr, names: &[Named]) -> Expr {
    let map = names.iter().map(|named| (named.sum, named.name)).collect();
    arena.substitute(expr, &map)
}

/// `monomial -> instead`, what a relation says of its greatest monomial.
struct Rule {
    monomial: Factors,
    instead: Form,
}

impl Rule {
    /// The term without the monomial; `None` where the monomial does not divide it.
    fn quotient(&self, term: &Term) -> Option<Term> {
        let mut rest = term.clone();
        for (&atom, want) in &self.monomial {
            let (have, want) = (term.factors.get(&atom)?.as_integer()?, want.as_integer()?);
            if have < want {
                return None;
            }
            rest.times(atom, &Linear::integer(-want));
        }
        Some(rest)
    }
}

/// Forms with more steps of reduction than this are given up.
const MAX_ROUNDS: usize = 40;

impl Normalizer<'_> {
    /// The form with the greatest monomial of each named sum written by its name and the rest of the sum.
    pub fn reduced(&mut self, form: Form, names: &[Named]) -> Result<Form, Refusal> {
        let mut rules: Vec<Rule> = names.iter().filter_map(|named| self.rule(named.sum, Some(named.name))).collect();
        rules.extend(self.laws_at(&form));
        let mut form = form;
        for _ in 0..MAX_ROUNDS {
            let mut changed = false;
            let mut terms = Vec::new();
            for term in &form.terms {
                let found = rules.iter().find_map(|rule| Some((rule.quotient(term)?, &rule.instead)));
                match found {
                    Some((rest, instead)) => {
                        changed = true;
                        terms.extend(instead.terms.iter().map(|part| rest.by(part)));
                    }
                    None => terms.push(term.clone()),
                }
            }
            if !changed {
                return Ok(form);
            }
            form = self.combine(Form { terms })?;
        }
        Err(Refusal::TooLarge)
    }

    /// The laws at the indices that stand in the form.
    fn laws_at(&mut self, form: &Form) -> Vec<Rule> {
        if self.laws.is_empty() {
            return Vec::new();
        }
        let atoms: Vec<Expr> = form.terms.iter().flat_map(|term| term.factors.keys().copied()).collect();
        let indices = indices_in(self.arena, &atoms);
        let mut instances: Vec<Expr> = Vec::new();
        for law in self.laws.clone() {
            let maps = assignments(&law.letters, &indices);
            instances.extend(maps.iter().map(|map| self.arena.substitute(law.difference, map)));
        }
        instances.dedup();
        instances.into_iter().filter_map(|instance| self.rule(instance, None)).collect()
    }

    /// `sum = name`, or `sum = 0`, solved for its greatest monomial: by degree, then by its oldest atom. The name counts
    /// for nothing, so every step leads down.
    fn rule(&mut self, sum: Expr, name: Option<Expr>) -> Option<Rule> {
        let form = self.form(sum, &Domain::all()).ok()?;
        let mut greatest: Option<(i64, usize)> = None;
        for (i, term) in form.terms.iter().enumerate() {
            let exponents: Option<Vec<i64>> = term.factors.values().map(Linear::as_integer).collect();
            let exponents = exponents.filter(|all| all.iter().all(|&n| n > 0))?;
            if !term.letters.is_empty() || term.domain != Domain::all() {
                return None;
            }
            let degree = exponents.iter().sum();
            let greater = greatest.is_none_or(|(other, at)| {
                degree > other || degree == other && is_before(&term.factors, &form.terms[at].factors)
            });
            if greater {
                greatest = Some((degree, i));
            }
        }
        let (degree, at) = greatest?;
        if degree == 0 {
            return None;
        }
        let mut instead = form;
        let lead = instead.terms.remove(at);
        if let Some(name) = name {
            let mut term = Term::constant(Rational::from(-1), &Domain::all());
            term.times(name, &Linear::integer(1));
            instead.terms.push(term);
        }
        let scale = -(Rational::from(1) / lead.coefficient.clone());
        instead.terms.iter_mut().for_each(|term| term.coefficient *= scale.clone());
        Some(Rule { monomial: lead.factors, instead })
    }
}

/// Whether a monomial is greater than another of its degree: more of the oldest atom in which they differ.
fn is_before(one: &Factors, other: &Factors) -> bool {
    let atoms: std::collections::BTreeSet<&Expr> = one.keys().chain(other.keys()).collect();
    for atom in atoms {
        let power = |factors: &Factors| factors.get(atom).and_then(Linear::as_integer).unwrap_or(0);
        if power(one) != power(other) {
            return power(one) > power(other);
        }
    }
    false
}
