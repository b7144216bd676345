//! Words of tasks: states, plans, fields, events.

use domain::duration::Minutes;
use domain::format;
use domain::lang::Lang;
use domain::task::{REMINDERS, TaskState};
use domain::views::{Choice, FieldChange, Moment, TaskFacts};

use crate::t::tasks as t;
use crate::tickets::widgets::words;

/// The word of a state.
pub(crate) fn state(lang: Lang, state: TaskState) -> &'static str {
    match state {
        TaskState::Info => t::state_info(lang),
        TaskState::Todo => t::state_todo(lang),
        TaskState::InProgress => t::state_in_progress(lang),
        TaskState::OnHold => t::state_on_hold(lang),
        TaskState::Done => t::state_done(lang),
    }
}

/// States as options.
pub(crate) fn states(lang: Lang) -> Vec<Choice> {
    TaskState::ALL.iter().map(|one| choice(one.as_str().to_owned(), state(lang, *one).to_owned())).collect()
}

/// Reminders as options.
pub(crate) fn reminders(lang: Lang) -> Vec<Choice> {
    REMINDERS.into_iter().map(|minutes| choice(minutes.to_string(), reminder(lang, minutes))).collect()
}

/// "30 min before it begins".
pub(crate) fn reminder(lang: Lang, minutes: i32) -> String {
    if minutes == 0 {
        return t::reminder_at_begin(lang).to_owned();
    }
    t::reminder_before(lang, &format::duration(Minutes(minutes), lang))
}

fn choice(value: String, name: String) -> Choice {
    Choice { value, name, depth: 0 }
}

/// From when to when; the day is said once.
pub(crate) fn span(lang: Lang, begin: &Moment, end: &Moment) -> String {
    let is_same_day = begin.as_str().get(..10) == end.as_str().get(..10);
    let last = if is_same_day { format::time(end) } else { format::date_time(end, lang) };
    [format::date_time(begin, lang).as_str(), " – ", &last].concat()
}

/// When a task is planned.
pub(crate) fn planned(lang: Lang, facts: &TaskFacts) -> Option<String> {
    Some(span(lang, facts.planned_begin.as_ref()?, facts.planned_end.as_ref()?))
}

/// Who does it: a person, else a group.
pub(crate) fn doer(lang: Lang, facts: &TaskFacts) -> Option<String> {
    let person = facts.user.as_ref().map(|person| words::name(lang, person));
    person.or_else(|| facts.group.as_ref().map(|group| group.name.clone())).filter(|name| !name.is_empty())
}

/// State, time and person, as they stand in the timeline (T-TSK-02).
#[cfg(feature = "ssr")]
fn line(lang: Lang, facts: &TaskFacts) -> String {
    let parts = [Some(state(lang, facts.state).to_owned()), planned(lang, facts), doer(lang, facts)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Puts those lines into the tasks of a timeline, in the language of its reader.
#[cfg(feature = "ssr")]
pub(crate) fn put_lines(timeline: &mut domain::views::Timeline, lang: Lang) {
    for entry in &mut timeline.entries {
        if let domain::views::Entry::Task(task) = entry {
            task.line = line(lang, &task.facts);
        }
    }
}

/// The name of a field of a task, in forms, history and revisions.
pub(crate) fn field(lang: Lang, field: &str) -> &'static str {
    match field {
        "content" => t::field_content(lang),
        "state" => t::field_state(lang),
        "planned_begin" => t::field_planned_begin(lang),
        "planned_end" => t::field_planned_end(lang),
        "duration_minutes" => t::field_duration(lang),
        "estimated_minutes" => t::field_estimated(lang),
        "actual_minutes" => t::field_actual(lang),
        "user" => t::field_user(lang),
        "group" => t::field_group(lang),
        "reminder_minutes" => t::field_reminder(lang),
        "template" => t::field_template(lang),
        _ => words::field(lang, field),
    }
}

/// A stored value as people read it.
pub(crate) fn value(lang: Lang, field: &str, text: &str) -> String {
    let minutes = text.parse::<i32>().ok();
    match (field, minutes) {
        ("state", _) => text.parse::<TaskState>().map_or_else(|_| text.to_owned(), |one| state(lang, one).to_owned()),
        ("reminder_minutes", Some(minutes)) => reminder(lang, minutes),
        ("estimated_minutes", Some(minutes)) => format::duration(Minutes(minutes), lang),
        _ => words::value(lang, field, text),
    }
}

/// What an event about a task says; nothing for other events.
pub(crate) fn event(lang: Lang, kind: &str) -> Option<&'static str> {
    match kind {
        "task_added" => Some(t::event_added(lang)),
        "task_edited" => Some(t::event_edited(lang)),
        "task_state_changed" => Some(t::event_state_changed(lang)),
        "task_deleted" => Some(t::event_deleted(lang)),
        _ => None,
    }
}

/// A change of a task: its field, and of a state what it was and is.
pub(crate) fn change(lang: Lang, change: &FieldChange) -> String {
    if change.new.is_empty() {
        return field(lang, &change.field).to_owned();
    }
    let (old, new) = (value(lang, &change.field, &change.old), value(lang, &change.field, &change.new));
    t::from_to(lang, &new, &old)
}

/// What is to know about what was saved all the same (T-TSK-06).
pub(crate) fn warning(lang: Lang, code: &str) -> Option<&'static str> {
    match code {
        "planning_conflict" => Some(t::planning_conflict(lang)),
        "outside_working_hours" => Some(t::outside_working_hours(lang)),
        _ => None,
    }
}
