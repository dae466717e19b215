//! Comparisons of integers that follow from others: bounds on differences of letters, by shortest paths (Bellman 1958).

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Comparison, Expr, Node, Substitution, SymbolKind};

/// A sum of multiples of letters and a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    parts: BTreeMap<Expr, i64>,
    constant: i64,
}

impl Form {
    /// An expression of integers as a form; `None` where it is none, or its numbers are too large.
    pub fn read(arena: &Arena, expr: Expr) -> Option<Form> {
        match arena.node(expr) {
            Node::Number(_) => Some(Form { parts: BTreeMap::new(), constant: arena.as_integer(expr)? }),
            Node::Symbol { symbol, .. } if arena.kind(*symbol) == SymbolKind::Integer => {
                Some(Form { parts: BTreeMap::from([(expr, 1)]), constant: 0 })
            }
            Node::Sum(parts) => {
                parts.iter().try_fold(Form::default(), |sum, &part| sum.plus(&Form::read(arena, part)?, 1))
            }
            Node::Product(parts) => parts.iter().try_fold(Form { constant: 1, ..Form::default() }, |product, &part| {
                let other = Form::read(arena, part)?;
                match (product.parts.is_empty(), other.parts.is_empty()) {
                    (true, _) => Form::default().plus(&other, product.constant),
                    (_, true) => Form::default().plus(&product, other.constant),
                    (false, false) => None,
                }
            }),
            _ => None,
        }
    }

    /// `self + scale * other`.
    pub fn plus(mut self, other: &Form, scale: i64) -> Option<Form> {
        for (&letter, &own) in &other.parts {
            let sum = self.parts.entry(letter).or_insert(0);
            *sum = sum.checked_add(own.checked_mul(scale)?)?;
        }
        self.constant = self.constant.checked_add(other.constant.checked_mul(scale)?)?;
        self.parts.retain(|_, own| *own != 0);
        Some(self)
    }

    /// The value, where no letter stands in it.
    pub fn as_integer(&self) -> Option<i64> {
        self.parts.is_empty().then_some(self.constant)
    }

    /// The factor of a letter.
    pub fn times(&self, letter: Expr) -> i64 {
        self.parts.get(&letter).copied().unwrap_or(0)
    }

    /// Whether a letter stands within another one, as an index.
    pub fn holds_within(&self, arena: &Arena, letter: Expr) -> bool {
        self.parts.keys().any(|&part| part != letter && arena.contains(part, letter))
    }

    /// `x - y + c`, as the letters x and y, of which nothing stands for 0, and c.
    fn as_difference(&self) -> Option<(Option<Expr>, Option<Expr>, i64)> {
        let one = |sign: i64| -> Option<Option<Expr>> {
            let mut found = self.parts.iter().filter(|&(_, own)| own.signum() == sign);
            let first = found.next();
            let is_single = found.next().is_none() && first.is_none_or(|(_, own)| own.abs() == 1);
            is_single.then(|| first.map(|(&letter, _)| letter))
        };
        Some((one(1)?, one(-1)?, self.constant))
    }
}

/// What is known of integers: `x - y <= c`, where nothing stands for 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Integers {
    bounds: Vec<(Option<Expr>, Option<Expr>, i64)>,
}

impl Integers {
    /// Learns a comparison of integers; what is no bound on a difference is forgotten.
    pub fn learn(&mut self, arena: &Arena, how: Comparison, left: Expr, right: Expr) {
        let Some((left, right)) = Form::read(arena, left).zip(Form::read(arena, right)) else { return };
        let mut add = |low: &Form, high: &Form, apart: i64| {
            let form = low.clone().plus(high, -1).and_then(|form| form.as_difference());
            if let Some((x, y, c)) = form {
                self.bounds.push((x, y, (-c).saturating_sub(apart)));
            }
        };
        match how {
            Comparison::LessEqual => add(&left, &right, 0),
            Comparison::Less => add(&left, &right, 1),
            Comparison::Equal => {
                add(&left, &right, 0);
                add(&right, &left, 0);
            }
            Comparison::NotEqual | Comparison::Approximately => {}
        }
    }

    /// How many bounds are known.
    pub fn n_bounds(&self) -> usize {
        self.bounds.len()
    }

    /// Forgets all bounds but the first ones.
    pub fn forget(&mut self, n_bounds: usize) {
        self.bounds.truncate(n_bounds);
    }

    /// Whether a comparison of integers holds everywhere (`true`), or nowhere.
    pub fn decides(&self, arena: &Arena, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        let difference = Form::read(arena, left)?.plus(&Form::read(arena, right)?, -1)?;
        let back = Form::default().plus(&difference, -1)?;
        let at_most = |form: &Form, bound: i64| self.bound(form).is_some_and(|own| own <= bound);
        let (yes, no) = match how {
            Comparison::LessEqual => (at_most(&difference, 0), at_most(&back, -1)),
            Comparison::Less => (at_most(&difference, -1), at_most(&back, 0)),
            Comparison::Equal => {
                (at_most(&difference, 0) && at_most(&back, 0), at_most(&difference, -1) || at_most(&back, -1))
            }
            Comparison::NotEqual => {
                (at_most(&difference, -1) || at_most(&back, -1), at_most(&difference, 0) && at_most(&back, 0))
            }
            Comparison::Approximately => (false, false),
        };
        if yes || no { Some(yes) } else { None }
    }

    /// A number that a form never exceeds: of a difference by the shortest path, else letter by letter.
    pub fn bound(&self, form: &Form) -> Option<i64> {
        if let Some((x, y, c)) = form.as_difference() {
            return self.path(x, y)?.checked_add(c);
        }
        form.parts.iter().try_fold(form.constant, |sum, (&letter, &times)| {
            let own = if times > 0 { self.path(Some(letter), None)? } else { self.path(None, Some(letter))? };
            sum.checked_add(own.checked_mul(times.abs())?)
        })
    }

    /// Whether a letter stands in what is known.
    pub fn speak_of(&self, letter: Expr) -> bool {
        self.bounds.iter().any(|&(x, y, _)| x == Some(letter) || y == Some(letter))
    }

    /// The same with letters replaced by expressions of integers.
    pub fn substituted(&self, arena: &mut Arena, map: &Substitution) -> Integers {
        let mut all = Integers::default();
        for &(x, y, c) in &self.bounds {
            let mut side = |point: Option<Expr>| match point {
                None => arena.zero(),
                Some(letter) => map.get(&letter).copied().unwrap_or(letter),
            };
            let (x, y) = (side(x), side(y));
            let c = arena.integer(c);
            let high = arena.sum([y, c]);
            all.learn(arena, Comparison::LessEqual, x, high);
        }
        all
    }

    /// Whether every bound on a letter from below follows from its being at least `least`.
    pub fn begin_at(&self, arena: &Arena, letter: Expr, least: Expr) -> bool {
        let Some(least) = Form::read(arena, least) else { return false };
        let is_index = |part: Option<Expr>| part.is_some_and(|part| part != letter && arena.contains(part, letter));
        if self.bounds.iter().any(|&(x, y, _)| is_index(x) || is_index(y)) {
            return false;
        }
        // `x - letter <= c` for what is below it: `x - least <= c`.
        self.bounds.iter().filter(|&&(_, y, _)| y == Some(letter)).all(|&(x, _, c)| {
            let below = Form { parts: x.into_iter().map(|x| (x, 1)).collect(), constant: 0 };
            below.plus(&least, -1).and_then(|form| self.bound(&form)).is_some_and(|bound| bound <= c)
        })
    }

    /// Whether no integers fulfil what is known: a path back to its beginning that is shorter than 0.
    pub fn are_absurd(&self) -> bool {
        self.bounds.iter().any(|&(x, y, c)| self.path(y, x).is_some_and(|back| back.saturating_add(c) < 0))
    }

    /// The least c with `x - y <= c` that follows.
    fn path(&self, x: Option<Expr>, y: Option<Expr>) -> Option<i64> {
        if x == y {
            return Some(0);
        }
        let points: BTreeSet<Option<Expr>> = self.bounds.iter().flat_map(|&(a, b, _)| [a, b]).collect();
        let mut lengths: BTreeMap<Option<Expr>, i64> = BTreeMap::from([(x, 0)]);
        for _ in 0..points.len() {
            for &(a, b, c) in &self.bounds {
                let Some(through) = lengths.get(&a).map(|&own| own.saturating_add(c)) else { continue };
                let own = lengths.entry(b).or_insert(through);
                *own = through.min(*own);
            }
        }
        lengths.get(&y).copied()
    }
}
