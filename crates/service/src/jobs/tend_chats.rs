//! Ends chats nobody says anything in, and mails unread lines to who is away (T-CHT-03, T-CHT-05).

use crate::actor::Actor;
use crate::chat;
use crate::ctx::{Ctx, Services};
use crate::error::ServiceError;
use crate::sql::Sql;

/// Does what is due, and answers how many chats were looked at. Safe with several instances: each chat is looked at under the lock
/// of its ticket.
///
/// # Errors
/// `Unavailable` when the database is away; what was done by then stays done, the rest is done in the next round.
pub async fn tend_chats(services: &Services) -> Result<usize, ServiceError> {
    if !is_due(services).await? {
        return Ok(0);
    }
    let ctx = Ctx::new(services.clone(), Actor::automatic(services.db.reader()).await?);
    // Mails first: the lines of a chat that ends now are still told.
    Ok(chat::mail_unread(&ctx).await? + chat::end_idle(&ctx).await?)
}

/// Whether there is anything to do: without the right to write.
async fn is_due(services: &Services) -> Result<bool, ServiceError> {
    let now = services.now();
    let mut sql = Sql::new("SELECT 1 FROM chat c WHERE c.ended_at IS NULL AND c.last_line_at <= ");
    sql.bind(now - domain::chat::IDLE_AFTER)
        .push_bind(" UNION ALL SELECT 1 FROM chat_line l WHERE l.mail_due_at <= ", now)
        .push(" LIMIT 1");
    Ok(!sql.rows(services.db.reader()).await?.is_empty())
}
