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
    /// Unread lines of a chat, to somebody of the requester side (M-OUT-04).
    ChatRequester,
    /// The same, to the responsible.
    ChatTeam,
}

impl Kind {
    /// Every kind this release sends.
    const ALL: [Self; 5] =
        [Self::Requester, Self::Responsible, Self::Message, Self::ChatRequester, Self::ChatTeam];
    /// Those the requester side may know of once they are sent (M-DLV-04); mails to the team are none of its business (P-HID-01).
    pub(super) const TO_REQUESTERS: [Self; 3] = [Self::Requester, Self::Message, Self::ChatRequester];

    /// The word in the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Responsible => "responsible",
            Self::Message => "message",
            Self::ChatRequester => "chat_requester",
            Self::ChatTeam => "chat_team",
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
            Self::ChatRequester | Self::ChatTeam => Key::MailTemplateChatOffline,
        }
    }

    /// Where its link leads: each side has its own pages (M-CON-04).
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Requester | Self::Message | Self::ChatRequester => "requests",
            Self::Responsible | Self::ChatTeam => "tickets",
        }
    }

    /// The page of its entry below that of the ticket; the others stand in the ticket itself.
    pub(super) const fn below(self) -> &'static str {
        match self {
            Self::ChatRequester | Self::ChatTeam => "/chat",
            Self::Requester | Self::Responsible | Self::Message => "",
        }
    }

    /// On the button of that link.
    pub(super) const fn open(self, lang: Lang) -> &'static str {
        match self {
            Self::Requester | Self::Message | Self::ChatRequester => words::open_request(lang),
            Self::Responsible | Self::ChatTeam => words::open_ticket(lang),
        }
    }

    /// Why somebody got it (M-CON-05).
    pub(super) fn because(self, lang: Lang, number: i64) -> String {
        match self {
            Self::Requester | Self::Message | Self::ChatRequester => words::because_requester(lang, number),
            Self::Responsible | Self::ChatTeam => words::because_responsible(lang, number),
        }
    }

    /// How to answer it, for people with account.
    pub(super) fn not_read(self, lang: Lang) -> String {
        match self {
            Self::Requester | Self::Message | Self::ChatRequester => words::not_read(lang),
            Self::Responsible | Self::ChatTeam => words::not_read_by_team(lang),
        }
    }

    /// Files that are too large to travel along, and where they are.
    pub(super) fn too_large(self, lang: Lang, files: &str) -> String {
        match self {
            Self::Requester | Self::Message | Self::ChatRequester => words::too_large(lang, files),
            Self::Responsible | Self::ChatTeam => words::too_large_for_team(lang, files),
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
        assert_eq!(numbers, [Some(251), Some(253), Some(417), Some(447), Some(447)]);
    }
}
