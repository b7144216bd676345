//! The control of a setting, by what it holds.

use domain::lang::Lang;
use domain::settings::{Key, Kind, Reference};
use domain::ticket::priority::{DEFAULT_MATRIX, Matrix};
use domain::views::{Choice, SettingView};
use leptos::prelude::*;

use crate::components::field::Options;
use crate::components::sign::priority_word;
use crate::settings::words;
use crate::t::settings as t;

/// Ids by which a control is named and described.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    /// Of the row.
    pub(crate) row: String,
    /// Of what describes the control: sentence, and what is wrong.
    pub(crate) described: String,
    /// Its value was refused.
    pub(crate) is_wrong: bool,
}

impl Ids {
    /// Of the control.
    fn control(&self) -> String {
        [self.row.as_str(), "-value"].concat()
    }

    /// Of the name of the row.
    pub(crate) fn name(&self) -> String {
        [self.row.as_str(), "-name"].concat()
    }
}

/// The control of a row with the value that is shown: the one in force, or what was typed and refused. A switch is a button
/// that saves at once; the others stand beside one.
pub(crate) fn control(lang: Lang, view: &SettingView, value: &str, ids: &Ids) -> AnyView {
    match view.key.kind() {
        Kind::Switch => switch(lang, value == "true", ids),
        Kind::Word(known) => {
            let options = known.iter().map(|word| choice(word, words::word(lang, view.key, word))).collect();
            select(options, value, "", ids)
        }
        Kind::Reference(reference) => {
            let mut options = view.choices.clone();
            if !value.is_empty() && options.iter().all(|option| option.value != value) {
                // What broke stays to be seen until something else is chosen.
                options.insert(0, choice(value, t::gone(lang).to_owned()));
            }
            // The portal always names a source.
            let has_none = reference != Reference::OccurrenceSource || value.is_empty();
            select(options, value, if has_none { words::none(lang, view.key) } else { "" }, ids)
        }
        Kind::Matrix => matrix(lang, value, ids),
        Kind::Integer { least, most } => number(value, least, most, ids),
        Kind::Text { most, .. } => line(value, most, ids),
        Kind::Address => line(value, 500, ids),
        Kind::TimeZone => line(value, 64, ids),
        Kind::Currency => line(value, 3, ids),
        Kind::Days { most } => {
            let days = (0..=most).map(|days| days.to_string()).map(|days| choice(&days, days.clone()));
            let options = [choice("never", t::never(lang).to_owned())].into_iter().chain(days).collect();
            select(options, value, "", ids)
        }
        Kind::Transport => ().into_any(),
    }
}

fn choice(value: &str, name: String) -> Choice {
    Choice { value: value.to_owned(), name, depth: 0 }
}

fn switch(lang: Lang, is_on: bool, ids: &Ids) -> AnyView {
    let (state, next) = if is_on { ("true", "false") } else { ("false", "true") };
    let word = if is_on { t::on(lang) } else { t::off(lang) };
    view! {
        <button
            class="switch"
            r#type="submit"
            role="switch"
            id=ids.control()
            name="form[value]"
            value=next
            aria-checked=state
            aria-labelledby=ids.name()
            aria-describedby=ids.described.clone()
        >
            <span class="switch-track" aria-hidden="true"></span>
            <span class="switch-word">{word}</span>
        </button>
    }
    .into_any()
}

fn select(options: Vec<Choice>, value: &str, blank: &str, ids: &Ids) -> AnyView {
    view! {
        <select
            class="select select-sm setting-select"
            id=ids.control()
            name="form[value]"
            aria-labelledby=ids.name()
            aria-describedby=ids.described.clone()
            aria-invalid=ids.is_wrong.then_some("true")
        >
            <Options options=options value=value.to_owned() blank=blank.to_owned()/>
        </select>
    }
    .into_any()
}

fn number(value: &str, least: i64, most: i64, ids: &Ids) -> AnyView {
    // A plain field: a browser that refuses by itself says so in its own words, and forgets what was typed.
    let digits = least.to_string().len().max(most.to_string().len());
    view! {
        <input
            class="input input-sm setting-number-field"
            r#type="text"
            inputmode="numeric"
            id=ids.control()
            name="form[value]"
            value=value.to_owned()
            size=digits.to_string()
            maxlength="20"
            autocomplete="off"
            aria-labelledby=ids.name()
            aria-describedby=ids.described.clone()
            aria-invalid=ids.is_wrong.then_some("true")
        />
    }
    .into_any()
}

fn line(value: &str, most: usize, ids: &Ids) -> AnyView {
    view! {
        <input
            class="input input-sm setting-line"
            r#type="text"
            id=ids.control()
            name="form[value]"
            value=value.to_owned()
            // One more than fits, so that it is refused with a sentence and never cut in silence.
            maxlength=(most + 1).to_string()
            autocomplete="off"
            aria-labelledby=ids.name()
            aria-describedby=ids.described.clone()
            aria-invalid=ids.is_wrong.then_some("true")
        />
    }
    .into_any()
}

/// Five rows of urgency, five columns of impact, the highest first.
fn matrix(lang: Lang, value: &str, ids: &Ids) -> AnyView {
    let Matrix(cells) = serde_json::from_str(value).unwrap_or(DEFAULT_MATRIX);
    let heads = (1_u8..=5)
        .map(|impact| {
            view! { <th scope="col"><abbr title=priority_word(lang, impact)>{impact.to_string()}</abbr></th> }
        })
        .collect_view();
    let rows = (1_u8..=5).zip(cells).map(|(urgency, row)| matrix_row(lang, urgency, row)).collect_view();
    view! {
        <div class="table-frame setting-matrix" id=ids.control()>
            <table aria-labelledby=ids.name() aria-describedby=ids.described.clone()>
                <thead>
                    <tr><th scope="col">{t::matrix_corner(lang)}</th>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn matrix_row(lang: Lang, urgency: u8, row: [u8; 5]) -> AnyView {
    let cells = (1_u8..=5)
        .zip(row)
        .map(|(impact, level)| {
            let options = (1_u8..=5).map(|level| choice(&level.to_string(), level.to_string())).collect::<Vec<_>>();
            let label = t::matrix_cell(lang, priority_word(lang, impact), priority_word(lang, urgency));
            view! {
                <td>
                    <select class="select select-sm" name="form[cells][]" aria-label=label>
                        <Options options=options value=level.to_string()/>
                    </select>
                </td>
            }
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row"><b>{urgency.to_string()}</b>" "<span class="matrix-word">{priority_word(lang, urgency)}</span></th>
            {cells}
        </tr>
    }
    .into_any()
}

/// Whether the row of a key has a button of its own to save.
pub(crate) fn saves_by_button(key: Key) -> bool {
    !matches!(key.kind(), Kind::Switch | Kind::Transport)
}
