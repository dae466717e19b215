//! The known word that was probably meant.

/// The word of `known` that is nearest to `word`, if one is near enough to be meant.
///
/// Near enough is one edit for words of up to four letters and two for longer ones; a swap of two neighbours is one
/// edit, and so far upper and lower case count as equal. Of equally near words the one nearer in case wins, then
/// the one nearer in length, then the first.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = if word.chars().count() <= 4 { 1 } else { 2 };
    let lower = word.to_lowercase();
    let near = known.into_iter().filter_map(|candidate| {
        let n_edits = edits(&lower, &candidate.to_lowercase(), limit);
        (n_edits <= limit).then(|| (n_edits, edits(word, candidate, 2 * limit), candidate))
    });
    let longer = |candidate: &str| candidate.chars().count().abs_diff(word.chars().count());
    near.min_by_key(|(n_edits, n_with_case, candidate)| (*n_edits, *n_with_case, longer(candidate)))
        .map(|(_, _, candidate)| candidate)
}

/// The number of letters to insert, drop, change or swap between `a` and `b`; more than `limit` where the
/// lengths alone say so.
fn edits(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
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
