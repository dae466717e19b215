//! Legends: rows of samples above a figure, and names beside the ends of lines.

use super::canvas::{Anchor, Canvas, SMALL, polyline};
use super::geometry::point;
use super::label::Label;

const SAMPLE: f64 = 22.0;
const ROW: f64 = 19.0;

/// One line of a legend: the classes of the sample, and its name.
pub(super) struct Entry<'a> {
    /// The class of the sample's path.
    pub(super) class: String,
    /// Whether the sample is a single point.
    pub(super) is_point: bool,
    pub(super) label: &'a Label,
}

/// Draws the entries in rows from `left` to `right` above `y = 0` downward, and returns the height they take.
pub(super) fn draw_rows(canvas: &mut Canvas, entries: &[Entry<'_>], left: f64, right: f64) -> f64 {
    let (mut x, mut y) = (left, 0.0);
    for entry in entries.iter().filter(|entry| !entry.label.is_empty()) {
        let width = SAMPLE + 7.0 + entry.label.width() * SMALL;
        if x > left && x + width > right {
            (x, y) = (left, y + ROW);
        }
        let middle = point(x + SAMPLE / 2.0, y + ROW / 2.0);
        let d = if entry.is_point {
            format!("{}h0", polyline(&[middle]))
        } else {
            polyline(&[point(x + 1.0, middle.y), point(x + SAMPLE - 1.0, middle.y)])
        };
        canvas.path(&entry.class, &d);
        canvas.text("", point(x + SAMPLE + 7.0, middle.y + 0.34 * SMALL), Anchor::Start, SMALL, entry.label);
        x += width + 16.0;
    }
    if x > left { y + ROW + 4.0 } else { 0.0 }
}

/// The heights nearest to `wanted` that are `gap` apart and between `low` and `high`, as far as there is room.
pub(super) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    // Neighbours that meet become one block around the mean of what they want; blocks that meet merge again.
    let mut blocks: Vec<(f64, Vec<usize>)> = Vec::new();
    for idx in order {
        let mut block = (wanted[idx].clamp(low, high), vec![idx]);
        while let Some(above) =
            blocks.pop_if(|above| above.0 + extent(&above.1, gap) + gap > block.0 - extent(&block.1, gap))
        {
            let (n_above, n_below) = (above.1.len() as f64, block.1.len() as f64);
            let members = [above.1, block.1].concat();
            let reach = extent(&members, gap);
            let centre = (above.0 * n_above + block.0 * n_below) / (n_above + n_below);
            block = (centre.min(high - reach).max(low + reach), members);
        }
        blocks.push(block);
    }
    let mut heights = vec![0.0; wanted.len()];
    for (centre, members) in blocks {
        let first = centre - extent(&members, gap);
        for (rank, &idx) in members.iter().enumerate() {
            heights[idx] = first + rank as f64 * gap;
        }
    }
    heights
}

/// Half the distance between the first and the last of a block.
fn extent(members: &[usize], gap: f64) -> f64 {
    (members.len().saturating_sub(1)) as f64 * gap / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_meet_move_apart() {
        assert_eq!(spread(&[10.0, 50.0], 14.0, 0.0, 100.0), [10.0, 50.0]);
        assert_eq!(spread(&[52.0, 50.0], 14.0, 0.0, 100.0), [58.0, 44.0]);
        assert_eq!(spread(&[0.0, 0.0, 3.0], 14.0, 0.0, 100.0), [0.0, 14.0, 28.0]);
    }
}
