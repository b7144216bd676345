//! Finding tickets by what was written in them (T-OCC-24..27), articles and customers beside them (T-LST-08): one folding for index
//! and query, on both engines.
//!
//! Public and private texts lie in different tables; the SQL of a person who may see nothing private does not name the private one.

mod articles;
mod find;
mod fold;
mod index;
mod others;
mod query;
mod snippet;

use std::ops::Range;

use domain::search::Query;
use domain::views::Snippet;

pub(crate) use articles::{
    any_word_condition, article_condition, article_snippet, index_article, suggesting_words, unindex_article,
    words_found,
};
pub use find::search;
pub use fold::{fold, words};
pub use index::rebuild;
pub(crate) use index::{
    Doc, index, index_new, index_on, limited, occurrence_doc, ticket_text, unindex, unindex_ticket, vector,
};
pub(crate) use others::Find;
pub use others::is_alone;
pub(crate) use query::{fts5, text_condition, text_condition_portal, tsquery};

/// A filter by text takes at most this many of the newest rows that match: twice what is counted exactly, so that one page costs the
/// same for a common word as for a rare one.
const NEWEST: i64 = 2_000;

/// Reads a search text as typed: folded as the index is (T-OCC-25).
///
/// # Errors
/// `TooLong` above 200 characters.
pub fn parse(text: &str) -> Result<Query, domain::error::Code> {
    let typed = crate::sanitise::nfc(text);
    if domain::text::length(typed.trim()) > domain::search::MAX_QUERY {
        return Err(domain::error::Code::TooLong);
    }
    // Folding may lengthen a text (`ß`); what was typed is counted, the rest is cut.
    let folded: String = fold(typed.trim()).chars().take(domain::search::MAX_QUERY).collect();
    let mut query = domain::search::parse(&folded)?;
    for word in query.terms.iter_mut().flat_map(|term| term.words.iter_mut()) {
        *word = fold::cut(word).to_owned();
    }
    Ok(query)
}

/// Whether a text fits a query, for the search inside one ticket (T-OCC-24).
#[must_use]
pub fn find_in_text(text: &str, query: &Query) -> bool {
    let tokens: Vec<fold::Token> = fold::tokens(text).collect();
    !query.is_empty() && query.terms.iter().all(|term| snippet::first_match(&tokens, term).is_some() != term.negative)
}

/// At most 200 characters of a text around the first word of a query, all of them marked; its beginning where none stands in it.
pub(crate) fn text_snippet(text: &str, query: &Query) -> Vec<Snippet> {
    snippet::snippet(text, query)
}

/// Where the words of a query stand in a text, as byte ranges in order.
#[must_use]
pub fn hits_in_text(text: &str, query: &Query) -> Vec<Range<usize>> {
    snippet::hits(text, query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_occ_24_a_text_fits_when_all_words_are_in_it() {
        let text = "Substituição do cabo de rede.\nStraße 5";
        let cases = [
            ("cabo rede", true),
            ("CABO SUBSTITUICAO", true),
            ("substit", true),
            ("substit cabo", false),
            ("\"cabo de rede\"", true),
            ("\"rede cabo\"", false),
            ("cabo -rede", false),
            ("cabo -monitor", true),
            ("strasse", true),
            ("-monitor", false),
            ("", false),
        ];
        for (typed, expected) in cases {
            assert_eq!(find_in_text(text, &parse(typed).unwrap()), expected, "{typed}");
        }
    }

    #[test]
    fn t_occ_25_a_query_has_at_most_200_characters() {
        assert!(parse(&"ß".repeat(200)).is_ok());
        assert!(parse(&"a".repeat(201)).is_err());
    }
}
