//! Articles that may help before a request is sent (P-NEW-04, T-KNO-05): published, public, of the entity, own language first.

use domain::error::AppError;
use domain::forms::CreateTicket;
use domain::knowledge::{SUGGESTIONS_MAX, is_worth_suggesting};
use domain::policy::Capability;
use domain::settings::Key;
use domain::views::{ArticleHint, DraftView};
use entity::article;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::rows::{hint, own_first};
use super::select;
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::work::write;
use crate::{sanitise, scope, search, tickets};

/// Articles of which the best are chosen: the newest that have one of the words.
const CANDIDATES: i64 = 100;

/// At most five articles for a text as it is typed; `entity` is where the request goes, without one the reader's own. Nothing
/// where setting `knowledge.suggestions` is off there, and below three letters.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn suggest(ctx: &Ctx, text: &str, entity: &str) -> Result<Vec<ArticleHint>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    of_text(ctx, &snapshot, text, entity).await
}

async fn of_text(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    text: &str,
    entity: &str,
) -> Result<Vec<ArticleHint>, ServiceError> {
    let Some(entity) = place(&ctx.actor, entity) else { return Ok(Vec::new()) };
    let path = ctx.actor.path_of(entity);
    if !is_worth_suggesting(text) || !Settings::load(connection, &path).await?.is_on(Key::KnowledgeSuggestions) {
        return Ok(Vec::new());
    }
    let words = search::suggesting_words(&sanitise::nfc(text));
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut condition = scope::public_articles(&ctx.actor);
    condition.push(" AND ").append(&scope::articles_of(&path));
    let fits = search::any_word_condition(&words, ctx.db().engine(), &condition);
    condition.push(" AND ").append(&fits);
    let rows = select(connection, &condition, "a.updated_at DESC, a.id DESC", CANDIDATES).await?;
    let mut best = best(rows, &words);
    own_first(&ctx.actor, &mut best);
    Ok(best.iter().take(SUGGESTIONS_MAX).map(|row| hint(row, true)).collect())
}

/// Where a request of this form goes.
fn place(actor: &Actor, entity: &str) -> Option<Uuid> {
    let may = actor.entities_with(Capability::TicketCreate);
    let named = entity.trim().parse::<Uuid>().ok().filter(|id| may.contains(id));
    let own = Some(actor.user.entity_id).filter(|id| may.contains(id));
    named.or(own).or_else(|| may.first().copied())
}

/// Those with a word in their title, or with half of the words anywhere; the best first.
fn best(rows: Vec<article::Model>, words: &[String]) -> Vec<article::Model> {
    let mut judged: Vec<(usize, article::Model)> = rows
        .into_iter()
        .filter_map(|row| {
            let (in_title, anywhere) = search::words_found(&row, words);
            (in_title > 0 || anywhere * 2 >= words.len()).then_some((in_title * 3 + anywhere, row))
        })
        .collect();
    judged.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    judged.into_iter().map(|(_, row)| row).collect()
}

/// The same for what the draft of a new request holds, for pages without scripts.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn suggest_for_draft(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    draft: Option<&DraftView>,
) -> Result<Vec<ArticleHint>, ServiceError> {
    let Some(draft) = draft else { return Ok(Vec::new()) };
    let typed = draft.text("description");
    let plain = if draft.text("format") == "html" {
        sanitise::rich(&typed, domain::occurrence::BodyFormat::Html).text
    } else {
        typed
    };
    let text = [draft.text("title").as_str(), "\n", plain.as_str()].concat();
    of_text(ctx, connection, &text, &draft.text("entity")).await
}

/// Keeps what is typed into the form of a new request, so that its page can show articles for it with everything kept.
///
/// # Errors
/// `Forbidden(ticket.create)` when the person may ask nowhere.
pub async fn look(ctx: &Ctx, form: &CreateTicket) -> Result<(), ServiceError> {
    tickets::keep_new(ctx, form).await
}

/// Counts that an article solved something before it was asked.
///
/// # Errors
/// `NotFound` for articles that are not published and public, or out of sight.
pub async fn helped(ctx: &Ctx, id: Uuid) -> Result<(), ServiceError> {
    write(ctx, move |w| {
        Box::pin(async move {
            let mut sql = Sql::new("SELECT a.id FROM article a WHERE a.id = ");
            sql.bind(id).push(" AND ").append(&scope::public_articles(w.actor()));
            if sql.scalar::<Uuid>(&w.tx).await?.is_none() {
                return Err(AppError::NotFound.into());
            }
            let mut sql = Sql::new("UPDATE article SET helped = helped + 1 WHERE id = ");
            sql.bind(id).run(&w.tx).await?;
            Ok(())
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(title: &str, body: &str) -> article::Model {
        article::Model {
            id: Uuid::nil(),
            entity_id: Uuid::nil(),
            recursive: true,
            family_id: Uuid::nil(),
            title: title.to_owned(),
            body: String::new(),
            body_text: body.to_owned(),
            language: "en".to_owned(),
            category_id: None,
            audience: "public".to_owned(),
            status: "published".to_owned(),
            owner_id: None,
            review_on: None,
            from_private: false,
            author_id: None,
            edited_by_id: None,
            helped: 0,
            created_at: 0,
            updated_at: 0,
            deleted_at: None,
            deleted_by_id: None,
            revision: 1,
            version: 1,
        }
    }

    #[test]
    fn t_kno_05_a_word_in_the_title_counts_more_than_one_in_the_text() {
        let rows = vec![
            article("Printer paper", "The vpn of the printer."),
            article("VPN client", "Which gateway to choose."),
            article("Holidays", "Nothing about it."),
        ];
        let words = search::suggesting_words("my vpn drops every morning");
        let titles: Vec<String> = best(rows, &words).into_iter().map(|row| row.title).collect();
        assert_eq!(titles, ["VPN client"]);
        let rows = vec![article("Network", "The vpn drops."), article("VPN drops", "Every morning.")];
        let words = search::suggesting_words("vpn drops");
        let titles: Vec<String> = best(rows, &words).into_iter().map(|row| row.title).collect();
        assert_eq!(titles, ["VPN drops", "Network"]);
    }
}
