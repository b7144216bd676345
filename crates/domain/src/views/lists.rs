//! Rows of the editable lists, for those who edit them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Choice, Ref};
use crate::calendar::Calendar;
use crate::lang::Lang;
use crate::lists::{Flag, List};
use crate::pending::{Fault, Rule};
use crate::settings::Key;

/// A row with everything that can be edited of it (T-SET-09..11, T-PEN-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRowView {
    /// Row id.
    pub id: Uuid,
    /// Its entity.
    pub entity: Ref,
    /// Name in the reader's language.
    pub name: String,
    /// Names as stored, by language.
    pub names: BTreeMap<String, String>,
    /// Label in the reader's language; empty for lists without labels.
    pub label: String,
    /// Labels as stored, by language.
    pub labels: BTreeMap<String, String>,
    /// The row above.
    pub parent: Option<Ref>,
    /// Level in the tree; 0 = the first.
    pub depth: u8,
    /// Code of a shipped row.
    pub code: Option<String>,
    /// Also in sub-entities.
    pub recursive: bool,
    /// Can be chosen.
    pub active: bool,
    /// Place among its neighbours.
    pub position: i32,
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
    /// Routing group of its own.
    pub group: Option<Ref>,
    /// Working hours and holidays; without any for lists that are no calendars.
    #[serde(default)]
    pub calendar: Calendar,
    /// What a pending reason does by itself, for agents (T-PEN-01).
    pub rule: Rule,
    /// Its templates by name: those of the reminders and of the solution.
    pub rule_templates: Vec<Ref>,
    /// What its rule cannot do (T-PEN-04, T-PEN-06).
    pub faults: Vec<Fault>,
    /// Grows with every change.
    pub version: i32,
    /// The reader may edit it.
    pub may_edit: bool,
}

impl ListRowView {
    /// A flag.
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
}

/// A list as an entity sees it, for the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPageView {
    /// Which list.
    pub list: List,
    /// Which entity.
    pub entity: Ref,
    /// Language of the entity: a name in it or in English is needed.
    pub home: Lang,
    /// Its rows, branches in order, those of the entities above among them.
    pub rows: Vec<ListRowView>,
    /// Rows that a new one may stand below.
    pub parents: Vec<Choice>,
    /// Groups a row may name.
    pub groups: Vec<Choice>,
    /// Templates a rule may name.
    pub templates: RuleTemplates,
    /// Entities whose lists the reader may edit, trees in order.
    pub entities: Vec<Choice>,
}

/// One row with its form, for the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRowPageView {
    /// Which list.
    pub list: List,
    /// The row.
    pub row: ListRowView,
    /// Language of its entity.
    pub home: Lang,
    /// Rows it may stand below.
    pub parents: Vec<Choice>,
    /// Groups it may name.
    pub groups: Vec<Choice>,
    /// Templates a rule may name.
    pub templates: RuleTemplates,
    /// It has to stay active and cannot be deleted (T-SET-10).
    pub is_fixed: bool,
    /// What holds on to it, as far as it is found without looking through all tickets.
    pub used: ListRowUse,
}

/// Templates the rule of a pending reason may name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTemplates {
    /// Of replies, for the reminders.
    pub replies: Vec<Choice>,
    /// Of solutions.
    pub solutions: Vec<Choice>,
}

/// What holds on to a row (T-SET-07).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRowUse {
    /// Settings that name it, in entities the reader knows.
    pub settings: Vec<SettingUse>,
    /// How many settings of other entities name it.
    pub other_settings: u32,
    /// Rows stand below it.
    pub rows: bool,
    /// Templates, tickets or entries name it.
    pub records: bool,
    /// It is shipped and has to stay.
    pub shipped: bool,
}

impl ListRowUse {
    /// Whether anything holds on to it.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.is_set() || self.rows || self.records || self.shipped
    }

    /// Whether a setting names it.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.settings.is_empty() || self.other_settings > 0
    }
}

/// A setting that names a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingUse {
    /// Literal key.
    pub key: Key,
    /// Where it was set.
    pub entity: Ref,
}
