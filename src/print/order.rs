//! The order in which a reader expects terms and factors; the arena keeps them in the order of creation.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::expr::{Arena, Expr, Function, Node, SymbolId};

/// What kind of factor, in the order of print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Number,
    Constant,
    Plain,
    Family,
    Call,
    Derivative,
    Group,
    Ordered,
    Open,
    Big,
}

/// What the order of terms and factors depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rank {
    pub class: Class,
    /// The degree as a polynomial in symbols and calls.
    degree: i32,
    n_factors: u32,
    /// Whether a function or a derivative is among the factors.
    called: bool,
    /// The first symbols, in the order of their declaration.
    leads: [u32; 4],
    /// Tells members of one family apart.
    place: i64,
    /// The largest number in an index: of factors that are called, the later stands first.
    time: i64,
    /// How deeply calls are nested: of factors that are called, the outer stands first.
    depth: u32,
}

/// The ranks of everything in one print.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranks {
    ranks: HashMap<Expr, Rank>,
    /// The position of each lead in the order of the alphabet.
    alphabet: HashMap<u32, u32>,
}

const NONE: Rank =
    Rank { class: Class::Number, degree: 0, n_factors: 0, called: false, leads: [0; 4], place: 0, time: 0, depth: 0 };

impl Ranks {
    /// Ranks all of `reachable`, in which parts stand before what holds them.
    pub(super) fn of(arena: &Arena, reachable: &[Expr]) -> Ranks {
        let mut ranks = Ranks { ranks: HashMap::new(), alphabet: alphabet(arena, reachable) };
        for &expr in reachable {
            let rank = ranks.rank(arena, expr);
            ranks.ranks.insert(expr, rank);
        }
        ranks
    }

    pub(super) fn get(&self, expr: Expr) -> Rank {
        self.ranks[&expr]
    }

    /// Factors in the order of print: tensors last, then by class, name and place.
    pub(super) fn sort_factors(&self, arena: &Arena, factors: &mut [Expr]) {
        factors.sort_by_cached_key(|&factor| {
            let rank = self.get(factor);
            let letter = self.alphabet.get(&rank.leads[0]).copied().unwrap_or(rank.leads[0]);
            let (depth, time) = if rank.class == Class::Call { (rank.depth, rank.time) } else { (0, 0) };
            let is_tensor = !arena.shape(factor).is_scalar();
            (is_tensor, rank.class, Reverse(depth), letter, Reverse(time), rank.place, factor)
        });
    }

    /// Gradients and products of matrices before what they are multiplied with entry by entry.
    pub(super) fn gradients_first(&self, tensors: &[Expr]) -> Vec<Expr> {
        let leads = |&&tensor: &&Expr| matches!(self.get(tensor).class, Class::Derivative | Class::Ordered);
        let (leading, others): (Vec<&Expr>, Vec<&Expr>) = tensors.iter().partition(leads);
        leading.into_iter().chain(others).copied().collect()
    }

    /// Terms in the order of print: by degree, or the shorter first where functions are called; big ones last;
    /// a positive one first if there is one. A number stands first as in `1 - x` and last as in `x + 1`.
    pub(super) fn sort_terms(&self, arena: &Arena, terms: &mut Vec<Expr>, is_negative: impl Fn(Expr) -> bool) {
        let number = terms.iter().position(|&term| arena.as_number(term).is_some()).map(|at| terms.remove(at));
        let called = terms.iter().any(|&term| self.get(term).called);
        terms.sort_by_cached_key(|&term| {
            let rank = self.get(term);
            let size = if called { i64::from(rank.n_factors) } else { -i64::from(rank.degree) };
            let is_parameter = !called && rank.class == Class::Plain;
            (rank.class == Class::Big, size, is_parameter, rank.class, rank.leads, rank.place, term)
        });
        if let Some(number) = number {
            let opens = !is_negative(number) && (called || terms.first().is_some_and(|&first| is_negative(first)));
            terms.insert(if opens { 0 } else { terms.len() }, number);
        }
        if terms.first().is_some_and(|&first| is_negative(first))
            && let Some(positive) = terms.iter().position(|&term| !is_negative(term))
        {
            let term = terms.remove(positive);
            terms.insert(0, term);
        }
    }

    fn rank(&self, arena: &Arena, expr: Expr) -> Rank {
        let one = Rank { degree: 1, n_factors: 1, ..NONE };
        match arena.node(expr) {
            Node::Number(_) => NONE,
            Node::Pi | Node::Infinity | Node::Identity(_) => Rank { class: Class::Constant, n_factors: 1, ..NONE },
            Node::Bound(height) => Rank { class: Class::Plain, leads: [u32::MAX - height, 0, 0, 0], ..one },
            Node::Symbol { symbol, indices, .. } => Rank {
                class: if indices.is_empty() { Class::Plain } else { Class::Family },
                leads: [symbol.0 + 1, 0, 0, 0],
                place: indices.first().map_or(0, |&index| place(arena, index)),
                time: indices.first().map_or(0, |&index| time(arena, index)),
                ..one
            },
            Node::Sum(terms) => {
                let ranks = || terms.iter().map(|&term| self.get(term));
                let degree = ranks().map(|rank| rank.degree).max().unwrap_or(0);
                let (time, depth) = (self.latest(terms), self.deepest(terms));
                Rank { class: Class::Group, degree, called: self.any_called(terms), time, depth, ..one }
            }
            Node::Product(factors) | Node::MatMul(factors) => {
                let mut factors = factors.to_vec();
                let ordered = matches!(arena.node(expr), Node::MatMul(_));
                if !ordered {
                    self.sort_factors(arena, &mut factors);
                }
                let last = factors.iter().map(|&factor| self.get(factor).class).max().unwrap_or(Class::Number);
                let class = if ordered && last != Class::Big { Class::Ordered } else { last };
                Rank { class, ..self.multiplied(&factors) }
            }
            Node::Power(base, exponent) | Node::MatrixPower(base, exponent) => {
                let base = self.get(*base);
                match arena.as_integer(*exponent).and_then(|n| i32::try_from(n).ok()) {
                    Some(n) => Rank {
                        degree: base.degree.saturating_mul(n),
                        leads: if n > 1 { repeated(base.leads) } else { base.leads },
                        n_factors: 1,
                        ..base
                    },
                    None => Rank { n_factors: 1, class: base.class.max(Class::Plain), ..base },
                }
            }
            Node::Call { function, args, .. } => {
                let lead = match function {
                    Function::Elementary(elementary) => u32::MAX / 2 + *elementary as u32,
                    Function::Declared { symbol, .. } => symbol.0 + 1,
                };
                let (time, depth) = (self.latest(args), self.deepest(args).saturating_add(1));
                Rank { class: Class::Call, called: true, leads: [lead, 0, 0, 0], time, depth, ..one }
            }
            Node::Big { body, .. } | Node::Limit { body, .. } | Node::Extremum { body, .. } => {
                Rank { class: Class::Big, called: true, n_factors: 1, ..self.get(*body) }
            }
            Node::Cases(_) | Node::At { .. } | Node::Literal { .. } => Rank { class: Class::Open, ..one },
            Node::Transpose(of) => Rank { n_factors: 1, ..self.get(*of) },
            Node::Entry { of, at } => Rank {
                class: if let Node::Symbol { .. } = arena.node(*of) { Class::Family } else { Class::Call },
                place: at.first().map_or(0, |&index| place(arena, index)),
                n_factors: 1,
                ..self.get(*of)
            },
            Node::Fill(value, _) => Rank { class: Class::Constant, n_factors: 1, ..self.get(*value) },
            Node::Unit(..) => Rank { class: Class::Family, ..one },
            Node::Tensor { .. } => Rank { class: Class::Call, called: true, ..one },
            Node::Derivative { .. } => Rank { class: Class::Derivative, called: true, ..one },
        }
    }

    fn any_called(&self, parts: &[Expr]) -> bool {
        parts.iter().any(|&part| self.get(part).called)
    }

    fn latest(&self, parts: &[Expr]) -> i64 {
        parts.iter().map(|&part| self.get(part).time).max().unwrap_or(0)
    }

    fn deepest(&self, parts: &[Expr]) -> u32 {
        parts.iter().map(|&part| self.get(part).depth).max().unwrap_or(0)
    }

    fn multiplied(&self, factors: &[Expr]) -> Rank {
        let ranks = || factors.iter().map(|&factor| self.get(factor));
        let mut leads = [0; 4];
        let all = ranks().flat_map(|rank| rank.leads.into_iter().filter(|&lead| lead != 0));
        leads.iter_mut().zip(all).for_each(|(slot, lead)| *slot = lead);
        Rank {
            class: Class::Number,
            degree: ranks().fold(0, |sum, rank| sum.saturating_add(rank.degree)),
            n_factors: ranks().fold(0, |sum, rank| sum.saturating_add(rank.n_factors)),
            called: self.any_called(factors),
            leads,
            place: ranks().map(|rank| rank.place).find(|&place| place != 0).unwrap_or(0),
            time: self.latest(factors),
            depth: self.deepest(factors),
        }
    }
}

/// Numbers upwards; t before t - 1.
fn place(arena: &Arena, index: Expr) -> i64 {
    arena.as_integer(index).unwrap_or_else(|| time(arena, index).saturating_neg())
}

/// The number in an index.
fn time(arena: &Arena, index: Expr) -> i64 {
    if let Some(number) = arena.as_integer(index) {
        return number;
    }
    let Node::Sum(parts) = arena.node(index) else {
        return 0;
    };
    parts.iter().find_map(|&part| arena.as_integer(part)).unwrap_or(0)
}

fn repeated(leads: [u32; 4]) -> [u32; 4] {
    if leads[1] == 0 { [leads[0], leads[0], 0, 0] } else { leads }
}

/// The names of all symbols among `reachable`, in order.
fn alphabet(arena: &Arena, reachable: &[Expr]) -> HashMap<u32, u32> {
    let mut symbols: Vec<SymbolId> = reachable.iter().filter_map(|&expr| symbol_of(arena, expr)).collect();
    symbols.sort_by_key(|&symbol| arena.name(symbol));
    symbols.dedup();
    symbols.iter().zip(1..).map(|(symbol, position)| (symbol.0 + 1, position)).collect()
}

/// The symbol that a member or a call begins with.
pub(super) fn symbol_of(arena: &Arena, expr: Expr) -> Option<SymbolId> {
    if let Node::Symbol { symbol, .. } | Node::Call { function: Function::Declared { symbol, .. }, .. } =
        arena.node(expr)
    {
        Some(*symbol)
    } else {
        None
    }
}
