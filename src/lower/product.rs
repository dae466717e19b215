//! Products: how factors are multiplied, and how far each of them reaches.

use crate::expr::{Elementary, Expr, Node as Meaning, Shape};
use crate::lower::expression::strip;
use crate::lower::inline::with_fractions;
use crate::lower::names::spell;
use crate::lower::reader::Reader;
use crate::model::Layout;
use crate::syntax::ast::{Kind, Node, Times};

/// A factor with the sign before it.
#[derive(Debug, Clone, Copy)]
struct Factor {
    times: Times,
    value: Expr,
    /// Whether it is written with `\nabla`.
    is_nabla: bool,
}

/// `\nabla^2`
fn nabla_twice(nabla: &Node) -> Node {
    let two = Node { kind: Kind::Number("2".to_owned()), span: nabla.span };
    let kind = Kind::Script { base: Box::new(nabla.clone()), sub: None, sup: Some(Box::new(two)), primes: 0 };
    Node { kind, span: nabla.span }
}

/// Whether a factor begins with `\nabla`, in brackets or not.
fn is_nabla(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Symbol(sign) => sign == r"\nabla",
        Kind::Script { base, sup, .. } => sup.is_none() && is_nabla(base),
        Kind::Fenced { body, .. } => is_nabla(body),
        Kind::Product(items) => items.first().is_some_and(|(_, first)| is_nabla(first)),
        _ => false,
    }
}

impl Reader<'_> {
    /// The meaning of factors in the order written.
    pub(super) fn product(&mut self, node: &Node, items: &[(Times, Node)]) -> Option<Expr> {
        if let Some(items) = with_fractions(items) {
            return self.product(node, &items);
        }
        if let Some(value) = self.product_with_dots(node, items) {
            return value;
        }
        // Juxtaposition, dots and crosses bind more tightly than the product entry by entry, and than a star.
        let mut blocks: Vec<(Times, Vec<Factor>)> = vec![(Times::Odot, Vec::new())];
        let nodes: Vec<Node> = items.iter().map(|(_, item)| item.clone()).collect();
        let ends = ends_of_joined(items);
        let mut at = 0;
        while at < items.len() {
            let (times, item) = &items[at];
            let (value, used) = self.factor_in(item, &nodes[at..ends[at]], &items[at..])?;
            at += used;
            let factor = Factor { times: *times, value, is_nabla: is_nabla(item) };
            match times {
                Times::Odot | Times::Circ | Times::Oslash | Times::Star => {
                    blocks.push((*times, vec![Factor { times: Times::Juxtaposed, ..factor }]));
                }
                _ => blocks.last_mut().expect("there is a first block").1.push(factor),
            }
        }
        let mut result = None;
        for (times, block) in blocks.into_iter().filter(|(_, block)| !block.is_empty()) {
            let value = self.multiply_block(node, &block)?;
            result = Some(match result {
                None => value,
                Some(before) if times == Times::Oslash => self.divided_entrywise(node, before, value)?,
                Some(before) if times == Times::Star => self.starred(node, before, value)?,
                Some(before) => self.hadamard(node, before, value)?,
            });
        }
        Some(result.unwrap_or_else(|| self.arena.one()))
    }

    fn factor_in(&mut self, item: &Node, joined: &[Node], all: &[(Times, Node)]) -> Option<(Expr, usize)> {
        if let Kind::Frac { num, den } = &strip(item).kind
            && let Some(kind) = self.operator_kind(num, den)
        {
            // `\frac{\partial}{\partial x}` reaches everything up to the end of the term.
            let value = self.expression(&Node::product(all[1..].iter().cloned()))?;
            return self.derivative_by_denominator(item, kind, num, den, value).map(|expr| (expr, all.len()));
        }
        self.factor(joined, 0)
    }

    /// The meaning of the first of some factors written together, and how many of them it takes.
    pub(super) fn factor(&mut self, items: &[Node], depth: usize) -> Option<(Expr, usize)> {
        let first = &items[0];
        if let Some((name, n_letters)) = self.joined_name(items) {
            let joined: Vec<Node> = std::iter::once(name).chain(items[n_letters..].iter().cloned()).collect();
            return self.factor(&joined, depth).map(|(value, used)| (value, used + n_letters - 1));
        }
        if let [first, second, rest @ ..] = items
            && !rest.is_empty()
            && [first, second].iter().all(|sign| matches!(&sign.kind, Kind::Symbol(sign) if sign == r"\nabla"))
        {
            // `\nabla \nabla E` is the Hessian.
            let twice: Vec<Node> = std::iter::once(nabla_twice(first)).chain(rest.iter().cloned()).collect();
            return self.factor(&twice, depth).map(|(value, used)| (value, used + 1));
        }
        if let Some(result) = self.nabla(items).or_else(|| self.partial_by_script(items)) {
            return result;
        }
        if let [name, bracket, ..] = items
            && let Some(value) = self.value_of_names(name, bracket).or_else(|| self.derivative_at_point(name, bracket))
        {
            return value.map(|value| (value, 2));
        }
        if let [letter, Node { kind: Kind::Fenced { body, .. }, .. }, ..] = items
            && is_indicator(letter)
            && matches!(strip(body).kind, Kind::Chain { .. })
        {
            return self.indicator(body).map(|value| (value, 2));
        }
        if let Some((derivative, used)) = self.prime_of_bracket(items) {
            return self.expression(&derivative).map(|value| (value, used));
        }
        self.power_of_e_or_function(items)?;
        if let Some(head) = self.head(first)? {
            return self.application(items, head, depth);
        }
        if let [functions, Node { kind: Kind::Fenced { open, body: argument, .. }, .. }, ..] = items
            && open == "("
            && let Some(composed) = self.composition(functions, argument)
        {
            return composed.map(|value| (value, 2));
        }
        if let [name, bracket, ..] = items
            && self.is_unknown_before(name, bracket)
        {
            return self.undeclared_before_bracket(name, bracket);
        }
        self.product_or_call(items)?;
        match &first.kind {
            Kind::Symbol(_) | Kind::Operator(_) => self.name(first).map(|value| (value, 1)),
            Kind::Script { primes: 0, .. } => self.script(first).map(|value| (value, 1)),
            Kind::Script { .. } => self.prime_of_value(first),
            _ => self.expression(first).map(|value| (value, 1)),
        }
    }

    /// `(f \circ g)(x)` as `f(g(x))`; `None` where what stands in the first bracket are no functions.
    fn composition(&mut self, functions: &Node, argument: &Node) -> Option<Option<Expr>> {
        let Kind::Fenced { open, body, .. } = &functions.kind else { return None };
        let Kind::Product(items) = &strip(body).kind else { return None };
        let composes = open == "(" && items.iter().skip(1).all(|(times, _)| *times == Times::Circ);
        if !composes || !items.iter().all(|(_, item)| matches!(self.head(item), Some(Some(_)))) {
            return None;
        }
        let mut value = argument.clone();
        for (_, function) in items.iter().rev() {
            value = Node::juxtaposed([function.clone(), value.in_parentheses()]);
        }
        Some(self.expression(&value))
    }

    fn script(&mut self, node: &Node) -> Option<Expr> {
        let Kind::Script { base, sub, sup, .. } = &node.kind else { return self.expression(node) };
        if let Kind::Fenced { open, body, .. } = &base.kind
            && open == r"\|"
        {
            let kind = sub.as_deref().and_then(spell);
            let inner = self.expression(body)?;
            let norm = self.norm(node, inner, kind.as_deref())?;
            return match sup {
                Some(sup) => {
                    let exponent = self.expression(sup)?;
                    Some(self.arena.power(norm, exponent))
                }
                None => Some(norm),
            };
        }
        if let (Kind::Fenced { open, body, .. }, Some(sub), None) = (&base.kind, sub, sup)
            && matches!(open.as_str(), "(" | "[")
            && spell(sub).as_deref() == Some("+")
        {
            // `[x]_+` is what is positive of x.
            let inner = self.expression(body)?;
            return self.apply_elementary(node, Elementary::Relu, vec![inner], 0);
        }
        self.name(node)
    }

    /// Factors between two signs `\odot`: numbers, matrices in order, quotients.
    fn multiply_block(&mut self, node: &Node, block: &[Factor]) -> Option<Expr> {
        // Numbers at the beginning are multiplied at once: one by one, a product of n of them would take n² steps.
        let is_number = |reader: &Self, (idx, factor): (usize, &Factor)| {
            let multiplies = idx == 0 || !matches!(factor.times, Times::Slash | Times::Otimes);
            multiplies && reader.arena.shape(factor.value).is_scalar()
        };
        if let Some(value) = self.contracted_from_the_right(node, block) {
            return value;
        }
        let n_numbers = block.iter().enumerate().take_while(|&entry| is_number(self, entry)).count();
        let (numbers, rest) = block.split_at(n_numbers);
        let numbers: Vec<Expr> = numbers.iter().map(|factor| factor.value).collect();
        let mut result = if numbers.is_empty() { None } else { Some(self.product_of_numbers(node, numbers)?) };
        let mut after_nabla = false;
        let rest = self.dotted_with_products(node, rest)?;
        for Factor { times, value, is_nabla } in rest {
            if let Some(before) = result.filter(|_| after_nabla && times == Times::Juxtaposed) {
                self.check_after_nabla(node, before, value)?;
            }
            after_nabla = is_nabla;
            result = Some(match result {
                None => value,
                Some(before) => match times {
                    Times::Slash => {
                        if self.arena.is_zero(value) {
                            return self.fail(
                                "division-by-zero",
                                node.span,
                                "the divisor is 0".to_owned(),
                                "a quotient needs a divisor that is not 0",
                            );
                        }
                        if !self.arena.shape(value).is_scalar() {
                            return self.fail(
                                "shape-mismatch",
                                node.span,
                                "only numbers divide".to_owned(),
                                "multiply by the inverse",
                            );
                        }
                        self.divisors.push(value);
                        let (whole, below) = (self.arena.divide(before, value), self.arena.reciprocal(value));
                        self.kept_product(node, whole, &[before, below])?
                    }
                    Times::Otimes => self.outer(node, before, value)?,
                    Times::Juxtaposed
                    | Times::Dot
                    | Times::Star
                    | Times::Cross
                    | Times::Odot
                    | Times::Oslash
                    | Times::Circ => {
                        let whole = self.multiply(node, before, value, times)?;
                        self.kept_product(node, whole, &[before, value])?
                    }
                },
            });
        }
        result
    }

    fn product_of_numbers(&mut self, node: &Node, numbers: Vec<Expr>) -> Option<Expr> {
        let product = self.arena.product(numbers.clone());
        self.kept_product(node, product, &numbers)
    }

    /// In `x \cdot A x` the vector is multiplied by the product after the dot.
    fn dotted_with_products(&mut self, node: &Node, factors: &[Factor]) -> Option<Vec<Factor>> {
        let mut found: Vec<Factor> = Vec::new();
        for &factor in factors {
            let goes_on = match (&found[..], factor.times) {
                ([.., before, matrix], Times::Juxtaposed) if matrix.times == Times::Dot => {
                    let [before, matrix] = [before, matrix].map(|factor| self.arena.shape(factor.value));
                    matches!((before, matrix), (Shape::Vector(_), Shape::Matrix(..)))
                }
                _ => false,
            };
            match found.last_mut().filter(|_| goes_on) {
                Some(last) => last.value = self.multiply(node, last.value, factor.value, Times::Juxtaposed)?,
                None => found.push(factor),
            }
        }
        Some(found)
    }

    /// A gradient written with `\nabla` is a column: left of a Jacobian it is read as a row, left of any other vector or
    /// matrix it is no factor.
    fn check_after_nabla(&mut self, node: &Node, gradient: Expr, next: Expr) -> Option<()> {
        let shape = self.arena.shape(next);
        let is_row = matches!(shape, Shape::Matrix(m, _) if self.arena.is_one(m));
        let is_column = matches!(self.arena.shape(gradient), Shape::Vector(_));
        if !is_column || shape.is_scalar() || is_row || self.is_gradient(next) {
            return Some(());
        }
        let message = format!("a gradient is a column, so it does not multiply {} from the left", self.describe(shape));
        let hint = r"write `(\nabla_h L)^\top v` for their product, `\odot` to multiply entry by entry";
        self.fail("shape-mismatch", node.span, message, hint)
    }

    pub(super) fn multiply(&mut self, node: &Node, left: Expr, right: Expr, times: Times) -> Option<Expr> {
        if let Some(contracted) = self.contracted(left, right) {
            return Some(contracted);
        }
        let (a, b) = (self.arena.shape(left), self.arena.shape(right));
        match (a, b) {
            (Shape::Scalar, _) | (_, Shape::Scalar) => Some(self.arena.product([left, right])),
            (Shape::Vector(n), Shape::Matrix(k, _)) if !self.arena.is_one(k) => {
                if !(self.is_gradient(left) && self.is_jacobian(right) && self.same_size(n, k)) {
                    return self.cannot_multiply(node, a, b);
                }
                // A gradient left of a Jacobian is read as a row.
                let row = self.arena.transpose(left);
                Some(self.arena.matmul([row, right]))
            }
            (Shape::Vector(_), Shape::Matrix(..)) => Some(self.arena.matmul([left, right])),
            (Shape::Vector(m), Shape::Vector(n))
                if times == Times::Dot
                    || matches!(self.arena.node(left), Meaning::Derivative { .. }) && self.is_jacobian(right) =>
            {
                if !self.same_size(m, n) {
                    return self.cannot_multiply(node, a, b);
                }
                let row = self.arena.transpose(left);
                Some(self.arena.matmul([row, right]))
            }
            (Shape::Vector(_), Shape::Vector(_)) => self.cannot_multiply(node, a, b),
            (Shape::Matrix(_, k), Shape::Vector(n)) | (Shape::Matrix(_, k), Shape::Matrix(n, _)) => {
                if !self.same_size(k, n) {
                    return self.cannot_multiply(node, a, b);
                }
                Some(self.arena.matmul([left, right]))
            }
        }
    }

    /// In the denominator layout a chain by a matrix ends in the gradient: `\partial z/\partial W \, \partial L/\partial z`.
    fn contracted_from_the_right(&mut self, node: &Node, block: &[Factor]) -> Option<Option<Expr>> {
        let (first, rest) = block.split_first().filter(|(_, rest)| !rest.is_empty())?;
        let Meaning::Transpose(jacobian) = *self.arena.node(first.value) else { return None };
        let Meaning::Derivative { of, by, .. } = *self.arena.node(jacobian) else { return None };
        let is_by_matrix =
            matches!((self.arena.shape(of), self.arena.shape(by)), (Shape::Vector(_), Shape::Matrix(..)));
        let multiplies = |factor: &Factor| matches!(factor.times, Times::Juxtaposed | Times::Dot);
        if self.model.layout != Layout::Denominator || !is_by_matrix || !rest.iter().all(multiplies) {
            return None;
        }
        let Some(tail) = self.multiply_block(node, rest) else { return Some(None) };
        if !matches!(self.arena.shape(tail), Shape::Vector(_)) {
            return None;
        }
        let row = self.arena.transpose(tail);
        self.contracted(row, jacobian).map(Some)
    }

    /// A row times the derivative of a vector by a matrix has the shape of the matrix: `Σ_i r_i ∂v_i/∂W`.
    fn contracted(&mut self, left: Expr, right: Expr) -> Option<Expr> {
        let Meaning::Derivative { kind, of, by, .. } = *self.arena.node(right) else { return None };
        let (Shape::Vector(n), Shape::Matrix(..)) = (self.arena.shape(of), self.arena.shape(by)) else { return None };
        let letter = self.arena.letter_apart("row", &[left, right]);
        let i = self.arena.symbol(letter);
        let one = self.arena.one();
        let (size, at) = match self.arena.shape(left) {
            Shape::Vector(size) if self.is_gradient(left) => (size, vec![i]),
            Shape::Matrix(rows, size) if rows == one => (size, vec![one, i]),
            Shape::Scalar | Shape::Vector(_) | Shape::Matrix(..) => return None,
        };
        if !self.same_size(size, n) {
            return None;
        }
        let (entry, of) = (self.arena.entry(left, at), self.arena.entry(of, vec![i]));
        let shape = self.arena.shape(by);
        let slope = self.arena.derivative_of_shape(kind, of, by, shape);
        let term = self.arena.product([entry, slope]);
        let sum = self.arena.big(crate::expr::Big::Sum, letter, one, n, term);
        // The gradient by a matrix is its transpose in the numerator layout.
        Some(if self.model.layout == Layout::Numerator { self.arena.transpose(sum) } else { sum })
    }

    /// Whether a value is a gradient, or made of one: these stand as rows left of a Jacobian.
    pub(super) fn is_gradient(&self, value: Expr) -> bool {
        self.is_made_of(value, &|node| matches!(node, Meaning::Derivative { .. }))
    }

    /// Whether a value is a Jacobian, or made of one or of slopes: `diag(f'(z)) W`.
    fn is_jacobian(&self, value: Expr) -> bool {
        self.is_made_of(value, &|node| match node {
            Meaning::Derivative { .. } => true,
            Meaning::Call { slots, .. } => !slots.is_empty(),
            _ => false,
        })
    }

    /// Whether such a node stands in a value, or in the definition of a name in it.
    fn is_made_of(&self, value: Expr, is_wanted: &dyn Fn(&Meaning) -> bool) -> bool {
        let holds = |value: Expr| self.arena.reachable(&[value]).iter().any(|&part| is_wanted(self.arena.node(part)));
        let is_defined_so = |&part: &Expr| match self.arena.node(part) {
            Meaning::Symbol { symbol, .. } => self.model.definitions_of(*symbol).any(|own| holds(own.body)),
            _ => false,
        };
        holds(value) || self.arena.reachable(&[value]).iter().any(is_defined_so)
    }

    pub(super) fn cannot_multiply<T>(&mut self, node: &Node, a: Shape, b: Shape) -> Option<T> {
        let message = format!("cannot multiply {} by {}", self.describe(a), self.describe(b));
        let hint = r"the columns of the left must be the rows of the right; `\odot` multiplies entry by entry, `^\top` transposes";
        self.fail("shape-mismatch", node.span, message, hint)
    }

    fn hadamard(&mut self, node: &Node, left: Expr, right: Expr) -> Option<Expr> {
        let (a, b) = (self.arena.shape(left), self.arena.shape(right));
        if !a.is_scalar() && !b.is_scalar() && !self.same_shape(a, b) {
            let message = format!("cannot multiply {} and {} entry by entry", self.describe(a), self.describe(b));
            return self.fail("shape-mismatch", node.span, message, "both sides need one shape");
        }
        Some(self.arena.product([left, right]))
    }

    /// `u * v`: entry by entry of two vectors, the one product that fits otherwise. Of two square matrices both fit.
    fn starred(&mut self, node: &Node, left: Expr, right: Expr) -> Option<Expr> {
        let (a, b) = (self.arena.shape(left), self.arena.shape(right));
        match (a, b) {
            (Shape::Vector(_), Shape::Vector(_)) => {
                let message = "`*` between two vectors is read as their product entry by entry".to_owned();
                let hint = r"write `\odot` for it, or `u^\top v` for the inner product";
                self.remark("read-as-entrywise", node.span, message, hint);
                self.hadamard(node, left, right)
            }
            (Shape::Matrix(..), Shape::Matrix(..)) => {
                let message =
                    "`*` between two matrices may be their product or their product entry by entry".to_owned();
                let hint = r"write `A B` for the first, `A \odot B` for the second";
                self.fail("ambiguous-product", node.span, message, hint)
            }
            _ => self.multiply(node, left, right, Times::Juxtaposed),
        }
    }

    /// `u \oslash v`
    fn divided_entrywise(&mut self, node: &Node, left: Expr, right: Expr) -> Option<Expr> {
        if matches!(self.arena.shape(right), Shape::Matrix(..)) {
            let message = r"`\oslash` divides by a vector or a number".to_owned();
            return self.fail("not-supported", node.span, message, "write the entries");
        }
        let minus_one = self.arena.integer(-1);
        let reciprocal = self.arena.power(right, minus_one);
        self.hadamard(node, left, reciprocal)
    }

    fn outer(&mut self, node: &Node, left: Expr, right: Expr) -> Option<Expr> {
        match (self.arena.shape(left), self.arena.shape(right)) {
            (Shape::Vector(_), Shape::Vector(_)) => {
                let row = self.arena.transpose(right);
                Some(self.arena.matmul([left, row]))
            }
            _ => self.fail(
                "not-supported",
                node.span,
                r"`\otimes` is read as the outer product of two vectors".to_owned(),
                r"write `u v^\top`",
            ),
        }
    }
}

/// For each factor the end of the factors that are written after it without a sign.
fn ends_of_joined(items: &[(Times, Node)]) -> Vec<usize> {
    let mut ends = vec![items.len(); items.len()];
    for idx in (0..items.len().saturating_sub(1)).rev() {
        ends[idx] = if items[idx + 1].0 == Times::Juxtaposed { ends[idx + 1] } else { idx + 1 };
    }
    ends
}

/// `\mathbb{1}`, `\mathbf{1}`, `\mathbb{I}` before a relation in brackets.
fn is_indicator(letter: &Node) -> bool {
    let written = spell(letter).unwrap_or_default();
    matches!(written.as_str(), r"\mathbb{1}" | r"\mathbf{1}" | r"\boldsymbol{1}" | r"\mathbb{I}" | r"\mathbf{I}")
}
