//! Templates: which kinds there are, and what a name may be (T-TPL-01). Does not belong here: their language, which only the
//! server reads (`service::mail::template`).

use serde::{Deserialize, Serialize};

use crate::error::Code;
use crate::lang::Lang;
use crate::text::{length, normalise_line};

/// Longest name, in characters (T-TPL-01).
pub const NAME_MAX: usize = 100;

/// What a template is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TemplateKind {
    /// A text to begin an occurrence with.
    #[default]
    Reply,
    /// A text to begin a solution with.
    Solution,
    /// A text to begin a task with.
    Task,
    /// The text of a mail.
    Mail,
}

impl TemplateKind {
    /// Every kind, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Reply, Self::Task, Self::Solution, Self::Mail];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Solution => "solution",
            Self::Task => "task",
            Self::Mail => "mail",
        }
    }

    /// The word in addresses (api.md section 8).
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Reply => "replies",
            Self::Solution => "solutions",
            Self::Task => "tasks",
            Self::Mail => "mails",
        }
    }

    /// Whether agents begin an entry of a ticket with it.
    #[must_use]
    pub const fn begins_entries(self) -> bool {
        matches!(self, Self::Reply | Self::Task | Self::Solution)
    }

    /// The kind of a stored row; nothing for those of later parts.
    #[must_use]
    pub fn of_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The kind of an address; nothing for those of later parts.
    #[must_use]
    pub fn of_plural(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.plural() == word)
    }
}

/// The field of the text in a language, as the API and refusals name it.
#[must_use]
pub const fn text_field(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "texts.en",
        Lang::PtBr => "texts.pt-BR",
        Lang::Es => "texts.es",
        Lang::Fr => "texts.fr",
    }
}

/// A name as it is stored.
///
/// # Errors
/// `Required` for none, `TooLong` over [`NAME_MAX`] characters.
pub fn name(typed: &str) -> Result<String, Code> {
    let name = normalise_line(typed);
    match length(&name) {
        0 => Err(Code::Required),
        length if length > NAME_MAX => Err(Code::TooLong),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_tpl_01_a_kind_has_one_word_in_the_database_and_one_in_addresses() {
        for kind in TemplateKind::ALL {
            assert_eq!(TemplateKind::of_stored(kind.as_str()), Some(kind));
            assert_eq!(TemplateKind::of_plural(kind.plural()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.as_str()));
        }
        for later in ["reply", "task", "solution", ""] {
            assert_eq!(TemplateKind::of_plural(later), None, "{later}");
        }
    }

    #[test]
    fn t_tpl_01_a_name_has_1_to_100_characters_in_one_line() {
        let cases = [
            ("  Received ", Ok("Received".to_owned())),
            ("Two\nlines", Ok("Two lines".to_owned())),
            (" \u{a0}", Err(Code::Required)),
            ("", Err(Code::Required)),
        ];
        for (typed, expected) in cases {
            assert_eq!(name(typed), expected, "{typed:?}");
        }
        assert_eq!(name(&"é".repeat(100)), Ok("é".repeat(100)));
        assert_eq!(name(&"é".repeat(101)), Err(Code::TooLong));
    }

    #[test]
    fn t_tpl_01_the_field_of_a_text_names_its_language() {
        for lang in Lang::ALL {
            assert_eq!(text_field(lang), format!("texts.{}", lang.code()));
        }
    }
}
