//! Conditions that were left out, and claims that hold the other way round.

use crate::expr::{Shape, SymbolKind};
use crate::lower::names::{Part, base_name};
use crate::proof::Kind;
use crate::proof::repair::edit::{Change, Edit, Place};
use crate::proof::repair::editor::{Editor, bare};
use crate::proof::repair::names::UNRELATED;
use crate::source::Span;
use crate::syntax::ast::{Formula, Kind as Written, Node, Relation};

/// The thresholds that are tried for the size of a given, the weakest assumption first.
const THRESHOLDS: [&str; 3] = ["4", "2", "1"];

impl Editor<'_> {
    /// Conditions that may have been left out.
    pub(super) fn missing_conditions(&mut self, formula: &Formula) {
        self.place = Place::Condition;
        let scalars = self.scalars();
        let mut conditions: Vec<(String, usize)> = Vec::new();
        let mut sizes: Vec<(String, String)> = Vec::new();
        for name in &scalars {
            conditions.push((format!(r"{name} \ne 0"), 3));
        }
        let free = self.free_letters(&formula.body);
        for (place, letter) in free.iter().enumerate() {
            conditions.extend(["1", "2"].map(|least| (format!(r"{letter} \ge {least}"), 3)));
            for other in free.iter().skip(place + 1) {
                for (a, b) in [(letter, other), (other, letter)] {
                    conditions.extend([r"\ge", ">"].map(|sign| (format!("{a} {sign} {b}"), 3)));
                }
            }
        }
        if self.is_inequality(&formula.body) {
            for name in &scalars {
                conditions.extend([">", r"\ge"].map(|sign| (format!("{name} {sign} 0"), 3)));
                for threshold in THRESHOLDS {
                    let weaker = format!(r"|{name}| \le \frac{{101}}{{100}} \cdot {threshold}");
                    sizes.extend([r"\le", "<"].map(|sign| (format!("|{name}| {sign} {threshold}"), weaker.clone())));
                }
            }
        }
        for name in self.squares() {
            conditions.push((format!(r"{name}^\top = {name}"), 4));
        }
        let joint = if formula.conditions.is_empty() { r" \quad \text{if } " } else { r", \; " };
        let end = self.text.len();
        let with = |condition: &str| vec![Change::insertion(end, format!("{joint}{condition}"))];
        for (condition, size) in conditions {
            self.add_of_size(Kind::MissingAssumption, size, with(&condition));
        }
        for (range, size) in self.missing_ranges(formula, &free) {
            let text =
                if formula.conditions.is_empty() { format!(r" \quad ({range})") } else { format!("{joint}{range}") };
            self.add_of_size(Kind::MissingAssumption, size, vec![Change::insertion(end, text)]);
        }
        for (condition, weaker) in sizes {
            self.add_of_size(Kind::MissingAssumption, 4, with(&condition)).weaker = Some(with(&weaker));
        }
    }

    /// `1 \le k \le K` for each free letter, where a sum or a product runs from 1 to K.
    fn missing_ranges(&self, formula: &Formula, free: &[String]) -> Vec<(String, usize)> {
        let mut ranges = Vec::new();
        ranges_of_big(&formula.body, &mut ranges);
        let within = |letter: &String| {
            let written = ranges.iter().map(|(low, high)| (self.slice(low.span).trim(), self.slice(high.span).trim()));
            let written: Vec<String> = written.map(|(low, high)| format!(r"{low} \le {letter} \le {high}")).collect();
            written.into_iter().map(|range| (range, 3))
        };
        let mut found: Vec<(String, usize)> = free.iter().flat_map(within).collect();
        found.dedup();
        found
    }

    /// The letters of a claim that no sum or product binds.
    fn free_letters(&self, body: &Node) -> Vec<String> {
        let mut bound = Vec::new();
        bound_letters(body, &mut bound);
        self.letters.iter().filter(|letter| !bound.contains(letter)).cloned().collect()
    }

    /// Whether a letter is a declared integer.
    fn is_integer(&self, letter: &str) -> bool {
        self.names.with_base(letter).iter().any(|name| self.arena.kind(name.symbol) == SymbolKind::Integer)
    }

    /// The givens without an index that the claim leads to, numbers only.
    fn scalars(&self) -> Vec<String> {
        let is_scalar = |name: &&crate::lower::names::Name| {
            self.arena.kind(name.symbol) == SymbolKind::Real
                && self.arena.declared_shape(name.symbol).is_scalar()
                && self.reads.contains(&name.symbol)
                && !self.model.is_defined(name.symbol)
                && !matches!((&name.sub, &name.sup), (Part::Index(..), _) | (_, Part::Index(..)))
        };
        self.names.all().filter(is_scalar).map(crate::lower::names::Name::template).collect()
    }

    /// The square matrices without an index that the claim leads to.
    fn squares(&self) -> Vec<String> {
        let is_square = |name: &&crate::lower::names::Name| {
            self.reads.contains(&name.symbol)
                && self.text.contains(&name.template())
                && matches!(self.shape_of(name), Some(Shape::Matrix(m, n)) if m == n)
                && (&name.sub, &name.sup) == (&Part::Absent, &Part::Absent)
        };
        self.names.all().filter(is_square).map(crate::lower::names::Name::template).collect()
    }

    /// `A` if `B`, turned round: `A \implies B`, with what else may be wrong with `B`. A list of assumptions is no premise.
    pub(super) fn converses(&mut self, formula: &Formula) {
        let is_relation = |node: &&Node| matches!(bare(node).kind, Written::Chain { .. });
        let statement = self.slice(formula.body.span).to_owned();
        let is_premise = |node: &&Node| is_relation(node) && !self.is_about_letters(node) && !excludes(node);
        if !is_relation(&&formula.body)
            || !self.says_if(formula)
            || formula.conditions.iter().filter(is_premise).count() != 1
        {
            return;
        }
        for (place, condition) in formula.conditions.iter().enumerate() {
            let is_relation = matches!(bare(condition).kind, Written::Chain { .. });
            if !is_relation || self.is_about_letters(condition) || excludes(condition) {
                continue;
            }
            let others: Vec<&str> = formula
                .conditions
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place)
                .map(|(_, node)| self.slice(node.span))
                .collect();
            let tail =
                if others.is_empty() { String::new() } else { format!(r" \quad \text{{for }} {}", others.join(", ")) };
            let whole = Span::new(0, self.text.len());
            let variants = self.variants(condition);
            self.place = Place::Condition;
            for (conclusion, size) in variants {
                let text = format!(r"{statement} \implies {conclusion}{tail}");
                self.add_of_size(Kind::Converse, size, vec![Change::new(whole, text)]);
            }
        }
    }

    /// Whether the conditions of a formula are introduced by the word that makes them its premise.
    fn says_if(&self, formula: &Formula) -> bool {
        let Some(first) = formula.conditions.first() else { return false };
        let between = self.text.get(formula.body.span.end..first.span.start).unwrap_or_default();
        between.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == "if")
    }

    /// A condition as it is written, and with each edit that was found in it.
    fn variants(&self, condition: &Node) -> Vec<(String, usize)> {
        let span = condition.span;
        let within = |edit: &&Edit| {
            edit.place == Place::Condition
                && edit.changes.iter().all(|change| span.start <= change.span.start && change.span.end <= span.end)
                && matches!(edit.kind, Kind::MissingAbsoluteValue | Kind::WrongSymbol)
                && edit.distance < UNRELATED
        };
        let edited = self.edits.iter().filter(within).filter_map(|edit| {
            let shifted = edit.changes.iter().map(|change| {
                let at = Span::new(change.span.start - span.start, change.span.end - span.start);
                Change::new(at, change.text.clone())
            });
            let edit = Edit { changes: shifted.collect(), ..edit.clone() };
            Some((edit.applied(self.slice(span))?, 2 + edit.size))
        });
        std::iter::once((self.slice(span).to_owned(), 2)).chain(edited).collect()
    }

    /// Whether a condition speaks of letters alone.
    pub(super) fn is_about_letters(&self, node: &Node) -> bool {
        match &node.kind {
            Written::Symbol(text) => self.letters.contains(text) || self.is_integer(text),
            Written::Script { .. } | Written::Operator(_) => false,
            _ => node.children().into_iter().all(|child| self.is_about_letters(child)),
        }
    }
}

/// Whether a condition only excludes a value.
fn excludes(condition: &Node) -> bool {
    matches!(&bare(condition).kind, Written::Chain { rest, .. } if rest.iter().any(|(sign, _)| *sign == Relation::NotEqual))
}

/// The lower and the upper bounds of the big operators in a part.
fn ranges_of_big<'n>(node: &'n Node, ranges: &mut Vec<(&'n Node, &'n Node)>) {
    if let Written::Big { sub: Some(sub), sup: Some(high), .. } = &node.kind
        && let Written::Chain { rest, .. } = &bare(sub).kind
        && let [(Relation::Equal, low)] = &rest[..]
    {
        ranges.push((low, bare(high)));
    }
    node.children().into_iter().for_each(|child| ranges_of_big(child, ranges));
}

/// The letters that big operators in a part bind.
fn bound_letters(node: &Node, bound: &mut Vec<String>) {
    if let Written::Big { sub: Some(sub), .. } = &node.kind
        && let Written::Chain { first, rest } = &bare(sub).kind
    {
        bound.extend(std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side)).filter_map(base_name));
    }
    node.children().into_iter().for_each(|child| bound_letters(child, bound));
}
