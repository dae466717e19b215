//! Letters and words.

use crate::expr::{Arena, Expr, Node, Shape, Substitution, SymbolKind};

/// What a letter of a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A matrix, by its entry at the two places.
    Matrix,
    /// A diagonal matrix, by its entry at the first place.
    Diagonal,
    /// A vector, as a matrix of one column, by its entry at the first place.
    Vector,
}

/// A matrix or a vector, or its transpose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Letter {
    pub kind: Kind,
    pub body: Expr,
    pub transposed: bool,
    /// Rows and columns of what is not transposed.
    sizes: (Expr, Expr),
}

/// Letters from left to right.
pub(super) type Word = Vec<Letter>;

/// The letters that stand for the row and the column in the body of a [`Letter`].
pub(super) fn places(arena: &mut Arena) -> [Expr; 2] {
    ["\u{a7}row", "\u{a7}column"].map(|name| {
        let symbol = arena.intern(name, SymbolKind::Integer);
        arena.symbol(symbol)
    })
}

impl Letter {
    /// A matrix by its entry at `row` and `column`, in the orientation that all its occurrences have.
    pub(super) fn matrix(arena: &mut Arena, entry: Expr, at: [Expr; 2], sizes: (Expr, Expr)) -> Letter {
        let [row, column] = places(arena);
        let body = arena.substitute(entry, &Substitution::from([(at[0], row), (at[1], column)]));
        let turned = arena.substitute(entry, &Substitution::from([(at[0], column), (at[1], row)]));
        let stands_straight =
            |body: Expr| matches!(arena.node(body), Node::Entry { at, .. } if at[..] == [row, column]);
        let is_turned = stands_straight(turned) || !stands_straight(body) && turned < body;
        if is_turned {
            Letter { kind: Kind::Matrix, body: turned, transposed: true, sizes: (sizes.1, sizes.0) }
        } else {
            Letter { kind: Kind::Matrix, body, transposed: false, sizes }
        }
    }

    /// A diagonal matrix by its entry at `at`.
    pub(super) fn diagonal(arena: &mut Arena, entry: Expr, at: Expr, size: Expr) -> Letter {
        let body = at_first_place(arena, entry, at);
        Letter { kind: Kind::Diagonal, body, transposed: false, sizes: (size, size) }
    }

    /// A vector by its entry at `at`.
    pub(super) fn vector(arena: &mut Arena, entry: Expr, at: Expr, size: Expr) -> Letter {
        let body = at_first_place(arena, entry, at);
        let one = arena.one();
        Letter { kind: Kind::Vector, body, transposed: false, sizes: (size, one) }
    }

    /// The vector of the diagonal of a matrix.
    pub(super) fn diagonal_of(&self, arena: &mut Arena) -> Letter {
        let [row, column] = places(arena);
        let body = arena.substitute(self.body, &Substitution::from([(column, row)]));
        Letter::vector(arena, body, row, self.rows())
    }

    /// This letter with another, of which each is given by its first place, multiplied entry by entry.
    pub(super) fn times(&self, arena: &mut Arena, other: &Letter, kind: Kind) -> Letter {
        let body = arena.product([self.body, other.body]);
        let sizes = if kind == Kind::Vector { (self.sizes.0, arena.one()) } else { (self.sizes.0, self.sizes.0) };
        Letter { kind, body, transposed: false, sizes }
    }

    /// A letter that is given by its first place, as a vector.
    pub(super) fn as_vector(&self, arena: &mut Arena) -> Letter {
        let one = arena.one();
        Letter { kind: Kind::Vector, transposed: false, sizes: (self.sizes.0, one), body: self.body }
    }

    pub(super) fn transpose(&self) -> Letter {
        Letter { transposed: !self.transposed && self.kind != Kind::Diagonal, ..self.clone() }
    }

    pub(super) fn rows(&self) -> Expr {
        if self.transposed { self.sizes.1 } else { self.sizes.0 }
    }

    /// Whether it has all rows and columns of a matrix of this shape.
    pub(super) fn is_of_shape(&self, shape: Shape) -> bool {
        shape == Shape::Matrix(self.sizes.0, self.sizes.1)
    }

    pub(super) fn has_shape_of(&self, other: &Letter) -> bool {
        self.kind == other.kind && self.sizes == other.sizes
    }

    pub(super) fn is_square(&self) -> bool {
        self.sizes.0 == self.sizes.1
    }

    /// A vector that ends what stands before it.
    pub(super) fn is_column(&self) -> bool {
        self.kind == Kind::Vector && !self.transposed
    }

    /// A vector, written as a row.
    pub(super) fn is_row(&self) -> bool {
        self.kind == Kind::Vector && self.transposed
    }
}

fn at_first_place(arena: &mut Arena, entry: Expr, at: Expr) -> Expr {
    let [row, _] = places(arena);
    arena.substitute(entry, &Substitution::from([(at, row)]))
}

/// The transpose of a product.
pub(super) fn transposed(word: &[Letter]) -> Word {
    word.iter().rev().map(Letter::transpose).collect()
}

/// The word with neighbours of which one is diagonal made into one letter.
pub(super) fn merged(arena: &mut Arena, word: Word) -> Word {
    let mut merged: Word = Vec::new();
    for letter in word {
        let kind = match merged.last() {
            Some(last) if last.kind == Kind::Diagonal && letter.kind == Kind::Diagonal => Some(Kind::Diagonal),
            Some(last) if last.kind == Kind::Diagonal && letter.is_column() => Some(Kind::Vector),
            Some(last) if last.is_row() && letter.kind == Kind::Diagonal => Some(Kind::Vector),
            _ => None,
        };
        match (kind, merged.pop()) {
            (Some(kind), Some(last)) => {
                let both = last.times(arena, &letter, kind);
                merged.push(Letter { transposed: last.is_row(), ..both });
            }
            (_, last) => {
                merged.extend(last);
                merged.push(letter);
            }
        }
    }
    merged
}

/// The parts between vectors: `A u | v^⊤ B w | z^⊤`.
pub(super) fn segments(word: &[Letter]) -> Vec<Word> {
    word.split_inclusive(Letter::is_column).map(<[Letter]>::to_vec).collect()
}
