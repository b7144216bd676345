//! Capabilities by area, each with its literal name, beside those of another role; what differs is marked in words.

use domain::lang::Lang;
use domain::policy::{CapSet, Capability};
use domain::views::RolePage as Data;
use leptos::prelude::*;

use crate::admin::capabilities::{self, AREAS};
use crate::admin::words;
use crate::components::icon::Icon;
use crate::t::admin as t;

/// The table of a role that holds `held`; with boxes to tick, if `is_form`.
pub(super) fn table(lang: Lang, page: &Data, held: CapSet, is_form: bool) -> AnyView {
    let other = page.compared.as_ref().map(|other| other.capabilities);
    let head = page.compared.as_ref().map(|other| {
        view! { <th scope="col" class="admin-mark">{words::role(lang, &other.role)}</th> }
    });
    let columns = if other.is_some() { "3" } else { "2" };
    let bodies = AREAS
        .iter()
        .map(|area| {
            let rows = Capability::ALL
                .iter()
                .copied()
                .filter(|one| capabilities::area(*one) == *area)
                .map(|one| line(lang, one, held, other, is_form))
                .collect_view();
            let title = capabilities::area_word(lang, area);
            view! {
                <tbody>
                    <tr><th scope="rowgroup" colspan=columns class="admin-area">{title}</th></tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame">
            <table class="admin-rights">
                <caption class="vh">{t::rights(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::right(lang)}</th>
                        <th scope="col" class="admin-mark">{words::role(lang, &page.role.role)}</th>
                        {head}
                    </tr>
                </thead>
                {bodies}
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, one: Capability, held: CapSet, other: Option<CapSet>, is_form: bool) -> AnyView {
    let has = held.contains(one);
    let id = ["right-", &one.name().replace('.', "-")].concat();
    let own = if is_form {
        view! {
            <input
                class="checkbox checkbox-primary"
                r#type="checkbox"
                name="form[capabilities][]"
                value=one.name()
                checked=has
                aria-labelledby=id.clone()
            />
        }
        .into_any()
    } else {
        mark(lang, has)
    };
    let differs = other.is_some_and(|other| other.contains(one) != has);
    let beside = other.map(|other| view! { <td class="admin-mark">{mark(lang, other.contains(one))}</td> });
    let sign = differs.then(|| view! { <span class="badge admin-differs">{t::differs(lang)}</span> });
    let portal = one.is_portal().then(|| view! { <span class="muted">" · "{t::in_portal(lang)}</span> });
    view! {
        <tr data-differs=differs.then_some("true")>
            <th scope="row">
                <span id=id>{capabilities::word(lang, one)}</span>
                {sign}
                <small class="admin-second"><code>{one.name()}</code>{portal}</small>
            </th>
            <td class="admin-mark">{own}</td>
            {beside}
        </tr>
    }
    .into_any()
}

fn mark(lang: Lang, has: bool) -> AnyView {
    if has {
        view! { <Icon name="check"/><span class="vh">{crate::t::common::yes(lang)}</span> }.into_any()
    } else {
        view! { <span class="muted" aria-hidden="true">"–"</span><span class="vh">{crate::t::common::no(lang)}</span> }
            .into_any()
    }
}
