//! Articles that may help with a text: the page that scripts read while a new request is typed (`frontend/js/knowledge`). They open
//! where they stand; without scripts the form itself shows the same.

use domain::views::ArticleHint;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::parts;
use crate::boot::use_lang;
use crate::components::page_title::PageTitle;
use crate::hints::hints;
use crate::knowledge::server_fns::suggest_articles;
use crate::layouts::portal::PortalLayout;
use crate::t::requests as t;

/// Page `/knowledge/suggestions?q=…&entity=…`.
#[component]
pub fn SuggestionsPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let of = |name: &str| query.with(|map| map.get(name).unwrap_or_default());
        (of("q"), of("entity"))
    });
    let data = Resource::new_blocking(move || asked.get(), |(text, entity)| suggest_articles(text, entity));
    view! {
        <Suspense>
            {move || data.get().map(|answer| match answer {
                Ok(found) => content(lang, &found),
                Err(refusal) => parts::refused(lang, &refusal),
            })}
        </Suspense>
    }
}

fn content(lang: domain::lang::Lang, found: &[ArticleHint]) -> AnyView {
    let hints = hints(lang, found);
    view! {
        <PageTitle text=t::may_help(lang).to_owned()/>
        <PortalLayout>
            <div class="page-head"><h1>{t::may_help(lang)}</h1></div>
            {hints}
        </PortalLayout>
    }
    .into_any()
}
