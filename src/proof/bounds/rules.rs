//! Rules that reduce a relation of order to others: each says what suffices, so a yes is a proof and a no is nothing.

use crate::expr::{Comparison, Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::number::Rational;
use crate::number::polynomial::Goal;
use crate::number::rational::{abs, is_negative};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::{Known, contrary};
use crate::proof::check::{Evidence, Law, Reason, Relation};
use crate::proof::outcome::Method;
use crate::proof::reals::{slope, smooth_branches};

/// A relation that is asked for: `left <= right`, or `<`.
#[derive(Clone, Copy)]
pub(super) struct Asked<'k> {
    pub left: Expr,
    pub right: Expr,
    pub goal: Goal,
    pub known: &'k Known,
}

impl Asked<'_> {
    pub fn of(self, left: Expr, right: Expr) -> Self {
        Asked { left, right, ..self }
    }

    /// What is asked for.
    pub fn relation(self) -> Relation {
        Relation::of_goal(self.goal, self.left, self.right)
    }
}

impl Prover<'_> {
    /// The first rule that leads to a proof.
    pub fn by_rules(&mut self, asked: Asked<'_>) -> bool {
        let rules: [(&str, fn(&mut Self, Asked<'_>) -> bool); 18] = [
            // What they lead to soon is better than what others lead to, who try much.
            ("known totals", |prover, asked| prover.with_few_steps(|prover| prover.by_known_totals(asked))),
            ("either side", Prover::by_inequation),
            ("both branches", Prover::by_branches),
            ("monotony", Prover::by_monotony),
            ("powers of one base", Prover::by_exponents),
            ("without denominators", Prover::by_clearing),
            ("convexity", Prover::by_convexity),
            ("mean value", Prover::by_mean_value),
            ("steepest slope", Prover::by_steepest_slope),
            ("without logarithms", Prover::by_logarithms),
            ("Cauchy and Schwarz", Prover::by_cauchy_schwarz),
            ("square of a sum", Prover::by_square_of_sum),
            ("closed sums", Prover::by_closed_sums),
            ("term by term", Prover::by_terms),
            ("signs of logarithms", Prover::by_signs_of_logarithms),
            ("tangents", Prover::by_tangents),
            ("both cases", Prover::by_cases_of_corners),
            ("known totals", Prover::by_known_totals),
        ];
        let wanted = &asked.relation().prop();
        rules.into_iter().any(|(name, rule)| self.concluding(name, wanted, |prover| rule(prover, asked)))
    }

    pub fn asks(&mut self, asked: Asked<'_>) -> bool {
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
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let squared = asked.of(sides[0], sides[1]);
        let found = self.compared(not_negative.left, not_negative.right, Goal::NonNegative, asked.known)
            && self.concluding("sums in squares", &squared.relation().prop(), |prover| {
                prover.compared(squared.left, squared.right, asked.goal, asked.known)
                    || prover.attempt(|prover| prover.by_square_of_sum(squared))
                    || prover.attempt(|prover| prover.by_cauchy_schwarz(squared))
                    || prover.attempt(|prover| prover.by_clearing(squared))
                    || prover.by_terms(squared)
            });
        if found {
            let squares = [asked.left, asked.right].map(|side| self.arena.power(side, two));
            self.restate(mark + 1, asked.of(squares[0], squares[1]).relation());
            self.conclude(mark, asked.relation().prop(), Reason::Law("squares", vec![asked.left, asked.right]));
        }
        found
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
        self.arena.argument(Elementary::Abs, expr)
    }

    /// `|g|` is g or -g, `max(a, b)` is a or b: both must do.
    fn by_cases_of_corners(&mut self, asked: Asked<'_>) -> bool {
        let sides = [asked.left, asked.right];
        let corner = self.arena.reachable(&sides).into_iter().rev().find_map(|part| {
            let (f, args) = self.arena.elementary(part)?;
            let is_corner = matches!(f, Elementary::Abs | Elementary::Relu | Elementary::Max | Elementary::Min);
            let plain = self.arena.is_closed(part) && self.arena.shape(part).is_scalar();
            (is_corner && plain).then(|| (part, f, args.to_vec()))
        });
        let Some((part, f, args)) = corner else { return false };
        let other = match f {
            Elementary::Abs => self.arena.negate(args[0]),
            Elementary::Relu => self.arena.zero(),
            _ => args[args.len() - 1],
        };
        let first = args[0];
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        // Each case with what it says of the other.
        let found = [(first, other), (other, first)].into_iter().all(|(value, rest)| {
            let zero = self.arena.zero();
            let (below, above) = match f {
                Elementary::Abs if value == first => (zero, first),
                Elementary::Abs => (first, zero),
                Elementary::Min => (value, rest),
                _ => (rest, value),
            };
            let map = Substitution::from([(part, value)]);
            let mut known = Known { facts: Vec::new(), ..asked.known.clone() };
            for &(how, left, right) in &asked.known.facts {
                let sides = self.arena.substitute_all(&[left, right], &map);
                known = known.with_fact(self.arena, how, sides[0], sides[1]);
            }
            let known = known.with_fact(self.arena, Comparison::LessEqual, below, above);
            let sides = self.arena.substitute_all(&sides, &map);
            self.asks_where(Asked { left: sides[0], right: sides[1], goal: asked.goal, known: &known })
        });
        if found {
            let (low, high) = match f {
                Elementary::Abs => (self.arena.zero(), first),
                Elementary::Min => (first, other),
                _ => (other, first),
            };
            let order = Relation::new(Comparison::LessEqual, low, high);
            self.conclude_for_corner(mark, part, &asked.relation().prop(), order);
        }
        found
    }

    /// The same in a case that may not occur.
    fn asks_where(&mut self, asked: Asked<'_>) -> bool {
        if asked.known.is_absurd(self.arena) {
            self.attest(asked.relation().prop(), Reason::Absurd);
            return true;
        }
        if let Some(inside) = self.zero_under_sign(&[asked.left, asked.right], asked.known) {
            self.attest(asked.relation().prop(), Reason::Nowhere(inside));
            return true;
        }
        self.asks(asked)
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
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = self.asks(asked.of(left, right));
        if found {
            let power = self.arena.apply(Elementary::Exp, difference);
            let power = self.arena.product([left, power]);
            self.restate(mark, asked.of(left, power).relation());
            let positive = self.above_zero(Goal::Positive, left).prop();
            self.evidence.insert(mark, Evidence::leaf(positive, Reason::Extent));
            let values = vec![asked.left, asked.right, left];
            self.conclude(mark, asked.relation().prop(), Reason::Law("exponentials", values));
        }
        found
    }

    /// A term as a number times the rest.
    pub fn scaled_part(&mut self, term: Expr) -> (Rational, Expr) {
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
        let mark = self.evidence.len();
        let (found, reason) = match (self.arena.node(left).clone(), self.arena.node(right).clone()) {
            (
                Node::Call { function: Function::Elementary(f), slots, args },
                Node::Call { function: Function::Elementary(g), slots: other, args: others },
            ) if f == g && slots.is_empty() && other.is_empty() => {
                let may = f.rises_strictly() || f == Elementary::Relu && asked.goal == Goal::NonNegative;
                let Some(law) = Law::rising(f).filter(|_| may) else { return false };
                self.methods.insert(Method::Rule);
                (self.asks(asked.of(args[0], others[0])), Reason::Law(law, vec![args[0], others[0]]))
            }
            (Node::Power(a, n), Node::Power(b, m)) if n == m => {
                let zero = self.arena.zero();
                let positive = self.arena.as_number(n).is_some_and(|n| *n > Rational::from(0));
                let may = positive || asked.goal == Goal::NonNegative && self.counts(n, asked.known);
                self.methods.insert(Method::Rule);
                let half = self.arena.as_integer(n).filter(|n| *n > 0 && n % 2 == 1).map(|n| self.arena.integer(n / 2));
                let from_zero = |prover: &mut Self| prover.compared(zero, a, Goal::NonNegative, asked.known);
                let found = (half.is_some() || may && self.attempt(from_zero)) && self.asks(asked.of(a, b));
                (found, half.map_or(Reason::Law("power", vec![a, b, n]), |k| Reason::Law("odd power", vec![a, b, k])))
            }
            _ => return false,
        };
        if found {
            self.conclude(mark, asked.of(left, right).relation().prop(), reason);
            if (left, right) != (asked.left, asked.right) {
                let factor = self.arena.number(abs(&scale));
                self.multiply(mark, factor, asked.relation());
            }
        }
        found
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
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        if !self.compared(bound, asked.right, asked.goal, asked.known) {
            return false;
        }
        let rest = self.arena.subtract(asked.right, bound);
        if asked.goal == Goal::NonNegative && self.vanishes(rest, asked.known) {
            self.evidence.truncate(mark);
            let letter = self.fresh(SymbolKind::Real);
            let value = self.arena.call(function, Vec::new(), vec![letter]);
            let scale = self.arena.number(scale);
            let curve = (self.arena.product([scale, value]), letter);
            let steepest = self.arena.product([size, steepest]);
            self.attest_slope(asked, curve, (args[0], values[0]), steepest);
        }
        true
    }

    /// Leaves the evidence that values of a function are no further apart than its slope allows.
    pub fn attest_slope(
        &mut self,
        asked: Asked<'_>,
        (function, letter): (Expr, Expr),
        ends: (Expr, Expr),
        steepest: Expr,
    ) -> bool {
        let mark = self.evidence.len();
        let branches = smooth_branches(self.arena, function, letter);
        let found = branches.into_iter().all(|branch| {
            let Some(slope) = slope(self.arena, branch, letter) else { return false };
            let size = self.arena.apply(Elementary::Abs, slope);
            self.sparingly(|prover| prover.asks(Asked { left: size, right: steepest, ..asked }))
        });
        if found {
            self.conclude(mark, asked.relation().prop(), Reason::MeanValue { function, letter, ends });
        } else {
            self.evidence.truncate(mark);
        }
        found
    }

    /// A bound on the absolute value of the slope of a function, which is differentiable everywhere.
    pub fn steepest(&mut self, function: &Function, known: &Known) -> Option<Expr> {
        match function {
            Function::Elementary(f) => {
                let steepest = f.steepest(self.arena)?;
                Some(self.canonical(steepest))
            }
            Function::Declared { .. } => known.laws.iter().find_map(|law| {
                let [letter] = law.letters[..] else { return None };
                let Node::Call { function: own, slots, args } =
                    self.arena.node(self.absolute_argument(law.relation.left)?)
                else {
                    return None;
                };
                let over_reals = !crate::proof::context::is_integer(self.arena, letter);
                let is_slope = over_reals
                    && own == function
                    && slots.len() == 1
                    && args[..] == [letter]
                    && law.conditions.is_empty();
                let Relation { right, .. } = law.relation;
                (is_slope && law.relation.is_order() && !self.arena.contains(right, letter)).then_some(right)
            }),
        }
    }

    /// Where the condition of a branch holds, and where it does not.
    fn by_branches(&mut self, asked: Asked<'_>) -> bool {
        let undecided = self.arena.reachable(&[asked.left, asked.right]).into_iter().find_map(|part| {
            let Node::Cases(branches) = self.arena.node(part) else { return None };
            let (how, a, b) = branches.first()?.condition?;
            asked.known.decides(self.arena, how, a, b).is_none().then_some((how, a, b, part))
        });
        let Some((how, a, b, part)) = undecided else { return false };
        let Some(other) = contrary(how, a, b).filter(|_| self.arena.is_closed(part)) else { return false };
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = [((how, a, b), 0), (other, 1)].into_iter().all(|((how, a, b), branch)| {
            let known = asked.known.with_fact(self.arena, how, a, b);
            let Some(value) = self.branch_taken(part, branch) else { return false };
            let map = Substitution::from([(part, value)]);
            let sides = self.arena.substitute_all(&[asked.left, asked.right], &map);
            let mark = self.evidence.len();
            let found = self.asks_where(Asked { left: sides[0], right: sides[1], goal: asked.goal, known: &known });
            if found {
                self.restate(mark, asked.relation());
            }
            found
        });
        if found {
            self.conclude(mark, asked.relation().prop(), Reason::Split(Relation::new(how, a, b)));
        }
        found
    }

    /// The value of the first branch, or what is left without it.
    fn branch_taken(&mut self, cases: Expr, branch: usize) -> Option<Expr> {
        let Node::Cases(branches) = self.arena.node(cases).clone() else { return None };
        if branch == 0 {
            return branches.first().map(|branch| branch.value);
        }
        match &branches[1..] {
            [] => None,
            [only] if only.condition.is_none() => Some(only.value),
            rest => Some(self.arena.cases(rest.to_vec())),
        }
    }

    /// On either side of `a != b`.
    fn by_inequation(&mut self, asked: Asked<'_>) -> bool {
        let facts = &asked.known.facts;
        let Some(place) = facts.iter().position(|&(how, _, _)| how == Comparison::NotEqual) else { return false };
        let mut rest = asked.known.clone();
        let (_, a, b) = rest.facts.remove(place);
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = [(a, b), (b, a)].into_iter().all(|(low, high)| {
            let known = rest.with_fact(self.arena, Comparison::Less, low, high);
            self.asks(Asked { known: &known, ..asked })
        });
        if found {
            self.conclude(mark, asked.relation().prop(), Reason::EitherSide(a, b));
        }
        found
    }
}
