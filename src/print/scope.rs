//! Which letter each bound index has around a part of an expression.

use std::collections::HashMap;

use crate::expr::{Arena, Expr, Node};
use crate::print::letters::Letters;

/// A choice of letters for the indices that are bound around a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Scope(u32);

/// The bound heights with their letters, the outermost first.
type Bindings = Box<[(u32, u32)]>;

/// All scopes of one print.
#[derive(Debug, Clone, Default)]
pub(super) struct Scopes {
    /// The heights that are free in each expression that holds no binder; `None` names indices by height alone.
    free: Option<HashMap<Expr, Box<[u32]>>>,
    stored: Vec<Bindings>,
    numbers: HashMap<Bindings, Scope>,
    letters: Vec<String>,
    /// The scope inside each binder.
    inside: HashMap<(Expr, Scope), Scope>,
    narrowed: HashMap<(Expr, Scope), Scope>,
}

impl Scope {
    /// Where nothing is bound.
    pub(super) const OUTSIDE: Scope = Scope(0);
}

impl Scopes {
    /// Scopes that choose letters by what stands around.
    pub(super) fn of(arena: &Arena, reachable: &[Expr]) -> Scopes {
        let mut free: HashMap<Expr, Box<[u32]>> = HashMap::new();
        let any = reachable.iter().any(|&expr| matches!(arena.node(expr), Node::Bound(_)));
        for &expr in reachable.iter().filter(|&&expr| any && arena.height(expr) == 0) {
            let mut heights: Vec<u32> =
                arena.children(expr).iter().filter_map(|child| free.get(child)).flatten().copied().collect();
            if let Node::Bound(height) = arena.node(expr) {
                heights.push(*height);
            }
            heights.sort_unstable();
            heights.dedup();
            if !heights.is_empty() {
                free.insert(expr, heights.into());
            }
        }
        Scopes { free: Some(free), stored: vec![Box::default()], ..Scopes::default() }
    }

    /// Scopes that name every index by the height of its binder.
    pub(super) fn by_height() -> Scopes {
        Scopes::default()
    }

    /// The least scope that prints `expr` as `scope` does.
    pub(super) fn narrow(&mut self, arena: &Arena, expr: Expr, scope: Scope) -> Scope {
        let Some(free) = &self.free else {
            return Scope::OUTSIDE;
        };
        if scope == Scope::OUTSIDE || arena.height(expr) > 0 {
            return scope;
        }
        let Some(free) = free.get(&expr) else {
            return Scope::OUTSIDE;
        };
        if let Some(&known) = self.narrowed.get(&(expr, scope)) {
            return known;
        }
        let kept = self.bindings(scope).iter().copied().filter(|(height, _)| free.contains(height)).collect();
        let narrow = self.intern(kept);
        self.narrowed.insert((expr, scope), narrow);
        narrow
    }

    /// The scope inside `binder`, which stands in `scope`: its index gets a letter that no outer one has.
    pub(super) fn open(&mut self, arena: &Arena, letters: &Letters, binder: Expr, scope: Scope) -> Scope {
        let Some(free) = &self.free else {
            return Scope::OUTSIDE;
        };
        if let Some(&inside) = self.inside.get(&(binder, scope)) {
            return inside;
        }
        let (Node::Big { height, .. } | Node::Extremum { height, .. } | Node::Limit { height, .. }) =
            arena.node(binder)
        else {
            return scope;
        };
        let outer: Vec<&str> =
            self.bindings(scope).iter().map(|&(_, letter)| self.letters[letter as usize].as_str()).collect();
        let letter = letters.letter(arena, binder, &outer, |upper| free.contains_key(&upper));
        let letter_idx = self.letters.iter().position(|own| *own == letter).unwrap_or(self.letters.len());
        if letter_idx == self.letters.len() {
            self.letters.push(letter);
        }
        let mut bindings = self.bindings(scope).to_vec();
        bindings.push((*height, u32::try_from(letter_idx).expect("fewer letters than expressions")));
        let inside = self.intern(bindings.into());
        self.inside.insert((binder, scope), inside);
        inside
    }

    /// The scope inside a binder that was opened.
    pub(super) fn inside(&self, binder: Expr, scope: Scope) -> Scope {
        self.inside.get(&(binder, scope)).copied().unwrap_or(Scope::OUTSIDE)
    }

    /// The letter of the index that is bound at this height.
    pub(super) fn letter(&self, height: u32, scope: Scope) -> String {
        let bound = self.free.as_ref().and_then(|_| {
            self.bindings(scope).iter().rev().find(|(own, _)| *own == height).map(|&(_, letter)| letter as usize)
        });
        match bound {
            Some(letter) => self.letters[letter].clone(),
            None => format!("k_{{{height}}}"),
        }
    }

    fn bindings(&self, scope: Scope) -> &[(u32, u32)] {
        &self.stored[scope.0 as usize]
    }

    fn intern(&mut self, bindings: Bindings) -> Scope {
        if bindings.is_empty() {
            return Scope::OUTSIDE;
        }
        if let Some(&scope) = self.numbers.get(&bindings) {
            return scope;
        }
        let scope = Scope(u32::try_from(self.stored.len()).expect("fewer scopes than layouts"));
        self.stored.push(bindings.clone());
        self.numbers.insert(bindings, scope);
        scope
    }
}
