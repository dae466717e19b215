//! Letters in scripts that only the rest of the page tells apart: `u_k` is a family where k runs, and a name beside
//! `u_o` where it does not.
//!
//! What is declared or defined with one letter in a script is a family unless something beside it has the same base and
//! another letter there (`w_i` and `w_h`, `r_w` and `r_l`). Then it is a family if its letter is seen to run: in a
//! condition of its own, on the right of its definition, or under a big operator that has nothing else to run over.
//! Words and signs in that place (`x_{\max}`, `x_\ast`, `w_{ref}`) say nothing of a letter beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::lower::expression::strip;
use crate::lower::names::{base_name, bound_names, condition_letters, head_letters, index_letters, mark_of, undress};
use crate::lower::sets::{declares_integers, declares_tensors};
use crate::syntax::ast::{Formula, Kind, Node, Times};

/// Letters that stand for an index when nothing else is known of them.
pub(super) const INDICES: [&str; 9] = ["i", "j", "k", "l", "m", "n", "s", "t", r"\tau"];

/// Where a letter stands: at a base with what else stands at it, above it or below.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    base: String,
    mark: String,
    is_above: bool,
}

/// A name with one script of letters, which may be indices.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Lettered {
    place: Place,
    /// As they stand together: `i`, `ij`.
    letters: Vec<String>,
}

impl Lettered {
    fn of(node: &Node) -> Option<Lettered> {
        let Kind::Script { base, sub, sup, primes: 0 } = &node.kind else { return None };
        let (script, mark, is_above) = match (sub, sup) {
            (Some(sub), sup) => (sub, mark_of(sup.as_deref()), false),
            (None, Some(sup)) => (sup, String::new(), true),
            (None, None) => return None,
        };
        let letters = match &strip(undress(script).1).kind {
            Kind::Symbol(letter) => vec![letter.clone()],
            Kind::Product(items) => {
                items.iter().map(|(times, item)| juxtaposed(*times, item)).collect::<Option<_>>()?
            }
            _ => return None,
        };
        Some(Lettered { place: Place { base: base_name(base)?, mark, is_above }, letters })
    }

    fn without_mark(self) -> Lettered {
        Lettered { place: Place { mark: String::new(), ..self.place }, ..self }
    }

    /// Whether `other` in the same place makes this a name: it is another letter. Several letters are told from whatever
    /// else stands there.
    fn is_told_from(&self, other: &[String]) -> bool {
        let is_letter = matches!(other, [sign] if !is_mark(sign));
        other != self.letters && (is_letter || self.letters.len() > 1)
    }

    fn holds(&self, letter: &str) -> bool {
        self.letters.iter().any(|own| own == letter)
    }

    /// Whether a sign stands there that marks a name, as in `x_*`.
    fn is_mark(&self) -> bool {
        matches!(&self.letters[..], [sign] if is_mark(sign))
    }
}

/// Whether a sign in a script marks a name, as in `x_*`.
pub(super) fn is_mark(sign: &str) -> bool {
    matches!(sign, "*" | "+" | "-" | r"\ast" | r"\star" | r"\dagger")
}

fn juxtaposed(times: Times, item: &Node) -> Option<String> {
    match &item.kind {
        Kind::Symbol(letter) if times == Times::Juxtaposed => Some(letter.clone()),
        _ => None,
    }
}

/// What is seen of the letters in scripts.
#[derive(Debug, Clone, Default)]
pub(super) struct Lettering {
    /// What is declared.
    declared: BTreeMap<Place, BTreeMap<Vec<String>, Declared>>,
    /// What is defined.
    defined: BTreeMap<Place, BTreeMap<Vec<String>, Defined>>,
    /// Letters that are declared as numbers, and are no integers.
    reals: BTreeSet<String>,
    /// Letters that are declared as vectors or matrices, which are no indices.
    tensors: BTreeSet<String>,
    /// Letters that are declared as integers, or run in a condition or under a big operator.
    integers: BTreeSet<String>,
    /// What stands in a definition where nothing lets its letter run: a name.
    standing: BTreeSet<Lettered>,
    /// What stands in the definition of a family with its letter.
    carried: BTreeSet<Lettered>,
    /// What stands with a letter under a big operator over it, where the letter stands nowhere else.
    under: BTreeSet<BTreeSet<Lettered>>,
    /// What stands under a big operator over its letter in which nothing else has that letter.
    summed: BTreeSet<Lettered>,
    /// All that stands with one letter in a script, wherever.
    seen: BTreeSet<Lettered>,
    /// The defined names whose letters run.
    running: BTreeSet<Lettered>,
}

#[derive(Debug, Clone, Default)]
struct Declared {
    /// Its letter runs by the condition of the declaration.
    runs: bool,
    /// Another letter stands in the same place of the same list: `w_i, w_h \in \mathbb{R}`.
    is_listed: bool,
}

/// How the letter on the left of a definition is seen elsewhere in it.
#[derive(Debug, Clone, Default)]
struct Defined {
    is_in_condition: bool,
    /// It stands on the line, or in a script with something else.
    is_in_formula: bool,
    /// The names that have it for their script.
    beside: BTreeSet<Lettered>,
}

impl Lettering {
    /// Notes what a formula of a `given` fence declares.
    pub(super) fn declare(&mut self, formula: &Formula, names: &[&Node]) {
        let own = letters_of_conditions(formula);
        let lettered: Vec<Lettered> = names.iter().filter_map(|name| Lettered::of(name)).collect();
        for Lettered { place, letters } in &lettered {
            let is_sibling = |other: &&Lettered| other.place == *place && other.letters != *letters && !other.is_mark();
            let siblings = lettered.iter().filter(is_sibling);
            let declared = self.declared.entry(place.clone()).or_default().entry(letters.clone()).or_default();
            declared.runs |= letters.iter().any(|letter| own.contains(letter));
            declared.is_listed |= siblings.count() > 0;
        }
        let plain = names.iter().filter(|name| matches!(name.kind, Kind::Symbol(_))).filter_map(|name| base_name(name));
        if declares_tensors(formula) {
            self.tensors.extend(plain.clone());
        }
        if declares_integers(formula) { &mut self.integers } else { &mut self.reals }.extend(plain);
    }

    /// Notes a definition.
    pub(super) fn define(&mut self, formula: &Formula, left: &Node, right: &[&Node]) {
        let head = Lettered::of(left);
        if let Some(Lettered { place, letters }) = &head {
            let conditions = letters_of_conditions(formula);
            let defined = self.defined.entry(place.clone()).or_default().entry(letters.clone()).or_default();
            defined.is_in_condition |= letters.iter().any(|letter| conditions.contains(letter));
            right.iter().for_each(|right| defined.read(right, letters));
        }
        let mut own = index_letters(formula);
        own.extend(head_letters(left));
        let own = Rc::new(own);
        let mut open: Vec<(&Node, Rc<BTreeSet<String>>)> = right.iter().map(|&node| (node, own.clone())).collect();
        while let Some((node, mut bound)) = open.pop() {
            if let Kind::Big { sub: Some(sub), .. } = &node.kind {
                Rc::make_mut(&mut bound).extend(bound_names(sub));
            }
            if let Some(name) = Lettered::of(node) {
                if !name.letters.iter().any(|letter| bound.contains(letter)) {
                    self.standing.insert(name);
                } else if head.as_ref().is_some_and(|head| head.letters == name.letters) {
                    self.carried.insert(name);
                }
            }
            open.extend(node.children().into_iter().map(|child| (child, bound.clone())));
        }
    }

    /// Notes the letters that run in a formula: in its conditions and under its big operators.
    pub(super) fn read(&mut self, formula: &Formula) {
        self.integers.extend(letters_of_conditions(formula));
        let mut open: Vec<&Node> = std::iter::once(&formula.body).chain(&formula.conditions).collect();
        while let Some(node) = open.pop() {
            self.seen.extend(Lettered::of(node).filter(|name| name.letters.len() == 1));
            if let Kind::Big { sub: Some(sub), body, .. } = &node.kind {
                for letter in bound_names(sub) {
                    self.under.extend(names_with(body, &letter));
                    self.integers.insert(letter);
                }
            }
            open.extend(node.children());
        }
    }

    /// Decides which defined names run, when all of a page is read: by themselves, or since they run in what they are
    /// made of.
    pub(super) fn settle(&mut self) {
        self.standing = self.settled(&self.standing);
        self.carried = self.settled(&self.carried);
        self.seen = self.settled(&self.seen);
        let under = self.under.iter().map(|names| self.settled(names));
        self.summed = under.filter(|names| names.len() == 1).flatten().collect();
        let all = self.defined.iter().flat_map(|(place, all)| all.keys().map(move |letters| (place, letters)));
        let all = all.map(|(place, letters)| Lettered { place: place.clone(), letters: letters.clone() });
        let (candidates, certain): (Vec<Lettered>, Vec<Lettered>) = all.partition(|name| self.may_be_a_name(name));
        self.running = certain.into_iter().collect();
        let mut open = candidates;
        loop {
            let (more, rest): (Vec<Lettered>, Vec<Lettered>) = open.into_iter().partition(|name| self.runs(name));
            if more.is_empty() {
                return;
            }
            self.running.extend(more);
            open = rest;
        }
    }

    /// The names without a mark that no declaration or definition has: `^2` of `x_n^2` is a power.
    fn settled(&self, names: &BTreeSet<Lettered>) -> BTreeSet<Lettered> {
        let is_known = |place: &Place| self.declared.contains_key(place) || self.defined.contains_key(place);
        names.iter().cloned().map(|name| if is_known(&name.place) { name } else { name.without_mark() }).collect()
    }

    /// What is known of a name with letters in a script: whether it is a family. `None` where these letters are alone in
    /// their place, and only their use can tell.
    pub(super) fn is_family(&self, node: &Node) -> Option<bool> {
        let name = Lettered::of(node)?;
        if name.is_mark() {
            return Some(false);
        }
        if self.definition_of(&name).is_some() {
            return (!self.running.contains(&name)).then_some(false);
        }
        let declared = self.declaration_of(&name).filter(|_| name.letters.len() == 1)?;
        match () {
            () if declared.runs => Some(true),
            () if name.letters.iter().any(|letter| self.tensors.contains(letter)) => Some(false),
            () if self.is_alone(&name) => self.has_other_members(&name).then_some(true),
            () if self.standing.contains(&name) => Some(false),
            () if self.summed.contains(&name) => Some(true),
            () => Some(self.carried.contains(&name) && !declared.is_listed),
        }
    }

    /// Other letters stand in the same place of another definition, a letter is a number, one stands there twice, or
    /// another definition has the whole where nothing lets its letters run: this may be a name.
    fn may_be_a_name(&self, name: &Lettered) -> bool {
        let has_sibling = || self.defined.get(&name.place).is_some_and(|all| all.len() > 1);
        let distinct: BTreeSet<&String> = name.letters.iter().collect();
        let is_number = || name.letters.iter().any(|letter| self.reals.contains(letter));
        let runs = name.letters.iter().any(|letter| self.integers.contains(letter));
        !runs && (distinct.len() < name.letters.len() || is_number() || has_sibling() || self.standing.contains(name))
    }

    /// Whether the letter of a defined name runs, by what is known so far.
    fn runs(&self, name: &Lettered) -> bool {
        let is_family = |other: &Lettered| match self.definition_of(other) {
            Some(_) => self.running.contains(other),
            None => self.declaration_of(other).is_none_or(|_| self.is_family_or_alone(other)),
        };
        self.definition_of(name).is_some_and(|own| {
            let is_number = name.letters.iter().all(|letter| self.reals.contains(letter));
            own.is_in_condition || own.is_in_formula && !is_number || self.settled(&own.beside).iter().any(is_family)
        })
    }

    fn is_family_or_alone(&self, name: &Lettered) -> bool {
        self.is_alone(name)
            || self.summed.contains(name)
            || self.declaration_of(name).is_some_and(|declared| declared.runs)
    }

    fn is_alone(&self, name: &Lettered) -> bool {
        self.declared.get(&name.place).is_none_or(|all| {
            let is_listed = all.get(&name.letters).is_some_and(|declared| declared.is_listed);
            !is_listed && !all.keys().any(|other| name.is_told_from(other))
        })
    }

    /// Whether a name that nothing else is declared or defined beside stands with another letter too, `c_i` and `c_j`, where
    /// both are letters that texts take for indices. Beside a vector `c` the other one is an entry.
    fn has_other_members(&self, name: &Lettered) -> bool {
        let is_index = |letters: &[String]| letters.iter().all(|letter| INDICES.contains(&letter.as_str()));
        let is_other = |seen: &&Lettered| seen.place == name.place && seen.letters != name.letters;
        is_index(&name.letters)
            && !self.standing.contains(name)
            && !self.tensors.contains(&name.place.base)
            && !self.defined.contains_key(&name.place)
            && self.seen.iter().filter(is_other).any(|seen| is_index(&seen.letters))
    }

    fn declaration_of(&self, name: &Lettered) -> Option<&Declared> {
        self.declared.get(&name.place)?.get(&name.letters)
    }

    fn definition_of(&self, name: &Lettered) -> Option<&Defined> {
        self.defined.get(&name.place)?.get(&name.letters)
    }
}

impl Defined {
    fn read(&mut self, right: &Node, letters: &[String]) {
        let mut open = vec![right];
        while let Some(node) = open.pop() {
            match &node.kind {
                Kind::Symbol(own) if letters.contains(own) => self.is_in_formula = true,
                Kind::Script { base, sub, sup, .. } => {
                    match Lettered::of(node).filter(|name| letters.iter().any(|letter| name.holds(letter))) {
                        Some(name) => drop(self.beside.insert(name)),
                        None => open.extend(sub.iter().chain(sup).map(|script| &**script)),
                    }
                    // The letter that carries a script is a name, and no index.
                    if base_name(base).is_none() {
                        open.push(base);
                    }
                }
                _ => open.extend(node.children()),
            }
        }
    }
}

fn letters_of_conditions(formula: &Formula) -> BTreeSet<String> {
    let mut letters = BTreeSet::new();
    formula.conditions.iter().for_each(|condition| condition_letters(condition, &mut letters));
    letters
}

/// The names that have a letter for their script in a node, if the letter stands nowhere else there.
fn names_with(node: &Node, letter: &str) -> Option<BTreeSet<Lettered>> {
    let mut defined = Defined::default();
    defined.read(node, &[letter.to_owned()]);
    (!defined.is_in_formula).then_some(defined.beside)
}
