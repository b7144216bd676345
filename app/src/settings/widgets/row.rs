//! One setting: number, name, what it does, its control, where its value comes from, what is wrong with it. Each is a form of
//! its own, saved by itself.

use domain::lang::Lang;
use domain::settings::Kind;
use domain::views::{Origin, SettingView, SettingWarning, SettingsView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

use super::control::{Ids, control, saves_by_button};
use crate::boot::use_viewer;
use crate::components::icon::Icon;
use crate::settings::address::{Question, row_id};
use crate::settings::server_fns::SaveSetting;
use crate::settings::words;
use crate::t::settings as t;

/// The row of a setting.
pub(crate) fn row(lang: Lang, page: &SettingsView, view: &SettingView, question: &Question) -> AnyView {
    let key = view.key;
    let id = row_id(key);
    let refused = question.code.filter(|_| question.row == key.as_str());
    let is_late = question.is_late && question.row == key.as_str();
    let shown = match &question.typed {
        Some(typed) if is_late || refused.is_some() => typed.as_str(),
        _ => view.value.as_str(),
    };
    let (about_id, error_id) = ([id.as_str(), "-about"].concat(), [id.as_str(), "-error"].concat());
    let described =
        if refused.is_some() { [about_id.as_str(), " ", error_id.as_str()].concat() } else { about_id.clone() };
    let ids = Ids { row: id.clone(), described, is_wrong: refused.is_some() };
    let error = refused.map(|code| {
        let words = words::refusal(lang, key, code);
        view! { <p class="field-error" role="alert" id=error_id.clone()><Icon name="circle-alert" small=true/>{words}</p> }
    });
    let warning = view.warning.map(|warning| {
        let words = words::warning(lang, key, warning);
        let is_template = matches!(warning, SettingWarning::MailTemplateMissing | SettingWarning::MailTemplateFailed);
        let fix = (is_template && may_mend_templates()).then(|| {
            let href = template_of(&view.value);
            view! { " "<a class="link" href=href>{t::fix_template(lang)}</a> }
        });
        view! { <p class="setting-warning"><Icon name="triangle-alert" small=true/><span>{words}{fix}</span></p> }
    });
    let is_saved = question.saved == key.as_str();
    let saved = is_saved.then(|| {
        view! { <span class="setting-saved" role="status"><Icon name="circle-check" small=true/>{t::saved(lang)}</span> }
    });
    // The fragment leads back here after a refusal as well: browsers carry it over the redirect.
    let action = [SaveSetting::url(), "#", &id].concat();
    let class = if view.warning.is_some() { "setting setting-broken" } else { "setting" };
    view! {
        <form class=class id=id.clone() method="post" action=action>
            <input r#type="hidden" name="form[entity]" value=page.entity.id.to_string()/>
            <input r#type="hidden" name="form[key]" value=key.as_str()/>
            <input r#type="hidden" name="form[version]" value=page.version.to_string()/>
            <input r#type="hidden" name="form[q]" value=question.q.clone()/>
            {head(lang, view, &ids, about_id)}
            <div class="setting-do">
                <div class="setting-control">{control(lang, view, shown, &ids)}{buttons(lang, view)}</div>
                {error}
                {warning}
                <p class="setting-origin">{words::origin(lang, &view.origin)}{saved}</p>
            </div>
        </form>
    }
    .into_any()
}

fn may_mend_templates() -> bool {
    use_viewer().is_some_and(|viewer| viewer.can("admin.templates"))
}

/// Where the template of a row is mended: on its own page, or of a shipped one among all.
fn template_of(value: &str) -> String {
    match value.parse::<Uuid>() {
        Ok(id) => ["/settings/templates/", &id.to_string()].concat(),
        Err(_shipped) => "/settings/templates?kind=mails".to_owned(),
    }
}

/// Number, name, sentence.
fn head(lang: Lang, view: &SettingView, ids: &Ids, about_id: String) -> AnyView {
    let number = view.key.number().map(|number| {
        let words = t::number_of(lang, &number.to_string());
        view! { <span class="setting-number" title=words>{number.to_string()}</span> }
    });
    view! {
        <div class="setting-head">
            <h3 class="setting-name"><span id=ids.name()>{words::label(lang, view.key)}</span>{number}</h3>
            <p class="setting-about" id=about_id>{words::about(lang, view.key)}</p>
        </div>
    }
    .into_any()
}

/// *Save* or *Set here*, and *Inherit*.
fn buttons(lang: Lang, view: &SettingView) -> AnyView {
    let key = view.key;
    let is_own = view.origin == Origin::Own;
    let save = if saves_by_button(key) {
        let words = if is_own { t::save(lang) } else { t::set_here(lang) };
        Some(view! { <button class="btn btn-sm" r#type="submit">{words}</button> }.into_any())
    } else {
        // A switch saves its other side; this one keeps the side it has.
        (!is_own && key.kind() == Kind::Switch).then(|| {
            view! { <button class="btn btn-sm" r#type="submit" name="form[value]" value=view.value.clone()>{t::set_here(lang)}</button> }.into_any()
        })
    };
    let inherit = (is_own && !key.is_of_entity()).then(|| {
        view! {
            <button class="btn btn-ghost btn-sm setting-inherit" r#type="submit" name="form[inherit]" value="true">
                {words::reset(lang, view)}
            </button>
        }
    });
    view! { {save}{inherit} }.into_any()
}
