//! The one integration binary.

#[cfg(feature = "book")]
mod book;
mod pages;
mod provers;
mod reading;
mod sample;
