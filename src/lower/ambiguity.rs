//! Where a formula can be read in two ways: what the declarations decide, said once, and what nothing decides.

use std::collections::BTreeSet;

use crate::expr::{Expr, Shape, SymbolId, SymbolKind};
use crate::lower::call::{is_known_function, spell_plain};
use crate::lower::expression::strip;
use crate::lower::fit::fit;
use crate::lower::meant::function_meant;
use crate::lower::names::{Dress, Name, Part, base_name, undress};
use crate::lower::reader::Reader;
use crate::lower::sized::is_constant;
use crate::lower::symbol::{collect_symbols, is_power_of_e};
use crate::print::is_command;
use crate::source::Span;
use crate::syntax::ast::{Kind, Node};

impl Reader<'_> {
    /// `w(a + b)`: a product where `w` is declared as a number, and a call for whoever does not know that.
    ///
    /// A bracket that stands apart, and one after an integer, is not taken for arguments. `None` after a diagnostic:
    /// several arguments are no factor.
    pub(super) fn product_or_call(&mut self, items: &[Node]) -> Option<()> {
        let [first, second, ..] = items else { return Some(()) };
        let Some(arguments) = arguments_of(second) else { return Some(()) };
        let (base, sub, sup) = scripts_of(first);
        let Some(base) = base.filter(|base| self.locals.iter().all(|(name, _)| name != base)) else { return Some(()) };
        let candidates: Vec<Name> = self.names.with_base(&base).into_iter().cloned().collect();
        let Some(name) = candidates.iter().find(|name| fit(name, sub, sup).is_some()) else { return Some(()) };
        if let Some(instead) =
            sub.filter(|_| !name.is_whole() || name.is_plain()).and_then(|_| instead_of(first, Some(second)))
        {
            return self.not_known_here(first, &instead);
        }
        let is_beside = first.span.end == second.span.start;
        let written = spell_plain(first);
        let shape = self.arena.declared_shape(name.symbol);
        if let Kind::List(several) = &strip(arguments).kind
            && is_beside
        {
            let message = format!("`{written}` is declared as {}, which takes no arguments", self.describe(shape));
            let hint = format!("declare a function: `{written} : {}`", signature(several.len()));
            return self.fail("not-a-function", second.span, message, &hint);
        }
        let is_integer = self.arena.kind(name.symbol) == SymbolKind::Integer;
        let is_plain_factor = matches!(shape, Shape::Matrix(..)) && matches!(strip(arguments).kind, Kind::Sum(_));
        if is_known_function(&base) || is_beside && !is_integer && !is_plain_factor {
            let message = format!(
                "`{written}` is declared as {}, so it is multiplied by the bracket after it, and not called",
                self.describe(shape)
            );
            let hint = format!("for a call declare a function: `{written} : {}`", signature(1));
            self.note_of_name("read-as-product", &base, first.span, message, &hint);
        }
        Some(())
    }

    /// Refuses `e^2(x)` beside a declared function `e`: exp of 2 times a bracket, or the square of a value. `None` after a
    /// diagnostic.
    pub(super) fn power_of_e_or_function(&mut self, items: &[Node]) -> Option<()> {
        let [first, second, ..] = items else { return Some(()) };
        let (Some(base), sub, sup) = scripts_of(first) else { return Some(()) };
        let is_plain = !matches!(first.kind, Kind::Script { primes: 1.., .. });
        let is_function = |name: &&Name| name.is_plain() && self.model.is_function(name.symbol);
        if !is_plain
            || !is_power_of_e(&base, sub, sup)
            || arguments_of(second).is_none()
            || first.span.end != second.span.start
            || !self.names.with_base(&base).iter().any(is_function)
        {
            return Some(());
        }
        let written = spell_plain(first);
        let message =
            format!("`{written}` before a bracket is a power of the number e, or of a value of the function `{base}`");
        let hint =
            format!(r"write `\exp(…)` for the first, and the exponent after the value for the second: `{base}(x)^2`");
        self.fail("ambiguous-constant", first.span.to(second.span), message, &hint)
    }

    /// Whether an undeclared letter stands before a bracket as a function does.
    pub(super) fn is_unknown_before(&self, name: &Node, bracket: &Node) -> bool {
        let (Some(base), sub, sup) = scripts_of(name) else { return false };
        arguments_of(bracket).is_some()
            && self.names.with_base(&base).is_empty()
            && self.bold_with_entries(&base, (sub, sup)).is_none()
            && !self.letters.contains(&base)
            && self.locals.iter().all(|(local, _)| *local != base)
            && !is_constant(&base, sub.is_some())
    }

    /// What is a function elsewhere, and none here.
    pub(super) fn not_known_here<T>(&mut self, name: &Node, instead: &str) -> Option<T> {
        let written = match &name.kind {
            Kind::Operator(word) => format!(r"\operatorname{{{word}}}"),
            _ => spell_plain(name).replace("{max}", r"{\max}").replace("{min}", r"{\min}"),
        };
        self.fail("undeclared-symbol", name.span, format!("`{written}` is not known here"), instead)
    }

    /// `g(x)` with an undeclared `g`: nothing says whether it is called or multiplied. The diagnostic asks for it.
    pub(super) fn undeclared_before_bracket<T>(&mut self, name: &Node, bracket: &Node) -> Option<T> {
        let written = match &name.kind {
            Kind::Operator(word) => format!(r"\operatorname{{{word}}}"),
            _ => spell_plain(name),
        };
        let n_arguments = match arguments_of(bracket).map(|body| &strip(body).kind) {
            Some(Kind::List(items)) => items.len(),
            _ => 1,
        };
        if let Some(instead) = instead_of(name, Some(bracket)) {
            return self.not_known_here(name, &instead);
        }
        if let Kind::Operator(word) = &name.kind {
            let message = format!("`{written}` is not declared, and no function is known by this name");
            let instead = match function_meant(word) {
                Some(latex) => format!("write `{latex}`"),
                None => "write it with the functions that are known".to_owned(),
            };
            let hint = format!("{instead}, or declare it: `{written} : {}`", signature(n_arguments));
            return self.fail("undeclared-symbol", name.span, message, &hint);
        }
        let message = format!("`{written}` is not declared, so nothing says whether it is called or multiplied");
        let number =
            if n_arguments == 1 { format!(r", or a number, `{written} \in \mathbb{{R}}`") } else { String::new() };
        let hint =
            format!("declare it in a `math given` fence: a function, `{written} : {}`{number}", signature(n_arguments));
        self.fail("undeclared-symbol", name.span, message, &hint)
    }

    /// `h^l`, `h^{(l)}` of a name that is declared without an index above: a power, or not understood.
    pub(super) fn index_or_power(&mut self, node: &Node, name: &Name, sup: &Node) -> Option<()> {
        let (dress, inner) = undress(sup);
        let letter = match &strip(inner).kind {
            Kind::Symbol(letter) => letter.clone(),
            Kind::Number(_) if dress != Dress::Plain => String::new(),
            _ => return Some(()),
        };
        let (written, bare) = (spell_plain(node), spell_plain(&without_sup(node)));
        let shape = self.arena.declared_shape(name.symbol);
        let set = self.set_of(shape);
        if dress != Dress::Plain {
            let message = format!("`{written}` is not declared, only `{bare}` is");
            let family = if letter.is_empty() { format!("{bare}^{{{}}}", dress.around("l")) } else { written };
            let hint = format!(r"declare the family: `{family} \in {set}`; an exponent stands without the bracket");
            return self.fail("undeclared-symbol", node.span, message, &hint);
        }
        let is_declared = !self.names.with_base(&letter).is_empty();
        let runs = self.letters.contains(&letter) || self.locals.iter().any(|(local, _)| *local == letter);
        if !is_declared && !runs && is_letter(&letter) {
            let message = format!("nothing says whether `{letter}` above `{bare}` is an index or an exponent");
            let hint = format!(
                r"declare the family `{written} \in {set}`, or for a power the exponent `{letter} \in \mathbb{{N}}`"
            );
            return self.fail("undeclared-symbol", sup.span, message, &hint);
        }
        let could_transpose = letter == "T" && shape.is_scalar();
        if could_transpose || !is_declared && runs && is_letter(&letter) {
            let message =
                format!("`{written}` is read as a power, because `{bare}` is declared without an index above");
            let hint = format!("declare `{written}` as a family if `{letter}` is an index");
            self.note_of_name("read-as-power", &bare, node.span, message, &hint);
        }
        Some(())
    }

    /// `a^2` of a family `a^l`: its member, where a square could be meant.
    pub(super) fn member_or_power(&mut self, node: &Node, name: &Name, sup: Option<&Node>) {
        let (Part::Absent | Part::Fixed(_), Part::Index(Dress::Plain, _), Some(sup)) = (&name.sub, &name.sup, sup)
        else {
            return;
        };
        let Kind::Number(number) = &strip(sup).kind else { return };
        if matches!(number.as_str(), "0" | "1") {
            return;
        }
        let family = name.with_letter("l");
        let message =
            format!("`{}` is read as the member {number} of the family `{family}`, not as a power", spell_plain(node));
        let hint = format!("write `({family})^{number}` for a power");
        self.note_of_name("read-as-member", &family, node.span, message, &hint);
    }

    /// `\sin 2 x`: the argument ends with the next factor, where all of them could be meant.
    pub(super) fn argument_or_factor(&mut self, function: &Node, argument: &Node, after: &Node) {
        if !matches!(strip(after).kind, Kind::Symbol(_) | Kind::Script { .. } | Kind::Fenced { .. }) {
            return;
        }
        let (written, taken) = (command_of(function), spell_plain(argument));
        let (base, sub, _) = scripts_of(after);
        if base.is_some_and(|base| sub.is_none() && is_known_function(&base)) {
            return;
        }
        let message =
            format!("`{written}` is taken of `{taken}` alone, the next factor, and the rest is multiplied by it");
        let hint = format!("write its argument in parentheses: `{written}(…)`");
        self.note_of_name("read-as-argument", &written, function.span.to(after.span), message, &hint);
    }

    /// `\sin 2 x`: the argument is a number with the names after it, where the number alone could be meant.
    pub(super) fn note_of_multiple(&mut self, function: &Node, argument: &Node) {
        let (written, taken) = (command_of(function), spell_plain(argument));
        let message = format!("`{written}` is taken of all of `{taken}`, the number and what stands next to it");
        let hint = format!("write its argument in parentheses: `{written}(…)`");
        self.note_of_name("read-as-argument", &written, function.span.to(argument.span), message, &hint);
    }

    /// Says which of two declared names was taken, where the scripts fit both, or where its script runs as an index.
    pub(super) fn name_or_index(&mut self, node: &Node, taken: &Name, all: &[Name]) {
        let (_, sub, sup) = scripts_of(node);
        let fixed = [&taken.sub, &taken.sup].into_iter().find_map(|part| match part {
            Part::Fixed(text) => Some(text.clone()),
            Part::Absent | Part::Index(..) => None,
        });
        let Some(script) = fixed else { return };
        let fits = |other: &&Name| {
            fit(other, sub, sup).is_some_and(|(_, components, _)| {
                self.arena.declared_shape(other.symbol).sizes().len() >= components.len()
            })
        };
        if let Some(other) = all.iter().filter(|other| other.symbol != taken.symbol).find(fits) {
            let message = format!(
                "`{}` is read as the declared name, not as a part of `{}`",
                taken.with_letter("t"),
                other.with_letter("t")
            );
            let hint = "rename one of the two where the other is meant";
            self.note_of_name("read-as-name", &taken.with_letter("t"), node.span, message, hint);
        } else if self.letters.contains(&script) || self.locals.iter().any(|(local, _)| *local == script) {
            let message =
                format!("`{}` is read as the declared name, though `{script}` runs here", taken.with_letter("t"));
            let hint = format!("write another letter than `{script}` for the index");
            self.note_of_name("read-as-name", &taken.with_letter("t"), node.span, message, &hint);
        }
    }

    /// `x_j` where `x_t` is a family and `x` has entries: which is meant only the letter of the family can tell.
    pub(super) fn family_or_vector(
        &mut self,
        node: &Node,
        taken: &Name,
        (sub, sup): (Option<&Node>, Option<&Node>),
        all: &[Name],
    ) -> Option<()> {
        let (Part::Index(..), Some(script)) = (&taken.sub, sub) else { return Some(()) };
        let is_whole = |other: &&Name| {
            let n_entries = self.arena.declared_shape(other.symbol).sizes().len();
            other.sub == Part::Absent
                && n_entries > 0
                && fit(other, sub, sup).is_some_and(|(_, components, _)| components.len() <= n_entries)
        };
        let Some(whole) = all.iter().find(is_whole) else { return Some(()) };
        let mut standing = BTreeSet::new();
        collect_symbols(script, &mut standing);
        let given = self.model.declarations.get(&taken.symbol).map(|own| own.indices.clone());
        let defined = self.model.definitions_of(taken.symbol).filter_map(|own| own.letters());
        let own: Vec<SymbolId> = given.into_iter().chain(defined).flatten().collect();
        if own.is_empty() || own.iter().any(|&letter| standing.contains(self.arena.name(letter))) {
            return Some(());
        }
        let (written, family, whole) = (spell_plain(node), taken.with_letter("t"), whole.with_letter("t"));
        let message = format!("`{written}` may be a member of the family `{family}` or an entry of `{whole}`");
        let hint = "give one of the two another letter";
        self.fail("ambiguous-entry", node.span, message, hint)
    }

    /// `\sum_{t=1}^{T} v_t` of a vector `v`: its entries, where a family over `t` could be meant.
    pub(super) fn entry_or_member(&mut self, span: Span, value: Expr, letter: (&str, Expr), upper: Expr) {
        use crate::expr::Node as Meaning;
        let symbols = |reader: &Self, expr: Expr| -> Vec<Expr> {
            let parts = reader.arena.reachable(&[expr]).into_iter();
            parts.filter(|&part| matches!(reader.arena.node(part), Meaning::Symbol { .. })).collect()
        };
        let bound = symbols(self, upper);
        for part in self.arena.reachable(&[value]) {
            let Meaning::Entry { of, at } = self.arena.node(part).clone() else { continue };
            let Meaning::Symbol { symbol, indices, .. } = self.arena.node(of).clone() else { continue };
            // The size of a start is not that of the other members.
            let is_settled = self.model.declarations.get(&symbol).is_some_and(|own| own.indices.len() == indices.len());
            let Some(place) = at.iter().position(|&index| is_settled && index == letter.1) else { continue };
            let size = self.arena.shape(of).sizes()[place];
            let of_size = symbols(self, size);
            if bound.is_empty() || of_size.is_empty() || of_size.iter().any(|part| bound.contains(part)) {
                continue;
            }
            let (name, own) = (self.arena.name(symbol).replace(r"\cdot", "t"), letter.0);
            let message =
                format!("`{own}` counts the entries of `{name}`, though it runs to another bound than their number");
            let hint = match indices.is_empty() {
                true => format!(r"declare a family `{name}_{own} \in \mathbb{{R}}` if `{own}` is its index"),
                false => "let it run to the number of the entries".to_owned(),
            };
            self.note_of_name("read-as-entry", &name, span, message, &hint);
        }
    }
}

/// A function as LaTeX writes it.
fn command_of(function: &Node) -> String {
    let written = spell_plain(function);
    if is_command(&written) { format!(r"\{written}") } else { written }
}

/// The base of a name with what stands below and above it.
fn scripts_of(node: &Node) -> (Option<String>, Option<&Node>, Option<&Node>) {
    match &node.kind {
        Kind::Script { base, sub, sup, .. } => (base_name(base), sub.as_deref(), sup.as_deref()),
        Kind::Symbol(_) | Kind::Operator(_) => (base_name(node), None, None),
        _ => (None, None, None),
    }
}

/// What stands in parentheses, a power of them included.
fn arguments_of(node: &Node) -> Option<&Node> {
    match &strip(node).kind {
        Kind::Fenced { open, close, body } if open == "(" && close == ")" => Some(body),
        Kind::Script { base, .. } => arguments_of(base),
        _ => None,
    }
}

fn without_sup(node: &Node) -> Node {
    match &node.kind {
        Kind::Script { base, sub: None, .. } => (**base).clone(),
        Kind::Script { base, sub, primes, .. } => Node {
            kind: Kind::Script { base: base.clone(), sub: sub.clone(), sup: None, primes: *primes },
            span: node.span,
        },
        _ => node.clone(),
    }
}

/// Whether a symbol is a letter that may run, and not a sign or a constant.
fn is_letter(text: &str) -> bool {
    let is_latin = text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
    (is_latin || text == r"\ell") && text != "e" && text != "T"
}

/// `\mathbb{R} \times \mathbb{R} \to \mathbb{R}`
fn signature(n_arguments: usize) -> String {
    let domain = vec![r"\mathbb{R}"; n_arguments.max(1)].join(r" \times ");
    format!(r"{domain} \to \mathbb{{R}}")
}

/// What to write instead of a function of matrices, or of random values, that is not known.
pub(super) fn instead_of(name: &Node, bracket: Option<&Node>) -> Option<String> {
    let (base, sub, _) = scripts_of(name);
    let base = base?;
    let of = bracket.and_then(arguments_of).map_or_else(|| "A".to_owned(), spell_plain);
    Some(match (base.as_str(), sub.and_then(base_name).as_deref()) {
        (r"\sigma", Some("max")) => format!(r"write `\|{of}\|_2`, the largest singular value"),
        (r"\lambda", Some("max")) => {
            r"write `\|A\|_2^2` for that of `A^\top A`, and `\rho(A)` for the largest magnitude of an eigenvalue"
                .to_owned()
        }
        (r"\sigma" | r"\lambda", Some("min")) => {
            r"say what it bounds: `c \|x\|^2 \le \|A x\|^2 \quad \forall x \in \mathbb{R}^n`".to_owned()
        }
        ("rank" | "rk", None) => {
            r"say what follows from it: `\det A \ne 0` where the rank is full, or `A = u v^\top`".to_owned()
        }
        ("Var" | "Cov" | "Corr", None) => {
            r"write it as a sum over what may happen: `\sum_{i=1}^{n} p_i (x_i - \mu)^2`".to_owned()
        }
        ("vec", None) => r"write the entries: `A_{ij}`".to_owned(),
        _ => return None,
    })
}
