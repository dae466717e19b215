//! Derivatives along the graph of definitions.
//!
//! [`Structure`] says which families are states: those that a definition asks for at another index. Everything else
//! is a helper and can be unfolded into its definition. [`resolve`] works derivatives out: total ones as sums over
//! the steps at which a parameter enters, times the propagator from that step on; immediate ones by the definition
//! alone. For one state of order one the propagator is the product of the local slopes, which is the closed form of
//! the affine recurrence `D_t = a_t D_{t-1} + b_t`. States over several indices are a grid, with laws of its own.
//! A state runs from left to right or from right to left: `course` makes one thing of both.

mod course;
mod derive;
mod functions;
mod grid;
mod grid_laws;
mod late;
mod paths;
mod propagators;
mod resolve;
mod structure;
mod tensors;

pub use derive::{Derivation, Obstacle, Shown, Step, derive, derive_at_once};
pub use resolve::{Resolver, resolve};
pub use structure::Structure;
