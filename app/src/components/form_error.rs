//! Why a form was refused, above it: one sentence, and a link to every wrong field.

use domain::error::AppError;
use leptos::html;
use leptos::prelude::*;

use super::icon::Icon;
use super::id_of;
use crate::boot::use_lang;
use crate::message;

/// A field as the summary names it: name in the error, label on the page, prefix `form` in the address of the field.
#[derive(Clone, Copy, Debug)]
pub struct FieldName {
    /// Name in [`domain::error::FieldErrors`].
    pub field: &'static str,
    /// Label on the page.
    pub label: &'static str,
}

/// The summary of a refused form. Takes the focus when it appears; shows nothing while there is no error.
#[component]
pub fn FormError(
    /// The refusal: `form_action::refusal_of(action)`.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// The fields of the form; others are told without a link.
    #[prop(optional)]
    fields: Vec<FieldName>,
    /// What the fields' names begin with: `form[title]`.
    #[prop(default = "form")]
    prefix: &'static str,
) -> impl IntoView {
    let lang = use_lang();
    let summary = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if error.with(Option::is_some)
            && let Some(summary) = summary.get()
        {
            // A focus that fails leaves the message where it is.
            let _ = summary.focus();
        }
    });
    move || {
        error.get().map(|error| {
            let wrong = message::fields(Some(&error))
                .0
                .into_iter()
                .map(|wrong| {
                    let words = message::wrong_sentence(lang, &wrong);
                    match fields.iter().find(|f| f.field == message::base_of(&wrong.field)) {
                        Some(known) => {
                            let href = ["#", &id_of(&[prefix, "[", known.field, "]"].concat())].concat();
                            let text = [known.label, ": ", words].concat();
                            view! { <li><a href=href rel="external">{text}</a></li> }.into_any()
                        }
                        None => view! { <li>{words}</li> }.into_any(),
                    }
                })
                .collect::<Vec<_>>();
            let has_list = !wrong.is_empty();
            view! {
                <div class="error-summary" role="alert" tabindex="-1" node_ref=summary>
                    <h2><Icon name="circle-alert"/>{message::sentence(lang, &error)}</h2>
                    {has_list.then(|| view! { <ul>{wrong}</ul> })}
                </div>
            }
        })
    }
}
