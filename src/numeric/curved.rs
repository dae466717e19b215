use crate::expr::Elementary;
use crate::number::Rational;
use crate::number::rational::display;
use crate::number::rational::is_negative;
use crate::numeric::Error;
use crate::numeric::field::Field;

/// A function of one number that has a known shape over the whole real line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// `s²`: never below 0, convex, its slope unbounded.
    Bowl,
    /// `1 / (1 + s²)`: above 0, at most 1, its slopes bounded.
    Bump,
    /// `s / (1 + s²)`: odd, within ±1/2, its slope from −1/8 to 1.
    Wave,
    /// An elementary function of one argument.
    Elementary(Elementary),
}

/// `offset + tilt s + height g(scale s + at)`: a curve raised, tilted, stretched and moved, of the weighted sum
/// `s = u_1 + 2 u_2 + …` of a row of numbers.
///
/// The members of a family are moved further, so that each takes the same values over the whole line. A bound on the
/// function or on its slopes that holds everywhere holds for all members then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curved {
    /// Its shape.
    pub curve: Curve,
    /// By what the curve is multiplied.
    pub height: Rational,
    /// By what the argument is multiplied.
    pub scale: Rational,
    /// By how much the argument is moved.
    pub at: Rational,
    /// The slope of the straight line that is added.
    pub tilt: Rational,
    /// The constant that is added.
    pub offset: Rational,
}

impl Curve {
    fn value<F: Field>(self, field: &F, at: &F::Element) -> Result<F::Element, Error> {
        let bump = || field.reciprocal(&field.add(&field.integer(1), &field.multiply(at, at)?)?);
        match self {
            Curve::Bowl => field.multiply(at, at),
            Curve::Bump => bump(),
            Curve::Wave => field.multiply(at, &bump()?),
            Curve::Elementary(function) => field.apply(function, at),
        }
    }

    fn text(self, argument: &str) -> String {
        let is_letter = argument.chars().all(char::is_alphanumeric);
        let inner = if is_letter { argument.to_owned() } else { format!("({argument})") };
        match self {
            Curve::Bowl => format!("{inner}^2"),
            Curve::Bump => format!("1/({inner}^2 + 1)"),
            Curve::Wave => format!("{inner}/({inner}^2 + 1)"),
            Curve::Elementary(function) => format!("{}({argument})", function.row().name),
        }
    }
}

impl Curved {
    /// Whether the curve does not show.
    pub fn is_affine(&self) -> bool {
        self.height.is_zero()
    }

    /// The value at a row of numbers, with the argument moved by `shift`.
    pub(super) fn value<F: Field>(&self, field: &F, shift: i64, at: &[F::Element]) -> Result<F::Element, Error> {
        let mut sum = field.integer(shift);
        for (u, weight) in at.iter().zip(1..) {
            let weighted = if weight == 1 { u.clone() } else { field.multiply(&field.integer(weight), u)? };
            sum = field.add(&sum, &weighted)?;
        }
        let line = field.multiply(&field.rational(&self.tilt)?, &sum)?;
        let line = field.add(&field.rational(&self.offset)?, &line)?;
        if self.is_affine() {
            return Ok(line);
        }
        let scaled = field.multiply(&field.rational(&self.scale)?, &sum)?;
        let curve = self.curve.value(field, &field.add(&scaled, &field.rational(&self.at)?)?)?;
        field.add(&line, &field.multiply(&field.rational(&self.height)?, &curve)?)
    }

    /// The formula in terms of a letter.
    pub(super) fn text(&self, letter: &str) -> String {
        let mut text = String::new();
        if !self.is_affine() {
            let argument = added(added(String::new(), &self.scale, letter), &self.at, "");
            text = added(text, &self.height, &self.curve.text(&argument));
        }
        text = added(text, &self.tilt, letter);
        text = added(text, &self.offset, "");
        if text.is_empty() { "0".to_owned() } else { text }
    }
}

/// A sum with one more term: a coefficient times what is written, or the coefficient alone.
fn added(sum: String, coefficient: &Rational, of: &str) -> String {
    if coefficient.is_zero() {
        return sum;
    }
    let magnitude = if is_negative(coefficient) { -coefficient } else { coefficient.clone() };
    let sign = match (sum.is_empty(), is_negative(coefficient)) {
        (true, true) => "-",
        (true, false) => "",
        (false, true) => " - ",
        (false, false) => " + ",
    };
    let term = match (magnitude.is_one(), of) {
        (_, "") => display(&magnitude),
        (true, of) => of.to_owned(),
        (false, of) => format!("{} {of}", display(&magnitude)),
    };
    format!("{sum}{sign}{term}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;
    use crate::number::rational::integer;
    use crate::numeric::Rationals;

    fn wave() -> Curved {
        let half = || fraction(1, 2).unwrap();
        Curved {
            curve: Curve::Wave,
            height: half(),
            scale: integer(1),
            at: integer(-1),
            tilt: half(),
            offset: integer(3),
        }
    }

    #[test]
    fn members_of_a_family_are_moved() {
        let value = |shift, z: i64| wave().value(&Rationals, shift, &[integer(z)]).unwrap();
        assert_eq!(value(0, 1), fraction(7, 2).unwrap());
        assert_eq!(value(2, 1), value(0, 3));
    }

    #[test]
    fn the_numbers_of_a_row_do_not_stand_for_each_other() {
        let value = |at: [i64; 2]| wave().value(&Rationals, 0, &at.map(integer)).unwrap();
        assert_ne!(value([1, 0]), value([0, 1]));
        assert_eq!(value([2, 0]), value([0, 1]));
    }

    #[test]
    fn written_out() {
        assert_eq!(wave().text("z"), "1/2 (z - 1)/((z - 1)^2 + 1) + 1/2 z + 3");
        let tanh = Curved { curve: Curve::Elementary(Elementary::Tanh), scale: integer(-2), ..wave() };
        assert_eq!(tanh.text("z"), "1/2 tanh(-2 z - 1) + 1/2 z + 3");
        let zero = Curved { height: integer(0), tilt: integer(0), offset: integer(0), ..wave() };
        assert_eq!(zero.text("z"), "0");
    }
}
