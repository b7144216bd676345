//! A template as a set of fields by their names in the API, each as text: read from what was sent, compared, put back.

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldErrors};
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::task::{self, TaskState};
use domain::template::{self as rules, TemplateKind, text_field};
use entity::template;
use uuid::Uuid;

use super::{faults, kind_of, texts};
use crate::error::ServiceError;
use crate::sanitise;

/// Its name.
pub const NAME: &str = "name";
/// Also in sub-entities: `true`, `false`.
pub const RECURSIVE: &str = "recursive";
/// May be chosen: `true`, `false`.
pub const ACTIVE: &str = "active";
/// Reply: id of an occurrence category, task: of a task category; empty = none.
pub const CATEGORY: &str = "category";
/// Reply: id of a request source; empty = none.
pub const SOURCE: &str = "source";
/// Reply and task: `private`, `public`; empty = none.
pub const VISIBILITY: &str = "visibility";
/// Task: where it begins; empty = to do.
const STATE: &str = "state";
/// Task: how long it is estimated to take; empty = unknown.
const ESTIMATE: &str = "estimated_minutes";
/// Task: id of the person; empty = nobody.
pub(super) const USER: &str = "user";
/// Task: id of the group; empty = none.
pub(super) const GROUP: &str = "group";
/// Task: minutes before its begin; empty = none.
const REMINDER: &str = "reminder_minutes";
/// What only templates of tasks set.
pub const OF_TASKS: [&str; 5] = [STATE, ESTIMATE, USER, GROUP, REMINDER];

/// Solution: id of a solution type; empty = none.
pub const TYPE: &str = "type";

/// Values by the names above and those of `domain::template::text_field`.
pub type Fields = BTreeMap<&'static str, String>;

/// The fields of a row.
pub(super) fn of_row(row: &template::Model) -> Fields {
    let texts = texts(row);
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let is_solution = kind_of(row) == TemplateKind::Solution;
    let mut out = Fields::from([
        (NAME, row.name.clone()),
        (RECURSIVE, row.recursive.to_string()),
        (ACTIVE, row.active.to_string()),
        (CATEGORY, id(row.category_id.filter(|_| !is_solution))),
        (TYPE, id(row.category_id.filter(|_| is_solution))),
        (SOURCE, id(row.source_id)),
        (VISIBILITY, row.visibility.clone().unwrap_or_default()),
    ]);
    let sets = sets_of(row);
    for field in OF_TASKS {
        out.insert(field, sets.get(field).cloned().unwrap_or_default());
    }
    for lang in Lang::ALL {
        let text = texts.get(lang.code()).map_or("", String::as_str);
        out.insert(text_field(lang), sanitise::lines(text));
    }
    out
}

/// What a row sets that only tasks have; empty ones are left out.
pub(super) fn sets_of(row: &template::Model) -> BTreeMap<String, String> {
    row.sets.as_deref().and_then(|sets| serde_json::from_str(sets).ok()).unwrap_or_default()
}

/// Puts fields into a row.
pub(super) fn put(row: &mut template::Model, fields: &Fields) -> Result<(), ServiceError> {
    let text = |field: &str| fields.get(field).cloned().unwrap_or_default();
    let texts = Lang::ALL.into_iter().map(|lang| (lang.code(), text(text_field(lang))));
    let texts: BTreeMap<&str, String> = texts.filter(|(_, text)| !text.is_empty()).collect();
    row.name = text(NAME);
    row.recursive = text(RECURSIVE) == "true";
    row.active = text(ACTIVE) == "true";
    // One column: a reply has a category, a solution a type.
    row.category_id = text(if kind_of(row) == TemplateKind::Solution { TYPE } else { CATEGORY }).parse().ok();
    row.source_id = text(SOURCE).parse().ok();
    row.visibility = Some(text(VISIBILITY)).filter(|word| !word.is_empty());
    let sets: BTreeMap<&str, String> =
        OF_TASKS.into_iter().map(|field| (field, text(field))).filter(|(_, text)| !text.is_empty()).collect();
    row.sets = if sets.is_empty() { None } else { Some(serde_json::to_string(&sets)?) };
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
        // Only what begins an entry sets what that has.
        _ if !kind.begins_entries() => Err(Code::NotAllowed),
        TYPE if kind != TemplateKind::Solution => Err(Code::NotAllowed),
        CATEGORY | VISIBILITY if kind == TemplateKind::Solution => Err(Code::NotAllowed),
        SOURCE if kind != TemplateKind::Reply => Err(Code::NotAllowed),
        _ if OF_TASKS.contains(&field) && kind != TemplateKind::Task => Err(Code::NotAllowed),
        _ if OF_TASKS.contains(&field) => of_task(field, value),
        VISIBILITY => value.parse::<Visibility>().map(|visibility| visibility.as_str().to_owned()),
        CATEGORY | SOURCE | TYPE => {
            value.parse::<Uuid>().map(|id| id.to_string()).map_err(|_not_an_id| Code::UnknownReference)
        }
        _ => Err(Code::UnknownField),
    }
}

/// What only tasks have, in the form it is stored in.
fn of_task(field: &str, value: &str) -> Result<String, Code> {
    match field {
        STATE => value.parse::<TaskState>().map(|state| state.as_str().to_owned()),
        ESTIMATE => {
            task::minutes(value).map(|minutes| minutes.map(|minutes| minutes.0.to_string()).unwrap_or_default())
        }
        REMINDER => task::reminder(value).map(|minutes| minutes.map(|minutes| minutes.to_string()).unwrap_or_default()),
        _ => value.parse::<Uuid>().map(|id| id.to_string()).map_err(|_not_an_id| Code::NotAssignable),
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
        let given = Fields::from([(TYPE, Uuid::nil().to_string()), (SOURCE, Uuid::nil().to_string())]);
        for (kind, field) in [(TemplateKind::Solution, SOURCE), (TemplateKind::Reply, TYPE)] {
            let Err(AppError::Invalid(errors)) = super::read(kind, &given) else { panic!("must be refused") };
            assert_eq!((errors.0.len(), errors.of(field)), (1, Some(Code::NotAllowed)), "{kind:?}");
        }
        let given = Fields::from([(VISIBILITY, " public ".to_owned()), (NAME, " Received ".to_owned())]);
        let read = read(TemplateKind::Reply, &given).unwrap();
        assert_eq!((read[VISIBILITY].as_str(), read[NAME].as_str()), ("public", "Received"));
    }

    #[test]
    fn t_tpl_01_only_a_task_sets_where_it_begins_and_how_long_it_takes() {
        let given =
            Fields::from([(STATE, "info".to_owned()), (ESTIMATE, "1h30".to_owned()), (REMINDER, "60".to_owned())]);
        let task = read(TemplateKind::Task, &given).unwrap();
        assert_eq!((task[STATE].as_str(), task[ESTIMATE].as_str(), task[REMINDER].as_str()), ("info", "90", "60"));
        let Err(AppError::Invalid(errors)) = read(TemplateKind::Reply, &given) else { panic!("must be refused") };
        assert_eq!(errors.of(STATE), Some(Code::NotAllowed));
        let given =
            Fields::from([(SOURCE, Uuid::nil().to_string()), (STATE, "later".to_owned()), (REMINDER, "7".to_owned())]);
        let Err(AppError::Invalid(errors)) = read(TemplateKind::Task, &given) else { panic!("must be refused") };
        assert_eq!(
            (errors.of(SOURCE), errors.of(STATE), errors.of(REMINDER)),
            (Some(Code::NotAllowed), Some(Code::Invalid), Some(Code::Invalid))
        );
    }
}
