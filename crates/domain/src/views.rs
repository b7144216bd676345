//! What a page or the API gets. Already filtered by the reader's rights: `service` leaves out what he may not see.

mod access;
mod audit;
mod chat;
mod history;
mod home;
mod lists;
mod mail;
mod messages;
mod notifications;
mod people;
mod requests;
mod settings;
mod templates;
mod tickets;
mod timeline;

pub use access::{
    EntityRow, EntityTree, GroupDetail, GroupPage, GroupRow, HeldRole, HolderView, InvitationView, MemberView,
    RoleEffect, RoleList, RoleName, RolePage, RoleView, UserDetail, UserList, UserListQuery, UserPage, UserRow,
    WhyView,
};
pub use audit::{AuditFilter, AuditLine, AuditPage};
pub use chat::{ChatLineView, ChatPanelView, ChatPerson, ChatRow, ChatView};
pub use history::{HistoryPerson, HistoryRow, HistoryView};
pub use home::{HomeCount, HomeList, HomeView};
pub use lists::{ListPageView, ListRowPageView, ListRowUse, ListRowView, SettingUse};
pub use mail::{MailOffer, MailView, OutgoingMail, OutgoingQuery, OutgoingView, UnsubscribeView};
pub use messages::{MessageView, MessagesView, ReaderView};
pub use notifications::{NotificationPreference, NotificationView};
pub use people::{ActorKind, ActorView, Choice, DraftView, PersonCard, Ref, Viewer};
pub use requests::{FollowUpView, NewRequestView, PortalCategory};
pub use settings::{
    MailServerView, MailStep, MailTestView, MailTransportView, Origin, SettingView, SettingWarning, SettingsView,
};
pub use templates::{ReplyText, TemplateFault, TemplatePage, TemplatePreview, TemplateRow, TemplateUse, TemplateView};
pub use tickets::{
    Count, FormChoices, ListQuery, NewTicketView, OccurrencePage, Page, PendingView, PrintView, PropertyView,
    RequestDetail, RequestRow, SearchHit, SearchPage, Snippet, TicketDetail, TicketRow,
};
pub use timeline::{
    DiffPart, DocumentView, Entry, EventView, FieldChange, OccurrenceView, RemovedView, ReplyRef, RevisionView,
    Timeline, TimelineQuery,
};

pub use crate::format::Moment;
