//! What powers, calls, big operators, functions of tensors and derivatives need.

use std::collections::BTreeSet;

use crate::expr::{Big, DerivativeKind, Elementary, Expr, Function, Node, Shape, SymbolId, Tensor};
use crate::model::FunctionBody;
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::accidents::Called;
use crate::proof::cases::divisors::{Below, Divided};
use crate::proof::cases::graph::{defined_in, reached};
use crate::proof::cases::grips::Grip;
use crate::proof::cases::laws::{elementary, is_piecewise, stands_beside};
use crate::proof::cases::need::{NOTHING, Need, ONE, Reach};
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;

/// How many terms or factors are too many to be counted one by one.
const LONG: u64 = 1 << 12;

impl Survey<'_> {
    pub fn power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&base];
        let Some(number) = self.arena.as_number(exponent) else {
            let need = self.at_each_step(need)?;
            let is_constant = need.reach == Reach::Nowhere && need.counts == 0 && need.per_step == 0;
            return match self.n_counted(exponent) {
                Some((per_step, besides)) if is_constant => {
                    let (per_step, letters) = (per_step * need.letters, besides * need.letters);
                    Ok(Need { per_step, letters, ..need }.far(1))
                }
                Some(_) | None => Err(Refusal::Outside("a power whose exponent is not a count of steps")),
            };
        };
        if need.words.is_product_of_factors() && number.is_int() {
            return Ok(need);
        }
        let (below, of, need, exponent) = match (to_i64(number), self.named_root(base)) {
            (Some(exponent @ ..0), Some((name, of))) => {
                (Below::Root, of, self.within(name, |survey| survey.need(of))?, exponent)
            }
            (Some(exponent), _) => (Below::Itself, base, need, exponent),
            (None, _) => {
                let twice = to_i64(&(number * Rational::from(2))).ok_or(Refusal::Outside("a root of higher degree"))?;
                (Below::Root, base, self.root(base, need)?, twice)
            }
        };
        if exponent.abs() > 64 {
            return Err(Refusal::Outside("a high power"));
        }
        self.divides |= exponent < 0 && !self.is_number_of_sizes(base);
        if exponent >= 0 {
            return Ok(need.raised(exponent.unsigned_abs()));
        }
        let divided = self.divided_by(below, of, need, exponent.unsigned_abs())?;
        let near = if need.is_near() { need } else { ONE.far(1) };
        Ok(Need { letters: 0, counts: 0, inner: need.inner, per_step: need.per_step, divided, ..near })
    }

    /// A square root is an unknown whose square is the sum below it: in a product of many, two together hold the indices of
    /// one sum. Products of some are squares themselves only where there is no room for all that stands below them. Of a
    /// count, there may be one of each sign.
    fn root(&mut self, of: Expr, need: Need) -> Result<Need, Refusal> {
        let cleared = self.cleared(need);
        if self.note(Called::Root, of, cleared.counts) {
            self.below_roots += cleared.letters + self.n_free(self.arena.shape(of));
        }
        self.has_counted_roots |= cleared.holds_counts();
        if !self.is_number_of_sizes(of) {
            self.divides = true;
            self.slopes_divided_by(Below::Root, of, need)?;
        }
        let need = if need.reach == Reach::Counting { need.far(2) } else { need };
        Ok(Need { letters: need.letters.div_ceil(2), ..need })
    }

    pub fn matrix_power(&mut self, base: Expr, exponent: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&base];
        match self.arena.as_integer(exponent) {
            Some(0) => Ok(ONE),
            Some(n @ 1..=8) => Ok((1..n).fold(need, |power, _| power.followed_by(need))),
            Some(n @ -8..=-1) => {
                self.divides = true;
                if self.n_free(self.arena.shape(base)) == 0 {
                    let is_known = need.is_near() && need.letters == 0 && need.counts == 0;
                    return if is_known { Ok(need) } else { Err(Refusal::Outside("an inverse of sums")) };
                }
                if need.counts > 0 || need.divided.is_any() {
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
            None => match self.n_counted(exponent) {
                Some((per_step, besides)) if need.reach == Reach::Nowhere => {
                    let each = self.link(need)?;
                    Ok(Need { per_step: per_step * each, letters: besides * each, inner: need.inner, ..ONE.far(1) })
                }
                Some(_) | None => Err(Refusal::Outside("a power of a matrix whose exponent is not a count of steps")),
            },
        }
    }

    /// How many indices are summed for each step where a matrix is multiplied by the one of the next: no sizes may come in.
    fn link(&self, need: Need) -> Result<u64, Refusal> {
        let need = self.at_each_step(need)?;
        if need.counts > 0 || need.per_step > 0 || need.counts_beside(need) > 0 {
            return Err(Refusal::Outside("a size at each step"));
        }
        Ok(need.letters + 1)
    }

    /// The value of a function at one step, or of its slope, is an unknown of that step.
    pub fn call(&mut self, function: &Function, n_slots: u64, args: &[Expr]) -> Result<Need, Refusal> {
        if let Function::Elementary(Elementary::Delta) = function {
            return self.of_indices(args);
        }
        if self.is_logarithm_of_factors(function, args) && n_slots == 0 {
            return Ok(ONE);
        }
        let elementary = elementary(self.model, function);
        let nature = elementary.map(|function| function.row().nature);
        if nature == Some(None) {
            return Err(Refusal::Outside("a function that no case decides"));
        }
        self.divides |= nature.flatten().is_some_and(|nature| nature.divides);
        args.iter().for_each(|&arg| self.tell_apart(arg));
        let mut need = ONE;
        if let Function::Declared { symbol, indices } = function {
            need = self.of_indices(indices)?;
            if let Some(FunctionBody::Expression { parameters, body }) = self.model.functions.get(symbol) {
                let composed = self.composed((parameters, *body), args)?;
                let divided = (0..n_slots).fold(composed.divided, |divided, _| self.differentiated(divided));
                need = need.times(Need { divided, ..composed.with_letters(composed.inner * n_slots) });
            }
        }
        for &of in args {
            need.divided = need.divided.times(self.divided_slopes(elementary, of, n_slots)?);
            need = need.times(self.argument(function, of)?);
        }
        if need.is_near() {
            Ok(need)
        } else if n_slots == 0 {
            self.of_several_steps(function, args)
        } else {
            Err(Refusal::Outside("a slope of a function of several steps"))
        }
    }

    /// Of something that is told by its indices alone.
    fn of_indices(&mut self, indices: &[Expr]) -> Result<Need, Refusal> {
        let mut need = ONE;
        for &index in indices {
            if let Place::Letter { letter, .. } = self.place(index)? {
                need.reach = need.reach.with(Reach::Near(letter));
            }
        }
        Ok(need)
    }

    /// Of what a function is taken of, as it stands in its value.
    fn argument(&mut self, function: &Function, of: Expr) -> Result<Need, Refusal> {
        let (arg, elementary) = (self.needs[&of], elementary(self.model, function));
        // At the sizes that are looked at, a count may have another sign than at others.
        if self.cleared(arg).holds_counts() && self.tells_signs(function) {
            return Err(Refusal::Outside("the order of sizes"));
        }
        if elementary.and_then(|function| function.row().nature).is_some_and(|nature| nature.adds_up) {
            self.in_exponents = self.in_exponents.max(arg.letters + arg.inner);
        }
        if elementary.is_some_and(|function| function != Elementary::Log) && self.turns_back(of) {
            return Err(Refusal::Outside("an exponential of a logarithm of sums"));
        }
        Ok(match elementary {
            Some(function) if is_piecewise(function) => arg,
            Some(function) if stands_beside(function) => arg.inside_and_beside(),
            Some(_) | None => arg.inside(),
        })
    }

    /// What stands below the line of so many slopes of an elementary function, and of more of them.
    fn divided_slopes(&mut self, function: Option<Elementary>, of: Expr, n_slots: u64) -> Result<Divided, Refusal> {
        let arg = self.needs[&of];
        match function {
            Some(Elementary::Log) if n_slots == 0 => self.logarithm_divided_by(of).map(|()| Divided::NONE),
            Some(Elementary::Log) => self.divided_by(Below::Itself, of, arg, n_slots),
            Some(Elementary::Atan) => {
                let own = ONE.plus(arg.raised(2));
                self.slopes_divided_by(Below::OneAndSquare, of, own)?;
                self.divided_by(Below::OneAndSquare, of, own, n_slots)
            }
            Some(_) | None => Ok(Divided::NONE),
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

    /// The need of a body in which a given is a value once its derivatives are taken: that of the value stands in its place,
    /// where no definition leads to it.
    pub fn put_in(&mut self, body: Expr, of: Expr, value: Expr) -> Result<Need, Refusal> {
        let elsewhere = Refusal::Outside("a value put in where definitions lead to it");
        let Node::Symbol { symbol, ref indices, .. } = *self.arena.node(of) else { return Err(elsewhere) };
        let is_given =
            |part: &Expr| matches!(self.arena.node(*part), Node::Symbol { symbol: own, .. } if *own == symbol);
        let known = defined_in(self.arena, self.model, body);
        if !indices.is_empty() || reached(self.arena, self.model, &known).iter().any(is_given) {
            return Err(elsewhere);
        }
        self.composed((&[symbol], body), &[value])
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
        let Need { letters, counts, words, .. } = self.cleared(self.needs[&arg]);
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
            let each = Need { reach: Reach::Far, ..need };
            return match (u64::try_from(length).unwrap_or(0), op) {
                (LONG.., _) => Err(Refusal::TooLarge("many terms or factors are written as one sum or product")),
                (0, Big::Sum) => Ok(NOTHING),
                (0, Big::Product | Big::Ascending | Big::Descending) => Ok(ONE),
                (n, Big::Sum) => Ok((1..n).fold(each, |all, _| all.plus(each))),
                (n, Big::Product) => Ok(each.raised(n)),
                (n, Big::Ascending | Big::Descending) => Ok((1..n).fold(each, |all, _| all.followed_by(each))),
            };
        }
        let late = self.late(lower, upper)?;
        match op {
            Big::Sum => Ok(self.at_other_steps(need)?.summed(late)),
            Big::Product if need.counts > 0 || need.divided.is_any() => Err(Refusal::Outside("a size at each step")),
            Big::Product | Big::Ascending | Big::Descending if !need.is_near() => {
                Err(Refusal::Outside("a product over sums"))
            }
            Big::Product if need.letters > 0 => Err(Refusal::Outside("a product over sums of entries")),
            Big::Product => Ok(need.far(late)),
            Big::Ascending | Big::Descending => {
                let per_step = self.link(need)?;
                Ok(Need { letters: 0, per_step, divided: Divided::NONE, ..need }.far(late))
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

    pub fn tensor(&mut self, expr: Expr, op: Tensor, args: &[Expr]) -> Result<Need, Refusal> {
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
            Tensor::Trace => Ok(need.with_letters(1).with_counts(need.counts_closed())),
            Tensor::Diagonal => Ok(need),
            Tensor::Determinant => {
                match self.arena.shape(args[0]).sizes().first().map(|&size| self.arena.as_integer(size)) {
                    // Over all permutations of its rows, whose number is known.
                    Some(Some(size @ 0..=8)) => Ok((0..size).fold(ONE, |product, _| product.times(need))),
                    Some(None) => self.determinant(expr, args[0]),
                    Some(Some(_)) | None => Err(Refusal::Outside("a determinant of many rows")),
                }
            }
            Tensor::Norm => self.root(args[0], need.raised(2).with_letters(1).with_counts(need.grip.counts())),
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
        let mut need = self.with_slopes_at_each_step(self.needs[&of])?;
        need.divided = self.differentiated(need.divided);
        let letters = (need.letters + need.inner + hidden).saturating_sub(n_by);
        let grip = if hidden > 0 { Grip::Divided } else { self.grip_of_derivative(of) };
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
        let outer = Need { per_step: outer.per_step + self.slopes_per_step, ..outer };
        Ok(outer.with_slopes(carried))
    }
}
