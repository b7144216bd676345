//! The table of operations, in the order of the specification. A path of a later part is absent and answers 404.

use super::{Route, route};

/// Parameters of every list.
macro_rules! listed {
    ($words:literal) => {
        concat!("limit:integer cursor:string ", $words)
    };
}

mod access;
mod customers;
mod knowledge;
mod outcomes;
mod tasks;

use access::ACCESS;
use customers::CUSTOMERS;
use knowledge::KNOWLEDGE;
use outcomes::OUTCOMES;
use tasks::TASKS;

const TICKETS: &str = listed!(
    "count:boolean as:portal trash:boolean sort:string !text:string<=200 !number:integer[] \
     !status:new|assigned|planned|pending|solved|closed|cancelled|open|not_closed|all[] !type:incident|request[] !priority:integer[] \
     !urgency:integer[] !impact:integer[] !category:string[] !entity:uuid[] !entity_only:uuid[] !requester:string[] !writer:string[] \
     !assignee:string[] !group:string[] !source:string[] !location:string[] !customer:string[] !pending_reason:string[] !validation:none|waiting|granted|refused[] !unread:boolean !overdue:boolean \
     !opened_from:string !opened_to:string !updated_from:string !updated_to:string !solved_from:string !solved_to:string \
     !closed_from:string !closed_to:string !due_from:string !due_to:string"
);
const OCCURRENCES: &str = listed!(
    "count:boolean as:portal !find:string<=200 !visibility:private|public[] !author:string[] \
     !side:requester|service|observer|system[] !category:string[] !source:string[] !has_attachments:boolean !occurred_from:string \
     !occurred_to:string !registered_from:string !registered_to:string !removed:boolean sort:registered_at|-registered_at|occurred_at|-occurred_at"
);
const TIMELINE: &str = listed!(
    "kind:description|occurrence|task|solution|validation_request|validation_answer|message|document|event[] public_only:boolean \
     mine:boolean has_attachments:boolean find:string<=200 around:string order:asc|desc"
);
const REMOVES: &str =
    "forbidden conflict precondition_failed ticket_closed ticket_cancelled ticket_merged ticket_deleted entry_deleted";
const UPDATES: &str = "forbidden conflict precondition_failed version_required ticket_closed ticket_cancelled ticket_merged ticket_deleted \
    entry_deleted mail_already_sent";
const CREATES: &str = "forbidden idempotency_mismatch request_in_progress disabled_by_setting ticket_closed ticket_cancelled ticket_merged \
    ticket_deleted entry_deleted";
const WITHDRAWS: &str = "forbidden message_already_read ticket_closed ticket_cancelled ticket_merged ticket_deleted";
/// What changing a row of a list or a template may answer.
const EDITS: &str = "version_required precondition_failed conflict in_use";
/// What every POST under a key may answer.
const KEYED: &str = "idempotency_mismatch request_in_progress";

const fn action(path: &'static str, operation: &'static str, summary: &'static str, body: &'static str) -> Route {
    route("POST", path, operation, summary).body(body).gives(200, "Ticket").codes(
        "conflict precondition_failed idempotency_mismatch request_in_progress ticket_closed ticket_cancelled ticket_merged \
         ticket_deleted transition_not_allowed",
    )
}

/// Every operation of this release.
pub const ROUTES: &[Route] = &ALL;

const COUNT: usize = CORE.len() + ACCESS.len() + TASKS.len() + OUTCOMES.len() + KNOWLEDGE.len() + CUSTOMERS.len();

static ALL: [Route; COUNT] = {
    let mut all = [route("", "", "", ""); COUNT];
    let (core, rest) = all.split_at_mut(CORE.len());
    core.copy_from_slice(CORE);
    let (access, rest) = rest.split_at_mut(ACCESS.len());
    access.copy_from_slice(ACCESS);
    let (tasks, rest) = rest.split_at_mut(TASKS.len());
    tasks.copy_from_slice(TASKS);
    let (outcomes, rest) = rest.split_at_mut(OUTCOMES.len());
    outcomes.copy_from_slice(OUTCOMES);
    let (knowledge, customers) = rest.split_at_mut(KNOWLEDGE.len());
    knowledge.copy_from_slice(KNOWLEDGE);
    customers.copy_from_slice(CUSTOMERS);
    all
};

/// Those that have no file of their own.
const CORE: &[Route] = &[
    // The document itself.
    route("GET", "/openapi.json", "openapi", "This document").open().gives(200, "openapi"),
    // Sign-in and tokens, the caller, his drafts (section 2).
    route("POST", "/auth/token", "createToken", "Make a token with address and password")
        .open()
        .body("NewToken")
        .gives(201, "CreatedToken")
        .codes("invalid_credentials too_many_requests"),
    route("DELETE", "/auth/token", "revokeCurrentToken", "Revoke the calling token").gives(204, ""),
    route("GET", "/auth/tokens", "listTokens", "Own tokens, newest first")
        .query(listed!("count:boolean"))
        .gives(200, "Token[]"),
    route("DELETE", "/auth/tokens/{id}", "revokeToken", "Revoke an own token").gives(204, ""),
    route("GET", "/me", "me", "The caller").gives(200, "Me"),
    route("PATCH", "/me", "updateMe", "Change the own profile")
        .body("MePatch")
        .gives(200, "Me")
        .codes("version_required precondition_failed conflict"),
    route("POST", "/me/password", "changePassword", "Set a new password; all other sessions and tokens end")
        .body("NewPassword")
        .gives(204, "")
        .codes(KEYED),
    route("GET", "/me/notifications", "listNotifications", "What the caller was told of, newest first")
        .query(listed!("count:boolean unread:boolean"))
        .gives(200, "Notification[]"),
    route(
        "POST",
        "/me/notifications/read",
        "readNotifications",
        "Mark notifications as read: some, or one and all before it",
    )
    .body("ReadNotifications")
    .gives(204, "")
    .codes(KEYED),
    route("GET", "/me/notification-preferences", "notificationPreferences", "What the caller wants to be told of")
        .gives(200, "NotificationPreferences"),
    route(
        "PUT",
        "/me/notification-preferences",
        "saveNotificationPreferences",
        "Replace what the caller wants to be told of; events that are not named get their defaults",
    )
    .body("NotificationPreference[]")
    .gives(200, "NotificationPreferences"),
    route("GET", "/drafts", "listDrafts", "Own drafts, the last saved first")
        .query(listed!("count:boolean"))
        .gives(200, "Draft[]"),
    route("GET", "/drafts/{kind}/{object}", "draft", "An own draft").gives(200, "Draft"),
    route("PUT", "/drafts/{kind}/{object}", "saveDraft", "Save a draft").body("DraftBody").gives(200, "Draft"),
    route("DELETE", "/drafts/{kind}/{object}", "discardDraft", "Throw a draft away").gives(204, ""),
    // Tickets (section 5).
    route("GET", "/tickets", "listTickets", "Tickets the caller may see").query(TICKETS).gives(200, "Ticket[]"),
    route("POST", "/tickets", "createTicket", "Register a ticket")
        .needs("ticket.create")
        .body("NewTicket")
        .gives(201, "Ticket")
        .codes("idempotency_mismatch request_in_progress not_found solution_required"),
    route("POST", "/tickets/bulk", "bulkTickets", "Do one thing to up to 100 tickets; each answers for itself")
        .body("BulkAction")
        .gives(200, "BulkResults")
        .codes(KEYED)
        .more("not_found"),
    route("GET", "/tickets/{number}", "ticket", "A ticket").query("as:portal").gives(200, "Ticket"),
    route("PATCH", "/tickets/{number}", "updateTicket", "Change fields of a ticket")
        .needs("ticket.update")
        .body("TicketPatch")
        .gives(200, "Ticket")
        .codes(UPDATES),
    route("DELETE", "/tickets/{number}", "deleteTicket", "Put a ticket into the trash")
        .needs("ticket.delete")
        .query("version:integer reason:string<=2000")
        .gives(204, "")
        .codes(UPDATES),
    route(
        "GET",
        "/tickets/{number}/description-revisions",
        "listDescriptionRevisions",
        "Former descriptions, oldest first; agents only",
    )
    .query(listed!("count:boolean"))
    .gives(200, "DescriptionRevision[]"),
    action("/tickets/{number}/actions/take", "take", "Become the assigned user", "Take")
        .needs("ticket.take")
        .more("already_taken"),
    action("/tickets/{number}/actions/give-back", "giveBack", "Stop being assigned", "Plain").needs("ticket.take"),
    action("/tickets/{number}/actions/assign", "assign", "Set, add or remove assignees", "Assign")
        .needs("ticket.assign"),
    action("/tickets/{number}/actions/delegate", "delegate", "Hand the ticket to somebody else", "Delegate")
        .needs("ticket.delegate"),
    action("/tickets/{number}/actions/reclassify", "reclassify", "Change type, category, entity", "Reclassify")
        .needs("ticket.reclassify")
        .more("entity_change_losses"),
    action("/tickets/{number}/actions/change-sla", "changeSla", "Change due dates", "ChangeSla")
        .needs("ticket.change-sla"),
    action("/tickets/{number}/actions/suspend", "suspend", "Put the ticket on hold", "Suspend").needs("ticket.suspend"),
    action("/tickets/{number}/actions/reactivate", "reactivate", "Resume a ticket on hold", "Plain")
        .needs("ticket.reactivate")
        .more("not_pending"),
    action("/tickets/{number}/actions/close", "close", "Close a ticket", "Close")
        .needs("ticket.close")
        .more("solution_required already_solved validation_blocks"),
    action("/tickets/{number}/actions/approve", "approveSolution", "Approve the solution: it works", "Approve")
        .needs("solution.approve")
        .more("not_solved validation_blocks"),
    action("/tickets/{number}/actions/refuse", "refuseSolution", "Refuse the solution; the ticket is open again", "Refuse")
        .needs("solution.approve")
        .more("not_solved"),
    action("/tickets/{number}/actions/reopen", "reopen", "Reopen a ticket; the requester side may, too", "Reopen")
        .needs("ticket.reopen")
        .more("reopen_period_over"),
    action("/tickets/{number}/actions/cancel", "cancel", "Cancel a ticket; the requester side may, too", "Cancel")
        .needs("ticket.cancel")
        .more("disabled_by_setting"),
    action("/tickets/{number}/actions/restore", "restore", "Take a ticket out of the trash", "Plain")
        .needs("ticket.restore"),
    action("/tickets/{number}/actions/purge", "purge", "Remove a ticket for ever", "Purge")
        .needs("ticket.purge")
        .gives(204, ""),
    route("POST", "/tickets/{number}/actions/mark-read", "markRead", "Mark as read, up to an entry or all that is in sight")
        .body("MarkRead")
        .gives(200, "Ticket")
        .codes(KEYED),
    // Occurrences (section 6).
    route("GET", "/tickets/{number}/occurrences", "listOccurrences", "Occurrences of a ticket")
        .query(OCCURRENCES)
        .gives(200, "Occurrence[]"),
    route("POST", "/tickets/{number}/occurrences", "createOccurrence", "Register an occurrence")
        .body("NewOccurrence")
        .gives(201, "Occurrence")
        .codes(CREATES)
        .more("not_pending transition_not_allowed"),
    route("GET", "/occurrences/{id}", "occurrence", "An occurrence").gives(200, "Occurrence"),
    route("PATCH", "/occurrences/{id}", "updateOccurrence", "Change an occurrence")
        .body("OccurrencePatch")
        .gives(200, "Occurrence")
        .codes(UPDATES),
    route("DELETE", "/occurrences/{id}", "deleteOccurrence", "Remove an occurrence; a tombstone stays")
        .query("version:integer reason:string<=500 acknowledge_mail_sent:boolean")
        .gives(204, "")
        .codes(UPDATES),
    route("POST", "/occurrences/{id}/actions/send-again", "sendAgain", "Send a mail that failed for good once more")
        .body("SendAgain")
        .gives(200, "Occurrence")
        .needs("occurrence.send-mail")
        .codes(KEYED)
        .more("entry_deleted transition_not_allowed"),
    route("GET", "/occurrences/{id}/revisions", "listRevisions", "Former versions, oldest first; agents only")
        .query(listed!("count:boolean"))
        .gives(200, "Revision[]"),
    // Messages (section 9).
    route("GET", "/tickets/{number}/messages", "listMessages", "Messages of a ticket, for its two sides")
        .query(listed!("count:boolean sort:sent_at|-sent_at"))
        .gives(200, "Message[]"),
    route("POST", "/tickets/{number}/messages", "sendMessage", "Send a message to the other side")
        .body("NewMessage")
        .gives(201, "Message")
        .codes(CREATES)
        .more("transition_not_allowed"),
    route("DELETE", "/tickets/{number}/messages/{id}", "withdrawMessageHere", "Take back an own message nobody has read")
        .gives(204, "")
        .codes(WITHDRAWS),
    route("POST", "/tickets/{number}/messages/read", "readMessages", "Mark messages as read, up to one or all of them")
        .body("ReadMessages")
        .gives(204, "")
        .codes(KEYED),
    route("GET", "/messages/{id}", "message", "A message").gives(200, "Message"),
    route("DELETE", "/messages/{id}", "withdrawMessage", "Take back an own message nobody has read")
        .gives(204, "")
        .codes(WITHDRAWS),
    // Chat (section 9).
    route("GET", "/tickets/{number}/chat", "listChat", "Lines of the chat in the order of saving, for its two sides")
        .query(listed!("count:boolean after:uuid"))
        .gives(200, "ChatLine[]")
        .codes("disabled_by_setting"),
    route("POST", "/tickets/{number}/chat", "sendChat", "Say a line; the first one begins a chat")
        .body("NewChatLine")
        .gives(201, "ChatLine")
        .codes(CREATES),
    route("POST", "/tickets/{number}/chat/signs", "chatSigns", "Say that one is writing, or has stopped")
        .body("ChatSigns")
        .gives(204, "")
        .codes(KEYED)
        .more("disabled_by_setting"),
    route("POST", "/tickets/{number}/chat/end", "endChat", "End the chat; that none is going on is no failure")
        .gives(204, "")
        .codes(KEYED)
        .more("forbidden disabled_by_setting"),
    // Documents.
    route("POST", "/uploads", "upload", "Upload a file, to be attached within 24 hours")
        .body("multipart")
        .gives(201, "Upload")
        .codes(KEYED)
        .more("too_many_requests not_found"),
    route("DELETE", "/uploads/{id}", "forgetUpload", "Forget an own upload that is not attached").gives(204, ""),
    route("GET", "/tickets/{number}/documents", "listDocuments", "Files of a ticket, by name")
        .query(listed!("count:boolean !name:string !entry_kind:description|occurrence|task|solution|document|validation|validation_answer[] !author:string[]"))
        .gives(200, "Document[]"),
    route("POST", "/tickets/{number}/documents", "createDocument", "Add a document")
        .body("NewDocument")
        .gives(201, "Document")
        .codes(CREATES),
    route("GET", "/documents/{id}", "document", "A document").gives(200, "Document"),
    route("DELETE", "/documents/{id}", "deleteDocument", "Remove a document")
        .query("version:integer")
        .gives(204, "")
        .codes(REMOVES),
    route(
        "GET",
        "/documents/{id}/content",
        "documentContent",
        "The content of a document; Range and If-None-Match are honoured",
    )
    .query("inline:boolean")
    .gives(200, "binary"),
    route(
        "GET",
        "/documents/{id}/thumbnail",
        "documentThumbnail",
        "The picture of a document that is one; of an image of a customer occurrence a small JPEG, once it is made",
    )
    .query("inline:boolean")
    .gives(200, "binary"),
    // Timeline, history, search.
    route("GET", "/tickets/{number}/timeline", "timeline", "The timeline of a ticket, 30 entries at a time")
        .query(TIMELINE)
        .gives(200, "Timeline"),
    route("GET", "/tickets/{number}/history", "history", "What happened to a ticket, newest first")
        .query(listed!(
            "count:boolean tab:ticket|chat as:portal !kind:string[] !person:string[] from:string to:string !text:string<=200"
        ))
        .gives(200, "HistoryRow[]"),
    route(
        "GET",
        "/tickets/{number}/history/export",
        "exportHistory",
        "The history as CSV, newest first, as far as the caller sees it",
    )
    .query("format:csv tab:ticket|chat as:portal !kind:string[] !person:string[] from:string to:string !text:string<=200")
    .gives(200, "csv")
    .codes("too_many_rows too_many_requests"),
    route("GET", "/search", "search", "Tickets with their entries, articles and customers by their words")
        .query(listed!(
            "count:boolean q*:string<=200 kinds:ticket|occurrence|task|solution|article|customer[] entity:uuid"
        ))
        .gives(200, "SearchAnswer"),
    // Events (section 7).
    route("GET", "/events", "events", "Live changes as server-sent events; ids and numbers, never text")
        .query("ticket:integer[]<=100 kinds:string[]")
        .gives(200, "events")
        .codes("too_many_requests"),
    // People and lists (section 8).
    route("GET", "/users", "listUsers", "People in reach; agents only")
        .query(listed!(
            "count:boolean !q:string !entity:uuid[] !group:uuid[] !active:boolean !assignable:boolean !can_validate:boolean"
        ))
        .gives(200, "User[]")
        .codes("forbidden"),
    route("GET", "/users/{id}", "user", "A person in reach; agents only").gives(200, "User").codes("forbidden"),
    route("GET", "/groups", "listGroups", "Groups: agents those of their entities, others their own")
        .query(listed!(
            "count:boolean !q:string !entity:uuid[] !may_be_assigned:boolean !may_be_asked:boolean !may_be_requester:boolean"
        ))
        .gives(200, "Group[]"),
    route("GET", "/groups/{id}", "group", "A group").gives(200, "Group"),
    route("GET", "/entities", "listEntities", "Entities in which the caller holds something")
        .query(listed!("count:boolean !q:string !parent:string[]"))
        .gives(200, "Entity[]"),
    route("GET", "/entities/{id}", "entity", "An entity").gives(200, "Entity"),
    route(
        "GET",
        "/lists/{list}",
        "listRows",
        "Rows of a list: ticket-categories, occurrence-categories, request-sources, locations, pending-reasons, task-categories, solution-types, knowledge-categories",
    )
    .query(listed!("count:boolean entity*:uuid !q:string !active:boolean !portal:boolean"))
    .gives(200, "ListRow[]"),
    route("POST", "/lists/{list}", "createListRow", "Add a row to a list of an entity")
        .needs("admin.templates")
        .body("NewListRow")
        .gives(201, "ListRow")
        .codes(KEYED),
    route("GET", "/lists/{list}/{id}", "listRow", "A row of a list").gives(200, "ListRow"),
    route("PATCH", "/lists/{list}/{id}", "updateListRow", "Change a row of a list; one that a setting names stays active")
        .needs("admin.templates")
        .body("ListRowPatch")
        .gives(200, "ListRow")
        .codes(EDITS),
    route("DELETE", "/lists/{list}/{id}", "deleteListRow", "Delete a row of a list that nothing uses")
        .needs("admin.templates")
        .query("version:integer")
        .gives(204, "")
        .codes(EDITS),
    // What was done in the administration.
    route("GET", "/audit", "listAudit", "Who changed what in the administration, newest first")
        .needs("admin.audit")
        .query(listed!("count:boolean person:uuid kind:string from:string to:string"))
        .gives(200, "AuditRow[]"),
    route("GET", "/audit/export", "exportAudit", "The audit log as CSV, newest first, in the caller's language")
        .needs("admin.audit")
        .query("format:csv person:uuid kind:string from:string to:string")
        .gives(200, "csv")
        .codes("too_many_rows too_many_requests"),
    // Settings.
    route("GET", "/settings", "settings", "Settings of an entity, each with where its value comes from")
        .query("entity*:uuid")
        .gives(200, "Settings")
        .codes("not_found"),
    route("PATCH", "/settings", "updateSettings", "Set or inherit settings of an entity, all of them or none")
        .body("SettingsPatch")
        .gives(200, "Settings")
        .codes("not_found version_required precondition_failed conflict"),
    route(
        "POST",
        "/settings/mail/actions/test",
        "testMail",
        "Send a test mail to the caller's own address, and tell each step",
    )
    .body("MailTestBody")
    .gives(200, "MailTest")
    .codes(KEYED)
    .more("too_many_requests not_found"),
    // Outgoing mail.
    route("GET", "/mail/outgoing", "listOutgoingMail", "Outgoing mails of the entities whose settings the caller may set, newest first")
        .query(listed!("state:sent|queued|bounced|failed ticket:string address:string<=254"))
        .gives(200, "Outgoing")
        .codes("not_found"),
    route(
        "POST",
        "/mail/outgoing/{id}/actions/send-again",
        "sendOutgoingMailAgain",
        "Send a mail again that failed for good, under today's rights and address",
    )
    .body("OutgoingBody")
    .gives(200, "OutgoingMail")
    .codes(KEYED)
    .more("transition_not_allowed entry_deleted"),
    route("POST", "/mail/outgoing/{id}/actions/give-up", "giveOutgoingMailUp", "Give a mail up that waits: it is final")
        .body("OutgoingBody")
        .gives(200, "OutgoingMail")
        .codes(KEYED)
        .more("transition_not_allowed"),
    // Templates.
    route("GET", "/templates/{kind}", "listTemplates", "Templates of a kind (replies, tasks, solutions, mails); agents get the active ones but mails")
        .query(listed!("count:boolean entity:uuid !active:boolean"))
        .gives(200, "Template[]"),
    route("POST", "/templates/{kind}", "createTemplate", "Make a template; its texts are compiled first")
        .body("NewTemplate")
        .gives(201, "Template")
        .codes(KEYED),
    route("GET", "/templates/{kind}/{id}", "template", "A template").gives(200, "Template"),
    route(
        "PATCH",
        "/templates/{kind}/{id}",
        "updateTemplate",
        "Change a template; texts null brings those of a shipped one back",
    )
    .needs("admin.templates")
    .body("TemplatePatch")
    .gives(200, "Template")
    .codes(EDITS),
    route("DELETE", "/templates/{kind}/{id}", "deleteTemplate", "Remove a template that no setting names")
        .needs("admin.templates")
        .query("version:integer")
        .gives(204, "")
        .codes(EDITS),
    route("POST", "/templates/{kind}/{id}/preview", "previewTemplate", "Show a template with the values of a ticket")
        .body("TemplatePreviewBody")
        .gives(200, "TemplatePreview"),
];
