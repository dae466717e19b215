//! What powers, calls, big operators, functions of tensors and derivatives need.

use crate::expr::{Big, DerivativeKind, Elementary, Expr, Function, Tensor};
use crate::model::FunctionBody;
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::need::{NOTHING, Need, ONE, Reach, rank};
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;

impl Survey<'_> {
    pub fn power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
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

    pub fn matrix_power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
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
    pub fn call(&mut self, function: &Function, args: &[Expr]) -> Result<Need, Refusal> {
        let indices: &[Expr] = match function {
            Function::Elementary(Elementary::Delta) => args,
            Function::Declared { indices, .. } => indices,
            Function::Elementary(_) => &[],
        };
        self.has_laws |= match function {
            Function::Elementary(function) => *function != Elementary::Delta,
            Function::Declared { symbol, .. } => {
                matches!(self.model.functions.get(symbol), Some(FunctionBody::Elementary(_)))
            }
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

    pub fn big(&mut self, op: Big, height: u32, (lower, upper): (Expr, Expr), body: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&body];
        if self.runs_over_entries(height, (lower, upper), body)? {
            let is_sum = op == Big::Sum;
            return if is_sum { Ok(need.with_letters(1)) } else { Err(Refusal::Outside("a product over entries")) };
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

    pub fn tensor(&mut self, op: Tensor, args: &[Expr]) -> Result<Need, Refusal> {
        let need = self.product(args);
        match op {
            Tensor::Softmax if !need.is_near() => Err(Refusal::Outside("a function of several steps")),
            // Its sum stands below the line, with an index of its own on either side.
            Tensor::Softmax => {
                self.has_laws = true;
                Ok(Need { letters: 0, ..need }.with_letters(2))
            }
            Tensor::Trace => Ok(need.with_letters(1)),
            Tensor::Diagonal => Ok(need),
            Tensor::Determinant => Err(Refusal::Outside("a determinant")),
            Tensor::Norm => Ok(self.root(need.with_letters(1))),
            Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral | Tensor::SpectralRadius => {
                Err(Refusal::Outside("a norm"))
            }
        }
    }

    pub fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr) -> Result<Need, Refusal> {
        if kind != DerivativeKind::Immediate
            && let Some(need) = self.derivative_on_graph(of, by)?
        {
            return Ok(need);
        }
        let need = self.needs[&of];
        let shapes = rank(self.arena.shape(of)) + rank(self.arena.shape(by));
        // Equal indices of what is taken and of that by which it is, in pairs, count where they are summed.
        let outer = Need { letters: need.letters + need.inner + shapes, ..need }.with_counts(shapes / 2);
        let is_side_by_side = self.are_side_by_side(of, by)?;
        let by = self.step_of(by)?;
        let near = match by {
            Some(Place::Letter { letter, .. }) => need.reach.with(Reach::Near(self.one_place(letter))),
            Some(Place::At) | None => need.reach,
        };
        let below = self.recurrences_below(of);
        if kind != DerivativeKind::Immediate && self.is_grid(&below) {
            // All between stands within the window, or on paths without bound.
            let is_near = is_side_by_side && near != Reach::Far;
            return if is_near {
                Ok(Need { reach: near, ..outer })
            } else {
                Err(Refusal::Outside("paths over a grid"))
            };
        }
        let slopes = if kind == DerivativeKind::Immediate { 0 } else { self.carried(&below) };
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
}
