//! What the pages of articles ask of the server. Every function is a public address: it takes the context of the request, calls
//! one use case and leads on; checks and rights are `service`'s.

use domain::forms;
use domain::views;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;
#[cfg(feature = "ssr")]
use crate::knowledge::address;

/// The id of an article in a form; anything else is like an unknown one.
#[cfg(feature = "ssr")]
fn id_of(text: &str) -> Result<uuid::Uuid, domain::error::AppError> {
    text.trim().parse().map_err(|_no_id| domain::error::AppError::NotFound)
}

/// A page of articles.
#[server(output = crate::error::Wire)]
pub async fn article_list(query: views::ArticleQuery) -> Result<views::ArticleList, Refusal> {
    let ctx = request_context()?;
    Ok(service::knowledge::list(&ctx, &query).await?)
}

/// An article with what its page needs.
#[server(output = crate::error::Wire)]
pub async fn article_page(id: String) -> Result<views::ArticlePage, Refusal> {
    let ctx = request_context()?;
    Ok(service::knowledge::page(&ctx, &id).await?)
}

/// What the form of an article needs; without an id, of a new one.
#[server(output = crate::error::Wire)]
pub async fn article_form(id: String, translation_of: String, ticket: String) -> Result<views::ArticleForm, Refusal> {
    let ctx = request_context()?;
    let query = service::knowledge::FormQuery { id, translation_of, ticket };
    Ok(service::knowledge::form(&ctx, &query).await?)
}

/// Saves an article and leads to it; what is refused is kept and comes back in its form.
#[server(output = crate::error::Wire)]
pub async fn save_article(form: forms::SaveArticle) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let done = if form.publish { "published" } else { "saved" };
    let id = service::knowledge::save_form(&ctx, &form).await?;
    redirect(&address::done(id, done));
    Ok(())
}

/// Publishes, archives, deletes, restores an article or removes it for ever.
#[server(output = crate::error::Wire)]
pub async fn run_article_command(id: String, command: String, version: i32) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let (id, version) = (id_of(&id)?, (version > 0).then_some(version));
    let next = match command.as_str() {
        "publish" => {
            service::knowledge::publish(&ctx, id, version, None).await.map(|()| address::done(id, "published"))
        }
        "archive" => service::knowledge::archive(&ctx, id, version, None).await.map(|()| address::done(id, "archived")),
        "restore" => service::knowledge::restore(&ctx, id, version, None).await.map(|()| address::done(id, "restored")),
        "delete" => service::knowledge::delete(&ctx, id, version, None).await.map(|()| address::done(id, "deleted")),
        "purge" => {
            service::knowledge::purge(&ctx, id, version, None).await.map(|()| "/knowledge?part=trash".to_owned())
        }
        _ => return Err(domain::error::AppError::NotFound.into()),
    };
    redirect(&next?);
    Ok(())
}

/// The versions of an article.
#[server(output = crate::error::Wire)]
pub async fn article_revisions(id: String) -> Result<views::ArticleRevisions, Refusal> {
    let ctx = request_context()?;
    Ok(service::knowledge::revisions(&ctx, id_of(&id)?).await?)
}

/// Goes back to a version, which becomes the newest.
#[server(output = crate::error::Wire)]
pub async fn restore_article_revision(id: String, revision: i32, version: i32) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let id = id_of(&id)?;
    service::knowledge::restore_revision(&ctx, id, revision, (version > 0).then_some(version), None).await?;
    redirect(&address::done(id, "went_back"));
    Ok(())
}

/// The articles of a ticket, and those that fit some words.
#[server(output = crate::error::Wire)]
pub async fn ticket_articles(number: i64, q: String, entry: String) -> Result<views::TicketArticles, Refusal> {
    let ctx = request_context()?;
    Ok(service::knowledge::of_ticket(&ctx, number, &q, &entry).await?)
}

/// Links an article to a ticket.
#[server(output = crate::error::Wire)]
pub async fn link_article(number: i64, article: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::knowledge::link(&ctx, number, &article).await?;
    redirect(&[address::of_ticket(number).as_str(), "?done=linked"].concat());
    Ok(())
}

/// Takes a link away.
#[server(output = crate::error::Wire)]
pub async fn unlink_article(number: i64, article: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::knowledge::unlink(&ctx, number, &article).await?;
    redirect(&[address::of_ticket(number).as_str(), "?done=unlinked"].concat());
    Ok(())
}

/// Begins an article with an occurrence or a solution and leads to its form (T-KNO-04, T-SOL-04).
#[server(output = crate::error::Wire)]
pub async fn save_to_knowledge(entry: String, key: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let id = id_of(&entry)?;
    let article = match service::knowledge::save_entry(&ctx, id, &key).await {
        Err(error) if error.public == domain::error::AppError::NotFound => {
            service::knowledge::save_solution(&ctx, id, &key).await?
        }
        made => made?,
    };
    redirect(&(address::edit(article) + "?done=begun"));
    Ok(())
}

/// Articles that may help with what is typed, for the page that scripts read (P-NEW-04).
#[server(output = crate::error::Wire)]
pub async fn suggest_articles(text: String, entity: String) -> Result<Vec<views::ArticleHint>, Refusal> {
    let ctx = request_context()?;
    Ok(service::knowledge::suggest(&ctx, &text, &entity).await?)
}

/// Keeps the form of a new request and shows articles for it on the same page (P-NEW-04).
#[server(output = crate::error::Wire)]
pub async fn look_for_articles(form: forms::CreateTicket) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let follows = form.follow_up_of.trim().parse::<i64>().map(|number| format!("&follow_up_of={number}"));
    service::knowledge::look(&ctx, &form).await?;
    redirect(&format!("/requests/new?articles=1{}#articles", follows.unwrap_or_default()));
    Ok(())
}

/// "That solved it": counts it; nothing is sent, and the draft stays until it is discarded.
#[server(output = crate::error::Wire)]
pub async fn article_helped(id: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let id = id_of(&id)?;
    service::knowledge::helped(&ctx, id).await?;
    redirect(&address::done(id, "helped"));
    Ok(())
}
