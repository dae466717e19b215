//! The one integration binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files has failed")]

#[cfg(feature = "book")]
mod book;
mod cli;
mod documents;
mod explain;
mod foreign;
mod generate;
mod late;
mod letters;
mod meaning;
mod mutants;
mod mutations;
mod pages;
mod points;
mod provers;
mod reading;
mod readings;
mod repairs;
mod replays;
mod sample;
#[cfg(feature = "book")]
mod serve;
mod shell;
mod slips;
mod suite;
mod tape;
mod tidy;
mod witnesses;
