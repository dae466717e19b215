//! The author's own LaTeX, cut into the formulas and relations that are shown.

use crate::render::formula;
use crate::source::Span;
use crate::syntax::Fence;
use crate::syntax::ast::Formula;
use crate::syntax::ast::Kind;
use crate::syntax::ast::Node;
use crate::syntax::ast::Relation;

/// The text of a block with the marks of lists and quotes around it blanked, and where it stands in the file.
pub(super) struct Body<'a> {
    latex: &'a str,
    start: usize,
}

impl<'a> Body<'a> {
    /// The LaTeX of a fence.
    pub fn of_fence(fence: &'a Fence) -> Body<'a> {
        Body { latex: &fence.latex, start: fence.body.start }
    }

    /// LaTeX that stands at `start`.
    pub fn new(latex: &'a str, start: usize) -> Body<'a> {
        Body { latex, start }
    }

    /// Everything.
    pub fn whole(&self) -> String {
        self.latex.trim().to_owned()
    }

    /// A formula as written, conditions included.
    pub fn formula(&self, formula: &Formula) -> String {
        formula::freed(self.slice(formula.span))
    }

    /// The relations of a formula as written, each with the formula's conditions: one for each neighbouring pair of a
    /// chain.
    pub fn relations(&self, formula: &Formula) -> Vec<String> {
        let Kind::Chain { first, rest } = &ungrouped(&formula.body).kind else { return vec![self.formula(formula)] };
        if rest.len() < 2 {
            return vec![self.formula(formula)];
        }
        let end = rest.last().map_or(formula.body.span.end, |(_, right)| right.span.end);
        let conditions = self.slice(Span::new(end, formula.span.end)).to_owned();
        let mut left = &**first;
        let mut relations = Vec::new();
        for (relation, right) in rest {
            let text = formula::freed(self.slice(left.span.to(right.span)));
            relations.push(format!("{text} {}", formula::freed(&conditions)).trim().to_owned());
            if *relation != Relation::In {
                left = right;
            }
        }
        relations
    }

    fn slice(&self, span: Span) -> &str {
        let range = span.start.saturating_sub(self.start)..span.end.saturating_sub(self.start).min(self.latex.len());
        self.latex.get(range).unwrap_or_default()
    }
}

fn ungrouped(node: &Node) -> &Node {
    match &node.kind {
        Kind::Group(inner) => ungrouped(inner),
        _ => node,
    }
}
