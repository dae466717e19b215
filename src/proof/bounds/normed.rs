//! What is known of norms that stand as letters: signs, the order of different norms, triangles, products.
//!
//! Sources: Horn & Johnson (2013), 5.1 (triangles), 5.6 (products, the spectral radius), 5.6.P23 (spectral and Frobenius).

use crate::expr::{Comparison, Expr, Node, Shape, Tensor};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::norms::{Apart, Norms};

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
