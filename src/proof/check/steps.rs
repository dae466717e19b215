//! Inferences between relations of order: monotone functions, squares, products over an index, cases, induction.

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, Prop, Substitution, SymbolKind};
use crate::number::Rational;
use crate::number::polynomial::{End, Range};
use crate::number::range;
use crate::proof::check::evidence::{Evidence, Reason, Relation};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::replay::{Checked, Objection, Replay, ensure, relation_of};

/// What a step works on: its conclusion and those of its premises.
pub(super) struct Step<'e> {
    pub own: Relation,
    pub premises: &'e [Evidence],
    pub others: Vec<Relation>,
}

impl<'e> Step<'e> {
    fn of(conclusion: &Prop, premises: &'e [Evidence]) -> Result<Step<'e>, Objection> {
        let own = relation_of(conclusion).ok_or(Objection::Wrong("no relation"))?;
        let others = premises.iter().map(|premise| relation_of(&premise.conclusion)).collect::<Option<Vec<_>>>();
        let is_order = matches!(own.how, Comparison::Less | Comparison::LessEqual);
        ensure(is_order, "no relation of order")?;
        Ok(Step { own, premises, others: others.ok_or(Objection::Wrong("no relation"))? })
    }
}

impl Replay<'_> {
    pub(super) fn step(
        &mut self,
        conclusion: &Prop,
        reason: &Reason,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let step = Step::of(conclusion, premises)?;
        match reason {
            Reason::Monotone => {
                self.monotone(&step)?;
                self.all(premises, hypotheses)
            }
            Reason::Power => {
                self.rising_power(&step, hypotheses)?;
                self.all(premises, hypotheses)
            }
            Reason::Multiple => {
                self.all(premises, hypotheses)?;
                self.multiple(&step, hypotheses)
            }
            Reason::Squares => {
                self.all(premises, hypotheses)?;
                self.squares(&step, hypotheses)
            }
            Reason::Exponents => {
                self.exponents(&step, hypotheses)?;
                self.all(premises, hypotheses)
            }
            Reason::Composed(composition) => self.composed(&step, *composition, hypotheses),
            Reason::NormLaw => self.norm_law(step.own, hypotheses),
            Reason::LargestEntry(letter) => self.largest_entry(&step, *letter, hypotheses),
            Reason::CauchySchwarz(letter, lower, upper) => {
                self.cauchy_schwarz(&step, (*letter, *lower, *upper), hypotheses)
            }
            Reason::SquareOfSum(letter, lower, upper) => {
                self.square_of_sum(&step, (*letter, *lower, *upper), hypotheses)
            }
            Reason::Telescoped(telescope) => self.telescoped(&step, *telescope, hypotheses),
            Reason::Exponentials => self.exponentials(&step, hypotheses),
            Reason::TermOfSum(places) => self.term_of_sum(step.own, places, hypotheses),
            Reason::Instance(letters) => self.instance(step.own, letters, hypotheses),
            Reason::BothCases(part) => self.both_cases(&step, *part, hypotheses),
            Reason::Factors { letter, lower, upper } => self.factors(&step, (*letter, *lower, *upper), hypotheses),
            Reason::Generalized(letters) => self.generalized(&step, letters, hypotheses),
            Reason::Induction { letter, least } => self.induction(conclusion, (*letter, *least), premises, hypotheses),
            _ => Err(Objection::Wrong("no step between relations of order")),
        }
    }

    /// `f(a) <= f(b)` from `a <= b`.
    fn monotone(&self, step: &Step<'_>) -> Checked {
        let Relation { how, left, right } = step.own;
        let (Some((f, a)), Some((g, b))) = (call(self.arena, left), call(self.arena, right)) else {
            return Err(Objection::Wrong("no calls"));
        };
        let may = f.rises_strictly() || f == Elementary::Relu && how == Comparison::LessEqual;
        ensure(f == g && may && step.others == [Relation::new(how, a, b)], "no increasing function of ordered numbers")
    }

    /// `a^n <= b^n` from `0 <= a <= b`; for odd n from `a <= b`.
    fn rising_power(&mut self, step: &Step<'_>, hypotheses: &Hypotheses<'_>) -> Checked {
        let Relation { how, left, right } = step.own;
        let (&Node::Power(a, n), &Node::Power(b, m)) = (self.arena.node(left), self.arena.node(right)) else {
            return Err(Objection::Wrong("no powers"));
        };
        let zero = self.arena.zero();
        let is_positive = self.arena.as_number(n).is_some_and(|n| *n > Rational::from(0));
        let counts = hypotheses.decides(self.arena, Comparison::LessEqual, zero, n) == Some(true);
        let is_odd = self.arena.as_integer(n).is_some_and(|n| n > 0 && n % 2 == 1);
        let order = Relation::new(how, a, b);
        let from_zero = [Relation::new(Comparison::LessEqual, zero, a), order];
        let may = is_positive || counts && how == Comparison::LessEqual;
        ensure(n == m && (is_odd && step.others == [order] || may && step.others == from_zero), "no increasing power")
    }

    /// The difference of the sides is a positive number times that of the premise.
    fn multiple(&mut self, step: &Step<'_>, hypotheses: &Hypotheses<'_>) -> Checked {
        let [Relation { how: Comparison::Less, left: zero, right: factor }, other] = step.others[..] else {
            return Err(Objection::Wrong("no positive factor"));
        };
        ensure(self.arena.is_zero(zero) && other.how == step.own.how, "no positive factor")?;
        let ends = [other.left, other.right].map(|side| self.arena.product([factor, side]));
        self.identity((step.own.left, step.own.right), (ends[0], ends[1]), hypotheses)
    }

    /// `l <= r` from `0 <= r` and `l² <= r²`.
    fn squares(&mut self, step: &Step<'_>, hypotheses: &Hypotheses<'_>) -> Checked {
        let [Relation { how: Comparison::LessEqual, left: zero, right }, squares] = step.others[..] else {
            return Err(Objection::Wrong("no squares"));
        };
        let is_same = self.arena.is_zero(zero) && right == step.own.right && squares.how == step.own.how;
        ensure(is_same, "no squares")?;
        for (side, square) in [(step.own.left, squares.left), (step.own.right, squares.right)] {
            self.square_is(side, square, hypotheses)?;
        }
        Ok(())
    }

    /// `a^n <= a^m` from `1 <= a` for `n <= m`, or from `0 <= a <= 1` for `m <= n`.
    fn exponents(&mut self, step: &Step<'_>, hypotheses: &Hypotheses<'_>) -> Checked {
        let Relation { how, left, right } = step.own;
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let base = match step.others[..] {
            [rising] => rising.right,
            [_, falling] => falling.left,
            _ => return Err(Objection::Wrong("no base")),
        };
        let exponent = |replay: &Self, side: Expr| match *replay.arena.node(side) {
            _ if side == one => Some(zero),
            _ if side == base => Some(one),
            Node::Power(own, exponent) if own == base => Some(exponent),
            _ => None,
        };
        let both = exponent(self, left).zip(exponent(self, right)).ok_or(Objection::Wrong("no powers of one base"))?;
        let decides = |low, high| hypotheses.decides(self.arena, how, low, high) == Some(true);
        let count = [both.0, both.1]
            .into_iter()
            .all(|n| hypotheses.decides(self.arena, Comparison::LessEqual, zero, n) == Some(true));
        let rises = decides(both.0, both.1) && step.others == [Relation::new(how, one, base)];
        let falls =
            decides(both.1, both.0) && step.others == [Relation::new(how, zero, base), Relation::new(how, base, one)];
        ensure(count && (rises || falls), "the exponents are not ordered so")
    }

    /// `l <= r` from `p <= p e^(r - l)`, where p is positive and logarithms in r - l stand for their arguments.
    fn exponentials(&mut self, step: &Step<'_>, hypotheses: &Hypotheses<'_>) -> Checked {
        let [Relation { how, left, right }] = step.others[..] else {
            return Err(Objection::Wrong("one premise is wanted"));
        };
        ensure(how == step.own.how, "another comparison")?;
        if !range::is_positive(&extent(self.arena, hypotheses, left)) {
            return Err(Objection::Unreplayed("a factor that may not be positive"));
        }
        let difference = self.arena.subtract(step.own.right, step.own.left);
        let power = self.exponential(difference);
        let (own, zero) = (self.arena.product([left, power]), self.arena.zero());
        self.identity((zero, right), (zero, own), hypotheses)
            .map_err(|_| Objection::Unreplayed("an identity of exponentials"))?;
        self.all(step.premises, hypotheses)
    }

    /// `e^x`, by the arguments of the logarithms of which whole multiples are terms of x.
    fn exponential(&mut self, expr: Expr) -> Expr {
        let (scale, rest): (Vec<Expr>, Vec<Expr>) = match self.arena.node(expr).clone() {
            Node::Sum(terms) => {
                let factors: Vec<Expr> = terms.iter().map(|&term| self.exponential(term)).collect();
                return self.arena.product(factors);
            }
            Node::Product(parts) => parts.iter().partition(|&&part| self.arena.as_number(part).is_some()),
            _ => (Vec::new(), vec![expr]),
        };
        let scale = self.arena.product(scale);
        match rest[..] {
            [only] if self.arena.as_integer(scale).is_some() => match call(self.arena, only) {
                Some((Elementary::Log, inside)) => self.arena.power(inside, scale),
                _ => self.arena.apply(Elementary::Exp, expr),
            },
            _ => self.arena.apply(Elementary::Exp, expr),
        }
    }

    /// A sum of terms that are not negative is at least one of them, or two different ones, and more where another one
    /// is positive.
    fn term_of_sum(&mut self, own: Relation, places: &[Expr], hypotheses: &Hypotheses<'_>) -> Checked {
        let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(own.right) else {
            return Err(Objection::Wrong("no sum"));
        };
        let decides = |replay: &Self, how, low, high| hypotheses.decides(replay.arena, how, low, high) == Some(true);
        let at_most = Comparison::LessEqual;
        let are_inside =
            places.iter().all(|&place| decides(self, at_most, lower, place) && decides(self, at_most, place, upper));
        let are_apart = match places {
            [_] => true,
            [a, b] => {
                let apart = Relation::new(Comparison::NotEqual, *a, *b);
                decides(self, apart.how, *a, *b) || hypotheses.hold(apart)
            }
            _ => false,
        };
        ensure(are_inside && are_apart, "no terms of the sum")?;
        let (terms, body) = (self.terms(own.right, places)?, self.extent_of_terms(own.right, hypotheses)?);
        let is_more = range::is_positive(&body) && decides(self, Comparison::Less, lower, upper) && places.len() == 1;
        ensure(range::is_non_negative(&body) && (own.how == at_most || is_more), "a term may be negative")?;
        let sum = self.arena.sum(terms);
        let zero = self.arena.zero();
        self.identity((zero, own.left), (zero, sum), hypotheses)
    }

    fn terms(&mut self, sum: Expr, places: &[Expr]) -> Result<Vec<Expr>, Objection> {
        let terms = places.iter().map(|&place| self.arena.instantiate(sum, place)).collect::<Option<Vec<_>>>();
        terms.ok_or(Objection::Wrong("no term"))
    }

    /// Where the terms of a sum lie.
    fn extent_of_terms(&mut self, sum: Expr, hypotheses: &Hypotheses<'_>) -> Result<Range, Objection> {
        let Node::Big { lower, upper, .. } = *self.arena.node(sum) else { return Err(Objection::Wrong("no sum")) };
        let letter = self.arena.letter_apart("term", &[sum]);
        let letter = self.arena.symbol(letter);
        let inner = self.within(letter, (lower, upper), hypotheses)?;
        let body = self.terms(sum, &[letter])?;
        Ok(extent(self.arena, &inner, body[0]))
    }

    /// Whether an expression is a letter of a kind.
    pub(super) fn is_letter(&self, expr: Expr, kind: SymbolKind) -> bool {
        matches!(self.arena.node(expr), Node::Symbol { symbol, indices, shape }
            if indices.is_empty() && shape.is_scalar() && self.arena.kind(*symbol) == kind)
    }

    /// The hypotheses for a letter of a range, of which nothing else is known.
    pub(super) fn within<'m>(
        &mut self,
        letter: Expr,
        (lower, upper): (Expr, Expr),
        hypotheses: &Hypotheses<'m>,
    ) -> Result<Hypotheses<'m>, Objection> {
        ensure(self.is_letter(letter, SymbolKind::Integer), "no letter of integers")?;
        ensure(!hypotheses.speak_of(self.arena, letter), "something is known of a letter")?;
        let is_fixed = ![lower, upper].into_iter().any(|end| self.arena.contains(end, letter));
        ensure(is_fixed, "a letter is an end of its own range")?;
        let low = hypotheses.with(self.arena, &Prop::at_most(lower, letter));
        Ok(low.with(self.arena, &Prop::at_most(letter, upper)))
    }

    /// A law for one choice of its letters.
    fn instance(&mut self, own: Relation, letters: &[(Expr, Expr)], hypotheses: &Hypotheses<'_>) -> Checked {
        let map: Substitution = letters.iter().copied().collect();
        let instances = hypotheses.laws_at(self.arena, &map);
        let is_one = instances.into_iter().any(|law| law.how == own.how && self.are_same(own, law, hypotheses));
        ensure(is_one, "no instance of a law")
    }

    /// `|g|` is g or -g, a rectifier its argument or 0, a maximum one of its arguments.
    fn both_cases(&mut self, step: &Step<'_>, part: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let Node::Call { function: Function::Elementary(f), slots, args } = self.arena.node(part).clone() else {
            return Err(Objection::Wrong("no corner"));
        };
        let values = match (f, &args[..]) {
            (Elementary::Abs, &[arg]) => [arg, self.arena.negate(arg)],
            (Elementary::Relu, &[arg]) => [arg, self.arena.zero()],
            (Elementary::Max | Elementary::Min, &[a, b]) => [a, b],
            _ => return Err(Objection::Wrong("no corner")),
        };
        let [first, second] = step.premises else { return Err(Objection::Wrong("two cases are wanted")) };
        ensure(slots.is_empty(), "no corner")?;
        for (premise, value, other) in [(first, values[0], values[1]), (second, values[1], values[0])] {
            let (below, above) = if f == Elementary::Min { (value, other) } else { (other, value) };
            let map = Substitution::from([(part, value)]);
            let wanted = step.own.prop().map(&mut |expr| self.arena.substitute(expr, &map));
            let case = hypotheses.substituted(self.arena, &map);
            let more = [Prop::at_most(below, above)];
            self.one_with(std::slice::from_ref(premise), &wanted, &more, &case)?;
        }
        Ok(())
    }

    /// `c Π a_j <= d Π b_j` from `|a_j| <= b_j` for every j, and from `|c| <= d`, which is below 0 nowhere.
    fn factors(
        &mut self,
        step: &Step<'_>,
        (letter, lower, upper): (Expr, Expr, Expr),
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let one = self.arena.one();
        let (rest, each) = match &step.others[..] {
            [each] => (None, each),
            [rest, each] => (Some(*rest), each),
            [rest, positive, each] => {
                let zero = self.arena.zero();
                ensure(*positive == Relation::new(Comparison::Less, zero, rest.right), "no positive factor")?;
                (Some(*rest), each)
            }
            _ => return Err(Objection::Wrong("no factors")),
        };
        let is_strict = step.own.how == Comparison::Less;
        let Relation { left: under, right: over, .. } = rest.unwrap_or(Relation::new(Comparison::LessEqual, one, one));
        let is_bound = rest.is_none_or(|rest| matches!(rest.how, Comparison::Less | Comparison::LessEqual));
        ensure(is_bound && each.how == step.own.how && (!is_strict || step.others.len() != 2), "no strict factors")?;
        let after = self.arena.sum([upper, one]);
        let first_after = if is_strict { upper } else { after };
        ensure(
            hypotheses.decides(self.arena, Comparison::LessEqual, lower, first_after) == Some(true),
            "there may be no factor",
        )?;
        let inner = self.within(letter, (lower, upper), hypotheses)?;
        for side in [under, each.left] {
            let own = extent(self.arena, &inner, side);
            ensure(range::is_non_negative(&own), "a factor may be negative")?;
        }
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return Err(Objection::Wrong("no letter")) };
        let mut whole = |rest: Expr, factor: Expr| {
            let product = self.arena.big(Big::Product, symbol, lower, upper, factor);
            self.arena.product([rest, product])
        };
        let (left, right) = (whole(under, each.left), whole(over, each.right));
        self.square_of_both(step.own.left, left, hypotheses)?;
        let zero = self.arena.zero();
        self.identity((zero, step.own.right), (zero, right), hypotheses)?;
        let (last, before) = step.premises.split_last().ok_or(Objection::Wrong("no factors"))?;
        self.all(before, hypotheses)?;
        self.verify(last, &inner)
    }

    /// What holds for all values of letters in the ranges of some expressions holds for these.
    fn generalized(&mut self, step: &Step<'_>, letters: &[(Expr, Expr)], hypotheses: &Hypotheses<'_>) -> Checked {
        let are_new = letters.iter().all(|&(letter, _)| {
            let is_letter = self.is_letter(letter, SymbolKind::Real);
            let sides = [step.own.left, step.own.right];
            let stands = sides.into_iter().any(|side| self.arena.contains(side, letter));
            is_letter && !stands && !hypotheses.speak_of(self.arena, letter)
        });
        ensure(are_new, "a letter is not new")?;
        let map: Substitution = letters.iter().map(|&(letter, part)| (part, letter)).collect();
        let mut inner = hypotheses.substituted(self.arena, &map);
        for &(letter, part) in letters {
            let own = extent(self.arena, hypotheses, part);
            for relation in self.bounds(letter, &own) {
                inner = inner.with(self.arena, &relation.prop());
            }
        }
        let wanted = step.own.prop().map(&mut |expr| self.arena.substitute(expr, &map));
        self.one_with(step.premises, &wanted, &[], &inner)
    }

    /// What a range says of a letter.
    pub(super) fn bounds(&mut self, letter: Expr, own: &Range) -> Vec<Relation> {
        let how = |end: &End| if end.member().is_some() { Comparison::LessEqual } else { Comparison::Less };
        let low = own.low.value().map(|value| (how(&own.low), self.arena.number(value.clone()), letter));
        let high = own.high.value().map(|value| (how(&own.high), letter, self.arena.number(value.clone())));
        low.into_iter().chain(high).map(|(how, left, right)| Relation::new(how, left, right)).collect()
    }

    /// Base: at the least value. Step: from the value before, where it is above the least one.
    fn induction(
        &mut self,
        conclusion: &Prop,
        (letter, least): (Expr, Expr),
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let begins = hypotheses.decides(self.arena, Comparison::LessEqual, least, letter) == Some(true)
            && hypotheses.begin_at(self.arena, letter, least);
        ensure(self.is_letter(letter, SymbolKind::Integer), "no letter of integers")?;
        ensure(begins, "more or less is known of the letter than where it begins")?;
        let [base, step] = premises else { return Err(Objection::Wrong("a base and a step are wanted")) };
        let at = Substitution::from([(letter, least)]);
        let wanted = conclusion.map(&mut |expr| self.arena.substitute(expr, &at));
        let begin = hypotheses.substituted(self.arena, &at);
        self.one_with(std::slice::from_ref(base), &wanted, &[], &begin)?;
        let (one, minus) = (self.arena.one(), self.arena.integer(-1));
        let before = self.arena.sum([letter, minus]);
        let map = Substitution::from([(letter, before)]);
        let earlier = conclusion.map(&mut |expr| self.arena.substitute(expr, &map));
        let next = self.arena.sum([least, one]);
        self.one_with(std::slice::from_ref(step), conclusion, &[Prop::at_most(next, letter), earlier], hypotheses)
    }
}
