//! Constants whose size the context decides: `I`, `\mathbf{1}` and unit vectors.
//!
//! Each of them is made with a letter for its size. Wherever two sizes must agree and one of them is such a letter,
//! the letter takes the other size; at the end of the formula the letters are replaced by what they took.

use crate::expr::{Expr, Prop, Shape, Substitution, SymbolKind};
use crate::lower::expression::strip;
use crate::lower::names::script_items;
use crate::lower::reader::Reader;
use crate::source::Span;
use crate::syntax::ast::{Kind, Node, Times};

/// A size that the context decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenSize {
    /// The letter that stands for it.
    letter: Expr,
    /// What it turned out to be.
    value: Option<Expr>,
    /// The constant that has it.
    span: Span,
}

/// A constant of linear algebra that is known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Constant {
    Identity,
    Ones,
    Zeros,
    Unit,
}

/// The constant that an undeclared letter is; `has_sub` tells a unit vector from the number e.
fn constant_of(base: &str, has_sub: bool) -> Option<Constant> {
    let letter = base.strip_suffix('}').and_then(|base| base.rsplit('{').next()).unwrap_or(base);
    let is_in_font = letter != base;
    match letter {
        "I" => Some(Constant::Identity),
        "1" if is_in_font => Some(Constant::Ones),
        "0" if is_in_font => Some(Constant::Zeros),
        "e" if has_sub => Some(Constant::Unit),
        _ => None,
    }
}

/// Whether an undeclared letter is a constant that is known by name.
pub(super) fn is_constant(base: &str, has_sub: bool) -> bool {
    let is_number =
        matches!(base, "e" | r"\mathrm{e}" | r"\pi" | r"\infty" | r"\delta" | r"\mathbb{1}" | r"\mathbb{I}");
    is_number || constant_of(base, has_sub).is_some()
}

impl Reader<'_> {
    /// `I`, `I_n`, `\mathbf{1}`, `\mathbf{1}_{m \times n}`, `\mathbf{0}`, `e_i`: `None` for any other letter.
    pub(super) fn sized_constant(&mut self, base: &str, sub: Option<&Node>, span: Span) -> Option<Option<Expr>> {
        let constant = constant_of(base, sub.is_some())?;
        if let (true, Some(when)) = (is_indicator_letter(base), sub.and_then(relation_of)) {
            return Some(self.indicator(when));
        }
        if constant == Constant::Unit {
            let [at] = script_items(sub?)[..] else { return None };
            return Some(self.index(at).map(|at| {
                let size = self.open_size(span);
                self.arena.unit(at, size)
            }));
        }
        let mut sizes = Vec::new();
        for size in sub.map(sizes_of).unwrap_or_default() {
            let Some(size) = self.expression(size) else { return Some(None) };
            sizes.push(size);
        }
        Some(match constant {
            Constant::Identity => self.identity(&sizes, span),
            Constant::Ones => self.filled(1, &sizes, span),
            Constant::Zeros if sizes.is_empty() => Some(self.arena.zero()),
            Constant::Zeros => self.filled(0, &sizes, span),
            Constant::Unit => None,
        })
    }

    fn identity(&mut self, sizes: &[Expr], span: Span) -> Option<Expr> {
        let size = match *sizes {
            [] => self.open_size(span),
            [n] => n,
            [m, n] if m == n => n,
            _ => return self.bad_size(span, "the identity has one size", "write `I_n`"),
        };
        Some(self.arena.identity(size))
    }

    fn filled(&mut self, value: i64, sizes: &[Expr], span: Span) -> Option<Expr> {
        let shape = match *sizes {
            [] => Shape::Vector(self.open_size(span)),
            [n] => Shape::Vector(n),
            [m, n] => Shape::Matrix(m, n),
            _ => return self.bad_size(span, "a constant has at most two sizes", r"write `\mathbf{1}_{m \times n}`"),
        };
        let value = self.arena.integer(value);
        Some(self.arena.fill(value, shape))
    }

    fn bad_size<T>(&mut self, span: Span, message: &str, hint: &str) -> Option<T> {
        self.fail("shape-mismatch", span, message.to_owned(), hint)
    }

    fn open_size(&mut self, span: Span) -> Expr {
        let name = format!("\u{25a1}{}", self.open_sizes.len());
        let symbol = self.arena.intern(&name, SymbolKind::Integer);
        let letter = self.arena.symbol(symbol);
        self.open_sizes.push(OpenSize { letter, value: None, span });
        letter
    }

    /// The size that a letter of a constant took; any other size is itself.
    pub(super) fn settled(&self, size: Expr) -> Expr {
        let mut size = size;
        while let Some(value) = self.open_sizes.iter().find(|open| open.letter == size).and_then(|open| open.value) {
            size = value;
        }
        size
    }

    /// Whether nothing has decided a size yet.
    pub(super) fn is_open_size(&self, size: Expr) -> bool {
        let size = self.settled(size);
        self.open_sizes.iter().any(|open| open.letter == size)
    }

    /// Lets an open size take the value of another one; `false` where neither is open.
    pub(super) fn take_size(&mut self, a: Expr, b: Expr) -> bool {
        let position = |size: Expr| self.open_sizes.iter().position(|open| open.letter == size);
        let (at, value) = match (position(a), position(b)) {
            (Some(at), _) => (at, b),
            (None, Some(at)) => (at, a),
            (None, None) => return false,
        };
        self.open_sizes[at].value = Some(value);
        true
    }

    /// What every open size became. `None` after a diagnostic, where nothing in the formula decides one.
    pub(super) fn settle(&mut self) -> Option<Substitution> {
        let mut map = Substitution::new();
        for OpenSize { letter, span, .. } in self.open_sizes.clone() {
            let value = self.settled(letter);
            if self.open_sizes.iter().any(|open| open.letter == value) {
                self.open_sizes.clear();
                let hint = r"write its size: `I_n`, `\mathbf{1}_n`";
                return self.fail("unknown-size", span, "nothing here decides the size of this".to_owned(), hint);
            }
            map.insert(letter, value);
        }
        self.open_sizes.clear();
        Some(map)
    }

    /// An expression with the sizes of its constants as they turned out.
    pub(super) fn sized(&mut self, value: Expr) -> Option<Expr> {
        let map = self.settle()?;
        Some(self.arena.substitute(value, &map))
    }

    /// A statement with the sizes of its constants as they turned out.
    pub(super) fn sized_prop(&mut self, prop: &Prop, map: &Substitution) -> Prop {
        prop.map(&mut |expr| self.arena.substitute(expr, map))
    }
}

/// Whether a letter stands for 1 where what is below it holds.
fn is_indicator_letter(base: &str) -> bool {
    matches!(base, r"\mathbf{1}" | r"\boldsymbol{1}" | r"\mathbb{1}" | r"\mathbb{I}")
}

/// The relation that a script is, in braces or not.
fn relation_of(sub: &Node) -> Option<&Node> {
    match &strip(sub).kind {
        Kind::Chain { .. } => Some(strip(sub)),
        Kind::Fenced { open, body, .. } if matches!(open.as_str(), r"\{" | "[" | "(") => relation_of(body),
        _ => None,
    }
}

/// `n`, `m \times n`, `n, n`.
fn sizes_of(sub: &Node) -> Vec<&Node> {
    match &strip(sub).kind {
        Kind::Product(items) if items.iter().skip(1).all(|(times, _)| *times == Times::Cross) => {
            items.iter().map(|(_, item)| item).collect()
        }
        Kind::List(items) => items.iter().collect(),
        _ => vec![sub],
    }
}
