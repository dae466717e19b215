//! What each kind of expression looks like; every layout is accepted by KaTeX and well formed as MathML.

mod operators;
mod scalars;
mod statements;
mod tensors;

use crate::expr::{
    Arena, Big, Branch, Comparison, DerivativeKind, Elementary, Expr, Extremum, Function, Prop, Shape, Slot, SymbolId,
    SymbolKind, Tensor,
};
use crate::number::rational;
use crate::print::{Tree, latex, mathml, text};

/// A form as read: a word, or a list in parentheses.
enum Form {
    Word(String),
    List(Vec<Form>),
}

/// Reads `(+ a (* 2 b))` into an arena. `A`, `B`, `W` are matrices, `u`, `v` vectors, the rest numbers;
/// `(@ h t)` is a member, `(_ W i j)` an entry, `(f' x)` a derivative, `(f.2 x h)` one by the second slot.
fn read(arena: &mut Arena, source: &str) -> Expr {
    let spaced = source.replace('(', " ( ").replace(')', " ) ");
    let mut stack = vec![Vec::new()];
    for word in spaced.split_whitespace() {
        match word {
            "(" => stack.push(Vec::new()),
            ")" => {
                let list = Form::List(stack.pop().unwrap());
                stack.last_mut().unwrap().push(list);
            }
            _ => stack.last_mut().unwrap().push(Form::Word(word.to_owned())),
        }
    }
    let [form] = &stack[0][..] else { panic!("one form, not {source}") };
    build(arena, form)
}

fn word(form: &Form) -> &str {
    let Form::Word(word) = form else { panic!("a word is expected") };
    word
}

fn symbol(arena: &mut Arena, name: &str) -> SymbolId {
    if let Some(known) = arena.find(name) {
        return known;
    }
    let kind = if "nTtkjis".contains(name) { SymbolKind::Integer } else { SymbolKind::Real };
    let id = arena.intern(name, kind);
    let shape = match name {
        "A" | "B" | "W" => {
            let n = read(arena, "n");
            Shape::Matrix(n, n)
        }
        "u" | "v" | "h_v" => Shape::Vector(read(arena, "n")),
        _ => Shape::Scalar,
    };
    arena.declare(id, kind, shape);
    id
}

fn build(arena: &mut Arena, form: &Form) -> Expr {
    let list = match form {
        Form::List(list) => list,
        Form::Word(word) => {
            if let Some((above, below)) = word.split_once('/')
                && let (Ok(above), Ok(below)) = (above.parse(), below.parse())
            {
                return arena.number(rational::fraction(above, below).unwrap());
            }
            return match (word.parse::<i64>(), word.as_str()) {
                (Ok(n), _) => arena.integer(n),
                (_, "pi") => arena.pi(),
                (_, "inf") => arena.infinity(),
                (_, name) => {
                    let id = symbol(arena, name);
                    arena.symbol(id)
                }
            };
        }
    };
    let head = word(&list[0]);
    let rest = &list[1..];
    if let Some(op) = big(head) {
        let letter = symbol(arena, word(&rest[0]));
        let parts: Vec<Expr> = rest[1..].iter().map(|form| build(arena, form)).collect();
        return arena.big(op, letter, parts[0], parts[1], parts[2]);
    }
    match head {
        "@" => {
            let id = symbol(arena, word(&rest[0]));
            let indices = rest[1..].iter().map(|form| build(arena, form)).collect();
            return arena.member(id, indices);
        }
        "sup" | "max_" | "lim" => {
            let letter = symbol(arena, word(&rest[0]));
            let parts: Vec<Expr> = rest[1..].iter().map(|form| build(arena, form)).collect();
            return match head {
                "sup" => arena.extremum(Extremum::Supremum, letter, None, parts[0]),
                "max_" => arena.extremum(Extremum::Supremum, letter, Some((parts[0], parts[1])), parts[2]),
                _ => arena.limit(letter, true, parts[0], parts[1]),
            };
        }
        _ => {}
    }
    let parts: Vec<Expr> = rest.iter().map(|form| build(arena, form)).collect();
    form_of(arena, head, parts)
}

fn big(head: &str) -> Option<Big> {
    match head {
        "sum" => Some(Big::Sum),
        "prod" => Some(Big::Product),
        "asc" => Some(Big::Ascending),
        "desc" => Some(Big::Descending),
        _ => None,
    }
}

fn form_of(arena: &mut Arena, head: &str, parts: Vec<Expr>) -> Expr {
    let tensor = |op: Tensor| move |arena: &mut Arena, parts: Vec<Expr>| arena.tensor(op, parts);
    match head {
        "+" => arena.sum(parts),
        "-" if parts.len() == 1 => arena.negate(parts[0]),
        "-" => arena.subtract(parts[0], parts[1]),
        "*" => arena.product(parts),
        "/" => arena.divide(parts[0], parts[1]),
        "^" => arena.power(parts[0], parts[1]),
        "sqrt" => arena.sqrt(parts[0]),
        "." => arena.matmul(parts),
        "^m" => arena.matrix_power(parts[0], parts[1]),
        "tr" => arena.transpose(parts[0]),
        "_" => arena.entry(parts[0], parts[1..].to_vec()),
        "d" => arena.derivative(DerivativeKind::Total, parts[0], parts[1]),
        "d^" => {
            let shape = arena.shape(parts[1]);
            arena.derivative_of_shape(DerivativeKind::Total, parts[0], parts[1], shape)
        }
        "p" => arena.derivative(DerivativeKind::Partial, parts[0], parts[1]),
        "p+" => arena.derivative(DerivativeKind::Immediate, parts[0], parts[1]),
        "at" => arena.at(parts[0], parts[1], parts[2]),
        "delta" => arena.delta(parts[0], parts[1]),
        "row" => {
            let (one, n) = (arena.one(), arena.integer(parts.len() as i64));
            arena.literal(Shape::Matrix(one, n), parts)
        }
        "col" => {
            let n = arena.integer(parts.len() as i64);
            arena.literal(Shape::Vector(n), parts)
        }
        "eye" => arena.identity(parts[0]),
        "fill" => arena.fill(parts[0], Shape::Vector(parts[1])),
        "unit" => arena.unit(parts[0], parts[1]),
        "cases" => {
            let branch = Branch { condition: Some((Comparison::Less, parts[0], parts[1])), value: parts[2] };
            arena.cases(vec![branch, Branch { condition: None, value: parts[3] }])
        }
        "softmax" => tensor(Tensor::Softmax)(arena, parts),
        "Tr" => tensor(Tensor::Trace)(arena, parts),
        "det" => tensor(Tensor::Determinant)(arena, parts),
        "diag" => tensor(Tensor::Diagonal)(arena, parts),
        "norm" => tensor(Tensor::Norm)(arena, parts),
        "norm1" => tensor(Tensor::Norm1)(arena, parts),
        "norm2" => tensor(Tensor::NormSpectral)(arena, parts),
        "rho" => tensor(Tensor::SpectralRadius)(arena, parts),
        _ => call(arena, head, parts),
    }
}

fn call(arena: &mut Arena, head: &str, parts: Vec<Expr>) -> Expr {
    let name = head.trim_end_matches('\'');
    let mut slots = vec![Slot { argument: 0, entry: Box::default() }; head.len() - name.len()];
    let (name, by) = name.split_once('.').unwrap_or((name, ""));
    slots.extend(by.chars().map(|n| Slot { argument: n as u8 - b'1', entry: Box::default() }));
    let function = match Elementary::named(name) {
        Some(elementary) => Function::Elementary(elementary),
        None => Function::Declared { symbol: arena.intern(name, SymbolKind::Function), indices: Box::default() },
    };
    arena.call(function, slots, parts)
}

#[track_caller]
fn check(source: &str, expected_latex: &str, expected_text: &str) {
    let mut arena = Arena::new();
    let expr = read(&mut arena, source);
    let tree = Tree::of(&arena, expr, &[]);
    assert_eq!(tree.latex(), expected_latex);
    assert_eq!(tree.text(), expected_text);
    check_well_formed(&tree);
}

/// KaTeX accepts the LaTeX, and the elements of the MathML are closed in order.
#[track_caller]
fn check_well_formed(tree: &Tree) {
    let settings = katex::Settings::default();
    let page = katex::render_to_string(&katex::KatexContext::default(), &tree.latex(), &settings);
    assert!(page.is_ok_and(|page| !page.contains("katex-error")), "{}", tree.latex());
    let mathml = tree.mathml();
    let mut open = Vec::new();
    for tag in mathml.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{mathml}"),
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{mathml}");
}
