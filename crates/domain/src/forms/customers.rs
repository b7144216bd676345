//! Customers, their occurrences, files of customers.

use serde::{Deserialize, Serialize};

use super::Patch;
use crate::customer::Contact;

/// The form of a customer, new or present, as the page posts it (customers.md section 1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveCustomer {
    /// Customer id; empty = a new one.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// The same as text, as a draft keeps it: what was saved since is told by it. Empty = a new one.
    pub begun: String,
    /// Of a form that was refused: the version whose values its writer was shown beside his; 0 = none.
    pub seen: i32,
    /// Names of the fields he was shown, with commas between: those he decides on.
    pub decided: String,
    /// Idempotency key of a new one; empty = none.
    pub key: String,
    /// Entity id; empty = the writer's.
    pub entity: String,
    /// Also usable in sub-entities.
    pub recursive: bool,
    /// 1..200 characters.
    pub name: String,
    /// Up to 250 characters.
    pub legal_name: String,
    /// Up to 32 characters.
    pub document_id: String,
    /// Row of the list "Customer segments"; empty = none.
    pub segment: String,
    /// User id; empty = nobody.
    pub responsible: String,
    /// `active`, `blocked`, `leaving`, `inactive`; empty = active.
    pub status: String,
    /// Names of the contacts; the four lists go together.
    pub contact_name: Vec<String>,
    /// Their roles.
    pub contact_role: Vec<String>,
    /// Their addresses.
    pub contact_email: Vec<String>,
    /// Their phone numbers.
    pub contact_phone: Vec<String>,
    /// Place of the primary one among them; empty = the first.
    pub primary: String,
}

impl SaveCustomer {
    /// The contacts of the four lists.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact> {
        let lists = [&self.contact_name, &self.contact_role, &self.contact_email, &self.contact_phone];
        let most = lists.iter().map(|list| list.len()).max().unwrap_or(0);
        let cell = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
        let one = |at: usize| Contact {
            name: cell(&self.contact_name, at),
            role: cell(&self.contact_role, at),
            email: cell(&self.contact_email, at),
            phone: cell(&self.contact_phone, at),
            is_primary: self.primary == at.to_string(),
        };
        (0..most).map(one).collect()
    }
}

/// What becomes of a customer; what is not named stays, of a new one it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerPatch {
    /// Name.
    pub name: Patch<String>,
    /// Legal name.
    pub legal_name: Patch<String>,
    /// Document number.
    pub document_id: Patch<String>,
    /// The whole list.
    pub contacts: Option<Vec<Contact>>,
    /// Segment id.
    pub segment: Patch<String>,
    /// User id of the responsible person.
    pub responsible: Patch<String>,
    /// Status.
    pub status: Patch<String>,
    /// Entity id.
    pub entity: Patch<String>,
    /// Also usable in sub-entities.
    pub recursive: Option<bool>,
}

/// A customer to delete (C-CUS-06).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveCustomer {
    /// Customer id.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
}

/// A customer occurrence, new or changed, as the page posts it (customers.md section 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveCustomerOccurrence {
    /// Id; empty = a new one.
    pub id: String,
    /// Version the page was made from.
    pub version: i32,
    /// The same as text, as a draft keeps it: what was saved since is told by it. Empty = a new one.
    pub begun: String,
    /// Of a form that was refused: the version whose values its writer was shown beside his; 0 = none.
    pub seen: i32,
    /// Names of the fields he was shown, with commas between: those he decides on.
    pub decided: String,
    /// Idempotency key; empty = none.
    pub key: String,
    /// Customer id.
    pub customer: String,
    /// The customer whose page holds the form: another one in `customer` is refused (C-OCC-01). Empty = the customer is chosen.
    pub fixed: String,
    /// Plain text, 1..5 000 characters.
    pub body: String,
    /// Category id.
    pub category: String,
    /// `positive`, `neutral`, `negative`.
    pub impact: String,
    /// `2026-03-12`.
    pub occurred_on: String,
    /// Number of a ticket; empty = none.
    pub ticket: String,
    /// Ids of uploads, and of images it has already; at most 2.
    pub attachments: Vec<String>,
    /// What the first image shows; empty = its name.
    pub alt_1: String,
    /// What the second image shows.
    pub alt_2: String,
    /// Words of the search for a customer, without scripts; not saved.
    pub search: String,
    /// `another` = the form comes again, with category and date; `search` = a customer is looked for, nothing is saved.
    pub then: String,
}

/// An image of an occurrence as it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerImage {
    /// Id of an own upload, or of an image the occurrence has already.
    pub id: String,
    /// What it shows, up to 250 characters; empty = its name.
    pub alt: String,
}

impl SaveCustomerOccurrence {
    /// Whether a customer is looked for: the button says so, or words were typed where nobody is chosen.
    #[must_use]
    pub fn is_search(&self) -> bool {
        let is_open = self.id.is_empty() && self.fixed.is_empty();
        is_open && (self.then == "search" || (self.customer.is_empty() && !self.search.trim().is_empty()))
    }

    /// The images with their descriptions.
    #[must_use]
    pub fn images(&self) -> Vec<CustomerImage> {
        let ids = self.attachments.iter().map(|id| id.trim()).filter(|id| !id.is_empty());
        let alts = [&self.alt_1, &self.alt_2].into_iter().cloned().chain(std::iter::repeat(String::new()));
        ids.zip(alts).map(|(id, alt)| CustomerImage { id: id.to_owned(), alt }).collect()
    }
}

/// What becomes of an occurrence; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerOccurrencePatch {
    /// Text.
    pub body: Patch<String>,
    /// Category id.
    pub category: Patch<String>,
    /// Impact.
    pub impact: Patch<String>,
    /// Day.
    pub occurred_on: Patch<String>,
    /// Number of a ticket.
    pub ticket: Patch<String>,
    /// The whole list.
    pub images: Option<Vec<CustomerImage>>,
}

/// An occurrence to delete or to restore (C-OCC-09).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunCustomerOccurrence {
    /// Its id.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// It comes back; else it goes.
    pub restore: bool,
}

/// The customer of a ticket, saved from its page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetTicketCustomer {
    /// Number of the ticket.
    pub number: i64,
    /// Version of the ticket the page was made from.
    pub version: i32,
    /// Customer id; empty = none.
    pub customer: String,
}

/// A ticket to open from an occurrence (C-OCC-11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenTicketFrom {
    /// Id of the occurrence.
    pub id: String,
    /// Idempotency key.
    pub key: String,
    /// Title of the ticket.
    pub title: String,
    /// Its description, plain text.
    pub description: String,
}

/// A previewed file to take in (C-IMP-03).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportCustomers {
    /// What the preview answered.
    pub preview: String,
    /// Wrong rows are left out.
    pub only_right_rows: bool,
    /// Columns with unknown names are left out, also where the preview was made without saying so (C-IMP-01).
    pub ignore_unknown: bool,
    /// Idempotency key; empty = none.
    pub key: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_lists_of_a_form_are_contacts() {
        let form = SaveCustomer {
            contact_name: vec!["Ana".into(), String::new()],
            contact_email: vec![String::new(), "rui@acme.example".into()],
            primary: "1".into(),
            ..SaveCustomer::default()
        };
        let contacts = form.contacts();
        assert_eq!(contacts.len(), 2);
        assert_eq!((contacts[0].name.as_str(), contacts[1].email.as_str()), ("Ana", "rui@acme.example"));
        assert!(contacts[1].is_primary && !contacts[0].is_primary);
    }

    #[test]
    fn c_cus_03_words_without_a_customer_look_for_one() {
        let form = |customer: &str, fixed: &str, search: &str, then: &str| SaveCustomerOccurrence {
            customer: customer.into(),
            fixed: fixed.into(),
            search: search.into(),
            then: then.into(),
            ..SaveCustomerOccurrence::default()
        };
        assert!(form("", "", "acme", "").is_search());
        assert!(form("c", "", "", "search").is_search());
        assert!(!form("c", "", "acme", "").is_search());
        assert!(!form("", "c", "acme", "search").is_search());
        assert!(!form("", "", " ", "another").is_search());
    }

    #[test]
    fn c_img_04_descriptions_follow_the_order_of_the_images() {
        let form = SaveCustomerOccurrence {
            attachments: vec!["a".into(), String::new(), "b".into(), "c".into()],
            alt_1: "Wet pallet".into(),
            alt_2: "Label".into(),
            ..SaveCustomerOccurrence::default()
        };
        let images = form.images();
        let pairs: Vec<(&str, &str)> = images.iter().map(|one| (one.id.as_str(), one.alt.as_str())).collect();
        assert_eq!(pairs, [("a", "Wet pallet"), ("b", "Label"), ("c", "")]);
    }
}
