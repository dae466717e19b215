//! How wide a typeset formula is, roughly, from its HTML: paper cannot scroll, so a formula that is too wide for it is
//! printed smaller, and that has to be known without asking a browser.

use crate::book::html;
use crate::book::html::Piece;

/// The mean width of a character, in em of its size.
const CHARACTER: f64 = 0.53;
/// The sizes of KaTeX, `size1` to `size11`.
const SIZES: [f64; 11] = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.44, 1.728, 2.074, 2.488];

/// An open element: the width of its content so far.
struct Element {
    width: f64,
    /// Its own size over its parent's.
    scale: f64,
    /// Its children stand one over the other.
    is_stack: bool,
    /// Nothing in it is seen, or it takes no room.
    is_empty: bool,
}

/// The width in em of the widest piece of the formula that cannot be broken into lines.
pub(super) fn widest_piece(katex: &str) -> f64 {
    let mut open: Vec<Element> = Vec::new();
    let mut widest = 0.0f64;
    let mut bases = Vec::new();
    for piece in html::pieces(katex) {
        match piece {
            Piece::Start(tag) => {
                let (class, style) = (tag.raw("class"), tag.raw("style"));
                let classes: Vec<_> = class.split(' ').collect();
                let has = |name: &str| classes.contains(&name);
                if has("katex-base") {
                    bases.push(open.len());
                }
                let element = Element {
                    width: length(style, "margin-left") + length(style, "margin-right") + length(style, "min-width"),
                    scale: scale(&classes),
                    is_stack: has("vlist") || has("vlist-t"),
                    is_empty: tag.name == "math" || has("vlist-s") || has("katex-strut") || has("pstrut"),
                };
                let is_void = tag.self_closing || matches!(tag.name, "path" | "img" | "br");
                open.push(element);
                if is_void {
                    close(&mut open, &mut bases, &mut widest);
                }
            }
            Piece::Other(text) if text.starts_with("</") => close(&mut open, &mut bases, &mut widest),
            Piece::Other(text) if text.starts_with("<!--") => {}
            Piece::Other(text) => {
                if let Some(element) = open.last_mut() {
                    element.width += CHARACTER * n_characters(text) as f64;
                }
            }
        }
    }
    widest
}

fn close(open: &mut Vec<Element>, bases: &mut Vec<usize>, widest: &mut f64) {
    let Some(element) = open.pop() else { return };
    let width = if element.is_empty { 0.0 } else { element.width * element.scale };
    if bases.last() == Some(&open.len()) {
        bases.pop();
        *widest = widest.max(width);
    }
    if let Some(parent) = open.last_mut() {
        parent.width = if parent.is_stack { parent.width.max(width) } else { parent.width + width };
    }
}

fn n_characters(text: &str) -> usize {
    let mut n = 0;
    let mut in_entity = false;
    for c in text.chars() {
        match c {
            '&' => {
                in_entity = true;
                n += 1;
            }
            ';' if in_entity => in_entity = false,
            '\u{200b}' => {}
            _ if in_entity => {}
            _ => n += 1,
        }
    }
    n
}

/// `reset-size6 size3`: what was of the sixth size is of the third.
fn scale(classes: &[&str]) -> f64 {
    let size = |prefix: &str| {
        let number = classes.iter().find_map(|class| class.strip_prefix(prefix)?.parse::<usize>().ok());
        number.and_then(|number| SIZES.get(number.checked_sub(1)?))
    };
    match (size("reset-size"), size("size")) {
        (Some(from), Some(to)) => to / from,
        _ => 1.0,
    }
}

fn length(style: &str, name: &str) -> f64 {
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .find(|(known, _)| *known == name)
        .and_then(|(_, value)| value.strip_suffix("em")?.parse().ok())
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::typeset::Style;
    use crate::book::typeset::typeset;

    /// Measured in a browser, in em.
    #[track_caller]
    fn check(latex: &str, measured: f64) {
        let estimated = widest_piece(&typeset(latex, Style::Display).unwrap());
        assert!((estimated / measured - 1.0).abs() < 0.2, "{latex}: {estimated} for {measured}");
    }

    #[test]
    fn a_width_is_told_within_a_fifth() {
        check(r"a^2 + b^2 = c^2", 2.16);
        check(r"h_t = f(W_h x_t)", 4.70);
        check(r"\frac{\partial h_k}{\partial h_{k-1}} = f'(w_i x_k + w_h h_{k-1})\, w_i", 10.16);
        check(r"\max_z \bigl( z \sigma(z) \bigr)' \approx 1.0998", 5.70);
        check(r"\lim_{t \to \infty} \frac{1}{t} \log \Bigl| \frac{\partial h_t}{\partial h_0} \Bigr| < 0", 6.76);
        check(
            r"\begin{aligned} h_t &= f(w_i x_t + w_h h_{t-1}) \quad (t \ge 1) \\ y_t &= f(w_o h_t) \end{aligned}",
            13.71,
        );
        let factor = |k: i32| format!(r"\frac{{\partial h_{{{k}}}}}{{\partial h_{{{}}}}}", k - 1);
        let product: String = (1..=12).map(factor).collect();
        check(&product, 2.15);
        check(&format!(r"\sqrt{{{product}}}"), 23.67);
    }
}
