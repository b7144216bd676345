//! The knowledge base, and the articles of a ticket.

use super::KEYED;
use crate::api::openapi::{Route, route};

const fn article_action(
    path: &'static str,
    operation: &'static str,
    summary: &'static str,
    body: &'static str,
) -> Route {
    route("POST", path, operation, summary).body(body).gives(200, "Article").codes(
        "forbidden conflict precondition_failed idempotency_mismatch request_in_progress entry_deleted transition_not_allowed",
    )
}

/// In the order of the specification.
pub(super) const KNOWLEDGE: &[Route] = &[
    route("GET", "/knowledge", "listArticles", "Articles the caller may read, those in his language first")
        .query(listed!("count:boolean q:string<=200 part:public|internal|draft|archived|review|trash category:uuid language:en|pt-BR|es|fr"))
        .gives(200, "ArticleRow[]"),
    route("POST", "/knowledge", "createArticle", "Write an article; it is a draft unless it says otherwise")
        .needs("knowledge.edit")
        .body("NewArticle")
        .gives(201, "Article")
        .codes(KEYED)
        .more("not_found ticket_deleted"),
    route("GET", "/knowledge/suggestions", "suggestArticles", "At most five published public articles for a text")
        .query("q*:string entity:uuid")
        .gives(200, "ArticleHint[]"),
    route("GET", "/knowledge/{id}", "article", "An article").gives(200, "Article"),
    route("PATCH", "/knowledge/{id}", "updateArticle", "Change an article; each change is a version")
        .needs("knowledge.edit")
        .body("ArticlePatch")
        .gives(200, "Article")
        .codes("version_required precondition_failed conflict entry_deleted"),
    route("DELETE", "/knowledge/{id}", "deleteArticle", "Put an article into the trash")
        .needs("knowledge.edit")
        .query("version:integer")
        .gives(204, "")
        .codes("version_required precondition_failed conflict entry_deleted"),
    route("GET", "/knowledge/{id}/versions", "listArticleVersions", "Versions of an article, oldest first; agents")
        .query(listed!("count:boolean"))
        .gives(200, "ArticleVersion[]"),
    article_action("/knowledge/{id}/actions/publish", "publishArticle", "Publish an article", "Plain"),
    article_action("/knowledge/{id}/actions/archive", "archiveArticle", "Archive an article", "Plain"),
    article_action("/knowledge/{id}/actions/restore", "restoreArticle", "Bring an article back", "Plain"),
    article_action("/knowledge/{id}/actions/purge", "purgeArticle", "Remove an article for ever", "Plain").gives(204, ""),
    article_action(
        "/knowledge/{id}/actions/restore-version",
        "restoreArticleVersion",
        "Make a former version the newest",
        "RestoreVersion",
    ),
    article_action("/knowledge/{id}/actions/helped", "articleHelped", "Count that an article helped", "Plain"),
    route("POST", "/occurrences/{id}/actions/save-to-knowledge", "saveToKnowledge", "Begin an article with an occurrence")
        .needs("knowledge.edit")
        .gives(201, "Article")
        .codes(KEYED)
        .more("entry_deleted ticket_deleted"),
    route("GET", "/tickets/{number}/links", "listLinks", "Articles a ticket uses; agents").gives(200, "Link[]"),
    route("POST", "/tickets/{number}/links", "createLink", "Link an article to a ticket")
        .needs("ticket.update")
        .body("NewLink")
        .gives(201, "Link")
        .codes(KEYED)
        .more("ticket_deleted"),
    route("DELETE", "/tickets/{number}/links/{id}", "deleteLink", "Take the link to an article away")
        .needs("ticket.update")
        .gives(204, "")
        .codes("ticket_deleted"),
];
