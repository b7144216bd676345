//! A template as a set of fields by their names in the API, each as text: read from what was sent, compared, put back.

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldErrors};
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::template::{self as rules, TemplateKind, text_field};
use entity::template;
use uuid::Uuid;

use super::{faults, texts};
use crate::error::ServiceError;
use crate::sanitise;

/// Its name.
pub const NAME: &str = "name";
/// Also in sub-entities: `true`, `false`.
pub const RECURSIVE: &str = "recursive";
/// May be chosen: `true`, `false`.
pub const ACTIVE: &str = "active";
/// Reply: id of an occurrence category; empty = none.
pub const CATEGORY: &str = "category";
/// Reply: id of a request source; empty = none.
pub const SOURCE: &str = "source";
/// Reply: `private`, `public`; empty = none.
pub const VISIBILITY: &str = "visibility";

/// Values by the names above and those of `domain::template::text_field`.
pub type Fields = BTreeMap<&'static str, String>;

/// The fields of a row.
pub(super) fn of_row(row: &template::Model) -> Fields {
    let texts = texts(row);
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut out = Fields::from([
        (NAME, row.name.clone()),
        (RECURSIVE, row.recursive.to_string()),
        (ACTIVE, row.active.to_string()),
        (CATEGORY, id(row.category_id)),
        (SOURCE, id(row.source_id)),
        (VISIBILITY, row.visibility.clone().unwrap_or_default()),
    ]);
    for lang in Lang::ALL {
        let text = texts.get(lang.code()).map_or("", String::as_str);
        out.insert(text_field(lang), sanitise::lines(text));
    }
    out
}

/// Puts fields into a row.
pub(super) fn put(row: &mut template::Model, fields: &Fields) -> Result<(), ServiceError> {
    let text = |field: &str| fields.get(field).cloned().unwrap_or_default();
    let texts = Lang::ALL.into_iter().map(|lang| (lang.code(), text(text_field(lang))));
    let texts: BTreeMap<&str, String> = texts.filter(|(_, text)| !text.is_empty()).collect();
    row.name = text(NAME);
    row.recursive = text(RECURSIVE) == "true";
    row.active = text(ACTIVE) == "true";
    row.category_id = text(CATEGORY).parse().ok();
    row.source_id = text(SOURCE).parse().ok();
    row.visibility = Some(text(VISIBILITY)).filter(|word| !word.is_empty());
    row.texts = serde_json::to_string(&texts)?;
    Ok(())
}

/// The fields in the form they are stored in, as far as that needs no stored data (T-GEN-02, step 2).
///
/// # Errors
/// `Invalid` with every wrong one; of a text with line, column and reason (T-TPL-02).
pub(super) fn read(kind: TemplateKind, given: &Fields) -> Result<Fields, AppError> {
    let mut errors = FieldErrors::new();
    let mut out = Fields::new();
    for (field, value) in given {
        if let Some(lang) = Lang::ALL.into_iter().find(|lang| text_field(*lang) == *field) {
            let text = sanitise::lines(value);
            match faults::of_text(kind, lang, &text) {
                Some(fault) => {
                    errors.add_with(*field, fault.code, faults::place(fault.line, fault.column, &fault.reason));
                }
                None => drop(out.insert(*field, text)),
            }
            continue;
        }
        if let Some(value) = errors.check(field, simple(kind, field, value)) {
            out.insert(*field, value);
        }
    }
    errors.or(Some(out))
}

fn simple(kind: TemplateKind, field: &str, value: &str) -> Result<String, Code> {
    let value = value.trim();
    match field {
        NAME => rules::name(&sanitise::nfc(value)),
        RECURSIVE | ACTIVE => match value {
            "true" | "false" => Ok(value.to_owned()),
            _ => Err(Code::Invalid),
        },
        _ if value.is_empty() => Ok(String::new()),
        // Only a reply begins something that has them.
        _ if kind != TemplateKind::Reply => Err(Code::NotAllowed),
        VISIBILITY => value.parse::<Visibility>().map(|visibility| visibility.as_str().to_owned()),
        CATEGORY | SOURCE => {
            value.parse::<Uuid>().map(|id| id.to_string()).map_err(|_not_an_id| Code::UnknownReference)
        }
        _ => Err(Code::UnknownField),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_02_every_wrong_field_of_a_template_is_named_with_its_place() {
        let given = Fields::from([
            (NAME, "x".repeat(101)),
            (ACTIVE, "maybe".to_owned()),
            (VISIBILITY, "secret".to_owned()),
            (CATEGORY, "none".to_owned()),
            ("texts.en", "Hello {{ ticket.number }}".to_owned()),
            ("texts.fr", "a\n{{ oops }}".to_owned()),
        ]);
        let Err(AppError::Invalid(errors)) = read(TemplateKind::Reply, &given) else { panic!("must be refused") };
        for (field, code) in [
            (NAME, Code::TooLong),
            (ACTIVE, Code::Invalid),
            (VISIBILITY, Code::Invalid),
            (CATEGORY, Code::UnknownReference),
            ("texts.fr", Code::TemplateUnknownVariable),
        ] {
            assert_eq!(errors.of(field), Some(code), "{field}");
        }
        assert_eq!(errors.of("texts.en"), None);
        let data =
            errors.0.iter().find(|wrong| wrong.field == "texts.fr").and_then(|wrong| wrong.data.clone()).unwrap();
        assert_eq!((&data["line"], &data["column"]), (&serde_json::json!(2), &serde_json::json!(4)));
        assert!(data["reason"].as_str().unwrap().contains("oops"));
    }

    #[test]
    fn t_tpl_01_a_mail_sets_neither_category_nor_source_nor_visibility() {
        let given = Fields::from([(VISIBILITY, "public".to_owned()), (CATEGORY, String::new())]);
        let Err(AppError::Invalid(errors)) = read(TemplateKind::Mail, &given) else { panic!("must be refused") };
        assert_eq!((errors.of(VISIBILITY), errors.of(CATEGORY)), (Some(Code::NotAllowed), None));
        let given = Fields::from([(VISIBILITY, " public ".to_owned()), (NAME, " Received ".to_owned())]);
        let read = read(TemplateKind::Reply, &given).unwrap();
        assert_eq!((read[VISIBILITY].as_str(), read[NAME].as_str()), ("public", "Received"));
    }
}
