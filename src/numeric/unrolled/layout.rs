//! Where each node lies in the buffer, and the steps of the tape.

use std::collections::BTreeMap;

use crate::numeric::unrolled::batch::Graph;
use crate::numeric::unrolled::batch::Group;
use crate::numeric::unrolled::kernel::Grid;
use crate::numeric::unrolled::program::Factor;
use crate::numeric::unrolled::program::Id;
use crate::numeric::unrolled::program::Op;
use crate::numeric::unrolled::program::Program;

/// One step of the tape.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// An operation that is no product of matrices.
    Node(Id),
    /// `out = a b`, of several columns where products are carried out at once.
    Product(Product),
    /// On the way back only: what a matrix gets from its products by columns, all at once.
    Outer(Outer),
}

/// A product of matrices.
#[derive(Debug, Clone)]
pub(super) struct Product {
    pub(super) a: Grid,
    pub(super) b: Grid,
    pub(super) out: Grid,
    /// Whether the step passes an adjoint on to the first factor; to one that meets columns an [`Outer`] does.
    pub(super) to_a: bool,
    /// Whether it passes one on to the second.
    pub(super) to_b: bool,
}

/// The products of one matrix by several columns.
#[derive(Debug, Clone)]
pub(super) struct Outer {
    /// Whether the matrix is the transpose of what is stored.
    pub(super) is_transposed: bool,
    /// The matrix as it is stored.
    pub(super) matrix: Grid,
    pub(super) x: Grid,
    pub(super) out: Grid,
}

/// The place of every live node and the steps in order.
pub(super) struct Layout {
    pub(super) at: Vec<usize>,
    pub(super) len: usize,
    pub(super) steps: Vec<Step>,
}

impl Layout {
    /// Members of one family follow each other, and so do the products of one matrix: then many columns are one matrix.
    pub(super) fn new(program: &Program, graph: &Graph, families: impl Iterator<Item = Id>) -> Layout {
        let groups = graph.groups(program);
        let mut layout = Layout { at: vec![usize::MAX; program.nodes.len()], len: 0, steps: Vec::new() };
        families.filter(|&id| graph.is_live[id]).for_each(|id| layout.place(program, id));
        for id in groups.iter().flat_map(|group| &group.members) {
            layout.place(program, *id);
        }
        (0..program.nodes.len()).filter(|&id| graph.is_live[id]).for_each(|id| layout.place(program, id));
        let mut outers: BTreeMap<Id, Vec<Outer>> = BTreeMap::new();
        for group in groups.iter().filter(|group| graph.is_active[group.matrix.node]) {
            let own = layout.runs(program, graph, group).into_iter().map(|run| layout.outer(group.matrix, &run));
            outers.entry(group.matrix.node).or_default().extend(own);
        }
        let order = graph.order(&groups).expect("batches that would wait for each other are none");
        for unit in order {
            layout.push_unit(program, graph, &groups, &unit);
            let own = unit.iter().filter_map(|id| outers.remove(id)).flatten();
            layout.steps.extend(own.map(Step::Outer));
        }
        layout
    }

    fn place(&mut self, program: &Program, id: Id) {
        if self.at[id] == usize::MAX {
            self.at[id] = self.len;
            self.len += program.len_of(id);
        }
    }

    fn push_unit(&mut self, program: &Program, graph: &Graph, groups: &[Group], unit: &[Id]) {
        if let Some(group) = groups.iter().find(|group| group.is_batch && group.members == unit) {
            let runs = self.runs(program, graph, group);
            let products = runs.iter().map(|run| Step::Product(self.product(group.matrix, run)));
            return self.steps.extend(products.collect::<Vec<_>>());
        }
        for &id in unit {
            if let Op::MatMul(a, b) = program.nodes[id].op {
                self.steps.push(Step::Product(self.single(graph, id, a, b)));
            } else if !matches!(program.nodes[id].op, Op::Input(_) | Op::Constant(_)) {
                self.steps.push(Step::Node(id));
            }
        }
    }

    fn single(&self, graph: &Graph, id: Id, a: Factor, b: Factor) -> Product {
        let out = Grid::by_rows(self.at[id], (a.size().0, b.size().1));
        let meets_columns = b.size().1 == 1 && a.size().0 > 1;
        let (to_a, to_b) = (graph.is_active[a.node] && !meets_columns, graph.is_active[b.node]);
        Product { a: self.grid(a), b: self.grid(b), out, to_a, to_b }
    }

    fn grid(&self, factor: Factor) -> Grid {
        let grid = Grid::by_rows(self.at[factor.node], factor.stored);
        if factor.is_transposed { grid.transposed() } else { grid }
    }

    fn product(&self, a: Factor, run: &Run) -> Product {
        let (b, out) = run.grids(a);
        Product { a: self.grid(a), b, out, to_a: false, to_b: run.is_active }
    }

    fn outer(&self, factor: Factor, run: &Run) -> Outer {
        let (x, out) = run.grids(factor);
        let matrix = Grid::by_rows(self.at[factor.node], factor.stored);
        Outer { is_transposed: factor.is_transposed, matrix, x, out }
    }

    /// The products of a matrix by columns, cut where columns or products are no longer at equal distances.
    fn runs(&self, program: &Program, graph: &Graph, group: &Group) -> Vec<Run> {
        let pair = |&id: &Id| {
            let Op::MatMul(_, b) = program.nodes[id].op else { return None };
            Some((self.at[b.node], self.at[id], graph.is_active[b.node]))
        };
        let mut pairs: Vec<(usize, usize, bool)> = group.members.iter().filter_map(pair).collect();
        pairs.sort_unstable();
        let mut runs: Vec<Run> = Vec::new();
        for (x, out, is_active) in pairs {
            match runs.last_mut() {
                Some(run) if run.takes(group.matrix, (x, out), self.at[group.matrix.node]) => {
                    run.push((x, out), is_active);
                }
                _ => runs.push(Run { first: (x, out), stride: (0, 0), count: 1, is_active }),
            }
        }
        runs
    }
}

/// Columns at equal distances, and the products by them.
struct Run {
    /// Where the first column and its product lie.
    first: (usize, usize),
    stride: (usize, usize),
    count: usize,
    /// Whether some column follows a variable.
    is_active: bool,
}

impl Run {
    /// Whether the column and the product at these places come next, and none of the parts would meet another.
    fn takes(&self, matrix: Factor, at: (usize, usize), matrix_at: usize) -> bool {
        let (rows, columns) = matrix.size();
        let expected = (self.first.0 + self.count * self.stride.0, self.first.1 + self.count * self.stride.1);
        let is_next = if self.count == 1 {
            at.0 >= self.first.0 + columns && at.1 >= self.first.1 + rows
        } else {
            at == expected
        };
        let parts =
            [(self.first.0, at.0 + columns), (self.first.1, at.1 + rows), (matrix_at, matrix_at + rows * columns)];
        let apart = |a: (usize, usize), b: (usize, usize)| a.1 <= b.0 || b.1 <= a.0;
        is_next && apart(parts[0], parts[1]) && apart(parts[1], parts[2]) && apart(parts[0], parts[2])
    }

    fn push(&mut self, at: (usize, usize), is_active: bool) {
        if self.count == 1 {
            self.stride = (at.0 - self.first.0, at.1 - self.first.1);
        }
        self.count += 1;
        self.is_active |= is_active;
    }

    /// The columns and the products as matrices.
    fn grids(&self, matrix: Factor) -> (Grid, Grid) {
        let (rows, columns) = matrix.size();
        let grid = |at: usize, stride: usize, rows: usize| Grid::by_columns(at, (rows, self.count), stride.max(rows));
        (grid(self.first.0, self.stride.0, columns), grid(self.first.1, self.stride.1, rows))
    }
}
