//! Fields with label, hint and error: label above, hint between, error below, tied by `aria-describedby`.

use domain::views::Choice;
use leptos::prelude::*;

use super::icon::Icon;
use super::id_of;
use super::text_area::{TextArea, filled};
use crate::boot::use_lang;
use crate::t;

/// The ids of hint and error that a control is described by, as far as there are any.
fn described_by(
    id: &str,
    has_hint: bool,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Clone + Send + Sync + use<> {
    let (hint, wrong) = ([id, "-hint"].concat(), [id, "-error"].concat());
    move || match (has_hint, error.with(Option::is_some)) {
        (true, true) => Some([hint.as_str(), " ", wrong.as_str()].concat()),
        (true, false) => Some(hint.clone()),
        (false, true) => Some(wrong.clone()),
        (false, false) => None,
    }
}

/// Label, hint and error around any control whose id is `id`.
#[component]
pub fn Field(
    /// Id of the control.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// What to know before filling it in.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it must be filled in: said as a word.
    #[prop(optional)]
    required: bool,
    /// A full row of its grid.
    #[prop(optional)]
    wide: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    let (hint_id, error_id) = ([id.as_str(), "-hint"].concat(), [id.as_str(), "-error"].concat());
    let class = if wide { "field field-wide" } else { "field" };
    view! {
        <div class=class>
            <label r#for=id>
                {label}
                {required.then(|| view! { <span class="field-required">{t::common::required(lang)}</span> })}
            </label>
            {filled(hint).map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            {children()}
            <FieldError id=error_id error=error/>
        </div>
    }
}

/// What is wrong with a field, if it is.
#[component]
pub fn FieldError(
    /// Id that the control names in `aria-describedby`.
    #[prop(into)]
    id: String,
    /// What is wrong.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    move || {
        let id = id.clone();
        error.get().map(|text| view! { <p class="field-error" id=id><Icon name="circle-alert" small=true/>{text}</p> })
    }
}

/// A field for one line.
#[component]
pub fn TextField(
    /// Name of the field: `form[title]`.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// What it begins with.
    #[prop(optional, into)]
    value: String,
    /// Type of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// Id; without it that of the name.
    #[prop(optional, into)]
    id: String,
    /// What to know before filling it in.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Most characters; 0 = no limit.
    #[prop(optional)]
    maxlength: u32,
    /// What password managers and browsers may fill in.
    #[prop(optional, into)]
    autocomplete: String,
    /// Shown while empty.
    #[prop(optional, into)]
    placeholder: String,
    /// Latest value of a date or time.
    #[prop(optional, into)]
    max: String,
    /// 40 px instead of 32.
    #[prop(optional)]
    large: bool,
    /// A full row of its grid.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let id = if id.is_empty() { id_of(&name) } else { id };
    let described = described_by(&id, !hint.is_empty(), error);
    let class = if large { "input" } else { "input input-sm" };
    view! {
        <Field id=id.clone() label=label hint=hint error=error required=required wide=wide>
            <input
                class=class
                id=id
                name=name
                r#type=kind
                value=value
                required=required
                maxlength=(maxlength > 0).then(|| maxlength.to_string())
                autocomplete=filled(autocomplete)
                placeholder=filled(placeholder)
                max=filled(max)
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            />
        </Field>
    }
}

/// A field for several lines of plain text.
#[component]
pub fn TextAreaField(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// What it begins with.
    #[prop(optional, into)]
    text: String,
    /// What to know before filling it in.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Most characters; 0 = no limit.
    #[prop(optional)]
    maxlength: u32,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let id = id_of(&name);
    let described = [id.as_str(), "-hint ", id.as_str(), "-error"].concat();
    view! {
        <Field id=id.clone() label=label hint=hint error=error required=required wide=true>
            <TextArea
                id=id
                name=name
                text=text
                rows=rows
                maxlength=maxlength
                class="textarea"
                described_by=described
                invalid=Signal::derive(move || error.with(Option::is_some))
            />
        </Field>
    }
}

/// One of a list. The chosen option is marked on the server, so it holds without scripts.
#[component]
pub fn SelectField(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The options; children of a tree are indented.
    options: Vec<Choice>,
    /// Value of the chosen one.
    #[prop(optional, into)]
    value: String,
    /// Words of an option without value, first in the list; empty = no such option.
    #[prop(optional, into)]
    blank: String,
    /// Id; without it that of the name.
    #[prop(optional, into)]
    id: String,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether one must be chosen.
    #[prop(optional)]
    required: bool,
    /// A full row of its grid.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let id = if id.is_empty() { id_of(&name) } else { id };
    let described = described_by(&id, !hint.is_empty(), error);
    view! {
        <Field id=id.clone() label=label hint=hint error=error required=required wide=wide>
            <select
                class="select select-sm"
                id=id
                name=name
                required=required
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            >
                <Options options=options value=value blank=blank/>
            </select>
        </Field>
    }
}

/// The options of a `<select>` with the chosen one marked.
#[component]
pub fn Options(
    /// The options.
    options: Vec<Choice>,
    /// Value of the chosen one.
    #[prop(optional, into)]
    value: String,
    /// Words of an option without value; empty = no such option.
    #[prop(optional, into)]
    blank: String,
) -> impl IntoView {
    let blank = filled(blank).map(|word| view! { <option value="" selected=value.is_empty()>{word}</option> });
    let options = options
        .into_iter()
        .map(|option| {
            let selected = option.value == value;
            let name = ["\u{a0}\u{a0}".repeat(usize::from(option.depth)), option.name].concat();
            view! { <option value=option.value selected=selected>{name}</option> }
        })
        .collect_view();
    view! {
        {blank}
        {options}
    }
}

/// A box to tick; unticked it sends nothing.
#[component]
pub fn Checkbox(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// The words beside it.
    #[prop(into)]
    label: String,
    /// What it sends when ticked.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    /// Whether it is ticked at first.
    #[prop(optional)]
    checked: bool,
    /// A second line.
    #[prop(optional, into)]
    hint: String,
    /// Id; without it that of the name.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let id = if id.is_empty() { id_of(&name) } else { id };
    view! {
        <label class="check-row">
            <input class="checkbox checkbox-primary" r#type="checkbox" id=id name=name value=value checked=checked/>
            <span>{label}{filled(hint).map(|hint| view! { <small>{hint}</small> })}</span>
        </label>
    }
}

/// One of few, as a row of buttons over plain radios.
#[component]
pub fn RadioGroup(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// Name of the group.
    #[prop(into)]
    legend: String,
    /// The options.
    options: Vec<Choice>,
    /// Value of the chosen one.
    #[prop(optional, into)]
    value: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = id_of(&name);
    let error_id = [id.as_str(), "-error"].concat();
    let radios = options
        .into_iter()
        .map(|option| {
            let checked = option.value == value;
            let name = name.clone();
            view! { <label><input r#type="radio" name=name value=option.value checked=checked/>{option.name}</label> }
        })
        .collect_view();
    let described = error_id.clone();
    view! {
        <fieldset class="field" id=id aria-describedby=described>
            <legend>{legend}</legend>
            <span class="choice">{radios}</span>
            <FieldError id=error_id error=error/>
        </fieldset>
    }
}
