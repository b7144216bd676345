//! Rows of occurrences: written, and shown as their reader may see them.

use std::collections::{BTreeMap, BTreeSet};

use domain::duration::Minutes;
use domain::mail::MailState;
use domain::occurrence::{Visibility, shows_both_times};
use domain::policy::{self, Capability};
use domain::ticket::Side;
use domain::views::{OccurrenceView, Ref, RemovedView, ReplyRef};
use entity::{occurrence, occurrence_revision, read_mark};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::unique;
use crate::tickets::{self, Loaded, people};
use crate::work::Work;
use crate::{documents, lists, mail, sanitise};

/// Visibility of a row.
pub(crate) fn visibility_of(row: &occurrence::Model) -> Visibility {
    row.visibility.parse().unwrap_or(Visibility::Private)
}

/// Side of a row.
pub(crate) fn side_of(row: &occurrence::Model) -> Side {
    row.side.parse().unwrap_or(Side::System)
}

/// Keeps the present state of an entry as its next revision (T-OCC-16).
pub(crate) async fn keep_revision(
    w: &Work,
    row: &occurrence::Model,
    what: &str,
    files: &[Uuid],
) -> Result<(), ServiceError> {
    occurrence_revision::ActiveModel {
        id: Set(new_id()),
        occurrence_id: Set(row.id),
        number: Set(row.version),
        at: Set(w.now()),
        by_id: Set(Some(w.actor().id())),
        what: Set(what.to_owned()),
        body: Set(row.body.clone()),
        body_text: Set(row.body_text.clone()),
        visibility: Set(row.visibility.clone()),
        occurred_at: Set(row.occurred_at),
        minutes: Set(row.minutes),
        category_id: Set(row.category_id),
        source_id: Set(row.source_id),
        attachments: Set(serde_json::to_string(files)?),
    }
    .insert(&w.tx)
    .await?;
    Ok(())
}

/// The present state of an entry as a revision that was never stored.
pub(crate) fn as_revision(row: &occurrence::Model, files: &[Uuid]) -> Result<occurrence_revision::Model, ServiceError> {
    Ok(occurrence_revision::Model {
        id: row.id,
        occurrence_id: row.id,
        number: row.version,
        at: row.edited_at.unwrap_or(row.registered_at),
        by_id: row.edited_by_id.or(row.author_id),
        what: String::new(),
        body: row.body.clone(),
        body_text: row.body_text.clone(),
        visibility: row.visibility.clone(),
        occurred_at: row.occurred_at,
        minutes: row.minutes,
        category_id: row.category_id,
        source_id: row.source_id,
        attachments: serde_json::to_string(files)?,
    })
}

/// The views of rows the reader may see, in their order: a fixed number of queries, whatever theirs.
pub(crate) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    rows: &[occurrence::Model],
    settings: &Settings,
    portal: bool,
) -> Result<Vec<OccurrenceView>, ServiceError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let actor = &ctx.actor;
    let agent = loaded.is_agent() && !portal;
    let shown: Vec<Uuid> = rows.iter().filter(|r| r.removed_at.is_none()).map(|r| r.id).collect();
    let mut files = documents::of_entries(connection, &shown).await?;
    let (mails, past, sent) = if agent {
        (mail::of_entries(connection, &shown).await?, mail::of_past(connection, &shown).await?, BTreeSet::new())
    } else {
        (BTreeMap::new(), BTreeMap::new(), mail::sent_ones(connection, &shown).await?)
    };
    let may_send = agent && loaded.caps.contains(Capability::OccurrenceSendMail);
    let targets = reply_targets(connection, rows).await?;
    let named = rows
        .iter()
        .flat_map(|r| [r.author_id, r.edited_by_id, r.removed_by_id])
        .chain(targets.values().map(|t| t.author_id))
        .flatten();
    let names_ids = unique(named);
    let names = people::directory(connection, &[], &names_ids).await?;
    let refs_ids = unique(rows.iter().flat_map(|r| [r.category_id, r.source_id]).flatten());
    let refs = lists::refs(connection, &refs_ids, actor.lang).await?;
    let mark = read_mark::Entity::find_by_id((actor.id(), loaded.ticket.id)).one(connection).await?;
    let writable = tickets::require_writable(&loaded.ticket).is_ok();
    let may_reply = tickets::detail::may_write(loaded, settings) && agent;
    let at = |at: i64| moment(at, actor.zone);
    Ok(rows
        .iter()
        .map(|row| {
            let mine = row.author_id == Some(actor.id());
            let removed = row.removed_at.map(|when| RemovedView {
                at: at(when),
                by: row.removed_by_id.filter(|_| agent).map(|by| people::author(&names, Some(by), true)),
                reason: row.removed_reason.clone().filter(|_| agent),
            });
            let is_removed = removed.is_some();
            let author = match &row.author_name {
                Some(name) => crate::people::named(name, agent),
                None => people::author(&names, row.author_id, agent),
            };
            let is_public = !visibility_of(row).is_private();
            let own = mails.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            let shown = mail::view(own, actor.zone, may_send && is_public);
            let edited = if agent { row.edited_at } else { row.public_edited_at };
            let target =
                row.reply_to_id.and_then(|id| targets.get(&id)).filter(|target| sees(actor, loaded, target, portal));
            OccurrenceView {
                id: row.id,
                ticket: loaded.ticket.number,
                side: side_of(row),
                body: sanitise::stored(if is_removed { String::new() } else { row.body.clone() }),
                body_text: if is_removed { String::new() } else { row.body_text.clone() },
                visibility: visibility_of(row),
                occurred_at: at(row.occurred_at),
                registered_at: at(row.registered_at),
                shows_both_times: shows_both_times(row.occurred_at, row.registered_at),
                minutes: row.minutes.filter(|_| agent && !is_removed).map(Minutes),
                category: row.category_id.and_then(|id| refs.get(&id)).cloned(),
                source: row.source_id.filter(|_| agent).and_then(|id| refs.get(&id)).cloned(),
                template: row
                    .template_name
                    .clone()
                    .filter(|_| agent && !is_removed)
                    .map(|name| Ref { id: row.template_id.unwrap_or_default(), name }),
                reply_to: target
                    .map(|t| ReplyRef { id: t.id, author: people::author(&names, t.author_id, agent).name }),
                root: target.and(row.root_id),
                attachments: files
                    .remove(&row.id)
                    .unwrap_or_default()
                    .iter()
                    .map(|d| {
                        documents::view(
                            d,
                            Some(loaded.ticket.number),
                            people::author(&names, Some(d.author_id), agent),
                            actor.zone,
                        )
                    })
                    .collect(),
                mail_state: mail::worst(MailState::worst(shown.iter().map(|mail| mail.state)), past.get(&row.id)),
                sent_by_mail: sent.contains(&row.id)
                    || past.get(&row.id).is_some_and(|past| past.sent)
                    || shown.iter().any(|mail| mail.state == MailState::Sent),
                mails: shown,
                edited_at: edited.filter(|_| !is_removed).map(at),
                edited_by: row
                    .edited_by_id
                    .filter(|_| agent && !is_removed)
                    .map(|by| people::author(&names, Some(by), true)),
                revision_count: if agent { row.revision_count } else { 0 },
                actions: actions(row, loaded, writable, may_reply, mine, is_removed),
                version: if agent || (mine && policy::can_update_occurrence(loaded.caps, true).is_ok()) {
                    row.version
                } else {
                    0
                },
                unread: !mine && mark.as_ref().is_some_and(|m| row.registered_at > m.read_at),
                author,
                removed,
                mine,
            }
        })
        .collect())
}

fn actions(
    row: &occurrence::Model,
    loaded: &Loaded,
    writable: bool,
    may_reply: bool,
    mine: bool,
    removed: bool,
) -> Vec<String> {
    let mut out = Vec::new();
    if removed || !writable || row.author_id.is_none() {
        return out;
    }
    if policy::can_update_occurrence(loaded.caps, mine).is_ok() {
        out.push("update".to_owned());
    }
    if policy::can_delete_occurrence(loaded.caps, mine).is_ok() {
        out.push("delete".to_owned());
    }
    if may_reply {
        out.push("reply".to_owned());
    }
    if loaded.is_agent() && loaded.caps.contains(Capability::KnowledgeEdit) {
        out.push("save-to-knowledge".to_owned());
    }
    out
}

/// Whether the reader sees this entry (T-VIS-03); in the portal public ones only.
pub(crate) fn sees(actor: &crate::actor::Actor, loaded: &Loaded, row: &occurrence::Model, portal: bool) -> bool {
    let private = visibility_of(row).is_private();
    if portal { !private } else { policy::can_see_entry(loaded.caps, private, row.author_id == Some(actor.id())) }
}

async fn reply_targets(
    connection: &impl ConnectionTrait,
    rows: &[occurrence::Model],
) -> Result<BTreeMap<Uuid, occurrence::Model>, ServiceError> {
    let ids = unique(rows.iter().filter_map(|r| r.reply_to_id));
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = occurrence::Entity::find().filter(occurrence::Column::Id.is_in(ids)).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
