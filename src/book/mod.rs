//! The mdBook: chapters in, a folder of static pages out.
