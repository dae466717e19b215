//! Reverse differentiation: every operation is recorded once, then the record is read backwards.

use std::cell::RefCell;
use std::cmp::Ordering;

use crate::expr::Arena;
use crate::expr::DerivativeKind;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Node;
use crate::model::Model;
use crate::number::Rational;
use crate::numeric::Assignment;
use crate::numeric::Error;
use crate::numeric::Tensor;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::field::Field;
use crate::numeric::jet::Jet;
use crate::numeric::scope::Scope;

/// The gradient of a number by members, parameters or entries of them, each in its own shape.
///
/// The work is a small multiple of one evaluation, however many entries there are, and the stack stays shallow.
/// It shares the evaluation of expressions with the forward derivatives, and none of their rules.
pub fn gradient<F: Field>(
    arena: &Arena,
    model: &Model,
    assignment: &Assignment,
    field: &F,
    of: Expr,
    by: &[Expr],
) -> Result<Vec<Tensor<F::Element>>, Error> {
    gradient_along(DerivativeKind::Total, (arena, model, assignment), field, of, by)
}

/// [`gradient`] along the paths of this kind: of an immediate derivative, members at other indices stay as they are.
pub fn gradient_along<F: Field>(
    kind: DerivativeKind,
    point: (&Arena, &Model, &Assignment),
    field: &F,
    of: Expr,
    by: &[Expr],
) -> Result<Vec<Tensor<F::Element>>, Error> {
    let mut gradients: Vec<Option<Tensor<F::Element>>> = vec![None; by.len()];
    for group in groups(point.0, point.1, by) {
        let members: Vec<Expr> = group.iter().map(|&place| by[place]).collect();
        let parts = gradient_of_group(kind, point, field, of, &members)?;
        for (place, part) in group.into_iter().zip(parts) {
            gradients[place] = Some(part);
        }
    }
    Ok(gradients.into_iter().flatten().collect())
}

/// The places of those that can be varied together: whole givens, each once. The rest is varied one by one, because
/// a state that is varied no longer follows a parameter.
fn groups(arena: &Arena, model: &Model, by: &[Expr]) -> Vec<Vec<usize>> {
    let is_given = |expr: Expr| matches!(arena.node(expr), Node::Symbol { symbol, .. } if !model.is_defined(*symbol));
    let first = |place: usize| by.iter().position(|&other| other == by[place]) == Some(place);
    let (together, alone): (Vec<usize>, Vec<usize>) =
        (0..by.len()).partition(|&place| is_given(by[place]) && first(place));
    let mut groups: Vec<Vec<usize>> = alone.into_iter().map(|place| vec![place]).collect();
    if !together.is_empty() {
        groups.push(together);
    }
    groups
}

fn gradient_of_group<F: Field>(
    kind: DerivativeKind,
    (arena, model, assignment): (&Arena, &Model, &Assignment),
    field: &F,
    of: Expr,
    by: &[Expr],
) -> Result<Vec<Tensor<F::Element>>, Error> {
    let record = Record::new(field, Naming::None);
    let mut evaluator = Evaluator::new(arena, model, assignment, &record);
    let (mut variables, mut changes) = (Vec::new(), Vec::new());
    for &member in by {
        let value = evaluator.run(member)?;
        let variable = value.map(|entry| Ok::<_, Error>(record.variable(entry.value.clone())))?;
        changes.push((member, variable.map(|entry| Ok::<_, Error>(Jet::constant(entry.clone())))?));
        variables.push(variable);
    }
    let hold = evaluator.held_by(&Scope::new(Vec::new()), kind, of)?;
    let Tensor::Scalar(value) = evaluator.run_with(changes, &hold, of)? else {
        return Err(Error::Misfit("the gradient of a tensor"));
    };
    let adjoints = record.adjoints(value.place, |_| Ok(None))?;
    let read = |entry: &Traced<F::Element>| {
        let adjoint = entry.place.and_then(|place| adjoints[place].clone());
        Ok(adjoint.unwrap_or_else(|| field.integer(0)))
    };
    variables.iter().map(|variable| variable.map(read)).collect()
}

/// A number, and where in the record it was made; constants were made nowhere.
#[derive(Debug, Clone)]
pub(super) struct Traced<E> {
    pub(super) value: E,
    pub(super) place: Option<usize>,
}

/// One operation: what it was made from, and the slopes by that.
type Step<E> = [Option<(usize, E)>; 2];

/// What gets a place of its own in a record, besides what is varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Nothing.
    None,
    /// Every member, so that a derivative by it can be read off.
    Members,
}

/// All operations in their order.
#[derive(Debug)]
pub(super) struct Record<'a, F: Field> {
    field: &'a F,
    naming: Naming,
    steps: RefCell<Vec<Step<F::Element>>>,
}

impl<'a, F: Field> Record<'a, F> {
    /// A record of nothing yet.
    pub(super) fn new(field: &'a F, naming: Naming) -> Record<'a, F> {
        Record { field, naming, steps: RefCell::new(Vec::new()) }
    }

    /// For every number, whether it was made from one of those made at these places.
    pub(super) fn followers(&self, of: &[usize]) -> Vec<bool> {
        let steps = self.steps.borrow();
        let mut follows = vec![false; steps.len()];
        of.iter().for_each(|&place| follows[place] = true);
        for (at, step) in steps.iter().enumerate() {
            follows[at] |= step.iter().flatten().any(|(from, _)| follows[*from]);
        }
        follows
    }

    fn variable(&self, value: F::Element) -> Traced<F::Element> {
        self.step(value, [None, None])
    }

    fn step(&self, value: F::Element, from: Step<F::Element>) -> Traced<F::Element> {
        let mut steps = self.steps.borrow_mut();
        steps.push(from);
        Traced { value, place: Some(steps.len() - 1) }
    }

    fn of_one(
        &self,
        from: &Traced<F::Element>,
        value: F::Element,
        slope: impl FnOnce() -> Result<F::Element, Error>,
    ) -> Result<Traced<F::Element>, Error> {
        match from.place {
            None => Ok(Traced { value, place: None }),
            Some(place) => Ok(self.step(value, [Some((place, slope()?)), None])),
        }
    }

    fn of_two(
        &self,
        value: F::Element,
        left: (&Traced<F::Element>, impl FnOnce() -> F::Element),
        right: (&Traced<F::Element>, impl FnOnce() -> F::Element),
    ) -> Traced<F::Element> {
        if left.0.place.is_none() && right.0.place.is_none() {
            return Traced { value, place: None };
        }
        let left = left.0.place.map(|place| (place, left.1()));
        self.step(value, [left, right.0.place.map(|place| (place, right.1()))])
    }

    /// The derivative of the number made at `of` by every number made before, `None` where it does not follow it.
    ///
    /// A derivative that is `known` is taken instead of the sum over the paths from there on.
    pub(super) fn adjoints(
        &self,
        of: Option<usize>,
        known: impl Fn(usize) -> Result<Option<F::Element>, Error>,
    ) -> Result<Vec<Option<F::Element>>, Error> {
        let steps = self.steps.borrow();
        let mut adjoints = vec![None; steps.len()];
        let Some(of) = of else {
            return Ok(adjoints);
        };
        adjoints[of] = Some(self.field.integer(1));
        for at in (0..=of).rev() {
            let Some(adjoint) = adjoints[at].take() else {
                continue;
            };
            let adjoint = known(at)?.unwrap_or(adjoint);
            adjoints[at] = Some(adjoint.clone());
            for (from, slope) in steps[at].iter().flatten() {
                let term = self.field.multiply(&adjoint, slope)?;
                adjoints[*from] = Some(match adjoints[*from].take() {
                    None => term,
                    Some(sum) => self.field.add(&sum, &term)?,
                });
            }
        }
        Ok(adjoints)
    }
}

impl<F: Field> Field for Record<'_, F> {
    type Element = Traced<F::Element>;

    fn rational(&self, value: &Rational) -> Result<Self::Element, Error> {
        Ok(Traced { value: self.field.rational(value)?, place: None })
    }

    fn integer(&self, value: i64) -> Self::Element {
        Traced { value: self.field.integer(value), place: None }
    }

    fn given(&self, drawn: &Rational) -> Result<Self::Element, Error> {
        Ok(Traced { value: self.field.given(drawn)?, place: None })
    }

    fn size(&self, drawn: &Rational) -> Result<Self::Element, Error> {
        Ok(Traced { value: self.field.size(drawn)?, place: None })
    }

    fn largest_elimination(&self) -> usize {
        self.field.largest_elimination()
    }

    fn pi(&self) -> Result<Self::Element, Error> {
        Ok(Traced { value: self.field.pi()?, place: None })
    }

    fn add(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error> {
        let value = self.field.add(&left.value, &right.value)?;
        let one = || self.field.integer(1);
        Ok(self.of_two(value, (left, one), (right, one)))
    }

    fn multiply(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error> {
        let value = self.field.multiply(&left.value, &right.value)?;
        Ok(self.of_two(value, (left, || right.value.clone()), (right, || left.value.clone())))
    }

    fn negate(&self, value: &Self::Element) -> Self::Element {
        let negative = self.field.negate(&value.value);
        match value.place {
            None => Traced { value: negative, place: None },
            Some(place) => self.step(negative, [Some((place, self.field.integer(-1))), None]),
        }
    }

    fn reciprocal(&self, value: &Self::Element) -> Result<Self::Element, Error> {
        let inverse = self.field.reciprocal(&value.value)?;
        self.of_one(value, inverse.clone(), || Ok(self.field.negate(&self.field.multiply(&inverse, &inverse)?)))
    }

    fn root(&self, value: &Self::Element, degree: u32) -> Result<Self::Element, Error> {
        let root = self.field.root(&value.value, degree)?;
        self.of_one(value, root.clone(), || {
            let times = self.field.multiply(&self.field.integer(i64::from(degree)), &value.value)?;
            self.field.divide(&root, &times)
        })
    }

    fn apply(&self, function: Elementary, at: &Self::Element) -> Result<Self::Element, Error> {
        if at.place.is_none() {
            return Ok(Traced { value: self.field.apply(function, &at.value)?, place: None });
        }
        match &self.field.slopes(function, &at.value, 1)?[..] {
            [value, slope] => self.of_one(at, value.clone(), || Ok(slope.clone())),
            _ => Err(Error::Unsupported("a slope of this function")),
        }
    }

    fn arbitrary(&self, function: u64, slots: &[usize], at: &[Self::Element]) -> Result<Self::Element, Error> {
        let values: Vec<F::Element> = at.iter().map(|number| number.value.clone()).collect();
        let mut result = Traced { value: self.field.arbitrary(function, slots, &values)?, place: None };
        for (slot, number) in at.iter().enumerate() {
            let Some(place) = number.place else { continue };
            let mut slots: Vec<usize> = slots.iter().copied().chain([slot]).collect();
            slots.sort_unstable();
            let slope = self.field.arbitrary(function, &slots, &values)?;
            let before = result.place.map(|before| (before, self.field.integer(1)));
            result = self.step(result.value, [before, Some((place, slope))]);
        }
        Ok(result)
    }

    fn named(&self, value: &Self::Element) -> Option<Self::Element> {
        let from = value.place.map(|place| (place, self.field.integer(1)));
        (self.naming == Naming::Members).then(|| self.step(value.value.clone(), [from, None]))
    }

    fn compare(&self, left: &Self::Element, right: &Self::Element) -> Result<Ordering, Error> {
        let ordering = self.field.compare(&left.value, &right.value)?;
        if ordering == Ordering::Equal && left.place != right.place {
            return Err(Error::Undefined("the slope at the edge of a case"));
        }
        Ok(ordering)
    }

    fn is_zero(&self, value: &Self::Element) -> Option<bool> {
        self.field.is_zero(&value.value).filter(|is_zero| !(*is_zero && value.place.is_some()))
    }

    fn to_rational(&self, value: &Self::Element) -> Option<Rational> {
        if value.place.is_none() { self.field.to_rational(&value.value) } else { None }
    }

    fn weight(&self, value: &Self::Element) -> f64 {
        self.field.weight(&value.value)
    }

    fn cost_of_product(&self, value: &Self::Element) -> u64 {
        self.field.cost_of_product(&value.value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::expr::DerivativeKind;
    use crate::numeric::Fallback;
    use crate::numeric::Floats;
    use crate::numeric::Rationals;
    use crate::numeric::Style;
    use crate::numeric::evaluate;
    use crate::numeric::sample::Network;
    use crate::numeric::sample::network;

    fn point(network: &Network, n: i64) -> Assignment {
        let fallback = Some(Fallback { seed: 5, style: Style::Unit });
        Assignment { integers: BTreeMap::from([(network.last, n)]), fallback, ..Assignment::default() }
    }

    #[test]
    fn backward_and_forward_agree_exactly() {
        let mut network = network(None);
        let by = [network.w_i, network.w_h, network.w_o, network.member("h", 0), network.member("h", 2)];
        let point = point(&network, 3);
        let backward = gradient(&network.arena, &network.model, &point, &Rationals, network.loss, &by).unwrap();
        for (variable, backward) in by.into_iter().zip(backward) {
            let forward = network.arena.derivative(DerivativeKind::Total, network.loss, variable);
            let forward = evaluate(&network.arena, &network.model, &point, &Rationals, forward).unwrap();
            assert_eq!(backward, forward);
        }
    }

    #[test]
    fn a_long_recurrence_needs_no_deep_stack() {
        let mut network = network(Some(Elementary::Sigmoid));
        let by = [network.w_i, network.w_h, network.w_o];
        let point = point(&network, 20_000);
        let backward = gradient(&network.arena, &network.model, &point, &Floats, network.loss, &by).unwrap();
        let forward = network.arena.derivative(DerivativeKind::Total, network.loss, network.w_h);
        let forward = evaluate(&network.arena, &network.model, &point, &Floats, forward).unwrap();
        let (a, b) = (backward[1].as_scalar().unwrap(), forward.as_scalar().unwrap());
        assert!((a - b).abs() < 1e-10 * a.abs(), "{a} {b}");
    }

    #[test]
    fn kinks_have_no_gradient() {
        let mut network = network(Some(Elementary::Relu));
        let x = network.arena.find("x").unwrap();
        let h = network.arena.find("h").unwrap();
        let mut point = point(&network, 1);
        for key in [(x, vec![1]), (h, vec![0])] {
            point.values.insert(key, Tensor::Scalar(Rational::ZERO));
        }
        let state = network.member("h", 1);
        let by = [network.w_i];
        let kink = gradient(&network.arena, &network.model, &point, &Rationals, state, &by);
        assert!(matches!(kink, Err(Error::Undefined(_))));
    }
}
