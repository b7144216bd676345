//! Addresses of the list: which mails are asked for.

use domain::mail::MailState;
use domain::views::OutgoingQuery;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

/// The list of outgoing mails.
pub const OUTGOING: &str = "/settings/mail";

/// What an address asks for; a word that is no state is none.
#[must_use]
pub fn read(map: &ParamsMap) -> OutgoingQuery {
    let text = |name: &str| map.get(name).unwrap_or_default();
    let state = text("state");
    OutgoingQuery {
        state: if state.parse::<MailState>().is_ok() { state } else { String::new() },
        ticket: text("ticket"),
        address: text("address"),
        cursor: text("cursor"),
        limit: 0,
    }
}

/// The address that asks for it.
#[must_use]
pub fn list(query: &OutgoingQuery) -> String {
    let pairs = [
        ("state", query.state.as_str()),
        ("ticket", query.ticket.as_str()),
        ("address", query.address.as_str()),
        ("cursor", query.cursor.as_str()),
    ];
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [*name, "=", &Url::escape(value)].concat())
        .collect();
    if query.is_empty() { OUTGOING.to_owned() } else { [OUTGOING, "?", &query.join("&")].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_what_is_asked_for_and_nothing_else() {
        assert_eq!(list(&OutgoingQuery::default()), "/settings/mail");
        let query = OutgoingQuery { state: "failed".to_owned(), ticket: "42".to_owned(), ..OutgoingQuery::default() };
        assert_eq!(list(&query), "/settings/mail?state=failed&ticket=42");
    }
}
