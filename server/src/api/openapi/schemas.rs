//! Names and fields of bodies and answers, in the words of `openapi::fields`.

mod desk;
mod knowledge;
mod outcomes;
mod tasks;

use desk::DESK;
use knowledge::KNOWLEDGE;
use outcomes::OUTCOMES;
use tasks::TASKS;

/// A name and its fields.
type Schema = (&'static str, &'static str);

/// Schemas with one form.
pub(super) const SCHEMAS: &[Schema] = &ALL;

static ALL: [Schema; CORE.len() + TASKS.len() + OUTCOMES.len() + KNOWLEDGE.len() + DESK.len()] = {
    let mut all = [("", ""); CORE.len() + TASKS.len() + OUTCOMES.len() + KNOWLEDGE.len() + DESK.len()];
    let (core, rest) = all.split_at_mut(CORE.len());
    core.copy_from_slice(CORE);
    let (tasks, rest) = rest.split_at_mut(TASKS.len());
    tasks.copy_from_slice(TASKS);
    let (outcomes, rest) = rest.split_at_mut(OUTCOMES.len());
    outcomes.copy_from_slice(OUTCOMES);
    let (knowledge, desk) = rest.split_at_mut(KNOWLEDGE.len());
    knowledge.copy_from_slice(KNOWLEDGE);
    desk.copy_from_slice(DESK);
    all
};

/// Those that have no file of their own.
const CORE: &[Schema] = &[
    // Small ones.
    ("Ref", "id*:uuid name*:string"),
    ("CategoryRef", "id*:uuid name*:string path*:string?"),
    ("AgentActor", "kind*:user|group|email|system id:uuid? name:string email:string? disabled:boolean"),
    ("RequesterActor", "kind*:user|group|email|system name:string"),
    ("ActorRef", "kind*:user|group|email id:uuid email:string<=254 name:string<=100"),
    ("Names", "en*:string? pt-BR*:string? es*:string? fr*:string?"),
    ("FieldError", "field*:string code*:string data:object"),
    (
        "Problem",
        "type*:string title*:string status*:integer code*:string errors*:FieldError[] data:object capability:string setting:string \
         retry_after_s:integer error_ref:string request_id:string",
    ),
    ("Warning", "code*:string data:object"),
    ("EntryRef", "kind*:string id*:uuid?"),
    ("FieldChange", "field*:string old*:string new*:string"),
    ("EventData", "reason:string? text:string"),
    ("DiffPart", "op*:same|added|removed text*:string"),
    ("SnippetPart", "text*:string hit*:boolean"),
    // Sign-in, the caller, drafts.
    ("NewToken", "email*:string password*:string name:string<=100 scope:full|read expires_in_days:integer"),
    (
        "CreatedToken",
        "token*:string id*:uuid name*:string scope*:full|read expires_at*:time user*:Ref warnings*:Warning[]",
    ),
    ("Token", "id*:uuid name*:string scope*:full|read created_at*:time last_used_at*:time? expires_at*:time"),
    ("Assignment", "entity*:Ref role*:Ref recursive*:boolean"),
    (
        "Preferences",
        "default_visibility*:private|public task_default_visibility*:private|public timeline_order*:asc|desc? show_events*:boolean",
    ),
    ("Unread", "messages*:integer notifications*:integer"),
    (
        "Me",
        "id*:uuid name*:string email*:string language*:en|pt-BR|es|fr time_zone*:string theme*:auto|light|dark|contrast|contrast-dark \
         density*:compact|comfortable picture*:string? signature*:string assignments*:Assignment[] capabilities*:object groups*:Ref[] \
         preferences*:Preferences unread*:Unread version*:integer warnings:Warning[]",
    ),
    (
        "PreferencesPatch",
        "default_visibility:private|public task_default_visibility:private|public timeline_order:asc|desc? show_events:boolean",
    ),
    (
        "MePatch",
        "version:integer language:en|pt-BR|es|fr time_zone:string theme:auto|light|dark|contrast|contrast-dark \
         density:compact|comfortable preferences:PreferencesPatch signature:string?<=2000",
    ),
    ("NewPassword", "current_password*:string new_password*:string<=256"),
    (
        "Notification",
        "id*:uuid event*:assigned|delegated|requester_occurrence|message|chat|reopened|registered|public_occurrence|pending|solved|closed|cancelled|reminder|survey|solution_approved|solution_refused|due_at_risk|overdue|task_given|task_changed|task_reminder|validation_asked|validation_withdrawn|validation_answered|mail_limited \
         why*:assignee|assigned_group|routing_group|requester|requester_group|observer|observer_group|task_user|task_group|approver|approver_group|asker|administrator ticket*:integer entry*:EntryRef? \
         at*:time read_at*:time?",
    ),
    ("ReadNotifications", "ids:uuid[]?<=200 until:uuid?"),
    (
        "NotificationPreference",
        "event*:assigned|delegated|requester_occurrence|message|chat|reopened|registered|public_occurrence|pending|solved|closed|cancelled|reminder|survey|solution_approved|solution_refused|due_at_risk|overdue|task_given|task_changed|task_reminder|validation_asked|validation_withdrawn|validation_answered|mail_limited \
         app*:boolean mail*:boolean",
    ),
    ("NotificationPreferences", "items*:NotificationPreference[]"),
    (
        "Draft",
        "id*:uuid kind*:string object*:string fields*:object attachments*:Document[] saved_at*:time other*:object? warnings:Warning[]",
    ),
    ("DraftBody", "fields*:object attachments:uuid[]?<=50"),
    // Tickets.
    ("AgentPending", "reason*:Ref? label*:string text:string? since*:time?"),
    ("RequesterPending", "label*:string"),
    (
        "AgentTicket",
        "number*:integer entity*:Ref type*:incident|request title*:string description:rich description_text:string \
         status*:new|assigned|planned|pending|solved|closed|cancelled urgency*:integer impact*:integer priority*:integer \
         priority_by_hand*:boolean category*:CategoryRef? source*:Ref? location*:Ref? requesters*:AgentActor[] observers*:AgentActor[] \
         assignees*:AgentActor[] writer*:AgentActor routing_group*:Ref? customer*:Ref? opened_at*:time taken_at*:time? due_own_at*:time? \
         due_resolve_at*:time? due_own_state*:none|on_time|at_risk|overdue|paused|met|missed \
         due_resolve_state*:none|on_time|at_risk|overdue|paused|met|missed solved_at*:time? closed_at*:time? cancelled_at*:time? \
         close_due_at*:time? pending*:AgentPending? validation*:none|waiting|granted|refused answer_awaited*:boolean \
         reopen_count*:integer merged_into*:integer? deleted_at*:time? unread*:integer actions:string[] version*:integer \
         created_at*:time updated_at*:time warnings:Warning[]",
    ),
    (
        "RequesterTicket",
        "number*:integer type*:incident|request title*:string description:rich description_text:string \
         status*:new|assigned|planned|pending|solved|closed|cancelled category*:Ref? requesters*:RequesterActor[] \
         assignees*:RequesterActor[] opened_at*:time due_resolve_at*:time? close_due_at*:time? solved_at*:time? closed_at*:time? \
         pending*:RequesterPending? answer_awaited*:boolean merged_into*:integer? unread*:integer actions:string[] updated_at*:time \
         warnings:Warning[]",
    ),
    (
        "NewTicket",
        "entity:uuid? type:incident|request? title:string?<=250 description*:rich<=200000 format:html|markdown|text urgency:integer? \
         impact:integer? priority:integer? category:uuid? source:uuid? location:uuid? requesters:ActorRef[]?<=50 observers:ActorRef[]?<=50 \
         assignees:ActorRef[]?<=50 opened_at:time? due_own_at:time? due_resolve_at:time? customer:uuid? attachments:uuid[]?<=20 \
         draft:uuid? follow_up_of:integer? suspend:Hold? occurrence:TicketEntry? task:TicketTask? \
         solution:FirstSolution? close:boolean",
    ),
    ("Hold", "reason:uuid? text:string<=2000 text_public:boolean"),
    (
        "TicketEntry",
        "body*:rich<=200000 format:html|markdown|text visibility:private|public occurred_at:time? minutes:integer? category:uuid? \
         source:uuid? reply_to:uuid? template:uuid? attachments:uuid[]?<=20",
    ),
    (
        "TicketTask",
        "content*:rich<=200000 format:html|markdown|text category:uuid? state:info|todo|in_progress|on_hold|done \
         visibility:private|public planned_begin:time? planned_end:time? duration_minutes:integer? estimated_minutes:integer? \
         actual_minutes:integer? user:uuid? group:uuid? reminder_minutes:integer? template:uuid? attachments:uuid[]?<=20",
    ),
    (
        "TicketPatch",
        "version:integer title:string<=250 description:rich<=200000 format:html|markdown|text urgency:integer impact:integer \
         priority:integer source:uuid? location:uuid? requesters:ActorRef[]?<=50 observers:ActorRef[]?<=50 customer:uuid? \
         attachments:uuid[]?<=20",
    ),
    (
        "DescriptionRevision",
        "revision*:integer at*:time by*:AgentActor what*:created|edited body*:rich body_text*:string diff*:DiffPart[]",
    ),
    ("Plain", "version:integer"),
    ("Take", "version:integer take_over:boolean"),
    ("Assign", "version:integer assignees:ActorRef[]<=50 add:ActorRef[]<=50 remove:ActorRef[]<=50"),
    ("Delegate", "version:integer to*:ActorRef justification:string<=2000"),
    (
        "Reclassify",
        "version:integer type:incident|request category:uuid? entity:uuid justification:string<=2000 accept_losses:boolean",
    ),
    ("ChangeSla", "version:integer due_own_at:time? due_resolve_at:time? opened_at:time justification*:string<=2000"),
    ("Suspend", "version:integer reason:uuid? text:string<=2000 text_public:boolean"),
    ("Close", "version:integer override_reason:string<=2000 solution:TicketSolution"),
    ("Approve", "version:integer comment:string<=10000"),
    ("Refuse", "version:integer reason*:string<=10000"),
    ("Reopen", "version:integer reason*:string<=10000 public:boolean"),
    ("Cancel", "version:integer reason:string<=2000"),
    ("Purge", "version:integer number*:integer"),
    ("MarkRead", "until:uuid?"),
    (
        "BulkAction",
        "action*:take|assign|priority|urgency|suspend|reactivate|occurrence|solve|close|delete|restore parameters:object \
         numbers*:integer[]<=100",
    ),
    (
        "BulkResult",
        "number*:integer ok*:boolean code*:string? errors*:FieldError[] data:object capability:string setting:string \
         retry_after_s:integer error_ref:string warnings*:Warning[]",
    ),
    ("BulkResults", "results*:BulkResult[]"),
    // Occurrences.
    ("AgentRemoved", "at*:time by*:AgentActor? reason*:string?"),
    ("RequesterRemoved", "at*:time"),
    ("Mail", "id*:uuid to*:string state*:queued|sent|failed|bounced answer*:string? at*:time? next_try_at*:time?"),
    (
        "AgentOccurrence",
        "id*:uuid ticket*:integer author*:AgentActor side*:requester|service|observer|system body*:rich body_text*:string \
         visibility*:private|public occurred_at*:time registered_at*:time minutes*:integer? category*:Ref? source*:Ref? reply_to*:Ref? \
         template*:Ref? attachments*:AgentDocument[] mail*:Mail[] mail_state*:queued|sent|failed|bounced? edited_at*:time? \
         edited_by*:AgentActor? revision_count*:integer removed*:AgentRemoved? actions*:string[] version*:integer warnings:Warning[]",
    ),
    (
        "RequesterOccurrence",
        "id*:uuid ticket*:integer author*:RequesterActor side*:requester|service|observer|system body*:rich body_text*:string \
         occurred_at*:time registered_at*:time category*:Ref? reply_to*:Ref? attachments*:RequesterDocument[] sent_by_mail*:boolean \
         edited_at*:time? version:integer warnings:Warning[]",
    ),
    ("Tombstone", "id*:uuid ticket*:integer registered_at*:time removed*:RequesterRemoved"),
    (
        "NewOccurrence",
        "body*:rich<=200000 format:html|markdown|text visibility:private|public occurred_at:time? minutes:integer? category:uuid? \
         source:uuid? reply_to:uuid? template:uuid? attachments:uuid[]?<=20 send_mail:boolean notify_responsible:boolean suspend:Hold? \
         reactivate:boolean draft:uuid?",
    ),
    (
        "OccurrencePatch",
        "version:integer body:rich<=200000 format:html|markdown|text visibility:private|public occurred_at:time minutes:integer? \
         category:uuid? source:uuid? attachments:uuid[]?<=20 send_mail:boolean acknowledge_mail_sent:boolean",
    ),
    ("SendAgain", "mail*:uuid"),
    (
        "Revision",
        "revision*:integer at*:time by*:AgentActor what*:created|edited|visibility_changed|removed body*:rich body_text*:string \
         visibility*:private|public occurred_at*:time minutes*:integer? category*:Ref? source*:Ref? attachments*:Ref[] diff*:DiffPart[]",
    ),
    // Messages.
    (
        "AgentMessage",
        "id*:uuid ticket*:integer author*:AgentActor side*:service|requester text*:string sent_at*:time read_at*:time? mail*:Mail[] \
         mail_state*:queued|sent|failed|bounced? warnings:Warning[]",
    ),
    (
        "RequesterMessage",
        "id*:uuid ticket*:integer author*:RequesterActor side*:service|requester text*:string sent_at*:time read_at*:time? \
         sent_by_mail*:boolean warnings:Warning[]",
    ),
    ("NewMessage", "text*:string<=10000 send_mail:boolean draft:uuid?"),
    ("ReadMessages", "until:uuid?"),
    // The chat.
    (
        "ChatLine",
        "id*:uuid ticket*:integer author*:Actor side*:service|requester text*:string sent_at*:time read_at*:time? warnings:Warning[]",
    ),
    ("NewChatLine", "text*:string<=10000"),
    ("ChatSigns", "typing:boolean"),
    // Documents.
    ("OlderVersion", "id*:uuid registered_at*:time?"),
    (
        "AgentDocument",
        "id*:uuid name*:string media_type*:string size*:integer ticket*:integer? entry*:EntryRef? visibility*:private|public \
         comment*:string? author*:AgentActor registered_at*:time? has_thumbnail*:boolean versions*:OlderVersion[] version*:integer \
         warnings:Warning[]",
    ),
    (
        "RequesterDocument",
        "id*:uuid name*:string media_type*:string size*:integer ticket*:integer? entry*:EntryRef? comment*:string? \
         author*:RequesterActor registered_at*:time? has_thumbnail*:boolean warnings:Warning[]",
    ),
    ("NewDocument", "upload*:uuid name:string<=255 comment:string<=500 visibility:private|public"),
    ("Upload", "id*:uuid name*:string media_type*:string size*:integer expires_at*:time warnings*:Warning[]"),
    // Timeline, history, search.
    (
        "TimelineEntry",
        "kind*:description|occurrence|task|solution|validation_request|validation_answer|message|document|event id*:uuid? at*:time author*:Actor? event:string entry:EntryRef? \
         changes:FieldChange[] data:EventData body:rich body_text:string content:rich content_text:string state:info|todo|in_progress|on_hold|done|waiting|accepted|granted|refused attachments:Document[] edited_at:time? \
         validation:uuid target:Actor by:Actor? answer:granted|refused? comment:string comment_text:string required_percent:integer answers:ValidationAnswer[]",
    ),
    ("Timeline", "items*:TimelineEntry[] next_cursor*:string? previous_cursor*:string? order*:asc|desc hits*:integer?"),
    (
        "HistoryRow",
        "id*:uuid at*:time kind*:string author*:Actor entry*:EntryRef? changes*:FieldChange[] data*:EventData",
    ),
    ("HitTicket", "number*:integer title*:string status*:new|assigned|planned|pending|solved|closed|cancelled"),
    (
        "SearchHit",
        "kind*:ticket|occurrence|task|solution|article|customer ticket*:HitTicket? id*:uuid? title:string author*:Actor? at*:time \
         visibility:private|public snippet*:SnippetPart[]",
    ),
    ("FoundHits", "items*:SearchHit[] next_cursor*:string?"),
    (
        "SearchAnswer",
        "items*:SearchHit[] next_cursor*:string? count:integer count_exact:boolean articles:FoundHits customers:FoundHits",
    ),
    ("Change", "kind*:string what*:created|changed|removed ticket*:integer? customer:uuid id*:uuid? version:integer"),
    // Customers and what happened to them.
    ("Contact", "name:string<=100 role:string<=100 email:string<=254 phone:string<=40 is_primary:boolean"),
    ("LastOccurrence", "occurred_on*:string impact*:positive|neutral|negative"),
    (
        "Customer",
        "id*:uuid name*:string legal_name*:string? document_id*:string? contacts*:Contact[] segment*:Ref? responsible*:Ref? \
         status*:active|blocked|leaving|inactive entity*:Ref recursive*:boolean last_occurrence*:LastOccurrence? open_tickets:integer \
         created_at*:time updated_at*:time version*:integer warnings:Warning[]",
    ),
    (
        "NewCustomer",
        "name*:string<=200 legal_name:string?<=250 document_id:string?<=32 contacts:Contact[]?<=50 segment:uuid? responsible:uuid? \
         status:active|blocked|leaving|inactive entity:uuid recursive:boolean",
    ),
    (
        "CustomerPatch",
        "version:integer name:string<=200 legal_name:string?<=250 document_id:string?<=32 contacts:Contact[]?<=50 segment:uuid? \
         responsible:uuid? status:active|blocked|leaving|inactive entity:uuid recursive:boolean",
    ),
    ("CustomerChange", "id*:uuid at*:time by*:AgentActor kind*:string changes*:FieldChange[]"),
    (
        "CustomerImportBody",
        "mode*:preview|run upload:uuid entity:uuid ignore_unknown:boolean preview:string only_right_rows:boolean",
    ),
    ("WrongRow", "line*:integer column*:string code*:string value*:string"),
    (
        "CustomerImport",
        "preview:string file:string entity:Ref unknown_columns:string[] create:integer update:integer unchanged:integer wrong:integer \
         errors:WrongRow[] errors_left_out:integer created:integer updated:integer skipped:integer",
    ),
    ("CustomerImage", "id*:uuid name*:string alt*:string size*:integer media_type*:string"),
    ("NewCustomerImage", "upload:uuid id:uuid alt:string<=250"),
    ("CustomerRemoved", "by*:AgentActor at*:time"),
    (
        "CustomerOccurrence",
        "id*:uuid customer*:Ref body:string category:Ref? impact:positive|neutral|negative occurred_on:string images:CustomerImage[] \
         ticket:integer? author*:AgentActor registered_at*:time edited_at:time? edited_by:AgentActor? removed*:CustomerRemoved? \
         version*:integer warnings:Warning[]",
    ),
    (
        "NewCustomerOccurrence",
        "customer:uuid body*:string<=5000 category*:uuid impact*:positive|neutral|negative occurred_on*:string \
         images:NewCustomerImage[]?<=2 ticket:integer?",
    ),
    (
        "CustomerOccurrencePatch",
        "version:integer body:string<=5000 category:uuid impact:positive|neutral|negative occurred_on:string \
         images:NewCustomerImage[]?<=2 ticket:integer?",
    ),
    (
        "CustomerRevision",
        "revision*:integer at*:time by*:AgentActor body*:string diff*:DiffPart[] category*:Ref? impact*:positive|neutral|negative \
         occurred_on*:string images*:CustomerImage[] ticket*:integer?",
    ),
    ("ImpactCounts", "positive*:integer neutral*:integer negative*:integer"),
    ("ReportShare", "id*:uuid? name*:string? count*:integer"),
    ("ReportBucket", "from*:string to*:string positive*:integer neutral*:integer negative*:integer"),
    (
        "CustomerReport",
        "from*:string to*:string total*:integer by_impact*:ImpactCounts by_category*:ReportShare[] by_customer*:ReportShare[] \
         buckets*:ReportBucket[]",
    ),
];

/// Objects whose form depends on the reader: agents get the first, the requester side the others (section 5).
pub(super) const FORMS: &[(&str, &[&str])] = &[
    ("Actor", &["AgentActor", "RequesterActor"]),
    ("Ticket", &["AgentTicket", "RequesterTicket"]),
    ("Occurrence", &["AgentOccurrence", "RequesterOccurrence", "Tombstone"]),
    ("Task", &["AgentTask", "RequesterTask", "Tombstone"]),
    ("Document", &["AgentDocument", "RequesterDocument"]),
    ("Message", &["AgentMessage", "RequesterMessage"]),
    ("Solution", &["AgentSolution", "RequesterSolution"]),
    ("Article", &["AgentArticle", "ReaderArticle"]),
    ("Survey", &["AgentSurvey", "RequesterSurvey"]),
];

/// The fields of a schema, as words; empty for one that has several forms.
#[must_use]
pub(super) fn words(name: &str) -> &'static str {
    SCHEMAS.iter().find(|(known, _)| *known == name).map_or("", |(_, words)| *words)
}

/// The forms of a schema; empty for one that has a single one.
#[must_use]
pub(super) fn forms(name: &str) -> &'static [&'static str] {
    FORMS.iter().find(|(known, _)| *known == name).map(|(_, forms)| *forms).unwrap_or_default()
}
