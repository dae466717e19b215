use std::collections::BTreeMap;

use super::*;
use crate::expr::DefinedOn;
use crate::expr::Elementary;
use crate::expr::Shape;
use crate::expr::SymbolKind;
use crate::numeric::Fallback;
use crate::numeric::Style;
use crate::numeric::gradient;
use crate::numeric::sample::Network;
use crate::numeric::sample::network;

fn point(network: &Network, n: i64) -> Assignment {
    let fallback = Some(Fallback { seed: 5, style: Style::Unit });
    Assignment { integers: BTreeMap::from([(network.last, n)]), fallback, ..Assignment::default() }
}

fn compile(network: &Network, n: i64, by: &[Expr]) -> Result<Unrolled, Error> {
    Unrolled::compile(&network.arena, &network.model, &point(network, n), network.loss, by)
}

#[test]
fn numbers_agree_with_the_record() {
    for row in Elementary::table().iter().filter(|row| row.arity == 1) {
        if !matches!(row.defined_on, DefinedOn::Reals | DefinedOn::BetweenPoles) {
            continue;
        }
        let mut network = network(Some(row.function));
        let by = [network.w_i, network.w_h, network.w_o, network.member("h", 0), network.member("h", 2)];
        let (_, fast) = compile(&network, 5, &by).unwrap().gradient();
        let point = point(&network, 5);
        let slow = gradient(&network.arena, &network.model, &point, &Floats, network.loss, &by).unwrap();
        for (fast, slow) in fast.iter().zip(&slow) {
            let (fast, slow) = (fast.as_scalar().unwrap(), slow.as_scalar().unwrap());
            assert!(fast == slow || (fast - slow).abs() <= 1e-11 * (1e-9 + slow.abs()), "{}: {fast} {slow}", row.name);
        }
    }
}

#[test]
fn a_long_recurrence_needs_no_deep_stack() {
    let network = network(Some(Elementary::Sigmoid));
    let mut unrolled = compile(&network, 20_000, &[network.w_h]).unwrap();
    let (value, slopes) = unrolled.gradient();
    assert!(value > 2e3 && slopes[0].as_scalar().is_some_and(|slope| *slope > 0.0));
}

#[test]
fn givens_can_be_set_and_what_is_defined_cannot() {
    let mut network = network(Some(Elementary::Tanh));
    let by = [network.w_h, network.member("h", 2), network.member("x", 99), network.member("h", 0)];
    let mut unrolled = compile(&network, 3, &by).unwrap();
    let before = unrolled.value();
    assert_eq!(unrolled.set(0, &Tensor::Scalar(0.0)), Ok(()));
    assert_ne!(unrolled.value(), before);
    assert_eq!(unrolled.set(3, &Tensor::Scalar(0.5)), Ok(()));
    assert!(matches!(unrolled.set(0, &Tensor::Vector(vec![0.0])), Err(Error::Misfit(_))));
    assert!(matches!(unrolled.set(1, &Tensor::Scalar(0.0)), Err(Error::Unsupported(_))));
    assert_eq!(unrolled.gradient().1[2], Tensor::Scalar(0.0));
}

#[test]
fn what_has_no_start_is_refused() {
    let mut network = network(Some(Elementary::Tanh));
    network.model.definitions[0].range.clear();
    assert_eq!(compile(&network, 3, &[]).err(), Some(Error::TooLarge));
}

/// `Σ_{t=1}^{6} ‖tanh(W x_t)‖²`: products that need nothing of each other.
#[test]
fn products_by_many_columns_are_one() {
    let mut arena = Arena::new();
    let n = arena.integer(7);
    let symbol = |arena: &mut Arena, name: &str, shape: Shape| {
        let symbol = arena.intern(name, SymbolKind::Real);
        arena.declare(symbol, SymbolKind::Real, shape);
        symbol
    };
    let (w, x) = (symbol(&mut arena, "W", Shape::Matrix(n, n)), symbol(&mut arena, "x", Shape::Vector(n)));
    let w = arena.symbol(w);
    let mut terms = Vec::new();
    for time in 1..=6 {
        let at = arena.integer(time);
        let x = arena.member(x, vec![at]);
        let product = arena.matmul([w, x]);
        let state = arena.apply(Elementary::Tanh, product);
        let row = arena.transpose(state);
        terms.push(arena.matmul([row, state]));
    }
    let of = arena.sum(terms);
    let point = Assignment { fallback: Some(Fallback { seed: 1, style: Style::Unit }), ..Assignment::default() };
    let model = Model::default();
    let mut unrolled = Unrolled::compile(&arena, &model, &point, of, &[w]).unwrap();
    let columns = unrolled.steps.iter().filter_map(|step| match step {
        Step::Product(product) => Some(product.out.columns),
        Step::Node(_) | Step::Outer(_) => None,
    });
    assert_eq!(columns.max(), Some(6));
    assert_eq!(unrolled.steps.iter().filter(|step| matches!(step, Step::Outer(_))).count(), 1);
    let slow = gradient(&arena, &model, &point, &Floats, of, &[w]).unwrap();
    for (fast, slow) in unrolled.gradient().1[0].entries().iter().zip(slow[0].entries()) {
        assert!((fast - slow).abs() < 1e-12, "{fast} {slow}");
    }
}
