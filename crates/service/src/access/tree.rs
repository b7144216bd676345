//! The tree of entities as a running transaction sees it.

use std::collections::BTreeMap;

use domain::access::Parents;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::sql::Sql;

/// All entities with the one above each.
#[derive(Debug)]
pub(super) struct Tree {
    /// Entity → the one above.
    pub(super) parents: Parents,
    names: BTreeMap<Uuid, String>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    parent_id: Option<Uuid>,
    name: String,
}

impl Tree {
    /// Loads it.
    pub(super) async fn load(connection: &impl ConnectionTrait) -> Result<Self, ServiceError> {
        let rows: Vec<Row> = Sql::new("SELECT id, parent_id, name FROM entity").all(connection).await?;
        Ok(Self {
            parents: rows.iter().map(|row| (row.id, row.parent_id)).collect(),
            names: rows.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    /// An entity with all below it.
    pub(super) fn below(&self, id: Uuid) -> Vec<Uuid> {
        self.parents.keys().copied().filter(|at| domain::access::way_up(*at, &self.parents).contains(&id)).collect()
    }

    /// Whether a name is taken below `parent`, whatever its case, by another entity than `id`.
    pub(super) fn is_taken(&self, name: &str, parent: Option<Uuid>, id: Option<Uuid>) -> bool {
        let name = name.to_lowercase();
        self.parents.iter().any(|(other, above)| {
            *above == parent
                && Some(*other) != id
                && self.names.get(other).is_some_and(|known| known.to_lowercase() == name)
        })
    }
}
