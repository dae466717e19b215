//! Derivatives, evaluated by moving what they are taken by through an infinitesimal; calls of functions, whose slots
//! are moved in the same way; and evaluation with another value in the place of a symbol.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::expr::DerivativeKind;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Function;
use crate::expr::Node;
use crate::expr::Shape;
use crate::expr::Slot;
use crate::expr::SymbolId;
use crate::expr::SymbolKind;
use crate::model::FunctionBody;
use crate::numeric::Error;
use crate::numeric::Form;
use crate::numeric::Tensor;
use crate::numeric::Witness;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::evaluate::Flow;
use crate::numeric::evaluate::Stop;
use crate::numeric::evaluate::Task;
use crate::numeric::evaluate::Value;
use crate::numeric::field::Field;
use crate::numeric::jet::Jet;
use crate::numeric::key::Key;
use crate::numeric::linear;
use crate::numeric::members::Change;
use crate::numeric::members::Direction;
use crate::numeric::members::Hold;
use crate::numeric::members::World;
use crate::numeric::scope::Scope;

/// How many derivatives may stand in each other.
const MAX_NESTING: u32 = 16;

/// How many directions are taken together.
const MAX_TOGETHER: u32 = 16;

/// What a derivative is taken by: a member or a parameter of a function, or one entry of it.
struct Target {
    key: Key,
    form: Form,
    positions: Vec<usize>,
    is_parameter: bool,
    /// Whether it is the transpose by which is differentiated.
    is_transposed: bool,
}

impl<'a, F: Field> Evaluator<'a, F> {
    pub(super) fn derivative(
        &mut self,
        scope: &mut Scope<F::Element>,
        kind: DerivativeKind,
        of: Expr,
        by: Expr,
        shape: Shape,
    ) -> Flow<Value<F>> {
        let target = self.target(scope, by)?;
        self.require_existence(&target)?;
        let columns = match self.columns_on_graph(scope, kind, of, &target)? {
            Some(columns) => columns,
            None => {
                let is_plain = !target.is_parameter && !target.is_transposed;
                let cuts = if is_plain { self.cuts_of(scope, kind, (of, &target.key))? } else { None };
                let outside = std::mem::replace(&mut self.cut_here, cuts);
                let columns = self.moved_columns(scope, kind, of, &target);
                self.cut_here = outside;
                columns?
            }
        };
        let arranged = if !target.key.entry.is_empty() {
            arrange(columns, Form::Scalar)?
        } else if target.is_transposed {
            let (rows, n) = target.form.rows_and_columns();
            let turned = (0..columns.len()).map(|at| columns[(at % rows) * n + at / rows].clone()).collect();
            arrange(turned, Form::Matrix(n, rows))?
        } else {
            arrange(columns, target.form)?
        };
        self.in_shape(scope, arranged, shape)
    }

    /// The derivatives by the target, found by moving it.
    fn moved_columns(
        &mut self,
        scope: &mut Scope<F::Element>,
        kind: DerivativeKind,
        of: Expr,
        target: &Target,
    ) -> Flow<Vec<Value<F>>> {
        let hold = self.held_by(scope, kind, of)?;
        let mut columns = Vec::with_capacity(target.positions.len());
        for positions in target.positions.chunks(self.room()?) {
            columns.extend(self.columns(scope, of, target, positions, hold.clone())?);
        }
        Ok(columns)
    }

    /// The derivatives of a defined member by the target, read off from the graph of the definitions, where one is kept.
    fn columns_on_graph(
        &mut self,
        scope: &mut Scope<F::Element>,
        kind: DerivativeKind,
        of: Expr,
        target: &Target,
    ) -> Flow<Option<Vec<Value<F>>>> {
        let Some(graphs) = self.graphs else { return Ok(None) };
        if kind == DerivativeKind::Immediate || self.world != 0 || target.is_parameter || target.is_transposed {
            return Ok(None);
        }
        let Some(root) = self.key(scope, of)? else { return Ok(None) };
        if scope.parameter(root.symbol).is_some() || !self.model.is_defined(root.symbol) {
            return Ok(None);
        }
        let form = self.form(scope, self.arena.shape(self.whole_and_entry(of).0))?;
        let value = self.member(root.whole(), form)?;
        let by = target.key.whole();
        let columns = target.positions.iter().map(|&position| {
            let entry = target.form.indices(position).into_iter().collect();
            let column = graphs.column((&root, &value), &Key { entry, ..by.clone() }, &self.worlds[0].memo)?;
            Ok(column.map(|entry| Ok::<_, Error>(Jet::constant(entry.clone())))?)
        });
        columns.collect::<Flow<Vec<Value<F>>>>().map(Some)
    }

    fn target(&mut self, scope: &mut Scope<F::Element>, by: Expr) -> Flow<Target> {
        let (by, is_transposed) = if let Node::Transpose(of) = self.arena.node(by) { (*of, true) } else { (by, false) };
        let (member, at) = self.whole_and_entry(by);
        let at = self.indices(scope, at)?;
        let Node::Symbol { symbol, indices, shape } = self.arena.node(member) else {
            return Err(Error::Unsupported("a derivative by something that is no symbol").into());
        };
        if self.arena.kind(*symbol) == SymbolKind::Integer {
            return Err(Error::Unsupported("a derivative by an integer").into());
        }
        let is_parameter = indices.is_empty() && scope.parameter(*symbol).is_some();
        let form = match scope.parameter(*symbol) {
            Some(value) if is_parameter => value.form(),
            Some(_) | None => self.form(scope, *shape)?,
        };
        let positions = if at.is_empty() { (0..form.len()).collect() } else { vec![form.position(&at)?] };
        let key = Key { symbol: *symbol, indices: self.indices(scope, indices)?, entry: at };
        Ok(Target { key, form, positions, is_parameter, is_transposed })
    }

    /// What does not exist is nothing that a derivative could be taken by, though no path would lead from it.
    fn require_existence(&mut self, target: &Target) -> Flow<()> {
        if target.is_parameter {
            return Ok(());
        }
        if self.model.is_defined(target.key.symbol) {
            return self.member(target.key.whole(), target.form).map(drop);
        }
        Ok(self.check_range(&target.key)?)
    }

    /// What stays when a derivative of `of` is taken.
    pub(super) fn held_by(&self, scope: &Scope<F::Element>, kind: DerivativeKind, of: Expr) -> Result<Hold, Error> {
        match kind {
            DerivativeKind::Total | DerivativeKind::Partial => return Ok(Hold::Nothing),
            DerivativeKind::Immediate => {}
        }
        let (member, _) = self.whole_and_entry(of);
        if let Node::Symbol { symbol, indices, .. } = self.arena.node(member)
            && self.model.is_defined(*symbol)
        {
            return Ok(Hold::Others(self.indices(scope, indices)?));
        }
        Ok(Hold::Indexed)
    }

    /// A tensor and the indices of the entry of it that an expression is; itself and none where it is no entry.
    fn whole_and_entry(&self, expr: Expr) -> (Expr, &'a [Expr]) {
        if let Node::Entry { of, at } = self.arena.node(expr) { (*of, at) } else { (expr, &[]) }
    }

    /// The derivatives of `of` by some entries of the target.
    ///
    /// They are taken together: the values on the way are the same for all of them. No product of two of them is asked
    /// for, so none is formed.
    fn columns(
        &mut self,
        scope: &mut Scope<F::Element>,
        of: Expr,
        target: &Target,
        positions: &[usize],
        hold: Hold,
    ) -> Flow<Vec<Value<F>>> {
        let directions: Vec<Direction> = positions
            .iter()
            .zip(self.level..)
            .map(|(&position, place)| Direction { position, infinitesimal: 1 << place })
            .collect();
        let all = directions.iter().fold(0, |all, direction| all | direction.infinitesimal);
        self.jets.together.push(all);
        let (level, nesting) = (self.level, self.nesting);
        (self.level, self.nesting) = (level + all.count_ones(), nesting + 1);
        let value = self.moved_along(scope, of, target, &directions, hold);
        (self.level, self.nesting) = (level, nesting);
        self.jets.together.pop();
        let value = value?;
        let column = |direction: &Direction| {
            value.map(|entry| Ok::<_, Stop>(self.jets.coefficient(entry, direction.infinitesimal)))
        };
        directions.iter().map(column).collect()
    }

    /// `of` where entries of the target are moved.
    fn moved_along(
        &mut self,
        scope: &mut Scope<F::Element>,
        of: Expr,
        target: &Target,
        directions: &[Direction],
        hold: Hold,
    ) -> Result<Value<F>, Error> {
        let (symbol, weight) = (target.key.symbol, directions.len() as u64);
        if !target.is_parameter {
            let (indices, directions) = (target.key.indices.clone(), directions.to_vec());
            return self.in_changed_world(scope, Change::Moved { symbol, indices, directions, hold }, weight, of);
        }
        let mut value = scope.parameter(symbol).cloned().ok_or(Error::Unsupported("a lost parameter"))?;
        for &Direction { position, infinitesimal } in directions {
            let entry = &mut value.entries_mut()[position];
            *entry = self.jets.perturb(entry, infinitesimal)?;
        }
        let mut inner = scope.fresh_with_parameter(symbol, value);
        inner.weight *= weight;
        self.settle(&mut inner, Task::Node(of))
    }

    /// `expr` in a world that is changed, and that stands for so many. Where it has no value, the first of them is enough.
    fn in_changed_world(
        &mut self,
        scope: &Scope<F::Element>,
        change: Change<F::Element>,
        n_worlds: u64,
        expr: Expr,
    ) -> Result<Value<F>, Error> {
        let here = self.world;
        // Members are worked out anew for each of the scopes that this one stands for.
        let weight = self.worlds[here].weight * scope.weight * n_worlds;
        self.worlds.push(World::new(here, change, weight));
        self.world = self.worlds.len() - 1;
        let mut inner = scope.fresh();
        inner.weight = 1;
        let value = self.settle(&mut inner, Task::Node(expr));
        let steps = self.worlds.pop().map_or(0, |world| world.steps);
        self.world = here;
        let taken = if value.is_ok() { steps } else { steps / n_worlds };
        self.steps -= steps - taken;
        self.worlds[here].steps += taken;
        value
    }

    /// How many directions may be taken together, so that every derivative within has one at least.
    fn room(&self) -> Result<usize, Error> {
        if self.nesting >= MAX_NESTING {
            return Err(Error::TooLarge);
        }
        let room = u64::BITS - self.level - (MAX_NESTING - self.nesting - 1);
        Ok(room.min(MAX_TOGETHER) as usize)
    }

    /// `body` with another value in the place of a symbol, a member or an entry.
    pub(super) fn at(&mut self, scope: &mut Scope<F::Element>, body: Expr, of: Expr, value: Expr) -> Flow<Value<F>> {
        if let Node::Symbol { symbol, indices, .. } = self.arena.node(of)
            && indices.is_empty()
        {
            if self.arena.kind(*symbol) == SymbolKind::Integer {
                let value = self.index(scope, value)?;
                return Ok(self.settle(&mut scope.fresh_with_letter(*symbol, value), Task::Node(body))?);
            }
            if scope.parameter(*symbol).is_some() {
                let value = self.eval(scope, value)?;
                return Ok(self.settle(&mut scope.fresh_with_parameter(*symbol, value), Task::Node(body))?);
            }
        }
        let nothing = Error::Unsupported("a value in the place of something that is no symbol");
        let key = self.key(scope, of)?.ok_or(nothing)?;
        let value = self.eval(scope, value)?;
        Ok(self.in_changed_world(scope, Change::Replaced { key, value, hold: Hold::Nothing }, 1, body)?)
    }

    /// The member, or the entry of one, that an expression is.
    pub(super) fn key(&self, scope: &Scope<F::Element>, expr: Expr) -> Result<Option<Key>, Error> {
        let (member, at) = self.whole_and_entry(expr);
        let Node::Symbol { symbol, indices, .. } = self.arena.node(member) else {
            return Ok(None);
        };
        let (indices, entry) = (self.indices(scope, indices)?, self.indices(scope, at)?);
        Ok(Some(Key { symbol: *symbol, indices, entry }))
    }

    /// A function applied, and differentiated by its slots.
    pub(super) fn call(
        &mut self,
        scope: &mut Scope<F::Element>,
        function: &Function,
        slots: &[Slot],
        args: &[Expr],
        shape: Shape,
    ) -> Flow<Value<F>> {
        if let (Function::Elementary(Elementary::Delta), [left, right]) = (function, args) {
            let equal = self.compare(scope, crate::expr::Comparison::Equal, *left, *right)?;
            return Ok(Tensor::Scalar(self.jets.integer(i64::from(equal))));
        }
        if let (Function::Elementary(function), [], [arg]) = (function, slots, args)
            && function.row().arity == 1
        {
            let arg = self.eval(scope, *arg)?;
            return Ok(arg.map(|entry| self.jets.apply(*function, entry))?);
        }
        let args: Vec<Value<F>> = args.iter().map(|&arg| self.eval(scope, arg)).collect::<Flow<_>>()?;
        let [arg] = &args[..] else {
            return self.moved_call(scope, function, slots, args);
        };
        if arg.as_scalar().is_some() || !self.is_entrywise(function, slots, shape) {
            return self.moved_call(scope, function, slots, args);
        }
        Tensor::build(arg.form(), |position| {
            let arg = Tensor::Scalar(arg.entries()[position].clone());
            let value = self.moved_call(scope, function, slots, vec![arg])?;
            value.as_scalar().cloned().ok_or(Stop::Fail(Error::Misfit("a tensor as an entry")))
        })
    }

    /// Whether a function takes numbers, so that it acts on each entry of a tensor.
    pub(super) fn is_entrywise(&self, function: &Function, slots: &[Slot], shape: Shape) -> bool {
        match function {
            Function::Elementary(function) => function.row().arity == 1,
            Function::Declared { symbol, .. } => {
                let declaration = self.model.declarations.get(symbol);
                match declaration.and_then(|declaration| declaration.signature.as_ref()) {
                    Some(signature) => signature.arguments.iter().all(|argument| argument.is_scalar()),
                    None => slots.iter().all(|slot| slot.entry.is_empty()) && !shape.is_scalar(),
                }
            }
        }
    }

    /// The function of arguments that are moved by one infinitesimal for each slot.
    fn moved_call(
        &mut self,
        scope: &mut Scope<F::Element>,
        function: &Function,
        slots: &[Slot],
        mut args: Vec<Value<F>>,
    ) -> Flow<Value<F>> {
        let n = u32::try_from(slots.len()).map_err(|_| Error::TooLarge)?;
        if self.nesting + n > MAX_NESTING {
            return Err(Error::TooLarge.into());
        }
        let all = ((1 << n) - 1) << self.level;
        for (slot, place) in slots.iter().zip(self.level..) {
            let arg = args.get_mut(usize::from(slot.argument)).ok_or(Error::Misfit("a slot without an argument"))?;
            let at = self.indices(scope, &slot.entry)?;
            let position = arg.form().position(&at)?;
            let entry = &mut arg.entries_mut()[position];
            *entry = self.jets.perturb(entry, 1 << place)?;
        }
        (self.level, self.nesting) = (self.level + n, self.nesting + n);
        let value = self.applied(scope, function, &args);
        (self.level, self.nesting) = (self.level - n, self.nesting - n);
        let value = value?;
        if n == 0 {
            return Ok(value);
        }
        value.map(|entry| Ok::<_, Stop>(self.jets.coefficient(entry, all)))
    }

    fn applied(&mut self, scope: &mut Scope<F::Element>, function: &Function, args: &[Value<F>]) -> Flow<Value<F>> {
        match function {
            Function::Elementary(function) => self.elementary(*function, args),
            Function::Declared { symbol, indices } => {
                let indices = self.indices(scope, indices)?;
                self.declared(scope, *symbol, &indices, args)
            }
        }
    }

    fn elementary(&mut self, function: Elementary, args: &[Value<F>]) -> Flow<Value<F>> {
        if matches!(function, Elementary::Max | Elementary::Min) {
            let numbers = args.iter().flat_map(|arg| arg.entries().iter().cloned().map(Ok));
            let wanted = if function == Elementary::Max { Ordering::Greater } else { Ordering::Less };
            return Ok(Tensor::Scalar(linear::extreme(&self.jets, numbers, wanted)?));
        }
        let [Tensor::Scalar(arg)] = args else {
            return Err(Error::Misfit("the arguments of a function").into());
        };
        Ok(Tensor::Scalar(self.jets.apply(function, arg)?))
    }

    fn declared(
        &mut self,
        scope: &Scope<F::Element>,
        symbol: SymbolId,
        indices: &[i64],
        args: &[Value<F>],
    ) -> Flow<Value<F>> {
        let model = self.model;
        match model.functions.get(&symbol) {
            Some(FunctionBody::Elementary(function)) => self.elementary(*function, args),
            Some(FunctionBody::Expression { parameters, body }) if parameters.len() == args.len() => {
                let parameters = parameters.iter().copied().zip(args.iter().cloned()).collect();
                self.eval(&mut scope.of_function(parameters), *body)
            }
            Some(FunctionBody::Expression { .. }) => Err(Error::Misfit("the arguments of a function").into()),
            None => {
                let numbers: Vec<_> = args.iter().flat_map(|arg| arg.entries().iter().cloned()).collect();
                let witness = self.witness(symbol)?;
                Ok(Tensor::Scalar(witness.value(&self.jets, indices, &numbers)?))
            }
        }
    }

    pub(super) fn witness(&self, symbol: SymbolId) -> Result<Cow<'a, Witness>, Error> {
        match (self.assignment.functions.get(&symbol), self.assignment.fallback) {
            (Some(witness), _) => Ok(Cow::Borrowed(witness)),
            (None, Some(fallback)) => Ok(Cow::Owned(fallback.function(symbol))),
            (None, None) => Err(Error::Missing(symbol, Vec::new())),
        }
    }
}

/// The derivatives by each entry, put together in the mixed layout.
///
/// Vector by matrix is the Jacobian by the columns of the matrix, one below the other (Magnus & Neudecker 2019, 9.4).
fn arrange<E: Clone>(columns: Vec<Tensor<E>>, by: Form) -> Result<Tensor<E>, Error> {
    let of = match (columns.first(), by) {
        (Some(column), Form::Vector(_) | Form::Matrix(..)) => column.form(),
        (Some(column), Form::Scalar) => return Ok(column.clone()),
        (None, _) => return Err(Error::Undefined("a derivative by nothing")),
    };
    match of {
        Form::Scalar => {
            let entries = columns.into_iter().flat_map(Tensor::into_entries).collect();
            Tensor::from_entries(by, entries).ok_or(Error::Misfit("a gradient"))
        }
        Form::Vector(rows) => {
            let order: Vec<usize> = match by {
                Form::Matrix(m, n) => (0..n).flat_map(|column| (0..m).map(move |row| row * n + column)).collect(),
                Form::Scalar | Form::Vector(_) => (0..columns.len()).collect(),
            };
            let entries = (0..rows)
                .flat_map(|row| order.iter().map(move |&position| (row, position)))
                .map(|(row, position)| columns[position].entries()[row].clone())
                .collect();
            Ok(Tensor::Matrix { rows, columns: order.len(), entries })
        }
        Form::Matrix(..) => Err(Error::Unsupported("a derivative with more than two dimensions")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::number::Rational;
    use crate::numeric::Assignment;
    use crate::numeric::Fallback;
    use crate::numeric::Floats;
    use crate::numeric::Rationals;
    use crate::numeric::Style;
    use crate::numeric::evaluate;
    use crate::numeric::sample::Network;
    use crate::numeric::sample::network;

    fn point(network: &Network, n: i64) -> Assignment {
        let fallback = Some(Fallback { seed: 3, style: Style::Positive });
        Assignment { integers: BTreeMap::from([(network.last, n)]), fallback, ..Assignment::default() }
    }

    fn exact(network: &mut Network, kind: DerivativeKind, of: Expr, by: Expr) -> Rational {
        let derivative = network.arena.derivative(kind, of, by);
        let point = point(network, 3);
        let value = evaluate(&network.arena, &network.model, &point, &Rationals, derivative);
        value.unwrap().as_scalar().unwrap().clone()
    }

    #[test]
    fn the_total_derivative_is_the_sum_over_all_paths() {
        let mut network = network(None);
        let (w, loss) = (network.w_h, network.loss);
        let total = exact(&mut network, DerivativeKind::Total, loss, w);
        let mut sum = Rational::ZERO;
        for t in 1..=3 {
            let h = network.member("h", t);
            let outer = exact(&mut network, DerivativeKind::Total, loss, h);
            sum += outer * exact(&mut network, DerivativeKind::Immediate, h, w);
        }
        assert_eq!(total, sum);
        assert!(!total.is_zero());
    }

    #[test]
    fn no_path_leads_from_the_future() {
        let mut network = network(None);
        let (early, late) = (network.member("h", 1), network.member("h", 3));
        assert_eq!(exact(&mut network, DerivativeKind::Total, early, late), Rational::ZERO);
        assert_eq!(exact(&mut network, DerivativeKind::Total, late, late), Rational::ONE);
        assert_eq!(exact(&mut network, DerivativeKind::Immediate, late, early), Rational::ZERO);
        assert!(!exact(&mut network, DerivativeKind::Total, late, early).is_zero());
    }

    #[test]
    fn second_derivatives_are_symmetric_and_agree_with_differences() {
        let mut network = network(Some(Elementary::Sigmoid));
        let (loss, w_h, w_i) = (network.loss, network.w_h, network.w_i);
        let mut mixed = |first: Expr, second: Expr| {
            let inner = network.arena.derivative(DerivativeKind::Total, loss, first);
            let outer = network.arena.derivative(DerivativeKind::Total, inner, second);
            let point = point(&network, 4);
            *evaluate(&network.arena, &network.model, &point, &Floats, outer).unwrap().as_scalar().unwrap()
        };
        let (a, b) = (mixed(w_h, w_i), mixed(w_i, w_h));
        assert!((a - b).abs() < 1e-14 && a.abs() > 1e-6, "{a} {b}");
    }

    #[test]
    fn jacobians() {
        let column = |a: i64, b: i64| Tensor::Vector(vec![a, b]);
        let columns = vec![column(1, 2), column(3, 4), column(5, 6)];
        let jacobian = arrange(columns, Form::Vector(3)).unwrap();
        assert_eq!(jacobian, Tensor::Matrix { rows: 2, columns: 3, entries: vec![1, 3, 5, 2, 4, 6] });
        let numbers = vec![Tensor::Scalar(1), Tensor::Scalar(2)];
        assert_eq!(arrange(numbers, Form::Vector(2)).unwrap(), Tensor::Vector(vec![1, 2]));
        let by_matrix = (0..4).map(|e| Tensor::Vector(vec![e])).collect();
        assert_eq!(arrange(by_matrix, Form::Matrix(2, 2)).unwrap().entries(), [0, 2, 1, 3]);
    }

    #[test]
    fn slots_of_an_elementary_function() {
        let mut arena = crate::expr::Arena::new();
        let half = arena.number(Rational::ONE / Rational::from(2));
        let slots = vec![Slot { argument: 0, entry: Box::default() }; 2];
        let second = arena.call(Function::Elementary(Elementary::Exp), slots, vec![half]);
        let model = crate::model::Model::default();
        let value = evaluate(&arena, &model, &Assignment::default(), &Floats, second).unwrap();
        assert_eq!(value, Tensor::Scalar(0.5_f64.exp()));
    }

    #[test]
    fn a_value_is_set_after_the_derivative() {
        let mut network = network(Some(Elementary::Sigmoid));
        let h = network.member("h", 1);
        let derivative = network.arena.derivative(DerivativeKind::Total, h, network.w_i);
        let zero = network.arena.zero();
        let at_x = network.member("x", 1);
        let at = network.arena.at(derivative, at_x, zero);
        let point = point(&network, 1);
        let value = evaluate(&network.arena, &network.model, &point, &Rationals, at);
        assert_eq!(value, Err(Error::NotExact));
        let at_w = network.arena.at(derivative, network.w_h, zero);
        let (w_i, x) = (network.w_i, at_x);
        let both = network.arena.at(at_w, w_i, zero);
        let value = evaluate(&network.arena, &network.model, &point, &Rationals, both).unwrap();
        let x = evaluate(&network.arena, &network.model, &point, &Rationals, x).unwrap();
        assert_eq!(value.as_scalar().map(|v| v * Rational::from(4)), x.as_scalar().cloned());
    }
}
