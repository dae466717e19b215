use std::fmt;

use crate::expr::Arena;
use crate::expr::SymbolId;

/// Why an expression has no value here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// It has none at this point: a divisor is zero, a logarithm of a negative number is taken.
    Undefined(&'static str),
    /// It has one that this field cannot hold or cannot decide: exp 1 as a fraction.
    NotExact,
    /// The assignment does not say what this member is.
    Missing(SymbolId, Vec<i64>),
    /// The sizes of its parts do not fit.
    Misfit(&'static str),
    /// This room does not evaluate it.
    Unsupported(&'static str),
    /// More steps, entries or digits than are allowed.
    TooLarge,
}

impl Error {
    /// The error as one sentence without a full stop, with symbols by name.
    pub fn describe(&self, arena: &Arena) -> String {
        match self {
            Error::Missing(symbol, indices) if indices.is_empty() => format!("`{}` has no value", arena.name(*symbol)),
            Error::Missing(symbol, indices) => format!("`{}` has no value at {indices:?}", arena.name(*symbol)),
            Error::Undefined(_) | Error::NotExact | Error::Misfit(_) | Error::Unsupported(_) | Error::TooLarge => {
                self.to_string()
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Undefined(reason) => write!(f, "undefined here: {reason}"),
            Error::NotExact => write!(f, "no exact value"),
            Error::Missing(_, indices) if indices.is_empty() => write!(f, "a symbol has no value"),
            Error::Missing(_, indices) => write!(f, "a member of a family has no value at {indices:?}"),
            Error::Misfit(what) => write!(f, "sizes do not fit: {what}"),
            Error::Unsupported(what) => write!(f, "not evaluated: {what}"),
            Error::TooLarge => write!(f, "too large to evaluate"),
        }
    }
}

impl std::error::Error for Error {}
