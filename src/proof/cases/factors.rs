//! Determinants of matrices of any size, and powers of numbers whose exponents are sizes.
//!
//! Each grows with its size and is no series of words, but a factor of one, whose logarithm has slopes that are:
//! `(log det M)' = Tr(M^{-1} M')`. Two sides `r F` and `s G` with products F and G of factors are equal where their quotient
//! is constant, which is a relation between words ([`Words::less`]), and 1 at the point around which they are read. There
//! a determinant is a product of numbers, each as often as its part of the matrix has rows: `r f^n = s g^n` holds for all n
//! if for two that follow each other. All factors are other than 0 there, and both sides are rational functions of the
//! entries, or have slopes that are, so that what holds around the point holds everywhere.
//!
//! [`Words::less`]: super::words::Words::less

use crate::expr::{Expr, Node};
use crate::model::FunctionBody;
use crate::proof::cases::Refusal;
use crate::proof::cases::claim::Counts;
use crate::proof::cases::need::{Need, ONE};
use crate::proof::cases::survey::Survey;
use crate::proof::cases::words::Words;

/// How many factors a claim may have.
const MAX_FACTORS: usize = 8;

/// A product of powers of the factors of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Factors {
    /// Any one, for it is multiplied by 0.
    Any,
    /// How often each factor is one.
    Of([i8; MAX_FACTORS]),
    /// Different ones in different terms.
    Mixed,
}

impl Factors {
    pub const ONE: Factors = Factors::Of([0; MAX_FACTORS]);

    /// Of a sum of two terms.
    pub fn beside(self, other: Factors) -> Factors {
        match (self, other) {
            (Factors::Any, factors) | (factors, Factors::Any) => factors,
            (own, other) if own == other => own,
            _ => Factors::Mixed,
        }
    }

    /// Of a product.
    pub fn times(self, other: Factors) -> Factors {
        match (self, other) {
            (Factors::Any, _) | (_, Factors::Any) => Factors::Any,
            (Factors::Of(own), Factors::Of(other)) => {
                let mut sum = own;
                let fits = sum.iter_mut().zip(other).try_for_each(|(own, other)| {
                    *own = own.checked_add(other)?;
                    Some(())
                });
                fits.map_or(Factors::Mixed, |()| Factors::Of(sum))
            }
            (Factors::Mixed, _) | (_, Factors::Mixed) => Factors::Mixed,
        }
    }

    /// Of a power.
    pub fn raised(self, times: u64) -> Factors {
        match self {
            Factors::ONE => self,
            Factors::Of(_) if times <= 8 => (0..times).fold(Factors::ONE, |power, _| power.times(self)),
            Factors::Any | Factors::Mixed | Factors::Of(_) => Factors::Mixed,
        }
    }

    /// Of what is divided by.
    pub fn inverse(self) -> Factors {
        match self {
            Factors::Of(own) if own.iter().all(|times| *times > i8::MIN) => Factors::Of(own.map(|times| -times)),
            Factors::Any | Factors::Mixed | Factors::Of(_) => Factors::Mixed,
        }
    }
}

impl Survey<'_> {
    /// A determinant or power as one of the factors that were noted.
    pub fn factor(&self, expr: Expr) -> Factors {
        let mut own = [0; MAX_FACTORS];
        match self.factors.iter().position(|&other| other == expr).and_then(|place| own.get_mut(place)) {
            Some(times) => *times = 1,
            None => return Factors::Mixed,
        }
        Factors::Of(own)
    }

    /// Notes a factor that is made of something.
    fn note_factor(&mut self, expr: Expr, of: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&of];
        let is_parameter = |part: Expr| {
            let bodies = self.model.functions.values();
            matches!(self.arena.node(part), Node::Symbol { symbol, .. } if bodies.clone().any(|body| {
                matches!(body, FunctionBody::Expression { parameters, .. } if parameters.contains(symbol))
            }))
        };
        let is_fixed = self.arena.is_closed(of) && !self.arena.reachable(&[of]).into_iter().any(is_parameter);
        if !is_fixed || !need.is_constant() || need.counts > 0 || need.divided.is_any() {
            return Err(Refusal::Outside("a determinant of what holds a size or an index"));
        }
        if self.counts == Counts::Free {
            return Err(Refusal::Outside("a determinant whose size is any number"));
        }
        if !self.factors.contains(&expr) {
            self.factors.push(expr);
        }
        (self.has_inverses, self.divides) = (true, true);
        Ok(ONE)
    }

    /// The need of the difference of two sides that hold factors: at the point their sizes are exponents.
    pub fn with_factors(&self, need: Need, sides: [Words; 2]) -> Result<Need, Refusal> {
        if sides.iter().any(|words| words.factors == Factors::Mixed) {
            return Err(Refusal::Outside("a sum of different determinants"));
        }
        let are_alike = sides[0].factors.beside(sides[1].factors) != Factors::Mixed;
        if !are_alike && need.counts > 0 || need.divided.is_any() || need.words.is_joined {
            return Err(Refusal::Outside("a determinant beside sizes, divisors or functions of entries"));
        }
        Ok(need.with_counts(1))
    }

    /// The need of a determinant whose size is a letter.
    pub fn determinant(&mut self, expr: Expr, of: Expr) -> Result<Need, Refusal> {
        let words = self.needs[&of].words;
        if !words.is_plain || words.holds_factors() {
            return Err(Refusal::Outside("a determinant of what is no sum of products of matrices"));
        }
        self.strands_below += words.rank_ones;
        self.note_factor(expr, of)
    }

    /// The need of a power of a number whose exponent is a size.
    pub fn power_of_size(&mut self, expr: Expr, base: Expr) -> Result<Need, Refusal> {
        let need = self.needs[&base];
        if need.letters > 0 || need.inner > 0 || need.words != Words::NONE {
            return Err(Refusal::Outside("a power of sums whose exponent is a size"));
        }
        self.note_factor(expr, base)
    }
}
