//! Many rows in few statements.

use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

use crate::error::ServiceError;

/// Rows of one statement: the widest table has 40 columns, and SQLite takes 32 766 values, PostgreSQL 65 535.
const BATCH: usize = 200;

/// Inserts rows of one table as they are.
pub(crate) async fn insert_all<E>(connection: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), ServiceError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rest = rows.into_iter();
    loop {
        let batch: Vec<E::ActiveModel> = rest.by_ref().take(BATCH).map(IntoActiveModel::into_active_model).collect();
        if batch.is_empty() {
            return Ok(());
        }
        E::insert_many(batch).exec_without_returning(connection).await?;
    }
}
