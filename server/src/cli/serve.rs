//! `guichet serve`: listen until SIGTERM or SIGINT; streams end first, then requests, then jobs, then the database.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use service::{account, chat, documents, drafts, events, idempotency, jobs, mail, refused_forms};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Options;
use crate::site::{Packed, Site};
use crate::{AppState, router};

/// Requests that run at shutdown have this long to finish.
const DEADLINE: Duration = Duration::from_secs(10);

/// A mail that is under way has this long: cut off after the server took it, it would be sent twice.
const LAST_MAIL: Duration = Duration::from_secs(60);

/// Serves until asked to stop.
pub(super) async fn run(options: &Options, site: &Packed) -> anyhow::Result<()> {
    let listener =
        tokio::net::TcpListener::bind(options.listen).await.with_context(|| format!("listen on {}", options.listen))?;
    let address = listener.local_addr()?;
    let services = options.open(address).await?;
    let shutdown = CancellationToken::new();
    let site = Site::new(site, options.site_dir.clone());
    let state = AppState::new(services.clone(), site, options.trusted_proxies.clone(), shutdown.clone());
    tracing::info!(configuration = %options.redacted(), build = state.site.build(), "starting");

    let tasks = TaskTracker::new();
    tasks.spawn(services.hub.clone().run(services.db.clone(), shutdown.clone().cancelled_owned()));
    let sending = TaskTracker::new();
    sending.spawn(jobs::run(services.clone(), shutdown.clone().cancelled_owned()));
    sending.close();
    tasks.spawn(sweep(services.clone(), shutdown.clone()));
    let app = router(state).into_make_service_with_connect_info::<SocketAddr>();

    // Before anybody is told that it listens, and may ask it to stop.
    let asked = asked_to_stop().context("signals")?;
    if let Some(token) = account::set_up_token(&services).await? {
        println!("First run: open {}/setup?token={token}", services.base_url);
    }
    println!("Guichet listens on {}", services.base_url);
    let stop = shutdown.clone();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        asked.await;
        tracing::info!("stopping");
        stop.cancel();
    });
    let deadline = async {
        shutdown.cancelled().await;
        tokio::time::sleep(DEADLINE).await;
    };
    tokio::select! {
        done = serving => done?,
        () = deadline => tracing::warn!("requests still ran at the deadline"),
    }
    tasks.close();
    let _over = tokio::time::timeout(DEADLINE, tasks.wait()).await;
    if tokio::time::timeout(LAST_MAIL, sending.wait()).await.is_err() {
        tracing::warn!("a mail was still under way: it will be sent again");
    }
    services.db.clone().close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Forgets what is past its time: sessions, drafts, refused forms, live events, keys of requests, mails that were sent long ago,
/// uploads nobody used.
async fn sweep(services: service::Services, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(600)) => {}
        }
        let now = services.now();
        let results = [
            account::sweep(&services.db, now).await.err(),
            chat::sweep(&services.db, now).await.err(),
            drafts::sweep(&services.db, now).await.err(),
            events::sweep(&services.db, now).await.err(),
            idempotency::sweep(&services.db, now).await.err(),
            mail::sweep(&services.db, now).await.err(),
            refused_forms::sweep(&services.db, now).await.err(),
            documents::collect_orphans(&services).await.err(),
        ];
        for error in results.into_iter().flatten() {
            tracing::warn!(%error, "sweeping will be tried again");
        }
    }
}

/// Listens for SIGTERM and SIGINT from now on, and resolves when one of them comes.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async {
            let _interrupted = tokio::signal::ctrl_c().await;
        })
    }
}
