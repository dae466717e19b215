//! The verbs and their options.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::calculus::Shown;
use crate::derivation::Require;

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "chainrule",
    version,
    about = "Reads derivations written in Markdown and LaTeX, derives, proves or refutes every formula, builds a book",
    after_help = "Without a path a command works on the project around the current directory: the folder that holds \
                  `derivations/`.\n\nExample:\n  chainrule init network && cd network && chainrule verify",
    max_term_width = 100,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Verify the project, write its chapters and build the mdBook
    #[cfg(feature = "book")]
    Book(BookArguments),
    /// Write the chapters alone, as Markdown or LaTeX
    Generate(GenerateArguments),
    /// Decide every claim, and say which verdicts are not the expected ones
    Verify(VerifyArguments),
    /// Derive one derivative, and verify the result
    Derive(DeriveArguments),
    /// Work out a number, a vector or a matrix
    Eval(EvalArguments),
    /// Show how each formula of a file was understood, or why it was not
    Parse(ParseArguments),
    /// Write a small project that verifies
    Init(InitArguments),
    /// Build the book, show it to a browser on this machine, and rebuild what changes
    #[cfg(feature = "book")]
    Serve(ServeArguments),
    /// Say what a diagnostic means, with an example
    Explain(ExplainArguments),
    /// Print completions for a shell
    Completions(CompletionsArguments),
}

/// `book`
#[cfg(feature = "book")]
#[derive(Debug, Args)]
#[command(
    after_help = "The book is built whatever the verdicts are, and shows them. Exit codes: 0 all is as expected, \
                        1 a verdict is not, 2 the input could not be used.\n\nExample:\n  chainrule book --open"
)]
pub(super) struct BookArguments {
    /// Where to build it [default: `book` in the project]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Open the first page in the browser
    #[arg(long)]
    pub(super) open: bool,
    /// Verify every chapter, also those whose formulas are as in the last build
    #[arg(long)]
    pub(super) fresh: bool,
}

/// `generate`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  chainrule generate --to latex --out tex && cd tex && pdflatex book.tex")]
pub(super) struct GenerateArguments {
    /// Chapters of the project, or folders of them [default: all, with the pages at the end]
    pub(super) paths: Vec<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Target::Markdown)]
    pub(super) to: Target,
    /// Where to write it [default: `generated` in the project]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

/// What `generate` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// Chapters that any viewer of Markdown with math shows
    Markdown,
    /// A complete `.tex` for each chapter and one for the book
    Latex,
}

/// `verify`
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 all is as expected, 1 a verdict is not, 2 the input could not be used.\n\n\
                        Examples:\n  chainrule verify\n  chainrule verify derivations/rnn.md --format json\n  \
                        chainrule verify --display --model derivations/rnn.md notes.md")]
pub(super) struct VerifyArguments {
    /// Files, folders of `*.md` files, or `-` for standard input
    pub(super) paths: Vec<PathBuf>,
    /// How to write the verdicts
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// The weakest verdict that satisfies where `proved` is expected [default: proved]
    #[arg(long, value_enum)]
    pub(super) require: Option<Level>,
    /// Read plain `math` fences and `$$…$$` as claims, too
    #[arg(long)]
    pub(super) display: bool,
    /// A derivation whose givens and definitions hold for the files as well
    #[arg(long, value_name = "FILE")]
    pub(super) model: Option<PathBuf>,
    /// How many steps one claim may take [default: 1000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) effort: Option<u64>,
    /// The seed of everything that is drawn at random [default: 1]
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// How many files to work on at a time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    /// Show every claim, and notes
    #[arg(long, short)]
    pub(super) verbose: bool,
}

/// How `verify` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading
    Human,
    /// One object
    Json,
    /// Annotations of a GitHub workflow
    Github,
    /// SARIF 2.1.0
    Sarif,
}

/// A verdict that satisfies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    /// A proof
    Proved,
    /// Samples at which it holds
    Checked,
}

impl From<Level> for Require {
    fn from(level: Level) -> Require {
        match level {
            Level::Proved => Require::Proved,
            Level::Checked => Require::Checked,
        }
    }
}

/// `derive`
#[derive(Debug, Args)]
#[command(
    after_help = "The result is verified like any claim. Exit codes: 0 it is proved, 1 it is not, 2 the question could \
                        not be read.\n\nExamples:\n  \
                        chainrule derive '\\frac{\\partial L_3}{\\partial w_h}' --in derivations/rnn.md\n  \
                        chainrule derive L_3 --by w_h --in derivations/rnn.md --form paths --steps --as markdown"
)]
pub(super) struct DeriveArguments {
    /// A derivative in LaTeX, or with `--by` what is differentiated
    pub(super) formula: String,
    /// The derivation whose givens and definitions hold; `-` for standard input
    #[arg(long = "in", value_name = "FILE")]
    pub(super) model: PathBuf,
    /// By what to differentiate
    #[arg(long, value_name = "W")]
    pub(super) by: Option<String>,
    /// How to write the result
    #[arg(long = "as", value_enum, value_name = "NOTATION", default_value_t = Notation::Text)]
    pub(super) notation: Notation,
    /// The form of the result [default: closed]
    #[arg(long, value_enum)]
    pub(super) form: Option<Form>,
    /// Show every step with its rule
    #[arg(long)]
    pub(super) steps: bool,
}

/// How `derive` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Notation {
    /// One line for reading
    Text,
    /// LaTeX
    Latex,
    /// `math` fences
    Markdown,
    /// One object
    Json,
}

/// The form of a derivative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// A sum over the paths of the graph, each a product of partial derivatives
    Paths,
    /// Sums and products over the index, where the time is a letter or late
    Closed,
    /// The partial derivatives worked out
    Composed,
}

impl Form {
    /// The word on the command line.
    pub(super) fn word(self) -> &'static str {
        match self {
            Form::Paths => "paths",
            Form::Closed => "closed",
            Form::Composed => "composed",
        }
    }
}

impl From<Form> for Shown {
    fn from(form: Form) -> Shown {
        match form {
            Form::Paths => Shown::Paths,
            Form::Closed => Shown::Closed,
            Form::Composed => Shown::Composed,
        }
    }
}

/// `eval`
#[derive(Debug, Args)]
#[command(
    after_help = "A value is a number (`0.5`, `1/3`, `1e-3`), a list of numbers for a vector or for the members 1, 2, … of a \
                        family, a list of rows for a matrix, and for a function its name or its formula. Sizes follow \
                        from the values. What is exact stays exact.\n\nExamples:\n  \
                        chainrule eval L_2 --in derivations/rnn.md --set w_h=1/2 --set w_i=1 --set w_o=2 \\\n    \
                        --set h_0=0 --set 'x=[1, 0.5]' --set f=sigmoid --set 'g=z -> z^2'\n  \
                        chainrule eval '\\frac{\\partial L_2}{\\partial w_h}' --in derivations/rnn.md --set-file point.json"
)]
pub(super) struct EvalArguments {
    /// A number, a vector or a matrix in LaTeX
    pub(super) formula: String,
    /// The derivation whose givens and definitions hold; `-` for standard input
    #[arg(long = "in", value_name = "FILE")]
    pub(super) model: PathBuf,
    /// The value of a given, a member of a family, a last time or an index
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// One JSON object of names and values
    #[arg(long, value_name = "FILE.json")]
    pub(super) set_file: Option<PathBuf>,
}

/// `serve`
#[cfg(feature = "book")]
#[derive(Debug, Args)]
#[command(after_help = "Only this machine can see it. Stop it with Ctrl-C.\n\nExample:\n  chainrule serve --open")]
pub(super) struct ServeArguments {
    /// The port on this machine
    #[arg(long, short, value_name = "N", default_value_t = 3000)]
    pub(super) port: u16,
    /// Open the first page in the browser
    #[arg(long)]
    pub(super) open: bool,
}

/// `parse`
#[derive(Debug, Args)]
#[command(after_help = "The exit code is 0 when every formula was read.\n\n\
                        Examples:\n  chainrule parse derivations/rnn.md\n  \
                        echo '{\"latex\": \"h_t = f(w x_t)\"}' | chainrule parse - --format json")]
pub(super) struct ParseArguments {
    /// A Markdown file, a file of JSON lines with a field `latex`, or `-` for standard input
    pub(super) path: PathBuf,
    /// How to write the trees
    #[arg(long, value_enum, default_value_t = ParseFormat::Human)]
    pub(super) format: ParseFormat,
}

/// How `parse` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ParseFormat {
    /// For reading
    Human,
    /// One object
    Json,
}

/// `init`
#[derive(Debug, Args)]
#[command(after_help = "Nothing that is there is overwritten.\n\n\
                        Examples:\n  chainrule init network\n  chainrule init --from notes.md")]
pub(super) struct InitArguments {
    /// The folder of the project; it is made where there is none
    #[arg(default_value = ".")]
    pub(super) dir: PathBuf,
    /// A page with formulas; first `given` and `define` fences are written for it, instead of an example
    #[arg(long, value_name = "PAGE.md")]
    pub(super) from: Option<PathBuf>,
}

/// `explain`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  chainrule explain undeclared-symbol")]
pub(super) struct ExplainArguments {
    /// The code of a diagnostic; without one all codes are listed
    pub(super) code: Option<String>,
}

/// `completions`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  chainrule completions bash > ~/.local/share/bash-completion/completions/chainrule")]
pub(super) struct CompletionsArguments {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}
