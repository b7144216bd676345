//! The numbers of the customers of a segment and of a responsible person, from an index alone: reports ask for tens of thousands.

use sea_orm_migration::prelude::*;

use crate::ddl::run;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "DROP INDEX customer_segment_seq; DROP INDEX customer_responsible_seq;").await
    }
}

const INDEXES: &str = "
CREATE INDEX customer_segment_seq ON customer (segment_id, seq) WHERE segment_id IS NOT NULL;
CREATE INDEX customer_responsible_seq ON customer (responsible_id, seq) WHERE responsible_id IS NOT NULL;
";
