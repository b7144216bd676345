//! Rights: every address × nobody and one person of each shipped role. The tables below say what must come out; an
//! address that they do not name fails the test, so no route is ever added without a decision about who may use it.

mod api;
mod commands;
mod pages;
mod server_fns;

use crate::support::{Answer, NOBODY, ROLES, Story};

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Out {
    /// Done or shown (2xx).
    Ok,
    /// The right is there; state or fields may say no (2xx, 409, 422).
    Allowed,
    /// The right is there; state or fields do say no (409, 422).
    Refused,
    /// Sign in first: 302 to the sign-in page.
    SignIn,
    /// 302 to somewhere else on this site.
    Moved,
    /// 401.
    Unauthenticated,
    /// 403.
    Forbidden,
    /// 404: may not be seen.
    NotFound,
}

impl Out {
    fn fits(self, answer: &Answer) -> bool {
        let status = answer.status;
        let is_to_sign_in = answer.location().starts_with("/sign-in");
        match self {
            Self::Ok => (200..300).contains(&status),
            Self::Allowed => (200..300).contains(&status) || status == 409 || status == 422,
            Self::Refused => status == 409 || status == 422,
            Self::SignIn => status == 302 && is_to_sign_in,
            Self::Moved => status == 302 && !is_to_sign_in && answer.location().starts_with('/'),
            Self::Unauthenticated => status == 401,
            Self::Forbidden => status == 403,
            Self::NotFound => status == 404,
        }
    }
}

/// Outcomes for nobody, requester, observer, technician, supervisor, administrator.
pub(super) type Outs = [Out; 6];

/// Everybody who asks, in the order of `Outs`.
pub(super) fn everybody() -> impl Iterator<Item = &'static str> {
    std::iter::once(NOBODY).chain(ROLES)
}

/// A finding, if the answer does not fit.
pub(super) fn judge(what: &str, who: &str, expected: Out, answer: &Answer) -> Option<String> {
    let who = if who == NOBODY { "nobody" } else { who };
    let is_server_error = answer.status >= 500;
    (is_server_error || !expected.fits(answer)).then(|| {
        let text: String = answer.text().chars().take(160).collect();
        format!("{what} as {who}: expected {expected:?}, got {} {} {text}", answer.status, answer.location())
    })
}

/// Puts number and ids of the story where a template names them.
pub(super) fn fill(template: &str, story: &Story) -> String {
    template
        .replace("{number}", &story.number.to_string())
        .replace("{public}", &story.public.to_string())
        .replace("{private}", &story.private.to_string())
        .replace("{public_task}", &story.public_task.to_string())
        .replace("{private_task}", &story.private_task.to_string())
}

/// Fails with every finding at once.
#[track_caller]
pub(super) fn nothing(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n  {}", findings.len(), findings.join("\n  "));
}
