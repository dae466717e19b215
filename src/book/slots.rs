//! Typeset formulas and drawings go around the Markdown renderer, not through it.
//!
//! In the Markdown stands a slot, an empty element with a number; once the pages are written, each slot is filled. So
//! no formula is read as Markdown, none is parsed again, and the search index holds an inline formula's LaTeX once
//! and nothing of its markup.

use crate::book::drawing;
use crate::book::html;
use crate::book::marks;
use crate::book::marks::Place;
use crate::book::marks::What;
use crate::book::typeset::Access;
use crate::book::typeset::Set;
use crate::book::typeset::Style;
use crate::book::typeset::Typesetter;
use crate::render::Problem;
use crate::render::formula;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const OPEN: &str = " data-slot=\"";

/// The slots of a whole book.
#[derive(Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    filled: Vec<String>,
}

struct Slot {
    chapter: String,
    holds: Holds,
}

enum Holds {
    Formula { latex: String, number: Option<String>, what: Shape },
    Drawing { svg: String, prefix: String, description: String },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Inline,
    Display,
    Block,
}

impl Slots {
    /// `markdown` of the chapter `path` with a slot for each formula and each drawing that `drawings` knows by its
    /// address.
    pub fn cut(&mut self, path: &str, markdown: &str, drawings: &BTreeMap<String, String>) -> String {
        let places: Vec<Place> = marks::find(markdown);
        marks::replace(markdown, &places, |_, what| match what {
            What::Inline(latex) => Some(self.formula(path, latex, Shape::Inline)),
            What::Display(latex) => Some(self.formula(path, latex, Shape::Display)),
            What::Fence(latex) => Some(self.formula(path, latex, Shape::Block)),
            What::Picture { url, alt } => {
                let svg = drawings.get(url)?;
                let prefix = format!("d{}", self.slots.len());
                let holds = Holds::Drawing { svg: svg.clone(), prefix, description: alt.clone() };
                Some(self.slot(path, holds, "span", ""))
            }
            What::Card { anchor, number } => Some(link_to_card(anchor, number.as_deref())),
        })
    }

    /// Typesets what the slots hold; problems are told chapter by chapter, equal ones once.
    pub fn typeset(&mut self, typesetter: &Typesetter) -> Vec<Problem> {
        let mut problems = BTreeSet::new();
        let formulas: Vec<_> = self.slots.iter().filter_map(|slot| slot.holds.formula()).collect();
        let mut typeset = typesetter.typeset_all(&formulas).into_iter();
        self.filled = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            self.filled.push(match &slot.holds {
                Holds::Drawing { svg, prefix, description } => {
                    let svg = drawing::inline(svg, prefix, description);
                    format!("<span class=\"drawing\">{}</span>", svg.unwrap_or_default())
                }
                Holds::Formula { latex, number, what } => match typeset.next().as_deref() {
                    Some(Ok(set)) => placed(set, number.as_deref(), *what),
                    Some(Err(problem)) => {
                        problems.insert((slot.chapter.clone(), problem.message.clone(), formula::inline(latex)));
                        as_source(latex, *what)
                    }
                    None => as_source(latex, *what),
                },
            });
        }
        problems
            .into_iter()
            .map(|(chapter, message, latex)| {
                Problem::new("formula-not-typeset", message)
                    .at(chapter)
                    .with_hint(format!("the page shows its source instead: `{}`", shortened(&latex)))
            })
            .collect()
    }

    /// A page with its slots filled.
    pub fn fill(&self, page: &str) -> String {
        let page = without_addresses(page);
        let mut out = String::with_capacity(page.len() * 4);
        let mut rest = page.as_str();
        while let Some((before, after, number)) = self.next_slot(rest) {
            out.push_str(before);
            let is_short = self.slots[number].holds.is_short();
            let tied = if is_short { n_closing(after) } else { 0 };
            let (mark, after) = after.split_at(tied);
            let filled = &self.filled[number];
            match mark {
                "" if !is_short || filled.matches("katex-base").count() < 2 => out.push_str(filled),
                // A line must not begin with the full stop of a sentence that ends in a formula.
                mark => out.push_str(&format!("<span class=\"tied\">{filled}{mark}</span>")),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// How many formulas the book shows.
    pub fn n_formulas(&self) -> usize {
        self.slots.iter().filter(|slot| slot.holds.formula().is_some()).count()
    }

    /// The text before the next slot, the text after it, and its number.
    fn next_slot<'a>(&self, page: &'a str) -> Option<(&'a str, &'a str, usize)> {
        let mut from = 0;
        loop {
            let at = from + page[from..].find(OPEN)?;
            from = at + OPEN.len();
            let Some(start) = page[..at].rfind('<') else { continue };
            let name = &page[start + 1..at];
            let Some((number, rest)) = page[from..].split_once("\">") else { continue };
            let Some(number) = number.parse().ok().filter(|&number: &usize| number < self.filled.len()) else {
                continue;
            };
            let close = format!("</{name}>");
            let Some(end) = rest.find(&close) else { continue };
            return Some((&page[..start], &rest[end + close.len()..], number));
        }
    }

    fn formula(&mut self, path: &str, latex: &str, what: Shape) -> String {
        let (latex, number) = match what {
            Shape::Inline => (latex, None),
            Shape::Display | Shape::Block => formula::split_number(latex),
        };
        let holds = Holds::Formula { latex: latex.to_string(), number: number.map(str::to_string), what };
        match what {
            Shape::Inline => self.slot(path, holds, "span", &in_words(latex)),
            Shape::Display => self.slot(path, holds, "span", ""),
            Shape::Block => self.slot(path, holds, "div", ""),
        }
    }

    fn slot(&mut self, path: &str, holds: Holds, element: &str, text: &str) -> String {
        let number = self.slots.len();
        self.slots.push(Slot { chapter: path.to_string(), holds });
        format!("<{element}{OPEN}{number}\">{}</{element}>", markdown_proof(&html::escape(text)))
    }
}

impl Holds {
    fn formula(&self) -> Option<(Style, Access, &str)> {
        match self {
            Holds::Formula { latex, what: Shape::Inline, .. } => Some((Style::Inline, Access::Mathml, latex)),
            Holds::Formula { latex, what: Shape::Display | Shape::Block, .. } => {
                Some((Style::Display, Access::Mathml, latex))
            }
            Holds::Drawing { .. } => None,
        }
    }

    /// Whether it is a formula in a line that need never be broken.
    fn is_short(&self) -> bool {
        matches!(self, Holds::Formula { latex, what: Shape::Inline, .. } if latex.len() <= 40)
    }
}

/// How many bytes of punctuation close what stands before.
fn n_closing(text: &str) -> usize {
    text.bytes().take_while(|byte| b".,;:!?)".contains(byte)).count()
}

/// What fits on a line of paper, in em of the text, less what a card and a number take.
const PAPER: f64 = 33.0;

/// What fits on a line of a phone beside a number, in em of the formula.
const PHONE: f64 = 11.0;

/// A typeset formula in its box: a wide one scrolls there, and its number stays at the right. One that a phone or paper
/// may have no room for says how wide it is, so that it can be made smaller.
pub(super) fn boxed(html: &str, width: f64, number: Option<&str>, element: &str) -> String {
    let number = number.map(|number| format!("<span class=\"number\">({})</span>", html::escape(number)));
    let number = number.unwrap_or_default();
    let wide = if width > PHONE {
        format!(" style=\"--wide:{width:.1};--fit:{:.2}\"", (PAPER / width).clamp(0.3, 1.0))
    } else {
        String::new()
    };
    format!("<{element} class=\"formula\"{wide}><span class=\"scroll\">{html}</span>{number}</{element}>")
}

/// A card's link to itself, named by the number of its formula.
pub(super) fn link_to_card(anchor: &str, number: Option<&str>) -> String {
    let name = html::escape(&number.map_or(anchor.to_owned(), |number| format!("formula {number}")));
    format!("<a class=\"anchor\" href=\"#{}\" aria-label=\"link to {name}\"></a>", html::escape(anchor))
}

/// HTML that Markdown will leave alone: everything it could take for its own is written as an entity.
pub(super) fn markdown_proof(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for c in html.chars() {
        match c {
            '*' | '_' | '-' | '|' | '[' | ']' | '`' | '\\' | '$' | '!' | '~' | '^' | '.' | ':' | '{' | '}' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

fn placed(set: &Set, number: Option<&str>, what: Shape) -> String {
    match what {
        Shape::Inline => set.html.clone(),
        Shape::Display => boxed(&set.html, set.width, number, "span"),
        Shape::Block => boxed(&set.html, set.width, number, "div") + "\n",
    }
}

/// mdBook's page with the title of the chapter as its only heading of the first order, and none before it.
fn with_one_heading(page: &str) -> String {
    const HEADINGS: [(&str, &str, &str); 2] = [
        ("<h1 class=\"menu-title\">", "</h1>", "menu-title"),
        ("<h2 class=\"mdbook-help-title\">", "</h2>", "mdbook-help-title"),
    ];
    let mut page = page.to_owned();
    for (open, close, class) in HEADINGS {
        let Some((before, rest)) = page.split_once(open) else { continue };
        let Some((title, after)) = rest.split_once(close) else { continue };
        page = format!("{before}<div class=\"{class}\">{title}</div>{after}");
    }
    page
}

/// mdBook's page without the addresses in its icons: the namespace, which HTML does not need, and the licence, which
/// every book has in `licenses.txt`.
fn without_addresses(page: &str) -> String {
    let page = with_one_heading(page).replace(" xmlns=\"http://www.w3.org/2000/svg\"", "");
    let mut out = String::with_capacity(page.len());
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("<!--! Font Awesome") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    out + rest
}

/// A formula that could not be typeset, as it was written.
pub(super) fn source(latex: &str) -> String {
    format!("<code class=\"source\">{}</code>", html::escape(latex.trim()))
}

fn as_source(latex: &str, what: Shape) -> String {
    match what {
        Shape::Inline | Shape::Display => source(latex),
        Shape::Block => format!("<div class=\"formula\"><span class=\"scroll\">{}</span></div>\n", source(latex)),
    }
}

/// What the search index holds for an inline formula: its LaTeX if that reads as a word or two.
fn in_words(latex: &str) -> String {
    let line = formula::inline(latex);
    if line.len() <= 30 { line } else { "…".to_string() }
}

fn shortened(latex: &str) -> String {
    let mut short: String = latex.chars().take(80).collect();
    if short.len() < latex.len() {
        short.push('…');
    }
    short
}
