//! Functions before their arguments: of numbers, declared, and of whole tensors.

use crate::expr::{Elementary, Expr, Function, Shape, Slot, Tensor};
use crate::print::layout::Layout;
use crate::print::name::{self, Name};
use crate::print::scope::Scope;
use crate::print::{Fence, Level, Part, PartId, Sign};

/// The widest argument that `exp` takes as a superscript.
const MAX_EXPONENT_WIDTH: u32 = 16;

/// The largest number of primes; then the order stands in parentheses.
const MAX_PRIMES: usize = 3;

impl Layout<'_> {
    /// `f(x)`, `f''(x)`, `\partial_2 f(x, h)`, `e^x`, `|x|`, `\delta_{ij}`.
    pub(super) fn call(&mut self, function: &Function, slots: &[Slot], args: &[Expr], scope: Scope) -> PartId {
        let parts = self.wholes(args, scope);
        if let (Function::Elementary(elementary), [], Some(&first)) = (function, slots, parts.first())
            && let Some(special) = self.special(*elementary, first, &parts)
        {
            return special;
        }
        let head = match function {
            Function::Elementary(elementary) => self.elementary(*elementary),
            Function::Declared { symbol, indices } => self.symbol(*symbol, indices, &[], scope),
        };
        let by_entry = slots.iter().any(|slot| !slot.entry.is_empty());
        if parts.len() == 1 && !by_entry {
            let head = self.primed(head, slots.len());
            return self.apply(head, &parts);
        }
        let call = self.apply(head, &parts);
        if slots.is_empty() { call } else { self.slots(slots, args, call, scope) }
    }

    /// The functions that have a notation of their own.
    fn special(&mut self, elementary: Elementary, first: PartId, parts: &[PartId]) -> Option<PartId> {
        match elementary {
            Elementary::Exp => {
                let facts = self.tree.facts(first);
                let fits = facts.small && facts.width <= MAX_EXPONENT_WIDTH && facts.level > Level::Relation;
                let base = self.tree.letter("e");
                fits.then(|| self.tree.add(Part::Scripts { base, below: None, above: Some(first), primes: 0 }))
            }
            Elementary::Abs => Some(self.tree.add(Part::Fenced { fence: Fence::Bars, body: first })),
            Elementary::Delta if self.is_declared(r"\delta") => Some(self.kronecker_cases(parts)),
            Elementary::Delta => {
                let base = self.tree.letter(r"\delta");
                let below = Some(self.tree.run(parts));
                Some(self.tree.add(Part::Scripts { base, below, above: None, primes: 0 }))
            }
            _ => None,
        }
    }

    /// Where δ is declared as something else, `δ_{ij}` is written out.
    fn kronecker_cases(&mut self, parts: &[PartId]) -> PartId {
        let equal = self.tree.joined(parts, Sign::Equal, Level::Relation);
        let (one, zero) = (self.tree.digits("1"), self.tree.digits("0"));
        self.tree.add(Part::Cases(Box::new([(one, Some(equal)), (zero, None)])))
    }

    /// The name of a function of the table, spelled out where its letter is declared as something else.
    fn elementary(&mut self, elementary: Elementary) -> PartId {
        let row = elementary.row();
        match name::read(row.latex) {
            Name::Letter(letter) if self.is_declared(&letter) => self.tree.word(row.name),
            name => self.tree.named(&name, &[], &[]),
        }
    }

    /// Whether a letter is a name of its own, alone or with indices.
    fn is_declared(&self, letter: &str) -> bool {
        let families = ["", r"_{\cdot}", r"^{\cdot}", r"^{(\cdot)}", r"^{[\cdot]}", r"_{\cdot}^{\cdot}"];
        self.letters.is_taken(letter)
            || families.iter().any(|scripts| self.arena.find(&format!("{letter}{scripts}")).is_some())
    }

    fn primed(&mut self, head: PartId, order: usize) -> PartId {
        let (mut base, mut below, mut above) = (head, None, None);
        if let Part::Scripts { base: own, below: sub, above: sup, primes: 0 } = self.tree.part(head) {
            (base, below, above) = (*own, *sub, *sup);
        }
        match u8::try_from(order) {
            Ok(0) => head,
            Ok(primes) if order <= MAX_PRIMES => self.tree.add(Part::Scripts { base, below, above, primes }),
            Ok(_) | Err(_) => {
                let order = self.tree.digits(order.to_string());
                let order = Some(self.tree.round(order));
                match above {
                    None => self.tree.add(Part::Scripts { base, below, above: order, primes: 0 }),
                    Some(_) => {
                        let base = self.tree.round(head);
                        self.tree.add(Part::Scripts { base, below: None, above: order, primes: 0 })
                    }
                }
            }
        }
    }

    /// A head before its arguments in parentheses.
    pub(super) fn apply(&mut self, head: PartId, args: &[PartId]) -> PartId {
        let args = self.tree.joined(args, Sign::Comma, Level::List);
        let args = self.tree.round(args);
        self.tree.add(Part::Apply { head, args })
    }

    /// `\operatorname{diag}(x)`, `\left\|x\right\|`, `\rho(W)`.
    pub(super) fn tensor(&mut self, op: Tensor, args: &[Expr], scope: Scope) -> PartId {
        let parts = self.wholes(args, scope);
        let word = match op {
            Tensor::Softmax => "softmax",
            Tensor::Trace => "Tr",
            Tensor::Determinant => "det",
            Tensor::Diagonal => "diag",
            Tensor::SpectralRadius => {
                let head = self.tree.letter(r"\rho");
                return self.apply(head, &parts);
            }
            Tensor::Norm => {
                let matrix = args.iter().any(|&arg| matches!(self.arena.shape(arg), Shape::Matrix(..)));
                let below = matrix.then(|| self.tree.letter("F"));
                return self.norm(&parts, below);
            }
            Tensor::Norm1 => {
                let below = Some(self.tree.digits("1"));
                return self.norm(&parts, below);
            }
            Tensor::NormInfinity => {
                let below = Some(self.tree.letter(r"\infty"));
                return self.norm(&parts, below);
            }
            Tensor::NormSpectral => {
                let below = Some(self.tree.digits("2"));
                return self.norm(&parts, below);
            }
        };
        let head = self.tree.word(word);
        self.apply(head, &parts)
    }

    fn norm(&mut self, parts: &[PartId], below: Option<PartId>) -> PartId {
        let body = self.tree.joined(parts, Sign::Comma, Level::List);
        let base = self.tree.add(Part::Fenced { fence: Fence::DoubleBars, body });
        match below {
            None => base,
            Some(_) => self.tree.add(Part::Scripts { base, below, above: None, primes: 0 }),
        }
    }
}
