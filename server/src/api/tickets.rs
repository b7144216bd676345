//! Tickets: list, one, new, changed, thrown away. Commands: `actions`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{AddSolution, Command, CreateTicket, Patch, RunCommand, TicketPatch};
use domain::occurrence::BodyFormat;
use domain::views::{ListQuery, TicketDetail};
use serde_json::Value;
use service::tickets::{Further, Suspend};
use service::{Ctx, ServiceError, requests, tickets};

use super::body::JsonBody;
use super::extract::{Caller, Conditions, Key, Number, Params};
use super::fields::Fields;
use super::json::{self, Answer, Cut};
use super::occurrences;
use super::problem::ApiError;
use super::replay::Once;
use super::{solutions, tasks};

/// Filters that go to the service under their own name (T-LST-03), besides those with a field of their own.
const FILTERS: &[&str] = &[
    "number",
    "urgency",
    "impact",
    "category",
    "entity",
    "entity_only",
    "requester",
    "writer",
    "group",
    "source",
    "location",
    "customer",
    "pending_reason",
    "validation",
    "unread",
    "overdue",
    "opened_from",
    "opened_to",
    "updated_from",
    "updated_to",
    "solved_from",
    "solved_to",
    "closed_from",
    "closed_to",
    "due_from",
    "due_to",
];
/// Filters with a field of their own, which can be negated like the others.
const OWN: &[&str] = &["status", "assignee", "type", "priority", "text"];
/// Their names that are periods: days, or times with offset.
fn is_period(name: &str) -> bool {
    name.ends_with("_from") || name.ends_with("_to")
}

/// A ticket in the form of its reader.
pub(super) fn form(ticket: &TicketDetail) -> Value {
    if ticket.agent { json::agent_ticket(ticket) } else { json::requester_ticket(ticket) }
}

/// A ticket after a command; nothing when the command took it out of the caller's sight.
pub(super) async fn after(ctx: &Ctx, number: i64) -> Result<Option<Value>, ApiError> {
    match tickets::detail(ctx, number).await {
        Ok(ticket) => Ok(Some(form(&ticket))),
        Err(ServiceError { public: AppError::NotFound, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `GET /tickets`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let portal = params.word("as", &["portal"]) == "portal";
    let query = query(&mut params);
    params.finish()?;
    if portal { list_requests(&caller.ctx, query).await } else { list_tickets(&caller.ctx, query).await }
}

fn query(params: &mut Params) -> ListQuery {
    let mut more = Vec::new();
    for name in FILTERS {
        let value = if is_period(name) { params.period(name) } else { params.many(name) };
        if !value.is_empty() {
            more.push(((*name).to_owned(), value));
        }
    }
    for name in OWN.iter().chain(FILTERS) {
        let is_period = is_period(name);
        let name = format!("not.{name}");
        let value = match name.as_str() {
            "not.text" => params.text(&name),
            _ if is_period => params.period(&name),
            _ => params.many(&name),
        };
        if !value.is_empty() {
            more.push((name, value));
        }
    }
    ListQuery {
        text: params.text("text"),
        status: params.many("status"),
        assignee: params.many("assignee"),
        kind: params.many("type"),
        priority: params.many("priority"),
        role: String::new(),
        sort: params.text("sort"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
        trash: params.flag("trash"),
        more,
    }
}

async fn list_tickets(ctx: &Ctx, query: ListQuery) -> Result<Answer, ApiError> {
    let page = tickets::list(ctx, query).await?;
    let numbers: Vec<i64> = page.items.iter().map(|row| row.number).collect();
    let rows = tickets::of_page(ctx, &numbers, false).await?;
    let items = rows.iter().map(|t| if t.agent { json::agent_row(t) } else { json::requester_row(t) }).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

async fn list_requests(ctx: &Ctx, query: ListQuery) -> Result<Answer, ApiError> {
    if query.trash {
        return Err(ApiError::field("trash", Code::Invalid));
    }
    // Without a status all are meant here; the page of My requests has another default.
    let status = if query.status.is_empty() { "all".to_owned() } else { query.status };
    let page = requests::list(ctx, ListQuery { role: "all".to_owned(), status, ..query }).await?;
    let numbers: Vec<i64> = page.items.iter().map(|row| row.number).collect();
    let rows = tickets::of_page(ctx, &numbers, true).await?;
    let items = rows.iter().map(json::requester_row).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

/// `POST /tickets`.
pub async fn create(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let mut form = CreateTicket {
        key: key.0.clone(),
        entity: body.text("entity"),
        kind: body.text("type"),
        title: body.text("title"),
        description: body.text("description"),
        format: body.format(),
        urgency: body.number("urgency"),
        impact: body.number("impact"),
        priority: body.number("priority"),
        category: body.text("category"),
        source: body.text("source"),
        location: body.text("location"),
        requesters: body.actors("requesters").unwrap_or_default(),
        observers: body.actors("observers").unwrap_or_default(),
        assignees: body.actors("assignees").unwrap_or_default(),
        opened_at: body.time("opened_at"),
        due_own_at: body.time("due_own_at"),
        due_resolve_at: body.time("due_resolve_at"),
        customer: body.text("customer"),
        attachments: body.texts("attachments").unwrap_or_default(),
        follow_up_of: body.number("follow_up_of"),
        from: String::new(),
    };
    let draft = body.id("draft");
    let further = further(&mut body);
    if !caller.ctx.actor.is_agent() && body.raw("status").is_some() {
        // Known to everybody, and nobody's to set; the requester side is told so (P-NEW-02).
        body.wrong("status", Code::NotAllowed);
    }
    if form.description.trim().is_empty() {
        if caller.ctx.actor.is_agent() || form.title.trim().is_empty() {
            body.wrong("description", Code::Required);
        } else {
            // P-NEW-02: who says it in one line need not say it twice.
            form.description.clone_from(&form.title);
            form.format = BodyFormat::Text;
        }
    }
    body.finish()?;
    let people = [
        ("requesters", form.requesters.clone()),
        ("observers", form.observers.clone()),
        ("assignees", form.assignees.clone()),
    ];
    let ctx = &caller.ctx.sending(draft);
    let once = Once::begin(ctx, &key, "ticket", None).await?;
    let solution = further.solution.clone();
    let created = tickets::create_with(ctx, form, further).await;
    let number = created.map_err(|error| at_address(error.public, &people))?;
    let ticket = tickets::detail(ctx, number).await?;
    let mut answer = Answer::created(&format!("/tickets/{number}"), self::form(&ticket));
    if let Some(solution) = solution {
        let solution = AddSolution { ticket: number, ..solution };
        answer = answer.warned(&service::solutions::warnings(ctx, &solution).await);
    }
    once.of_ticket(number).finish(ctx, answer).await
}

/// Commands that may come with a new ticket (T-TKT-01).
fn further(body: &mut Fields) -> Further {
    let mut further = Further::default();
    if let Some(mut suspend) = body.object("suspend") {
        further.suspend = Some(Suspend {
            reason: suspend.text("reason"),
            text: suspend.text("text"),
            public: suspend.flag("text_public"),
        });
        body.absorb(suspend);
    }
    if let Some(mut entry) = body.object("occurrence") {
        further.occurrence = Some(occurrences::entry(&mut entry));
        body.absorb(entry);
    }
    if let Some(mut entry) = body.object("task") {
        further.task = Some(tasks::entry(&mut entry));
        body.absorb(entry);
    }
    if let Some(mut entry) = body.object("solution") {
        let override_reason = entry.text("override_reason");
        further.solution = Some(AddSolution { override_reason, ..solutions::entry(&mut entry) });
        body.absorb(entry);
    }
    further.close = body.flag("close");
    further
}

/// A wrong address is named where it stands: `requesters[0].email` (A-ERR-02).
pub(super) fn at_address(error: AppError, people: &[(&str, Vec<String>)]) -> ApiError {
    let AppError::Invalid(errors) = error else { return error.into() };
    let mut out = FieldErrors::new();
    for wrong in errors.0 {
        let is_about_address = !matches!(wrong.code, Code::Duplicate | Code::NotAssignable | Code::NotAllowed);
        let is_address = people.iter().any(|(field, texts)| {
            let at = |(index, text): (usize, &String)| {
                text.starts_with("email:") && wrong.field == format!("{field}[{index}]")
            };
            texts.iter().enumerate().any(at)
        });
        let field = if is_address && is_about_address { format!("{}.email", wrong.field) } else { wrong.field };
        out.add(field, wrong.code);
    }
    out.into()
}

/// `GET /tickets/{number}`; merged ones too (T-MRG-05).
pub async fn show(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let portal = params.word("as", &["portal"]) == "portal";
    params.finish()?;
    let ctx = &caller.ctx;
    let ticket = if portal { tickets::portal_detail(ctx, number).await? } else { tickets::detail(ctx, number).await? };
    Ok(Answer::ok(form(&ticket)))
}

/// `PATCH /tickets/{number}`.
pub async fn update(
    caller: Caller,
    Number(number): Number,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let patch = TicketPatch {
        version: body.version(),
        if_match: conditions.if_match,
        title: body.patch("title"),
        description: body.patch("description"),
        format: body.format(),
        urgency: body.patch_number("urgency"),
        impact: body.patch_number("impact"),
        priority: body.patch_number("priority"),
        source: body.patch("source"),
        location: body.patch("location"),
        requesters: whole(&mut body, Fields::actors, "requesters"),
        observers: whole(&mut body, Fields::actors, "observers"),
        customer: body.patch("customer"),
        attachments: whole(&mut body, Fields::texts, "attachments"),
    };
    body.finish()?;
    conditions.require(patch.version)?;
    let people = [("requesters", texts(&patch.requesters)), ("observers", texts(&patch.observers))];
    tickets::update(&caller.ctx, number, patch).await.map_err(|error| at_address(error.public, &people))?;
    Ok(Answer::changed(form(&tickets::detail(&caller.ctx, number).await?)))
}

/// A list of a partial update: replaced whole, `null` empties it (A-BAS-04).
pub(super) fn whole(
    body: &mut Fields,
    read: impl Fn(&mut Fields, &str) -> Option<Vec<String>>,
    field: &str,
) -> Patch<Vec<String>> {
    read(body, field).map_or(Patch::Keep, Patch::Set)
}

fn texts(patch: &Patch<Vec<String>>) -> Vec<String> {
    if let Patch::Set(texts) = patch { texts.clone() } else { Vec::new() }
}

/// `DELETE /tickets/{number}`: to the trash.
pub async fn delete(
    caller: Caller,
    Number(number): Number,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    let reason = params.text("reason");
    params.finish()?;
    conditions.require(version)?;
    let version = conditions.if_match.or(version).unwrap_or(0);
    let form = RunCommand { number, command: Command::Delete, version, reason, ..RunCommand::default() };
    tickets::run(&caller.ctx, form).await.map_err(|error| conditions.told(error.into()))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /tickets/{number}/description-revisions`: agents who see the ticket, else 404.
pub async fn description_revisions(
    caller: Caller,
    Number(number): Number,
    mut params: Params,
) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let rows = tickets::description_revisions(&caller.ctx, number).await?;
    let rows = rows.iter().map(|row| (place(row.revision), description_revision(row))).collect();
    cut.page(&caller.ctx, &format!("description-revisions:{number}"), rows).map(Answer::ok)
}

fn description_revision(row: &domain::views::RevisionView) -> Value {
    let only_of_entries = ["visibility", "occurred_at", "minutes", "category", "source", "attachments"];
    json::without(json::revision(row), &only_of_entries)
}

/// Revisions have a number instead of an id.
pub(super) fn place(number: i32) -> uuid::Uuid {
    uuid::Uuid::from_u128(u128::from(number.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_err_02_a_wrong_address_is_named_where_it_stands() {
        let people = [("requesters", vec!["user:1".to_owned(), "email:x".to_owned()])];
        let mut errors = FieldErrors::new();
        errors.add("requesters[0]", Code::UnknownReference);
        errors.add("requesters[1]", Code::Invalid);
        let ApiError::App(AppError::Invalid(told)) = at_address(AppError::Invalid(errors), &people) else {
            panic!("must be refused")
        };
        let names: Vec<&str> = told.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["requesters[0]", "requesters[1].email"]);
    }

    #[test]
    fn a_lst_03_filters_of_the_list_may_be_negated() {
        let given = [("status", "new"), ("not.category", "none"), ("overdue", "true"), ("limit", "5")];
        let mut params = Params::new(given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        let query = query(&mut params);
        assert!(params.finish().is_ok());
        assert_eq!((query.status.as_str(), query.limit), ("new", 5));
        assert_eq!(
            query.more,
            [("overdue".to_owned(), "true".to_owned()), ("not.category".to_owned(), "none".to_owned())]
        );
    }
}
