//! The built book.
