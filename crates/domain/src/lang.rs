//! The languages people read. Belongs here: which there are and how a browser asks for one. Does not
//! belong here: texts (`app/locales`), dates and numbers (`format`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Code;

/// A language of the interface and of mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Portuguese of Brazil.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// French.
    #[serde(rename = "fr")]
    Fr,
}

impl Lang {
    /// Every language, in the order of the language menu.
    pub const ALL: [Lang; 4] = [Lang::En, Lang::PtBr, Lang::Es, Lang::Fr];

    /// The BCP 47 tag, as in `<html lang>`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::PtBr => "pt-BR",
            Lang::Es => "es",
            Lang::Fr => "fr",
        }
    }

    /// The best language for an `Accept-Language` header: highest q-value, then first named; any variant of
    /// a language counts (`pt`, `pt-PT` → `pt-BR`). `None` when it names none of ours.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Lang> {
        let mut best: Option<(Lang, f32)> = None;
        for item in header.split(',') {
            let mut parts = item.split(';');
            let Some(lang) = parts.next().and_then(|tag| Self::from_primary_tag(tag.trim())) else {
                continue;
            };
            let q = parts.find_map(quality).unwrap_or(1.0);
            let is_better = match best {
                Some((_, best_q)) => q > best_q,
                None => q > 0.0,
            };
            if is_better {
                best = Some((lang, q));
            }
        }
        best.map(|(lang, _)| lang)
    }

    fn from_primary_tag(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Lang::En),
            "pt" => Some(Lang::PtBr),
            "es" => Some(Lang::Es),
            "fr" => Some(Lang::Fr),
            _ => None,
        }
    }
}

/// The value of a `q=` parameter; a value that is no number of 0..1 counts as 0, other parameters as absent.
fn quality(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let q = value.trim().parse::<f32>().unwrap_or(0.0);
    Some(if (0.0..=1.0).contains(&q) { q } else { 0.0 })
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = Code;

    /// Reads a tag whatever its case; another language is `Code::Invalid`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(text)).ok_or(Code::Invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_json_are_the_same_word() {
        for lang in Lang::ALL {
            assert_eq!(lang.code().parse::<Lang>(), Ok(lang));
            assert_eq!(serde_json::to_string(&lang).unwrap(), format!("\"{}\"", lang.code()));
        }
        assert_eq!("pt-br".parse::<Lang>(), Ok(Lang::PtBr));
        assert_eq!("de".parse::<Lang>(), Err(Code::Invalid));
    }

    #[test]
    fn the_browser_gets_the_language_it_likes_best() {
        let cases = [
            ("", None),
            ("*", None),
            ("de, ja;q=0.9", None),
            ("en", Some(Lang::En)),
            ("pt", Some(Lang::PtBr)),
            ("pt-PT", Some(Lang::PtBr)),
            ("pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", Some(Lang::PtBr)),
            ("de, fr;q=0.5, es;q=0.8", Some(Lang::Es)),
            ("es;q=0.5, fr;q=0.5", Some(Lang::Es)),
            ("FR-ca", Some(Lang::Fr)),
            ("en;q=0, fr;q=0.1", Some(Lang::Fr)),
            ("en;q=0", None),
            ("en; q=nan, es; Q = 0.2", Some(Lang::Es)),
            ("en;q=7", None),
            (";;,,=", None),
        ];
        for (header, expected) in cases {
            assert_eq!(Lang::from_accept_language(header), expected, "{header}");
        }
    }
}
