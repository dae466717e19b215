//! Factors and terms: left out, too many, in another order, with another sign.

use std::ops::Range;

use crate::expr::{Shape, SymbolKind};
use crate::lower::names::base_name;
use crate::proof::Kind;
use crate::proof::repair::edit::{Change, Place};
use crate::proof::repair::editor::{Around, Editor, bare, has_names, weight};
use crate::source::Span;
use crate::syntax::ast::{Kind as Written, Node, Sign, Times};

/// How many neighbouring factors may be too many.
const MAX_RUN: usize = 3;

impl Editor<'_> {
    /// A product: each run of factors left out, neighbours exchanged, and all that stands in the factors.
    pub(super) fn product(&mut self, items: &[(Times, Node)], around: Around) {
        let units = self.units(items);
        if self.place == Place::Right && !around.derivative {
            self.factors_out(items, &units);
            self.orders(items, &units);
        }
        for unit in units {
            let (head, rest) = (&items[unit.start].1, &items[unit.start + 1..unit.end]);
            self.visit(head, around);
            let is_slope = matches!(head.kind, Written::Script { primes: 1.., .. });
            for (_, argument) in rest {
                if is_slope {
                    self.times(argument);
                }
                if self.place == Place::Right && matches!(argument.kind, Written::Fenced { .. }) {
                    self.numbers_in(argument);
                }
                self.visit(argument, Around { slope: around.slope || is_slope, ..around });
            }
        }
    }

    /// The factors of a product: a function goes with its argument.
    fn units(&self, items: &[(Times, Node)]) -> Vec<Range<usize>> {
        let mut units = Vec::new();
        let mut start = 0;
        while start < items.len() {
            let mut end = start + 1;
            while end < items.len() && items[end].0 == Times::Juxtaposed && self.takes(&items[end - 1].1, &items[end].1)
            {
                end += 1;
            }
            units.push(start..end);
            start = end;
        }
        units
    }

    /// Whether a part is applied to the one after it.
    fn takes(&self, head: &Node, next: &Node) -> bool {
        let base = match &head.kind {
            Written::Script { base, .. } => &**base,
            _ => head,
        };
        if matches!(base.kind, Written::Operator(_)) {
            return true;
        }
        let Some(name) = base_name(base) else { return false };
        if name == r"\nabla" {
            return true;
        }
        let own = self.names.with_base(&name);
        let is_function = own.iter().any(|name| self.arena.kind(name.symbol) == SymbolKind::Function);
        matches!(next.kind, Written::Fenced { .. }) && (is_function || own.is_empty())
    }

    fn factors_out(&mut self, items: &[(Times, Node)], units: &[Range<usize>]) {
        for first in 0..units.len() {
            for last in first..units.len().min(first + MAX_RUN) {
                if last + 1 - first == units.len() {
                    continue;
                }
                let size = items[units[first].start..units[last].end].iter().map(|(_, item)| weight(item)).sum();
                let span = if first > 0 {
                    Span::new(items[units[first].start - 1].1.span.end, items[units[last].end - 1].1.span.end)
                } else {
                    Span::new(items[0].1.span.start, items[units[last].end].1.span.start)
                };
                self.add_of_size(Kind::ExtraFactor, size, vec![Change::new(span, "")]).distance = 1;
            }
        }
    }

    /// Neighbouring factors exchanged, and the whole product from the end, where factors need not commute.
    fn orders(&mut self, items: &[(Times, Node)], units: &[Range<usize>]) {
        let has_tensors = self.names.all().any(|name| self.shape_of(name).is_some_and(|shape| !shape.is_scalar()));
        if !has_tensors {
            return;
        }
        let spans: Vec<Span> =
            units.iter().map(|unit| items[unit.start].1.span.to(items[unit.end - 1].1.span)).collect();
        let texts: Vec<String> = spans.iter().map(|span| self.slice(*span).to_owned()).collect();
        for (place, pair) in spans.windows(2).enumerate() {
            let (a, b) = (&*texts[place], &*texts[place + 1]);
            let exchanged = |first: &str, second: &str| vec![Change::new(pair[0], first), Change::new(pair[1], second)];
            self.add_of_size(Kind::OrderOfFactors, 2, exchanged(b, a));
            for (first, second) in [(b, without_transpose(a)), (without_transpose(b), a)] {
                if first.len() + second.len() < a.len() + b.len() {
                    self.add_of_size(Kind::OrderOfFactors, 3, exchanged(first, second));
                }
            }
            // The outer product of the other order.
            let row = without_transpose(b);
            if row.len() < b.len() && without_transpose(a) == a {
                self.add_of_size(Kind::Transpose, 2, exchanged(row, &transposed(a)));
            }
        }
        if spans.len() > 2 {
            let reversed = spans.iter().zip(texts.iter().rev()).map(|(span, text)| Change::new(*span, text.clone()));
            self.add_of_size(Kind::OrderOfFactors, 2, reversed.collect());
        }
        self.entries_first(items, units);
    }

    /// `x \odot (A y)` for `A (x \odot y)`.
    fn entries_first(&mut self, items: &[(Times, Node)], units: &[Range<usize>]) {
        let Some(last) = units.last().filter(|unit| unit.len() == 1) else { return };
        let (Times::Odot, Node { kind: Written::Fenced { body, .. }, span }) = &items[last.start] else { return };
        let Written::Product(inner) = &body.kind else { return };
        let [first, .., end] = &self.units(inner)[..] else { return };
        let matrix = self.slice(inner[first.start].1.span.to(inner[first.end - 1].1.span));
        let rest = self.slice(inner[first.end].1.span.to(inner[end.end - 1].1.span));
        let outer = self.slice(items[0].1.span.to(items[last.start - 1].1.span));
        let text = format!(r"{matrix} \left( {outer} \odot {rest} \right)");
        let whole = items[0].1.span.to(*span);
        self.add_of_size(Kind::OrderOfFactors, 3, vec![Change::new(whole, text)]);
    }

    /// A factor more, at the end of a term; a number more, before it.
    pub(super) fn factors_in(&mut self, node: &Node, around: Around) {
        if matches!(bare(node).kind, Written::Sum(_) | Written::Big { .. } | Written::Empty | Written::Error) {
            return;
        }
        self.numbers_before(node.span.start);
        // A number that bounds something is meant as a number.
        if around.order && !has_names(node) {
            return;
        }
        let has_tensors = self.model.declarations.values().any(|declaration| !declaration.shape.is_scalar());
        for (factor, size) in self.factors.clone() {
            let after = Change::insertion(node.span.end, format!(" {factor}"));
            self.add_of_size(Kind::MissingFactor, size + 1, vec![after]);
            if has_tensors {
                let before = Change::insertion(node.span.start, format!("{factor} "));
                self.add_of_size(Kind::MissingFactor, size + 1, vec![before]).distance = 1;
                let entries = Change::insertion(node.span.end, format!(r" \odot {factor}"));
                self.add_of_size(Kind::MissingFactor, size + 1, vec![entries]).distance = 2;
            }
        }
    }

    /// A term more, at the end of a side or of a sum.
    pub(super) fn terms_in(&mut self, sum: &Node) {
        for (term, size) in self.factors.clone() {
            for sign in ["+", "-"] {
                let change = Change::insertion(sum.span.end, format!(" {sign} {term}"));
                self.add_of_size(Kind::MissingTerm, size + 1, vec![change]).distance = 3;
            }
        }
    }

    /// A number before the argument of a function.
    fn numbers_in(&mut self, argument: &Node) {
        if let Written::Fenced { body, .. } = &argument.kind
            && !matches!(body.kind, Written::Sum(_) | Written::List(_) | Written::Number(_))
        {
            self.numbers_before(body.span.start);
        }
    }

    fn numbers_before(&mut self, at: usize) {
        for number in ["2", r"\frac{1}{2}"] {
            self.add_of_size(Kind::MissingFactor, 2, vec![Change::insertion(at, format!("{number} "))]);
        }
    }

    /// A sum: each sign turned, each term left out, a difference turned round, and all that stands in the terms.
    pub(super) fn sum(&mut self, node: &Node, terms: &[(Sign, Node)], around: Around) {
        if self.place != Place::Condition && !around.derivative {
            self.signs(node, terms);
        }
        if self.place == Place::Right && !around.derivative {
            self.terms_in(node);
        }
        if self.place == Place::Right && terms.len() > 1 {
            for place in 0..terms.len() {
                self.term_out(node, terms, place);
            }
        }
        terms.iter().for_each(|(_, term)| self.term(term, around));
    }

    fn term_out(&mut self, node: &Node, terms: &[(Sign, Node)], place: usize) {
        let span = if place > 0 {
            Span::new(terms[place - 1].1.span.end, terms[place].1.span.end)
        } else if terms[1].0 == Sign::Plus {
            Span::new(node.span.start, terms[1].1.span.start)
        } else {
            Span::new(node.span.start, self.sign_before(&terms[1].1).start)
        };
        self.add_of_size(Kind::ExtraTerm, weight(&terms[place].1), vec![Change::new(span, "")]).distance = 1;
    }

    fn signs(&mut self, node: &Node, terms: &[(Sign, Node)]) {
        if let [(Sign::None, a), (Sign::Minus, b)] = terms
            && self.place == Place::Right
        {
            let (first, second) = (self.slice(a.span).to_owned(), self.slice(b.span).to_owned());
            if !matches!(b.kind, Written::Big { .. }) {
                self.add(Kind::Sign, vec![Change::new(a.span, second), Change::new(b.span, first)]);
            }
            if matches!(b.kind, Written::Fenced { .. }) {
                // A minus that was meant as a product.
                let minus = self.sign_before(b);
                self.add(Kind::Sign, vec![Change::new(minus, "")]).distance = 2;
            }
        }
        for (sign, term) in terms {
            let change = match sign {
                Sign::Plus => Change::new(self.sign_before(term), "-"),
                Sign::Minus if term.span.start == node.span.start => continue,
                Sign::Minus if std::ptr::eq(term, &terms[0].1) => Change::new(self.sign_before(term), ""),
                Sign::Minus => Change::new(self.sign_before(term), "+"),
                Sign::None => Change::insertion(term.span.start, "-"),
                Sign::PlusMinus | Sign::MinusPlus | Sign::Oplus => continue,
            };
            self.add(Kind::Sign, vec![change]).distance = 1;
        }
    }

    /// The sign right before a term.
    fn sign_before(&self, term: &Node) -> Span {
        let before = self.text[..term.span.start].trim_end();
        Span::new(before.len().saturating_sub(1), before.len())
    }

    /// A minus before a side that is no sum.
    pub(super) fn negated(&mut self, side: &Node) {
        if !matches!(bare(side).kind, Written::Sum(_) | Written::Number(_)) {
            self.add(Kind::Sign, vec![Change::insertion(side.span.start, "-")]).distance = 1;
        }
    }

    /// The names, slopes and numbers that may have been left out: those of the claim itself.
    pub(super) fn factors_of(&self, node: &Node) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        self.collect_factors(node, &mut found);
        found
    }

    fn collect_factors(&self, node: &Node, found: &mut Vec<(String, usize)>) {
        if let Written::Product(items) = &node.kind {
            for unit in self.units(items) {
                let is_slope = matches!(items[unit.start].1.kind, Written::Script { primes: 1.., .. });
                if is_slope && unit.len() > 1 {
                    let span = items[unit.start].1.span.to(items[unit.end - 1].1.span);
                    let size = items[unit].iter().map(|(_, item)| weight(item)).sum();
                    found.push((self.slice(span).to_owned(), size));
                }
            }
        }
        if let Some(shape) = self.name_of(node).and_then(|name| self.shape_of(name)) {
            let text = self.slice(node.span).to_owned();
            if matches!(shape, Shape::Matrix(..)) && !text.contains('^') {
                found.push((format!(r"{text}^\top"), 2));
            }
            found.push((text, 1));
            return;
        }
        node.children().into_iter().for_each(|child| self.collect_factors(child, found));
    }
}

/// The text of a factor with a transpose at its end.
fn transposed(text: &str) -> String {
    let is_whole = !text.contains(['^', ' ']) || text.starts_with(['(', '[']) && text.ends_with([')', ']']);
    if is_whole { format!(r"{text}^\top") } else { format!(r"\left( {text} \right)^\top") }
}

/// The text of a factor without a transpose at its end.
fn without_transpose(text: &str) -> &str {
    text.trim_end().strip_suffix(r"^\top").unwrap_or(text)
}
