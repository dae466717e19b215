//! Members of families: from their definition, from the assignment, or moved by a derivative.

use std::collections::HashMap;

use crate::expr::Expr;
use crate::expr::Mixing;
use crate::expr::Node;
use crate::expr::Shape;
use crate::expr::SymbolId;
use crate::model::Argument;
use crate::model::Definition;
use crate::number::Rational;
use crate::numeric::Error;
use crate::numeric::Form;
use crate::numeric::Tensor;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::evaluate::Flow;
use crate::numeric::evaluate::MAX_DEPTH;
use crate::numeric::evaluate::PRODUCTS_IN_A_STEP;
use crate::numeric::evaluate::Stop;
use crate::numeric::evaluate::Task;
use crate::numeric::evaluate::Value;
use crate::numeric::field::Field;
use crate::numeric::jet::Jet;
use crate::numeric::key::Indices;
use crate::numeric::key::Key;
use crate::numeric::scope::Scope;

/// Members with their values.
pub(super) type Members<E> = HashMap<Key, Tensor<Jet<E>>, Mixing>;

/// The values of all members, as they are at first or as they are after one change.
#[derive(Debug)]
pub(super) struct World<E> {
    /// The world that is changed.
    pub(super) parent: usize,
    pub(super) change: Change<E>,
    pub(super) memo: Members<E>,
    /// For how many worlds like it this one stands, in the account of steps.
    pub(super) weight: u64,
    /// How many steps were taken in it and in the worlds within.
    pub(super) steps: u64,
}

impl<E> World<E> {
    /// A world in which nothing is known yet.
    pub(super) fn new(parent: usize, change: Change<E>, weight: u64) -> World<E> {
        World { parent, change, memo: Members::default(), weight, steps: 0 }
    }
}

/// How a world differs from its parent.
#[derive(Debug)]
pub(super) enum Change<E> {
    /// It has no parent.
    None,
    /// Entries of a member are moved, each by an infinitesimal of its own, and what follows them by definition.
    Moved { symbol: SymbolId, indices: Indices, directions: Vec<Direction>, hold: Hold },
    /// A member, or an entry of one, has another value, and what follows it by definition.
    Replaced { key: Key, value: Tensor<Jet<E>>, hold: Hold },
}

/// An entry of a member, and the infinitesimal that it is moved by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direction {
    pub(super) position: usize,
    pub(super) infinitesimal: u64,
}

/// Which members of defined families do not follow.
#[derive(Debug, Clone)]
pub(super) enum Hold {
    /// All follow.
    Nothing,
    /// Those at other indices than these stay.
    Others(Indices),
    /// All that have an index stay.
    Indexed,
}

impl<'a, F: Field> Evaluator<'a, F> {
    /// The value of a member, whose whole has this form.
    pub(super) fn member(&mut self, key: Key, form: Form) -> Flow<Value<F>> {
        if let Some(value) = self.remembered(&key) {
            return Ok(value.clone());
        }
        if self.depth >= MAX_DEPTH {
            return Err(Stop::Deep(Task::Member { world: self.world, key, form }));
        }
        self.depth += 1;
        let value = self.find(&key, form);
        self.depth -= 1;
        let value = value?;
        self.worlds[self.world].memo.insert(key, value.clone());
        Ok(value)
    }

    /// The value of a member that was worked out in this world before.
    pub(super) fn remembered(&self, key: &Key) -> Option<&Value<F>> {
        self.worlds[self.world].memo.get(key)
    }

    fn find(&mut self, key: &Key, form: Form) -> Flow<Value<F>> {
        let world = &self.worlds[self.world];
        let parent = world.parent;
        match &world.change {
            Change::Moved { symbol, indices, directions, .. } if key.is_of(*symbol, indices) => {
                let directions = directions.clone();
                let value = self.member_in(parent, key.clone(), form)?;
                return self.moved(value, key, form, &directions);
            }
            Change::Moved { symbol, indices, directions, .. }
                if self.cut_here.is_some() && self.is_cut(key, &Key::of(*symbol, indices.clone())) =>
            {
                let (by, directions) = (Key::of(*symbol, indices.clone()), directions.clone());
                let value = self.member_in(parent, key.clone(), form)?;
                return Ok(self.cut((key, value), &by, &directions)?);
            }
            Change::Replaced { key: own, value, .. } if key.is_of(own.symbol, &own.indices) => {
                let (own, value) = (own.clone(), value.clone());
                return self.replaced(&own, value, key, form);
            }
            Change::Moved { hold, .. } | Change::Replaced { hold, .. } if self.is_held(hold, key) => {
                return self.member_in(parent, key.clone(), form);
            }
            Change::None | Change::Moved { .. } | Change::Replaced { .. } => {}
        }
        match self.definition_of(key)? {
            Some((definition, scope)) if !definition.components.is_empty() => {
                self.by_components(definition, scope, key, form)
            }
            Some((definition, mut scope)) if key.entry.is_empty() => {
                let value = self.eval(&mut scope, definition.body)?;
                Ok(self.named(fit(value, form)?))
            }
            None if key.entry.is_empty() && self.world != 0 => self.member_in(parent, key.clone(), form),
            None if key.entry.is_empty() => {
                let value = self.given(key, form)?;
                Ok(self.named(value))
            }
            Some(_) | None => {
                let (whole, position) = (key.whole(), form.position(&key.entry)?);
                if self.remembered(&whole).is_none() {
                    self.member(whole.clone(), form)?;
                }
                let entry = self.remembered(&whole).and_then(|whole| whole.entries().get(position).cloned());
                Ok(Tensor::Scalar(entry.ok_or(Error::Misfit("an entry of a member"))?))
            }
        }
    }

    fn member_in(&mut self, world: usize, key: Key, form: Form) -> Flow<Value<F>> {
        let here = std::mem::replace(&mut self.world, world);
        let value = self.member(key, form);
        self.world = here;
        value
    }

    fn moved(&self, mut value: Value<F>, key: &Key, form: Form, directions: &[Direction]) -> Flow<Value<F>> {
        let only = if key.entry.is_empty() { None } else { Some(form.position(&key.entry)?) };
        for &Direction { position, infinitesimal } in directions {
            let at = match only {
                None => position,
                Some(only) if only == position => 0,
                Some(_) => continue,
            };
            let entry = value.entries_mut().get_mut(at).ok_or(Error::Misfit("an entry of a member"))?;
            *entry = self.jets.perturb(entry, infinitesimal)?;
        }
        Ok(value)
    }

    fn is_held(&self, hold: &Hold, key: &Key) -> bool {
        let family = !key.indices.is_empty() && self.model.is_defined(key.symbol);
        match hold {
            Hold::Nothing => false,
            Hold::Others(indices) => family && key.indices != *indices,
            Hold::Indexed => family,
        }
    }

    fn replaced(&mut self, own: &Key, value: Value<F>, key: &Key, form: Form) -> Flow<Value<F>> {
        if own.entry == key.entry {
            return Ok(value);
        }
        if own.entry.is_empty() {
            return Ok(Tensor::Scalar(fit(value, form)?.entries()[form.position(&key.entry)?].clone()));
        }
        let parent = self.worlds[self.world].parent;
        let mut before = self.member_in(parent, key.clone(), form)?;
        if let (true, Some(value)) = (key.entry.is_empty(), value.as_scalar()) {
            before.entries_mut()[form.position(&own.entry)?] = value.clone();
        }
        Ok(before)
    }

    /// The definition that holds for a member, with the letters of its left side; the most special one wins.
    pub(super) fn definition_of(&mut self, key: &Key) -> Flow<Option<(&'a Definition, Scope<F::Element>)>> {
        let model = self.model;
        self.definition_among(&model.definitions, key)
    }

    fn definition_among(
        &mut self,
        definitions: &'a [Definition],
        key: &Key,
    ) -> Flow<Option<(&'a Definition, Scope<F::Element>)>> {
        let mut best: Option<(usize, &'a Definition, Scope<F::Element>)> = None;
        for definition in definitions.iter().filter(|definition| definition.symbol == key.symbol) {
            let Some((n_values, letters)) = self.unify(definition, key)? else {
                continue;
            };
            if best.as_ref().is_some_and(|(n_best, ..)| *n_best >= n_values) {
                continue;
            }
            let mut scope = Scope::new(letters);
            let knows_components = definition.components.is_empty() || !key.entry.is_empty();
            let holds = match knows_components {
                true => self.all_hold(&mut scope, &definition.range)?,
                false => self.holds_of_whole(&mut scope, definition)?,
            };
            if !holds {
                continue;
            }
            best = Some((n_values, definition, scope));
        }
        Ok(best.map(|(_, definition, scope)| (definition, scope)))
    }

    /// Whether a definition by components holds of a member as a whole: what its range says of the components is left out.
    fn holds_of_whole(&mut self, scope: &mut Scope<F::Element>, definition: &Definition) -> Flow<bool> {
        let arena = self.arena;
        let is_component = |&part: &Expr| matches!(arena.node(part), Node::Symbol { symbol, .. } if definition.components.contains(symbol));
        for prop in &definition.range {
            if !arena.reachable(&prop.expressions()).iter().any(is_component) && !self.holds(scope, prop)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The letters of the left side where it fits, and how many of its indices are values.
    fn unify(&self, definition: &Definition, key: &Key) -> Result<Option<(usize, Vec<(SymbolId, i64)>)>, Error> {
        if definition.indices.len() != key.indices.len() {
            return Ok(None);
        }
        let (mut n_values, mut letters) = (0, Vec::new());
        for (argument, &index) in definition.indices.iter().zip(key.indices.iter()) {
            match argument {
                Argument::Letter(letter) => letters.push((*letter, index)),
                Argument::Value(value) if self.value_of_index(*value)? == Some(index) => n_values += 1,
                Argument::Value(_) => return Ok(None),
            }
        }
        if definition.components.len() == key.entry.len() {
            letters.extend(definition.components.iter().copied().zip(key.entry.iter().copied()));
        }
        Ok(Some((n_values, letters)))
    }

    /// What an index on a left side is worth, such as the last time `T`.
    fn value_of_index(&self, index: Expr) -> Result<Option<i64>, Error> {
        match self.arena.as_integer(index) {
            Some(value) => Ok(Some(value)),
            None => self.integer(&Scope::new(Vec::new()), index),
        }
    }

    fn by_components(
        &mut self,
        definition: &'a Definition,
        mut scope: Scope<F::Element>,
        key: &Key,
        form: Form,
    ) -> Flow<Value<F>> {
        if key.entry.is_empty() {
            return Tensor::build(form, |position| {
                let part = Key { entry: form.indices(position).into_iter().collect(), ..key.clone() };
                let value = self.member(part, form)?;
                value.as_scalar().cloned().ok_or(Stop::Fail(Error::Misfit("a component that is no number")))
            });
        }
        form.position(&key.entry)?;
        let value = self.eval(&mut scope, definition.body)?;
        Ok(self.named(value))
    }

    /// A member of the first world under its name.
    fn named(&self, mut value: Value<F>) -> Value<F> {
        if self.world == 0 {
            for entry in value.entries_mut() {
                if let Some(named) = self.jets.field.named(&entry.value) {
                    entry.value = named;
                }
            }
        }
        value
    }

    /// The value of a given, or of the start of a recurrence: what an assumption says of it, or what is assigned.
    fn given(&mut self, key: &Key, form: Form) -> Flow<Value<F>> {
        self.check_range(key)?;
        let model = self.model;
        match self.definition_among(&model.values, key)? {
            Some((definition, mut scope)) => {
                let value = self.eval(&mut scope, definition.body)?;
                Ok(fit(value, form)?)
            }
            None => Ok(self.assigned(key, form)?),
        }
    }

    fn assigned(&mut self, key: &Key, form: Form) -> Result<Value<F>, Error> {
        let place = key.listed();
        let listed = self.assignment.values.get(&place);
        let value = match (listed, self.assignment.fallback) {
            (Some(value), _) if value.form() == form => value.clone(),
            (Some(_), _) => return Err(Error::Misfit("the value of a given")),
            (None, Some(fallback)) => fallback.member(key.symbol, &key.indices, form),
            (None, None) => return Err(Error::Missing(place.0, place.1)),
        };
        let is_listed = listed.is_some();
        // All of it is taken over, also where one entry is asked for.
        self.steps += value.entries().len() as u64 / PRODUCTS_IN_A_STEP;
        let here =
            value.map(|entry: &Rational| if is_listed { self.jets.rational(entry) } else { self.jets.given(entry) });
        self.used.insert(place, value);
        here
    }

    /// Whether a given is one of the members that are declared.
    pub(super) fn check_range(&mut self, key: &Key) -> Result<(), Error> {
        let Some(declaration) = self.model.declarations.get(&key.symbol) else {
            return Ok(());
        };
        if declaration.range.is_empty() || declaration.indices.len() != key.indices.len() {
            return Ok(());
        }
        let letters = declaration.indices.iter().copied().zip(key.indices.iter().copied()).collect();
        match self.all_hold(&mut Scope::new(letters), &declaration.range) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Undefined("a member of a family outside of its range")),
            Err(Stop::Fail(error)) => Err(error),
            Err(Stop::Deep(_)) => Err(Error::Unsupported("the range of a family that depends on a recurrence")),
        }
    }

    /// The sizes of a shape as numbers.
    pub(super) fn form(&self, scope: &Scope<F::Element>, shape: Shape) -> Result<Form, Error> {
        let size = |size| {
            let size = self.index(scope, size)?;
            usize::try_from(size).map_err(|_| Error::Undefined("a size below 0"))
        };
        let form = match shape {
            Shape::Scalar => Form::Scalar,
            Shape::Vector(n) => Form::Vector(size(n)?),
            Shape::Matrix(m, n) => Form::Matrix(size(m)?, size(n)?),
        };
        if form.len() > crate::numeric::evaluate::MAX_RANGE as usize { Err(Error::TooLarge) } else { Ok(form) }
    }
}

/// A value in the form that is wanted: numbers fill tensors, and a row or a column of the same length is the vector.
pub(super) fn fit<E: Clone>(value: Tensor<E>, form: Form) -> Result<Tensor<E>, Error> {
    if value.form() == form {
        return Ok(value);
    }
    if let Tensor::Scalar(number) = &value {
        return Tensor::build(form, |_| Ok(number.clone()));
    }
    let (have, want) = (value.form().rows_and_columns(), form.rows_and_columns());
    let is_line = |(rows, columns): (usize, usize)| rows == 1 || columns == 1;
    if !(is_line(have) && is_line(want)) {
        return Err(Error::Misfit("the two sides of a definition"));
    }
    Tensor::from_entries(form, value.into_entries()).ok_or(Error::Misfit("the two sides of a definition"))
}
