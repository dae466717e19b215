//! Ordered products: sums over entries read as words of matrices, and what is known of the order of their letters.
//!
//! A term of a form in which every summed index stands at two places is a path, or a ring, of matrices: a word. Words
//! of one equation form a polynomial in letters that do not commute. Relations (`A^{-1} A = I`, `S^⊤ = S`, any
//! equation between matrices that is assumed) rewrite the greatest word of theirs by the others, and an equation is
//! multiplied by a matrix from the side where its inverse stands. What vanishes then vanishes for all sizes.
//! Source: Mora (1994), "An introduction to commutative and noncommutative Gröbner bases"; Helton & Stankus (1999).

mod algebra;
mod diagonal;
mod polynomial;
mod reading;
mod relations;
mod word;

pub use algebra::Ordered;
