//! The language of templates and what comes of one (T-TPL-02, T-TPL-03).
//!
//! A template is rendered once, as plain text without markup; a rich value stands in it as a mark no value and no template can
//! hold. The text gets the plain form of such a value, the HTML its markup, and everything else of the HTML is escaped: nothing
//! that a person typed becomes a tag or an expression. Does not belong here: where templates are kept, what a mail looks like.

mod language;
mod markup;
#[cfg(test)]
mod tests;
mod tokens;
mod values;

use std::io;

use domain::text::length;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

pub(crate) use language::Scope;
pub(crate) use values::Values;
use values::{cleaned, duration, moment_part};

/// Steps a template may take (T-TPL-02).
const STEPS_MAX: u64 = 10_000;
/// Signs a template may print; rich values count as one mark here (T-TPL-02).
const OUTPUT_MAX: usize = 200_000;
/// Signs a template may have itself.
const SOURCE_MAX: usize = 200_000;

/// A template with its values in it, in both forms of a mail (M-CON-02).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Plain text, lines separated by `\n`, at most one empty line in a row.
    pub(crate) text: String,
    /// The same as markup: paragraphs, line breaks, links and the rich values.
    pub(crate) html: String,
}

/// What is wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It is not written in the language of T-TPL-02.
    Invalid,
    /// It names a variable that T-TPL-03 does not know.
    UnknownVariable,
    /// It has, prints or does too much (T-TPL-02).
    TooLarge,
}

/// Why a template is refused or failed, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct TemplateError {
    /// What is wrong.
    pub fault: Fault,
    /// Line, from 1 on.
    pub line: u32,
    /// Column in characters, from 1 on.
    pub column: u32,
    /// What is wrong, in English, for whoever writes templates.
    pub reason: String,
}

/// Compiles a template and renders it with sample data that holds every variable (T-TPL-02, T-TPL-03).
///
/// # Errors
/// What is wrong and where, also in parts that the sample data does not reach.
pub fn check(source: &str) -> Result<(), TemplateError> {
    check_in(source, Scope::Mail)
}

/// The same for a template that may name the variables of `scope` only.
///
/// # Errors
/// As [`check`].
pub(crate) fn check_in(source: &str, scope: Scope) -> Result<(), TemplateError> {
    language::accept(&cleaned(source), scope)?;
    render(source, &Values::sample()).map(drop)
}

/// Renders a template; a variable that was not set prints nothing.
///
/// # Errors
/// As [`check`]; a template that passed it can only be too large (M-CON-07).
pub(crate) fn render(source: &str, values: &Values) -> Result<Rendered, TemplateError> {
    let source = cleaned(source);
    if length(&source) > SOURCE_MAX {
        return Err(too_large("the template is too long"));
    }
    language::accept(&source, Scope::Mail)?;
    let environment = environment(values)?;
    let mut out = Limited::default();
    let done = environment
        .template_from_str(&source)
        .and_then(|template| template.render_captured_to(values.context(), &mut out).map(drop));
    if out.is_full {
        return Err(too_large("the template prints too much"));
    }
    done.map_err(|error| located(&error, &source))?;
    let printed = String::from_utf8_lossy(&out.bytes);
    markup::finish(&printed, values.rich()).ok_or_else(|| too_large("the template repeats a long text too often"))
}

/// Only what the language has: no global, no test, no function, and four filters.
fn environment(values: &Values) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(STEPS_MAX));
    // A line that holds nothing but a tag leaves no empty line behind.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| located(&error, ""))?);
    environment.add_filter("date", |value: Value| moment_part(&value, |moment| &moment.date));
    environment.add_filter("time", |value: Value| moment_part(&value, |moment| &moment.time));
    let lang = values.lang();
    environment.add_filter("duration", move |value: Value| duration(&value, lang));
    environment.add_filter(
        "default",
        |value: Value, other: Value| {
            if value.is_true() || value.is_number() { value } else { other }
        },
    );
    Ok(environment)
}

/// What the engine did not like. Its own words stay: they name what was expected.
fn located(error: &Error, source: &str) -> TemplateError {
    let fault = match error.kind() {
        ErrorKind::UndefinedError => Fault::UnknownVariable,
        ErrorKind::OutOfFuel => Fault::TooLarge,
        _ => Fault::Invalid,
    };
    let before = error.range().and_then(|range| source.get(..range.start)).unwrap_or_default();
    let column = length(before.rsplit('\n').next().unwrap_or_default()).saturating_add(1);
    TemplateError {
        fault,
        line: number(error.line().unwrap_or(1)),
        column: number(column),
        reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn too_large(reason: &str) -> TemplateError {
    TemplateError { fault: Fault::TooLarge, line: 1, column: 1, reason: reason.to_owned() }
}

/// Takes what a template prints and stops it at the limit: steps alone would not, as one step may print a whole value.
#[derive(Debug, Default)]
struct Limited {
    bytes: Vec<u8>,
    signs: usize,
    is_full: bool,
}

impl io::Write for Limited {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        // Every sign has exactly one byte that is no continuation.
        let signs = chunk.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        self.signs = self.signs.saturating_add(signs);
        if self.signs > OUTPUT_MAX {
            self.is_full = true;
            return Err(io::Error::other("too much text"));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
