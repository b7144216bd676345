//! What becomes of every row of a file of customers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::customer::import::{COLUMNS, Heading, rows};
use domain::customer::{self as rules, Contact};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{CustomerPatch, Patch};
use domain::lang::Lang;
use domain::policy::Capability;
use domain::views::WrongRow;
use entity::customer;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::super::COLUMNS as ROW;
use super::super::fields::Values;
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::idempotency;
use crate::people::has_role_in;
use crate::sql::Sql;
use crate::{lists, search};

/// Characters of a wrong cell that are told.
const TOLD: usize = 200;

/// What a row does.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// A new customer.
    Create(Box<Values>),
    /// Changes one.
    Update(Box<customer::Model>, Box<Values>),
    /// Says what is known: id and version of the customer.
    Unchanged(Uuid, i32),
    /// Nothing: it is wrong.
    Wrong,
}

/// A row with its fate.
#[derive(Clone, Debug)]
pub(super) struct Row {
    line: u32,
    pub(super) fate: Fate,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) rows: Vec<Row>,
    pub(super) errors: Vec<WrongRow>,
    pub(super) unknown: Vec<String>,
}

/// What rows may name.
struct Known {
    /// Folded names in every language, and ids.
    segments: HashMap<String, Uuid>,
    /// Addresses in lower case.
    people: HashMap<String, Uuid>,
    customers: Vec<customer::Model>,
    by_document: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Plan {
    /// Reads a file for an entity.
    ///
    /// # Errors
    /// `Invalid` on `upload` for too many rows, on the columns for a heading row that is none.
    pub(super) async fn make(
        connection: &impl ConnectionTrait,
        actor: &Actor,
        entity: Uuid,
        text: &str,
        ignore: bool,
    ) -> Result<Self, ServiceError> {
        let mut records = rows(text).map_err(|code| AppError::field("upload", code))?.into_iter();
        let heading = records.next().ok_or_else(|| AppError::field("upload", Code::FileEmpty))?;
        let heading = Heading::read(&heading.cells).map_err(AppError::Invalid)?;
        let records: Vec<_> = records.collect();
        let known = Known::load(connection, actor, entity).await?;
        let mut out = Self { unknown: heading.unknown.clone(), ..Self::default() };
        if !ignore {
            let wrong = |name: &String| WrongRow {
                line: 1,
                column: name.clone(),
                code: Code::UnknownField,
                value: String::new(),
            };
            out.errors.extend(heading.unknown.iter().map(wrong));
        }
        let mut targets: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for record in &records {
            let line = u32::try_from(record.line).unwrap_or(u32::MAX);
            let (fate, stands_for) = known.fate(entity, &heading, &record.cells, line, &mut out.errors);
            for target in stands_for {
                targets.entry(target).or_default().push(out.rows.len());
            }
            out.rows.push(Row { line, fate });
        }
        let twice: BTreeSet<usize> = targets.into_values().filter(|rows| rows.len() > 1).flatten().collect();
        for at in twice {
            let Some((row, record)) = out.rows.get_mut(at).zip(records.get(at)) else { continue };
            row.fate = Fate::Wrong;
            let column = if heading.cell(&record.cells, "document_id").is_empty() { "name" } else { "document_id" };
            let value = told(heading.cell(&record.cells, column));
            out.errors.push(WrongRow { line: row.line, column: column.to_owned(), code: Code::Duplicate, value });
        }
        out.errors.sort_by(|a, b| (a.line, &a.column).cmp(&(b.line, &b.column)));
        Ok(out)
    }

    /// Stands for the fate of every row: another state of the data has another one.
    pub(super) fn fingerprint(&self) -> String {
        let facts: Vec<(u32, &str, Uuid, i32)> = self
            .rows
            .iter()
            .map(|row| match &row.fate {
                Fate::Create(_) => (row.line, "create", Uuid::nil(), 0),
                Fate::Update(before, _) => (row.line, "update", before.id, before.version),
                Fate::Unchanged(id, version) => (row.line, "unchanged", *id, *version),
                Fate::Wrong => (row.line, "wrong", Uuid::nil(), 0),
            })
            .collect();
        idempotency::content_hash(&facts)
    }
}

/// Stands for everything a plan is made from besides its file: whatever changes there changes it. It costs little beside a plan.
pub(super) async fn stamp(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
) -> Result<String, ServiceError> {
    let (segments, people) = references(connection, actor, entity).await?;
    let sorted = |map: HashMap<String, Uuid>| map.into_iter().collect::<BTreeMap<String, Uuid>>();
    let mut sql = Sql::new(
        "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(c.version), 0) AS BIGINT) AS versions, \
         CAST(COALESCE(MAX(c.seq), 0) AS BIGINT) AS newest, CAST(COALESCE(MAX(c.updated_at), 0) AS BIGINT) AS changed \
         FROM customer c WHERE c.entity_id = ",
    );
    let mut facts: Vec<i64> = Vec::new();
    for row in sql.bind(entity).rows(connection).await? {
        for name in ["number", "versions", "newest", "changed"] {
            facts.push(row.try_get("", name)?);
        }
    }
    Ok(idempotency::content_hash(&(facts, sorted(segments), sorted(people))))
}

/// Segments by folded names in every language and by ids, and people by their addresses in lower case.
async fn references(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
) -> Result<(HashMap<String, Uuid>, HashMap<String, Uuid>), ServiceError> {
    let mut segments = HashMap::new();
    for row in lists::rows(connection, lists::CUSTOMER_SEGMENTS, &actor.path_of(entity)).await? {
        if row.active {
            segments.insert(row.id.to_string(), row.id);
            for lang in Lang::ALL {
                segments.insert(search::fold(&lists::name(&row, lang)), row.id);
            }
        }
    }
    let mut sql = Sql::new("SELECT u.id, u.email_key FROM app_user u WHERE u.active = TRUE AND ");
    sql.append(&has_role_in(actor, &[entity], Some(Capability::CustomerView)));
    let mut people = HashMap::new();
    for row in sql.rows(connection).await? {
        people.insert(row.try_get::<String>("", "email_key")?, row.try_get("", "id")?);
    }
    Ok((segments, people))
}

impl Known {
    async fn load(connection: &impl ConnectionTrait, actor: &Actor, entity: Uuid) -> Result<Self, ServiceError> {
        let (segments, people) = references(connection, actor, entity).await?;
        let mut sql = Sql::new("SELECT ");
        sql.push(ROW).push_bind(" FROM customer c WHERE c.entity_id = ", entity);
        let customers: Vec<customer::Model> = sql.all(connection).await?;
        let mut by_document = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, row) in customers.iter().enumerate() {
            if let Some(key) = &row.document_key {
                by_document.insert(key.clone(), at);
            }
            by_name.entry(row.name_key.clone()).or_default().push(at);
        }
        Ok(Self { segments, people, customers, by_document, by_name })
    }

    /// The fate of a row, and what it stands for: another row that stands for the same makes both wrong (C-IMP-02).
    fn fate(
        &self,
        entity: Uuid,
        heading: &Heading,
        cells: &[String],
        line: u32,
        wrong: &mut Vec<WrongRow>,
    ) -> (Fate, Vec<String>) {
        let cell = |column: &str| heading.cell(cells, column);
        let mut errors = FieldErrors::new();
        let number = rules::document_key(cell("document_id"));
        let name = search::fold(&domain::text::normalise_line(&crate::sanitise::nfc(cell("name"))));
        let named = self.by_name.get(&name).map(Vec::as_slice).unwrap_or_default();
        let found = match (self.by_document.get(&number).filter(|_| !number.is_empty()), named) {
            (Some(at), _) => self.customers.get(*at),
            (None, []) => None,
            (None, [at]) => self.customers.get(*at),
            (None, _several) => {
                errors.add("name", Code::Duplicate);
                None
            }
        };
        let before = match found {
            Some(row) => Values::of(row),
            None => Values { entity, recursive: true, ..Values::default() },
        };
        let values = before.patched(&self.patch(&cell, &before, &mut errors), &mut errors);
        if !errors.is_empty() {
            for error in errors.0 {
                let column = column_of(&error.field);
                let value = told(heading.cell(cells, column));
                wrong.push(WrongRow { line, column: column.to_owned(), code: error.code, value });
            }
            return (Fate::Wrong, Vec::new());
        }
        // The customer it finds, and the number that becomes his: two rows may find two customers and give both the same.
        let mut stands_for = match found {
            Some(row) => vec![row.id.to_string()],
            None if number.is_empty() => vec![format!("name {name}")],
            None => Vec::new(),
        };
        if !number.is_empty() {
            stands_for.push(format!("number {number}"));
        }
        let fate = match found {
            Some(row) if values == before => Fate::Unchanged(row.id, row.version),
            Some(row) => Fate::Update(Box::new(row.clone()), Box::new(values)),
            None => Fate::Create(Box::new(values)),
        };
        (fate, stands_for)
    }

    /// A row as a change. An empty cell leaves what is there.
    fn patch<'c>(&self, cell: &impl Fn(&str) -> &'c str, before: &Values, errors: &mut FieldErrors) -> CustomerPatch {
        let text = |column: &str| match cell(column) {
            "" => Patch::Keep,
            text => Patch::Set(text.to_owned()),
        };
        let segment = match cell("segment") {
            "" => Patch::Keep,
            typed => match self.segments.get(&search::fold(typed)) {
                Some(id) => Patch::Set(id.to_string()),
                None => {
                    errors.add("segment", Code::UnknownReference);
                    Patch::Keep
                }
            },
        };
        let responsible = match cell("responsible") {
            "" => Patch::Keep,
            typed => match self.people.get(&crate::account::email_key(typed)) {
                Some(id) => Patch::Set(id.to_string()),
                None => {
                    errors.add("responsible", Code::UnknownReference);
                    Patch::Keep
                }
            },
        };
        let name = match cell("name") {
            "" => Patch::Clear,
            typed => Patch::Set(typed.to_owned()),
        };
        CustomerPatch {
            name,
            legal_name: text("legal_name"),
            document_id: text("document_id"),
            contacts: contacts(cell, &before.contacts),
            segment,
            responsible,
            status: match cell("status") {
                "" => Patch::Keep,
                typed => Patch::Set(typed.to_lowercase()),
            },
            entity: Patch::Keep,
            recursive: None,
        }
    }
}

/// The contacts with that of a row: the one of its address, else of its name, is changed; a new one is added.
fn contacts<'c>(cell: &impl Fn(&str) -> &'c str, before: &[Contact]) -> Option<Vec<Contact>> {
    let [name, role, email, phone] =
        ["contact_name", "contact_role", "contact_email", "contact_phone"].map(|column| cell(column).to_owned());
    let new = Contact { name, role, email, phone, is_primary: false };
    if new.is_blank() {
        return None;
    }
    let is_same = |one: &Contact| {
        if new.email.is_empty() { one.name == new.name } else { one.email.eq_ignore_ascii_case(&new.email) }
    };
    let mut out = before.to_vec();
    let keep = |new: &String, old: &String| if new.is_empty() { old.clone() } else { new.clone() };
    match out.iter_mut().find(|one| is_same(one)) {
        Some(one) => {
            *one = Contact {
                name: keep(&new.name, &one.name),
                role: keep(&new.role, &one.role),
                email: keep(&new.email, &one.email),
                phone: keep(&new.phone, &one.phone),
                is_primary: one.is_primary,
            };
        }
        None => out.push(new),
    }
    Some(out)
}

/// The column a wrong field stands in: `contacts[2].email` in `contact_email`.
fn column_of(field: &str) -> &'static str {
    let column = match field.rsplit_once('.') {
        Some((_, part)) => ["contact_", part].concat(),
        None => field.to_owned(),
    };
    COLUMNS.into_iter().find(|known| *known == column).unwrap_or("contact_name")
}

fn told(cell: &str) -> String {
    cell.chars().take(TOLD).collect()
}

/// The text of a file: UTF-8, else Windows-1252, which every other content is read as (C-IMP-01).
pub(super) fn decoded(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let one = |byte: &u8| match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        byte => char::from(*byte),
    };
    bytes.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_imp_01_files_in_windows_1252_are_read() {
        assert_eq!(decoded("Ação €".as_bytes()), "Ação €");
        assert_eq!(decoded(b"A\xe7\xe3o \x80 \x93x\x94"), "Ação € “x”");
    }

    #[test]
    fn c_imp_02_wrong_fields_stand_in_their_columns() {
        let cases = [
            ("name", "name"),
            ("contacts[1].email", "contact_email"),
            ("contacts", "contact_name"),
            ("contacts[0].is_primary", "contact_name"),
        ];
        for (field, column) in cases {
            assert_eq!(column_of(field), column, "{field}");
        }
    }
}
