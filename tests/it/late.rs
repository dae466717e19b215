//! Derivatives at late times have the value that the witnesses find, in every form.

use chainrule::calculus::{Shown, Structure, derive};
use chainrule::derivation::Document;
use chainrule::expr::DerivativeKind;
use chainrule::numeric::{Assignment, Fallback, Style, Unknowns, evaluate};
use chainrule::source::Source;

use crate::documents::document;

/// The derived formula and the derivative itself, both worked out modulo a prime at several points.
#[track_caller]
fn check(text: &str, of: &str, by: &str) {
    for shown in [Shown::Composed, Shown::Paths, Shown::Closed] {
        let mut document = document(text);
        let of = document.read_value(&Source::new("of", of)).unwrap();
        let by = document.read_value(&Source::new("by", by)).unwrap();
        let Document { arena, model, .. } = &mut document;
        let structure = Structure::new(arena, model);
        let found = derive(arena, model, &structure, (of, by), shown).unwrap();
        let asked = arena.derivative(DerivativeKind::Total, of, by);
        let field = Unknowns::new(7);
        for seed in 1..4 {
            let fallback = Some(Fallback { seed, style: Style::Integers });
            let point = Assignment { fallback, ..Assignment::default() };
            let expected = evaluate(arena, model, &point, &field, asked).unwrap();
            assert_eq!(evaluate(arena, model, &point, &field, found.result), Ok(expected), "{shown:?}");
        }
    }
}

fn page(given: &str, define: &str) -> String {
    format!("```math given\n{given}\n```\n\n```math define\n{define}\n```\n")
}

#[test]
fn seven_derivatives_of_one_state_at_time_40() {
    let text = page(
        r"w_i, w_h, w_o, h_0, x_t \in \mathbb{R} \\ f : \mathbb{R} \to \mathbb{R}",
        r"h_t = f(w_i x_t + w_h h_{t-1}) \quad (t \ge 1) \\ y_t = f(w_o h_t) \\ L_t = y_t^2",
    );
    for by in ["w_h", "w_i", "w_o", "h_0", "x_3", "x_{40}", "h_{39}"] {
        check(&text, "L_{40}", by);
    }
}
