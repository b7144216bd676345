//! The values of a template (T-TPL-03), each in the form it is printed in: times in the zone and words of whoever reads.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono_tz::Tz;
use domain::duration::Minutes;
use domain::format;
use domain::lang::Lang;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use super::language::{self, Kind, VARIABLES};
use crate::moments;

/// Begins the mark of a rich value.
pub(super) const OPEN: char = '\u{E000}';
/// Ends it.
pub(super) const CLOSE: char = '\u{E001}';

/// A text that has markup of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rich {
    /// Without markup.
    pub(super) text: String,
    /// With it, cleaned by whoever gave it.
    pub(super) html: String,
}

/// What a template may print. A variable that is not set is there and empty, so it prints nothing (T-TPL-03).
#[derive(Clone, Debug)]
pub(crate) struct Values {
    lang: Lang,
    zone: Tz,
    fields: BTreeMap<String, Value>,
    rich: Vec<Rich>,
}

impl Values {
    /// Every variable, empty; times and durations will be written as in `lang` and `zone` (M-RCP-04).
    #[must_use]
    pub(crate) fn new(lang: Lang, zone: Tz) -> Self {
        let fields = VARIABLES.iter().map(|(path, kind)| {
            let value = match kind {
                Kind::Text | Kind::Time | Kind::Minutes => Value::from(""),
                Kind::Names | Kind::People => Value::from_object(List::default()),
            };
            ((*path).to_owned(), value)
        });
        Self { lang, zone, fields: fields.collect(), rich: Vec::new() }
    }

    /// A text or a number; minutes as digits.
    pub(crate) fn set(&mut self, path: &str, text: impl Into<String>) {
        self.put(path, Value::from(cleaned(&text.into())));
    }

    /// A text with markup: `text` goes into the plain mail, `html` (cleaned before) into the other.
    pub(crate) fn set_rich(&mut self, path: &str, text: &str, html: &str) {
        let rich = Rich { text: cleaned(text), html: html.to_owned() };
        if rich.text.trim().is_empty() && rich.html.trim().is_empty() {
            return self.put(path, Value::from(""));
        }
        self.put(path, Value::from(format!("{OPEN}{}{CLOSE}", self.rich.len())));
        self.rich.push(rich);
    }

    /// An instant in seconds since 1970; `None` prints nothing.
    pub(crate) fn set_time(&mut self, path: &str, at: Option<i64>) {
        let Some(at) = at else { return self.put(path, Value::from("")) };
        let moment = moments::moment(at, self.zone);
        self.put(
            path,
            Value::from_object(Instant {
                whole: format::date_time(&moment, self.lang),
                date: format::date(&moment, self.lang),
                time: format::time(&moment),
            }),
        );
    }

    /// Texts, to loop over or to print with commas between them.
    pub(crate) fn set_list(&mut self, path: &str, names: Vec<String>) {
        self.put(path, Value::from_object(List(names.iter().map(|name| Value::from(cleaned(name))).collect())));
    }

    /// People by name and first name, to loop over or to print with commas between their names.
    pub(crate) fn set_people(&mut self, path: &str, people: Vec<(String, String)>) {
        let person = |(name, first): &(String, String)| {
            Value::from_object(Person { name: cleaned(name), first_name: cleaned(first) })
        };
        self.put(path, Value::from_object(List(people.iter().map(person).collect())));
    }

    /// Something in every variable.
    pub(super) fn sample() -> Self {
        let mut values = Self::new(Lang::En, Tz::UTC);
        let pair = || vec!["Sample".to_owned(), "Example".to_owned()];
        for (path, kind) in VARIABLES {
            match kind {
                Kind::Text if path.ends_with(".text") => values.set_rich(path, "Sample", "<p>Sample</p>"),
                Kind::Text => values.set(path, "Sample"),
                Kind::Time => values.set_time(path, Some(1_773_306_120)),
                Kind::Minutes => values.set(path, "90"),
                Kind::Names => values.set_list(path, pair()),
                Kind::People => values.set_people(path, pair().into_iter().map(|name| (name.clone(), name)).collect()),
            }
        }
        values
    }

    /// The language of whoever reads.
    pub(super) const fn lang(&self) -> Lang {
        self.lang
    }

    /// Rich values in the order of their marks.
    pub(super) fn rich(&self) -> &[Rich] {
        &self.rich
    }

    /// The fields as the engine looks them up: `ticket` holds `title`.
    pub(super) fn context(&self) -> Value {
        let mut top: BTreeMap<String, Value> = BTreeMap::new();
        let mut groups: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for (path, value) in &self.fields {
            match path.split_once('.') {
                Some((group, name)) => {
                    groups.entry(group.to_owned()).or_default().insert(name.to_owned(), value.clone())
                }
                None => top.insert(path.clone(), value.clone()),
            };
        }
        top.extend(groups.into_iter().map(|(group, fields)| (group, Value::from(fields))));
        Value::from(top)
    }

    fn put(&mut self, path: &str, value: Value) {
        debug_assert!(language::kind(path).is_some(), "no template can name {path}");
        self.fields.insert(path.to_owned(), value);
    }
}

/// A text without the marks of rich values and without control characters; line ends are `\n`.
pub(super) fn cleaned(text: &str) -> String {
    let kept = |c: char| match c {
        OPEN | CLOSE => None,
        '\r' => Some('\n'),
        '\n' | '\t' => Some(c),
        c => (!c.is_control()).then_some(c),
    };
    text.replace("\r\n", "\n").chars().filter_map(kept).collect()
}

/// One form of an instant; anything else stays as it is.
pub(super) fn moment_part(value: &Value, pick: fn(&Instant) -> &String) -> Value {
    value.downcast_object_ref::<Instant>().map_or_else(|| value.clone(), |instant| Value::from(pick(instant)))
}

/// Minutes as words: `1 h 30 min` (T-OCC-08); anything else stays as it is.
pub(super) fn duration(value: &Value, lang: Lang) -> Value {
    let minutes = value.as_str().and_then(|digits| digits.parse::<i32>().ok()).filter(|minutes| *minutes >= 0);
    minutes.map_or_else(|| value.clone(), |minutes| Value::from(format::duration(Minutes(minutes), lang)))
}

/// An instant in the forms it can be printed in.
#[derive(Debug)]
pub(super) struct Instant {
    whole: String,
    pub(super) date: String,
    pub(super) time: String,
}

impl Object for Instant {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

#[derive(Debug)]
struct Person {
    name: String,
    first_name: String,
}

impl Object for Person {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "name" => Some(Value::from(&self.name)),
            "first_name" => Some(Value::from(&self.first_name)),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["name", "first_name"])
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[derive(Debug, Default)]
struct List(Vec<Value>);

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, value) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{value}")?;
        }
        Ok(())
    }
}
