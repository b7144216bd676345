//! Former versions of an occurrence and of a solution, word by word (T-OCC-16, T-SOL-06).

use domain::format;
use domain::lang::Lang;
use domain::views::{DiffPart, FieldChange, Moment, OccurrencePage, RevisionView, SolutionPage};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::components::sign::VisibilityMark;
use crate::components::when::Time;
use crate::layouts::answer::{Loading, refused};
use crate::solutions::server_fns::solution_page;
use crate::t::solve;
use crate::t::tickets as t;
use crate::tasks::words as tasks;
use crate::tickets::server_fns::occurrence_page;
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;

/// Page `/tickets/:number/occurrences/:id/revisions`; `?revision=` names the one shown.
#[component]
pub fn RevisionsPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data =
        Resource::new_blocking(move || (number.get(), id.get()), |(number, id)| occurrence_page(number, id, true));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Revisions of=of_entry(page, "occurrences")/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// Page `/tickets/:number/solutions/:id/revisions`: the same of a solution (T-SOL-06).
#[component]
pub fn SolutionRevisionsPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data = Resource::new_blocking(move || (number.get(), id.get()), |(number, id)| solution_page(number, id, true));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => of_solution(page)
                    .map_or_else(|| ().into_any(), |of| view! { <Revisions of=of/> }.into_any()),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// What the page shows, of an occurrence, a task or a solution.
pub struct Versions {
    number: i64,
    /// Title of the ticket.
    ticket: String,
    /// Kind and id in the address: `occurrences/<id>`.
    entry: String,
    /// When the entry was written.
    at: Moment,
    /// What its list of categories is called.
    category: &'static str,
    revisions: Vec<RevisionView>,
    now: Moment,
}

/// An occurrence or a task with its versions; `place` is where its pages are below its ticket: `occurrences`, `tasks`.
pub(crate) fn of_entry(page: OccurrencePage, place: &str) -> Versions {
    Versions {
        number: page.occurrence.ticket,
        ticket: page.title,
        entry: [place, "/", &page.occurrence.id.to_string()].concat(),
        at: page.occurrence.occurred_at,
        category: "category",
        revisions: page.revisions,
        now: page.now,
    }
}

/// `None` where the answer holds no solution, which no server sends.
fn of_solution(page: SolutionPage) -> Option<Versions> {
    let solution = page.solution?;
    Some(Versions {
        number: page.number,
        ticket: page.title,
        entry: ["solutions/", &solution.id.to_string()].concat(),
        at: solution.registered_at,
        category: "solution_type",
        revisions: page.revisions,
        now: page.now,
    })
}

impl Versions {
    fn title(&self, lang: Lang) -> String {
        let date = format::date_time(&self.at, lang);
        if self.category == "category" { t::revisions_title(lang, &date) } else { solve::revisions_title(lang, &date) }
    }

    fn path(&self) -> String {
        format!("/tickets/{}/{}/revisions", self.number, self.entry)
    }
}

/// The former versions of an entry.
#[component]
pub(crate) fn Revisions(
    /// The entry and its versions.
    of: Versions,
) -> impl IntoView {
    let lang = use_lang();
    let (number, ticket, title) = (of.number, of.ticket.clone(), of.title(lang));
    let query = use_query_map();
    let last = of.revisions.len().saturating_sub(1);
    let chosen = Memo::new({
        let numbers: Vec<i32> = of.revisions.iter().map(|one| one.revision).collect();
        move |_| {
            let wanted = query.with(|map| map.get_str("revision").and_then(|text| text.parse::<i32>().ok()));
            wanted.and_then(|wanted| numbers.iter().position(|one| *one == wanted)).unwrap_or(last)
        }
    });
    let of = StoredValue::new(of);
    let body = move || {
        let at = chosen.get();
        of.with_value(|of| {
            let before = at.checked_sub(1).and_then(|before| of.revisions.get(before));
            of.revisions.get(at).map(|one| revision(lang, of, one, before, at))
        })
    };
    let list = move || of.with_value(|of| list(lang, of, chosen.get()));
    view! {
        <PartPage number=number title=ticket heading=title width="page-mid">
            <div class="revision-page">
                <nav aria-label=t::revisions(lang)><ol class="revision-list">{list}</ol></nav>
                {body}
            </div>
        </PartPage>
    }
}

fn list(lang: Lang, of: &Versions, chosen: usize) -> Vec<AnyView> {
    let last = of.revisions.len().saturating_sub(1);
    let path = of.path();
    let row = |(at, one): (usize, &RevisionView)| {
        let number = one.revision.to_string();
        let words = if at == last { t::revision_now(lang, &number) } else { t::revision_number(lang, &number) };
        let by = format!("{}, {}", words::name(lang, &one.by), format::smart(&one.at, &of.now, lang));
        let current = (at == chosen).then_some("page");
        view! { <li><a href=format!("{path}?revision={number}") aria-current=current>{words}<small>{by}</small></a></li> }.into_any()
    };
    of.revisions.iter().enumerate().rev().map(row).collect()
}

fn revision(lang: Lang, of: &Versions, one: &RevisionView, before: Option<&RevisionView>, at: usize) -> AnyView {
    let words = match before {
        Some(before) => t::revision_from_to(lang, &before.revision.to_string(), &one.revision.to_string()),
        None => t::revision_number(lang, &one.revision.to_string()),
    };
    let class = if one.visibility.is_private() { "card private" } else { "card" };
    let changes = before.map(|before| changes(lang, of.category, before, one)).unwrap_or_default();
    let table = (!changes.is_empty()).then(|| change_table(lang, &changes));
    let path = of.path();
    let step = |to: Option<&RevisionView>| to.map(|to| format!("{path}?revision={}", to.revision));
    let previous = view! { <Icon name="chevron-left"/>{t::previous(lang)} }.into_any();
    let next = view! { {t::next(lang)}<Icon name="chevron-right"/> }.into_any();
    view! {
        <article class=class>
            <header class="entry-head">
                <VisibilityMark visibility=one.visibility/>
                <span class="entry-author">{words}</span>
                <span class="entry-kind">{words::name(lang, &one.by)}</span>
                <span class="entry-time"><Time moment=one.at.clone() now=Some(of.now.clone())/></span>
            </header>
            <div class="diff"><p>{one.diff.iter().map(|part| diff(lang, part)).collect_view()}</p></div>
            {table}
            <div class="form-foot">
                <span class="draft-state"></span>
                {step_link(previous, t::oldest_revision(lang), step(before))}
                {step_link(next, t::newest_revision(lang), step(of.revisions.get(at.saturating_add(1))))}
            </div>
        </article>
    }
    .into_any()
}

/// Added and removed words are also said, for those who hear the page.
fn diff(lang: Lang, part: &DiffPart) -> AnyView {
    let text = part.text.clone();
    match part.op.as_str() {
        "added" => view! { <ins><span class="vh">{t::added(lang)}</span>{text}</ins> }.into_any(),
        "removed" => view! { <del><span class="vh">{t::removed(lang)}</span>{text}</del> }.into_any(),
        _ => text.into_any(),
    }
}

fn step_link(content: AnyView, why_not: &'static str, href: Option<String>) -> AnyView {
    match href {
        Some(href) => view! { <a class="btn btn-sm" href=href>{content}</a> }.into_any(),
        None => view! { <a class="btn btn-sm" aria-disabled="true" title=why_not>{content}</a> }.into_any(),
    }
}

/// Fields besides the text that differ.
fn changes(lang: Lang, category: &'static str, before: &RevisionView, after: &RevisionView) -> Vec<FieldChange> {
    let values = |one: &RevisionView| {
        let names = |all: &[domain::views::Ref]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join(", ");
        [
            ("visibility", words::visibility(lang, one.visibility).to_owned()),
            ("occurred_at", format::date_time(&one.occurred_at, lang)),
            ("minutes", one.minutes.map(|minutes| format::duration(minutes, lang)).unwrap_or_default()),
            (category, one.category.as_ref().map(|category| category.name.clone()).unwrap_or_default()),
            ("source", one.source.as_ref().map(|source| source.name.clone()).unwrap_or_default()),
            ("attachments", names(&one.attachments)),
        ]
    };
    // Fields that only tasks have.
    let more = before.more.iter().zip(&after.more).filter(|((_, old), (_, new))| old != new);
    let more = more.map(|((field, old), (_, new))| FieldChange {
        field: field.clone(),
        old: tasks::value(lang, field, old),
        new: tasks::value(lang, field, new),
    });
    let pairs = values(before).into_iter().zip(values(after));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| FieldChange { field: field.to_owned(), old, new })
        .chain(more)
        .collect()
}

fn change_table(lang: Lang, changes: &[FieldChange]) -> AnyView {
    let or_none = |field: &str, text: &str| match text {
        "" => words::nothing(lang, field).to_owned(),
        _ => text.to_owned(),
    };
    let rows = changes.iter().map(|change| {
        view! { <tr><th scope="row">{tasks::field(lang, &change.field)}</th><td>{or_none(&change.field, &change.old)}</td><td>{or_none(&change.field, &change.new)}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <table class="change-table">
            <caption class="vh">{t::changed_fields(lang)}</caption>
            <thead><tr><th scope="col">{t::field(lang)}</th><th scope="col">{t::before(lang)}</th><th scope="col">{t::after(lang)}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
