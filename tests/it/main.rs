//! The one integration binary.

mod reading;
