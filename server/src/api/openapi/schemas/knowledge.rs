//! The knowledge base.

use super::Schema;

/// Their schemas.
pub(super) const KNOWLEDGE: &[Schema] = &[
    ("ArticleRef", "id*:uuid title*:string language*:en|pt-BR|es|fr"),
    (
        "ArticleRow",
        "id*:uuid title*:string snippet*:SnippetPart[] language*:en|pt-BR|es|fr category*:Ref? audience:public|agents \
         status:draft|published|archived review_on:string? updated_at*:time version:integer",
    ),
    (
        "AgentArticle",
        "id*:uuid title*:string body*:rich body_text*:string language*:en|pt-BR|es|fr category*:Ref? translations*:ArticleRef[] \
         attachments*:AgentDocument[] audience*:public|agents status*:draft|published|archived entity*:Ref recursive*:boolean \
         owner*:Ref? review_on*:string? author*:AgentActor edited_by*:AgentActor created_at*:time updated_at*:time \
         revision*:integer from_private*:boolean helped*:integer used*:integer used_exact*:boolean deleted_at*:time? \
         version*:integer warnings:Warning[]",
    ),
    (
        "ReaderArticle",
        "id*:uuid title*:string body*:rich body_text*:string language*:en|pt-BR|es|fr category*:Ref? translations*:ArticleRef[] \
         attachments*:RequesterDocument[] updated_at*:time warnings:Warning[]",
    ),
    (
        "NewArticle",
        "title*:string<=250 body*:rich<=200000 format:html|markdown|text language:en|pt-BR|es|fr translation_of:uuid? category:uuid? \
         audience:public|agents status:draft|published|archived entity:uuid recursive:boolean owner:uuid? review_on:string? \
         attachments:uuid[]?<=20 ticket:integer",
    ),
    (
        "ArticlePatch",
        "version:integer title:string<=250 body:rich<=200000 format:html|markdown|text language:en|pt-BR|es|fr category:uuid? \
         audience:public|agents status:draft|published|archived recursive:boolean owner:uuid? review_on:string? \
         attachments:uuid[]?<=20 confirm_public:boolean",
    ),
    ("RestoreVersion", "version:integer revision*:integer"),
    (
        "ArticleVersion",
        "revision*:integer at*:time by*:AgentActor what*:created|edited|published|archived|withdrawn|restored title*:string body*:rich \
         body_text*:string language*:en|pt-BR|es|fr category*:Ref? audience*:public|agents status*:draft|published|archived owner*:Ref? \
         review_on*:string? attachments*:Ref[] diff*:DiffPart[]",
    ),
    ("ArticleHint", "id*:uuid title*:string lines*:string language*:en|pt-BR|es|fr"),
    ("NewLink", "kind*:article target*:uuid"),
    ("Link", "id*:uuid kind*:article target*:ArticleRef? removed*:boolean by*:AgentActor at*:time warnings:Warning[]"),
];
