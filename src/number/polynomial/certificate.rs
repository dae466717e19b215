//! Certificates that a polynomial is positive on a region: exact reductions to one unknown, which Sturm decides.
//!
//! A [`Rule`] says which questions are enough for a question, and no rule looks for anything: finders choose rules, and a
//! [`Certificate`] is their choice. Every rule is a sufficient condition, so a certificate that verifies is a proof.

use std::rc::Rc;

use crate::number::Rational;
use crate::number::polynomial::{End, Monomial, Multi, Polynomial, Range, Sign, Supremum};
use crate::number::range;

/// What is asked of a polynomial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// Not below 0 anywhere.
    NonNegative,
    /// Above 0 everywhere.
    Positive,
}

/// A polynomial whose sign is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The polynomial.
    pub poly: Multi,
    /// Its sign.
    pub goal: Goal,
    /// Whether nothing may rest on it, because it could not be replayed.
    pub doubted: bool,
}

/// Where the unknowns lie and what else is known of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Region {
    /// The range of each unknown.
    pub ranges: Vec<Range>,
    /// Polynomials whose sign is known.
    pub facts: Vec<Fact>,
}

/// Whether a polynomial has a sign at every point of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The polynomial.
    pub poly: Multi,
    /// The sign.
    pub goal: Goal,
    /// The region.
    pub region: Rc<Region>,
}

/// A way to answer a question by others.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// It is a number.
    Constant,
    /// No term is negative, and for a strict goal one is positive.
    Termwise,
    /// It has one unknown (Sturm 1829).
    Sturm,
    /// A factor common to all terms has one sign, and the rest is asked for where that factor is not 0.
    Content,
    /// The range of an unknown in three parts: above 0, below 0, and 0.
    AtZero(usize),
    /// It is `r + s q(u)` in an unknown u: asked for at the ends of the values of `q`.
    Ends(usize),
    /// It is `a u² + b u + c` with `a > 0` and `4 a c >= b²`.
    Discriminant(usize),
    /// It is at least itself less a multiple of a fact by a factor that is not negative.
    Fact {
        /// Which fact.
        fact: usize,
        /// The factor.
        factor: Multi,
    },
    /// The absolute value of an unknown is it or its negative: two cases, or one where it stands in even powers only.
    Signs {
        /// The unknown.
        of: usize,
        /// The unknown that is its absolute value.
        magnitude: usize,
    },
    /// Two facts contradict each other.
    Contradiction(usize, usize),
}

/// A rule and the certificates of the questions that it leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The rule.
    pub rule: Rule,
    /// One for each question, in order.
    pub premises: Vec<Certificate>,
}

impl Certificate {
    /// Whether it answers a question with yes.
    pub fn verifies(&self, question: &Question) -> bool {
        self.rule.premises(question).is_some_and(|questions| {
            questions.len() == self.premises.len()
                && self.premises.iter().zip(&questions).all(|(own, question)| own.verifies(question))
        })
    }
}

impl Question {
    fn about(&self, poly: Multi, goal: Goal) -> Question {
        Question { poly, goal, region: Rc::clone(&self.region) }
    }

    fn within(&self, poly: Multi, region: Region) -> Question {
        Question { poly, goal: self.goal, region: Rc::new(region) }
    }

    /// The question without the facts that speak of one unknown.
    fn without(&self, unknown: usize) -> Question {
        let facts = self.region.facts.iter().filter(|fact| fact.poly.degree_in(unknown) == 0).cloned().collect();
        self.within(self.poly.clone(), Region { ranges: self.region.ranges.clone(), facts })
    }

    fn range(&self, unknown: usize) -> Option<&Range> {
        self.region.ranges.get(unknown)
    }
}

impl Rule {
    /// The questions that are enough; `None` where the rule does not apply.
    pub fn premises(&self, question: &Question) -> Option<Vec<Question>> {
        let Question { poly, goal, region } = question;
        if poly.unknowns().last().is_some_and(|&unknown| unknown >= region.ranges.len()) {
            return None;
        }
        match self {
            Rule::Constant => {
                let value = poly.as_constant()?;
                (value > Rational::from(0) || *goal == Goal::NonNegative && value.is_zero()).then(Vec::new)
            }
            Rule::Termwise => has_sign_by_terms(poly, *goal, region).then(Vec::new),
            Rule::Sturm => has_sign_by_sturm(question).then(Vec::new),
            Rule::Content => without_content(question),
            Rule::AtZero(unknown) => at_zero(question, *unknown),
            Rule::Ends(unknown) => at_ends(question, *unknown),
            Rule::Discriminant(unknown) => by_discriminant(question, *unknown),
            Rule::Fact { fact, factor } => less_fact(question, region.facts.get(*fact)?, factor),
            Rule::Signs { of, magnitude } => by_signs(question, *of, *magnitude),
            Rule::Contradiction(first, second) => {
                contradict(region.facts.get(*first)?, region.facts.get(*second)?).then(Vec::new)
            }
        }
    }
}

/// Whether every term is not negative, and for a strict goal one of them positive.
pub fn has_sign_by_terms(poly: &Multi, goal: Goal, region: &Region) -> bool {
    let mut strict = false;
    for (monomial, coefficient) in poly.terms() {
        let mut value = range::point(coefficient);
        for (&unknown, &exponent) in monomial {
            value = range::product(&value, &range::power(&region.ranges[unknown], i64::from(exponent)));
        }
        if !range::is_non_negative(&value) {
            return false;
        }
        strict |= range::is_positive(&value);
    }
    strict || goal == Goal::NonNegative
}

fn has_sign_by_sturm(question: &Question) -> bool {
    let [only] = question.poly.unknowns()[..] else { return false };
    let (Some(poly), range) = (question.poly.univariate(only), &question.region.ranges[only]) else { return false };
    if fails_at_simple_points(&poly, question.goal, range) {
        return false;
    }
    let sign = poly.sign_on(range);
    match sign {
        Some(Sign::Positive) => true,
        Some(Sign::NonNegative { .. } | Sign::Zero) => question.goal == Goal::NonNegative,
        Some(Sign::Negative | Sign::NonPositive { .. } | Sign::Mixed { .. }) | None => false,
    }
}

/// Whether a polynomial does not have the sign at one of a few simple members of a range. Most of what is asked in a search
/// is false, and seen to be so without isolating a root.
fn fails_at_simple_points(poly: &Polynomial, goal: Goal, range: &Range) -> bool {
    let ends = [&range.low, &range.high].into_iter().filter_map(End::member).cloned();
    let tenths = [0, 1, -1, 2, -2, 5, -5, 10, -10, 20, -20, 100, -100, 10_000, -10_000];
    let points = ends.chain(tenths.into_iter().map(|tenths| Rational::from(tenths) / Rational::from(10)));
    points.filter(|point| range.contains(point)).any(|point| {
        let value = poly.eval(&point);
        value < Rational::ZERO || goal == Goal::Positive && value.is_zero()
    })
}

/// Where the factor is 0 the product is, so the rest is asked for elsewhere only.
fn without_content(question: &Question) -> Option<Vec<Question>> {
    let (content, rest) = question.poly.content();
    let mut sign = Rational::from(1);
    let mut inner = (*question.region).clone();
    let negative = range::negation(&range::positive());
    for (&unknown, &exponent) in &content {
        let own = question.range(unknown)?.clone();
        if question.goal == Goal::Positive && !range::excludes_zero(&own) {
            return None;
        }
        let (above, below) = (range::is_non_negative(&own), range::is_non_negative(&range::negation(&own)));
        if exponent % 2 == 1 && !above {
            if !below {
                return None;
            }
            sign = -sign;
        }
        if above {
            inner.ranges[unknown] = range::meet(&own, &range::positive());
        } else if below {
            inner.ranges[unknown] = range::meet(&own, &negative);
        }
        if inner.ranges[unknown].is_empty() {
            return (question.goal == Goal::NonNegative).then(Vec::new);
        }
    }
    (!content.is_empty()).then(|| vec![question.within(rest.scaled(&sign), inner)])
}

fn at_zero(question: &Question, unknown: usize) -> Option<Vec<Question>> {
    let own = question.range(unknown)?;
    let zero = range::point(&Rational::from(0));
    let sides = [range::positive(), range::negation(&range::positive()), zero];
    let parts = sides.iter().map(|side| (side.is_single(), range::meet(own, side)));
    let questions = parts.filter(|(_, part)| !part.is_empty()).map(|(is_zero, part)| {
        let mut region = (*question.region).clone();
        region.ranges[unknown] = part;
        let poly = &question.poly;
        question.within(if is_zero { poly.substitute(unknown, &Multi::default()) } else { poly.clone() }, region)
    });
    Some(questions.collect())
}

/// Where the powers of an unknown stand beside multiples of one factor, `rest + factor q(u)`, it is between its values
/// at the ends of the values of q.
fn at_ends(question: &Question, unknown: usize) -> Option<Vec<Question>> {
    let own = question.range(unknown)?;
    let mut parts = question.poly.by_powers_of(unknown);
    let rest = parts.remove(&0).unwrap_or_default();
    let factor = parts.values().next()?.clone();
    let values = if parts.keys().eq([&1]) {
        own.clone()
    } else {
        let mut group = Multi::default();
        for (&exponent, part) in &parts {
            let term = Multi::term(Monomial::from([(unknown, exponent)]), part.ratio_to(&factor)?);
            group = group.plus(&term, &Rational::from(1));
        }
        values_on(&group.univariate(unknown)?, own)?
    };
    let mut asked = between_ends(&rest, &factor, &values)?;
    if question.goal == Goal::NonNegative {
        // The third one is for strictness alone.
        asked.truncate(2);
        asked.iter_mut().for_each(|(_, goal)| *goal = Goal::NonNegative);
    }
    let others = question.without(unknown);
    Some(asked.into_iter().map(|(poly, goal)| others.about(poly, goal)).collect())
}

/// The values of `rest + slope u` at the ends of a range, with what a strict goal asks there: it is above 0 between
/// them where it is above 0 at those that are members, not below 0 at the others, and not 0 at both.
fn between_ends(rest: &Multi, slope: &Multi, own: &Range) -> Option<Vec<(Multi, Goal)>> {
    let at = |value: &Rational| rest.plus(slope, value);
    let (weak, strict) = (Goal::NonNegative, Goal::Positive);
    let half_line = |end: &End, slope: &Multi| {
        let first = at(end.value()?);
        Some(match end {
            End::Closed(_) => vec![(slope.clone(), weak), (first, strict)],
            End::Open(_) | End::Unbounded => {
                let sum = first.plus(slope, &Rational::from(1));
                vec![(slope.clone(), weak), (first, weak), (sum, strict)]
            }
        })
    };
    match (&own.low, &own.high) {
        (End::Unbounded, End::Unbounded) => slope.is_zero().then(|| vec![(rest.clone(), strict)]),
        (low, End::Unbounded) => half_line(low, slope),
        (End::Unbounded, high) => half_line(high, &slope.negated()),
        (low, high) => {
            let (at_low, at_high) = (at(low.value()?), at(high.value()?));
            Some(match (low.member().is_some(), high.member().is_some()) {
                (true, true) => vec![(at_low, strict), (at_high, strict)],
                (true, false) => vec![(at_low, strict), (at_high, weak)],
                (false, true) => vec![(at_high, strict), (at_low, weak)],
                (false, false) => {
                    let sum = at_low.plus(&at_high, &Rational::from(1));
                    vec![(at_low, weak), (at_high, weak), (sum, strict)]
                }
            })
        }
    }
}

fn by_discriminant(question: &Question, unknown: usize) -> Option<Vec<Question>> {
    if question.poly.degree_in(unknown) != 2 {
        return None;
    }
    let parts = question.poly.by_powers_of(unknown);
    let part = |exponent: u32| parts.get(&exponent).cloned().unwrap_or_default();
    let discriminant = part(2).times(&part(0)).scaled(&Rational::from(4)).plus(&part(1).power(2), &Rational::from(-1));
    let others = question.without(unknown);
    Some(vec![others.about(part(2), Goal::Positive), others.about(discriminant, question.goal)])
}

/// Where the factor and the fact are positive the rest need not be.
fn less_fact(question: &Question, fact: &Fact, factor: &Multi) -> Option<Vec<Question>> {
    let Question { poly, goal, region } = question;
    let is_known = factor.unknowns().last().is_none_or(|&unknown| unknown < region.ranges.len());
    if fact.doubted || !is_known || !has_sign_by_terms(factor, Goal::NonNegative, region) {
        return None;
    }
    let rest = poly.plus(&factor.times(&fact.poly), &Rational::from(-1));
    let strict = fact.goal == Goal::Positive && has_sign_by_terms(factor, Goal::Positive, region);
    Some(vec![question.about(rest, if strict { Goal::NonNegative } else { *goal })])
}

/// Multiples of two facts by positive numbers that have a negative sum.
fn contradict(first: &Fact, second: &Fact) -> bool {
    let whole = |poly: &Multi| poly.plus(&Multi::constant(poly.constant_term()), &Rational::from(-1));
    let Some(ratio) = whole(&first.poly).ratio_to(&whole(&second.poly)) else { return false };
    if ratio >= Rational::from(0) || first.doubted || second.doubted {
        return false;
    }
    let sum = first.poly.constant_term() - &ratio * second.poly.constant_term();
    let either = [first, second].iter().any(|fact| fact.goal == Goal::Positive);
    sum < Rational::from(0) || either && sum.is_zero()
}

/// Even powers of `of` become those of its absolute value; where odd ones stay, each sign is a case.
fn by_signs(question: &Question, of: usize, magnitude: usize) -> Option<Vec<Question>> {
    let (own, size) = (question.range(of)?.clone(), question.range(magnitude)?.clone());
    let evened = |poly: &Multi| {
        poly.by_powers_of(of).into_iter().fold(Multi::default(), |sum, (exponent, part)| {
            let monomial = Monomial::from([(of, exponent % 2), (magnitude, exponent - exponent % 2)]);
            let kept = monomial.into_iter().filter(|&(_, exponent)| exponent > 0).collect();
            sum.plus(&part.times(&Multi::term(kept, Rational::from(1))), &Rational::from(1))
        })
    };
    let poly = evened(&question.poly);
    let mut region = (*question.region).clone();
    region.facts.iter_mut().for_each(|fact| fact.poly = evened(&fact.poly));
    if poly.degree_in(of) == 0 {
        return Some(vec![question.within(poly, region)]);
    }
    let cases = [1i64, -1].into_iter().filter_map(|sign| {
        let value = Multi::unknown(magnitude).scaled(&sign.into());
        let side = if sign > 0 { own.clone() } else { range::negation(&own) };
        let mut part = region.clone();
        part.ranges[magnitude] = range::meet(&range::meet(&size, &side), &range::non_negative());
        part.facts.iter_mut().for_each(|fact| fact.poly = fact.poly.substitute(of, &value));
        (!part.ranges[magnitude].is_empty()).then(|| question.within(poly.substitute(of, &value), part))
    });
    Some(cases.collect())
}

/// The range of the values of a polynomial on a range: exact where the extreme values are rational.
fn values_on(poly: &Polynomial, own: &Range) -> Option<Range> {
    let width = crate::number::rational::fraction(1, 1 << 30)?;
    let upper = |poly: &Polynomial| {
        Some(match poly.supremum_on(own, &width)? {
            Supremum::Infinite => End::Unbounded,
            Supremum::Finite { low, high, peaks } => {
                let reached = low != high || peaks.iter().any(|peak| peak.is_member);
                if reached { End::Closed(high) } else { End::Open(high) }
            }
        })
    };
    let low = match upper(&-poly)? {
        End::Unbounded => End::Unbounded,
        End::Open(value) => End::Open(-value),
        End::Closed(value) => End::Closed(-value),
    };
    Some(Range { low, high: upper(poly)? })
}
