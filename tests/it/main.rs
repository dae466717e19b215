//! The one integration binary.

#[cfg(feature = "book")]
mod book;
mod foreign;
mod meaning;
mod mutations;
mod pages;
mod reading;
mod sample;
