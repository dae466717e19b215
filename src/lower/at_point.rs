//! The derivative of a function at a point: `\nabla \ell(W h)`, `\frac{d f}{d x}(a)`; and values that are written as
//! functions of names, `E(w)`.

use crate::expr::{DerivativeKind, Expr, Node as Meaning, Shape, SymbolId, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::derivative::{factors, is_mark, order_of};
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::spell;
use crate::lower::reader::Reader;
use crate::model::FunctionBody;
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
        let head = self.on_trial(|reader| reader.head(name));
        let head = head.flatten().filter(|head| head.is_bare())?;
        let function = head.declared();
        let arguments = list_of(body);
        let takes_number = function.is_none_or(|symbol| {
            let signature = self.model.declarations.get(&symbol).and_then(|own| own.signature.as_ref());
            signature.is_some_and(|signature| matches!(signature.arguments[..], [Shape::Scalar]))
        });
        // What is more than a name may be a factor: `f(x) + \frac{d f}{d x}(y - x)`.
        let is_name = |node: &Node| matches!(strip(node).kind, Kind::Symbol(_) | Kind::Script { .. } | Kind::Number(_));
        if arguments.len() == 1 && (!is_name(arguments[0]) || fraction.span.end != bracket.span.start) {
            return None;
        }
        if arguments.len() == 1 && !self.names_argument(function, variable, arguments[0]) {
            return Some(self.derivative_by_another((name, variable), fraction, bracket));
        }
        if takes_number && arguments.len() == 1 {
            let call = Node::juxtaposed([with_primes(name, order_of(sign)), bracket.clone()]);
            return Some(self.expression(&call));
        }
        let is_variable = |argument: &&&Node| spell(argument).is_some() && spell(argument) == spell(variable);
        match arguments.iter().filter(is_variable).count() {
            1 => {
                let num = Node::juxtaposed([(*sign).clone(), (*name).clone(), bracket.clone()]);
                let kind = Kind::Frac { num: Box::new(num), den: den.clone() };
                Some(self.expression(&Node { kind, span: fraction.span.to(bracket.span) }))
            }
            0 if arguments.len() == 1 && order_of(sign) == 1 => {
                let call = self.expression(&Node::juxtaposed([(*name).clone(), bracket.clone()]));
                Some(call.and_then(|call| {
                    self.at_argument(call, |reader, of, by| {
                        let shape = reader.arena.shape(by);
                        Some(reader.arena.derivative_of_shape(DerivativeKind::Total, of, by, shape))
                    })
                }))
            }
            _ => None,
        }
    }

    /// Whether the variable of `\frac{d f}{d x}(a)` stands for the argument of the function: it is the argument itself,
    /// the letter of its definition, or one that means nothing else here.
    fn names_argument(&self, function: Option<SymbolId>, variable: &Node, argument: &Node) -> bool {
        let written = spell(variable);
        let own = match function.and_then(|symbol| self.model.functions.get(&symbol)) {
            Some(FunctionBody::Expression { parameters, .. }) => parameters.first(),
            Some(FunctionBody::Elementary(_)) | None => None,
        };
        let own = own.map(|&letter| self.arena.name(letter).trim_end_matches('\u{2032}').to_owned());
        let is_number = matches!(strip(argument).kind, Kind::Number(_));
        let is_free = self.names.named(strip(variable)).is_none();
        written.is_some() && (written == spell(argument) || written == own) || is_free || is_number && own.is_none()
    }

    fn derivative_by_another<T>(&mut self, (name, by): (&Node, &Node), fraction: &Node, bracket: &Node) -> Option<T> {
        let (name, by, at) = (spell_plain(name), spell_plain(by), spell_plain(bracket));
        let message = format!("`{name}` is taken at `{at}` here, and nothing says that `{by}` is its argument");
        let hint = format!(r"write `{name}'{at}`, or the derivative of its value: `\frac{{d {name}{at}}}{{d {by}}}`");
        self.fail("bad-derivative", fraction.span.to(bracket.span), message, &hint)
    }

    /// What `read` makes of a declared function of one argument and of its argument, at the point where it is called.
    pub(super) fn at_argument(
        &mut self,
        call: Expr,
        read: impl FnOnce(&mut Self, Expr, Expr) -> Option<Expr>,
    ) -> Option<Expr> {
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
        let slope = read(self, of, variable)?;
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
        let given = list_of(body);
        let (own, said) = (written(&own.iter().collect::<Vec<_>>()).join(", "), written(&given).join(", "));
        if own != said {
            let name = spell_plain(name);
            let message = format!("`{name}` is defined as `{name}({own})`, so it is known for these arguments alone");
            return Some(self.value_elsewhere(&name, bracket, &own, message));
        }
        self.value_where_bound(name, bracket, &given).or_else(|| Some(self.expression(name)))
    }

    /// `E(w)` under a `\sum_w`: the w of the value is the given, and not the letter that is bound here. `None` where no
    /// argument is bound.
    fn value_where_bound(&mut self, name: &Node, bracket: &Node, arguments: &[&Node]) -> Option<Option<Expr>> {
        let bound = arguments.iter().find(|argument| self.is_bound(argument))?;
        let (name, letter) = (spell_plain(name), spell_plain(bound));
        let message = format!("`{name}` depends on the given `{letter}`, and here the letter `{letter}` is bound");
        Some(self.value_elsewhere(&name, bracket, &letter, message))
    }

    fn value_elsewhere(&mut self, name: &str, bracket: &Node, of: &str, message: String) -> Option<Expr> {
        let hint = format!(
            r"write `\left. {name} \right|_{{{of} = v}}` for its value elsewhere, or declare `{name}` as a function"
        );
        self.fail("not-a-function", bracket.span, message, &hint)
    }

    /// Whether a declared name means something else here: the index of a sum, the letter of a function.
    fn is_bound(&self, argument: &Node) -> bool {
        let Some(name) = self.names.named(strip(argument)) else { return false };
        let local = self.locals.iter().rev().find(|(local, _)| *local == name.base);
        local.is_some_and(
            |&(_, value)| !matches!(self.arena.node(value), Meaning::Symbol { symbol, .. } if *symbol == name.symbol),
        )
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
        if let Some(refused) = self.value_where_bound(name, bracket, arguments) {
            return Some(refused);
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
        !name.has_index()
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

fn with_primes(name: &Node, n_primes: usize) -> Node {
    let kind = match &name.kind {
        Kind::Script { base, sub, sup, .. } => {
            Kind::Script { base: base.clone(), sub: sub.clone(), sup: sup.clone(), primes: n_primes }
        }
        _ => Kind::Script { base: Box::new(name.clone()), sub: None, sup: None, primes: n_primes },
    };
    Node { kind, span: name.span }
}
