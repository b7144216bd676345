//! The mail of chat lines that somebody left unread while he was away (M-OUT-04): whether it can leave, and to what address.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::kind::Kind;
use super::recipients::{Recipient, has_template, language_of, recipient};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::notifications::Person;
use crate::settings::Settings;

/// Whether such a mail can leave at all (setting 447).
pub(crate) async fn can_leave_about_chats(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    settings: &Settings,
    path: &[Uuid],
) -> Result<bool, ServiceError> {
    if ctx.services.mailer.is_none() {
        return Ok(false);
    }
    has_template(connection, settings, Kind::ChatTeam, path).await
}

/// Whether somebody has an address that can get mails (M-RCP-02).
pub(crate) fn can_reach(person: &Person) -> bool {
    recipient(Some(person.id), &person.name, &person.email, domain::lang::Lang::En, None).problem.is_none()
}

/// Somebody as the recipient of a mail; his language, else that of the entity (M-RCP-04).
pub(crate) async fn of_person(
    connection: &impl ConnectionTrait,
    entity: Uuid,
    person: &Person,
) -> Result<Recipient, ServiceError> {
    let lang = match person.language.parse() {
        Ok(lang) => lang,
        Err(_none) => language_of(connection, entity).await?,
    };
    Ok(recipient(Some(person.id), &person.name, &person.email, lang, None))
}
