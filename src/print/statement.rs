//! Statements: comparisons, their chains, and what joins them.

use crate::expr::{Arena, Comparison, Expr, Prop, SymbolId};
use crate::number::rational;
use crate::print::layout::Layout;
use crate::print::scope::Scope;
use crate::print::{Level, Part, PartId, Sign};

/// The most digits after the point of a number that is set as a decimal.
const MAX_DECIMALS: i64 = 12;

impl Layout<'_> {
    /// A statement.
    pub(super) fn statement(&mut self, prop: &Prop) -> PartId {
        match prop {
            Prop::Compare(how, left, right) => self.comparison(*how, *left, *right, Scope::OUTSIDE),
            Prop::Integer(x) => {
                let x = self.root(*x);
                let integers = self.tree.letter("Z");
                let integers = self.tree.add(Part::Styled { command: "mathbb".into(), body: integers });
                self.relation(x, Sign::In, integers)
            }
            Prop::And(parts) if parts.len() > 1 && groups(self.arena, parts).len() == 1 => self.group(parts),
            Prop::And(parts) => self.junction(parts, Sign::And, "true"),
            Prop::Or(parts) => self.junction(parts, Sign::Or, "false"),
            Prop::Not(part) => self.contrary(part),
            Prop::Implies(a, b) => self.implication(a, Sign::Implies, b),
            Prop::Iff(a, b) => self.implication(a, Sign::Iff, b),
            Prop::ForAll(letters, part) => self.for_all(letters, part, Sign::Gap),
            Prop::Proportional { left, right, variables } => {
                let (left, right) = (self.root(*left), self.root(*right));
                let relation = self.relation(left, Sign::Proportional, right);
                let variables: Vec<PartId> = variables.iter().map(|&variable| self.root(variable)).collect();
                let variables = self.tree.joined(&variables, Sign::Comma, Level::List);
                self.after(relation, "in ", variables)
            }
        }
    }

    /// A statement and the conditions under which it is made.
    pub(super) fn claim(&mut self, prop: &Prop, conditions: &[Prop]) -> PartId {
        let statement = self.statement(prop);
        if conditions.is_empty() {
            return statement;
        }
        let conditions = self.conditions(conditions);
        self.after(statement, "if ", conditions)
    }

    /// Conditions between commas; `a \le b` and `b \le c` become one chain.
    pub(super) fn conditions(&mut self, conditions: &[Prop]) -> PartId {
        let flat: Vec<Prop> = conditions.iter().flat_map(Prop::conjuncts).cloned().collect();
        let groups = groups(self.arena, &flat);
        let parts: Vec<PartId> = groups
            .into_iter()
            .map(|group| {
                if let [Prop::ForAll(letters, part)] = group {
                    return self.for_all(letters, part, Sign::Pause);
                }
                let part = self.group(group);
                self.tree.fenced_below(part, Level::Logic)
            })
            .collect();
        self.tree.joined(&parts, Sign::Then, Level::List)
    }

    fn for_all(&mut self, letters: &[SymbolId], part: &Prop, before: Sign) -> PartId {
        let part = self.statement(part);
        let part = self.tree.fenced_below(part, Level::Logic);
        let mut items = vec![part, self.tree.sign(before), self.tree.sign(Sign::ForAll)];
        let letters: Vec<PartId> =
            letters.iter().map(|&letter| self.symbol(letter, &[], &[], Scope::OUTSIDE)).collect();
        items.push(self.tree.joined(&letters, Sign::Comma, Level::List));
        self.tree.row(items, Level::List)
    }

    /// A single statement, or comparisons that make a chain: `1 \le t \le T`, `t \ge j \ge 0`.
    fn group(&mut self, links: &[Prop]) -> PartId {
        if let [only] = links {
            return self.statement(only);
        }
        let is_down = |pair: &[Prop]| direction(self.arena, &pair[0], &pair[1]) == Some(Direction::Down);
        let falls = links.windows(2).all(is_down);
        let mut items = Vec::new();
        for link in links {
            if let Prop::Compare(how, left, right) = link {
                let (from, sign, to) = if falls { (right, turned(*how), left) } else { (left, sign(*how), right) };
                if items.is_empty() {
                    items.push(self.root(*from));
                }
                items.push(self.tree.sign(sign));
                items.push(self.root(*to));
            }
        }
        self.tree.row(items, Level::Relation)
    }

    /// Two expressions compared; a lone number stands on the right.
    pub(super) fn comparison(&mut self, how: Comparison, left: Expr, right: Expr, scope: Scope) -> PartId {
        let is_number = |expr| self.arena.as_number(expr).is_some();
        let turn = is_number(left) && !is_number(right) && matches!(how, Comparison::Less | Comparison::LessEqual);
        let decimal = if how == Comparison::Approximately { self.decimal(right) } else { None };
        let left = self.whole(left, scope);
        let right = decimal.unwrap_or_else(|| self.whole(right, scope));
        if turn { self.relation(right, turned(how), left) } else { self.relation(left, sign(how), right) }
    }

    /// A fraction with a short decimal notation, as digits.
    fn decimal(&mut self, expr: Expr) -> Option<PartId> {
        let value = self.arena.as_number(expr).filter(|value| !value.is_int())?;
        let magnitude = rational::abs(value);
        let shifted = |n: i64| rational::pow(&rational::integer(10), n).map(|ten| &magnitude * ten);
        let n_digits = (1..=MAX_DECIMALS).find(|&n| shifted(n).is_some_and(|shifted| shifted.is_int()))?;
        let width = usize::try_from(n_digits).ok()?;
        let digits = format!("{:0>fill$}", shifted(n_digits)?.numerator().to_string(), fill = width + 1);
        let (whole, rest) = digits.split_at(digits.len() - width);
        let part = self.tree.digits(format!("{whole}.{rest}"));
        if !rational::is_negative(value) {
            return Some(part);
        }
        let items = vec![self.tree.sign(Sign::Negative), part];
        Some(self.tree.row(items, Level::Sum))
    }

    fn junction(&mut self, parts: &[Prop], sign: Sign, empty: &str) -> PartId {
        if parts.is_empty() {
            return self.tree.add(Part::Prose(empty.into()));
        }
        if let [only] = parts {
            return self.statement(only);
        }
        let parts: Vec<PartId> = parts
            .iter()
            .map(|part| {
                let part = self.statement(part);
                self.tree.fenced_below(part, Level::Relation)
            })
            .collect();
        self.tree.joined(&parts, sign, Level::Logic)
    }

    fn contrary(&mut self, part: &Prop) -> PartId {
        if let Prop::Compare(Comparison::Equal, left, right) = part {
            return self.comparison(Comparison::NotEqual, *left, *right, Scope::OUTSIDE);
        }
        let part = self.statement(part);
        let items = vec![self.tree.sign(Sign::Not), self.tree.round(part)];
        self.tree.row(items, Level::Relation)
    }

    fn implication(&mut self, a: &Prop, sign: Sign, b: &Prop) -> PartId {
        let mut side = |prop: &Prop| {
            let part = self.statement(prop);
            self.tree.fenced_below(part, Level::Relation)
        };
        let sides = [side(a), side(b)];
        self.tree.joined(&sides, sign, Level::Logic)
    }

    fn after(&mut self, statement: PartId, word: &str, rest: PartId) -> PartId {
        let items = vec![statement, self.tree.sign(Sign::Gap), self.tree.add(Part::Prose(word.into())), rest];
        self.tree.row(items, Level::List)
    }
}

/// The sign of a comparison.
fn sign(how: Comparison) -> Sign {
    match how {
        Comparison::Equal => Sign::Equal,
        Comparison::NotEqual => Sign::NotEqual,
        Comparison::Less => Sign::Less,
        Comparison::LessEqual => Sign::LessEqual,
        Comparison::Approximately => Sign::Approximately,
    }
}

/// The sign with the sides exchanged.
fn turned(how: Comparison) -> Sign {
    match how {
        Comparison::Less => Sign::Greater,
        Comparison::LessEqual => Sign::GreaterEqual,
        Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => sign(how),
    }
}

/// Which way a chain of inequalities runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// How the second goes on where the first ends; never over a number.
fn direction(arena: &Arena, first: &Prop, second: &Prop) -> Option<Direction> {
    let (Prop::Compare(how, low, high), Prop::Compare(next, lower, higher)) = (first, second) else {
        return None;
    };
    let runs = |how: &Comparison| matches!(how, Comparison::Less | Comparison::LessEqual);
    if !runs(how) || !runs(next) {
        return None;
    }
    let links = |a: &Expr, b: &Expr| a == b && arena.as_number(*a).is_none();
    match (links(high, lower), links(low, higher)) {
        (true, _) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        (false, false) => None,
    }
}

/// Neighbours that make one chain together, the others alone.
fn groups<'a>(arena: &Arena, props: &'a [Prop]) -> Vec<&'a [Prop]> {
    let mut groups = Vec::new();
    let mut rest = props;
    while let [first, others @ ..] = rest {
        let way = others.first().and_then(|second| direction(arena, first, second));
        let is_link = |pair: &&[Prop]| way.is_some() && direction(arena, &pair[0], &pair[1]) == way;
        let n_links = 1 + rest.windows(2).take_while(is_link).count();
        let (group, after) = rest.split_at(n_links);
        groups.push(group);
        rest = after;
    }
    groups
}
