//! Knowledge articles: for whom they are, where they stand, what a title may be (T-KNO).
//!
//! Belongs here: the words of articles and their pure rules. Does not belong here: who reads which (`policy`), stored rows,
//! search, links to tickets (`service::knowledge`).

use serde::{Deserialize, Serialize};

use crate::error::Code;
use crate::text::{length, normalise_line};

/// Longest title, in characters (T-KNO-01).
pub const TITLE_MAX: usize = 250;
/// Most articles suggested for a new request (T-KNO-05).
pub const SUGGESTIONS_MAX: usize = 5;
/// Suggestions begin with so many letters (P-NEW-04).
pub const SUGGEST_FROM: usize = 3;

/// For whom an article is written (T-KNO-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Everybody who may read the knowledge base.
    Public,
    /// Agents only, never portal users.
    #[default]
    Agents,
}

impl Audience {
    /// Both, in the order of the page.
    pub const ALL: [Self; 2] = [Self::Public, Self::Agents];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Agents => "agents",
        }
    }
}

impl std::str::FromStr for Audience {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|audience| audience.as_str() == text).ok_or(Code::Invalid)
    }
}

/// Where an article stands in its life (T-KNO-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArticleStatus {
    /// Written by those who may write articles.
    #[default]
    Draft,
    /// Read by its audience.
    Published,
    /// Out of search, suggestions and the portal.
    Archived,
}

impl ArticleStatus {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Archived];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }
}

impl std::str::FromStr for ArticleStatus {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(Code::Invalid)
    }
}

/// A title as it is stored.
///
/// # Errors
/// `Required` for none, `TooLong` over [`TITLE_MAX`] characters.
pub fn title(typed: &str) -> Result<String, Code> {
    let title = normalise_line(typed);
    match length(&title) {
        0 => Err(Code::Required),
        length if length > TITLE_MAX => Err(Code::TooLong),
        _ => Ok(title),
    }
}

/// Whether an article may be for everybody: one made from a private entry only when its writer says that he knows (T-KNO-04).
///
/// # Errors
/// `Required`, at the field that says so.
pub const fn check_audience(audience: Audience, is_from_private: bool, is_confirmed: bool) -> Result<(), Code> {
    match audience {
        Audience::Public if is_from_private && !is_confirmed => Err(Code::Required),
        _ => Ok(()),
    }
}

/// Whether a text is long enough to look for articles (P-NEW-04).
#[must_use]
pub fn is_worth_suggesting(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).count() >= SUGGEST_FROM
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{CapSet, ShippedRole, can_read_article, capabilities};

    #[test]
    fn t_kno_01_words_are_read_as_they_are_written() {
        for audience in Audience::ALL {
            assert_eq!(audience.as_str().parse(), Ok(audience));
            assert_eq!(serde_json::to_string(&audience).unwrap(), format!("\"{}\"", audience.as_str()));
        }
        for status in ArticleStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{}\"", status.as_str()));
        }
        assert_eq!("everybody".parse::<Audience>(), Err(Code::Invalid));
        assert_eq!("".parse::<ArticleStatus>(), Err(Code::Invalid));
    }

    #[test]
    fn t_kno_01_who_reads_what() {
        use ArticleStatus::{Archived, Draft, Published};
        use ShippedRole::{Admin, Observer, Requester, Supervisor, Technician};
        let cases = [
            (Published, Audience::Public, vec![Requester, Observer, Technician, Supervisor, Admin]),
            (Published, Audience::Agents, vec![Observer, Technician, Supervisor, Admin]),
            (Draft, Audience::Public, vec![Technician, Supervisor, Admin]),
            (Draft, Audience::Agents, vec![Technician, Supervisor, Admin]),
            (Archived, Audience::Public, vec![Technician, Supervisor, Admin]),
            (Archived, Audience::Agents, vec![Technician, Supervisor, Admin]),
        ];
        for (status, audience, readers) in cases {
            for role in ShippedRole::ALL {
                let reads = can_read_article(capabilities(role), true, audience, status);
                assert_eq!(reads, readers.contains(&role), "{role:?} {status:?} {audience:?}");
            }
        }
        // Below the entity it is kept in, nobody writes it.
        assert!(!can_read_article(capabilities(Technician), false, Audience::Agents, Draft));
        assert!(can_read_article(capabilities(Technician), false, Audience::Agents, Published));
        assert!(!can_read_article(CapSet::EMPTY, true, Audience::Public, Published));
    }

    #[test]
    fn t_kno_01_a_title_has_1_to_250_characters_in_one_line() {
        assert_eq!(title("  VPN\nclient "), Ok("VPN client".to_owned()));
        assert_eq!(title(" \t"), Err(Code::Required));
        assert_eq!(title(&"é".repeat(250)), Ok("é".repeat(250)));
        assert_eq!(title(&"é".repeat(251)), Err(Code::TooLong));
    }

    #[test]
    fn t_kno_04_what_was_private_becomes_public_only_knowingly() {
        let cases = [
            (Audience::Public, false, false, Ok(())),
            (Audience::Public, true, false, Err(Code::Required)),
            (Audience::Public, true, true, Ok(())),
            (Audience::Agents, true, false, Ok(())),
        ];
        for (audience, is_from_private, is_confirmed, expected) in cases {
            assert_eq!(check_audience(audience, is_from_private, is_confirmed), expected);
        }
    }

    #[test]
    fn p_new_04_suggestions_begin_with_three_letters() {
        assert!(!is_worth_suggesting("vp"));
        assert!(!is_worth_suggesting("v - p"));
        assert!(is_worth_suggesting("vpn"));
    }
}
