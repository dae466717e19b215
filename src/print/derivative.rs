//! Derivatives: gradients, fractions of differentials, and functions differentiated by their slots.

use crate::expr::{DerivativeKind, Expr, Node, Slot};
use crate::print::layout::Layout;
use crate::print::scope::Scope;
use crate::print::{Level, Part, PartId, Sign};

/// Derivatives of derivatives are written as one up to this order.
const MAX_ORDER: usize = 6;

/// The widest part that is set above the line of a derivative.
const MAX_NUMERATOR: u32 = 20;

impl Layout<'_> {
    /// `\nabla_{x} L`, `\frac{\partial a}{\partial b}`, `\frac{\partial^2 a}{\partial b \partial c}`, `\frac{d}{d b} (…)`.
    ///
    /// A call under ∂ stands in parentheses: `\frac{\partial f(x, w)}{\partial w}` is the derivative by a slot.
    pub(super) fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr, scope: Scope) -> PartId {
        let arena = self.arena;
        if kind == DerivativeKind::Total && arena.shape(of).is_scalar() && !arena.shape(by).is_scalar() {
            return self.gradient(of, by, 1, scope);
        }
        if let Node::Derivative { kind: DerivativeKind::Total, of: inner, by: first, .. } = arena.node(of)
            && kind == DerivativeKind::Total
            && *first == by
            && arena.shape(*inner).is_scalar()
            && !arena.shape(by).is_scalar()
        {
            return self.gradient(*inner, by, 2, scope);
        }
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
        if fits {
            return self.differential_fraction(kind, order, part, below);
        }
        let sign = self.differential(kind, order);
        let fraction = self.tree.add(Part::Fraction { above: sign, below });
        let body = self.tree.round(part);
        let items = vec![fraction, self.tree.sign(Sign::Space), body];
        self.tree.row(items, Level::Reach)
    }

    fn differential_fraction(&mut self, kind: DerivativeKind, order: usize, part: PartId, below: PartId) -> PartId {
        let items = vec![self.differential(kind, order), self.tree.sign(Sign::Apply), part];
        let above = self.tree.row(items, Level::Factor);
        self.tree.add(Part::Fraction { above, below })
    }

    /// `\nabla_{x} L` has the shape of x on every page; `\nabla_{x}^2 L` is the Hessian.
    fn gradient(&mut self, of: Expr, by: Expr, order: u8, scope: Scope) -> PartId {
        let base = self.tree.sign(Sign::Nabla);
        let below = Some(self.whole(by, scope));
        let above = (order > 1).then(|| self.tree.digits(order.to_string()));
        let nabla = self.tree.add(Part::Scripts { base, below, above, primes: 0 });
        let of = self.whole(of, scope);
        let of = self.tree.fenced_below(of, Level::Factor);
        let items = vec![nabla, self.tree.sign(Sign::Space), of];
        self.tree.row(items, Level::Prefix)
    }

    /// A call differentiated by slots: `\frac{\partial f(x, w)}{\partial w}` where each slot is filled by a name of
    /// its own, else `\partial_2 f(…)`; arguments are counted from 1.
    pub(super) fn slots(&mut self, slots: &[Slot], args: &[Expr], call: PartId, scope: Scope) -> PartId {
        let by: Option<Vec<Expr>> = slots.iter().map(|slot| self.variable_of(slot, args)).collect();
        if let (Some(by), true) = (by, args.len() > 1) {
            let below = self.variables(DerivativeKind::Partial, &by, scope);
            return self.differential_fraction(DerivativeKind::Partial, by.len(), call, below);
        }
        let mut items = Vec::new();
        let mut rest = slots;
        while let Some(slot) = rest.first() {
            let count = rest.iter().take_while(|&other| other == slot).count();
            rest = &rest[count..];
            let entry = self.wholes(&slot.entry, scope);
            let mut groups = Vec::new();
            if args.len() > 1 || entry.is_empty() {
                groups.push(self.tree.digits((u32::from(slot.argument) + 1).to_string()));
            }
            if !entry.is_empty() {
                groups.push(self.tree.run(&entry));
            }
            let below = Some(self.tree.joined(&groups, Sign::Comma, Level::List));
            let above = (count > 1).then(|| self.tree.digits(count.to_string()));
            let base = self.tree.sign(Sign::Partial);
            items.push(self.tree.add(Part::Scripts { base, below, above, primes: 0 }));
            items.push(self.tree.sign(Sign::Apply));
        }
        items.push(call);
        self.tree.row(items, Level::Factor)
    }

    /// The name that fills a slot, where it is a number and fills no other.
    fn variable_of(&self, slot: &Slot, args: &[Expr]) -> Option<Expr> {
        let arg = *args.get(usize::from(slot.argument)).filter(|_| slot.entry.is_empty())?;
        let mut name = arg;
        if let Node::Entry { of, .. } = self.arena.node(arg) {
            name = *of;
        }
        let is_name = matches!(self.arena.node(name), Node::Symbol { .. }) && self.arena.shape(arg).is_scalar();
        let fills_one = args.iter().filter(|&&other| other == arg).count() == 1;
        (is_name && fills_one).then_some(arg)
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
            let variable = self.whole(first, scope);
            let mut variable = self.tree.fenced_below(variable, Level::Factor);
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
