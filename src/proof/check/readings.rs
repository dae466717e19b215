//! Readings: relations as signs of polynomials in unknowns whose ranges are known.
//!
//! Certificates are verified on ranges that are found here, never on those that the evidence claims. That the sides are the
//! quotient that the evidence says is verified at random points of prime fields, for each choice of signs of the unknowns
//! whose absolute values are unknowns, too.

use std::collections::HashMap;
use std::rc::Rc;

use crate::expr::{Case, Comparison, Elementary, Expr, Function, Node};
use crate::number::polynomial::{Certificate, End, Fact, Goal, Multi, Question, Range, Region};
use crate::number::{Rational, range};
use crate::proof::check::evidence::{Factor, Given, Item, Opening, Reading, Relation, Sign};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::points::Points;
use crate::proof::check::replay::{Objection, Replay, relation_of};
use crate::proof::check::residues::{Missing, Opened, Point};

/// More absolute values than this are not told apart.
const MOST_MAGNITUDES: usize = 5;

/// A reading while it is verified.
struct Ground<'h> {
    hypotheses: &'h Hypotheses<'h>,
    region: Region,
    opened: HashMap<Expr, Opened>,
    /// What could not be replayed, although something may rest on it.
    doubt: Option<&'static str>,
    /// Where the evidence says that the unknowns lie.
    claimed: &'h [Range],
}

/// A quotient that two sides must differ by, or the square that an absolute value must have.
enum Identity<'e> {
    Difference(Relation, &'e Multi, &'e [Factor]),
    Square(Expr, Vec<(Multi, i64)>),
}

impl Replay<'_> {
    /// Whether the difference of the sides has the sign that its reading certifies.
    pub(super) fn polynomial(
        &mut self,
        relation: Relation,
        reading: &Reading,
        hypotheses: &Hypotheses<'_>,
    ) -> Result<(), Objection> {
        let goal = match relation.how {
            Comparison::Less => Goal::Positive,
            Comparison::LessEqual => Goal::NonNegative,
            Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => {
                return Err(Objection::Wrong("a polynomial has a sign"));
            }
        };
        let ranges = reading.unknowns.iter().map(|&unknown| extent(self.arena, hypotheses, unknown)).collect();
        let region = Region { ranges, facts: Vec::new() };
        let mut ground = Ground { hypotheses, region, opened: HashMap::new(), doubt: None, claimed: &reading.ranges };
        self.magnitudes(reading)?;
        let mut identities = vec![Identity::Difference(relation, &reading.numerator, &reading.denominator)];
        for item in &reading.items {
            match item {
                Item::Opening(opening) => identities.extend(self.opening(opening, &mut ground)?),
                Item::Given(given) => identities.extend(self.given(given, reading, &mut ground)?),
            }
        }
        let poly = self.sign_of_quotient(relation, reading, &ground);
        let verdict = poly.and_then(|poly| ground.verify(&reading.certificate, poly, goal));
        verdict.and_then(|()| self.identities(&identities, reading, &ground))
    }

    /// The numerator with the sign of the quotient: times a factor below the line of which the sign is open, where that is
    /// an unknown by which a side divides, so that it is not 0.
    fn sign_of_quotient(
        &mut self,
        relation: Relation,
        reading: &Reading,
        ground: &Ground<'_>,
    ) -> Result<Multi, Objection> {
        let mut poly = reading.numerator.clone();
        for factor in &reading.denominator {
            let is_odd = factor.exponent % 2 == 1;
            match &factor.sign {
                Sign::Positive(certificate) => ground.verify(certificate, factor.poly.clone(), Goal::Positive)?,
                Sign::Negative(certificate) => {
                    ground.verify(certificate, factor.poly.negated(), Goal::Positive)?;
                    poly = if is_odd { poly.negated() } else { poly };
                }
                Sign::Open => {
                    let own = (0..reading.unknowns.len()).find(|&own| factor.poly == Multi::unknown(own));
                    let own = own.map(|own| reading.unknowns[own]);
                    let own = own.map(|own| inside_absolute(self.arena.node(own)).unwrap_or(own));
                    let sides = [relation.left, relation.right];
                    let divides = own.is_some_and(|own| self.is_divisor(own, &sides, ground.hypotheses));
                    if !divides {
                        return Err(Objection::Unreplayed("a divisor of both signs"));
                    }
                    poly = if is_odd { poly.times(&factor.poly) } else { poly };
                }
            }
        }
        Ok(poly)
    }

    /// Whether what is called an absolute value is one.
    fn magnitudes(&self, reading: &Reading) -> Result<(), Objection> {
        let unknown = |at: usize| reading.unknowns.get(at).copied();
        let is_magnitude = |&(of, at): &(usize, usize)| {
            unknown(of).zip(unknown(at)).is_some_and(|(of, at)| inside_absolute(self.arena.node(at)) == Some(of))
        };
        if reading.magnitudes.len() > MOST_MAGNITUDES {
            return Err(Objection::Unreplayed("many absolute values"));
        }
        reading
            .magnitudes
            .iter()
            .all(is_magnitude)
            .then_some(())
            .ok_or(Objection::Wrong("an absolute value is of another"))
    }

    fn opening<'e>(
        &mut self,
        opening: &'e Opening,
        ground: &mut Ground<'_>,
    ) -> Result<Option<Identity<'e>>, Objection> {
        match opening {
            Opening::Choice { part, because } => {
                let mut relations = Vec::new();
                for evidence in because {
                    match self.verify(evidence, ground.hypotheses) {
                        Ok(()) => relations.push(relation_of(&evidence.conclusion)?),
                        Err(Objection::Unreplayed(name)) => {
                            ground.opened.insert(*part, Opened::Unreplayed(name));
                            return Ok(None);
                        }
                        Err(objection) => return Err(objection),
                    }
                }
                let chosen =
                    self.chosen(*part, &relations).ok_or(Objection::Wrong("the branch is not the one chosen"))?;
                ground.opened.insert(*part, Opened::Expr(chosen));
                Ok(None)
            }
            Opening::Magnitude { part, factors } => {
                for (poly, _, certificate) in factors {
                    match ground.verify(certificate, poly.clone(), Goal::NonNegative) {
                        Err(Objection::Unreplayed(name)) => {
                            ground.opened.insert(*part, Opened::Unreplayed(name));
                            return Ok(None);
                        }
                        checked => checked?,
                    }
                }
                let product: Vec<_> = factors.iter().map(|(poly, exponent, _)| (poly.clone(), *exponent)).collect();
                let inside = inside_absolute(self.arena.node(*part)).ok_or(Objection::Wrong("no absolute value"))?;
                ground.opened.insert(*part, Opened::Product(product.clone()));
                Ok(Some(Identity::Square(inside, product)))
            }
            Opening::Form(part, form) => {
                let opened = match self.equal(*part, *form, ground.hypotheses) {
                    Ok(()) => Opened::Expr(*form),
                    Err(_) => Opened::Unreplayed("the form of a sum or product"),
                };
                ground.opened.insert(*part, opened);
                Ok(None)
            }
        }
    }

    /// What an expression with corners is where some relations hold.
    pub(super) fn chosen(&mut self, part: Expr, because: &[Relation]) -> Option<Expr> {
        let holds = |how: Comparison, left: Expr, right: Expr| {
            let is_given = |how, left, right| because.contains(&Relation::new(how, left, right));
            is_given(how, left, right)
                || how != Comparison::Equal && is_given(Comparison::Less, left, right)
                || how == Comparison::NotEqual && is_given(Comparison::Less, right, left)
        };
        match self.arena.node(part).clone() {
            Node::Cases(branches) => {
                for branch in branches.iter() {
                    let Some((how, left, right)) = branch.condition else { return Some(branch.value) };
                    let contrary = Relation::new(how, left, right).contrary()?;
                    if holds(how, left, right) {
                        return Some(branch.value);
                    }
                    if !because.contains(&contrary) {
                        return None;
                    }
                }
                None
            }
            Node::Call { .. } => {
                let cases = self.arena.cases_of(part)?;
                cases
                    .into_iter()
                    .find(|Case { holds: (how, left, right), .. }| holds(*how, *left, *right))
                    .map(|case| case.value)
            }
            _ => None,
        }
    }

    fn given<'e>(
        &mut self,
        given: &'e Given,
        reading: &Reading,
        ground: &mut Ground<'_>,
    ) -> Result<Option<Identity<'e>>, Objection> {
        let doubt = match &given.because {
            None if ground.hypotheses.hold(given.relation) || self.is_worked_out(given.relation, ground.hypotheses) => {
                None
            }
            None => Some("a given that is worked out"),
            Some(evidence) if evidence.conclusion != given.relation.prop() => {
                return Err(Objection::Wrong("another relation is proved than is used"));
            }
            Some(evidence) => match self.verify(evidence, ground.hypotheses) {
                Ok(()) => None,
                Err(Objection::Unreplayed(name)) => Some(name),
                Err(objection) => return Err(objection),
            },
        };
        let doubt = match (doubt, ground.positive(&given.denominator)) {
            (None, Err(Objection::Unreplayed(name))) => Some(name),
            (None, Err(objection)) => return Err(objection),
            (doubt, _) => doubt,
        };
        ground.doubt = ground.doubt.or(doubt);
        ground.learn(given, reading, doubt.is_some());
        let identity = Identity::Difference(given.relation, &given.numerator, &given.denominator);
        Ok(doubt.is_none().then_some(identity))
    }

    /// Whether all identities hold, with sums and absolute values as they are or taken apart.
    fn identities(
        &mut self,
        identities: &[Identity<'_>],
        reading: &Reading,
        ground: &Ground<'_>,
    ) -> Result<(), Objection> {
        match self.identities_at_points(identities, reading, ground, false) {
            Err(Objection::Unreplayed(_)) => self.identities_at_points(identities, reading, ground, true),
            checked => checked,
        }
    }

    /// The same, at so many points that the chance of error is small enough.
    fn identities_at_points(
        &mut self,
        identities: &[Identity<'_>],
        reading: &Reading,
        ground: &Ground<'_>,
        is_apart: bool,
    ) -> Result<(), Objection> {
        for pattern in 0..1usize << reading.magnitudes.len() {
            let sign = |place: usize| if pattern >> place & 1 == 0 { 1 } else { -1 };
            let signs: Vec<(Expr, i64)> = reading
                .magnitudes
                .iter()
                .enumerate()
                .map(|(place, &(_, at))| (reading.unknowns[at], sign(place)))
                .collect();
            let mut points = Points::new(ground.hypotheses.seed ^ pattern as u64);
            while points.are_few()? {
                let point = points.draw(self.arena, ground.hypotheses, &ground.opened, &signs);
                let mut point = Point { is_apart, ..point };
                match point.read(&reading.unknowns).and_then(|()| agree(&mut point, identities)) {
                    Ok(Some(chance)) => points.agree(chance, point.exponents),
                    Ok(None) => return Err(Objection::Wrong("two expressions differ")),
                    Err(Missing::Undefined) => {}
                    Err(Missing::Unreplayed(name)) => return Err(Objection::Unreplayed(name)),
                }
            }
        }
        Ok(())
    }
}

/// The largest chance that one of the identities holds by accident at a point; nothing where one fails.
fn agree(point: &mut Point<'_>, identities: &[Identity<'_>]) -> Result<Option<f64>, Missing> {
    let mut chance: f64 = 0.0;
    for identity in identities {
        let (left, right) = match identity {
            Identity::Difference(relation, numerator, denominator) => {
                let (low, high) = (point.value(relation.left)?, point.value(relation.right)?);
                let mut factors = vec![((*numerator).clone(), 1)];
                factors.extend(denominator.iter().map(|factor| (factor.poly.clone(), -i64::from(factor.exponent))));
                (point.minus(high, low), point.product_of_powers(&factors)?)
            }
            Identity::Square(inside, factors) => {
                let (inside, outside) = (point.value(*inside)?, point.product_of_powers(factors)?);
                (point.squared(inside), point.squared(outside))
            }
        };
        if left.residue != right.residue {
            let by_laws = Missing::Unreplayed("an identity by laws of its leaves");
            return if point.has_laws { Err(by_laws) } else { Ok(None) };
        }
        chance = chance.max(point.chance(left, right));
    }
    Ok(Some(chance.min(1.0)))
}

impl Ground<'_> {
    fn verify(&self, certificate: &Certificate, poly: Multi, goal: Goal) -> Result<(), Objection> {
        let question = Question { poly, goal, region: Rc::new(self.region.clone()) };
        if certificate.verifies(&question) {
            return Ok(());
        }
        let is_narrower =
            self.region.ranges.iter().zip(self.claimed).any(|(own, claimed)| range::meet(own, claimed) != *own);
        let doubt = self.doubt.or(is_narrower.then_some("the range of an unknown"));
        Err(doubt.map_or(Objection::Wrong("a certificate does not hold"), Objection::Unreplayed))
    }

    /// Whether the sign of a quotient is that of its numerator: the factors are above 0.
    fn positive(&self, denominator: &[Factor]) -> Result<(), Objection> {
        for factor in denominator {
            match &factor.sign {
                Sign::Positive(certificate) => self.verify(certificate, factor.poly.clone(), Goal::Positive)?,
                Sign::Negative(_) | Sign::Open => return Err(Objection::Unreplayed("a divisor of both signs")),
            }
        }
        Ok(())
    }

    /// Adds what a given says: as the bound of an unknown where it is one.
    fn learn(&mut self, given: &Given, reading: &Reading, doubted: bool) {
        let poly = given.numerator.clone();
        match given.relation.how {
            Comparison::Less => self.learn_sign(poly, Goal::Positive, reading, doubted),
            Comparison::LessEqual => self.learn_sign(poly, Goal::NonNegative, reading, doubted),
            Comparison::Equal => {
                self.learn_sign(poly.clone(), Goal::NonNegative, reading, doubted);
                self.learn_sign(poly.negated(), Goal::NonNegative, reading, doubted);
            }
            Comparison::NotEqual | Comparison::Approximately => {}
        }
    }

    fn learn_sign(&mut self, poly: Multi, goal: Goal, reading: &Reading, doubted: bool) {
        let bound = match poly.unknowns()[..] {
            [unknown] if poly.degree_in(unknown) == 1 => Some(unknown),
            _ => None,
        };
        let Some(unknown) = bound else {
            self.region.facts.push(Fact { poly, goal, doubted });
            return;
        };
        if doubted || unknown >= self.region.ranges.len() {
            return;
        }
        let ranges = &mut self.region.ranges;
        ranges[unknown] = range::meet(&ranges[unknown], &half_line(&poly, unknown, goal));
        for &(of, _) in reading.magnitudes.iter().filter(|(_, magnitude)| *magnitude == unknown) {
            let both = range::hull(&ranges[unknown], &range::negation(&ranges[unknown]));
            ranges[of] = range::meet(&ranges[of], &both);
        }
    }
}

/// Where `a u + b` is not negative, or positive.
fn half_line(poly: &Multi, unknown: usize, goal: Goal) -> Range {
    let constant = poly.constant_term();
    let slope = poly.plus(&Multi::constant(constant.clone()), &Rational::from(-1)).ratio_to(&Multi::unknown(unknown));
    let slope = slope.unwrap_or_else(|| Rational::from(1));
    let bound = -constant / &slope;
    let end = if goal == Goal::Positive { End::Open(bound) } else { End::Closed(bound) };
    if slope > Rational::from(0) {
        Range { low: end, high: End::Unbounded }
    } else {
        Range { low: End::Unbounded, high: end }
    }
}

fn inside_absolute(node: &Node) -> Option<Expr> {
    match node {
        Node::Call { function: Function::Elementary(Elementary::Abs), slots, args } if slots.is_empty() => {
            Some(args[0])
        }
        _ => None,
    }
}
