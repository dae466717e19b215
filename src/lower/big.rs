//! Big operators: sums and products with their ranges, limits, suprema and maxima.

use crate::expr::{Big, Comparison, Expr, Extremum, Function, Node as Meaning, Prop, Shape, SymbolId, SymbolKind};
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::{Part, base_name, free_letters, script_items, spell};
use crate::lower::part_of_reals::PartOfReals;
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Relation};

impl Reader<'_> {
    pub(super) fn big(
        &mut self,
        node: &Node,
        op: &str,
        sub: Option<&Node>,
        sup: Option<&Node>,
        body: &Node,
    ) -> Option<Expr> {
        if let Some(part) = sub.filter(|_| sup.is_none()).and_then(|sub| self.part_of_extremum(op, sub, body)) {
            return self.extremum_over_part((node, op), &part, body);
        }
        match op {
            "sum" | "prod" => self.big_sum_or_product(node, op, sub, sup, body),
            "lim" | "sup" | "inf" if sup.is_some() => self.bad_range(sup.unwrap_or(node)),
            "lim" => self.limit(node, sub, body),
            "sup" | "inf" | "max" | "min" if sub.is_some_and(|sub| several_indices(sub).len() > 1) => {
                self.extremum_of_each(node, op, sub?, sup, body)
            }
            "sup" | "inf" | "max" | "min" => match sub.map(strip) {
                Some(sub) if sup.is_some() || is_bounded(sub) => self.extremum_of_range(op, sub, sup, body),
                _ => self.extremum(node, op, sub, body),
            },
            "limsup" | "liminf" => {
                let message = format!(r"`\{op}` is read, but has no meaning for the engine");
                let hint = r"write `\lim` where there is a limit, or bound the members: `|h_t| \le 1 \quad (t \ge 1)`";
                self.fail("not-supported", node.span, message, hint)
            }
            _ => self.fail(
                "not-supported",
                node.span,
                format!("`{op}` is read, but has no meaning for the engine"),
                instead_of(op),
            ),
        }
    }

    fn part_of_extremum(&mut self, op: &str, sub: &Node, body: &Node) -> Option<PartOfReals> {
        if matches!(op, "sup" | "inf" | "max" | "min") { self.part_of_reals(sub, body) } else { None }
    }

    /// `\max_{i,j} A_{ij}`: one operator for each index, the first outermost.
    fn extremum_of_each(&mut self, node: &Node, op: &str, sub: &Node, sup: Option<&Node>, body: &Node) -> Option<Expr> {
        let nested = several_indices(sub).into_iter().rev().fold(body.clone(), |body, index| {
            let (sub, sup) = (Some(Box::new(index.clone())), sup.cloned().map(Box::new));
            Node { kind: Kind::Big { op: op.to_owned(), sub, sup, body: Box::new(body) }, span: node.span }
        });
        self.expression(&nested)
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
        let sub = &self.with_shared_bounds(sub)?;
        let mut range = self.index_range(sub, sup)?;
        if let Some(partner) = self.partner_of_index(op, sub) {
            range.names.insert(0, partner);
            range.bounds.insert(0, (None, None));
        }
        for (_, other) in &range.except {
            self.check_excluded(other, [sub, body])?;
        }
        if op == "prod"
            && let Some(split) = self.reach_of_product(node, sub, sup, body, &range.names)
        {
            return self.expression(&split);
        }
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

    /// Reads where the innermost letter of this name is not bound: `t` in the bounds of `\sum_{t=1}^{t} x_t` is the one
    /// outside of the sum.
    fn outside_of<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let hidden = self.locals.iter().rposition(|(local, _)| local == name);
        let written = hidden.map(|at| (at, std::mem::take(&mut self.locals[at].0)));
        let read = read(self);
        if let Some((at, name)) = written {
            self.locals[at].0 = name;
        }
        read
    }

    /// `\sum_{i \ne j} a_{ij}`: where `j` stands nowhere else, the sum may be meant to run over both.
    fn check_excluded(&mut self, other: &Node, within: [&Node; 2]) -> Option<()> {
        let Kind::Symbol(letter) = &strip(other).kind else { return Some(()) };
        let n_within = free_letters(within).get(letter).copied();
        let is_free = !self.locals.iter().any(|(name, _)| name == letter) && self.names.with_base(letter).is_empty();
        if !is_free || self.free_letters.get(letter).copied() != n_within {
            return Some(());
        }
        let message = format!("`{letter}` stands only under this sum, and it is not said whether it runs as well");
        let hint = format!(r"write `\sum_{{{letter}}}` before it for all pairs");
        self.fail("ambiguous-range", other.span, message, &hint)
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
        for (at, other) in &range.except {
            let other = self.expression(other)?;
            filters.push((*at, self.arena.delta(letters[*at].1, other)));
        }
        let mut bounds = Vec::new();
        for (name, ends) in range.names.iter().zip(&range.bounds) {
            bounds.push(self.outside_of(name, |reader| {
                let mut end = |end: &Option<(&Node, i64)>| match end {
                    Some((node, shift)) => reader.shifted(node, *shift).map(Some),
                    None => Some(None),
                };
                Some((end(&ends.0)?, end(&ends.1)?))
            })?);
        }
        let n_known = self.known.len();
        for (&(_, letter), &(lower, upper)) in letters.iter().zip(&bounds) {
            self.known.extend(lower.map(|lower| Prop::at_most(lower, letter)));
            self.known.extend(upper.map(|upper| Prop::at_most(letter, upper)));
        }
        let n_divisors = self.divisors.len();
        let value = self.expression(body);
        self.known.truncate(n_known);
        let mut value = value?;
        for &(symbol, letter) in letters.iter().rev() {
            let position = letters.iter().position(|l| l.0 == symbol).unwrap_or_default();
            let (lower, upper) = bounds.get(position).copied().unwrap_or((None, None));
            let (lower, upper) = match (lower, upper) {
                (Some(lower), Some(upper)) => (lower, upper),
                (lower, upper) => {
                    let is_endless = range.names.get(position).is_some_and(|name| range.endless.contains(name));
                    let endless = is_endless.then(|| lower.zip(Some(self.arena.infinity()))).flatten();
                    let Some((first, last)) = self.declared_range(value, letter).or(endless) else {
                        let name = self.arena.name(symbol).trim_end_matches('\u{b7}');
                        let last = if name == "n" { "N" } else { "n" };
                        let hint = format!("write both bounds: `\\{op}_{{{name}=1}}^{{{last}}}`");
                        let message = format!("nothing says over which values `{name}` runs");
                        return self.fail("missing-bounds", node.span, message, &hint);
                    };
                    (lower.unwrap_or(first), upper.unwrap_or(last))
                }
            };
            let own: Vec<Expr> = filters.iter().filter(|(at, _)| *at == position).map(|(_, filter)| *filter).collect();
            if !own.is_empty() {
                value = self.filtered(op, value, &own);
            }
            if let Some(name) = range.names.get(position)
                && range.bounds[position].0.is_some()
            {
                self.entry_or_member(node.span, value, (name, letter), upper);
            }
            let is_falling = range.names.get(position).is_some_and(|name| range.falling.contains(name));
            let big = match op {
                "sum" => Big::Sum,
                _ if self.arena.shape(value).is_scalar() || matches!(self.arena.shape(value), Shape::Vector(_)) => {
                    Big::Product
                }
                _ if is_falling => self.falling_order(node),
                _ => self.matrix_order(node, lower, upper),
            };
            if big == Big::Product && self.runs_downward(lower, upper) {
                self.warn_of_empty_product(node);
            }
            let is_turned = big == Big::Descending && !is_falling;
            let (lower, upper) = if is_turned { (upper, lower) } else { (lower, upper) };
            if lower != upper {
                self.require_chain(node, big, value, letter)?;
            }
            self.bind_divisors(n_divisors, &own, (symbol, lower, upper));
            if self.is_infinite(lower) {
                let message = "a sum or a product that begins nowhere is read, but has no meaning for the engine";
                let hint = r"turn its index around: `\sum_{k=0}^{\infty} a_{-k}` for `\sum_{k=-\infty}^{0} a_k`";
                return self.fail("not-supported", node.span, message.to_owned(), hint);
            }
            value = if self.is_infinite(upper) {
                self.limit_of_partial(big, symbol, lower, value)
            } else {
                self.arena.big(big, symbol, lower, upper, value)
            };
        }
        Some(value)
    }

    /// `\sum_{k=0}^{\infty} a_k`: the limit of its partial sums, or of partial products.
    fn limit_of_partial(&mut self, op: Big, letter: SymbolId, lower: Expr, body: Expr) -> Expr {
        let last = self.arena.letter_apart("n", &[lower, body]);
        let (upper, infinity) = (self.arena.symbol(last), self.arena.infinity());
        let partial = self.arena.big(op, letter, lower, upper, body);
        self.arena.limit(last, true, infinity, partial)
    }

    /// Divisors under a letter that is bound: none of them is 0 where their product is not.
    fn bind_divisors(&mut self, from: usize, excluded: &[Expr], (symbol, lower, upper): (SymbolId, Expr, Expr)) {
        let letter = self.arena.symbol(symbol);
        for at in from..self.divisors.len() {
            if self.arena.contains(self.divisors[at], letter) {
                let divisor = self.filtered("prod", self.divisors[at], excluded);
                self.divisors[at] = self.arena.big(Big::Product, symbol, lower, upper, divisor);
            }
        }
    }

    pub(super) fn shifted(&mut self, node: &Node, shift: i64) -> Option<Expr> {
        if shift == 0 {
            return self.extended(node);
        }
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
        let mut found: Option<(Expr, Expr)> = None;
        for expr in self.arena.reachable(&[value]) {
            let own = match self.arena.node(expr).clone() {
                Meaning::Entry { of, at } => at.iter().position(|&index| index == letter).map(|position| {
                    let size = self.arena.shape(of).sizes()[position];
                    (self.arena.one(), size)
                }),
                Meaning::Symbol { symbol, indices, .. } => indices
                    .iter()
                    .position(|&index| index == letter)
                    .and_then(|position| self.family_range(symbol, position)),
                _ => None,
            };
            match (found, own) {
                (None, own) => found = own,
                (Some(_), None) => {}
                // Where two ranges are declared, the formula makes sense only where they are one.
                (Some((lower, upper)), Some((other_lower, other_upper))) => {
                    if !self.same_size(lower, other_lower) || !self.same_size(upper, other_upper) {
                        return None;
                    }
                }
            }
        }
        found
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
        for (low, high) in props.iter().flat_map(Prop::conjuncts).filter_map(|prop| prop.sides(Comparison::LessEqual)) {
            if high == letter {
                lower = Some(low);
            }
            if low == letter {
                upper = Some(high);
            }
        }
        Some((lower?, upper?))
    }

    /// `\max_{1 \le i \le n} v_i`, `\max_{i=1}^{n} v_i`
    fn extremum_of_range(&mut self, op: &str, sub: &Node, sup: Option<&Node>, body: &Node) -> Option<Expr> {
        let which = extremum_of(op);
        let range = self.index_range(sub, sup)?;
        let ([name], [(Some(lower), Some(upper))], []) = (&range.names[..], &range.bounds[..], &range.except[..])
        else {
            return self.bad_range(sub);
        };
        if self.names.with_base(name).iter().any(|own| own.sub == Part::Absent && self.is_real(own.symbol)) {
            let message =
                format!(r"`\{op}` over a part of the real numbers is read, but has no meaning for the engine");
            let hint =
                format!(r"bound the values: `f({name}) \le c \quad \text{{if }} …`, or let an integer index run");
            return self.fail("not-supported", sub.span, message, &hint);
        }
        let (lower, upper) = (self.shifted(lower.0, lower.1)?, self.shifted(upper.0, upper.1)?);
        let (symbol, letter) = self.bound_letter(name);
        let body = self.with_local(name, letter, |reader| reader.expression(body))?;
        Some(self.arena.extremum(which, symbol, Some((lower, upper)), body))
    }

    fn is_real(&self, symbol: SymbolId) -> bool {
        self.arena.kind(symbol) == SymbolKind::Real && self.arena.declared_shape(symbol).is_scalar()
    }

    fn extremum(&mut self, node: &Node, op: &str, sub: Option<&Node>, body: &Node) -> Option<Expr> {
        let which = extremum_of(op);
        let Some(sub) = sub else {
            return self.fail(
                "missing-index",
                node.span,
                format!("`\\{op}` does not say over what"),
                r"write `\sup_{z}`",
            );
        };
        if matches!(op, "sup" | "inf")
            && let Some(value) = self.extremum_from(which, sub, body)
        {
            return value;
        }
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
        if set.is_some_and(|set| spell(set).as_deref() != Some(r"\mathbb{R}")) {
            let message = format!("`\\{op}` over this set is read, but has no meaning for the engine");
            let hint = r"it is taken over all real numbers, `\sup_{z}`, or over an index, `\max_i v_i`";
            return self.fail("not-supported", sub.span, message, hint);
        }
        if declared.is_some_and(|symbol| !self.arena.declared_shape(symbol).is_scalar()) {
            let message = format!("`\\{op}` over vectors is read, but has no meaning for the engine");
            return self.fail("not-supported", sub.span, message, "take it over a number");
        }
        if over_reals {
            let symbol = declared.unwrap_or_else(|| self.arena.intern(&name, SymbolKind::Real));
            let letter = self.arena.symbol(symbol);
            let body = self.with_local(&name, letter, |reader| reader.expression(body))?;
            let body = self.varied(node, body, symbol)?;
            return Some(self.extremum_over_reals(op, which, symbol, body));
        }
        let (symbol, letter) = self.bound_letter(&name);
        let body = self.with_local(&name, letter, |reader| reader.expression(body))?;
        match self.declared_range(body, letter) {
            Some(range) => Some(self.arena.extremum(which, symbol, Some(range), body)),
            None if matches!(op, "sup" | "inf") && declared.is_none() && self.is_index_within(body, letter) => {
                Some(self.endless_extremum(which, symbol, None, body))
            }
            None if let Some(least) = declared.and_then(|symbol| self.least_of(symbol)) => {
                if matches!(op, "sup" | "inf") {
                    return Some(self.endless_extremum(which, symbol, Some(least), body));
                }
                let instead = if op == "max" { r"\sup" } else { r"\inf" };
                let message = format!("`{name}` has no last value, so nothing says that one of the values is attained");
                let hint = format!(r"write `{instead}_{{{name}}}`, or bound it: `\{op}_{{1 \le {name} \le N}}`");
                self.fail("missing-bounds", node.span, message, &hint)
            }
            None if declared.is_some() || self.is_index_within(body, letter) => {
                let message = format!("nothing says over which values `{name}` runs");
                self.fail("missing-bounds", node.span, message, r"declare the family with a range: `(1 \le t \le T)`")
            }
            None => {
                // Not an index of anything: a real letter (`\sup_z f'(z)` with z undeclared).
                let real = self.arena.intern(&format!("{name}\u{2032}"), SymbolKind::Real);
                let fresh = self.arena.symbol(real);
                let body = self.arena.substitute(body, &[(letter, fresh)].into_iter().collect());
                Some(self.extremum_over_reals(op, which, real, body))
            }
        }
    }

    /// A supremum or an infimum; of a maximum or a minimum it is noted that some number attains it.
    pub(super) fn extremum_over_reals(&mut self, op: &str, which: Extremum, symbol: SymbolId, body: Expr) -> Expr {
        let extremum = self.arena.extremum(which, symbol, None, body);
        if matches!(op, "max" | "min") {
            self.attained.push((extremum, which, body));
        }
        extremum
    }

    /// Whether a letter stands in the index of a name, of an entry or of a family of functions.
    fn is_index_within(&self, value: Expr, letter: Expr) -> bool {
        self.arena.reachable(&[value]).into_iter().any(|expr| {
            let indices = match self.arena.node(expr) {
                Meaning::Entry { at, .. } => &at[..],
                Meaning::Symbol { indices, .. } => &indices[..],
                Meaning::Call { function: Function::Declared { indices, .. }, .. } => &indices[..],
                _ => return false,
            };
            indices.iter().any(|&index| self.arena.contains(index, letter))
        })
    }

    /// An integer letter for a binder, even where the name is declared otherwise.
    pub(super) fn bound_letter(&mut self, name: &str) -> (crate::expr::SymbolId, Expr) {
        let symbol = self.arena.intern(&format!("{name}\u{b7}"), SymbolKind::Integer);
        (symbol, self.arena.symbol(symbol))
    }
}

/// Which extreme value an operator takes.
pub(super) fn extremum_of(op: &str) -> Extremum {
    if matches!(op, "sup" | "max") { Extremum::Supremum } else { Extremum::Infimum }
}

/// The indices of `\max_{i,j}` and `\max_{ij}`, and the only one of any other operator.
fn several_indices(sub: &Node) -> Vec<&Node> {
    let is_index = |item: &&Node| matches!(strip(item).kind, Kind::Symbol(_));
    match &strip(sub).kind {
        Kind::List(_) | Kind::Product(_) => {
            let items = script_items(strip(sub));
            if items.iter().all(is_index) { items } else { vec![sub] }
        }
        _ => vec![sub],
    }
}

/// Whether relations below a big operator bound an index: `1 \le i \le n`.
fn is_bounded(sub: &Node) -> bool {
    let bounds = |relation: &Relation| matches!(relation, Relation::Less | Relation::LessEqual);
    matches!(&sub.kind, Kind::Chain { rest, .. } if rest.iter().all(|(relation, _)| bounds(relation)))
}

/// The bounds of a big operator, for each index.
struct IndexRange<'n> {
    names: Vec<String>,
    bounds: Vec<(Option<(&'n Node, i64)>, Option<(&'n Node, i64)>)>,
    /// Values that an index skips, with the index.
    except: Vec<(usize, &'n Node)>,
    /// Indices that are written from the greatest value down: `t \ge i > k`.
    falling: Vec<String>,
    /// Indices that are only said to begin somewhere: `k \ge 0`.
    endless: Vec<String>,
}

impl Reader<'_> {
    /// Reads `t=1`, `1 \le t \le T`, `k \ne i`, `t`, `i, j`, `j \le t` below a big operator.
    fn index_range<'n>(&mut self, sub: &'n Node, sup: Option<&'n Node>) -> Option<IndexRange<'n>> {
        let mut range = IndexRange {
            names: Vec::new(),
            bounds: Vec::new(),
            except: Vec::new(),
            falling: Vec::new(),
            endless: Vec::new(),
        };
        let parts: Vec<&Node> = match &strip(sub).kind {
            Kind::List(items) => items.iter().collect(),
            Kind::Product(_) => script_items(strip(sub)),
            _ => vec![strip(sub)],
        };
        for part in parts {
            match &part.kind {
                // `i, j = 1` says it of each.
                Kind::Chain { first, rest } => list_of(first)
                    .into_iter()
                    .try_for_each(|first| self.bounded_index(part, first, rest, sup, &mut range))?,
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

    /// `1 \le i, j \le n` below a big operator with its bounds on both letters.
    fn with_shared_bounds(&mut self, sub: &Node) -> Option<Node> {
        Some(match &strip(sub).kind {
            Kind::List(items) => Node { kind: Kind::List(self.bounds_shared(items, &[])?), span: sub.span },
            _ => sub.clone(),
        })
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
        if rest.len() > 2 {
            return self.rising_indices(part, first, rest, range);
        }
        let sides: Vec<&Node> = std::iter::once(first).chain(rest.iter().map(|(_, side)| side)).collect();
        let relations: Vec<Relation> = rest.iter().map(|(relation, _)| *relation).collect();
        let (name, lower, upper, except) = match (&relations[..], &sides[..]) {
            ([Relation::Equal], [name, lower]) => (*name, Some((*lower, 0)), sup.map(|sup| (sup, 0)), None),
            ([Relation::NotEqual], [name, other]) => (*name, None, sup.map(|sup| (sup, 0)), Some(*other)),
            ([Relation::LessEqual], [name, upper]) => (*name, None, Some((*upper, 0)), None),
            ([Relation::Less], [name, upper]) => (*name, None, Some((*upper, -1)), None),
            ([relation @ (Relation::Greater | Relation::GreaterEqual)], [name, lower]) => {
                range.endless.extend(base_name(name));
                (*name, Some((*lower, i64::from(*relation == Relation::Greater))), None, None)
            }
            (
                [low @ (Relation::Less | Relation::LessEqual), high @ (Relation::Less | Relation::LessEqual)],
                [lower, name, upper],
            ) => {
                let strict = |relation: &Relation| i64::from(*relation == Relation::Less);
                (*name, Some((*lower, strict(low))), Some((*upper, -strict(high))), None)
            }
            (
                [
                    high @ (Relation::Greater | Relation::GreaterEqual),
                    low @ (Relation::Greater | Relation::GreaterEqual),
                ],
                [upper, name, lower],
            ) => {
                let strict = |relation: &Relation| i64::from(*relation == Relation::Greater);
                range.falling.extend(base_name(name));
                (*name, Some((*lower, strict(low))), Some((*upper, -strict(high))), None)
            }
            _ => return self.bad_range(part),
        };
        let Some(name) = base_name(name) else { return self.bad_range(part) };
        let Some(at) = range.names.iter().position(|known| *known == name) else {
            range.except.extend(except.map(|except| (range.names.len(), except)));
            range.names.push(name);
            range.bounds.push((lower, upper));
            return Some(());
        };
        // A second relation on the same index: `i = 1` above `i \ne j`.
        range.except.extend(except.map(|except| (at, except)));
        let known = &mut range.bounds[at];
        if known.0.is_some() && lower.is_some() || upper.is_some() && known.1 != upper && known.1.is_some() {
            return self.bad_range(part);
        }
        *known = (known.0.or(lower), known.1.or(upper));
        Some(())
    }

    /// `1 \le i < j \le n`: each index runs from the lower bound up to the next one, which stands before it.
    fn rising_indices<'n>(
        &mut self,
        part: &'n Node,
        lower: &'n Node,
        rest: &'n [(Relation, Node)],
        range: &mut IndexRange<'n>,
    ) -> Option<()> {
        let strict = |relation: &Relation| i64::from(*relation == Relation::Less);
        let is_rising = rest.iter().all(|(relation, _)| matches!(relation, Relation::Less | Relation::LessEqual));
        let names: Option<Vec<String>> = rest[..rest.len() - 1].iter().map(|(_, side)| base_name(side)).collect();
        let Some(names) = names.filter(|names| is_rising && names.iter().all(|name| !range.names.contains(name)))
        else {
            return self.bad_range(part);
        };
        for (at, name) in names.into_iter().enumerate().rev() {
            let (relation, upper) = &rest[at + 1];
            range.names.push(name);
            range.bounds.push((Some((lower, strict(&rest[0].0))), Some((upper, -strict(relation)))));
        }
        Some(())
    }
}

/// What to write instead of a large operator that has no meaning.
fn instead_of(op: &str) -> &'static str {
    match op {
        "int" | "iint" | "iiint" | "oint" => {
            r"claim the derivative of the antiderivative instead: `\frac{d F(x)}{d x} = f(x)`"
        }
        "argmin" => r"claim that the gradient is 0 there, or that no value is less: `F(\hat w) \le F(w)`",
        "argmax" => r"claim that the gradient is 0 there, or that no value is greater: `F(w) \le F(\hat w)`",
        _ => "write it with a sum, a product, a supremum or a limit",
    }
}
