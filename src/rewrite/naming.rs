//! Canonical names: the bound letters of a term in the order, and at the place, that make it least.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::expr::{Expr, Node, Substitution};
use crate::number::Rational;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::term::{Factors, Term};

/// Which of two namings of a term comes first. Which letter comes before which counts for more than by how much: `i < j`
/// is named as `i ≤ j` is.
fn order_of_names(a: &Term, b: &Term) -> Ordering {
    let by_factors = a.factors.cmp(&b.factors);
    by_factors.then_with(|| a.domain.differences().cmp(b.domain.differences())).then_with(|| a.domain.cmp(&b.domain))
}

/// More letters than this in one term are named in the order found, not in the best of all orders.
const MAX_PERMUTED: usize = 5;

impl Normalizer<'_> {
    /// The names that the letters of a term get: the first `n` canonical ones that are not taken.
    pub(super) fn canonical_letters(&mut self, n: usize, taken: &BTreeSet<Expr>) -> Vec<Expr> {
        (0..).map(|n| self.canonical_letter(n)).filter(|letter| !taken.contains(letter)).take(n).collect()
    }

    /// Canonical letters of sums further out, which stand free in these terms and may not be bound here.
    pub(super) fn free_canonical_letters(&mut self, terms: &[Term]) -> BTreeSet<Expr> {
        let mut free = BTreeSet::new();
        self.learn_canonical_letters();
        for term in terms {
            let mut roots: Vec<Expr> = term.factors.keys().copied().collect();
            roots.extend(term.factors.values().flat_map(|exponent| exponent.parts.keys().copied()));
            roots.extend(term.domain.letters());
            let canonical = &self.canonical_letters;
            let holding = self.arena.holding_any(&roots, canonical);
            free.extend(holding.into_iter().filter(|part| canonical.contains(part) && !term.letters.contains(part)));
        }
        free
    }

    /// Gets to know the canonical letters that others have made: always the first ones.
    fn learn_canonical_letters(&mut self) {
        while let Some(symbol) = self.arena.find(&canonical_name(self.canonical_letters.len())) {
            let letter = self.arena.symbol(symbol);
            self.canonical_letters.push(letter);
        }
    }

    /// The canonical letter of this number.
    fn canonical_letter(&mut self, n: usize) -> Expr {
        while self.canonical_letters.len() <= n {
            let letter = self.bound_letter(&canonical_name(self.canonical_letters.len()));
            self.canonical_letters.push(letter);
        }
        self.canonical_letters[n]
    }

    /// The term with its bound letters named in the order, and shifted to the place, that make it least.
    pub(super) fn named(&mut self, term: &Term, taken: &BTreeSet<Expr>) -> Term {
        let mut term = self.reflected(term);
        for letter in term.letters.clone() {
            let mut atoms: Vec<Expr> = term.factors.keys().copied().collect();
            atoms.extend(term.domain.letters().into_iter().filter(|&size| size != letter));
            if let Some(shift) = self.least_offset(&atoms, letter)
                && shift != 0
            {
                let value = Linear::letter(letter).plus(&Linear::integer(-shift), &Rational::from(1));
                if let Some(domain) = term.domain.substitute(letter, &value) {
                    let domain = self.following(&domain, letter, &value);
                    term = self.substituted(&term, letter, &value);
                    term.domain = term.domain.meet(&domain);
                }
            }
        }
        let n = term.letters.len();
        if n == 0 {
            return term;
        }
        let targets = self.canonical_letters(n, taken);
        let orders = self.orders(&term);
        let mut best: Option<Term> = None;
        for order in orders {
            let names: Vec<(Expr, Expr)> =
                order.iter().zip(&targets).map(|(&i, &target)| (term.letters[i], target)).collect();
            let mut candidate = self.renamed(&term, &names);
            candidate.letters = targets.clone();
            if best.as_ref().is_none_or(|best| order_of_names(&candidate, best).is_lt()) {
                best = Some(candidate);
            }
        }
        best.unwrap_or(term)
    }

    /// The orders of the letters that are worth trying: sorted by how each letter is used, and permuted only where
    /// two are used alike.
    pub(super) fn orders(&mut self, term: &Term) -> Vec<Vec<usize>> {
        if term.letters.len() < 2 {
            return vec![(0..term.letters.len()).collect()];
        }
        let (own, other) = (self.bound_letter("\u{a7}own"), self.bound_letter("\u{a7}other"));
        let mut uses: Vec<(Vec<(Expr, Linear)>, usize)> = Vec::new();
        let mut map: Substitution = self.letters_further_out(term).into_iter().map(|letter| (letter, other)).collect();
        map.extend(term.letters.iter().map(|&letter| (letter, other)));
        for (i, &letter) in term.letters.iter().enumerate() {
            map.insert(letter, own);
            let holding: Factors = term
                .factors
                .iter()
                .filter(|(atom, exponent)| exponent.parts.contains_key(&letter) || self.arena.contains(**atom, letter))
                .map(|(&atom, exponent)| (atom, exponent.clone()))
                .collect();
            let use_of = self.substituted_factors(&holding, &map).into_iter().collect();
            map.insert(letter, other);
            uses.push((use_of, i));
        }
        uses.sort();
        let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
        let mut at = 0;
        while at < uses.len() {
            let alike: Vec<usize> =
                uses[at..].iter().take_while(|(use_of, _)| *use_of == uses[at].0).map(|(_, i)| *i).collect();
            at += alike.len();
            let ways = if alike.len() <= MAX_PERMUTED && orders.len() < 200 {
                permutations(alike.len())
            } else {
                vec![(0..alike.len()).collect()]
            };
            orders = orders
                .iter()
                .flat_map(|order| {
                    ways.iter().map(|way| order.iter().copied().chain(way.iter().map(|&i| alike[i])).collect())
                })
                .collect();
        }
        orders
    }

    /// The letters of sums further out that stand free in a term. They get other names later, which must not put these
    /// letters in another order.
    fn letters_further_out(&self, term: &Term) -> Vec<Expr> {
        let atoms: Vec<Expr> = term.factors.keys().copied().collect();
        let is_bound = |&part: &Expr| match self.arena.node(part) {
            Node::Symbol { symbol, .. } => self.arena.name(*symbol).starts_with('\u{a7}'),
            _ => false,
        };
        self.arena.reachable(&atoms).into_iter().filter(is_bound).collect()
    }

    /// A letter that stands only as `c - k` in indices is turned around.
    pub(super) fn reflected(&mut self, term: &Term) -> Term {
        let mut term = term.clone();
        for letter in term.letters.clone() {
            let atoms: Vec<Expr> = term.factors.keys().copied().collect();
            let mut forms = Vec::new();
            for expr in self.arena.holding(&atoms, letter) {
                forms.extend(self.index_forms(expr).into_iter().filter(|form| form.parts.contains_key(&letter)));
            }
            let minus = Rational::from(-1);
            let Some(form) = forms.first() else { continue };
            if !forms.iter().all(|form| form.parts.get(&letter) == Some(&minus)) {
                continue;
            }
            // letter = (form without it) - new letter, and the new letter takes the old name.
            let rest = form.substitute(letter, &Linear::default());
            let fresh = self.letter_apart("f", &[&term]);
            let value_fresh = rest.minus(&Linear::letter(fresh));
            let Some(domain) = term.domain.substitute_form(letter, &value_fresh, &term.domain) else { continue };
            let domain = self.following(&domain, letter, &value_fresh);
            let mut next = self.substituted(&term, letter, &value_fresh);
            next.domain = next.domain.meet(&domain);
            next.letters.iter_mut().filter(|other| **other == letter).for_each(|other| *other = fresh);
            term = self.renamed(&next, &[(fresh, letter)]);
        }
        term
    }
}

/// The name of a canonical letter, which no author can write.
fn canonical_name(n: usize) -> String {
    format!("\u{a7}c{n}")
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for i in 0..n {
        all = all
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, i);
                    longer
                })
            })
            .collect();
    }
    all
}
