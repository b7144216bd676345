//! The people of a generated desk: those of the demo desk, and as many more as such a desk would have.

use domain::lang::Lang;
use domain::policy::ShippedRole;
use entity::{app_user, assignment, list_row};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter};
use uuid::Uuid;

use crate::ctx::{Services, new_id};
use crate::demo::random::Random;
use crate::demo::rows::insert_all;
use crate::error::ServiceError;
use crate::lists;
use crate::sql::Sql;

/// One more requester for so many tickets.
const TICKETS_PER_REQUESTER: u64 = 40;
const REQUESTERS_MAX: u64 = 2_500;
/// One more technician for so many tickets.
const TICKETS_PER_AGENT: u64 = 5_000;
const AGENTS_MAX: u64 = 17;

const FIRST: [&str; 16] = [
    "Alice", "Bento", "Clara", "Daniel", "Elisa", "Felipe", "Gabriela", "Hugo", "Irene", "Jonas", "Laura", "Mateo",
    "Nadia", "Oscar", "Paula", "Renaud",
];
const LAST: [&str; 16] = [
    "Almeida",
    "Bernal",
    "Carvalho",
    "Dubois",
    "Esteves",
    "Fournier",
    "Garcia",
    "Henriques",
    "Ibarra",
    "Jacquet",
    "Klein",
    "Lopes",
    "Marchand",
    "Navarro",
    "Oliveira",
    "Prieto",
];

/// An entity with those who ask there.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) id: Uuid,
    pub(super) lang: Lang,
    /// Of the demo desk.
    pub(super) named: Vec<Uuid>,
    /// Everybody.
    pub(super) requesters: Vec<Uuid>,
}

/// Who takes part.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) places: Vec<Place>,
    /// Technicians of the demo desk.
    pub(super) named_agents: Vec<Uuid>,
    /// All technicians.
    pub(super) agents: Vec<Uuid>,
    /// Ticket categories with their own group.
    pub(super) categories: Vec<(Uuid, Option<Uuid>)>,
    pub(super) occurrence_categories: Vec<Uuid>,
    /// Whose view is measured: `tech1`, and `requester1` with his entity's place in `places`.
    pub(super) tech1: Uuid,
    pub(super) requester1: (usize, Uuid),
}

#[derive(Debug, FromQueryResult)]
struct HolderRow {
    user_id: Uuid,
    entity_id: Uuid,
    role: Option<String>,
    email_key: String,
}

impl Cast {
    /// Reads the demo desk and adds people in proportion to `tickets`.
    pub(super) async fn assemble(services: &Services, tickets: u64, random: &mut Random) -> Result<Self, ServiceError> {
        let places = entity::entity::Entity::find().all(services.db.writer()).await?;
        let mut cast = Self {
            places: places
                .iter()
                .map(|row| Place {
                    id: row.id,
                    lang: row.language.parse().unwrap_or_default(),
                    named: Vec::new(),
                    requesters: Vec::new(),
                })
                .collect(),
            named_agents: Vec::new(),
            agents: Vec::new(),
            categories: Vec::new(),
            occurrence_categories: Vec::new(),
            tech1: Uuid::nil(),
            requester1: (0, Uuid::nil()),
        };
        // The tree is read in the order of ids, which is the order of the file.
        cast.places.sort_by_key(|place| place.id);
        cast.read_lists(services).await?;
        cast.read_people(services).await?;
        if cast.tech1.is_nil() || cast.requester1.1.is_nil() {
            return Err(ServiceError::internal("a desk is generated around the demo desk only, and this is none"));
        }
        cast.add_people(services, tickets, random).await?;
        Ok(cast)
    }

    async fn read_lists(&mut self, services: &Services) -> Result<(), ServiceError> {
        let rows = list_row::Entity::find()
            .filter(list_row::Column::List.is_in([lists::TICKET_CATEGORIES, lists::OCCURRENCE_CATEGORIES]))
            .filter(list_row::Column::Recursive.eq(true))
            .all(services.db.writer())
            .await?;
        for row in rows {
            if row.list == lists::TICKET_CATEGORIES {
                self.categories.push((row.id, row.group_id));
            } else {
                self.occurrence_categories.push(row.id);
            }
        }
        self.categories.sort_unstable();
        self.occurrence_categories.sort_unstable();
        Ok(())
    }

    async fn read_people(&mut self, services: &Services) -> Result<(), ServiceError> {
        let sql = Sql::new(
            "SELECT a.user_id, a.entity_id, r.key AS role, u.email_key FROM assignment a JOIN role r ON r.id = a.role_id \
             JOIN app_user u ON u.id = a.user_id WHERE u.active = TRUE ORDER BY a.id",
        );
        let rows: Vec<HolderRow> = sql.all(services.db.writer()).await?;
        for row in rows {
            let named = row.email_key.ends_with("@demo.guichet.test");
            let place = self.places.iter().position(|place| place.id == row.entity_id);
            if row.role.as_deref() == Some(ShippedRole::Technician.key()) {
                self.agents.push(row.user_id);
                self.named_agents.extend(named.then_some(row.user_id));
            } else if row.role.as_deref() == Some(ShippedRole::Requester.key())
                && let Some(place) = place.and_then(|index| self.places.get_mut(index))
            {
                place.requesters.push(row.user_id);
                place.named.extend(named.then_some(row.user_id));
            }
            match (row.email_key.as_str(), place) {
                ("tech1@demo.guichet.test", _) => self.tech1 = row.user_id,
                ("requester1@demo.guichet.test", Some(index)) => self.requester1 = (index, row.user_id),
                _ => {}
            }
        }
        Ok(())
    }

    async fn add_people(&mut self, services: &Services, tickets: u64, random: &mut Random) -> Result<(), ServiceError> {
        let root = self.places.first().map(|place| place.id).unwrap_or_default();
        let known: Option<i64> = Sql::new("SELECT COUNT(*) FROM app_user").scalar(services.db.writer()).await?;
        let known = u64::try_from(known.unwrap_or(0)).unwrap_or(0);
        let requesters = (tickets / TICKETS_PER_REQUESTER).min(REQUESTERS_MAX);
        let agents = (tickets / TICKETS_PER_AGENT).min(AGENTS_MAX);
        let mut roles = Vec::new();
        for role in [ShippedRole::Technician, ShippedRole::Requester] {
            let id: Option<Uuid> =
                Sql::new("SELECT id FROM role WHERE key = ").bind(role.key()).scalar(services.db.writer()).await?;
            roles.push(id.ok_or_else(|| ServiceError::internal("a shipped role is missing"))?);
        }
        let (mut users, mut assignments) = (Vec::new(), Vec::new());
        for index in 0..requesters + agents {
            let is_agent = index < agents;
            let count = u64::try_from(self.places.len()).unwrap_or(1);
            let at = if is_agent { 0 } else { usize::try_from(index % count.max(1)).unwrap_or(0) };
            let Some(place) = self.places.get_mut(at) else { continue };
            let entity_id = if is_agent { root } else { place.id };
            let user = person(known + index, entity_id, place.lang, services.now(), random);
            let role = if is_agent { roles.first() } else { roles.last() };
            assignments.push(assignment::Model {
                id: new_id(),
                user_id: user.id,
                entity_id,
                role_id: role.copied().unwrap_or_default(),
                recursive: is_agent,
            });
            if is_agent {
                self.agents.push(user.id);
            } else {
                place.requesters.push(user.id);
            }
            users.push(user);
        }
        let tx = services.db.begin().await?;
        insert_all::<app_user::Entity>(&tx, users).await?;
        insert_all::<assignment::Entity>(&tx, assignments).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Somebody who cannot sign in: he has no password.
pub(super) fn person(number: u64, entity_id: Uuid, lang: Lang, now: i64, random: &mut Random) -> app_user::Model {
    let part = |names: &[&'static str], random: &mut Random| random.pick(names).copied().unwrap_or_default();
    let name = format!("{} {} {number}", part(&FIRST, random), part(&LAST, random));
    let email = format!("person{number}@load.guichet.test");
    app_user::Model {
        id: new_id(),
        entity_id,
        name,
        email_key: email.clone(),
        email,
        password_hash: None,
        phone: None,
        extension: None,
        language: lang.code().to_owned(),
        time_zone: "Europe/Lisbon".to_owned(),
        theme: "auto".to_owned(),
        density: "comfortable".to_owned(),
        default_visibility: "private".to_owned(),
        task_default_visibility: "private".to_owned(),
        timeline_order: None,
        show_events: false,
        signature: String::new(),
        active: true,
        created_at: now - 4 * 365 * 86_400,
        last_seen_at: None,
        version: 1,
    }
}
