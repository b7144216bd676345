//! The form of a task, new or changed (T-TSK-01, 02).

use domain::error::{AppError, FieldErrors};
use domain::lang::Lang;
use domain::views::{Choice, DocumentView, DraftView, Moment, TaskPage, TaskView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{FieldError, RadioGroup, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::form_action::{form_action, refusal_of};
use crate::kept::{TextKept, upload_path};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tasks as t;
use crate::t::tickets;
use crate::tasks::server_fns::{AddTask, EditTask, task_page};
use crate::tasks::{address, words};
use crate::tickets::server_fns::{DiscardDraft, SaveDraft};
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::conflict::decided;
use crate::tickets::widgets::draft::text_and_html;
use crate::tickets::widgets::parts::PartPage;

/// Page `/tickets/:number/tasks/new`; `?template=` begins it with one.
#[component]
pub fn NewTaskPage() -> impl IntoView {
    let (number, query) = (use_number(), use_query_map());
    let template = Memo::new(move |_| query.with(|map| map.get("template").unwrap_or_default()));
    let data = Resource::new_blocking(
        move || (number.get(), template.get()),
        |(number, template)| task_page(number, String::new(), template),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Form page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// Page `/tickets/:number/tasks/:id/edit`.
#[component]
pub fn EditTaskPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data = Resource::new_blocking(
        move || (number.get(), id.get().to_string()),
        |(number, id)| task_page(number, id, String::new()),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Form page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// What the draft of the form is about.
fn object_of(page: &TaskPage) -> String {
    page.task.as_ref().map_or_else(|| page.number.to_string(), |task| task.entry.id.to_string())
}

/// Address of the form itself.
fn here_of(page: &TaskPage) -> String {
    match &page.task {
        Some(task) => address::edit(page.number, task.entry.id),
        None => address::new(page.number),
    }
}

#[component]
fn Form(page: TaskPage) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let is_new = page.task.is_none();
    let title = if is_new { t::new_task(lang) } else { t::edit_task(lang) };
    // Both are asked, one of them has posted.
    let error = if is_new { refusal_of(form_action::<AddTask>()) } else { refusal_of(form_action::<EditTask>()) };
    let wrong = Memo::new(move |_| message::fields(error.get().as_ref()));
    let action = if is_new { AddTask::url() } else { EditTask::url() };
    let back =
        page.task.as_ref().map_or_else(|| format!("/tickets/{number}"), |task| address::page(number, task.entry.id));
    let object = object_of(&page);
    // A draft without id is what the page was begun with, and nowhere stored.
    let saved = page.draft.as_ref().filter(|draft| !draft.id.is_nil()).map(|_| {
        view! {
            <Banner text=t::draft_shown(lang)>
                <button class="btn btn-ghost btn-sm" r#type="submit" form="discard-task">{t::discard(lang)}</button>
            </Banner>
        }
    });
    view! {
        <PartPage number=number title=page.title.clone() heading=title width="page-narrow editor-tall">
            {templates(lang, &page)}
            {saved}
            <form class="card form" method="post" action=action data-task-form=object.clone() data-save-draft=SaveDraft::url()>
                // Enter in a field takes the first button of a form.
                <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
                {hidden(&page)}
                <TextKept/>
                <FormError error=error fields=field_names(lang)/>
                {conflicts(lang, &page, error)}
                {visibility(lang, &page, wrong)}
                {text(lang, &page, wrong)}
                {plan(lang, &page, wrong)}
                {people(lang, &page, wrong)}
                {times(lang, &page, wrong)}
                <div class="form-foot">
                    <span class="draft-state"></span>
                    <LinkButton href=back>{tickets::cancel(lang)}</LinkButton>
                    <SubmitButton>{if is_new { t::add(lang) } else { tickets::save(lang) }}</SubmitButton>
                </div>
            </form>
            <form id="discard-task" method="post" action=DiscardDraft::url() hidden=true>
                <input r#type="hidden" name="kind" value="task"/>
                <input r#type="hidden" name="object" value=object/>
                <input r#type="hidden" name="back" value=here_of(&page)/>
            </form>
        </PartPage>
    }
}

/// Task templates to begin with; a form that is begun already is not begun again.
fn templates(lang: Lang, page: &TaskPage) -> AnyView {
    if page.task.is_some() || page.choices.templates.is_empty() || page.draft.as_ref().is_some_and(|d| !d.id.is_nil()) {
        return ().into_any();
    }
    let chosen = page.draft.as_ref().map(|draft| draft.text("template")).unwrap_or_default();
    view! {
        <form class="task-begin" method="get" action=address::new(page.number)>
            <SelectField name="template" label=t::field_template(lang) options=page.choices.templates.clone() value=chosen blank=tickets::none(lang)/>
            <button class="btn btn-sm" r#type="submit">{t::begin_with(lang)}</button>
        </form>
    }
    .into_any()
}

fn hidden(page: &TaskPage) -> AnyView {
    let task = page.task.as_ref();
    let template = page.draft.as_ref().map(|draft| draft.text("template")).unwrap_or_default();
    // What was typed was typed over the version it was begun from, whatever was saved since.
    let begun = page.draft.as_ref().and_then(DraftView::begun);
    let version = task.map(|task| begun.unwrap_or(task.entry.version).to_string());
    view! {
        <input r#type="hidden" name="form[ticket]" value=page.number.to_string()/>
        <input r#type="hidden" name="form[key]" value=page.key.clone()/>
        {task.map(|task| view! { <input r#type="hidden" name="form[id]" value=task.entry.id.to_string()/> })}
        {version.map(|version| view! {
            <input r#type="hidden" name="form[version]" value=version.clone()/>
            <input r#type="hidden" name="form[begun]" value=version/>
        })}
        {task.is_none().then(|| view! { <input r#type="hidden" name="form[template]" value=template/> })}
    }
    .into_any()
}

fn conflicts(lang: Lang, page: &TaskPage, error: Memo<Option<AppError>>) -> AnyView {
    let error = error.get_untracked();
    let Some(AppError::Conflict { conflicts, .. }) = &error else { return ().into_any() };
    let decided = decided(error.as_ref());
    let rows = conflicts.iter().map(|one| {
        let by = one.by.clone().unwrap_or_else(|| tickets::automatic(lang).to_owned());
        let (theirs, yours) = (told(lang, page, &one.field, &one.theirs), told(lang, page, &one.field, &one.yours));
        view! { <li>{t::conflict_of(lang, &by, words::field(lang, &one.field), &theirs, &yours)}</li> }
    });
    let rows = rows.collect_view();
    view! {
        {decided}
        <Banner tone=Tone::Warning text=t::conflict(lang)/>
        <ul class="task-conflicts" aria-label=tickets::conflict_title(lang)>{rows}</ul>
    }
    .into_any()
}

/// A value of a conflict as people read it.
fn told(lang: Lang, page: &TaskPage, field: &str, value: &serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    let options = match field {
        "user" => &page.choices.users,
        "group" => &page.choices.groups,
        _ => &page.choices.categories,
    };
    let chosen = options.iter().find(|option| option.value == text).map(|option| option.name.clone());
    let text = chosen.unwrap_or_else(|| words::value(lang, field, &text));
    if text.is_empty() { tickets::none(lang).to_owned() } else { domain::text::excerpt(&text, 200) }
}

/// What a field begins with: that of the draft where there is one, else what is stored.
fn value(page: &TaskPage, field: &str, stored: impl FnOnce(&TaskView) -> String) -> String {
    match &page.draft {
        Some(draft) => draft.text(field),
        None => page.task.as_ref().map(stored).unwrap_or_default(),
    }
}

fn visibility(lang: Lang, page: &TaskPage, wrong: Memo<FieldErrors>) -> AnyView {
    let stored = page.task.as_ref().map(|task| task.entry.visibility.as_str().to_owned());
    let drafted = page.draft.as_ref().map(|draft| draft.text("visibility")).filter(|word| !word.is_empty());
    let value = drafted.or(stored).unwrap_or_else(|| page.visibility.clone());
    let option = |value: &str, name: &str| Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 };
    let options = vec![option("private", tickets::private(lang)), option("public", tickets::public(lang))];
    view! {
        <RadioGroup name="form[visibility]" legend=tickets::field_visibility(lang) options=options value=value error=sentence(lang, wrong, "visibility")/>
    }
    .into_any()
}

fn text(lang: Lang, page: &TaskPage, wrong: Memo<FieldErrors>) -> AnyView {
    let (text, html) = match (&page.draft, &page.task) {
        (Some(draft), _) => text_and_html(Some(draft), "content"),
        (None, Some(task)) => (task.entry.body_text.clone(), task.entry.body.as_str().to_owned()),
        (None, None) => (String::new(), String::new()),
    };
    let error = sentence(lang, wrong, "content");
    let files = Signal::derive(move || wrong.with(|wrong| message::files_sentence(lang, wrong)));
    view! {
        <DeskEditor
            name="form[content]"
            format_name="form[format]"
            label=t::field_content(lang)
            text=text
            html=html
            described_by="form-content-error"
            invalid=Signal::derive(move || error.with(Option::is_some))
        />
        <FieldError id="form-content-error" error=error/>
        <DeskFiles
            name="form[attachments][]"
            attached=attached(page)
            max_bytes=page.choices.form.upload_max
            forbidden=page.choices.form.forbidden_extensions.clone()
            upload_action=upload_path("task", &object_of(page), &here_of(page))
        />
        <FieldError id="form-attachments-error" error=files/>
    }
    .into_any()
}

/// The files of the task that the draft still has, and those uploaded for the draft.
fn attached(page: &TaskPage) -> Vec<DocumentView> {
    let own = page.task.as_ref().map(|task| task.entry.attachments.clone()).unwrap_or_default();
    let Some(draft) = &page.draft else { return own };
    let named = draft.fields.get("attachments").and_then(serde_json::Value::as_array);
    let is_named = |file: &DocumentView| {
        let id = file.id.to_string();
        named.is_none_or(|all| all.iter().any(|one| one.as_str() == Some(id.as_str())))
    };
    let is_own = |file: &DocumentView| own.iter().any(|known| known.id == file.id);
    let kept = own.iter().filter(|file| is_named(file));
    kept.chain(draft.attachments.iter().filter(|file| !is_own(file))).cloned().collect()
}

/// To the minute, as the field shows it: the server takes the same minute as unchanged.
fn wall(moment: Option<&Moment>) -> String {
    moment.and_then(|moment| moment.as_str().get(..16)).unwrap_or_default().to_owned()
}

fn plan(lang: Lang, page: &TaskPage, wrong: Memo<FieldErrors>) -> AnyView {
    view! {
        <fieldset class="task-fields">
            <legend>{t::plan(lang)}</legend>
            <div class="field-grid field-grid-tight">
                <TextField
                    name="form[planned_begin]"
                    label=t::field_planned_begin(lang)
                    kind="datetime-local"
                    value=value(page, "planned_begin", |task| wall(task.facts.planned_begin.as_ref()))
                    error=sentence(lang, wrong, "planned_begin")
                />
                <TextField
                    name="form[planned_end]"
                    label=t::field_planned_end(lang)
                    kind="datetime-local"
                    value=value(page, "planned_end", |task| wall(task.facts.planned_end.as_ref()))
                    error=sentence(lang, wrong, "planned_end")
                />
                <TextField
                    name="form[duration_minutes]"
                    label=t::field_duration(lang)
                    hint=t::duration_hint(lang)
                    value=value(page, "duration_minutes", |_| String::new())
                    placeholder="1h30"
                    error=sentence(lang, wrong, "duration_minutes")
                />
                <SelectField
                    name="form[reminder_minutes]"
                    label=t::field_reminder(lang)
                    options=words::reminders(lang)
                    value=value(page, "reminder_minutes", |task| number(task.facts.reminder))
                    blank=tickets::none(lang)
                    error=sentence(lang, wrong, "reminder_minutes")
                />
            </div>
        </fieldset>
    }
    .into_any()
}

fn number(number: Option<i32>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn people(lang: Lang, page: &TaskPage, wrong: Memo<FieldErrors>) -> AnyView {
    let state = value(page, "state", |task| task.facts.state.as_str().to_owned());
    let state = if state.is_empty() { "todo".to_owned() } else { state };
    let id = |actor: &Option<domain::views::ActorView>| {
        actor.as_ref().and_then(|actor| actor.id).map(|id| id.to_string()).unwrap_or_default()
    };
    let user = value(page, "user", |task| id(&task.facts.user));
    let group = value(page, "group", |task| id(&task.facts.group));
    view! {
        <div class="field-grid field-grid-tight">
            <SelectField name="form[state]" label=t::field_state(lang) options=words::states(lang) value=state error=sentence(lang, wrong, "state")/>
            <SelectField
                name="form[user]"
                label=t::field_user(lang)
                options=with_chosen(lang, page.choices.users.clone(), &user)
                value=user
                blank=t::nobody(lang)
                error=sentence(lang, wrong, "user")
            />
            <SelectField
                name="form[group]"
                label=t::field_group(lang)
                options=with_chosen(lang, page.choices.groups.clone(), &group)
                value=group
                blank=tickets::none(lang)
                error=sentence(lang, wrong, "group")
            />
        </div>
    }
    .into_any()
}

/// Options with the chosen one, also where it can no longer be chosen.
fn with_chosen(lang: Lang, mut options: Vec<Choice>, chosen: &str) -> Vec<Choice> {
    if !chosen.is_empty() && options.iter().all(|option| option.value != chosen) {
        let name = crate::t::templates::gone(lang).to_owned();
        options.insert(0, Choice { value: chosen.to_owned(), name, depth: 0 });
    }
    options
}

fn times(lang: Lang, page: &TaskPage, wrong: Memo<FieldErrors>) -> AnyView {
    let spent = |minutes: Option<domain::duration::Minutes>| minutes.map(domain::duration::words).unwrap_or_default();
    let category = value(page, "category", |task| {
        task.entry.category.as_ref().map(|category| category.id.to_string()).unwrap_or_default()
    });
    view! {
        <div class="field-grid field-grid-tight">
            <TextField
                name="form[estimated_minutes]"
                label=t::field_estimated(lang)
                value=value(page, "estimated_minutes", |task| spent(task.facts.estimated))
                placeholder="1h30"
                error=sentence(lang, wrong, "estimated_minutes")
            />
            <TextField
                name="form[actual_minutes]"
                label=t::field_actual(lang)
                value=value(page, "actual_minutes", |task| spent(task.facts.actual))
                placeholder="1h30"
                error=sentence(lang, wrong, "actual_minutes")
            />
            <SelectField
                name="form[category]"
                label=tickets::field_category(lang)
                options=with_chosen(lang, page.choices.categories.clone(), &category)
                value=category
                blank=tickets::none_category(lang)
                error=sentence(lang, wrong, "category")
            />
        </div>
    }
    .into_any()
}

fn sentence(lang: Lang, wrong: Memo<FieldErrors>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || wrong.with(|wrong| message::field_sentence(lang, wrong, field)))
}

fn field_names(lang: Lang) -> Vec<FieldName> {
    let named = |field: &'static str| FieldName { field, label: words::field(lang, field) };
    [
        "visibility",
        "content",
        "attachments",
        "planned_begin",
        "planned_end",
        "duration_minutes",
        "reminder_minutes",
        "state",
        "user",
        "group",
        "estimated_minutes",
        "actual_minutes",
        "category",
    ]
    .map(named)
    .to_vec()
}
