use serde::{Deserialize, Serialize};

/// An interned name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct SymbolId(pub(crate) u32);

/// What a name stands for, as far as the algebra must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// A real number, vector or matrix, or a family of such.
    Real,
    /// An integer: a size, a last time, an index.
    Integer,
    /// A function of its arguments.
    Function,
}
