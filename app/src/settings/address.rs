//! Addresses of the page: which entity, what is looked for, and what became of the row that was saved.

use domain::error::{AppError, Code};
use domain::forms::SaveSetting;
use domain::settings::{Key, Kind};
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::components::id_of;
use crate::kept::refused::Refused;

/// Longest value that comes back in an address, in characters; a longer one has to be typed again.
const TYPED_MAX: usize = 600;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Entity id; empty = the topmost one.
    pub entity: String,
    /// Words, a key, or a number.
    pub q: String,
    /// Key of the row that was saved just now.
    pub saved: String,
    /// The mail server was tested just now.
    pub tested: bool,
    /// Key of the row whose value was refused.
    pub row: String,
    /// Why; a word that is no code of ours is none.
    pub code: Option<Code>,
    /// What was typed there.
    pub typed: Option<String>,
    /// It was posted after the sign-in had ended: it is not wrong, and not saved.
    pub is_late: bool,
}

impl Question {
    /// Reads the query.
    #[must_use]
    pub fn read(map: &ParamsMap) -> Self {
        let text = |name: &str| map.get(name).unwrap_or_default();
        let code = text("code");
        Self {
            entity: text("entity"),
            q: text("q"),
            saved: text("saved"),
            tested: !text("tested").is_empty(),
            row: text("row"),
            code: Code::ALL.iter().copied().find(|known| known.as_str() == code),
            typed: map.get("typed"),
            is_late: false,
        }
    }

    /// The same with the row that was posted after the sign-in had ended (T-DRF-03).
    #[must_use]
    pub fn or_late(self, posted: &Refused) -> Self {
        let key = posted.value("form[key]").and_then(Key::read).filter(|_| self.row.is_empty());
        let is_typed = posted.value("form[inherit]").is_none();
        // A switch shows what is in force, and its button the other side.
        let Some(key) = key.filter(|key| is_typed && key.kind() != Kind::Switch) else { return self };
        let form = SaveSetting {
            value: posted.or("form[value]", ""),
            cells: posted.values("form[cells]"),
            ..SaveSetting::default()
        };
        Self { row: key.as_str().to_owned(), typed: Some(form.typed()), is_late: true, ..self }
    }
}

/// Id of a row on the page.
#[must_use]
pub fn row_id(key: Key) -> String {
    ["set-", &id_of(key.as_str())].concat()
}

/// The page for an entity and what is looked for in it; empty = not said.
#[must_use]
pub fn page(entity: &str, q: &str) -> String {
    with(&[("entity", entity), ("q", q)])
}

/// Where a saved row leads: to itself, and to a word about it.
#[must_use]
pub fn saved(form: &SaveSetting) -> String {
    with(&[("entity", form.entity.as_str()), ("q", form.q.as_str()), ("saved", form.key.as_str())]) + &anchor(&form.key)
}

/// Where a refused row leads: to itself with what was typed. `None` for refusals that are not about its value.
#[must_use]
pub fn refused(form: &SaveSetting, error: &AppError) -> Option<String> {
    let code = match error {
        AppError::Invalid(errors) => errors.of(&form.key)?,
        AppError::Conflict { .. } => Code::Conflict,
        _ => return None,
    };
    let typed: String = if form.inherit { String::new() } else { form.typed().chars().take(TYPED_MAX).collect() };
    let place = [
        ("entity", form.entity.as_str()),
        ("q", form.q.as_str()),
        ("row", form.key.as_str()),
        ("code", code.as_str()),
        ("typed", typed.as_str()),
    ];
    Some(with(&place) + &anchor(&form.key))
}

/// The row of the mail server.
#[must_use]
pub fn mail_server(entity: &str) -> String {
    page(entity, "") + "#mail-server"
}

/// The same after a test.
#[must_use]
pub fn tested(entity: &str) -> String {
    with(&[("entity", entity), ("tested", "1")]) + "#mail-server"
}

fn anchor(key: &str) -> String {
    Key::read(key).map(|key| ["#", &row_id(key)].concat()).unwrap_or_default()
}

fn with(pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [*name, "=", &Url::escape(value)].concat())
        .collect();
    if query.is_empty() { "/settings".to_owned() } else { ["/settings?", &query.join("&")].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(key: Key, value: &str) -> SaveSetting {
        SaveSetting { key: key.as_str().to_owned(), value: value.to_owned(), ..SaveSetting::default() }
    }

    #[test]
    fn a_row_is_found_by_its_key() {
        assert_eq!(row_id(Key::PortalShowOccurrences), "set-portal-show_occurrences");
        assert_eq!(saved(&form(Key::ReopenDays, "7")), "/settings?saved=reopen%5Fdays#set-reopen_days");
        assert_eq!(mail_server("x"), "/settings?entity=x#mail-server");
        assert_eq!(page("", ""), "/settings");
    }

    #[test]
    fn t_set_04_a_refused_row_keeps_what_was_typed() {
        let error = AppError::field("reopen_days", Code::OutOfRange);
        let place = refused(&form(Key::ReopenDays, "400"), &error);
        let expected = "/settings?row=reopen%5Fdays&code=out%5Fof%5Frange&typed=400#set-reopen_days";
        assert_eq!(place.as_deref(), Some(expected));
        assert_eq!(refused(&form(Key::ReopenDays, "400"), &AppError::NotFound), None);
    }
}
