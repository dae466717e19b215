//! Evidence for norms, sums and derivatives that is accepted, and the same evidence tampered with, which is refused.

use crate::expr::{
    Big, Branch, Comparison, DerivativeKind, Elementary, Expr, Function, Prop, Shape, SymbolKind, Tensor,
};
use crate::model::{Argument, Definition, FunctionBody};
use crate::number::rational::fraction;
use crate::proof::check::order_tests::{Stage, family, node, numbers, relation, supposed};
use crate::proof::check::{Composition, Evidence, Reason, Telescope};

use Comparison::{Equal, Less, LessEqual};

impl Stage {
    fn tensor(&mut self, name: &str, indices: &[Expr], shape: Shape) -> Expr {
        let symbol = self.arena.intern(name, SymbolKind::Real);
        self.arena.member_of_shape(symbol, indices.into(), shape)
    }

    fn vector(&mut self, name: &str) -> Expr {
        let n = self.whole("n");
        self.tensor(name, &[], Shape::Vector(n))
    }

    fn matrix(&mut self, name: &str) -> Expr {
        let n = self.whole("n");
        self.tensor(name, &[], Shape::Matrix(n, n))
    }

    fn norm(&mut self, op: Tensor, of: Expr) -> Expr {
        self.arena.tensor(op, vec![of])
    }

    fn size(&mut self, expr: Expr) -> Expr {
        self.apply(Elementary::Abs, expr)
    }
}

fn same(size: Expr) -> Evidence {
    Evidence::leaf(relation(LessEqual, size, size), Reason::Identity)
}

fn composed(how: Composition, left: Expr, right: Expr, parts: &[Expr]) -> Evidence {
    let premises = parts.iter().map(|&part| same(part)).collect();
    node(relation(LessEqual, left, right), Reason::Composed(how), premises)
}

#[test]
fn orders_in_a_row() {
    let mut stage = Stage::new();
    let (x, y, z) = (stage.real("x"), stage.real("y"), stage.real("z"));
    let (size, log) = (stage.size(x), stage.apply(Elementary::Log, y));
    stage.give(LessEqual, size, y);
    stage.give(Less, y, z);
    stage.give(LessEqual, x, log);
    stage.give(LessEqual, log, z);
    let (first, second) = (supposed(LessEqual, size, y), supposed(Less, y, z));
    let through = |how, left, right, steps| node(relation(how, left, right), Reason::Through, steps);
    stage.accepts(&through(Less, x, z, vec![first.clone(), second.clone()]));
    stage.accepts(&through(LessEqual, size, y, vec![first.clone()]));
    stage.refuses(&through(Less, x, y, vec![first.clone()]));
    stage.refuses(&through(LessEqual, x, z, vec![second.clone(), first.clone()]));
    stage.refuses(&through(LessEqual, z, x, vec![first, second]));
    stage.refuses(&through(LessEqual, x, z, Vec::new()));
    // What lies between must have a value.
    stage.given.truncate(2);
    let steps = vec![supposed(LessEqual, x, log), supposed(LessEqual, log, z)];
    stage.refuses(&through(LessEqual, x, z, steps));
}

#[test]
fn lemmas() {
    let mut stage = Stage::new();
    let (x, one) = (stage.real("x"), stage.n(1));
    let s = stage.apply(Elementary::Sigmoid, x);
    let claim = relation(Less, s, one);
    let lemma = |how| Evidence::leaf(relation(how, s, one), Reason::Extent);
    let last = supposed(Less, s, one);
    stage.accepts(&node(claim.clone(), Reason::WithLemmas, vec![lemma(Less), last.clone()]));
    stage.refuses(&node(claim.clone(), Reason::WithLemmas, vec![last.clone()]));
    let wrong = Evidence::leaf(relation(Less, one, s), Reason::Extent);
    stage.refuses(&node(claim.clone(), Reason::WithLemmas, vec![wrong, last]));
    stage.refuses(&node(claim, Reason::WithLemmas, Vec::new()));
}

#[test]
fn triangles_of_numbers() {
    let mut stage = Stage::new();
    let (x, y, z) = (stage.real("x"), stage.real("y"), stage.real("z"));
    let sizes = [x, y].map(|part| stage.size(part));
    let (sum, less) = (stage.arena.sum([x, y]), stage.arena.subtract(x, y));
    let (whole, apart) = (stage.size(sum), stage.size(less));
    let bound = stage.arena.sum(sizes);
    let difference = stage.arena.subtract(sizes[0], sizes[1]);
    stage.accepts(&composed(Composition::Sum, whole, bound, &sizes));
    stage.accepts(&composed(Composition::Sum, sum, bound, &sizes));
    stage.refuses(&composed(Composition::Sum, apart, bound, &sizes));
    stage.refuses(&composed(Composition::Sum, apart, difference, &sizes));
    stage.refuses(&composed(Composition::Sum, whole, sizes[0], &sizes));
    stage.refuses(&composed(Composition::Sum, whole, bound, &sizes[..1]));
    // x <= z does not bound the absolute value of x + y.
    stage.give(LessEqual, x, z);
    let wider = stage.arena.sum([z, sizes[1]]);
    let premises = vec![supposed(LessEqual, x, z), same(sizes[1])];
    stage.refuses(&node(relation(LessEqual, whole, wider), Reason::Composed(Composition::Sum), premises));
}

#[test]
fn products_of_numbers() {
    let mut stage = Stage::new();
    let (x, y, n) = (stage.real("x"), stage.real("y"), stage.whole("n"));
    let sizes = [x, y].map(|part| stage.size(part));
    let (product, bound) = (stage.arena.product([x, y]), stage.arena.product(sizes));
    stage.accepts(&composed(Composition::Product, product, bound, &sizes));
    stage.refuses(&composed(Composition::Product, product, bound, &[x, y]));
    stage.refuses(&composed(Composition::Product, bound, product, &[x, y]));
    let (power, limit) = (stage.arena.power(x, n), stage.arena.power(sizes[0], n));
    let power = stage.size(power);
    stage.refuses(&composed(Composition::Power(n), power, limit, &sizes[..1]));
    let zero = stage.n(0);
    stage.give(LessEqual, zero, n);
    stage.accepts(&composed(Composition::Power(n), power, limit, &sizes[..1]));
    stage.refuses(&composed(Composition::Power(n), power, sizes[0], &sizes[..1]));
}

#[test]
fn sums_over_an_index() {
    let mut stage = Stage::new();
    let (n, k, b, one, zero) = (stage.whole("n"), stage.whole("k"), stage.real("b"), stage.n(1), stage.n(0));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let own = family(&mut stage, "x", k);
    let size = stage.size(own);
    let sum = |stage: &mut Stage, body| stage.arena.big(Big::Sum, letter, one, n, body);
    let (terms, sizes) = (sum(&mut stage, own), sum(&mut stage, size));
    let how = |lower, upper| Composition::Over { op: Big::Sum, letter: k, lower, upper };
    stage.accepts(&composed(how(one, n), terms, sizes, &[size]));
    stage.refuses(&composed(how(zero, n), terms, sizes, &[size]));
    stage.refuses(&composed(how(one, k), terms, sizes, &[size]));
    // n b bounds the sum where it has n terms.
    let all = stage.arena.product([n, b]);
    let (any, index) = (stage.arena.intern("j", SymbolKind::Integer), stage.whole("j"));
    let other = family(&mut stage, "x", index);
    stage.given.push(Prop::ForAll(vec![any], Box::new(relation(LessEqual, other, b))));
    let each = Evidence::leaf(relation(LessEqual, own, b), Reason::Instance(vec![(index, k)]));
    let claim = node(relation(LessEqual, terms, all), Reason::Composed(how(one, n)), vec![each.clone()]);
    stage.refuses(&claim);
    stage.give(LessEqual, zero, n);
    stage.accepts(&claim);
    let strict = node(relation(Less, terms, all), Reason::Composed(how(one, n)), vec![each]);
    stage.refuses(&strict);
}

#[test]
fn norms_of_vectors() {
    let mut stage = Stage::new();
    let (u, v) = (stage.vector("u"), stage.vector("v"));
    let (sum, row) = (stage.arena.sum([u, v]), stage.arena.transpose(u));
    let inner = stage.arena.matmul([row, v]);
    for op in [Tensor::Norm, Tensor::Norm1, Tensor::NormInfinity] {
        let sizes = [u, v].map(|part| stage.norm(op, part));
        let (whole, bound) = (stage.norm(op, sum), stage.arena.sum(sizes));
        stage.accepts(&composed(Composition::Sum, whole, bound, &sizes));
        stage.refuses(&composed(Composition::Sum, whole, sizes[0], &sizes));
        let sizes = [row, v].map(|part| stage.norm(op, part));
        let both = stage.arena.product(sizes);
        let by_products = composed(Composition::MatMul, inner, both, &sizes);
        if op == Tensor::Norm { stage.accepts(&by_products) } else { stage.refuses(&by_products) }
    }
    let sizes = [stage.norm(Tensor::Norm, u), stage.norm(Tensor::NormInfinity, v)];
    let (whole, bound) = (stage.norm(Tensor::Norm, sum), stage.arena.sum(sizes));
    stage.refuses(&composed(Composition::Sum, whole, bound, &sizes));
}

#[test]
fn norms_of_products() {
    let mut stage = Stage::new();
    let (a, b) = (stage.matrix("A"), stage.matrix("B"));
    let product = stage.arena.matmul([a, b]);
    let (spectral, frobenius, radius) = (Tensor::NormSpectral, Tensor::Norm, Tensor::SpectralRadius);
    let cases = [
        (spectral, spectral, spectral, true),
        (frobenius, spectral, frobenius, true),
        (frobenius, frobenius, frobenius, true),
        (radius, spectral, frobenius, true),
        (frobenius, spectral, spectral, false),
        (radius, radius, radius, false),
        (spectral, radius, spectral, false),
    ];
    for (op, first, second, accepted) in cases {
        let sizes = [stage.norm(first, a), stage.norm(second, b)];
        let (whole, bound) = (stage.norm(op, product), stage.arena.product(sizes));
        let evidence = composed(Composition::MatMul, whole, bound, &sizes);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
    let sizes = [a, b].map(|part| stage.norm(radius, part));
    let sum = stage.arena.sum([a, b]);
    let (whole, bound) = (stage.norm(radius, sum), stage.arena.sum(sizes));
    stage.refuses(&composed(Composition::Sum, whole, bound, &sizes));
}

#[test]
fn norms_of_powers() {
    let mut stage = Stage::new();
    let (a, n, zero) = (stage.matrix("A"), stage.whole("m"), stage.n(0));
    let power = stage.arena.matrix_power(a, n);
    stage.give(LessEqual, zero, n);
    for (op, accepted) in [(Tensor::NormSpectral, true), (Tensor::Norm, false)] {
        let (size, whole) = (stage.norm(op, a), stage.norm(op, power));
        let bound = stage.arena.power(size, n);
        let evidence = composed(Composition::Power(n), whole, bound, &[size]);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
    // The identity has Frobenius norm √n, so no product of matrices in order may be bounded by such norms.
    let (letter, k, one) = (stage.arena.intern("k", SymbolKind::Integer), stage.whole("k"), stage.n(1));
    let size_of_a = stage.whole("n");
    let factor = stage.tensor("B", &[k], Shape::Matrix(size_of_a, size_of_a));
    let product = stage.arena.big(Big::Descending, letter, one, n, factor);
    for (op, accepted) in [(Tensor::NormSpectral, true), (Tensor::Norm, false)] {
        let (size, whole) = (stage.norm(op, factor), stage.norm(op, product));
        let bound = stage.arena.big(Big::Product, letter, one, n, size);
        let how = Composition::Over { op: Big::Descending, letter: k, lower: one, upper: n };
        let evidence = composed(how, whole, bound, &[size]);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
}

#[test]
fn products_entry_by_entry() {
    let mut stage = Stage::new();
    let (u, v, a, b) = (stage.vector("u"), stage.vector("v"), stage.matrix("A"), stage.matrix("B"));
    let product = stage.arena.product([u, v]);
    let diagonal = stage.norm(Tensor::Diagonal, u);
    let largest = stage.norm(Tensor::NormSpectral, diagonal);
    let sizes = [u, v].map(|part| stage.norm(Tensor::Norm, part));
    let whole = stage.norm(Tensor::Norm, product);
    for (parts, accepted) in [(sizes, true), ([largest, sizes[1]], true), ([largest, largest], false)] {
        let bound = stage.arena.product(parts);
        let evidence = composed(Composition::Product, whole, bound, &parts);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
    let sizes = [a, b].map(|part| stage.norm(Tensor::NormSpectral, part));
    let product = stage.arena.product([a, b]);
    let (whole, bound) = (stage.norm(Tensor::NormSpectral, product), stage.arena.product(sizes));
    stage.refuses(&composed(Composition::Product, whole, bound, &sizes));
}

#[test]
fn laws_of_norms() {
    let mut stage = Stage::new();
    let (a, x) = (stage.matrix("A"), stage.real("x"));
    let law = |left, right| Evidence::leaf(relation(LessEqual, left, right), Reason::NormLaw);
    let [radius, spectral, frobenius] =
        [Tensor::SpectralRadius, Tensor::NormSpectral, Tensor::Norm].map(|op| stage.norm(op, a));
    stage.accepts(&law(radius, spectral));
    stage.accepts(&law(spectral, frobenius));
    stage.refuses(&law(frobenius, spectral));
    stage.refuses(&law(spectral, radius));
    let (n, squares) = (stage.whole("n"), [spectral, frobenius].map(|norm| stage.square(norm)));
    let bound = stage.arena.product([n, squares[0]]);
    stage.accepts(&law(squares[1], bound));
    stage.refuses(&law(squares[1], squares[0]));
    let (size, one) = (stage.size(x), stage.n(1));
    stage.refuses(&law(size, x));
    let zero = stage.n(0);
    stage.give(LessEqual, zero, x);
    stage.accepts(&law(size, x));
    // Orthogonal matrices.
    stage.refuses(&law(spectral, one));
    let (back, identity) = (stage.arena.transpose(a), stage.arena.identity(n));
    let square = stage.arena.matmul([back, a]);
    stage.give(Equal, square, identity);
    stage.accepts(&law(spectral, one));
    stage.refuses(&law(frobenius, one));
}

#[test]
fn diagonal_matrices() {
    let mut stage = Stage::new();
    let (v, b, i) = (stage.vector("v"), stage.real("b"), stage.whole("i"));
    let (any, index) = (stage.arena.intern("j", SymbolKind::Integer), stage.whole("j"));
    let [size, other] = [i, index].map(|place| {
        let entry = stage.arena.entry(v, vec![place]);
        stage.size(entry)
    });
    let diagonal = stage.norm(Tensor::Diagonal, v);
    let norm = stage.norm(Tensor::NormSpectral, diagonal);
    let frobenius = stage.norm(Tensor::Norm, diagonal);
    stage.given.push(Prop::ForAll(vec![any], Box::new(relation(LessEqual, other, b))));
    let each = || Evidence::leaf(relation(LessEqual, size, b), Reason::Instance(vec![(index, i)]));
    let largest = |left, right, premise| node(relation(LessEqual, left, right), Reason::LargestEntry(i), vec![premise]);
    stage.accepts(&largest(norm, b, each()));
    stage.refuses(&largest(frobenius, b, each()));
    stage.refuses(&largest(norm, size, same(size)));
    let two = stage.n(2);
    let first = stage.arena.entry(v, vec![two]);
    let first = stage.size(first);
    stage.give(LessEqual, first, b);
    stage.refuses(&largest(norm, b, supposed(LessEqual, first, b)));
}

/// `h_t = f(W h_{t-1}) (t >= 1)`.
fn vector_state(stage: &mut Stage) -> (Expr, Expr) {
    let letter = stage.arena.intern("t", SymbolKind::Integer);
    let (t, n, one, minus) = (stage.arena.symbol(letter), stage.whole("n"), stage.n(1), stage.n(-1));
    let before = stage.arena.sum([t, minus]);
    let (member, earlier) = (stage.tensor("h", &[t], Shape::Vector(n)), stage.tensor("h", &[before], Shape::Vector(n)));
    let weights = stage.matrix("W");
    let inside = stage.arena.matmul([weights, earlier]);
    let symbol = stage.arena.intern("f", SymbolKind::Function);
    let function = Function::Declared { symbol, indices: Box::default() };
    let body = stage.arena.call(function, Vec::new(), vec![inside]);
    let symbol = stage.arena.intern("h", SymbolKind::Real);
    stage.model.definitions.push(Definition {
        symbol,
        indices: vec![Argument::Letter(letter)],
        components: Vec::new(),
        shape: Shape::Vector(n),
        range: vec![relation(LessEqual, one, t)],
        body,
    });
    stage.give(LessEqual, one, t);
    (stage.arena.derivative_of_shape(DerivativeKind::Total, member, earlier, Shape::Matrix(n, n)), inside)
}

#[test]
fn jacobians_of_a_step() {
    let mut stage = Stage::new();
    let (derivative, inside) = vector_state(&mut stage);
    let (weights, g) = (stage.matrix("W"), stage.real("g"));
    let symbol = stage.arena.intern("f", SymbolKind::Function);
    let slot = crate::expr::Slot { argument: 0, entry: Box::default() };
    let function = Function::Declared { symbol, indices: Box::default() };
    let slope = stage.arena.call(function, vec![slot], vec![inside]);
    let diagonal = stage.norm(Tensor::Diagonal, slope);
    let back = stage.arena.transpose(weights);
    let left = stage.norm(Tensor::NormSpectral, derivative);
    for (factors, accepted) in [
        ([diagonal, weights], true),
        ([weights, diagonal], false),
        ([diagonal, back], false),
        ([weights, weights], false),
    ] {
        let matrix = stage.arena.matmul(factors);
        let size = stage.norm(Tensor::NormSpectral, matrix);
        stage.give(LessEqual, size, g);
        let premise = supposed(LessEqual, size, g);
        let evidence = node(relation(LessEqual, left, g), Reason::WorkedOut, vec![premise]);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
}

#[test]
fn sums_of_products() {
    let mut stage = Stage::new();
    let (n, k, one, zero) = (stage.whole("n"), stage.whole("k"), stage.n(1), stage.n(0));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let [a, b] = ["a", "b"].map(|name| family(&mut stage, name, k));
    let products = stage.arena.product([a, b]);
    let squares = [a, b].map(|factor| stage.square(factor));
    let sum = |stage: &mut Stage, body| stage.arena.big(Big::Sum, letter, one, n, body);
    let (product, sums) = (sum(&mut stage, products), squares.map(|square| sum(&mut stage, square)));
    let (left, right) = (stage.square(product), stage.arena.product(sums));
    let signs = squares.map(|square| Evidence::leaf(relation(LessEqual, zero, square), Reason::Extent));
    let bound = stage.arena.product(squares);
    let each = same(bound);
    let reason = || Reason::CauchySchwarz(k, one, n);
    let all = vec![signs[0].clone(), signs[1].clone(), each.clone()];
    stage.accepts(&node(relation(LessEqual, left, right), reason(), all.clone()));
    stage.refuses(&node(relation(Less, left, right), reason(), all.clone()));
    stage.refuses(&node(relation(LessEqual, left, sums[0]), reason(), all.clone()));
    stage.refuses(&node(relation(LessEqual, left, right), reason(), vec![signs[0].clone(), each]));
    stage.refuses(&node(relation(LessEqual, left, right), Reason::CauchySchwarz(k, zero, n), all));
}

#[test]
fn squares_of_sums() {
    let mut stage = Stage::new();
    let (n, k, one, zero) = (stage.whole("n"), stage.whole("k"), stage.n(1), stage.n(0));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let a = family(&mut stage, "a", k);
    for (part, accepted) in [(stage.size(a), true), (a, false)] {
        let square = stage.square(part);
        let (left, sum) =
            (stage.arena.big(Big::Sum, letter, one, n, square), stage.arena.big(Big::Sum, letter, one, n, part));
        let right = stage.square(sum);
        let sign = Evidence::leaf(relation(LessEqual, zero, part), Reason::Extent);
        let premises = vec![sign, same(square)];
        let evidence = node(relation(LessEqual, left, right), Reason::SquareOfSum(k, one, n), premises);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
}

#[test]
fn exponentials_of_both_sides() {
    // log x <= x - 1 from x <= e^(x - 1); log x <= y not from x <= y.
    let mut stage = Stage::new();
    let (x, y, zero) = (stage.real("x"), stage.real("y"), stage.n(0));
    let (log, power) = (stage.apply(Elementary::Log, x), stage.apply(Elementary::Exp, y));
    stage.give(LessEqual, x, power);
    stage.give(LessEqual, x, y);
    let (good, bad) = (supposed(LessEqual, x, power), supposed(LessEqual, x, y));
    let claim = relation(LessEqual, log, y);
    stage.refuses(&node(claim.clone(), Reason::Exponentials, vec![good.clone()]));
    stage.give(Less, zero, x);
    stage.accepts(&node(claim.clone(), Reason::Exponentials, vec![good.clone()]));
    stage.refuses(&node(claim.clone(), Reason::Exponentials, vec![bad]));
    stage.refuses(&node(relation(Less, log, y), Reason::Exponentials, vec![good.clone()]));
    stage.refuses(&node(relation(LessEqual, y, log), Reason::Exponentials, vec![good]));
}

#[test]
fn slopes_of_case_distinctions() {
    // f is x for x > 0 and 2 x else; g is x² but for x = 0, h but for x <= 0 where x < 0 does not hold.
    let mut stage = Stage::new();
    let (x, one, two, zero) = (stage.real("x"), stage.n(1), stage.n(2), stage.n(0));
    let parameter = stage.arena.intern("x", SymbolKind::Real);
    let slot = || crate::expr::Slot { argument: 0, entry: Box::default() };
    let square = stage.square(x);
    let twice = stage.arena.product([two, x]);
    let branch = |condition, value| Branch { condition, value };
    let distinctions = [
        (Some((Less, zero, x)), None, true),
        (Some((Less, zero, x)), Some((LessEqual, x, zero)), true),
        (Some((Equal, x, zero)), None, false),
        (Some((LessEqual, square, zero)), None, false),
        (Some((Less, x, zero)), Some((LessEqual, x, zero)), false),
    ];
    for (place, (first, second, accepted)) in distinctions.into_iter().enumerate() {
        let body = stage.arena.cases(vec![branch(first, x), branch(second, twice)]);
        let symbol = stage.arena.intern(&format!("f{place}"), SymbolKind::Function);
        stage.model.functions.insert(symbol, FunctionBody::Expression { parameters: vec![parameter], body });
        let function = Function::Declared { symbol, indices: Box::default() };
        let slope = stage.arena.call(function, vec![slot()], vec![x]);
        let worked = stage.arena.cases(vec![branch(first, one), branch(second, two)]);
        let premise = Evidence::leaf(relation(LessEqual, worked, two), Reason::Extent);
        let evidence = node(relation(LessEqual, slope, two), Reason::WorkedOut, vec![premise]);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
}

#[test]
fn identities_of_roots_and_sums() {
    let mut stage = Stage::new();
    let equal = |left, right| Evidence::leaf(relation(Equal, left, right), Reason::Identity);
    let [two, three, six] = [2, 3, 6].map(|n| {
        let n = stage.n(n);
        stage.arena.sqrt(n)
    });
    let (product, minus) = (stage.arena.product([two, three]), stage.arena.negate(six));
    stage.accepts(&equal(product, six));
    stage.refuses(&equal(product, minus));
    let (n, k, one, zero) = (stage.whole("n"), stage.whole("k"), stage.n(1), stage.n(0));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let (c, a, b) = (stage.real("c"), family(&mut stage, "a", k), family(&mut stage, "b", k));
    let sum = |stage: &mut Stage, body| stage.arena.big(Big::Sum, letter, one, n, body);
    let (multiple, both) = (stage.arena.product([c, a]), stage.arena.product([a, b]));
    let [own, other, multiples, products, times] = [a, b, multiple, both, c].map(|body| sum(&mut stage, body));
    let (drawn_out, apart, all) =
        (stage.arena.product([c, own]), stage.arena.product([own, other]), stage.arena.product([n, c]));
    stage.accepts(&equal(multiples, drawn_out));
    stage.refuses(&equal(products, apart));
    stage.refuses(&equal(times, all));
    stage.give(LessEqual, zero, n);
    stage.accepts(&equal(times, all));
    stage.refuses(&numbers(Equal, one, zero));
}

#[test]
fn sums_of_differences() {
    // The sum of q^k from 0 to n is at most 1 / (1 - q), by -q^(k+1) / (1 - q).
    let mut stage = Stage::new();
    let (n, k, j, q) = (stage.whole("n"), stage.whole("k"), stage.whole("j"), stage.real("q"));
    let (zero, one) = (stage.n(0), stage.n(1));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let (term, below) = (stage.arena.power(q, k), stage.arena.subtract(one, q));
    let sum = stage.arena.big(Big::Sum, letter, zero, n, term);
    let form = |stage: &mut Stage, index: Expr, more: i64| {
        let more = stage.n(more);
        let exponent = stage.arena.sum([index, more]);
        let power = stage.arena.power(q, exponent);
        let power = stage.arena.negate(power);
        stage.arena.divide(power, below)
    };
    let evidence = |stage: &mut Stage, index: Expr, more: i64| {
        let own = form(stage, index, more);
        let (end, begin) = (form(stage, n, more), form(stage, zero, more - 1));
        let closed = stage.arena.subtract(end, begin);
        let telescope = Telescope { sum, letter: index, form: own };
        node(relation(LessEqual, sum, sum), Reason::Telescoped(telescope), vec![same(closed)])
    };
    stage.give(LessEqual, zero, q);
    let undefined = evidence(&mut stage, j, 1);
    stage.give(LessEqual, zero, n);
    stage.refuses(&undefined);
    stage.give(Less, q, one);
    for (index, more, accepted) in [(j, 1, true), (j, 0, false), (j, 2, false), (n, 1, false)] {
        let evidence = evidence(&mut stage, index, more);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
    stage.given.remove(1);
    let short = evidence(&mut stage, j, 1);
    stage.refuses(&short);
}

#[test]
fn terms_that_hold_the_letter_of_their_index() {
    // Of j, j, ..., j the sum is n j, not that of 1, 2, ..., n.
    let mut stage = Stage::new();
    let (n, j, one, half) =
        (stage.whole("n"), stage.whole("j"), stage.n(1), stage.arena.number(fraction(1, 2).expect("2")));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let sum = stage.arena.big(Big::Sum, letter, one, n, j);
    let [form, closed] = [j, n].map(|index| {
        let next = stage.arena.sum([index, one]);
        stage.arena.product([half, index, next])
    });
    stage.give(LessEqual, one, n);
    let reason = Reason::Telescoped(Telescope { sum, letter: j, form });
    stage.refuses(&node(relation(LessEqual, sum, sum), reason, vec![same(closed)]));
}

#[test]
fn maxima_and_what_they_are_of() {
    let mut stage = Stage::new();
    let (x, y, z) = (stage.real("x"), stage.real("y"), stage.real("z"));
    let [max, min] =
        [Elementary::Max, Elementary::Min].map(|f| stage.arena.call(Function::Elementary(f), Vec::new(), vec![x, y]));
    let law = |left, right| Evidence::leaf(relation(LessEqual, left, right), Reason::NormLaw);
    stage.accepts(&law(x, max));
    stage.accepts(&law(min, y));
    stage.refuses(&law(max, x));
    stage.refuses(&law(x, min));
    stage.refuses(&law(z, max));
}
