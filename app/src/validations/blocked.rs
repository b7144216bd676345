//! Why a ticket can be neither solved nor closed now, and the reason of who may pass over it (T-VAL-08).

use domain::lang::Lang;
use domain::validation::Standing;
use domain::views::BlockedView;
use leptos::prelude::*;

use crate::components::banner::{Banner, Tone};
use crate::components::field::TextAreaField;
use crate::t::validations as t;

/// The sentence.
pub(crate) fn words(lang: Lang, blocked: &BlockedView) -> String {
    let names = blocked.waiting_for.join(", ");
    match blocked.state {
        Standing::Refused => t::blocked_refused(lang, &names),
        _ => t::blocked_waiting(lang, &names),
    }
}

/// The sentence, and in forms that solve or close the field `name` of who may pass over it.
pub(crate) fn notice(
    lang: Lang,
    blocked: &BlockedView,
    name: &'static str,
    typed: String,
    error: Signal<Option<String>>,
) -> AnyView {
    let field = blocked.may_override.then(|| {
        view! {
            <TextAreaField
                name=name
                label=t::override_reason(lang)
                text=typed
                hint=t::override_hint(lang)
                maxlength=2_000
                error=error
            />
        }
    });
    view! { <Banner tone=Tone::Warning text=words(lang, blocked)/>{field} }.into_any()
}
