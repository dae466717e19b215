//! `math given`: declarations and assumptions.

use crate::expr::{Comparison, Expr, Prop, Shape, SymbolId, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::names::{Dress, Name, Part, Usage, base_name, index_letters, script_items, spell, undress};
use crate::lower::reader::{Reader, Statement};
use crate::lower::shared::said_by;
use crate::lower::statement::conjuncts;
use crate::model::{Declaration, Signature};
use crate::syntax::ast::{Formula, Kind, Node, Relation, Sign, Times};

/// What a declared name lies in.
enum Set {
    /// Of these sizes, and what bounds each entry from below.
    Reals(Vec<Expr>, Option<Comparison>),
    Integers {
        least: Option<i64>,
    },
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
        _ => match spell(script)?.as_str() {
            "+" => Some(Some(Comparison::LessEqual)),
            "++" => Some(Some(Comparison::Less)),
            _ => None,
        },
    }
}

/// The set at the beginning of a product: `\mathbb{R} x` of a declaration whose line has no `\\` at its end.
fn set_before_more(side: &Node) -> Option<&Node> {
    let Kind::Product(items) = &strip(side).kind else { return None };
    let (_, first) = items.first()?;
    declares(first).then_some(first)
}

impl Reader<'_> {
    /// Declares what a formula of a `given` fence declares, or assumes what it says.
    pub fn given(&mut self, formula: &Formula, usage: &Usage) -> Option<()> {
        let (formula, beside) = self.given_beside(formula);
        let formula = &*self.spelled_out(&formula);
        let (further, own): (Vec<Node>, Vec<Node>) =
            formula.conditions.iter().cloned().partition(|condition| declares_more(&formula.body, condition));
        let declarations = match &strip(&formula.body).kind {
            Kind::List(items) if items.iter().all(is_declaration) || items.iter().all(is_relation) => items.clone(),
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
                [(Relation::In, set)] if self.are_new_numbers(first, set) => {
                    let reals = Node { kind: Kind::Symbol(r"\mathbb{R}".to_owned()), span: set.span };
                    self.declare_variables(formula, first, &reals, usage)?;
                    self.assume(formula)
                }
                [(Relation::In, set)] if power_of_interval(set).is_some() => {
                    self.vectors_within(formula, first, power_of_interval(set)?, usage)
                }
                _ if let Some(set) = rest.iter().find_map(|(_, side)| set_before_more(side)) => {
                    let message = "two declarations stand in one formula".to_owned();
                    let hint = format!(r"end the first with `\\`: `… {} \\`", spell_plain(set));
                    self.fail("runs-together", formula.body.span, message, &hint)
                }
                _ => self.assume(formula),
            },
            Kind::Symbol(_) | Kind::Script { .. } | Kind::List(_) => {
                let written = spell_plain(&formula.body);
                let message = "these names are listed, but not declared".to_owned();
                let hint = format!(r"say in which set they lie: `{written} \in \mathbb{{R}}`");
                self.fail("no-relation", formula.body.span, message, &hint)
            }
            _ => self.assume(formula),
        }
    }

    /// Whether `p \in [0, 1]` and `y \in \{0, 1\}` speak of names that nothing declared: they are numbers then.
    fn are_new_numbers(&self, names: &Node, set: &Node) -> bool {
        let is_of_numbers = matches!(&strip(set).kind, Kind::Fenced { open, body, .. }
            if matches!(open.as_str(), "(" | "[" | r"\{") && matches!(strip(body).kind, Kind::List(_)));
        let is_new = |name: &Node| {
            let is_name =
                matches!(strip(name).kind, Kind::Symbol(_) | Kind::Operator(_) | Kind::Script { primes: 0, .. });
            is_name && self.names.named(strip(name)).is_none()
        };
        is_of_numbers && list_of(names).into_iter().all(is_new)
    }

    /// `x \in [0, 1]^n`: a vector, or a matrix, with its entries in the interval.
    fn vectors_within(
        &mut self,
        formula: &Formula,
        names: &Node,
        (interval, sizes): (&Node, &Node),
        usage: &Usage,
    ) -> Option<()> {
        let script = |base: Node, sub: Option<Node>, sup: Option<Node>| {
            let kind = Kind::Script { base: Box::new(base), sub: sub.map(Box::new), sup: sup.map(Box::new), primes: 0 };
            Node { kind, span: names.span }
        };
        let symbol = |text: &str| Node { kind: Kind::Symbol(text.to_owned()), span: sizes.span };
        let reals = script(symbol(r"\mathbb{R}"), None, Some(sizes.clone()));
        self.declare_variables(formula, names, &reals, usage)?;
        let n_sizes = dimensions(sizes).len();
        for name in list_of(names) {
            let (base, sub, sup) = match &strip(name).kind {
                Kind::Script { base, sub, sup, .. } => ((**base).clone(), sub.as_deref(), sup.as_deref()),
                _ => (strip(name).clone(), None, None),
            };
            let own: Vec<Node> = sub.map(script_items).unwrap_or_default().into_iter().cloned().collect();
            let free =
                ["i", "j", "k", "l"].map(&symbol).into_iter().filter(|letter| !own.contains(letter)).take(n_sizes);
            let indices = own.iter().cloned().chain(free).collect();
            let entry = script(base, Some(Node { kind: Kind::List(indices), span: name.span }), sup.cloned());
            let kind = Kind::Chain { first: Box::new(entry), rest: vec![(Relation::In, interval.clone())] };
            self.assume(&Formula { body: Node { kind, span: formula.body.span }, ..formula.clone() })?;
        }
        Some(())
    }

    /// `x \in R`, without the font of sets.
    fn plain_set(&mut self, set: &Node) -> Option<()> {
        let written = spell_plain(set);
        let letter = written.chars().next().filter(|letter| matches!(letter, 'R' | 'N' | 'Z')).unwrap_or('R');
        let hint = format!(r"the sets of numbers are written `\mathbb{{{letter}}}`");
        self.fail("unknown-set", set.span, format!("`{written}` is not a set that is known"), &hint)
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
            let set = self.set(set)?;
            self.declare_one(formula, head, node, set)?;
        }
        Some(())
    }

    fn declare_one(&mut self, formula: &Formula, head: &HeadName, node: &Node, set: Set) -> Option<()> {
        if head.initial.is_some() {
            return self.declare_initial(head, set);
        }
        if let Some((letter, _)) = head.shifts.first() {
            let message = "a family is declared by its letter alone".to_owned();
            return self.fail("bad-name", node.span, message, &format!("write `{letter}` for the index"));
        }
        let (kind, shape, least, bound) = match set {
            Set::Reals(sizes, bound) => match Shape::from_sizes(&sizes) {
                Some(shape) => (SymbolKind::Real, shape, None, bound),
                None => {
                    return self.fail(
                        "too-many-sizes",
                        node.span,
                        "tensors of three and more indices are not supported".to_owned(),
                        "declare a family of matrices",
                    );
                }
            },
            Set::Integers { least } => (SymbolKind::Integer, Shape::Scalar, least, None),
        };
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
        if let Some(least) = least {
            let least = self.arena.integer(least);
            let at: Vec<Expr> = indices.iter().map(|&letter| self.arena.symbol(letter)).collect();
            let member = self.arena.member_of_shape(symbol, at.into(), Shape::Scalar);
            let prop = Prop::at_most(least, member);
            self.model.assumptions.push(if indices.is_empty() { prop } else { Prop::ForAll(indices, Box::new(prop)) });
        } else if let Some(bound) = bound {
            self.bound_entries(symbol, indices, shape, bound);
        }
        Some(())
    }

    /// What `x \in \mathbb{R}_{\ge 0}^n` says of each entry.
    fn bound_entries(&mut self, symbol: SymbolId, mut letters: Vec<SymbolId>, shape: Shape, bound: Comparison) {
        let at: Vec<Expr> = letters.iter().map(|&letter| self.arena.symbol(letter)).collect();
        let mut value = self.arena.member_of_shape(symbol, at.into(), shape);
        let entry: Vec<SymbolId> = ["i", "j"]
            .into_iter()
            .take(shape.sizes().len())
            .map(|stem| self.arena.letter_apart(stem, &[value]))
            .collect();
        if !entry.is_empty() {
            let at = entry.iter().map(|&letter| self.arena.symbol(letter)).collect();
            value = self.arena.entry(value, at);
        }
        letters.extend(entry);
        let prop = Prop::Compare(bound, self.arena.zero(), value);
        self.model.assumptions.push(if letters.is_empty() { prop } else { Prop::ForAll(letters, Box::new(prop)) });
    }

    /// `h_0 \in \mathbb{R}^n` gives the family `h` its shape.
    fn declare_initial(&mut self, head: &HeadName, set: Set) -> Option<()> {
        let Set::Reals(sizes, _) = set else { return Some(()) };
        let shape = Shape::from_sizes(&sizes)?;
        self.add_name(head, SymbolKind::Real, shape);
        Some(())
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
            for factor in cartesian(domain) {
                match self.set(factor)? {
                    Set::Reals(_, Some(_)) => {
                        let message = "a function takes all real numbers".to_owned();
                        let hint = r"write `\mathbb{R}`, and bound its argument where it is called";
                        return self.fail("not-supported", factor.span, message, hint);
                    }
                    Set::Reals(sizes, None) => match Shape::from_sizes(&sizes) {
                        Some(shape) => arguments.push(shape),
                        None => {
                            return self.fail(
                                "too-many-sizes",
                                factor.span,
                                "an argument has at most two sizes".to_owned(),
                                r"write `\mathbb{R}^{n}` or `\mathbb{R}^{m \times n}` for it",
                            );
                        }
                    },
                    Set::Integers { .. } => arguments.push(Shape::Scalar),
                }
            }
            let Set::Reals(sizes, None) = self.set(codomain)? else {
                return self.fail(
                    "unknown-set",
                    codomain.span,
                    "a function takes values in the reals".to_owned(),
                    r"write `\to \mathbb{R}`",
                );
            };
            if !sizes.is_empty() {
                let hint = "write one function for each entry of the value";
                return self.fail(
                    "not-supported",
                    codomain.span,
                    "functions with vectors as values are not supported".to_owned(),
                    hint,
                );
            }
            let symbol = self.add_name(&head, SymbolKind::Function, Shape::Scalar);
            let indices: Vec<SymbolId> = head.letters.iter().map(|letter| self.letter(letter).0).collect();
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

    fn set(&mut self, node: &Node) -> Option<Set> {
        let (base, sub, sup) = match &strip(node).kind {
            Kind::Script { base, sub, sup, .. } => (base_name(base), sub.as_deref(), sup.as_deref()),
            _ => (base_name(node), None, None),
        };
        match base.as_deref() {
            Some(r"\mathbb{R}") => {
                let is_sign = |sup: &Node| spell(sup).is_some_and(|sign| sign.starts_with('+'));
                let (script, sup) = if sup.is_some_and(is_sign) && sub.is_none() { (sup, None) } else { (sub, sup) };
                let Some(bound) = bound_of_script(script) else { return self.unknown_set_of(node) };
                let mut sizes = Vec::new();
                for size in sup.map(dimensions).unwrap_or_default() {
                    self.imply_dimensions(size);
                    sizes.push(self.size(size)?);
                }
                Some(Set::Reals(sizes, bound))
            }
            Some(letters @ (r"\mathbb{N}" | r"\mathbb{Z}")) => {
                let all = if letters == r"\mathbb{N}" { Some(1) } else { None };
                let script = sub.or(sup);
                let is_zero = script.and_then(spell).is_some_and(|text| text == "0");
                match bound_of_script(script) {
                    _ if is_zero => Some(Set::Integers { least: Some(0) }),
                    Some(None) => Some(Set::Integers { least: all }),
                    Some(Some(Comparison::Less)) => Some(Set::Integers { least: Some(1) }),
                    // `\mathbb{Z}^+` begins at 1, `\mathbb{Z}_{\ge 0}` at 0.
                    Some(Some(_)) => {
                        let is_sign = script.and_then(spell).is_some();
                        Some(Set::Integers { least: Some(i64::from(is_sign)) })
                    }
                    None => self.unknown_set_of(node),
                }
            }
            _ => {
                let hint =
                    r"write `\mathbb{R}`, `\mathbb{R}^{n}`, `\mathbb{R}^{m \times n}`, `\mathbb{N}` or `\mathbb{Z}`";
                self.fail("unknown-set", node.span, format!("`{}` is not a set that is known", spell_plain(node)), hint)
            }
        }
    }

    fn unknown_set_of<T>(&mut self, set: &Node) -> Option<T> {
        let message = format!("`{}` is not a set that is known", spell_plain(set));
        let hint = r"write `\mathbb{R}`, `\mathbb{R}_{\ge 0}`, `\mathbb{R}_{> 0}`, `\mathbb{N}_0` or `\mathbb{Z}`, and bound the values apart: `0 \le x \le 1`";
        self.fail("unknown-set", set.span, message, hint)
    }

    /// An undeclared letter that is a size declares itself as one.
    fn imply_dimensions(&mut self, size: &Node) {
        if let Kind::Symbol(name) = &size.kind
            && self.names.with_base(name).is_empty()
            && !self.letters.contains(name)
            && name.chars().next_back().is_some_and(char::is_alphabetic)
        {
            let symbol = self.arena.intern(name, SymbolKind::Integer);
            self.arena.declare(symbol, SymbolKind::Integer, Shape::Scalar);
            self.names.add(Name { base: name.clone(), sub: Part::Absent, sup: Part::Absent, symbol });
            self.names.imply(symbol);
            let range = Vec::new();
            let declaration = Declaration { symbol, indices: Vec::new(), shape: Shape::Scalar, signature: None, range };
            self.model.declarations.insert(symbol, declaration);
            let (one, letter) = (self.arena.one(), self.arena.symbol(symbol));
            self.model.assumptions.push(Prop::at_most(one, letter));
            let message = format!("`{name}` is not declared; it is taken as a size, a natural number from 1");
            let hint = format!(r"declare it: `{name} \in \mathbb{{N}}`");
            self.remark("implied-dimension", size.span, message, &hint);
        }
        size.children().into_iter().for_each(|part| self.imply_dimensions(part));
    }

    /// A dimension; where it is not declared, the hint declares it as one.
    fn size(&mut self, node: &Node) -> Option<Expr> {
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
        for (mut prop, ranges) in claims.into_iter().flat_map(each) {
            if !ranges.is_empty() {
                prop = Prop::Implies(Box::new(Prop::And(ranges)), Box::new(prop));
            }
            self.check_assumption(&prop, formula.span);
            let mut letters = self.free_letters(&prop);
            letters.extend(self.universal_reals(formula, &prop));
            letters.dedup();
            self.model.assumptions.push(if letters.is_empty() { prop } else { Prop::ForAll(letters, Box::new(prop)) });
        }
        Some(())
    }

    /// The undeclared integer letters of a statement.
    pub(super) fn free_letters(&self, prop: &Prop) -> Vec<SymbolId> {
        use crate::expr::Node as Meaning;
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
        if let Some(sup) = sup {
            self.read_superscript(&mut head, sup, usage);
        }
        if let Some(sub) = sub {
            self.read_subscript(&mut head, sub, usage);
        }
        Some(head)
    }

    fn read_subscript(&mut self, head: &mut HeadName, sub: &Node, usage: &Usage) {
        let items = script_items(sub);
        let is_number = matches!(&strip(sub).kind, Kind::Number(_));
        if is_number && usage.is_defined_family(&head.base) {
            head.sub = Part::Index(Dress::Plain, 1);
            head.prepend(&[sub]);
        } else if usage.is_family_below(&head.base, strip(sub)) {
            head.sub = Part::Index(Dress::Plain, items.len());
            head.prepend(&items);
        } else {
            head.sub = Part::Fixed(spell(sub).unwrap_or_default());
        }
    }

    fn read_superscript(&mut self, head: &mut HeadName, sup: &Node, usage: &Usage) {
        let (dress, inner) = undress(sup);
        let is_number = matches!(&inner.kind, Kind::Number(_));
        if is_number && usage.is_family_above(&head.base, &Node { kind: Kind::Symbol("t".to_owned()), span: sup.span })
        {
            head.sup = Part::Index(usage.dress_above(&head.base).unwrap_or(dress), 1);
            head.prepend(&[inner]);
        } else if usage.is_family_above(&head.base, sup) {
            head.sup = Part::Index(dress, 1);
            head.shifts.extend(shifted_letter(inner));
            head.letters.extend(letter_of(inner));
        } else {
            head.sup = Part::Fixed(spell(sup).unwrap_or_default());
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

/// Whether membership in a set declares: `x \in \mathbb{R}` does, `x \in (0, 1)` assumes.
fn declares(set: &Node) -> bool {
    let base = match &strip(set).kind {
        Kind::Script { base, .. } => base_name(base),
        _ => base_name(set),
    };
    base.is_some_and(|base| base.starts_with(r"\mathbb"))
}

/// `R`, `R^n`: a letter without the font of sets, perhaps with sizes.
fn is_plain_letter(set: &Node) -> bool {
    let base = match &strip(set).kind {
        Kind::Script { base, .. } => base,
        _ => strip(set),
    };
    matches!(&base.kind, Kind::Symbol(letter) if letter.chars().count() == 1)
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
    /// Puts indices before those that are there.
    fn prepend(&mut self, items: &[&Node]) {
        self.values.iter_mut().for_each(|(place, _)| *place += items.len());
        let mut letters = Vec::new();
        for (place, item) in items.iter().enumerate() {
            if matches!(strip(item).kind, Kind::Number(_)) {
                self.values.push((place, (*item).clone()));
                self.initial = Some((*item).clone());
            }
            self.shifts.extend(shifted_letter(item));
            letters.extend(letter_of(item));
        }
        self.letters.splice(0..0, letters);
    }
}

/// The letter of an index, a number that is added to it aside.
fn letter_of(item: &Node) -> Option<String> {
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

/// `[0, 1]^n` as the interval and its sizes.
fn power_of_interval(set: &Node) -> Option<(&Node, &Node)> {
    let Kind::Script { base, sub: None, sup: Some(sizes), .. } = &strip(set).kind else { return None };
    let is_list = |body: &Node| matches!(strip(body).kind, Kind::List(_));
    let is_set = |open: &str| matches!(open, "(" | "[" | r"\{");
    match &base.kind {
        Kind::Fenced { open, body, .. } if is_set(open) && is_list(body) => Some((base, sizes)),
        _ => None,
    }
}

/// `m \times n`, or `m, n`, as its parts.
fn dimensions(node: &Node) -> Vec<&Node> {
    match &strip(node).kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Product(items) if items.iter().skip(1).all(|(times, _)| *times == Times::Cross) => {
            items.iter().map(|(_, item)| item).collect()
        }
        _ => vec![strip(node)],
    }
}

fn cartesian(node: &Node) -> Vec<&Node> {
    dimensions(node)
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
