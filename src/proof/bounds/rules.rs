//! Rules that reduce a relation of order to others: each says what suffices, so a yes is a proof and a no is nothing.

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::number::Rational;
use crate::number::rational::{abs, is_negative};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::positivity::Goal;
use crate::proof::outcome::Method;
use crate::rewrite::Linear;

/// A relation that is asked for: `left <= right`, or `<`.
#[derive(Clone, Copy)]
pub(super) struct Asked<'k> {
    pub left: Expr,
    pub right: Expr,
    pub goal: Goal,
    pub known: &'k Known,
}

impl Asked<'_> {
    fn of(self, left: Expr, right: Expr) -> Self {
        Asked { left, right, ..self }
    }
}

impl Prover<'_> {
    /// The first rule that leads to a proof.
    pub fn by_rules(&mut self, asked: Asked<'_>) -> bool {
        [
            Prover::by_inequation,
            Prover::by_monotony,
            Prover::by_mean_value,
            Prover::by_logarithms,
            Prover::by_cauchy_schwarz,
            Prover::by_square_of_sum,
            Prover::by_closed_sums,
            Prover::by_terms,
            Prover::by_signs_of_logarithms,
            Prover::by_tangents,
            Prover::by_cases_of_corners,
        ]
        .into_iter()
        .any(|rule| self.attempt(|prover| rule(prover, asked)))
    }

    fn applied(&mut self, rule: &'static str, left: Expr) {
        self.trace.push((rule, left));
        self.methods.insert(Method::Rule);
    }

    fn asks(&mut self, asked: Asked<'_>) -> bool {
        self.at_most(asked.left, asked.right, asked.goal, asked.known)
    }

    /// `l <= r` where `r >= 0` and `l² <= r²`.
    pub fn by_squares(&mut self, asked: Asked<'_>) -> bool {
        let two = self.arena.integer(2);
        let left = self.absolute_argument(asked.left).unwrap_or(asked.left);
        let sides = [left, asked.right].map(|side| self.arena.power(side, two));
        let sides = sides.map(|side| self.with_square_opened(side));
        let zero = self.arena.zero();
        let not_negative = asked.of(zero, asked.right);
        self.applied("squared", asked.right);
        self.compared(not_negative.left, not_negative.right, Goal::NonNegative, asked.known)
            && (self.compared(sides[0], sides[1], asked.goal, asked.known)
                || self.by_square_of_sum(asked.of(sides[0], sides[1]))
                || self.by_cauchy_schwarz(asked.of(sides[0], sides[1])))
    }

    /// Whether squares could help: a root stands as a factor on one side.
    pub fn has_root(&self, asked: Asked<'_>) -> bool {
        let is_root = |expr: Expr| matches!(self.arena.node(expr), Node::Power(_, n) if self.arena.as_number(*n).is_some_and(|n| !n.is_int()));
        let factors = |side: Expr| match self.arena.node(side) {
            Node::Product(parts) => parts.to_vec(),
            _ => vec![side],
        };
        [asked.left, asked.right].into_iter().any(|side| factors(side).into_iter().any(is_root))
    }

    /// The square of a product as the product of the squares, roots opened.
    fn with_square_opened(&mut self, square: Expr) -> Expr {
        let Node::Power(base, two) = *self.arena.node(square) else { return square };
        let Node::Product(parts) = self.arena.node(base).clone() else { return self.root_squared(base, two) };
        let squares: Vec<Expr> = parts.iter().map(|&part| self.root_squared(part, two)).collect();
        self.arena.product(squares)
    }

    fn root_squared(&mut self, base: Expr, two: Expr) -> Expr {
        if let Node::Power(inner, exponent) = *self.arena.node(base)
            && let Some(exponent) = self.arena.as_number(exponent).cloned()
            && !exponent.is_int()
        {
            // Defined for bases that are not negative only.
            let twice = self.arena.number(exponent * Rational::from(2));
            return self.arena.power(inner, twice);
        }
        self.arena.power(base, two)
    }

    fn absolute_argument(&self, expr: Expr) -> Option<Expr> {
        match self.arena.node(expr) {
            Node::Call { function: Function::Elementary(Elementary::Abs), args, slots } if slots.is_empty() => {
                Some(args[0])
            }
            _ => None,
        }
    }

    /// `|g|` is g or -g, `max(a, b)` is a or b: both must do.
    fn by_cases_of_corners(&mut self, asked: Asked<'_>) -> bool {
        let sides = [asked.left, asked.right];
        let corner = self.arena.reachable(&sides).into_iter().rev().find_map(|part| {
            let Node::Call { function: Function::Elementary(f), args, slots } = self.arena.node(part).clone() else {
                return None;
            };
            let plain = slots.is_empty() && self.is_closed(part) && self.arena.shape(part).is_scalar();
            matches!(f, Elementary::Abs | Elementary::Relu | Elementary::Max | Elementary::Min)
                .then_some((part, f, args))
                .filter(|_| plain)
        });
        let Some((part, f, args)) = corner else { return false };
        let other = match f {
            Elementary::Abs => self.arena.negate(args[0]),
            Elementary::Relu => self.arena.zero(),
            _ => args[args.len() - 1],
        };
        let first = args[0];
        self.applied("both cases", part);
        // Each case with what it says of the other.
        [(first, other), (other, first)].into_iter().all(|(value, rest)| {
            let (below, above) = if f == Elementary::Min { (value, rest) } else { (rest, value) };
            let known = asked.known.with_fact(self.arena, Comparison::LessEqual, below, above);
            let sides = self.arena.substitute_all(&sides, &Substitution::from([(part, value)]));
            known.is_absurd(self.arena)
                || self.asks(Asked { left: sides[0], right: sides[1], goal: asked.goal, known: &known })
        })
    }

    /// `Σ c log a + p <= Σ d log b + q` is `Π a^c e^p <= Π b^d e^q`; where a logarithm is defined its argument is
    /// positive.
    fn by_logarithms(&mut self, asked: Asked<'_>) -> bool {
        let difference = self.arena.subtract(asked.right, asked.left);
        let terms = match self.arena.node(difference).clone() {
            Node::Sum(terms) => terms.to_vec(),
            _ => vec![difference],
        };
        let (mut low, mut high, mut found) = (Vec::new(), Vec::new(), false);
        for term in terms {
            let (scale, rest) = self.scaled_part(term);
            let size = self.arena.number(abs(&scale));
            let factor = match self.arena.node(rest).clone() {
                Node::Call { function: Function::Elementary(Elementary::Log), args, slots }
                    if slots.is_empty() && scale.is_int() =>
                {
                    found = true;
                    self.arena.power(args[0], size)
                }
                _ => {
                    let exponent = self.arena.product([size, rest]);
                    self.arena.apply(Elementary::Exp, exponent)
                }
            };
            if is_negative(&scale) { low.push(factor) } else { high.push(factor) }
        }
        if !found {
            return false;
        }
        let (left, right) = (self.arena.product(low), self.arena.product(high));
        self.applied("without logarithms", right);
        self.asks(asked.of(left, right))
    }

    /// A term as a number times the rest.
    fn scaled_part(&mut self, term: Expr) -> (Rational, Expr) {
        match self.arena.node(term).clone() {
            Node::Number(value) => (value, self.arena.one()),
            Node::Product(parts) => {
                let number = parts.iter().find_map(|&part| self.arena.as_number(part)).cloned();
                let rest: Vec<Expr> =
                    parts.iter().copied().filter(|&part| self.arena.as_number(part).is_none()).collect();
                (number.unwrap_or_else(|| 1.into()), self.arena.product(rest))
            }
            _ => (1.into(), term),
        }
    }

    /// `f(a) <= f(b)` for an increasing f where `a <= b`.
    fn by_monotony(&mut self, asked: Asked<'_>) -> bool {
        let (scale, left) = self.scaled_part(asked.left);
        let (other, right) = self.scaled_part(asked.right);
        if scale != other || scale.is_zero() {
            return false;
        }
        let (left, right) = if is_negative(&scale) { (right, left) } else { (left, right) };
        match (self.arena.node(left).clone(), self.arena.node(right).clone()) {
            (
                Node::Call { function: Function::Elementary(f), slots, args },
                Node::Call { function: Function::Elementary(g), slots: other, args: others },
            ) if f == g && slots.is_empty() && other.is_empty() => {
                let may = is_strictly_increasing(f) || f == Elementary::Relu && asked.goal == Goal::NonNegative;
                self.applied("an increasing function", right);
                may && self.asks(asked.of(args[0], others[0]))
            }
            (Node::Power(a, n), Node::Power(b, m)) if n == m => {
                let zero = self.arena.zero();
                let positive = self.arena.as_number(n).is_some_and(|n| *n > Rational::from(0));
                let may = positive || asked.goal == Goal::NonNegative && self.counts(n, asked.known);
                self.applied("an increasing power", right);
                may && self.attempt(|prover| prover.compared(zero, a, Goal::NonNegative, asked.known))
                    && self.asks(asked.of(a, b))
            }
            _ => false,
        }
    }

    /// A sum by its terms: each is bounded by its share, or by the term of the other sum; a product by its factors.
    fn by_terms(&mut self, asked: Asked<'_>) -> bool {
        let asked = asked.of(self.with_factors_inside(asked.left), self.with_factors_inside(asked.right));
        match (self.big(asked.left), self.big(asked.right)) {
            (Some((op, low, high)), Some((other, from, to))) if (op, low, high) == (other, from, to) => {
                let Some((left, inner, letter)) = self.term(asked.left, low, high, asked.known) else { return false };
                let Some(right) = self.arena.instantiate(asked.right, letter) else { return false };
                let not_empty = asked.known.decides(self.arena, Comparison::LessEqual, low, high) == Some(true);
                let may = match op {
                    Big::Sum => asked.goal == Goal::NonNegative || not_empty,
                    Big::Product => {
                        let zero = self.arena.zero();
                        asked.goal == Goal::NonNegative
                            && self.attempt(|prover| prover.at_most(zero, left, Goal::NonNegative, &inner))
                    }
                    Big::Ascending | Big::Descending => false,
                };
                self.applied("term by term", right);
                may && self.asks(Asked { left, right, goal: asked.goal, known: &inner })
            }
            (Some((Big::Sum, low, high)), _) => self.by_shares(asked, asked.left, low, high),
            (_, Some((Big::Sum, low, high))) => self.by_shares(asked, asked.right, low, high),
            _ => false,
        }
    }

    /// `c Σ t` as `Σ c t`.
    fn with_factors_inside(&mut self, expr: Expr) -> Expr {
        let Node::Product(parts) = self.arena.node(expr).clone() else { return expr };
        let (sums, mut rest): (Vec<Expr>, Vec<Expr>) =
            parts.iter().partition(|&&part| matches!(self.arena.node(part), Node::Big { op: Big::Sum, .. }));
        let [sum] = sums[..] else { return expr };
        let Some((_, low, high)) = self.big(sum) else { return expr };
        let letter = self.fresh(SymbolKind::Integer);
        let (Node::Symbol { symbol, .. }, Some(term)) =
            (self.arena.node(letter).clone(), self.arena.instantiate(sum, letter))
        else {
            return expr;
        };
        rest.push(term);
        let body = self.arena.product(rest);
        self.arena.big(Big::Sum, symbol, low, high, body)
    }

    /// Geometric sums in closed form.
    fn by_closed_sums(&mut self, asked: Asked<'_>) -> bool {
        let (left, right) = (self.series_closed(asked.left, asked.known), self.series_closed(asked.right, asked.known));
        if (left, right) == (asked.left, asked.right) {
            return false;
        }
        self.applied("geometric sum", left);
        self.compared(left, right, asked.goal, asked.known)
    }

    /// The logarithm of what is at most 1 is not positive, of what is at least 1 not negative.
    fn by_signs_of_logarithms(&mut self, asked: Asked<'_>) -> bool {
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let mut known = asked.known.clone();
        for part in self.arena.reachable(&[asked.left, asked.right]) {
            let Node::Call { function: Function::Elementary(Elementary::Log), args, .. } =
                self.arena.node(part).clone()
            else {
                continue;
            };
            if !self.is_closed(part) {
                continue;
            }
            let below = |prover: &mut Self, low, high| {
                prover.attempt(|prover| prover.compared(low, high, Goal::NonNegative, asked.known))
            };
            if below(self, args[0], one) {
                known = known.with_fact(self.arena, Comparison::LessEqual, part, zero);
            } else if below(self, one, args[0]) {
                known = known.with_fact(self.arena, Comparison::LessEqual, zero, part);
            }
        }
        self.applied("signs of logarithms", asked.right);
        known.facts.len() > asked.known.facts.len() && self.compared(asked.left, asked.right, asked.goal, &known)
    }

    /// `1 - 1 / a <= log a <= a - 1`: each logarithm with a factor of known sign is bounded by its tangent.
    fn by_tangents(&mut self, asked: Asked<'_>) -> bool {
        if asked.goal == Goal::Positive {
            return false;
        }
        let difference = self.arena.subtract(asked.right, asked.left);
        let Some(bound) = self.below_by_tangents(difference, asked.known) else { return false };
        let zero = self.arena.zero();
        self.applied("tangent of the logarithm", bound);
        self.compared(zero, bound, Goal::NonNegative, asked.known)
    }

    /// A lower bound without logarithms; `None` where none stands or a factor has no sign.
    fn below_by_tangents(&mut self, expr: Expr, known: &Known) -> Option<Expr> {
        match self.arena.node(expr).clone() {
            Node::Sum(parts) => {
                let mut bounds = Vec::new();
                for &part in parts.iter() {
                    bounds.push(if self.holds_logarithm(part) { self.below_by_tangents(part, known)? } else { part });
                }
                Some(self.arena.sum(bounds))
            }
            Node::Big { op: Big::Sum, lower, upper, .. } => {
                let (term, inner, letter) = self.term(expr, lower, upper, known)?;
                let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
                let bound = self.below_by_tangents(term, &inner)?;
                Some(self.arena.big(Big::Sum, symbol, lower, upper, bound))
            }
            Node::Product(parts) => {
                let inside = self.with_factors_inside(expr);
                if inside != expr {
                    return self.below_by_tangents(inside, known);
                }
                let (logs, rest): (Vec<Expr>, Vec<Expr>) = parts.iter().partition(|&&part| self.holds_logarithm(part));
                let [log] = logs[..] else { return None };
                let factor = self.arena.product(rest);
                self.tangent(factor, log, known)
            }
            _ => {
                let one = self.arena.one();
                self.tangent(one, expr, known)
            }
        }
    }

    /// `c (1 - 1 / a)` for `c >= 0`, `c (a - 1)` for `c <= 0`.
    fn tangent(&mut self, factor: Expr, log: Expr, known: &Known) -> Option<Expr> {
        let Node::Call { function: Function::Elementary(Elementary::Log), args, slots } = self.arena.node(log).clone()
        else {
            return None;
        };
        if !slots.is_empty() {
            return None;
        }
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let below = |prover: &mut Self, low, high| {
            prover.attempt(|prover| prover.compared(low, high, Goal::NonNegative, known))
        };
        let bound = if below(self, zero, factor) {
            let inverse = self.arena.reciprocal(args[0]);
            self.arena.subtract(one, inverse)
        } else if below(self, factor, zero) {
            self.arena.subtract(args[0], one)
        } else {
            return None;
        };
        Some(self.arena.product([factor, bound]))
    }

    fn holds_logarithm(&self, expr: Expr) -> bool {
        let is_log = |part: Expr| {
            matches!(self.arena.node(part), Node::Call { function: Function::Elementary(Elementary::Log), .. })
        };
        self.arena.reachable(&[expr]).into_iter().any(is_log)
    }

    fn big(&self, expr: Expr) -> Option<(Big, Expr, Expr)> {
        match *self.arena.node(expr) {
            Node::Big { op, lower, upper, .. } => Some((op, lower, upper)),
            _ => None,
        }
    }

    fn term(&mut self, sum: Expr, low: Expr, high: Expr, known: &Known) -> Option<(Expr, Known, Expr)> {
        let letter = self.fresh(SymbolKind::Integer);
        let term = self.arena.instantiate(sum, letter)?;
        let (from, to) = (Linear::read(self.arena, low)?, Linear::read(self.arena, high)?);
        Some((term, known.within(letter, &from, &to), letter))
    }

    /// `Σ t <= r` where every t is at most r divided by the number of terms.
    fn by_shares(&mut self, asked: Asked<'_>, sum: Expr, low: Expr, high: Expr) -> bool {
        if asked.known.decides(self.arena, Comparison::LessEqual, low, high) != Some(true) {
            return false;
        }
        let Some((term, inner, _)) = self.term(sum, low, high, asked.known) else { return false };
        let (one, back) = (self.arena.one(), self.arena.negate(low));
        let length = self.arena.sum([high, back, one]);
        let length = self.canonical(length);
        let other = if sum == asked.left { asked.right } else { asked.left };
        let share = self.arena.divide(other, length);
        let share = self.canonical(share);
        self.applied("every term by its share", share);
        let (left, right) = if sum == asked.left { (term, share) } else { (share, term) };
        self.asks(Asked { left, right, goal: asked.goal, known: &inner })
    }

    /// `Σ t <= (Σ s)²` where no s is negative and every t is at most s².
    fn by_square_of_sum(&mut self, asked: Asked<'_>) -> bool {
        let Node::Power(sum, two) = *self.arena.node(asked.right) else { return false };
        let (Some((Big::Sum, low, high)), true) = (self.big(asked.left), self.arena.as_integer(two) == Some(2)) else {
            return false;
        };
        if self.big(sum) != self.big(asked.left) || asked.goal == Goal::Positive {
            return false;
        }
        let Some((term, inner, letter)) = self.term(asked.left, low, high, asked.known) else { return false };
        let Some(part) = self.arena.instantiate(sum, letter) else { return false };
        let (zero, square) = (self.arena.zero(), self.arena.power(part, two));
        self.applied("squares and the square of the sum", square);
        [(zero, part), (term, square)]
            .into_iter()
            .all(|(left, right)| self.at_most(left, right, Goal::NonNegative, &inner))
    }

    /// `(Σ a)² <= Σ b Σ c` where `a² <= b c` and neither b nor c is negative.
    fn by_cauchy_schwarz(&mut self, asked: Asked<'_>) -> bool {
        let (Node::Power(sum, two), Node::Product(parts)) =
            (self.arena.node(asked.left).clone(), self.arena.node(asked.right).clone())
        else {
            return false;
        };
        let bounds = self.big(sum);
        let [first, second] = parts[..] else { return false };
        let same = bounds.is_some() && self.big(first) == bounds && self.big(second) == bounds;
        let Some((Big::Sum, low, high)) = bounds.filter(|_| same && self.arena.as_integer(two) == Some(2)) else {
            return false;
        };
        if asked.goal == Goal::Positive {
            return false;
        }
        let Some((term, inner, letter)) = self.term(sum, low, high, asked.known) else { return false };
        let Some((b, c)) = self.arena.instantiate(first, letter).zip(self.arena.instantiate(second, letter)) else {
            return false;
        };
        let (zero, square, product) = (self.arena.zero(), self.arena.power(term, two), self.arena.product([b, c]));
        self.applied("Cauchy–Schwarz", product);
        [(zero, b), (zero, c), (square, product)]
            .into_iter()
            .all(|(left, right)| self.at_most(left, right, Goal::NonNegative, &inner))
    }

    /// `|f(a) - f(b)| <= s |a - b|` where the slope of f is nowhere steeper than s (DLMF 1.4(iii)).
    fn by_mean_value(&mut self, asked: Asked<'_>) -> bool {
        let inside = self.absolute_argument(asked.left).unwrap_or(asked.left);
        let Node::Sum(terms) = self.arena.node(inside).clone() else { return false };
        let [first, second] = terms[..] else { return false };
        let ((scale, f), (other, g)) = (self.scaled_part(first), self.scaled_part(second));
        if scale != -other {
            return false;
        }
        let (Node::Call { function, slots, args }, Node::Call { function: same, slots: others, args: values }) =
            (self.arena.node(f).clone(), self.arena.node(g).clone())
        else {
            return false;
        };
        if function != same || !slots.is_empty() || !others.is_empty() || args.len() != 1 || values.len() != 1 {
            return false;
        }
        let Some(steepest) = self.steepest(&function, asked.known) else { return false };
        let apart = self.arena.subtract(args[0], values[0]);
        let distance = self.arena.apply(Elementary::Abs, apart);
        let size = self.arena.number(abs(&scale));
        let bound = self.arena.product([size, steepest, distance]);
        self.applied("mean value", bound);
        self.compared(bound, asked.right, asked.goal, asked.known)
    }

    /// A bound on the absolute value of the slope of a function, which is differentiable everywhere.
    fn steepest(&mut self, function: &Function, known: &Known) -> Option<Expr> {
        match function {
            Function::Elementary(f) => match f {
                Elementary::Sigmoid | Elementary::Tanh | Elementary::Sin | Elementary::Atan | Elementary::Erf => {
                    // Nowhere as steep as at 0.
                    let zero = self.arena.zero();
                    let slope = (f.row().derivative)(self.arena, zero);
                    Some(self.canonical(slope))
                }
                Elementary::Cos | Elementary::Softplus | Elementary::Relu | Elementary::Abs => Some(self.arena.one()),
                Elementary::Silu => Some(self.arena.number(crate::number::rational::fraction(11, 10)?)),
                Elementary::Gelu => Some(self.arena.number(crate::number::rational::fraction(1129, 1000)?)),
                Elementary::Exp
                | Elementary::Log
                | Elementary::Tan
                | Elementary::Sinh
                | Elementary::Cosh
                | Elementary::Sign
                | Elementary::Max
                | Elementary::Min
                | Elementary::Delta => None,
            },
            Function::Declared { .. } => known.laws.iter().find_map(|law| {
                let [letter] = law.letters[..] else { return None };
                let Node::Call { function: own, slots, args } = self.arena.node(self.absolute_argument(law.left)?)
                else {
                    return None;
                };
                let over_reals = !crate::proof::context::is_integer(self.arena, letter);
                let is_slope = over_reals
                    && own == function
                    && slots.len() == 1
                    && args[..] == [letter]
                    && law.conditions.is_empty();
                let is_bound = matches!(law.how, Comparison::Less | Comparison::LessEqual);
                (is_slope && is_bound && !self.arena.contains(law.right, letter)).then_some(law.right)
            }),
        }
    }

    /// On either side of `a != b`.
    fn by_inequation(&mut self, asked: Asked<'_>) -> bool {
        let facts = &asked.known.facts;
        let Some(place) = facts.iter().position(|&(how, _, _)| how == Comparison::NotEqual) else { return false };
        let mut rest = asked.known.clone();
        let (_, a, b) = rest.facts.remove(place);
        self.applied("either side of", a);
        [(a, b), (b, a)].into_iter().all(|(low, high)| {
            let known = rest.with_fact(self.arena, Comparison::Less, low, high);
            self.asks(Asked { known: &known, ..asked })
        })
    }
}

/// Functions that rise strictly wherever they are defined.
pub(super) fn is_strictly_increasing(function: Elementary) -> bool {
    match function {
        Elementary::Exp
        | Elementary::Log
        | Elementary::Sinh
        | Elementary::Tanh
        | Elementary::Atan
        | Elementary::Erf
        | Elementary::Sigmoid
        | Elementary::Softplus => true,
        Elementary::Sin
        | Elementary::Cos
        | Elementary::Tan
        | Elementary::Cosh
        | Elementary::Relu
        | Elementary::Silu
        | Elementary::Gelu
        | Elementary::Abs
        | Elementary::Sign
        | Elementary::Max
        | Elementary::Min
        | Elementary::Delta => false,
    }
}
