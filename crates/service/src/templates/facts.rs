//! What a template may say of a ticket (T-TPL-03): only what its requesters may read, in the language of whoever reads.

use domain::lang::Lang;
use domain::ticket::Status;
use entity::{list_row, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::words;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::knowledge;
use crate::lists;
use crate::mail::template::Values;
use crate::people::ActorDirectory;
use crate::tickets::{self, people};

/// A ticket with the names it is told with.
#[derive(Debug)]
pub(crate) struct Facts {
    ticket: ticket::Model,
    requesters: Vec<String>,
    assignees: Vec<String>,
    groups: Vec<String>,
    articles: Vec<String>,
    rows: Vec<list_row::Model>,
    entity: String,
}

impl Facts {
    /// Loads the names: of people in one query, of groups, of rows of lists and of public articles in one each.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(crate) async fn load(
        ctx: &Ctx,
        connection: &impl ConnectionTrait,
        ticket: &ticket::Model,
        actors: &[ticket_actor::Model],
    ) -> Result<Self, ServiceError> {
        let names = people::directory(connection, actors, &[]).await?;
        let ids = [ticket.category_id, ticket.source_id, ticket.location_id, ticket.pending_reason_id];
        let ids: Vec<Uuid> = ids.into_iter().flatten().collect();
        let rows = if ids.is_empty() {
            Vec::new()
        } else {
            list_row::Entity::find().filter(list_row::Column::Id.is_in(ids)).all(connection).await?
        };
        let users = |role: &str| -> Vec<String> {
            of_role(actors, role).filter_map(|row| row.user_id).map(|id| names.user(id).name).collect()
        };
        Ok(Self {
            // Groups that ask, and addresses, stay unsaid (M-RCP-01).
            requesters: users("requester"),
            assignees: users("assignee"),
            groups: groups(actors, &names),
            articles: knowledge::public_titles(connection, ticket.id).await?,
            rows,
            entity: ctx.actor.entity_name(ticket.entity_id),
            ticket: ticket.clone(),
        })
    }

    /// Sets what everybody may read. `link` is the address of the ticket on the reader's side, or empty.
    pub(crate) fn put(&self, values: &mut Values, lang: Lang, link: &str) {
        let ticket = &self.ticket;
        values.set("ticket.number", ticket.number.to_string());
        values.set("ticket.title", ticket.title.clone());
        values.set("ticket.description", ticket.description_text.clone());
        values.set("ticket.url", link);
        values.set("ticket.status", words::status(lang, tickets::status_of(ticket)));
        values.set("ticket.type", words::kind(lang, tickets::kind_of(ticket)));
        values.set("ticket.category", self.row(ticket.category_id, lang));
        values.set("ticket.source", self.row(ticket.source_id, lang));
        values.set("ticket.location", self.row(ticket.location_id, lang));
        values.set_time("ticket.opened_at", Some(ticket.opened_at));
        values.set_time("ticket.due_resolve_at", ticket.due_resolve_at);
        values.set_time("ticket.solved_at", ticket.solved_at);
        values.set_time("ticket.closed_at", ticket.closed_at);
        values.set("ticket.pending_label", self.pending(lang));
        values.set_people("requesters", with_first_names(&self.requesters));
        values.set_people("assignees", with_first_names(&self.assignees));
        values.set_people("groups", with_first_names(&self.groups));
        values.set_list("articles", self.articles.clone());
        values.set("entity.name", self.entity.clone());
    }

    /// Sets what only the team may read besides.
    pub(crate) fn put_for_agents(&self, values: &mut Values, lang: Lang) {
        let ticket = &self.ticket;
        values.set("ticket.urgency", words::level(lang, ticket.urgency));
        values.set("ticket.impact", words::level(lang, ticket.impact));
        values.set("ticket.priority", words::level(lang, ticket.priority));
        values.set_time("ticket.due_own_at", ticket.due_own_at);
    }

    fn row(&self, id: Option<Uuid>, lang: Lang) -> String {
        let found = id.and_then(|id| self.rows.iter().find(|row| row.id == id));
        found.map(|row| lists::name(row, lang)).unwrap_or_default()
    }

    /// Why it waits, in the public words; nothing while it does not.
    fn pending(&self, lang: Lang) -> String {
        if tickets::status_of(&self.ticket) != Status::Pending {
            return String::new();
        }
        let found = self.ticket.pending_reason_id.and_then(|id| self.rows.iter().find(|row| row.id == id));
        found.map_or_else(|| lists::waiting(lang).to_owned(), |row| lists::label(row, lang))
    }
}

fn of_role<'a>(actors: &'a [ticket_actor::Model], role: &str) -> impl Iterator<Item = &'a ticket_actor::Model> {
    actors.iter().filter(move |row| row.role == role)
}

fn groups(actors: &[ticket_actor::Model], names: &ActorDirectory) -> Vec<String> {
    of_role(actors, "assignee").filter_map(|row| row.group_id).map(|id| names.group(id).name).collect()
}

/// Names with the first word of each.
fn with_first_names(names: &[String]) -> Vec<(String, String)> {
    let first = |name: &String| name.split_whitespace().next().unwrap_or_default().to_owned();
    names.iter().map(|name| (name.clone(), first(name))).collect()
}
