//! The own profile: language and time, looks, tickets, password, other devices.

use domain::lang::Lang;
use domain::views::{Choice, Viewer};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::account::preferences::{own_name, themes};
use crate::account::server_fns::{ChangePassword, SaveProfile, SignOutOthers};
use crate::boot::{use_boot, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::{RadioGroup, SelectField, TextAreaField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::page_title::PageTitle;
use crate::components::password::PasswordField;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::own::OwnLayout;
use crate::message;
use crate::t::account as t;
use crate::t::shell;

/// Page `/profile`.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let lang = use_boot().lang;
    let query = use_query_map();
    let saved = move || {
        query.with(|query| query.get("saved")).map(|what| {
            let text = match what.as_str() {
                "password" => t::password_changed(lang),
                "devices" => t::devices_signed_out(lang),
                _ => t::saved(lang),
            };
            view! { <Banner tone=Tone::Done text=text/> }
        })
    };
    view! {
        <PageTitle text=t::profile(lang)/>
        <OwnLayout>
            <div class="page page-narrow">
                <div class="page-head"><h1>{t::profile(lang)}</h1></div>
                {saved}
                {use_viewer().map(|viewer| view! { <ProfileForm viewer=viewer/> })}
                <section class="card" id="notifications" aria-labelledby="notifications-title">
                    <h2 class="card-title" id="notifications-title">{shell::notifications(lang)}</h2>
                    <p class="small"><a class="link" href="/profile/notifications" rel="external">{t::choose_notifications(lang)}</a></p>
                </section>
                <PasswordForm/>
                <form class="card form" method="post" action=SignOutOthers::url()>
                    <section class="form-section">
                        <h2>{t::devices(lang)}</h2>
                        <p class="small muted">{t::devices_hint(lang)}</p>
                    </section>
                    <div class="form-foot"><SubmitButton kind=ButtonKind::Plain>{t::sign_out_others(lang)}</SubmitButton></div>
                </form>
            </div>
        </OwnLayout>
    }
}

fn choice(value: &str, name: &str) -> Choice {
    Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 }
}

#[component]
fn ProfileForm(viewer: Viewer) -> impl IntoView {
    let lang = use_boot().lang;
    let action = form_action::<SaveProfile>();
    let error = refusal_of(action);
    let typed = Refused::of::<SaveProfile>();
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), field)))
    };
    let names = vec![
        FieldName { field: "language", label: t::language(lang) },
        FieldName { field: "time_zone", label: t::time_zone(lang) },
        FieldName { field: "signature", label: t::signature(lang) },
    ];
    let languages = Lang::ALL.map(|l| choice(l.code(), own_name(l))).to_vec();
    let themes = themes(lang).map(|(value, word)| choice(value, word)).to_vec();
    let densities =
        vec![choice("compact", t::density_compact(lang)), choice("comfortable", t::density_comfortable(lang))];
    let visibilities = vec![choice("private", t::first_private(lang)), choice("public", t::first_public(lang))];
    let orders = vec![choice("asc", t::oldest_first(lang)), choice("desc", t::newest_first(lang))];
    let events = vec![choice("true", t::yes(lang)), choice("false", t::no(lang))];
    let is_agent = viewer.agent;
    // Not chosen yet, the newest come first.
    let order = if viewer.timeline_order.is_empty() { "desc".to_owned() } else { viewer.timeline_order };
    let shows_events = if viewer.show_events { "true" } else { "false" };
    view! {
        <form class="card form" method="post" action=SaveProfile::url()>
            <FormError error=error fields=names/>
            <input r#type="hidden" name="form[version]" value=viewer.version.to_string()/>
            <section class="form-section">
                <h2>{t::language_and_time(lang)}</h2>
                <div class="field-grid">
                    <SelectField name="form[language]" label=t::language(lang) options=languages value=typed.or("form[language]", viewer.lang.code()) error=wrong("language")/>
                    <TextField name="form[time_zone]" label=t::time_zone(lang) value=typed.or("form[time_zone]", viewer.time_zone) hint=t::time_zone_hint(lang) error=wrong("time_zone") maxlength=64/>
                </div>
            </section>
            <section class="form-section">
                <h2>{t::appearance(lang)}</h2>
                <RadioGroup name="form[theme]" legend=t::theme(lang) options=themes value=typed.or("form[theme]", viewer.theme)/>
                <RadioGroup name="form[density]" legend=t::density(lang) options=densities value=typed.or("form[density]", viewer.density)/>
            </section>
            {is_agent.then(|| view! {
                <section class="form-section">
                    <h2>{t::tickets(lang)}</h2>
                    <RadioGroup name="form[default_visibility]" legend=t::first_occurrence(lang) options=visibilities.clone() value=typed.or("form[default_visibility]", viewer.default_visibility)/>
                    <RadioGroup name="form[task_default_visibility]" legend=t::first_task(lang) options=visibilities value=typed.or("form[task_default_visibility]", viewer.task_default_visibility)/>
                    <RadioGroup name="form[timeline_order]" legend=t::timeline_order(lang) options=orders value=typed.or("form[timeline_order]", order)/>
                    <RadioGroup name="form[show_events]" legend=t::show_events(lang) options=events value=typed.or("form[show_events]", shows_events)/>
                </section>
            })}
            <section class="form-section">
                <TextAreaField name="form[signature]" label=t::signature(lang) text=typed.or("form[signature]", viewer.signature) hint=t::signature_hint(lang) error=wrong("signature") maxlength=2000/>
            </section>
            <div class="form-foot"><SubmitButton>{t::save(lang)}</SubmitButton></div>
        </form>
    }
}

#[component]
fn PasswordForm() -> impl IntoView {
    let lang = use_boot().lang;
    let action = form_action::<ChangePassword>();
    let error = refusal_of(action);
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), field)))
    };
    let names = vec![
        FieldName { field: "current_password", label: t::current_password(lang) },
        FieldName { field: "new_password", label: t::new_password(lang) },
    ];
    view! {
        <form class="card form" method="post" action=ChangePassword::url()>
            <FormError error=error fields=names/>
            <section class="form-section">
                <h2>{t::change_password(lang)}</h2>
                <PasswordField name="form[current_password]" label=t::current_password(lang) error=wrong("current_password") autocomplete="current-password"/>
                <PasswordField name="form[new_password]" label=t::new_password(lang) hint=t::password_hint(lang) error=wrong("new_password") autocomplete="new-password"/>
            </section>
            <div class="form-foot"><SubmitButton kind=ButtonKind::Plain>{t::change_password(lang)}</SubmitButton></div>
        </form>
    }
}
