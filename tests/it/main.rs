//! The one integration binary.

#[cfg(feature = "book")]
mod book;
mod pages;
mod reading;
mod sample;
mod tidy;
