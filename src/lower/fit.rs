//! Whether a declared name is meant where a name with scripts stands.

use crate::lower::expression::strip;
use crate::lower::names::{Name, Part, script_items, spell, spell_script, undress};
use crate::lower::superscript::transposed;
use crate::syntax::ast::{Kind, Node};

/// Whether the scripts of a node fit a declared name: its indices, the components that are left, and a superscript that is left.
pub(super) fn fit<'n>(
    name: &Name,
    sub: Option<&'n Node>,
    sup: Option<&'n Node>,
) -> Option<(Vec<&'n Node>, Vec<&'n Node>, Option<&'n Node>)> {
    let mut indices = Vec::new();
    let mut rest = Vec::new();
    match (&name.sub, sub) {
        (Part::Absent, None) => {}
        (Part::Absent, Some(sub)) => rest = script_items(sub),
        (Part::Fixed(text), Some(sub)) => {
            if spell_script(sub).as_ref() != Some(text) {
                // `W_{hh,ij}`: what stands after the first comma are the indices of an entry.
                let Kind::List(parts) = &strip(sub).kind else { return None };
                let (first, others) = parts.split_first()?;
                if spell(first).as_ref() != Some(text) {
                    return None;
                }
                rest = others.iter().flat_map(script_items).collect();
            }
        }
        (Part::Index(_, arity), Some(sub)) => {
            let items = script_items(sub);
            if items.len() < *arity {
                return None;
            }
            indices.extend(&items[..*arity]);
            rest = items[*arity..].to_vec();
        }
        (Part::Fixed(_) | Part::Index(..), None) => return None,
    }
    let rest_sup = match (&name.sup, sup) {
        (Part::Absent, sup) => sup,
        (Part::Fixed(text), Some(sup)) if spell_script(sup).as_ref() == Some(text) => None,
        (Part::Index(dress, _), Some(sup)) if undress(sup).0 == *dress && transposed(sup).is_none() => {
            indices.push(undress(sup).1);
            None
        }
        // `W^{[l]\top}`, `x^{*\top}`: the index or the mark first, then the transpose.
        (Part::Index(dress, _), Some(sup)) => {
            let (inner, top) = transposed(sup)?;
            if undress(inner).0 != *dress {
                return None;
            }
            indices.push(undress(inner).1);
            Some(top)
        }
        (Part::Fixed(text), Some(sup)) => {
            let (inner, top) = transposed(sup)?;
            if spell_script(inner).as_ref() != Some(text) {
                return None;
            }
            Some(top)
        }
        (Part::Fixed(_) | Part::Index(..), _) => return None,
    };
    Some((indices, rest, rest_sup))
}
