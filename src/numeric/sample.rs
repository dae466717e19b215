//! Small models for the tests of this room.

use crate::expr::Arena;
use crate::expr::Big;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Function;
use crate::expr::Prop;
use crate::expr::Shape;
use crate::expr::SymbolId;
use crate::expr::SymbolKind;
use crate::model::Argument;
use crate::model::Definition;
use crate::model::Model;

/// `h_t = f(w_i x_t + w_h h_{t-1})` from t = 1, `y_t = f(w_o h_t)`, `L = Σ_{t=1}^T y_t²/2`.
pub(super) struct Network {
    pub(super) arena: Arena,
    pub(super) model: Model,
    pub(super) w_i: Expr,
    pub(super) w_h: Expr,
    pub(super) w_o: Expr,
    pub(super) loss: Expr,
    pub(super) last: SymbolId,
}

/// The network with this function, or with an arbitrary `f`.
pub(super) fn network(function: Option<Elementary>) -> Network {
    let mut arena = Arena::new();
    let [w_i, w_h, w_o] = ["w_i", "w_h", "w_o"].map(|name| real(&mut arena, name));
    let (t, last) = (arena.intern("t", SymbolKind::Integer), arena.intern("T", SymbolKind::Integer));
    let (at, one, minus) = (arena.symbol(t), arena.one(), arena.integer(-1));
    let before = arena.sum([at, minus]);
    let (h_before, h_here) = (state(&mut arena, "h", before), state(&mut arena, "h", at));
    let (x, y) = (state(&mut arena, "x", at), state(&mut arena, "y", at));
    let (input, recurrence) = (arena.product([w_i, x]), arena.product([w_h, h_before]));
    let inner = arena.sum([input, recurrence]);
    let outer = arena.product([w_o, h_here]);
    let (h_body, y_body) = (apply(&mut arena, function, inner), apply(&mut arena, function, outer));
    let from_one = vec![Prop::at_most(one, at)];
    let two = arena.integer(2);
    let (square, half) = (arena.power(y, two), arena.divide(one, two));
    let term = arena.product([half, square]);
    let upper = arena.symbol(last);
    let sum = arena.big(Big::Sum, t, one, upper, term);
    let loss = real(&mut arena, "L");
    let letters = vec![Argument::Letter(t)];
    let model = Model {
        definitions: vec![
            definition(&mut arena, "h", letters.clone(), from_one, h_body),
            definition(&mut arena, "y", letters, Vec::new(), y_body),
            definition(&mut arena, "L", Vec::new(), Vec::new(), sum),
        ],
        ..Model::default()
    };
    Network { arena, model, w_i, w_h, w_o, loss, last }
}

impl Network {
    /// `h_t` or another member at a number.
    pub(super) fn member(&mut self, name: &str, at: i64) -> Expr {
        let at = self.arena.integer(at);
        state(&mut self.arena, name, at)
    }
}

/// A definition of numbers.
pub(super) fn definition(
    arena: &mut Arena,
    name: &str,
    indices: Vec<Argument>,
    range: Vec<Prop>,
    body: Expr,
) -> Definition {
    let symbol = arena.intern(name, SymbolKind::Real);
    Definition { symbol, indices, components: Vec::new(), shape: Shape::Scalar, range, body }
}

/// A real number by name.
pub(super) fn real(arena: &mut Arena, name: &str) -> Expr {
    let symbol = arena.intern(name, SymbolKind::Real);
    arena.symbol(symbol)
}

fn state(arena: &mut Arena, name: &str, at: Expr) -> Expr {
    let symbol = arena.intern(name, SymbolKind::Real);
    arena.member(symbol, vec![at])
}

fn apply(arena: &mut Arena, function: Option<Elementary>, arg: Expr) -> Expr {
    match function {
        Some(function) => arena.apply(function, arg),
        None => {
            let symbol = arena.intern("f", SymbolKind::Function);
            arena.call(Function::Declared { symbol, indices: Box::default() }, Vec::new(), vec![arg])
        }
    }
}
