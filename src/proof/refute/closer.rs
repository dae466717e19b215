//! The closer look at a claim that held at every sample and is not proved, before it is called checked.
//!
//! Its points have nothing special about them: fractions that are neither 0 nor 1 with every pattern of signs, sizes that
//! differ, letters that lie apart, what turns a corner on either side of it, each branch of an equation. Then come integers
//! and numbers beside and past those that stand in the claim and in what it leads to.

use std::collections::BTreeSet;

use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId};
use crate::model::Model;
use crate::number::Random;
use crate::number::rational::abs;
use crate::numeric::{Assignment, Floats, Givens, Tensor, Witness};
use crate::proof::refute::bench::Bench;
use crate::proof::refute::corners::{Side, Switch};
use crate::proof::refute::landmarks::Landmarks;
use crate::proof::refute::others::Others;
use crate::proof::refute::partial::Beyond;
use crate::proof::refute::samples::Samples;
use crate::proof::refute::show::{self, Found};
use crate::proof::refute::starts::Starts;
use crate::proof::refute::truth::{Judgement, Truth};
use crate::proof::refute::tuples::{self, Tuple};
use crate::proof::refute::{Hunt, Pace, Search, Sought, USUAL, beyond, corners, limits, partial, premise, reals};
use crate::proof::subject::Subject;

/// The precision at which a claim about numbers alone is looked at: it has one point, and `\tanh 50` is close to 1.
const CONSTANT_BITS: u32 = 2048;

/// At how many plain points a claim must hold before it is called checked.
const CLOSE: usize = 3;

/// How often each side of each corner has its turn: every pattern of the signs that are [`SIGNED`].
const ROUNDS: usize = 1 << SIGNED;

/// How many rounds there are where the claim has integers.
const MANY_ROUNDS: usize = 3 * ROUNDS;

/// How many numbers have all patterns of signs together.
const SIGNED: usize = 4;

/// How often a side of a corner is sought in vain.
const MAX_VAIN: usize = 6;

/// How many points are tried at each far tuple.
const FAR_ROUNDS: usize = 3;

/// At how many points a claim is looked at finely.
const FINE: usize = 3;

/// The precision at which it is.
const FINE_BITS: u32 = 512;

/// How many points have landmarks of several numbers mixed.
const MIXED: usize = 32;

/// The search, with the points at which the claim was looked at more closely.
///
/// Where fewer than [`CLOSE`] of those without anything special could be decided, it stays blind; those at which a
/// function of which an assumption says something for all arguments is affine are not counted.
pub(in crate::proof) fn look_closer(arena: &mut Arena, sought: Sought<'_>, search: Search) -> Search {
    let Sought { model, structure, claim, conditions, tolerance, effort } = sought;
    if limits::speaks_of_limits(arena, claim) {
        return search;
    }
    let subject = Subject::new(arena, model, structure, claim, conditions);
    let mut sides = corners::sides(arena, model, claim, conditions);
    sides.extend(corners::branches(arena, &subject.premises));
    let switches = corners::switches(arena, model, claim).into_iter().map(|sides| (sides, [false; 2])).collect();
    let starts = Starts::new(arena, model, structure);
    let samples = Samples::new(arena, model, &subject, claim, effort.seed);
    let bench = Bench::new(arena, model, &starts, effort.steps);
    let others = Others::new(&subject);
    let hunt = Hunt {
        subject: &subject,
        samples: &samples,
        claim,
        bench: &bench,
        tolerance,
        limits: None,
        leanings: &[],
        others: &others,
        passed: 0,
        pace: Pace { bits: if subject.reads.is_empty() { CONSTANT_BITS } else { USUAL.bits }, ..USUAL },
    };
    let random = Random::new(effort.seed ^ 0xc105e);
    let bound = reals::bound_everywhere(arena, model, &subject.premises);
    let mut look = Look {
        hunt: &hunt,
        bound,
        random,
        most: effort.steps,
        switches,
        n_held: 0,
        n_plain: 0,
        n_affine: 0,
        exact: true,
    };
    let landmarks = Landmarks::of(arena, model, &subject, claim, conditions);
    let found = look.near(&sides).or_else(|| look.far(&landmarks)).or_else(|| look.past(&landmarks));
    let found = found.or_else(|| look.finely());
    let bent = partial::bound_in_part(arena, model, &subject.premises, claim).and_then(|bound| bound.beyond(&hunt));
    let only_alike = found.is_none() && matches!(bent, Some(Beyond::Unknown));
    let found = found.or_else(|| match bent {
        Some(Beyond::Fails(point)) => Some(look.shrunk(point)),
        Some(Beyond::Unknown) | None => None,
    });
    let Look { n_held, n_plain, n_affine, exact, switches, .. } = look;
    let is_supposed = found.is_some();
    let Some(found) = found.and_then(|found| beyond::known(arena, model, &subject, found)) else {
        let blind = search.blind
            || only_alike
            || others.is_in_the_way.get()
            || is_supposed
            || n_plain < CLOSE
            || subject.premises.iter().any(|premise| is_law_of_states(arena, model, premise));
        let only_affine = n_plain < CLOSE && n_affine > 0;
        let unseen = switches.into_iter().filter_map(unseen_side).collect();
        return Search {
            blind,
            only_affine,
            only_alike,
            unseen,
            held: search.held + n_held,
            exact: search.exact && exact,
            ..search
        };
    };
    let points = found.points.clone();
    let counterexample = Some(show::counterexample(arena, model, &subject, found));
    Search { counterexample, points, ..search }
}

/// The side of a switch on which no point lies, where some lie on the other one.
fn unseen_side(([one, other], seen): (Switch, [bool; 2])) -> Option<Side> {
    match seen {
        [true, false] => Some(other),
        [false, true] => Some(one),
        [true, true] | [false, false] => None,
    }
}

/// Whether a premise equates members of a defined family for all values of an index. It may hold in several ways, each on
/// a part of the space alone, `w x_t = 0` where all x vanish or w does, and points of one part speak for that part.
fn is_law_of_states(arena: &Arena, model: &Model, premise: &Prop) -> bool {
    let Prop::ForAll(_, inner) = premise else { return false };
    let said = match &**inner {
        Prop::Implies(_, said) => said,
        said => said,
    };
    let is_state = |part: Expr| matches!(arena.node(part), Node::Symbol { symbol, indices, .. } if !indices.is_empty() && model.is_defined(*symbol));
    said.comparisons()
        .into_iter()
        .flatten()
        .any(|(how, left, right)| how == Comparison::Equal && arena.reachable(&[left, right]).into_iter().any(is_state))
}

/// A closer look, with what came of it.
struct Look<'a> {
    hunt: &'a Hunt<'a>,
    /// The functions of which assumptions say something for all arguments.
    bound: BTreeSet<SymbolId>,
    random: Random,
    /// How many steps may be taken.
    most: u64,
    /// The switches of the claim, and on which of their sides some point lies at which it held, or was not defined.
    switches: Vec<(Switch, [bool; 2])>,
    n_held: usize,
    /// At how many points without anything special, their integers included.
    n_plain: usize,
    /// At how many of them a function that assumptions bind is affine, so that they are not counted.
    n_affine: usize,
    exact: bool,
}

impl Look<'_> {
    /// A plain point at which the claim fails: on each side of each corner, with every pattern of signs.
    fn near(&mut self, sides: &[Prop]) -> Option<Found> {
        let Hunt { subject, samples, bench, .. } = *self.hunt;
        let roomy = tuples::roomy(bench.arena, bench.model, subject, &samples.small, &mut self.random);
        let mut small: Vec<&Tuple> = samples.small.iter().collect();
        self.random.shuffle(&mut small);
        let n_rounds = if subject.integers.is_empty() { ROUNDS } else { MANY_ROUNDS };
        let mut sides: Vec<(&[Prop], usize)> =
            std::iter::once(&[][..]).chain(sides.chunks(1)).map(|side| (side, 0)).collect();
        let mut turn = 0;
        for round in 0..n_rounds {
            for (side, n_vain) in &mut sides {
                if *n_vain >= MAX_VAIN && !side.is_empty() {
                    continue;
                }
                let enough = if self.n_plain < CLOSE { self.most } else { self.most / 2 };
                if bench.spent.get() > enough {
                    return None;
                }
                turn += 1;
                let is_roomy = turn % 2 == 1;
                let tuple = if is_roomy { roomy.get(turn / 2 % roomy.len().max(1)) } else { nth(&small, turn / 2) };
                let Some(tuple) = tuple else { continue };
                let mut point = samples.plain_point(subject, tuple, turn);
                self.give_signs(&mut point, round);
                match self.judged(&mut point, side) {
                    Some(judgement) if judgement.truth == Truth::False => return Some(self.shrunk(point)),
                    Some(judgement) => self.count(judgement, &mut point, is_roomy),
                    None => *n_vain += 1,
                }
            }
        }
        None
    }

    /// A point with large integers at which the claim fails.
    fn far(&mut self, landmarks: &Landmarks) -> Option<Found> {
        let Hunt { subject, samples, bench, .. } = *self.hunt;
        let Landmarks { integers, most_size, .. } = landmarks;
        let mut tuples = tuples::wide(bench.arena, bench.model, subject, &mut self.random);
        tuples.extend(tuples::far(bench.arena, bench.model, subject, integers, *most_size));
        for tuple in tuples {
            for round in 0..FAR_ROUNDS {
                if bench.spent.get() > self.most {
                    return None;
                }
                let mut point = samples.far_point(subject, &tuple, round);
                match self.judged(&mut point, &[]) {
                    Some(judgement) if judgement.truth == Truth::False => return Some(self.shrunk(point)),
                    Some(judgement) => self.count(judgement, &mut point, false),
                    None => {}
                }
            }
        }
        None
    }

    /// A point at which the claim fails because numbers in it are passed: by all that is given, or by some of it.
    fn past(&mut self, landmarks: &Landmarks) -> Option<Found> {
        let Hunt { subject, samples, bench, .. } = *self.hunt;
        let mut small: Vec<&Tuple> = samples.small.iter().take(MIXED).collect();
        self.random.shuffle(&mut small);
        for turn in 0..landmarks.reals.len() + MIXED {
            let tuple = nth(&small, turn).filter(|_| bench.spent.get() <= self.most)?;
            let mut point = samples.plain_point(subject, tuple, turn);
            let mut read = self.read_at(&mut point);
            for entry in read.values_mut().flat_map(Tensor::entries_mut) {
                let landmark = landmarks.reals.get(turn).or_else(|| self.random.choose(&landmarks.reals));
                entry.clone_from(landmark?);
            }
            point.values.extend(read);
            match self.judged(&mut point, &[]) {
                Some(judgement) if judgement.truth == Truth::False => return Some(self.shrunk(point)),
                Some(judgement) => self.count(judgement, &mut point, false),
                None => {}
            }
        }
        None
    }

    /// A plain point at which the sides differ by less than the usual enclosures can tell: the first term of a long sum of
    /// products has all but vanished there.
    fn finely(&mut self) -> Option<Found> {
        if self.exact || self.hunt.pace.bits >= FINE_BITS {
            return None;
        }
        let fine = Hunt { pace: Pace { bits: FINE_BITS, ..self.hunt.pace }, ..*self.hunt };
        let Hunt { subject, samples, bench, .. } = fine;
        let roomy = tuples::roomy(bench.arena, bench.model, subject, &samples.small, &mut self.random);
        let mut look = Look {
            hunt: &fine,
            bound: BTreeSet::new(),
            random: Random::new(self.random.next_u64()),
            n_plain: 0,
            switches: Vec::new(),
            ..*self
        };
        roomy.iter().cycle().take(FINE).enumerate().find_map(|(turn, tuple)| {
            let mut point = samples.plain_point(subject, tuple, turn);
            let judgement = look.judged(&mut point, &[])?;
            (judgement.truth == Truth::False).then(|| look.shrunk(point))
        })
    }

    /// The givens that the claim reads at a point.
    fn read_at(&self, point: &mut Assignment) -> Givens {
        let mut read = Givens::new();
        self.hunt.question(point).truth(point, &Floats, self.hunt.claim, &mut read);
        read
    }

    /// What becomes of the claim at a point at which the premises are made to hold, and a side of a corner with them;
    /// `None` where that does not succeed, or the claim cannot be decided.
    fn judged(&mut self, point: &mut Assignment, side: &[Prop]) -> Option<Judgement> {
        let question = self.hunt.question(point);
        let premises = [&self.hunt.subject.premises, side].concat();
        if !premise::establish(&question, &premises, point, &mut self.random) {
            return None;
        }
        let judgement = self.hunt.judge(&question, point, self.n_plain)?;
        match judgement.truth {
            Truth::True | Truth::Agrees => Some(judgement),
            Truth::False if self.hunt.others.allow(self.hunt, point) => Some(judgement),
            // Where the claim says nothing, nothing is missed.
            Truth::Undefined => {
                self.note_switches(point);
                None
            }
            Truth::False | Truth::Unknown | Truth::Vacuous => None,
        }
    }

    fn count(&mut self, judgement: Judgement, point: &mut Assignment, is_plain: bool) {
        self.note_switches(point);
        let is_affine = |symbol| point.functions.get(symbol).is_some_and(Witness::is_affine);
        let is_affine = self.bound.iter().any(is_affine);
        self.n_held += 1;
        self.n_plain += usize::from(is_plain && !is_affine);
        self.n_affine += usize::from(is_plain && is_affine);
        self.exact &= judgement.exact;
    }

    /// Notes on which side of each switch a point lies.
    fn note_switches(&mut self, point: &mut Assignment) {
        let question = self.hunt.question(point);
        for (sides, seen) in &mut self.switches {
            for (side, is_seen) in sides.iter().zip(seen) {
                *is_seen = *is_seen || question.holds(point, &side.holds, &mut Givens::new());
            }
        }
    }

    fn shrunk(&mut self, point: Assignment) -> Found {
        self.hunt.shrunk(point, &mut self.random)
    }

    /// Gives the numbers that are read there their signs: the first by a pattern, numbers on their own before the
    /// entries of tensors, the others as they were drawn.
    fn give_signs(&self, point: &mut Assignment, pattern: usize) {
        let mut read: Vec<_> = self.read_at(point).into_iter().collect();
        read.sort_by_key(|(key, value)| (value.entries().len(), key.clone()));
        let mut place = 0;
        for (key, mut value) in read {
            for entry in value.entries_mut().iter_mut().take(SIGNED.saturating_sub(place)) {
                let size = abs(entry);
                *entry = if pattern >> place & 1 == 1 { -size } else { size };
                place += 1;
            }
            point.values.insert(key, value);
        }
    }
}

fn nth<'a>(tuples: &[&'a Tuple], number: usize) -> Option<&'a Tuple> {
    tuples.get(number % tuples.len().max(1)).copied()
}
