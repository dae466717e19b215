//! Limits, and what varies where a declared name is bound by one.

use crate::expr::{Expr, Function, Node as Meaning, Substitution, SymbolId, SymbolKind};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::names::{Name, base_name};
use crate::lower::reader::Reader;
use crate::model::{Argument, FunctionBody};
use crate::syntax::ast::{Kind, Node, Relation};

/// From where a number is approached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Above,
    Below,
}

impl Reader<'_> {
    /// `\lim_{t \to \infty} a_t`, `\lim_{x \to 0} f(x)`, `\lim_{x \to 0^+} f(x)`. `None` after a diagnostic.
    pub(super) fn limit(&mut self, node: &Node, sub: Option<&Node>, body: &Node) -> Option<Expr> {
        let Some(Node { kind: Kind::Chain { first, rest }, .. }) = sub.map(strip) else { return self.bad_limit(node) };
        let [(Relation::To, to)] = &rest[..] else { return self.bad_limit(node) };
        let whole = self.names.named(strip(first)).filter(|name| !name.has_index()).map(Name::template);
        let Some(name) = base_name(first).or(whole) else { return self.cannot_vary(first) };
        let (to, side) = side_of(to);
        let to = self.extended(to)?;
        let declared = !self.names.with_base(&name).is_empty() || base_name(first).is_none();
        let (symbol, letter) = if declared {
            let value = self.expression(first)?;
            let Meaning::Symbol { symbol, indices, .. } = self.arena.node(value) else { return self.bad_limit(first) };
            if !indices.is_empty() {
                return self.cannot_vary(first);
            }
            (*symbol, value)
        } else if self.is_infinite(to) {
            self.bound_letter(&name)
        } else {
            let symbol = self.arena.intern(&format!("{name}\u{2032}"), SymbolKind::Real);
            (symbol, self.arena.symbol(symbol))
        };
        let body = self.with_local(&name, letter, |reader| reader.expression(body))?;
        let body = if declared { self.varied(node, body, symbol)? } else { body };
        let integer = self.arena.kind(symbol) == SymbolKind::Integer;
        if side == Side::Both {
            return Some(self.arena.limit(symbol, integer, to, body));
        }
        // From one side: at `to ± 1/x` as x grows.
        let step = self.arena.reciprocal(letter);
        let place = if side == Side::Above { self.arena.sum([to, step]) } else { self.arena.subtract(to, step) };
        let body = self.arena.substitute(body, &Substitution::from([(letter, place)]));
        let infinity = self.arena.infinity();
        Some(self.arena.limit(symbol, false, infinity, body))
    }

    fn cannot_vary<T>(&mut self, node: &Node) -> Option<T> {
        let message = format!("a limit lets a letter or a name vary, and `{}` is neither", spell_plain(node));
        self.fail("not-supported", node.span, message, "declare a name of its own for it, and let that vary")
    }

    fn bad_limit<T>(&mut self, node: &Node) -> Option<T> {
        let hint = r"write `\lim_{t \to \infty}`";
        self.fail("missing-index", node.span, "the limit does not say what goes where".to_owned(), hint)
    }

    /// The body of a binder over a declared name, with definitions that hold the name opened, so that they vary with
    /// it. `None` after a diagnostic, where it stands in one that is not opened: a recurrence, or under a derivative.
    pub(super) fn varied(&mut self, node: &Node, body: Expr, symbol: SymbolId) -> Option<Expr> {
        let mut value = body;
        while let Some(opened) = self.opened_once(value, symbol) {
            value = opened;
        }
        let Some(hiding) = self.hiding(value, symbol) else { return Some(value) };
        let (name, hiding) = (self.arena.name(symbol).to_owned(), crate::print::latex(self.arena, hiding));
        let message = format!("`{name}` stands in the definition of `{hiding}`, which does not vary with it here");
        self.fail("not-supported", node.span, message, "write the definition out")
    }

    /// The first part in whose definition a name stands.
    fn hiding(&self, value: Expr, symbol: SymbolId) -> Option<Expr> {
        let parts = self.arena.reachable(&[value]);
        parts.into_iter().find(|&part| self.is_hiding(part, symbol))
    }

    fn is_hiding(&self, part: Expr, symbol: SymbolId) -> bool {
        let defined = match self.arena.node(part) {
            Meaning::Symbol { symbol, .. } | Meaning::Call { function: Function::Declared { symbol, .. }, .. } => {
                *symbol
            }
            _ => return false,
        };
        let own = |argument: &Argument| matches!(argument, Argument::Letter(letter) if *letter == symbol);
        let in_definition = self.model.definitions_of(defined).any(|definition| {
            let bound = definition.indices.iter().any(own) || definition.components.contains(&symbol);
            !bound && self.depends(definition.body, symbol)
        });
        let in_function = match self.model.functions.get(&defined) {
            Some(FunctionBody::Expression { parameters, body }) => {
                !parameters.contains(&symbol) && self.depends(*body, symbol)
            }
            Some(FunctionBody::Elementary(_)) | None => false,
        };
        defined != symbol && (in_definition || in_function)
    }

    /// The expression with one part that hides the name replaced by its definition: a function that is called, or a
    /// number without an index. Derivatives are left alone, for they are taken of what is defined.
    fn opened_once(&mut self, value: Expr, symbol: SymbolId) -> Option<Expr> {
        let parts = self.arena.reachable(&[value]);
        let is_derivative =
            |part: Expr| matches!(self.arena.node(part), Meaning::Derivative { .. } | Meaning::At { .. });
        if parts.iter().any(|&part| is_derivative(part)) {
            return None;
        }
        let (part, body) = parts.into_iter().find_map(|part| {
            let body = self.is_hiding(part, symbol).then(|| self.body_of(part)).flatten()?;
            Some((part, body))
        })?;
        Some(self.arena.substitute(value, &Substitution::from([(part, body)])))
    }

    fn body_of(&mut self, part: Expr) -> Option<Expr> {
        match self.arena.node(part).clone() {
            Meaning::Symbol { symbol, indices, shape } if indices.is_empty() && shape.is_scalar() => {
                let mut definitions = self.model.definitions_of(symbol);
                let only = definitions.next().filter(|definition| definition.components.is_empty())?;
                definitions.next().is_none().then_some(only.body)
            }
            Meaning::Call { function: Function::Declared { symbol, .. }, slots, args } if slots.is_empty() => {
                let Some(FunctionBody::Expression { parameters, body }) = self.model.functions.get(&symbol) else {
                    return None;
                };
                let (parameters, body) = (parameters.clone(), *body);
                let scalar = args.iter().all(|&arg| self.arena.shape(arg).is_scalar());
                let map = parameters
                    .iter()
                    .map(|&parameter| self.arena.symbol(parameter))
                    .zip(args.iter().copied())
                    .collect();
                scalar.then(|| self.arena.substitute(body, &map))
            }
            _ => None,
        }
    }
}

/// `0^+` as 0 from above.
fn side_of(to: &Node) -> (&Node, Side) {
    if let Kind::Script { base, sub: None, sup: Some(sup), .. } = &strip(to).kind
        && let Kind::Symbol(sign) = &strip(sup).kind
    {
        match sign.as_str() {
            "+" => return (base, Side::Above),
            "-" => return (base, Side::Below),
            _ => {}
        }
    }
    (to, Side::Both)
}
