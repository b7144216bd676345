//! What one wants to be told of (T-NTF-03).

use domain::lang::Lang;
use domain::notification::Event;
use domain::views::NotificationPreference;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::own::OwnLayout;
use crate::message;
use crate::notifications::server_fns::{SaveNotificationPreferences, notification_preferences};
use crate::notifications::words;
use crate::t::notifications as t;

/// Page `/profile/notifications`.
#[component]
pub fn NotificationPreferencesPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let viewer = use_viewer();
    let is_agent = viewer.as_ref().is_some_and(|viewer| viewer.agent);
    let sets_mail = viewer.as_ref().is_some_and(|viewer| viewer.can("admin.settings"));
    let data = Resource::new_blocking(|| (), |()| notification_preferences());
    let refused = refusal_of(form_action::<SaveNotificationPreferences>());
    let told = move || {
        let refusal = refused.get().map(|error| (Tone::Error, message::sentence(lang, &error)));
        let saved = query.with(|map| map.get("saved").is_some()).then(|| (Tone::Done, t::saved(lang).to_owned()));
        refusal.or(saved).map(|(tone, text)| view! { <Banner tone=tone text=text/> })
    };
    view! {
        <PageTitle text=t::preferences(lang)/>
        <OwnLayout>
            <div class="page page-narrow">
                <p class="small">
                    <a class="back-link quiet-link muted" href="/notifications"><Icon name="arrow-left"/>{t::title(lang)}</a>
                </p>
                <div class="page-head"><h1>{t::preferences(lang)}</h1></div>
                {told}
                <Suspense>
                    {move || Suspend::new(async move {
                        match data.await {
                            Ok(all) => form(lang, &all, is_agent, sets_mail),
                            Err(error) => view! { <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/> }.into_any(),
                        }
                    })}
                </Suspense>
            </div>
        </OwnLayout>
    }
}

fn form(lang: Lang, all: &[NotificationPreference], is_agent: bool, sets_mail: bool) -> AnyView {
    // Mails of a kind that is never sent are no choice.
    let has_mail = all.iter().any(|one| Event::MAILED.contains(&one.event));
    let rows = all
        .iter()
        .filter(|one| is_agent || !one.event.is_for_service_only())
        .filter(|one| sets_mail || one.event != Event::MailLimited)
        .map(|one| row(lang, one, has_mail))
        .collect_view();
    let mail = has_mail.then(|| view! { <th scope="col">{t::by_mail(lang)}</th> });
    view! {
        <form class="card form" method="post" action=SaveNotificationPreferences::url()>
            <p class="small muted" id="always">{t::always(lang)}</p>
            <table class="change-table">
                <caption class="vh">{t::preferences(lang)}</caption>
                <thead><tr><th scope="col">{t::event(lang)}</th><th scope="col">{t::in_app(lang)}</th>{mail}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {has_mail.then(|| view! { <p class="small muted">{t::mail_about(lang)}</p> })}
            <div class="form-foot"><SubmitButton>{t::save(lang)}</SubmitButton></div>
        </form>
    }
    .into_any()
}

fn row(lang: Lang, one: &NotificationPreference, has_mail: bool) -> AnyView {
    let word = one.event.as_str();
    let id = ["event-", word].concat();
    let is_fixed = !one.event.may_be_off();
    let mail = has_mail.then(|| {
        let box_of = Event::MAILED.contains(&one.event).then(|| tick("form[mail][]", word, &id, one.mail, false));
        view! { <td>{box_of}</td> }
    });
    view! {
        <tr>
            <th scope="row" id=id.clone()>{words::event(lang, one.event)}</th>
            <td>
                <input r#type="hidden" name="form[shown][]" value=word/>
                {tick("form[app][]", word, &id, one.app, is_fixed)}
            </td>
            {mail}
        </tr>
    }
    .into_any()
}

/// A box named by its row; one that is fixed says why.
fn tick(name: &'static str, word: &'static str, row: &str, is_on: bool, is_fixed: bool) -> AnyView {
    view! {
        <label class="tick">
            <input
                class="checkbox checkbox-primary"
                r#type="checkbox"
                name=name
                value=word
                checked=is_on
                disabled=is_fixed
                aria-labelledby=row.to_owned()
                aria-describedby=is_fixed.then_some("always")
            />
        </label>
    }
    .into_any()
}
