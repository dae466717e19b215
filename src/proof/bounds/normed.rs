//! What is known of norms that stand as letters: signs, the order of different norms, triangles, products.
//!
//! Sources: Horn & Johnson (2013), 5.1 (triangles), 5.6 (products, the spectral radius), 5.6.P23 (spectral and Frobenius).

use crate::expr::{Comparison, Expr, Node, Shape, Tensor};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::norms::{Apart, Norms};
use crate::proof::check::{Evidence, Reason, Relation};

impl Prover<'_> {
    /// Facts on norms, in terms of their letters.
    pub fn norm_facts(&mut self, norms: &mut Norms, known: &Known) -> Known {
        let mut ground = known.clone();
        for (how, left, right) in known.raw.clone() {
            if !self.arena.shape(left).is_scalar() || !(self.has_norms(left) || self.has_norms(right)) {
                continue;
            }
            let sides = [left, right].map(|side| self.with_letters(side, norms, known));
            if let Some((left, right)) = self.resolved(sides[0]).zip(self.resolved(sides[1])) {
                ground = ground.with_fact(self.arena, how, left, right);
            }
        }
        for (op, of, letter) in norms.atoms.clone() {
            for (low, high) in self.norm_of_parts(op, of, letter, norms, known) {
                if let Some((low, high)) = self.resolved(low).zip(self.resolved(high)) {
                    ground = ground.with_fact(self.arena, Comparison::LessEqual, low, high);
                }
            }
        }
        let zero = self.arena.zero();
        let atoms = norms.atoms.clone();
        for &atom in &atoms {
            ground = self.whether_it_vanishes(ground, atom, norms, known);
        }
        for &(op, of, letter) in &atoms {
            ground = ground.with_fact(self.arena, Comparison::LessEqual, zero, letter);
            for &(other, same, larger) in &atoms {
                if same != of {
                    continue;
                }
                let may = matches!(
                    (op, other),
                    (Tensor::SpectralRadius, Tensor::NormSpectral | Tensor::Norm)
                        | (Tensor::NormSpectral, Tensor::Norm)
                );
                if !may {
                    continue;
                }
                ground = ground.with_fact(self.arena, Comparison::LessEqual, letter, larger);
                match (op, other) {
                    (Tensor::NormSpectral, _) => {
                        self.law_of_norms("spectral and Frobenius norm", of, (letter, larger), norms);
                        ground = self.frobenius_by_spectral(ground, of, (letter, larger), norms);
                    }
                    (_, Tensor::Norm) => self.radius_by_frobenius(of, (letter, larger), norms),
                    _ => self.law_of_norms("radius and spectral norm", of, (letter, larger), norms),
                }
            }
        }
        ground
    }

    /// Vectors or matrices differ where the norm of their difference is positive.
    pub fn apart_by_norm(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let law = match self.arena.shape(left) {
            Shape::Vector(_) => "apart by a norm",
            Shape::Matrix(..) => "apart by a Frobenius norm",
            Shape::Scalar => return false,
        };
        let (zero, mark, difference) = (self.arena.zero(), self.evidence.len(), self.arena.subtract(left, right));
        let size = self.arena.tensor(Tensor::Norm, vec![difference]);
        let positive = Relation::new(Comparison::Less, zero, size);
        let found = self.statement(&positive.prop(), known);
        if found {
            let relation = Relation::new(Comparison::NotEqual, left, right);
            self.conclude(mark, relation.prop(), Reason::Law(law, vec![left, right]));
        }
        found
    }

    /// `‖a - b‖ > 0` where a and b differ, and `‖a - b‖ <= 0` where they do not.
    fn whether_it_vanishes(
        &mut self,
        ground: Known,
        (op, of, letter): (Tensor, Expr, Expr),
        norms: &mut Norms,
        known: &Known,
    ) -> Known {
        let (apart, same) = match (op, self.arena.shape(of)) {
            (Tensor::Norm, Shape::Vector(_)) => ("norm and difference", "norm and equality"),
            (Tensor::Norm, Shape::Matrix(..)) => ("Frobenius norm and difference", "Frobenius norm and equality"),
            (Tensor::NormSpectral, Shape::Matrix(..)) => ("spectral norm and difference", "spectral norm and equality"),
            _ => return ground,
        };
        let (zero, shape) = (self.arena.zero(), self.arena.shape(of));
        let relations = known.raw.clone().into_iter().filter(|&(_, left, _)| self.arena.shape(left) == shape);
        let relations: Vec<(Comparison, Expr, Expr)> = relations.collect();
        for (how, left, right) in relations.into_iter().flat_map(|(how, a, b)| [(how, a, b), (how, b, a)]) {
            let (law, low, high) = match how {
                Comparison::NotEqual => (apart, zero, letter),
                Comparison::Equal => (same, letter, zero),
                Comparison::Less | Comparison::LessEqual | Comparison::Approximately => continue,
            };
            if self.arena.subtract(left, right) != of {
                continue;
            }
            let how_far = if how == Comparison::Equal { Comparison::LessEqual } else { Comparison::Less };
            let [shown_low, shown_high] = [low, high].map(|side| norms.shown(self.arena, side));
            norms.lemmas.push(Evidence {
                conclusion: Relation::new(how_far, shown_low, shown_high).prop(),
                reason: Reason::Law(law, vec![left, right]),
                premises: vec![Evidence::leaf(Relation::new(how, left, right).prop(), Reason::Supposed)],
            });
            return ground.with_fact(self.arena, how_far, low, high);
        }
        ground
    }

    /// `‖A‖_F² <= m ‖A‖²` and `<= n ‖A‖²`: the rank is at most either size.
    fn frobenius_by_spectral(
        &mut self,
        ground: Known,
        of: Expr,
        (spectral, frobenius): (Expr, Expr),
        norms: &mut Norms,
    ) -> Known {
        let Shape::Matrix(m, n) = self.arena.shape(of) else { return ground };
        let two = self.arena.integer(2);
        let squares = [spectral, frobenius].map(|letter| self.arena.power(letter, two));
        let laws = [(m, "Frobenius norm and rows"), (n, "Frobenius norm and columns")];
        laws.into_iter().fold(ground, |ground, (size, law)| {
            let bound = self.arena.product([size, squares[0]]);
            self.law_of_norms(law, of, (squares[1], bound), norms);
            ground.with_fact(self.arena, Comparison::LessEqual, squares[1], bound)
        })
    }

    /// The norm of a sum against those of its terms, each side of the triangle; of a product against those of its
    /// factors.
    fn norm_of_parts(
        &mut self,
        op: Tensor,
        of: Expr,
        letter: Expr,
        norms: &mut Norms,
        known: &Known,
    ) -> Vec<(Expr, Expr)> {
        match self.arena.node(of).clone() {
            Node::Sum(parts) if op != Tensor::SpectralRadius => {
                let same = |part: &Expr| self.arena.shape(*part) == self.arena.shape(of);
                if !parts.iter().all(same) {
                    return Vec::new();
                }
                let mark = self.evidence.len();
                let sizes: Option<Vec<Expr>> =
                    parts.iter().map(|&part| self.norm(op, part, Apart::Exactly, norms, known)).collect();
                self.evidence.truncate(mark);
                let Some(sizes) = sizes else { return Vec::new() };
                let mut facts = vec![(letter, self.arena.sum(sizes.clone()))];
                let all: Vec<(Expr, Expr)> = parts.iter().copied().zip(sizes.iter().copied()).collect();
                self.triangle(op, (of, letter), &all, norms);
                for (place, &own) in sizes.iter().enumerate() {
                    let mut others = vec![(of, letter)];
                    for &(part, size) in all[..place].iter().chain(&all[place + 1..]) {
                        others.push((self.arena.negate(part), size));
                    }
                    facts.push((own, self.arena.sum(others.iter().map(|&(_, size)| size).collect::<Vec<_>>())));
                    self.triangle(op, (parts[place], own), &others, norms);
                }
                for part in parts.iter() {
                    if let Some(&(op, of, letter)) = norms.atoms.clone().iter().find(|(_, own, _)| own == part) {
                        facts.extend(self.norm_of_product(op, of, letter, norms, known));
                    }
                }
                facts
            }
            _ => self.norm_of_product(op, of, letter, norms, known).into_iter().collect(),
        }
    }

    fn norm_of_product(
        &mut self,
        op: Tensor,
        of: Expr,
        letter: Expr,
        norms: &mut Norms,
        known: &Known,
    ) -> Option<(Expr, Expr)> {
        let Node::MatMul(_) = self.arena.node(of) else { return None };
        let mark = self.evidence.len();
        let bound = self.norm(op, of, Apart::Spectral, norms, known)?;
        let lemma = self.evidence.split_off(mark);
        if bound == letter {
            return None;
        }
        norms.lemmas.extend(lemma);
        Some((letter, bound))
    }
}
