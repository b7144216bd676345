//! How tickets end: solutions, surveys, validations, statistics.

use super::{CREATES, KEYED, UPDATES};
use crate::api::openapi::{Route, route};

/// What changing a request for validation may answer.
const CHANGES_VALIDATION: &str = "forbidden idempotency_mismatch request_in_progress validation_closed transition_not_allowed \
    ticket_closed ticket_cancelled ticket_merged ticket_deleted";

/// In the order of the specification.
pub(super) const OUTCOMES: &[Route] = &[
    // Solutions (section 9).
    route(
        "GET",
        "/tickets/{number}/solutions",
        "listSolutions",
        "Solutions of a ticket, as far as the caller reads them",
    )
    .query(listed!("count:boolean sort:registered_at|-registered_at"))
    .gives(200, "Solution[]"),
    route("POST", "/tickets/{number}/solutions", "createSolution", "Solve a ticket")
        .needs("solution.add")
        .body("NewSolution")
        .gives(201, "Solution")
        .codes(CREATES)
        .more("conflict precondition_failed already_solved validation_blocks"),
    route("GET", "/solutions/{id}", "solution", "A solution").gives(200, "Solution"),
    route("PATCH", "/solutions/{id}", "updateSolution", "Change a solution while it waits for its answer")
        .body("SolutionPatch")
        .gives(200, "Solution")
        .codes(UPDATES)
        .more("transition_not_allowed"),
    // Surveys (section 9).
    route("GET", "/tickets/{number}/survey", "survey", "The survey of the last closing of a ticket")
        .gives(200, "Survey"),
    route(
        "POST",
        "/tickets/{number}/survey",
        "answerSurvey",
        "Answer the survey, or change the answer within 12 hours",
    )
    .body("SurveyAnswer")
    .gives(201, "Survey")
    .codes(KEYED)
    .more("forbidden survey_closed survey_expired"),
    // Validations (section 9).
    route("GET", "/tickets/{number}/validations", "listValidations", "Requests for validation, newest first")
        .query(listed!("count:boolean state:waiting|granted|refused"))
        .gives(200, "Validation[]"),
    route("POST", "/tickets/{number}/validations", "askValidation", "Ask named people to agree")
        .needs("validation.request")
        .body("NewValidation")
        .gives(201, "Validation")
        .codes(CREATES),
    route(
        "POST",
        "/tickets/{number}/validations/{id}/answers",
        "answerValidation",
        "Agree or refuse, once and for ever",
    )
    .needs("validation.answer")
    .body("NewValidationAnswer")
    .gives(201, "Validation")
    .codes(KEYED)
    .more("already_answered validation_closed"),
    route(
        "POST",
        "/tickets/{number}/validations/{id}/actions/withdraw",
        "withdrawValidation",
        "Withdraw a request that waits",
    )
    .gives(200, "Validation")
    .codes(CHANGES_VALIDATION),
    route(
        "POST",
        "/tickets/{number}/validations/{id}/actions/ask-again",
        "askValidationAgain",
        "Ask a refused request again; the new one replaces it",
    )
    .gives(201, "Validation")
    .codes(CHANGES_VALIDATION),
    route("GET", "/validations", "ownValidations", "Requests that name the caller, those that wait for him first")
        .query(listed!("count:boolean target:me state:waiting|granted|refused"))
        .gives(200, "Validation[]"),
    route("GET", "/validations/{id}", "validation", "A request for validation").gives(200, "Validation"),
    // Statistics (section 9, 10).
    route("GET", "/tickets/{number}/statistics", "ticketStatistics", "How long a ticket took")
        .needs("statistics.view")
        .gives(200, "TicketStatistics"),
    route("GET", "/statistics", "statistics", "Numbers of a period, as far as the caller may see their tickets")
        .needs("statistics.view")
        .query("entity:uuid from:string to:string group:uuid person:string")
        .gives(200, "Statistics"),
];
