//! What is lost with a given or a definition that could not be read: verdicts that may rest on it.

use std::collections::BTreeSet;

use crate::derivation::document::{Document, Item, Relation};
use crate::expr::{Expr, Function, Node as Meaning, SymbolId};
use crate::lower::names::base_name;
use crate::model::FunctionBody;
use crate::proof::{Outcome, Verdict};
use crate::source::{Severity, Span};
use crate::syntax::ast::{Formula, Kind, Node};

/// What no claim may be refuted with.
enum Lost {
    /// All that the file speaks of: an assumption is missing.
    Everything,
    /// These names, and what is assumed of them.
    Names(BTreeSet<SymbolId>),
}

impl Document {
    /// Opens refutations again whose counterexample may break a given or a definition, of this file or of one that it
    /// uses, that could not be read. What is proved holds without a given; without a definition its name is another
    /// one, which does not move with anything, so that nothing is known of it.
    pub(super) fn withdraw_verdicts(&mut self) {
        let (defined, doubtful) = match self.lost() {
            Lost::Everything => (BTreeSet::new(), None),
            Lost::Names(names) if names.is_empty() => return,
            Lost::Names(names) => (names.clone(), Some(self.with_companions(names))),
        };
        let mut items = std::mem::take(&mut self.items);
        for item in &mut items {
            let Item::Claim(block) = item else { continue };
            for relation in &mut block.relations {
                let names = self.names_of(relation);
                let may_rest = match relation.outcome.verdict {
                    Verdict::Refuted => doubtful.as_ref().is_none_or(|doubtful| !names.is_disjoint(doubtful)),
                    Verdict::Proved | Verdict::Checked => !names.is_disjoint(&defined),
                    Verdict::Open | Verdict::Invalid => false,
                };
                if may_rest {
                    relation.outcome = Outcome::bare(Verdict::Open, Vec::new());
                    relation.outcome.detail =
                        "a given or a definition could not be read, and the claim may rest on it".to_owned();
                }
            }
        }
        self.items = items;
    }

    fn lost(&self) -> Lost {
        let holds = |span: Span, place: usize| span.start <= place && place < span.end;
        let mut names = BTreeSet::new();
        for problem in self.diagnostics.iter().filter(|problem| problem.severity == Severity::Error) {
            let place = problem.span.start;
            let is_given = |item: &Item| matches!(item, Item::Given(formulas) if holds(formulas.span, place));
            if holds(self.page.front_span, place) || self.items.iter().any(is_given) {
                return Lost::Everything;
            }
            let definitions = self.items.iter().find_map(|item| match item {
                Item::Define(formulas) => holds(formulas.span, place).then_some(formulas),
                Item::Given(_) | Item::Prose(_) | Item::Claim(_) | Item::Derive(_) | Item::Display(_) => None,
            });
            let Some(definitions) = definitions else { continue };
            let own = definitions.formulas.iter().find(|formula| holds(formula.span, place));
            let Some(defined) = own.and_then(|formula| self.defined_by(formula)) else { return Lost::Everything };
            names.extend(defined);
        }
        Lost::Names(names)
    }

    /// The names that a definition defines; `None` where it cannot be told.
    fn defined_by(&self, formula: &Formula) -> Option<Vec<SymbolId>> {
        let Kind::Chain { first, .. } = &formula.body.kind else { return None };
        if is_broken(&formula.body) || formula.conditions.iter().any(is_broken) {
            return None;
        }
        let head = match &first.kind {
            Kind::Product(items) => items.first().map_or(&**first, |(_, function)| function),
            _ => first,
        };
        let whole = |node: &Node| base_name(node).map(|base| self.names.with_base(&base));
        let of_base = match &head.kind {
            Kind::Script { base, .. } => whole(base),
            _ => whole(first).filter(|names| !names.is_empty()).or_else(|| whole(head)),
        };
        let symbols: Vec<SymbolId> = of_base?.into_iter().map(|name| name.symbol).collect();
        (!symbols.is_empty()).then_some(symbols)
    }

    /// Names with those that an assumption ties them to.
    fn with_companions(&self, mut names: BTreeSet<SymbolId>) -> BTreeSet<SymbolId> {
        let tied: Vec<BTreeSet<SymbolId>> =
            self.model.assumptions.iter().map(|assumption| self.names_in(assumption.expressions())).collect();
        loop {
            let n_before = names.len();
            for tied in tied.iter().filter(|tied| !tied.is_disjoint(&names)).cloned().collect::<Vec<_>>() {
                names.extend(tied);
            }
            if names.len() == n_before {
                return names;
            }
        }
    }

    fn names_of(&self, relation: &Relation) -> BTreeSet<SymbolId> {
        let statement = relation.statement.iter();
        let props = statement.flat_map(|statement| std::iter::once(&statement.prop).chain(&statement.conditions));
        self.names_in(props.flat_map(|prop| prop.expressions()).collect())
    }

    /// The names in expressions, in the definitions behind them, and in their sizes.
    fn names_in(&self, mut open: Vec<Expr>) -> BTreeSet<SymbolId> {
        let mut names = BTreeSet::new();
        let mut seen = BTreeSet::new();
        while let Some(expr) = open.pop() {
            for part in self.arena.reachable(&[expr]) {
                if !seen.insert(part) {
                    continue;
                }
                open.extend(self.arena.shape(part).sizes());
                let symbol = match self.arena.node(part) {
                    Meaning::Symbol { symbol, .. } => *symbol,
                    Meaning::Call { function: Function::Declared { symbol, .. }, .. } => *symbol,
                    _ => continue,
                };
                if names.insert(symbol) {
                    open.extend(self.behind(symbol));
                }
            }
        }
        names
    }

    /// What a name is defined by.
    fn behind(&self, symbol: SymbolId) -> Vec<Expr> {
        let definitions = self.model.definitions_of(symbol);
        let ranges = |range: &[crate::expr::Prop]| range.iter().flat_map(|prop| prop.expressions()).collect::<Vec<_>>();
        let bodies = definitions.flat_map(|own| std::iter::once(own.body).chain(ranges(&own.range)));
        let function = match self.model.functions.get(&symbol) {
            Some(FunctionBody::Expression { body, .. }) => Some(*body),
            Some(FunctionBody::Elementary(_)) | None => None,
        };
        bodies.chain(function).collect()
    }
}

/// Whether a part of a formula could not be read, so that nothing is sure about the rest of it either.
fn is_broken(node: &Node) -> bool {
    matches!(node.kind, Kind::Error) || node.children().into_iter().any(is_broken)
}
