//! Addresses of the administration.

use leptos_router::location::Url;

/// The page of a user; `note` says what was done just now.
#[must_use]
pub fn user(id: &str, note: &str) -> String {
    noted(&["/admin/users/", id].concat(), note)
}

/// The page of a group.
#[must_use]
pub fn group(id: &str, note: &str) -> String {
    noted(&["/admin/groups/", id].concat(), note)
}

/// The page of a role.
#[must_use]
pub fn role(id: &str, note: &str) -> String {
    noted(&["/admin/roles/", id].concat(), note)
}

/// The page of an entity.
#[must_use]
pub fn entity(id: &str, note: &str) -> String {
    noted(&["/admin/entities/", id].concat(), note)
}

/// A list, from its beginning.
#[must_use]
pub fn list(part: &str, note: &str) -> String {
    noted(&["/admin/", part].concat(), note)
}

fn noted(path: &str, note: &str) -> String {
    with(path, &[("done", note)])
}

/// A path with the pairs that say something.
#[must_use]
pub fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [*name, "=", &Url::escape(value)].concat())
        .collect();
    if query.is_empty() { path.to_owned() } else { [path, "?", &query.join("&")].concat() }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_was_done_and_nothing_else() {
        assert_eq!(user("x", "saved"), "/admin/users/x?done=saved");
        assert_eq!(role("x", ""), "/admin/roles/x");
        assert_eq!(with("/admin/users", &[("q", "a b"), ("role", "")]), "/admin/users?q=a%20b");
        assert_eq!(list("groups", "deleted"), "/admin/groups?done=deleted");
        assert_eq!((group("g", ""), entity("e", "")), ("/admin/groups/g".to_owned(), "/admin/entities/e".to_owned()));
    }
}
