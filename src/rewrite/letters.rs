//! Letters of terms: where they stand, how they are renamed without capture, and how indices are tidied.

use crate::expr::{Elementary, Expr, Function, Node, Substitution, SymbolId, SymbolKind};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::term::{Factors, Term};

impl Normalizer<'_> {
    /// Whether a letter stands anywhere in a term: as one of its own, in a factor, or in its domain.
    pub(super) fn mentions(&self, term: &Term, letter: Expr) -> bool {
        term.letters.contains(&letter)
            || term.domain.has_letter(|size| self.arena.contains(size, letter))
            || term
                .factors
                .iter()
                .any(|(&atom, exponent)| exponent.parts.contains_key(&letter) || self.arena.contains(atom, letter))
    }

    /// Whether a letter stands in a factor, or in a size that another letter runs to.
    pub(super) fn stands_in(&self, term: &Term, letter: Expr) -> bool {
        let in_factors = term
            .factors
            .iter()
            .any(|(&atom, exponent)| exponent.parts.contains_key(&letter) || self.arena.contains(atom, letter));
        in_factors || self.stands_in_size(term, letter)
    }

    pub(super) fn stands_in_size(&self, term: &Term, letter: Expr) -> bool {
        term.domain.has_letter(|size| size != letter && self.arena.contains(size, letter))
    }

    /// The term with other names for those of its own letters that stand in `other`, bound or free.
    pub(super) fn renamed_apart(&mut self, term: &Term, other: &Term) -> Term {
        let mut renamed = term.clone();
        for &letter in &term.letters {
            if self.mentions(other, letter) {
                let fresh = self.letter_apart("r", &[&renamed, other]);
                renamed = self.renamed(&renamed, &[(letter, fresh)]);
            }
        }
        renamed
    }

    /// A letter that stands in none of these terms.
    pub(super) fn letter_apart(&mut self, stem: &str, terms: &[&Term]) -> Expr {
        let mut n = 0;
        loop {
            let letter = self.bound_letter(&format!("\u{a7}{stem}{n}"));
            if !terms.iter().any(|term| self.mentions(term, letter)) {
                return letter;
            }
            n += 1;
        }
    }

    pub(super) fn bound_letter(&mut self, name: &str) -> Expr {
        let symbol: SymbolId = self.arena.intern(name, SymbolKind::Integer);
        self.arena.symbol(symbol)
    }

    /// A term with letters renamed, all at once.
    pub(super) fn renamed(&mut self, term: &Term, names: &[(Expr, Expr)]) -> Term {
        if names.iter().all(|(old, new)| old == new) {
            return term.clone();
        }
        // Through names that stand nowhere else, so that exchanges are possible.
        let middle: Vec<Expr> = (0..names.len()).map(|n| self.bound_letter(&format!("\u{a7}m{n}"))).collect();
        let mut result = term.clone();
        for (&(old, _), &mid) in names.iter().zip(&middle) {
            result.domain = result.domain.substitute(old, &Linear::letter(mid)).unwrap_or(result.domain);
        }
        for (&(_, new), &mid) in names.iter().zip(&middle) {
            result.domain = result.domain.substitute(mid, &Linear::letter(new)).unwrap_or(result.domain);
        }
        let map: Substitution = names.iter().copied().collect();
        result.domain = self.sizes_substituted(&result.domain, &map);
        for letter in &mut result.letters {
            if let Some(&new) = map.get(letter) {
                *letter = new;
            }
        }
        result.factors = self.substituted_factors(&term.factors, &map);
        result
    }

    /// A domain whose sizes follow their letters: `n_k` becomes `n_l` where k becomes l. The letters themselves stay.
    pub(crate) fn sizes_substituted(&mut self, domain: &Domain, map: &Substitution) -> Domain {
        domain.map_points(&mut |point| {
            if map.contains_key(&point) {
                return point;
            }
            let image = self.arena.substitute(point, map);
            self.tidy(image)
        })
    }

    /// Atoms and exponents with letters replaced; indices are tidied.
    pub(super) fn substituted_factors(&mut self, factors: &Factors, map: &Substitution) -> Factors {
        let mut result = Factors::new();
        for (&atom, exponent) in factors {
            let image = self.arena.substitute(atom, map);
            let atom = if image == atom { atom } else { self.tidy(image) };
            let exponent = if exponent.is_constant() {
                exponent.clone()
            } else {
                let exponent_expr = exponent.clone().expr(self.arena);
                let substituted = self.arena.substitute(exponent_expr, map);
                Linear::read(self.arena, substituted).unwrap_or_else(|| exponent.clone())
            };
            let entry = result.get_or_insert_with(atom, Linear::default);
            *entry = entry.plus(&exponent, &Rational::ONE);
        }
        result.retain(|_, exponent| *exponent != Linear::default());
        result
    }

    /// An expression with every index in the one order that linear forms have.
    pub(super) fn tidy(&mut self, expr: Expr) -> Expr {
        if let Some(&known) = self.tidied.get(&expr) {
            return known;
        }
        for part in self.arena.reachable(&[expr]) {
            if self.tidied.contains_key(&part) {
                continue;
            }
            let new = self.arena.rebuild(part, &mut |child| self.tidied[&child]);
            let new = match self.arena.node(new) {
                Node::Sum(_) if self.is_integer(new) => match Linear::read(self.arena, new) {
                    Some(linear) => linear.expr(self.arena),
                    None => new,
                },
                _ => new,
            };
            self.tidied.insert(part, new);
        }
        self.tidied[&expr]
    }

    /// Whether an expression is made of integer letters and whole numbers.
    pub(super) fn is_integer(&self, expr: Expr) -> bool {
        match self.arena.node(expr) {
            Node::Number(value) => value.is_int(),
            Node::Symbol { symbol, .. } => self.arena.kind(*symbol) == SymbolKind::Integer,
            Node::Bound(_) => true,
            Node::Sum(parts) | Node::Product(parts) => parts.iter().all(|&part| self.is_integer(part)),
            _ => false,
        }
    }

    /// The least constant beside `letter` in the indices of some atoms where it stands alone with coefficient 1.
    pub(super) fn least_offset(&self, atoms: &[Expr], letter: Expr) -> Option<i64> {
        let mut least: Option<i64> = None;
        for expr in self.arena.holding(atoms, letter) {
            for form in self.index_forms(expr) {
                if form.parts.len() == 1
                    && form.parts.get(&letter).is_some_and(|scale| scale.is_one())
                    && let Some((_, _, constant)) = form.as_difference()
                {
                    least = Some(least.map_or(constant, |old| old.min(constant)));
                }
            }
        }
        least
    }

    /// The linear forms that stand as indices or bounds directly in a node.
    pub(super) fn index_forms(&self, expr: Expr) -> Vec<Linear> {
        let exprs: Vec<Expr> = match self.arena.node(expr) {
            Node::Symbol { indices, .. } => indices.to_vec(),
            Node::Entry { at, .. } => at.to_vec(),
            Node::Call { function: Function::Elementary(Elementary::Delta), args, .. } => args.to_vec(),
            Node::Call { function, slots, .. } => {
                let mut all: Vec<Expr> = slots.iter().flat_map(|slot| slot.entry.iter().copied()).collect();
                if let Function::Declared { indices, .. } = function {
                    all.extend(indices.iter().copied());
                }
                all
            }
            Node::Big { lower, upper, .. } => vec![*lower, *upper],
            Node::MatrixPower(_, exponent) => vec![*exponent],
            _ => Vec::new(),
        };
        exprs.into_iter().filter_map(|expr| Linear::read(self.arena, expr)).collect()
    }
}
