//! Members of families: what stands at their step, what their definitions say, or a value that is carried.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Big, Expr, Function, Node, SymbolId, SymbolKind, Tensor};
use crate::model::{Argument, Definition};
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::claim::Counts;
use crate::proof::cases::divisors::Divided;
use crate::proof::cases::grips::Grip;
use crate::proof::cases::laws::{elementary, is_piecewise, stands_beside};
use crate::proof::cases::need::{COUNT, NOTHING, Need, ONE, Reach};
use crate::proof::cases::places::{Place, WALKED_TWICE};
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
    looks_back: bool,
    looks_ahead: bool,
    /// Along how many indices it runs.
    n_indices: u64,
}

impl<'a> Survey<'a> {
    /// A member of a family: what stands at its step, what its definition says, or a value that is carried.
    pub fn member(&mut self, expr: Expr, symbol: SymbolId, indices: &[Expr]) -> Result<Need, Refusal> {
        let is_given = self.arena.kind(symbol) == SymbolKind::Real && !self.model.is_defined(symbol);
        let place = match self.place_of_all(indices) {
            Err(Refusal::Outside(WALKED_TWICE)) if is_given => {
                return Ok(Need { walked_twice: 1, words: self.letter(expr), ..ONE.far(1) });
            }
            place => place?,
        };
        let reach = match place {
            Some(Place::Letter { letter, .. }) => Reach::Near(self.one_place(letter)),
            Some(Place::At) | None => Reach::Nowhere,
        };
        if self.arena.kind(symbol) == SymbolKind::Integer {
            // As a number, a size counts indices of entries, any other integer steps.
            return match indices {
                [] if self.sizes.contains(&symbol) && self.counts == Counts::Free => Ok(ONE),
                [] if self.sizes.contains(&symbol) => Ok(ONE.with_counts(1)),
                [] => Ok(COUNT),
                _ if self.sizes.contains(&symbol) => Ok(Need { reach, ..ONE.with_counts(1) }),
                _ => Err(Refusal::Outside("families of integers")),
            };
        }
        let open = self.open.get(&symbol).copied();
        if open.is_some() || !self.model.is_defined(symbol) {
            let grip = match open {
                Some(grip) => grip,
                None if self.may_divide.contains(&symbol) => Grip::Every,
                None => Grip::Held,
            };
            return Ok(Need { reach, words: self.letter(expr), grip, ..ONE });
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
        if !self.model.is_defined(symbol) || self.open.contains_key(&symbol) {
            return Ok(Family { need: ONE, is_relative: true });
        }
        if let Some(family) = self.families.get(&symbol) {
            return Ok(*family);
        }
        let ring = self.ring(symbol);
        self.open.extend(ring.iter().chain([&symbol]).map(|&open| (open, Grip::Every)));
        let family = if ring.is_empty() { self.helper(symbol) } else { self.recurrence(symbol, &ring) };
        self.open.retain(|other, _| *other != symbol && !ring.contains(other));
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

    fn definitions(&mut self, symbol: SymbolId) -> Result<Vec<&'a Definition>, Refusal> {
        let model = self.model;
        let definitions: Vec<_> = model.definitions_of(symbol).collect();
        for definition in &definitions {
            self.range(definition)?;
            for argument in &definition.indices {
                if let Argument::Value(value) = argument {
                    self.constants.extend(self.arena.as_number(*value).and_then(to_i64));
                }
            }
        }
        Ok(definitions)
    }

    fn helper(&mut self, symbol: SymbolId) -> Result<Family, Refusal> {
        // Of a given that has values, not every member need have one.
        let mut need = if self.model.declarations.contains_key(&symbol) { ONE } else { NOTHING };
        for definition in self.definitions(symbol)? {
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
        let mut need = self.within(definition, |survey| survey.need(definition.body))?;
        if !definition.components.is_empty() {
            need.grip = Grip::Divided;
            (need.words.is_plain, need.words.is_joined) = (false, true);
        }
        match need.reach {
            Reach::Near(letter) if self.is_own_letter(definition, letter) => Ok(Need { reach: Reach::Nowhere, ..need }),
            Reach::Nowhere | Reach::Counting | Reach::Near(_) | Reach::Far => Ok(need),
        }
    }

    /// Looks at what stands in a definition.
    pub fn within<T>(&mut self, definition: &Definition, look: impl FnOnce(&mut Self) -> T) -> T {
        let parts = self.arena.reachable(&[definition.body]);
        let own = parts.into_iter().filter(|&part| self.is_own_letter(definition, part)).collect();
        let own = std::mem::replace(&mut self.own, own);
        let components = std::mem::replace(&mut self.components, definition.components.clone());
        let outside = std::mem::take(&mut self.needs);
        let seen = look(self);
        (self.needs, self.own, self.components) = (outside, own, components);
        seen
    }

    fn is_own_letter(&self, definition: &Definition, letter: Expr) -> bool {
        let is_index = |symbol| definition.indices.contains(&Argument::Letter(symbol));
        matches!(self.arena.node(letter), Node::Symbol { symbol, .. } if is_index(*symbol))
    }

    /// Whether a symbol is defined by others alone.
    pub fn is_helper(&self, symbol: SymbolId) -> bool {
        self.model.is_defined(symbol) && !self.open.contains_key(&symbol) && self.ring(symbol).is_empty()
    }

    fn holds(&self, expr: Expr, is_sought: &dyn Fn(Expr) -> bool) -> bool {
        self.arena.reachable(&[expr]).into_iter().any(is_sought)
    }

    /// The values of a recurrence that runs one way from a start that is not known are unknowns which the shift by one
    /// step leads to the next, and so are those that come out of a function at each step: from left to right, or from right to
    /// left, for nothing changes where all indices are reflected, cases and conditions with them. An affine recurrence is
    /// carried on itself, if what its members are multiplied by stands at one step each: these factors are the matrix that
    /// leads to the next step. A factor that is summed over steps is none of its entries, and a letter as a number would
    /// raise the degree at each step; added to a member, both are carried beside it. What is summed outside of functions is
    /// summed anew at each step.
    fn recurrence(&mut self, member: SymbolId, ring: &BTreeSet<SymbolId>) -> Result<Family, Refusal> {
        let (facts, own) = self.facts(ring)?;
        let need = own.values().copied().fold(NOTHING, Need::plus);
        if ring.iter().any(|symbol| self.open[symbol] < need.grip) {
            // What holds its indices less well than its members were taken to.
            ring.iter().for_each(|&symbol| _ = self.open.insert(symbol, need.grip));
            return self.recurrence(member, ring);
        }
        if need.counts > 0 || need.words.is_inverted || need.per_step > 0 {
            return Err(Refusal::Outside("a size or an inverse at each step"));
        }
        let summed = self.summed(member, ring, &own).ok_or(Refusal::Outside("sums in what grows at each step"))?;
        let [letters, per_step, with_slopes] = summed.map(|letters| letters * facts.n_indices);
        self.slopes_per_step = self.slopes_per_step.max(with_slopes.saturating_sub(per_step));
        if per_step > 0 && !facts.is_affine {
            return Err(Refusal::Outside("sums in what grows at each step"));
        }
        let need = Need { letters, per_step, divided: Divided::NONE, ..need };
        let runs_one_way = !(facts.looks_ahead && facts.looks_back);
        let runs_on = runs_one_way && need.reach == Reach::Nowhere && (!facts.has_start || facts.is_fresh);
        if runs_on {
            let words = Words { links: 1, strands: 1, is_plain: false, is_joined: true, ..Words::NONE };
            return Ok(Family { need: Need { inner: with_slopes, words, ..need }, is_relative: true });
        }
        if facts.is_affine && facts.n_indices < 2 {
            let states = need.states.saturating_add(self.carried(ring));
            return Ok(Family { need: need.far(1).carrying(states), is_relative: false });
        }
        Err(Refusal::Outside("a recurrence that is neither affine nor free"))
    }

    /// What is seen of a ring, and what each of its members needs for one step.
    fn facts(&mut self, ring: &BTreeSet<SymbolId>) -> Result<(Ring, BTreeMap<SymbolId, Need>), Refusal> {
        let mut facts = Ring { is_affine: true, ..Ring::default() };
        let mut own = BTreeMap::new();
        for &symbol in ring {
            for definition in self.definitions(symbol)? {
                let body = self.body(definition)?;
                let divided = self.differentiated(body.divided);
                let body = self.at_each_step(Need { divided, ..body })?;
                let known: &mut Need = own.entry(symbol).or_insert(NOTHING);
                *known = known.plus(body);
                let degree = self.degree(definition.body, ring, &|_| false);
                facts.is_affine &= degree.is_some_and(|degree| degree <= 1) && self.is_carried(definition, ring)?;
                facts.is_fresh |= degree.is_none();
                facts.has_start |= definition.indices.iter().any(|argument| matches!(argument, Argument::Value(_)));
                facts.n_indices = facts.n_indices.max(definition.indices.len() as u64);
                facts.looks_back |= self.looks(definition.body, ring, |offset| *offset < Rational::ZERO);
                facts.looks_ahead |= self.looks(definition.body, ring, |offset| *offset > Rational::ZERO);
            }
        }
        Ok((facts, own))
    }

    /// Whether members of a ring are multiplied by nothing but what stands at one step.
    fn is_carried(&mut self, definition: &Definition, ring: &BTreeSet<SymbolId>) -> Result<bool, Refusal> {
        let arena = self.arena;
        let is_member = |part: Expr| matches!(arena.node(part), Node::Symbol { symbol, .. } if ring.contains(symbol));
        let holds = |survey: &Self, factor: &Expr| survey.holds(*factor, &is_member);
        self.within(definition, |survey| {
            survey.need(definition.body)?;
            Ok(survey.arena.reachable(&[definition.body]).into_iter().all(|part| match survey.arena.node(part) {
                Node::Product(factors) | Node::MatMul(factors)
                    if factors.iter().any(|factor| holds(survey, factor)) =>
                {
                    factors.iter().all(|factor| holds(survey, factor) || survey.needs[factor].is_near())
                }
                _ => true,
            }))
        })
    }

    /// Over how many indices of entries a member of a ring is summed: altogether but for those that each step adds,
    /// those, and those that are seen of a step once its functions are differentiated. What stands in a definition outside
    /// of functions is multiplied, and what leads to itself so, at each step. `None` where a power of sums is no polynomial.
    fn summed(&self, member: SymbolId, ring: &BTreeSet<SymbolId>, own: &BTreeMap<SymbolId, Need>) -> Option<[u64; 3]> {
        let (mut beside, mut degrees) = (Uses::new(), BTreeMap::new());
        for definition in ring.iter().flat_map(|&symbol| self.model.definitions_of(symbol)) {
            let degree = self.degree(definition.body, ring, &|part| self.hides(part));
            let known = degrees.entry(definition.symbol).or_insert(Some(0));
            *known = known.zip(degree).map(|(known, degree)| known.max(degree));
            beside.entry(definition.symbol).or_default().extend(self.used_beside(definition.body, ring));
        }
        let is_repeated = |symbol: &SymbolId| leads_to(&beside, *symbol, *symbol);
        let mut letters: BTreeMap<SymbolId, u64> = BTreeMap::new();
        for _ in ring {
            let of = |symbol: &SymbolId| {
                let others = beside.get(symbol).into_iter().flatten().filter(|used| !is_repeated(used));
                let others = others.filter_map(|used| letters.get(used)).max().copied().unwrap_or(0);
                let degree = if others > 0 { u64::from(degrees[symbol]?) } else { 0 };
                Some((*symbol, own[symbol].letters + degree * others))
            };
            letters = ring.iter().map(of).collect::<Option<_>>()?;
        }
        let within_step = self.used_within_step(ring);
        let at_each_step =
            letters.iter().filter(|(symbol, _)| is_repeated(symbol)).map(|(&own, &letters)| (own, letters));
        let per_step = longest(&within_step, &at_each_step.collect());
        let seen = own.iter().map(|(&symbol, need)| (symbol, need.letters + need.inner)).collect();
        let most = if per_step == 0 { letters.get(&member).copied() } else { letters.into_values().max() }.unwrap_or(0);
        Some([most + per_step, per_step, longest(&within_step, &seen)])
    }

    /// Which members of a ring a definition asks for at its own step.
    fn used_within_step(&self, ring: &BTreeSet<SymbolId>) -> Uses {
        let is_shifted = |indices: &[Expr]| indices.iter().any(|&index| matches!(self.arena.node(index), Node::Sum(_)));
        let of = |symbol: SymbolId| {
            let bodies = self.model.definitions_of(symbol).flat_map(|own| self.arena.reachable(&[own.body]));
            let used = bodies.filter_map(|part| match self.arena.node(part) {
                Node::Symbol { symbol, indices, .. } if ring.contains(symbol) && !is_shifted(indices) => Some(*symbol),
                _ => None,
            });
            used.collect()
        };
        ring.iter().map(|&symbol| (symbol, of(symbol))).collect()
    }

    /// Which members of a ring stand in an expression outside of functions.
    fn used_beside(&self, body: Expr, ring: &BTreeSet<SymbolId>) -> BTreeSet<SymbolId> {
        let (mut open, mut seen, mut used) = (vec![body], BTreeSet::new(), BTreeSet::new());
        while let Some(part) = open.pop() {
            if !seen.insert(part) || self.hides(part) {
                continue;
            }
            if let Node::Symbol { symbol, .. } = self.arena.node(part) {
                used.extend(ring.get(symbol));
            }
            open.extend(self.arena.children(part));
        }
        used
    }

    /// Whether the value of a node is an unknown, whatever stands in it.
    fn hides(&self, part: Expr) -> bool {
        match self.arena.node(part) {
            Node::Tensor { op: Tensor::Softmax, .. } => true,
            Node::Call { function, .. } => match elementary(self.model, function) {
                Some(function) => !is_piecewise(function) && !stands_beside(function),
                None => {
                    matches!(function, Function::Declared { symbol, .. } if !self.model.functions.contains_key(symbol))
                }
            },
            _ => false,
        }
    }

    /// Whether a definition asks for members of some families at an index plus such a number.
    fn looks(&self, body: Expr, ring: &BTreeSet<SymbolId>, is_there: fn(&Rational) -> bool) -> bool {
        self.arena.reachable(&[body]).into_iter().any(|part| match self.arena.node(part) {
            Node::Symbol { symbol, indices, .. } if ring.contains(symbol) => indices.iter().any(|&index| {
                let Node::Sum(parts) = self.arena.node(index) else { return false };
                parts.iter().any(|&part| self.arena.as_number(part).is_some_and(is_there))
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

    /// In which degree members of some families stand in an expression but for what is hidden; `None` where inside of a
    /// function, a power or a product over steps.
    fn degree(&self, expr: Expr, ring: &BTreeSet<SymbolId>, hides: &dyn Fn(Expr) -> bool) -> Option<u32> {
        let mut degrees: BTreeMap<Expr, Option<u32>> = BTreeMap::new();
        for part in self.arena.reachable(&[expr]) {
            let all = |parts: &[Expr]| parts.iter().map(|part| degrees[part]).collect::<Option<Vec<u32>>>();
            let largest = |parts: &[Expr]| Some(all(parts)?.into_iter().max().unwrap_or(0));
            let degree = match self.arena.node(part) {
                _ if hides(part) => Some(0),
                Node::Symbol { symbol, .. } => Some(u32::from(ring.contains(symbol))),
                Node::Product(parts) | Node::MatMul(parts) => all(parts).map(|degrees| degrees.into_iter().sum()),
                Node::Sum(_)
                | Node::Cases(_)
                | Node::Transpose(_)
                | Node::Fill(..)
                | Node::Entry { .. }
                | Node::Literal { .. }
                | Node::Big { op: Big::Sum, .. } => largest(&self.arena.children(part)),
                _ => (largest(&self.arena.children(part)) == Some(0)).then_some(0),
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

/// For each symbol, which others it uses.
type Uses = BTreeMap<SymbolId, BTreeSet<SymbolId>>;

/// Whether a symbol uses another, or uses one that leads to it.
fn leads_to(uses: &Uses, from: SymbolId, to: SymbolId) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(symbol) = open.pop() {
        open.extend(uses.get(&symbol).into_iter().flatten().filter(|&&next| seen.insert(next)));
    }
    seen.contains(&to)
}

/// The largest sum of weights on a way from one symbol to the next that it uses, where none that weighs comes twice.
fn longest(uses: &Uses, weights: &BTreeMap<SymbolId, u64>) -> u64 {
    let weight = |symbol: &SymbolId| weights.get(symbol).copied().unwrap_or(0);
    let mut longest: BTreeMap<SymbolId, u64> = BTreeMap::new();
    for _ in uses {
        let from = |symbol: &SymbolId, used: &BTreeSet<SymbolId>| {
            weight(symbol) + used.iter().filter_map(|next| longest.get(next)).max().copied().unwrap_or(0)
        };
        longest = uses.iter().map(|(symbol, used)| (*symbol, from(symbol, used))).collect();
    }
    longest.into_values().max().unwrap_or(0)
}
