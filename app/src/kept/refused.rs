//! What was posted by a form that was refused and has no draft: the server gives it back to the page once more (T-DRF-03).

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::t::common as t;

/// The form that the address of this page says was refused, as it was posted. The server provides it to whoever posted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Path it was posted to.
    pub form: String,
    /// Names and values, in the order they were posted.
    pub fields: Vec<(String, String)>,
    /// It was refused because its writer was not signed in any more; now he is.
    pub is_late: bool,
}

/// What was typed into one form. In the browser it is empty: what the server wrote into the fields stays there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused(Vec<(String, String)>);

impl Refused {
    /// The fields of the form of `S`; none where it was not refused just now.
    #[must_use]
    pub fn of<S: ServerFn>() -> Self {
        Self::posted_to(S::PATH)
    }

    /// The same of the form that is posted to `action`, whatever its query says.
    #[must_use]
    pub fn posted_to(action: &str) -> Self {
        let path = action.split('?').next().unwrap_or_default();
        Self(
            use_context::<Posted>()
                .filter(|posted| posted.form == path)
                .map(|posted| posted.fields)
                .unwrap_or_default(),
        )
    }

    /// The same where its field `name` held `value`: a page may have several forms that are posted to one address.
    #[must_use]
    pub fn about(self, name: &str, value: &str) -> Self {
        if self.value(name) == Some(value) { self } else { Self::default() }
    }

    /// Whether the form was refused just now.
    #[must_use]
    pub fn is_some(&self) -> bool {
        !self.0.is_empty()
    }

    /// What a field held.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What a field of several held: `form[week]` for `form[week][]`.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<String> {
        let is_one = |known: &str| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('['));
        self.0.iter().filter(|(known, _)| is_one(known)).map(|(_, value)| value.clone()).collect()
    }

    /// What was typed into a field, else what it begins with.
    #[must_use]
    pub fn or(&self, name: &str, begin: impl Into<String>) -> String {
        self.value(name).map_or_else(|| begin.into(), str::to_owned)
    }

    /// How a box was ticked, else how it begins.
    #[must_use]
    pub fn ticked(&self, name: &str, begin: bool) -> bool {
        if self.is_some() { self.value(name).is_some() } else { begin }
    }
}

/// The words of a refused form that is not on the page any more, because it cannot be sent now: they are there to be copied.
/// Nothing where none were kept.
#[must_use]
pub fn left(refused: &Refused, field: &str) -> Option<AnyView> {
    let text = refused.value(field).filter(|text| !text.trim().is_empty())?.to_owned();
    let lang = use_lang();
    Some(
        view! { <Banner tone=Tone::Warning text=t::text_unsent(lang)><p class="pre-line">{text}</p></Banner> }
            .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_drf_03_what_was_typed_belongs_to_the_form_it_was_typed_into() {
        let pairs = [("form[id]", "7"), ("form[text]", "Typed."), ("form[task]", "true")];
        let refused = Refused(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert_eq!(refused.clone().about("form[id]", "8"), Refused::default());
        let own = refused.about("form[id]", "7");
        assert_eq!((own.or("form[text]", "begin"), own.or("form[other]", "begin")), ("Typed.".into(), "begin".into()));
        assert!(own.ticked("form[task]", false) && !own.ticked("form[ticket]", true));
        assert!(Refused::default().ticked("form[task]", true));
        let week = [("form[week][]", "08:00-12:00"), ("form[weekend]", "x"), ("form[week][1]", "")];
        let several = Refused(week.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert_eq!(several.values("form[week]"), ["08:00-12:00", ""]);
    }
}
