//! Where letters run: sets of integer points given by bounds on differences.
//!
//! A [`Domain`] is a conjunction of `x - y <= c` over letters and sizes, with 0 as one more of them. Emptiness and
//! implication are decided exactly by shortest paths, since bounds on differences of integers are closed under them
//! (Bellman 1958; Dill 1990, "difference-bound matrices").

use crate::expr::{Arena, Comparison, Expr, Prop, SmallMap};
use crate::rewrite::linear::Linear;

/// A node of the graph of differences: a letter or size, or 0.
type Point = Option<Expr>;

/// A set of integer points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Domain {
    /// `x - y <= c`, closed under addition; without trivial ones.
    bounds: SmallMap<(Point, Point), i64>,
    /// Whether there is no point at all.
    empty: bool,
}

impl Domain {
    /// All integer points.
    pub fn all() -> Domain {
        Domain::default()
    }

    /// Whether no point is in it.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// The differences that are bounded.
    pub(super) fn differences(&self) -> impl Iterator<Item = &(Point, Point)> {
        self.bounds.keys()
    }

    /// Requires `form <= 0`. `None` where it is not a bound on a difference.
    pub fn require_at_most_zero(&mut self, form: &Linear) -> Option<()> {
        let (plus, minus, constant) = form.as_difference()?;
        self.add(plus, minus, -constant);
        Some(())
    }

    /// Requires `form = 0`.
    pub fn require_zero(&mut self, form: &Linear) -> Option<()> {
        let (plus, minus, constant) = form.as_difference()?;
        self.add(plus, minus, -constant);
        self.add(minus, plus, constant);
        Some(())
    }

    /// Requires that two forms of integers compare so. `None` where that is no bound on a difference.
    pub fn require(&mut self, how: Comparison, low: &Linear, high: &Linear) -> Option<()> {
        let difference = low.minus(high);
        match how {
            Comparison::Equal => self.require_zero(&difference),
            Comparison::LessEqual => self.require_at_most_zero(&difference),
            Comparison::Less => {
                self.require_at_most_zero(&difference.plus(&Linear::integer(1), &crate::number::Rational::from(1)))
            }
            Comparison::NotEqual | Comparison::Approximately => None,
        }
    }

    /// Learns a comparison of integers. `None` where it is none, or no bound on a difference: then nothing is learned.
    pub fn learn(&mut self, arena: &Arena, prop: &Prop) -> Option<()> {
        let (how, low, high) = prop.comparison()?;
        self.require(how, &Linear::read(arena, low)?, &Linear::read(arena, high)?)
    }

    /// Adds `x - y <= c` and closes.
    fn add(&mut self, x: Point, y: Point, c: i64) {
        if self.empty {
            return;
        }
        if x == y {
            self.empty |= c < 0;
            return;
        }
        if self.bounds.get(&(x, y)).is_some_and(|&old| old <= c) {
            return;
        }
        if self.bounds.get(&(y, x)).is_some_and(|&back| back + c < 0) {
            self.empty = true;
            self.bounds = SmallMap::new();
            return;
        }
        // Through the new bound lead the ways from what reaches x to what y reaches.
        let bounds = self.bounds.iter();
        let to_x: Vec<(Point, i64)> =
            bounds.clone().filter(|((_, b), _)| *b == x).map(|(&(a, _), &c)| (a, c)).collect();
        let from_y: Vec<(Point, i64)> = bounds.filter(|((a, _), _)| *a == y).map(|(&(_, b), &c)| (b, c)).collect();
        for &(a, to_x) in [(x, 0)].iter().chain(&to_x) {
            for &(b, from_y) in [(y, 0)].iter().chain(&from_y) {
                let through = to_x + c + from_y;
                if a == b {
                    if through < 0 {
                        self.empty = true;
                        self.bounds = SmallMap::new();
                        return;
                    }
                    continue;
                }
                let bound = self.bounds.get_or_insert_with((a, b), || i64::MAX);
                *bound = (*bound).min(through);
            }
        }
    }

    /// The least `c` with `x - y <= c` everywhere in it, for the difference that `form` is; the bound on `form`.
    pub fn upper_bound(&self, form: &Linear) -> Option<i64> {
        let (plus, minus, constant) = form.as_difference()?;
        if plus == minus {
            return Some(constant);
        }
        self.bounds.get(&(plus, minus)).map(|bound| bound + constant)
    }

    /// Whether `form <= 0` at every point.
    pub fn implies_at_most_zero(&self, form: &Linear) -> bool {
        self.empty || self.upper_bound(form).is_some_and(|bound| bound <= 0) || self.implies_by_parts(form)
    }

    /// A sum of differences, each of which is at most its share: tried where `form` is not one difference.
    fn implies_by_parts(&self, form: &Linear) -> bool {
        let mut total = form.constant.clone();
        if form.as_difference().is_some() {
            return false;
        }
        for (&part, scale) in &form.parts {
            let single = Linear::letter(part);
            let bound = if scale.sign() == dashu_base::Sign::Positive {
                self.upper_bound(&single)
            } else {
                self.upper_bound(&Linear::default().minus(&single)).map(|bound| -bound)
            };
            match bound {
                Some(bound) => total += scale.clone() * crate::number::Rational::from(bound),
                None => return false,
            }
        }
        total <= crate::number::Rational::from(0)
    }

    /// Whether `form = 0` at every point.
    pub fn implies_zero(&self, form: &Linear) -> bool {
        self.implies_at_most_zero(form) && self.implies_at_most_zero(&Linear::default().minus(form))
    }

    /// Whether a statement of order between integers holds at every point; `false` for what is no such statement.
    pub fn implies(&self, arena: &Arena, prop: &Prop) -> bool {
        prop.conjuncts().into_iter().all(|part| {
            let order = part.order();
            let forms =
                order.and_then(|(how, low, high)| Some((how, Linear::read(arena, low)?, Linear::read(arena, high)?)));
            forms.is_some_and(|(how, low, high)| {
                let strict = Linear::integer(i64::from(how == Comparison::Less));
                self.implies_at_most_zero(&low.minus(&high).plus(&strict, &crate::number::Rational::from(1)))
            })
        })
    }

    /// Whether two forms of integers differ at every point.
    pub fn keeps_apart(&self, one: &Linear, other: &Linear) -> bool {
        let step = Linear::integer(1);
        let below = |a: &Linear, b: &Linear| {
            self.implies_at_most_zero(&a.minus(b).plus(&step, &crate::number::Rational::from(1)))
        };
        below(one, other) || below(other, one)
    }

    /// What is in both.
    pub fn meet(&self, other: &Domain) -> Domain {
        if self == other || *other == Domain::all() {
            return self.clone();
        }
        if *self == Domain::all() && !other.empty {
            return other.clone();
        }
        let mut both = self.clone();
        if other.empty {
            both.empty = true;
        }
        for (&(x, y), &c) in &other.bounds {
            both.add(x, y, c);
        }
        both
    }

    /// What is in this and not in `other`, as disjoint pieces.
    pub fn without(&self, other: &Domain) -> Vec<Domain> {
        if self.empty || other.empty {
            return if self.empty { Vec::new() } else { vec![self.clone()] };
        }
        let mut pieces = Vec::new();
        let mut rest = self.clone();
        for ((x, y), c) in other.essential_first() {
            if rest.bounds.get(&(x, y)).is_some_and(|&known| known <= c) {
                continue;
            }
            let mut outside = rest.clone();
            outside.add(y, x, -c - 1);
            if !outside.empty {
                pieces.push(outside);
            }
            rest.add(x, y, c);
            if rest.empty {
                break;
            }
        }
        pieces
    }

    /// What is in either, where that is a domain itself.
    pub fn union(&self, other: &Domain) -> Option<Domain> {
        let hull = self.hull(other);
        hull.without(self).iter().all(|rest| rest.without(other).is_empty()).then_some(hull)
    }

    /// The least domain that holds both.
    fn hull(&self, other: &Domain) -> Domain {
        let mut hull = Domain::all();
        for (&(x, y), &c) in &self.bounds {
            if let Some(&d) = other.bounds.get(&(x, y)) {
                hull.add(x, y, c.max(d));
            }
        }
        hull
    }

    /// The largest domain that is this one, `other`, and between them the points at which `letter` is one more than
    /// here and one less than there; and those points.
    pub fn closing(&self, other: &Domain, letter: Expr) -> Option<(Domain, Domain)> {
        let x = Some(letter);
        self.points().into_iter().filter(|&point| point != x).find_map(|point| {
            let below = *self.bounds.get(&(x, point))?;
            let above = -*other.bounds.get(&(point, x))?;
            (above == below + 2).then(|| self.closing_at(other, (x, point), below + 1)).flatten()
        })
    }

    /// [`Domain::closing`] where `x - point = value` at the points between.
    fn closing_at(&self, other: &Domain, (x, point): (Point, Point), value: i64) -> Option<(Domain, Domain)> {
        let is_whole = |whole: &Domain| {
            let (mut low, mut high) = (whole.clone(), whole.clone());
            low.add(x, point, value - 1);
            high.add(point, x, -value - 1);
            low == *self && high == *other
        };
        let mut whole = self.hull(other);
        if !is_whole(&whole) {
            return None;
        }
        // Bounds on the other letters may only say that both parts have points.
        for pair in whole.bounds.keys().copied().filter(|&(a, b)| a != x && b != x).collect::<Vec<_>>() {
            let mut wider = Domain::all();
            whole.bounds.iter().filter(|&(&other, _)| other != pair).for_each(|(&(a, b), &c)| wider.add(a, b, c));
            if is_whole(&wider) {
                whole = wider;
            }
        }
        let mut hole = whole.clone();
        hole.add(x, point, value);
        hole.add(point, x, -value);
        (!hole.empty).then_some((whole, hole))
    }

    /// A value that `letter` must have, as another letter (or 0) plus a constant.
    pub fn value_of(&self, letter: Expr) -> Option<Linear> {
        let x = Some(letter);
        let mut found: Option<(Point, i64)> = None;
        for (&(a, b), &c) in &self.bounds {
            if a == x && self.bounds.get(&(b, x)) == Some(&-c) && found.is_none_or(|(point, _)| b < point) {
                found = Some((b, c));
            }
        }
        let (point, c) = found?;
        let constant = Linear::integer(c);
        Some(match point {
            None => constant,
            Some(other) => Linear::letter(other).plus(&constant, &crate::number::Rational::from(1)),
        })
    }

    /// The lower and upper bounds of `letter` that no other bound implies: its range, given the other letters.
    pub fn range_of(&self, letter: Expr) -> (Vec<Linear>, Vec<Linear>) {
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for ((a, b), c) in self.thinned(|a, b| a == Some(letter) || b == Some(letter)) {
            let form = |point: Point, c: i64| {
                let form = point.map_or_else(Linear::default, Linear::letter);
                form.plus(&Linear::integer(c), &crate::number::Rational::from(1))
            };
            if a == Some(letter) {
                upper.push(form(b, c));
            } else {
                lower.push(form(a, -c));
            }
        }
        (lower, upper)
    }

    /// Those of some bounds that are not implied by the others of them and by the bounds that are not among them.
    ///
    /// Where letters are equal, each of two bounds may imply the other: one of them is kept.
    fn thinned(&self, among: impl Fn(Point, Point) -> bool) -> Vec<((Point, Point), i64)> {
        let mut kept = Domain::all();
        let mut candidates = Vec::new();
        for (&(a, b), &c) in &self.bounds {
            if among(a, b) {
                candidates.push(((a, b), c));
            } else {
                kept.add(a, b, c);
            }
        }
        candidates.sort_by_cached_key(|&(pair, c)| self.is_implied(pair, c));
        candidates.retain(|&((a, b), c)| {
            let is_news = kept.bounds.get(&(a, b)).is_none_or(|&known| known > c);
            kept.add(a, b, c);
            is_news
        });
        candidates.sort_unstable();
        candidates
    }

    /// Whether a bound follows from two others.
    fn is_implied(&self, (a, b): (Point, Point), c: i64) -> bool {
        let from_a = self.bounds.iter().filter(|((from, mid), _)| *from == a && *mid != b);
        from_a.into_iter().any(|(&(_, mid), p)| self.bounds.get(&(mid, b)).is_some_and(|q| p + q == c))
    }

    /// All bounds, those first that no two others imply.
    fn essential_first(&self) -> Vec<((Point, Point), i64)> {
        let mut bounds: Vec<((Point, Point), i64)> = self.bounds.iter().map(|(&pair, &c)| (pair, c)).collect();
        bounds.sort_by_cached_key(|&(pair, c)| self.is_implied(pair, c));
        bounds
    }

    /// Every letter and size that stands in it, and 0.
    fn points(&self) -> Vec<Point> {
        let mut points: Vec<Point> = self.bounds.keys().flat_map(|&(a, b)| [a, b]).collect();
        points.sort_unstable();
        points.dedup();
        points
    }

    /// Whether some letter or size that stands in it is as asked.
    pub(super) fn has_letter(&self, is_it: impl Fn(Expr) -> bool) -> bool {
        self.bounds.keys().any(|&(a, b)| a.is_some_and(&is_it) || b.is_some_and(&is_it))
    }

    /// Every letter and size that stands in it, each once and in order.
    pub fn letters(&self) -> Vec<Expr> {
        self.points().into_iter().flatten().collect()
    }

    /// The domain of the other letters: those points for which some value of `letter` is in it.
    pub fn project(&self, letter: Expr) -> Domain {
        let mut rest = self.clone();
        rest.bounds.retain(|&(a, b), _| a != Some(letter) && b != Some(letter));
        rest
    }

    /// The same bounds on other points: each letter and size becomes what `image` says.
    pub fn map_points(&self, image: &mut dyn FnMut(Expr) -> Expr) -> Domain {
        let images: SmallMap<Point, Point> =
            self.points().into_iter().map(|point| (point, point.map(&mut *image))).collect();
        if images.iter().all(|(point, image)| point == image) {
            return self.clone();
        }
        let mut mapped = Domain { bounds: SmallMap::new(), empty: self.empty };
        for (&(x, y), &c) in &self.bounds {
            mapped.add(images[&x], images[&y], c);
        }
        mapped
    }

    /// `letter` renamed to `value` (a letter or 0 plus a constant), which may be in it already.
    pub fn substitute(&self, letter: Expr, value: &Linear) -> Option<Domain> {
        let (to, minus, shift) = value.as_difference()?;
        if minus.is_some() {
            return self.reflect(letter, value);
        }
        let mut renamed = self.project(letter);
        for (&(a, b), &c) in &self.bounds {
            let from = Some(letter);
            if a == from {
                renamed.add(to, b, c - shift);
            } else if b == from {
                renamed.add(a, to, c + shift);
            }
        }
        renamed.empty |= self.empty;
        Some(renamed)
    }

    /// `letter` replaced by a form that is not a letter plus a constant, where every bound stays one on a difference.
    fn reflect(&self, letter: Expr, value: &Linear) -> Option<Domain> {
        let mut renamed = self.project(letter);
        let form = |point: Point| match point {
            None => Linear::default(),
            Some(other) if other == letter => value.clone(),
            Some(other) => Linear::letter(other),
        };
        for (&(a, b), &c) in &self.bounds {
            if a == Some(letter) || b == Some(letter) {
                let bound = form(a).minus(&form(b)).minus(&Linear::integer(c));
                renamed.require_at_most_zero(&bound)?;
            }
        }
        Some(renamed)
    }

    /// [`Domain::substitute`] by any form; bounds that are no longer on differences but are implied by the
    /// rest of `known` are dropped.
    pub fn substitute_form(&self, letter: Expr, value: &Linear, known: &Domain) -> Option<Domain> {
        let mut renamed = self.project(letter);
        let form = |point: Point| match point {
            None => Linear::default(),
            Some(other) if other == letter => value.clone(),
            Some(other) => Linear::letter(other),
        };
        for (&(a, b), &c) in &self.bounds {
            if a == Some(letter) || b == Some(letter) {
                let bound = form(a).minus(&form(b)).minus(&Linear::integer(c));
                if renamed.require_at_most_zero(&bound).is_none() && !known.implies_at_most_zero(&bound) {
                    return None;
                }
            }
        }
        Some(renamed)
    }
}

impl Domain {
    /// The bounds that no others imply, each as a form that is at most 0.
    pub fn constraints(&self) -> Vec<Linear> {
        let form = |point: Point| point.map_or_else(Linear::default, Linear::letter);
        let kept = self.thinned(|_, _| true);
        kept.into_iter().map(|((a, b), c)| form(a).minus(&form(b)).minus(&Linear::integer(c))).collect()
    }
}
