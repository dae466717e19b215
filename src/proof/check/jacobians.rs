//! Jacobians of vectors: that of one step entry by entry, that of many as the product of those of the steps.

use crate::expr::{Big, Comparison, DerivativeKind, Expr, Node, Shape};
use crate::model::Model;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::{Checked, Objection, Replay, ensure};
use crate::proof::check::slopes::{Direction, Held};

const UNKNOWN: Objection = Objection::Unreplayed("a Jacobian");

impl Replay<'_> {
    /// Whether a matrix is the derivative of a vector of state by a vector: of one step, or of many by the chain rule, the
    /// last one leftmost.
    pub(super) fn jacobian(&mut self, derivative: Expr, matrix: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let Node::Derivative { kind, of, by, .. } = *self.arena.node(derivative) else { return Err(UNKNOWN) };
        let (symbol, at, _) = Model::member(self.arena, of).ok_or(UNKNOWN)?;
        let (other, from, _) = Model::member(self.arena, by).ok_or(UNKNOWN)?;
        let ([at], [from]) = (&at[..], &from[..]) else { return Err(UNKNOWN) };
        if kind == DerivativeKind::Immediate {
            let are_apart = hypotheses.decides(self.arena, Comparison::NotEqual, *at, *from) == Some(true);
            let body = hypotheses.definition_of(self.arena, of).filter(|_| are_apart).ok_or(UNKNOWN)?;
            return self.slope_is(body, Direction::new(by, Held::ElsewhereThan(*at)), matrix, hypotheses);
        }
        let chain = hypotheses.chain(self.arena, symbol).ok_or(UNKNOWN)?;
        let after = chain.after(self.arena, *from);
        let first = hypotheses.first_of(self.arena, symbol).filter(|_| !chain.runs_back());
        let is_past = |arena, first| hypotheses.decides(arena, Comparison::LessEqual, first, after) == Some(true);
        let begins = first.is_some_and(|first| is_past(&*self.arena, first))
            || hypotheses.has_begun(self.arena, symbol, &chain, after);
        let ((low, high), (earlier, later)) = (chain.range(after, *at), chain.range(*from, *at));
        let is_later = hypotheses.decides(self.arena, Comparison::LessEqual, earlier, later) == Some(true);
        let last_leftmost = if chain.runs_back() { Big::Ascending } else { Big::Descending };
        ensure(symbol == other && begins && is_later, "no steps lead from one to the other").map_err(|_| UNKNOWN)?;
        let (index, step, inner) = match *self.arena.node(matrix) {
            Node::Big { op, lower, upper, .. }
                if op == last_leftmost && self.are_ends((lower, upper), (low, high), hypotheses) =>
            {
                let letter = self.arena.letter_apart("step", &[matrix]);
                let letter = self.arena.symbol(letter);
                let step = self.arena.instantiate(matrix, letter).ok_or(UNKNOWN)?;
                (letter, step, self.within(letter, (lower, upper), hypotheses)?)
            }
            _ if hypotheses.distance(self.arena, earlier, later) == Some(1) => (*at, matrix, hypotheses.clone()),
            _ => return Err(UNKNOWN),
        };
        let (body, before) = inner.step_of(self.arena, symbol, index).ok_or(UNKNOWN)?;
        self.slope_is(body, Direction::new(before, Held::States), step, &inner)
    }

    fn are_ends(&self, own: (Expr, Expr), wanted: (Expr, Expr), hypotheses: &Hypotheses<'_>) -> bool {
        let is_one = |a, b| hypotheses.distance(self.arena, a, b) == Some(0);
        is_one(own.0, wanted.0) && is_one(own.1, wanted.1)
    }

    /// Whether a matrix holds the slopes of the entries of a vector by those of another.
    fn slope_is(&mut self, of: Expr, direction: Direction, matrix: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let (Shape::Vector(rows), Shape::Vector(columns)) = (self.arena.shape(of), self.arena.shape(direction.by))
        else {
            return Err(UNKNOWN);
        };
        let one = self.arena.one();
        let [row, column] = ["row", "column"].map(|name| {
            let letter = self.arena.letter_apart(name, &[of, matrix, direction.by]);
            self.arena.symbol(letter)
        });
        let inner = self.within(row, (one, rows), hypotheses)?;
        let inner = self.within(column, (one, columns), &inner)?;
        let by = self.arena.entry(direction.by, vec![column]);
        self.at_points(&inner, None, |point| {
            let (own, entry) = (point.entry(of, &[row]), point.entry(matrix, &[row, column]));
            Ok((point.slope(own, direction.entry(by))?, point.value(entry)?))
        })
    }
}
