//! The words of capabilities and of the areas they belong to.

use domain::lang::Lang;
use domain::policy::Capability;

use crate::t::admin as t;

/// The areas, in the order of the specification.
pub(crate) const AREAS: &[&str] =
    &["ticket", "occurrence", "task", "solution", "validation", "cost", "records", "knowledge", "statistics", "admin"];

/// The area of a capability: the beginning of its name, records of all kinds together.
pub(crate) fn area(capability: Capability) -> &'static str {
    let area = capability.name().split('.').next().unwrap_or_default();
    if AREAS.contains(&area) { area } else { "records" }
}

/// The word of an area.
pub(crate) fn area_word(lang: Lang, area: &str) -> &'static str {
    match area {
        "ticket" => t::area_ticket(lang),
        "occurrence" => t::area_occurrence(lang),
        "task" => t::area_task(lang),
        "solution" => t::area_solution(lang),
        "validation" => t::area_validation(lang),
        "cost" => t::area_cost(lang),
        "knowledge" => t::area_knowledge(lang),
        "statistics" => t::area_statistics(lang),
        "admin" => t::area_admin(lang),
        _ => t::area_records(lang),
    }
}

/// What a capability allows, in words.
pub(crate) fn word(lang: Lang, capability: Capability) -> &'static str {
    match capability {
        Capability::TicketCreate => t::cap_ticket_create(lang),
        Capability::TicketViewOwn => t::cap_ticket_view_own(lang),
        Capability::TicketViewGroup => t::cap_ticket_view_group(lang),
        Capability::TicketViewAssigned => t::cap_ticket_view_assigned(lang),
        Capability::TicketViewUnassignedOfMyGroups => t::cap_ticket_view_unassigned_of_my_groups(lang),
        Capability::TicketViewAll => t::cap_ticket_view_all(lang),
        Capability::TicketUpdate => t::cap_ticket_update(lang),
        Capability::TicketAssign => t::cap_ticket_assign(lang),
        Capability::TicketTake => t::cap_ticket_take(lang),
        Capability::TicketDelegate => t::cap_ticket_delegate(lang),
        Capability::TicketChangePriority => t::cap_ticket_change_priority(lang),
        Capability::TicketSuspend => t::cap_ticket_suspend(lang),
        Capability::TicketReactivate => t::cap_ticket_reactivate(lang),
        Capability::TicketReopen => t::cap_ticket_reopen(lang),
        Capability::TicketCancel => t::cap_ticket_cancel(lang),
        Capability::TicketSolve => t::cap_ticket_solve(lang),
        Capability::TicketClose => t::cap_ticket_close(lang),
        Capability::TicketReclassify => t::cap_ticket_reclassify(lang),
        Capability::TicketChangeSla => t::cap_ticket_change_sla(lang),
        Capability::TicketMerge => t::cap_ticket_merge(lang),
        Capability::TicketDelete => t::cap_ticket_delete(lang),
        Capability::TicketRestore => t::cap_ticket_restore(lang),
        Capability::TicketPurge => t::cap_ticket_purge(lang),
        Capability::OccurrenceViewPublic => t::cap_occurrence_view_public(lang),
        Capability::OccurrenceViewPrivate => t::cap_occurrence_view_private(lang),
        Capability::OccurrenceAddOwn => t::cap_occurrence_add_own(lang),
        Capability::OccurrenceAddAssigned => t::cap_occurrence_add_assigned(lang),
        Capability::OccurrenceAddAny => t::cap_occurrence_add_any(lang),
        Capability::OccurrenceUpdateOwn => t::cap_occurrence_update_own(lang),
        Capability::OccurrenceDeleteOwn => t::cap_occurrence_delete_own(lang),
        Capability::OccurrenceUpdateAny => t::cap_occurrence_update_any(lang),
        Capability::OccurrenceDeleteAny => t::cap_occurrence_delete_any(lang),
        Capability::OccurrenceSendMail => t::cap_occurrence_send_mail(lang),
        Capability::TaskViewPublic => t::cap_task_view_public(lang),
        Capability::TaskViewPrivate => t::cap_task_view_private(lang),
        Capability::TaskAddOwn => t::cap_task_add_own(lang),
        Capability::TaskAddAssigned => t::cap_task_add_assigned(lang),
        Capability::TaskAddAny => t::cap_task_add_any(lang),
        Capability::TaskUpdateOwn => t::cap_task_update_own(lang),
        Capability::TaskDeleteOwn => t::cap_task_delete_own(lang),
        Capability::TaskUpdateAny => t::cap_task_update_any(lang),
        Capability::TaskDeleteAny => t::cap_task_delete_any(lang),
        Capability::SolutionAdd => t::cap_solution_add(lang),
        Capability::SolutionApprove => t::cap_solution_approve(lang),
        Capability::ValidationRequest => t::cap_validation_request(lang),
        Capability::ValidationAnswer => t::cap_validation_answer(lang),
        Capability::ValidationOverride => t::cap_validation_override(lang),
        Capability::CostView => t::cap_cost_view(lang),
        Capability::CostEdit => t::cap_cost_edit(lang),
        Capability::ItemView => t::cap_item_view(lang),
        Capability::ProblemView => t::cap_problem_view(lang),
        Capability::ChangeView => t::cap_change_view(lang),
        Capability::ProjectView => t::cap_project_view(lang),
        Capability::ContractView => t::cap_contract_view(lang),
        Capability::CustomerView => t::cap_customer_view(lang),
        Capability::ItemEdit => t::cap_item_edit(lang),
        Capability::ProblemEdit => t::cap_problem_edit(lang),
        Capability::ChangeEdit => t::cap_change_edit(lang),
        Capability::CustomerEdit => t::cap_customer_edit(lang),
        Capability::ProjectEdit => t::cap_project_edit(lang),
        Capability::ContractEdit => t::cap_contract_edit(lang),
        Capability::KnowledgeView => t::cap_knowledge_view(lang),
        Capability::KnowledgeEdit => t::cap_knowledge_edit(lang),
        Capability::StatisticsView => t::cap_statistics_view(lang),
        Capability::AdminUsers => t::cap_admin_users(lang),
        Capability::AdminEntities => t::cap_admin_entities(lang),
        Capability::AdminSettings => t::cap_admin_settings(lang),
        Capability::AdminTemplates => t::cap_admin_templates(lang),
        Capability::AdminAudit => t::cap_admin_audit(lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_rol_02_every_capability_has_an_area_and_words_of_its_own() {
        for lang in Lang::ALL {
            let words: std::collections::BTreeSet<&str> = Capability::ALL.iter().map(|one| word(lang, *one)).collect();
            assert_eq!(words.len(), Capability::ALL.len(), "{lang}");
        }
        for one in Capability::ALL {
            assert!(AREAS.contains(&area(*one)), "{one}");
        }
        assert_eq!(area(Capability::ProblemView), "records");
    }
}
