//! Derivatives read forward along the definitions, with unknowns where they are cut.
//!
//! A derivative of a member by another is the sum over what its definition is made of: the slope by that, times the
//! derivative of that (the chain rule at a node). Where derivatives of several members by one are asked for, those that
//! lead to others are unknowns, and only the last ones are worked out, down to them. What is equal for all values of the
//! unknowns is equal for theirs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, DerivativeKind, Expr, SymbolId};
use crate::model::Model;
use crate::numeric::adjoints::{Derivatives, WorkedOut, unknown};
use crate::numeric::blank::Blank;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::field::Field;
use crate::numeric::jet::Jet;
use crate::numeric::key::Key;
use crate::numeric::members::{Direction, Members};
use crate::numeric::reverse::{Naming, Record, Traced};
use crate::numeric::scope::Scope;
use crate::numeric::{Assignment, Error, Tensor};

/// How many derivatives by one member may be told apart.
const MAX_ASKED: usize = 64;

/// The derivatives that are unknowns.
#[derive(Debug)]
pub(super) struct Cuts {
    /// For each family by which is differentiated, the families whose derivatives are asked for.
    families: BTreeMap<SymbolId, BTreeSet<SymbolId>>,
    /// Those that are worked out, of all members by one.
    last: BTreeMap<Key, BTreeSet<Key>>,
    /// For each family by which is differentiated, the families whose derivatives may be worked out.
    worked_out: WorkedOut,
}

/// The values of expressions in at most `steps` steps, where derivatives of members by a member are unknowns but for those
/// that lead to no other. Those must be among the `worked_out`.
pub fn evaluate_along<F: Field>(
    (arena, model): (&Arena, &Model),
    assignment: &Assignment,
    field: &F,
    exprs: &[Expr],
    (worked_out, steps): (&WorkedOut, u64),
) -> Vec<Result<Tensor<F::Element>, Error>> {
    let record = Record::new(&Blank, Naming::Members);
    let asked = Asked::default();
    let mut evaluator = Evaluator::new(arena, model, assignment, &record);
    evaluator.max_steps = steps;
    evaluator.graphs = Some(&asked);
    // What has no value has none in the second round either.
    exprs.iter().for_each(|&expr| drop(evaluator.run(expr)));
    let asked = asked.0.take();
    let mut cuts = Cuts { families: BTreeMap::new(), last: BTreeMap::new(), worked_out: worked_out.clone() };
    for (by, members) in asked {
        if members.len() > MAX_ASKED {
            return vec![Err(Error::TooLarge); exprs.len()];
        }
        cuts.families.entry(by.symbol).or_default().extend(members.iter().map(|member| member.symbol));
        cuts.last.insert(by, last_of(&record, &evaluator.worlds[0].memo, &members));
    }
    let mut evaluator = Evaluator::new(arena, model, assignment, field);
    evaluator.max_steps = steps;
    evaluator.cuts = Some(&cuts);
    exprs.iter().map(|&expr| evaluator.run(expr)).collect()
}

/// Notes which derivatives are asked for: for each member by which is differentiated, those that are.
#[derive(Default)]
struct Asked(RefCell<BTreeMap<Key, BTreeSet<Key>>>);

impl Derivatives<Traced<()>> for Asked {
    fn column(
        &self,
        (of, value): (&Key, &Tensor<Jet<Traced<()>>>),
        by: &Key,
        _: &Members<Traced<()>>,
    ) -> Result<Tensor<Traced<()>>, Error> {
        self.0.borrow_mut().entry(by.whole()).or_default().insert(of.whole());
        let constant = Traced { value: (), place: None };
        if of.entry.is_empty() { value.map(|_| Ok(constant.clone())) } else { Ok(Tensor::Scalar(constant)) }
    }
}

/// Those members that lead to no other of them.
fn last_of(record: &Record<'_, Blank>, known: &Members<Traced<()>>, members: &BTreeSet<Key>) -> BTreeSet<Key> {
    let places_of = |member: &Key| -> Vec<usize> {
        let value = known.get(member).map_or(&[][..], Tensor::entries);
        value.iter().filter_map(|entry| entry.value.place).collect()
    };
    let places: BTreeMap<&Key, Vec<usize>> = members.iter().map(|member| (member, places_of(member))).collect();
    let leads = |member: &Key| {
        let follows = record.followers(&places[member]);
        places.iter().any(|(&other, places)| other != member && places.iter().any(|&place| follows[place]))
    };
    members.iter().filter(|&member| !leads(member)).cloned().collect()
}

impl Cuts {
    /// Whether the derivative of a member by another is one of these; an error where it must be worked out and may not.
    pub(super) fn hold(&self, of: &Key, by: &Key) -> Result<bool, Error> {
        let last = self.last.get(&by.whole()).ok_or(Error::Unsupported("a derivative that was not met before"))?;
        let may_be = self.worked_out.get(&by.symbol).is_some_and(|families| families.contains(&of.symbol));
        if last.contains(&of.whole()) && !may_be {
            return Err(Error::Unsupported("a derivative that leads through many steps"));
        }
        Ok(self.families.get(&by.symbol).is_some_and(|families| families.contains(&of.symbol)))
    }

    /// Whether a member is cut where another is moved.
    fn cut(&self, of: &Key, by: &Key) -> bool {
        let is_last = self.last.get(by).is_some_and(|last| last.contains(&of.whole()));
        !is_last && self.families.get(&by.symbol).is_some_and(|families| families.contains(&of.symbol))
    }
}

impl<'a, F: Field> Evaluator<'a, F> {
    /// Where the derivatives of a member by another are cut, if they are.
    pub(super) fn cuts_of(
        &self,
        scope: &Scope<F::Element>,
        kind: DerivativeKind,
        (of, by): (Expr, &Key),
    ) -> Result<Option<&'a Cuts>, Error> {
        let Some(cuts) = self.cuts.filter(|_| kind != DerivativeKind::Immediate && self.world == 0) else {
            return Ok(None);
        };
        match self.key(scope, of)? {
            Some(of) if self.model.is_defined(of.symbol) && cuts.hold(&of, by)? => Ok(Some(cuts)),
            Some(_) | None => Ok(None),
        }
    }

    /// Whether a member is cut where another is moved away from its value in the first world.
    pub(super) fn is_cut(&self, key: &Key, by: &Key) -> bool {
        self.cut_here.is_some_and(|cuts| cuts.cut(key, by))
    }

    /// A value with unknown slopes in the directions of another member.
    pub(super) fn cut(
        &self,
        (key, mut value): (&Key, Tensor<Jet<F::Element>>),
        by: &Key,
        directions: &[Direction],
    ) -> Result<Tensor<Jet<F::Element>>, Error> {
        let form = value.form();
        for (position, entry) in value.entries_mut().iter_mut().enumerate() {
            let at =
                if key.entry.is_empty() { form.indices(position).into_iter().collect() } else { key.entry.clone() };
            let of = Key { entry: at, ..key.clone() };
            for &Direction { position, infinitesimal } in directions {
                let by = Key { entry: [position as i64].into_iter().collect(), ..by.clone() };
                let slope = unknown(self.jets.field, &of, &by)?;
                *entry = self.jets.move_by(entry, infinitesimal, slope)?;
            }
        }
        Ok(value)
    }
}
