//! Statements made of relations: and, or, not, implies, if and only if.

use crate::expr::{Comparison, Expr, Prop};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::{Known, contrary};
use crate::proof::bounds::positivity::Goal;

impl Prover<'_> {
    /// Whether a statement holds on the ground of what is known.
    pub fn statement(&mut self, prop: &Prop, known: &Known) -> bool {
        if !self.step() {
            return false;
        }
        match prop {
            Prop::And(parts) => parts.iter().all(|part| self.attempt(|prover| prover.statement(part, known))),
            Prop::Or(parts) => self.disjunction(parts, known),
            Prop::Compare(how, left, right) => self.relation(*how, *left, *right, known),
            Prop::Not(inner) => self.denial(inner, known),
            Prop::Implies(premise, conclusion) => self.implication(premise, conclusion, known),
            Prop::Iff(a, b) => {
                self.attempt(|prover| prover.implication(a, b, known))
                    && self.attempt(|prover| prover.implication(b, a, known))
            }
            Prop::ForAll(_, inner) => self.statement(inner, known),
            Prop::Integer(_) | Prop::Proportional { .. } => false,
        }
    }

    /// One of them, or one of them where the others fail.
    fn disjunction(&mut self, parts: &[Prop], known: &Known) -> bool {
        parts.iter().any(|part| self.attempt(|prover| prover.statement(part, known)))
            || parts.iter().enumerate().any(|(place, part)| {
                let mut rest = known.clone();
                for (other, prop) in parts.iter().enumerate() {
                    if other != place {
                        rest = rest.with(self, &Prop::Not(Box::new(prop.clone())));
                    }
                }
                self.attempt(|prover| prover.statement(part, &rest))
            })
    }

    fn denial(&mut self, inner: &Prop, known: &Known) -> bool {
        match inner {
            Prop::Compare(how, left, right) => match contrary(*how, *left, *right) {
                Some((how, left, right)) => self.relation(how, left, right, known),
                None => false,
            },
            Prop::Not(inner) => self.statement(inner, known),
            Prop::Or(parts) => parts.iter().all(|part| self.attempt(|prover| prover.denial(part, known))),
            Prop::And(parts) => parts.iter().any(|part| self.attempt(|prover| prover.denial(part, known))),
            Prop::Implies(premise, conclusion) => {
                self.attempt(|prover| prover.statement(premise, known))
                    && self.attempt(|prover| prover.denial(conclusion, known))
            }
            Prop::Integer(_) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => false,
        }
    }

    /// The conclusion from the premise, or the premise's denial from the conclusion's.
    fn implication(&mut self, premise: &Prop, conclusion: &Prop, known: &Known) -> bool {
        let with = known.with(self, premise);
        if self.attempt(|prover| prover.statement(conclusion, &with)) {
            return true;
        }
        match conclusion {
            Prop::And(parts) => {
                parts.iter().all(|part| self.attempt(|prover| prover.implication(premise, part, known)))
            }
            Prop::Compare(how, left, right) => {
                let Some((how, left, right)) = contrary(*how, *left, *right) else { return false };
                let without = known.with(self, &Prop::Compare(how, left, right));
                self.attempt(|prover| prover.denial(premise, &without))
            }
            Prop::Or(_)
            | Prop::Not(_)
            | Prop::Implies(..)
            | Prop::Iff(..)
            | Prop::ForAll(..)
            | Prop::Integer(_)
            | Prop::Proportional { .. } => false,
        }
    }

    /// One relation between expressions as written.
    fn relation(&mut self, how: Comparison, left: Expr, right: Expr, known: &Known) -> bool {
        let Some((left, right)) = self.resolved(left).zip(self.resolved(right)) else { return false };
        self.worked_out(how, left, right, known)
    }

    /// One relation between expressions that are worked out.
    fn worked_out(&mut self, how: Comparison, left: Expr, right: Expr, known: &Known) -> bool {
        match how {
            Comparison::LessEqual => self.attempt(|prover| prover.at_most(left, right, Goal::NonNegative, known)),
            Comparison::Less => self.attempt(|prover| prover.at_most(left, right, Goal::Positive, known)),
            Comparison::NotEqual => {
                self.attempt(|prover| prover.at_most(left, right, Goal::Positive, known))
                    || self.attempt(|prover| prover.at_most(right, left, Goal::Positive, known))
                    || self.apart(left, right, known)
            }
            Comparison::Equal => self.equal(left, right, known),
            Comparison::Approximately => false,
        }
    }

    /// `left = right` by algebra, or by both orders.
    fn equal(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let difference = self.arena.subtract(right, left);
        let difference = self.opened_out(difference, known);
        if self.attempt(|prover| prover.vanishes(difference, known)) {
            self.methods.insert(crate::proof::outcome::Method::NormalForm);
            return true;
        }
        self.attempt(|prover| {
            prover.at_most(left, right, Goal::NonNegative, known)
                && prover.at_most(right, left, Goal::NonNegative, known)
        })
    }

    /// `left != right` on each side of every `a != b` that is known.
    fn apart(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let Some(place) = known.facts.iter().position(|&(how, _, _)| how == Comparison::NotEqual) else { return false };
        let mut rest = known.clone();
        let (_, a, b) = rest.facts.remove(place);
        [(a, b), (b, a)].into_iter().all(|(low, high)| {
            let side = rest.with_fact(self.arena, Comparison::Less, low, high);
            self.worked_out(Comparison::NotEqual, left, right, &side)
        })
    }
}
