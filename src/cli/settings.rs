//! `chainrule.toml`: what a project wants unless the command line says otherwise.

use std::path::Path;

use crate::cli::failure::Refusal;
use crate::cli::input;
use crate::cli::project::Project;
use crate::derivation::Require;
use crate::proof::Effort;
use crate::source::{Diagnostic, Source, Span};

/// The table `[verify]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Settings {
    /// `require = "proved"` or `"checked"`.
    pub(super) require: Require,
    /// `effort` and `seed`.
    pub(super) effort: Effort,
}

impl Settings {
    /// The settings of the project around the current directory; those of nobody where there is none.
    pub(super) fn find() -> Result<Settings, Refusal> {
        match Project::find().map(|project| project.settings()) {
            Some(path) if path.exists() => Settings::read(&path),
            Some(_) | None => Ok(Settings::default()),
        }
    }

    fn read(path: &Path) -> Result<Settings, Refusal> {
        let source = input::one(path).read()?;
        let refuse = |span: Span, message: String, hint: &str| {
            let problem = Diagnostic::error("bad-settings", span, message).with_hint(hint);
            Refusal { source: source.clone(), problem }
        };
        let table: toml::Table = source.text.parse().map_err(|error: toml::de::Error| {
            let span = error.span().map_or(Span::default(), |range| Span::new(range.start, range.end));
            let message = format!("the settings are not TOML: {}", error.message().replace('\n', ", "));
            refuse(span, message, "see `chainrule init` for settings to begin with")
        })?;
        let mut settings = Settings::default();
        let Some(verify) = table.get("verify") else { return Ok(settings) };
        let Some(verify) = verify.as_table() else {
            let hint = "write `[verify]` on a line of its own";
            return Err(refuse(line_of(&source, "verify"), "`verify` is no table".to_owned(), hint));
        };
        for (key, value) in verify {
            let wrong = |wanted: &str, hint: &str| {
                refuse(line_of(&source, key), format!("`{key}` is `{value}`, expected {wanted}"), hint)
            };
            let count = || value.as_integer().and_then(|count| u64::try_from(count).ok());
            match key.as_str() {
                "require" => {
                    settings.require = match value.as_str() {
                        Some("proved") => Require::Proved,
                        Some("checked") => Require::Checked,
                        Some(_) | None => return Err(wrong("`proved` or `checked`", "write `require = \"proved\"`")),
                    }
                }
                "effort" => {
                    let count = count().filter(|&steps| steps > 0);
                    settings.effort.steps =
                        count.ok_or_else(|| wrong("a number of steps", "write `effort = 1000000`"))?;
                }
                "seed" => settings.effort.seed = count().ok_or_else(|| wrong("a whole number", "write `seed = 1`"))?,
                _ => {
                    let message = format!("`{key}` is no setting of `verify`");
                    return Err(refuse(line_of(&source, key), message, "there are `require`, `effort` and `seed`"));
                }
            }
        }
        Ok(settings)
    }
}

/// The line that sets `key`.
fn line_of(source: &Source, key: &str) -> Span {
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        let word = line.trim_start().trim_start_matches('[');
        if word.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']'])) {
            return Span::new(at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::default()
}
