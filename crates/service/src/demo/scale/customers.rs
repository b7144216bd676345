//! Any number of customers with what happened to them, for measurements: the same seed gives the same ones on both engines.

use domain::customer::{Contact, day_number, document_key};
use domain::lang::Lang;
use domain::policy::ShippedRole;
use entity::list_row;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Value};
use uuid::Uuid;

use super::bulk::Bulk;
use super::vocabulary::{Vocabulary, Words};
use super::{BATCH, PAST, Shares, analyse, tune};
use crate::ctx::{Services, new_id};
use crate::customer_occurrences::tally;
use crate::customers::NEVER;
use crate::db::Engine;
use crate::demo::random::Random;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{lists, moments, search};

const TRADES: [&str; 16] = [
    "Transportes",
    "Alimentos",
    "Papelaria",
    "Textil",
    "Gráfica",
    "Metalúrgica",
    "Farmácia",
    "Livraria",
    "Hotelaria",
    "Vinícola",
    "Serraria",
    "Óptica",
    "Padaria",
    "Imobiliária",
    "Laticínios",
    "Editora",
];
const NAMES: [&str; 16] = [
    "Andrade",
    "Barreto",
    "Cordeiro",
    "Duarte",
    "Estrela",
    "Figueira",
    "Gouveia",
    "Horta",
    "Infante",
    "Junqueira",
    "Lacerda",
    "Moreira",
    "Nogueira",
    "Otero",
    "Pacheco",
    "Quintal",
];
/// What a legal name ends with: each stands in a quarter of them.
const FORMS: [&str; 4] = ["Ltda", "SA", "SL", "SARL"];
const IMPACTS: [&str; 3] = ["positive", "neutral", "negative"];

/// What a measurement looks for among generated customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomerProbes {
    /// Stands with every customer.
    pub everywhere: &'static str,
    /// Stands with a quarter of them.
    pub common: &'static str,
    /// Two words, one customer of 256.
    pub name: &'static str,
    /// Begins one name of sixteen, and the words of others.
    pub prefix: &'static str,
    /// Begins the document numbers of at most a thousand.
    pub document: &'static str,
}

/// Words that generated customers have, whatever their seed.
#[must_use]
pub const fn customer_probes() -> CustomerProbes {
    CustomerProbes {
        everywhere: "test",
        common: "ltda",
        name: "moreira transportes",
        prefix: "tra",
        document: "77.000.012",
    }
}

/// Adds so many customers with together so many occurrences to the demo desk, which is loaded when the database is empty; 500
/// customers a transaction. `progress` hears how many there are.
///
/// # Errors
/// `Unavailable` when the database is away; `Internal` when it holds another desk than the demo desk; `StorageFull`.
pub async fn generate_customers(
    services: &Services,
    customers: u64,
    occurrences: u64,
    seed: u64,
    progress: impl Fn(u64),
) -> Result<(), ServiceError> {
    if crate::demo::is_empty(services).await? {
        crate::demo::load_desk(services, seed).await?;
    }
    let mut random = Random::new(seed.wrapping_add(2));
    let vocabulary = Vocabulary::load()?;
    let setting = Setting::read(services).await?;
    tune(services, true).await?;
    let engine = services.db.engine();
    let mut shares = Shares::new(customers, occurrences);
    let mut batch = Batch::new(&setting, &vocabulary, engine, services.now());
    let mut number = setting.known;
    while shares.tickets > 0 {
        let size = shares.tickets.min(BATCH);
        let tx = services.db.begin().await?;
        batch.begin(&tx).await?;
        for _customer in 0..size {
            number += 1;
            let (entries, _marked) = shares.next(&mut random);
            batch.add(number, entries, &mut random)?;
        }
        batch.write(&tx).await?;
        tx.commit().await?;
        progress(customers - shares.tickets);
    }
    let tx = services.db.begin().await?;
    if engine == Engine::Postgres {
        tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
    }
    tally::rebuild(&tx).await?;
    tx.commit().await?;
    tune(services, false).await?;
    analyse(services).await
}

/// What the demo desk has for them.
struct Setting {
    places: Vec<(Uuid, Lang)>,
    segments: Vec<Uuid>,
    categories: Vec<Uuid>,
    /// Those who attend to customers.
    people: Vec<Uuid>,
    /// Customers that are there already.
    known: u64,
}

impl Setting {
    async fn read(services: &Services) -> Result<Self, ServiceError> {
        let writer = services.db.writer();
        let places = entity::entity::Entity::find().order_by_asc(entity::entity::Column::Id).all(writer).await?;
        let of = async |list: &str| -> Result<Vec<Uuid>, ServiceError> {
            let rows = list_row::Entity::find()
                .filter(list_row::Column::List.eq(list))
                .order_by_asc(list_row::Column::Id)
                .all(writer)
                .await?;
            Ok(rows.into_iter().map(|row| row.id).collect())
        };
        let mut sql = Sql::new(
            "SELECT DISTINCT u.email_key, u.id FROM app_user u JOIN assignment a ON a.user_id = u.id JOIN role r ON r.id = a.role_id \
             WHERE u.active = TRUE AND u.email_key LIKE '%@demo.guichet.test' AND r.key IN ",
        );
        sql.list([ShippedRole::Technician.key(), ShippedRole::Supervisor.key()]).push(" ORDER BY u.email_key");
        let mut people = Vec::new();
        for row in sql.rows(writer).await? {
            people.push(row.try_get("", "id")?);
        }
        let known: Option<i64> = Sql::new("SELECT COUNT(*) FROM customer").scalar(writer).await?;
        let setting = Self {
            places: places.iter().map(|row| (row.id, row.language.parse().unwrap_or_default())).collect(),
            segments: of(lists::CUSTOMER_SEGMENTS).await?,
            categories: of(lists::CUSTOMER_CATEGORIES).await?,
            people,
            known: u64::try_from(known.unwrap_or(0)).unwrap_or(0),
        };
        if setting.segments.is_empty() || setting.categories.is_empty() || setting.people.is_empty() {
            return Err(ServiceError::internal("customers are generated around the demo desk only, and this is none"));
        }
        Ok(setting)
    }
}

/// Rows of some hundred customers.
struct Batch<'a> {
    setting: &'a Setting,
    vocabulary: &'a Vocabulary,
    engine: Engine,
    now: i64,
    customers: Bulk,
    /// SQLite keeps the words in a table of their own, under the number of the row.
    words: Bulk,
    occurrences: Bulk,
    last: i64,
}

impl<'a> Batch<'a> {
    fn new(setting: &'a Setting, vocabulary: &'a Vocabulary, engine: Engine, now: i64) -> Self {
        let more = if engine == Engine::Sqlite { "seq" } else { "words" };
        let head = format!(
            "INSERT INTO customer (id, entity_id, recursive, name, name_key, legal_name, document_id, document_key, contacts, \
             segment_id, responsible_id, status, last_occurred_on, last_impact, version, created_at, updated_at, {more}) VALUES"
        );
        Self {
            setting,
            vocabulary,
            engine,
            now,
            customers: Bulk::new(&head).with_vector(engine == Engine::Postgres),
            words: Bulk::new("INSERT INTO customer_fts (rowid, words) VALUES"),
            occurrences: Bulk::new(
                "INSERT INTO customer_occurrence (id, entity_id, recursive, customer_id, body, category_id, impact, occurred_on, \
                 author_id, registered_at, revision_count, version) VALUES",
            ),
            last: 0,
        }
    }

    /// Reads, inside the transaction, where the numbers of the rows go on.
    async fn begin(&mut self, connection: &impl ConnectionTrait) -> Result<(), ServiceError> {
        if self.engine == Engine::Sqlite {
            let last: Option<i64> =
                Sql::new("SELECT seq FROM sqlite_sequence WHERE name = 'customer'").scalar(connection).await?;
            self.last = last.unwrap_or(0);
        }
        Ok(())
    }

    async fn write(&mut self, connection: &impl ConnectionTrait) -> Result<(), ServiceError> {
        self.customers.write(connection).await?;
        self.words.write(connection).await?;
        self.occurrences.write(connection).await
    }

    fn add(&mut self, number: u64, entries: u64, random: &mut Random) -> Result<(), ServiceError> {
        let (setting, vocabulary) = (self.setting, self.vocabulary);
        let pick = |all: &[&'static str], random: &mut Random| random.pick(all).copied().unwrap_or_default();
        let Some((entity, lang)) = random.pick(&setting.places).copied() else { return Ok(()) };
        let Some(words) = vocabulary.of(lang) else { return Ok(()) };
        let (trade, family) = (pick(&TRADES, random), pick(&NAMES, random));
        let (other, form) = (pick(&NAMES, random), pick(&FORMS, random));
        let name = format!("{trade} {family} {number}");
        let legal_name = format!("{family} {other} {trade} {form}");
        // Digits as those of Brazil, fourteen of them, none twice.
        let document = format!(
            "77.{:03}.{:03}/{:04}-{:02}",
            number / 1_000_000 % 1_000,
            number / 1_000 % 1_000,
            number % 1_000,
            random.below(100)
        );
        let contact = Contact {
            name: format!("{other} {family}"),
            role: String::new(),
            email: format!("{}.{}@client{number}.test", other.to_lowercase(), family.to_lowercase()),
            phone: format!("+351 21 {:07}", number % 10_000_000),
            is_primary: true,
        };
        let text = format!("{name}\n{legal_name}\n{}\n{}", contact.name, contact.email);
        let id = new_id();
        let (last_day, last_impact) = self.happened((id, entity), words, entries, random);
        let segment = random.chance(90).then(|| random.pick(&setting.segments).copied()).flatten();
        let responsible = random.chance(80).then(|| random.pick(&setting.people).copied()).flatten();
        let status = match random.below(100) {
            0..88 => "active",
            88..92 => "blocked",
            92..95 => "leaving",
            _ => "inactive",
        };
        let created = self.now - PAST - random.between(0, PAST);
        let mut row: Vec<Value> = vec![
            id.into(),
            entity.into(),
            true.into(),
            name.as_str().into(),
            search::fold(&name).into(),
            legal_name.into(),
            document.as_str().into(),
            document_key(&document).into(),
            serde_json::to_string(&[contact])?.into(),
            segment.into(),
            responsible.into(),
            status.into(),
            last_day.into(),
            last_impact.map(str::to_owned).into(),
            1_i32.into(),
            created.into(),
            created.into(),
        ];
        match self.engine {
            Engine::Sqlite => {
                self.last += 1;
                row.push(self.last.into());
                self.words.push(vec![self.last.into(), search::limited(&text).into()]);
            }
            Engine::Postgres => row.push(search::vector(&text).into()),
        }
        self.customers.push(row);
        Ok(())
    }

    /// What happened to a customer; answers the last day, and how it was then.
    fn happened(
        &mut self,
        (customer, entity): (Uuid, Uuid),
        words: &Words,
        entries: u64,
        random: &mut Random,
    ) -> (i32, Option<&'static str>) {
        let mut last = ((NEVER, 0), None);
        for _entry in 0..entries {
            let registered_at = self.now - random.between(0, PAST);
            let day = day_number(moments::local_date(registered_at, chrono_tz::UTC));
            let Some(impact) = random.pick(&IMPACTS).copied() else { continue };
            let length = 8 + random.below(16);
            let body = format!("{}.", words.phrase(random, length));
            let category = random.pick(&self.setting.categories).copied().unwrap_or_default();
            let author = random.pick(&self.setting.people).copied().unwrap_or_default();
            self.occurrences.push(vec![
                new_id().into(),
                entity.into(),
                true.into(),
                customer.into(),
                body.into(),
                category.into(),
                impact.into(),
                day.into(),
                author.into(),
                registered_at.into(),
                0_i32.into(),
                1_i32.into(),
            ]);
            if (day, registered_at) >= last.0 {
                last = ((day, registered_at), Some(impact));
            }
        }
        (last.0.0, last.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_probe_is_a_word_that_generated_customers_have() {
        let probes = customer_probes();
        assert!(FORMS.iter().any(|form| form.to_lowercase() == probes.common));
        let both: Vec<&str> = probes.name.split(' ').collect();
        assert!(NAMES.iter().any(|name| name.to_lowercase() == both[0]));
        assert!(TRADES.iter().any(|trade| trade.to_lowercase() == both[1]));
        assert!(TRADES.iter().any(|trade| trade.to_lowercase().starts_with(probes.prefix)));
    }
}
