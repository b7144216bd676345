//! Finds the tags of a template and cuts them into tokens, each with its place. A token the language of T-TPL-02 does not have is
//! an error here already, so the engine never sees it.

use super::{Fault, TemplateError, number};

/// Tokens in one tag: more would only nest expressions deeper than the stack of a thread.
const TOKENS_MAX: usize = 100;

/// A place in a template, from line 1 and column 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    line: usize,
    column: usize,
}

impl At {
    /// Not the language.
    pub(super) fn invalid(self, reason: impl Into<String>) -> TemplateError {
        self.fault(Fault::Invalid, reason.into())
    }

    /// No such variable.
    pub(super) fn unknown(self, path: &str) -> TemplateError {
        self.fault(Fault::UnknownVariable, format!("there is no variable `{}`", short(path)))
    }

    /// Too much of something.
    pub(super) fn too_large(self, reason: &str) -> TemplateError {
        self.fault(Fault::TooLarge, reason.to_owned())
    }

    fn fault(self, fault: Fault, reason: String) -> TemplateError {
        TemplateError { fault, line: number(self.line), column: number(self.column), reason }
    }
}

/// The beginning of a word somebody typed, for a sentence.
pub(super) fn short(word: &str) -> String {
    word.chars().take(60).collect()
}

/// A piece of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A word or the part of a variable.
    Name(&'a str),
    /// A text in quotes.
    Text,
    /// A whole number.
    Number,
    /// `==`
    Equals,
    /// `!=`
    Differs,
    /// `|`
    Pipe,
    /// `.`
    Dot,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// A tag: `{{ … }}` or `{% … %}`.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    /// It prints a value.
    pub(super) prints: bool,
    /// What stands in it.
    pub(super) tokens: Vec<(Token<'a>, At)>,
    /// Where its closing sign stands.
    pub(super) end: At,
}

/// Walks through a template.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
    at: At,
}

impl<'a> Scanner<'a> {
    /// Starts at the beginning.
    pub(super) const fn new(source: &'a str) -> Self {
        Self { rest: source, at: At { line: 1, column: 1 } }
    }

    /// The next tag; `None` after the last. Comments are passed over.
    pub(super) fn tag(&mut self) -> Result<Option<Tag<'a>>, TemplateError> {
        while let Some(found) = self.rest.find('{') {
            self.skip(found);
            let start = self.at;
            if self.eat("{{") {
                return self.read(true, "}}").map(Some);
            }
            if self.eat("{%") {
                return self.read(false, "%}").map(Some);
            }
            if self.eat("{#") {
                let end = self.rest.find("#}").ok_or_else(|| start.invalid("this comment has no end"))?;
                self.skip(end.saturating_add(2));
            } else {
                self.skip(1);
            }
        }
        Ok(None)
    }

    fn read(&mut self, prints: bool, closer: &str) -> Result<Tag<'a>, TemplateError> {
        // Signs that trim blanks around the tag.
        if !self.eat("-") {
            self.eat("+");
        }
        let mut tokens = Vec::new();
        loop {
            self.skip(self.rest.len().saturating_sub(self.rest.trim_ascii_start().len()));
            let at = self.at;
            let trimmed = self.rest.strip_prefix(['-', '+']).is_some_and(|rest| rest.starts_with(closer));
            if trimmed {
                self.skip(1);
            }
            if self.eat(closer) {
                return Ok(Tag { prints, tokens, end: at });
            }
            if tokens.len() >= TOKENS_MAX {
                return Err(at.too_large("there is too much in this tag"));
            }
            tokens.push((self.token()?, at));
        }
    }

    fn token(&mut self) -> Result<Token<'a>, TemplateError> {
        let at = self.at;
        let Some(first) = self.rest.chars().next() else { return Err(at.invalid("this tag has no end")) };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let sign = match first {
            '"' | '\'' => return self.text(first),
            '0'..='9' => {
                self.skip_while(|c| c.is_ascii_digit());
                return Ok(Token::Number);
            }
            c if is_word(c) => return Ok(Token::Name(self.skip_while(is_word))),
            '|' => Token::Pipe,
            '.' => Token::Dot,
            '(' => Token::Open,
            ')' => Token::Close,
            '=' if self.eat("==") => return Ok(Token::Equals),
            '!' if self.eat("!=") => return Ok(Token::Differs),
            other => return Err(at.invalid(format!("`{other}` is not part of the language"))),
        };
        self.skip(1);
        Ok(sign)
    }

    /// A text ends at the next quote of its kind; the engine would read a backslash as something else.
    fn text(&mut self, quote: char) -> Result<Token<'a>, TemplateError> {
        let at = self.at;
        self.skip(1);
        let Some(end) = self.rest.find(quote) else { return Err(at.invalid("this text has no end")) };
        let inner = self.skip(end);
        self.skip(1);
        if inner.contains('\\') { Err(at.invalid("a text cannot hold a backslash")) } else { Ok(Token::Text) }
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest.starts_with(word);
        if found {
            self.skip(word.len());
        }
        found
    }

    fn skip_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c: char| !keep(c)).unwrap_or(self.rest.len());
        self.skip(end)
    }

    /// Passes over some bytes and says what they were.
    fn skip(&mut self, bytes: usize) -> &'a str {
        let (passed, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        for c in passed.chars() {
            if c == '\n' {
                self.at = At { line: self.at.line.saturating_add(1), column: 1 };
            } else {
                self.at.column = self.at.column.saturating_add(1);
            }
        }
        self.rest = rest;
        passed
    }
}
