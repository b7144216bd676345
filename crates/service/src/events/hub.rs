//! This instance's listeners: one reader of the table tells all of them, one question a second asks what opens for them.
//!
//! Belongs here: who listens, what waits for him, when the table is read. Does not belong here: what he may hear (`scene`), whether
//! what he came with still opens (`guard`), how it reaches him (`server`).

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use super::guard::{self, Frame, Grounds};
use super::scene::Scene;
use super::{Change, News, Position, Wanted, after, newest};
use crate::actor::Actor;
use crate::chat::Presence;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::ServiceError;

/// News that wait for one listener; who lets more come reads them from the table when he is ready.
pub const WAITING_MAX: usize = 64;
/// The table is read at least so often while somebody listens: other instances write, too.
const TICK: Duration = Duration::from_millis(200);
/// The first look after a commit is at once. What PostgreSQL still holds back then, because an older transaction runs, is looked
/// for soon after, and then less and less often.
const SOON: Duration = Duration::from_millis(25);
/// From one look that found something to the next: commits that come one after the other are told together.
const APART: Duration = Duration::from_millis(20);
/// How often it is asked what opens, and for what (A-AUT-02).
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// Person and hash of the credential he came with.
type Key = (Uuid, String);

/// All listeners of an instance; clones are the same hub.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    wake: Notify,
    house: Mutex<House>,
    /// Up to here everything was told to whoever listened; nothing while nobody listens. Held while it is told, so that whoever
    /// comes meanwhile hears of everything after it.
    position: tokio::sync::Mutex<Option<Position>>,
    /// Who is in some chat, when somebody looked last.
    presence: tokio::sync::Mutex<Option<(Instant, Arc<Presence>)>>,
}

#[derive(Default)]
struct House {
    seats: BTreeMap<Arc<Key>, Seat>,
    frame: Frame,
}

/// Somebody with one credential, however many streams he holds open.
struct Seat {
    ctx: Arc<Ctx>,
    /// What his rights stand on; not known while they are those of his last request.
    grounds: Option<Grounds>,
    inboxes: Vec<Arc<Inbox>>,
}

/// What waits for one listener.
#[derive(Default)]
struct Inbox {
    wanted: Arc<Wanted>,
    state: Mutex<State>,
    bell: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Arc<News>>,
    /// More came than may wait.
    is_behind: bool,
    /// What he came with opens nothing any more.
    is_over: bool,
}

/// What a listener is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// Something he may hear of.
    News(Arc<News>),
    /// He did not keep up: what comes after the last of the news stands in the table.
    Behind,
    /// What he came with opens nothing any more.
    Over,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Hub {
    /// A commit of this instance: read at once instead of at the next tick.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Whether somebody listens.
    #[must_use]
    pub fn has_listeners(&self) -> bool {
        !self.house().seats.is_empty()
    }

    /// Hears of what `ctx` may hear of and wants, as long as what `ctx` came with opens: of everything that is committed from now
    /// on, and perhaps of a little before.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn listen(&self, ctx: Ctx, wanted: Arc<Wanted>) -> Result<Listener, ServiceError> {
        let mut position = self.0.position.lock().await;
        if position.is_none() {
            *position = Some(newest(ctx.db()).await?);
        }
        let inbox = Arc::new(Inbox { wanted, ..Inbox::default() });
        let key = self.house().seat(ctx, Arc::clone(&inbox));
        Ok(Listener { hub: self.clone(), key, inbox })
    }

    /// Reads the table by cursor until `stop` resolves, and asks once a second whether listeners may go on: at once after own
    /// commits, else 5 times a second while someone listens.
    pub async fn run(self, db: Db, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut asked: Option<Instant> = None;
        let mut pause = TICK;
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = self.0.wake.notified() => pause = SOON,
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(TICK),
            }
            match self.round(&db, &mut asked).await {
                Ok(0) => {}
                Ok(_told) => {
                    pause = SOON;
                    tokio::time::sleep(APART).await;
                }
                // Nothing is told while it cannot be asked who may hear it.
                Err(error) => {
                    tracing::debug!(%error, "events will be read again");
                    pause = ASKED_EVERY;
                }
            }
        }
    }

    async fn round(&self, db: &Db, asked: &mut Option<Instant>) -> Result<usize, ServiceError> {
        if asked.is_none_or(|at| at.elapsed() >= ASKED_EVERY) {
            self.ask(db).await?;
            *asked = Some(Instant::now());
        }
        self.pass(db).await
    }

    /// Asks for all listeners together, and sends away whose credential opens nothing any more.
    async fn ask(&self, db: &Db) -> Result<(), ServiceError> {
        let (keys, now) = self.house().keys();
        let Some(now) = now else { return Ok(()) };
        let credentials: Vec<&str> = keys.iter().map(|key| key.1.as_str()).collect();
        let answer = guard::ask(db, &credentials, now).await?;
        let mut house = self.house();
        let is_same = house.frame == answer.frame;
        for key in &keys {
            match answer.grounds(key.0, &key.1) {
                Some(grounds) => house.renew(key, grounds, &answer.frame, is_same),
                None => house.send_away(key),
            }
        }
        house.frame = answer.frame;
        Ok(())
    }

    /// Tells what came after the position, and answers how many changes that were.
    async fn pass(&self, db: &Db) -> Result<usize, ServiceError> {
        let mut position = self.0.position.lock().await;
        if !self.has_listeners() {
            *position = None;
            return Ok(0);
        }
        let Some(start) = *position else { return Ok(0) };
        let mut changes = after(db, start).await?;
        let Some(last) = changes.last().map(Change::position) else { return Ok(0) };
        let count = changes.len();
        self.house().keep_wanted(&mut changes);
        let scene = Scene::load(db, &changes.iter().collect::<Vec<_>>()).await?;
        for change in changes {
            self.house().tell(&scene, &Arc::new(change));
            // A long row of changes leaves time for others.
            tokio::task::yield_now().await;
        }
        *position = Some(last);
        Ok(count)
    }

    fn house(&self) -> MutexGuard<'_, House> {
        lock(&self.0.house)
    }

    /// Who is in some chat, as somebody of this instance read it last, and when that was.
    pub(crate) fn presence(&self) -> &tokio::sync::Mutex<Option<(Instant, Arc<Presence>)>> {
        &self.0.presence
    }
}

impl House {
    /// Seats a listener with the rights of this moment, which count for all his streams.
    fn seat(&mut self, ctx: Ctx, inbox: Arc<Inbox>) -> Arc<Key> {
        let key: Key = (ctx.actor.id(), ctx.actor.credential.clone());
        let known = self.seats.get_key_value(&key).map(|(known, _)| Arc::clone(known));
        let key = known.unwrap_or_else(|| Arc::new(key));
        let ctx = Arc::new(ctx);
        match self.seats.get_mut(&key) {
            Some(seat) => {
                seat.ctx = ctx;
                seat.grounds = None;
                seat.inboxes.push(inbox);
            }
            None => {
                self.seats.insert(Arc::clone(&key), Seat { ctx, grounds: None, inboxes: vec![inbox] });
            }
        }
        key
    }

    fn leave(&mut self, key: &Arc<Key>, inbox: &Arc<Inbox>) {
        let Some(seat) = self.seats.get_mut(key) else { return };
        seat.inboxes.retain(|other| !Arc::ptr_eq(other, inbox));
        if seat.inboxes.is_empty() {
            self.seats.remove(key);
        }
    }

    /// Everybody, and the time; nothing when nobody is there.
    fn keys(&self) -> (Vec<Arc<Key>>, Option<i64>) {
        let now = self.seats.values().next().map(|seat| seat.ctx.now());
        (self.seats.keys().map(Arc::clone).collect(), now)
    }

    /// Lets somebody go on with what he may do now.
    fn renew(&mut self, key: &Arc<Key>, grounds: Grounds, frame: &Frame, is_same: bool) {
        let Some(seat) = self.seats.get_mut(key) else { return };
        if is_same && seat.grounds.as_ref() == Some(&grounds) {
            return;
        }
        let actor = Arc::new(grounds.carry(&seat.ctx.actor, frame));
        seat.ctx = Arc::new(Ctx { actor, ..Ctx::clone(&seat.ctx) });
        seat.grounds = Some(grounds);
    }

    fn send_away(&mut self, key: &Arc<Key>) {
        for inbox in self.seats.remove(key).into_iter().flat_map(|seat| seat.inboxes) {
            inbox.end();
        }
    }

    /// Drops what nobody wants to hear of.
    fn keep_wanted(&self, changes: &mut Vec<Change>) {
        let inboxes = || self.seats.values().flat_map(|seat| seat.inboxes.iter());
        changes.retain(|change| inboxes().any(|inbox| inbox.wanted.has(change)));
    }

    fn tell(&self, scene: &Scene, change: &Arc<Change>) {
        for seat in self.seats.values() {
            let mut inboxes = seat.inboxes.iter().filter(|inbox| inbox.wanted.has(change)).peekable();
            if inboxes.peek().is_none() {
                continue;
            }
            let Some(heard) = scene.heard(&seat.ctx.actor, seat.ctx.now(), change) else { continue };
            let news = Arc::new(News { change: Arc::clone(change), heard });
            for inbox in inboxes {
                inbox.put(&news);
            }
        }
    }
}

impl Inbox {
    fn put(&self, news: &Arc<News>) {
        let mut state = lock(&self.state);
        if state.is_behind || state.is_over {
            return;
        }
        if state.waiting.len() < WAITING_MAX {
            state.waiting.push_back(Arc::clone(news));
        } else {
            state.is_behind = true;
        }
        drop(state);
        self.bell.notify_one();
    }

    fn take(&self) -> Option<Told> {
        let mut state = lock(&self.state);
        if state.is_over {
            return Some(Told::Over);
        }
        if let Some(news) = state.waiting.pop_front() {
            if state.waiting.is_empty() {
                // Thousands of them wait for news: none keeps the room of its busiest moment.
                state.waiting = VecDeque::new();
            }
            return Some(Told::News(news));
        }
        std::mem::take(&mut state.is_behind).then_some(Told::Behind)
    }

    /// Nothing more is told, not even what waits.
    fn end(&self) {
        *lock(&self.state) = State { is_over: true, ..State::default() };
        self.bell.notify_one();
    }
}

/// One stream that listens; it leaves when it is dropped.
pub struct Listener {
    hub: Hub,
    key: Arc<Key>,
    inbox: Arc<Inbox>,
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("person", &self.key.0).finish_non_exhaustive()
    }
}

impl Listener {
    /// What comes next, as soon as there is something.
    pub async fn next(&self) -> Told {
        loop {
            if let Some(told) = self.take() {
                return told;
            }
            self.inbox.bell.notified().await;
        }
    }

    /// What waits already.
    #[must_use]
    pub fn take(&self) -> Option<Told> {
        self.inbox.take()
    }

    /// Up to where everything there was to tell has been told, or waits to be taken; nothing when nobody knows.
    pub async fn passed(&self) -> Option<Position> {
        *self.hub.0.position.lock().await
    }

    /// The listener at this moment, with rights of at most a second ago; `None` when what he came with opens nothing any more.
    #[must_use]
    pub fn ctx(&self) -> Option<Ctx> {
        let ctx = self.hub.house().seats.get(&self.key).map(|seat| Arc::clone(&seat.ctx))?;
        let is_over = lock(&self.inbox.state).is_over;
        (!is_over).then(|| Ctx::new(ctx.services.clone(), Actor::clone(&ctx.actor)))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.house().leave(&self.key, &self.inbox);
    }
}
