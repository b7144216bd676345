//! What became of a mail, as a sign and in words.

use domain::lang::Lang;
use domain::mail::{MailState, Unsent};
use leptos::prelude::*;

use super::icon::Icon;
use crate::t::tickets as t;

/// The word of a state.
pub fn state_word(lang: Lang, state: MailState) -> &'static str {
    match state {
        MailState::Queued => t::mail_queued(lang),
        MailState::Sent => t::mail_sent(lang),
        MailState::Failed => t::mail_failed(lang),
        MailState::Bounced => t::mail_bounced(lang),
    }
}

/// A state with icon and word.
pub fn state_sign(lang: Lang, state: MailState) -> AnyView {
    let icon = match state {
        MailState::Queued => "mail",
        MailState::Sent => "mail-check",
        MailState::Failed => "mail-x",
        MailState::Bounced => "mail-warning",
    };
    let word = state_word(lang, state);
    view! { <span class="mail-state" data-state=state.as_str()><Icon name=icon small=true/>{word}</span> }.into_any()
}

/// The answer of a server as it came; reasons of our own in the reader's words.
pub fn answer_words(lang: Lang, answer: &str) -> String {
    match Unsent::read(answer) {
        Some(Unsent::Withdrawn) => t::unsent_withdrawn(lang).to_owned(),
        Some(Unsent::Expired) => t::unsent_expired(lang).to_owned(),
        Some(Unsent::TemplateFailed) => t::unsent_template_failed(lang).to_owned(),
        Some(Unsent::InvalidAddress) => t::unsent_invalid_address(lang).to_owned(),
        Some(Unsent::NoReplyAddress) => t::unsent_no_reply_address(lang).to_owned(),
        Some(Unsent::Disabled) => t::unsent_disabled(lang).to_owned(),
        Some(Unsent::RateLimited) => t::unsent_rate_limited(lang).to_owned(),
        Some(Unsent::GivenUp) => t::unsent_given_up(lang).to_owned(),
        None => answer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_dlv_04_a_server_is_quoted_and_our_own_reasons_are_said_in_words() {
        for lang in Lang::ALL {
            assert_eq!(answer_words(lang, "550 5.1.1 No such user"), "550 5.1.1 No such user");
            for reason in Unsent::ALL {
                assert!(answer_words(lang, reason.as_str()).contains(' '), "{reason:?} {lang}");
            }
        }
    }
}
