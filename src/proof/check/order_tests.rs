//! Evidence that is accepted, and the same evidence tampered with, which is refused.

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Extremum, Function, Prop, Shape, SymbolKind};
use crate::model::{Argument, Definition, Model};
use crate::number::polynomial::{End, Monomial, Multi, Range};
use crate::number::rational::{fraction, integer};
use crate::proof::check::{Certificate, Evidence, Given, Item, Objection, Reading, Reason, Relation, Rule, replay};

use Comparison::{Equal, Less, LessEqual, NotEqual};

/// Where evidence is replayed: expressions by short names, and what is given.
pub(super) struct Stage {
    pub arena: Arena,
    pub model: Model,
    pub given: Vec<Prop>,
}

impl Stage {
    pub fn new() -> Stage {
        Stage { arena: Arena::new(), model: Model::default(), given: Vec::new() }
    }

    pub fn real(&mut self, name: &str) -> Expr {
        let symbol = self.arena.intern(name, SymbolKind::Real);
        self.arena.symbol(symbol)
    }

    pub fn whole(&mut self, name: &str) -> Expr {
        let symbol = self.arena.intern(name, SymbolKind::Integer);
        self.arena.symbol(symbol)
    }

    pub fn n(&mut self, value: i64) -> Expr {
        self.arena.integer(value)
    }

    pub fn apply(&mut self, f: Elementary, arg: Expr) -> Expr {
        self.arena.apply(f, arg)
    }

    pub fn square(&mut self, expr: Expr) -> Expr {
        let two = self.n(2);
        self.arena.power(expr, two)
    }

    pub fn give(&mut self, how: Comparison, left: Expr, right: Expr) {
        self.given.push(Prop::Compare(how, left, right));
    }

    pub fn answer(&mut self, evidence: &Evidence) -> Result<(), Objection> {
        replay(&mut self.arena, &self.model, &self.given, &evidence.conclusion, evidence)
    }

    #[track_caller]
    pub fn accepts(&mut self, evidence: &Evidence) {
        assert_eq!(self.answer(evidence), Ok(()));
    }

    #[track_caller]
    pub fn refuses(&mut self, evidence: &Evidence) {
        assert!(self.answer(evidence).is_err(), "{evidence:?}");
    }
}

pub(super) fn relation(how: Comparison, left: Expr, right: Expr) -> Prop {
    Relation::new(how, left, right).prop()
}

pub(super) fn node(conclusion: Prop, reason: Reason, premises: Vec<Evidence>) -> Evidence {
    Evidence { conclusion, reason, premises }
}

pub(super) fn supposed(how: Comparison, left: Expr, right: Expr) -> Evidence {
    Evidence::leaf(relation(how, left, right), Reason::Supposed)
}

pub(super) fn numbers(how: Comparison, left: Expr, right: Expr) -> Evidence {
    Evidence::leaf(relation(how, left, right), Reason::Numbers)
}

fn rule(rule: Rule, premises: Vec<Certificate>) -> Certificate {
    Certificate { rule, premises }
}

fn poly(terms: &[(i64, &[(usize, u32)])]) -> Multi {
    terms.iter().fold(Multi::default(), |sum, (value, monomial)| {
        sum.plus(&Multi::term(monomial.iter().copied().collect::<Monomial>(), integer(*value)), &integer(1))
    })
}

fn reading(unknowns: Vec<Expr>, ranges: Vec<Range>, numerator: Multi, certificate: Certificate) -> Reading {
    Reading {
        unknowns,
        ranges,
        magnitudes: Vec::new(),
        items: Vec::new(),
        numerator,
        denominator: Vec::new(),
        certificate,
    }
}

fn polynomial(conclusion: Prop, reading: Reading) -> Evidence {
    Evidence::leaf(conclusion, Reason::Polynomial(Box::new(reading)))
}

#[test]
fn numbers_are_apart() {
    let mut stage = Stage::new();
    let (two, pi, three) = (stage.n(2), stage.arena.pi(), stage.n(3));
    let e = {
        let one = stage.n(1);
        stage.apply(Elementary::Exp, one)
    };
    stage.accepts(&numbers(Less, e, three));
    stage.accepts(&numbers(Less, two, e));
    stage.accepts(&numbers(NotEqual, pi, three));
    stage.refuses(&numbers(Less, pi, three));
    stage.refuses(&numbers(Less, two, two));
    stage.refuses(&numbers(Equal, two, three));
}

#[test]
fn what_is_supposed() {
    let mut stage = Stage::new();
    let (x, y, t, one, zero) = (stage.real("x"), stage.real("y"), stage.whole("t"), stage.n(1), stage.n(0));
    stage.give(Less, x, y);
    stage.give(LessEqual, one, t);
    stage.accepts(&supposed(Less, x, y));
    stage.accepts(&supposed(LessEqual, x, y));
    stage.accepts(&supposed(Less, zero, t));
    stage.refuses(&supposed(Less, y, x));
    stage.refuses(&supposed(Less, one, t));
    stage.given.clear();
    stage.refuses(&supposed(Less, x, y));
}

#[test]
fn identities_of_rational_functions() {
    let mut stage = Stage::new();
    let (x, y, one) = (stage.real("x"), stage.real("y"), stage.n(1));
    let (sum, difference) = (stage.arena.sum([x, y]), stage.arena.subtract(x, y));
    let product = stage.arena.product([sum, difference]);
    let (a, b) = (stage.square(x), stage.square(y));
    let squares = stage.arena.subtract(a, b);
    stage.accepts(&Evidence::leaf(relation(LessEqual, product, squares), Reason::Identity));
    stage.accepts(&Evidence::leaf(relation(Equal, product, squares), Reason::Identity));
    stage.refuses(&Evidence::leaf(relation(Less, product, squares), Reason::Identity));
    let shifted = stage.arena.sum([squares, one]);
    stage.refuses(&Evidence::leaf(relation(Equal, product, shifted), Reason::Identity));
    // sigmoid(x) + sigmoid(-x) = 1, and not 2 sigmoid(x).
    let (s, back) = (stage.apply(Elementary::Sigmoid, x), stage.arena.negate(x));
    let t = stage.apply(Elementary::Sigmoid, back);
    let (sum, two) = (stage.arena.sum([s, t]), stage.n(2));
    let twice = stage.arena.product([two, s]);
    stage.accepts(&Evidence::leaf(relation(Equal, sum, one), Reason::Identity));
    stage.refuses(&Evidence::leaf(relation(Equal, sum, twice), Reason::Identity));
}

#[test]
fn powers_with_letters_in_exponents() {
    let mut stage = Stage::new();
    let (w, t, j, one) = (stage.real("w"), stage.whole("t"), stage.whole("j"), stage.n(1));
    let steps = stage.arena.subtract(t, j);
    let more = stage.arena.sum([steps, one]);
    let (power, longer) = (stage.arena.power(w, steps), stage.arena.power(w, more));
    let product = stage.arena.product([w, power]);
    stage.accepts(&Evidence::leaf(relation(Equal, product, longer), Reason::Identity));
    stage.refuses(&Evidence::leaf(relation(Equal, power, longer), Reason::Identity));
}

#[test]
fn ranges_by_structure() {
    let mut stage = Stage::new();
    let (x, zero, one) = (stage.real("x"), stage.n(0), stage.n(1));
    let (exp, square, sigmoid) =
        (stage.apply(Elementary::Exp, x), stage.square(x), stage.apply(Elementary::Sigmoid, x));
    let extent = |how, left, right| Evidence::leaf(relation(how, left, right), Reason::Extent);
    stage.accepts(&extent(Less, zero, exp));
    stage.accepts(&extent(LessEqual, zero, square));
    stage.accepts(&extent(Less, sigmoid, one));
    stage.refuses(&extent(Less, zero, square));
    stage.refuses(&extent(LessEqual, zero, x));
    stage.refuses(&extent(Less, one, exp));
    stage.give(LessEqual, one, x);
    stage.accepts(&extent(Less, zero, x));
}

#[test]
fn the_slope_of_the_sigmoid_by_sturm() {
    // 1/4 - s (1 - s) = (v - 1)² / (4 (1 + v)²); as a polynomial in s: 1 - 4 s + 4 s².
    let mut stage = Stage::new();
    let (x, one, zero, four) = (stage.real("x"), stage.n(1), stage.n(0), stage.n(4));
    let s = stage.apply(Elementary::Sigmoid, x);
    let rest = stage.arena.subtract(one, s);
    let slope = stage.arena.product([four, s, rest]);
    let gap = stage.arena.subtract(one, slope);
    let unit = || Range::open(integer(0), integer(1));
    let with = |numerator: Multi| reading(vec![s], vec![unit()], numerator, rule(Rule::Sturm, Vec::new()));
    let right = poly(&[(1, &[]), (-4, &[(0, 1)]), (4, &[(0, 2)])]);
    stage.accepts(&polynomial(relation(LessEqual, zero, gap), with(right.clone())));
    // Strict for attained, a shifted constant, another certificate, another unknown.
    stage.refuses(&polynomial(relation(Less, zero, gap), with(right.clone())));
    stage.refuses(&polynomial(
        relation(LessEqual, zero, gap),
        with(right.plus(&Multi::constant(integer(1)), &integer(1))),
    ));
    let termwise = Reading { certificate: rule(Rule::Termwise, Vec::new()), ..with(right.clone()) };
    stage.refuses(&polynomial(relation(LessEqual, zero, gap), termwise));
    let other = Reading { unknowns: vec![x], ..with(right) };
    stage.refuses(&polynomial(relation(LessEqual, zero, gap), other));
}

#[test]
fn a_linear_unknown_at_its_ends() {
    // 4 - a u > 0 for 0 <= a < 4 and 0 < u < 1.
    let mut stage = Stage::new();
    let (a, x, zero, four) = (stage.real("a"), stage.real("x"), stage.n(0), stage.n(4));
    let u = stage.apply(Elementary::Sigmoid, x);
    let product = stage.arena.product([a, u]);
    let gap = stage.arena.subtract(four, product);
    stage.give(LessEqual, zero, a);
    stage.give(Less, a, four);
    let ranges =
        vec![Range { low: End::Closed(integer(0)), high: End::Open(integer(4)) }, Range::open(integer(0), integer(1))];
    // At a = 0 it is 4, at a = 4 it is 4 - 4 u, which is not negative.
    let ends = rule(Rule::Ends(0), vec![rule(Rule::Constant, Vec::new()), rule(Rule::Sturm, Vec::new())]);
    let numerator = poly(&[(4, &[]), (-1, &[(0, 1), (1, 1)])]);
    let with = |certificate| reading(vec![a, u], ranges.clone(), numerator.clone(), certificate);
    let claim = relation(Less, zero, gap);
    stage.accepts(&polynomial(claim.clone(), with(ends.clone())));
    let swapped = rule(Rule::Ends(0), vec![rule(Rule::Sturm, Vec::new()), rule(Rule::Constant, Vec::new())]);
    stage.refuses(&polynomial(claim.clone(), with(swapped)));
    stage.refuses(&polynomial(claim.clone(), with(rule(Rule::Ends(0), vec![rule(Rule::Constant, Vec::new())]))));
    // Without the bound on a.
    stage.given.pop();
    stage.refuses(&polynomial(claim, with(ends)));
}

#[test]
fn a_given_is_subtracted() {
    // 1 - x y u >= 0 from x y <= 1 for 0 <= u <= 1: the rest is 1 - u, times a factor of the fact.
    let mut stage = Stage::new();
    let (x, y, u) = (stage.real("x"), stage.real("y"), stage.real("u"));
    let (zero, one) = (stage.n(0), stage.n(1));
    let (product, three) = (stage.arena.product([x, y]), stage.arena.product([x, y, u]));
    let gap = stage.arena.subtract(one, three);
    stage.give(LessEqual, zero, u);
    stage.give(LessEqual, u, one);
    stage.give(LessEqual, product, one);
    let ranges = vec![Range::everything(), Range::everything(), Range::closed(integer(0), integer(1))];
    let given = |constant: i64| {
        Item::Given(Given {
            relation: Relation::new(LessEqual, product, one),
            because: None,
            numerator: poly(&[(constant, &[]), (-1, &[(0, 1), (1, 1)])]),
            denominator: Vec::new(),
        })
    };
    let by = |factor: Multi| rule(Rule::Fact { fact: 0, factor }, vec![rule(Rule::Sturm, Vec::new())]);
    let with = |constant, factor| Reading {
        items: vec![given(constant)],
        ..reading(vec![x, y, u], ranges.clone(), poly(&[(1, &[]), (-1, &[(0, 1), (1, 1), (2, 1)])]), by(factor))
    };
    let (claim, factor) = (relation(LessEqual, zero, gap), poly(&[(1, &[(2, 1)])]));
    stage.accepts(&polynomial(claim.clone(), with(1, factor.clone())));
    stage.refuses(&polynomial(claim.clone(), with(0, factor.clone())));
    stage.refuses(&polynomial(claim.clone(), with(1, poly(&[(-1, &[(2, 1)])]))));
    stage.refuses(&polynomial(claim.clone(), with(1, poly(&[(2, &[(2, 1)])]))));
    stage.given.pop();
    stage.refuses(&polynomial(claim, with(1, factor)));
}

#[test]
fn statements() {
    let mut stage = Stage::new();
    let (x, y, one) = (stage.real("x"), stage.real("y"), stage.n(1));
    stage.give(Less, x, y);
    stage.give(Less, y, one);
    let (first, second) = (supposed(Less, x, y), supposed(Less, y, one));
    let (a, b) = (first.conclusion.clone(), second.conclusion.clone());
    let both = Prop::And(vec![a.clone(), b.clone()]);
    stage.accepts(&node(both.clone(), Reason::Parts, vec![first.clone(), second.clone()]));
    stage.refuses(&node(both.clone(), Reason::Parts, vec![first.clone()]));
    stage.refuses(&node(both, Reason::Parts, vec![second.clone(), first.clone()]));
    let either = Prop::Or(vec![relation(Less, y, x), a.clone()]);
    stage.accepts(&node(either.clone(), Reason::Part(1), vec![first.clone()]));
    stage.refuses(&node(either, Reason::Part(0), vec![first.clone()]));
    let not = Prop::Not(Box::new(relation(LessEqual, y, x)));
    stage.accepts(&node(not.clone(), Reason::Denial, vec![first.clone()]));
    stage.refuses(&node(not, Reason::Denial, vec![second.clone()]));
    let apart = relation(NotEqual, y, x);
    stage.accepts(&node(apart.clone(), Reason::Apart, vec![first.clone()]));
    stage.refuses(&node(apart, Reason::Apart, vec![supposed(LessEqual, x, y)]));
    stage.refuses(&node(a.clone(), Reason::Unreplayed("a step"), Vec::new()));
    assert_eq!(stage.answer(&Evidence::leaf(a, Reason::Unreplayed("a step"))), Err(Objection::Unreplayed("a step")));
}

#[test]
fn implications() {
    let mut stage = Stage::new();
    let (x, y) = (stage.real("x"), stage.real("y"));
    let (less, weak) = (relation(Less, x, y), relation(LessEqual, x, y));
    let implies = |a: &Prop, b: &Prop| Prop::Implies(Box::new(a.clone()), Box::new(b.clone()));
    let forward = node(implies(&less, &weak), Reason::Suppose, vec![supposed(LessEqual, x, y)]);
    stage.accepts(&forward);
    stage.refuses(&node(implies(&weak, &less), Reason::Suppose, vec![supposed(Less, x, y)]));
    let denial = node(Prop::Not(Box::new(less.clone())), Reason::Denial, vec![supposed(LessEqual, y, x)]);
    stage.accepts(&node(implies(&less, &weak), Reason::Contraposition, vec![denial.clone()]));
    stage.refuses(&node(implies(&weak, &less), Reason::Contraposition, vec![denial]));
    let iff = Prop::Iff(Box::new(less.clone()), Box::new(less.clone()));
    let same = node(implies(&less, &less), Reason::Suppose, vec![supposed(Less, x, y)]);
    stage.accepts(&node(iff.clone(), Reason::BothDirections, vec![same.clone(), same.clone()]));
    stage.refuses(&node(iff, Reason::BothDirections, vec![same, forward]));
}

#[test]
fn cases() {
    let mut stage = Stage::new();
    let (x, y, zero) = (stage.real("x"), stage.real("y"), stage.n(0));
    stage.give(NotEqual, x, y);
    let apart = relation(NotEqual, y, x);
    let case = |how, left, right| node(apart.clone(), Reason::Apart, vec![supposed(how, left, right)]);
    let sides = vec![case(Less, x, y), case(Less, y, x)];
    stage.accepts(&node(apart.clone(), Reason::EitherSide(x, y), sides.clone()));
    stage.refuses(&node(apart.clone(), Reason::EitherSide(x, y), vec![sides[1].clone(), sides[0].clone()]));
    stage.given.clear();
    stage.refuses(&node(apart, Reason::EitherSide(x, y), sides));
    // |x| is x or -x: in both cases x <= |x|.
    let size = stage.apply(Elementary::Abs, x);
    let back = stage.arena.negate(x);
    let claim = relation(LessEqual, x, size);
    let first = Evidence::leaf(relation(LessEqual, x, x), Reason::Identity);
    let second = supposed(LessEqual, x, back);
    stage.accepts(&node(claim.clone(), Reason::BothCases(size), vec![first.clone(), second.clone()]));
    stage.refuses(&node(claim.clone(), Reason::BothCases(size), vec![second.clone(), first.clone()]));
    stage.refuses(&node(claim, Reason::BothCases(size), vec![first]));
    let split = Relation::new(LessEqual, zero, x);
    let both = |a, b| node(relation(LessEqual, zero, zero), Reason::Split(split), vec![a, b]);
    let zeros = || numbers(LessEqual, zero, zero);
    stage.accepts(&both(zeros(), zeros()));
    stage.refuses(&both(zeros(), supposed(LessEqual, zero, x)));
    stage.refuses(&node(relation(LessEqual, zero, zero), Reason::Split(split), vec![zeros()]));
    let absurd = Evidence::leaf(relation(Less, x, y), Reason::Absurd);
    stage.refuses(&absurd);
    let t = stage.whole("t");
    stage.give(Less, t, zero);
    stage.give(LessEqual, zero, t);
    stage.accepts(&absurd);
}

#[test]
fn monotone_functions_and_powers() {
    let mut stage = Stage::new();
    let (x, y, zero, three) = (stage.real("x"), stage.real("y"), stage.n(0), stage.n(3));
    stage.give(Less, x, y);
    let order = supposed(Less, x, y);
    let calls = [Elementary::Exp, Elementary::Cos].map(|f| (stage.apply(f, x), stage.apply(f, y)));
    stage.accepts(&node(relation(Less, calls[0].0, calls[0].1), Reason::Monotone, vec![order.clone()]));
    stage.refuses(&node(relation(Less, calls[0].1, calls[0].0), Reason::Monotone, vec![order.clone()]));
    stage.refuses(&node(relation(Less, calls[1].0, calls[1].1), Reason::Monotone, vec![order.clone()]));
    let cubes = (stage.arena.power(x, three), stage.arena.power(y, three));
    let squares = (stage.square(x), stage.square(y));
    stage.accepts(&node(relation(Less, cubes.0, cubes.1), Reason::Power, vec![order.clone()]));
    stage.refuses(&node(relation(Less, squares.0, squares.1), Reason::Power, vec![order.clone()]));
    let from_zero = supposed(LessEqual, zero, x);
    let claim = node(relation(Less, squares.0, squares.1), Reason::Power, vec![from_zero, order]);
    stage.refuses(&claim);
    stage.give(LessEqual, zero, x);
    stage.accepts(&claim);
}

#[test]
fn multiples_and_squares() {
    let mut stage = Stage::new();
    let (x, y, zero, two) = (stage.real("x"), stage.real("y"), stage.n(0), stage.n(2));
    stage.give(Less, x, y);
    let (twice, double) = (stage.arena.product([two, x]), stage.arena.product([two, y]));
    let minus = stage.n(-2);
    let by = |factor: Expr| vec![numbers(Less, zero, factor), supposed(Less, x, y)];
    stage.accepts(&node(relation(Less, twice, double), Reason::Multiple, by(two)));
    stage.refuses(&node(relation(Less, x, double), Reason::Multiple, by(two)));
    stage.refuses(&node(relation(Less, twice, double), Reason::Multiple, by(minus)));
    let (a, b) = (stage.square(x), stage.square(y));
    stage.give(Less, a, b);
    let squares = vec![supposed(LessEqual, zero, y), supposed(Less, a, b)];
    let size = stage.apply(Elementary::Abs, x);
    let claim = node(relation(Less, size, y), Reason::Squares, squares.clone());
    stage.refuses(&claim);
    stage.give(LessEqual, zero, y);
    stage.accepts(&claim);
    stage.refuses(&node(relation(Less, size, b), Reason::Squares, squares));
}

#[test]
fn exponents_of_one_base() {
    let mut stage = Stage::new();
    let (x, n, zero, one) = (stage.real("x"), stage.whole("n"), stage.n(0), stage.n(1));
    let more = stage.arena.sum([n, one]);
    let (low, high) = (stage.arena.power(x, n), stage.arena.power(x, more));
    stage.give(LessEqual, one, x);
    let rising = vec![supposed(LessEqual, one, x)];
    stage.refuses(&node(relation(LessEqual, low, high), Reason::Exponents, rising.clone()));
    stage.give(LessEqual, zero, n);
    stage.accepts(&node(relation(LessEqual, low, high), Reason::Exponents, rising.clone()));
    stage.refuses(&node(relation(LessEqual, high, low), Reason::Exponents, rising));
    let falling = vec![supposed(LessEqual, zero, x), supposed(LessEqual, x, one)];
    stage.refuses(&node(relation(LessEqual, high, low), Reason::Exponents, falling.clone()));
    stage.given[0] = Prop::And(vec![relation(LessEqual, zero, x), relation(LessEqual, x, one)]);
    stage.accepts(&node(relation(LessEqual, high, low), Reason::Exponents, falling));
}

/// `x_k` of a family of numbers.
pub(super) fn family(stage: &mut Stage, name: &str, index: Expr) -> Expr {
    let symbol = stage.arena.intern(name, SymbolKind::Real);
    stage.arena.member(symbol, vec![index])
}

#[test]
fn terms_and_laws() {
    let mut stage = Stage::new();
    let (i, n, one, zero) = (stage.whole("i"), stage.whole("n"), stage.n(1), stage.n(0));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let k = stage.arena.symbol(letter);
    let (term, other) = (family(&mut stage, "x", k), family(&mut stage, "x", i));
    let (square, own) = (stage.square(term), stage.square(other));
    let sum = stage.arena.big(Big::Sum, letter, one, n, square);
    let plain = stage.arena.big(Big::Sum, letter, one, n, term);
    let at = |left, right| Evidence::leaf(relation(LessEqual, left, right), Reason::TermOfSum(vec![i]));
    stage.refuses(&at(own, sum));
    stage.give(LessEqual, one, i);
    stage.give(LessEqual, i, n);
    stage.accepts(&at(own, sum));
    stage.refuses(&at(other, sum));
    stage.refuses(&at(other, plain));
    stage.refuses(&Evidence::leaf(relation(Less, own, sum), Reason::TermOfSum(vec![i])));
    // x_k >= 0 for all k.
    let instance = Evidence::leaf(relation(LessEqual, zero, other), Reason::Instance(vec![(k, i)]));
    stage.refuses(&instance);
    stage.given.push(Prop::ForAll(vec![letter], Box::new(relation(LessEqual, zero, term))));
    stage.accepts(&instance);
    stage.accepts(&at(other, plain));
    stage.refuses(&Evidence::leaf(relation(Less, zero, other), Reason::Instance(vec![(k, i)])));
    stage.refuses(&Evidence::leaf(relation(LessEqual, zero, other), Reason::Instance(vec![(k, n)])));
}

#[test]
fn products_factor_by_factor() {
    let mut stage = Stage::new();
    let (r, t, one, j) = (stage.real("r"), stage.whole("t"), stage.n(1), stage.whole("j"));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let k = stage.arena.symbol(letter);
    let (factor, own) = (family(&mut stage, "x", k), family(&mut stage, "x", j));
    let size = stage.apply(Elementary::Abs, own);
    let product = stage.arena.big(Big::Product, letter, one, t, factor);
    let left = stage.apply(Elementary::Abs, product);
    let (power, shorter) = {
        let minus = stage.n(-1);
        let less = stage.arena.sum([t, minus]);
        (stage.arena.power(r, t), stage.arena.power(r, less))
    };
    let all = stage.apply(Elementary::Abs, factor);
    stage.given.push(Prop::ForAll(vec![letter], Box::new(relation(LessEqual, all, r))));
    let each = || Evidence::leaf(relation(LessEqual, size, r), Reason::Instance(vec![(k, j)]));
    let reason = || Reason::Factors { letter: j, lower: one, upper: t };
    stage.refuses(&node(relation(LessEqual, left, power), reason(), vec![each()]));
    let zero = stage.n(0);
    stage.give(LessEqual, zero, t);
    stage.accepts(&node(relation(LessEqual, left, power), reason(), vec![each()]));
    stage.refuses(&node(relation(LessEqual, left, shorter), reason(), vec![each()]));
    stage.refuses(&node(relation(Less, left, power), reason(), vec![each()]));
    stage.give(LessEqual, j, one);
    stage.refuses(&node(relation(LessEqual, left, power), reason(), vec![each()]));
}

/// `h_t = h_{t-1}² (t >= 1)`.
fn squared_state(stage: &mut Stage) -> (Expr, Expr) {
    let letter = stage.arena.intern("t", SymbolKind::Integer);
    let (t, one, minus) = (stage.arena.symbol(letter), stage.n(1), stage.n(-1));
    let before = stage.arena.sum([t, minus]);
    let (member, earlier) = (family(stage, "h", t), family(stage, "h", before));
    let body = stage.square(earlier);
    let symbol = stage.arena.intern("h", SymbolKind::Real);
    stage.model.definitions.push(Definition {
        symbol,
        indices: vec![Argument::Letter(letter)],
        components: Vec::new(),
        shape: Shape::Scalar,
        range: vec![relation(LessEqual, one, t)],
        body,
    });
    (t, member)
}

#[test]
fn induction_over_a_state() {
    let mut stage = Stage::new();
    let (t, member) = squared_state(&mut stage);
    let (zero, one, minus) = (stage.n(0), stage.n(1), stage.n(-1));
    let (before, start) = (stage.arena.sum([t, minus]), family(&mut stage, "h", zero));
    let earlier = family(&mut stage, "h", before);
    let body = stage.square(earlier);
    stage.give(LessEqual, zero, t);
    stage.give(LessEqual, zero, start);
    let claim = relation(LessEqual, zero, member);
    let base = supposed(LessEqual, zero, start);
    let square = Evidence::leaf(relation(LessEqual, zero, body), Reason::Extent);
    let step = node(claim.clone(), Reason::Opened(t), vec![square.clone()]);
    let reason = |least| Reason::Induction { letter: t, least };
    stage.accepts(&node(claim.clone(), reason(zero), vec![base.clone(), step.clone()]));
    stage.refuses(&node(claim.clone(), reason(one), vec![base.clone(), step.clone()]));
    stage.refuses(&node(claim.clone(), reason(zero), vec![step.clone(), base.clone()]));
    stage.refuses(&node(claim.clone(), reason(zero), vec![base.clone()]));
    let wrong = node(claim.clone(), Reason::Opened(before), vec![square]);
    stage.refuses(&node(claim.clone(), reason(zero), vec![base.clone(), wrong]));
    stage.given.pop();
    stage.refuses(&node(claim, reason(zero), vec![base, step]));
}

#[test]
fn an_induction_begins_somewhere() {
    // From 0 <= 0, and 0 <= t from 0 <= t - 1, nothing follows for all t.
    let mut stage = Stage::new();
    let (t, zero, one) = (stage.whole("t"), stage.n(0), stage.n(1));
    let premises = vec![numbers(LessEqual, zero, zero), supposed(LessEqual, zero, t)];
    let evidence = node(relation(LessEqual, zero, t), Reason::Induction { letter: t, least: zero }, premises);
    stage.refuses(&evidence);
    stage.give(LessEqual, zero, t);
    stage.accepts(&evidence);
    stage.give(LessEqual, one, t);
    stage.refuses(&evidence);
}

#[test]
fn derivatives_worked_out() {
    // d h_t / d h_{t-1} = 2 h_{t-1}.
    let mut stage = Stage::new();
    let (t, member) = squared_state(&mut stage);
    let (one, two, minus) = (stage.n(1), stage.n(2), stage.n(-1));
    let before = stage.arena.sum([t, minus]);
    let earlier = family(&mut stage, "h", before);
    let slope = stage.arena.derivative(crate::expr::DerivativeKind::Total, member, earlier);
    stage.give(LessEqual, one, t);
    for (factor, accepted) in [(two, true), (one, false)] {
        let value = stage.arena.product([factor, earlier]);
        let premise = Evidence::leaf(relation(LessEqual, value, value), Reason::Identity);
        let evidence = node(relation(LessEqual, slope, value), Reason::WorkedOut, vec![premise]);
        if accepted { stage.accepts(&evidence) } else { stage.refuses(&evidence) }
    }
}

#[test]
fn values_generalized_to_letters() {
    // sigmoid(x) < 1, because a < 1 for all 0 < a < 1.
    let mut stage = Stage::new();
    let (x, a, one) = (stage.real("x"), stage.real("a"), stage.n(1));
    let (s, e) = (stage.apply(Elementary::Sigmoid, x), stage.apply(Elementary::Exp, x));
    let premise = supposed(Less, a, one);
    stage.accepts(&node(relation(Less, s, one), Reason::Generalized(vec![(a, s)]), vec![premise.clone()]));
    stage.refuses(&node(relation(Less, e, one), Reason::Generalized(vec![(a, e)]), vec![premise.clone()]));
    stage.give(Less, a, one);
    stage.refuses(&node(relation(Less, s, one), Reason::Generalized(vec![(a, s)]), vec![premise]));
}

#[test]
fn suprema() {
    // The supremum of the sigmoid is at most 1, and at least its value at 0.
    let mut stage = Stage::new();
    let (x, zero, one) = (stage.real("x"), stage.n(0), stage.n(1));
    let letter = stage.arena.intern("x", SymbolKind::Real);
    let (s, e) = (stage.apply(Elementary::Sigmoid, x), stage.apply(Elementary::Exp, x));
    let [sup, other] = [s, e].map(|body| stage.arena.extremum(Extremum::Supremum, letter, None, body));
    let below = Evidence::leaf(relation(LessEqual, s, one), Reason::Extent);
    stage.accepts(&node(relation(LessEqual, sup, one), Reason::NowhereBeyond(x), vec![below.clone()]));
    stage.refuses(&node(relation(Less, sup, one), Reason::NowhereBeyond(x), vec![below.clone()]));
    stage.refuses(&node(relation(LessEqual, other, one), Reason::NowhereBeyond(x), vec![below.clone()]));
    let at_zero = stage.apply(Elementary::Exp, zero);
    let value = numbers(LessEqual, at_zero, one);
    stage.refuses(&node(relation(LessEqual, other, one), Reason::NowhereBeyond(zero), vec![value]));
    let (half, middle) =
        (stage.arena.number(fraction(1, 2).expect("2 is not 0")), stage.apply(Elementary::Sigmoid, zero));
    let reached = Evidence::leaf(relation(LessEqual, half, middle), Reason::Identity);
    stage.accepts(&node(relation(LessEqual, half, sup), Reason::ReachedAt(zero), vec![reached.clone()]));
    stage.refuses(&node(relation(LessEqual, half, sup), Reason::ReachedAt(one), vec![reached.clone()]));
    stage.refuses(&node(relation(Less, half, sup), Reason::ReachedAt(zero), vec![reached]));
    stage.give(Less, x, zero);
    stage.refuses(&node(relation(LessEqual, sup, one), Reason::NowhereBeyond(x), vec![below]));
}

#[test]
fn the_largest_of_a_family() {
    // The largest x_k is at most 1 where every x_k is.
    let mut stage = Stage::new();
    let (n, one, at, other) = (stage.whole("n"), stage.n(1), stage.whole("a"), stage.whole("b"));
    let letter = stage.arena.intern("k", SymbolKind::Integer);
    let k = stage.arena.symbol(letter);
    let (body, value) = (family(&mut stage, "x", k), family(&mut stage, "x", at));
    let largest = stage.arena.extremum(Extremum::Supremum, letter, Some((one, n)), body);
    let premise = Evidence::leaf(relation(LessEqual, value, one), Reason::Instance(vec![(k, at)]));
    let reason = || Reason::AtSomeIndex { part: largest, at, other };
    let claim = relation(LessEqual, largest, one);
    stage.refuses(&node(claim.clone(), reason(), vec![premise.clone()]));
    stage.given.push(Prop::ForAll(vec![letter], Box::new(relation(LessEqual, body, one))));
    stage.accepts(&node(claim.clone(), reason(), vec![premise.clone()]));
    stage.refuses(&node(claim.clone(), Reason::AtSomeIndex { part: largest, at, other: at }, vec![premise.clone()]));
    stage.give(LessEqual, at, one);
    stage.refuses(&node(claim, reason(), vec![premise]));
}

#[test]
fn what_holds_where_sides_are_defined() {
    let mut stage = Stage::new();
    let (x, zero) = (stage.real("x"), stage.n(0));
    let log = stage.apply(Elementary::Log, x);
    let (left, plain) = (stage.arena.subtract(log, x), stage.real("y"));
    let forced = vec![Relation::new(Less, zero, x)];
    let premise = |side| Evidence::leaf(relation(LessEqual, side, side), Reason::Identity);
    let evidence =
        |side| node(relation(LessEqual, side, side), Reason::WhereDefined(forced.clone()), vec![premise(side)]);
    stage.accepts(&evidence(left));
    stage.refuses(&evidence(plain));
    stage.refuses(&evidence(x));
}

#[test]
fn orders_that_meet() {
    let mut stage = Stage::new();
    let (x, y) = (stage.real("x"), stage.real("y"));
    stage.give(LessEqual, x, y);
    stage.give(LessEqual, y, x);
    let (up, down) = (supposed(LessEqual, x, y), supposed(LessEqual, y, x));
    let claim = relation(Equal, x, y);
    stage.accepts(&node(claim.clone(), Reason::Antisymmetry, vec![up.clone(), down.clone()]));
    stage.refuses(&node(claim.clone(), Reason::Antisymmetry, vec![down, up.clone()]));
    stage.refuses(&node(claim, Reason::Antisymmetry, vec![up.clone(), up]));
}

#[test]
fn something_else_than_the_claim() {
    let mut stage = Stage::new();
    let (x, y) = (stage.real("x"), stage.real("y"));
    stage.give(Less, x, y);
    let evidence = supposed(Less, x, y);
    let other = relation(Less, y, x);
    let answer = replay(&mut stage.arena, &stage.model, &stage.given, &other, &evidence);
    assert!(matches!(answer, Err(Objection::Wrong(_))));
    let half = stage.arena.number(fraction(1, 2).expect("2 is not 0"));
    let call = stage.arena.call(Function::Elementary(Elementary::Exp), Vec::new(), vec![half]);
    stage.accepts(&numbers(Less, half, call));
    stage.refuses(&numbers(Less, call, half));
}
