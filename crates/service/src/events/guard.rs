//! Whether what listeners came with still opens, and what they may do now (A-AUT-02, T-ROL-01): one question for all of them.
//!
//! Belongs here: asking it. Does not belong here: who listens, and what becomes of him (`hub`).

use std::collections::BTreeMap;

use domain::access::{Grant, Parents};
use domain::policy::CapSet;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::actor::{Actor, read_capabilities};
use crate::db::{Db, Engine};
use crate::error::ServiceError;
use crate::sql::Sql;

/// What the rights of everybody stand on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    roles: BTreeMap<Uuid, CapSet>,
    parents: Parents,
}

/// What the rights of one person stand on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grounds {
    groups: Vec<Uuid>,
    /// Entity, role, and whether it counts below.
    assignments: Vec<(Uuid, Uuid, bool)>,
}

impl Grounds {
    /// The same person with what he may do now.
    pub(super) fn carry(&self, actor: &Actor, frame: &Frame) -> Actor {
        let grant = |(entity, role, recursive): &(Uuid, Uuid, bool)| Grant {
            entity: *entity,
            recursive: *recursive,
            capabilities: frame.roles.get(role).copied().unwrap_or(CapSet::EMPTY),
        };
        let grants: Vec<Grant> = self.assignments.iter().map(grant).collect();
        actor.holding(self.groups.clone(), &grants, &frame.parents)
    }
}

/// The answer for some credentials.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Hash of the credential → whose it is; those that open nothing are absent.
    open: BTreeMap<String, Uuid>,
    people: BTreeMap<Uuid, Grounds>,
    pub(super) frame: Frame,
}

impl Answer {
    /// What the rights of a person stand on; `None` when the credential does not open for him.
    pub(super) fn grounds(&self, person: Uuid, credential: &str) -> Option<Grounds> {
        let is_open = self.open.get(credential) == Some(&person);
        is_open.then(|| self.people.get(&person).cloned().unwrap_or_default())
    }
}

#[derive(Debug, FromQueryResult)]
struct Row {
    part: i32,
    word: String,
    one: Uuid,
    two: Uuid,
    three: Uuid,
    flag: i32,
}

/// Which of these credentials open at `now` (seconds since 1970), and what their people may do: one statement, however many they
/// are, with the same text every time.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn ask(db: &Db, credentials: &[&str], now: i64) -> Result<Answer, ServiceError> {
    let rows: Vec<Row> = question(db.engine(), credentials, now)?.all(db.reader()).await?;
    let mut answer = Answer::default();
    for row in rows {
        match row.part {
            1 => {
                answer.open.insert(row.word, row.one);
            }
            2 => answer.people.entry(row.one).or_default().groups.push(row.two),
            3 => {
                let assignment = (row.two, row.three, row.flag != 0);
                answer.people.entry(row.one).or_default().assignments.push(assignment);
            }
            4 => {
                answer.frame.roles.insert(row.one, read_capabilities(&row.word));
            }
            _ => {
                // The root stands above itself in the answer, because a column of a union has one type.
                answer.frame.parents.insert(row.one, Some(row.two).filter(|parent| *parent != row.one));
            }
        }
    }
    for grounds in answer.people.values_mut() {
        grounds.groups.sort_unstable();
        grounds.assignments.sort_unstable();
    }
    Ok(answer)
}

/// The values travel as one text: a text of SQL for every number of listeners would fill the caches of the connections.
fn question(engine: Engine, credentials: &[&str], now: i64) -> Result<Sql, ServiceError> {
    let (values, among) = match engine {
        Engine::Sqlite => (serde_json::to_string(credentials)?, (" IN (SELECT value FROM json_each(", "))")),
        Engine::Postgres => (credentials.join(" "), (" = ANY(string_to_array(", ", ' '))")),
    };
    let mut sql = Sql::new("WITH held AS MATERIALIZED (");
    for (index, table) in ["session", "api_token"].into_iter().enumerate() {
        sql.push(if index == 0 { "" } else { " UNION ALL " });
        sql.push("SELECT c.token_hash, c.user_id FROM ").push(table).push(" c JOIN app_user u ON u.id = c.user_id");
        sql.push_bind(" WHERE u.active = TRUE AND c.expires_at > ", now).push(" AND c.token_hash");
        sql.push_bind(among.0, values.clone()).push(among.1);
    }
    sql.push(
        "), person AS MATERIALIZED (SELECT DISTINCT user_id FROM held) \
         SELECT 1 AS part, h.token_hash AS word, h.user_id AS one, h.user_id AS two, h.user_id AS three, 0 AS flag FROM held h \
         UNION ALL SELECT 2, '', m.user_id, m.group_id, m.group_id, 0 \
         FROM app_group_member m JOIN person p ON p.user_id = m.user_id \
         UNION ALL SELECT 3, '', a.user_id, a.entity_id, a.role_id, CASE WHEN a.recursive = TRUE THEN 1 ELSE 0 END \
         FROM assignment a JOIN person p ON p.user_id = a.user_id \
         UNION ALL SELECT 4, r.capabilities, r.id, r.id, r.id, 0 FROM role r \
         UNION ALL SELECT 5, '', e.id, COALESCE(e.parent_id, e.id), e.id, 0 FROM entity e",
    );
    Ok(sql)
}
