//! What a verdict rests on beyond the givens: that both sides of a claim are defined.
//!
//! A proof lists the divisors that it met. This lists, besides, what a reader sees in the formula and in the definitions
//! without an index that it uses: divisors as they were written (`x / x` is 1 before any proof begins), arguments of
//! logarithms and tangents, bases of roots and of powers, corners at which slopes are taken. Below a sum it is asked for
//! every index. What the givens and the conditions of the claim imply is left out.

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{
    Arena, Big, Comparison, Elementary, Expr, Function, Node, Prop, Shape, Substitution, SymbolKind, Tensor,
};
use crate::model::Model;
use crate::number::Rational;
use crate::number::range;
use crate::number::rational::is_negative;
use crate::print::latex;
use crate::proof::check::ranges_of_claim;
use crate::proof::context::{existence_of, is_integer};
use crate::proof::readable::readable;
use crate::rewrite::{Domain, Linear};

/// `0 < expr`, `0 ≤ expr` or `expr ≠ 0`, for all values of some letters.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    how: Comparison,
    expr: Expr,
    ranges: Vec<Span>,
}

/// The values of an index: from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    letter: Expr,
    lower: Expr,
    upper: Expr,
}

impl Span {
    fn props(self) -> [Prop; 2] {
        [Prop::at_most(self.lower, self.letter), Prop::at_most(self.letter, self.upper)]
    }
}

/// What must hold for the sides of a claim to be defined, as LaTeX: once each, what goes without saying left out.
///
/// `divisors` are those of the formula as it was written and of its proof.
pub(super) fn listed(
    arena: &mut Arena,
    model: &Model,
    (claim, conditions): (&Prop, &[Prop]),
    divisors: &[Expr],
) -> Vec<String> {
    let mut collector = Collector { arena, asked: Vec::new() };
    for &divisor in divisors {
        collector.divisor(divisor, &[]);
    }
    for side in opened(collector.arena, model, claim.expressions()) {
        collector.collect(side, &[]);
    }
    let asked = strongest_first(collector.asked);
    let asked: Vec<Asked> = asked.iter().filter(|own| !is_instance(arena, own, &asked)).cloned().collect();
    let zero = arena.zero();
    let mut known = conditions.to_vec();
    let mut listed = Vec::new();
    for asked in asked {
        let here: Vec<Prop> = known.iter().cloned().chain(asked.ranges.iter().flat_map(|span| span.props())).collect();
        if same_signs(arena, model, asked.expr).into_iter().any(|expr| is_known(arena, model, &here, (asked.how, expr)))
        {
            continue;
        }
        if asked.ranges.is_empty() {
            known.push(match asked.how {
                Comparison::NotEqual => Prop::Compare(asked.how, asked.expr, zero),
                how => Prop::Compare(how, zero, asked.expr),
            });
        }
        let condition = written(arena, &asked);
        if !listed.contains(&condition) {
            listed.push(condition);
        }
    }
    listed
}

/// What must hold of an index for the members of a claim to exist, where the claim says in which range the index lies and
/// that range is wider: `c_t = c_{t-1} \quad (t \ge 0)` of a family that begins at 0 is proved for `t \ge 1`.
pub(super) fn narrowed(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    (claim, conditions): (&Prop, &[Prop]),
) -> Vec<String> {
    let stated: Vec<(Comparison, Linear, Linear)> =
        conditions.iter().filter_map(|said| linear_sides(arena, said)).collect();
    let mut known = Domain::all();
    for (how, left, right) in &stated {
        // What is no comparison of differences says nothing here.
        let _ = known.require(*how, left, right);
    }
    let letters: BTreeSet<Expr> =
        stated.iter().flat_map(|(_, left, right)| left.parts.keys().chain(right.parts.keys()).copied()).collect();
    let mut existence = Vec::new();
    for part in arena.reachable(&claim.subjects()) {
        if let Node::Symbol { symbol, indices, .. } = arena.node(part).clone()
            && indices.iter().all(|&index| arena.is_closed(index))
        {
            existence.extend(existence_of(arena, model, structure, symbol, &indices));
        }
    }
    let mut gaps: Vec<Linear> = Vec::new();
    for existing in existence {
        let Some((Comparison::LessEqual, low, high)) = linear_sides(arena, &existing) else { continue };
        let gap = low.minus(&high);
        let is_stated = gap.parts.keys().any(|letter| letters.contains(letter));
        if is_stated && !known.implies_at_most_zero(&gap) && !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    let follows = |at: usize| {
        let mut others = known.clone();
        for (_, gap) in gaps.iter().enumerate().filter(|(other, _)| *other != at) {
            let _ = others.require_at_most_zero(gap);
        }
        others.implies_at_most_zero(&gaps[at])
    };
    let strongest: Vec<&Linear> = (0..gaps.len()).filter(|&at| !follows(at)).map(|at| &gaps[at]).collect();
    strongest.into_iter().filter_map(|gap| bound(arena, gap, &letters)).collect()
}

/// That a difference is at most 0, as a bound on one of some letters.
fn bound(arena: &mut Arena, gap: &Linear, letters: &BTreeSet<Expr>) -> Option<String> {
    let (&letter, step) = gap.parts.iter().find(|(letter, _)| letters.contains(letter))?;
    let rest = gap.substitute(letter, &Linear::default());
    let (sign, end) = if is_negative(step) { (r"\ge", rest) } else { (r"\le", Linear::default().minus(&rest)) };
    let end = end.expr(arena);
    Some(format!("{} {sign} {}", latex(arena, letter), latex(arena, end)))
}

/// The sides of a comparison of integers.
fn linear_sides(arena: &Arena, prop: &Prop) -> Option<(Comparison, Linear, Linear)> {
    let (how, left, right) = prop.comparison()?;
    (is_integer(arena, left) && is_integer(arena, right))
        .then(|| Some((how, Linear::read(arena, left)?, Linear::read(arena, right)?)))
        .flatten()
}

/// Expressions with the bodies of the definitions without an index that they lead to.
fn opened(arena: &mut Arena, model: &Model, roots: Vec<Expr>) -> Vec<Expr> {
    let mut found = roots;
    let (mut seen, mut next) = (BTreeSet::new(), 0);
    while next < found.len() {
        for part in arena.reachable(&[found[next]]) {
            let Node::Symbol { symbol, indices, .. } = arena.node(part) else { continue };
            if indices.is_empty() && seen.insert(*symbol) {
                let of_one = model.definitions_of(*symbol).filter(|definition| definition.components.is_empty());
                found.extend(of_one.filter_map(|definition| definition.instance(arena, &[], &[])).collect::<Vec<_>>());
            }
        }
        next += 1;
    }
    found
}

struct Collector<'a> {
    arena: &'a mut Arena,
    asked: Vec<Asked>,
}

impl Collector<'_> {
    /// What the parts of an expression ask for, for all values of the letters that are open; binders are opened.
    fn collect(&mut self, expr: Expr, ranges: &[Span]) {
        for part in self.arena.reachable(&[expr]) {
            let is_new = ranges.last().is_none_or(|span| self.arena.contains(part, span.letter));
            if !is_new || !self.arena.is_closed(part) {
                continue;
            }
            for (how, expr) in asked_by(self.arena, part) {
                self.ask(how, expr, ranges);
            }
            if let Some((body, ranges)) = self.body(part, ranges) {
                self.collect(body, &ranges);
            }
        }
    }

    /// What makes a divisor differ from 0: its factors do, without their exponents and the bars around them.
    fn divisor(&mut self, divisor: Expr, ranges: &[Span]) {
        for factor in factors(self.arena, divisor) {
            match self.arena.node(factor) {
                Node::Big { op: Big::Product, .. } => {
                    if let Some((body, ranges)) = self.body(factor, ranges) {
                        self.divisor(body, &ranges);
                    }
                }
                _ => self.ask(Comparison::NotEqual, factor, ranges),
            }
        }
    }

    fn ask(&mut self, how: Comparison, expr: Expr, ranges: &[Span]) {
        if self.arena.shape(expr).is_scalar() && self.arena.is_closed(expr) {
            self.asked.push(Asked { how, expr, ranges: ranges.to_vec() });
        }
    }

    /// The body of a sum or a product with a letter in the place of its index, and where the letter runs.
    fn body(&mut self, big: Expr, ranges: &[Span]) -> Option<(Expr, Vec<Span>)> {
        let Node::Big { lower, upper, .. } = *self.arena.node(big) else { return None };
        let letter = self.arena.intern(&format!("\u{a7}c{}", ranges.len()), SymbolKind::Integer);
        let letter = self.arena.symbol(letter);
        let body = self.arena.instantiate(big, letter)?;
        Some((body, [ranges, &[Span { letter, lower, upper }]].concat()))
    }
}

/// Each expression once with all that is asked of it, `0 < expr` before `0 ≤ expr` before `expr ≠ 0`.
fn strongest_first(asked: Vec<Asked>) -> Vec<Asked> {
    let mut all: Vec<Asked> = Vec::new();
    for asked in asked {
        match all.iter_mut().find(|other| other.expr == asked.expr && other.ranges == asked.ranges) {
            Some(own) if own.how != asked.how => own.how = Comparison::Less,
            Some(_) => {}
            None => all.push(asked),
        }
    }
    all.sort_by_key(|asked| match asked.how {
        Comparison::Less => 0,
        Comparison::LessEqual => 1,
        Comparison::NotEqual | Comparison::Equal | Comparison::Approximately => 2,
    });
    all
}

/// Whether what is asked for one letter, which may be one of a proof, is asked for all values of an index as well.
fn is_instance(arena: &mut Arena, own: &Asked, all: &[Asked]) -> bool {
    if !own.ranges.is_empty() {
        return false;
    }
    let is_letter = |part: &Expr| matches!(arena.node(*part), Node::Symbol { symbol, .. } if arena.kind(*symbol) == SymbolKind::Integer);
    let letters: Vec<Expr> = arena.reachable(&[own.expr]).into_iter().filter(is_letter).collect();
    all.iter().filter(|general| general.how == own.how).any(|general| {
        let [Span { letter: index, .. }] = general.ranges[..] else { return false };
        let mut at = |letter| arena.substitute(general.expr, &Substitution::from([(index, letter)]));
        letters.iter().any(|&letter| at(letter) == own.expr)
    })
}

/// What has the sign of an expression: itself, its root, and what the definitions without an index make of it.
fn same_signs(arena: &mut Arena, model: &Model, expr: Expr) -> Vec<Expr> {
    let half = arena.number(Rational::ONE / Rational::from(2));
    let root = arena.power(expr, half);
    let mut map = Substitution::new();
    for part in arena.reachable(&[expr]) {
        let Node::Symbol { symbol, indices, .. } = arena.node(part) else { continue };
        let (symbol, is_alone) = (*symbol, indices.is_empty());
        let mut whole = model.definitions_of(symbol).filter(|definition| is_alone && definition.components.is_empty());
        if let Some(body) = whole.next().and_then(|definition| definition.instance(arena, &[], &[])) {
            map.insert(part, body);
        }
    }
    let opened = arena.substitute(expr, &map);
    [expr, root, opened].into_iter().chain(norm_of(arena, expr)).collect()
}

/// The norm whose square a sum is.
fn norm_of(arena: &mut Arena, sum: Expr) -> Option<Expr> {
    let Node::Big { op: Big::Sum, height, lower, upper, body } = *arena.node(sum) else { return None };
    let base = match arena.node(body) {
        Node::Power(base, exponent) if arena.as_integer(*exponent) == Some(2) => *base,
        Node::Product(factors) if factors.len() == 2 && factors[0] == factors[1] => factors[0],
        _ => return None,
    };
    let Node::Entry { of, at } = arena.node(base) else { return None };
    let is_index = matches!(at[..], [at] if *arena.node(at) == Node::Bound(height));
    let is_whole = arena.as_integer(lower) == Some(1) && arena.shape(*of) == Shape::Vector(upper);
    let vector = *of;
    (is_index && is_whole && arena.is_closed(vector)).then(|| arena.tensor(Tensor::Norm, vec![vector]))
}

/// Whether the givens and what is known besides imply it.
fn is_known(arena: &mut Arena, model: &Model, known: &[Prop], (how, expr): (Comparison, Expr)) -> bool {
    let mut range = |expr| ranges_of_claim(arena, model, known, &[expr]).remove(0);
    // `0 < θ ≤ ‖v‖`
    let below = |prop: &Prop| match *prop {
        Prop::Compare(Comparison::Less | Comparison::LessEqual, below, above) if above == expr => Some(below),
        _ => None,
    };
    if known.iter().chain(&model.assumptions).filter_map(below).any(|below| range::is_positive(&range(below))) {
        return true;
    }
    let range = range(expr);
    match how {
        Comparison::Less => range::is_positive(&range),
        Comparison::LessEqual => range::is_non_negative(&range),
        Comparison::NotEqual | Comparison::Equal | Comparison::Approximately => {
            let back = negated(arena, expr);
            let says_so = |prop: &Prop| {
                let Prop::Compare(Comparison::NotEqual | Comparison::Less, left, right) = *prop else { return false };
                let other = if arena.is_zero(left) { right } else { left };
                (arena.is_zero(left) || arena.is_zero(right)) && (other == expr || other == back)
            };
            range::excludes_zero(&range) || known.iter().any(says_so)
        }
    }
}

/// The negative, that of a sum term by term.
fn negated(arena: &mut Arena, expr: Expr) -> Expr {
    match arena.node(expr).clone() {
        Node::Sum(terms) => {
            let terms: Vec<Expr> = terms.iter().map(|&term| arena.negate(term)).collect();
            arena.sum(terms)
        }
        _ => arena.negate(expr),
    }
}

/// The factors of a divisor that must differ from 0, without their exponents and the bars around them.
fn factors(arena: &Arena, divisor: Expr) -> Vec<Expr> {
    let factors = match arena.node(divisor) {
        Node::Product(factors) => factors.to_vec(),
        _ => vec![divisor],
    };
    let bare = |factor: Expr| match arena.node(factor) {
        Node::Power(base, exponent) if arena.as_number(*exponent).is_some() => *base,
        _ => arena.argument(Elementary::Abs, factor).unwrap_or(factor),
    };
    factors.into_iter().filter(|&factor| arena.as_number(factor).is_none()).map(bare).collect()
}

/// What a node asks of its operands: `0 < expr`, `0 ≤ expr`, or `expr ≠ 0`.
fn asked_by(arena: &mut Arena, part: Expr) -> Vec<(Comparison, Expr)> {
    match arena.node(part).clone() {
        Node::Power(base, exponent) => match arena.as_number(exponent) {
            Some(n) if n.is_int() && is_negative(n) => {
                factors(arena, base).into_iter().map(|factor| (Comparison::NotEqual, factor)).collect()
            }
            Some(n) if n.is_int() => Vec::new(),
            Some(n) if is_negative(n) => vec![(Comparison::Less, base)],
            Some(_) => vec![(Comparison::LessEqual, base)],
            None if is_integer(arena, exponent) => Vec::new(),
            None => vec![(Comparison::Less, base)],
        },
        Node::Call { function: Function::Elementary(f), args, slots } => f.asks(arena, &args, slots.len()),
        _ => Vec::new(),
    }
}

fn written(arena: &mut Arena, Asked { how, expr, ranges }: &Asked) -> String {
    let sign = match how {
        Comparison::Less => ">",
        Comparison::LessEqual => r"\ge",
        Comparison::NotEqual | Comparison::Equal | Comparison::Approximately => r"\ne",
    };
    let line: Vec<Expr> =
        [*expr].into_iter().chain(ranges.iter().flat_map(|span| [span.lower, span.letter, span.upper])).collect();
    let line = readable(arena, &line);
    let said = format!("{} {sign} 0", latex(arena, line[0]));
    let spans: Vec<String> = line[1..]
        .chunks(3)
        .map(|span| format!(r"{} \le {} \le {}", latex(arena, span[0]), latex(arena, span[1]), latex(arena, span[2])))
        .collect();
    if spans.is_empty() { said } else { format!(r"{said} \ ({})", spans.join(", ")) }
}
