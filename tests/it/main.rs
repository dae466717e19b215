//! The one integration binary.

mod reading;
#[cfg(feature = "book")]
mod book;
mod pages;
mod sample;
