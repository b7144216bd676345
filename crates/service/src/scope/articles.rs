//! Which articles a person may read (T-KNO-01), as conditions on `article` under the alias `a`; what they say is
//! `domain::policy::can_read_article`.

use domain::policy::Capability;
use uuid::Uuid;

use super::tickets;
use crate::actor::Actor;
use crate::sql::{Sql, unique};

/// The article counts in one of these entities: it is kept there, or above and reaches down.
fn reaches(actor: &Actor, entities: &[Uuid]) -> Sql {
    let ways = unique(entities.iter().flat_map(|entity| actor.path_of(*entity)));
    let mut sql = Sql::new("(a.entity_id IN ");
    sql.list(entities.iter().copied()).push(" OR (a.recursive = TRUE AND a.entity_id IN ").list(ways).push("))");
    sql
}

/// Where he reads what agents read.
fn as_agent(actor: &Actor) -> Vec<Uuid> {
    let agent = actor.agent_entities();
    actor.entities_with(Capability::KnowledgeView).into_iter().filter(|entity| agent.contains(entity)).collect()
}

/// Whether any article that is not for everybody may be read: otherwise its index is not named at all.
#[must_use]
pub fn reads_internal_articles(actor: &Actor) -> bool {
    !as_agent(actor).is_empty() || !actor.entities_with(Capability::KnowledgeEdit).is_empty()
}

/// Published articles for everybody, whoever reads: the portal.
#[must_use]
pub fn public_articles(actor: &Actor) -> Sql {
    let mut sql = Sql::new("a.deleted_at IS NULL AND a.status = 'published' AND a.audience = 'public' AND ");
    sql.append(&reaches(actor, &actor.entities_with(Capability::KnowledgeView)));
    sql
}

/// Articles that count in one entity, `path` being it and what stands above it.
#[must_use]
pub fn articles_of(path: &[Uuid]) -> Sql {
    let mut sql = Sql::new("(a.entity_id IN ");
    sql.list(path.first().copied()).push(" OR (a.recursive = TRUE AND a.entity_id IN ");
    sql.list(path.iter().copied()).push("))");
    sql
}

/// All articles that may be read, drafts and archived ones by those who write them; the trash is apart.
#[must_use]
pub fn articles(actor: &Actor) -> Sql {
    let mut sql = Sql::new("a.deleted_at IS NULL AND ((a.status = 'published' AND ((a.audience = 'public' AND ");
    sql.append(&reaches(actor, &actor.entities_with(Capability::KnowledgeView)));
    sql.push(") OR (a.audience = 'agents' AND ").append(&reaches(actor, &as_agent(actor)));
    sql.push("))) OR a.entity_id IN ").list(actor.entities_with(Capability::KnowledgeEdit)).push(")");
    sql
}

/// Those that may be opened: also archived ones that a visible ticket names, for agents.
#[must_use]
pub fn open_articles(actor: &Actor) -> Sql {
    let mut sql = Sql::new("((");
    sql.append(&articles(actor)).push(")");
    let agent = as_agent(actor);
    if !agent.is_empty() {
        sql.push(" OR (a.deleted_at IS NULL AND a.status = 'archived' AND ").append(&reaches(actor, &agent));
        sql.push(
            " AND EXISTS (SELECT 1 FROM article_link l JOIN ticket t ON t.id = l.ticket_id WHERE l.article_id = a.id AND ",
        );
        sql.append(&tickets(actor)).push("))");
    }
    sql.push(")");
    sql
}

/// Removed articles, for those who may bring them back.
#[must_use]
pub fn article_trash(actor: &Actor) -> Sql {
    let mut sql = Sql::new("a.deleted_at IS NOT NULL AND a.entity_id IN ");
    sql.list(actor.entities_with(Capability::KnowledgeEdit));
    sql
}
