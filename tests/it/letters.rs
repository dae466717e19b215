//! Letters are names: what an author calls things, and the order of givens and of claims, change no verdict.
//!
//! The derivations and the acceptance cases are decided as they stand and once more for each way to write them. Letters
//! that mean something by themselves keep their meaning: e and π, the differential, the identity, the norm of Frobenius.

use std::collections::BTreeMap;
use std::path::Path;

use chainrule::derivation::Document;
use chainrule::number::Random;
use chainrule::proof::Verdict;

use crate::documents::{acceptance_cases, book, claims, decided, in_parallel, label, load, load_changed};

/// Letters that take each other's place.
const KINDS: [&str; 3] = [
    r"a b c f g h i j k l m n o p q r s t u v w x y z",
    r"A B C D G H J K L M N P Q R S T U V W X Y Z",
    r"\alpha \beta \gamma \zeta \eta \theta \kappa \lambda \mu \nu \xi \tau \phi \varphi \chi \psi \omega",
];

/// Commands whose argument holds no letters of the author's.
const WORDS: [&str; 8] = [r"\text", r"\mathrm", r"\operatorname", r"\mathbb", r"\mathsf", r"\begin", r"\end", r"\tag"];

/// The seeds of the renamings.
const SEEDS: [u64; 2] = [3, 11];

/// A file with its claims: what is said of each label, in order.
type Verdicts = BTreeMap<String, Vec<(Verdict, bool)>>;

#[test]
fn other_letters_and_another_order_change_no_verdict() {
    let renamings = SEEDS.map(Renaming::new);
    let renamed = renamings.iter().map(|renaming| move |page: &str| in_math(page, |math| renaming.applied(math)));
    let mut changes: Vec<Box<dyn Fn(&str) -> String + Sync>> = Vec::new();
    renamed.for_each(|change| changes.push(Box::new(change)));
    changes.push(Box::new(|page: &str| claims_reversed(&givens_reversed(page))));
    let own = book().iter().map(|(path, document)| (path.clone(), verdicts(document)));
    let cases = acceptance_cases();
    let of_cases = in_parallel(&cases, |path| verdicts(&decided(load(path))));
    let files: Vec<_> = own.chain(cases.into_iter().zip(of_cases)).collect();
    let n_claims: usize = files.iter().map(|(_, own)| own.len()).sum();
    println!("{n_claims} claims");
    assert!(n_claims > 150, "{n_claims} claims to decide");
    let different = in_parallel(&files, |(path, own)| {
        changes.iter().flat_map(|change| differences(path, own, change)).collect::<Vec<_>>()
    });
    let different = different.concat();
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}

/// Which claims fare differently when a file is written in another way.
fn differences(path: &Path, own: &Verdicts, change: &dyn Fn(&str) -> String) -> Vec<String> {
    let other = verdicts(&decided(load_changed(path, change)));
    assert_eq!(own.len(), other.len(), "{} lost a claim", path.display());
    let pairs = own.iter().zip(&other).filter(|(own, other)| own != other);
    pairs.map(|((label, own), (_, other))| format!("{} #{label}: {own:?} became {other:?}", path.display())).collect()
}

/// What became of the claims of a derivation.
fn verdicts(document: &Document) -> Verdicts {
    let mut found = Verdicts::new();
    for block in claims(&document.items) {
        let outcomes = block.relations.iter().map(|relation| &relation.outcome);
        let all = found.entry(label(block).to_owned()).or_default();
        all.extend(outcomes.map(|outcome| (outcome.verdict, outcome.counterexample.is_some())));
        all.sort_unstable();
    }
    found
}

/// One letter for each.
struct Renaming {
    names: BTreeMap<&'static str, &'static str>,
}

impl Renaming {
    fn new(seed: u64) -> Renaming {
        let mut random = Random::new(seed);
        let mut names = BTreeMap::new();
        for kind in KINDS {
            let letters: Vec<&str> = kind.split(' ').collect();
            let mut others = letters.clone();
            random.shuffle(&mut others);
            names.extend(letters.into_iter().zip(others));
        }
        Renaming { names }
    }

    fn applied(&self, math: &str) -> String {
        let (mut renamed, mut rest) = (String::new(), math);
        while !rest.is_empty() {
            let token;
            (token, rest) = rest.split_at(token_length(rest));
            if WORDS.contains(&token) {
                let argument = rest.find('}').map_or(0, |end| end + 1);
                renamed += token;
                renamed += &rest[..argument];
                rest = &rest[argument..];
                continue;
            }
            let name = self.names.get(token).copied().unwrap_or(token);
            if is_command(&renamed) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                renamed.push(' ');
            }
            renamed += name;
        }
        renamed
    }
}

/// The length of a command or of a character.
fn token_length(math: &str) -> usize {
    let first = math.chars().next().map_or(0, char::len_utf8);
    match math.strip_prefix('\\') {
        Some(rest) => 1 + rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len()).max(1).min(rest.len()),
        None => first,
    }
}

/// Whether a text ends in a command, so that a letter behind it would belong to it.
fn is_command(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with('\\') && !text.ends_with('\\')
}

/// The page with what stands in `math` fences and between double dollars changed.
fn in_math(page: &str, change: impl Fn(&str) -> String) -> String {
    let mut end = None;
    let lines = page.split_inclusive('\n').map(|line| match end {
        Some(mark) if line.starts_with(mark) => {
            end = None;
            line.to_owned()
        }
        Some(_) => change(line),
        None => {
            end = if is_fence(line) { Some("```") } else { (line.trim() == "$$").then_some("$$") };
            line.to_owned()
        }
    });
    lines.collect()
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```math")
}

/// The page in pieces: each fence of a role with its two marks, and what stands between them.
fn pieces(page: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut is_inside = false;
    for line in page.split_inclusive('\n') {
        if is_fence(line) && !is_inside {
            pieces.push(String::new());
        }
        *pieces.last_mut().unwrap() += line;
        if is_inside && line.starts_with("```") {
            pieces.push(String::new());
        }
        is_inside = is_fence(line) || is_inside && !line.starts_with("```");
    }
    pieces
}

fn is_of(piece: &str, role: &str) -> bool {
    piece.starts_with(&format!("```math {role}"))
}

/// The page with each run of declarations in a `given` fence in reverse order; sizes and what is assumed stay in place.
fn givens_reversed(page: &str) -> String {
    let reversed = |piece: String| {
        if !is_of(&piece, "given") || piece.contains(r"\begin") {
            return piece;
        }
        let (head, body) = piece.split_once('\n').unwrap();
        let (body, mark) = body.rsplit_once("\n```").unwrap();
        let mut rows: Vec<&str> = body.split(r"\\").map(str::trim).filter(|row| !row.is_empty()).collect();
        let declares =
            |row: &str| !row.contains(r"\forall") && (row.contains(r"\in \mathbb{R}") || row.contains(" : "));
        rows.split_mut(|row| !declares(row)).for_each(<[&str]>::reverse);
        format!("{head}\n{}\n```{mark}", rows.join(" \\\\\n"))
    };
    pieces(page).into_iter().map(reversed).collect()
}

/// The page with the claims between two fences of another role in reverse order.
fn claims_reversed(page: &str) -> String {
    let mut all = pieces(page);
    let is_wall = |piece: &String| is_of(piece, "given") || is_of(piece, "define") || is_of(piece, "derive");
    for run in all.split_mut(is_wall) {
        let mut claims: Vec<String> = run.iter().filter(|piece| is_of(piece, "claim")).cloned().collect();
        run.iter_mut().filter(|piece| is_of(piece, "claim")).for_each(|piece| *piece = claims.pop().unwrap());
    }
    all.concat()
}
