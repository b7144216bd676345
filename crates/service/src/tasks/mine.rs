//! "My tasks": mine, those of my groups that nobody has, and what is late (T-TSK-08).

use domain::error::AppError;
use domain::views::MyTasks;
use sea_orm::ConnectionTrait;

use super::feed;
use super::list::{self, Order, Position};
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Rows of a page.
const ROWS: i64 = 50;
/// Tasks are counted up to here; one more stands for more.
const COUNTED: i64 = 99;

/// The page. `part`: `mine`, `groups`, `overdue`; anything else is `mine`.
///
/// # Errors
/// `NotFound` for those who are agents nowhere; `Invalid` on a foreign `cursor`.
pub async fn mine(ctx: &Ctx, part: &str, cursor: &str) -> Result<MyTasks, ServiceError> {
    if !ctx.actor.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let parts = ["mine", "groups", "overdue"];
    let part = parts.into_iter().find(|known| *known == part).unwrap_or("mine");
    let binding = format!("my-tasks:{part}:{}", ctx.actor.id());
    let position: Option<Position> = cursor::open(&ctx.services.secret, &binding, cursor)?;
    let snapshot = ctx.db().snapshot().await?;
    let mut counts = [0_u32; 3];
    for (known, count) in parts.into_iter().zip(&mut counts) {
        let found = list::count(&snapshot, &of_part(ctx, known), COUNTED).await?;
        *count = u32::try_from(found).unwrap_or(0);
    }
    let source = of_part(ctx, part);
    let (rows, next) = list::collect(ctx, &snapshot, &source, Order::BEGIN, position, ROWS, false).await?;
    let next_cursor = next.map(|position| cursor::seal(&ctx.services.secret, &binding, &position));
    let feed_since = feed::since(ctx, &snapshot).await?;
    Ok(MyTasks { part: part.to_owned(), rows, next_cursor, counts, feed_since, now: ctx.moment() })
}

/// How many tasks are the reader's to do, and how many of them, and of those of his groups that nobody has, are late; one more
/// than 99 stands for more.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn numbers(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<[u32; 2], ServiceError> {
    let mut out = [0; 2];
    for (part, number) in ["mine", "overdue"].into_iter().zip(&mut out) {
        let found = list::count(connection, &of_part(ctx, part), COUNTED).await?;
        *number = u32::try_from(found).unwrap_or(0);
    }
    Ok(out)
}

/// Overdue: of mine and of those of my groups that nobody has.
fn of_part(ctx: &Ctx, part: &str) -> Sql {
    let mut own = Sql::new("k.user_id = ");
    own.bind(ctx.actor.id());
    let mut of_groups = Sql::new("(k.user_id IS NULL AND k.group_id IN ");
    of_groups.list(ctx.actor.groups.iter().copied()).push(")");
    let mut sql = list::served(ctx);
    sql.push(list::TO_DO).push(" AND ");
    match part {
        "groups" => sql.append(&of_groups),
        "overdue" => {
            sql.push("(").append(&own).push(" OR ").append(&of_groups).push(") AND ").append(&list::overdue(ctx.now()))
        }
        _ => sql.append(&own),
    };
    sql
}
