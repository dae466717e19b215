//! The context of lowering: what names mean here, and the problems found so far.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Comparison, Expr, Extremum, Prop, Shape, SymbolId, SymbolKind};
use crate::lower::names::Names;
use crate::lower::sized::OpenSize;
use crate::model::Model;
use crate::rewrite::Linear;
use crate::source::{Diagnostic, Span};

/// Lowers the formulas of one derivation into one arena and one model.
pub struct Reader<'a> {
    pub(super) arena: &'a mut Arena,
    pub(super) model: &'a mut Model,
    pub(super) names: &'a mut Names,
    /// Problems and notes, in the order found.
    pub diagnostics: Vec<Diagnostic>,
    /// Letters that are indices in the formula at hand.
    pub(super) letters: BTreeSet<String>,
    /// Letters that mean something of their own here, innermost last: bound indices, parameters of a definition.
    pub(super) locals: Vec<(String, Expr)>,
    /// Pairs of sizes that must be equal for the formula to make sense, though they are not for all sizes.
    pub(super) sizes: Vec<(Expr, Expr)>,
    /// How often each letter stands free in the formula at hand.
    pub(super) free_letters: BTreeMap<String, usize>,
    /// Letters that run with the index that they bound: the j of `\sum_{i < j} a_i a_j`.
    pub(super) paired: BTreeSet<String>,
    /// Sizes of constants that the rest of the formula decides.
    pub(super) open_sizes: Vec<OpenSize>,
    /// Maxima and minima over all real numbers, with what they are taken of.
    pub(super) attained: Vec<(Expr, Extremum, Expr)>,
    /// Divisors in the formula at hand, as they were written.
    pub(super) divisors: Vec<Expr>,
    /// The conditions of the claim at hand.
    pub(super) known: Vec<Prop>,
    /// Definitions whose shape is not known yet and which a body asked for.
    pub(super) waiting: BTreeSet<SymbolId>,
    /// Heads of definitions that have no shape yet.
    pub(super) shapeless: BTreeSet<SymbolId>,
    /// Families that are defined by their entries.
    pub(super) by_entries: BTreeSet<SymbolId>,
    /// Where undeclared names lie by the way in which they stand, other than among the real numbers.
    pub(super) likely_sets: BTreeMap<String, &'static str>,
    /// The tolerance of the relation just read.
    pub(super) tolerance: Option<crate::number::Rational>,
    /// Whether nobody reads what was remarked.
    pub(super) is_silent: bool,
}

/// A claim as it is meant: a statement and the conditions under which it is made.
#[derive(Debug, Clone)]
pub struct Statement {
    /// What is claimed.
    pub prop: Prop,
    /// When.
    pub conditions: Vec<Prop>,
    /// Half a unit of the last digit written: for `\approx`, and for `=` beside a decimal, which may be rounded.
    pub tolerance: Option<crate::number::Rational>,
    /// Sizes that must agree for the shapes to fit; empty where they fit for all sizes.
    pub sizes: Vec<(Expr, Expr)>,
    /// The divisors in it, as they were written: what they cancel with is gone from `prop`.
    pub divisors: Vec<Expr>,
    /// For an equality with a maximum or a minimum over all real numbers: what holds where no number attains it.
    pub unattained: Option<Prop>,
    /// The extreme values over all real numbers that are written as a maximum or a minimum.
    pub attained: Vec<Expr>,
    /// Whether its sides, or those of its conclusion, are written the other way round: with `>` or `\ge`.
    pub reversed: bool,
    /// Where it stands.
    pub span: Span,
}

impl Statement {
    /// Whether it claims no more than closeness.
    pub fn approximates(&self) -> bool {
        matches!(self.prop, Prop::Compare(Comparison::Approximately, ..))
    }

    /// For an equality with a number that may be rounded: that both sides are close.
    pub fn to_the_digits(&self) -> Option<Statement> {
        let Prop::Compare(Comparison::Equal, left, right) = self.prop else { return None };
        self.tolerance.as_ref()?;
        Some(Statement { prop: Prop::Compare(Comparison::Approximately, left, right), ..self.clone() })
    }
}

impl<'a> Reader<'a> {
    /// A reader that adds to `model` and `names`.
    pub fn new(arena: &'a mut Arena, model: &'a mut Model, names: &'a mut Names) -> Reader<'a> {
        Reader {
            arena,
            model,
            names,
            diagnostics: Vec::new(),
            letters: BTreeSet::new(),
            locals: Vec::new(),
            sizes: Vec::new(),
            free_letters: BTreeMap::new(),
            paired: BTreeSet::new(),
            open_sizes: Vec::new(),
            attained: Vec::new(),
            divisors: Vec::new(),
            known: Vec::new(),
            waiting: BTreeSet::new(),
            shapeless: BTreeSet::new(),
            by_entries: BTreeSet::new(),
            likely_sets: BTreeMap::new(),
            tolerance: None,
            is_silent: false,
        }
    }

    /// The same reader, of whose remarks those that take work to find are left out.
    pub fn in_silence(self) -> Reader<'a> {
        Reader { is_silent: true, ..self }
    }

    /// Reports an error and gives up on the expression.
    pub(super) fn fail<T>(&mut self, code: &'static str, span: Span, message: String, hint: &str) -> Option<T> {
        let mut diagnostic = Diagnostic::error(code, span, message);
        if !hint.is_empty() {
            diagnostic = diagnostic.with_hint(hint);
        }
        self.diagnostics.push(diagnostic);
        None
    }

    /// Says what was taken where something else could be meant.
    pub(super) fn remark(&mut self, code: &'static str, span: Span, message: String, hint: &str) {
        let note = Diagnostic::note(code, span, message);
        let note = if hint.is_empty() { note } else { note.with_hint(hint) };
        if !self.diagnostics.contains(&note) {
            self.diagnostics.push(note);
        }
    }

    /// Says what a name was taken for, once in a file.
    pub(super) fn note_of_name(&mut self, code: &'static str, name: &str, span: Span, message: String, hint: &str) {
        self.diagnostics.push(Diagnostic::note(code, span, message).with_hint(hint).about(name));
    }

    /// The integer letter of this name.
    pub(super) fn letter(&mut self, name: &str) -> (SymbolId, Expr) {
        let symbol = self.arena.intern(name, SymbolKind::Integer);
        if self.arena.kind(symbol) == SymbolKind::Integer || !self.model.declarations.contains_key(&symbol) {
            let expr = self.arena.symbol(symbol);
            return (symbol, expr);
        }
        let mut primed = format!("{name}'");
        while !self.names.with_base(&primed).is_empty() {
            primed.push('\'');
        }
        let symbol = self.arena.intern(&primed, SymbolKind::Integer);
        let expr = self.arena.symbol(symbol);
        (symbol, expr)
    }

    /// Reads `read` with a letter that means `value`, and forgets it afterwards.
    pub(super) fn with_local<T>(&mut self, name: &str, value: Expr, read: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.push((name.to_owned(), value));
        let result = read(self);
        self.locals.pop();
        result
    }

    /// Reads `read` to see what comes of it: what it reports, and the letters that it leaves, are forgotten.
    pub(super) fn on_trial<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let (n_problems, depth) = (self.diagnostics.len(), self.locals.len());
        let result = read(self);
        self.diagnostics.truncate(n_problems);
        self.locals.truncate(depth);
        result
    }

    /// Notes that two sizes must agree; `false` where they certainly do not.
    pub(super) fn same_size(&mut self, a: Expr, b: Expr) -> bool {
        let (a, b) = (self.settled(a), self.settled(b));
        if a == b || self.take_size(a, b) {
            return true;
        }
        let gap = Linear::read(self.arena, a).zip(Linear::read(self.arena, b)).map(|(a, b)| a.minus(&b));
        if gap.is_some_and(|gap| gap.is_constant()) {
            return false;
        }
        self.sizes.push((a, b));
        true
    }

    /// Notes that two shapes must agree; `false` where they cannot.
    pub(super) fn same_shape(&mut self, a: Shape, b: Shape) -> bool {
        let (a, b) = (a.sizes(), b.sizes());
        a.len() == b.len() && a.into_iter().zip(b).all(|(m, n)| self.same_size(m, n))
    }

    /// The shape in words, for messages.
    pub(super) fn describe(&self, shape: Shape) -> String {
        let size = |n: Expr| self.describe_size(n);
        match shape {
            Shape::Scalar => "a number".to_owned(),
            Shape::Vector(n) if self.is_open_size(n) => "a vector".to_owned(),
            Shape::Vector(n) => format!("a vector of size {}", size(n)),
            Shape::Matrix(m, n) => format!("a {} by {} matrix", size(m), size(n)),
        }
    }

    /// The set in which values of a shape lie, for hints.
    pub(super) fn set_of(&self, shape: Shape) -> String {
        match shape {
            Shape::Scalar => r"\mathbb{R}".to_owned(),
            Shape::Vector(n) => format!(r"\mathbb{{R}}^{{{}}}", self.describe_size(n)),
            Shape::Matrix(m, n) => {
                format!(r"\mathbb{{R}}^{{{} \times {}}}", self.describe_size(m), self.describe_size(n))
            }
        }
    }

    fn describe_size(&self, n: Expr) -> String {
        use crate::expr::Node;
        match self.arena.node(self.settled(n)) {
            Node::Number(value) => value.to_string(),
            _ if self.is_open_size(n) => "…".to_owned(),
            Node::Symbol { symbol, indices, .. } if indices.is_empty() => self.arena.name(*symbol).to_owned(),
            Node::Symbol { symbol, indices, .. } => {
                let inner: Vec<String> = indices.iter().map(|&i| self.describe_size(i)).collect();
                let base = self.arena.name(*symbol).split(['_', '^']).next().unwrap_or_default();
                format!("{base}_{{{}}}", inner.join(","))
            }
            Node::Sum(terms) => {
                let mut parts: Vec<String> = Vec::new();
                for &term in terms.iter() {
                    let text = self.describe_size(term);
                    match self.arena.as_number(term) {
                        Some(_) => parts.push(text),
                        None => parts.insert(0, text),
                    }
                }
                parts.join("+").replace("+-", "-")
            }
            _ => "…".to_owned(),
        }
    }
}
