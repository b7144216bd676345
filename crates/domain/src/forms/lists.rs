//! Rows of the editable lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Patch;
use crate::lang::Lang;
use crate::lists::{Flag, List};

/// The form of a row, new or present, as the page posts it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveListRow {
    /// Name of the list.
    pub list: String,
    /// Entity id of a new row; of a present one the entity whose list was shown.
    pub entity: String,
    /// Row id; empty = a new one.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// Names by language.
    pub names: BTreeMap<String, String>,
    /// Labels for the requester side by language.
    pub labels: BTreeMap<String, String>,
    /// Id of the row above; empty = none.
    pub parent: String,
    /// Routing group id; empty = none.
    pub group: String,
    /// Also in sub-entities.
    pub recursive: bool,
    /// Can be chosen.
    pub active: bool,
    /// For tickets.
    pub for_tickets: bool,
    /// For occurrences.
    pub for_occurrences: bool,
    /// For incidents.
    pub for_incident: bool,
    /// For requests.
    pub for_request: bool,
    /// Shown in the portal.
    pub portal: bool,
    /// Chosen at first when a ticket is put on hold.
    pub is_default: bool,
    /// `1d` to `4w`; empty = no reminders.
    pub reminder_every: String,
    /// Reply template id; empty = none.
    pub reminder_template: String,
    /// 0 to 3; empty = never.
    pub reminders_before_solving: String,
    /// Solution template id; empty = none.
    pub solution_template: String,
    /// Working hours of each weekday, Monday first: `08:00-12:00, 13:00-17:00`.
    pub week: Vec<String>,
    /// Holidays, one a line: `2026-12-25 Christmas`, `12-25` for every year.
    pub holidays: String,
}

impl SaveListRow {
    /// A flag as posted.
    #[must_use]
    pub const fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::ForTickets => self.for_tickets,
            Flag::ForOccurrences => self.for_occurrences,
            Flag::ForIncident => self.for_incident,
            Flag::ForRequest => self.for_request,
            Flag::Portal => self.portal,
        }
    }

    /// The whole form as an update: what the list does not have stays as it is.
    #[must_use]
    pub fn patch(&self, list: List) -> ListRowPatch {
        let texts = |typed: &BTreeMap<String, String>| {
            let of = |lang: Lang| typed.get(lang.code()).map(|text| (lang, Patch::from_text(text.clone())));
            Lang::ALL.into_iter().filter_map(of).collect::<BTreeMap<_, _>>()
        };
        ListRowPatch {
            names: texts(&self.names),
            labels: if list.has_labels() { texts(&self.labels) } else { BTreeMap::new() },
            parent: if list.is_tree() { Patch::from_text(self.parent.clone()) } else { Patch::Keep },
            group: if list.has_group() { Patch::from_text(self.group.clone()) } else { Patch::Keep },
            recursive: Some(self.recursive),
            active: Some(self.active),
            position: None,
            flags: list.flags().iter().map(|flag| (*flag, self.flag(*flag))).collect(),
            rule: if list.has_rule() { self.rule() } else { RulePatch::default() },
            week: if list.has_hours() { Patch::Set(self.week.clone()) } else { Patch::Keep },
            holidays: if list.has_hours() { Patch::from_text(self.holidays.clone()) } else { Patch::Keep },
        }
    }
}

impl SaveListRow {
    fn rule(&self) -> RulePatch {
        let typed = |text: &String| Patch::from_text(text.clone());
        RulePatch {
            is_default: Some(self.is_default),
            reminder_every: typed(&self.reminder_every),
            reminder_template: typed(&self.reminder_template),
            reminders_before_solving: typed(&self.reminders_before_solving),
            solution_template: typed(&self.solution_template),
        }
    }
}

/// What becomes of what a pending reason does by itself (T-PEN-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RulePatch {
    /// Chosen at first when a ticket is put on hold.
    pub is_default: Option<bool>,
    /// `1d` to `4w`.
    pub reminder_every: Patch<String>,
    /// Reply template id.
    pub reminder_template: Patch<String>,
    /// 0 to 3; cleared = never.
    pub reminders_before_solving: Patch<String>,
    /// Solution template id.
    pub solution_template: Patch<String>,
}

/// What becomes of a row; what is not named stays, of a new row it begins as it is shipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListRowPatch {
    /// Names by language.
    pub names: BTreeMap<Lang, Patch<String>>,
    /// Labels for the requester side by language.
    pub labels: BTreeMap<Lang, Patch<String>>,
    /// Id of the row above.
    pub parent: Patch<String>,
    /// Routing group id.
    pub group: Patch<String>,
    /// Also in sub-entities.
    pub recursive: Option<bool>,
    /// Can be chosen.
    pub active: Option<bool>,
    /// Place among its neighbours.
    pub position: Option<i64>,
    /// Switches of the list.
    pub flags: BTreeMap<Flag, bool>,
    /// What a pending reason does by itself.
    pub rule: RulePatch,
    /// Working hours of each weekday, Monday first.
    pub week: Patch<Vec<String>>,
    /// Holidays, one a line.
    pub holidays: Patch<String>,
}

/// Moves a row before or behind its neighbour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoveListRow {
    /// Name of the list.
    pub list: String,
    /// Row id.
    pub id: String,
    /// Towards the beginning; else towards the end.
    pub up: bool,
}

/// Deletes a row that nothing uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveListRow {
    /// Name of the list.
    pub list: String,
    /// Row id.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_set_09_the_form_changes_what_its_list_has_and_nothing_else() {
        let texts =
            |text: &str| BTreeMap::from([("en".to_owned(), text.to_owned()), ("fr".to_owned(), " ".to_owned())]);
        let form = SaveListRow {
            names: texts("Cable"),
            labels: texts("Wait"),
            parent: "x".to_owned(),
            group: "y".to_owned(),
            portal: true,
            reminder_every: "1w".to_owned(),
            ..SaveListRow::default()
        };
        let category = form.patch(List::TicketCategories);
        assert_eq!(category.names[&Lang::En], Patch::Set("Cable".to_owned()));
        assert_eq!(category.names[&Lang::Fr], Patch::Clear);
        assert_eq!(category.names.get(&Lang::Es), None);
        assert_eq!((&category.parent, category.flags[&Flag::Portal]), (&Patch::Set("x".to_owned()), true));
        assert!(category.labels.is_empty());
        assert_eq!(category.rule, RulePatch::default());
        let reason = form.patch(List::PendingReasons);
        assert_eq!(reason.labels[&Lang::En], Patch::Set("Wait".to_owned()));
        assert_eq!(reason.rule.reminder_every, Patch::Set("1w".to_owned()));
        assert_eq!((&reason.rule.reminder_template, reason.rule.is_default), (&Patch::Clear, Some(false)));
        assert!(reason.parent.is_keep() && reason.group.is_keep() && reason.flags.is_empty());
        assert!(reason.week.is_keep() && reason.holidays.is_keep());
        let calendar = SaveListRow { week: vec!["08:00-12:00".to_owned()], ..form }.patch(List::Calendars);
        assert_eq!(calendar.week, Patch::Set(vec!["08:00-12:00".to_owned()]));
        assert_eq!((&calendar.holidays, &calendar.parent), (&Patch::Clear, &Patch::Keep));
    }
}
