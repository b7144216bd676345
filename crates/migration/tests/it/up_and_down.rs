//! Every step of the schema can be taken back, and what comes up the second time is what was there the first time.

use guichet_migration::{Migrator, MigratorTrait};
use testing::{Db, Engine, Sql, both_engines};

/// Tables, columns and indexes as the engine describes them, without the book-keeping of the migrations.
async fn schema(db: &Db) -> Vec<String> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master \
             WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'seaql%' AND tbl_name NOT LIKE 'seaql%' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || \
             COALESCE(column_default, '') AS line FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' \
             UNION ALL SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' \
             ORDER BY 1"
        }
    };
    let rows = Sql::new(sql).rows(db.writer()).await.unwrap();
    rows.iter().map(|row| row.try_get("", "line").unwrap()).collect()
}

async fn next_number(db: &Db) -> i64 {
    let sql = Sql::new("UPDATE number_sequence SET value = value + 1 WHERE name = 'ticket' RETURNING value");
    sql.scalar(db.writer()).await.unwrap().unwrap()
}

both_engines!(the_schema_goes_up_down_and_up_again, |db: Db| async move {
    Migrator::up(db.writer(), None).await.unwrap();
    let first = schema(&db).await;
    assert!(first.iter().any(|line| line.contains("occurrence")), "{first:?}");
    assert_eq!(next_number(&db).await, 1);

    Migrator::down(db.writer(), None).await.unwrap();
    assert_eq!(schema(&db).await, Vec::<String>::new(), "nothing stays behind");

    Migrator::up(db.writer(), None).await.unwrap();
    assert_eq!(schema(&db).await, first);
    assert_eq!(next_number(&db).await, 1, "a new desk begins with ticket 1");
});

both_engines!(every_step_can_be_taken_back_alone, |db: Db| async move {
    let steps = Migrator::migrations().len();
    let mut stages = vec![schema(&db).await];
    for _step in 0..steps {
        Migrator::up(db.writer(), Some(1)).await.unwrap();
        stages.push(schema(&db).await);
    }
    for step in (0..steps).rev() {
        assert_ne!(stages[step], stages[step + 1], "step {step} changes something");
        Migrator::down(db.writer(), Some(1)).await.unwrap();
        assert_eq!(schema(&db).await, stages[step], "step {step} is taken back whole");
    }
});

both_engines!(migrating_twice_changes_nothing, |db: Db| async move {
    Migrator::up(db.writer(), None).await.unwrap();
    let first = schema(&db).await;
    Migrator::up(db.writer(), None).await.unwrap();
    assert_eq!(schema(&db).await, first);
});
