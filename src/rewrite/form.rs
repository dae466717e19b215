//! The sum-product form: what expressions become when all that algebra alone can do is done.
//!
//! A [`Form`] is a sum of [`Term`]s; a term is a coefficient times powers of atoms, summed over bound letters that
//! run over the integer points of a [`Domain`]. Multiple sums, triangles, shifted and split ranges, Kronecker deltas
//! and guards are all domains, so two forms of one double sum differ in nothing. Atoms are expressions that algebra
//! does not open: members, calls, powers of sums, big products. Exponents are linear, so `w^{t-k}` is one factor.

use std::collections::{BTreeMap, HashMap};

use crate::expr::{Arena, Big, Expr, Function, Mixing, Node};
use crate::number::Rational;
use crate::number::rational::product;
use crate::rewrite::domain::Domain;
use crate::rewrite::law::Law;
use crate::rewrite::linear::Linear;
use crate::rewrite::sign::Positive;
use crate::rewrite::term::{Form, KnownSum, Refusal, Term};

/// How many terms are worked on for one question.
const BUDGET: usize = 20_000;

/// Puts expressions of one arena into form.
pub struct Normalizer<'a> {
    /// Where the expressions live.
    pub arena: &'a mut Arena,
    /// How many terms a form may have.
    pub max_terms: usize,
    /// Expressions that must not be zero for what was done: divisors that were cancelled.
    pub conditions: Vec<Expr>,
    /// What is known to be positive for all givens.
    pub positive: Positive,
    /// Sums with known values; used only after all derivatives are taken.
    pub known_sums: Vec<KnownSum>,
    /// Equations that assumptions give; used only after all derivatives are taken.
    pub laws: Vec<Law>,
    /// Forms that were found, each with the conditions that it added.
    memo: HashMap<(Expr, Domain), (Form, Vec<Expr>), Mixing>,
    /// Expressions and what they are with every index tidied.
    pub(super) tidied: HashMap<Expr, Expr, Mixing>,
    /// The canonical letters that are known to be made, in order.
    pub(super) canonical_letters: Vec<Expr>,
    pub(super) depth: usize,
    /// How many more terms may be worked on before the normalizer gives up.
    pub budget: usize,
}

impl<'a> Normalizer<'a> {
    /// A normalizer with the usual budget.
    pub fn new(arena: &'a mut Arena) -> Normalizer<'a> {
        Normalizer {
            arena,
            max_terms: 3000,
            conditions: Vec::new(),
            positive: Positive::default(),
            known_sums: Vec::new(),
            laws: Vec::new(),
            memo: HashMap::default(),
            tidied: HashMap::default(),
            canonical_letters: Vec::new(),
            depth: 0,
            budget: BUDGET,
        }
    }

    /// The form of an expression of numbers, for the free letters in `context`; combined.
    pub fn form(&mut self, expr: Expr, context: &Domain) -> Result<Form, Refusal> {
        let key = (expr, context.clone());
        if let Some((form, conditions)) = self.memo.get(&key).cloned() {
            self.requires(&conditions);
            return Ok(form);
        }
        let before = std::mem::take(&mut self.conditions);
        self.depth += 1;
        let form = if self.depth > 400 { Err(Refusal::TooLarge) } else { self.open(expr, context) };
        self.depth -= 1;
        let form = form
            .and_then(|form| self.combine(form))
            .and_then(|form| if form.terms.len() > self.max_terms { Err(Refusal::TooLarge) } else { Ok(form) });
        let own = std::mem::replace(&mut self.conditions, before);
        self.requires(&own);
        let form = form?;
        self.memo.insert(key, (form.clone(), own));
        Ok(form)
    }

    /// Forgets the conditions of what was asked before, and has the whole budget again. The forms are kept.
    pub fn renew(&mut self) {
        self.conditions.clear();
        (self.depth, self.budget) = (0, BUDGET);
    }

    fn requires(&mut self, conditions: &[Expr]) {
        for &condition in conditions {
            if !self.conditions.contains(&condition) {
                self.conditions.push(condition);
            }
        }
    }

    /// The expression that all equal ones become: the form, written out again.
    pub fn canonical(&mut self, expr: Expr) -> Result<Expr, Refusal> {
        let form = self.form(expr, &Domain::all())?;
        self.expression(&form).ok_or(Refusal::NotLinear)
    }

    pub(super) fn atom(&mut self, atom: Expr, context: &Domain) -> Form {
        let mut term = Term::constant(Rational::from(1), context);
        term.times(atom, &Linear::integer(1));
        Form { terms: vec![term] }
    }

    pub(super) fn constant(&self, value: Rational, context: &Domain) -> Form {
        if value.is_zero() { Form::default() } else { Form { terms: vec![Term::constant(value, context)] } }
    }

    pub(super) fn open(&mut self, expr: Expr, context: &Domain) -> Result<Form, Refusal> {
        match self.arena.node(expr).clone() {
            Node::Number(value) => Ok(self.constant(value, context)),
            Node::Sum(parts) => {
                let mut terms = Vec::new();
                for &part in parts.iter() {
                    terms.extend(self.form(part, context)?.terms);
                }
                Ok(Form { terms })
            }
            Node::Product(parts) => self.product(&parts, context),
            Node::Power(base, exponent) => self.power_of(base, exponent, context),
            Node::Call { function, slots, args } => match function {
                Function::Elementary(elementary) => self.elementary(elementary, slots.len(), &args, context),
                Function::Declared { .. } => {
                    let atom = self.with_canonical_parts(expr)?;
                    Ok(self.atom(atom, context))
                }
            },
            Node::Big { op: Big::Sum, lower, upper, .. } => self.big_sum(expr, lower, upper, context),
            Node::Big { op: Big::Product, lower, upper, .. } => self.big_product(expr, lower, upper, context),
            Node::Cases(branches) => self.cases(expr, &branches, context),
            Node::Symbol { .. }
            | Node::Entry { .. }
            | Node::Derivative { .. }
            | Node::Tensor { .. }
            | Node::MatrixPower(..)
            | Node::Big { .. }
            | Node::MatMul(_)
            | Node::Transpose(_)
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => {
                let atom = self.with_canonical_parts(expr)?;
                Ok(self.atom(atom, context))
            }
            Node::Pi | Node::Infinity | Node::Bound(_) => Ok(self.atom(expr, context)),
        }
    }

    /// The same node over canonical parts.
    pub(super) fn with_canonical_parts(&mut self, expr: Expr) -> Result<Expr, Refusal> {
        if self.arena.height(expr) > 0 && self.arena.open(expr, 90).is_some() {
            return Ok(expr);
        }
        let mut new = BTreeMap::new();
        for child in self.arena.children(expr) {
            let done = match Linear::read(self.arena, child) {
                Some(linear) if !matches!(self.arena.node(child), Node::Symbol { .. }) => linear.expr(self.arena),
                _ if self.arena.shape(child).is_scalar() => self.canonical(child)?,
                _ => self.with_canonical_parts(child)?,
            };
            new.insert(child, done);
        }
        Ok(self.arena.rebuild(expr, &mut |child| new[&child]))
    }

    pub(super) fn delta(&mut self, left: Expr, right: Expr, context: &Domain) -> Result<Form, Refusal> {
        let (Some(a), Some(b)) = (Linear::read(self.arena, left), Linear::read(self.arena, right)) else {
            return Err(Refusal::NotLinear);
        };
        let mut term = Term::constant(Rational::from(1), context);
        term.domain.require_zero(&a.minus(&b)).ok_or(Refusal::NotLinear)?;
        Ok(Form { terms: vec![term] })
    }

    /// Cases whose conditions compare integers become guards.
    pub(super) fn cases(
        &mut self,
        expr: Expr,
        branches: &[crate::expr::Branch],
        context: &Domain,
    ) -> Result<Form, Refusal> {
        let mut rest = vec![context.clone()];
        let mut terms = Vec::new();
        for branch in branches {
            let inside = match branch.condition {
                None => None,
                Some((how, a, b)) => {
                    let forms = Linear::read(self.arena, a).zip(Linear::read(self.arena, b));
                    let integers = self.is_integer(a) && self.is_integer(b);
                    let Some(((a, b), true)) = forms.map(|forms| (forms, integers)) else {
                        let atom = self.with_canonical_parts(expr)?;
                        return Ok(self.atom(atom, context));
                    };
                    let mut domain = Domain::all();
                    domain.require(how, &a, &b).ok_or(Refusal::NotLinear)?;
                    Some(domain)
                }
            };
            let mut after = Vec::new();
            for cell in rest {
                let taken = inside.as_ref().map_or_else(|| cell.clone(), |inside| cell.meet(inside));
                if !taken.is_empty() {
                    terms.extend(self.form(branch.value, &taken)?.terms);
                }
                if let Some(inside) = &inside {
                    after.extend(cell.without(inside));
                }
            }
            rest = after;
        }
        Ok(Form { terms })
    }

    pub(super) fn product(&mut self, parts: &[Expr], context: &Domain) -> Result<Form, Refusal> {
        // Powers of equal bases meet before any sum is multiplied out, so that divisors cancel.
        let mut powers: BTreeMap<Expr, Linear> = BTreeMap::new();
        let mut others = Vec::new();
        let mut result = self.constant(Rational::from(1), context);
        for &part in parts {
            let (base, exponent) = match *self.arena.node(part) {
                Node::Power(base, exponent) => (base, Linear::read(self.arena, exponent)),
                _ => (part, Some(Linear::integer(1))),
            };
            match (self.arena.node(base), exponent) {
                (Node::Sum(_), Some(exponent)) => {
                    let form = self.form(base, context)?;
                    if form.terms.len() < 2 {
                        others.push(part);
                        continue;
                    }
                    match self.primitive(&form, &exponent, context) {
                        Some((lead, base)) => {
                            let entry = powers.entry(base).or_default();
                            *entry = entry.plus(&exponent, &Rational::from(1));
                            result = self.multiply(&result, &lead)?;
                        }
                        None => others.push(part),
                    }
                }
                _ => others.push(part),
            }
        }
        for (base, exponent) in powers {
            if exponent == Linear::default() {
                self.conditions.push(base);
                continue;
            }
            let exponent = exponent.expr(self.arena);
            let factor = self.power_of(base, exponent, context)?;
            result = self.multiply(&result, &factor)?;
        }
        for part in others {
            let factor = self.form(part, context)?;
            result = self.multiply(&result, &factor)?;
            result = self.combine(result)?;
        }
        Ok(result)
    }

    /// The product of two forms; letters of the second are renamed where both have them.
    pub fn multiply(&mut self, left: &Form, right: &Form) -> Result<Form, Refusal> {
        if left.terms.len() * right.terms.len() > self.max_terms {
            return Err(Refusal::TooLarge);
        }
        let mut terms = Vec::new();
        for a in &left.terms {
            for b in &right.terms {
                let renamed = (!b.letters.is_empty()).then(|| self.renamed_apart(b, a));
                let b = renamed.as_ref().unwrap_or(b);
                let mut term = self.renamed_apart(a, b);
                term.coefficient = product(&term.coefficient, &b.coefficient);
                term.domain = term.domain.meet(&b.domain);
                term.letters.extend(b.letters.iter().copied());
                for (&atom, exponent) in &b.factors {
                    term.times(atom, exponent);
                }
                terms.push(term);
            }
        }
        Ok(Form { terms })
    }

    /// The form times `base^exponent`, where terms that hold a power of `base` lose from it first.
    pub fn scaled(&mut self, form: &Form, base: Expr, exponent: i64) -> Result<Form, Refusal> {
        let mut scaled = form.clone();
        for term in &mut scaled.terms {
            term.times(base, &Linear::integer(exponent));
        }
        self.combine(scaled)
    }
}
