//! What became of the last form: saved, deleted, refused as a whole.

use domain::error::{AppError, Code};
use domain::lang::Lang;
use leptos::prelude::*;

use crate::components::banner::{Banner, Tone};
use crate::form_action::{form_action, refusal_of};
use crate::lists::address::Question;
use crate::lists::server_fns::{MoveListRow, RemoveListRow, SaveListRow};
use crate::message;
use crate::t::errors;
use crate::t::lists_admin as t;

/// Banners above a page.
pub(crate) fn notes(lang: Lang, question: &Question) -> AnyView {
    let wrong = i64::try_from(question.wrong.0.len()).unwrap_or(i64::MAX);
    let told = match question.refused {
        Some(Code::InUse) => Some((Tone::Error, t::refused_use(lang).to_owned())),
        Some(Code::Conflict) => Some((Tone::Error, t::refused_conflict(lang).to_owned())),
        Some(code) => Some((Tone::Error, message::code_sentence(lang, code).to_owned())),
        None if wrong > 0 => Some((Tone::Error, errors::fields_wrong(lang, wrong))),
        None if question.removed => Some((Tone::Done, t::removed(lang).to_owned())),
        None if !question.saved.is_empty() => Some((Tone::Done, t::saved(lang).to_owned())),
        None => None,
    };
    let told = told.map(|(tone, text)| view! { <Banner tone=tone text=text/> });
    view! { {told}{elsewhere(lang)} }.into_any()
}

/// A refusal that is about no field: the right went away meanwhile, or the server did.
fn elsewhere(lang: Lang) -> AnyView {
    let refusals = [
        refusal_of(form_action::<SaveListRow>()),
        refusal_of(form_action::<MoveListRow>()),
        refusal_of(form_action::<RemoveListRow>()),
    ];
    let banner = move || {
        let first: Option<AppError> = refusals.iter().find_map(Get::get);
        first.map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> })
    };
    banner.into_any()
}
