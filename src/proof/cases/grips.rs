//! Whether an index that is summed is a count.
//!
//! A sum over an index gives the number of its values where no unknown in a term holds it, as `Tr(I)` and `∑_i 1` do: the
//! coefficients are polynomials in the sizes then. In every other term some entry, or the value of a function at some entry,
//! stands for each value of the index apart. Terms may cancel, which leaves fewer of them; only a division takes an
//! unknown out of a term, and only one that something divides by.

use std::collections::BTreeSet;

use crate::expr::{Arena, Elementary, Expr, Function, Node, Shape, SymbolId, Tensor};
use crate::model::{FunctionBody, Model};
use crate::number::rational::to_i64;
use crate::proof::cases::graph::reached;
use crate::proof::cases::need::Need;
use crate::proof::cases::survey::Survey;

/// How the terms of an expression hold the indices of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grip {
    /// In every term each index stands at a given by which nothing divides: nothing cancels it.
    Held,
    /// In every term each index stands at an unknown.
    Every,
    /// Or is another index of the same entry, as on a diagonal.
    Tied,
    /// Not in every term.
    Some,
    /// Unknowns stand below a line, where they may be cancelled.
    Divided,
}

impl Grip {
    /// Of a sum of terms.
    fn worst(grips: impl IntoIterator<Item = Grip>) -> Grip {
        grips.into_iter().max().unwrap_or(Grip::Every)
    }

    /// Of a product of factors with the same indices: one of them is enough, if none divides.
    fn best(grips: impl IntoIterator<Item = Grip>) -> Grip {
        grips.into_iter().reduce(Grip::beside).unwrap_or(Grip::Some)
    }

    fn beside(self, other: Grip) -> Grip {
        match (self.min(other), self.max(other)) {
            (Grip::Held, _) => Grip::Held,
            (_, Grip::Divided) => Grip::Divided,
            (least, _) => least,
        }
    }

    /// In which degree the sizes may come in where an index is summed that is held so.
    pub fn counts(self) -> u64 {
        match self {
            Grip::Held | Grip::Every => 0,
            Grip::Tied | Grip::Some => 1,
            Grip::Divided => 2,
        }
    }
}

impl Need {
    /// In which degree the sizes may come in where neighbours are multiplied as matrices: not at all along words, which have
    /// two ends.
    pub fn counts_beside(self, other: Need) -> u64 {
        let are_words = self.words.is_plain && other.words.is_plain;
        match self.grip.beside(other.grip) {
            _ if are_words => 0,
            Grip::Held | Grip::Every | Grip::Tied => 0,
            grip @ (Grip::Some | Grip::Divided) => grip.counts(),
        }
    }

    /// In which degree they come in where a matrix is closed to a number.
    pub fn counts_closed(self) -> u64 {
        if self.words.is_plain { self.grip.counts().min(1) } else { self.grip.counts() }
    }

    /// Of a product of two matrices.
    pub fn followed_by(self, other: Need) -> Need {
        self.times(other).with_letters(1).with_counts(self.counts_beside(other))
    }
}

/// The symbols by which something may divide: all that is made of them stands below a line, in an elementary function or a
/// root, or in the place of a letter that does.
pub(super) fn divisors_in(arena: &Arena, model: &Model, sides: &[Expr]) -> BTreeSet<SymbolId> {
    let is_whole = |exponent: &Expr| arena.as_integer(*exponent).is_some_and(|exponent| exponent > 0);
    let is_unknown = |function: &Function| match function {
        Function::Elementary(function) => *function == Elementary::Delta,
        Function::Declared { symbol, .. } => !model.functions.contains_key(symbol),
    };
    let mut divide = Vec::new();
    for part in reached(arena, model, sides) {
        match arena.node(part) {
            Node::Power(base, exponent) | Node::MatrixPower(base, exponent) if !is_whole(exponent) => {
                divide.push(*base)
            }
            Node::Call { function, args, .. } if !is_unknown(function) => divide.extend(args),
            Node::Tensor { args, .. } => divide.extend(args),
            Node::At { value, .. } => divide.push(*value),
            _ => {}
        }
    }
    let symbols = reached(arena, model, &divide).into_iter().filter_map(|part| match arena.node(part) {
        Node::Symbol { symbol, .. } => Some(*symbol),
        _ => None,
    });
    symbols.collect()
}

impl Survey<'_> {
    /// How the entries of an expression over parts that are known hold their indices.
    pub fn grip(&self, expr: Expr) -> Grip {
        let arena = self.arena;
        if arena.shape(expr).is_scalar() {
            return Grip::Every;
        }
        let of = |part: &Expr| self.needs[part].grip;
        let is_tensor = |part: &&Expr| !arena.shape(**part).is_scalar();
        match arena.node(expr) {
            Node::Symbol { .. } | Node::Literal { .. } => Grip::Every,
            Node::Sum(parts) if !parts.iter().all(|part| is_tensor(&part)) => {
                Grip::worst(parts.iter().map(of)).max(Grip::Some)
            }
            Node::Sum(parts) => Grip::worst(parts.iter().map(of)),
            Node::Product(parts) => Grip::best(parts.iter().filter(is_tensor).map(of)),
            Node::MatMul(parts) => match Grip::worst([of(&parts[0]), of(&parts[parts.len() - 1])]) {
                // What is tied passes on how the next factor holds its index.
                Grip::Tied => Grip::worst(parts.iter().map(of)),
                Grip::Held => Grip::Held,
                ends @ (Grip::Every | Grip::Some | Grip::Divided) => ends.max(self.divided(parts)),
            },
            // It may be the identity.
            Node::MatrixPower(base, exponent)
                if self.n_counted(*exponent).is_some_and(|(per_step, _)| per_step > 0) =>
            {
                of(base).max(Grip::Tied)
            }
            Node::Power(base, exponent) | Node::MatrixPower(base, exponent) => match arena.as_number(*exponent) {
                Some(number) if to_i64(number).is_some_and(|number| number > 0) => of(base),
                Some(_) | None => Grip::Divided,
            },
            Node::Call { function, args, .. } => {
                let is_own = |sum, term| arena.shape(sum) == arena.shape(term);
                self.grip_of_call(function, args, &is_own)
            }
            Node::Big { body, .. } => of(body).max(Grip::Some),
            Node::Cases(branches) => Grip::worst(branches.iter().map(|branch| of(&branch.value))),
            Node::Transpose(inner) => of(inner),
            Node::Tensor { op: Tensor::Diagonal, args } => Grip::worst(args.iter().map(of)).beside(Grip::Tied),
            Node::Identity(_) => Grip::Tied,
            Node::Unit(..) | Node::Fill(..) | Node::Tensor { .. } => Grip::Some,
            Node::Number(_)
            | Node::Pi
            | Node::Infinity
            | Node::Bound(_)
            | Node::Entry { .. }
            | Node::Derivative { .. }
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => Grip::Divided,
        }
    }

    /// A derivative takes one unknown out of each term, and what holds its indices may be gone: not where all that is made
    /// of it are functions and products by given matrices, each with two indices.
    pub fn grip_of_derivative(&self, of: Expr) -> Grip {
        let is_given = |part: &Expr| {
            let is_matrix = matches!(self.arena.shape(*part), Shape::Matrix(..));
            is_matrix
                && matches!(self.arena.node(*part), Node::Symbol { symbol, .. } if !self.model.is_defined(*symbol))
        };
        let is_tied = |part: Expr| match self.arena.node(part) {
            Node::MatMul(parts) => parts.split_last().is_some_and(|(last, matrices)| {
                matches!(self.arena.shape(*last), Shape::Vector(_)) && matrices.iter().all(is_given)
            }),
            Node::Number(_) | Node::Symbol { .. } | Node::Bound(_) => true,
            Node::Sum(_) | Node::Product(_) | Node::Call { .. } => true,
            _ => false,
        };
        match reached(self.arena, self.model, &[of]).into_iter().all(is_tied) {
            _ if self.divides => Grip::Divided,
            true => Grip::Tied,
            false => Grip::Some,
        }
    }

    fn divided(&self, parts: &[Expr]) -> Grip {
        let is_divided = parts.iter().any(|part| self.needs[part].grip == Grip::Divided);
        if is_divided { Grip::Divided } else { Grip::Every }
    }

    /// The value of an arbitrary function is an unknown of its argument; exponentials are not cancelled by polynomials.
    ///
    /// A term of its argument has all indices where it is `whole`.
    fn grip_of_call(&self, function: &Function, args: &[Expr], whole: &dyn Fn(Expr, Expr) -> bool) -> Grip {
        let elementary = match function {
            Function::Elementary(elementary) => Some(*elementary),
            Function::Declared { symbol, .. } => match self.model.functions.get(symbol) {
                None if args.iter().any(|&arg| self.has_own_unknown(arg, whole)) => return Grip::Every,
                None => return Grip::Some,
                Some(FunctionBody::Elementary(elementary)) => Some(*elementary),
                Some(FunctionBody::Expression { .. }) => None,
            },
        };
        let is_log = |expr: &Expr| {
            let Node::Call { function, .. } = self.arena.node(*expr) else { return false };
            !matches!(function, Function::Declared { symbol, .. } if !self.model.functions.contains_key(symbol))
        };
        let holds_call = self.arena.reachable(args).iter().any(is_log);
        match elementary {
            Some(Elementary::Log) | None => Grip::Divided,
            Some(_) if holds_call => Grip::Divided,
            Some(_) => Grip::Some,
        }
    }

    /// Whether the entries of a tensor are different sums.
    pub fn has_different_entries(&self, tensor: Expr) -> bool {
        self.has_own_unknown(tensor, &|sum, term| self.arena.shape(sum) == self.arena.shape(term))
    }

    /// Whether some term of a sum is a product of givens of which one stands in no other term: it is not cancelled, so
    /// that different entries are different sums.
    fn has_own_unknown(&self, sum: Expr, whole: &dyn Fn(Expr, Expr) -> bool) -> bool {
        let terms = match self.arena.node(sum) {
            Node::Sum(parts) => parts.to_vec(),
            Node::Symbol { symbol, .. } if self.model.is_defined(*symbol) => {
                let mut bodies = self.model.definitions_of(*symbol).map(|definition| definition.body);
                let is_recurrence = self.below.get(symbol).is_some_and(|below| below.contains(symbol));
                return !is_recurrence && bodies.all(|body| self.has_own_unknown(body, whole));
            }
            _ => vec![sum],
        };
        let symbols: Vec<BTreeSet<SymbolId>> = terms.iter().map(|&term| self.symbols_below(term)).collect();
        (0..terms.len()).any(|at| {
            let is_elsewhere =
                |symbol: &SymbolId| (0..terms.len()).any(|other| other != at && symbols[other].contains(symbol));
            let is_whole = whole(sum, terms[at]);
            is_whole && self.is_product_of_givens(terms[at]) && symbols[at].iter().any(|symbol| !is_elsewhere(symbol))
        })
    }

    fn is_product_of_givens(&self, term: Expr) -> bool {
        self.arena.reachable(&[term]).into_iter().all(|part| match self.arena.node(part) {
            Node::Symbol { symbol, .. } => !self.model.is_defined(*symbol),
            Node::Number(_) | Node::Bound(_) | Node::Product(_) | Node::MatMul(_) => true,
            Node::Transpose(_) | Node::Entry { .. } => true,
            Node::Power(base, _) => self.is_number_of_sizes(*base),
            Node::Sum(parts) => parts.iter().all(|&part| self.is_letter(part) || self.arena.as_number(part).is_some()),
            _ => false,
        }) && !matches!(self.arena.node(term), Node::Number(_) | Node::Sum(_))
    }

    /// Whether an expression is made of numbers and sizes alone.
    pub fn is_number_of_sizes(&self, expr: Expr) -> bool {
        self.arena.reachable(&[expr]).into_iter().all(|part| match self.arena.node(part) {
            Node::Symbol { symbol, .. } => self.sizes.contains(symbol),
            Node::Number(_) | Node::Product(_) | Node::Sum(_) | Node::Power(..) => true,
            _ => false,
        })
    }

    fn symbols_below(&self, expr: Expr) -> BTreeSet<SymbolId> {
        let mut symbols = BTreeSet::new();
        for part in self.arena.reachable(&[expr]) {
            if let Node::Symbol { symbol, .. } = self.arena.node(part)
                && !self.is_letter(part)
            {
                symbols.insert(*symbol);
                symbols.extend(self.below.get(symbol).into_iter().flatten().copied());
            }
        }
        symbols
    }

    /// How the terms of a sum over entries hold its index.
    pub fn grip_of_index(&self, body: Expr, height: u32) -> Grip {
        let is_index = |expr: &Expr| matches!(self.arena.node(*expr), Node::Bound(own) if *own == height);
        if !self.arena.reachable(&[body]).iter().any(is_index) {
            return Grip::Some;
        }
        let each = |parts: &[Expr]| parts.iter().map(|&part| self.grip_of_index(part, height)).collect::<Vec<_>>();
        match self.arena.node(body) {
            Node::Entry { of, at } if at.iter().any(is_index) => {
                self.needs.get(of).map_or(Grip::Divided, |need| need.grip)
            }
            Node::Sum(parts) => Grip::worst(each(parts)),
            Node::Product(parts) | Node::MatMul(parts) => Grip::best(each(parts)),
            Node::Power(base, exponent) => match self.arena.as_number(*exponent) {
                Some(number) if to_i64(number).is_some_and(|number| number > 0) => self.grip_of_index(*base, height),
                Some(_) | None => Grip::Divided,
            },
            Node::Transpose(of) => self.grip_of_index(*of, height),
            Node::Big { body, .. } => self.grip_of_index(*body, height),
            Node::Call { function: Function::Elementary(Elementary::Delta), .. } | Node::Unit(..) => Grip::Some,
            Node::Derivative { .. } => self.needs.get(&body).map_or(Grip::Divided, |need| need.grip),
            Node::Call { function, args, .. } => {
                let has_index = |_, term| self.arena.reachable(&[term]).iter().any(is_index);
                self.grip_of_call(function, args, &has_index)
            }
            _ => Grip::Divided,
        }
    }
}
