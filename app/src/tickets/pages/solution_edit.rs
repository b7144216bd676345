//! Changing a solution while it waits for its answer: the whole entry as one form (T-SOL-06).

use domain::error::AppError;
use domain::lang::Lang;
use domain::solution::SolutionState;
use domain::views::{DraftView, FormChoices, SolutionPage, SolutionView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::form_error::FormError;
use crate::form_action::{form_action, refusal_of};
use crate::kept::{TextKept, upload_path};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::solutions::server_fns::{EditSolution, solution_page};
use crate::t::solve as t;
use crate::t::tickets;
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::conflict::{cards, decided};
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::solution_fields::{Written, discard, discard_button, field_names, fields};

/// Page `/tickets/:number/solutions/:id/edit`.
#[component]
pub fn EditSolutionPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data =
        Resource::new_blocking(move || (number.get(), id.get()), |(number, id)| solution_page(number, id, false));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Edit page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Edit(page: SolutionPage) -> impl IntoView {
    let lang = use_lang();
    let refusal = refusal_of(form_action::<EditSolution>());
    let content = page.solution.clone().map(|solution| form(lang, &page, &solution, refusal));
    view! {
        <PartPage number=page.number title=page.title.clone() heading=t::edit_title(lang) width="page-narrow">
            {content}
        </PartPage>
    }
}

fn form(lang: Lang, page: &SolutionPage, solution: &SolutionView, refusal: Memo<Option<AppError>>) -> AnyView {
    let (number, id) = (page.number, solution.id.to_string());
    let back = format!("/tickets/{number}#solution-{id}");
    let here = format!("/tickets/{number}/solutions/{id}/edit");
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    let conflict = refusal.with_untracked(|error| match error {
        Some(AppError::Conflict { conflicts, .. }) => Some(conflicts.clone()),
        _ => None,
    });
    // What was typed was typed over the version it was begun from, whatever was saved since.
    let version = page.draft.as_ref().and_then(DraftView::begun).unwrap_or(solution.version).to_string();
    let is_conflict = conflict.is_some();
    let choices = FormChoices { occurrence_categories: page.types.clone(), ..FormChoices::default() };
    let conflicts = conflict.map(|conflicts| {
        let all = conflicts.iter().map(|one| cards(lang, one, &choices, None)).collect_view();
        let decided = refusal.with_untracked(|error| decided(error.as_ref()));
        view! { <section class="stack" aria-label=tickets::conflict_title(lang)>{decided}{all}</section> }
    });
    let over = (solution.state != SolutionState::Waiting)
        .then(|| view! { <Banner tone=Tone::Warning text=t::answered(lang)/> });
    let written = Written {
        page,
        body: solution.body_text.clone(),
        html: solution.body.as_str().to_owned(),
        kind: solution.kind.as_ref().map(|kind| kind.id.to_string()).unwrap_or_default(),
        files: solution.attachments.clone(),
        upload: upload_path("solution", &id, &here),
    };
    let (leave, save) = if is_conflict {
        (tickets::keep_theirs(lang), tickets::use_mine(lang))
    } else {
        (tickets::cancel(lang), tickets::save(lang))
    };
    view! {
        <form class="composer" id="solution-form" method="post" action=EditSolution::url()>
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <input r#type="hidden" name="form[id]" value=id.clone()/>
            <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            <input r#type="hidden" name="form[version]" value=version.clone()/>
            <input r#type="hidden" name="form[begun]" value=version/>
            <TextKept/>
            <FormError error=refusal fields=field_names(lang)/>
            {over}
            {conflicts}
            {fields(lang, written, wrong)}
            <div class="composer-send">
                {discard_button(lang, page)}
                <LinkButton href=back>{leave}</LinkButton>
                <SubmitButton>{save}</SubmitButton>
            </div>
        </form>
        {discard(page, &id, &here)}
    }
    .into_any()
}
