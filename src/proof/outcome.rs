use serde::{Deserialize, Serialize};

use crate::expr::{Expr, SymbolId};
use crate::numeric::Assignment;
use crate::source::Diagnostic;

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// True for all values the givens allow, every size and every function.
    Proved,
    /// Held at every sample, and not proved.
    Checked,
    /// False; there is a counterexample.
    Refuted,
    /// Neither.
    Open,
    /// Not understood.
    Invalid,
}

impl Verdict {
    /// All verdicts, the best first.
    pub const ALL: [Verdict; 5] =
        [Verdict::Proved, Verdict::Checked, Verdict::Refuted, Verdict::Open, Verdict::Invalid];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Proved => "proved",
            Verdict::Checked => "checked",
            Verdict::Refuted => "refuted",
            Verdict::Open => "open",
            Verdict::Invalid => "invalid",
        }
    }
}

/// How a verdict was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Method {
    /// Both sides have one sum-product form.
    NormalForm,
    /// Both sides agree at random points of prime fields, with a bound on the chance of error.
    RandomIdentity,
    /// Base and step.
    Induction,
    /// A polynomial bounded on a box, exactly.
    PolynomialBound,
    /// Intervals with outward rounding.
    Enclosure,
    /// A named rule.
    Rule,
    /// Samples.
    Sample,
    /// A point at which the claim fails.
    Counterexample,
}

impl Method {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Method::NormalForm => "normal-form",
            Method::RandomIdentity => "random-identity",
            Method::Induction => "induction",
            Method::PolynomialBound => "polynomial-bound",
            Method::Enclosure => "enclosure",
            Method::Rule => "rule",
            Method::Sample => "sample",
            Method::Counterexample => "counterexample",
        }
    }
}

/// In which of the two consistent ways a formula with ambiguous partial derivatives was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reading {
    /// All of them total.
    Total,
    /// All of them immediate.
    Immediate,
}

impl Reading {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Reading::Total => "total",
            Reading::Immediate => "immediate",
        }
    }
}

/// A point at which a claim fails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counterexample {
    /// What is chosen: sizes, indices, values, functions; names as LaTeX, values as text.
    pub assignment: Vec<(String, String)>,
    /// The value of the left side there.
    pub left: String,
    /// The value of the right side there.
    pub right: String,
}

/// The kind of mistake that a repair mends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Another symbol of the same kind.
    WrongSymbol,
    /// An index one off.
    IndexShift,
    /// A bound of a sum or product one off.
    WrongBound,
    /// A term left out.
    MissingTerm,
    /// A term too many.
    ExtraTerm,
    /// A factor left out.
    MissingFactor,
    /// A factor too many.
    ExtraFactor,
    /// Plus for minus.
    Sign,
    /// Matrices in the wrong order.
    OrderOfFactors,
    /// A transpose too many or too few.
    Transpose,
    /// A derivative of a function taken at another time.
    TimeOfSlope,
    /// A total derivative where the immediate one is meant.
    TotalForImmediate,
    /// `<` where the bound is attained.
    StrictForAttained,
    /// An absolute value left out.
    MissingAbsoluteValue,
    /// An assumption left out.
    MissingAssumption,
    /// The converse of what is true.
    Converse,
}

impl Kind {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Kind::WrongSymbol => "wrong-symbol",
            Kind::IndexShift => "index-shift",
            Kind::WrongBound => "wrong-bound",
            Kind::MissingTerm => "missing-term",
            Kind::ExtraTerm => "extra-term",
            Kind::MissingFactor => "missing-factor",
            Kind::ExtraFactor => "extra-factor",
            Kind::Sign => "sign",
            Kind::OrderOfFactors => "order-of-factors",
            Kind::Transpose => "transpose",
            Kind::TimeOfSlope => "time-of-slope",
            Kind::TotalForImmediate => "total-for-immediate",
            Kind::StrictForAttained => "strict-for-attained",
            Kind::MissingAbsoluteValue => "missing-absolute-value",
            Kind::MissingAssumption => "missing-assumption",
            Kind::Converse => "converse",
        }
    }
}

impl Kind {
    /// The mistake in words, for a reader.
    pub fn phrase(self) -> &'static str {
        match self {
            Kind::WrongSymbol => "wrong symbol",
            Kind::IndexShift => "index one off",
            Kind::WrongBound => "wrong bound of a sum or product",
            Kind::MissingTerm => "missing term",
            Kind::ExtraTerm => "term too many",
            Kind::MissingFactor => "missing factor",
            Kind::ExtraFactor => "factor too many",
            Kind::Sign => "wrong sign",
            Kind::OrderOfFactors => "factors in the wrong order",
            Kind::Transpose => "transpose missing or too many",
            Kind::TimeOfSlope => "slope taken at another time",
            Kind::TotalForImmediate => "total and immediate derivative confused",
            Kind::StrictForAttained => "strict, though the bound is attained",
            Kind::MissingAbsoluteValue => "missing absolute value",
            Kind::MissingAssumption => "missing assumption",
            Kind::Converse => "only the converse holds",
        }
    }
}

/// What the independent checker says of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// It holds; how that was confirmed, in words.
    Confirmed(String),
    /// The checker has no means for it; of what, in words.
    Unconfirmed(String),
}

/// Everything that is known of a claim when it is decided. What is kept of it is what readers are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// How it was reached.
    pub method: Vec<Method>,
    /// The reading of ambiguous partial derivatives, where there are any.
    pub reading: Option<Reading>,
    /// The derivatives that were read so: what is differentiated, and by what.
    pub ambiguous: Vec<(SymbolId, SymbolId)>,
    /// Where it fails.
    pub counterexample: Option<Counterexample>,
    /// Points at which it fails, the one that is shown first.
    #[serde(skip)]
    pub points: Vec<Assignment>,
    /// The kind of mistake.
    pub kind: Option<Kind>,
    /// The formula set right, as LaTeX.
    pub repair: Option<String>,
    /// Expressions by which the proof divides.
    #[serde(skip)]
    pub divisors: Vec<Expr>,
    /// What the verdict rests on beyond the givens, as LaTeX.
    pub conditions: Vec<String>,
    /// The steps of the proof: the rule and what it left, as LaTeX.
    pub steps: Vec<(String, String)>,
    /// What the independent checker says of the proof, where there is one.
    pub confirmation: Option<Confirmation>,
    /// What was tried, the error bound, the seed.
    pub detail: String,
    /// Remarks with places.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// An outcome with nothing but a verdict.
    pub fn bare(verdict: Verdict, method: Vec<Method>) -> Outcome {
        Outcome {
            verdict,
            method,
            reading: None,
            ambiguous: Vec::new(),
            counterexample: None,
            points: Vec::new(),
            kind: None,
            repair: None,
            divisors: Vec::new(),
            conditions: Vec::new(),
            steps: Vec::new(),
            confirmation: None,
            detail: String::new(),
            diagnostics: Vec::new(),
        }
    }

    /// A proof made of two.
    pub(super) fn with(self, other: Outcome) -> Outcome {
        let mut both = self;
        both.method.extend(other.method);
        both.method.sort_unstable();
        both.method.dedup();
        both.conditions.extend(other.conditions);
        both.conditions.sort_unstable();
        both.conditions.dedup();
        both.steps.extend(other.steps);
        if both.detail.is_empty() {
            both.detail = other.detail;
        }
        both.confirmation = match (both.confirmation, other.confirmation) {
            (Some(Confirmation::Confirmed(_)), theirs) => theirs,
            (ours, _) => ours,
        };
        both
    }
}
