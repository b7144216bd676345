//! What makes "mine, newest first" an index walk: each person of a ticket carries the ticket's number, status and times.
//! Triggers keep them equal, so no writer can forget it.

use sea_orm_migration::prelude::*;

use crate::ddl::{is_sqlite, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        run(manager, if is_sqlite(manager) { SQLITE } else { POSTGRES }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, if is_sqlite(manager) { SQLITE_DOWN } else { POSTGRES_DOWN }).await?;
        run(manager, DOWN).await
    }
}

const UP: &str = "
ALTER TABLE ticket_actor ADD COLUMN number BIGINT;
ALTER TABLE ticket_actor ADD COLUMN status TEXT;
ALTER TABLE ticket_actor ADD COLUMN updated_at BIGINT;
ALTER TABLE ticket_actor ADD COLUMN public_updated_at BIGINT;
UPDATE ticket_actor SET (number, status, updated_at, public_updated_at) =
    (SELECT t.number, t.status, t.updated_at, t.public_updated_at FROM ticket t WHERE t.id = ticket_actor.ticket_id);
DROP INDEX ticket_actor_user;
DROP INDEX ticket_actor_group;
CREATE INDEX ticket_actor_user ON ticket_actor (user_id, role, updated_at DESC, number DESC, status, ticket_id) WHERE user_id IS NOT NULL;
CREATE INDEX ticket_actor_group ON ticket_actor (group_id, role, updated_at DESC, number DESC, status, ticket_id) WHERE group_id IS NOT NULL;
CREATE INDEX ticket_actor_user_public ON ticket_actor (user_id, role, public_updated_at DESC, number DESC, status, ticket_id)
    WHERE user_id IS NOT NULL;
CREATE INDEX ticket_actor_group_public ON ticket_actor (group_id, role, public_updated_at DESC, number DESC, status, ticket_id)
    WHERE group_id IS NOT NULL;
";

/// The last index holds what decides whether a found ticket is shown, so that hits are sorted without reading wide rows.
const SQLITE: &str = "
CREATE TRIGGER ticket_actor_added AFTER INSERT ON ticket_actor BEGIN UPDATE ticket_actor SET (number, status, updated_at, public_updated_at) = (SELECT t.number, t.status, t.updated_at, t.public_updated_at FROM ticket t WHERE t.id = NEW.ticket_id) WHERE id = NEW.id; END;
CREATE TRIGGER ticket_actor_moved AFTER UPDATE OF ticket_id ON ticket_actor BEGIN UPDATE ticket_actor SET (number, status, updated_at, public_updated_at) = (SELECT t.number, t.status, t.updated_at, t.public_updated_at FROM ticket t WHERE t.id = NEW.ticket_id) WHERE id = NEW.id; END;
CREATE TRIGGER ticket_changed AFTER UPDATE OF status, updated_at, public_updated_at ON ticket WHEN (OLD.status, OLD.updated_at, OLD.public_updated_at) IS NOT (NEW.status, NEW.updated_at, NEW.public_updated_at) BEGIN UPDATE ticket_actor SET status = NEW.status, updated_at = NEW.updated_at, public_updated_at = NEW.public_updated_at WHERE ticket_id = NEW.id; END;
CREATE INDEX ticket_found ON ticket (id, status, entity_id, deleted_at, updated_at, public_updated_at, number);
";

const SQLITE_DOWN: &str = "
DROP INDEX ticket_found;
DROP TRIGGER ticket_changed;
DROP TRIGGER ticket_actor_moved;
DROP TRIGGER ticket_actor_added;
";

const POSTGRES: &str = "
CREATE FUNCTION ticket_actor_of_ticket() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT t.number, t.status, t.updated_at, t.public_updated_at INTO NEW.number, NEW.status, NEW.updated_at, NEW.public_updated_at FROM ticket t WHERE t.id = NEW.ticket_id; RETURN NEW; END $$;
CREATE TRIGGER ticket_actor_added BEFORE INSERT OR UPDATE OF ticket_id ON ticket_actor FOR EACH ROW EXECUTE FUNCTION ticket_actor_of_ticket();
CREATE FUNCTION ticket_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE ticket_actor SET status = NEW.status, updated_at = NEW.updated_at, public_updated_at = NEW.public_updated_at WHERE ticket_id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER ticket_changed AFTER UPDATE OF status, updated_at, public_updated_at ON ticket FOR EACH ROW WHEN ((OLD.status, OLD.updated_at, OLD.public_updated_at) IS DISTINCT FROM (NEW.status, NEW.updated_at, NEW.public_updated_at)) EXECUTE FUNCTION ticket_changed();
CREATE INDEX ticket_found ON ticket (id) INCLUDE (status, entity_id, deleted_at, updated_at, public_updated_at, number);
";

const POSTGRES_DOWN: &str = "
DROP INDEX ticket_found;
DROP TRIGGER ticket_changed ON ticket;
DROP FUNCTION ticket_changed;
DROP TRIGGER ticket_actor_added ON ticket_actor;
DROP FUNCTION ticket_actor_of_ticket;
";

const DOWN: &str = "
DROP INDEX ticket_actor_group_public;
DROP INDEX ticket_actor_user_public;
DROP INDEX ticket_actor_group;
DROP INDEX ticket_actor_user;
ALTER TABLE ticket_actor DROP COLUMN public_updated_at;
ALTER TABLE ticket_actor DROP COLUMN updated_at;
ALTER TABLE ticket_actor DROP COLUMN status;
ALTER TABLE ticket_actor DROP COLUMN number;
CREATE INDEX ticket_actor_user ON ticket_actor (user_id, role, ticket_id) WHERE user_id IS NOT NULL;
CREATE INDEX ticket_actor_group ON ticket_actor (group_id, role, ticket_id) WHERE group_id IS NOT NULL;
";
