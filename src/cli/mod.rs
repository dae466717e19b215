pub fn main() -> i32 {
    let mut good = 0;
    let mut all = 0;
    for path in std::env::args().skip(1) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let load = |path: &str| std::fs::read_to_string(path).map(|text| crate::source::Source::new(path, text)).map_err(|_| crate::source::Diagnostic::error("no-file", Default::default(), "no file"));
        let mut document = crate::derivation::Document::load(crate::source::Source::new(path.clone(), text), &load);
        let start = std::time::Instant::now();
        document.decide(Default::default(), &|| start.elapsed().as_micros() as u64);
        for d in &document.diagnostics {
            let p = document.source.place(d.span.start);
            println!("{path}:{}:{} {:?} {} {} [{}]", p.line, p.column, d.severity, d.code, d.message, document.source.slice(d.span));
        }
        for item in &document.items {
            if let crate::derivation::Item::Derive(block) = item {
                for d in &block.derived {
                    match d { None => println!("DERIVE {:?} none", block.fence.label.as_ref().map(|l| &l.name)), Some(d) => { println!("DERIVE {:?} {} : {}", block.fence.label.as_ref().map(|l| &l.name), d.outcome.verdict.word(), crate::print::text(&document.arena, d.derivation.result));
                     for s in &d.derivation.steps { println!("     [{}] {}", s.rule, crate::print::text(&document.arena, s.expr)); } } }
                }
            }
            if let crate::derivation::Item::Claim(block) = item {
                all += 1;
                good += usize::from(block.as_expected());
                let words: Vec<&str> = block.relations.iter().map(|r| r.outcome.verdict.word()).collect();
                let micros: u64 = block.relations.iter().map(|r| r.micros).sum();
                println!("{} {path} #{} {:?} expected {} {micros}us", if block.as_expected() { "ok  " } else if words.contains(&"proved") && block.expected.word() != "proved" { "BAD!" } else { "    " }, block.fence.label.as_ref().map(|l| l.name.as_str()).unwrap_or(""), words, block.expected.word());
                if std::env::var("V").is_ok() { for r in &block.relations { println!("     {:?}", r.outcome); } }
            }
        }
    }
    println!("{good}/{all}");
    0
}
