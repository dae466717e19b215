//! Which nodes were met: a set of positions, walked downwards.

/// How many positions a page holds.
const PAGE: usize = 1024;

/// The words of a page.
type Words = [u64; PAGE / 64];

/// A set of positions as bits. Pages are made when they are first needed, so that a small set is small in a large arena.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pages: Vec<Option<Box<Words>>>,
}

impl Marks {
    /// Marks a position.
    pub(super) fn insert(&mut self, position: usize) {
        let (page, word, bit) = place(position);
        if page >= self.pages.len() {
            self.pages.resize_with(page + 1, || None);
        }
        let words = self.pages[page].get_or_insert_with(|| Box::new([0; PAGE / 64]));
        words[word] |= 1 << bit;
    }

    /// The largest marked position below this one.
    pub(super) fn below(&self, position: usize) -> Option<usize> {
        let position = position.min(self.pages.len() * PAGE).checked_sub(1)?;
        let (page, word, bit) = place(position);
        if let Some(words) = &self.pages[page] {
            let rest = words[word] & (u64::MAX >> (63 - bit));
            let found = highest(rest, word).or_else(|| highest_of(&words[..word]));
            if let Some(found) = found {
                return Some(page * PAGE + found);
            }
        }
        let found = |(page, words): (usize, &Option<Box<Words>>)| Some(page * PAGE + highest_of(&words.as_ref()?[..])?);
        self.pages[..page].iter().enumerate().rev().find_map(found)
    }
}

/// The page of a position, the word in it, and the bit in that.
fn place(position: usize) -> (usize, usize, u32) {
    (position / PAGE, position % PAGE / 64, (position % 64) as u32)
}

/// The place in its page of the highest bit of a word.
fn highest(bits: u64, word: usize) -> Option<usize> {
    bits.checked_ilog2().map(|bit| word * 64 + bit as usize)
}

fn highest_of(words: &[u64]) -> Option<usize> {
    words.iter().enumerate().rev().find_map(|(word, &bits)| highest(bits, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_walked_downwards() {
        let mut marks = Marks::default();
        let positions = [0, 63, 64, 4095, 4096, 9000, 40_000];
        positions.iter().for_each(|&position| marks.insert(position));
        let mut walked = Vec::new();
        let mut at = usize::MAX;
        while let Some(position) = marks.below(at) {
            walked.insert(0, position);
            at = position;
        }
        assert_eq!(walked, positions);
    }
}
