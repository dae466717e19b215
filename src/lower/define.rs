//! `math define`: definitions of names, families, recurrences and functions.

use std::borrow::Cow;

use crate::expr::{Expr, Node as Meaning, Prop, Shape, SymbolId, SymbolKind};
use crate::lower::at_point::name_and_arguments;
use crate::lower::call::{known_elementary, spell_plain};
use crate::lower::expression::strip;
use crate::lower::given::{HeadName, is_word, letter_of};
use crate::lower::names::{Dress, Name, Part, Usage, base_name, index_letters, script_items, undress};
use crate::lower::pairs::paired_letters;
use crate::lower::reader::Reader;
use crate::lower::recursion::rows_apart;
use crate::lower::shared::said_by;
use crate::model::{Argument, Declaration, Definition, FunctionBody, Signature};
use crate::number::Rational;
use crate::rewrite::Linear;
use crate::source::Diagnostic;
use crate::syntax::ast::{Formula, Kind, Node, Relation};

/// A definition whose left side was read.
pub(super) struct Pending<'f> {
    formula: &'f Formula,
    pub(super) head: Head,
    pub(super) right: &'f Node,
    left: &'f Node,
}

/// The left side of a definition.
pub(super) enum Head {
    Function { symbol: SymbolId, parameters: Vec<String> },
    Value { symbol: SymbolId, name: Box<HeadName>, components: Vec<String> },
}

impl Pending<'_> {
    /// The name of a family and the letters of its indices.
    fn letters_on_the_left(&self) -> Option<(SymbolId, Vec<String>)> {
        match &self.head {
            Head::Value { symbol, name, .. } => Some((*symbol, name.letters.clone())),
            Head::Function { .. } => None,
        }
    }

    /// The letters of the entries of which it speaks.
    pub(super) fn components(&self) -> &[String] {
        match &self.head {
            Head::Value { components, .. } => components,
            Head::Function { .. } => &[],
        }
    }
}

/// Definitions in an order in which each stands after those of the names on its right, as far as there is one: what is
/// made of entries is told by what these are entries of. Otherwise the order is the one that is written.
fn after_what_they_use<'f>(formulas: Vec<(usize, &'f Formula)>) -> Vec<(usize, &'f Formula)> {
    let sides = |formula: &'f Formula| match &strip(&formula.body).kind {
        Kind::Chain { first, rest } => (base_on_left(first), &rest[..]),
        _ => (None, &[][..]),
    };
    let bases: Vec<Option<String>> = formulas.iter().map(|(_, formula)| sides(formula).0).collect();
    let uses = |user: usize, used: usize| match &bases[used] {
        Some(base) if bases[user].as_ref() != Some(base) => {
            sides(formulas[user].1).1.iter().any(|(_, right)| right.mentions(base))
        }
        _ => false,
    };
    let all = 0..formulas.len();
    let used: Vec<Vec<usize>> =
        all.clone().map(|user| all.clone().filter(|&used| uses(user, used)).collect()).collect();
    let (mut is_read, mut order) = (vec![false; formulas.len()], Vec::new());
    for _ in all.clone() {
        let mut open = all.clone().filter(|&at| !is_read[at]);
        let first = open.clone().next();
        if let Some(at) = open.find(|&user| used[user].iter().all(|&used| is_read[used])).or(first) {
            is_read[at] = true;
            order.push(formulas[at]);
        }
    }
    order
}

/// The letter that a definition is of, without its scripts.
fn base_on_left(left: &Node) -> Option<String> {
    match &strip(left).kind {
        Kind::Script { base, .. } => base_name(base),
        _ => base_name(left),
    }
}

/// The index on the left of a definition in which a letter stands.
fn end_of(left: &Node, letter: &str) -> Option<Node> {
    let Kind::Script { sub, sup, .. } = &strip(left).kind else { return None };
    let mut items = sub.iter().chain(sup).flat_map(|script| script_items(undress(script).1));
    items.find(|item| item.mentions(letter)).cloned()
}

impl Reader<'_> {
    /// Adds the definitions of the formulas of all `define` fences, in the order in which their shapes become known.
    pub fn define(&mut self, formulas: &[Formula], usage: &Usage) {
        let formulas: Vec<Formula> = formulas.iter().map(|formula| self.respelled(formula)).collect();
        let spelled = formulas.iter().filter_map(|formula| self.spelled_out(formula).map(Cow::into_owned));
        let formulas: Vec<Formula> = spelled.flat_map(rows_apart).collect();
        let formulas: Vec<Formula> = formulas.iter().flat_map(|formula| self.defined_beside(formula)).collect();
        let n_before = self.model.definitions.len();
        self.attained.clear();
        let mut pending = self.read_heads(&formulas, usage);
        self.read_ends(&mut pending);
        while !pending.is_empty() {
            let mut postponed = Vec::new();
            let mut progress = false;
            for definition in pending {
                match self.define_one(&definition) {
                    Progress::Done => progress = true,
                    Progress::Waits => postponed.push(definition),
                }
            }
            if !progress {
                self.settle_stuck(&postponed);
            }
            pending = postponed;
        }
        self.settle_shapes();
        self.model.attained.extend(self.attained.drain(..).map(|(extremum, ..)| extremum));
        let circles = self.model.circles(self.arena);
        self.begin_after_starts(n_before, &formulas, &circles);
        self.bound_helpers(n_before, &circles);
        self.check_starts(n_before, &formulas);
        self.check_overlaps(n_before, &formulas);
        self.check_order(&formulas, &circles);
    }

    /// The left sides, those last whose letters only others of their family explain: `\delta_{T+1,i} = 0`.
    fn read_heads<'f>(&mut self, formulas: &'f [Formula], usage: &Usage) -> Vec<Pending<'f>> {
        let (open, told): (Vec<_>, Vec<_>) =
            formulas.iter().enumerate().partition(|(_, formula)| Reader::tells_no_components(formula));
        let mut heads: Vec<(usize, Pending<'f>)> = Vec::new();
        for (place, formula) in after_what_they_use(told).into_iter().chain(open) {
            heads.extend(self.read_head(formula, usage).map(|head| (place, head)));
        }
        heads.sort_by_key(|(place, _)| *place);
        heads.into_iter().map(|(_, head)| head).collect()
    }

    /// `G_T = 0` beside `G_t = … \quad (t < T)`: a declared integer on the left is one value of the index, where the other
    /// definitions of the family have a letter of their own there.
    fn read_ends(&mut self, pending: &mut [Pending<'_>]) {
        let heads: Vec<(SymbolId, Vec<String>)> = pending.iter().filter_map(Pending::letters_on_the_left).collect();
        for definition in pending {
            let has_range = !definition.formula.conditions.is_empty();
            let Head::Value { symbol, name, .. } = &mut definition.head else { continue };
            if has_range || !name.values.is_empty() {
                continue;
            }
            let end = (0..name.letters.len()).find_map(|place| {
                let letter = &name.letters[place];
                let of_family = heads.iter().filter(|(other, letters)| other == symbol && !letters.contains(letter));
                let mut others = of_family.filter_map(|(_, letters)| letters.get(place));
                let is_end = self.is_declared_integer(letter) && others.any(|other| !self.is_declared_integer(other));
                is_end.then(|| Some((place, end_of(definition.left, letter)?))).flatten()
            });
            if let Some((place, end)) = end {
                name.letters.remove(place);
                name.values.push((place, end));
            }
        }
    }

    /// Whether a letter is declared as an integer, such as a last time.
    fn is_declared_integer(&self, letter: &str) -> bool {
        self.names.with_base(letter).iter().any(|name| {
            name.is_plain()
                && self.arena.kind(name.symbol) == SymbolKind::Integer
                && self.model.declarations.contains_key(&name.symbol)
        })
    }

    /// Members that were read before the definition of their family was get the shape that it gives them.
    ///
    /// `a^0 \in \mathbb{R}^{n_0}` gives the family `a` vectors for members; that `a^l` has `n_l` entries is known only
    /// when `a^l = \sigma(z^l)` has been read, and `z^l` may use `a^{l-1}` before that.
    fn settle_shapes(&mut self) {
        for n in 0..self.model.definitions.len() {
            let body = self.model.definitions[n].body;
            let mut settled = crate::expr::Substitution::new();
            for part in self.arena.reachable(&[body]) {
                let Meaning::Symbol { symbol, indices, shape } = self.arena.node(part).clone() else { continue };
                let declared = self.member_shape(symbol, &indices);
                if declared != shape && declared.sizes().len() == shape.sizes().len() {
                    settled.insert(part, self.arena.member_of_shape(symbol, indices, declared));
                }
            }
            if !settled.is_empty() {
                let body = self.arena.substitute(body, &settled);
                let definition = &mut self.model.definitions[n];
                definition.body = body;
                if definition.components.is_empty() {
                    definition.shape = self.arena.shape(body);
                }
            }
        }
    }

    fn read_head<'f>(&mut self, formula: &'f Formula, usage: &Usage) -> Option<Pending<'f>> {
        let Kind::Chain { first, rest } = &strip(&formula.body).kind else {
            return self.not_a_definition(&formula.body);
        };
        let [(Relation::Equal | Relation::Define | Relation::Identical | Relation::Assign, right)] = &rest[..] else {
            return self.not_a_definition(&formula.body);
        };
        if let Kind::Product(items) = &strip(right).kind
            && let [(_, name), (_, call)] = &items[..]
            && base_name(name).is_some_and(|name| base_name(first).as_ref() == Some(&name))
            && matches!(&call.kind, Kind::Fenced { open, .. } if open == "(")
        {
            let written = base_name(name).unwrap_or_default();
            let message = format!("`{written}` stands for a function and for its value");
            let hint = format!("rename one of the two: `\\tilde{{{written}}} = {written}(…)`");
            return self.fail("function-and-value", formula.body.span, message, &hint);
        }
        let of_names = name_and_arguments(first).filter(|(name, arguments)| self.is_value_of(name, arguments));
        if of_names.is_none()
            && let Some(head) = self.function_head(first)
        {
            return Some(Pending { formula, head: head?, right, left: first });
        }
        let first = of_names.as_ref().map_or(&**first, |(name, _)| *name);
        let (name, components) = self.value_head(formula, first, right, usage)?;
        let mut entry =
            Name { base: name.base.clone(), sub: name.sub.clone(), sup: name.sup.clone(), symbol: SymbolId::default() };
        let symbol = self.arena.intern(&entry.template(), SymbolKind::Real);
        entry.symbol = symbol;
        if let Some((_, arguments)) = of_names {
            self.names.write_with(symbol, arguments.into_iter().cloned().collect());
        }
        self.warn_of_numbers(&name, first);
        let known = self.names.with_base(&entry.base).iter().any(|other| other.symbol == symbol);
        self.names.add(entry);
        if self.model.is_function(symbol) {
            return Some(Pending {
                formula,
                head: Head::Function { symbol, parameters: Vec::new() },
                right,
                left: first,
            });
        }
        if !known {
            self.shapeless.insert(symbol);
        }
        if !components.is_empty() {
            self.by_entries.insert(symbol);
        }
        Some(Pending { formula, head: Head::Value { symbol, name: Box::new(name), components }, right, left: first })
    }

    /// Warns of a family whose index is declared as a real number: the two have nothing but the letter in common.
    fn warn_of_numbers(&mut self, name: &HeadName, left: &Node) {
        let is_real = |letter: &&String| {
            let declared = self.names.with_base(letter);
            declared.iter().any(|own| {
                own.is_plain()
                    && self.arena.kind(own.symbol) == SymbolKind::Real
                    && self.model.declarations.get(&own.symbol).is_some_and(|own| own.shape.is_scalar())
            })
        };
        let Some(letter) = name.letters.iter().find(is_real) else { return };
        let message = format!("`{letter}` is declared as a real number, and is the index of a family here");
        let hint = format!(
            r"leave its declaration out, declare `{letter} \in \mathbb{{N}}`, or take another letter for the index"
        );
        self.diagnostics.push(Diagnostic::warning("number-as-index", left.span, message).with_hint(hint));
    }

    /// Whether `E(w) = …` defines the value E: `E` is not declared, and all in the bracket are names that are.
    fn is_value_of(&self, name: &Node, arguments: &[&Node]) -> bool {
        let is_given = |node: &&Node| {
            self.names.named(strip(node)).is_some_and(|name| !name.has_index() && !self.model.is_function(name.symbol))
        };
        self.names.named(strip(name)).is_none() && arguments.iter().all(is_given)
    }

    fn not_a_definition<T>(&mut self, node: &Node) -> Option<T> {
        let hint = r"write one equation: `h_t = f(w_h h_{t-1}) \quad (t \ge 1)`; `\\` stands between two";
        self.fail(
            "not-a-definition",
            node.span,
            "a definition is one equation with a name on its left".to_owned(),
            hint,
        )
    }

    /// `f(z) = …` of a declared function, or `f = \sigma`.
    fn function_head(&mut self, left: &Node) -> Option<Option<Head>> {
        let Kind::Product(items) = &strip(left).kind else { return None };
        let [(_, name), (_, call)] = &items[..] else { return None };
        let Kind::Fenced { open, body, .. } = &strip(call).kind else { return None };
        if open != "(" {
            return None;
        }
        let base = match &strip(name).kind {
            Kind::Script { sup: None, primes: 0, .. } => spell_plain(name),
            _ => base_name(name)?,
        };
        let own = self.names.named(strip(name)).into_iter().chain(self.names.with_base(&base));
        let Some(symbol) = own.map(|name| name.symbol).find(|&symbol| self.model.is_function(symbol)) else {
            let hint = format!(r"declare it first: `{base} : \mathbb{{R}} \to \mathbb{{R}}` in a `math given` fence");
            return Some(self.fail(
                "undeclared-symbol",
                name.span,
                format!("the function `{base}` is not declared"),
                &hint,
            ));
        };
        let parameters: Option<Vec<String>> = crate::lower::given::list_of(body).into_iter().map(base_name).collect();
        let Some(parameters) = parameters else {
            return Some(self.fail(
                "bad-name",
                body.span,
                "the arguments on the left of a definition are letters".to_owned(),
                "write `f(z) = …`",
            ));
        };
        Some(Some(Head::Function { symbol, parameters }))
    }

    fn value_head(
        &mut self,
        formula: &Formula,
        left: &Node,
        right: &Node,
        usage: &Usage,
    ) -> Option<(HeadName, Vec<String>)> {
        let mut name = self.head_of_definition(left, usage)?;
        let mut components = Vec::new();
        if let (Part::Index(_, arity), Kind::Script { sub: Some(sub), .. }) = (&name.sub, &strip(left).kind)
            && *arity == script_items(sub).len()
            && script_items(sub).into_iter().all(|item| letter_of(item).is_some_and(|own| name.letters.contains(&own)))
        {
            let arity = *arity;
            let declared = self
                .names
                .with_base(&name.base)
                .into_iter()
                .filter(|other| !matches!(other.sub, Part::Fixed(_)))
                .find(|&other| other.sup == name.sup || other.sup == Part::Absent)
                .cloned();
            if let Some(declared) = declared {
                let is_tensor = self.by_entries.contains(&declared.symbol)
                    || !self.arena.declared_shape(declared.symbol).is_scalar();
                match declared.sub {
                    Part::Absent if is_tensor => {
                        components = name.take_components(0..arity);
                        name.sub = Part::Absent;
                    }
                    Part::Index(dress, n) if n < arity => {
                        components = name.take_components(n..arity);
                        name.sub = Part::Index(dress, n);
                    }
                    _ => {}
                }
            } else if matches!(name.sup, Part::Index(dress, _) if usage.is_whole_above(&name.base, dress)) {
                components = name.take_components(0..arity);
                name.sub = Part::Absent;
            } else if let Some(n) =
                usage.fewest_below(&name.base).filter(|&n| n < arity && !usage.is_used_whole(&name.base))
            {
                components = name.take_components(n..arity);
                name.sub = Part::Index(Dress::Plain, n);
            } else if !self.is_of_a_family(formula, right, &name.letters)
                && (usage.is_used_whole(&name.base) || self.are_component_letters(formula, right, &name))
            {
                components = name.take_components(0..arity);
                name.sub = Part::Absent;
            } else if let Some(n) = self.trailing_components(formula, right, &name, arity) {
                components = name.take_components(arity - n..arity);
                name.sub = if n == arity { Part::Absent } else { Part::Index(Dress::Plain, arity - n) };
            }
        }
        Some((name, components))
    }

    /// Whether a letter on the left runs as those of families do: from one end on, to the member before, or over givens
    /// without a range.
    fn is_of_a_family(&mut self, formula: &Formula, right: &Node, letters: &[String]) -> bool {
        let is_open = |condition: &Node, letter: &str| {
            let Kind::Chain { first, rest } = &strip(condition).kind else { return false };
            let is_order = |relation: &Relation| !matches!(relation, Relation::Equal | Relation::In);
            matches!(&rest[..], [(relation, _)] if is_order(relation)) && base_name(first).as_deref() == Some(letter)
        };
        letters.iter().any(|letter| {
            matches!(&formula.conditions[..], [only] if is_open(only, letter)) || self.runs_on_the_right(right, letter)
        })
    }

    fn runs_on_the_right(&self, right: &Node, letter: &str) -> bool {
        let is_given_everywhere = |base: &Node| {
            let declared = base_name(base).map(|base| self.names.with_base(&base)).unwrap_or_default();
            declared.into_iter().any(|name| {
                let own = self.model.declarations.get(&name.symbol);
                own.is_some_and(|own| !own.indices.is_empty() && own.range.is_empty() && own.shape.is_scalar())
            })
        };
        right.holds(&|part| {
            let Kind::Script { base, sub, sup, .. } = &part.kind else { return false };
            let mut items = sub.iter().chain(sup).flat_map(|script| script_items(undress(script).1));
            items.any(|item| match &strip(item).kind {
                // The n of `e^{-z_n}` is no step: it is the index of what stands in the exponent.
                Kind::Sum(terms) => terms.iter().any(|(_, term)| {
                    term.mentions(letter) && !term.holds(&|part| matches!(part.kind, Kind::Script { .. }))
                }),
                Kind::Symbol(own) => own == letter && is_given_everywhere(base),
                _ => false,
            })
        })
    }

    /// Whether the letters on the left are, on the right, only components of vectors. Where the right side has no meaning
    /// yet, because it waits for other definitions, its writing tells.
    fn are_component_letters(&mut self, formula: &Formula, right: &Node, name: &HeadName) -> bool {
        let letters = &name.letters;
        let before = std::mem::replace(&mut self.letters, index_letters(formula));
        self.letters.extend(letters.iter().cloned());
        let body = self.on_trial(|reader| reader.expression(right));
        self.letters = before;
        self.sizes.clear();
        self.open_sizes.clear();
        self.waiting.clear();
        let Some(body) = body else {
            return letters.iter().all(|letter| self.is_written_as_component(formula, right, &name.base, letter));
        };
        letters.iter().all(|name| {
            let letter = self.letter(name).1;
            let mut as_component = false;
            for expr in self.arena.reachable(&[body]) {
                match self.arena.node(expr) {
                    Meaning::Entry { at, .. } => as_component |= at.contains(&letter),
                    Meaning::Symbol { indices, .. } if indices.iter().any(|&i| self.arena.contains(i, letter)) => {
                        return false;
                    }
                    _ => {}
                }
            }
            as_component
        })
    }

    fn head_of_definition(&mut self, left: &Node, usage: &Usage) -> Option<HeadName> {
        let mut name = self.head_of(left, usage)?;
        // A left side with a letter below is a family, whatever the usage says, unless the name is declared with it.
        if let (Part::Fixed(text), Kind::Script { sub: Some(sub), .. }) = (&name.sub, &strip(left).kind) {
            let declared = self.names.with_base(&name.base).iter().any(|other| other.sub == Part::Fixed(text.clone()));
            let is_words = |item: &&Node| matches!(item.kind, Kind::Operator(_) | Kind::Text(_));
            let items = script_items(sub);
            let declared = declared || is_word(text) || items.iter().any(is_words);
            let letters: Vec<String> = items.into_iter().filter_map(base_name).collect();
            if !declared && usage.is_family(strip(left)) != Some(false) && usage.is_family_letter(&name.base, &letters)
            {
                name.sub = Part::Index(crate::lower::names::Dress::Plain, letters.len());
                name.letters = letters;
            }
        }
        Some(name)
    }

    fn define_one(&mut self, pending: &Pending<'_>) -> Progress {
        let problems = self.diagnostics.len();
        let depth = self.locals.len();
        self.begin(pending);
        match &pending.head {
            Head::Function { symbol, parameters } => {
                self.define_function(pending, *symbol, parameters);
                Progress::Done
            }
            Head::Value { symbol, name, components } => {
                let body = self.expression(pending.right).and_then(|body| self.sized(body));
                let is_open = self.shapeless.contains(symbol)
                    && name.letters.is_empty()
                    && !name.values.is_empty()
                    && body.is_some_and(|body| self.arena.is_zero(body));
                if is_open || self.waiting.iter().any(|other| self.shapeless.contains(other)) {
                    self.locals.truncate(depth);
                    self.diagnostics.truncate(problems);
                    return Progress::Waits;
                }
                let body = body.filter(|_| self.check_sizes(pending.right).is_some());
                let range = self.range_of(pending.formula, name);
                self.locals.truncate(depth);
                if let (Some(body), Some(range)) = (body, range) {
                    self.add_definition(pending, *symbol, name, components, (body, range));
                }
                self.shapeless.remove(symbol);
                Progress::Done
            }
        }
    }

    /// Refuses a right side that makes sense only where two sizes that are declared apart are equal.
    fn check_sizes(&mut self, right: &Node) -> Option<()> {
        let is_name =
            |size: Expr| matches!(self.arena.node(size), Meaning::Symbol { indices, .. } if indices.is_empty());
        let are_said_equal = |a: Expr, b: Expr| {
            let equal = [Prop::equal(a, b), Prop::equal(b, a)];
            self.model.assumptions.iter().any(|prop| equal.contains(prop))
        };
        let clash = self.sizes.iter().find(|&&(a, b)| is_name(a) && is_name(b) && !are_said_equal(a, b));
        let Some(&(a, b)) = clash else { return Some(()) };
        let [a, b] = [a, b].map(|size| crate::print::latex(self.arena, size));
        let message = format!("this makes sense only where `{a}` and `{b}` are equal, and they are two sizes");
        let hint = format!(r"change a declaration, write `^\top` where a matrix is turned, or assume `{a} = {b}`");
        self.fail("shape-mismatch", right.span, message, &hint)
    }

    /// Sets out to read the right side of a definition, with the letters of its left side.
    pub(super) fn begin(&mut self, pending: &Pending<'_>) {
        self.letters = index_letters(pending.formula);
        self.free_letters.clear();
        self.paired = paired_letters([pending.right]);
        self.waiting.clear();
        self.sizes.clear();
        self.open_sizes.clear();
        if let Head::Value { name, components, .. } = &pending.head {
            self.letters.extend(name.letters.iter().chain(components).cloned());
            self.paired.retain(|letter| !name.letters.contains(letter) && !components.contains(letter));
            self.shift_letters(name);
        }
    }

    /// `a_{k+1} = … a_k …` is said of `a_k`: within it, `k` stands for one less.
    fn shift_letters(&mut self, name: &HeadName) {
        for (letter, shift) in &name.shifts {
            let (own, shift) = (self.letter(letter).1, self.arena.integer(-shift));
            let value = self.arena.sum([own, shift]);
            self.locals.push((letter.clone(), value));
        }
    }

    /// Where a definition holds, as conditions on its letters alone.
    fn range_of(&mut self, formula: &Formula, name: &HeadName) -> Option<Vec<Prop>> {
        let mut range = Vec::new();
        let own: Vec<Expr> = name.shifts.iter().map(|(letter, _)| self.letter(letter).1).collect();
        for condition in formula.conditions.iter().filter_map(said_by) {
            let prop = self.proposition(condition)?;
            range.push(self.solved(prop, &own));
        }
        Some(range)
    }

    /// `0 \le k - 1` as `1 \le k`.
    fn solved(&mut self, prop: Prop, own: &[Expr]) -> Prop {
        match prop {
            Prop::And(parts) => Prop::And(parts.into_iter().map(|part| self.solved(part, own)).collect()),
            Prop::Compare(how, low, high) => {
                let sides = Linear::read(self.arena, low).zip(Linear::read(self.arena, high));
                let Some(gap) = sides.map(|(low, high)| high.minus(&low)) else { return Prop::Compare(how, low, high) };
                let letter = own.iter().find(|letter| gap.parts.contains_key(letter));
                let Some(&letter) = letter else { return Prop::Compare(how, low, high) };
                let scale = gap.parts[&letter].clone();
                let letter = Linear::letter(letter);
                let (low, high) = if scale == Rational::from(1) {
                    (letter.minus(&gap), letter)
                } else if scale == Rational::from(-1) {
                    (letter.clone(), gap.plus(&letter, &Rational::from(1)))
                } else {
                    return Prop::Compare(how, low, high);
                };
                Prop::Compare(how, low.expr(self.arena), high.expr(self.arena))
            }
            other @ (Prop::Integer(_)
            | Prop::Or(_)
            | Prop::Not(_)
            | Prop::Implies(..)
            | Prop::Iff(..)
            | Prop::ForAll(..)
            | Prop::Proportional { .. }) => other,
        }
    }

    fn define_function(&mut self, pending: &Pending<'_>, symbol: SymbolId, parameters: &[String]) -> Option<()> {
        if self.model.functions.contains_key(&symbol) {
            return self.fail(
                "doubly-defined",
                pending.left.span,
                "the function is bound twice".to_owned(),
                "remove one of the two definitions",
            );
        }
        if self.names.size_of_values(symbol).is_some() {
            let message = "a function with vectors as values stays arbitrary: it cannot be bound".to_owned();
            let hint = "define its value at the argument that is meant, under a name of its own: `y = W x + b`";
            return self.fail("not-supported", pending.left.span, message, hint);
        }
        if parameters.is_empty() {
            return self.bind_by_name(pending, symbol);
        }
        let signature = self.model.declarations.get(&symbol).and_then(|declaration| declaration.signature.clone());
        let shapes = signature.map(|Signature { arguments }| arguments).unwrap_or_default();
        if shapes.len() != parameters.len() {
            let message = format!("the function takes {} argument(s), not {}", shapes.len(), parameters.len());
            return self.fail(
                "wrong-arguments",
                pending.left.span,
                message,
                "write as many letters as it was declared with",
            );
        }
        let depth = self.locals.len();
        let mut letters = Vec::new();
        for (name, shape) in parameters.iter().zip(shapes) {
            let letter = self.arena.intern(&format!("{name}\u{2032}"), SymbolKind::Real);
            self.arena.declare(letter, SymbolKind::Real, Shape::Scalar);
            let value = self.arena.member_of_shape(letter, Box::default(), shape);
            self.locals.push((name.clone(), value));
            letters.push(letter);
        }
        let body = self.expression(pending.right).and_then(|body| self.sized(body));
        self.locals.truncate(depth);
        self.model.functions.insert(symbol, FunctionBody::Expression { parameters: letters, body: body? });
        Some(())
    }

    fn bind_by_name(&mut self, pending: &Pending<'_>, symbol: SymbolId) -> Option<()> {
        let base = match &strip(pending.right).kind {
            Kind::Symbol(text) | Kind::Operator(text) => Some(text),
            _ => None,
        };
        match base.and_then(|base| known_elementary(base)) {
            Some(elementary) if elementary.row().arity == 1 => {
                self.model.functions.insert(symbol, FunctionBody::Elementary(elementary));
                Some(())
            }
            None if base.is_some_and(|base| self.bind_to_fetched(base, symbol)) => Some(()),
            _ => {
                let hint = r"write `f = \tanh`, or `f(z) = \frac{1}{1 + e^{-z}}`";
                self.fail(
                    "unknown-function",
                    pending.right.span,
                    "this is not a function that is known by name".to_owned(),
                    hint,
                )
            }
        }
    }

    fn add_definition(
        &mut self,
        pending: &Pending<'_>,
        symbol: SymbolId,
        name: &HeadName,
        components: &[String],
        (body, range): (Expr, Vec<Prop>),
    ) -> Option<()> {
        let indices = self.arguments_of(name)?;
        let components: Vec<SymbolId> = components.iter().map(|letter| self.letter(letter).0).collect();
        let own: Vec<SymbolId> =
            indices.iter().filter_map(Argument::letter).chain(components.iter().copied()).collect();
        self.check_open_index(body, &own, pending.right)?;
        let body = if components.is_empty() { self.filled_zero(symbol, &indices, body) } else { body };
        let shape = self.defined_shape(pending, &components, body)?;
        let (components, body) = self.by_entries_or_whole(components, shape, &indices, body);
        if self.model.definitions_of(symbol).any(|other| other.indices == indices && other.range == range) {
            let message = format!("`{}` is defined twice", spell_plain(pending.left));
            return self.fail(
                "doubly-defined",
                pending.left.span,
                message,
                "remove one of the two definitions, or give them separate conditions",
            );
        }
        let letters: Vec<SymbolId> = indices.iter().filter_map(Argument::letter).collect();
        if let Some(declared) = self.model.declarations.get(&symbol).map(|declaration| declaration.shape) {
            if declared.sizes().len() != shape.sizes().len() {
                let message =
                    format!("it is declared as {} and defined as {}", self.describe(declared), self.describe(shape));
                return self.fail(
                    "shape-mismatch",
                    pending.left.span,
                    message,
                    "change the declaration or the definition",
                );
            }
        } else if letters.len() == indices.len() {
            self.arena.declare(symbol, SymbolKind::Real, shape);
            let declaration = Declaration { symbol, indices: letters, shape, signature: None, range: Vec::new() };
            self.model.declarations.insert(symbol, declaration);
        } else {
            // A first member gives the family its shape.
            self.arena.declare(symbol, SymbolKind::Real, shape);
            if letters.is_empty() {
                let at = indices.iter().map(|argument| self.value_of(argument)).collect();
                self.names.shape_member(symbol, at, shape);
            }
        }
        self.model.definitions.push(Definition { symbol, indices, components, shape, range, body });
        Some(())
    }

    /// A member of a family that is defined by its entries, as a whole where its right side is an expression of vectors.
    fn by_entries_or_whole(
        &mut self,
        components: Vec<SymbolId>,
        shape: Shape,
        indices: &[Argument],
        body: Expr,
    ) -> (Vec<SymbolId>, Expr) {
        let whole = match (&components[..], shape) {
            ([component], Shape::Vector(size)) if !indices.is_empty() => self.whole_of(body, *component, size),
            _ => None,
        };
        whole.map_or((components, body), |whole| (Vec::new(), whole))
    }

    /// 0 in the shape of the member that it is, and any other value as it is.
    fn filled_zero(&mut self, symbol: SymbolId, indices: &[Argument], body: Expr) -> Expr {
        if !self.arena.is_zero(body) {
            return body;
        }
        let at: Vec<Expr> = indices.iter().map(|argument| self.value_of(argument)).collect();
        let shape = self.member_shape(symbol, &at);
        self.arena.fill(body, shape)
    }

    pub(super) fn arguments_of(&mut self, name: &HeadName) -> Option<Vec<Argument>> {
        let mut letters = name.letters.iter();
        let mut arguments = Vec::new();
        for place in 0..name.letters.len() + name.values.len() {
            arguments.push(match name.values.iter().find(|(at, _)| *at == place) {
                Some((_, value)) => Argument::Value(self.expression(value)?),
                None => Argument::Letter(self.letter(letters.next()?).0),
            });
        }
        Some(arguments)
    }

    fn defined_shape(&mut self, pending: &Pending<'_>, components: &[SymbolId], body: Expr) -> Option<Shape> {
        if components.is_empty() {
            return Some(self.arena.shape(body));
        }
        let found = self.shape_by_entries(components, body).or_else(|| self.shape_of_family(pending, components.len()));
        found.or_else(|| {
            let base = match &pending.head {
                Head::Value { name, .. } => name.base.as_str(),
                Head::Function { .. } => "p",
            };
            let sizes = if components.len() == 1 { "n" } else { r"m \times n" };
            let hint = format!(r"declare it: `{base} \in \mathbb{{R}}^{{{sizes}}}`");
            let message = "nothing says over which values the component runs".to_owned();
            self.fail("missing-bounds", pending.left.span, message, &hint)
        })
    }

    /// The shape that other definitions give a member that is defined by entries which do not tell their range: 0.
    fn shape_of_family(&mut self, pending: &Pending<'_>, n_sizes: usize) -> Option<Shape> {
        let Head::Value { symbol, name, .. } = &pending.head else { return None };
        let mut at = Vec::new();
        for argument in self.arguments_of(name)? {
            at.push(self.value_of(&argument));
        }
        let shape = self.member_shape(*symbol, &at);
        (shape.sizes().len() == n_sizes).then_some(shape)
    }
}

enum Progress {
    Done,
    Waits,
}
