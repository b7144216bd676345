//! The state of the ticket list: what its address says, and the addresses of the states next to it (T-LST-04).

use domain::views::ListQuery;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

const PATH: &str = "/tickets";
/// Agents see open tickets unless they ask for others (T-LST-03).
const STATUS: &str = "open";
const SORT: &str = "-updated_at";
const LIMIT: u32 = 50;
/// Rows a page may have.
pub(super) const LIMITS: [u32; 3] = [25, LIMIT, 100];

/// The list without any filter of the reader.
pub(super) fn plain() -> ListQuery {
    ListQuery { status: STATUS.to_owned(), sort: SORT.to_owned(), limit: LIMIT, count: true, ..ListQuery::default() }
}

/// What the address asks for. Names the page has no field for go on to `service`, which refuses unknown ones:
/// a filter is never ignored.
pub(super) fn read(params: &ParamsMap) -> ListQuery {
    let mut query = plain();
    for (name, value) in params {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match name.as_ref() {
            "text" => value.clone_into(&mut query.text),
            "status" => value.clone_into(&mut query.status),
            "assignee" => value.clone_into(&mut query.assignee),
            "kind" => value.clone_into(&mut query.kind),
            "priority" => value.clone_into(&mut query.priority),
            "sort" => value.clone_into(&mut query.sort),
            "cursor" => value.clone_into(&mut query.cursor),
            "limit" => query.limit = value.parse().ok().filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMIT),
            // A refused post leaves its error in the address; that is no filter.
            name if name.starts_with("__") => {}
            name => query.more.push((name.to_owned(), value.to_owned())),
        }
    }
    query
}

/// The address of a state; what is as usual is left out.
pub(super) fn address(query: &ListQuery) -> String {
    let (limit, usual) = (query.limit.to_string(), LIMIT.to_string());
    let mut pairs: Vec<(&str, &str, &str)> = vec![
        ("text", query.text.as_str(), ""),
        ("status", query.status.as_str(), STATUS),
        ("assignee", query.assignee.as_str(), ""),
        ("kind", query.kind.as_str(), ""),
        ("priority", query.priority.as_str(), ""),
        ("sort", query.sort.as_str(), SORT),
        ("limit", limit.as_str(), usual.as_str()),
        ("cursor", query.cursor.as_str(), ""),
    ];
    pairs.extend(query.more.iter().map(|(name, value)| (name.as_str(), value.as_str(), "")));
    let given: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value, usual)| value != usual)
        .map(|(name, value, _)| [Url::escape(name).as_str(), "=", Url::escape(value).as_str()].concat())
        .collect();
    if given.is_empty() { PATH.to_owned() } else { [PATH, "?", &given.join("&")].concat() }
}

/// The same list without one of its filters, from its first page.
pub(super) fn without(query: &ListQuery, name: &str) -> ListQuery {
    let mut query = first_page(query);
    match name {
        "text" => query.text.clear(),
        "status" => "all".clone_into(&mut query.status),
        "assignee" => query.assignee.clear(),
        "kind" => query.kind.clear(),
        "priority" => query.priority.clear(),
        name => query.more.retain(|(given, _)| given != name),
    }
    query
}

/// Every ticket, in the order the reader chose.
pub(super) fn cleared(query: &ListQuery) -> ListQuery {
    ListQuery { status: "all".to_owned(), sort: query.sort.clone(), limit: query.limit, ..plain() }
}

/// The first page of the same list.
pub(super) fn first_page(query: &ListQuery) -> ListQuery {
    ListQuery { cursor: String::new(), ..query.clone() }
}

/// The page after this one.
pub(super) fn page_at(query: &ListQuery, cursor: &str) -> ListQuery {
    ListQuery { cursor: cursor.to_owned(), ..query.clone() }
}

/// Whether both show the same tickets, whatever their order.
pub(super) fn shows_same(one: &ListQuery, other: &ListQuery) -> bool {
    let bare = |query: &ListQuery| ListQuery { sort: String::new(), limit: 0, cursor: String::new(), ..query.clone() };
    bare(one) == bare(other)
}

/// Whether the list is ordered by a column, and if so, whether downwards.
pub(super) fn direction(query: &ListQuery, column: &str) -> Option<bool> {
    match query.sort.strip_prefix('-') {
        Some(name) => (name == column).then_some(true),
        None => (query.sort == column).then_some(false),
    }
}

/// The same list ordered by a column; asked again, the other way round. What is newest or most urgent comes first.
pub(super) fn sorted_by(query: &ListQuery, column: &str) -> ListQuery {
    let downwards = match direction(query, column) {
        Some(downwards) => !downwards,
        None => !matches!(column, "status" | "due_resolve_at"),
    };
    let sign = if downwards { "-" } else { "" };
    ListQuery { sort: [sign, column].concat(), ..first_page(query) }
}

// Reading an address takes the server or a browser: there is no third way to undo its escapes.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[test]
    fn t_lst_03_agents_see_open_tickets_unless_they_ask_for_others() {
        assert_eq!(read(&params(&[])).status, "open");
        assert_eq!(read(&params(&[("status", "")])).status, "open");
        assert_eq!(read(&params(&[("status", "all")])).status, "all");
        assert_eq!(without(&plain(), "status").status, "all");
    }

    #[test]
    fn t_lst_03_a_name_without_a_field_is_passed_on_and_not_ignored() {
        let query = read(&params(&[("overdue", "true"), ("colour", "red"), ("__err", "x")]));
        assert_eq!(query.more, [("overdue".to_owned(), "true".to_owned()), ("colour".to_owned(), "red".to_owned())]);
    }

    #[test]
    fn t_lst_04_the_state_is_wholly_in_the_address() {
        assert_eq!(address(&plain()), "/tickets");
        let query = ListQuery { text: "vpn & ção".to_owned(), ..sorted_by(&plain(), "number") };
        let address = address(&query);
        assert_eq!(address, "/tickets?text=vpn%20%26%20%C3%A7%C3%A3o&sort=%2Dnumber");
        assert_eq!(read(&params(&[("text", "vpn & ção"), ("sort", "-number")])), query);
    }

    #[test]
    fn t_lst_04_a_column_asked_for_again_turns_round_and_starts_at_the_first_page() {
        let query = page_at(&plain(), "abc");
        let up = sorted_by(&query, "updated_at");
        assert_eq!((up.sort.as_str(), up.cursor.as_str()), ("updated_at", ""));
        assert_eq!(sorted_by(&up, "updated_at").sort, "-updated_at");
        assert_eq!(sorted_by(&query, "status").sort, "status");
    }

    #[test]
    fn a_view_is_known_whatever_its_order() {
        assert!(shows_same(&plain(), &page_at(&sorted_by(&plain(), "number"), "x")));
        assert!(!shows_same(&plain(), &cleared(&plain())));
    }
}
