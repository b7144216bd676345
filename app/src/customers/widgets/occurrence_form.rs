//! The one form of an occurrence, behind both doors and for changes (C-OCC-01, C-OCC-07).

use domain::customer::{BODY_MAX, Impact};
use domain::error::{AppError, FieldErrors};
use domain::format;
use domain::lang::Lang;
use domain::views::{CustomerOccurrenceForm, CustomerOccurrenceView, DraftView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::hidden;
use super::images::images;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::field::{FieldError, SelectField, TextAreaField, TextField};
use crate::components::form_error::FormError;
use crate::components::icon::Icon;
use crate::customers::chooser::{Chooser, search_button};
use crate::customers::server_fns::SaveCustomerOccurrence;
use crate::customers::words;
use crate::kept::TextKept;
use crate::message;
use crate::t::common;
use crate::t::customers as t;
use crate::tickets::server_fns::{DiscardDraft, SaveDraft};
use crate::tickets::widgets::conflict::decided;

/// Kind of the draft.
const KIND: &str = "customer_occurrence";
/// Id of the form that throws the draft away.
const DISCARD: &str = "discard-draft";

/// What the fields begin with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begun {
    /// Text.
    pub(crate) body: String,
    /// Category id.
    pub(crate) category: String,
    /// Impact.
    pub(crate) impact: String,
    /// Day.
    pub(crate) occurred_on: String,
    /// Number of a ticket.
    pub(crate) ticket: String,
    /// What the images show.
    pub(crate) alts: [String; 2],
    /// Words that were looked for.
    pub(crate) words: String,
}

impl Begun {
    /// What was typed before and not saved.
    pub(crate) fn of_draft(draft: &DraftView, words: String) -> Self {
        Self {
            body: draft.text("body"),
            category: draft.text("category"),
            impact: draft.text("impact"),
            occurred_on: draft.text("occurred_on"),
            ticket: draft.text("ticket"),
            alts: [draft.text("alt_1"), draft.text("alt_2")],
            words,
        }
    }

    /// What is stored.
    pub(crate) fn of_occurrence(one: &CustomerOccurrenceView) -> Self {
        let said = |at: usize| one.images.get(at).map(|image| image.said.clone()).unwrap_or_default();
        Self {
            body: one.body.clone(),
            category: one.category.as_ref().map(|category| category.id.to_string()).unwrap_or_default(),
            impact: one.impact.map(|impact| impact.as_str().to_owned()).unwrap_or_default(),
            occurred_on: one.occurred_on.map(|day| day.to_string()).unwrap_or_default(),
            ticket: one.ticket.map(|number| number.to_string()).unwrap_or_default(),
            alts: [said(0), said(1)],
            words: String::new(),
        }
    }
}

/// Everything the form is drawn from.
pub(crate) struct Form<'a> {
    /// Language of the page.
    pub(crate) lang: Lang,
    /// What it needs.
    pub(crate) form: &'a CustomerOccurrenceForm,
    /// The occurrence it changes; a new one has none.
    pub(crate) present: Option<&'a CustomerOccurrenceView>,
    /// What its fields begin with.
    pub(crate) begun: Begun,
    /// Its own page.
    pub(crate) here: String,
    /// Where Cancel leads.
    pub(crate) cancel: String,
    /// Why it was refused.
    pub(crate) refusal: Memo<Option<AppError>>,
}

impl Form<'_> {
    /// Its markup, with the notices above it.
    pub(crate) fn view(self) -> AnyView {
        let Self { lang, form, present, begun, here, cancel, refusal } = self;
        if form.categories.is_empty() {
            return no_category(lang, form.may_add_category);
        }
        let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
        let error = move |field: &'static str| Signal::derive(move || wrong.with(|wrong| of(lang, wrong, field)));
        let most = u32::try_from(BODY_MAX).unwrap_or(u32::MAX);
        let is_new = present.is_none();
        // What was typed was typed over the version it was begun from: where others changed the same since, that is asked.
        let from = form.draft.as_ref().and_then(DraftView::begun);
        let version = |one: &CustomerOccurrenceView| from.unwrap_or(one.version).to_string();
        let (id, version) = present.map(|one| (one.id.to_string(), version(one))).unwrap_or_default();
        let since = version.clone();
        let decided = refusal.with_untracked(|error| decided(error.as_ref()));
        let customer = customer(lang, form, is_new, &begun, error("customer"));
        let pictures = images(lang, form, begun.alts.clone(), &here, error("images"));
        let today = form.today.to_string();
        let day = if begun.occurred_on.is_empty() { today.clone() } else { begun.occurred_on.clone() };
        let in_words = day.parse().map(|day| format::calendar_words(day, lang)).unwrap_or_default();
        let another = (is_new && !form.is_fixed).then(|| {
            view! { <SubmitButton kind=ButtonKind::Plain name="form[then]" value="another">{t::register_another(lang)}</SubmitButton> }
        });
        let send = if is_new { t::register(lang) } else { t::save(lang) };
        view! {
            <TextKept/>
            {draft(lang, form, &here)}
            {conflict(lang, form, refusal)}
            <form
                class="card form customer-form"
                method="post"
                action=SaveCustomerOccurrence::url()
                data-draft=SaveDraft::url()
                data-draft-kind=KIND
                data-draft-object=form.object.clone()
                data-draft-saved=t::draft_kept(lang, "{time}")
            >
                // Enter in a field takes the first button of a form.
                <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
                <FormError error=refusal fields=words::occurrence_fields(lang)/>
                {hidden("form[id]", id)}
                {hidden("form[version]", if version.is_empty() { "0".to_owned() } else { version })}
                {hidden("form[begun]", since)}
                {decided}
                {hidden("form[key]", if is_new { form.key.clone() } else { String::new() })}
                {customer}
                <TextAreaField name="form[body]" label=t::occurrence(lang) text=begun.body error=error("body") required=true maxlength=most rows=6/>
                <div class="field-grid">
                    <SelectField
                        name="form[category]"
                        label=t::category(lang)
                        options=form.categories.clone()
                        value=begun.category
                        blank=t::choose(lang)
                        error=error("category")
                        required=true
                    />
                    <TextField
                        name="form[occurred_on]"
                        label=t::date(lang)
                        kind="date"
                        value=day
                        hint=in_words
                        max=today
                        error=error("occurred_on")
                        required=true
                    />
                    <TextField name="form[ticket]" label=t::ticket(lang) hint=t::ticket_hint(lang) value=begun.ticket maxlength=12 error=error("ticket")/>
                </div>
                {impacts(lang, &begun.impact, error("impact"))}
                {pictures}
                <div class="form-foot">
                    <span class="draft-state small muted" role="status" data-draft-state=""></span>
                    <LinkButton href=cancel>{common::cancel(lang)}</LinkButton>
                    {another}
                    <SubmitButton>{send}</SubmitButton>
                </div>
            </form>
        }
        .into_any()
    }
}

fn of(lang: Lang, wrong: &FieldErrors, field: &str) -> Option<String> {
    // Files an upload without scripts refused are told at the list that carries them.
    let also = (field == "images").then(|| words::first_of(lang, wrong, "attachments")).flatten();
    words::first_of(lang, wrong, field).or(also)
}

/// Whose occurrence it is: plain text where it cannot be another's.
fn customer(
    lang: Lang,
    form: &CustomerOccurrenceForm,
    is_new: bool,
    begun: &Begun,
    error: Signal<Option<String>>,
) -> AnyView {
    if !form.is_fixed {
        let chooser = Chooser {
            lang,
            name: "form[customer]",
            search: "form[search]",
            id: "form-customer",
            purpose: "register".to_owned(),
            chosen: form.customer.as_ref(),
            found: &form.found,
            words: begun.words.clone(),
            may_be_empty: false,
            error,
            button: search_button(lang, "form[then]"),
        };
        return chooser.view();
    }
    let name = form.customer.as_ref().map(|one| one.name.clone()).unwrap_or_default();
    let id = form.customer.as_ref().map(|one| one.id.to_string()).unwrap_or_default();
    let fixed = is_new.then(|| view! { {hidden("form[fixed]", id.clone())} {hidden("form[customer]", id)} });
    view! {
        <div class="field" id="form-customer">
            <span class="field-label">{t::customer(lang)}</span>
            <span>{name}</span>
            {fixed}
            <FieldError id="form-customer-error" error=error/>
        </div>
    }
    .into_any()
}

/// Three radios, each with colour, icon and word; none is chosen before (C-OCC-04).
fn impacts(lang: Lang, chosen: &str, error: Signal<Option<String>>) -> AnyView {
    let radios = Impact::ALL
        .into_iter()
        .map(|impact| {
            let checked = chosen == impact.as_str();
            view! {
                <label class="impact-choice" data-impact=impact.as_str()>
                    <input class="radio radio-sm" r#type="radio" name="form[impact]" value=impact.as_str() checked=checked required=true/>
                    <Icon name=words::impact_icon(impact)/>
                    {words::impact(lang, impact)}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" id="form-impact" aria-describedby="form-impact-error">
            <legend>{t::impact(lang)}<span class="field-required">{common::required(lang)}</span></legend>
            <span class="choice-row">{radios}</span>
            <FieldError id="form-impact-error" error=error/>
        </fieldset>
    }
    .into_any()
}

/// That something typed before came back, and how to get rid of it.
fn draft(lang: Lang, form: &CustomerOccurrenceForm, here: &str) -> Option<AnyView> {
    let draft = form.draft.as_ref()?;
    let words = t::draft_back(lang, &format::date_time(&draft.saved_at, lang));
    Some(
        view! {
            <Banner text=words>
                <button class="btn btn-sm" r#type="submit" form=DISCARD>{t::discard(lang)}</button>
            </Banner>
            <form id=DISCARD method="post" action=DiscardDraft::url() hidden=true>
                {hidden("kind", KIND)}
                {hidden("object", form.object.clone())}
                {hidden("back", here)}
            </form>
        }
        .into_any(),
    )
}

/// What somebody else saved meanwhile in the same fields, beside what was typed (C-OCC-08).
fn conflict(lang: Lang, form: &CustomerOccurrenceForm, refusal: Memo<Option<AppError>>) -> AnyView {
    let rows: Vec<AnyView> = words::conflicts(refusal.get_untracked().as_ref())
        .iter()
        .map(|one| {
            let text = match &one.theirs {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Null => String::new(),
                other => other.to_string(),
            };
            let theirs = match one.field.as_str() {
                "impact" => text.parse().map_or_else(|_| text.clone(), |known| words::impact(lang, known).to_owned()),
                "category" => {
                    let named = form.categories.iter().find(|choice| choice.value == text);
                    named.map_or_else(|| text.clone(), |choice| choice.name.clone())
                }
                "images" => t::images_differ(lang).to_owned(),
                _ => text,
            };
            view! { <dt>{words::occurrence_field(lang, &one.field)}</dt><dd>{theirs}</dd> }.into_any()
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="card" role="alert">
            <h2 class="card-title">{t::conflict_theirs(lang)}</h2>
            <dl class="props">{rows}</dl>
            <p class="small muted">{t::conflict_hint(lang)}</p>
        </section>
    }
    .into_any()
}

fn no_category(lang: Lang, may_add: bool) -> AnyView {
    let link = may_add.then(|| {
        view! { <LinkButton href="/settings/lists/customer-occurrence-categories">{t::add_category(lang)}</LinkButton> }
    });
    view! { <Banner tone=Tone::Warning text=t::no_category(lang)>{link}</Banner> }.into_any()
}
