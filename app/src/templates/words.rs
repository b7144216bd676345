//! Words of templates: kinds, what is wrong with a text, who uses one.

use domain::error::Code;
use domain::lang::Lang;
use domain::template::TemplateKind;
use domain::views::{TemplateFault, TemplateRow, TemplateUse};

use crate::account::preferences::own_name;
use crate::settings::words::label;
use crate::t::templates as t;

/// Name of a kind.
pub(crate) fn kind(lang: Lang, kind: TemplateKind) -> &'static str {
    match kind {
        TemplateKind::Reply => t::replies(lang),
        TemplateKind::Solution => t::solutions(lang),
        TemplateKind::Task => t::tasks(lang),
        TemplateKind::Mail => t::mails(lang),
    }
}

/// What begins a new one.
pub(crate) fn new(lang: Lang, kind: TemplateKind) -> &'static str {
    match kind {
        TemplateKind::Reply => t::new_reply(lang),
        TemplateKind::Solution => t::new_solution(lang),
        TemplateKind::Task => t::new_task(lang),
        TemplateKind::Mail => t::new_mail(lang),
    }
}

/// Languages by their own names.
pub(crate) fn languages(row: &TemplateRow) -> String {
    row.languages.iter().map(|lang| own_name(*lang)).collect::<Vec<_>>().join(", ")
}

/// In which state it is: broken counts before the rest.
pub(crate) fn state(lang: Lang, row: &TemplateRow) -> &'static str {
    match (row.broken, row.active) {
        (true, _) => t::broken(lang),
        (false, true) => t::is_active(lang),
        (false, false) => t::is_inactive(lang),
    }
}

/// What is wrong with a text, and where.
pub(crate) fn fault(lang: Lang, fault: &TemplateFault) -> String {
    let (line, column) = (fault.line.to_string(), fault.column.to_string());
    let sentence = match fault.code {
        Code::TemplateUnknownVariable => t::fault_unknown(lang, &column, &line),
        Code::TemplateTooLarge => t::fault_large(lang, &line),
        // The reason names what was expected, in the words of the language of templates.
        _ => t::fault_invalid(lang, &column, &line, &fault.reason),
    };
    match &fault.nearest {
        Some(nearest) => [sentence.as_str(), " ", &t::fault_nearest(lang, nearest)].concat(),
        None => sentence,
    }
}

/// A setting that names it, and whose.
pub(crate) fn used(lang: Lang, one: &TemplateUse) -> String {
    let name = label(lang, one.key);
    match &one.entity {
        Some(entity) => t::used_in(lang, &entity.name, name),
        None => name.to_owned(),
    }
}
