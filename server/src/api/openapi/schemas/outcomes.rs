//! How tickets end: solutions, surveys, validations, statistics.

use super::Schema;

/// Their schemas.
pub(super) const OUTCOMES: &[Schema] = &[
    // Solutions.
    (
        "AgentSolution",
        "id*:uuid ticket*:integer author*:AgentActor body*:rich body_text*:string type*:Ref? template*:Ref? attachments*:AgentDocument[] \
         state*:waiting|accepted|refused answered_by*:AgentActor? answered_at*:time? comment*:string registered_at*:time edited_at*:time? \
         mail*:Mail[] mail_state*:queued|sent|failed|bounced? revision_count*:integer actions*:string[] version*:integer \
         saved_article:uuid? warnings:Warning[]",
    ),
    (
        "RequesterSolution",
        "id*:uuid ticket*:integer author*:RequesterActor body*:rich body_text*:string type*:Ref? attachments*:RequesterDocument[] \
         state*:waiting|accepted|refused answered_by*:RequesterActor? answered_at*:time? comment*:string registered_at*:time \
         edited_at*:time? sent_by_mail*:boolean actions*:string[] warnings:Warning[]",
    ),
    (
        "NewSolution",
        "version:integer body*:rich<=200000 format:html|markdown|text type:uuid? template:uuid? article:uuid? attachments:uuid[]?<=20 \
         open_tasks:keep|done cascade:duplicates|children[] override_reason:string<=2000 save_to_knowledge:boolean draft:uuid?",
    ),
    (
        "TicketSolution",
        "body*:rich<=200000 format:html|markdown|text type:uuid? template:uuid? article:uuid? attachments:uuid[]?<=20 open_tasks:keep|done \
         cascade:duplicates|children[]",
    ),
    (
        "FirstSolution",
        "body*:rich<=200000 format:html|markdown|text type:uuid? template:uuid? article:uuid? attachments:uuid[]?<=20 open_tasks:keep|done \
         cascade:duplicates|children[] override_reason:string<=2000",
    ),
    ("SolutionPatch", "version:integer body:rich<=200000 format:html|markdown|text type:uuid? attachments:uuid[]?<=20"),
    // Surveys.
    (
        "AgentSurvey",
        "ticket*:integer state*:open|answered|withdrawn|superseded sent_at*:time expires_at*:time score*:integer? comment*:string \
         answered_at*:time? answered_by*:AgentActor? off*:survey_closed|survey_expired? earlier*:AgentSurvey[] warnings:Warning[]",
    ),
    (
        "RequesterSurvey",
        "ticket*:integer state*:open|answered|withdrawn|superseded sent_at*:time expires_at*:time score*:integer? comment*:string \
         answered_at*:time? off*:survey_closed|survey_expired? warnings:Warning[]",
    ),
    ("SurveyAnswer", "score*:integer comment:string<=5000"),
    // Validations.
    (
        "ValidationAnswer",
        "target*:Actor by*:Actor? answer*:granted|refused? comment*:string at*:time? attachments*:Document[]",
    ),
    (
        "Validation",
        "id*:uuid ticket*:integer asker*:Actor comment*:rich comment_text*:string required_percent*:integer \
         state*:waiting|granted|refused asked_at*:time withdrawn_at*:time? replaced*:boolean answers*:ValidationAnswer[] \
         attachments*:Document[] actions*:string[] warnings:Warning[]",
    ),
    (
        "NewValidation",
        "comment:rich<=200000 format:html|markdown|text targets*:ActorRef[]<=20 required_percent:integer attachments:uuid[]?<=20 \
         draft:uuid?",
    ),
    ("NewValidationAnswer", "answer*:granted|refused comment:string<=10000 attachments:uuid[]?<=20"),
    // Statistics.
    ("Figure", "elapsed_minutes*:integer working_minutes*:integer running*:boolean"),
    ("PersonTime", "person*:Ref? kind*:occurrence|task minutes*:integer entries*:integer"),
    (
        "StatusInterval",
        "status*:new|assigned|planned|pending|solved|closed|cancelled from*:time to*:time? minutes*:integer",
    ),
    (
        "TicketStatistics",
        "ticket*:integer opened_at*:time taken_at*:time? assigned_at*:time? due_own_at*:time? due_resolve_at*:time? solved_at*:time? \
         closed_at*:time? cancelled_at*:time? taken*:Figure assigned*:Figure pending*:Figure awaiting*:Figure solving*:Figure \
         closing*:Figure worked_minutes*:integer time_by_person*:PersonTime[] intervals*:StatusInterval[] reopen_count*:integer",
    ),
    ("DayNumbers", "from*:time opened*:integer solved*:integer closed*:integer"),
    ("NamedNumber", "name*:string? count*:integer"),
    (
        "Statistics",
        "from*:string to*:string step_days*:integer days*:DayNumbers[] backlog*:NamedNumber[] ages*:NamedNumber[] \
         taken_minutes*:integer? solving_minutes*:integer? awaiting_minutes*:integer? closing_minutes*:integer? late*:integer \
         overdue*:integer worked_minutes*:integer by_category*:NamedNumber[] by_group*:NamedNumber[] by_assignee*:NamedNumber[] \
         by_source*:NamedNumber[] by_customer*:NamedNumber[]? surveys_answered*:integer satisfaction_hundredths*:integer?",
    ),
];
