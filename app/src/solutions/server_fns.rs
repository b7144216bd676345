//! What the pages of solutions ask of the server. Every function is a public address: it takes the context of the
//! request, calls one use case and leads on; checks and rights are `service`'s.

use domain::forms;
use domain::views;
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{redirect, redirect_plain_form, request, request_context};
use crate::error::Refusal;

/// The page "Propose a solution"; `q` is looked for among the articles (T-SOL-03).
#[server(output = crate::error::Wire)]
pub async fn solve_page(number: i64, q: String) -> Result<views::SolutionPage, Refusal> {
    let ctx = request_context()?;
    Ok(service::solutions::solve_page(&ctx, number, &q).await?)
}

/// A solution with what the pages need that change it or show its former versions.
#[server(output = crate::error::Wire)]
pub async fn solution_page(number: i64, id: Uuid, revisions: bool) -> Result<views::SolutionPage, Refusal> {
    let ctx = request_context()?;
    Ok(service::solutions::edit_page(&ctx, number, id, revisions).await?)
}

/// Solves a ticket and leads to the solution, or to the article that is begun with it.
#[server(output = crate::error::Wire)]
pub async fn add_solution(form: forms::AddSolution) -> Result<Uuid, Refusal> {
    let ctx = request_context()?;
    let (number, key) = (form.ticket, form.save_to_knowledge.then(|| form.key.clone()));
    let id = service::solutions::add(&ctx, form).await?;
    let article = match key {
        // The ticket is solved; an article that cannot be begun is no reason to say otherwise.
        Some(key) => service::knowledge::save_solution(&ctx, id, &key).await.ok(),
        None => None,
    };
    redirect(&match article {
        Some(article) => format!("/knowledge/{article}/edit?done=begun"),
        None => format!("/tickets/{number}#solution-{id}"),
    });
    Ok(id)
}

/// Adds a solution template to what is typed; the page goes on with both.
#[server(output = crate::error::Wire)]
pub async fn insert_solution_template(form: forms::AddSolution, insert: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let page = format!("/tickets/{}/solve", form.ticket);
    if let Err(error) = service::templates::insert_solution(&ctx, &form, &insert).await {
        // What is typed is kept; the page says what happened.
        redirect_plain_form(&format!("{page}?template=gone"));
        return Err(error.into());
    }
    redirect(&page);
    Ok(())
}

/// Looks for articles from the form that solves a ticket: what is typed there is kept.
#[server(output = crate::error::Wire)]
pub async fn find_solution_articles(form: forms::AddSolution, q: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::solutions::keep_typed(&ctx, &form).await?;
    redirect(&format!("/tickets/{}/solve?q={}#articles", form.ticket, leptos_router::location::Url::escape(&q)));
    Ok(())
}

/// Adds the text of an article to what is typed; the page goes on with both.
#[server(output = crate::error::Wire)]
pub async fn use_solution_article(form: forms::AddSolution, article: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let is_internal = service::solutions::insert_article(&ctx, &form, &article).await?;
    let told = if is_internal { "?internal=1" } else { "" };
    redirect(&format!("/tickets/{}/solve{told}", form.ticket));
    Ok(())
}

/// Saves a changed solution and leads to it.
#[server(output = crate::error::Wire)]
pub async fn edit_solution(form: forms::EditSolution) -> Result<(), Refusal> {
    let ctx = request_context()?;
    // An id that is none is a solution that does not exist.
    let id = form.id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?;
    let back = format!("/tickets/{}#solution-{id}", form.ticket);
    service::solutions::edit(&ctx, id, form.into()).await?;
    redirect(&back);
    Ok(())
}

/// Approves or refuses a solution and leads back to the request, or to the list it was answered in.
#[server(output = crate::error::Wire)]
pub async fn answer_solution(form: forms::AnswerSolution) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let (number, answer) = (form.ticket, form.answer.clone());
    let back = if form.from == "list" { "/requests".to_owned() } else { format!("/requests/{number}?done={answer}") };
    service::solutions::answer(&ctx, form).await?;
    redirect(&back);
    Ok(())
}

/// What the page of a signed link shows; it changes nothing (P-ACT-10).
#[server(output = crate::error::Wire)]
pub async fn solution_link(token: String) -> Result<views::SolutionLinkView, Refusal> {
    Ok(service::solutions::open(&request()?.services, &token).await?)
}

/// Approves or refuses by a signed link, without sign-in (T-SOL-08).
#[server(output = crate::error::Wire)]
pub async fn answer_by_link(form: forms::AnswerByLink) -> Result<(), Refusal> {
    let request = request()?;
    let back = format!("/solution?token={}&done={}", form.token, form.answer);
    service::solutions::act(&request.services, form).await?;
    redirect(&back);
    Ok(())
}
