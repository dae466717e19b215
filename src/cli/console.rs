//! The terminal: what is written where, and in which colours.

use std::io::{self, IsTerminal, Write};

/// Whether a stream takes colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    /// It is a terminal, and nobody said no.
    On,
    /// Plain text.
    Off,
}

/// What a piece of text means, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Neither.
    Unsure,
    /// Beside the point.
    Faint,
    /// A heading.
    Strong,
}

impl Colours {
    /// For standard output.
    pub(super) fn of_stdout() -> Colours {
        Colours::of(io::stdout().is_terminal())
    }

    /// For standard error.
    pub(super) fn of_stderr() -> Colours {
        Colours::of(io::stderr().is_terminal())
    }

    fn of(is_terminal: bool) -> Colours {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        if is_terminal && !is_set("NO_COLOR") && !is_dumb { Colours::On } else { Colours::Off }
    }

    /// The text in the colour of its meaning.
    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "1;31",
            Tone::Unsure => "33",
            Tone::Faint => "2",
            Tone::Strong => "1",
        };
        match self {
            Colours::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colours::Off => text.to_owned(),
        }
    }
}

/// Writes to standard output. A reader who has left is no error.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes to standard error. Where that fails there is nobody left to tell.
pub(super) fn report(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A line on the terminal that says how far the work has come; nothing where there is no terminal.
pub(super) struct Progress {
    is_shown: bool,
    n_all: usize,
}

impl Progress {
    /// Progress of so many pieces of work.
    pub(super) fn of(n_all: usize) -> Progress {
        Progress { is_shown: n_all > 1 && io::stderr().is_terminal(), n_all }
    }

    /// Says that so many are done, the last of which is `name`.
    pub(super) fn show(&self, n_done: usize, name: &str) {
        if self.is_shown {
            let n_full = 20 * n_done / self.n_all.max(1);
            let name: String = name.chars().take(40).collect();
            report(&format!(
                "\r\u{1b}[K[{}{}] {n_done}/{} {name}",
                "=".repeat(n_full),
                " ".repeat(20 - n_full),
                self.n_all
            ));
        }
    }

    /// Takes the line away, before anything else is written.
    pub(super) fn clear(&self) {
        if self.is_shown {
            report("\r\u{1b}[K");
        }
    }
}
