//! For whom somebody who is no agent may register a ticket (P-NEW-03).

use domain::error::{Code, FieldErrors};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::people::ResolvedActor;
use crate::sql::Sql;
use crate::work::Work;

/// The requesters of a portal ticket: the writer, or instead of him one member of a group he manages; besides, groups of his
/// own that may be requester. Nobody else can be named, and whether somebody else exists is not told.
pub(super) async fn requesters(
    w: &Work,
    texts: &[String],
    errors: &mut FieldErrors,
) -> Result<Vec<ResolvedActor>, ServiceError> {
    let me = ResolvedActor::User(w.actor().id());
    let mut person = None;
    let mut groups: Vec<ResolvedActor> = Vec::new();
    let given: Vec<(usize, &str)> = texts.iter().map(|text| text.trim()).enumerate().collect();
    for (index, text) in given {
        if text.is_empty() {
            continue;
        }
        let field = format!("requesters[{index}]");
        match named(w, text).await? {
            Some(found) if person.as_ref() == Some(&found) || groups.contains(&found) => {
                errors.add(field, Code::Duplicate);
            }
            Some(found @ ResolvedActor::Group(_)) => groups.push(found),
            Some(found) if person.is_none() => person = Some(found),
            _ => errors.add(field, Code::NotAllowed),
        }
    }
    let mut out = vec![person.unwrap_or(me)];
    out.append(&mut groups);
    Ok(out)
}

/// Whom a text means, as far as the writer may name him.
async fn named(w: &Work, text: &str) -> Result<Option<ResolvedActor>, ServiceError> {
    let me = w.actor().id();
    if text == "me" {
        return Ok(Some(ResolvedActor::User(me)));
    }
    if let Some(user) = id_of("user:", text) {
        let may = user == me || manages(w, user).await?;
        return Ok(may.then_some(ResolvedActor::User(user)));
    }
    let group = id_of("group:", text).filter(|group| w.actor().groups.contains(group));
    let Some(group) = group else { return Ok(None) };
    let mut sql =
        Sql::new("SELECT 1 AS found FROM app_group g WHERE g.active = TRUE AND g.may_be_requester = TRUE AND g.id = ");
    Ok((!sql.bind(group).rows(&w.tx).await?.is_empty()).then_some(ResolvedActor::Group(group)))
}

fn id_of(kind: &str, text: &str) -> Option<Uuid> {
    text.strip_prefix(kind).and_then(|id| id.trim().parse().ok())
}

/// Whether the writer manages a group of which an active person is a member.
async fn manages(w: &Work, user: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new(
        "SELECT 1 AS found FROM app_group_member m JOIN app_group g ON g.id = m.group_id \
         JOIN app_group_member o ON o.group_id = m.group_id JOIN app_user u ON u.id = o.user_id \
         WHERE g.active = TRUE AND u.active = TRUE AND m.manager = TRUE AND m.user_id = ",
    );
    sql.bind(w.actor().id()).push_bind(" AND o.user_id = ", user).push(" LIMIT 1");
    Ok(!sql.rows(&w.tx).await?.is_empty())
}
