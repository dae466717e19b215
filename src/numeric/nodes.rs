//! The value of each kind of node.

use std::cmp::Ordering;

use crate::expr::Big;
use crate::expr::Branch;
use crate::expr::Expr;
use crate::expr::Extremum;
use crate::expr::Node;
use crate::expr::Shape;
use crate::expr::SymbolId;
use crate::expr::SymbolKind;
use crate::expr::Tensor as Operation;
use crate::numeric::Error;
use crate::numeric::Form;
use crate::numeric::Tensor;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::evaluate::Flow;
use crate::numeric::evaluate::MAX_RANGE;
use crate::numeric::evaluate::Value;
use crate::numeric::field::Field;
use crate::numeric::jet::Jet;
use crate::numeric::jet::Jets;
use crate::numeric::key::Key;
use crate::numeric::linear;
use crate::numeric::members::fit;
use crate::numeric::scope::Scope;

impl<F: Field> Evaluator<'_, F> {
    pub(super) fn node(&mut self, scope: &mut Scope<F::Element>, expr: Expr) -> Flow<Value<F>> {
        let arena = self.arena;
        match arena.node(expr) {
            Node::Number(value) => Ok(Tensor::Scalar(self.jets.rational(value)?)),
            Node::Pi => Ok(Tensor::Scalar(self.jets.pi()?)),
            Node::Infinity => Err(Error::Unsupported("infinity as a value").into()),
            Node::Bound(height) => match scope.bound(*height) {
                Some(index) => Ok(Tensor::Scalar(self.jets.integer(index))),
                None => Err(Error::Unsupported("a bound index outside of its binder").into()),
            },
            Node::Symbol { symbol, indices, shape } => self.symbol(scope, *symbol, indices, *shape),
            Node::Sum(parts) => {
                self.fold(scope, parts, |jets, a, b| linear::zip::<Jets<'_, F>>(a, b, |a, b| jets.add(a, b)))
            }
            Node::Product(parts) => {
                self.fold(scope, parts, |jets, a, b| linear::zip::<Jets<'_, F>>(a, b, |a, b| jets.multiply(a, b)))
            }
            Node::MatMul(parts) => {
                let factors: Vec<Value<F>> = parts.iter().map(|&part| self.eval(scope, part)).collect::<Flow<_>>()?;
                let n_products = n_products(factors.iter().map(Tensor::form));
                self.work(scope, n_products)?;
                let [first, rest @ ..] = &factors[..] else {
                    return Err(Error::Unsupported("a product of nothing").into());
                };
                let product = rest
                    .iter()
                    .try_fold(first.clone(), |product, factor| linear::multiply(&self.jets, &product, factor))?;
                self.work(scope, n_products.saturating_mul(self.cost_of_product(&product)))?;
                self.in_shape(scope, product, arena.shape(expr))
            }
            Node::Power(base, exponent) => self.power(scope, *base, *exponent),
            Node::MatrixPower(base, exponent) => {
                let exponent = self.index(scope, *exponent)?;
                let base = self.eval(scope, *base)?;
                let n_squares = u64::from(64 - exponent.unsigned_abs().leading_zeros()).max(1);
                let n_products = n_products([base.form(), base.form()].into_iter());
                self.work(scope, n_squares.saturating_mul(n_products))?;
                let power = linear::matrix_power(&self.jets, &base, exponent)?;
                self.work(scope, n_products.saturating_mul(self.cost_of_product(&power)))?;
                Ok(power)
            }
            Node::Call { function, slots, args } => self.call(scope, function, slots, args, arena.shape(expr)),
            Node::Big { op, height, lower, upper, body } => self.big(scope, *op, *height, (*lower, *upper), *body),
            Node::Cases(branches) => self.cases(scope, branches),
            Node::Transpose(of) => {
                let transposed = linear::transpose(&self.eval(scope, *of)?);
                self.in_shape(scope, transposed, arena.shape(expr))
            }
            Node::Entry { of, at } => self.entry(scope, *of, at),
            Node::Literal { shape, entries } => {
                let form = self.form(scope, *shape)?;
                let entries: Vec<Jet<F::Element>> =
                    entries.iter().map(|&entry| self.number(scope, entry)).collect::<Flow<_>>()?;
                Ok(Tensor::from_entries(form, entries).ok_or(Error::Misfit("a literal matrix"))?)
            }
            Node::Identity(n) => {
                let (size, _) = self.form(scope, Shape::Matrix(*n, *n))?.rows_and_columns();
                Ok(linear::identity(&self.jets, size))
            }
            Node::Fill(value, shape) => {
                let form = self.form(scope, *shape)?;
                Ok(fit(self.eval(scope, *value)?, form)?)
            }
            Node::Unit(at, n) => {
                let form = self.form(scope, Shape::Vector(*n))?;
                let one_at = form.position(&[self.index(scope, *at)?])?;
                Tensor::build(form, |position| Ok(self.jets.integer(i64::from(position == one_at))))
            }
            Node::Tensor { op, args } => self.operation(scope, *op, args),
            Node::Derivative { kind, of, by, shape } => self.derivative(scope, *kind, *of, *by, *shape),
            Node::At { body, of, value } => self.at(scope, *body, *of, *value),
            Node::Limit { .. } => Err(Error::Unsupported("a limit").into()),
            Node::Extremum { which, height, range, body } => match range {
                Some(range) => self.extremum(scope, *which, *height, *range, *body),
                None => Err(Error::Unsupported("an extremum over the real line").into()),
            },
        }
    }

    fn symbol(
        &mut self,
        scope: &mut Scope<F::Element>,
        symbol: SymbolId,
        indices: &[Expr],
        shape: Shape,
    ) -> Flow<Value<F>> {
        if indices.is_empty() {
            if let Some(value) = scope.parameter(symbol) {
                return Ok(value.clone());
            }
            if let Some(drawn) = self.assignment.numbers.get(&symbol) {
                return Ok(Tensor::Scalar(self.jets.size(drawn)?));
            }
            let listed = self.assignment.integers.get(&symbol).copied();
            if let Some(value) = scope.letter(symbol).or(listed) {
                return Ok(Tensor::Scalar(self.jets.integer(value)));
            }
        }
        if self.arena.kind(symbol) == SymbolKind::Integer {
            return Ok(Tensor::Scalar(self.jets.integer(self.integer_symbol(scope, symbol, indices)?)));
        }
        let key = Key::of(symbol, self.indices(scope, indices)?);
        if let Some(value) = self.remembered(&key) {
            return Ok(value.clone());
        }
        let form = self.form(scope, shape)?;
        self.member(key, form)
    }

    fn fold(
        &mut self,
        scope: &mut Scope<F::Element>,
        parts: &[Expr],
        op: impl Fn(&Jets<'_, F>, &Value<F>, &Value<F>) -> Result<Value<F>, Error>,
    ) -> Flow<Value<F>> {
        let [first, rest @ ..] = parts else {
            return Err(Error::Unsupported("a sum or a product of nothing").into());
        };
        let mut value = self.eval(scope, *first)?;
        for &part in rest {
            let part = self.eval(scope, part)?;
            value = op(&self.jets, &value, &part)?;
        }
        Ok(value)
    }

    /// A row or a column as the vector, the number or the matrix that the node is.
    pub(super) fn in_shape(&mut self, scope: &Scope<F::Element>, value: Value<F>, shape: Shape) -> Flow<Value<F>> {
        let same_kind = matches!(
            (value.form(), shape),
            (Form::Scalar, Shape::Scalar) | (Form::Vector(_), Shape::Vector(_)) | (Form::Matrix(..), Shape::Matrix(..))
        );
        if same_kind {
            return Ok(value);
        }
        let form = self.form(scope, shape)?;
        Ok(fit(value, form)?)
    }

    fn power(&mut self, scope: &mut Scope<F::Element>, base: Expr, exponent: Expr) -> Flow<Value<F>> {
        let known = self.exact(scope, exponent)?;
        let base = self.eval(scope, base)?;
        if let Some(exponent) = known {
            return Ok(base.map(|base| self.jets.power(base, &exponent))?);
        }
        let exponent = self.eval(scope, exponent)?;
        Ok(linear::zip::<Jets<'_, F>>(&base, &exponent, |base, exponent| self.jets.power_of_any(base, exponent))?)
    }

    fn cases(&mut self, scope: &mut Scope<F::Element>, branches: &[Branch]) -> Flow<Value<F>> {
        for branch in branches {
            let taken = match branch.condition {
                None => true,
                Some((how, left, right)) => self.compare(scope, how, left, right)?,
            };
            if taken {
                return self.eval(scope, branch.value);
            }
        }
        Err(Error::Undefined("no case applies").into())
    }

    /// An entry; of a member that is defined by its entries, only this one is worked out.
    fn entry(&mut self, scope: &mut Scope<F::Element>, of: Expr, at: &[Expr]) -> Flow<Value<F>> {
        let at = self.indices(scope, at)?;
        let of_tensor = |tensor: &Value<F>| -> Flow<Value<F>> {
            Ok(Tensor::Scalar(tensor.entries()[tensor.form().position(&at)?].clone()))
        };
        let Node::Symbol { symbol, indices, shape } = self.arena.node(of) else {
            return of_tensor(&self.eval(scope, of)?);
        };
        if let Some(parameter) = scope.parameter(*symbol).filter(|_| indices.is_empty()) {
            self.step(scope)?;
            return of_tensor(parameter);
        }
        let key = Key { symbol: *symbol, indices: self.indices(scope, indices)?, entry: at };
        if let Some(value) = self.remembered(&key) {
            return Ok(value.clone());
        }
        let form = self.form(scope, *shape)?;
        form.position(&key.entry)?;
        self.member(key, form)
    }

    /// How many products of short numbers a product with the longest of these takes.
    fn cost_of_product(&self, of: &Value<F>) -> u64 {
        of.entries().iter().map(|entry| self.jets.cost_of_product(entry)).max().unwrap_or(1)
    }

    fn operation(&mut self, scope: &mut Scope<F::Element>, op: Operation, args: &[Expr]) -> Flow<Value<F>> {
        let [arg] = args else {
            return Err(Error::Unsupported("a function of several tensors").into());
        };
        let arg = self.eval(scope, *arg)?;
        if op == Operation::Determinant {
            self.work(scope, n_products([arg.form(), arg.form()].into_iter()))?;
        }
        let (jets, form, entries) = (&self.jets, arg.form(), arg.entries());
        let number = match op {
            Operation::Softmax => return Ok(linear::softmax(jets, &arg)?),
            Operation::Diagonal => return Ok(linear::diagonal(jets, &arg)?),
            Operation::Trace => {
                let size = linear::square_size(form)?;
                linear::total(jets, (0..size).map(|i| Ok(entries[i * size + i].clone())))
            }
            Operation::Determinant => linear::determinant(jets, &arg),
            Operation::Norm => {
                linear::total(jets, entries.iter().map(|x| jets.multiply(x, x))).and_then(|sum| jets.root(&sum, 2))
            }
            Operation::Norm1 | Operation::NormInfinity if matches!(form, Form::Matrix(..)) => {
                Err(Error::Unsupported("a norm of a matrix other than its largest singular value and Frobenius'"))
            }
            Operation::Norm1 => linear::total(jets, entries.iter().map(|x| linear::magnitude(jets, x))),
            Operation::NormInfinity => {
                linear::extreme(jets, entries.iter().map(|x| linear::magnitude(jets, x)), Ordering::Greater)
            }
            Operation::NormSpectral | Operation::SpectralRadius if entries.len() == 1 => {
                linear::magnitude(jets, &entries[0])
            }
            Operation::NormSpectral => jets.spectral_norm(form.rows_and_columns().0, entries),
            Operation::SpectralRadius => jets.spectral_radius(linear::square_size(form)?, entries),
        };
        Ok(Tensor::Scalar(number?))
    }

    /// Opens a binder and passes each value of the body on, in the order of the index.
    fn each(
        &mut self,
        scope: &mut Scope<F::Element>,
        height: u32,
        (lower, upper): (i64, i64),
        body: Expr,
        mut take: impl FnMut(&Jets<'_, F>, Value<F>) -> Result<(), Error>,
    ) -> Flow<()> {
        if upper.saturating_sub(lower) >= MAX_RANGE {
            return Err(Error::TooLarge.into());
        }
        self.free.learn(self.arena, body);
        scope.open(height, lower);
        let mut outcome = Ok(());
        for index in lower..=upper {
            scope.advance(index);
            outcome = self.eval(scope, body).and_then(|value| Ok(take(&self.jets, value)?));
            if outcome.is_err() {
                break;
            }
        }
        scope.close();
        outcome
    }

    fn big(
        &mut self,
        scope: &mut Scope<F::Element>,
        op: Big,
        height: u32,
        (lower, upper): (Expr, Expr),
        body: Expr,
    ) -> Flow<Value<F>> {
        let range = (self.index(scope, lower)?, self.index(scope, upper)?);
        let mut total: Option<Value<F>> = None;
        self.each(scope, height, range, body, |jets, value| {
            total = Some(match (total.take(), op) {
                (None, _) => value,
                (Some(total), Big::Sum) => linear::zip::<Jets<'_, F>>(&total, &value, |a, b| jets.add(a, b))?,
                (Some(total), Big::Product) => linear::zip::<Jets<'_, F>>(&total, &value, |a, b| jets.multiply(a, b))?,
                (Some(total), Big::Ascending) => linear::multiply(jets, &total, &value)?,
                (Some(total), Big::Descending) => linear::multiply(jets, &value, &total)?,
            });
            Ok(())
        })?;
        match total {
            Some(total) => Ok(total),
            None => self.empty(scope, op, height, range.0, body),
        }
    }

    /// The value of an empty sum or product, of the size that the body has at the lower bound.
    fn empty(&mut self, scope: &mut Scope<F::Element>, op: Big, height: u32, lower: i64, body: Expr) -> Flow<Value<F>> {
        scope.open(height, lower);
        let form = self.form(scope, self.arena.shape(body));
        scope.close();
        let (form, jets) = (form?, &self.jets);
        let (rows, columns) = form.rows_and_columns();
        match op {
            Big::Sum => Ok(fit(Tensor::Scalar(jets.integer(0)), form)?),
            Big::Ascending if form != Form::Scalar => Ok(linear::identity(jets, rows)),
            Big::Descending if form != Form::Scalar => Ok(linear::identity(jets, columns)),
            Big::Product | Big::Ascending | Big::Descending => Ok(fit(Tensor::Scalar(jets.integer(1)), form)?),
        }
    }

    fn extremum(
        &mut self,
        scope: &mut Scope<F::Element>,
        which: Extremum,
        height: u32,
        (lower, upper): (Expr, Expr),
        body: Expr,
    ) -> Flow<Value<F>> {
        let range = (self.index(scope, lower)?, self.index(scope, upper)?);
        let mut values = Vec::new();
        self.each(scope, height, range, body, |_, value| {
            values.push(value.as_scalar().cloned().ok_or(Error::Misfit("the extremum of tensors")));
            Ok(())
        })?;
        let wanted = match which {
            Extremum::Supremum => Ordering::Greater,
            Extremum::Infimum => Ordering::Less,
        };
        Ok(Tensor::Scalar(linear::extreme(&self.jets, values, wanted)?))
    }
}

/// How many products of numbers a product of matrices takes, one factor after the other.
fn n_products(forms: impl Iterator<Item = Form>) -> u64 {
    let mut forms = forms.map(Form::rows_and_columns);
    let Some((rows, _)) = forms.next() else { return 0 };
    forms.map(|(inner, columns)| rows.saturating_mul(inner).saturating_mul(columns) as u64).sum()
}
