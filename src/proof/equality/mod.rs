//! Equalities: both sides become one sum-product form, after as many steps of the definitions as that takes.
//!
//! [`prove`] works the derivatives out, puts the solutions of equations among the conditions in, and asks in turn: the
//! form of the difference ([`algebra`]), after steps of the definitions ([`unfold`], [`grids`]); random points of prime
//! fields ([`identity`]) for what is large; states recognised by their definitions ([`fold`]), derivatives through
//! states between ([`transitions`]) and ordered products by their factors ([`products`]); words of matrices where inverses and equations between matrices matter ([`ordered`]);
//! induction over a state's index ([`induction`]) or over any letter ([`steps`]); affine recurrences written out as
//! sums over their steps ([`solutions`]); states that are gradients of what the claim differentiates ([`adjoints`]); and
//! all of it once more for the squares of sides that are [`roots`]. A factor that all terms share at one end is left out
//! first ([`cancelled`]).

mod adjoints;
mod algebra;
mod cancelled;
mod elementary;
mod ends;
mod entries;
mod fold;
mod grids;
mod identity;
mod induction;
mod letters;
mod order;
mod ordered;
mod products;
mod roots;
mod signs;
mod solutions;
mod steps;
mod transitions;
mod unfold;
mod within;

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolKind};
use crate::model::Model;
use crate::proof::context::Context;
use crate::rewrite::{Domain, Linear};
use algebra::Algebra;
pub(super) use algebra::positive;
use entries::places;
pub(super) use entries::{by_entry, sides_by_entry};
pub(super) use identity::range_written_out;

/// What a proof of an equality rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Ground {
    /// Divisors that must not vanish.
    pub conditions: Vec<Expr>,
    /// Whether an induction was needed.
    pub induction: bool,
    /// The error bound, where some part was decided by the random identity test.
    pub identity: Option<String>,
    /// The lines of the proof, for a reader.
    pub lines: Vec<Line>,
}

impl Ground {
    /// What two proofs rest on together.
    fn and(mut self, other: Ground) -> Ground {
        self.conditions.extend(other.conditions);
        self.induction |= other.induction;
        self.identity = self.identity.or(other.identity);
        self.lines.extend(other.lines);
        self
    }
}

/// One line of a proof: an equation, and the rule that it is an instance of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// The rule.
    pub rule: &'static str,
    /// What is rewritten.
    pub left: Expr,
    /// What it becomes.
    pub right: Expr,
}

/// Proves `left = right` on the ground of `context`, or does not.
pub(super) fn prove(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    left: Expr,
    right: Expr,
) -> Option<Ground> {
    let within = structure.within(&context.domain);
    if let Some(rest) = cancelled::without_common_factor(arena, model, &within, [left, right])
        && let Some(mut ground) = prove(arena, model, structure, context, rest[0], rest[1])
    {
        ground.lines.push(Line { rule: "times a common factor", left, right });
        return Some(ground);
    }
    prove_as_written(arena, model, structure, context, left, right).or_else(|| {
        let change = letters::Change::of(arena, model, context, &[left, right])?;
        let (context, sides) = change.applied(arena, context, &[left, right]);
        prove_as_written(arena, model, structure, &context, sides[0], sides[1])
    })
}

fn prove_as_written(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    left: Expr,
    right: Expr,
) -> Option<Ground> {
    let (left, right, ranges) = sides_by_entry(arena, left, right);
    let mut domain = context.domain.clone();
    for (letter, size) in ranges {
        let (index, size) = (Linear::letter(letter), Linear::read(arena, size)?);
        domain.require_at_most_zero(&Linear::integer(1).minus(&index))?;
        domain.require_at_most_zero(&index.minus(&size))?;
    }
    prove_numbers(arena, model, structure, context, &domain, [left, right]).or_else(|| {
        let mut ground = Ground::default();
        for (place, domain) in places(arena, &domain, &[left, right])? {
            let sides = [left, right].map(|side| arena.substitute(side, &place));
            ground = ground.and(prove_numbers(arena, model, structure, context, &domain, sides)?);
        }
        Some(ground)
    })
}

/// Proves the equality of two numbers on a domain.
fn prove_numbers(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    domain: &Domain,
    [left, right]: [Expr; 2],
) -> Option<Ground> {
    let structure = &structure.within(domain);
    let sides = arena.substitute_all(&[left, right], &context.fixed);
    let left = Resolver::new(arena, model, structure).resolve(sides[0])?;
    let right = Resolver::new(arena, model, structure).resolve(sides[1])?;
    let ([left, right], nonzero) = signs::signs_as_slopes(arena, domain, [left, right]);
    if !ordered::inverses_exist(arena, model, structure, context, &sides, &[left, right]) {
        return None;
    }
    let mut differences = vec![arena.subtract(left, right)];
    differences.extend(roots::difference_of_squares(arena, left, right));
    let differences = arena.substitute_all(&differences, &context.fixed);
    // Derivatives are taken; now the equations among the conditions may be used, each branch of their solutions apart.
    let branches = crate::proof::equations::branches(arena, model, structure, context)?;
    let pieces = apart(arena, context, domain.clone());
    let mut algebra = Algebra::new(arena, model, structure, context);
    algebra.losses = adjoints::losses(algebra.forms.arena, &sides);
    algebra.note(CHAIN_RULE, [(sides[0], left), (sides[1], right)]);
    let mut ground = Ground { conditions: nonzero, ..Ground::default() };
    for branch in branches {
        algebra.branch = branch;
        for domain in &pieces {
            let found = differences.iter().find_map(|&difference| {
                let difference = algebra.branch.applied(algebra.forms.arena, domain, difference);
                let difference = algebra.ordered_by_facts(difference, domain);
                algebra.decided(difference, domain)
            })?;
            let is_news = |divisor: &Expr| !algebra.branch.nonzero.contains(divisor);
            ground.conditions.extend(found.conditions.into_iter().filter(is_news));
            ground.induction |= found.induction || algebra.branch.by_induction;
            ground.identity = ground.identity.or(found.identity);
        }
    }
    match ground.identity {
        Some(_) => algebra.note("random identity test", [(sides[0], sides[1])]),
        None => algebra.note_common_form(sides[0], left, sides[1], right),
    }
    ground.lines = algebra.lines;
    Some(ground)
}

/// The rule of the lines in which derivatives are worked out.
const CHAIN_RULE: &str = "definitions and chain rule";

/// The parts of a domain on which integers that are said to differ do: one is less than the other.
fn apart(arena: &Arena, context: &Context, domain: Domain) -> Vec<Domain> {
    let mut pieces = vec![domain];
    for fact in &context.facts {
        let Prop::Compare(Comparison::NotEqual, a, b) = fact else { continue };
        let Some((a, b)) = Linear::read(arena, *a).zip(Linear::read(arena, *b)) else { continue };
        if !is_integer(arena, &a.minus(&b)) {
            continue;
        }
        let below = |less: &Linear, more: &Linear, piece: &Domain| {
            let mut piece = piece.clone();
            piece.require_at_most_zero(&less.minus(more).plus(&Linear::integer(1), &1.into()))?;
            Some(piece)
        };
        let halves: Option<Vec<Domain>> =
            pieces.iter().flat_map(|piece| [below(&a, &b, piece), below(&b, &a, piece)]).collect();
        pieces = halves.map_or(pieces, |halves| halves.into_iter().filter(|piece| !piece.is_empty()).collect());
    }
    pieces
}

fn is_integer(arena: &Arena, form: &Linear) -> bool {
    form.constant.is_int()
        && form.parts.keys().all(|&part| {
            matches!(arena.node(part), Node::Symbol { symbol, .. } if arena.kind(*symbol) == SymbolKind::Integer)
        })
}

/// Differences with more nodes than this, or with longer ranges between numbers, are large.
const LARGE: usize = 150;

/// How many rounds of steps of the definitions are taken.
pub(super) const ROUNDS: usize = 4;

impl Algebra<'_> {
    /// The last line: what both sides become, or that they are equal where they do so only together.
    fn note_common_form(&mut self, left: Expr, left_resolved: Expr, right: Expr, right_resolved: Expr) {
        let domain = self.context.domain.clone();
        let mut form = |side| {
            let form = self.form(side, &domain).filter(|form| self.forms.has_plain_ranges(form))?;
            self.forms.expression_within(&form, &domain)
        };
        match (form(left_resolved), form(right_resolved)) {
            (Some(common), Some(other)) if common == other => {
                self.note("common form", [(left, common), (right, common)]);
            }
            _ => self.note("common form", [(left, right)]),
        }
    }

    /// Whether a difference without derivatives to take vanishes on the domain.
    fn decided(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let difference = self.products_recognised(domain, difference);
        // What is large is not multiplied out before it is known not to be needed.
        let is_large = self.is_large(difference);
        let ways: [fn(&mut Self, Expr, &Domain) -> Option<Ground>; 12] = [
            if is_large { Self::by_identity } else { Self::by_unfolding },
            if is_large { Self::by_unfolding } else { Self::by_identity },
            Self::by_folding,
            Self::by_transitions,
            Self::by_sigmoids,
            Self::by_exponentials,
            Self::by_angles,
            Self::by_words,
            Self::by_hypothesis,
            Self::by_solutions,
            Self::by_adjoints,
            Self::by_steps,
        ];
        ways.into_iter().find_map(|way| self.attempt(|algebra| way(algebra, difference, domain)))
    }

    /// Whether the form of a difference may be very much larger than the difference itself.
    fn is_large(&self, difference: Expr) -> bool {
        let arena = &*self.forms.arena;
        let nodes = arena.reachable(&[difference]);
        let is_long = |&part: &Expr| match arena.node(part) {
            Node::Big { lower, upper, .. } => arena
                .as_integer(*lower)
                .zip(arena.as_integer(*upper))
                .is_some_and(|(low, high)| high.saturating_sub(low) > 4),
            _ => false,
        };
        nodes.len() > LARGE || nodes.iter().any(is_long)
    }

    /// Whether a difference vanishes by its form, after a few steps of the definitions where it needs them.
    fn by_unfolding(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let mut difference = difference;
        for _ in 0..ROUNDS {
            if let Some(found) = self.vanishes(difference, domain) {
                return Some(found);
            }
            let next = match self.stepped(difference, domain) {
                Some(stepped) => self.structure.unfold(self.forms.arena, self.model, stepped, &[]),
                None => self.unfolded(difference, domain).or_else(|| self.unfolded_in_form(difference, domain))?,
            };
            difference = self.resolver().functions_opened(next);
        }
        None
    }

    /// The form of a difference with states unfolded that have an index of their own only there: guards made them equal.
    fn unfolded_in_form(&mut self, difference: Expr, domain: &Domain) -> Option<Expr> {
        let form = self.form(difference, domain)?;
        let written = self.forms.expression_within(&form, domain)?;
        self.unfolded(written, domain)
    }

    /// With states recognised by their definitions.
    fn by_folding(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let folded = self.folded(difference, domain)?;
        self.by_unfolding(folded, domain)
    }

    /// The difference with its propagators brought to common ends: as it stands, or as its form is written out, where
    /// indices that guards made equal are equal.
    fn stepped(&mut self, difference: Expr, domain: &Domain) -> Option<Expr> {
        let form = self.form(difference, domain)?;
        let stepped = self
            .propagators_stepped(&form, difference, domain)
            .or_else(|| self.grid_stepped(&form, difference, domain));
        if stepped.is_some() {
            return stepped;
        }
        let written = self.forms.expression_within(&form, domain)?;
        self.propagators_stepped(&form, written, domain)
            .or_else(|| self.grid_stepped(&form, written, domain))
            .or_else(|| self.products_shortened(written, domain))
    }
}
