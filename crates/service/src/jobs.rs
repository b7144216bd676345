//! What happens without anybody asking: jobs that run beside the requests of an instance, safe with several instances.

mod close_solved;
mod make_thumbnail;
mod purge_trash;
mod relay_outbox;
mod remind_pending;
mod remind_tasks;
mod tend_chats;
mod watch_deadlines;

use std::time::{Duration, Instant};

use futures::FutureExt as _;
use tokio::sync::Notify;

use crate::ctx::{Clock, Services};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;

pub use close_solved::close_solved;
pub use make_thumbnail::make_thumbnail;
pub use purge_trash::purge_trash;
pub use relay_outbox::relay_outbox;
pub use remind_pending::remind_pending;
pub use remind_tasks::remind_tasks;
pub use tend_chats::tend_chats;
pub use watch_deadlines::watch_deadlines;

/// How long a job with nothing to do waits before it looks again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is looked for what has become due, when the last look found nothing.
const TIMERS: Duration = Duration::from_secs(15);
/// How often chats are looked after: their spans are minutes.
const CHATS: Duration = Duration::from_secs(5);
/// How often it is looked for images without a thumbnail, besides being told of them.
const PICTURES: Duration = Duration::from_secs(2);

/// Wakes the jobs of this instance after a commit that may have given them work.
#[derive(Debug, Default)]
pub struct Bell {
    work: Notify,
    pictures: Notify,
}

impl Bell {
    /// There may be work.
    pub fn ring(&self) {
        self.work.notify_one();
    }

    /// There may be images without a thumbnail.
    pub fn ring_for_pictures(&self) {
        self.pictures.notify_one();
    }
}

/// Sends mails, looks after chats, reminds of pending tickets and of tasks, tells of deadlines, closes what nobody answered, empties
/// the trash, and makes thumbnails until `stop` resolves; what was begun is finished.
pub async fn run(services: Services, stop: impl Future<Output = ()> + Send) {
    let stop = stop.shared();
    tokio::join!(tend(&services, stop.clone()), draw(&services, stop));
}

/// Makes thumbnails, beside all other jobs: no mail waits for a large picture.
async fn draw(services: &Services, stop: impl Future<Output = ()> + Send) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let made = done("making thumbnails", make_thumbnail(services).await);
        let pause = if made > 0 { Duration::ZERO } else { PICTURES };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = services.bell.pictures.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// All jobs whose work is done in a moment.
async fn tend(services: &Services, stop: impl Future<Output = ()> + Send) {
    let mut stop = std::pin::pin!(stop);
    let mut chats = tokio::time::interval(CHATS);
    chats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut looked: Option<Instant> = None;
    loop {
        let sent = done("relaying mails", relay_outbox(services).await);
        let mut due = 0;
        if looked.is_none_or(|at| at.elapsed() >= TIMERS) {
            due = done("reminding of pending tickets", remind_pending(services).await)
                + done("reminding of tasks", remind_tasks(services).await)
                + done("telling of deadlines", watch_deadlines(services).await)
                + done("closing solved tickets", close_solved(services).await)
                + done("emptying the trash", purge_trash(services).await);
            looked = (due == 0).then(Instant::now);
        }
        let pause = if sent + due > 0 { Duration::ZERO } else { PAUSE };
        tokio::select! {
            biased;
            () = &mut stop => return,
            _tick = chats.tick() => {
                if let Err(error) = tend_chats(services).await {
                    tracing::warn!(%error, "looking after chats will be tried again");
                }
            }
            () = services.bell.work.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// How much a job did; nothing where it failed.
fn done(what: &'static str, answer: Result<usize, ServiceError>) -> usize {
    answer.unwrap_or_else(|error| {
        tracing::warn!(%error, "{what} will be tried again");
        0
    })
}

/// The time of the database, one for all instances (T-CLK-11); SQLite has that of the machine it lies on. Under a clock that a
/// test moves, that one.
async fn database_now(services: &Services) -> Result<i64, ServiceError> {
    let is_shared = matches!(services.clock, Clock::System) && services.db.engine() == Engine::Postgres;
    if !is_shared {
        return Ok(services.now());
    }
    let sql = Sql::new("SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp())) AS BIGINT)");
    Ok(sql.scalar(services.db.reader()).await?.unwrap_or_else(|| services.now()))
}
