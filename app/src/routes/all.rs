//! All pages, for the server.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::account::pages::drafts::DraftsPage;
use crate::account::pages::profile::ProfilePage;
use crate::account::pages::set_up::SetUpPage;
use crate::account::pages::sign_in::SignInPage;
use crate::admin::pages as admin_pages;
use crate::audit::pages::log::AuditLogPage;
use crate::chat::pages::panel::ChatPanelPage;
use crate::customers::pages as customer_pages;
use crate::guard::{agents, agents_or_request, agents_or_requests, first_part, holders, signed_in};
use crate::home::HomePage;
use crate::knowledge::pages as knowledge_pages;
use crate::lists::pages::list::ListPage;
use crate::lists::pages::row::ListRowPage;
use crate::mail::pages::outgoing::OutgoingPage;
use crate::mail::pages::unsubscribe::UnsubscribePage;
use crate::not_found::NotFoundPage;
use crate::notifications::pages::list::NotificationsPage;
use crate::notifications::pages::preferences::NotificationPreferencesPage;
use crate::reports::pages::dashboard::DashboardPage;
use crate::requests::pages as request_pages;
use crate::search::pages::results::SearchPage;
use crate::settings::pages::list::SettingsPage;
use crate::solutions::link::SolutionLinkPage;
use crate::surveys::pages::link::SurveyLinkPage;
use crate::tasks::pages as task_pages;
use crate::templates::pages::edit::TemplatePage;
use crate::templates::pages::list::TemplatesPage;
use crate::tickets::pages as ticket_pages;

use admin_pages::entities::EntitiesPage;
use admin_pages::entity::EntityPage;
use admin_pages::group::GroupPage;
use admin_pages::groups::GroupsPage;
use admin_pages::invitation::InvitationPage;
use admin_pages::role::RolePage;
use admin_pages::roles::RolesPage;
use admin_pages::user::UserPage;
use admin_pages::users::UsersPage;
use admin_pages::why::WhyPage;
use customer_pages::customer::CustomerPage;
use customer_pages::edit::EditCustomerPage;
use customer_pages::import::ImportCustomersPage;
use customer_pages::list::CustomersPage;
use customer_pages::occurrence::{
    CustomerOccurrenceRevisionsPage, EditCustomerOccurrencePage, RemoveCustomerOccurrencePage,
};
use customer_pages::open_ticket::OpenTicketPage;
use customer_pages::register::RegisterOccurrencePage;
use customer_pages::remove::RemoveCustomerPage;
use customer_pages::report::CustomerReportPage;
use customer_pages::ticket::TicketCustomerPage;
use knowledge_pages::article::ArticlePageView;
use knowledge_pages::edit::ArticleEditPage;
use knowledge_pages::list::ArticleListPage;
use knowledge_pages::of_ticket::TicketArticlesPage;
use knowledge_pages::suggestions::SuggestionsPage;
use knowledge_pages::versions::ArticleVersionsPage;
use request_pages::approval::ApprovalPage;
use request_pages::approvals::ApprovalsPage;
use request_pages::chat::RequestChatPage;
use request_pages::detail::RequestDetailPage;
use request_pages::history::RequestHistoryPage;
use request_pages::list::RequestListPage;
use request_pages::messages::RequestMessagesPage;
use request_pages::new::NewRequestPage;
use request_pages::survey::RequestSurveyPage;
use task_pages::detail::TaskPage;
use task_pages::form::{EditTaskPage, NewTaskPage};
use task_pages::list::TicketTasksPage;
use task_pages::mine::MyTasksPage;
use task_pages::planner::PlannerPage;
use task_pages::remove::RemoveTaskPage;
use task_pages::revisions::TaskRevisionsPage;
use ticket_pages::bulk::BulkTicketsPage;
use ticket_pages::chat::TicketChatPage;
use ticket_pages::command::CommandPage;
use ticket_pages::create::CreateTicketPage;
use ticket_pages::detail::TicketDetailPage;
use ticket_pages::documents::TicketDocumentsPage;
use ticket_pages::edit::EditOccurrencePage;
use ticket_pages::history::HistoryPage;
use ticket_pages::list::TicketListPage;
use ticket_pages::messages::TicketMessagesPage;
use ticket_pages::note::AddNotePage;
use ticket_pages::print::PrintTicketPage;
use ticket_pages::remove::RemoveOccurrencePage;
use ticket_pages::revisions::{RevisionsPage, SolutionRevisionsPage};
use ticket_pages::solution_edit::EditSolutionPage;
use ticket_pages::solve::SolvePage;
use ticket_pages::statistics::TicketStatisticsPage;
use ticket_pages::survey::TicketSurveyPage;
use ticket_pages::trash::TrashPage;
use ticket_pages::validations::TicketValidationsPage;

/// The router with all pages.
pub fn routes() -> AnyView {
    view! {
        <Router>
            <FlatRoutes fallback=|| view! { <NotFoundPage/> }>
                <Route path=path!("/") ssr=SsrMode::Async view=|| agents_or_requests(|| view! { <HomePage/> }.into_any())/>
                <Route path=path!("/sign-in") ssr=SsrMode::Async view=|| view! { <SignInPage/> }.into_any()/>
                <Route path=path!("/setup") ssr=SsrMode::Async view=|| view! { <SetUpPage/> }.into_any()/>
                <Route path=path!("/profile") ssr=SsrMode::Async view=|| signed_in(|| view! { <ProfilePage/> }.into_any())/>
                <Route path=path!("/profile/notifications") ssr=SsrMode::Async view=|| signed_in(|| view! { <NotificationPreferencesPage/> }.into_any())/>
                <Route path=path!("/notifications") ssr=SsrMode::Async view=|| signed_in(|| view! { <NotificationsPage/> }.into_any())/>
                <Route path=path!("/drafts") ssr=SsrMode::Async view=|| signed_in(|| view! { <DraftsPage/> }.into_any())/>

                <Route path=path!("/tickets") ssr=SsrMode::Async view=|| agents(|| view! { <TicketListPage/> }.into_any())/>
                <Route path=path!("/tickets/new") ssr=SsrMode::Async view=|| agents(|| view! { <CreateTicketPage/> }.into_any())/>
                <Route path=path!("/tickets/bulk") ssr=SsrMode::Async view=|| agents(|| view! { <BulkTicketsPage/> }.into_any())/>
                <Route path=path!("/tickets/:number") ssr=SsrMode::Async view=|| agents_or_request(|| view! { <TicketDetailPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/occurrences/:id/edit") ssr=SsrMode::Async view=|| agents(|| view! { <EditOccurrencePage/> }.into_any())/>
                <Route path=path!("/tickets/:number/occurrences/:id/remove") ssr=SsrMode::Async view=|| agents(|| view! { <RemoveOccurrencePage/> }.into_any())/>
                <Route path=path!("/tickets/:number/occurrences/:id/revisions") ssr=SsrMode::Async view=|| agents(|| view! { <RevisionsPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/solve") ssr=SsrMode::Async view=|| agents(|| view! { <SolvePage/> }.into_any())/>
                <Route path=path!("/tickets/:number/solutions/:id/edit") ssr=SsrMode::Async view=|| agents(|| view! { <EditSolutionPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/solutions/:id/revisions") ssr=SsrMode::Async view=|| agents(|| view! { <SolutionRevisionsPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/do/:command") ssr=SsrMode::Async view=|| agents(|| view! { <CommandPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/note") ssr=SsrMode::Async view=|| agents(|| view! { <AddNotePage/> }.into_any())/>
                <Route path=path!("/tickets/:number/print") ssr=SsrMode::Async view=|| agents(|| view! { <PrintTicketPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/history") ssr=SsrMode::Async view=|| agents(|| view! { <HistoryPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/messages") ssr=SsrMode::Async view=|| agents(|| view! { <TicketMessagesPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/chat") ssr=SsrMode::Async view=|| agents(|| view! { <TicketChatPage/> }.into_any())/>
                <Route path=path!("/chat") ssr=SsrMode::Async view=|| agents(|| view! { <ChatPanelPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/survey") ssr=SsrMode::Async view=|| agents(|| view! { <TicketSurveyPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/knowledge") ssr=SsrMode::Async view=|| agents(|| view! { <TicketArticlesPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/tasks") ssr=SsrMode::Async view=|| agents(|| view! { <TicketTasksPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/tasks/new") ssr=SsrMode::Async view=|| agents(|| view! { <NewTaskPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/tasks/:id") ssr=SsrMode::Async view=|| agents(|| view! { <TaskPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/tasks/:id/edit") ssr=SsrMode::Async view=|| agents(|| view! { <EditTaskPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/tasks/:id/remove") ssr=SsrMode::Async view=|| agents(|| view! { <RemoveTaskPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/tasks/:id/revisions") ssr=SsrMode::Async view=|| agents(|| view! { <TaskRevisionsPage/> }.into_any())/>
                <Route path=path!("/tasks") ssr=SsrMode::Async view=|| agents(|| view! { <MyTasksPage/> }.into_any())/>
                <Route path=path!("/planner") ssr=SsrMode::Async view=|| agents(|| view! { <PlannerPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/validations") ssr=SsrMode::Async view=|| agents(|| view! { <TicketValidationsPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/documents") ssr=SsrMode::Async view=|| agents(|| view! { <TicketDocumentsPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/statistics") ssr=SsrMode::Async view=|| agents(|| view! { <TicketStatisticsPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/customer") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <TicketCustomerPage/> }.into_any())/>
                <Route path=path!("/trash") ssr=SsrMode::Async view=|| agents(|| view! { <TrashPage/> }.into_any())/>
                <Route path=path!("/settings") ssr=SsrMode::Async view=|| agents(|| view! { <SettingsPage/> }.into_any())/>
                <Route path=path!("/settings/mail") ssr=SsrMode::Async view=|| holders("admin.settings", || view! { <OutgoingPage/> }.into_any())/>
                <Route path=path!("/settings/lists") ssr=SsrMode::Async view=|| agents(|| view! { <ListPage/> }.into_any())/>
                <Route path=path!("/settings/lists/:list") ssr=SsrMode::Async view=|| agents(|| view! { <ListPage/> }.into_any())/>
                <Route path=path!("/settings/lists/:list/:id") ssr=SsrMode::Async view=|| agents(|| view! { <ListRowPage/> }.into_any())/>
                <Route path=path!("/settings/templates") ssr=SsrMode::Async view=|| agents(|| view! { <TemplatesPage/> }.into_any())/>
                <Route path=path!("/settings/templates/new") ssr=SsrMode::Async view=|| agents(|| view! { <TemplatePage/> }.into_any())/>
                <Route path=path!("/settings/templates/:id") ssr=SsrMode::Async view=|| agents(|| view! { <TemplatePage/> }.into_any())/>
                <Route path=path!("/solution") ssr=SsrMode::Async view=|| view! { <SolutionLinkPage/> }.into_any()/>
                <Route path=path!("/invitation") ssr=SsrMode::Async view=|| view! { <InvitationPage/> }.into_any()/>
                <Route path=path!("/unsubscribe") ssr=SsrMode::Async view=|| view! { <UnsubscribePage/> }.into_any()/>
                <Route path=path!("/survey") ssr=SsrMode::Async view=|| view! { <SurveyLinkPage/> }.into_any()/>
                <Route path=path!("/admin") ssr=SsrMode::Async view=first_part/>
                <Route path=path!("/admin/users") ssr=SsrMode::Async view=|| holders("admin.users", || view! { <UsersPage/> }.into_any())/>
                <Route path=path!("/admin/users/:id") ssr=SsrMode::Async view=|| holders("admin.users", || view! { <UserPage/> }.into_any())/>
                <Route path=path!("/admin/groups") ssr=SsrMode::Async view=|| holders("admin.users", || view! { <GroupsPage/> }.into_any())/>
                <Route path=path!("/admin/groups/:id") ssr=SsrMode::Async view=|| holders("admin.users", || view! { <GroupPage/> }.into_any())/>
                <Route path=path!("/admin/roles") ssr=SsrMode::Async view=|| holders("admin.users", || view! { <RolesPage/> }.into_any())/>
                <Route path=path!("/admin/roles/why") ssr=SsrMode::Async view=|| holders("admin.users", || view! { <WhyPage/> }.into_any())/>
                <Route path=path!("/admin/roles/:id") ssr=SsrMode::Async view=|| holders("admin.users", || view! { <RolePage/> }.into_any())/>
                <Route path=path!("/admin/entities") ssr=SsrMode::Async view=|| holders("admin.entities", || view! { <EntitiesPage/> }.into_any())/>
                <Route path=path!("/admin/entities/:id") ssr=SsrMode::Async view=|| holders("admin.entities", || view! { <EntityPage/> }.into_any())/>
                <Route path=path!("/audit") ssr=SsrMode::Async view=|| holders("admin.audit", || view! { <AuditLogPage/> }.into_any())/>
                <Route path=path!("/knowledge") ssr=SsrMode::Async view=|| signed_in(|| view! { <ArticleListPage/> }.into_any())/>
                <Route path=path!("/knowledge/new") ssr=SsrMode::Async view=|| holders("knowledge.edit", || view! { <ArticleEditPage/> }.into_any())/>
                <Route path=path!("/knowledge/suggestions") ssr=SsrMode::Async view=|| signed_in(|| view! { <SuggestionsPage/> }.into_any())/>
                <Route path=path!("/knowledge/:id") ssr=SsrMode::Async view=|| signed_in(|| view! { <ArticlePageView/> }.into_any())/>
                <Route path=path!("/knowledge/:id/edit") ssr=SsrMode::Async view=|| holders("knowledge.edit", || view! { <ArticleEditPage/> }.into_any())/>
                <Route path=path!("/knowledge/:id/versions") ssr=SsrMode::Async view=|| agents(|| view! { <ArticleVersionsPage/> }.into_any())/>
                <Route path=path!("/customers") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <CustomersPage/> }.into_any())/>
                <Route path=path!("/customers/new") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <EditCustomerPage/> }.into_any())/>
                <Route path=path!("/customers/import") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <ImportCustomersPage/> }.into_any())/>
                <Route path=path!("/customers/:id") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <CustomerPage/> }.into_any())/>
                <Route path=path!("/customers/:id/edit") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <EditCustomerPage/> }.into_any())/>
                <Route path=path!("/customers/:id/remove") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <RemoveCustomerPage/> }.into_any())/>
                <Route path=path!("/customers/:id/occurrences/new") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <RegisterOccurrencePage/> }.into_any())/>
                <Route path=path!("/customer-occurrences/new") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <RegisterOccurrencePage/> }.into_any())/>
                <Route path=path!("/customer-occurrences/:id/edit") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <EditCustomerOccurrencePage/> }.into_any())/>
                <Route path=path!("/customer-occurrences/:id/remove") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <RemoveCustomerOccurrencePage/> }.into_any())/>
                <Route path=path!("/customer-occurrences/:id/revisions") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <CustomerOccurrenceRevisionsPage/> }.into_any())/>
                <Route path=path!("/customer-occurrences/:id/ticket") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <OpenTicketPage/> }.into_any())/>
                <Route path=path!("/reports/customer-occurrences") ssr=SsrMode::Async view=|| holders("customer.view", || view! { <CustomerReportPage/> }.into_any())/>
                <Route path=path!("/search") ssr=SsrMode::Async view=|| agents(|| view! { <SearchPage/> }.into_any())/>
                <Route path=path!("/reports") ssr=SsrMode::Async view=|| holders("statistics.view", || view! { <DashboardPage/> }.into_any())/>

                <Route path=path!("/requests") ssr=SsrMode::Async view=|| signed_in(|| view! { <RequestListPage/> }.into_any())/>
                <Route path=path!("/requests/new") ssr=SsrMode::Async view=|| signed_in(|| view! { <NewRequestPage/> }.into_any())/>
                <Route path=path!("/requests/:number") ssr=SsrMode::Async view=|| signed_in(|| view! { <RequestDetailPage/> }.into_any())/>
                <Route path=path!("/requests/:number/history") ssr=SsrMode::Async view=|| signed_in(|| view! { <RequestHistoryPage/> }.into_any())/>
                <Route path=path!("/requests/:number/messages") ssr=SsrMode::Async view=|| signed_in(|| view! { <RequestMessagesPage/> }.into_any())/>
                <Route path=path!("/requests/:number/chat") ssr=SsrMode::Async view=|| signed_in(|| view! { <RequestChatPage/> }.into_any())/>
                <Route path=path!("/requests/:number/survey") ssr=SsrMode::Async view=|| signed_in(|| view! { <RequestSurveyPage/> }.into_any())/>
                <Route path=path!("/approvals") ssr=SsrMode::Async view=|| signed_in(|| view! { <ApprovalsPage/> }.into_any())/>
                <Route path=path!("/approvals/:id") ssr=SsrMode::Async view=|| signed_in(|| view! { <ApprovalPage/> }.into_any())/>
            </FlatRoutes>
        </Router>
    }
    .into_any()
}
