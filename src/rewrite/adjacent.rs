//! Products next to each other: `a_{n+1} Π_{k≤n} a_k`, `Π_{k≤m} a_k Π_{k>m} a_k`, and powers of one matrix.

use crate::expr::{Arena, Big, Expr, Node};
use crate::number::Rational;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::term::Term;

impl Normalizer<'_> {
    /// Products that are empty, of one factor, or next to one of their own factors or to another part of themselves.
    pub(super) fn products_settled(&mut self, term: &Term) -> Option<Term> {
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
    pub(super) fn flattened(&mut self, term: Term) -> Term {
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
    pub(super) fn extended(
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

    pub(super) fn with_range(&mut self, product: Expr, low: Expr, high: Expr) -> Option<Expr> {
        let Node::Big { op, .. } = *self.arena.node(product) else { return None };
        let (letter, body) = self.arena.open(product, 95)?;
        Some(self.arena.big(op, letter, low, high, body))
    }

    /// `Π_{lo}^{m} a_k Π_{m+1}^{hi} a_k = Π_{lo}^{hi} a_k`; of unequal exponents the common part is joined.
    pub(super) fn joined(&mut self, term: &Term, first: Expr, second: Expr) -> Option<Term> {
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

    /// `Π_{a}^{d} a_k / Π_{b}^{c} a_k`: what the two ranges share is cancelled, with the divisor as a condition.
    pub(super) fn cancelled(
        &mut self,
        term: &Term,
        above: (Expr, &Linear, &Linear),
        below: (Expr, &Linear, &Linear),
    ) -> Option<Term> {
        let (p, q) = (term.factors[&above.0].as_integer()?, term.factors[&below.0].as_integer()?);
        if p <= 0 || q >= 0 {
            return None;
        }
        let one = Linear::integer(1);
        let at_most = |a: &Linear, b: &Linear| term.domain.implies_at_most_zero(&a.minus(b));
        let after = |a: &Linear| a.plus(&one, &Rational::from(1));
        // The ranges meet, and neither is shorter than empty.
        let meet = at_most(above.1, &after(below.2)) && at_most(below.1, &after(above.2));
        if !meet || !at_most(above.1, &after(above.2)) || !at_most(below.1, &after(below.2)) {
            return None;
        }
        let ends = [(above.1.clone(), below.1.clone()), (after(below.2), after(above.2))];
        let share_end = |(first, second): &(Linear, Linear)| term.domain.implies_zero(&first.minus(second));
        let overlap = at_most(above.1, below.2) && at_most(below.1, above.2);
        if !(overlap || ends.iter().any(share_end)) {
            return None;
        }
        let common = p.min(-q);
        let mut rests = Vec::new();
        for (first, second) in ends.iter().filter(|ends| !share_end(ends)) {
            if at_most(first, second) {
                rests.push((first.clone(), second.minus(&one), common));
            } else if at_most(second, first) {
                rests.push((second.clone(), first.minus(&one), -common));
            } else {
                return None;
            }
        }
        self.conditions.push(below.0);
        let mut next = term.clone();
        next.times(above.0, &Linear::integer(-common));
        next.times(below.0, &Linear::integer(common));
        for (low, high, exponent) in rests {
            let (low, high) = (low.expr(self.arena), high.expr(self.arena));
            let rest = self.with_range(above.0, low, high)?;
            next.times(rest, &Linear::integer(exponent));
        }
        Some(next)
    }

    /// `Σ_j (A^m)_{ij} (A^n)_{jk} = (A^{m+n})_{ik}` for m, n ≥ 0, and `A^0 = I`.
    pub(super) fn powers_joined(&mut self, term: &Term) -> Option<Term> {
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
    pub(super) fn matrix_power_entry(&self, atom: Expr) -> Option<(Expr, Expr, Linear, Vec<Expr>)> {
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
    pub(super) fn is_full_range(&self, term: &Term, letter: Expr, base: Expr) -> bool {
        let crate::expr::Shape::Matrix(size, _) = self.arena.shape(base) else { return false };
        let Some(size) = Linear::read(self.arena, size) else { return false };
        let (lower, upper) = term.domain.range_of(letter);
        matches!((&lower[..], &upper[..]), ([low], [high]) if *low == Linear::integer(1) && *high == size)
    }
}
