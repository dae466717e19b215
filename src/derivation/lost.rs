//! What is lost with a given or a definition that could not be read: verdicts that may rest on it.

use std::collections::BTreeSet;

use crate::derivation::display::{Class, Shown};
use crate::derivation::document::{Document, Formulas, Item, Relation};
use crate::expr::{Expr, Function, Node as Meaning, SymbolId};
use crate::lower::names::base_name;
use crate::model::FunctionBody;
use crate::proof::{Outcome, Verdict};
use crate::source::{Severity, Span};
use crate::syntax::ast::{Formula, Kind, Node};

/// What could not be read of a file and of those that it uses.
struct Lost {
    /// Whether a given may be missing: a counterexample may be one that it forbids.
    given: bool,
    /// The names whose definition is missing, which do not move with anything: nothing is known of them.
    defined: Names,
}

/// Some of the names of a file.
enum Names {
    /// All of them: it cannot be told which.
    All,
    /// These.
    Only(BTreeSet<SymbolId>),
}

impl Names {
    fn are_in(&self, names: &BTreeSet<SymbolId>) -> bool {
        match self {
            Names::All => !names.is_empty(),
            Names::Only(own) => !own.is_disjoint(names),
        }
    }
}

impl Document {
    /// Opens verdicts again that may rest on a given or a definition that could not be read. What is proved holds
    /// without a given.
    pub(super) fn withdraw_verdicts(&mut self) {
        let Some(lost) = self.lost() else { return };
        let mut items = std::mem::take(&mut self.items);
        for item in &mut items {
            match item {
                Item::Claim(block) => self.withdraw_relations(&lost, &mut block.relations),
                Item::Derive(block) => {
                    for found in block.derived.iter_mut().flatten() {
                        let derivation = &found.derivation;
                        let names = self.names_in(vec![derivation.left, derivation.result]);
                        self.withdraw(&lost, &names, &mut found.outcome);
                    }
                }
                Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Display(_) => {}
            }
        }
        self.items = items;
    }

    /// The same for formulas that are only shown.
    pub(super) fn withdraw_shown(&self, shown: &mut [Shown]) {
        let Some(lost) = self.lost() else { return };
        for formula in shown {
            if let Class::Decided(relations) = &mut formula.class {
                self.withdraw_relations(&lost, relations);
            }
        }
    }

    fn withdraw_relations(&self, lost: &Lost, relations: &mut [Relation]) {
        for relation in relations {
            let names = self.names_of(relation);
            self.withdraw(lost, &names, &mut relation.outcome);
        }
    }

    /// Opens a verdict on something that holds these names.
    fn withdraw(&self, lost: &Lost, names: &BTreeSet<SymbolId>, outcome: &mut Outcome) {
        let may_rest = match outcome.verdict {
            Verdict::Refuted => lost.given || self.with_companions(&lost.defined).are_in(names),
            Verdict::Proved | Verdict::Checked => lost.defined.are_in(names),
            Verdict::Open | Verdict::Invalid => false,
        };
        if may_rest {
            *outcome = Outcome::bare(Verdict::Open, Vec::new());
            outcome.detail = "a given or a definition could not be read, and the claim may rest on it".to_owned();
        }
    }

    /// What the errors of the file leave out; `None` where they leave out nothing.
    fn lost(&self) -> Option<Lost> {
        let (mut given, mut defined) = (false, Some(BTreeSet::new()));
        for problem in self.diagnostics.iter().filter(|problem| problem.severity == Severity::Error) {
            let place = problem.span.start;
            // A file that is used may give and define anything.
            let front = self.page.front_span;
            let is_of_used = holds(front, place) || problem.span == front;
            given |=
                is_of_used || self.items.iter().any(|item| matches!(item, Item::Given(own) if holds(own.span, place)));
            let own = match self.definitions_at(place) {
                _ if is_of_used => None,
                Some(definitions) => self.lost_with(definitions, place),
                None => Some(Vec::new()),
            };
            defined = defined.zip(own).map(|(mut names, own)| {
                names.extend(own);
                names
            });
        }
        let defined = defined.map_or(Names::All, Names::Only);
        let is_whole = !given && matches!(&defined, Names::Only(names) if names.is_empty());
        (!is_whole).then_some(Lost { given, defined })
    }

    fn definitions_at(&self, place: usize) -> Option<&Formulas> {
        self.items.iter().find_map(|item| match item {
            Item::Define(formulas) => holds(formulas.span, place).then_some(formulas),
            Item::Given(_) | Item::Prose(_) | Item::Claim(_) | Item::Derive(_) | Item::Display(_) => None,
        })
    }

    /// The names that the definition at this place defines; `None` where it cannot be told.
    fn lost_with(&self, definitions: &Formulas, place: usize) -> Option<Vec<SymbolId>> {
        let formula = definitions.formulas.iter().find(|formula| holds(formula.span, place))?;
        self.defined_by(formula)
    }

    /// The names that a definition defines; `None` where it cannot be told, and where others may be lost within it.
    fn defined_by(&self, formula: &Formula) -> Option<Vec<SymbolId>> {
        let Kind::Chain { first, rest } = &formula.body.kind else { return None };
        let [(_, right)] = &rest[..] else { return None };
        let is_swallowed = |node: &Node| is_broken(node) && self.may_hold_more(node);
        if is_broken(first) || is_swallowed(right) || formula.conditions.iter().any(is_swallowed) {
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

    /// Whether a further definition may stand in a part that could not be read: a row of its own, or another relation.
    fn may_hold_more(&self, node: &Node) -> bool {
        let written = self.source.slice(node.span);
        let is_relation = |part: &Node| matches!(part.kind, Kind::Chain { .. });
        written.contains(r"\\") || written.contains('=') || node.holds(&is_relation)
    }

    /// Names with those that an assumption ties them to.
    fn with_companions(&self, names: &Names) -> Names {
        let Names::Only(names) = names else { return Names::All };
        let mut names = names.clone();
        let tied: Vec<BTreeSet<SymbolId>> =
            self.model.assumptions.iter().map(|assumption| self.names_in(assumption.expressions())).collect();
        loop {
            let n_before = names.len();
            for tied in tied.iter().filter(|tied| !tied.is_disjoint(&names)).cloned().collect::<Vec<_>>() {
                names.extend(tied);
            }
            if names.len() == n_before {
                return Names::Only(names);
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

fn holds(span: Span, place: usize) -> bool {
    span.start <= place && place < span.end
}

/// Whether a part of a formula could not be read.
fn is_broken(node: &Node) -> bool {
    node.holds(&|part| matches!(part.kind, Kind::Error))
}
