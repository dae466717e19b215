//! Where expressions have values: wherever some others have, and what must hold for that.

use std::collections::BTreeSet;

use crate::expr::{Arena, Branch, Comparison, Elementary, Expr, Function, Node, Prop};
use crate::number::{Rational, range};
use crate::proof::check::evidence::Relation;
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::replay::{Checked, Needed, Objection, Replay, Step, ensure};

/// Definitions are not looked into beyond so many parts.
const MOST_PARTS: usize = 200;

impl Replay<'_> {
    /// The conclusion, for which relations are supposed that hold wherever both sides have values.
    pub(super) fn where_defined<'m>(&mut self, step: Step<'_, 'm>, relations: &[Relation]) -> Needed<'m> {
        let Relation { left, right, .. } = step.own()?;
        for &relation in relations {
            ensure(self.is_forced(&[left, right], relation, step.hypotheses), "a value does not need that")?;
        }
        let more: Vec<Prop> = relations.iter().map(|relation| relation.prop()).collect();
        Ok(vec![self.wanted(step.conclusion.clone(), &more, step.hypotheses)])
    }

    /// Whether the premises of a step speak of no values that its conclusion does not ask for.
    pub(super) fn has_middle(&mut self, step: Step<'_, '_>) -> Checked {
        let exprs: Vec<Expr> = step.premises.iter().flat_map(|premise| premise.conclusion.expressions()).collect();
        self.are_defined(step.conclusion, &exprs, step.hypotheses)
    }

    /// Whether expressions have values wherever a conclusion and the hypotheses have.
    pub(super) fn are_defined(&mut self, conclusion: &Prop, exprs: &[Expr], hypotheses: &Hypotheses<'_>) -> Checked {
        let mut others = conclusion.expressions();
        others.extend(hypotheses.relations.iter().flat_map(|own| [own.left, own.right]));
        self.has_value_beside(exprs, &others, hypotheses)
    }

    /// Whether expressions have values wherever the hypotheses hold and some others have.
    pub(super) fn has_value_beside(&mut self, exprs: &[Expr], others: &[Expr], hypotheses: &Hypotheses<'_>) -> Checked {
        let known = self.evaluated(others, hypotheses);
        let are_defined = self.are_all_defined(exprs.to_vec(), &known, hypotheses);
        if are_defined { Ok(()) } else { Err(Objection::Unreplayed("a middle that may be undefined")) }
    }

    /// Whether an expression is divided by wherever some others have values.
    pub(super) fn is_divisor(&mut self, base: Expr, exprs: &[Expr], hypotheses: &Hypotheses<'_>) -> bool {
        let zero = Rational::from(0);
        let parts = self.evaluated(exprs, hypotheses);
        parts.into_iter().any(|part| exponent_of(self.arena, part, base).is_some_and(|exponent| exponent < zero))
    }

    /// Whether `0 < x`, or `<=`, holds wherever some expressions have values: x stands in a logarithm, a root or below the line.
    fn is_forced(&mut self, exprs: &[Expr], relation: Relation, hypotheses: &Hypotheses<'_>) -> bool {
        let Relation { how, left, right: inside } = relation;
        let parts = self.evaluated(exprs, hypotheses);
        let exponents: Vec<Rational> = parts.iter().filter_map(|&part| exponent_of(self.arena, part, inside)).collect();
        let is_divisor = exponents.iter().any(|exponent| *exponent < Rational::from(0));
        let is_radicand = exponents.iter().any(|exponent| !exponent.is_int());
        let is_logarithm = parts.iter().any(|&part| call(self.arena, part) == Some((Elementary::Log, inside)));
        let is_weak = is_radicand || is_divisor && range::is_non_negative(&extent(self.arena, hypotheses, inside));
        let strict = is_logarithm || is_divisor && is_weak;
        self.arena.is_zero(left)
            && match how {
                Comparison::Less => strict,
                Comparison::LessEqual => strict || is_weak,
                Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => false,
            }
    }

    /// The branch of a case distinction that the hypotheses choose.
    fn branch_of(&self, cases: Expr, hypotheses: &Hypotheses<'_>) -> Option<Expr> {
        let Node::Cases(branches) = self.arena.node(cases) else { return None };
        let decides = |branch: &Branch| {
            branch.condition.map_or(Some(true), |(how, a, b)| hypotheses.decides(self.arena, how, a, b))
        };
        let chosen = branches.iter().find(|branch| decides(branch) != Some(false))?;
        (decides(chosen) == Some(true)).then_some(chosen.value)
    }

    /// Whether a conclusion has no value, because it is divided by what is 0, or holds its sign.
    pub(super) fn nowhere(&mut self, step: Step<'_, '_>, base: Expr) -> Checked {
        let own = extent(self.arena, step.hypotheses, base);
        let is_zero = range::is_non_negative(&own) && range::is_non_negative(&range::negation(&own));
        let sides = step.conclusion.expressions();
        let sign = self.arena.apply(Elementary::Sign, base);
        let is_forbidden =
            self.is_divisor(base, &sides, step.hypotheses) || self.evaluated(&sides, step.hypotheses).contains(&sign);
        ensure(is_zero && is_forbidden, "the conclusion may have a value")
    }

    /// The parts of expressions that have values wherever these have: not those of a branch, or under an index.
    fn evaluated(&mut self, exprs: &[Expr], hypotheses: &Hypotheses<'_>) -> BTreeSet<Expr> {
        let (mut found, mut open) = (BTreeSet::new(), exprs.to_vec());
        while let Some(part) = open.pop() {
            if !found.insert(part) {
                continue;
            }
            match *self.arena.node(part) {
                Node::Cases(_) => open.extend(self.branch_of(part, hypotheses)),
                Node::Limit { .. } | Node::Extremum { .. } | Node::At { .. } => {}
                Node::Big { lower, upper, .. } => open.extend([lower, upper]),
                _ => open.extend(self.arena.children(part)),
            }
            // So have the definition of a member, the body of a function, and the formula of the slope of an elementary function.
            if found.len() < MOST_PARTS {
                open.extend(hypotheses.definition_of(self.arena, part));
                open.extend(hypotheses.body_of(self.arena, part));
            }
            if let Node::Call { function: Function::Elementary(f), slots, args } = self.arena.node(part).clone()
                && let ([_], &[arg]) = (&slots[..], &args[..])
            {
                open.push((f.row().derivative)(self.arena, arg));
            }
        }
        found
    }

    /// The same part by part, what stands under an index at any letter of its range.
    fn are_all_defined(&mut self, mut open: Vec<Expr>, known: &BTreeSet<Expr>, hypotheses: &Hypotheses<'_>) -> bool {
        let mut seen = BTreeSet::new();
        while let Some(part) = open.pop() {
            if known.contains(&part) || !seen.insert(part) {
                continue;
            }
            let (lower, upper) = match self.arena.node(part).clone() {
                Node::Big { lower, upper, .. } if hypotheses.distance(self.arena, lower, upper) == Some(0) => {
                    open.extend(self.arena.instantiate(part, lower));
                    continue;
                }
                Node::Big { lower, upper, .. } => (lower, upper),
                Node::Cases(_) if self.branch_of(part, hypotheses).is_some() => {
                    open.extend(self.branch_of(part, hypotheses));
                    continue;
                }
                Node::Symbol { symbol, .. } if hypotheses.is_helper(symbol) => {
                    let Some(body) = hypotheses.definition_of(self.arena, part) else { return false };
                    open.push(body);
                    continue;
                }
                Node::Call { function: Function::Elementary(f), slots, args }
                    if slots.len() == 1 && args.len() == 1 && !f.is_smooth() =>
                {
                    open.push((f.row().derivative)(self.arena, args[0]));
                    continue;
                }
                Node::Extremum { range: Some((lower, upper)), .. }
                    if hypotheses.decides(self.arena, Comparison::LessEqual, lower, upper) == Some(true) =>
                {
                    (lower, upper)
                }
                _ if self.has_value(part, hypotheses) => {
                    open.extend(self.arena.children(part));
                    continue;
                }
                _ => return false,
            };
            open.extend([lower, upper]);
            let letter = self.arena.letter_apart(&format!("defined{}", part.position()), &[part]);
            let letter = self.arena.symbol(letter);
            let Some(body) = self.arena.instantiate(part, letter) else { return false };
            let Ok(inner) = self.within(letter, (lower, upper), hypotheses) else { return false };
            if !self.are_all_defined(vec![body], known, &inner) {
                return false;
            }
        }
        true
    }

    /// Whether an expression has a value wherever its parts have.
    fn has_value(&mut self, part: Expr, hypotheses: &Hypotheses<'_>) -> bool {
        match self.arena.node(part).clone() {
            Node::Power(base, exponent) => {
                let own = extent(self.arena, hypotheses, base);
                let counts = self.counts(exponent, hypotheses).is_ok();
                match self.arena.as_number(exponent) {
                    None if counts => true,
                    Some(n) if n.is_int() => *n > Rational::from(0) || range::excludes_zero(&own),
                    Some(n) if *n > Rational::from(0) => range::is_non_negative(&own),
                    Some(_) | None => range::is_positive(&own),
                }
            }
            Node::Call { function: Function::Elementary(f), slots, args } => {
                let asked = f.asks(self.arena, &args, slots.len());
                asked.into_iter().all(|(how, expr)| {
                    let own = extent(self.arena, hypotheses, expr);
                    match how {
                        Comparison::Less => range::is_positive(&own),
                        Comparison::LessEqual => range::is_non_negative(&own),
                        Comparison::NotEqual => range::excludes_zero(&own),
                        Comparison::Equal | Comparison::Approximately => false,
                    }
                })
            }
            Node::Cases(branches) => match branches[..] {
                [Branch { condition: Some((how, a, b)), .. }, Branch { condition: Some((other, c, d)), .. }] => {
                    Relation::new(how, a, b).contrary() == Some(Relation::new(other, c, d))
                }
                _ => branches.iter().any(|branch| branch.condition.is_none()),
            },
            Node::MatrixPower(_, exponent) => self.counts(exponent, hypotheses).is_ok(),
            Node::Infinity | Node::Derivative { .. } | Node::At { .. } | Node::Limit { .. } | Node::Extremum { .. } => {
                false
            }
            Node::Symbol { symbol, indices, .. } if hypotheses.is_made_at(self.arena, symbol, &indices) => true,
            Node::Symbol { .. } | Node::Entry { .. } => {
                let existence = hypotheses.existence_of(self.arena, part);
                existence.is_some_and(|all| all.iter().all(|prop| hypotheses.implies(self.arena, prop)))
            }
            Node::Number(_)
            | Node::Pi
            | Node::Bound(_)
            | Node::Sum(_)
            | Node::Product(_)
            | Node::Call { .. }
            | Node::Big { .. }
            | Node::MatMul(_)
            | Node::Transpose(_)
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. } => true,
        }
    }
}

/// The exponent of a power of `base`, where it is a number.
fn exponent_of(arena: &Arena, part: Expr, base: Expr) -> Option<Rational> {
    match *arena.node(part) {
        Node::Power(own, exponent) if own == base => arena.as_number(exponent).cloned(),
        _ => None,
    }
}
