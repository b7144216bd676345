//! Pieces of the composer: who reads it, the time spent, the button that says what it does. The words follow the
//! chosen visibility by style alone, so they are right before and without scripts.

use std::sync::Arc;

use domain::duration::{self, Minutes};
use domain::format;
use domain::occurrence::Visibility;
use domain::views::PropertyView;
use leptos::html;
use leptos::prelude::*;

use super::mails::{IS_PUBLIC, MailLock};
use super::words;
use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::message;
use crate::t::tickets as t;

/// Private or public, as two large words with their icons (T-OCC-04).
#[component]
pub(crate) fn VisibilitySwitch(
    /// The one it begins with.
    begins: Visibility,
    /// What keeps it public.
    lock: MailLock,
) -> impl IntoView {
    let lang = use_lang();
    let is_private = begins.is_private();
    view! {
        <fieldset class="visibility-switch" id="form-visibility" role="radiogroup" aria-label=t::who_can_read(lang)>
            <label>
                // Not `disabled`: what was chosen would not be sent, and a mail makes anything else public.
                <input
                    r#type="radio"
                    name="form[visibility]"
                    value="private"
                    checked=is_private
                    aria-disabled=move || lock.is_on().then_some("true")
                    aria-describedby=move || lock.is_on().then_some(IS_PUBLIC)
                    on:change=move |event| lock.private_chosen(&event)
                />
                <Icon name="lock"/>{t::private(lang)}
            </label>
            <label>
                <input r#type="radio" name="form[visibility]" value="public" checked={!is_private}/>
                <Icon name="eye"/>{t::public(lang)}
            </label>
        </fieldset>
    }
}

/// Who will see it, in words tied to the button.
#[component]
pub(crate) fn Audience(
    /// The page.
    page: Arc<PropertyView>,
) -> impl IntoView {
    let lang = use_lang();
    let ticket = &page.ticket;
    let requesters = words::names(lang, &ticket.requesters);
    let public = match i64::try_from(ticket.observers.len()) {
        Ok(observers) if observers > 0 => t::seen_by_observers(lang, observers, &requesters),
        _ => t::seen_by(lang, &requesters),
    };
    view! {
        <span class="audience" id="audience">
            <span class="when-private">{t::seen_by_team(lang)}</span>
            <span class="when-public">{public}</span>
        </span>
    }
}

/// The button of the form, in the words of what it does.
#[component]
pub(crate) fn PostButton() -> impl IntoView {
    let lang = use_lang();
    view! {
        <button class="btn btn-primary btn-sm" r#type="submit" aria-describedby="audience">
            <span class="when-private"><Icon name="lock"/>{t::add_private_occurrence(lang)}</span>
            <span class="when-public not-mail">{t::add_occurrence(lang)}</span>
            <span class="when-mail"><Icon name="mail"/>{t::add_and_send(lang)}</span>
        </button>
    }
}

/// Time spent as people type it, read back at once, with the usual steps (T-OCC-08).
#[component]
pub(crate) fn MinutesInput(
    /// What it begins with.
    #[prop(into)]
    value: String,
    /// What is wrong with it, said below the form already.
    error: Signal<Option<String>>,
    /// Called when a step changed it.
    on_change: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let input = NodeRef::<html::Input>::new();
    let text = RwSignal::new(value.clone());
    // Without scripts the steps would do nothing, so they come with them.
    let hydrated = RwSignal::new(false);
    Effect::new(move |_| hydrated.set(true));
    let read = move || match duration::parse_minutes(&text.get()) {
        Ok(None) => String::new(),
        Ok(Some(minutes)) => format!("= {}", format::duration(minutes, lang)),
        Err(code) => {
            let sentence = message::code_sentence(lang, code);
            if error.with(|said| said.as_deref() == Some(sentence)) { String::new() } else { sentence.to_owned() }
        }
    };
    let add = move |step: i32| {
        let now = duration::parse_minutes(&text.get_untracked()).ok().flatten().unwrap_or_default();
        let sum = Minutes(now.0.saturating_add(step).min(duration::MAX_OCCURRENCE.0));
        let words = duration::words(sum);
        if let Some(input) = input.get_untracked() {
            input.set_value(&words);
        }
        text.set(words);
        on_change.run(());
    };
    let steps = move || {
        hydrated.get().then(|| {
            let buttons = [(15, t::plus_15_min(lang)), (30, t::plus_30_min(lang)), (60, t::plus_1_h(lang))]
                .map(|(step, words)| view! { <button class="btn btn-ghost btn-xs" r#type="button" on:click=move |_| add(step)>{words}</button> });
            view! { <span class="time-input-quick">{buttons.into_iter().collect_view()}</span> }
        })
    };
    view! {
        <input
            class="input input-sm foot-time"
            id="form-minutes"
            name="form[minutes]"
            inputmode="text"
            autocomplete="off"
            placeholder="1h30"
            value=value
            node_ref=input
            aria-label=t::field_minutes(lang)
            aria-describedby="time-read form-minutes-error"
            on:input=move |event| text.set(event_target_value(&event))
        />
        <span class="time-input-read" id="time-read">{read}</span>
        {steps}
    }
}
