//! Questions from outside: formulas read as if they stood at the end of a derivation.

use std::collections::BTreeSet;

use crate::derivation::document::Document;
use crate::expr::Expr;
use crate::lower::{Reader, Usage, names, with_joined_head};
use crate::source::{Diagnostic, Severity, Source, Span};
use crate::syntax::ast::{Formula, Kind};

impl Document {
    /// What a formula stands for; a chain of relations stands for nothing. Errors: everything that is wrong with it.
    pub fn read_value(&mut self, formula: &Source) -> Result<Expr, Vec<Diagnostic>> {
        self.read_with(formula, |reader, formula| reader.value(formula))
    }

    /// The derivative that a formula is, like the left-hand side in a `derive` fence.
    pub fn read_derivative(&mut self, formula: &Source) -> Result<Expr, Vec<Diagnostic>> {
        self.read_with(formula, |reader, formula| reader.left_hand_side(formula))
    }

    /// Adds a definition, like one in a `define` fence.
    pub fn add_definition(&mut self, formula: &Source) -> Result<(), Vec<Diagnostic>> {
        self.read_with(formula, |reader, formula| {
            let formula = with_joined_head(formula.clone());
            let mut usage = Usage::default();
            let mut own = BTreeSet::new();
            if let Kind::Chain { first, rest } = &formula.body.kind {
                usage.define(&formula, first, &rest.iter().map(|(_, right)| right).collect::<Vec<_>>());
                own = names::head_letters(first);
            }
            usage.read(&formula, &own);
            usage.settle();
            reader.define(std::slice::from_ref(&formula), &usage);
            Some(())
        })
    }

    /// Reads one formula; what `read` makes of it counts only where no error was found. A slip that is only warned of in
    /// a file is an error here, where nothing else is read.
    fn read_with<T>(
        &mut self,
        source: &Source,
        read: impl FnOnce(&mut Reader<'_>, &Formula) -> Option<T>,
    ) -> Result<T, Vec<Diagnostic>> {
        let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
        let (formulas, mut problems) = self.page.parse(&source.text, 0);
        problems.retain(|problem| problem.severity != Severity::Note);
        problems.iter_mut().for_each(|problem| problem.severity = Severity::Error);
        let [formula] = &formulas[..] else {
            if problems.is_empty() {
                problems.push(not_one_formula(source, formulas.len()));
            }
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut reader = Reader::new(&mut self.arena, &mut self.model, &mut self.names);
        let value = read(&mut reader, formula);
        problems.extend(reader.diagnostics.into_iter().filter(is_error));
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(problems),
        }
    }
}

fn not_one_formula(source: &Source, n_formulas: usize) -> Diagnostic {
    let message = format!("found {n_formulas} formulas, expected one");
    let hint = r"ask one question at a time; `\\` begins a new formula";
    Diagnostic::error("not-one-formula", Span::new(0, source.text.len()), message).with_hint(hint)
}
