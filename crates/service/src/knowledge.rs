//! The knowledge base (T-KNO): articles with their versions, the tickets that use them, what helps before a request is sent.
//!
//! Belongs here: rows, rights, versions, links. Does not belong here: which articles somebody sees (`scope`), their index
//! (`search`), their files (`documents`).

mod entry;
mod fields;
mod form;
mod life;
mod links;
mod list;
mod page;
mod revisions;
mod rows;
mod save;
mod suggest;

use domain::error::AppError;
use domain::policy::Capability;
use entity::article;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use uuid::Uuid;

use crate::actor::Actor;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;
use crate::{lists, scope};

pub use entry::{save_entry, save_solution};
pub use fields::{AUDIENCE, BODY, CATEGORY, LANGUAGE, OWNER, RECURSIVE, REVIEW_ON, STATUS, TITLE, Values};
pub use form::{FormQuery, form};
pub use life::{archive, delete, publish, purge, restore};
pub(crate) use links::{fitting, link_in, named};
pub use links::{insertable, link, of_request, of_ticket, public_titles, unlink};
pub(crate) use list::found;
pub use list::list;
pub use page::{get, page};
pub use revisions::{restore_revision, revisions};
pub use save::{ArticleChange, NewArticle, create, save_form, update};
pub use suggest::{helped, look, suggest, suggest_for_draft};

/// Kind of the draft of an article, of its entries in the history of tickets, and of its live events.
pub(crate) const KIND: &str = "article";

/// Refuses whoever may not read the knowledge base anywhere.
fn require_reader(actor: &Actor) -> Result<(), AppError> {
    let may = |capability: Capability| !actor.entities_with(capability).is_empty();
    if may(Capability::KnowledgeView) || may(Capability::KnowledgeEdit) {
        Ok(())
    } else {
        Err(AppError::Forbidden(Capability::KnowledgeView.name().to_owned()))
    }
}

/// Whether somebody is an agent where an article counts: then he is told what only agents are.
fn is_agent_of(actor: &Actor, row: &article::Model) -> bool {
    let reaches = |entity: &Uuid| lists::reaches(row.entity_id, row.recursive, &actor.path_of(*entity));
    actor.agent_entities().iter().any(reaches)
}

/// Whether he may change it.
fn may_edit(actor: &Actor, row: &article::Model) -> bool {
    actor.has(row.entity_id, Capability::KnowledgeEdit)
}

/// The ids of articles in forms and addresses; anything else is like an unknown one.
fn id_of(text: &str) -> Result<Uuid, AppError> {
    text.trim().parse().map_err(|_not_an_id| AppError::NotFound)
}

/// An article the actor may open, one of the trash included for those who may bring it back.
///
/// # Errors
/// `NotFound` for unknown and for invisible ones alike.
async fn load(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<article::Model, ServiceError> {
    let mut sql = Sql::new("SELECT a.* FROM article a WHERE a.id = ");
    sql.bind(id).push(" AND (").append(&scope::open_articles(actor)).push(" OR (");
    sql.append(&scope::article_trash(actor)).push("))");
    sql.one(connection).await?.ok_or_else(|| AppError::NotFound.into())
}

/// An article the actor may change, which nobody else changes until this ends.
///
/// # Errors
/// As `load`; `Forbidden(knowledge.edit)` for readers.
async fn lock(w: &Work, id: Uuid) -> Result<article::Model, ServiceError> {
    let seen = load(&w.tx, w.actor(), id).await?;
    if !may_edit(w.actor(), &seen) {
        return Err(AppError::Forbidden(Capability::KnowledgeEdit.name().to_owned()).into());
    }
    let mut select = article::Entity::find_by_id(id);
    if w.ctx.db().engine() == Engine::Postgres {
        select = select.lock_exclusive();
    }
    select.one(&w.tx).await?.ok_or_else(|| AppError::NotFound.into())
}

/// Articles of a condition on alias `a`, in an order that holds no user input.
async fn select(
    connection: &impl ConnectionTrait,
    condition: &Sql,
    order: &str,
    most: i64,
) -> Result<Vec<article::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT a.* FROM article a WHERE ");
    sql.append(condition).push(" ORDER BY ").push(order).push_bind(" LIMIT ", most);
    Ok(sql.all(connection).await?)
}
