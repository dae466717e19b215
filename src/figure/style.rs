/// The style sheet for pages with figures: custom properties for light and dark themes, then one rule for each class.
///
/// The properties stand on the root element, so that a page may use the same colours or set its own. Dark colours
/// hold under the classes `coal`, `navy` and `ayu`, and on screens only: paper is white.
pub const STYLE: &str = include_str!("style.css");

/// The rules with the light colours filled in, for readers of SVG that know no custom properties.
pub(super) fn resolved() -> String {
    let colours = light();
    let mut sheet = String::new();
    let rules = STYLE.split_once("/* rules */").map_or("", |(_, rules)| rules);
    for rule in rules.lines().map(str::trim).filter(|rule| !rule.is_empty()) {
        sheet.push_str(&fill_in(rule, &colours));
        sheet.push('\n');
    }
    sheet + ".fig { font-family: \"Helvetica Neue\", Arial, sans-serif; }\n"
}

/// The names and light values of the custom properties, from the first block of the sheet.
fn light() -> Vec<(&'static str, &'static str)> {
    let block = STYLE.split_once('}').map_or("", |(block, _)| block);
    block.lines().filter_map(|line| line.trim().strip_suffix(';')?.split_once(": ")).collect()
}

/// Replaces each `var(--name, fallback)` by the value of the name, a plain value by itself.
fn fill_in(rule: &str, colours: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = rule;
    while let Some((before, after)) = rest.split_once("var(") {
        let (inside, tail) = after.split_once(')').unwrap_or((after, ""));
        let (name, fallback) = inside.split_once(", ").unwrap_or((inside, inside));
        let value = colours.iter().find(|row| row.0 == name).map_or(fallback, |row| row.1);
        out.push_str(before);
        out.push_str(
            value.strip_prefix("var(").and_then(|v| v.split_once(", ")).map_or(value, |v| v.1.trim_end_matches(')')),
        );
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resolved_sheet_holds_no_properties() {
        let sheet = resolved();
        assert!(!sheet.contains("var("), "{sheet}");
        assert!(!sheet.contains("--fig"), "{sheet}");
        assert!(sheet.contains("#1f2328"), "{sheet}");
    }

    #[test]
    fn every_property_in_use_is_set_for_both_kinds_of_theme() {
        let (settings, rules) = STYLE.split_once("/* rules */").unwrap();
        for used in rules.split("var(").skip(1) {
            let name = used.split([',', ')']).next().unwrap();
            let expected = if matches!(name, "--fig-letters" | "--fig-digits" | "--fig-paper") { 1 } else { 2 };
            assert!(settings.matches(&format!("{name}: ")).count() >= expected, "{name}");
        }
    }
}
