//! Members of families, and functions applied.

use std::collections::BTreeSet;

use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Extremum;
use crate::expr::Function;
use crate::expr::Shape;
use crate::expr::Slot;
use crate::model::FunctionBody;
use crate::number::rational::to_f64;
use crate::numeric::Error;
use crate::numeric::Form;
use crate::numeric::Term;
use crate::numeric::Witness;
use crate::numeric::evaluate::Flow;
use crate::numeric::evaluate::MAX_DEPTH;
use crate::numeric::evaluate::Stop;
use crate::numeric::evaluate::Task;
use crate::numeric::key::Key;
use crate::numeric::scope::Scope;
use crate::numeric::unrolled::compile::Compiler;
use crate::numeric::unrolled::compile::Frame;
use crate::numeric::unrolled::compile::Value;
use crate::numeric::unrolled::compile::refused;
use crate::numeric::unrolled::compile::scalar;
use crate::numeric::unrolled::program::Id;
use crate::numeric::unrolled::program::Op;
use crate::numeric::unrolled::program::Program;
use crate::numeric::witness::shift;

/// How many members may wait for each other; a recurrence without a start has more.
const MAX_OPEN: usize = 50_000;

/// How many terms a polynomial may have that stands for an arbitrary function.
const MAX_TERMS: usize = 2_000;

impl Compiler<'_> {
    /// The value of an expression outside of all definitions. Members that lie too deep are compiled first.
    pub(super) fn root(&mut self, of: Expr) -> Result<Value, Error> {
        let mut waiting = BTreeSet::from([Task::Node(of)]);
        let mut open = vec![Task::Node(of)];
        loop {
            let Some(task) = open.last().cloned() else {
                return Err(Error::Unsupported("nothing"));
            };
            self.depth = 0;
            let value = match task.clone() {
                Task::Node(expr) => self.expression(&mut Frame::new(Scope::new(Vec::new())), expr),
                Task::Member { key, form, .. } => self.member(key, form),
            };
            match value {
                Ok(value) if open.len() == 1 => return Ok(value),
                Ok(_) => {
                    waiting.remove(&task);
                    open.pop();
                }
                Err(Stop::Fail(error)) => return Err(error),
                Err(Stop::Deep(_)) if open.len() >= MAX_OPEN => return Err(Error::TooLarge),
                Err(Stop::Deep(task)) if !waiting.insert(task.clone()) => {
                    return Err(Error::Unsupported("a definition that needs itself"));
                }
                Err(Stop::Deep(task)) => open.push(task),
            }
        }
    }

    /// The value of a member, whose whole has this form.
    pub(super) fn member(&mut self, key: Key, form: Form) -> Flow<Value> {
        if let Some(&value) = self.members.get(&key) {
            return Ok(value);
        }
        if self.depth >= MAX_DEPTH {
            return Err(Stop::Deep(Task::Member { world: 0, key, form }));
        }
        self.depth += 1;
        let value = self.find(&key, form);
        self.depth -= 1;
        let value = value?;
        self.members.insert(key, value);
        Ok(value)
    }

    fn find(&mut self, key: &Key, form: Form) -> Flow<Value> {
        if !key.entry.is_empty() && self.variables.contains(&key.whole()) {
            return self.entry_of_whole(key, form);
        }
        let value = self.defined(key, form)?;
        match self.variables.iter().position(|variable| variable == key) {
            // What is given is read once for each name; what is defined may be the same as something else.
            Some(variable) if self.evaluator.definition_of(key)?.is_some() => {
                Ok(Value { node: self.program.push(Op::Member(value.node, variable), form.len()), form })
            }
            Some(_) | None => Ok(value),
        }
    }

    /// What a member is by its definition, or as it is given.
    fn defined(&mut self, key: &Key, form: Form) -> Flow<Value> {
        match self.evaluator.definition_of(key)? {
            Some((definition, _)) if !definition.components.is_empty() && key.entry.is_empty() => {
                let part = |position: usize| Key { entry: form.indices(position).into_iter().collect(), ..key.clone() };
                let parts = (0..form.len()).map(|position| Ok(Some((self.defined(&part(position), form)?.node, 0))));
                let parts = parts.collect::<Flow<_>>()?;
                self.gathered(form, parts)
            }
            Some((definition, scope)) if !definition.components.is_empty() => {
                form.position(&key.entry)?;
                self.expression(&mut Frame::new(scope), definition.body)
            }
            Some((definition, scope)) if key.entry.is_empty() => {
                let value = self.expression(&mut Frame::new(scope), definition.body)?;
                Ok(self.fit(value, form)?)
            }
            None if key.entry.is_empty() => self.given(key, form),
            Some(_) | None => self.entry_of_whole(key, form),
        }
    }

    fn entry_of_whole(&mut self, key: &Key, form: Form) -> Flow<Value> {
        let whole = self.member(key.whole(), form)?;
        let position = form.position(&key.entry)?;
        Ok(scalar(self.program.entry(whole.node, position)))
    }

    /// The value of a given, or of the start of a recurrence.
    fn given(&mut self, key: &Key, form: Form) -> Flow<Value> {
        let value = self.evaluator.member(key.clone(), form)?;
        self.inputs.push(value.entries().iter().map(|entry| entry.value).collect());
        Ok(Value { node: self.program.push(Op::Input(self.inputs.len() - 1), form.len()), form })
    }

    /// A function applied; one of numbers acts entry by entry.
    pub(super) fn call(
        &mut self,
        frame: &mut Frame,
        function: &Function,
        slots: &[Slot],
        args: &[Expr],
        shape: Shape,
    ) -> Flow<Value> {
        if !slots.is_empty() {
            return refused("a derivative within a definition, on a tape");
        }
        if let (Function::Elementary(Elementary::Delta), [left, right]) = (function, args) {
            let sides = (self.evaluator.index(&frame.scope, *left)?, self.evaluator.index(&frame.scope, *right)?);
            return Ok(self.constant(f64::from(u8::from(sides.0 == sides.1))));
        }
        let args: Vec<Value> = args.iter().map(|&arg| self.expression(frame, arg)).collect::<Flow<_>>()?;
        let is_entrywise = args.len() == 1 && self.evaluator.is_entrywise(function, slots, shape);
        let value = match function {
            Function::Elementary(function) => self.elementary(*function, &args)?,
            Function::Declared { symbol, indices } => {
                let model = self.model;
                match model.functions.get(symbol) {
                    Some(FunctionBody::Elementary(function)) => self.elementary(*function, &args)?,
                    Some(FunctionBody::Expression { parameters, body }) if parameters.len() == args.len() => {
                        let mut inner = Frame::new(Scope::new(Vec::new()));
                        inner.parameters = parameters.iter().copied().zip(args.iter().copied()).collect();
                        self.expression(&mut inner, *body)?
                    }
                    Some(FunctionBody::Expression { .. }) => {
                        return Err(Error::Misfit("the arguments of a function").into());
                    }
                    None => {
                        let indices = self.evaluator.indices(&frame.scope, indices)?;
                        let witness = self.evaluator.witness(*symbol)?;
                        self.arbitrary(&witness, &indices, &args, is_entrywise)?
                    }
                }
            }
        };
        match args[..] {
            [Value { form, .. }] if is_entrywise => Ok(self.fit(value, form)?),
            _ => Ok(value),
        }
    }

    fn elementary(&mut self, function: Elementary, args: &[Value]) -> Flow<Value> {
        if matches!(function, Elementary::Max | Elementary::Min) {
            let numbers: Vec<Id> = args.iter().flat_map(|arg| self.program.entries(arg.node)).collect();
            let which = if function == Elementary::Max { Extremum::Supremum } else { Extremum::Infimum };
            return Ok(scalar(self.program.extreme(numbers, which)));
        }
        match args {
            [arg] if function.row().arity == 1 => Ok(Value { node: self.program.apply(function, arg.node), ..*arg }),
            _ => Err(Error::Misfit("the arguments of a function").into()),
        }
    }

    /// The concrete function in the place of an arbitrary one, of all numbers or of each entry.
    fn arbitrary(&mut self, witness: &Witness, indices: &[i64], args: &[Value], is_entrywise: bool) -> Flow<Value> {
        let program = &mut self.program;
        let (numbers, form): (Vec<Id>, Form) = match args {
            [arg] if is_entrywise => (vec![arg.node], arg.form),
            _ => (args.iter().flat_map(|arg| program.entries(arg.node)).collect(), Form::Scalar),
        };
        let shift = shift(indices) as f64;
        let sum = |program: &mut Program| {
            program.combine(numbers.iter().map(|&number| (number, 1.0)).collect(), 0.0, form.len())
        };
        let node = match witness {
            Witness::Elementary(function) => {
                let sum = sum(program);
                let value = program.apply(*function, sum);
                program.combine(
                    [(value, 1.0), (sum, shift)].into_iter().filter(|(_, by)| *by != 0.0).collect(),
                    0.0,
                    form.len(),
                )
            }
            Witness::Polynomial(_) => {
                let Witness::Polynomial(coefficients) = witness.written_out(indices) else {
                    return refused("this polynomial, on a tape");
                };
                let coefficients: Vec<f64> = coefficients.iter().map(to_f64).collect();
                let sum = sum(program);
                program.polynomial(&coefficients, sum)
            }
            Witness::Powers(exponent) => {
                let powers = numbers.iter().map(|&number| (program.power(number, f64::from(*exponent)), 1.0 + shift));
                let powers = powers.collect();
                program.combine(powers, 0.0, form.len())
            }
            Witness::Curved(_) | Witness::Bent(_) => return refused("a curve in the place of a function, on a tape"),
            Witness::Generic(_) | Witness::Terms(_) | Witness::Arbitrary(_) => {
                match witness.terms(indices, numbers.len()) {
                    Some(terms) if terms.len() <= MAX_TERMS => program.terms(&terms, &numbers, form.len()),
                    Some(_) | None => return refused("so large a polynomial, on a tape"),
                }
            }
        };
        Ok(Value { node, form })
    }
}

impl Program {
    /// A polynomial by its coefficients from the constant up (Horner).
    fn polynomial(&mut self, coefficients: &[f64], at: Id) -> Id {
        let len = self.len_of(at);
        coefficients.iter().rev().fold(self.combine(Vec::new(), 0.0, len), |value, &coefficient| {
            let product = self.multiply(value, at);
            self.combine(vec![(product, 1.0)], coefficient, len)
        })
    }

    fn terms(&mut self, terms: &[Term], numbers: &[Id], len: usize) -> Id {
        let (mut parts, mut constant) = (Vec::new(), 0.0);
        for Term { coefficient, exponents } in terms {
            let mut product = None;
            for (&number, &exponent) in numbers.iter().zip(exponents).filter(|(_, exponent)| **exponent > 0) {
                let power = self.power(number, f64::from(exponent));
                product = Some(product.map_or(power, |product| self.multiply(product, power)));
            }
            match product {
                Some(product) => parts.push((product, to_f64(coefficient))),
                None => constant += to_f64(coefficient),
            }
        }
        self.combine(parts, constant, len)
    }
}
