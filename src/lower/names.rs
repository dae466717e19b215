//! Names: which scripts belong to a name, which are indices of a family, and which are components.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Expr, Shape, SymbolId};
use crate::lower::apart::{Lettering, is_mark};
use crate::lower::expression::strip;
use crate::lower::joined::names_within;
use crate::lower::superscript::transposed;
use crate::syntax::ast::{Formula, Kind, Node, Relation, Times};

/// What a script of a declared name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// There is none.
    Absent,
    /// A part of the name: `h` in `w_h`.
    Fixed(String),
    /// Indices of a family, this many, in this dress.
    Index(Dress, usize),
}

impl Part {
    /// Whether a script is what this part of a name asks for.
    pub(crate) fn takes(&self, script: Option<&Node>) -> bool {
        match (self, script) {
            (Part::Absent, _) => true,
            (Part::Fixed(text), Some(script)) => spell_script(script).as_deref() == Some(text),
            (Part::Index(dress, n), Some(script)) => {
                let (own, inner) = undress(script);
                own == *dress && script_items(inner).len() >= *n
            }
            (Part::Fixed(_) | Part::Index(..), None) => false,
        }
    }
}

/// How an index is dressed: `h_t`, `h^{(t)}`, `a^{[l]}`, `a^{\langle t \rangle}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dress {
    /// As it is.
    Plain,
    /// In parentheses.
    Round,
    /// In brackets.
    Square,
    /// In angles: `a^{\langle t \rangle}`.
    Angle,
}

impl Dress {
    /// An index in this dress, as LaTeX.
    pub fn around(self, index: &str) -> String {
        match self {
            Dress::Plain => index.to_owned(),
            Dress::Round => format!("({index})"),
            Dress::Square => format!("[{index}]"),
            Dress::Angle => format!(r"\langle {index} \rangle"),
        }
    }
}

/// A declared or defined name.
#[derive(Debug, Clone)]
pub struct Name {
    /// The letter, with its font and accents; several letters for a name like `dQ`.
    pub base: String,
    /// What stands below.
    pub sub: Part,
    /// What stands above.
    pub sup: Part,
    /// The symbol it is.
    pub symbol: SymbolId,
}

/// All names of a derivation.
#[derive(Debug, Clone, Default)]
pub struct Names {
    by_base: BTreeMap<String, Vec<Name>>,
    /// Sizes that no one declared.
    implied: BTreeSet<SymbolId>,
    /// What stands in the bracket of values that are defined as `E(w) = …`.
    arguments: BTreeMap<SymbolId, Vec<Node>>,
    /// The shapes of members that are given or defined one by one: `a_1 = W_1 x`.
    members: BTreeMap<(SymbolId, Vec<Expr>), Shape>,
    /// The sizes of the values of functions that take vectors as values.
    values: BTreeMap<SymbolId, Expr>,
}

impl Names {
    /// Adds a name; a second one with the same letters and scripts is not added.
    pub fn add(&mut self, name: Name) {
        let same = self.by_base.entry(name.base.clone()).or_default();
        if !same.iter().any(|other| other.sub == name.sub && other.sup == name.sup) {
            same.push(name);
        }
    }

    /// Notes that a value is written as a function of these names.
    pub fn write_with(&mut self, symbol: SymbolId, arguments: Vec<Node>) {
        self.arguments.insert(symbol, arguments);
    }

    /// The names that a value is written as a function of.
    pub fn arguments_of(&self, symbol: SymbolId) -> Option<&[Node]> {
        self.arguments.get(&symbol).map(|arguments| &arguments[..])
    }

    /// Notes the shape of one member of a family.
    pub fn shape_member(&mut self, symbol: SymbolId, at: Vec<Expr>, shape: Shape) {
        self.members.insert((symbol, at), shape);
    }

    /// The shape of a member that is given or defined by itself.
    pub fn shape_of_member(&self, symbol: SymbolId, at: &[Expr]) -> Option<Shape> {
        self.members.get(&(symbol, at.to_vec())).copied()
    }

    /// Notes that the values of a function are vectors of this size.
    pub fn give_values(&mut self, function: SymbolId, size: Expr) {
        self.values.insert(function, size);
    }

    /// How many entries the values of a function have, where they are vectors.
    pub fn size_of_values(&self, function: SymbolId) -> Option<Expr> {
        self.values.get(&function).copied()
    }

    /// Notes that a size was taken without a declaration.
    pub fn imply(&mut self, symbol: SymbolId) {
        self.implied.insert(symbol);
    }

    /// Whether a size was taken without a declaration until now.
    pub fn forget_implied(&mut self, symbol: SymbolId) -> bool {
        self.implied.remove(&symbol)
    }

    /// The names with this base, those with more fixed scripts first.
    pub fn with_base(&self, base: &str) -> Vec<&Name> {
        let mut found: Vec<&Name> = self.by_base.get(base).into_iter().flatten().collect();
        let fixed = |part: &Part| usize::from(matches!(part, Part::Fixed(_)));
        let index = |part: &Part| usize::from(matches!(part, Part::Index(..)));
        found.sort_by_key(|name| {
            let fixed = fixed(&name.sub) + fixed(&name.sup);
            let index = index(&name.sub) + index(&name.sup);
            std::cmp::Reverse((fixed, index))
        });
        found
    }

    /// The name that a part is, with its scripts; scripts that belong to no name may follow.
    pub fn named(&self, node: &Node) -> Option<&Name> {
        let (base, sub, sup) = match &node.kind {
            Kind::Script { base, sub, sup, .. } => (base_name(base)?, sub.as_deref(), sup.as_deref()),
            Kind::Symbol(_) | Kind::Operator(_) => (base_name(node)?, None, None),
            _ => return None,
        };
        self.with_base(&base).into_iter().find(|name| name.sub.takes(sub) && name.sup.takes(sup))
    }

    /// Every base, sorted.
    pub fn bases(&self) -> impl Iterator<Item = &str> {
        self.by_base.keys().map(String::as_str)
    }

    /// Every name.
    pub fn all(&self) -> impl Iterator<Item = &Name> {
        self.by_base.values().flatten()
    }
}

impl Name {
    /// The name as `print` writes it: `\cdot` stands where an index goes.
    pub fn template(&self) -> String {
        let script = |mark: &str, part: &Part| match part {
            Part::Absent => String::new(),
            Part::Fixed(text) if text.chars().count() == 1 => format!("{mark}{text}"),
            Part::Fixed(text) => format!("{mark}{{{text}}}"),
            Part::Index(dress, n) => {
                let inner = vec![r"\cdot"; *n].join(",");
                format!("{mark}{{{}}}", dress.around(&inner))
            }
        };
        format!("{}{}{}", self.base, script("_", &self.sub), script("^", &self.sup))
    }

    /// The name as its declaration writes it, with this letter for its indices.
    pub fn with_letter(&self, letter: &str) -> String {
        self.template().replace(r"{\cdot}", letter).replace(r"\cdot", letter)
    }

    /// Whether it is a family.
    pub fn has_index(&self) -> bool {
        [&self.sub, &self.sup].into_iter().any(|part| matches!(part, Part::Index(..)))
    }

    /// Whether its scripts are parts of it, and none of them is an index.
    pub fn is_whole(&self) -> bool {
        [&self.sub, &self.sup].into_iter().all(|part| !matches!(part, Part::Index(..)))
    }

    /// Whether it is a letter without scripts.
    pub fn is_plain(&self) -> bool {
        self.sub == Part::Absent && self.sup == Part::Absent
    }
}

/// The canonical spelling of a part that may belong to a name; `None` for what never does.
pub fn spell(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Symbol(text) | Kind::Number(text) => Some(text.clone()),
        Kind::Operator(text) => {
            Some(if text.chars().count() > 1 { format!(r"\mathrm{{{text}}}") } else { text.clone() })
        }
        Kind::Text(text) => Some(format!(r"\text{{{text}}}")),
        Kind::Group(inner) => spell(inner),
        Kind::Product(items) => {
            let parts: Option<Vec<String>> = items
                .iter()
                .map(|(times, item)| if *times == Times::Juxtaposed { spell(item) } else { None })
                .collect();
            let parts = parts?;
            let mut all = String::new();
            for part in parts {
                if all.starts_with('\\') && part.starts_with(|c: char| c.is_alphabetic()) {
                    all.push(' ');
                }
                all.push_str(&part);
            }
            Some(all)
        }
        Kind::Script { base, sub, sup, primes: 0 } => {
            let mut all = spell(base)?;
            if let Some(sub) = sub {
                all.push_str(&format!("_{{{}}}", spell(sub)?));
            }
            if let Some(sup) = sup {
                all.push_str(&format!("^{{{}}}", spell(sup)?));
            }
            Some(all)
        }
        _ => None,
    }
}

/// The canonical spelling of a script that belongs to a name, in its dress: `(1)` of `W^{(1)}`.
pub fn spell_script(node: &Node) -> Option<String> {
    let (dress, inner) = undress(node);
    spell(inner).map(|inner| dress.around(&inner))
}

/// The letters of a base: a symbol, an operator name, or letters written together.
pub fn base_name(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Symbol(text) | Kind::Operator(text) => Some(text.clone()),
        Kind::Product(_) => spell(node),
        Kind::Group(inner) => base_name(inner),
        _ => None,
    }
}

/// The items of a script: parts between commas, and letters or digits written together.
pub fn script_items(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::List(items) => items.iter().flat_map(script_items).collect(),
        Kind::Product(items) if items.iter().all(|(times, item)| *times == Times::Juxtaposed && is_letter(item)) => {
            items.iter().map(|(_, item)| item).collect()
        }
        Kind::Group(inner) => script_items(inner),
        _ => vec![node],
    }
}

/// The two digits of `11`, as indices of their own.
pub(super) fn digits_apart(sub: &Node) -> Option<[Node; 2]> {
    let Kind::Number(text) = &sub.kind else { return None };
    let digits: Vec<Node> = text
        .chars()
        .filter(char::is_ascii_digit)
        .map(|digit| Node { kind: Kind::Number(digit.to_string()), span: sub.span })
        .collect();
    <[Node; 2]>::try_from(digits).ok().filter(|_| text.len() == 2)
}

fn is_letter(node: &Node) -> bool {
    matches!(&node.kind, Kind::Symbol(_) | Kind::Number(_) | Kind::Script { .. })
}

/// The index within a dressed superscript: `(t)`, `[l]`, or the bare node.
pub fn undress(node: &Node) -> (Dress, &Node) {
    match &node.kind {
        Kind::Group(inner) => undress(inner),
        Kind::Fenced { open, close, body } if open == "(" && close == ")" => (Dress::Round, body),
        Kind::Fenced { open, close, body } if open == "[" && close == "]" => (Dress::Square, body),
        Kind::Fenced { open, close, body } if open == r"\langle" && close == r"\rangle" => (Dress::Angle, body),
        _ => (Dress::Plain, node),
    }
}

/// How the names of a file are used: what decides whether `x_t` is a family or a name.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    /// Bases that carry an index below, by what is seen there.
    below: BTreeSet<String>,
    /// Bases that carry an index above.
    above: BTreeSet<String>,
    /// The scripts below each base of the declarations and what stands above it, as spelled.
    declared_below: BTreeMap<(String, String), BTreeMap<String, Node>>,
    /// Bases that stand without a script.
    whole: BTreeSet<String>,
    /// Bases that stand with an index above and nothing below, by the dress of the index.
    whole_above: BTreeSet<(String, Dress)>,
    /// Bases that stand on the left of a definition with a script, with the letters of the scripts.
    defined: BTreeMap<String, BTreeSet<String>>,
    /// Bases that are defined without a script: what stands whole is that.
    defined_whole: BTreeSet<String>,
    /// The plain letters above each base on the left of a definition that carries an index below too.
    marks: BTreeMap<String, BTreeSet<String>>,
    /// How an index above a base is dressed.
    dressed: BTreeMap<String, Dress>,
    /// Bases that carry an index which is more than a number: `W^{(l)}`, not only `W^{(1)}`.
    running: BTreeSet<String>,
    /// Bases above which a sum stands beside what is below: `\delta^{l+1}_k`.
    stepping: BTreeSet<String>,
    /// Letters that stand below a name, in brackets above it, in the range of a big operator, or as a size.
    indices: BTreeSet<String>,
    /// The least number of indices that stand below each base.
    fewest: BTreeMap<String, usize>,
    /// What is seen of single letters in scripts.
    lettering: Lettering,
}

impl Usage {
    /// Notes the names that a `given` formula declares.
    pub fn declare(&mut self, formula: &Formula, names: &[&Node]) {
        self.lettering.declare(formula, names);
        for node in names {
            if let Kind::Script { base, sub: Some(sub), sup, .. } = &node.kind
                && let (Some(base), Some(sub)) = (base_name(base), spell(sub))
            {
                let beside = self.declared_below.entry((base, mark_of(sup.as_deref()))).or_default();
                beside.insert(sub, (*node).clone());
            }
        }
    }

    /// Notes a definition.
    pub fn define(&mut self, formula: &Formula, left: &Node, right: &[&Node]) {
        self.lettering.define(formula, left, right);
        if let Some(base) = base_name(left) {
            self.defined_whole.insert(base);
        }
        if let Kind::Script { base, sub, sup, .. } = &left.kind
            && let Some(base) = base_name(base)
        {
            if let (Some(_), Some(sup)) = (sub, sup)
                && let (Dress::Plain, Some(mark)) = (undress(sup).0, base_name(sup))
            {
                self.marks.entry(base.clone()).or_default().insert(mark);
            }
            let letters = self.defined.entry(base).or_default();
            for script in [sub, sup].into_iter().flatten() {
                letters.extend(script_items(undress(script).1).into_iter().filter_map(base_name));
            }
        }
    }

    /// Whether a family with this base is defined by a left side with a letter.
    pub fn is_defined_family(&self, base: &str) -> bool {
        self.defined.get(base).is_some_and(|letters| !letters.is_empty())
            || self.below.contains(base) && self.defined.contains_key(base)
    }

    /// Whether a family with this base is declared, and nothing stands above it: `a_0` beside `a_t` is one of its members.
    pub fn is_given_family(&self, base: &str) -> bool {
        let declared = self.declared_below.get(&(base.to_owned(), String::new())).into_iter().flatten();
        declared.filter(|(sub, _)| is_one_letter(sub)).any(|(_, node)| match &node.kind {
            Kind::Script { sub: Some(sub), .. } => {
                self.is_family(node).unwrap_or_else(|| self.is_family_below(base, strip(sub), None))
            }
            _ => false,
        })
    }

    /// Whether these letters on the left of a definition of `base` are indices: they are used as such, or nothing else is known.
    pub fn is_family_letter(&self, base: &str, letters: &[String]) -> bool {
        let defined = self.defined.get(base).map_or(0, BTreeSet::len);
        !letters.is_empty()
            && letters.iter().all(|letter| letter.chars().filter(|c| c.is_alphabetic()).count() >= 1)
            && (self.below.contains(base) || defined < 2)
    }

    /// Whether the numbers above a base are members of a family: other indices stand there too, or it is defined.
    pub fn are_members_above(&self, base: &str) -> bool {
        self.above.contains(base) && (self.running.contains(base) || self.defined.contains_key(base))
    }

    /// Whether the base stands without any script somewhere.
    pub fn is_used_whole(&self, base: &str) -> bool {
        self.whole.contains(base) && !self.defined_whole.contains(base)
    }

    /// Whether the base stands with an index above in this dress, and with nothing below.
    pub fn is_whole_above(&self, base: &str, dress: Dress) -> bool {
        self.whole_above.contains(&(base.to_owned(), dress))
    }

    /// How an index above this base is dressed where a letter stands there.
    pub fn dress_above(&self, base: &str) -> Option<Dress> {
        self.dressed.get(base).copied()
    }

    /// Reads how names are used in a formula; `own` are letters known to be indices in it.
    pub fn read(&mut self, formula: &Formula, own: &BTreeSet<String>) {
        let mut letters = own.clone();
        letters.extend(index_letters(formula));
        self.lettering.read(formula);
        // Names in scripts (`W_f`, `a^f`) say nothing of a name that stands on the line.
        let mut open: Vec<(&Node, bool)> =
            std::iter::once(&formula.body).chain(&formula.conditions).map(|node| (node, true)).collect();
        while let Some((node, on_line)) = open.pop() {
            self.read_scripts(node, &letters);
            self.read_indices(node);
            if let Kind::Product(items) = &node.kind {
                names_within(items).iter().for_each(|name| self.read_scripts(name, &letters));
            }
            match &node.kind {
                // A letter that is an index here is not a name that stands whole.
                Kind::Symbol(text) if on_line && !letters.contains(text) => {
                    self.whole.insert(text.clone());
                }
                Kind::Script { base, sub, sup, .. } => {
                    // The base of a script does not stand whole.
                    open.extend(sub.as_deref().into_iter().chain(sup.as_deref()).map(|script| (script, false)));
                    if base_name(base).is_none() {
                        open.push((base, on_line));
                    }
                    continue;
                }
                _ => {}
            }
            open.extend(node.children().into_iter().map(|child| (child, on_line)));
        }
    }

    /// Decides what only all uses together can tell.
    pub fn settle(&mut self) {
        self.lettering.settle();
    }

    /// Whether a name with one letter in a script is a family; `None` where only the use of its base can tell.
    pub fn is_family(&self, name: &Node) -> Option<bool> {
        self.lettering.is_family(name)
    }

    /// Whether this base carries an index below.
    pub fn has_index_below(&self, base: &str) -> bool {
        self.below.contains(base)
    }

    /// Whether this base carries an index above.
    pub fn has_index_above(&self, base: &str) -> bool {
        self.running.contains(base)
    }

    /// Whether a letter stands as an index or a size somewhere.
    pub fn is_index(&self, letter: &str) -> bool {
        self.indices.contains(letter)
    }

    /// How many indices this base carries below where it carries the fewest.
    pub fn fewest_below(&self, base: &str) -> Option<usize> {
        self.fewest.get(base).copied()
    }

    /// Notes the letters that can only be integers.
    fn read_indices(&mut self, node: &Node) {
        let (Kind::Script { sub, sup, .. } | Kind::Big { sub, sup, .. }) = &node.kind else { return };
        let is_set = matches!(&node.kind, Kind::Script { base, .. } if base_name(base).is_some_and(|base| base.starts_with(r"\mathbb")));
        // What a limit or a supremum is taken over may be any number.
        if matches!(&node.kind, Kind::Big { op, .. } if matches!(op.as_str(), "lim" | "sup" | "inf")) {
            return;
        }
        let counts = |sup: &&Node| is_set || undress(sup).0 != Dress::Plain || matches!(node.kind, Kind::Big { .. });
        let mut open: Vec<&Node> = sub.as_deref().into_iter().chain(sup.as_deref().filter(counts)).collect();
        while let Some(part) = open.pop() {
            if let Kind::Symbol(letter) = &part.kind {
                self.indices.insert(letter.clone());
            }
            open.extend(part.children());
        }
    }

    /// Reads what the scripts of a name say of it.
    fn read_scripts(&mut self, node: &Node, letters: &BTreeSet<String>) {
        let Kind::Script { base, sub, sup, .. } = &node.kind else { return };
        let Some(base) = base_name(base) else { return };
        if let Some(sub) = sub
            && script_items(sub).iter().any(|item| is_index(item, letters))
        {
            self.below.insert(base.clone());
            // The digits of `Z_{11}` may be one index or two: they say nothing.
            let n_items = script_items(sub).len();
            if digits_apart(sub).is_none() {
                let fewest = self.fewest.entry(base.clone()).or_insert(n_items);
                *fewest = n_items.min(*fewest);
            }
        }
        if let Some(sup) = sup {
            let (dress, inner) = undress(sup);
            if !matches!(inner.kind, Kind::Number(_)) && is_index(inner, letters) {
                self.dressed.insert(base.clone(), dress);
            }
            if !matches!(inner.kind, Kind::Number(_)) && is_index(inner, letters) {
                self.running.insert(base.clone());
            }
            if sub.is_none() {
                self.read_whole_above(&base, sup, letters);
            }
            if sub.is_some() && matches!(inner.kind, Kind::Sum(_)) {
                self.stepping.insert(base.clone());
            }
            let is_power = dress == Dress::Plain && matches!(inner.kind, Kind::Number(_) | Kind::Sum(_));
            if !is_power && is_index(inner, letters) {
                self.above.insert(base.clone());
            }
        }
    }

    /// Notes a name with nothing below: what stands above it is an index where it is dressed as one, or a letter that runs.
    fn read_whole_above(&mut self, base: &str, sup: &Node, letters: &BTreeSet<String>) {
        let (dress, inner) = undress(transposed(sup).map_or(sup, |(inner, _)| inner));
        let is_power = dress == Dress::Plain && !(matches!(inner.kind, Kind::Symbol(_)) && is_index(inner, letters));
        if !is_power {
            self.whole_above.insert((base.to_owned(), dress));
        }
    }

    /// Whether a name declared with this script below is a family.
    pub fn is_family_below(&self, base: &str, sub: &Node, sup: Option<&Node>) -> bool {
        if matches!(&sub.kind, Kind::List(_)) {
            return true;
        }
        if matches!(&sub.kind, Kind::Operator(_) | Kind::Text(_) | Kind::Number(_)) {
            return false;
        }
        let declared = self.declared_below.get(&(base.to_owned(), mark_of(sup)));
        let own = spell(sub).unwrap_or_default();
        let has_sibling = declared.is_some_and(|all| all.keys().any(|other| tells_apart(&own, other)));
        !has_sibling && self.below.contains(base)
    }

    /// Whether a name declared with this script above is a family.
    pub fn is_family_above(&self, base: &str, sup: &Node) -> bool {
        let (dress, inner) = undress(sup);
        match &inner.kind {
            Kind::Symbol(text) if text == "*" || text == r"\ast" || text == r"\star" => false,
            // Different letters above one base (`a^f_t`, `a^g_t`) tell names apart, where no index runs above it.
            Kind::Symbol(_)
                if !self.stepping.contains(base) && self.marks.get(base).is_some_and(|marks| marks.len() > 1) =>
            {
                false
            }
            Kind::Symbol(_) | Kind::Sum(_) => dress != Dress::Plain || self.above.contains(base),
            _ => false,
        }
    }
}

/// Whether another script declared below the same base tells that `own` is a part of a name: a letter beside a letter.
/// Words and signs (`\max`, `\ast`, `ref`) stand beside the indices of families too.
fn tells_apart(own: &str, other: &str) -> bool {
    let is_number = other.chars().all(|c| c.is_ascii_digit());
    other != own && !is_number && (is_one_letter(other) || !is_one_letter(own))
}

/// Whether a script, as spelled, is one letter: `t`, `\tau`.
fn is_one_letter(script: &str) -> bool {
    let letters = script.strip_prefix('\\').unwrap_or(script);
    let is_command = letters.len() < script.len() && letters.chars().all(char::is_alphabetic);
    letters.chars().count() == 1 && letters.chars().all(char::is_alphabetic) || is_command && !is_mark(script)
}

/// What stands above a name and tells it from others with its letter: `(1)` of `w_{ji}^{(1)}`.
pub(super) fn mark_of(sup: Option<&Node>) -> String {
    sup.and_then(spell_script).unwrap_or_default()
}

/// The letters that are indices in a formula: bound by a big operator, standing in a condition or with a number in a script.
pub fn index_letters(formula: &Formula) -> BTreeSet<String> {
    let mut letters = counting_letters(formula);
    for condition in &formula.conditions {
        condition_letters(condition, &mut letters);
    }
    // `Q^\top Q = I` speaks of the identity.
    letters.remove("I");
    letters
}

/// The letters that a big operator binds or that stand with a number in a script.
pub(super) fn counting_letters(formula: &Formula) -> BTreeSet<String> {
    let mut letters = BTreeSet::new();
    let mut open = vec![&formula.body];
    open.extend(&formula.conditions);
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Big { op, sub: Some(sub), sup, .. } if is_index_operator(op) => {
                condition_letters(sub, &mut letters);
                sup.iter().for_each(|sup| condition_letters(sup, &mut letters));
            }
            Kind::Script { sub, sup, .. } => {
                for script in [sub, sup].into_iter().flatten() {
                    let (dress, inner) = undress(script);
                    let above = std::ptr::eq(script, sup.as_ref().unwrap_or(script)) && sup.is_some();
                    for item in script_items(inner) {
                        match &item.kind {
                            Kind::Sum(terms) if !above || dress != Dress::Plain || terms.len() == 2 => {
                                for (_, term) in terms {
                                    if let Kind::Symbol(text) = &term.kind {
                                        letters.insert(text.clone());
                                    }
                                }
                            }
                            _ => {}
                        }
                    }
                }
            }
            _ => {}
        }
        open.extend(node.children());
    }
    letters.retain(|letter| !matches!(letter.as_str(), r"\top" | r"\infty" | "+" | "*"));
    letters
}

fn is_index_operator(op: &str) -> bool {
    matches!(op, "sum" | "prod" | "lim" | "max" | "min" | "sup" | "inf")
}

pub(super) fn condition_letters(node: &Node, letters: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::Symbol(text) if !text.starts_with(r"\math") || text.starts_with(r"\mathit") => {
            letters.insert(text.clone());
        }
        Kind::Chain { first, rest } => {
            let comparison = rest.iter().all(|(relation, _)| {
                matches!(
                    relation,
                    Relation::Less
                        | Relation::LessEqual
                        | Relation::Greater
                        | Relation::GreaterEqual
                        | Relation::Equal
                        | Relation::To
                        | Relation::NotEqual
                )
            });
            // `Q^\top Q = I` speaks of the identity.
            let equates = rest.iter().all(|(relation, _)| *relation == Relation::Equal);
            let may = |side: &&Node| !(equates && matches!(&side.kind, Kind::Symbol(text) if text == "I"));
            if comparison {
                let sides = std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side));
                sides.filter(may).for_each(|side| condition_letters(side, letters));
            }
        }
        Kind::Quantified { bound, .. } => match &bound.kind {
            // `\forall z \in \mathbb{R}` runs over z.
            Kind::Chain { first, rest } if matches!(rest[..], [(Relation::In, _)]) => condition_letters(first, letters),
            _ => condition_letters(bound, letters),
        },
        Kind::List(items) => items.iter().for_each(|item| condition_letters(item, letters)),
        Kind::Sum(terms) => terms.iter().for_each(|(_, term)| condition_letters(term, letters)),
        Kind::Group(inner) => condition_letters(inner, letters),
        _ => {}
    }
}

fn is_index(node: &Node, letters: &BTreeSet<String>) -> bool {
    match &node.kind {
        Kind::Symbol(text) => letters.contains(text),
        Kind::Number(_) | Kind::Sum(_) => true,
        Kind::Group(inner) => is_index(inner, letters),
        _ => false,
    }
}

/// How often each letter stands free in some nodes: not where a big operator binds it.
pub fn free_letters<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let mut open: Vec<(&Node, Vec<String>)> = nodes.into_iter().map(|node| (node, Vec::new())).collect();
    while let Some((node, mut bound)) = open.pop() {
        match &node.kind {
            Kind::Symbol(letter) if !bound.contains(letter) => *counts.entry(letter.clone()).or_insert(0) += 1,
            Kind::Big { sub: Some(sub), .. } => bound.extend(bound_names(sub)),
            _ => {}
        }
        open.extend(node.children().into_iter().map(|child| (child, bound.clone())));
    }
    counts
}

/// The names that the range of a big operator binds.
pub(super) fn bound_names(range: &Node) -> Vec<String> {
    bound_in(range, base_name)
}

/// What the range of a big operator binds, by what reads a name.
pub(super) fn bound_in(range: &Node, name_of: fn(&Node) -> Option<String>) -> Vec<String> {
    match &range.kind {
        Kind::Group(inner) => bound_in(inner, name_of),
        Kind::List(parts) => parts.iter().flat_map(|part| bound_in(part, name_of)).collect(),
        Kind::Product(parts) => parts.iter().flat_map(|(_, part)| bound_in(part, name_of)).collect(),
        // All but the first and the last side: `1 \le i < j \le n`.
        Kind::Chain { rest, .. } if rest.len() >= 2 => {
            rest[..rest.len() - 1].iter().filter_map(|(_, side)| name_of(side)).collect()
        }
        Kind::Chain { first, .. } => bound_in(first, name_of),
        _ => name_of(range).into_iter().collect(),
    }
}

/// The letters in the scripts of the left side of a definition.
pub fn head_letters(left: &Node) -> BTreeSet<String> {
    let mut letters = BTreeSet::new();
    if let Kind::Script { sub, sup, .. } = &left.kind {
        for script in [sub, sup].into_iter().flatten() {
            letters.extend(
                script_items(undress(script).1)
                    .into_iter()
                    .filter(|item| matches!(item.kind, Kind::Symbol(_)))
                    .filter_map(base_name),
            );
        }
    }
    letters
}
