//! Reclassify (T-TKT-06) and due dates (T-CLK-07).

use std::collections::BTreeSet;

use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::check_past;
use domain::policy::Capability;
use domain::views::FieldChange;
use entity::list_row;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{Run, check_due, optional_time};
use crate::error::ServiceError;
use crate::history::change;
use crate::people::ResolvedActor;
use crate::sql::{Sql, unique};
use crate::tickets::{choices, kind_of, people};
use crate::work::Work;
use crate::{customers, deadlines, lists, moments, pending};

impl Run {
    pub(super) async fn reclassify(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let mut errors = FieldErrors::new();
        let target = self.target_entity(w, &mut errors);
        let kind = match self.form.kind.as_str() {
            "" => Some(kind_of(&self.loaded.ticket)),
            text => errors.check("type", text.parse()),
        };
        let path = w.actor().path_of(target.unwrap_or(self.loaded.ticket.entity_id));
        let text = if self.form.category == "none" { "" } else { self.form.category.as_str() };
        let new_category = choices::category(&w.tx, &path, text, kind, true, &mut errors).await?;
        errors.or(Some(()))?;
        self.require_version()?;
        self.require_writable(w)?;
        let old = self.loaded.ticket.clone();
        let mut changes: Vec<FieldChange> = Vec::new();
        if let Some(kind) = kind {
            changes.extend(change("type", old.kind.clone(), kind.as_str()));
            kind.as_str().clone_into(&mut self.loaded.ticket.kind);
        }
        if let Some(target) = target.filter(|target| *target != old.entity_id) {
            self.move_to(w, target, &path, &mut changes).await?;
        }
        if !self.form.category.is_empty() {
            self.loaded.ticket.category_id = new_category.as_ref().map(|c| c.id);
        }
        let category = match self.loaded.ticket.category_id {
            Some(id) => list_row::Entity::find_by_id(id).one(&w.tx).await?,
            None => None,
        };
        let names = lists::refs(&w.tx, &unique(old.category_id), w.actor().lang).await?;
        let old_name = old.category_id.and_then(|id| names.get(&id)).map(|r| r.name.clone()).unwrap_or_default();
        let new_name = category.as_ref().map(|row| lists::name(row, w.actor().lang)).unwrap_or_default();
        changes.extend(change("category", old_name, new_name));
        let settings = w.settings(&path).await?;
        self.loaded.ticket.routing_group_id =
            choices::routing_group(&w.tx, &path, category.as_ref(), &settings).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let reason = self.reason();
        self.finish(w, "reclassified", changes, reason).await
    }

    fn target_entity(&self, w: &Work, errors: &mut FieldErrors) -> Option<Uuid> {
        if self.form.entity.trim().is_empty() {
            return None;
        }
        let found = self.form.entity.parse::<Uuid>().ok().filter(|id| w.actor().has(*id, Capability::TicketReclassify));
        errors.check("entity", found.ok_or(Code::UnknownReference))
    }

    /// Drops what is not valid in the new entity, if the actor accepts it.
    async fn move_to(
        &mut self,
        w: &mut Work,
        target: Uuid,
        path: &[Uuid],
        changes: &mut Vec<FieldChange>,
    ) -> Result<(), ServiceError> {
        let mut losses = BTreeSet::new();
        let ticket = self.loaded.ticket.clone();
        for (field, list, id) in [
            ("category", lists::TICKET_CATEGORIES, ticket.category_id),
            ("source", lists::SOURCES, ticket.source_id),
            ("location", lists::LOCATIONS, ticket.location_id),
        ] {
            if let Some(id) = id
                && lists::active_row(&w.tx, list, path, &id.to_string()).await?.is_err()
            {
                losses.insert(field);
            }
        }
        if let Some(id) = ticket.customer_id
            && !customers::fits_ticket(w, target, id).await?
        {
            losses.insert("customer");
        }
        let mut stay: Vec<ResolvedActor> = Vec::new();
        for person in self.loaded.of_role("assignee").map(people::resolved).collect::<Vec<_>>() {
            if crate::people::may_be_assigned(&w.tx, w.actor(), target, &person).await? {
                stay.push(person);
            } else {
                losses.insert("assignees");
            }
        }
        if !losses.is_empty() && !self.form.accept_losses {
            let data = serde_json::json!({ "losses": losses });
            return Err(AppError::Refused { code: Code::EntityChangeLosses, data: Some(data) }.into());
        }
        changes.extend(change("entity", w.actor().entity_name(ticket.entity_id), w.actor().entity_name(target)));
        let row = &mut self.loaded.ticket;
        row.entity_id = target;
        row.category_id = row.category_id.filter(|_| !losses.contains("category"));
        row.source_id = row.source_id.filter(|_| !losses.contains("source"));
        row.location_id = row.location_id.filter(|_| !losses.contains("location"));
        row.customer_id = row.customer_id.filter(|_| !losses.contains("customer"));
        if losses.contains("assignees") {
            let before = self.loaded.of_role("assignee").next().is_some();
            changes.extend(people::replace(w, &ticket, &mut self.loaded.actors, "assignee", &stay).await?);
            let rules = self.rules(w);
            if let Some(trigger) = crate::tickets::state::assignment_trigger(self.status(), before, !stay.is_empty()) {
                crate::tickets::state::apply(w, &mut self.loaded, trigger, &rules).await?;
            }
        }
        for table in ["occurrence", "task", "solution", "search_public", "search_private", "document"] {
            let mut sql = Sql::new(&format!("UPDATE {table} SET entity_id = "));
            sql.bind(target).push_bind(" WHERE ticket_id = ", ticket.id);
            sql.run(&w.tx).await?;
        }
        // Another calendar may count there: its next reminder and its deadlines are looked at anew (T-PEN-03, T-NTF-02).
        deadlines::look_again(w, &ticket).await?;
        pending::look_again_at(w, ticket.id).await
    }

    /// T-CLK-07.
    pub(super) async fn change_sla(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let mut errors = FieldErrors::new();
        let zone = w.actor().zone;
        let own = optional_time(&self.form.due_own_at, "due_own_at", zone, &mut errors);
        let resolve = optional_time(&self.form.due_resolve_at, "due_resolve_at", zone, &mut errors);
        let opened = optional_time(&self.form.opened_at, "opened_at", zone, &mut errors)
            .flatten()
            .and_then(|at| errors.check("opened_at", check_past(at, w.now())));
        let old = self.loaded.ticket.clone();
        let row = &mut self.loaded.ticket;
        row.due_own_at = own.unwrap_or(row.due_own_at);
        row.due_resolve_at = resolve.unwrap_or(row.due_resolve_at);
        row.opened_at = opened.unwrap_or(row.opened_at);
        check_due(row.opened_at, row.due_own_at, row.due_resolve_at, &mut errors);
        errors.or(Some(()))?;
        self.require_version()?;
        self.require_writable(w)?;
        let row = &self.loaded.ticket;
        let text = |at: Option<i64>| at.map(|at| moments::moment(at, zone).as_str().to_owned()).unwrap_or_default();
        let changes: Vec<FieldChange> = [
            change("due_own_at", text(old.due_own_at), text(row.due_own_at)),
            change("due_resolve_at", text(old.due_resolve_at), text(row.due_resolve_at)),
            change("opened_at", text(Some(old.opened_at)), text(Some(row.opened_at))),
        ]
        .into_iter()
        .flatten()
        .collect();
        if changes.is_empty() {
            return Ok(());
        }
        deadlines::look_again(w, row).await?;
        let reason = self.reason();
        self.finish(w, "due_changed", changes, reason).await
    }
}
