//! What acts on all that follows: big sums and products, limits, derivatives; and values by cases.

use crate::expr::{Big, Branch, DerivativeKind, Expr, Extremum, Node};
use crate::print::layout::{Layout, MAX_HEIGHT};
use crate::print::scope::Scope;
use crate::print::{Level, Operator, Part, PartId, Sign};

/// Derivatives of derivatives are written as one up to this order.
const MAX_ORDER: usize = 6;

/// The widest part that is set above the line of a derivative.
const MAX_NUMERATOR: u32 = 16;

/// A binder where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binder {
    pub expr: Expr,
    pub height: u32,
    pub body: Expr,
    pub scope: Scope,
}

impl Layout<'_> {
    /// Σ and Π with both bounds; a descending product shows the upper one below.
    pub(super) fn big(&mut self, binder: Binder, op: Big, lower: Expr, upper: Expr) -> PartId {
        let letter = self.letter(binder);
        let (lower, upper) = (self.whole(lower, binder.scope), self.whole(upper, binder.scope));
        let (operator, from, to) = match op {
            Big::Sum => (Operator::Sum, lower, upper),
            Big::Product | Big::Ascending => (Operator::Product, lower, upper),
            Big::Descending => (Operator::Product, upper, lower),
        };
        let below = self.relation(letter, Sign::Equal, from);
        // What does not hold the index would be read outside of an unparenthesised product.
        let clear = op == Big::Sum || self.factors_of(binder.body).iter().all(|&part| self.holds_bound(part, binder));
        self.reaching(operator, below, Some(to), binder, clear)
    }

    /// `\lim_{t \to \infty}`
    pub(super) fn limit(&mut self, binder: Binder, to: Expr) -> PartId {
        let letter = self.letter(binder);
        let to = self.whole(to, binder.scope);
        let below = self.relation(letter, Sign::To, to);
        self.reaching(Operator::Limit, below, None, binder, true)
    }

    /// `\sup_{z}`, `\max_{1 \le k \le n}`, `\sup_{k \ge 1}`
    pub(super) fn extremum(&mut self, binder: Binder, which: Extremum, range: Option<(Expr, Expr)>) -> PartId {
        let letter = self.letter(binder);
        let range = range.map(|(lower, upper)| (lower, (self.arena.node(upper) != &Node::Infinity).then_some(upper)));
        let is_finite = matches!(range, Some((_, Some(_))));
        let operator = match which {
            Extremum::Supremum => {
                if is_finite {
                    Operator::Maximum
                } else {
                    Operator::Supremum
                }
            }
            Extremum::Infimum => {
                if is_finite {
                    Operator::Minimum
                } else {
                    Operator::Infimum
                }
            }
        };
        let below = match range {
            None => letter,
            Some((lower, upper)) => {
                let lower = self.whole(lower, binder.scope);
                match upper {
                    None => self.relation(letter, Sign::GreaterEqual, lower),
                    Some(upper) => {
                        let left = self.relation(lower, Sign::LessEqual, letter);
                        let upper = self.whole(upper, binder.scope);
                        self.relation(left, Sign::LessEqual, upper)
                    }
                }
            }
        };
        self.reaching(operator, below, None, binder, true)
    }

    fn factors_of(&self, body: Expr) -> Vec<Expr> {
        if let Node::Product(factors) | Node::MatMul(factors) = self.arena.node(body) {
            factors.to_vec()
        } else {
            vec![body]
        }
    }

    /// Whether the index stands in `expr`; a no in layouts too deep to look.
    fn holds_bound(&self, expr: Expr, binder: Binder) -> bool {
        let index = Node::Bound(binder.height);
        binder.height <= MAX_HEIGHT && self.arena.reachable(&[expr]).iter().any(|&part| *self.arena.node(part) == index)
    }

    fn reaching(
        &mut self,
        operator: Operator,
        below: PartId,
        above: Option<PartId>,
        binder: Binder,
        clear: bool,
    ) -> PartId {
        let inner = self.inside(binder.expr, binder.scope);
        let body = self.whole(binder.body, inner);
        let body = if clear { self.tree.fenced_below(body, Level::Reach) } else { self.tree.round(body) };
        self.tree.add(Part::Big { operator, below, above, body })
    }

    /// The letter of the index.
    fn letter(&mut self, binder: Binder) -> PartId {
        let inner = self.inside(binder.expr, binder.scope);
        self.bound(binder.height, inner)
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
    pub(super) fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr, scope: Scope) -> PartId {
        let arena = self.arena;
        let (mut of, mut by) = (of, vec![by]);
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
        let items = vec![fraction, self.tree.sign(Sign::Space), body];
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
        self.tree.joined(&groups, Sign::Space, Level::Product)
    }
}
