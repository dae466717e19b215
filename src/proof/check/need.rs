//! How many small cases of an equality are all of it.
//!
//! **Lengths.** Read along its index, an expression made of sums, products and recurrences is a weighted automaton: at
//! each step the values that are carried on are multiplied by a matrix whose entries are rational in what stands at that
//! step, and d such values (*states*) are d numbers. Let a letter move away from its neighbours by g steps. The difference
//! of two sides with d states together is then `α M φ(M) ⋯ φ^{g-1}(M) φ^g(β)` over the field of all unknowns, φ the shift
//! by one step. Among `β_g = M φ(M) ⋯ φ^g(β)` there are at most d independent ones, and if β_k depends on those before
//! it, so does every later one, because φ is a homomorphism. So a difference that is 0 for d neighbouring gaps is 0 for
//! all longer ones (the equality theorem of weighted automata: Schützenberger 1961; Eilenberg 1974, VI.8; as a method of
//! proof: Zeilberger 2011, "The C-finite Ansatz"). States are counted from above: a term of a sum that is passed or not
//! doubles them, factors multiply, terms add, a total derivative carries the slopes of the recurrences beside the value.
//!
//! **Sizes.** A monomial in the entries of vectors and matrices holds as many indices as letters are summed or free in
//! it. Renaming the values of indices changes no coefficient, so what holds for sizes with room for all letters of a
//! monomial holds for all sizes, if the coefficients do: they are polynomials in the sizes, of a degree that is counted.
//!
//! What this does not cover is refused with its name.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{
    Arena, Big, DerivativeKind, Elementary, Expr, Function, Node, Prop, Shape, SymbolId, SymbolKind, Tensor,
};
use crate::model::{Argument, Definition, FunctionBody, Model};
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::proof::check::Refusal;

/// What it takes to know an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Where on the line of steps it stands.
    reach: Reach,
    /// Values that are carried from step to step.
    pub states: u64,
    /// For its derivative: in how many of them the slopes of what lies before are still to come in.
    moving: u64,
    /// In how many they have.
    moved: u64,
    /// Indices of entries that stand in one monomial.
    pub letters: u64,
    /// How many more one derivative brings to light from inside of calls.
    inner: u64,
    /// In which degree sizes themselves may stand in a coefficient: as numbers, or as counts of equal entries.
    pub counts: u64,
    /// Whether a monomial holds a matrix for each step.
    pub is_chain: bool,
}

/// Which steps an expression speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// None: parameters and numbers.
    Nowhere,
    /// Those at a fixed distance from one letter: any function of it stands at that step.
    Near(Expr),
    /// Several letters, or all the steps between them.
    Far,
}

impl Reach {
    fn with(self, other: Reach) -> Reach {
        match (self, other) {
            (Reach::Nowhere, reach) | (reach, Reach::Nowhere) => reach,
            (Reach::Near(letter), Reach::Near(other)) if letter == other => self,
            _ => Reach::Far,
        }
    }
}

const ONE: Need =
    Need { reach: Reach::Nowhere, states: 1, moving: 1, moved: 0, letters: 0, inner: 0, counts: 0, is_chain: false };
const NOTHING: Need = Need { states: 0, moving: 0, ..ONE };

impl Need {
    /// Of a sum of two; what stands at one step is one value.
    fn plus(self, other: Need) -> Need {
        let reach = self.reach.with(other.reach);
        let both = |a: u64, b: u64, near| if reach == Reach::Far { a.saturating_add(b) } else { near };
        Need {
            reach,
            states: both(self.states, other.states, 1),
            moving: both(self.moving, other.moving, 1),
            moved: both(self.moved, other.moved, 0),
            letters: self.letters.max(other.letters),
            inner: self.inner.max(other.inner),
            counts: self.counts.max(other.counts),
            is_chain: self.is_chain || other.is_chain,
        }
    }

    /// Of a product of two.
    fn times(self, other: Need) -> Need {
        let reach = self.reach.with(other.reach);
        let states = self.states.saturating_mul(other.states);
        // One factor after the other is differentiated, beside any state of the others.
        let (moving, moved) = if reach == Reach::Far { (states, states) } else { (1, 0) };
        Need {
            reach,
            states,
            moving,
            moved,
            letters: self.letters + other.letters,
            inner: self.inner.max(other.inner),
            counts: self.counts + other.counts,
            is_chain: self.is_chain || other.is_chain,
        }
    }

    fn with_counts(self, counts: u64) -> Need {
        Need { counts: self.counts + counts, ..self }
    }

    fn with_letters(self, letters: u64) -> Need {
        Need { letters: self.letters + letters, ..self }
    }

    /// Spread over all steps, with as many states as this times those it had.
    fn far(self, factor: u64) -> Need {
        let states = self.states.saturating_mul(factor);
        Need { reach: Reach::Far, states, moving: states, moved: states, ..self }
    }

    /// Summed over steps: each term is passed or not; the slopes of what stands at one step come in as it is passed.
    fn summed(self, late: u64) -> Need {
        let (moving, moved) = if self.is_near() { (1, 1) } else { (2 * self.moving, 2 * self.moved) };
        Need { moving: moving * late, moved: moved * late, ..self.far(2 * late) }
    }

    /// Of its derivative, where so many slopes are carried on.
    fn with_slopes(self, carried: u64) -> Need {
        let states = self.moving.saturating_mul(carried).saturating_add(self.moved);
        Need { reach: Reach::Far, states, moving: states, moved: states, ..self }
    }

    /// The same with so many states.
    fn carrying(self, states: u64) -> Need {
        Need { states, moving: states, moved: states, ..self }
    }

    fn is_near(self) -> bool {
        self.reach != Reach::Far
    }
}

/// Where an index stands: at a number, or some steps from a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    At,
    Letter { letter: Expr, offset: i64 },
}

/// What it takes to know a member of a family.
#[derive(Debug, Clone, Copy)]
struct Family {
    need: Need,
    /// Whether it stands at the step of its own index.
    is_relative: bool,
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
}

/// The survey of one claim.
pub(super) struct Survey<'a> {
    arena: &'a Arena,
    model: &'a Model,
    sizes: &'a BTreeSet<SymbolId>,
    /// For each defined symbol, what its definitions lead to.
    below: BTreeMap<SymbolId, BTreeSet<SymbolId>>,
    needs: BTreeMap<Expr, Need>,
    families: BTreeMap<SymbolId, Family>,
    /// Families whose definitions are being read.
    open: BTreeSet<SymbolId>,
    divisors: BTreeMap<Expr, (u64, Need)>,
    /// The farthest that an index stands from its letter.
    pub window: i64,
    /// Numbers at which something begins, ends or is looked at.
    pub constants: BTreeSet<i64>,
    /// Whether square roots are taken.
    pub has_roots: bool,
    /// Whether there are sines, cosines or tangents: at sums and multiples of one angle they are not unknowns of their
    /// own.
    pub has_angles: bool,
    /// Whether matrices are inverted.
    pub has_inverses: bool,
    /// How many indices of entries each step of a recurrence or of a product of matrices adds to a monomial.
    pub letters_per_step: u64,
}

impl<'a> Survey<'a> {
    pub fn new(arena: &'a Arena, model: &'a Model, sizes: &'a BTreeSet<SymbolId>) -> Survey<'a> {
        let mut below: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
        for arrow in model.dependencies(arena) {
            below.entry(arrow.user).or_default().insert(arrow.used);
        }
        let symbols: Vec<SymbolId> = below.keys().copied().collect();
        for _ in 0..symbols.len() {
            let mut grown = false;
            for symbol in &symbols {
                let further: BTreeSet<SymbolId> =
                    below[symbol].iter().filter_map(|next| below.get(next)).flatten().copied().collect();
                let own = below.entry(*symbol).or_default();
                let before = own.len();
                own.extend(further);
                grown |= own.len() > before;
            }
            if !grown {
                break;
            }
        }
        Survey {
            arena,
            model,
            sizes,
            below,
            needs: BTreeMap::new(),
            families: BTreeMap::new(),
            open: BTreeSet::new(),
            divisors: BTreeMap::new(),
            window: 0,
            constants: BTreeSet::new(),
            has_roots: false,
            has_angles: false,
            has_inverses: false,
            letters_per_step: 0,
        }
    }

    /// What it takes to know the difference of two sides.
    pub fn difference(&mut self, left: Expr, right: Expr) -> Result<Need, Refusal> {
        let mut need = self.need(left)?.plus(self.need(right)?);
        need = need.with_letters(rank(self.arena.shape(left)).max(rank(self.arena.shape(right))));
        // Both sides are multiplied by what divides.
        for (times, divisor) in self.divisors.values() {
            for _ in 0..*times {
                need = need.times(*divisor);
            }
        }
        Ok(need)
    }

    /// Notes the numbers in conditions.
    pub fn conditions(&mut self, props: &[Prop]) {
        for side in props.iter().flat_map(Prop::expressions) {
            for part in self.arena.reachable(&[side]) {
                self.constants.extend(self.arena.as_number(part).and_then(to_i64));
            }
        }
    }

    fn need(&mut self, expr: Expr) -> Result<Need, Refusal> {
        let arena = self.arena;
        for part in arena.reachable(&[expr]) {
            if !self.needs.contains_key(&part) {
                let need = self.node(part)?;
                self.needs.insert(part, need);
            }
        }
        Ok(self.needs[&expr])
    }

    fn sum(&self, parts: &[Expr]) -> Need {
        parts.iter().fold(NOTHING, |need, part| need.plus(self.needs[part]))
    }

    fn product(&self, parts: &[Expr]) -> Need {
        parts.iter().fold(ONE, |need, part| need.times(self.needs[part]))
    }

    /// The need of a node over parts that are known.
    fn node(&mut self, expr: Expr) -> Result<Need, Refusal> {
        let arena = self.arena;
        match arena.node(expr) {
            Node::Number(_) | Node::Pi | Node::Unit(..) => Ok(ONE),
            Node::Identity(_) => Ok(ONE.with_counts(1)),
            // As a number, an index counts the steps up to it.
            Node::Bound(_) => Ok(ONE.far(2)),
            Node::Symbol { symbol, indices, .. } => self.member(*symbol, indices),
            Node::Sum(parts) => Ok(self.sum(parts)),
            Node::Product(parts) => Ok(self.product(parts)),
            Node::MatMul(parts) => Ok(self.product(parts).with_letters(parts.len() as u64 - 1)),
            Node::Power(base, exponent) => self.power(*base, *exponent),
            Node::MatrixPower(base, exponent) => self.matrix_power(*base, *exponent),
            Node::Call { function, args, .. } => self.call(function, args),
            Node::Big { op, height, lower, upper, body } => self.big(*op, *height, (*lower, *upper), *body),
            Node::Cases(branches) => {
                let values: Vec<Expr> = branches.iter().map(|branch| branch.value).collect();
                for (_, left, right) in branches.iter().filter_map(|branch| branch.condition) {
                    self.place_of_difference(left, right)?;
                }
                Ok(self.sum(&values))
            }
            Node::Transpose(of) => Ok(self.needs[of]),
            Node::Fill(of, shape) => Ok(self.needs[of].with_counts(rank(*shape))),
            Node::Entry { of, at } => {
                for &index in at.iter() {
                    self.entry_index(index)?;
                }
                Ok(self.needs[of])
            }
            Node::Literal { entries, .. } => Ok(self.sum(entries)),
            Node::Tensor { op, args } => self.tensor(*op, args),
            Node::Derivative { kind, of, by, .. } => self.derivative(*kind, *of, *by),
            Node::At { .. } => Err(Refusal::Outside("a value put in after a derivative")),
            Node::Limit { .. } | Node::Infinity => Err(Refusal::Outside("a limit")),
            Node::Extremum { .. } => Err(Refusal::Outside("an extreme value")),
        }
    }

    fn place(&mut self, index: Expr) -> Result<Place, Refusal> {
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
        Err(Refusal::Outside("an index that is not a letter plus a number"))
    }

    /// Conditions compare letters with numbers and with each other.
    fn place_of_difference(&mut self, left: Expr, right: Expr) -> Result<(), Refusal> {
        for side in [left, right] {
            let parts = match self.arena.node(side) {
                Node::Sum(parts) => parts.to_vec(),
                _ => vec![side],
            };
            for part in parts {
                let letter = match self.arena.node(part) {
                    Node::Product(factors) => match factors[..] {
                        [sign, letter] if self.arena.as_integer(sign) == Some(-1) => letter,
                        _ => part,
                    },
                    _ => part,
                };
                if let Some(number) = self.arena.as_number(letter).and_then(to_i64) {
                    self.window = self.window.max(number.abs());
                }
                self.place(letter).map_err(|_| Refusal::Outside("a condition on numbers"))?;
            }
        }
        Ok(())
    }

    fn entry_index(&mut self, index: Expr) -> Result<(), Refusal> {
        match self.place(index)? {
            Place::At | Place::Letter { offset: 0, .. } => Ok(()),
            Place::Letter { .. } => Err(Refusal::Outside("entries at shifted indices")),
        }
    }

    /// A member of a family: what stands at its step, what its definition says, or a value that is carried.
    fn member(&mut self, symbol: SymbolId, indices: &[Expr]) -> Result<Need, Refusal> {
        let mut reach = Reach::Nowhere;
        for &index in indices {
            if let Place::Letter { letter, .. } = self.place(index)? {
                if reach != Reach::Nowhere {
                    return Err(Refusal::Outside("families over two indices"));
                }
                reach = Reach::Near(letter);
            }
        }
        if self.arena.kind(symbol) == SymbolKind::Integer {
            // As a number, a size counts indices of entries, any other integer steps.
            return match indices {
                [] if self.sizes.contains(&symbol) => Ok(ONE.with_counts(1)),
                [] => Ok(ONE.far(2)),
                _ => Err(Refusal::Outside("families of sizes")),
            };
        }
        let family = self.family(symbol)?;
        Ok(if family.is_relative { Need { reach, ..family.need } } else { family.need })
    }

    fn family(&mut self, symbol: SymbolId) -> Result<Family, Refusal> {
        if let Some(family) = self.families.get(&symbol) {
            return Ok(*family);
        }
        if !self.model.is_defined(symbol) || self.open.contains(&symbol) {
            return Ok(Family { need: ONE, is_relative: true });
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
        let mut need = NOTHING;
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
    fn body(&mut self, definition: &Definition) -> Result<Need, Refusal> {
        let outside = std::mem::take(&mut self.needs);
        let need = self.need(definition.body);
        self.needs = outside;
        let need = need?;
        let is_own = |letter| matches!(self.arena.node(letter), Node::Symbol { symbol, .. } if definition.indices.contains(&Argument::Letter(*symbol)));
        match need.reach {
            Reach::Near(letter) if is_own(letter) => Ok(Need { reach: Reach::Nowhere, ..need }),
            Reach::Nowhere | Reach::Near(_) | Reach::Far => Ok(need),
        }
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
                facts.looks_ahead |= self.looks_ahead(definition.body, ring);
            }
        }
        let per_step = need.letters + need.inner;
        self.letters_per_step = self.letters_per_step.max(per_step);
        let runs_on = !facts.looks_ahead && need.reach == Reach::Nowhere && (!facts.has_start || facts.is_fresh);
        if runs_on {
            return Ok(Family { need: Need { letters: 0, inner: per_step, ..need }, is_relative: true });
        }
        if facts.is_affine {
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

    /// How many values recurrences carry on: each family that is asked for at another step, as many as that is away.
    fn carried(&self, families: &BTreeSet<SymbolId>) -> u64 {
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

    fn power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&base];
        let Some(number) = self.arena.as_number(exponent) else {
            let is_constant = need.reach == Reach::Nowhere;
            let fits = is_constant && self.is_linear(exponent);
            return if fits {
                Ok(need.far(1))
            } else {
                Err(Refusal::Outside("a power whose exponent is not a count of steps"))
            };
        };
        let (need, exponent) = match to_i64(number) {
            Some(exponent) => (need, exponent),
            None => {
                let twice = to_i64(&(number * Rational::from(2))).ok_or(Refusal::Outside("a root of higher degree"))?;
                (self.root(need), twice)
            }
        };
        if exponent.abs() > 16 {
            return Err(Refusal::Outside("a high power"));
        }
        if exponent >= 0 {
            return Ok((0..exponent).fold(ONE, |power, _| power.times(need)));
        }
        if !need.is_near() || need.letters > 0 {
            if self.holds_bound(base) {
                return Err(Refusal::Outside("a divisor that is a sum for each index"));
            }
            let known = self.divisors.entry(base).or_insert((0, need));
            known.0 = known.0.max(exponent.unsigned_abs());
        }
        let counts = need.counts * exponent.unsigned_abs();
        Ok(Need { letters: 0, counts, ..if need.is_near() { need } else { ONE.far(1) } })
    }

    /// A square root is an unknown whose square is the sum below it.
    fn root(&mut self, need: Need) -> Need {
        self.has_roots = true;
        need.with_letters(1)
    }

    fn holds_bound(&self, expr: Expr) -> bool {
        let mut own = BTreeSet::new();
        let parts = self.arena.reachable(&[expr]);
        for &part in &parts {
            if let Node::Big { height, .. } = self.arena.node(part) {
                own.insert(*height);
            }
        }
        parts.iter().any(|&part| matches!(self.arena.node(part), Node::Bound(height) if !own.contains(height)))
    }

    /// Whether an exponent is made of letters and whole numbers, with whole coefficients.
    fn is_linear(&self, exponent: Expr) -> bool {
        let terms = match self.arena.node(exponent) {
            Node::Sum(parts) => parts.to_vec(),
            _ => vec![exponent],
        };
        terms.into_iter().all(|term| match self.arena.node(term) {
            Node::Product(factors) => {
                let n_letters = factors.iter().filter(|&&part| self.arena.as_integer(part).is_none()).count();
                n_letters == 1
                    && factors.iter().all(|&part| self.arena.as_integer(part).is_some() || self.is_letter(part))
            }
            Node::Number(value) => value.is_int(),
            _ => self.is_letter(term),
        })
    }

    /// Whether an expression is an index that counts steps.
    fn is_letter(&self, expr: Expr) -> bool {
        match self.arena.node(expr) {
            Node::Bound(_) => true,
            Node::Symbol { symbol, indices, .. } => {
                let is_integer = indices.is_empty() && self.arena.kind(*symbol) == SymbolKind::Integer;
                is_integer && !self.sizes.contains(symbol)
            }
            _ => false,
        }
    }

    fn matrix_power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&base];
        match self.arena.as_integer(exponent) {
            Some(n @ 0..=8) => Ok((0..n).fold(ONE, |power, _| power.times(need).with_letters(1))),
            // A rational identity of matrices with n letters holds if it does for sizes of 2 n (Derksen & Makam 2017,
            // "Polynomial degree bounds for matrix semi-invariants", 7).
            Some(-1) => {
                self.has_inverses = true;
                Ok(need.with_letters(2 * (need.letters + 2)))
            }
            Some(_) => Err(Refusal::Outside("a power of an inverse")),
            None if need.reach == Reach::Nowhere && self.is_linear(exponent) => {
                self.letters_per_step = self.letters_per_step.max(need.letters + 1);
                Ok(Need { is_chain: true, ..ONE.far(1) })
            }
            None => Err(Refusal::Outside("a power of a matrix whose exponent is not a count of steps")),
        }
    }

    /// The value of a function at one step is an unknown of that step.
    fn call(&mut self, function: &Function, args: &[Expr]) -> Result<Need, Refusal> {
        let angles = [Elementary::Sin, Elementary::Cos, Elementary::Tan];
        self.has_angles |= matches!(function, Function::Elementary(function) if angles.contains(function));
        let indices: &[Expr] = match function {
            Function::Elementary(Elementary::Delta) => args,
            Function::Declared { indices, .. } => indices,
            Function::Elementary(_) => &[],
        };
        let mut need = ONE;
        for &index in indices {
            if let Place::Letter { letter, .. } = self.place(index)? {
                need.reach = need.reach.with(Reach::Near(letter));
            }
        }
        if let Function::Elementary(Elementary::Delta) = function {
            return Ok(need.with_counts(1));
        }
        for arg in args {
            let arg = self.needs[arg];
            need = need.times(Need { letters: 0, inner: arg.inner + arg.letters, ..arg });
        }
        if let Function::Declared { symbol, .. } = function
            && let Some(FunctionBody::Expression { body, .. }) = self.model.functions.get(symbol)
        {
            let outside = std::mem::take(&mut self.needs);
            let body = self.need(*body);
            self.needs = outside;
            need = need.times(body?);
        }
        if need.is_near() { Ok(need) } else { Err(Refusal::Outside("a function of several steps")) }
    }

    fn big(&mut self, op: Big, height: u32, (lower, upper): (Expr, Expr), body: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&body];
        if op == Big::Sum && self.runs_over_entries(height, lower, upper, body) {
            return Ok(need.with_letters(1));
        }
        let (from, to) = (self.place(lower)?, self.place(upper)?);
        if let (Place::At, Place::At) = (from, to) {
            let length = self.arena.as_integer(upper).zip(self.arena.as_integer(lower)).map_or(0, |(b, a)| b - a + 1);
            let length = u64::try_from(length).unwrap_or(0).min(64);
            let parts = (0..length).map(|_| Need { reach: Reach::Far, ..need });
            return Ok(if op == Big::Sum { parts.fold(NOTHING, Need::plus) } else { parts.fold(ONE, Need::times) });
        }
        let far = [from, to].into_iter().map(|place| match place {
            Place::At => 0,
            Place::Letter { offset, .. } => offset.unsigned_abs(),
        });
        // An end that lies several steps from its letter is counted down to.
        let late = far.fold(1, |factor, offset| factor * offset.max(1));
        match op {
            Big::Sum => Ok(need.summed(late)),
            Big::Product | Big::Ascending | Big::Descending if !need.is_near() => {
                Err(Refusal::Outside("a product over sums"))
            }
            Big::Product if need.letters > 0 => Err(Refusal::Outside("a product over sums of entries")),
            Big::Product => Ok(need.far(late)),
            Big::Ascending | Big::Descending => {
                self.letters_per_step = self.letters_per_step.max(need.letters + 1);
                Ok(Need { letters: 0, is_chain: true, ..need }.far(late))
            }
        }
    }

    /// Whether a bound index runs over all entries of a vector, a row or a column, and counts nothing else.
    fn runs_over_entries(&self, height: u32, lower: Expr, upper: Expr, body: Expr) -> bool {
        let arena = self.arena;
        let is_index = |expr: Expr| matches!(arena.node(expr), Node::Bound(own) if *own == height);
        let mut found = false;
        for part in arena.reachable(&[body]) {
            match arena.node(part) {
                Node::Entry { of, at } => {
                    let sizes = arena.shape(*of).sizes();
                    for (&index, size) in at.iter().zip(sizes) {
                        if is_index(index) {
                            found = true;
                            if size != upper {
                                return false;
                            }
                        }
                    }
                    if is_index(*of) {
                        return false;
                    }
                }
                Node::Call { function: Function::Elementary(Elementary::Delta), .. } | Node::Unit(..) => {}
                _ if arena.children(part).into_iter().any(is_index) => return false,
                _ => {}
            }
        }
        found && arena.is_one(lower)
    }

    fn tensor(&mut self, op: Tensor, args: &[Expr]) -> Result<Need, Refusal> {
        let need = self.product(args);
        match op {
            Tensor::Softmax if !need.is_near() => Err(Refusal::Outside("a function of several steps")),
            // Its sum stands below the line, with an index of its own on either side.
            Tensor::Softmax => Ok(Need { letters: 0, ..need }.with_letters(2)),
            Tensor::Trace => Ok(need.with_letters(1)),
            Tensor::Diagonal => Ok(need),
            Tensor::Determinant => Err(Refusal::Outside("a determinant")),
            Tensor::Norm => Ok(self.root(need.with_letters(1))),
            Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral | Tensor::SpectralRadius => {
                Err(Refusal::Outside("a norm"))
            }
        }
    }

    fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&of];
        let shapes = rank(self.arena.shape(of)) + rank(self.arena.shape(by));
        let outer = Need { letters: need.letters + need.inner + shapes, ..need }.with_counts(shapes);
        let by = self.step_of(by)?;
        let near = match by {
            Some(Place::Letter { letter, .. }) => need.reach.with(Reach::Near(letter)),
            Some(Place::At) | None => need.reach,
        };
        let slopes = if kind == DerivativeKind::Immediate { 0 } else { self.carried(&self.recurrences_below(of)) };
        if slopes == 0 {
            let derivative = Need { reach: near, ..outer };
            return Ok(if need.is_near() { derivative } else { derivative.with_slopes(1) });
        }
        if near != Reach::Far && matches!(by, Some(Place::Letter { .. })) {
            // A fixed number of steps apart: all between stands within the window.
            return Ok(Need { reach: near, ..outer });
        }
        // By a member, the slopes begin where it stands; by a parameter, each step adds to them.
        let carried = slopes + u64::from(by.is_none());
        let outer = Need { is_chain: self.letters_per_step > 0, ..outer };
        Ok(outer.with_slopes(carried))
    }

    /// The step at which a member stands; `None` where it has no index.
    fn step_of(&mut self, expr: Expr) -> Result<Option<Place>, Refusal> {
        let member = Model::member(self.arena, expr);
        let Some((_, indices, _)) = member else { return Ok(None) };
        match indices[..] {
            [] => Ok(None),
            [index] => self.place(index).map(Some),
            _ => Err(Refusal::Outside("families over two indices")),
        }
    }

    fn recurrences_below(&self, of: Expr) -> BTreeSet<SymbolId> {
        let mut found = BTreeSet::new();
        for part in self.arena.reachable(&[of]) {
            let Node::Symbol { symbol, .. } = self.arena.node(part) else { continue };
            let below = self.below.get(symbol).into_iter().flatten().chain([symbol]);
            found.extend(below.copied().filter(|other| self.below.get(other).is_some_and(|own| own.contains(other))));
        }
        found
    }
}

fn rank(shape: Shape) -> u64 {
    match shape {
        Shape::Scalar => 0,
        Shape::Vector(_) => 1,
        Shape::Matrix(..) => 2,
    }
}
