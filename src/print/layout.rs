//! The walk: every expression is laid out once for each choice of letters for the indices bound around it.

use std::collections::HashMap;

use crate::expr::{Arena, Expr, Node, SymbolId, SymbolKind};
use crate::number::Rational;
use crate::number::rational;
use crate::print::letters::Letters;
use crate::print::name;
use crate::print::operator::Binder;
use crate::print::order::Ranks;
use crate::print::scope::{Scope, Scopes};
use crate::print::{Level, Part, PartId, Sign, Tree};

/// Binders nested deeper than this, and layouts larger than the expression by this, name indices by height alone.
pub(super) const MAX_HEIGHT: u32 = 48;
const MAX_GROWTH: usize = 50_000;

/// An expression laid out, its sign apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Laid {
    /// The part without the sign.
    pub part: PartId,
    /// Whether a minus belongs before it.
    pub negative: bool,
    /// What it divides by, where the expression is a negative power.
    pub under: Option<PartId>,
}

/// One print: an arena read, a tree made.
pub(super) struct Layout<'a> {
    pub arena: &'a Arena,
    pub tree: Tree,
    pub ranks: Ranks,
    pub letters: Letters,
    scopes: Scopes,
    done: HashMap<(Expr, Scope), Laid>,
}

impl Laid {
    /// A part without sign or denominator.
    pub(super) fn plain(part: PartId) -> Laid {
        Laid { part, negative: false, under: None }
    }
}

impl<'a> Layout<'a> {
    /// Lays out all of `roots` with the same letters.
    pub(super) fn of(arena: &'a Arena, roots: &[Expr], hints: &[&str]) -> Layout<'a> {
        let reachable = arena.reachable(roots);
        let letters = Letters::new(arena, &reachable, hints);
        let height = roots.iter().map(|&root| arena.height(root)).max().unwrap_or(0);
        let mut layout = Layout {
            arena,
            tree: Tree::default(),
            ranks: Ranks::of(arena, &reachable),
            letters,
            scopes: Scopes::of(arena, &reachable),
            done: HashMap::new(),
        };
        let limit = reachable.len().saturating_add(MAX_GROWTH);
        if height > MAX_HEIGHT || roots.iter().any(|&root| layout.lay_all(root, limit).is_none()) {
            layout.tree = Tree::default();
            layout.done = HashMap::new();
            layout.scopes = Scopes::by_height();
            for &root in roots {
                layout.lay_all(root, usize::MAX);
            }
        }
        layout
    }

    /// A part of what has been laid out, as it stands in `scope`.
    pub(super) fn at(&mut self, expr: Expr, scope: Scope) -> Laid {
        let scope = self.scopes.narrow(self.arena, expr, scope);
        self.done[&(expr, scope)]
    }

    /// The part with its sign.
    pub(super) fn full(&mut self, laid: Laid) -> PartId {
        if laid.negative {
            let part = self.tree.fenced_below(laid.part, Level::Reach);
            let items = vec![self.tree.sign(Sign::Negative), part];
            self.tree.row(items, Level::Sum)
        } else {
            laid.part
        }
    }

    /// [`Layout::full`] of [`Layout::at`].
    pub(super) fn whole(&mut self, expr: Expr, scope: Scope) -> PartId {
        let laid = self.at(expr, scope);
        self.full(laid)
    }

    pub(super) fn wholes(&mut self, exprs: &[Expr], scope: Scope) -> Vec<PartId> {
        exprs.iter().map(|&expr| self.whole(expr, scope)).collect()
    }

    /// A root with its sign.
    pub(super) fn root(&mut self, expr: Expr) -> PartId {
        self.whole(expr, Scope::OUTSIDE)
    }

    /// The scope inside a binder.
    pub(super) fn inside(&mut self, binder: Expr, scope: Scope) -> Scope {
        let scope = self.scopes.narrow(self.arena, binder, scope);
        self.scopes.inside(binder, scope)
    }

    /// The letter of the index that is bound at this height.
    pub(super) fn bound(&mut self, height: u32, scope: Scope) -> PartId {
        let letter = self.scopes.letter(height, scope);
        let name = name::read(&letter);
        self.tree.named(&name, &[], &[])
    }

    /// Lays out everything within; `None` where that takes more than `limit` layouts.
    fn lay_all(&mut self, root: Expr, limit: usize) -> Option<()> {
        let mut open = vec![(root, Scope::OUTSIDE, false)];
        while let Some((expr, scope, ready)) = open.pop() {
            let scope = self.scopes.narrow(self.arena, expr, scope);
            if self.done.contains_key(&(expr, scope)) {
                continue;
            }
            if ready {
                let laid = self.lay(expr, scope);
                self.done.insert((expr, scope), laid);
                continue;
            }
            if self.done.len() > limit {
                return None;
            }
            open.push((expr, scope, true));
            self.push_parts(expr, scope, &mut open);
        }
        Some(())
    }

    /// The expressions that are printed within `expr`, with the scope each stands in.
    fn push_parts(&mut self, expr: Expr, scope: Scope, open: &mut Vec<(Expr, Scope, bool)>) {
        let mut push = |part: Expr, scope: Scope| open.push((part, scope, false));
        match self.arena.node(expr) {
            Node::Big { lower, upper, body, .. } => {
                let inner = self.scopes.open(self.arena, &self.letters, expr, scope);
                push(*lower, scope);
                push(*upper, scope);
                push(*body, inner);
            }
            Node::Limit { to, body, .. } => {
                let inner = self.scopes.open(self.arena, &self.letters, expr, scope);
                push(*to, scope);
                push(*body, inner);
            }
            Node::Extremum { range, body, .. } => {
                let inner = self.scopes.open(self.arena, &self.letters, expr, scope);
                if let Some((lower, upper)) = range {
                    push(*lower, scope);
                    push(*upper, scope);
                }
                push(*body, inner);
            }
            Node::Number(_)
            | Node::Pi
            | Node::Infinity
            | Node::Bound(_)
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
            | Node::At { .. } => self.arena.children(expr).into_iter().for_each(|child| push(child, scope)),
        }
    }

    /// Lays out one expression whose parts are laid out.
    fn lay(&mut self, expr: Expr, scope: Scope) -> Laid {
        let arena = self.arena;
        match arena.node(expr) {
            Node::Number(value) => self.number(value),
            Node::Pi => Laid::plain(self.tree.letter(r"\pi")),
            Node::Infinity => Laid::plain(self.tree.letter(r"\infty")),
            Node::Bound(height) => Laid::plain(self.bound(*height, scope)),
            Node::Symbol { symbol, indices, .. } => Laid::plain(self.symbol(*symbol, indices, &[], scope)),
            Node::Sum(parts) => self.sum(parts, scope),
            Node::Product(parts) => self.product(parts, scope),
            Node::Power(base, exponent) => self.power(*base, *exponent, scope),
            Node::Call { function, slots, args } => Laid::plain(self.call(function, slots, args, scope)),
            Node::Big { op, height, lower, upper, body } => {
                let binder = Binder { expr, height: *height, body: *body, scope };
                Laid::plain(self.big(binder, *op, *lower, *upper))
            }
            Node::Limit { height, to, body, .. } => {
                let binder = Binder { expr, height: *height, body: *body, scope };
                Laid::plain(self.limit(binder, *to))
            }
            Node::Extremum { which, height, range, body } => {
                let binder = Binder { expr, height: *height, body: *body, scope };
                Laid::plain(self.extremum(binder, *which, *range))
            }
            Node::Cases(branches) => Laid::plain(self.cases(branches, scope)),
            Node::MatMul(parts) => Laid::plain(self.matmul(parts, scope)),
            Node::MatrixPower(base, exponent) => Laid::plain(self.matrix_power(*base, *exponent, scope)),
            Node::Transpose(of) => Laid::plain(self.transpose(*of, scope)),
            Node::Entry { of, at } => Laid::plain(self.entry(*of, at, scope)),
            Node::Literal { shape, entries } => Laid::plain(self.literal(*shape, entries, scope)),
            Node::Identity(_) => Laid::plain(self.tree.letter("I")),
            Node::Fill(value, _) => self.fill(*value, scope),
            Node::Unit(at, _) => Laid::plain(self.unit(*at, scope)),
            Node::Tensor { op, args } => Laid::plain(self.tensor(*op, args, scope)),
            Node::Derivative { kind, of, by, .. } => Laid::plain(self.derivative(*kind, *of, *by, scope)),
            Node::At { body, of, value } => Laid::plain(self.evaluated(*body, *of, *value, scope)),
        }
    }

    /// A symbol with its indices, and with the components of an entry of it.
    pub(super) fn symbol(&mut self, symbol: SymbolId, indices: &[Expr], components: &[PartId], scope: Scope) -> PartId {
        let indices = self.wholes(indices, scope);
        let name = match self.letters.opened(symbol) {
            Some(letter) => name::read(letter),
            None if self.arena.kind(symbol) == SymbolKind::Function => name::read(self.arena.name(symbol)).into_word(),
            None => name::read(self.arena.name(symbol)),
        };
        self.tree.named(&name, &indices, components)
    }

    fn number(&mut self, value: &Rational) -> Laid {
        let part = self.magnitude(value);
        Laid { part, negative: rational::is_negative(value), under: None }
    }

    /// A number without its sign.
    pub(super) fn magnitude(&mut self, value: &Rational) -> PartId {
        let value = rational::abs(value);
        let above = self.tree.digits(value.numerator().to_string());
        if value.is_int() {
            return above;
        }
        let below = self.tree.digits(value.denominator().to_string());
        self.tree.add(Part::Fraction { above, below })
    }
}
