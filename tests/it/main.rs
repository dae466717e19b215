//! The one integration binary.

#[cfg(feature = "book")]
mod book;
mod bounds;
mod cli;
mod explain;
mod mutants;
mod pages;
mod provers;
mod reading;
mod repairs;
mod sample;
#[cfg(feature = "book")]
mod serve;
mod shell;
mod suite;
mod tidy;
