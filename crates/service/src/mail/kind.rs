//! Which mail a row is, and what follows from it (mail.md section 2).

use domain::lang::Lang;
use domain::settings::Key;

use super::{asked, solved_text, words};

/// A mail, by what it says and whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A public occurrence, to the requesters (M-OUT-01).
    Requester,
    /// A copy of it, to observers (M-OUT-08).
    Observer,
    /// An occurrence of the requester side, to the responsible (M-OUT-02).
    Responsible,
    /// A message, to the requesters (M-OUT-03).
    Message,
    /// Unread lines of a chat, to somebody of the requester side (M-OUT-04).
    ChatRequester,
    /// The same, to the responsible.
    ChatTeam,
    /// A ticket was registered, to the requesters (M-OUT-06).
    Receipt,
    /// A ticket waits for its requesters (M-OUT-06, T-PEN-04).
    Reminder,
    /// The ticket is solved, to the requesters, with the links by which they answer (M-OUT-06, T-SOL-08).
    Solved,
    /// A ticket was closed: how was it? (M-OUT-06, T-SRV-01).
    Survey,
    /// What somebody is told of besides (M-OUT-05, M-OUT-06).
    Notice,
    /// The link by which somebody chooses a password (M-OUT-07).
    Invitation,
}

impl Kind {
    /// Every kind this release sends.
    const ALL: [Self; 12] = [
        Self::Requester,
        Self::Observer,
        Self::Responsible,
        Self::Message,
        Self::ChatRequester,
        Self::ChatTeam,
        Self::Receipt,
        Self::Reminder,
        Self::Solved,
        Self::Survey,
        Self::Notice,
        Self::Invitation,
    ];
    /// Those the requester side may know of once they are sent (M-DLV-04); mails to the team are none of its business (P-HID-01).
    pub(super) const TO_REQUESTERS: [Self; 4] = [Self::Requester, Self::Message, Self::Reminder, Self::Solved];
    /// Those that carry the text of an entry: their state stands beside it (M-DLV-04), and they cannot be recalled (T-OCC-18).
    pub(super) const OF_ENTRIES: [Self; 6] =
        [Self::Requester, Self::Observer, Self::Responsible, Self::Message, Self::Reminder, Self::Solved];
    /// Those nobody asked for when they were sent: their number is limited (M-LOP-01).
    pub(super) const AUTOMATIC: [Self; 8] = [
        Self::Responsible,
        Self::ChatRequester,
        Self::ChatTeam,
        Self::Receipt,
        Self::Reminder,
        Self::Solved,
        Self::Survey,
        Self::Notice,
    ];

    /// The word in the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Observer => "observer",
            Self::Responsible => "responsible",
            Self::Message => "message",
            Self::ChatRequester => "chat_requester",
            Self::ChatTeam => "chat_team",
            Self::Receipt => "receipt",
            Self::Reminder => "reminder",
            Self::Solved => "solved",
            Self::Survey => "survey",
            Self::Notice => "notice",
            Self::Invitation => "invitation",
        }
    }

    /// Whether the requester side may know of it.
    pub(crate) fn is_to_requesters(self) -> bool {
        Self::TO_REQUESTERS.contains(&self)
    }

    /// Whether its state stands beside an entry.
    pub(crate) fn is_of_entry(self) -> bool {
        Self::OF_ENTRIES.contains(&self)
    }

    /// Whether its number is limited (M-LOP-01).
    pub(super) fn is_automatic(self) -> bool {
        Self::AUTOMATIC.contains(&self)
    }

    /// The mail of a row; nothing for what this release does not send.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The setting that chooses its template; none = its text is shipped.
    pub(super) const fn template(self) -> Option<Key> {
        match self {
            Self::Requester | Self::Observer => Some(Key::MailTemplateRequester),
            Self::Responsible => Some(Key::MailTemplateResponsible),
            Self::Message => Some(Key::MailTemplateMessage),
            Self::ChatRequester | Self::ChatTeam => Some(Key::MailTemplateChatOffline),
            Self::Reminder | Self::Solved | Self::Survey | Self::Receipt | Self::Notice | Self::Invitation => None,
        }
    }

    /// The setting whose template made a row of this word.
    pub(super) fn key_of(text: &str) -> Option<Key> {
        Self::read(text).and_then(Self::template)
    }

    /// The shipped template of a letter that no setting chooses one for; nothing for the others.
    pub(super) const fn shipped(self, lang: Lang) -> Option<&'static str> {
        match self {
            Self::Reminder => Some(asked::reminder(lang)),
            Self::Survey => Some(asked::survey(lang)),
            Self::Solved => Some(solved_text::text(lang)),
            _ => None,
        }
    }

    /// Whether programs that answer by themselves should leave it alone (M-HDR-04).
    pub(super) const fn is_bulk(self) -> bool {
        matches!(self, Self::Receipt | Self::Reminder | Self::Survey)
    }
    /// Where its link leads: each side has its own pages (M-CON-04).
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Responsible | Self::ChatTeam => "tickets",
            _ => "requests",
        }
    }

    /// The page of its entry below that of the ticket; the others stand in the ticket itself.
    pub(super) const fn below(self) -> &'static str {
        match self {
            Self::ChatRequester | Self::ChatTeam => "/chat",
            _ => "",
        }
    }

    /// On the button of that link.
    pub(super) const fn open(self, lang: Lang) -> &'static str {
        match self {
            Self::Responsible | Self::ChatTeam => words::open_ticket(lang),
            Self::Survey => asked::answer(lang),
            _ => words::open_request(lang),
        }
    }

    /// Why somebody got it (M-CON-05).
    pub(super) fn because(self, lang: Lang, number: i64) -> String {
        match self {
            Self::Responsible | Self::ChatTeam => words::because_responsible(lang, number),
            Self::Observer => words::because_observer(lang, number),
            _ => words::because_requester(lang, number),
        }
    }

    /// How to answer it, for people with account.
    pub(super) fn not_read(self, lang: Lang) -> String {
        match self {
            Self::Responsible | Self::ChatTeam => words::not_read_by_team(lang),
            _ => words::not_read(lang),
        }
    }

    /// Files that are too large to travel along, and where they are.
    pub(super) fn too_large(self, lang: Lang, files: &str) -> String {
        match self {
            Self::Responsible | Self::ChatTeam => words::too_large_for_team(lang, files),
            _ => words::too_large(lang, files),
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
            // The lines of a chat show no mails.
            let shows_none = matches!(kind, Kind::ChatRequester | Kind::ChatTeam);
            let is_letter = kind.template().is_some() || matches!(kind, Kind::Reminder | Kind::Solved);
            assert_eq!(kind.is_of_entry(), is_letter && !shows_none, "{kind:?}");
            assert!(!kind.is_to_requesters() || kind.is_of_entry(), "{kind:?}");
        }
        assert_eq!(Kind::read("chat"), None);
        assert_eq!((Kind::Requester.place(), Kind::Responsible.place()), ("requests", "tickets"));
        let numbers = Kind::OF_ENTRIES.map(|kind| kind.template().and_then(Key::number));
        assert_eq!(numbers, [Some(251), Some(251), Some(253), Some(417), None, None]);
        assert_eq!(Kind::key_of("message"), Some(Key::MailTemplateMessage));
        assert_eq!([Kind::ChatRequester, Kind::ChatTeam].map(Kind::template), [Some(Key::MailTemplateChatOffline); 2]);
        assert_eq!((Kind::key_of("notice"), Kind::key_of("gossip")), (None, None));
        for kind in Kind::ALL {
            let is_letter = matches!(kind, Kind::Reminder | Kind::Solved | Kind::Survey);
            assert!(Lang::ALL.into_iter().all(|lang| kind.shipped(lang).is_some() == is_letter), "{kind:?}");
        }
    }

    #[test]
    fn m_lop_01_what_a_person_sends_is_not_limited() {
        let limited: Vec<&str> = Kind::ALL.into_iter().filter(|kind| kind.is_automatic()).map(Kind::as_str).collect();
        let wanted =
            ["responsible", "chat_requester", "chat_team", "receipt", "reminder", "solved", "survey", "notice"];
        assert_eq!(limited, wanted);
    }
}
