//! What powers, calls, big operators, functions of tensors and derivatives need.

use std::collections::BTreeSet;

use crate::expr::{Big, DerivativeKind, Elementary, Expr, Function, Node, Shape, SymbolId, Tensor};
use crate::model::FunctionBody;
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::accidents::Called;
use crate::proof::cases::grips::Grip;
use crate::proof::cases::laws::{adds_up, divides, elementary, is_piecewise};
use crate::proof::cases::need::{NOTHING, Need, ONE, Reach};
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;

impl Survey<'_> {
    pub fn power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&base];
        let Some(number) = self.arena.as_number(exponent) else {
            let is_constant = need.reach == Reach::Nowhere && need.counts == 0;
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
                (self.root(base, need), twice)
            }
        };
        if exponent.abs() > 64 {
            return Err(Refusal::Outside("a high power"));
        }
        self.divides |= exponent < 0 && !self.is_number_of_sizes(base);
        if exponent >= 0 {
            return Ok(need.raised(exponent.unsigned_abs()));
        }
        if !need.is_near() || need.letters > 0 || need.counts > 0 {
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
    fn root(&mut self, of: Expr, need: Need) -> Need {
        self.note(Called::Root, of, need.counts);
        self.divides |= !self.is_number_of_sizes(of);
        self.has_counted_roots |= need.holds_counts();
        let need = if need.reach == Reach::Counting { need.far(2) } else { need };
        need.with_letters(1)
    }

    pub fn matrix_power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&base];
        match self.arena.as_integer(exponent) {
            Some(n @ 0..=8) => Ok((0..n).fold(ONE, |power, _| power.times(need).with_letters(1))),
            Some(n @ -8..=-1) => {
                self.divides = true;
                if self.n_free(self.arena.shape(base)) == 0 {
                    let is_known = need.is_near() && need.letters == 0 && need.counts == 0;
                    return if is_known { Ok(need) } else { Err(Refusal::Outside("an inverse of sums")) };
                }
                if need.counts > 0 {
                    return Err(Refusal::Outside("an inverse of what holds a size"));
                }
                if !need.words.is_plain || !need.is_near() {
                    return Err(Refusal::Outside("an inverse of what is no sum of products of matrices"));
                }
                self.has_inverses = true;
                self.strands_below += need.words.rank_ones * n.unsigned_abs();
                Ok(need)
            }
            Some(_) => Err(Refusal::Outside("a high power")),
            None if need.reach == Reach::Nowhere && need.counts == 0 && self.is_linear(exponent) => {
                self.letters_per_step = self.letters_per_step.max(need.letters + 1);
                Ok(Need { is_chain: true, ..ONE.far(1) })
            }
            None => Err(Refusal::Outside("a power of a matrix whose exponent is not a count of steps")),
        }
    }

    /// The value of a function at one step, or of its slope, is an unknown of that step.
    pub fn call(&mut self, function: &Function, n_slots: u64, args: &[Expr]) -> Result<Need, Refusal> {
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
            return Ok(need);
        }
        let elementary = elementary(self.model, function);
        self.divides |= elementary.is_some_and(divides);
        let is_piecewise = elementary.is_some_and(is_piecewise);
        for arg in args {
            self.tell_apart(*arg);
        }
        if let Function::Declared { symbol, .. } = function
            && let Some(FunctionBody::Expression { parameters, body }) = self.model.functions.get(symbol)
        {
            let composed = self.composed((parameters, *body), args)?;
            need = need.times(composed.with_letters(composed.inner * n_slots));
        }
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
        if need.is_near() {
            Ok(need)
        } else if n_slots == 0 {
            self.of_several_steps(function, args)
        } else {
            Err(Refusal::Outside("a slope of a function of several steps"))
        }
    }

    /// The need of the body of a function, whose parameters stand for arguments.
    fn composed(&mut self, (parameters, body): (&[SymbolId], Expr), args: &[Expr]) -> Result<Need, Refusal> {
        let parts = self.arena.reachable(&[body]).into_iter();
        let known = parts.filter_map(|part| {
            let Node::Symbol { symbol, .. } = self.arena.node(part) else { return None };
            let place = parameters.iter().position(|parameter| parameter == symbol)?;
            Some((part, *self.needs.get(args.get(place)?)?))
        });
        let known = known.collect();
        let outside = std::mem::replace(&mut self.needs, known);
        let need = self.need(body);
        self.needs = outside;
        need
    }

    /// Notes how many indices two arguments of a function may hold, so that they are one where sizes have room for them
    /// only if they are one for all sizes.
    fn tell_apart(&mut self, arg: Expr) {
        let bound: BTreeSet<Expr> = self
            .arena
            .reachable(&[arg])
            .into_iter()
            .filter(|&part| matches!(self.arena.node(part), Node::Bound(_)))
            .collect();
        let free = self.n_free(self.arena.shape(arg)) + bound.len() as u64;
        let Need { letters, counts, words, .. } = self.needs[&arg];
        self.note(Called::Function, arg, counts);
        let letters = if words.is_inverted { 2 * words.n_indices(words.strands, 2) } else { letters };
        self.told_apart = self.told_apart.max(letters + 2 * free);
    }

    pub fn big(&mut self, op: Big, height: u32, (lower, upper): (Expr, Expr), body: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&body];
        if need.words.is_inverted {
            return Err(Refusal::Outside("a sum or product of inverses"));
        }
        if self.runs_over_entries(height, (lower, upper), body)? {
            let is_sum = op == Big::Sum;
            let counts = self.grip_of_index(body, height).counts();
            return if is_sum {
                Ok(need.with_letters(1).with_counts(counts))
            } else {
                Err(Refusal::Outside("a product over entries"))
            };
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
            Big::Product | Big::Ascending | Big::Descending if need.counts > 0 => {
                Err(Refusal::Outside("a size at each step"))
            }
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
                args.iter().for_each(|&arg| self.tell_apart(arg));
                self.in_exponents = self.in_exponents.max(need.letters + need.inner);
                let counts = u64::from(!args.iter().all(|&arg| self.has_different_entries(arg)));
                Ok(need.inside().with_letters(2).with_counts(counts))
            }
            Tensor::Trace => Ok(need.with_letters(1).with_counts(Survey::counts_closed(need))),
            Tensor::Diagonal => Ok(need),
            Tensor::Determinant => {
                match self.arena.shape(args[0]).sizes().first().map(|&size| self.arena.as_integer(size)) {
                    // Over all permutations of its rows, whose number is known.
                    Some(Some(size @ 0..=8)) => Ok((0..size).fold(ONE, |product, _| product.times(need))),
                    _ => Err(Refusal::Outside("a determinant")),
                }
            }
            Tensor::Norm => Ok(self.root(args[0], need.with_letters(1).with_counts(need.grip.counts()))),
            Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral | Tensor::SpectralRadius => {
                Err(Refusal::Outside("a norm"))
            }
        }
    }

    pub fn derivative(&mut self, kind: DerivativeKind, (of, by): (Expr, Expr), shape: Shape) -> Result<Need, Refusal> {
        self.n_derivatives += 1;
        let shapes = [of, by].map(|expr| self.arena.shape(expr));
        // Indices that the shape of the derivative does not show: the rows and columns of a matrix, one below the other.
        let hidden = (self.n_free(shapes[0]) + self.n_free(shapes[1])).saturating_sub(self.n_free(shape));
        let n_by = self.n_free(shapes[1]);
        if kind != DerivativeKind::Immediate
            && let Some(need) = self.derivative_on_graph(of, by)?
        {
            let letters = (need.letters + hidden).saturating_sub(if need.grip == Grip::Every { 0 } else { n_by });
            return Ok(Need { letters, ..need });
        }
        let need = self.needs[&of];
        let letters = (need.letters + need.inner + hidden).saturating_sub(n_by);
        let grip = if hidden > 0 { Grip::Divided } else { self.grip_of_derivative() };
        let outer = Need { letters, grip, ..need };
        let below = self.recurrences_below(of);
        if kind != DerivativeKind::Immediate && self.is_grid(&below) {
            return self.derivative_over_grid((of, by), outer, &below);
        }
        let by = self.step_of(by)?;
        let near = match by {
            Some(Place::Letter { letter, .. }) => need.reach.with(Reach::Near(self.one_place(letter))),
            Some(Place::At) | None => need.reach,
        };
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
