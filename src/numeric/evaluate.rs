//! The evaluator: what every expression is worth under an assignment.
//!
//! Expressions are walked by recursion, but never deeper than [`MAX_DEPTH`]: a member of a family that lies deeper,
//! such as the state 100,000 steps back, is set aside, worked out first, and remembered. Members are worked out once
//! for each [`World`], expressions once for each value of the bound indices that stand free in them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::expr::Arena;
use crate::expr::Expr;
use crate::expr::Node;
use crate::expr::Prop;
use crate::expr::SymbolId;
use crate::model::Model;
use crate::number::Rational;
use crate::numeric::Assignment;
use crate::numeric::Error;
use crate::numeric::Form;
use crate::numeric::Tensor;
use crate::numeric::adjoints::Derivatives;
use crate::numeric::field::Field;
use crate::numeric::jet::Jet;
use crate::numeric::jet::Jets;
use crate::numeric::key::Key;
use crate::numeric::members::Change;
use crate::numeric::members::Hold;
use crate::numeric::members::World;
use crate::numeric::scope::FreeIndices;
use crate::numeric::scope::Scope;
use crate::numeric::tangents::Cuts;

/// How deep the recursion goes before members are set aside.
pub(super) const MAX_DEPTH: u32 = 120;

/// How many terms a sum, how many entries a tensor may have.
pub(super) const MAX_RANGE: i64 = 200_000;

/// How many members may wait for each other.
const MAX_OPEN: usize = 100_000;

/// How many products of numbers within a product of matrices count as one more expression.
pub(super) const PRODUCTS_IN_A_STEP: u64 = 16;

/// How many expressions may be evaluated in one run.
const MAX_STEPS: u64 = 50_000_000;

/// The members of given families that were read, with their values.
pub type Givens = BTreeMap<(SymbolId, Vec<i64>), Tensor<Rational>>;

/// The value of `expr` under the model and the assignment.
pub fn evaluate<F: Field>(
    arena: &Arena,
    model: &Model,
    assignment: &Assignment,
    field: &F,
    expr: Expr,
) -> Result<Tensor<F::Element>, Error> {
    let mut evaluator = Evaluator::new(arena, model, assignment, field);
    evaluator.run(expr)
}

/// [`evaluate`] of several expressions with the members shared, and the givens that were read.
pub fn evaluate_all<F: Field>(
    arena: &Arena,
    model: &Model,
    assignment: &Assignment,
    field: &F,
    exprs: &[Expr],
) -> (Vec<Result<Tensor<F::Element>, Error>>, Givens) {
    let evaluation = evaluate_within(arena, model, assignment, field, exprs, MAX_STEPS);
    (evaluation.values, evaluation.givens)
}

/// The values of several expressions, and what it took to find them.
#[derive(Debug, Clone)]
pub struct Evaluation<E> {
    /// One value for each expression, in order.
    pub values: Vec<Result<Tensor<E>, Error>>,
    /// The givens that were read.
    pub givens: Givens,
    /// How many expressions were evaluated on the way.
    pub steps: u64,
}

/// [`evaluate_all`] in at most `steps` steps; what needs more is too large.
pub fn evaluate_within<F: Field>(
    arena: &Arena,
    model: &Model,
    assignment: &Assignment,
    field: &F,
    exprs: &[Expr],
    steps: u64,
) -> Evaluation<F::Element> {
    let mut evaluator = Evaluator::new(arena, model, assignment, field);
    evaluator.max_steps = steps.min(MAX_STEPS);
    let values = exprs.iter().map(|&expr| evaluator.run(expr)).collect();
    Evaluation { values, givens: evaluator.used, steps: evaluator.steps }
}

/// [`evaluate`] with other values in the place of some members, such as all values that they may have; the givens that
/// were read are added to `read`.
pub fn evaluate_with<F: Field>(
    arena: &Arena,
    model: &Model,
    assignment: &Assignment,
    field: &F,
    changes: &[(Expr, F::Element)],
    expr: Expr,
    read: &mut Givens,
) -> Result<Tensor<F::Element>, Error> {
    let mut evaluator = Evaluator::new(arena, model, assignment, field);
    let jet = |value: &F::Element| Tensor::Scalar(Jet::constant(value.clone()));
    let changes = changes.iter().map(|(member, value)| (*member, jet(value))).collect();
    let value = evaluator.run_with(changes, &Hold::Nothing, expr);
    read.append(&mut evaluator.used);
    value
}

/// Whether `prop` holds at this point; not exact where the field cannot tell.
pub fn holds<F: Field>(
    arena: &Arena,
    model: &Model,
    assignment: &Assignment,
    field: &F,
    prop: &Prop,
) -> Result<bool, Error> {
    let mut evaluator = Evaluator::new(arena, model, assignment, field);
    // The sides are worked out first, without limit of depth, and remembered.
    let mut scope = Scope::new(Vec::new()).fresh();
    loop {
        match evaluator.holds(&mut scope, prop) {
            Ok(holds) => return Ok(holds),
            Err(Stop::Fail(error)) => return Err(error),
            Err(Stop::Deep(task)) => evaluator.settle(&mut scope, task).map(|_| ())?,
        }
    }
}

/// A value while it is worked out.
pub(super) type Value<F> = Tensor<Jet<<F as Field>::Element>>;

/// A result, or why the recursion stops.
pub(super) type Flow<T> = Result<T, Stop>;

/// Why the recursion stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// There is no value.
    Fail(Error),
    /// This must be worked out first.
    Deep(Task),
}

/// What is worked out on its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    Node(Expr),
    Member { world: usize, key: Key, form: Form },
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Fail(error)
    }
}

pub(super) struct Evaluator<'a, F: Field> {
    pub(super) arena: &'a Arena,
    pub(super) model: &'a Model,
    pub(super) assignment: &'a Assignment,
    pub(super) jets: Jets<'a, F>,
    pub(super) worlds: Vec<World<F::Element>>,
    /// The world in which members are looked up.
    pub(super) world: usize,
    /// How many infinitesimals are in use.
    pub(super) level: u32,
    /// How many derivatives this one stands in.
    pub(super) nesting: u32,
    pub(super) depth: u32,
    pub(super) free: FreeIndices,
    pub(super) used: Givens,
    pub(super) steps: u64,
    pub(super) max_steps: u64,
    /// Where derivatives of members by members come from, if not from moving them.
    pub(super) graphs: Option<&'a dyn Derivatives<F::Element>>,
    /// Which of them are unknowns where they are found by moving them.
    pub(super) cuts: Option<&'a Cuts>,
    /// The same while one of those is worked out.
    pub(super) cut_here: Option<&'a Cuts>,
    scope: Option<Scope<F::Element>>,
}

impl<'a, F: Field> Evaluator<'a, F> {
    pub(super) fn new(arena: &'a Arena, model: &'a Model, assignment: &'a Assignment, field: &'a F) -> Self {
        Evaluator {
            arena,
            model,
            assignment,
            jets: Jets::over(field),
            worlds: vec![World::new(0, Change::None, 1)],
            world: 0,
            level: 0,
            nesting: 0,
            depth: 0,
            free: FreeIndices::default(),
            used: Givens::new(),
            steps: 0,
            max_steps: MAX_STEPS,
            graphs: None,
            cuts: None,
            cut_here: None,
            scope: None,
        }
    }

    /// The value of an expression outside of all definitions.
    pub(super) fn run(&mut self, expr: Expr) -> Result<Tensor<F::Element>, Error> {
        let mut scope = self.scope.take().unwrap_or_else(|| Scope::new(Vec::new()).fresh());
        let value = self.settle(&mut scope, Task::Node(expr));
        self.scope = Some(scope);
        value?.map(|jet| Ok(jet.value.clone()))
    }

    /// The value of a member of a family of numbers.
    pub(super) fn scalar_member(&mut self, key: Key) -> Result<F::Element, Error> {
        let task = Task::Member { world: self.world, key, form: Form::Scalar };
        let value = self.settle(&mut Scope::new(Vec::new()), task)?;
        value.as_scalar().map(|jet| jet.value.clone()).ok_or(Error::Misfit("a number where a tensor stands"))
    }

    /// [`Evaluator::run`] with other values in the place of members or entries; what is held does not follow them.
    pub(super) fn run_with(
        &mut self,
        changes: Vec<(Expr, Value<F>)>,
        hold: &Hold,
        expr: Expr,
    ) -> Result<Tensor<F::Element>, Error> {
        let mut scope = Scope::new(Vec::new()).fresh();
        for (member, value) in changes {
            let key =
                self.key(&scope, member)?.ok_or(Error::Unsupported("a derivative by something that is no symbol"))?;
            self.worlds.push(World::new(self.world, Change::Replaced { key, value, hold: hold.clone() }, 1));
            self.world = self.worlds.len() - 1;
        }
        let value = self.settle(&mut scope, Task::Node(expr));
        self.worlds.truncate(1);
        self.world = 0;
        value?.map(|jet| Ok(jet.value.clone()))
    }

    /// Works out a task and whatever it must wait for.
    pub(super) fn settle(&mut self, scope: &mut Scope<F::Element>, task: Task) -> Result<Value<F>, Error> {
        let (world, depth) = (self.world, self.depth);
        let mut task = task;
        let (mut open, mut waiting) = (Vec::new(), BTreeSet::new());
        let result = loop {
            self.depth = 0;
            match self.perform(scope, &task) {
                Ok(value) => match open.pop() {
                    None => break Ok(value),
                    Some(last) => {
                        task = last;
                        waiting.remove(&task);
                    }
                },
                Err(Stop::Fail(error)) => break Err(error),
                Err(Stop::Deep(_)) if open.len() + 1 >= MAX_OPEN => break Err(Error::TooLarge),
                Err(Stop::Deep(deeper)) if deeper == task || waiting.contains(&deeper) => {
                    break Err(Error::Unsupported("a definition that needs itself"));
                }
                Err(Stop::Deep(deeper)) => {
                    waiting.insert(task.clone());
                    open.push(std::mem::replace(&mut task, deeper));
                }
            }
            self.world = world;
        };
        (self.world, self.depth) = (world, depth);
        result
    }

    fn perform(&mut self, scope: &mut Scope<F::Element>, task: &Task) -> Flow<Value<F>> {
        match task {
            Task::Node(expr) => self.eval(scope, *expr),
            Task::Member { world, key, form } => {
                let here = std::mem::replace(&mut self.world, *world);
                let value = self.member(key.clone(), *form);
                self.world = here;
                value
            }
        }
    }

    /// The value of an expression in a scope.
    pub(super) fn eval(&mut self, scope: &mut Scope<F::Element>, expr: Expr) -> Flow<Value<F>> {
        self.step(scope)?;
        if self.is_leaf(scope, expr) {
            return self.node(scope, expr);
        }
        let home = if scope.is_flat() { 0 } else { scope.home(self.free.of(expr)) };
        if let Some(value) = scope.known(home, expr) {
            return Ok(value.clone());
        }
        if self.depth >= MAX_DEPTH && scope.is_resumable() {
            return Err(Stop::Deep(Task::Node(expr)));
        }
        self.depth += 1;
        let value = self.node(scope, expr);
        self.depth -= 1;
        let value = value?;
        scope.keep(home, expr, value.clone());
        Ok(value)
    }

    /// Counts one step.
    pub(super) fn step(&mut self, scope: &Scope<F::Element>) -> Flow<()> {
        self.steps_more(scope, 1)
    }

    /// Counts the steps that so many products of numbers are worth.
    pub(super) fn work(&mut self, scope: &Scope<F::Element>, n_products: u64) -> Flow<()> {
        self.steps_more(scope, n_products / PRODUCTS_IN_A_STEP)
    }

    fn steps_more(&mut self, scope: &Scope<F::Element>, n: u64) -> Flow<()> {
        let world = &mut self.worlds[self.world];
        let steps = (scope.weight * world.weight).saturating_mul(n);
        world.steps += steps;
        self.steps += steps;
        if self.steps > self.max_steps { Err(Stop::Fail(Error::TooLarge)) } else { Ok(()) }
    }

    /// Whether nothing is remembered of an expression: of numbers, and of members, which are remembered by name.
    fn is_leaf(&self, scope: &Scope<F::Element>, expr: Expr) -> bool {
        let is_member =
            |of| matches!(self.arena.node(of), Node::Symbol { symbol, .. } if scope.parameter(*symbol).is_none());
        match self.arena.node(expr) {
            Node::Entry { of, .. } => is_member(*of),
            node => matches!(node, Node::Number(_) | Node::Pi | Node::Bound(_) | Node::Symbol { .. }),
        }
    }

    /// The value of an expression that must be a number.
    pub(super) fn number(&mut self, scope: &mut Scope<F::Element>, expr: Expr) -> Flow<Jet<F::Element>> {
        let value = self.eval(scope, expr)?;
        value.as_scalar().cloned().ok_or(Stop::Fail(Error::Misfit("a number where a tensor stands")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Elementary;
    use crate::numeric::Fallback;
    use crate::numeric::Floats;
    use crate::numeric::Rationals;
    use crate::numeric::Style;
    use crate::numeric::Witness;
    use crate::numeric::sample::network;

    fn assignment(last: SymbolId, n: i64, style: Style) -> Assignment {
        let fallback = Some(Fallback { seed: 7, style });
        Assignment { integers: BTreeMap::from([(last, n)]), fallback, ..Assignment::default() }
    }

    #[test]
    fn a_long_recurrence_needs_no_deep_stack() {
        let network = network(Some(Elementary::Sigmoid));
        let n = 100_000;
        let point = assignment(network.last, n, Style::Unit);
        let value = evaluate(&network.arena, &network.model, &point, &Floats, network.loss).unwrap();
        let value = *value.as_scalar().unwrap();
        assert!(value > 0.1 * n as f64 && value < 0.5 * n as f64, "{value}");
    }

    #[test]
    fn exact_values_by_hand() {
        let mut network = network(None);
        let f = network.arena.find("f").unwrap();
        let mut point = assignment(network.last, 2, Style::Ones);
        point.functions.insert(f, Witness::monomial(2));
        // h_0 = 1, h_1 = 4, h_2 = 25, y_1 = 16, y_2 = 625.
        let h = network.member("h", 2);
        let (values, givens) = evaluate_all(&network.arena, &network.model, &point, &Rationals, &[h, network.loss]);
        let number = |value: i64| Ok(Tensor::Scalar(Rational::from(value)));
        assert_eq!(values[0], number(25));
        assert_eq!(values[1], evaluate(&network.arena, &network.model, &point, &Rationals, network.loss));
        assert_eq!(
            values[1].clone().map(|value| value.into_entries()),
            Ok(vec![Rational::from(390_881) / Rational::from(2)])
        );
        let h = network.arena.find("h").unwrap();
        assert_eq!(givens.get(&(h, vec![0])), Some(&Tensor::Scalar(Rational::ONE)));
        assert_eq!(givens.len(), 6);
    }

    #[test]
    fn what_is_missing_is_named_and_what_is_circular_is_refused() {
        let mut network = network(Some(Elementary::Tanh));
        let empty = Assignment::default();
        let missing = evaluate(&network.arena, &network.model, &empty, &Floats, network.loss);
        assert_eq!(missing, Err(Error::Missing(network.last, Vec::new())));
        let h = network.arena.find("h").unwrap();
        let body = network.member("h", 3);
        network.model.definitions.retain(|definition| definition.symbol != h);
        let t = network.arena.find("t").unwrap();
        let circular = crate::numeric::sample::definition(
            &mut network.arena,
            "h",
            vec![crate::model::Argument::Letter(t)],
            Vec::new(),
            body,
        );
        network.model.definitions.push(circular);
        let point = assignment(network.last, 3, Style::Ones);
        let error = evaluate(&network.arena, &network.model, &point, &Floats, body);
        assert_eq!(error, Err(Error::Unsupported("a definition that needs itself")));
    }

    #[test]
    fn a_deep_expression_needs_no_deep_stack() {
        let mut arena = Arena::new();
        let x = crate::numeric::sample::real(&mut arena, "x");
        let mut deep = x;
        for _ in 0..20_000 {
            let sine = arena.apply(Elementary::Sin, deep);
            deep = arena.product([x, sine]);
        }
        let point = Assignment { fallback: Some(Fallback { seed: 1, style: Style::Ones }), ..Assignment::default() };
        assert!(evaluate(&arena, &Model::default(), &point, &Floats, deep).is_ok());
    }
}
