//! Tensors that are known by their entries: blocks side by side, `[h_{t-1}; x_t]`, values of functions of vectors, and
//! `\mathbb{1}(z > 0)` of a vector.
//!
//! Each becomes a name of its own that is defined by its entries, in the indices that stand in them, so that everything
//! that is known of definitions holds of it.

use crate::expr::{Branch, Comparison, Expr, Function, Node as Meaning, Shape, Slot, SymbolId, SymbolKind};
use crate::lower::names::{Dress, Name, Part};
use crate::lower::reader::Reader;
use crate::model::{Argument, Declaration, Definition};
use crate::syntax::ast::Node;

/// How far the indices of one name are looked for in another that is the same but for its time.
const SHIFTS: [i64; 5] = [0, -1, 1, -2, 2];

impl Reader<'_> {
    /// The letters by which the entries of a tensor of this shape are told apart, as many as it has sizes.
    fn entry_letters(&mut self, shape: Shape) -> Vec<(SymbolId, Expr)> {
        let n_sizes = shape.sizes().len();
        let letters = ["i\u{2033}", "j\u{2033}"].into_iter().take(n_sizes);
        letters
            .map(|name| {
                let symbol = self.arena.intern(name, SymbolKind::Integer);
                (symbol, self.arena.symbol(symbol))
            })
            .collect()
    }

    /// The tensor of this shape with `entry` at its letters, under a name with this base. `None` where a real letter is
    /// bound around it, which no index can stand for.
    fn of_entries(&mut self, base: &str, shape: Shape, entry: Expr) -> Option<Expr> {
        let components: Vec<SymbolId> = self.entry_letters(shape).into_iter().map(|(symbol, _)| symbol).collect();
        let parts = self.arena.reachable(&[&[entry][..], &shape.sizes()].concat());
        let mut letters: Vec<SymbolId> = Vec::new();
        for part in parts {
            let Meaning::Symbol { symbol, indices, .. } = self.arena.node(part) else { continue };
            let is_known = self.model.declarations.contains_key(symbol) || self.model.is_defined(*symbol);
            if !indices.is_empty() || is_known || components.contains(symbol) || letters.contains(symbol) {
                continue;
            }
            if self.arena.kind(*symbol) != SymbolKind::Integer {
                return None;
            }
            letters.push(*symbol);
        }
        if let Some(known) = self.built_before(base, &letters, shape, entry) {
            return Some(known);
        }
        let n_before =
            self.model.definitions.iter().filter(|own| self.arena.name(own.symbol).starts_with(base)).count();
        let sub = if letters.is_empty() { Part::Absent } else { Part::Index(Dress::Plain, letters.len()) };
        let mut name = Name {
            base: base.to_owned(),
            sub,
            sup: Part::Fixed((n_before + 1).to_string()),
            symbol: SymbolId::default(),
        };
        let symbol = self.arena.intern(&name.template(), SymbolKind::Real);
        self.arena.declare(symbol, SymbolKind::Real, shape);
        name.symbol = symbol;
        self.names.add(name);
        let declaration = Declaration { symbol, indices: letters.clone(), shape, signature: None, range: Vec::new() };
        self.model.declarations.insert(symbol, declaration);
        let indices = letters.iter().map(|&letter| Argument::Letter(letter)).collect();
        let circles = self.model.circles(self.arena);
        let range = self.range_by_members(entry, &letters, &circles);
        self.model.definitions.push(Definition { symbol, indices, components, shape, range, body: entry });
        let at: Vec<Expr> = letters.iter().map(|&letter| self.arena.symbol(letter)).collect();
        Some(self.arena.member_of_shape(symbol, at.into(), shape))
    }

    /// A tensor with the same entries that has a name already, perhaps at another time.
    fn built_before(&mut self, base: &str, letters: &[SymbolId], shape: Shape, entry: Expr) -> Option<Expr> {
        let own: Vec<Definition> = self.model.definitions.clone();
        let at: Vec<Expr> = self.entry_letters(shape).into_iter().map(|(_, letter)| letter).collect();
        for definition in own {
            let is_alike = self.arena.name(definition.symbol).starts_with(base)
                && definition.indices.len() == letters.len()
                && definition.components.len() == at.len();
            for shift in SHIFTS.into_iter().filter(|_| is_alike) {
                let shift = self.arena.integer(shift);
                let indices: Vec<Expr> = letters
                    .iter()
                    .map(|&letter| {
                        let letter = self.arena.symbol(letter);
                        self.arena.sum([letter, shift])
                    })
                    .collect();
                if definition.instance(self.arena, &indices, &at) == Some(entry) {
                    let own = self.member_shape(definition.symbol, &indices);
                    return Some(self.arena.member_of_shape(definition.symbol, indices.into(), own))
                        .filter(|_| own == shape);
                }
            }
        }
        None
    }

    /// Numbers, vectors and matrices side by side and one below the other. `None` after a diagnostic.
    pub(super) fn blocks(&mut self, node: &Node, rows: &[Vec<Expr>]) -> Option<Expr> {
        let one = self.arena.one();
        let sizes = |shape: Shape| match shape {
            Shape::Scalar => (one, one),
            Shape::Vector(n) => (n, one),
            Shape::Matrix(m, n) => (m, n),
        };
        let widths: Vec<Expr> = rows[0].iter().map(|&cell| sizes(self.arena.shape(cell)).1).collect();
        let mut heights = Vec::new();
        for row in rows {
            let height = sizes(self.arena.shape(row[0])).0;
            for (&cell, &width) in row.iter().zip(&widths) {
                let own = sizes(self.arena.shape(cell));
                if row.len() != widths.len() || !self.same_size(own.0, height) || !self.same_size(own.1, width) {
                    let message = "blocks of one row need one height, and blocks of one column one width".to_owned();
                    let hint = r"give each block the size of those beside it; `^\top` makes a row of a column";
                    return self.fail("shape-mismatch", node.span, message, hint);
                }
            }
            heights.push(height);
        }
        let (height, width) = (self.arena.sum(heights.clone()), self.arena.sum(widths.clone()));
        let is_column = widths == [one];
        let shape = if is_column { Shape::Vector(height) } else { Shape::Matrix(height, width) };
        let at: Vec<Expr> = self.entry_letters(shape).into_iter().map(|(_, letter)| letter).collect();
        let mut lines = Vec::new();
        for (row, above) in rows.iter().zip(self.offsets(&heights)) {
            let i = self.arena.subtract(at[0], above);
            let mut cells = Vec::new();
            for (&cell, before) in row.iter().zip(self.offsets(&widths)) {
                let j = match at.get(1) {
                    Some(&j) => self.arena.subtract(j, before),
                    None => one,
                };
                cells.push(match self.arena.shape(cell) {
                    Shape::Scalar => cell,
                    Shape::Vector(_) => self.arena.entry(cell, vec![i]),
                    Shape::Matrix(..) => self.arena.entry(cell, vec![i, j]),
                });
            }
            let line = match at.get(1) {
                Some(&j) => self.first_within(j, &widths, &cells),
                None => cells[0],
            };
            lines.push(line);
        }
        let entry = self.first_within(at[0], &heights, &lines);
        match self.of_entries(r"\mathrm{joined}", shape, entry) {
            Some(value) => Some(value),
            None => self.bound_around(node),
        }
    }

    /// What stands before each block.
    fn offsets(&mut self, sizes: &[Expr]) -> Vec<Expr> {
        (0..sizes.len()).map(|n| self.arena.sum(sizes[..n].to_vec())).collect()
    }

    /// The value of the block in which an index lies.
    fn first_within(&mut self, at: Expr, sizes: &[Expr], values: &[Expr]) -> Expr {
        let mut branches = Vec::new();
        for (n, &value) in values.iter().enumerate() {
            let end = self.arena.sum(sizes[..=n].to_vec());
            let condition = (n + 1 < values.len()).then_some((Comparison::LessEqual, at, end));
            branches.push(Branch { condition, value });
        }
        self.arena.cases(branches)
    }

    /// A function with vectors as values: the vector of its entries, each a function of the family; differentiated by
    /// its one argument the Jacobian.
    pub(super) fn vector_of_values(
        &mut self,
        node: &Node,
        (symbol, indices): (SymbolId, Vec<Expr>),
        args: Vec<Expr>,
        (size, primes): (Expr, usize),
    ) -> Option<Expr> {
        let shapes: Vec<Shape> = args.iter().map(|&arg| self.arena.shape(arg)).collect();
        let shape = match (primes, &shapes[..]) {
            (0, _) | (_, [Shape::Scalar]) => Shape::Vector(size),
            (1, [Shape::Vector(n)]) => Shape::Matrix(size, *n),
            _ => {
                let message = "this derivative of a function with vectors as values has no layout here".to_owned();
                return self.fail("not-supported", node.span, message, r"write it entry by entry");
            }
        };
        let at: Vec<Expr> = self.entry_letters(shape).into_iter().map(|(_, letter)| letter).collect();
        let function = Function::Declared { symbol, indices: [&indices[..], &at[..1]].concat().into() };
        let slots = match at.get(1) {
            Some(&j) => vec![Slot { argument: 0, entry: Box::new([j]) }],
            None => vec![Slot { argument: 0, entry: Box::default() }; primes],
        };
        let entry = self.arena.call_of_tensors(function, slots, args);
        match self.of_entries(r"\mathrm{values}", shape, entry) {
            Some(value) => Some(value),
            None => self.bound_around(node),
        }
    }

    /// 1 in the entries in which a vector keeps to a relation with a number or a vector, 0 in the others.
    pub(super) fn indicator_by_entries(
        &mut self,
        node: &Node,
        (how, left, right): (Comparison, Expr, Expr),
    ) -> Option<Expr> {
        let shapes = [self.arena.shape(left), self.arena.shape(right)];
        let shape = shapes.into_iter().find(|shape| !shape.is_scalar())?;
        let at: Vec<Expr> = self.entry_letters(shape).into_iter().map(|(_, letter)| letter).collect();
        let [left, right] = [left, right].map(|side| match self.arena.shape(side) {
            Shape::Scalar => side,
            Shape::Vector(_) | Shape::Matrix(..) => self.arena.entry(side, at.clone()),
        });
        let (one, zero) = (self.arena.one(), self.arena.zero());
        let holds = Branch { condition: Some((how, left, right)), value: one };
        let entry = self.arena.cases(vec![holds, Branch { condition: None, value: zero }]);
        match self.of_entries(r"\mathrm{holds}", shape, entry) {
            Some(value) => Some(value),
            None => self.bound_around(node),
        }
    }

    fn bound_around<T>(&mut self, node: &Node) -> Option<T> {
        let message = "a vector is put together of real letters that are bound around it".to_owned();
        self.fail("not-supported", node.span, message, "give it a name of its own in a `math define` fence")
    }
}
