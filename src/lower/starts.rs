//! Where recurrences begin: what a given start says of a definition without a condition, and members that are given and
//! defined, or neither.

use std::collections::BTreeSet;

use crate::expr::{Comparison, Expr, Node as Meaning, Prop, SymbolId};
use crate::lower::reader::Reader;
use crate::model::{Argument, Circles, Definition};
use crate::rewrite::Linear;
use crate::source::{Diagnostic, Span};
use crate::syntax::ast::Formula;

impl Reader<'_> {
    /// `h_t = f(w h_{t-1})` without a condition holds from where the given start, `h_0 \in \mathbb{R}`, leaves off.
    pub(super) fn begin_after_starts(&mut self, from: usize, formulas: &[Formula], circles: &Circles) {
        let defined = self.model.definitions.iter().filter(|own| own.indices.iter().any(|at| at.letter().is_none()));
        // A member of what is no recurrence, `w_3 = 0` beside `w_t = t`, is an exception and no start.
        let defined = defined.filter(|own| !circles.around(own.symbol).is_empty());
        let defined: Vec<(SymbolId, Vec<Argument>)> = defined.map(|own| (own.symbol, own.indices.clone())).collect();
        let starts: Vec<(SymbolId, Vec<Argument>)> = self.model.starts.iter().cloned().chain(defined).collect();
        for at in from..self.model.definitions.len() {
            let definition = self.model.definitions[at].clone();
            let letters = definition.letters().filter(|_| definition.range.is_empty());
            let Some(letters) = letters else { continue };
            let starts = starts.iter().filter(|(symbol, _)| *symbol == definition.symbol);
            let mut range = Vec::new();
            for (_, start) in starts {
                range.extend(self.beyond_start(&definition, &letters, start, circles));
            }
            let Some(first) = range.first() else { continue };
            let said = self.said_of_range(first);
            self.note_start(&definition, &said, formulas);
            self.model.definitions[at].range = range;
        }
    }

    /// Helpers of a recurrence that say nowhere where they hold do so where the members on their right exist: from
    /// `z_t = w h_{t-1} + x_t` and a start `h_0` on that is `t \ge 1`.
    pub(super) fn bound_helpers(&mut self, from: usize, circles: &Circles) {
        let mut is_new = true;
        while is_new {
            is_new = false;
            for at in from..self.model.definitions.len() {
                let definition = self.model.definitions[at].clone();
                let letters = definition.letters().filter(|_| definition.range.is_empty());
                let is_in_circle = !circles.around(definition.symbol).is_empty();
                let Some(letters) = letters.filter(|_| is_in_circle) else { continue };
                let range = self.range_by_members(definition.body, &letters, circles);
                is_new |= !range.is_empty();
                self.model.definitions[at].range = range;
            }
        }
    }

    /// Where the members in a right side exist, as conditions on its letters.
    pub(super) fn range_by_members(&mut self, body: Expr, letters: &[SymbolId], circles: &Circles) -> Vec<Prop> {
        let mut range: Vec<Prop> = Vec::new();
        for part in self.arena.reachable(&[body]) {
            let Meaning::Symbol { symbol, indices, .. } = self.arena.node(part).clone() else { continue };
            for (place, &index) in indices.iter().enumerate() {
                let Some(first) = self.first_member(symbol, place, circles) else { continue };
                let step = letters.iter().find_map(|&letter| {
                    let letter = self.arena.symbol(letter);
                    self.step_from(letter, index).map(|step| (letter, step))
                });
                let Some((letter, step)) = step else { continue };
                let least = self.arena.integer(first - step);
                let prop = Prop::at_most(least, letter);
                if !range.contains(&prop) {
                    range.push(prop);
                }
            }
        }
        range
    }

    /// The least index at a place of a recurrence that is bounded below: of the first member that its definition makes,
    /// or of the start before it that it is made from.
    fn first_member(&mut self, symbol: SymbolId, place: usize, circles: &Circles) -> Option<i64> {
        let definition = self.model.definitions_of(symbol).find(|own| !own.range.is_empty())?.clone();
        let Argument::Letter(letter) = definition.indices.get(place).copied()? else { return None };
        let letter = self.arena.symbol(letter);
        let bounds = definition.range.iter().flat_map(|prop| match prop {
            Prop::And(parts) => parts.clone(),
            other => vec![other.clone()],
        });
        let least = bounds
            .filter_map(|prop| match prop {
                Prop::Compare(Comparison::LessEqual, low, high) if high == letter => self.arena.as_integer(low),
                Prop::Compare(Comparison::Less, low, high) if high == letter => {
                    self.arena.as_integer(low).map(|low| low + 1)
                }
                _ => None,
            })
            .max()?;
        let steps = self.steps_to(symbol, place, &circles.around(symbol));
        steps.iter().all(|&step| step <= 0).then(|| least + steps.first().copied().unwrap_or(0))
    }

    /// How far back, or ahead, the definitions that lead to a family reach into it.
    fn steps_to(&mut self, symbol: SymbolId, place: usize, around: &BTreeSet<SymbolId>) -> BTreeSet<i64> {
        let own: Vec<Definition> =
            around.iter().flat_map(|&symbol| self.model.definitions_of(symbol).cloned()).collect();
        let mut steps = BTreeSet::new();
        for definition in own {
            let Some(Argument::Letter(letter)) = definition.indices.get(place).copied() else { continue };
            let letter = self.arena.symbol(letter);
            for part in self.arena.reachable(&[definition.body]) {
                let Meaning::Symbol { symbol: used, indices, .. } = self.arena.node(part) else { continue };
                let index = indices.get(place).filter(|_| *used == symbol);
                steps.extend(index.and_then(|&index| self.step_from(letter, index)));
            }
        }
        steps
    }

    /// Where a definition holds by one of its starts: later than it where the right side looks back, earlier where it
    /// looks ahead.
    fn beyond_start(
        &mut self,
        definition: &Definition,
        letters: &[SymbolId],
        start: &[Argument],
        circles: &Circles,
    ) -> Option<Prop> {
        let values = start.iter().enumerate().filter_map(|(place, argument)| match argument {
            Argument::Value(value) => Some((place, *value)),
            Argument::Letter(_) => None,
        });
        let [(place, value)] = values.collect::<Vec<_>>()[..] else { return None };
        let value = self.arena.as_integer(value)?;
        let letter = self.arena.symbol(*letters.get(place)?);
        let steps = self.steps_around(&circles.around(definition.symbol), place);
        if steps.iter().all(|&step| step < 0) {
            let first = self.arena.integer(value + 1);
            return Some(Prop::at_most(first, letter));
        }
        if steps.iter().all(|&step| step > 0) {
            let last = self.arena.integer(value - 1);
            return Some(Prop::at_most(letter, last));
        }
        None
    }

    /// By how much the index at a place moves, where it does, between a family and those that lead back to it.
    fn steps_around(&mut self, around: &BTreeSet<SymbolId>, place: usize) -> BTreeSet<i64> {
        let own = around.iter().flat_map(|&symbol| self.model.definitions_of(symbol).cloned());
        let own: Vec<Definition> = own.collect();
        let mut steps = BTreeSet::new();
        for definition in own {
            let Some(Argument::Letter(letter)) = definition.indices.get(place).copied() else { continue };
            let letter = self.arena.symbol(letter);
            for part in self.arena.reachable(&[definition.body]) {
                let Meaning::Symbol { symbol, indices, .. } = self.arena.node(part) else { continue };
                let index = indices.get(place).filter(|_| around.contains(symbol));
                steps.extend(index.and_then(|&index| self.step_from(letter, index)).filter(|&step| step != 0));
            }
        }
        steps
    }

    /// How far an index lies from a letter, where that is a number.
    pub(super) fn step_from(&self, letter: Expr, index: Expr) -> Option<i64> {
        let gap = Linear::read(self.arena, index)?.minus(&Linear::letter(letter));
        gap.as_integer()
    }

    fn said_of_range(&mut self, prop: &Prop) -> String {
        let Prop::Compare(_, low, high) = *prop else { return String::new() };
        let [first, second] = [low, high].map(|side| crate::print::latex(self.arena, side));
        match self.arena.as_integer(low) {
            Some(_) => format!(r"{second} \ge {first}"),
            None => format!(r"{first} \le {second}"),
        }
    }

    fn note_start(&mut self, definition: &Definition, said: &str, formulas: &[Formula]) {
        let (_, span) = self.place_of(definition, formulas);
        let at = definition.indices.iter().map(|own| self.value_of(own)).collect();
        let member = self.arena.member_of_shape(definition.symbol, at, definition.shape);
        let member = crate::print::latex(self.arena, member);
        let message =
            format!("`{member}` is read as defined by this for `{said}`, because the member beside it is known");
        let hint = format!(r"write the condition: `\quad ({said})`");
        self.remark("implied-start", span, message, &hint);
    }

    /// Reports members that are given and that a definition makes as well.
    pub(super) fn check_starts(&mut self, from: usize, formulas: &[Formula]) {
        for (symbol, start) in self.model.starts.clone() {
            let at: Option<Vec<Expr>> = start.iter().map(|argument| self.value_at(argument)).collect();
            let Some(at) = at else { continue };
            let own = self.model.definitions[from..].iter().filter(|definition| definition.symbol == symbol);
            for definition in own.cloned().collect::<Vec<_>>() {
                let holds = definition.conditions(self.arena, &at).is_some_and(|range| self.certainly_hold(&range));
                if holds {
                    let (name, span) = self.place_of(&definition, formulas);
                    self.given_and_defined(symbol, &at, &name, span);
                }
            }
        }
    }

    /// Whether this is a member that is given by itself: `h_0`.
    pub(super) fn is_given_start(&self, member: Expr) -> bool {
        let Meaning::Symbol { symbol, indices, .. } = self.arena.node(member) else { return false };
        let is_at = |start: &[Argument]| {
            let mut pairs = start.iter().zip(indices.iter());
            start.len() == indices.len() && pairs.all(|(own, at)| matches!(own, Argument::Value(value) if value == at))
        };
        self.model.starts.iter().any(|(own, start)| own == symbol && is_at(start))
    }

    fn value_at(&self, argument: &Argument) -> Option<Expr> {
        match argument {
            Argument::Value(value) => self.arena.as_integer(*value).map(|_| *value),
            Argument::Letter(_) => None,
        }
    }

    /// Whether comparisons of numbers hold.
    fn certainly_hold(&self, props: &[Prop]) -> bool {
        props.iter().flat_map(Prop::conjuncts).all(|prop| match prop {
            Prop::Compare(how @ (Comparison::Less | Comparison::LessEqual | Comparison::Equal), a, b) => {
                self.arena.decide_numbers(*how, *a, *b) == Some(true)
            }
            Prop::Integer(value) => self.arena.as_integer(*value).is_some(),
            _ => false,
        })
    }

    fn given_and_defined(&mut self, symbol: SymbolId, at: &[Expr], name: &str, span: Span) {
        let shape = self.member_shape(symbol, at);
        let member = self.arena.member_of_shape(symbol, at.into(), shape);
        let member = crate::print::latex(self.arena, member);
        let message = format!("`{member}` is given, and the definition of `{name}` says what it is as well");
        let hint = format!("give `{member}` no more, or begin the definition after it with a condition");
        self.diagnostics.push(Diagnostic::error("doubly-defined", span, message).with_hint(hint));
    }

    /// Reports a name in these expressions, or in the definitions that they rest on, that is a member of no family: `q_5`
    /// where `q_2` alone is defined. `None` after a diagnostic.
    pub(super) fn check_members(&mut self, roots: Vec<Expr>, span: Span) -> Option<()> {
        let mut open = roots;
        let (mut seen, mut opened) = (BTreeSet::new(), BTreeSet::new());
        while let Some(root) = open.pop() {
            for part in self.arena.reachable(&[root]) {
                let Meaning::Symbol { symbol, indices, .. } = self.arena.node(part).clone() else { continue };
                if indices.is_empty() || !seen.insert(part) {
                    continue;
                }
                if self.has_no_value(symbol, &indices) {
                    return self.undefined_member(part, symbol, span);
                }
                if opened.insert(symbol) {
                    open.extend(self.model.definitions_of(symbol).map(|definition| definition.body));
                }
            }
        }
        Some(())
    }

    /// Whether a member with a number for its index is neither given nor defined, though others of its name are.
    fn has_no_value(&self, symbol: SymbolId, at: &[Expr]) -> bool {
        let are_numbers = at.iter().all(|&index| self.arena.as_integer(index).is_some());
        let mut definitions = self.model.definitions_of(symbol);
        let is_one_by_one = definitions.all(|definition| definition.indices.iter().all(|own| own.letter().is_none()));
        let fits = |own: &[Argument]| {
            own.iter().zip(at).all(|(own, at)| {
                matches!(own, Argument::Letter(_)) || matches!(own, Argument::Value(value) if value == at)
            })
        };
        let is_given = || self.model.starts.iter().any(|(own, start)| *own == symbol && fits(start));
        let is_defined = || self.model.definitions_of(symbol).any(|definition| fits(&definition.indices));
        are_numbers
            && is_one_by_one
            && !self.model.declarations.contains_key(&symbol)
            && self.names.all().any(|name| name.symbol == symbol)
            && !is_given()
            && !is_defined()
    }

    fn undefined_member<T>(&mut self, member: Expr, symbol: SymbolId, span: Span) -> Option<T> {
        let written = crate::print::latex(self.arena, member);
        let defined = self.model.definitions_of(symbol).next().cloned();
        let other = match defined {
            Some(definition) => definition.indices.iter().map(|own| self.value_of(own)).collect(),
            None => {
                let start = self.model.starts.iter().find(|(own, _)| *own == symbol).cloned();
                start
                    .map(|(_, start)| start.iter().map(|own| self.value_of(own)).collect::<Vec<_>>())
                    .unwrap_or_default()
            }
        };
        let shape = self.member_shape(symbol, &other);
        let other = self.arena.member_of_shape(symbol, other.into(), shape);
        let other = crate::print::latex(self.arena, other);
        let message = format!("`{written}` has no value: it is neither given nor defined, as `{other}` is");
        let hint = format!(r"declare it, `{written} \in \mathbb{{R}}`, or define the family by a letter");
        self.fail("undefined-member", span, message, &hint)
    }
}
