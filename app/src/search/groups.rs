//! What a search found besides tickets: articles and customers, a few beside the tickets or a page of them.

use domain::lang::Lang;
use domain::views::{ArticleRow, FoundCustomer, Page};
use leptos::prelude::*;

use crate::customers::{address, widgets};
use crate::knowledge::pages::parts;
use crate::t::search as t;

/// The kind of articles in an address.
pub(super) const ARTICLE: &str = "article";
/// The kind of customers.
pub(super) const CUSTOMER: &str = "customer";

/// How many were found, of which only the best are told; nothing where there are none.
pub(super) fn number<T>(found: &Page<T>) -> Option<String> {
    let more = if found.next_cursor.is_some() { "+" } else { "" };
    (!found.items.is_empty()).then(|| [found.items.len().to_string().as_str(), more].concat())
}

/// Articles.
pub(super) fn articles(lang: Lang, found: &Page<ArticleRow>) -> AnyView {
    let rows = found.items.iter().map(|row| parts::row(lang, row, &found.now, None)).collect_view();
    view! { <ol class="article-list" aria-label=t::kind_articles(lang)>{rows}</ol> }.into_any()
}

/// Customers.
pub(super) fn customers(lang: Lang, found: &Page<FoundCustomer>) -> AnyView {
    let rows = found.items.iter().map(|one| customer(lang, one)).collect_view();
    view! { <ol class="article-list" aria-label=t::kind_customers(lang)>{rows}</ol> }.into_any()
}

fn customer(lang: Lang, found: &FoundCustomer) -> AnyView {
    let words =
        (!found.snippet.is_empty()).then(|| view! { <p class="result-hit">{parts::snippet(&found.snippet)}</p> });
    view! {
        <li class="article-row">
            <a class="result-title" href=address::customer(found.id)>{found.name.clone()}</a>
            <p class="result-line">{widgets::status(lang, found.status)}<span>{found.entity.clone()}</span></p>
            {words}
        </li>
    }
    .into_any()
}

/// A few of one kind under their heading; `all` = where all of them are and what that is called, if there are more.
pub(super) fn group(title: &'static str, rows: AnyView, all: Option<(String, &'static str)>) -> AnyView {
    let all = all.map(|(href, words)| view! { <p class="small"><a class="link" href=href>{words}</a></p> });
    view! { <section class="search-group"><h2 class="card-title">{title}</h2>{rows}{all}</section> }.into_any()
}

#[cfg(test)]
mod tests {
    use domain::views::Moment;

    use super::*;

    #[test]
    fn t_lst_08_a_number_says_when_there_are_more() {
        let now = Moment::try_from("2026-03-12T10:02:00-03:00".to_owned()).unwrap();
        let page = |items: Vec<i64>, next: Option<&str>| Page {
            items,
            next_cursor: next.map(str::to_owned),
            count: None,
            now: now.clone(),
        };
        assert_eq!(number(&page(vec![1, 2], None)).as_deref(), Some("2"));
        assert_eq!(number(&page(vec![1, 2, 3, 4, 5], Some("x"))).as_deref(), Some("5+"));
        assert_eq!(number(&page(Vec::new(), None)), None);
    }
}
