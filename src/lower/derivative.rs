//! Derivatives: which fraction is one, of what, by what, and in which shape.

use crate::expr::{Arena, DerivativeKind, Expr, Function, Node as Meaning, Shape, Slot, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::reader::Reader;
use crate::lower::superscript::names_transpose;
use crate::model::Layout;
use crate::syntax::ast::{Kind, Node, Times};

/// The member of a family, parameter, or entry of one that an expression is.
pub(super) fn member_of(arena: &Arena, expr: Expr) -> Option<Expr> {
    match arena.node(expr) {
        Meaning::Symbol { .. } => Some(expr),
        Meaning::Entry { of, .. } => member_of(arena, *of),
        _ => None,
    }
}

/// The sign of a derivative at the head of a numerator or denominator: its kind and order.
struct Mark {
    kind: DerivativeKind,
    order: usize,
}

/// How often `\nabla` is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Often {
    Once,
    Twice,
}

fn mark(node: &Node) -> Option<Mark> {
    let plain = |kind| Some(Mark { kind, order: 1 });
    match &strip(node).kind {
        Kind::Symbol(text) if text == r"\partial" => plain(DerivativeKind::Partial),
        Kind::Symbol(text) if text == "d" || text == r"\mathrm{d}" => plain(DerivativeKind::Total),
        Kind::Script { base, sub: None, sup: Some(sup), primes: 0 } => {
            let inner = mark(base)?;
            match &strip(sup).kind {
                Kind::Symbol(text) if text == "+" => Some(Mark { kind: DerivativeKind::Immediate, order: 1 }),
                Kind::Number(text) => {
                    Some(Mark { kind: inner.kind, order: text.parse().ok().filter(|n| (1..=9).contains(n))? })
                }
                _ if is_plus(sup) => Some(Mark { kind: DerivativeKind::Immediate, order: 1 }),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a node is the sign of a derivative: `\partial`, `d`, `\partial^2`.
pub(super) fn is_mark(node: &Node) -> bool {
    mark(node).is_some()
}

fn is_plus(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Sum(terms) => {
            terms.iter().all(|(sign, term)| *sign == crate::syntax::ast::Sign::Plus && term.kind == Kind::Empty)
        }
        Kind::Operator(text) | Kind::Text(text) => text == "+",
        _ => false,
    }
}

/// The order that the sign of a derivative carries.
pub(super) fn order_of(sign: &Node) -> usize {
    mark(sign).map_or(1, |mark| mark.order)
}

/// The factors of a numerator or denominator.
pub(super) fn factors(node: &Node) -> Vec<&Node> {
    match &strip(node).kind {
        Kind::Product(items) => items.iter().map(|(_, item)| item).collect(),
        _ => vec![strip(node)],
    }
}

/// What stands after the sign in a numerator, with the signs between its factors.
fn after_sign(num: &Node) -> Node {
    match &strip(num).kind {
        Kind::Product(items) => Node::product(items[1..].iter().cloned()),
        _ => Node { kind: Kind::Empty, span: num.span },
    }
}

impl Reader<'_> {
    /// The kind of derivative where a numerator is a bare sign: `\frac{\partial}{\partial x}`. A declared d over something
    /// else is a quotient: `\frac{d}{2}`.
    pub(super) fn operator_kind(&self, num: &Node, den: &Node) -> Option<DerivativeKind> {
        let below = factors(den);
        let is_quotient = below.first().is_some_and(|first| mark(first).is_none()) && self.is_declared_letter(num);
        mark(num).filter(|_| !is_quotient).map(|mark| mark.kind)
    }

    /// Whether a letter, or a power of one, is declared.
    fn is_declared_letter(&self, node: &Node) -> bool {
        match &strip(node).kind {
            Kind::Script { base, sub: None, sup: Some(_), primes: 0 } => self.is_declared_letter(base),
            Kind::Symbol(_) => self.names.named(strip(node)).is_some(),
            _ => false,
        }
    }

    /// The derivative that a fraction is; `None` where it is an ordinary fraction.
    pub(super) fn derivative_fraction(&mut self, node: &Node, num: &Node, den: &Node) -> Option<Option<Expr>> {
        let above = factors(num);
        let below = factors(den);
        let sign = mark(above.first()?)?;
        mark(below.first()?)?;
        if above.len() == 1 && matches!(strip(num).kind, Kind::Symbol(_) | Kind::Script { .. }) {
            let hint = r"write what is differentiated: `\frac{\partial L}{\partial w}`";
            return Some(self.fail("missing-operand", node.span, "nothing is differentiated here".to_owned(), hint));
        }
        Some(
            self.expression(&after_sign(num))
                .and_then(|value| self.derivative_by_denominator(node, sign.kind, num, den, value)),
        )
    }

    /// The derivative of `value` by what stands in the denominator, as often as it stands there.
    pub(super) fn derivative_by_denominator(
        &mut self,
        node: &Node,
        kind: DerivativeKind,
        num: &Node,
        den: &Node,
        value: Expr,
    ) -> Option<Expr> {
        if let Kind::Product(items) = &strip(den).kind
            && items
                .iter()
                .any(|(times, _)| !matches!(times, Times::Juxtaposed | Times::Dot | Times::Star | Times::Cross))
        {
            let message = "the denominator of a derivative holds its sign and its variables".to_owned();
            return self.fail("bad-derivative", den.span, message, r"write `\partial w_i \, \partial w_h`");
        }
        let order = factors(num).first().and_then(|first| mark(first)).map_or(1, |mark| mark.order);
        let mut by: Vec<Expr> = Vec::new();
        let below = factors(den);
        let mut at = 0;
        while at < below.len() {
            if mark(below[at]).is_none() {
                return self.fail(
                    "bad-derivative",
                    den.span,
                    "the denominator of a derivative begins with its sign".to_owned(),
                    r"write `\partial w_i \, \partial w_h`",
                );
            }
            // What follows the sign is its variable, also where it is called d.
            let end = (at + 2..below.len()).find(|&i| mark(below[i]).is_some()).unwrap_or(below.len());
            let (variable, times) = self.variable(den, &below[at + 1..end])?;
            by.extend(std::iter::repeat_n(variable, times));
            at = end;
        }
        if let Some(square) = below.get(1).filter(|_| order == 1 && below.len() == 2 && by.len() > 1) {
            return self.derivative_by_power(node, square);
        }
        if by.len() != order {
            let message = format!("the numerator says order {order}, the denominator has {} variable(s)", by.len());
            return self.fail("bad-derivative", node.span, message, r"write `\frac{\partial^2 L}{\partial w^2}`");
        }
        let mut result = value;
        if let Some(transposed) = self.row_after_column(&by) {
            // `\partial x \, \partial y^\top` has a row for each entry of x: the Jacobian by y of the gradient by x.
            by = vec![transposed, by[0]];
        }
        for variable in by.into_iter().rev() {
            result = self.differentiate_by(node, kind, result, variable)?;
        }
        Some(result)
    }

    /// `\frac{\partial \ell}{\partial \sigma^2}`: one sign above, and a power below, by which nothing is differentiated.
    fn derivative_by_power<T>(&mut self, node: &Node, power: &Node) -> Option<T> {
        let written = spell_plain(power);
        let message = format!("`{written}` is a power here, and a derivative is taken by a name");
        let hint = format!(
            "give it a name, `v = {written}`, and write what is differentiated with `v`; a second derivative is written `\\frac{{\\partial^2 L}}{{\\partial w^2}}`"
        );
        self.fail("bad-derivative", node.span, message, &hint)
    }

    /// The y of the two variables x and `y^\top`, of which both are vectors.
    fn row_after_column(&self, by: &[Expr]) -> Option<Expr> {
        let &[column, row] = by else { return None };
        let Meaning::Transpose(inner) = *self.arena.node(row) else { return None };
        let is_vector = |expr: Expr| matches!(self.arena.shape(expr), Shape::Vector(_));
        (is_vector(column) && is_vector(inner)).then_some(inner)
    }

    /// `w_h`, `w_h^2` (twice), `W_{ij}`.
    fn variable(&mut self, den: &Node, items: &[&Node]) -> Option<(Expr, usize)> {
        let (&last, _) = match items.split_last() {
            Some(split) => split,
            None => {
                return self.fail(
                    "bad-derivative",
                    den.span,
                    "a variable is missing after the sign".to_owned(),
                    r"write `\partial w`",
                );
            }
        };
        if let ([_], Kind::Script { base, sub, sup: Some(sup), primes: 0 }) = (items, &last.kind)
            && let Kind::Number(text) = &strip(sup).kind
            && let Ok(times) = text.parse::<usize>()
            && (2..=9).contains(&times)
        {
            let problems = self.diagnostics.len();
            let whole = self.expression(last);
            if let Some(whole) = whole
                && member_of(self.arena, whole).is_some()
            {
                return Some((whole, 1));
            }
            self.diagnostics.truncate(problems);
            let kind = match sub {
                Some(sub) => Kind::Script { base: base.clone(), sub: Some(sub.clone()), sup: None, primes: 0 },
                None => base.kind.clone(),
            };
            let variable = self.expression(&Node { kind, span: last.span })?;
            return self.checked_variable(last, variable).map(|variable| (variable, times));
        }
        let product = Node::juxtaposed(items.iter().copied().cloned());
        let variable = self.expression(&product)?;
        self.checked_variable(&product, variable).map(|variable| (variable, 1))
    }

    pub(super) fn checked_variable(&mut self, node: &Node, variable: Expr) -> Option<Expr> {
        let inner = match self.arena.node(variable) {
            Meaning::Transpose(inner) => *inner,
            _ => variable,
        };
        let Some(member) = member_of(self.arena, inner) else {
            let written = crate::print::latex(self.arena, variable);
            let message = format!("a derivative is taken by a name, and `{written}` is an expression");
            let hint = format!(
                "give it a name, `u = {written}`, write what is differentiated with `u`, and differentiate by `u`"
            );
            return self.fail("bad-derivative", node.span, message, &hint);
        };
        if self.symbol_of(member).is_some_and(|symbol| self.arena.kind(symbol) == SymbolKind::Integer) {
            let message = format!("`{}` runs over the integers, so nothing is differentiated by it", spell_plain(node));
            return self.fail("bad-derivative", node.span, message, "write the difference: `h_{t+1} - h_t`");
        }
        Some(variable)
    }

    pub(super) fn differentiate_by(&mut self, node: &Node, kind: DerivativeKind, of: Expr, by: Expr) -> Option<Expr> {
        if let Some(slot) = self.slot_derivative(node, kind, of, by) {
            return slot;
        }
        if kind == DerivativeKind::Immediate {
            self.check_immediate(node, of)?;
        }
        self.note_missing_path(node.span, of, by);
        let Some(shape) = self.derivative_shape(of, by) else {
            let message = format!(
                "the derivative of {} by {} has no layout here",
                self.describe(self.arena.shape(of)),
                self.describe(self.arena.shape(by))
            );
            return self.fail("shape-mismatch", node.span, message, "take it entry by entry");
        };
        let mixed = self.arena.derivative_of_shape(kind, of, by, shape);
        let transposed = match self.model.layout {
            Layout::Mixed => false,
            Layout::Numerator => self.arena.shape(of).is_scalar(),
            Layout::Denominator => !self.arena.shape(of).is_scalar(),
        };
        Some(if transposed { self.arena.transpose(mixed) } else { mixed })
    }

    /// An immediate derivative holds the members at other indices: of a name without an index, nothing says what is held.
    fn check_immediate(&mut self, node: &Node, of: Expr) -> Option<()> {
        let of = member_of(self.arena, of).unwrap_or(of);
        let Meaning::Symbol { symbol, indices, .. } = self.arena.node(of) else { return Some(()) };
        if !indices.is_empty() || !self.model.is_defined(*symbol) {
            return Some(());
        }
        let name = self.arena.name(*symbol);
        let message = format!(r"`{name}` has no index, so nothing says what `\partial^{{+}}` holds fixed");
        let hint = r"write `\frac{d}{d w}` for the derivative along all paths, or differentiate a member of a family";
        self.fail("bad-derivative", node.span, message, hint)
    }

    /// `\frac{\partial f(x, h, w)}{\partial w}`: the derivative by the slot that `w` fills.
    fn slot_derivative(&mut self, node: &Node, kind: DerivativeKind, of: Expr, by: Expr) -> Option<Option<Expr>> {
        let Meaning::Call { function, slots, args } = self.arena.node(of).clone() else { return None };
        if !matches!(function, Function::Declared { .. }) {
            return None;
        }
        if kind == DerivativeKind::Total || args.len() < 2 && !self.arena.shape(of).is_scalar() {
            return None;
        }
        let filled: Vec<usize> = (0..args.len()).filter(|&i| args[i] == by).collect();
        match filled[..] {
            [] => None,
            [slot] if self.arena.shape(by).is_scalar() => {
                let mut slots = slots.to_vec();
                slots.push(Slot { argument: u8::try_from(slot).unwrap_or(u8::MAX), entry: Box::default() });
                Some(Some(self.arena.call(function, slots, args.to_vec())))
            }
            [slot] if self.others_depend(&args, slot, by) => {
                let hint = "give the other arguments names of their own in a `math given` fence";
                let message = "the other arguments depend on the variable, and it is a vector or a matrix".to_owned();
                Some(self.fail("not-supported", node.span, message, hint))
            }
            [_] => None,
            _ => {
                let hint = "give the function distinct arguments, and set them equal afterwards";
                Some(self.fail(
                    "two-slots",
                    node.span,
                    "the variable fills two arguments of the function".to_owned(),
                    hint,
                ))
            }
        }
    }

    /// Whether an argument beside the one at `slot` leads to the variable that stands there.
    fn others_depend(&self, args: &[Expr], slot: usize, by: Expr) -> bool {
        let others = args.iter().enumerate().filter(|(at, _)| *at != slot);
        self.symbol_of(by).is_some_and(|symbol| others.into_iter().any(|(_, &other)| self.depends(other, symbol)))
    }

    /// The shape of a derivative in the mixed layout; the other layouts are transposes of it.
    pub(super) fn derivative_shape(&mut self, of: Expr, by: Expr) -> Option<Shape> {
        Some(match (self.arena.shape(of), self.arena.shape(by)) {
            (Shape::Scalar, shape) | (shape, Shape::Scalar) => shape,
            (Shape::Vector(m), Shape::Vector(n)) => Shape::Matrix(m, n),
            (Shape::Vector(m), Shape::Matrix(p, q)) => {
                let columns = self.arena.product([p, q]);
                Shape::Matrix(m, columns)
            }
            (Shape::Matrix(..), _) => return None,
        })
    }

    /// `\nabla_{w} L`, `\nabla^2_w L`: the gradient of the next factor, in the shape of the variable.
    pub(super) fn nabla(&mut self, items: &[Node]) -> Option<Option<(Expr, usize)>> {
        let first = &items[0];
        let is_sign = |node: &Node| matches!(&node.kind, Kind::Symbol(text) if text == r"\nabla");
        if is_sign(first) {
            return Some(self.gradient_by_argument(items, Often::Once));
        }
        let Kind::Script { base, sub, sup, primes: 0 } = &first.kind else { return None };
        if !is_sign(base) {
            return None;
        }
        if items.len() < 2 {
            return Some(self.fail(
                "missing-operand",
                first.span,
                r"nothing follows `\nabla`".to_owned(),
                r"write `\nabla_{w} L`",
            ));
        }
        let often = match sup.as_deref().map(|sup| &strip(sup).kind) {
            None => Often::Once,
            Some(Kind::Number(text)) if text == "2" => Often::Twice,
            Some(_) => {
                return Some(self.fail(
                    "bad-derivative",
                    first.span,
                    r"`\nabla` carries at most a 2".to_owned(),
                    r"write `\nabla_w` or `\nabla^2_w`",
                ));
            }
        };
        Some(match sub {
            Some(sub) => self.gradient(items, sub, often),
            None => self.gradient_by_argument(items, often),
        })
    }

    /// `\nabla f(x)`: the gradient by the one argument, where that is a name.
    fn gradient_by_argument(&mut self, items: &[Node], often: Often) -> Option<(Expr, usize)> {
        let unclear = |reader: &mut Self| {
            let message = r"`\nabla` does not say by what is differentiated".to_owned();
            reader.fail("missing-variable", items[0].span, message, r"write the variable below it: `\nabla_{w} L`")
        };
        if items.len() < 2 {
            return unclear(self);
        }
        let (of, used) = self.factor(&items[1..], 0)?;
        let by = match self.arena.node(of).clone() {
            Meaning::Call { function: Function::Declared { .. }, args, .. } if args.len() == 1 => {
                if member_of(self.arena, args[0]).is_none() {
                    let written = (&items[0], &items[used]);
                    let slope = self.at_argument(of, |reader, of, by| reader.gradient_of(written, of, by, often))?;
                    return Some((slope, used + 1));
                }
                args[0]
            }
            Meaning::Symbol { symbol, .. } => match self.names.arguments_of(symbol) {
                Some([argument]) => {
                    let argument = argument.clone();
                    self.expression(&argument)?
                }
                Some(_) | None => return unclear(self),
            },
            _ => return unclear(self),
        };
        let by = self.checked_variable(&items[0], by)?;
        Some((self.gradient_of((&items[0], &items[used]), of, by, often)?, used + 1))
    }

    /// The gradient of a number, or its Hessian, where it is written from the sign to `last`.
    fn gradient_of(&mut self, (sign, last): (&Node, &Node), of: Expr, by: Expr, often: Often) -> Option<Expr> {
        let shape = self.arena.shape(by);
        let gradient = self.arena.derivative_of_shape(DerivativeKind::Total, of, by, shape);
        match (often, shape) {
            (Often::Once, _) => Some(self.turned_after(gradient, last)),
            (Often::Twice, Shape::Vector(n)) => {
                Some(self.arena.derivative_of_shape(DerivativeKind::Total, gradient, by, Shape::Matrix(n, n)))
            }
            (Often::Twice, Shape::Scalar | Shape::Matrix(..)) => self.fail(
                "shape-mismatch",
                sign.span,
                "the Hessian is taken by a vector".to_owned(),
                r"write `\frac{\partial^2 L}{\partial w^2}` for a number",
            ),
        }
    }

    /// `\nabla f(x)^\top`: the sign of a transpose after the number turns the gradient.
    fn turned_after(&mut self, gradient: Expr, last: &Node) -> Expr {
        match &last.kind {
            Kind::Script { sup: Some(sup), .. } if names_transpose(sup) => self.arena.transpose(gradient),
            _ => gradient,
        }
    }

    fn has_no_gradient(&self, value: Expr) -> bool {
        self.arena.as_number(value).is_some() || !self.arena.shape(value).is_scalar()
    }

    /// What a `\nabla` takes, and how many factors that is. The gradient of a number is never meant, nor that of a vector,
    /// `\nabla_w \frac{1}{2} w^\top w`, nor that of a factor on which the variable has no bearing while it has on a later
    /// one: `\nabla_w \lambda \|w\|^2`.
    fn reached_by_nabla(&mut self, items: &[Node], by: Expr) -> Option<(Expr, usize)> {
        let (mut of, mut used) = self.factor(&items[1..], 0)?;
        while used + 1 < items.len() && self.has_no_gradient(of) {
            (of, used) = self.with_next_factor(items, of, used)?;
        }
        let (Some(variable), n_problems) = (self.symbol_of(by), self.diagnostics.len()) else {
            return Some((of, used));
        };
        let mut further = Some((of, used));
        while let Some((value, n_taken)) = further
            && (!self.depends(value, variable) || self.has_no_gradient(value))
        {
            further = if n_taken + 1 < items.len() { self.with_next_factor(items, value, n_taken) } else { None };
        }
        if further.is_none() {
            self.diagnostics.truncate(n_problems);
        }
        further.or(Some((of, used)))
    }

    fn with_next_factor(&mut self, items: &[Node], of: Expr, used: usize) -> Option<(Expr, usize)> {
        let (next, n_next) = self.factor(&items[used + 1..], 0)?;
        self.multiply(&items[0], of, next, Times::Juxtaposed).map(|of| (of, used + n_next))
    }

    fn gradient(&mut self, items: &[Node], sub: &Node, often: Often) -> Option<(Expr, usize)> {
        let by = self.expression(sub)?;
        let by = self.checked_variable(sub, by)?;
        let (of, used) = self.reached_by_nabla(items, by)?;
        if !self.arena.shape(of).is_scalar() {
            let message = format!(r"`\nabla` takes a number, and this is {}", self.describe(self.arena.shape(of)));
            return self.fail(
                "shape-mismatch",
                items[1].span,
                message,
                r"write the Jacobian: `\frac{\partial v}{\partial u}`",
            );
        }
        self.note_missing_path(items[0].span, of, by);
        Some((self.gradient_of((&items[0], &items[used]), of, by, often)?, used + 1))
    }
}
