//! The form of a template.

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// A template as its page posts it (T-TPL-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveTemplate {
    /// Id; empty = a new one.
    pub id: String,
    /// `replies`, `tasks`, `solutions`, `mails`: of a new one.
    pub kind: String,
    /// Version the form was made from; 0 = without comparison.
    pub version: i32,
    /// 1..100 characters.
    pub name: String,
    /// Entity id: of a new one.
    pub entity: String,
    /// Also in sub-entities.
    pub recursive: bool,
    /// May be chosen.
    pub active: bool,
    /// English text.
    pub text_en: String,
    /// Portuguese text.
    pub text_pt_br: String,
    /// Spanish text.
    pub text_es: String,
    /// French text.
    pub text_fr: String,
    /// Reply: occurrence category id, task: task category id, solution: type id; empty = none.
    pub category: String,
    /// Reply: request source id; empty = none.
    pub source: String,
    /// Reply and task: `private`, `public`; empty = as the entry begins.
    pub visibility: String,
    /// Task: where it begins; empty = to do.
    pub state: String,
    /// Task: estimated time, as typed; empty = none.
    pub estimated_minutes: String,
    /// Task: id of the person; empty = nobody.
    pub user: String,
    /// Task: id of the group; empty = none.
    pub group: String,
    /// Task: minutes before its begin; empty = no reminder.
    pub reminder_minutes: String,
    /// Only show it: nothing is saved.
    pub preview: bool,
    /// Number of the ticket it is shown with.
    pub ticket: String,
    /// Language it is shown in.
    pub language: String,
    /// Mail: back to the text that came with the product.
    pub reset: bool,
}

impl SaveTemplate {
    /// The text in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.text_en,
            Lang::PtBr => &self.text_pt_br,
            Lang::Es => &self.text_es,
            Lang::Fr => &self.text_fr,
        }
    }

    /// Sets the text in a language.
    pub fn set_text(&mut self, lang: Lang, text: String) {
        match lang {
            Lang::En => self.text_en = text,
            Lang::PtBr => self.text_pt_br = text,
            Lang::Es => self.text_es = text,
            Lang::Fr => self.text_fr = text,
        }
    }

    /// Name of the field of a language in the form.
    #[must_use]
    pub const fn text_name(lang: Lang) -> &'static str {
        match lang {
            Lang::En => "text_en",
            Lang::PtBr => "text_pt_br",
            Lang::Es => "text_es",
            Lang::Fr => "text_fr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_tpl_01_each_language_has_its_field() {
        let mut form = SaveTemplate::default();
        for lang in Lang::ALL {
            form.set_text(lang, lang.code().to_owned());
        }
        let fields = serde_json::to_value(&form).unwrap();
        for lang in Lang::ALL {
            assert_eq!(form.text(lang), lang.code());
            assert_eq!(fields[SaveTemplate::text_name(lang)], lang.code());
        }
    }
}
