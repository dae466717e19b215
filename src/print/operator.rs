//! What acts on all that follows: big sums and products, limits, derivatives; and values by cases.

use crate::expr::{Big, Branch, DerivativeKind, Expr, Extremum, Node};
use crate::print::layout::{Layout, MAX_HEIGHT};
use crate::print::scope::Scope;
use crate::print::{Level, Operator, Part, PartId, Sign};

/// Derivatives of derivatives are written as one up to this order.
const MAX_ORDER: usize = 6;

/// The widest part that is set above the line of a derivative.
const MAX_NUMERATOR: u32 = 16;

impl Layout<'_> {
    /// Σ, Π, lim, sup, inf, max, min with their letter.
    pub(super) fn binder(&mut self, expr: Expr, scope: Scope) -> PartId {
        let arena = self.arena;
        let letter = self.letter(expr, scope);
        match arena.node(expr) {
            Node::Big { op, lower, upper, body, height } => {
                let (lower, upper) = (self.whole(*lower, scope), self.whole(*upper, scope));
                let (operator, from, to) = match op {
                    Big::Sum => (Operator::Sum, lower, upper),
                    Big::Product | Big::Ascending => (Operator::Product, lower, upper),
                    Big::Descending => (Operator::Product, upper, lower),
                };
                let below = self.relation(letter, Sign::Equal, from);
                let holds = |part: Expr| self.holds_bound(part, *height);
                let clear = match (op, arena.node(*body)) {
                    (Big::Sum, _) => true,
                    (_, Node::Product(factors) | Node::MatMul(factors)) => factors.iter().all(|&factor| holds(factor)),
                    (_, _) => holds(*body),
                };
                self.reaching(operator, below, Some(to), (expr, *body, scope), clear)
            }
            Node::Limit { to, body, .. } => {
                let to = self.whole(*to, scope);
                let below = self.relation(letter, Sign::To, to);
                self.reaching(Operator::Limit, below, None, (expr, *body, scope), true)
            }
            Node::Extremum { which, range, body, .. } => {
                let range = range.map(|(lower, upper)| (lower, self.arena.node(upper) != &Node::Infinity, upper));
                let operator = match (which, range) {
                    (Extremum::Supremum, Some((_, true, _))) => Operator::Maximum,
                    (Extremum::Infimum, Some((_, true, _))) => Operator::Minimum,
                    (Extremum::Supremum, _) => Operator::Supremum,
                    (Extremum::Infimum, _) => Operator::Infimum,
                };
                let below = match range {
                    None => letter,
                    Some((lower, true, upper)) => {
                        let (lower, upper) = (self.whole(lower, scope), self.whole(upper, scope));
                        let left = self.relation(lower, Sign::LessEqual, letter);
                        self.relation(left, Sign::LessEqual, upper)
                    }
                    Some((lower, false, _)) => {
                        let lower = self.whole(lower, scope);
                        self.relation(letter, Sign::GreaterEqual, lower)
                    }
                };
                self.reaching(operator, below, None, (expr, *body, scope), true)
            }
            _ => unreachable!("only binders come here"),
        }
    }

    /// Whether the index stands in `expr`; a no in layouts too deep to look.
    fn holds_bound(&self, expr: Expr, height: u32) -> bool {
        height <= MAX_HEIGHT
            && self.arena.reachable(&[expr]).iter().any(|&part| self.arena.node(part) == &Node::Bound(height))
    }

    fn reaching(
        &mut self,
        operator: Operator,
        below: PartId,
        above: Option<PartId>,
        (binder, body, scope): (Expr, Expr, Scope),
        clear: bool,
    ) -> PartId {
        let inner = self.inside(binder, scope);
        let body = self.whole(body, inner);
        let body = if clear { self.tree.fenced_below(body, Level::Reach) } else { self.tree.round(body) };
        self.tree.add(Part::Big { operator, below, above, body })
    }

    /// Two sides and a sign.
    pub(super) fn relation(&mut self, left: PartId, sign: Sign, right: PartId) -> PartId {
        let items = vec![left, self.tree.sign(sign), right];
        self.tree.row(items, Level::Relation)
    }

    /// `\begin{cases}`, each row with its condition.
    pub(super) fn cases(&mut self, branches: &[Branch], scope: Scope) -> PartId {
        let mut rows = Vec::with_capacity(branches.len());
        for branch in branches {
            let value = self.whole(branch.value, scope);
            let condition = branch.condition.map(|(how, left, right)| self.comparison(how, left, right, scope));
            rows.push((value, condition));
        }
        self.tree.add(Part::Cases(rows.into()))
    }

    /// `\left. body \right|_{of = value}`
    pub(super) fn evaluated(&mut self, body: Expr, of: Expr, value: Expr, scope: Scope) -> PartId {
        let body = self.whole(body, scope);
        let (of, value) = (self.whole(of, scope), self.whole(value, scope));
        let at = self.relation(of, Sign::Equal, value);
        self.tree.add(Part::Evaluated { body, at })
    }

    /// `\frac{\partial a}{\partial b}`, `\frac{\partial^2 a}{\partial b \partial c}`, `\frac{d}{d b} (…)`.
    ///
    /// A call under ∂ stands in parentheses: `\frac{\partial f(x, w)}{\partial w}` is the derivative by a slot.
    pub(super) fn derivative(&mut self, expr: Expr, scope: Scope) -> PartId {
        let arena = self.arena;
        let Node::Derivative { kind, of, by, .. } = arena.node(expr) else {
            unreachable!("only derivatives come here");
        };
        let (kind, mut of, mut by) = (*kind, *of, vec![*by]);
        while let Node::Derivative { kind: inner, of: deeper, by: first, .. } = arena.node(of)
            && *inner == kind
            && kind != DerivativeKind::Immediate
            && by.len() < MAX_ORDER
        {
            by.push(*first);
            of = *deeper;
        }
        let order = by.len();
        let below = self.variables(kind, &by, scope);
        let part = self.whole(of, scope);
        let facts = self.tree.facts(part);
        let slot = kind == DerivativeKind::Partial && matches!(arena.node(of), Node::Call { .. });
        let fits = facts.level >= Level::Factor && !facts.tall && facts.width <= MAX_NUMERATOR && !slot;
        let sign = self.differential(kind, order);
        if fits {
            let items = vec![sign, self.tree.sign(Sign::Apply), part];
            let above = self.tree.row(items, Level::Factor);
            return self.tree.add(Part::Fraction { above, below });
        }
        let fraction = self.tree.add(Part::Fraction { above: sign, below });
        let body = self.tree.round(part);
        let items = vec![fraction, self.tree.sign(Sign::Apply), body];
        self.tree.row(items, Level::Reach)
    }

    /// The ∂ above the line, with its mark and order.
    fn differential(&mut self, kind: DerivativeKind, order: usize) -> PartId {
        let (base, mark) = match kind {
            DerivativeKind::Total => (Sign::Differential, None),
            DerivativeKind::Partial => (Sign::Partial, None),
            DerivativeKind::Immediate => (Sign::Partial, Some(Sign::Mark)),
        };
        let base = self.tree.sign(base);
        let above = match mark {
            Some(mark) => Some(self.tree.sign(mark)),
            None => (order > 1).then(|| self.tree.digits(order.to_string())),
        };
        match above {
            None => base,
            Some(_) => self.tree.add(Part::Scripts { base, below: None, above, primes: 0 }),
        }
    }

    /// The variables below the line, equal ones as a power.
    fn variables(&mut self, kind: DerivativeKind, by: &[Expr], scope: Scope) -> PartId {
        let sign = match kind {
            DerivativeKind::Total => Sign::Differential,
            DerivativeKind::Partial | DerivativeKind::Immediate => Sign::Partial,
        };
        let mut groups = Vec::new();
        let mut rest = by;
        while let Some(&first) = rest.first() {
            let count = rest.iter().take_while(|&&other| other == first).count();
            rest = &rest[count..];
            let mut variable = self.whole(first, scope);
            if count > 1 {
                let exponent = self.tree.digits(count.to_string());
                variable = self.raise(variable, exponent);
            }
            let items = vec![self.tree.sign(sign), self.tree.sign(Sign::Apply), variable];
            groups.push(self.tree.row(items, Level::Factor));
        }
        self.tree.joined(&groups, Sign::Matrix, Level::Product)
    }
}
