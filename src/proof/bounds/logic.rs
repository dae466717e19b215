//! Statements made of relations: and, or, not, implies, if and only if.

use crate::expr::{Comparison, Elementary, Expr, Function, Node, Prop, Substitution};
use crate::number::polynomial::Goal;
use crate::number::range;
use crate::number::rational::is_negative;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::check::{Reason, Relation};
use crate::proof::context::is_integer;

impl Prover<'_> {
    /// Whether a statement holds on the ground of what is known.
    pub fn statement(&mut self, prop: &Prop, known: &Known) -> bool {
        if !self.step() {
            return false;
        }
        let mark = self.evidence.len();
        let (found, reason) = match prop {
            Prop::And(parts) => {
                (parts.iter().all(|part| self.attempt(|prover| prover.statement(part, known))), Reason::Form)
            }
            Prop::Or(parts) => return self.disjunction(parts, known),
            Prop::Compare(how, left, right) => return self.relation(*how, *left, *right, known),
            Prop::Not(inner) => return self.denial(inner, known),
            Prop::Implies(premise, conclusion) => return self.implication(premise, conclusion, known),
            Prop::Iff(a, b) => {
                let found = self.attempt(|prover| prover.implication(a, b, known))
                    && self.attempt(|prover| prover.implication(b, a, known));
                (found, Reason::Form)
            }
            Prop::ForAll(_, inner) => (self.statement(inner, known), Reason::Form),
            Prop::Integer(_) | Prop::Proportional { .. } => return false,
        };
        if found {
            self.conclude(mark, prop.clone(), reason);
        }
        found
    }

    /// One of them, or one of them where the others fail.
    fn disjunction(&mut self, parts: &[Prop], known: &Known) -> bool {
        let mark = self.evidence.len();
        let alone = |prover: &mut Self, part: &Prop| prover.attempt(|prover| prover.statement(part, known));
        let found = parts.iter().position(|part| alone(self, part)).or_else(|| {
            parts.iter().enumerate().position(|(place, part)| {
                let mut rest = known.clone();
                for (other, prop) in parts.iter().enumerate() {
                    if other != place {
                        rest = rest.with(self, &Prop::Not(Box::new(prop.clone())));
                    }
                }
                self.attempt(|prover| prover.statement(part, &rest))
            })
        });
        if let Some(place) = found {
            self.conclude(mark, Prop::Or(parts.to_vec()), Reason::Part(place));
        }
        found.is_some()
    }

    fn denial(&mut self, inner: &Prop, known: &Known) -> bool {
        let mark = self.evidence.len();
        let found = match inner {
            Prop::Compare(how, left, right) => match Relation::new(*how, *left, *right).denied(self.arena) {
                Some(Relation { how, left, right }) => self.relation(how, left, right, known),
                None => false,
            },
            Prop::Not(inner) => self.statement(inner, known),
            Prop::Or(parts) => parts.iter().all(|part| self.attempt(|prover| prover.denial(part, known))),
            Prop::And(parts) => (0..parts.len()).any(|place| {
                let others = parts[..place].iter().chain(&parts[place + 1..]);
                let rest = others.fold(known.clone(), |all, other| all.with(self, other));
                self.attempt(|prover| prover.denial(&parts[place], &rest))
            }),
            Prop::Implies(premise, conclusion) => {
                self.attempt(|prover| prover.statement(premise, known))
                    && self.attempt(|prover| prover.denial(conclusion, known))
            }
            Prop::Integer(_) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => false,
        };
        if found {
            self.conclude(mark, Prop::Not(Box::new(inner.clone())), Reason::Form);
        }
        found
    }

    /// The conclusion from the premise, or the premise's denial from the conclusion's: first what leads from the
    /// simpler statement to the larger one.
    fn implication(&mut self, premise: &Prop, conclusion: &Prop, known: &Known) -> bool {
        let mark = self.evidence.len();
        let whole = Prop::Implies(Box::new(premise.clone()), Box::new(conclusion.clone()));
        if let Prop::And(parts) = conclusion {
            let found = parts.iter().all(|part| self.attempt(|prover| prover.implication(premise, part, known)));
            if found {
                self.conclude(mark, whole, Reason::EachConclusion);
            }
            return found;
        }
        if let Prop::Or(parts) = premise {
            let found = parts.iter().all(|part| self.attempt(|prover| prover.implication(part, conclusion, known)));
            if found {
                self.conclude(mark, whole.clone(), Reason::EachPremise);
                return true;
            }
        }
        let n_parts = |prop: &Prop| self.arena.reachable(&prop.expressions()).len();
        let backward_first = n_parts(premise) > n_parts(conclusion);
        let backward = |prover: &mut Self| prover.attempt(|prover| prover.backward(premise, conclusion, known));
        let forward = |prover: &mut Self| {
            let with = known.with(prover, premise);
            prover.statement(conclusion, &with)
        };
        let reason = if backward_first && backward(self) {
            Reason::Contraposition
        } else if self.attempt(forward) {
            Reason::Form
        } else if !backward_first && backward(self) {
            Reason::Contraposition
        } else {
            return false;
        };
        self.conclude(mark, whole, reason);
        true
    }

    /// The premise fails where the conclusion does.
    fn backward(&mut self, premise: &Prop, conclusion: &Prop, known: &Known) -> bool {
        if !matches!(conclusion, Prop::Compare(..) | Prop::Or(_)) {
            return false;
        }
        let without = known.with(self, &Prop::Not(Box::new(conclusion.clone())));
        self.denial(premise, &without)
    }

    /// One relation between expressions as written.
    fn relation(&mut self, how: Comparison, left: Expr, right: Expr, known: &Known) -> bool {
        if how == Comparison::NotEqual && !self.arena.shape(left).is_scalar() {
            return self.apart_by_norm(left, right, known);
        }
        if self.has_norms(left) || self.has_norms(right) {
            let limit = self.limit_side(left, right).filter(|_| how == Comparison::Equal);
            let written = Relation::new(how, left, right).prop();
            let found = match limit {
                Some((limit, value)) => {
                    self.concluding("a limit of norms", &written, |prover| prover.norm_vanishes(limit, value, known))
                }
                None => {
                    let solved = |prover: &mut Self| prover.with_maps_solved(Relation::new(how, left, right), known);
                    let is_equality = how == Comparison::Equal;
                    is_equality && self.concluding("powers of maps", &written, solved)
                        || self.concluding("norms", &written, |prover| prover.by_norms(how, left, right, known))
                        || !is_equality && self.concluding("powers of maps", &written, solved)
                        || self.concluding("induction", &written, |prover| {
                            prover.by_induction_of_norms(Relation::new(how, left, right), known)
                        })
                }
            };
            if found {
                return true;
            }
        }
        self.has_determinants(&[left, right])
            && self.attempt(|prover| prover.with_maps_solved(Relation::new(how, left, right), known))
            || self.relation_worked_out(Relation::new(how, left, right), known)
    }

    /// One relation, with derivatives and definitions worked out.
    pub fn relation_worked_out(&mut self, written: Relation, known: &Known) -> bool {
        let Relation { how, left, right } = written;
        let Some((left, right)) = self.resolved(left).zip(self.resolved(right)) else { return false };
        let relation = Relation::new(how, left, right);
        let forced = self.forced(left, right, known);
        let known =
            forced.iter().fold(known.clone(), |all, own| all.with_fact(self.arena, own.how, own.left, own.right));
        let mark = self.evidence.len();
        let found = self.worked_out(how, left, right, &known);
        if found && !forced.is_empty() {
            self.conclude(mark, relation.prop(), Reason::WhereDefined(forced));
        }
        if found && written != relation {
            self.conclude(mark, written.prop(), Reason::WorkedOut);
        }
        found
    }

    /// What holds where both sides have values: arguments of logarithms are positive, radicands are not negative,
    /// divisors that are not negative are positive.
    fn forced(&mut self, left: Expr, right: Expr, known: &Known) -> Vec<Relation> {
        let mut all = Vec::new();
        let zero = self.arena.zero();
        for part in self.always_evaluated(&[left, right]) {
            let (inside, how) = match self.arena.node(part).clone() {
                Node::Call { function: Function::Elementary(Elementary::Log), args, slots } if slots.is_empty() => {
                    (args[0], Comparison::Less)
                }
                Node::Power(base, exponent) => match self.arena.as_number(exponent).cloned() {
                    Some(n) if n.is_int() && is_negative(&n) => (base, Comparison::NotEqual),
                    Some(n) if n.is_int() => continue,
                    Some(n) if is_negative(&n) => (base, Comparison::Less),
                    Some(_) => (base, Comparison::LessEqual),
                    None => continue,
                },
                _ => continue,
            };
            let own = self.range(inside, known);
            if range::is_positive(&own) || range::is_positive(&range::negation(&own)) {
                continue;
            }
            let how = match how {
                Comparison::NotEqual if range::is_non_negative(&own) => Comparison::Less,
                Comparison::NotEqual => continue,
                how => how,
            };
            if how == Comparison::Less || !range::is_non_negative(&own) {
                all.push(Relation::new(how, zero, inside));
            }
        }
        all
    }

    /// The parts of expressions that are evaluated whatever the values: not those of cases, sums, limits.
    fn always_evaluated(&self, roots: &[Expr]) -> Vec<Expr> {
        let mut seen: std::collections::BTreeSet<Expr> = roots.iter().copied().collect();
        let mut open = roots.to_vec();
        while let Some(expr) = open.pop() {
            let children = match self.arena.node(expr) {
                Node::Sum(parts) | Node::Product(parts) => parts.to_vec(),
                Node::Power(base, _) => vec![*base],
                Node::Call { args, .. } => args.to_vec(),
                _ => Vec::new(),
            };
            open.extend(
                children.into_iter().filter(|&child| self.arena.shape(child).is_scalar() && seen.insert(child)),
            );
        }
        seen.into_iter().collect()
    }

    /// One relation between expressions that are worked out.
    pub fn worked_out(&mut self, how: Comparison, left: Expr, right: Expr, known: &Known) -> bool {
        let relation = &Relation::new(how, left, right).prop();
        if let Some((limit, value)) = self.limit_side(left, right) {
            let limit = |prover: &mut Self| prover.has_limit(limit, value, known);
            return how == Comparison::Equal && self.concluding("a limit", relation, limit);
        }
        if let Some(part) = self.extreme_part(left, right) {
            let extremum = |prover: &mut Self| prover.with_extremum(how, (left, right), part, known);
            return self.concluding("an extreme value", relation, extremum);
        }
        let by_itself = match how {
            Comparison::LessEqual => self.ordered(how, (left, right), Goal::NonNegative, known),
            Comparison::Less => self.ordered(how, (left, right), Goal::Positive, known),
            Comparison::NotEqual => {
                self.afresh(|prover| prover.apart_by_order(left, right, known))
                    || self.apart_by_factors(left, right, known)
                    || self.apart(left, right, known)
                    || self.apart_by_any_order(left, right, known)
            }
            Comparison::Equal => self.equal(left, right, known),
            Comparison::Approximately => false,
        };
        by_itself || self.with_values_replaced(Relation::new(how, left, right), known)
    }

    /// The relation with a number in the place of a part that is known to be that number.
    fn with_values_replaced(&mut self, relation: Relation, known: &Known) -> bool {
        let Relation { how, left, right } = relation;
        let place = known.facts.iter().position(|&(how, part, value)| {
            how == Comparison::Equal
                && self.arena.as_number(value).is_some()
                && self.arena.as_number(part).is_none()
                && [left, right].into_iter().any(|side| self.arena.contains(side, part))
        });
        let Some(place) = place else { return false };
        let mut rest = known.clone();
        let (_, part, value) = rest.facts.remove(place);
        let sides = self.arena.substitute_all(&[left, right], &Substitution::from([(part, value)]));
        let mark = self.evidence.len();
        self.attest(Prop::equal(part, value), Reason::Supposed);
        let found = self.attempt(|prover| prover.worked_out(how, sides[0], sides[1], &rest));
        if found {
            self.conclude(mark, relation.prop(), Reason::Replaced(part));
        } else {
            self.evidence.truncate(mark);
        }
        found
    }

    /// A relation of order, directly or by induction; what one way spends is not missing for the next.
    fn ordered(&mut self, how: Comparison, (left, right): (Expr, Expr), goal: Goal, known: &Known) -> bool {
        let relation = &Relation::new(how, left, right).prop();
        self.afresh(|prover| prover.at_most(left, right, goal, known))
            || self.afresh(|prover| {
                prover.concluding("induction", relation, |prover| prover.by_induction(how, (left, right), known))
            })
            || self.afresh(|prover| {
                prover.concluding("counting", relation, |prover| prover.by_counting(how, (left, right), known))
            })
    }

    /// `left = right` by algebra, or by both orders.
    pub fn equal(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let difference = self.arena.subtract(right, left);
        let difference = self.opened_out(difference, known);
        if self.attempt(|prover| prover.vanishes(difference, known)) {
            self.methods.insert(crate::proof::outcome::Method::NormalForm);
            self.attest(Prop::equal(left, right), Reason::Identity);
            return true;
        }
        // Two orders between sums meet only where a bound is attained or something has a corner: else the form would
        // have shown it.
        let may_be_attained = |how, left, right| {
            how == Comparison::LessEqual && !(is_integer(self.arena, left) && is_integer(self.arena, right))
        };
        let is_bounded = known.facts.iter().any(|&(how, left, right)| may_be_attained(how, left, right))
            || known.laws.iter().any(|law| may_be_attained(law.relation.how, law.relation.left, law.relation.right));
        if self.has_sums(&[left, right]) && !is_bounded && !self.has_corner(&[left, right]) {
            return false;
        }
        let mark = self.evidence.len();
        let found = self.attempt(|prover| {
            prover.at_most(left, right, Goal::NonNegative, known)
                && prover.at_most(right, left, Goal::NonNegative, known)
        });
        if found {
            self.conclude(mark, Prop::equal(left, right), Reason::Law("antisymmetry", vec![left, right]));
        }
        found
    }

    fn has_sums(&self, exprs: &[Expr]) -> bool {
        self.arena.reachable(exprs).into_iter().any(|part| matches!(self.arena.node(part), Node::Big { .. }))
    }

    /// Whether something in the expressions is no smooth function of its parts, or a side is a root.
    fn has_corner(&self, exprs: &[Expr]) -> bool {
        let is_root = |factor: Expr| match self.arena.node(factor) {
            Node::Power(_, exponent) => self.arena.as_number(*exponent).is_some_and(|n| !n.is_int() && *n > 0.into()),
            _ => false,
        };
        let is_product_of_roots = exprs.iter().any(|&side| match self.arena.node(side) {
            Node::Product(factors) => factors.iter().any(|&factor| is_root(factor)),
            _ => is_root(side),
        });
        is_product_of_roots
            || self.arena.reachable(exprs).into_iter().any(|part| match self.arena.node(part) {
                Node::Call { function: Function::Elementary(f), .. } => {
                    matches!(
                        f,
                        Elementary::Abs | Elementary::Sign | Elementary::Relu | Elementary::Max | Elementary::Min
                    )
                }
                Node::Cases(_) | Node::Tensor { .. } => true,
                _ => false,
            })
    }

    /// What lies below something else, or above it, is not equal to it.
    fn apart_by_order(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let mark = self.evidence.len();
        let found = self.attempt(|prover| prover.at_most(left, right, Goal::Positive, known))
            || self.attempt(|prover| prover.at_most(right, left, Goal::Positive, known));
        found && self.conclude_apart(mark, left, right)
    }

    /// The same, where the order needs an induction.
    fn apart_by_any_order(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let mark = self.evidence.len();
        let found = [(left, right), (right, left)]
            .into_iter()
            .any(|sides| self.ordered(Comparison::Less, sides, Goal::Positive, known));
        found && self.conclude_apart(mark, left, right)
    }

    /// `left != right` from the order that was proved since `mark`, in whichever way.
    pub fn conclude_apart(&mut self, mark: usize, left: Expr, right: Expr) -> bool {
        let is_below = self.concludes(mark, &Relation::new(Comparison::Less, left, right).prop());
        let sides = if is_below { vec![left, right] } else { vec![right, left] };
        let relation = Relation::new(Comparison::NotEqual, left, right).prop();
        self.conclude(mark, relation, Reason::Law("below and apart", sides));
        true
    }

    /// A product is not 0 where none of its factors is.
    fn apart_by_factors(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let zero = self.arena.zero();
        if right != zero || left == zero {
            return false;
        }
        let Some(product) = self.form_within(left, known) else { return false };
        let mark = self.evidence.len();
        let found = self.is_product_apart(product, known);
        if found && product != left {
            self.conclude(mark, Prop::Compare(Comparison::NotEqual, left, zero), Reason::WorkedOut);
        }
        found
    }

    fn is_product_apart(&mut self, expr: Expr, known: &Known) -> bool {
        let (zero, mark) = (self.arena.zero(), self.evidence.len());
        let (parts, law) = match self.arena.node(expr).clone() {
            Node::Power(base, exponent) if is_integer(self.arena, exponent) => {
                (vec![base], Reason::Law("power and zero", vec![base, exponent]))
            }
            Node::Product(parts) => {
                let rest = self.arena.product(parts[1..].to_vec());
                (vec![parts[0], rest], Reason::Law("product and zero", vec![parts[0], rest]))
            }
            _ => return false,
        };
        let found = parts.into_iter().all(|part| self.attempt(|prover| prover.is_factor_apart(part, known)));
        if found {
            self.conclude(mark, Prop::Compare(Comparison::NotEqual, expr, zero), law);
        }
        found
    }

    /// Whether a factor is not 0: it is said so, or seen from its own factors or its sign.
    fn is_factor_apart(&mut self, factor: Expr, known: &Known) -> bool {
        let zero = self.arena.zero();
        let is_said = |&(how, left, right): &(Comparison, Expr, Expr)| {
            how == Comparison::NotEqual && [(left, right), (right, left)].contains(&(factor, zero))
        };
        if known.facts.iter().any(is_said) {
            self.attest(Prop::Compare(Comparison::NotEqual, factor, zero), Reason::Supposed);
            return true;
        }
        self.is_product_apart(factor, known) || self.apart_by_order(factor, zero, known)
    }

    /// An expression as its form is written where the letters lie; `None` where something was cancelled for it.
    fn form_within(&mut self, expr: Expr, known: &Known) -> Option<Expr> {
        let mut normalizer = self.normalizer();
        let form = normalizer.form(expr, &known.domain).ok()?;
        let written = normalizer.expression_within(&form, &known.domain);
        normalizer.conditions.is_empty().then_some(written).flatten()
    }

    /// `left != right` on each side of every `a != b` that is known.
    fn apart(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let Some(place) = known.facts.iter().position(|&(how, _, _)| how == Comparison::NotEqual) else { return false };
        let mut rest = known.clone();
        let (_, a, b) = rest.facts.remove(place);
        let mark = self.evidence.len();
        let found = [(a, b), (b, a)].into_iter().all(|(low, high)| {
            let side = rest.with_fact(self.arena, Comparison::Less, low, high);
            self.worked_out(Comparison::NotEqual, left, right, &side)
        });
        if found {
            self.conclude(mark, Relation::new(Comparison::NotEqual, left, right).prop(), Reason::EitherSide(a, b));
        }
        found
    }
}
