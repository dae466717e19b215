//! Jensen's inequality for functions that are convex or concave where their arguments lie.
//!
//! Source: Steele (2004), The Cauchy–Schwarz Master Class, ch. 6.

use crate::expr::{Bend, Elementary, Expr, Node};
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::Reason;
use crate::proof::outcome::Method;

/// Terms `c f(a)` of one function: the factors and the arguments.
#[derive(Default)]
struct Values {
    terms: Vec<(Expr, Expr)>,
}

impl Prover<'_> {
    /// `c f(a) <= Σ c_i f(a_i)` for a convex f, where no c is negative, `c = Σ c_i` and `c a = Σ c_i a_i`; for a concave
    /// one the other way round.
    pub fn by_convexity(&mut self, asked: Asked<'_>) -> bool {
        if asked.goal == Goal::Positive {
            return false;
        }
        let Some(function) = self.bent_function(asked) else { return false };
        let (Some(left), Some(right)) = (self.values_of(asked.left, function), self.values_of(asked.right, function))
        else {
            return false;
        };
        self.methods.insert(Method::Rule);
        match function.row().bend {
            Some(Bend::Up) => self.is_mean(function, &left, &right, asked),
            Some(Bend::Down) => self.is_mean(function, &right, &left, asked),
            Some(Bend::DownFromZero) => {
                let zero = self.arena.zero();
                let mark = self.evidence.len();
                let all = |prover: &mut Self, above: bool| {
                    let found = [&left, &right].into_iter().flat_map(|side| &side.terms).all(|&(_, arg)| {
                        let (low, high) = if above { (zero, arg) } else { (arg, zero) };
                        prover.attempt(|prover| prover.compared(low, high, Goal::NonNegative, asked.known))
                    });
                    // The checker sees by itself on which side they lie.
                    prover.evidence.truncate(mark);
                    found
                };
                self.attempt(|prover| all(prover, true) && prover.is_mean(function, &right, &left, asked))
                    || self.attempt(|prover| all(prover, false) && prover.is_mean(function, &left, &right, asked))
            }
            None => false,
        }
    }

    fn bent_function(&self, asked: Asked<'_>) -> Option<Elementary> {
        self.arena.reachable(&[asked.left, asked.right]).into_iter().find_map(|part| {
            let (f, args) = self.arena.elementary(part)?;
            f.row().bend.filter(|_| args.len() == 1).map(|_| f)
        })
    }

    /// A sum of multiples of values of the function; `None` where there is anything else.
    fn values_of(&mut self, expr: Expr, function: Elementary) -> Option<Values> {
        let terms = match self.arena.node(expr).clone() {
            Node::Sum(terms) => terms.to_vec(),
            _ => vec![expr],
        };
        let mut values = Values::default();
        for term in terms {
            let factors = match self.arena.node(term).clone() {
                Node::Product(factors) => factors.to_vec(),
                _ => vec![term],
            };
            let (calls, rest): (Vec<Expr>, Vec<Expr>) =
                factors.into_iter().partition(|&factor| self.arena.argument(function, factor).is_some());
            let [call] = calls[..] else {
                // A sum of values, multiplied out.
                let opened = self.multiplied_out(term).filter(|&opened| opened != term)?;
                values.terms.extend(self.values_of(opened, function)?.terms);
                continue;
            };
            values.terms.push((self.arena.product(rest), self.arena.argument(function, call)?));
        }
        Some(values)
    }

    /// `c (a + b)` as `c a + c b`.
    fn multiplied_out(&mut self, expr: Expr) -> Option<Expr> {
        let Node::Product(factors) = self.arena.node(expr).clone() else { return None };
        let place = factors.iter().position(|&factor| matches!(self.arena.node(factor), Node::Sum(_)))?;
        let Node::Sum(terms) = self.arena.node(factors[place]).clone() else { return None };
        let mut sum = Vec::new();
        for &term in terms.iter() {
            let mut product = factors.to_vec();
            product[place] = term;
            sum.push(self.arena.product(product));
        }
        Some(self.arena.sum(sum))
    }

    /// Whether one value is taken at the weighted mean of the arguments of the others.
    fn is_mean(&mut self, function: Elementary, mean: &Values, values: &Values, asked: Asked<'_>) -> bool {
        let mark = self.evidence.len();
        let [(whole, at)] = mean.terms[..] else { return false };
        let (mut weights, mut arguments) = (Vec::new(), Vec::new());
        for &(weight, arg) in &values.terms {
            weights.push(weight);
            arguments.push(self.arena.product([weight, arg]));
        }
        let (total, moment) = (self.arena.sum(weights.clone()), self.arena.sum(arguments));
        let own = self.arena.product([whole, at]);
        let zero = self.arena.zero();
        let found = [(whole, total), (own, moment)].into_iter().all(|(a, b)| {
            let difference = self.arena.subtract(a, b);
            self.vanishes(difference, asked.known)
        }) && weights
            .into_iter()
            .all(|weight| self.attempt(|prover| prover.compared(zero, weight, Goal::NonNegative, asked.known)));
        if found {
            let reason = Reason::Jensen { function, mean: (whole, at), values: values.terms.clone() };
            self.conclude(mark, asked.relation().prop(), reason);
        }
        found
    }
}
