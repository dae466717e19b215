//! Repairs: the smallest edit of a refuted claim that is then proved.
//!
//! An edit is made in the text that the author wrote, so that everything else stays as it is. The edited text is read
//! like any claim, looked at where the first one failed, which turns most edits away at once, and what is left is
//! decided like any claim. The first that is proved is the repair: edits are tried from the smallest on, right of the
//! relation first, then what is of the same kind, then what is leftmost. An edit that leaves a claim that says nothing
//! (a side equal to itself, nothing equal to nothing) is no repair, nor is one that misses the point
//! ([`loose`], [`hollow`], [`idle`]).
//!
//! To add an edit: the file of its topic, called from the walk in `editor.rs`.

mod conditions;
mod edit;
mod editor;
mod empty;
mod hollow;
mod idle;
mod indices;
mod loose;
mod missing;
mod names;
mod parts;
mod signs;

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Node as Meaning, Prop, Slot, SymbolKind};
use crate::lower::names::{Part, base_name, index_letters, script_items, spell, undress};
use crate::lower::{Names, Reader, Statement};
use crate::model::{Argument, Model};
use crate::proof::decide::{fits, glance};
use crate::proof::refute::{Screen, Sight, speaks_of_limits};
use crate::proof::{Claim, Effort, Kind, Outcome, Verdict, readings};
use crate::syntax::ast::{Formula, Kind as Written, Node};
use crate::syntax::parse_formulas;
use edit::{Edit, Place, spaced, together};
use editor::Editor;
use empty::{is_empty, is_identity, lies_below_all_values, repeats_side};

/// How many edits of a claim are read.
const MAX_EDITS: usize = 700;

/// How many bytes they may have together: of a long claim, fewer edits are read.
const MAX_READ: usize = 1 << 20;

/// How many edits may be found to be false, which is quickly done.
const MAX_REFUTED: usize = 24;

/// How many edits may be decided in vain.
const MAX_OPEN: usize = 8;

/// How much algebra they may take together, in the measure of [`Arena::work`]: edits of a large claim are large, too.
const MAX_WORK: u64 = 800_000;

/// How many times the steps of another edit a converse may take.
const PREMISE_EFFORT: u64 = 4;

/// How many factors that may be missing are tried.
const MAX_FACTORS: usize = 14;

/// A claim set right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The relation with its conditions, as LaTeX.
    pub latex: String,
    /// The mistake.
    pub kind: Kind,
}

/// A relation that was refuted.
pub struct Refuted<'a> {
    /// Its text, with the conditions of its formula.
    pub latex: &'a str,
    /// What it says.
    pub statement: &'a Statement,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// Whether other relations stand in the same formula: then their reading is its reading.
    pub is_link: bool,
}

/// The repair of a refuted relation; `None` where no small edit of it is proved.
pub fn repair(
    arena: &mut Arena,
    model: &mut Model,
    names: &mut Names,
    refuted: &Refuted<'_>,
    effort: Effort,
) -> Option<Repair> {
    let text = spaced(refuted.latex);
    let formula = formula_of(&text)?;
    let own = understood(arena, model, names, &formula)?;
    if own.prop != refuted.statement.prop || own.conditions != refuted.statement.conditions {
        return None;
    }
    let structure = Structure::new(arena, model);
    let total = readings::total(arena, model, &own.prop);
    let points = &refuted.outcome.points;
    let screen = Screen::new(arena, model, &structure, (&total, &own.conditions), points, effort.steps / 20);
    let mut edits = edits_of(arena, model, names, (&text, &formula, &total), &screen);
    edits.extend(missing::parts(arena, model, &structure, &own, &formula));
    edits.sort_by_key(Edit::rank);
    let is_misfit = !fits(arena, model, &structure, &own);
    let is_costly = points.is_empty() && !is_misfit || speaks_of_limits(arena, &total);
    if is_costly {
        // Little turns edits away before they are decided, and that costs much: only the likeliest are.
        edits.retain(is_likely);
    }
    let effort = Effort { steps: effort.steps / 20, ..effort };
    let (n_open, n_refuted) = if is_costly { (2, 1) } else { (MAX_OPEN, MAX_REFUTED) };
    let enough = arena.work() + MAX_WORK;
    let mut trial =
        Trial { structure, screen, effort, seen: vec![own], n_open, n_refuted, largest: usize::MAX, enough };
    let n_hollow = hollow::parts(&text, &formula);
    for edit in edits.into_iter().take(MAX_EDITS.min(MAX_READ / text.len().max(1))) {
        if trial.is_over(arena, &edit) {
            break;
        }
        let Some(latex) = edit.applied(&text) else { continue };
        let Some(edited) = formula_of(&latex) else { continue };
        if hollow::parts(&latex, &edited) > n_hollow {
            continue;
        }
        let Some(mut statement) = understood(arena, model, names, &edited) else { continue };
        if refuted.is_link {
            statement.prop = readings::total(arena, model, &statement.prop);
        }
        let weaker = edit.weaker.as_ref().map(|changes| Edit { changes: changes.clone(), ..edit.clone() });
        let weaker = weaker.and_then(|edit| formula_of(&edit.applied(&text)?));
        let weaker = weaker.and_then(|formula| understood(arena, model, names, &formula));
        let beyond = weaker.or_else(|| loose::nearer(arena, &trial.seen[0], &statement));
        if trial.proves(arena, model, &edit, statement) && beyond.is_none_or(|beyond| trial.fails(arena, model, beyond))
        {
            return Some(Repair { latex, kind: edit.kind });
        }
    }
    None
}

/// Whether an edit is among those that are worth much work.
fn is_likely(edit: &Edit) -> bool {
    let is_common = matches!(edit.kind, Kind::Converse | Kind::MissingAbsoluteValue | Kind::WrongSymbol);
    is_common && (edit.place == Place::Condition || edit.kind == Kind::Converse) && edit.size < 4
}

/// The edits of one claim, tried one after the other.
struct Trial {
    structure: Structure,
    screen: Screen,
    effort: Effort,
    /// What was tried, the claim itself first.
    seen: Vec<Statement>,
    /// How many may still be decided in vain.
    n_open: usize,
    /// How many may still be found to be false.
    n_refuted: usize,
    /// The size of the largest edit that is tried.
    largest: usize,
    /// The account of the algebra at which nothing more is tried.
    enough: u64,
}

impl Trial {
    /// Whether nothing more is tried from this edit on.
    fn is_over(&self, arena: &Arena, edit: &Edit) -> bool {
        edit.size > self.largest || self.n_open == 0 || self.n_refuted == 0 || arena.work() > self.enough
    }

    /// Whether an edited claim is proved, and says something.
    fn proves(&mut self, arena: &mut Arena, model: &Model, edit: &Edit, statement: Statement) -> bool {
        let is_known = |other: &Statement| other.prop == statement.prop && other.conditions == statement.conditions;
        let is_moot = !repeats_side(arena, &self.seen[0].prop) && repeats_side(arena, &statement.prop);
        let is_moot = is_moot
            || loose::forgets_index(arena, &self.seen[0], &statement)
            || loose::pins_index(arena, &self.seen[0], &statement)
            // Of a bound that is attained, that it is attained is what was missed.
            || edit.kind != Kind::StrictForAttained && lies_below_all_values(arena, &statement.prop);
        if is_moot || self.seen.iter().any(is_known) || is_empty(arena, model, &statement) {
            return false;
        }
        self.seen.push(statement.clone());
        if !fits(arena, model, &self.structure, &statement) || !self.holds(arena, model, &statement) {
            return false;
        }
        let claim = Claim { statements: vec![statement.clone()] };
        // A premise that seldom holds is sought for longer: without a point at which it does, nothing is proved.
        let times = if edit.kind == Kind::Converse { PREMISE_EFFORT } else { 1 };
        let effort = Effort { steps: self.effort.steps * times, ..self.effort };
        let outcomes = glance(arena, model, &claim, effort);
        let verdicts: Vec<Verdict> = outcomes.iter().map(|outcome| outcome.verdict).collect();
        if verdicts == [Verdict::Proved] && !self.is_identity(arena, model, &statement) {
            return !self.is_idle(arena, model, edit, &statement);
        }
        match verdicts.contains(&Verdict::Refuted) {
            true => self.n_refuted -= 1,
            false => self.n_open -= 1,
        }
        // Where one edit fails others are likely to fail.
        outcomes.into_iter().for_each(|outcome| self.screen.note(outcome.points));
        // What held at every sample is likely to be what was meant: nothing larger is offered in its place.
        if verdicts == [Verdict::Checked] {
            self.largest = edit.size;
        }
        false
    }

    /// Whether a claim is refuted.
    fn fails(&self, arena: &mut Arena, model: &Model, statement: Statement) -> bool {
        self.verdict(arena, model, statement) == Some(Verdict::Refuted)
    }

    /// What becomes of one statement.
    fn verdict(&self, arena: &mut Arena, model: &Model, statement: Statement) -> Option<Verdict> {
        let outcomes = glance(arena, model, &Claim { statements: vec![statement] }, self.effort);
        if let [outcome] = &outcomes[..] { Some(outcome.verdict) } else { None }
    }

    /// Whether what is proved holds for a reason that has nothing to do with the claim, or is defined at fewer points.
    fn is_idle(&self, arena: &mut Arena, model: &Model, edit: &Edit, edited: &Statement) -> bool {
        let holds = |arena: &mut Arena, statement: Statement| {
            matches!(self.verdict(arena, model, statement), Some(Verdict::Proved | Verdict::Checked))
        };
        let alone = if edit.kind == Kind::Converse { idle::conclusion(edited) } else { None };
        if alone.is_some_and(|conclusion| holds(arena, conclusion)) {
            return true;
        }
        let is_about_bars = edit.kind == Kind::MissingAbsoluteValue && edit.place != Place::Condition;
        let signs = if is_about_bars { idle::signs(arena, &self.seen[0], edited) } else { None };
        if signs.is_some_and(|signs| signs.into_iter().all(|sign| holds(arena, sign))) {
            return true;
        }
        let (before, after) =
            (idle::domains(arena, edited, &self.seen[0]), idle::domains(arena, &self.seen[0], edited));
        after.into_iter().any(|domain| self.fails(arena, model, domain))
            && !before.into_iter().any(|domain| self.fails(arena, model, domain))
    }

    /// Whether the two sides of an inequality are equal. Most are not, and the points show it.
    fn is_identity(&self, arena: &mut Arena, model: &Model, statement: &Statement) -> bool {
        let Prop::Compare(Comparison::LessEqual, left, right) = statement.prop else { return false };
        let equation = readings::total(arena, model, &Prop::equal(left, right));
        let both = (&equation, &*statement.conditions);
        self.screen.look(arena, model, &self.structure, both, None) != Sight::Fails
            && is_identity(arena, model, &self.structure, statement)
    }

    /// Whether an edited claim holds in one of its readings, as far as the points tell.
    fn holds(&self, arena: &mut Arena, model: &Model, statement: &Statement) -> bool {
        let conditions = readings::conditions(arena, model, statement);
        let read = readings::readings(arena, model, &self.structure, std::slice::from_ref(&statement.prop));
        read.iter().flat_map(|read| &read.props).any(|prop| {
            let both = (prop, &*conditions);
            self.screen.look(arena, model, &self.structure, both, statement.tolerance.as_ref()) == Sight::Holds
        })
    }
}

/// The one formula that a text is; `None` where it holds several or cannot be read.
fn formula_of(text: &str) -> Option<Formula> {
    let (mut formulas, problems) = parse_formulas(text, 0);
    let is_broken = problems.iter().any(|problem| problem.severity == crate::source::Severity::Error);
    if is_broken || formulas.len() != 1 { None } else { formulas.pop() }
}

/// The one relation that a formula claims.
fn understood(arena: &mut Arena, model: &mut Model, names: &mut Names, formula: &Formula) -> Option<Statement> {
    let mut statements = Reader::new(arena, model, names).in_silence().claims(formula)?;
    if statements.len() == 1 { statements.pop() } else { None }
}

/// All edits, in the order in which they are tried.
fn edits_of(
    arena: &mut Arena,
    model: &Model,
    names: &Names,
    (text, formula, claim): (&str, &Formula, &Prop),
    screen: &Screen,
) -> Vec<Edit> {
    let letters = letters_of(arena, names, formula);
    let slopes = slopes_of(arena, model, claim, &letters);
    let reads = &screen.reads;
    let (factors, edits) = (Vec::new(), Vec::new());
    let mut editor = Editor { text, arena, model, names, reads, letters, factors, place: Place::Right, edits };
    let mut factors = editor.factors_of(&formula.body);
    factors.extend(slopes);
    factors.sort_by_key(|(_, size)| *size);
    let mut seen = BTreeSet::new();
    factors.retain(|(text, _)| seen.insert(text.clone()));
    factors.truncate(MAX_FACTORS);
    editor.factors = factors;
    editor.walk(formula);
    editor.converses(formula);
    editor.missing_conditions(formula);
    let mut edits = editor.edits;
    edits.extend(together(&edits));
    edits.sort_by_key(Edit::rank);
    edits
}

/// The letters of a formula that run over the integers: those with bounds or conditions, and those in scripts.
fn letters_of(arena: &Arena, names: &Names, formula: &Formula) -> Vec<String> {
    let is_integer = |letter: &String| {
        let declared = names.with_base(letter);
        declared.iter().all(|name| arena.kind(name.symbol) == SymbolKind::Integer)
    };
    let mut letters = index_letters(formula);
    letters_in_scripts(names, &formula.body, &mut letters);
    letters.into_iter().filter(is_integer).collect()
}

/// The letters in scripts that are no part of a name.
fn letters_in_scripts(names: &Names, node: &Node, letters: &mut BTreeSet<String>) {
    if let Written::Script { base, sub, sup, .. } = &node.kind {
        let named = base_name(base).map(|base| names.with_base(&base)).unwrap_or_default();
        let is_fixed = |script: &Node| {
            let text = spell(script).unwrap_or_default();
            named.iter().any(|name| [&name.sub, &name.sup].into_iter().any(|part| *part == Part::Fixed(text.clone())))
        };
        for script in sub.iter().chain(sup).filter(|script| !is_fixed(script) && !indices::is_transpose(script)) {
            let items = script_items(undress(script).1).into_iter();
            letters.extend(items.filter(|item| matches!(item.kind, Written::Symbol(_))).filter_map(base_name));
        }
    }
    node.children().into_iter().for_each(|child| letters_in_scripts(names, child, letters));
}

/// The slopes of the definitions that are one call, at the indices of the claim: `f'(z_t)` of `h_t = f(z_t)`.
fn slopes_of(arena: &mut Arena, model: &Model, claim: &Prop, letters: &[String]) -> Vec<(String, usize)> {
    let known: Vec<_> = letters.iter().filter_map(|letter| arena.find(letter)).collect();
    let mut indices: Vec<Expr> = known.into_iter().map(|letter| arena.symbol(letter)).collect();
    for part in arena.reachable(&claim.expressions()) {
        if let Meaning::Symbol { indices: own, .. } = arena.node(part) {
            indices.extend(own.iter().filter(|&&index| arena.as_number(index).is_some()));
        }
    }
    indices.sort_unstable();
    indices.dedup();
    let mut found = Vec::new();
    for definition in &model.definitions {
        if !matches!(definition.indices[..], [Argument::Letter(_)]) || !definition.components.is_empty() {
            continue;
        }
        for &index in &indices {
            let Some(body) = definition.instance(arena, &[index], &[]) else { continue };
            let Meaning::Call { function, slots, args } = arena.node(body).clone() else { continue };
            if !slots.is_empty() || args.len() != 1 {
                continue;
            }
            let is_scalar = arena.shape(body).is_scalar();
            let slope = arena.call(function, vec![Slot { argument: 0, entry: Box::default() }], args.to_vec());
            let text = crate::print::latex(arena, slope);
            found.push((if is_scalar { text } else { format!(r"\mathrm{{diag}}({text})") }, 3));
        }
    }
    found
}
