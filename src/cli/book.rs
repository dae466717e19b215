//! `book` and `generate`: the pages of a project, as Markdown, as LaTeX and as an mdBook.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[cfg(feature = "book")]
use crate::cli::arguments::BookArguments;
use crate::cli::arguments::{GenerateArguments, Target};
use crate::cli::console::{self, Colours};
use crate::cli::failure::{Failure, Refusal, Status};
use crate::cli::input;
use crate::cli::project::Project;
use crate::cli::settings::Settings;
use crate::cli::{snippet, workers};
use crate::derivation::{Document, Report};
use crate::proof::Effort;
use crate::render::{Chapter, ContentsEntry, Pages, Problem, Summary, Templates, pages};
use crate::source::{Diagnostic, Source};

/// A project with every document decided.
struct Decided {
    summary: Summary,
    contents: Vec<ContentsEntry>,
    documents: Vec<Document>,
    report: Report,
}

/// Verifies the project, writes its chapters and builds the mdBook; the book is built whatever the verdicts are.
#[cfg(feature = "book")]
pub(super) fn run(arguments: &BookArguments) -> Result<Status, Failure> {
    let start = Instant::now();
    let project = Project::expect()?;
    let decided = decide(&project)?;
    let pages = decided.pages();
    let templates = templates(&project)?;
    let input = crate::book::book_of(&decided.summary, &decided.contents, &pages, &templates).map_err(refused)?;
    let out = arguments.out.clone().unwrap_or_else(|| project.root.join("book"));
    let built = crate::book::build(&input, &out).map_err(refused)?;
    for problem in &built.problems {
        console::report(&problem.to_string());
    }
    let summary = &decided.report.summary;
    let verdicts = format!(
        "{} claims: {} proved, {} checked, {} refuted, {} open, {} invalid",
        summary.claims, summary.proved, summary.checked, summary.refuted, summary.open, summary.invalid
    );
    console::print(&format!("{verdicts}\n"))?;
    let index = out.join("index.html");
    let millis = start.elapsed().as_millis();
    console::print(&format!(
        "{} pages, {} formulas in {millis} ms: {}\n",
        built.pages,
        built.formulas,
        index.display()
    ))?;
    if arguments.open {
        open(&index);
    }
    Ok(decided.status(&pages))
}

/// Writes the chapters alone.
pub(super) fn generate(arguments: &GenerateArguments) -> Result<Status, Failure> {
    let project = Project::expect()?;
    let decided = decide(&project)?;
    let pages = decided.pages();
    let templates = templates(&project)?;
    let written = match arguments.to {
        Target::Markdown => {
            let mut all = pages.markdown(&templates).map_err(refused)?;
            all.extend(pages.back_markdown(&templates).map_err(refused)?);
            all
        }
        Target::Latex => {
            let mut all = pages.latex(&templates).map_err(refused)?;
            all.push(pages.book_latex(&decided.summary, &templates).map_err(refused)?);
            all
        }
    };
    let out = arguments.out.clone().unwrap_or_else(|| project.root.join("generated"));
    for file in &written {
        write(&out.join(&file.path), &file.text)?;
    }
    console::print(&format!("{} files in {}\n", written.len(), out.display()))?;
    Ok(decided.status(&pages))
}

fn decide(project: &Project) -> Result<Decided, Failure> {
    let folder = project.derivations();
    let inputs = input::all(std::slice::from_ref(&folder));
    let prefix = format!("{}/", input::shown(&folder));
    let paths: Vec<String> =
        inputs.iter().map(|input| input.name().strip_prefix(&prefix).unwrap_or(input.name()).to_owned()).collect();
    let summary_path = folder.join("summary.toml");
    let text = fs::read_to_string(&summary_path).unwrap_or_default();
    let source = Source::new(input::shown(&summary_path), text);
    let (summary, mut problems) = Summary::read(&source);
    let (contents, more) = summary.arrange(&paths);
    problems.extend(more);
    show(&source, &problems);
    let effort = Settings::find()?.effort;
    let chapters: Vec<PathBuf> = contents.iter().map(|entry| folder.join(&entry.path)).collect();
    let mut documents = Vec::new();
    let mut report = Report::default();
    let mut refusal = None;
    workers::in_order(
        &chapters,
        workers::n_processors(),
        |path| load(path, effort),
        |_, _| {},
        |document| match document {
            Ok(document) => documents.push(document),
            Err(found) => refusal = Some(found),
        },
    );
    if let Some(refusal) = refusal {
        return Err(Failure::from(refusal));
    }
    for document in &documents {
        show(&document.source, &document.diagnostics);
        report.append(Report::of(document, Settings::find()?.require));
    }
    Ok(Decided { summary, contents, documents, report })
}

fn load(path: &Path, effort: Effort) -> Result<Document, Refusal> {
    let source = input::one(path).read()?;
    let start = Instant::now();
    let clock = || u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    let mut document = Document::load(source, &input::load);
    document.decide(effort, &clock);
    Ok(document)
}

impl Decided {
    fn pages(&self) -> Pages {
        let chapters: Vec<Chapter<'_>> = self
            .contents
            .iter()
            .zip(&self.documents)
            .map(|(entry, document)| Chapter { path: &entry.path, number: Some(entry.number), document })
            .collect();
        pages(&chapters)
    }

    /// Whether every verdict is as expected, and every link and figure was found.
    fn status(&self, pages: &Pages) -> Status {
        for (document, diagnostics) in self.documents.iter().zip(&pages.diagnostics) {
            show(&document.source, diagnostics);
        }
        for claim in self.report.claims.iter().filter(|claim| !claim.as_expected) {
            let label = claim.label.as_deref().unwrap_or("unlabelled");
            let place = format!("{}:{}", claim.file, claim.line);
            console::report(&format!("{place}: #{label} is {}, expected {}\n", claim.verdict, claim.expected));
        }
        if self.report.summary.unexpected == 0 { Status::Fine } else { Status::Unexpected }
    }
}

/// Problems of a file, on standard error.
fn show(source: &Source, problems: &[Diagnostic]) {
    for problem in problems {
        console::report(&snippet::render(source, problem, Colours::of_stderr()));
    }
}

fn templates(project: &Project) -> Result<Templates, Failure> {
    let own = project.root.join("templates");
    Templates::load(own.is_dir().then_some(own.as_path())).map_err(refused)
}

fn refused(problem: Problem) -> Failure {
    let hint = problem.hint.clone().unwrap_or_default();
    Failure::from(Refusal::of_file(problem.path.as_deref().unwrap_or(""), problem.code, problem.message, &hint))
}

/// Writes a file beside its place and renames it into it, so that nothing is half written.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::Output)?;
    }
    let beside = path.with_extension("chainrule-new");
    fs::write(&beside, text).map_err(Failure::Output)?;
    fs::rename(&beside, path).map_err(Failure::Output)
}

/// Opens a page in the user's browser, where the system knows how.
#[cfg(feature = "book")]
fn open(page: &Path) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if std::process::Command::new(program).arg(page).spawn().is_err() {
        console::report(&format!("`{program}` could not be started; open {} by hand", page.display()));
    }
}
