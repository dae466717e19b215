//! The command line: the only room with effects. Files, the terminal, threads and the clock are here and nowhere else.
//!
//! `main` reads the arguments and hands them to one file for each verb. A verb returns a `Status`, or a
//! `Failure` where it cannot even begin. Results go to standard output, everything else to standard error.
//!
//! To add a verb: its arguments in `arguments.rs`, one file with a function `run`, one line in `dispatch`. To add a
//! diagnostic: one page in `explain`, which `explain/pages.rs` finds.

mod arguments;
mod book;
mod completions;
mod console;
mod derive;
mod eval;
mod explain;
mod failure;
mod generated;
mod github;
mod human;
mod init;
mod input;
mod memory;
mod parse;
mod point;
mod project;
mod question;
mod sarif;
#[cfg(feature = "book")]
mod serve;
mod settings;
mod snippet;
mod values;
mod verify;
mod workers;

use clap::Parser;

use crate::cli::arguments::{Arguments, Verb};
use crate::cli::failure::{Failure, Status};

pub use crate::cli::explain::{Page, codes, page};

/// Runs the program with the arguments of the process, and returns its exit code.
///
/// 0: all is as expected. 1: a verdict is not. 2: the input could not be used.
pub fn main() -> i32 {
    workers::on_big_stack(|| {
        let arguments = match Arguments::try_parse() {
            Ok(arguments) => arguments,
            Err(usage) => {
                // A pipe that is closed before the help is read is nobody's mistake.
                let _ = usage.print();
                return usage.exit_code();
            }
        };
        match dispatch(arguments.verb) {
            Ok(status) => status.code(),
            Err(failure) => {
                failure.show();
                Status::Unusable.code()
            }
        }
    })
}

fn dispatch(verb: Verb) -> Result<Status, Failure> {
    match verb {
        Verb::Verify(arguments) => verify::run(&arguments),
        #[cfg(feature = "book")]
        Verb::Book(arguments) => book::run(&arguments),
        Verb::Generate(arguments) => book::generate(&arguments),
        Verb::Derive(arguments) => derive::run(&arguments),
        Verb::Eval(arguments) => eval::run(&arguments),
        #[cfg(feature = "book")]
        Verb::Serve(arguments) => serve::run(&arguments),
        Verb::Parse(arguments) => parse::run(&arguments),
        Verb::Init(arguments) => init::run(&arguments),
        Verb::Explain(arguments) => explain::run(&arguments),
        Verb::Completions(arguments) => completions::run(&arguments),
    }
}
