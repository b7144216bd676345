//! The trash: deleted tickets, with the way back (T-TKT-08).

use domain::forms::{BulkAction, Command};
use domain::lang::Lang;
use domain::views::{ListQuery, Moment, Page, TicketRow};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::boot::{use_lang, use_viewer};
use crate::components::empty::EmptyState;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::sign::StatusBadge;
use crate::components::when::Time;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::t::tickets as t;
use crate::tickets::server_fns::{RunCommand, ticket_list};
use crate::tickets::widgets::bulk_bar;
use crate::tickets::widgets::command_form::{CommandButton, CommandRefused, RunAction, command_path};
use crate::tickets::widgets::words;

/// Page `/trash`.
#[component]
pub fn TrashPage() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|map| map.get("cursor").unwrap_or_default()));
    let run = form_action::<RunCommand>();
    let ran = run.version();
    let data = Resource::new_blocking(
        move || (cursor.get(), ran.get()),
        |(cursor, _)| ticket_list(ListQuery { trash: true, status: "all".to_owned(), cursor, ..ListQuery::default() }),
    );
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Trash page=page is_first=cursor.with_untracked(String::is_empty) run=run/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Trash(page: Page<TicketRow>, is_first: bool, run: RunAction) -> impl IntoView {
    let lang = use_lang();
    let next = page.next_cursor.as_ref().map(|cursor| format!("/trash?cursor={}", Url::escape(cursor)));
    let first = (!is_first).then(|| "/trash".to_owned());
    let may_restore = use_viewer().is_some_and(|viewer| bulk_bar::may(&viewer, BulkAction::Restore));
    let has_boxes = may_restore && !page.items.is_empty();
    let bar = has_boxes.then(|| bulk_bar::bar(lang, &[BulkAction::Restore]));
    let rows = if page.items.is_empty() {
        view! { <EmptyState icon="trash-2" title=t::trash_empty(lang)/> }.into_any()
    } else {
        table(lang, &page.items, &page.now, run, has_boxes)
    };
    view! {
        <PageTitle text=t::trash(lang)/>
        <AgentLayout>
            <div class="page">
                <div class="page-head"><h1>{t::trash(lang)}</h1></div>
                <CommandRefused error=refusal_of(run) number=0 run=run/>
                {rows}
                <Pagination first=first next=next/>
                {bar}
            </div>
        </AgentLayout>
    }
}

fn table(lang: Lang, rows: &[TicketRow], now: &Moment, run: RunAction, has_boxes: bool) -> AnyView {
    let may_purge = use_viewer().is_some_and(|viewer| viewer.can("ticket.purge"));
    let rows = rows.iter().map(|row| line(lang, row, now, run, (may_purge, has_boxes))).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table">
                <caption class="vh">{t::trash(lang)}</caption>
                <thead>
                    <tr>
                        {has_boxes.then(|| bulk_bar::head(lang))}
                        <th scope="col" class="col-number">{t::number(lang)}</th>
                        <th scope="col" class="col-title">{t::field_title(lang)}</th>
                        <th scope="col" class="col-status">{t::field_status(lang)}</th>
                        <th scope="col" class="col-date">{t::last_update(lang)}</th>
                        <th scope="col" class="col-action"><span class="vh">{t::commands(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, row: &TicketRow, now: &Moment, run: RunAction, (may_purge, has_boxes): (bool, bool)) -> AnyView {
    let number = row.number;
    let choose = has_boxes.then(|| bulk_bar::cell(lang, &number.to_string(), &row.title));
    let purge = may_purge.then(|| {
        let href = command_path(number, Command::Purge);
        view! { <a class="btn btn-ghost btn-sm btn-danger" href=href>{words::command(lang, Command::Purge)}</a> }
    });
    view! {
        <tr>
            {choose}
            <td class="col-number cell-number">{number.to_string()}</td>
            <th scope="row" class="card-wide"><a class="row-title" href=format!("/tickets/{number}")>{row.title.clone()}</a></th>
            <td><StatusBadge status=row.status/></td>
            <td><Time moment=row.updated_at.clone() now=Some(now.clone())/></td>
            <td class="card-end">
                <div class="btn-group">
                    <CommandButton command=Command::Restore number=number run=run class="btn btn-sm"/>
                    {purge}
                </div>
            </td>
        </tr>
    }
    .into_any()
}
