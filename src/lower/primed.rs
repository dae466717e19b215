//! Primes on what stands in brackets: `(f \circ g)'(x)`, `(f g)'(x)`, `(\log x)'`.

use crate::expr::SymbolKind;
use crate::lower::expression::strip;
use crate::lower::names::base_name;
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Relation, Times};

impl Reader<'_> {
    /// The derivative that a bracket with primes is: of functions without arguments at the argument after it, or of an
    /// expression in one declared number by that number. How many nodes it takes; `None` for anything else.
    pub(super) fn prime_of_bracket(&mut self, items: &[Node]) -> Option<(Node, usize)> {
        let Kind::Script { base, sub: None, sup: None, primes: primes @ 1.. } = &items.first()?.kind else {
            return None;
        };
        let Kind::Fenced { open, body, .. } = &base.kind else { return None };
        let is_power = matches!(&strip(body).kind, Kind::Script { sup: Some(_), sub: None, primes: 0, .. });
        let is_name =
            matches!(strip(body).kind, Kind::Symbol(_) | Kind::Script { .. } | Kind::Operator(_)) && !is_power;
        if open != "(" || is_name || self.is_bare_function(body) {
            return None;
        }
        if let Some(Node { kind: Kind::Fenced { open, body: argument, .. }, span }) = items.get(1)
            && open == "("
        {
            let letter = Node { kind: Kind::Symbol(self.unknown_letter()?), span: *span };
            let applied = self.applied_to(body, &letter)?;
            let derivative = fraction(applied, *primes, &letter);
            let at = Kind::Chain { first: Box::new(letter), rest: vec![(Relation::Equal, (**argument).clone())] };
            let at = Box::new(Node { kind: at, span: *span });
            let kind = Kind::Evaluated { body: Box::new(derivative), sub: Some(at), sup: None };
            return Some((Node { kind, span: items[0].span.to(*span) }, 2));
        }
        let variable = self.only_variable(body)?;
        Some((fraction((**body).clone(), *primes, &variable), 1))
    }

    /// A letter that means nothing here.
    fn unknown_letter(&self) -> Option<String> {
        let is_free = |letter: &&str| {
            self.names.with_base(letter).is_empty()
                && !self.letters.contains(*letter)
                && !self.locals.iter().any(|(local, _)| local == letter)
        };
        ["z", "u", "v", "y", "q"].into_iter().find(is_free).map(str::to_owned)
    }

    /// Functions without arguments, and what is made of them, at an argument. `None` where none stands there.
    fn applied_to(&mut self, node: &Node, argument: &Node) -> Option<Node> {
        let again = |kind: Kind| Node { kind, span: node.span };
        if self.is_bare_function(node) {
            return Some(Node::juxtaposed([node.clone(), argument.clone().in_parentheses()]));
        }
        let or_as_it_is = |reader: &mut Self, part: &Node| match reader.holds_function(part) {
            true => reader.applied_to(part, argument),
            false => Some(part.clone()),
        };
        match &strip(node).kind {
            Kind::Product(items) if items.iter().skip(1).all(|(times, _)| *times == Times::Circ) && items.len() > 1 => {
                let (_, last) = items.last()?;
                let mut value = self.applied_to(last, argument)?;
                for (_, function) in items[..items.len() - 1].iter().rev() {
                    value = self.applied_to(function, &value)?;
                }
                Some(value)
            }
            Kind::Product(items) => {
                let parts: Option<Vec<(Times, Node)>> =
                    items.iter().map(|(times, part)| Some((*times, or_as_it_is(self, part)?))).collect();
                Some(again(Kind::Product(parts?)))
            }
            Kind::Sum(terms) => {
                let parts: Option<Vec<_>> =
                    terms.iter().map(|(sign, part)| Some((*sign, or_as_it_is(self, part)?))).collect();
                Some(again(Kind::Sum(parts?)))
            }
            Kind::Frac { num, den } => {
                let (num, den) = (or_as_it_is(self, num)?, or_as_it_is(self, den)?);
                Some(again(Kind::Frac { num: Box::new(num), den: Box::new(den) }))
            }
            Kind::Fenced { open, body, .. } if open == "(" => Some(self.applied_to(body, argument)?.in_parentheses()),
            _ => None,
        }
    }

    pub(super) fn is_bare_function(&mut self, node: &Node) -> bool {
        self.on_trial(|reader| matches!(reader.head(strip(node)), Some(Some(_))))
    }

    fn holds_function(&mut self, node: &Node) -> bool {
        self.is_bare_function(node) || node.children().into_iter().any(|child| self.holds_function(child))
    }

    /// The one declared number that stands in an expression.
    fn only_variable(&self, body: &Node) -> Option<Node> {
        let mut names: Vec<Node> = Vec::new();
        let mut open = vec![body];
        while let Some(part) = open.pop() {
            if matches!(part.kind, Kind::Symbol(_) | Kind::Script { .. })
                && !matches!(&part.kind, Kind::Script { sup: Some(_), .. })
                && let Some(name) = self.names.named(part)
            {
                if self.model.is_function(name.symbol) {
                    continue;
                }
                let is_number = self.arena.kind(name.symbol) == SymbolKind::Real
                    && self.arena.declared_shape(name.symbol).is_scalar()
                    && name.is_plain()
                    && !self.model.is_defined(name.symbol);
                if !is_number {
                    return None;
                }
                let letter = Node { kind: Kind::Symbol(name.base.clone()), span: part.span };
                if !names.iter().any(|other| base_name(other) == base_name(&letter)) {
                    names.push(letter);
                }
                continue;
            }
            open.extend(part.children());
        }
        <[Node; 1]>::try_from(names).ok().map(|[name]| name)
    }
}

/// `\frac{d^k}{d x^k} (…)` as a fraction.
fn fraction(of: Node, order: usize, by: &Node) -> Node {
    let span = of.span;
    let raised = |letter: Node| match order {
        1 => letter,
        _ => {
            let exponent = Node { kind: Kind::Number(order.to_string()), span };
            let kind = Kind::Script { base: Box::new(letter), sub: None, sup: Some(Box::new(exponent)), primes: 0 };
            Node { kind, span }
        }
    };
    let sign = Node { kind: Kind::Symbol("d".to_owned()), span };
    let num = Node::juxtaposed([raised(sign.clone()), of.in_parentheses()]);
    let den = Node::juxtaposed([sign, raised(by.clone())]);
    Node { kind: Kind::Frac { num: Box::new(num), den: Box::new(den) }, span }
}
