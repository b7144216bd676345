//! (server) Calls of server functions whose fields could not be read: which field is wrong (T-GEN-02).
//!
//! Belongs here: what the framework says before a server function runs. Does not belong here: judging values (`service`).

use domain::error::{AppError, Code, FieldErrors};
use leptos::server_fn::error::ServerFnErrorErr;

use crate::context;

/// Stands for the field where nobody knows which one it is.
const FORM: &str = "form";

/// The refusal of a call whose fields could not be read; `None` for all other errors.
#[must_use]
pub fn refusal(error: &ServerFnErrorErr) -> Option<AppError> {
    // A page may find something unreadable in its own address, which is no call.
    if context::is_call() { wrong(error).map(AppError::Invalid) } else { None }
}

/// The wrong field. What else the reader says may hold what was typed and is told to nobody.
fn wrong(error: &ServerFnErrorErr) -> Option<FieldErrors> {
    let (field, code) = match error {
        ServerFnErrorErr::Args(cause) => named(cause, "missing field `")
            .map(|field| (field, Code::Required))
            .or_else(|| named(cause, "unknown field `").map(|field| (field, Code::UnknownField)))
            .unwrap_or((FORM, Code::Invalid)),
        // The body itself: larger than any form, or no text.
        ServerFnErrorErr::Deserialization(cause) if cause.contains("length limit") => (FORM, Code::TooLong),
        ServerFnErrorErr::Deserialization(_) => (FORM, Code::Invalid),
        _ => return None,
    };
    Some(FieldErrors::one(field, code))
}

/// The name that stands after `before`, if it can be one of ours.
fn named<'a>(cause: &'a str, before: &str) -> Option<&'a str> {
    let (name, _) = cause.strip_prefix(before)?.split_once('`')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_02_the_field_that_could_not_be_read_is_named() {
        let args = |cause: &str| ServerFnErrorErr::Args(cause.to_owned());
        let body = |cause: &str| ServerFnErrorErr::Deserialization(cause.to_owned());
        for (error, field, code) in [
            (args("missing field `number`"), "number", Code::Required),
            (args("unknown field `poem`, expected one of `key`, `body`"), "poem", Code::UnknownField),
            (args("unknown field `<b>`, expected `key`"), FORM, Code::Invalid),
            (args("unknown variant `missing field `x``, expected `take`"), FORM, Code::Invalid),
            (args("invalid digit found in string"), FORM, Code::Invalid),
            (body("length limit exceeded"), FORM, Code::TooLong),
            (body("invalid utf-8 sequence of 1 bytes from index 0"), FORM, Code::Invalid),
        ] {
            assert_eq!(wrong(&error), Some(FieldErrors::one(field, code)), "{error:?}");
        }
        assert_eq!(wrong(&ServerFnErrorErr::ServerError("missing field `x`".to_owned())), None);
    }

    #[test]
    fn what_a_page_finds_in_its_address_is_no_call() {
        assert_eq!(refusal(&ServerFnErrorErr::Deserialization("no JSON".to_owned())), None);
    }
}
