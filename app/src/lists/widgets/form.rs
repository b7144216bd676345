//! The form of a row, new or present: names in four languages, where it stands, its switches.

use domain::error::FieldErrors;
use domain::forms;
use domain::lang::Lang;
use domain::lists::{Flag, List, NAME_MAX};
use domain::pending::{Every, REMINDERS_MAX};
use domain::views::{Choice, ListRowView, Ref, RuleTemplates};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::account::preferences::own_name;
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::field::{Checkbox, FieldError, SelectField, TextAreaField, TextField};
use crate::lists::server_fns::SaveListRow;
use crate::lists::words;
use crate::t::lists_admin as t;

/// What each day from Monday to Friday begins with in a new calendar.
const USUAL_HOURS: &str = "08:00-12:00, 13:00-17:00";
/// Characters that the hours of a day may take.
const HOURS_MAX: u32 = 150;
/// Characters that the holidays of a calendar may take.
const HOLIDAYS_MAX: u32 = 20_000;

/// What a form is made of besides its values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'a> {
    /// Of which list.
    pub(crate) list: List,
    /// Language of the entity.
    pub(crate) home: Lang,
    /// Rows it may stand below.
    pub(crate) parents: &'a [Choice],
    /// Groups it may name.
    pub(crate) groups: &'a [Choice],
    /// Templates its rule may name.
    pub(crate) templates: &'a RuleTemplates,
    /// Those it names now, whatever has become of them.
    pub(crate) named: &'a [Ref],
    /// It has to stay active.
    pub(crate) is_fixed: bool,
    /// Wrong fields.
    pub(crate) wrong: &'a FieldErrors,
}

/// The values of a new row.
pub(crate) fn blank(list: List, entity: String) -> forms::SaveListRow {
    forms::SaveListRow {
        list: list.as_str().to_owned(),
        entity,
        recursive: true,
        active: true,
        for_tickets: Flag::ForTickets.initial(list),
        for_occurrences: Flag::ForOccurrences.initial(list),
        for_incident: Flag::ForIncident.initial(list),
        for_request: Flag::ForRequest.initial(list),
        portal: Flag::Portal.initial(list),
        week: if list.has_hours() { vec![USUAL_HOURS.to_owned(); 5] } else { Vec::new() },
        ..forms::SaveListRow::default()
    }
}

/// The values of a present row.
pub(crate) fn present(list: List, row: &ListRowView) -> forms::SaveListRow {
    forms::SaveListRow {
        list: list.as_str().to_owned(),
        entity: row.entity.id.to_string(),
        id: row.id.to_string(),
        version: row.version,
        names: row.names.clone(),
        labels: row.labels.clone(),
        parent: row.parent.as_ref().map(|parent| parent.id.to_string()).unwrap_or_default(),
        group: row.group.as_ref().map(|group| group.id.to_string()).unwrap_or_default(),
        recursive: row.recursive,
        active: row.active,
        for_tickets: row.for_tickets,
        for_occurrences: row.for_occurrences,
        for_incident: row.for_incident,
        for_request: row.for_request,
        portal: row.portal,
        is_default: row.rule.is_default,
        reminder_every: row.rule.reminder_every.map(|every| every.as_str().to_owned()).unwrap_or_default(),
        reminder_template: row.rule.reminder_template.map(|id| id.to_string()).unwrap_or_default(),
        reminders_before_solving: row.rule.reminders_before_solving.map(|most| most.to_string()).unwrap_or_default(),
        solution_template: row.rule.solution_template.map(|id| id.to_string()).unwrap_or_default(),
        week: row.calendar.week.lines(),
        holidays: row.calendar.holidays.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

/// The form; `back` is where a present row leads without saving.
pub(crate) fn form(lang: Lang, shape: &Shape<'_>, values: &forms::SaveListRow, back: Option<String>) -> AnyView {
    let is_new = values.id.is_empty();
    let (title, button) =
        if is_new { (t::add_title(lang), t::add(lang)) } else { (t::edit_title(lang), t::save(lang)) };
    let cancel = back.map(|href| {
        view! { <LinkButton href=href kind=ButtonKind::Ghost>{t::cancel(lang)}</LinkButton> }
    });
    let labels = shape.list.has_labels().then(|| {
        view! {
            <section class="form-section">
                <h3 class="list-form-title">{t::labels(lang)}</h3>
                <p class="field-hint">{t::labels_hint(lang)}</p>
                <div class="field-grid">{texts(lang, shape, "labels", &values.labels)}</div>
            </section>
        }
    });
    let names_hint = match shape.home {
        Lang::En => t::names_hint_english(lang).to_owned(),
        home => t::names_hint(lang, own_name(home)),
    };
    // The fragment leads back here after a refusal as well: browsers carry it over the redirect.
    let action = [SaveListRow::url(), "#row-form"].concat();
    view! {
        <form class="card form" id="row-form" method="post" action=action aria-labelledby="row-form-title">
            <h2 class="card-title" id="row-form-title">{title}</h2>
            <input r#type="hidden" name="form[list]" value=values.list.clone()/>
            <input r#type="hidden" name="form[entity]" value=values.entity.clone()/>
            <input r#type="hidden" name="form[id]" value=values.id.clone()/>
            <input r#type="hidden" name="form[version]" value=values.version.to_string()/>
            <section class="form-section">
                <h3 class="list-form-title">{t::names(lang)}</h3>
                <p class="field-hint">{names_hint}</p>
                <div class="field-grid">{texts(lang, shape, "names", &values.names)}</div>
            </section>
            {labels}
            {place(lang, shape, values)}
            {rule(lang, shape, values)}
            {hours(lang, shape, values)}
            {switches(lang, shape, values)}
            <div class="form-foot">
                <span class="draft-state"></span>
                {cancel}
                <SubmitButton>{button}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

/// A field for each language.
fn texts(
    lang: Lang,
    shape: &Shape<'_>,
    field: &'static str,
    values: &std::collections::BTreeMap<String, String>,
) -> AnyView {
    Lang::ALL
        .map(|of| {
            let name = ["form[", field, "][", of.code(), "]"].concat();
            let error = words::wrong(lang, shape.wrong, &[field, ".", of.code()].concat());
            let value = values.get(of.code()).cloned().unwrap_or_default();
            // One more than fits, so that it is refused with a sentence and never cut in silence.
            let most = u32::try_from(NAME_MAX + 1).unwrap_or(0);
            view! {
                <TextField name=name label=own_name(of) value=value maxlength=most autocomplete="off" error=Signal::derive(move || error.clone())/>
            }
        })
        .into_iter()
        .collect_view()
        .into_any()
}

/// Where a row of a tree stands, and who answers for its tickets.
fn place(lang: Lang, shape: &Shape<'_>, values: &forms::SaveListRow) -> Option<AnyView> {
    if !shape.list.is_tree() {
        return None;
    }
    let wrong = |field: &str| {
        let error = words::wrong(lang, shape.wrong, field);
        Signal::derive(move || error.clone())
    };
    let group = shape.list.has_group().then(|| {
        let options = shape.groups.to_vec();
        view! {
            <SelectField name="form[group]" label=t::group(lang) options=options value=values.group.clone() blank=t::no_group(lang) error=wrong("routing_group")/>
        }
    });
    let options = shape.parents.to_vec();
    let view = view! {
        <section class="form-section">
            <div class="field-grid">
                <SelectField name="form[parent]" label=t::parent(lang) options=options value=values.parent.clone() blank=t::no_parent(lang) error=wrong("parent")/>
                {group}
            </div>
        </section>
    };
    Some(view.into_any())
}

/// What a pending reason does by itself (T-PEN-01).
fn rule(lang: Lang, shape: &Shape<'_>, values: &forms::SaveListRow) -> Option<AnyView> {
    if !shape.list.has_rule() {
        return None;
    }
    let wrong = |field: &str| {
        let error = words::wrong(lang, shape.wrong, field);
        Signal::derive(move || error.clone())
    };
    // One that is inactive by now can be kept and cannot be chosen anew.
    let with_present = |options: &[Choice], present: &str| {
        let mut options = options.to_vec();
        if let Some(one) = shape.named.iter().find(|one| one.id.to_string() == present)
            && !options.iter().any(|option| option.value == present)
        {
            options.push(Choice { value: present.to_owned(), name: one.name.clone(), depth: 0 });
        }
        options
    };
    let plain = |value: String, name: String| Choice { value, name, depth: 0 };
    let periods: Vec<Choice> =
        Every::ALL.iter().map(|every| plain(every.as_str().to_owned(), words::every(lang, *every))).collect();
    let counts: Vec<Choice> =
        (0..=REMINDERS_MAX).map(|n| plain(n.to_string(), t::solve_after(lang, i64::from(n)))).collect();
    let replies = with_present(&shape.templates.replies, &values.reminder_template);
    let solutions = with_present(&shape.templates.solutions, &values.solution_template);
    let view = view! {
        <section class="form-section">
            <h3 class="list-form-title">{t::rule(lang)}</h3>
            <p class="field-hint">{t::rule_hint(lang)}</p>
            <div class="field-grid">
                <SelectField name="form[reminder_every]" label=t::reminder_every(lang) options=periods value=values.reminder_every.clone() blank=t::reminder_never(lang) error=wrong("reminder_every")/>
                <SelectField name="form[reminder_template]" label=t::reminder_template(lang) options=replies value=values.reminder_template.clone() blank=t::no_template(lang) error=wrong("reminder_template")/>
                <SelectField name="form[reminders_before_solving]" label=t::solving(lang) options=counts value=values.reminders_before_solving.clone() blank=t::solve_never(lang) error=wrong("reminders_before_solving")/>
                <SelectField name="form[solution_template]" label=t::solution_template(lang) options=solutions value=values.solution_template.clone() blank=t::no_template(lang) error=wrong("solution_template")/>
            </div>
            <Checkbox name="form[is_default]" label=t::default_reason(lang) hint=t::default_reason_hint(lang) checked=values.is_default/>
        </section>
    };
    Some(view.into_any())
}

/// Working hours day by day, and holidays (T-SET-12).
fn hours(lang: Lang, shape: &Shape<'_>, values: &forms::SaveListRow) -> Option<AnyView> {
    if !shape.list.has_hours() {
        return None;
    }
    let wrong = |field: &str| {
        let error = words::wrong(lang, shape.wrong, field);
        Signal::derive(move || error.clone())
    };
    let days = words::weekdays(lang)
        .into_iter()
        .enumerate()
        .map(|(at, day)| {
            let value = values.week.get(at).cloned().unwrap_or_default();
            let error = wrong(&format!("week[{at}]"));
            view! {
                <TextField name="form[week][]" id=format!("form-week-{at}") label=day value=value maxlength=HOURS_MAX autocomplete="off" error=error/>
            }
        })
        .collect_view();
    let view = view! {
        <section class="form-section">
            <h3 class="list-form-title">{t::hours(lang)}</h3>
            <p class="field-hint">{t::hours_hint(lang)}</p>
            <div class="field-grid">{days}</div>
            <FieldError id="form-week-error" error=wrong("week")/>
            <TextAreaField name="form[holidays]" label=t::holidays(lang) text=values.holidays.clone() hint=t::holidays_hint(lang) maxlength=HOLIDAYS_MAX rows=6 error=wrong("holidays")/>
        </section>
    };
    Some(view.into_any())
}

fn switches(lang: Lang, shape: &Shape<'_>, values: &forms::SaveListRow) -> AnyView {
    let flags: Vec<AnyView> = shape
        .list
        .flags()
        .iter()
        .map(|flag| {
            let name = ["form[", flag.as_str(), "]"].concat();
            view! { <Checkbox name=name label=words::flag(lang, *flag) checked=values.flag(*flag)/> }.into_any()
        })
        .collect();
    let active = if shape.is_fixed {
        view! {
            <input r#type="hidden" name="form[active]" value="true"/>
            <p class="small muted">{t::active_fixed(lang)}</p>
        }
        .into_any()
    } else {
        view! { <Checkbox name="form[active]" label=t::active(lang) hint=t::active_hint(lang) checked=values.active/> }
            .into_any()
    };
    let error = words::wrong(lang, shape.wrong, "active");
    view! {
        <section class="form-section list-switches">
            {flags}
            <Checkbox name="form[recursive]" label=t::recursive(lang) checked=values.recursive/>
            {active}
            <FieldError id="form-active-error" error=Signal::derive(move || error.clone())/>
        </section>
    }
    .into_any()
}
