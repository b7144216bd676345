//! Taking in a file of customers (C-IMP): choose it, see what it would do, run it.

use domain::format;
use domain::lang::Lang;
use domain::views::{CustomerForm, ImportPreview, WrongRow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::field::{Checkbox, SelectField};
use crate::components::form_error::{FieldName, FormError};
use crate::customers::address;
use crate::customers::server_fns::{ImportCustomers, customer_form, customer_import};
use crate::customers::widgets::{hidden, plain};
use crate::error::Refusal;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::customers as t;

/// Where a chosen file is posted: as a whole, streamed, outside the server functions.
const UPLOAD: &str = "/customers/import/file";

/// What the page shows: the form of a file, and the preview of one.
type Shown = (CustomerForm, Option<ImportPreview>);

async fn load(preview: String) -> Result<Shown, Refusal> {
    let form = customer_form(String::new()).await?;
    let preview = if preview.is_empty() { None } else { Some(customer_import(preview).await?) };
    Ok((form, preview))
}

/// Page `/customers/import`; `?preview=` names a file that was looked at.
#[component]
pub fn ImportCustomersPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let preview = Memo::new(move |_| query.with(|map| map.get("preview")).unwrap_or_default());
    let told = Memo::new(move |_| {
        query.with(|map| {
            let number = |name: &str| map.get_str(name).and_then(|text| text.parse::<u32>().ok());
            number("created").zip(number("updated")).zip(number("skipped"))
        })
    });
    let data = Resource::new_blocking(move || preview.get(), load);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok((form, preview)) => {
                    let done = told.get_untracked().map(|((created, updated), skipped)| [created, updated, skipped]);
                    import(lang, &form, preview.as_ref(), done)
                }
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

fn import(lang: Lang, form: &CustomerForm, preview: Option<&ImportPreview>, done: Option<[u32; 3]>) -> AnyView {
    // Also what the upload of a file was refused for: it leads back here as a refused import.
    let refusal = refusal_of(form_action::<ImportCustomers>());
    let done = done.map(|numbers| {
        let [created, updated, skipped] = numbers.map(|n| format::number(i64::from(n), lang));
        view! {
            <Banner tone=Tone::Done text=t::import_done(lang, &created, &skipped, &updated)>
                <a class="link" href=address::LIST>{t::customers(lang)}</a>
            </Banner>
        }
    });
    let names = vec![
        FieldName { field: "upload", label: t::import_file(lang) },
        FieldName { field: "entity", label: t::entity(lang) },
        FieldName { field: "name", label: t::name(lang) },
    ];
    let shown = preview.map(|preview| looked_at(lang, preview, form));
    let content = view! {
        <FormError error=refusal fields=names/>
        {done}
        {shown}
        {choose(lang, form, preview.is_none())}
    };
    let back = (address::LIST.to_owned(), t::customers(lang).to_owned());
    plain(t::import(lang), Some(back), content.into_any())
}

fn choose(lang: Lang, form: &CustomerForm, is_first: bool) -> AnyView {
    // Beside a preview its own button is the next step.
    let kind = if is_first { ButtonKind::Primary } else { ButtonKind::Plain };
    // What was chosen before a file was refused.
    let query = use_query_map();
    let entity = query.with_untracked(|map| map.get("entity")).unwrap_or_else(|| form.entity.clone());
    let is_ignoring = query.with_untracked(|map| map.get_str("ignore_unknown") == Some("true"));
    view! {
        <form class="card form" method="post" action=UPLOAD enctype="multipart/form-data">
            <h2 class="card-title">{t::import_file(lang)}</h2>
            <p class="small">{t::import_hint(lang)}</p>
            <p class="small"><code>{domain::customer::import::COLUMNS.join(", ")}</code></p>
            <div class="field-grid">
                <SelectField name="entity" label=t::entity(lang) options=form.entities.clone() value=entity/>
            </div>
            <Checkbox name="ignore_unknown" label=t::import_ignore(lang) checked=is_ignoring/>
            <div class="field">
                <label r#for="form-upload">{t::import_file(lang)}</label>
                <input class="file-input file-input-sm" r#type="file" id="form-upload" name="file" accept=".csv,text/csv,text/plain" required=true/>
            </div>
            <div class="form-foot"><SubmitButton kind=kind>{t::import_preview(lang)}</SubmitButton></div>
        </form>
    }
    .into_any()
}

fn looked_at(lang: Lang, preview: &ImportPreview, form: &CustomerForm) -> AnyView {
    let facts = [
        (t::import_created(lang), preview.created),
        (t::import_updated(lang), preview.updated),
        (t::import_unchanged(lang), preview.unchanged),
        (t::import_wrong(lang), preview.wrong),
    ]
    .map(|(word, n)| view! { <dt>{word}</dt><dd class="num">{format::number(i64::from(n), lang)}</dd> })
    .into_iter()
    .collect_view();
    let unknown = (!preview.unknown_columns.is_empty())
        .then(|| view! { <p>{t::import_unknown(lang, &preview.unknown_columns.join(", "))}</p> });
    let more = (preview.left_out > 0)
        .then(|| view! { <p class="small muted">{t::import_more_wrong(lang, i64::from(preview.left_out))}</p> });
    let right = preview.created.saturating_add(preview.updated);
    let run = match (preview.wrong, right) {
        (_, 0) => view! { <p class="muted">{t::import_nothing(lang)}</p> }.into_any(),
        (0, right) => run(lang, preview, &form.key, t::import_run(lang, i64::from(right)), false),
        (_, right) => run(lang, preview, &form.key, t::import_run_right(lang, i64::from(right)), true),
    };
    view! {
        <section class="card" aria-labelledby="import-preview">
            <h2 class="card-title" id="import-preview">{t::preview_of(lang, &preview.entity.name, &preview.file)}</h2>
            <dl class="props">{facts}</dl>
            {unknown}
            {wrong_rows(lang, &preview.errors)}
            {more}
            {run}
        </section>
    }
    .into_any()
}

fn run(lang: Lang, preview: &ImportPreview, key: &str, words: String, only_right_rows: bool) -> AnyView {
    let only = only_right_rows.then(|| hidden("form[only_right_rows]", "true"));
    let ignore = preview
        .must_ignore
        .then(|| view! { <Checkbox name="form[ignore_unknown]" id="ignore-unknown" label=t::import_ignore(lang)/> });
    view! {
        <form class="form-foot" method="post" action=ImportCustomers::url()>
            {ignore}
            {hidden("form[preview]", preview.id.clone())}
            {hidden("form[key]", key)}
            {only}
            <LinkButton href=address::IMPORT>{t::import_other(lang)}</LinkButton>
            <SubmitButton>{words}</SubmitButton>
        </form>
    }
    .into_any()
}

fn wrong_rows(lang: Lang, rows: &[WrongRow]) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let lines = rows
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <td class="num">{format::number(i64::from(row.line), lang)}</td>
                    <td>{row.column.clone()}</td>
                    <td>{message::code_sentence(lang, row.code)}</td>
                    <td>{row.value.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-scroll">
            <table class="change-table import-rows">
                <caption class="card-title">{t::import_wrong_rows(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::import_line(lang)}</th>
                        <th scope="col">{t::import_column(lang)}</th>
                        <th scope="col">{t::import_why(lang)}</th>
                        <th scope="col">{t::import_value(lang)}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}
