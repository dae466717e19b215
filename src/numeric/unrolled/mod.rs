//! Definitions written out member by member, as one list of operations on numbers, vectors and matrices.
//!
//! All values lie in one buffer, the adjoints in another of the same layout; a run forwards or backwards allocates
//! nothing but the result, save for inverses and determinants. Members of a family follow each other, so that the
//! products of one matrix by many columns are one product of matrices wherever none of them needs another, and a
//! matrix gets its whole derivative by one product (see `batch.rs`).
//!
//! Limits: no derivatives or limits within definitions, no case that hangs on a value, no spectral norm; some two
//! million operations. A determinant has no slope here where it is 0.
//!
//! To add an operation: its variant of `Op`, and its arms in `forward.rs` and `backward.rs`.

mod backward;
mod batch;
mod buffer;
mod compile;
mod forward;
mod kernel;
mod layout;
mod members;
mod program;
mod tensors;

use crate::expr::Arena;
use crate::expr::Expr;
use crate::expr::Node as Meaning;
use crate::model::Model;
use crate::numeric::Assignment;
use crate::numeric::Error;
use crate::numeric::Floats;
use crate::numeric::Form;
use crate::numeric::Tensor;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::key::Indices;
use crate::numeric::key::Key;
use crate::numeric::scope::Scope;
use crate::numeric::unrolled::batch::Graph;
use crate::numeric::unrolled::buffer::Buffer;
use crate::numeric::unrolled::compile::Compiler;
use crate::numeric::unrolled::layout::Layout;
use crate::numeric::unrolled::layout::Step;
use crate::numeric::unrolled::program::Id;
use crate::numeric::unrolled::program::Node;
use crate::numeric::unrolled::program::Op;

/// A number as a function of parameters and data, compiled.
#[derive(Debug, Clone)]
pub(super) struct Unrolled {
    nodes: Vec<Node>,
    /// Where the entries of each node begin, in both buffers.
    at: Vec<usize>,
    /// Whether a node follows one of the variables.
    active: Vec<bool>,
    steps: Vec<Step>,
    values: Buffer,
    adjoints: Buffer,
    root: Id,
    variables: Vec<Variable>,
}

/// The variable of a gradient: a member, or one entry of it.
#[derive(Debug, Clone)]
struct Variable {
    /// Where it is worked out; `None` where the number does not hang on it.
    node: Option<Id>,
    form: Form,
    position: Option<usize>,
}

impl Unrolled {
    /// Compiles `of` as a function of the variables `by`.
    pub(super) fn compile(
        arena: &Arena,
        model: &Model,
        assignment: &Assignment,
        of: Expr,
        by: &[Expr],
    ) -> Result<Unrolled, Error> {
        let evaluator = Evaluator::new(arena, model, assignment, &Floats);
        let wanted = by.iter().map(|&by| wanted(&evaluator, by)).collect::<Result<Vec<_>, Error>>()?;
        let keys = wanted.iter().map(|(key, ..)| key.clone()).collect();
        let mut compiler = Compiler::new(arena, model, assignment, keys);
        let root = compiler.root(of)?;
        if root.form != Form::Scalar {
            return Err(Error::Misfit("the gradient of a tensor"));
        }
        let node_of = |key: &Key| compiler.members.get(key).map(|value| value.node);
        let from: Vec<Id> = wanted.iter().filter_map(|(key, ..)| node_of(key)).collect();
        let graph = Graph::new(&compiler.program, root.node, &from);
        let variable = |(key, form, position): (Key, Form, Option<usize>)| {
            let node = node_of(&key).filter(|&node| graph.is_live[node]);
            Variable { node, form, position }
        };
        let variables: Vec<Variable> = wanted.into_iter().map(variable).collect();
        let families = compiler.members.iter().filter(|(key, _)| key.entry.is_empty()).map(|(_, value)| value.node);
        let layout = Layout::new(&compiler.program, &graph, families);
        let mut unrolled = Unrolled {
            nodes: compiler.program.nodes,
            at: layout.at,
            steps: layout.steps,
            values: Buffer::new(layout.len),
            adjoints: Buffer::new(layout.len),
            root: root.node,
            variables,
            active: graph.is_active.clone(),
        };
        unrolled.load(&graph, &compiler.inputs);
        Ok(unrolled)
    }

    /// Gives the variable at this place of `by` another value.
    pub(super) fn set(&mut self, place: usize, value: &Tensor<f64>) -> Result<(), Error> {
        let Variable { node, form, position } = self.variables[place];
        if value.form() != position.map_or(form, |_| Form::Scalar) {
            return Err(Error::Misfit("the value of a variable"));
        }
        let Some(node) = node else {
            return Ok(());
        };
        if !matches!(self.nodes[node].op, Op::Input(_)) {
            return Err(Error::Unsupported("another value of what is defined"));
        }
        let part = self.part(node);
        let start = position.unwrap_or(0);
        self.values.write(part)[start..start + value.entries().len()].copy_from_slice(value.entries());
        Ok(())
    }

    /// The number.
    pub(super) fn value(&mut self) -> f64 {
        for step in 0..self.steps.len() {
            self.forward(step);
        }
        self.values.read(self.part(self.root))[0]
    }

    /// The number and its derivatives by the variables, in their order.
    pub(super) fn gradient(&mut self) -> (f64, Vec<Tensor<f64>>) {
        let value = self.value();
        self.adjoints.clear();
        let root = self.part(self.root);
        self.adjoints.write(root)[0] = 1.0;
        for step in (0..self.steps.len()).rev() {
            self.backward(step);
        }
        (value, self.variables.iter().map(|variable| self.derivative(variable)).collect())
    }

    fn derivative(&self, variable: &Variable) -> Tensor<f64> {
        let zeros = |form: Form| vec![0.0; form.len()];
        let entries =
            variable.node.map_or_else(|| zeros(variable.form), |node| self.adjoints.read(self.part(node)).to_vec());
        if let Some(position) = variable.position {
            return Tensor::Scalar(entries[position]);
        }
        Tensor::from_entries(variable.form, entries).unwrap_or(Tensor::Scalar(f64::NAN))
    }

    /// The entries of a node in the buffers.
    fn part(&self, node: Id) -> std::ops::Range<usize> {
        self.at[node]..self.at[node] + self.nodes[node].len
    }

    /// Writes what never changes and the values of the givens.
    fn load(&mut self, graph: &Graph, inputs: &[Vec<f64>]) {
        for node in (0..self.nodes.len()).filter(|&node| graph.is_live[node]) {
            let part = self.part(node);
            if let Op::Input(which) = self.nodes[node].op {
                self.values.write(part).copy_from_slice(&inputs[which]);
            } else if let Op::Constant(bits) = self.nodes[node].op {
                self.values.write(part)[0] = bits.get();
            }
        }
    }
}

/// The member by which a derivative is taken, its form, and the entry where it is by one alone.
fn wanted(evaluator: &Evaluator<'_, Floats>, by: Expr) -> Result<(Key, Form, Option<usize>), Error> {
    let scope = Scope::new(Vec::new());
    let nothing = Error::Unsupported("a derivative by something that is no symbol");
    let (member, at) = match evaluator.arena.node(by) {
        Meaning::Entry { of, at } => (*of, evaluator.indices(&scope, at)?),
        _ => (by, Indices::NONE),
    };
    let Meaning::Symbol { symbol, indices, shape } = evaluator.arena.node(member) else {
        return Err(nothing);
    };
    let form = evaluator.form(&scope, *shape)?;
    let position = if at.is_empty() { None } else { Some(form.position(&at)?) };
    let key = Key::of(*symbol, evaluator.indices(&scope, indices)?);
    Ok((key, form, position))
}

#[cfg(test)]
mod tests;
