//! "Propose a solution": the form that solves a ticket, a page of its own and whole without scripts (T-SOL-02).

use domain::error::{AppError, Code};
use domain::lang::Lang;
use domain::views::SolutionPage;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::field::Options;
use crate::components::form_error::FormError;
use crate::components::icon::Icon;
use crate::form_action::{form_action, refusal_of};
use crate::kept::{TextKept, upload_path};
use crate::knowledge::pages::parts::row;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::solutions::server_fns::{
    AddSolution, FindSolutionArticles, InsertSolutionTemplate, UseSolutionArticle, solve_page,
};
use crate::t::knowledge;
use crate::t::solve as t;
use crate::t::tickets;
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::composer::sentence_of;
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::solution_fields::{Written, discard, discard_button, field_names, fields};
use crate::validations::blocked;

/// Id of the form.
const FORM: &str = "solution-form";

/// Page `/tickets/:number/solve`.
#[component]
pub fn SolvePage() -> impl IntoView {
    let number = use_number();
    let query = use_query_map();
    let told = Memo::new(move |_| query.with(Told::read));
    let asked = move || (number.get(), query.with(|map| map.get("q").unwrap_or_default()));
    let data = Resource::new_blocking(asked, |(number, q)| solve_page(number, q));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Solve page=page told=told.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// What the address says besides the ticket.
#[derive(Clone, Default, PartialEq)]
struct Told {
    /// The template that was chosen is gone.
    gone: bool,
    /// The text of an article that was added is for agents.
    internal: bool,
    /// Words that are looked for.
    q: String,
}

impl Told {
    fn read(map: &ParamsMap) -> Self {
        let is = |name: &str, value: &str| map.get_str(name) == Some(value);
        Self { gone: is("template", "gone"), internal: is("internal", "1"), q: map.get("q").unwrap_or_default() }
    }
}

#[component]
fn Solve(page: SolutionPage, told: Told) -> impl IntoView {
    let lang = use_lang();
    let refusal = refusal_of(form_action::<AddSolution>());
    let gone = told.gone.then(|| view! { <Banner tone=Tone::Warning text=tickets::template_gone(lang)/> });
    let internal = told.internal.then(|| view! { <Banner tone=Tone::Warning text=t::internal_text(lang)/> });
    let content = match page.leads_to.as_str() {
        "solved" | "closed" => {
            let articles = articles(lang, &page, &told.q);
            view! { {articles}{form(lang, &page, refusal)} }.into_any()
        }
        why => cannot(lang, &page, why, refusal),
    };
    view! {
        <PartPage number=page.number title=page.title.clone() heading=t::title(lang) width="page-narrow">
            {gone}{internal}
            {content}
        </PartPage>
    }
}

/// Why it cannot be solved now; what was typed stays in sight, to be copied or kept for later.
fn cannot(lang: Lang, page: &SolutionPage, why: &str, refusal: Memo<Option<AppError>>) -> AnyView {
    let code = Code::ALL.iter().copied().find(|code| code.as_str() == why);
    let words = code.map_or_else(
        || message::sentence(lang, &AppError::Forbidden(why.to_owned())),
        |code| message::code_sentence(lang, code).to_owned(),
    );
    let words = page.blocked.as_ref().map_or(words, |blocked| blocked::words(lang, blocked));
    let typed = page.draft.is_some().then(|| form(lang, page, refusal));
    view! { <Banner tone=Tone::Warning text=words/>{typed} }.into_any()
}

fn form(lang: Lang, page: &SolutionPage, refusal: Memo<Option<AppError>>) -> AnyView {
    let number = page.number.to_string();
    let back = format!("/tickets/{number}");
    let here = format!("/tickets/{number}/solve");
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    let drafted = |field: &str| page.draft.as_ref().map(|draft| draft.text(field)).unwrap_or_default();
    let written = Written {
        page,
        body: String::new(),
        html: String::new(),
        kind: String::new(),
        files: Vec::new(),
        upload: upload_path("solution", &number, &here),
    };
    let waits = page.blocked.as_ref().map(|blocked| {
        let (typed, error) = (drafted("override_reason"), sentence_of(lang, wrong, "override_reason"));
        blocked::notice(lang, blocked, "form[override_reason]", typed, error)
    });
    let tasks = (page.open_tasks > 0).then(|| {
        let count = i64::try_from(page.open_tasks).unwrap_or(i64::MAX);
        view! {
            <label class="check-row">
                <input class="checkbox checkbox-primary" r#type="checkbox" name="form[open_tasks]" value="done" checked=drafted("open_tasks") == "done"/>
                <span>{t::mark_tasks_done(lang, count)}</span>
            </label>
        }
    });
    // T-SOL-04: an article is begun with it after it is saved.
    let to_knowledge = use_viewer().is_some_and(|viewer| viewer.can("knowledge.edit")).then(|| {
        let chosen = drafted("save_to_knowledge") == "true";
        view! {
            <label class="check-row">
                <input class="checkbox checkbox-primary" r#type="checkbox" name="form[save_to_knowledge]" value="true" checked=chosen/>
                <span>{tickets::save_to_knowledge(lang)}</span>
            </label>
        }
    });
    let close = page.may_close.then(|| {
        view! { <SubmitButton kind=ButtonKind::Plain name="form[close]" value="true">{t::submit_close(lang)}</SubmitButton> }
    });
    view! {
        <form class="composer" id=FORM method="post" action=AddSolution::url()>
            // Enter in a field takes the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <input r#type="hidden" name="form[ticket]" value=number.clone()/>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            <input r#type="hidden" name="form[template]" value=drafted("template")/>
            <input r#type="hidden" name="form[article]" value=drafted("article")/>
            <TextKept/>
            <FormError error=refusal fields=field_names(lang)/>
            {leads(lang, page)}
            {waits}
            {templates(lang, page)}
            {fields(lang, written, wrong)}
            {tasks}
            {to_knowledge}
            <div class="composer-send">
                {discard_button(lang, page)}
                <LinkButton href=back>{tickets::cancel(lang)}</LinkButton>
                {close}
                <SubmitButton>{t::submit(lang)}</SubmitButton>
            </div>
        </form>
        {discard(page, &number, &here)}
    }
    .into_any()
}

/// Articles to begin with (T-SOL-03). Field and buttons belong to the form below, so that nothing typed there is lost; Enter looks
/// for articles and never solves.
fn articles(lang: Lang, page: &SolutionPage, q: &str) -> Option<AnyView> {
    if !page.may_search {
        return None;
    }
    let rows = page.found.iter().map(|found| {
        let action = view! {
            <button class="btn btn-sm" r#type="submit" form=FORM name="article" value=found.id.to_string() formaction=UseSolutionArticle::url()>
                {t::use_article(lang)}
            </button>
        };
        row(lang, found, &page.now, Some(action.into_any()))
    });
    let found = if q.trim().is_empty() {
        None
    } else if page.found.is_empty() {
        Some(view! { <p class="muted" role="status">{knowledge::nothing_to_link(lang)}</p> }.into_any())
    } else {
        Some(view! { <ol class="article-list">{rows.collect_view()}</ol> }.into_any())
    };
    Some(
        view! {
            <section class="card" aria-labelledby="articles">
                <h2 class="card-title" id="articles">{t::find_article(lang)}</h2>
                <div class="search-box" role="search" aria-label=t::find_article(lang)>
                    <Icon name="search"/>
                    <input class="input" name="q" form=FORM r#type="search" maxlength="200" value=q.to_owned() aria-label=knowledge::search(lang)/>
                    <button class="btn" r#type="submit" form=FORM formaction=FindSolutionArticles::url()>{knowledge::search_button(lang)}</button>
                </div>
                {found}
            </section>
        }
        .into_any(),
    )
}

/// What follows, said before it is done: the status, the day it closes by itself, who gets a mail.
fn leads(lang: Lang, page: &SolutionPage) -> AnyView {
    let words = match (page.leads_to.as_str(), page.closes_after) {
        ("closed", _) => t::leads_closed(lang).to_owned(),
        (_, Some(days)) => t::leads_solved_days(lang, i64::from(days)),
        (_, None) => t::leads_solved(lang).to_owned(),
    };
    let is_mailed = page.leads_to == "solved" && !page.mailed.is_empty();
    let mailed = is_mailed.then(|| view! { <p class="small muted">{t::mailed(lang, &page.mailed.join(", "))}</p> });
    view! { <p>{words}</p>{mailed} }.into_any()
}

/// Solution templates: the button posts the form, and the page comes back with the text added.
fn templates(lang: Lang, page: &SolutionPage) -> Option<AnyView> {
    (!page.templates.is_empty()).then(|| {
        view! {
            <span class="template-menu">
                <select class="select select-sm foot-select" name="insert" id="form-insert" aria-label=t::template(lang)>
                    <Options options=page.templates.clone() blank=t::template(lang)/>
                </select>
                <button class="btn btn-ghost btn-sm" r#type="submit" formaction=InsertSolutionTemplate::url()>
                    {tickets::insert_template(lang)}
                </button>
            </span>
        }
        .into_any()
    })
}
