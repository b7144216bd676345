//! Drafts (T-DRF): what somebody typed and has not sent; only its author ever reads it.

mod remove;

use std::collections::BTreeSet;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::SaveDraft;
use domain::ids::TicketNumber;
use domain::policy::{self, Capability};
use domain::text;
use domain::views::{DocumentView, DraftView};
use entity::draft;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) use self::remove::{clear, remove};
use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::db::Db;
use crate::error::ServiceError;
use crate::moments;
use crate::sql::Sql;
use crate::work::{Work, write};
use crate::{
    chat, customer_occurrences, documents, knowledge, messages, occurrences, solutions, tasks, tickets, validations,
};

/// Kinds of forms that have drafts (T-DRF-01).
const KINDS: [&str; 12] = [
    "occurrence",
    "occurrence_edit",
    "task",
    "solution",
    "message",
    "chat",
    "validation",
    "validation_answer",
    "document",
    "ticket",
    "article",
    "customer_occurrence",
];
/// Longest name of an object or a device, in characters.
const NAME_MAX: usize = 64;
/// Largest draft: its fields as JSON, in bytes.
pub const FIELDS_MAX: usize = 1024 * 1024;
/// Most files of a draft that are looked at.
const ATTACHMENTS_MAX: usize = 50;
/// Seconds the version of another device is kept (T-DRF-04).
const KEEP_OTHER: i64 = 7 * 86_400;
/// Seconds a draft is kept after its last change (T-DRF-06).
const KEEP: i64 = 30 * 86_400;
/// Device of what programs at the API keep: beside what a person types, and never in its place.
const PROGRAM: &str = "api";
/// Most drafts the page "My drafts" lists.
const LIST_MAX: u64 = 200;

/// A draft ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stored {
    kind: String,
    object: String,
    fields: String,
    /// Empty: whichever saved it last.
    device: String,
    /// Not stored where a person's own stands.
    gives_way: bool,
}

/// Saves a draft; the version of another device is kept beside it for 7 days.
///
/// # Errors
/// `Invalid` with every wrong field.
pub async fn save(ctx: &Ctx, form: SaveDraft) -> Result<DraftView, ServiceError> {
    let mut stored = check(form)?;
    if ctx.is_program {
        PROGRAM.clone_into(&mut stored.device);
    }
    let row = write(ctx, move |w| Box::pin(put_and_read(w, stored.clone()))).await?;
    one_view(ctx, row).await
}

/// Saves what somebody posted after his sign-in had ended, for the person who signed in with it (T-DRF-03).
///
/// # Errors
/// `NotFound` and `Forbidden` where the actor may not write that form, else those of [`save`].
pub async fn save_after_sign_in(ctx: &Ctx, form: SaveDraft) -> Result<DraftView, ServiceError> {
    require_writer(ctx, &form.kind, &form.object).await?;
    save(ctx, form).await
}

/// Whether the form is one the actor may write. The state of the ticket does not matter: a text outlives a closing.
async fn require_writer(ctx: &Ctx, kind: &str, object: &str) -> Result<(), ServiceError> {
    let forbidden = |capability: Capability| AppError::Forbidden(capability.name().to_owned());
    match kind {
        "occurrence" | documents::DOCUMENT => {
            let number: TicketNumber = object.parse().map_err(|_no_number| AppError::NotFound)?;
            let loaded = tickets::load_visible(ctx.db().reader(), &ctx.actor, number.get()).await?;
            policy::can_add_occurrence(loaded.caps, &loaded.facts).map_err(forbidden)?;
        }
        messages::KIND | chat::KIND => {
            let number: TicketNumber = object.parse().map_err(|_no_number| AppError::NotFound)?;
            let loaded = tickets::load_visible(ctx.db().reader(), &ctx.actor, number.get()).await?;
            if !messages::sees(&loaded, false) {
                return Err(AppError::NotFound.into());
            }
            policy::can_add_occurrence(loaded.caps, &loaded.facts).map_err(forbidden)?;
        }
        // The form that solves a ticket, by its number; that of a change, by the id of the solution.
        solutions::KIND => match object.parse::<TicketNumber>() {
            Ok(number) => {
                let loaded = tickets::load_visible(ctx.db().reader(), &ctx.actor, number.get()).await?;
                loaded.require(Capability::TicketSolve)?;
                loaded.require(Capability::SolutionAdd)?;
            }
            Err(_no_number) => {
                let id: Uuid = object.parse().map_err(|_no_id| AppError::NotFound)?;
                solutions::require_editor(ctx, id).await?;
            }
        },
        validations::KIND => {
            let number: TicketNumber = object.parse().map_err(|_no_number| AppError::NotFound)?;
            let loaded = tickets::load_visible(ctx.db().reader(), &ctx.actor, number.get()).await?;
            loaded.require(Capability::ValidationRequest)?;
        }
        validations::ANSWER => {
            let id: Uuid = object.parse().map_err(|_no_id| AppError::NotFound)?;
            validations::get(ctx, id).await?;
        }
        "occurrence_edit" => {
            let id: Uuid = object.parse().map_err(|_no_id| AppError::NotFound)?;
            occurrences::require_editor(ctx, id).await?;
        }
        knowledge::KIND => {
            if ctx.actor.entities_with(Capability::KnowledgeEdit).is_empty() {
                return Err(AppError::NotFound.into());
            }
            if object != "new" {
                let query = knowledge::FormQuery { id: object.to_owned(), ..knowledge::FormQuery::default() };
                knowledge::form(ctx, &query).await?;
            }
        }
        tasks::KIND => tasks::require_writer(ctx, object).await?,
        "ticket" if object == "new" => {
            if ctx.actor.entities_with(Capability::TicketCreate).is_empty() {
                return Err(forbidden(Capability::TicketCreate).into());
            }
        }
        customer_occurrences::KIND => customer_occurrences::require_writer(ctx, object).await?,
        _ => return Err(AppError::NotFound.into()),
    }
    Ok(())
}

fn check(form: SaveDraft) -> Result<Stored, AppError> {
    let mut errors = FieldErrors::new();
    let kind =
        errors.check("kind", if KINDS.contains(&form.kind.as_str()) { Ok(form.kind) } else { Err(Code::Invalid) });
    let object = errors.check("object", object_name(&form.object));
    let fields = errors.check("fields", fields_of(&form.fields));
    if text::length(&form.device) > NAME_MAX {
        errors.add("device", Code::TooLong);
    }
    let stored = match (kind, object, fields) {
        (Some(kind), Some(object), Some(fields)) => {
            Some(Stored { kind, object, fields, device: form.device, gives_way: false })
        }
        _ => None,
    };
    errors.or(stored)
}

fn object_name(object: &str) -> Result<String, Code> {
    match text::length(object) {
        0 => Err(Code::Required),
        length if length > NAME_MAX => Err(Code::TooLong),
        _ if object.chars().any(char::is_control) => Err(Code::Invalid),
        _ => Ok(object.to_owned()),
    }
}

/// A JSON object of texts and lists of texts, written in one way.
fn fields_of(text: &str) -> Result<String, Code> {
    if text.len() > FIELDS_MAX {
        return Err(Code::TooLong);
    }
    let fields: Map<String, Value> = serde_json::from_str(text).map_err(|_no_object| Code::Invalid)?;
    if fields.values().all(is_text) { Ok(Value::Object(fields).to_string()) } else { Err(Code::Invalid) }
}

fn is_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(items) => items.iter().all(Value::is_string),
        _ => false,
    }
}

/// Keeps what a form carries before anything of it is judged (T-DRF-02), so that a refusal loses nothing.
///
/// What a program sends gives way to what a person types at the same place: the program holds it, the person may not.
///
/// In a transaction of its own. That it failed is no reason to refuse the form: it is logged, nothing more.
pub(crate) async fn keep(ctx: &Ctx, kind: &str, object: &str, fields: &Value) {
    let fields = texts_only(fields).to_string();
    if fields.len() > FIELDS_MAX || object_name(object).is_err() {
        return;
    }
    let device = if ctx.is_program { PROGRAM.to_owned() } else { String::new() };
    let (kind, object) = (kind.to_owned(), object.to_owned());
    let stored = Stored { kind, object, fields, device, gives_way: ctx.is_program };
    let kept = write(ctx, move |w| Box::pin(put(w, stored.clone()))).await;
    if let Err(error) = kept {
        tracing::warn!(%error, "draft not kept");
    }
}

/// Saves a form of which no text may be lost: without scripts it is kept before (T-DRF-02), and from a program, which holds it until
/// it is answered, when it is refused (T-GEN-02), so that no save that succeeds makes others wait twice.
pub(crate) async fn keeping<T>(
    ctx: &Ctx,
    (kind, object): (&str, &str),
    fields: &Value,
    save: impl Future<Output = Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    if !ctx.is_scripted {
        keep(ctx, kind, object, fields).await;
    }
    let saved = save.await;
    if ctx.is_scripted && saved.is_err() {
        keep(ctx, kind, object, fields).await;
    }
    saved
}

/// The texts of a form and its ticks, without its key and what is decided with it, which belong to one sending only.
fn texts_only(fields: &Value) -> Value {
    let text = |value: &Value| match value {
        Value::Bool(true) => Some(Value::from("true")),
        value => is_text(value).then(|| value.clone()),
    };
    let fields =
        fields.as_object().into_iter().flatten().filter(|(name, _)| !matches!(name.as_str(), "key" | "decided"));
    Value::Object(fields.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect())
}

/// Stores in one statement, so that two devices that save at once do not meet between reading and writing.
async fn put(w: &Work, stored: Stored) -> Result<(), ServiceError> {
    // A program is a device of its own, also beside a form without scripts, which has no name.
    const IS_OTHER: &str = "excluded.device <> '' AND (draft.device <> '' OR excluded.device = 'api') AND draft.device <> excluded.device AND draft.fields <> excluded.fields";
    let expired = w.now() - KEEP_OTHER;
    let mut sql = Sql::new("INSERT INTO draft (id, user_id, kind, object, fields, device, saved_at) VALUES (");
    sql.bind(new_id())
        .push_bind(", ", w.actor().id())
        .push_bind(", ", stored.kind)
        .push_bind(", ", stored.object)
        .push_bind(", ", stored.fields)
        .push_bind(", ", stored.device)
        .push_bind(", ", w.now())
        .push(") ON CONFLICT (user_id, kind, object) DO UPDATE SET other = CASE WHEN ")
        .push(IS_OTHER)
        .push_bind(" THEN draft.fields WHEN draft.other_saved_at > ", expired)
        .push(" THEN draft.other ELSE NULL END, other_saved_at = CASE WHEN ")
        .push(IS_OTHER)
        // The time it was set aside: from then on it is kept for 7 days, however old it was.
        .push_bind(" THEN CAST(", w.now())
        .push_bind(" AS BIGINT) WHEN draft.other_saved_at > ", expired)
        .push(
            " THEN draft.other_saved_at ELSE NULL END, fields = excluded.fields, saved_at = excluded.saved_at, \
             device = CASE WHEN excluded.device = ''",
        )
        .push_bind(" AND draft.device <> ", PROGRAM)
        .push(" THEN draft.device ELSE excluded.device END");
    if stored.gives_way {
        sql.push_bind(" WHERE draft.device = ", PROGRAM);
    }
    sql.run(&w.tx).await?;
    Ok(())
}

async fn put_and_read(w: &Work, stored: Stored) -> Result<draft::Model, ServiceError> {
    let (kind, object) = (stored.kind.clone(), stored.object.clone());
    put(w, stored).await?;
    own(&w.tx, w.actor(), &kind, &object)
        .await?
        .ok_or_else(|| ServiceError::internal("the draft just saved is missing"))
}

async fn own(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    kind: &str,
    object: &str,
) -> Result<Option<draft::Model>, ServiceError> {
    Ok(draft::Entity::find()
        .filter(draft::Column::UserId.eq(actor.id()))
        .filter(draft::Column::Kind.eq(kind))
        .filter(draft::Column::Object.eq(object))
        .one(connection)
        .await?)
}

/// The draft of a form, if there is one.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn find(ctx: &Ctx, kind: &str, object: &str) -> Result<Option<DraftView>, ServiceError> {
    let row = own(ctx.db().reader(), &ctx.actor, kind, object).await?;
    match row.filter(|row| row.saved_at > ctx.now() - KEEP) {
        Some(row) => Ok(Some(one_view(ctx, row).await?)),
        None => Ok(None),
    }
}

/// The actor's drafts, the last saved first.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn list(ctx: &Ctx) -> Result<Vec<DraftView>, ServiceError> {
    let rows = draft::Entity::find()
        .filter(draft::Column::UserId.eq(ctx.actor.id()))
        .filter(draft::Column::SavedAt.gt(ctx.now() - KEEP))
        .order_by_desc(draft::Column::SavedAt)
        .order_by_desc(draft::Column::Id)
        .limit(LIST_MAX)
        .all(ctx.db().reader())
        .await?;
    views(ctx, rows).await
}

/// How many drafts the actor has, as far as their list shows them.
pub(crate) async fn number(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<u32, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM draft WHERE user_id = ");
    sql.bind(ctx.actor.id()).push_bind(" AND saved_at > ", ctx.now() - KEEP);
    sql.push_bind(" LIMIT ", i64::try_from(LIST_MAX).unwrap_or(i64::MAX)).push(") n");
    let found: Option<i64> = sql.scalar(connection).await?;
    Ok(u32::try_from(found.unwrap_or(0)).unwrap_or(u32::MAX))
}

/// Throws a draft away; that there is none is no failure.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn discard(ctx: &Ctx, kind: &str, object: &str) -> Result<(), ServiceError> {
    let (kind, object) = (kind.to_owned(), object.to_owned());
    write(ctx, move |w| Box::pin(remove_owned(w, kind.clone(), object.clone()))).await
}

async fn remove_owned(w: &Work, kind: String, object: String) -> Result<(), ServiceError> {
    clear(w, &kind, &object).await
}

/// Removes drafts 30 days after their last change, and versions of other devices after 7 days.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sweep(db: &Db, now: i64) -> Result<(), ServiceError> {
    Sql::new("DELETE FROM draft WHERE saved_at <= ").bind(now - KEEP).run(db.writer()).await?;
    Sql::new("UPDATE draft SET other = NULL, other_saved_at = NULL WHERE other_saved_at <= ")
        .bind(now - KEEP_OTHER)
        .run(db.writer())
        .await?;
    Ok(())
}

async fn one_view(ctx: &Ctx, row: draft::Model) -> Result<DraftView, ServiceError> {
    views(ctx, vec![row]).await?.pop().ok_or_else(|| ServiceError::internal("a draft without view"))
}

async fn views(ctx: &Ctx, rows: Vec<draft::Model>) -> Result<Vec<DraftView>, ServiceError> {
    let read: Vec<(draft::Model, Value)> = rows
        .into_iter()
        .map(|row| {
            let fields = serde_json::from_str(&row.fields).unwrap_or_else(|_broken| Value::Object(Map::new()));
            (row, fields)
        })
        .collect();
    let wanted: BTreeSet<Uuid> = read.iter().flat_map(|(_, fields)| attachments(fields)).collect();
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let files = if wanted.is_empty() {
        Vec::new()
    } else {
        documents::upload_views(ctx.db().reader(), &ctx.actor, &wanted).await?
    };
    let (actor, now) = (&ctx.actor, ctx.now());
    Ok(read.into_iter().map(|(row, fields)| view(row, fields, &files, actor, now)).collect())
}

/// Ids of the uploads of a draft, in order.
fn attachments(fields: &Value) -> Vec<Uuid> {
    let named: Vec<&str> = match fields.get("attachments") {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    };
    named.into_iter().filter_map(|id| id.parse().ok()).take(ATTACHMENTS_MAX).collect()
}

fn view(row: draft::Model, fields: Value, files: &[DocumentView], actor: &Actor, now: i64) -> DraftView {
    let attachments = attachments(&fields);
    let other = row.other.filter(|_| row.other_saved_at.is_some_and(|at| at > now - KEEP_OTHER));
    DraftView {
        id: row.id,
        kind: row.kind,
        object: row.object,
        attachments: attachments.iter().filter_map(|id| files.iter().find(|file| file.id == *id)).cloned().collect(),
        fields,
        saved_at: moments::moment(row.saved_at, actor.zone),
        other: other.and_then(|text| serde_json::from_str(&text).ok()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(kind: &str, object: &str, fields: &str) -> SaveDraft {
        SaveDraft { kind: kind.into(), object: object.into(), fields: fields.into(), device: "a".into() }
    }

    #[test]
    fn t_drf_01_a_draft_holds_texts_and_lists_of_texts() {
        assert!(check(form("occurrence", "42", r#"{"body":"<p>a</p>","attachments":["x","y"]}"#)).is_ok());
        for wrong in [r#"{"a":1}"#, r#"{"a":{"b":"c"}}"#, r#"{"a":[1]}"#, "[]", "", "{"] {
            assert_eq!(
                check(form("occurrence", "42", wrong)),
                Err(AppError::field("fields", Code::Invalid)),
                "{wrong}"
            );
        }
    }

    #[test]
    fn t_gen_02_every_wrong_field_of_a_draft_is_named() {
        let huge = format!("{{\"body\":\"{}\"}}", "x".repeat(FIELDS_MAX));
        let Err(AppError::Invalid(errors)) = check(form("poem", &"9".repeat(65), &huge)) else {
            panic!("must be refused")
        };
        assert_eq!(errors.of("kind"), Some(Code::Invalid));
        assert_eq!(errors.of("object"), Some(Code::TooLong));
        assert_eq!(errors.of("fields"), Some(Code::TooLong));
    }

    #[test]
    fn t_drf_02_a_form_is_kept_without_key_and_numbers() {
        let kept =
            texts_only(&json!({ "key": "k", "ticket": 42, "body": "text", "attachments": ["x"], "nothing": null }));
        assert_eq!(kept, json!({ "body": "text", "attachments": ["x"] }));
        assert_eq!(texts_only(&json!("no object")), json!({}));
    }

    #[test]
    fn t_drf_01_the_uploads_of_a_draft_are_found() {
        let id = Uuid::max();
        assert_eq!(attachments(&json!({ "attachments": [id.to_string(), "x"] })), vec![id]);
        assert_eq!(attachments(&json!({ "attachments": id.to_string() })), vec![id]);
        assert_eq!(attachments(&json!({})), Vec::<Uuid>::new());
    }
}
