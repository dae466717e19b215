//! Calls: which names are functions, and what they are applied to.

use crate::expr::{Elementary, Expr, Function, Node as Meaning, Shape, Slot, SymbolId, Tensor};
use crate::lower::big::extremum_of;
use crate::lower::expression::strip;
use crate::lower::fit::fit;
use crate::lower::names::{Part, base_name, spell};
use crate::lower::prelude;
use crate::lower::reader::Reader;
use crate::lower::sized::is_constant;
use crate::lower::symbol::is_power_of_e;
use crate::model::Argument;
use crate::syntax::ast::{Kind, Node, Sign};

/// The highest order of a derivative that is written above a function: `f^{(50)}`.
const HIGHEST_ORDER: usize = 64;

/// What a node that is applied to arguments stands for.
pub(super) enum Applied {
    Elementary(Elementary),
    Tensor(Tensor),
    Declared(SymbolId, Vec<Expr>),
    Norm,
}

/// A function as written: what it is, its primes, and a power on its name (`\tanh^2 z`).
pub(super) struct Head<'n> {
    applied: Applied,
    primes: usize,
    power: Option<&'n Node>,
    /// The base of a logarithm: the 2 of `\log_2 x`.
    to_base: Option<&'n Node>,
}

impl Head<'_> {
    /// The declared function that it is, without primes and powers.
    pub(super) fn declared(&self) -> Option<SymbolId> {
        match self.applied {
            Applied::Declared(symbol, _) if self.is_bare() => Some(symbol),
            Applied::Declared(..) | Applied::Elementary(_) | Applied::Tensor(_) | Applied::Norm => None,
        }
    }

    /// Whether it carries neither primes nor a power nor a base.
    pub(super) fn is_bare(&self) -> bool {
        self.primes == 0 && self.power.is_none() && self.to_base.is_none()
    }
}

impl Reader<'_> {
    /// The function that a node names, if it names one. The outer `None` is after a diagnostic.
    pub(super) fn head<'n>(&mut self, node: &'n Node) -> Option<Option<Head<'n>>> {
        let (base_node, sub, sup, primes) = match &node.kind {
            Kind::Script { base, sub, sup, primes } => (&**base, sub.as_deref(), sup.as_deref(), *primes),
            Kind::Symbol(_) | Kind::Operator(_) => (node, None, None, 0),
            _ => return Some(None),
        };
        if let Kind::Fenced { open, body, .. } = &base_node.kind
            && open == "("
            && sub.is_none()
        {
            return self.head_in_brackets(body, primes, sup);
        }
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
        if let (Some(function), "J" | r"\mathbf{J}" | r"\boldsymbol{J}") = (sub, base.as_str())
            && self.names.with_base(&base).is_empty()
            && let Some(inner) = self.head(strip(function))?
        {
            // `J_f(x)` is the Jacobian of f at x.
            return Some(Some(Head { primes: inner.primes + primes + 1, ..inner }));
        }
        let is_logarithm = matches!(known_function(&base), Some(Applied::Elementary(Elementary::Log)));
        let applied = match known_function(&base) {
            Some(applied) if sub.is_none() || is_logarithm => applied,
            _ if base == r"\rho" && sub.is_none() => Applied::Tensor(Tensor::SpectralRadius),
            _ if sub.is_none() && self.fetch(&base) => return self.declared_head(&base, sub, sup, primes),
            _ => return Some(None),
        };
        let (primes, power) = self.primes_of(primes, sup)?;
        Some(Some(Head { applied, primes, power, to_base: sub.filter(|_| is_logarithm) }))
    }

    /// `(\phi^{(l)})'`: a function in brackets, with primes and a power of its own.
    fn head_in_brackets<'n>(
        &mut self,
        body: &'n Node,
        primes: usize,
        sup: Option<&'n Node>,
    ) -> Option<Option<Head<'n>>> {
        let Some(inner) = self.head(strip(body))? else { return Some(None) };
        if inner.power.is_some() && (primes > 0 || sup.is_some()) {
            return Some(None);
        }
        let (primes, power) = self.primes_of(primes + inner.primes, sup)?;
        Some(Some(Head { primes, power: power.or(inner.power), ..inner }))
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
            if !self.model.is_function(name.symbol) || primes == 0 && is_power_of_e(base, sub, sup) {
                continue;
            }
            let Some((indices, rest, sup)) = fit(&name, sub, sup) else { continue };
            if !rest.is_empty() {
                continue;
            }
            let mut at = Vec::new();
            for index in indices {
                at.push(self.index(index)?);
            }
            let (primes, power) = self.primes_of(primes, sup)?;
            let indices = at;
            let applied = Applied::Declared(name.symbol, indices);
            return Some(Some(Head { applied, primes, power, to_base: None }));
        }
        Some(None)
    }

    /// `f^{(n)}` and `f^{\prime}` are derivatives; any other superscript of a function is a power of its value.
    fn primes_of<'n>(&mut self, primes: usize, sup: Option<&'n Node>) -> Option<(usize, Option<&'n Node>)> {
        let Some(sup) = sup else { return Some((primes, None)) };
        match &strip(sup).kind {
            Kind::Fenced { open, body, .. } if open == "(" => {
                if let Kind::Number(text) = &strip(body).kind {
                    if let Some(order) = text.parse::<usize>().ok().filter(|order| *order <= HIGHEST_ORDER) {
                        return Some((primes + order, None));
                    }
                    let message = format!("derivatives of a function are read up to the order {HIGHEST_ORDER}");
                    return self.fail("symbolic-order", sup.span, message, "give the derivative a name of its own");
                }
                self.fail(
                    "symbolic-order",
                    sup.span,
                    "the order of a derivative must be a number".to_owned(),
                    "write `f''(z)` or `f^{(3)}(z)`",
                )
            }
            Kind::Sum(terms) if matches!(&terms[..], [(Sign::Minus, Node { kind: Kind::Number(one), .. })] if one == "1") =>
            {
                let message = "the exponent -1 on a function is read as its inverse by some, as 1 over it by others";
                let hint = r"write `\frac{1}{f(z)}`, or the inverse by its name: `\arctan`";
                self.fail("ambiguous-inverse", sup.span, message.to_owned(), hint)
            }
            _ => Some((primes, Some(sup))),
        }
    }

    pub(super) fn application(&mut self, items: &[Node], head: Head<'_>, depth: usize) -> Option<(Expr, usize)> {
        let name = &items[0];
        let (args, used) = match items.get(1).map(strip) {
            Some(Node { kind: Kind::Fenced { open, close, body }, .. })
                if matches!((open.as_str(), close.as_str()), ("(", ")") | ("[", "]") | (r"\{", r"\}")) =>
            {
                (self.arguments(body)?, 2)
            }
            Some(Node { kind: Kind::Script { base, sub, sup, primes: 0 }, span }) if matches!(&base.kind, Kind::Fenced { open, .. } if open == "(") =>
            {
                return self.scripted_call(items, head, base, sub.as_deref(), sup.as_deref(), *span);
            }
            Some(_) if depth < 50 && (!matches!(head.applied, Applied::Declared(..)) || is_upright(name)) => {
                if let Some((argument, used)) = self.multiple_of_names(&items[1..]) {
                    self.note_of_multiple(name, &argument);
                    let value = self.expression(&argument)?;
                    (vec![value], used + 1)
                } else {
                    let (value, used) = self.factor(&items[1..], depth + 1)?;
                    if let (1, Some(after)) = (used, items.get(2)) {
                        self.argument_or_factor(name, &items[1], after);
                    }
                    (vec![value], used + 1)
                }
            }
            _ => return self.bare_function(name, &head),
        };
        let value = self.apply(name, &head, args)?;
        Some((value, used))
    }

    /// The `2 x` of `\sin 2 x`: a number with the names after it is one argument, and how many factors it takes. A wide
    /// space ends it, as in `\ln 2 \, x`.
    fn multiple_of_names(&self, items: &[Node]) -> Option<(Node, usize)> {
        let is_number = items.first().is_some_and(|first| matches!(strip(first).kind, Kind::Number(_)));
        let is_near = |pair: &&[Node]| pair[1].span.start <= pair[0].span.end + 1 && self.is_plain_name(&pair[1]);
        let n_names = items.windows(2).take_while(is_near).count();
        if !is_number || n_names == 0 {
            return None;
        }
        Some((Node::juxtaposed(items[..=n_names].iter().cloned()), n_names + 1))
    }

    /// Whether a factor is a name, and no function, derivative or sign.
    fn is_plain_name(&self, item: &Node) -> bool {
        let (base, sub) = match &strip(item).kind {
            Kind::Script { base, sub, primes: 0, .. } => (base_name(base), sub.as_deref()),
            Kind::Symbol(_) => (base_name(strip(item)), None),
            _ => return false,
        };
        base.is_some_and(|base| {
            let is_function = self.names.with_base(&base).iter().any(|name| self.model.is_function(name.symbol));
            let is_known = is_known_function(&base) && !self.is_declared_value(&base, sub);
            !is_function && !is_known && !matches!(base.as_str(), r"\partial" | r"\nabla")
        })
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
        let value = self.value_with_scripts(value, (sub, sup), items[0].span.to(span))?;
        Some((value, 2))
    }

    /// A value with what stands below and above the bracket after its name.
    pub(super) fn value_with_scripts(
        &mut self,
        value: Expr,
        (sub, sup): (Option<&Node>, Option<&Node>),
        span: crate::source::Span,
    ) -> Option<Expr> {
        let hole = "\u{25a1}";
        let kind = Kind::Script {
            base: Box::new(Node { kind: Kind::Symbol(hole.to_owned()), span }),
            sub: sub.cloned().map(Box::new),
            sup: sup.cloned().map(Box::new),
            primes: 0,
        };
        self.with_local(hole, value, |reader| reader.name(&Node { kind, span }))
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
        let from = definition.indices.iter().find_map(Argument::letter);
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
            Applied::Elementary(function @ (Elementary::Max | Elementary::Min))
                if args.len() == 1 && !self.arena.shape(args[0]).is_scalar() =>
            {
                let Shape::Vector(size) = self.arena.shape(args[0]) else {
                    let message = "the largest entry of a matrix is written with its indices".to_owned();
                    return self.fail("not-supported", name.span, message, r"write `\max_{i,j} A_{ij}`");
                };
                self.extreme_entry(extremum_of(function.row().name), args[0], size)
            }
            Applied::Elementary(function) => self.apply_elementary(name, *function, args, head.primes)?,
            Applied::Tensor(op) => self.apply_tensor(name, *op, args)?,
            Applied::Norm => self.norm(name, args[0], None)?,
            Applied::Declared(symbol, indices) => {
                self.apply_declared(name, *symbol, indices.clone(), args, head.primes)?
            }
        };
        let value = match head.to_base {
            None => value,
            Some(to_base) => {
                let to_base = self.expression(to_base)?;
                let scale = self.apply_elementary(name, Elementary::Log, vec![to_base], 0)?;
                self.quotient(name, value, scale)?
            }
        };
        match head.power {
            None => Some(value),
            Some(power) => {
                let exponent = self.expression(power)?;
                let whole = self.arena.power(value, exponent);
                self.kept_power(name, whole, &[value, exponent])
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
        mut args: Vec<Expr>,
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
        for (&expected, arg) in arguments.iter().zip(&mut args) {
            // 0 has every shape.
            if self.arena.is_zero(*arg) && self.arena.shape(*arg).is_scalar() {
                *arg = self.arena.fill(*arg, expected);
            }
            let arg = *arg;
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
        if let Some(size) = self.names.size_of_values(symbol) {
            return self.vector_of_values(name, (symbol, indices), args, (size, primes));
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
            return self.fail(
                "wrong-arguments",
                node.span,
                message,
                "give it the arguments that it takes, with commas between them",
            );
        }
        if let Some(&matrix) = args.iter().find(|&&arg| matches!(self.arena.shape(arg), Shape::Matrix(..)))
            && !variadic
        {
            let message = format!("`{}` of {} is not defined here", row.name, self.describe(self.arena.shape(matrix)));
            return self.fail("function-of-matrix", node.span, message, "write the entries, or apply it to vectors");
        }
        let tensors: Vec<Shape> = args.iter().map(|&arg| self.arena.shape(arg)).filter(|s| !s.is_scalar()).collect();
        let is_matrix = |shape: &Shape| matches!(shape, Shape::Matrix(..));
        if tensors.iter().any(is_matrix) || tensors.windows(2).any(|pair| !self.same_shape(pair[0], pair[1])) {
            let message = format!("the arguments of `{}` do not have one shape", row.name);
            return self.fail("shape-mismatch", node.span, message, "give it numbers, or vectors of one size");
        }
        if variadic && !tensors.is_empty() {
            return Some(self.extremum_by_entries(extremum_of(row.name), &args));
        }
        if let (true, [first, second, others @ ..]) = (variadic && primes == 0, &args[..]) {
            // The larger of three is the larger of one and the larger of the others.
            let (mut so_far, function) = (*first, Function::Elementary(function));
            for &next in std::iter::once(second).chain(others) {
                so_far = self.arena.call(function.clone(), Vec::new(), vec![so_far, next]);
            }
            return Some(so_far);
        }
        let slots = vec![Slot { argument: 0, entry: Box::default() }; primes];
        Some(self.arena.call(Function::Elementary(function), slots, args))
    }
}

/// Whether a name is a word, as those of functions are that take what follows without brackets: `\log x`, `\sec x`.
fn is_upright(name: &Node) -> bool {
    match &name.kind {
        Kind::Operator(_) => true,
        Kind::Symbol(text) => text.chars().count() > 1 && !text.starts_with('\\'),
        Kind::Script { base, .. } => is_upright(base),
        _ => false,
    }
}

/// Whether a name that is not declared is a function that is known by name.
pub fn is_known_function(base: &str) -> bool {
    base == r"\rho" || known_function(base).is_some() || prelude::knows(base)
}

/// Whether a name that is not declared means something all the same: a function or a constant.
pub fn is_known_by_name(base: &str) -> bool {
    is_known_function(base) || is_constant(base, true) || is_constant(base, false)
}

/// The function of a number that a name is.
pub(super) fn known_elementary(base: &str) -> Option<Elementary> {
    match known_function(base)? {
        Applied::Elementary(function) => Some(function),
        Applied::Tensor(_) | Applied::Declared(..) | Applied::Norm => None,
    }
}

fn known_function(base: &str) -> Option<Applied> {
    let applied = match base {
        r"\sigma" => Applied::Elementary(Elementary::Sigmoid),
        "softmax" | "Softmax" => Applied::Tensor(Tensor::Softmax),
        "Tr" | "tr" | "trace" => Applied::Tensor(Tensor::Trace),
        "det" | r"\det" => Applied::Tensor(Tensor::Determinant),
        "diag" | "Diag" => Applied::Tensor(Tensor::Diagonal),
        "norm" => Applied::Norm,
        _ => {
            let function = Elementary::named(base.trim_start_matches('\\'))?;
            let is_read = base.chars().count() > 1 && (!base.starts_with('\\') || function.command().is_some());
            // The sign of the table is the slope of the absolute value, and has no value at 0.
            let is_read = is_read && function != Elementary::Sign;
            Applied::Elementary(is_read.then_some(function)?)
        }
    };
    Some(applied)
}

/// A node as the reader wrote it, as far as names and indices go.
pub(super) fn spell_plain(node: &Node) -> String {
    match &node.kind {
        Kind::Script { base, sub, sup, primes } => {
            let script = |mark: &str, part: &Option<Box<Node>>| {
                let text = part.as_ref().map(|part| spell_plain(part)).unwrap_or_default();
                match text.chars().count() {
                    0 => text,
                    1 => format!("{mark}{text}"),
                    _ => format!("{mark}{{{text}}}"),
                }
            };
            format!("{}{}{}{}", spell_plain(base), "'".repeat(*primes), script("_", sub), script("^", sup))
        }
        Kind::Operator(text) => text.clone(),
        Kind::Group(inner) => spell_plain(inner),
        Kind::Factorial(of) => format!("{}!", spell_plain(of)),
        Kind::Fenced { open, close, body } => format!("{open}{}{close}", spell_plain(body)),
        Kind::List(items) => items.iter().map(spell_plain).collect::<Vec<_>>().join(","),
        Kind::Sum(terms) => {
            let term = |(sign, term): &(Sign, Node)| match sign {
                Sign::None => spell_plain(term),
                Sign::Plus => format!("+{}", spell_plain(term)),
                Sign::Minus => format!("-{}", spell_plain(term)),
                Sign::PlusMinus | Sign::MinusPlus | Sign::Oplus => "…".to_owned(),
            };
            terms.iter().map(term).collect()
        }
        _ => spell(node).unwrap_or_else(|| "…".to_owned()),
    }
}
