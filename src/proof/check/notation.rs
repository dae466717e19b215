//! The notation in which laws are written: `a <= b; 0 < p`, `abs(a)^p`, `norm(A)^2`, `T(A)*A`.

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Shape, Tensor};
use crate::proof::check::evidence::Relation;

/// What a name stands for, with indices or arguments where it has some.
pub(super) type Names<'n> = dyn FnMut(&mut Arena, &str, &[Expr]) -> Option<Expr> + 'n;

/// Where a text is read: what its names stand for, and what `<?` does.
pub(super) struct Notation<'n> {
    pub arena: &'n mut Arena,
    pub names: &'n mut Names<'n>,
    pub loose: Comparison,
}

/// Comparisons with semicolons between them; `None` where the text is not read to its end.
pub(super) fn relations(notation: &mut Notation<'_>, text: &str) -> Option<Vec<Relation>> {
    let parts = text.split(';').filter(|part| !part.trim().is_empty());
    parts.map(|part| Reader { notation, rest: part }.relation()).collect()
}

struct Reader<'t, 'r, 'n> {
    notation: &'r mut Notation<'n>,
    rest: &'t str,
}

impl<'t> Reader<'t, '_, '_> {
    fn relation(&mut self) -> Option<Relation> {
        let signs = [
            ("<?", self.notation.loose),
            ("<=", Comparison::LessEqual),
            ("!=", Comparison::NotEqual),
            ("<", Comparison::Less),
            ("=", Comparison::Equal),
        ];
        let left = self.sum()?;
        let how = signs.into_iter().find(|(sign, _)| self.eats(sign))?.1;
        let right = self.sum()?;
        self.rest.trim().is_empty().then(|| Relation::new(how, left, right))
    }

    fn eats(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The longest beginning of such characters.
    fn taken(&mut self, is_part: impl Fn(char) -> bool) -> Option<&'t str> {
        let rest = self.rest.trim_start();
        let (taken, rest) = rest.split_at(rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
        self.rest = rest;
        (!taken.is_empty()).then_some(taken)
    }

    fn sum(&mut self) -> Option<Expr> {
        let mut sum = self.product()?;
        loop {
            if self.eats("+") {
                let next = self.product()?;
                sum = self.notation.arena.sum([sum, next]);
            } else if self.eats("-") {
                let next = self.product()?;
                sum = self.notation.arena.subtract(sum, next);
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<Expr> {
        let mut product = self.factor()?;
        loop {
            if self.eats("*") {
                let next = self.factor()?;
                let arena = &mut self.notation.arena;
                let are_tensors = [product, next].iter().all(|&part| !arena.shape(part).is_scalar());
                product = if are_tensors { arena.matmul([product, next]) } else { arena.product([product, next]) };
            } else if self.eats("/") {
                let next = self.factor()?;
                product = self.notation.arena.divide(product, next);
            } else {
                return Some(product);
            }
        }
    }

    fn factor(&mut self) -> Option<Expr> {
        if self.eats("-") {
            let own = self.factor()?;
            return Some(self.notation.arena.negate(own));
        }
        let base = self.atom()?;
        if !self.eats("^") {
            return Some(base);
        }
        let exponent = self.factor()?;
        Some(self.notation.arena.power(base, exponent))
    }

    fn atom(&mut self) -> Option<Expr> {
        if self.eats("(") {
            let own = self.sum()?;
            return self.eats(")").then_some(own);
        }
        if let Some(digits) = self.taken(|c| c.is_ascii_digit()) {
            return Some(self.notation.arena.integer(digits.parse().ok()?));
        }
        let name = self.taken(char::is_alphabetic)?;
        if self.eats("(") {
            let args = self.args()?;
            return self.call(name, &args);
        }
        let indices = if self.eats("_") { vec![self.atom()?] } else { Vec::new() };
        (self.notation.names)(self.notation.arena, name, &indices)
    }

    fn args(&mut self) -> Option<Vec<Expr>> {
        let mut args = vec![self.sum()?];
        while self.eats(",") {
            args.push(self.sum()?);
        }
        self.eats(")").then_some(args)
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Option<Expr> {
        let arena = &mut *self.notation.arena;
        let tensor = match name {
            "norm" => Some(Tensor::Norm),
            "spectral" => Some(Tensor::NormSpectral),
            "radius" => Some(Tensor::SpectralRadius),
            "largest" => Some(Tensor::NormInfinity),
            "total" => Some(Tensor::Norm1),
            "diag" => Some(Tensor::Diagonal),
            "det" => Some(Tensor::Determinant),
            _ => None,
        };
        match (name, args) {
            (_, &[of]) if tensor.is_some() => Some(arena.tensor(tensor?, vec![of])),
            ("T", &[of]) => Some(arena.transpose(of)),
            ("I", &[size]) => Some(arena.identity(size)),
            ("rows", &[of]) => arena.shape(of).sizes().first().copied(),
            ("columns", &[of]) => match arena.shape(of) {
                Shape::Matrix(_, columns) => Some(columns),
                Shape::Scalar | Shape::Vector(_) => None,
            },
            ("sqrt", &[of]) => Some(arena.sqrt(of)),
            _ => match Elementary::named(name) {
                Some(f) => Some(arena.call(Function::Elementary(f), Vec::new(), args.to_vec())),
                None => (self.notation.names)(arena, name, args),
            },
        }
    }
}
