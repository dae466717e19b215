//! `parse`
use crate::cli::arguments::ParseArguments;
use crate::cli::failure::{Failure, Status};
pub(super) fn run(_: &ParseArguments) -> Result<Status, Failure> {
    Ok(Status::Fine)
}
