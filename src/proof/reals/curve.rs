//! Functions of one real variable: their values on intervals, and their slopes.

use std::collections::BTreeMap;

use crate::expr::{Arena, Case, Elementary, Expr, Function, Node, Substitution};
use crate::number::{Interval, Rational};
use crate::proof::reals::numbers::{BITS, of_call_on, power};

/// An expression of one variable, as steps that follow one another.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Variable,
    Constant(Interval),
    Sum(Vec<usize>),
    /// Factors with their exponents.
    Product(Vec<(usize, i64)>),
    Power(usize, Rational),
    Call(Elementary, Vec<usize>),
}

impl Curve {
    /// The function that `expr` is of `variable`; `None` where it holds anything else that is not a number.
    pub fn new(arena: &Arena, expr: Expr, variable: Expr) -> Option<Curve> {
        Curve::of(arena, expr, Some(variable))
    }

    fn of(arena: &Arena, expr: Expr, variable: Option<Expr>) -> Option<Curve> {
        let mut steps = Vec::new();
        let mut places: BTreeMap<Expr, usize> = BTreeMap::new();
        for part in order(arena, expr, variable)? {
            let place = |part: &Expr| places.get(part).copied();
            let step = match arena.node(part) {
                _ if Some(part) == variable => Step::Variable,
                Node::Number(value) => Step::Constant(Interval::point(value, BITS)),
                Node::Pi => Step::Constant(Interval::pi(BITS)),
                Node::Sum(parts) => Step::Sum(parts.iter().map(place).collect::<Option<_>>()?),
                Node::Product(parts) => {
                    let mut factors: BTreeMap<usize, i64> = BTreeMap::new();
                    for part in parts.iter() {
                        *factors.entry(place(part)?).or_insert(0) += 1;
                    }
                    Step::Product(factors.into_iter().collect())
                }
                Node::Power(base, exponent) => Step::Power(place(base)?, arena.as_number(*exponent)?.clone()),
                Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => {
                    Step::Call(*f, args.iter().map(place).collect::<Option<_>>()?)
                }
                _ => return None,
            };
            places.insert(part, steps.len());
            steps.push(step);
        }
        Some(Curve { steps })
    }

    /// The values on an interval, where they are defined; `None` where nothing can be said.
    pub fn value(&self, at: &Interval) -> Option<Interval> {
        let mut values: Vec<Interval> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let value = match step {
                Step::Variable => at.clone(),
                Step::Constant(value) => value.clone(),
                Step::Sum(parts) => parts.iter().fold(Interval::integer(0, BITS), |sum, &part| &sum + &values[part]),
                Step::Product(parts) => {
                    let mut product = Interval::integer(1, BITS);
                    for &(part, exponent) in parts {
                        product = &product * &values[part].powi(exponent)?;
                    }
                    product
                }
                Step::Power(base, exponent) => power(&values[*base], exponent)?,
                Step::Call(f, args) => {
                    of_call_on(*f, &args.iter().map(|&arg| values[arg].clone()).collect::<Vec<_>>())?
                }
            };
            values.push(value);
        }
        values.pop()
    }

    /// The value at a fraction.
    pub fn at(&self, place: &Rational) -> Option<Interval> {
        self.value(&Interval::point(place, BITS))
    }
}

/// The scalar parts that are opened, children first; `None` where one cannot be.
fn order(arena: &Arena, root: Expr, variable: Option<Expr>) -> Option<Vec<Expr>> {
    let mut seen = std::collections::BTreeSet::from([root]);
    let mut open = vec![root];
    while let Some(expr) = open.pop() {
        if Some(expr) == variable {
            continue;
        }
        let children = match arena.node(expr) {
            Node::Number(_) | Node::Pi => Vec::new(),
            Node::Sum(parts) | Node::Product(parts) => parts.to_vec(),
            Node::Power(base, exponent) if arena.as_number(*exponent).is_some() => vec![*base],
            Node::Call { function: Function::Elementary(_), slots, args } if slots.is_empty() => args.to_vec(),
            _ => return None,
        };
        open.extend(children.into_iter().filter(|&child| seen.insert(child)));
    }
    Some(seen.into_iter().collect())
}

/// The value of an expression without variables.
pub(crate) fn constant(arena: &Arena, expr: Expr) -> Option<Interval> {
    Curve::of(arena, expr, None)?.value(&Interval::integer(0, BITS))
}

/// The slope of a function of a letter, by the chain rule; `None` where a part has a corner, or is no function that is
/// known (DLMF 1.4).
pub(crate) fn slope(arena: &mut Arena, expr: Expr, letter: Expr) -> Option<Expr> {
    let mut slopes: BTreeMap<Expr, Expr> = BTreeMap::new();
    for part in arena.reachable(&[expr]) {
        let own = if part == letter {
            arena.one()
        } else if !arena.contains(part, letter) {
            arena.zero()
        } else {
            slope_of_node(arena, part, &slopes)?
        };
        slopes.insert(part, own);
    }
    slopes.get(&expr).copied()
}

fn slope_of_node(arena: &mut Arena, expr: Expr, slopes: &BTreeMap<Expr, Expr>) -> Option<Expr> {
    let of = |part: Expr| slopes.get(&part).copied();
    match arena.node(expr).clone() {
        Node::Sum(parts) => {
            let terms = parts.iter().map(|&part| of(part)).collect::<Option<Vec<_>>>()?;
            Some(arena.sum(terms))
        }
        Node::Product(parts) => {
            let mut terms = Vec::new();
            for (place, &part) in parts.iter().enumerate() {
                let mut factors = parts.to_vec();
                factors[place] = of(part)?;
                terms.push(arena.product(factors));
            }
            Some(arena.sum(terms))
        }
        Node::Power(base, exponent) if arena.as_number(exponent).is_some() => {
            let minus = arena.integer(-1);
            let less = arena.sum([exponent, minus]);
            let power = arena.power(base, less);
            Some(arena.product([exponent, power, of(base)?]))
        }
        Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() && f.is_smooth() => {
            let outer = (f.row().derivative)(arena, args[0]);
            Some(arena.product([outer, of(args[0])?]))
        }
        _ => None,
    }
}

/// The functions of a letter that one with corners is between them: for each corner both of its values.
pub(crate) fn branches(arena: &mut Arena, expr: Expr, letter: Expr) -> Vec<Expr> {
    let corner = arena.reachable(&[expr]).into_iter().find(|&part| {
        let call = arena.elementary(part).filter(|(f, _)| f.row().cases.is_some() && f.is_total());
        call.is_some() && arena.contains(part, letter)
    });
    let Some((part, cases)) = corner.and_then(|part| Some((part, arena.cases_of(part)?))) else { return vec![expr] };
    let mut all = Vec::new();
    for Case { value, .. } in cases {
        let branch = arena.substitute(expr, &Substitution::from([(part, value)]));
        all.extend(branches(arena, branch, letter));
    }
    all
}

/// How a search on a bounded interval ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// Above 0 everywhere.
    Positive,
    /// Below 0 somewhere.
    Negative,
    /// Too near to 0, or too costly.
    Undecided,
}

/// Whether a function is positive on an interval: by enclosures of its values and by its slope, on ever smaller parts,
/// each of which is taken from the budget. The slope is used only where it has values throughout the part.
pub(crate) fn positive(curve: &Curve, slope: Option<&Curve>, on: Interval, budget: &mut usize) -> Search {
    let mut open = vec![on];
    while let Some(part) = open.pop() {
        if *budget == 0 {
            return Search::Undecided;
        }
        *budget -= 1;
        if curve.value(&part).is_some_and(|value| value.is_positive()) {
            continue;
        }
        let Some((middle, halves)) = part.midpoint().zip(part.bisect()) else { return Search::Undecided };
        let middle = Interval::point(&middle, BITS);
        let central = curve.value(&middle);
        if central.as_ref().is_some_and(Interval::is_negative) {
            return Search::Negative;
        }
        let by_slope = slope.and_then(|slope| slope.value(&part)).filter(Interval::is_bounded).zip(central);
        if by_slope.is_some_and(|(slope, central)| (&central + &(&slope * &(&part - &middle))).is_positive()) {
            continue;
        }
        open.extend([halves.0, halves.1]);
    }
    Search::Positive
}
