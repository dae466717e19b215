//! What powers, calls, big operators, functions of tensors and derivatives need.

use crate::expr::{Big, DerivativeKind, Elementary, Expr, Function, Tensor};
use crate::model::FunctionBody;
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::laws::{adds_up, elementary, is_piecewise};
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
        if exponent.abs() > 64 {
            return Err(Refusal::Outside("a high power"));
        }
        if exponent >= 0 {
            return Ok(need.raised(exponent.unsigned_abs()));
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

    /// A square root is an unknown whose square is the sum below it. Of a count, there may be one of each sign.
    fn root(&mut self, need: Need) -> Need {
        self.has_counted_roots |= need.holds_counts();
        let need = if need.reach == Reach::Counting { need.far(2) } else { need };
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

    /// The value of a function at one step, or of its slope, is an unknown of that step.
    pub fn call(&mut self, function: &Function, is_value: bool, args: &[Expr]) -> Result<Need, Refusal> {
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
        let elementary = elementary(self.model, function);
        let is_piecewise = elementary.is_some_and(is_piecewise);
        for arg in args {
            let arg = self.needs[arg];
            // At the sizes that are looked at, a count may have another sign than at others.
            if arg.holds_counts() && self.tells_signs(function) {
                return Err(Refusal::Outside("the order of sizes"));
            }
            if elementary.is_some_and(adds_up) {
                self.in_exponents = self.in_exponents.max(arg.letters + arg.inner);
            }
            need = need.times(if is_piecewise { arg } else { arg.inside() });
        }
        if let Function::Declared { symbol, .. } = function
            && let Some(FunctionBody::Expression { body, .. }) = self.model.functions.get(symbol)
        {
            let outside = std::mem::take(&mut self.needs);
            let body = self.need(*body);
            self.needs = outside;
            need = need.times(body?);
        }
        if need.is_near() {
            Ok(need)
        } else if is_value {
            self.of_several_steps(function, args)
        } else {
            Err(Refusal::Outside("a slope of a function of several steps"))
        }
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
        let late = self.late(lower, upper)?;
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

    /// By how much the ends of a sum multiply its states: an end that lies several steps from its letter is counted down
    /// to.
    pub fn late(&mut self, lower: Expr, upper: Expr) -> Result<u64, Refusal> {
        let mut late = 1;
        for end in [lower, upper] {
            late *= match self.place(end)? {
                Place::At => 1,
                Place::Letter { offset, .. } => offset.unsigned_abs().max(1),
            };
        }
        Ok(late)
    }

    pub fn tensor(&mut self, op: Tensor, args: &[Expr]) -> Result<Need, Refusal> {
        let need = self.product(args);
        match op {
            Tensor::Softmax if !need.is_near() => Err(Refusal::Outside("a function of several steps")),
            // Its sum stands below the line, with an index of its own on either side.
            Tensor::Softmax => {
                self.in_exponents = self.in_exponents.max(need.letters + need.inner);
                Ok(need.inside().with_letters(2))
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
            let is_near = is_side_by_side && near.is_near();
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
        if near.is_near() && matches!(by, Some(Place::Letter { .. })) {
            // A fixed number of steps apart: all between stands within the window.
            return Ok(Need { reach: near, ..outer });
        }
        // By a member, the slopes begin where it stands; by a parameter, each step adds to them.
        let carried = slopes + u64::from(by.is_none());
        let outer = Need { is_chain: self.letters_per_step > 0, ..outer };
        Ok(outer.with_slopes(carried))
    }
}
