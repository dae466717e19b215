//! Evidence for bounds of absolute values and norms: what is bounded, and by which parts.

use crate::expr::{Arena, Comparison, Elementary, Expr, Node, Prop, Substitution, SymbolKind, Tensor};
use crate::proof::bounds::Prover;
use crate::proof::bounds::norms::Norms;
use crate::proof::check::{Composition, Evidence, Reason, Relation, bound_letter};

impl Norms {
    /// An expression with the norms themselves in place of their letters.
    pub fn shown(&self, arena: &mut Arena, expr: Expr) -> Expr {
        let map: Substitution =
            self.atoms.iter().map(|&(op, of, letter)| (letter, arena.tensor(op, vec![of]))).collect();
        arena.substitute(expr, &map)
    }

    /// An expression with the norms themselves in place of those letters whose norms hold an index.
    pub fn shown_of(&self, arena: &mut Arena, expr: Expr, index: Expr) -> Expr {
        let atoms = self.atoms.iter().filter(|&&(_, of, _)| arena.contains(of, index));
        let atoms: Vec<(Tensor, Expr, Expr)> = atoms.copied().collect();
        let map: Substitution =
            atoms.into_iter().map(|(op, of, letter)| (letter, arena.tensor(op, vec![of]))).collect();
        arena.substitute(expr, &map)
    }

    /// The letters, each with its norm.
    fn letters(&self, arena: &mut Arena) -> Vec<(Expr, Expr)> {
        self.atoms.iter().map(|&(op, of, letter)| (letter, arena.tensor(op, vec![of]))).collect()
    }
}

impl Prover<'_> {
    /// A search for a bound that leaves one piece of evidence, for `size <= bound`. Where it leaves nothing the two are
    /// equal, where it leaves something else it is a step by `name` that nothing replays.
    pub fn bounding(
        &mut self,
        name: &'static str,
        size: Expr,
        norms: &mut Norms,
        search: impl FnOnce(&mut Self, &mut Norms) -> Option<Expr>,
    ) -> Option<Expr> {
        let mark = self.evidence.len();
        let Some(bound) = search(self, norms) else {
            self.evidence.truncate(mark);
            return None;
        };
        let wanted = self.size_at_most(size, bound, norms);
        let reason = match &self.evidence[mark..] {
            [only] if only.conclusion == wanted => return Some(bound),
            [] => Reason::Identity,
            [only] if self.is_stronger(&only.conclusion, &wanted) => Reason::Through,
            _ => Reason::Unreplayed(name),
        };
        self.conclude(mark, wanted, reason);
        Some(bound)
    }

    /// `size <= bound`, the letters of norms shown.
    fn size_at_most(&mut self, size: Expr, bound: Expr, norms: &Norms) -> Prop {
        Prop::at_most(size, norms.shown(self.arena, bound))
    }

    /// Whether a bound of `|a|` is one of a, or one that is strict is wanted weakly.
    fn is_stronger(&self, own: &Prop, wanted: &Prop) -> bool {
        let (Prop::Compare(how, left, right), Prop::Compare(_, size, bound)) = (own, wanted) else { return false };
        let is_order = matches!(how, Comparison::Less | Comparison::LessEqual);
        is_order && right == bound && (left == size || self.arena.argument(Elementary::Abs, *left) == Some(*size))
    }

    /// The absolute value, of what is none yet.
    pub fn magnitude_of(&mut self, expr: Expr) -> Expr {
        if self.arena.argument(Elementary::Abs, expr).is_some() {
            expr
        } else {
            self.arena.apply(Elementary::Abs, expr)
        }
    }

    /// A bound of what is composed of the parts of which bounds were left since `mark`.
    pub fn composed(&mut self, mark: usize, size: Expr, bound: Expr, norms: &Norms, how: Composition) {
        let wanted = self.size_at_most(size, bound, norms);
        self.conclude(mark, wanted, Reason::Composed(how));
    }

    /// The bound that was left since `mark`, of something that is the same by definitions and derivatives.
    pub fn same_size(&mut self, mark: usize, size: Expr, bound: Expr, norms: &Norms) {
        let wanted = self.size_at_most(size, bound, norms);
        self.conclude(mark, wanted, Reason::WorkedOut);
    }

    /// `|a| <= |b|` for two ways to write one number.
    pub fn attest_size(&mut self, size: Expr, bound: Expr, norms: &Norms) {
        let wanted = self.size_at_most(size, bound, norms);
        self.attest(wanted, Reason::Identity);
    }

    /// `‖Q‖ <= 1` for a matrix of which that is known, or a power of one.
    pub fn attest_orthogonal(&mut self, matrix: Expr) {
        let (mark, one) = (self.evidence.len(), self.arena.one());
        let norm = self.arena.tensor(Tensor::NormSpectral, vec![matrix]);
        match *self.arena.node(matrix) {
            Node::MatrixPower(base, exponent) => {
                self.attest_orthogonal(base);
                self.conclude(mark, Prop::at_most(norm, one), Reason::Composed(Composition::Power(exponent)));
            }
            _ => {
                let back = self.arena.transpose(matrix);
                let (square, sizes) = (self.arena.matmul([back, matrix]), self.arena.shape(matrix).sizes());
                let identity = self.arena.identity(*sizes.last().unwrap_or(&one));
                self.attest(Prop::equal(square, identity), Reason::Supposed);
                self.conclude(mark, Prop::at_most(norm, one), Reason::Law("orthogonal", vec![matrix]));
            }
        }
    }

    /// `‖diag(v)‖ <= max |v_i|`: no entry exceeds the one that is largest.
    pub fn attest_largest_entry(&mut self, of: Expr, (letter, entry): (Expr, Expr), largest: Expr) {
        let (mark, at, other) = (self.evidence.len(), self.fresh(SymbolKind::Integer), self.fresh(SymbolKind::Integer));
        let Some(value) = self.arena.instantiate(largest, at) else { return };
        let Node::Symbol { symbol, .. } = *self.arena.node(other) else { return };
        let any = bound_letter(self.arena, symbol);
        self.attest(Prop::at_most(entry, value), Reason::Instance(vec![(any, letter)]));
        self.conclude(mark, Prop::at_most(entry, largest), Reason::AtSomeIndex { part: largest, at, other });
        let diagonal = self.arena.tensor(Tensor::Diagonal, vec![of]);
        let norm = self.arena.tensor(Tensor::NormSpectral, vec![diagonal]);
        self.conclude(mark, Prop::at_most(norm, largest), Reason::LargestEntry(letter));
    }

    /// `N(X) <= Σ N(X_i)` as a lemma, where each norm is the size beside its part; of the size that `X` is written with.
    pub fn triangle(&mut self, op: Tensor, (whole, own): (Expr, Expr), parts: &[(Expr, Expr)], norms: &mut Norms) {
        let mut premises = Vec::new();
        let mut bounds = Vec::new();
        for &(part, size) in parts {
            let norm = self.arena.tensor(op, vec![part]);
            let wanted = self.size_at_most(norm, size, norms);
            premises.push(Evidence::leaf(wanted, Reason::Identity));
            bounds.push(size);
        }
        let (norm, bound) = (self.arena.tensor(op, vec![whole]), self.arena.sum(bounds));
        let conclusion = self.size_at_most(norm, bound, norms);
        let mut lemma = Evidence { conclusion, reason: Reason::Composed(Composition::Sum), premises };
        let own = norms.shown(self.arena, own);
        if own != norm {
            let conclusion = self.size_at_most(own, bound, norms);
            lemma = Evidence { conclusion, reason: Reason::WorkedOut, premises: vec![lemma] };
        }
        norms.lemmas.push(lemma);
    }

    /// A law of the norms of a matrix as a lemma.
    pub fn law_of_norms(&mut self, name: &'static str, of: Expr, (low, high): (Expr, Expr), norms: &mut Norms) {
        let [low, high] = [low, high].map(|side| norms.shown(self.arena, side));
        norms.lemmas.push(Evidence::leaf(Prop::at_most(low, high), Reason::Law(name, vec![of])));
    }

    /// `ρ(A) <= ‖A‖ <= ‖A‖_F`.
    pub fn radius_by_frobenius(&mut self, of: Expr, (radius, frobenius): (Expr, Expr), norms: &mut Norms) {
        let [low, high] = [radius, frobenius].map(|side| norms.shown(self.arena, side));
        let middle = self.arena.tensor(Tensor::NormSpectral, vec![of]);
        let steps = [(low, middle, "radius and spectral norm"), (middle, high, "spectral and Frobenius norm")];
        let premises = steps.map(|(a, b, law)| Evidence::leaf(Prop::at_most(a, b), Reason::Law(law, vec![of])));
        let (conclusion, premises) = (Prop::at_most(low, high), premises.to_vec());
        norms.lemmas.push(Evidence { conclusion, reason: Reason::Through, premises });
    }

    /// What was left since `mark`, a bound of `left` and a relation between letters of norms, as one relation.
    pub fn conclude_by_norms(&mut self, mark: usize, relation: Relation, (bound, right): (Expr, Expr), norms: &Norms) {
        let [bound, right] = [bound, right].map(|side| norms.shown(self.arena, side));
        self.conclude_shown(mark + 1, &Relation::new(relation.how, bound, right).prop(), norms);
        self.conclude(mark, Relation { right, ..relation }.prop(), Reason::Through);
        if right != relation.right {
            self.conclude(mark, relation.prop(), Reason::WorkedOut);
        }
    }

    /// What was left since `mark`, an equality between letters of norms, as one of the sides that they stand in.
    pub fn conclude_equal_norms(&mut self, mark: usize, own: (Expr, Expr), letters: (Expr, Expr), norms: &Norms) {
        let shown = Prop::equal(norms.shown(self.arena, letters.0), norms.shown(self.arena, letters.1));
        self.conclude_shown(mark, &shown, norms);
        if shown != Prop::equal(own.0, own.1) {
            self.conclude(mark, Prop::equal(own.0, own.1), Reason::WorkedOut);
        }
    }

    /// What was left since `mark` of letters of norms, as one statement of the norms themselves.
    fn conclude_shown(&mut self, mark: usize, conclusion: &Prop, norms: &Norms) {
        let letters = norms.letters(self.arena);
        self.conclude(mark, conclusion.clone(), Reason::Generalized(letters));
        if !norms.lemmas.is_empty() {
            self.evidence.splice(mark..mark, norms.lemmas.iter().cloned());
            self.conclude(mark, conclusion.clone(), Reason::WithLemmas);
        }
    }

    /// Each relation between letters of norms that was left since `mark`, as one of the norms themselves.
    pub fn show_each(&mut self, mark: usize, norms: &Norms) {
        for own in self.evidence.split_off(mark) {
            let place = self.evidence.len();
            let conclusion = own.conclusion.map(&mut |side| norms.shown(self.arena, side));
            self.evidence.push(own);
            self.conclude_shown(place, &conclusion, norms);
        }
    }
}
