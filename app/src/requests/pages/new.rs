//! A new request: one page, one form, complete without scripts (P-NEW). With them what is typed is kept as it is typed.

use domain::error::{AppError, FieldErrors};
use domain::lang::Lang;
use domain::ticket::TicketType;
use domain::views::{Choice, FollowUpView, NewRequestView, PortalCategory};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{Checkbox, Field, FieldError, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::priority_word;
use crate::form_action::form_action;
use crate::hints;
use crate::kept::{TextKept, upload_path};
use crate::knowledge::server_fns::LookForArticles;
use crate::layouts::portal::PortalLayout;
use crate::message;
use crate::requests::server_fns::new_request;
use crate::requests::widgets::begun::begun;
use crate::requests::widgets::frame::refused;
use crate::t::common;
use crate::t::requests as t;
use crate::tickets::server_fns::{CreateTicket, DiscardDraft, SaveDraft};

const PATH: &str = "/requests/new";
const DESCRIPTION_HINT: &str = "form-description-hint";

/// The page `/requests/new`; `?follow_up_of=12` begins with what request 12 was about.
#[component]
pub fn NewRequestPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let asked = Memo::new(move |_| {
        params.with(|map| (map.get("follow_up_of").unwrap_or_default(), map.get_str("articles").is_some()))
    });
    let data = Resource::new_blocking(move || asked.get(), |(follow_up, articles)| new_request(follow_up, articles));
    // The form is an ordinary post; the action only carries back why it was refused.
    let create = form_action::<CreateTicket>();
    let refusal = Signal::derive(move || create.value().with(message::refusal));
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    view! {
        <PortalLayout>
            <Transition>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(page) => content(lang, &page, refusal, wrong),
                        Err(refusal) => refused(lang, &refusal),
                    }
                })}
            </Transition>
        </PortalLayout>
    }
    .into_any()
}

fn content(lang: Lang, page: &NewRequestView, refusal: Signal<Option<AppError>>, wrong: Memo<FieldErrors>) -> AnyView {
    let follows = page.follow_up.as_ref().map(|source| source.number.to_string());
    let back = follows.as_ref().map_or_else(|| "/requests".to_owned(), |number| ["/requests/", number].concat());
    let follow_up = follows.clone().map(|number| {
        let href = back.clone();
        view! {
            <p class="muted"><a class="link" href=href>{t::follows(lang, &number)}</a></p>
            <input r#type="hidden" name="form[follow_up_of]" value=number/>
        }
    });
    view! {
        <PageTitle text=t::new_request(lang).to_owned()/>
        <div class="page-head"><h1>{t::new_request(lang)}</h1></div>
        <form
            class="form new-request"
            id=hints::FORM
            method="post"
            action=CreateTicket::url()
            data-draft=SaveDraft::url()
            data-draft-kind="ticket"
            data-draft-object="new"
            data-draft-saved=t::draft_saved(lang, "{time}")
        >
            // Ctrl+Enter and Enter take the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <TextKept/>
            <FormError error=refusal fields=field_names(lang)/>
            <input r#type="hidden" name="form[from]" value="request"/>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            {follow_up}
            {kinds(lang, page, wrong)}
            {texts(lang, page, wrong)}
            {facts(lang, page, wrong)}
            {people(lang, page, wrong)}
            {more(lang, page, wrong)}
            {files(lang, page, wrong, follows.as_deref())}
            {look(lang, page)}
            <div class="form-foot">
                <span class="draft-state small muted" data-draft-state=""></span>
                <LinkButton href=back kind=ButtonKind::Ghost>{common::back(lang)}</LinkButton>
                <button class="btn btn-primary" r#type="submit">{t::send(lang)}</button>
            </div>
        </form>
        {suggestions(lang, page)}
    }
    .into_any()
}

/// The way to articles without scripts; with them they come by themselves, and scripts hide it.
fn look(lang: Lang, page: &NewRequestView) -> Option<AnyView> {
    page.suggests.then(|| {
        view! {
            <p>
                <button class="btn btn-sm" r#type="submit" formaction=LookForArticles::url() formnovalidate=true data-look="">
                    <Icon name="book-open"/>{t::look_for_articles(lang)}
                </button>
            </p>
        }
        .into_any()
    })
}

/// Articles that may help (P-NEW-04). Scripts fill the place while one types (`frontend/js/knowledge`).
fn suggestions(lang: Lang, page: &NewRequestView) -> Option<AnyView> {
    page.suggests.then(|| {
        let found = page.articles.as_ref().map(|found| hints::hints(lang, found));
        let is_empty = found.is_none().then_some("");
        view! {
            <section
                class="card new-request"
                id="articles"
                aria-labelledby="articles-title"
                aria-live="polite"
                data-suggest="/knowledge/suggestions"
                data-empty=is_empty
                data-discard=DiscardDraft::url()
                data-said=t::helped_said(lang)
                data-undo=common::undo(lang)
            >
                <h2 class="card-title" id="articles-title">{t::may_help(lang)}</h2>
                <div data-suggested="">{found}</div>
            </section>
        }
        .into_any()
    })
}

/// A text of the draft, else what the request before it said there.
fn saved(page: &NewRequestView, field: &str, follow_up: impl FnOnce(&FollowUpView) -> String) -> String {
    let typed = page.draft.as_ref().map(|draft| draft.text(field)).unwrap_or_default();
    if typed.is_empty() { page.follow_up.as_ref().map(follow_up).unwrap_or_default() } else { typed }
}

/// Whom the draft names besides its writer, else the request before it.
fn named(page: &NewRequestView) -> Vec<String> {
    match page.draft.as_ref().and_then(|draft| draft.fields.get("requesters")).and_then(serde_json::Value::as_array) {
        Some(texts) => texts.iter().filter_map(serde_json::Value::as_str).map(str::to_owned).collect(),
        None => page.follow_up.as_ref().map(|source| source.requesters.clone()).unwrap_or_default(),
    }
}

/// The sentence of a wrong field; of a list the first.
fn sentence_of(lang: Lang, wrong: Memo<FieldErrors>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        wrong.with(|wrong| {
            let found = wrong.0.iter().find(|one| message::base_of(&one.field) == field);
            found.map(|one| message::wrong_sentence(lang, one).to_owned())
        })
    })
}

/// What it is about, as three cards (P-NEW-01).
fn kinds(lang: Lang, page: &NewRequestView, wrong: Memo<FieldErrors>) -> AnyView {
    let chosen = saved(page, "kind", |source| source.kind.as_str().to_owned());
    let chosen = if chosen.is_empty() { TicketType::Request.as_str().to_owned() } else { chosen };
    let cards = [
        ("incident", t::new_broken(lang), t::new_broken_hint(lang)),
        ("request", t::new_need(lang), t::new_need_hint(lang)),
        ("question", t::new_question(lang), t::new_question_hint(lang)),
    ]
    .into_iter()
    .map(|(value, word, hint)| {
        let checked = chosen == value;
        view! {
            <label class="choice-card">
                <input class="radio radio-primary" r#type="radio" name="form[kind]" value=value checked=checked/>
                <span>{word}<small>{hint}</small></span>
            </label>
        }
    })
    .collect_view();
    view! {
        <fieldset class="field" id="form-type" aria-describedby="form-type-error">
            <legend>{t::new_what(lang)}</legend>
            <div class="choice-cards">{cards}</div>
            <FieldError id="form-type-error" error=sentence_of(lang, wrong, "type")/>
        </fieldset>
    }
    .into_any()
}

/// One line, and as much more as one likes.
fn texts(lang: Lang, page: &NewRequestView, wrong: Memo<FieldErrors>) -> AnyView {
    let (text, html) = begun(page.draft.as_ref(), "description");
    let error = sentence_of(lang, wrong, "description");
    view! {
        <TextField
            name="form[title]"
            label=t::one_line(lang)
            value=saved(page, "title", |source| source.title.clone())
            maxlength=250
            required=true
            error=sentence_of(lang, wrong, "title")
        />
        <div class="field">
            <label r#for="form-description">{t::tell_more(lang)}</label>
            <p class="field-hint" id=DESCRIPTION_HINT>{t::tell_more_hint(lang)}</p>
            <DeskEditor
                name="form[description]"
                format_name="form[format]"
                label=t::tell_more(lang)
                text=text
                html=html
                rows=6
                described_by=DESCRIPTION_HINT
                invalid=Signal::derive(move || error.with(Option::is_some))
            />
            <FieldError id="form-description-error" error=error/>
        </div>
    }
    .into_any()
}

/// Category and place.
fn facts(lang: Lang, page: &NewRequestView, wrong: Memo<FieldErrors>) -> AnyView {
    let category = (!page.categories.is_empty()).then(|| category(lang, page, wrong));
    let location = (!page.locations.is_empty()).then(|| {
        view! {
            <SelectField
                name="form[location]"
                label=t::place(lang)
                options=page.locations.clone()
                value=saved(page, "location", |_| String::new())
                blank=t::no_place(lang)
                error=sentence_of(lang, wrong, "location")
            />
        }
    });
    view! { <div class="field-grid">{category}{location}</div> }.into_any()
}

/// All categories of the portal in one list. The style hides those of another kind than the card chosen; where it
/// cannot, the server refuses them at the field (P-NEW-02).
fn category(lang: Lang, page: &NewRequestView, wrong: Memo<FieldErrors>) -> AnyView {
    const ID: &str = "form-category";
    let chosen = saved(page, "category", |source| source.category.clone());
    let error = sentence_of(lang, wrong, "category");
    let options = page
        .categories
        .iter()
        .map(|PortalCategory { choice, incident, request }| {
            let only = match (incident, request) {
                (true, false) => Some("incident"),
                (false, true) => Some("request"),
                _ => None,
            };
            let name = ["\u{a0}\u{a0}".repeat(usize::from(choice.depth)).as_str(), choice.name.as_str()].concat();
            let selected = choice.value == chosen;
            view! { <option value=choice.value.clone() selected=selected data-only=only>{name}</option> }
        })
        .collect_view();
    view! {
        <Field id=ID label=t::category(lang) error=error>
            <select
                class="select select-sm"
                id=ID
                name="form[category]"
                aria-describedby="form-category-error"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            >
                <option value="" selected=chosen.is_empty()>{t::no_category(lang)}</option>
                {options}
            </select>
        </Field>
    }
    .into_any()
}

/// For whom it is, where there is a choice (P-NEW-03).
fn people(lang: Lang, page: &NewRequestView, wrong: Memo<FieldErrors>) -> AnyView {
    if page.members.is_empty() && page.groups.is_empty() {
        return ().into_any();
    }
    let named = named(page);
    let member = named.iter().find(|text| text.starts_with("user:")).cloned().unwrap_or_default();
    let error = sentence_of(lang, wrong, "requesters");
    let members = (!page.members.is_empty()).then(|| {
        view! {
            <SelectField
                name="form[requesters][]"
                label=t::for_whom(lang)
                options=page.members.clone()
                value=member
                blank=t::for_myself(lang)
                error=error
            />
        }
    });
    // Without the list of members the first box is what the summary of errors leads to.
    let first = if members.is_some() { "form-share" } else { "form-requesters" };
    let boxes = page
        .groups
        .iter()
        .enumerate()
        .map(|(index, group)| {
            let id = if index == 0 { first.to_owned() } else { format!("form-share-{index}") };
            let checked = named.contains(&group.value);
            view! {
                <Checkbox
                    name="form[requesters][]"
                    id=id
                    value=group.value.clone()
                    label=t::share_with(lang, &group.name)
                    checked=checked
                />
            }
        })
        .collect_view();
    let told = members.is_none().then(|| view! { <FieldError id="form-requesters-error" error=error/> });
    view! { <div class="stack">{members}{boxes}{told}</div> }.into_any()
}

/// What few people want to say.
fn more(lang: Lang, page: &NewRequestView, wrong: Memo<FieldErrors>) -> AnyView {
    let urgency = saved(page, "urgency", |_| String::new());
    let levels = (1..=5_u8)
        .rev()
        .map(|level| Choice { value: level.to_string(), name: priority_word(lang, level).to_owned(), depth: 0 })
        .collect::<Vec<_>>();
    let entity = saved(page, "entity", |source| source.entity.clone());
    let is_open = !urgency.is_empty() || wrong.with_untracked(|wrong| wrong.of("urgency").is_some());
    // Where one asks may decide who reads it: not hidden behind a word.
    let entities = (!page.entities.is_empty()).then(|| {
        view! {
            <SelectField
                name="form[entity]"
                label=t::entity(lang)
                options=page.entities.clone()
                value=entity
                blank=t::own_entity(lang)
                error=sentence_of(lang, wrong, "entity")
            />
        }
    });
    view! {
        {entities}
        <details class="fold" open=is_open>
            <summary><Icon name="chevron-right"/>{t::more(lang)}</summary>
            <SelectField
                name="form[urgency]"
                label=t::how_urgent(lang)
                options=levels
                value=urgency
                blank=t::usual(lang)
                error=sentence_of(lang, wrong, "urgency")
            />
        </details>
    }
    .into_any()
}

fn files(lang: Lang, page: &NewRequestView, wrong: Memo<FieldErrors>, follows: Option<&str>) -> AnyView {
    let attached = page.draft.as_ref().map(|draft| draft.attachments.clone()).unwrap_or_default();
    let back = follows.map_or_else(|| PATH.to_owned(), |number| [PATH, "?follow_up_of=", number].concat());
    view! {
        <div class="field">
            <span class="field-label">{t::files(lang)}</span>
            <DeskFiles
                name="form[attachments][]"
                attached=attached
                max_bytes=page.upload_max
                forbidden=page.forbidden_extensions.clone()
                upload_action=upload_path("ticket", "new", &back)
            />
            <FieldError id="form-attachments-error" error=sentence_of(lang, wrong, "attachments")/>
        </div>
    }
    .into_any()
}

fn field_names(lang: Lang) -> Vec<FieldName> {
    [
        ("type", t::new_what(lang)),
        ("title", t::one_line(lang)),
        ("description", t::tell_more(lang)),
        ("category", t::category(lang)),
        ("location", t::place(lang)),
        ("requesters", t::for_whom(lang)),
        ("entity", t::entity(lang)),
        ("urgency", t::how_urgent(lang)),
        ("attachments", t::files(lang)),
    ]
    .map(|(field, label)| FieldName { field, label })
    .to_vec()
}
