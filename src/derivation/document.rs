use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::{Derivation, Obstacle, Shown, Structure, derive, derive_at_once};
use crate::derivation::display::Class;
use crate::derivation::memory::Decider;
use crate::derivation::remarks::remark;
use crate::derivation::repairs::mend;
use crate::derivation::understood::{Parsed, Understood, parse_blocks, usage_of, with_primes_in_names};
use crate::expr::{Arena, Comparison, DerivativeKind, Expr, Node, Prop};
use crate::lower::{Names, Statement};
use crate::model::{Layout, Model};
use crate::print::Tree;
use crate::proof::{Claim, Effort, Outcome, Verdict, decide};
use crate::source::{Diagnostic, Severity, Source, Span};
use crate::syntax::ast::Formula;
use crate::syntax::{self, Display, Fence, Page, Role, read_page};

/// A derivation that was read and understood; its claims are decided by [`Document::decide`].
pub struct Document {
    /// The file.
    pub source: Source,
    /// Its blocks.
    pub page: Page,
    /// The title, or the file's name.
    pub title: String,
    /// The blocks in order, with their meaning.
    pub items: Vec<Item>,
    /// All expressions of the file.
    pub arena: Arena,
    /// What it declares and defines.
    pub model: Model,
    /// The names that its formulas may use.
    pub names: Names,
    /// Problems and notes, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// Where display formulas are claims: what became of those that claim nothing.
    pub unclaimed: Vec<Class>,
}

/// A block of the page with its meaning.
pub enum Item {
    /// Markdown.
    Prose(Span),
    /// A `given` fence.
    Given(Formulas),
    /// A `define` fence.
    Define(Formulas),
    /// A `claim` fence.
    Claim(ClaimBlock),
    /// A `derive` fence.
    Derive(DeriveBlock),
    /// A formula that is only shown.
    Display(Formulas),
}

/// Formulas as they stand in one block.
pub struct Formulas {
    /// The whole block.
    pub span: Span,
    /// The LaTeX inside.
    pub body: Span,
    /// The formulas as written.
    pub formulas: Vec<Formula>,
    /// The label, where there is one.
    pub label: Option<String>,
    /// How many assumptions were in force.
    pub n_assumptions: usize,
}

/// A `claim` fence with its relations.
pub struct ClaimBlock {
    /// The fence.
    pub fence: Fence,
    /// The verdict that the author expects.
    pub expected: Verdict,
    /// Whether it is written as a display formula.
    pub is_shown: bool,
    /// The formulas, each with the claims it makes; `None` where it was not understood.
    pub claims: Vec<(Formula, Option<Claim>)>,
    /// How many assumptions were in force.
    pub n_assumptions: usize,
    /// The relations with their outcomes, once decided.
    pub relations: Vec<Relation>,
}

/// A `derive` fence with what was derived.
pub struct DeriveBlock {
    /// The fence.
    pub fence: Fence,
    /// The left-hand sides.
    pub formulas: Vec<Formula>,
    /// What each left-hand side asks for; `None` where it was not understood.
    pub asked: Vec<Option<Expr>>,
    /// How many assumptions were in force.
    pub n_assumptions: usize,
    /// The derivations with their verdicts, once decided, or why there is none.
    pub derived: Vec<Result<Derived, Obstacle>>,
}

/// A derivation of the tool's own, and what became of it as a claim.
pub struct Derived {
    /// The lines.
    pub derivation: Derivation,
    /// Its verdict.
    pub outcome: Outcome,
}

/// One relation of a claim.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Where it stands.
    pub span: Span,
    /// What became of it.
    pub outcome: Outcome,
    /// The statement, where it was understood.
    pub statement: Option<Statement>,
    /// How long it took, in microseconds.
    pub micros: u64,
}

/// Reads files for [`Document::load`]: the effects stay with the caller.
pub type Loader<'a> = dyn Fn(&str) -> Result<Source, Diagnostic> + 'a;

impl Document {
    /// Reads and understands a derivation; `load` reads the files it uses, by their paths.
    pub fn load(source: Source, load: &Loader<'_>) -> Document {
        Document::load_against(source, &[], load)
    }

    /// The same for a text that stands alone: there is no file that it could use.
    pub fn alone(source: Source) -> Document {
        let missing = |path: &str| Diagnostic::error("no-file", Span::default(), format!("there is no file `{path}`"));
        Document::load(source, &|path| Err(missing(path)))
    }

    /// The same for a page that takes over the givens and definitions of `models` as well, which are paths as they
    /// are given to `load`.
    pub fn load_against(source: Source, models: &[String], load: &Loader<'_>) -> Document {
        let mut arena = Arena::new();
        let mut model = Model::default();
        let mut names = Names::default();
        let (page, mut diagnostics) = read_page(&source);
        let mut chain = vec![joined("", &source.path)];
        let mut uses = Uses { load, seen: BTreeSet::new(), chain: &mut chain, diagnostics: &mut diagnostics };
        for path in models {
            uses.take_over(path, path.clone(), page.front_span, (&mut arena, &mut model, &mut names));
        }
        for used in page.front.as_ref().map(|front| front.uses.clone()).unwrap_or_default() {
            let span = span_of_use(&source, &page, &used);
            uses.take_over(&used, joined(&source.path, &used), span, (&mut arena, &mut model, &mut names));
        }
        model.layout = layout_of(&page);
        let blocks = with_primes_in_names(parse_blocks(&page, &mut diagnostics), &names, &model);
        let usage = usage_of(&blocks);
        let display = display_of(&page);
        let mut understood = Understood::new((&mut arena, &mut model, &mut names), display, &mut diagnostics);
        understood.read(blocks, &usage);
        let Understood { items, unclaimed, .. } = understood;
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        diagnostics.dedup();
        say_once(&mut diagnostics);
        let title = page.front.as_ref().and_then(|front| front.title.clone()).unwrap_or_else(|| stem(&source.path));
        Document { source, page, title, items, arena, model, names, diagnostics, unclaimed }
    }

    /// Whether display formulas are claims here, by the front matter.
    pub fn claims_what_it_shows(&self) -> bool {
        display_of(&self.page) == Display::Claims
    }

    /// Decides every claim of the file.
    pub fn decide(&mut self, effort: Effort, clock: &dyn Fn() -> u64) {
        self.decide_by(&mut Decider::new(effort, clock));
    }

    /// The same by somebody who may know what became of them.
    pub fn decide_by(&mut self, decider: &mut Decider<'_>) {
        let all = self.model.assumptions.clone();
        for item in &mut self.items {
            let block = match item {
                Item::Claim(block) => block,
                Item::Derive(block) => {
                    self.model.assumptions.truncate(block.n_assumptions);
                    block.derived = block
                        .asked
                        .iter()
                        .map(|&asked| {
                            let asked = asked.ok_or(Obstacle::NoRule)?;
                            derived_by(decider, &mut self.arena, &self.model, asked, shown(block.fence.role))
                        })
                        .collect();
                    self.model.assumptions.clone_from(&all);
                    continue;
                }
                Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Display(_) => continue,
            };
            self.model.assumptions.truncate(block.n_assumptions);
            for (formula, claim) in &block.claims {
                let Some(claim) = claim else {
                    let outcome = Outcome::bare(Verdict::Invalid, Vec::new());
                    block.relations.push(Relation { span: formula.span, outcome, statement: None, micros: 0 });
                    continue;
                };
                block.relations.extend(relations_of(&mut self.arena, &self.model, claim, decider));
            }
            self.model.assumptions.clone_from(&all);
        }
        self.withdraw_verdicts();
        mend(self, decider);
        remark(self);
    }
}

/// Keeps the first of the notes that say the same of one name.
pub(super) fn say_once(diagnostics: &mut Vec<Diagnostic>) {
    let mut said = BTreeSet::new();
    diagnostics.retain(|note| note.about.as_ref().is_none_or(|name| said.insert((note.code, name.clone()))));
}

/// The relations of a claim, decided.
pub(super) fn relations_of(
    arena: &mut Arena,
    model: &Model,
    claim: &Claim,
    decider: &mut Decider<'_>,
) -> Vec<Relation> {
    let (outcomes, micros) = decider.outcomes(claim.statements.len(), |effort| decide(arena, model, claim, effort));
    let micros = micros / claim.statements.len().max(1) as u64;
    let relation = |(statement, outcome): (&Statement, Outcome)| Relation {
        span: statement.span,
        outcome,
        statement: Some(statement.clone()),
        micros,
    };
    claim.statements.iter().zip(outcomes).map(relation).collect()
}

impl ClaimBlock {
    /// The relations of each formula.
    pub fn by_formula(&self) -> impl Iterator<Item = &[Relation]> {
        let mut rest = self.relations.as_slice();
        self.claims.iter().map(move |(_, claim)| {
            let n_relations = claim.as_ref().map_or(1, |claim| claim.statements.len()).min(rest.len());
            let (own, others) = rest.split_at(n_relations);
            rest = others;
            own
        })
    }

    /// Whether the verdicts are what the author expects of the fence.
    pub fn as_expected(&self) -> bool {
        let verdicts: Vec<Verdict> = self.relations.iter().map(|relation| relation.outcome.verdict).collect();
        match self.expected {
            Verdict::Proved => verdicts.iter().all(|&verdict| verdict == Verdict::Proved),
            Verdict::Checked => verdicts.iter().all(|verdict| matches!(verdict, Verdict::Proved | Verdict::Checked)),
            Verdict::Refuted => {
                verdicts.contains(&Verdict::Refuted)
                    && !verdicts.iter().any(|verdict| matches!(verdict, Verdict::Open | Verdict::Invalid))
            }
            Verdict::Open => verdicts.contains(&Verdict::Open),
            Verdict::Invalid => verdicts.contains(&Verdict::Invalid),
        }
    }
}

/// Derives a derivative in the form `shown`, and decides the result like any claim. What is refuted is no derivation:
/// a derivative of a member by an earlier one is asked for again where it is earlier, any other in one step.
pub fn derived(
    arena: &mut Arena,
    model: &Model,
    asked: Expr,
    shown: Shown,
    effort: Effort,
) -> Result<Derived, Obstacle> {
    derived_by(&mut Decider::new(effort, &|| 0), arena, model, asked, shown)
}

fn derived_by(
    decider: &mut Decider<'_>,
    arena: &mut Arena,
    model: &Model,
    asked: Expr,
    shown: Shown,
) -> Result<Derived, Obstacle> {
    let Node::Derivative { kind, of, by, .. } = *arena.node(asked) else { return Err(Obstacle::NoRule) };
    let structure = Structure::new(arena, model);
    let is_plain = kind != DerivativeKind::Immediate && !matches!(arena.node(of), Node::Derivative { .. });
    if is_plain {
        let derivation = derive(arena, model, &structure, (of, by), shown)?;
        let found = decided(arena, model, derivation, &[], decider);
        if found.outcome.verdict != Verdict::Refuted {
            return Ok(found);
        }
        if let Some(condition) = where_earlier(arena, (of, by)) {
            let Derived { derivation, .. } = found;
            let mut found = decided(arena, model, derivation, std::slice::from_ref(&condition), decider);
            if found.outcome.verdict == Verdict::Proved {
                found.outcome.conditions.insert(0, Tree::of_prop(arena, &condition, &[]).latex());
                return Ok(found);
            }
        }
    }
    let derivation = derive_at_once(arena, model, &structure, asked)?;
    let found = decided(arena, model, derivation, &[], decider);
    if found.outcome.verdict == Verdict::Refuted { Err(Obstacle::NoRule) } else { Ok(found) }
}

/// That the member by which is differentiated does not come after the one that is differentiated.
fn where_earlier(arena: &Arena, (of, by): (Expr, Expr)) -> Option<Prop> {
    let ((later, at, _), (earlier, from, _)) = (Model::member(arena, of)?, Model::member(arena, by)?);
    let ([at], [from]) = (&at[..], &from[..]) else { return None };
    (later == earlier).then_some(Prop::Compare(Comparison::LessEqual, *from, *at))
}

fn decided(
    arena: &mut Arena,
    model: &Model,
    derivation: Derivation,
    conditions: &[Prop],
    decider: &mut Decider<'_>,
) -> Derived {
    let (left, right) = derivation.general.unwrap_or((derivation.left, derivation.result));
    let statement = Statement {
        prop: Prop::equal(left, right),
        conditions: conditions.to_vec(),
        tolerance: None,
        sizes: Vec::new(),
        divisors: Vec::new(),
        unattained: None,
        attained: Vec::new(),
        reversed: false,
        span: Span::default(),
    };
    let claim = Claim { statements: vec![statement] };
    let outcome = decider.outcomes(1, |effort| decide(arena, model, &claim, effort)).0.remove(0);
    Derived { derivation, outcome }
}

/// The form that the words of a fence ask for.
fn shown(role: Role) -> Shown {
    let form = match role {
        Role::Derive { form, .. } => form,
        Role::Given | Role::Define | Role::Claim | Role::Plain => syntax::Form::Auto,
    };
    match form {
        syntax::Form::Paths => Shown::Paths,
        syntax::Form::Closed | syntax::Form::Auto => Shown::Closed,
        syntax::Form::Composed => Shown::Composed,
    }
}

type Meaning<'a> = (&'a mut Arena, &'a mut Model, &'a mut Names);

/// Files that are taken over while a derivation is read.
struct Uses<'a> {
    load: &'a Loader<'a>,
    seen: BTreeSet<String>,
    /// The file that is being read, after those that use it.
    chain: &'a mut Vec<String>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Uses<'_> {
    /// Takes over the givens and definitions of another derivation, and of those it uses.
    fn take_over(&mut self, used: &str, path: String, span: Span, (arena, model, names): Meaning<'_>) {
        let normal = joined("", &path);
        if self.chain.contains(&normal) {
            let first = self.chain.iter().position(|open| *open == normal).unwrap_or_default();
            let circle: Vec<&str> = self.chain[first..].iter().chain([&normal]).map(String::as_str).collect();
            let message = format!("`uses` goes in a circle: {}", circle.join(" uses "));
            let hint = "take the shared givens and definitions into a file of their own";
            self.diagnostics.push(Diagnostic::error("uses-cycle", span, message).with_hint(hint));
            return;
        }
        if !self.seen.insert(normal.clone()) {
            return;
        }
        let source = match (self.load)(&path) {
            Ok(source) => source,
            Err(problem) => {
                let message = match &self.chain[..] {
                    [] | [_] => problem.message,
                    [.., user] => format!("`{user}` uses `{used}`: {}", problem.message),
                };
                self.diagnostics.push(Diagnostic { span, message, ..problem });
                return;
            }
        };
        let (page, mut problems) = read_page(&source);
        self.chain.push(normal);
        for inner in page.front.as_ref().map(|front| front.uses.clone()).unwrap_or_default() {
            self.take_over(&inner, joined(&source.path, &inner), span, (&mut *arena, &mut *model, &mut *names));
        }
        self.chain.pop();
        let blocks = with_primes_in_names(parse_blocks(&page, &mut problems), names, model);
        let usage = usage_of(&blocks);
        let wanted = blocks
            .into_iter()
            .filter(|block| {
                matches!(block, Parsed::Fence(written) if matches!(written.fence.role, Role::Given | Role::Define))
            })
            .collect();
        Understood::new((arena, model, names), Display::Shown, &mut problems).read(wanted, &usage);
        if let Some(problem) = problems.into_iter().find(|problem| problem.severity == Severity::Error) {
            let place = source.place(problem.span.start);
            let message =
                format!("`{used}` has an error at line {}, column {}: {}", place.line, place.column, problem.message);
            self.diagnostics.push(
                Diagnostic::error("used-file", span, message).with_hint(format!("run `chainrule verify {path}`")),
            );
        }
    }
}

/// The name of a used file where it stands in the front matter.
fn span_of_use(source: &Source, page: &Page, used: &str) -> Span {
    let front = page.front_span;
    match source.slice(front).find(&format!("\"{used}\"")) {
        Some(at) => Span::new(front.start + at, front.start + at + used.len() + 2),
        None => front,
    }
}

/// A path relative to the folder of another file, without `.` and `..` where they can be resolved.
fn joined(from: &str, used: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in used.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn layout_of(page: &Page) -> Layout {
    match page.front.as_ref().map(|front| front.layout).unwrap_or_default() {
        syntax::Layout::Mixed => Layout::Mixed,
        syntax::Layout::Numerator => Layout::Numerator,
        syntax::Layout::Denominator => Layout::Denominator,
    }
}

fn display_of(page: &Page) -> Display {
    page.front.as_ref().map(|front| front.display).unwrap_or_default()
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name).to_owned()
}

/// The labels of a document, for links to its formulas.
pub fn labels(document: &Document) -> BTreeMap<String, Span> {
    document
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Claim(block) => block.fence.label.as_ref(),
            Item::Derive(block) => block.fence.label.as_ref(),
            Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Display(_) => None,
        })
        .map(|label| (label.name.clone(), label.span))
        .collect()
}
