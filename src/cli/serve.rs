//! `serve`: the book in a browser on this machine, built anew whenever a file of the project changes.
//!
//! A change is seen by looking at the times of the files, a few times a second: that needs no library and works on
//! every file system. The page asks for the number of the last build, and loads itself again when that has grown.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::cli::arguments::ServeArguments;
use crate::cli::book::{self, Decided};
use crate::cli::console;
use crate::cli::failure::{Failure, Refusal, Status};
use crate::cli::project::Project;

/// How long to wait between two looks at the files.
const PAUSE: Duration = Duration::from_millis(250);

/// How long a browser may take for a request, or for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest line of a request that is read, in bytes.
const LONGEST_LINE: u64 = 16 << 10;

/// Where a page asks for the number of the last build.
const BUILD: &str = "/-/build";

/// Put at the end of every page.
const RELOAD: &str = include_str!("project/reload.html");

/// Builds the book, shows it, and builds it anew after every change, until the process is stopped.
pub(super) fn run(arguments: &ServeArguments) -> Result<Status, Failure> {
    let project = Project::expect()?;
    let listener = listen(arguments.port)?;
    let address = format!("http://{}", listener.local_addr().map_err(Failure::Output)?);
    let out = project.root.join("book");
    let mut seen = times(&project);
    let mut decided = build(&project, &out, None);
    let n_builds = Arc::new(AtomicU64::new(1));
    let (root, builds) = (out.clone(), Arc::clone(&n_builds));
    thread::spawn(move || answer_all(&listener, &root, &builds));
    console::print(&format!("serving {address}, watching `derivations`, `templates` and `chainrule.toml`\n"))?;
    if arguments.open {
        book::open(Path::new(&address));
    }
    loop {
        thread::sleep(PAUSE);
        let now = times(&project);
        if now != seen {
            seen = now;
            decided = build(&project, &out, decided);
            n_builds.fetch_add(1, Ordering::Release);
        }
    }
}

fn listen(port: u16) -> Result<TcpListener, Refusal> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            let hint =
                format!("stop the program that uses it, or try `chainrule serve --port {}`", port.wrapping_add(1));
            Refusal::of_command("port-in-use", format!("port {port} is taken by another program"), &hint)
        }
        _ => {
            let message = format!("port {port} cannot be opened: {error}");
            Refusal::of_command("port-refused", message, "try another one: `chainrule serve --port 3000`")
        }
    })
}

/// One build; what goes wrong is told, and the last book stays. Returns what the next build can use again.
fn build(project: &Project, out: &Path, previous: Option<Decided>) -> Option<Decided> {
    match book::build(project, out, previous, false) {
        Ok(built) => {
            console::report(&built.told);
            Some(built.decided)
        }
        Err(failure) => {
            failure.show();
            console::report("the last book stays as it is\n");
            None
        }
    }
}

/// The files that a book is made of, with the times at which they were last written.
fn times(project: &Project) -> Vec<(PathBuf, Option<SystemTime>)> {
    let mut found = Vec::new();
    let mut open = vec![project.derivations(), project.root.join("templates"), project.settings()];
    while let Some(path) = open.pop() {
        match fs::read_dir(&path) {
            Ok(entries) => open.extend(entries.flatten().map(|entry| entry.path())),
            Err(_) => {
                let written = fs::metadata(&path).and_then(|data| data.modified()).ok();
                found.push((path, written));
            }
        }
    }
    found.sort();
    found
}

fn answer_all(listener: &TcpListener, root: &Path, n_builds: &Arc<AtomicU64>) {
    for stream in listener.incoming().flatten() {
        let (root, n_builds) = (root.to_owned(), Arc::clone(n_builds));
        // A browser that breaks off its request is nobody's mistake.
        thread::spawn(move || drop(answer(&stream, &root, &n_builds)));
    }
}

/// Answers one request (RFC 9112), and closes the connection.
fn answer(stream: &TcpStream, root: &Path, n_builds: &AtomicU64) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = BufReader::new(stream);
    let first = line(&mut request)?;
    while !line(&mut request)?.is_empty() {}
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let reply = match method {
        "GET" | "HEAD" if target == BUILD => Reply::text(n_builds.load(Ordering::Acquire).to_string()),
        "GET" | "HEAD" => file(root, target),
        _ => Reply { status: "405 Method Not Allowed", kind: "text/plain; charset=utf-8", body: b"only GET".to_vec() },
    };
    let mut out = stream;
    let head = format!(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        reply.status,
        reply.kind,
        reply.body.len()
    );
    out.write_all(head.as_bytes())?;
    if method != "HEAD" {
        out.write_all(&reply.body)?;
    }
    out.flush()
}

fn line(request: &mut BufReader<&TcpStream>) -> io::Result<String> {
    let mut bytes = Vec::new();
    io::Read::take(request, LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

/// An answer to a request.
struct Reply {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

impl Reply {
    fn text(text: String) -> Reply {
        Reply { status: "200 OK", kind: "text/plain; charset=utf-8", body: text.into_bytes() }
    }
}

/// The file of the book that a request names. Nothing outside of the book is ever read.
fn file(root: &Path, target: &str) -> Reply {
    let name = decoded(target.split(['?', '#']).next().unwrap_or_default());
    let name = Path::new(name.trim_start_matches('/'));
    let is_inside = name.components().all(|part| matches!(part, Component::Normal(_)));
    let path = if root.join(name).is_dir() { root.join(name).join("index.html") } else { root.join(name) };
    match fs::read(&path) {
        Ok(body) if is_inside => {
            let kind = kind_of(&path);
            let body = if kind.starts_with("text/html") { [&body[..], RELOAD.as_bytes()].concat() } else { body };
            Reply { status: "200 OK", kind, body }
        }
        Ok(_) | Err(_) => {
            let body = format!("<!doctype html><title>not found</title><p>There is no such page.</p>{RELOAD}");
            Reply { status: "404 Not Found", kind: "text/html; charset=utf-8", body: body.into_bytes() }
        }
    }
}

/// `%20` and the like as the characters they stand for (RFC 3986, 2.1).
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn kind_of(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
