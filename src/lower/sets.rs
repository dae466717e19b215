//! The sets in which names are declared: `\mathbb{R}^n`, `\mathbb{R}_{> 0}^{m \times n}`, `\mathbb{N}_0`, `[0, 1]^n`.

use crate::expr::{Comparison, Expr, Prop, Shape, SymbolId};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::given::{HeadName, list_of};
use crate::lower::names::{base_name, spell};
use crate::lower::reader::Reader;
use crate::lower::statement::conjuncts;
use crate::model::Argument;
use crate::source::Span;
use crate::syntax::ast::{Formula, Kind, Node, Relation, Times};

/// What a declared name lies in.
pub(super) struct Set<'n> {
    /// Its sizes; none for a number.
    pub sizes: Vec<Expr>,
    /// What is said of each entry.
    pub entries: Entries<'n>,
}

/// Where the entries of what is declared lie.
#[derive(Clone, Copy)]
pub(super) enum Entries<'n> {
    /// All real numbers.
    Real,
    /// Real numbers from 0 on, or above 0.
    FromZero(Comparison),
    /// An interval, or a list of values.
    Within(&'n Node),
    /// The integers, all of them or from one on.
    Integers(Option<i64>),
}

impl<'n> Set<'n> {
    fn of_number(entries: Entries<'n>) -> Set<'n> {
        Set { sizes: Vec::new(), entries }
    }

    /// Whether it is a set of integers without sizes.
    pub fn is_of_integers(&self) -> bool {
        self.sizes.is_empty()
            && match self.entries {
                Entries::Integers(_) => true,
                Entries::Within(set) => goes_on_by_one(set),
                Entries::Real | Entries::FromZero(_) => false,
            }
    }
}

impl Reader<'_> {
    /// The set after the `\in` of a declaration. `None` after a diagnostic.
    pub(super) fn set<'n>(&mut self, node: &'n Node) -> Option<Set<'n>> {
        if let Some((interval, sizes)) = power_of_interval(node) {
            return Some(Set { sizes: self.sizes_of(Some(sizes))?, entries: Entries::Within(interval) });
        }
        if is_of_values(node) {
            return Some(Set::of_number(Entries::Within(node)));
        }
        let (base, sub, sup) = match &strip(node).kind {
            Kind::Script { base, sub, sup, .. } => (base_name(base), sub.as_deref(), sup.as_deref()),
            _ => (base_name(node), None, None),
        };
        self.note_of_positive(node);
        let letters = base.filter(|base| matches!(base.as_str(), r"\mathbb{R}" | r"\mathbb{N}" | r"\mathbb{Z}"));
        let Some(letters) = letters else {
            if let Some(first) = set_before_more(node) {
                return self.runs_together(node.span, first);
            }
            let hint = r"write `\mathbb{R}`, `\mathbb{R}^{n}`, `\mathbb{R}^{m \times n}`, `\mathbb{N}` or `\mathbb{Z}`";
            let message = format!("`{}` is not a set that is known", spell_plain(node));
            return self.fail("unknown-set", node.span, message, hint);
        };
        // What stands above says where the entries lie, `\mathbb{R}^+` and `\mathbb{N}^0`, or how many there are.
        let (script, sizes) = match (sub, sup.filter(|sup| is_mark(sup))) {
            (None, Some(mark)) => (Some(mark), None),
            (Some(_), Some(_)) => return self.unknown_set_of(node),
            (sub, None) => (sub, sup),
        };
        let is_positive = sub.is_none() && letters == r"\mathbb{R}" && script.and_then(spell).as_deref() == Some("+");
        let entries =
            if is_positive { Some(Entries::FromZero(Comparison::Less)) } else { entries_of(&letters, script) };
        let Some(entries) = entries else { return self.unknown_set_of(node) };
        Some(Set { sizes: self.sizes_of(sizes)?, entries })
    }

    /// Refuses a declaration whose line has no `\\` at its end.
    pub(super) fn runs_together<T>(&mut self, span: Span, set: &Node) -> Option<T> {
        let message = "two declarations stand in one formula".to_owned();
        let hint = format!(r"end the first with `\\`: `… {} \\`", spell_plain(set));
        self.fail("runs-together", span, message, &hint)
    }

    fn sizes_of(&mut self, sizes: Option<&Node>) -> Option<Vec<Expr>> {
        let each = sizes.map(dimensions).unwrap_or_default().into_iter();
        each.map(|size| {
            self.imply_dimensions(size);
            self.size(size)
        })
        .collect()
    }

    /// Says how `\mathbb{R}^+` and `\mathbb{R}_+` are read: texts differ on whether 0 is one of them.
    fn note_of_positive(&mut self, set: &Node) {
        let Kind::Script { base, sub, sup, .. } = &strip(set).kind else { return };
        let is_plus = |script: &Option<Box<Node>>| script.as_deref().and_then(spell).is_some_and(|sign| sign == "+");
        if base_name(base).as_deref() != Some(r"\mathbb{R}") || !is_plus(sub) && !is_plus(sup) {
            return;
        }
        let written = spell_plain(set);
        let (what, other) = match is_plus(sup) {
            true => ("the numbers above 0", r"\mathbb{R}_{\ge 0}` where 0 is one of them"),
            false => ("the numbers from 0 on", r"\mathbb{R}_{> 0}` where 0 is none of them"),
        };
        self.remark("read-as-positive", set.span, format!("`{written}` is read as {what}"), &format!("write `{other}"));
    }

    fn unknown_set_of<T>(&mut self, set: &Node) -> Option<T> {
        let message = format!("`{}` is not a set that is known", spell_plain(set));
        let hint = r"write `\mathbb{R}`, `\mathbb{R}_{\ge 0}`, `\mathbb{R}_{> 0}`, `\mathbb{N}_0` or `\mathbb{Z}`, and bound the values apart: `0 \le x \le 1`";
        self.fail("unknown-set", set.span, message, hint)
    }

    /// `x \in R`, without the font of sets.
    pub(super) fn plain_set(&mut self, set: &Node) -> Option<()> {
        let written = spell_plain(set);
        let letter = written.chars().next().filter(|letter| matches!(letter, 'R' | 'N' | 'Z')).unwrap_or('R');
        let hint = format!(r"the sets of numbers are written `\mathbb{{{letter}}}`");
        self.fail("unknown-set", set.span, format!("`{written}` is not a set that is known"), &hint)
    }

    /// Assumes of each entry of a member, or of each member of a family, what its set says.
    pub(super) fn assume_of_entries(
        &mut self,
        head: &HeadName,
        (symbol, shape): (SymbolId, Shape),
        entries: Entries<'_>,
        span: Span,
    ) -> Option<()> {
        if matches!(entries, Entries::Real) {
            return Some(());
        }
        let arguments = self.arguments_of(head)?;
        let mut letters: Vec<SymbolId> = arguments.iter().filter_map(Argument::letter).collect();
        let at: Vec<Expr> = arguments.iter().map(|argument| self.value_of(argument)).collect();
        let member = self.arena.member_of_shape(symbol, at.into(), shape);
        let n_sizes = self.arena.shape(member).sizes().len();
        let at: Vec<SymbolId> =
            ["i", "j"].into_iter().take(n_sizes).map(|stem| self.arena.letter_apart(stem, &[member])).collect();
        let value = match &at[..] {
            [] => member,
            at => {
                let at = at.iter().map(|&letter| self.arena.symbol(letter)).collect();
                self.arena.entry(member, at)
            }
        };
        letters.extend(at);
        let said = self.said_of_entry(value, entries)?;
        for prop in conjuncts(said) {
            self.check_assumption(&prop, span);
            let letters = letters.clone();
            self.model.assumptions.push(if letters.is_empty() { prop } else { Prop::ForAll(letters, Box::new(prop)) });
        }
        Some(())
    }

    fn said_of_entry(&mut self, value: Expr, entries: Entries<'_>) -> Option<Prop> {
        Some(match entries {
            Entries::Real => Prop::And(Vec::new()),
            Entries::FromZero(how) => Prop::Compare(how, self.arena.zero(), value),
            Entries::Within(set) => {
                let said = self.membership(value, set)?;
                let is_known = |prop: &Prop| matches!(prop, Prop::Integer(whole) if self.is_whole(*whole));
                Prop::And(conjuncts(said).into_iter().filter(|prop| !is_known(prop)).collect())
            }
            Entries::Integers(least) => {
                let least = least.map(|least| Prop::at_most(self.arena.integer(least), value));
                let is_known = self.is_whole(value);
                Prop::And(least.into_iter().chain((!is_known).then_some(Prop::Integer(value))).collect())
            }
        })
    }
}

/// Where the numbers of a set lie by what stands below its letter, or above it as a mark; `None` for anything else.
fn entries_of<'n>(letters: &str, script: Option<&Node>) -> Option<Entries<'n>> {
    let bound = bound_of_script(script);
    if letters == r"\mathbb{R}" {
        return Some(bound?.map_or(Entries::Real, Entries::FromZero));
    }
    let word = script.and_then(spell);
    let least = match bound {
        _ if word.as_deref() == Some("0") => Some(0),
        Some(None) => (letters == r"\mathbb{N}").then_some(1),
        Some(Some(Comparison::Less)) => Some(1),
        // `\mathbb{Z}^+` begins at 1, `\mathbb{Z}_{\ge 0}` at 0.
        Some(Some(_)) => Some(i64::from(word.is_some())),
        None => return None,
    };
    Some(Entries::Integers(least))
}

/// The lower bound 0 that a script of `\mathbb{R}` asks for; the outer `None` for any other script.
pub(super) fn bound_of_script(script: Option<&Node>) -> Option<Option<Comparison>> {
    let Some(script) = script else { return Some(None) };
    match &strip(script).kind {
        Kind::Chain { rest, .. } => match &rest[..] {
            [(relation, Node { kind: Kind::Number(zero), .. })] if zero == "0" => match relation {
                Relation::Greater => Some(Some(Comparison::Less)),
                Relation::GreaterEqual => Some(Some(Comparison::LessEqual)),
                _ => None,
            },
            _ => None,
        },
        _ => (spell(script)? == "+").then_some(Some(Comparison::LessEqual)),
    }
}

/// Whether what stands above the letter of a set is a mark, and no size: `\mathbb{R}^+`, `\mathbb{N}^0`, `\mathbb{N}^*`.
fn is_mark(sup: &Node) -> bool {
    spell(sup).is_some_and(|sign| sign.starts_with(['+', '*', '0']))
}

/// Whether a formula of a `given` fence declares integers: `n_l \in \mathbb{N}`.
pub(super) fn declares_integers(formula: &Formula) -> bool {
    let Kind::Chain { rest, .. } = &strip(&formula.body).kind else { return false };
    let [(Relation::In, set)] = &rest[..] else { return false };
    let base = match &strip(set).kind {
        Kind::Script { base, sup, .. } if sup.as_deref().is_none_or(is_mark) => base_name(base),
        _ => base_name(set),
    };
    base.is_some_and(|base| matches!(base.as_str(), r"\mathbb{N}" | r"\mathbb{Z}"))
}

/// Whether a formula of a `given` fence declares vectors or matrices: `q, k \in \mathbb{R}^{d}`.
pub(super) fn declares_tensors(formula: &Formula) -> bool {
    let Kind::Chain { rest, .. } = &strip(&formula.body).kind else { return false };
    matches!(&rest[..], [(Relation::In, set)] if sizes_above(set).is_some())
}

/// What stands above `\mathbb{R}` as sizes.
pub(super) fn sizes_above(set: &Node) -> Option<&Node> {
    let Kind::Script { base, sub: None, sup: Some(sizes), primes: 0 } = &strip(set).kind else { return None };
    (base_name(base).as_deref() == Some(r"\mathbb{R}") && !is_mark(sizes)).then_some(sizes)
}

/// Whether membership in a set declares: `x \in \mathbb{R}` does, `x \in (0, 1)` assumes.
pub(super) fn declares(set: &Node) -> bool {
    let base = match &strip(set).kind {
        Kind::Script { base, .. } => base_name(base),
        _ => base_name(set),
    };
    base.is_some_and(|base| base.starts_with(r"\mathbb"))
}

/// `R`, `R^n`: a letter without the font of sets, perhaps with sizes.
pub(super) fn is_plain_letter(set: &Node) -> bool {
    let base = match &strip(set).kind {
        Kind::Script { base, .. } => base,
        _ => strip(set),
    };
    matches!(&base.kind, Kind::Symbol(letter) if letter.chars().count() == 1)
}

/// `[0, 1]` and `\{0, 1\}`: an interval, or a list of values.
pub(super) fn is_of_values(set: &Node) -> bool {
    matches!(&strip(set).kind, Kind::Fenced { open, body, .. }
        if matches!(open.as_str(), "(" | "[" | r"\{") && matches!(strip(body).kind, Kind::List(_)))
}

/// `\{1, \dots, K\}`: integers one after the other.
fn goes_on_by_one(set: &Node) -> bool {
    let Kind::Fenced { open, body, .. } = &strip(set).kind else { return false };
    let Kind::List(items) = &strip(body).kind else { return false };
    let first_is_whole =
        matches!(&items.first().map(|item| &strip(item).kind), Some(Kind::Number(text)) if !text.contains('.'));
    open == r"\{" && first_is_whole && items.iter().any(|item| matches!(item.kind, Kind::Dots(_)))
}

/// `[0, 1]^n` as the interval and its sizes.
pub(super) fn power_of_interval(set: &Node) -> Option<(&Node, &Node)> {
    let Kind::Script { base, sub: None, sup: Some(sizes), .. } = &strip(set).kind else { return None };
    is_of_values(base).then_some((base, sizes))
}

/// The set at the beginning of a product: `\mathbb{R} x` of a declaration whose line has no `\\` at its end.
pub(super) fn set_before_more(side: &Node) -> Option<&Node> {
    let Kind::Product(items) = &strip(side).kind else { return None };
    let (_, first) = items.first()?;
    declares(first).then_some(first)
}

/// `m \times n`, or `m, n`, as its parts.
pub(super) fn dimensions(node: &Node) -> Vec<&Node> {
    match &strip(node).kind {
        Kind::Product(items) if items.iter().skip(1).all(|(times, _)| *times == Times::Cross) => {
            items.iter().map(|(_, item)| item).collect()
        }
        Kind::List(_) => list_of(node),
        _ => vec![strip(node)],
    }
}
