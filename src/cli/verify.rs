//! `verify`: verdicts for every claim.

use std::path::PathBuf;
use std::time::Instant;

use crate::cli::arguments::{Format, VerifyArguments};
use crate::cli::console::{self, Progress};
use crate::cli::failure::{Failure, Status};
use crate::cli::human::Human;
use crate::cli::input::{self, Input};
use crate::cli::project::Project;
use crate::cli::settings::Settings;
use crate::cli::{github, sarif, workers};
use crate::derivation::{Document, Report, decide_shown};
use crate::proof::Effort;
use crate::render::dead_references;
use crate::source::Source;

/// One file with everything that was found in it.
pub(super) struct Verified {
    /// The file.
    pub(super) source: Source,
    /// The verdicts and the problems.
    pub(super) report: Report,
}

/// What is done with each file.
struct Task {
    settings: Settings,
    models: Vec<String>,
    reads_shown: bool,
}

/// Decides every claim of the files, and writes the verdicts.
pub(super) fn run(arguments: &VerifyArguments) -> Result<Status, Failure> {
    let settings = settings(arguments)?;
    let paths =
        if arguments.paths.is_empty() { vec![Project::expect()?.derivations()] } else { arguments.paths.clone() };
    let models = models(arguments.model.as_ref())?;
    let task = Task { settings, models, reads_shown: arguments.display };
    let inputs = input::all(&paths);
    let progress = Progress::of(inputs.len());
    let human = Human::new(arguments.verbose);
    let mut report = Report::default();
    let mut output = Ok(());
    workers::in_order(
        &inputs,
        arguments.jobs.map_or_else(workers::n_processors, usize::from),
        |input| task.verify(input),
        |n_done, input| progress.show(n_done, input.name()),
        |verified| {
            progress.clear();
            let written = match arguments.format {
                Format::Human => human.show(&verified),
                Format::Github => console::print(&github::annotations(&verified.report)),
                Format::Json | Format::Sarif => Ok(()),
            };
            output = std::mem::replace(&mut output, Ok(())).and(written);
            report.append(verified.report);
        },
    );
    output?;
    match arguments.format {
        Format::Human => human.finish(&report, inputs.len())?,
        Format::Github => {}
        Format::Json => console::print(&(report.to_json() + "\n"))?,
        Format::Sarif => console::print(&(sarif::log(&report) + "\n"))?,
    }
    Ok(status(&report))
}

/// How a command ends whose work has this report.
pub(super) fn status(report: &Report) -> Status {
    match (report.is_unusable, report.summary.unexpected) {
        (true, _) => Status::Unusable,
        (false, 0) => Status::Fine,
        (false, _) => Status::Unexpected,
    }
}

fn settings(arguments: &VerifyArguments) -> Result<Settings, Failure> {
    let Settings { require, effort } = Settings::find()?;
    Ok(Settings {
        require: arguments.require.map_or(require, Into::into),
        effort: Effort { steps: arguments.effort.unwrap_or(effort.steps), seed: arguments.seed.unwrap_or(effort.seed) },
    })
}

/// The model, which must be a derivation that can be read.
fn models(model: Option<&PathBuf>) -> Result<Vec<String>, Failure> {
    let Some(path) = model else { return Ok(Vec::new()) };
    let source = input::one(path).read()?;
    Ok(vec![source.path])
}

impl Task {
    fn verify(&self, input: &Input) -> Verified {
        let source = match input.read() {
            Ok(source) => source,
            Err(refusal) => {
                let report = Report::refused(&refusal.source, &refusal.problem);
                return Verified { source: refusal.source, report };
            }
        };
        let start = Instant::now();
        let clock = || u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        let mut document = Document::load_against(source, &self.models, &input::load);
        document.decide(self.settings.effort, &clock);
        document.diagnostics.extend(dead_references(&document));
        let mut report = Report::of(&document, self.settings.require);
        if self.reads_shown && !document.claims_what_it_shows() {
            let shown = decide_shown(&mut document, self.settings.effort, &clock);
            report.add_shown(&document.source, &shown, self.settings.require);
        }
        Verified { source: document.source, report }
    }
}
