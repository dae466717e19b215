//! The relation signs, one row each: how it is written, the commands and the characters that are read as it.
//!
//! To teach the reader a relation, add a variant and its row. What it says of its two sides is decided in `lower`, which
//! takes a relation that it does not know for one that cannot be decided.

/// A relation sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `=`
    Equal,
    /// `\ne`, `\neq`
    NotEqual,
    /// `<`
    Less,
    /// `\le`, `\leq`, `\leqslant`
    LessEqual,
    /// `>`
    Greater,
    /// `\ge`, `\geq`, `\geqslant`
    GreaterEqual,
    /// `\approx`, `\simeq`
    Approximately,
    /// `\in`
    In,
    /// `\notin`
    NotIn,
    /// `\subset`, `\subseteq`
    Subset,
    /// `\propto`
    Proportional,
    /// `\sim`
    Distributed,
    /// `\equiv`
    Identical,
    /// `:=`, `\triangleq`, `\coloneqq`, `\stackrel{def}{=}`, `\doteq`
    Define,
    /// `\leftarrow`, `\gets`
    Assign,
    /// `\to`, `\rightarrow`, `\longrightarrow`
    To,
    /// `\mapsto`
    MapsTo,
    /// `\ll`
    MuchLess,
    /// `\gg`
    MuchGreater,
    /// `\perp`
    Independent,
    /// `:` where it is not the type of a function
    Colon,
}

/// All that is known of a relation sign.
struct Row {
    relation: Relation,
    /// As LaTeX writes it.
    latex: &'static str,
    /// The commands that are read as it.
    commands: &'static str,
    /// The characters beyond ASCII that are read as it.
    characters: &'static str,
}

const fn row(relation: Relation, latex: &'static str, commands: &'static str, characters: &'static str) -> Row {
    Row { relation, latex, commands, characters }
}

#[rustfmt::skip]
static RELATIONS: &[Row] = &[
    row(Relation::Equal,         "=",            "",                                                   "＝"),
    row(Relation::NotEqual,      r"\ne",         r"\ne \neq",                                          "≠"),
    row(Relation::Less,          "<",            r"\lt",                                               "＜"),
    row(Relation::LessEqual,     r"\le",         r"\le \leq \leqslant \leqq",                          "≤⩽"),
    row(Relation::Greater,       ">",            r"\gt",                                               "＞"),
    row(Relation::GreaterEqual,  r"\ge",         r"\ge \geq \geqslant \geqq",                          "≥⩾"),
    row(Relation::Approximately, r"\approx",     r"\approx \simeq \approxeq",                          "≈≃"),
    row(Relation::In,            r"\in",         r"\in \isin",                                         "∈"),
    row(Relation::NotIn,         r"\notin",      r"\notin",                                            "∉"),
    row(Relation::Subset,        r"\subset",     r"\subset \subseteq",                                 "⊂⊆"),
    row(Relation::Proportional,  r"\propto",     r"\propto \varpropto",                                "∝"),
    row(Relation::Distributed,   r"\sim",        r"\sim \thicksim",                                    "∼"),
    row(Relation::Identical,     r"\equiv",      r"\equiv",                                            "≡"),
    row(Relation::Define,        ":=",           r"\triangleq \coloneqq \coloneq \doteq \colonequals", "≔≜"),
    row(Relation::Assign,        r"\leftarrow",  r"\leftarrow \gets \longleftarrow",                   "←"),
    row(Relation::To,            r"\to",         r"\to \rightarrow \longrightarrow",                   "→⟶"),
    row(Relation::MapsTo,        r"\mapsto",     r"\mapsto \longmapsto",                               "↦"),
    row(Relation::MuchLess,      r"\ll",         r"\ll",                                               "≪"),
    row(Relation::MuchGreater,   r"\gg",         r"\gg",                                               "≫"),
    row(Relation::Independent,   r"\perp",       r"\perp",                                             "⊥"),
    row(Relation::Colon,         ":",            r"\colon",                                            "："),
];

impl Relation {
    /// As LaTeX writes it.
    pub fn latex(self) -> &'static str {
        RELATIONS.iter().find(|row| row.relation == self).map_or("", |row| row.latex)
    }

    /// The relation that a character beyond ASCII is.
    pub(super) fn of_character(c: char) -> Option<Relation> {
        RELATIONS.iter().find(|row| row.characters.contains(c)).map(|row| row.relation)
    }

    /// The commands of all relations, with what they are read as.
    pub(super) fn commands() -> impl Iterator<Item = (Relation, &'static str)> {
        RELATIONS.iter().map(|row| (row.relation, row.commands))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relation_has_its_row() {
        for row in RELATIONS {
            assert_eq!(row.relation.latex(), row.latex);
            assert!(row.characters.chars().all(|c| Relation::of_character(c) == Some(row.relation)));
        }
    }
}
