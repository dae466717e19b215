//! Derivatives written in a line: `\partial L / \partial w`, `dL/dw`, `\partial_x f`, `\nabla_w -L`.

use crate::expr::{DerivativeKind, Expr};
use crate::lower::derivative::is_mark;
use crate::lower::expression::strip;
use crate::lower::names::script_items;
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Sign, Times};

impl Reader<'_> {
    /// `\partial_x f`: the derivative of the next factor, a call included.
    pub(super) fn partial_by_script(&mut self, items: &[Node]) -> Option<Option<(Expr, usize)>> {
        let Kind::Script { base, sub: Some(sub), sup: None, primes: 0 } = &items[0].kind else { return None };
        let is_partial = matches!(&base.kind, Kind::Symbol(sign) if sign == r"\partial");
        if !is_partial || !self.names.with_base(r"\partial").is_empty() {
            return None;
        }
        if items.len() < 2 {
            let hint = r"write what is differentiated: `\partial_{w} L`";
            return Some(self.fail(
                "missing-operand",
                items[0].span,
                "nothing is differentiated here".to_owned(),
                hint,
            ));
        }
        Some(self.partial_of_next(items, sub))
    }

    fn partial_of_next(&mut self, items: &[Node], sub: &Node) -> Option<(Expr, usize)> {
        let (mut value, used) = self.factor(&items[1..], 0)?;
        let variables = match &strip(sub).kind {
            Kind::List(_) => script_items(sub),
            _ => vec![sub],
        };
        for variable in variables.into_iter().rev() {
            let by = self.expression(variable)?;
            let by = self.checked_variable(variable, by)?;
            value = self.differentiate_by(&items[0], DerivativeKind::Partial, value, by)?;
        }
        Some((value, used + 1))
    }
}

/// Factors in which `\partial a / \partial b` stands as the fraction that it is; `None` where there is none.
pub(super) fn with_fractions(items: &[(Times, Node)]) -> Option<Vec<(Times, Node)>> {
    let mut found: Vec<(Times, Node)> = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let (fraction, end) = match derivative_at(items, at) {
            Some((slash, end)) => (fraction(&items[at..slash], &items[slash..end]), end),
            None => (items[at].1.clone(), at + 1),
        };
        found.push((items[at].0, fraction));
        at = end;
    }
    (found.len() < items.len()).then_some(found)
}

/// The places of the `/` and of the end of a derivative that begins at `at`.
fn derivative_at(items: &[(Times, Node)], at: usize) -> Option<(usize, usize)> {
    let is_sign = |at: usize| items.get(at).is_some_and(|(_, item)| is_mark(item));
    let is_joined = |at: usize| matches!(items.get(at), Some((Times::Juxtaposed, _)));
    if !is_sign(at) || items[at].0 == Times::Slash {
        return None;
    }
    let slash = (at + 1..items.len()).find(|&next| !is_joined(next))?;
    if slash == at + 1 || items[slash].0 != Times::Slash || !is_sign(slash) || !is_joined(slash + 1) {
        return None;
    }
    let mut end = slash + 2;
    // A further sign belongs below, unless another derivative begins with it.
    while is_joined(end) && is_sign(end) && is_joined(end + 1) && derivative_at(items, end).is_none() {
        end += 2;
    }
    Some((slash, end))
}

fn fraction(above: &[(Times, Node)], below: &[(Times, Node)]) -> Node {
    let [num, den] = [above, below].map(|items| Node::product(items.iter().cloned()));
    let span = num.span.to(den.span);
    Node { kind: Kind::Frac { num: Box::new(num), den: Box::new(den) }, span }
}

/// Terms in which the sign behind a `\nabla_w` stands before it: `\nabla_w -w^\top x` is `-\nabla_w w^\top x`. `None` where
/// no term ends in a `\nabla_w`.
pub(super) fn with_gradients_joined(terms: &[(Sign, Node)]) -> Option<Vec<(Sign, Node)>> {
    let at = terms.iter().position(|(_, term)| ends_in_nabla(term))?;
    let [(before, gradient), (after, of), rest @ ..] = &terms[at..] else { return None };
    let sign = match (before, after) {
        (before, Sign::Plus) => *before,
        (Sign::None | Sign::Plus, Sign::Minus) => Sign::Minus,
        (Sign::Minus, Sign::Minus) => Sign::Plus,
        _ => return None,
    };
    let factors = factors_of(gradient).into_iter().chain(factors_of(of));
    let joined = Node::product(factors.map(|(times, factor)| (times, factor.clone())));
    Some(terms[..at].iter().cloned().chain([(sign, joined)]).chain(rest.iter().cloned()).collect())
}

fn factors_of(term: &Node) -> Vec<(Times, &Node)> {
    match &strip(term).kind {
        Kind::Product(items) => items.iter().map(|(times, item)| (*times, item)).collect(),
        _ => vec![(Times::Juxtaposed, term)],
    }
}

/// Whether a term is a `\nabla_w` of which nothing is taken yet, or ends in one.
fn ends_in_nabla(term: &Node) -> bool {
    match &strip(term).kind {
        Kind::Product(items) => items.last().is_some_and(|(_, last)| ends_in_nabla(last)),
        Kind::Script { base, sub: Some(_), .. } => matches!(&base.kind, Kind::Symbol(sign) if sign == r"\nabla"),
        _ => false,
    }
}
