//! A page: its front matter, its fences of formulas, and the prose between them.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;
use pulldown_cmark::Event;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;

use crate::source::Diagnostic;
use crate::source::Severity;
use crate::source::Source;
use crate::source::Span;

use super::ast::Formula;
use super::fence::Fence;
use super::fence::claim_of_words;
use super::fence::read_words;
use super::front::FrontMatter;
use super::front::read_front;
use super::macros::Macros;
use super::parse::parse_with;

/// A Markdown file, taken apart. The front and the blocks together cover the file, byte for byte.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The front matter, if there is one; where it could not be read, what could be read of it.
    pub front: Option<FrontMatter>,
    /// The bytes before the first block: a byte order mark and the front matter with its fences. Often empty.
    pub front_span: Span,
    /// Prose, fences and display formulas in the order of the file, without gaps.
    pub blocks: Vec<Block>,
    /// What `\newcommand` and its kin define in the formulas of the file, which holds in all of them.
    pub macros: Macros,
}

impl Page {
    /// Reads formulas of this page; see [`parse_formulas`](super::parse_formulas).
    pub fn parse(&self, latex: &str, offset: usize) -> (Vec<Formula>, Vec<Diagnostic>) {
        parse_with(latex, offset, &self.macros)
    }

    /// Reads the formulas of a fence. Where it is never closed that is its one problem, and what cannot be read in it
    /// is left out.
    pub fn parse_fence(&self, fence: &Fence) -> (Vec<Formula>, Vec<Diagnostic>) {
        let (formulas, problems) = self.parse(&fence.latex, fence.body.start);
        let Some(unclosed) = &fence.unclosed else { return (formulas, problems) };
        let is_read = !problems.iter().any(|problem| problem.severity == Severity::Error);
        (if is_read { formulas } else { Vec::new() }, vec![Diagnostic::clone(unclosed)])
    }
}

/// A stretch of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Markdown, raw, up to the next fence or display formula.
    Prose {
        /// Its bytes.
        span: Span,
    },
    /// A `math` fence.
    Fence(Fence),
    /// A display formula, `$$…$$`.
    Display {
        /// Its bytes, dollars included, and the comment after it that says what it claims.
        span: Span,
        /// The bytes between the dollars.
        body: Span,
        /// The text of `body`, of equal length, in which the marks of a surrounding quote are blank.
        latex: String,
        /// What it is by the comment `<!-- claim: #label refuted | title -->` after it, where there is one.
        claim: Option<Box<Fence>>,
    },
}

impl Block {
    /// The bytes of the block.
    pub fn span(&self) -> Span {
        match self {
            Block::Prose { span } | Block::Display { span, .. } => *span,
            Block::Fence(fence) => fence.span,
        }
    }
}

/// Takes a page apart, and reports what is wrong with its front matter and with the words of its fences.
pub fn read_page(source: &Source) -> (Page, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let (front, front_span) = read_front(source, &mut problems);
    let mut macros = Macros::default();
    let mut marked = Vec::new();
    let mut from = Some(front_span.end);
    while let Some(at) = from {
        from = mark_blocks(source, at, &mut macros, &mut marked, &mut problems);
    }
    report_duplicates(&marked, &mut problems);
    problems.sort_by_key(|problem| problem.span);
    (Page { front, front_span, blocks: with_prose(marked, front_span.end, source.text.len()), macros }, problems)
}

/// Adds the fences and display formulas from the byte `from` on, and the macros that they and formulas in the prose
/// define. A fence that is not closed before the next one begins ends there, and that byte is where to go on.
fn mark_blocks(
    source: &Source,
    from: usize,
    macros: &mut Macros,
    blocks: &mut Vec<Block>,
    problems: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let options = Options::ENABLE_MATH | Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut open: Option<(Range<usize>, Vec<Range<usize>>)> = None;
    for (event, range) in Parser::new_ext(&source.text[from..], options).into_offset_iter() {
        let range = range.start + from..range.end + from;
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_math(&info) => {
                open = Some((range, Vec::new()));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                problems.extend(role_without_math(source, &info, range.start));
            }
            Event::Text(_) => {
                if let Some((_, pieces)) = &mut open {
                    pieces.push(range);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((whole, mut pieces)) = open.take() {
                    let next = next_fence(source, &whole);
                    let whole = whole.start..next.unwrap_or(whole.end);
                    pieces.retain(|piece| piece.start < whole.end);
                    pieces.iter_mut().for_each(|piece| piece.end = piece.end.min(whole.end));
                    let fence = fence(source, whole, &pieces, problems);
                    macros.collect(&fence.latex);
                    blocks.push(Block::Fence(fence));
                    if next.is_some() {
                        return next;
                    }
                }
            }
            Event::InlineMath(latex) => macros.collect(&latex),
            Event::DisplayMath(latex) => {
                macros.collect(&latex);
                blocks.push(display(source, range, problems));
            }
            _ => {}
        }
    }
    None
}

/// Where a line inside the fence at `whole` begins another `math` fence, which no formula does: Markdown takes it for a
/// line of a fence that is not closed.
fn next_fence(source: &Source, whole: &Range<usize>) -> Option<usize> {
    let text = &source.text[whole.clone()];
    let tick = text.chars().next()?;
    let n_ticks = text.chars().take_while(|&c| c == tick).count();
    let mut at = whole.start;
    for line in text.split_inclusive('\n') {
        let inner = line.trim_start_matches(' ');
        let info = inner.trim_start_matches(tick);
        let is_fence = line.len() - inner.len() < 4 && inner.len() - info.len() >= n_ticks && is_math(info);
        if is_fence && at > whole.start {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The problem of a fence of another language that carries the word of a role: `latex claim`, `math-claim`, `claim`.
fn role_without_math(source: &Source, info: &str, start: usize) -> Option<Diagnostic> {
    let is_role = |word: &&str| matches!(*word, "given" | "define" | "claim" | "derive");
    let mut words = info.split_whitespace();
    let language = words.next()?;
    let own = language.strip_prefix("math").map_or(language, |rest| rest.trim_start_matches(['-', ':', '_', '.']));
    let role = words.next().filter(is_role).or(Some(own).filter(is_role))?;
    let line = source.text[start..].lines().next().unwrap_or_default();
    let at = line.find(language)?;
    let span = Span::new(start + at, start + at + language.len());
    let message = format!("a fence that begins with `{language}` is code, and no `{role}` is read in it");
    Some(Diagnostic::warning("unknown-fence-word", span, message).with_hint(format!("write `math {role}`")))
}

fn is_math(info: &str) -> bool {
    info.split_whitespace().next() == Some("math")
}

/// The fence at `whole` whose lines, without the marks of lists and quotes around it, are `pieces`.
fn fence(source: &Source, whole: Range<usize>, pieces: &[Range<usize>], problems: &mut Vec<Diagnostic>) -> Fence {
    let text = source.text[whole.clone()].trim_end_matches(['\n', '\r']);
    let span = Span::new(whole.start, whole.start + text.len());
    let n_ticks = text.bytes().take_while(|&b| b == text.as_bytes()[0]).count();
    let first_line = text.lines().next().unwrap_or("");
    let after_line = (span.start + first_line.len() + 1).min(span.end);
    let start = pieces.first().map_or(after_line, |piece| piece.start);
    let body = Span::new(start, pieces.last().map_or(start, |piece| piece.end));
    let latex = keep_pieces(source.slice(body), body.start, pieces);
    let words = Span::new(span.start + n_ticks, span.start + first_line.trim_end().len());
    let mut fence = Fence::plain(span, body, words, latex);
    if !is_closed(text, n_ticks) {
        let message = "this fence is never closed";
        let hint = format!("close it with {} on a line of its own after the formulas", &text[..n_ticks]);
        let problem = Diagnostic::error("unclosed-fence", words, message).with_hint(hint);
        problems.push(problem.clone());
        fence = unclosed(fence, problem);
    }
    read_words(source, words, fence, problems)
}

/// The fence with what stands before its first empty line: what follows is rather prose.
fn unclosed(mut fence: Fence, problem: Diagnostic) -> Fence {
    let before: usize =
        fence.latex.split_inclusive('\n').take_while(|line| !line.trim().is_empty()).map(str::len).sum();
    fence.latex.truncate(before);
    fence.body.end = fence.body.start + before;
    fence.unclosed = Some(Box::new(problem));
    fence
}

/// Whether the last line of a fenced block closes it: as many fence characters as it opened with, or more.
fn is_closed(text: &str, n_ticks: usize) -> bool {
    let Some((_, last)) = text.rsplit_once('\n') else { return false };
    let last = last.trim_matches([' ', '\t', '>', '\r']);
    let tick = text.as_bytes()[0];
    last.len() >= n_ticks && last.bytes().all(|b| b == tick)
}

fn display(source: &Source, range: Range<usize>, problems: &mut Vec<Diagnostic>) -> Block {
    let span = Span::new(range.start, range.end);
    let body = Span::new(range.start + 2, range.end.saturating_sub(2));
    let mut latex = String::new();
    for (line_idx, line) in source.slice(body).split_inclusive('\n').enumerate() {
        let n_marks = if line_idx == 0 { 0 } else { quote_marks(line) };
        latex.extend(std::iter::repeat_n(' ', n_marks));
        latex.push_str(&line[n_marks..]);
    }
    match claim_after(source, span.end) {
        None => Block::Display { span, body, latex, claim: None },
        Some((words, end)) => {
            let span = Span::new(span.start, end);
            let plain = Fence::plain(span, body, words, latex.clone());
            let claim = Some(Box::new(claim_of_words(source, words, plain, problems)));
            Block::Display { span, body, latex, claim }
        }
    }
}

/// The words of a comment that begins with `claim:`, at the byte `from` or on the next line, and where it ends.
fn claim_after(source: &Source, from: usize) -> Option<(Span, usize)> {
    let rest = &source.text[from..];
    let comment = rest.trim_start_matches([' ', '\t', '\r']);
    let comment = comment.strip_prefix('\n').unwrap_or(comment).trim_start_matches([' ', '\t']);
    let inside = comment.strip_prefix("<!--")?;
    let inside = &inside[..inside.find("-->")?];
    let words = inside.trim();
    words.strip_prefix("claim:")?;
    let start = words.as_ptr() as usize - source.text.as_ptr() as usize;
    let end = inside.as_ptr() as usize - source.text.as_ptr() as usize + inside.len() + "-->".len();
    Some((Span::new(start, start + words.len()), end))
}

/// The bytes of `> ` at the beginning of a line that continues a formula inside a quote.
///
/// A line of a display formula outside of quotes may begin with the relation `>` as well; Markdown would take
/// it for a quote, so it never gets here.
fn quote_marks(line: &str) -> usize {
    let rest = line.trim_start_matches([' ', '>']);
    if line[..line.len() - rest.len()].contains('>') { line.len() - rest.len() } else { 0 }
}

/// `text`, which stands at `offset`, with blanks for everything outside of `pieces` but line ends.
fn keep_pieces(text: &str, offset: usize, pieces: &[Range<usize>]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for piece in pieces {
        let (start, end) = ((piece.start - offset).max(at), piece.end - offset);
        if start >= end {
            continue;
        }
        kept.extend(text[at..start].bytes().map(|b| if b == b'\n' || b == b'\r' { b as char } else { ' ' }));
        kept.push_str(&text[start..end]);
        at = end;
    }
    kept
}

fn with_prose(marked: Vec<Block>, from: usize, end: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = from;
    for block in marked {
        let span = block.span();
        if at < span.start {
            blocks.push(Block::Prose { span: Span::new(at, span.start) });
        }
        at = span.end;
        blocks.push(block);
    }
    if at < end {
        blocks.push(Block::Prose { span: Span::new(at, end) });
    }
    blocks
}

fn report_duplicates(blocks: &[Block], problems: &mut Vec<Diagnostic>) {
    let mut seen = std::collections::BTreeSet::new();
    for block in blocks {
        let label = match block {
            Block::Fence(fence) => &fence.label,
            Block::Display { claim: Some(claim), .. } => &claim.label,
            Block::Display { claim: None, .. } | Block::Prose { .. } => &None,
        };
        let Some(label) = label else { continue };
        if !seen.insert(&label.name) {
            let message = format!("the label `#{}` stands twice in this file", label.name);
            let hint = format!("rename one of them, for example to `#{}-2`", label.name);
            problems.push(Diagnostic::error("duplicate-label", label.span, message).with_hint(hint));
        }
    }
}
