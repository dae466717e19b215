//! `generate`: which files it writes, and that nothing of the author's is lost.

use std::fs;
use std::path::PathBuf;

use crate::shell::{folder, run, write};

const RIGHT: &str = "# Right\n\n```math given\nx \\in \\mathbb{R}\n```\n\n```math claim #square\nx^2 + 1 > 0\n```\n\n[Wrong](wrong.md)\n";
const WRONG: &str = "# Wrong\n\n```math given\nx \\in \\mathbb{R}\n```\n\n```math claim #line\nx + 1 > 0\n```\n";

fn project(name: &str) -> PathBuf {
    folder(name, &[("derivations/right.md", RIGHT), ("derivations/wrong.md", WRONG)])
}

#[test]
fn a_chapter_alone_is_judged_alone() {
    let dir = project("generate-one");
    let right = run(&dir, &["generate", "derivations/right.md"]);
    assert_eq!(right.code, 0, "{}", right.err);
    assert!(dir.join("generated/right.md").is_file());
    assert!(!dir.join("generated/wrong.md").exists() && !dir.join("generated/ledger.md").exists());
    let wrong = run(&dir, &["generate", "derivations/wrong.md"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("#line is refuted, expected proved"), "{}", wrong.err);
    assert_eq!(run(&dir, &["generate"]).code, 1);
}

#[test]
fn the_sources_of_a_project_are_not_written_over() {
    let dir = project("generate-over");
    let ran = run(&dir, &["generate", "--out", "derivations"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("error[out-not-generated]"), "{}", ran.err);
    assert_eq!(fs::read_to_string(dir.join("derivations/right.md")).unwrap(), RIGHT);
    assert_eq!(fs::read_to_string(dir.join("derivations/wrong.md")).unwrap(), WRONG);
}

#[test]
fn what_was_generated_is_generated_again() {
    let dir = project("generate-again");
    let args = ["generate", "derivations/right.md"];
    assert_eq!(run(&dir, &args).code, 0);
    let first = fs::read_to_string(dir.join("generated/right.md")).unwrap();
    write(&dir, "derivations/right.md", &RIGHT.replace("# Right", "# Still right"));
    assert_eq!(run(&dir, &args).code, 0);
    assert_ne!(fs::read_to_string(dir.join("generated/right.md")).unwrap(), first);
}

#[test]
fn a_page_that_stops_halfway_is_known_the_next_time() {
    let dir = project("generate-halfway");
    // A folder stands where a page is written first: the command fails in the middle of its work.
    fs::create_dir_all(dir.join("generated/wrong.chainrule-new")).unwrap();
    assert_eq!(run(&dir, &["generate"]).code, 2);
    assert!(dir.join("generated/right.md").is_file());
    fs::remove_dir(dir.join("generated/wrong.chainrule-new")).unwrap();
    write(&dir, "derivations/right.md", &RIGHT.replace("# Right", "# Still right"));
    let again = run(&dir, &["generate"]);
    assert_eq!(again.code, 1, "{}", again.err);
    assert!(fs::read_to_string(dir.join("generated/right.md")).unwrap().contains("Still right"));
}

#[test]
fn a_derivation_with_the_name_of_a_page_at_the_end_is_refused() {
    let dir = folder("generate-ledger", &[("derivations/ledger.md", RIGHT)]);
    let ran = run(&dir, &["generate"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("error[book-path]") && ran.err.contains("rename the derivation"), "{}", ran.err);
}
