//! `derive`: one derivation, verified, in a notation for the shell.

use serde::Serialize;

use crate::calculus::Shown;
use crate::cli::arguments::{DeriveArguments, Notation};
use crate::cli::console;
use crate::cli::failure::{Failure, Refusal, Status};
use crate::cli::question;
use crate::cli::settings::Settings;
use crate::derivation::{Derived, DiagnosticEntry, derived};
use crate::expr::{Arena, Expr};
use crate::print::Tree;
use crate::proof::Verdict;
use crate::source::{Diagnostic, Span};

/// Letters for bound indices, the outermost first, as texts on recurrent networks use them.
const LETTERS: [&str; 4] = ["t", "j", "k", "i"];

/// Derives what is asked for and writes it; as JSON, what is wrong with the input as well.
pub(super) fn run(arguments: &DeriveArguments) -> Result<Status, Failure> {
    let ended = derive(arguments);
    if let (Notation::Json, Err(failure @ Failure::Input(_))) = (arguments.notation, &ended) {
        let refused = Refused { version: 1, diagnostics: failure.diagnostics() };
        console::print(&json(&refused))?;
    }
    ended
}

/// Derives what is asked for, writes it, and says on standard error what its proof is.
fn derive(arguments: &DeriveArguments) -> Result<Status, Failure> {
    let settings = Settings::find()?;
    let mut document = question::document(&arguments.model)?;
    let formula = question::formula("FORMULA", &asked(arguments));
    let asked = document.read_derivative(&formula).map_err(|problems| question::refused(&formula, problems))?;
    let shown: Shown = arguments.form.map_or(Shown::Closed, Into::into);
    let found = derived(&mut document.arena, &document.model, asked, shown, settings.effort).map_err(|obstacle| {
        let span = Span::new(0, formula.text.len());
        let problem = Diagnostic::error(obstacle.code(), span, obstacle.to_string()).with_hint(obstacle.hint());
        Failure::from(Refusal { source: formula.clone(), problem })
    })?;
    let answer = Answer { arena: &document.arena, found: &found };
    let text = match (arguments.notation, arguments.steps) {
        (Notation::Text, false) => answer.text(),
        (Notation::Text, true) => answer.text_with_steps(),
        (Notation::Latex, false) => answer.latex(),
        (Notation::Latex, true) => answer.latex_with_steps(),
        (Notation::Markdown, false) => fence(&answer.latex()),
        (Notation::Markdown, true) => answer.markdown_with_steps(),
        (Notation::Json, _) => answer.json(arguments.form.map_or("closed", |form| form.word())),
    };
    console::print(&text)?;
    let verdict = found.outcome.verdict;
    console::report(&format!("{}\n", answer.verdict()));
    Ok(if verdict == Verdict::Proved { Status::Fine } else { Status::Unexpected })
}

/// The derivative in LaTeX: as it was written, or of a formula by `--by`.
fn asked(arguments: &DeriveArguments) -> String {
    match &arguments.by {
        Some(by) => format!(r"\frac{{\partial {}}}{{\partial {by}}}", arguments.formula),
        None => arguments.formula.clone(),
    }
}

/// What was derived, to be written.
struct Answer<'a> {
    arena: &'a Arena,
    found: &'a Derived,
}

impl Answer<'_> {
    fn tree(&self, expr: Expr) -> Tree {
        Tree::of(self.arena, expr, &LETTERS)
    }

    fn left(&self) -> Tree {
        self.tree(self.found.derivation.left)
    }

    fn result(&self) -> Tree {
        self.tree(self.found.derivation.result)
    }

    fn text(&self) -> String {
        format!("{} = {}\n", self.left().text(), self.result().text())
    }

    /// One line for each step, the rule that led to it behind it.
    fn text_with_steps(&self) -> String {
        let mut text = format!("{}\n", self.left().text());
        for step in &self.found.derivation.steps {
            text += &format!("  = {}    ({})\n", self.tree(step.expr).text(), step.rule);
        }
        for &(partial, value) in &self.found.derivation.partials {
            text += &format!("where {} = {}\n", self.tree(partial).text(), self.tree(value).text());
        }
        text
    }

    fn latex(&self) -> String {
        format!("{} = {}\n", self.left().latex(), self.result().latex())
    }

    fn latex_with_steps(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for step in &self.found.derivation.steps {
            lines.push(format!("  &= {} && \\text{{{}}}", self.tree(step.expr).latex(), step.rule));
        }
        for &(partial, value) in &self.found.derivation.partials {
            lines.push(format!("  {} &= {}", self.tree(partial).latex(), self.tree(value).latex()));
        }
        let lines = lines.join(" \\\\\n");
        format!("\\begin{{aligned}}\n  {}\n{lines}\n\\end{{aligned}}\n", self.left().latex())
    }

    fn markdown_with_steps(&self) -> String {
        let mut text = String::new();
        for step in &self.found.derivation.steps {
            let line = format!("{} = {}\n", self.left().latex(), self.tree(step.expr).latex());
            text += &format!("By the rule *{}*:\n\n{}\n", step.rule, fence(&line));
        }
        if !self.found.derivation.partials.is_empty() {
            text += "The factors are:\n\n";
        }
        for &(partial, value) in &self.found.derivation.partials {
            let line = format!("{} = {}\n", self.tree(partial).latex(), self.tree(value).latex());
            text += &format!("{}\n", fence(&line));
        }
        text + &format!("{}.\n", self.verdict())
    }

    fn verdict(&self) -> String {
        let outcome = &self.found.outcome;
        let methods: Vec<&str> = outcome.method.iter().map(|method| method.word()).collect();
        let by = if methods.is_empty() { String::new() } else { format!(" by {}", methods.join(", ")) };
        match outcome.verdict {
            Verdict::Proved | Verdict::Checked => format!("{}{by}", outcome.verdict.word()),
            Verdict::Refuted | Verdict::Open | Verdict::Invalid => {
                format!("the derived formula is {}: {}", outcome.verdict.word(), outcome.detail)
            }
        }
    }

    fn json(&self, form: &'static str) -> String {
        let derivation = &self.found.derivation;
        let outcome = &self.found.outcome;
        let entry = Entry {
            version: 1,
            left: self.left().latex(),
            result: self.result().latex(),
            form,
            steps: derivation
                .steps
                .iter()
                .map(|step| StepEntry { rule: step.rule, latex: self.tree(step.expr).latex() })
                .collect(),
            partials: derivation
                .partials
                .iter()
                .map(|&(left, right)| PartialEntry { left: self.tree(left).latex(), right: self.tree(right).latex() })
                .collect(),
            verdict: outcome.verdict.word(),
            method: outcome.method.iter().map(|method| method.word()).collect(),
            conditions: outcome.conditions.clone(),
            detail: outcome.detail.clone(),
        };
        json(&entry)
    }
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string_pretty(answer).expect("an answer holds strings and numbers") + "\n"
}

/// What `--as json` writes where nothing can be derived.
#[derive(Debug, Serialize)]
struct Refused {
    version: u32,
    diagnostics: Vec<DiagnosticEntry>,
}

/// What `--as json` writes, in this order.
#[derive(Debug, Serialize)]
struct Entry {
    version: u32,
    left: String,
    result: String,
    form: &'static str,
    steps: Vec<StepEntry>,
    partials: Vec<PartialEntry>,
    verdict: &'static str,
    method: Vec<&'static str>,
    conditions: Vec<String>,
    detail: String,
}

#[derive(Debug, Serialize)]
struct StepEntry {
    rule: &'static str,
    latex: String,
}

#[derive(Debug, Serialize)]
struct PartialEntry {
    left: String,
    right: String,
}

fn fence(latex: &str) -> String {
    format!("```math\n{}\n```\n", latex.trim_end())
}
