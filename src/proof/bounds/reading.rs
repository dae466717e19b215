//! Reading expressions as quotients of polynomials in bounded unknowns.
//!
//! Exponentials, sigmoids and hyperbolic functions of multiples of one argument are all rational in one unknown
//! v = e^(g z) > 0: σ(z) = v/(1+v), tanh(z) = (v²−1)/(v²+1). An absolute value is an unknown of its own, tied to its
//! argument by |x|² = x². Everything else that algebra does not open is an unknown whose range [`super::values`] knows.

use crate::expr::{Comparison, Elementary, Expr, Function, Node, Prop};
use crate::number::Rational;
use crate::number::polynomial::{Certificate, Goal, Multi, Region};
use crate::number::range;
use crate::proof::bounds::Prover;
use crate::proof::bounds::exponents::Class;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::positivity::certify;
use crate::proof::bounds::ratio::Ratio;
use crate::proof::check::{Evidence, Item, Opening, Reason, Relation};
use crate::rewrite::Linear;

/// Why an expression was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// It has no such form, or one that is too large.
    Refused,
    /// A comparison that decides between two forms is open.
    Undecided(Comparison, Expr, Expr),
}

/// One unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unknown {
    /// An expression that is not opened.
    Atom(Expr),
    /// The absolute value of another unknown.
    Magnitude(usize),
}

/// How many terms a polynomial may have.
const MAX_TERMS: usize = 400;

/// The unknowns of several expressions that are read together.
pub(super) struct Reader<'p, 'a> {
    pub prover: &'p mut Prover<'a>,
    pub known: &'p Known,
    pub unknowns: Vec<Unknown>,
    /// Where they lie.
    pub space: Region,
    pub classes: Vec<Class>,
    /// Powers with letters in their exponents: the base, and the least of the exponents that differ by a number.
    pub powers: Vec<(Expr, Linear)>,
    /// Sums and products that are in their final form.
    settled: Vec<Expr>,
    /// What was opened and learned.
    pub items: Vec<Item>,
    /// Why the comparisons hold that decide how the next expression is opened.
    because: Vec<Evidence>,
    depth: usize,
}

pub(super) type Read<T> = Result<T, Stop>;

impl<'p, 'a> Reader<'p, 'a> {
    /// A reader for `exprs`, and for no others.
    pub fn new(prover: &'p mut Prover<'a>, known: &'p Known, exprs: &[Expr]) -> Reader<'p, 'a> {
        let mut reader = Reader {
            prover,
            known,
            unknowns: Vec::new(),
            space: Region::default(),
            classes: Vec::new(),
            powers: Vec::new(),
            settled: Vec::new(),
            items: Vec::new(),
            because: Vec::new(),
            depth: 0,
        };
        for &expr in exprs {
            reader.scan(expr);
        }
        reader
    }

    /// The number of an unknown.
    pub fn atom(&mut self, atom: Expr) -> usize {
        let wanted = Unknown::Atom(atom);
        if let Some(found) = self.unknowns.iter().position(|unknown| *unknown == wanted) {
            return found;
        }
        let own = self.prover.range(atom, self.known);
        self.unknowns.push(wanted);
        self.space.ranges.push(own);
        self.unknowns.len() - 1
    }

    /// The unknown that is the absolute value of another, or that one with its sign.
    fn magnitude_of(&mut self, unknown: usize) -> Multi {
        let own = self.space.ranges[unknown].clone();
        if range::is_non_negative(&own) {
            return Multi::unknown(unknown);
        }
        if range::is_non_negative(&range::negation(&own)) {
            return Multi::unknown(unknown).negated();
        }
        let wanted = Unknown::Magnitude(unknown);
        if let Some(found) = self.unknowns.iter().position(|unknown| *unknown == wanted) {
            return Multi::unknown(found);
        }
        let mut bounds = range::magnitude(&own);
        if let Unknown::Atom(atom) = self.unknowns[unknown] {
            let call = self.prover.arena.apply(Elementary::Abs, atom);
            bounds = range::meet(&bounds, &self.prover.range(call, self.known));
        }
        self.unknowns.push(wanted);
        self.space.ranges.push(bounds);
        Multi::unknown(self.unknowns.len() - 1)
    }

    /// Reads an expression as a quotient of polynomials.
    pub fn read(&mut self, expr: Expr) -> Read<Ratio> {
        self.depth += 1;
        let result = if self.depth > 60 { Err(Stop::Refused) } else { self.open(expr) };
        self.depth -= 1;
        bounded(result?)
    }

    fn open(&mut self, expr: Expr) -> Read<Ratio> {
        match self.prover.arena.node(expr).clone() {
            Node::Number(value) => Ok(Ratio::constant(value)),
            Node::Sum(parts) => {
                let mut sum = Ratio::constant(0.into());
                for &part in parts.iter() {
                    sum = bounded(sum.plus(&self.read(part)?))?;
                }
                Ok(sum)
            }
            Node::Product(parts) => {
                let mut product = Ratio::constant(1.into());
                for &part in parts.iter() {
                    let factor = self.read(part)?;
                    product = bounded(self.multiplied(&product, &factor))?;
                }
                Ok(product)
            }
            Node::Power(base, exponent) => self.power(expr, base, exponent),
            Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => {
                self.call(expr, f, &args)
            }
            Node::Cases(branches) => {
                for branch in branches.iter() {
                    let holds = match branch.condition {
                        None => true,
                        Some((how, a, b)) => self.decided(how, a, b)?,
                    };
                    if holds {
                        self.choose(expr);
                        return self.read(branch.value);
                    }
                }
                Err(Stop::Refused)
            }
            Node::Big { .. } => {
                let settled = self.prover.settled(expr, self.known);
                if settled != expr && !self.settled.contains(&expr) {
                    let bigs = self.prover.arena.reachable(&[settled]);
                    self.settled.extend(
                        bigs.into_iter().filter(|&part| matches!(self.prover.arena.node(part), Node::Big { .. })),
                    );
                    self.items.push(Item::Opening(Opening::Form(expr, settled)));
                    return self.read(settled);
                }
                Ok(Ratio::whole(Multi::unknown(self.atom(expr))))
            }
            Node::Infinity | Node::Bound(_) => Err(Stop::Refused),
            Node::Pi
            | Node::Symbol { .. }
            | Node::Call { .. }
            | Node::MatMul(_)
            | Node::MatrixPower(..)
            | Node::Transpose(_)
            | Node::Entry { .. }
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. }
            | Node::Derivative { .. }
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => self.opaque(expr),
        }
    }

    fn opaque(&mut self, expr: Expr) -> Read<Ratio> {
        if !self.prover.arena.shape(expr).is_scalar() {
            return Err(Stop::Refused);
        }
        let canonical = self.prover.canonical(expr);
        Ok(Ratio::whole(Multi::unknown(self.atom(canonical))))
    }

    fn multiplied(&mut self, left: &Ratio, right: &Ratio) -> Ratio {
        let (product, cancelled) = left.times(right);
        self.note(&cancelled);
        product
    }

    pub fn inverted(&mut self, ratio: &Ratio) -> Read<Ratio> {
        let (inverse, cancelled) = ratio.reciprocal().ok_or(Stop::Refused)?;
        self.note(&cancelled);
        Ok(inverse)
    }

    /// Unknowns that must not be 0 become conditions, unless they cannot be.
    fn note(&mut self, unknowns: &[usize]) {
        for &unknown in unknowns {
            if let Unknown::Atom(atom) = self.unknowns[unknown]
                && !range::excludes_zero(&self.space.ranges[unknown])
                && !self.is_positive_here(atom)
            {
                self.prover.conditions.push(atom);
            }
        }
    }

    /// Whether what is known puts a number above 0 below this one: `0 < θ ≤ ‖v‖`.
    fn is_positive_here(&mut self, atom: Expr) -> bool {
        let zero = self.prover.arena.zero();
        let is_lower = |how: Comparison| matches!(how, Comparison::Less | Comparison::LessEqual);
        let lower = self.known.facts.iter().filter(|&&(how, _, above)| is_lower(how) && above == atom);
        let lower: Vec<Expr> = lower.map(|&(_, below, _)| below).collect();
        lower.into_iter().any(|below| self.stated(Comparison::LessEqual, below, zero) == Some(false))
    }

    fn power(&mut self, expr: Expr, base: Expr, exponent: Expr) -> Read<Ratio> {
        if let Some(n) = self.prover.arena.as_integer(exponent)
            && n.unsigned_abs() <= 24
        {
            let ratio = self.read(base)?.power(u32::try_from(n.unsigned_abs()).map_err(|_| Stop::Refused)?);
            return if n >= 0 { Ok(ratio) } else { self.inverted(&ratio) };
        }
        if let Some(n) = self.prover.arena.as_number(exponent).cloned() {
            // x^(p/q) = (x^(1/q))^p for x >= 0, where alone it is defined.
            let (numerator, denominator) =
                (crate::number::rational::to_i64(&n.numerator().clone().into()), n.denominator().clone());
            let root = self.prover.arena.number(Rational::from_parts(1.into(), denominator));
            let base = self.prover.canonical(base);
            let atom = self.prover.arena.power(base, root);
            let numerator = numerator.filter(|n| n.unsigned_abs() <= 24).ok_or(Stop::Refused)?;
            let power = Ratio::whole(
                Multi::unknown(self.atom(atom))
                    .power(u32::try_from(numerator.unsigned_abs()).map_err(|_| Stop::Refused)?),
            );
            return if numerator >= 0 { Ok(power) } else { self.inverted(&power) };
        }
        let Some(exponent) = Linear::read(self.prover.arena, exponent) else { return self.opaque(expr) };
        let canonical = self.prover.canonical(base);
        let (least, more) = self.least_exponent(base, exponent);
        let exponent = least.expr(self.prover.arena);
        let atom = self.prover.arena.power(canonical, exponent);
        let power = Ratio::whole(Multi::unknown(self.atom(atom)));
        if more == 0 {
            return Ok(power);
        }
        let rest = self.read(base)?.power(more);
        Ok(self.multiplied(&power, &rest))
    }

    fn call(&mut self, expr: Expr, function: Elementary, args: &[Expr]) -> Read<Ratio> {
        match function {
            Elementary::Exp => return self.exponential(args[0]),
            Elementary::Abs => return self.absolute(expr, args[0]),
            _ => {}
        }
        if let Some(written) = function.written_out(self.prover.arena, args) {
            return self.read(written);
        }
        let Some([first, second]) = self.prover.arena.cases_of(expr) else { return self.opaque(expr) };
        let (how, left, right) = first.holds;
        let is_first = self.decided(how, left, right)?;
        self.choose(expr);
        self.read(if is_first { first.value } else { second.value })
    }

    /// `|a b / c| = |a| |b| / |c|`; a factor of several terms must have a sign that is known.
    fn absolute(&mut self, expr: Expr, arg: Expr) -> Read<Ratio> {
        let ratio = self.read(arg)?;
        let zero = self.prover.arena.zero();
        let minus = Ratio { numerator: ratio.numerator.negated(), denominator: ratio.denominator.clone() };
        for (below, above, value) in [(zero, arg, &ratio), (arg, zero, &minus)] {
            let how = match (
                self.stated(Comparison::LessEqual, below, above),
                self.stated(Comparison::LessEqual, above, below),
            ) {
                (Some(true), _) => Comparison::LessEqual,
                (_, Some(false)) => Comparison::Less,
                _ => continue,
            };
            self.because.push(Evidence::leaf(Relation::new(how, below, above).prop(), Reason::Supposed));
            self.choose(expr);
            return Ok(value.clone());
        }
        let (content, rest) = ratio.numerator.content();
        let mut factors = Vec::new();
        let mut numerator = match self.unsigned(&rest) {
            Some((rest, why)) => {
                factors.push((rest.clone(), 1, why));
                rest
            }
            None if ratio.denominator.is_empty() && content.is_empty() => {
                let canonical = self.prover.canonical(expr);
                let is_size = self.prover.arena.argument(Elementary::Abs, canonical).is_some();
                let canonical = if is_size { canonical } else { expr };
                return Ok(Ratio::whole(Multi::unknown(self.atom(canonical))));
            }
            None => return Err(self.undecided(arg)),
        };
        for (unknown, exponent) in content {
            let size = self.magnitude_of(unknown);
            factors.extend(self.not_negative(&size).map(|why| (size.clone(), i64::from(exponent), why)));
            numerator = numerator.times(&size.power(exponent));
        }
        let mut result = Ratio::whole(numerator);
        for (factor, exponent) in ratio.denominator {
            let single = factor.n_terms() == 1;
            let factor = match factor.unknowns()[..] {
                [unknown] if single => self.magnitude_of(unknown),
                _ => self.unsigned(&factor).ok_or_else(|| self.undecided(arg))?.0,
            };
            factors.extend(self.not_negative(&factor).map(|why| (factor.clone(), -i64::from(exponent), why)));
            let below = self.inverted(&Ratio::whole(factor.power(exponent)))?;
            result = self.multiplied(&result, &below);
        }
        self.items.push(Item::Opening(Opening::Magnitude { part: expr, factors }));
        Ok(result)
    }

    fn undecided(&mut self, arg: Expr) -> Stop {
        let zero = self.prover.arena.zero();
        Stop::Undecided(Comparison::LessEqual, zero, arg)
    }

    /// The absolute value of a polynomial whose sign is known, and why it is not negative.
    fn unsigned(&mut self, poly: &Multi) -> Option<(Multi, Certificate)> {
        if let Some(why) = self.not_negative(poly) {
            return Some((poly.clone(), why));
        }
        let back = poly.negated();
        self.not_negative(&back).map(|why| (back, why))
    }

    fn not_negative(&self, poly: &Multi) -> Option<Certificate> {
        certify(poly, Goal::NonNegative, &self.space)
    }

    /// Whether a comparison holds, where that is known.
    fn decided(&mut self, how: Comparison, left: Expr, right: Expr) -> Read<bool> {
        let relation = Relation::new(how, left, right);
        let known = self.known.decides(self.prover.arena, how, left, right);
        if let Some(decided) = known.or_else(|| self.stated(how, left, right)) {
            let relation = if decided { Some(relation) } else { relation.contrary() };
            self.because.extend(relation.map(|relation| Evidence::leaf(relation.prop(), Reason::Supposed)));
            return Ok(decided);
        }
        let mark = self.prover.evidence.len();
        let difference = self.prover.arena.subtract(right, left);
        let back = self.prover.arena.negate(difference);
        let mut has = |expr: Expr, goal: Goal| self.prover.step() && self.prover.has_sign(expr, goal, self.known);
        let answer = match how {
            Comparison::LessEqual if has(difference, Goal::NonNegative) => Some(true),
            Comparison::LessEqual if has(back, Goal::Positive) => Some(false),
            Comparison::Less if has(difference, Goal::Positive) => Some(true),
            Comparison::Less if has(back, Goal::NonNegative) => Some(false),
            Comparison::Equal if has(difference, Goal::Positive) || has(back, Goal::Positive) => Some(false),
            Comparison::Less
            | Comparison::LessEqual
            | Comparison::Equal
            | Comparison::NotEqual
            | Comparison::Approximately => None,
        };
        let Some(decided) = answer else {
            self.because.clear();
            return Err(Stop::Undecided(how, left, right));
        };
        self.decided_by_sign(mark, relation, decided);
        Ok(decided)
    }

    /// Keeps the evidence of a comparison that the sign of the difference decides.
    fn decided_by_sign(&mut self, mark: usize, relation: Relation, decided: bool) {
        let Relation { how, left, right } = relation;
        let conclusion = match (how, decided, self.prover.evidence.last().map(|last| &last.conclusion)) {
            (Comparison::Equal, _, Some(Prop::Compare(_, _, sign)))
                if *sign == self.prover.arena.subtract(left, right) =>
            {
                Some(Relation::new(Comparison::Less, right, left))
            }
            (Comparison::Equal, ..) => Some(Relation::new(Comparison::Less, left, right)),
            (_, true, _) => Some(relation),
            (_, false, _) => relation.contrary(),
        };
        if let Some(conclusion) = conclusion {
            self.prover.restate(mark, conclusion);
        }
        self.because.extend(self.prover.evidence.drain(mark..));
    }

    /// Notes that an expression was opened by what was decided before.
    fn choose(&mut self, part: Expr) {
        let because = std::mem::take(&mut self.because);
        self.items.push(Item::Opening(Opening::Choice { part, because }));
    }
}

impl Prover<'_> {
    /// A sum or product in normal form where it exists, and itself where its form has cases or sums.
    fn settled(&mut self, expr: Expr, known: &Known) -> Expr {
        let mut normalizer = self.normalizer();
        let Ok(mut form) = normalizer.form(expr, &known.domain) else { return expr };
        for term in &mut form.terms {
            if !term.letters.is_empty() || term.domain != known.domain {
                return expr;
            }
            term.domain = crate::rewrite::Domain::all();
        }
        let Some(settled) = normalizer.expression(&form) else { return expr };
        let conditions = std::mem::take(&mut normalizer.conditions);
        self.conditions.extend(conditions);
        settled
    }
}

/// The quotient, where it is not too large to go on with.
fn bounded(ratio: Ratio) -> Read<Ratio> {
    if ratio.numerator.n_terms() > MAX_TERMS { Err(Stop::Refused) } else { Ok(ratio) }
}
