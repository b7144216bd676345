//! The rows of a list in the order of their branches. Rows of entities above are read here and edited there.

use domain::lang::Lang;
use domain::views::{ListPageView, ListRowView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::icon::Icon;
use crate::lists::address::{self, Question};
use crate::lists::server_fns::MoveListRow;
use crate::lists::words;
use crate::t::lists_admin as t;

/// The table.
pub(crate) fn table(lang: Lang, page: &ListPageView, question: &Question) -> AnyView {
    let rows = page.rows.iter().map(|row| line(lang, page, row, question)).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table list-table">
                <caption class="vh">{words::list(lang, page.list)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::name(lang)}</th>
                        <th scope="col">{t::facts(lang)}</th>
                        <th scope="col" class="col-person">{t::entity(lang)}</th>
                        <th scope="col" class="col-short">{t::state(lang)}</th>
                        <th scope="col" class="col-move"><span class="vh">{t::order(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, page: &ListPageView, row: &ListRowView, question: &Question) -> AnyView {
    let id = row.id.to_string();
    let is_here = row.entity.id == page.entity.id;
    let name = if is_here && row.may_edit {
        view! { <a class="row-title" href=address::row(page.list, &id)>{row.name.clone()}</a> }.into_any()
    } else {
        view! { <span class="row-title">{row.name.clone()}</span> }.into_any()
    };
    let entity = if row.may_edit && !is_here {
        let href = [address::list(page.list, &row.entity.id.to_string()).as_str(), "#", &address::row_id(&id)].concat();
        view! { <a class="link list-entity" href=href>{row.entity.name.clone()}</a> }.into_any()
    } else {
        view! { <span>{row.entity.name.clone()}</span> }.into_any()
    };
    let state = if row.active {
        view! { <span>{t::state_active(lang)}</span> }.into_any()
    } else {
        view! { <span class="list-inactive"><Icon name="circle-slash" small=true/>{t::state_inactive(lang)}</span> }
            .into_any()
    };
    let only_here = (!row.recursive).then(|| view! { <span class="row-flag">{t::only_here(lang)}</span> });
    let order = (is_here && row.may_edit).then(|| order(lang, page, row, &id));
    let saved = (question.saved == id).then_some("");
    let level = row.depth.min(8).to_string();
    view! {
        <tr id=address::row_id(&id) data-gone=(!row.active).then_some("") data-saved=saved>
            <th scope="row" class="card-wide list-name" data-level=level>{name}{only_here}</th>
            <td class="card-late">{words::facts(lang, page.list, row)}</td>
            <td class="card-late" data-label=t::entity(lang)>{entity}</td>
            <td class="card-late">{state}</td>
            <td class="card-end list-order">{order}</td>
        </tr>
    }
    .into_any()
}

/// Two buttons: before the neighbour, behind it.
fn order(lang: Lang, page: &ListPageView, row: &ListRowView, id: &str) -> AnyView {
    let (up, down) = (t::move_up(lang, &row.name), t::move_down(lang, &row.name));
    view! {
        <form class="btn-group" method="post" action=MoveListRow::url()>
            <input r#type="hidden" name="form[list]" value=page.list.as_str()/>
            <input r#type="hidden" name="form[id]" value=id.to_owned()/>
            <button class="btn btn-ghost btn-sm btn-icon" r#type="submit" name="form[up]" value="true" aria-label=up.clone() title=up><Icon name="arrow-up"/></button>
            <button class="btn btn-ghost btn-sm btn-icon" r#type="submit" name="form[up]" value="false" aria-label=down.clone() title=down><Icon name="arrow-down"/></button>
        </form>
    }
    .into_any()
}
