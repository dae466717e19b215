//! Like terms: bound letters get canonical names, domains are cut into cells, cells with coefficient 0 vanish.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Big, Branch, Comparison, Elementary, Expr, Function, Node, Substitution};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::{Factors, Form, Normalizer, Refusal, Term};
use crate::rewrite::linear::Linear;

/// More letters than this in one term are named in the order found, not in the best of all orders.
const MAX_PERMUTED: usize = 5;

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
                if let Some(expanded) = self.expanded(&term)? {
                    queue.extend(expanded);
                    if queue.len() > self.max_terms {
                        return Err(Refusal::TooLarge);
                    }
                    continue;
                }
                let Some(term) = self.settled(term) else { continue };
                let term = self.named(&term, &taken);
                groups.entry((term.letters.len(), term.factors)).or_default().push((term.coefficient, term.domain));
            }
            terms = Vec::new();
            let mut again = false;
            for ((n, factors), cells) in groups {
                let letters = self.canonical_letters(n, &taken);
                let many = cells.len() > 1;
                for (coefficient, domain) in cells_of(cells) {
                    let term = Term { coefficient, letters: letters.clone(), domain, factors: factors.clone() };
                    again |= many && self.has_news(&term);
                    terms.push(term);
                }
            }
            if !again {
                break;
            }
        }
        Ok(Form { terms })
    }

    /// Whether a cell pins a letter that still stands in its factors.
    fn has_news(&mut self, term: &Term) -> bool {
        let letters: Vec<Expr> = term.domain.letters().into_iter().collect();
        letters.iter().any(|&letter| {
            let bound = term.letters.contains(&letter);
            term.domain.value_of(letter).is_some_and(|value| {
                bound
                    || Linear::letter(letter) != value && self.stands_in(term, letter) && self.replaces(letter, &value)
            })
        })
    }

    /// Whether a letter stands in a factor, or in a size that another letter runs to.
    fn stands_in(&self, term: &Term, letter: Expr) -> bool {
        let in_factors = term
            .factors
            .iter()
            .any(|(&atom, exponent)| exponent.parts.contains_key(&letter) || self.arena.contains(atom, letter));
        in_factors || self.stands_in_size(term, letter)
    }

    fn stands_in_size(&self, term: &Term, letter: Expr) -> bool {
        term.domain.letters().into_iter().any(|size| size != letter && self.arena.contains(size, letter))
    }

    /// A free letter is replaced by a number, or by an older letter.
    fn replaces(&self, letter: Expr, value: &Linear) -> bool {
        value.parts.keys().all(|&other| other < letter)
    }

    /// The names that the letters of a term get: the first `n` canonical ones that are not taken.
    fn canonical_letters(&mut self, n: usize, taken: &BTreeSet<Expr>) -> Vec<Expr> {
        (0..)
            .map(|i| self.bound_letter(&format!("\u{a7}c{i}")))
            .filter(|letter| !taken.contains(letter))
            .take(n)
            .collect()
    }

    /// Canonical letters of sums further out, which stand free in these terms and may not be bound here.
    fn free_canonical_letters(&mut self, terms: &[Term]) -> BTreeSet<Expr> {
        let mut free = BTreeSet::new();
        for term in terms {
            let mut roots: Vec<Expr> = term.factors.keys().copied().collect();
            roots.extend(term.factors.values().flat_map(|exponent| exponent.parts.keys().copied()));
            roots.extend(term.domain.letters());
            free.extend(self.arena.reachable(&roots).into_iter().filter(|part| {
                !term.letters.contains(part)
                    && matches!(self.arena.node(*part), Node::Symbol { symbol, .. }
                        if self.arena.name(*symbol).starts_with("\u{a7}c"))
            }));
        }
        free
    }

    /// A sum that stands as a factor with a whole power, multiplied out.
    fn expanded(&mut self, term: &Term) -> Result<Option<Vec<Term>>, Refusal> {
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
    fn settled(&mut self, term: Term) -> Option<Term> {
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
    fn without_pinned(&mut self, term: &Term) -> Option<Term> {
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

    /// A domain whose sizes follow a letter to its value.
    fn following(&mut self, domain: &Domain, letter: Expr, value: &Linear) -> Domain {
        let value = value.expr(self.arena);
        self.sizes_substituted(domain, &Substitution::from([(letter, value)]))
    }

    /// The factors with a letter replaced; the domain of the result holds only what the factors themselves then say.
    fn substituted(&mut self, term: &Term, letter: Expr, value: &Linear) -> Term {
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

    /// Products that are empty, of one factor, or next to one of their own factors or to another part of themselves.
    fn products_settled(&mut self, term: &Term) -> Option<Term> {
        let products: Vec<Expr> = term
            .factors
            .keys()
            .copied()
            .filter(|&atom| matches!(self.arena.node(atom), Node::Big { op: Big::Product, .. }))
            .collect();
        for &product in &products {
            let Node::Big { lower, upper, .. } = *self.arena.node(product) else { continue };
            let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
            let exponent = term.factors[&product].clone();
            let length = high.minus(&low).plus(&Linear::integer(1), &Rational::from(1));
            if term.domain.implies_at_most_zero(&length) {
                let mut next = term.clone();
                next.factors.remove(&product);
                return Some(next);
            }
            if term.domain.implies_zero(&length.minus(&Linear::integer(1))) {
                let mut next = term.clone();
                next.factors.remove(&product);
                let single = self.arena.instantiate(product, lower)?;
                let single = self.tidy(single);
                next.times(single, &exponent);
                return Some(self.flattened(next));
            }
            if let Some(next) = self.extended(term, product, (&low, &high), &exponent) {
                return Some(next);
            }
            for &other in &products {
                if let Some(next) = self.joined(term, product, other) {
                    return Some(next);
                }
            }
        }
        None
    }

    /// Factors that are powers or products themselves, opened.
    fn flattened(&mut self, term: Term) -> Term {
        let mut next = term.clone();
        for (atom, exponent) in term.factors {
            if let Node::Power(base, inner) = *self.arena.node(atom)
                && let Some(inner) = Linear::read(self.arena, inner)
                && let Some(n) = exponent.as_integer()
            {
                next.factors.remove(&atom);
                next.times(base, &Linear::default().plus(&inner, &Rational::from(n)));
            }
        }
        next
    }

    /// `a_{hi+1} Π_{lo}^{hi} a_k = Π_{lo}^{hi+1} a_k`, and the same below.
    fn extended(
        &mut self,
        term: &Term,
        product: Expr,
        (low, high): (&Linear, &Linear),
        exponent: &Linear,
    ) -> Option<Term> {
        let one = Linear::integer(1);
        let minus = Rational::from(-1);
        let plus = Rational::from(1);
        // Sound only where the range is not shorter than empty.
        let length = high.minus(low).plus(&one, &plus);
        if !term.domain.implies_at_most_zero(&Linear::default().minus(&length)) {
            return None;
        }
        let ends = [
            (high.plus(&one, &plus), low.clone(), high.plus(&one, &plus)),
            (low.plus(&one, &minus), low.plus(&one, &minus), high.clone()),
        ];
        for (at, new_low, new_high) in ends {
            let at = at.expr(self.arena);
            let single = self.arena.instantiate(product, at)?;
            let single = self.tidy(single);
            if let Some(have) = term.factors.get(&single)
                && self.arena.as_number(single).is_none()
            {
                let (have, want) = (have.as_integer()?, exponent.as_integer()?);
                if want > 0 && have >= want || want < 0 && have <= want {
                    let mut next = term.clone();
                    next.times(single, &Linear::integer(-want));
                    next.factors.remove(&product);
                    let (low, high) = (new_low.expr(self.arena), new_high.expr(self.arena));
                    let wider = self.with_range(product, low, high)?;
                    next.times(wider, exponent);
                    return Some(next);
                }
            }
        }
        None
    }

    fn with_range(&mut self, product: Expr, low: Expr, high: Expr) -> Option<Expr> {
        let Node::Big { op, .. } = *self.arena.node(product) else { return None };
        let (letter, body) = self.arena.open(product, 95)?;
        Some(self.arena.big(op, letter, low, high, body))
    }

    /// `Π_{lo}^{m} a_k Π_{m+1}^{hi} a_k = Π_{lo}^{hi} a_k`; of unequal exponents the common part is joined.
    fn joined(&mut self, term: &Term, first: Expr, second: Expr) -> Option<Term> {
        if first == second {
            return None;
        }
        let (
            Node::Big { body: a, upper: first_high, lower: first_low, .. },
            Node::Big { body: b, lower: second_low, upper: second_high, .. },
        ) = (self.arena.node(first).clone(), self.arena.node(second).clone())
        else {
            return None;
        };
        if a != b {
            return None;
        }
        let read = |arena: &Arena, expr| Linear::read(arena, expr);
        let (low, middle) = (read(self.arena, first_low)?, read(self.arena, first_high)?);
        let (after, high) = (read(self.arena, second_low)?, read(self.arena, second_high)?);
        let gap = after.minus(&middle).minus(&Linear::integer(1));
        if !term.domain.implies_zero(&gap) {
            return self.cancelled(term, (first, &low, &middle), (second, &after, &high));
        }
        let (p, q) = (term.factors[&first].as_integer()?, term.factors[&second].as_integer()?);
        if p.signum() != q.signum() {
            return None;
        }
        let not_short = |low: &Linear, high: &Linear| {
            let shortfall = low.minus(high).minus(&Linear::integer(1));
            term.domain.implies_at_most_zero(&shortfall)
        };
        if !not_short(&low, &middle) || !not_short(&after, &high) {
            return None;
        }
        let common = if p > 0 { p.min(q) } else { p.max(q) };
        let mut next = term.clone();
        next.times(first, &Linear::integer(-common));
        next.times(second, &Linear::integer(-common));
        let whole = self.with_range(first, first_low, second_high)?;
        next.times(whole, &Linear::integer(common));
        Some(next)
    }

    /// `Π_{lo}^{hi} a_k / Π_{lo}^{m} a_k = Π_{m+1}^{hi} a_k`, with the divisor as a condition.
    fn cancelled(
        &mut self,
        term: &Term,
        above: (Expr, &Linear, &Linear),
        below: (Expr, &Linear, &Linear),
    ) -> Option<Term> {
        let (p, q) = (term.factors[&above.0].as_integer()?, term.factors[&below.0].as_integer()?);
        if p <= 0 || q >= 0 {
            return None;
        }
        let inside = |shortfall: &Linear| term.domain.implies_at_most_zero(shortfall);
        let one = Linear::integer(1);
        let same_low = term.domain.implies_zero(&above.1.minus(below.1));
        let fits = inside(&below.2.minus(above.2)) && inside(&below.1.minus(below.2).minus(&one));
        if !same_low || !fits {
            return None;
        }
        self.conditions.push(below.0);
        let common = p.min(-q);
        let mut next = term.clone();
        next.times(above.0, &Linear::integer(-common));
        next.times(below.0, &Linear::integer(common));
        let low = below.2.plus(&one, &Rational::from(1)).expr(self.arena);
        let high = above.2.expr(self.arena);
        let rest = self.with_range(above.0, low, high)?;
        next.times(rest, &Linear::integer(common));
        Some(next)
    }

    /// A part of the term that is, summed over one letter, a divisor of the term or a sum of known value:
    /// `Σ_k e^{z_k} / Σ_k e^{z_k} = 1`, `Σ_i y_i = 1`.
    fn sums_recognised(&mut self, term: &Term) -> Option<Term> {
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
    fn known_value(&mut self, sum: Expr) -> Option<Rational> {
        for known in self.known_sums.clone() {
            if known.letters.is_empty() {
                if known.sum == sum {
                    return Some(known.value);
                }
                continue;
            }
            let indices: Vec<Expr> = self
                .arena
                .reachable(&[sum])
                .into_iter()
                .filter_map(|part| match self.arena.node(part) {
                    Node::Symbol { indices, .. } if indices.len() == known.letters.len() => Some(indices.to_vec()),
                    _ => None,
                })
                .next()?;
            let map: Substitution = known.letters.iter().copied().zip(indices).collect();
            if self.arena.substitute(known.sum, &map) == sum {
                return Some(known.value);
            }
        }
        None
    }

    /// `Σ_j (A^m)_{ij} (A^n)_{jk} = (A^{m+n})_{ik}` for m, n ≥ 0, and `A^0 = I`.
    fn powers_joined(&mut self, term: &Term) -> Option<Term> {
        let powers: Vec<(Expr, Expr, Linear, Vec<Expr>)> = term
            .factors
            .iter()
            .filter(|(_, exponent)| exponent.as_integer() == Some(1))
            .filter_map(|(&atom, _)| self.matrix_power_entry(atom))
            .collect();
        for (atom, _, exponent, at) in &powers {
            if term.domain.implies_zero(exponent) {
                let (i, j) = (Linear::read(self.arena, at[0])?, Linear::read(self.arena, at[1])?);
                let mut next = term.clone();
                next.factors.remove(atom);
                next.domain.require_zero(&i.minus(&j))?;
                return Some(next);
            }
        }
        for (left, base, m, left_at) in &powers {
            for (right, other, n, right_at) in &powers {
                let joint = left_at[1];
                if left == right || base != other || joint != right_at[0] || !term.letters.contains(&joint) {
                    continue;
                }
                let inverse = |a: &Linear, b: &Linear| a.as_integer() == Some(-1) && b.as_integer() == Some(1);
                let nonnegative = |form: &Linear| term.domain.implies_at_most_zero(&Linear::default().minus(form));
                let known = nonnegative(m) && nonnegative(n) || inverse(m, n) || inverse(n, m);
                let elsewhere = term.factors.iter().any(|(&atom, exponent)| {
                    atom != *left
                        && atom != *right
                        && (exponent.parts.contains_key(&joint) || self.arena.contains(atom, joint))
                });
                if !known
                    || elsewhere
                    || left_at[0] == joint
                    || right_at[1] == joint
                    || !self.is_full_range(term, joint, *base)
                {
                    continue;
                }
                let total = m.plus(n, &Rational::from(1)).expr(self.arena);
                let power = self.arena.matrix_power(*base, total);
                let entry = self.arena.entry(power, vec![left_at[0], right_at[1]]);
                let mut next = term.clone();
                next.factors.remove(left);
                next.factors.remove(right);
                next.letters.retain(|&letter| letter != joint);
                next.domain = term.domain.project(joint);
                match self.arena.node(entry) {
                    Node::Entry { .. } => next.times(entry, &Linear::integer(1)),
                    _ => {
                        let (i, j) = (Linear::read(self.arena, left_at[0])?, Linear::read(self.arena, right_at[1])?);
                        next.domain.require_zero(&i.minus(&j))?;
                    }
                }
                if inverse(m, n) || inverse(n, m) {
                    let determinant = self.arena.tensor(crate::expr::Tensor::Determinant, vec![*base]);
                    self.conditions.push(determinant);
                }
                return Some(next);
            }
        }
        None
    }

    /// An entry of a square matrix or of its power: the atom, the base, the exponent, the indices.
    fn matrix_power_entry(&self, atom: Expr) -> Option<(Expr, Expr, Linear, Vec<Expr>)> {
        let Node::Entry { of, at } = self.arena.node(atom) else { return None };
        let (base, exponent) = match self.arena.node(*of) {
            Node::MatrixPower(base, exponent) => (*base, Linear::read(self.arena, *exponent)?),
            _ => (*of, Linear::integer(1)),
        };
        match self.arena.shape(base) {
            crate::expr::Shape::Matrix(m, n) if m == n => Some((atom, base, exponent, at.to_vec())),
            _ => None,
        }
    }

    /// Whether a letter runs over exactly the rows of a square matrix.
    fn is_full_range(&self, term: &Term, letter: Expr, base: Expr) -> bool {
        let crate::expr::Shape::Matrix(size, _) = self.arena.shape(base) else { return false };
        let Some(size) = Linear::read(self.arena, size) else { return false };
        let (lower, upper) = term.domain.range_of(letter);
        matches!((&lower[..], &upper[..]), ([low], [high]) if *low == Linear::integer(1) && *high == size)
    }

    /// A letter that stands in no factor is counted. The outer `None`: the term is 0.
    #[expect(clippy::option_option, reason = "zero, unchanged, changed")]
    fn zero_or_counted(&mut self, term: &Term) -> Option<Option<Term>> {
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

    /// The term with its bound letters named in the order, and shifted to the place, that make it least.
    fn named(&mut self, term: &Term, taken: &BTreeSet<Expr>) -> Term {
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
            let better = best
                .as_ref()
                .is_none_or(|best| (&candidate.factors, &candidate.domain) < (&best.factors, &best.domain));
            if better {
                best = Some(candidate);
            }
        }
        best.unwrap_or(term)
    }

    /// The orders of the letters that are worth trying: sorted by how each letter is used, and permuted only where
    /// two are used alike.
    fn orders(&mut self, term: &Term) -> Vec<Vec<usize>> {
        let (own, other) = (self.bound_letter("\u{a7}own"), self.bound_letter("\u{a7}other"));
        let mut uses: Vec<(Vec<(Expr, Linear)>, usize)> = Vec::new();
        for (i, &letter) in term.letters.iter().enumerate() {
            let map: Substitution =
                term.letters.iter().map(|&each| (each, if each == letter { own } else { other })).collect();
            let holding: Factors = term
                .factors
                .iter()
                .filter(|(atom, exponent)| exponent.parts.contains_key(&letter) || self.arena.contains(**atom, letter))
                .map(|(&atom, exponent)| (atom, exponent.clone()))
                .collect();
            let use_of = self.substituted_factors(&holding, &map).into_iter().collect();
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

    /// A letter that stands only as `c - k` in indices is turned around.
    fn reflected(&mut self, term: &Term) -> Term {
        let mut term = term.clone();
        for letter in term.letters.clone() {
            let atoms: Vec<Expr> = term.factors.keys().copied().collect();
            let mut forms = Vec::new();
            for expr in self.arena.reachable(&atoms) {
                forms.extend(self.index_forms(expr).into_iter().filter(|form| form.parts.contains_key(&letter)));
            }
            let minus = Rational::from(-1);
            let Some(form) = forms.first() else { continue };
            if !forms.iter().all(|form| form.parts.get(&letter) == Some(&minus)) {
                continue;
            }
            // letter = (form without it) - new letter, and the new letter takes the old name.
            let rest = form.substitute(letter, &Linear::default());
            let value = rest.minus(&Linear::letter(letter));
            let fresh = self.letter_apart("f", &[&term]);
            let value_fresh = rest.minus(&Linear::letter(fresh));
            let Some(domain) = term.domain.substitute_form(letter, &value_fresh, &term.domain) else { continue };
            let domain = self.following(&domain, letter, &value_fresh);
            let mut next = self.substituted(&term, letter, &value_fresh);
            let _ = value;
            next.domain = next.domain.meet(&domain);
            next.letters.iter_mut().filter(|other| **other == letter).for_each(|other| *other = fresh);
            term = self.renamed(&next, &[(fresh, letter)]);
        }
        term
    }

    /// The form written out as an expression; `None` where a range cannot be written as bounds.
    pub(crate) fn expression(&mut self, form: &Form) -> Option<Expr> {
        self.expression_within(form, &Domain::all())
    }

    /// [`Normalizer::expression`] where `known` holds: what it implies is not written as a guard.
    pub(crate) fn expression_within(&mut self, form: &Form, known: &Domain) -> Option<Expr> {
        let mut terms = form.terms.clone();
        terms.sort();
        let mut parts = Vec::new();
        for term in &terms {
            parts.push(self.term_expression(term, known)?);
        }
        Some(self.arena.sum(parts))
    }

    fn term_expression(&mut self, term: &Term, known: &Domain) -> Option<Expr> {
        let mut factors = vec![self.arena.number(term.coefficient.clone())];
        for (&atom, exponent) in &term.factors {
            let exponent = exponent.expr(self.arena);
            factors.push(self.arena.power(atom, exponent));
        }
        let mut body = self.arena.product(factors);
        let mut domain = term.domain.clone();
        for &letter in term.letters.iter().rev() {
            let (lower, upper) = domain.range_of(letter);
            let ([low], [high]) = (&lower[..], &upper[..]) else { return None };
            let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
            let (low, high) = (low.expr(self.arena), high.expr(self.arena));
            body = self.arena.big(Big::Sum, symbol, low, high, body);
            domain = self.rest_after(&domain, letter);
        }
        self.guarded(body, &domain, known)
    }

    /// The bounds of the other letters, without those that only say that the sum over `letter` is not empty.
    fn rest_after(&self, domain: &Domain, letter: Expr) -> Domain {
        let (lower, upper) = domain.range_of(letter);
        let mut kept = Domain::all();
        for other in domain.project(letter).constraints() {
            let implied_by_range = lower.iter().any(|low| {
                upper.iter().any(|high| {
                    let gap = low.minus(high);
                    other == gap
                })
            });
            if !implied_by_range {
                let _ = kept.require_at_most_zero(&other);
            }
        }
        kept
    }

    fn guarded(&mut self, body: Expr, domain: &Domain, known: &Domain) -> Option<Expr> {
        let mut value = body;
        for form in domain.constraints() {
            if known.implies_at_most_zero(&form) {
                continue;
            }
            let left = form.expr(self.arena);
            let zero = self.arena.zero();
            value = self.arena.cases(vec![
                Branch { condition: Some((Comparison::LessEqual, left, zero)), value },
                Branch { condition: None, value: zero },
            ]);
        }
        Some(value)
    }

    /// Whether an atom is a call of this elementary function.
    pub fn is_call_of(&self, atom: Expr, function: Elementary) -> bool {
        matches!(self.arena.node(atom), Node::Call { function: Function::Elementary(f), slots, .. } if *f == function && slots.is_empty())
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
        disjoint = next;
    }
    disjoint
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
