//! Names: canonical LaTeX taken apart.

use crate::expr::Elementary;

/// Braces nested deeper than this are kept as they are written.
const MAX_DEPTH: usize = 24;

/// A name as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    Letter(String),
    Number(String),
    Word(String),
    Hole,
    Styled(String, Box<Name>),
    Row(Vec<Name>),
    Scripts(Box<Scripts>),
}

/// A name with marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scripts {
    pub base: Name,
    pub below: Option<Name>,
    pub above: Option<Name>,
    /// Whether the subscript is written first, so that its holes are filled first.
    pub below_first: bool,
    pub primes: u8,
}

/// Reads a name; what is not understood stays one letter.
pub(super) fn read(name: &str) -> Name {
    let mut reader = Reader { rest: name };
    match reader.sequence(0) {
        Some(read) if reader.rest.is_empty() => read,
        Some(_) | None => Name::Letter(name.to_owned()),
    }
}

impl Name {
    /// The name of a function: several letters side by side are one word.
    pub(super) fn into_word(self) -> Name {
        let Name::Row(items) = &self else {
            return self;
        };
        let plain = |item: &Name| match item {
            Name::Letter(letter) => letter.chars().all(char::is_alphanumeric).then(|| letter.clone()),
            Name::Number(_) | Name::Word(_) | Name::Hole | Name::Styled(..) | Name::Row(_) | Name::Scripts(_) => None,
        };
        items.iter().map(plain).collect::<Option<String>>().map_or(self, Name::Word)
    }
}

/// Every single letter of the name, in its scripts too: those a bound index should not be called by.
pub(super) fn letters(name: &Name, found: &mut Vec<String>) {
    match name {
        Name::Letter(letter) => found.push(letter.clone()),
        Name::Number(_) | Name::Word(_) | Name::Hole => {}
        Name::Styled(_, body) => letters(body, found),
        Name::Row(items) => items.iter().for_each(|item| letters(item, found)),
        Name::Scripts(scripts) => {
            letters(&scripts.base, found);
            for script in [&scripts.below, &scripts.above].into_iter().flatten() {
                letters(script, found);
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn accept(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken.to_owned()
    }

    fn sequence(&mut self, depth: usize) -> Option<Name> {
        let mut items = Vec::new();
        while let Some(next) = self.peek() {
            match next {
                '}' => break,
                ' ' => self.rest = &self.rest[1..],
                _ => items.push(self.scripted(depth)?),
            }
        }
        Some(match items.len() {
            1 => items.remove(0),
            _ => Name::Row(items),
        })
    }

    fn scripted(&mut self, depth: usize) -> Option<Name> {
        let base = self.atom(depth)?;
        let mut scripts = Scripts { base, below: None, above: None, below_first: false, primes: 0 };
        loop {
            if self.accept('\'') {
                scripts.primes += 1;
            } else if scripts.below.is_none() && self.accept('_') {
                scripts.below = Some(self.atom(depth)?);
                scripts.below_first = scripts.above.is_none();
            } else if scripts.above.is_none() && self.accept('^') {
                scripts.above = Some(self.atom(depth)?);
            } else if scripts.below.is_none() && scripts.above.is_none() && scripts.primes == 0 {
                return Some(scripts.base);
            } else {
                return Some(Name::Scripts(Box::new(scripts)));
            }
        }
    }

    fn atom(&mut self, depth: usize) -> Option<Name> {
        let next = self.peek()?;
        match next {
            '{' => self.group(depth),
            '\\' => self.command(depth),
            '_' | '^' | '}' | '\'' => None,
            '\u{a7}' => {
                self.accept(next);
                let digits = self.take_while(|c| c.is_ascii_digit());
                Some(Name::Letter(format!("{next}{digits}")))
            }
            _ if next.is_ascii_digit() => Some(Name::Number(self.take_while(|c| c.is_ascii_digit()))),
            _ => {
                self.accept(next);
                Some(Name::Letter(next.to_string()))
            }
        }
    }

    fn group(&mut self, depth: usize) -> Option<Name> {
        if depth >= MAX_DEPTH || !self.accept('{') {
            return None;
        }
        let body = self.sequence(depth + 1)?;
        self.accept('}').then_some(body)
    }

    fn command(&mut self, depth: usize) -> Option<Name> {
        self.accept('\\');
        let command = self.take_while(|c| c.is_ascii_alphabetic());
        match command.as_str() {
            "" => None,
            "cdot" => Some(Name::Hole),
            "operatorname" | "text" | "mathrm" | "textrm" => {
                let word = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                match word {
                    Some((word, rest)) if word.chars().all(char::is_alphanumeric) && word.chars().count() > 1 => {
                        self.rest = rest;
                        Some(if command == "operatorname" {
                            Name::Word(word.to_owned())
                        } else {
                            Name::Styled(command, Box::new(Name::Letter(word.to_owned())))
                        })
                    }
                    Some(_) | None => Some(Name::Styled(command, Box::new(self.group(depth)?))),
                }
            }
            _ if self.peek() == Some('{') => Some(Name::Styled(command, Box::new(self.group(depth)?))),
            _ if is_command(&command) => Some(Name::Word(command)),
            _ => Some(Name::Letter(format!("\\{command}"))),
        }
    }
}

/// Whether LaTeX has a command of this name for a function or a bound.
pub fn is_command(word: &str) -> bool {
    let of_function = Elementary::named(word).and_then(Elementary::command);
    of_function == Some(word) || matches!(word, "ln" | "sup" | "inf" | "lim" | "det" | "Pr")
}
