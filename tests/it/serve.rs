//! `serve`: the book on this machine, and again after a change.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

use crate::shell::{command, folder, run, write};

/// A server that is stopped when the test ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const FIRST: &str = "# First\n\n```math claim\n1 = 1\n```\n";

/// What the server answers, head and body.
fn get(address: &str, target: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_book_is_shown_and_built_anew_after_a_change() {
    let dir = folder("serve", &[("derivations/first.md", FIRST), ("secret.txt", "not a page")]);
    let mut server = Server(command(&dir, &["serve", "--port", "0"]).spawn().unwrap());
    let mut out = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let mut err = BufReader::new(server.0.stderr.take().unwrap()).lines();
    let started = out.next().unwrap().unwrap();
    let address = started.strip_prefix("serving http://").unwrap().split(',').next().unwrap().to_owned();
    let page = get(&address, "/");
    assert!(page.starts_with("HTTP/1.1 200 OK") && page.contains("location.reload()"), "{page}");
    assert!(get(&address, "/first.html?search=x").contains("First"));
    assert!(get(&address, "/missing.html").starts_with("HTTP/1.1 404"));
    assert!(get(&address, "/../secret.txt").starts_with("HTTP/1.1 404"));
    assert!(get(&address, "/%2e%2e/secret.txt").starts_with("HTTP/1.1 404"));
    let build = get(&address, "/-/build");
    write(&dir, "derivations/first.md", &FIRST.replace("First", "Changed"));
    // The build after the change says so; then the number of the build has grown, and the page is new.
    let told = err.by_ref().map(Result::unwrap).filter(|line| line.contains("book/index.html")).nth(1);
    assert!(told.is_some());
    assert!((0..10_000).any(|_| get(&address, "/-/build") != build), "the number of the build does not grow");
    assert!(get(&address, "/first.html").contains("Changed"));
    let taken = run(&dir, &["serve", "--port", address.rsplit(':').next().unwrap()]);
    assert_eq!(taken.code, 2);
    assert!(taken.err.contains("error[port-in-use]"), "{}", taken.err);
}
