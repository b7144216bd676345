//! Versions of an occurrence: read by those who see the customer, compared where two people changed it (C-OCC-07, C-OCC-08).

use domain::customer::{Impact, day_of};
use domain::error::{AppError, FieldConflict};
use domain::forms::Decided;
use domain::views::{CustomerImageView, CustomerOccurrenceRevision};
use entity::{customer_occurrence, customer_occurrence_revision, document};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::fields::{Picture, Values};
use super::{images, ticket_numbers};
use crate::conflict;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings;
use crate::sql::unique;
use crate::work::Work;
use crate::{lists, people, sanitise};

/// A version with who saved it.
#[derive(Clone, Debug)]
struct State {
    number: i32,
    at: i64,
    by: Option<Uuid>,
    values: Values,
}

fn state(row: customer_occurrence_revision::Model) -> State {
    State {
        number: row.number,
        at: row.at,
        by: row.by_id,
        values: Values {
            body: row.body,
            category: row.category_id,
            impact: row.impact.parse().unwrap_or(Impact::Neutral),
            occurred_on: row.occurred_on,
            ticket: row.ticket_id,
            images: serde_json::from_str(&row.images).unwrap_or_default(),
        },
    }
}

fn present(row: &customer_occurrence::Model, values: Values) -> State {
    let by = row.edited_by_id.unwrap_or(row.author_id);
    State { number: row.version, at: row.edited_at.unwrap_or(row.registered_at), by: Some(by), values }
}

async fn former(
    connection: &impl ConnectionTrait,
    id: Uuid,
    from: i32,
) -> Result<Vec<customer_occurrence_revision::Model>, ServiceError> {
    Ok(customer_occurrence_revision::Entity::find()
        .filter(customer_occurrence_revision::Column::OccurrenceId.eq(id))
        .filter(customer_occurrence_revision::Column::Number.gte(from))
        .order_by_asc(customer_occurrence_revision::Column::Number)
        .all(connection)
        .await?)
}

/// What an occurrence held in version `from`; nothing where it holds the same now.
pub(super) async fn held(
    connection: &impl ConnectionTrait,
    id: Uuid,
    from: i32,
) -> Result<Option<Values>, ServiceError> {
    Ok(former(connection, id, from).await?.into_iter().next().map(|row| state(row).values))
}

/// The versions from one on, the present one last; there is always one.
pub(super) struct States {
    base: Values,
    all: Vec<State>,
}

impl States {
    /// Those from version `from` on.
    pub(super) async fn load(
        w: &Work,
        row: &customer_occurrence::Model,
        stored: &Values,
        from: i32,
    ) -> Result<Self, ServiceError> {
        let mut all: Vec<State> = former(&w.tx, row.id, from).await?.into_iter().map(state).collect();
        all.push(present(row, stored.clone()));
        let base = all.first().map_or_else(|| stored.clone(), |first| first.values.clone());
        Ok(Self { base, all })
    }

    /// What the first of them holds.
    pub(super) const fn base(&self) -> &Values {
        &self.base
    }

    /// Refuses a save whose fields somebody else changed since to other values, but for those its writer `decided` that nobody
    /// changed again.
    pub(super) async fn refuse(
        &self,
        w: &Work,
        row: &customer_occurrence::Model,
        stored: &Values,
        yours: &Values,
        decided: &Decided,
    ) -> Result<(), ServiceError> {
        let shown = self.all.iter().rfind(|state| state.number <= decided.seen);
        let mut conflicts: Vec<FieldConflict> = Vec::new();
        let mut is_asked = false;
        let fields = yours.fields().into_iter().zip(stored.fields()).zip(self.base.fields());
        for (((field, yours), (_, theirs)), (_, before)) in fields {
            if yours == before || theirs == before || yours == theirs {
                continue;
            }
            let value = |state: &State| {
                let found = state.values.fields().into_iter().find(|(name, _)| *name == field);
                found.map(|(_, value)| value)
            };
            // The first version that has the present value tells who set it.
            let Some(changed) = self.all.iter().rev().take_while(|one| value(one).as_ref() == Some(&theirs)).last()
            else {
                continue;
            };
            is_asked |= !(decided.covers(field) && shown.and_then(value).as_ref() == Some(&theirs));
            let actor = settings::author(w, changed.by).await?;
            let (yours, theirs) = if field == "ticket" {
                (ticket_number(w, yours).await?, ticket_number(w, theirs).await?)
            } else {
                (yours, theirs)
            };
            let difference: (&'static str, Value, Value) = (field, yours, theirs);
            conflicts.push(conflict::told(w, difference, changed.by, actor, changed.at).await?);
        }
        if !is_asked {
            return Ok(());
        }
        Err(AppError::Conflict { version: row.version, conflicts }.into())
    }
}

/// A ticket as the API names it, if the reader may see it (C-OCC-10).
async fn ticket_number(w: &Work, id: Value) -> Result<Value, ServiceError> {
    let id: Option<Uuid> = serde_json::from_value(id)?;
    let numbers = ticket_numbers(&w.tx, w.actor(), id.as_slice()).await?;
    Ok(json!(numbers.values().next()))
}

/// Versions of an occurrence, the newest first, each with what changed in its text. Of a deleted one too (C-OCC-09).
///
/// # Errors
/// `NotFound` for one out of sight.
pub async fn revisions(ctx: &Ctx, id: Uuid) -> Result<Vec<CustomerOccurrenceRevision>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load(&snapshot, &ctx.actor, id).await?;
    let mut states: Vec<State> = former(&snapshot, id, 0).await?.into_iter().map(state).collect();
    let now = Values::of(&loaded.row, images::pictures(&snapshot, id).await?);
    states.push(present(&loaded.row, now));
    let actor = &ctx.actor;
    let categories = unique(states.iter().map(|one| one.values.category));
    let categories = lists::refs(&snapshot, &categories, actor.lang).await?;
    let tickets = unique(states.iter().filter_map(|one| one.values.ticket));
    let tickets = ticket_numbers(&snapshot, actor, &tickets).await?;
    let people = people::actor_views(&snapshot, &unique(states.iter().filter_map(|one| one.by)), &[]).await?;
    let files = unique(states.iter().flat_map(|one| one.values.images.iter().map(|picture| picture.id)));
    let files = document::Entity::find().filter(document::Column::Id.is_in(files)).all(&snapshot).await?;
    let image = |picture: &Picture| {
        let file = files.iter().find(|file| file.id == picture.id)?;
        let said = picture.alt.clone();
        let alt = if said.is_empty() { file.name.clone() } else { said.clone() };
        Some(CustomerImageView { alt, said, ..super::image(file) })
    };
    let mut out: Vec<CustomerOccurrenceRevision> = Vec::with_capacity(states.len());
    let mut last = String::new();
    for (revision, one) in (1..).zip(&states) {
        let values = &one.values;
        out.push(CustomerOccurrenceRevision {
            revision,
            at: moment(one.at, actor.zone),
            by: people.author(one.by, true),
            diff: if revision == 1 { Vec::new() } else { sanitise::word_diff(&last, &values.body) },
            body: values.body.clone(),
            category: categories.get(&values.category).cloned(),
            impact: values.impact,
            occurred_on: day_of(values.occurred_on),
            ticket: values.ticket.and_then(|id| tickets.get(&id)).copied(),
            images: values.images.iter().filter_map(image).collect(),
        });
        last.clone_from(&values.body);
    }
    out.reverse();
    Ok(out)
}
