//! Ending the mails of one kind to one person by a link in them, without signing in (M-HDR-04). Looking at the link changes
//! nothing, since programs that check mails open every link; only a POST acts.

use domain::error::AppError;
use domain::notification::Event;
use domain::views::UnsubscribeView;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::ctx::Services;
use crate::error::ServiceError;
use crate::seal;
use crate::sql::Sql;

/// The address that ends the mails about an event to somebody. It holds for ever: who keeps the mail may use it at any time.
pub(super) fn link(services: &Services, user: Uuid, event: Event) -> String {
    format!("{}/unsubscribe?token={}", services.base_url, token(&services.secret, user, event))
}

fn token(secret: &[u8; 32], user: Uuid, event: Event) -> String {
    let mac = seal::mac(secret, &[b"unsubscribe\0".as_slice(), user.as_bytes(), event.as_str().as_bytes()]);
    let mac: String = mac.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{}.{event}.{mac}", user.simple())
}

/// Whom and what a token is about; nothing for one that this instance did not make.
fn read(secret: &[u8; 32], text: &str) -> Option<(Uuid, Event)> {
    let (user, rest) = text.trim().split_once('.')?;
    let (event, _mac) = rest.split_once('.')?;
    let (user, event) = (user.parse::<Uuid>().ok()?, event.parse::<Event>().ok()?);
    // All of it is compared: a token is written in one way only.
    (token(secret, user, event) == text.trim()).then_some((user, event))
}

/// What a link is about; nothing for one that is not ours or whose person is gone.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn unsubscription(services: &Services, token: &str) -> Result<Option<UnsubscribeView>, ServiceError> {
    let Some((user, event)) = read(&services.secret, token) else { return Ok(None) };
    let reader = services.db.reader();
    if !is_here(reader, user).await? {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT mail FROM notification_preference WHERE user_id = ");
    let chosen: Option<bool> = sql.bind(user).push_bind(" AND event = ", event.as_str()).scalar(reader).await?;
    Ok(Some(UnsubscribeView { event, is_on: chosen.unwrap_or(event.is_mailed_by_default()) }))
}

/// Ends the mails a link is about. Doing so twice changes nothing.
///
/// # Errors
/// `NotFound` for a link that is not ours or whose person is gone.
pub async fn unsubscribe(services: &Services, token: &str) -> Result<(), ServiceError> {
    let Some((user, event)) = read(&services.secret, token) else { return Err(AppError::NotFound.into()) };
    if !is_here(services.db.reader(), user).await? {
        return Err(AppError::NotFound.into());
    }
    let mut sql = Sql::new("INSERT INTO notification_preference (user_id, event, app, mail) VALUES (");
    sql.bind(user)
        .push_bind(", ", event.as_str())
        .push(", TRUE, FALSE) ON CONFLICT (user_id, event) DO UPDATE SET mail = FALSE");
    sql.run(services.db.writer()).await?;
    Ok(())
}

async fn is_here(connection: &impl ConnectionTrait, user: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 FROM app_user WHERE active = TRUE AND id = ");
    Ok(!sql.bind(user).rows(connection).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_hdr_04_a_link_is_for_one_person_and_one_kind() {
        let secret = [7; 32];
        let user = Uuid::from_u128(42);
        let text = token(&secret, user, Event::Assigned);
        assert_eq!(read(&secret, &text), Some((user, Event::Assigned)));
        assert_eq!(read(&[8; 32], &text), None, "another instance");
        let other = text.replace("assigned", "delegated");
        assert_eq!(read(&secret, &other), None, "another kind");
        let somebody = text.replace(&user.simple().to_string(), &Uuid::from_u128(43).simple().to_string());
        assert_eq!(read(&secret, &somebody), None, "somebody else");
        for wrong in ["", ".", "..", "x.assigned.y", &format!("{text}0")] {
            assert_eq!(read(&secret, wrong), None, "{wrong}");
        }
    }
}
