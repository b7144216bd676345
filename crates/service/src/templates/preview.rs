//! A template with the values of a ticket, as its reader would get it: public content only (T-TPL-02, T-TPL-03).

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldErrors};
use domain::lang::Lang;
use domain::occurrence::{BodyFormat, Visibility};
use domain::template::{TemplateKind, text_field};
use domain::views::TemplatePreview;
use entity::occurrence;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::list::{Sight, seen};
use super::{Facts, faults, kind_of, text_among, texts};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::mail::language_of;
use crate::mail::template::{TemplateError, Values, render};
use crate::tickets::{self, Loaded};
use crate::{people, sanitise};

/// Shows a stored template with a ticket in a language.
///
/// # Errors
/// `NotFound` for those who do not administer it; `Invalid`: `unknown_reference` on `ticket`, or what is wrong with the text.
pub async fn preview(
    ctx: &Ctx,
    kind: TemplateKind,
    id: Uuid,
    ticket: i64,
    lang: Lang,
) -> Result<TemplatePreview, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = seen(&snapshot, &ctx.actor, id).await?;
    if kind_of(&row) != kind || !Sight::of(&ctx.actor).manages(&row) {
        return Err(AppError::NotFound.into());
    }
    let home = language_of(&snapshot, row.entity_id).await?;
    let source = text_among(texts(&row), lang, home).unwrap_or_default();
    let loaded = match tickets::load_visible(&snapshot, &ctx.actor, ticket).await {
        Err(error) if error.public == AppError::NotFound => {
            return Err(AppError::field("ticket", Code::UnknownReference).into());
        }
        other => other?,
    };
    shown(ctx, &snapshot, kind, &source, &loaded, lang).await
}

/// A text with the values of a ticket.
///
/// # Errors
/// `Invalid` at the field of the language with what is wrong with the text.
pub(super) async fn shown(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    kind: TemplateKind,
    source: &str,
    loaded: &Loaded,
    lang: Lang,
) -> Result<TemplatePreview, ServiceError> {
    let zone = ctx.actor.entity_zone(loaded.ticket.entity_id);
    let facts = Facts::load(ctx, connection, &loaded.ticket, &loaded.actors).await?;
    let link = ticket_link(ctx, loaded.ticket.number);
    let mut values = Values::new(lang, zone);
    facts.put(&mut values, lang, &link);
    by_actor(ctx, &mut values);
    if kind == TemplateKind::Mail {
        of_mail(ctx, connection, loaded, lang, &link, &mut values).await?;
    }
    let made = render(source, &values).map_err(|error| refusal(lang, &error))?;
    let html = sanitise::rich(&made.html, BodyFormat::Html).html;
    Ok(TemplatePreview { ticket: loaded.ticket.number, lang, text: made.text, html })
}

/// Address of a ticket on the side of its requesters.
pub(super) fn ticket_link(ctx: &Ctx, number: i64) -> String {
    format!("{}/requests/{number}", ctx.services.base_url)
}

/// Sets who writes, and when.
pub(super) fn by_actor(ctx: &Ctx, values: &mut Values) {
    values.set("user.name", ctx.actor.user.name.clone());
    values.set("user.signature", ctx.actor.user.signature.clone());
    values.set_time("now", Some(ctx.now()));
}

/// What is wrong, at the field of the text.
pub(super) fn refusal(lang: Lang, error: &TemplateError) -> AppError {
    let mut errors = FieldErrors::new();
    let place = faults::place(error.line, error.column, &error.reason);
    errors.add_with(text_field(lang), faults::code_of(error.fault), place);
    AppError::Invalid(errors)
}

/// Sets what a mail says besides: its newest public entry, and the reader as its recipient.
async fn of_mail(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    lang: Lang,
    link: &str,
    values: &mut Values,
) -> Result<(), ServiceError> {
    values.set("recipient.name", ctx.actor.user.name.clone());
    values.set("recipient.language", lang.code());
    values.set("links.ticket", link);
    let entry = occurrence::Entity::find()
        .filter(occurrence::Column::TicketId.eq(loaded.ticket.id))
        .filter(occurrence::Column::Visibility.eq(Visibility::Public.as_str()))
        .filter(occurrence::Column::RemovedAt.is_null())
        .order_by_desc(occurrence::Column::RegisteredAt)
        .order_by_desc(occurrence::Column::Id)
        .one(connection)
        .await?;
    let Some(entry) = entry else { return Ok(()) };
    let author = match entry.author_id {
        Some(id) => people::actor_views(connection, &[id], &[]).await?.user(id).name,
        None => String::new(),
    };
    // Pictures of an entry travel with a mail; here the words are looked at.
    let html = sanitise::for_mail(&entry.body, &BTreeMap::new());
    values.set_rich("entry.text", &entry.body_text, &html);
    values.set_rich("message.text", &entry.body_text, &html);
    values.set("entry.author", author);
    values.set_time("entry.occurred_at", Some(entry.occurred_at));
    values.set_time("entry.registered_at", Some(entry.registered_at));
    Ok(())
}
