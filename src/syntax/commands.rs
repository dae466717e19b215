//! The commands of LaTeX that are understood, in one table.
//!
//! To teach the reader a command, add its name to the row with its meaning. What a command does is decided
//! where its meaning is matched, in `token` and `parse`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::ast::Connective;
use super::ast::Relation;
use super::ast::Sign;
use super::ast::Times;

/// What a command means to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A letter or a sign that is an operand; its name is the command.
    Letter,
    /// The letter, sign or command that is written differently.
    Alias(&'static str),
    /// The name of a function, without the backslash.
    Name,
    /// A big operator, without the backslash.
    Big,
    /// `\dots` and its kin.
    Dots,
    /// A relation.
    Relation(Relation),
    /// A sign between factors.
    Times(Times),
    /// A sign between terms.
    Sign(Sign),
    /// A connective between statements.
    Connective(Connective),
    /// `\neg`.
    Negation,
    /// `\not`, which turns the relation after it.
    Not,
    /// `\forall`.
    Forall,
    /// `\exists`.
    Exists,
    /// An opening fence, by its canonical name.
    Open(&'static str),
    /// A closing fence, by its canonical name.
    Close(&'static str),
    /// A fence that opens or closes.
    Bar(&'static str),
    /// `\mid`.
    Mid,
    /// `\left` and its kin, which take the fence after them.
    Sized(Sized),
    /// `\big` and its kin before a fence.
    Size(Side),
    /// A font for the argument.
    Font(Font),
    /// A font for the rest of the group.
    Switch(Font),
    /// An accent on the argument, by its canonical name.
    Accent(&'static str),
    /// A brace or a line through the argument, which may carry a note.
    Decoration,
    /// `\cancelto{note}{body}`.
    CancelTo,
    /// A command that shows its one argument and says nothing about it.
    Wrapper,
    /// `\frac`.
    Frac,
    /// `{a \over b}`.
    Over,
    /// `\sqrt`.
    Sqrt,
    /// `\binom`.
    Binom,
    /// `{a \choose b}`.
    Choose,
    /// One thing above or below another.
    Stack(Stack),
    /// `\substack`.
    Substack,
    /// `'`.
    Prime,
    /// A narrow space.
    Thin,
    /// A wide space.
    Wide,
    /// Nothing.
    Skip,
    /// The end of a row.
    Row,
    /// A character as text.
    Character,
    /// A command of LaTeX that says nothing that can be derived or checked here.
    Foreign,
    /// A command whose argument is taken as raw text.
    Raw(RawCommand),
    /// A command that defines another.
    Definition(Definition),
}

/// `\left` and its kin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sized {
    /// `\left`
    Left,
    /// `\right`
    Right,
    /// `\middle`
    Middle,
}

/// What is done with an argument that is taken as raw text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RawCommand {
    /// It is words.
    Text(Font),
    /// It is the name of a function: `\operatorname`.
    OperatorName,
    /// It is the width of a wide space.
    Space,
    /// It is skipped.
    Skip,
    /// It is skipped, and so is another one.
    SkipTwo,
    /// It is skipped, and a row ends: `\intertext`.
    Intertext,
    /// It is the name of an environment that begins.
    Begin,
    /// It is the name of an environment that ends.
    End,
}

/// A way to define a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Definition {
    /// `\newcommand` and its kin.
    NewCommand,
    /// `\def`
    Def,
    /// `\let`
    Let,
    /// `\DeclareMathOperator`
    Operator,
}

/// On which side of what it encloses a sized fence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// `\bigl`
    Left,
    /// `\bigr`
    Right,
    /// `\bigm`
    Middle,
    /// `\big`
    Either,
}

/// A font, as far as names tell fonts apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Font {
    /// Upright: several letters are one name, a single one is a letter of its own.
    Roman,
    /// Italic, as letters are anyway: several letters are one name.
    Italic,
    /// Sans serif: several letters are one name.
    Sans,
    /// Typewriter: several letters are one name.
    Mono,
    /// Upright bold: each letter for itself.
    Bold,
    /// Bold italic: each letter for itself.
    BoldItalic,
    /// Blackboard: each letter for itself.
    Blackboard,
    /// Calligraphic: each letter for itself.
    Calligraphic,
    /// Script: each letter for itself.
    Script,
    /// Fraktur: each letter for itself.
    Fraktur,
}

/// Which of the two arguments of a stack is the small one, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stack {
    /// `\overset{small}{large}`, `\stackrel{small}{large}`
    Above,
    /// `\underset{small}{large}`
    Below,
}

/// Functions of numbers.
const FUNCTIONS: &str =
    r"\log \ln \lg \exp \sin \cos \tan \cot \sec \csc \arcsin \arccos \arctan \sinh \cosh \tanh \coth \erf \sign \sgn";

const TABLE: &[(Meaning, &str)] = &[
    (Meaning::Letter, r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa"),
    (Meaning::Letter, r"\varkappa \lambda \mu \nu \xi \omicron \pi \varpi \rho \varrho \sigma \varsigma \tau"),
    (Meaning::Letter, r"\upsilon \phi \varphi \chi \psi \omega \digamma"),
    (Meaning::Letter, r"\Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega"),
    (Meaning::Letter, r"\varGamma \varDelta \varTheta \varLambda \varXi \varPi \varSigma \varPhi \varPsi \varOmega"),
    (Meaning::Letter, r"\ell \hbar \imath \jmath \Re \Im \wp \aleph \beth \eth \mho"),
    (Meaning::Letter, r"\partial \nabla \infty \top \bot \emptyset \dagger \ddagger \angle \degree"),
    (Meaning::Letter, r"\triangle \square \blacksquare \diamond \natural \flat \sharp \checkmark"),
    (Meaning::Alias(r"\emptyset"), r"\varnothing"),
    (Meaning::Alias(r"\top"), r"\intercal"),
    (Meaning::Alias(r"\hbar"), r"\hslash"),
    (Meaning::Alias(r"\square"), r"\Box"),
    (Meaning::Alias("A"), r"\Alpha"),
    (Meaning::Alias("B"), r"\Beta"),
    (Meaning::Alias("E"), r"\Epsilon"),
    (Meaning::Alias("Z"), r"\Zeta"),
    (Meaning::Alias("H"), r"\Eta"),
    (Meaning::Alias("I"), r"\Iota"),
    (Meaning::Alias("K"), r"\Kappa"),
    (Meaning::Alias("M"), r"\Mu"),
    (Meaning::Alias("N"), r"\Nu"),
    (Meaning::Alias("P"), r"\Rho"),
    (Meaning::Alias("T"), r"\Tau"),
    (Meaning::Alias("X"), r"\Chi"),
    (Meaning::Alias(r"\mathbb{R}"), r"\R \reals \Reals"),
    (Meaning::Alias(r"\mathbb{N}"), r"\N \natnums"),
    (Meaning::Alias(r"\mathbb{Z}"), r"\Z"),
    (Meaning::Alias(r"\mathbb{C}"), r"\Complex \cnums"),
    (Meaning::Name, FUNCTIONS),
    (Meaning::Name, r"\det \dim \ker \deg \gcd \hom \arg \Pr \max \min \sup \inf \lim \limsup \liminf"),
    (Meaning::Name, r"\argmax \argmin \tr \Tr \diag \rank"),
    (Meaning::Big, r"\sum \prod \coprod \int \iint \iiint \oint \bigcup \bigcap"),
    (Meaning::Big, r"\bigodot \bigoplus \bigotimes \bigwedge \bigvee"),
    (Meaning::Dots, r"\dots \cdots \ldots \vdots \ddots"),
    (Meaning::Alias(r"\cdots"), r"\dotsb \dotsm \dotsi"),
    (Meaning::Alias(r"\ldots"), r"\dotsc \dotso \mathellipsis"),
    (Meaning::Times(Times::Dot), r"\cdot \bullet \centerdot"),
    (Meaning::Times(Times::Star), r"\ast \star"),
    (Meaning::Times(Times::Cross), r"\times"),
    (Meaning::Times(Times::Odot), r"\odot"),
    (Meaning::Times(Times::Oslash), r"\oslash"),
    (Meaning::Times(Times::Circ), r"\circ \bigcirc"),
    (Meaning::Times(Times::Otimes), r"\otimes"),
    (Meaning::Times(Times::Slash), r"\div \slash"),
    (Meaning::Sign(Sign::PlusMinus), r"\pm"),
    (Meaning::Sign(Sign::MinusPlus), r"\mp"),
    (Meaning::Sign(Sign::Oplus), r"\oplus"),
    (Meaning::Connective(Connective::Implies), r"\implies \Rightarrow \Longrightarrow"),
    (Meaning::Connective(Connective::ImpliedBy), r"\impliedby \Leftarrow \Longleftarrow"),
    (Meaning::Connective(Connective::Iff), r"\iff \Leftrightarrow \Longleftrightarrow"),
    (Meaning::Connective(Connective::And), r"\land \wedge"),
    (Meaning::Connective(Connective::Or), r"\lor \vee"),
    (Meaning::Negation, r"\neg \lnot"),
    (Meaning::Not, r"\not"),
    (Meaning::Forall, r"\forall"),
    (Meaning::Exists, r"\exists"),
    (Meaning::Open("("), r"\lparen"),
    (Meaning::Close(")"), r"\rparen"),
    (Meaning::Open("["), r"\lbrack"),
    (Meaning::Close("]"), r"\rbrack"),
    (Meaning::Open(r"\{"), r"\{ \lbrace"),
    (Meaning::Close(r"\}"), r"\} \rbrace"),
    (Meaning::Open("|"), r"\lvert"),
    (Meaning::Close("|"), r"\rvert"),
    (Meaning::Open(r"\|"), r"\lVert"),
    (Meaning::Close(r"\|"), r"\rVert"),
    (Meaning::Open(r"\langle"), r"\langle"),
    (Meaning::Close(r"\rangle"), r"\rangle"),
    (Meaning::Open(r"\lfloor"), r"\lfloor"),
    (Meaning::Close(r"\rfloor"), r"\rfloor"),
    (Meaning::Open(r"\lceil"), r"\lceil"),
    (Meaning::Close(r"\rceil"), r"\rceil"),
    (Meaning::Bar("|"), r"\vert"),
    (Meaning::Bar(r"\|"), r"\| \Vert \parallel"),
    (Meaning::Mid, r"\mid"),
    (Meaning::Sized(Sized::Left), r"\left"),
    (Meaning::Sized(Sized::Right), r"\right"),
    (Meaning::Sized(Sized::Middle), r"\middle"),
    (Meaning::Size(Side::Either), r"\big \Big \bigg \Bigg"),
    (Meaning::Size(Side::Left), r"\bigl \Bigl \biggl \Biggl"),
    (Meaning::Size(Side::Right), r"\bigr \Bigr \biggr \Biggr"),
    (Meaning::Size(Side::Middle), r"\bigm \Bigm \biggm \Biggm"),
    (Meaning::Font(Font::Roman), r"\mathrm \mathup \mathsc"),
    (Meaning::Font(Font::Italic), r"\mathit \mathnormal"),
    (Meaning::Font(Font::Sans), r"\mathsf"),
    (Meaning::Font(Font::Mono), r"\mathtt"),
    (Meaning::Font(Font::Bold), r"\mathbf"),
    (Meaning::Font(Font::BoldItalic), r"\boldsymbol \bm \pmb \bold \symbf \mathbfit"),
    (Meaning::Font(Font::Blackboard), r"\mathbb \Bbb \mathbbm \mathds"),
    (Meaning::Font(Font::Calligraphic), r"\mathcal"),
    (Meaning::Font(Font::Script), r"\mathscr"),
    (Meaning::Font(Font::Fraktur), r"\mathfrak"),
    (Meaning::Switch(Font::Roman), r"\rm"),
    (Meaning::Switch(Font::Italic), r"\it"),
    (Meaning::Switch(Font::Sans), r"\sf"),
    (Meaning::Switch(Font::Mono), r"\tt"),
    (Meaning::Switch(Font::Bold), r"\bf"),
    (Meaning::Switch(Font::Calligraphic), r"\cal"),
    (Meaning::Accent("hat"), r"\hat \widehat"),
    (Meaning::Accent("tilde"), r"\tilde \widetilde"),
    (Meaning::Accent("bar"), r"\bar"),
    (Meaning::Accent("vec"), r"\vec"),
    (Meaning::Accent("dot"), r"\dot"),
    (Meaning::Accent("ddot"), r"\ddot"),
    (Meaning::Accent("check"), r"\check \widecheck"),
    (Meaning::Accent("breve"), r"\breve"),
    (Meaning::Accent("acute"), r"\acute"),
    (Meaning::Accent("grave"), r"\grave"),
    (Meaning::Accent("mathring"), r"\mathring"),
    (Meaning::Accent("overline"), r"\overline"),
    (Meaning::Accent("underline"), r"\underline"),
    (Meaning::Accent("overrightarrow"), r"\overrightarrow"),
    (Meaning::Accent("overleftarrow"), r"\overleftarrow"),
    (Meaning::Accent("overleftrightarrow"), r"\overleftrightarrow"),
    (Meaning::Decoration, r"\underbrace \overbrace \underbracket \overbracket \cancel \bcancel \xcancel \sout"),
    (Meaning::CancelTo, r"\cancelto"),
    (Meaning::Wrapper, r"\boxed \fbox \mathop \mathbin \mathrel \mathord \mathopen \mathclose \mathpunct \mathinner"),
    (Meaning::Wrapper, r"\smash \ensuremath"),
    (Meaning::Frac, r"\frac \dfrac \tfrac \cfrac \nicefrac \sfrac"),
    (Meaning::Over, r"\over"),
    (Meaning::Sqrt, r"\sqrt"),
    (Meaning::Binom, r"\binom \dbinom \tbinom"),
    (Meaning::Choose, r"\choose"),
    (Meaning::Stack(Stack::Above), r"\overset \stackrel"),
    (Meaning::Stack(Stack::Below), r"\underset"),
    (Meaning::Substack, r"\substack"),
    (Meaning::Raw(RawCommand::Text(Font::Roman)), r"\text \textrm \textnormal \textup \textsc \mbox \hbox \mathtext"),
    (Meaning::Raw(RawCommand::Text(Font::Italic)), r"\textit \emph \textsl"),
    (Meaning::Raw(RawCommand::Text(Font::Bold)), r"\textbf"),
    (Meaning::Raw(RawCommand::Text(Font::Sans)), r"\textsf"),
    (Meaning::Raw(RawCommand::Text(Font::Mono)), r"\texttt"),
    (Meaning::Raw(RawCommand::OperatorName), r"\operatorname \operatornamewithlimits"),
    (Meaning::Prime, r"\prime"),
    (Meaning::Thin, r"\, \: \; \! \> \  \thinspace \medspace \thickspace \negthinspace \enspace \space \nobreakspace"),
    (Meaning::Wide, r"\quad \qquad"),
    (Meaning::Raw(RawCommand::Space), r"\hspace \hskip \mspace"),
    (Meaning::Skip, r"\displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \nonumber \notag"),
    (Meaning::Skip, r"\mathstrut \strut \hline \hfill \hfil \centering \allowbreak \nobreak \break \noindent \null"),
    (Meaning::Skip, r"\small \large \Large \LARGE \footnotesize \scriptsize \normalsize \tiny \boldmath \relax \/"),
    (
        Meaning::Raw(RawCommand::Skip),
        r"\label \vspace \phantom \hphantom \vphantom \cline \kern \mkern \eqno \setlength",
    ),
    (Meaning::Raw(RawCommand::Skip), r"\tag"),
    (Meaning::Raw(RawCommand::SkipTwo), r"\rule \raisebox"),
    (Meaning::Raw(RawCommand::Skip), r"\color"),
    (Meaning::Raw(RawCommand::Skip), r"\textcolor \colorbox"),
    (Meaning::Row, r"\newline \cr \linebreak"),
    (Meaning::Raw(RawCommand::Intertext), r"\intertext \shortintertext"),
    (Meaning::Raw(RawCommand::Begin), r"\begin"),
    (Meaning::Raw(RawCommand::End), r"\end"),
    (Meaning::Character, r"\% \$ \# \& \_"),
    (
        Meaning::Foreign,
        r"\cup \cap \setminus \smallsetminus \uplus \sqcup \sqcap \bigsqcup \ni \owns \supset \supseteq \subsetneq",
    ),
    (
        Meaning::Foreign,
        r"\prec \succ \preceq \succeq \preccurlyeq \succcurlyeq \cong \asymp \lesssim \gtrsim \models \vdash",
    ),
    (
        Meaning::Foreign,
        r"\ominus \boxplus \boxtimes \wr \amalg \ltimes \rtimes \bowtie \leftrightarrow \hookrightarrow",
    ),
    (
        Meaning::Foreign,
        r"\uparrow \downarrow \nearrow \searrow \rightleftharpoons \xrightarrow \xleftarrow \nleq \ngeq",
    ),
    (Meaning::Foreign, r"\therefore \because \ref \eqref \cite \href \includegraphics"),
    (Meaning::Definition(Definition::NewCommand), r"\newcommand \renewcommand \providecommand"),
    (Meaning::Definition(Definition::Def), r"\def \gdef \xdef \edef"),
    (Meaning::Definition(Definition::Let), r"\let"),
    (Meaning::Definition(Definition::Operator), r"\DeclareMathOperator"),
];

static COMMANDS: LazyLock<BTreeMap<&'static str, Meaning>> = LazyLock::new(|| {
    let mut commands = BTreeMap::new();
    let relations = Relation::commands().map(|(relation, names)| (Meaning::Relation(relation), names));
    for (meaning, names) in TABLE.iter().copied().chain(relations) {
        for name in names.split(' ').filter(|name| !name.is_empty()) {
            commands.insert(if name == r"\" { r"\ " } else { name }, meaning);
        }
    }
    commands
});

/// The meaning of a command and its name as it stands in the table, both with the backslash.
pub(super) fn command(name: &str) -> Option<(&'static str, Meaning)> {
    COMMANDS.get_key_value(name).map(|(name, meaning)| (*name, *meaning))
}

/// All commands, with their backslashes, in the order of the alphabet.
pub(super) fn known_commands<'a>() -> impl Iterator<Item = &'a str> {
    COMMANDS.keys().copied()
}

/// The functions of numbers that have commands, without their backslashes.
pub(super) fn functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.split(' ').filter_map(|command| command.strip_prefix('\\'))
}

/// Functions that are known by name and have no command of their own, as they would be written if they had one.
pub(super) const NAMES_WITHOUT_COMMAND: [&str; 9] =
    [r"\ReLU", r"\SiLU", r"\GELU", r"\sigmoid", r"\softmax", r"\softplus", r"\erf", r"\diag", r"\sign"];

/// Names that are big operators when something stands below them.
pub(super) const BIG_NAMES: [&str; 10] =
    ["lim", "limsup", "liminf", "sup", "inf", "max", "min", "argmax", "argmin", "esssup"];

impl Font {
    /// The command that writes a letter in this font; none for the font that letters are in anyway.
    pub(super) fn command(self) -> Option<&'static str> {
        match self {
            Font::Italic => None,
            Font::Roman => Some(r"\mathrm"),
            Font::Sans => Some(r"\mathsf"),
            Font::Mono => Some(r"\mathtt"),
            Font::Bold => Some(r"\mathbf"),
            Font::BoldItalic => Some(r"\boldsymbol"),
            Font::Blackboard => Some(r"\mathbb"),
            Font::Calligraphic => Some(r"\mathcal"),
            Font::Script => Some(r"\mathscr"),
            Font::Fraktur => Some(r"\mathfrak"),
        }
    }

    /// Whether several letters in this font are one name.
    pub(super) fn names(self) -> bool {
        match self {
            Font::Roman | Font::Italic | Font::Sans | Font::Mono => true,
            Font::Bold | Font::BoldItalic | Font::Blackboard | Font::Calligraphic | Font::Script | Font::Fraktur => {
                false
            }
        }
    }
}
