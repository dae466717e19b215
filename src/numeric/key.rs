//! Members of families by name: a symbol, its indices, and the indices of an entry.

use std::fmt;
use std::hash::Hash;
use std::hash::Hasher;
use std::ops::Deref;

use crate::expr::SymbolId;

/// Indices as numbers. One or two, as most families have, are kept in place.
#[derive(Clone)]
pub(super) enum Indices {
    /// So many of these.
    Few(u8, [i64; 2]),
    Many(Box<[i64]>),
}

impl Indices {
    pub(super) const NONE: Indices = Indices::Few(0, [0; 2]);
}

impl Deref for Indices {
    type Target = [i64];

    fn deref(&self) -> &[i64] {
        match self {
            Indices::Few(n, indices) => &indices[..usize::from(*n)],
            Indices::Many(indices) => indices,
        }
    }
}

impl FromIterator<i64> for Indices {
    fn from_iter<I: IntoIterator<Item = i64>>(indices: I) -> Indices {
        let mut indices = indices.into_iter();
        let mut few = [0; 2];
        for n in 0..2 {
            match indices.next() {
                Some(index) => few[usize::from(n)] = index,
                None => return Indices::Few(n, few),
            }
        }
        match indices.next() {
            None => Indices::Few(2, few),
            Some(third) => Indices::Many(few.into_iter().chain([third]).chain(indices).collect()),
        }
    }
}

impl From<&[i64]> for Indices {
    fn from(indices: &[i64]) -> Indices {
        indices.iter().copied().collect()
    }
}

impl PartialEq for Indices {
    fn eq(&self, other: &Indices) -> bool {
        match (self, other) {
            (Indices::Few(n, own), Indices::Few(m, others)) => n == m && own == others,
            _ => **self == **other,
        }
    }
}

impl Eq for Indices {}

impl PartialOrd for Indices {
    fn partial_cmp(&self, other: &Indices) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Indices {
    fn cmp(&self, other: &Indices) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Indices {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.iter().for_each(|index| index.hash(state));
        state.write_usize(self.len());
    }
}

impl fmt::Debug for Indices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// A member of a family, or one entry of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) symbol: SymbolId,
    pub(super) indices: Indices,
    /// The indices of the entry; none for the whole member.
    pub(super) entry: Indices,
}

impl Key {
    /// A whole member.
    pub(super) fn of(symbol: SymbolId, indices: Indices) -> Key {
        Key { symbol, indices, entry: Indices::NONE }
    }

    pub(super) fn is_of(&self, symbol: SymbolId, indices: &[i64]) -> bool {
        self.symbol == symbol && *self.indices == *indices
    }

    pub(super) fn whole(&self) -> Key {
        Key::of(self.symbol, self.indices.clone())
    }

    /// As assignments list members.
    pub(super) fn listed(&self) -> (SymbolId, Vec<i64>) {
        (self.symbol, self.indices.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_what_they_were_made_from() {
        for n in 0..5 {
            let list: Vec<i64> = (1..=n).collect();
            let indices = Indices::from(&list[..]);
            assert_eq!(*indices, *list);
            assert_eq!(indices, list.iter().copied().collect());
            assert_ne!(indices, (0..=n).collect());
        }
    }
}
