//! From definitions of numbers to the operations of a tape.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::expr::Arena;
use crate::expr::Big;
use crate::expr::Comparison;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Function;
use crate::expr::Node as Meaning;
use crate::expr::Prop;
use crate::expr::SymbolId;
use crate::expr::SymbolKind;
use crate::model::Argument;
use crate::model::Definition;
use crate::model::FunctionBody;
use crate::model::Model;
use crate::number::rational::to_f64;
use crate::numeric::Assignment;
use crate::numeric::Error;
use crate::numeric::Floats;
use crate::numeric::Witness;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::key::Key;
use crate::numeric::scope::Scope;
use crate::numeric::series::program::Node;
use crate::numeric::series::program::Op;
use crate::numeric::series::program::Operand;
use crate::numeric::series::program::Phase;

/// What was compiled, and which inputs it reads.
pub(super) struct Compiler<'a> {
    arena: &'a Arena,
    model: &'a Model,
    assignment: &'a Assignment,
    evaluator: Evaluator<'a, Floats>,
    pub(super) nodes: Vec<Node>,
    /// The numbers that never change, by their bits.
    pub(super) constants: BTreeMap<u64, usize>,
    /// Parameters and members at fixed indices.
    pub(super) variables: BTreeMap<(SymbolId, Vec<i64>), usize>,
    /// The families, given or defined.
    pub(super) families: BTreeMap<SymbolId, usize>,
    /// The time itself.
    pub(super) clock: Option<usize>,
    /// Definitions without an index.
    named: BTreeMap<SymbolId, Operand>,
}

/// The letter that stands for the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    None,
    Symbol(SymbolId),
    Bound(u32),
}

/// What stands around an expression.
struct Context {
    letter: Letter,
    parameters: Vec<(SymbolId, Operand)>,
    memo: HashMap<Expr, Operand>,
}

impl Context {
    fn new(letter: Letter) -> Context {
        Context { letter, parameters: Vec::new(), memo: HashMap::new() }
    }
}

const NOT_COMPILED: Error = Error::Unsupported("this kind of expression on a tape");

impl<'a> Compiler<'a> {
    pub(super) fn new(arena: &'a Arena, model: &'a Model, assignment: &'a Assignment) -> Compiler<'a> {
        Compiler {
            arena,
            model,
            assignment,
            evaluator: Evaluator::new(arena, model, assignment, &Floats),
            nodes: Vec::new(),
            constants: BTreeMap::new(),
            variables: BTreeMap::new(),
            families: BTreeMap::new(),
            clock: None,
            named: BTreeMap::new(),
        }
    }

    /// Compiles the number that the tape is for.
    pub(super) fn root(&mut self, of: Expr) -> Result<usize, Error> {
        let operand = self.expression(&mut Context::new(Letter::None), of)?;
        Ok(operand.node)
    }

    /// The value of a given member or of the start of a recurrence.
    pub(super) fn given(&mut self, symbol: SymbolId, indices: &[i64]) -> Result<f64, Error> {
        self.evaluator.scalar_member(Key::of(symbol, indices.into()))
    }

    fn push(&mut self, op: Op) -> Result<Operand, Error> {
        let phases = op.operands().into_iter().map(|operand| self.nodes[operand.node].phase);
        let phases: Vec<Phase> = phases.collect();
        let phase = match op {
            Op::Sum(..) | Op::Read(..) => Phase::After,
            Op::Input | Op::Add(..) | Op::Multiply(..) | Op::MultiplyAdd(..) | Op::Power(..) | Op::Apply(..) => {
                phases.iter().copied().max().unwrap_or(Phase::Before)
            }
        };
        if phase == Phase::After && phases.contains(&Phase::During) {
            return Err(Error::Unsupported("a total over all times within a recurrence, on a tape"));
        }
        self.nodes.push(Node::new(op, phase));
        Ok(Operand { node: self.nodes.len() - 1, offset: 0 })
    }

    fn constant(&mut self, value: f64) -> Operand {
        let next = self.nodes.len();
        let node = *self.constants.entry(value.to_bits()).or_insert(next);
        if node == next {
            self.nodes.push(Node::new(Op::Input, Phase::Before));
        }
        Operand { node, offset: 0 }
    }

    fn variable(&mut self, symbol: SymbolId, indices: Vec<i64>) -> Operand {
        let next = self.nodes.len();
        let node = *self.variables.entry((symbol, indices)).or_insert(next);
        if node == next {
            self.nodes.push(Node::new(Op::Input, Phase::Before));
        }
        Operand { node, offset: 0 }
    }

    fn expression(&mut self, context: &mut Context, expr: Expr) -> Result<Operand, Error> {
        if let Some(&operand) = context.memo.get(&expr) {
            return Ok(operand);
        }
        let operand = self.fresh(context, expr)?;
        context.memo.insert(expr, operand);
        Ok(operand)
    }

    fn fresh(&mut self, context: &mut Context, expr: Expr) -> Result<Operand, Error> {
        let arena = self.arena;
        match arena.node(expr) {
            Meaning::Number(value) => Ok(self.constant(to_f64(value))),
            Meaning::Pi => Ok(self.constant(std::f64::consts::PI)),
            Meaning::Bound(height) if context.letter == Letter::Bound(*height) => self.time(),
            Meaning::Symbol { symbol, indices, .. } => self.symbol(context, *symbol, indices),
            Meaning::Sum(parts) => self.sum(context, parts),
            Meaning::Product(parts) => self.product(context, parts),
            Meaning::Power(base, exponent) => self.power(context, *base, *exponent),
            Meaning::Call { function, slots, args } if slots.is_empty() => self.call(context, function, args),
            Meaning::Big { op: Big::Sum, height, lower, upper, body } if context.letter == Letter::None => {
                let nowhere = Scope::new(Vec::new());
                let (lower, upper) = (self.evaluator.index(&nowhere, *lower)?, self.evaluator.index(&nowhere, *upper)?);
                self.total(*height, (lower, upper), *body)
            }
            Meaning::Call { .. }
            | Meaning::Big { .. }
            | Meaning::Bound(_)
            | Meaning::Infinity
            | Meaning::Cases(_)
            | Meaning::MatMul(_)
            | Meaning::MatrixPower(..)
            | Meaning::Transpose(_)
            | Meaning::Entry { .. }
            | Meaning::Literal { .. }
            | Meaning::Identity(_)
            | Meaning::Fill(..)
            | Meaning::Unit(..)
            | Meaning::Tensor { .. }
            | Meaning::Derivative { .. }
            | Meaning::At { .. }
            | Meaning::Limit { .. }
            | Meaning::Extremum { .. } => Err(NOT_COMPILED),
        }
    }

    fn time(&mut self) -> Result<Operand, Error> {
        let next = self.nodes.len();
        let node = *self.clock.get_or_insert(next);
        if node == next {
            self.nodes.push(Node::new(Op::Input, Phase::During));
        }
        Ok(Operand { node, offset: 0 })
    }

    fn total(&mut self, height: u32, (lower, upper): (i64, i64), body: Expr) -> Result<Operand, Error> {
        if upper < lower {
            return Ok(self.constant(0.0));
        }
        let term = self.expression(&mut Context::new(Letter::Bound(height)), body)?;
        match self.nodes[term.node].phase {
            Phase::During => self.push(Op::Sum(term.node, lower + term.offset, upper + term.offset)),
            Phase::Before | Phase::After => {
                let count = self.constant((upper - lower + 1) as f64);
                self.push(Op::Multiply(count, term))
            }
        }
    }

    fn symbol(&mut self, context: &mut Context, symbol: SymbolId, indices: &[Expr]) -> Result<Operand, Error> {
        let parameter = context.parameters.iter().rev().find(|(own, _)| *own == symbol);
        if let (Some((_, operand)), []) = (parameter, indices) {
            return Ok(*operand);
        }
        if context.letter == Letter::Symbol(symbol) {
            return self.time();
        }
        match indices {
            [] if self.arena.kind(symbol) == SymbolKind::Integer || self.assignment.integers.contains_key(&symbol) => {
                let value = self.evaluator.integer_symbol(&Scope::new(Vec::new()), symbol, &[])?;
                Ok(self.constant(value as f64))
            }
            [] => match self.definition_of(symbol)? {
                None => Ok(self.variable(symbol, Vec::new())),
                Some(definition) => self.named(symbol, definition.body),
            },
            [index] => match self.distance(context, *index)? {
                Distance::Relative(offset) => Ok(Operand { node: self.family(symbol)?, offset }),
                Distance::Fixed(at) => self.fixed(symbol, at),
            },
            [_, _, ..] => Err(Error::Unsupported("a family of several indices on a tape")),
        }
    }

    fn named(&mut self, symbol: SymbolId, body: Expr) -> Result<Operand, Error> {
        if let Some(&operand) = self.named.get(&symbol) {
            return Ok(operand);
        }
        let operand = self.expression(&mut Context::new(Letter::None), body)?;
        self.named.insert(symbol, operand);
        Ok(operand)
    }

    /// A member at a fixed index: of a given family an input, of a defined one what was worked out at that time.
    fn fixed(&mut self, symbol: SymbolId, at: i64) -> Result<Operand, Error> {
        if self.definition_of(symbol)?.is_none() {
            return Ok(self.variable(symbol, vec![at]));
        }
        let family = self.family(symbol)?;
        self.push(Op::Read(family, at))
    }

    /// How an index follows the time.
    fn distance(&self, context: &Context, index: Expr) -> Result<Distance, Error> {
        let at = |time: i64| {
            let scope = match context.letter {
                Letter::None => Scope::new(Vec::new()),
                Letter::Symbol(letter) => Scope::new(vec![(letter, time)]),
                Letter::Bound(height) => {
                    let mut scope = Scope::new(Vec::new());
                    scope.open(height, time);
                    scope
                }
            };
            self.evaluator.index(&scope, index)
        };
        let (zero, one, more) = (at(0)?, at(1)?, at(17)?);
        match (one - zero, more - zero) {
            (0, 0) => Ok(Distance::Fixed(zero)),
            (1, 17) => Ok(Distance::Relative(zero)),
            _ => Err(Error::Unsupported("an index that is not at a fixed distance, on a tape")),
        }
    }

    /// The definition by which a tape goes: the one with a letter, or the one without indices.
    fn definition_of(&self, symbol: SymbolId) -> Result<Option<&'a Definition>, Error> {
        let model = self.model;
        let mut general = model.definitions_of(symbol).filter(|definition| {
            definition.components.is_empty() && definition.indices.iter().all(|i| matches!(i, Argument::Letter(_)))
        });
        match (general.next(), general.next()) {
            (Some(_), Some(_)) => Err(Error::Unsupported("a family with several definitions on a tape")),
            (first, _) => Ok(first),
        }
    }

    fn family(&mut self, symbol: SymbolId) -> Result<usize, Error> {
        if let Some(&node) = self.families.get(&symbol) {
            return Ok(node);
        }
        let node = self.nodes.len();
        self.nodes.push(Node { family: Some(symbol), ..Node::new(Op::Input, Phase::During) });
        self.families.insert(symbol, node);
        let Some(definition) = self.definition_of(symbol)? else {
            return Ok(node);
        };
        let [Argument::Letter(letter)] = definition.indices[..] else {
            return Err(Error::Unsupported("a family of several indices on a tape"));
        };
        for prop in &definition.range {
            self.restrict(node, letter, prop)?;
        }
        let body = self.expression(&mut Context::new(Letter::Symbol(letter)), definition.body)?;
        let phase = self.nodes[body.node].phase;
        if phase == Phase::After {
            return Err(Error::Unsupported("a total over all times within a recurrence, on a tape"));
        }
        // What was made last for this family alone becomes the family; everything else is copied.
        let is_last = body.node + 1 == self.nodes.len() && body.node > node && self.nodes[body.node].family.is_none();
        self.nodes[node].op = if is_last && phase == Phase::During && self.nodes[body.node].op != Op::Input {
            self.nodes.pop().map_or(Op::Input, |last| last.op)
        } else {
            Op::Power(body, 1.0)
        };
        Ok(node)
    }

    /// Narrows the times at which a definition holds.
    fn restrict(&mut self, node: usize, letter: SymbolId, prop: &Prop) -> Result<(), Error> {
        let unsupported = Err(Error::Unsupported("this condition on a definition, on a tape"));
        let (strict, left, right) = match (prop, prop.order()) {
            (Prop::And(parts), _) => return parts.iter().try_for_each(|part| self.restrict(node, letter, part)),
            (Prop::Integer(_), _) => return Ok(()),
            (_, Some((how, left, right))) => (i64::from(how == Comparison::Less), left, right),
            (_, None) => return unsupported,
        };
        let is_letter =
            |expr: Expr| matches!(self.arena.node(expr), Meaning::Symbol { symbol, .. } if *symbol == letter);
        let nowhere = Scope::new(Vec::new());
        if is_letter(right) {
            let from = self.evaluator.index(&nowhere, left)? + strict;
            self.nodes[node].from = self.nodes[node].from.max(from);
        } else if is_letter(left) {
            let to = self.evaluator.index(&nowhere, right)? - strict;
            self.nodes[node].to = self.nodes[node].to.min(to);
        } else {
            return unsupported;
        }
        Ok(())
    }

    /// The sum, with what is known first before what comes late, so that a recurrence waits for little.
    fn sum(&mut self, context: &mut Context, parts: &[Expr]) -> Result<Operand, Error> {
        let mut total: Option<Operand> = None;
        for part in self.by_urgency(context, parts) {
            let factors = match self.arena.node(part) {
                Meaning::Product(factors) if !context.memo.contains_key(&part) => self.by_urgency(context, factors),
                _ => vec![part],
            };
            total = Some(match (total, &factors[..]) {
                (Some(total), [first @ .., last]) if !first.is_empty() => {
                    let first = self.product(context, first)?;
                    let last = self.expression(context, *last)?;
                    self.push(Op::MultiplyAdd(first, last, total))?
                }
                (Some(total), _) => {
                    let part = self.expression(context, part)?;
                    self.push(Op::Add(total, part))?
                }
                (None, _) => self.expression(context, part)?,
            });
        }
        total.ok_or(NOT_COMPILED)
    }

    fn product(&mut self, context: &mut Context, parts: &[Expr]) -> Result<Operand, Error> {
        let mut product: Option<Operand> = None;
        for part in self.by_urgency(context, parts) {
            let factor = self.expression(context, part)?;
            product = Some(match product {
                None => factor,
                Some(product) => self.push(Op::Multiply(product, factor))?,
            });
        }
        product.ok_or(NOT_COMPILED)
    }

    /// Numbers first, then givens, then what is defined, then what reads the past.
    fn by_urgency(&self, context: &Context, parts: &[Expr]) -> Vec<Expr> {
        let mut ranked: Vec<(u8, Expr)> = parts.iter().map(|&part| (self.urgency(context, part), part)).collect();
        ranked.sort_by_key(|(urgency, _)| *urgency);
        ranked.into_iter().map(|(_, part)| part).collect()
    }

    fn urgency(&self, context: &Context, part: Expr) -> u8 {
        let mut urgency = 0;
        for expr in self.arena.reachable(&[part]) {
            let Meaning::Symbol { symbol, indices, .. } = self.arena.node(expr) else {
                continue;
            };
            let own = match indices[..] {
                [] => 1,
                [index] if self.model.is_defined(*symbol) => match self.distance(context, index) {
                    Ok(Distance::Relative(0)) => 3,
                    Ok(Distance::Relative(_)) => 4,
                    Ok(Distance::Fixed(_)) | Err(_) => 2,
                },
                _ => 2,
            };
            urgency = urgency.max(own);
        }
        urgency
    }

    fn power(&mut self, context: &mut Context, base: Expr, exponent: Expr) -> Result<Operand, Error> {
        let known = self.evaluator.exact(&Scope::new(Vec::new()), exponent);
        let base = self.expression(context, base)?;
        if let Ok(Some(exponent)) = known {
            return self.push(Op::Power(base, to_f64(&exponent)));
        }
        let exponent = self.expression(context, exponent)?;
        let logarithm = self.push(Op::Apply(Elementary::Log, base))?;
        let product = self.push(Op::Multiply(exponent, logarithm))?;
        self.push(Op::Apply(Elementary::Exp, product))
    }

    fn call(&mut self, context: &mut Context, function: &Function, args: &[Expr]) -> Result<Operand, Error> {
        let operands: Vec<Operand> = args.iter().map(|&arg| self.expression(context, arg)).collect::<Result<_, _>>()?;
        match function {
            Function::Elementary(function) => self.apply(*function, &operands),
            Function::Declared { symbol, indices } => {
                let model = self.model;
                match model.functions.get(symbol) {
                    Some(FunctionBody::Elementary(function)) => self.apply(*function, &operands),
                    Some(FunctionBody::Expression { parameters, body }) => {
                        let parameters = parameters.iter().copied().zip(operands).collect();
                        let mut inner = Context { parameters, ..Context::new(Letter::None) };
                        self.expression(&mut inner, *body)
                    }
                    None if indices.is_empty() => self.witness(*symbol, &operands),
                    None => Err(Error::Unsupported("a family of functions on a tape")),
                }
            }
        }
    }

    fn apply(&mut self, function: Elementary, args: &[Operand]) -> Result<Operand, Error> {
        match (function.row().arity, args) {
            (1, [arg]) => self.push(Op::Apply(function, *arg)),
            _ => Err(NOT_COMPILED),
        }
    }

    fn witness(&mut self, symbol: SymbolId, args: &[Operand]) -> Result<Operand, Error> {
        let (Some(witness), [arg]) = (self.assignment.functions.get(&symbol), args) else {
            return Err(Error::Missing(symbol, Vec::new()));
        };
        match witness.written_out(&[]) {
            Witness::Elementary(function) => self.apply(function, args),
            Witness::Polynomial(coefficients) => {
                let mut value = self.constant(0.0);
                for coefficient in coefficients.iter().rev() {
                    let coefficient = self.constant(to_f64(coefficient));
                    value = self.push(Op::MultiplyAdd(value, *arg, coefficient))?;
                }
                Ok(value)
            }
            Witness::Powers(_)
            | Witness::Generic(_)
            | Witness::Terms(_)
            | Witness::Curved(_)
            | Witness::Bent(_)
            | Witness::Arbitrary(_) => Err(NOT_COMPILED),
        }
    }
}

/// How an index follows the time.
enum Distance {
    /// The time plus this.
    Relative(i64),
    /// Always this.
    Fixed(i64),
}
