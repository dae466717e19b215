/// Rendered text with runs of blank lines made one, spaces at line ends dropped, and one line break at the end;
/// fenced blocks stay as they are. So a template may leave blank lines wherever they read well.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_fence = false;
    let mut blank = true;
    for line in text.trim().lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        let line = if in_fence { line } else { line.trim_end() };
        if line.is_empty() && blank && !in_fence {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    out
}
