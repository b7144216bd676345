//! What was posted by a form without a draft and refused (T-DRF-03): kept for the browser it came from, until the form is
//! taken or a day is over. A draft needs a person; this also serves those who come by a signed link.
//!
//! Two things have to fit: the holder, a person or a link that opens something, and the key that only his browser has. There
//! is one row for each holder, page and form, so that nobody can fill the table.
//!
//! A form that comes after the session of its writer has ended is kept for him all the same, as long as it is known whose
//! session that was: one row for each session, for that person alone, and in that browser alone.

use entity::{refused_form, signed_link};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::account::{self, secret_hash};
use crate::ctx::Services;
use crate::db::Db;
use crate::drafts::FIELDS_MAX;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Seconds a refused form is kept after it was posted.
pub const LIFE: i64 = 86_400;

/// Names and values of a form, in the order they were posted.
pub type Fields = Vec<(String, String)>;

/// Who posted a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person who is signed in.
    Person(Uuid),
    /// Somebody with the token of a signed link, who is not.
    Link(String),
}

/// A form of a page, as one holder has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Who posted it.
    pub holder: &'a Holder,
    /// Path of its page, without query.
    pub page: &'a str,
    /// Path it is posted to.
    pub form: &'a str,
}

impl Place<'_> {
    /// One text for each place; tells neither person nor token.
    fn hash(&self) -> String {
        let (kind, holder) = match self.holder {
            Holder::Person(id) => ("person", id.to_string()),
            Holder::Link(token) => ("link", secret_hash(token.trim())),
        };
        digest(&[kind, &holder, self.page, self.form])
    }
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        // No path and no hash holds one, so that no two places are the same text.
        hash.update([0]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keeps the fields of a form that was refused, instead of what was kept of it before. `key` is the secret of the browser.
/// Answers whether they are kept: not for a link that opens nothing, nor more than a draft may hold.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn keep(
    services: &Services,
    place: &Place<'_>,
    key: &str,
    fields: &[(String, String)],
) -> Result<bool, ServiceError> {
    let text = serde_json::to_string(fields)?;
    if text.len() > FIELDS_MAX || !opens(services, place.holder).await? {
        return Ok(false);
    }
    put(services, place.hash(), secret_hash(key), text).await?;
    Ok(true)
}

async fn put(services: &Services, place: String, key_hash: String, text: String) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO refused_form (place, key_hash, fields, expires_at) VALUES (");
    sql.bind(place)
        .push_bind(", ", key_hash)
        .push_bind(", ", text)
        .push_bind(", ", services.now() + LIFE)
        .push(") ON CONFLICT (place) DO UPDATE SET key_hash = excluded.key_hash, fields = excluded.fields, ")
        .push("expires_at = excluded.expires_at");
    sql.run(services.db.writer()).await?;
    Ok(())
}

/// Whether the holder is somebody: anybody may post with a token he made up.
async fn opens(services: &Services, holder: &Holder) -> Result<bool, ServiceError> {
    let Holder::Link(token) = holder else { return Ok(true) };
    let link = signed_link::Entity::find_by_id(secret_hash(token.trim()))
        .filter(signed_link::Column::ExpiresAt.gt(services.now()))
        .one(services.db.reader())
        .await?;
    Ok(link.is_some())
}

/// The fields that were kept of a form, for the browser they came from.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn find(services: &Services, place: &Place<'_>, key: &str) -> Result<Option<Fields>, ServiceError> {
    let row = refused_form::Entity::find_by_id(place.hash())
        .filter(refused_form::Column::KeyHash.eq(secret_hash(key)))
        .filter(refused_form::Column::ExpiresAt.gt(services.now()))
        .one(services.db.reader())
        .await?;
    Ok(row.map(|row| serde_json::from_str(&row.fields)).transpose()?)
}

/// Forgets a form that was taken; that nothing was kept of it is no failure.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn remove(services: &Services, place: &Place<'_>, key: &str) -> Result<(), ServiceError> {
    let mut sql = Sql::new("DELETE FROM refused_form WHERE place = ");
    sql.bind(place.hash()).push_bind(" AND key_hash = ", secret_hash(key));
    sql.run(services.db.writer()).await?;
    Ok(())
}

/// Keeps the fields of a form that was posted from `page` to `form` after the session of its writer had ended, instead of what
/// was kept for that session before. `session` is its secret, which opens nothing any more. Secrets among the fields are left out.
///
/// Answers whose it is and the key under which his browser gets it back; nothing where the session is not known to be somebody's
/// who may sign in again, nor for more than a draft may hold: who is nobody keeps nothing here.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn keep_late(
    services: &Services,
    session: &str,
    page: &str,
    form: &str,
    fields: &[(String, String)],
) -> Result<Option<(Uuid, String)>, ServiceError> {
    let fields: Vec<&(String, String)> = fields.iter().filter(|(name, _)| !is_secret(name)).collect();
    let text = serde_json::to_string(&fields)?;
    if text.len() > FIELDS_MAX {
        return Ok(None);
    }
    let Some(person) = account::who_was(services, session).await? else { return Ok(None) };
    let holder = Holder::Person(person);
    // Who does not know the session cannot make it, and it does not tell the session.
    let key = digest(&["key of a late form", session]);
    put(services, late_place(&key), Place { holder: &holder, page, form }.hash(), text).await?;
    Ok(Some((person, key)))
}

/// The fields of a form that came too late, for the person who posted it there and in the browser it came from.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn find_late(services: &Services, place: &Place<'_>, key: &str) -> Result<Option<Fields>, ServiceError> {
    let row = refused_form::Entity::find_by_id(late_place(key))
        .filter(refused_form::Column::KeyHash.eq(place.hash()))
        .filter(refused_form::Column::ExpiresAt.gt(services.now()))
        .one(services.db.reader())
        .await?;
    Ok(row.map(|row| serde_json::from_str(&row.fields)).transpose()?)
}

/// Forgets a form that came too late and was taken meanwhile; that nothing was kept of it is no failure.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn remove_late(services: &Services, place: &Place<'_>, key: &str) -> Result<(), ServiceError> {
    let mut sql = Sql::new("DELETE FROM refused_form WHERE place = ");
    sql.bind(late_place(key)).push_bind(" AND key_hash = ", place.hash());
    sql.run(services.db.writer()).await?;
    Ok(())
}

/// The row of a session that ended; says neither whose it was nor which.
fn late_place(key: &str) -> String {
    digest(&["late", &secret_hash(key)])
}

/// What nobody gets back: it would wait in the database to be read.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["password", "secret", "token"].iter().any(|word| name.contains(word))
}

/// Removes what is past its day.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sweep(db: &Db, now: i64) -> Result<(), ServiceError> {
    Sql::new("DELETE FROM refused_form WHERE expires_at <= ").bind(now).run(db.writer()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_drf_03_every_holder_page_and_form_is_a_place_of_its_own() {
        let (person, other) = (Holder::Person(Uuid::nil()), Holder::Person(Uuid::max()));
        let link = Holder::Link(Uuid::nil().to_string());
        let of = |holder, page, form| Place { holder, page, form }.hash();
        let all = [
            of(&person, "/tickets/1", "/fn/a"),
            of(&other, "/tickets/1", "/fn/a"),
            of(&link, "/tickets/1", "/fn/a"),
            of(&person, "/tickets/2", "/fn/a"),
            of(&person, "/tickets/1", "/fn/b"),
            of(&person, "/tickets/1/fn", "/a"),
        ];
        for (at, one) in all.iter().enumerate() {
            assert_eq!(all.iter().position(|other| other == one), Some(at), "{at}");
        }
    }
}
