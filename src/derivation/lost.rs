//! What is lost with a given or a definition that could not be read: verdicts that may rest on it.

use std::collections::BTreeSet;

use crate::derivation::display::{Class, Shown};
use crate::derivation::document::{Document, Formulas, Item, Relation};
use crate::expr::{Expr, Function, Node as Meaning, SymbolId, SymbolKind};
use crate::lower::is_known_by_name;
use crate::lower::names::base_name;
use crate::model::FunctionBody;
use crate::proof::{Outcome, Verdict};
use crate::source::{Severity, Span};
use crate::syntax::ast::{Formula, Kind, Node, Relation as Written};

/// What could not be read of a file and of those that it uses.
struct Lost {
    /// The names of which a given may be missing: a counterexample may be one that it forbids.
    given: Names,
    /// The names whose definition is missing, which do not move with anything: nothing is known of them.
    defined: Names,
    /// Names that mean something where nothing declares them, of which a declaration is missing.
    redeclared: BTreeSet<String>,
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

    fn is_empty(&self) -> bool {
        matches!(self, Names::Only(own) if own.is_empty())
    }

    /// Adds names; all of them where it cannot be told which.
    fn add(&mut self, more: Option<BTreeSet<SymbolId>>) {
        match (&mut *self, more) {
            (Names::Only(own), Some(more)) => own.extend(more),
            (Names::Only(_) | Names::All, None) => *self = Names::All,
            (Names::All, Some(_)) => {}
        }
    }
}

impl Document {
    /// Opens verdicts again that may rest on a given or a definition that could not be read. What is proved holds
    /// without a given, and a counterexample stands where neither the lost given nor anything tied to it is in the claim.
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
            let written = self.source.text.get(relation.span.start..relation.span.end).unwrap_or_default();
            if lost.redeclared.iter().any(|name| written.contains(name)) {
                withdraw(&mut relation.outcome);
            }
            self.withdraw(lost, &names, &mut relation.outcome);
        }
    }

    /// Opens a verdict on something that holds these names.
    fn withdraw(&self, lost: &Lost, names: &BTreeSet<SymbolId>, outcome: &mut Outcome) {
        let may_rest = match outcome.verdict {
            Verdict::Refuted => lost.given.are_in(names) || self.with_companions(&lost.defined).are_in(names),
            Verdict::Proved | Verdict::Checked => lost.defined.are_in(names),
            Verdict::Open | Verdict::Invalid => false,
        };
        if may_rest {
            withdraw(outcome);
        }
    }

    /// What the errors of the file leave out; `None` where they leave out nothing.
    fn lost(&self) -> Option<Lost> {
        let (mut given, mut defined) = (Names::Only(BTreeSet::new()), Names::Only(BTreeSet::new()));
        let mut redeclared = BTreeSet::new();
        for problem in self.diagnostics.iter().filter(|problem| problem.severity == Severity::Error) {
            let place = problem.span.start;
            // A file that is used may give and define anything.
            let front = self.page.front_span;
            if holds(front, place) || problem.span == front {
                (given, defined) = (Names::All, Names::All);
            }
            if let Some(givens) = self.givens_at(place) {
                let is_of_one = problem.code != "contradictory-assumptions";
                given.add(self.spoken_of_at(givens, place).filter(|_| is_of_one));
                redeclared.extend(known_names(givens, place));
            }
            if let Some(definitions) = self.definitions_at(place) {
                defined.add(self.lost_with(definitions, place).map(|names| names.into_iter().collect()));
            }
        }
        let given = self.with_companions(&given);
        let is_whole = given.is_empty() && defined.is_empty() && redeclared.is_empty();
        (!is_whole).then_some(Lost { given, defined, redeclared })
    }

    fn givens_at(&self, place: usize) -> Option<&Formulas> {
        self.items.iter().find_map(|item| match item {
            Item::Given(formulas) => holds(formulas.span, place).then_some(formulas),
            Item::Define(_) | Item::Prose(_) | Item::Claim(_) | Item::Derive(_) | Item::Display(_) => None,
        })
    }

    /// The names that the given at this place speaks of; `None` where it cannot be told.
    fn spoken_of_at(&self, givens: &Formulas, place: usize) -> Option<BTreeSet<SymbolId>> {
        let formula = givens.formulas.iter().find(|formula| holds(formula.span, place))?;
        let parts = || std::iter::once(&formula.body).chain(&formula.conditions);
        let mut bases = BTreeSet::new();
        parts().for_each(|part| self.bases_in(part, &mut bases));
        let is_told = !bases.is_empty() && !parts().any(hides_names);
        is_told.then(|| bases.iter().flat_map(|base| self.symbols_of(base)).collect())
    }

    /// The names and letters in a part of a formula. A letter that stands as an index and is not declared is none.
    fn bases_in(&self, node: &Node, bases: &mut BTreeSet<String>) {
        bases.extend(base_name(node));
        match &node.kind {
            Kind::Script { base, sub, sup, .. } => {
                self.bases_in(base, bases);
                let is_index = |script: &Node| matches!(&script.kind, Kind::Symbol(letter) if self.names.with_base(letter).is_empty());
                let scripts = sub.iter().chain(sup).filter(|script| !is_index(script));
                scripts.for_each(|script| self.bases_in(script, bases));
            }
            _ => node.children().into_iter().for_each(|part| self.bases_in(part, bases)),
        }
    }

    /// What may be meant by letters that are written together or alone.
    fn symbols_of(&self, base: &str) -> Vec<SymbolId> {
        let is_part = |own: &str| own == base || !own.starts_with('\\') && own.contains(base);
        let bases = self.names.bases().filter(|own| is_part(own));
        let declared = bases.flat_map(|own| self.names.with_base(own)).map(|name| name.symbol);
        declared.chain(self.arena.find(base)).collect()
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
        match symbols.is_empty() {
            // A name that nothing knows stands in no claim, but a letter of this name may.
            true => {
                let base = name_of_head(first).filter(|base| !is_known_by_name(base))?;
                Some(self.arena.find(&base).into_iter().collect())
            }
            false => Some(symbols),
        }
    }

    /// Whether a further definition may stand in a part that could not be read: a row of its own, or another relation.
    fn may_hold_more(&self, node: &Node) -> bool {
        let written = self.source.slice(node.span);
        let is_relation = |part: &Node| matches!(part.kind, Kind::Chain { .. });
        written.contains(r"\\") || written.contains('=') || node.holds(&is_relation)
    }

    /// Names with those that a definition or an assumption ties them to.
    fn with_companions(&self, names: &Names) -> Names {
        let Names::Only(names) = names else { return Names::All };
        let symbols: Vec<SymbolId> = names.iter().copied().collect();
        let behind = symbols.iter().flat_map(|&symbol| self.behind(symbol)).collect();
        let mut names: BTreeSet<SymbolId> = symbols.into_iter().chain(self.names_in(behind)).collect();
        let assumptions = self.model.assumptions.iter();
        let tied: Vec<BTreeSet<SymbolId>> =
            assumptions.map(|assumption| self.fixed(self.names_in(assumption.expressions()))).collect();
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

    /// Names without the indices among them, which are one letter in all formulas and tie nothing.
    fn fixed(&self, mut names: BTreeSet<SymbolId>) -> BTreeSet<SymbolId> {
        names.retain(|symbol| {
            self.arena.kind(*symbol) != SymbolKind::Integer
                || self.model.declarations.contains_key(symbol)
                || self.model.is_defined(*symbol)
        });
        names
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

/// Opens a verdict that is none.
fn withdraw(outcome: &mut Outcome) {
    if outcome.verdict != Verdict::Invalid {
        *outcome = Outcome::bare(Verdict::Open, Vec::new());
        outcome.detail = "a given or a definition could not be read, and the claim may rest on it".to_owned();
    }
}

fn holds(span: Span, place: usize) -> bool {
    span.start <= place && place < span.end
}

/// Whether a part of a formula could not be read.
fn is_broken(node: &Node) -> bool {
    node.holds(&|part| matches!(part.kind, Kind::Error))
}

/// The names that a given at this place declares, and that are known where nothing declares them: what is said of them
/// means something else then.
fn known_names(givens: &Formulas, place: usize) -> BTreeSet<String> {
    let formula = givens.formulas.iter().find(|formula| holds(formula.span, place));
    let names = formula.and_then(|formula| match &formula.body.kind {
        Kind::Signature { names, .. } => Some(&**names),
        Kind::Chain { first, rest } => matches!(rest[..], [(Written::In, _)]).then_some(&**first),
        _ => None,
    });
    let (mut found, mut open) = (BTreeSet::new(), Vec::from_iter(names));
    while let Some(part) = open.pop() {
        found.extend(base_name(part).filter(|base| is_known_by_name(base)));
        open.extend(part.children());
    }
    found
}

/// Whether a part of a formula says something that names no names: what could not be read, and prose.
fn hides_names(node: &Node) -> bool {
    node.holds(&|part| matches!(part.kind, Kind::Error | Kind::Empty | Kind::Text(_)))
}

/// The name that a left side is, or that is called there.
fn name_of_head(head: &Node) -> Option<String> {
    match &head.kind {
        Kind::Symbol(_) | Kind::Operator(_) => base_name(head),
        Kind::Script { base, .. } | Kind::Group(base) => name_of_head(base),
        Kind::Product(items) => match &items[..] {
            [(_, name), (_, Node { kind: Kind::Fenced { .. }, .. })] => name_of_head(name),
            _ => None,
        },
        _ => None,
    }
}
