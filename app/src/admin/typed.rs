//! What was typed into a form that was refused, and secrets that are shown once: kept by the server for the next page.

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
    crate::context::take_once()
}

/// No browser makes these pages.
#[cfg(not(feature = "ssr"))]
const fn taken() -> Vec<(String, String)> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

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
