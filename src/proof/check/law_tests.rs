//! Every law of the table at numbers, accepted as evidence, and refused when it is tampered with.

use crate::expr::{Arena, Comparison, Expr, Prop, Shape, SymbolKind};
use crate::model::Model;
use crate::number::rational::fraction;
use crate::numeric::{Assignment, Floats, evaluate};
use crate::proof::check::hypotheses::letter;
use crate::proof::check::laws::{LAWS, Stated};
use crate::proof::check::stage::Stage;
use crate::proof::check::{Evidence, Law, Reason, Relation};

use Comparison::{Equal, Less, LessEqual, NotEqual};

/// What a letter is tried at.
fn values(arena: &mut Arena, letter: char) -> Vec<Expr> {
    let mut number = |(n, d): (i64, i64)| arena.number(fraction(n, d).expect("not over 0"));
    let pairs: &[(i64, i64)] = match letter {
        'A' | 'B' | 'u' | 'v' => {
            let rows = [[(0, 1), (1, 1), (-1, 1), (3, 1)], [(1, 1), (0, 1), (0, 1), (1, 1)], [(-1, 1); 4]];
            let turned = [(3, 5), (-4, 5), (4, 5), (3, 5)];
            let all: Vec<Vec<Expr>> =
                rows.into_iter().chain([turned]).map(|row| row.into_iter().map(&mut number).collect()).collect();
            let two = arena.integer(2);
            let is_matrix = matches!(letter, 'A' | 'B');
            let (shape, n_entries) = if is_matrix { (Shape::Matrix(two, two), 4) } else { (Shape::Vector(two), 2) };
            return all.into_iter().map(|row| arena.literal(shape, row[..n_entries].to_vec())).collect();
        }
        'i' => return vec![index(arena)],
        'k' | 'm' | 'n' => &[(0, 1), (1, 1), (2, 1), (3, 1)],
        'p' => &[(0, 1), (1, 2), (1, 1), (2, 1), (3, 1)],
        _ => &[(-3, 1), (-1, 1), (-1, 2), (0, 1), (1, 3), (1, 1), (2, 1)],
    };
    pairs.iter().copied().map(number).collect()
}

/// The letter over which sums run.
fn index(arena: &mut Arena) -> Expr {
    let letter = arena.intern("i", SymbolKind::Integer);
    arena.symbol(letter)
}

/// What a letter under an index is tried at, besides numbers.
fn sequences(arena: &mut Arena) -> Vec<Expr> {
    let (letter, one, two) = (index(arena), arena.one(), arena.integer(2));
    vec![letter, arena.subtract(one, letter), arena.power(letter, two)]
}

/// Premises for each integer of a range, one by one.
fn written_out(arena: &mut Arena, stated: &Stated) -> Vec<Relation> {
    let Some(span) = stated.range else { return stated.once.clone() };
    let ends = arena.as_integer(span.lower).zip(arena.as_integer(span.upper)).expect("integers");
    let mut all = stated.once.clone();
    for place in ends.0..=ends.1 {
        let map = [(span.letter, arena.integer(place))].into_iter().collect();
        for own in &stated.for_each {
            let sides = arena.substitute_all(&[own.left, own.right], &map);
            all.push(Relation::new(own.how, sides[0], sides[1]));
        }
    }
    all
}

/// All choices of one value from each list.
fn choices(lists: &[Vec<Expr>]) -> Vec<Vec<Expr>> {
    lists.iter().fold(vec![Vec::new()], |all, list| {
        all.iter().flat_map(|own| list.iter().map(|&value| [own.clone(), vec![value]].concat())).collect()
    })
}

/// Whether a relation holds in floating point, with some room; `None` where a side has no value.
fn holds(arena: &Arena, relation: Relation) -> Option<bool> {
    let mut entries = [relation.left, relation.right].map(|side| {
        let value = evaluate(arena, &Model::default(), &Assignment::default(), &Floats, side).ok()?;
        value.entries().iter().all(|entry| entry.is_finite()).then(|| value.into_entries())
    });
    let (left, right) = (entries[0].take()?, entries[1].take()?);
    let room = 1e-9;
    let mut pairs = left.iter().zip(&right);
    Some(match relation.how {
        Less => pairs.all(|(a, b)| a < &(b + room)),
        LessEqual => pairs.all(|(a, b)| *a <= b + room),
        Equal => pairs.all(|(a, b)| (a - b).abs() <= room),
        NotEqual => pairs.any(|(a, b)| (a - b).abs() > room),
        Comparison::Approximately => false,
    })
}

#[test]
fn every_law_holds_at_numbers() {
    for law in LAWS {
        let mut arena = Arena::new();
        let has_index = law.letters.contains('i');
        let lists: Vec<Vec<Expr>> = law
            .letters
            .chars()
            .map(|letter| match (has_index, letter) {
                (true, 'a' | 'b' | 'c') => [sequences(&mut arena), vec![arena.one(), arena.integer(-2)]].concat(),
                _ => values(&mut arena, letter),
            })
            .collect();
        let mut n_tried = 0;
        for choice in choices(&lists) {
            for loose in [Less, LessEqual] {
                let read = law.at(&mut arena, &choice, loose);
                let stated = read.unwrap_or_else(|| panic!("{} is not read", law.name));
                let premises = written_out(&mut arena, &stated);
                let mut all = premises.iter().chain(&stated.conditions);
                // What holds only by the room that is left is not taken for true.
                let certainly = |own: &Relation| match own.how {
                    Less => holds(&arena, Relation::new(LessEqual, own.right, own.left)).map(|not| !not),
                    how => holds(&arena, Relation::new(how, own.left, own.right)),
                };
                if all.all(|own| certainly(own) == Some(true))
                    && let Some(answer) = holds(&arena, stated.conclusion)
                {
                    n_tried += 1;
                    assert!(answer, "{} does not hold at {choice:?}", law.name);
                }
            }
        }
        assert!(n_tried > 0, "{} was never tried", law.name);
    }
}

#[test]
fn names_are_names_of_one_law() {
    for law in LAWS {
        assert!(std::ptr::eq(Law::named(law.name).expect("it is there"), law), "{}", law.name);
    }
}

/// A law for names of its letters whose premises and conditions are given.
fn evidence(stage: &mut Stage, law: &'static Law, loose: Comparison) -> Evidence {
    let names: Vec<Expr> = law.letters.chars().map(|letter| stage.expr(&letter.to_string())).collect();
    let stated = law.at(&mut stage.arena, &names, loose).expect("it is read");
    stage.given = stated.once.iter().chain(&stated.conditions).map(|own| own.prop()).collect();
    let mut premises: Vec<Evidence> =
        stated.once.iter().map(|own| Evidence::leaf(own.prop(), Reason::Supposed)).collect();
    for own in &stated.for_each {
        let [at, index] = stage.exprs(["j", "i"]);
        let letter = letter(&stage.arena, at).expect("a letter");
        stage.given.push(Prop::ForAll(vec![letter], Box::new(own.prop())));
        let instance = stage.instance(at, index);
        premises.push(Evidence::leaf(own.prop(), instance));
    }
    Evidence { conclusion: stated.conclusion.prop(), reason: Reason::Law(law.name, names), premises }
}

#[test]
fn every_law_is_replayed_and_refused_when_tampered_with() {
    for law in LAWS {
        for loose in [Less, LessEqual] {
            let stage = &mut Stage::new();
            let own = evidence(stage, law, loose);
            stage.expects(&own, true);
            let Prop::Compare(how, left, right) = own.conclusion else { panic!("a comparison") };
            let turned = Prop::Compare(how, right, left);
            // Where the sides are equal, and not by an equation that is given, they are ordered in both ways.
            let given = stage.given.clone();
            stage.given.retain(|prop| prop.equation().is_none());
            let is_equal = stage.answer(&Evidence::leaf(turned.clone(), Reason::Identity)).is_ok();
            stage.given = given;
            if !matches!(how, Equal | NotEqual) {
                stage.expects(&Evidence { conclusion: turned, ..own.clone() }, is_equal);
            }
            if how == LessEqual {
                let strict = Prop::Compare(Less, left, right);
                let reason = own.reason.clone();
                stage.expects(&Evidence { conclusion: strict, reason, premises: own.premises.clone() }, false);
            }
            for place in 0..own.premises.len() {
                let mut less = own.clone();
                less.premises.remove(place);
                stage.expects(&less, false);
            }
            // `<?` stands for an order.
            for other in [Equal, NotEqual] {
                let own = evidence(stage, law, other);
                stage.expects(&own, !law.conclusion.contains("<?"));
            }
            let own = evidence(stage, law, loose);
            stage.given.clear();
            let rests_on_nothing = law.premises.is_empty() && law.conditions.is_empty();
            stage.expects(&own, rests_on_nothing);
        }
    }
}

#[test]
fn laws_up_to_identities() {
    let law = |name, stage: &mut Stage, letters: &[&str]| {
        Reason::Law(name, letters.iter().map(|letter| stage.expr(letter)).collect())
    };
    let stage = &mut Stage::given("x < y; x^2 < y^2; 0 <= n");
    let twice = law("positive multiple", stage, &["x", "y", "2"]);
    stage.accepts("2*x < 2*y", twice.clone(), "0 < 2; x < y");
    stage.accepts("2*x - 2*y < 0", twice.clone(), "0 < 2; x < y");
    stage.refuses("x < 2*y", twice, "0 < 2; x < y");
    let negative = law("positive multiple", stage, &["x", "y", "-2"]);
    stage.refuses("-2*x < -2*y", negative, "0 < -2; x < y");
    let cubes = law("odd power", stage, &["x", "y", "1"]);
    stage.accepts("x^3 < y^3", cubes.clone(), "x < y");
    stage.refuses("x^2 < y^2", cubes, "x < y");
    let halves = law("odd power", stage, &["x", "y", "1/2"]);
    stage.refuses("x^2 < y^2", halves, "x < y");
    let squares = law("squares", stage, &["abs(x)", "y"]);
    stage.refuses("abs(x) < y", squares.clone(), "0 <= y; abs(x)^2 < y^2");
    stage.give("0 <= y; abs(x)^2 < y^2; 1 <= x");
    stage.accepts("abs(x) < y", squares, "0 <= y; abs(x)^2 < y^2");
    let more = law("larger exponent", stage, &["x", "n", "n + 1"]);
    stage.accepts("x^n <= x^(n + 1)", more.clone(), "1 <= x");
    stage.refuses("x^(n + 1) <= x^n", more, "1 <= x");
    // Logarithms in exponents stand for their arguments.
    let exponentials = law("exponentials", stage, &["log(x)", "y", "x"]);
    stage.give("0 < x; x <= x*exp(y - log(x))");
    stage.accepts("log(x) <= y", exponentials.clone(), "0 < x; x <= x*exp(y - log(x))");
    stage.refuses("log(x) <= y", exponentials.clone(), "0 < x; x <= y");
    stage.refuses("y <= log(x)", exponentials, "0 < x; x <= x*exp(y - log(x))");
    // What lies between must have a value.
    let middle = law("same difference", stage, &["log(z) + x", "log(z) + y"]);
    stage.give("log(z) + x < log(z) + y");
    stage.accepts("x < y", middle.clone(), "log(z) + x < log(z) + y");
    stage.given.pop();
    stage.refuses("x < y", middle, "log(z) + x < log(z) + y");
}
