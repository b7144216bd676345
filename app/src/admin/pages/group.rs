//! A group: what it may be, what it insists on, who belongs to it.

use domain::access::GroupMail;
use domain::forms::Membership;
use domain::lang::Lang;
use domain::views::{Choice, GroupDetail, GroupPage as Data, MemberView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::admin::address;
use crate::admin::server_fns::{ChangeMember, DeleteGroup, SaveGroup, admin_group};
use crate::admin::typed::Typed;
use crate::admin::widgets::{Part, done, frame, hidden};
use crate::boot::use_lang;
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::{Checkbox, SelectField, TextAreaField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::admin as t;

/// Beyond so many people a member is named by his address.
const CHOICES_MAX: usize = 200;

/// Page `/admin/groups/:id`.
#[component]
pub fn GroupPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let query = use_query_map();
    let typed = StoredValue::new(Typed::take());
    let id = Memo::new(move |_| params.with(|map| map.get("id").unwrap_or_default()));
    let data = Resource::new_blocking(move || id.get(), admin_group);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => {
                    let note = query.with_untracked(|map| map.get("done").unwrap_or_default());
                    group(lang, &page, &typed.get_value(), &note)
                }
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn group(lang: Lang, page: &Data, typed: &Typed, note: &str) -> AnyView {
    let form = form(lang, page, &typed.of("save_group"));
    let Some(group) = &page.group else {
        return frame(lang, Part::Groups, t::add_group(lang), ().into_any(), form);
    };
    let content = view! {
        {done(lang, note)}
        {form}
        {members(lang, page, group, &typed.of("change_member"))}
        {delete(lang, group)}
    };
    frame(lang, Part::Groups, &group.row.name, ().into_any(), content.into_any())
}

fn names(lang: Lang) -> Vec<FieldName> {
    [
        ("name", t::name(lang)),
        ("entity", t::entity(lang)),
        ("extra_addresses", t::extra_addresses(lang)),
        ("mandatory_notifications", t::insists_on(lang)),
    ]
    .map(|(field, label)| FieldName { field, label })
    .to_vec()
}

fn form(lang: Lang, page: &Data, typed: &Typed) -> AnyView {
    let error = refusal_of(form_action::<SaveGroup>());
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), field)))
    };
    let addresses_wrong = Signal::derive(move || {
        error.with(|e| {
            let fields = message::fields(e.as_ref());
            let first = fields.0.iter().find(|wrong| message::base_of(&wrong.field) == "extra_addresses")?;
            Some(message::wrong_sentence(lang, first).to_owned())
        })
    });
    let detail = page.group.clone().unwrap_or_default();
    let is_new = page.group.is_none();
    let row = &detail.row;
    let first = page.entities.first().map(|entity| entity.value.clone()).unwrap_or_default();
    let entity = if is_new { first } else { row.entity.id.to_string() };
    let held: Vec<String> = detail.mandatory_notifications.iter().map(|mail| mail.as_str().to_owned()).collect();
    let ticked = typed.words("mandatory_notifications", held);
    let mails = GroupMail::ALL
        .map(|mail| {
            let (word, about) = words(lang, mail);
            let is_ticked = ticked.iter().any(|known| known == mail.as_str());
            view! {
                <Checkbox name="form[mandatory_notifications][]" id=["mail-", mail.as_str()].concat() value=mail.as_str() label=word hint=about checked=is_ticked/>
            }
        })
        .into_iter()
        .collect_view();
    let ids = page.group.as_ref().map(|group| {
        view! {
            {hidden("form[id]", group.row.id.to_string())}
            {hidden("form[version]", group.version.to_string())}
        }
    });
    let submit = if is_new { t::add_group(lang) } else { t::save(lang) };
    view! {
        <form class="card form" method="post" action=SaveGroup::url() aria-label=t::group(lang)>
            <FormError error=error fields=names(lang)/>
            {ids}
            <div class="field-grid">
                <TextField name="form[name]" label=t::name(lang) value=typed.or("name", &row.name) error=wrong("name") required=true maxlength=100 autocomplete="off"/>
                <SelectField name="form[entity]" label=t::entity(lang) options=page.entities.clone() value=typed.or("entity", &entity) error=wrong("entity")/>
            </div>
            <fieldset class="field">
                <legend>{t::may_be(lang)}</legend>
                <Checkbox name="form[recursive]" label=t::and_below(lang) checked=typed.ticked("recursive", row.recursive || is_new)/>
                <Checkbox name="form[may_be_assigned]" label=t::may_be_assigned(lang) checked=typed.ticked("may_be_assigned", row.may_be_assigned || is_new)/>
                <Checkbox name="form[may_be_asked]" label=t::may_be_asked(lang) checked=typed.ticked("may_be_asked", row.may_be_asked)/>
                <Checkbox name="form[may_be_requester]" label=t::may_be_requester(lang) checked=typed.ticked("may_be_requester", row.may_be_requester)/>
            </fieldset>
            <fieldset class="field">
                <legend>{t::insists_on(lang)}</legend>
                {mails}
            </fieldset>
            <TextAreaField name="form[extra_addresses]" label=t::extra_addresses(lang) hint=t::extra_addresses_about(lang) text=typed.or("extra_addresses", &detail.extra_addresses.join("\n")) error=addresses_wrong rows=3/>
            <div class="form-foot">
                <span class="draft-state"></span>
                <SubmitButton>{submit}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

/// Word and sentence of a mail a group insists on.
fn words(lang: Lang, mail: GroupMail) -> (&'static str, &'static str) {
    match mail {
        GroupMail::Opening => (t::mail_opening(lang), t::mail_opening_about(lang)),
        GroupMail::Progress => (t::mail_progress(lang), t::mail_progress_about(lang)),
        GroupMail::Closing => (t::mail_closing(lang), t::mail_closing_about(lang)),
    }
}

fn members(lang: Lang, page: &Data, group: &GroupDetail, typed: &Typed) -> AnyView {
    let list = if group.members.is_empty() {
        view! { <p class="muted small">{t::no_members(lang)}</p> }.into_any()
    } else {
        let rows = group.members.iter().map(|member| member_line(lang, group, member)).collect_view();
        view! { <ul class="admin-rows">{rows}</ul> }.into_any()
    };
    let error = refusal_of(form_action::<ChangeMember>());
    let wrong =
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), "user")));
    let is_member = |choice: &&Choice| group.members.iter().any(|member| member.id.to_string() == choice.value);
    let others: Vec<Choice> = page.people.iter().filter(|choice| !is_member(choice)).cloned().collect();
    let who = if page.people.len() < CHOICES_MAX {
        view! { <SelectField name="form[user]" id="member-user" label=t::user(lang) options=others value=typed.or("user", "") blank=t::choose(lang) error=wrong/> }
            .into_any()
    } else {
        view! { <TextField name="form[user]" id="member-user" label=t::email(lang) kind="email" value=typed.or("user", "") error=wrong maxlength=254/> }
            .into_any()
    };
    view! {
        <section class="card" aria-labelledby="members">
            <h2 class="card-title" id="members">{t::members(lang)}</h2>
            {list}
            <form class="form admin-add" method="post" action=ChangeMember::url()>
                <FormError error=error/>
                {hidden("form[group]", group.row.id.to_string())}
                <div class="filter-bar">
                    {who}
                    <SubmitButton kind=ButtonKind::Plain icon="plus">{t::add_member(lang)}</SubmitButton>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn member_line(lang: Lang, group: &GroupDetail, member: &MemberView) -> AnyView {
    let (next, word) = if member.manager {
        (Membership::Member, t::no_manager(lang))
    } else {
        (Membership::Manager, t::make_manager(lang))
    };
    let leads = member.manager.then(|| view! { <span class="badge">{t::manager(lang)}</span> });
    let off = (!member.active).then(|| view! { <span class="badge admin-off">{t::disabled(lang)}</span> });
    view! {
        <li>
            <Icon name="user"/>
            <a class="quiet-link" href=address::user(&member.id.to_string(), "")>{member.name.clone()}</a>
            {leads}
            {off}
            {member_form(group, member, next, word)}
            {member_form(group, member, Membership::None, t::take_out(lang))}
        </li>
    }
    .into_any()
}

fn member_form(group: &GroupDetail, member: &MemberView, next: Membership, word: &'static str) -> AnyView {
    let value = match next {
        Membership::Member => "member",
        Membership::Manager => "manager",
        Membership::None => "none",
    };
    let label = [word, ": ", member.name.as_str()].concat();
    view! {
        <form method="post" action=ChangeMember::url()>
            {hidden("form[group]", group.row.id.to_string())}
            {hidden("form[user]", member.id.to_string())}
            {hidden("form[membership]", value)}
            <button class="btn btn-ghost btn-sm" r#type="submit" aria-label=label>{word}</button>
        </form>
    }
    .into_any()
}

fn delete(lang: Lang, group: &GroupDetail) -> AnyView {
    let error = refusal_of(form_action::<DeleteGroup>());
    view! {
        <section class="card" aria-labelledby="delete">
            <h2 class="card-title" id="delete">{t::delete_group(lang)}</h2>
            <FormError error=error/>
            <form class="admin-command" method="post" action=DeleteGroup::url()>
                {hidden("id", group.row.id.to_string())}
                {hidden("version", group.version.to_string())}
                <p>{t::delete_group_about(lang)}</p>
                <SubmitButton kind=ButtonKind::Plain icon="trash-2">{t::delete(lang)}</SubmitButton>
            </form>
        </section>
    }
    .into_any()
}
