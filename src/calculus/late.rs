//! Derivatives at a late concrete time.
//!
//! At all times but the first ones the chain rule gives a family the same line,
//! `D_n = Σ_c a_c(n) D_{c,n+lag} + b(n)`. It is worked out once, for a letter, and written for one time after the
//! other. The lines nest as Horner's rule nests, so that the whole is shared and linear in the time; there is no
//! recursion. Times to which the line does not apply are opened by themselves.

use std::collections::{BTreeMap, HashMap};

use crate::calculus::derive::{Deriver, arena_derivative, open_in, replace_open};
use crate::calculus::structure::lower_bound;
use crate::expr::{Arena, Comparison, DerivativeKind, Expr, Node, Prop, Substitution, SymbolId, SymbolKind, Template};
use crate::model::{Argument, Model};
use crate::rewrite::Linear;

/// What becomes of the partial derivatives of single definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Factors {
    /// They stay.
    Open,
    /// They are worked out.
    WorkedOut,
}

/// Partial derivatives of single definitions, and what each is.
type Partials = Vec<(Expr, Expr)>;

/// The derivative of a member at a concrete time by the variable, and the partial derivatives for every time.
pub(super) fn derivative(
    arena: &mut Arena,
    deriver: Deriver<'_>,
    of: Expr,
    factors: Factors,
) -> Option<(Expr, Partials)> {
    let goal = at_time(arena, of)?;
    let mut late = Late { deriver, factors, lines: BTreeMap::new(), done: HashMap::new(), partials: Vec::new() };
    let mut stack = vec![goal];
    while let Some(&key) = stack.last() {
        if late.done.contains_key(&key) {
            stack.pop();
            continue;
        }
        let needed = late.needed(arena, key)?;
        let before = stack.len();
        stack.extend(needed.into_iter().filter(|key| !late.done.contains_key(key)));
        if stack.len() == before {
            let value = late.written(arena, key)?;
            late.done.insert(key, value);
            stack.pop();
        }
    }
    Some((late.done[&goal], late.partials))
}

/// A family and a time.
type Key = (SymbolId, i64);

/// A member of a family of one index at a concrete time.
fn at_time(arena: &Arena, member: Expr) -> Option<Key> {
    let (symbol, at, entry) = Model::member(arena, member)?;
    match (&at[..], &entry[..]) {
        ([at], []) => Some((symbol, arena.as_integer(*at)?)),
        _ => None,
    }
}

/// The chain rule of a family for all times from `from` on.
#[derive(Debug)]
struct Line {
    /// The coefficients of `terms`, in order, then what enters by the variable itself, where it does.
    coefficients: Template,
    /// The families that are led to, and how far from the own time.
    terms: Vec<(SymbolId, i64)>,
    from: i64,
}

struct Late<'a> {
    deriver: Deriver<'a>,
    factors: Factors,
    lines: BTreeMap<SymbolId, Option<Line>>,
    done: HashMap<Key, Expr>,
    partials: Partials,
}

impl Late<'_> {
    /// The derivatives that must be known before that of a member.
    fn needed(&mut self, arena: &mut Arena, (symbol, time): Key) -> Option<Vec<Key>> {
        if let Some(line) = self.line(arena, symbol, time) {
            return Some(line.terms.iter().map(|&(child, lag)| (child, time + lag)).collect());
        }
        let value = self.opened(arena, (symbol, time))?;
        open_in(arena, value, self.deriver.by).into_iter().map(|member| at_time(arena, member)).collect()
    }

    /// The derivative of a member, where all that it needs is known.
    fn written(&mut self, arena: &mut Arena, (symbol, time): Key) -> Option<Expr> {
        if self.line(arena, symbol, time).is_none() {
            return self.written_by_itself(arena, (symbol, time));
        }
        let line = self.lines.get(&symbol)?.as_ref()?;
        let at = arena.integer(time);
        let coefficients = line.coefficients.instantiate(arena, at);
        let mut sum = Vec::with_capacity(coefficients.len());
        for (&(child, lag), &coefficient) in line.terms.iter().zip(&coefficients) {
            sum.push(arena.product([coefficient, self.done[&(child, time + lag)]]));
        }
        sum.extend(&coefficients[line.terms.len()..]);
        Some(arena.sum(sum))
    }

    /// A member at one of the first times.
    fn opened(&mut self, arena: &mut Arena, (symbol, time): Key) -> Option<Expr> {
        let at = arena.integer(time);
        let member = arena.member(symbol, vec![at]);
        self.deriver.opened(arena, member).map(|(_, value)| value)
    }

    fn written_by_itself(&mut self, arena: &mut Arena, key: Key) -> Option<Expr> {
        let value = self.opened(arena, key)?;
        let mut map = Substitution::new();
        for member in open_in(arena, value, self.deriver.by) {
            let open = arena_derivative(arena, member, self.deriver.by);
            map.insert(open, self.done[&at_time(arena, member)?]);
        }
        let value = match self.factors {
            Factors::Open => value,
            Factors::WorkedOut => arena.rewrite(value, &mut |arena, part| match arena.node(part) {
                Node::Derivative { kind: DerivativeKind::Total, .. } => Some(part),
                Node::Derivative { .. } => self.deriver.local_value(arena, part),
                _ => None,
            }),
        };
        Some(replace_open(arena, value, &map))
    }

    /// The line of a family, where it applies at this time.
    fn line(&mut self, arena: &mut Arena, symbol: SymbolId, time: i64) -> Option<&Line> {
        if !self.lines.contains_key(&symbol) {
            let line = self.line_for_a_letter(arena, symbol);
            self.lines.insert(symbol, line);
        }
        self.lines[&symbol].as_ref().filter(|line| time >= line.from)
    }

    fn line_for_a_letter(&mut self, arena: &mut Arena, symbol: SymbolId) -> Option<Line> {
        let from = self.first_time(arena, symbol)?;
        let letter = arena.intern("\u{a7}n", SymbolKind::Integer);
        let letter = arena.symbol(letter);
        let member = arena.member(symbol, vec![letter]);
        let body = self.deriver.structure.definition_of(arena, self.deriver.model, member)?;
        let from = from.max(self.after_variable(arena, body, letter)?);
        let (mut terms, mut coefficients) = (Vec::new(), Vec::new());
        for child in self.deriver.children(arena, body) {
            let (family, at, entry) = Model::member(arena, child)?;
            let ([at], [], true) = (&at[..], &entry[..], arena.shape(child).is_scalar()) else { return None };
            terms.push((family, lag(arena, *at, letter)?));
            coefficients.push(arena.derivative(DerivativeKind::Partial, member, child));
        }
        if arena.contains(body, self.deriver.by) {
            coefficients.push(arena.derivative(DerivativeKind::Immediate, member, self.deriver.by));
        }
        let mut values = Vec::new();
        for &partial in &coefficients {
            values.push((partial, self.deriver.local_value(arena, partial)?));
        }
        if self.factors == Factors::WorkedOut {
            coefficients = values.iter().map(|&(_, value)| value).collect();
        }
        self.partials.extend(values);
        Some(Line { coefficients: Template::new(arena, letter, coefficients), terms, from })
    }

    /// The first time from which one definition holds at all times; `None` where that cannot be seen.
    fn first_time(&self, arena: &Arena, symbol: SymbolId) -> Option<i64> {
        if self.deriver.structure.runs_back(symbol) {
            return None;
        }
        let mut from = match self.deriver.structure.first.get(&symbol) {
            Some(&first) => arena.as_integer(first)?,
            None => i64::MIN,
        };
        let mut n_general = 0;
        for definition in self.deriver.model.definitions_of(symbol) {
            match definition.indices[..] {
                [Argument::Value(value)] => from = from.max(arena.as_integer(value)? + 1),
                [Argument::Letter(letter)] => {
                    n_general += 1;
                    for prop in &definition.range {
                        from = from.max(first_of_range(arena, prop, letter)?);
                    }
                }
                _ => return None,
            }
        }
        (n_general == 1).then_some(from)
    }

    /// The first time from which the definition holds no member that is the variable itself.
    fn after_variable(&self, arena: &Arena, body: Expr, letter: Expr) -> Option<i64> {
        let (variable, at, _) = Model::member(arena, self.deriver.by)?;
        let mut after = i64::MIN;
        for part in arena.reachable(&[body]) {
            let Node::Symbol { symbol, indices, .. } = arena.node(part) else { continue };
            if *symbol == variable && !indices.is_empty() {
                let ([own], [at]) = (&indices[..], &at[..]) else { return None };
                after = after.max(arena.as_integer(*at)? - lag(arena, *own, letter)? + 1);
            }
        }
        Some(after)
    }
}

/// How far an index is from the letter.
fn lag(arena: &Arena, index: Expr, letter: Expr) -> Option<i64> {
    Linear::read(arena, index)?.minus(&Linear::letter(letter)).as_integer()
}

/// The least value of a letter that a condition allows, where it is a lower bound and nothing else.
fn first_of_range(arena: &Arena, prop: &Prop, letter: SymbolId) -> Option<i64> {
    let Prop::Compare(_, _, high) = *prop else { return None };
    if !matches!(arena.node(high), Node::Symbol { symbol, indices, .. } if *symbol == letter && indices.is_empty()) {
        return None;
    }
    let (bound, how) = lower_bound(prop, high)?;
    let bound = arena.as_integer(bound)?;
    Some(if how == Comparison::Less { bound + 1 } else { bound })
}
