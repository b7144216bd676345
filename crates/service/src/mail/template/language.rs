//! Which templates are accepted: `{{ name }}`, `{% if %}`, `{% for %}`, four filters and the variables of T-TPL-03 (T-TPL-02).
//!
//! The engine that renders knows more: calls, arithmetic, macros, includes. What it gets is read here first and refused when it is
//! not one of the few forms below; so a fault is found in every branch, with its place, before any text is made.

use std::iter::Peekable;
use std::vec;

use super::TemplateError;
use super::tokens::{At, Scanner, Tag, Token, short};

/// Blocks in blocks, and branches of them: the engine reads both by recursion.
const DEPTH_MAX: usize = 50;

/// Words that cannot name anything.
const RESERVED: &[&str] = &[
    "and", "or", "not", "in", "is", "if", "elif", "else", "for", "loop", "self", "true", "True", "false", "False",
    "none", "None",
];

/// What a variable holds, and so what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text or a number.
    Text,
    /// An instant, for the filters `date` and `time`.
    Time,
    /// Minutes, for the filter `duration`.
    Minutes,
    /// A list of texts.
    Names,
    /// A list of people: name, `first_name`.
    People,
}

/// Every variable of T-TPL-03.
pub(super) const VARIABLES: &[(&str, Kind)] = &[
    ("ticket.number", Kind::Text),
    ("ticket.title", Kind::Text),
    ("ticket.description", Kind::Text),
    ("ticket.url", Kind::Text),
    ("ticket.status", Kind::Text),
    ("ticket.type", Kind::Text),
    ("ticket.urgency", Kind::Text),
    ("ticket.impact", Kind::Text),
    ("ticket.priority", Kind::Text),
    ("ticket.category", Kind::Text),
    ("ticket.source", Kind::Text),
    ("ticket.location", Kind::Text),
    ("ticket.opened_at", Kind::Time),
    ("ticket.due_own_at", Kind::Time),
    ("ticket.due_resolve_at", Kind::Time),
    ("ticket.solved_at", Kind::Time),
    ("ticket.closed_at", Kind::Time),
    ("ticket.pending_label", Kind::Text),
    ("requesters", Kind::People),
    ("assignees", Kind::People),
    ("groups", Kind::People),
    ("customer.name", Kind::Text),
    ("entity.name", Kind::Text),
    ("items", Kind::Names),
    ("articles", Kind::Names),
    ("user.name", Kind::Text),
    ("user.signature", Kind::Text),
    ("now", Kind::Time),
    ("entry.text", Kind::Text),
    ("entry.author", Kind::Text),
    ("entry.occurred_at", Kind::Time),
    ("entry.registered_at", Kind::Time),
    ("entry.minutes", Kind::Minutes),
    ("entry.category", Kind::Text),
    ("entry.files", Kind::Names),
    ("solution.text", Kind::Text),
    ("solution.type", Kind::Text),
    ("solution.author", Kind::Text),
    ("message.text", Kind::Text),
    ("recipient.name", Kind::Text),
    ("recipient.language", Kind::Text),
    ("links.ticket", Kind::Text),
    ("links.approve", Kind::Text),
    ("links.refuse", Kind::Text),
    ("links.survey", Kind::Text),
];

/// Which of the variables a template may name (T-TPL-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of them.
    Mail,
    /// Those of a ticket and of who writes: what the requester may read, and no entry, because there is none yet.
    Reply,
}

/// Variables of mails alone: an entry, a message, who gets it.
const OF_MAILS: &[&str] = &["entry.", "solution.", "message.", "recipient.", "links."];
/// Variables of mails to agents alone.
const OF_AGENTS: &[&str] = &["ticket.urgency", "ticket.impact", "ticket.priority", "ticket.due_own_at"];

impl Scope {
    /// Whether a variable belongs to it.
    fn has(self, path: &str) -> bool {
        let is_of_mails = OF_MAILS.iter().any(|group| path.starts_with(group)) || OF_AGENTS.contains(&path);
        self == Self::Mail || !is_of_mails
    }

    /// Its variables, in the order of T-TPL-03.
    pub(crate) fn variables(self) -> impl Iterator<Item = &'static str> {
        VARIABLES.iter().map(|(path, _)| *path).filter(move |path| self.has(path))
    }
}

/// What a variable of T-TPL-03 holds; `None` = there is none of that name.
pub(super) fn kind(path: &str) -> Option<Kind> {
    VARIABLES.iter().find(|(name, _)| *name == path).map(|(_, kind)| *kind)
}

/// Reads a whole template.
///
/// # Errors
/// The first thing in it that is not part of the language.
pub(super) fn accept(source: &str, scope: Scope) -> Result<(), TemplateError> {
    let mut scanner = Scanner::new(source);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    while let Some(tag) = scanner.tag()? {
        if tag.prints {
            let mut reader = Reader::new(tag, &blocks, scope);
            reader.value()?;
            reader.end()?;
        } else {
            statement(tag, &mut blocks, scope)?;
        }
    }
    blocks.last().map_or(Ok(()), |block| Err(block.at.invalid("this block is not closed")))
}

/// What the loop calls an element, and the kind of its list.
type Element<'a> = (&'a str, Kind);

/// Where a tag stands, its word, and the element of a loop.
type Statement<'a> = (At, &'a str, Option<Element<'a>>);

/// A block that is open.
#[derive(Clone, Copy, Debug)]
struct Block<'a> {
    at: At,
    is_loop: bool,
    has_else: bool,
    /// `elif` so far.
    branches: usize,
    /// Nothing in the `else` of a loop.
    element: Option<Element<'a>>,
}

fn statement<'a>(tag: Tag<'a>, blocks: &mut Vec<Block<'a>>, scope: Scope) -> Result<(), TemplateError> {
    let (at, word, element) = Reader::new(tag, blocks, scope).statement()?;
    let depth: usize = blocks.iter().map(|block| block.branches.saturating_add(1)).sum();
    if matches!(word, "if" | "elif" | "for") && depth >= DEPTH_MAX {
        return Err(at.too_large("there are too many blocks in each other"));
    }
    if matches!(word, "if" | "for") {
        blocks.push(Block { at, is_loop: word == "for", has_else: false, branches: 0, element });
        return Ok(());
    }
    let misplaced = || at.invalid(format!("`{word}` does not belong here"));
    let block = blocks.last_mut().ok_or_else(misplaced)?;
    match word {
        "elif" if !block.is_loop && !block.has_else => block.branches = block.branches.saturating_add(1),
        "else" if !block.has_else => {
            block.has_else = true;
            block.element = None;
        }
        "endif" if !block.is_loop => {
            blocks.pop();
        }
        "endfor" if block.is_loop => {
            blocks.pop();
        }
        _ => return Err(misplaced()),
    }
    Ok(())
}

/// Reads one tag from left to right.
#[derive(Debug)]
struct Reader<'a, 'b> {
    tokens: Peekable<vec::IntoIter<(Token<'a>, At)>>,
    end: At,
    blocks: &'b [Block<'a>],
    scope: Scope,
}

impl<'a, 'b> Reader<'a, 'b> {
    fn new(tag: Tag<'a>, blocks: &'b [Block<'a>], scope: Scope) -> Self {
        Self { tokens: tag.tokens.into_iter().peekable(), end: tag.end, blocks, scope }
    }

    fn at(&mut self) -> At {
        self.tokens.peek().map_or(self.end, |(_, at)| *at)
    }

    fn next_is(&mut self, wanted: Token<'_>) -> bool {
        self.tokens.peek().is_some_and(|(token, _)| *token == wanted)
    }

    fn take(&mut self, wanted: Token<'_>) -> bool {
        self.tokens.next_if(|(token, _)| *token == wanted).is_some()
    }

    fn expect(&mut self, wanted: Token<'_>, reason: &str) -> Result<(), TemplateError> {
        let at = self.at();
        if self.take(wanted) { Ok(()) } else { Err(at.invalid(reason)) }
    }

    fn end(&mut self) -> Result<(), TemplateError> {
        let at = self.at();
        if self.tokens.peek().is_none() { Ok(()) } else { Err(at.invalid("the tag should end here")) }
    }

    fn name(&mut self) -> Result<&'a str, TemplateError> {
        let at = self.at();
        match self.tokens.next() {
            Some((Token::Name(name), _)) => Ok(name),
            _ => Err(at.invalid("a name should stand here")),
        }
    }

    /// A whole `{% … %}`: where it stands, its word, and the element of a loop.
    fn statement(mut self) -> Result<Statement<'a>, TemplateError> {
        let at = self.at();
        let word = self.name()?;
        let mut element = None;
        match word {
            "if" | "elif" => self.condition()?,
            "for" => element = Some(self.element()?),
            "else" | "endif" | "endfor" => {}
            other => return Err(at.invalid(format!("there is no tag `{}`, only `if` and `for`", short(other)))),
        }
        self.end()?;
        Ok((at, word, element))
    }

    /// `name in list`.
    fn element(&mut self) -> Result<Element<'a>, TemplateError> {
        let at = self.at();
        let name = self.name()?;
        if RESERVED.contains(&name) {
            return Err(at.invalid(format!("`{name}` cannot be the name of an element")));
        }
        self.expect(Token::Name("in"), "`in` should stand here")?;
        let at = self.at();
        let kind = self.variable()?;
        if matches!(kind, Kind::Names | Kind::People) { Ok((name, kind)) } else { Err(at.invalid("this is no list")) }
    }

    /// Operands joined by `and` and `or`, each negated or compared with another.
    fn condition(&mut self) -> Result<(), TemplateError> {
        loop {
            while self.take(Token::Name("not")) {}
            self.operand()?;
            if self.take(Token::Equals) || self.take(Token::Differs) {
                self.operand()?;
            }
            if !self.take(Token::Name("and")) && !self.take(Token::Name("or")) {
                return Ok(());
            }
        }
    }

    fn operand(&mut self) -> Result<(), TemplateError> {
        if self.take(Token::Open) {
            self.condition()?;
            return self.expect(Token::Close, "`)` should stand here");
        }
        self.value()
    }

    /// A variable, text or number, through any filters.
    fn value(&mut self) -> Result<(), TemplateError> {
        let kind = self.simple()?;
        while self.take(Token::Pipe) {
            let at = self.at();
            match (self.name()?, kind) {
                ("date" | "time", Kind::Time) | ("duration", Kind::Minutes) => {}
                (name @ ("date" | "time"), _) => return Err(at.invalid(format!("`{name}` takes a time"))),
                ("duration", _) => return Err(at.invalid("`duration` takes minutes")),
                ("default", _) => {
                    self.expect(Token::Open, "`default` takes a value in brackets")?;
                    self.simple()?;
                    self.expect(Token::Close, "`)` should stand here")?;
                }
                (name, _) => return Err(at.invalid(format!("there is no filter `{}`", short(name)))),
            }
        }
        Ok(())
    }

    fn simple(&mut self) -> Result<Kind, TemplateError> {
        if self.take(Token::Text) || self.take(Token::Number) { Ok(Kind::Text) } else { self.variable() }
    }

    fn variable(&mut self) -> Result<Kind, TemplateError> {
        let at = self.at();
        let first = self.name()?;
        if RESERVED.contains(&first) && first != "loop" {
            return Err(at.invalid(format!("`{first}` does not belong here")));
        }
        let mut path = first.to_owned();
        while self.take(Token::Dot) {
            path.push('.');
            path.push_str(self.name()?);
        }
        if self.next_is(Token::Open) {
            return Err(self.at().invalid("nothing can be called"));
        }
        self.resolve(&path).ok_or_else(|| at.unknown(&path))
    }

    /// Elements of loops come before variables of the same name, the innermost first.
    fn resolve(&self, path: &str) -> Option<Kind> {
        let (head, tail) = path.split_once('.').map_or((path, None), |(head, tail)| (head, Some(tail)));
        let mut elements = self.blocks.iter().rev().filter_map(|block| block.element);
        let list = elements.find(|(name, _)| *name == head).map(|(_, kind)| kind);
        match (list, tail) {
            (Some(_), None) | (Some(Kind::People), Some("name" | "first_name")) => Some(Kind::Text),
            (Some(_), _) => None,
            (None, Some("index" | "first" | "last" | "length")) if head == "loop" => {
                self.blocks.iter().any(|block| block.element.is_some()).then_some(Kind::Text)
            }
            (None, _) => kind(path).filter(|_| self.scope.has(path)),
        }
    }
}
