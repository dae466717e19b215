//! Where the tests replay evidence: givens, statements and premises in the notation of the laws.

use crate::expr::{Arena, Big, Comparison, Expr, Extremum, Prop, Shape, SymbolKind};
use crate::model::{Argument, Definition, Model};
use crate::proof::check::hypotheses::letter;
use crate::proof::check::notation::{Notation, relations};
use crate::proof::check::{Evidence, Objection, Reason, Relation, bound_letter, replay};
use crate::proof::reals;

/// What is given, and the expressions of a test.
pub(super) struct Stage {
    pub arena: Arena,
    pub model: Model,
    pub given: Vec<Prop>,
}

impl Stage {
    pub fn new() -> Stage {
        Stage::given("")
    }

    pub fn given(text: &str) -> Stage {
        let mut stage = Stage { arena: Arena::new(), model: Model::default(), given: Vec::new() };
        stage.give(text);
        stage
    }

    pub fn give(&mut self, text: &str) {
        let given = self.relations(text);
        self.given.extend(given.into_iter().map(Relation::prop));
    }

    /// Gives a statement for all values of a letter.
    pub fn give_for_all(&mut self, name: &str, text: &str) {
        let (law, of) = (self.prop(text), self.expr(name));
        let symbol = letter(&self.arena, of).expect("a letter");
        self.given.push(Prop::ForAll(vec![symbol], Box::new(law)));
    }

    /// A law for all values of a letter, at this one.
    pub fn instance(&mut self, of: Expr, value: Expr) -> Reason {
        let symbol = letter(&self.arena, of).expect("a letter");
        Reason::Instance(vec![(bound_letter(&mut self.arena, symbol), value)])
    }

    /// Defines a number, or the members of a family for all values of an index.
    pub fn define(&mut self, member: &str, index: &str, body: &str) {
        let [member, body] = self.exprs([member, body]);
        let (symbol, ..) = Model::member(&self.arena, member).expect("a member");
        let mut indices = Vec::new();
        if !index.is_empty() {
            let index = self.expr(index);
            indices.extend(letter(&self.arena, index).map(Argument::Letter));
        }
        let (components, range) = (Vec::new(), Vec::new());
        self.model.definitions.push(Definition { symbol, indices, components, shape: Shape::Scalar, range, body });
    }

    pub fn relations(&mut self, text: &str) -> Vec<Relation> {
        let mut notation = Notation { arena: &mut self.arena, names: &mut named, loose: Comparison::Less };
        relations(&mut notation, text).expect("the test is written in the notation")
    }

    pub fn relation(&mut self, text: &str) -> Relation {
        self.relations(text)[0]
    }

    pub fn prop(&mut self, text: &str) -> Prop {
        self.relation(text).prop()
    }

    pub fn expr(&mut self, text: &str) -> Expr {
        self.relation(&format!("{text} = 0")).left
    }

    pub fn exprs<const N: usize>(&mut self, texts: [&str; N]) -> [Expr; N] {
        texts.map(|text| self.expr(text))
    }

    /// Evidence without premises, by the reason behind a colon; else what is visible or supposed.
    pub fn leaf(&mut self, text: &str) -> Evidence {
        let (text, reason) = text.split_once(':').map_or((text, ""), |(text, reason)| (text, reason.trim()));
        let Relation { how, left, right } = self.relation(text);
        let difference = self.arena.subtract(right, left);
        let reason = match reason {
            "extent" => Reason::Extent,
            "same" => Reason::Identity,
            _ if left == right => Reason::Identity,
            _ if reals::constant(&self.arena, difference).is_some() => Reason::Numbers,
            _ => Reason::Supposed,
        };
        Evidence::leaf(Relation::new(how, left, right).prop(), reason)
    }

    pub fn leaves(&mut self, texts: &str) -> Vec<Evidence> {
        texts.split(';').filter(|text| !text.trim().is_empty()).map(|text| self.leaf(text)).collect()
    }

    /// A step from premises that are leaves.
    pub fn step(&mut self, conclusion: &str, reason: Reason, premises: &str) -> Evidence {
        let conclusion = self.prop(conclusion);
        Evidence { conclusion, reason, premises: self.leaves(premises) }
    }

    pub fn answer(&mut self, evidence: &Evidence) -> Result<(), Objection> {
        replay(&mut self.arena, &self.model, &self.given, &evidence.conclusion, evidence)
    }

    #[track_caller]
    pub fn expects(&mut self, evidence: &Evidence, accepted: bool) {
        let answer = self.answer(evidence);
        assert_eq!(answer.is_ok(), accepted, "{answer:?}: {evidence:?}");
    }

    #[track_caller]
    pub fn accepts(&mut self, conclusion: &str, reason: Reason, premises: &str) {
        let evidence = self.step(conclusion, reason, premises);
        self.expects(&evidence, true);
    }

    #[track_caller]
    pub fn refuses(&mut self, conclusion: &str, reason: Reason, premises: &str) {
        let evidence = self.step(conclusion, reason, premises);
        self.expects(&evidence, false);
    }

    /// Statements that a reason without premises proves, and others that it does not.
    #[track_caller]
    pub fn tells(&mut self, reason: &Reason, accepted: &str, refused: &str) {
        for (texts, is_accepted) in [(accepted, true), (refused, false)] {
            for relation in self.relations(texts) {
                self.expects(&Evidence::leaf(relation.prop(), reason.clone()), is_accepted);
            }
        }
    }
}

/// i, j, k, m, n, t are integers, A, B, W matrices and u, v vectors of size n, all other names numbers.
fn named(arena: &mut Arena, name: &str, args: &[Expr]) -> Option<Expr> {
    let symbol_of = |arena: &Arena, expr: Expr| letter(arena, expr).expect("a letter");
    match (name, args) {
        ("oo", []) => return Some(arena.infinity()),
        ("pi", []) => return Some(arena.pi()),
        ("sum" | "prod", &[index, low, high, body]) => {
            let (op, index) = (if name == "sum" { Big::Sum } else { Big::Product }, symbol_of(arena, index));
            return Some(arena.big(op, index, low, high, body));
        }
        ("sup" | "inf", &[of, body]) => {
            let which = if name == "sup" { Extremum::Supremum } else { Extremum::Infimum };
            let of = symbol_of(arena, of);
            return Some(arena.extremum(which, of, None, body));
        }
        ("largestof", &[index, low, high, body]) => {
            let index = symbol_of(arena, index);
            return Some(arena.extremum(Extremum::Supremum, index, Some((low, high)), body));
        }
        ("lim", &[of, to, body]) => {
            let of = symbol_of(arena, of);
            let is_integer = arena.kind(of) == SymbolKind::Integer;
            return Some(arena.limit(of, is_integer, to, body));
        }
        ("entry", &[of, at]) => return Some(arena.entry(of, vec![at])),
        _ => {}
    }
    let is_integer = matches!(name, "i" | "j" | "k" | "m" | "n" | "t");
    let symbol = arena.intern(name, if is_integer { SymbolKind::Integer } else { SymbolKind::Real });
    let size = arena.intern("n", SymbolKind::Integer);
    let size = arena.symbol(size);
    let shape = match name {
        "A" | "B" | "W" => Shape::Matrix(size, size),
        "u" | "v" => Shape::Vector(size),
        _ => Shape::Scalar,
    };
    Some(arena.member_of_shape(symbol, args.into(), shape))
}
