//! Evidence for statements of order: a tree that says of every step what it rests on.

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Prop};
use crate::number::Rational;
use crate::number::polynomial::{Certificate, Goal, Multi, Range};

/// A relation between two expressions of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Relation {
    /// How they are compared.
    pub how: Comparison,
    /// The left side.
    pub left: Expr,
    /// The right side.
    pub right: Expr,
}

impl Relation {
    /// `left how right`.
    pub fn new(how: Comparison, left: Expr, right: Expr) -> Relation {
        Relation { how, left, right }
    }

    /// `left <= right`, or `<` for a strict goal.
    pub fn of_goal(goal: Goal, left: Expr, right: Expr) -> Relation {
        let how = if goal == Goal::Positive { Comparison::Less } else { Comparison::LessEqual };
        Relation { how, left, right }
    }

    /// Whether it says that one side is below the other, or at most.
    pub fn is_order(self) -> bool {
        matches!(self.how, Comparison::Less | Comparison::LessEqual)
    }

    /// The same comparison with its sides exchanged.
    pub fn turned(self) -> Relation {
        Relation { how: self.how, left: self.right, right: self.left }
    }

    /// What holds where this does not: of vectors and matrices, entries of which may be ordered in either way, only where
    /// it says whether they are equal.
    pub fn denied(self, arena: &Arena) -> Option<Relation> {
        let are_numbers = [self.left, self.right].into_iter().all(|side| arena.shape(side).is_scalar());
        self.contrary().filter(|_| are_numbers || !self.is_order())
    }

    /// The same of numbers.
    pub fn contrary(self) -> Option<Relation> {
        let Relation { how, left, right } = self;
        Some(match how {
            Comparison::Less => Relation::new(Comparison::LessEqual, right, left),
            Comparison::LessEqual => Relation::new(Comparison::Less, right, left),
            Comparison::Equal => Relation::new(Comparison::NotEqual, left, right),
            Comparison::NotEqual => Relation::new(Comparison::Equal, left, right),
            Comparison::Approximately => return None,
        })
    }

    /// As a statement.
    pub fn prop(self) -> Prop {
        Prop::Compare(self.how, self.left, self.right)
    }
}

/// A sequent with its reason: under the hypotheses of its place the conclusion holds wherever both sides are defined.
///
/// The hypotheses are those of the root and what the reasons above say that they suppose for their premises.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evidence {
    /// What holds.
    pub conclusion: Prop,
    /// Why.
    pub reason: Reason,
    /// What the reason rests on, in its order.
    pub premises: Vec<Evidence>,
}

impl Evidence {
    /// How many inferences it is made of.
    pub fn n_inferences(&self) -> usize {
        1 + self.premises.iter().map(Evidence::n_inferences).sum::<usize>()
    }
}

/// Why a conclusion follows from its premises.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reason {
    /// A finder's step that has no inference yet.
    Unreplayed(&'static str),
    /// What its form asks for: each part of a conjunction; the conclusion of an implication, where its premise holds; both
    /// directions of an equivalence; a statement for all values of letters, for letters of which nothing else is known; what
    /// denies what is denied.
    Form,
    /// One part of a disjunction, where the others do not hold.
    Part(usize),
    /// The denial of the premise of an implication, where the conclusion does not hold.
    Contraposition,
    /// Each part of the conclusion of an implication.
    EachConclusion,
    /// Each part of the premise of an implication, which says that one of them holds.
    EachPremise,
    /// The sides are the premise's sides with derivatives and definitions worked out.
    WorkedOut,
    /// Orders that meet.
    Through,
    /// The last premise, for which the others are supposed.
    WithLemmas,
    /// The size of what is composed, by the sizes of its parts.
    Composed(Composition),
    /// The spectral norm of a diagonal matrix, by what bounds every entry.
    LargestEntry(Expr),
    /// The norm of a vector, by what bounds every entry by a multiple of that of another.
    EntryByEntry(Expr),
    /// A hypothesis, or a comparison of integers that follows from those among the hypotheses.
    Supposed,
    /// Numbers, by enclosures that do not meet.
    Numbers,
    /// The range of a side, by its structure and by what is supposed; the other side is a number.
    Extent,
    /// Both sides are one rational function of their leaves.
    Identity,
    /// The difference of the sides as a quotient of polynomials with a certificate.
    Polynomial(Box<Reading>),
    /// Two cases: a relation, which is supposed for the first premise, and its contrary for the second.
    Split(Relation),
    /// Two cases, of two expressions that a hypothesis says to differ: the first below the second, or above it.
    EitherSide(Expr, Expr),
    /// The premise, for which relations are supposed that hold wherever the sides have values.
    WhereDefined(Vec<Relation>),
    /// It has no value: this is 0, and divided by.
    Nowhere(Expr),
    /// The hypotheses contradict each other.
    Absurd,
    /// The premise, in which the states at an index stand as their definitions say.
    Opened(Expr),
    /// A law of the table, at these values of its letters.
    Law(&'static str, Vec<Expr>),
    /// Terms at these places of a sum whose terms are not negative.
    TermOfSum(Vec<Expr>),
    /// A given law at these values of its letters.
    Instance(Vec<(Expr, Expr)>),
    /// Products over a range: the rest where there is one, that it is positive where that is wanted, and the factors.
    Factors(Span),
    /// The premise for all values of letters, which stand for these expressions and lie where those do.
    Generalized(Vec<(Expr, Expr)>),
    /// An extreme value over the real line, which no value at this letter exceeds.
    NowhereBeyond(Expr),
    /// An extreme value over the real line, which is at least that at this place.
    ReachedAt(Expr),
    /// An extreme value over an index is the value at some index, which no other exceeds.
    AtSomeIndex {
        /// The extreme value.
        part: Expr,
        /// The index at which it is.
        at: Expr,
        /// Any other one.
        other: Expr,
    },
    /// A function of a letter between two numbers, by enclosures on ever smaller parts.
    Enclosed(Expr),
    /// A function of a letter far out, by its growth; which constants are positive.
    FarOut(Expr),
    /// A function of a letter from a zero on, at the end of where the letter lies: its slope has the sign.
    FromZero(Expr, Rational),
    /// Two values of a function of a letter are no further apart than its steepest slope allows: that of each function which
    /// it is between its corners.
    MeanValue {
        /// The function.
        function: Expr,
        /// Its letter.
        letter: Expr,
        /// Where the values are taken.
        ends: (Expr, Expr),
    },
    /// The value of a convex or concave function at a weighted mean against the mean of its values; no weight is negative.
    Jensen {
        /// The function.
        function: Elementary,
        /// The factor of the value at the mean, and the mean.
        mean: (Expr, Expr),
        /// The weights and the arguments.
        values: Vec<(Expr, Expr)>,
    },
    /// The last premise, in which a part stands as what it is, also in the hypotheses: an equality before it says so, or the
    /// premises before it choose a value of an expression with a corner.
    Replaced(Expr),
    /// An extreme value over the real line that the function approaches far out; which constants are positive.
    Approached {
        /// Whether that is where the letter goes to minus infinity.
        downward: bool,
    },
    /// A limit of a function of a letter, by its growth; which constants are positive.
    Limit,
    /// A limit of a sum of terms that vanish, stay or grow; which bases are below 1 or above, which factors are not 0.
    Sequence,
    /// A limit of a sequence, from which it differs by no more than a bound that tends to 0, for this index.
    Squeezed(Expr),
    /// Base and step.
    Induction {
        /// The letter.
        letter: Expr,
        /// Its least value.
        least: Expr,
    },
}

/// A letter of integers and its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// The letter.
    pub letter: Expr,
    /// The first integer.
    pub lower: Expr,
    /// The last one.
    pub upper: Expr,
}

impl Span {
    /// `lower <= letter <= upper`.
    pub fn new(letter: Expr, lower: Expr, upper: Expr) -> Span {
        Span { letter, lower, upper }
    }

    /// Its ends.
    pub fn ends(self) -> (Expr, Expr) {
        (self.lower, self.upper)
    }
}

/// How something is made of parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Composition {
    /// Their sum.
    Sum,
    /// Their product, entry by entry.
    Product,
    /// Their product as matrices.
    MatMul,
    /// The power of one part.
    Power(Expr),
    /// The sum or product of one part over a range.
    Over(Big, Span),
}

/// Unknowns, and polynomials in them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// What each unknown stands for.
    pub unknowns: Vec<Expr>,
    /// Where each one lies.
    pub ranges: Vec<Range>,
    /// Unknowns and the unknown that is their absolute value.
    pub magnitudes: Vec<(usize, usize)>,
    /// What was opened or is known, in an order in which each rests on those before.
    pub items: Vec<Item>,
    /// The numerator of the right side less the left side.
    pub numerator: Multi,
    /// Its denominator.
    pub denominator: Vec<Factor>,
    /// Why the numerator, times the factors below it whose sign is open, has the sign that is claimed.
    pub certificate: Certificate,
}

/// A step of a reading.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// An expression with corners is opened.
    Opening(Opening),
    /// The sign of a polynomial is known.
    Given(Given),
}

/// An expression that is opened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Opening {
    /// A rectifier, maximum, sign, absolute value or case distinction: the branch that the relations choose.
    Choice {
        /// The expression.
        part: Expr,
        /// The relations, with their evidence.
        because: Vec<Evidence>,
    },
    /// An absolute value as a product of powers of polynomials that are not negative.
    Magnitude {
        /// The expression.
        part: Expr,
        /// The polynomials, their exponents, and why they are not negative.
        factors: Vec<(Multi, i64, Certificate)>,
    },
    /// A sum or product over an index, in another form.
    Form(Expr, Expr),
}

/// A relation that is read as a polynomial with a sign.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given {
    /// The relation.
    pub relation: Relation,
    /// Why it holds; a hypothesis where there is nothing.
    pub because: Option<Evidence>,
    /// The numerator of the right side less the left side.
    pub numerator: Multi,
    /// Its denominator.
    pub denominator: Vec<Factor>,
}

/// A factor below the line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Factor {
    /// The polynomial.
    pub poly: Multi,
    /// Its exponent.
    pub exponent: u32,
    /// Its sign.
    pub sign: Sign,
}

/// The sign of a factor below the line, which is not 0 where the quotient is defined.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sign {
    /// Above 0.
    Positive(Certificate),
    /// Below 0.
    Negative(Certificate),
    /// Not known.
    Open,
}

impl Evidence {
    /// A step without premises.
    pub fn leaf(conclusion: Prop, reason: Reason) -> Evidence {
        Evidence { conclusion, reason, premises: Vec::new() }
    }
}
