//! One article: its text, files and languages; for agents also who wrote it, what uses it, and what can be done with it.

use domain::format::{file_size, smart};
use domain::knowledge::ArticleStatus;
use domain::lang::Lang;
use domain::views::{ArticleAbout, ArticlePage, ArticleView, DocumentView, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::parts;
use crate::account::preferences::own_name;
use crate::boot::use_lang;
use crate::components::back_link::BackLink;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::rich_text::RichText;
use crate::components::sign::StatusBadge;
use crate::form_action::{form_action, refusal_of};
use crate::knowledge::server_fns::{RunArticleCommand, article_page};
use crate::knowledge::{address, words};
use crate::layouts::own::OwnLayout;
use crate::t::knowledge as t;

/// Page `/knowledge/:id`.
#[component]
pub fn ArticlePageView() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|map| map.get("id").unwrap_or_default()));
    let done = Memo::new(move |_| query.with(|map| map.get("done").unwrap_or_default()));
    let refusal = refusal_of(form_action::<RunArticleCommand>());
    let data = Resource::new_blocking(move || id.get(), article_page);
    view! {
        <Suspense>
            {move || data.get().map(|answer| match answer {
                Ok(page) => content(lang, &page, &done.get(), parts::told(lang, refusal.get())),
                Err(refusal) => parts::refused(lang, &refusal),
            })}
        </Suspense>
    }
}

fn content(lang: Lang, page: &ArticlePage, done: &str, refused: Option<AnyView>) -> AnyView {
    let article = &page.article;
    let row = &article.row;
    let code = row.language.code();
    let about = article.about.as_ref();
    let in_trash = about.and_then(|about| about.deleted_at.as_ref()).map(|at| {
        view! { <Banner tone=Tone::Warning text=t::in_trash(lang, &smart(at, &page.now, lang))/> }
    });
    let purge = about.filter(|about| about.deleted_at.is_some() && about.may_purge).map(|_| purge(lang, article));
    // What only agents do is said to them only; "helped" is said to everybody.
    let done = parts::done(lang, done).filter(|_| refused.is_none());
    let facts = t::updated(lang, &smart(&row.updated_at, &page.now, lang));
    let category = row.category.as_ref().map(|category| view! { <span>{category.name.clone()}</span> });
    let language = (row.language != lang).then(|| view! { <span lang=code>{own_name(row.language)}</span> });
    let side = about.map(|about| side(lang, article, about, &page.now));
    let tools = about.map(|about| tools(lang, article, about));
    let (title, body) = (row.title.clone(), article.body.clone());
    let (signs, files, translations) =
        (parts::signs(lang, row), files(lang, &article.attachments), translations(lang, article));
    view! {
        <PageTitle text=row.title.clone()/>
        <OwnLayout>
            <div class="page page-mid">
                <BackLink href=address::LIST words=t::title(lang)/>
                <div class="page-head">
                    <h1 lang=code>{title}</h1>
                    <span class="page-tools">{tools}</span>
                </div>
                {refused}{done}{in_trash}{purge}
                <p class="result-line">{signs}{category}{language}<span>{facts}</span></p>
                <div class="article-columns">
                    <article class="card article-text" lang=code data-article="">
                        <RichText html=body/>
                        {files}
                    </article>
                    <aside class="stack" aria-label=t::about(lang)>
                        {translations}
                        {side}
                    </aside>
                </div>
            </div>
        </OwnLayout>
    }
    .into_any()
}

/// The files, pictures of the text included.
fn files(lang: Lang, files: &[DocumentView]) -> Option<AnyView> {
    let rows = files.iter().map(|file| {
        let icon = if file.is_image { "file-image" } else { "file-text" };
        view! {
            <li>
                <Icon name=icon/>
                <a href=format!("/documents/{}", file.id) rel="external">{file.name.clone()}</a>
                <span class="file-size">{file_size(file.size, lang)}</span>
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <section aria-labelledby="article-files">
                <h2 class="card-title" id="article-files">{t::files(lang)}</h2>
                <ul class="file-list">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn translations(lang: Lang, article: &ArticleView) -> Option<AnyView> {
    let may_add = article.about.as_ref().is_some_and(|about| about.editable && about.deleted_at.is_none());
    let add = may_add.then(|| {
        view! { <p><a class="link" href=address::translate(article.row.id)>{t::translate(lang)}</a></p> }
    });
    let rows = article.translations.iter().map(|other| {
        let code = other.language.code();
        let state = (other.status != ArticleStatus::Published)
            .then(|| view! { <span class="small muted">{words::status(lang, other.status)}</span> });
        view! {
            <li>
                <span class="small muted" lang=code>{own_name(other.language)}</span>
                <a class="link" href=address::page(other.id) lang=code hreflang=code>{other.title.clone()}</a>
                {state}
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    let list = (!rows.is_empty()).then(|| view! { <ul class="article-languages">{rows}</ul> });
    (list.is_some() || add.is_some()).then(|| {
        view! {
            <section class="card" aria-labelledby="article-languages">
                <h2 class="card-title" id="article-languages">{t::other_languages(lang)}</h2>
                {list}{add}
            </section>
        }
        .into_any()
    })
}

/// What may be done with it: one filled button, the rest beside it.
fn tools(lang: Lang, article: &ArticleView, about: &ArticleAbout) -> AnyView {
    let id = article.row.id;
    let versions = view! { <LinkButton href=address::versions(id) kind=ButtonKind::Ghost icon="history">{t::versions(lang)}</LinkButton> };
    if !about.editable {
        return versions.into_any();
    }
    if about.deleted_at.is_some() {
        return view! { {versions}{command(lang, article, "restore", "btn btn-primary btn-sm")} }.into_any();
    }
    let publish = (article.row.status != ArticleStatus::Published)
        .then(|| command(lang, article, "publish", "btn btn-primary btn-sm"));
    let archive = (article.row.status == ArticleStatus::Published)
        .then(|| command(lang, article, "archive", "btn btn-ghost btn-sm"));
    let kind = if publish.is_some() { ButtonKind::Plain } else { ButtonKind::Primary };
    view! {
        {versions}
        {command(lang, article, "delete", "btn btn-ghost btn-sm")}
        {archive}
        <LinkButton href=address::edit(id) kind=kind icon="pencil">{t::edit(lang)}</LinkButton>
        {publish}
    }
    .into_any()
}

/// A button that posts a command with the version that is looked at.
fn command(lang: Lang, article: &ArticleView, command: &'static str, class: &'static str) -> AnyView {
    let word = match command {
        "publish" => t::publish(lang),
        "archive" => t::archive(lang),
        "restore" => t::restore(lang),
        _ => t::delete(lang),
    };
    view! {
        <form class="article-command" method="post" action=RunArticleCommand::url()>
            <input r#type="hidden" name="id" value=article.row.id.to_string()/>
            <input r#type="hidden" name="command" value=command/>
            <input r#type="hidden" name="version" value=article.row.version.to_string()/>
            <button class=class r#type="submit">{word}</button>
        </form>
    }
    .into_any()
}

/// Nothing brings a purged one back: its button stands behind the word, with what follows.
fn purge(lang: Lang, article: &ArticleView) -> AnyView {
    view! {
        <details class="card fold sure">
            <summary><Icon name="chevron-right"/>{t::purge(lang)}</summary>
            <form method="post" action=RunArticleCommand::url()>
                <p class="small">{t::purge_consequence(lang)}</p>
                <input r#type="hidden" name="id" value=article.row.id.to_string()/>
                <input r#type="hidden" name="command" value="purge"/>
                <input r#type="hidden" name="version" value=article.row.version.to_string()/>
                <button class="btn btn-error btn-sm" r#type="submit">{t::purge(lang)}</button>
            </form>
        </details>
    }
    .into_any()
}

/// What only agents are told.
fn side(lang: Lang, article: &ArticleView, about: &ArticleAbout, now: &Moment) -> AnyView {
    let name =
        |name: &str| if name.is_empty() { crate::t::common::automatic(lang).to_owned() } else { name.to_owned() };
    let owner = about.owner.as_ref().map_or_else(|| t::nobody(lang).to_owned(), |owner| owner.name.clone());
    let review =
        article.row.review_on.as_deref().map_or_else(|| t::no_review(lang).to_owned(), |day| words::day(lang, day));
    let helped =
        (about.helped > 0).then(|| view! { <dt>{t::helped_label(lang)}</dt><dd>{t::helped(lang, about.helped)}</dd> });
    let entity = if about.recursive { t::with_below(lang, &about.entity.name) } else { about.entity.name.clone() };
    let private = about.is_from_private.then(|| view! { <p class="small muted">{t::from_private(lang)}</p> });
    let begun = t::by_at(lang, &name(&about.author.name), &smart(&about.created_at, now, lang));
    let tickets = about.tickets.iter().map(|ticket| {
        let href = format!("/tickets/{}", ticket.number);
        let words = format!("#{} {}", ticket.number, ticket.title);
        view! { <li><a class="link" href=href>{words}</a>" "<StatusBadge status=ticket.status/></li> }
    });
    let tickets = tickets.collect::<Vec<_>>();
    let tickets = (!tickets.is_empty()).then(|| view! { <ul class="article-tickets">{tickets}</ul> });
    view! {
        <section class="card" aria-labelledby="article-about">
            <h2 class="card-title" id="article-about">{t::about(lang)}</h2>
            {private}
            <dl class="props">
                <dt>{t::entity(lang)}</dt><dd>{entity}</dd>
                <dt>{t::owner(lang)}</dt><dd>{owner}</dd>
                <dt>{t::review_on(lang)}</dt><dd>{review}</dd>
                <dt>{t::version(lang)}</dt><dd>{about.revision.to_string()}</dd>
                <dt>{t::begun(lang)}</dt><dd>{begun}</dd>
                <dt>{t::edited_by(lang)}</dt><dd>{name(&about.edited_by.name)}</dd>
                {helped}
            </dl>
        </section>
        <section class="card" aria-labelledby="article-used">
            <h2 class="card-title" id="article-used">{t::linked_tickets(lang)}</h2>
            <p class="small">{words::used(lang, about)}</p>
            {tickets}
        </section>
    }
    .into_any()
}
