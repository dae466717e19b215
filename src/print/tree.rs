use crate::print::Sign;

/// A part of a [`Tree`]: its number. Parts that a part holds have smaller numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(u32);

/// A formula as it stands on the page. Parts are shared, so a tree is as small as its expression.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    parts: Vec<Part>,
    facts: Vec<Facts>,
    root: Option<PartId>,
}

/// What stands on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A letter or a LaTeX command for one: `x`, `\alpha`, `\ell`.
    Letter(Box<str>),
    /// Digits.
    Number(Box<str>),
    /// An upright name of several letters: `tanh`, `diag`.
    Word(Box<str>),
    /// Words between formulas.
    Prose(Box<str>),
    /// A sign of operation, relation or punctuation.
    Sign(Sign),
    /// A font or an accent, as a LaTeX command without its backslash: `mathbf`, `hat`.
    Styled {
        /// The command.
        command: Box<str>,
        /// What it acts on.
        body: PartId,
    },
    /// Parts side by side; what separates them are signs.
    Row(Box<[PartId]>),
    /// A function before its fenced arguments.
    Apply {
        /// The function.
        head: PartId,
        /// The arguments with their fence.
        args: PartId,
    },
    /// Marks below and above to the right.
    Scripts {
        /// What carries them.
        base: PartId,
        /// The subscript.
        below: Option<PartId>,
        /// The superscript.
        above: Option<PartId>,
        /// How many primes.
        primes: u8,
    },
    /// One part over another.
    Fraction {
        /// The numerator.
        above: PartId,
        /// The denominator.
        below: PartId,
    },
    /// A square root.
    Root(PartId),
    /// A part between a pair of fences, as tall as it.
    Fenced {
        /// Which pair.
        fence: Fence,
        /// What stands between.
        body: PartId,
    },
    /// An operator with limits and what it reaches.
    Big {
        /// The operator.
        operator: Operator,
        /// Under it.
        below: PartId,
        /// Over it.
        above: Option<PartId>,
        /// What it reaches.
        body: PartId,
    },
    /// A part before a bar with equations at its foot.
    Evaluated {
        /// What is evaluated.
        body: PartId,
        /// Where.
        at: PartId,
    },
    /// Entries in brackets, row by row.
    Matrix {
        /// How many columns; at least 1.
        n_columns: usize,
        /// The entries.
        cells: Box<[PartId]>,
    },
    /// Values beside conditions after a brace; no condition is otherwise.
    Cases(Box<[(PartId, Option<PartId>)]>),
}

/// A pair of fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fence {
    /// `( )`
    Round,
    /// `[ ]`
    Square,
    /// `| |`
    Bars,
    /// `‖ ‖`
    DoubleBars,
}

/// An operator that carries limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Σ
    Sum,
    /// Π
    Product,
    /// lim
    Limit,
    /// sup
    Supremum,
    /// inf
    Infimum,
    /// max
    Maximum,
    /// min
    Minimum,
}

/// How an operator is written.
pub(super) struct Written {
    pub latex: &'static str,
    pub text: &'static str,
    pub mathml: &'static str,
}

impl Operator {
    pub(super) fn written(self) -> Written {
        let (latex, text, mathml) = match self {
            Operator::Sum => (r"\sum", "Σ", r#"<mo movablelimits="false">∑</mo>"#),
            Operator::Product => (r"\prod", "Π", r#"<mo movablelimits="false">∏</mo>"#),
            Operator::Limit => (r"\lim", "lim", "<mo>lim</mo>"),
            Operator::Supremum => (r"\sup", "sup", "<mo>sup</mo>"),
            Operator::Infimum => (r"\inf", "inf", "<mo>inf</mo>"),
            Operator::Maximum => (r"\max", "max", "<mo>max</mo>"),
            Operator::Minimum => (r"\min", "min", "<mo>min</mo>"),
        };
        Written { latex, text, mathml }
    }
}

/// How tightly a part holds together, the loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Parts between commas, or a statement with its conditions.
    List,
    /// Statements joined by implication, and, or.
    Logic,
    /// Sides of a relation.
    Relation,
    /// Terms, or a term after a minus.
    Sum,
    /// What takes all factors to its right: Σ, lim, an operator of differentiation.
    Reach,
    /// Factors multiplied entry by entry.
    Hadamard,
    /// Factors side by side.
    Product,
    /// An operator before one factor: ∇.
    Prefix,
    /// One factor: a call, a power, a fraction.
    Factor,
    /// What can carry a script as it stands.
    Atom,
}

/// What the layout and the writers ask of a part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub level: Level,
    /// Higher than a line of text.
    pub tall: bool,
    /// About how many characters wide.
    pub width: u32,
    /// Fit to stand in a script.
    pub small: bool,
    /// Begins with a digit.
    pub digit: bool,
    /// Begins with a round fence.
    pub round: bool,
}

impl Tree {
    /// The part that is the whole formula; `None` in an empty tree.
    pub fn root(&self) -> Option<PartId> {
        self.root
    }

    /// The part of this number.
    pub fn part(&self, id: PartId) -> &Part {
        &self.parts[id.0 as usize]
    }

    /// How tightly a part holds together.
    pub fn level(&self, id: PartId) -> Level {
        self.facts(id).level
    }

    pub(super) fn facts(&self, id: PartId) -> Facts {
        self.facts[id.0 as usize]
    }

    pub(super) fn with_root(mut self, root: PartId) -> Tree {
        self.root = Some(root);
        self
    }

    /// A part with the level of its kind.
    pub(super) fn add(&mut self, part: Part) -> PartId {
        let level = match &part {
            Part::Letter(_)
            | Part::Number(_)
            | Part::Word(_)
            | Part::Prose(_)
            | Part::Sign(_)
            | Part::Styled { .. }
            | Part::Fenced { .. }
            | Part::Matrix { .. } => Level::Atom,
            Part::Apply { .. }
            | Part::Scripts { .. }
            | Part::Fraction { .. }
            | Part::Root(_)
            | Part::Evaluated { .. } => Level::Factor,
            Part::Row(_) => Level::Product,
            Part::Big { .. } | Part::Cases(_) => Level::Reach,
        };
        self.add_at(part, level)
    }

    /// Parts side by side; a single one stays itself.
    pub(super) fn row(&mut self, items: Vec<PartId>, level: Level) -> PartId {
        match items[..] {
            [only] => only,
            _ => self.add_at(Part::Row(items.into()), level),
        }
    }

    pub(super) fn letter(&mut self, name: &str) -> PartId {
        self.add(Part::Letter(name.into()))
    }

    pub(super) fn digits(&mut self, digits: impl Into<Box<str>>) -> PartId {
        self.add(Part::Number(digits.into()))
    }

    pub(super) fn word(&mut self, word: &str) -> PartId {
        self.add(Part::Word(word.into()))
    }

    pub(super) fn sign(&mut self, sign: Sign) -> PartId {
        self.add(Part::Sign(sign))
    }

    pub(super) fn round(&mut self, body: PartId) -> PartId {
        self.add(Part::Fenced { fence: Fence::Round, body })
    }

    /// The part, in parentheses where it holds together less tightly than `least`.
    pub(super) fn fenced_below(&mut self, part: PartId, least: Level) -> PartId {
        if self.level(part) < least { self.round(part) } else { part }
    }

    /// Parts with a sign between each two.
    pub(super) fn joined(&mut self, parts: &[PartId], sign: Sign, level: Level) -> PartId {
        let mut items = Vec::with_capacity(2 * parts.len());
        for &part in parts {
            if !items.is_empty() {
                items.push(self.sign(sign));
            }
            items.push(part);
        }
        self.row(items, level)
    }

    fn add_at(&mut self, part: Part, level: Level) -> PartId {
        let id = PartId(u32::try_from(self.parts.len()).expect("fewer than 2^32 parts"));
        let facts = self.measure(&part, level);
        self.parts.push(part);
        self.facts.push(facts);
        id
    }
}
