//! People, groups and entities as others may see them: for the API, for choices, and for the people of tickets.
//!
//! Belongs here: who may see whom. Does not belong here: tickets and their people (`tickets`), the own account (`account`).

mod address;
mod choices;
mod directory;
mod entities;
mod groups;
mod me;
mod resolve;
mod users;

use domain::error::{AppError, Code};
use domain::policy::Capability;
use domain::views::{Count, Ref};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::tickets::list::COUNT_MAX;

pub use address::email_address;
pub(crate) use address::split as split_address;
pub(crate) use choices::entity_choices;
pub use choices::{assignable_choices, requester_choices};
pub use directory::{ActorDirectory, actor_views};
pub(crate) use directory::{named, reduced};
pub use entities::{EntityQuery, EntityView, entities, entity};
pub(crate) use groups::group_reaches;
pub use groups::{GroupAdmin, GroupDetails, GroupQuery, GroupView, group, groups};
pub use me::{MeView, Preferences, Unread, me};
pub use resolve::{ResolvedActor, may_be_assigned, resolve_actor};
pub use users::{AssignmentView, UserAdmin, UserQuery, UserView, user, users};

/// Rows of a page when the caller does not say.
const DEFAULT_LIMIT: u32 = 50;
/// Most rows of a page (A-LST-01).
const MAX_LIMIT: u32 = 200;

/// Something with a name, as lists start.
#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

impl From<Named> for Ref {
    fn from(row: Named) -> Self {
        Self { id: row.id, name: row.name }
    }
}

/// Rows asked for; 0 is 50.
fn limit(asked: u32) -> Result<u32, Code> {
    match asked {
        0 => Ok(DEFAULT_LIMIT),
        asked if asked <= MAX_LIMIT => Ok(asked),
        _ => Err(Code::Invalid),
    }
}

/// `true`, `false`, or nothing.
fn switch(text: &str) -> Result<Option<bool>, Code> {
    match text {
        "" => Ok(None),
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(Code::Invalid),
    }
}

/// Ids, comma separated; nothing is `None`.
fn ids(text: &str) -> Result<Option<Vec<Uuid>>, Code> {
    if text.is_empty() {
        return Ok(None);
    }
    let ids: Result<Vec<Uuid>, _> = text.split(',').map(|id| id.trim().parse::<Uuid>()).collect();
    ids.map(Some).map_err(|_not_an_id| Code::Invalid)
}

/// The id in an address; anything else is like an unknown one.
pub(crate) fn path_id(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_not_an_id| AppError::NotFound)
}

/// Pages of lists ordered by name and id.
pub(crate) struct Paging {
    binding: String,
    limit: u32,
    after: Option<(String, Uuid)>,
}

impl Paging {
    /// Reads limit and cursor; the cursor is good for this list, these filters and this reader only (A-LST-01).
    pub(crate) fn open(ctx: &Ctx, list: &str, filters: &[&str], text: &str, asked: u32) -> Result<Self, AppError> {
        let limit = limit(asked).map_err(|code| AppError::field("limit", code))?;
        // JSON keeps the filters apart whatever is in them.
        let filters = serde_json::to_string(filters).unwrap_or_default();
        let binding = format!("{list}:{}:{filters}", ctx.actor.id());
        let after = cursor::open(&ctx.services.secret, &binding, text)?;
        Ok(Self { binding, limit, after })
    }

    /// Rows in all, exact to 1 000 (A-LST-02), of the list before its paging; `None` when nobody asks.
    pub(crate) async fn count(
        connection: &impl ConnectionTrait,
        list: &Sql,
        is_wanted: bool,
    ) -> Result<Option<Count>, ServiceError> {
        if !is_wanted {
            return Ok(None);
        }
        let mut sql = Sql::new("SELECT COUNT(*) FROM (");
        sql.append(list).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
        let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
        let value = u32::try_from(found.min(COUNT_MAX)).unwrap_or(0);
        Ok(Some(Count { value, exact: found <= COUNT_MAX }))
    }

    /// Appends order and limits; `alias` has the columns `name` and `id`.
    pub(crate) fn append(&self, sql: &mut Sql, alias: &str) {
        if let Some((name, id)) = &self.after {
            sql.push(" AND (").push(alias).push(".name, ").push(alias).push(".id) > (");
            sql.bind(name.clone()).push_bind(", ", *id).push(")");
        }
        sql.push(" ORDER BY ").push(alias).push(".name, ").push(alias).push(".id");
        sql.push_bind(" LIMIT ", i64::from(self.limit) + 1);
    }

    /// Takes the row too many away and says where the next page begins.
    pub(crate) fn close<R>(
        &self,
        ctx: &Ctx,
        rows: &mut Vec<R>,
        position: impl Fn(&R) -> (String, Uuid),
    ) -> Option<String> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return None;
        }
        rows.truncate(limit);
        rows.last().map(|row| cursor::seal(&ctx.services.secret, &self.binding, &position(row)))
    }
}

/// Condition that a person `u` holds an assignment in force in one of `entities`, with `capability` if one is named (T-ROL-01).
pub(crate) fn has_role_in(actor: &Actor, entities: &[Uuid], capability: Option<Capability>) -> Sql {
    // Nearly everybody holds some role, so each person is asked; a capability is held by few, who are found first.
    let mut sql = match capability {
        None => Sql::new("EXISTS (SELECT 1 FROM assignment a WHERE a.user_id = u.id"),
        Some(capability) => {
            let mut sql = Sql::new("u.id IN (SELECT a.user_id FROM assignment a WHERE a.role_id IN ");
            sql.push("(SELECT r.id FROM role r WHERE (' ' || r.capabilities || ' ') LIKE ");
            sql.bind(format!("% {} %", capability.name())).push(")");
            sql
        }
    };
    sql.push(" AND (a.entity_id IN ").list(entities.iter().copied());
    sql.push(" OR (a.recursive = TRUE AND a.entity_id IN ").list(ways(actor, entities)).push(")))");
    sql
}

/// Entities with all their ancestors.
fn ways(actor: &Actor, entities: &[Uuid]) -> Vec<Uuid> {
    let mut out: Vec<Uuid> = entities.iter().flat_map(|entity| actor.path_of(*entity)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Condition that a part of the name of `alias` is `text`, as typed or in lower case: the engines fold letters beyond ASCII
/// differently. `more` are further columns that hold lower case.
pub(crate) fn named_like(alias: &str, text: &str, more: &[&str]) -> Sql {
    let mut sql = Sql::new(&format!("(LOWER({alias}.name) LIKE "));
    sql.bind(contains(&text.to_lowercase())).push(&format!(" ESCAPE '!' OR {alias}.name LIKE "));
    sql.bind(contains(text)).push(" ESCAPE '!'");
    for column in more {
        sql.push(&format!(" OR {alias}.{column} LIKE ")).bind(contains(&text.to_lowercase())).push(" ESCAPE '!'");
    }
    sql.push(")");
    sql
}

/// A pattern that finds `text` anywhere; `!` escapes.
fn contains(text: &str) -> String {
    format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// Name of the root entity, for the sign-in page; empty before set-up.
pub async fn organisation(services: &crate::Services) -> String {
    let sql = crate::sql::Sql::new("SELECT name FROM entity WHERE parent_id IS NULL ORDER BY created_at LIMIT 1");
    sql.scalar::<String>(services.db.reader()).await.ok().flatten().unwrap_or_default()
}

/// Whether the database answers.
///
/// # Errors
/// `Unavailable` when it does not.
pub async fn ping(services: &crate::Services) -> Result<(), crate::ServiceError> {
    crate::sql::Sql::new("SELECT 1").rows(services.db.reader()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lst_03_values_that_are_none_are_refused() {
        assert_eq!(switch("yes"), Err(Code::Invalid));
        assert_eq!(switch("false"), Ok(Some(false)));
        assert_eq!(ids(""), Ok(None));
        assert_eq!(ids("x"), Err(Code::Invalid));
        assert_eq!(ids(&format!("{}, {}", Uuid::nil(), Uuid::max())), Ok(Some(vec![Uuid::nil(), Uuid::max()])));
        assert_eq!((limit(0), limit(200), limit(201)), (Ok(50), Ok(200), Err(Code::Invalid)));
    }

    #[test]
    fn signs_of_patterns_are_taken_literally() {
        assert_eq!(contains("50%_!"), "%50!%!_!!%");
    }
}
