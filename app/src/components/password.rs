//! A field for a password that can be shown.

use leptos::prelude::*;

use super::field::Field;
use super::id_of;
use crate::boot::use_lang;
use crate::t::common as t;

/// A password. Pasting and password managers work; the button to show it appears where scripts run
/// (`frontend/js/forms/password.js`).
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
    view! {
        <Field id=id.clone() label=label hint=hint error=error required=true wide=wide>
            <div class="input-join">
                <input
                    class="input"
                    id=id
                    name=name
                    r#type="password"
                    autocomplete=autocomplete
                    maxlength="256"
                    required=true
                    aria-describedby=described
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                />
                <button class="btn" r#type="button" hidden=true aria-pressed="false" data-show=t::show(lang) data-hide=t::hide(lang)>
                    {t::show(lang)}
                </button>
            </div>
        </Field>
    }
}
