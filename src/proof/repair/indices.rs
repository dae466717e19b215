//! Indices, exponents and bounds that are one off, or another letter.

use crate::expr::SymbolKind;
use crate::lower::names::{Part, base_name, script_items, spell, undress};
use crate::proof::Kind;
use crate::proof::repair::edit::{Change, Place};
use crate::proof::repair::editor::{Around, Editor, bare};
use crate::source::Span;
use crate::syntax::ast::{Kind as Written, Node, Relation, Sign};

impl Editor<'_> {
    /// Each index of a member one up and one down.
    pub(super) fn shifts(&mut self, node: &Node, around: Around) {
        let kind = if around.slope { Kind::TimeOfSlope } else { Kind::IndexShift };
        for index in self.indices_of(node) {
            for change in self.one_off(index) {
                let theme = format!("{}\u{2192}{}", self.slice(node.span), change.text);
                self.add(kind, vec![change]).theme = theme;
            }
        }
    }

    /// The indices of the family that a part is a member of, where each stands by itself.
    pub(super) fn indices_of<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        let Written::Script { base, sub, sup, .. } = &node.kind else { return Vec::new() };
        let (sub, sup) = (sub.as_deref(), sup.as_deref().map(untransposed));
        let member = |base: String| {
            self.names.with_base(&base).into_iter().find(|name| name.sub.takes(sub) && name.sup.takes(sup))
        };
        let Some(name) = self.name_of(node).or_else(|| base_name(base).and_then(member)) else { return Vec::new() };
        let own = |part: &Part, script: Option<&'n Node>| match (part, script) {
            (Part::Index(_, n), Some(script)) => {
                let items = script_items(undress(script).1);
                let stands_alone =
                    *n == items.len() && items.len() == 1 || matches!(undress(script).1.kind, Written::List(_));
                if stands_alone { items.into_iter().take(*n).collect() } else { Vec::new() }
            }
            (Part::Absent | Part::Fixed(_) | Part::Index(..), _) => Vec::new(),
        };
        [own(&name.sub, sub), own(&name.sup, sup)].concat()
    }

    /// An index one up and one down.
    fn one_off(&self, index: &Node) -> Vec<Change> {
        [1, -1].into_iter().filter_map(|by| Some(self.in_script(index, shifted(self.text, index, by)?))).collect()
    }

    /// All indices in the argument of a slope one up, and one down: the slope is taken at another time.
    pub(super) fn times(&mut self, argument: &Node) {
        let mut indices = Vec::new();
        self.collect_indices(argument, &mut indices);
        if indices.len() < 2 {
            return;
        }
        for by in [1, -1] {
            let changes: Option<Vec<Change>> =
                indices.iter().map(|&index| Some(self.in_script(index, shifted(self.text, index, by)?))).collect();
            if let Some(changes) = changes {
                self.add(Kind::TimeOfSlope, changes);
            }
        }
    }

    fn collect_indices<'n>(&self, node: &'n Node, found: &mut Vec<&'n Node>) {
        found.extend(self.indices_of(node));
        node.children().into_iter().for_each(|child| self.collect_indices(child, found));
    }

    /// An exponent that is no part of a name: one up, one down, or another difference of letters.
    pub(super) fn exponents(&mut self, node: &Node, around: Around) {
        let Written::Script { base, sup: Some(sup), sub, primes: 0 } = &node.kind else { return };
        let is_own = self.name_of(node).is_some_and(|name| name.sup != Part::Absent);
        if is_own || is_transpose(sup) || around.derivative {
            return;
        }
        if let Written::Number(digits) = &bare(sup).kind {
            let Ok(power) = digits.parse::<u32>() else { return };
            // What an inequality or an implication is about is likelier to lack bars.
            let distance = usize::from(self.place == Place::Left && around.order);
            let up = self.in_script(sup, (power + 1).to_string());
            self.add(Kind::MissingFactor, vec![up]).distance = distance;
            let down = match power {
                2 => Change::new(Span::new(sub.as_ref().map_or(base.span, |sub| sub.span).end, node.span.end), ""),
                _ => self.in_script(sup, (i64::from(power) - 1).to_string()),
            };
            // What closes the script below, where there is one, goes with it: then the member is written anew.
            if sub.is_none() || power != 2 {
                self.add(Kind::ExtraFactor, vec![down]).distance = distance;
            }
            return;
        }
        if self.letters_of(sup).is_empty() {
            return;
        }
        for change in self.one_off(sup) {
            self.add(Kind::IndexShift, vec![change]);
        }
        if !matches!(bare(sup).kind, Written::Sum(_)) {
            return;
        }
        for (from, to) in self.pairs() {
            let change = self.in_script(sup, format!("{from}-{to}"));
            self.add_of_size(Kind::IndexShift, 2, vec![change]);
        }
    }

    /// Ordered pairs of different letters.
    fn pairs(&self) -> Vec<(String, String)> {
        let letters = self.integers();
        let with = |a: &String| letters.iter().filter(|b| *b != a).map(|b| (a.clone(), b.clone())).collect::<Vec<_>>();
        letters.iter().flat_map(with).collect()
    }

    /// The letters of the claim, and the declared integers that it leads to.
    fn integers(&self) -> Vec<String> {
        let declared = self.names.all().filter(|name| {
            self.arena.kind(name.symbol) == SymbolKind::Integer
                && self.reads.contains(&name.symbol)
                && name.sub == Part::Absent
                && name.sup == Part::Absent
        });
        let mut letters = self.letters.clone();
        for name in declared {
            if !letters.contains(&name.base) {
                letters.push(name.base.clone());
            }
        }
        letters
    }

    /// Other letters in the place of each letter of a script that is no part of a name.
    pub(super) fn letters_in_script(&mut self, node: &Node, script: &Node) {
        if self.is_fixed(node, script) {
            return;
        }
        for letter in self.letters_of(script) {
            let old = self.slice(letter.span).to_owned();
            for new in self.letters.clone().into_iter().filter(|new| *new != old) {
                let change = self.in_script(letter, new);
                self.add(Kind::WrongSymbol, vec![change]).distance = 1;
            }
        }
    }

    /// The two letters of a script in the other order.
    pub(super) fn turned(&mut self, node: &Node, script: &Node) {
        if self.is_fixed(node, script) {
            return;
        }
        let items = script_items(undress(script).1);
        let [first, second] = items[..] else { return };
        let [a, b] = [first, second].map(|item| self.slice(item.span).to_owned());
        if a != b && [&a, &b].into_iter().all(|letter| self.letters.contains(letter)) {
            let changes = vec![Change::new(first.span, b), Change::new(second.span, a)];
            self.add_of_size(Kind::WrongSymbol, 2, changes);
        }
    }

    /// Whether a script belongs to the name that carries it.
    fn is_fixed(&self, node: &Node, script: &Node) -> bool {
        let Written::Script { sub, .. } = &node.kind else { return false };
        let is_below = sub.as_deref().is_some_and(|sub| std::ptr::eq(sub, script));
        let part = self.name_of(node).map(|name| if is_below { &name.sub } else { &name.sup });
        matches!(part, Some(Part::Fixed(_)))
    }

    /// The letters in a part that run over the integers.
    pub(super) fn letters_of<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        match &node.kind {
            Written::Symbol(text) if self.letters.contains(text) => vec![node],
            Written::Script { base, sub, sup, .. } => {
                let scripts = sub.iter().chain(sup).map(|script| &**script);
                let own: Vec<&Node> = scripts.filter(|script| !self.is_fixed(node, script)).collect();
                let base = if self.name_of(node).is_some() { Vec::new() } else { self.letters_of(base) };
                base.into_iter().chain(own.into_iter().flat_map(|script| self.letters_of(script))).collect()
            }
            _ => node.children().into_iter().flat_map(|child| self.letters_of(child)).collect(),
        }
    }

    /// Two letters exchanged everywhere right of the relation.
    pub(super) fn exchanges(&mut self, right: &Node) {
        let found: Vec<(String, &Node)> =
            self.letters_of(right).into_iter().map(|letter| (self.slice(letter.span).to_owned(), letter)).collect();
        for (place, a) in self.letters.clone().iter().enumerate() {
            for b in self.letters.clone().iter().skip(place + 1) {
                let other = |text: &str| if text == a { Some(b) } else { (text == b).then_some(a) };
                let changes: Vec<Change> = found
                    .iter()
                    .filter_map(|(text, letter)| Some(self.in_script(letter, other(text)?.clone())))
                    .collect();
                if changes.len() > 1 {
                    self.add_of_size(Kind::WrongSymbol, 2, changes);
                }
            }
        }
    }

    /// The bounds of a sum or a product: one up, one down, or another letter; both at once.
    pub(super) fn bounds(&mut self, sub: Option<&Node>, sup: Option<&Node>) {
        let Some(sub) = sub else { return };
        let Written::Chain { first, rest } = &bare(sub).kind else { return };
        let (lower, upper) = match (&rest[..], sup) {
            ([(Relation::Equal, lower)], Some(upper)) => (lower, upper),
            ([(Relation::LessEqual, _), (Relation::LessEqual, upper)], None) => (&**first, upper),
            _ => return,
        };
        let bound = base_name(first);
        let pool: Vec<String> = std::iter::once("1".to_owned())
            .chain(self.integers())
            .filter(|text| Some(text) != bound.as_ref())
            .collect();
        for end in [lower, upper] {
            for new in [1, -1].into_iter().filter_map(|by| shifted(self.text, end, by)).collect::<Vec<_>>() {
                let change = self.in_bound(end, &new);
                self.add(Kind::WrongBound, vec![change]);
            }
            for other in &pool {
                let change = self.in_bound(end, other);
                self.add(Kind::WrongBound, vec![change]).distance = 1;
            }
        }
        if self.place != Place::Right {
            return;
        }
        for low in &pool {
            for high in pool.iter().filter(|high| *high != "1") {
                let changes = vec![self.in_bound(lower, low), self.in_bound(upper, high)];
                self.add_of_size(Kind::WrongBound, 3, changes);
            }
        }
    }

    /// New text in the place of a bound, with the braces that stood there.
    fn in_bound(&self, end: &Node, new: &str) -> Change {
        let wants_braces = new.chars().count() > 1 && self.follows_mark(end);
        Change::new(end.span, if wants_braces { format!("{{{new}}}") } else { new.to_owned() })
    }

    /// New text in the place of an index, with braces where it needs them and without where it does not.
    pub(super) fn in_script(&self, node: &Node, new: impl Into<String>) -> Change {
        let (new, span): (String, Span) = (new.into(), node.span);
        let is_single = new.chars().count() == 1;
        let (before, after) = (&self.text[..span.start], &self.text[span.end..]);
        let opened = before.strip_suffix('{').filter(|before| before.ends_with(['_', '^']));
        if is_single && opened.is_some() && after.starts_with('}') {
            return Change::new(Span::new(span.start - 1, span.end + 1), new);
        }
        if !is_single && self.follows_mark(node) {
            Change::new(span, format!("{{{new}}}"))
        } else {
            Change::new(span, new)
        }
    }

    /// Whether `_` or `^` stands right before a part.
    fn follows_mark(&self, node: &Node) -> bool {
        self.text[..node.span.start].trim_end().ends_with(['_', '^'])
    }
}

/// A superscript without the transpose at its end: `(t)` of `(t)\top`.
fn untransposed(sup: &Node) -> &Node {
    match &bare(sup).kind {
        Written::Product(items) => match &items[..] {
            [(_, inner), (_, top)] if is_transpose(top) => inner,
            _ => sup,
        },
        _ => sup,
    }
}

/// Whether a superscript is a transpose.
pub(super) fn is_transpose(sup: &Node) -> bool {
    matches!(spell(sup).as_deref(), Some(r"\top" | "T" | r"\mathsf{T}" | r"\mathrm{T}" | r"\intercal" | "{T}"))
}

/// The text of an index one or more further; `None` for what is no index.
fn shifted(text: &str, index: &Node, by: i64) -> Option<String> {
    let written = |node: &Node| text.get(node.span.start..node.span.end).unwrap_or_default().trim().to_owned();
    let with = |head: String, offset: i64| match offset {
        0 => head,
        1.. => format!("{head}+{offset}"),
        _ => format!("{head}{offset}"),
    };
    match &index.kind {
        Written::Group(inner) => shifted(text, inner, by),
        Written::Number(digits) => {
            let value = digits.parse::<i64>().ok()? + by;
            (value >= 0).then(|| value.to_string())
        }
        Written::Symbol(name) if !matches!(name.as_str(), r"\infty" | "*" | "+") => Some(with(written(index), by)),
        Written::Script { .. } => Some(with(written(index), by)),
        Written::Sum(terms) => {
            let (sign, last) = terms.last()?;
            let offset = match (&last.kind, sign) {
                (Written::Number(digits), Sign::Plus) => digits.parse::<i64>().ok()?,
                (Written::Number(digits), Sign::Minus) => -digits.parse::<i64>().ok()?,
                _ => return Some(with(written(index), by)),
            };
            let (first, head) = (terms.first()?, terms.get(terms.len().checked_sub(2)?)?);
            let start = if first.0 == Sign::None { first.1.span.start } else { index.span.start };
            Some(with(text.get(start..head.1.span.end)?.trim().to_owned(), offset + by))
        }
        _ => None,
    }
}
