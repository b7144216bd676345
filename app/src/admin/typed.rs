//! What was typed into a form that was refused, and secrets that are shown once: kept by the server for the next page. Also what
//! was posted after the session of its writer had ended (T-DRF-03).

/// Names and values for this page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed(Vec<(String, String)>);

impl Typed {
    /// Takes them; there is nothing the second time.
    pub(crate) fn take() -> Self {
        Self(taken())
    }

    /// Those of one form; nothing of another one.
    pub(crate) fn of(&self, form: &str) -> Self {
        if self.value("form") == Some(form) { self.clone() } else { Self::default() }
    }

    /// Whether the form was refused just now.
    pub(crate) fn is_some(&self) -> bool {
        !self.0.is_empty()
    }

    /// A value.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What was typed into a field, else what it holds.
    pub(crate) fn or(&self, name: &str, held: &str) -> String {
        self.value(name).unwrap_or(held).to_owned()
    }

    /// How a box was ticked, else how it is.
    pub(crate) fn ticked(&self, name: &str, held: bool) -> bool {
        if self.is_some() { self.value(name) == Some("true") } else { held }
    }

    /// The words of a field of several, else those it holds.
    pub(crate) fn words(&self, name: &str, held: Vec<String>) -> Vec<String> {
        if self.is_some() { self.or(name, "").split(' ').map(str::to_owned).collect() } else { held }
    }
}

#[cfg(feature = "ssr")]
fn taken() -> Vec<(String, String)> {
    let once = crate::context::take_once();
    if !once.is_empty() {
        return once;
    }
    leptos::prelude::use_context::<crate::kept::refused::Posted>()
        .map(|posted| by_field(&posted.form, posted.fields))
        .unwrap_or_default()
}

/// A form as it was posted, by the names this page knows.
#[cfg(feature = "ssr")]
fn by_field(path: &str, fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let holds = |name: &str| fields.iter().any(|(known, _)| known == name);
    // Buttons beside a row: nothing was typed there.
    if holds("form[remove]") || holds("form[membership]") {
        return Vec::new();
    }
    let form = match path.rsplit('/').next().unwrap_or_default() {
        "save_role" if holds("form[copy_of]") => "copy_role",
        name => name,
    };
    let mut out = vec![("form".to_owned(), form.to_owned())];
    for (name, value) in fields {
        let Some((field, _)) = name.strip_prefix("form[").and_then(|rest| rest.split_once(']')) else { continue };
        // The words of a field of several stand in one line.
        match out.iter_mut().find(|(known, _)| known == field) {
            Some((_, held)) => held.extend([" ", value.as_str()]),
            None => out.push((field.to_owned(), value)),
        }
    }
    out
}

/// No browser makes these pages.
#[cfg(not(feature = "ssr"))]
const fn taken() -> Vec<(String, String)> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "ssr")]
    #[test]
    fn t_drf_03_what_came_too_late_is_read_by_the_names_of_the_page() {
        let of = |path: &str, pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Typed(by_field(path, pairs.collect()))
        };
        let name = ("form[name]", "Desk");
        let role = [("form[id]", "7"), name, ("form[capabilities][]", "a.b"), ("form[capabilities][]", "c.d")];
        let typed = of("/fn/save_role", &role).of("save_role");
        assert_eq!((typed.or("name", ""), typed.or("capabilities", "")), ("Desk".to_owned(), "a.b c.d".to_owned()));
        assert!(of("/fn/save_role", &[("form[copy_of]", "7"), name]).of("copy_role").is_some());
        assert!(!of("/fn/change_member", &[("form[user]", "7"), ("form[membership]", "none")]).is_some());
    }

    #[test]
    fn what_was_typed_belongs_to_its_form() {
        let pairs = [("form", "save_group"), ("name", "Network"), ("recursive", "true"), ("mails", "opening closing")];
        let typed = Typed(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert!(!typed.of("save_user").is_some());
        let own = typed.of("save_group");
        assert_eq!((own.or("name", "x"), own.or("entity", "x")), ("Network".to_owned(), "x".to_owned()));
        assert!(own.ticked("recursive", false) && !own.ticked("may_be_asked", true));
        assert_eq!(own.words("mails", Vec::new()), ["opening", "closing"]);
        assert!(Typed::default().ticked("recursive", true));
    }
}
