//! What can be changed of an occurrence: read, checked, compared.

use domain::customer::{ALT_MAX, BODY_MAX, IMAGES_MAX, Impact, check_day, check_line, day_number};
use domain::error::{Code, FieldErrors};
use domain::forms::{CustomerImage, CustomerOccurrencePatch, Patch};
use domain::text::length;
use entity::customer_occurrence;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actor::Actor;
use crate::error::ServiceError;
use crate::work::Work;
use crate::{lists, moments, sanitise, tickets};

/// An image of an occurrence with what it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Picture {
    pub(super) id: Uuid,
    pub(super) alt: String,
}

/// The fields, typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) body: String,
    pub(super) category: Uuid,
    pub(super) impact: Impact,
    pub(super) occurred_on: i32,
    pub(super) ticket: Option<Uuid>,
    pub(super) images: Vec<Picture>,
}

impl Values {
    /// Those of a stored row with its images.
    pub(super) fn of(row: &customer_occurrence::Model, images: Vec<Picture>) -> Self {
        Self {
            body: row.body.clone(),
            category: row.category_id,
            impact: row.impact.parse().unwrap_or(Impact::Neutral),
            occurred_on: row.occurred_on,
            ticket: row.ticket_id,
            images,
        }
    }

    /// Puts them into a row; images are files.
    pub(super) fn write(&self, row: &mut customer_occurrence::Model) {
        row.body.clone_from(&self.body);
        row.category_id = self.category;
        self.impact.as_str().clone_into(&mut row.impact);
        row.occurred_on = self.occurred_on;
        row.ticket_id = self.ticket;
    }

    /// These with the changes that were made from `base`.
    pub(super) fn merged(&self, base: &Self, yours: &Self) -> Self {
        Self {
            body: pick(&base.body, &self.body, &yours.body),
            category: pick(&base.category, &self.category, &yours.category),
            impact: pick(&base.impact, &self.impact, &yours.impact),
            occurred_on: pick(&base.occurred_on, &self.occurred_on, &yours.occurred_on),
            ticket: pick(&base.ticket, &self.ticket, &yours.ticket),
            images: pick(&base.images, &self.images, &yours.images),
        }
    }

    /// Every field with its value, as the API names it.
    pub(super) fn fields(&self) -> [(&'static str, Value); 6] {
        [
            ("body", json!(self.body)),
            ("category", json!(self.category)),
            ("impact", json!(self.impact)),
            ("occurred_on", json!(domain::customer::day_of(self.occurred_on))),
            ("ticket", json!(self.ticket)),
            ("images", json!(self.images)),
        ]
    }
}

fn pick<T: PartialEq + Clone>(base: &T, theirs: &T, yours: &T) -> T {
    if yours == base { theirs.clone() } else { yours.clone() }
}

/// What a form or a program sent, each field checked as far as it can be alone; `None` = it stays, or it is wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    pub(super) body: Option<String>,
    pub(super) category: Option<Uuid>,
    pub(super) impact: Option<Impact>,
    pub(super) occurred_on: Option<i32>,
    pub(super) ticket: Option<Option<Uuid>>,
    pub(super) images: Option<Vec<Picture>>,
}

impl Read {
    /// Reads a change of an occurrence in `entity`, of which `present` is stored (`None` = a new one); every wrong field is
    /// noted. A category that is there already may stay, whatever became of it (C-OCC-12).
    pub(super) async fn check(
        w: &Work,
        entity: Uuid,
        present: Option<&Values>,
        patch: &CustomerOccurrencePatch,
        errors: &mut FieldErrors,
    ) -> Result<Self, ServiceError> {
        let is_new = present.is_none();
        let today = moments::local_date(w.now(), w.actor().zone);
        let given = |typed: &Patch<String>| match typed {
            Patch::Keep if is_new => Some(String::new()),
            Patch::Keep => None,
            Patch::Clear => Some(String::new()),
            Patch::Set(text) => Some(text.clone()),
        };
        let body = given(&patch.body).and_then(|text| errors.check("body", body(&text)));
        let impact = given(&patch.impact).and_then(|text| errors.check("impact", text.trim().parse()));
        let occurred_on =
            given(&patch.occurred_on).and_then(|text| errors.check("occurred_on", check_day(&text, today)));
        let category = match given(&patch.category) {
            None => None,
            Some(text) => {
                let found = category(w, entity, present.map(|values| values.category), text.trim()).await?;
                errors.check("category", found)
            }
        };
        let ticket = match &patch.ticket {
            Patch::Keep => None,
            Patch::Clear => Some(None),
            Patch::Set(text) => {
                let found = ticket(w, text).await?;
                errors.check("ticket", found)
            }
        };
        let images = patch.images.as_deref().and_then(|images| pictures(images, errors));
        let occurred_on = occurred_on.map(day_number);
        Ok(Self { body, category, impact, occurred_on, ticket, images })
    }

    /// What a new occurrence holds; `None` where something is missing, which was noted.
    pub(super) fn whole(self) -> Option<Values> {
        Some(Values {
            body: self.body?,
            category: self.category?,
            impact: self.impact?,
            occurred_on: self.occurred_on?,
            ticket: self.ticket.flatten(),
            images: self.images.unwrap_or_default(),
        })
    }

    /// What it makes of stored values.
    pub(super) fn over(self, stored: &Values) -> Values {
        Values {
            body: self.body.unwrap_or_else(|| stored.body.clone()),
            category: self.category.unwrap_or(stored.category),
            impact: self.impact.unwrap_or(stored.impact),
            occurred_on: self.occurred_on.unwrap_or(stored.occurred_on),
            ticket: self.ticket.unwrap_or(stored.ticket),
            images: self.images.unwrap_or_else(|| stored.images.clone()),
        }
    }
}

fn body(typed: &str) -> Result<String, Code> {
    let text = sanitise::lines(typed);
    match length(&text) {
        0 => Err(Code::Required),
        n if n > BODY_MAX => Err(Code::TooLong),
        _ => Ok(text),
    }
}

async fn category(
    w: &Work,
    entity: Uuid,
    present: Option<Uuid>,
    text: &str,
) -> Result<Result<Uuid, Code>, ServiceError> {
    if text.is_empty() {
        return Ok(Err(Code::Required));
    }
    if let Some(present) = present.filter(|id| id.to_string() == text) {
        return Ok(Ok(present));
    }
    let path = w.actor().path_of(entity);
    let found = lists::active_row(&w.tx, lists::CUSTOMER_CATEGORIES, &path, text).await?;
    Ok(found.map(|row| row.id))
}

/// The number of a ticket that the writer may see; empty is none.
async fn ticket(w: &Work, text: &str) -> Result<Result<Option<Uuid>, Code>, ServiceError> {
    let text = text.trim().trim_start_matches('#');
    if text.is_empty() {
        return Ok(Ok(None));
    }
    let Ok(number) = text.parse::<domain::ids::TicketNumber>() else { return Ok(Err(Code::UnknownReference)) };
    match tickets::load_visible(&w.tx, w.actor(), number.get()).await {
        Ok(loaded) => Ok(Ok(Some(loaded.ticket.id))),
        Err(error) if error.public == domain::error::AppError::NotFound => Ok(Err(Code::UnknownReference)),
        Err(error) => Err(error),
    }
}

/// Ids and descriptions of images; whose they are is told when they are attached.
fn pictures(images: &[CustomerImage], errors: &mut FieldErrors) -> Option<Vec<Picture>> {
    if images.len() > IMAGES_MAX {
        errors.add("images", Code::TooMany);
        return None;
    }
    let mut out: Vec<Picture> = Vec::new();
    for (at, image) in images.iter().enumerate() {
        let id = image.id.trim().parse::<Uuid>().map_err(|_no_id| Code::UnknownReference);
        let id = id.and_then(|id| if out.iter().any(|one| one.id == id) { Err(Code::Duplicate) } else { Ok(id) });
        let id = errors.check(&format!("images[{at}]"), id);
        let alt = errors.check(&format!("images[{at}].alt"), check_line(&sanitise::nfc(&image.alt), ALT_MAX));
        if let (Some(id), Some(alt)) = (id, alt) {
            out.push(Picture { id, alt: alt.unwrap_or_default() });
        }
    }
    Some(out)
}

/// Today as the person counts days (C-OCC-03).
pub(super) fn today(actor: &Actor, now: i64) -> chrono::NaiveDate {
    moments::local_date(now, actor.zone)
}
