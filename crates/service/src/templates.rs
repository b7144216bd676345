//! Stored templates (T-TPL-01): which one a setting means, its text in a language, and their administration.
//!
//! Belongs here: rows, rights, what refers to them, what comes of one for a ticket. Does not belong here: the language they are
//! written in (`mail::template`), what a mail looks like (`mail`).

mod automatic;
mod facts;
mod faults;
mod fields;
mod list;
mod page;
mod preview;
mod remove;
mod reply;
mod save;
mod solution;
mod uses;
mod words;

use std::collections::BTreeMap;

use domain::lang::Lang;
use domain::settings::Key;
use domain::template::TemplateKind;
use entity::template;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::mail::template::{Scope, TemplateError};
use crate::settings::Settings;
use crate::sql::Sql;
use crate::{lists, mail};

pub(crate) use automatic::{Automatic, automatic, by_ids, is_usable, usable};
pub(crate) use facts::Facts;
pub use fields::{ACTIVE, CATEGORY, Fields, NAME, OF_TASKS, RECURSIVE, SOURCE, TYPE, VISIBILITY};
pub use list::{get, list, managed};
pub use page::{PageQuery, page};
pub use preview::preview;
pub use remove::{remove, remove_form};
pub(crate) use reply::{append_text, choices, choices_of, named, named_of};
pub use reply::{begin, insert, reply, task};
pub use save::{Change, NewTemplate, create, save_form, update};
pub use solution::insert_solution;
pub(crate) use solution::of_ticket as solution_of_ticket;

/// Kind of the templates of mails.
const MAIL: &str = TemplateKind::Mail.as_str();

/// The setting a shipped template is meant by.
fn key_of(purpose: &str) -> Option<Key> {
    let keys = [
        Key::MailTemplateRequester,
        Key::MailTemplateResponsible,
        Key::MailTemplateMessage,
        Key::MailTemplateChatOffline,
    ];
    keys.into_iter().find(|key| self::purpose(*key) == purpose)
}

/// What a shipped template is for, by the setting that chooses another.
const fn purpose(key: Key) -> &'static str {
    match key {
        Key::MailTemplateRequester => "requester",
        Key::MailTemplateResponsible => "responsible",
        Key::MailTemplateMessage => "message",
        Key::MailTemplateChatOffline => "chat_offline",
        _ => "",
    }
}

/// Adds the shipped mail templates an instance does not have yet; those that were changed stay as they are.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn ensure(connection: &impl ConnectionTrait, root: Uuid, now: i64) -> Result<(), ServiceError> {
    for shipped in mail::SHIPPED {
        let texts: BTreeMap<&str, &str> = shipped.texts.iter().map(|(lang, text)| (lang.code(), *text)).collect();
        let mut sql = Sql::new(
            "INSERT INTO template (id, kind, entity_id, recursive, active, purpose, name, texts, created_at, updated_at, version) SELECT ",
        );
        sql.bind(new_id())
            .push_bind(", ", MAIL)
            .push_bind(", ", root)
            .push(", TRUE, TRUE")
            .push_bind(", ", shipped.purpose)
            .push_bind(", ", shipped.name)
            .push_bind(", ", serde_json::to_string(&texts)?)
            .push_bind(", ", now)
            .push_bind(", ", now)
            .push_bind(", 1 WHERE NOT EXISTS (SELECT 1 FROM template t WHERE t.entity_id = ", root)
            .push_bind(" AND t.purpose = ", shipped.purpose)
            .push(") ON CONFLICT DO NOTHING");
        sql.run(connection).await?;
    }
    Ok(())
}

/// The mail template a setting means in an entity: the chosen one, else the shipped one. `None` when it is gone, inactive, not
/// visible there, or does not compile (T-SET-06). `path` is the entity and its ancestors.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn mail(
    connection: &impl ConnectionTrait,
    settings: &Settings,
    key: Key,
    path: &[Uuid],
) -> Result<Option<template::Model>, ServiceError> {
    let chosen = settings.text(key);
    let select = template::Entity::find().filter(template::Column::Kind.eq(MAIL));
    let select = match chosen.parse::<Uuid>() {
        Ok(id) => select.filter(template::Column::Id.eq(id)),
        Err(_not_an_id) if chosen.is_empty() => select
            .filter(template::Column::Purpose.eq(purpose(key)))
            .filter(template::Column::EntityId.is_in(path.iter().copied())),
        Err(_not_an_id) => return Ok(None),
    };
    let found = select.all(connection).await?.into_iter().filter(|row| fits(row, path));
    Ok(found.min_by_key(|row| distance(row, path)).filter(compiles))
}

/// Every template of mails, for whoever looks at many settings at once.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn all_mail(connection: &impl ConnectionTrait) -> Result<Vec<template::Model>, ServiceError> {
    Ok(template::Entity::find().filter(template::Column::Kind.eq(MAIL)).all(connection).await?)
}

/// What [`mail`] would find among templates that are loaded already; whether it compiles is not looked at.
pub(crate) fn among<'a>(
    all: &'a [template::Model],
    chosen: &str,
    key: Key,
    path: &[Uuid],
) -> Option<&'a template::Model> {
    let is_meant = |row: &&template::Model| match chosen.parse::<Uuid>() {
        Ok(id) => row.id == id,
        Err(_not_an_id) => chosen.is_empty() && row.purpose.as_deref() == Some(purpose(key)),
    };
    all.iter().filter(is_meant).filter(|row| fits(row, path)).min_by_key(|row| distance(row, path))
}

/// Active, and visible in the first entity of `path`.
pub(crate) fn fits(row: &template::Model, path: &[Uuid]) -> bool {
    row.active && lists::reaches(row.entity_id, row.recursive, path)
}

fn distance(row: &template::Model, path: &[Uuid]) -> Option<usize> {
    path.iter().position(|entity| *entity == row.entity_id)
}

/// Whether its text compiles in every language (T-TPL-02).
pub(crate) fn compiles(row: &template::Model) -> bool {
    texts(row).values().all(|text| check(kind_of(row), text).is_ok())
}

/// The kind of a row; one of a later part, were there any, is checked like a mail.
fn kind_of(row: &template::Model) -> TemplateKind {
    TemplateKind::of_stored(&row.kind).unwrap_or(TemplateKind::Mail)
}

/// Which variables a kind may name (T-TPL-03).
const fn scope_of(kind: TemplateKind) -> Scope {
    match kind {
        TemplateKind::Reply | TemplateKind::Task | TemplateKind::Solution => Scope::Reply,
        TemplateKind::Mail => Scope::Mail,
    }
}

/// Compiles a text against sample data (T-TPL-02).
fn check(kind: TemplateKind, text: &str) -> Result<(), TemplateError> {
    mail::template::check_in(text, scope_of(kind))
}

/// The text in a language; a missing one falls back to the language of the entity, then to English (T-TPL-01).
pub(crate) fn text(row: &template::Model, lang: Lang, home: Lang) -> Option<String> {
    text_among(texts(row), lang, home)
}

/// The same among texts by the code of their language.
fn text_among(mut texts: BTreeMap<String, String>, lang: Lang, home: Lang) -> Option<String> {
    [lang, home, Lang::En].iter().find_map(|lang| texts.remove(lang.code()).filter(|text| !text.trim().is_empty()))
}

fn texts(row: &template::Model) -> BTreeMap<String, String> {
    serde_json::from_str(&row.texts).unwrap_or_default()
}
