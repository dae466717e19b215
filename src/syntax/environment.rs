//! Environments inside formulas: matrices, case distinctions, and aligned formulas that are one part of another.

use crate::source::Diagnostic;
use crate::source::Span;

use super::alignment::ALIGNMENTS;
use super::alignment::has_relation_cells;
use super::ast::Formula;
use super::ast::Kind;
use super::ast::Node;
use super::brackets::Brackets;
use super::conditions::segments;
use super::conditions::statement_len;
use super::conditions::trimmed;
use super::cursor::Parser;
use super::enclosed::Inside;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::nearest::nearest;
use super::parse::formulas;
use super::parse::members;
use super::problems::Problems;
use super::words::is_otherwise;

const MATRICES: [&str; 9] =
    ["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "tabular"];

const CASES: [&str; 4] = ["cases", "dcases", "rcases", "numcases"];

/// Reports environments that are ended by another name than they began with.
pub(super) fn check_environments(tokens: &[Token], problems: &mut Problems) {
    let brackets = Brackets::of(tokens);
    for (at, token) in tokens.iter().enumerate() {
        let end = brackets.partner(at).filter(|end| *end > at).map(|end| &tokens[end]);
        let (Lexeme::Begin(begun), Some(Token { lexeme: Lexeme::End(ended), span, .. })) = (&token.lexeme, end) else {
            continue;
        };
        if begun != ended {
            let message = format!(r"`\begin{{{begun}}}` is ended by `\end{{{ended}}}`");
            let problem = Diagnostic::error("unclosed-environment", *span, message);
            problems.push(problem.with_hint(format!(r"write `\end{{{begun}}}`")));
        }
    }
}

impl Parser<'_> {
    /// The environment that begins with the next token.
    pub(super) fn environment(&mut self, name: &str) -> Node {
        let start = self.at;
        let is_matrix = MATRICES.contains(&name);
        if !is_matrix && !CASES.contains(&name) && !ALIGNMENTS.contains(&name) {
            return self.unknown_environment(name);
        }
        let Some(end) = self.brackets.partner(start).filter(|end| *end < self.end) else {
            return self.unclosed_environment(name);
        };
        let is_braced = self.at.checked_sub(1).map(|before| &self.tokens[before].lexeme) == Some(&Lexeme::Left(r"\{"))
            && self.tokens.get(end + 1).map(|token| &token.lexeme) == Some(&Lexeme::Right("."));
        let holds_formulas = has_relation_cells(self.tokens, &self.brackets, start, end);
        let kind = if CASES.contains(&name) || (is_braced && !holds_formulas) {
            Kind::Cases(self.cases(end))
        } else if is_matrix && !(name == "array" && holds_formulas) {
            Kind::Matrix { env: name.to_string(), rows: self.matrix(end) }
        } else {
            let depth = self.depth();
            let formulas = formulas(self.tokens[start + 1..end].to_vec(), self.problems, depth);
            Kind::Matrix { env: name.to_string(), rows: formulas.into_iter().map(row_of).collect() }
        };
        self.seek(end + 1);
        Node { kind, span: self.since(start) }
    }

    fn unknown_environment(&mut self, name: &str) -> Node {
        let start = self.at;
        let span = self.here();
        let known = MATRICES.iter().chain(&CASES).chain(&ALIGNMENTS).copied();
        let problem = Diagnostic::error("unknown-environment", span, format!("the environment `{name}` is not known"));
        self.report(match nearest(name, known) {
            Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
            None => problem.with_hint("use `bmatrix`, `cases` or `aligned`"),
        });
        let after = self.brackets.partner(start).filter(|end| *end < self.end).unwrap_or(start) + 1;
        self.seek(after);
        Node { kind: Kind::Error, span: self.since(start) }
    }

    fn unclosed_environment(&mut self, name: &str) -> Node {
        let span = self.bump();
        let message = format!(r"`\begin{{{name}}}` is not ended");
        let hint = format!(r"write `\end{{{name}}}` where it ends");
        self.report(Diagnostic::error("unclosed-environment", span, message).with_hint(hint));
        Node { kind: Kind::Error, span }
    }

    /// The rows of a matrix, up to the token `end`.
    fn matrix(&mut self, end: usize) -> Vec<Vec<Node>> {
        self.bump();
        let mut rows = vec![Vec::new()];
        while self.at < end {
            let cell = self.deeper(|parser| parser.inner(Inside::Cell));
            rows.last_mut().expect("there is a first row").push(cell);
            match self.peek() {
                Some(Lexeme::Cell) if self.at < end => drop(self.bump()),
                Some(Lexeme::Row) => {
                    self.bump();
                    rows.push(Vec::new());
                }
                Some(Lexeme::End(_)) | None => break,
                Some(_) => drop(self.bump()),
            }
        }
        let is_blank = |row: &Vec<Node>| row.iter().all(|cell| cell.kind == Kind::Empty) && row.len() < 2;
        rows.retain(|row| !is_blank(row));
        rows
    }

    /// The rows of a case distinction, up to the token `end`.
    fn cases(&mut self, end: usize) -> Vec<(Node, Option<Node>)> {
        let mut rows = Vec::new();
        let mut from = self.at + 1;
        let ends: Vec<usize> =
            self.brackets.flat(from, end).filter(|at| self.tokens[*at].lexeme == Lexeme::Row).chain([end]).collect();
        for row_end in ends {
            let row = &self.tokens[from..row_end];
            if !trimmed(row).is_empty() {
                rows.push(self.case(from, row_end));
            }
            from = row_end + 1;
        }
        rows
    }

    /// One row: the value before the first alignment sign or keyword, the condition after it.
    fn case(&mut self, from: usize, to: usize) -> (Node, Option<Node>) {
        let is_cell = |at: &usize| self.tokens[*at].lexeme == Lexeme::Cell;
        let at = self.brackets.flat(from, to).find(is_cell);
        let n_value = at.map_or_else(|| statement_len(&self.tokens[from..to]), |at| at - from);
        let value = trimmed(&self.tokens[from..from + n_value]);
        let span = Span::new(self.tokens[from].span.start, self.tokens[from].span.start);
        let value = self.apart(value, span);
        let rest: Vec<Token> =
            self.tokens[from + n_value..to].iter().filter(|token| token.lexeme != Lexeme::Cell).cloned().collect();
        (value, self.case_condition(&rest))
    }

    fn case_condition(&mut self, tokens: &[Token]) -> Option<Node> {
        let depth = self.depth();
        let mut found: Vec<Node> = Vec::new();
        for segment in segments(tokens, false) {
            found.extend(members(&segment, self.problems, depth));
        }
        found.retain(|node| match &node.kind {
            Kind::Text(words) | Kind::Operator(words) => !is_otherwise(words),
            _ => true,
        });
        match found.len() {
            0 | 1 => found.pop(),
            _ => {
                let span = found.iter().map(|node| node.span).reduce(Span::to).unwrap_or_default();
                Some(Node { kind: Kind::List(found), span })
            }
        }
    }

    /// `\substack{a \\ b}`: its rows as a list.
    pub(super) fn substack(&mut self, start: usize) -> Node {
        if self.peek() != Some(&Lexeme::GroupOpen) {
            let span = self.just_before();
            return self.argument(r"\substack", span);
        }
        self.bump();
        let mut rows = vec![self.inner(Inside::Cell)];
        while matches!(self.peek(), Some(Lexeme::Row | Lexeme::Cell)) {
            self.bump();
            rows.push(self.inner(Inside::Cell));
        }
        if self.peek() == Some(&Lexeme::GroupClose) {
            self.bump();
        }
        rows.retain(|row| row.kind != Kind::Empty);
        Node { kind: Kind::List(rows), span: self.since(start) }
    }
}

/// A formula as the row of a matrix: its statement, then its conditions.
fn row_of(formula: Formula) -> Vec<Node> {
    std::iter::once(formula.body).chain(formula.conditions).chain(formula.variables).collect()
}
