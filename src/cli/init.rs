//! `init`
use crate::cli::arguments::InitArguments;
use crate::cli::failure::{Failure, Status};
pub(super) fn run(_: &InitArguments) -> Result<Status, Failure> {
    Ok(Status::Fine)
}
