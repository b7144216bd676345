//! What the form of an article begins with: the stored one, a translation of another, or what was typed and not saved.

use domain::error::AppError;
use domain::forms::SaveArticle;
use domain::knowledge::Audience;
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use domain::search::Query;
use domain::views::{ArticleForm, Choice, DocumentView, DraftView, Ref};
use entity::article;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::list::choices;
use super::rows::views;
use super::{KIND, id_of, load, may_edit};
use crate::actor::Actor;
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::{documents, drafts, lists, people, sanitise};

/// Most people who are offered as owners, by name.
const OWNERS: i64 = 200;

/// Which article the form is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormQuery {
    /// Id; empty = a new one.
    pub id: String,
    /// Of a new one: id of the article it translates; empty = none.
    pub translation_of: String,
    /// Of a new one: number of the ticket it is linked to; empty = none.
    pub ticket: String,
}

/// Everything the form of an article needs.
///
/// # Errors
/// `NotFound` for unknown ones, and for those who write none; `Forbidden(knowledge.edit)` for readers of this one.
pub async fn form(ctx: &Ctx, query: &FormQuery) -> Result<ArticleForm, ServiceError> {
    let actor = &ctx.actor;
    let held = actor.entities_with(Capability::KnowledgeEdit);
    let first = held.iter().copied().find(|id| *id == actor.user.entity_id).or_else(|| held.first().copied());
    let Some(home) = first else { return Err(AppError::NotFound.into()) };
    let id = match query.id.trim() {
        "" => None,
        text => Some(id_of(text)?),
    };
    let object = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    let draft = drafts::find(ctx, KIND, &object).await?;
    let snapshot = ctx.db().snapshot().await?;
    let row = match id {
        Some(id) => Some(editable(ctx, &snapshot, id).await?),
        None => None,
    };
    let original = match id {
        Some(_) => None,
        None => original(ctx, &snapshot, query, draft.as_ref()).await?,
    };
    let fixed = row.as_ref().or(original.as_ref()).map(|row| row.entity_id);
    let entities = people::entity_choices(actor, &held);
    let mut form = begin(ctx, row.as_ref(), original.as_ref(), home);
    form.ticket = query.ticket.trim().parse().unwrap_or(0);
    let (mut text, mut html) = row.as_ref().map(|row| (row.body_text.clone(), row.body.clone())).unwrap_or_default();
    if let Some(draft) = &draft {
        resume(&mut form, draft, fixed.is_none().then_some(entities.as_slice()));
        (text, html) = typed(draft);
    }
    let entity = fixed.or_else(|| form.entity.parse().ok()).unwrap_or(home);
    let path = actor.path_of(entity);
    let rows = lists::rows(&snapshot, lists::KNOWLEDGE_CATEGORIES, &path).await?;
    let settings = Settings::load(&snapshot, &path).await?;
    let stored = files(ctx, &snapshot, row.as_ref()).await?;
    let shown = match &row {
        Some(row) => views(ctx, &snapshot, std::slice::from_ref(row), &Query::default()).await?.into_iter().next(),
        None => None,
    };
    let begun = draft.as_ref().and_then(DraftView::begun);
    form.version = begun.unwrap_or(form.version);
    let owners = owners(&snapshot, actor, entity, row.as_ref().and_then(|row| row.owner_id)).await?;
    Ok(ArticleForm {
        text,
        html,
        is_unsaved: draft.is_some(),
        is_stale: begun.zip(row.as_ref()).is_some_and(|(begun, row)| begun < row.version),
        is_from_private: row.as_ref().is_some_and(|row| row.from_private),
        translation_of: original.as_ref().map(|row| Ref { id: row.id, name: row.title.clone() }),
        entity: fixed.map(|id| Ref { id, name: actor.entity_name(id) }),
        entities,
        categories: choices(&rows, actor.lang),
        owners,
        attachments: attached(stored, draft.as_ref()),
        upload_max: settings.upload_max(),
        forbidden_extensions: settings.forbidden_extensions(),
        saved_at: draft.map(|draft| draft.saved_at),
        row: shown,
        form,
    })
}

async fn editable(ctx: &Ctx, connection: &impl ConnectionTrait, id: Uuid) -> Result<article::Model, ServiceError> {
    let row = load(connection, &ctx.actor, id).await?;
    if row.deleted_at.is_some() {
        return Err(AppError::NotFound.into());
    }
    if !may_edit(&ctx.actor, &row) {
        return Err(AppError::Forbidden(Capability::KnowledgeEdit.name().to_owned()).into());
    }
    Ok(row)
}

/// The article a new one translates, as the address or the draft names it; one that cannot be translated is none.
async fn original(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    query: &FormQuery,
    draft: Option<&DraftView>,
) -> Result<Option<article::Model>, ServiceError> {
    let drafted = draft.map(|draft| draft.text("translation_of")).unwrap_or_default();
    let named = if query.translation_of.is_empty() { drafted.as_str() } else { query.translation_of.as_str() };
    let Ok(id) = named.trim().parse::<Uuid>() else { return Ok(None) };
    match editable(ctx, connection, id).await {
        Ok(row) => Ok(Some(row)),
        Err(error) if matches!(error.public, AppError::NotFound | AppError::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the fields begin with when nothing was typed.
fn begin(ctx: &Ctx, row: Option<&article::Model>, original: Option<&article::Model>, home: Uuid) -> SaveArticle {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut form = SaveArticle { key: random_token(16), ..SaveArticle::default() };
    if let Some(row) = row {
        form.id = row.id.to_string();
        form.version = row.version;
        form.title.clone_from(&row.title);
        form.language.clone_from(&row.language);
        form.audience.clone_from(&row.audience);
        form.recursive = row.recursive;
        form.category = id(row.category_id);
        form.owner = id(row.owner_id);
        form.review_on = row.review_on.clone().unwrap_or_default();
        form.entity = row.entity_id.to_string();
        return form;
    }
    ctx.actor.lang.code().clone_into(&mut form.language);
    Audience::default().as_str().clone_into(&mut form.audience);
    form.recursive = true;
    form.owner = ctx.actor.id().to_string();
    form.entity = home.to_string();
    if let Some(original) = original {
        form.translation_of = original.id.to_string();
        form.audience.clone_from(&original.audience);
        form.category = id(original.category_id);
        form.recursive = original.recursive;
        form.entity = original.entity_id.to_string();
    }
    form
}

/// What was typed takes the place of what is stored; of a new one the entity, too, where it may be chosen among `entities`.
fn resume(form: &mut SaveArticle, draft: &DraftView, entities: Option<&[Choice]>) {
    form.title = draft.text("title");
    form.language = draft.text("language");
    form.category = draft.text("category");
    form.audience = draft.text("audience");
    form.owner = draft.text("owner");
    form.review_on = draft.text("review_on");
    form.recursive = draft.text("recursive") == "true";
    let entity = draft.text("entity");
    if entities.is_some_and(|entities| entities.iter().any(|choice| choice.value == entity)) {
        form.entity = entity;
    }
}

/// The text of a draft without and with markup; one that was typed without scripts has none.
fn typed(draft: &DraftView) -> (String, String) {
    let body = draft.text("body");
    if draft.text("format") == "html" {
        (sanitise::rich(&body, BodyFormat::Html).text, body)
    } else {
        (body, String::new())
    }
}

async fn files(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    row: Option<&article::Model>,
) -> Result<Vec<DocumentView>, ServiceError> {
    let Some(row) = row else { return Ok(Vec::new()) };
    let found = documents::of_entries(connection, &[row.id]).await?;
    let author = ctx.actor.view();
    Ok(found.values().flatten().map(|file| documents::view(file, None, author.clone(), ctx.actor.zone)).collect())
}

/// The files of the article that the draft still has, and those uploaded for the draft.
fn attached(stored: Vec<DocumentView>, draft: Option<&DraftView>) -> Vec<DocumentView> {
    let Some(draft) = draft else { return stored };
    let named = draft.fields.get("attachments").and_then(serde_json::Value::as_array);
    let is_named = |file: &DocumentView| {
        let id = file.id.to_string();
        named.is_none_or(|all| all.iter().any(|one| one.as_str() == Some(id.as_str())))
    };
    let new: Vec<DocumentView> =
        draft.attachments.iter().filter(|file| stored.iter().all(|own| own.id != file.id)).cloned().collect();
    stored.into_iter().filter(is_named).chain(new).collect()
}

#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

/// People who may look after articles of an entity, and the one who does now.
async fn owners(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    present: Option<Uuid>,
) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new("SELECT u.id, u.name FROM app_user u WHERE u.active = TRUE AND (");
    sql.append(&people::has_role_in(actor, &[entity], Some(Capability::KnowledgeEdit)));
    if let Some(present) = present {
        sql.push_bind(" OR u.id = ", present);
    }
    sql.push_bind(") ORDER BY u.name, u.id LIMIT ", OWNERS);
    let rows: Vec<Named> = sql.all(connection).await?;
    Ok(rows.into_iter().map(|row| Choice { value: row.id.to_string(), name: row.name, depth: 0 }).collect())
}
