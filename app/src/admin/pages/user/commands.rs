//! What can be done to an account besides changing it.

use domain::forms::UserCommand;
use domain::lang::Lang;
use domain::views::{UserDetail, UserPage as Data};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::hint;
use crate::admin::server_fns::RunUserCommand;
use crate::admin::widgets::hidden;
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::SelectField;
use crate::components::form_error::FormError;
use crate::components::icon::Icon;
use crate::form_action::{form_action, refusal_of};
use crate::message;
use crate::t::admin as t;

/// The commands the reader may give now.
pub(super) fn commands(lang: Lang, page: &Data, user: &UserDetail) -> AnyView {
    if user.removed {
        return hint(t::removed_about(lang).to_owned());
    }
    let error = refusal_of(form_action::<RunUserCommand>());
    let invite = user.may_invite.then(|| {
        let words = if user.has_password { t::new_password_link(lang) } else { t::invite(lang) };
        command(user, UserCommand::Invite, t::invite_about(lang).to_owned(), ().into_any(), words, ButtonKind::Plain)
    });
    let sign_out = command(
        user,
        UserCommand::SignOut,
        t::sign_out_about(lang).to_owned(),
        ().into_any(),
        t::sign_out_everywhere(lang),
        ButtonKind::Plain,
    );
    let switch = if user.active {
        disable(lang, page, user)
    } else {
        command(
            user,
            UserCommand::Enable,
            t::enable_about(lang).to_owned(),
            ().into_any(),
            t::enable(lang),
            ButtonKind::Plain,
        )
    };
    let forget = command(
        user,
        UserCommand::Anonymise,
        t::anonymise_about(lang).to_owned(),
        ().into_any(),
        t::anonymise_now(lang),
        ButtonKind::Danger,
    );
    view! {
        <section class="card" aria-labelledby="commands">
            <h2 class="card-title" id="commands">{t::access_to_account(lang)}</h2>
            <FormError error=error/>
            {invite}
            {sign_out}
            {switch}
            <details class="fold admin-danger">
                <summary><Icon name="chevron-right" small=true/>{t::anonymise(lang)}</summary>
                {forget}
            </details>
        </section>
    }
    .into_any()
}

/// Disabling offers to hand the open tickets and tasks over (T-ROL-09).
fn disable(lang: Lang, page: &Data, user: &UserDetail) -> AnyView {
    let error = refusal_of(form_action::<RunUserCommand>());
    let wrong = Signal::derive(move || {
        error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), "hand_over_to"))
    });
    let fields = if user.open_tickets > 0 || user.open_tasks > 0 {
        let label = if user.open_tasks > 0 {
            t::hand_over_all(lang, &user.open_tasks.to_string(), &user.open_tickets.to_string())
        } else {
            t::hand_over(lang, i64::from(user.open_tickets))
        };
        let options = page.successors.clone();
        view! {
            <SelectField name="form[hand_over_to]" label=label options=options blank=t::nobody_they_stay(lang) error=wrong/>
        }
        .into_any()
    } else {
        ().into_any()
    };
    command(user, UserCommand::Disable, t::disable_about(lang).to_owned(), fields, t::disable(lang), ButtonKind::Plain)
}

fn command(
    user: &UserDetail,
    command: UserCommand,
    about: String,
    fields: AnyView,
    word: &'static str,
    kind: ButtonKind,
) -> AnyView {
    view! {
        <form class="admin-command" method="post" action=RunUserCommand::url()>
            {hidden("form[id]", user.id.to_string())}
            {hidden("form[command]", command.as_str())}
            {hidden("form[version]", user.version.to_string())}
            <p>{about}</p>
            {fields}
            <SubmitButton kind=kind>{word}</SubmitButton>
        </form>
    }
    .into_any()
}
