//! The form of an occurrence: in the dock of the ticket and on the page "Add note", with one draft (T-OCC-02).

use std::sync::Arc;

use domain::error::FieldErrors;
use domain::forms::Command;
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::ticket::Status;
use domain::views::{Choice, DraftView, Entry, PropertyView};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

use super::composer_parts::{Audience, MinutesInput, PostButton, VisibilitySwitch};
use super::draft::{DiscardForm, Draft, DraftState, check, text_and_html};
use super::header::{can_follow_up, follow_up_path};
use super::mails::{MailLock, MailTick};
use super::template_menu::TemplateMenu;
use super::{command_form, words};
use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{FieldError, Options};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::form_action::{FormAction, refusal_of, send};
use crate::kept::{TextKept, upload_path};
use crate::message;
use crate::t::tickets as t;
use crate::tickets::server_fns::AddOccurrence;

/// The action behind the composer.
pub(crate) type AddAction = FormAction<AddOccurrence>;

/// The form. What it begins with is read once: what is typed is never replaced by an answer of the server.
#[component]
pub(crate) fn Composer(
    /// The page it stands on.
    page: Memo<Arc<PropertyView>>,
    /// The action.
    add: AddAction,
    /// The entry to reply to.
    reply: Signal<Option<Uuid>>,
    /// Address of its page; without it that of the ticket with the dock open.
    #[prop(optional, into)]
    here: String,
) -> impl IntoView {
    let lang = use_lang();
    let first = page.get_untracked();
    let number = first.ticket.number;
    let here = if here.is_empty() { format!("/tickets/{number}?compose=occurrence#dock") } else { here };
    let form = NodeRef::<html::Form>::new();
    let saved = first.draft.as_ref().filter(|_| is_begun(&first));
    let draft = Draft::new(form, "occurrence", number.to_string(), saved);
    let error = refusal_of(add);
    let wrong = Memo::new(move |_| message::fields(error.get().as_ref()));
    let begins = visibility(&first, reply.get_untracked());
    let lock = MailLock::new(first.mail.as_ref(), first.draft.as_ref(), begins);
    // A key belongs to one post: a try after a lost answer has the same, the next post another.
    let (first_key, posts) = (first.key.clone(), RwSignal::new(0_u32));
    let key = move || format!("{first_key}-{}", posts.get());
    // Who gets a mail follows the requesters of the ticket, which may change beside the form.
    let offer = Memo::new(move |_| page.with(|page| page.mail.clone()));
    empty_after_post(add, form, draft, lock, posts);
    follow_answered_entry(page, reply, form, lock);
    let discard = format!("discard-{number}");
    let menu = view! { <TemplateMenu page=first.clone() form=form draft=draft lock=lock posts=posts/> }.into_any();
    let sent = Signal::derive(move || add.value().with(|value| matches!(value, Some(Ok(_)))));
    let may_plan = first.ticket.actions.iter().any(|action| action == "task");
    view! {
        <form
            class="composer"
            method="post"
            action=AddOccurrence::url()
            aria-label=t::add_an_occurrence(lang)
            node_ref=form
            on:submit=send(add)
            on:input=move |_| draft.typed()
            on:change=move |_| draft.typed()
        >
            // Enter in a field and Ctrl+Enter take the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
            <input r#type="hidden" name="form[key]" value=key/>
            <input r#type="hidden" name="form[from]" value="ticket"/>
            <TextKept sent=sent/>
            <TakesNoMore page=page/>
            <FormError error=error fields=field_names(lang)/>
            <div class="composer-top">
                <nav class="composer-tabs" aria-label=t::kind_of_entry(lang)>
                    <a href=format!("/tickets/{number}?compose=occurrence#dock") aria-current="true">{t::tab_occurrence(lang)}</a>
                    {may_plan.then(|| view! { <a href=format!("/tickets/{number}/tasks/new")>{t::tab_task(lang)}</a> })}
                </nav>
                <VisibilitySwitch begins=begins lock=lock/>
            </div>
            <ReplyLine page=page reply=reply/>
            {editor(lang, first.draft.as_ref(), wrong)}
            {files(lang, &first, wrong, &here)}
            {foot(lang, &first, wrong, draft, menu)}
            <MailTick offer=offer lock=lock error=sentence_of(lang, wrong, "send_mail")/>
            <div class="composer-send">
                <Audience page=first.clone()/>
                <DraftState draft=draft discard=discard.clone()/>
                <PostButton/>
            </div>
        </form>
        <DiscardForm id=discard draft=draft back=here/>
    }
}

/// Above a text that the ticket takes no more, with the way to open it again (T-DRF-03); nothing while it takes it.
#[component]
fn TakesNoMore(page: Memo<Arc<PropertyView>>) -> impl IntoView {
    let lang = use_lang();
    move || {
        page.with(|page| {
            let ticket = &page.ticket;
            ticket.status.is_over().then(|| {
                let reopen = command_form::may(ticket, Command::Reopen).then(|| {
                    let href = command_form::command_path(ticket.number, Command::Reopen);
                    view! { <a class="btn btn-sm" href=href>{words::command(lang, Command::Reopen)}</a> }
                });
                let follow_up = can_follow_up(ticket).then(|| {
                    let href = follow_up_path(ticket.number);
                    view! { <a class="btn btn-sm" href=href>{t::command_follow_up(lang)}</a> }
                });
                view! { <Banner tone=Tone::Warning text=t::dock_over_kept(lang)>{reopen}{follow_up}</Banner> }
                    .into_any()
            })
        })
    }
}

/// Whether the page has a text of its reader that was stored; a draft without id is what the page begins with.
pub(crate) fn is_begun(page: &PropertyView) -> bool {
    page.draft.as_ref().is_some_and(|draft| !draft.id.is_nil())
}

/// What the dock and the note page begin with: the draft's, the answered entry's, the reader's own default.
pub(crate) fn visibility(page: &PropertyView, reply: Option<Uuid>) -> Visibility {
    let answered = reply.and_then(|id| occurrence_of(page, id)).map(|(visibility, _)| visibility);
    let drafted = page.draft.as_ref().and_then(|draft| draft.text("visibility").parse().ok());
    answered.or(drafted).unwrap_or_else(|| page.visibility.parse().unwrap_or_default())
}

fn occurrence_of(page: &PropertyView, id: Uuid) -> Option<(Visibility, domain::views::ActorView)> {
    page.timeline.entries.iter().find_map(|entry| match entry {
        Entry::Occurrence(entry) if entry.id == id => Some((entry.visibility, entry.author.clone())),
        _ => None,
    })
}

/// Which entry is answered, with the way to answer none.
#[component]
fn ReplyLine(page: Memo<Arc<PropertyView>>, reply: Signal<Option<Uuid>>) -> impl IntoView {
    let lang = use_lang();
    let dropped = RwSignal::new(false);
    let drafted =
        move || page.with(|page| page.draft.as_ref().and_then(|draft| draft.text("reply_to").parse::<Uuid>().ok()));
    move || {
        let id = reply.get().or_else(|| drafted().filter(|_| !dropped.get()))?;
        let (number, author) =
            page.with(|page| (page.ticket.number, occurrence_of(page, id).map(|(_, author)| author)));
        let words = match author {
            Some(author) => t::replying_to(lang, &words::name(lang, &author)),
            None => t::replying(lang).to_owned(),
        };
        Some(view! {
            <p class="composer-reply">
                <Icon name="reply"/>
                <span>{words}</span>
                <a class="link" href=format!("/tickets/{number}?compose=occurrence#dock") on:click=move |_| dropped.set(true)>
                    {t::reply_to_none(lang)}
                </a>
                <input r#type="hidden" name="form[reply_to]" value=id.to_string()/>
            </p>
        })
    }
}

fn editor(lang: Lang, draft: Option<&DraftView>, wrong: Memo<FieldErrors>) -> AnyView {
    let (text, html) = text_and_html(draft, "body");
    let error = sentence_of(lang, wrong, "body");
    view! {
        <DeskEditor
            name="form[body]"
            format_name="form[format]"
            label=t::tab_occurrence(lang)
            placeholder=t::write_an_occurrence(lang)
            text=text
            html=html
            rows=2
            described_by="form-body-error"
            invalid=Signal::derive(move || error.with(Option::is_some))
        />
        <FieldError id="form-body-error" error=error/>
    }
    .into_any()
}

fn files(lang: Lang, page: &PropertyView, wrong: Memo<FieldErrors>, here: &str) -> AnyView {
    let attached = page.draft.as_ref().map(|draft| draft.attachments.clone()).unwrap_or_default();
    let (max_bytes, forbidden) = (page.choices.upload_max, page.choices.forbidden_extensions.clone());
    let action = upload_path("occurrence", &page.ticket.number.to_string(), here);
    view! {
        <DeskFiles
            name="form[attachments][]"
            attached=attached
            max_bytes=max_bytes
            forbidden=forbidden
            upload_action=action
        />
        <FieldError id="form-attachments-error" error=wrong_file(lang, wrong)/>
    }
    .into_any()
}

/// The line under the text: time spent, when, source, category; what is wrong with them below.
fn foot(lang: Lang, page: &PropertyView, wrong: Memo<FieldErrors>, draft: Draft, menu: AnyView) -> AnyView {
    let saved = |field: &str| page.draft.as_ref().map(|draft| draft.text(field)).unwrap_or_default();
    let typed = Callback::new(move |()| draft.typed());
    let resume = (page.ticket.status == Status::Pending
        && command_form::may(&page.ticket, domain::forms::Command::Reactivate))
    .then(|| {
        let chosen = saved("then") == "resume";
        view! {
            <label class="check-row">
                <input class="checkbox checkbox-primary" r#type="checkbox" name="form[then]" value="resume" checked=chosen/>
                <span>{t::and_resume(lang)}</span>
            </label>
        }
    });
    // T-OCC-11: an article is begun with it after it is saved.
    let to_knowledge = use_viewer().is_some_and(|viewer| viewer.can("knowledge.edit")).then(|| {
        let chosen = saved("save_to_knowledge") == "true";
        view! {
            <label class="check-row">
                <input class="checkbox checkbox-primary" r#type="checkbox" name="form[save_to_knowledge]" value="true" checked=chosen/>
                <span>{t::save_to_knowledge(lang)}</span>
            </label>
        }
    });
    let errors = ["minutes", "occurred_at", "source", "category", "template", "reply_to", "visibility"].map(|field| {
        view! { <FieldError id=format!("form-{field}-error") error=sentence_of(lang, wrong, field)/> }
    });
    view! {
        <div class="composer-foot">
            <MinutesInput value=saved("minutes") error=sentence_of(lang, wrong, "minutes") on_change=typed/>
            <label class="foot-when">
                <span>{t::happened_at(lang)}</span>
                <input
                    class="input input-sm foot-date"
                    r#type="datetime-local"
                    id="form-occurred_at"
                    name="form[occurred_at]"
                    value=saved("occurred_at")
                    title=t::happened_at_hint(lang)
                    aria-describedby="form-occurred_at-error"
                />
            </label>
            {select("source", t::field_source(lang), &page.choices.occurrence_sources, saved("source"))}
            {select("category", t::field_category(lang), &page.choices.occurrence_categories, saved("category"))}
            {menu}
            {resume}
            {to_knowledge}
        </div>
        {errors.into_iter().collect_view()}
    }
    .into_any()
}

fn select(field: &'static str, label: &'static str, options: &[Choice], value: String) -> AnyView {
    let options = options.to_vec();
    view! {
        <select
            class="select select-sm foot-select"
            id=format!("form-{field}")
            name=format!("form[{field}]")
            aria-label=label
            aria-describedby=format!("form-{field}-error")
        >
            <Options options=options value=value blank=label/>
        </select>
    }
    .into_any()
}

/// The sentence of a wrong field.
pub(crate) fn sentence_of(lang: Lang, wrong: Memo<FieldErrors>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || wrong.with(|wrong| message::field_sentence(lang, wrong, field)))
}

/// The sentence of a wrong file.
pub(crate) fn wrong_file(lang: Lang, wrong: Memo<FieldErrors>) -> Signal<Option<String>> {
    Signal::derive(move || wrong.with(|wrong| message::files_sentence(lang, wrong)))
}

/// What the summary of a refusal calls the fields of an occurrence.
pub(crate) fn field_names(lang: Lang) -> Vec<FieldName> {
    let fields = ["body", "minutes", "occurred_at", "source", "category", "visibility", "attachments"]
        .map(|field| FieldName { field, label: words::field(lang, field) });
    let mail = FieldName { field: "send_mail", label: t::send_by_mail(lang) };
    fields.into_iter().chain([mail]).collect()
}

/// The form begins anew when its text is saved; the next one is mailed only if it says so.
fn empty_after_post(add: AddAction, form: NodeRef<html::Form>, draft: Draft, lock: MailLock, posts: RwSignal<u32>) {
    let value = add.value();
    Effect::new(move |_| {
        if value.with(|value| matches!(value, Some(Ok(_)))) {
            draft.posted();
            posts.update(|posts| *posts += 1);
            if let Some(form) = form.get_untracked() {
                form.reset();
                lock.release(&form);
                for element in ["desk-editor", "desk-files"] {
                    clear(&form, element);
                }
            }
        }
    });
}

/// A reply begins with the visibility of what it answers (T-OCC-10); a private one is not mailed.
fn follow_answered_entry(
    page: Memo<Arc<PropertyView>>,
    reply: Signal<Option<Uuid>>,
    form: NodeRef<html::Form>,
    lock: MailLock,
) {
    Effect::new(move |before: Option<Option<Uuid>>| {
        let id = reply.get();
        let answered = id.filter(|_| before.is_some_and(|before| before != id));
        let found = answered.and_then(|id| page.with_untracked(|page| occurrence_of(page, id)));
        if let (Some((visibility, _)), Some(form)) = (found, form.get_untracked()) {
            if visibility.is_private() {
                lock.release(&form);
            }
            check(&form, "visibility", visibility.as_str());
        }
        id
    });
}

/// Calls `clear()` of a richer field; a plain one was emptied by the reset.
fn clear(form: &leptos::web_sys::HtmlFormElement, element: &str) {
    use leptos::wasm_bindgen::{JsCast, JsValue};

    let Ok(Some(element)) = form.query_selector(element) else { return };
    let method = js_sys::Reflect::get(&element, &JsValue::from_str("clear")).ok();
    if let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) {
        // A field that fails to empty itself only keeps its text.
        let _ = method.call0(&element);
    }
}
