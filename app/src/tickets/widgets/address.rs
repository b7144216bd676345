//! The state of the ticket page as its address holds it: what of the timeline is shown, which part is open.

use domain::ids::TicketNumber;
use domain::views::TimelineQuery;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;
use uuid::Uuid;

/// Entries of a page that asks for no number.
const FIRST: u32 = 30;
/// Entries a page may ask for at most; further ones are pages of their own.
const MOST: u32 = 200;

/// Kinds of the two entries of a validation.
pub(crate) const REQUEST: &str = "validation_request";
const ANSWER: &str = "validation_answer";

/// What `?…` says on the ticket page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// Part of the timeline.
    pub(crate) query: TimelineQuery,
    /// `timeline`, `properties`, `related`: what a narrow page shows.
    pub(crate) panel: String,
    /// The composer is open.
    pub(crate) composing: bool,
    /// The entry to reply to.
    pub(crate) reply: Option<Uuid>,
}

impl Address {
    /// Reads the address; anything unknown counts as absent.
    pub(crate) fn read(map: &ParamsMap) -> Self {
        let text = |name: &str| map.get(name).unwrap_or_default();
        let is_on = |name: &str| map.get(name).is_some_and(|value| value != "0" && value != "false");
        let mut kinds = map.get_all("kind").unwrap_or_default();
        kinds.retain(|kind| {
            matches!(
                kind.as_str(),
                "occurrence" | "task" | "solution" | "validation" | REQUEST | ANSWER | "message" | "document" | "event"
            )
        });
        // The box of the filter stands for both.
        if kinds.iter().any(|kind| kind == "validation") {
            kinds.retain(|kind| !matches!(kind.as_str(), "validation" | REQUEST | ANSWER));
            kinds.extend([REQUEST, ANSWER].map(str::to_owned));
        }
        if is_on("events") && !kinds.iter().any(|kind| kind == "event") {
            if kinds.is_empty() {
                kinds = ["occurrence", "task", "solution", REQUEST, ANSWER, "message", "document"]
                    .map(str::to_owned)
                    .to_vec();
            }
            kinds.push("event".to_owned());
        }
        let panel = match map.get_str("panel") {
            Some(panel @ ("properties" | "related")) => panel.to_owned(),
            _ => "timeline".to_owned(),
        };
        let order = match map.get_str("order") {
            Some(order @ ("asc" | "desc")) => order.to_owned(),
            _ => String::new(),
        };
        Self {
            query: TimelineQuery {
                order,
                kinds: kinds.join(","),
                public_only: is_on("public"),
                mine: is_on("mine"),
                with_attachments: is_on("files"),
                find: text("find"),
                around: text("around"),
                cursor: text("cursor"),
                limit: map.get_str("limit").and_then(|text| text.parse::<u32>().ok()).unwrap_or(0).min(MOST),
            },
            panel,
            composing: map.get_str("compose") == Some("occurrence"),
            reply: map.get_str("reply").and_then(|id| id.parse().ok()),
        }
    }

    /// The same part of the timeline with other values; a value of "" leaves the name out. A cursor belongs to one
    /// question, so it is never taken over.
    pub(crate) fn link(&self, number: i64, changes: &[(&str, &str)]) -> String {
        let kept = [
            ("order", self.query.order.as_str()),
            ("public", flag(self.query.public_only)),
            ("mine", flag(self.query.mine)),
            ("files", flag(self.query.with_attachments)),
            ("find", self.query.find.as_str()),
        ];
        let mut pairs: Vec<(&str, &str)> =
            self.query.kinds.split(',').filter(|kind| !kind.is_empty()).map(|kind| ("kind", kind)).collect();
        pairs.extend(kept);
        pairs.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        pairs.extend(changes);
        pairs.retain(|(_, value)| !value.is_empty());
        let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/tickets/{number}{mark}{}", query.join("&"))
    }

    /// The page that prints the same part of the timeline (T-LST-09).
    pub(crate) fn printed(&self, number: i64) -> String {
        let (page, shown) = (format!("/tickets/{number}"), self.link(number, &[]));
        [page.as_str(), "/print", shown.get(page.len()..).unwrap_or_default()].concat()
    }

    /// The same beginning of the timeline with twice as many entries; `None` if this is no beginning or long enough.
    pub(crate) fn longer(&self, number: i64) -> Option<String> {
        let shown = if self.query.limit == 0 { FIRST } else { self.query.limit };
        let limit = shown.saturating_mul(2).min(MOST).to_string();
        let is_beginning = self.query.cursor.is_empty() && shown < MOST;
        is_beginning.then(|| self.link(number, &[("around", self.query.around.as_str()), ("limit", limit.as_str())]))
    }

    /// Whether some filter narrows the timeline.
    pub(crate) fn is_filtered(&self) -> bool {
        let query = &self.query;
        !query.kinds.is_empty() || query.public_only || query.mine || query.with_attachments || !query.find.is_empty()
    }
}

fn flag(on: bool) -> &'static str {
    if on { "1" } else { "" }
}

/// The number in the path, 0 for anything that is none: no ticket has it, so the page answers "Not found".
pub(crate) fn use_number() -> Memo<i64> {
    let params = use_params_map();
    Memo::new(move |_| {
        params.with(|map| {
            map.get_str("number").and_then(|text| text.parse::<TicketNumber>().ok()).map_or(0, TicketNumber::get)
        })
    })
}

/// The id of an entry in the path; nil for anything that is none.
pub(crate) fn use_entry_id() -> Memo<Uuid> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|map| map.get_str("id").and_then(|text| text.parse().ok()).unwrap_or_default()))
}

/// The state of the ticket page.
pub(crate) fn use_address() -> Memo<Address> {
    let query = use_query_map();
    Memo::new(move |_| query.with(Address::read))
}

// Making an address takes the server or a browser: there is no third way to escape it.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn shown(limit: u32, cursor: &str) -> Address {
        let query = TimelineQuery { limit, cursor: cursor.to_owned(), ..TimelineQuery::default() };
        Address { query, ..Address::default() }
    }

    #[test]
    fn t_tim_04_the_beginning_of_a_timeline_grows_up_to_200_entries() {
        assert_eq!(shown(0, "").longer(7).as_deref(), Some("/tickets/7?limit=60"));
        assert_eq!(shown(120, "").longer(7).as_deref(), Some("/tickets/7?limit=200"));
        assert_eq!(shown(200, "").longer(7), None);
        assert_eq!(shown(0, "abc").longer(7), None);
    }

    #[test]
    fn t_tim_03_the_box_of_validations_stands_for_requests_and_answers() {
        let mut map = ParamsMap::new();
        map.insert("kind", "task".to_owned());
        map.insert("kind", "validation".to_owned());
        let address = Address::read(&map);
        assert_eq!(address.query.kinds, "task,validation_request,validation_answer");
        assert_eq!(address.link(7, &[]).matches("kind=validation").count(), 2);
    }

    #[test]
    fn t_lst_09_what_is_filtered_is_printed() {
        assert_eq!(shown(0, "abc").printed(7), "/tickets/7/print");
        let query = TimelineQuery { kinds: "event".to_owned(), find: "a b".to_owned(), ..TimelineQuery::default() };
        let address = Address { query, ..Address::default() };
        assert_eq!(address.printed(7), "/tickets/7/print?kind=event&find=a%20b");
    }
}
