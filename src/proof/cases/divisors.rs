//! What stands below lines.
//!
//! Both sides of a claim are multiplied by what divides in them, as often as it does, so that polynomials are left. A term
//! with fewer divisors is multiplied by more: it holds at most the indices of its numerator and those of all divisors. A
//! product has the divisors of its factors, a sum those that its terms have in common, once, and a slope of a fraction each
//! of its divisors once more. What one definition says of several steps divides by another number at each of them, which
//! terms have not in common. A number has no slope, and divides no more often. A root and a logarithm divide as soon as they
//! are differentiated: `s' = v' / 2s` where `s^2 = v`, and two such roots are multiplied to v.

use crate::expr::{Elementary, Expr, Node, SymbolKind, Tensor};
use crate::model::{Definition, Model};
use crate::number::rational;
use crate::proof::cases::Refusal;
use crate::proof::cases::graph::reached;
use crate::proof::cases::laws::elementary;
use crate::proof::cases::need::{Need, ONE, Reach};
use crate::proof::cases::survey::Survey;

/// How many divisors a claim may have.
const MAX_DIVISORS: usize = 8;

/// How often each divisor of a claim divides an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Divided([Often; MAX_DIVISORS]);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Often {
    times: u64,
    /// Whether it is another number at each step.
    is_of_step: bool,
}

impl Divided {
    pub const NONE: Divided = Divided([Often { times: 0, is_of_step: false }; MAX_DIVISORS]);

    pub fn plus(self, other: Divided) -> Divided {
        self.with(other, |is_of_step, a, b| if is_of_step { a.saturating_add(b) } else { a.max(b) })
    }

    pub fn times(self, other: Divided) -> Divided {
        self.with(other, |_, a, b| a.saturating_add(b))
    }

    fn with(mut self, other: Divided, join: fn(bool, u64, u64) -> u64) -> Divided {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            own.is_of_step |= other.is_of_step;
            own.times = join(own.is_of_step, own.times, other.times);
        }
        self
    }

    pub fn raised(mut self, exponent: u64) -> Divided {
        self.0.iter_mut().for_each(|own| own.times = own.times.saturating_mul(exponent));
        self
    }

    /// Whether anything divides.
    pub fn is_any(self) -> bool {
        self.0.iter().any(|own| own.times > 0)
    }
}

/// What it is that divides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// An expression itself.
    Itself,
    /// Its square root.
    Root,
    /// One and its square.
    OneAndSquare,
}

/// Something that divides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Divisor {
    below: Below,
    of: Expr,
    /// Of what divides, or of what stands below the root.
    need: Need,
    /// Whether it divides the slopes of what it does not divide.
    is_of_slopes: bool,
    /// Whether it is another number at each step.
    is_of_step: bool,
    /// Whether it is made of numbers and integers alone.
    is_number: bool,
}

impl Divisor {
    fn raised(&self, times: u64) -> Need {
        match self.below {
            Below::Root => self.need.raised(times.div_ceil(2)),
            Below::Itself | Below::OneAndSquare => self.need.raised(times),
        }
    }
}

impl<'a> Survey<'a> {
    /// By what a number of this need divides, so many times. Those that are made of others come after them.
    pub fn divided_by(&mut self, below: Below, of: Expr, need: Need, times: u64) -> Result<Divided, Refusal> {
        let mut divided = Divided::NONE;
        let is_known = need.is_near() && need.letters == 0 && need.counts == 0 && !need.divided.is_any();
        if is_known {
            return Ok(divided);
        }
        if !self.arena.is_closed(of) || self.holds_component(of) {
            return Err(Refusal::Outside("a divisor that is a sum for each index"));
        }
        let is_own = |divisor: &Divisor| divisor.below == below && divisor.of == of;
        let place = self.divisors.iter().position(is_own).unwrap_or(self.divisors.len());
        if place == self.divisors.len() {
            let is_number = self.is_number_of_integers(of);
            self.divisors.push(Divisor { below, of, need, is_of_slopes: false, is_of_step: false, is_number });
        }
        let own = divided.0.get_mut(place).ok_or(Refusal::TooLarge("too many sums divide"))?;
        let divisor = &mut self.divisors[place];
        divisor.is_of_step |= self.arena.reachable(&[of]).iter().any(|part| self.own.contains(part));
        *own = Often { times, is_of_step: divisor.is_of_step };
        Ok(divided)
    }

    /// A name that is defined as a root, and what stands below the root: to divide by one is to divide by the other.
    pub fn named_root(&self, name: Expr) -> Option<(&'a Definition, Expr)> {
        let Node::Symbol { symbol, ref indices, .. } = *self.arena.node(name) else { return None };
        let model = self.model;
        let mut definitions = model.definitions_of(symbol);
        let (Some(definition), None) = (definitions.next(), definitions.next()) else { return None };
        let Node::Power(of, exponent) = *self.arena.node(definition.body) else { return None };
        let is_root = indices.is_empty() && self.arena.as_number(exponent) == rational::fraction(1, 2).as_ref();
        is_root.then_some((definition, of))
    }

    /// Notes what divides the slopes of something.
    pub fn slopes_divided_by(&mut self, below: Below, of: Expr, need: Need) -> Result<(), Refusal> {
        self.divided_by(below, of, need, 0)?;
        let own = self.divisors.iter_mut().filter(|divisor| divisor.below == below && divisor.of == of);
        own.for_each(|divisor| divisor.is_of_slopes = true);
        Ok(())
    }

    /// What divides the slopes of something that is divided so.
    pub fn differentiated(&self, mut divided: Divided) -> Divided {
        for (own, divisor) in divided.0.iter_mut().zip(&self.divisors) {
            own.is_of_step |= divisor.is_of_step;
            own.times = match (own.times, divisor.below) {
                (0, _) => u64::from(divisor.is_of_slopes),
                // A number has no slope.
                (times, _) if divisor.is_number => times,
                (times, Below::Root) => times + 2,
                (times, Below::Itself | Below::OneAndSquare) => times + 1,
            };
        }
        divided
    }

    /// What divides the slopes of a body that is divided so, where its members are letters: what stands neither in it nor in
    /// what its functions are taken of does so no more often than before.
    pub fn differentiated_alone(&self, mut divided: Divided, body: Expr) -> Divided {
        let alone = Model { definitions: Vec::new(), ..self.model.clone() };
        let mut parts = reached(self.arena, &alone, &[body]);
        let called = |&part: &Expr| match self.arena.node(part) {
            Node::Call { args, .. } => args.to_vec(),
            _ => self.named_root(part).into_iter().map(|(_, of)| of).collect(),
        };
        let called: Vec<Expr> = parts.iter().flat_map(called).collect();
        parts.extend(reached(self.arena, self.model, &called));
        let slopes = self.differentiated(divided);
        for ((own, slopes), divisor) in divided.0.iter_mut().zip(slopes.0).zip(&self.divisors) {
            if parts.contains(&divisor.of) {
                *own = slopes;
            }
        }
        divided
    }

    /// The need of something and of all by which it is multiplied to be a polynomial.
    pub fn cleared(&self, mut need: Need) -> Need {
        for (place, divisor) in self.divisors.iter().enumerate().rev() {
            let times = need.divided.0.get(place).map_or(0, |own| own.times);
            if times > 0 {
                need = need.times(divisor.raised(times));
            }
        }
        need
    }

    /// The need of what is repeated at each step, where its divisors are multiplied by those of the other steps.
    pub fn at_each_step(&self, need: Need) -> Result<Need, Refusal> {
        self.with_divisors_of_steps(need, |_| true)
    }

    /// The need of what is summed over steps: those of its divisors that are others at each step are multiplied.
    pub fn at_other_steps(&self, need: Need) -> Result<Need, Refusal> {
        let summed = self.with_divisors_of_steps(need, |own| own.is_of_step)?;
        Ok(Need { letters: need.letters, per_step: need.per_step + summed.letters - need.letters, ..summed })
    }

    /// The need of something that spreads over steps, to be differentiated: its slopes are divided once more at each step.
    pub fn with_slopes_at_each_step(&self, need: Need) -> Result<Need, Refusal> {
        let of_steps = self.divisors.iter().filter(|divisor| divisor.is_of_step);
        let own = of_steps.map(|divisor| divisor.raised(2)).fold(ONE, Need::times);
        if need.is_near() || own == ONE {
            return Ok(need);
        }
        if own.counts > 0 || own.divided.is_any() || own.per_step > 0 {
            return Err(Refusal::Outside("a size at each step"));
        }
        Ok(Need { per_step: need.per_step + own.letters, ..need })
    }

    fn with_divisors_of_steps(&self, mut need: Need, is_of_step: fn(&Often) -> bool) -> Result<Need, Refusal> {
        let mut of_steps = Divided::NONE;
        for (place, (own, other)) in need.divided.0.iter_mut().zip(&mut of_steps.0).enumerate() {
            if own.times > 0 && is_of_step(own) {
                if self.divisors[place].need.reach == Reach::Far {
                    return Err(Refusal::Outside("a divisor that is carried from step to step"));
                }
                std::mem::swap(own, other);
            }
        }
        let cleared = self.cleared(Need { divided: of_steps, ..need });
        if cleared.counts > need.counts || cleared.per_step > need.per_step {
            return Err(Refusal::Outside("a size at each step"));
        }
        Ok(Need { letters: cleared.letters, degree: cleared.degree, ..need })
    }

    /// Notes what divides the slopes of a logarithm: those of a product are the slopes of its factors over them, and an
    /// exponential does not divide its own.
    pub fn logarithm_divided_by(&mut self, of: Expr) -> Result<(), Refusal> {
        let arena = self.arena;
        match arena.node(of) {
            Node::Product(factors) => factors.iter().try_for_each(|&factor| self.logarithm_divided_by(factor)),
            Node::Power(base, exponent) if arena.as_number(*exponent).is_some() => self.logarithm_divided_by(*base),
            Node::Entry { of, .. } => self.logarithm_divided_by(*of),
            Node::Call { function, .. } if elementary(self.model, function) == Some(Elementary::Exp) => Ok(()),
            Node::Tensor { op: Tensor::Softmax, .. } => Ok(()),
            Node::Symbol { symbol, .. } if self.is_helper(*symbol) => {
                let model = self.model;
                model.definitions_of(*symbol).try_for_each(|definition| {
                    self.within(definition, |survey| {
                        survey.need(definition.body)?;
                        survey.logarithm_divided_by(definition.body)
                    })
                })
            }
            _ => self.slopes_divided_by(Below::Itself, of, self.needs[&of]),
        }
    }

    /// Whether an expression is made of numbers and integers alone.
    fn is_number_of_integers(&self, expr: Expr) -> bool {
        self.arena.reachable(&[expr]).into_iter().all(|part| match self.arena.node(part) {
            Node::Symbol { symbol, .. } => {
                self.arena.kind(*symbol) == SymbolKind::Integer && !self.model.is_defined(*symbol)
            }
            Node::Number(_) | Node::Product(_) | Node::Sum(_) | Node::Power(..) => true,
            _ => false,
        })
    }

    /// Whether an index of the entry that is defined stands in an expression.
    fn holds_component(&self, expr: Expr) -> bool {
        self.arena.reachable(&[expr]).into_iter().any(
            |part| matches!(self.arena.node(part), Node::Symbol { symbol, .. } if self.components.contains(symbol)),
        )
    }
}
