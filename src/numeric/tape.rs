use crate::expr::Arena;
use crate::expr::Expr;
use crate::model::Model;
use crate::numeric::Assignment;
use crate::numeric::Error;
use crate::numeric::Tensor;
use crate::numeric::series::Series;
use crate::numeric::unrolled::Unrolled;

/// A number as a function of parameters and data, compiled once and run forwards and backwards many times.
///
/// This is the fast witness, in floating point only: what is undefined at a point is no finite number there. It
/// covers most of what [`crate::numeric::gradient`] does, which is the slow one; the rest it refuses.
#[derive(Debug, Clone)]
pub struct Tape {
    program: Program,
}

/// How a tape is carried out.
#[derive(Debug, Clone)]
enum Program {
    /// Numbers by time, however many times there are.
    Series(Box<Series>),
    /// Every member written out: vectors, matrices, several indices.
    Unrolled(Box<Unrolled>),
}

impl Tape {
    /// Compiles `of` as a function of the variables `by`: parameters, members of families at fixed indices, or
    /// entries of them.
    ///
    /// Sizes and all values are read from the assignment, once; [`Tape::set`] changes the variables later.
    /// Errors: [`Error::Unsupported`] says what a tape cannot hold; [`Error::Misfit`] where `of` is no number.
    pub fn compile(
        arena: &Arena,
        model: &Model,
        assignment: &Assignment,
        of: Expr,
        by: &[Expr],
    ) -> Result<Tape, Error> {
        let program = match Series::compile(arena, model, assignment, of, by) {
            Ok(series) => Program::Series(Box::new(series)),
            Err(_) => Program::Unrolled(Box::new(Unrolled::compile(arena, model, assignment, of, by)?)),
        };
        Ok(Tape { program })
    }

    /// Gives the variable at this place of `by` another value, in its own shape; what is defined has none to give.
    pub fn set(&mut self, place: usize, value: &Tensor<f64>) -> Result<(), Error> {
        match &mut self.program {
            Program::Series(series) => {
                let number = value.as_scalar().ok_or(Error::Misfit("the value of a variable"))?;
                series.set(place, *number)
            }
            Program::Unrolled(unrolled) => unrolled.set(place, value),
        }
    }

    /// The number.
    pub fn value(&mut self) -> f64 {
        match &mut self.program {
            Program::Series(series) => series.value(),
            Program::Unrolled(unrolled) => unrolled.value(),
        }
    }

    /// The number and its derivatives by the variables, in their order and each in its own shape.
    pub fn gradient(&mut self) -> (f64, Vec<Tensor<f64>>) {
        match &mut self.program {
            Program::Series(series) => {
                let (value, slopes) = series.gradient();
                (value, slopes.into_iter().map(Tensor::Scalar).collect())
            }
            Program::Unrolled(unrolled) => unrolled.gradient(),
        }
    }
}
