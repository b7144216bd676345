//! The form of an answer: six buttons and a text, an ordinary post.

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::survey::{COMMENT_MAX, SCORE_MAX};
use domain::views::Moment;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::components::button::SubmitButton;
use crate::components::field::{FieldError, TextAreaField};
use crate::components::form_error::{FieldName, FormError};
use crate::kept::refused::Refused;
use crate::message;
use crate::t::survey as t;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// The answer was saved just now.
    pub(crate) done: bool,
    /// A score that was chosen elsewhere.
    pub(crate) score: Option<u8>,
}

impl Address {
    /// Reads the query.
    pub(crate) fn read(map: &ParamsMap) -> Self {
        Self {
            done: map.get_str("done").is_some(),
            score: map.get_str("score").and_then(|text| domain::survey::score(text).ok()),
        }
    }
}

/// What a form begins with.
pub(crate) struct Asked {
    /// Where it is posted.
    pub(crate) action: String,
    /// What it carries besides.
    pub(crate) hidden: (&'static str, String),
    /// The score of now.
    pub(crate) score: Option<u8>,
    /// The comment of now.
    pub(crate) comment: String,
    /// Why it was refused.
    pub(crate) refusal: Signal<Option<AppError>>,
}

/// The form.
pub(crate) fn form(lang: Lang, asked: Asked) -> AnyView {
    let Asked { action, hidden, score, comment, refusal } = asked;
    let (name, value) = hidden;
    let typed = Refused::posted_to(&action).about(name, &value);
    let score = typed.value("form[score]").map_or(score, |text| domain::survey::score(text).ok());
    let comment = typed.or("form[comment]", comment);
    let wrong = |field: &'static str| {
        Signal::derive(move || message::field_sentence(lang, &message::fields(refusal.get().as_ref()), field))
    };
    let fields = vec![
        FieldName { field: "score", label: t::score(lang) },
        FieldName { field: "comment", label: t::comment(lang) },
    ];
    let scores = (0..=SCORE_MAX)
        .map(|one| {
            let (value, label) = (one.to_string(), t::score_of(lang, &one.to_string()));
            let checked = score == Some(one);
            view! {
                <label>
                    <input r#type="radio" name="form[score]" value=value.clone() aria-label=label checked=checked required=true/>
                    {value.clone()}
                </label>
            }
        })
        .collect_view();
    let button = if score.is_some() && !comment.is_empty() { t::save(lang) } else { t::send(lang) };
    let most = u32::try_from(COMMENT_MAX).unwrap_or(0);
    view! {
        <form class="form" method="post" action=action>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name=name value=value/>
            <fieldset class="field" id="form-score" aria-describedby="form-score-hint form-score-error">
                <legend>{t::score(lang)}</legend>
                <p class="field-hint" id="form-score-hint">{t::scale(lang)}</p>
                <span class="choice choice-scores">{scores}</span>
                <FieldError id="form-score-error" error=wrong("score")/>
            </fieldset>
            <TextAreaField name="form[comment]" label=t::comment(lang) hint=t::optional(lang) text=comment error=wrong("comment") maxlength=most/>
            <div class="form-foot"><SubmitButton large=true>{button}</SubmitButton></div>
        </form>
    }
    .into_any()
}

/// An answer in words: "4 of 5".
pub(crate) fn score_words(lang: Lang, score: u8) -> String {
    t::score_of(lang, &score.to_string())
}

/// Until when an answer may be changed, or when it was given.
pub(crate) fn when(lang: Lang, at: &Moment) -> String {
    format::date_time(at, lang)
}
