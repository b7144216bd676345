//! What the pages of the messages of one ticket show, on both sides; opening one marks its messages as read (T-MSG-02).

use domain::error::AppError;
use domain::settings::Key;
use domain::ticket::Side;
use domain::views::MessagesView;
use sea_orm::ConnectionTrait;

use super::list::{MessageQuery, of_loaded};
use super::{KIND, note_reading, sees, sending};
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::tickets::{self, Loaded};
use crate::{drafts, mail, requests};

/// The agents' page. With `cursor` the messages before those of a former page.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity; `Invalid` on a wrong cursor.
pub async fn page(ctx: &Ctx, number: i64, cursor: &str) -> Result<MessagesView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() || !sees(&loaded, false) {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    let view = view(ctx, &snapshot, &loaded, &settings, cursor, false).await?;
    drop(snapshot);
    finish(ctx, &loaded, view).await
}

/// The page in My requests (P-MSG-01).
///
/// # Errors
/// `NotFound` for what is none of the reader's requests, for observers and approvers, and while `messages.enabled` is off
/// (P-MSG-03), but for who was writing one: his text stands there (P-GEN-05). `Invalid` on a wrong cursor.
pub async fn portal_page(ctx: &Ctx, number: i64, cursor: &str) -> Result<MessagesView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = requests::load(ctx, &snapshot, number).await?;
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    if !sees(&loaded, true) {
        return Err(AppError::NotFound.into());
    }
    let view = view(ctx, &snapshot, &loaded, &settings, cursor, true).await?;
    drop(snapshot);
    if !settings.is_on(Key::MessagesEnabled) && drafts::find(ctx, KIND, &number.to_string()).await?.is_none() {
        return Err(AppError::NotFound.into());
    }
    finish(ctx, &loaded, view).await
}

async fn view(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
    cursor: &str,
    portal: bool,
) -> Result<MessagesView, ServiceError> {
    let query = MessageQuery { sort: "-sent_at".to_owned(), cursor: cursor.to_owned(), ..MessageQuery::default() };
    let found = of_loaded(ctx, connection, loaded, &query, portal).await?;
    let off = sending(connection, loaded, settings).await?.off();
    let is_requester = loaded.side() == Side::Requester;
    let offers_mail = off.is_none() && !is_requester && !portal;
    let mail =
        if offers_mail { mail::offer(ctx, connection, loaded, settings, mail::Kind::Message).await? } else { None };
    let needs_mail = off.is_none() && !is_requester && !mail::has_account(ctx, connection, loaded).await?;
    let mut messages = found.items;
    messages.reverse();
    Ok(MessagesView {
        number: loaded.ticket.number,
        title: loaded.ticket.title.clone(),
        messages,
        earlier_cursor: found.next_cursor,
        off,
        is_requester,
        needs_mail,
        mail,
        draft: None,
        key: random_token(16),
        now: found.now,
    })
}

/// Adds the draft, and marks what is shown as read.
async fn finish(ctx: &Ctx, loaded: &Loaded, view: MessagesView) -> Result<MessagesView, ServiceError> {
    let draft = drafts::find(ctx, KIND, &view.number.to_string()).await?;
    note_reading(ctx, loaded).await;
    Ok(MessagesView { draft, ..view })
}
