//! The elementary functions of a claim: which of their laws are asked for, and over how many steps they reach.

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Function, Node, Prop, SymbolKind, Tensor};
use crate::model::{FunctionBody, Model};
use crate::numeric::Laws;
use crate::proof::cases::Refusal;
use crate::proof::cases::graph::reached;
use crate::proof::cases::need::{NOTHING, Need, ONE};
use crate::proof::cases::survey::Survey;

/// The laws of the functions and roots that stand in some expressions and in what they lead to; `None` where there are
/// none of either.
pub(super) fn asked_for(arena: &Arena, model: &Model, sides: &[Expr]) -> Option<Laws> {
    let (mut laws, mut are_any) = (Laws::default(), false);
    for part in reached(arena, model, sides) {
        are_any |= match arena.node(part) {
            Node::Call { function, .. } => {
                let function = elementary(model, function);
                function.into_iter().for_each(|function| add(&mut laws, function));
                function.is_some()
            }
            Node::Tensor { op: Tensor::Softmax, .. } => {
                laws.has_exponents = true;
                true
            }
            Node::Tensor { op: Tensor::Norm, .. } => true,
            Node::Power(_, exponent) => arena.as_number(*exponent).is_some_and(|number| !number.is_int()),
            _ => false,
        };
    }
    are_any.then_some(laws)
}

/// The elementary function that is called, if not one of indices.
pub(super) fn elementary(model: &Model, function: &Function) -> Option<Elementary> {
    let function = match function {
        Function::Elementary(function) => Some(*function),
        Function::Declared { symbol, .. } => match model.functions.get(symbol) {
            Some(FunctionBody::Elementary(function)) => Some(*function),
            Some(FunctionBody::Expression { .. }) | None => None,
        },
    };
    function.filter(|function| *function != Elementary::Delta)
}

fn add(laws: &mut Laws, function: Elementary) {
    let Some(nature) = function.row().nature else { return };
    laws.has_exponents |= nature.exponents;
    laws.has_logarithms |= nature.logarithms;
    laws.has_angles |= nature.angles;
}

/// Whether a statement compares numbers by their order, and holds on a region and at the ends of it only. A limit that may
/// be reached is one of the values of a given, so that its two sides lie beside it.
pub(super) fn is_of_order(arena: &Arena, model: &Model, prop: &Prop) -> bool {
    match prop {
        Prop::Compare(Comparison::Less, ..) => true,
        Prop::Compare(Comparison::LessEqual, left, right) => {
            let symbol = |expr: Expr| match *arena.node(expr) {
                Node::Symbol { symbol, .. } => Some(symbol),
                _ => None,
            };
            let given = |side: Expr| match *arena.node(side) {
                Node::Entry { of, .. } => symbol(of),
                _ => symbol(side),
            };
            let is_apart = |one: Expr, other: Expr| {
                given(one).is_some_and(|own| {
                    let mut others = reached(arena, model, &[other]).into_iter();
                    !model.is_defined(own) && !others.any(|part| symbol(part) == Some(own))
                })
            };
            is_apart(*left, *right) || is_apart(*right, *left)
        }
        Prop::And(parts) => parts.iter().all(|part| is_of_order(arena, model, part)),
        Prop::Compare(Comparison::Equal | Comparison::NotEqual | Comparison::Approximately, ..)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::Integer(_)
        | Prop::Implies(..)
        | Prop::Iff(..)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => false,
    }
}

/// Whether a function of numbers is made of them piece by piece, so that their indices of entries stand in its monomials.
pub(super) fn is_piecewise(function: Elementary) -> bool {
    function.row().cases.is_some() && function != Elementary::Sign
}

/// Whether what a function is taken of stands beside it, too.
pub(super) fn stands_beside(function: Elementary) -> bool {
    function.row().nature.is_none_or(|nature| nature.stands_beside)
}

impl Survey<'_> {
    /// Whether the value of a function rests on the signs of what it is taken of.
    pub fn tells_signs(&self, function: &Function) -> bool {
        if let Function::Declared { symbol, .. } = function
            && let Some(FunctionBody::Expression { body, .. }) = self.model.functions.get(symbol)
        {
            return asked_for(self.arena, self.model, &[*body]).is_some();
        }
        elementary(self.model, function).is_some_and(|function| function.row().cases.is_some())
    }

    /// Whether a logarithm of sums stands in an exponent: the powers of them are not counted.
    pub fn turns_back(&self, exponent: Expr) -> bool {
        let need = self.needs[&exponent];
        (need.letters > 0 || need.counts > 0)
            && reached(self.arena, self.model, &[exponent]).into_iter().any(|part| match self.arena.node(part) {
                Node::Call { function, .. } => {
                    let nature = elementary(self.model, function).and_then(|function| function.row().nature);
                    nature.is_some_and(|nature| nature.logarithms)
                }
                _ => false,
            })
    }

    /// The need of a function of what spreads over several steps.
    pub fn of_several_steps(&mut self, function: &Function, args: &[Expr]) -> Result<Need, Refusal> {
        let (of, need) = match (elementary(self.model, function), args) {
            (Some(Elementary::Exp), &[exponent]) => (exponent, self.exponential(exponent)?),
            (Some(Elementary::Log), &[of]) => (of, self.logarithm(of)?),
            _ => return Err(Refusal::Outside("a function of several steps")),
        };
        Ok(Need { inner: need.inner.max(self.needs[&of].inside().inner), ..need })
    }

    /// `e^x` of a sum over steps is a product over them, and of a multiple of a letter a power.
    fn exponential(&mut self, exponent: Expr) -> Result<Need, Refusal> {
        let arena = self.arena;
        let need = self.needs[&exponent];
        if need.is_near() {
            return Ok(need.inside());
        }
        match arena.node(exponent) {
            Node::Bound(_) => Ok(ONE.far(1)),
            Node::Symbol { indices, symbol, .. }
                if indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer =>
            {
                Ok(ONE.far(1))
            }
            Node::Sum(parts) => parts.iter().try_fold(ONE, |product, &part| Ok(product.times(self.exponential(part)?))),
            Node::Product(factors) => match self.but_constants(factors)[..] {
                [factor] => self.exponential(factor),
                _ => Err(Refusal::Outside("an exponential of products of several steps")),
            },
            Node::Big { op: Big::Sum, lower, upper, body, .. } if self.needs[body].is_near() => {
                let late = self.late(*lower, *upper)?;
                Ok(self.needs[body].inside().far(late))
            }
            _ => Err(Refusal::Outside("an exponential of several steps")),
        }
    }

    /// The logarithm of a product over steps is a sum over them.
    fn logarithm(&mut self, of: Expr) -> Result<Need, Refusal> {
        let arena = self.arena;
        let need = self.needs[&of];
        if need.is_near() {
            return Ok(need.inside_and_beside());
        }
        match arena.node(of) {
            Node::Call { function: Function::Elementary(Elementary::Exp), slots, args } if slots.is_empty() => {
                Ok(self.needs[&args[0]])
            }
            Node::Product(factors) => {
                factors.iter().try_fold(NOTHING, |sum, &factor| Ok(sum.plus(self.logarithm(factor)?)))
            }
            Node::Power(base, exponent) if arena.as_number(*exponent).is_some() => self.logarithm(*base),
            Node::Big { op: Big::Product, lower, upper, body, .. } if self.needs[body].is_near() => {
                let late = self.late(*lower, *upper)?;
                Ok(self.needs[body].inside_and_beside().summed(late))
            }
            _ => Err(Refusal::Outside("a logarithm of several steps")),
        }
    }

    /// The factors that are not the same at all steps.
    fn but_constants(&self, factors: &[Expr]) -> Vec<Expr> {
        factors.iter().copied().filter(|factor| !self.needs[factor].is_constant()).collect()
    }
}
