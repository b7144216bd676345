//! Signed links: the way of one person to one thing without sign-in, in the mail to that person (T-SOL-08, T-SRV-01, P-ACT-10).
//!
//! The secret is made from the instance's own one, so that a mail that is made again holds the same; the database knows its
//! hash only. A GET shows, a POST acts. Does not belong here: who may do what by a link, and until when what it opens counts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::signed_link;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::account::secret_hash;
use crate::ctx::Services;
use crate::error::ServiceError;
use crate::mail::Recipient;
use crate::seal;
use crate::work::Work;

/// Says what the mac is of, so that no other secret of the instance is one of these.
const PURPOSE: &[u8] = b"signed link\0";
/// Rows of one statement: engines limit the number of its values.
const AT_ONCE: usize = 500;

/// What a link leads to: its kind, and which one.
pub(crate) type Object = (&'static str, Uuid);

/// The secret of one person, an account or an address, for one object: 256 bits.
pub(crate) fn secret(services: &Services, (kind, id): Object, user: Option<Uuid>, address_key: &str) -> String {
    let person = user.map_or_else(|| address_key.as_bytes().to_vec(), |id| id.as_bytes().to_vec());
    let of: &[u8] = if user.is_some() { b"\0u" } else { b"\0a" };
    URL_SAFE_NO_PAD.encode(seal::mac(&services.secret, &[PURPOSE, kind.as_bytes(), id.as_bytes(), of, &person]))
}

/// Lets the links of an object open something, one for each of these people, until `expires_at` (seconds since 1970). A mail that
/// cannot leave now may leave later, so people without a way for it have theirs too.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn store(
    w: &Work,
    object: Object,
    ticket: Uuid,
    people: &[Recipient],
    expires_at: i64,
) -> Result<(), ServiceError> {
    let of = |one: &Recipient| signed_link::ActiveModel {
        token_hash: Set(secret_hash(&secret(&w.ctx.services, object, one.user, &one.key()))),
        kind: Set(object.0.to_owned()),
        object_id: Set(object.1),
        ticket_id: Set(ticket),
        user_id: Set(one.user),
        address_key: Set(one.key()),
        name: Set(one.name.clone()),
        expires_at: Set(expires_at),
    };
    let rows: Vec<signed_link::ActiveModel> = people.iter().map(of).collect();
    for part in rows.chunks(AT_ONCE) {
        signed_link::Entity::insert_many(part.to_vec()).exec_without_returning(&w.tx).await?;
    }
    Ok(())
}

/// The link of a secret; `None` for one that never was, or that leads to another kind of thing.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    kind: &str,
    token: &str,
) -> Result<Option<signed_link::Model>, ServiceError> {
    let token = token.trim();
    if token.is_empty() {
        return Ok(None);
    }
    Ok(signed_link::Entity::find_by_id(secret_hash(token))
        .filter(signed_link::Column::Kind.eq(kind))
        .one(connection)
        .await?)
}
