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
    /// A message, to the requesters (M-OUT-03).
    Message,
}

impl Kind {
    /// Every kind this release sends.
    const ALL: [Self; 3] = [Self::Requester, Self::Responsible, Self::Message];
    /// Those the requester side may know of once they are sent (M-DLV-04); mails to the team are none of its business (P-HID-01).
    pub(super) const TO_REQUESTERS: [Self; 2] = [Self::Requester, Self::Message];

    /// The word in the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Responsible => "responsible",
            Self::Message => "message",
        }
    }

    /// Whether it goes to the requester side.
    pub(crate) fn is_to_requesters(self) -> bool {
        Self::TO_REQUESTERS.contains(&self)
    }

    /// The mail of a row; nothing for what this release does not send.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The setting that chooses its template.
    pub(super) const fn template(self) -> Key {
        match self {
            Self::Requester => Key::MailTemplateRequester,
            Self::Responsible => Key::MailTemplateResponsible,
            Self::Message => Key::MailTemplateMessage,
        }
    }

    /// Where its link leads: each side has its own pages (M-CON-04).
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Requester | Self::Message => "requests",
            Self::Responsible => "tickets",
        }
    }

    /// On the button of that link.
    pub(super) const fn open(self, lang: Lang) -> &'static str {
        match self {
            Self::Requester | Self::Message => words::open_request(lang),
            Self::Responsible => words::open_ticket(lang),
        }
    }

    /// Why somebody got it (M-CON-05).
    pub(super) fn because(self, lang: Lang, number: i64) -> String {
        match self {
            Self::Requester | Self::Message => words::because_requester(lang, number),
            Self::Responsible => words::because_responsible(lang, number),
        }
    }

    /// How to answer it, for people with account.
    pub(super) fn not_read(self, lang: Lang) -> String {
        match self {
            Self::Requester | Self::Message => words::not_read(lang),
            Self::Responsible => words::not_read_by_team(lang),
        }
    }

    /// Files that are too large to travel along, and where they are.
    pub(super) fn too_large(self, lang: Lang, files: &str) -> String {
        match self {
            Self::Requester | Self::Message => words::too_large(lang, files),
            Self::Responsible => words::too_large_for_team(lang, files),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_con_04_each_kind_has_its_word_its_template_and_its_pages() {
        for kind in Kind::ALL {
            assert_eq!(Kind::read(kind.as_str()), Some(kind));
            assert_eq!(kind.is_to_requesters(), kind.place() == "requests", "{kind:?}");
        }
        assert_eq!(Kind::read("survey"), None);
        assert_eq!((Kind::Requester.place(), Kind::Responsible.place()), ("requests", "tickets"));
        let numbers = Kind::ALL.map(|kind| kind.template().number());
        assert_eq!(numbers, [Some(251), Some(253), Some(417)]);
    }
}
