//! What can be changed of a customer: read, checked, compared, put into words for the history.

use std::collections::{BTreeMap, BTreeSet};

use domain::customer::{
    self as rules, Contact, CustomerStatus, DOCUMENT_MAX, LEGAL_NAME_MAX, check_contacts, check_line, check_name,
};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{CustomerPatch, Patch};
use domain::lang::Lang;
use domain::policy::Capability;
use domain::views::{FieldChange, Ref};
use entity::{app_user, customer};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contacts;
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::people::{email_address, has_role_in};
use crate::sanitise::nfc;
use crate::sql::{Sql, unique};
use crate::{lists, people, search};

/// The fields, typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Values {
    pub(super) name: String,
    pub(super) legal_name: Option<String>,
    pub(super) document_id: Option<String>,
    pub(super) contacts: Vec<Contact>,
    pub(super) segment: Option<Uuid>,
    pub(super) responsible: Option<Uuid>,
    pub(super) status: CustomerStatus,
    pub(super) entity: Uuid,
    pub(super) recursive: bool,
}

impl Values {
    /// Those of a stored row.
    pub(super) fn of(row: &customer::Model) -> Self {
        Self {
            name: row.name.clone(),
            legal_name: row.legal_name.clone(),
            document_id: row.document_id.clone(),
            contacts: contacts(row),
            segment: row.segment_id,
            responsible: row.responsible_id,
            status: row.status.parse().unwrap_or_default(),
            entity: row.entity_id,
            recursive: row.recursive,
        }
    }

    /// Puts them into a row.
    pub(super) fn write(&self, row: &mut customer::Model) -> Result<(), ServiceError> {
        row.name.clone_from(&self.name);
        row.name_key = search::fold(&self.name);
        row.legal_name.clone_from(&self.legal_name);
        row.document_id.clone_from(&self.document_id);
        row.document_key = self.document_key();
        row.contacts = serde_json::to_string(&self.contacts)?;
        row.segment_id = self.segment;
        row.responsible_id = self.responsible;
        self.status.as_str().clone_into(&mut row.status);
        row.entity_id = self.entity;
        row.recursive = self.recursive;
        Ok(())
    }

    /// The document number as it is compared; nothing for one of signs only.
    pub(super) fn document_key(&self) -> Option<String> {
        self.document_id.as_deref().map(rules::document_key).filter(|key| !key.is_empty())
    }

    /// What an update makes of them; wrong fields are noted and stay as they were.
    pub(super) fn patched(&self, patch: &CustomerPatch, errors: &mut FieldErrors) -> Self {
        let mut out = self.clone();
        match &patch.name {
            Patch::Keep => {}
            Patch::Clear => errors.add("name", Code::Required),
            Patch::Set(text) => out.name = errors.check("name", check_name(&nfc(text))).unwrap_or(out.name),
        }
        let mut line = |field: &str, typed: &Patch<String>, max: usize, stored: &mut Option<String>| match typed {
            Patch::Keep => {}
            Patch::Clear => *stored = None,
            Patch::Set(text) => {
                if let Some(text) = errors.check(field, check_line(&nfc(text), max)) {
                    *stored = text;
                }
            }
        };
        line("legal_name", &patch.legal_name, LEGAL_NAME_MAX, &mut out.legal_name);
        line("document_id", &patch.document_id, DOCUMENT_MAX, &mut out.document_id);
        if let Some(typed) = &patch.contacts {
            let typed: Vec<Contact> = typed.iter().map(composed).collect();
            out.contacts = check_contacts(&typed, email_address, errors);
        }
        for (field, typed, id) in
            [("segment", &patch.segment, &mut out.segment), ("responsible", &patch.responsible, &mut out.responsible)]
        {
            match typed {
                Patch::Keep => {}
                Patch::Clear => *id = None,
                Patch::Set(text) => match text.trim().trim_start_matches("user:").parse::<Uuid>() {
                    Ok(wanted) => *id = Some(wanted),
                    Err(_not_an_id) => errors.add(field, Code::UnknownReference),
                },
            }
        }
        match &patch.status {
            Patch::Keep => {}
            Patch::Clear => errors.add("status", Code::Required),
            Patch::Set(text) => out.status = errors.check("status", text.trim().parse()).unwrap_or(out.status),
        }
        match &patch.entity {
            Patch::Keep => {}
            Patch::Clear => errors.add("entity", Code::Required),
            Patch::Set(text) => match text.trim().parse::<Uuid>() {
                Ok(wanted) => out.entity = wanted,
                Err(_not_an_id) => errors.add("entity", Code::UnknownReference),
            },
        }
        out.recursive = patch.recursive.unwrap_or(out.recursive);
        out
    }

    /// These with the changes that were made from `base`: what was not changed stays as it is stored.
    pub(super) fn merged(&self, base: &Self, yours: &Self) -> Self {
        Self {
            name: pick(&base.name, &self.name, &yours.name),
            legal_name: pick(&base.legal_name, &self.legal_name, &yours.legal_name),
            document_id: pick(&base.document_id, &self.document_id, &yours.document_id),
            contacts: pick(&base.contacts, &self.contacts, &yours.contacts),
            segment: pick(&base.segment, &self.segment, &yours.segment),
            responsible: pick(&base.responsible, &self.responsible, &yours.responsible),
            status: pick(&base.status, &self.status, &yours.status),
            entity: pick(&base.entity, &self.entity, &yours.entity),
            recursive: pick(&base.recursive, &self.recursive, &yours.recursive),
        }
    }

    /// Every field with its value, as the API names it.
    pub(super) fn fields(&self) -> [(&'static str, Value); 9] {
        [
            ("name", json!(self.name)),
            ("legal_name", json!(self.legal_name)),
            ("document_id", json!(self.document_id)),
            ("contacts", json!(self.contacts)),
            ("segment", json!(self.segment)),
            ("responsible", json!(self.responsible)),
            ("status", json!(self.status)),
            ("entity", json!(self.entity)),
            ("recursive", json!(self.recursive)),
        ]
    }

    /// Notes references that are none. What a customer has already may stay.
    pub(super) async fn check_references(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        before: &Self,
        errors: &mut FieldErrors,
    ) -> Result<(), ServiceError> {
        if let Some(segment) = self.segment.filter(|id| before.segment != Some(*id)) {
            let path = actor.path_of(self.entity);
            let found = lists::active_row(connection, lists::CUSTOMER_SEGMENTS, &path, &segment.to_string()).await?;
            errors.check("segment", found);
        }
        if let Some(person) = self.responsible.filter(|id| before.responsible != Some(*id))
            && !may_be_responsible(connection, actor, person, self.entity).await?
        {
            errors.add("responsible", Code::UnknownReference);
        }
        Ok(())
    }

    /// Refuses a document number that another customer of the entity has (C-CUS-01); the entity is locked by the caller.
    pub(super) async fn check_document(
        &self,
        connection: &impl ConnectionTrait,
        id: Uuid,
        errors: &mut FieldErrors,
    ) -> Result<(), ServiceError> {
        let Some(key) = self.document_key() else { return Ok(()) };
        let mut sql = Sql::new("SELECT c.id FROM customer c WHERE c.entity_id = ");
        sql.bind(self.entity).push_bind(" AND c.document_key = ", key).push_bind(" AND c.id <> ", id);
        if let Some(other) = sql.scalar::<Uuid>(connection).await? {
            errors.add_with("document_id", Code::Duplicate, json!({ "customer": other }));
        }
        Ok(())
    }

    /// What changed, in the words of the writer's language, as the history keeps it.
    pub(super) async fn changes(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        before: &Self,
    ) -> Result<Vec<FieldChange>, ServiceError> {
        let names = Names::load(connection, actor.lang, &[before, self]).await?;
        Ok(self.changed(actor, before, &names))
    }

    /// The same with names at hand.
    pub(super) fn changed(&self, actor: &Actor, before: &Self, names: &Names) -> Vec<FieldChange> {
        let words = |values: &Self| -> [(&'static str, String); 9] {
            let segment = values.segment.and_then(|id| names.segments.get(&id)).map(|row| row.name.clone());
            let entity = Some(values.entity).filter(|id| !id.is_nil()).map(|id| actor.entity_name(id));
            [
                ("name", values.name.clone()),
                ("legal_name", values.legal_name.clone().unwrap_or_default()),
                ("document_id", values.document_id.clone().unwrap_or_default()),
                ("contacts", values.contacts.iter().map(told).collect::<Vec<_>>().join("\n")),
                ("segment", segment.unwrap_or_default()),
                ("responsible", values.responsible.map(|id| names.people.user(id).name).unwrap_or_default()),
                ("status", values.status.as_str().to_owned()),
                ("entity", entity.unwrap_or_default()),
                ("recursive", values.recursive.to_string()),
            ]
        };
        let (old, new) = (words(before), words(self));
        let pairs = old.into_iter().zip(new).filter(|(old, new)| old.1 != new.1);
        pairs.map(|((field, old), (_, new))| FieldChange { field: field.to_owned(), old, new }).collect()
    }
}

/// Names of what some values refer to.
#[derive(Debug)]
pub(super) struct Names {
    segments: BTreeMap<Uuid, Ref>,
    people: people::ActorDirectory,
}

impl Names {
    /// Reads them in two queries, whatever their number.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        lang: Lang,
        values: &[&Values],
    ) -> Result<Self, ServiceError> {
        let segments: BTreeSet<Uuid> = values.iter().filter_map(|one| one.segment).collect();
        let users: BTreeSet<Uuid> = values.iter().filter_map(|one| one.responsible).collect();
        let (segments, users) = (unique(segments), unique(users));
        Ok(Self {
            segments: lists::refs(connection, &segments, lang).await?,
            people: people::actor_views(connection, &users, &[]).await?,
        })
    }
}

fn told(contact: &Contact) -> String {
    let parts = [&contact.name, &contact.role, &contact.email, &contact.phone];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

fn composed(contact: &Contact) -> Contact {
    Contact {
        name: nfc(&contact.name),
        role: nfc(&contact.role),
        email: contact.email.clone(),
        phone: nfc(&contact.phone),
        is_primary: contact.is_primary,
    }
}

fn pick<T: PartialEq + Clone>(base: &T, theirs: &T, yours: &T) -> T {
    if yours == base { theirs.clone() } else { yours.clone() }
}

/// Whether somebody is active and sees customers of an entity (customers.md section 1).
async fn may_be_responsible(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    person: Uuid,
    entity: Uuid,
) -> Result<bool, ServiceError> {
    let found = app_user::Entity::find_by_id(person).one(connection).await?;
    if !found.is_some_and(|user| user.active) {
        return Ok(false);
    }
    let mut sql = Sql::new("SELECT 1 AS found FROM app_user u WHERE u.id = ");
    sql.bind(person).push(" AND ").append(&has_role_in(actor, &[entity], Some(Capability::CustomerView)));
    Ok(!sql.rows(connection).await?.is_empty())
}

/// The entity a customer is to belong to, if the actor may keep customers there.
pub(super) fn entity_of(actor: &Actor, wanted: Uuid) -> Result<(), AppError> {
    if !actor.entities().contains(&wanted) || !actor.has(wanted, Capability::CustomerView) {
        return Err(AppError::field("entity", Code::UnknownReference));
    }
    if actor.has(wanted, Capability::CustomerEdit) { Ok(()) } else { Err(super::forbidden(Capability::CustomerEdit)) }
}
