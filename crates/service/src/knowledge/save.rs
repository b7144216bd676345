//! Making and changing articles: each change is a version, the fields of two people meet one by one (T-KNO-01, T-GEN-07).

use domain::error::{AppError, Code, FieldConflict};
use domain::forms::{Decided, SaveArticle};
use domain::knowledge::ArticleStatus;
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use entity::{article, article_revision};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::fields::{self, ATTACHMENTS, AUDIENCE, BODY, LANGUAGE, RECURSIVE, Read, STATUS, TITLE, Values, join, split};
use super::{KIND, id_of, links, load, lock};
use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::sanitise::Rich;
use crate::work::{Work, write};
use crate::{conflict, documents, drafts, idempotency, sanitise, search, settings};

/// Characters of a text that a refusal repeats to a page: it travels in an address.
const TOLD_MAX: usize = 300;

/// An article to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewArticle {
    /// Id of the entity it is kept in; empty = that of the article it translates, else the writer's own.
    pub entity: String,
    /// Its fields; what is not given is empty or as a new one begins.
    pub values: Values,
    /// How the text was written.
    pub format: BodyFormat,
    /// Ids of own uploads, in order.
    pub attachments: Vec<String>,
    /// Id of the article it is a translation of; empty = none.
    pub translation_of: String,
    /// Number of the ticket it is linked to; 0 = none.
    pub ticket: i64,
    /// Idempotency key; empty = none.
    pub key: String,
}

/// A change of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleChange {
    /// New values; what is not given stays.
    pub values: Values,
    /// How the text was written.
    pub format: BodyFormat,
    /// All files from now on; absent = as they are.
    pub attachments: Option<Vec<String>>,
    /// What came from a private entry may become public.
    pub confirm_public: bool,
    /// `values` is a whole form: what is as it was when the form was made is no change.
    pub is_form: bool,
    /// Version the change was made from; absent = without comparison.
    pub version: Option<i32>,
    /// Version that must be the present one.
    pub if_match: Option<i32>,
    /// What its writer decided over what others saved since `version`.
    pub decided: Decided,
}

/// Makes an article and answers its id.
///
/// # Errors
/// `Forbidden(knowledge.edit)` without the right anywhere; `Invalid` with every wrong field; `NotFound` for a ticket out of sight.
pub async fn create(ctx: &Ctx, new: NewArticle) -> Result<Uuid, ServiceError> {
    let mut given = new.values.clone();
    for name in [TITLE, BODY] {
        given.entry(name).or_default();
    }
    given.entry(LANGUAGE).or_insert_with(|| ctx.actor.lang.code().to_owned());
    let hash = idempotency::content_hash(&(&given, &new.attachments, &new.entity, &new.translation_of, new.ticket));
    let read = fields::read(&given, new.format, Some(&new.attachments));
    write(ctx, move |w| {
        let (new, read, hash) = (new.clone(), read.clone(), hash.clone());
        Box::pin(async move {
            if w.actor().entities_with(Capability::KnowledgeEdit).is_empty() {
                return Err(AppError::Forbidden(Capability::KnowledgeEdit.name().to_owned()).into());
            }
            if let Some(done) = idempotency::claim::<Uuid>(w, KIND, &new.key, &hash).await? {
                drafts::remove(w, KIND, "new").await?;
                return Ok(done);
            }
            let id = insert(w, &new, read?).await?;
            idempotency::answer(w, KIND, &new.key, &id).await?;
            drafts::remove(w, KIND, "new").await?;
            Ok(id)
        })
    })
    .await
}

async fn insert(w: &Work, new: &NewArticle, read: Read) -> Result<Uuid, ServiceError> {
    let original = match new.translation_of.trim() {
        "" => None,
        text => Some(original(w, text).await?),
    };
    let entity = place(w.actor(), &new.entity, original.as_ref())?;
    let mut row = empty(w, entity);
    if let Some(original) = &original {
        row.family_id = original.family_id;
        row.recursive = original.recursive;
    }
    fields::check(w, &row, &read.values, false).await?;
    let ids = read.values.get(ATTACHMENTS).map(|text| split(text)).unwrap_or_default();
    let plain = read.body.as_ref().map(|rich| rich.text.as_str());
    fields::put(&mut row, &read.values, plain);
    store_new(w, row.clone(), read.body.as_ref(), &ids).await?;
    if new.ticket > 0 {
        let mut loaded = links::lock(w, new.ticket).await?;
        links::link_in(w, &mut loaded, &row).await?;
    }
    Ok(row.id)
}

/// Writes a new article with its files, its first version and its words.
pub(super) async fn store_new(
    w: &Work,
    mut row: article::Model,
    body: Option<&Rich>,
    files: &[Uuid],
) -> Result<(), ServiceError> {
    documents::set_of_article(w, &row, files).await?;
    if let Some(rich) = body {
        row.body = sanitise::keep_images(&rich.html, files).as_str().to_owned();
    }
    row.clone().into_active_model().reset_all().insert(&w.tx).await?;
    keep_version(w, &row, files, "created").await?;
    search::index_article(&w.tx, w.ctx.db().engine(), &row).await
}

/// The article that is translated: the actor must be able to write it, as the two are changed as one family.
async fn original(w: &Work, text: &str) -> Result<article::Model, ServiceError> {
    let unknown = || AppError::field("translation_of", Code::UnknownReference);
    let id = text.parse::<Uuid>().map_err(|_no_id| unknown())?;
    match load(&w.tx, w.actor(), id).await {
        Ok(row) if row.deleted_at.is_none() && super::may_edit(w.actor(), &row) => Ok(row),
        Ok(_) => Err(unknown().into()),
        Err(error) if error.public == AppError::NotFound => Err(unknown().into()),
        Err(error) => Err(error),
    }
}

/// The entity a new article is kept in; a translation stands beside its original.
fn place(actor: &Actor, text: &str, original: Option<&article::Model>) -> Result<Uuid, AppError> {
    let held = actor.entities_with(Capability::KnowledgeEdit);
    let named = text.trim();
    if named.is_empty() {
        let own = original.map(|row| row.entity_id).or(Some(actor.user.entity_id)).filter(|id| held.contains(id));
        return own.or_else(|| held.first().copied()).ok_or(AppError::NotFound);
    }
    let found = named.parse::<Uuid>().ok().filter(|id| held.contains(id));
    let id = found.ok_or_else(|| AppError::field("entity", Code::UnknownReference))?;
    match original {
        Some(row) if row.entity_id != id => Err(AppError::field("entity", Code::NotAllowed)),
        _ => Ok(id),
    }
}

/// A new article without words.
pub(super) fn empty(w: &Work, entity: Uuid) -> article::Model {
    let id = new_id();
    article::Model {
        id,
        entity_id: entity,
        recursive: true,
        family_id: id,
        title: String::new(),
        body: String::new(),
        body_text: String::new(),
        language: w.actor().lang.code().to_owned(),
        category_id: None,
        audience: domain::knowledge::Audience::default().as_str().to_owned(),
        status: ArticleStatus::default().as_str().to_owned(),
        owner_id: None,
        review_on: None,
        from_private: false,
        author_id: Some(w.actor().id()),
        edited_by_id: Some(w.actor().id()),
        helped: 0,
        created_at: w.now(),
        updated_at: w.now(),
        deleted_at: None,
        deleted_by_id: None,
        revision: 1,
        version: 1,
    }
}

/// Keeps the present state as a version.
async fn keep_version(w: &Work, row: &article::Model, files: &[Uuid], what: &str) -> Result<(), ServiceError> {
    let version = article_revision::Model {
        id: new_id(),
        article_id: row.id,
        number: row.revision,
        row_version: row.version,
        at: w.now(),
        by_id: Some(w.actor().id()),
        what: what.to_owned(),
        title: row.title.clone(),
        body: row.body.clone(),
        body_text: row.body_text.clone(),
        language: row.language.clone(),
        category_id: row.category_id,
        audience: row.audience.clone(),
        status: row.status.clone(),
        recursive: row.recursive,
        owner_id: row.owner_id,
        review_on: row.review_on.clone(),
        attachments: join(files),
    };
    version.into_active_model().reset_all().insert(&w.tx).await?;
    Ok(())
}

/// Changes an article.
///
/// # Errors
/// `Invalid` with every wrong field; `NotFound`; `Forbidden(knowledge.edit)` for readers; `Refused(EntryDeleted)` in the trash;
/// `Conflict` and `PreconditionFailed` by version.
pub async fn update(ctx: &Ctx, id: Uuid, change: ArticleChange) -> Result<(), ServiceError> {
    let read = fields::read(&change.values, change.format, change.attachments.as_deref())?;
    write(ctx, move |w| {
        let (read, change) = (read.clone(), change.clone());
        Box::pin(async move {
            apply(w, id, read, &change, "edited").await?;
            if change.is_form { drafts::remove(w, KIND, &id.to_string()).await } else { Ok(()) }
        })
    })
    .await
}

/// A change inside a transaction; `what` names the version it makes, unless the status changes.
pub(super) async fn apply(
    w: &Work,
    id: Uuid,
    read: Read,
    change: &ArticleChange,
    what: &str,
) -> Result<(), ServiceError> {
    let mut row = lock(w, id).await?;
    if row.deleted_at.is_some() {
        return Err(Code::EntryDeleted.into());
    }
    if change.if_match.is_some_and(|wanted| wanted != row.version) {
        return Err(AppError::PreconditionFailed(row.version).into());
    }
    let files: Vec<Uuid> =
        documents::of_entries(&w.tx, &[id]).await?.into_values().flatten().map(|file| file.id).collect();
    let present = fields::of_row(&row, &files);
    let Read { values: mut wanted, body } = read;
    if body.as_ref().is_some_and(|rich| sanitise::says(rich, change.format, &row.body_text)) {
        wanted.remove(BODY);
    }
    // Pictures that are no files of the article are no difference.
    let kept = wanted.get(ATTACHMENTS).map_or_else(|| files.clone(), |text| split(text));
    if let (Some(html), Some(rich)) = (wanted.get_mut(BODY), &body) {
        *html = sanitise::keep_images(&rich.html, &kept).as_str().to_owned();
    }
    wanted.retain(|field, value| present.get(field) != Some(&*value));
    if let Some(from) = change.version.filter(|from| *from < row.version) {
        settle(w, &row, &present, &mut wanted, from, change).await?;
    }
    fields::check(w, &row, &wanted, change.confirm_public).await?;
    if wanted.is_empty() {
        return Ok(());
    }
    let plain = body.as_ref().filter(|_| wanted.contains_key(BODY)).map(|rich| rich.text.as_str());
    fields::put(&mut row, &wanted, plain);
    row.version += 1;
    row.revision += 1;
    row.updated_at = w.now();
    row.edited_by_id = Some(w.actor().id());
    let files = if wanted.contains_key(ATTACHMENTS) { kept } else { files };
    if wanted.contains_key(ATTACHMENTS) || wanted.contains_key(AUDIENCE) {
        documents::set_of_article(w, &row, &files).await?;
    }
    row.clone().into_active_model().reset_all().update(&w.tx).await?;
    keep_version(w, &row, &files, step(&wanted).unwrap_or(what)).await?;
    search::index_article(&w.tx, w.ctx.db().engine(), &row).await
}

/// What a change of the status is called.
fn step(wanted: &Values) -> Option<&'static str> {
    let status = wanted.get(STATUS)?.parse::<ArticleStatus>().ok()?;
    Some(match status {
        ArticleStatus::Draft => "withdrawn",
        ArticleStatus::Published => "published",
        ArticleStatus::Archived => "archived",
    })
}

/// T-GEN-07: fields that this change and another one since `from` both set. Of a form, what was not touched in it stays as the
/// others left it; what he decided is his, as long as nobody changed it again.
async fn settle(
    w: &Work,
    row: &article::Model,
    present: &Values,
    wanted: &mut Values,
    from: i32,
    change: &ArticleChange,
) -> Result<(), ServiceError> {
    let (is_form, decided) = (change.is_form, &change.decided);
    let versions = article_revision::Entity::find()
        .filter(article_revision::Column::ArticleId.eq(row.id))
        .order_by_asc(article_revision::Column::Number)
        .all(&w.tx)
        .await?;
    let (before, since): (Vec<_>, Vec<_>) = versions.iter().partition(|version| version.row_version <= from);
    let Some(base) = before.last().map(|version| fields::of_revision(version)) else { return Ok(()) };
    let shown = versions.iter().rfind(|version| version.row_version <= decided.seen).map(fields::of_revision);
    let is_chosen = |field: &str| {
        decided.covers(field) && shown.as_ref().is_some_and(|shown| shown.get(field) == present.get(field))
    };
    let mut conflicts: Vec<FieldConflict> = Vec::new();
    let mut is_asked = false;
    let mut untouched: Vec<&'static str> = Vec::new();
    for (&field, yours) in wanted.iter() {
        let (at_first, theirs) = (base.get(field), present.get(field));
        if at_first == theirs {
            continue;
        }
        let is_chosen = is_chosen(field);
        if is_form && at_first == Some(yours) && !is_chosen {
            untouched.push(field);
            continue;
        }
        is_asked |= !is_chosen;
        let by = since.iter().rev().find(|version| fields::of_revision(version).get(field) != at_first);
        let (by_id, at) = by.map_or((row.edited_by_id, row.updated_at), |version| (version.by_id, version.at));
        let actor = settings::author(w, by_id).await?;
        let theirs = theirs.map(String::as_str).unwrap_or_default();
        let difference = (field, told(field, yours, is_form), told(field, theirs, is_form));
        conflicts.push(conflict::told(w, difference, by_id, actor, at).await?);
    }
    if is_asked {
        return Err(AppError::Conflict { version: row.version, conflicts }.into());
    }
    wanted.retain(|field, _| !untouched.contains(field));
    Ok(())
}

/// A value as a refusal tells it: ids of files as a list, a long text to a page by its beginning.
fn told(field: &str, value: &str, is_form: bool) -> Value {
    match field {
        ATTACHMENTS => json!(split(value)),
        BODY if is_form => {
            json!(domain::text::excerpt(&sanitise::rich(value, BodyFormat::Html).text, TOLD_MAX))
        }
        _ => json!(value),
    }
}

/// Saves what the page holds; what is refused is kept as a draft (T-DRF-02). Answers the id of the article.
///
/// # Errors
/// As [`create`] and [`update`].
pub async fn save_form(ctx: &Ctx, form: &SaveArticle) -> Result<Uuid, ServiceError> {
    let id = match form.id.trim() {
        "" => None,
        text => Some(id_of(text)?),
    };
    let object = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    drafts::keep(ctx, KIND, &object, &as_draft(form)?).await;
    let values = of_form(form);
    let attachments: Vec<String> = form.attachments.iter().filter(|id| !id.is_empty()).cloned().collect();
    let Some(id) = id else {
        let new = NewArticle {
            entity: form.entity.clone(),
            values,
            format: form.format,
            attachments,
            translation_of: form.translation_of.clone(),
            ticket: form.ticket,
            key: form.key.clone(),
        };
        return create(ctx, new).await;
    };
    let change = ArticleChange {
        values,
        format: form.format,
        attachments: Some(attachments),
        confirm_public: form.confirm_public,
        is_form: true,
        version: (form.version > 0).then_some(form.version),
        if_match: None,
        decided: Decided::read(form.seen, &form.decided),
    };
    update(ctx, id, change).await?;
    Ok(id)
}

/// The form as a draft, with the version it was made from, which tells later whether others saved meanwhile.
fn as_draft(form: &SaveArticle) -> Result<Value, ServiceError> {
    let mut kept = serde_json::to_value(form)?;
    if let Some(fields) = kept.as_object_mut() {
        fields.insert("begun".to_owned(), json!(form.version.to_string()));
        // Asked anew each time.
        fields.remove("publish");
        fields.remove("confirm_public");
    }
    Ok(kept)
}

fn of_form(form: &SaveArticle) -> Values {
    let mut out = Values::from([
        (TITLE, form.title.clone()),
        (BODY, form.body.clone()),
        (LANGUAGE, form.language.clone()),
        (fields::CATEGORY, form.category.clone()),
        (AUDIENCE, form.audience.clone()),
        (RECURSIVE, form.recursive.to_string()),
        (fields::OWNER, form.owner.clone()),
        (fields::REVIEW_ON, form.review_on.clone()),
    ]);
    if form.publish {
        out.insert(STATUS, ArticleStatus::Published.as_str().to_owned());
    }
    out
}
