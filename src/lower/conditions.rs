//! The conditions of a claim, and which of their letters are universal inside them.

use crate::expr::{Expr, Node as Meaning, Prop, Substitution, SymbolId, SymbolKind};
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::base_name;
use crate::lower::reader::Reader;
use crate::syntax;
use crate::syntax::ast::{Formula, Kind, Node};

/// A condition as it is written.
pub(super) struct Condition {
    /// What it says.
    pub prop: Prop,
    /// Whether it is what a `\forall` runs over: `s \ge 1` of `x_s = 0 \ \forall s \ge 1`.
    pub(super) is_range: bool,
}

impl Reader<'_> {
    /// The conditions of a formula. `None` after a diagnostic.
    pub(super) fn conditions(&mut self, formula: &Formula) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        for node in &formula.conditions {
            let (said, is_range) = match &strip(node).kind {
                _ if is_remark(node) => continue,
                Kind::Quantified { universal: false, .. } => return self.existence_claimed(node),
                Kind::Quantified { universal: true, bound } => match &strip(bound).kind {
                    Kind::Chain { .. } => (&**bound, true),
                    _ => continue,
                },
                _ => (node, false),
            };
            let depth = self.locals.len();
            if is_range {
                self.bind_index_letters(said, formula);
            }
            let prop = self.proposition(said);
            self.locals.truncate(depth);
            conditions.push(Condition { prop: prop?, is_range });
        }
        Some(conditions)
    }

    /// What `\forall` runs over is an index where it stands as one, whatever the letter was declared as.
    fn bind_index_letters(&mut self, range: &Node, formula: &Formula) {
        let Kind::Chain { first, .. } = &strip(range).kind else { return };
        for name in list_of(first).into_iter().filter_map(base_name) {
            let mut parts = formula.conditions.iter().chain([&formula.body]);
            if self.letters.contains(&name) && parts.any(|part| is_in_script(part, &name)) {
                let letter = self.letter(&name).1;
                self.locals.push((name, letter));
            }
        }
    }

    /// The conditions with the sizes of their constants as they turned out.
    pub(super) fn sized_conditions(&mut self, conditions: Vec<Condition>, map: &Substitution) -> Vec<Condition> {
        let sized = |condition: Condition| Condition { prop: self.sized_prop(&condition.prop, map), ..condition };
        conditions.into_iter().map(sized).collect()
    }

    /// The conditions with the letters that stand nowhere in the claim bound: in `|x_s| \le 1` and
    /// `x_s = 0 \ \forall s \ge 1` the s is universal, where the conditions on s alone allow it.
    pub(super) fn closed(&mut self, conditions: Vec<Condition>, said: &[&Prop], formula: &Formula) -> Vec<Prop> {
        let letters = self.universal_letters(&conditions, said, formula);
        letters
            .into_iter()
            .fold(conditions, |conditions, letter| self.closed_over(letter, conditions))
            .into_iter()
            .map(|condition| condition.prop)
            .collect()
    }

    fn closed_over(&mut self, letter: SymbolId, conditions: Vec<Condition>) -> Vec<Condition> {
        let name = self.arena.symbol(letter);
        let is_integer = self.arena.kind(letter) == SymbolKind::Integer;
        let is_about =
            |reader: &Self, prop: &Prop| prop.expressions().iter().any(|&expr| reader.arena.contains(expr, name));
        let (mut ranges, mut others, mut speaks) = (Vec::new(), Vec::new(), false);
        for condition in conditions {
            let about = is_about(self, &condition.prop);
            let bounds = condition.is_range || is_integer && self.bounds_integers(&condition.prop);
            if about && bounds {
                ranges.push(condition);
            } else {
                speaks |= about;
                others.push(condition);
            }
        }
        if !speaks {
            return ranges.into_iter().chain(others).collect();
        }
        let range: Vec<Prop> = ranges.into_iter().map(|condition| condition.prop).collect();
        for condition in &mut others {
            if is_about(self, &condition.prop) {
                let said = Box::new(condition.prop.clone());
                let inner = if range.is_empty() {
                    said
                } else {
                    Box::new(Prop::Implies(Box::new(Prop::And(range.clone())), said))
                };
                condition.prop = Prop::ForAll(vec![letter], inner);
            }
        }
        others
    }

    /// Whether a statement does no more than to say where integers lie.
    pub(super) fn bounds_integers(&self, prop: &Prop) -> bool {
        let is_of_integers = |part: Expr| match self.arena.node(part) {
            Meaning::Symbol { symbol, indices, .. } => {
                indices.is_empty() && self.arena.kind(*symbol) == SymbolKind::Integer
            }
            node => matches!(node, Meaning::Number(_) | Meaning::Sum(_) | Meaning::Product(_)),
        };
        prop.conjuncts().into_iter().all(|part| match (part, part.comparison()) {
            (_, Some((_, left, right))) => self.arena.reachable(&[left, right]).into_iter().all(is_of_integers),
            (part, None) => matches!(part, Prop::Integer(_)),
        })
    }

    /// The letters of conditions that stand nowhere in what is claimed: those after a `\forall`, and indices that are
    /// not declared.
    fn universal_letters(&mut self, conditions: &[Condition], said: &[&Prop], formula: &Formula) -> Vec<SymbolId> {
        let named = self.universal_symbols(formula);
        let mut letters = Vec::new();
        let all: Vec<Expr> = conditions.iter().flat_map(|condition| condition.prop.expressions()).collect();
        let claimed: Vec<Expr> = said.iter().flat_map(|prop| prop.expressions()).collect();
        for part in self.arena.reachable(&all) {
            let Meaning::Symbol { symbol, indices, .. } = self.arena.node(part) else { continue };
            let is_index =
                self.arena.kind(*symbol) == SymbolKind::Integer && !self.model.declarations.contains_key(symbol);
            let may = indices.is_empty() && (is_index || named.contains(symbol)) && !letters.contains(symbol);
            if may && !claimed.iter().any(|&expr| self.arena.contains(expr, part)) {
                letters.push(*symbol);
            }
        }
        letters
    }

    /// The letters of a statement that its formula says it for all of, declared or not.
    pub(super) fn universal_within(&mut self, formula: &Formula, prop: &Prop) -> Vec<SymbolId> {
        let symbols = self.universal_symbols(formula).into_iter();
        let symbols: Vec<SymbolId> =
            symbols.filter(|&symbol| self.arena.kind(symbol) != SymbolKind::Function).collect();
        let letters: Vec<Expr> = symbols.iter().map(|&symbol| self.arena.symbol(symbol)).collect();
        let holds = |letter: Expr| prop.expressions().iter().any(|&expr| self.arena.contains(expr, letter));
        symbols.into_iter().zip(letters).filter(|&(_, letter)| holds(letter)).map(|(symbol, _)| symbol).collect()
    }

    /// What the names after `\forall` may stand for.
    fn universal_symbols(&self, formula: &Formula) -> Vec<SymbolId> {
        self.bound_by(&formula.conditions)
    }

    /// What a name stands for, declared or bound: bound, it has a mark, or several where it is no number.
    fn symbols_called(&self, name: &str) -> Vec<SymbolId> {
        let mut written = format!("{name}\u{2032}");
        let mut found: Vec<SymbolId> = self.arena.find(name).into_iter().chain(self.arena.find(&written)).collect();
        written.push_str("\u{2032}\u{2032}");
        while let Some(symbol) = self.arena.find(&written) {
            found.push(symbol);
            written.push('\u{2032}');
        }
        found
    }

    /// What the names after the `\forall` among some conditions may stand for.
    pub(super) fn bound_by<'n>(&self, conditions: impl IntoIterator<Item = &'n Node>) -> Vec<SymbolId> {
        let mut names: Vec<String> = Vec::new();
        for node in conditions {
            if let Kind::Quantified { universal: true, bound } = &strip(node).kind {
                match &strip(bound).kind {
                    Kind::Chain { first, .. } => names.extend(list_of(first).into_iter().filter_map(base_name)),
                    Kind::List(items) => names.extend(items.iter().filter_map(base_name)),
                    _ => names.extend(base_name(bound)),
                }
            }
        }
        names.iter().flat_map(|name| self.symbols_called(name)).collect()
    }
}

/// Whether a letter stands in a script of a name.
fn is_in_script(node: &Node, letter: &str) -> bool {
    node.holds(&|part| match &part.kind {
        Kind::Script { sub, sup, .. } => sub.iter().chain(sup).any(|script| script.mentions(letter)),
        _ => false,
    })
}

/// Words that explain a step: `\text{(by the chain rule)}`, `\text{adding } 0`.
fn is_remark(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Text(words) => syntax::is_remark(words),
        Kind::Fenced { body, .. } => is_remark(body),
        Kind::Product(items) => items.first().is_some_and(|(_, first)| is_remark(first)),
        Kind::List(items) => items.first().is_some_and(is_remark),
        _ => false,
    }
}
