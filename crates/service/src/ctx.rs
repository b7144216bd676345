//! Who asks, when, of which instance: the context every use case takes first.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::format::Moment;
use uuid::Uuid;

use crate::actor::Actor;
use crate::db::Db;
use crate::documents::Files;
use crate::events::Hub;
use crate::jobs::Bell;
use crate::mail::Mailer;
use crate::moments;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine.
    System,
    /// A test decides.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// Seconds since 1970, UTC.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now(&self) -> i64 {
        match self {
            Self::System => chrono::Utc::now().timestamp(),
            Self::Fixed(at) => at.load(Ordering::Relaxed),
        }
    }
}

/// What all requests of this instance share. Holds nothing another instance would need.
#[derive(Clone, Debug)]
pub struct Services {
    /// Connections.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Uploaded contents.
    pub files: Files,
    /// Live events of this instance's listeners.
    pub hub: Hub,
    /// Signs cursors; the same on all instances.
    pub secret: Arc<[u8; 32]>,
    /// Wakes the jobs of this instance.
    pub bell: Arc<Bell>,
    /// The way out for mails; none = email is not configured (M-TRN-01).
    pub mailer: Option<Arc<Mailer>>,
    /// Public address, `http://127.0.0.1:3000` or `https://desk.example`.
    pub base_url: Arc<str>,
}

impl Services {
    /// Seconds since 1970, UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}

/// The context of one request of a signed-in person.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Shared parts.
    pub services: Services,
    /// Who asks, with his rights of this moment.
    pub actor: Arc<Actor>,
    /// Whether a program asks: a page with scripts, or one at the API. It holds what it sends until it is answered.
    pub is_scripted: bool,
    /// Whether it is one at the API, that writes beside a person who may be typing in a page.
    pub is_program: bool,
    /// The draft that such a program says it sends.
    pub sent_draft: Option<Uuid>,
}

impl Ctx {
    /// A context for `actor`.
    #[must_use]
    pub fn new(services: Services, actor: Actor) -> Self {
        let actor = actor.asking_at(services.now());
        Self { services, actor: Arc::new(actor), is_scripted: false, is_program: false, sent_draft: None }
    }

    /// The same, asked by a program or by a form of a page without scripts.
    #[must_use]
    pub fn scripted(self, is_scripted: bool) -> Self {
        Self { is_scripted, ..self }
    }

    /// The same, asked by a program at the API.
    #[must_use]
    pub fn by_program(self) -> Self {
        Self { is_scripted: true, is_program: true, ..self }
    }

    /// The same of a program that sends what was kept as a draft: that goes with what it becomes (T-DRF-06).
    #[must_use]
    pub fn sending(self, draft: Option<Uuid>) -> Self {
        Self { sent_draft: draft, ..self }
    }

    /// Seconds since 1970, UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.services.now()
    }

    /// The same as the clock of the actor shows it.
    #[must_use]
    pub fn moment(&self) -> Moment {
        moments::moment(self.now(), self.actor.zone)
    }

    /// Connections.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.services.db
    }
}

/// A new id; ids grow with time, so that they end ties of equal seconds.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// `bytes` random bytes as text without padding.
#[must_use]
pub fn random_token(bytes: usize) -> String {
    let mut buffer = vec![0_u8; bytes];
    if getrandom::fill(&mut buffer).is_err() {
        // Without randomness no secret may be made: two ids of the system's own generator are the last resort for references.
        buffer = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        buffer.truncate(bytes);
    }
    URL_SAFE_NO_PAD.encode(buffer)
}
