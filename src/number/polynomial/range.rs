use crate::number::Rational;
use crate::number::rational::{display, integer, simple_inside};
use std::fmt;

/// One end of a [`Range`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// There is none.
    Unbounded,
    /// The number is the end and no member.
    Open(Rational),
    /// The number is the end and a member.
    Closed(Rational),
}

/// The real numbers between two ends. It may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub low: End,
    /// The upper end.
    pub high: End,
}

impl End {
    /// The number at the end.
    pub fn value(&self) -> Option<&Rational> {
        match self {
            Self::Unbounded => None,
            Self::Open(value) | Self::Closed(value) => Some(value),
        }
    }

    /// The number, when it is a member.
    pub fn member(&self) -> Option<&Rational> {
        match self {
            Self::Closed(value) => Some(value),
            Self::Unbounded | Self::Open(_) => None,
        }
    }
}

impl Range {
    /// All real numbers.
    pub fn everything() -> Self {
        Self { low: End::Unbounded, high: End::Unbounded }
    }

    /// From `low` to `high`, both included.
    pub fn closed(low: Rational, high: Rational) -> Self {
        Self { low: End::Closed(low), high: End::Closed(high) }
    }

    /// Between `low` and `high`, both excluded.
    pub fn open(low: Rational, high: Rational) -> Self {
        Self { low: End::Open(low), high: End::Open(high) }
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        match (self.low.value(), self.high.value()) {
            (Some(low), Some(high)) => low > high || (low == high && !self.is_single()),
            _ => false,
        }
    }

    /// Whether there is one member.
    pub fn is_single(&self) -> bool {
        matches!((&self.low, &self.high), (End::Closed(low), End::Closed(high)) if low == high)
    }

    /// Whether the number is a member.
    pub fn contains(&self, value: &Rational) -> bool {
        let above = match &self.low {
            End::Unbounded => true,
            End::Open(low) => low < value,
            End::Closed(low) => low <= value,
        };
        let below = match &self.high {
            End::Unbounded => true,
            End::Open(high) => value < high,
            End::Closed(high) => value <= high,
        };
        above && below
    }
}

/// A simple number strictly between two ends, of which `None` is infinite; `None` when there is none.
pub(super) fn simple_between(low: Option<&Rational>, high: Option<&Rational>) -> Option<Rational> {
    match (low, high) {
        (None, None) => Some(Rational::ZERO),
        (Some(low), None) => Some(Rational::from(low.floor()).max(Rational::NEG_ONE) + integer(1)),
        (None, Some(high)) => Some(Rational::from(high.ceil()).min(Rational::ONE) - integer(1)),
        (Some(low), Some(high)) => simple_inside(low, high),
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.low {
            End::Unbounded => f.write_str("(-inf")?,
            End::Open(low) => write!(f, "({}", display(low))?,
            End::Closed(low) => write!(f, "[{}", display(low))?,
        }
        match &self.high {
            End::Unbounded => f.write_str(", inf)"),
            End::Open(high) => write!(f, ", {})", display(high)),
            End::Closed(high) => write!(f, ", {}]", display(high)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_emptiness() {
        let closed = Range::closed(integer(0), integer(1));
        let open = Range::open(integer(0), integer(1));
        assert!(closed.contains(&integer(0)) && closed.contains(&integer(1)) && !closed.contains(&integer(2)));
        assert!(!open.contains(&integer(0)) && !open.contains(&integer(1)));
        assert!(Range::open(integer(1), integer(1)).is_empty() && Range::closed(integer(1), integer(0)).is_empty());
        assert!(Range::closed(integer(1), integer(1)).is_single() && !Range::everything().is_empty());
        assert_eq!(format!("{closed} {open} {}", Range::everything()), "[0, 1] (0, 1) (-inf, inf)");
    }

    #[test]
    fn numbers_between() {
        assert_eq!(simple_between(None, Some(&integer(-3))), Some(integer(-4)));
        assert_eq!(simple_between(None, Some(&integer(5))), Some(integer(0)));
        assert_eq!(simple_between(Some(&integer(3)), None), Some(integer(4)));
        assert_eq!(simple_between(Some(&integer(-3)), None), Some(integer(0)));
        assert_eq!(simple_between(Some(&integer(1)), Some(&integer(1))), None);
    }
}
