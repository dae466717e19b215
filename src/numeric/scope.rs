//! What stands around an expression while it is evaluated: letters, parameters, bound indices.

use std::collections::HashMap;

use crate::expr::Arena;
use crate::expr::Expr;
use crate::expr::Mixing;
use crate::expr::Node;
use crate::expr::SymbolId;
use crate::numeric::Tensor;
use crate::numeric::jet::Jet;

/// The letters of a definition, the parameters of a function and the indices of open binders, with the values of
/// expressions that were met among them.
#[derive(Debug)]
pub(super) struct Scope<E> {
    letters: Vec<(SymbolId, i64)>,
    parameters: Vec<(SymbolId, Tensor<Jet<E>>)>,
    /// What is known of expressions in which no index of an open binder stands.
    memo: Memo<E>,
    /// The open binders from the outermost in.
    levels: Vec<Level<E>>,
    /// How many binders are open where an expression that lies too deep may be taken up again; `None` for nowhere.
    resumable: Option<usize>,
    /// How many integer definitions this one stands in.
    pub(super) nesting: u32,
    /// For how many scopes like it this one stands, in the account of steps.
    pub(super) weight: u64,
}

/// As many expressions as stand in a usual definition.
const USUAL: usize = 7;

/// Expressions and their values.
type Memo<E> = HashMap<Expr, Tensor<Jet<E>>, Mixing>;

#[derive(Debug)]
struct Level<E> {
    height: u32,
    index: i64,
    memo: Memo<E>,
}

impl<E> Level<E> {
    fn new(height: u32, index: i64) -> Level<E> {
        Level { height, index, memo: HashMap::default() }
    }
}

impl<E: Clone> Scope<E> {
    /// A scope with these letters.
    pub(super) fn new(letters: Vec<(SymbolId, i64)>) -> Scope<E> {
        Scope {
            letters,
            parameters: Vec::new(),
            memo: Memo::default(),
            levels: Vec::new(),
            resumable: None,
            nesting: 0,
            weight: 1,
        }
    }

    /// The scope of a function that is called from this one, with these parameters.
    pub(super) fn of_function(&self, parameters: Vec<(SymbolId, Tensor<Jet<E>>)>) -> Scope<E> {
        Scope { parameters, weight: self.weight, ..Scope::new(Vec::new()) }
    }

    /// The same letters, parameters and binders with nothing known of any expression.
    pub(super) fn fresh(&self) -> Scope<E> {
        Scope {
            letters: self.letters.clone(),
            parameters: self.parameters.clone(),
            memo: Memo::default(),
            levels: self.levels.iter().map(|level| Level::new(level.height, level.index)).collect(),
            resumable: Some(self.levels.len()),
            nesting: self.nesting,
            weight: self.weight,
        }
    }

    /// [`Scope::fresh`] with one more letter.
    pub(super) fn fresh_with_letter(&self, letter: SymbolId, value: i64) -> Scope<E> {
        let mut scope = self.fresh();
        scope.letters.push((letter, value));
        scope
    }

    /// [`Scope::fresh`] with another value of a parameter.
    pub(super) fn fresh_with_parameter(&self, parameter: SymbolId, value: Tensor<Jet<E>>) -> Scope<E> {
        let mut scope = self.fresh();
        scope.parameters.push((parameter, value));
        scope
    }

    /// The value of a letter.
    pub(super) fn letter(&self, letter: SymbolId) -> Option<i64> {
        self.letters.iter().rev().find(|(own, _)| *own == letter).map(|(_, value)| *value)
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, parameter: SymbolId) -> Option<&Tensor<Jet<E>>> {
        self.parameters.iter().rev().find(|(own, _)| *own == parameter).map(|(_, value)| value)
    }

    /// The index of the open binder of this height.
    pub(super) fn bound(&self, height: u32) -> Option<i64> {
        self.levels.iter().rev().find(|level| level.height == height).map(|level| level.index)
    }

    /// Opens a binder.
    pub(super) fn open(&mut self, height: u32, index: i64) {
        self.levels.push(Level::new(height, index));
    }

    /// Moves the innermost open binder to an index.
    pub(super) fn advance(&mut self, index: i64) {
        if let Some(level) = self.levels.last_mut() {
            level.index = index;
            level.memo.clear();
        }
    }

    /// Closes the innermost open binder.
    pub(super) fn close(&mut self) {
        self.levels.pop();
    }

    /// Whether no binder is open, so that nothing needs to be known of free bound indices.
    pub(super) fn is_flat(&self) -> bool {
        self.levels.is_empty()
    }

    /// Whether an expression that is too deep may be set aside here.
    pub(super) fn is_resumable(&self) -> bool {
        self.resumable == Some(self.levels.len())
    }

    /// How many of the open binders the value of an expression with these free bound indices depends on.
    pub(super) fn home(&self, free: u64) -> usize {
        self.levels.iter().rposition(|level| free & bit(level.height) != 0).map_or(0, |at| at + 1)
    }

    fn memo(&self, home: usize) -> &Memo<E> {
        home.checked_sub(1).map_or(&self.memo, |at| &self.levels[at].memo)
    }

    /// What is known of an expression at its home.
    pub(super) fn known(&self, home: usize, expr: Expr) -> Option<&Tensor<Jet<E>>> {
        self.memo(home).get(&expr)
    }

    /// Keeps the value of an expression at its home.
    pub(super) fn keep(&mut self, home: usize, expr: Expr, value: Tensor<Jet<E>>) {
        let memo = match home.checked_sub(1) {
            None => &mut self.memo,
            Some(at) => &mut self.levels[at].memo,
        };
        if memo.is_empty() {
            memo.reserve(USUAL);
        }
        memo.insert(expr, value);
    }
}

/// Which bound indices stand free in an expression, by the heights of their binders.
#[derive(Debug, Default)]
pub(super) struct FreeIndices {
    sets: HashMap<Expr, u64, Mixing>,
}

impl FreeIndices {
    /// Learns the sets of an expression and of all within it.
    pub(super) fn learn(&mut self, arena: &Arena, root: Expr) {
        if self.sets.contains_key(&root) {
            return;
        }
        for expr in arena.reachable(&[root]) {
            if self.sets.contains_key(&expr) {
                continue;
            }
            let below = arena.children(expr).iter().fold(0, |all, child| all | self.of(*child));
            let set = match arena.node(expr) {
                Node::Bound(height) => bit(*height),
                Node::Big { height, .. } | Node::Limit { height, .. } | Node::Extremum { height, .. } => {
                    below & !(bit(*height) & !SHARED)
                }
                Node::Number(_)
                | Node::Pi
                | Node::Infinity
                | Node::Symbol { .. }
                | Node::Sum(_)
                | Node::Product(_)
                | Node::Power(..)
                | Node::Call { .. }
                | Node::Cases(_)
                | Node::MatMul(_)
                | Node::MatrixPower(..)
                | Node::Transpose(_)
                | Node::Entry { .. }
                | Node::Literal { .. }
                | Node::Identity(_)
                | Node::Fill(..)
                | Node::Unit(..)
                | Node::Tensor { .. }
                | Node::Derivative { .. }
                | Node::At { .. } => below,
            };
            self.sets.insert(expr, set);
        }
    }

    /// The set of an expression that was learnt; all indices for another.
    pub(super) fn of(&self, expr: Expr) -> u64 {
        self.sets.get(&expr).copied().unwrap_or(u64::MAX)
    }
}

/// The bit that all heights from 63 on share; it is never cleared.
const SHARED: u64 = 1 << 63;

fn bit(height: u32) -> u64 {
    1 << height.min(63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Big;
    use crate::expr::SymbolKind;

    #[test]
    fn free_indices_leave_their_binder() {
        let mut arena = Arena::new();
        let (i, j) = (arena.intern("i", SymbolKind::Integer), arena.intern("j", SymbolKind::Integer));
        let (one, n) = (arena.one(), arena.integer(9));
        let (ei, ej) = (arena.symbol(i), arena.symbol(j));
        let body = arena.product([ei, ej]);
        let inner = arena.big(Big::Sum, j, one, ei, body);
        let outer = arena.big(Big::Sum, i, one, n, inner);
        let mut free = FreeIndices::default();
        free.learn(&arena, outer);
        let Node::Big { height, body, .. } = *arena.node(outer) else { panic!("a sum") };
        assert_eq!((free.of(outer), free.of(body)), (0, bit(height)));
    }
}
