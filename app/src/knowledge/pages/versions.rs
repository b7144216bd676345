//! The versions of an article, word by word, and the way back to one (T-KNO-01).

use domain::format::smart;
use domain::lang::Lang;
use domain::views::{ArticleRevision, ArticleRevisions, DiffPart};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::parts;
use crate::account::preferences::own_name;
use crate::boot::use_lang;
use crate::components::back_link::BackLink;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::when::Time;
use crate::form_action::{form_action, refusal_of};
use crate::knowledge::server_fns::{RestoreArticleRevision, article_revisions};
use crate::knowledge::{address, words};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::Loading;
use crate::t::knowledge as t;
use crate::t::tickets;

/// Page `/knowledge/:id/versions`; `?version=` names the one shown.
#[component]
pub fn ArticleVersionsPage() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|map| map.get("id").unwrap_or_default()));
    let wanted = Memo::new(move |_| query.with(|map| map.get_str("version").and_then(|text| text.parse::<i32>().ok())));
    let refusal = refusal_of(form_action::<RestoreArticleRevision>());
    let data = Resource::new_blocking(move || id.get(), article_revisions);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => content(lang, &page, wanted.get(), parts::told(lang, refusal.get())),
                Err(refusal) => parts::refused(lang, &refusal),
            })}
        </Suspense>
    }
}

fn content(lang: Lang, page: &ArticleRevisions, wanted: Option<i32>, refused: Option<AnyView>) -> AnyView {
    let title = t::versions_of(lang, &page.title);
    let last = page.revisions.len().saturating_sub(1);
    let found = wanted.and_then(|wanted| page.revisions.iter().position(|one| one.revision == wanted));
    let at = found.unwrap_or(last);
    let before = at.checked_sub(1).and_then(|before| page.revisions.get(before));
    let shown = page.revisions.get(at).map(|one| version(lang, page, one, before, at == last));
    let (back, name) = (address::page(page.id), page.title.clone());
    let list = list(lang, page, at);
    view! {
        <PageTitle text=title.clone()/>
        <AgentLayout>
            <div class="page page-mid">
                <BackLink href=back words=name/>
                <div class="page-head"><h1>{title}</h1></div>
                {refused}
                <div class="revision-page">
                    <nav aria-label=t::versions(lang)><ol class="revision-list">{list}</ol></nav>
                    {shown}
                </div>
            </div>
        </AgentLayout>
    }
    .into_any()
}

fn list(lang: Lang, page: &ArticleRevisions, shown: usize) -> Vec<AnyView> {
    let row = |(at, one): (usize, &ArticleRevision)| {
        let number = one.revision.to_string();
        let href = [address::versions(page.id).as_str(), "?version=", &number].concat();
        let words = [t::version_number(lang, &number).as_str(), " · ", words::step(lang, &one.what)].concat();
        let by = [one.by.name.as_str(), ", ", &smart(&one.at, &page.now, lang)].concat();
        let current = (at == shown).then_some("page");
        view! { <li><a href=href aria-current=current>{words}<small>{by}</small></a></li> }.into_any()
    };
    page.revisions.iter().enumerate().rev().map(row).collect()
}

fn version(
    lang: Lang,
    page: &ArticleRevisions,
    one: &ArticleRevision,
    before: Option<&ArticleRevision>,
    is_last: bool,
) -> AnyView {
    let changes = before.map(|before| changes(lang, before, one)).unwrap_or_default();
    let table = (!changes.is_empty()).then(|| change_table(lang, changes));
    let back = (page.editable && !is_last).then(|| {
        view! {
            <form method="post" action=RestoreArticleRevision::url()>
                <input r#type="hidden" name="id" value=page.id.to_string()/>
                <input r#type="hidden" name="revision" value=one.revision.to_string()/>
                <input r#type="hidden" name="version" value=page.version.to_string()/>
                <button class="btn btn-sm" r#type="submit"><Icon name="undo-2"/>{t::go_back(lang)}</button>
            </form>
        }
    });
    view! {
        <article class="card">
            <header class="entry-head">
                <span class="entry-author">{t::version_number(lang, &one.revision.to_string())}</span>
                <span class="entry-kind">{one.by.name.clone()}</span>
                <span class="entry-time"><Time moment=one.at.clone() now=Some(page.now.clone())/></span>
            </header>
            <div class="diff"><p>{one.diff.iter().map(|part| diff(lang, part)).collect_view()}</p></div>
            {table}
            <div class="form-foot"><span class="draft-state"></span>{back}</div>
        </article>
    }
    .into_any()
}

/// Added and removed words are also said, for those who hear the page.
fn diff(lang: Lang, part: &DiffPart) -> AnyView {
    let text = part.text.clone();
    match part.op.as_str() {
        "added" => view! { <ins><span class="vh">{tickets::added(lang)}</span>{text}</ins> }.into_any(),
        "removed" => view! { <del><span class="vh">{tickets::removed(lang)}</span>{text}</del> }.into_any(),
        _ => text.into_any(),
    }
}

/// Fields besides the words that differ: name, before, after.
fn changes(lang: Lang, before: &ArticleRevision, after: &ArticleRevision) -> Vec<(&'static str, String, String)> {
    let values = |one: &ArticleRevision| {
        let names = one.attachments.iter().map(|file| file.name.clone()).collect::<Vec<_>>().join(", ");
        [
            ("status", words::status(lang, one.status).to_owned()),
            ("audience", words::audience(lang, one.audience).to_owned()),
            ("language", own_name(one.language).to_owned()),
            ("category", one.category.as_ref().map(|category| category.name.clone()).unwrap_or_default()),
            ("owner", one.owner.as_ref().map(|owner| owner.name.clone()).unwrap_or_default()),
            ("review_on", one.review_on.as_deref().map(|day| words::day(lang, day)).unwrap_or_default()),
            ("attachments", names),
        ]
    };
    let pairs = values(before).into_iter().zip(values(after));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| (words::field(lang, field), old, new))
        .collect()
}

fn change_table(lang: Lang, changes: Vec<(&'static str, String, String)>) -> AnyView {
    let or_none = |text: String| if text.is_empty() { t::none(lang).to_owned() } else { text };
    let rows = changes
        .into_iter()
        .map(|(field, old, new)| view! { <tr><th scope="row">{field}</th><td>{or_none(old)}</td><td>{or_none(new)}</td></tr> })
        .collect::<Vec<_>>();
    view! {
        <table class="change-table">
            <caption class="vh">{tickets::changed_fields(lang)}</caption>
            <thead><tr><th scope="col">{tickets::field(lang)}</th><th scope="col">{tickets::before(lang)}</th><th scope="col">{tickets::after(lang)}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
