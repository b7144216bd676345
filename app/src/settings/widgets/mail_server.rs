//! The mail server: what the environment says of it, whether it can be reached, and a test with the words of the server
//! (M-TRN-02, M-TRN-04).

use domain::format;
use domain::lang::Lang;
use domain::mail::Unsent;
use domain::settings::Key;
use domain::views::{MailServerView, MailStep, MailTestView, MailTransportView, Moment, SettingWarning, SettingsView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::icon::Icon;
use crate::components::when::Time;
use crate::form_action::{form_action, refusal_of};
use crate::message;
use crate::settings::server_fns::TestMail;
use crate::settings::words;
use crate::t::settings as t;

/// The row of the mail server.
pub(crate) fn mail_server(
    lang: Lang,
    page: &SettingsView,
    mail: &MailServerView,
    warning: Option<SettingWarning>,
) -> AnyView {
    let warning = warning.map(|warning| {
        let words = words::warning(lang, Key::MailTransport, warning);
        view! { <p class="setting-warning"><Icon name="triangle-alert" small=true/><span>{words}</span></p> }
    });
    let server = mail.server.as_ref().map(|server| facts(lang, server, mail, &page.now));
    let test = mail.server.as_ref().map(|_| test_form(lang, page));
    let last = mail.last_test.as_ref().map(|test| steps(lang, test, &page.now));
    view! {
        <section class="setting setting-wide" id="mail-server" aria-labelledby="mail-server-name">
            <div class="setting-head">
                <h3 class="setting-name"><span id="mail-server-name">{words::label(lang, Key::MailTransport)}</span></h3>
                <p class="setting-about">{words::about(lang, Key::MailTransport)}</p>
            </div>
            <div class="setting-do">
                {warning}
                {server}
                {test}
                {last}
            </div>
        </section>
    }
    .into_any()
}

fn facts(lang: Lang, server: &MailTransportView, mail: &MailServerView, now: &Moment) -> AnyView {
    let tls = match server.tls.as_str() {
        "implicit" => t::tls_implicit(lang),
        "required" => t::tls_required(lang),
        "opportunistic" => t::tls_opportunistic(lang),
        _ => t::tls_none(lang),
    };
    let state = match &mail.failing_since {
        Some(since) => t::failing_since(lang, &format::smart(since, now, lang)),
        None => t::state_good(lang).to_owned(),
    };
    let answer = mail.answer.clone().map(|answer| view! { <code class="mail-said">{answer}</code> });
    view! {
        <dl class="setting-facts">
            <div><dt>{t::server(lang)}</dt><dd>{server.host.clone()}":"{server.port.to_string()}</dd></div>
            <div><dt>{t::encryption(lang)}</dt><dd>{tls}</dd></div>
            <div><dt>{t::sender(lang)}</dt><dd>{server.sender.clone()}</dd></div>
            <div><dt>{t::state(lang)}</dt><dd>{state}{answer}</dd></div>
        </dl>
    }
    .into_any()
}

fn test_form(lang: Lang, page: &SettingsView) -> AnyView {
    let refusal = refusal_of(form_action::<TestMail>());
    let error = move || {
        refusal.with(|error| {
            error.as_ref().map(|error| {
                let words = message::sentence(lang, error);
                view! { <p class="field-error" role="alert"><Icon name="circle-alert" small=true/>{words}</p> }
            })
        })
    };
    let action = [TestMail::url(), "#mail-server"].concat();
    view! {
        <form class="setting-control" method="post" action=action>
            <input r#type="hidden" name="entity" value=page.entity.id.to_string()/>
            <button class="btn btn-sm" r#type="submit"><Icon name="send"/>{t::send_test(lang)}</button>
        </form>
        {error}
    }
    .into_any()
}

fn steps(lang: Lang, test: &MailTestView, now: &Moment) -> AnyView {
    let lines = test.steps.iter().map(|step| line(lang, step)).collect_view();
    let is_done = test.steps.last().is_some_and(|step| step.ok && step.name == "accepted");
    let outcome = if is_done { t::test_arrived(lang, &test.to) } else { t::test_failed(lang).to_owned() };
    view! {
        <div class="mail-test">
            <p class="mail-test-head"><b>{t::last_test(lang)}</b>" "<Time moment=test.at.clone() now=Some(now.clone())/></p>
            <ol class="mail-steps">{lines}</ol>
            <p role="status">{outcome}</p>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, step: &MailStep) -> AnyView {
    let name = match step.name.as_str() {
        "resolve" => t::step_resolve(lang),
        "connect" => t::step_connect(lang),
        "tls" => t::step_tls(lang),
        "sign_in" => t::step_sign_in(lang),
        _ => t::step_accepted(lang),
    };
    let (icon, state) =
        if step.ok { ("circle-check", t::step_done(lang)) } else { ("circle-x", t::step_refused(lang)) };
    let answer = match Unsent::read(&step.answer) {
        Some(_own_address) => t::wrong_own_address(lang).to_owned(),
        None => step.answer.clone(),
    };
    let took = t::took_ms(lang, &step.took_ms.to_string());
    view! {
        <li data-ok=step.ok.to_string()>
            <Icon name=icon small=true/>
            <span class="vh">{state}</span>
            <span class="mail-step">{name}</span>
            <code class="mail-said">{answer}</code>
            <span class="mail-took">{took}</span>
        </li>
    }
    .into_any()
}
