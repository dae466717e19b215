//! Members of families: what stands at their step, what their definitions say, or a value that is carried.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Expr, Node, SymbolId, SymbolKind};
use crate::model::{Argument, Definition};
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::grips::Grip;
use crate::proof::cases::need::{COUNT, NOTHING, Need, ONE, Reach};
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;
use crate::proof::cases::words::Words;

/// What it takes to know a member of a family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    pub need: Need,
    /// Whether it stands at the step of its own index.
    pub is_relative: bool,
}

/// What is seen of families that lead to each other.
#[derive(Debug, Clone, Copy, Default)]
struct Ring {
    is_affine: bool,
    /// Whether each step puts what was carried through a function.
    is_fresh: bool,
    /// Whether some member is given its value apart.
    has_start: bool,
    looks_ahead: bool,
    /// Whether it runs along several indices.
    is_grid: bool,
}

impl<'a> Survey<'a> {
    /// A member of a family: what stands at its step, what its definition says, or a value that is carried.
    pub fn member(&mut self, expr: Expr, symbol: SymbolId, indices: &[Expr]) -> Result<Need, Refusal> {
        let reach = match self.place_of_all(indices)? {
            Some(Place::Letter { letter, .. }) => Reach::Near(self.one_place(letter)),
            Some(Place::At) | None => Reach::Nowhere,
        };
        if self.arena.kind(symbol) == SymbolKind::Integer {
            // As a number, a size counts indices of entries, any other integer steps.
            return match indices {
                [] if self.sizes.contains(&symbol) => Ok(ONE.with_counts(1)),
                [] => Ok(COUNT),
                _ => Err(Refusal::Outside("families of sizes")),
            };
        }
        if !self.model.is_defined(symbol) || self.open.contains(&symbol) {
            return Ok(Need { reach, words: self.letter(expr), ..ONE });
        }
        let family = self.family(symbol)?;
        Ok(if family.is_relative { Need { reach, ..family.need } } else { family.need })
    }

    /// A letter, or the first of the letters of the definition that is being read.
    pub fn one_place(&self, letter: Expr) -> Expr {
        match self.own.first() {
            Some(&first) if self.own.contains(&letter) => first,
            _ => letter,
        }
    }

    pub fn family(&mut self, symbol: SymbolId) -> Result<Family, Refusal> {
        if !self.model.is_defined(symbol) || self.open.contains(&symbol) {
            return Ok(Family { need: ONE, is_relative: true });
        }
        if let Some(family) = self.families.get(&symbol) {
            return Ok(*family);
        }
        let ring = self.ring(symbol);
        self.open.extend(ring.iter().copied().chain([symbol]));
        let family = if ring.is_empty() { self.helper(symbol) } else { self.recurrence(&ring) };
        self.open.retain(|other| *other != symbol && !ring.contains(other));
        let family = family?;
        self.families.insert(symbol, family);
        Ok(family)
    }

    /// The families that a family leads to and that lead back to it, itself included; none where it is no recurrence.
    fn ring(&self, symbol: SymbolId) -> BTreeSet<SymbolId> {
        let leads = |from: &SymbolId, to: &SymbolId| self.below.get(from).is_some_and(|below| below.contains(to));
        self.below
            .get(&symbol)
            .into_iter()
            .flatten()
            .copied()
            .filter(|other| leads(&symbol, &symbol) && leads(other, &symbol))
            .collect()
    }

    fn definitions(&mut self, symbol: SymbolId) -> Vec<&'a Definition> {
        let model = self.model;
        let definitions: Vec<_> = model.definitions_of(symbol).collect();
        for definition in &definitions {
            self.conditions(&definition.range);
            for argument in &definition.indices {
                if let Argument::Value(value) = argument {
                    self.constants.extend(self.arena.as_number(*value).and_then(to_i64));
                }
            }
        }
        definitions
    }

    fn helper(&mut self, symbol: SymbolId) -> Result<Family, Refusal> {
        // Of a given that has values, not every member need have one.
        let mut need = if self.model.declarations.contains_key(&symbol) { ONE } else { NOTHING };
        for definition in self.definitions(symbol) {
            let body = self.body(definition)?;
            // One of the definitions holds at a time.
            let states = need.states.max(body.states);
            let (moving, moved) = (need.moving.max(body.moving), need.moved.max(body.moved));
            need = Need { states, moving, moved, ..need.plus(body) };
        }
        Ok(Family { need, is_relative: need.reach == Reach::Nowhere })
    }

    /// The need of a definition's body, apart from what is known of the claim's expressions; what stands at the step of
    /// its own letter stands nowhere else.
    pub fn body(&mut self, definition: &Definition) -> Result<Need, Refusal> {
        for letter in &definition.components {
            let is_own = |expr| matches!(self.arena.node(expr), Node::Symbol { symbol, .. } if symbol == letter);
            if self.sizes_indexed(&[definition.body], &is_own)?.is_empty() && self.holds(definition.body, &is_own) {
                return Err(Refusal::Outside("an entry that is made of its index"));
            }
        }
        let is_own = |letter| matches!(self.arena.node(letter), Node::Symbol { symbol, .. } if definition.indices.contains(&Argument::Letter(*symbol)));
        let own = self.arena.reachable(&[definition.body]).into_iter().filter(|&part| is_own(part)).collect();
        let own = std::mem::replace(&mut self.own, own);
        let outside = std::mem::take(&mut self.needs);
        let need = self.need(definition.body);
        (self.needs, self.own) = (outside, own);
        let mut need = need?;
        if !definition.components.is_empty() {
            need.grip = Grip::Divided;
            (need.words.is_plain, need.words.is_joined) = (false, true);
        }
        match need.reach {
            Reach::Near(letter) if is_own(letter) => Ok(Need { reach: Reach::Nowhere, ..need }),
            Reach::Nowhere | Reach::Counting | Reach::Near(_) | Reach::Far => Ok(need),
        }
    }

    fn holds(&self, expr: Expr, is_sought: &dyn Fn(Expr) -> bool) -> bool {
        self.arena.reachable(&[expr]).into_iter().any(is_sought)
    }

    /// The values of a recurrence that runs forward from a start that is not known are unknowns which the shift by one
    /// step leads to the next, and so are those that come out of a function at each step. An affine recurrence is
    /// carried on itself.
    fn recurrence(&mut self, ring: &BTreeSet<SymbolId>) -> Result<Family, Refusal> {
        let mut facts = Ring { is_affine: true, ..Ring::default() };
        let mut need = NOTHING;
        for &symbol in ring {
            for definition in self.definitions(symbol) {
                need = need.plus(self.body(definition)?);
                let degree = self.degree(definition.body, ring);
                facts.is_affine &= degree.is_some_and(|degree| degree <= 1);
                facts.is_fresh |= degree.is_none();
                facts.has_start |= definition.indices.iter().any(|argument| matches!(argument, Argument::Value(_)));
                facts.is_grid |= definition.indices.len() > 1;
                facts.looks_ahead |= self.looks_ahead(definition.body, ring);
            }
        }
        if need.counts > 0 || need.words.is_inverted {
            return Err(Refusal::Outside("a size or an inverse at each step"));
        }
        let per_step = need.letters + need.inner;
        self.letters_per_step = self.letters_per_step.max(per_step);
        let runs_on = !facts.looks_ahead && need.reach == Reach::Nowhere && (!facts.has_start || facts.is_fresh);
        if runs_on {
            let words = Words { links: 1, strands: 1, is_plain: false, is_joined: true, ..Words::NONE };
            return Ok(Family { need: Need { letters: 0, inner: per_step, words, ..need }, is_relative: true });
        }
        if facts.is_affine && !facts.is_grid {
            let states = need.states.saturating_add(self.carried(ring));
            let is_chain = per_step > 0;
            return Ok(Family { need: Need { is_chain, ..need.far(1).carrying(states) }, is_relative: false });
        }
        Err(Refusal::Outside("a recurrence that is neither affine nor free"))
    }

    /// Whether a definition asks for later members of some families.
    fn looks_ahead(&self, body: Expr, ring: &BTreeSet<SymbolId>) -> bool {
        self.arena.reachable(&[body]).into_iter().any(|part| match self.arena.node(part) {
            Node::Symbol { symbol, indices, .. } if ring.contains(symbol) => indices.iter().any(|&index| {
                let Node::Sum(parts) = self.arena.node(index) else { return false };
                parts.iter().any(|&part| self.arena.as_number(part).is_some_and(|offset| *offset > Rational::ZERO))
            }),
            _ => false,
        })
    }

    /// Whether some recurrences run along several indices: how much they carry on is not bounded.
    pub fn is_grid(&self, families: &BTreeSet<SymbolId>) -> bool {
        let own = self.model.definitions.iter().filter(|definition| families.contains(&definition.symbol));
        own.into_iter().any(|definition| definition.indices.len() > 1)
    }

    /// How many values recurrences carry on: each family that is asked for at another step, as many as that is away.
    pub fn carried(&self, families: &BTreeSet<SymbolId>) -> u64 {
        let mut asked = BTreeSet::new();
        for definition in self.model.definitions.iter().filter(|definition| families.contains(&definition.symbol)) {
            for part in self.arena.reachable(&[definition.body]) {
                if let Node::Symbol { symbol, indices, .. } = self.arena.node(part)
                    && families.contains(symbol)
                    && indices.iter().any(|&index| matches!(self.arena.node(index), Node::Sum(_)))
                {
                    asked.insert(*symbol);
                }
            }
        }
        asked.len() as u64 * self.window.max(1).unsigned_abs()
    }

    /// In which degree members of some families stand in an expression; `None` where inside of a function or a power.
    fn degree(&self, expr: Expr, ring: &BTreeSet<SymbolId>) -> Option<u32> {
        let mut degrees: BTreeMap<Expr, Option<u32>> = BTreeMap::new();
        for part in self.arena.reachable(&[expr]) {
            let all = |parts: &[Expr]| parts.iter().map(|part| degrees[part]).collect::<Option<Vec<u32>>>();
            let largest = |parts: &[Expr]| Some(all(parts)?.into_iter().max().unwrap_or(0));
            let degree = match self.arena.node(part) {
                Node::Symbol { symbol, .. } => Some(u32::from(ring.contains(symbol))),
                Node::Product(parts) | Node::MatMul(parts) => all(parts).map(|degrees| degrees.into_iter().sum()),
                Node::Call { .. } | Node::Power(..) | Node::Derivative { .. } | Node::Tensor { .. } => {
                    (largest(&self.arena.children(part)) == Some(0)).then_some(0)
                }
                _ => largest(&self.arena.children(part)),
            };
            degrees.insert(part, degree);
        }
        degrees[&expr]
    }

    pub fn recurrences_below(&self, of: Expr) -> BTreeSet<SymbolId> {
        let mut found = BTreeSet::new();
        for part in self.arena.reachable(&[of]) {
            let Node::Symbol { symbol, .. } = self.arena.node(part) else { continue };
            let below = self.below.get(symbol).into_iter().flatten().chain([symbol]);
            found.extend(below.copied().filter(|other| self.below.get(other).is_some_and(|own| own.contains(other))));
        }
        found
    }
}
