//! Expressions: from the tree as written to meaning.

use crate::expr::{
    Arena, Big, Branch, Comparison, Elementary, Expr, Extremum, Function, Node as Meaning, Prop, Shape, SymbolKind,
};
use crate::lower::derivative::member_of;
use crate::lower::names::{Name, Part, base_name, script_items, spell, undress};
use crate::lower::reader::Reader;
use crate::number::rational::parse_decimal;
use crate::syntax::ast::{Kind, Node, Relation, Sign};

impl Reader<'_> {
    /// The meaning of an expression; `None` after a diagnostic.
    pub fn expression(&mut self, node: &Node) -> Option<Expr> {
        match &node.kind {
            Kind::Number(text) => match parse_decimal(text) {
                Some(value) => Some(self.arena.number(value)),
                None => self.fail(
                    "bad-number",
                    node.span,
                    format!("`{text}` is not a number"),
                    "write digits, with at most one point",
                ),
            },
            Kind::Symbol(_) | Kind::Script { .. } | Kind::Operator(_) => {
                self.factor(std::slice::from_ref(node), 0).map(|(expr, _)| expr)
            }
            Kind::Group(inner) => self.expression(inner),
            Kind::Fenced { open, close, body } => self.fenced(node, open, close, body),
            Kind::Frac { num, den } => {
                if let Some(derivative) = self.derivative_fraction(node, num, den) {
                    return derivative;
                }
                let (num, den) = (self.expression(num)?, self.expression(den)?);
                self.quotient(node, num, den)
            }
            Kind::Sqrt { index, body } => {
                let body = self.expression(body)?;
                match index {
                    None => Some(self.arena.sqrt(body)),
                    Some(index) => {
                        let index = self.expression(index)?;
                        let exponent = self.arena.reciprocal(index);
                        Some(self.arena.power(body, exponent))
                    }
                }
            }
            Kind::Product(items) => self.product(node, items),
            Kind::Sum(terms) => self.sum(node, terms),
            Kind::Big { op, sub, sup, body } => self.big(node, op, sub.as_deref(), sup.as_deref(), body),
            Kind::Matrix { env, rows } => self.matrix(node, env, rows),
            Kind::Cases(rows) => self.cases(node, rows),
            Kind::Evaluated { body, sub, sup: None } => self.evaluated(node, body, sub.as_deref()),
            Kind::Decorated { accent, body, .. } if accent != "overline" && accent != "bar" => self.expression(body),
            Kind::Dots(_) => self.fail(
                "ellipsis",
                node.span,
                "the dots leave open what they stand for".to_owned(),
                r"write the sum or the product: `\sum_{k=1}^{n} a_k` or `\prod_{k=1}^{n} a_k`",
            ),
            Kind::Text(text) => {
                let message = format!("`{text}` is prose, not a part of a formula");
                self.fail(
                    "prose-in-formula",
                    node.span,
                    message,
                    r"declare it as a name, or move the words out of the formula",
                )
            }
            Kind::Chain { .. } | Kind::Logic(..) | Kind::Not(_) | Kind::Quantified { .. } => {
                self.fail("relation-as-value", node.span, "a relation stands where a value is expected".to_owned(), "")
            }
            Kind::List(_) => {
                self.fail("list-as-value", node.span, "a list stands where one value is expected".to_owned(), "")
            }
            Kind::Empty => self.fail(
                "missing-operand",
                node.span,
                "an expression is missing here".to_owned(),
                "write what is meant",
            ),
            Kind::Error => None,
            Kind::Binom(..)
            | Kind::Evaluated { .. }
            | Kind::Decorated { .. }
            | Kind::Given(..)
            | Kind::Signature { .. }
            | Kind::Factorial(_) => self.fail(
                "not-supported",
                node.span,
                "this notation is read, but has no meaning for the engine yet".to_owned(),
                "",
            ),
        }
    }

    fn fenced(&mut self, node: &Node, open: &str, close: &str, body: &Node) -> Option<Expr> {
        match (open, close) {
            ("|", "|") => {
                let value = self.expression(body)?;
                Some(self.absolute(value))
            }
            (r"\|", r"\|") => {
                let value = self.expression(body)?;
                Some(self.norm(value, None))
            }
            ("(", ")") | ("[", "]") | (r"\{", r"\}") | (".", ".") | (r"\lbrace", r"\rbrace") => self.expression(body),
            _ => self.fail(
                "not-supported",
                node.span,
                format!("the fences `{open}` and `{close}` have no meaning here"),
                "",
            ),
        }
    }

    pub(super) fn absolute(&mut self, value: Expr) -> Expr {
        match self.arena.shape(value) {
            Shape::Scalar => self.arena.apply(Elementary::Abs, value),
            Shape::Vector(_) => self.norm(value, None),
            Shape::Matrix(..) => self.arena.tensor(crate::expr::Tensor::Determinant, vec![value]),
        }
    }

    pub(super) fn norm(&mut self, value: Expr, kind: Option<&str>) -> Expr {
        use crate::expr::Tensor;
        let is_matrix = matches!(self.arena.shape(value), Shape::Matrix(..));
        let op = match kind {
            Some("1") => Tensor::Norm1,
            Some(r"\infty") => Tensor::NormInfinity,
            Some("2") if is_matrix => Tensor::NormSpectral,
            _ => Tensor::Norm,
        };
        if self.arena.shape(value).is_scalar() {
            return self.arena.apply(Elementary::Abs, value);
        }
        self.arena.tensor(op, vec![value])
    }

    fn quotient(&mut self, node: &Node, num: Expr, den: Expr) -> Option<Expr> {
        if self.arena.is_zero(den) {
            return self.fail(
                "division-by-zero",
                node.span,
                "the denominator is 0".to_owned(),
                "a quotient needs a denominator that is not 0",
            );
        }
        let shape = self.arena.shape(den);
        if !shape.is_scalar() {
            let message = format!("the denominator is {}", self.describe(shape));
            return self.fail("shape-mismatch", node.span, message, "divide by a number, or multiply by the inverse");
        }
        Some(self.arena.divide(num, den))
    }

    fn sum(&mut self, node: &Node, terms: &[(Sign, Node)]) -> Option<Expr> {
        let mut parts = Vec::new();
        for (sign, term) in terms {
            let value = self.expression(term)?;
            parts.push(match sign {
                Sign::None | Sign::Plus => value,
                Sign::Minus => self.arena.negate(value),
                Sign::PlusMinus | Sign::MinusPlus | Sign::Oplus => {
                    let hint = "write two formulas, one for each sign";
                    return self.fail("ambiguous-sign", term.span, "the sign leaves two values open".to_owned(), hint);
                }
            });
        }
        self.check_terms(node, &parts)?;
        Some(self.arena.sum(parts))
    }

    /// Terms must have one shape; numbers may be added to any but a matrix.
    fn check_terms(&mut self, node: &Node, parts: &[Expr]) -> Option<()> {
        let tensors: Vec<Shape> = parts.iter().map(|&part| self.arena.shape(part)).filter(|s| !s.is_scalar()).collect();
        for pair in tensors.windows(2) {
            if !self.same_shape(pair[0], pair[1]) {
                let message = format!("cannot add {} and {}", self.describe(pair[0]), self.describe(pair[1]));
                return self.fail("shape-mismatch", node.span, message, "terms of a sum have one shape");
            }
        }
        let has_number = parts.iter().any(|&part| self.arena.shape(part).is_scalar() && !self.arena.is_zero(part));
        if has_number && tensors.iter().any(|shape| matches!(shape, Shape::Matrix(..))) {
            let hint = r"write `I` for the identity, or `\mathbf{1}` for a matrix of ones";
            return self.fail("shape-mismatch", node.span, "cannot add a number to a matrix".to_owned(), hint);
        }
        Some(())
    }

    fn big(&mut self, node: &Node, op: &str, sub: Option<&Node>, sup: Option<&Node>, body: &Node) -> Option<Expr> {
        match op {
            "sum" | "prod" => self.big_sum_or_product(node, op, sub, sup, body),
            "lim" => self.limit(node, sub, body),
            "sup" | "inf" | "max" | "min" => self.extremum(node, op, sub, body),
            _ => {
                self.fail("not-supported", node.span, format!("`{op}` is read, but has no meaning for the engine"), "")
            }
        }
    }

    fn big_sum_or_product(
        &mut self,
        node: &Node,
        op: &str,
        sub: Option<&Node>,
        sup: Option<&Node>,
        body: &Node,
    ) -> Option<Expr> {
        let Some(sub) = sub else {
            let hint = r"write the index and its bounds: `\sum_{t=1}^{T}`";
            return self.fail("missing-index", node.span, format!("`\\{op}` has no index"), hint);
        };
        let range = self.index_range(sub, sup)?;
        let mut letters = Vec::new();
        for name in &range.names {
            letters.push(self.bound_letter(name));
        }
        let depth = self.locals.len();
        for (name, letter) in range.names.iter().zip(&letters) {
            self.locals.push((name.clone(), letter.1));
        }
        let result = self.big_body(node, op, &range, &letters, body);
        self.locals.truncate(depth);
        result
    }

    fn big_body(
        &mut self,
        node: &Node,
        op: &str,
        range: &IndexRange<'_>,
        letters: &[(crate::expr::SymbolId, Expr)],
        body: &Node,
    ) -> Option<Expr> {
        let mut filters = Vec::new();
        for other in &range.except {
            let other = self.expression(other)?;
            filters.push(self.arena.delta(letters[0].1, other));
        }
        let mut bounds = Vec::new();
        for (lower, upper) in &range.bounds {
            let lower = match lower {
                Some((node, shift)) => Some(self.shifted(node, *shift)?),
                None => None,
            };
            let upper = match upper {
                Some((node, shift)) => Some(self.shifted(node, *shift)?),
                None => None,
            };
            bounds.push((lower, upper));
        }
        let mut value = self.expression(body)?;
        for &(symbol, letter) in letters.iter().rev() {
            let position = letters.iter().position(|l| l.0 == symbol).unwrap_or_default();
            let (lower, upper) = bounds.get(position).copied().unwrap_or((None, None));
            let (lower, upper) = match (lower, upper) {
                (Some(lower), Some(upper)) => (lower, upper),
                (lower, upper) => {
                    let Some((first, last)) = self.declared_range(value, letter) else {
                        let hint = r"write both bounds: `\sum_{t=1}^{T}`";
                        let message = format!("nothing says over which values `{}` runs", self.arena.name(symbol));
                        return self.fail("missing-bounds", node.span, message, hint);
                    };
                    (lower.unwrap_or(first), upper.unwrap_or(last))
                }
            };
            if !filters.is_empty() && position == 0 {
                value = self.filtered(op, value, &filters);
            }
            let big = match op {
                "sum" => Big::Sum,
                _ if self.arena.shape(value).is_scalar() || matches!(self.arena.shape(value), Shape::Vector(_)) => {
                    Big::Product
                }
                _ => self.matrix_order(lower, upper),
            };
            value = self.arena.big(big, symbol, lower, upper, value);
        }
        Some(value)
    }

    /// `\prod_{j=t}^{k+1}`: a product of matrices runs downward where its lower bound is the larger one.
    fn matrix_order(&mut self, lower: Expr, upper: Expr) -> Big {
        let _ = (lower, upper);
        Big::Ascending
    }

    fn shifted(&mut self, node: &Node, shift: i64) -> Option<Expr> {
        let value = self.expression(node)?;
        let shift = self.arena.integer(shift);
        Some(self.arena.sum([value, shift]))
    }

    /// A term that counts only where the index differs from the excluded values.
    fn filtered(&mut self, op: &str, value: Expr, equal: &[Expr]) -> Expr {
        let one = self.arena.one();
        let mut keep = Vec::new();
        for &delta in equal {
            keep.push(self.arena.subtract(one, delta));
        }
        let keep = self.arena.product(keep);
        match op {
            "sum" => self.arena.product([value, keep]),
            _ => self.arena.power(value, keep),
        }
    }

    /// Where `letter` runs, by what it is an index of within `value`.
    pub(super) fn declared_range(&mut self, value: Expr, letter: Expr) -> Option<(Expr, Expr)> {
        for expr in self.arena.reachable(&[value]) {
            match self.arena.node(expr).clone() {
                Meaning::Entry { of, at } => {
                    if let Some(position) = at.iter().position(|&index| index == letter) {
                        let size = self.arena.shape(of).sizes()[position];
                        return Some((self.arena.one(), size));
                    }
                }
                Meaning::Symbol { symbol, indices, .. } => {
                    if let Some(position) = indices.iter().position(|&index| index == letter)
                        && let Some(range) = self.family_range(symbol, position)
                    {
                        return Some(range);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The bounds of a family's index where its conditions say both.
    fn family_range(&mut self, symbol: crate::expr::SymbolId, position: usize) -> Option<(Expr, Expr)> {
        let (letter, props) = match self.model.definitions_of(symbol).next() {
            Some(definition) => match definition.indices.get(position)? {
                crate::model::Argument::Letter(letter) => (*letter, definition.range.clone()),
                crate::model::Argument::Value(_) => return None,
            },
            None => {
                let declaration = self.model.declarations.get(&symbol)?;
                (*declaration.indices.get(position)?, declaration.range.clone())
            }
        };
        let letter = self.arena.symbol(letter);
        let (mut lower, mut upper) = (None, None);
        for prop in props {
            if let Prop::Compare(Comparison::LessEqual, a, b) = prop {
                if b == letter {
                    lower = Some(a);
                }
                if a == letter {
                    upper = Some(b);
                }
            }
        }
        Some((lower?, upper?))
    }

    fn limit(&mut self, node: &Node, sub: Option<&Node>, body: &Node) -> Option<Expr> {
        let Some(Node { kind: Kind::Chain { first, rest }, .. }) = sub.map(strip) else {
            let hint = r"write `\lim_{t \to \infty}`";
            return self.fail("missing-index", node.span, "the limit does not say what goes where".to_owned(), hint);
        };
        let (Some(name), [(Relation::To, to)]) = (base_name(first), &rest[..]) else {
            let hint = r"write `\lim_{t \to \infty}`";
            return self.fail("missing-index", node.span, "the limit does not say what goes where".to_owned(), hint);
        };
        let to = self.expression(to)?;
        let declared = !self.names.with_base(&name).is_empty();
        let (symbol, letter, integer) = if declared {
            let value = self.expression(first)?;
            match *self.arena.node(value) {
                Meaning::Symbol { symbol, .. } => (symbol, value, self.arena.kind(symbol) == SymbolKind::Integer),
                _ => return self.fail("missing-index", first.span, "a limit is taken over a name".to_owned(), ""),
            }
        } else {
            let (symbol, letter) = self.bound_letter(&name);
            (symbol, letter, true)
        };
        let body = self.with_local(&name, letter, |reader| reader.expression(body))?;
        Some(self.arena.limit(symbol, integer, to, body))
    }

    fn extremum(&mut self, node: &Node, op: &str, sub: Option<&Node>, body: &Node) -> Option<Expr> {
        let which = if matches!(op, "sup" | "max") { Extremum::Supremum } else { Extremum::Infimum };
        let Some(sub) = sub else {
            return self.fail(
                "missing-index",
                node.span,
                format!("`\\{op}` does not say over what"),
                r"write `\sup_{z}`",
            );
        };
        let (name_node, set) = match &strip(sub).kind {
            Kind::Chain { first, rest } if matches!(rest[..], [(Relation::In, _)]) => (&**first, Some(&rest[0].1)),
            _ => (strip(sub), None),
        };
        let Some(name) = base_name(name_node) else {
            return self.fail("missing-index", sub.span, format!("`\\{op}` is taken over a name"), r"write `\sup_{z}`");
        };
        let declared = self.names.with_base(&name).first().map(|name| name.symbol);
        let over_reals = match declared {
            Some(symbol) => self.arena.kind(symbol) == SymbolKind::Real,
            None => set.is_some(),
        };
        if over_reals {
            let symbol = declared.unwrap_or_else(|| self.arena.intern(&name, SymbolKind::Real));
            let letter = self.arena.symbol(symbol);
            let body = self.with_local(&name, letter, |reader| reader.expression(body))?;
            return Some(self.arena.extremum(which, symbol, None, body));
        }
        let (symbol, letter) = self.bound_letter(&name);
        let body = self.with_local(&name, letter, |reader| reader.expression(body))?;
        match self.declared_range(body, letter) {
            Some(range) => Some(self.arena.extremum(which, symbol, Some(range), body)),
            None => {
                // Not an index of anything: a real letter (`\sup_z f'(z)` with z undeclared).
                let real = self.arena.intern(&format!("{name}\u{2032}"), SymbolKind::Real);
                let fresh = self.arena.symbol(real);
                let body = self.arena.substitute(body, &[(letter, fresh)].into_iter().collect());
                Some(self.arena.extremum(which, real, None, body))
            }
        }
    }

    /// An integer letter for a binder, even where the name is declared otherwise.
    pub(super) fn bound_letter(&mut self, name: &str) -> (crate::expr::SymbolId, Expr) {
        let symbol = self.arena.intern(&format!("{name}\u{b7}"), SymbolKind::Integer);
        (symbol, self.arena.symbol(symbol))
    }

    fn matrix(&mut self, node: &Node, env: &str, rows: &[Vec<Node>]) -> Option<Expr> {
        let n_columns = rows.first().map_or(0, Vec::len);
        if n_columns == 0 || rows.iter().any(|row| row.len() != n_columns) {
            return self.fail("shape-mismatch", node.span, "the rows of the matrix differ in length".to_owned(), "");
        }
        let mut entries = Vec::new();
        for cell in rows.iter().flatten() {
            let value = self.expression(cell)?;
            if !self.arena.shape(value).is_scalar() {
                return self.fail(
                    "not-supported",
                    cell.span,
                    "blocks of matrices are not supported".to_owned(),
                    "write the entries",
                );
            }
            entries.push(value);
        }
        let size = |arena: &mut Arena, n: usize| arena.integer(i64::try_from(n).unwrap_or(i64::MAX));
        let m = size(self.arena, rows.len());
        let n = size(self.arena, n_columns);
        let shape = if n_columns == 1 { Shape::Vector(m) } else { Shape::Matrix(m, n) };
        let literal = self.arena.literal(shape, entries);
        Some(if env == "vmatrix" { self.absolute(literal) } else { literal })
    }

    fn cases(&mut self, node: &Node, rows: &[(Node, Option<Node>)]) -> Option<Expr> {
        let mut branches = Vec::new();
        for (value, when) in rows {
            let value = self.expression(value)?;
            let condition = match when {
                None => None,
                Some(when) if is_otherwise(when) => None,
                Some(when) => match self.proposition(when)? {
                    Prop::Compare(how, a, b) => Some((how, a, b)),
                    _ => {
                        return self.fail(
                            "not-supported",
                            when.span,
                            "a case has one relation as its condition".to_owned(),
                            "",
                        );
                    }
                },
            };
            branches.push(Branch { condition, value });
        }
        let _ = node;
        Some(self.arena.cases(branches))
    }

    fn evaluated(&mut self, node: &Node, body: &Node, sub: Option<&Node>) -> Option<Expr> {
        let Some(Node { kind: Kind::Chain { first, rest }, .. }) = sub.map(strip) else {
            return self.fail(
                "missing-point",
                node.span,
                "the bar does not say where".to_owned(),
                r"write `\left. … \right|_{x = 0}`",
            );
        };
        let [(Relation::Equal, value)] = &rest[..] else {
            return self.fail(
                "missing-point",
                node.span,
                "the bar needs one equation".to_owned(),
                r"write `\left. … \right|_{x = 0}`",
            );
        };
        let (body, of, value) = (self.expression(body)?, self.expression(first)?, self.expression(value)?);
        if member_of(self.arena, of).is_none() {
            return self.fail("missing-point", first.span, "only a name can be given a value".to_owned(), "");
        }
        Some(self.arena.at(body, of, value))
    }

    /// What a name means: a local letter, a declared name with its indices, components and powers, or a free index.
    pub(super) fn name(&mut self, node: &Node) -> Option<Expr> {
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
        let candidates: Vec<Name> = self.names.with_base(&base).into_iter().cloned().collect();
        for name in &candidates {
            if let Some((indices, rest_sub, rest_sup)) = fit(name, sub, sup) {
                let mut at = Vec::new();
                for index in indices {
                    at.push(self.index(index)?);
                }
                let value = self.member(name, at);
                let value = self.components(node, value, &rest_sub)?;
                return match rest_sup {
                    Some(sup) => self.superscript(node, value, sup),
                    None => Some(value),
                };
            }
        }
        if let Some(value) = self.constant(&base, sub, sup) {
            return value.map_or_else(
                || None,
                |value| match sup {
                    Some(sup) if base != "e" => self.superscript(node, value, sup),
                    _ => Some(value),
                },
            );
        }
        if sub.is_none() && candidates.is_empty() && self.letters.contains(&base) {
            let (_, value) = self.letter(&base);
            return match sup {
                Some(sup) => self.superscript(node, value, sup),
                None => Some(value),
            };
        }
        self.undeclared(node, &base, &candidates)
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

    /// Constants known by name: e, π, ∞, I, ones, δ, unit vectors.
    fn constant(&mut self, base: &str, sub: Option<&Node>, sup: Option<&Node>) -> Option<Option<Expr>> {
        match (base, sub) {
            (r"\pi", None) => Some(Some(self.arena.pi())),
            (r"\infty", None) => Some(Some(self.arena.infinity())),
            ("e" | r"\mathrm{e}", None) if !self.letters.contains("e") => Some(match sup {
                Some(exponent) => self.expression(exponent).map(|x| self.arena.apply(Elementary::Exp, x)),
                None => {
                    let one = self.arena.one();
                    Some(self.arena.apply(Elementary::Exp, one))
                }
            }),
            (r"\delta" | r"\mathbb{1}", Some(sub)) => {
                let items = script_items(sub);
                let [i, j] = items[..] else { return None };
                let (i, j) = (self.index(i)?, self.index(j)?);
                Some(Some(self.arena.delta(i, j)))
            }
            _ => None,
        }
    }

    fn undeclared(&mut self, node: &Node, base: &str, candidates: &[Name]) -> Option<Expr> {
        let written = spell(node).unwrap_or_else(|| base.to_owned());
        if let Some(other) = candidates.first() {
            let message = format!("`{written}` is not declared, only `{}` is", other.template().replace(r"\cdot", "t"));
            let hint = format!(r"write it as it was declared, or declare `{written}`");
            return self.fail("undeclared-symbol", node.span, message, &hint);
        }
        let nearest = self.nearest(base);
        let hint = match nearest {
            Some(near) => format!(
                r"did you mean `{near}`? otherwise declare it: `{written} \in \mathbb{{R}}` in a `math given` fence"
            ),
            None => format!(r"declare it: `{written} \in \mathbb{{R}}` in a `math given` fence"),
        };
        self.fail("undeclared-symbol", node.span, format!("`{written}` is not declared"), &hint)
    }

    /// A declared name that looks alike: another case, or the same letter in another font.
    fn nearest(&self, base: &str) -> Option<String> {
        let bare = |text: &str| text.trim_end_matches('}').rsplit(['{', '\\']).next().unwrap_or(text).to_lowercase();
        self.names
            .all()
            .map(Name::template)
            .find(|name| bare(name.split(['_', '^']).next().unwrap_or(name)) == bare(base))
    }

    fn scripted_value(&mut self, node: &Node, value: Expr, sub: Option<&Node>, sup: Option<&Node>) -> Option<Expr> {
        let rest: Vec<&Node> = sub.map(script_items).unwrap_or_default();
        let value = self.components(node, value, &rest)?;
        match sup {
            Some(sup) => self.superscript(node, value, sup),
            None => Some(value),
        }
    }

    /// An entry of a vector or matrix, where scripts are left that are not of the name.
    fn components(&mut self, node: &Node, value: Expr, rest: &[&Node]) -> Option<Expr> {
        if rest.is_empty() {
            return Some(value);
        }
        let shape = self.arena.shape(value);
        if shape.sizes().len() != rest.len() {
            let message = format!("{} has no entry with {} indices", self.describe(shape), rest.len());
            return self.fail("wrong-indices", node.span, message, "a vector takes one index below, a matrix two");
        }
        let mut at = Vec::new();
        for index in rest {
            at.push(self.index(index)?);
        }
        for (&index, size) in at.iter().zip(shape.sizes()) {
            let below_one = self.arena.as_integer(index).is_some_and(|i| i < 1);
            let above = self.arena.as_integer(index).zip(self.arena.as_integer(size)).is_some_and(|(i, n)| i > n);
            if below_one || above {
                return self.fail(
                    "index-out-of-range",
                    node.span,
                    "the index is outside of the vector or matrix".to_owned(),
                    "entries are counted from 1",
                );
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

    /// Transpose, inverse, star, and powers.
    fn superscript(&mut self, node: &Node, value: Expr, sup: &Node) -> Option<Expr> {
        let shape = self.arena.shape(value);
        let is_tensor = !shape.is_scalar();
        let written = spell(sup).unwrap_or_default();
        if is_tensor && is_transpose(&written) {
            return Some(self.arena.transpose(value));
        }
        if is_tensor && is_inverse_transpose(sup) {
            let minus = self.arena.integer(-1);
            let inverse = self.arena.matrix_power(value, minus);
            return Some(self.arena.transpose(inverse));
        }
        if is_transpose(&written) && (written == r"\top" || written == r"\intercal") {
            return Some(value);
        }
        let exponent = self.expression(sup)?;
        if !self.arena.shape(exponent).is_scalar() {
            return self.fail("shape-mismatch", sup.span, "an exponent is a number".to_owned(), "");
        }
        match shape {
            Shape::Scalar | Shape::Vector(_) => Some(self.arena.power(value, exponent)),
            Shape::Matrix(m, n) => {
                if !self.same_size(m, n) {
                    let message = format!("only a square matrix has powers, and this is {}", self.describe(shape));
                    return self.fail("shape-mismatch", node.span, message, "");
                }
                Some(self.arena.matrix_power(value, exponent))
            }
        }
    }

    /// A function of the table, applied.
    pub(super) fn apply_elementary(
        &mut self,
        node: &Node,
        function: Elementary,
        args: Vec<Expr>,
        primes: usize,
    ) -> Option<Expr> {
        let row = function.row();
        let variadic = matches!(function, Elementary::Max | Elementary::Min);
        if !variadic && args.len() != row.arity {
            let message = format!("`{}` takes {} argument(s), not {}", row.name, row.arity, args.len());
            return self.fail("wrong-arguments", node.span, message, "");
        }
        if let Some(&matrix) = args.iter().find(|&&arg| matches!(self.arena.shape(arg), Shape::Matrix(..)))
            && !variadic
        {
            let message = format!("`{}` of {} is not defined here", row.name, self.describe(self.arena.shape(matrix)));
            return self.fail("function-of-matrix", node.span, message, "write the entries, or apply it to vectors");
        }
        let slots = vec![crate::expr::Slot { argument: 0, entry: Box::default() }; primes];
        Some(self.arena.call(Function::Elementary(function), slots, args))
    }
}

/// The bounds of a big operator, for each index.
struct IndexRange<'n> {
    names: Vec<String>,
    bounds: Vec<(Option<(&'n Node, i64)>, Option<(&'n Node, i64)>)>,
    except: Vec<&'n Node>,
}

impl Reader<'_> {
    /// Reads `t=1`, `1 \le t \le T`, `k \ne i`, `t`, `i, j`, `j \le t` below a big operator.
    fn index_range<'n>(&mut self, sub: &'n Node, sup: Option<&'n Node>) -> Option<IndexRange<'n>> {
        let mut range = IndexRange { names: Vec::new(), bounds: Vec::new(), except: Vec::new() };
        let parts: Vec<&Node> = match &strip(sub).kind {
            Kind::List(items) => items.iter().collect(),
            Kind::Product(_) => script_items(strip(sub)),
            _ => vec![strip(sub)],
        };
        for part in parts {
            match &part.kind {
                Kind::Chain { first, rest } => self.bounded_index(part, first, rest, sup, &mut range)?,
                _ => match base_name(part) {
                    Some(name) if matches!(part.kind, Kind::Symbol(_)) => {
                        range.names.push(name);
                        range.bounds.push((None, sup.map(|sup| (sup, 0))));
                    }
                    _ => return self.bad_range(part),
                },
            }
        }
        Some(range)
    }

    fn bad_range<T>(&mut self, part: &Node) -> Option<T> {
        let hint = r"write `t=1` below and `T` above, or `1 \le t \le T` below";
        self.fail("bad-range", part.span, "this is not the range of an index".to_owned(), hint)
    }

    fn bounded_index<'n>(
        &mut self,
        part: &'n Node,
        first: &'n Node,
        rest: &'n [(Relation, Node)],
        sup: Option<&'n Node>,
        range: &mut IndexRange<'n>,
    ) -> Option<()> {
        let sides: Vec<&Node> = std::iter::once(first).chain(rest.iter().map(|(_, side)| side)).collect();
        let relations: Vec<Relation> = rest.iter().map(|(relation, _)| *relation).collect();
        let (name, lower, upper, except) = match (&relations[..], &sides[..]) {
            ([Relation::Equal], [name, lower]) => (*name, Some((*lower, 0)), sup.map(|sup| (sup, 0)), None),
            ([Relation::NotEqual], [name, other]) => (*name, None, sup.map(|sup| (sup, 0)), Some(*other)),
            ([Relation::LessEqual], [name, upper]) => (*name, None, Some((*upper, 0)), None),
            ([Relation::Less], [name, upper]) => (*name, None, Some((*upper, -1)), None),
            ([Relation::GreaterEqual], [name, lower]) => (*name, Some((*lower, 0)), None, None),
            ([Relation::Greater], [name, lower]) => (*name, Some((*lower, 1)), None, None),
            (
                [low @ (Relation::Less | Relation::LessEqual), high @ (Relation::Less | Relation::LessEqual)],
                [lower, name, upper],
            ) => {
                let strict = |relation: &Relation| i64::from(*relation == Relation::Less);
                (*name, Some((*lower, strict(low))), Some((*upper, -strict(high))), None)
            }
            _ => return self.bad_range(part),
        };
        let Some(name) = base_name(name) else { return self.bad_range(part) };
        range.names.push(name);
        range.bounds.push((lower, upper));
        range.except.extend(except);
        Some(())
    }
}

/// Whether the scripts of a node fit a declared name: its indices, the components that are left, and a superscript that is left.
fn fit<'n>(
    name: &Name,
    sub: Option<&'n Node>,
    sup: Option<&'n Node>,
) -> Option<(Vec<&'n Node>, Vec<&'n Node>, Option<&'n Node>)> {
    let mut indices = Vec::new();
    let mut rest = Vec::new();
    match (&name.sub, sub) {
        (Part::Absent, None) => {}
        (Part::Absent, Some(sub)) => rest = script_items(sub),
        (Part::Fixed(text), Some(sub)) => {
            if spell(sub).as_ref() != Some(text) {
                let items = script_items(sub);
                let (first, others) = items.split_first()?;
                let comma = matches!(strip(sub).kind, Kind::List(_));
                if !comma || spell(first).as_ref() != Some(text) {
                    return None;
                }
                rest = others.to_vec();
            }
        }
        (Part::Index(_, arity), Some(sub)) => {
            let items = script_items(sub);
            if items.len() < *arity {
                return None;
            }
            indices.extend(&items[..*arity]);
            rest = items[*arity..].to_vec();
        }
        (Part::Fixed(_) | Part::Index(..), None) => return None,
    }
    let rest_sup = match (&name.sup, sup) {
        (Part::Absent, sup) => sup,
        (Part::Fixed(text), Some(sup)) if spell(sup).as_ref() == Some(text) => None,
        (Part::Index(dress, _), Some(sup)) if undress(sup).0 == *dress => {
            indices.push(undress(sup).1);
            None
        }
        (Part::Fixed(_) | Part::Index(..), _) => return None,
    };
    Some((indices, rest, rest_sup))
}

/// Braces that only group are looked through.
pub(super) fn strip(node: &Node) -> &Node {
    match &node.kind {
        Kind::Group(inner) => strip(inner),
        _ => node,
    }
}

fn is_otherwise(node: &Node) -> bool {
    matches!(&strip(node).kind, Kind::Text(text) | Kind::Operator(text) if text.contains("otherwise") || text.contains("else"))
}

fn is_transpose(written: &str) -> bool {
    matches!(
        written,
        r"\top"
            | "T"
            | r"\mathsf{T}"
            | r"\mathrm{T}"
            | r"\intercal"
            | r"\text{T}"
            | r"\mathtt{T}"
            | r"\rm{T}"
            | r"\prime"
            | "⊤"
    )
}

fn is_inverse_transpose(sup: &Node) -> bool {
    match &strip(sup).kind {
        Kind::Sum(terms) => {
            matches!(&terms[..], [(Sign::Minus, only)] if is_transpose(&spell(only).unwrap_or_default()))
        }
        _ => false,
    }
}

fn collect_symbols(node: &Node, letters: &mut std::collections::BTreeSet<String>) {
    if let Kind::Symbol(text) = &node.kind {
        letters.insert(text.clone());
    }
    for child in crate::lower::names::children(node) {
        collect_symbols(child, letters);
    }
}
