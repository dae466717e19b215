//! The one integration binary.

#[cfg(feature = "book")]
mod book;
mod bounds;
mod pages;
mod provers;
mod reading;
mod repairs;
mod sample;
