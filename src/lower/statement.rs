//! Statements: relations, implications, conditions.

use std::collections::BTreeSet;

use crate::expr::{Comparison, Expr, Extremum, Node as Meaning, Prop, Shape};
use crate::lower::digits::{rounded, tolerance};
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::joined::names_within;
use crate::lower::names::{
    Part, base_name, counting_letters, free_letters, index_letters, script_items, spell, undress,
};
use crate::lower::pairs::paired_letters;
use crate::lower::reader::{Reader, Statement};
use crate::lower::sets::{bound_of_script, is_of_values};
use crate::model::Layout;
use crate::number::Rational;
use crate::source::Span;
use crate::syntax::ast::{Connective, Formula, Kind, Node, Relation, Times};

/// The sign that stands for any argument.
const PLACEHOLDER: &str = r"\cdot";

/// A relation as it was read.
pub(super) struct Related {
    pub(super) prop: Prop,
    span: Span,
    tolerance: Option<Rational>,
    sizes: Vec<(Expr, Expr)>,
    divisors: Vec<Expr>,
}

impl Reader<'_> {
    /// The claims of a formula: one for each neighbouring pair of a chain. `None` after a diagnostic.
    pub fn claims(&mut self, formula: &Formula) -> Option<Vec<Statement>> {
        let formula = &self.respelled(formula);
        let formula = &self.with_own_letters(self.with_own_names(formula).into_owned());
        let formula = &*self.spelled_out(formula)?;
        self.letters = counting_letters(formula);
        self.learn_letters(&formula.body);
        formula.conditions.iter().for_each(|condition| self.learn_letters(condition));
        self.learn_letters_of_conditions(formula);
        self.learn_likely_exponents(formula);
        self.free_letters = free_letters(std::iter::once(&formula.body).chain(&formula.conditions));
        self.paired = paired_letters(std::iter::once(&formula.body).chain(&formula.conditions));
        self.check_asides(formula)?;
        self.sizes.clear();
        self.tolerance = None;
        self.open_sizes.clear();
        self.attained.clear();
        self.divisors.clear();
        let depth = self.locals.len();
        if self.bind_quantified(formula).is_none() {
            self.locals.truncate(depth);
            return None;
        }
        self.bind_placeholder(formula);
        let conditions = self.conditions(formula);
        self.known = conditions.iter().flatten().map(|condition| condition.prop.clone()).collect();
        let relations = self.relations_of(&formula.body, &formula.variables);
        self.locals.truncate(depth);
        self.known.clear();
        let (conditions, relations) = (conditions?, relations?);
        let map = self.settle()?;
        let conditions = self.sized_conditions(conditions, &map);
        let (relations, conditions) = self.with_last_sides_bound(relations, conditions, formula);
        let said: Vec<&Prop> = relations.iter().map(|read| &read.prop).collect();
        let conditions = self.closed(conditions, &said, formula);
        let conditions: Vec<Prop> = conditions.into_iter().map(|condition| self.by_entries(condition)).collect();
        let roots: Vec<Expr> = relations.iter().flat_map(|read| read.prop.expressions()).collect();
        self.check_members(roots, formula.body.span)?;
        let mut statements = Vec::new();
        for (read, reversed) in relations.into_iter().zip(reversals(&formula.body)) {
            let Related { prop, span, tolerance, sizes, divisors } = read;
            let prop = self.sized_prop(&prop, &map);
            let prop = self.claimed_by_entries(prop, &conditions);
            let divisors = self.known_divisors(divisors, &prop);
            let sizes = sizes
                .into_iter()
                .map(|(a, b)| (self.arena.substitute(a, &map), self.arena.substitute(b, &map)))
                .collect();
            let (conditions, unattained) = (conditions.clone(), self.unattained(&prop));
            let attained = self.attained.iter().map(|(extremum, ..)| *extremum).collect();
            statements.push(Statement {
                prop,
                conditions,
                tolerance,
                sizes,
                divisors,
                unattained,
                attained,
                reversed,
                span,
            });
        }
        Some(statements)
    }

    /// Of an equality with a maximum: that all values lie below the other side; of one with a minimum, above.
    fn unattained(&self, prop: &Prop) -> Option<Prop> {
        let Prop::Compare(Comparison::Equal, left, right) = *prop else { return None };
        let (_, which, body) = self.attained.iter().find(|(extremum, ..)| *extremum == left || *extremum == right)?;
        let other = if self.attained.iter().any(|(extremum, ..)| *extremum == left) { right } else { left };
        Some(match which {
            Extremum::Supremum => Prop::Compare(Comparison::Less, *body, other),
            Extremum::Infimum => Prop::Compare(Comparison::Less, other, *body),
        })
    }

    fn relations_of(&mut self, body: &Node, variables: &[Node]) -> Option<Vec<Related>> {
        match &strip(body).kind {
            Kind::Chain { first, rest } => {
                let mut found = Vec::new();
                let mut left = (&**first, self.side(first)?);
                let mut from = 0;
                for (relation, right) in rest {
                    self.tolerance = None;
                    let here = self.divisors.len();
                    let prop = match relation {
                        Relation::In => self.membership(left.1, right)?,
                        Relation::NotIn => self.outside(left.1, right)?,
                        Relation::Proportional => {
                            let value = self.side(right)?;
                            self.proportional(body, left, (right, value), variables)?
                        }
                        _ => {
                            let value = self.side(right)?;
                            let prop = self.relation(body, *relation, left, (right, value))?;
                            let prop = self.said_of_each(prop);
                            left = (right, value);
                            prop
                        }
                    };
                    found.push(self.related(prop, left_span(first, right), from));
                    from = here;
                }
                Some(found)
            }
            _ => {
                let prop = self.proposition(body)?;
                Some(vec![self.related(prop, body.span, 0)])
            }
        }
    }

    /// A relation just read, with what was remarked on the way; its divisors begin at `from`.
    fn related(&mut self, prop: Prop, span: Span, from: usize) -> Related {
        let divisors = self.divisors[from..].to_vec();
        Related { prop, span, tolerance: self.tolerance.take(), sizes: self.sizes.clone(), divisors }
    }

    /// Those divisors that speak of declared names and of letters of the relation alone: not of bound indices.
    fn known_divisors(&self, divisors: Vec<Expr>, prop: &Prop) -> Vec<Expr> {
        let said: BTreeSet<Expr> = self.arena.reachable(&prop.expressions()).into_iter().collect();
        let is_known = |part: Expr| match self.arena.node(part) {
            Meaning::Symbol { symbol, .. } => {
                said.contains(&part) || self.model.declarations.contains_key(symbol) || self.model.is_defined(*symbol)
            }
            _ => true,
        };
        divisors.into_iter().filter(|&divisor| self.arena.reachable(&[divisor]).into_iter().all(is_known)).collect()
    }

    /// What a formula that is no relation stands for. `None` after a diagnostic.
    pub fn value(&mut self, formula: &Formula) -> Option<Expr> {
        let formula = &self.respelled(formula);
        self.letters = index_letters(formula);
        self.learn_letters(&formula.body);
        self.free_letters.clear();
        self.paired = paired_letters([&formula.body]);
        self.sizes.clear();
        let value = self.expression(&formula.body)?;
        self.sized(value)
    }

    /// What a `derive` fence asks for: a derivative. `None` after a diagnostic.
    pub fn left_hand_side(&mut self, formula: &Formula) -> Option<Expr> {
        if let Kind::Chain { .. } = strip(&formula.body).kind {
            let message = "a right side is written here, and a `derive` fence is there to find one".to_owned();
            let hint = "write the left side alone, or make it a `math claim`";
            return self.fail("not-a-derivative", formula.body.span, message, hint);
        }
        let value = self.value(formula)?;
        match self.arena.node(value) {
            crate::expr::Node::Derivative { .. } => Some(value),
            crate::expr::Node::Transpose(inner)
                if matches!(self.arena.node(*inner), crate::expr::Node::Derivative { .. }) =>
            {
                Some(*inner)
            }
            _ => {
                let hint = r"write the left-hand side alone: `\frac{\partial L_3}{\partial w_h}`";
                self.fail("not-a-derivative", formula.body.span, "only a derivative can be derived".to_owned(), hint)
            }
        }
    }

    /// `f'(\cdot) = \dots`: a dot that stands for every number.
    fn bind_placeholder(&mut self, formula: &Formula) {
        let parts = || std::iter::once(&formula.body).chain(&formula.conditions);
        if parts().any(|part| part.mentions(PLACEHOLDER)) && !parts().any(holds_two_placeholders) {
            // Twice primed, because the z of a `\forall z` is primed once.
            let symbol = self.arena.intern("z\u{2032}\u{2032}", crate::expr::SymbolKind::Real);
            let letter = self.arena.symbol(symbol);
            self.locals.push((PLACEHOLDER.to_owned(), letter));
        }
    }

    /// Letters that stand as an index of a family are integers wherever they stand in the formula.
    pub(super) fn learn_letters(&mut self, node: &Node) {
        if let Kind::Script { base, sub, sup, .. } = &node.kind
            && let Some(base) = base_name(base)
        {
            let families: Vec<_> = self.names.with_base(&base).into_iter().cloned().collect();
            let indexed = |part: fn(&crate::lower::names::Name) -> &Part| {
                families.iter().any(|name| matches!(part(name), Part::Index(..)))
            };
            let vectors = families.iter().any(|name| !self.arena.declared_shape(name.symbol).is_scalar());
            if let Some(sub) = sub
                && (indexed(|name| &name.sub) || vectors)
                && !families
                    .iter()
                    .any(|name| name.sub == Part::Fixed(crate::lower::names::spell(sub).unwrap_or_default()))
            {
                let items = script_items(sub).into_iter();
                self.letters.extend(items.filter(|item| matches!(item.kind, Kind::Symbol(_))).filter_map(base_name));
            }
            if let Some(sup) = sup
                && indexed(|name| &name.sup)
                && let Kind::Symbol(text) = &undress(sup).1.kind
            {
                self.letters.insert(text.clone());
            }
        }
        if let Kind::Script { base, sub: Some(sub), .. } = &node.kind
            && matches!(&base.kind, Kind::Fenced { open, .. } if open != r"\|")
        {
            // What stands below a bracket is the index of an entry.
            let items = script_items(sub).into_iter();
            self.letters.extend(items.filter(|item| matches!(item.kind, Kind::Symbol(_))).filter_map(base_name));
        }
        if let Kind::Product(items) = &node.kind {
            names_within(items).iter().for_each(|name| self.learn_letters(name));
        }
        for child in node.children() {
            self.learn_letters(child);
        }
    }

    fn side(&mut self, node: &Node) -> Option<Expr> {
        self.extended(node)
    }

    /// A statement that is true or false: chains, connectives, memberships.
    pub(super) fn proposition(&mut self, node: &Node) -> Option<Prop> {
        match &strip(node).kind {
            Kind::Chain { first, rest } if is_enumeration(rest) => self.enumeration(first, &rest[0].1),
            Kind::Chain { first, rest } if matches!(strip(first).kind, Kind::List(_)) => {
                // `m, n \ge 1` says it of each.
                let each = |name: &Node| Node {
                    kind: Kind::Chain { first: Box::new(name.clone()), rest: rest.clone() },
                    span: node.span,
                };
                let parts: Option<Vec<Prop>> =
                    list_of(first).into_iter().map(|name| self.proposition(&each(name))).collect();
                Some(Prop::And(parts?))
            }
            Kind::Chain { first, rest } => {
                let mut parts = Vec::new();
                let mut left = (&**first, self.side(first)?);
                for (relation, right) in rest {
                    if *relation == Relation::NotIn {
                        parts.push(self.outside(left.1, right)?);
                        continue;
                    }
                    if *relation == Relation::In {
                        parts.push(self.membership(left.1, right)?);
                        continue;
                    }
                    let value = self.side(right)?;
                    parts.push(self.relation(node, *relation, left, (right, value))?);
                    left = (right, value);
                }
                Some(if parts.len() == 1 { parts.remove(0) } else { Prop::And(parts) })
            }
            Kind::Logic(connective, a, b) => {
                let (a, b) = (Box::new(self.proposition(a)?), Box::new(self.proposition(b)?));
                Some(match connective {
                    Connective::Implies => Prop::Implies(a, b),
                    Connective::ImpliedBy => Prop::Implies(b, a),
                    Connective::Iff => Prop::Iff(a, b),
                    Connective::And => Prop::And(vec![*a, *b].into_iter().flat_map(conjuncts).collect()),
                    Connective::Or => Prop::Or(vec![*a, *b].into_iter().flat_map(disjuncts).collect()),
                })
            }
            Kind::Not(inner) => self.proposition(inner).map(negated),
            Kind::List(items) => {
                let items = self.bounds_shared(items, &[])?;
                let parts: Option<Vec<Prop>> = items.iter().map(|item| self.proposition(item)).collect();
                Some(Prop::And(parts?))
            }
            Kind::Fenced { open, body, .. } if open == "(" || open == "[" => self.proposition(body),
            Kind::Text(_) => self.expression(node).and(None),
            Kind::Quantified { universal: false, .. } => self.existence_claimed(node),
            _ => self.not_a_relation(node),
        }
    }

    /// `\exists x : x^2 = 2`.
    pub(super) fn existence_claimed<T>(&mut self, node: &Node) -> Option<T> {
        let message = "that something exists is read, but has no meaning for the engine".to_owned();
        let hint = "name it: define it, or declare it in a `math given` fence and claim what holds of it";
        self.fail("not-supported", node.span, message, hint)
    }

    /// `x \notin (0, 1)`, `x \notin \{1, 2\}`.
    fn outside(&mut self, value: Expr, set: &Node) -> Option<Prop> {
        if !is_of_values(set) {
            let message = r"`\notin` is read, but cannot be decided of this set".to_owned();
            let hint = r"it is taken of an interval or of a list of values: `x \notin (0, 1)`, `x \notin \{1, 2\}`";
            return self.fail("unknown-relation", set.span, message, hint);
        }
        Some(match self.membership(value, set)? {
            Prop::And(parts) => one_of_many(parts.into_iter().map(negated).collect(), Prop::Or),
            Prop::Or(parts) => one_of_many(parts.into_iter().map(negated).collect(), Prop::And),
            other => negated(other),
        })
    }

    /// What stands where a relation is expected, and is none.
    fn not_a_relation<T>(&mut self, node: &Node) -> Option<T> {
        let words: Vec<&str> = node.children().into_iter().chain([node]).filter_map(words_of).collect();
        let (message, hint) = if words.iter().any(|words| words.split(' ').any(|word| word == "some")) {
            (
                "this asks for some value, and a claim speaks of all of them".to_owned(),
                "name the value that is meant: `x = 1`, or claim what holds for all",
            )
        } else if let Some(words) = words.first() {
            (
                format!("`{words}` is prose, and a condition is a relation"),
                r"write a relation: `t \ge 1`, `x \in (0, 1)`; an even number is written `2 n`, an odd one `2 n - 1`",
            )
        } else {
            (
                "there is no relation here, so nothing is claimed".to_owned(),
                r"write a relation: `=`, `\le`, `<`, `\implies`; a right side that is wanted is asked for in a `math derive` fence",
            )
        };
        self.fail("no-relation", node.span, message, hint)
    }

    fn relation(&mut self, node: &Node, relation: Relation, left: (&Node, Expr), right: (&Node, Expr)) -> Option<Prop> {
        let (a, b) = self.matched(node, left, right)?;
        Some(match relation {
            Relation::Equal => {
                self.tolerance = rounded(right.0).or_else(|| rounded(left.0));
                Prop::equal(a, b)
            }
            Relation::Identical | Relation::Define => Prop::equal(a, b),
            Relation::NotEqual => Prop::Compare(Comparison::NotEqual, a, b),
            Relation::Less => Prop::Compare(Comparison::Less, a, b),
            Relation::LessEqual => Prop::at_most(a, b),
            Relation::Greater => Prop::Compare(Comparison::Less, b, a),
            Relation::GreaterEqual => Prop::at_most(b, a),
            Relation::Approximately => {
                self.tolerance =
                    Some(tolerance(right.0).or_else(|| tolerance(left.0)).unwrap_or_else(|| Rational::from(0)));
                Prop::Compare(Comparison::Approximately, a, b)
            }
            other => {
                let hint = if other == Relation::To {
                    r"a limit is written with what varies below it: `\lim_{t \to \infty} h_t = 0`"
                } else {
                    r"claims are made of `=`, `\ne`, `<`, `\le`, `>`, `\ge`, `\approx`, `\in`, `\propto`"
                };
                return self.fail(
                    "unknown-relation",
                    node.span,
                    "this relation is read, but cannot be decided".to_owned(),
                    hint,
                );
            }
        })
    }

    /// Both sides in one shape: 0 takes any, and a gradient that was turned to stand left of a Jacobian turns back.
    fn matched(&mut self, node: &Node, left: (&Node, Expr), right: (&Node, Expr)) -> Option<(Expr, Expr)> {
        let ((_, a), (_, b)) = (left, right);
        match (self.arena.shape(a), self.arena.shape(b)) {
            (Shape::Scalar, Shape::Scalar) => return Some((a, b)),
            (Shape::Scalar, shape) if self.arena.is_zero(a) => return Some((self.arena.fill(a, shape), b)),
            (shape, Shape::Scalar) if self.arena.is_zero(b) => return Some((a, self.arena.fill(b, shape))),
            (Shape::Matrix(m, n), Shape::Vector(k)) if self.is_row_beside((m, n), k) => {
                self.is_turned(node, left, b, k)?;
                return Some((self.arena.transpose(a), b));
            }
            (Shape::Vector(k), Shape::Matrix(m, n)) if self.is_row_beside((m, n), k) => {
                self.is_turned(node, right, a, k)?;
                return Some((a, self.arena.transpose(b)));
            }
            _ => {}
        }
        let (a, b) = (self.arena.shape(a), self.arena.shape(b));
        if !self.same_shape(a, b) {
            let message = format!("the left side is {}, the right side is {}", self.describe(a), self.describe(b));
            let number = if a.is_scalar() { left.0 } else { right.0 };
            let hint = match a.is_scalar() != b.is_scalar() && holds_dot(number) {
                true => {
                    r"`\cdot` between two vectors is their inner product, a number; `\odot` multiplies entry by entry"
                }
                false => "both sides of a relation have one shape",
            };
            return self.fail("shape-mismatch", node.span, message, hint);
        }
        Some((left.1, right.1))
    }

    /// Whether a row is a column beside a vector of size `k`: made of a gradient that was read as a row, or else where
    /// the size is 1.
    fn is_turned(&mut self, node: &Node, (written, row): (&Node, Expr), other: Expr, k: Expr) -> Option<()> {
        let turns = self.model.layout == Layout::Mixed && self.is_gradient(row) && !self.begins_with_transpose(written);
        let one = self.arena.one();
        if turns || self.is_open_size(k) || self.same_size(k, one) {
            return Some(());
        }
        if self.is_of_one_row(other) {
            return Some(());
        }
        let message = "one side is a row, the other a column".to_owned();
        self.fail("shape-mismatch", node.span, message, r"`^\top` makes a column of a row")
    }

    /// Whether a value is the derivative of what a matrix with one row makes of a vector: a vector with one entry, whose
    /// Jacobian is a row.
    fn is_of_one_row(&self, value: Expr) -> bool {
        let Meaning::Derivative { of, .. } = *self.arena.node(value) else { return false };
        let body = match self.arena.node(of) {
            Meaning::Symbol { symbol, .. } => self.model.definitions_of(*symbol).next().map_or(of, |own| own.body),
            _ => of,
        };
        let is_row = |part: Expr| {
            matches!(self.arena.shape(part), Shape::Matrix(m, _) if self.arena.is_one(m))
                && !matches!(self.arena.node(part), Meaning::Transpose(_))
        };
        let is_product = |part: Expr| matches!(self.arena.node(part), Meaning::MatMul(factors) if is_row(factors[0]));
        match self.arena.node(body) {
            Meaning::Sum(terms) => terms.iter().any(|&term| is_product(term)),
            _ => is_product(body),
        }
    }

    /// `x \in (a, b]`, `t \in \mathbb{N}`, `x \in \mathbb{R}`.
    pub(super) fn membership(&mut self, value: Expr, set: &Node) -> Option<Prop> {
        match &strip(set).kind {
            Kind::Fenced { open, close, body }
                if matches!(open.as_str(), "(" | "[") && matches!(close.as_str(), ")" | "]") =>
            {
                let Kind::List(ends) = &strip(body).kind else { return self.unknown_set(set) };
                let [low, high] = &ends[..] else { return self.unknown_set(set) };
                let (low, high) = (self.extended(low)?, self.extended(high)?);
                let how =
                    |fence: &str, closed: &str| if fence == closed { Comparison::LessEqual } else { Comparison::Less };
                let mut parts = Vec::new();
                if !self.is_infinite(low) {
                    parts.push(Prop::Compare(how(open, "["), low, value));
                }
                if !self.is_infinite(high) {
                    parts.push(Prop::Compare(how(close, "]"), value, high));
                }
                Some(Prop::And(parts))
            }
            Kind::Fenced { open, body, .. } if open == r"\{" => self.one_of(value, &enumerated(body), set),
            Kind::Script { base, sub: Some(sub), sup: None, .. }
                if spell(base).as_deref() == Some(r"\mathbb{R}")
                    && let Some(Some(how)) = bound_of_script(Some(sub)) =>
            {
                let zero = self.arena.zero();
                Some(Prop::Compare(how, zero, value))
            }
            _ if self.is_of_vectors(value, set) => Some(Prop::And(Vec::new())),
            _ => match crate::lower::names::spell(set).as_deref() {
                Some(r"\mathbb{R}") => Some(Prop::And(Vec::new())),
                Some(r"\mathbb{N}") => {
                    let one = self.arena.one();
                    Some(Prop::And(vec![Prop::at_most(one, value), Prop::Integer(value)]))
                }
                Some(r"\mathbb{N}_{0}") => {
                    let zero = self.arena.zero();
                    Some(Prop::And(vec![Prop::at_most(zero, value), Prop::Integer(value)]))
                }
                Some(r"\mathbb{Z}") => Some(Prop::Integer(value)),
                _ => self.unknown_set(set),
            },
        }
    }

    /// `t = 1, \dots, T`, `y = 0, 1`, also of several letters.
    fn enumeration(&mut self, names: &Node, values: &Node) -> Option<Prop> {
        let mut parts = Vec::new();
        for name in list_of(names) {
            let value = self.expression(name)?;
            parts.push(self.one_of(value, &enumerated(values), values)?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Prop::And(parts) })
    }

    /// One of some values, or of the integers from the first to the last where dots stand before the last.
    fn one_of(&mut self, value: Expr, items: &[&Node], set: &Node) -> Option<Prop> {
        if let Some(dots) = items.iter().position(|item| matches!(item.kind, Kind::Dots(_))) {
            if dots == 0 || dots + 2 < items.len() {
                return self.unknown_set(set);
            }
            return self.one_from_to(value, &items[..dots], items.get(dots + 1).copied(), set);
        }
        let values: Option<Vec<Expr>> = items.iter().map(|item| self.expression(item)).collect();
        Some(Prop::Or(values?.into_iter().map(|other| Prop::equal(value, other)).collect()))
    }

    /// One of the integers that go on from some first ones, each of them one more than the one before.
    fn one_from_to(&mut self, value: Expr, first: &[&Node], last: Option<&Node>, set: &Node) -> Option<Prop> {
        let values: Option<Vec<Expr>> = first.iter().map(|item| self.expression(item)).collect();
        let values = values?;
        for pair in values.windows(2) {
            let step = self.arena.subtract(pair[1], pair[0]);
            if !self.arena.is_one(step) {
                let message = "the dots go on in steps that are not 1, and only such are read".to_owned();
                let hint =
                    r"write them upwards, `1, 2, \dots, n`; an even number is written `2 k` with `k \in \mathbb{N}`";
                return self.fail("unknown-set", set.span, message, hint);
            }
        }
        let mut parts = vec![Prop::at_most(values[0], value)];
        if let Some(last) = last {
            parts.push(Prop::at_most(value, self.expression(last)?));
        }
        parts.push(Prop::Integer(value));
        Some(Prop::And(parts))
    }

    fn unknown_set<T>(&mut self, set: &Node) -> Option<T> {
        let hint = r"write an interval `(a, b]`, a list `\{1, \dots, n\}`, or `\mathbb{R}`, `\mathbb{N}`, `\mathbb{Z}`";
        self.fail("unknown-set", set.span, "this set is not known".to_owned(), hint)
    }

    pub(super) fn is_infinite(&mut self, value: Expr) -> bool {
        let infinity = self.arena.infinity();
        let minus = self.arena.negate(infinity);
        value == infinity || value == minus
    }

    fn proportional(
        &mut self,
        node: &Node,
        left: (&Node, Expr),
        right: (&Node, Expr),
        variables: &[Node],
    ) -> Option<Prop> {
        if variables.is_empty() {
            let hint = r"say in which variable: `y \propto x^2 \text{ in } x`";
            return self.fail("missing-variable", node.span, r"`\propto` does not say what varies".to_owned(), hint);
        }
        let variables: Option<Vec<Expr>> = variables.iter().map(|variable| self.expression(variable)).collect();
        let (left, right) = self.matched(node, left, right)?;
        Some(Prop::Proportional { left, right, variables: variables? })
    }
}

/// The words that a node is.
fn words_of(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Text(words) => Some(words.trim()),
        _ => None,
    }
}

/// The negation of a statement: of a relation, the opposite one.
pub(super) fn negated(prop: Prop) -> Prop {
    match prop {
        Prop::Compare(Comparison::Equal, a, b) => Prop::Compare(Comparison::NotEqual, a, b),
        Prop::Compare(Comparison::NotEqual, a, b) => Prop::equal(a, b),
        Prop::Compare(Comparison::Less, a, b) => Prop::at_most(b, a),
        Prop::Compare(Comparison::LessEqual, a, b) => Prop::Compare(Comparison::Less, b, a),
        Prop::Not(inner) => *inner,
        other @ (Prop::Compare(Comparison::Approximately, ..)
        | Prop::Integer(_)
        | Prop::And(_)
        | Prop::Or(_)
        | Prop::Implies(..)
        | Prop::Iff(..)
        | Prop::ForAll(..)
        | Prop::Proportional { .. }) => Prop::Not(Box::new(other)),
    }
}

/// A statement by itself where it is the only one, or several together.
fn one_of_many(mut parts: Vec<Prop>, together: fn(Vec<Prop>) -> Prop) -> Prop {
    if parts.len() == 1 { parts.remove(0) } else { together(parts) }
}

/// The statements that a statement says, each by itself.
pub(super) fn conjuncts(prop: Prop) -> Vec<Prop> {
    match prop {
        Prop::And(parts) => parts.into_iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

fn disjuncts(prop: Prop) -> Vec<Prop> {
    match prop {
        Prop::Or(parts) => parts.into_iter().flat_map(disjuncts).collect(),
        other => vec![other],
    }
}

/// For each relation of a statement, whether it is written with `>` or `\ge`; of an implication, its conclusion.
fn reversals(body: &Node) -> Vec<bool> {
    match &strip(body).kind {
        Kind::Chain { rest, .. } => {
            rest.iter().map(|(sign, _)| matches!(sign, Relation::Greater | Relation::GreaterEqual)).collect()
        }
        Kind::Logic(Connective::Implies, _, conclusion) | Kind::Logic(Connective::ImpliedBy, conclusion, _) => {
            vec![reversals(conclusion) == [true]]
        }
        _ => vec![false],
    }
}

/// Whether a letter stands in a script, or in the range of a big operator, somewhere in a node.
pub(super) fn indexes(node: &Node, letter: &str) -> bool {
    node.holds(&|part| match &part.kind {
        Kind::Script { sub, sup, .. } | Kind::Big { sub, sup, .. } => {
            sub.iter().chain(sup).any(|script| script.mentions(letter))
        }
        _ => false,
    })
}

/// Whether a relation gives several values: `t = 1, \dots, T`.
fn is_enumeration(rest: &[(Relation, Node)]) -> bool {
    matches!(rest, [(Relation::Equal, values)] if enumerated(values).len() > 1)
}

/// `1, \dots, T` and `1 \cdots T` as their parts.
fn enumerated(values: &Node) -> Vec<&Node> {
    match &strip(values).kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Product(items) if items.len() == 3 && matches!(items[1].1.kind, Kind::Dots(_)) => {
            items.iter().map(|(_, item)| item).collect()
        }
        _ => vec![values],
    }
}

/// Whether several arguments of one call are left open, `k(\cdot, \cdot)`: they are not one letter.
fn holds_two_placeholders(node: &Node) -> bool {
    let is_open = |item: &&Node| matches!(&item.kind, Kind::Symbol(sign) if sign == PLACEHOLDER);
    node.holds(&|part| matches!(&part.kind, Kind::List(items) if items.iter().filter(is_open).count() > 1))
}

/// Whether a dot stands between factors.
fn holds_dot(node: &Node) -> bool {
    node.holds(
        &|part| matches!(&part.kind, Kind::Product(items) if items.iter().any(|(times, _)| *times == Times::Dot)),
    )
}

fn left_span(first: &Node, right: &Node) -> Span {
    first.span.to(right.span)
}
