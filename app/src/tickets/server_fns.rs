//! What the ticket pages ask of the server. Every function is a public address: it takes the context of the
//! request, calls one use case and leads on; checks and rights are `service`'s.

use domain::forms;
use domain::views;
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{redirect, redirect_plain_form, request_context};
use crate::error::Refusal;
use crate::history::HistoryFilter;

/// What entries say in the language of their reader and the browser need not know how.
#[cfg(feature = "ssr")]
fn put_words(timeline: &mut views::Timeline, lang: domain::lang::Lang) {
    crate::tasks::words::put_lines(timeline, lang);
    crate::validations::words::put_words(timeline, lang);
}

/// A page of the agents' list.
#[server(output = crate::error::Wire)]
pub async fn ticket_list(query: views::ListQuery) -> Result<views::Page<views::TicketRow>, Refusal> {
    let ctx = request_context()?;
    Ok(service::tickets::list(&ctx, query).await?)
}

/// Everything of the ticket page; the ticket counts as read from now on (T-TIM-07).
#[server(output = crate::error::Wire)]
pub async fn ticket_page(number: i64, query: views::TimelineQuery) -> Result<views::PropertyView, Refusal> {
    let ctx = request_context()?;
    let mut page = service::tickets::page(&ctx, number, query).await?;
    put_words(&mut page.timeline, ctx.actor.lang);
    // Reading must not fail because the mark cannot be written; the next visit writes it.
    let _unread_stays = service::tickets::mark_read(&ctx, number).await;
    Ok(page)
}

/// A ticket as it is printed.
#[server(output = crate::error::Wire)]
pub async fn ticket_print(
    number: i64,
    query: views::TimelineQuery,
    private: bool,
) -> Result<views::PrintView, Refusal> {
    let ctx = request_context()?;
    let mut print = service::tickets::print(&ctx, number, query, private).await?;
    put_words(&mut print.timeline, ctx.actor.lang);
    Ok(print)
}

/// A stretch of the timeline.
#[server(output = crate::error::Wire)]
pub async fn ticket_timeline(number: i64, query: views::TimelineQuery) -> Result<views::Timeline, Refusal> {
    let ctx = request_context()?;
    let mut timeline = service::tickets::timeline(&ctx, number, query).await?;
    put_words(&mut timeline, ctx.actor.lang);
    Ok(timeline)
}

/// What the form of a new ticket needs; `follow_up_of` is the number of the ticket it follows (T-STA-30), `words` are those a
/// customer is looked for by; both may be empty.
#[server(output = crate::error::Wire)]
pub async fn new_ticket(follow_up_of: String, words: String) -> Result<views::NewTicketView, Refusal> {
    let ctx = request_context()?;
    Ok(service::tickets::for_new_ticket(&ctx, &follow_up_of, &words).await?)
}

/// Keeps the form of a new ticket that is posted without scripts and shows the customers found for its words (C-CUS-03).
#[server(output = crate::error::Wire)]
pub async fn look_for_customer(form: forms::CreateTicket, words: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let follows = form.follow_up_of.trim().parse::<i64>().map(|number| format!("&follow_up_of={number}"));
    service::tickets::keep_new(&ctx, &form).await?;
    let words = leptos_router::location::Url::escape(words.trim());
    redirect(&format!("/tickets/new?words={words}{}#form-customer", follows.unwrap_or_default()));
    Ok(())
}

/// Registers a ticket and leads to it, on the side it was written on (P-NEW-05).
#[server(output = crate::error::Wire)]
pub async fn create_ticket(form: forms::CreateTicket) -> Result<i64, Refusal> {
    let ctx = request_context()?;
    let is_request = form.is_of_portal();
    let number = service::tickets::create(&ctx, form).await?;
    let page = if is_request { format!("/requests/{number}?done=received") } else { format!("/tickets/{number}") };
    redirect(&page);
    Ok(number)
}

/// Saves one property in place.
#[server(output = crate::error::Wire)]
pub async fn update_ticket(form: forms::UpdateTicket) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let number = form.number;
    service::tickets::update_field(&ctx, form).await?;
    redirect(&format!("/tickets/{number}"));
    Ok(())
}

/// Runs a command; a deleted ticket leads back to the list.
#[server(output = crate::error::Wire)]
pub async fn run_command(form: forms::RunCommand) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let (number, command) = (form.number, form.command);
    service::tickets::run(&ctx, form).await?;
    let gone = matches!(command, forms::Command::Delete | forms::Command::Purge);
    redirect(&if gone { "/tickets".to_owned() } else { format!("/tickets/{number}") });
    Ok(())
}

/// Several tickets that were chosen, or what became of an action on them.
#[server(output = crate::error::Wire)]
pub async fn bulk_page(query: views::BulkQuery) -> Result<views::BulkPage, Refusal> {
    let ctx = request_context()?;
    Ok(service::tickets::bulk::page(&ctx, query).await?)
}

/// Does one thing to several tickets and leads to what became of each.
#[server(output = crate::error::Wire)]
pub async fn bulk_tickets(form: forms::BulkTickets) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let key = form.key.clone();
    service::tickets::bulk::run(&ctx, form).await?;
    redirect(&format!("/tickets/bulk?done={}", leptos_router::location::Url::escape(&key)));
    Ok(())
}

/// Adds an occurrence and leads to it, on the page it was written on.
#[server(output = crate::error::Wire)]
pub async fn add_occurrence(form: forms::AddOccurrence) -> Result<Uuid, Refusal> {
    let ctx = request_context()?;
    let place = if form.from == "request" { "/requests" } else { "/tickets" };
    let (number, key) = (form.ticket, form.save_to_knowledge.then(|| form.key.clone()));
    let id = service::occurrences::add(&ctx, form).await?;
    let article = match key {
        // The entry is saved; an article that cannot be begun is no reason to say otherwise.
        Some(key) => service::knowledge::save_entry(&ctx, id, &key).await.ok(),
        None => None,
    };
    redirect(&match article {
        Some(article) => format!("/knowledge/{article}/edit?done=begun"),
        None => format!("{place}/{number}?posted=1#occurrence-{id}"),
    });
    Ok(id)
}

/// The page "Add note", begun with a reply template where the address names one that can be used.
#[server(output = crate::error::Wire)]
pub async fn note_page(number: i64, template: String) -> Result<views::PropertyView, Refusal> {
    let ctx = request_context()?;
    let mut page = service::tickets::page(&ctx, number, views::TimelineQuery::default()).await?;
    put_words(&mut page.timeline, ctx.actor.lang);
    let _unread_stays = service::tickets::mark_read(&ctx, number).await;
    if let Ok(id) = template.parse::<Uuid>() {
        // One that is gone leaves the form as it is, and the page says so (T-TPL-04).
        let _as_it_was = service::templates::begin(&ctx, &mut page, id).await;
    }
    Ok(page)
}

/// A reply template made ready for a ticket (T-OCC-09).
#[server(output = crate::error::Wire)]
pub async fn reply_template(number: i64, id: Uuid) -> Result<views::ReplyText, Refusal> {
    let ctx = request_context()?;
    Ok(service::templates::reply(&ctx, number, id).await?)
}

/// Adds a reply template to a form that is posted without scripts; the page "Add note" goes on with both.
#[server(output = crate::error::Wire)]
pub async fn insert_template(form: forms::AddOccurrence, insert: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let note = format!("/tickets/{}/note", form.ticket);
    if let Err(error) = service::templates::insert(&ctx, &form, &insert).await {
        // What is typed is kept; the page says what happened.
        redirect_plain_form(&format!("{note}?template=gone"));
        return Err(error.into());
    }
    redirect(&note);
    Ok(())
}

/// Saves a changed occurrence and leads to it.
#[server(output = crate::error::Wire)]
pub async fn edit_occurrence(form: forms::EditOccurrence) -> Result<(), Refusal> {
    let ctx = request_context()?;
    // An id that is none is an entry that does not exist.
    let id = form.id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?;
    let back = format!("/tickets/{}#occurrence-{id}", form.ticket);
    service::occurrences::edit(&ctx, id, form.into()).await?;
    redirect(&back);
    Ok(())
}

/// Removes an occurrence; its tombstone stays.
#[server(output = crate::error::Wire)]
pub async fn remove_occurrence(form: forms::RemoveOccurrence) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = format!("/tickets/{}#occurrence-{}", form.ticket, form.id);
    service::occurrences::remove(&ctx, form).await?;
    redirect(&back);
    Ok(())
}

/// Sends a mail that did not arrive again; the form names the entry to return to in the fragment of its address.
#[server(output = crate::error::Wire)]
pub async fn send_mail_again(form: forms::SendMailAgain) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let number = form.ticket;
    service::mail::send_again(&ctx, form).await?;
    redirect(&format!("/tickets/{number}"));
    Ok(())
}

/// An occurrence with what its pages need.
#[server(output = crate::error::Wire)]
pub async fn occurrence_page(number: i64, id: Uuid, revisions: bool) -> Result<views::OccurrencePage, Refusal> {
    let ctx = request_context()?;
    Ok(service::occurrences::page(&ctx, number, id, revisions).await?)
}

/// The history of a ticket with what its page needs, newest first.
#[server(output = crate::error::Wire)]
pub async fn ticket_history(number: i64, filter: HistoryFilter) -> Result<views::HistoryView, Refusal> {
    let ctx = request_context()?;
    Ok(service::history::page(&ctx, number, filter.query()).await?)
}

/// Keeps what is typed, before any button is pressed (T-DRF-02).
#[server(output = crate::error::Wire)]
pub async fn save_draft(form: forms::SaveDraft) -> Result<views::DraftView, Refusal> {
    let ctx = request_context()?;
    Ok(service::drafts::save(&ctx, form).await?)
}

/// Throws a draft away and leads back to where it was.
#[server(output = crate::error::Wire)]
pub async fn discard_draft(kind: String, object: String, back: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::drafts::discard(&ctx, &kind, &object).await?;
    redirect(&back);
    Ok(())
}
