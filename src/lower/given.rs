//! `math given`: declarations and assumptions.

use std::ops::Range;

use crate::expr::{Expr, Node as Meaning, Prop, Shape, SymbolId, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::names::{
    Dress, Name, Part, Usage, base_name, index_letters, script_items, spell, spell_script, undress,
};
use crate::lower::reader::{Reader, Statement};
use crate::lower::sets::{
    Entries, Set, declares, declares_integers, dimensions, is_of_values, is_plain_letter, power_of_interval,
    set_before_more,
};
use crate::lower::shared::said_by;
use crate::lower::statement::conjuncts;
use crate::model::{Declaration, Signature};
use crate::syntax::ast::{Formula, Kind, Node, Relation, Sign};

impl Reader<'_> {
    /// Declares what a formula of a `given` fence declares, or assumes what it says.
    pub fn given(&mut self, formula: &Formula, usage: &Usage) -> Option<()> {
        let (formula, beside) = self.given_beside(formula);
        let formula = &*self.spelled_out(&formula)?;
        let (further, own): (Vec<Node>, Vec<Node>) =
            formula.conditions.iter().cloned().partition(|condition| declares_more(&formula.body, condition));
        let declarations = match &strip(&formula.body).kind {
            Kind::List(items) if items.iter().all(|item| is_declaration(item) || is_relation(item)) => items.clone(),
            _ => vec![formula.body.clone()],
        };
        let bodies = declarations.into_iter().chain(further);
        let under = |body: Node, conditions: Vec<Node>| Formula { body, conditions, ..formula.clone() };
        let formulas =
            bodies.map(|body| under(body, own.clone())).chain(beside.into_iter().map(|body| under(body, Vec::new())));
        let read: Vec<Option<()>> = formulas.map(|formula| self.given_one(&formula, usage)).collect();
        read.into_iter().collect()
    }

    fn given_one(&mut self, formula: &Formula, usage: &Usage) -> Option<()> {
        self.letters = index_letters(formula);
        match &strip(&formula.body).kind {
            Kind::Signature { names, domain, codomain } => {
                self.declare_functions(formula, names, domain, codomain, usage)
            }
            Kind::Chain { first, rest } => match &rest[..] {
                [(Relation::In, set)] if declares(set) => self.declare_variables(formula, first, set, usage),
                [(Relation::In, set)] if is_plain_letter(set) => self.plain_set(set),
                [(Relation::In, set)] if self.are_new_numbers(first, set) || power_of_interval(set).is_some() => {
                    self.declare_variables(formula, first, set, usage)
                }
                _ if let Some(set) = rest.iter().find_map(|(_, side)| set_before_more(side)) => {
                    self.runs_together(formula.body.span, set)
                }
                _ => {
                    self.imply_numbers(formula, usage);
                    self.assume(formula)
                }
            },
            Kind::Symbol(_) | Kind::Script { .. } | Kind::List(_) => {
                let bare =
                    list_of(&formula.body).into_iter().filter(|item| !is_declaration(item) && !is_relation(item));
                let written = bare.map(spell_plain).collect::<Vec<_>>().join(", ");
                let message = "these names are listed, but not declared".to_owned();
                let hint = format!(r"say in which set they lie: `{written} \in \mathbb{{R}}`");
                self.fail("no-relation", formula.body.span, message, &hint)
            }
            _ => self.assume(formula),
        }
    }

    /// Whether `p \in [0, 1]` and `y \in \{0, 1\}` speak of names that nothing declared: they are numbers then.
    fn are_new_numbers(&self, names: &Node, set: &Node) -> bool {
        let is_new = |name: &Node| {
            let is_name =
                matches!(strip(name).kind, Kind::Symbol(_) | Kind::Operator(_) | Kind::Script { primes: 0, .. });
            is_name && self.names.named(strip(name)).is_none()
        };
        is_of_values(set) && list_of(names).into_iter().all(is_new)
    }

    fn declare_variables(&mut self, formula: &Formula, names: &Node, set: &Node, usage: &Usage) -> Option<()> {
        let mut heads = Vec::new();
        for node in list_of(names) {
            heads.push(self.head_of(node, usage)?);
        }
        for (head, node) in heads.iter().zip(list_of(names)) {
            for letter in &head.letters {
                self.letters.insert(letter.clone());
            }
            self.imply_families(set, usage);
            let set = self.set(set)?;
            self.declare_one(formula, head, node, set)?;
        }
        Some(())
    }

    fn declare_one(&mut self, formula: &Formula, head: &HeadName, node: &Node, set: Set<'_>) -> Option<()> {
        if head.initial.is_some() {
            return self.declare_initial(head, node, set);
        }
        if let Some((letter, _)) = head.shifts.first() {
            let message = "a family is declared by its letter alone".to_owned();
            return self.fail("bad-name", node.span, message, &format!("write `{letter}` for the index"));
        }
        let kind = if set.is_of_integers() { SymbolKind::Integer } else { SymbolKind::Real };
        let shape = self.shape_of(&set, node)?;
        let symbol = self.add_name(head, kind, shape);
        let indices: Vec<SymbolId> = head.letters.iter().map(|letter| self.letter(letter).0).collect();
        let range = self.range(formula)?;
        let was_implied = self.names.forget_implied(symbol) && kind == SymbolKind::Integer;
        if !was_implied && (self.model.declarations.contains_key(&symbol) || self.model.is_defined(symbol)) {
            let written = spell(node).unwrap_or_default();
            return self.fail(
                "doubly-declared",
                node.span,
                format!("`{written}` is declared twice"),
                "remove one of the two declarations",
            );
        }
        self.model
            .declarations
            .insert(symbol, Declaration { symbol, indices: indices.clone(), shape, signature: None, range });
        self.assume_of_entries(head, (symbol, shape), set.entries, node.span)
    }

    fn shape_of(&mut self, set: &Set<'_>, node: &Node) -> Option<Shape> {
        let shape = Shape::from_sizes(&set.sizes);
        if shape.is_none() {
            let message = "tensors of three and more indices are not supported".to_owned();
            return self.fail("too-many-sizes", node.span, message, "declare a family of matrices");
        }
        shape
    }

    /// `h_0 \in \mathbb{R}^n` gives the family `h` its shape.
    fn declare_initial(&mut self, head: &HeadName, node: &Node, set: Set<'_>) -> Option<()> {
        let shape = self.shape_of(&set, node)?;
        let symbol = self.add_name(head, SymbolKind::Real, shape);
        let arguments = self.arguments_of(head)?;
        if head.letters.is_empty() {
            let at = arguments.iter().map(|argument| self.value_of(argument)).collect();
            self.names.shape_member(symbol, at, shape);
        }
        self.model.starts.push((symbol, arguments));
        self.assume_of_entries(head, (symbol, shape), set.entries, node.span)
    }

    fn add_name(&mut self, head: &HeadName, kind: SymbolKind, shape: Shape) -> SymbolId {
        let mut name =
            Name { base: head.base.clone(), sub: head.sub.clone(), sup: head.sup.clone(), symbol: SymbolId::default() };
        let symbol = self.arena.intern(&name.template(), kind);
        self.arena.declare(symbol, kind, shape);
        name.symbol = symbol;
        self.names.add(name);
        symbol
    }

    /// Where members of a declared family exist.
    fn range(&mut self, formula: &Formula) -> Option<Vec<Prop>> {
        formula.conditions.iter().filter_map(said_by).map(|condition| self.proposition(condition)).collect()
    }

    fn declare_functions(
        &mut self,
        formula: &Formula,
        names: &Node,
        domain: &Node,
        codomain: &Node,
        usage: &Usage,
    ) -> Option<()> {
        for node in list_of(names) {
            let head = self.head_of(node, usage)?;
            for letter in &head.letters {
                self.letters.insert(letter.clone());
            }
            let mut arguments = Vec::new();
            for factor in dimensions(domain) {
                arguments.push(self.argument_in(factor)?);
            }
            let size = self.size_of_values(codomain)?;
            let symbol = self.add_name(&head, SymbolKind::Function, Shape::Scalar);
            let mut indices: Vec<SymbolId> = head.letters.iter().map(|letter| self.letter(letter).0).collect();
            if let Some(size) = size {
                // A function with vectors as values is the family of its entries.
                indices.push(self.arena.intern("i\u{2033}", SymbolKind::Integer));
                self.names.give_values(symbol, size);
            }
            let range = self.range(formula)?;
            if self.model.functions.contains_key(&symbol) {
                let written = spell(node).unwrap_or_default();
                return self.fail(
                    "doubly-declared",
                    node.span,
                    format!("the function `{written}` has a meaning already"),
                    "declare it above its first use",
                );
            }
            let signature = Some(Signature { arguments });
            self.model
                .declarations
                .insert(symbol, Declaration { symbol, indices, shape: Shape::Scalar, signature, range });
        }
        Some(())
    }

    /// The shape of an argument of a function.
    fn argument_in(&mut self, domain: &Node) -> Option<Shape> {
        let set = self.set(domain)?;
        if !matches!(set.entries, Entries::Real) && !set.is_of_integers() {
            let message = "a function takes all real numbers".to_owned();
            let hint = r"write `\mathbb{R}`, and bound its argument where it is called";
            return self.fail("not-supported", domain.span, message, hint);
        }
        let shape = Shape::from_sizes(&set.sizes);
        if shape.is_none() {
            let message = "an argument has at most two sizes".to_owned();
            let hint = r"write `\mathbb{R}^{n}` or `\mathbb{R}^{m \times n}` for it";
            return self.fail("too-many-sizes", domain.span, message, hint);
        }
        shape
    }

    /// How many entries a value of a function has, where it is a vector.
    fn size_of_values(&mut self, codomain: &Node) -> Option<Option<Expr>> {
        let set = self.set(codomain)?;
        if !matches!(set.entries, Entries::Real) {
            let message = "a function takes values in the reals".to_owned();
            return self.fail("unknown-set", codomain.span, message, r"write `\to \mathbb{R}`");
        }
        match set.sizes[..] {
            [] => Some(None),
            [size] => Some(Some(size)),
            _ => {
                let message = "functions with matrices as values are not supported".to_owned();
                self.fail("not-supported", codomain.span, message, "write one function for each row of the value")
            }
        }
    }

    /// A dimension; where it is not declared, the hint declares it as one.
    pub(super) fn size(&mut self, node: &Node) -> Option<Expr> {
        let n_before = self.diagnostics.len();
        let size = self.expression(node);
        for problem in self.diagnostics.iter_mut().skip(n_before).filter(|problem| problem.code == "undeclared-symbol")
        {
            problem.hint = problem.hint.take().map(|hint| hint.replace(r"\mathbb{R}", r"\mathbb{N}"));
        }
        size
    }

    /// An assumption on the givens; a letter of a component or a family is universal inside it.
    fn assume(&mut self, formula: &Formula) -> Option<()> {
        if let Kind::Chain { first, rest } = &strip(&formula.body).kind
            && let Kind::List(names) = &strip(first).kind
        {
            // `n, m \ge 1` says it of each.
            for name in names {
                let kind = Kind::Chain { first: Box::new(name.clone()), rest: rest.clone() };
                self.assume(&Formula { body: Node { kind, span: formula.body.span }, ..formula.clone() })?;
            }
            return Some(());
        }
        let claims = self.claims(formula)?;
        let each = |statement: Statement| {
            let Statement { prop, conditions, .. } = statement;
            let conditions: Vec<Prop> = conditions.into_iter().flat_map(conjuncts).collect();
            conjuncts(prop).into_iter().map(move |prop| (prop, conditions.clone()))
        };
        for (mut prop, mut ranges) in claims.into_iter().flat_map(each) {
            let quantified = self.universal_within(formula, &prop);
            ranges.extend(self.declared_of(&quantified));
            if !ranges.is_empty() {
                prop = Prop::Implies(Box::new(Prop::And(ranges)), Box::new(prop));
            }
            self.check_assumption(&prop, formula.span);
            let mut letters = self.free_letters(&prop);
            letters.extend(quantified);
            letters.sort_unstable();
            letters.dedup();
            self.model.assumptions.push(if letters.is_empty() { prop } else { Prop::ForAll(letters, Box::new(prop)) });
        }
        Some(())
    }

    /// What was assumed of letters before a `\forall` bound them: `n \ge 1` of an `n \in \mathbb{N}`.
    fn declared_of(&self, letters: &[SymbolId]) -> Vec<Prop> {
        let names = |prop: &Prop| self.arena.reachable(&prop.expressions());
        let is_of_letter = |part: Expr| {
            matches!(self.arena.node(part), Meaning::Symbol { symbol, indices, .. }
                if indices.is_empty() && letters.contains(symbol))
        };
        let is_own = |prop: &&Prop| !matches!(prop, Prop::ForAll(..)) && names(prop).into_iter().any(is_of_letter);
        self.model.assumptions.iter().filter(is_own).cloned().collect()
    }

    /// The undeclared integer letters of a statement.
    pub(super) fn free_letters(&self, prop: &Prop) -> Vec<SymbolId> {
        let mut letters: Vec<SymbolId> = self
            .arena
            .reachable(&prop.expressions())
            .into_iter()
            .filter_map(|expr| match self.arena.node(expr) {
                Meaning::Symbol { symbol, indices, .. } if indices.is_empty() => Some(*symbol),
                _ => None,
            })
            .filter(|symbol| !self.model.declarations.contains_key(symbol) && !self.model.is_defined(*symbol))
            .filter(|&symbol| self.names.all().all(|name| name.symbol != symbol))
            .collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    /// A name at the place where it is declared or defined.
    pub(super) fn head_of(&mut self, node: &Node, usage: &Usage) -> Option<HeadName> {
        let (base, sub, sup) = match &strip(node).kind {
            Kind::Script { base, sub, sup, primes: 0 } => (base_name(base), sub.as_deref(), sup.as_deref()),
            _ => (base_name(node), None, None),
        };
        if base.is_none()
            && let Kind::Product(items) = &strip(node).kind
            && let [(_, name), (_, Node { kind: Kind::Fenced { open, .. }, .. })] = &items[..]
            && open == "("
        {
            let written = spell_plain(name);
            let message = format!("`{written}` is written with arguments here, and is no function that is declared");
            let hint = format!(
                r"declare the function, `{written} : \mathbb{{R}} \to \mathbb{{R}}`, or write the value without its arguments: `{written}`"
            );
            return self.fail("bad-name", node.span, message, &hint);
        }
        let Some(base) = base else {
            return self.fail(
                "bad-name",
                node.span,
                "this is not a name".to_owned(),
                r"declare names: `w_h \in \mathbb{R}`",
            );
        };
        let mut head = HeadName {
            base,
            sub: Part::Absent,
            sup: Part::Absent,
            letters: Vec::new(),
            shifts: Vec::new(),
            values: Vec::new(),
            initial: None,
        };
        let told = usage.is_family(strip(node));
        if let Some(sup) = sup {
            let is_family = told.filter(|_| sub.is_none()).unwrap_or_else(|| usage.is_family_above(&head.base, sup));
            self.read_superscript(&mut head, sup, is_family, usage);
        }
        if let Some(sub) = sub {
            let is_family = told.unwrap_or_else(|| usage.is_family_below(&head.base, strip(sub), sup));
            let is_family = is_family && !self.is_word_below(node, &head.base, sub);
            self.read_subscript(&mut head, sub, is_family, usage);
        }
        Some(head)
    }

    /// Whether letters below a name are a word, `w_{new}`, and no indices; said where they could be some.
    fn is_word_below(&mut self, node: &Node, base: &str, sub: &Node) -> bool {
        let Some(word) = spell(sub).filter(|word| is_word(word)) else { return false };
        if self.names.with_base(base).iter().any(|name| name.is_plain()) {
            let written = spell_plain(node);
            let message = format!("`{written}` is read as a name, since `{word}` is a word");
            let hint = format!(r"write `{base}_{{\text{{{word}}}}}` for the name");
            self.note_of_name("read-as-name", &written, node.span, message, &hint);
        }
        true
    }

    fn read_subscript(&mut self, head: &mut HeadName, sub: &Node, is_family: bool, usage: &Usage) {
        let items = script_items(sub);
        let is_number = matches!(&strip(sub).kind, Kind::Number(_));
        let is_plain = head.sup == Part::Absent;
        if is_number && (usage.is_defined_family(&head.base) || is_plain && usage.is_given_family(&head.base)) {
            head.sub = Part::Index(Dress::Plain, 1);
            head.prepend(&[sub]);
        } else if is_family {
            head.sub = Part::Index(Dress::Plain, items.len());
            head.prepend(&items);
        } else {
            head.sub = Part::Fixed(spell(sub).unwrap_or_default());
        }
    }

    fn read_superscript(&mut self, head: &mut HeadName, sup: &Node, is_family: bool, usage: &Usage) {
        let (dress, inner) = undress(sup);
        let is_number = matches!(&inner.kind, Kind::Number(_));
        if is_number && usage.are_members_above(&head.base) {
            head.sup = Part::Index(usage.dress_above(&head.base).unwrap_or(dress), 1);
            head.prepend(&[inner]);
        } else if is_family {
            head.sup = Part::Index(dress, 1);
            head.shifts.extend(shifted_letter(inner));
            head.letters.extend(letter_of(inner));
        } else {
            head.sup = Part::Fixed(spell_script(sup).unwrap_or_default());
        }
    }
}

/// `W \in \mathbb{R}^{m \times n}, \quad b \in \mathbb{R}^m`: a declaration after a declaration is no condition
/// on the letters of the first one.
fn declares_more(body: &Node, condition: &Node) -> bool {
    match &strip(condition).kind {
        Kind::Signature { .. } => true,
        Kind::Chain { first, rest } => {
            let is_letter = |name: &Node| base_name(name).is_some_and(|name| stands_in_script(body, &name));
            matches!(&rest[..], [(Relation::In, set)] if declares(set)) && !list_of(first).into_iter().any(is_letter)
        }
        _ => false,
    }
}

/// When a formula of a `given` fence is read: families of integers, which may be sizes, before other declarations, and
/// these before what is assumed of them.
pub fn turn_in_given(formula: &Formula) -> u8 {
    let is_declared = match &strip(&formula.body).kind {
        Kind::List(items) => items.iter().all(is_declaration),
        _ => is_declaration(&formula.body),
    };
    let is_of_families = matches!(&strip(&formula.body).kind, Kind::Chain { first, .. }
        if list_of(first).into_iter().any(|name| matches!(name.kind, Kind::Script { .. })));
    match (declares_integers(formula) && is_of_families, is_declared) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// `x \in \mathbb{R}`, `f : \mathbb{R} \to \mathbb{R}`
pub(super) fn is_declaration(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Signature { .. } => true,
        Kind::Chain { rest, .. } => matches!(&rest[..], [(Relation::In, set)] if declares(set)),
        _ => false,
    }
}

fn is_relation(node: &Node) -> bool {
    matches!(strip(node).kind, Kind::Chain { .. })
}

/// Words of which the letters stand below a name without a font.
const WORDS: [&str; 22] = [
    "new", "old", "out", "max", "min", "ref", "opt", "tot", "avg", "init", "prev", "next", "true", "pred", "train",
    "test", "total", "mean", "input", "output", "hidden", "final",
];

/// Whether letters that stand below a name are a word, and no indices.
pub(super) fn is_word(letters: &str) -> bool {
    WORDS.contains(&letters)
}

/// A name as it is declared or defined.
#[derive(Debug, Clone)]
pub(super) struct HeadName {
    pub base: String,
    pub sub: Part,
    pub sup: Part,
    /// The letters of the family's indices.
    pub letters: Vec<String>,
    /// What is added to a letter where it stands: 1 in `a_{k+1} = …`.
    pub shifts: Vec<(String, i64)>,
    /// The indices that are values, each with its place among all indices: the layer of `h^0_t`.
    pub values: Vec<(usize, Node)>,
    /// The value of the index where one member is meant: `h_0`.
    pub initial: Option<Node>,
}

impl HeadName {
    /// Takes some of the indices, which are letters, as those of the entries of a member.
    pub fn take_components(&mut self, places: Range<usize>) -> Vec<String> {
        let n_taken = places.len();
        for (place, _) in self.values.iter_mut().filter(|(place, _)| *place >= places.end) {
            *place -= n_taken;
        }
        self.letters.drain(places).collect()
    }

    /// Puts indices before those that are there.
    fn prepend(&mut self, items: &[&Node]) {
        self.values.iter_mut().for_each(|(place, _)| *place += items.len());
        let mut letters = Vec::new();
        for (place, item) in items.iter().enumerate() {
            if is_number(item) {
                self.values.push((place, (*item).clone()));
                self.initial = Some((*item).clone());
            }
            self.shifts.extend(shifted_letter(item));
            letters.extend(letter_of(item));
        }
        self.letters.splice(0..0, letters);
    }
}

/// Whether an index is a number: `0`, `-1`.
fn is_number(item: &Node) -> bool {
    match &strip(item).kind {
        Kind::Number(_) => true,
        Kind::Sum(terms) => terms.iter().all(|(_, term)| matches!(strip(term).kind, Kind::Number(_))),
        _ => false,
    }
}

/// The letter of an index, a number that is added to it aside.
pub(super) fn letter_of(item: &Node) -> Option<String> {
    shifted_letter(item).map(|(letter, _)| letter).or_else(|| base_name(item))
}

/// `k+1` as `k` and 1.
fn shifted_letter(item: &Node) -> Option<(String, i64)> {
    let Kind::Sum(terms) = &strip(item).kind else { return None };
    let [(Sign::None, Node { kind: Kind::Symbol(letter), .. }), (sign, Node { kind: Kind::Number(text), .. })] =
        &terms[..]
    else {
        return None;
    };
    let shift: i64 = text.parse().ok()?;
    match sign {
        Sign::Plus => Some((letter.clone(), shift)),
        Sign::Minus => Some((letter.clone(), -shift)),
        Sign::None | Sign::PlusMinus | Sign::MinusPlus | Sign::Oplus => None,
    }
}

/// The parts of a list; a single part is a list of one.
pub(super) fn list_of(node: &Node) -> Vec<&Node> {
    match &strip(node).kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![node],
    }
}

/// Whether a letter stands in the scripts of the names that a formula declares.
fn stands_in_script(node: &Node, name: &str) -> bool {
    let holds = |script: &Node| {
        script_items(undress(script).1).into_iter().any(|item| base_name(item).as_deref() == Some(name))
    };
    match &node.kind {
        Kind::Script { sub, sup, .. } => sub.iter().chain(sup).any(|script| holds(script)),
        Kind::Chain { first, .. } => stands_in_script(first, name),
        Kind::Signature { names, .. } => stands_in_script(names, name),
        Kind::List(items) => items.iter().any(|item| stands_in_script(item, name)),
        Kind::Group(inner) => stands_in_script(inner, name),
        _ => false,
    }
}
