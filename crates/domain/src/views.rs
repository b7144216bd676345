//! What a page or the API gets. Already filtered by the reader's rights: `service` leaves out what he may not see.

mod access;
mod audit;
mod bulk;
mod chat;
mod customer_occurrences;
mod customers;
mod documents;
mod history;
mod home;
mod knowledge;
mod lists;
mod mail;
mod messages;
mod notifications;
mod people;
mod requests;
mod search;
mod settings;
mod solutions;
mod statistics;
mod surveys;
mod tasks;
mod templates;
mod tickets;
mod timeline;
mod validations;

pub use access::{
    EntityRow, EntityTree, GroupDetail, GroupPage, GroupRow, HeldRole, HolderView, InvitationView, MemberView,
    RoleEffect, RoleList, RoleName, RolePage, RoleView, UserDetail, UserList, UserListQuery, UserPage, UserRow,
    WhyView,
};
pub use audit::{AuditFilter, AuditLine, AuditPage};
pub use bulk::{BulkDone, BulkPage, BulkQuery, BulkResult, BulkTicket};
pub use chat::{ChatLineView, ChatPanelView, ChatPerson, ChatRow, ChatView};
pub use customer_occurrences::{
    CustomerImageView, CustomerOccurrenceForm, CustomerOccurrencePage, CustomerOccurrenceRevision,
    CustomerOccurrenceView, CustomerRemoved, ExportRow, ReportBucket, ReportPage, ReportQuery, ReportShare, ReportView,
    TicketFromOccurrence,
};
pub use customers::{
    CustomerChange, CustomerChoice, CustomerForm, CustomerList, CustomerPage, CustomerQuery, CustomerRow,
    CustomerSection, CustomerTicket, CustomerView, ImportPreview, ImportResult, TicketCustomerPage, WrongRow,
};
pub use documents::{DocumentsView, FileGroup, FileView, RemovedFile};
pub use history::{HistoryPerson, HistoryRow, HistoryView};
pub use home::{HomeCount, HomeList, HomeView};
pub use knowledge::{
    ArticleAbout, ArticleForm, ArticleHint, ArticleList, ArticlePage, ArticleQuery, ArticleRevision, ArticleRevisions,
    ArticleRow, ArticleText, ArticleTicket, ArticleTranslation, ArticleView, LinkedArticle, TicketArticles,
};
pub use lists::{ListPageView, ListRowPageView, ListRowUse, ListRowView, RuleTemplates, SettingUse};
pub use mail::{MailOffer, MailView, OutgoingMail, OutgoingQuery, OutgoingView, UnsubscribeView};
pub use messages::{MessageView, MessagesView, ReaderView};
pub use notifications::{NotificationPreference, NotificationView};
pub use people::{ActorKind, ActorView, Choice, DraftView, PersonCard, Ref, Viewer};
pub use requests::{FollowUpView, NewRequestView, PortalCategory, RequestDetail, RequestRow};
pub use search::{FoundCustomer, SearchHit, SearchPage, Snippet};
pub use settings::{
    MailServerView, MailStep, MailTestView, MailTransportView, Origin, SettingView, SettingWarning, SettingsView,
};
pub use solutions::{OpenLink, SolutionLinkView, SolutionPage, SolutionView};
pub use statistics::{DashboardQuery, DashboardView, DayView, FigureView, IntervalView, PersonTime, TicketStatistics};
pub use surveys::{SurveyLinkView, SurveyView, TicketSurveys};
pub use tasks::{
    MyTasks, PlannerBlock, PlannerColumn, PlannerView, SavedTask, TaskChoices, TaskEntry, TaskFacts, TaskPage, TaskRow,
    TaskText, TaskView, TicketTasks, Warning,
};
pub use templates::{ReplyText, TemplateFault, TemplatePage, TemplatePreview, TemplateRow, TemplateUse, TemplateView};
pub use tickets::{
    Count, FormChoices, ListQuery, NewTicketView, OccurrencePage, Page, PendingView, PrintView, PropertyView,
    TicketDetail, TicketRow,
};
pub use timeline::{
    DiffPart, DocumentView, Entry, EventView, FieldChange, OccurrenceView, RemovedView, ReplyRef, RevisionView,
    Timeline, TimelineQuery,
};
pub use validations::{
    ApprovalRow, ApprovalView, ApprovalsView, BlockedView, TargetView, ValidationEntry, ValidationView, ValidationsView,
};

pub use crate::format::Moment;
