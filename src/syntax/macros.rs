//! Macros that a file defines, and their expansion.

use std::collections::BTreeMap;

use crate::source::Diagnostic;
use crate::source::Span;

use super::commands::Definition;
use super::problems::Problems;
use super::token::Call;
use super::token::Lexer;
use super::token::Place;
use super::token::bracketed;
use super::token::command_end;

/// How deep expansions may stand in each other.
const DEPTH_LIMIT: usize = 30;

/// How much text all expansions of a fence together may make.
const BYTES_LIMIT: usize = 1 << 20;

/// The macros that are defined somewhere in the formulas of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Macros {
    by_name: BTreeMap<String, Macro>,
}

/// The commands that define others.
const DEFINERS: [&str; 6] =
    [r"\newcommand", r"\renewcommand", r"\providecommand", r"\def", r"\DeclareMathOperator", r"\let"];

impl Macros {
    /// Adds the macros that `latex` defines.
    pub(super) fn collect(&mut self, latex: &str) {
        if DEFINERS.iter().any(|definer| latex.contains(definer)) {
            // What is wrong with the formulas is told where they are read.
            let mut problems = Problems::default();
            let mut lexer = Lexer::new(&mut problems, self.clone());
            lexer.read(latex, Place::At(0));
            *self = lexer.macros;
        }
    }

    /// Their names, backslash included.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The macro with this name, backslash included.
    pub(super) fn get(&self, name: &str) -> Option<&Macro> {
        self.by_name.get(name)
    }
}

/// A command that is defined in the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Macro {
    n_arguments: usize,
    /// What an optional first argument is when it is left out.
    default: Option<String>,
    body: String,
}

impl Lexer<'_> {
    /// Reads a definition, and returns where reading goes on.
    pub(super) fn define(&mut self, definition: Definition, call: Call<'_>) -> usize {
        let text = call.text;
        let n_stars = usize::from(text[call.end..].starts_with('*'));
        let Some(name) = self.raw(call, call.end + n_stars) else { return call.end + n_stars };
        let Some(command) = Some(name.text.trim()).filter(|command| command.starts_with('\\')) else {
            let message = format!("`{}` needs a command to define, found `{}`", call.name, name.text.trim());
            let hint = r"write `\newcommand{\name}{…}`";
            self.problems.push(Diagnostic::error("missing-argument", call.span(), message).with_hint(hint));
            return name.end;
        };
        let mut made = Macro { n_arguments: 0, default: None, body: String::new() };
        let at = match definition {
            Definition::NewCommand => signature(text, name.end, &mut made),
            Definition::Def => parameters(text, name.end, &mut made),
            Definition::Let => name.end + text[name.end..].find(|c: char| !matches!(c, '=' | ' ')).unwrap_or(0),
            Definition::Operator => name.end,
        };
        let Some(body) = self.raw(call, at) else { return at };
        made.body = match definition {
            Definition::Operator => format!(r"\operatorname{{{}}}", body.text),
            Definition::NewCommand | Definition::Def | Definition::Let => body.text.to_string(),
        };
        if definition != Definition::Let || body.text != command {
            self.macros.by_name.insert(command.to_string(), made);
        }
        body.end
    }

    /// Reads the body of a macro, with the arguments of its call put in.
    pub(super) fn expand(&mut self, called: &Macro, call: Call<'_>) -> usize {
        let mut arguments: Vec<String> = Vec::new();
        let mut after = call.end;
        if let Some(default) = &called.default {
            let given = bracketed(&call.text[after..]);
            after += given.map_or(0, |given| given.len() + 2);
            arguments.push(given.unwrap_or(default).to_string());
        }
        while arguments.len() < called.n_arguments {
            let Some(raw) = self.raw(call, after) else { return after };
            arguments.push(raw.text.to_string());
            after = raw.end;
        }
        self.read_expansion(&substitute(&called.body, &arguments), call.name, call.span_to(after));
        after
    }

    fn read_expansion(&mut self, body: &str, name: &str, call: Span) {
        self.expanded_bytes += body.len() + 1;
        if self.expansion_depth >= DEPTH_LIMIT || self.expanded_bytes > BYTES_LIMIT {
            let message = format!("the expansion of `{name}` does not end");
            let hint = "a macro must not stand in its own definition";
            self.problems.push(Diagnostic::error("too-deep", call, message).with_hint(hint));
            return;
        }
        self.expansion_depth += 1;
        self.read(body, Place::Call(call));
        self.expansion_depth -= 1;
    }
}

/// `[2]` and `[2][default]` of `\newcommand`.
fn signature(text: &str, from: usize, made: &mut Macro) -> usize {
    let bracket = |at: usize| {
        let rest = text[at..].trim_start();
        let inside = bracketed(rest)?;
        Some((inside.trim(), text.len() - rest.len() + inside.len() + 2))
    };
    let Some((count, after)) = bracket(from) else { return from };
    made.n_arguments = count.parse::<usize>().unwrap_or(0).min(9);
    let Some((default, after)) = bracket(after) else { return after };
    made.default = Some(default.to_string());
    after
}

/// `#1#2` of `\def`.
fn parameters(text: &str, from: usize, made: &mut Macro) -> usize {
    let n_bytes = text[from..].find('{').unwrap_or(0);
    made.n_arguments = text[from..from + n_bytes].matches('#').count().min(9);
    from + n_bytes
}

/// `body` with `#1`, `#2`, … replaced. A letter after an argument that is a command stays apart from it.
fn substitute(body: &str, arguments: &[String]) -> String {
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('#') {
        text.push_str(before);
        let n_digits = after.bytes().take(1).filter(u8::is_ascii_digit).count();
        let number = after[..n_digits].parse::<usize>().ok();
        let argument = number.and_then(|number| arguments.get(number.checked_sub(1)?));
        let Some(argument) = argument else {
            text.push('#');
            rest = after;
            continue;
        };
        text.push_str(argument);
        if ends_in_command(argument) {
            text.push(' ');
        }
        rest = &after[n_digits..];
    }
    text.push_str(rest);
    text
}

fn ends_in_command(text: &str) -> bool {
    text.rfind('\\').is_some_and(|at| command_end(text, at) == text.len())
}
