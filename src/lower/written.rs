//! Values written out: matrices, definitions by cases, and what stands before an evaluation bar.

use crate::expr::{Arena, Branch, Comparison, Expr, Node as Meaning, Prop, Shape, SymbolKind};
use crate::lower::derivative::member_of;
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::reader::Reader;
use crate::lower::statement::{conjuncts, negated};
use crate::syntax::ast::{Kind, Node, Relation};

/// A relation with its sides.
type Compared = (Comparison, Expr, Expr);

impl Reader<'_> {
    pub(super) fn matrix(&mut self, node: &Node, env: &str, rows: &[Vec<Node>]) -> Option<Expr> {
        if env == "Vmatrix" {
            let hint = r"write `\|W\|_2` for the largest singular value, `\|W\|_F` for the Frobenius norm";
            let message = "a matrix has several norms, and this does not say which one is meant".to_owned();
            return self.fail("ambiguous-norm", node.span, message, hint);
        }
        let n_columns = rows.first().map_or(0, Vec::len);
        if n_columns == 0 || rows.iter().any(|row| row.len() != n_columns) {
            return self.fail(
                "shape-mismatch",
                node.span,
                "the rows of the matrix differ in length".to_owned(),
                "give every row as many entries as the first, with `&` between them",
            );
        }
        let mut cells = Vec::new();
        for row in rows {
            let row: Option<Vec<Expr>> = row.iter().map(|cell| self.expression(cell)).collect();
            cells.push(row?);
        }
        let entries = cells.concat();
        if entries.iter().any(|&cell| !self.arena.shape(cell).is_scalar()) {
            return self.blocks(node, &cells);
        }
        let size = |arena: &mut Arena, n: usize| arena.integer(i64::try_from(n).unwrap_or(i64::MAX));
        let m = size(self.arena, rows.len());
        let n = size(self.arena, n_columns);
        let shape = if n_columns == 1 { Shape::Vector(m) } else { Shape::Matrix(m, n) };
        let literal = self.arena.literal(shape, entries);
        Some(if env == "vmatrix" { self.absolute(literal) } else { literal })
    }

    pub(super) fn cases(&mut self, rows: &[(Node, Option<Node>)]) -> Option<Expr> {
        let mut cases = Vec::new();
        for (value, when) in rows {
            let value = self.expression(value)?;
            let conditions = match when {
                Some(when) if !is_otherwise(when) => self.case(when)?,
                Some(_) | None => Vec::new(),
            };
            cases.push((conditions, value));
        }
        let branches = cases.into_iter().rev().fold(Vec::new(), |rest, (all, value)| self.before(all, value, rest));
        Some(self.arena.cases(branches))
    }

    /// The branches that take a value where all of some relations hold, and go on with others where one of them fails.
    fn before(&mut self, all: Vec<Compared>, value: Expr, rest: Vec<Branch>) -> Vec<Branch> {
        match all[..] {
            [] => vec![Branch { condition: None, value }],
            [condition] => [vec![Branch { condition: Some(condition), value }], rest].concat(),
            _ if rest.is_empty() => {
                let within = |value, &condition: &Compared| {
                    let branch = Branch { condition: Some(condition), value };
                    self.arena.cases(vec![branch])
                };
                let value = all[1..].iter().rev().fold(value, within);
                vec![Branch { condition: Some(all[0]), value }]
            }
            _ => {
                let other = self.arena.cases(rest);
                let fails = |&condition: &Compared| Branch { condition: Some(opposite(condition)), value: other };
                all.iter().map(fails).chain([Branch { condition: None, value }]).collect()
            }
        }
    }

    /// The relations that are the condition of a case, all of which hold where it is taken.
    fn case(&mut self, when: &Node) -> Option<Vec<Compared>> {
        let said = self.proposition(when)?;
        self.cases_of(said, when)
    }

    fn cases_of(&mut self, said: Prop, when: &Node) -> Option<Vec<Compared>> {
        conjuncts(said).into_iter().map(|said| self.case_of(said, when)).collect()
    }

    fn case_of(&mut self, said: Prop, when: &Node) -> Option<Compared> {
        match said {
            Prop::Compare(_, a, _) if !self.arena.shape(a).is_scalar() => {
                let message = "this compares vectors, and a case is decided by numbers".to_owned();
                self.fail("not-supported", when.span, message, "write the entries: `z_i > 0`")
            }
            Prop::Compare(how, a, b) if how != Comparison::Approximately => Some((how, a, b)),
            _ => {
                let message = "a case has relations as its condition that hold together".to_owned();
                self.fail("not-supported", when.span, message, "write one row for each of several possibilities")
            }
        }
    }

    /// `\mathbb{1}_{i = j}`, `\mathbb{1}(x > 0)`: 1 where the relation holds, 0 elsewhere.
    pub(super) fn indicator(&mut self, when: &Node) -> Option<Expr> {
        let said = self.entrywise(when)?;
        if let Prop::Compare(how, left, right) = said
            && [left, right].iter().any(|&side| !self.arena.shape(side).is_scalar())
        {
            return self.indicator_by_entries(when, (how, left, right));
        }
        let conditions = self.cases_of(said, when)?;
        let (one, zero) = (self.arena.one(), self.arena.zero());
        let branches = self.before(conditions, one, vec![Branch { condition: None, value: zero }]);
        Some(self.arena.cases(branches))
    }

    /// A relation of which one side may be a number and the other a vector: it is meant of each entry.
    fn entrywise(&mut self, when: &Node) -> Option<Prop> {
        let Kind::Chain { first, rest } = &strip(when).kind else { return self.proposition(when) };
        let [(relation, right)] = &rest[..] else { return self.proposition(when) };
        let (left, right) = (self.expression(first)?, self.expression(right)?);
        let (a, b) = (self.arena.shape(left), self.arena.shape(right));
        if a.is_scalar() == b.is_scalar() {
            return self.proposition(when);
        }
        Some(match relation {
            Relation::Less => Prop::Compare(Comparison::Less, left, right),
            Relation::LessEqual => Prop::at_most(left, right),
            Relation::Greater => Prop::Compare(Comparison::Less, right, left),
            Relation::GreaterEqual => Prop::at_most(right, left),
            Relation::NotEqual => Prop::Compare(Comparison::NotEqual, left, right),
            _ => Prop::equal(left, right),
        })
    }

    /// `\left. … \right|_{x = a}`, also at several points at once: `|_{w = 0,\, b = 0}`, `|_{w = b = 0}`.
    pub(super) fn evaluated(&mut self, node: &Node, body: &Node, sub: Option<&Node>) -> Option<Expr> {
        let mut points = Vec::new();
        for equation in sub.map(list_of).unwrap_or_default() {
            let Kind::Chain { first, rest } = &strip(equation).kind else { return self.missing_point(node) };
            let Some(((_, value), between)) = rest.split_last() else { return self.missing_point(node) };
            if rest.iter().any(|(relation, _)| *relation != Relation::Equal) {
                return self.fail(
                    "missing-point",
                    node.span,
                    "the bar needs equations".to_owned(),
                    r"write `\left. … \right|_{x = 0}`",
                );
            }
            let names = std::iter::once(&**first).chain(between.iter().map(|(_, name)| name));
            points.extend(names.map(|name| (name, value)));
        }
        match points[..] {
            [] => self.missing_point(node),
            [(name, value)] => match self.evaluated_at_letter(body, name, value) {
                Some(value) => value,
                None => self.evaluated_at(node, body, &points),
            },
            _ => self.evaluated_at(node, body, &points),
        }
    }

    fn missing_point<T>(&mut self, node: &Node) -> Option<T> {
        let message = "the bar does not say where".to_owned();
        self.fail("missing-point", node.span, message, r"write `\left. … \right|_{x = 0}`")
    }

    /// A value where names have other values, all of them at once.
    fn evaluated_at(&mut self, node: &Node, body: &Node, points: &[(&Node, &Node)]) -> Option<Expr> {
        let body = self.expression(body)?;
        let mut places = Vec::new();
        for &(name, value) in points {
            let (of, value) = (self.expression(name)?, self.expression(value)?);
            if member_of(self.arena, of).is_none() {
                return self.fail(
                    "missing-point",
                    name.span,
                    "only a name can be given a value".to_owned(),
                    r"write a name left of the sign: `\left. … \right|_{x = 0}`",
                );
            }
            places.push((of, value));
        }
        if !self.are_apart(&places) {
            let message = "one of the points at this bar depends on another one".to_owned();
            let hint = r"write one bar after the other, in the order that is meant: `\left. \left. … \right|_{x = y} \right|_{y = 0}`";
            return self.fail("missing-point", node.span, message, hint);
        }
        Some(places.into_iter().fold(body, |body, (of, value)| self.arena.at(body, of, value)))
    }

    /// Whether it makes no difference in which order names get their values: neither a name nor its value leads to another
    /// one. Members and entries of one given with numbers for their indices are apart.
    fn are_apart(&self, places: &[(Expr, Expr)]) -> bool {
        let are_numbered = |of: Expr| {
            let indices = match self.arena.node(of) {
                Meaning::Symbol { indices, .. } => indices.to_vec(),
                Meaning::Entry { of, at } if member_of(self.arena, *of) == Some(*of) => at.to_vec(),
                _ => Vec::new(),
            };
            !indices.is_empty() && indices.iter().all(|&index| self.arena.as_integer(index).is_some())
        };
        places.iter().enumerate().all(|(at, &(of, value))| {
            let others = places.iter().enumerate().filter(|(other, _)| *other != at);
            others.into_iter().all(|(_, &(other, _))| {
                let Some(symbol) = member_of(self.arena, other).and_then(|member| self.symbol_of(member)) else {
                    return false;
                };
                let is_own = member_of(self.arena, of).and_then(|member| self.symbol_of(member)) == Some(symbol);
                let are_entries = of != other && are_numbered(of) && are_numbered(other);
                let is_apart = match is_own {
                    true => are_entries && !self.model.is_defined(symbol),
                    false => self.is_given_start(of) || !self.depends(of, symbol),
                };
                is_apart && !self.depends(value, symbol)
            })
        })
    }
}

impl Reader<'_> {
    /// `\left. f'(z) \right|_{z = z_t}` where nothing else is called z: the bar binds the letter.
    fn evaluated_at_letter(&mut self, body: &Node, letter: &Node, value: &Node) -> Option<Option<Expr>> {
        let Kind::Symbol(name) = &strip(letter).kind else { return None };
        let is_known = self.names.named(strip(letter)).is_some()
            || self.locals.iter().any(|(local, _)| local == name)
            || self.letters.contains(name);
        if is_known {
            return None;
        }
        let Some(value) = self.expression(value) else { return Some(None) };
        let symbol = self.arena.intern(&format!("{name}\u{2032}"), SymbolKind::Real);
        let variable = self.arena.member_of_shape(symbol, Box::default(), self.arena.shape(value));
        let body = self.with_local(name, variable, |reader| reader.expression(body));
        let Some(body) = body else { return Some(None) };
        // A letter that stands nowhere before the bar is a slip.
        self.arena.contains(body, variable).then(|| Some(self.arena.at(body, variable, value)))
    }
}

/// Whether a condition of a case is the word that stands for all others.
pub(super) fn is_otherwise(node: &Node) -> bool {
    matches!(&strip(node).kind, Kind::Text(text) | Kind::Operator(text) if text.contains("otherwise") || text.contains("else"))
}

/// What holds where a comparison fails.
fn opposite((how, left, right): Compared) -> Compared {
    match negated(Prop::Compare(how, left, right)) {
        Prop::Compare(how, left, right) => (how, left, right),
        _ => unreachable!("no case is decided by what is nearly equal"),
    }
}
