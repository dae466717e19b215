//! Functions of one real letter: where their values lie, their slopes, and how they grow.
//!
//! A theory that finders and checkers share. It works out and never searches, and knows of no claim, no hypothesis and no
//! proof; what it is told of constants comes through [`Constants`]. Its theorems: a [`Curve`] encloses the values of a
//! function on an interval wherever it is defined there ([`curve`], [`numbers`]); an [`extent`] holds every value of an
//! expression where a [`Ground`] says ([`ranges`]); [`slope`] is the derivative
//! wherever it has a value; a [`Tail`] is the function from a bound on ([`tail`], [`far`], [`scale`]).
//!
//! To add a function: its row in `expr`, and in [`far`] what it does where its argument grows.

mod curve;
mod extent;
mod far;
mod numbers;
mod ranges;
mod scale;
mod tail;

pub(super) use curve::{Curve, Search, branches as smooth_branches, constant, positive, slope};
pub(super) use extent::{Ground, by_relation, extent};
pub(super) use numbers::BITS;
pub(super) use tail::{Constants, Reach, Tail, Tails};
