//! One text of SQL for both dialects: `@uuid`, `@bool` and `@serial` become what each engine calls them.

use sea_orm_migration::prelude::{DbErr, SchemaManager};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Runs the statements of `sql` (separated by `;` at the end of a line) on the engine at hand.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let words: [(&str, &str); 3] = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            [("@uuid", "BLOB"), ("@bool", "BOOLEAN"), ("@serial", "INTEGER PRIMARY KEY AUTOINCREMENT")]
        }
        _ => [("@uuid", "UUID"), ("@bool", "BOOLEAN"), ("@serial", "BIGSERIAL PRIMARY KEY")],
    };
    for statement in sql.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        let statement = words.iter().fold(statement.to_owned(), |text, (word, name)| text.replace(word, name));
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Drops the named tables, the dependent ones first.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
    }
    Ok(())
}

/// Whether the engine at hand is SQLite.
pub(crate) fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}
