//! Equations for all entries of a vector or a matrix as equations between these.

use crate::expr::{Arena, Equation, Expr, Node, Shape};

impl Equation {
    /// `S_{ij} = S_{ji}` for all i and j as `S = S^⊤`; the equation itself where it says less or is not of this kind.
    pub fn whole(&self, arena: &mut Arena) -> Equation {
        let between_whole = |lift: Option<Lift<'_>>| {
            let mut lift = lift?;
            let (left, right) = (lift.lifted(self.left)?, lift.lifted(self.right)?);
            Some(Equation { letters: Vec::new(), range: Vec::new(), left, right })
        };
        let lift = Lift::of(arena, self);
        between_whole(lift).unwrap_or_else(|| self.clone())
    }
}

/// From numbers, for all values of some indices, to the vector or matrix of them.
struct Lift<'a> {
    arena: &'a mut Arena,
    at: Vec<Expr>,
    shape: Shape,
}

impl<'a> Lift<'a> {
    /// The first entry in an equation, where its indices are all letters of the equation.
    fn of(arena: &'a mut Arena, equation: &Equation) -> Option<Lift<'a>> {
        let letters: Vec<Expr> = equation.letters.iter().map(|&letter| arena.symbol(letter)).collect();
        let parts = arena.reachable(&[equation.left, equation.right]);
        let (shape, at) = parts.iter().find_map(|&part| match arena.node(part) {
            Node::Entry { of, at } => Some((arena.shape(*of), at.to_vec())),
            _ => None,
        })?;
        let is_all = at.len() == letters.len() && letters.iter().all(|letter| at.contains(letter));
        (is_all && equation.range.is_empty()).then_some(Lift { arena, at, shape })
    }

    fn lifted(&mut self, expr: Expr) -> Option<Expr> {
        if !self.holds_letter(expr) {
            return Some(self.arena.fill(expr, self.shape));
        }
        match self.arena.node(expr).clone() {
            Node::Entry { of, .. } if self.holds_letter(of) => None,
            Node::Entry { of, at } if at[..] == self.at => Some(of),
            Node::Entry { of, at } if at.iter().rev().eq(&self.at) => Some(self.arena.transpose(of)),
            Node::Sum(parts) => {
                let parts: Option<Vec<Expr>> = parts.iter().map(|&part| self.lifted(part)).collect();
                Some(self.arena.sum(parts?))
            }
            Node::Product(parts) => {
                let (held, free): (Vec<Expr>, Vec<Expr>) = parts.iter().partition(|&&part| self.holds_letter(part));
                let [held] = held[..] else { return None };
                let held = self.lifted(held)?;
                Some(self.arena.product([free, vec![held]].concat()))
            }
            _ => None,
        }
    }

    fn holds_letter(&self, expr: Expr) -> bool {
        self.at.iter().any(|&letter| self.arena.contains(expr, letter))
    }
}
