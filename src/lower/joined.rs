//! Names of several letters that are written together: `dQ`, `net_t`.

use crate::lower::call::spell_plain;
use crate::lower::fit::fit;
use crate::lower::given::is_declaration;
use crate::lower::names::{Name, base_name, spell};
use crate::lower::reader::Reader;
use crate::lower::sized::is_constant;
use crate::syntax::ast::{Formula, Kind, Node, Times};

/// How many letters a name may have that is written without a font.
const LONGEST: usize = 4;

/// A formula of a `given` fence with each name of several letters that it declares as one name.
pub fn with_joined_declarations(mut formula: Formula) -> Formula {
    join_declared(&mut formula.body);
    formula.conditions.iter_mut().for_each(join_declared);
    formula
}

/// A formula of a `define` fence with a name of several letters on its left as one name.
pub fn with_joined_head(mut formula: Formula) -> Formula {
    if let Kind::Chain { first, .. } = &mut formula.body.kind {
        join_each(first);
    }
    formula
}

fn join_declared(node: &mut Node) {
    if let Kind::List(items) = &mut node.kind {
        return items.iter_mut().for_each(join_declared);
    }
    if is_declaration(node)
        && let Kind::Chain { first: names, .. } | Kind::Signature { names, .. } = &mut node.kind
    {
        join_each(names);
    }
}

fn join_each(names: &mut Node) {
    match &mut names.kind {
        Kind::Group(inner) => join_each(inner),
        Kind::List(items) => items.iter_mut().for_each(join_each),
        Kind::Product(items) => {
            let letters = juxtaposed(items);
            let is_family = letters.last().is_some_and(|last| matches!(last.kind, Kind::Script { .. }));
            let is_one_word = letters.len() == items.len() && stand_together(&letters);
            if let Some(name) = joined(&letters).filter(|_| is_family && is_one_word) {
                *names = name;
            }
        }
        _ => {}
    }
}

/// The names with scripts that neighbouring factors may be: `d h_t` and `W d h_t` of `W d h_t`.
pub(super) fn names_within(items: &[(Times, Node)]) -> Vec<Node> {
    let ends = (1..items.len()).filter(|&last| matches!(items[last].1.kind, Kind::Script { .. }));
    let windows = ends.flat_map(|last| (last.saturating_sub(LONGEST - 1)..last).map(move |first| first..=last));
    windows.filter_map(|window| joined(&juxtaposed(&items[window]))).collect()
}

/// The factors at the beginning that are written without a sign between them.
fn juxtaposed(items: &[(Times, Node)]) -> Vec<Node> {
    let n_joined = items.iter().skip(1).take_while(|(times, _)| *times == Times::Juxtaposed).count() + 1;
    items.iter().take(n_joined).map(|(_, item)| item.clone()).collect()
}

/// Several letters as one name, with the scripts of the last; `None` where they are something else.
fn joined(letters: &[Node]) -> Option<Node> {
    let (last, before) = letters.split_last().filter(|(_, before)| !before.is_empty())?;
    let last_letter = match &last.kind {
        Kind::Script { base, .. } => base,
        _ => last,
    };
    let parts = || before.iter().chain([last_letter]);
    if !parts().all(|letter| matches!(letter.kind, Kind::Symbol(_))) {
        return None;
    }
    let span = before[0].span.to(last_letter.span);
    let product = Kind::Product(parts().map(|letter| (Times::Juxtaposed, letter.clone())).collect());
    let name = Node { kind: Kind::Symbol(spell(&Node { kind: product, span })?), span };
    Some(match &last.kind {
        Kind::Script { sub, sup, primes, .. } => Node {
            kind: Kind::Script { base: Box::new(name), sub: sub.clone(), sup: sup.clone(), primes: *primes },
            span: span.to(last.span),
        },
        _ => name,
    })
}

/// Whether letters stand without a space between them; the one that ends a command does not count.
fn stand_together(letters: &[Node]) -> bool {
    letters.windows(2).all(|pair| {
        let is_command = matches!(&pair[0].kind, Kind::Symbol(name) if name.starts_with('\\'));
        pair[1].span.start <= pair[0].span.end + usize::from(is_command)
    })
}

impl Reader<'_> {
    /// Several letters that are declared as one name: the name, and how many factors it takes.
    pub(super) fn joined_name(&mut self, items: &[Node]) -> Option<(Node, usize)> {
        let longest = items.len().min(LONGEST);
        let (n, name) = (2..=longest).rev().find_map(|n| Some((n, self.declared_name_of(&items[..n])?)))?;
        if items[..n].iter().all(|letter| self.is_known(letter)) {
            let written = spell_plain(&name);
            let message = format!("`{written}` is read as the declared name, not as the product of its letters");
            let hint = "leave a space between the letters for the product";
            let about = self.names.named(&name).map_or(written, Name::template);
            self.note_of_name("read-as-name", &about, name.span, message, hint);
        }
        Some((name, n))
    }

    /// The declared name that letters are: always where they are nothing apart, and where they stand together in a
    /// declared form otherwise.
    fn declared_name_of(&self, letters: &[Node]) -> Option<Node> {
        let name = joined(letters)?;
        let (base, sub, sup) = match &name.kind {
            Kind::Script { base, sub, sup, .. } => (base_name(base)?, sub.as_deref(), sup.as_deref()),
            _ => (base_name(&name)?, None, None),
        };
        let candidates = self.names.with_base(&base);
        let fits = candidates.iter().any(|candidate| fit(candidate, sub, sup).is_some());
        let is_meant = match letters.iter().all(|letter| self.is_known(letter)) {
            true => fits && stand_together(letters),
            false => !candidates.is_empty(),
        };
        is_meant.then_some(name)
    }

    /// Whether a letter with its scripts means something by itself.
    fn is_known(&self, letter: &Node) -> bool {
        let (base, has_sub) = match &letter.kind {
            Kind::Script { base, sub, .. } => (base_name(base), sub.is_some()),
            _ => (base_name(letter), false),
        };
        base.is_some_and(|base| {
            !self.names.with_base(&base).is_empty()
                || self.letters.contains(&base)
                || self.locals.iter().any(|(local, _)| *local == base)
                || is_constant(&base, has_sub)
        })
    }
}
