//! The customers of the demo desk and what happened to them, in four languages (customers.md).

use std::collections::BTreeMap;

use domain::customer::{Contact, Impact, day_number, document_key};
use entity::{customer, customer_occurrence, list_row};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use uuid::Uuid;

use super::desk::{Desk, Texts, known, list_row_of};
use super::random::Random;
use super::rows::insert_all;
use crate::ctx::new_id;
use crate::customer_occurrences::tally;
use crate::customers::{self, NEVER};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::{lists, moments, search};

const CUSTOMERS: &str = include_str!("customers.json");
/// How much happened in all.
const OCCURRENCES: usize = 300;
/// Days back to the oldest one.
const DAYS: i64 = 400;
const DAY: i64 = 86_400;
/// Who registers: those who attend to customers.
const AUTHORS: [&str; 4] = ["tech1", "tech2", "tech3", "supervisor1"];

/// `customers.json`.
#[derive(Debug, Deserialize)]
struct CustomerFile {
    segments: Vec<SegmentItem>,
    customers: Vec<CustomerItem>,
    /// What happens, by language.
    texts: BTreeMap<String, Vec<TextItem>>,
}

#[derive(Debug, Deserialize)]
struct SegmentItem {
    key: String,
    names: Texts,
}

#[derive(Debug, Deserialize)]
struct CustomerItem {
    entity: String,
    language: String,
    name: String,
    legal_name: String,
    document_id: String,
    segment: Option<String>,
    responsible: Option<String>,
    status: String,
    contact: Contact,
}

#[derive(Debug, Deserialize)]
struct TextItem {
    category: String,
    impact: Impact,
    text: String,
}

/// Stores them with their words, days and numbers. Chance has a generator of its own: what else is on the desk stays as it is.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    engine: Engine,
    desk: &Desk,
    now: i64,
    seed: u64,
) -> Result<(), ServiceError> {
    let file: CustomerFile = serde_json::from_str(CUSTOMERS)?;
    let mut random = Random::new(seed.wrapping_add(1));
    let root = *known(&desk.entities, "acme")?;
    let mut segments = BTreeMap::new();
    let mut rows = Vec::new();
    for (item, position) in file.segments.iter().zip(1..) {
        let row = list_row_of(lists::CUSTOMER_SEGMENTS, root, &item.names, position)?;
        segments.insert(item.key.clone(), row.id);
        rows.push(row);
    }
    insert_all::<list_row::Entity>(tx, rows).await?;
    let mut customers = Vec::new();
    for item in &file.customers {
        customers.push(row(desk, &segments, item, now)?);
    }
    insert_all::<customer::Entity>(tx, customers.clone()).await?;
    for row in &customers {
        customers::index_words(tx, engine, row).await?;
    }
    let categories = categories(tx).await?;
    let mut occurrences = Vec::new();
    for (item, customer) in file.customers.iter().zip(&customers).cycle().take(OCCURRENCES) {
        let texts = known(&file.texts, &item.language)?;
        let Some(text) = random.pick(texts) else { continue };
        let category_id = *known(&categories, &text.category)?;
        let author = random.pick(&AUTHORS).copied().unwrap_or_default();
        let author_id = known(&desk.people, author)?.id;
        occurrences.push(occurrence(customer, text, (category_id, author_id), now, &mut random));
    }
    insert_all::<customer_occurrence::Entity>(tx, occurrences).await?;
    tally::rebuild(tx).await?;
    for row in &customers {
        customers::set_last(tx, row.id).await?;
    }
    Ok(())
}

fn row(
    desk: &Desk,
    segments: &BTreeMap<String, Uuid>,
    item: &CustomerItem,
    now: i64,
) -> Result<customer::Model, ServiceError> {
    let contact = Contact { is_primary: true, ..item.contact.clone() };
    let created = now - 180 * DAY;
    let responsible = item.responsible.as_deref().map(|key| known(&desk.people, key)).transpose()?;
    Ok(customer::Model {
        id: new_id(),
        entity_id: *known(&desk.entities, &item.entity)?,
        recursive: true,
        name: item.name.clone(),
        name_key: search::fold(&item.name),
        legal_name: Some(item.legal_name.clone()),
        document_id: Some(item.document_id.clone()),
        document_key: Some(document_key(&item.document_id)),
        contacts: serde_json::to_string(&[contact])?,
        segment_id: item.segment.as_deref().map(|key| known(segments, key).copied()).transpose()?,
        responsible_id: responsible.map(|person| person.id),
        status: item.status.clone(),
        last_occurred_on: NEVER,
        last_impact: None,
        version: 1,
        created_at: created,
        updated_at: created,
    })
}

fn occurrence(
    customer: &customer::Model,
    text: &TextItem,
    (category_id, author_id): (Uuid, Uuid),
    now: i64,
    random: &mut Random,
) -> customer_occurrence::Model {
    let registered_at = now - random.between(0, DAYS) * DAY - random.between(0, 8 * 3_600);
    customer_occurrence::Model {
        id: new_id(),
        entity_id: customer.entity_id,
        recursive: customer.recursive,
        customer_id: customer.id,
        body: text.text.clone(),
        category_id,
        impact: text.impact.as_str().to_owned(),
        occurred_on: day_number(moments::local_date(registered_at, chrono_tz::UTC)),
        ticket_id: None,
        author_id,
        registered_at,
        edited_at: None,
        edited_by_id: None,
        revision_count: 0,
        removed_at: None,
        removed_by_id: None,
        version: 1,
    }
}

/// The shipped categories, by their codes.
async fn categories(tx: &impl ConnectionTrait) -> Result<BTreeMap<String, Uuid>, ServiceError> {
    let rows = list_row::Entity::find().filter(list_row::Column::List.eq(lists::CUSTOMER_CATEGORIES)).all(tx).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.code?, row.id))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_customers_names_what_there_is() {
        let file: CustomerFile = serde_json::from_str(CUSTOMERS).unwrap();
        assert_eq!(file.customers.len(), 40);
        for item in &file.customers {
            assert!(file.texts.contains_key(&item.language), "{}", item.name);
            assert!(
                item.segment.iter().all(|key| file.segments.iter().any(|known| known.key == *key)),
                "{}",
                item.name
            );
            item.status.parse::<domain::customer::CustomerStatus>().unwrap();
        }
        let mut keys: Vec<String> = file.customers.iter().map(|item| document_key(&item.document_id)).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 40, "document numbers differ");
    }
}
