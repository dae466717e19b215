//! Paths of definitions: whether a value depends on a name at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Expr, Function, Node as Meaning, SymbolId};
use crate::lower::bound::follows;
use crate::lower::derivative::member_of;
use crate::lower::reader::Reader;
use crate::model::{Argument, FunctionBody};
use crate::number::Rational;
use crate::rewrite::Linear;
use crate::source::Span;

/// What stands after the letter of a bound index, and is no part of what the author wrote.
const BOUND_MARKS: [char; 2] = ['\u{b7}', '\u{2032}'];

impl Reader<'_> {
    /// Whether `on` stands in `value` or in a definition that `value` leads to, whatever the indices.
    pub(super) fn depends(&self, value: Expr, on: SymbolId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            for expr in self.arena.reachable(&[value]) {
                let Some(symbol) = self.named_in(expr) else { continue };
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
        let Some(symbol) = self.symbol_of(by).filter(|_| !self.is_silent) else { return };
        let hint = match self.depends(of, symbol) {
            false => "names differ even where their definitions are equal",
            true if self.is_out_of_reach(of, by) => {
                "definitions lead from one index to the next in one direction only: exchange the two members, \
                 or write another index"
            }
            true => return,
        };
        let shown = |reader: &Self, value| crate::print::latex(reader.arena, value).replace(BOUND_MARKS, "");
        let message = format!(
            "no path of definitions leads from `{}` to `{}`, so this derivative is 0",
            shown(self, by),
            shown(self, of)
        );
        self.remark("no-path", span, message, hint);
    }

    /// Whether the index of the variable `by` is one to which no member in `of` leads, wherever the claim is made.
    fn is_out_of_reach(&mut self, of: Expr, by: Expr) -> bool {
        let Some((on, at)) = member_of(self.arena, by).and_then(|by| self.indices_of(by)) else { return false };
        let known = self.never_negative();
        for part in self.arena.reachable(&[of]) {
            let Some(start) = self.named_in(part).filter(|&start| self.leads(start, on)) else { continue };
            let Some((_, from)) = self.indices_of(part) else { return false };
            let ends = at.iter().zip(&from).enumerate();
            let ends: Vec<(usize, Linear)> = ends
                .filter_map(|(place, (&to, &from))| {
                    let (to, from) = Linear::read(self.arena, to).zip(Linear::read(self.arena, from))?;
                    Some((place, to.minus(&from)))
                })
                .collect();
            if !ends.iter().any(|(place, ahead)| self.is_beyond((start, on), *place, ahead, &known)) {
                return false;
            }
        }
        true
    }

    /// Whether an index that lies `ahead` of where paths begin is one to which none of them leads.
    fn is_beyond(&mut self, ends: (SymbolId, SymbolId), place: usize, ahead: &Linear, known: &[Linear]) -> bool {
        let behind = Linear::default().minus(ahead);
        [(ahead, 1), (&behind, -1)].into_iter().any(|(ahead, direction)| {
            let lag = self.least_lag(ends, place, direction);
            lag.is_some_and(|lag| follows(&ahead.plus(&Linear::integer(lag - 1), &Rational::from(1)), known))
        })
    }

    fn indices_of(&self, member: Expr) -> Option<(SymbolId, Vec<Expr>)> {
        match self.arena.node(member) {
            Meaning::Symbol { symbol, indices, .. } => Some((*symbol, indices.to_vec())),
            _ => None,
        }
    }

    fn named_in(&self, part: Expr) -> Option<SymbolId> {
        match self.arena.node(part) {
            Meaning::Symbol { symbol, .. } => Some(*symbol),
            Meaning::Call { function: Function::Declared { symbol, .. }, .. } => Some(*symbol),
            _ => None,
        }
    }

    fn leads(&self, from: SymbolId, on: SymbolId) -> bool {
        let body = match self.model.functions.get(&from) {
            Some(FunctionBody::Expression { body, .. }) => Some(*body),
            Some(FunctionBody::Elementary(_)) | None => None,
        };
        let mut bodies = self.model.definitions_of(from).map(|definition| definition.body).chain(body);
        from == on || bodies.any(|body| self.depends(body, on))
    }

    /// By how much every path of definitions between two names lowers the index at `place`, at least; in the other
    /// direction, raises it. `None` where some path lowers it without limit, or by what cannot be told.
    fn least_lag(&mut self, (from, on): (SymbolId, SymbolId), place: usize, direction: i64) -> Option<i64> {
        let mut least = BTreeMap::from([(from, 0)]);
        for _ in 0..=self.model.definitions.len() {
            let mut has_changed = false;
            for (symbol, lag) in least.clone() {
                for (used, step) in self.steps(symbol, on, place)? {
                    let along = lag + direction * step;
                    if least.get(&used).is_none_or(|&known| along < known) {
                        least.insert(used, along);
                        has_changed = true;
                    }
                }
            }
            if !has_changed {
                return least.get(&on).copied();
            }
        }
        None
    }

    /// The names in the definitions of a name that lead to `on`, each with how far its index lies below that of the
    /// member which is defined. `None` where that cannot be told.
    fn steps(&mut self, symbol: SymbolId, on: SymbolId, place: usize) -> Option<Vec<(SymbolId, i64)>> {
        let mut steps = Vec::new();
        let definitions: Vec<(Argument, Expr)> = self
            .model
            .definitions_of(symbol)
            .map(|definition| Some((*definition.indices.get(place)?, definition.body)))
            .collect::<Option<_>>()?;
        for (argument, body) in definitions {
            let own = match argument {
                Argument::Letter(letter) => Linear::letter(self.arena.symbol(letter)),
                Argument::Value(value) => Linear::read(self.arena, value)?,
            };
            for part in self.arena.reachable(&[body]) {
                let Some(used) = self.named_in(part).filter(|&used| self.leads(used, on)) else { continue };
                let (_, indices) = self.indices_of(part)?;
                let index = Linear::read(self.arena, *indices.get(place)?)?;
                steps.push((used, own.minus(&index).as_integer()?));
            }
        }
        Some(steps)
    }
}
