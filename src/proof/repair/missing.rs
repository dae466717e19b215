//! What was left out: the difference of both sides, where that is one term, or their ratio, where that is a number or a
//! given.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, Expr, Node, Prop};
use crate::lower::Statement;
use crate::model::Model;
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::print::latex;
use crate::proof::Kind;
use crate::proof::context::Context;
use crate::proof::equality::positive;
use crate::proof::readings;
use crate::proof::repair::edit::{Change, Edit, Place};
use crate::proof::repair::editor::bare;
use crate::rewrite::{Form, Linear, Normalizer, Term};
use crate::syntax::ast::{Formula, Kind as Written};

/// How long the text of a term may be, in bytes.
const LONGEST: usize = 300;

/// How large a number that was left out may be, and the inverse of one.
const LARGEST: i64 = 4;

/// How many givens may be left out of one product.
const MAX_GIVENS: usize = 2;

/// The edits that add what is missing on the right of an equation, in each of its readings.
pub(super) fn parts(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    statement: &Statement,
    formula: &Formula,
) -> Vec<Edit> {
    let Written::Chain { rest, .. } = &bare(&formula.body).kind else { return Vec::new() };
    let [(_, right)] = &rest[..] else { return Vec::new() };
    let mut edits = Vec::new();
    for read in readings::readings(arena, model, structure, std::slice::from_ref(&statement.prop)) {
        let [Prop::Compare(Comparison::Equal, a, b)] = read.props[..] else { continue };
        let conditions = readings::conditions(arena, model, statement);
        let context = Context::new(arena, model, structure, &conditions, &[a, b]);
        let Some(forms) = forms(arena, model, structure, &context, (a, b)) else { continue };
        for (text, n_givens) in ratios(arena, &forms) {
            let before = |text: String| Change::insertion(right.span.start, text);
            let changes = match bare(right).kind {
                Written::Sum(_) => {
                    vec![before(format!(r"{text} \left( ")), Change::insertion(right.span.end, r" \right)")]
                }
                _ => vec![before(format!("{text} "))],
            };
            edits.push(Edit {
                kind: Kind::MissingFactor,
                size: 2 + n_givens,
                place: Place::Right,
                distance: 4,
                changes,
                theme: String::new(),
                weaker: None,
            });
        }
        let Some(text) = left_over(arena, &context, forms) else { continue };
        let text = if text.starts_with('-') { format!(" {text}") } else { format!(" + {text}") };
        edits.push(Edit {
            kind: Kind::MissingTerm,
            size: 3 + text.matches(|c: char| c.is_ascii_alphanumeric()).count() / 4,
            place: Place::Right,
            distance: 0,
            changes: vec![Change::insertion(right.span.end, text)],
            theme: String::new(),
            weaker: None,
        });
    }
    edits
}

/// The forms of both sides and of their difference.
fn forms(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    (left, right): (Expr, Expr),
) -> Option<[Form; 3]> {
    if !arena.shape(left).is_scalar() {
        return None;
    }
    let left = Resolver::new(arena, model, structure).resolve(left)?;
    let right = Resolver::new(arena, model, structure).resolve(right)?;
    let difference = arena.subtract(left, right);
    let mut normalizer = Normalizer::new(arena);
    normalizer.positive = positive(normalizer.arena, context);
    match [left, right, difference].map(|side| normalizer.form(side, &context.domain)) {
        [Ok(left), Ok(right), Ok(difference)] => Some([left, right, difference]),
        _ => None,
    }
}

/// The one term by which the left side has more than the right.
fn left_over(arena: &mut Arena, context: &Context, [left, right, difference]: [Form; 3]) -> Option<String> {
    let (n_left, n_right) = (left.terms.len(), right.terms.len());
    if difference.terms.len() != 1 || n_right == 0 || n_left != n_right + 1 {
        return None;
    }
    let mut normalizer = Normalizer::new(arena);
    normalizer.positive = positive(normalizer.arena, context);
    let term = normalizer.expression_within(&difference, &context.domain)?;
    let text = latex(arena, term);
    // Letters of the engine's own are none of the author's.
    (text.len() <= LONGEST && !text.contains('\u{a7}')).then_some(text)
}

/// By what a term of the left may differ from one of the right: a small number, givens or sizes or their inverses, and
/// how many of them. That the others differ by the same is left to the proof.
fn ratios(arena: &mut Arena, [left, right, _]: &[Form; 3]) -> Vec<(String, usize)> {
    let Some(first) = left.terms.first() else { return Vec::new() };
    if left.terms.len() != right.terms.len() {
        return Vec::new();
    }
    let mut found: Vec<(String, usize)> = Vec::new();
    for other in &right.terms {
        let Some((ratio, n_givens)) = ratio(arena, first, other) else { continue };
        let text = latex(arena, ratio);
        if found.iter().all(|(known, _)| *known != text) {
            found.push((text, n_givens));
        }
    }
    found
}

fn ratio(arena: &mut Arena, term: &Term, other: &Term) -> Option<(Expr, usize)> {
    let number = &term.coefficient / &other.coefficient;
    let is_whole = |number: &Rational| to_i64(number).is_some_and(|number| (1..=LARGEST).contains(&number));
    if !is_whole(&number) && !is_whole(&(Rational::ONE / &number)) {
        return None;
    }
    let mut quotient = term.clone();
    for (&atom, exponent) in &other.factors {
        quotient.times(atom, &Linear::default().minus(exponent));
    }
    let n_givens = quotient.factors.len();
    // Who wrote a number before it meant that number.
    if n_givens > 0 && number != Rational::ONE && other.coefficient != Rational::ONE {
        return None;
    }
    let mut factors = vec![arena.number(number)];
    for (&atom, exponent) in &quotient.factors {
        let is_given = matches!(arena.node(atom), Node::Symbol { indices, .. } if indices.is_empty());
        let exponent = exponent.as_integer().filter(|power| is_given && matches!(power, 1 | -1))?;
        let exponent = arena.integer(exponent);
        factors.push(arena.power(atom, exponent));
    }
    let ratio = arena.product(factors);
    let is_own = latex(arena, ratio).contains('\u{a7}');
    (n_givens <= MAX_GIVENS && !is_own && arena.as_number(ratio) != Some(&Rational::ONE)).then_some((ratio, n_givens))
}
