//! What the page of a chat shows, on both sides; opening it marks its lines as read.

use domain::error::AppError;
use domain::settings::Key;
use domain::ticket::Side;
use domain::views::{ChatPerson, ChatView};
use entity::chat_line;
use sea_orm::ConnectionTrait;

use super::list::{LIMIT, LIMIT_MAX, above, below};
use super::{KIND, last_number, off, offline, open_of, read, rows, signs};
use crate::ctx::{Ctx, random_token};
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::tickets::{self, Loaded};
use crate::{drafts, messages, requests};

/// Which lines a page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The last ones.
    #[default]
    Latest,
    /// Those before a cursor.
    Before(String),
    /// Those after the line of this number: what a page that is open has missed (T-CHT-06).
    After(i64),
}

/// The agents' page. While the setting 316 is off it has no lines, and says so.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity; `Invalid` on a wrong cursor.
pub async fn page(ctx: &Ctx, number: i64, part: Part) -> Result<ChatView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() || !messages::sees(&loaded, false) {
        return Err(AppError::NotFound.into());
    }
    let view = view(ctx, &snapshot, &loaded, &part, false).await?;
    drop(snapshot);
    finish(ctx, &loaded, view).await
}

/// The page in My requests (P-CHT-01).
///
/// # Errors
/// `NotFound` for what is none of the reader's requests, and for observers and approvers; `Invalid` on a wrong cursor.
pub async fn portal_page(ctx: &Ctx, number: i64, part: Part) -> Result<ChatView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = requests::load(ctx, &snapshot, number).await?;
    if !messages::sees(&loaded, true) {
        return Err(AppError::NotFound.into());
    }
    let view = view(ctx, &snapshot, &loaded, &part, true).await?;
    drop(snapshot);
    finish(ctx, &loaded, view).await
}

async fn view(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    part: &Part,
    portal: bool,
) -> Result<ChatView, ServiceError> {
    let settings = Settings::load(connection, &tickets::path(ctx, &loaded.ticket)).await?;
    let ticket = &loaded.ticket;
    let mut view = ChatView {
        number: ticket.number,
        title: ticket.title.clone(),
        lines: Vec::new(),
        earlier_cursor: None,
        last: 0,
        off: off(loaded, &settings),
        is_requester: loaded.side() == Side::Requester,
        is_running: false,
        started_at: None,
        people: Vec::new(),
        draft: None,
        key: random_token(16),
        now: ctx.moment(),
    };
    if !settings.is_on(Key::ChatEnabled) {
        return Ok(view);
    }
    let binding = format!("chat page:{}:{}", ticket.number, ctx.actor.id());
    let keep = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let (mut found, is_back): (Vec<chat_line::Model>, bool) = match part {
        Part::After(number) => (above(connection, ticket.id, *number, LIMIT_MAX).await?, false),
        Part::Latest => (below(connection, ticket.id, i64::MAX, LIMIT + 1).await?, true),
        Part::Before(text) => {
            let before: Option<i64> = cursor::open(&ctx.services.secret, &binding, text)?;
            (below(connection, ticket.id, before.unwrap_or(i64::MAX), LIMIT + 1).await?, true)
        }
    };
    if is_back && found.len() > keep {
        found.remove(0);
        view.earlier_cursor = found.first().map(|first| cursor::seal(&ctx.services.secret, &binding, &first.number));
    }
    view.lines = rows::views(ctx, connection, loaded, &found, portal).await?;
    view.last = match part {
        // What a page goes on from is what it shows: more may have been said than fits.
        Part::After(number) => found.last().map_or(*number, |last| last.number),
        _ => last_number(connection, ticket.id).await?,
    };
    let open = open_of(connection, ticket.id).await?;
    view.is_running = open.is_some();
    view.started_at = open.map(|chat| moment(chat.started_at, ctx.actor.zone));
    view.people = people(ctx, connection, loaded, &settings, portal).await?;
    Ok(view)
}

/// Who else is here, and, for agents, who of the requester side is away and gets no mail (setting 447).
async fn people(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
    portal: bool,
) -> Result<Vec<ChatPerson>, ServiceError> {
    let entity = loaded.ticket.entity_id;
    let here = signs::present(ctx, connection, loaded.ticket.number).await?;
    let away = if loaded.is_agent() && !portal {
        offline::unreachable(ctx, connection, loaded, settings).await?
    } else {
        Vec::new()
    };
    let is_here = |id: &uuid::Uuid| here.iter().any(|person| person.user_id == *id);
    let away = away.into_iter().filter(|(id, _)| *id != ctx.actor.id() && !is_here(id)).map(|(id, name)| ChatPerson {
        key: signs::key_of(ctx, entity, id),
        name,
        side: Side::Requester,
        online: false,
        typing: false,
        no_mail: true,
    });
    let away: Vec<ChatPerson> = away.collect();
    let here = here.into_iter().map(|person| ChatPerson {
        key: signs::key_of(ctx, entity, person.user_id),
        name: person.name,
        side: person.side.parse().unwrap_or(Side::System),
        online: true,
        typing: domain::chat::is_typing(person.typing_until, ctx.now()),
        no_mail: false,
    });
    Ok(here.chain(away).collect())
}

/// Adds the draft, and marks what is shown as read.
async fn finish(ctx: &Ctx, loaded: &Loaded, view: ChatView) -> Result<ChatView, ServiceError> {
    let draft = drafts::find(ctx, KIND, &view.number.to_string()).await?;
    if let Some(last) = view.lines.iter().map(|line| line.number).max() {
        read::note_reading(ctx, loaded, last).await;
    }
    Ok(ChatView { draft, ..view })
}
