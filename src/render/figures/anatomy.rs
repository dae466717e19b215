//! What a drawing needs to know of a model: which index is time, who uses whom, and who is what.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::expr::Arena;
use crate::expr::Big;
use crate::expr::Comparison;
use crate::expr::Expr;
use crate::expr::Function;
use crate::expr::Node;
use crate::expr::Prop;
use crate::expr::SymbolId;
use crate::figure::Label;
use crate::figure::NodeKind;
use crate::model::Argument;
use crate::model::Definition;
use crate::model::Model;
use crate::print;

/// The families that run over time, and how they are made from each other.
pub(super) struct Anatomy {
    /// The letter of time.
    pub time: SymbolId,
    /// Families with a member at each time, given or defined.
    pub timed: BTreeSet<SymbolId>,
    /// Families that are used at another time than the definition's own.
    pub states: BTreeSet<SymbolId>,
    /// Families that are only added up over time.
    pub losses: BTreeSet<SymbolId>,
    /// How many definitions stand below a family within one time step.
    pub levels: BTreeMap<SymbolId, usize>,
}

/// A member that stands in a definition.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Use {
    /// The member.
    pub of: Expr,
    /// The parameters that multiply it.
    pub weights: Vec<Expr>,
    /// The function that is applied to it and to nothing else, LaTeX.
    pub function: Option<String>,
}

impl Anatomy {
    /// Reads the definitions; `None` where no family runs over an index.
    pub fn of(arena: &mut Arena, model: &Model) -> Option<Anatomy> {
        let time = time_letter(arena, model)?;
        let letter = arena.symbol(time);
        let mut anatomy = Anatomy {
            time,
            timed: BTreeSet::new(),
            states: BTreeSet::new(),
            losses: BTreeSet::new(),
            levels: BTreeMap::new(),
        };
        for definition in &model.definitions {
            let runs = definition.indices.contains(&Argument::Letter(time));
            if runs {
                anatomy.timed.insert(definition.symbol);
            }
            for expr in arena.reachable(&[definition.body]) {
                match arena.node(expr) {
                    Node::Symbol { symbol, indices, .. }
                        if runs && indices.iter().any(|&at| arena.contains(at, letter)) =>
                    {
                        anatomy.timed.insert(*symbol);
                        if !indices.contains(&letter) && model.is_defined(*symbol) {
                            anatomy.states.insert(*symbol);
                        }
                    }
                    Node::Big { op: Big::Sum, body, .. } if !runs => {
                        if let Node::Symbol { symbol, .. } = arena.node(*body) {
                            anatomy.losses.insert(*symbol);
                        }
                    }
                    _ => {}
                }
            }
        }
        anatomy.levels = levels(arena, model, &anatomy);
        Some(anatomy)
    }

    /// The states in the order of their definitions.
    pub fn states_in_order(&self, model: &Model) -> Vec<SymbolId> {
        in_order(model, |symbol| self.states.contains(&symbol))
    }

    /// The defined families over time in the order of their definitions.
    pub fn defined_in_order(&self, model: &Model) -> Vec<SymbolId> {
        in_order(model, |symbol| self.timed.contains(&symbol))
    }

    /// What the family is in a drawing.
    pub fn kind(&self, model: &Model, symbol: SymbolId) -> NodeKind {
        let above_states = self.states.iter().filter_map(|state| self.levels.get(state)).max();
        if !model.is_defined(symbol) {
            NodeKind::Input
        } else if self.states.contains(&symbol) {
            NodeKind::State
        } else if self.losses.contains(&symbol) {
            NodeKind::Loss
        } else if self.levels.get(&symbol) > above_states {
            NodeKind::Output
        } else {
            NodeKind::Gate
        }
    }

    /// The level of a family, as a row.
    pub fn row(&self, symbol: SymbolId) -> f32 {
        u16::try_from(self.levels.get(&symbol).copied().unwrap_or(0)).map_or(0.0, f32::from)
    }

    /// The members of families over time in `body`, each once, with what multiplies it.
    pub fn uses(&self, arena: &Arena, model: &Model, body: Expr) -> Vec<Use> {
        let mut uses = Vec::new();
        self.collect(arena, model, body, &[], None, &mut uses);
        uses
    }

    fn collect(
        &self,
        arena: &Arena,
        model: &Model,
        expr: Expr,
        weights: &[Expr],
        by: Option<String>,
        uses: &mut Vec<Use>,
    ) {
        match arena.node(expr) {
            Node::Symbol { symbol, .. } if self.timed.contains(symbol) => {
                let found = Use { of: expr, weights: weights.to_vec(), function: by };
                match uses.iter_mut().find(|known| known.of == expr) {
                    Some(known) => known.weights.extend(found.weights.iter().filter(|w| !weights.contains(w))),
                    None => uses.push(found),
                }
            }
            Node::Product(parts) | Node::MatMul(parts) => {
                let (own, rest): (Vec<Expr>, Vec<Expr>) =
                    parts.iter().partition(|part| self.is_parameter(arena, model, **part));
                let weights = [weights, &own].concat();
                for part in rest {
                    self.collect(arena, model, part, &weights, None, uses);
                }
            }
            Node::Call { function, args, .. } => {
                let name = match function {
                    Function::Elementary(elementary) => elementary.row().latex.to_owned(),
                    Function::Declared { symbol, .. } => arena.name(*symbol).to_owned(),
                };
                for &arg in args {
                    self.collect(arena, model, arg, weights, Some(name.clone()).filter(|_| args.len() == 1), uses);
                }
            }
            Node::Big { .. } => {}
            _ => {
                for child in arena.children(expr) {
                    self.collect(arena, model, child, weights, None, uses);
                }
            }
        }
    }

    fn is_parameter(&self, arena: &Arena, model: &Model, expr: Expr) -> bool {
        match arena.node(expr) {
            Node::Symbol { symbol, .. } => {
                !self.timed.contains(symbol) && model.declarations.contains_key(symbol) && !model.is_defined(*symbol)
            }
            Node::Transpose(of) => self.is_parameter(arena, model, *of),
            _ => false,
        }
    }

    /// The definition of a family that holds for a letter of time.
    pub fn general<'a>(&self, model: &'a Model, symbol: SymbolId) -> Option<&'a Definition> {
        model.definitions_of(symbol).find(|definition| definition.indices.contains(&Argument::Letter(self.time)))
    }

    /// The right side of a member with these indices; `None` where it is given.
    pub fn body_at(&self, arena: &mut Arena, model: &Model, symbol: SymbolId, at: &[i64]) -> Option<Expr> {
        let at: Vec<Expr> = at.iter().map(|&value| arena.integer(value)).collect();
        for definition in model.definitions_of(symbol) {
            let Some(conditions) = definition.conditions(arena, &at) else { continue };
            if conditions.iter().all(|condition| holds(arena, condition)) {
                return definition.instance(arena, &at, &[]);
            }
        }
        None
    }
}

/// The LaTeX of an expression as a label.
pub(super) fn label(arena: &Arena, expr: Expr) -> Label {
    Label::math(&print::latex(arena, expr))
}

impl Use {
    /// What stands beside the arrow: the parameters, or else the function.
    pub fn label(&self, arena: &Arena) -> Option<Label> {
        if self.weights.is_empty() {
            return self.function.as_deref().map(Label::math);
        }
        let weights: Vec<String> = self.weights.iter().map(|&weight| print::latex(arena, weight)).collect();
        Some(Label::math(&weights.join(", ")))
    }
}

/// The letter `t` where a family runs over it; else the last index of the first family that has one.
fn time_letter(arena: &Arena, model: &Model) -> Option<SymbolId> {
    let letters: Vec<SymbolId> = model
        .definitions
        .iter()
        .flat_map(|definition| definition.indices.iter().rev())
        .filter_map(|index| match index {
            Argument::Letter(letter) => Some(*letter),
            Argument::Value(_) => None,
        })
        .collect();
    letters.iter().copied().find(|&letter| arena.name(letter) == "t").or(letters.first().copied())
}

fn in_order(model: &Model, wanted: impl Fn(SymbolId) -> bool) -> Vec<SymbolId> {
    let mut order = Vec::new();
    for definition in &model.definitions {
        if wanted(definition.symbol) && !order.contains(&definition.symbol) {
            order.push(definition.symbol);
        }
    }
    order
}

/// Within one time step: 0 for what is given, one more than what is used for what is defined.
fn levels(arena: &mut Arena, model: &Model, anatomy: &Anatomy) -> BTreeMap<SymbolId, usize> {
    let now = arena.symbol(anatomy.time);
    let mut levels: BTreeMap<SymbolId, usize> = anatomy.timed.iter().map(|&symbol| (symbol, 0)).collect();
    // As many rounds as there are families reach every level; a circle within one step does not run on.
    for _ in 0..anatomy.timed.len() {
        for &symbol in &anatomy.timed {
            let Some(definition) = anatomy.general(model, symbol) else { continue };
            let used = anatomy.uses(arena, model, definition.body);
            let below = used.iter().filter_map(|used| match arena.node(used.of) {
                Node::Symbol { symbol: other, indices, .. } if *other != symbol && indices.contains(&now) => {
                    levels.get(other).copied()
                }
                _ => None,
            });
            let level = below.max().unwrap_or(0) + 1;
            levels.insert(symbol, level.min(anatomy.timed.len()));
        }
    }
    levels
}

/// Whether a condition on numbers certainly holds.
fn holds(arena: &Arena, prop: &Prop) -> bool {
    match prop {
        Prop::Compare(how, left, right) => {
            let how = if *how == Comparison::Approximately { Comparison::Equal } else { *how };
            // A bound that is a symbol, such as T, is taken to be large enough.
            arena.decide_numbers(how, *left, *right).unwrap_or(true)
        }
        Prop::Integer(_) => true,
        Prop::And(parts) => parts.iter().all(|part| holds(arena, part)),
        Prop::Or(parts) => parts.iter().any(|part| holds(arena, part)),
        Prop::Not(part) => !holds(arena, part),
        Prop::Implies(..) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => false,
    }
}
