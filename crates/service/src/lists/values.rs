//! What can be edited of a row, as it is compared, stored and kept in the audit log.

use std::collections::BTreeMap;

use domain::calendar::{Calendar, Holiday, Week, read_holidays};
use domain::error::{Code, FieldErrors};
use domain::forms::{ListRowPatch, Patch, RulePatch};
use domain::lang::Lang;
use domain::lists::{Flag, List, POSITION_MAX, check_name};
use domain::pending::{self as rules, Rule};
use entity::list_row;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{HOME, calendar};
use crate::error::ServiceError;
use crate::pending;
use crate::sanitise::nfc;

/// Texts by language code; a language without text is absent.
pub(super) type Texts = BTreeMap<String, String>;

/// What can be edited of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Values {
    pub(super) names: Texts,
    pub(super) labels: Texts,
    pub(super) parent: Option<Uuid>,
    pub(super) group: Option<Uuid>,
    pub(super) recursive: bool,
    pub(super) active: bool,
    pub(super) position: i32,
    pub(super) flags: BTreeMap<Flag, bool>,
    pub(super) rule: Rule,
    pub(super) week: Week,
    pub(super) holidays: Vec<Holiday>,
}

impl Values {
    /// What a new row begins with.
    pub(super) fn initial(list: List) -> Self {
        let flags = Flag::ALL.into_iter().map(|flag| (flag, flag.initial(list))).collect();
        Self { recursive: true, active: true, flags, ..Self::default() }
    }

    /// Those of a stored row.
    pub(super) fn of(row: &list_row::Model) -> Self {
        let flags = [
            (Flag::ForTickets, row.for_tickets),
            (Flag::ForOccurrences, row.for_occurrences),
            (Flag::ForIncident, row.for_incident),
            (Flag::ForRequest, row.for_request),
            (Flag::Portal, row.portal),
        ];
        let Calendar { week, holidays } = calendar(row);
        Self {
            names: texts(&row.names),
            labels: row.labels.as_deref().map(texts).unwrap_or_default(),
            parent: row.parent_id,
            group: row.group_id,
            recursive: row.recursive,
            active: row.active,
            position: row.position,
            flags: BTreeMap::from(flags),
            rule: pending::rule_of(row),
            week,
            holidays,
        }
    }

    /// Puts them into a row of an entity whose language is `home`.
    ///
    /// # Errors
    /// `Internal` when texts cannot be written, which does not happen.
    pub(super) fn write(&self, row: &mut list_row::Model, home: Lang) -> Result<(), ServiceError> {
        row.names = stored(&self.names, home)?;
        row.labels = if self.labels.is_empty() { None } else { Some(stored(&self.labels, home)?) };
        row.parent_id = self.parent;
        row.group_id = self.group;
        row.recursive = self.recursive;
        row.active = self.active;
        row.position = self.position;
        row.for_tickets = self.flag(Flag::ForTickets);
        row.for_occurrences = self.flag(Flag::ForOccurrences);
        row.for_incident = self.flag(Flag::ForIncident);
        row.for_request = self.flag(Flag::ForRequest);
        row.portal = self.flag(Flag::Portal);
        row.rule = if self.rule == Rule::default() { None } else { Some(serde_json::to_string(&self.rule)?) };
        let calendar = Calendar { week: self.week.clone(), holidays: self.holidays.clone() };
        row.hours = if calendar == Calendar::default() { None } else { Some(serde_json::to_string(&calendar)?) };
        Ok(())
    }

    /// A flag.
    pub(super) fn flag(&self, flag: Flag) -> bool {
        self.flags.get(&flag).copied().unwrap_or_default()
    }

    /// What an update makes of them; wrong fields are noted and stay as they were.
    pub(super) fn patched(&self, patch: &ListRowPatch, errors: &mut FieldErrors) -> Self {
        let mut out = self.clone();
        for (field, typed, texts) in
            [("names", &patch.names, &mut out.names), ("labels", &patch.labels, &mut out.labels)]
        {
            for (lang, text) in typed {
                put(texts, field, *lang, text, errors);
            }
        }
        for (field, typed, id) in
            [("parent", &patch.parent, &mut out.parent), ("routing_group", &patch.group, &mut out.group)]
        {
            put_id(id, field, typed, errors);
        }
        out.recursive = patch.recursive.unwrap_or(out.recursive);
        out.active = patch.active.unwrap_or(out.active);
        if let Some(wanted) = patch.position {
            let position = i32::try_from(wanted).ok().filter(|position| (0..=POSITION_MAX).contains(position));
            out.position = errors.check("position", position.ok_or(Code::OutOfRange)).unwrap_or(out.position);
        }
        match &patch.week {
            Patch::Keep => {}
            Patch::Clear => out.week = Week::default(),
            Patch::Set(lines) => match Week::read(lines) {
                Ok(week) => out.week = week,
                Err(wrong) => errors.0.extend(wrong.0),
            },
        }
        match &patch.holidays {
            Patch::Keep => {}
            Patch::Clear => out.holidays = Vec::new(),
            Patch::Set(text) => {
                out.holidays = errors.check("holidays", read_holidays(&nfc(text))).unwrap_or(out.holidays);
            }
        }
        out.flags.extend(patch.flags.iter().map(|(flag, on)| (*flag, *on)));
        out.rule = ruled(&self.rule, &patch.rule, errors);
        out
    }

    /// These with the changes that were made from `base`: what was not changed stays as it is stored.
    pub(super) fn merged(&self, base: &Self, yours: &Self) -> Self {
        Self {
            names: merged_texts(&base.names, &self.names, &yours.names),
            labels: merged_texts(&base.labels, &self.labels, &yours.labels),
            parent: pick(base.parent, self.parent, yours.parent),
            group: pick(base.group, self.group, yours.group),
            recursive: pick(base.recursive, self.recursive, yours.recursive),
            active: pick(base.active, self.active, yours.active),
            position: pick(base.position, self.position, yours.position),
            flags: Flag::ALL
                .into_iter()
                .map(|flag| (flag, pick(base.flag(flag), self.flag(flag), yours.flag(flag))))
                .collect(),
            rule: merged_rule(&base.rule, &self.rule, &yours.rule),
            week: pick(&base.week, &self.week, &yours.week).clone(),
            holidays: pick(&base.holidays, &self.holidays, &yours.holidays).clone(),
        }
    }

    /// Every field with its value, as the API names it.
    pub(super) fn fields(&self) -> BTreeMap<String, Value> {
        let mut out = BTreeMap::new();
        for lang in Lang::ALL {
            out.insert(text_field("names", lang), json!(self.names.get(lang.code())));
            out.insert(text_field("labels", lang), json!(self.labels.get(lang.code())));
        }
        for flag in Flag::ALL {
            out.insert(flag.as_str().to_owned(), json!(self.flag(flag)));
        }
        for (field, value) in [
            ("parent", json!(self.parent)),
            ("routing_group", json!(self.group)),
            ("recursive", json!(self.recursive)),
            ("active", json!(self.active)),
            ("position", json!(self.position)),
            ("default", json!(self.rule.is_default)),
            ("reminder_every", json!(self.rule.reminder_every)),
            ("reminder_template", json!(self.rule.reminder_template)),
            ("reminders_before_solving", json!(self.rule.reminders_before_solving)),
            ("solution_template", json!(self.rule.solution_template)),
            ("week", json!(self.week.lines())),
            ("holidays", json!(self.holidays.iter().map(ToString::to_string).collect::<Vec<_>>())),
        ] {
            out.insert(field.to_owned(), value);
        }
        out
    }
}

/// Name of the field of a text in a language: `names.pt-BR`.
pub(super) fn text_field(field: &str, lang: Lang) -> String {
    [field, ".", lang.code()].concat()
}

fn put(texts: &mut Texts, field: &str, lang: Lang, typed: &Patch<String>, errors: &mut FieldErrors) {
    let text = match typed {
        Patch::Keep => return,
        Patch::Clear => Some(String::new()),
        Patch::Set(text) => errors.check(&text_field(field, lang), check_name(&nfc(text))),
    };
    match text {
        None => {}
        Some(text) if text.is_empty() => {
            texts.remove(lang.code());
        }
        Some(text) => {
            texts.insert(lang.code().to_owned(), text);
        }
    }
}

fn put_id(id: &mut Option<Uuid>, field: &str, typed: &Patch<String>, errors: &mut FieldErrors) {
    match typed {
        Patch::Keep => {}
        Patch::Clear => *id = None,
        Patch::Set(text) => match text.trim().parse::<Uuid>() {
            Ok(wanted) => *id = Some(wanted),
            Err(_not_an_id) => errors.add(field, Code::UnknownReference),
        },
    }
}

/// What an update makes of a rule; wrong fields are noted and stay as they were.
fn ruled(rule: &Rule, patch: &RulePatch, errors: &mut FieldErrors) -> Rule {
    let mut out = rule.clone();
    out.is_default = patch.is_default.unwrap_or(out.is_default);
    match &patch.reminder_every {
        Patch::Keep => {}
        Patch::Clear => out.reminder_every = None,
        Patch::Set(text) => {
            let every = errors.check("reminder_every", text.trim().parse::<rules::Every>());
            out.reminder_every = every.or(out.reminder_every);
        }
    }
    match &patch.reminders_before_solving {
        Patch::Keep => {}
        Patch::Clear => out.reminders_before_solving = None,
        Patch::Set(text) => {
            let most = errors.check("reminders_before_solving", rules::reminders(text));
            out.reminders_before_solving = most.unwrap_or(out.reminders_before_solving);
        }
    }
    put_id(&mut out.reminder_template, "reminder_template", &patch.reminder_template, errors);
    put_id(&mut out.solution_template, "solution_template", &patch.solution_template, errors);
    out
}

fn merged_rule(base: &Rule, theirs: &Rule, yours: &Rule) -> Rule {
    Rule {
        is_default: pick(base.is_default, theirs.is_default, yours.is_default),
        reminder_every: pick(base.reminder_every, theirs.reminder_every, yours.reminder_every),
        reminder_template: pick(base.reminder_template, theirs.reminder_template, yours.reminder_template),
        reminders_before_solving: pick(
            base.reminders_before_solving,
            theirs.reminders_before_solving,
            yours.reminders_before_solving,
        ),
        solution_template: pick(base.solution_template, theirs.solution_template, yours.solution_template),
    }
}

fn texts(stored: &str) -> Texts {
    let mut texts: Texts = serde_json::from_str(stored).unwrap_or_default();
    texts.retain(|lang, text| lang != HOME && !text.is_empty());
    texts
}

/// Texts as the column keeps them: beside them the language an empty one falls back to.
fn stored(texts: &Texts, home: Lang) -> Result<String, ServiceError> {
    let mut texts = texts.clone();
    texts.insert(HOME.to_owned(), home.code().to_owned());
    Ok(serde_json::to_string(&texts)?)
}

fn pick<T: PartialEq>(base: T, theirs: T, yours: T) -> T {
    if yours == base { theirs } else { yours }
}

fn merged_texts(base: &Texts, theirs: &Texts, yours: &Texts) -> Texts {
    let of = |lang: Lang| {
        let code = lang.code();
        let text = pick(base.get(code), theirs.get(code), yours.get(code));
        text.map(|text| (code.to_owned(), text.clone()))
    };
    Lang::ALL.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(en: &str) -> Values {
        Values { names: Texts::from([("en".to_owned(), en.to_owned())]), ..Values::initial(List::Locations) }
    }

    #[test]
    fn t_gen_07_only_what_was_changed_takes_the_place_of_what_is_stored() {
        let base = named("Floor 1");
        let theirs = Values { active: false, ..base.clone() };
        let yours = Values { position: 7, ..base.clone() };
        let merged = theirs.merged(&base, &yours);
        assert_eq!(merged, Values { active: false, position: 7, ..base });
    }

    #[test]
    fn t_set_09_a_patch_names_every_wrong_field_and_keeps_the_rest() {
        let mut errors = FieldErrors::new();
        let patch = ListRowPatch {
            names: BTreeMap::from([
                (Lang::En, Patch::Set("x".repeat(101))),
                (Lang::Fr, Patch::Set("  Étage ".to_owned())),
            ]),
            parent: Patch::Set("none of ours".to_owned()),
            position: Some(-1),
            ..ListRowPatch::default()
        };
        let out = named("Floor").patched(&patch, &mut errors);
        assert_eq!(errors.of("names.en"), Some(Code::TooLong));
        assert_eq!(errors.of("parent"), Some(Code::UnknownReference));
        assert_eq!(errors.of("position"), Some(Code::OutOfRange));
        assert_eq!(
            out.names,
            Texts::from([("en".to_owned(), "Floor".to_owned()), ("fr".to_owned(), "Étage".to_owned())])
        );
    }

    #[test]
    fn t_pen_01_a_rule_is_changed_field_by_field() {
        let base = Values { rule: Rule { is_default: true, ..Rule::default() }, ..named("Waits") };
        let mut errors = FieldErrors::new();
        let patch = |every: &str, most: &str| ListRowPatch {
            rule: RulePatch {
                reminder_every: Patch::Set(every.to_owned()),
                reminders_before_solving: Patch::Set(most.to_owned()),
                ..RulePatch::default()
            },
            ..ListRowPatch::default()
        };
        let changed = base.patched(&patch("2d", "3"), &mut errors);
        assert!(errors.is_empty(), "{errors:?}");
        let rule = &changed.rule;
        assert_eq!((rule.is_default, rule.reminders_before_solving), (true, Some(3)));
        assert_eq!(rule.reminder_every, Some(rules::Every::Days2));
        let kept = changed.patched(&patch("9d", "4"), &mut errors);
        assert_eq!(errors.of("reminder_every"), Some(Code::Invalid));
        assert_eq!(errors.of("reminders_before_solving"), Some(Code::OutOfRange));
        assert_eq!(kept, changed, "what is wrong stays as it was");
        let theirs = Values { rule: Rule { is_default: false, ..base.rule.clone() }, ..base.clone() };
        let merged = theirs.merged(&base, &changed).rule;
        assert_eq!((merged.is_default, merged.reminder_every), (false, Some(rules::Every::Days2)));
    }

    #[test]
    fn fields_are_named_as_the_api_names_them() {
        let fields = named("Floor").fields();
        assert_eq!(fields["names.en"], json!("Floor"));
        assert_eq!((&fields["names.pt-BR"], &fields["parent"]), (&Value::Null, &Value::Null));
        assert_eq!(fields["recursive"], json!(true));
    }
}
