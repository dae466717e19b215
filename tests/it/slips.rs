//! Formulas that nobody meant: others with a few slips of the pen.

use chainrule::number::Random;

/// A formula with one to three of its characters dropped, doubled, exchanged or taken from another formula.
pub fn with_slips(formulas: &[Vec<char>], random: &mut Random) -> String {
    let below = |random: &mut Random, n: usize| usize::try_from(random.below(n as u64)).unwrap_or_default();
    let mut latex = formulas[below(random, formulas.len())].clone();
    for _ in 0..=below(random, 3) {
        let at = below(random, latex.len());
        let other = &formulas[below(random, formulas.len())];
        match below(random, 4) {
            0 if latex.len() > 1 => drop(latex.remove(at)),
            1 => latex.insert(at, latex[at]),
            2 => {
                let to = below(random, latex.len());
                latex.swap(at, to);
            }
            _ => latex.insert(at, other[below(random, other.len())]),
        }
    }
    latex.into_iter().collect()
}
