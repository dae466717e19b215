//! Like terms: pinned letters are replaced, domains are cut into cells, cells with coefficient 0 vanish.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Big, Elementary, Expr, Function, Node, Substitution};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::law::{assignments, indices_in};
use crate::rewrite::linear::Linear;
use crate::rewrite::term::{Factors, Form, Refusal, Term};

impl Normalizer<'_> {
    /// Brings like terms together.
    pub(super) fn combine(&mut self, form: Form) -> Result<Form, Refusal> {
        let mut terms = form.terms;
        let taken = self.free_canonical_letters(&terms);
        for _ in 0..6 {
            let mut groups: BTreeMap<(usize, Factors), Vec<(Rational, Domain)>> = BTreeMap::new();
            let mut queue = terms;
            while let Some(term) = queue.pop() {
                self.budget =
                    self.budget.checked_sub(1 + term.letters.len() * term.letters.len()).ok_or(Refusal::TooLarge)?;
                if self.multiplied_out(&term, &mut queue)? {
                    continue;
                }
                let Some(term) = self.settled(term) else { continue };
                // An index that was given a value may have become a sum.
                if self.multiplied_out(&term, &mut queue)? {
                    continue;
                }
                let term = self.named(&term, &taken);
                if queue.is_empty() && groups.is_empty() {
                    return Ok(Form { terms: self.alone(term, &taken) });
                }
                groups.entry((term.letters.len(), term.factors)).or_default().push((term.coefficient, term.domain));
            }
            terms = Vec::new();
            let mut again = false;
            for ((n, factors), cells) in groups {
                let letters = self.canonical_letters(n, &taken);
                let many = cells.len() > 1;
                for (coefficient, domain) in self.without_holes(cells_of(cells), &letters, &factors) {
                    let mut term = Term { coefficient, letters: letters.clone(), domain, factors: factors.clone() };
                    if many {
                        // A cell of a term with like letters may be the mirror image of another.
                        let renamed = self.named(&term, &taken);
                        again |= renamed.domain != term.domain || self.has_news(&term);
                        term = renamed;
                    }
                    terms.push(term);
                }
            }
            if !again {
                break;
            }
        }
        Ok(Form { terms })
    }

    /// A term that is like no other: the one cell of its group.
    fn alone(&mut self, term: Term, taken: &BTreeSet<Expr>) -> Vec<Term> {
        if term.coefficient.is_zero() || term.domain.is_empty() {
            return Vec::new();
        }
        let letters = self.canonical_letters(term.letters.len(), taken);
        vec![Term { letters, ..term }]
    }

    /// Whether a term holds a sum as a factor; the terms that it becomes are added to the queue.
    fn multiplied_out(&mut self, term: &Term, queue: &mut Vec<Term>) -> Result<bool, Refusal> {
        let expanded = match self.without_squared_sine(term) {
            None => self.expanded(term)?,
            two => two,
        };
        let is_expanded = expanded.is_some();
        queue.extend(expanded.into_iter().flatten());
        if queue.len() > self.max_terms { Err(Refusal::TooLarge) } else { Ok(is_expanded) }
    }

    /// Whether a cell pins a letter that still stands in its factors.
    pub(super) fn has_news(&mut self, term: &Term) -> bool {
        let letters: Vec<Expr> = term.domain.letters().into_iter().collect();
        letters.iter().any(|&letter| {
            let bound = term.letters.contains(&letter);
            term.domain.value_of(letter).is_some_and(|value| {
                bound
                    || Linear::letter(letter) != value && self.stands_in(term, letter) && self.replaces(letter, &value)
            })
        })
    }

    /// A free letter is replaced by a number, or by an older letter.
    pub(super) fn replaces(&self, letter: Expr, value: &Linear) -> bool {
        value.parts.keys().all(|&other| other < letter)
    }

    /// `sin^2 x = 1 - cos^2 x`.
    fn without_squared_sine(&mut self, term: &Term) -> Option<Vec<Term>> {
        let mut squared = term.factors.iter().filter(|(_, exponent)| exponent.as_integer().is_some_and(|n| n >= 2));
        let (sine, arg) = squared.find_map(|(&atom, _)| Some((atom, self.arena.argument(Elementary::Sin, atom)?)))?;
        let mut rest = term.clone();
        rest.times(sine, &Linear::integer(-2));
        let cosine = self.arena.apply(Elementary::Cos, arg);
        let mut other = rest.clone();
        other.times(cosine, &Linear::integer(2));
        other.coefficient = -other.coefficient;
        Some(vec![rest, other])
    }

    /// A sum that stands as a factor with a whole power, multiplied out.
    pub(super) fn expanded(&mut self, term: &Term) -> Result<Option<Vec<Term>>, Refusal> {
        let found = term.factors.iter().find(|(atom, exponent)| {
            let sum = matches!(self.arena.node(**atom), Node::Sum(_));
            let big_sum = matches!(self.arena.node(**atom), Node::Big { op: Big::Sum, lower, upper, .. }
                if self.opened_range(*lower, *upper).is_some());
            (sum || big_sum) && exponent.as_integer().is_some_and(|n| (1..=12).contains(&n))
        });
        let Some((&atom, exponent)) = found else { return Ok(None) };
        let n = exponent.as_integer().unwrap_or(1);
        let mut rest = term.clone();
        rest.factors.remove(&atom);
        let base = match self.arena.node(atom).clone() {
            Node::Sum(parts) => {
                let mut terms = Vec::new();
                for &part in parts.iter() {
                    terms.extend(self.form(part, &Domain::all())?.terms);
                }
                Form { terms }
            }
            _ => {
                let form = self.form(atom, &Domain::all())?;
                if form.terms.iter().any(|term| term.factors.contains_key(&atom)) {
                    return Ok(None);
                }
                form
            }
        };
        let mut result = Form { terms: vec![rest] };
        for _ in 0..n {
            result = self.multiply(&result, &base)?;
        }
        Ok(Some(result.terms))
    }

    /// A term with its pinned letters replaced, its products joined and its idle letters counted; `None` for nothing.
    pub(super) fn settled(&mut self, term: Term) -> Option<Term> {
        let mut term = term;
        loop {
            if term.domain.is_empty() || term.coefficient.is_zero() {
                return None;
            }
            if let Some(next) = self.without_pinned(&term) {
                term = next;
                continue;
            }
            if let Some(next) = self.products_settled(&term) {
                term = next;
                continue;
            }
            if let Some(next) = self.powers_joined(&term) {
                term = next;
                continue;
            }
            if let Some(next) = self.roots_joined(&term) {
                term = next;
                continue;
            }
            if let Some(next) = self.sums_recognised(&term) {
                term = next;
                continue;
            }
            if let Some(next) = self.zero_or_counted(&term)? {
                term = next;
                continue;
            }
            self.fold_numbers(&mut term);
            return Some(term);
        }
    }

    /// The term with one letter replaced that its domain gives a value.
    pub(super) fn without_pinned(&mut self, term: &Term) -> Option<Term> {
        for &letter in &term.letters {
            if let Some(value) = term.domain.value_of(letter) {
                let mut next = self.substituted(term, letter, &value);
                let rest = self.following(&term.domain.project(letter), letter, &value);
                next.domain = next.domain.meet(&rest);
                next.letters.retain(|&other| other != letter);
                return Some(next);
            }
        }
        for letter in term.domain.letters() {
            if term.letters.contains(&letter) || !self.stands_in(term, letter) {
                continue;
            }
            if let Some(value) = term.domain.value_of(letter)
                && self.replaces(letter, &value)
            {
                let mut next = self.substituted(term, letter, &value);
                let rest = self.following(&term.domain, letter, &value);
                next.domain = next.domain.meet(&rest);
                return Some(next);
            }
        }
        None
    }

    /// `s^{1/2} (-s)^{-1} = -s^{-1/2}`: whole powers of a sum follow the sum under a root.
    fn roots_joined(&mut self, term: &Term) -> Option<Term> {
        let is_root = |atom: Expr, exponent: &Linear| {
            matches!(self.arena.node(atom), Node::Sum(_)) && exponent.is_constant() && exponent.as_integer().is_none()
        };
        let roots: Vec<Expr> =
            term.factors.iter().filter(|(atom, exponent)| is_root(**atom, exponent)).map(|(&atom, _)| atom).collect();
        for root in roots {
            let form = self.form(root, &Domain::all()).ok()?;
            let lead = self.leading(&form);
            let (_, base) = self.primitive(&form, &Linear::integer(1), &Domain::all())?;
            let whole = term.factors.get(&base).and_then(Linear::as_integer);
            if let (true, Some(n)) = (base != root, whole) {
                let mut next = term.clone();
                next.factors.remove(&base);
                next.times(root, &Linear::integer(n));
                next.coefficient *= crate::number::rational::pow(&lead, -n)?;
                return Some(next);
            }
        }
        None
    }

    /// A domain whose sizes follow a letter to its value.
    pub(super) fn following(&mut self, domain: &Domain, letter: Expr, value: &Linear) -> Domain {
        let value = value.expr(self.arena);
        self.sizes_substituted(domain, &Substitution::from([(letter, value)]))
    }

    /// The factors with a letter replaced; the domain of the result holds only what the factors themselves then say.
    pub(super) fn substituted(&mut self, term: &Term, letter: Expr, value: &Linear) -> Term {
        let value = value.expr(self.arena);
        let mut next = term.clone();
        next.domain = Domain::all();
        next.factors = self.substituted_factors(&term.factors, &Substitution::from([(letter, value)]));
        // A delta that appeared (an entry of a power that became the identity) is a condition.
        for atom in next.factors.keys().copied().collect::<Vec<_>>() {
            if let Node::Call { function: Function::Elementary(Elementary::Delta), args, .. } =
                self.arena.node(atom).clone()
                && let (Some(a), Some(b)) = (Linear::read(self.arena, args[0]), Linear::read(self.arena, args[1]))
                && next.domain.require_zero(&a.minus(&b)).is_some()
            {
                next.factors.remove(&atom);
            }
        }
        // Integers that became numbers move into the coefficient.
        let numbers: Vec<Expr> =
            next.factors.keys().copied().filter(|&atom| self.arena.as_number(atom).is_some()).collect();
        for atom in numbers {
            let exponent = next.factors.remove(&atom).unwrap_or_default();
            if self.arena.is_zero(atom) {
                let nonnegative = term.domain.implies_at_most_zero(&Linear::integer(1).minus(&exponent));
                if nonnegative {
                    next.coefficient = Rational::from(0);
                    return next;
                }
                next.factors.insert(atom, exponent);
                continue;
            }
            let number = self.arena.as_number(atom).cloned().unwrap_or_default();
            self.number_power(&mut next, &number, &exponent);
        }
        // Sizes and letters that stand as factors may have become sums.
        let sums: Vec<Expr> = next
            .factors
            .keys()
            .copied()
            .filter(|&atom| matches!(self.arena.node(atom), Node::Sum(_) | Node::Call { .. }))
            .collect();
        if !sums.is_empty() {
            for atom in sums {
                if let Ok(canonical) = self.canonical(atom)
                    && canonical != atom
                    && let Some(exponent) = next.factors.remove(&atom)
                {
                    match self.arena.as_number(canonical).cloned() {
                        Some(number) if !number.is_zero() => self.number_power(&mut next, &number, &exponent),
                        Some(_) if exponent.as_integer().is_some_and(|n| n > 0) => next.coefficient = Rational::from(0),
                        _ => next.times(canonical, &exponent),
                    }
                }
            }
        }
        next
    }

    /// A part of the term that is, summed over one letter, a divisor of the term or a sum of known value:
    /// `Σ_k e^{z_k} / Σ_k e^{z_k} = 1`, `Σ_i y_i = 1`.
    pub(super) fn sums_recognised(&mut self, term: &Term) -> Option<Term> {
        let has_divisor = term.factors.iter().any(|(&atom, exponent)| {
            matches!(self.arena.node(atom), Node::Big { op: Big::Sum, .. })
                && exponent.as_integer().is_some_and(|n| n < 0)
        });
        if !has_divisor && self.known_sums.is_empty() {
            return None;
        }
        for &letter in &term.letters {
            let (lower, upper) = term.domain.range_of(letter);
            let ([low], [high]) = (&lower[..], &upper[..]) else { continue };
            let mut inside = Factors::new();
            let mut rest = term.clone();
            for (&atom, exponent) in &term.factors {
                if exponent.parts.contains_key(&letter) || self.arena.contains(atom, letter) {
                    inside.insert(atom, exponent.clone());
                    rest.factors.remove(&atom);
                }
            }
            let others_inside = term
                .letters
                .iter()
                .any(|&other| other != letter && (low.parts.contains_key(&other) || high.parts.contains_key(&other)));
            if inside.is_empty() || others_inside || self.stands_in_size(term, letter) {
                continue;
            }
            let mut body = vec![self.arena.one()];
            for (&atom, exponent) in &inside {
                let exponent = exponent.expr(self.arena);
                body.push(self.arena.power(atom, exponent));
            }
            let body = self.arena.product(body);
            let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { continue };
            let (low, high) = (low.expr(self.arena), high.expr(self.arena));
            let sum = self.arena.big(Big::Sum, symbol, low, high, body);
            rest.letters.retain(|&other| other != letter);
            rest.domain = term.domain.project(letter);
            if rest.factors.get(&sum).is_some_and(|exponent| exponent.as_integer().is_some_and(|n| n < 0)) {
                rest.times(sum, &Linear::integer(1));
                self.conditions.push(sum);
                return Some(rest);
            }
            if let Some(value) = self.known_value(sum) {
                rest.coefficient *= value;
                return Some(rest);
            }
        }
        None
    }

    /// The value of a sum by an assumption, at the indices that stand in it.
    pub(super) fn known_value(&mut self, sum: Expr) -> Option<Rational> {
        if self.known_sums.is_empty() {
            return None;
        }
        let indices = indices_in(self.arena, &[sum]);
        for known in self.known_sums.clone() {
            let is_it = |map: &Substitution| self.arena.substitute(known.sum, map) == sum;
            if assignments(&known.letters, &indices).iter().any(is_it) {
                return Some(known.value);
            }
        }
        None
    }

    /// A letter that stands in no factor is counted. The outer `None`: the term is 0.
    #[expect(clippy::option_option, reason = "zero, unchanged, changed")]
    pub(super) fn zero_or_counted(&mut self, term: &Term) -> Option<Option<Term>> {
        for &letter in &term.letters {
            if self.stands_in(term, letter) {
                continue;
            }
            let (lower, upper) = term.domain.range_of(letter);
            if let ([low], [high]) = (&lower[..], &upper[..]) {
                let mut next = term.clone();
                next.domain = term.domain.project(letter);
                next.letters.retain(|&other| other != letter);
                let length = high.minus(low).plus(&Linear::integer(1), &Rational::from(1));
                let length = length.expr(self.arena);
                match self.arena.as_number(length).cloned() {
                    Some(number) => next.coefficient *= number,
                    None => next.times(length, &Linear::integer(1)),
                }
                return Some(Some(next));
            }
        }
        Some(None)
    }
}

/// Disjoint cells with the coefficients of all domains that cover them; cells with coefficient 0 are left out.
fn cells_of(cells: Vec<(Rational, Domain)>) -> Vec<(Rational, Domain)> {
    let mut disjoint: Vec<(Rational, Domain)> = Vec::new();
    for (coefficient, domain) in cells {
        let mut pieces = vec![domain];
        let mut next = Vec::new();
        for (old, place) in disjoint {
            if pieces.contains(&place) {
                pieces.retain(|piece| *piece != place);
                next.push((old + coefficient.clone(), place));
                continue;
            }
            let mut outside = vec![place.clone()];
            let mut rest = Vec::new();
            for piece in pieces {
                let both = piece.meet(&place);
                if both.is_empty() {
                    rest.push(piece);
                    continue;
                }
                rest.extend(piece.without(&place));
                outside = outside.into_iter().flat_map(|part| part.without(&piece)).collect();
                next.push((old.clone() + coefficient.clone(), both));
            }
            pieces = rest;
            next.extend(outside.into_iter().map(|part| (old.clone(), part)));
        }
        next.extend(pieces.into_iter().map(|piece| (coefficient.clone(), piece)));
        next.retain(|(coefficient, domain)| !coefficient.is_zero() && !domain.is_empty());
        disjoint = united(next);
    }
    disjoint
}

/// More cells than this are left as they are.
const MAX_UNITED: usize = 24;

/// Cells with one coefficient that are one domain together, as one cell.
fn united(cells: Vec<(Rational, Domain)>) -> Vec<(Rational, Domain)> {
    let mut cells = cells;
    if cells.len() > MAX_UNITED {
        return cells;
    }
    let mut at = 0;
    while at < cells.len() {
        let whole = (at + 1..cells.len()).find_map(|other| {
            let whole = (cells[at].0 == cells[other].0).then(|| cells[at].1.union(&cells[other].1))??;
            Some((other, whole))
        });
        match whole {
            Some((other, whole)) => {
                cells.remove(other);
                cells[at].1 = whole;
                at = 0;
            }
            None => at += 1,
        }
    }
    cells
}
