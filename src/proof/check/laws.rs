//! The table of laws: `premises ⊢ conclusion` for all values of the letters that the conditions allow.
//!
//! `<?` stands for `<` or for `<=`, the same one in a whole row. Letters k, m, n are integers, A and B matrices of
//! one shape, u and v vectors of one, all others numbers. A premise `for i: …` holds for every integer i from m to n, over which `sum` runs. A law speaks wherever both sides of its conclusion have values. Each row is tried at
//! numbers by the tests.
//!
//! Sources: Horn & Johnson (2013), 5.1 and 5.4 (norms of vectors), 5.6 (matrix norms, the spectral radius), 5.6.P23
//! (spectral and Frobenius); DLMF 4.5 (tangents of exp and log); Steele (2004), The Cauchy–Schwarz Master Class, ch. 1.

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Shape, SymbolKind};
use crate::proof::check::evidence::{Relation, Span};
use crate::proof::check::hypotheses;
use crate::proof::check::integers::Form;
use crate::proof::check::notation::{self, Notation};
use crate::proof::check::replay::{Needed, Objection, Replay, Sequent, Step, ensure};

/// One row.
#[derive(Debug)]
pub(crate) struct Law {
    /// Its name.
    pub name: &'static str,
    /// Its letters, in the order in which evidence gives them values.
    pub letters: &'static str,
    /// What it rests on.
    pub premises: &'static str,
    /// What it says.
    pub conclusion: &'static str,
    /// Comparisons of numbers or integers that the hypotheses must decide.
    pub conditions: &'static str,
}

const fn law(
    name: &'static str,
    letters: &'static str,
    premises: &'static str,
    conclusion: &'static str,
    conditions: &'static str,
) -> Law {
    Law { name, letters, premises, conclusion, conditions }
}

#[rustfmt::skip]
pub(super) static LAWS: &[Law] = &[
    law("same difference",      "ab",  "a <? b",                "a <? b",                    ""),
    law("below and apart",      "ab",  "a < b",                 "a != b",                    ""),
    law("product and zero",     "ab",  "a != 0; b != 0",        "a*b != 0",                  ""),
    law("power and zero",       "an",  "a != 0",                "a^n != 0",                  ""),
    law("antisymmetry",         "ab",  "a <= b; b <= a",        "a = b",                     ""),
    law("positive multiple",    "abc", "0 < c; a < b",          "c*a < c*b",                 ""),
    law("multiple",             "abc", "0 <= c; a <= b",        "c*a <= c*b",                ""),
    law("squares",              "ab",  "0 <= b; a^2 <? b^2",    "a <? b",                    ""),
    law("power",                "abp", "0 <= a; a <? b",        "a^p <? b^p",                "0 <? p"),
    law("odd power",            "abk", "a <? b",                "a^(2*k + 1) <? b^(2*k + 1)", "0 <= k"),
    law("larger exponent",      "amn", "1 <? a",                "a^m <? a^n",                "0 <= m; m <? n"),
    law("smaller exponent",     "amn", "0 <? a; a <? 1",        "a^n <? a^m",                "0 <= m; m <? n"),
    law("exponentials",         "abc", "0 < c; c <? c*exp(b - a)", "a <? b",                 ""),
    law("exp rises",            "ab",  "a <? b",                "exp(a) <? exp(b)",          ""),
    law("log rises",            "ab",  "a <? b",                "log(a) <? log(b)",          ""),
    law("sinh rises",           "ab",  "a <? b",                "sinh(a) <? sinh(b)",        ""),
    law("tanh rises",           "ab",  "a <? b",                "tanh(a) <? tanh(b)",        ""),
    law("atan rises",           "ab",  "a <? b",                "atan(a) <? atan(b)",        ""),
    law("asin rises",           "ab",  "a <? b",                "asin(a) <? asin(b)",        ""),
    law("erf rises",            "ab",  "a <? b",                "erf(a) <? erf(b)",          ""),
    law("sigmoid rises",        "ab",  "a <? b",                "sigmoid(a) <? sigmoid(b)",  ""),
    law("softplus rises",       "ab",  "a <? b",                "softplus(a) <? softplus(b)", ""),
    law("relu rises",           "ab",  "a <= b",                "relu(a) <= relu(b)",        ""),
    law("above the logarithm",  "a",   "",                      "log(a) <= a - 1",           ""),
    law("below the logarithm",  "a",   "",                      "1 - 1/a <= log(a)",         ""),
    law("size",                 "a",   "0 <= a",                "abs(a) <= a",               ""),
    law("maximum and first",    "ab",  "",                      "a <= max(a, b)",            ""),
    law("maximum and second",   "ab",  "",                      "b <= max(a, b)",            ""),
    law("minimum and first",    "ab",  "",                      "min(a, b) <= a",            ""),
    law("minimum and second",   "ab",  "",                      "min(a, b) <= b",            ""),
    law("radius and spectral norm",      "A", "",               "radius(A) <= spectral(A)",  ""),
    law("spectral and Frobenius norm",   "A", "",               "spectral(A) <= norm(A)",    ""),
    law("Frobenius norm and rows",       "A", "",               "norm(A)^2 <= rows(A)*spectral(A)^2", ""),
    law("Frobenius norm and columns",    "A", "",               "norm(A)^2 <= columns(A)*spectral(A)^2", ""),
    law("Frobenius norm and difference", "AB", "A != B",         "0 < norm(A - B)",          ""),
    law("spectral norm and difference",  "AB", "A != B",         "0 < spectral(A - B)",      ""),
    law("norm and difference",           "uv", "u != v",         "0 < norm(u - v)",          ""),
    law("apart by a Frobenius norm",     "AB", "0 < norm(A - B)", "A != B",                  ""),
    law("apart by a norm",               "uv", "0 < norm(u - v)", "u != v",                  ""),
    law("Frobenius norm and equality",   "AB", "A = B",          "norm(A - B) <= 0",         ""),
    law("spectral norm and equality",    "AB", "A = B",          "spectral(A - B) <= 0",     ""),
    law("norm and equality",             "uv", "u = v",          "norm(u - v) <= 0",         ""),
    law("orthogonal",           "A",   "T(A)*A = I(columns(A))", "spectral(A) <= 1",         ""),
    law("orthogonal norm",      "A",   "T(A)*A = I(columns(A))", "spectral(A) = 1",          ""),
    law("orthogonal Frobenius norm", "A", "T(A)*A = I(columns(A))", "norm(A) = sqrt(columns(A))", ""),
    law("orthogonal determinant", "A", "T(A)*A = I(columns(A))", "abs(det(A)) = 1",          ""),
    law("orthogonal and vector", "Av", "T(A)*A = I(columns(A))", "norm(A*v) = norm(v)",      ""),
    law("largest entry and norm",        "v", "",               "largest(v) <= norm(v)",     ""),
    law("norm and sum of sizes",         "v", "",               "norm(v) <= total(v)",       ""),
    law("Cauchy–Schwarz",    "imnabc", "for i: 0 <= b; for i: 0 <= c; for i: a^2 <= b*c", "sum(a)^2 <= sum(b)*sum(c)", ""),
    law("square of a sum",   "imnab",  "for i: 0 <= b; for i: a <= b^2",                  "sum(a) <= sum(b)^2",        ""),
];

impl Law {
    /// The row that says that a function rises, where one does.
    pub fn rising(function: Elementary) -> Option<&'static str> {
        let is_own = |law: &&Law| law.name.strip_suffix(" rises").and_then(Elementary::named) == Some(function);
        LAWS.iter().find(is_own).map(|law| law.name)
    }

    /// The row of a name.
    pub fn named(name: &str) -> Option<&'static Law> {
        LAWS.iter().find(|law| law.name == name)
    }

    /// The law at values of the letters, where `<?` is `loose`.
    pub fn at(&self, arena: &mut Arena, values: &[Expr], loose: Comparison) -> Option<Stated> {
        let value =
            |name: &str| values.get(self.letters.chars().position(|letter| name.chars().eq([letter]))?).copied();
        let range = || Some(Span::new(value("i")?, value("m")?, value("n")?));
        let mut names = |arena: &mut Arena, name: &str, args: &[Expr]| match (name, args) {
            ("sum", &[body]) => {
                let Span { letter, lower, upper } = range()?;
                let letter = hypotheses::letter(arena, letter)?;
                Some(arena.big(Big::Sum, letter, lower, upper, body))
            }
            _ => value(name),
        };
        let mut read = |text| notation::relations(&mut Notation { arena: &mut *arena, names: &mut names, loose }, text);
        let (mut once, mut for_each) = (Vec::new(), Vec::new());
        for premise in self.premises.split(';') {
            match premise.trim().strip_prefix("for i:") {
                Some(premise) => for_each.extend(read(premise)?),
                None => once.extend(read(premise)?),
            }
        }
        let conditions = read(self.conditions)?;
        let [conclusion] = read(self.conclusion)?[..] else { return None };
        Some(Stated { range: range(), once, for_each, conditions, conclusion })
    }
}

/// A law at values of its letters.
#[derive(Debug)]
pub(crate) struct Stated {
    /// The integers for each of which some premises hold.
    pub range: Option<Span>,
    /// The other premises, which stand before these.
    pub once: Vec<Relation>,
    /// The premises for each integer.
    pub for_each: Vec<Relation>,
    /// Comparisons that the hypotheses must decide.
    pub conditions: Vec<Relation>,
    /// What it says.
    pub conclusion: Relation,
}

impl Replay<'_> {
    /// A conclusion whose sides differ by the same function as those of a law, from the premises of the law.
    pub(super) fn law<'m>(&mut self, step: Step<'_, 'm>, name: &str, values: &[Expr]) -> Needed<'m> {
        let own = step.own()?;
        let loose = if own.is_order() { own.how } else { Comparison::LessEqual };
        let law = Law::named(name).filter(|law| law.letters.chars().count() == values.len());
        let law = law.ok_or(Objection::Wrong("no such law"))?;
        for (letter, &value) in law.letters.chars().zip(values) {
            let fits = match letter {
                'i' => self.is_letter(value, SymbolKind::Integer),
                'k' | 'm' | 'n' => Form::read(self.arena, value).is_some(),
                'A' | 'B' => matches!(self.arena.shape(value), Shape::Matrix(..)) && self.is_alike(law, "AB", values),
                'u' | 'v' => matches!(self.arena.shape(value), Shape::Vector(_)) && self.is_alike(law, "uv", values),
                _ => self.arena.shape(value).is_scalar(),
            };
            ensure(fits, "a letter of a law stands for something else")?;
        }
        let stated = law.at(self.arena, values, loose).ok_or(Objection::Wrong("no value of a letter of a law"))?;
        let Stated { range, once, for_each, conditions, conclusion } = stated;
        for condition in conditions {
            let Relation { how, left, right } = condition;
            let is_decided = step.hypotheses.decides(self.arena, how, left, right) == Some(true);
            ensure(is_decided, "a condition of a law is open")?;
        }
        ensure(own.how == conclusion.how, "another comparison")?;
        let is_turned = !own.is_order() && own.turned() == conclusion;
        if own != conclusion && !is_turned {
            self.identity((own.left, own.right), (conclusion.left, conclusion.right), step.hypotheses)?;
        }
        let exprs: Vec<Expr> = once.iter().chain([&conclusion]).flat_map(|own| [own.left, own.right]).collect();
        self.are_defined(step.conclusion, &exprs, step.hypotheses)?;
        let mut needed: Vec<Sequent<'m>> =
            once.into_iter().map(|premise| Sequent { conclusion: premise.prop(), under: None }).collect();
        if let Some(span) = range {
            let is_bound = exprs.iter().all(|&expr| !self.arena.contains(expr, span.letter));
            ensure(is_bound, "the letter of an index stands in a conclusion")?;
            let inner = self.within(span.letter, span.ends(), step.hypotheses)?;
            let each = for_each.into_iter();
            needed.extend(each.map(|premise| Sequent { conclusion: premise.prop(), under: Some(inner.clone()) }));
        }
        Ok(needed)
    }

    /// Whether all letters of a law that are among some have values of one shape.
    fn is_alike(&self, law: &Law, letters: &str, values: &[Expr]) -> bool {
        let own = law.letters.chars().zip(values).filter(|(letter, _)| letters.contains(*letter));
        let shapes: Vec<Shape> = own.map(|(_, &value)| self.arena.shape(value)).collect();
        shapes.windows(2).all(|pair| pair[0] == pair[1])
    }
}
