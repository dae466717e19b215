//! The one integration binary.

#[cfg(feature = "book")]
mod book;
mod cli;
mod explain;
mod pages;
mod reading;
mod sample;
#[cfg(feature = "book")]
mod serve;
mod shell;
mod tidy;
