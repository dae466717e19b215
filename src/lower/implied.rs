//! Declarations that a `given` fence leaves out: of sizes, `\mathbb{R}^{n}`, and of numbers that are only bounded,
//! `\eta > 0`.

use crate::expr::{Prop, Shape, SymbolId, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::{Dress, Name, Part, Usage, base_name, undress};
use crate::lower::reader::Reader;
use crate::model::Declaration;
use crate::syntax::ast::{Formula, Kind, Node, Relation, Sign};

/// What a name without a declaration is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// A natural number from 1.
    Size,
    /// A real number.
    Number,
}

impl Reader<'_> {
    /// An undeclared letter that is a size declares itself as one.
    pub(super) fn imply_dimensions(&mut self, size: &Node) {
        if let Kind::Symbol(name) = &size.kind
            && !self.names.with_base(name).iter().any(|own| own.is_plain())
            && !self.letters.contains(name)
            && name.chars().next_back().is_some_and(char::is_alphabetic)
        {
            self.take(name.clone(), (Part::Absent, Part::Absent), Vec::new(), Taken::Size, size);
        }
        let is_known = |base: &Node| base_name(base).is_some_and(|base| !self.names.with_base(&base).is_empty());
        match &size.kind {
            Kind::Script { .. } if self.names.named(size).is_some_and(|name| name.is_whole()) => {}
            // `n_{l-1}` is a member of `n_l`: only its index may be new.
            // `n_a` is one name where its letter is no index: neither `n` nor `a` is a size.
            Kind::Script { base, sub: Some(_), sup: None, primes: 0 }
                if base_name(base).is_some() && !is_known(base) =>
            {
                self.likely_sets.insert(spell_plain(size), r"\mathbb{N}");
            }
            Kind::Script { base, sub, sup, .. } if is_known(base) => {
                sub.iter().chain(sup).for_each(|script| self.imply_dimensions(script));
            }
            _ => size.children().into_iter().for_each(|part| self.imply_dimensions(part)),
        }
    }

    /// Undeclared sizes with an index, `n_l` and `n^{[l]}`, are families of sizes where the file uses them as such.
    pub(super) fn imply_families(&mut self, set: &Node, usage: &Usage) {
        let Kind::Script { sup: Some(sizes), .. } = &strip(set).kind else { return };
        let mut open = vec![&**sizes];
        while let Some(part) = open.pop() {
            if let Kind::Script { base, sub, sup, primes: 0 } = &part.kind
                && let Some(base) = base_name(base)
                && self.names.with_base(&base).is_empty()
            {
                self.imply_family(part, base, (sub.as_deref(), sup.as_deref()), usage);
            }
            open.extend(part.children());
        }
    }

    fn imply_family(&mut self, size: &Node, base: String, scripts: (Option<&Node>, Option<&Node>), usage: &Usage) {
        let (sub, sup) = match scripts {
            (Some(_), None) if usage.has_index_below(&base) => (Part::Index(Dress::Plain, 1), Part::Absent),
            (None, Some(sup)) if usage.has_index_above(&base) => (Part::Absent, Part::Index(undress(sup).0, 1)),
            (Some(sub), None) if matches!(strip(sub).kind, Kind::Number(_)) => {
                (Part::Fixed(spell_plain(sub)), Part::Absent)
            }
            _ => return,
        };
        let is_family = [&sub, &sup].into_iter().any(|part| matches!(part, Part::Index(..)));
        let letters = if is_family { vec![self.letter("l").0] } else { Vec::new() };
        self.take(base, (sub, sup), letters, Taken::Size, size);
    }

    /// `\eta > 0` and `\alpha, \epsilon > 0` declare names that nothing declared as real numbers; not those that stand
    /// as an index or a size somewhere.
    pub(super) fn imply_numbers(&mut self, formula: &Formula, usage: &Usage) {
        let Kind::Chain { first, rest } = &strip(&formula.body).kind else { return };
        let bounds = |relation: &Relation| {
            matches!(
                relation,
                Relation::Less | Relation::LessEqual | Relation::Greater | Relation::GreaterEqual | Relation::NotEqual
            )
        };
        let sides: Vec<&Node> = std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side)).collect();
        let names: Vec<&Node> = sides.iter().flat_map(|side| list_of(side)).filter(|side| !is_number(side)).collect();
        let are_bounded = rest.iter().all(|(relation, _)| bounds(relation)) && sides.iter().any(|side| is_number(side));
        if !are_bounded || !formula.conditions.is_empty() {
            return;
        }
        for node in names {
            let (base, sub) = match &strip(node).kind {
                Kind::Symbol(text) => (text.clone(), Part::Absent),
                Kind::Script { base, sub: Some(sub), sup: None, primes: 0 } => {
                    let Some(base) = base_name(base) else { continue };
                    (base, Part::Fixed(spell_plain(sub)))
                }
                _ => continue,
            };
            let is_index = usage.is_index(&base) || sub != Part::Absent && usage.has_index_below(&base);
            if !is_index && self.names.with_base(&base).is_empty() {
                self.take(base, (sub, Part::Absent), Vec::new(), Taken::Number, node);
            }
        }
    }

    fn take(&mut self, base: String, (sub, sup): (Part, Part), indices: Vec<SymbolId>, taken: Taken, at: &Node) {
        let kind = if taken == Taken::Size { SymbolKind::Integer } else { SymbolKind::Real };
        let mut name = Name { base, sub, sup, symbol: SymbolId::default() };
        let symbol = self.arena.intern(&name.template(), kind);
        self.arena.declare(symbol, kind, Shape::Scalar);
        name.symbol = symbol;
        let written = name.with_letter("l");
        self.names.add(name);
        let declaration =
            Declaration { symbol, indices: indices.clone(), shape: Shape::Scalar, signature: None, range: Vec::new() };
        self.model.declarations.insert(symbol, declaration);
        if taken == Taken::Number {
            let message = format!("`{written}` is not declared; it is taken as a real number");
            let hint = format!(r"declare it: `{written} \in \mathbb{{R}}`");
            return self.remark("implied-number", at.span, message, &hint);
        }
        self.names.imply(symbol);
        let at_letters: Vec<_> = indices.iter().map(|&letter| self.arena.symbol(letter)).collect();
        let (one, size) = (self.arena.one(), self.arena.member_of_shape(symbol, at_letters.into(), Shape::Scalar));
        let from_one = Prop::at_most(one, size);
        let from_one = if indices.is_empty() { from_one } else { Prop::ForAll(indices, Box::new(from_one)) };
        self.model.assumptions.push(from_one);
        let what = match matches!(strip(at).kind, Kind::Symbol(_)) {
            true => "a size, a natural number from 1",
            false => "sizes, natural numbers from 1",
        };
        let message = format!("`{written}` is not declared; it is taken as {what}");
        let hint = format!(r"declare it: `{written} \in \mathbb{{N}}`");
        self.remark("implied-dimension", at.span, message, &hint);
    }
}

/// `0`, `-1`, `\frac{1}{2}`.
fn is_number(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Number(_) => true,
        Kind::Sum(terms) => terms.iter().all(|(sign, term)| *sign != Sign::PlusMinus && is_number(term)),
        Kind::Frac { num, den } => is_number(num) && is_number(den),
        _ => false,
    }
}
