//! What proofs of equalities work with: the ground of one claim, and the forms that were found on it.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Big, Comparison, Expr, Node, Prop, Shape, SymbolId, Tensor};
use crate::model::Model;
use crate::number::Rational;
use crate::number::rational::fraction;
use crate::proof::context::Context;
use crate::proof::equality::entries::sides_by_entry;
use crate::proof::equality::identity::range_written_out;
use crate::proof::equality::{Ground, Line};
use crate::proof::equations::Branch;
use crate::rewrite::entries::entry;
use crate::rewrite::relation::{self, Named};
use crate::rewrite::{Domain, Form, KnownSum, Law, Linear, Normalizer, Positive, Term};

/// Sums in laws with no more terms than this are written out.
const FEW: i64 = 12;

/// How many divisors a form is multiplied by.
pub(super) const MAX_DIVISORS: usize = 6;

/// The ground of one claim. Every form that was found on it is kept, so that a part that stands in two questions is
/// put into form once.
pub(super) struct Algebra<'a> {
    /// Puts into form, and holds the arena.
    pub forms: Normalizer<'a>,
    pub model: &'a Model,
    pub structure: &'a Structure,
    pub context: &'a Context,
    /// What the equations among the conditions say, on one branch of their solutions.
    pub branch: Branch,
    /// The numbers that the claim differentiates.
    pub losses: Vec<Expr>,
    /// The lines of the proof so far, for a reader.
    pub lines: Vec<Line>,
}

impl<'a> Algebra<'a> {
    pub fn new(arena: &'a mut Arena, model: &'a Model, structure: &'a Structure, context: &'a Context) -> Self {
        let (positive, known_sums) = (positive(arena, context), known_sums(arena, context));
        let laws = laws(arena, model, structure, context);
        let mut forms = Normalizer::new(arena);
        (forms.positive, forms.known_sums, forms.laws) = (positive, known_sums, laws);
        let branch = Branch::default();
        Algebra { forms, model, structure, context, branch, losses: Vec::new(), lines: Vec::new() }
    }

    /// Derivatives and functions of the model, on the same expressions.
    pub fn resolver(&mut self) -> Resolver<'_> {
        Resolver::new(self.forms.arena, self.model, self.structure)
    }

    /// Runs a search that may fail: its lines are kept only where it succeeds.
    pub fn attempt<T>(&mut self, search: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let n_lines = self.lines.len();
        let found = search(self);
        if found.is_none() {
            self.lines.truncate(n_lines);
        }
        found
    }

    /// Notes equations for a reader, each once and none that says nothing.
    pub fn note(&mut self, rule: &'static str, equations: impl IntoIterator<Item = (Expr, Expr)>) {
        for (left, right) in equations {
            let is_said = self.lines.iter().any(|line| line.left == left && line.right == right);
            if left != right && !is_said {
                self.lines.push(Line { rule, left, right });
            }
        }
    }

    /// Whether an assumption speaks of a letter: then what is claimed at one value of it is not claimed at another.
    pub fn is_assumed(&self, letter: Expr) -> bool {
        let arena = &*self.forms.arena;
        let is_own = |own: &SymbolId| matches!(arena.node(letter), Node::Symbol { symbol, .. } if symbol == own);
        self.context.facts.iter().any(|fact| match fact {
            Prop::ForAll(letters, _) if letters.iter().any(is_own) => false,
            fact => fact.expressions().iter().any(|&side| arena.contains(side, letter)),
        })
    }

    /// The form of an expression on a domain; what must not be 0 for it stands in `forms.conditions`.
    pub fn form(&mut self, expr: Expr, domain: &Domain) -> Option<Form> {
        self.forms.renew();
        self.forms.form(expr, domain).ok()
    }

    /// Whether a difference vanishes on the domain by its form alone.
    pub fn vanishes(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        if let Some(ground) = self.vanishes_by(difference, domain, &[]) {
            return Some(ground);
        }
        let names = relation::names(self.forms.arena, difference);
        if names.is_empty() {
            return None;
        }
        let named = relation::named(self.forms.arena, difference, &names);
        self.vanishes_by(named, domain, &names)
    }

    /// [`Algebra::vanishes`] by the form and the relations of sums that have names.
    pub fn vanishes_by(&mut self, difference: Expr, domain: &Domain, names: &[Named]) -> Option<Ground> {
        let form = self.form(difference, domain)?;
        let form = self.forms.reduced(form, names).ok()?;
        let mut conditions = self.forms.conditions.clone();
        if !form.terms.is_empty() {
            conditions.extend(self.cleared(form, domain, names, MAX_DIVISORS)?);
        }
        let sums = names.iter().map(|named| (named.name, named.sum)).collect();
        let conditions = self.forms.arena.substitute_all(&conditions, &sums);
        Some(Ground { conditions, ..Ground::default() })
    }

    /// Whether the form vanishes when it is multiplied by what divides it; the divisors.
    ///
    /// A divisor says that it is not 0 only where a term holds it: elsewhere the form must vanish without its help.
    fn cleared(&mut self, form: Form, domain: &Domain, names: &[Named], n_left: usize) -> Option<Vec<Expr>> {
        if form.terms.is_empty() {
            return Some(Vec::new());
        }
        let n_left = n_left.checked_sub(1)?;
        let (atom, exponent) = self.divisor(&form)?;
        let there = where_divided(&form, atom)?;
        let mut divisors = vec![atom];
        for elsewhere in domain.without(&there) {
            let rest = self.forms.reduced(restricted(&form, &elsewhere), names).ok()?;
            divisors.extend(self.cleared(rest, &elsewhere, names, n_left)?);
        }
        let there = domain.meet(&there);
        let scaled = self.forms.scaled(&restricted(&form, &there), atom, -exponent).ok()?;
        let rest = self.forms.reduced(scaled, names).ok()?;
        divisors.extend(self.cleared(rest, &there, names, n_left)?);
        Some(divisors)
    }

    /// What divides terms of a form, with its least exponent.
    pub fn divisor(&self, form: &Form) -> Option<(Expr, i64)> {
        let mut found: Option<(Expr, i64)> = None;
        for term in &form.terms {
            for (&atom, exponent) in &term.factors {
                let is_free = !term.letters.iter().any(|&letter| self.forms.arena.contains(atom, letter));
                let divides = matches!(
                    self.forms.arena.node(atom),
                    Node::Sum(_) | Node::Big { .. } | Node::Symbol { .. } | Node::Entry { .. }
                );
                let Some(n) = exponent.as_integer().filter(|n| (-11..0).contains(n)) else { continue };
                if is_free && divides && found.is_none_or(|(other, _)| other == atom) {
                    found = Some((atom, found.map_or(n, |(_, least)| least.min(n))));
                }
            }
        }
        found
    }
}

/// For which free letters some term holds a power of an atom with a negative exponent.
pub(super) fn where_divided(form: &Form, atom: Expr) -> Option<Domain> {
    let holds = |term: &&Term| term.factors.get(&atom).and_then(Linear::as_integer).is_some_and(|n| n < 0);
    let term = form.terms.iter().find(holds)?;
    Some(term.letters.iter().fold(term.domain.clone(), |domain, &letter| domain.project(letter)))
}

/// The part of a form on a piece of its domain.
fn restricted(form: &Form, piece: &Domain) -> Form {
    let on_piece = form.terms.iter().map(|term| Term { domain: term.domain.meet(piece), ..term.clone() });
    Form { terms: on_piece.filter(|term| !term.domain.is_empty()).collect() }
}

/// The equations among the facts as laws of numbers: entry by entry, and for the determinants of both sides.
fn laws(arena: &mut Arena, model: &Model, structure: &Structure, context: &Context) -> Vec<Law> {
    let mut laws = Vec::new();
    for equation in context.facts.iter().filter_map(Prop::equation).filter(|equation| equation.range.is_empty()) {
        let sides = [equation.left, equation.right].map(|side| structure.unfold(arena, model, side, &[]));
        let is_plain = |part: &Expr| !matches!(arena.node(*part), Node::Derivative { .. } | Node::At { .. });
        if !arena.reachable(&sides).iter().all(is_plain) {
            continue;
        }
        let letters = equation.letters.iter().map(|&letter| arena.symbol(letter));
        let mut letters: Vec<Expr> = letters.collect();
        if sides.iter().all(|&side| matches!(arena.shape(side), Shape::Matrix(m, n) if m == n)) {
            let [left, right] = sides.map(|side| arena.tensor(Tensor::Determinant, vec![side]));
            let (left, right) = (entry(arena, left, &[]), entry(arena, right, &[]));
            laws.push(Law { difference: arena.subtract(left, right), letters: letters.clone() });
        }
        let (left, right, ranges) = sides_by_entry(arena, sides[0], sides[1]);
        letters.extend(ranges.into_iter().map(|(letter, _)| letter));
        laws.push(Law { difference: arena.subtract(left, right), letters });
    }
    for law in &mut laws {
        law.difference = arena.rewrite(law.difference, &mut |arena, part| range_written_out(arena, part, FEW));
    }
    // Those that hold sums are read as words.
    let holds_sum = |part: &Expr| matches!(arena.node(*part), Node::Big { .. });
    laws.retain(|law| !arena.reachable(&[law.difference]).iter().any(holds_sum));
    laws
}

/// Sums that the assumptions give a value: `Σ_i y_i = 1`, with the letters for which it holds.
fn known_sums(arena: &mut Arena, context: &Context) -> Vec<KnownSum> {
    let mut known = Vec::new();
    for fact in &context.facts {
        let (letters, inner) = match fact {
            Prop::ForAll(letters, inner) => (letters.clone(), &**inner),
            other => (Vec::new(), other),
        };
        let Prop::Compare(Comparison::Equal, left, right) = *inner else { continue };
        for (sum, value) in [(left, right), (right, left)] {
            let Some(value) = arena.as_number(value).cloned() else { continue };
            let opened = entry(arena, sum, &[]);
            // `‖v‖ = c` says that the sum of squares is c².
            let (opened, value) = match *arena.node(opened) {
                Node::Power(base, exponent) if arena.as_number(exponent) == fraction(1, 2).as_ref() => {
                    (base, &value * &value)
                }
                _ => (opened, value),
            };
            let Ok(sum) = Normalizer::new(arena).canonical(opened) else { continue };
            if let Node::Big { op: Big::Sum, .. } = arena.node(sum) {
                let letters = letters.iter().map(|&letter| arena.symbol(letter)).collect();
                known.push(KnownSum { sum, letters, value });
            }
        }
    }
    known
}

/// What the conditions make positive.
pub(in crate::proof) fn positive(arena: &Arena, context: &Context) -> Positive {
    let mut positive = Positive::default();
    for fact in &context.facts {
        let (letters, inner) = match fact {
            Prop::ForAll(letters, inner) => (&letters[..], &**inner),
            fact => (&[][..], fact),
        };
        let Prop::Compare(Comparison::Less, low, high) = *inner else { continue };
        if arena.as_number(low).is_some_and(|low| *low >= Rational::from(0)) {
            match letters {
                [] => positive.atoms.push(high),
                letters => positive.members.push((letters.to_vec(), high)),
            }
        }
    }
    let one = Linear::integer(1);
    let is_positive = |&letter: &Expr| context.domain.implies_at_most_zero(&one.minus(&Linear::letter(letter)));
    positive.atoms.extend(context.domain.letters().into_iter().filter(is_positive));
    positive
}
