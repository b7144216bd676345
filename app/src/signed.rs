//! Pages that a signed link opens without a sign-in (P-ACT-10): the token stands in their address, which no other page may learn
//! as where its visitor came from. So the browser tells of them no more than the site, and their forms say themselves which page
//! a refusal leads back to.

use leptos_router::location::Url;

/// Their paths; the link of each ends with `?token=…`.
const PAGES: [&str; 5] = ["/invitation", "/setup", "/solution", "/survey", "/unsubscribe"];

/// Whether a path is one of these pages.
#[must_use]
pub fn is_page(path: &str) -> bool {
    PAGES.contains(&path)
}

/// Where a form of such a page posts to: the address of its function, and in `from` the page to lead back to.
#[must_use]
pub fn action(function: &str, page: &str, token: &str) -> String {
    let page = [page, "?token=", &Url::escape(token)].concat();
    [function, "?from=", &Url::escape(&page)].concat()
}

/// The page that `from` names, if it is one of these.
#[must_use]
pub fn lead_back(from: &str) -> Option<&str> {
    let path = from.split(['?', '#']).next().unwrap_or_default();
    let is_plain = from.bytes().all(|byte| byte.is_ascii_graphic());
    (is_plain && is_page(path)).then_some(from)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn p_act_10_a_form_leads_back_to_a_signed_page_and_to_no_other() {
        assert_eq!(action("/fn/x", "/survey", "ab"), ["/fn/x?from=", &Url::escape("/survey?token=ab")].concat());
        assert_eq!(lead_back("/survey?token=ab"), Some("/survey?token=ab"));
        for other in ["", "/", "/tickets", "//evil.example/survey", "https://evil.example", "/survey2", "/survey?a b"] {
            assert_eq!(lead_back(other), None, "{other}");
        }
    }
}
