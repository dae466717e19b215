//! Dots between visible terms or factors, read as the sum or product whose pattern they continue.
//!
//! A pattern is certain where the visible parts are alike but for places that go up or down by one from part to part,
//! and the part after the dots is alike too. Everything else is left to the author.

use crate::expr::{Big, Expr};
use crate::lower::expression::strip;
use crate::lower::reader::Reader;
use crate::number::Rational;
use crate::rewrite::Linear;
use crate::source::Span;
use crate::syntax::ast::{Kind, Node, Sign, Times};
use crate::syntax::sexpr;

/// What the parts have in common, and the places in which they differ.
struct Pattern {
    template: Node,
    places: Vec<Place>,
}

/// A place in which the parts differ: what stands there in the first, the second and the last of them.
struct Place {
    letter: String,
    first: Node,
    second: Option<Node>,
    last: Node,
}

/// A place with its values: where it begins, by how much it moves, where it ends.
#[derive(Debug, Clone)]
struct Run {
    first: Linear,
    step: i64,
    last: Linear,
}

impl Run {
    /// What stands here where the place `lead` has moved by `length`.
    fn after(&self, lead: &Run, length: &Linear) -> Linear {
        self.first.plus(length, &Rational::from(lead.step * self.step))
    }
}

/// Where the dots and the parts of their pattern stand.
struct Extent {
    from: usize,
    dots: usize,
    last: usize,
}

impl Reader<'_> {
    /// A sum with dots; `None` where it holds none.
    pub(super) fn sum_with_dots(&mut self, terms: &[(Sign, Node)]) -> Option<Option<Vec<Expr>>> {
        let dots = terms.iter().position(|(_, term)| is_dots(term))?;
        let parts: Vec<Node> = terms.iter().map(|(_, term)| term.clone()).collect();
        let is_plus = |at: usize| matches!(terms[at].0, Sign::Plus | Sign::None);
        let Some((extent, value)) = self.continued(&parts, dots, Big::Sum) else {
            return Some(self.uncertain_dots(parts[dots].span));
        };
        if !(extent.from..=extent.last).all(is_plus) {
            return Some(self.uncertain_dots(parts[dots].span));
        }
        let mut values = Vec::new();
        for (at, (sign, term)) in terms.iter().enumerate() {
            if at == extent.dots {
                values.push(value);
            }
            if (extent.from..=extent.last).contains(&at) {
                continue;
            }
            let term = self.expression(term)?;
            values.push(if *sign == Sign::Minus { self.arena.negate(term) } else { term });
        }
        Some(Some(values))
    }

    /// A product with dots, as the factors around them and what they stand for; `None` where it holds none.
    pub(super) fn product_with_dots(&mut self, node: &Node, items: &[(Times, Node)]) -> Option<Option<Expr>> {
        let dots = items.iter().position(|(_, item)| is_dots(item))?;
        let parts: Vec<Node> = items.iter().map(|(_, item)| item.clone()).collect();
        let found = (1..=3).find_map(|width| self.continued_in_chunks(items, dots, width));
        let Some((extent, value)) = found else { return Some(self.uncertain_dots(parts[dots].span)) };
        let hole = "\u{25a1}dots";
        let mut kept: Vec<(Times, Node)> = items[..extent.from].to_vec();
        kept.push((Times::Juxtaposed, Node { kind: Kind::Symbol(hole.to_owned()), span: parts[dots].span }));
        kept.extend(items[extent.last + 1..].iter().cloned());
        Some(self.with_local(hole, value, |reader| reader.product(node, &kept)))
    }

    fn continued_in_chunks(&mut self, items: &[(Times, Node)], dots: usize, width: usize) -> Option<(Extent, Expr)> {
        let is_joined =
            |at: usize| at == 0 || matches!(items[at].0, Times::Juxtaposed | Times::Dot | Times::Star | Times::Cross);
        let chunk = |from: usize| Node::product(items[from..from + width].iter().cloned());
        let n_before = dots / width;
        let n_after = (items.len() - dots - 1) / width;
        let offset = dots - n_before * width;
        let mut chunks: Vec<Node> = (0..n_before).map(|at| chunk(offset + at * width)).collect();
        chunks.push(items[dots].1.clone());
        chunks.extend((0..n_after).map(|at| chunk(dots + 1 + at * width)));
        let (extent, value) = self.continued(&chunks, n_before, Big::Product)?;
        let extent =
            Extent { from: offset + extent.from * width, dots, last: dots + (extent.last - extent.dots) * width };
        (extent.from..=extent.last).all(is_joined).then_some((extent, value))
    }

    /// The longest run of parts around the dots that follows one pattern, and its value.
    fn continued(&mut self, parts: &[Node], dots: usize, big: Big) -> Option<(Extent, Expr)> {
        if parts.iter().filter(|part| is_dots(part)).count() != 1 || dots == 0 || dots + 1 >= parts.len() {
            return None;
        }
        (0..dots).find_map(|from| {
            let (value, last) = self.on_trial(|reader| reader.run_from(parts, from, dots, big))?;
            self.say_what_dots_are(parts[dots].span, value);
            Some((Extent { from, dots, last }, value))
        })
    }

    fn run_from(&mut self, parts: &[Node], from: usize, dots: usize, big: Big) -> Option<(Expr, usize)> {
        let mut last = dots + 1;
        let visible: Vec<Node> = parts[from..dots].iter().map(|part| as_power_of(&parts[last], part)).collect();
        if let [only] = &visible[..] {
            let is_like_the_one_before = from > 0 && is_alike(&parts[from - 1], only);
            if is_like_the_one_before || is_alike(only, &parts[last]) && matches!(strip(only).kind, Kind::Number(_)) {
                return None;
            }
        }
        let (pattern, runs) = self.certain(&visible[0], visible.get(1), &parts[last])?;
        for pair in visible.windows(2).skip(1) {
            let (_, later) = self.certain(&pair[0], Some(&pair[1]), &parts[last])?;
            if later.len() != runs.len() || later.iter().zip(&runs).any(|(a, b)| a.step != b.step) {
                return None;
            }
        }
        let (mut pattern, mut runs) = (pattern, runs);
        // Parts after the dots that go on with the pattern: `\cdots + x_{n-1} + x_n`.
        while let Some(next) = parts.get(last + 1) {
            let follows = self.certain(&parts[last], None, next).is_some_and(|(_, steps)| {
                steps.len() == runs.len()
                    && steps
                        .iter()
                        .zip(&runs)
                        .all(|(step, run)| step.last.minus(&step.first).as_integer() == Some(run.step))
            });
            if !follows {
                break;
            }
            last += 1;
            (pattern, runs) = self.certain(&visible[0], visible.get(1), &parts[last])?;
        }
        Some((self.value_of_run(&pattern, &runs, big)?, last))
    }

    /// The pattern of three parts, if there is exactly one way to go on from the first to the last.
    fn certain(&mut self, first: &Node, second: Option<&Node>, last: &Node) -> Option<(Pattern, Vec<Run>)> {
        let mut places = Vec::new();
        let template = template(first, second, last, &mut places);
        let pattern = Pattern { template, places };
        let runs: Option<Vec<Run>> = pattern.places.iter().map(|place| self.run(place)).collect();
        let runs = runs?;
        let lead = runs.first()?;
        let length = lead.last.minus(&lead.first);
        if runs.iter().any(|run| run.after(lead, &length) != run.last) {
            return None;
        }
        Some((pattern, runs))
    }

    fn run(&mut self, place: &Place) -> Option<Run> {
        let (first, last) = (self.whole(&place.first)?, self.whole(&place.last)?);
        let step = match &place.second {
            Some(second) => self.whole(second)?.minus(&first).as_integer().filter(|step| step.abs() == 1)?,
            None => direction(&first, &last)?,
        };
        Some(Run { first, step, last })
    }

    /// An integer that is linear in its letters.
    fn whole(&mut self, node: &Node) -> Option<Linear> {
        let value = self.index(node)?;
        Linear::read(self.arena, value)
    }

    fn value_of_run(&mut self, pattern: &Pattern, runs: &[Run], big: Big) -> Option<Expr> {
        let lead = runs.first()?;
        let (symbol, letter) = self.bound_letter("k");
        let moved = Linear::letter(letter).minus(&lead.first);
        let depth = self.locals.len();
        for (place, run) in pattern.places.iter().zip(runs) {
            let value = run.after(lead, &moved).expr(self.arena);
            self.locals.push((place.letter.clone(), value));
        }
        let body = self.expression(&pattern.template);
        self.locals.truncate(depth);
        let body = body?;
        let is_matrix = matches!(self.arena.shape(body), crate::expr::Shape::Matrix(..));
        let (first, last) = (lead.first.expr(self.arena), lead.last.expr(self.arena));
        let (lower, upper) = if lead.step > 0 { (first, last) } else { (last, first) };
        let big = match big {
            Big::Product if is_matrix && lead.step > 0 => Big::Ascending,
            Big::Product if is_matrix => Big::Descending,
            Big::Sum | Big::Product | Big::Ascending | Big::Descending => big,
        };
        Some(self.arena.big(big, symbol, lower, upper, body))
    }

    fn say_what_dots_are(&mut self, span: Span, value: Expr) {
        let message = format!("the dots are read as `{}`", crate::print::latex(self.arena, value));
        self.remark("ellipsis", span, message, r"write the sum or the product where they stand for something else");
    }

    pub(super) fn uncertain_dots<T>(&mut self, span: Span) -> Option<T> {
        self.fail(
            "ellipsis",
            span,
            "the dots leave open what they stand for".to_owned(),
            r"write the sum or the product: `\sum_{k=1}^{n} a_k` or `\prod_{k=1}^{n} a_k`",
        )
    }
}

/// Up from a number, down to a number.
fn direction(first: &Linear, last: &Linear) -> Option<i64> {
    let gap = last.minus(first);
    if gap.is_constant() {
        return match gap.constant.cmp(&Rational::from(0)) {
            std::cmp::Ordering::Less => Some(-1),
            std::cmp::Ordering::Greater => Some(1),
            std::cmp::Ordering::Equal => None,
        };
    }
    match (first.is_constant(), last.is_constant()) {
        (true, false) => Some(1),
        (false, true) => Some(-1),
        (false, false) | (true, true) => None,
    }
}

/// Whether two parts could belong to one pattern, whatever it is.
fn is_alike(a: &Node, b: &Node) -> bool {
    let inner = |node: &Node| match &strip(node).kind {
        Kind::Product(items) if items.len() == 1 => std::mem::discriminant(&items[0].1.kind),
        kind => std::mem::discriminant(kind),
    };
    inner(a) == inner(b)
}

fn is_dots(node: &Node) -> bool {
    matches!(strip(node).kind, Kind::Dots(_))
}

fn same(a: &Node, b: &Node) -> bool {
    sexpr(a) == sexpr(b)
}

/// `1` and `x` beside `x^n` are `x^0` and `x^1`; `a` and `a r` beside `a r^n` are `a r^0` and `a r^1`.
fn as_power_of(last: &Node, part: &Node) -> Node {
    if let Kind::Product(items) = &strip(last).kind
        && let Some(((times, power), factors)) = items.split_last().filter(|(_, factors)| !factors.is_empty())
    {
        let own = match &strip(part).kind {
            Kind::Product(own) => own.clone(),
            _ => vec![(Times::Juxtaposed, part.clone())],
        };
        let is_prefix =
            own.len() >= factors.len() && own.iter().zip(factors).all(|(own, other)| same(&own.1, &other.1));
        let one = Node { kind: Kind::Number("1".to_owned()), span: part.span };
        let rest = match &own[factors.len().min(own.len())..] {
            [] => one,
            [(_, only)] => only.clone(),
            _ => return part.clone(),
        };
        return match is_prefix && matches!(strip(power).kind, Kind::Script { .. }) {
            true => Node::product(factors.iter().cloned().chain([(*times, as_power_of(power, &rest))])),
            false => part.clone(),
        };
    }
    let Kind::Script { base, sub, sup: Some(_), primes: 0 } = &strip(last).kind else { return part.clone() };
    let power = |exponent: &str| Node {
        kind: Kind::Script {
            base: base.clone(),
            sub: sub.clone(),
            sup: Some(Box::new(Node { kind: Kind::Number(exponent.to_owned()), span: part.span })),
            primes: 0,
        },
        span: part.span,
    };
    let bare = match sub {
        Some(_) => {
            Node { kind: Kind::Script { base: base.clone(), sub: sub.clone(), sup: None, primes: 0 }, span: base.span }
        }
        None => (**base).clone(),
    };
    match &strip(part).kind {
        Kind::Number(text) if text == "1" => power("0"),
        _ if same(strip(part), &bare) => power("1"),
        _ => part.clone(),
    }
}

/// What three parts have in common; where they differ, a letter stands and a place is noted.
fn template(first: &Node, second: Option<&Node>, last: &Node, places: &mut Vec<Place>) -> Node {
    if same(first, last) && second.is_none_or(|second| same(first, second)) {
        return first.clone();
    }
    let seconds = second.map_or(Some(Vec::new()), |second| parts_if_alike(first, second));
    if let (Some(firsts), Some(lasts), Some(seconds)) =
        (parts_if_alike(first, first), parts_if_alike(first, last), seconds)
    {
        let common = firsts
            .iter()
            .zip(lasts)
            .enumerate()
            .map(|(at, (first, last))| template(first, seconds.get(at).copied(), last, places));
        let common: Vec<Node> = common.collect();
        return Node { kind: with_parts(&first.kind, common), span: first.span };
    }
    let letter = format!("\u{25a1}{}", places.len());
    places.push(Place { letter: letter.clone(), first: first.clone(), second: second.cloned(), last: last.clone() });
    Node { kind: Kind::Symbol(letter), span: first.span }
}

/// The parts of `other` in the order of [`with_parts`], if it is built like `model`.
fn parts_if_alike<'n>(model: &Node, other: &'n Node) -> Option<Vec<&'n Node>> {
    match (&model.kind, &other.kind) {
        (
            Kind::Script { base: _, sub, sup, primes },
            Kind::Script { base, sub: other_sub, sup: other_sup, primes: other_primes },
        ) if sub.is_some() == other_sub.is_some() && sup.is_some() == other_sup.is_some() && primes == other_primes => {
            Some(std::iter::once(&**base).chain(other_sub.as_deref()).chain(other_sup.as_deref()).collect())
        }
        (Kind::Product(a), Kind::Product(b)) if a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0) => {
            Some(b.iter().map(|(_, item)| item).collect())
        }
        (Kind::Sum(a), Kind::Sum(b)) if a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0) => {
            Some(b.iter().map(|(_, term)| term).collect())
        }
        (Kind::Fenced { open, close, .. }, Kind::Fenced { open: other_open, close: other_close, body })
            if open == other_open && close == other_close =>
        {
            Some(vec![body])
        }
        (Kind::Group(_), Kind::Group(body)) => Some(vec![body]),
        (Kind::Frac { .. }, Kind::Frac { num, den }) => Some(vec![num, den]),
        _ => None,
    }
}

/// A node like `model` over other parts.
fn with_parts(model: &Kind, parts: Vec<Node>) -> Kind {
    let mut parts = parts.into_iter();
    let mut next = || Box::new(parts.next().unwrap_or(Node { kind: Kind::Empty, span: Span::default() }));
    match model {
        Kind::Script { sub, sup, primes, .. } => Kind::Script {
            base: next(),
            sub: sub.as_ref().map(|_| next()),
            sup: sup.as_ref().map(|_| next()),
            primes: *primes,
        },
        Kind::Product(items) => Kind::Product(items.iter().map(|(times, _)| (*times, *next())).collect()),
        Kind::Sum(terms) => Kind::Sum(terms.iter().map(|(sign, _)| (*sign, *next())).collect()),
        Kind::Fenced { open, close, .. } => Kind::Fenced { open: open.clone(), close: close.clone(), body: next() },
        Kind::Group(_) => Kind::Group(next()),
        Kind::Frac { .. } => Kind::Frac { num: next(), den: next() },
        other => other.clone(),
    }
}
