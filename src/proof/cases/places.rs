//! Where indices stand: at numbers, at letters that count steps, at letters that index entries.

use std::collections::BTreeSet;

use crate::expr::{Elementary, Expr, Function, Node, SymbolKind};
use crate::model::Model;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::indices::multiples;
use crate::proof::cases::survey::Survey;

/// Of what there is no theorem where letters stand together in an index.
pub(super) const LETTERS: &str = "an index that is not a letter plus a number";

/// Of what there is no theorem where a family is walked along two of its indices, unless it is given.
pub(super) const WALKED_TWICE: &str = "sums over both indices of a family";

/// Where an index stands: at a number, or some steps from a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    At,
    Letter { letter: Expr, offset: i64 },
}

impl Survey<'_> {
    pub fn place(&mut self, index: Expr) -> Result<Place, Refusal> {
        let arena = self.arena;
        if let Some(number) = arena.as_number(index) {
            self.constants.insert(to_i64(number).ok_or(Refusal::Outside("an index that is no integer"))?);
            return Ok(Place::At);
        }
        if matches!(arena.node(index), Node::Symbol { symbol, .. } if self.sizes.contains(symbol)) {
            return Err(Refusal::Outside("a size that counts steps"));
        }
        if self.is_letter(index) {
            return Ok(Place::Letter { letter: index, offset: 0 });
        }
        if let Node::Sum(parts) = arena.node(index)
            && let [a, b] = parts[..]
        {
            let (number, letter) = if arena.as_number(a).is_some() { (a, b) } else { (b, a) };
            if let (Some(offset), true) = (arena.as_number(number).and_then(to_i64), self.is_letter(letter)) {
                self.window = self.window.max(offset.abs());
                return Ok(Place::Letter { letter, offset });
            }
        }
        Err(Refusal::Outside(LETTERS))
    }

    /// An index of an entry: a number, which is then told apart from all others, or a letter that is nothing else.
    pub fn entry_index(&mut self, index: Expr) -> Result<(), Refusal> {
        if let Some(number) = self.arena.as_number(index) {
            self.entries.insert(to_i64(number).ok_or(Refusal::Outside("an index that is no integer"))?);
            return Ok(());
        }
        if self.is_letter(index) { Ok(()) } else { Err(Refusal::Outside("entries at shifted indices")) }
    }

    /// The step at which a member stands; `None` where it has no index.
    pub fn step_of(&mut self, expr: Expr) -> Result<Option<Place>, Refusal> {
        let member = Model::member(self.arena, expr);
        let Some((_, indices, _)) = member else { return Ok(None) };
        self.place_of_all(&indices)
    }

    /// Where several indices stand together: at the bound one among them, which runs on while the others stay, or at any
    /// of the free ones. A grid is walked along one index only.
    pub fn place_of_all(&mut self, indices: &[Expr]) -> Result<Option<Place>, Refusal> {
        let mut places = Vec::new();
        for &index in indices {
            places.push(self.place(index)?);
        }
        let letters = places.iter().filter_map(|place| match place {
            Place::At => None,
            Place::Letter { letter, .. } => Some(*letter),
        });
        let (bound, free): (BTreeSet<Expr>, BTreeSet<Expr>) =
            letters.partition(|&letter| matches!(self.arena.node(letter), Node::Bound(_)));
        let is_walked_twice =
            bound.len() > 1 || !bound.is_empty() && free.iter().any(|letter| self.own.contains(letter));
        if is_walked_twice {
            return Err(Refusal::Outside(WALKED_TWICE));
        }
        let Some(letter) = bound.first().or(free.first()).copied() else { return Ok(places.first().copied()) };
        let offset = places.iter().map(|place| match place {
            Place::At => 0,
            Place::Letter { offset, .. } => *offset,
        });
        Ok(Some(Place::Letter { letter, offset: offset.max_by_key(|offset| offset.abs()).unwrap_or(0) }))
    }

    /// How many factors an exponent of letters and whole numbers counts at most: for each step on the line on which they and
    /// 0 lie, and besides.
    pub fn n_counted(&self, exponent: Expr) -> Option<(u64, u64)> {
        let (letters, number) = multiples(self.arena, exponent)?;
        let are_steps = letters.keys().all(|&letter| self.is_letter(letter));
        let sum = |sign: i64| letters.values().map(|times| (sign * times).max(0).unsigned_abs()).sum::<u64>();
        are_steps.then(|| (sum(1).max(sum(-1)), number.unsigned_abs()))
    }

    /// Whether an expression is an index that counts steps.
    pub fn is_letter(&self, expr: Expr) -> bool {
        match self.arena.node(expr) {
            Node::Bound(_) => true,
            Node::Symbol { symbol, indices, .. } => {
                let is_integer = indices.is_empty() && self.arena.kind(*symbol) == SymbolKind::Integer;
                is_integer && !self.sizes.contains(symbol)
            }
            _ => false,
        }
    }

    /// Whether a bound index runs over all entries of a vector, a row or a column.
    pub fn runs_over_entries(&self, height: u32, (lower, upper): (Expr, Expr), body: Expr) -> Result<bool, Refusal> {
        let is_index = |expr: Expr| matches!(self.arena.node(expr), Node::Bound(own) if *own == height);
        let sizes = self.sizes_indexed(&[body], &is_index)?;
        if sizes.is_empty() {
            return Ok(false);
        }
        let is_full = self.arena.is_one(lower) && sizes.iter().all(|&size| size == upper);
        if is_full { Ok(true) } else { Err(Refusal::Outside("entries that are counted like steps")) }
    }

    /// The sizes of what a letter indexes. A letter that indexes entries does nothing else, so that its values may be
    /// renamed.
    pub fn sizes_indexed(&self, roots: &[Expr], is_letter: &dyn Fn(Expr) -> bool) -> Result<Vec<Expr>, Refusal> {
        let (mut sizes, mut is_elsewhere) = (Vec::new(), false);
        for part in self.arena.reachable(roots) {
            match self.arena.node(part) {
                Node::Entry { of, at } => {
                    let own = at.iter().zip(self.arena.shape(*of).sizes()).filter(|(index, _)| is_letter(**index));
                    sizes.extend(own.map(|(_, size)| size));
                }
                Node::Unit(at, size) if is_letter(*at) => sizes.push(*size),
                Node::Call { function: Function::Elementary(Elementary::Delta), .. } | Node::Unit(..) => {}
                _ => is_elsewhere |= self.arena.children(part).into_iter().any(is_letter),
            }
        }
        if is_elsewhere && !sizes.is_empty() {
            return Err(Refusal::Outside("an index of entries that is a number, too"));
        }
        Ok(sizes)
    }
}
