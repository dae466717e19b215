//! Whether a polynomial in several bounded unknowns is positive: the search for a certificate.
//!
//! An unknown of degree 1 is smallest at an end of its range; a group of powers that stands beside one factor only is
//! an unknown of its own, whose range is known exactly; a common factor has a sign. Known polynomials that are not
//! negative may be subtracted. What each [`Rule`] leaves to be asked is said by the rule itself.

use std::rc::Rc;

use crate::number::polynomial::{Certificate, Goal, Monomial, Multi, Question, Range, Region, Rule, has_sign_by_terms};
use crate::number::range;

/// How many terms the polynomials may have together to which one question leads.
pub(super) const WORK: usize = 40_000;

/// How many products of two terms are as much work as one term that is looked at.
const SQUARED_TERMS: usize = 8;

/// How many known polynomials may be subtracted in a row.
const COMBINATIONS: usize = 3;

/// Whether `poly` is what `goal` says at every point of the region.
pub(super) fn holds(poly: &Multi, goal: Goal, region: &Region) -> bool {
    certify(poly, goal, region).is_some()
}

/// Why `poly` is what `goal` says at every point of the region. A region without a point proves nothing.
pub(super) fn certify(poly: &Multi, goal: Goal, region: &Region) -> Option<Certificate> {
    if has_sign_by_terms(poly, goal, region) && !region.ranges.iter().any(Range::is_empty) {
        return Some(Certificate { rule: Rule::Termwise, premises: Vec::new() });
    }
    answer(&Question { poly: poly.clone(), goal, region: Rc::new(region.clone()) }, &mut WORK.clone())
}

/// The answer to a question, found with the work that is left.
fn answer(question: &Question, work: &mut usize) -> Option<Certificate> {
    if question.region.ranges.iter().any(Range::is_empty) {
        return None;
    }
    Search { work, combinations: COMBINATIONS }.answer(question)
}

struct Search<'a> {
    /// How many terms may still be looked at.
    work: &'a mut usize,
    combinations: usize,
}

impl Search<'_> {
    fn answer(&mut self, question: &Question) -> Option<Certificate> {
        let poly = &question.poly;
        *self.work = self.work.saturating_sub(poly.n_terms().max(1));
        if *self.work == 0 {
            return None;
        }
        if poly.as_constant().is_some() {
            return self.by(Rule::Constant, question);
        }
        if let Some(found) = self.by(Rule::Termwise, question) {
            return Some(found);
        }
        let (content, _) = poly.content();
        if !content.is_empty() {
            let rule = of_content(&content, question);
            return self.by(rule, question).or_else(|| self.with_facts(question));
        }
        let unknowns = poly.unknowns();
        if unknowns.len() == 1 {
            return self.by(Rule::Sturm, question).or_else(|| self.with_facts(question));
        }
        let is_bounded = |unknown: &usize| {
            let own = &question.region.ranges[*unknown];
            own.low.value().is_some() && own.high.value().is_some()
        };
        let linear = unknowns.iter().copied().filter(|&unknown| poly.degree_in(unknown) == 1);
        let (bounded, unbounded): (Vec<usize>, Vec<usize>) = linear.partition(is_bounded);
        self.first(&bounded, Rule::Ends, question)
            .or_else(|| self.with_facts(question))
            .or_else(|| self.first(&unbounded, Rule::Ends, question))
            .or_else(|| self.first(&unknowns, Rule::Ends, question))
            .or_else(|| self.first(&unknowns, Rule::Discriminant, question))
    }

    /// By a rule, where what it leaves is answered.
    fn by(&mut self, rule: Rule, question: &Question) -> Option<Certificate> {
        if let Rule::Discriminant(_) = rule {
            // Its terms are multiplied with each other.
            *self.work = self.work.saturating_sub(question.poly.n_terms().pow(2) / SQUARED_TERMS);
            if *self.work == 0 {
                return None;
            }
        }
        let mut premises = Vec::new();
        for premise in rule.premises(question)? {
            premises.push(self.answer(&premise)?);
        }
        Some(Certificate { rule, premises })
    }

    /// By a rule for the first unknown for which it does.
    fn first(&mut self, unknowns: &[usize], rule: fn(usize) -> Rule, question: &Question) -> Option<Certificate> {
        unknowns.iter().find_map(|&unknown| self.by(rule(unknown), question))
    }

    /// A known fact of which a multiple by a term that is not negative cancels a term.
    fn with_facts(&mut self, question: &Question) -> Option<Certificate> {
        if self.combinations == 0 {
            return None;
        }
        self.combinations -= 1;
        let found = (0..question.region.facts.len()).find_map(|fact| self.with_fact(question, fact));
        self.combinations += 1;
        found
    }

    fn with_fact(&mut self, question: &Question, fact: usize) -> Option<Certificate> {
        let mut tried: Vec<Multi> = Vec::new();
        for (monomial, coefficient) in question.region.facts[fact].poly.terms() {
            if monomial.is_empty() {
                continue;
            }
            for (own, value) in question.poly.terms() {
                let Some(quotient) = divided(own, monomial) else { continue };
                let factor = Multi::term(quotient, value / coefficient);
                if tried.contains(&factor) || !has_sign_by_terms(&factor, Goal::NonNegative, &question.region) {
                    continue;
                }
                if let Some(found) = self.by(Rule::Fact { fact, factor: factor.clone() }, question) {
                    return Some(found);
                }
                tried.push(factor);
            }
        }
        None
    }
}

/// The rule for a common factor: one of both signs is split at 0 first.
fn of_content(content: &Monomial, question: &Question) -> Rule {
    let has_sign = |own: &Range| range::is_non_negative(own) || range::is_non_negative(&range::negation(own));
    let ranges = &question.region.ranges;
    let mixed = content.iter().find(|&(&unknown, &exponent)| exponent % 2 == 1 && !has_sign(&ranges[unknown]));
    match mixed {
        Some((&unknown, _)) if question.goal == Goal::NonNegative => Rule::AtZero(unknown),
        Some(_) | None => Rule::Content,
    }
}

/// Why a polynomial has a sign in each of the cases that the absolute values of unknowns make; the pairs are an unknown and
/// the one that is its absolute value. What it takes is subtracted from `work`.
pub(super) fn certify_by_signs(
    question: &Question,
    magnitudes: &[(usize, usize)],
    work: &mut usize,
) -> Option<Certificate> {
    answer_all(std::slice::from_ref(question), magnitudes, work)?.pop()
}

/// Questions to which no answer was found, with the work that it took: they are asked again in other cases.
#[derive(Debug, Default)]
pub(super) struct Refused {
    questions: Vec<(Question, Vec<(usize, usize)>, usize)>,
}

impl Refused {
    /// How much work it took to find no answer to a question, where that is known.
    pub fn work_on(&self, question: &Question, magnitudes: &[(usize, usize)]) -> Option<usize> {
        let is_same =
            |(own, pairs, _): &&(Question, Vec<(usize, usize)>, usize)| own == question && pairs == magnitudes;
        self.questions.iter().find(is_same).map(|&(_, _, work)| work)
    }

    /// Remembers that no answer was found.
    pub fn note(&mut self, question: Question, magnitudes: Vec<(usize, usize)>, work: usize) {
        self.questions.push((question, magnitudes, work));
    }
}

/// More cases than this are not told apart: the absolute values that are left are unknowns of their own.
const MOST_CASES: usize = 32;

fn answer_all(questions: &[Question], magnitudes: &[(usize, usize)], work: &mut usize) -> Option<Vec<Certificate>> {
    let Some((&(of, magnitude), rest)) = magnitudes.split_first().filter(|_| questions.len() <= MOST_CASES) else {
        let mut answered = |question: &Question| contradiction(&question.region).or_else(|| answer(question, work));
        return questions.iter().map(&mut answered).collect();
    };
    let rule = Rule::Signs { of, magnitude };
    let cases = questions.iter().map(|question| rule.premises(question)).collect::<Option<Vec<_>>>()?;
    let mut found = answer_all(&cases.concat(), rest, work)?.into_iter();
    let certificate = |n: usize| Certificate { rule: rule.clone(), premises: found.by_ref().take(n).collect() };
    Some(cases.iter().map(Vec::len).map(certificate).collect())
}

/// Two facts that contradict each other: multiples of them by positive numbers have a negative sum.
fn contradiction(region: &Region) -> Option<Certificate> {
    let region = Rc::new(region.clone());
    let question = Question { poly: Multi::default(), goal: Goal::Positive, region: Rc::clone(&region) };
    let n_facts = region.facts.len();
    let pairs = (0..n_facts).flat_map(|first| (0..first).map(move |second| Rule::Contradiction(first, second)));
    let mut applying = pairs.filter(|rule| rule.premises(&question).is_some());
    applying.next().map(|rule| Certificate { rule, premises: Vec::new() })
}

fn divided(dividend: &Monomial, divisor: &Monomial) -> Option<Monomial> {
    let mut quotient = dividend.clone();
    for (unknown, &exponent) in divisor {
        let own = quotient.get_mut(unknown)?;
        *own = own.checked_sub(exponent)?;
    }
    quotient.retain(|_, exponent| *exponent > 0);
    Some(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::polynomial::End;
    use crate::number::polynomial::Fact;
    use crate::number::rational::{fraction, integer};

    fn unit() -> Range {
        Range::open(integer(0), integer(1))
    }

    fn poly(terms: &[(i64, &[(usize, u32)])]) -> Multi {
        terms.iter().fold(Multi::default(), |sum, (value, monomial)| {
            sum.plus(&Multi::term(monomial.iter().copied().collect(), integer(*value)), &integer(1))
        })
    }

    #[track_caller]
    fn check(terms: &[(i64, &[(usize, u32)])], ranges: &[Range], expected: (bool, bool)) {
        let space = Region { ranges: ranges.to_vec(), facts: Vec::new() };
        let poly = poly(terms);
        assert_eq!((holds(&poly, Goal::NonNegative, &space), holds(&poly, Goal::Positive, &space)), expected);
    }

    #[test]
    fn the_factor_of_the_sigmoid() {
        // 4 - a 4 u (1 - u), with u in (0, 1).
        let gap: [(i64, &[(usize, u32)]); 3] = [(4, &[]), (-4, &[(0, 1), (1, 1)]), (4, &[(0, 1), (1, 2)])];
        let up_to = |high: End| Range { low: End::Closed(integer(0)), high };
        check(&gap, &[up_to(End::Open(integer(4))), unit()], (true, true));
        check(&gap, &[up_to(End::Closed(integer(4))), unit()], (true, false));
        check(&gap, &[up_to(End::Open(fraction(401, 100).unwrap())), unit()], (false, false));
        check(&gap, &[Range::open(integer(-100), integer(4)), unit()], (true, true));
        check(&gap, &[Range::open(integer(-100), integer(5)), unit()], (false, false));
    }

    #[test]
    fn the_same_with_the_denominator_cleared() {
        // (1 + v)^2 - a v, with v above 0.
        let gap: [(i64, &[(usize, u32)]); 4] = [(1, &[]), (2, &[(1, 1)]), (1, &[(1, 2)]), (-1, &[(0, 1), (1, 1)])];
        let up_to = |high: End| Range { low: End::Closed(integer(0)), high };
        check(&gap, &[up_to(End::Open(integer(4))), range::positive()], (true, true));
        check(&gap, &[up_to(End::Closed(integer(4))), range::positive()], (true, false));
        check(&gap, &[up_to(End::Open(integer(5))), range::positive()], (false, false));
    }

    #[test]
    fn squares_and_contents() {
        let line = Range::everything;
        check(&[(1, &[(0, 2)]), (-2, &[(0, 1), (1, 1)]), (1, &[(1, 2)])], &[line(), line()], (true, false));
        check(&[(1, &[(0, 2)]), (-3, &[(0, 1), (1, 1)]), (1, &[(1, 2)])], &[line(), line()], (false, false));
        check(&[(1, &[(0, 2)]), (-2, &[(0, 1), (1, 1)]), (1, &[(1, 2)]), (1, &[])], &[line(), line()], (true, true));
        check(&[(1, &[(0, 1)]), (-1, &[(0, 1), (1, 1)])], &[range::non_negative(), unit()], (true, false));
        check(&[(1, &[(0, 1)]), (-1, &[(0, 1), (1, 1)])], &[range::positive(), unit()], (true, true));
        check(&[(1, &[(0, 1)]), (-1, &[(0, 1), (1, 1)])], &[line(), unit()], (false, false));
        check(&[(1, &[(0, 1)])], &[Range::open(integer(1), integer(0))], (false, false));
    }

    #[test]
    fn facts_are_subtracted() {
        // 1 - g w s with s in [0, 1] follows from 1 - g w > 0, and not from 2 - g w > 0.
        let gap = poly(&[(1, &[]), (-1, &[(0, 1), (1, 1), (2, 1)])]);
        let ranges = vec![range::non_negative(), range::non_negative(), Range::closed(integer(0), integer(1))];
        for (constant, expected) in [(1, true), (2, false)] {
            let poly = poly(&[(constant, &[]), (-1, &[(0, 1), (1, 1)])]);
            let fact = Fact { poly, goal: Goal::Positive, doubted: false };
            let space = Region { ranges: ranges.clone(), facts: vec![fact] };
            assert_eq!(holds(&gap, Goal::Positive, &space), expected);
        }
    }
}
