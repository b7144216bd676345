//! Choosing rows of a list of tickets (T-BLK-01): a box in each row, and the bar that leads to the page of what is chosen. One GET
//! form, whose fields stand in the table: so it works without scripts, and the address says what was chosen.

use domain::forms::BulkAction;
use domain::lang::Lang;
use domain::views::Viewer;
use leptos::prelude::*;

use crate::t::bulk as t;
use crate::tickets::widgets::words;

/// Id of the form the boxes belong to.
const FORM: &str = "bulk";

/// Whether the reader may do anything with several tickets.
pub(crate) fn may_act(viewer: &Viewer, actions: &[BulkAction]) -> bool {
    actions.iter().any(|action| may(viewer, *action))
}

/// Whether an action is of any use to the reader.
pub(crate) fn may(viewer: &Viewer, action: BulkAction) -> bool {
    action.rights().iter().any(|right| viewer.can(right))
}

/// The word of an action.
pub(crate) fn word(lang: Lang, action: BulkAction) -> &'static str {
    match action {
        BulkAction::Priority => t::action_priority(lang),
        BulkAction::Urgency => t::action_urgency(lang),
        BulkAction::Occurrence => t::action_occurrence(lang),
        BulkAction::Solve => t::action_solve(lang),
        _ => action.command().map_or("", |command| words::command(lang, command)),
    }
}

/// The head of the column of boxes.
pub(crate) fn head(lang: Lang) -> AnyView {
    view! { <th scope="col" class="col-check"><span class="vh">{t::column(lang)}</span></th> }.into_any()
}

/// The box of a row.
pub(crate) fn cell(lang: Lang, number: &str, title: &str) -> AnyView {
    let name = t::select(lang, number, title);
    view! {
        <td class="col-check">
            <label class="row-check">
                <input class="checkbox checkbox-sm checkbox-primary" r#type="checkbox" name="n" value=number.to_owned() form=FORM aria-label=name/>
            </label>
        </td>
    }
    .into_any()
}

/// The bar below the rows. Style shows it while something is chosen; `tickets/bulk.js` says how much, and chooses all.
pub(crate) fn bar(lang: Lang, actions: &[BulkAction]) -> AnyView {
    let buttons = actions
        .iter()
        .map(|action| {
            view! { <button class="btn btn-sm" r#type="submit" name="action" value=action.as_str()>{word(lang, *action)}</button> }
        })
        .collect_view();
    let several = t::selected(lang, 2).replace('2', "{n}");
    view! {
        <form class="bulk-bar" id=FORM method="get" action="/tickets/bulk" aria-label=t::bar(lang)>
            <span class="bulk-count" data-bulk-count=""></span>
            // Enter in a box takes the first button of a form.
            <button class="btn btn-primary btn-sm" r#type="submit">{t::act(lang)}</button>
            {buttons}
            <button class="btn btn-ghost btn-sm" r#type="button" hidden=true data-bulk-all=t::select_all(lang) data-bulk-none=t::select_none(lang)>
                {t::select_all(lang)}
            </button>
        </form>
        <p class="vh" role="status" data-bulk-said="" data-one=t::selected(lang, 1) data-several=several></p>
    }
    .into_any()
}
