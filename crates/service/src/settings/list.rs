//! The settings of an entity, each with where its value comes from (T-SET-01, T-SET-08).

use std::collections::BTreeMap;

use domain::error::AppError;
use domain::policy::Capability;
use domain::settings::{Key, Kind, Scope};
use domain::views::{MailServerView, Origin, Ref, SettingView, SettingWarning, SettingsView};
use entity::{entity as tenant, setting};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::objects::Objects;
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{mail, people};

/// The settings of an entity; without one, of the topmost in which the caller may set them.
///
/// # Errors
/// `NotFound` where the caller does not hold `admin.settings` (T-SET-02).
pub async fn list(ctx: &Ctx, entity: &str) -> Result<SettingsView, ServiceError> {
    let entity = chosen(&ctx.actor, entity)?;
    let snapshot = ctx.db().snapshot().await?;
    read(ctx, &snapshot, entity).await
}

/// The entity that is asked for, if the caller may set its settings.
pub(super) fn chosen(actor: &Actor, text: &str) -> Result<Uuid, AppError> {
    let held = actor.entities_with(Capability::AdminSettings);
    let found = if text.is_empty() {
        held.into_iter().min_by_key(|id| (actor.path_of(*id).len(), actor.entity_name(*id)))
    } else {
        text.parse::<Uuid>().ok().filter(|id| held.contains(id))
    };
    found.ok_or(AppError::NotFound)
}

/// The settings of an entity, without looking at rights.
pub(super) async fn read(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    entity: Uuid,
) -> Result<SettingsView, ServiceError> {
    let path = ctx.actor.path_of(entity);
    let is_root = path.len() == 1;
    let row = tenant::Entity::find_by_id(entity).one(connection).await?.ok_or(AppError::NotFound)?;
    let stored = Stored::load(connection, &path).await?;
    let objects = Objects::load(connection).await?;
    let mail = if is_root { Some(mail::server_state(ctx, connection).await?) } else { None };
    let failures = Failures::load(connection, ctx.actor.below(entity).into_iter().collect()).await?;
    let reader =
        Reader { actor: &ctx.actor, path: &path, row: &row, stored: &stored, objects: &objects, failures: &failures };
    let items = Key::ALL
        .iter()
        .copied()
        .filter(|key| is_root || key.scope() == Scope::Entity)
        .map(|key| reader.item(key, mail.as_ref()))
        .collect();
    Ok(SettingsView {
        entity: Ref { id: entity, name: row.name.clone() },
        version: row.version,
        items,
        mail,
        entities: people::entity_choices(&ctx.actor, &ctx.actor.entities_with(Capability::AdminSettings)),
        now: ctx.moment(),
    })
}

/// Own values by entity and key.
#[derive(Debug)]
pub(super) struct Stored(BTreeMap<(Uuid, String), String>);

impl Stored {
    /// Those of the given entities.
    pub(super) async fn load(connection: &impl ConnectionTrait, entities: &[Uuid]) -> Result<Self, ServiceError> {
        let rows = setting::Entity::find()
            .filter(setting::Column::EntityId.is_in(entities.iter().copied()))
            .all(connection)
            .await?;
        Ok(Self(rows.into_iter().map(|row| ((row.entity_id, row.key), row.value)).collect()))
    }

    /// The value an entity holds itself.
    pub(super) fn own(&self, entity: Uuid, key: Key) -> Option<&str> {
        self.0.get(&(entity, key.as_str().to_owned())).map(String::as_str)
    }

    /// The nearest own value on a way up, and whose it is.
    pub(super) fn nearest(&self, key: Key, path: &[Uuid]) -> Option<(Uuid, &str)> {
        path.iter().find_map(|entity| self.own(*entity, key).map(|value| (*entity, value)))
    }
}

/// What is known of the entity whose rows are made.
struct Reader<'a> {
    actor: &'a Actor,
    path: &'a [Uuid],
    row: &'a tenant::Model,
    stored: &'a Stored,
    objects: &'a Objects,
    failures: &'a Failures,
}

/// When templates failed last while mails were made, by the setting that chose them (M-CON-07).
#[derive(Debug)]
pub(super) struct Failures(BTreeMap<Key, i64>);

impl Failures {
    /// Those of mails about tickets of these entities.
    pub(super) async fn load(connection: &impl ConnectionTrait, entities: Vec<Uuid>) -> Result<Self, ServiceError> {
        let mut newest: BTreeMap<Key, i64> = BTreeMap::new();
        for (key, at) in mail::template_failures(connection, entities).await? {
            let last = newest.entry(key).or_insert(at);
            *last = at.max(*last);
        }
        Ok(Self(newest))
    }

    /// What is wrong with a setting whose template has been as it is since `since`: it failed after that.
    pub(super) fn warning(&self, key: Key, since: Option<i64>) -> Option<SettingWarning> {
        let at = self.0.get(&key)?;
        since.filter(|since| since <= at).map(|_| SettingWarning::MailTemplateFailed)
    }
}

impl Reader<'_> {
    fn item(&self, key: Key, mail: Option<&MailServerView>) -> SettingView {
        let ancestors = self.path.split_first().map(|(_own, above)| above).unwrap_or_default();
        let (above, above_origin) = match self.stored.nearest(key, ancestors) {
            Some((entity, value)) => {
                (value, Origin::Inherited(Ref { id: entity, name: self.actor.entity_name(entity) }))
            }
            None => (key.default_value(), Origin::Default),
        };
        let own = match key {
            Key::EntityLanguage => Some(self.row.language.as_str()),
            Key::EntityTimeZone => Some(self.row.time_zone.as_str()),
            Key::EntityCurrency => Some(self.row.currency.as_str()),
            key => self.stored.own(self.row.id, key),
        };
        let (value, origin) = match own {
            Some(value) => (value, Origin::Own),
            None => (above, above_origin.clone()),
        };
        let warning = match (key.kind(), mail) {
            (Kind::Transport, Some(mail)) => warning_of(mail),
            _ => self
                .objects
                .warning(key, value, self.path)
                .or_else(|| self.failures.warning(key, self.objects.template_since(key, value, self.path))),
        };
        SettingView {
            key,
            value: self.shown(key, value),
            origin,
            above: self.shown(key, above),
            above_origin,
            warning,
            choices: self.objects.choices(key, self.path, self.actor.lang),
        }
    }

    /// A shipped row that is named by its code, by its id: as it is chosen.
    fn shown(&self, key: Key, value: &str) -> String {
        let is_code = !value.is_empty() && value.parse::<Uuid>().is_err();
        let found = if is_code { self.objects.find(key, value, self.path) } else { None };
        found.map_or_else(|| value.to_owned(), |id| id.to_string())
    }
}

/// What is wrong with the mail server.
pub(super) const fn warning_of(mail: &MailServerView) -> Option<SettingWarning> {
    if mail.server.is_none() {
        Some(SettingWarning::MailNotConfigured)
    } else if mail.failing_since.is_some() {
        Some(SettingWarning::MailFailing)
    } else {
        None
    }
}
