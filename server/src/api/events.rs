//! Live events over HTTP: one stream for API clients and, by their session, for pages (A-EVT).
//!
//! Belongs here: positions, resuming, ending. Does not belong here: what a listener may hear, and when he is told
//! (`service::events`). A stream asks the database while it begins and while it catches up; what comes then is told to it.

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
use service::events::{self, Listener, News, Position, Told, Wanted};
use service::{Ctx, ServiceError, cursor};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

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
/// How often a stream that asks for chats looks who is there and who writes.
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
    let wanted = Arc::new(Wanted { tickets, kinds });
    // Listening begins before the position is read: what happens in between is heard twice and told once.
    let listener = ctx.services.hub.listen(ctx.clone(), Arc::clone(&wanted)).await?;
    let chats = Watch::of(&wanted.kinds).map(Box::new);
    let mut stream = Stream {
        listener,
        secret: Arc::clone(&ctx.services.secret),
        person: ctx.actor.id(),
        stop,
        position: Position::default(),
        ready: VecDeque::new(),
        is_behind: false,
        is_over: false,
        look_at: chats.is_some().then(|| Instant::now() + LOOK),
        chats,
        wanted,
        _place: place,
    };
    stream.begin(&ctx, last.as_deref().map(str::trim).filter(|id| !id.is_empty())).await?;
    let told = futures::stream::unfold(stream, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<Event, Infallible>(event), stream))
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    let mut response = Sse::new(told).keep_alive(keep_alive).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies must pass each event on at once.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// One open stream. There are thousands of them: what it needs only now and then lies elsewhere.
struct Stream {
    listener: Listener,
    wanted: Arc<Wanted>,
    secret: Arc<[u8; 32]>,
    person: Uuid,
    stop: CancellationToken,
    /// Everything up to here was looked at.
    position: Position,
    /// Made and not sent yet.
    ready: VecDeque<Event>,
    /// There may be changes after the position that nobody tells: they are read from the table.
    is_behind: bool,
    is_over: bool,
    /// Who is here and who is writing, for a stream that asks for chats (A-EVT-04), and when it is looked for next.
    chats: Option<Box<Watch>>,
    look_at: Option<Instant>,
    _place: Place,
}

impl Stream {
    fn binding(&self) -> String {
        format!("events:{}", self.person)
    }

    fn seal(&self, position: Position) -> String {
        cursor::seal(&self.secret, &self.binding(), &position)
    }

    /// Finds the position to begin at. The first event has an id and no data: who loses the line at once resumes without gap.
    async fn begin(&mut self, ctx: &Ctx, last: Option<&str>) -> Result<(), ServiceError> {
        let newest = events::newest(ctx.db()).await?;
        let resumed = match last {
            Some(id) => self.resumed(ctx, id).await?,
            None => None,
        };
        self.position = resumed.unwrap_or(newest);
        self.is_behind = resumed.is_some();
        if let Some(chats) = &mut self.chats {
            chats.begin(ctx, &self.wanted.tickets).await?;
        }
        self.ready.push_back(Event::default().retry(Duration::from_secs(3)).id(self.seal(self.position)));
        if last.is_some() && resumed.is_none() {
            self.ready.push_back(Event::default().event("reset").id(self.seal(self.position)).data("{}"));
        }
        Ok(())
    }

    /// The position of an id of ours that is still kept; anything else begins anew.
    async fn resumed(&self, ctx: &Ctx, id: &str) -> Result<Option<Position>, ServiceError> {
        let opened: Result<Option<Position>, AppError> = cursor::open(&self.secret, &self.binding(), id);
        let Ok(Some(position)) = opened else { return Ok(None) };
        let is_kept = events::is_kept(ctx.db(), position).await?;
        Ok(is_kept.then_some(position))
    }

    /// The next event; `None` ends the stream, and the client resumes where it was.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                if self.ready.is_empty() {
                    // A quiet stream keeps no room for many.
                    self.ready = VecDeque::new();
                }
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
            // What asks the database is large while it asks: it has a place of its own for so long.
            if let Err(error) = Box::pin(self.take(step)).await {
                tracing::debug!(%error, "an event stream ends");
                self.is_over = true;
            }
        }
    }

    async fn wait(&mut self) -> Step {
        let look_at = self.look_at;
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Step::Stop,
            () = until(look_at) => Step::Look,
            told = self.listener.next() => match told {
                Told::News(news) => Step::Hear(news),
                Told::Behind => Step::CatchUp,
                Told::Over => Step::End,
            },
        }
    }

    async fn take(&mut self, step: Step) -> Result<(), ServiceError> {
        match step {
            Step::Hear(news) => {
                self.tell(&news);
                Ok(())
            }
            Step::CatchUp => self.catch_up().await,
            Step::Look => self.look().await,
            Step::Stop => self.finish().await,
            Step::End => {
                self.is_over = true;
                Ok(())
            }
        }
    }

    /// Looks who came, went and writes, with the rights of this moment (T-VIS-07).
    async fn look(&mut self) -> Result<(), ServiceError> {
        self.look_at = Some(Instant::now() + LOOK);
        let Some(ctx) = self.listener.ctx() else {
            self.is_over = true;
            return Ok(());
        };
        if let Some(chats) = &mut self.chats
            && chats.has_news(&ctx, &self.wanted.tickets).await?
        {
            self.ready.extend(chats.news(&ctx, &self.wanted.tickets).await?);
        }
        Ok(())
    }

    /// Reads a page of what comes after the position.
    async fn catch_up(&mut self) -> Result<(), ServiceError> {
        let Some(ctx) = self.listener.ctx() else {
            self.is_over = true;
            return Ok(());
        };
        let missed = events::missed(&ctx, &self.wanted, self.position).await?;
        for news in &missed.news {
            self.tell(news);
        }
        self.position = self.position.max(missed.position);
        self.is_behind = !missed.is_all;
        Ok(())
    }

    /// Ends after what was committed by now; who has more to catch up with than a page does that where he resumes.
    async fn finish(&mut self) -> Result<(), ServiceError> {
        self.is_over = true;
        if !self.is_behind {
            let passed = self.listener.passed().await;
            loop {
                match self.listener.take() {
                    Some(Told::News(news)) => self.tell(&news),
                    Some(Told::Behind) => break,
                    Some(Told::Over) => return Ok(()),
                    None => {
                        self.position = self.position.max(passed.unwrap_or_default());
                        break;
                    }
                }
            }
        }
        self.catch_up().await
    }

    /// Makes the event of a change that was not looked at yet.
    fn tell(&mut self, news: &News) {
        let (change, at) = (&news.change, news.change.position());
        if at <= self.position {
            return;
        }
        // A ticket is named by its number; its id is shown to nobody.
        let id = Some(change.object_id).filter(|_| change.kind != "ticket");
        let mut data =
            json!({ "kind": change.kind, "what": news.heard.what, "ticket": change.ticket_number, "id": id });
        if let Some(data) = data.as_object_mut() {
            if change.ticket_number == 0 {
                // What belongs to a customer has that one in the place of a ticket.
                data.insert("ticket".to_owned(), serde_json::Value::Null);
                data.insert("customer".to_owned(), json!(change.ticket_id));
            }
            if let Some(version) = news.heard.version {
                data.insert("version".to_owned(), json!(version));
            }
        }
        self.ready.push_back(Event::default().id(self.seal(at)).event("change").data(data.to_string()));
        self.position = at;
    }
}

/// Resolves at a moment, or never.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// What woke a stream up.
enum Step {
    Hear(Arc<News>),
    CatchUp,
    Look,
    Stop,
    End,
}
