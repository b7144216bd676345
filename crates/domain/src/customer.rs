//! Customers and what happens to them: limits, states, impacts, dates, document numbers, who may write what (customers.md).
//!
//! Belongs here: rules of one customer or one customer occurrence. Does not belong here: periods of reports (`period`), files
//! that are taken in (`import`), rows and their sight (`service::customers`).

pub mod import;
pub mod period;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::error::{Code, FieldErrors};
use crate::policy::Capability;
use crate::text::{length, normalise_line};

/// Longest name, in characters.
pub const NAME_MAX: usize = 200;
/// Longest legal name, in characters.
pub const LEGAL_NAME_MAX: usize = 250;
/// Longest document number, in characters.
pub const DOCUMENT_MAX: usize = 32;
/// Most contacts of a customer.
pub const CONTACTS_MAX: usize = 50;
/// Longest name or role of a contact, in characters.
pub const CONTACT_NAME_MAX: usize = 100;
/// Longest phone number of a contact, in characters.
pub const PHONE_MAX: usize = 40;
/// Longest text of a customer occurrence, in characters.
pub const BODY_MAX: usize = 5_000;
/// Most images of a customer occurrence at any time (C-IMG-01).
pub const IMAGES_MAX: usize = 2;
/// Longest description of an image, in characters.
pub const ALT_MAX: usize = 250;
/// Largest image, in bytes (C-IMG-03).
pub const IMAGE_BYTES_MAX: i64 = 10 * 1024 * 1024;
/// Longest side of an image, in pixels (C-IMG-03).
pub const IMAGE_SIDE_MAX: u32 = 16_000;
/// Most pixels of an image (C-IMG-03).
pub const IMAGE_PIXELS_MAX: u64 = 40_000_000;
/// From how many characters on the beginning of a document number finds its customer (C-CUS-03).
pub const DOCUMENT_PREFIX: usize = 3;
/// Days between the beginning of the calendar of the library and 1970-01-01.
const EPOCH: i32 = 719_163;

/// How a customer stands; only `Inactive` has an effect of its own (C-CUS-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// In business.
    #[default]
    Active,
    /// Nothing is delivered for now.
    Blocked,
    /// Has given notice.
    Leaving,
    /// No longer offered by pickers.
    Inactive,
}

impl CustomerStatus {
    /// Every status, in the order of the choice.
    pub const ALL: [CustomerStatus; 4] =
        [CustomerStatus::Active, CustomerStatus::Blocked, CustomerStatus::Leaving, CustomerStatus::Inactive];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            CustomerStatus::Active => "active",
            CustomerStatus::Blocked => "blocked",
            CustomerStatus::Leaving => "leaving",
            CustomerStatus::Inactive => "inactive",
        }
    }
}

impl FromStr for CustomerStatus {
    type Err = Code;

    /// Reads the word on the wire; another one is `Code::Invalid`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(Code::Invalid)
    }
}

/// What an occurrence meant for the customer (C-OCC-04); nothing is preselected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// It went well.
    Positive,
    /// Neither.
    Neutral,
    /// It went wrong.
    Negative,
}

impl Impact {
    /// Every impact, in the order of the form and of the chart.
    pub const ALL: [Impact; 3] = [Impact::Positive, Impact::Neutral, Impact::Negative];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Impact::Positive => "positive",
            Impact::Neutral => "neutral",
            Impact::Negative => "negative",
        }
    }
}

impl FromStr for Impact {
    type Err = Code;

    /// Reads the word on the wire: empty is `Code::Required`, another one `Code::Invalid`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(Code::Required);
        }
        Self::ALL.into_iter().find(|impact| impact.as_str() == text).ok_or(Code::Invalid)
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A number of each impact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactCounts {
    /// Positive ones.
    pub positive: i64,
    /// Neutral ones.
    pub neutral: i64,
    /// Negative ones.
    pub negative: i64,
}

impl ImpactCounts {
    /// Adds to one of them.
    pub const fn add(&mut self, impact: Impact, n: i64) {
        match impact {
            Impact::Positive => self.positive += n,
            Impact::Neutral => self.neutral += n,
            Impact::Negative => self.negative += n,
        }
    }

    /// One of them.
    #[must_use]
    pub const fn of(&self, impact: Impact) -> i64 {
        match impact {
            Impact::Positive => self.positive,
            Impact::Neutral => self.neutral,
            Impact::Negative => self.negative,
        }
    }

    /// All together.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.positive + self.neutral + self.negative
    }
}

/// Somebody to talk to at a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Name, up to 100 characters.
    pub name: String,
    /// What he does there, up to 100 characters.
    pub role: String,
    /// Address.
    pub email: String,
    /// Phone number, up to 40 characters.
    pub phone: String,
    /// The one to call first.
    pub is_primary: bool,
}

impl Contact {
    /// Nothing was typed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.name, &self.role, &self.email, &self.phone].iter().all(|text| text.trim().is_empty())
    }
}

/// The one to call first.
#[must_use]
pub fn primary(contacts: &[Contact]) -> Option<&Contact> {
    contacts.iter().find(|contact| contact.is_primary).or_else(|| contacts.first())
}

/// A line of at most `max` characters; empty is nothing.
///
/// # Errors
/// `TooLong` above `max` characters.
pub fn check_line(typed: &str, max: usize) -> Result<Option<String>, Code> {
    let clean = normalise_line(typed);
    if length(&clean) > max {
        return Err(Code::TooLong);
    }
    Ok(Some(clean).filter(|text| !text.is_empty()))
}

/// The name of a customer.
///
/// # Errors
/// `Required` when it is empty, `TooLong` above 200 characters.
pub fn check_name(typed: &str) -> Result<String, Code> {
    check_line(typed, NAME_MAX)?.ok_or(Code::Required)
}

/// Contacts as they are stored: blank ones left out, exactly one of them primary, the first where none is marked. `email` reads
/// an address.
///
/// Wrong ones are noted at `contacts[3].email`; each needs a name, an address or a phone number.
pub fn check_contacts(
    typed: &[Contact],
    email: impl Fn(&str) -> Result<String, Code>,
    errors: &mut FieldErrors,
) -> Vec<Contact> {
    if typed.iter().filter(|contact| !contact.is_blank()).count() > CONTACTS_MAX {
        errors.add("contacts", Code::TooMany);
        return Vec::new();
    }
    let mut out: Vec<Contact> = Vec::new();
    for (at, contact) in typed.iter().enumerate().filter(|(_, contact)| !contact.is_blank()) {
        let mut line = |field: &str, text: &str, max: usize| {
            errors.check(&format!("contacts[{at}].{field}"), check_line(text, max)).flatten().unwrap_or_default()
        };
        let name = line("name", &contact.name, CONTACT_NAME_MAX);
        let role = line("role", &contact.role, CONTACT_NAME_MAX);
        let phone = line("phone", &contact.phone, PHONE_MAX);
        let typed = contact.email.trim();
        let address = if typed.is_empty() { Ok(String::new()) } else { email(typed) };
        let email = errors.check(&format!("contacts[{at}].email"), address).unwrap_or_default();
        if contact.name.trim().is_empty() && typed.is_empty() && contact.phone.trim().is_empty() {
            errors.add(format!("contacts[{at}].name"), Code::Required);
        }
        let is_primary = contact.is_primary;
        if is_primary && out.iter().any(|other| other.is_primary) {
            errors.add(format!("contacts[{at}].is_primary"), Code::Duplicate);
        }
        out.push(Contact { name, role, email, phone, is_primary });
    }
    let has_primary = out.iter().any(|contact| contact.is_primary);
    if let Some(first) = out.first_mut().filter(|_| !has_primary) {
        first.is_primary = true;
    }
    out
}

/// A document number as it is compared: without case, spaces, `.`, `-` and `/` (C-CUS-01). Empty for what holds nothing else.
#[must_use]
pub fn document_key(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/')).flat_map(char::to_lowercase).collect()
}

/// A day as it is typed and sent: `2026-03-12`, nothing else (C-OCC-03).
///
/// # Errors
/// `Required` when it is empty, `Invalid` for another notation or a day that does not exist.
pub fn read_day(text: &str) -> Result<NaiveDate, Code> {
    if text.is_empty() {
        return Err(Code::Required);
    }
    let is_written_so = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if !is_written_so {
        return Err(Code::Invalid);
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_no_day| Code::Invalid)
}

/// The day of an occurrence (C-OCC-03): from 1900-01-01 up to `today` of the writer.
///
/// # Errors
/// As [`read_day`]; `TooOld` and `InFuture` outside these bounds.
pub fn check_day(text: &str, today: NaiveDate) -> Result<NaiveDate, Code> {
    let day = read_day(text.trim())?;
    if day.year() < 1900 {
        Err(Code::TooOld)
    } else if day > today {
        Err(Code::InFuture)
    } else {
        Ok(day)
    }
}

/// Days since 1970-01-01, as days are stored.
#[must_use]
pub fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - EPOCH
}

/// The day of a stored number; a number that is none is 1970-01-01.
#[must_use]
pub fn day_of(number: i32) -> NaiveDate {
    number.checked_add(EPOCH).and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default()
}

/// How an actor reaches a customer (C-RGT-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// `customer.view` in an entity that the customer reaches.
    pub view: bool,
    /// `customer.edit` besides, in such an entity.
    pub edit: bool,
    /// `customer.edit` in the customer's own entity.
    pub edit_own: bool,
}

impl Reach {
    /// Whether the actor may register occurrences about the customer.
    ///
    /// # Errors
    /// The capability to name in `forbidden`.
    pub const fn register(self) -> Result<(), Capability> {
        if self.view && self.edit { Ok(()) } else { Err(Capability::CustomerEdit) }
    }

    /// Whether the actor may change the customer himself.
    ///
    /// # Errors
    /// The capability to name in `forbidden`.
    pub const fn change(self) -> Result<(), Capability> {
        if self.view && self.edit_own { Ok(()) } else { Err(Capability::CustomerEdit) }
    }

    /// Whether the actor may change, delete and restore an occurrence: his own, or everybody's in the customer's entity.
    ///
    /// # Errors
    /// The capability to name in `forbidden`.
    pub const fn change_occurrence(self, is_author: bool) -> Result<(), Capability> {
        if self.view && (self.edit_own || (is_author && self.edit)) { Ok(()) } else { Err(Capability::CustomerEdit) }
    }
}
