//! The REST API (`/api/v1`): bearer token → context → the same use cases as the pages → JSON.
//!
//! Belongs here: which address leads where. Does not belong here: rules (`service`), forms of objects (`json`), the list of
//! operations itself (`openapi::ROUTES`, from which router and documentation are made).

pub mod access;
pub mod actions;
pub mod article_links;
pub mod auth;
pub mod body;
pub mod bulk;
pub mod chat;
pub mod customer_occurrences;
pub mod customers;
pub mod documents;
pub mod drafts;
pub mod events;
pub mod extract;
pub mod fields;
pub mod history;
pub mod json;
pub mod knowledge;
pub mod limits;
pub mod lists;
pub mod mail;
pub mod me;
pub mod messages;
pub mod notifications;
pub mod occurrences;
pub mod openapi;
pub mod people;
pub mod problem;
pub mod replay;
pub mod search;
pub mod settings;
pub mod solutions;
pub mod statistics;
pub mod surveys;
pub mod table;
pub mod tasks;
pub mod templates;
pub mod tickets;
pub mod timeline;
pub mod validations;

use std::sync::LazyLock;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, any, delete, get, patch, post, put};
use axum::{Json, Router};
use domain::forms::{Command, UserCommand};
use serde_json::Value;
use service::Services;
use tower_http::catch_panic::CatchPanicLayer;

use knowledge::Action;
pub use openapi::ROUTES;
use openapi::{Route, pages};

use crate::state::AppState;

/// What every handler of the API can reach.
#[derive(Clone, Debug)]
pub struct Api {
    /// Database, files, clock.
    pub services: Services,
}

/// Addresses of later parts that would be read as the number of a ticket.
const LATER: [&str; 1] = ["/tickets/export"];

/// The API below `/api/v1`, with paths that lack this prefix, but for its streams. Unknown paths answer 404, wrong methods 405 with
/// `Allow`.
pub fn routes(services: Services) -> Router {
    let mut router = operations(|route| !is_stream(route));
    for path in LATER {
        router = router.route(path, any(problem::not_found));
    }
    finished(router.fallback(problem::not_found), services)
}

/// Its answers that last as long as the client wants, likewise: they stand outside of what compresses.
pub fn streams(services: Services) -> Router {
    finished(operations(is_stream), services)
}

fn is_stream(route: &Route) -> bool {
    route.operation == "events"
}

fn operations(are_wanted: impl Fn(&Route) -> bool) -> Router<Api> {
    let mut router = Router::new();
    for route in ROUTES.iter().filter(|route| are_wanted(route)) {
        // A test looks that every operation has its handler.
        if let Some(handler) = handler(route) {
            router = router.route(route.path, handler);
        }
    }
    router
}

fn finished(router: Router<Api>, services: Services) -> Router {
    router
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn(problem::render))
        .with_state(Api { services })
}

/// Everything below `/api`: version 1, its documentation, and 404 for the rest.
pub fn mounted(state: &AppState) -> Router<AppState> {
    let css = format!("/v/{}/main.css", state.site.build());
    let (all, errors) = (pages::operations(&css), pages::errors(&css));
    Router::new()
        .route("/docs", get(move || std::future::ready(page(all.clone()))))
        .route("/docs/errors", get(move || std::future::ready(page(errors.clone()))))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(problem::not_found)
        .layer(from_fn(problem::render))
        .nest("/v1", routes(state.services.clone()).with_state(()))
}

fn page(html: String) -> Response {
    let mut response = Html(html).into_response();
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

async fn openapi_document() -> Json<&'static Value> {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);
    std::future::ready(Json(&*DOCUMENT)).await
}

/// The handler of an operation.
fn handler(route: &Route) -> Option<MethodRouter<Api>> {
    if let Some(name) = route.path.strip_prefix("/tickets/{number}/actions/")
        && let Some(command) = Command::ALL.iter().copied().find(|command| command.as_str() == name)
    {
        return Some(actions::route(command));
    }
    Some(match route.operation {
        "openapi" => get(openapi_document),
        "createToken" => post(auth::create),
        "revokeCurrentToken" => delete(auth::revoke_current),
        "listTokens" => get(auth::list),
        "revokeToken" => delete(auth::revoke),
        "me" => get(me::show),
        "updateMe" => patch(me::update),
        "changePassword" => post(me::password),
        "listNotifications" => get(notifications::list),
        "readNotifications" => post(notifications::read),
        "notificationPreferences" => get(notifications::preferences),
        "saveNotificationPreferences" => put(notifications::save_preferences),
        "listDrafts" => get(drafts::list),
        "draft" => get(drafts::show),
        "saveDraft" => put(drafts::save),
        "discardDraft" => delete(drafts::discard),
        "listTickets" => get(tickets::list),
        "createTicket" => post(tickets::create),
        "bulkTickets" => post(bulk::run),
        "ticket" => get(tickets::show),
        "updateTicket" => patch(tickets::update),
        "deleteTicket" => delete(tickets::delete),
        "listDescriptionRevisions" => get(tickets::description_revisions),
        "markRead" => post(actions::mark_read),
        "approveSolution" => post(solutions::approve),
        "refuseSolution" => post(solutions::refuse),
        "listSolutions" => get(solutions::list),
        "createSolution" => post(solutions::create),
        "solution" => get(solutions::show),
        "updateSolution" => patch(solutions::update),
        "listOccurrences" => get(occurrences::list),
        "createOccurrence" => post(occurrences::create),
        "occurrence" => get(occurrences::show),
        "updateOccurrence" => patch(occurrences::update),
        "deleteOccurrence" => delete(occurrences::delete),
        "sendAgain" => post(occurrences::send_again),
        "listRevisions" => get(occurrences::revisions),
        "listTicketTasks" => get(tasks::of_ticket),
        "createTask" => post(tasks::create),
        "listTasks" => get(tasks::list),
        "task" => get(tasks::show),
        "updateTask" => patch(tasks::update),
        "deleteTask" => delete(tasks::delete),
        "pauseTask" => post(tasks::pause),
        "resumeTask" => post(tasks::resume),
        "planner" => get(tasks::planner),
        "makeCalendarFeed" => post(tasks::make_feed),
        "revokeCalendarFeed" => delete(tasks::revoke_feed),
        "listMessages" => get(messages::list),
        "sendMessage" => post(messages::create),
        "withdrawMessageHere" => delete(messages::withdraw_here),
        "readMessages" => post(messages::read),
        "message" => get(messages::show),
        "survey" => get(surveys::show),
        "answerSurvey" => post(surveys::answer),
        "withdrawMessage" => delete(messages::withdraw),
        "listValidations" => get(validations::list),
        "askValidation" => post(validations::create),
        "answerValidation" => post(validations::answer),
        "withdrawValidation" => post(validations::withdraw),
        "askValidationAgain" => post(validations::ask_again),
        "ownValidations" => get(validations::all),
        "validation" => get(validations::show),
        "ticketStatistics" => get(statistics::of_ticket),
        "statistics" => get(statistics::dashboard),
        "listChat" => get(chat::list),
        "sendChat" => post(chat::create),
        "chatSigns" => post(chat::signs),
        "endChat" => post(chat::end),
        // Files are streamed and limited by their own setting.
        "upload" => post(documents::upload).layer(DefaultBodyLimit::disable()),
        "forgetUpload" => delete(documents::forget),
        "listDocuments" => get(documents::list),
        "createDocument" => post(documents::create),
        "document" => get(documents::show),
        "deleteDocument" => delete(documents::delete),
        "documentContent" => get(documents::content),
        "documentThumbnail" => get(documents::thumbnail),
        "timeline" => get(timeline::show),
        "history" => get(history::show),
        "exportHistory" => get(history::export),
        "search" => get(search::show),
        "events" => get(events::show),
        "listUsers" => get(people::users),
        "user" => get(people::user),
        "listGroups" => get(people::groups),
        "group" => get(people::group),
        "createUser" => post(access::users::create),
        "updateUser" => patch(access::users::update),
        "disableUser" => access::users::action(UserCommand::Disable),
        "enableUser" => access::users::action(UserCommand::Enable),
        "anonymiseUser" => access::users::action(UserCommand::Anonymise),
        "signOutUser" => access::users::action(UserCommand::SignOut),
        "inviteUser" => access::users::action(UserCommand::Invite),
        "createGroup" => post(access::groups::create),
        "updateGroup" => patch(access::groups::update),
        "deleteGroup" => delete(access::groups::delete),
        "createEntity" => post(access::entities::create),
        "updateEntity" => patch(access::entities::update),
        "deleteEntity" => delete(access::entities::delete),
        "listRoles" => get(access::roles::list),
        "createRole" => post(access::roles::create),
        "updateRole" => patch(access::roles::update),
        "deleteRole" => delete(access::roles::delete),
        "why" => get(access::roles::why),
        "listAudit" => get(access::audit::list),
        "exportAudit" => get(access::audit::export),
        "listEntities" => get(people::entities),
        "entity" => get(people::entity),
        "listRows" => get(lists::show),
        "createListRow" => post(lists::create),
        "listRow" => get(lists::row),
        "updateListRow" => patch(lists::update),
        "deleteListRow" => delete(lists::delete),
        "settings" => get(settings::show),
        "updateSettings" => patch(settings::update),
        "testMail" => post(settings::test_mail),
        "listOutgoingMail" => get(mail::list),
        "sendOutgoingMailAgain" => mail::action(mail::Action::SendAgain),
        "giveOutgoingMailUp" => mail::action(mail::Action::GiveUp),
        "listTemplates" => get(templates::list),
        "createTemplate" => post(templates::create),
        "template" => get(templates::show),
        "updateTemplate" => patch(templates::update),
        "deleteTemplate" => delete(templates::delete),
        "previewTemplate" => post(templates::preview),
        "listArticles" => get(knowledge::list),
        "createArticle" => post(knowledge::create),
        "suggestArticles" => get(knowledge::suggestions),
        "article" => get(knowledge::show),
        "updateArticle" => patch(knowledge::update),
        "deleteArticle" => delete(knowledge::delete),
        "listArticleVersions" => get(knowledge::versions),
        "publishArticle" => knowledge::action(Action::Publish),
        "archiveArticle" => knowledge::action(Action::Archive),
        "restoreArticle" => knowledge::action(Action::Restore),
        "purgeArticle" => knowledge::action(Action::Purge),
        "restoreArticleVersion" => knowledge::action(Action::RestoreVersion),
        "articleHelped" => knowledge::action(Action::Helped),
        "saveToKnowledge" => post(knowledge::save_entry),
        "listLinks" => get(article_links::list),
        "createLink" => post(article_links::create),
        "deleteLink" => delete(article_links::delete),
        "listCustomers" => get(customers::list),
        "createCustomer" => post(customers::create),
        "importCustomers" => post(customers::import),
        "customer" => get(customers::show),
        "updateCustomer" => patch(customers::update),
        "deleteCustomer" => delete(customers::delete),
        "listCustomerHistory" => get(customers::history),
        "listOccurrencesOfCustomer" => get(customer_occurrences::of_customer),
        "createOccurrenceOfCustomer" => post(customer_occurrences::create_of_customer),
        "listCustomerOccurrences" => get(customer_occurrences::list),
        "createCustomerOccurrence" => post(customer_occurrences::create),
        "customerOccurrenceReport" => get(customer_occurrences::report),
        "exportCustomerOccurrences" => get(customer_occurrences::export),
        "customerOccurrence" => get(customer_occurrences::show),
        "updateCustomerOccurrence" => patch(customer_occurrences::update),
        "deleteCustomerOccurrence" => delete(customer_occurrences::delete),
        "listCustomerOccurrenceRevisions" => get(customer_occurrences::revisions),
        "restoreCustomerOccurrence" => post(customer_occurrences::restore),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bas_01_every_operation_of_the_table_has_a_handler() {
        for route in ROUTES {
            assert!(handler(route).is_some(), "{} {}", route.method, route.path);
        }
    }
}
