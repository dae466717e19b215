//! Letters of other alphabets that look like Latin ones.

/// Pairs of a letter, as a name has it, and the Latin letter that it looks like. Greek letters that mathematics uses
/// for their own sake are none of them.
#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    (r"\omicron", "o"), ("ο", "o"), ("Α", "A"), ("Β", "B"), ("Ε", "E"), ("Ζ", "Z"), ("Η", "H"), ("Ι", "I"),
    ("Κ", "K"), ("Μ", "M"), ("Ν", "N"), ("Ο", "O"), ("Ρ", "P"), ("Τ", "T"), ("Χ", "X"),
    ("а", "a"), ("е", "e"), ("о", "o"), ("р", "p"), ("с", "c"), ("х", "x"), ("у", "y"), ("і", "i"), ("ј", "j"),
    ("ѕ", "s"), ("һ", "h"), ("ԁ", "d"), ("ԛ", "q"), ("ԝ", "w"), ("А", "A"), ("В", "B"), ("Е", "E"), ("К", "K"),
    ("М", "M"), ("Н", "H"), ("О", "O"), ("Р", "P"), ("С", "C"), ("Т", "T"), ("Х", "X"), ("І", "I"), ("Ј", "J"),
    ("Ѕ", "S"), ("Ԛ", "Q"), ("Ԝ", "W"),
];

/// The name with Latin letters in the place of those that only look like them; `None` where it holds none of these.
pub fn without_look_alikes(name: &str) -> Option<String> {
    let latin = TABLE.iter().fold(name.to_owned(), |name, (alike, latin)| name.replace(alike, latin));
    (latin != name).then_some(latin)
}
