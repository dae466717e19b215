//! Derivatives at a point of a prime field, by forward differentiation along the definitions: no formula is built.

use crate::expr::{
    Big, Branch, Comparison, DerivativeKind, Elementary, Expr, Function, Node, Slot, SymbolId, SymbolKind,
};
use crate::model::Model;
use crate::proof::check::evidence::Relation;
use crate::proof::check::products::MOST_TERMS;
use crate::proof::check::residues::{Found, Missing, Point, Value};

/// How deep definitions are followed.
const DEPTH: usize = 60;

/// What does not change with the variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing but other givens.
    Nothing,
    /// Members at other indices than this one.
    ElsewhereThan(Expr),
    /// All states.
    States,
}

/// By what is differentiated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direction {
    pub by: Expr,
    held: Held,
    /// A letter that is no index of this value.
    apart: Option<(Expr, Expr)>,
    depth: usize,
}

impl Direction {
    pub(super) fn new(by: Expr, held: Held) -> Direction {
        Direction { by, held, apart: None, depth: 0 }
    }

    /// The same by an entry of the variable.
    pub(super) fn entry(self, by: Expr) -> Direction {
        Direction { by, ..self }
    }
}

const UNKNOWN: Missing = Missing::Unreplayed("a derivative");

impl Point<'_> {
    /// A derivative of a number by a number.
    pub(super) fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr) -> Found {
        let are_numbers = self.arena.shape(of).is_scalar() && self.arena.shape(by).is_scalar();
        let Some((_, _, _)) = Model::member(self.arena, by).filter(|_| are_numbers) else { return Err(UNKNOWN) };
        if kind != DerivativeKind::Immediate {
            return self.slope(of, Direction::new(by, Held::Nothing));
        }
        let (_, at, _) = Model::member(self.arena, of).ok_or(UNKNOWN)?;
        let body = self.hypotheses.definition_of(self.arena, of).ok_or(UNKNOWN)?;
        let index = *at.first().ok_or(UNKNOWN)?;
        self.slope(body, Direction::new(by, Held::ElsewhereThan(index)))
    }

    /// The slope of a bound function of one number by it, at an argument.
    pub(super) fn slope_of_function(&mut self, body: Expr, letter: Expr, arg: Expr, times: usize) -> Found {
        if times != 1 {
            return Err(UNKNOWN);
        }
        let fresh = self.arena.intern(&format!("\u{a7}argument{}", arg.position()), SymbolKind::Real);
        let fresh = self.arena.symbol(fresh);
        self.arguments.insert(fresh, arg);
        let body = self.arena.substitute(body, &[(letter, fresh)].into_iter().collect());
        self.slope(body, Direction::new(fresh, Held::Nothing))
    }

    pub(super) fn slope(&mut self, expr: Expr, direction: Direction) -> Found {
        let zero = self.whole(0);
        let direction = Direction { depth: direction.depth + 1, ..direction };
        if direction.depth > DEPTH || !self.arena.shape(expr).is_scalar() {
            return Err(UNKNOWN);
        }
        if let Some(to) = self.choice(expr) {
            return self.slope(to, direction);
        }
        match self.arena.node(expr).clone() {
            Node::Number(_) | Node::Pi => Ok(zero),
            Node::Sum(parts) => {
                let mut sum = zero;
                for &part in parts.iter() {
                    let own = self.slope(part, direction)?;
                    sum = self.plus(sum, own);
                }
                Ok(sum)
            }
            Node::Product(parts) => {
                let mut sum = zero;
                for (place, &part) in parts.iter().enumerate() {
                    let mut term = self.slope(part, direction)?;
                    if term.residue.is_zero() {
                        continue;
                    }
                    for (other, &factor) in parts.iter().enumerate() {
                        if other != place {
                            let factor = self.value(factor)?;
                            term = self.times(term, factor);
                        }
                    }
                    sum = self.plus(sum, term);
                }
                Ok(sum)
            }
            Node::Power(base, exponent) => {
                let inner = self.slope(base, direction)?;
                let is_constant = self.slope(exponent, direction)?.residue.is_zero();
                if !is_constant {
                    return Err(UNKNOWN);
                }
                let minus = self.arena.integer(-1);
                let less = self.arena.sum([exponent, minus]);
                let power = self.arena.power(base, less);
                let outer = self.arena.product([exponent, power]);
                self.chained(outer, inner)
            }
            Node::Call { function: Function::Elementary(f), slots, args } => {
                self.slope_of_call(f, &slots, &args, direction)
            }
            Node::Call { function, slots, args } => {
                if let Some(body) = self.hypotheses.body_of(self.arena, expr) {
                    return self.slope(body, direction);
                }
                let mut sum = zero;
                for (place, &arg) in args.iter().enumerate() {
                    let inner = self.slope(arg, direction)?;
                    let argument = u8::try_from(place).map_err(|_| UNKNOWN)?;
                    let mut slots = slots.to_vec();
                    slots.push(Slot { argument, entry: Box::default() });
                    let outer = self.arena.call(function.clone(), slots, args.to_vec());
                    let own = self.chained(outer, inner)?;
                    sum = self.plus(sum, own);
                }
                Ok(sum)
            }
            Node::Symbol { .. } | Node::Entry { .. } => self.slope_of_member(expr, direction),
            Node::Cases(branches) => self.slope_of_cases(&branches, direction),
            Node::Big { op: Big::Sum, lower, upper, .. } => self.slope_of_sum(expr, (lower, upper), direction),
            _ => Err(UNKNOWN),
        }
    }

    /// `outer inner`; what is beside 0 is not asked for.
    fn chained(&mut self, outer: Expr, inner: Value) -> Found {
        if inner.residue.is_zero() {
            return Ok(self.whole(0));
        }
        let outer = self.value(outer)?;
        Ok(self.times(outer, inner))
    }

    /// Branch by branch on both sides of one place.
    fn slope_of_cases(&mut self, branches: &[Branch], direction: Direction) -> Found {
        let &[Branch { condition: Some((how, left, right)), .. }, ref other] = branches else { return Err(UNKNOWN) };
        let (low, high) = (self.slope(left, direction)?, self.slope(right, direction)?);
        let rate = self.minus(high, low).residue;
        let is_order = matches!(how, Comparison::Less | Comparison::LessEqual);
        let contrary = Relation::new(how, left, right).contrary();
        let is_rest =
            other.condition.is_none_or(|(how, left, right)| contrary == Some(Relation::new(how, left, right)));
        if !is_order || !is_rest || rate.is_zero() || self.small(rate).is_none() {
            return Err(UNKNOWN);
        }
        self.cases(branches, |point, branch| point.slope(branch, direction))
    }

    /// That of a maximum or minimum is the slope of the argument that it is, and no slope where they meet.
    fn slope_of_extreme(&mut self, f: Elementary, [a, b]: [Expr; 2], direction: Direction) -> Found {
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let mut sum = self.whole(0);
        for (own, other) in [(a, b), (b, a)] {
            let (below, above) = if f == Elementary::Max { (other, own) } else { (own, other) };
            let chosen = Branch { condition: Some((Comparison::Less, below, above)), value: one };
            let is_chosen = self.cases(&[chosen, Branch { condition: None, value: zero }], Point::value)?;
            let own = self.slope(own, direction)?;
            let own = self.times(is_chosen, own);
            sum = self.plus(sum, own);
        }
        Ok(sum)
    }

    fn slope_of_call(&mut self, f: Elementary, slots: &[Slot], args: &[Expr], direction: Direction) -> Found {
        if let (Elementary::Max | Elementary::Min, [], &[a, b]) = (f, slots, args) {
            return self.slope_of_extreme(f, [a, b], direction);
        }
        let &[arg] = args else {
            let all_constant = args
                .iter()
                .try_fold(true, |all, &arg| self.slope(arg, direction).map(|slope| all && slope.residue.is_zero()))?;
            return if all_constant { Ok(self.whole(0)) } else { Err(UNKNOWN) };
        };
        let rate = (f.row().derivative)(self.arena, arg);
        match slots.len() {
            0 => {
                let inner = self.slope(arg, direction)?;
                self.chained(rate, inner)
            }
            1 => self.slope(rate, direction),
            _ => Err(UNKNOWN),
        }
    }

    /// Of a sum in which one term alone depends on the variable, the slope of that term.
    fn slope_of_sum(&mut self, expr: Expr, (lower, upper): (Expr, Expr), direction: Direction) -> Found {
        let mut sum = self.whole(0);
        if let Some(terms) = self.few(expr, (lower, upper)) {
            for term in terms {
                let own = self.slope(term, direction)?;
                sum = self.plus(sum, own);
            }
            return Ok(sum);
        }
        let (_, at, components) = Model::member(self.arena, direction.by).ok_or(UNKNOWN)?;
        let places: Vec<Expr> = at.into_iter().chain(components).collect();
        if places.is_empty() {
            let own = self.body_at_letter(expr, (lower, upper), |point, body| point.slope(body, direction))?;
            return self.leaf_of_big(Big::Sum, (lower, upper), own);
        }
        let letter = self.letter_of((lower, upper));
        for place in places {
            let apart = Direction { apart: Some((letter, place)), ..direction };
            let elsewhere = self.body_at_letter(expr, (lower, upper), |point, body| point.slope(body, apart))?;
            if elsewhere.residue.is_zero() {
                return self.slope_of_term(expr, (lower, place, upper), direction);
            }
        }
        Err(UNKNOWN)
    }

    /// The slope of the one term that depends on the variable, where it stands in the sum.
    fn slope_of_term(&mut self, sum: Expr, (lower, place, upper): (Expr, Expr, Expr), direction: Direction) -> Found {
        let is_inside = [(lower, place), (place, upper)]
            .into_iter()
            .all(|(low, high)| self.hypotheses.decides(self.arena, Comparison::LessEqual, low, high) == Some(true));
        let term = self.arena.instantiate(sum, place).ok_or(UNKNOWN)?;
        let own = self.slope(term, direction)?;
        if is_inside || own.residue.is_zero() { Ok(own) } else { Err(UNKNOWN) }
    }

    fn slope_of_member(&mut self, member: Expr, direction: Direction) -> Found {
        let (symbol, at, components) = Model::member(self.arena, member).ok_or(UNKNOWN)?;
        let (by, by_at, by_components) = Model::member(self.arena, direction.by).ok_or(UNKNOWN)?;
        let mut same = self.whole(i64::from(symbol == by));
        if symbol == by {
            for (&a, &b) in at.iter().zip(&by_at).chain(components.iter().zip(&by_components)) {
                let own = self.same_index(a, b, direction.apart)?;
                same = self.times(same, own);
            }
        }
        if same.residue == self.whole(1).residue {
            return Ok(same);
        }
        if self.hypotheses.is_helper(symbol) {
            let is_elsewhere = |own: Expr| at.first().is_some_and(|&index| index != own);
            if matches!(direction.held, Held::ElsewhereThan(own) if is_elsewhere(own)) {
                return Ok(same);
            }
            let body = self.hypotheses.definition_of(self.arena, member).ok_or(UNKNOWN)?;
            let through = self.slope(body, direction)?;
            return Ok(self.plus(same, through));
        }
        if !self.hypotheses.is_state(symbol) {
            return Ok(same);
        }
        match direction.held {
            Held::States => Ok(same),
            Held::ElsewhereThan(own) if at.first() != Some(&own) => Ok(same),
            Held::ElsewhereThan(_) => Err(UNKNOWN),
            Held::Nothing if symbol == by => self.along_chain(member, direction.by),
            Held::Nothing => self.by_parameter(member, direction.by),
        }
    }

    /// 1 where two indices are equal, 0 where they are certainly not.
    fn same_index(&mut self, a: Expr, b: Expr, apart: Option<(Expr, Expr)>) -> Found {
        let (own, other) = (self.value(a)?, self.value(b)?);
        let differ = self.hypotheses.decides(self.arena, Comparison::NotEqual, a, b) == Some(true)
            || apart.is_some_and(|apart| [(a, b), (b, a)].contains(&apart))
            || self.hypotheses.hold(Relation::new(Comparison::NotEqual, a, b));
        if own.residue == other.residue {
            Ok(self.whole(1))
        } else if differ {
            Ok(self.whole(0))
        } else {
            let delta = self.arena.delta(a, b);
            self.value(delta)
        }
    }

    /// The derivative of a state by an earlier one of its family: the product of the slopes of the steps between them.
    fn along_chain(&mut self, state: Expr, by: Expr) -> Found {
        let (symbol, at, _) = Model::member(self.arena, state).ok_or(UNKNOWN)?;
        let (_, by_at, _) = Model::member(self.arena, by).ok_or(UNKNOWN)?;
        let ([at], [from]) = (&at[..], &by_at[..]) else { return Err(UNKNOWN) };
        let chain = self.hypotheses.chain(self.arena, symbol).ok_or(UNKNOWN)?;
        let (low, high) = chain.range(*from, *at);
        let is_later = self.hypotheses.decides(self.arena, Comparison::LessEqual, low, high);
        if is_later != Some(true) {
            return if is_later == Some(false) { Ok(self.whole(0)) } else { Err(UNKNOWN) };
        }
        let after = chain.after(self.arena, *from);
        let (low, high) = chain.range(after, *at);
        if let Some(n_last) = self.hypotheses.distance(self.arena, low, high).filter(|&n| n < MOST_TERMS) {
            let mut product = self.whole(1);
            for place in 0..=n_last {
                let step = self.arena.integer(place);
                let index = self.arena.sum([low, step]);
                let own = self.step(symbol, index)?;
                product = self.times(product, own);
            }
            return Ok(product);
        }
        let step = self.at_letter((low, high), |point, letter| point.step(symbol, letter))?;
        self.over_range(step, (low, high))
    }

    /// The slope of one step of a chain, from the member before an index to that at it.
    fn step(&mut self, symbol: SymbolId, index: Expr) -> Found {
        let (body, before) = self.hypotheses.step_of(self.arena, symbol, index).ok_or(UNKNOWN)?;
        if !self.arena.shape(body).is_scalar() {
            return Err(UNKNOWN);
        }
        self.slope(body, Direction::new(before, Held::States))
    }

    /// The derivative of a state by a parameter that no start depends on: what enters at each step, carried on.
    fn by_parameter(&mut self, state: Expr, by: Expr) -> Found {
        let (symbol, at, _) = Model::member(self.arena, state).ok_or(UNKNOWN)?;
        let (name, by_at, components) = Model::member(self.arena, by).ok_or(UNKNOWN)?;
        let [at] = at[..] else { return Err(UNKNOWN) };
        let is_parameter = by_at.is_empty() && components.is_empty() && !self.hypotheses.model.is_defined(name);
        if !is_parameter || self.hypotheses.model.definitions_of(symbol).nth(1).is_some() {
            return Err(UNKNOWN);
        }
        let chain = self.hypotheses.chain(self.arena, symbol).filter(|chain| !chain.runs_back()).ok_or(UNKNOWN)?;
        if !self.arena.shape(state).is_scalar() {
            return Err(UNKNOWN);
        }
        let first = self.hypotheses.first_of(self.arena, symbol).ok_or(UNKNOWN)?;
        let term = self.at_letter((first, at), |point, index| {
            let body = chain.body_at(point.arena, index);
            let local = point.slope(body, Direction::new(by, Held::States))?;
            let one = point.arena.one();
            let after = point.arena.sum([index, one]);
            let step = point.at_letter((after, at), |point, inner| point.step(symbol, inner))?;
            let onward = point.over_range(step, (after, at))?;
            Ok(point.times(onward, local))
        })?;
        self.leaf_of_big(Big::Sum, (first, at), term)
    }
}
