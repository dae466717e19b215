//! The refuter: looks for a point at which a claim fails, by evaluating the definitions themselves.
//!
//! [`search`] draws points (sizes, letters, givens, functions), makes the assumptions and conditions hold at them, and
//! decides the claim there: exactly where the numbers are fractions, else by enclosures that do not meet. Floating
//! point only chooses where to look. Derivatives are those of `numeric`, which shares nothing with the provers. A point
//! that fails is shrunk to a round one and confirmed again. Points where the claim held are counted.
//!
//! To add a kind of premise that samples satisfy: `premise.rs`. To add a function that is
//! tried where assumptions speak of functions: `functions.rs`. To add a kind of statement: `truth.rs`.

mod bench;
mod beyond;
mod climb;
mod closer;
mod coefficients;
mod corners;
mod endless;
mod extremes;
mod functions;
mod instances;
mod known;
mod landmarks;
mod leaning;
mod limits;
mod line;
mod others;
mod pace;
mod partial;
mod premise;
mod quadratic;
mod reals;
mod samples;
mod screen;
mod show;
mod shrink;
mod starts;
mod ties;
mod truth;
mod tuples;

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Prop};
use crate::model::Model;
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Fallback, Floats, Givens, Style};
use crate::proof::context::is_integer;
use crate::proof::subject::{Subject, letters_of};
use crate::proof::{Counterexample, Effort};
use bench::Bench;
use beyond::{ClaimThere, Supposed};
use climb::Slope;
pub(super) use closer::look_closer;
pub(super) use corners::Side;
use limits::Limits;
pub(super) use limits::speaks_of_limits;
use others::Others;
use pace::{GLANCE, GUARD, LIMIT, MAX_VAIN, Pace, USUAL, pace_of};
use samples::{STYLES, Samples};
pub(super) use screen::{Screen, Sight};
use show::Found;
use starts::Starts;
use truth::{Judgement, Question, Truth};
pub(super) use tuples::{Sizes, compared as sizes};

/// What a search found.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    /// A point at which the claim fails, confirmed.
    pub counterexample: Option<Counterexample>,
    /// That point, the one from which it was shrunk, and one at which more is read.
    pub points: Vec<Assignment>,
    /// At how many points the givens and conditions held, both sides were defined, and the claim held.
    pub held: usize,
    /// Whether all of these were decided by exact fractions.
    pub exact: bool,
    /// Whether all functions that were found to meet the assumptions about functions are affine: points at which a claim
    /// holds then say little.
    pub only_affine: bool,
    /// Whether some choice of the integers was met at which no sample could be decided, or all that could be are of one.
    pub blind: bool,
    /// Whether an equation binds functions on a part of the numbers alone, and none were found that agree on that part
    /// only: points at which a claim holds then say little.
    pub only_alike: bool,
    /// Whether points at which the claim fails were turned down, because nothing was found there that meets the
    /// assumptions that do not bear on it.
    pub turned_down: bool,
    /// The sides of the switches of the claim on which no sample lies.
    pub unseen: Vec<Side>,
    /// Whether there is a point at which all givens and conditions hold and both sides are defined.
    pub witness: bool,
    /// Whether there is nothing more to try.
    pub is_over: bool,
    /// Points that are such if what they suppose is so.
    supposed: Vec<Supposed>,
}

/// How many counterexamples that suppose something are tried.
const SUPPOSED: usize = 3;

/// How many choices of the integers are leaned on.
const FITTING: usize = 60;

/// How many points at which an implication says nothing count as one that is drawn in vain.
const VACUOUS: usize = 8;

/// How many points are drawn in vain: fewer with less effort.
fn most_vain(effort: Effort) -> usize {
    usize::try_from(effort.steps / 16_000).unwrap_or(MAX_VAIN).clamp(6, MAX_VAIN)
}

/// A claim that is searched, with all that belongs to it.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub model: &'a Model,
    pub structure: &'a Structure,
    pub claim: &'a Prop,
    pub conditions: &'a [Prop],
    /// How far apart the sides of `\approx` may be.
    pub tolerance: Option<&'a Rational>,
    pub effort: Effort,
}

/// Looks for a counterexample before a proof is sought: a point at which a claim plainly fails settles it, and one at
/// which all givens and conditions hold is a witness of the proof.
pub(super) fn guard(arena: &mut Arena, sought: Sought<'_>) -> Search {
    if limits::speaks_of_limits(arena, sought.claim) {
        return Search { is_over: true, ..search(arena, sought) };
    }
    searched(arena, sought, GUARD)
}

/// Looks for a counterexample where only the verdict counts.
pub(super) fn glance(arena: &mut Arena, sought: Sought<'_>) -> Search {
    if limits::speaks_of_limits(arena, sought.claim) {
        return search(arena, sought);
    }
    searched(arena, sought, GLANCE)
}

/// Looks for a counterexample among the points at which the assumptions of the model and the conditions hold.
pub(super) fn search(arena: &mut Arena, sought: Sought<'_>) -> Search {
    if limits::speaks_of_limits(arena, sought.claim) {
        return extremes::search(arena, sought);
    }
    searched(arena, sought, pace_of(sought.claim))
}

fn searched(arena: &mut Arena, sought: Sought<'_>, pace: Pace) -> Search {
    let (search, found, subject) = hunted(arena, sought, None, pace);
    let points = found.as_ref().map(|found| found.points.clone()).unwrap_or_default();
    let counterexample = found.map(|found| show::counterexample(arena, sought.model, &subject, found));
    Search { counterexample, points, ..search }
}

/// Hunts for a point at which a claim fails.
fn hunted(
    arena: &mut Arena,
    sought: Sought<'_>,
    limits: Option<&Limits>,
    pace: Pace,
) -> (Search, Option<Found>, Subject) {
    let Sought { model, structure, claim, conditions, tolerance, effort } = sought;
    let subject = Subject::new(arena, model, structure, claim, conditions);
    let starts = Starts::new(arena, model, structure);
    let rest = leaning::rest(arena, model, structure, &subject);
    let nilpotent = leaning::nilpotent(arena, model, claim);
    let at_threshold = if limits.is_none() { leaning::at_threshold(claim, rest.as_ref()) } else { Vec::new() };
    let at_premises = leaning::leanings(arena, claim, &subject.premises, rest);
    let samples = Samples::new(arena, model, &subject, claim, effort.seed);
    // Where a matrix is leaned on, hardly any other point tells.
    let may_lean_on_ends = pace.climbs && nilpotent.is_empty();
    let mut leanings = [nilpotent, at_premises, at_threshold].concat();
    if may_lean_on_ends {
        leanings.extend(leaning::at_ends(arena, claim, &subject));
    }
    let others = Others::new(&subject);
    // A limit is enclosed at great cost: no point is changed until one comes out.
    leanings.retain(|props| props.iter().all(|prop| !limits::speaks_of_limits(arena, prop)));
    let mut passed = 0;
    let (mut search, found) = loop {
        let bench = &Bench::new(arena, model, &starts, effort.steps);
        let (samples, leanings, others, subject) = (&samples, &leanings[..], &others, &subject);
        let hunt = Hunt { subject, samples, claim, bench, tolerance, limits, leanings, others, passed, pace };
        let mut ties = Vec::new();
        let (search, found) = hunt.run(effort, &mut ties);
        let found = found.or_else(|| ties::confirmed(arena, model, structure, claim, ties));
        let is_found = found.is_some();
        let found = found.and_then(|found| beyond::known(arena, model, subject, found));
        passed += 1;
        if found.is_some() || !is_found || passed == SUPPOSED {
            break (search, found);
        }
    };
    let supposed = std::mem::take(&mut search.supposed);
    search.witness |= beyond::any_is_known(arena, model, &subject, supposed);
    let is_within_a_window = found.is_some() && endless::reach_beyond(arena, model, &subject.premises);
    search.turned_down = others.is_in_the_way.get();
    search.blind |= is_within_a_window || search.turned_down;
    (search, found.filter(|_| !is_within_a_window), subject)
}

/// A search over points.
struct Hunt<'a> {
    subject: &'a Subject,
    samples: &'a Samples,
    claim: &'a Prop,
    bench: &'a Bench<'a>,
    tolerance: Option<&'a Rational>,
    /// The limits in the claim, where there are any.
    limits: Option<&'a Limits>,
    /// What is made to hold besides at some of the points, because the claim is more likely to fail there.
    leanings: &'a [Vec<Prop>],
    /// Assumptions that a counterexample must leave room for.
    others: &'a Others,
    /// How many points at which the claim fails are passed over, because what they suppose is not known.
    passed: usize,
    pace: Pace,
}

impl<'a> Hunt<'a> {
    /// Points at which a strict inequality may be an equality are added to `ties`.
    fn run(&self, effort: Effort, ties: &mut Vec<Found>) -> (Search, Option<Found>) {
        let mut search = Search { exact: true, ..Search::default() };
        if self.samples.is_empty() {
            return (search, None);
        }
        let mut random = Random::new(effort.seed ^ 0x5eed);
        let (mut vain, mut vacuous, mut quiet, mut passed) = (0, 0, 0, 0);
        let (mut decided, mut undecided) = (BTreeSet::new(), BTreeSet::new());
        let Pace { few, many, quiet: most_quiet, climbs, .. } = self.pace;
        let mut slope = if climbs { Slope::of(self, self.claim) } else { None };
        for number in 0.. {
            let budget = effort.steps / 400;
            let enough = search.held >= many || (search.held >= few && self.bench.spent.get() > budget);
            let in_vain = quiet >= most_quiet || vain + quiet + vacuous / VACUOUS > most_vain(effort);
            if enough || in_vain || self.bench.spent.get() > effort.steps {
                break;
            }
            let mut point = match self.limits {
                None => self.samples.point(self.subject, number),
                Some(_) => {
                    let turn = number / (self.leanings.len() + 1);
                    self.samples.uniform_point(self.subject, number, turn)
                }
            };
            // Every leaning meets every style; of limits, which are costly, every steep parameter.
            let turn = if self.limits.is_some() { number } else { number + number / STYLES.len() };
            let leaning = self.leanings.get(turn % (self.leanings.len() + 1)).map(Vec::as_slice).unwrap_or_default();
            if let Some(tuple) = self.tuple_for(leaning, number) {
                point.integers = tuples::integers(self.subject, tuple);
            }
            let question = self.question(&point);
            let premises = [&self.subject.premises, leaning].concat();
            let leans = !leaning.is_empty()
                && premise::establish(&question, &premises, &mut point.clone(), &mut random.clone());
            let premises = if leans { &premises } else { &self.subject.premises };
            if !premise::establish(&question, premises, &mut point, &mut random) {
                vain += 1;
                continue;
            }
            let Some(judgement) = self.judge(&question, &mut point, search.held) else {
                quiet += 1;
                continue;
            };
            match judgement.truth {
                Truth::False
                    if self.others.allow(self, &point) && beyond::may_stand(self, &point, ClaimThere::Fails) =>
                {
                    if passed == self.passed {
                        return (search, Some(self.shrunk(point, &mut random)));
                    }
                    passed += 1;
                }
                Truth::True | Truth::Agrees => {
                    search.held += 1;
                    decided.insert(point.integers.clone());
                    search.exact &= judgement.exact;
                    if !search.witness
                        && self.premise_holds(&question, &mut point)
                        && self.others_hold(&question, &point, random.clone())
                    {
                        self.note_witness(&mut search, &point);
                    }
                    slope.iter_mut().for_each(|slope| slope.note(&point));
                }
                Truth::Unknown => {
                    vain += 1;
                    if self.pace.climbs && ties.len() < ties::MOST && ties::may_be(self, &mut point) {
                        ties.push(Found::new(self, point.clone()));
                    }
                    undecided.insert(point.integers.clone());
                }
                Truth::Vacuous => vacuous += 1,
                Truth::False | Truth::Undefined => vain += 1,
            }
        }
        search.exact &= search.held > 0;
        let is_of_one_choice = decided.len() < 2 && self.samples.has_choices();
        search.blind = is_of_one_choice || !undecided.is_subset(&decided);
        let slope = slope.filter(|_| self.passed == 0);
        let found = slope.and_then(|slope| slope.climb().or_else(|| slope.far_off()));
        let found = found.map(|point| self.shrunk(point, &mut random));
        (search, found)
    }

    /// Notes a point at which all givens and conditions hold, as far as samples tell.
    fn note_witness(&self, search: &mut Search, point: &Assignment) {
        let supposed = Supposed::at(self, point, ClaimThere::Holds);
        if supposed.is_empty() {
            search.witness = true;
        } else if beyond::may_stand(self, point, ClaimThere::Holds) {
            search.supposed.push(supposed);
        }
    }

    /// Integers at which the equations between integers hold that are leaned on; `None` where there are none.
    fn tuple_for(&self, leaning: &[Prop], number: usize) -> Option<&'a tuples::Tuple> {
        let arena = self.bench.arena;
        let is_of_integers = |prop: &&Prop| prop.expressions().iter().all(|&side| is_integer(arena, side));
        let equations: Vec<&Prop> = leaning.iter().filter(is_of_integers).collect();
        if equations.is_empty() {
            return None;
        }
        let fits = |tuple: &&tuples::Tuple| {
            let integers = tuples::integers(self.subject, tuple);
            let mut point = Assignment { integers, ..Assignment::default() };
            let question = self.question(&point);
            equations.iter().all(|prop| question.holds(&mut point, prop, &mut Givens::new()))
        };
        let fitting: Vec<&tuples::Tuple> = self.samples.small.iter().filter(fits).take(FITTING).collect();
        fitting.get(number % fitting.len().max(1)).copied()
    }

    /// What is shown of a point at which the claim fails.
    fn shrunk(&self, point: Assignment, random: &mut Random) -> Found {
        if !self.pace.shrinks {
            return Found::new(self, point);
        }
        let mut found = shrink::shrink(self, point.clone());
        if !found.supposed.is_empty() {
            found.first = Some(Box::new(Found::new(self, point.clone())));
        }
        if self.limits.is_none() {
            found.points.extend(self.larger(&point, random));
            found.points.extend(self.others(random));
        }
        found.points.insert(1, point);
        found
    }

    /// Points with fractions and with numbers between 0 and 1.
    fn others(&self, random: &mut Random) -> Vec<Assignment> {
        let mut points = Vec::new();
        for style in [Style::Fractions, Style::Unit, Style::Mixed] {
            let mut point = self.samples.point(self.subject, points.len());
            point.fallback = point.fallback.map(|fallback| Fallback { style, ..fallback });
            let question = self.question(&point);
            if premise::establish(&question, &self.subject.premises, &mut point, random) {
                points.push(point);
            }
        }
        points
    }

    /// A point like another one with sizes, times and letters from 2 on, where the conditions allow it.
    fn larger(&self, point: &Assignment, random: &mut Random) -> Option<Assignment> {
        let is_large = |tuple: &&tuples::Tuple| tuple.iter().all(|&value| value >= 2);
        let tuple = self.samples.small.iter().find(is_large).or(self.samples.small.last())?;
        let fallback = Fallback { seed: point.fallback.map_or(1, |fallback| fallback.seed), style: Style::Integers };
        let mut larger = Assignment {
            integers: tuples::integers(self.subject, tuple),
            fallback: Some(fallback),
            functions: point.functions.clone(),
            ..Assignment::default()
        };
        let question = self.question(&larger);
        premise::establish(&question, &self.subject.premises, &mut larger, random).then_some(larger)
    }

    fn question(&self, point: &Assignment) -> Question<'a> {
        Question {
            bench: self.bench,
            tolerance: self.tolerance,
            window: self.window(point),
            limits: self.limits,
            bits: self.pace.bits,
        }
    }

    /// The values of letters that a statement is for all of: from before the first index that is read to past the last
    /// one, so that premises link all members of a family that matter.
    fn window(&self, point: &Assignment) -> (i64, i64) {
        let most = point.integers.values().copied().max().unwrap_or(1).max(3);
        if self.limits.is_some() {
            return (-1, most.max(limits::FAR) + 1);
        }
        let props: Vec<&Prop> = self.subject.premises.iter().chain([self.claim]).collect();
        if props.iter().all(|prop| letters_of(prop).is_empty()) {
            return (-1, most + 1);
        }
        let exprs: Vec<Expr> = props.iter().copied().flat_map(Prop::expressions).collect();
        let mut read = Givens::new();
        self.bench.values(point, &Floats, &exprs, &mut read);
        let indices = || read.keys().flat_map(|(_, indices)| indices).copied();
        let (first, last) = (indices().min().unwrap_or(0).min(0), indices().max().unwrap_or(0).max(most));
        (first - 1, beyond::reaching_ranges(self.bench, point, &props, last + 1))
    }

    /// Decides the claim at a point. Where fractions cannot tell and some points have held already, floats look first;
    /// `None` where they see nothing that speaks against it.
    fn judge(&self, question: &Question<'_>, point: &mut Assignment, held: usize) -> Option<Judgement> {
        let mut read = Givens::new();
        let exact = question.truth(point, &crate::numeric::Rationals, self.claim, &mut read);
        if exact != Truth::Unknown {
            return Some(Judgement { truth: exact, exact: true });
        }
        if held >= self.pace.careful && !question.suggests_failure(point, self.claim) {
            return None;
        }
        Some(Judgement { truth: question.enclosed(point, self.claim, &mut read), exact: false })
    }

    /// Whether the premise of an implication certainly holds: else the claim says nothing at this point.
    fn premise_holds(&self, question: &Question<'_>, point: &mut Assignment) -> bool {
        match self.claim {
            Prop::Implies(premise, _) => question.holds(point, premise, &mut Givens::new()),
            _ => true,
        }
    }

    /// Whether the assumptions that do not bear on the claim can hold as well.
    fn others_hold(&self, question: &Question<'_>, point: &Assignment, mut random: Random) -> bool {
        (1..=4).any(|value| {
            let mut point = point.clone();
            others::add_others(self.subject, &mut point, value);
            premise::establish(question, &self.subject.others, &mut point, &mut random)
        })
    }

    /// Whether all premises hold at a point and the claim fails.
    fn fails_at(&self, point: &mut Assignment) -> bool {
        let question = self.question(point);
        let mut read = Givens::new();
        question.decide(point, self.claim, &mut read).truth == Truth::False
            && self.subject.premises.iter().all(|prop| question.holds(point, prop, &mut read))
            && self.others.allow(self, point)
            && beyond::may_stand(self, point, ClaimThere::Fails)
    }
}
