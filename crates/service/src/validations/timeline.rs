//! Requests and answers as entries of the timeline of a ticket (T-TIM-01). They are for its agents alone: the requester side learns
//! of no validation (T-VIS-05), and who is asked reads his request on a page of its own (T-VAL-07).

use domain::views::ValidationEntry;
use entity::validation;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use uuid::Uuid;

use super::rows;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::{Sql, unique};
use crate::tickets::Loaded;

/// Kind of an entry that is a request.
pub(crate) const REQUEST: &str = "validation_request";
/// Kind of an entry that is an answer.
pub(crate) const ANSWER: &str = super::ANSWER;

/// Whether somebody reads the validations of a ticket that he sees among its entries: agents, outside the portal.
pub(crate) fn sees(loaded: &Loaded, portal: bool) -> bool {
    loaded.is_agent() && !portal
}

/// A request or an answer: when it was given, and to which request it belongs.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Found {
    pub(crate) id: Uuid,
    pub(crate) validation_id: Uuid,
    pub(crate) at: i64,
}

/// Requests and answers of a ticket under the alias `e`, with `id`, `at`, `author_id`, and `answered` (0 or 1). One walk for both,
/// as a timeline orders them together.
pub(crate) fn of_ticket(ticket: Uuid) -> Sql {
    let mut sql = Sql::new(
        "SELECT e.id, e.validation_id, e.at FROM (SELECT v.id, v.id AS validation_id, v.asked_at AS at, \
         v.asker_id AS author_id, CAST(0 AS BIGINT) AS answered FROM validation v WHERE v.ticket_id = ",
    );
    sql.bind(ticket).push(
        " UNION ALL SELECT x.id, x.validation_id, x.answered_at AS at, x.answered_by_id AS author_id, \
         CAST(1 AS BIGINT) AS answered FROM validation_target x WHERE x.answered_at IS NOT NULL AND x.ticket_id = ",
    );
    sql.bind(ticket).push(") e WHERE 1 = 1");
    sql
}

/// The entries of rows of one ticket, in their order.
pub(crate) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    found: &[Found],
) -> Result<Vec<ValidationEntry>, ServiceError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids = unique(found.iter().map(|row| row.validation_id));
    let models = validation::Entity::find().filter(validation::Column::Id.is_in(ids)).all(connection).await?;
    let requests = rows::views(ctx, connection, loaded, models).await?;
    let entry = |row: &Found| {
        let request = requests.iter().find(|one| one.id == row.validation_id)?;
        if row.id == row.validation_id {
            Some(ValidationEntry::of_request(request))
        } else {
            ValidationEntry::of_answer(request, row.id)
        }
    };
    Ok(found.iter().filter_map(entry).collect())
}
