//! Activations with the facts that a book proves of them.

use crate::derivation::Document;
use crate::derivation::Item;
use crate::derivation::Relation;
use crate::expr::Arena;
use crate::expr::Branch;
use crate::expr::Comparison;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Extremum;
use crate::expr::Function;
use crate::expr::Node;
use crate::expr::Prop;
use crate::expr::SymbolKind;
use crate::number::Rational;
use crate::print;
use crate::proof::Verdict;
use crate::render::chapter::Chapter;
use crate::render::ledger::ActivationRow;
use crate::render::ledger::ActivationsPage;
use crate::render::slopes::Extreme;
use crate::render::slopes::greatest;
use crate::render::slopes::least;

/// The activations in the order of teaching, with what each is by definition.
#[rustfmt::skip]
pub(super) const ACTIVATIONS: [(Elementary, &str, &str); 6] = [
    (Elementary::Sigmoid,  "sigmoid",            r"\sigma(z) = \frac{1}{1 + e^{-z}}"),
    (Elementary::Tanh,     "hyperbolic tangent", r"\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"),
    (Elementary::Relu,     "ReLU",               r"\operatorname{ReLU}(z) = \max(0, z)"),
    (Elementary::Softplus, "softplus",           r"\operatorname{softplus}(z) = \log(1 + e^{z})"),
    (Elementary::Silu,     "SiLU",               r"\operatorname{SiLU}(z) = \frac{z}{1 + e^{-z}}"),
    (Elementary::Gelu,     "GELU",               r"\operatorname{GELU}(z) = \frac{z}{2} \Bigl( 1 + \operatorname{erf} \frac{z}{\sqrt{2}} \Bigr)"),
];

/// What is proved of the slope of an activation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SlopeFacts {
    /// The largest lower bound, and whether it is strict.
    pub lower: Option<(Rational, bool)>,
    /// The smallest upper bound, and whether it is strict.
    pub upper: Option<(Rational, bool)>,
    /// The least upper bound.
    pub supremum: Option<Rational>,
    /// A value that is taken at one point and nowhere else: the value, the point.
    pub attained: Option<(Rational, Rational)>,
    /// Where: the chapter's path and the label.
    pub link: Option<String>,
}

/// The page of all activations, with what the chapters prove.
pub(super) fn page(chapters: &[Chapter<'_>]) -> ActivationsPage {
    let documents: Vec<(&str, &Document)> = chapters.iter().map(|chapter| (chapter.path, chapter.document)).collect();
    let row = |&(function, name, latex): &(Elementary, &str, &str)| {
        let facts = slope_facts(&documents, function);
        let bound = facts.supremum.clone().or_else(|| facts.upper.clone().map(|(bound, _)| bound));
        let threshold = match bound.filter(|bound| *bound > Rational::ZERO).map(|bound| Rational::ONE / bound) {
            Some(threshold) => plain(&threshold),
            None => format!("{:.3}\\ldots", (1000.0 / greatest(function).value).floor() / 1000.0),
        };
        ActivationRow {
            name: capitalized(name),
            latex: latex.to_owned(),
            derivative: derivative(function),
            range: range(function),
            derivative_range: facts.range(),
            attained: facts.attained.as_ref().map(|(value, at)| format!("{} at ${}$", dollars(value), plain(at))),
            remark: remark(function, facts.supremum.is_some() || facts.attained.is_some()),
            threshold: Some(format!("|w_h| < {threshold}")),
            computed: facts.attained.is_none().then(|| computed(function)).flatten(),
            link: facts.link,
        }
    };
    ActivationsPage { title: "Every activation".into(), activations: ACTIVATIONS.iter().map(row).collect() }
}

/// What a reader should know of the threshold or the slope beyond the formulas.
fn remark(function: Elementary, is_least: bool) -> Option<String> {
    let greatest = greatest(function);
    if !(function.row().slope)(0.0).is_finite() {
        return Some("at $0$ there is a corner, and no slope".to_owned());
    }
    (!is_least && greatest.is_taken()).then(|| {
        format!(
            "the threshold follows from the bound that is proved; the greatest slope itself gives about ${:.4}$",
            1.0 / greatest.value
        )
    })
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The extremes of the slope in floating point, where it takes them.
fn computed(function: Elementary) -> Option<String> {
    let (low, high) = (least(function), greatest(function));
    let said = |what: &str, extreme: Extreme| {
        format!("{what} about ${:.4}$, at $z \\approx {:.3}$", extreme.value, extreme.at)
    };
    let is_smooth = (function.row().slope)(0.0).is_finite();
    (is_smooth && low.is_taken() && high.is_taken())
        .then(|| format!("{}; {}", said("least slope", low), said("greatest slope", high)))
}

/// `f'(z) = …` as LaTeX.
pub(super) fn derivative(function: Elementary) -> String {
    let mut arena = Arena::new();
    let z = arena.intern("z", SymbolKind::Real);
    let z = arena.symbol(z);
    let mut slope = (function.row().derivative)(&mut arena, z);
    if let Node::Cases(branches) = arena.node(slope).clone()
        && let Some((Branch { condition: None, .. }, defined)) = branches.split_last()
        && (function.row().slope)(0.0).is_nan()
    {
        // At the corner the slope has no value, and nothing is said of it.
        slope = arena.cases(defined.to_vec());
    }
    format!("{}'(z) = {}", function.row().latex, print::latex(&arena, slope))
}

/// What the chapters prove of the slope of `function`, for all arguments.
pub(super) fn slope_facts(chapters: &[(&str, &Document)], function: Elementary) -> SlopeFacts {
    let mut facts = SlopeFacts::default();
    for (path, document) in chapters {
        let arena = &document.arena;
        for item in &document.items {
            let Item::Claim(block) = item else { continue };
            let proved = |relation: &&Relation| relation.outcome.verdict == Verdict::Proved;
            let statements = block.relations.iter().filter(proved).filter_map(|relation| relation.statement.as_ref());
            for statement in statements.filter(|statement| statement.conditions.is_empty()) {
                if facts.learn(arena, &statement.prop, function)
                    && facts.link.is_none()
                    && let Some(label) = &block.fence.label
                {
                    facts.link = Some(format!("{path}#{}", label.name));
                }
            }
        }
    }
    facts
}

impl SlopeFacts {
    /// The interval of the values as LaTeX, where both ends are known.
    pub fn range(&self) -> Option<String> {
        let ((lower, open), (upper, closed)) = (self.lower.as_ref()?, self.upper.as_ref()?);
        let (left, right) = (if *open { '(' } else { '[' }, if *closed { ')' } else { ']' });
        Some(format!("{left}{}, {}{right}", plain(lower), plain(upper)))
    }

    /// Takes up what a proved statement says of the slope; whether it says anything.
    fn learn(&mut self, arena: &Arena, prop: &Prop, function: Elementary) -> bool {
        match prop {
            Prop::Compare(how @ (Comparison::Less | Comparison::LessEqual), left, right) => {
                let strict = *how == Comparison::Less;
                if let (true, Some(bound)) = (is_slope(arena, *left, function), number(arena, *right)) {
                    if self.upper.as_ref().is_none_or(|(known, _)| bound < *known) {
                        self.upper = Some((bound, strict));
                    }
                    return true;
                }
                if let (Some(bound), true) = (number(arena, *left), is_slope(arena, *right, function)) {
                    if self.lower.as_ref().is_none_or(|(known, _)| bound > *known) {
                        self.lower = Some((bound, strict));
                    }
                    return true;
                }
                false
            }
            Prop::Compare(Comparison::Equal, left, right) => {
                let Node::Extremum { which: Extremum::Supremum, body, range: None, .. } = arena.node(*left) else {
                    return false;
                };
                let known = number(arena, *right).filter(|_| is_slope(arena, *body, function));
                let found = known.is_some();
                self.supremum = known.or(self.supremum.take());
                found
            }
            Prop::Iff(value, point) => {
                let (Prop::Compare(Comparison::Equal, slope, value), Prop::Compare(Comparison::Equal, _, at)) =
                    (&**value, &**point)
                else {
                    return false;
                };
                if !is_slope(arena, *slope, function) {
                    return false;
                }
                self.attained = number(arena, *value).zip(number(arena, *at)).or(self.attained.take());
                true
            }
            Prop::Compare(Comparison::NotEqual | Comparison::Approximately, ..)
            | Prop::Integer(_)
            | Prop::And(_)
            | Prop::Or(_)
            | Prop::Not(_)
            | Prop::Implies(..)
            | Prop::ForAll(..)
            | Prop::Proportional { .. } => false,
        }
    }
}

/// Whether this is the slope of the function at a letter.
fn is_slope(arena: &Arena, expr: Expr, function: Elementary) -> bool {
    let Node::Call { function: Function::Elementary(own), slots, args } = arena.node(expr) else { return false };
    let is_letter = |arg: &Expr| matches!(arena.node(*arg), Node::Symbol { .. } | Node::Bound(_));
    *own == function && slots.len() == 1 && args.iter().all(is_letter)
}

fn number(arena: &Arena, expr: Expr) -> Option<Rational> {
    match arena.node(expr) {
        Node::Number(value) => Some(value.clone()),
        _ => None,
    }
}

fn range(function: Elementary) -> Option<String> {
    let range = &function.row().range;
    let (left, lower) = match range.lower {
        Some((bound, attained)) => (if attained { '[' } else { '(' }, bound.to_string()),
        None => ('(', r"-\infty".to_owned()),
    };
    let (right, upper) = match range.upper {
        Some((bound, attained)) => (if attained { ']' } else { ')' }, bound.to_string()),
        None => (')', r"\infty".to_owned()),
    };
    (range.lower.is_some() || range.upper.is_some()).then(|| format!("{left}{lower}, {upper}{right}"))
}

fn dollars(value: &Rational) -> String {
    format!("${}$", plain(value))
}

/// A rational number as LaTeX.
pub(super) fn plain(value: &Rational) -> String {
    super::words::value_latex(&crate::number::rational::display(value))
}
