//! Who asks, with the rights of this moment (T-ROL-01): loaded for every request, never cached.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use domain::access::{Grant, Held, Parents, effective, way_up};
use domain::lang::Lang;
use domain::policy::{CapSet, Capability};
use domain::views::{ActorKind, ActorView, Viewer};
use entity::{app_group_member, app_user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::moments;
use crate::sql::Sql;

/// A signed-in person: account, groups, capabilities per entity.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account.
    pub user: app_user::Model,
    /// Language of the interface.
    pub lang: Lang,
    /// Zone of the person.
    pub zone: Tz,
    /// Groups the person is a member of.
    pub groups: Vec<Uuid>,
    /// Key of the session or token he came with, to keep it when others end.
    pub credential: String,
    /// When he asks, seconds since 1970: what he may see can end (T-VAL-07).
    pub at: i64,
    capabilities: Held,
    entity_names: BTreeMap<Uuid, String>,
    entity_zones: BTreeMap<Uuid, Tz>,
    parents: Parents,
}

#[derive(Debug, FromQueryResult)]
struct AssignmentRow {
    entity_id: Uuid,
    recursive: bool,
    capabilities: String,
}

impl AssignmentRow {
    fn grant(&self) -> Grant {
        Grant { entity: self.entity_id, recursive: self.recursive, capabilities: read_capabilities(&self.capabilities) }
    }
}

/// The capabilities of a role as its column names them; a name of another release counts for nothing.
pub(crate) fn read_capabilities(text: &str) -> CapSet {
    text.split_whitespace().filter_map(|name| name.parse::<Capability>().ok()).collect()
}

#[derive(Debug, FromQueryResult)]
struct EntityRow {
    id: Uuid,
    parent_id: Option<Uuid>,
    name: String,
    time_zone: String,
}

impl Actor {
    /// Loads groups, roles and the entity tree of `user`.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn load(
        connection: &impl ConnectionTrait,
        user: app_user::Model,
        credential: String,
    ) -> Result<Self, ServiceError> {
        let groups = app_group_member::Entity::find()
            .filter(app_group_member::Column::UserId.eq(user.id))
            .all(connection)
            .await?
            .into_iter()
            .map(|m| m.group_id)
            .collect();
        let mut sql = Sql::new(
            "SELECT a.entity_id, a.recursive, r.capabilities FROM assignment a JOIN role r ON r.id = a.role_id WHERE a.user_id = ",
        );
        let assignments: Vec<AssignmentRow> = sql.bind(user.id).all(connection).await?;
        let entities: Vec<EntityRow> =
            Sql::new("SELECT id, parent_id, name, time_zone FROM entity").all(connection).await?;
        let parents: Parents = entities.iter().map(|e| (e.id, e.parent_id)).collect();
        let grants: Vec<Grant> = assignments.iter().map(AssignmentRow::grant).collect();
        let capabilities = effective(&grants, &parents);
        Ok(Self {
            lang: user.language.parse().unwrap_or(Lang::En),
            zone: moments::zone(&user.time_zone),
            groups,
            credential,
            // Until somebody says when: what ends has ended.
            at: i64::MAX,
            capabilities,
            entity_zones: entities.iter().map(|e| (e.id, moments::zone(&e.time_zone))).collect(),
            entity_names: entities.into_iter().map(|e| (e.id, e.name)).collect(),
            parents,
            user,
        })
    }

    /// The system itself, for jobs: it knows the entities and holds no right.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(crate) async fn automatic(connection: &impl ConnectionTrait) -> Result<Self, ServiceError> {
        let nobody = app_user::Model {
            id: Uuid::nil(),
            entity_id: Uuid::nil(),
            name: String::new(),
            email: String::new(),
            email_key: String::new(),
            password_hash: None,
            phone: None,
            extension: None,
            language: String::new(),
            time_zone: String::new(),
            theme: String::new(),
            density: String::new(),
            default_visibility: String::new(),
            task_default_visibility: String::new(),
            timeline_order: None,
            show_events: false,
            signature: String::new(),
            active: false,
            created_at: 0,
            last_seen_at: None,
            version: 0,
        };
        Self::load(connection, nobody, String::new()).await
    }

    /// The same person asking at a moment, seconds since 1970.
    #[must_use]
    pub fn asking_at(self, at: i64) -> Self {
        Self { at, ..self }
    }

    /// The same person with groups and rights of another moment, for a stream that outlives its request. Nothing is shown with it,
    /// so it knows no names and zones of entities: there may be thousands of them.
    #[must_use]
    pub(crate) fn holding(&self, groups: Vec<Uuid>, grants: &[Grant], parents: &Parents) -> Self {
        Self {
            user: self.user.clone(),
            lang: self.lang,
            zone: self.zone,
            groups,
            credential: self.credential.clone(),
            at: self.at,
            capabilities: effective(grants, parents),
            entity_names: BTreeMap::new(),
            entity_zones: BTreeMap::new(),
            parents: parents.clone(),
        }
    }

    /// Account id.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.user.id
    }

    /// The account as rows name it; the system itself has none.
    #[must_use]
    pub fn account(&self) -> Option<Uuid> {
        Some(self.user.id).filter(|id| !id.is_nil())
    }

    /// Capabilities in one entity.
    #[must_use]
    pub fn caps(&self, entity: Uuid) -> CapSet {
        self.capabilities.get(&entity).copied().unwrap_or(CapSet::EMPTY)
    }

    /// Capabilities in every entity where he holds any.
    #[must_use]
    pub(crate) const fn held(&self) -> &Held {
        &self.capabilities
    }

    /// Whether he holds a capability in an entity.
    #[must_use]
    pub fn has(&self, entity: Uuid, capability: Capability) -> bool {
        self.caps(entity).contains(capability)
    }

    /// Whether he is an agent in an entity (T-ROL-03).
    #[must_use]
    pub fn is_agent_in(&self, entity: Uuid) -> bool {
        self.caps(entity).is_agent()
    }

    /// Whether he is an agent anywhere.
    #[must_use]
    pub fn is_agent(&self) -> bool {
        self.capabilities.values().any(|c| c.is_agent())
    }

    /// Entities in which he holds a capability.
    #[must_use]
    pub fn entities_with(&self, capability: Capability) -> Vec<Uuid> {
        self.capabilities.iter().filter(|(_, caps)| caps.contains(capability)).map(|(id, _)| *id).collect()
    }

    /// Entities in which he holds any capability.
    #[must_use]
    pub fn entities(&self) -> Vec<Uuid> {
        self.capabilities.iter().filter(|(_, caps)| !caps.is_empty()).map(|(id, _)| *id).collect()
    }

    /// Entities in which he is an agent.
    #[must_use]
    pub fn agent_entities(&self) -> Vec<Uuid> {
        self.capabilities.iter().filter(|(_, caps)| caps.is_agent()).map(|(id, _)| *id).collect()
    }

    /// Name of an entity.
    #[must_use]
    pub fn entity_name(&self, entity: Uuid) -> String {
        self.entity_names.get(&entity).cloned().unwrap_or_default()
    }

    /// Name of the root entity.
    #[must_use]
    pub fn organisation(&self) -> String {
        let root = self.parents.iter().find(|(_, parent)| parent.is_none());
        root.map(|(id, _)| self.entity_name(*id)).unwrap_or_default()
    }

    /// Zone of an entity: its days and due times.
    #[must_use]
    pub fn entity_zone(&self, entity: Uuid) -> Tz {
        self.entity_zones.get(&entity).copied().unwrap_or(Tz::UTC)
    }

    /// An entity and its ancestors, nearest first.
    #[must_use]
    pub fn path_of(&self, entity: Uuid) -> Vec<Uuid> {
        way_up(entity, &self.parents)
    }

    /// An entity with everything below it.
    #[must_use]
    pub fn below(&self, entity: Uuid) -> BTreeSet<Uuid> {
        self.parents.keys().copied().filter(|id| way_up(*id, &self.parents).contains(&entity)).collect()
    }

    /// The person as others see him.
    #[must_use]
    pub fn view(&self) -> ActorView {
        ActorView {
            kind: ActorKind::User,
            id: Some(self.user.id),
            name: self.user.name.clone(),
            email: Some(self.user.email.clone()),
            disabled: !self.user.active,
        }
    }

    /// The person as pages need him.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        let all = self.capabilities.values().fold(CapSet::EMPTY, |sum, caps| sum.union(*caps));
        Viewer {
            id: self.user.id,
            name: self.user.name.clone(),
            email: self.user.email.clone(),
            lang: self.lang,
            time_zone: self.user.time_zone.clone(),
            theme: self.user.theme.clone(),
            density: self.user.density.clone(),
            default_visibility: self.user.default_visibility.clone(),
            task_default_visibility: self.user.task_default_visibility.clone(),
            timeline_order: self.user.timeline_order.clone().unwrap_or_default(),
            show_events: self.user.show_events,
            signature: self.user.signature.clone(),
            agent: self.is_agent(),
            capabilities: all.iter().map(|c| c.name().to_owned()).collect(),
            entity: self.entity_name(self.user.entity_id),
            version: self.user.version,
        }
    }
}
