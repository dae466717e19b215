use std::ops::Range;

/// The values of all nodes in one row, or their adjoints.
#[derive(Debug, Clone)]
pub(super) struct Buffer {
    data: Vec<f64>,
}

/// What lies before and behind the part of a buffer that is written.
pub(super) struct Rest<'a> {
    before: &'a [f64],
    behind: &'a [f64],
    end: usize,
}

impl Buffer {
    pub(super) fn new(len: usize) -> Buffer {
        Buffer { data: vec![0.0; len] }
    }

    pub(super) fn clear(&mut self) {
        self.data.fill(0.0);
    }

    pub(super) fn read(&self, part: Range<usize>) -> &[f64] {
        &self.data[part]
    }

    pub(super) fn write(&mut self, part: Range<usize>) -> &mut [f64] {
        &mut self.data[part]
    }

    /// A part to be written while others are read.
    pub(super) fn split(&mut self, part: Range<usize>) -> (&mut [f64], Rest<'_>) {
        let (before, data) = self.data.split_at_mut(part.start);
        let (out, behind) = data.split_at_mut(part.end - part.start);
        (out, Rest { before, behind, end: part.end })
    }
}

impl Rest<'_> {
    /// A part that lies outside of what is written.
    pub(super) fn read(&self, part: Range<usize>) -> &[f64] {
        if part.start >= self.end {
            &self.behind[part.start - self.end..part.end - self.end]
        } else {
            &self.before[part]
        }
    }
}
