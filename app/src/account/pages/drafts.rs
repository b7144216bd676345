//! My drafts: what one has begun and not sent (T-DRF-06).

use domain::text::excerpt;
use domain::views::{DraftView, Moment};
use leptos::prelude::*;

use crate::account::server_fns::list_drafts;
use crate::boot::{use_boot, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::when::Time;
use crate::layouts::own::OwnLayout;
use crate::message;
use crate::t::account as t;
use crate::t::messages;

/// Page `/drafts`.
#[component]
pub fn DraftsPage() -> impl IntoView {
    let lang = use_boot().lang;
    let drafts = Resource::new_blocking(|| (), |()| list_drafts());
    view! {
        <PageTitle text=t::my_drafts(lang)/>
        <OwnLayout>
            <div class="page page-narrow">
                <div class="page-head"><h1>{t::my_drafts(lang)}</h1></div>
                <Suspense>
                    {move || Suspend::new(async move {
                        match drafts.await {
                            Ok((drafts, _)) if drafts.is_empty() => {
                                view! { <EmptyState icon="notebook-pen" title=t::no_drafts(lang) text=t::no_drafts_hint(lang)/> }.into_any()
                            }
                            Ok((drafts, now)) => view! { <DraftList drafts=drafts now=now/> }.into_any(),
                            Err(error) => view! { <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/> }.into_any(),
                        }
                    })}
                </Suspense>
            </div>
        </OwnLayout>
    }
}

#[component]
fn DraftList(drafts: Vec<DraftView>, now: Moment) -> impl IntoView {
    let is_agent = use_viewer().is_some_and(|viewer| viewer.agent);
    let rows = drafts
        .into_iter()
        .map(|draft| view! { <DraftRow draft=draft is_agent=is_agent now=now.clone()/> })
        .collect_view();
    view! { <ul class="card side-list">{rows}</ul> }
}

#[component]
fn DraftRow(draft: DraftView, is_agent: bool, now: Moment) -> impl IntoView {
    let lang = use_boot().lang;
    let place = place_of(&draft, is_agent);
    let name = match draft.kind.as_str() {
        "ticket" if is_request(&draft, is_agent) => crate::t::requests::new_request(lang).to_owned(),
        "ticket" => t::draft_ticket(lang).to_owned(),
        "occurrence" if is_agent => t::draft_occurrence(lang, &draft.object),
        "occurrence" => t::draft_note(lang, &draft.object),
        "occurrence_edit" => t::draft_edit(lang).to_owned(),
        "task" if is_number(&draft.object) => t::draft_task(lang, &draft.object),
        "task" => t::draft_task_edit(lang).to_owned(),
        "message" => messages::draft_of(lang, &draft.object),
        "chat" => messages::draft_of_chat(lang, &draft.object),
        "solution" if is_number(&draft.object) => t::draft_solution(lang, &draft.object),
        "solution" => t::draft_solution_edit(lang).to_owned(),
        "template" => t::draft_template(lang).to_owned(),
        "article" => t::draft_article(lang).to_owned(),
        "validation" => t::draft_validation(lang, &draft.object),
        "validation_answer" => t::draft_validation_answer(lang).to_owned(),
        "document" => t::draft_document(lang, &draft.object),
        "customer" => t::draft_customer(lang).to_owned(),
        "customer_occurrence" => t::draft_customer_occurrence(lang).to_owned(),
        _ => t::draft_other(lang).to_owned(),
    };
    let begun = ["title", "body", "content", "text", "name", "comment"]
        .into_iter()
        .map(|field| draft.text(field))
        .find(|text| !text.is_empty())
        .unwrap_or_default();
    // The editor keeps markup, of which only the words matter here; messages and the chat have none.
    let words = if matches!(draft.kind.as_str(), "message" | "chat") { begun } else { without_tags(&begun) };
    let begun = excerpt(&words, 120);
    let link = match place {
        Some(href) => view! { <a class="link" href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    view! {
        <li class="form-foot">
            <Icon name="notebook-pen"/>
            {link}
            <span class="small muted">{begun}</span>
            <span class="small muted"><Time moment=draft.saved_at now=Some(now)/></span>
        </li>
    }
}

/// Drafts of a ticket name its number, those of a changed entry its id.
fn is_number(object: &str) -> bool {
    object.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where a draft goes on, as far as its own name tells.
fn place_of(draft: &DraftView, is_agent: bool) -> Option<String> {
    match draft.kind.as_str() {
        "ticket" if is_request(draft, is_agent) => Some("/requests/new".to_owned()),
        "ticket" => Some("/tickets/new".to_owned()),
        "occurrence" if is_agent => Some(["/tickets/", &draft.object, "?compose=occurrence#dock"].concat()),
        "occurrence" => Some(["/requests/", &draft.object, "#note-form"].concat()),
        "task" if is_number(&draft.object) => Some(["/tickets/", &draft.object, "/tasks/new"].concat()),
        "validation" => Some(["/tickets/", &draft.object, "/validations#ask"].concat()),
        "validation_answer" => Some(["/approvals/", &draft.object, "#answer"].concat()),
        "document" => Some(["/tickets/", &draft.object, "/documents#add"].concat()),
        "message" if is_agent => Some(["/tickets/", &draft.object, "/messages#message-form"].concat()),
        "message" => Some(["/requests/", &draft.object, "/messages#message-form"].concat()),
        "chat" if is_agent => Some(["/tickets/", &draft.object, "/chat#chat-form"].concat()),
        "chat" => Some(["/requests/", &draft.object, "/chat#chat-form"].concat()),
        // That of a change names the solution, whose ticket nobody knows here.
        "solution" if is_number(&draft.object) => Some(["/tickets/", &draft.object, "/solve"].concat()),
        "template" => Some(match draft.object.strip_prefix("new-") {
            Some(kind) => ["/settings/templates/new?kind=", kind].concat(),
            None => ["/settings/templates/", &draft.object].concat(),
        }),
        "article" if draft.object == "new" => Some("/knowledge/new".to_owned()),
        "article" => Some(["/knowledge/", &draft.object, "/edit"].concat()),
        "customer" if draft.object == "new" => Some("/customers/new".to_owned()),
        "customer" => Some(["/customers/", &draft.object, "/edit"].concat()),
        "customer_occurrence" => Some(customer_occurrence_place(draft)),
        _ => None,
    }
}

/// The form of a customer occurrence: the free one, that of a customer's page, or the one that changes it.
fn customer_occurrence_place(draft: &DraftView) -> String {
    if draft.object == "new" {
        return "/customer-occurrences/new".to_owned();
    }
    if draft.text("fixed") == draft.object {
        return ["/customers/", &draft.object, "/occurrences/new"].concat();
    }
    ["/customer-occurrences/", &draft.object, "/edit"].concat()
}

/// Whether a new ticket was begun in My requests, where everybody may, and requesters only there.
fn is_request(draft: &DraftView, is_agent: bool) -> bool {
    !is_agent || draft.text("from") == "request"
}

/// The words between tags. For a preview as plain text only: what it returns is escaped like any other text.
fn without_tags(markup: &str) -> String {
    let mut words = String::new();
    for piece in markup.split('<') {
        let text = piece.split_once('>').map_or(if words.is_empty() { piece } else { "" }, |(_, text)| text);
        words.push_str(text);
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_has_words_only() {
        assert_eq!(without_tags("<p>Asked <b>Network</b></p><p>again</p>"), "Asked Network again");
        assert_eq!(without_tags("plain text"), "plain text");
    }
}
