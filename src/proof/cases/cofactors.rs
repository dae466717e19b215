//! What follows from equations between givens by multiplying and adding them.
//!
//! **Why this decides.** `left = right` holds under laws `l_i = r_i` where `left - right = ∑ c u (l_i - r_i) v` for all
//! givens, which is an equality without assumptions and is confirmed as any other. How its cofactors c, u and v were found
//! is of no account.
//!
//! Found they are by reducing words, as numbers are divided: both sides are sums of words, of matrices in their order or of
//! numbers in any, and while the greatest word of a law stands in one of them, a multiple of the law is taken away. Norms
//! are equal where their squares are, traces where what they are taken of is. What is given for all values of letters is a
//! law at each of them. A law `D = 0` of matrices says more of their powers and inverses:
//!
//! | `D` | says | which is |
//! | --- | --- | --- |
//! | `X Y - I`, square | `Y X - I` | `Y D Y^{-1}` |
//! | | `X^n Y^n - I` | `Σ_{j<n} X^j D Y^j` |
//! | `A B - B A` | `B A^{-1} - A^{-1} B`, and for B | `A^{-1} D A^{-1}` |
//! | | `A B^n - B^n A`, and for A | `Σ_{j<n} B^j D B^{n-1-j}` |
//! | `P P - P` | `P^n - P` | `Σ_{j<n-1} P^j D` |

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Big, Equation, Expr, Node, Prop, Shape, Substitution, SymbolKind, Tensor};
use crate::model::Model;
use crate::number::Rational;

/// How many multiples of laws are taken away.
const MAX_STEPS: usize = 64;

/// How many words a side may have, and how long they may be.
const MAX_WORDS: usize = 256;
const MAX_LENGTH: usize = 16;

/// Factors that are not taken apart.
type Word = Vec<Expr>;

/// A sum of multiples of words.
type Words = BTreeMap<Word, Rational>;

/// The sides of an equality, the left one less the multiples of the laws among the premises that make it the right one;
/// `None` where none are found.
pub(super) fn less_laws(arena: &mut Arena, model: &Model, premises: &[Prop], sides: [Expr; 2]) -> Option<[Expr; 2]> {
    let [left, right] = squares(arena, traced(arena, sides));
    let is_ordered = matches!(arena.shape(left), Shape::Matrix(..)) || matches!(arena.node(left), Node::MatMul(_));
    let order = if is_ordered { Order::AsWritten } else { Order::Any };
    let mut finder = Finder { arena, model, order };
    let laws = finder.laws(premises, &sides);
    let difference = finder.arena.subtract(left, right);
    let mut rest = finder.words(difference)?;
    let mut terms = vec![left];
    for _ in 0..MAX_STEPS {
        let Some((term, taken)) = finder.multiple(&rest, &laws) else { break };
        let term = finder.arena.negate(term);
        terms.push(term);
        add(&mut rest, taken, &Rational::NEG_ONE);
    }
    (rest.is_empty() && terms.len() > 1).then(|| [finder.arena.sum(terms), right])
}

/// What two traces are taken of; other sides as they are.
fn traced(arena: &Arena, sides: [Expr; 2]) -> [Expr; 2] {
    let inside = |side: Expr| match arena.node(side) {
        Node::Tensor { op: Tensor::Trace, args } => Some(args[0]),
        _ => None,
    };
    match sides.map(inside) {
        [Some(one), Some(other)] if arena.shape(one) == arena.shape(other) => [one, other],
        _ => sides,
    }
}

/// The squares of two norms of vectors; other sides as they are.
fn squares(arena: &mut Arena, sides: [Expr; 2]) -> [Expr; 2] {
    let inside = |side: Expr| match arena.node(side) {
        Node::Tensor { op: Tensor::Norm, args } if matches!(arena.shape(args[0]), Shape::Vector(_)) => Some(args[0]),
        _ => None,
    };
    let [Some(one), Some(other)] = sides.map(inside) else { return sides };
    [one, other].map(|vector| {
        let row = arena.transpose(vector);
        arena.matmul([row, vector])
    })
}

/// Whether the factors of a word keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    AsWritten,
    Any,
}

/// `difference = 0`
struct Law {
    difference: Expr,
    words: Words,
    greatest: Word,
}

impl Law {
    /// A law that is no number alone.
    fn new(difference: Expr, words: Words) -> Option<Law> {
        let greatest = words.keys().max_by_key(|word| (word.len(), *word)).filter(|word| !word.is_empty())?.clone();
        Some(Law { difference, words, greatest })
    }

    /// `one - other = 0`
    fn says(difference: Expr, one: Word, other: Word) -> Option<Law> {
        Law::new(difference, Words::from([(one, Rational::ONE), (other, Rational::NEG_ONE)]))
    }
}

struct Finder<'a> {
    arena: &'a mut Arena,
    model: &'a Model,
    order: Order,
}

impl Finder<'_> {
    /// The equations among the premises, and what they say of transposed matrices, and of powers and inverses that stand
    /// in the sides.
    fn laws(&mut self, premises: &[Prop], sides: &[Expr; 2]) -> Vec<Law> {
        let (mut laws, exponents) = (Vec::new(), self.exponents(sides));
        let equations = premises.iter().filter_map(Prop::equation).map(|equation| equation.whole(self.arena));
        for equation in equations.collect::<Vec<_>>().into_iter().filter(|own| own.range.is_empty()) {
            for [left, right] in self.instances(&equation, sides) {
                let difference = self.arena.subtract(left, right);
                let is_matrix = matches!(self.arena.shape(difference), Shape::Matrix(..));
                if is_matrix != (self.order == Order::AsWritten) {
                    continue;
                }
                let turned = is_matrix.then(|| self.arena.transpose(difference));
                for difference in [difference].into_iter().chain(turned) {
                    let Some(words) = self.words(difference) else { continue };
                    laws.extend(self.of_powers(difference, &words, &exponents));
                    laws.extend(Law::new(difference, words));
                }
            }
        }
        laws
    }

    /// An equation at the values that its letters have where members of the same families stand in the sides.
    fn instances(&mut self, equation: &Equation, sides: &[Expr; 2]) -> Vec<[Expr; 2]> {
        let own = [equation.left, equation.right];
        if equation.letters.is_empty() {
            return vec![own];
        }
        let letters: Vec<Expr> = equation.letters.iter().map(|&letter| self.arena.symbol(letter)).collect();
        let mut choices: Vec<Vec<Expr>> = Vec::new();
        for pattern in self.arena.reachable(&own) {
            for part in self.arena.reachable(sides) {
                let choice = self.values_at(&letters, pattern, part);
                choices.extend(choice.filter(|choice| !choices.contains(choice)));
            }
        }
        let at = |choice: Vec<Expr>| {
            let map: Substitution = letters.iter().copied().zip(choice).collect();
            self.arena.substitute_all(&own, &map).try_into().ok()
        };
        choices.into_iter().filter_map(at).collect()
    }

    /// What letters are where a member is one of a family at letters.
    fn values_at(&self, letters: &[Expr], pattern: Expr, member: Expr) -> Option<Vec<Expr>> {
        let (Node::Symbol { symbol, indices: at, .. }, Node::Symbol { symbol: other, indices, .. }) =
            (self.arena.node(pattern), self.arena.node(member))
        else {
            return None;
        };
        let is_free = indices.iter().all(|&index| self.arena.is_closed(index));
        let value = |letter: &Expr| {
            let mut own = at.iter().zip(indices).filter(|(index, _)| *index == letter).map(|(_, &value)| value);
            let first = own.next()?;
            own.all(|value| value == first).then_some(first)
        };
        (symbol == other && is_free).then(|| letters.iter().map(value).collect()).flatten()
    }

    /// What a law of two words says of other products of the same matrices, with the exponents that stand in the sides.
    fn of_powers(&mut self, difference: Expr, words: &Words, exponents: &[Expr]) -> Vec<Law> {
        let mut both: Vec<(Word, Rational)> = words.iter().map(|(word, times)| (word.clone(), times.clone())).collect();
        both.sort_unstable_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let [(long, times), (short, others)] = &both[..] else { return Vec::new() };
        if *times != -others.clone() {
            return Vec::new();
        }
        let number = self.arena.number(Rational::ONE / times.clone());
        let law = self.arena.product([number, difference]);
        let mut laws = Vec::new();
        match (&long[..], &short[..]) {
            (&[x, y], []) if self.is_square(x) => {
                let back = self.inverse(y);
                let turned = self.arena.matmul([y, law, back]);
                laws.extend(Law::says(turned, vec![y, x], Word::new()));
                for (x, y, law) in [(x, y, law), (y, x, turned)] {
                    laws.extend(exponents.iter().filter_map(|&n| self.of_both_powers((x, y), law, n)));
                }
            }
            (&[a, b], &[c, d]) if (a, b) == (d, c) => {
                let negative = self.arena.negate(law);
                for (a, b, law) in [(a, b, law), (b, a, negative)] {
                    let inverse = self.inverse(a);
                    let between = self.arena.matmul([inverse, law, inverse]);
                    laws.extend(Law::says(between, vec![b, inverse], vec![inverse, b]));
                    laws.extend(exponents.iter().filter_map(|&n| self.past_a_power((a, b), law, n)));
                }
            }
            (&[p, q], &[r]) if p == q && q == r => {
                laws.extend(exponents.iter().filter_map(|&n| self.of_power(p, law, n)));
            }
            _ => {}
        }
        laws
    }

    fn inverse(&mut self, matrix: Expr) -> Expr {
        let minus = self.arena.integer(-1);
        self.arena.matrix_power(matrix, minus)
    }

    /// `P^n = P` by `P P = P`.
    fn of_power(&mut self, p: Expr, law: Expr, n: Expr) -> Option<Law> {
        let sum = self.sum_below(n, 1, |arena, j, _| vec![arena.matrix_power(p, j), law]);
        let power = self.arena.matrix_power(p, n);
        Law::says(sum, vec![power], vec![p])
    }

    /// `X^n Y^n = I` by `X Y = I`.
    fn of_both_powers(&mut self, (x, y): (Expr, Expr), law: Expr, n: Expr) -> Option<Law> {
        let sum = self.sum_below(n, 0, |arena, j, _| vec![arena.matrix_power(x, j), law, arena.matrix_power(y, j)]);
        let powers = [x, y].map(|base| self.arena.matrix_power(base, n));
        Law::says(sum, powers.to_vec(), Word::new())
    }

    /// `A B^n = B^n A` by `A B = B A`.
    fn past_a_power(&mut self, (a, b): (Expr, Expr), law: Expr, n: Expr) -> Option<Law> {
        let sum =
            self.sum_below(n, 0, |arena, j, rest| vec![arena.matrix_power(b, j), law, arena.matrix_power(b, rest)]);
        let power = self.arena.matrix_power(b, n);
        Law::says(sum, vec![a, power], vec![power, a])
    }

    /// `Σ_j` of products for j from 0 on below `n - less`, each with `n - 1 - j` at hand.
    fn sum_below(&mut self, n: Expr, less: i64, term: impl FnOnce(&mut Arena, Expr, Expr) -> Vec<Expr>) -> Expr {
        let letter = self.arena.intern("\u{a7}j", SymbolKind::Integer);
        let (j, zero, last) = (self.arena.symbol(letter), self.arena.zero(), self.arena.integer(-1 - less));
        let (upper, back) = (self.arena.sum([n, last]), self.arena.negate(j));
        let rest = self.arena.sum([upper, back]);
        let factors = term(self.arena, j, rest);
        let product = self.arena.matmul(factors);
        self.arena.big(Big::Sum, letter, zero, upper, product)
    }

    fn is_square(&self, matrix: Expr) -> bool {
        matches!(self.arena.shape(matrix), Shape::Matrix(rows, columns) if rows == columns)
    }

    /// The exponents of matrices that are no numbers.
    fn exponents(&self, sides: &[Expr; 2]) -> Vec<Expr> {
        let powers = self.arena.reachable(sides).into_iter().filter_map(|part| match *self.arena.node(part) {
            Node::MatrixPower(_, n) if self.arena.as_number(n).is_none() => Some(n),
            _ => None,
        });
        powers.collect::<BTreeSet<Expr>>().into_iter().collect()
    }

    /// A multiple of a law that holds one of these words, written and as words.
    fn multiple(&mut self, rest: &Words, laws: &[Law]) -> Option<(Expr, Words)> {
        let found = |(word, times): (&Word, &Rational)| {
            laws.iter().find_map(|law| {
                let (before, after) = self.without(word, &law.greatest)?;
                Some((law, before, after, times / &law.words[&law.greatest]))
            })
        };
        let (law, before, after, times) = rest.iter().find_map(found)?;
        let number = self.arena.number(times.clone());
        let factors = [before.clone(), vec![law.difference], after.clone()].concat();
        let written = match self.order {
            Order::AsWritten => {
                let product = if factors.len() > 1 { self.arena.matmul(factors) } else { law.difference };
                self.arena.product([number, product])
            }
            Order::Any => self.arena.product([vec![number], factors].concat()),
        };
        let words =
            law.words.iter().map(|(word, own)| (self.ordered([&before[..], word, &after].concat()), own * &times));
        Some((written, words.collect()))
    }

    /// What stands before and after a part of a word.
    fn without(&self, word: &Word, part: &Word) -> Option<(Word, Word)> {
        match self.order {
            Order::AsWritten => {
                let at = word.windows(part.len()).position(|window| window == part)?;
                Some((word[..at].to_vec(), word[at + part.len()..].to_vec()))
            }
            Order::Any => {
                let mut rest = word.clone();
                for factor in part {
                    rest.remove(rest.iter().position(|other| other == factor)?);
                }
                Some((rest, Word::new()))
            }
        }
    }

    fn ordered(&self, mut word: Word) -> Word {
        if self.order == Order::Any {
            word.sort_unstable();
        }
        word
    }

    /// An expression as a sum of words; `None` where it has too many of them.
    fn words(&mut self, expr: Expr) -> Option<Words> {
        let (node, order) = (self.arena.node(expr).clone(), self.order);
        match (node, order) {
            (Node::Number(number), _) if number.is_zero() => Some(Words::new()),
            (Node::Number(number), Order::Any) => Some(Words::from([(Word::new(), number)])),
            (Node::Identity(_), Order::AsWritten) => Some(Words::from([(Word::new(), Rational::ONE)])),
            (Node::Sum(parts), _) => {
                let mut sum = Words::new();
                for part in parts {
                    add(&mut sum, self.words(part)?, &Rational::ONE);
                }
                Some(sum)
            }
            (Node::Product(factors), Order::Any) | (Node::MatMul(factors), Order::AsWritten) => self.product(&factors),
            (Node::Product(factors), Order::AsWritten) => {
                let is_number = |factor: &&Expr| self.arena.as_number(**factor).is_some();
                let (numbers, others): (Vec<Expr>, Vec<Expr>) = factors.iter().partition(is_number);
                let ([number], [matrix]) = (&numbers[..], &others[..]) else { return Some(alone(expr)) };
                let (number, mut words) = (self.arena.as_number(*number)?.clone(), self.words(*matrix)?);
                words.values_mut().for_each(|times| *times = &*times * &number);
                Some(words)
            }
            (Node::Power(base, exponent), Order::Any) | (Node::MatrixPower(base, exponent), Order::AsWritten) => {
                let exponent = self.arena.as_integer(exponent).and_then(|n| usize::try_from(n).ok());
                match exponent.filter(|n| (1..=MAX_LENGTH).contains(n)) {
                    Some(n) => self.product(&vec![base; n]),
                    None => Some(alone(expr)),
                }
            }
            (Node::Transpose(of), Order::AsWritten) => {
                let words = self.words(of)?;
                let turned = words.into_iter().map(|(word, times)| {
                    (word.into_iter().rev().map(|letter| self.transposed(letter)).collect(), times)
                });
                Some(turned.collect())
            }
            (Node::Symbol { symbol, indices, .. }, _) if indices.is_empty() => {
                let mut own = self.model.definitions_of(symbol);
                match (own.next(), own.next()) {
                    (Some(only), None) if only.components.is_empty() && only.range.is_empty() => self.words(only.body),
                    _ => Some(alone(expr)),
                }
            }
            _ => Some(alone(expr)),
        }
    }

    /// A factor transposed: a power is that of the transposed matrix.
    fn transposed(&mut self, factor: Expr) -> Expr {
        match *self.arena.node(factor) {
            Node::MatrixPower(base, exponent) => {
                let base = self.arena.transpose(base);
                self.arena.matrix_power(base, exponent)
            }
            _ => self.arena.transpose(factor),
        }
    }

    fn product(&mut self, factors: &[Expr]) -> Option<Words> {
        let mut product = Words::from([(Word::new(), Rational::ONE)]);
        for &factor in factors {
            let (own, mut longer) = (self.words(factor)?, Words::new());
            for (word, times) in &product {
                let joined = own.iter().map(|(next, more)| (self.ordered([&word[..], next].concat()), times * more));
                joined.for_each(|(word, times)| add(&mut longer, Words::from([(word, times)]), &Rational::ONE));
            }
            if longer.len() > MAX_WORDS || longer.keys().any(|word| word.len() > MAX_LENGTH) {
                return None;
            }
            product = longer;
        }
        Some(product)
    }
}

/// The word of one factor.
fn alone(expr: Expr) -> Words {
    Words::from([(vec![expr], Rational::ONE)])
}

/// Adds a multiple of some words to others.
fn add(sum: &mut Words, words: Words, times: &Rational) {
    for (word, own) in words {
        let total = sum.get(&word).map_or(Rational::ZERO, Rational::clone) + own * times.clone();
        if total.is_zero() {
            sum.remove(&word)
        } else {
            sum.insert(word, total)
        };
    }
}
