//! Letters that a `\forall` binds and nothing declares: numbers, or what the set says that they are taken from.

use crate::expr::{Expr, Node as Meaning, Prop, Shape, SymbolId, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::{base_name, spell};
use crate::lower::reader::Reader;
use crate::lower::sets::{dimensions, sizes_above};
use crate::lower::statement::indexes;
use crate::lower::superscript::names_transpose;
use crate::syntax::ast::{Formula, Kind, Node, Relation};

impl Reader<'_> {
    /// `|f'(z)| \le \gamma \quad \forall z`: a quantified letter that is no index and not declared is a real number, or a
    /// vector or a matrix where its set is one of these. `None` after a diagnostic.
    pub(super) fn bind_quantified(&mut self, formula: &Formula) -> Option<()> {
        for node in &formula.conditions {
            let Kind::Quantified { bound, .. } = &strip(node).kind else { continue };
            let (letters, set) = match &strip(bound).kind {
                Kind::Chain { first, rest } => (&**first, set_of_tensors(rest)),
                _ => (&**bound, None),
            };
            for letter in list_of(letters) {
                self.is_as_wide_as(letter, bound, formula)?;
                let powers = if is_of_reals(bound) { Powers::OfAnything } else { Powers::OfE };
                let is_new = |name: &String| self.is_new_number(name, formula, powers);
                let Some(name) = base_name(letter).filter(is_new) else { continue };
                match set {
                    Some(sizes) => self.bind_tensor(name, sizes)?,
                    None => {
                        self.is_no_vector(letter, &name, formula)?;
                        self.bind_number(name);
                    }
                }
            }
        }
        Some(())
    }

    /// Whether a letter is neither an index nor declared, nor bound by an earlier quantifier of the formula.
    fn is_new_number(&self, name: &str, formula: &Formula, powers: Powers) -> bool {
        let is_exponent = |base: &Node| match powers {
            Powers::OfAnything => {
                base_name(base).is_none_or(|base| self.names.with_base(&base).iter().all(|own| !own.has_index()))
            }
            Powers::OfE => base_name(base).as_deref() == Some("e") && self.names.with_base("e").is_empty(),
        };
        let mut parts = std::iter::once(&formula.body).chain(&formula.conditions);
        let is_index = parts.any(|part| indexes_beside_powers(part, name, &is_exponent));
        let is_bound = self.locals.iter().any(|(local, _)| local == name);
        !is_index && !is_bound && self.names.with_base(name).is_empty()
    }

    /// Refuses `\forall p \in \mathbb{R}` of a letter that is declared in a part of the real numbers: what is proved of
    /// it is not proved of all of them. `None` after a diagnostic.
    fn is_as_wide_as(&mut self, letter: &Node, bound: &Node, formula: &Formula) -> Option<()> {
        let declared = self.names.named(strip(letter)).filter(|name| !name.has_index()).map(|name| name.symbol);
        let Some(symbol) = declared.filter(|_| is_of_reals(bound)) else { return Some(()) };
        let is_index = base_name(letter).is_some_and(|name| {
            std::iter::once(&formula.body).chain(&formula.conditions).any(|part| indexes(part, &name))
        });
        let is_bounded = self.assumed_of(symbol).next().is_some();
        if is_index || !is_bounded && self.arena.kind(symbol) != SymbolKind::Integer {
            return Some(());
        }
        let written = spell_plain(letter);
        let message = format!("`{written}` is said to be any real number here, and the givens say more of it");
        let hint =
            format!("leave the set out for the `{written}` of the givens, or take another letter for any number");
        self.fail("ambiguous-condition", bound.span, message, &hint)
    }

    /// What is assumed of a declared name, where no quantifier binds its letter.
    pub(super) fn assumed_of(&self, symbol: SymbolId) -> impl Iterator<Item = &Prop> {
        self.model.assumptions.iter().filter(move |prop| {
            let is_own =
                |part: Expr| matches!(self.arena.node(part), Meaning::Symbol { symbol: own, .. } if *own == symbol);
            let is_bound = matches!(prop, Prop::ForAll(letters, _) if letters.contains(&symbol));
            !is_bound && self.arena.reachable(&prop.expressions()).into_iter().any(is_own)
        })
    }

    fn bind_number(&mut self, name: String) {
        let symbol = self.arena.intern(&format!("{name}\u{2032}"), SymbolKind::Real);
        self.bind_symbol(name, symbol);
    }

    /// Binds a letter to a vector or a matrix of these sizes. What another formula takes from another set has another
    /// symbol.
    fn bind_tensor(&mut self, name: String, sizes: &Node) -> Option<()> {
        let shape = self.shape_with(sizes)?;
        let mut primed = format!("{name}\u{2032}\u{2032}\u{2032}");
        while self.arena.find(&primed).is_some_and(|symbol| self.arena.declared_shape(symbol) != shape) {
            primed.push('\u{2032}');
        }
        let symbol = self.arena.intern(&primed, SymbolKind::Real);
        self.arena.declare(symbol, SymbolKind::Real, shape);
        self.bind_symbol(name, symbol);
        Some(())
    }

    fn bind_symbol(&mut self, name: String, symbol: SymbolId) {
        let letter = self.arena.symbol(symbol);
        self.letters.remove(&name);
        self.locals.push((name, letter));
    }

    /// The shape with sizes as they are written above `\mathbb{R}`. `None` after a diagnostic.
    fn shape_with(&mut self, sizes: &Node) -> Option<Shape> {
        let each: Option<Vec<Expr>> = dimensions(sizes).into_iter().map(|size| self.size(size)).collect();
        let shape = Shape::from_sizes(&each?);
        if shape.is_none() {
            let message = "tensors of three and more indices are not supported".to_owned();
            return self.fail("too-many-sizes", sizes.span, message, "take a vector or a matrix");
        }
        shape
    }

    /// Whether a set is that of all vectors, or matrices, of the shape of a value.
    pub(super) fn is_of_vectors(&mut self, value: Expr, set: &Node) -> bool {
        let Some(sizes) = sizes_above(set) else { return false };
        let shape = self.on_trial(|reader| reader.shape_with(sizes));
        shape.is_some_and(|shape| !shape.is_scalar() && shape == self.arena.shape(value))
    }

    /// Refuses a letter without a set that is transposed: nothing says how many entries it has.
    fn is_no_vector(&mut self, letter: &Node, name: &str, formula: &Formula) -> Option<()> {
        if !formula.body.holds(&|part| is_transposed(part, name)) {
            return Some(());
        }
        let message =
            format!(r"`{name}` is bound by `\forall` and not declared, so it is a number, and it is transposed");
        let set = self.set_beside(&formula.body, name).or_else(|| self.set_within(&formula.body));
        let set = set.unwrap_or_else(|| r"\mathbb{R}^{n}".to_owned());
        let hint = format!(r"say where it lies: `\forall {name} \in {set}`");
        self.fail("undeclared-symbol", letter.span, message, &hint)
    }

    /// The set of the vectors that a matrix left of a letter takes.
    fn set_beside(&self, body: &Node, name: &str) -> Option<String> {
        if let Kind::Product(items) = &body.kind {
            let beside = items.windows(2).find(|pair| base_name(&pair[1].1).as_deref() == Some(name));
            if let Some(set) = beside.and_then(|pair| self.set_right_of(&pair[0].1)) {
                return Some(set);
            }
        }
        body.children().into_iter().find_map(|part| self.set_beside(part, name))
    }

    /// The set of the vectors that the last matrix in a formula takes.
    fn set_within(&self, body: &Node) -> Option<String> {
        let within = body.children().into_iter().rev().find_map(|part| self.set_within(part));
        within.or_else(|| self.set_right_of(body))
    }

    /// The set of the vectors that a declared matrix takes.
    fn set_right_of(&self, matrix: &Node) -> Option<String> {
        match self.arena.declared_shape(self.names.named(strip(matrix))?.symbol) {
            Shape::Matrix(_, n) => Some(self.set_of(Shape::Vector(n))),
            Shape::Scalar | Shape::Vector(_) => None,
        }
    }
}

/// Of what a bound letter in a superscript is an exponent, and no index.
#[derive(Debug, Clone, Copy)]
enum Powers {
    /// Of whatever has no index: the letter is said to be a real number.
    OfAnything,
    /// Of the number e.
    OfE,
}

/// Whether a letter stands in a script, or in the range of a big operator, and not as an exponent.
fn indexes_beside_powers(node: &Node, letter: &str, is_exponent: &dyn Fn(&Node) -> bool) -> bool {
    node.holds(&|part| match &part.kind {
        Kind::Script { base, sub, sup, .. } => {
            let sup = sup.iter().filter(|_| !is_exponent(base));
            sub.iter().chain(sup).any(|script| script.mentions(letter))
        }
        Kind::Big { sub, sup, .. } => sub.iter().chain(sup).any(|script| script.mentions(letter)),
        _ => false,
    })
}

/// Whether a letter is said to be any real number.
fn is_of_reals(bound: &Node) -> bool {
    let Kind::Chain { rest, .. } = &strip(bound).kind else { return false };
    matches!(&rest[..], [(Relation::In, set)] if spell(set).as_deref() == Some(r"\mathbb{R}"))
}

/// The sizes of a set of vectors or matrices after `\in`.
fn set_of_tensors(rest: &[(Relation, Node)]) -> Option<&Node> {
    match rest {
        [(Relation::In, set)] => sizes_above(set),
        _ => None,
    }
}

/// `v^\top` of this letter.
fn is_transposed(node: &Node, name: &str) -> bool {
    matches!(&node.kind, Kind::Script { base, sup: Some(sup), .. }
        if base_name(base).as_deref() == Some(name) && names_transpose(sup))
}
