//! Live events over HTTP: one stream for API clients and, by their session, for pages (A-EVT).
//!
//! Belongs here: positions, resuming, ending. Does not belong here: what a listener may hear (`service::events::heard`).

mod signs;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code};
use serde_json::json;
use service::events::{self, Change, Position};
use service::{Ctx, ServiceError, cursor};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::extract::{Caller, Params};
use super::limits::Place;
use super::problem::ApiError;
use signs::Watch;

/// Kinds of changes (A-EVT-02), those of later parts too.
const KINDS: [&str; 13] = [
    "ticket",
    "occurrence",
    "task",
    "solution",
    "validation",
    "message",
    "chat",
    "document",
    "notification",
    "customer",
    "customer_occurrence",
    "article",
    "setting",
];
/// Most tickets a stream may be narrowed to.
const TICKETS_MAX: usize = 100;
/// Most events that wait to be sent; the rest is read when they are gone.
const READY_MAX: usize = 500;
/// How often an open stream looks whether what its listener came with still opens (A-AUT-02).
const LOOK: Duration = Duration::from_secs(1);

/// `GET /events`.
pub async fn show(
    caller: Caller,
    stop: Option<Extension<CancellationToken>>,
    headers: HeaderMap,
    mut params: Params,
) -> Result<Response, ApiError> {
    let mut tickets = Vec::new();
    for text in params.many("ticket").split(',').filter(|text| !text.is_empty()) {
        match text.trim().parse::<domain::ids::TicketNumber>() {
            Ok(number) => tickets.push(number.get()),
            Err(_no_number) => params.wrong("ticket", Code::Invalid),
        }
    }
    if tickets.len() > TICKETS_MAX {
        params.wrong("ticket", Code::TooMany);
    }
    let kinds: Vec<String> =
        params.many("kinds").split(',').map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty()).collect();
    if kinds.iter().any(|kind| !KINDS.contains(&kind.as_str())) {
        params.wrong("kinds", Code::Invalid);
    }
    params.finish()?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let stop = stop.map(|Extension(stop)| stop).unwrap_or_default();
    stream(caller.ctx, tickets, kinds, last, stop).await
}

/// A stream of what `ctx` may see of changes: of `tickets` and `kinds` only, where they are not empty; from `last` on, where a
/// client resumes; until `stop`, or until the session or token of `ctx` opens nothing any more.
///
/// # Errors
/// `too_many_requests` above 100 open streams of the person; `unavailable` when the database is away.
pub async fn stream(
    ctx: Ctx,
    tickets: Vec<i64>,
    kinds: Vec<String>,
    last: Option<String>,
    stop: CancellationToken,
) -> Result<Response, ApiError> {
    let place = Place::take(ctx.actor.id())?;
    // Listening begins before the position is read: what happens in between is heard twice and told once.
    let receiver = ctx.services.hub.listen();
    let mut listener = Listener {
        receiver,
        tickets,
        stop,
        position: Position::default(),
        ready: VecDeque::new(),
        is_behind: true,
        is_over: false,
        is_revoked: false,
        renewed_at: Instant::now(),
        look_at: Instant::now() + LOOK,
        chats: Watch::of(&kinds),
        kinds,
        ctx,
        _place: place,
    };
    listener.begin(last.as_deref().map(str::trim).filter(|id| !id.is_empty())).await?;
    let told = futures::stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<Event, Infallible>(event), listener))
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    let mut response = Sse::new(told).keep_alive(keep_alive).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies must pass each event on at once.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// One open stream.
struct Listener {
    ctx: Ctx,
    receiver: broadcast::Receiver<Arc<Change>>,
    tickets: Vec<i64>,
    kinds: Vec<String>,
    stop: CancellationToken,
    /// Everything up to here was looked at.
    position: Position,
    /// Made and not sent yet.
    ready: VecDeque<Event>,
    /// There may be changes after the position that were not read yet.
    is_behind: bool,
    is_over: bool,
    /// What the listener came with opens nothing any more.
    is_revoked: bool,
    /// When the rights of `ctx` were read.
    renewed_at: Instant,
    look_at: Instant,
    /// Who is here and who is writing, for a stream that asks for chats (A-EVT-04).
    chats: Option<Watch>,
    _place: Place,
}

impl Listener {
    fn binding(&self) -> String {
        format!("events:{}", self.ctx.actor.id())
    }

    fn seal(&self, position: Position) -> String {
        cursor::seal(&self.ctx.services.secret, &self.binding(), &position)
    }

    /// Finds the position to begin at. The first event has an id and no data: who loses the line at once resumes without gap.
    async fn begin(&mut self, last: Option<&str>) -> Result<(), ApiError> {
        let db = self.ctx.db();
        let newest = events::newest(db).await?;
        let resumed = match last {
            Some(id) => self.resumed(id).await?,
            None => None,
        };
        self.position = resumed.unwrap_or(newest);
        if let Some(chats) = &mut self.chats {
            chats.begin(&self.ctx, &self.tickets).await?;
        }
        self.ready.push_back(Event::default().retry(Duration::from_secs(3)).id(self.seal(self.position)));
        if last.is_some() && resumed.is_none() {
            self.ready.push_back(Event::default().event("reset").id(self.seal(self.position)).data("{}"));
        }
        Ok(())
    }

    /// The position of an id of ours that is still kept; anything else begins anew.
    async fn resumed(&self, id: &str) -> Result<Option<Position>, ServiceError> {
        let opened: Result<Option<Position>, AppError> = cursor::open(&self.ctx.services.secret, &self.binding(), id);
        let Ok(Some(position)) = opened else { return Ok(None) };
        let is_kept = events::is_kept(self.ctx.db().reader(), position).await?;
        Ok(is_kept.then_some(position))
    }

    /// The next event; `None` ends the stream, and the client resumes where it was.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            let step = if self.stop.is_cancelled() {
                Step::Stop
            } else if self.is_behind {
                Step::CatchUp
            } else {
                self.wait().await
            };
            if let Err(error) = self.take(step).await {
                tracing::debug!(%error, "an event stream ends");
                self.is_over = true;
            }
        }
    }

    async fn wait(&mut self) -> Step {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Step::Stop,
            () = tokio::time::sleep_until(self.look_at) => Step::Look,
            heard = self.receiver.recv() => match heard {
                Ok(change) => Step::Hear(change),
                Err(RecvError::Lagged(_)) => Step::CatchUp,
                Err(RecvError::Closed) => Step::Stop,
            },
        }
    }

    async fn take(&mut self, step: Step) -> Result<(), ServiceError> {
        match step {
            // The hub only wakes: it may have begun later than this listener, so the table is read from the own position on.
            Step::Hear(change) if Position(change.xid, change.seq) <= self.position => Ok(()),
            Step::Hear(_) | Step::CatchUp => self.catch_up().await,
            Step::Look => {
                self.look_at = Instant::now() + LOOK;
                if events::still_opens(&self.ctx).await? {
                    self.watch_chats().await?;
                    return self.catch_up().await;
                }
                self.revoke();
                Ok(())
            }
            Step::Stop => {
                self.is_over = true;
                self.catch_up().await
            }
        }
    }

    /// Looks who came, went and writes; where something differs, with the rights of this moment (T-VIS-07).
    async fn watch_chats(&mut self) -> Result<(), ServiceError> {
        let Some(mut chats) = self.chats.take() else { return Ok(()) };
        if chats.has_news(&self.ctx, &self.tickets).await? && self.renew().await? {
            self.ready.extend(chats.news(&self.ctx, &self.tickets).await?);
        }
        self.chats = Some(chats);
        Ok(())
    }

    /// Reads what comes after the position, as much as may wait to be sent.
    async fn catch_up(&mut self) -> Result<(), ServiceError> {
        while self.ready.len() < READY_MAX {
            let changes = events::after(self.ctx.db(), self.position).await?;
            self.is_behind = !changes.is_empty();
            if changes.is_empty() {
                break;
            }
            for change in &changes {
                self.hear(change).await?;
            }
        }
        Ok(())
    }

    /// Looks at one change with the rights of this moment (T-VIS-07).
    async fn hear(&mut self, change: &Change) -> Result<(), ServiceError> {
        let at = Position(change.xid, change.seq);
        let is_wanted = (self.tickets.is_empty() || self.tickets.contains(&change.ticket_number))
            && (self.kinds.is_empty() || self.kinds.contains(&change.kind));
        if is_wanted
            && self.renew().await?
            && let Some(heard) = events::heard(&self.ctx, change).await?
        {
            // A ticket is named by its number; its id is shown to nobody.
            let id = Some(change.object_id).filter(|_| change.kind != "ticket");
            let mut data = json!({ "kind": change.kind, "what": heard.what, "ticket": change.ticket_number, "id": id });
            if change.ticket_number == 0
                && let Some(data) = data.as_object_mut()
            {
                // What belongs to a customer has that one in the place of a ticket.
                data.insert("ticket".to_owned(), serde_json::Value::Null);
                data.insert("customer".to_owned(), json!(change.ticket_id));
            }
            if let (Some(version), Some(data)) = (heard.version, data.as_object_mut()) {
                data.insert("version".to_owned(), json!(version));
            }
            self.ready.push_back(Event::default().id(self.seal(at)).event("change").data(data.to_string()));
        }
        self.position = at;
        Ok(())
    }

    /// Reads the rights again when they are older than a second; false when nothing opens any more.
    async fn renew(&mut self) -> Result<bool, ServiceError> {
        if self.is_revoked || self.renewed_at.elapsed() < LOOK {
            return Ok(!self.is_revoked);
        }
        match events::renewed(&self.ctx).await? {
            Some(ctx) => {
                self.ctx = ctx;
                self.renewed_at = Instant::now();
            }
            None => self.revoke(),
        }
        Ok(!self.is_revoked)
    }

    fn revoke(&mut self) {
        self.is_revoked = true;
        self.is_over = true;
    }
}

/// What woke a stream up.
enum Step {
    Hear(Arc<Change>),
    CatchUp,
    Look,
    Stop,
}
