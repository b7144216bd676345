//! Fields that two people changed to different values (T-GEN-07): told with both values, and nothing is saved.

use domain::error::AppError;
use domain::views::{ActorKind, ActorView};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Wanted;
use crate::conflict::{self, Difference};
use crate::error::ServiceError;
use crate::people::{ActorDirectory, ResolvedActor, actor_views};
use crate::sql::unique;
use crate::tickets::{Loaded, people};
use crate::work::Work;
use crate::{documents, history};

impl Wanted {
    /// Refuses a save from `version` whose fields somebody else changed since to other values.
    pub(super) async fn refuse_conflicts(&self, w: &Work, loaded: &Loaded, version: i32) -> Result<(), ServiceError> {
        if version >= loaded.ticket.version {
            return Ok(());
        }
        let changed = history::changed_since(&w.tx, loaded.ticket.id, version).await?;
        let authors = unique(changed.iter().filter_map(|(_, by, _)| *by));
        let (users, groups) = self.named(loaded, &authors);
        let names = actor_views(&w.tx, &users, &groups).await?;
        let files = documents::of_entries(&w.tx, &[loaded.ticket.id]).await?;
        let files: Vec<Uuid> = files.into_values().flatten().map(|file| file.id).collect();
        let mut conflicts = Vec::new();
        for difference in self.differences(loaded, &files, &names) {
            let recorded = recorded_as(difference.0);
            let Some((_, by, at)) = changed.iter().find(|(name, ..)| name == recorded) else { continue };
            let actor = names.author(*by, loaded.is_agent());
            conflicts.push(conflict::told(w, difference, *by, actor, *at).await?);
        }
        if conflicts.is_empty() {
            return Ok(());
        }
        Err(AppError::Conflict { version: loaded.ticket.version, conflicts }.into())
    }

    /// Everybody a conflict may have to name.
    fn named(&self, loaded: &Loaded, authors: &[Uuid]) -> (Vec<Uuid>, Vec<Uuid>) {
        let wanted = || self.requesters.iter().chain(&self.observers).flatten();
        let users = wanted().filter_map(|one| if let ResolvedActor::User(id) = one { Some(*id) } else { None });
        let groups = wanted().filter_map(|one| if let ResolvedActor::Group(id) = one { Some(*id) } else { None });
        let users = unique(users.chain(loaded.actors.iter().filter_map(|row| row.user_id)).chain(authors.to_vec()));
        let groups = unique(groups.chain(loaded.actors.iter().filter_map(|row| row.group_id)));
        (users, groups)
    }

    /// Fields this save would change, with both values as JSON.
    fn differences(&self, loaded: &Loaded, files: &[Uuid], names: &ActorDirectory) -> Vec<Difference> {
        let ticket = &loaded.ticket;
        let mut out: Vec<Difference> = Vec::new();
        let mut add = |field, yours: Option<Value>, theirs: Value| {
            if let Some(yours) = yours.filter(|yours| *yours != theirs) {
                out.push((field, yours, theirs));
            }
        };
        add("title", self.title.clone().map(Into::into), ticket.title.clone().into());
        add("description", self.body.as_ref().map(|b| b.text.clone().into()), ticket.description_text.clone().into());
        add("urgency", self.urgency.map(Into::into), ticket.urgency.into());
        add("impact", self.impact.map(Into::into), ticket.impact.into());
        add("priority", self.priority.map(Into::into), ticket.priority.into());
        let id = |value: Option<Uuid>| value.map_or(Value::Null, |id| id.to_string().into());
        add("source", self.source.map(id), id(ticket.source_id));
        add("location", self.location.map(id), id(ticket.location_id));
        add("customer", self.customer.map(id), id(ticket.customer_id));
        let sorted = |ids: &[Uuid]| json!(unique(ids.iter().copied()));
        add("attachments", self.attachments.as_deref().map(sorted), sorted(files));
        for (field, role, wanted) in
            [("requesters", "requester", &self.requesters), ("observers", "observer", &self.observers)]
        {
            let Some(wanted) = wanted else { continue };
            let present: Vec<_> = loaded.of_role(role).collect();
            let is_same = wanted.len() == present.len()
                && wanted.iter().all(|one| present.iter().any(|row| people::same(row, one)));
            if !is_same {
                let yours: Vec<ActorView> = wanted.iter().map(|one| view(one, names)).collect();
                let theirs: Vec<ActorView> = present.iter().map(|row| people::view(row, names, true)).collect();
                out.push((field, json!(yours), json!(theirs)));
            }
        }
        out
    }
}

fn view(one: &ResolvedActor, names: &ActorDirectory) -> ActorView {
    match one {
        ResolvedActor::User(id) => names.user(*id),
        ResolvedActor::Group(id) => names.group(*id),
        ResolvedActor::Email { address, name } => ActorView {
            kind: ActorKind::Email,
            name: name.clone().unwrap_or_else(|| address.clone()),
            email: Some(address.clone()),
            ..ActorView::default()
        },
    }
}

/// The history names people by their role.
fn recorded_as(field: &str) -> &str {
    match field {
        "requesters" => "requester",
        "observers" => "observer",
        field => field,
    }
}
