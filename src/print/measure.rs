//! Height, width and first character of a part.

use crate::print::tree::Facts;
use crate::print::{Fence, Level, Part, PartId, Sign, Tree};

/// The widest numerator that is set with a slash in a script.
const SLASH_WIDTH: u32 = 8;

impl Tree {
    pub(super) fn measure(&self, part: &Part, level: Level) -> Facts {
        let flat = |width: usize| Facts {
            level,
            tall: false,
            width: u32::try_from(width).unwrap_or(u32::MAX),
            small: true,
            digit: false,
            round: false,
        };
        match part {
            Part::Letter(_) => flat(1),
            Part::Number(digits) => Facts { digit: true, ..flat(digits.len()) },
            Part::Word(word) | Part::Prose(word) => flat(word.chars().count()),
            Part::Sign(sign) => flat(sign.width()),
            Part::Styled { body, .. } => Facts { level, digit: false, ..self.facts(*body) },
            Part::Row(items) => Facts { small: self.small_row(items), ..self.span(items, level) },
            Part::Apply { head, args } => self.span(&[*head, *args], level),
            Part::Scripts { base, below, above, primes } => {
                let below_width = below.map_or(0, |below| self.facts(below).width);
                let above_facts = above.map(|above| self.facts(above));
                let width = below_width.max(above_facts.map_or(0, |facts| facts.width));
                let base = self.facts(*base);
                Facts {
                    level,
                    width: base.width.saturating_add(width).saturating_add(u32::from(*primes)),
                    small: base.small && above_facts.is_none_or(|facts| facts.small && !facts.tall),
                    ..base
                }
            }
            Part::Fraction { above, below } => {
                let (over, under) = (self.facts(*above), self.facts(*below));
                Facts {
                    level,
                    tall: true,
                    width: over.width.max(under.width),
                    small: self.slash_fits(*above, *below),
                    digit: false,
                    round: false,
                }
            }
            Part::Root(body) => Facts { level, digit: false, round: false, ..self.span(&[*body], level) },
            Part::Fenced { fence, body } => Facts {
                width: self.facts(*body).width.saturating_add(2),
                digit: false,
                round: *fence == Fence::Round,
                ..Facts { level, ..self.facts(*body) }
            },
            Part::Big { body, .. } | Part::Evaluated { body, .. } => Facts {
                level,
                tall: true,
                width: self.facts(*body).width.saturating_add(4),
                small: false,
                digit: false,
                round: false,
            },
            Part::Matrix { cells, .. } => Facts { tall: true, small: false, ..self.span(cells, level) },
            Part::Cases(rows) => Facts { tall: true, small: false, ..flat(8 * rows.len()) },
        }
    }

    /// Whether a fraction may be written with a slash in a script.
    pub(super) fn slash_fits(&self, above: PartId, below: PartId) -> bool {
        let (over, under) = (self.facts(above), self.facts(below));
        let plain = !over.tall && !under.tall && over.small && under.small;
        plain && over.level >= Level::Product && under.level >= Level::Factor && over.width <= SLASH_WIDTH
    }

    fn span(&self, items: &[PartId], level: Level) -> Facts {
        let first = items.first().map(|&item| self.facts(item));
        Facts {
            level,
            tall: items.iter().any(|&item| self.facts(item).tall),
            width: items.iter().fold(0, |sum, &item| sum.saturating_add(self.facts(item).width)),
            small: items.iter().all(|&item| self.facts(item).small),
            digit: first.is_some_and(|facts| facts.digit),
            round: first.is_some_and(|facts| facts.round),
        }
    }

    /// A fraction beside a factor would be read wrongly with a slash.
    fn small_row(&self, items: &[PartId]) -> bool {
        let multiplies = self.multiplies(items);
        items.iter().all(|&item| {
            let facts = self.facts(item);
            facts.small && !(multiplies && facts.tall)
        })
    }

    /// Whether the row holds factors side by side.
    pub(super) fn multiplies(&self, items: &[PartId]) -> bool {
        let multiplies = |part: &Part| {
            matches!(part, Part::Sign(Sign::Times | Sign::Dot | Sign::Matrix | Sign::Odot | Sign::Oslash))
        };
        items.iter().any(|&item| multiplies(self.part(item)))
    }
}
