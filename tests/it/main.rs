//! The one integration binary.

#[cfg(feature = "book")]
mod book;
mod bounds;
mod pages;
mod reading;
mod sample;
