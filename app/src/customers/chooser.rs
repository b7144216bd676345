//! Choosing a customer: the chosen one and those that were found, as radios, and the words to look for. The same page does it
//! without scripts; with them the field of words is a combobox, and the chosen one stays a radio (`frontend/js/customers`).

use domain::lang::Lang;
use domain::views::CustomerChoice;
use leptos::prelude::*;
use leptos_router::location::Url;

use crate::components::field::FieldError;
use crate::components::icon::Icon;
use crate::t::{chooser as t, common};

/// Customers for words that are typed, as JSON.
const OPTIONS: &str = "/customers/options";

/// A choice of a customer.
pub(crate) struct Chooser<'a> {
    /// Language of the page.
    pub(crate) lang: Lang,
    /// Name of the radios: `form[customer]`, `customer`.
    pub(crate) name: &'static str,
    /// Name of the field for words: `form[search]`, `words`.
    pub(crate) search: &'static str,
    /// Id of the whole, which the summary of errors leads to.
    pub(crate) id: &'static str,
    /// What the customer is for: `register`, `filter`, `new-ticket`, `ticket:42`.
    pub(crate) purpose: String,
    /// The chosen one.
    pub(crate) chosen: Option<&'a CustomerChoice>,
    /// Those that were found.
    pub(crate) found: &'a [CustomerChoice],
    /// Words that were looked for.
    pub(crate) words: String,
    /// Nobody may be chosen.
    pub(crate) may_be_empty: bool,
    /// What is wrong.
    pub(crate) error: Signal<Option<String>>,
    /// The button that looks for words.
    pub(crate) button: AnyView,
}

impl Chooser<'_> {
    /// Its markup.
    pub(crate) fn view(self) -> AnyView {
        let lang = self.lang;
        let required =
            (!self.may_be_empty).then(|| view! { <span class="field-required">{common::required(lang)}</span> });
        let is_chosen = |one: &CustomerChoice| self.chosen.is_some_and(|chosen| chosen.id == one.id);
        let others = self.found.iter().filter(|one| !is_chosen(one));
        let none = self.may_be_empty.then(|| {
            let checked = self.chosen.is_none();
            let word = if self.purpose == "filter" { t::any(lang) } else { t::nobody(lang) };
            // A choice of one thing is none: it stays for the form, and is shown beside others (`frontend/js/customers`).
            let is_alone = checked && self.found.is_empty();
            view! {
                <li data-nothing="" hidden=is_alone><label class="customer-choice">
                    <input class="radio radio-primary radio-sm" r#type="radio" name=self.name value="" checked=checked/>
                    <span>{word}</span>
                </label></li>
            }
        });
        let rows = self
            .chosen
            .into_iter()
            .map(|one| row(self.name, one, true))
            .chain(others.map(|one| row(self.name, one, false)))
            .collect_view();
        // How many were found is said, for those who hear the page.
        let said = match i64::try_from(self.found.len()).unwrap_or(i64::MAX) {
            _ if self.words.trim().is_empty() => String::new(),
            0 => t::no_customer_found(lang).to_owned(),
            n => t::n_customers(lang, n),
        };
        // Up to a million no language has another sentence than that of two.
        let several = t::n_customers(lang, 2).replace('2', "{n}");
        let words_id = [self.id, "-words"].concat();
        let error_id = [self.id, "-error"].concat();
        let options = [OPTIONS, "?for=", &Url::escape(&self.purpose)].concat();
        let described = error_id.clone();
        view! {
            <fieldset
                class="field customer-chooser"
                id=self.id
                data-chooser=options
                data-name=self.name
                data-none=t::no_customer_found(lang)
                data-found-one=t::n_customers(lang, 1)
                data-found-several=several
                data-failed=t::search_failed(lang)
                aria-describedby=described
            >
                <legend>{t::customer(lang)}{required}</legend>
                <div class="customer-search">
                    <label class="vh" r#for=words_id.clone()>{t::find_customer(lang)}</label>
                    <input
                        class="input input-sm"
                        id=words_id
                        name=self.search
                        r#type="search"
                        maxlength="200"
                        value=self.words
                        placeholder=t::find_customer_hint(lang)
                        autocomplete="off"
                    />
                    {self.button}
                </div>
                <ul class="customer-choices">{none}{rows}</ul>
                <p class="field-hint" role="status" data-said="">{said}</p>
                <FieldError id=error_id error=self.error/>
            </fieldset>
        }
        .into_any()
    }
}

fn row(name: &'static str, one: &CustomerChoice, checked: bool) -> AnyView {
    let second = [one.legal_name.as_str(), one.entity.as_str()];
    let second = second.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <li><label class="customer-choice">
            <input class="radio radio-primary radio-sm" r#type="radio" name=name value=one.id.to_string() checked=checked/>
            <span>{one.name.clone()}<small>{second}</small></span>
        </label></li>
    }
    .into_any()
}

/// A button of a form that looks for words; of one that is only asked, the form's own.
pub(crate) fn search_button(lang: Lang, name: &'static str) -> AnyView {
    view! {
        <button class="btn btn-sm" r#type="submit" name=name value="search" formnovalidate=true><Icon name="search"/>{t::find(lang)}</button>
    }
    .into_any()
}
