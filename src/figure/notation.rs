//! Reads the small notation of [`Label::math`](super::Label::math) into runs.

use std::iter::Peekable;
use std::str::Chars;

use crate::source::glyph::accent;

use super::glyph;
use super::label::{Face, Run, run_width};

/// The size of a script relative to what it is attached to.
const SCRIPT: f64 = 0.7;
/// Scripts nested deeper than this are set at the last level.
const DEEPEST: usize = 2;
/// Braces nested deeper than this are read past without opening a new group.
const NESTING: usize = 32;

/// The runs of `notation`; every text is accepted.
pub(super) fn read(notation: &str) -> Vec<Run> {
    let mut reader = Reader { rest: notation.chars().peekable(), runs: Vec::new(), nesting: 0 };
    let base = Style { face: None, size: 1.0, rise: 0.0, depth: 0 };
    while reader.rest.peek().is_some() {
        reader.sequence(base);
        reader.rest.next_if_eq(&'}');
    }
    join(reader.runs)
}

/// Where and how the next characters are set.
#[derive(Clone, Copy)]
struct Style {
    /// Set by `\mathbf` and its like; otherwise each character decides.
    face: Option<Face>,
    size: f64,
    rise: f64,
    depth: usize,
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    runs: Vec<Run>,
    nesting: usize,
}

/// The scripts read since the last base, with the width of each.
#[derive(Clone, Copy, Default)]
struct Scripts {
    first: Option<(char, f64)>,
    /// The space that the next base has to move on, where the second script is the narrower one.
    owed: f64,
}

impl Reader<'_> {
    /// Reads up to a closing brace, which stays, or the end.
    fn sequence(&mut self, style: Style) {
        let mut scripts = Scripts::default();
        while let Some(&c) = self.rest.peek() {
            match c {
                '}' => return,
                '_' | '^' => {
                    self.rest.next();
                    self.script(c, style, &mut scripts);
                }
                _ => {
                    let owed = std::mem::take(&mut scripts).owed;
                    let first = self.runs.len();
                    self.atom(style);
                    if let Some(run) = self.runs.get_mut(first) {
                        run.before += owed;
                    }
                }
            }
        }
    }

    fn script(&mut self, mark: char, style: Style, scripts: &mut Scripts) {
        let first_run = self.runs.len();
        let size = if style.depth < DEEPEST { style.size * SCRIPT } else { style.size };
        let rise = style.rise + style.size * if mark == '_' { -0.22 } else { 0.38 };
        self.argument(Style { face: style.face, size, rise, depth: style.depth + 1 });
        let width: f64 = self.runs[first_run..].iter().map(|run| run.before + run_width(run)).sum();
        match scripts.first {
            Some((other, back)) if other != mark => {
                if let Some(run) = self.runs.get_mut(first_run) {
                    run.before -= back;
                }
                *scripts = Scripts { first: None, owed: (back - width).max(0.0) };
            }
            Some(_) | None => *scripts = Scripts { first: Some((mark, width)), owed: 0.0 },
        }
    }

    /// A group in braces, or the next atom alone.
    fn argument(&mut self, style: Style) {
        while self.rest.next_if_eq(&' ').is_some() {}
        if self.nesting < NESTING && !matches!(self.rest.peek(), None | Some('}' | '_' | '^')) {
            self.nesting += 1;
            self.atom(style);
            self.nesting -= 1;
        }
    }

    fn atom(&mut self, style: Style) {
        let Some(c) = self.rest.next() else { return };
        match c {
            '{' if self.nesting < NESTING => {
                self.nesting += 1;
                self.sequence(style);
                self.nesting -= 1;
                self.rest.next_if_eq(&'}');
            }
            '{' | ' ' => {}
            '\\' => self.command(style),
            '~' => self.push("\u{2005}", Face::Roman, style),
            '\'' => self.push("′", Face::Symbol, style),
            '-' => self.operator("−", style),
            '*' => self.operator("⋅", style),
            '+' | '=' | '<' | '>' | '≤' | '≥' | '≈' | '≠' | '×' | '⊙' | '→' | '−' => {
                self.operator(c.encode_utf8(&mut [0; 4]), style)
            }
            ',' if style.depth == 0 => self.push(",\u{2009}", Face::Roman, style),
            _ => {
                let face = if c.is_alphabetic() && !is_upright(c) { Face::Italic } else { Face::Roman };
                self.push(c.encode_utf8(&mut [0; 4]), face, style);
            }
        }
    }

    fn command(&mut self, style: Style) {
        let mut name = String::new();
        while let Some(c) = self.rest.next_if(char::is_ascii_alphabetic) {
            name.push(c);
        }
        if name.is_empty() {
            name.extend(self.rest.next());
        }
        match name.as_str() {
            "," | ":" | ";" | " " | "!" | "quad" => self.push(space(&name), Face::Roman, style),
            "mathbf" | "boldsymbol" | "bm" => self.argument(Style { face: Some(Face::Bold), ..style }),
            "mathrm" | "operatorname" | "mathsf" => self.argument(Style { face: Some(Face::Roman), ..style }),
            "text" => self.words(style),
            "frac" | "tfrac" | "dfrac" => self.fraction(style),
            "left" | "right" | "mathit" | "displaystyle" => {}
            name => self.named(name, style),
        }
    }

    fn named(&mut self, name: &str, style: Style) {
        if let Some(accent) = accent(name) {
            self.argument(style);
            if let Some(run) = self.runs.last_mut() {
                run.text.push(accent);
            }
        } else if let Some((text, face)) = glyph::symbol(name) {
            let is_operator = matches!(text, "≤" | "≥" | "≠" | "≈" | "∝" | "∈" | "→" | "⋅" | "×" | "⊙" | "∘" | "±");
            if is_operator { self.operator(text, style) } else { self.push(text, face, style) }
        } else {
            self.push(name, Face::Roman, style);
            if style.depth == 0 && !matches!(self.rest.peek(), None | Some('(' | '_' | '^' | '}')) {
                self.push("\u{2009}", Face::Roman, style);
            }
        }
    }

    /// The words of `\text{…}`, spaces kept.
    fn words(&mut self, style: Style) {
        let mut text = String::new();
        if self.rest.next_if_eq(&'{').is_some() {
            while let Some(c) = self.rest.next_if(|&c| c != '}') {
                text.push(c);
            }
            self.rest.next_if_eq(&'}');
        }
        self.push(&text, Face::Roman, style);
    }

    /// A fraction on one line, its parts in parentheses where they are sums.
    fn fraction(&mut self, style: Style) {
        for part_idx in 0..2 {
            if part_idx == 1 {
                self.push("/", Face::Roman, style);
            }
            let first = self.runs.len();
            self.argument(style);
            let is_sum = self.runs[first..].iter().any(|run| run.rise == style.rise && run.text.contains(['+', '−']));
            if is_sum {
                let open = Run { text: "(".into(), before: 0.0, face: Face::Roman, size: style.size, rise: style.rise };
                self.runs.insert(first, open);
                self.push(")", Face::Roman, style);
            }
        }
    }

    /// An operator with space around it on the base line; none in scripts, none before it where nothing stands, and
    /// none at all where it is a sign.
    fn operator(&mut self, text: &str, style: Style) {
        let is_first = self.runs.last().is_none_or(|run| run.text.ends_with(['(', '[', '\u{2009}', '\u{2005}']));
        let is_sum = matches!(text, "+" | "−" | "±");
        let is_narrow = is_sum || matches!(text, "×" | "⊙" | "⋅" | "∘");
        let space = if is_narrow { "\u{2009}" } else { "\u{2005}" };
        let alone = style.depth > 0 || (is_first && is_sum);
        let (before, after) = (if alone || is_first { "" } else { space }, if alone { "" } else { space });
        self.push(&format!("{before}{text}{after}"), Face::Roman, style);
    }

    fn push(&mut self, text: &str, face: Face, style: Style) {
        let face = style.face.unwrap_or(face);
        self.runs.push(Run { text: text.into(), face, size: style.size, rise: style.rise, before: 0.0 });
    }
}

/// Capital Greek letters stand upright, as in LaTeX.
fn is_upright(c: char) -> bool {
    ('\u{0391}'..='\u{03A9}').contains(&c)
}

fn space(name: &str) -> &'static str {
    match name {
        "," | ":" => "\u{2009}",
        "!" => "",
        "quad" => "\u{2003}",
        _ => "\u{2005}",
    }
}

/// Neighbours that are set alike become one run.
fn join(runs: Vec<Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(last)
                if last.face == run.face && last.size == run.size && last.rise == run.rise && run.before == 0.0 =>
            {
                last.text.push_str(&run.text);
            }
            _ => joined.push(run),
        }
    }
    joined.retain(|run| !run.text.is_empty());
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(notation: &str, expected: &str) {
        let text: String = read(notation).iter().map(|run| run.text.as_str()).collect();
        assert_eq!(text.replace(['\u{2009}', '\u{2005}'], " "), expected);
    }

    #[test]
    fn letters_and_scripts() {
        check("w_h h_{t-1}", "whht−1");
        check("x_{t_1}^{(l)}", "xt1(l)");
    }

    #[test]
    fn commands_become_characters() {
        check(r"\sigma'(z) \le \tfrac14", "σ′(z) ≤ 1/4");
        check(r"\frac{\partial h_3}{\partial w_h}", "∂h3/∂wh");
        check(r"\frac{a+b}{2}", "(a + b)/2");
        check(r"\hat y_t", "y\u{302}t");
        check(r"\tanh z", "tanh z");
    }

    #[test]
    fn a_sign_is_not_spaced() {
        check("-1", "−1");
        check("|w| = -1", "|w| = −1");
        check("f(-x)-1", "f(−x) − 1");
    }

    #[test]
    fn anything_is_accepted() {
        for notation in ["", "_", "^", "{", "}", "a}b", r"\", "a_", "a^^b", r"\frac", r"\nosuch", "_{_{_{_{x}}}}"] {
            read(notation);
        }
        read(&"{".repeat(100_000));
        read(&r"\hat".repeat(100_000));
        check("a}b", "ab");
        check(r"\nosuch x", "nosuch x");
    }
}
