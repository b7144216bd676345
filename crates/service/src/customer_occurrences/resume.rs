//! What was typed into the form of an occurrence before others saved it: the fields nobody typed in follow what is stored by
//! now, so that saving the rest takes nothing back (C-OCC-05, C-OCC-08).

use std::collections::BTreeMap;

use domain::customer::day_of;
use domain::views::DraftView;
use entity::customer_occurrence;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::fields::{Picture, Values};
use super::{images, revisions, ticket_numbers};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sanitise;
use crate::sql::unique;

/// A draft of `row`, which may have been begun in an earlier version of it.
pub(super) async fn followed(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    row: &customer_occurrence::Model,
    draft: DraftView,
) -> Result<DraftView, ServiceError> {
    let Some(from) = draft.begun().filter(|from| *from < row.version) else { return Ok(draft) };
    let Some(base) = revisions::held(connection, row.id, from).await? else { return Ok(draft) };
    let present = Values::of(row, images::pictures(connection, row.id).await?);
    let linked = unique([base.ticket, present.ticket].into_iter().flatten());
    let numbers = ticket_numbers(connection, &ctx.actor, &linked).await?;
    let mut out = draft;
    if let Value::Object(fields) = &mut out.fields {
        follow(fields, &base, &present, &numbers);
    }
    Ok(out)
}

/// Takes over what others saved in the fields that still hold what they began with. What shows the images goes with them.
fn follow(fields: &mut Map<String, Value>, base: &Values, present: &Values, numbers: &BTreeMap<Uuid, i64>) {
    for ((name, began), (_, now)) in texts(base, numbers).into_iter().zip(texts(present, numbers)) {
        if sanitise::lines(text(fields, name)) == began {
            fields.insert(name.to_owned(), json!(now));
        }
    }
    if typed_images(fields) == pairs(&base.images) {
        let ids: Vec<String> = present.images.iter().map(|image| image.id.to_string()).collect();
        fields.insert("attachments".to_owned(), json!(ids));
        let alts = present.images.iter().map(|image| image.alt.clone()).chain(std::iter::repeat(String::new()));
        for (name, alt) in ["alt_1", "alt_2"].into_iter().zip(alts) {
            fields.insert(name.to_owned(), json!(alt));
        }
    }
}

/// The fields besides the images, as the form holds them.
fn texts(values: &Values, numbers: &BTreeMap<Uuid, i64>) -> [(&'static str, String); 5] {
    let ticket = values.ticket.and_then(|id| numbers.get(&id)).map(ToString::to_string);
    [
        ("body", values.body.clone()),
        ("category", values.category.to_string()),
        ("impact", values.impact.as_str().to_owned()),
        ("occurred_on", day_of(values.occurred_on).to_string()),
        ("ticket", ticket.unwrap_or_default()),
    ]
}

fn text<'f>(fields: &'f Map<String, Value>, name: &str) -> &'f str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Ids and descriptions of the images of a draft.
fn typed_images(fields: &Map<String, Value>) -> Vec<(String, String)> {
    let ids = fields.get("attachments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let ids = ids.iter().filter_map(Value::as_str).filter(|id| !id.is_empty());
    let alts = ["alt_1", "alt_2"].into_iter().chain(std::iter::repeat(""));
    ids.zip(alts).map(|(id, name)| (id.to_owned(), text(fields, name).to_owned())).collect()
}

fn pairs(images: &[Picture]) -> Vec<(String, String)> {
    images.iter().map(|image| (image.id.to_string(), image.alt.clone())).collect()
}
