//! A test of the way out, step by step, with a mail to whoever asks for it (M-TRN-02), and what is known of that way (M-TRN-04).
//!
//! The one mail that no row of the outbox stands for: who asks waits for the words of the server.

use std::time::{Duration, Instant};

use domain::error::{AppError, Code};
use domain::mail::message_id;
use domain::policy::Capability;
use domain::settings::Key;
use domain::views::{MailServerView, MailStep, MailTestView, MailTransportView};
use entity::{app_user, audit, mail_transport};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::letter::{self, Letter, Marks};
use super::transport::{Step, Tls};
use super::{Mailer, domain_of, instance, mac, words};
use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::idempotency;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::work::{self, Work};

/// Name of the command for idempotency keys.
const TEST: &str = "mail_test";
/// Kind of the audit row of a test that began.
const BEGUN: &str = "mail_test_begun";
/// Kind of the audit row of a test that ended; it keeps the steps.
const ENDED: &str = "mail_test_ended";
/// Tests of a person in [`PERIOD`] (A-AUT-04).
const MOST: usize = 5;
/// Ten minutes, in seconds.
const PERIOD: i64 = 600;

/// Stands for the address of who asked wherever a server repeated it.
const ADDRESS: &str = "{address}";

/// What the audit row of a test keeps: no address, so that an account which is anonymised leaves none behind there (T-ROL-09).
/// The mail went to whoever asked for it, and the row names him.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Told {
    steps: Vec<MailStep>,
}

impl Told {
    /// The same with one text instead of another in what servers said.
    fn with(steps: &[MailStep], to: &str, instead_of: &str) -> Self {
        let said = |step: &MailStep| MailStep { answer: replaced(&step.answer, instead_of, to), ..step.clone() };
        Self { steps: steps.iter().map(said).collect() }
    }
}

/// Servers repeat addresses in capitals of their own.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let (folded, from) = (text.to_ascii_lowercase(), from.to_ascii_lowercase());
    if from.is_empty() {
        return text.to_owned();
    }
    let (mut out, mut end) = (String::new(), 0);
    for (at, found) in folded.match_indices(&from) {
        out.push_str(text.get(end..at).unwrap_or_default());
        out.push_str(to);
        end = at + found.len();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

/// Sends one mail to the caller's own address, and tells each step with the words of the server. The same `key` sends once.
///
/// # Errors
/// `NotFound` without `admin.settings` in the root entity; `Invalid` with `mail_not_configured` without a server;
/// `TooMany` above 5 in 10 minutes (A-AUT-04).
pub async fn send_test(ctx: &Ctx, key: &str) -> Result<MailTestView, ServiceError> {
    let root = root(&ctx.actor).ok_or(AppError::NotFound)?;
    let not_configured = || AppError::field(Key::MailTransport.as_str(), Code::MailNotConfigured);
    let mailer = ctx.services.mailer.clone().ok_or_else(not_configured)?;
    if let Some(kept) = begin(ctx, root, key).await? {
        return Ok(kept);
    }
    let steps = run(ctx, root, &mailer).await?;
    let view = MailTestView { at: ctx.moment(), to: ctx.actor.user.email.clone(), steps };
    finish(ctx, root, key, view).await
}

/// The root entity, if the caller may set its settings.
pub(super) fn root(actor: &Actor) -> Option<Uuid> {
    let held = actor.entities_with(Capability::AdminSettings);
    held.into_iter().find(|entity| actor.path_of(*entity).len() == 1)
}

/// Counts the test; answers what a twin under the same key did.
async fn begin(ctx: &Ctx, root: Uuid, key: &str) -> Result<Option<MailTestView>, ServiceError> {
    let key = key.to_owned();
    work::write(ctx, move |w| {
        let key = key.clone();
        Box::pin(async move {
            if let Some(kept) = idempotency::take(w, TEST, &key, "").await? {
                let Some(text) = kept.answer else { return Err(Code::RequestInProgress.into()) };
                return Ok(Some(serde_json::from_str(&text)?));
            }
            require_rest(w, root).await?;
            record(w, root, BEGUN, String::new()).await?;
            Ok(None)
        })
    })
    .await
}

/// A-AUT-04: a test is a talk with somebody else's server. Counted in the database, so that it holds for all instances.
async fn require_rest(w: &Work, root: Uuid) -> Result<(), ServiceError> {
    if w.ctx.db().engine() == Engine::Postgres {
        // Two tests at once count each other.
        Sql::new("SELECT id FROM mail_transport WHERE id = 1 FOR UPDATE").rows(&w.tx).await?;
    }
    let mut sql = Sql::new("SELECT at FROM audit WHERE entity_id = ");
    sql.bind(root)
        .push_bind(" AND kind = ", BEGUN)
        .push_bind(" AND user_id = ", w.actor().id())
        .push_bind(" AND at > ", w.now() - PERIOD)
        .push(" ORDER BY at DESC");
    let mut times: Vec<i64> = Vec::new();
    for row in sql.rows(&w.tx).await? {
        times.push(row.try_get("", "at")?);
    }
    match times.get(MOST - 1) {
        None => Ok(()),
        Some(at) => {
            let left = (at + PERIOD - w.now()).clamp(1, PERIOD);
            Err(AppError::TooMany { retry_s: u32::try_from(left).unwrap_or(1) }.into())
        }
    }
}

/// The steps of the way, and, where it is open, the mail.
async fn run(ctx: &Ctx, root: Uuid, mailer: &Mailer) -> Result<Vec<MailStep>, ServiceError> {
    let mut steps: Vec<MailStep> = mailer.transport().probe().await.into_iter().map(told).collect();
    if !steps.iter().all(|step| step.ok) {
        return Ok(steps);
    }
    let letter = letter(ctx, root, mailer).await?;
    let start = Instant::now();
    let (ok, answer) = match letter::build(letter) {
        Ok((envelope, bytes)) => match mailer.transport().send(&envelope, &mailer.sign(bytes, ctx.now())).await {
            Ok(answer) => (true, answer),
            Err(refused) => (false, refused.to_string()),
        },
        Err(reason) => (false, reason.as_str().to_owned()),
    };
    steps.push(MailStep { name: "accepted".to_owned(), ok, answer, took_ms: milliseconds(start.elapsed()) });
    Ok(steps)
}

fn told(step: Step) -> MailStep {
    MailStep { name: step.name.to_owned(), ok: step.ok, answer: step.answer, took_ms: milliseconds(step.took) }
}

fn milliseconds(took: Duration) -> u32 {
    u32::try_from(took.as_millis()).unwrap_or(u32::MAX)
}

async fn letter(ctx: &Ctx, root: Uuid, mailer: &Mailer) -> Result<Letter, ServiceError> {
    let settings = Settings::load(ctx.db().reader(), &[root]).await?;
    let (user, lang, secret) = (&ctx.actor.user, ctx.actor.lang, &ctx.services.secret);
    let sender = settings.text(Key::MailSenderName);
    let text = words::test_text(lang);
    let foot = [words::because_test(lang).to_owned()];
    let id = new_id();
    Ok(Letter {
        from_name: if sender.is_empty() { ctx.actor.entity_name(root) } else { sender.to_owned() },
        from_address: mailer.address().to_owned(),
        to_name: user.name.clone(),
        to_address: user.email.clone(),
        subject: format!("[{}] {}", settings.text(Key::MailSubjectTag), words::test_subject(lang)),
        lang,
        text: letter::plain(text, &foot, None),
        html: letter::frame(lang, &format!("<p>{}</p>", crate::links::escaped(text)), &foot, None),
        message_id: message_id('o', id, &mac(secret, id), domain_of(mailer.address())),
        root_id: String::new(),
        references: Vec::new(),
        ticket: 0,
        instance: instance(secret),
        date: ctx.now(),
        inline: Vec::new(),
        files: Vec::new(),
        marks: Marks::default(),
    })
}

/// Keeps the steps for the page; a server that took the mail is not left in peace any longer (M-TRN-04).
async fn finish(ctx: &Ctx, root: Uuid, key: &str, view: MailTestView) -> Result<MailTestView, ServiceError> {
    let key = key.to_owned();
    work::write(ctx, move |w| {
        let (key, view) = (key.clone(), view.clone());
        Box::pin(async move {
            let kept = Told::with(&view.steps, ADDRESS, &view.to);
            record(w, root, ENDED, serde_json::to_string(&kept)?).await?;
            if view.steps.iter().any(|step| step.ok && step.name == "accepted") {
                let sql = "UPDATE mail_transport SET failures = 0, failing_since = NULL, next_try_at = 0, answer = NULL \
                           WHERE id = 1";
                Sql::new(sql).run(&w.tx).await?;
            }
            idempotency::answer(w, TEST, &key, &view).await?;
            Ok(view)
        })
    })
    .await
}

async fn record(w: &Work, root: Uuid, kind: &str, data: String) -> Result<(), ServiceError> {
    audit::ActiveModel {
        id: Set(new_id()),
        at: Set(w.now()),
        user_id: Set(Some(w.actor().id())),
        entity_id: Set(Some(root)),
        kind: Set(kind.to_owned()),
        object: Set(Key::MailTransport.as_str().to_owned()),
        data: Set(data),
    }
    .insert(&w.tx)
    .await?;
    Ok(())
}

/// The server, since when it fails, and the last test of anybody; for those who may set the settings of the root entity.
pub(crate) async fn server_state(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<MailServerView, ServiceError> {
    let server = ctx.services.mailer.as_ref().map(|mailer| {
        let server = mailer.transport().server();
        MailTransportView {
            host: server.host().to_owned(),
            port: server.port(),
            tls: tls_word(server.tls()).to_owned(),
            sender: mailer.address().to_owned(),
        }
    });
    let state = mail_transport::Entity::find_by_id(1).one(connection).await?;
    let state = state.filter(|state| server.is_some() && state.failing_since.is_some());
    let zone = ctx.actor.zone;
    Ok(MailServerView {
        failing_since: state.as_ref().and_then(|state| state.failing_since).map(|at| moment(at, zone)),
        answer: state.and_then(|state| state.answer),
        last_test: last_test(ctx, connection).await?,
        server,
    })
}

async fn last_test(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<Option<MailTestView>, ServiceError> {
    let Some(root) = root(&ctx.actor) else { return Ok(None) };
    let mut sql = Sql::new("SELECT * FROM audit WHERE entity_id = ");
    sql.bind(root).push_bind(" AND kind = ", ENDED).push(" ORDER BY at DESC, id DESC LIMIT 1");
    let row: Option<audit::Model> = sql.one(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let user = match row.user_id {
        Some(id) => app_user::Entity::find_by_id(id).one(connection).await?,
        None => None,
    };
    // Who was removed has a name that says so, and no address.
    let to = user.map(|user| if user.email.is_empty() { user.name } else { user.email }).unwrap_or_default();
    let kept: Told = serde_json::from_str(&row.data).unwrap_or_default();
    let steps = Told::with(&kept.steps, &to, ADDRESS).steps;
    Ok(Some(MailTestView { at: moment(row.at, ctx.actor.zone), to, steps }))
}

const fn tls_word(tls: Tls) -> &'static str {
    match tls {
        Tls::Implicit => "implicit",
        Tls::Required => "required",
        Tls::Opportunistic => "opportunistic",
        Tls::None => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_rol_09_an_address_in_the_words_of_a_server_is_kept_as_a_place() {
        let said = "550 5.1.1 <Zoé@Example.org>: nobody; zoé@example.org";
        let kept = replaced(said, "zoé@example.org", ADDRESS);
        assert_eq!(kept, "550 5.1.1 <{address}>: nobody; {address}");
        assert_eq!(replaced(&kept, ADDRESS, "Removed user"), "550 5.1.1 <Removed user>: nobody; Removed user");
        assert_eq!(replaced("250 OK", "", "x"), "250 OK");
    }
}
