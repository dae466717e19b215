//! Before the crate is compiled: lists the pages of this folder, so that a page is a file here and nothing else.

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let folder = "src/cli/explain";
    println!("cargo::rerun-if-changed={folder}");
    let mut codes = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        codes.extend(name.strip_suffix(".md").map(str::to_owned));
    }
    codes.sort();
    let page = |code: &String| {
        let text = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{folder}/{code}.md\"))");
        format!("Page {{ code: \"{code}\", text: {text} }},\n")
    };
    let pages: String = codes.iter().map(page).collect();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("pages.rs"), format!("&[\n{pages}]\n"))
}
