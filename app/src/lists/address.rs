//! Addresses of the pages: which list of which entity, what became of a row, and what was typed into a refused form.

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldError, FieldErrors};
use domain::forms::{MoveListRow, RemoveListRow, SaveListRow};
use domain::lang::Lang;
use domain::lists::List;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;
use uuid::Uuid;

use crate::kept::refused::Refused;

/// Longest text of a field that comes back in an address, in characters; a longer one has to be typed again.
const TYPED_MAX: usize = 150;
/// The same for holidays, of which there are many.
const HOLIDAYS_MAX: usize = 1_500;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Entity id; empty = the topmost one.
    pub entity: String,
    /// Id of the row that was saved just now.
    pub saved: String,
    /// A row was deleted just now.
    pub removed: bool,
    /// The form that was refused, as it was typed.
    pub typed: Option<SaveListRow>,
    /// Its wrong fields.
    pub wrong: FieldErrors,
    /// Why the whole was refused; a word that is no code of ours is none.
    pub refused: Option<Code>,
}

impl Question {
    /// Reads the query.
    #[must_use]
    pub fn read(map: &ParamsMap) -> Self {
        let text = |name: &str| map.get(name).unwrap_or_default();
        let wrong = text("wrong");
        let read = |pair: &str| {
            let (field, code) = pair.split_once(':')?;
            Some(FieldError { field: field.to_owned(), code: code_of(code)?, data: None })
        };
        Self {
            entity: text("entity"),
            saved: text("saved"),
            removed: !text("removed").is_empty(),
            typed: serde_json::from_str(&text("typed")).ok(),
            wrong: FieldErrors(wrong.split(',').filter_map(read).collect()),
            refused: code_of(&text("refused")),
        }
    }

    /// The same with the form that was posted after the sign-in had ended (T-DRF-03).
    #[must_use]
    pub fn or_late(self, posted: &Refused) -> Self {
        let typed = self.typed.or_else(|| posted.is_some().then(|| as_posted(posted)));
        Self { typed, ..self }
    }

    /// The typed form of a row; an empty id means a new one.
    #[must_use]
    pub fn typed_of(&self, id: &str) -> Option<&SaveListRow> {
        self.typed.as_ref().filter(|typed| typed.id == id)
    }
}

fn as_posted(posted: &Refused) -> SaveListRow {
    let text = |name: &str| posted.or(&["form[", name, "]"].concat(), "");
    let ticked = |name: &str| text(name) == "true";
    let by_lang = |name: &str| -> BTreeMap<String, String> {
        let of = |lang: Lang| Some((lang.code(), posted.value(&["form[", name, "][", lang.code(), "]"].concat())?));
        Lang::ALL.into_iter().filter_map(of).map(|(code, text)| (code.to_owned(), text.to_owned())).collect()
    };
    SaveListRow {
        list: text("list"),
        entity: text("entity"),
        id: text("id"),
        version: text("version").parse().unwrap_or(0),
        names: by_lang("names"),
        labels: by_lang("labels"),
        parent: text("parent"),
        group: text("group"),
        recursive: ticked("recursive"),
        active: ticked("active"),
        for_tickets: ticked("for_tickets"),
        for_occurrences: ticked("for_occurrences"),
        for_incident: ticked("for_incident"),
        for_request: ticked("for_request"),
        portal: ticked("portal"),
        is_default: ticked("is_default"),
        reminder_every: text("reminder_every"),
        reminder_template: text("reminder_template"),
        reminders_before_solving: text("reminders_before_solving"),
        solution_template: text("solution_template"),
        week: posted.values("form[week]"),
        holidays: text("holidays"),
    }
}

fn code_of(text: &str) -> Option<Code> {
    Code::ALL.iter().copied().find(|known| known.as_str() == text)
}

/// Id of a row on the page.
#[must_use]
pub fn row_id(id: &str) -> String {
    ["row-", id].concat()
}

/// A list of an entity; empty = the topmost one.
#[must_use]
pub fn list(list: List, entity: &str) -> String {
    with(list, "", &[("entity", entity)])
}

/// The form of a row.
#[must_use]
pub fn row(list: List, id: &str) -> String {
    with(list, id, &[])
}

/// Where a saved form leads: to its row in the list, and to a word about it.
#[must_use]
pub fn saved(form: &SaveListRow, id: Uuid) -> String {
    let id = id.to_string();
    let place = with(named(&form.list), "", &[("entity", form.entity.as_str()), ("saved", id.as_str())]);
    [place.as_str(), "#", &row_id(&id)].concat()
}

/// Where a moved row leads: to itself.
#[must_use]
pub fn moved(form: &MoveListRow, entity: Uuid) -> String {
    [list(named(&form.list), &entity.to_string()).as_str(), "#", &row_id(&form.id)].concat()
}

/// Where a deleted row leads: to its list.
#[must_use]
pub fn removed(form: &RemoveListRow, entity: Uuid) -> String {
    let entity = entity.to_string();
    with(named(&form.list), "", &[("entity", entity.as_str()), ("removed", "1")])
}

/// Where a refused form leads: to itself with what was typed. `None` for refusals that are not about what it holds.
#[must_use]
pub fn refused(form: &SaveListRow, error: &AppError) -> Option<String> {
    let (wrong, code): (Vec<(&str, Code)>, &str) = match error {
        AppError::Invalid(errors) => (errors.0.iter().map(|wrong| (wrong.field.as_str(), wrong.code)).collect(), ""),
        AppError::Conflict { conflicts, .. } => {
            (conflicts.iter().map(|one| (one.field.as_str(), Code::Conflict)).collect(), Code::Conflict.as_str())
        }
        AppError::Refused { code, .. } => (Vec::new(), code.as_str()),
        _ => return None,
    };
    let wrong: Vec<String> = wrong.into_iter().map(|(field, code)| [field, ":", code.as_str()].concat()).collect();
    let wrong = wrong.join(",");
    let typed = serde_json::to_string(&cut(form)).unwrap_or_default();
    let query =
        [("entity", form.entity.as_str()), ("wrong", wrong.as_str()), ("refused", code), ("typed", typed.as_str())];
    Some([with(named(&form.list), &form.id, &query).as_str(), "#row-form"].concat())
}

/// Where a row leads that could not be deleted.
#[must_use]
pub fn kept(form: &RemoveListRow, error: &AppError) -> Option<String> {
    let code = match error {
        AppError::Refused { code, .. } => code.as_str(),
        AppError::Conflict { .. } => Code::Conflict.as_str(),
        _ => return None,
    };
    Some(with(named(&form.list), &form.id, &[("refused", code)]))
}

/// A form says which list it is of; the service has refused what is none.
fn named(text: &str) -> List {
    List::read(text).unwrap_or_default()
}

fn cut(form: &SaveListRow) -> SaveListRow {
    let short = |text: &String| text.chars().take(TYPED_MAX).collect::<String>();
    let mut out = form.clone();
    out.names.values_mut().chain(out.labels.values_mut()).for_each(|text| *text = short(text));
    out.week.iter_mut().for_each(|text| *text = short(text));
    out.holidays = out.holidays.chars().take(HOLIDAYS_MAX).collect();
    out.parent = short(&out.parent);
    out.group = short(&out.group);
    out
}

fn with(list: List, row: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [*name, "=", &escaped(value)].concat())
        .collect();
    let mut out = ["/settings/lists/", list.as_str()].concat();
    if !row.is_empty() {
        out.push('/');
        out.push_str(&escaped(row));
    }
    if !query.is_empty() {
        out.push('?');
        out.push_str(&query.join("&"));
    }
    out
}

/// Ids and codes stay readable.
fn escaped(value: &str) -> String {
    let is_plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if is_plain { value.to_owned() } else { Url::escape(value) }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn form() -> SaveListRow {
        SaveListRow {
            list: "locations".to_owned(),
            names: BTreeMap::from([("en".to_owned(), "Floor \"1\" & 2".to_owned())]),
            ..SaveListRow::default()
        }
    }

    /// The query of an address, as the router reads it.
    fn query(place: &str) -> ParamsMap {
        let rest = place.split_once('?').map_or("", |(_path, rest)| rest);
        let query = rest.split('#').next().unwrap_or_default();
        query.split('&').filter_map(|pair| pair.split_once('=')).fold(ParamsMap::new(), |mut map, (name, value)| {
            map.insert(name.to_owned(), Url::unescape(value));
            map
        })
    }

    #[test]
    fn t_set_09_a_refused_form_comes_back_with_what_was_typed() {
        let mut errors = FieldErrors::one("names.en", Code::DuplicateName);
        errors.add("parent", Code::OutOfRange);
        let place = refused(&form(), &AppError::Invalid(errors.clone())).unwrap();
        assert!(place.starts_with("/settings/lists/locations?") && place.ends_with("#row-form"), "{place}");
        let question = Question::read(&query(&place));
        assert_eq!((question.typed_of(""), &question.wrong), (Some(&form()), &errors));
        assert_eq!(question.typed_of("another"), None);
        assert_eq!(refused(&form(), &AppError::NotFound), None);
    }

    #[test]
    fn what_is_in_use_leads_back_to_its_row() {
        let row = RemoveListRow { list: "locations".to_owned(), id: "7".to_owned(), version: 1 };
        let place = kept(&row, &AppError::refused(Code::InUse)).unwrap();
        assert!(place.starts_with("/settings/lists/locations/7?"), "{place}");
        assert_eq!(Question::read(&query(&place)).refused, Some(Code::InUse));
    }

    #[test]
    fn words_that_are_no_codes_of_ours_are_none() {
        let mut map = ParamsMap::new();
        map.insert("refused".to_owned(), "<b>".to_owned());
        map.insert("wrong".to_owned(), "names.en:evil,x".to_owned());
        map.insert("typed".to_owned(), "{\"evil\":1}".to_owned());
        assert_eq!(Question::read(&map), Question::default());
    }
}
