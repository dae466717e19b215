use std::collections::BTreeMap;

use super::*;
use crate::expr::DefinedOn;
use crate::expr::Elementary;
use crate::expr::Prop;
use crate::expr::Row;
use crate::expr::SymbolKind;
use crate::model::Argument;
use crate::numeric::Fallback;
use crate::numeric::Style;
use crate::numeric::gradient;
use crate::numeric::sample::Network;
use crate::numeric::sample::definition;
use crate::numeric::sample::network;

fn point(network: &Network, n: i64) -> Assignment {
    let fallback = Some(Fallback { seed: 5, style: Style::Unit });
    Assignment { integers: BTreeMap::from([(network.last, n)]), fallback, ..Assignment::default() }
}

#[track_caller]
fn check(network: &Network, of: Expr, by: &[Expr], n: i64) {
    let point = point(network, n);
    let slow = gradient(&network.arena, &network.model, &point, &Floats, of, by).unwrap();
    let mut tape = Series::compile(&network.arena, &network.model, &point, of, by).unwrap();
    let (value, fast) = tape.gradient();
    let expected = crate::numeric::evaluate(&network.arena, &network.model, &point, &Floats, of).unwrap();
    let expected = *expected.as_scalar().unwrap();
    assert!((value - expected).abs() <= 1e-12 * expected.abs(), "{value} {expected}");
    for (place, (fast, slow)) in fast.iter().zip(&slow).enumerate() {
        let slow = slow.as_scalar().unwrap();
        assert!((fast - slow).abs() <= 1e-11 * (1e-9 + slow.abs()), "{place}: {fast} {slow}");
    }
    assert_eq!(tape.gradient(), (value, fast), "a second run");
}

#[test]
fn agrees_with_the_record_for_every_function() {
    let is_everywhere = |row: &&Row| matches!(row.defined_on, DefinedOn::Reals | DefinedOn::BetweenPoles);
    for row in Elementary::table().iter().filter(|row| row.arity == 1).filter(is_everywhere) {
        let mut network = network(Some(row.function));
        let by = [network.w_i, network.w_h, network.w_o, network.member("h", 0), network.member("x", 2)];
        let n = match row.function {
            // Nested more deeply they overflow.
            Elementary::Exp | Elementary::Sinh | Elementary::Cosh => 2,
            _ => 5,
        };
        check(&network, network.loss, &by, n);
    }
}

#[test]
fn blocks_meet() {
    let mut network = network(Some(Elementary::Sigmoid));
    let by = [network.w_i, network.w_h, network.w_o, network.member("h", 0), network.member("h", 256)];
    for n in [1, 255, 256, 257, 700] {
        check(&network, network.loss, &by, n);
    }
}

/// `c_t = f_t c_{t-1} + tanh(h_{t-1} + x_t)`, `f_t = σ(w h_{t-1} + c_{t-2})`, `h_t = f_t tanh c_t`.
fn gated() -> (Network, Expr) {
    let mut network = network(Some(Elementary::Sigmoid));
    let arena = &mut network.arena;
    network.model.definitions.clear();
    let t = arena.intern("t", SymbolKind::Integer);
    let (at, one) = (arena.symbol(t), arena.one());
    let mut state = |name: &str, back: i64| {
        let minus = arena.integer(-back);
        let index = arena.sum([at, minus]);
        let symbol = arena.intern(name, SymbolKind::Real);
        arena.member(symbol, vec![index])
    };
    let (c, c_1, c_2) = (state("c", 0), state("c", 1), state("c", 2));
    let (f, h_1, x) = (state("f", 0), state("h", 1), state("x", 0));
    let w = network.w_h;
    let inner = arena.product([w, h_1]);
    let inner = arena.sum([inner, c_2]);
    let f_body = arena.apply(Elementary::Sigmoid, inner);
    let input = arena.sum([h_1, x]);
    let input = arena.apply(Elementary::Tanh, input);
    let kept = arena.product([f, c_1]);
    let c_body = arena.sum([kept, input]);
    let out = arena.apply(Elementary::Tanh, c);
    let h_body = arena.product([f, out]);
    let letters = || vec![Argument::Letter(t)];
    let start = || vec![Prop::at_most(one, at)];
    for (name, body) in [("c", c_body), ("f", f_body), ("h", h_body)] {
        let definition = definition(arena, name, letters(), start(), body);
        network.model.definitions.push(definition);
    }
    let (h, two) = (arena.find("h").unwrap(), arena.integer(2));
    let last = arena.symbol(network.last);
    let (early, late) = (arena.integer(3), arena.member(h, vec![last]));
    let early = arena.member(h, vec![early]);
    let square = arena.power(late, two);
    let of = arena.sum([square, early]);
    (network, of)
}

#[test]
fn states_that_need_each_other() {
    let (mut network, of) = gated();
    let by = [network.w_h, network.member("c", 0), network.member("c", -1), network.member("h", 0)];
    let by = [&by[..], &[network.member("x", 4), network.member("f", 5), network.member("h", 3)]].concat();
    for n in [3, 9, 300] {
        check(&network, of, &by, n);
    }
}

#[test]
fn variables_can_be_set() {
    let mut network = network(Some(Elementary::Tanh));
    let by = [network.w_h, network.member("h", 0)];
    let point = point(&network, 50);
    let mut tape = Series::compile(&network.arena, &network.model, &point, network.loss, &by).unwrap();
    let before = tape.value();
    tape.set(0, 0.0).unwrap();
    tape.set(1, 0.0).unwrap();
    assert_ne!(tape.value(), before);
    let (_, slopes) = tape.gradient();
    assert_eq!(slopes[1], 0.0);
}

#[test]
fn what_cannot_be_compiled_is_refused() {
    let mut network = network(Some(Elementary::Tanh));
    let at = network.arena.find("t").unwrap();
    network.model.definitions[0].range.clear();
    let point = point(&network, 5);
    let endless = Series::compile(&network.arena, &network.model, &point, network.loss, &[]);
    assert_eq!(endless.err(), Some(Error::Unsupported("a recurrence without a start")));
    let index = network.arena.symbol(at);
    let two = network.arena.integer(2);
    let double = network.arena.product([two, index]);
    let x = network.arena.find("x").unwrap();
    network.model.definitions[0].body = network.arena.member(x, vec![double]);
    let skipping = Series::compile(&network.arena, &network.model, &point, network.loss, &[]);
    assert!(matches!(skipping.err(), Some(Error::Unsupported(_))));
}
