//! What a desk is made of: people and their rights, lists, settings, outgoing mail, templates.

use super::Schema;

/// Their schemas.
pub(super) const DESK: &[Schema] = &[
    // People and lists.
    (
        "User",
        "id*:uuid name*:string email*:string phone*:string? extension*:string? location*:Ref? picture*:string? active*:boolean \
         language:string time_zone:string assignments:Assignment[] groups:Ref[] last_seen_at:time? version:integer \
         warnings:Warning[]",
    ),
    (
        "Group",
        "id*:uuid name*:string entity:Ref recursive:boolean may_be_assigned:boolean may_be_asked:boolean may_be_requester:boolean \
         members:Ref[] managers:Ref[] extra_addresses:string[] mandatory_notifications:opening|progress|closing[] version:integer \
         warnings:Warning[]",
    ),
    (
        "Entity",
        "id*:uuid name*:string parent*:Ref? path*:string language*:string time_zone*:string currency*:string version:integer \
         warnings:Warning[]",
    ),
    // Administration of access. What is a Ref in an answer may be sent as its id.
    ("NewAssignment", "entity*:any role*:any recursive:boolean"),
    (
        "NewUser",
        "name*:string<=100 email*:string<=254 language:en|pt-BR|es|fr time_zone:string phone:string?<=50 extension:string?<=20 \
         entity:any assignments:NewAssignment[]",
    ),
    (
        "UserPatch",
        "version:integer name:string<=100 email:string<=254 language:en|pt-BR|es|fr time_zone:string phone:string?<=50 \
         extension:string?<=20 entity:any assignments:NewAssignment[]",
    ),
    ("DisableUser", "version:integer hand_over_to:ActorRef"),
    ("Invitation", "link*:string"),
    (
        "NewGroup",
        "name*:string<=100 entity*:any recursive:boolean may_be_assigned:boolean may_be_asked:boolean may_be_requester:boolean \
         members:any[]<=1000 managers:any[]<=1000 extra_addresses:string[]<=20 mandatory_notifications:opening|progress|closing[]",
    ),
    (
        "GroupPatch",
        "version:integer name:string<=100 entity:any recursive:boolean may_be_assigned:boolean may_be_asked:boolean \
         may_be_requester:boolean members:any[]<=1000 managers:any[]<=1000 extra_addresses:string[]<=20 \
         mandatory_notifications:opening|progress|closing[]",
    ),
    ("NewEntity", "name*:string<=100 parent*:any"),
    ("EntityPatch", "version:integer name:string<=100 parent:any"),
    ("RoleEffect", "gained*:string[] lost*:string[] people*:integer users*:Ref[]"),
    (
        "Role",
        "id*:uuid key*:string? name*:string shipped*:boolean capabilities*:string[] people*:integer effects:RoleEffect[] \
         version*:integer warnings:Warning[]",
    ),
    ("NewRole", "name*:string<=100 capabilities:string[]? copy_of:uuid?"),
    ("RolePatch", "version:integer name:string<=100 capabilities:string[]"),
    ("Why", "allowed*:boolean because*:Assignment[]"),
    ("AuditRow", "id*:uuid at*:time person*:Ref? entity*:Ref? kind*:string object*:string data*:any"),
    (
        "ListRow",
        "id*:uuid name*:string names*:Names parent*:Ref? active*:boolean position*:integer code*:string? portal*:boolean \
         for_tickets:boolean for_occurrences:boolean for_incident:boolean for_request:boolean routing_group:Ref? label:string labels:Names \
         default:boolean reminder_every:1d|2d|3d|4d|5d|6d|1w|2w|3w|4w? reminder_template:Ref? reminders_before_solving:integer? \
         solution_template:Ref? faults:reminder_template|solution_template[] week:any holidays:Holiday[] entity:Ref \
         recursive:boolean version:integer warnings:Warning[]",
    ),
    ("Holiday", "date*:string name:string<=100"),
    ("NamesPatch", "en:string?<=100 pt-BR:string?<=100 es:string?<=100 fr:string?<=100"),
    (
        "NewListRow",
        "entity*:uuid names*:NamesPatch labels:NamesPatch parent:uuid? active:boolean position:integer recursive:boolean portal:boolean \
         for_tickets:boolean for_occurrences:boolean for_incident:boolean for_request:boolean routing_group:uuid? default:boolean \
         reminder_every:1d|2d|3d|4d|5d|6d|1w|2w|3w|4w? reminder_template:uuid? reminders_before_solving:integer? solution_template:uuid? \
         week:any holidays:Holiday[]",
    ),
    (
        "ListRowPatch",
        "version:integer names:NamesPatch labels:NamesPatch parent:uuid? active:boolean position:integer recursive:boolean portal:boolean \
         for_tickets:boolean for_occurrences:boolean for_incident:boolean for_request:boolean routing_group:uuid? default:boolean \
         reminder_every:1d|2d|3d|4d|5d|6d|1w|2w|3w|4w? reminder_template:uuid? reminders_before_solving:integer? solution_template:uuid? \
         week:any holidays:Holiday[]",
    ),
    // Settings.
    (
        "Setting",
        "key*:string number*:integer? type*:bool|int|days|enum|ref|text|address|time_zone|currency|matrix|transport value*:any \
         origin*:own|inherited|default inherited_from*:Ref? default*:any scope*:string \
         warning*:unknown_reference|mail_template_missing|mail_template_failed|mail_not_configured|mail_failing?",
    ),
    ("Settings", "entity*:Ref version*:integer items*:Setting[] warnings:Warning[]"),
    ("SettingsPatch", "entity*:uuid version:integer values*:object"),
    ("MailStep", "name*:resolve|connect|tls|sign_in|accepted ok*:boolean answer*:string took_ms*:integer"),
    ("MailTestBody", ""),
    ("MailTest", "at*:time to*:string steps*:MailStep[]"),
    // Outgoing mail.
    (
        "OutgoingMail",
        "id*:uuid kind*:requester|observer|responsible|message|chat_requester|chat_team|receipt|reminder|solved|survey|notice|invitation event*:string? ticket*:integer? name*:string \
         to*:string state*:sent|queued|bounced|failed answer*:string? tries*:integer queued_at*:time at*:time next_try_at*:time? \
         actions*:string[]",
    ),
    ("OutgoingBody", ""),
    ("OutgoingCount", "state*:sent|queued|bounced|failed count*:integer count_exact*:boolean"),
    ("Outgoing", "items*:OutgoingMail[] next_cursor*:string? counts*:OutgoingCount[] oldest_queued*:time?"),
    // Templates.
    ("Texts", "en:string?<=200000 pt-BR:string?<=200000 es:string?<=200000 fr:string?<=200000"),
    (
        "Template",
        "id*:uuid name*:string entity*:Ref recursive*:boolean active*:boolean shipped*:boolean broken*:boolean texts*:Names \
         category:Ref? source:Ref? type:Ref? visibility:private|public? state:info|todo|in_progress|on_hold|done? estimated_minutes:integer? user:uuid? \
         group:uuid? reminder_minutes:integer? updated_at*:time version*:integer warnings:Warning[]",
    ),
    (
        "NewTemplate",
        "name*:string<=100 entity*:uuid recursive:boolean active:boolean texts*:Texts category:uuid? source:uuid? \
         type:uuid? visibility:private|public? state:info|todo|in_progress|on_hold|done? estimated_minutes:integer? user:uuid? group:uuid? \
         reminder_minutes:integer?",
    ),
    (
        "TemplatePatch",
        "version:integer name:string<=100 recursive:boolean active:boolean texts:Texts? category:uuid? source:uuid? \
         type:uuid? visibility:private|public? state:info|todo|in_progress|on_hold|done? estimated_minutes:integer? user:uuid? group:uuid? \
         reminder_minutes:integer?",
    ),
    ("TemplatePreviewBody", "ticket*:integer language:en|pt-BR|es|fr"),
    ("TemplatePreview", "ticket*:integer language*:en|pt-BR|es|fr body*:rich body_text*:string"),
];
