//! The derivative of a function at a point: `\nabla \ell(W h)`, `\frac{d f}{d x}(a)`; and values that are written as
//! functions of names, `E(w)`.

use crate::expr::{DerivativeKind, Expr, Node as Meaning, Shape, SymbolId, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::derivative::{factors, is_mark, order_of};
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::{Part, spell};
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Times};

impl Reader<'_> {
    /// `\frac{d f}{d x}(a)`: the derivative of a function by its argument, where that is `a`; of several arguments by
    /// the one that is written as the variable. `None` for anything else.
    pub(super) fn derivative_at_point(&mut self, fraction: &Node, bracket: &Node) -> Option<Option<Expr>> {
        let Kind::Frac { num, den } = &strip(fraction).kind else { return None };
        let Kind::Fenced { open, body, .. } = &bracket.kind else { return None };
        let ([sign, name], [below, variable]) = (&factors(num)[..], &factors(den)[..]) else { return None };
        if open != "(" || !is_mark(sign) || !is_mark(below) {
            return None;
        }
        let n_problems = self.diagnostics.len();
        let head = self.head(name);
        self.diagnostics.truncate(n_problems);
        let head = head.flatten().filter(|head| head.is_bare())?;
        let arguments = list_of(body);
        let takes_number = head.declared().is_none_or(|symbol| {
            let signature = self.model.declarations.get(&symbol).and_then(|own| own.signature.as_ref());
            signature.is_some_and(|signature| matches!(signature.arguments[..], [Shape::Scalar]))
        });
        // What is more than a name may be a factor: `f(x) + \frac{d f}{d x}(y - x)`.
        let is_name = |node: &Node| matches!(strip(node).kind, Kind::Symbol(_) | Kind::Script { .. } | Kind::Number(_));
        if arguments.len() == 1 && (!is_name(arguments[0]) || fraction.span.end != bracket.span.start) {
            return None;
        }
        if takes_number && arguments.len() == 1 {
            let call = product(vec![with_primes(name, order_of(sign)), bracket.clone()]);
            return Some(self.expression(&call));
        }
        let is_variable = |argument: &&&Node| spell(argument).is_some() && spell(argument) == spell(variable);
        match arguments.iter().filter(is_variable).count() {
            1 => {
                let num = product(vec![(*sign).clone(), (*name).clone(), bracket.clone()]);
                let kind = Kind::Frac { num: Box::new(num), den: den.clone() };
                Some(self.expression(&Node { kind, span: fraction.span.to(bracket.span) }))
            }
            0 if arguments.len() == 1 && order_of(sign) == 1 => {
                let call = self.expression(&product(vec![(*name).clone(), bracket.clone()]));
                Some(call.and_then(|call| self.gradient_at(call)))
            }
            _ => None,
        }
    }

    /// The gradient of a declared function of one vector, at the point where it is called.
    pub(super) fn gradient_at(&mut self, call: Expr) -> Option<Expr> {
        let Meaning::Call { function, slots, args } = self.arena.node(call).clone() else { return None };
        let shape = self.arena.shape(args[0]);
        let mut name = "v\u{2032}".to_owned();
        let variable = loop {
            let symbol = self.arena.intern(&name, SymbolKind::Real);
            let variable = self.arena.member_of_shape(symbol, Box::default(), shape);
            if !self.arena.contains(call, variable) {
                break variable;
            }
            name.push('\u{2032}');
        };
        let of = self.arena.call_of_tensors(function, slots.to_vec(), vec![variable]);
        let slope = self.arena.derivative_of_shape(DerivativeKind::Total, of, variable, shape);
        Some(self.arena.at(slope, variable, args[0]))
    }

    /// `E(w)` of what was defined as `E(w) = …`: its value. With other arguments it is not known.
    pub(super) fn value_of_names(&mut self, name: &Node, bracket: &Node) -> Option<Option<Expr>> {
        if let Kind::Script { base, sub, sup, primes: 0 } = &bracket.kind
            && matches!(base.kind, Kind::Fenced { .. })
        {
            let value = self.value_of_names(name, base)?;
            let (scripts, span) = ((sub.as_deref(), sup.as_deref()), name.span.to(bracket.span));
            return Some(value.and_then(|value| self.value_with_scripts(value, scripts, span)));
        }
        let Kind::Fenced { open, body, .. } = &bracket.kind else { return None };
        let symbol = self.names.named(name)?.symbol;
        if open != "(" {
            return None;
        }
        let Some(own) = self.names.arguments_of(symbol) else {
            return self.value_that_varies((name, symbol), bracket, &list_of(body));
        };
        let written = |arguments: &[&Node]| arguments.iter().map(|argument| spell_plain(argument)).collect::<Vec<_>>();
        let (own, given) = (written(&own.iter().collect::<Vec<_>>()), written(&list_of(body)));
        if own == given {
            return Some(self.expression(name));
        }
        let (name, own) = (spell_plain(name), own.join(", "));
        let message = format!("`{name}` is defined as `{name}({own})`, so it is known for these arguments alone");
        let hint = format!(
            r"write `\left. {name} \right|_{{{own} = v}}` for its value elsewhere, or declare `{name}` as a function"
        );
        Some(self.fail("not-a-function", bracket.span, message, &hint))
    }
}

impl Reader<'_> {
    /// `L(w)` of what is defined as `L = …`: its value, where the bracket stands directly after it and holds nothing but
    /// givens that it depends on.
    fn value_that_varies(
        &mut self,
        (name, symbol): (&Node, SymbolId),
        bracket: &Node,
        arguments: &[&Node],
    ) -> Option<Option<Expr>> {
        let is_beside = name.span.end == bracket.span.start;
        let is_value = matches!(self.arena.kind(symbol), SymbolKind::Real) && self.model.is_defined(symbol);
        if !is_beside || !is_value || !arguments.iter().all(|argument| self.is_given_behind(symbol, argument)) {
            return None;
        }
        let (written, of) = (spell_plain(name), arguments.iter().map(|argument| spell_plain(argument)));
        let of = of.collect::<Vec<_>>().join(", ");
        let message = format!("`{written}({of})` is read as the value `{written}`, which depends on `{of}`");
        let hint = format!(r"write `{written} \cdot ({of})` for the product");
        self.note_of_name("read-as-value", &written, name.span.to(bracket.span), message, &hint);
        Some(self.expression(name))
    }

    /// Whether an argument is a given, without an index, that a defined name depends on.
    fn is_given_behind(&self, symbol: SymbolId, argument: &Node) -> bool {
        let Some(name) = self.names.named(strip(argument)) else { return false };
        let is_plain = !matches!(name.sub, Part::Index(..)) && !matches!(name.sup, Part::Index(..));
        is_plain
            && !self.model.is_defined(name.symbol)
            && self.model.definitions_of(symbol).any(|own| self.depends(own.body, name.symbol))
    }
}

/// The left side `E(w)` of a definition as the name and the names in the bracket.
pub(super) fn name_and_arguments(left: &Node) -> Option<(&Node, Vec<&Node>)> {
    let Kind::Product(items) = &strip(left).kind else { return None };
    let [(_, name), (Times::Juxtaposed, bracket)] = &items[..] else { return None };
    match &strip(bracket).kind {
        Kind::Fenced { open, body, .. } if open == "(" => Some((name, list_of(body))),
        _ => None,
    }
}

fn product(factors: Vec<Node>) -> Node {
    let span = factors.iter().map(|factor| factor.span).reduce(|whole, span| whole.to(span)).unwrap_or_default();
    Node { kind: Kind::Product(factors.into_iter().map(|factor| (Times::Juxtaposed, factor)).collect()), span }
}

fn with_primes(name: &Node, n_primes: usize) -> Node {
    let kind = match &name.kind {
        Kind::Script { base, sub, sup, .. } => {
            Kind::Script { base: base.clone(), sub: sub.clone(), sup: sup.clone(), primes: n_primes }
        }
        _ => Kind::Script { base: Box::new(name.clone()), sub: None, sup: None, primes: n_primes },
    };
    Node { kind, span: name.span }
}
