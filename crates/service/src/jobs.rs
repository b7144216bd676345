//! What happens without anybody asking: jobs that run beside the requests of an instance, safe with several instances.

mod relay_outbox;
mod tend_chats;

use std::time::Duration;

use tokio::sync::Notify;

use crate::ctx::Services;

pub use relay_outbox::relay_outbox;
pub use tend_chats::tend_chats;

/// How long a job with nothing to do waits before it looks again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often chats are looked after: their spans are minutes.
const CHATS: Duration = Duration::from_secs(5);

/// Wakes the jobs of this instance after a commit that may have given them work.
#[derive(Debug, Default)]
pub struct Bell(Notify);

impl Bell {
    /// There may be work.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Sends mails and looks after chats until `stop` resolves; what was begun is finished.
pub async fn run(services: Services, stop: impl Future<Output = ()> + Send) {
    let mut stop = std::pin::pin!(stop);
    let mut chats = tokio::time::interval(CHATS);
    chats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let sent = relay_outbox(&services).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "relaying mails will be tried again");
            0
        });
        let pause = if sent > 0 { Duration::ZERO } else { PAUSE };
        tokio::select! {
            biased;
            () = &mut stop => return,
            _tick = chats.tick() => {
                if let Err(error) = tend_chats(&services).await {
                    tracing::warn!(%error, "looking after chats will be tried again");
                }
            }
            () = services.bell.0.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
