//! Prose in LaTeX: Markdown events in, `amsmath` and `hyperref` commands out.
//!
//! What LaTeX cannot show without further packages is said in words: a picture becomes its description, raw HTML is
//! left out. A link to a label becomes a reference to `SLUG:LABEL`.

use crate::render::formula;
use crate::render::pages::BACK;
use pulldown_cmark::Alignment;
use pulldown_cmark::CodeBlockKind;
use pulldown_cmark::CowStr;
use pulldown_cmark::Event;
use pulldown_cmark::HeadingLevel;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;
use std::collections::BTreeMap;

/// Which command a heading of the second level becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headings {
    /// `\section`, in a book.
    BelowChapter,
    /// `\subsection`, in an article.
    BelowSection,
}

/// The Markdown of this program: what mdBook reads, and formulas between dollar signs.
pub fn markdown_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

/// `markdown` as LaTeX; links without a page lead to labels of the page `slug`.
pub fn write(markdown: &str, slug: &str, headings: Headings) -> String {
    let events: Vec<_> = Parser::new_ext(markdown, markdown_options()).collect();
    let footnotes = footnotes(&events, slug, headings);
    let mut writer = Writer::new(slug, headings, footnotes);
    writer.run(&events);
    let mut out = writer.out;
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Plain text with LaTeX's special characters escaped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '"' => out.push_str("\\textquotedbl{}"),
            c => out.push(c),
        }
    }
    out
}

/// Every footnote's text by its name, since LaTeX wants it where it is referred to.
fn footnotes(events: &[Event<'_>], slug: &str, headings: Headings) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut start = None;
    for (idx, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => start = Some((idx + 1, name.to_string())),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((from, name)) = start.take() {
                    let mut writer = Writer::new(slug, headings, BTreeMap::new());
                    writer.run(&events[from..idx]);
                    found.insert(name, writer.out.trim().to_string());
                }
            }
            _ => {}
        }
    }
    found
}

struct Writer<'a> {
    out: String,
    slug: &'a str,
    headings: Headings,
    footnotes: BTreeMap<String, String>,
    closers: Vec<String>,
    /// Within a fenced block: its language, and its text so far.
    fence: Option<(String, String)>,
    in_footnote: bool,
    in_image: usize,
    columns: usize,
    column: usize,
}

impl<'a> Writer<'a> {
    fn new(slug: &'a str, headings: Headings, footnotes: BTreeMap<String, String>) -> Writer<'a> {
        Writer {
            out: String::new(),
            slug,
            headings,
            footnotes,
            closers: Vec::new(),
            fence: None,
            in_footnote: false,
            in_image: 0,
            columns: 0,
            column: 0,
        }
    }

    fn run(&mut self, events: &[Event<'_>]) {
        for (idx, event) in events.iter().enumerate() {
            if self.in_footnote {
                self.in_footnote = !matches!(event, Event::End(TagEnd::FootnoteDefinition));
                continue;
            }
            match event {
                Event::Start(Tag::Table(alignments)) => self.table(alignments, &widths(&events[idx..])),
                event => self.event(event),
            }
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(text),
            Event::Code(code) => self.out.push_str(&format!("\\texttt{{{}}}", escape(code))),
            Event::InlineMath(latex) => self.out.push_str(&format!("${}$", formula::inline(latex))),
            Event::DisplayMath(latex) => self.display(latex),
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::FootnoteReference(name) => {
                let note = self.footnotes.get(&**name).cloned().unwrap_or_default();
                self.out.push_str(&format!("\\footnote{{{note}}}"));
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("\\\\\n"),
            Event::Rule => self.out.push_str("\\par\\noindent\\hrulefill\\par\n\n"),
            Event::TaskListMarker(done) => self.out.push_str(if *done { "$\\boxtimes$ " } else { "$\\square$ " }),
        }
    }

    fn text(&mut self, text: &CowStr<'_>) {
        match &mut self.fence {
            Some((_, body)) => body.push_str(text),
            None => self.out.push_str(&escape(text)),
        }
    }

    fn display(&mut self, latex: &str) {
        let (body, number) = formula::split_number(latex);
        self.out.push_str(&format!("\\formula{{\n{}\n}}{{{}}}\n", formula::block(body), number.unwrap_or_default()));
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Paragraph
            | Tag::HtmlBlock
            | Tag::MetadataBlock(_)
            | Tag::DefinitionListDefinition
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript => {}
            Tag::Heading { level, id, .. } => self.heading(*level, id.as_deref()),
            Tag::BlockQuote(_) => self.out.push_str("\\begin{quote}\n"),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.fence = Some((String::new(), String::new())),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => self.fence = Some((info.to_string(), String::new())),
            Tag::List(None) => self.out.push_str("\\begin{itemize}\n"),
            Tag::List(Some(_)) => self.out.push_str("\\begin{enumerate}\n"),
            Tag::Item => self.out.push_str("\\item "),
            Tag::FootnoteDefinition(_) => self.in_footnote = true,
            Tag::DefinitionList => self.out.push_str("\\begin{description}\n"),
            Tag::DefinitionListTitle => self.out.push_str("\\item["),
            Tag::Table(alignments) => self.table(alignments, &[]),
            Tag::TableHead | Tag::TableRow => self.column = 0,
            Tag::TableCell => {
                if self.column > 0 {
                    self.out.push_str(" & ");
                }
                self.column += 1;
            }
            Tag::Emphasis => self.out.push_str("\\emph{"),
            Tag::Strong => self.out.push_str("\\textbf{"),
            Tag::Link { dest_url, .. } => self.link(dest_url),
            Tag::Image { .. } => {
                self.in_image += 1;
                self.out.push_str("[picture: ");
            }
        }
    }

    fn end(&mut self, tag: &TagEnd) {
        match tag {
            TagEnd::Paragraph => self.out.push_str("\n\n"),
            TagEnd::Heading(_) => self.close_with("\n\n"),
            TagEnd::BlockQuote(_) => self.out.push_str("\\end{quote}\n\n"),
            TagEnd::CodeBlock => self.end_fence(),
            TagEnd::HtmlBlock
            | TagEnd::MetadataBlock(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::TableCell
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
            TagEnd::List(false) => self.out.push_str("\\end{itemize}\n\n"),
            TagEnd::List(true) => self.out.push_str("\\end{enumerate}\n\n"),
            TagEnd::Item | TagEnd::DefinitionListDefinition => self.out.push('\n'),
            TagEnd::DefinitionList => self.out.push_str("\\end{description}\n\n"),
            TagEnd::DefinitionListTitle => self.out.push_str("] "),
            TagEnd::Table => self.out.push_str("\\hline\n\\end{tabular}\n\\end{center}\n\n"),
            TagEnd::TableHead => self.out.push_str(" \\\\ \\hline\n"),
            TagEnd::TableRow => self.out.push_str(" \\\\\n"),
            TagEnd::Emphasis | TagEnd::Strong => self.out.push('}'),
            TagEnd::Link => self.close_with(""),
            TagEnd::Image => {
                self.in_image = self.in_image.saturating_sub(1);
                self.out.push(']');
            }
        }
    }

    fn close_with(&mut self, after: &str) {
        let closer = self.closers.pop().unwrap_or_default();
        self.out.push_str(&closer);
        self.out.push_str(after);
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<&str>) {
        const COMMANDS: [&str; 7] =
            ["chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph", "subparagraph"];
        let below = match self.headings {
            Headings::BelowChapter => 0,
            Headings::BelowSection => 1,
        };
        let command = COMMANDS[(level as usize - 1 + below).min(6)];
        self.out.push_str(&format!("\\{command}*{{"));
        let label = id.map(|id| format!("\\phantomsection\\label{{{}:{id}}}", self.slug)).unwrap_or_default();
        self.closers.push(format!("}}{label}"));
    }

    fn link(&mut self, url: &str) {
        let (page, label) = url.split_once('#').unwrap_or((url, ""));
        let slug = page.strip_suffix(".md").map(|path| path.rsplit('/').next().unwrap_or(path));
        let target = match (page, slug) {
            ("", _) => Some(format!("{}:{label}", self.slug)),
            (_, Some(slug)) if label.is_empty() => Some(format!("chapter:{slug}")),
            (_, Some(slug)) => Some(format!("{slug}:{label}")),
            (_, None) => None,
        };
        match target {
            // What stands at the end of the book on the web is not in print.
            _ if BACK.contains(&page) => self.out.push('{'),
            Some(target) => self.out.push_str(&format!("\\hyperref[{target}]{{")),
            None => self.out.push_str(&format!("\\href{{{}}}{{", escape_url(url))),
        }
        self.closers.push("}".to_string());
    }

    fn end_fence(&mut self) {
        let Some((info, body)) = self.fence.take() else { return };
        if info.split_whitespace().next() == Some("math") {
            self.display(&body);
            self.out.push('\n');
        } else {
            // `verbatim` may not stand in an argument (a footnote); nothing inside can end it early but its own end.
            let body = body.replace("\\end{verbatim}", "\\end {verbatim}");
            self.out.push_str(&format!("\\begin{{verbatim}}\n{}\n\\end{{verbatim}}\n\n", body.trim_end()));
        }
    }

    /// Opens a table. One that is wider than the line gets columns of fixed widths, in proportion to what they hold.
    fn table(&mut self, alignments: &[Alignment], widths: &[usize]) {
        self.columns = alignments.len();
        let total: usize = widths.iter().sum();
        let column = |(idx, alignment): (usize, &Alignment)| match alignment {
            _ if total > LINE => {
                let share = widths.get(idx).map_or(0.0, |&width| 0.86 * width as f64 / total as f64);
                format!("p{{{share:.3}\\linewidth}}")
            }
            Alignment::None | Alignment::Left => "l".to_owned(),
            Alignment::Center => "c".to_owned(),
            Alignment::Right => "r".to_owned(),
        };
        let columns: String = alignments.iter().enumerate().map(column).collect();
        self.out.push_str(&format!("\\begin{{center}}\\small\n\\begin{{tabular}}{{{columns}}}\n\\hline\n"));
    }
}

/// How many characters fit on a line of a table.
const LINE: usize = 66;

/// About how many characters the widest cell of each column takes, in the table that begins the events.
fn widths(events: &[Event<'_>]) -> Vec<usize> {
    let (mut widths, mut column, mut width) = (Vec::new(), 0, 0);
    for event in events {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => column = 0,
            Event::Start(Tag::TableCell) => width = 4,
            Event::Text(text) | Event::Code(text) => width += text.chars().count(),
            Event::InlineMath(latex) => width += latex.len() / 2,
            Event::End(TagEnd::TableCell) => {
                if column == widths.len() {
                    widths.push(0);
                }
                widths[column] = width.max(widths[column]);
                column += 1;
            }
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    widths
}

fn escape_url(url: &str) -> String {
    url.replace('\\', "\\textbackslash{}").replace('%', "\\%").replace('#', "\\#").replace('&', "\\&")
}
