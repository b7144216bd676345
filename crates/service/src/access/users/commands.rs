//! Disabling, enabling, forgetting, signing out and inviting somebody (T-ROL-01, 08, 09).

use domain::error::{AppError, Code};
use domain::forms::{RunUserCommand, UserCommand};
use domain::policy::Capability;
use entity::app_user;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::save::require_home;
use super::{REMOVED, in_reach, is_removed, open_tickets, outranks};
use crate::access::trail::{self, Changed};
use crate::access::{Versions, forbidden, lock_rights, require, require_administrator};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::people::{self, ResolvedActor};
use crate::sql::Sql;
use crate::work::{Work, write};
use crate::{account, idempotency, tasks, tickets};

/// Name of the command for idempotency keys.
const COMMAND: &str = "user_command";
/// What stands instead of a name that is forgotten.
const REMOVED_NAME: &str = "Removed user";

/// What became of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDone {
    /// Open tickets that were handed over.
    pub handed_over: u32,
    /// Open tasks that were handed over.
    #[serde(default)]
    pub handed_over_tasks: u32,
    /// Secret of a new invitation; nobody is told it again.
    #[serde(skip)]
    pub invitation: Option<String>,
}

/// Runs a command for an account. One that has its effect already changes nothing.
///
/// # Errors
/// `Forbidden` without `admin.users` in the home entity, and for an invitation with the first capability the actor does not
/// hold himself; `Invalid` on `hand_over_to`, with `not_allowed` on `removed` for somebody who is forgotten and on `active` for
/// an invitation of somebody who is disabled; `Conflict` by version; `Refused(LastAdministrator)`.
pub async fn run_user_command(ctx: &Ctx, form: RunUserCommand, versions: Versions) -> Result<UserDone, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(&form.id)?;
    let hash = idempotency::content_hash(&form);
    write(ctx, move |w| {
        let (form, held, hash) = (form.clone(), held.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<UserDone>(w, COMMAND, &form.key, &hash).await? {
                return Ok(done);
            }
            let root = lock_rights(w).await?;
            let user = in_reach(&w.tx, id, &held, true).await?;
            let mut done = UserDone::default();
            if form.command == UserCommand::Anonymise && is_removed(&user) {
                return Ok(done);
            }
            require_home(&user, &held)?;
            versions.require_same(user.version)?;
            match form.command {
                UserCommand::Disable => {
                    (done.handed_over, done.handed_over_tasks) = disable(w, root, &user, &form.hand_over_to).await?;
                }
                UserCommand::Enable => enable(w, &user).await?,
                UserCommand::Anonymise => anonymise(w, root, &user).await?,
                UserCommand::SignOut => {
                    end_access(w, user.id).await?;
                    note(w, "user_signed_out", &user, user.version, Value::Null).await?;
                }
                UserCommand::Invite => done.invitation = Some(invite(w, &user).await?),
            }
            idempotency::answer(w, COMMAND, &form.key, &done).await?;
            Ok(done)
        })
    })
    .await
}

async fn note(w: &Work, kind: &str, user: &app_user::Model, version: i32, data: Value) -> Result<(), ServiceError> {
    trail::record(w, kind, Some(user.entity_id), user.id, &Changed::whole(version).with(data)).await
}

async fn disable(w: &mut Work, root: Uuid, user: &app_user::Model, to: &str) -> Result<(u32, u32), ServiceError> {
    let (tickets, tasks) = hand_over(w, user, to).await?;
    if !user.active {
        return Ok((tickets, tasks));
    }
    let mut sql = Sql::new("UPDATE app_user SET version = version + 1, active = FALSE WHERE id = ");
    sql.bind(user.id).run(&w.tx).await?;
    end_access(w, user.id).await?;
    require_administrator(w, root).await?;
    let data = json!({ "handed_over": tickets, "handed_over_tasks": tasks });
    note(w, "user_disabled", user, user.version + 1, data).await?;
    Ok((tickets, tasks))
}

/// Gives the open tickets and tasks of somebody who leaves to somebody else; those the actor does not see stay as they are. Answers
/// how many of each.
async fn hand_over(w: &mut Work, user: &app_user::Model, to: &str) -> Result<(u32, u32), ServiceError> {
    if to.trim().is_empty() {
        return Ok((0, 0));
    }
    let wrong = |code: Code| AppError::field("hand_over_to", code);
    let found = people::resolve_actor(&w.tx, w.actor(), user.entity_id, to).await?.map_err(wrong)?;
    match found {
        ResolvedActor::User(id) if id == user.id => return Err(wrong(Code::NotAllowed).into()),
        ResolvedActor::Email { .. } => return Err(wrong(Code::UnknownReference).into()),
        ResolvedActor::User(_) | ResolvedActor::Group(_) => {}
    }
    let mut handed_over = 0;
    for number in open_tickets(&w.tx, w.actor(), user.id).await? {
        if tickets::hand_over(w, number, user.id, &found).await? {
            handed_over += 1;
        }
    }
    // Behind the tickets: by them he may see what he is to do.
    Ok((handed_over, tasks::hand_over(w, user.id, &found).await?))
}

async fn enable(w: &Work, user: &app_user::Model) -> Result<(), ServiceError> {
    if user.active {
        return Ok(());
    }
    // What he held comes back with him: nobody gives what he does not hold himself (T-ROL-08).
    outranks(&w.tx, w.actor(), user).await?.map_err(forbidden)?;
    let mut sql = Sql::new("UPDATE app_user SET version = version + 1, active = TRUE WHERE id = ");
    sql.bind(user.id).run(&w.tx).await?;
    note(w, "user_enabled", user, user.version + 1, Value::Null).await
}

/// T-ROL-09: the account stays, so that what it wrote has an author; who it was is forgotten.
async fn anonymise(w: &Work, root: Uuid, user: &app_user::Model) -> Result<(), ServiceError> {
    let mut sql =
        Sql::new("UPDATE app_user SET version = version + 1, active = FALSE, email = '', signature = '', name = ");
    sql.bind(REMOVED_NAME)
        .push_bind(", email_key = ", format!("{REMOVED}{}", user.id))
        .push(", password_hash = NULL, phone = NULL, extension = NULL WHERE id = ")
        .bind(user.id);
    sql.run(&w.tx).await?;
    end_access(w, user.id).await?;
    Sql::new("DELETE FROM login_attempt WHERE account_key = ").bind(user.email_key.clone()).run(&w.tx).await?;
    // Servers repeat the address they refuse: it goes from their words too.
    let mut sql = Sql::new("UPDATE outbox SET answer = REPLACE(answer, address, ");
    sql.bind(REMOVED_NAME)
        .push("), address = '', name = ")
        .bind(REMOVED_NAME)
        .push_bind(", address_key = ", format!("{REMOVED}{}", user.id));
    sql.push_bind(" WHERE user_id = ", user.id).run(&w.tx).await?;
    Sql::new("DELETE FROM app_group_member WHERE user_id = ").bind(user.id).run(&w.tx).await?;
    require_administrator(w, root).await?;
    note(w, "user_anonymised", user, user.version + 1, Value::Null).await
}

/// Every way in ends: browsers, programs, an unused invitation.
async fn end_access(w: &Work, user: Uuid) -> Result<(), ServiceError> {
    for table in ["session", "api_token", "invitation"] {
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push_bind(" WHERE user_id = ", user);
        sql.run(&w.tx).await?;
    }
    Ok(())
}

async fn invite(w: &Work, user: &app_user::Model) -> Result<String, ServiceError> {
    if !user.active {
        return Err(AppError::field("active", Code::NotAllowed).into());
    }
    outranks(&w.tx, w.actor(), user).await?.map_err(forbidden)?;
    let secret = account::invite(w, user).await?;
    note(w, "user_invited", user, user.version, Value::Null).await?;
    Ok(secret)
}
