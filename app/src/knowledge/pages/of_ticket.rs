//! The tab "Knowledge base" of a ticket: what it uses, a search, link, unlink, and new articles (T-KNO-03, T-KNO-04).

use domain::ids::TicketNumber;
use domain::lang::Lang;
use domain::views::{ArticleRow, LinkedArticle, Moment, TicketArticles};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::parts;
use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::sign::{PrivateMark, StatusBadge};
use crate::form_action::{form_action, refusal_of};
use crate::knowledge::address;
use crate::knowledge::server_fns::{LinkArticle, SaveToKnowledge, UnlinkArticle, ticket_articles};
use crate::layouts::answer::Loading;
use crate::t::knowledge as t;
use crate::tickets::widgets::parts::PartPage;

/// Page `/tickets/:number/knowledge`; `?q=` looks for articles, `?entry=` names the entry one shall be made from.
#[component]
pub fn TicketArticlesPage() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let of = |name: &str| query.with(|map| map.get(name).unwrap_or_default());
        // No ticket has the number 0, so the page of anything that is none answers "Not found".
        let number = params.with(|map| map.get_str("number").and_then(|text| text.parse::<TicketNumber>().ok()));
        (number.map_or(0, TicketNumber::get), of("q"), of("entry"))
    });
    let done = Memo::new(move |_| query.with(|map| map.get("done").unwrap_or_default()));
    let refusals = [
        refusal_of(form_action::<LinkArticle>()),
        refusal_of(form_action::<UnlinkArticle>()),
        refusal_of(form_action::<SaveToKnowledge>()),
    ];
    let data = Resource::new_blocking(move || asked.get(), |(number, q, entry)| ticket_articles(number, q, entry));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || {
                let refused = refusals.iter().find_map(|refusal| refusal.get());
                let (_, q, _) = asked.get();
                data.get().map(|answer| match answer {
                    Ok(page) => content(lang, &page, &q, &done.get(), parts::told(lang, refused)),
                    Err(refusal) => parts::refused(lang, &refusal),
                })
            }}
        </Suspense>
    }
}

fn content(lang: Lang, page: &TicketArticles, q: &str, done: &str, refused: Option<AnyView>) -> AnyView {
    let number = page.number;
    let done = parts::done(lang, done).filter(|_| refused.is_none());
    let add = (page.may_write && page.may_link).then(|| {
        view! { <LinkButton href=address::new_for(number) kind=ButtonKind::Primary icon="plus">{t::add(lang)}</LinkButton> }
    });
    let title = page.title.clone();
    let tools = view! { <StatusBadge status=page.status/>{add} }.into_any();
    let sections = (from_entry(lang, page), linked(lang, page), search(lang, page, q));
    view! {
        <PartPage
            number=number
            title=title
            name=t::of_ticket(lang, &number.to_string())
            heading=t::title(lang)
            part="knowledge"
            tools=tools
            width="page-mid"
        >
            {refused}{done}
            {sections}
        </PartPage>
    }
    .into_any()
}

/// Making an article from an entry: what it will be is said before it is made.
fn from_entry(lang: Lang, page: &TicketArticles) -> Option<AnyView> {
    let (id, words, is_private) = page.entry.as_ref().filter(|_| page.may_write)?;
    let mark = is_private.then(|| view! { <PrivateMark/>" " });
    let hint = if *is_private { t::from_entry_private(lang) } else { t::from_entry_hint(lang) };
    Some(
        view! {
            <section class="card" aria-labelledby="from-entry">
                <h2 class="card-title" id="from-entry">{t::from_entry(lang)}</h2>
                <p>{mark}{words.clone()}</p>
                <p class="small muted">{hint}</p>
                <form method="post" action=SaveToKnowledge::url()>
                    <input r#type="hidden" name="entry" value=id.to_string()/>
                    <input r#type="hidden" name="key" value=page.key.clone()/>
                    <button class="btn btn-primary btn-sm" r#type="submit"><Icon name="book-open"/>{t::save_to_knowledge(lang)}</button>
                </form>
            </section>
        }
        .into_any(),
    )
}

fn linked(lang: Lang, page: &TicketArticles) -> AnyView {
    if page.linked.is_empty() {
        return view! { <EmptyState icon="book-open" title=t::none_linked(lang) text=t::none_linked_hint(lang)/> }
            .into_any();
    }
    let rows = page.linked.iter().map(|link| link_row(lang, page, link)).collect_view();
    view! {
        <section aria-labelledby="linked-articles">
            <h2 class="card-title" id="linked-articles">{t::linked(lang)}</h2>
            <ol class="article-list">{rows}</ol>
        </section>
    }
    .into_any()
}

fn link_row(lang: Lang, page: &TicketArticles, link: &LinkedArticle) -> AnyView {
    let unlink = page.may_link.then(|| button(page.number, link.id, UnlinkArticle::url(), "unlink", t::unlink(lang)));
    match &link.row {
        Some(row) => parts::row(lang, row, &page.now, unlink),
        None => view! {
            <li class="article-row"><p class="muted"><Icon name="trash-2" small=true/>" "{t::removed_article(lang)}</p>{unlink}</li>
        }
        .into_any(),
    }
}

/// A button that links or unlinks an article.
fn button(number: i64, id: uuid::Uuid, action: &'static str, icon: &'static str, word: &'static str) -> AnyView {
    view! {
        <form class="article-command" method="post" action=action>
            <input r#type="hidden" name="number" value=number.to_string()/>
            <input r#type="hidden" name="article" value=id.to_string()/>
            <button class="btn btn-sm" r#type="submit"><Icon name=icon/>{word}</button>
        </form>
    }
    .into_any()
}

/// Articles to link.
fn search(lang: Lang, page: &TicketArticles, q: &str) -> AnyView {
    if !page.may_link {
        return ().into_any();
    }
    let found = (!q.trim().is_empty()).then(|| results(lang, page.number, &page.found, &page.now));
    view! {
        <section class="card" aria-labelledby="find-articles">
            <h2 class="card-title" id="find-articles">{t::find(lang)}</h2>
            <form class="search-head" role="search" aria-label=t::find(lang) method="get" action=address::of_ticket(page.number)>
                <div class="search-box">
                    <Icon name="search"/>
                    <input class="input" name="q" r#type="search" maxlength="200" value=q.to_owned() aria-label=t::search(lang)/>
                    <button class="btn" r#type="submit">{t::search_button(lang)}</button>
                </div>
            </form>
            {found}
        </section>
    }
    .into_any()
}

fn results(lang: Lang, number: i64, found: &[ArticleRow], now: &Moment) -> AnyView {
    if found.is_empty() {
        return view! { <p class="muted" role="status">{t::nothing_to_link(lang)}</p> }.into_any();
    }
    let rows = found
        .iter()
        .map(|row| {
            let action = button(number, row.id, LinkArticle::url(), "link", t::link(lang));
            parts::row(lang, row, now, Some(action))
        })
        .collect_view();
    view! { <ol class="article-list">{rows}</ol> }.into_any()
}
