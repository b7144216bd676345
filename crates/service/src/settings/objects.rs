//! What a reference may name: rows of lists, groups, templates, each as far as it is visible in an entity (T-SET-04, T-SET-06).

use std::collections::BTreeSet;

use domain::lang::Lang;
use domain::settings::{Key, Kind, Reference};
use domain::views::{Choice, SettingWarning};
use entity::{app_group, list_row, template};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::{lists, people, templates};

/// Every object a setting may name, of all entities: three queries, however many settings are looked at.
#[derive(Debug)]
pub(super) struct Objects {
    rows: Vec<list_row::Model>,
    groups: Vec<app_group::Model>,
    mails: Vec<template::Model>,
    /// Templates that do not compile.
    broken: BTreeSet<Uuid>,
}

impl Objects {
    pub(super) async fn load(connection: &impl ConnectionTrait) -> Result<Self, ServiceError> {
        let rows = list_row::Entity::find()
            .filter(list_row::Column::List.is_in([lists::OCCURRENCE_CATEGORIES, lists::SOURCES, lists::CALENDARS]))
            .filter(list_row::Column::Active.eq(true))
            .order_by_asc(list_row::Column::Position)
            .order_by_asc(list_row::Column::Id)
            .all(connection)
            .await?;
        let groups = app_group::Entity::find()
            .filter(app_group::Column::Active.eq(true))
            .order_by_asc(app_group::Column::Name)
            .order_by_asc(app_group::Column::Id)
            .all(connection)
            .await?;
        let mails = templates::all_mail(connection).await?;
        let broken = mails.iter().filter(|row| row.active && !templates::compiles(row)).map(|row| row.id).collect();
        Ok(Self { rows, groups, mails, broken })
    }

    /// What a value means in an entity (`path`: it and its ancestors): the object, if it can be used there.
    pub(super) fn find(&self, key: Key, value: &str, path: &[Uuid]) -> Option<Uuid> {
        let Kind::Reference(reference) = key.kind() else { return None };
        let id = value.parse::<Uuid>().ok();
        match reference {
            Reference::MailTemplate => templates::among(&self.mails, value, key, path)
                .filter(|row| !self.broken.contains(&row.id))
                .map(|row| row.id),
            Reference::Group => {
                self.groups.iter().find(|row| Some(row.id) == id && people::group_reaches(row, path)).map(|row| row.id)
            }
            Reference::OccurrenceCategory
            | Reference::OccurrenceSource
            | Reference::TicketSource
            | Reference::Calendar => {
                // Shipped rows are named by their code until somebody chooses.
                let is_meant =
                    |row: &&list_row::Model| Some(row.id) == id || (id.is_none() && row.code.as_deref() == Some(value));
                self.rows.iter().filter(|row| is_visible(row, reference, path)).find(is_meant).map(|row| row.id)
            }
        }
    }

    /// Whether a value names a calendar without a working minute (`calendar_empty`).
    pub(super) fn is_empty_calendar(&self, key: Key, value: &str, path: &[Uuid]) -> bool {
        let id = self.find(key, value, path);
        key == Key::WorkingCalendar && self.rows.iter().any(|row| Some(row.id) == id && lists::calendar(row).is_empty())
    }

    /// What is wrong with a value that was right when it was saved (T-SET-06).
    pub(super) fn warning(&self, key: Key, value: &str, path: &[Uuid]) -> Option<SettingWarning> {
        let Kind::Reference(reference) = key.kind() else { return None };
        let is_mail = reference == Reference::MailTemplate;
        // Without a choice the shipped template counts; of the others none is a choice.
        if (value.is_empty() && !is_mail) || self.find(key, value, path).is_some() {
            return None;
        }
        Some(if is_mail { SettingWarning::MailTemplateMissing } else { SettingWarning::UnknownReference })
    }

    /// Since when the template that a value means in an entity is as it is, in seconds since 1970.
    pub(super) fn template_since(&self, key: Key, value: &str, path: &[Uuid]) -> Option<i64> {
        templates::among(&self.mails, value, key, path).map(|row| row.updated_at)
    }

    /// What may be chosen in an entity, in the reader's language.
    pub(super) fn choices(&self, key: Key, path: &[Uuid], lang: Lang) -> Vec<Choice> {
        let choice = |id: Uuid, name: &str| Choice { value: id.to_string(), name: name.to_owned(), depth: 0 };
        match key.kind() {
            Kind::Reference(Reference::MailTemplate) => {
                let usable =
                    self.mails.iter().filter(|row| templates::fits(row, path) && !self.broken.contains(&row.id));
                let mut rows: Vec<Choice> = usable.map(|row| choice(row.id, &row.name)).collect();
                rows.sort_by(|a, b| a.name.cmp(&b.name));
                rows
            }
            Kind::Reference(Reference::Group) => {
                let usable = self.groups.iter().filter(|row| people::group_reaches(row, path));
                usable.map(|row| choice(row.id, &row.name)).collect()
            }
            Kind::Reference(reference) => {
                let visible = self.rows.iter().filter(|row| is_visible(row, reference, path));
                let rows: Vec<list_row::Model> = visible.cloned().collect();
                lists::choices(&rows, lang)
            }
            _ => Vec::new(),
        }
    }
}

fn is_visible(row: &list_row::Model, reference: Reference, path: &[Uuid]) -> bool {
    let is_of_list = match reference {
        Reference::OccurrenceCategory => row.list == lists::OCCURRENCE_CATEGORIES,
        Reference::OccurrenceSource => row.list == lists::SOURCES && row.for_occurrences,
        Reference::TicketSource => row.list == lists::SOURCES && row.for_tickets,
        Reference::Calendar => row.list == lists::CALENDARS,
        Reference::MailTemplate | Reference::Group => false,
    };
    is_of_list && lists::reaches(row.entity_id, row.recursive, path)
}
