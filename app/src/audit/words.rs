//! Words for what the audit log tells.

use domain::lang::Lang;
use domain::settings::Key;
use domain::views::{AuditLine, FieldChange};

use crate::settings;
use crate::t::audit as t;

/// A word of the interface.
type Word = fn(Lang) -> &'static str;

/// Kinds of rows one may look for, in groups people think in; `_exported` stands for every kind that ends so.
pub(crate) const AREAS: [(&str, Word); 12] = [
    ("setting_changed", t::area_settings),
    ("list_row_changed", t::area_lists),
    ("template_created,template_changed,template_removed", t::area_templates),
    (
        "user_created,user_changed,user_disabled,user_enabled,user_anonymised,user_signed_out,user_invited,profile_changed",
        t::area_users,
    ),
    ("group_created,group_changed,group_deleted", t::area_groups),
    ("role_created,role_changed,role_deleted", t::area_roles),
    ("entity_created,entity_changed,entity_deleted", t::area_entities),
    ("ticket_purged", t::area_tickets),
    ("article_deleted,article_restored,article_purged", t::area_articles),
    ("customer_created,customer_changed,customer_deleted,customer_imported", t::area_customers),
    ("_exported", t::area_exports),
    ("mail_test_begun,mail_test_ended", t::area_mail),
];

/// What was done.
pub(crate) fn kind(lang: Lang, kind: &str) -> &'static str {
    match kind {
        "setting_changed" => t::setting_changed(lang),
        "list_row_changed" => t::list_row_changed(lang),
        "template_created" => t::template_created(lang),
        "template_changed" => t::template_changed(lang),
        "template_removed" => t::template_removed(lang),
        "user_created" => t::user_created(lang),
        "user_changed" => t::user_changed(lang),
        "user_disabled" => t::user_disabled(lang),
        "user_enabled" => t::user_enabled(lang),
        "user_anonymised" => t::user_anonymised(lang),
        "user_signed_out" => t::user_signed_out(lang),
        "user_invited" => t::user_invited(lang),
        "profile_changed" => t::profile_changed(lang),
        "group_created" => t::group_created(lang),
        "group_changed" => t::group_changed(lang),
        "group_deleted" => t::group_deleted(lang),
        "role_created" => t::role_created(lang),
        "role_changed" => t::role_changed(lang),
        "role_deleted" => t::role_deleted(lang),
        "entity_created" => t::entity_created(lang),
        "entity_changed" => t::entity_changed(lang),
        "entity_deleted" => t::entity_deleted(lang),
        "ticket_purged" => t::ticket_purged(lang),
        "article_deleted" => t::article_deleted(lang),
        "article_restored" => t::article_restored(lang),
        "article_purged" => t::article_purged(lang),
        "customer_created" => t::customer_created(lang),
        "customer_changed" => t::customer_changed(lang),
        "customer_deleted" => t::customer_deleted(lang),
        "customer_imported" => t::customer_imported(lang),
        "customer_occurrences_exported" => t::customer_occurrences_exported(lang),
        "history_exported" => t::history_exported(lang),
        "statistics_exported" => t::statistics_exported(lang),
        "audit_exported" => t::audit_exported(lang),
        "mail_test_begun" => t::mail_test_begun(lang),
        "mail_test_ended" => t::mail_test_ended(lang),
        other if other.ends_with("_exported") => t::other_exported(lang),
        _ => t::other(lang),
    }
}

/// What it was done to: a setting by its name, anything else by the name it has, else as it is kept.
pub(crate) fn object(lang: Lang, line: &AuditLine) -> String {
    if let Some(key) = Key::read(&line.object) {
        return settings::words::label(lang, key).to_owned();
    }
    let is_number = line.object.parse::<i64>().is_ok();
    match line.name.as_str() {
        "" if is_number => ["#", &line.object].concat(),
        "" => line.object.clone(),
        name => name.to_owned(),
    }
}

/// A fact in a line: "Days to reopen: 7 became 9". What was counted and settings have words, other fields the names of the API.
pub(crate) fn fact(lang: Lang, fact: &FieldChange) -> String {
    let field = match fact.field.as_str() {
        "handed_over" => t::handed_over(lang),
        "handed_over_tasks" => t::handed_over_tasks(lang),
        name => Key::read(name).map_or(name, |key| settings::words::label(lang, key)),
    };
    match (fact.old.as_str(), fact.new.as_str()) {
        ("", "") => field.to_owned(),
        ("", new) => t::changed_to(lang, field, new),
        (old, "") => t::changed_away(lang, field, old),
        (old, new) => t::changed_from_to(lang, field, new, old),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_can_be_looked_for_has_its_word() {
        for (kinds, _) in AREAS {
            for one in kinds.split(',').filter(|one| !one.starts_with('_')) {
                assert_ne!(kind(Lang::En, one), t::other(Lang::En), "{one}");
            }
        }
        assert_eq!(kind(Lang::En, "customers_exported"), t::other_exported(Lang::En));
    }

    #[test]
    fn t_rol_09_what_somebody_who_leaves_hands_over_is_told_in_words() {
        let told = |lang: Lang, field: &str| {
            fact(lang, &FieldChange { field: field.to_owned(), old: String::new(), new: "2".to_owned() })
        };
        let expected = [
            (Lang::En, "Tickets handed over: 2", "Tasks handed over: 2"),
            (Lang::PtBr, "Tickets repassados: 2", "Tarefas repassadas: 2"),
            (Lang::Es, "Tickets entregados: 2", "Tareas entregadas: 2"),
        ];
        for (lang, tickets, tasks) in expected {
            assert_eq!(
                (told(lang, "handed_over").as_str(), told(lang, "handed_over_tasks").as_str()),
                (tickets, tasks)
            );
        }
        for field in ["handed_over", "handed_over_tasks"] {
            assert!(!told(Lang::Fr, field).contains(field), "{field}");
        }
    }

    #[test]
    fn t_set_05_a_changed_setting_is_told_with_its_name_and_both_values() {
        let told = |old: &str, new: &str| {
            fact(Lang::En, &FieldChange { field: "reopen_days".to_owned(), old: old.to_owned(), new: new.to_owned() })
        };
        let name = settings::words::label(Lang::En, Key::ReopenDays);
        assert_eq!(told("7", "9"), format!("{name}: 7 became 9"));
        assert_eq!(told("", "9"), format!("{name}: 9"));
        assert_eq!(told("7", ""), format!("{name}: 7 removed"));
    }
}
