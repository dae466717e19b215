use std::mem;
use std::ops::Index;

/// A map of few entries: a list in the order of the keys.
///
/// It is made, copied, compared and walked at the cost of its entries, which a tree or a hash table of so few is not. It
/// is compared and walked like a `BTreeMap`. Adding an entry takes as long as there are entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SmallMap<K, V> {
    entries: Vec<(K, V)>,
}

/// Up to so many entries, looking along them is quicker than halving.
const FEW: usize = 8;

impl<K: Ord, V> SmallMap<K, V> {
    /// A map without entries.
    pub const fn new() -> SmallMap<K, V> {
        SmallMap { entries: Vec::new() }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, key: &K) -> Result<usize, usize> {
        if self.entries.len() > FEW {
            return self.entries.binary_search_by(|(own, _)| own.cmp(key));
        }
        match self.entries.iter().position(|(own, _)| own >= key) {
            Some(at) if self.entries[at].0 == *key => Ok(at),
            Some(at) => Err(at),
            None => Err(self.entries.len()),
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.position(key).ok().map(|at| &self.entries[at].1)
    }

    /// Whether a key is there.
    pub fn contains_key(&self, key: &K) -> bool {
        self.position(key).is_ok()
    }

    /// The value of a key to be changed, made where it is missing.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = match self.position(&key) {
            Ok(at) => at,
            Err(at) => {
                self.entries.insert(at, (key, make()));
                at
            }
        };
        &mut self.entries[at].1
    }

    /// Sets the value of a key; the value it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.position(&key) {
            Ok(at) => Some(mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a key out; the value it had.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.position(key).ok().map(|at| self.entries.remove(at).1)
    }

    /// Takes out every entry for which `keep` does not hold.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }

    /// The map over the keys of both, with the value that `merge` makes of the two; where it makes none, no entry.
    pub fn merged(&self, other: &Self, merge: impl Fn(Option<&V>, Option<&V>) -> Option<V>) -> Self
    where
        K: Clone,
    {
        let mut entries = Vec::with_capacity(self.len() + other.len());
        let (mut own, mut others) = (self.iter().peekable(), other.iter().peekable());
        while let Some(key) = least(own.peek(), others.peek()) {
            let left = own.next_if(|(own, _)| *own == key).map(|(_, value)| value);
            let right = others.next_if(|(own, _)| *own == key).map(|(_, value)| value);
            entries.extend(merge(left, right).map(|value| (key.clone(), value)));
        }
        SmallMap { entries }
    }

    /// The first entry.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    /// The entries in order.
    pub fn iter(&self) -> Entries<'_, K, V> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    /// The values to be changed, in the order of their keys.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// The keys for keeps.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator {
        self.entries.into_iter().map(|(key, _)| key)
    }
}

/// The lesser of two keys.
fn least<'a, K: Ord, V>(left: Option<&(&'a K, V)>, right: Option<&(&'a K, V)>) -> Option<&'a K> {
    match (left, right) {
        (Some((left, _)), Some((right, _))) => Some(left.min(right)),
        (Some((key, _)), None) | (None, Some((key, _))) => Some(key),
        (None, None) => None,
    }
}

/// The entries of a [`SmallMap`].
pub type Entries<'a, K, V> = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> SmallMap<K, V> {
        SmallMap { entries: Vec::new() }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SmallMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> SmallMap<K, V> {
        let mut map = SmallMap::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V> Extend<(K, V)> for SmallMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for SmallMap<K, V> {
    fn from(entries: [(K, V); N]) -> SmallMap<K, V> {
        entries.into_iter().collect()
    }
}

impl<K: Ord, V> Index<&K> for SmallMap<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("the key is in the map")
    }
}

impl<K, V> IntoIterator for SmallMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, K: Ord, V> IntoIterator for &'a SmallMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Entries<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_in_the_order_of_their_keys() {
        let mut map = SmallMap::from([(3, 'c'), (1, 'a')]);
        assert_eq!((map.insert(2, 'b'), map.insert(3, 'd')), (None, Some('c')));
        assert_eq!(map.iter().collect::<Vec<_>>(), [(&1, &'a'), (&2, &'b'), (&3, &'d')]);
        assert_eq!((map.remove(&1), map.get(&1), map[&2]), (Some('a'), None, 'b'));
        *map.get_or_insert_with(0, || 'x') = 'y';
        assert_eq!(map.first_key_value(), Some((&0, &'y')));
    }
}
