//! Saving what was written in a ticket to the knowledge base (T-OCC-11, T-KNO-04): a draft for agents, with copies of the files and
//! a link to the ticket. Nothing is published by that.

use domain::error::{AppError, Code};
use domain::html::SafeHtml;
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use entity::{document, occurrence, solution};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{links, save};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::tickets::{self, Loaded};
use crate::work::{Work, write};
use crate::{documents, idempotency, sanitise, solutions};

/// What an article is made from.
#[derive(Debug)]
pub(crate) struct Source {
    /// Title to begin with.
    pub(crate) title: String,
    /// Cleaned markup.
    pub(crate) html: SafeHtml,
    /// The same without markup.
    pub(crate) text: String,
    /// Files to copy.
    pub(crate) files: Vec<document::Model>,
    /// Requesters may not read it.
    pub(crate) is_private: bool,
}

/// Makes a draft article from an occurrence and answers its id.
///
/// # Errors
/// `NotFound` for entries out of sight and for readers who are no agents; `Forbidden(knowledge.edit)`; `Refused(TicketDeleted)`
/// for a ticket in the trash, `Refused(EntryDeleted)`.
pub async fn save_entry(ctx: &Ctx, id: Uuid, key: &str) -> Result<Uuid, ServiceError> {
    save_of(ctx, "occurrence", id, key).await
}

/// Makes a draft article from a solution and answers its id (T-SOL-04).
///
/// # Errors
/// As [`save_entry`]; a solution is never removed.
pub async fn save_solution(ctx: &Ctx, id: Uuid, key: &str) -> Result<Uuid, ServiceError> {
    save_of(ctx, solutions::KIND, id, key).await
}

async fn save_of(ctx: &Ctx, kind: &'static str, id: Uuid, key: &str) -> Result<Uuid, ServiceError> {
    let key = key.to_owned();
    let hash = idempotency::content_hash(&(kind, id));
    write(ctx, move |w| {
        let (key, hash) = (key.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<Uuid>(w, "save_to_knowledge", &key, &hash).await? {
                return Ok(done);
            }
            let (mut loaded, source) =
                if kind == solutions::KIND { of_solution(w, id).await? } else { of_occurrence(w, id).await? };
            let article = draft_from(w, &mut loaded, source).await?;
            idempotency::answer(w, "save_to_knowledge", &key, &article).await?;
            Ok(article)
        })
    })
    .await
}

/// The locked ticket of an occurrence, and what an article is made from.
async fn of_occurrence(w: &Work, id: Uuid) -> Result<(Loaded, Source), ServiceError> {
    let row = occurrence::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::lock_by_id(w, row.ticket_id).await?;
    let is_private = row.visibility != Visibility::Public.as_str();
    let is_author = row.author_id == Some(w.actor().id());
    require_writer(&loaded, is_private, is_author)?;
    if row.removed_at.is_some() {
        return Err(Code::EntryDeleted.into());
    }
    let source = Source {
        title: loaded.ticket.title.clone(),
        html: sanitise::stored(row.body),
        text: row.body_text,
        files: files_of(w, id).await?,
        is_private,
    };
    Ok((loaded, source))
}

/// The same of a solution, which is always public.
async fn of_solution(w: &Work, id: Uuid) -> Result<(Loaded, Source), ServiceError> {
    let row = solution::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::lock_by_id(w, row.ticket_id).await?;
    require_writer(&loaded, false, false)?;
    let source = Source {
        title: loaded.ticket.title.clone(),
        html: sanitise::stored(row.body),
        text: row.body_text,
        files: files_of(w, id).await?,
        is_private: false,
    };
    Ok((loaded, source))
}

fn require_writer(loaded: &Loaded, is_private: bool, is_author: bool) -> Result<(), ServiceError> {
    if !loaded.is_agent() || !policy::can_see_entry(loaded.caps, is_private, is_author) {
        return Err(AppError::NotFound.into());
    }
    loaded.require(Capability::KnowledgeEdit)?;
    if loaded.ticket.deleted_at.is_some() {
        // The draft is linked to the ticket, and nothing is linked to one in the trash.
        return Err(Code::TicketDeleted.into());
    }
    Ok(())
}

async fn files_of(w: &Work, id: Uuid) -> Result<Vec<document::Model>, ServiceError> {
    Ok(documents::of_entries(&w.tx, &[id]).await?.into_values().flatten().collect())
}

/// Makes a draft from what stands in a locked ticket; the caller has looked whether the actor may.
pub(crate) async fn draft_from(w: &Work, loaded: &mut Loaded, source: Source) -> Result<Uuid, ServiceError> {
    let mut row = save::empty(w, loaded.ticket.entity_id);
    row.title = domain::text::cut_at_word(&source.title, domain::knowledge::TITLE_MAX).to_owned();
    row.from_private = source.is_private;
    row.body_text = source.text;
    let copies = documents::copy_for_article(w, &row, source.files).await?;
    // Pictures lead to the copies; those of elsewhere are gone.
    let old: Vec<Uuid> = copies.iter().map(|(old, _)| *old).collect();
    let kept = sanitise::keep_images(&source.html, &old).as_str().to_owned();
    row.body = copies
        .iter()
        .fold(kept, |html, (old, new)| html.replace(&format!("/documents/{old}"), &format!("/documents/{new}")));
    let files: Vec<Uuid> = copies.into_iter().map(|(_, new)| new).collect();
    save::store_new(w, row.clone(), None, &files).await?;
    links::link_in(w, loaded, &row).await?;
    Ok(row.id)
}
