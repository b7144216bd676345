//! What assigned groups insist on, and the addresses they copy to (M-RCP-05).

use std::collections::BTreeSet;

use domain::access::GroupMail;
use domain::lang::Lang;
use entity::ticket_actor;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::recipients::{Recipient, recipient};
use crate::error::ServiceError;
use crate::sql::{Sql, unique};

/// The groups among these people who are assigned.
fn assigned(actors: &[ticket_actor::Model]) -> Vec<Uuid> {
    unique(actors.iter().filter(|row| row.role == "assignee").filter_map(|row| row.group_id))
}

/// What the assigned groups insist on, together.
pub(super) async fn switches(
    connection: &impl ConnectionTrait,
    actors: &[ticket_actor::Model],
) -> Result<BTreeSet<GroupMail>, ServiceError> {
    let groups = assigned(actors);
    let mut out = BTreeSet::new();
    if groups.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(
        "SELECT m.event FROM app_group_mail m JOIN app_group g ON g.id = m.group_id WHERE g.active = TRUE AND g.id IN ",
    );
    for row in sql.list(groups).rows(connection).await? {
        let event: String = row.try_get("", "event")?;
        out.extend(event.parse::<GroupMail>());
    }
    Ok(out)
}

/// Name of the first assigned group that insists on a mail.
pub(super) async fn insisting(
    connection: &impl ConnectionTrait,
    actors: &[ticket_actor::Model],
    mail: GroupMail,
) -> Result<Option<String>, ServiceError> {
    let groups = assigned(actors);
    if groups.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new(
        "SELECT g.name FROM app_group g JOIN app_group_mail m ON m.group_id = g.id WHERE g.active = TRUE AND m.event = ",
    );
    sql.bind(mail.as_str()).push(" AND g.id IN ").list(groups).push(" ORDER BY g.name, g.id LIMIT 1");
    Ok(sql.scalar(connection).await?)
}

/// The addresses that groups among these assigned people copy to, once each, in the language of the entity.
pub(super) async fn copies(
    connection: &impl ConnectionTrait,
    actors: &[ticket_actor::Model],
    home: Lang,
) -> Result<Vec<Recipient>, ServiceError> {
    let groups = assigned(actors);
    let mut out: Vec<Recipient> = Vec::new();
    if groups.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(
        "SELECT a.address, g.name FROM app_group_address a JOIN app_group g ON g.id = a.group_id \
         WHERE g.active = TRUE AND g.id IN ",
    );
    for row in sql.list(groups).push(" ORDER BY a.address, g.name").rows(connection).await? {
        let (address, name): (String, String) = (row.try_get("", "address")?, row.try_get("", "name")?);
        let one = recipient(None, &name, &address, home, None);
        if out.iter().all(|other| other.key() != one.key()) {
            out.push(one);
        }
    }
    Ok(out)
}
