//! The administration of access: users, groups, roles, entities (tickets.md section 2).
//!
//! Belongs here: what holders of `admin.users` and `admin.entities` read and change, each change with its audit row. Does not
//! belong here: what others see of people (`people`), the own account (`account`), which set holds what (`domain::access`).
//!
//! Changes of rights happen one after the other: each takes the row of the root entity first, so that of two that take the last
//! administrators away the second is refused (T-ROL-08).

mod audit;
mod entities;
mod groups;
mod reading;
mod roles;
mod trail;
mod tree;
mod users;

use domain::error::{AppError, Code};
use domain::policy::Capability;
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

pub use audit::{AuditExport, AuditQuery, AuditRow, audit_export, audit_page, audit_rows};
pub use entities::{create_entity, delete_entity, entity_tree, save_entity};
pub use groups::{change_member, create_group, delete_group, group_page, groups, save_group};
pub use roles::{RoleSaved, create_role, delete_role, role_page, roles, save_role, why};
pub use users::{CreatedUser, UserDone, change_assignment, create_user, run_user_command, save_user, user_page, users};

/// Most characters of a name of a group, role or entity.
const NAME_MAX: usize = 100;

/// Versions a change is compared with (A-VER-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// What was changed since to another value is refused; absent = without comparison.
    pub from: Option<i32>,
    /// The version that must be the present one.
    pub if_match: Option<i32>,
}

impl Versions {
    /// The version a page was made from; 0 = without comparison.
    #[must_use]
    pub fn of_page(version: i32) -> Self {
        Self { from: (version > 0).then_some(version), if_match: None }
    }

    /// Refuses by `If-Match`.
    fn require(self, present: i32) -> Result<(), AppError> {
        match self.if_match {
            Some(wanted) if wanted != present => Err(AppError::PreconditionFailed(present)),
            _ => Ok(()),
        }
    }

    /// Refuses any other version, for commands that change no single field.
    fn require_same(self, present: i32) -> Result<(), AppError> {
        self.require(present)?;
        match self.from {
            Some(from) if from != present => Err(AppError::Conflict { version: present, conflicts: Vec::new() }),
            _ => Ok(()),
        }
    }
}

/// The same person with the rights of this moment: what he has just changed may be his own reach.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn refreshed(ctx: &Ctx) -> Result<Ctx, ServiceError> {
    let actor = &ctx.actor;
    let actor = Actor::load(ctx.db().reader(), actor.user.clone(), actor.credential.clone()).await?;
    Ok(Ctx::new(ctx.services.clone(), actor))
}

/// Entities in which the actor holds a capability; holding it nowhere is refused.
fn require(actor: &Actor, capability: Capability) -> Result<Vec<Uuid>, AppError> {
    let held = actor.entities_with(capability);
    if held.is_empty() { Err(forbidden(capability)) } else { Ok(held) }
}

fn forbidden(capability: Capability) -> AppError {
    AppError::Forbidden(capability.name().to_owned())
}

/// Takes the row of the root entity and answers its id: whoever changes rights waits here for the others.
async fn lock_rights(w: &Work) -> Result<Uuid, ServiceError> {
    let mut sql = Sql::new("SELECT id FROM entity WHERE parent_id IS NULL");
    if w.ctx.db().engine() == Engine::Postgres {
        sql.push(" FOR NO KEY UPDATE");
    }
    let root: Option<Uuid> = sql.scalar(&w.tx).await?;
    root.ok_or_else(|| AppError::NotFound.into())
}

/// T-ROL-08: somebody who can sign in must hold `admin.users` in the root entity after the change.
async fn require_administrator(w: &Work, root: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new(
        "SELECT 1 AS found FROM app_user u JOIN assignment a ON a.user_id = u.id JOIN role r ON r.id = a.role_id \
         WHERE u.active = TRUE AND a.entity_id = ",
    );
    sql.bind(root)
        .push_bind(" AND (' ' || r.capabilities || ' ') LIKE ", format!("% {} %", Capability::AdminUsers.name()))
        .push(" LIMIT 1");
    if sql.rows(&w.tx).await?.is_empty() { Err(Code::LastAdministrator.into()) } else { Ok(()) }
}

/// An object that others name stays (`in_use`).
fn in_use(error: sea_orm::DbErr) -> ServiceError {
    if crate::error::is_foreign_key(&error) { Code::InUse.into() } else { error.into() }
}

/// An id as typed; empty is none.
fn optional_id(text: &str) -> Result<Option<Uuid>, Code> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_not_an_id| Code::UnknownReference)
}

/// An id as typed, of one of `known`.
fn one_of(text: &str, known: &[Uuid]) -> Result<Uuid, Code> {
    let id = optional_id(text)?.ok_or(Code::Required)?;
    if known.contains(&id) { Ok(id) } else { Err(Code::UnknownReference) }
}
