//! From the blocks of a page to items with their meaning, one block after the other.

use std::collections::BTreeSet;

use crate::derivation::display::{Class, Meaning, meaning_of};
use crate::derivation::document::{ClaimBlock, DeriveBlock, Formulas, Item};
use crate::expr::Arena;
use crate::lower::names::head_letters;
use crate::lower::{
    Names, Reader, Statement, Usage, functions_declared, primed_letters_bound, primed_name_defined,
    primed_names_declared, turn_in_given, with_assumptions_apart, with_definitions_apart, with_flat_head,
    with_joined_declarations, with_joined_head, with_listed_families, with_one_superscript, with_primed_names,
};
use crate::model::Model;
use crate::proof::{Claim, Verdict};
use crate::source::{Diagnostic, Severity, Span};
use crate::syntax::ast::{Formula, Kind, Node};
use crate::syntax::{Block, Display, Expected, Fence, Page, Role};

/// A block with its formulas parsed.
pub(super) enum Parsed {
    /// Markdown.
    Prose(Span),
    /// A fence.
    Fence(Written),
    /// A display formula, with the role `Plain` or, by the comment after it, `Claim`.
    Display(Written),
}

/// Formulas as they stand in one block, with the first thing that is wrong with them.
pub(super) struct Written {
    pub fence: Fence,
    pub formulas: Vec<Formula>,
    pub error: Option<Diagnostic>,
}

/// The blocks of a page, with what is wrong in those that are more than shown.
pub(super) fn parse_blocks(page: &Page, diagnostics: &mut Vec<Diagnostic>) -> Vec<Parsed> {
    page.blocks
        .iter()
        .map(|block| match block {
            Block::Prose { span } => Parsed::Prose(*span),
            Block::Fence(fence) => Parsed::Fence(written(page, fence.clone(), diagnostics)),
            Block::Display { span, body, latex, claim } => {
                let plain = || Fence::plain(*span, *body, Span::new(span.start, body.start), latex.clone());
                let fence = claim.as_deref().cloned().unwrap_or_else(plain);
                Parsed::Display(written(page, fence, diagnostics))
            }
        })
        .collect()
}

fn written(page: &Page, fence: Fence, diagnostics: &mut Vec<Diagnostic>) -> Written {
    let (formulas, problems) = page.parse_fence(&fence);
    let error = problems.iter().find(|problem| problem.severity == Severity::Error).cloned();
    if fence.role != Role::Plain {
        if formulas.is_empty() && error.is_none() {
            let problem = Diagnostic::error("empty-fence", fence.words_span, "this fence holds no formula");
            diagnostics.push(problem.with_hint("write a formula between its lines, or remove it"));
        }
        diagnostics.extend(problems);
    }
    let formulas: Vec<Formula> = formulas.into_iter().map(with_one_superscript).collect();
    let formulas = match fence.role {
        Role::Given => {
            let apart = formulas.into_iter().flat_map(with_assumptions_apart);
            apart.map(with_joined_declarations).flat_map(with_listed_families).collect()
        }
        Role::Define => {
            let apart = formulas.into_iter().flat_map(with_definitions_apart);
            apart.map(with_joined_head).map(with_flat_head).collect()
        }
        Role::Claim | Role::Derive { .. } | Role::Plain => formulas,
    };
    Written { fence, formulas, error }
}

/// The blocks of a page in which the primes of names that are declared with them are a part of the names. Those of a
/// function never are.
pub(super) fn with_primes_in_names(mut blocks: Vec<Parsed>, names: &Names, model: &Model) -> Vec<Parsed> {
    let mut known: BTreeSet<String> = names.bases().filter(|base| base.ends_with('\'')).map(str::to_owned).collect();
    let declared = names.all().filter(|name| model.is_function(name.symbol)).map(|name| name.base.clone());
    let mut functions: BTreeSet<String> = declared.collect();
    let declared_plain: BTreeSet<String> = blocks.iter().flat_map(plain_names_declared).collect();
    for block in &blocks {
        let Parsed::Fence(Written { fence, formulas, .. }) = block else { continue };
        // A letter that is declared without a prime may need one for an index of its own.
        let is_free = |name: &String| {
            names.with_base(name.trim_end_matches('\'')).is_empty()
                && !declared_plain.contains(name.trim_end_matches('\''))
        };
        known.extend(formulas.iter().flat_map(primed_letters_bound).filter(is_free));
        match fence.role {
            Role::Given => {
                known.extend(formulas.iter().flat_map(primed_names_declared));
                functions.extend(formulas.iter().flat_map(functions_declared));
            }
            Role::Define => known.extend(formulas.iter().filter_map(primed_name_defined)),
            Role::Claim | Role::Derive { .. } | Role::Plain => {}
        }
    }
    known.retain(|name| !functions.contains(name.trim_end_matches('\'')));
    if known.is_empty() {
        return blocks;
    }
    for block in &mut blocks {
        let (Parsed::Fence(written) | Parsed::Display(written)) = block else { continue };
        let formulas = std::mem::take(&mut written.formulas).into_iter();
        written.formulas = formulas.map(|formula| with_primed_names(formula, &known)).collect();
    }
    blocks
}

/// The letters without scripts that a `given` fence declares.
fn plain_names_declared(block: &Parsed) -> Vec<String> {
    let Parsed::Fence(Written { fence: Fence { role: Role::Given, .. }, formulas, .. }) = block else {
        return Vec::new();
    };
    let plain = |node: &Node| match &node.kind {
        Kind::Symbol(letter) => Some(letter.clone()),
        _ => None,
    };
    let declarations: Vec<Formula> = formulas.iter().flat_map(declarations_of).collect();
    declarations.iter().flat_map(|formula| declared_names(formula).into_iter().filter_map(plain)).collect()
}

/// How the names of a page are used in its fences.
pub(super) fn usage_of(blocks: &[Parsed]) -> Usage {
    let mut usage = Usage::default();
    for block in blocks {
        let Parsed::Fence(Written { fence, formulas, .. }) = block else { continue };
        for formula in formulas {
            let mut own = BTreeSet::new();
            match fence.role {
                Role::Given => {
                    let each = declarations_of(formula);
                    each.iter().for_each(|formula| usage.declare(formula, &declared_names(formula)));
                }
                Role::Define => {
                    if let Kind::Chain { first, rest } = &formula.body.kind {
                        usage.define(formula, first, &rest.iter().map(|(_, right)| right).collect::<Vec<_>>());
                        own = head_letters(first);
                    }
                }
                Role::Claim | Role::Derive { .. } | Role::Plain => {}
            }
            usage.read(formula, &own);
        }
    }
    usage.settle();
    usage
}

/// A formula of a `given` fence as its declarations, of which several may stand with commas between them.
fn declarations_of(formula: &Formula) -> Vec<Formula> {
    match &formula.body.kind {
        Kind::List(items) => items.iter().map(|item| Formula { body: item.clone(), ..formula.clone() }).collect(),
        _ => vec![formula.clone()],
    }
}

fn declared_names(formula: &Formula) -> Vec<&Node> {
    let names = match &formula.body.kind {
        Kind::Chain { first, .. } => first,
        Kind::Signature { names, .. } => names,
        _ => return Vec::new(),
    };
    match &names.kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![names],
    }
}

/// What is understood of a page so far: blocks are added in order.
pub(super) struct Understood<'a> {
    arena: &'a mut Arena,
    model: &'a mut Model,
    names: &'a mut Names,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// What display formulas and plain fences are.
    display: Display,
    /// The blocks with their meaning.
    pub items: Vec<Item>,
    /// Where display formulas are claims: what became of those that claim nothing.
    pub unclaimed: Vec<Class>,
}

impl<'a> Understood<'a> {
    /// Nothing yet; what is declared and defined is added to `model` and `names`.
    pub fn new(
        (arena, model, names): (&'a mut Arena, &'a mut Model, &'a mut Names),
        display: Display,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Understood<'a> {
        Understood { arena, model, names, diagnostics, display, items: Vec::new(), unclaimed: Vec::new() }
    }

    /// Adds the blocks of a page.
    pub fn read(&mut self, blocks: Vec<Parsed>, usage: &Usage) {
        for block in blocks {
            match block {
                Parsed::Prose(span) => self.items.push(Item::Prose(span)),
                Parsed::Display(written) if written.fence.role == Role::Claim => self.claim(written, true),
                Parsed::Display(written) => self.shown(written),
                Parsed::Fence(written) => match written.fence.role {
                    Role::Given => self.given(written, usage),
                    Role::Define => self.define(written, usage),
                    Role::Claim => self.claim(written, false),
                    Role::Derive { .. } => self.derive(written),
                    Role::Plain => self.shown(written),
                },
            }
        }
    }

    fn reader(&mut self) -> Reader<'_> {
        Reader::new(self.arena, self.model, self.names)
    }

    fn given(&mut self, written: Written, usage: &Usage) {
        let own = self.formulas(&written.fence, written.formulas);
        let mut reader = self.reader();
        let mut in_turn: Vec<&Formula> = own.formulas.iter().collect();
        in_turn.sort_by_key(|formula| turn_in_given(formula));
        for formula in in_turn {
            // What could not be read has its diagnostic; the formulas after it are read all the same.
            let _ = reader.given(formula, usage);
        }
        let found = reader.diagnostics;
        self.diagnostics.extend(found);
        self.items.push(Item::Given(own));
    }

    fn define(&mut self, written: Written, usage: &Usage) {
        let own = self.formulas(&written.fence, written.formulas);
        let mut reader = self.reader();
        reader.define(&own.formulas, usage);
        let found = reader.diagnostics;
        self.diagnostics.extend(found);
        self.items.push(Item::Define(own));
    }

    fn claim(&mut self, Written { fence, formulas, error }: Written, is_shown: bool) {
        let mut reader = self.reader();
        let claims: Vec<(Formula, Option<Claim>)> = formulas
            .into_iter()
            .map(|formula| {
                let statements = if error.is_some() { None } else { reader.claims(&formula) };
                (formula, statements.map(|statements| Claim { statements }))
            })
            .collect();
        let found = reader.diagnostics;
        self.diagnostics.extend(found);
        self.claim_block(fence, claims, is_shown);
    }

    fn claim_block(&mut self, fence: Fence, claims: Vec<(Formula, Option<Claim>)>, is_shown: bool) {
        let expected = expected_of(&fence, &claims);
        let n_assumptions = self.model.assumptions.len();
        self.items.push(Item::Claim(ClaimBlock {
            fence,
            expected,
            is_shown,
            claims,
            n_assumptions,
            relations: Vec::new(),
        }));
    }

    fn derive(&mut self, Written { fence, formulas, error }: Written) {
        let n_assumptions = self.model.assumptions.len();
        let mut reader = self.reader();
        let asked = formulas
            .iter()
            .map(|formula| if error.is_some() { None } else { reader.left_hand_side(formula) })
            .collect();
        let found = reader.diagnostics;
        self.diagnostics.extend(found);
        self.items.push(Item::Derive(DeriveBlock { fence, formulas, asked, n_assumptions, derived: Vec::new() }));
    }

    /// A formula that is shown; where that makes it a claim, as one.
    fn shown(&mut self, Written { fence, formulas, error }: Written) {
        if self.display == Display::Shown {
            let own = self.formulas(&fence, formulas);
            self.items.push(Item::Display(own));
            return;
        }
        if let Some(problem) = error {
            let own = self.formulas(&fence, formulas);
            self.not_read(own, problem);
            return;
        }
        let mut read = Vec::new();
        for formula in formulas {
            let (meaning, notes) = meaning_of(&formula, (self.arena, self.model, self.names));
            self.diagnostics.extend(notes);
            read.push((formula, meaning));
        }
        let states = read.iter().all(|(_, meaning)| matches!(meaning, Meaning::Claim(_) | Meaning::Definition(_)));
        if states && read.iter().any(|(_, meaning)| matches!(meaning, Meaning::Claim(_))) {
            let claims = read.into_iter().map(|(formula, meaning)| (formula, claim_of(meaning))).collect();
            self.claim_block(Fence { role: Role::Claim, ..fence }, claims, true);
            return;
        }
        let is_whole = read.len() == 1;
        for (formula, meaning) in read {
            let part = if is_whole { fence.clone() } else { part_of(&fence, formula.span) };
            self.shown_apart(part, formula, meaning);
        }
    }

    fn shown_apart(&mut self, fence: Fence, formula: Formula, meaning: Meaning) {
        let class = match meaning {
            Meaning::Claim(claim) => {
                let fence = Fence { role: Role::Claim, ..fence };
                return self.claim_block(fence, vec![(formula, Some(claim))], true);
            }
            Meaning::Definition(_) => Class::Definition,
            Meaning::NotAClaim => Class::NotAClaim,
            Meaning::NotRead(problem) => {
                let own = self.formulas(&fence, vec![formula]);
                return self.not_read(own, problem);
            }
        };
        let own = self.formulas(&fence, vec![formula]);
        self.items.push(Item::Display(own));
        self.unclaimed.push(class);
    }

    fn not_read(&mut self, own: Formulas, problem: Diagnostic) {
        self.diagnostics.push(Diagnostic { severity: Severity::Note, ..problem.clone() });
        self.unclaimed.push(Class::NotRead(problem));
        self.items.push(Item::Display(own));
    }

    fn formulas(&self, fence: &Fence, formulas: Vec<Formula>) -> Formulas {
        let label = fence.label.as_ref().map(|label| label.name.clone());
        let n_assumptions = self.model.assumptions.len();
        Formulas { span: fence.span, body: fence.body, formulas, label, n_assumptions }
    }
}

fn claim_of(meaning: Meaning) -> Option<Claim> {
    match meaning {
        Meaning::Claim(claim) | Meaning::Definition(claim) => Some(claim),
        Meaning::NotAClaim | Meaning::NotRead(_) => None,
    }
}

/// The part of a block that holds one of its formulas.
fn part_of(fence: &Fence, span: Span) -> Fence {
    let at = |place: usize| place.saturating_sub(fence.body.start);
    let latex = fence.latex.get(at(span.start)..at(span.end)).unwrap_or_default().to_owned();
    Fence { span, body: span, latex, ..fence.clone() }
}

fn expected_of(fence: &Fence, claims: &[(Formula, Option<Claim>)]) -> Verdict {
    let statements = || claims.iter().flat_map(|(_, claim)| claim).flat_map(|claim| &claim.statements);
    match fence.expected {
        Some(Expected::Proved) => Verdict::Proved,
        Some(Expected::Checked) => Verdict::Checked,
        Some(Expected::Refuted) => Verdict::Refuted,
        Some(Expected::Open) => Verdict::Open,
        Some(Expected::Invalid) => Verdict::Invalid,
        None if statements().any(Statement::approximates) => Verdict::Checked,
        None => Verdict::Proved,
    }
}
