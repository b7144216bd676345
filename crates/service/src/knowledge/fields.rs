//! The fields of an article as texts: read from forms and bodies, compared, put into a row.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::error::{AppError, Code, FieldErrors};
use domain::knowledge::{ArticleStatus, Audience, title};
use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use entity::{article, article_revision};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::sanitise::{self, Rich};
use crate::sql::Sql;
use crate::work::Work;
use crate::{lists, people};

/// Title.
pub const TITLE: &str = "title";
/// Text, stored as cleaned markup.
pub const BODY: &str = "body";
/// Code of the language.
pub const LANGUAGE: &str = "language";
/// Id of a category, or nothing.
pub const CATEGORY: &str = "category";
/// For whom.
pub const AUDIENCE: &str = "audience";
/// Where it stands.
pub const STATUS: &str = "status";
/// Also in sub-entities.
pub const RECURSIVE: &str = "recursive";
/// Id of who looks after it, or nothing.
pub const OWNER: &str = "owner";
/// Day of the next review, or nothing.
pub const REVIEW_ON: &str = "review_on";
/// Ids of files, separated by commas.
pub(super) const ATTACHMENTS: &str = "attachments";
/// The field that says that what was private may become public.
pub(super) const CONFIRM_PUBLIC: &str = "confirm_public";

/// Fields by their names.
pub type Values = BTreeMap<&'static str, String>;

/// Fields that were read: right in themselves, not yet compared with stored data.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    /// As they are stored.
    pub(super) values: Values,
    /// The text in all its forms, where there is one.
    pub(super) body: Option<Rich>,
}

/// Reads what needs no stored data (T-GEN-02, step 2).
///
/// # Errors
/// `Invalid` with every wrong field.
pub(super) fn read(given: &Values, format: BodyFormat, files: Option<&[String]>) -> Result<Read, AppError> {
    let mut errors = FieldErrors::new();
    let mut out = Read::default();
    for (name, text) in given {
        let value = match *name {
            TITLE => title(&sanitise::nfc(text)),
            BODY => sanitise::check(text, format).map(|rich| {
                let html = rich.html.as_str().to_owned();
                out.body = Some(rich);
                html
            }),
            LANGUAGE => text.parse::<Lang>().map(|lang| lang.code().to_owned()),
            AUDIENCE => text.parse::<Audience>().map(|audience| audience.as_str().to_owned()),
            STATUS => text.parse::<ArticleStatus>().map(|status| status.as_str().to_owned()),
            RECURSIVE => text.parse::<bool>().map(|on| on.to_string()).map_err(|_neither| Code::Invalid),
            REVIEW_ON => day(text),
            _ => reference(text),
        };
        if let Some(value) = errors.check(name, value) {
            out.values.insert(*name, value);
        }
    }
    if let Some(texts) = files {
        match crate::documents::ids(texts, ATTACHMENTS) {
            Ok(ids) => drop(out.values.insert(ATTACHMENTS, join(&ids))),
            Err(AppError::Invalid(wrong)) => errors.0.extend(wrong.0),
            Err(other) => return Err(other),
        }
    }
    errors.or(Some(out))
}

/// A day, or nothing.
fn day(text: &str) -> Result<String, Code> {
    match text.trim() {
        "" => Ok(String::new()),
        text => text.parse::<NaiveDate>().map(|day| day.to_string()).map_err(|_no_day| Code::Invalid),
    }
}

/// An id, or nothing.
fn reference(text: &str) -> Result<String, Code> {
    match text.trim() {
        "" => Ok(String::new()),
        text => text.parse::<Uuid>().map(|id| id.to_string()).map_err(|_no_id| Code::UnknownReference),
    }
}

/// Ids as one text.
pub(super) fn join(ids: &[Uuid]) -> String {
    ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",")
}

/// Ids of one text.
pub(super) fn split(text: &str) -> Vec<Uuid> {
    text.split(',').filter_map(|id| id.parse().ok()).collect()
}

fn named(id: Option<Uuid>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// The fields of a stored article.
pub(super) fn of_row(row: &article::Model, files: &[Uuid]) -> Values {
    Values::from([
        (TITLE, row.title.clone()),
        (BODY, row.body.clone()),
        (LANGUAGE, row.language.clone()),
        (CATEGORY, named(row.category_id)),
        (AUDIENCE, row.audience.clone()),
        (STATUS, row.status.clone()),
        (RECURSIVE, row.recursive.to_string()),
        (OWNER, named(row.owner_id)),
        (REVIEW_ON, row.review_on.clone().unwrap_or_default()),
        (ATTACHMENTS, join(files)),
    ])
}

/// The fields of a version.
pub(super) fn of_revision(row: &article_revision::Model) -> Values {
    Values::from([
        (TITLE, row.title.clone()),
        (BODY, row.body.clone()),
        (LANGUAGE, row.language.clone()),
        (CATEGORY, named(row.category_id)),
        (AUDIENCE, row.audience.clone()),
        (STATUS, row.status.clone()),
        (RECURSIVE, row.recursive.to_string()),
        (OWNER, named(row.owner_id)),
        (REVIEW_ON, row.review_on.clone().unwrap_or_default()),
        (ATTACHMENTS, row.attachments.clone()),
    ])
}

/// Puts fields into a row; `plain` is the text without markup, where the text is among them.
pub(super) fn put(row: &mut article::Model, values: &Values, plain: Option<&str>) {
    for (name, value) in values {
        let id = || value.parse::<Uuid>().ok();
        match *name {
            TITLE => row.title.clone_from(value),
            BODY => row.body.clone_from(value),
            LANGUAGE => row.language.clone_from(value),
            CATEGORY => row.category_id = id(),
            AUDIENCE => row.audience.clone_from(value),
            STATUS => row.status.clone_from(value),
            RECURSIVE => row.recursive = value == "true",
            OWNER => row.owner_id = id(),
            REVIEW_ON => row.review_on = (!value.is_empty()).then(|| value.clone()),
            _ => {}
        }
    }
    if let Some(plain) = plain {
        plain.clone_into(&mut row.body_text);
    }
}

/// What needs stored data (T-GEN-02, step 6): category, owner, and that nothing private becomes public unknowingly. `changed`
/// holds what is about to change in `row`.
///
/// # Errors
/// `Invalid` with every wrong field.
pub(super) async fn check(
    w: &Work,
    row: &article::Model,
    changed: &Values,
    is_confirmed: bool,
) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    if let Some(id) = changed.get(CATEGORY).filter(|id| !id.is_empty()) {
        let path = w.actor().path_of(row.entity_id);
        errors.check(CATEGORY, lists::active_row(&w.tx, lists::KNOWLEDGE_CATEGORIES, &path, id).await?);
    }
    if let Some(id) = changed.get(OWNER).and_then(|id| id.parse::<Uuid>().ok()) {
        let mut sql = Sql::new("SELECT u.id FROM app_user u WHERE u.active = TRUE AND u.id = ");
        sql.bind(id).push(" AND ");
        sql.append(&people::has_role_in(w.actor(), &[row.entity_id], Some(Capability::KnowledgeEdit)));
        if sql.scalar::<Uuid>(&w.tx).await?.is_none() {
            errors.add(OWNER, Code::UnknownReference);
        }
    }
    if let Some(audience) = changed.get(AUDIENCE).and_then(|word| word.parse::<Audience>().ok()) {
        let checked = domain::knowledge::check_audience(audience, row.from_private, is_confirmed);
        errors.check(CONFIRM_PUBLIC, checked);
    }
    if let Some(language) = changed.get(LANGUAGE) {
        let mut sql = Sql::new("SELECT a.id FROM article a WHERE a.deleted_at IS NULL AND a.family_id = ");
        sql.bind(row.family_id).push_bind(" AND a.id <> ", row.id).push_bind(" AND a.language = ", language.clone());
        if sql.scalar::<Uuid>(&w.tx).await?.is_some() {
            errors.add(LANGUAGE, Code::Duplicate);
        }
    }
    Ok(errors.or(Some(()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_02_every_wrong_field_of_an_article_is_named() {
        let given = Values::from([
            (TITLE, " ".to_owned()),
            (BODY, "<p> </p>".to_owned()),
            (LANGUAGE, "de".to_owned()),
            (AUDIENCE, "all".to_owned()),
            (STATUS, "lost".to_owned()),
            (CATEGORY, "network".to_owned()),
            (REVIEW_ON, "12/03/2026".to_owned()),
        ]);
        let Err(AppError::Invalid(errors)) = read(&given, BodyFormat::Html, Some(&["x".to_owned()])) else {
            panic!("must be refused")
        };
        let expected = [
            (TITLE, Code::Required),
            (BODY, Code::Required),
            (LANGUAGE, Code::Invalid),
            (AUDIENCE, Code::Invalid),
            (STATUS, Code::Invalid),
            (CATEGORY, Code::UnknownReference),
            (REVIEW_ON, Code::Invalid),
            ("attachments[0]", Code::UnknownReference),
        ];
        for (field, code) in expected {
            assert_eq!(errors.of(field), Some(code), "{field}");
        }
    }

    #[test]
    fn t_kno_01_fields_are_stored_in_one_form() {
        let given = Values::from([
            (TITLE, " VPN\nclient ".to_owned()),
            (BODY, "Which gateway?".to_owned()),
            (LANGUAGE, "pt-BR".to_owned()),
            (REVIEW_ON, " 2026-03-12 ".to_owned()),
            (CATEGORY, String::new()),
        ]);
        let read = read(&given, BodyFormat::Text, None).unwrap();
        assert_eq!(read.values.get(TITLE).map(String::as_str), Some("VPN client"));
        assert_eq!(read.values.get(BODY).map(String::as_str), Some("<p>Which gateway?</p>"));
        assert_eq!(read.values.get(REVIEW_ON).map(String::as_str), Some("2026-03-12"));
        assert_eq!(read.values.get(CATEGORY).map(String::as_str), Some(""));
        assert!(!read.values.contains_key(ATTACHMENTS), "what is not given stays");
        assert_eq!(read.body.map(|rich| rich.text).as_deref(), Some("Which gateway?"));
    }
}
