//! The known word that was probably meant.

/// The word of `known` that is nearest to `word`, if one is near enough to be meant.
///
/// Near enough is one edit for words of up to four letters and two for longer ones; a swap of two neighbours is
/// one edit, and upper and lower case count as equal. Of equally near words the first one wins.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = if word.chars().count() <= 4 { 1 } else { 2 };
    let best = known.into_iter().map(|candidate| (edits(word, candidate, limit), candidate)).min_by_key(|best| best.0);
    best.filter(|(n_edits, _)| *n_edits <= limit).map(|(_, candidate)| candidate)
}

/// The number of letters to insert, drop, change or swap between `a` and `b`; more than `limit` where the
/// lengths alone say so.
fn edits(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
