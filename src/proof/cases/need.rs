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
//! Letters that stand as numbers multiply all states by as many powers of them as there may be: polynomials of a degree
//! add up, multiply and are summed to polynomials. The n-th power of d states has as many as there are monomials of that
//! degree in d unknowns.
//!
//! Members of a given family that are walked along two indices are unknowns of which each has a coefficient: the same
//! expression with 1 in the place of this member and 0 for the others, in which the two indices at which it stands are
//! letters. So there are two more letters for each of them in a monomial, between which the others lie as much farther
//! apart.
//!
//! **Sizes.** A monomial in the entries of vectors and matrices holds as many indices as letters are summed or free in
//! it. Below lines there are as many more, because both sides are multiplied by what divides ([`super::divisors`]); and
//! where sums or matrices are multiplied step by step, in recurrences, powers and ordered products, as many for each step
//! between the outermost ones. What stands in a logarithm or beside a function may come out of it, and is counted outside
//! and inside. Renaming the values of indices changes no coefficient, so what holds for sizes with room for all letters of a
//! monomial holds for all sizes, if the coefficients do: they are polynomials in the sizes, of a degree that is counted
//! ([`crate::proof::cases::grips`]). The values of a function are unknowns that are told apart by its arguments, for
//! which there must be room, too, and more sizes where these hold sizes ([`crate::proof::cases::accidents`]). A derivative
//! takes an unknown out of each monomial, whose indices it then holds itself. Conditions on indices must survive the
//! renaming, and conditions on letters their moving apart ([`super::conditions`]).
//!
//! What this does not cover is refused with its name.

use crate::expr::Expr;
use crate::proof::cases::divisors::Divided;
use crate::proof::cases::grips::Grip;
use crate::proof::cases::words::Words;

/// What it takes to know an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Where on the line of steps it stands.
    pub reach: Reach,
    /// Values that are carried from step to step, as multiples of polynomials in letters.
    pub states: u64,
    /// The degree of those polynomials.
    pub degree: u64,
    /// For its derivative: in how many of them the slopes of what lies before are still to come in.
    pub moving: u64,
    /// In how many they have.
    pub moved: u64,
    /// Over how many indices of entries one monomial is summed at most, above the line.
    pub letters: u64,
    /// How many more one derivative brings to light from inside of calls.
    pub inner: u64,
    /// In which degree sizes themselves may stand in a coefficient: as numbers, or as counts of equal entries.
    pub counts: u64,
    /// How many more are summed for each step, where a monomial holds a matrix for each.
    pub per_step: u64,
    /// How many members of given families that are walked along two indices one monomial holds.
    pub walked_twice: u64,
    /// What stands below the line.
    pub divided: Divided,
    /// How its terms hold the indices of its entries.
    pub grip: Grip,
    /// Where there are inverses, the words of matrices that it is made of.
    pub words: Words,
}

/// Which steps an expression speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// None: parameters and numbers.
    Nowhere,
    /// None, but the letters themselves as numbers: a polynomial in them.
    Counting,
    /// Those at a fixed distance from one letter: any function of it stands at that step.
    Near(Expr),
    /// Several letters, or all the steps between them.
    Far,
}

impl Reach {
    pub fn with(self, other: Reach) -> Reach {
        match (self, other) {
            (Reach::Nowhere, reach) | (reach, Reach::Nowhere) => reach,
            (Reach::Near(letter), Reach::Near(other)) if letter == other => self,
            (Reach::Counting, Reach::Counting) => self,
            _ => Reach::Far,
        }
    }

    /// Whether it stands at one step at most, and no letter counts.
    pub fn is_near(self) -> bool {
        match self {
            Reach::Nowhere | Reach::Near(_) => true,
            Reach::Counting | Reach::Far => false,
        }
    }
}

pub(super) const ONE: Need = Need {
    reach: Reach::Nowhere,
    states: 1,
    degree: 0,
    moving: 1,
    moved: 0,
    letters: 0,
    inner: 0,
    counts: 0,
    per_step: 0,
    walked_twice: 0,
    divided: Divided::NONE,
    grip: Grip::Every,
    words: Words::NONE,
};
pub(super) const NOTHING: Need = Need { states: 0, moving: 0, words: Words::NOTHING, ..ONE };
/// Of a letter as a number.
pub(super) const COUNT: Need = Need { reach: Reach::Counting, degree: 1, ..ONE };

impl Need {
    /// Of a sum of two; what stands at one step is one value.
    pub fn plus(self, other: Need) -> Need {
        let reach = self.reach.with(other.reach);
        let both = |a: u64, b: u64, near| if reach == Reach::Far { a.saturating_add(b) } else { near };
        Need {
            reach,
            states: both(self.states, other.states, 1),
            moving: both(self.moving, other.moving, 1),
            moved: both(self.moved, other.moved, 0),
            degree: self.degree.max(other.degree),
            letters: self.letters.max(other.letters),
            inner: self.inner.max(other.inner),
            counts: self.counts.max(other.counts),
            per_step: self.per_step.max(other.per_step),
            walked_twice: self.walked_twice.max(other.walked_twice),
            divided: self.divided.plus(other.divided),
            grip: self.grip.max(other.grip),
            words: self.words.plus(other.words),
        }
    }

    /// Of a product of two.
    pub fn times(self, other: Need) -> Need {
        let reach = self.reach.with(other.reach);
        let states = self.states.saturating_mul(other.states);
        // One factor after the other is differentiated, beside any state of the others.
        let (moving, moved) = if reach == Reach::Far { (states, states) } else { (1, 0) };
        Need {
            reach,
            states,
            moving,
            moved,
            degree: self.degree + other.degree,
            letters: self.letters + other.letters,
            inner: self.inner.max(other.inner),
            counts: self.counts + other.counts,
            per_step: self.per_step + other.per_step,
            walked_twice: self.walked_twice + other.walked_twice,
            divided: self.divided.times(other.divided),
            grip: self.grip.max(other.grip),
            words: self.words.times(other.words),
        }
    }

    /// Of a power.
    pub fn raised(self, exponent: u64) -> Need {
        let monomials = |degree: u64| {
            let ways = (1..=degree).try_fold(1u64, |ways, at| Some(ways.checked_mul(self.states - 1 + at)? / at));
            ways.unwrap_or(u64::MAX)
        };
        let power = Need {
            degree: self.degree * exponent,
            letters: self.letters * exponent,
            counts: self.counts * exponent,
            per_step: self.per_step * exponent,
            walked_twice: self.walked_twice * exponent,
            divided: self.divided.raised(exponent),
            words: self.words.repeated(exponent),
            ..self
        };
        match exponent {
            0 => ONE,
            _ if self.reach != Reach::Far || self.states == 0 => power,
            _ => {
                // One of the factors is differentiated.
                let moving = self.states.saturating_mul(monomials(exponent - 1));
                Need { states: monomials(exponent), moving, moved: moving, ..power }
            }
        }
    }

    /// Inside of a function, where its indices of entries stand in no monomial.
    pub fn inside(self) -> Need {
        Need { letters: 0, inner: self.inner + self.letters, ..self }
    }

    /// Of a function beside which its argument stands, too, as it does beside logarithms: `log(1 + e^x)` less
    /// `log(1 + e^{-x})` is x.
    pub fn inside_and_beside(self) -> Need {
        Need { letters: self.letters + self.inner, ..self.inside() }
    }

    /// How many values are carried from step to step.
    pub fn dimension(self) -> u64 {
        self.states.saturating_mul(self.degree + 1)
    }

    pub fn with_counts(self, counts: u64) -> Need {
        Need { counts: self.counts + counts, ..self }
    }

    pub fn with_letters(self, letters: u64) -> Need {
        Need { letters: self.letters + letters, ..self }
    }

    /// Spread over all steps, with as many states as this times those it had.
    pub fn far(self, factor: u64) -> Need {
        let states = self.states.saturating_mul(factor);
        Need { reach: Reach::Far, states, moving: states, moved: states, ..self }
    }

    /// Summed over steps: each term is passed or not; the slopes of what stands at one step come in as it is passed.
    pub fn summed(self, late: u64) -> Need {
        if self.reach == Reach::Counting {
            return Need { degree: self.degree + 1, ..self };
        }
        let (moving, moved) = if self.is_near() { (1, 1) } else { (2 * self.moving, 2 * self.moved) };
        Need { moving: moving * late, moved: moved * late, ..self.far(2 * late) }
    }

    /// Of its derivative, where so many slopes are carried on.
    pub fn with_slopes(self, carried: u64) -> Need {
        let states = self.moving.saturating_mul(carried).saturating_add(self.moved);
        Need { reach: Reach::Far, states, moving: states, moved: states, ..self }
    }

    /// Of what is picked out of a sum over steps at one of them.
    pub fn at_one_step(self) -> Need {
        Need { reach: Reach::Nowhere, states: 1, moving: 1, moved: 0, ..self }
    }

    /// The same with so many states.
    pub fn carrying(self, states: u64) -> Need {
        Need { states, moving: states, moved: states, ..self }
    }

    pub fn is_near(self) -> bool {
        self.reach.is_near()
    }

    /// Whether sizes or letters stand in it as numbers.
    pub fn holds_counts(self) -> bool {
        self.counts > 0 || self.degree > 0
    }

    pub fn is_constant(self) -> bool {
        self.reach == Reach::Nowhere
    }
}
