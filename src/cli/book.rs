//! `book` and `generate`: the pages of a project, as Markdown, as LaTeX and as an mdBook.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

#[cfg(feature = "book")]
use crate::book::BookInput;
#[cfg(feature = "book")]
use crate::cli::arguments::BookArguments;
use crate::cli::arguments::{GenerateArguments, Target};
use crate::cli::console::{self, Colours};
use crate::cli::failure::{Failure, Refusal, Status};
use crate::cli::input::{self, Input};
use crate::cli::memory::Memory;
use crate::cli::project::Project;
use crate::cli::settings::Settings;
use crate::cli::{generated, snippet, workers};
use crate::derivation::{Answers, Decider, Document, Report, Require, fingerprint};
use crate::proof::Effort;
use crate::render::{Chapter, ContentsEntry, Pages, Problem, Summary, Templates, pages};
use crate::source::{Diagnostic, Severity, Source, Span};

/// A project with every document decided.
pub(super) struct Decided {
    summary: Summary,
    contents: Vec<ContentsEntry>,
    chapters: Vec<Read>,
    require: Require,
}

/// A document that was decided, and the text of every file that it was read from.
struct Read {
    document: Document,
    sources: Vec<Source>,
    #[cfg_attr(not(feature = "book"), expect(dead_code, reason = "only a book keeps them"))]
    answers: Answers,
    /// Whether the answers are those of an earlier build.
    is_recalled: bool,
}

/// A book that was built.
#[cfg(feature = "book")]
pub(super) struct Built {
    /// What the next build can use again.
    pub(super) decided: Decided,
    /// What there is to say, in lines.
    pub(super) told: String,
    status: Status,
}

/// Verifies the project, writes its chapters and builds the mdBook; the book is built whatever the verdicts are.
#[cfg(feature = "book")]
pub(super) fn run(arguments: &BookArguments) -> Result<Status, Failure> {
    let project = Project::expect()?;
    let out = arguments.out.clone().unwrap_or_else(|| project.root.join("book"));
    let built = build(&project, &out, None, arguments.fresh)?;
    console::print(&built.told)?;
    if arguments.open {
        open(&out.join("index.html"));
    }
    Ok(built.status)
}

/// One build into the folder `out`. Chapters whose files are what they were in `previous` are not read again, and those
/// whose formulas are what they were in the book that stands there are not decided again, unless all is to be `fresh`.
#[cfg(feature = "book")]
pub(super) fn build(project: &Project, out: &Path, previous: Option<Decided>, fresh: bool) -> Result<Built, Failure> {
    let start = Instant::now();
    let memory = if fresh { Memory::default() } else { Memory::of_book(out) };
    let decided = decide(project, previous.map(|decided| decided.chapters).unwrap_or_default(), &memory)?;
    let pages = decided.pages();
    let templates = templates(project)?;
    let input = crate::book::book_of(&decided.summary, &decided.contents, &pages, &templates).map_err(refused)?;
    let input = BookInput { memory: decided.memory().map(|memory| memory.to_file()), ..input };
    let built = crate::book::build(&input, out).map_err(refused)?;
    for problem in &built.problems {
        console::report(&problem.to_string());
    }
    let report = decided.report();
    let status = decided.status(&pages, &report);
    let tally = report.summary.tally;
    let counts: Vec<String> = tally.by_word().iter().map(|(n, word)| format!("{n} {word}")).collect();
    let told = format!(
        "{} claims: {}\n{}{} pages, {} formulas in {} ms: {}\n",
        tally.claims,
        counts.join(", "),
        decided.recalled(),
        built.pages,
        built.formulas,
        start.elapsed().as_millis(),
        out.join("index.html").display()
    );
    Ok(Built { decided, told, status })
}

/// Writes the chapters alone: those that are named, or all of them with the pages at the end.
pub(super) fn generate(arguments: &GenerateArguments) -> Result<Status, Failure> {
    let project = Project::expect()?;
    let mut decided = decide(&project, Vec::new(), &Memory::of_book(&project.root.join("book")))?;
    let mut pages = decided.pages();
    let is_whole = arguments.paths.is_empty();
    if !is_whole {
        let chosen = chosen(&project, &decided.contents, &arguments.paths)?;
        pages.keep(&chosen);
        decided.keep(&chosen);
    }
    let templates = templates(&project)?;
    let written = match arguments.to {
        Target::Markdown => {
            let mut all = pages.markdown(&templates).map_err(refused)?;
            if is_whole {
                all.extend(pages.back_markdown(&templates).map_err(refused)?);
            }
            all
        }
        Target::Latex => {
            let mut all = pages.latex(&templates).map_err(refused)?;
            if is_whole {
                all.push(pages.book_latex(&decided.summary, &templates).map_err(refused)?);
            }
            all
        }
    };
    let out = arguments.out.clone().unwrap_or_else(|| project.root.join("generated"));
    generated::write_all(&out, &written)?;
    console::print(&format!("{}{} files in {}\n", decided.recalled(), written.len(), out.display()))?;
    Ok(decided.status(&pages, &decided.report()))
}

/// For each chapter of a project whether one of the paths names it, or a folder above it.
fn chosen(project: &Project, contents: &[ContentsEntry], paths: &[PathBuf]) -> Result<Vec<bool>, Refusal> {
    let folder = project.derivations();
    let files: Vec<Option<PathBuf>> =
        contents.iter().map(|entry| folder.join(&entry.path).canonicalize().ok()).collect();
    let mut chosen = vec![false; files.len()];
    for path in paths {
        let place = path.canonicalize().ok();
        let is_named = |file: &Option<PathBuf>| {
            place.as_ref().zip(file.as_ref()).is_some_and(|(place, file)| file.starts_with(place))
        };
        if !files.iter().any(is_named) {
            let message = "this is no chapter of the project".to_owned();
            let hint = format!("name a file of `{}`, or none for all of them", input::shown(&folder));
            return Err(Refusal::of_file(&input::shown(path), "no-derivations", message, &hint));
        }
        chosen.iter_mut().zip(&files).for_each(|(chosen, file)| *chosen |= is_named(file));
    }
    Ok(chosen)
}

fn decide(project: &Project, previous: Vec<Read>, memory: &Memory) -> Result<Decided, Failure> {
    let folder = project.derivations();
    let inputs = input::all(std::slice::from_ref(&folder));
    if let Some(Input::Refused(refusal)) = inputs.iter().find(|input| matches!(input, Input::Refused(_))) {
        return Err(refusal.clone().into());
    }
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
    let settings = Settings::find()?;
    let mut known: BTreeMap<String, Read> = previous.into_iter().map(|read| (read.path().to_owned(), read)).collect();
    let tasks: Vec<(PathBuf, Mutex<Option<Read>>)> = contents
        .iter()
        .map(|entry| folder.join(&entry.path))
        .map(|path| {
            let before = known.remove(&input::shown(&path));
            (path, Mutex::new(before))
        })
        .collect();
    let mut chapters = Vec::new();
    let mut refusal = None;
    workers::in_order(
        &tasks,
        workers::n_processors(),
        |(path, before)| {
            let before = before.lock().ok().and_then(|mut before| before.take());
            match before.filter(Read::is_current) {
                Some(read) => Ok(read),
                None => read(path, settings.effort, memory),
            }
        },
        |_, _| {},
        |read| match read {
            Ok(read) => chapters.push(read),
            Err(found) => refusal = Some(found),
        },
    );
    if let Some(refusal) = refusal {
        return Err(Failure::from(refusal));
    }
    for Read { document, .. } in &chapters {
        show(&document.source, &document.diagnostics);
    }
    Ok(Decided { summary, contents, chapters, require: settings.require })
}

fn read(path: &Path, effort: Effort, memory: &Memory) -> Result<Read, Refusal> {
    let source = input::one(path).read()?;
    let start = Instant::now();
    let clock = || u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    let sources = RefCell::new(vec![source.clone()]);
    let mut document = Document::load(source, &|path| {
        let used = input::load(path);
        // A file that could not be read is remembered as empty, so that it is looked for again.
        sources.borrow_mut().push(used.clone().unwrap_or_else(|_| Source::new(path, "")));
        used
    });
    let sources = sources.into_inner();
    let fingerprint = fingerprint(&document, &sources[1..], effort);
    let known = memory.answers(&document.source.path, fingerprint).cloned();
    let is_recalled = known.is_some();
    let mut decider = Decider::with(effort, &clock, known.unwrap_or_default());
    document.decide_by(&mut decider);
    let answers = decider.answers(fingerprint);
    Ok(Read { document, sources, answers, is_recalled })
}

impl Read {
    fn path(&self) -> &str {
        &self.document.source.path
    }

    /// Whether every file still holds what was read.
    fn is_current(&self) -> bool {
        self.sources.iter().all(|source| fs::read_to_string(&source.path).is_ok_and(|text| text == source.text))
    }
}

impl Decided {
    /// Forgets the chapters that are not chosen.
    fn keep(&mut self, chosen: &[bool]) {
        let mut own = chosen.iter();
        self.chapters.retain(|_| own.next() == Some(&true));
        let mut own = chosen.iter();
        self.contents.retain(|_| own.next() == Some(&true));
    }

    /// What the next build may use again.
    #[cfg(feature = "book")]
    fn memory(&self) -> Option<Memory> {
        Memory::new(self.chapters.iter().map(|read| (read.path().to_owned(), read.answers.clone())).collect())
    }

    /// Which verdicts are those of the last build, in a line; empty where none is.
    fn recalled(&self) -> String {
        let (n_all, n_recalled) = (self.chapters.len(), self.chapters.iter().filter(|read| read.is_recalled).count());
        match n_recalled {
            0 => String::new(),
            _ => format!("{n_recalled} of {n_all} chapters have the formulas of the last build, and its verdicts\n"),
        }
    }

    fn report(&self) -> Report {
        let mut report = Report::default();
        self.chapters.iter().for_each(|read| report.append(Report::of(&read.document, self.require)));
        report
    }

    fn pages(&self) -> Pages {
        let chapters: Vec<Chapter<'_>> = self
            .contents
            .iter()
            .zip(&self.chapters)
            .map(|(entry, read)| Chapter { path: &entry.path, number: Some(entry.number), document: &read.document })
            .collect();
        pages(&chapters)
    }

    /// Whether every link and figure was found, and every verdict is as expected.
    fn status(&self, pages: &Pages, report: &Report) -> Status {
        for (read, diagnostics) in self.chapters.iter().zip(&pages.diagnostics) {
            show(&read.document.source, diagnostics);
        }
        for claim in report.claims.iter().filter(|claim| !claim.as_expected) {
            let label = claim.label.as_deref().unwrap_or("unlabelled");
            let place = format!("{}:{}", claim.file, claim.line);
            console::report(&format!("{place}: #{label} is {}, expected {}\n", claim.verdict, claim.expected));
        }
        let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
        match report.summary.unexpected {
            _ if pages.diagnostics.iter().flatten().any(is_error) => Status::Unusable,
            0 => Status::Fine,
            _ => Status::Unexpected,
        }
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

/// What the pages refuse, as the failure of a command.
pub(super) fn refused(problem: Problem) -> Failure {
    let source = Source::new(problem.path.unwrap_or_default(), "");
    let mut diagnostic = Diagnostic::error(problem.code, Span::default(), problem.message);
    diagnostic.hint = problem.hint;
    Failure::from(Refusal { source, problem: diagnostic })
}

/// Opens a page in the user's browser, where the system knows how.
#[cfg(feature = "book")]
pub(super) fn open(page: &Path) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if std::process::Command::new(program).arg(page).spawn().is_err() {
        console::report(&format!("`{program}` could not be started; open {} by hand", page.display()));
    }
}
