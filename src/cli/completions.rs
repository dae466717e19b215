//! `completions`: what a shell needs to complete the command line.

use clap::CommandFactory;

use crate::cli::arguments::{Arguments, CompletionsArguments};
use crate::cli::console;
use crate::cli::failure::{Failure, Status};

/// Prints the completions for a shell.
pub(super) fn run(arguments: &CompletionsArguments) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "chainrule", &mut script);
    console::print(&String::from_utf8_lossy(&script))?;
    Ok(Status::Fine)
}
