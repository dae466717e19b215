//! Evidence for functions of one letter and for limits that is accepted, and evidence that is refused.

use crate::expr::{Big, Comparison, Elementary, Expr, Extremum, Node, Prop, SymbolId, SymbolKind};
use crate::number::Rational;
use crate::number::rational::fraction;
use crate::proof::check::order_tests::{Stage, family, node, numbers, relation, supposed};
use crate::proof::check::{Evidence, Objection, Reason};

use Comparison::{Equal, Less, LessEqual, NotEqual};

fn leaf(how: Comparison, left: Expr, right: Expr, reason: Reason) -> Evidence {
    Evidence::leaf(relation(how, left, right), reason)
}

fn by_extent(how: Comparison, left: Expr, right: Expr) -> Evidence {
    leaf(how, left, right, Reason::Extent)
}

impl Stage {
    fn part(&mut self, above: i64, below: i64) -> Expr {
        self.arena.number(fraction(above, below).expect("not over 0"))
    }

    fn less(&mut self, left: Expr, right: Expr) -> Expr {
        self.arena.subtract(left, right)
    }

    fn letter(&mut self, name: &str, kind: SymbolKind) -> (SymbolId, Expr) {
        let symbol = self.arena.intern(name, kind);
        (symbol, self.arena.symbol(symbol))
    }
}

#[test]
fn functions_between_two_numbers() {
    let mut stage = Stage::new();
    let (x, y, zero, one, two) = (stage.real("x"), stage.real("y"), stage.n(0), stage.n(1), stage.n(2));
    let exp = stage.apply(Elementary::Exp, x);
    let (three, both) = (stage.n(3), stage.arena.sum([exp, y]));
    let (above_two, above_three) = (stage.less(exp, two), stage.less(exp, three));
    let claim = |function| leaf(Less, zero, function, Reason::Enclosed(x));
    stage.give(LessEqual, x, two);
    stage.refuses(&claim(above_two));
    stage.give(LessEqual, one, x);
    stage.accepts(&claim(above_two));
    stage.refuses(&claim(above_three));
    stage.refuses(&claim(both));
    stage.refuses(&leaf(Equal, zero, above_two, Reason::Enclosed(x)));
    // 0 at 1, so there is no room to spare.
    let gap = stage.less(x, one);
    stage.refuses(&leaf(LessEqual, zero, gap, Reason::Enclosed(x)));
}

#[test]
fn functions_from_a_zero_on() {
    let mut stage = Stage::new();
    let (x, zero, one, two) = (stage.real("x"), stage.n(0), stage.n(1), stage.n(2));
    let exp = stage.apply(Elementary::Exp, x);
    let slope = stage.less(exp, one);
    let (function, lower) = (stage.less(slope, x), stage.less(exp, two));
    let lower = stage.less(lower, x);
    let from = |place: i64| Reason::FromZero(x, Rational::from(place));
    let first = |how| node(relation(how, zero, slope), from(0), vec![by_extent(how, zero, exp)]);
    let second = |how, place| node(relation(how, zero, function), from(place), vec![first(how)]);
    stage.refuses(&second(LessEqual, 0));
    stage.give(LessEqual, zero, x);
    stage.accepts(&second(LessEqual, 0));
    stage.refuses(&second(Less, 0));
    stage.refuses(&second(LessEqual, 1));
    stage.refuses(&node(relation(LessEqual, zero, lower), from(0), vec![first(LessEqual)]));
    stage.refuses(&node(relation(LessEqual, zero, function), from(0), vec![by_extent(LessEqual, zero, exp)]));
    stage.refuses(&node(relation(LessEqual, zero, function), from(0), Vec::new()));
    stage.give(Less, zero, x);
    stage.accepts(&second(Less, 0));
}

#[test]
fn zeros_that_are_none() {
    let mut stage = Stage::new();
    let (x, zero, one) = (stage.real("x"), stage.n(0), stage.n(1));
    stage.give(Less, zero, x);
    stage.give(Less, x, one);
    let from_zero = Reason::FromZero(x, Rational::from(0));
    // `x log x` with 0 put in is 0, although a part of it has no value there.
    let log = stage.apply(Elementary::Log, x);
    let (function, slope) = (stage.arena.product([x, log]), stage.arena.sum([log, one]));
    let claim = node(relation(LessEqual, zero, function), from_zero.clone(), vec![supposed(LessEqual, zero, slope)]);
    assert_eq!(stage.answer(&claim), Err(Objection::Unreplayed("a middle that may be undefined")));
    let size = stage.apply(Elementary::Abs, x);
    let claim = node(relation(LessEqual, zero, size), from_zero, vec![numbers(LessEqual, zero, one)]);
    assert_eq!(stage.answer(&claim), Err(Objection::Wrong("the function has a corner")));
}

#[test]
fn what_is_known_of_a_letter_is_not_known_on_the_way_to_it() {
    // Where 2x >= y is known of an x, x (x - y) has a slope that is not negative there; it is below 0 for 1 and 2.
    let mut stage = Stage::new();
    let (x, y, zero) = (stage.real("x"), stage.real("y"), stage.n(0));
    let gap = stage.less(x, y);
    let (function, slope) = (stage.arena.product([x, gap]), stage.arena.sum([gap, x]));
    stage.give(LessEqual, zero, x);
    stage.give(LessEqual, zero, slope);
    let premise = supposed(LessEqual, zero, slope);
    stage.accepts(&premise);
    let claim = node(relation(LessEqual, zero, function), Reason::FromZero(x, Rational::from(0)), vec![premise]);
    assert_eq!(stage.answer(&claim), Err(Objection::Wrong("it does not follow from the hypotheses")));
}

#[test]
fn functions_far_out() {
    let mut stage = Stage::new();
    let (x, zero, four) = (stage.real("x"), stage.n(0), stage.n(4));
    let (back, log) = (stage.arena.negate(x), stage.apply(Elementary::Log, x));
    let (small, tenth, twentieth) = (stage.apply(Elementary::Exp, back), stage.part(1, 10), stage.part(1, 20));
    let bump = stage.arena.product([x, small]);
    let (above, slow, none) = (stage.less(tenth, bump), stage.less(x, log), stage.less(log, x));
    let low = stage.less(twentieth, bump);
    let claim = |function| leaf(Less, zero, function, Reason::FarOut(x));
    stage.refuses(&claim(above));
    stage.give(LessEqual, four, x);
    [above, slow].into_iter().for_each(|function| stage.accepts(&claim(function)));
    [low, none, zero].into_iter().for_each(|function| stage.refuses(&claim(function)));
    stage.give(LessEqual, x, tenth);
    stage.refuses(&claim(above));
    let mut near = Stage { given: Vec::new(), ..stage };
    let two = near.n(2);
    near.give(LessEqual, two, x);
    near.refuses(&claim(slow));
    let minus = near.n(-4);
    near.given.clear();
    near.give(LessEqual, x, minus);
    let exp = near.apply(Elementary::Exp, x);
    let (left, right) = (near.less(tenth, exp), near.less(exp, tenth));
    near.accepts(&claim(left));
    near.refuses(&claim(right));
}

#[test]
fn corners() {
    let mut stage = Stage::new();
    let (x, zero) = (stage.real("x"), stage.n(0));
    let (size, back) = (stage.apply(Elementary::Abs, x), stage.arena.negate(x));
    stage.give(LessEqual, zero, x);
    let claim = |left, premises| node(relation(LessEqual, left, size), Reason::Chosen(size), premises);
    let (above, same) = (supposed(LessEqual, zero, x), leaf(LessEqual, x, x, Reason::Identity));
    stage.accepts(&claim(x, vec![above.clone(), same.clone()]));
    stage.refuses(&claim(x, vec![same.clone()]));
    stage.refuses(&claim(back, vec![above, leaf(LessEqual, back, back, Reason::Identity)]));
    stage.refuses(&claim(x, vec![supposed(LessEqual, x, zero), same]));
}

#[test]
fn mean_values() {
    let mut stage = Stage::new();
    let (x, y, z, one, half) = (stage.real("x"), stage.real("y"), stage.real("z"), stage.n(1), stage.part(1, 2));
    let apart = stage.less(x, y);
    let distance = stage.apply(Elementary::Abs, apart);
    let size = |stage: &mut Stage, f: Elementary| {
        let (a, b) = (stage.apply(f, x), stage.apply(f, y));
        let gap = stage.less(a, b);
        stage.apply(Elementary::Abs, gap)
    };
    let (sines, rectified) = (size(&mut stage, Elementary::Sin), size(&mut stage, Elementary::Relu));
    let (sin, cos, relu) =
        (stage.apply(Elementary::Sin, z), stage.apply(Elementary::Cos, z), stage.apply(Elementary::Relu, z));
    let slope = stage.apply(Elementary::Abs, cos);
    let reason = |function, letter| Reason::MeanValue { function, letter, ends: (x, y) };
    let claim = relation(LessEqual, sines, distance);
    let bound = || vec![by_extent(LessEqual, slope, one)];
    stage.accepts(&node(claim.clone(), reason(sin, z), bound()));
    stage.refuses(&node(relation(Less, sines, distance), reason(sin, z), bound()));
    stage.refuses(&node(claim.clone(), reason(cos, z), bound()));
    stage.refuses(&node(claim.clone(), reason(sin, x), bound()));
    let half_way = stage.arena.product([half, distance]);
    let steeper = vec![by_extent(LessEqual, slope, half)];
    stage.refuses(&node(relation(LessEqual, sines, half_way), reason(sin, z), steeper));
    // On each side of its corner the rectifier has a slope.
    let (zero, claim) = (stage.n(0), relation(LessEqual, rectified, distance));
    let sizes = [one, zero].map(|slope| stage.apply(Elementary::Abs, slope));
    let sides: Vec<Evidence> = sizes.into_iter().map(|size| numbers(LessEqual, size, one)).collect();
    stage.accepts(&node(claim.clone(), reason(relu, z), sides.clone()));
    stage.refuses(&node(claim, reason(relu, z), sides[..1].to_vec()));
    stage.give(LessEqual, zero, z);
    stage.refuses(&node(relation(LessEqual, sines, distance), reason(sin, z), bound()));
}

#[test]
fn means_of_convex_functions() {
    let mut stage = Stage::new();
    let (x, y, zero, one, half) = (stage.real("x"), stage.real("y"), stage.n(0), stage.n(1), stage.part(1, 2));
    let both = stage.arena.sum([x, y]);
    let middle = stage.arena.product([half, both]);
    let sides = |stage: &mut Stage, f: Elementary| {
        let values = [x, y].map(|arg| stage.apply(f, arg));
        let sum = stage.arena.sum(values);
        (stage.apply(f, middle), stage.arena.product([half, sum]))
    };
    let reason = |function, weights: [Expr; 2]| Reason::Jensen {
        function,
        mean: (one, middle),
        values: vec![(weights[0], x), (weights[1], y)],
    };
    let weighed = |weights: [Expr; 2]| weights.map(|weight| numbers(LessEqual, zero, weight)).to_vec();
    let halves = [half, half];
    let claim = |low, high, f| node(relation(LessEqual, low, high), reason(f, halves), weighed(halves));
    let (low, high) = sides(&mut stage, Elementary::Exp);
    stage.accepts(&claim(low, high, Elementary::Exp));
    stage.refuses(&claim(high, low, Elementary::Exp));
    stage.refuses(&claim(low, high, Elementary::Cosh));
    stage.refuses(&node(relation(LessEqual, low, high), reason(Elementary::Exp, halves), Vec::new()));
    stage.refuses(&node(relation(Less, low, high), reason(Elementary::Exp, halves), weighed(halves)));
    let uneven = [stage.part(1, 3), stage.part(2, 3)];
    stage.refuses(&node(relation(LessEqual, low, high), reason(Elementary::Exp, uneven), weighed(uneven)));
    let negative = [stage.part(-1, 2), stage.part(3, 2)];
    stage.refuses(&node(relation(LessEqual, low, high), reason(Elementary::Exp, negative), weighed(negative)));
    let (high, low) = sides(&mut stage, Elementary::Tanh);
    stage.refuses(&claim(low, high, Elementary::Tanh));
    stage.give(LessEqual, zero, x);
    stage.refuses(&claim(low, high, Elementary::Tanh));
    stage.give(LessEqual, zero, y);
    stage.accepts(&claim(low, high, Elementary::Tanh));
    stage.refuses(&claim(high, low, Elementary::Tanh));
}

#[test]
fn limits_through_a_closed_form() {
    let mut stage = Stage::new();
    let ((index, n), (letter, k)) = (stage.letter("n", SymbolKind::Integer), stage.letter("k", SymbolKind::Integer));
    let (r, zero, one, infinity) = (stage.real("r"), stage.n(0), stage.n(1), stage.arena.infinity());
    let (size, rest, after) = (stage.apply(Elementary::Abs, r), stage.less(one, r), stage.arena.sum([n, one]));
    let (term, last, below) = (stage.arena.power(r, k), stage.arena.power(r, after), stage.arena.reciprocal(rest));
    let (sum, top) = (stage.arena.big(Big::Sum, letter, zero, n, term), stage.less(one, last));
    let closed = stage.arena.product([top, below]);
    let mut claim = |body, value| {
        let [written, worked] = [sum, body].map(|body| stage.arena.limit(index, true, infinity, body));
        let own = node(relation(Equal, worked, value), Reason::Sequence, vec![supposed(Less, size, one)]);
        stage.given = vec![relation(Less, size, one)];
        stage.answer(&node(relation(Equal, written, value), Reason::WorkedOut, vec![own])).is_ok()
    };
    assert!(claim(closed, below));
    assert!(!claim(closed, one) && !claim(below, below) && !claim(top, one));
}

#[test]
fn extreme_values_far_out() {
    let mut stage = Stage::new();
    let (letter, x) = stage.letter("x", SymbolKind::Real);
    let (zero, one, infinity) = (stage.n(0), stage.n(1), stage.arena.infinity());
    let (sigmoid, exp) = (stage.apply(Elementary::Sigmoid, x), stage.apply(Elementary::Exp, x));
    let [high, grown] = [sigmoid, exp].map(|body| stage.arena.extremum(Extremum::Supremum, letter, None, body));
    let low = stage.arena.extremum(Extremum::Infimum, letter, None, exp);
    let far = |how, left, right, downward| leaf(how, left, right, Reason::Approached { downward });
    stage.accepts(&far(LessEqual, one, high, false));
    stage.accepts(&far(Less, zero, high, false));
    stage.accepts(&far(LessEqual, low, zero, true));
    stage.accepts(&far(Equal, grown, infinity, false));
    stage.refuses(&far(LessEqual, one, high, true));
    stage.refuses(&far(Less, one, high, false));
    stage.refuses(&far(LessEqual, high, one, false));
    stage.refuses(&far(Equal, high, infinity, false));
    stage.refuses(&far(Equal, high, one, false));
    stage.refuses(&far(LessEqual, low, zero, false));
}

#[test]
fn limits_by_growth() {
    let mut stage = Stage::new();
    let (letter, x) = stage.letter("x", SymbolKind::Real);
    let (zero, one, two, infinity) = (stage.n(0), stage.n(1), stage.n(2), stage.arena.infinity());
    let (back, over, a) = (stage.arena.negate(x), stage.arena.reciprocal(x), stage.real("a"));
    let (exp, small, soft) =
        (stage.apply(Elementary::Exp, x), stage.apply(Elementary::Exp, back), stage.apply(Elementary::Softplus, x));
    let sin = stage.apply(Elementary::Sin, x);
    let (bump, near, waves) = (stage.arena.product([x, small]), stage.less(soft, x), stage.arena.product([sin, over]));
    let line = stage.arena.product([a, x]);
    let line = stage.arena.sum([line, one]);
    let ratio = stage.arena.product([line, over]);
    let mut claim = |to, body, value| {
        let limit = stage.arena.limit(letter, false, to, body);
        let claim = leaf(Equal, limit, value, Reason::Limit);
        stage.answer(&claim).is_ok()
    };
    assert!(claim(infinity, bump, zero) && claim(infinity, near, zero) && claim(infinity, waves, zero));
    assert!(claim(infinity, exp, infinity) && claim(infinity, ratio, a) && claim(zero, waves, one));
    assert!(!claim(infinity, bump, one) && !claim(infinity, near, infinity) && !claim(infinity, sin, zero));
    assert!(!claim(infinity, small, infinity) && !claim(infinity, ratio, one) && !claim(zero, waves, zero));
    assert!(!claim(zero, over, infinity) && !claim(infinity, line, infinity) && !claim(zero, exp, two));
}

#[test]
fn limits_of_sums_of_powers() {
    let mut stage = Stage::new();
    let (letter, n) = stage.letter("n", SymbolKind::Integer);
    let (r, c, zero, one, two) = (stage.real("r"), stage.real("c"), stage.n(0), stage.n(1), stage.n(2));
    let (infinity, minus) = (stage.arena.infinity(), stage.n(-1));
    let (size, fall, swing) = (stage.apply(Elementary::Abs, r), stage.arena.power(r, n), stage.arena.power(minus, n));
    let (square, over, double) = (stage.arena.power(n, two), stage.arena.reciprocal(n), stage.arena.power(two, n));
    let (weighted, short) = (stage.arena.product([square, fall]), stage.arena.product([swing, over]));
    let (rest, grown) = (stage.less(one, fall), stage.arena.product([c, double]));
    let mut claim = |body, value, premises: &[Evidence], given: Option<Prop>| {
        let limit = stage.arena.limit(letter, true, infinity, body);
        stage.given = given.into_iter().collect();
        stage.answer(&node(relation(Equal, limit, value), Reason::Sequence, premises.to_vec())).is_ok()
    };
    let (below, at_most) = (supposed(Less, size, one), supposed(LessEqual, size, one));
    let small = || Some(relation(Less, size, one));
    assert!(
        claim(fall, zero, std::slice::from_ref(&below), small())
            && claim(weighted, zero, std::slice::from_ref(&below), small())
    );
    assert!(claim(rest, one, std::slice::from_ref(&below), small()) && claim(short, zero, &[], None));
    assert!(
        !claim(fall, zero, std::slice::from_ref(&below), None)
            && !claim(rest, zero, std::slice::from_ref(&below), small())
    );
    assert!(!claim(weighted, zero, std::slice::from_ref(&at_most), Some(relation(LessEqual, size, one))));
    assert!(!claim(fall, zero, &[at_most], Some(relation(LessEqual, size, one))) && !claim(swing, zero, &[], None));
    let above = supposed(Less, zero, c);
    assert!(claim(grown, infinity, std::slice::from_ref(&above), Some(relation(Less, zero, c))));
    assert!(!claim(grown, infinity, &[], None) && !claim(fall, infinity, &[above], Some(relation(Less, zero, c))));
    let apart = supposed(NotEqual, c, zero);
    assert!(!claim(grown, infinity, &[apart], Some(relation(NotEqual, c, zero))));
}

#[test]
fn limits_of_products() {
    let mut stage = Stage::new();
    let ((index, n), (letter, k)) = (stage.letter("n", SymbolKind::Integer), stage.letter("k", SymbolKind::Integer));
    let (zero, one, half, infinity) = (stage.n(0), stage.n(1), stage.part(1, 2), stage.arena.infinity());
    let member = family(&mut stage, "x", k);
    let sigmoid = stage.apply(Elementary::Sigmoid, member);
    let (halved, exp) = (stage.arena.product([half, sigmoid]), stage.apply(Elementary::Exp, member));
    let wild = stage.arena.product([half, exp]);
    let mut claim = |factor| {
        let product = stage.arena.big(Big::Product, letter, one, n, factor);
        let limit = stage.arena.limit(index, true, infinity, product);
        stage.answer(&leaf(Equal, limit, zero, Reason::Sequence)).is_ok()
    };
    assert!(claim(halved) && claim(half));
    assert!(!claim(sigmoid) && !claim(wild) && !claim(one));
}

#[test]
fn squeezed_sequences() {
    let mut stage = Stage::new();
    let ((index, n), (letter, k)) = (stage.letter("n", SymbolKind::Integer), stage.letter("k", SymbolKind::Integer));
    let (zero, half, two, infinity) = (stage.n(0), stage.part(1, 2), stage.n(2), stage.arena.infinity());
    let mut told = |place: Expr, base: Expr| {
        let member = family(&mut stage, "a", place);
        (stage.apply(Elementary::Abs, member), stage.arena.power(base, place))
    };
    let ((law, bound), (size, small), (_, large)) = (told(k, half), told(n, half), told(n, two));
    let own = Prop::ForAll(vec![letter], Box::new(relation(LessEqual, law, bound)));
    let Node::Call { args, .. } = stage.arena.node(size) else { panic!("an absolute value") };
    let body = args[0];
    let [limit, vanishing, growing] = [body, small, large].map(|body| stage.arena.limit(index, true, infinity, body));
    let bounded = |bound| leaf(LessEqual, size, bound, Reason::Instance(vec![(k, n)]));
    let claim = |bound, limit_of_bound, value| {
        let premises = vec![bounded(bound), leaf(Equal, limit_of_bound, zero, Reason::Sequence)];
        node(relation(Equal, limit, value), Reason::Squeezed(n), premises)
    };
    stage.refuses(&claim(small, vanishing, zero));
    stage.given.push(own);
    stage.accepts(&claim(small, vanishing, zero));
    stage.refuses(&claim(small, vanishing, two));
    stage.refuses(&claim(large, growing, zero));
    stage.refuses(&claim(small, growing, zero));
    stage.give(LessEqual, n, two);
    stage.refuses(&claim(small, vanishing, zero));
}

#[test]
fn roots_and_logarithms_of_numbers() {
    let mut stage = Stage::new();
    let (x, two, three, six, pi) = (stage.real("x"), stage.n(2), stage.n(3), stage.n(6), stage.arena.pi());
    let root = |stage: &mut Stage, of: Expr| stage.arena.sqrt(of);
    let [a, b, c, p, of_x] = [two, three, six, pi, x].map(|of| root(&mut stage, of));
    let [twice, both, of_pi, again] = [[a, a], [a, b], [p, p], [of_x, of_x]].map(|parts| stage.arena.product(parts));
    let (half, back, square) = (stage.part(1, 2), stage.arena.negate(a), stage.arena.product([x, x]));
    let (over, of_square) = (stage.arena.reciprocal(a), root(&mut stage, square));
    let halved = stage.arena.product([half, a]);
    let [log, log_of_half, log_of_six, log_of_three] =
        [two, half, six, three].map(|of| stage.apply(Elementary::Log, of));
    let (minus, sum, product) =
        (stage.arena.negate(log), stage.arena.sum([log, log_of_three]), stage.arena.product([log, log_of_three]));
    let same = |one, other| leaf(Equal, one, other, Reason::Identity);
    for (one, other) in
        [(twice, two), (both, c), (of_pi, pi), (again, x), (over, halved), (log_of_half, minus), (log_of_six, sum)]
    {
        stage.accepts(&same(one, other));
    }
    for (one, other) in [(of_square, x), (a, back), (both, six), (c, p), (log_of_six, product), (log, log_of_half)] {
        stage.refuses(&same(one, other));
    }
}
