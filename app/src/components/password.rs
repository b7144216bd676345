//! A field for a password that can be shown.

use leptos::prelude::*;

use super::desk_editor::ready_after_hydration;
use super::field::Field;
use super::id_of;
use crate::boot::use_lang;
use crate::t::common as t;

/// A password. Pasting and password managers work; the button to show it appears once it does something.
#[component]
pub fn PasswordField(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// What to know before filling it in.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// A full row of its grid.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let lang = use_lang();
    let id = id_of(&name);
    let described = [id.as_str(), "-hint ", id.as_str(), "-error"].concat();
    let shown = RwSignal::new(false);
    let ready = ready_after_hydration();
    let kind = move || if shown.get() { "text" } else { "password" };
    let word = move || if shown.get() { t::hide(lang) } else { t::show(lang) };
    let pressed = move || if shown.get() { "true" } else { "false" };
    view! {
        <Field id=id.clone() label=label hint=hint error=error required=true wide=wide>
            <div class="input-join">
                <input
                    class="input"
                    id=id
                    name=name
                    r#type=kind
                    autocomplete=autocomplete
                    maxlength="256"
                    required=true
                    aria-describedby=described
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                />
                <button class="btn" r#type="button" hidden=move || !ready.get() aria-pressed=pressed on:click=move |_| shown.update(|s| *s = !*s)>
                    {word}
                </button>
            </div>
        </Field>
    }
}
