//! The editor: walks the tree of a claim and lists the small edits of its text.
//!
//! Each topic has its file: `names` (which name a part is, another in its place), `indices` (indices, exponents,
//! bounds), `parts` (factors and terms), `signs` (derivatives, bars, transposes, relations), `conditions`.

use crate::expr::{Arena, SymbolId};
use crate::lower::Names;
use crate::model::Model;
use crate::proof::Kind;
use crate::proof::repair::edit::{Change, Edit, Place};
use crate::source::Span;
use crate::syntax::ast::{Connective, Formula, Kind as Written, Node, Relation};

/// Lists the edits of one claim.
pub(super) struct Editor<'a> {
    pub text: &'a str,
    pub arena: &'a Arena,
    pub model: &'a Model,
    pub names: &'a Names,
    /// Everything that the claim leads to.
    pub reads: &'a [SymbolId],
    /// The letters of the claim that run over the integers.
    pub letters: Vec<String>,
    /// Factors that may have been left out, with how many names and numbers they have.
    pub factors: Vec<(String, usize)>,
    /// Where the walk is.
    pub place: Place,
    pub edits: Vec<Edit>,
}

/// What stands around a part.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// It is the argument of a function that is differentiated.
    pub slope: bool,
    /// It stands between bars.
    pub bars: bool,
    /// It is a side, or a part of a side, of an inequality.
    pub order: bool,
    /// It is what is differentiated, or by what.
    pub derivative: bool,
}

impl Editor<'_> {
    /// Walks a whole claim.
    pub(super) fn walk(&mut self, formula: &Formula) {
        self.statement(&formula.body);
        for condition in &formula.conditions {
            self.place = Place::Condition;
            if !self.is_about_letters(condition) {
                self.relations(condition);
            }
        }
    }

    /// A statement: the conclusion of an implication is its right, the premise its left.
    fn statement(&mut self, node: &Node) {
        let Written::Logic(connective, first, second) = &bare(node).kind else {
            self.place = Place::Right;
            return self.relations(node);
        };
        self.connective(*connective, first, second);
        let (premise, conclusion) = match connective {
            Connective::ImpliedBy => (second, first),
            Connective::Implies | Connective::Iff | Connective::And | Connective::Or => (first, second),
        };
        self.place = Place::Left;
        self.relations(premise);
        self.place = Place::Right;
        self.relations(conclusion);
    }

    /// The relations in a part; the sides of other parts as they are.
    fn relations(&mut self, node: &Node) {
        let Written::Chain { first, rest } = &bare(node).kind else {
            return node.children().into_iter().for_each(|child| self.relations(child));
        };
        let place = self.place;
        let is_order = rest.iter().any(|(sign, _)| orders(*sign));
        let around = Around { order: is_order, ..Around::default() };
        let mut left: &Node = first;
        for (sign, right) in rest {
            self.relation(*sign, left, right);
            left = right;
        }
        if is_order {
            std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side)).for_each(|side| self.bars_around(side));
        }
        // What an inequality is about is its left, or what a number on its left bounds.
        let bounds_right = is_order && !has_names(first);
        let (of_first, of_others) = match (place, bounds_right) {
            (Place::Right, true) => (Place::Right, Place::Left),
            (Place::Right, false) => (Place::Left, Place::Right),
            (Place::Left | Place::Condition, _) => (place, place),
        };
        self.place = of_first;
        self.term(first, around);
        self.place = of_others;
        rest.iter().for_each(|(_, side)| self.term(side, around));
        self.place = place;
    }

    /// A side, a term, or the body of a big operator: a place where factors may be missing.
    pub(super) fn term(&mut self, node: &Node, around: Around) {
        if self.place == Place::Right {
            self.factors_in(node, around);
        }
        self.visit(node, around);
    }

    /// One part with all that stands in it.
    pub(super) fn visit(&mut self, node: &Node, around: Around) {
        match &node.kind {
            Written::Symbol(_) | Written::Operator(_) | Written::Script { .. } => self.scripted(node, around),
            Written::Product(items) => self.product(items, around),
            Written::Sum(terms) => self.sum(node, terms, around),
            Written::Frac { num, den } => self.fraction(node, num, den, around),
            Written::Big { sub, sup, body, .. } => {
                self.bounds(sub.as_deref(), sup.as_deref());
                self.term(body, around);
            }
            Written::Fenced { open, body, .. } => {
                let bars = around.bars || matches!(open.as_str(), "|" | r"\|");
                self.visit(body, Around { bars, ..around });
            }
            Written::Evaluated { body, .. } | Written::Decorated { body, .. } => self.visit(body, around),
            Written::Number(_) | Written::Text(_) | Written::Dots(_) | Written::Empty | Written::Error => {}
            Written::Group(_)
            | Written::Sqrt { .. }
            | Written::Binom(..)
            | Written::Chain { .. }
            | Written::List(_)
            | Written::Logic(..)
            | Written::Not(_)
            | Written::Quantified { .. }
            | Written::Matrix { .. }
            | Written::Cases(_)
            | Written::Given(..)
            | Written::Signature { .. }
            | Written::Factorial(_) => node.children().into_iter().for_each(|child| self.visit(child, around)),
        }
    }

    /// The text of a part.
    pub(super) fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Adds an edit of one name, number or sign.
    pub(super) fn add(&mut self, kind: Kind, changes: Vec<Change>) -> &mut Edit {
        self.add_of_size(kind, 1, changes)
    }

    /// Adds an edit. What stands left of the relation is what the claim is about: it counts for more.
    pub(super) fn add_of_size(&mut self, kind: Kind, size: usize, changes: Vec<Change>) -> &mut Edit {
        let size = size + usize::from(self.place == Place::Left);
        let edit = Edit { kind, size, place: self.place, distance: 0, changes, theme: String::new(), weaker: None };
        self.edits.push(edit);
        self.edits.last_mut().expect("an edit was just added")
    }
}

/// Braces that only group are looked through.
pub(super) fn bare(node: &Node) -> &Node {
    match &node.kind {
        Written::Group(inner) => bare(inner),
        _ => node,
    }
}

/// Whether a relation is `<`, `>` or the like.
pub(super) fn orders(sign: Relation) -> bool {
    matches!(sign, Relation::Less | Relation::LessEqual | Relation::Greater | Relation::GreaterEqual)
}

/// Whether anything but numbers stands in a part.
pub(super) fn has_names(node: &Node) -> bool {
    match &node.kind {
        Written::Symbol(text) => text != r"\pi",
        Written::Operator(_) => true,
        _ => node.children().into_iter().any(has_names),
    }
}

/// How many names, numbers and functions stand in a part, indices apart.
pub(super) fn weight(node: &Node) -> usize {
    match &node.kind {
        Written::Symbol(_) | Written::Number(_) | Written::Operator(_) => 1,
        Written::Script { base, .. } => weight(base),
        _ => node.children().into_iter().map(weight).sum(),
    }
}
