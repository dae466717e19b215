//! Symbols: what a name with its scripts means.

use crate::expr::{Elementary, Expr, Function, Node as Meaning, Shape, SymbolKind};
use crate::lower::ambiguity::instead_of;
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::fit::fit;
use crate::lower::names::{Dress, Name, Part, base_name, digits_apart, script_items, undress};
use crate::lower::reader::Reader;
use crate::lower::sized::is_constant;
use crate::lower::superscript::{entrywise, names_transpose};
use crate::syntax::ast::{Kind, Node};
use crate::syntax::{nearest, without_look_alikes};

impl Reader<'_> {
    /// What a name means: a local letter, a declared name with its indices, components and powers, or a free index.
    pub(super) fn name(&mut self, node: &Node) -> Option<Expr> {
        if let Kind::Script { primes: 1.., .. } = &node.kind {
            return self.prime_of_value(node);
        }
        let (base_node, sub, sup) = match &node.kind {
            Kind::Script { base, sub, sup, .. } => (&**base, sub.as_deref(), sup.as_deref()),
            _ => (node, None, None),
        };
        let Some(base) = base_name(base_node) else {
            let value = self.expression(base_node)?;
            return self.scripted_value(node, value, sub, sup);
        };
        if let Some((_, value)) = self.locals.iter().rev().find(|(name, _)| *name == base).cloned() {
            return self.scripted_value(node, value, sub, sup);
        }
        let mut candidates: Vec<Name> = self.names.with_base(&base).into_iter().cloned().collect();
        // Beside `w_h` another letter below `w` may be a slip; beside `y^{ls}` it is not.
        if candidates.iter().all(|name| name.sub == Part::Absent && fit(name, sub, sup).is_none())
            && let Some(bold) = self.bold_with_entries(&base, (sub, sup))
        {
            self.note_of_bold(node, &bold);
            candidates.push(bold);
        }
        if candidates.is_empty()
            && let Some(plain) = self.plain_by_entries(&base, (sub, sup))
        {
            self.note_of_whole(node, &base, &plain);
            candidates.push(plain);
        }
        if let Some(apart) = with_digits_apart(node, &candidates) {
            return self.name(&apart);
        }
        for name in &candidates {
            if let Some((indices, rest_sub, rest_sup)) = fit(name, sub, sup)
                && !self.is_rather_constant(name, &rest_sub)
            {
                if self.model.is_function(name.symbol) && is_power_of_e(&base, sub, sup) {
                    continue;
                }
                if self.model.is_function(name.symbol) {
                    return self.index_of_function(node, name);
                }
                let (indices, rest_sub) = match self.multiple_index(name, sub, &rest_sub) {
                    Some(whole) => (vec![whole], Vec::new()),
                    None => (indices, rest_sub),
                };
                if self.names_size(name, &indices) {
                    return self.identity_or_member(node, name);
                }
                self.name_or_index(node, name, &candidates);
                self.family_or_vector(node, name, (sub, sup), &candidates)?;
                self.member_or_power(node, name, sup);
                let mut at = Vec::new();
                for index in indices {
                    at.push(self.index(index)?);
                }
                let value = self.member(name, at);
                if let Some(sup) = rest_sup {
                    self.index_or_power(node, name, sup)?;
                }
                return self.with_scripts(node, value, &rest_sub, rest_sup);
            }
        }
        let is_letter = sub.is_none() && self.letters.contains(&base);
        if !is_letter && let Some(value) = self.sized_constant(&base, sub, node.span) {
            let value = value?;
            return match sup {
                Some(sup) => self.superscript(node, value, sup),
                None => Some(value),
            };
        }
        if base == r"\infty" {
            let message = r"`\infty` is not a number, so it is no part of a sum, a product or a call".to_owned();
            let hint = r"it stands alone on a side, as a bound, and in `\lim_{t \to \infty}`";
            return self.fail("infinite-value", node.span, message, hint);
        }
        if let Some(value) = self.constant(node, &base, sub, sup) {
            return value;
        }
        if is_letter {
            let (_, value) = self.letter(&base);
            return match sup {
                Some(sup) => self.superscript(node, value, sup),
                None => Some(value),
            };
        }
        self.undeclared(node, &base, &candidates)
    }

    /// The declared `\mathbf{x}` whose entry an undeclared `x_i` is, where there is one.
    pub(super) fn bold_with_entries(&self, base: &str, (sub, sup): (Option<&Node>, Option<&Node>)) -> Option<Name> {
        let is_meant = |name: &&Name| {
            let n_sizes = self.arena.declared_shape(name.symbol).sizes().len();
            let entries = fit(name, sub, sup).map(|(_, entries, _)| entries);
            let n_entries = entries.map_or(0, |entries| if two_digits(&entries).is_some() { 2 } else { entries.len() });
            name.base != base && without_bold(&name.base) == base && n_entries > 0 && n_entries == n_sizes
        };
        let mut found = self.names.all().filter(is_meant);
        found.next().filter(|_| found.next().is_none()).cloned()
    }

    /// The vector that is defined by its entries, `a_i = …`, as which an undeclared `\mathbf{a}` is meant.
    fn plain_by_entries(&self, base: &str, (sub, sup): (Option<&Node>, Option<&Node>)) -> Option<Name> {
        let plain = without_bold(base);
        let is_by_entries = |symbol| {
            self.by_entries.contains(&symbol)
                || self.model.definitions_of(symbol).any(|definition| !definition.components.is_empty())
        };
        let is_meant = |name: &&&Name| name.is_whole() && is_by_entries(name.symbol) && fit(name, sub, sup).is_some();
        let names = if plain == base { Vec::new() } else { self.names.with_base(&plain) };
        names.iter().find(is_meant).map(|&name| name.clone())
    }

    fn note_of_whole(&mut self, node: &Node, bold: &str, name: &Name) {
        let own = name.template();
        let message = format!("`{bold}` is read as `{own}`, which is defined by its entries");
        let hint = format!("declare `{bold}` where it is another name");
        self.note_of_name("read-as-name", bold, node.span, message, &hint);
    }

    fn note_of_bold(&mut self, node: &Node, name: &Name) {
        let written = spell_plain(node);
        let bold = name.with_letter("t");
        let message = format!("`{written}` is read as an entry of `{bold}`");
        let hint = format!(r"declare `{written} \in \mathbb{{R}}` where it is another name");
        self.note_of_name("read-as-entry", &name.base, node.span, message, &hint);
    }

    /// Whether the index of a family `I_t` is a size of the file, as in `I_n`, the identity of that size.
    fn names_size(&self, name: &Name, indices: &[&Node]) -> bool {
        let [Node { kind: Kind::Symbol(size), .. }] = indices else { return false };
        let may_be_identity = without_bold(&name.base) == "I" && name.sup == Part::Absent;
        let declared = self.names.with_base(size);
        let symbol = declared.iter().find(|name| name.is_plain());
        let is_bound = self.locals.iter().any(|(local, _)| local == size);
        may_be_identity
            && !is_bound
            && symbol.is_some_and(|size| {
                self.model.declarations.values().any(|own| {
                    own.shape.sizes().into_iter().any(|part| {
                        matches!(self.arena.node(part), Meaning::Symbol { symbol, .. } if *symbol == size.symbol)
                    })
                })
            })
    }

    /// An index on a function that is declared without one.
    fn index_of_function<T>(&mut self, node: &Node, name: &Name) -> Option<T> {
        let (written, declared) = (spell_plain(node), name.with_letter("t"));
        let message = format!("`{written}` is not declared, only the function `{declared}` is");
        let hint = format!(
            r"declare a family of functions, `{written} : \mathbb{{R}} \to \mathbb{{R}}`, or write the index after the argument"
        );
        self.fail("undeclared-symbol", node.span, message, &hint)
    }

    fn identity_or_member<T>(&mut self, node: &Node, name: &Name) -> Option<T> {
        let (written, family) = (spell_plain(node), name.with_letter("t"));
        let message = format!("`{written}` is the identity of that size, or the member of the family `{family}`");
        let hint = format!(
            r"rename the family, or write the identity in another font: `{}`",
            written.replacen('I', r"\mathbf{I}", 1)
        );
        self.fail("ambiguous-constant", node.span, message, &hint)
    }

    /// A prime on what is not a function.
    pub(super) fn prime_of_value<T>(&mut self, node: &Node) -> Option<T> {
        let message = format!("`{}` carries a prime, but is not a function", spell_plain(node));
        let shape = self.names.named(node).map(|name| self.arena.declared_shape(name.symbol));
        let hint = match shape {
            Some(Shape::Vector(_) | Shape::Matrix(..)) => {
                r"write `^\top` for the transpose, or declare the name with its prime"
            }
            Some(Shape::Scalar) | None => r"write the derivative as a fraction: `\frac{d y}{d x}`",
        };
        self.fail("prime-of-value", node.span, message, hint)
    }

    /// Whether a declared name carries more indices than it has, as a constant that is known by the same letter may:
    /// `\delta_{ij}` beside a family `\delta_t`.
    fn is_rather_constant(&self, name: &Name, rest: &[&Node]) -> bool {
        let n_sizes = self.arena.declared_shape(name.symbol).sizes().len();
        rest.len() > n_sizes && is_constant(&name.base, true) && !self.shapeless.contains(&name.symbol)
    }

    /// The index `2t` of `s_{2t}`, where the members of the family are numbers and have no entries.
    fn multiple_index<'n>(&self, name: &Name, sub: Option<&'n Node>, rest: &[&Node]) -> Option<&'n Node> {
        let (sub, Part::Index(_, 1), Part::Absent | Part::Fixed(_)) = (sub?, &name.sub, &name.sup) else { return None };
        let Kind::Product(items) = &strip(sub).kind else { return None };
        // Nobody writes `1 t` for `t`: these are two indices.
        let counts = |number: &Node| matches!(&number.kind, Kind::Number(text) if text != "0" && text != "1");
        let is_multiple = matches!(&items[..], [(_, number), (_, letter)]
            if counts(number) && matches!(letter.kind, Kind::Symbol(_)));
        (is_multiple && !rest.is_empty() && self.arena.declared_shape(name.symbol).is_scalar()).then_some(sub)
    }

    /// A member of a family, or a plain name, in the shape it has at these indices.
    pub(super) fn member(&mut self, name: &Name, at: Vec<Expr>) -> Expr {
        if self.shapeless.contains(&name.symbol) {
            self.waiting.insert(name.symbol);
        }
        let shape = self.member_shape(name.symbol, &at);
        self.arena.member_of_shape(name.symbol, at.into(), shape)
    }

    pub(super) fn member_shape(&mut self, symbol: crate::expr::SymbolId, at: &[Expr]) -> Shape {
        if let Some(own) = self.names.shape_of_member(symbol, at) {
            return own;
        }
        let declared = self.model.declarations.get(&symbol).map(|d| (d.shape, d.indices.clone()));
        let (shape, letters) = match declared {
            Some((shape, letters)) if letters.len() == at.len() => (shape, letters),
            _ => return self.arena.declared_shape(symbol),
        };
        let mut map = crate::expr::Substitution::new();
        for (&letter, &value) in letters.iter().zip(at) {
            map.insert(self.arena.symbol(letter), value);
        }
        let sizes = self.arena.substitute_all(&shape.sizes(), &map);
        Shape::from_sizes(&sizes).unwrap_or(shape)
    }

    /// Numbers known by name, with what stands above them: e, π and δ. Outside `None` for other names, inside after a
    /// diagnostic.
    fn constant(&mut self, node: &Node, base: &str, sub: Option<&Node>, sup: Option<&Node>) -> Option<Option<Expr>> {
        let value = match (base, sub) {
            ("e" | r"\mathrm{e}", None) if !self.letters.contains("e") => {
                let exponent = match sup {
                    Some(sup) => self.expression(sup),
                    None => Some(self.arena.one()),
                };
                return Some(exponent.and_then(|x| self.apply_elementary(node, Elementary::Exp, vec![x], 0)));
            }
            (r"\pi", None) => self.arena.pi(),
            (r"\delta" | r"\mathbb{1}", Some(sub)) => {
                let items = script_items(sub);
                let [i, j] = items[..] else { return None };
                let (i, j) = (self.index(i)?, self.index(j)?);
                self.arena.delta(i, j)
            }
            _ => return None,
        };
        Some(match sup {
            Some(sup) => self.superscript(node, value, sup),
            None => Some(value),
        })
    }

    fn undeclared(&mut self, node: &Node, base: &str, candidates: &[Name]) -> Option<Expr> {
        let written = spell_plain(node);
        if let Some(example) = needs_index(base) {
            let message = format!(r"`\{base}` does not say what varies");
            return self.fail("missing-index", node.span, message, &format!("write it below: `{example}`"));
        }
        if let Some((what, hint)) = without_declaration(base) {
            let message = format!("`{written}` is read as {what}, which has no meaning for the engine");
            return self.fail("not-supported", node.span, message, hint);
        }
        if !candidates.is_empty() {
            let known: Vec<String> =
                candidates.iter().take(3).map(|other| format!("`{}`", other.with_letter("t"))).collect();
            let (known, verb) = (known.join(", "), if known.len() == 1 { "is" } else { "are" });
            let message = format!("`{written}` is not declared, only {known} {verb}");
            let hint = format!(r"write it as it was declared, or declare it: `{written} \in \mathbb{{R}}`");
            return self.fail("undeclared-symbol", node.span, message, &hint);
        }
        if let Some(instead) = instead_of(node, None) {
            return self.not_known_here(node, &instead);
        }
        if let Some(latin) = without_look_alikes(base) {
            let message = format!("`{written}` is not declared; it only looks like `{latin}`, and is another letter");
            return self.fail("undeclared-symbol", node.span, message, &format!("write `{latin}`"));
        }
        let hint = match self.nearest(node, base) {
            Some(near) => format!(
                r"did you mean `{near}`? otherwise declare it: `{written} \in \mathbb{{R}}` in a `math given` fence"
            ),
            None => {
                let set = self.likely_sets.get(&written).unwrap_or(&r"\mathbb{R}");
                format!(r"declare it: `{written} \in {set}` in a `math given` fence")
            }
        };
        self.fail("undeclared-symbol", node.span, format!("`{written}` is not declared"), &hint)
    }

    /// A declared name that looks alike, with the scripts of the undeclared one where it can carry them: the same
    /// letter in another font or in another case, or a word with a slip in it.
    fn nearest(&self, node: &Node, base: &str) -> Option<String> {
        let bare = |text: &str| text.trim_end_matches('}').rsplit(['{', '\\']).next().unwrap_or(text).to_owned();
        let written = bare(base);
        let alike = |same: &dyn Fn(&str) -> bool| self.names.all().find(|name| same(&bare(&name.base)));
        let in_font = || alike(&|own| own == written);
        let in_case = || alike(&|own| own.eq_ignore_ascii_case(&written));
        let words = || self.names.bases().filter(|own| own.chars().count() > 1 && written.chars().count() > 1);
        let slip = || nearest(base, words()).and_then(|word| self.names.with_base(word).first().copied());
        let name = in_font().or_else(in_case).or_else(slip)?;
        let (sub, sup) = match &node.kind {
            Kind::Script { sub, sup, .. } => (sub.as_deref(), sup.as_deref()),
            _ => (None, None),
        };
        let fits = fit(name, sub, sup).is_some_and(|(_, components, _)| {
            components.is_empty() || self.arena.declared_shape(name.symbol).sizes().len() == components.len()
        });
        Some(match fits {
            true => spell_plain(node).replacen(base, &name.base, 1),
            false => name.with_letter("t"),
        })
    }

    fn scripted_value(&mut self, node: &Node, value: Expr, sub: Option<&Node>, sup: Option<&Node>) -> Option<Expr> {
        let rest: Vec<&Node> = sub.map(script_items).unwrap_or_default();
        self.with_scripts(node, value, &rest, sup)
    }

    /// A value with the indices of an entry and a superscript that are left: of a matrix in the order written, so that
    /// `W^\top_{ij}` is an entry of the transpose and `W_{ij}^2` a power of the entry.
    fn with_scripts(&mut self, node: &Node, value: Expr, rest: &[&Node], sup: Option<&Node>) -> Option<Expr> {
        let Some(sup) = sup else { return self.components(node, value, rest) };
        if self.is_of_the_whole(value, rest, sup) {
            let whole = self.superscript(node, value, sup)?;
            if !names_transpose(sup) {
                let bare = without_sub(node);
                let indices: String = rest.iter().map(|index| spell_plain(index)).collect();
                let written = format!("{bare}_{{{indices}}}");
                let message = format!("`{written}` is read as an entry of `{bare}`, not as a power of the entry");
                let hint = "write the index first for a power of the entry, `W_{ij}^2`";
                self.note_of_name("read-as-entry", &written, node.span, message, hint);
            }
            return self.components(node, whole, rest);
        }
        let value = self.components(node, value, rest)?;
        self.superscript(node, value, sup)
    }

    /// Whether a superscript stands before the indices of an entry, and a whole matrix can carry it.
    fn is_of_the_whole(&mut self, value: Expr, rest: &[&Node], sup: &Node) -> bool {
        let (Shape::Matrix(m, n), Some(first)) = (self.arena.shape(value), rest.first()) else { return false };
        let is_square = self.settled(m) == self.settled(n);
        sup.span.start < first.span.start && entrywise(sup).is_none() && (is_square || names_transpose(sup))
    }

    /// An entry of a vector or matrix, where scripts are left that are not of the name.
    fn components(&mut self, node: &Node, value: Expr, rest: &[&Node]) -> Option<Expr> {
        if rest.is_empty() {
            return Some(value);
        }
        let shape = self.arena.shape(value);
        if let (2, Some(digits)) = (shape.sizes().len(), two_digits(rest)) {
            let at = digits.map(|digit| self.arena.integer(digit));
            return self.entry_inside(node, value, at.to_vec());
        }
        if shape.sizes().len() != rest.len() {
            let n_written = if rest.len() == 1 { "1 index".to_owned() } else { format!("{} indices", rest.len()) };
            let message = format!("{} has no entry with {n_written}", self.describe(shape));
            let bare = without_sub(node);
            let hint = match shape {
                Shape::Scalar => format!(
                    r"declare `{bare}` as a vector or a matrix, or `{}` as a family of numbers",
                    spell_plain(node)
                ),
                Shape::Vector(_) | Shape::Matrix(..) => "a vector takes one index below, a matrix two".to_owned(),
            };
            return self.fail("wrong-indices", node.span, message, &hint);
        }
        let mut at = Vec::new();
        for index in rest {
            at.push(self.index(index)?);
        }
        self.entry_inside(node, value, at)
    }

    /// The entry at these indices, which must not lie outside.
    fn entry_inside(&mut self, node: &Node, value: Expr, at: Vec<Expr>) -> Option<Expr> {
        let shape = self.arena.shape(value);
        for (&index, size) in at.iter().zip(shape.sizes()) {
            let below_one = self.arena.as_integer(index).is_some_and(|i| i < 1);
            let above = self.arena.as_integer(index).zip(self.arena.as_integer(size)).is_some_and(|(i, n)| i > n);
            if below_one || above {
                let message =
                    format!("`{}` lies outside: it is an entry of {}", spell_plain(node), self.describe(shape));
                let hint = "entries are counted from 1 to the size";
                return self.fail("index-out-of-range", node.span, message, hint);
            }
        }
        Some(self.arena.entry(value, at))
    }

    /// An integer expression in a script.
    pub(super) fn index(&mut self, node: &Node) -> Option<Expr> {
        if let Kind::Symbol(text) = &node.kind
            && !self.locals.iter().any(|(name, _)| name == text)
            && self
                .names
                .with_base(text)
                .iter()
                .all(|name| self.arena.kind(name.symbol) != SymbolKind::Integer || name.sub != Part::Absent)
        {
            return Some(self.letter(text).1);
        }
        let before = self.letters.clone();
        collect_symbols(node, &mut self.letters);
        let value = self.expression(node);
        self.letters = before;
        value
    }

    /// Whether an exponent is made of integers and integer letters.
    pub(super) fn is_whole(&self, exponent: Expr) -> bool {
        self.arena.reachable(&[exponent]).into_iter().all(|expr| match self.arena.node(expr) {
            Meaning::Number(value) => value.is_int(),
            Meaning::Symbol { symbol, .. } => self.arena.kind(*symbol) == SymbolKind::Integer,
            Meaning::Sum(_) | Meaning::Product(_) => true,
            Meaning::Call { function: Function::Elementary(Elementary::Max | Elementary::Min), .. } => true,
            _ => false,
        })
    }
}

/// Whether a name with its scripts is written as exp is, `e^{-x}`: it stays that beside a declared function `e`.
pub(super) fn is_power_of_e(base: &str, sub: Option<&Node>, sup: Option<&Node>) -> bool {
    let is_order = |sup: &Node| {
        undress(sup).0 == Dress::Round || matches!(strip(sup).kind, Kind::Symbol(ref sign) if sign == r"\prime")
    };
    matches!(base, "e" | r"\mathrm{e}") && sub.is_none() && sup.is_some_and(|sup| !is_order(sup))
}

/// How an operator is written that stands without what varies.
fn needs_index(base: &str) -> Option<&'static str> {
    match base {
        "lim" => Some(r"\lim_{t \to \infty} h_t"),
        "sup" => Some(r"\sup_{z} f(z)"),
        "inf" => Some(r"\inf_{z} f(z)"),
        _ => None,
    }
}

/// What an undeclared sign stands for in every text, and what to write instead of it.
fn without_declaration(base: &str) -> Option<(&'static str, &'static str)> {
    match base {
        r"\mathbb{E}" => Some(("an expectation", r"write it as a sum over what may happen: `\sum_{i=1}^{n} p_i x_i`")),
        r"\mathbb{P}" => {
            Some(("a probability", r"give it a name and bound it: `p \in [0, 1]` in a `math given` fence"))
        }
        "Var" | "Cov" => {
            Some(("a moment", r"write it as a sum over what may happen: `\sum_{i=1}^{n} p_i (x_i - \mu)^2`"))
        }
        _ => None,
    }
}

/// A name without the fonts of vectors and matrices: `\hat{y}` of `\hat{\mathbf{y}}`.
fn without_bold(base: &str) -> String {
    let mut plain = base.to_owned();
    for font in [r"\mathbf{", r"\boldsymbol{", r"\bm{", r"\vec{"] {
        while let Some(at) = plain.find(font) {
            let start = at + font.len();
            let Some(end) = plain[start..].find('}').map(|end| start + end) else { break };
            plain = format!("{}{}{}", &plain[..at], &plain[start..end], &plain[end + 1..]);
        }
    }
    plain
}

/// What carries the indices of an entry, as it is written.
fn without_sub(node: &Node) -> String {
    match &node.kind {
        Kind::Script { base, sup, primes, .. } => {
            let kind = Kind::Script { base: base.clone(), sub: None, sup: sup.clone(), primes: *primes };
            spell_plain(&Node { kind, span: node.span })
        }
        _ => spell_plain(node),
    }
}

pub(super) fn collect_symbols(node: &Node, letters: &mut std::collections::BTreeSet<String>) {
    if let Kind::Symbol(text) = &node.kind {
        letters.insert(text.clone());
    }
    for child in node.children() {
        collect_symbols(child, letters);
    }
}

/// `Z_{11}` with two indices, where they are those of a family with two and fit no name otherwise.
fn with_digits_apart(node: &Node, candidates: &[Name]) -> Option<Node> {
    let Kind::Script { base, sub: Some(sub), sup, primes } = &node.kind else { return None };
    let has_two = candidates.iter().any(|name| matches!(name.sub, Part::Index(_, 2)));
    if !has_two || candidates.iter().any(|name| fit(name, Some(sub), sup.as_deref()).is_some()) {
        return None;
    }
    let items = Node { kind: Kind::List(digits_apart(sub)?.into()), span: sub.span };
    let (base, sub, sup) = (base.clone(), Some(Box::new(items)), sup.clone());
    Some(Node { kind: Kind::Script { base, sub, sup, primes: *primes }, span: node.span })
}

/// The two indices of an entry of a matrix that are written as one number, `W_{12}`.
fn two_digits(rest: &[&Node]) -> Option<[i64; 2]> {
    let [only] = rest else { return None };
    let Kind::Number(text) = &strip(only).kind else { return None };
    let digits: Vec<i64> = text.chars().filter_map(|c| c.to_digit(10)).map(i64::from).collect();
    <[i64; 2]>::try_from(digits).ok().filter(|_| text.len() == 2)
}
