//! The bench: evaluation of expressions at a point, with an account of the steps.

use std::cell::{Cell, RefCell};

use crate::expr::{Arena, Expr};
use crate::model::Model;
use crate::numeric::{Assignment, Error, Field, Givens, Tensor, evaluate_within};
use crate::proof::refute::line::Decided;
use crate::proof::refute::starts::Starts;

/// Evaluates expressions of one derivation, and counts.
pub(super) struct Bench<'a> {
    pub arena: &'a Arena,
    pub model: &'a Model,
    starts: &'a Starts,
    /// How many steps have been taken.
    pub spent: Cell<u64>,
    /// How many steps one evaluation may take.
    pub most: u64,
    /// Statements about the whole line that were decided lately.
    pub(super) decided: RefCell<Vec<Decided>>,
}

/// The values of some expressions, in order.
pub(super) type Values<F> = Vec<Result<Tensor<<F as Field>::Element>, Error>>;

impl<'a> Bench<'a> {
    pub(super) fn new(arena: &'a Arena, model: &'a Model, starts: &'a Starts, most: u64) -> Bench<'a> {
        Bench { arena, model, starts, spent: Cell::new(0), most, decided: RefCell::default() }
    }

    /// A bench for the same derivation with an account of its own.
    pub(super) fn apart(&self, most: u64) -> Bench<'a> {
        Bench::new(self.arena, self.model, self.starts, most)
    }

    /// Whether a whole search should have come to an end.
    pub(super) fn is_exhausted(&self) -> bool {
        self.spent.get() > self.most
    }

    /// Counts further steps.
    pub(super) fn charge(&self, steps: u64) {
        self.spent.set(self.spent.get() + steps);
    }

    /// What is tried one after the other, until the steps are taken.
    pub(super) fn while_paid<T>(&self, tried: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        tried.take_while(|_| !self.is_exhausted())
    }

    /// The values of expressions at a point; the givens that were read are added to `read`.
    ///
    /// What reads a member of a defined family where nothing defines it and no definition asks for it as a start is
    /// undefined.
    pub(super) fn values<F: Field>(
        &self,
        point: &Assignment,
        field: &F,
        exprs: &[Expr],
        read: &mut Givens,
    ) -> Values<F> {
        let evaluation = evaluate_within(self.arena, self.model, point, field, exprs, self.most);
        self.spent.set(self.spent.get() + evaluation.steps);
        let nowhere =
            evaluation.givens.keys().any(|(symbol, indices)| self.starts.is_nowhere(self, point, *symbol, indices));
        read.extend(evaluation.givens);
        if nowhere {
            return exprs.iter().map(|_| Err(Error::Undefined("a member that nothing defines"))).collect();
        }
        evaluation.values
    }
}
