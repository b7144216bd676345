//! Addresses of the pages of articles.

use domain::views::ArticleQuery;
use leptos_router::location::Url;
use uuid::Uuid;

/// The list.
pub const LIST: &str = "/knowledge";
/// A new article.
pub const NEW: &str = "/knowledge/new";

/// An article.
#[must_use]
pub fn page(id: Uuid) -> String {
    [LIST, "/", &id.to_string()].concat()
}

/// Its form.
#[must_use]
pub fn edit(id: Uuid) -> String {
    page(id) + "/edit"
}

/// Its versions.
#[must_use]
pub fn versions(id: Uuid) -> String {
    page(id) + "/versions"
}

/// A new article in another language.
#[must_use]
pub fn translate(id: Uuid) -> String {
    [NEW, "?translation_of=", &id.to_string()].concat()
}

/// A new article for a ticket.
#[must_use]
pub fn new_for(ticket: i64) -> String {
    [NEW, "?ticket=", &ticket.to_string()].concat()
}

/// The articles of a ticket.
#[must_use]
pub fn of_ticket(number: i64) -> String {
    ["/tickets/", &number.to_string(), "/knowledge"].concat()
}

/// An article with a word about what was done.
#[must_use]
pub fn done(id: Uuid, what: &str) -> String {
    [page(id).as_str(), "?done=", what].concat()
}

/// The list of the same question with another part or page.
#[must_use]
pub fn list(query: &ArticleQuery, part: &str, cursor: &str) -> String {
    let pairs = [
        ("q", query.q.as_str()),
        ("part", part),
        ("category", query.category.as_str()),
        ("language", query.language.as_str()),
        ("cursor", cursor),
    ];
    let given: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [name, "=", &Url::escape(value)].concat())
        .collect();
    if given.is_empty() { LIST.to_owned() } else { [LIST, "?", &given.join("&")].concat() }
}

// Making an address takes the server or a browser: there is no third way to escape it.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn t_kno_02_the_list_keeps_its_question_in_its_address() {
        let query = ArticleQuery { q: "vpn client".to_owned(), language: "fr".to_owned(), ..ArticleQuery::default() };
        assert_eq!(list(&query, "draft", ""), "/knowledge?q=vpn%20client&part=draft&language=fr");
        assert_eq!(list(&ArticleQuery::default(), "", ""), "/knowledge");
        assert_eq!(new_for(42), "/knowledge/new?ticket=42");
    }
}
