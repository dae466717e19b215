//! Paths of a gradient, drawn one by one on the graph of definitions.

use std::collections::BTreeMap;

use crate::derivation::Document;
use crate::expr::Arena;
use crate::expr::Expr;
use crate::figure::Caption;
use crate::figure::EdgeKind;
use crate::figure::EdgeShape;
use crate::figure::Label;
use crate::figure::Lattice;
use crate::figure::LatticePath;
use crate::figure::Network;
use crate::figure::NodeKind;
use crate::figure::NodeShape;
use crate::model::Model;
use crate::print;
use crate::render::figures::Drawn;
use crate::render::figures::anatomy::Anatomy;
use crate::render::figures::anatomy::label;
use crate::render::figures::networks::column;
use crate::render::figures::options;
use crate::render::figures::options::misfit;
use crate::render::prose::Directive;
use crate::source::Diagnostic;

/// More paths than this are not drawn.
const MAX_PATHS: usize = 12;

/// More members than this are not looked at.
const MAX_MEMBERS: usize = 400;

/// Which members stand in the definition of which.
struct Walk<'a> {
    model: &'a Model,
    anatomy: Anatomy,
    below: BTreeMap<Expr, Vec<Expr>>,
    bodies: BTreeMap<Expr, Expr>,
}

impl<'a> Walk<'a> {
    /// Everything that leads to `from`.
    fn below(arena: &mut Arena, model: &'a Model, anatomy: Anatomy, from: Expr) -> Walk<'a> {
        let mut walk = Walk { model, anatomy, below: BTreeMap::new(), bodies: BTreeMap::new() };
        let mut open = vec![from];
        while let Some(member) = open.pop() {
            if walk.below.contains_key(&member) || walk.below.len() > MAX_MEMBERS {
                continue;
            }
            let body = options::symbol_and_indices(arena, member)
                .and_then(|(symbol, at)| walk.anatomy.body_at(arena, model, symbol, &at));
            let used = body.map(|body| walk.anatomy.uses(arena, model, body)).unwrap_or_default();
            let used: Vec<Expr> = used.into_iter().map(|used| used.of).collect();
            walk.bodies.extend(body.map(|body| (member, body)));
            open.extend(&used);
            walk.below.insert(member, used);
        }
        walk
    }

    /// Every path down from `from` that ends where `ends` says so, shortest first; members from the top.
    fn paths(&self, from: Expr, ends: &dyn Fn(Expr) -> bool) -> Vec<Vec<Expr>> {
        let mut found = Vec::new();
        let mut open = vec![vec![from]];
        while let Some(path) = open.pop() {
            let Some(&last) = path.last() else { continue };
            if ends(last) {
                found.push(path.clone());
            }
            if found.len() > 4 * MAX_PATHS || path.len() > MAX_MEMBERS {
                break;
            }
            for &next in self.below.get(&last).into_iter().flatten().rev() {
                open.push([&path[..], &[next]].concat());
            }
        }
        found.sort_by_key(Vec::len);
        found
    }
}

/// `paths L_3 w_h`: each way from the parameter to the member, one picture for each.
pub(super) fn paths(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let [target, parameter] = options::plain(directive)[..] else {
        return Err(misfit(directive, "this figure takes a member and a parameter")
            .with_hint("write for example `paths L_3 w_h`"));
    };
    let mut arena = document.arena.clone();
    let model = &document.model;
    let from = options::member(&mut arena, model, directive, target)?;
    let by = options::member(&mut arena, model, directive, parameter)?;
    let Some(anatomy) = Anatomy::of(&mut arena, model) else {
        return Err(misfit(directive, "this derivation defines no family over time"));
    };
    let walk = Walk::below(&mut arena, model, anatomy, from);
    let holds = |member: Expr| walk.bodies.get(&member).is_some_and(|&body| arena.contains(body, by));
    let paths = walk.paths(from, &holds);
    if paths.is_empty() || paths.len() > MAX_PATHS {
        let message = format!("from `{parameter}` to `{target}` there are {} paths", paths.len());
        return Err(misfit(directive, message).with_hint(format!("at least 1 and at most {MAX_PATHS} can be drawn")));
    }
    let panels: Vec<Network> = paths.iter().map(|path| panel(&arena, &walk, &paths, path, by)).collect();
    let description = format!("{} pictures of the same graph, one for each path.", panels.len());
    Ok(Drawn::panels(
        &panels,
        format!("The paths from {} to {}", print::text(&arena, by), print::text(&arena, from)),
        description,
    ))
}

/// One path, strong, on what all paths visit.
fn panel(arena: &Arena, walk: &Walk<'_>, paths: &[Vec<Expr>], path: &[Expr], by: Expr) -> Network {
    let mut members: Vec<Expr> = paths.iter().flatten().copied().collect();
    members.sort_unstable();
    members.dedup();
    let id = |expr: Expr| print::text(arena, expr);
    let place = |expr: Expr| {
        let (symbol, at) = options::symbol_and_indices(arena, expr)?;
        Some((
            column(at.first().copied().unwrap_or(0)),
            walk.anatomy.row(symbol),
            walk.anatomy.kind(walk.model, symbol),
        ))
    };
    let mut network = Network::default();
    for &member in &members {
        let Some((column, row, kind)) = place(member) else { continue };
        network.nodes.push(NodeShape::new(id(member), kind, column, row, label(arena, member)));
        for &used in walk.below.get(&member).into_iter().flatten().filter(|used| members.contains(used)) {
            network.edges.push(EdgeShape::new(id(used), id(member), EdgeKind::Flow));
        }
    }
    let entry = path.last().copied().unwrap_or(by);
    if let Some((column, row, _)) = place(entry) {
        network.nodes.push(NodeShape::new(id(by), NodeKind::Parameter, column, row - 1.0, label(arena, by)));
        network.edges.push(EdgeShape::new(id(by), id(entry), EdgeKind::Shared));
    }
    let way: Vec<String> = std::iter::once(by).chain(path.iter().rev().copied()).map(id).collect();
    network.title = format!("The path that enters at {}", id(entry));
    network.description = format!("The path runs from {}.", way.join(" to "));
    let mut times: Vec<i64> =
        members.iter().filter_map(|&m| options::symbol_and_indices(arena, m)?.1.first().copied()).collect();
    times.sort_unstable();
    times.dedup();
    let letter = arena.name(walk.anatomy.time);
    network.columns = times
        .into_iter()
        .map(|time| Caption { at: column(time), label: Label::math(&format!("{letter} = {time}")) })
        .collect();
    network.traced(&way.iter().map(String::as_str).collect::<Vec<_>>())
}

/// `lattice` or `lattice h^3_3 h^1_1`: every way from one state of a grid to another.
pub(super) fn lattice(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let mut arena = document.arena.clone();
    let model = &document.model;
    let no_grid = || misfit(directive, "this derivation defines no state over two indices, layer and time");
    let anatomy = Anatomy::of(&mut arena, model).ok_or_else(no_grid)?;
    let is_grid = |&symbol: &_| model.definitions_of(symbol).any(|definition| definition.indices.len() == 2);
    let state = anatomy.states_in_order(model).into_iter().find(is_grid).ok_or_else(no_grid)?;
    let time = options::place_of(model, state, anatomy.time).ok_or_else(no_grid)?;
    let mut corner = |n: i64| {
        let at = vec![arena.integer(n); 2];
        arena.member(state, at)
    };
    let (mut to, mut from) = (corner(3), corner(1));
    if let [late, early] = options::plain(directive)[..] {
        to = options::member(&mut arena, model, directive, late)?;
        from = options::member(&mut arena, model, directive, early)?;
    }
    let walk = Walk::below(&mut arena, model, anatomy, to);
    let mut paths = walk.paths(to, &|member| member == from);
    paths.iter_mut().for_each(|path| path.reverse());
    if paths.is_empty() || paths.len() > MAX_PATHS {
        return Err(misfit(directive, format!("there are {} ways to draw", paths.len())));
    }
    let at = |member: &Expr| {
        let (_, at) = options::symbol_and_indices(&arena, *member)?;
        Some((at.get(1 - time).copied()?, at.get(time).copied()?))
    };
    let corners: Vec<(i64, i64)> = paths.iter().flatten().filter_map(at).collect();
    let least = corners.iter().fold((i64::MAX, i64::MAX), |(a, b), &(layer, time)| (a.min(layer), b.min(time)));
    let most = corners.iter().fold((0, 0), |(a, b), &(layer, time)| (a.max(layer), b.max(time)));
    let point = |member: &Expr| {
        let (layer, time) = at(member)?;
        Some((usize::try_from(time - least.1).ok()?, usize::try_from(layer - least.0).ok()?))
    };
    let paths = paths.iter().zip(0..).map(|(path, colour)| {
        let points: Vec<(usize, usize)> = path.iter().filter_map(point).collect();
        LatticePath { label: Label::text(moves(&points)), points, colour }
    });
    let lattice = Lattice {
        title: format!("All ways from {} to {}", print::text(&arena, from), print::text(&arena, to)),
        description: "A grid with layers upward and time to the right; every way leads only up and to the right."
            .into(),
        columns: (least.1..=most.1).map(|time| Label::math(&format!("t = {time}"))).collect(),
        rows: (least.0..=most.0).map(|layer| Label::math(&format!("l = {layer}"))).collect(),
        paths: paths.collect(),
    };
    let part = |path: &LatticePath| Lattice {
        title: format!("The way {}", path.label.plain()),
        description: format!("The moves in order: {}.", path.label.plain()),
        paths: vec![LatticePath { label: Label::default(), ..path.clone() }],
        ..lattice.clone()
    };
    let parts: Vec<Lattice> = lattice.paths.iter().map(part).collect();
    Ok(Drawn::parted(&lattice, &parts))
}

/// The moves of a path as arrows.
fn moves(points: &[(usize, usize)]) -> String {
    points.windows(2).map(|step| if step[0].0 == step[1].0 { '↑' } else { '→' }).collect()
}
