//! Factorials and binomial coefficients, which count and so need integers that are not negative.

use crate::expr::{Big, Expr};
use crate::lower::bound::follows;
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::reader::Reader;
use crate::rewrite::Linear;
use crate::syntax::ast::{Kind, Node};

/// Up to this lower number a binomial coefficient is a polynomial of the upper one, written out.
const LARGEST: i64 = 12;

impl Reader<'_> {
    /// `n!`: the product of the integers from 1 to n.
    pub(super) fn factorial(&mut self, node: &Node, of: &Node) -> Option<Expr> {
        if matches!(of.kind, Kind::Factorial(_)) {
            let message =
                "two signs `!` are the factorial of a factorial to some, a product of every other number to others";
            let hint = r"write brackets, `(n!)!`, or the product: `\prod_{k=1}^{n} (2 k - 1)`";
            return self.fail("ambiguous-factorial", node.span, message.to_owned(), hint);
        }
        let n = self.expression(of)?;
        self.check_counts(node, n, &spell_plain(of))?;
        Some(self.product_to(n))
    }

    /// `\binom{n}{k}`: a polynomial in n where k is a number, a quotient of factorials otherwise.
    pub(super) fn binomial(&mut self, node: &Node, above: &Node, below: &Node) -> Option<Expr> {
        let (n, k) = (self.expression(above)?, self.expression(below)?);
        if let Some(k) = self.arena.as_integer(k).filter(|k| (0..=LARGEST).contains(k)) {
            return Some(self.chosen(n, k));
        }
        let rest = self.arena.subtract(n, k);
        let (all, part) = (spell_plain(above), spell_plain(below));
        self.check_counts(node, k, &part)?;
        let part = if matches!(strip(below).kind, Kind::Sum(_)) { format!("({part})") } else { part };
        self.check_counts(node, rest, &format!("{all} - {part}"))?;
        let [all, own, rest] = [n, k, rest].map(|number| self.product_to(number));
        let below = self.arena.product([own, rest]);
        Some(self.arena.divide(all, below))
    }

    /// `n (n - 1) … (n - k + 1) / k!`
    fn chosen(&mut self, n: Expr, k: i64) -> Expr {
        let mut factors = Vec::new();
        for step in 0..k {
            let step = self.arena.integer(step);
            factors.push(self.arena.subtract(n, step));
        }
        let ways = self.arena.product(factors);
        let orders = self.arena.integer((1..=k).product());
        self.arena.divide(ways, orders)
    }

    fn product_to(&mut self, n: Expr) -> Expr {
        let letter = self.arena.letter_apart("k", &[n]);
        let (k, one) = (self.arena.symbol(letter), self.arena.one());
        self.arena.big(Big::Product, letter, one, n, k)
    }

    /// Refuses what is not known to be an integer from 0 on.
    fn check_counts(&mut self, node: &Node, n: Expr, written: &str) -> Option<()> {
        let is_natural =
            self.is_whole(n) && Linear::read(self.arena, n).is_some_and(|n| follows(&n, &self.never_negative()));
        if is_natural {
            return Some(());
        }
        let message =
            format!("nothing says that `{written}` is an integer from 0 on, and a factorial is taken of such");
        let is_power =
            matches!(&node.kind, Kind::Factorial(of) if matches!(of.kind, Kind::Script { sup: Some(_), .. }));
        let hint = match self.is_whole(n) {
            false if is_power => "write braces where the exponent is the factorial: `2^{n!}`".to_owned(),
            true => format!(r"declare it in `\mathbb{{N}}`, or add the condition `\quad ({written} \ge 0)`"),
            false => r"declare it in `\mathbb{N}`; that two values differ is written `\ne`".to_owned(),
        };
        self.fail("not-supported", node.span, message, &hint)
    }
}
