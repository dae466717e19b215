//! Paths of definitions: whether a value depends on a name at all.

use std::collections::BTreeSet;

use crate::expr::{Expr, Function, Node as Meaning, SymbolId};
use crate::lower::derivative::member_of;
use crate::lower::reader::Reader;
use crate::model::FunctionBody;
use crate::source::Span;

impl Reader<'_> {
    /// Whether `on` stands in `value` or in a definition that `value` leads to, whatever the indices.
    pub(super) fn depends(&self, value: Expr, on: SymbolId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            for expr in self.arena.reachable(&[value]) {
                let symbol = match self.arena.node(expr) {
                    Meaning::Symbol { symbol, .. } => *symbol,
                    Meaning::Call { function: Function::Declared { symbol, .. }, .. } => *symbol,
                    _ => continue,
                };
                if symbol == on {
                    return true;
                }
                if seen.insert(symbol) {
                    open.extend(self.model.definitions_of(symbol).map(|definition| definition.body));
                    if let Some(FunctionBody::Expression { body, .. }) = self.model.functions.get(&symbol) {
                        open.push(*body);
                    }
                }
            }
        }
        false
    }

    /// The name that a variable of a derivative is a member of.
    pub(super) fn symbol_of(&self, variable: Expr) -> Option<SymbolId> {
        match self.arena.node(member_of(self.arena, variable)?) {
            Meaning::Symbol { symbol, .. } => Some(*symbol),
            _ => None,
        }
    }

    /// Says that a derivative is 0 because nothing leads from its variable to what is differentiated.
    pub(super) fn note_missing_path(&mut self, span: Span, of: Expr, by: Expr) {
        let Some(symbol) = self.symbol_of(by) else { return };
        if self.depends(of, symbol) {
            return;
        }
        let (of, by) = (crate::print::latex(self.arena, of), crate::print::latex(self.arena, by));
        let message = format!("no path of definitions leads from `{by}` to `{of}`, so this derivative is 0");
        self.note("no-path", span, message, "names differ even where their definitions are equal");
    }
}
