//! One action on several tickets (T-BLK-01): which were chosen, what shall be done, what became of each. Plain HTML: choosing the
//! action is a GET form, giving it a POST whose outcome is kept under its key, so that a page loaded anew does nothing again.

mod fields;
mod outcome;

use domain::forms::BulkAction;
use domain::lang::Lang;
use domain::views::{BulkPage, BulkQuery, BulkTicket};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::empty::EmptyState;
use crate::components::form_error::FormError;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::StatusBadge;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::bulk as t;
use crate::t::{shell, solve, tickets};
use crate::tickets::server_fns::{BulkTickets, bulk_page};
use crate::tickets::widgets::bulk_bar::{may, word};

/// Page `/tickets/bulk`.
#[component]
pub fn BulkTicketsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(read));
    let data = Resource::new_blocking(move || asked.get(), bulk_page);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Bulk page=page asked=asked.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// What the address says; a number that is none was chosen by nobody.
fn read(map: &ParamsMap) -> BulkQuery {
    let of = |name: &str| map.get(name).unwrap_or_default();
    let numbers = map.get_all("n").unwrap_or_default();
    BulkQuery {
        numbers: numbers.iter().filter_map(|text| text.trim().parse().ok()).collect(),
        action: of("action"),
        done: of("done"),
        again: of("again"),
    }
}

#[component]
fn Bulk(page: BulkPage, asked: BulkQuery) -> impl IntoView {
    let lang = use_lang();
    let (title, content) = match &page.done {
        Some(done) => (t::outcome(lang).to_owned(), outcome::outcome(lang, &page, done, &asked.done)),
        // Outcomes are kept for some days.
        None if !asked.done.is_empty() => (t::outcome(lang).to_owned(), nothing(t::outcome_gone(lang), "")),
        None if page.tickets.is_empty() => {
            (t::nothing(lang).to_owned(), nothing(t::nothing(lang), t::nothing_text(lang)))
        }
        None => (t::title(lang, count(page.tickets.len())), chosen(lang, &page)),
    };
    view! {
        <PageTitle text=title.clone()/>
        <AgentLayout>
            <div class="page page-narrow">
                <p class="small">
                    <a class="back-link quiet-link muted" href="/tickets"><Icon name="arrow-left"/>{shell::tickets(lang)}</a>
                </p>
                <div class="page-head"><h1>{title}</h1></div>
                {content}
            </div>
        </AgentLayout>
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn nothing(title: &'static str, text: &'static str) -> AnyView {
    view! { <div class="table-frame"><EmptyState title=title text=text/></div> }.into_any()
}

/// The chosen tickets and what shall be done with them.
fn chosen(lang: Lang, page: &BulkPage) -> AnyView {
    let missing =
        (page.missing > 0).then(|| view! { <Banner tone=Tone::Warning text=t::missing(lang, count(page.missing))/> });
    let left_out = (page.left_out > 0)
        .then(|| view! { <Banner tone=Tone::Warning text=t::left_out(lang, count(page.left_out))/> });
    let form = page.action.map(|action| form(lang, page, action));
    view! {
        {missing}
        {left_out}
        {actions(lang, page)}
        {form}
        {list(lang, &page.tickets)}
    }
    .into_any()
}

/// The numbers of the chosen tickets as fields.
fn numbers(page: &BulkPage, name: &'static str) -> AnyView {
    let numbers = page.tickets.iter().map(|ticket| ticket.number.to_string());
    numbers.map(|number| view! { <input r#type="hidden" name=name value=number/> }).collect_view().into_any()
}

/// What the reader may do anywhere; whether he may here is told by each ticket.
fn actions(lang: Lang, page: &BulkPage) -> AnyView {
    let viewer = use_viewer();
    let allowed: Vec<BulkAction> = BulkAction::ALL
        .iter()
        .copied()
        .filter(|action| viewer.as_ref().is_some_and(|viewer| may(viewer, *action)))
        .collect();
    if allowed.is_empty() {
        return view! { <Banner text=t::not_allowed(lang)/> }.into_any();
    }
    let buttons = allowed
        .into_iter()
        .map(|action| {
            let pressed = (page.action == Some(action)).then_some("true");
            view! { <button class="btn btn-sm" r#type="submit" name="action" value=action.as_str() aria-pressed=pressed>{word(lang, action)}</button> }
        })
        .collect_view();
    view! {
        <form class="bulk-actions" method="get" action="/tickets/bulk" aria-labelledby="bulk-question">
            <h2 class="card-title" id="bulk-question">{t::question(lang)}</h2>
            {numbers(page, "n")}
            <div class="btn-group">{buttons}</div>
        </form>
    }
    .into_any()
}

fn form(lang: Lang, page: &BulkPage, action: BulkAction) -> AnyView {
    let refusal = refusal_of(form_action::<BulkTickets>());
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    let amount = count(page.tickets.len());
    let kind = if action == BulkAction::Delete { ButtonKind::Danger } else { ButtonKind::Primary };
    let consequence = consequence(lang, action).map(|words| view! { <p>{words}</p> });
    let may_close = use_viewer().is_some_and(|viewer| viewer.can("ticket.close"));
    let close = (action == BulkAction::Solve && may_close).then(|| {
        view! { <SubmitButton kind=ButtonKind::Plain name="form[solution][close]" value="true">{solve::submit_close(lang)}</SubmitButton> }
    });
    view! {
        <form class="card form bulk-form" method="post" action=BulkTickets::url()>
            // Enter in a field takes the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <h2>{word(lang, action)}</h2>
            <FormError error=refusal fields=fields::names(lang, action) prefix=fields::prefix(action)/>
            {consequence}
            <p class="small muted">{t::each(lang)}</p>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            <input r#type="hidden" name="form[action]" value=action.as_str()/>
            {numbers(page, "form[numbers][]")}
            {fields::fields(lang, page, action, wrong)}
            <div class="dialog-foot">
                <LinkButton href="/tickets">{tickets::cancel(lang)}</LinkButton>
                {close}
                <SubmitButton kind=kind>{submit(lang, action, amount)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

/// What follows, where the word of the action does not say all of it.
fn consequence(lang: Lang, action: BulkAction) -> Option<&'static str> {
    match action {
        BulkAction::Take => Some(t::then_take(lang)),
        BulkAction::Assign => Some(tickets::then_assign(lang)),
        BulkAction::Suspend => Some(tickets::then_suspend(lang)),
        BulkAction::Solve => Some(t::then_solve(lang)),
        BulkAction::Close => Some(tickets::then_close(lang)),
        BulkAction::Delete => Some(t::then_delete(lang)),
        _ => None,
    }
}

/// The words of the button; where something is written they name who will read it.
fn submit(lang: Lang, action: BulkAction, amount: i64) -> AnyView {
    if action == BulkAction::Occurrence {
        return view! {
            <span class="when-private"><Icon name="lock"/>{t::submit_private(lang, amount)}</span>
            <span class="when-public"><Icon name="eye"/>{t::submit_public(lang, amount)}</span>
        }
        .into_any();
    }
    t::submit(lang, amount).into_any()
}

fn list(lang: Lang, chosen: &[BulkTicket]) -> AnyView {
    let rows = chosen
        .iter()
        .map(|ticket| {
            let trash = ticket.is_deleted.then(|| view! { <span class="muted">{tickets::trash(lang)}</span> });
            view! { <li>{link(ticket)}<StatusBadge status=ticket.status/>{trash}</li> }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="bulk-chosen">
            <h2 class="card-title" id="bulk-chosen">{t::chosen(lang)}</h2>
            <ul class="bulk-list">{rows}</ul>
        </section>
    }
    .into_any()
}

fn link(ticket: &BulkTicket) -> AnyView {
    let number = ticket.number;
    view! { <a href=format!("/tickets/{number}")>{format!("#{number} {}", ticket.title)}</a> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_blk_01_the_chosen_tickets_are_in_the_address() {
        let pairs = [("n", "3"), ("n", "nonsense"), ("n", "1"), ("action", "solve")];
        let map: ParamsMap = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let asked = read(&map);
        assert_eq!((asked.numbers.as_slice(), asked.action.as_str()), (&[3, 1][..], "solve"));
        assert_eq!(read(&ParamsMap::new()), BulkQuery::default());
    }
}
