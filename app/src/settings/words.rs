//! Names and sentences of settings, their values in words, and finding them by name or number.

use domain::error::Code;
use domain::lang::Lang;
use domain::settings::{Area, Key, Kind, TextForm};
use domain::views::{Choice, Origin, SettingView, SettingWarning};

use crate::account::preferences::own_name;
use crate::message;
use crate::t::settings as t;

/// A word of the interface.
type Word = fn(Lang) -> &'static str;

/// Name of a group.
pub(crate) fn area(lang: Lang, area: Area) -> &'static str {
    match area {
        Area::Portal => t::area_portal(lang),
        Area::Mail => t::area_mail(lang),
        Area::Ticket => t::area_ticket(lang),
        Area::Instance => t::area_instance(lang),
    }
}

/// Name of a setting.
pub(crate) fn label(lang: Lang, key: Key) -> &'static str {
    pair(key).0(lang)
}

/// What it does, in one sentence.
pub(crate) fn about(lang: Lang, key: Key) -> &'static str {
    pair(key).1(lang)
}

fn pair(key: Key) -> (Word, Word) {
    match key {
        Key::PortalShowOccurrences => (t::portal_show_occurrences, t::portal_show_occurrences_about),
        Key::PortalRegisterOccurrence => (t::portal_register_occurrence, t::portal_register_occurrence_about),
        Key::PortalDefaultCategory => (t::portal_default_category, t::portal_default_category_about),
        Key::PortalDefaultSource => (t::portal_default_source, t::portal_default_source_about),
        Key::PortalCancel => (t::portal_cancel, t::portal_cancel_about),
        Key::PortalShowSolution => (t::portal_show_solution, t::portal_show_solution_about),
        Key::PortalNotifyResponsible => (t::portal_notify_responsible, t::portal_notify_responsible_about),
        Key::MailTransport => (t::mail_transport, t::mail_transport_about),
        Key::MailTemplateRequester => (t::mail_template_requester, t::mail_template_requester_about),
        Key::MailTemplateResponsible => (t::mail_template_responsible, t::mail_template_responsible_about),
        Key::MailTemplateMessage => (t::mail_template_message, t::mail_template_message_about),
        Key::MailTemplateChatOffline => (t::mail_template_chat_offline, t::mail_template_chat_offline_about),
        Key::MailSenderName => (t::mail_sender_name, t::mail_sender_name_about),
        Key::MailSubjectTag => (t::mail_subject_tag, t::mail_subject_tag_about),
        Key::MessagesEnabled => (t::messages_enabled, t::messages_enabled_about),
        Key::MessagesReply => (t::messages_reply, t::messages_reply_about),
        Key::MessagesAlertResponsible => (t::messages_alert_responsible, t::messages_alert_responsible_about),
        Key::ChatEnabled => (t::chat_enabled, t::chat_enabled_about),
        Key::ReopenDays => (t::reopen_days, t::reopen_days_about),
        Key::ReopenPolicy => (t::reopen_policy, t::reopen_policy_about),
        Key::AutoCloseDays => (t::auto_close_days, t::auto_close_days_about),
        Key::SuspensionTextRequired => (t::suspension_text_required, t::suspension_text_required_about),
        Key::SurveyEnabled => (t::survey_enabled, t::survey_enabled_about),
        Key::SurveyValidDays => (t::survey_valid_days, t::survey_valid_days_about),
        Key::TicketDefaultGroup => (t::ticket_default_group, t::ticket_default_group_about),
        Key::TicketDefaultSource => (t::ticket_default_source, t::ticket_default_source_about),
        Key::PriorityMatrix => (t::priority_matrix, t::priority_matrix_about),
        Key::WorkingCalendar => (t::working_calendar, t::working_calendar_about),
        Key::ValidationBlocksSolving => (t::validation_blocks_solving, t::validation_blocks_solving_about),
        Key::TrashKeepDays => (t::trash_keep_days, t::trash_keep_days_about),
        Key::EntityLanguage => (t::entity_language, t::entity_language_about),
        Key::EntityTimeZone => (t::entity_time_zone, t::entity_time_zone_about),
        Key::EntityCurrency => (t::entity_currency, t::entity_currency_about),
        Key::UploadMaxMib => (t::upload_max_mib, t::upload_max_mib_about),
        Key::UploadForbiddenExtensions => (t::upload_forbidden_extensions, t::upload_forbidden_extensions_about),
        Key::SessionIdleMinutes => (t::session_idle_minutes, t::session_idle_minutes_about),
        Key::SessionMaxHours => (t::session_max_hours, t::session_max_hours_about),
        Key::ListsExportMaxRows => (t::lists_export_max_rows, t::lists_export_max_rows_about),
        Key::KnowledgeSuggestions => (t::knowledge_suggestions, t::knowledge_suggestions_about),
        Key::HelpContactUrl => (t::help_contact_url, t::help_contact_url_about),
    }
}

/// The word of one of the words a setting may hold.
pub(crate) fn word(lang: Lang, key: Key, value: &str) -> String {
    match (key, value) {
        (Key::EntityLanguage, code) => {
            code.parse::<Lang>().map_or_else(|_other| code.to_owned(), |other| own_name(other).to_owned())
        }
        (_, "reopen") => t::policy_reopen(lang).to_owned(),
        (_, "ask") => t::policy_ask(lang).to_owned(),
        (_, "append-only") => t::policy_append_only(lang).to_owned(),
        (_, other) => other.to_owned(),
    }
}

/// What a reference without a value means.
pub(crate) fn none(lang: Lang, key: Key) -> &'static str {
    let is_template = matches!(
        key,
        Key::MailTemplateRequester
            | Key::MailTemplateResponsible
            | Key::MailTemplateMessage
            | Key::MailTemplateChatOffline
    );
    match key {
        _ if is_template => t::shipped(lang),
        Key::WorkingCalendar => t::always(lang),
        _ => t::none(lang),
    }
}

/// A value in words: "off", "Network", "7".
pub(crate) fn value(lang: Lang, view: &SettingView, value: &str) -> String {
    match view.key.kind() {
        Kind::Switch if value == "true" => t::on(lang).to_owned(),
        Kind::Switch => t::off(lang).to_owned(),
        Kind::Days { .. } if value == "never" => t::never(lang).to_owned(),
        Kind::Word(_) => word(lang, view.key, value),
        Kind::Reference(_) if value.is_empty() => none(lang, view.key).to_owned(),
        Kind::Reference(_) => name_of(&view.choices, value).unwrap_or_else(|| t::gone(lang).to_owned()),
        Kind::Matrix if value.is_empty() => t::shipped(lang).to_owned(),
        Kind::Matrix => t::own_matrix(lang).to_owned(),
        _ if value.is_empty() => t::none(lang).to_owned(),
        _ => value.to_owned(),
    }
}

fn name_of(choices: &[Choice], value: &str) -> Option<String> {
    choices.iter().find(|choice| choice.value == value).map(|choice| choice.name.clone())
}

/// Where the value comes from.
pub(crate) fn origin(lang: Lang, origin: &Origin) -> String {
    match origin {
        Origin::Own => t::origin_own(lang).to_owned(),
        Origin::Inherited(entity) => t::origin_inherited(lang, &entity.name),
        Origin::Default => t::origin_default(lang).to_owned(),
    }
}

/// What *Inherit* gives: "Reset to inherited (off, from Acme)".
pub(crate) fn reset(lang: Lang, view: &SettingView) -> String {
    let words = value(lang, view, &view.above);
    match &view.above_origin {
        Origin::Inherited(entity) => t::reset_to_inherited(lang, &entity.name, &words),
        Origin::Own | Origin::Default => t::reset_to_default(lang, &words),
    }
}

/// What is wrong with a row, and what happens meanwhile (T-SET-06).
pub(crate) fn warning(lang: Lang, key: Key, warning: SettingWarning) -> &'static str {
    match (warning, key) {
        (SettingWarning::MailTemplateMissing, _) => t::warning_template(lang),
        (SettingWarning::MailTemplateFailed, _) => t::warning_template_failed(lang),
        (SettingWarning::MailNotConfigured, _) => t::warning_not_configured(lang),
        (SettingWarning::MailFailing, _) => t::warning_failing(lang),
        (SettingWarning::UnknownReference, Key::PortalDefaultCategory) => t::warning_category(lang),
        (SettingWarning::UnknownReference, Key::PortalDefaultSource) => t::warning_portal_source(lang),
        (SettingWarning::UnknownReference, Key::TicketDefaultSource) => t::warning_ticket_source(lang),
        (SettingWarning::UnknownReference, Key::TicketDefaultGroup) => t::warning_group(lang),
        (SettingWarning::UnknownReference, Key::WorkingCalendar) => t::warning_calendar(lang),
        (SettingWarning::UnknownReference, _) => t::warning_reference(lang),
    }
}

/// Why a value was refused, with the limits of its setting.
pub(crate) fn refusal(lang: Lang, key: Key, code: Code) -> String {
    match (code, key.kind()) {
        (Code::Invalid | Code::OutOfRange, Kind::Integer { least, most }) => {
            t::wrong_number(lang, &least.to_string(), &most.to_string())
        }
        (Code::Invalid, Kind::Text { form: TextForm::Tag, .. }) => t::wrong_tag(lang).to_owned(),
        (Code::Invalid, Kind::Text { form: TextForm::Extensions, .. }) => t::wrong_extensions(lang).to_owned(),
        (Code::OutOfRange, Kind::Text { most, .. }) => t::wrong_length(lang, &most.to_string()),
        (Code::Invalid, Kind::Address) => t::wrong_address(lang).to_owned(),
        (Code::OutOfRange, Kind::Address) => t::wrong_length(lang, "500"),
        (Code::Invalid, Kind::TimeZone) => t::wrong_zone(lang).to_owned(),
        (Code::Invalid, Kind::Currency) => t::wrong_currency(lang).to_owned(),
        (Code::Conflict, _) => t::wrong_conflict(lang).to_owned(),
        (code, _) => message::code_sentence(lang, code).to_owned(),
    }
}

/// Whether a setting is meant by what was typed: its number ("298", "param 298"), its key, or words of its name and sentence,
/// whatever their case and accents. Nothing typed means all.
pub(crate) fn is_meant(lang: Lang, key: Key, q: &str) -> bool {
    let q = fold(q);
    let asked: Vec<&str> = q.split_whitespace().filter(|word| !is_filler(word)).collect();
    if let [one] = asked.as_slice()
        && let Ok(number) = one.trim_start_matches('#').parse::<u16>()
    {
        return key.has_number(number);
    }
    let text = fold(&[key.as_str(), " ", label(lang, key), " ", about(lang, key)].concat());
    asked.iter().all(|word| text.contains(word))
}

/// Words before a number: "param 298", "parâmetro 298".
fn is_filler(word: &str) -> bool {
    matches!(word, "param" | "parameter" | "parametro" | "parametre" | "no" | "nr")
}

/// Small letters without the accents of our languages.
fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lang: Lang, q: &str) -> Vec<Key> {
        Key::ALL.iter().copied().filter(|key| is_meant(lang, *key, q)).collect()
    }

    #[test]
    fn t_set_every_setting_is_found_by_its_number_in_every_spelling() {
        for q in ["298", " 298 ", "param 298", "Parâmetro 298", "#298"] {
            assert_eq!(found(Lang::PtBr, q), [Key::PortalShowOccurrences], "{q}");
        }
        assert_eq!(found(Lang::En, "14"), [Key::MailTransport]);
        assert!(found(Lang::En, "9999").is_empty());
    }

    #[test]
    fn t_set_settings_are_found_by_key_and_by_name_without_accents() {
        assert_eq!(found(Lang::En, "portal.cancel"), [Key::PortalCancel]);
        assert_eq!(found(Lang::En, ""), Key::ALL);
        for lang in Lang::ALL {
            for key in Key::ALL.iter().copied() {
                assert!(found(lang, &fold(label(lang, key))).contains(&key), "{lang} {}", key.as_str());
            }
        }
    }

    #[test]
    fn t_set_04_a_refused_number_is_told_its_limits() {
        let words = refusal(Lang::En, Key::ReopenDays, Code::OutOfRange);
        assert!(words.contains('0') && words.contains("365"), "{words}");
    }
}
