//! Which name a part of a claim is, and others of the same kind in its place.

use crate::expr::{Shape, SymbolKind};
use crate::lower::names::{Name, Part, base_name};
use crate::proof::Kind;
use crate::proof::repair::edit::{Change, Place};
use crate::proof::repair::editor::{Around, Editor};
use crate::syntax::ast::{Kind as Written, Node};

/// How far a name is at least to which the claim does not lead.
pub(super) const UNRELATED: usize = 3;

impl Editor<'_> {
    /// The declared name that a part is.
    pub(super) fn name_of(&self, node: &Node) -> Option<&Name> {
        self.names.named(node)
    }

    /// The shape of what a name stands for; `None` for functions and integers.
    pub(super) fn shape_of(&self, name: &Name) -> Option<Shape> {
        let is_real = self.arena.kind(name.symbol) == SymbolKind::Real;
        is_real.then(|| self.arena.declared_shape(name.symbol))
    }

    /// A name with its scripts: other names, other indices, other exponents, transposes and bars.
    pub(super) fn scripted(&mut self, node: &Node, around: Around) {
        self.swaps(node, around);
        self.transposes(node, around);
        if let Written::Script { base, sub, sup, .. } = &node.kind {
            self.shifts(node, around);
            self.exponents(node, around);
            if base_name(base).is_none() {
                self.visit(base, around);
            }
            let own: Vec<&Node> = sub.iter().chain(sup).map(|script| &**script).collect();
            for script in own {
                self.letters_in_script(node, script);
                self.turned(node, script);
            }
        }
    }

    /// Other names of the same kind.
    fn swaps(&mut self, node: &Node, around: Around) {
        let Some(own) = self.name_of(node).cloned() else { return };
        // The left of an inequality is what it is about.
        let is_subject = self.place == Place::Left && around.order;
        let is_bare = !around.bars && !around.derivative;
        let wants_bars = is_bare && around.order && self.shape_of(&own).is_some_and(Shape::is_scalar);
        if wants_bars && !is_power(node) {
            let text = format!("|{}|", self.slice(node.span));
            self.add(Kind::MissingAbsoluteValue, vec![Change::new(node.span, text)]);
        }
        let others = self.names.all().filter(|other| !is_subject && self.alike(&own, other));
        for other in others.cloned().collect::<Vec<_>>() {
            let text = self.renamed(node, &own, &other);
            let distance = self.distance(&own, &other);
            let theme = format!("{}\u{2192}{text}", self.slice(node.span));
            let edit = self.add(Kind::WrongSymbol, vec![Change::new(node.span, text.clone())]);
            (edit.distance, edit.theme) = (distance, theme);
            if self.place == Place::Condition && wants_bars {
                let edit = self.add_of_size(Kind::WrongSymbol, 2, vec![Change::new(node.span, format!("|{text}|"))]);
                edit.distance = distance;
            }
        }
    }

    /// Whether one name can stand in the place of another: of one kind and rank, written with the same indices.
    fn alike(&self, own: &Name, other: &Name) -> bool {
        let rank = |name: &Name| self.arena.declared_shape(name.symbol).sizes().len();
        let arity = |name: &Name| {
            let declaration = self.model.declarations.get(&name.symbol)?;
            declaration.signature.as_ref().map(|signature| signature.arguments.len())
        };
        own.symbol != other.symbol
            && self.arena.kind(own.symbol) == self.arena.kind(other.symbol)
            && rank(own) == rank(other)
            && arity(own) == arity(other)
            && same_index(&own.sub, &other.sub)
            && same_index(&own.sup, &other.sup)
    }

    /// 0 for names with one letter, or both defined, or both given; more for others, and most where nothing leads to them.
    fn distance(&self, own: &Name, other: &Name) -> usize {
        let is_read = self.reads.contains(&other.symbol);
        let is_kin = self.model.is_defined(own.symbol) == self.model.is_defined(other.symbol);
        usize::from(own.base != other.base) + usize::from(!is_kin) + UNRELATED * usize::from(!is_read)
    }

    /// The part with another name, everything else as it was.
    fn renamed(&self, node: &Node, own: &Name, other: &Name) -> String {
        let Written::Script { sub, sup, primes, .. } = &node.kind else {
            return format!("{}{}{}", other.base, fixed("_", &other.sub, false), fixed("^", &other.sup, false));
        };
        let script = |mark: &str, own: &Part, other: &Part, node: Option<&Node>| match (own, other, node) {
            (Part::Fixed(_), other, Some(node)) => fixed(mark, other, self.is_braced(node)),
            (_, _, Some(node)) => self.script_text(mark, node),
            (_, other, None) => fixed(mark, other, false),
        };
        let below = script("_", &own.sub, &other.sub, sub.as_deref());
        let above = script("^", &own.sup, &other.sup, sup.as_deref());
        format!("{}{}{below}{above}", other.base, "'".repeat(*primes))
    }

    /// A script as it is written, with its mark.
    fn script_text(&self, mark: &str, node: &Node) -> String {
        let text = self.slice(node.span);
        if self.is_braced(node) && !text.starts_with('{') {
            format!("{mark}{{{text}}}")
        } else {
            format!("{mark}{text}")
        }
    }

    fn is_braced(&self, script: &Node) -> bool {
        self.slice(script.span).starts_with('{') || self.text[..script.span.start].trim_end().ends_with('{')
    }
}

/// Whether two parts of names take the same indices.
fn same_index(own: &Part, other: &Part) -> bool {
    match (own, other) {
        (Part::Index(dress, n), Part::Index(other, m)) => dress == other && n == m,
        (Part::Index(..), _) | (_, Part::Index(..)) => false,
        (Part::Absent | Part::Fixed(_), Part::Absent | Part::Fixed(_)) => true,
    }
}

fn fixed(mark: &str, part: &Part, braced: bool) -> String {
    match part {
        Part::Fixed(text) if braced || text.chars().count() > 1 => format!("{mark}{{{text}}}"),
        Part::Fixed(text) => format!("{mark}{text}"),
        Part::Absent | Part::Index(..) => String::new(),
    }
}

fn is_power(node: &Node) -> bool {
    matches!(&node.kind, Written::Script { sup: Some(_), .. })
}
