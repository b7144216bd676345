//! The images of an occurrence in its form: at most two, each with what it shows (C-IMG-01, C-IMG-04). A plain file field that
//! uploads by itself where scripts run (`frontend/js/attachments`); without them a button uploads, and the form comes back.

use domain::customer::{ALT_MAX, IMAGES_MAX};
use domain::format::file_size;
use domain::lang::Lang;
use domain::views::{CustomerImageView, CustomerOccurrenceForm};
use leptos::prelude::*;

use crate::boot::use_boot;
use crate::components::desk_files::{NAME, sentences};
use crate::components::field::{FieldError, TextField};
use crate::components::icon::Icon;
use crate::kept::upload_path;
use crate::t::common;
use crate::t::customers as t;

/// Types by content; the server decides (C-IMG-02).
const TYPES: &str = "image/png,image/jpeg,image/webp,image/gif";
/// Name of the list.
const LIST: &str = "form[attachments][]";

/// The field with rows, limit, and the two descriptions. `back` is the page of the form.
pub(crate) fn images(
    lang: Lang,
    form: &CustomerOccurrenceForm,
    alts: [String; IMAGES_MAX],
    back: &str,
    error: Signal<Option<String>>,
) -> AnyView {
    let boot = use_boot();
    let action = upload_path("customer_occurrence", &form.object, back);
    let rows = form.images.iter().map(|image| row(lang, image, &action)).collect_view();
    let limit = t::images_limit(lang, &file_size(form.upload_max, lang));
    let [first, second] = alts;
    let most = u32::try_from(ALT_MAX).unwrap_or(u32::MAX);
    view! {
        <div class="field" id="form-images">
            <span class="field-label">{t::images(lang)}</span>
            <desk-files
                name=LIST
                upload-url="/attachments"
                max-bytes=form.upload_max.to_string()
                max-files=IMAGES_MAX.to_string()
                types=TYPES
                icons=boot.asset("icons.svg")
                strings=sentences(lang, t::image_type_not_allowed(lang, NAME))
                ready="true"
                data-pictures=""
            >
                <div class="drop-zone">
                    <Icon name="image"/>
                    <span class="drop-limit">{limit}</span>
                    <label class="btn btn-sm" title=t::choose_images(lang)>
                        <Icon name="camera"/>
                        <span class="drop-word">{t::choose_images(lang)}</span>
                        <input class="vh" r#type="file" id="form-attachments" name=LIST accept="image/*" multiple=true aria-describedby="form-images-error"/>
                    </label>
                    <noscript>
                        <label class="small">{t::second_image(lang)}" "<input r#type="file" name=LIST accept="image/*"/></label>
                        <button class="btn btn-sm" r#type="submit" formaction=action formenctype="multipart/form-data" formnovalidate=true>
                            {t::upload_images(lang)}
                        </button>
                    </noscript>
                </div>
                <ul class="file-list">{rows}</ul>
            </desk-files>
            <FieldError id="form-images-error" error=error/>
            <div class="field-grid picture-alts">
                <TextField name="form[alt_1]" label=t::alt_first(lang) hint=t::alt_hint(lang) value=first maxlength=most/>
                <TextField name="form[alt_2]" label=t::alt_second(lang) hint=t::alt_hint(lang) value=second maxlength=most/>
            </div>
        </div>
    }
    .into_any()
}

fn row(lang: Lang, image: &CustomerImageView, action: &str) -> AnyView {
    let id = image.id.to_string();
    let (row, kept) = (id.clone(), id.clone());
    let href = ["/documents/", &id].concat();
    let source = [href.as_str(), "/thumbnail"].concat();
    let name = image.name.clone();
    view! {
        <li class="file-row" data-id=row>
            <img class="customer-picture" src=source alt="" width="48" height="36" loading="lazy"/>
            <a class="file-name" href=href>{name.clone()}</a>
            <span class="file-size">{file_size(image.size, lang)}</span>
            <input r#type="hidden" name=LIST value=kept/>
            // Text stands in elements here: what is written into this one directly is not escaped.
            <noscript>
                <button class="btn btn-ghost btn-xs" r#type="submit" name="remove" value=id formaction=action.to_owned() formenctype="multipart/form-data" formnovalidate=true>
                    {common::remove(lang)}<span class="vh">" "{name}</span>
                </button>
            </noscript>
        </li>
    }
    .into_any()
}
