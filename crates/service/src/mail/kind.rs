//! Which mail a row is, and what follows from it (mail.md section 2).

use domain::lang::Lang;
use domain::settings::Key;

use super::words;

/// A mail about an entry, by whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A public occurrence, to the requesters (M-OUT-01).
    Requester,
    /// An occurrence of the requester side, to the responsible (M-OUT-02).
    Responsible,
}

impl Kind {
    /// The word in the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Responsible => "responsible",
        }
    }

    /// The mail of a row; nothing for what this release does not send.
    pub(crate) fn read(text: &str) -> Option<Self> {
        [Self::Requester, Self::Responsible].into_iter().find(|kind| kind.as_str() == text)
    }

    /// The setting that chooses its template.
    pub(super) const fn template(self) -> Key {
        match self {
            Self::Requester => Key::MailTemplateRequester,
            Self::Responsible => Key::MailTemplateResponsible,
        }
    }

    /// Where its link leads: each side has its own pages (M-CON-04).
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Requester => "requests",
            Self::Responsible => "tickets",
        }
    }

    /// On the button of that link.
    pub(super) const fn open(self, lang: Lang) -> &'static str {
        match self {
            Self::Requester => words::open_request(lang),
            Self::Responsible => words::open_ticket(lang),
        }
    }

    /// Why somebody got it (M-CON-05).
    pub(super) fn because(self, lang: Lang, number: i64) -> String {
        match self {
            Self::Requester => words::because_requester(lang, number),
            Self::Responsible => words::because_responsible(lang, number),
        }
    }

    /// How to answer it, for people with account.
    pub(super) fn not_read(self, lang: Lang) -> String {
        match self {
            Self::Requester => words::not_read(lang),
            Self::Responsible => words::not_read_by_team(lang),
        }
    }

    /// Files that are too large to travel along, and where they are.
    pub(super) fn too_large(self, lang: Lang, files: &str) -> String {
        match self {
            Self::Requester => words::too_large(lang, files),
            Self::Responsible => words::too_large_for_team(lang, files),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_con_04_each_kind_has_its_word_its_template_and_its_pages() {
        for kind in [Kind::Requester, Kind::Responsible] {
            assert_eq!(Kind::read(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::read("survey"), None);
        assert_eq!((Kind::Requester.place(), Kind::Responsible.place()), ("requests", "tickets"));
        assert_eq!(Kind::Responsible.template().number(), Some(253));
    }
}
