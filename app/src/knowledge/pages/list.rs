//! The list of articles: a box, what narrows it, the articles. Its whole state is in its address; portal users see the public ones.

use domain::error::{AppError, Code};
use domain::lang::Lang;
use domain::views::{ArticleList, ArticleQuery, Choice};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::parts;
use crate::account::preferences::own_name;
use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::field::SelectField;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::error::Refusal;
use crate::knowledge::server_fns::article_list;
use crate::knowledge::{address, words};
use crate::layouts::own::OwnLayout;
use crate::t::knowledge as t;

/// Reads the address.
fn read(map: &ParamsMap) -> ArticleQuery {
    let text = |name| map.get_str(name).unwrap_or_default().trim().to_owned();
    ArticleQuery {
        q: text("q"),
        part: text("part"),
        category: text("category"),
        language: text("language"),
        cursor: text("cursor"),
        limit: 0,
    }
}

/// Page `/knowledge`.
#[component]
pub fn ArticleListPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read));
    let data = Resource::new_blocking(move || query.get(), article_list);
    view! {
        <Suspense>
            {move || {
                let query = query.get();
                data.get().map(|answer| match answer {
                    Ok(list) => content(lang, &query, &list),
                    Err(refusal) if is_too_long(&refusal) => too_long(lang, &query),
                    Err(refusal) => parts::refused(lang, &refusal),
                })
            }}
        </Suspense>
    }
}

fn is_too_long(Refusal(error): &Refusal) -> bool {
    matches!(error, AppError::Invalid(wrong) if wrong.of("q") == Some(Code::TooLong))
}

fn content(lang: Lang, query: &ArticleQuery, list: &ArticleList) -> AnyView {
    let add = list.may_write.then(|| {
        view! { <LinkButton href=address::NEW kind=ButtonKind::Primary icon="plus">{t::add(lang)}</LinkButton> }
    });
    let rows = if list.items.is_empty() {
        nothing(lang, query, list)
    } else {
        let rows = list.items.iter().map(|row| parts::row(lang, row, &list.now, None)).collect_view();
        view! { <ol class="article-list" aria-label=t::title(lang)>{rows}</ol> }.into_any()
    };
    let first = (!query.cursor.is_empty()).then(|| address::list(query, &query.part, ""));
    let next = list.next_cursor.as_deref().map(|cursor| address::list(query, &query.part, cursor));
    let count = if list.items.is_empty() { String::new() } else { words::count(lang, list.count) };
    let search = search(lang, query, &list.categories, false);
    let tabs = tabs(lang, query, list);
    view! {
        <PageTitle text=t::title(lang)/>
        <OwnLayout>
            <div class="page page-mid">
                <div class="page-head">
                    <h1>{t::title(lang)}</h1>
                    <span class="page-tools">{add}</span>
                </div>
                {search}
                {tabs}
                {rows}
                <Pagination first=first next=next count=count/>
            </div>
        </OwnLayout>
    }
    .into_any()
}

fn too_long(lang: Lang, query: &ArticleQuery) -> AnyView {
    let search = search(lang, query, &[], true);
    view! {
        <PageTitle text=t::title(lang)/>
        <OwnLayout>
            <div class="page page-mid">
                <div class="page-head"><h1>{t::title(lang)}</h1></div>
                {search}
            </div>
        </OwnLayout>
    }
    .into_any()
}

/// The box with category and language.
fn search(lang: Lang, query: &ArticleQuery, categories: &[Choice], is_too_long: bool) -> AnyView {
    if query.part == "trash" {
        return ().into_any();
    }
    let error = is_too_long.then(|| {
        view! { <p class="field-error" id="q-error" role="alert"><Icon name="circle-alert" small=true/>{t::too_long(lang)}</p> }
    });
    let part =
        (!query.part.is_empty()).then(|| view! { <input r#type="hidden" name="part" value=query.part.clone()/> });
    let languages: Vec<Choice> = Lang::ALL
        .into_iter()
        .map(|of| Choice { value: of.code().to_owned(), name: own_name(of).to_owned(), depth: 0 })
        .collect();
    let category = (!categories.is_empty()).then(|| {
        view! {
            <SelectField name="category" label=t::category(lang) options=categories.to_vec() value=query.category.clone() blank=t::all_categories(lang)/>
        }
    });
    view! {
        <form class="search-head" role="search" aria-label=t::search(lang) method="get" action=address::LIST>
            <div class="search-box">
                <Icon name="search"/>
                <input
                    class="input"
                    name="q"
                    r#type="search"
                    value=query.q.clone()
                    aria-label=t::search(lang)
                    aria-describedby=if is_too_long { "q-hint q-error" } else { "q-hint" }
                    aria-invalid=is_too_long.then_some("true")
                />
                <button class="btn" r#type="submit">{t::search_button(lang)}</button>
            </div>
            {part}
            <p class="field-hint" id="q-hint">{t::search_hint(lang)}</p>
            {error}
            <div class="article-filters">
                {category}
                <SelectField name="language" label=t::language(lang) options=languages value=query.language.clone() blank=t::all_languages(lang)/>
            </div>
        </form>
    }
    .into_any()
}

/// Parts with their numbers, for agents.
fn tabs(lang: Lang, query: &ArticleQuery, list: &ArticleList) -> AnyView {
    if list.parts.is_empty() {
        return ().into_any();
    }
    let link = |part: &str, count: Option<u32>| {
        let current = (query.part == part).then_some("page");
        let number =
            count.filter(|count| *count > 0).map(|count| view! { " "<span class="count">{count.to_string()}</span> });
        view! { <a href=address::list(query, part, "") aria-current=current>{words::part(lang, part)}{number}</a> }
            .into_any()
    };
    let all = link("", None);
    let others = list.parts.iter().map(|(part, count)| link(part, Some(*count))).collect_view();
    view! { <nav class="template-tabs" aria-label=t::parts(lang)>{all}{others}</nav> }.into_any()
}

fn nothing(lang: Lang, query: &ArticleQuery, list: &ArticleList) -> AnyView {
    let is_narrowed =
        !(query.q.is_empty() && query.category.is_empty() && query.language.is_empty() && query.part.is_empty());
    if list.is_empty_query {
        return view! { <EmptyState icon="search" title=t::empty_query(lang)/> }.into_any();
    }
    if !is_narrowed {
        let add = list.may_write.then(|| view! { <a class="btn btn-sm" href=address::NEW>{t::add(lang)}</a> });
        let hint = if list.may_write { t::none_yet_hint(lang) } else { t::none_yet_portal(lang) };
        return view! { <EmptyState icon="book-open" title=t::none_yet(lang) text=hint>{add}</EmptyState> }.into_any();
    }
    view! {
        <EmptyState icon="search" title=t::nothing(lang) text=t::nothing_hint(lang)>
            <a class="btn btn-sm" href=address::LIST>{t::all_articles(lang)}</a>
        </EmptyState>
    }
    .into_any()
}
