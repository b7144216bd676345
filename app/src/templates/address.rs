//! Addresses of the pages of templates.

use domain::forms::SaveTemplate;
use domain::template::TemplateKind;
use leptos_router::location::Url;
use uuid::Uuid;

/// The list of a kind.
#[must_use]
pub fn list(kind: TemplateKind) -> String {
    ["/settings/templates?kind=", kind.plural()].concat()
}

/// The page of a new one.
#[must_use]
pub fn new(kind: TemplateKind) -> String {
    ["/settings/templates/new?kind=", kind.plural()].concat()
}

/// The page of a template.
#[must_use]
pub fn page(id: Uuid) -> String {
    ["/settings/templates/", &id.to_string()].concat()
}

/// Where a saved template leads: to itself, and to a word about it.
#[must_use]
pub fn saved(id: Uuid) -> String {
    page(id) + "?saved=1"
}

/// Where a template that is only shown leads: to its page, with the ticket.
#[must_use]
pub fn shown(form: &SaveTemplate) -> String {
    let kind = TemplateKind::of_plural(&form.kind).unwrap_or_default();
    let (path, joint) = match form.id.trim().parse::<Uuid>() {
        Ok(id) => (page(id), "?"),
        Err(_new) => (new(kind), "&"),
    };
    let ticket = Url::escape(form.ticket.trim());
    [path.as_str(), joint, "ticket=", &ticket, "&language=", &Url::escape(&form.language), "#preview"].concat()
}

// Making an address takes the server or a browser: there is no third way to escape it.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn t_tpl_02_a_preview_leads_to_the_page_it_was_asked_on() {
        let mut form = SaveTemplate { kind: "mails".to_owned(), ticket: " 42 ".to_owned(), ..SaveTemplate::default() };
        form.language = "fr".to_owned();
        assert_eq!(shown(&form), "/settings/templates/new?kind=mails&ticket=42&language=fr#preview");
        form.id = Uuid::nil().to_string();
        assert_eq!(
            shown(&form),
            "/settings/templates/00000000-0000-0000-0000-000000000000?ticket=42&language=fr#preview"
        );
    }
}
