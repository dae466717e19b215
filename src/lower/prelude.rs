//! Functions that are known by name without a row in the table: definitions that stand ready, one line each.
//!
//! To add one: a line of `prelude.tex`. It is read as if the author had declared and defined the function, when a name
//! is met that the author did not declare.

use crate::expr::SymbolId;
use crate::lower::{Names, Reader, Usage};
use crate::syntax::parse_formulas;

const LINES: &str = include_str!("prelude.tex");

/// The definition of this name, however it is capitalised, with the name as it is written here.
fn definition_of(base: &str) -> Option<String> {
    LINES.lines().filter(|line| !line.starts_with('%')).find_map(|line| {
        let (head, rest) = line.split_once('(')?;
        match head.strip_prefix(r"\operatorname{").and_then(|name| name.strip_suffix('}')) {
            Some(name) => name.eq_ignore_ascii_case(base).then(|| format!(r"\operatorname{{{base}}}({rest}")),
            None => (head.trim_start_matches('\\') == base.trim_start_matches('\\')).then(|| line.to_owned()),
        }
    })
}

/// Whether a name that is not declared has a definition that stands ready.
pub(super) fn knows(base: &str) -> bool {
    definition_of(base).is_some()
}

impl Reader<'_> {
    /// Declares and defines a function whose definition stands ready. Whether it is one.
    pub(super) fn fetch(&mut self, base: &str) -> bool {
        let Some(definition) = definition_of(base) else { return false };
        let head = definition.split('(').next().unwrap_or_default();
        let signature = format!(r"{head} : \mathbb{{R}} \to \mathbb{{R}}");
        let usage = Usage::default();
        // The line is not the author's, so it does not speak of the author's names: its `e` and `\sigma` are its own.
        let mut names = Names::default();
        let mut reader = Reader::new(self.arena, self.model, &mut names);
        let (declared, _) = parse_formulas(&signature, 0);
        let (defined, _) = parse_formulas(&definition, 0);
        let is_declared = declared.iter().all(|formula| reader.given(formula, &usage).is_some());
        reader.define(&defined, &usage);
        let is_read = is_declared && reader.diagnostics.is_empty();
        names.all().for_each(|name| self.names.add(name.clone()));
        is_read
    }

    /// Lets a function be one whose definition stands ready. Whether there is such a definition.
    pub(super) fn bind_to_fetched(&mut self, base: &str, symbol: SymbolId) -> bool {
        let body = if self.fetch(base) {
            let fetched = self.names.with_base(base).first().map(|name| name.symbol);
            fetched.and_then(|fetched| self.model.functions.get(&fetched).cloned())
        } else {
            None
        };
        body.map(|body| self.model.functions.insert(symbol, body)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Arena;
    use crate::model::Model;

    #[test]
    fn every_line_is_read() {
        for line in LINES.lines().filter(|line| !line.starts_with('%')) {
            let head = line.split('(').next().unwrap_or_default();
            let base = head.trim_start_matches(r"\operatorname{").trim_end_matches('}');
            let (mut arena, mut model, mut names) = (Arena::new(), Model::default(), Names::default());
            assert!(Reader::new(&mut arena, &mut model, &mut names).fetch(base), "{line}");
            assert_eq!(model.functions.len(), 1, "{line}");
        }
    }
}
