//! Names in one spelling, before anything is decided: several superscripts of one name, and primes that are a part of it.

use std::collections::BTreeSet;

use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::{Dress, Name, Part, base_name, bound_in};
use crate::lower::reader::Reader;
use crate::syntax::ast::{Formula, Kind, Node, Relation, Times};

impl Reader<'_> {
    /// A formula with its names in the one spelling in which they are declared.
    pub(super) fn respelled(&self, formula: &Formula) -> Formula {
        let primed = self.names.bases().filter(|base| base.ends_with('\'')).map(str::to_owned).collect();
        let mut formula = with_primed_names(with_one_superscript(formula.clone()), &primed);
        formula.change_each(&mut |node| self.split_digits(node));
        formula
    }

    /// `w_{12}` of a family `w_{ij}` as `w_{1,2}`.
    fn split_digits(&self, node: &mut Node) {
        let Kind::Script { base, sub: Some(sub), .. } = &mut node.kind else { return };
        let Kind::Number(text) = &strip(sub).kind else { return };
        let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
        let of_digits = |name: &&Name| name.sub == Part::Index(Dress::Plain, digits.len());
        let is_split = digits.len() > 1 && digits.len() == text.chars().count();
        let named = base_name(base).map(|base| self.names.with_base(&base)).unwrap_or_default();
        if is_split && !named.is_empty() && named.iter().all(of_digits) {
            let digit = |digit: &char| Node { kind: Kind::Number(digit.to_string()), span: sub.span };
            **sub = Node { kind: Kind::List(digits.iter().map(digit).collect()), span: sub.span };
        }
    }
}

/// A formula in which `a^{[l](i)}` and `h^{(l,t)}` carry their first index above and the others below.
pub fn with_one_superscript(mut formula: Formula) -> Formula {
    formula.change_each(&mut lower_further_indices);
    formula
}

fn lower_further_indices(node: &mut Node) {
    let Kind::Script { base, sub, sup: Some(sup), .. } = &mut node.kind else { return };
    let is_name = base_name(base).is_some_and(|base| base != "e" && base != r"\mathrm{e}");
    let Some((above, below)) = indices_above(sup).filter(|_| is_name) else { return };
    let own = sub.take().map(|sub| match sub.kind {
        Kind::List(items) => items,
        kind => vec![Node { kind, span: sub.span }],
    });
    let span = sup.span;
    let below = below.into_iter().chain(own.into_iter().flatten()).collect();
    *sub = Some(Box::new(Node { kind: Kind::List(below), span }));
    **sup = above;
}

/// What stays above a name with several indices there, and the indices that do not.
fn indices_above(sup: &Node) -> Option<(Node, Vec<Node>)> {
    match &sup.kind {
        Kind::Group(inner) => indices_above(inner),
        Kind::Product(items) => {
            let is_joined = |(times, item): &&(Times, Node)| *times == Times::Juxtaposed && is_dressed(item);
            let n_indices = items.iter().take_while(is_joined).count();
            let (first, below) = items[..n_indices].split_first()?;
            // Of brackets of one kind, `x^{(a)(b)}`, nothing says that they are no product.
            if below.is_empty() || below.iter().any(|(_, item)| opening(item) == opening(&first.1)) {
                return None;
            }
            let below = below.iter().map(|(_, item)| undressed(item)).collect();
            let above: Vec<(Times, Node)> = std::iter::once(first).chain(&items[n_indices..]).cloned().collect();
            let kind = if above.len() == 1 { first.1.kind.clone() } else { Kind::Product(above) };
            Some((Node { kind, span: sup.span }, below))
        }
        Kind::Fenced { open, close, body } if is_dressed(sup) => {
            let Kind::List(items) = &body.kind else { return None };
            let (first, below) = items.split_first()?;
            let kind = Kind::Fenced { open: open.clone(), close: close.clone(), body: Box::new(first.clone()) };
            (!below.is_empty()).then(|| (Node { kind, span: sup.span }, below.to_vec()))
        }
        _ => None,
    }
}

/// The bracket that a superscript begins with.
fn opening(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Fenced { open, .. } => Some(open),
        _ => None,
    }
}

/// Whether a superscript is an index, or several, in brackets: `(t)`, `[l]`, `\{k\}`, `\langle t \rangle`.
fn is_dressed(node: &Node) -> bool {
    let Kind::Fenced { open, body, .. } = &node.kind else { return false };
    let is_bracket = matches!(open.as_str(), "(" | "[" | r"\{" | r"\langle");
    is_bracket
        && match &body.kind {
            Kind::List(items) => items.iter().all(is_index),
            _ => is_index(body),
        }
}

/// `t`, `1`, `t - 1`.
fn is_index(node: &Node) -> bool {
    match &node.kind {
        Kind::Symbol(_) | Kind::Number(_) => true,
        Kind::Sum(terms) => {
            terms.len() <= 2 && terms.iter().all(|(_, term)| matches!(term.kind, Kind::Symbol(_) | Kind::Number(_)))
        }
        Kind::Group(inner) => is_index(inner),
        _ => false,
    }
}

fn undressed(node: &Node) -> Node {
    match &node.kind {
        Kind::Fenced { body, .. } => (**body).clone(),
        _ => node.clone(),
    }
}

/// A formula of a `define` fence with the entry on its left, `(h_t)_i`, as a name with its indices, `h_{t,i}`.
pub fn with_flat_head(mut formula: Formula) -> Formula {
    if let Kind::Chain { first, .. } = &mut formula.body.kind
        && let Some(flat) = flat_entry(first)
    {
        **first = flat;
    }
    formula
}

fn flat_entry(left: &Node) -> Option<Node> {
    let Kind::Script { base, sub: Some(entry), sup: None, primes: 0 } = &left.kind else { return None };
    let Kind::Fenced { open, body, .. } = &base.kind else { return None };
    let Kind::Script { base, sub, sup, primes: 0 } = &body.kind else { return None };
    base_name(base).filter(|_| matches!(open.as_str(), "(" | "["))?;
    let items = sub.iter().chain([entry]).flat_map(|script| match &script.kind {
        Kind::List(items) => items.clone(),
        _ => vec![(**script).clone()],
    });
    let below = Node { kind: Kind::List(items.collect()), span: entry.span };
    let kind = Kind::Script { base: base.clone(), sub: Some(Box::new(below)), sup: sup.clone(), primes: 0 };
    Some(Node { kind, span: left.span })
}

/// The functions that a formula of a `given` fence declares: their primes are derivatives.
pub fn functions_declared(formula: &Formula) -> BTreeSet<String> {
    match &formula.body.kind {
        Kind::Signature { names, .. } => list_of(names).into_iter().filter_map(base_of).collect(),
        _ => BTreeSet::new(),
    }
}

/// The letters of a name without its scripts.
fn base_of(name: &Node) -> Option<String> {
    match &name.kind {
        Kind::Script { base, .. } => base_name(base),
        _ => base_name(name),
    }
}

/// The names with primes that a formula of a `given` fence declares: `c'` of `c'_t \in \mathbb{R}`.
pub fn primed_names_declared(formula: &Formula) -> BTreeSet<String> {
    match &formula.body.kind {
        Kind::Chain { first, rest } if matches!(rest[..], [(Relation::In, _)]) => {
            list_of(first).into_iter().filter_map(with_primes).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// The name with primes on the left of a formula of a `define` fence.
pub fn primed_name_defined(formula: &Formula) -> Option<String> {
    match &formula.body.kind {
        Kind::Chain { first, .. } => with_primes(first),
        _ => None,
    }
}

/// The letters with primes over which big operators run: `a'` of `\sum_{a'} e^{a'}`.
pub fn primed_letters_bound(formula: &Formula) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Node> = std::iter::once(&formula.body).chain(&formula.conditions).collect();
    while let Some(node) = open.pop() {
        if let Kind::Big { sub: Some(sub), .. } = &node.kind {
            found.extend(bound_in(sub, with_primes));
        }
        open.extend(node.children());
    }
    found
}

/// A name with its primes, where it has some.
fn with_primes(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Script { base, primes: n_primes @ 1.., .. } => Some(base_name(base)? + &"'".repeat(*n_primes)),
        _ => None,
    }
}

/// A formula in which the primes of these names are a part of them, and no derivative.
pub fn with_primed_names(mut formula: Formula, known: &BTreeSet<String>) -> Formula {
    formula.change_each(&mut |node| {
        let Some(name) = with_primes(node).filter(|name| known.contains(name)) else { return };
        let Kind::Script { base, sub, sup, primes } = &mut node.kind else { return };
        let whole = Node { kind: Kind::Symbol(name), span: base.span };
        *primes = 0;
        match (&sub, &sup) {
            (None, None) => node.kind = whole.kind,
            _ => **base = whole,
        }
    });
    formula
}
