//! Products: which factors are functions with their arguments, and how the rest is multiplied.

use crate::expr::{Elementary, Expr, Function, Node as Meaning, Shape, Slot, SymbolId, Tensor};
use crate::lower::expression::strip;
use crate::lower::names::{Part, base_name, spell};
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Times};

/// What a node that is applied to arguments stands for.
enum Applied {
    Elementary(Elementary),
    Tensor(Tensor),
    Declared(SymbolId, Vec<Expr>),
    Norm,
}

/// A function as written: what it is, its primes, and a power on its name (`\tanh^2 z`).
struct Head<'n> {
    applied: Applied,
    primes: usize,
    power: Option<&'n Node>,
}

impl Reader<'_> {
    /// The meaning of factors in the order written.
    pub(super) fn product(&mut self, node: &Node, items: &[(Times, Node)]) -> Option<Expr> {
        // Juxtaposition, dots and crosses bind more tightly than the product entry by entry.
        let mut blocks: Vec<(Times, Vec<(Times, Expr)>)> = vec![(Times::Odot, Vec::new())];
        let nodes: Vec<Node> = items.iter().map(|(_, item)| item.clone()).collect();
        let ends = ends_of_joined(items);
        let mut at = 0;
        while at < items.len() {
            let (times, item) = &items[at];
            let (value, used) = self.factor_in(item, &nodes[at..ends[at]], &items[at..])?;
            at += used;
            match times {
                Times::Odot | Times::Circ => blocks.push((*times, vec![(Times::Juxtaposed, value)])),
                _ => blocks.last_mut().expect("there is a first block").1.push((*times, value)),
            }
        }
        let mut result = None;
        for (_, block) in blocks.into_iter().filter(|(_, block)| !block.is_empty()) {
            let value = self.multiply_block(node, &block)?;
            result = Some(match result {
                None => value,
                Some(before) => self.hadamard(node, before, value)?,
            });
        }
        Some(result.unwrap_or_else(|| self.arena.one()))
    }

    fn factor_in(&mut self, item: &Node, joined: &[Node], all: &[(Times, Node)]) -> Option<(Expr, usize)> {
        if let Kind::Frac { num, den } = &strip(item).kind
            && let Some(kind) = self.operator_kind(num)
        {
            // `\frac{\partial}{\partial x}` reaches everything up to the end of the term.
            let body = Node {
                kind: Kind::Product(
                    all[1..]
                        .iter()
                        .enumerate()
                        .map(|(i, (times, item))| (if i == 0 { Times::Juxtaposed } else { *times }, item.clone()))
                        .collect(),
                ),
                span: all.last().map_or(item.span, |(_, last)| item.span.to(last.span)),
            };
            let value = self.expression(&body)?;
            return self.derivative_by_denominator(item, kind, num, den, value).map(|expr| (expr, all.len()));
        }
        self.factor(joined, 0)
    }

    /// The meaning of the first of some factors written together, and how many of them it takes.
    pub(super) fn factor(&mut self, items: &[Node], depth: usize) -> Option<(Expr, usize)> {
        let first = &items[0];
        if let Some((value, used)) = self.joined_name(items) {
            return value.map(|value| (value, used));
        }
        if let Some(result) = self.nabla(items) {
            return result;
        }
        if let Some(head) = self.head(first)? {
            return self.application(items, head, depth);
        }
        match &first.kind {
            Kind::Symbol(_) | Kind::Operator(_) => self.name_or_known(first).map(|value| (value, 1)),
            Kind::Script { base, primes, .. } if *primes == 0 || base_name(base).is_none() => {
                self.script(first).map(|value| (value, 1))
            }
            Kind::Script { .. } => {
                let message = format!("`{}` carries a prime, but is not a function", spell_plain(first));
                self.fail(
                    "prime-of-value",
                    first.span,
                    message,
                    r"write the derivative as a fraction: `\frac{d y}{d x}`",
                )
            }
            _ => self.expression(first).map(|value| (value, 1)),
        }
    }

    fn script(&mut self, node: &Node) -> Option<Expr> {
        let Kind::Script { base, sub, sup, .. } = &node.kind else { return self.expression(node) };
        if let Kind::Fenced { open, body, .. } = &base.kind
            && open == r"\|"
        {
            let kind = sub.as_deref().and_then(spell);
            let inner = self.expression(body)?;
            let norm = self.norm(inner, kind.as_deref());
            return match sup {
                Some(sup) => {
                    let exponent = self.expression(sup)?;
                    Some(self.arena.power(norm, exponent))
                }
                None => Some(norm),
            };
        }
        self.name_or_known(node)
    }

    /// Names that are constants of linear algebra, unless they are declared.
    fn name_or_known(&mut self, node: &Node) -> Option<Expr> {
        self.name(node)
    }

    /// Several letters that are declared as one name: `dQ`.
    fn joined_name(&mut self, items: &[Node]) -> Option<(Option<Expr>, usize)> {
        let longest = items.len().min(4);
        for n in (2..=longest).rev() {
            let mut base = String::new();
            for (i, item) in items[..n].iter().enumerate() {
                match &item.kind {
                    Kind::Symbol(text) => base.push_str(text),
                    Kind::Script { base: inner, .. } if i == n - 1 => base.push_str(&base_name(inner)?),
                    _ => {
                        base.clear();
                        break;
                    }
                }
            }
            if base.is_empty() || self.names.with_base(&base).is_empty() {
                continue;
            }
            let span = items[0].span.to(items[n - 1].span);
            let name = Node { kind: Kind::Symbol(base), span };
            let node = match &items[n - 1].kind {
                Kind::Script { sub, sup, primes, .. } => Node {
                    kind: Kind::Script { base: Box::new(name), sub: sub.clone(), sup: sup.clone(), primes: *primes },
                    span,
                },
                _ => name,
            };
            return Some((self.name(&node), n));
        }
        None
    }

    /// The function that a node names, if it names one. The outer `None` is after a diagnostic.
    fn head<'n>(&mut self, node: &'n Node) -> Option<Option<Head<'n>>> {
        let (base_node, sub, sup, primes) = match &node.kind {
            Kind::Script { base, sub, sup, primes } => (&**base, sub.as_deref(), sup.as_deref(), *primes),
            Kind::Symbol(_) | Kind::Operator(_) => (node, None, None, 0),
            _ => return Some(None),
        };
        let Some(base) = base_name(base_node) else { return Some(None) };
        if self.locals.iter().any(|(name, _)| *name == base) {
            return Some(None);
        }
        if let Some(head) = self.declared_head(&base, sub, sup, primes)? {
            return Some(Some(head));
        }
        if self.is_declared_value(&base, sub) {
            return Some(None);
        }
        let applied = match known_function(&base) {
            Some(applied) if sub.is_none() => applied,
            _ if base == r"\rho" && sub.is_none() => Applied::Tensor(Tensor::SpectralRadius),
            _ => return Some(None),
        };
        let (primes, power) = self.primes_of(primes, sup)?;
        Some(Some(Head { applied, primes, power }))
    }

    fn is_declared_value(&self, base: &str, sub: Option<&Node>) -> bool {
        self.names.with_base(base).iter().any(|name| {
            !self.model.is_function(name.symbol)
                && match (&name.sub, sub) {
                    (Part::Absent, _) | (Part::Index(..), Some(_)) => true,
                    (Part::Fixed(text), Some(sub)) => spell(sub).as_ref() == Some(text),
                    (Part::Fixed(_) | Part::Index(..), None) => false,
                }
        })
    }

    fn declared_head<'n>(
        &mut self,
        base: &str,
        sub: Option<&'n Node>,
        sup: Option<&'n Node>,
        primes: usize,
    ) -> Option<Option<Head<'n>>> {
        let names: Vec<_> = self.names.with_base(base).into_iter().cloned().collect();
        for name in names {
            if !self.model.is_function(name.symbol) {
                continue;
            }
            let indices = match (&name.sub, sub) {
                (Part::Absent, None) => Vec::new(),
                (Part::Fixed(text), Some(sub)) if spell(sub).as_ref() == Some(text) => Vec::new(),
                (Part::Index(..), Some(sub)) => vec![self.index(sub)?],
                _ => continue,
            };
            let (primes, power) = self.primes_of(primes, sup)?;
            return Some(Some(Head { applied: Applied::Declared(name.symbol, indices), primes, power }));
        }
        Some(None)
    }

    /// `f^{(n)}` and `f^{\prime}` are derivatives; any other superscript of a function is a power of its value.
    fn primes_of<'n>(&mut self, primes: usize, sup: Option<&'n Node>) -> Option<(usize, Option<&'n Node>)> {
        let Some(sup) = sup else { return Some((primes, None)) };
        match &strip(sup).kind {
            Kind::Fenced { open, body, .. } if open == "(" => {
                if let Kind::Number(text) = &strip(body).kind
                    && let Ok(order) = text.parse::<usize>()
                    && order <= 20
                {
                    return Some((primes + order, None));
                }
                self.fail(
                    "symbolic-order",
                    sup.span,
                    "the order of a derivative must be a number".to_owned(),
                    "write `f''(z)` or `f^{(3)}(z)`",
                )
            }
            _ => Some((primes, Some(sup))),
        }
    }

    fn application(&mut self, items: &[Node], head: Head<'_>, depth: usize) -> Option<(Expr, usize)> {
        let name = &items[0];
        let (args, used) = match items.get(1).map(strip) {
            Some(Node { kind: Kind::Fenced { open, close, body }, .. })
                if (open == "(" && close == ")") || (open == "[" && close == "]") =>
            {
                (self.arguments(body)?, 2)
            }
            Some(Node { kind: Kind::Script { base, sub, sup, primes: 0 }, span }) if matches!(&base.kind, Kind::Fenced { open, .. } if open == "(") =>
            {
                return self.scripted_call(items, head, base, sub.as_deref(), sup.as_deref(), *span);
            }
            Some(next) if !matches!(head.applied, Applied::Declared(..)) && depth < 50 => {
                let _ = next;
                let (value, used) = self.factor(&items[1..], depth + 1)?;
                (vec![value], used + 1)
            }
            _ => return self.bare_function(name, &head),
        };
        let value = self.apply(name, &head, args)?;
        Some((value, used))
    }

    /// `f(x)^2`, `softmax(z)_i`, `f(z)^\top`: the scripts belong to the value.
    fn scripted_call(
        &mut self,
        items: &[Node],
        head: Head<'_>,
        fenced: &Node,
        sub: Option<&Node>,
        sup: Option<&Node>,
        span: crate::source::Span,
    ) -> Option<(Expr, usize)> {
        let Kind::Fenced { body, .. } = &fenced.kind else { return None };
        let args = self.arguments(body)?;
        let value = self.apply(&items[0], &head, args)?;
        let hole = "\u{25a1}";
        let script = Node {
            kind: Kind::Script {
                base: Box::new(Node { kind: Kind::Symbol(hole.to_owned()), span: items[0].span }),
                sub: sub.cloned().map(Box::new),
                sup: sup.cloned().map(Box::new),
                primes: 0,
            },
            span: items[0].span.to(span),
        };
        let value = self.with_local(hole, value, |reader| reader.name(&script))?;
        Some((value, 2))
    }

    fn arguments(&mut self, body: &Node) -> Option<Vec<Expr>> {
        match &strip(body).kind {
            Kind::List(items) => items.iter().map(|item| self.expression(item)).collect(),
            _ => Some(vec![self.expression(body)?]),
        }
    }

    fn bare_function<T>(&mut self, name: &Node, head: &Head<'_>) -> Option<T> {
        let written = spell_plain(name);
        let (message, hint) = if head.primes > 0 {
            let prime = "'".repeat(head.primes);
            let base = written.trim_end_matches('\'').to_owned();
            let argument = self.bare_argument(head);
            (
                format!("`{base}{prime}` stands without its argument, and its value changes with it"),
                match argument {
                    Some(argument) => format!("write the argument: `{base}{prime}({argument})`"),
                    None => format!("write the argument: `{base}{prime}(z)`"),
                },
            )
        } else {
            (
                format!("the function `{written}` stands without its argument"),
                format!("write the argument: `{written}(z)`"),
            )
        };
        self.fail("bare-function", name.span, message, &hint)
    }

    /// The argument with which the model itself calls the function: what a bare `f'` most likely leaves out.
    fn bare_argument(&mut self, head: &Head<'_>) -> Option<String> {
        let Applied::Declared(symbol, _) = head.applied else { return None };
        let source = self.model.definitions.iter().find_map(|definition| match self.arena.node(definition.body) {
            Meaning::Call { function: Function::Declared { symbol: called, .. }, args, .. } if *called == symbol => {
                Some((args[0], definition.clone()))
            }
            _ => None,
        })?;
        let (argument, definition) = source;
        let from = definition.indices.iter().find_map(|argument| match argument {
            crate::model::Argument::Letter(letter) => Some(*letter),
            crate::model::Argument::Value(_) => None,
        });
        let letter = self.letters.iter().find(|letter| letter.chars().count() == 1).cloned();
        match (from, letter) {
            (Some(from), Some(to)) => {
                let (from, to) = (self.arena.symbol(from), self.letter(&to).1);
                let instance = self.arena.substitute(argument, &[(from, to)].into_iter().collect());
                Some(crate::print::latex(self.arena, instance))
            }
            _ => Some(crate::print::latex(self.arena, argument)),
        }
    }

    fn apply(&mut self, name: &Node, head: &Head<'_>, args: Vec<Expr>) -> Option<Expr> {
        let value = match &head.applied {
            Applied::Elementary(Elementary::Max | Elementary::Min)
                if args.len() == 1 && !self.arena.shape(args[0]).is_scalar() =>
            {
                return self.fail(
                    "not-supported",
                    name.span,
                    "the largest entry of a vector is written with its index".to_owned(),
                    r"write `\max_i z_i`",
                );
            }
            Applied::Elementary(function) => self.apply_elementary(name, *function, args, head.primes)?,
            Applied::Tensor(op) => self.apply_tensor(name, *op, args)?,
            Applied::Norm => self.norm(args[0], None),
            Applied::Declared(symbol, indices) => {
                self.apply_declared(name, *symbol, indices.clone(), args, head.primes)?
            }
        };
        match head.power {
            None => Some(value),
            Some(power) => {
                let exponent = self.expression(power)?;
                Some(self.arena.power(value, exponent))
            }
        }
    }

    fn apply_tensor(&mut self, name: &Node, op: Tensor, args: Vec<Expr>) -> Option<Expr> {
        let shape = self.arena.shape(args[0]);
        let fits = match op {
            Tensor::Softmax | Tensor::Diagonal => !shape.is_scalar(),
            Tensor::Trace | Tensor::Determinant | Tensor::SpectralRadius => match shape {
                Shape::Matrix(m, n) => self.same_size(m, n),
                Shape::Scalar | Shape::Vector(_) => shape.is_scalar(),
            },
            Tensor::Norm | Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral => true,
        };
        if !fits || args.len() != 1 {
            let message = format!("`{}` does not take {}", spell_plain(name), self.describe(shape));
            return self.fail(
                "shape-mismatch",
                name.span,
                message,
                "write it of a square matrix, a vector or a number, as it is defined",
            );
        }
        if shape.is_scalar() && matches!(op, Tensor::Trace | Tensor::Determinant) {
            return Some(args[0]);
        }
        Some(self.arena.tensor(op, args))
    }

    fn apply_declared(
        &mut self,
        name: &Node,
        symbol: SymbolId,
        indices: Vec<Expr>,
        args: Vec<Expr>,
        primes: usize,
    ) -> Option<Expr> {
        let signature = self.model.declarations.get(&symbol).and_then(|declaration| declaration.signature.clone());
        let arguments = signature.map(|signature| signature.arguments).unwrap_or_default();
        if arguments.len() != args.len() {
            let message = format!("`{}` takes {} argument(s), not {}", spell_plain(name), arguments.len(), args.len());
            return self.fail(
                "wrong-arguments",
                name.span,
                message,
                "give it as many arguments as it was declared with",
            );
        }
        for (&expected, &arg) in arguments.iter().zip(&args) {
            let found = self.arena.shape(arg);
            let elementwise = arguments.len() == 1 && expected.is_scalar();
            if matches!(found, Shape::Matrix(..)) && expected.is_scalar() {
                let message = format!("`{}` of a matrix is not defined", spell_plain(name));
                return self.fail(
                    "function-of-matrix",
                    name.span,
                    message,
                    "apply it to vectors, or write the entries",
                );
            }
            if !elementwise && !self.same_shape(expected, found) {
                let message = format!(
                    "`{}` takes {} here, not {}",
                    spell_plain(name),
                    self.describe(expected),
                    self.describe(found)
                );
                return self.fail("shape-mismatch", name.span, message, "give it what it was declared with");
            }
        }
        if primes > 0 && (arguments.len() > 1 || !arguments[0].is_scalar()) {
            let hint = r"write the derivative by one argument: `\frac{\partial f(x, h)}{\partial h}`";
            return self.fail("prime-of-several", name.span, "a prime needs a function of one number".to_owned(), hint);
        }
        let slots = vec![Slot { argument: 0, entry: Box::default() }; primes];
        let function = Function::Declared { symbol, indices: indices.into() };
        if arguments.iter().any(|shape| !shape.is_scalar()) {
            return Some(self.arena.call_of_tensors(function, slots, args));
        }
        Some(self.arena.call(function, slots, args))
    }

    /// Factors between two signs `\odot`: numbers, matrices in order, quotients.
    fn multiply_block(&mut self, node: &Node, block: &[(Times, Expr)]) -> Option<Expr> {
        // Numbers at the beginning are multiplied at once: one by one, a product of n of them would take n² steps.
        let is_number = |reader: &Self, (idx, (times, value)): (usize, &(Times, Expr))| {
            let multiplies = idx == 0 || !matches!(times, Times::Slash | Times::Otimes);
            multiplies && reader.arena.shape(*value).is_scalar()
        };
        let n_numbers = block.iter().enumerate().take_while(|&entry| is_number(self, entry)).count();
        let (numbers, rest) = block.split_at(n_numbers);
        let numbers: Vec<Expr> = numbers.iter().map(|&(_, value)| value).collect();
        let mut result = if numbers.is_empty() { None } else { Some(self.arena.product(numbers)) };
        for &(times, value) in rest {
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
                        self.arena.divide(before, value)
                    }
                    Times::Otimes => self.outer(node, before, value)?,
                    Times::Juxtaposed | Times::Dot | Times::Cross | Times::Odot | Times::Circ => {
                        self.multiply(node, before, value, times)?
                    }
                },
            });
        }
        result
    }

    pub(super) fn multiply(&mut self, node: &Node, left: Expr, right: Expr, times: Times) -> Option<Expr> {
        let (a, b) = (self.arena.shape(left), self.arena.shape(right));
        match (a, b) {
            (Shape::Scalar, _) | (_, Shape::Scalar) => Some(self.arena.product([left, right])),
            (Shape::Vector(n), Shape::Matrix(k, _)) if !self.arena.is_one(k) => {
                if !self.same_size(n, k) {
                    return self.cannot_multiply(node, a, b);
                }
                // A gradient left of a Jacobian is read as a row.
                let row = self.arena.transpose(left);
                Some(self.arena.matmul([row, right]))
            }
            (Shape::Vector(_), Shape::Matrix(..)) => Some(self.arena.matmul([left, right])),
            (Shape::Vector(m), Shape::Vector(n))
                if times == Times::Dot || matches!(self.arena.node(left), Meaning::Derivative { .. }) =>
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

    fn cannot_multiply<T>(&mut self, node: &Node, a: Shape, b: Shape) -> Option<T> {
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

fn known_function(base: &str) -> Option<Applied> {
    let applied = match base {
        r"\sigma" => Applied::Elementary(Elementary::Sigmoid),
        r"\exp" | r"\log" | r"\ln" | r"\sin" | r"\cos" | r"\tan" | r"\sinh" | r"\cosh" | r"\tanh" | r"\max"
        | r"\min" | r"\arctan" => Applied::Elementary(Elementary::named(&base[1..])?),
        "softmax" | "Softmax" => Applied::Tensor(Tensor::Softmax),
        "Tr" | "tr" | "trace" => Applied::Tensor(Tensor::Trace),
        "det" | r"\det" => Applied::Tensor(Tensor::Determinant),
        "diag" | "Diag" => Applied::Tensor(Tensor::Diagonal),
        "norm" => Applied::Norm,
        _ if base.chars().count() > 1 && !base.starts_with('\\') => Applied::Elementary(Elementary::named(base)?),
        _ => return None,
    };
    Some(applied)
}

/// A node as the reader wrote it, as far as names go.
pub(super) fn spell_plain(node: &Node) -> String {
    match &node.kind {
        Kind::Script { base, sub, sup, primes } => {
            let script = |mark: &str, part: &Option<Box<Node>>| {
                part.as_ref().map(|part| format!("{mark}{{{}}}", spell(part).unwrap_or_default())).unwrap_or_default()
            };
            format!("{}{}{}{}", spell_plain(base), "'".repeat(*primes), script("_", sub), script("^", sup))
        }
        Kind::Operator(text) => text.clone(),
        _ => spell(node).unwrap_or_else(|| "this".to_owned()),
    }
}
