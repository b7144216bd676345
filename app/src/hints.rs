//! Articles that may help, under the form of a new request (P-NEW-04), and those of a request (P-DET-06). They open where they
//! stand, so that nobody leaves what he writes.

use domain::lang::Lang;
use domain::views::ArticleHint;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::icon::Icon;
use crate::components::rich_text::RichText;
use crate::knowledge::server_fns::ArticleHelped;
use crate::t::requests as t;

/// Id of the form the articles stand under.
pub const FORM: &str = "new-request";

/// Articles that fit what is typed; scripts put the same list of another page in its place (`frontend/js/knowledge`).
pub fn hints(lang: Lang, found: &[ArticleHint]) -> AnyView {
    if found.is_empty() {
        return view! { <p class="muted" data-suggestions="">{t::nothing_helps(lang)}</p> }.into_any();
    }
    let rows = found.iter().map(|hint| row(lang, hint)).collect_view();
    view! { <ul class="hint-list" data-suggestions="">{rows}</ul> }.into_any()
}

fn row(lang: Lang, hint: &ArticleHint) -> AnyView {
    let code = hint.language.code();
    let text = if hint.html.as_str().is_empty() {
        let href = address(hint);
        view! { <p><a class="link" href=href target="_blank" rel="external">{t::read_article(lang)}</a></p> }.into_any()
    } else {
        view! { <div lang=code><RichText html=hint.html.clone()/></div> }.into_any()
    };
    view! {
        <li>
            <details class="hint">
                <summary>
                    <Icon name="book-open"/>
                    <span lang=code><b>{hint.title.clone()}</b><small>{hint.lines.clone()}</small></span>
                </summary>
                {text}
                // Sends nothing: it only counts that the article helped.
                <button
                    class="btn btn-sm"
                    r#type="submit"
                    form=FORM
                    formaction=ArticleHelped::url()
                    formnovalidate=true
                    name="id"
                    value=hint.id.to_string()
                    data-helped=""
                >
                    <Icon name="check"/>{t::that_solved_it(lang)}
                </button>
            </details>
        </li>
    }
    .into_any()
}

/// The published public articles of a request.
pub fn linked(lang: Lang, articles: &[ArticleHint]) -> Option<AnyView> {
    let rows = articles.iter().map(|hint| {
        let code = hint.language.code();
        view! { <li><Icon name="book-open"/><a class="link" href=address(hint) lang=code>{hint.title.clone()}</a></li> }
    });
    let rows = rows.collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="request-articles">
                <h2 class="card-title" id="request-articles">{t::articles(lang)}</h2>
                <ul class="file-list">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn address(hint: &ArticleHint) -> String {
    ["/knowledge/", &hint.id.to_string()].concat()
}
