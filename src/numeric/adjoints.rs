//! Derivatives on the graph that the definitions span, with unknowns where it is cut.
//!
//! A derivative of a member by another is the sum over the uses of that other: how the use follows it, times the
//! derivative by the use (the chain rule at a node; Baur & Strassen 1983; Werbos 1974, "ordered derivatives"). Where
//! several derivatives of one member are asked for, those that follow from others through such sums are unknowns, and
//! only the first ones are worked out down to them. What is equal for all values of the unknowns is equal for theirs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Expr, SymbolId};
use crate::model::Model;
use crate::numeric::blank::Blank;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::field::Field;
use crate::numeric::jet::Jet;
use crate::numeric::key::Key;
use crate::numeric::members::Members;
use crate::numeric::reverse::{Naming, Record, Traced};
use crate::numeric::{Assignment, Error, Form, Tensor};

/// How many derivatives of one member may be told apart.
const MAX_ASKED: usize = 64;

/// Where derivatives of members by entries of members come from.
pub(super) trait Derivatives<E> {
    /// The derivative of a member whose whole has this value, or of an entry of it, by an entry, where these members are
    /// known.
    fn column(&self, of: (&Key, &Tensor<Jet<E>>), by: &Key, known: &Members<E>) -> Result<Tensor<E>, Error>;
}

/// For each family that is differentiated, the families by which its derivatives may be worked out; or the other way
/// round, where derivatives are read forward.
pub type WorkedOut = BTreeMap<SymbolId, BTreeSet<SymbolId>>;

/// The values of expressions in at most `steps` steps, where derivatives of members by members are unknowns but for those
/// from which the others follow. Those must be among the `worked_out`.
pub fn evaluate_on_graph<F: Field>(
    (arena, model): (&Arena, &Model),
    assignment: &Assignment,
    field: &F,
    exprs: &[Expr],
    (worked_out, steps): (&WorkedOut, u64),
) -> Vec<Result<Tensor<F::Element>, Error>> {
    let asked = Asked::default();
    let mut evaluator = Evaluator::new(arena, model, assignment, &Blank);
    evaluator.max_steps = steps;
    evaluator.graphs = Some(&asked);
    // What has no value has none in the second round either.
    exprs.iter().for_each(|&expr| drop(evaluator.run(expr)));
    let record = Record::new(field, Naming::Members);
    let graphs = Graphs { field, record: &record, worked_out, asked: asked.0.take(), known: RefCell::default() };
    let mut evaluator = Evaluator::new(arena, model, assignment, &record);
    evaluator.max_steps = steps;
    evaluator.graphs = Some(&graphs);
    exprs.iter().map(|&expr| evaluator.run(expr)?.map(|traced| Ok(traced.value.clone()))).collect()
}

/// The unknown in the place of a derivative.
pub(super) fn unknown<F: Field>(field: &F, of: &Key, by: &Key) -> Result<F::Element, Error> {
    let mut numbers = Vec::new();
    for key in [of, by] {
        numbers.push(field.integer(i64::from(key.symbol.0)));
        for indices in [&key.indices, &key.entry] {
            numbers.push(field.integer(indices.len() as i64));
            numbers.extend(indices.iter().map(|&index| field.integer(index)));
        }
    }
    field.arbitrary(UNKNOWN, &[], &numbers)
}

/// The name of all unknown derivatives.
const UNKNOWN: u64 = 0x0ad1_0137;

/// The entries of a member of this form; an entry is its only one.
fn entries(of: &Key, form: Form) -> impl Iterator<Item = Key> {
    (0..form.len()).map(move |at| match of.entry.is_empty() {
        true => Key { entry: form.indices(at).into_iter().collect(), ..of.clone() },
        false => of.clone(),
    })
}

/// Notes which derivatives are asked for: for each member, by what it is differentiated.
#[derive(Default)]
struct Asked(RefCell<BTreeMap<Key, BTreeSet<Key>>>);

impl Derivatives<()> for Asked {
    fn column(&self, (of, value): (&Key, &Tensor<Jet<()>>), by: &Key, _: &Members<()>) -> Result<Tensor<()>, Error> {
        self.0.borrow_mut().entry(of.whole()).or_default().insert(by.whole());
        Ok(if of.entry.is_empty() { value.map(|_| Ok::<_, Error>(()))? } else { Tensor::Scalar(()) })
    }
}

/// The graphs of the members of which derivatives are asked for.
struct Graphs<'a, F: Field> {
    field: &'a F,
    record: &'a Record<'a, F>,
    worked_out: &'a WorkedOut,
    asked: BTreeMap<Key, BTreeSet<Key>>,
    known: RefCell<BTreeMap<Key, Graph<F::Element>>>,
}

/// The derivatives of the entries of one member by entries of members; what is not listed is 0.
type Graph<E> = BTreeMap<Key, BTreeMap<Key, E>>;

impl<F: Field> Derivatives<Traced<F::Element>> for Graphs<'_, F> {
    fn column(
        &self,
        (of, value): (&Key, &Tensor<Jet<Traced<F::Element>>>),
        by: &Key,
        known: &Members<Traced<F::Element>>,
    ) -> Result<Tensor<Traced<F::Element>>, Error> {
        let root = of.whole();
        if !self.known.borrow().contains_key(&root) {
            let graph = self.graph((&root, value), known)?;
            self.known.borrow_mut().insert(root.clone(), graph);
        }
        let graphs = self.known.borrow();
        let slope = |entry: &Key| graphs.get(&root)?.get(entry)?.get(by).cloned();
        let constant =
            |slope: Option<F::Element>| Traced { value: slope.unwrap_or_else(|| self.field.integer(0)), place: None };
        if !of.entry.is_empty() {
            return Ok(Tensor::Scalar(constant(slope(of))));
        }
        let mut entries = entries(of, value.form());
        value.map(|_| Ok(constant(entries.next().and_then(|entry| slope(&entry)))))
    }
}

impl<F: Field> Graphs<'_, F> {
    /// Reads the derivatives of a member off.
    fn graph(
        &self,
        (root, value): (&Key, &Tensor<Jet<Traced<F::Element>>>),
        known: &Members<Traced<F::Element>>,
    ) -> Result<Graph<F::Element>, Error> {
        let asked = self.asked.get(root).ok_or(Error::Unsupported("a derivative that was not met before"))?;
        // Members of one family are cut alike.
        let alike = self.asked.iter().filter(|(other, _)| other.symbol == root.symbol);
        let families: BTreeSet<SymbolId> = alike.flat_map(|(_, asked)| asked.iter().map(|by| by.symbol)).collect();
        let mut places: BTreeMap<Key, usize> = BTreeMap::new();
        for (key, value) in known.iter().filter(|(key, _)| families.contains(&key.symbol)) {
            let traced = entries(key, value.form()).zip(value.entries());
            places.extend(traced.filter_map(|(entry, traced)| Some((entry, traced.value.place?))));
        }
        let first = first_of(self.record, &places, asked)?;
        let may_be = self.worked_out.get(&root.symbol);
        if !first.iter().all(|by| may_be.is_some_and(|families| families.contains(&by.symbol))) {
            return Err(Error::Unsupported("a derivative that leads through many steps"));
        }
        let is_cut = |by: &Key| !first.contains(&by.whole()) && by.whole() != *root;
        let cut: BTreeMap<usize, &Key> =
            places.iter().filter(|(by, _)| is_cut(by)).map(|(by, &place)| (place, by)).collect();
        let slopes = entries(root, value.form()).zip(value.entries()).map(|(entry, traced)| {
            let known = |place| cut.get(&place).map(|by| unknown(self.field, &entry, by)).transpose();
            let adjoints = self.record.adjoints(traced.value.place, known)?;
            let read = |(by, &place): (&Key, &usize)| Some((by.clone(), adjoints.get(place)?.clone()?));
            Ok((entry, places.iter().filter_map(read).collect()))
        });
        slopes.collect()
    }
}

/// Those members among `asked` that follow no other of them.
fn first_of<F: Field>(
    record: &Record<'_, F>,
    places: &BTreeMap<Key, usize>,
    asked: &BTreeSet<Key>,
) -> Result<BTreeSet<Key>, Error> {
    if asked.len() > MAX_ASKED {
        return Err(Error::TooLarge);
    }
    let mut own: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (key, &place) in places {
        own.entry(key.whole()).or_default().push(place);
    }
    let mut first = asked.clone();
    for by in asked {
        let Some(places) = own.get(by) else { continue };
        let follows = record.followers(places);
        first.retain(|other| {
            other == by || !own.get(other).is_some_and(|places| places.iter().any(|&place| follows[place]))
        });
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::DerivativeKind;
    use crate::numeric::sample::{Network, network};
    use crate::numeric::{Fallback, Style, Unknowns, evaluate};

    fn point(network: &Network, n: i64) -> Assignment {
        let fallback = Some(Fallback { seed: 3, style: Style::Unknowns });
        Assignment { integers: BTreeMap::from([(network.last, n)]), fallback, ..Assignment::default() }
    }

    fn slope(network: &mut Network, kind: DerivativeKind, of: Expr, by: Expr) -> Expr {
        network.arena.derivative(kind, of, by)
    }

    /// The values on the graph, where derivatives of the loss by these families may be worked out.
    fn values(
        network: &Network,
        exprs: &[Expr],
        families: &[&str],
    ) -> Vec<Result<Tensor<crate::number::modular::Residue>, Error>> {
        let loss = network.arena.find("L").unwrap();
        let families = families.iter().map(|name| network.arena.find(name).unwrap()).collect();
        let worked_out = WorkedOut::from([(loss, families)]);
        let field = Unknowns::new(7);
        evaluate_on_graph((&network.arena, &network.model), &point(network, 3), &field, exprs, (&worked_out, 10_000))
    }

    #[test]
    fn one_derivative_alone_is_worked_out() {
        let mut network = network(None);
        for by in [network.w_h, network.w_i, network.w_o] {
            let loss = network.loss;
            let derivative = slope(&mut network, DerivativeKind::Total, loss, by);
            let on_graph = values(&network, &[derivative], &["w_h", "w_i", "w_o"]).remove(0);
            let moved = evaluate(&network.arena, &network.model, &point(&network, 3), &Unknowns::new(7), derivative);
            assert_eq!(on_graph, moved);
        }
    }

    #[test]
    fn the_first_is_the_sum_over_its_uses_and_the_others_are_unknowns() {
        let mut network = network(None);
        let (loss, w) = (network.loss, network.w_h);
        let whole = slope(&mut network, DerivativeKind::Total, loss, w);
        let (mut sum, mut late) = (Vec::new(), Vec::new());
        for t in 1..=3 {
            let h = network.member("h", t);
            let outer = slope(&mut network, DerivativeKind::Total, loss, h);
            let inner = slope(&mut network, DerivativeKind::Immediate, h, w);
            let term = network.arena.product([outer, inner]);
            sum.push(term);
            if t > 1 {
                late.push(term);
            }
        }
        let (sum, late) = (network.arena.sum(sum), network.arena.sum(late));
        let found = values(&network, &[whole, sum, late], &["w_h"]);
        assert_eq!(found[0], found[1]);
        assert_ne!(found[0], found[2]);
        let h = network.member("h", 2);
        let derivative = slope(&mut network, DerivativeKind::Total, loss, h);
        let cut = values(&network, &[whole, derivative], &["w_h"]).remove(1);
        let moved = evaluate(&network.arena, &network.model, &point(&network, 3), &Unknowns::new(7), derivative);
        assert_ne!(cut, moved);
    }

    #[test]
    fn what_may_not_be_worked_out_is_an_error() {
        let mut network = network(None);
        let (loss, w) = (network.loss, network.w_h);
        let whole = slope(&mut network, DerivativeKind::Total, loss, w);
        assert!(values(&network, &[whole], &["w_i"]).remove(0).is_err());
    }
}
