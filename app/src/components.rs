//! The parts pages are made of: thin, over native elements, usable before and without scripts.
//!
//! Belongs here: looks and accessibility of one thing. Does not belong here: data fetching, addresses, rules.

pub mod back_link;
pub mod banner;
pub mod button;
pub mod desk_editor;
pub mod desk_files;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod form_error;
pub mod icon;
pub mod mail_sign;
pub mod page_title;
pub mod pagination;
pub mod password;
pub mod person;
pub mod rich_text;
pub mod sign;
pub mod text_area;
pub mod toast;
pub mod when;

/// The four characters that end text or an attribute, as entities. For the two holes of the framework only.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An id made of a field's name: `form[title]` → `form-title`. Error summaries link to it.
#[must_use]
pub fn id_of(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_name_of_the_field() {
        assert_eq!(id_of("form[title]"), "form-title");
        assert_eq!(id_of("form[attachments][]"), "form-attachments");
        assert_eq!(id_of("q"), "q");
    }

    #[test]
    fn nothing_typed_can_end_an_element() {
        assert_eq!(escape("</textarea><script>\"&amp;"), "&lt;/textarea&gt;&lt;script&gt;&quot;&amp;amp;");
    }
}
