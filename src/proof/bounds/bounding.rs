//! Bounds by structure: an expression that the absolute value of another never exceeds.
//!
//! Factors are bounded one by one and the bounds multiplied: what depends on one bounded unknown by its largest value,
//! found exactly; a function on whose slope there is an assumption by that; parameters by themselves. A product over
//! an index becomes a power of the bound of its factor, a sum the sum of the bounds of its terms.

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::number::Rational;
use crate::number::polynomial::Polynomial;
use crate::number::polynomial::{Goal, Multi};
use crate::number::range;
use crate::proof::bounds::Prover;
use crate::proof::bounds::extreme::largest;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::norms::Norms;
use crate::proof::bounds::order::Derived;
use crate::proof::bounds::reading::Reader;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::{Composition, Reason, Relation, Span};
use crate::rewrite::{Linear, Normalizer};

/// What becomes of a name whose values are bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// It stands in the bound.
    Kept,
    /// Its largest absolute value stands there, unless it is a parameter.
    Bounded,
    /// The same, and sums are bounded term by term, products factor by factor, parameters together.
    Apart,
    /// As if they were kept, but what depends on one argument of a function is bounded by its peak.
    Peaks,
    /// As if they were kept, but a function that is 0 at 0 and nowhere steeper than 1 is bounded by its argument.
    Arguments,
}

/// A factor of an absolute value.
enum Part {
    /// An unknown expression, to a power.
    Atom(Expr, i64),
    /// The exact bound of what depends on one unknown, and that.
    Constant(Rational, Expr),
    /// Terms, by unknowns and their exponents.
    Terms(Vec<(Rational, Vec<(Expr, u32)>)>),
}

/// How deep bounds are nested.
const DEPTH: usize = 16;

impl Prover<'_> {
    /// An expression that is never below `|expr|`, wherever both are defined.
    pub fn magnitude(&mut self, expr: Expr, names: Names, known: &Known) -> Option<Expr> {
        self.magnitude_at(expr, names, known, 0)
    }

    /// Leaves the evidence for a bound that was found; what that takes is not counted.
    pub fn explain_magnitude(&mut self, expr: Expr, names: Names, known: &Known) {
        let explains = std::mem::replace(&mut self.explains, true);
        self.aside(|prover| prover.magnitude(expr, names, known));
        self.explains = explains;
    }

    pub fn magnitude_at(&mut self, expr: Expr, names: Names, known: &Known, depth: usize) -> Option<Expr> {
        if depth > DEPTH || !self.step() {
            return None;
        }
        let opened = self.opened_out(expr, known);
        self.bounding_if_explained(expr, |prover| {
            let mark = prover.evidence.len();
            let bound =
                prover.bounding_if_explained(opened, |prover| prover.magnitude_of_opened(opened, names, known, depth));
            if opened != expr && bound.is_some() {
                prover.explain_as(mark, expr, bound, Reason::WorkedOut);
            }
            bound
        })
    }

    /// A search for a bound of an absolute value, with its evidence where that is wanted.
    fn bounding_if_explained(&mut self, expr: Expr, search: impl FnOnce(&mut Self) -> Option<Expr>) -> Option<Expr> {
        if !self.explains {
            return search(self);
        }
        let size = self.magnitude_of(expr);
        self.bounding("bound by structure", size, &mut Norms::default(), |prover, _| search(prover))
    }

    /// Makes what was left since `mark` the premises of a bound.
    fn explain_as(&mut self, mark: usize, expr: Expr, bound: Option<Expr>, reason: Reason) {
        if let Some(bound) = bound.filter(|_| self.explains) {
            let size = self.magnitude_of(expr);
            self.conclude(mark, Prop::at_most(size, bound), reason);
        }
    }

    /// A bound of what is composed of the parts of which bounds were left since `mark`.
    fn explained(&mut self, mark: usize, expr: Expr, bound: Expr, how: Composition) -> Option<Expr> {
        self.explain_as(mark, expr, Some(bound), Reason::Composed(how));
        Some(bound)
    }

    fn magnitude_of_opened(&mut self, expr: Expr, names: Names, known: &Known, depth: usize) -> Option<Expr> {
        let mark = self.evidence.len();
        match self.arena.node(expr).clone() {
            Node::Number(value) => {
                let bound = self.arena.number(crate::number::rational::abs(&value));
                self.explain_as(mark, expr, Some(bound), Reason::Numbers);
                Some(bound)
            }
            Node::Call { function: Function::Elementary(Elementary::Abs), args, slots } if slots.is_empty() => {
                self.magnitude_at(args[0], names, known, depth + 1)
            }
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
                self.big_magnitude(expr, (op, lower, upper), names, known, depth)
            }
            Node::Power(base, exponent) if self.arena.as_number(exponent).is_none() => {
                self.power_magnitude(expr, base, exponent, names, known, depth)
            }
            Node::Cases(_) => None,
            Node::Sum(_) | Node::Product(_) if names == Names::Apart => self.magnitude_apart(expr, known, depth),
            Node::Sum(_) | Node::Product(_) | Node::Call { .. } if names == Names::Peaks => {
                self.magnitude_by_peaks(expr, known, depth)
            }
            Node::Sum(_) | Node::Product(_) | Node::Call { .. } if names == Names::Arguments => {
                self.by_operands(expr, names, known, depth)
            }
            _ => {
                let Some(parts) = self.parts_of(expr, known) else {
                    return self.by_operands(expr, names, known, depth);
                };
                if let [Part::Atom(atom, 1)] = parts[..] {
                    let bound =
                        self.bounding_if_explained(atom, |prover| prover.atom_magnitude(atom, names, known, depth));
                    if atom != expr {
                        self.explain_as(mark, expr, bound, Reason::WorkedOut);
                    }
                    return bound;
                }
                let mut factors = Vec::new();
                for part in parts {
                    factors.push(self.part_magnitude(part, names, known, depth)?);
                }
                let bound = self.arena.product(factors);
                self.explained(mark, expr, bound, Composition::Product)
            }
        }
    }

    /// The triangle inequality and the absolute value of a product, where an expression is not a quotient of
    /// polynomials.
    pub fn by_operands(&mut self, expr: Expr, names: Names, known: &Known, depth: usize) -> Option<Expr> {
        let (parts, is_sum) = match self.arena.node(expr).clone() {
            Node::Sum(parts) => (parts, true),
            Node::Product(parts) => (parts, false),
            _ => return self.atom_magnitude(expr, names, known, depth),
        };
        let (mark, mut bounds) = (self.evidence.len(), Vec::new());
        for &part in parts.iter() {
            bounds.push(self.magnitude_at(part, names, known, depth + 1)?);
        }
        self.explained_operands(mark, expr, bounds, is_sum)
    }

    pub fn explained_operands(&mut self, mark: usize, expr: Expr, bounds: Vec<Expr>, is_sum: bool) -> Option<Expr> {
        if is_sum {
            let bound = self.arena.sum(bounds);
            self.explained(mark, expr, bound, Composition::Sum)
        } else {
            let bound = self.arena.product(bounds);
            self.explained(mark, expr, bound, Composition::Product)
        }
    }

    /// What depends on one unknown by its exact bound; else a sum by its terms, a product by its factors, of which the
    /// parameters stay together.
    fn magnitude_apart(&mut self, expr: Expr, known: &Known, depth: usize) -> Option<Expr> {
        let mark = self.evidence.len();
        if let Some([Part::Constant(value, _)]) = self.parts_of(expr, known).as_deref() {
            return self.constant_magnitude(expr, value, known);
        }
        let (parts, is_sum) = match self.arena.node(expr).clone() {
            Node::Sum(parts) => (parts, true),
            Node::Product(parts) => (parts, false),
            _ => return self.atom_magnitude(expr, Names::Apart, known, depth),
        };
        let (own, rest): (Vec<Expr>, Vec<Expr>) = parts.iter().partition(|&&part| self.is_parameter(part));
        let own = if is_sum { self.arena.sum(own) } else { self.arena.product(own) };
        let size = self.bounding_if_explained(own, |prover| Some(prover.size_of_parameter(own, known)));
        let mut bounds: Vec<Expr> = size.into_iter().collect();
        let single = self.arena.product(rest.clone());
        match self.parts_of(single, known).filter(|_| !is_sum).as_deref() {
            Some([Part::Constant(value, _)]) => bounds.extend(self.constant_magnitude(single, value, known)),
            _ => {
                for part in rest {
                    bounds.push(self.magnitude_at(part, Names::Apart, known, depth + 1)?);
                }
            }
        }
        self.explained_operands(mark, expr, bounds, is_sum)
    }

    /// The exact bound of what depends on one unknown.
    fn constant_magnitude(&mut self, expr: Expr, value: &Rational, known: &Known) -> Option<Expr> {
        let bound = self.arena.number(value.clone());
        self.bounding_if_explained(expr, |prover| {
            prover.show_bound(expr, bound, known);
            Some(bound)
        })
    }

    /// Leaves the evidence that a number bounds an absolute value, where that is wanted.
    pub fn show_bound(&mut self, expr: Expr, bound: Expr, known: &Known) {
        if self.explains {
            let size = self.magnitude_of(expr);
            self.explains = false;
            self.attempt(|prover| prover.compared(size, bound, Goal::NonNegative, known));
            self.explains = true;
        }
    }

    /// Whether an expression is made of numbers and of givens without an index.
    fn is_parameter(&self, expr: Expr) -> bool {
        self.arena.reachable(&[expr]).into_iter().all(|part| match self.arena.node(part) {
            Node::Symbol { symbol, indices, .. } => {
                indices.is_empty()
                    && self.arena.kind(*symbol) == SymbolKind::Real
                    && !self.structure.states.contains(symbol)
            }
            node => matches!(node, Node::Number(_) | Node::Sum(_) | Node::Product(_) | Node::Power(..)),
        })
    }

    /// The absolute value of an expression of parameters, by its sign where that is known.
    fn size_of_parameter(&mut self, expr: Expr, known: &Known) -> Expr {
        let (zero, back, mark) = (self.arena.zero(), self.arena.negate(expr), self.evidence.len());
        let size = if self.attempt(|prover| prover.compared(zero, expr, Goal::NonNegative, known)) {
            expr
        } else if self.attempt(|prover| prover.compared(zero, back, Goal::NonNegative, known)) {
            back
        } else {
            self.arena.apply(Elementary::Abs, expr)
        };
        self.evidence.truncate(mark);
        if self.explains && (size == expr || size == back) {
            let own = self.magnitude_of(expr);
            self.attempt(|prover| prover.compared(own, size, Goal::NonNegative, known));
        }
        size
    }

    fn part_magnitude(&mut self, part: Part, names: Names, known: &Known, depth: usize) -> Option<Expr> {
        match part {
            Part::Constant(value, own) => self.constant_magnitude(own, &value, known),
            Part::Atom(atom, exponent) if exponent > 0 => {
                let (mark, base) = (self.evidence.len(), self.magnitude_at_atom(atom, names, known, depth)?);
                let exponent = self.arena.integer(exponent);
                let (own, bound) = (self.arena.power(atom, exponent), self.arena.power(base, exponent));
                self.explained(mark, own, bound, Composition::Power(exponent))
            }
            Part::Atom(atom, exponent) => {
                let base = self.arena.apply(Elementary::Abs, atom);
                let exponent = self.arena.integer(exponent);
                Some(self.arena.power(base, exponent))
            }
            Part::Terms(terms) => {
                let (mut sum, mut own, mark) = (Vec::new(), Vec::new(), self.evidence.len());
                for (coefficient, monomial) in terms {
                    let (term, bound) = self.term_magnitude(&coefficient, monomial, names, known, depth)?;
                    own.push(term);
                    sum.push(bound);
                }
                let (own, bound) = (self.arena.sum(own), self.arena.sum(sum));
                self.explained(mark, own, bound, Composition::Sum)
            }
        }
    }

    /// A term and the bound of its absolute value.
    fn term_magnitude(
        &mut self,
        coefficient: &Rational,
        monomial: Vec<(Expr, u32)>,
        names: Names,
        known: &Known,
        depth: usize,
    ) -> Option<(Expr, Expr)> {
        let (mark, number) = (self.evidence.len(), self.arena.number(coefficient.clone()));
        let size = self.arena.number(crate::number::rational::abs(coefficient));
        self.explain_as(mark, number, Some(size), Reason::Numbers);
        let (mut own, mut factors) = (vec![number], vec![size]);
        for (atom, exponent) in monomial {
            let part = Part::Atom(atom, exponent.into());
            factors.push(self.part_magnitude(part, names, known, depth)?);
            let exponent = self.arena.integer(exponent.into());
            own.push(self.arena.power(atom, exponent));
        }
        let (own, bound) = (self.arena.product(own), self.arena.product(factors));
        self.explained(mark, own, bound, Composition::Product);
        Some((own, bound))
    }

    fn magnitude_at_atom(&mut self, atom: Expr, names: Names, known: &Known, depth: usize) -> Option<Expr> {
        match self.arena.node(atom) {
            Node::Big { .. } | Node::Power(..) => self.magnitude_at(atom, names, known, depth + 1),
            _ => self.bounding_if_explained(atom, |prover| prover.atom_magnitude(atom, names, known, depth)),
        }
    }

    /// The bound of an expression that is not opened: by an assumption, by its range, or itself.
    fn atom_magnitude(&mut self, atom: Expr, names: Names, known: &Known, depth: usize) -> Option<Expr> {
        if let Some(inside) = self.arena.argument(Elementary::Abs, atom)
            && depth < DEPTH
        {
            return self.atom_magnitude(inside, names, known, depth + 1);
        }
        for law in &known.laws {
            let Some(inside) = self.arena.argument(Elementary::Abs, law.relation.left) else { continue };
            if let Some(letters) = law.unify(self.arena, inside, atom)
                && let Some(derived) = law.derived(self.arena, known, &letters)
                && let (Comparison::Less | Comparison::LessEqual, _, right) = derived.triple()
            {
                if self.explains {
                    self.evidence.push(derived.evidence());
                }
                return Some(right);
            }
        }
        if names == Names::Arguments
            && let Some(bound) = self.magnitude_by_argument(atom, known, depth)
        {
            return Some(bound);
        }
        let keeps = matches!(names, Names::Kept | Names::Peaks | Names::Arguments);
        if !keeps && let Some(stated) = self.stated_magnitude(atom, known) {
            if self.explains {
                self.attest(stated.prop(), Reason::Supposed);
            }
            return Some(stated.right);
        }
        let own = range::magnitude(&self.range(atom, known));
        let parameter =
            matches!(self.arena.node(atom), Node::Symbol { symbol, .. } if !self.structure.states.contains(symbol));
        let wanted = !keeps && !parameter;
        if let Some(high) = own.high.value()
            && wanted
        {
            let bound = self.arena.number(high.clone());
            self.explain_as(self.evidence.len(), atom, Some(bound), Reason::Extent);
            return Some(bound);
        }
        if range::is_non_negative(&self.range(atom, known)) {
            if self.explains {
                let (mark, not_negative) = (self.evidence.len(), self.above_zero(Goal::NonNegative, atom));
                self.attest(not_negative.prop(), Reason::Extent);
                self.explain_as(mark, atom, Some(atom), Reason::Law("size", vec![atom]));
            }
            Some(atom)
        } else {
            Some(self.arena.apply(Elementary::Abs, atom))
        }
    }

    /// `|f(u)| <= |u|` where f(0) = 0 and f is nowhere steeper than 1.
    fn magnitude_by_argument(&mut self, atom: Expr, known: &Known, depth: usize) -> Option<Expr> {
        let (f, inside) = self.below_argument(atom)?;
        let mark = self.evidence.len();
        if self.explains {
            let (letter, zero, one) = (self.fresh(SymbolKind::Real), self.arena.zero(), self.arena.one());
            let [value, left, right] = [(f, letter), (Elementary::Abs, atom), (Elementary::Abs, inside)]
                .map(|(f, of)| self.arena.apply(f, of));
            let asked = Asked { left, right, goal: Goal::NonNegative, known };
            self.explains = false;
            self.attest_slope(asked, (value, letter), (inside, zero), one);
            self.explains = true;
        }
        let bound = self.magnitude_at(inside, Names::Arguments, known, depth + 1)?;
        self.explain_as(mark, atom, Some(bound), Reason::Through);
        Some(bound)
    }

    /// A function of one argument that is 0 at 0 and nowhere steeper than 1, and its argument. The absolute value of that
    /// is as large as it is, so nothing is gained by it.
    fn below_argument(&mut self, atom: Expr) -> Option<(Elementary, Expr)> {
        let (f, args) = self.arena.elementary(atom).filter(|&(f, _)| f != Elementary::Abs)?;
        let &[inside] = args else { return None };
        let steepest = f.steepest(self.arena).filter(|_| f.at_zero() == Some(0.into()))?;
        let steepest = self.canonical(steepest);
        self.arena.is_one(steepest).then_some((f, inside))
    }

    /// Whether such a function stands in an expression as a term, or as a factor of one.
    pub fn is_of_arguments(&mut self, expr: Expr) -> bool {
        let inside = self.arena.argument(Elementary::Abs, expr).unwrap_or(expr);
        let terms = match self.arena.node(inside) {
            Node::Sum(terms) => terms.to_vec(),
            _ => vec![inside],
        };
        let factors = terms.into_iter().flat_map(|term| self.arena.factors(term)).collect::<Vec<_>>();
        factors.into_iter().any(|factor| self.below_argument(factor).is_some())
    }

    /// What a fact says that the absolute value of a state does not exceed.
    fn stated_magnitude(&mut self, atom: Expr, known: &Known) -> Option<Relation> {
        let (symbol, _, _) = crate::model::Model::member(self.arena, atom)?;
        if !self.structure.states.contains(&symbol) {
            return None;
        }
        let size = self.arena.apply(Elementary::Abs, atom);
        let is_bound = |&&(how, left, _): &&(Comparison, Expr, Expr)| {
            matches!(how, Comparison::Less | Comparison::LessEqual) && left == size
        };
        known.facts.iter().find(is_bound).map(|&(how, left, right)| Relation::new(how, left, right))
    }

    fn big_magnitude(
        &mut self,
        expr: Expr,
        (op, lower, upper): (Big, Expr, Expr),
        names: Names,
        known: &Known,
        depth: usize,
    ) -> Option<Expr> {
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let letter = self.fresh(SymbolKind::Integer);
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
        let body = self.arena.instantiate(expr, letter)?;
        let inner = known.within(letter, &low, &high);
        let mark = self.evidence.len();
        let bound = self.magnitude_at(body, names, &inner, depth + 1)?;
        let bound = self.bound_over(op, (letter, symbol), (lower, upper), bound, known)?;
        self.explained(mark, expr, bound, Composition::Over(op, Span::new(letter, lower, upper)))
    }

    /// A sum or product of bounds: a multiple or a power where they are all the same.
    fn bound_over(
        &mut self,
        op: Big,
        (letter, symbol): (Expr, SymbolId),
        (lower, upper): (Expr, Expr),
        bound: Expr,
        known: &Known,
    ) -> Option<Expr> {
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        if self.arena.contains(bound, letter) {
            return Some(self.arena.big(op, symbol, lower, upper, bound));
        }
        let length = high.minus(&low).plus(&Linear::integer(1), &1.into());
        let never_short = known.domain.implies_at_most_zero(&Linear::default().minus(&length));
        if !never_short {
            return Some(self.arena.big(op, symbol, lower, upper, bound));
        }
        let length = length.expr(self.arena);
        Some(if op == Big::Product { self.arena.power(bound, length) } else { self.arena.product([length, bound]) })
    }

    /// `|b^n| <= B^n` for `|b| <= B` and a whole `n` that is not negative.
    fn power_magnitude(
        &mut self,
        expr: Expr,
        base: Expr,
        exponent: Expr,
        names: Names,
        known: &Known,
        depth: usize,
    ) -> Option<Expr> {
        let zero = self.arena.zero();
        let counts = crate::proof::context::is_integer(self.arena, exponent)
            && known.decides(self.arena, Comparison::LessEqual, zero, exponent) == Some(true);
        if !counts {
            return Some(self.arena.apply(Elementary::Abs, expr));
        }
        let mark = self.evidence.len();
        let base = self.magnitude_at(base, names, known, depth + 1)?;
        let bound = self.arena.power(base, exponent);
        self.explained(mark, expr, bound, Composition::Power(exponent))
    }

    /// The factors of an expression that is a quotient of polynomials, those of one unknown bounded exactly.
    fn parts_of(&mut self, expr: Expr, known: &Known) -> Option<Vec<Part>> {
        let n_conditions = self.conditions.len();
        let mut exprs = vec![expr];
        let derived = self.instances_of_laws(expr, known);
        let mut facts: Vec<(Comparison, Expr, Expr)> = derived.iter().map(Derived::triple).collect();
        facts.extend(known.facts.iter().copied());
        exprs.extend(facts.iter().flat_map(|&(_, left, right)| [left, right]));
        let differences = self.differences(&facts);
        let mut reader = Reader::new(self, known, &exprs);
        let Ok(ratio) = reader.read(expr) else {
            self.conditions.truncate(n_conditions);
            return None;
        };
        for (&(how, left, right), (_, difference)) in facts.iter().zip(differences) {
            reader.assume(Relation::new(how, left, right), difference, None);
        }
        Some(reader.parts(&ratio.numerator, ratio.denominator.into_iter().collect()))
    }

    /// Sums of terms that grow geometrically, bounded by the whole series; `None` where there are none.
    pub fn without_series(&mut self, expr: Expr, known: &Known) -> Option<Expr> {
        let mut map = crate::expr::Substitution::new();
        for part in self.arena.reachable(&[expr]) {
            if let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(part)
                && let Some(bound) = self.series(part, lower, upper, known)
            {
                map.insert(part, bound);
            }
        }
        if map.is_empty() { None } else { Some(self.arena.substitute(expr, &map)) }
    }

    /// `Σ_j c q^(n - j) <= c q^(n - m) / (1 - q)` for `j <= m`, and the same upward, for `0 <= q < 1` and `c >= 0`.
    fn series(&mut self, expr: Expr, lower: Expr, upper: Expr, known: &Known) -> Option<Expr> {
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let letter = self.fresh(SymbolKind::Integer);
        let body = self.arena.instantiate(expr, letter)?;
        let inner = known.within(letter, &low, &high);
        let form = Normalizer::new(self.arena).form(body, &crate::rewrite::Domain::all()).ok()?;
        let [term] = &form.terms[..] else { return None };
        if !term.letters.is_empty() || term.coefficient < Rational::from(0) {
            return None;
        }
        let mut upward = Vec::new();
        for (&atom, exponent) in &term.factors {
            if self.arena.contains(atom, letter) || !range::is_non_negative(&self.range(atom, known)) {
                return None;
            }
            if let Some(scale) = exponent.parts.get(&letter) {
                upward.push((atom, scale.clone()));
            }
        }
        if upward.is_empty() {
            return None;
        }
        // The ratio of neighbours, upward or downward: whichever is below 1.
        for (direction, end) in [(1, lower), (-1, upper)] {
            let Some(ratio) = self.ratio_of(&upward, direction) else { continue };
            let one = self.arena.one();
            let zero = self.arena.zero();
            let small = self.attempt(|prover| prover.at_most(zero, ratio, Goal::NonNegative, known))
                && self.attempt(|prover| prover.at_most(ratio, one, Goal::Positive, known));
            let end_linear = Linear::read(self.arena, end)?;
            let whole = term.factors.iter().all(|(&atom, exponent)| {
                let at_end = exponent.substitute(letter, &end_linear);
                let counts = known.domain.implies_at_most_zero(&Linear::default().minus(&at_end));
                counts || range::is_positive(&self.range(atom, known))
            });
            let inside = term.factors.iter().all(|(&atom, exponent)| {
                let counts = inner.domain.implies_at_most_zero(&Linear::default().minus(exponent));
                counts || range::is_positive(&self.range(atom, known))
            });
            if small && whole && inside {
                let first = self.arena.substitute(body, &crate::expr::Substitution::from([(letter, end)]));
                let rest = self.arena.subtract(one, ratio);
                return Some(self.arena.divide(first, rest));
            }
        }
        None
    }

    /// The product of the powers that one step of the index multiplies by; names must not stand below the line.
    pub fn ratio_of(&mut self, upward: &[(Expr, Rational)], direction: i64) -> Option<Expr> {
        let mut factors = Vec::new();
        for (atom, scale) in upward {
            let power = scale * Rational::from(direction);
            if power < Rational::from(0) && self.arena.as_number(*atom).is_none() {
                return None;
            }
            let power = self.arena.number(power);
            factors.push(self.arena.power(*atom, power));
        }
        Some(self.arena.product(factors))
    }
}

impl Reader<'_, '_> {
    /// The factors of the absolute value of a quotient.
    fn parts(&mut self, numerator: &Multi, denominator: Vec<(Multi, u32)>) -> Vec<Part> {
        let (content, rest) = numerator.content();
        let mut above: Vec<(Multi, u32)> =
            content.into_iter().map(|(unknown, exponent)| (Multi::unknown(unknown), exponent)).collect();
        above.push((rest, 1));
        let mut parts = Vec::new();
        for unknown in 0..self.space.ranges.len() {
            let only = |factor: &Multi| factor.unknowns() == [unknown];
            let single = above.iter().chain(&denominator).filter(|(factor, _)| only(factor)).collect::<Vec<_>>();
            let is_power = single.iter().all(|(factor, _)| factor.n_terms() == 1);
            if single.is_empty() || is_power && self.keeps_name(unknown) {
                continue;
            }
            let product = |factors: &[(Multi, u32)]| {
                factors
                    .iter()
                    .filter(|(factor, _)| only(factor))
                    .try_fold(Polynomial::constant(1.into()), |all, (factor, exponent)| {
                        Some(&all * &factor.univariate(unknown)?.pow(*exponent))
                    })
            };
            let quotient = product(&above).zip(product(&denominator));
            let bound = quotient.and_then(|(above, below)| largest(&above, &below, &self.space.ranges[unknown]));
            if let Some(bound) = bound {
                let sides = [(1, &above), (-1, &denominator)].into_iter().flat_map(|(sign, factors)| {
                    factors.iter().map(move |(factor, exponent)| (factor.clone(), sign * i64::from(*exponent)))
                });
                let own: Vec<(Multi, i64)> = sides.filter(|(factor, _)| only(factor)).collect();
                parts.push(Part::Constant(bound, self.product_expression(&own)));
                above.retain(|(factor, _)| !only(factor));
                // What is bounded below the line is used up, too.
                return self.rest_of(
                    parts,
                    above,
                    denominator.into_iter().filter(|(factor, _)| !only(factor)).collect(),
                );
            }
        }
        self.rest_of(parts, above, denominator)
    }

    fn rest_of(&mut self, mut parts: Vec<Part>, above: Vec<(Multi, u32)>, below: Vec<(Multi, u32)>) -> Vec<Part> {
        if !parts.is_empty() && (!above.is_empty() || !below.is_empty()) {
            let numerator = above
                .iter()
                .fold(Multi::constant(1.into()), |all, (factor, exponent)| all.times(&factor.power(*exponent)));
            parts.extend(self.parts(&numerator, below));
            return parts;
        }
        for (factor, exponent) in above {
            if let Some(value) = factor.as_constant() {
                let own = self.expression(&factor);
                parts.push(Part::Constant(crate::number::rational::abs(&value), own));
            } else if let ([unknown], 1) = (&factor.unknowns()[..], factor.n_terms()) {
                let atom = self.unknown_expression(*unknown);
                let (_, coefficient) =
                    factor.terms().next().map_or((0, Rational::from(1)), |(_, value)| (0, value.clone()));
                let own = self.expression(&Multi::constant(coefficient.clone()));
                parts.push(Part::Constant(crate::number::rational::abs(&coefficient), own));
                parts.push(Part::Atom(atom, i64::from(exponent)));
            } else {
                let terms = factor
                    .terms()
                    .map(|(monomial, coefficient)| {
                        let powers = monomial
                            .iter()
                            .map(|(&unknown, &exponent)| (self.unknown_expression(unknown), exponent))
                            .collect();
                        (coefficient.clone(), powers)
                    })
                    .collect::<Vec<_>>();
                for _ in 0..exponent {
                    parts.push(Part::Terms(terms.clone()));
                }
            }
        }
        for (factor, exponent) in below {
            let atom = self.expression(&factor);
            parts.push(Part::Atom(atom, -i64::from(exponent)));
        }
        parts
    }

    /// Whether an unknown is bounded by what its own structure says, and not by its range.
    fn keeps_name(&self, unknown: usize) -> bool {
        !self.is_exponential(unknown)
    }
}
