//! Entries the system writes by itself (T-GEN-11, T-PEN-04): public, without author, without a trigger of their own.

use domain::occurrence::Visibility;
use domain::ticket::Side;
use entity::occurrence;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::search;
use crate::templates::Automatic;
use crate::tickets::Loaded;
use crate::work::Work;

/// Adds such an entry; `event` is the kind of T-HIS that tells of it. The caller saves the ticket.
pub(crate) async fn add_automatic(
    w: &Work,
    loaded: &Loaded,
    made: &Automatic,
    event: &'static str,
) -> Result<occurrence::Model, ServiceError> {
    let ticket = &loaded.ticket;
    let row = occurrence::ActiveModel {
        id: Set(new_id()),
        ticket_id: Set(ticket.id),
        entity_id: Set(ticket.entity_id),
        author_id: Set(None),
        author_name: Set(None),
        side: Set(Side::System.as_str().to_owned()),
        body: Set(made.html.clone()),
        body_text: Set(made.text.clone()),
        visibility: Set(Visibility::Public.as_str().to_owned()),
        occurred_at: Set(w.now()),
        registered_at: Set(w.now()),
        minutes: Set(None),
        category_id: Set(None),
        source_id: Set(None),
        template_id: Set(Some(made.template.id)),
        template_name: Set(Some(made.template.name.clone())),
        reply_to_id: Set(None),
        root_id: Set(None),
        edited_at: Set(None),
        edited_by_id: Set(None),
        public_edited_at: Set(None),
        revision_count: Set(0),
        removed_at: Set(None),
        removed_by_id: Set(None),
        removed_reason: Set(None),
        version: Set(1),
    };
    let row = row.insert(&w.tx).await?;
    search::index_new(w, search::occurrence_doc(&row)).await?;
    let entry = Some(("occurrence", row.id, Visibility::Public, None));
    history::record(w, ticket.id, Record { kind: event, entry, automatic: true, ..Record::default() }).await?;
    let change = NewChange {
        kind: "occurrence",
        what: "created",
        object: row.id,
        version: 1,
        audience: events::audience(Visibility::Public),
        author: None,
    };
    events::emit(w, ticket, change).await?;
    Ok(row)
}
