//! Free documents: added to a ticket as entries of their own, and taken off again (T-DOC-02, T-DOC-04).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::AddDocuments;
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::settings::Key;
use domain::ticket::Side;
use domain::views::DocumentView;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DESCRIPTION, DOCUMENT, OCCURRENCE, TASK, attach, instance_settings, read, types};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::solutions::KIND as SOLUTION;
use crate::sql::Sql;
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{drafts, idempotency, occurrences, sanitise, solutions, tasks};

/// Longest comment of a free document, in characters.
const COMMENT_MAX: usize = 500;
/// Name of the command for idempotency keys.
const SCOPE: &str = "document";

/// A free document to add (T-DOC-02).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddDocument {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key; empty = none.
    pub key: String,
    /// Id of an own upload.
    pub upload: String,
    /// New name; empty = that of the upload.
    pub name: String,
    /// Up to 500 characters.
    pub comment: String,
    /// `private`, `public`; empty = as a new occurrence would be.
    pub visibility: String,
}

#[derive(Clone, Debug)]
struct Fields {
    upload: Uuid,
    name: Option<String>,
    comment: Option<String>,
    visibility: Option<Visibility>,
}

async fn check(ctx: &Ctx, form: &AddDocument) -> Result<Fields, ServiceError> {
    let mut errors = FieldErrors::new();
    let upload: Result<Uuid, Code> = match form.upload.trim() {
        "" => Err(Code::Required),
        text => text.parse().map_err(|_no_id| Code::UnknownReference),
    };
    let upload = errors.check("upload", upload);
    let comment = errors.check("comment", checked_comment(&form.comment));
    let visibility = match form.visibility.as_str() {
        "" => Some(None),
        text => errors.check("visibility", text.parse::<Visibility>()).map(Some),
    };
    let name: Result<Option<String>, Code> = if form.name.trim().is_empty() {
        Ok(None)
    } else if types::has_forbidden_extension(&form.name, &instance_settings(ctx).await?.forbidden_extensions()) {
        Err(Code::TypeNotAllowed)
    } else {
        sanitise::line(&form.name, 255).map(|name| Some(types::clean_name(&name)))
    };
    let name = errors.check("name", name);
    let fields = upload.zip(comment).zip(visibility).zip(name).map(|(((upload, comment), visibility), name)| Fields {
        upload,
        name,
        comment: (!comment.is_empty()).then_some(comment),
        visibility,
    });
    Ok(errors.or(fields)?)
}

fn checked_comment(text: &str) -> Result<String, Code> {
    let text = sanitise::lines(text);
    if domain::text::length(&text) > COMMENT_MAX { Err(Code::TooLong) } else { Ok(text) }
}

/// Adds a free document to a ticket (T-DOC-02): with the right to add occurrences, while the ticket takes them.
///
/// # Errors
/// `Invalid` with all wrong fields, `NotFound`, `Forbidden`, `Disabled` (setting 252 for people who are no agents), and the
/// codes of T-STA-29.
pub async fn add(ctx: &Ctx, form: AddDocument) -> Result<DocumentView, ServiceError> {
    let fields = check(ctx, &form).await?;
    let id = work::write(ctx, move |w| {
        let (form, fields) = (form.clone(), fields.clone());
        Box::pin(async move { add_in(w, &form, fields).await })
    })
    .await?;
    Ok(read::open(ctx, id).await?.view)
}

/// Adds files of a page as free documents, each an entry of its own, all of them or none; a new name is for a single one.
///
/// # Errors
/// As [`add`], on `attachments` for the files.
pub async fn add_all(ctx: &Ctx, form: AddDocuments) -> Result<(), ServiceError> {
    // First of all: a refusal below never loses the text.
    drafts::keep(ctx, DOCUMENT, &form.ticket.to_string(), &serde_json::to_value(&form)?).await;
    let files: Vec<String> = form.attachments.iter().filter(|id| !id.trim().is_empty()).cloned().collect();
    if files.is_empty() {
        return Err(AppError::field("attachments", Code::Required).into());
    }
    let mut all: Vec<(AddDocument, Fields)> = Vec::new();
    for (at, upload) in files.iter().enumerate() {
        let one = AddDocument {
            ticket: form.ticket,
            key: if form.key.is_empty() { String::new() } else { format!("{}-{at}", form.key) },
            upload: upload.clone(),
            name: if files.len() == 1 { form.name.clone() } else { String::new() },
            comment: form.comment.clone(),
            visibility: form.visibility.clone(),
        };
        let fields = check(ctx, &one).await.map_err(|error| at_files(error, at))?;
        all.push((one, fields));
    }
    let object = form.ticket.to_string();
    work::write(ctx, move |w| {
        let (all, object) = (all.clone(), object.clone());
        Box::pin(async move {
            for (at, (one, fields)) in all.into_iter().enumerate() {
                add_in(w, &one, fields).await.map_err(|error| at_files(error, at))?;
            }
            drafts::remove(w, DOCUMENT, &object).await
        })
    })
    .await
}

/// What is wrong with an upload stands at its place in the list of files.
fn at_files(mut error: ServiceError, at: usize) -> ServiceError {
    if let AppError::Invalid(errors) = &mut error.public {
        for wrong in errors.0.iter_mut().filter(|wrong| wrong.field == "upload") {
            wrong.field = format!("attachments[{at}]");
        }
    }
    error
}

async fn add_in(w: &mut Work, form: &AddDocument, fields: Fields) -> Result<Uuid, ServiceError> {
    let hash = idempotency::content_hash(form);
    if let Some(done) = idempotency::claim::<Uuid>(w, SCOPE, &form.key, &hash).await? {
        return Ok(done);
    }
    let loaded = tickets::lock(w, form.ticket).await?;
    policy::can_add_occurrence(loaded.caps, &loaded.facts).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    if !loaded.is_agent() && loaded.side() == Side::Requester {
        let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
        if !settings.is_on(Key::PortalRegisterOccurrence) {
            return Err(AppError::Disabled(Key::PortalRegisterOccurrence.as_str().to_owned()).into());
        }
    }
    let visibility = visibility_of(w, &loaded, fields.visibility)?;
    // An entry of its own: the document is its own entry.
    attach(w, &loaded.ticket, DOCUMENT, fields.upload, visibility, &[fields.upload], "upload").await?;
    state::require_writable_plainly(&loaded)?;
    let mut ticket = loaded.ticket;
    let mut sql = Sql::new("UPDATE document SET comment = ");
    sql.bind(fields.comment);
    if let Some(name) = fields.name {
        sql.push_bind(", name = ", name);
    }
    sql.push_bind(" WHERE id = ", fields.upload);
    sql.run(&w.tx).await?;
    let author = Some(w.actor().id());
    follow_up(w, &mut ticket, "document_added", "created", (fields.upload, visibility, author)).await?;
    idempotency::answer(w, SCOPE, &form.key, &fields.upload).await?;
    Ok(fields.upload)
}

/// As occurrences: agents by their preference, on the requester side and for everybody else public.
fn visibility_of(w: &Work, loaded: &Loaded, wanted: Option<Visibility>) -> Result<Visibility, AppError> {
    match wanted {
        Some(Visibility::Private) if !loaded.is_agent() => Err(AppError::field("visibility", Code::NotAllowed)),
        Some(visibility) => Ok(visibility),
        None if !loaded.is_agent() || loaded.side() == Side::Requester => Ok(Visibility::Public),
        None => Ok(w.actor().user.default_visibility.parse().unwrap_or_default()),
    }
}

async fn follow_up(
    w: &Work,
    ticket: &mut entity::ticket::Model,
    kind: &str,
    what: &str,
    (id, visibility, author): (Uuid, Visibility, Option<Uuid>),
) -> Result<(), ServiceError> {
    let touch = if visibility.is_private() { Touch::PrivateEntry } else { Touch::PublicEntry };
    tickets::save(w, ticket, touch).await?;
    let entry = Some((DOCUMENT, id, visibility, author));
    history::record(w, ticket.id, Record { kind, entry, ..Record::default() }).await?;
    let audience = events::audience(visibility);
    events::emit(w, ticket, NewChange { kind: DOCUMENT, what, object: id, version: 1, audience, author }).await
}

/// Removes a file by the right on its entry (T-DOC-04): as a change of the occurrence, of the task or of the description, or as the removal
/// of a free document. An own upload is forgotten.
///
/// # Errors
/// `NotFound`, `Forbidden`, and the codes of T-STA-29.
pub async fn remove(ctx: &Ctx, id: Uuid) -> Result<(), ServiceError> {
    remove_version(ctx, id, None).await
}

/// The same for a caller who names the version the file must have.
///
/// # Errors
/// As `remove`, and `Conflict` for another version.
pub async fn remove_version(ctx: &Ctx, id: Uuid, version: Option<i32>) -> Result<(), ServiceError> {
    let found = {
        let snapshot = ctx.db().snapshot().await?;
        read::find(&snapshot, &ctx.actor, id, ctx.now()).await?
    };
    if found.ticket.is_none() {
        require_version(&found, version)?;
        return super::remove_upload(ctx, id).await;
    }
    work::write(ctx, move |w| Box::pin(async move { remove_in(w, id, version).await })).await
}

fn require_version(found: &read::Found, version: Option<i32>) -> Result<(), AppError> {
    let present = found.row.version;
    match version {
        Some(wanted) if wanted != present => Err(AppError::Conflict { version: present, conflicts: Vec::new() }),
        _ => Ok(()),
    }
}

async fn remove_in(w: &mut Work, id: Uuid, version: Option<i32>) -> Result<(), ServiceError> {
    let found = read::find(&w.tx, w.actor(), id, w.now()).await?;
    let (number, _) = found.ticket.ok_or(AppError::NotFound)?;
    match (found.row.entry_kind.as_deref(), found.row.entry_id) {
        (Some(OCCURRENCE), Some(entry)) => {
            let (loaded, row) = occurrences::lock_to_change(w, entry).await?;
            require_version(&found, version)?;
            occurrences::drop_file(w, loaded, row, id).await
        }
        (Some(SOLUTION), Some(entry)) => {
            let (loaded, row) = solutions::lock_to_change(w, entry).await?;
            require_version(&found, version)?;
            solutions::drop_file(w, loaded, row, id).await
        }
        (Some(TASK), Some(entry)) => {
            let (loaded, row) = tasks::lock_to_change(w, entry).await?;
            require_version(&found, version)?;
            tasks::drop_file(w, loaded, row, id).await
        }
        (Some(DESCRIPTION), _) => {
            let mut loaded = tickets::lock(w, number).await?;
            loaded.require(Capability::TicketUpdate)?;
            require_version(&found, version)?;
            tickets::update::drop_file(w, &mut loaded, id).await
        }
        (Some(DOCUMENT), _) => remove_free(w, number, &found, version).await,
        // Nothing of a request for validation can be changed (T-VAL-05).
        _ => Err(Code::TransitionNotAllowed.into()),
    }
}

async fn remove_free(w: &Work, number: i64, found: &read::Found, version: Option<i32>) -> Result<(), ServiceError> {
    let loaded = tickets::lock(w, number).await?;
    let is_author = found.entry_author == Some(w.actor().id());
    policy::can_delete_occurrence(loaded.caps, is_author).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    require_version(found, version)?;
    state::require_writable_plainly(&loaded)?;
    let id = found.row.id;
    let mut sql = Sql::new("UPDATE document SET version = version + 1, removed_at = ");
    sql.bind(w.now())
        .push_bind(", removed_by_id = ", w.actor().id())
        .push_bind(" WHERE removed_at IS NULL AND id = ", id);
    if sql.run(&w.tx).await?.rows_affected() != 1 {
        return Err(AppError::NotFound.into());
    }
    let mut ticket = loaded.ticket;
    let visibility = found.row.visibility.parse().unwrap_or(Visibility::Private);
    follow_up(w, &mut ticket, "document_removed", "removed", (id, visibility, found.entry_author)).await
}
