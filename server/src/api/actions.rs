//! Commands on a ticket: one handler each, all the same way (`/tickets/{number}/actions/…`).

use axum::routing::{MethodRouter, post};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{AddSolution, Command, Patch, RunCommand};
use service::tickets;

use super::Api;
use super::body::OptionalBody;
use super::extract::{Caller, Conditions, Key, Number, Params};
use super::fields::Fields;
use super::json::Answer;
use super::problem::ApiError;
use super::replay::Once;
use super::solutions;
use super::tickets::{after, at_address};

/// The route of a command.
pub fn route(command: Command) -> MethodRouter<Api> {
    post(move |caller: Caller, number: Number, key: Key, conditions: Conditions, params: Params, body: OptionalBody| {
        run(command, caller, number, key, conditions, params, body)
    })
}

async fn run(
    command: Command,
    caller: Caller,
    Number(number): Number,
    key: Key,
    conditions: Conditions,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = form(command, number, &mut body);
    let solution = with_solution(command, &mut body);
    let version = body.version();
    body.finish()?;
    let version = conditions.if_match.or(version).unwrap_or(0);
    if let Some(solution) = solution {
        let override_reason = form.reason;
        return close(caller, key, conditions, AddSolution { ticket: number, override_reason, version, ..solution })
            .await;
    }
    let people = [("assignees", form.assignees.clone()), ("add", form.add.clone()), ("remove", form.remove.clone())];
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "command", Some(number)).await?;
    let form = RunCommand { key: key.0, version, ..form };
    let done = tickets::run(ctx, form).await;
    done.map_err(|error| conditions.told(at_address(named_as_sent(error.public, command), &people)))?;
    let seen = if command == Command::Purge { None } else { after(ctx, number).await? };
    // Without a ticket: done, and out of the caller's sight by it.
    once.finish(ctx, seen.map_or_else(Answer::nothing, Answer::changed)).await
}

/// The solution that closing an open ticket brings along (T-STA-21).
pub(super) fn with_solution(command: Command, body: &mut Fields) -> Option<AddSolution> {
    if command != Command::Close {
        return None;
    }
    let mut sent = body.object("solution")?;
    let solution = AddSolution { close: true, ..solutions::entry(&mut sent) };
    body.absorb(sent);
    Some(solution)
}

/// Solves and closes in one command.
async fn close(caller: Caller, key: Key, conditions: Conditions, form: AddSolution) -> Result<Answer, ApiError> {
    let (ctx, number) = (&caller.ctx, form.ticket);
    let once = Once::begin(ctx, &key, service::solutions::KIND, Some(number)).await?;
    let form = AddSolution { key: key.0, ..form };
    let done = service::solutions::add(ctx, form.clone()).await;
    done.map_err(|error| conditions.told(solutions::within(error.public).into()))?;
    let warnings = service::solutions::warnings(ctx, &form).await;
    let seen = after(ctx, number).await?;
    once.finish(ctx, seen.map_or_else(Answer::nothing, |ticket| Answer::changed(ticket).warned(&warnings))).await
}

/// The arguments of a command; what is not one of them stays behind and is unknown.
pub(super) fn form(command: Command, number: i64, body: &mut Fields) -> RunCommand {
    let empty = RunCommand { number, command, ..RunCommand::default() };
    match command {
        Command::Take => RunCommand { take_over: body.flag("take_over"), ..empty },
        Command::GiveBack | Command::Reactivate | Command::Restore => empty,
        Command::Assign => assign(body, empty),
        Command::Delegate => {
            let to = body.actor("to");
            RunCommand { to, reason: body.text("justification"), ..empty }
        }
        Command::Reclassify => RunCommand {
            kind: body.text("type"),
            category: emptied(body.patch("category")),
            entity: body.text("entity"),
            reason: body.text("justification"),
            accept_losses: body.flag("accept_losses"),
            ..empty
        },
        Command::ChangeSla => RunCommand {
            due_own_at: emptied(body.patch_time("due_own_at")),
            due_resolve_at: emptied(body.patch_time("due_resolve_at")),
            opened_at: body.time("opened_at"),
            reason: body.required("justification"),
            ..empty
        },
        Command::Suspend => RunCommand {
            pending_reason: body.text("reason"),
            text: body.text("text"),
            public: body.flag("text_public"),
            ..empty
        },
        Command::Close => RunCommand { reason: body.text("override_reason"), ..empty },
        Command::Reopen => {
            let reason = body.required("reason");
            RunCommand { reason, public: body.flag("public"), ..empty }
        }
        Command::Cancel | Command::Delete => RunCommand { reason: body.text("reason"), ..empty },
        Command::Purge => {
            let confirm = body.number("number");
            if confirm.is_empty() {
                body.wrong("number", Code::Required);
            }
            RunCommand { confirm, ..empty }
        }
    }
}

fn assign(body: &mut Fields, empty: RunCommand) -> RunCommand {
    let list = body.actors("assignees");
    let (add, remove) = (body.actors("add"), body.actors("remove"));
    if list.is_none() && add.is_none() && remove.is_none() {
        body.wrong("assignees", Code::Required);
    }
    if list.is_some() && (add.is_some() || remove.is_some()) {
        // The whole list and changes of it contradict each other.
        body.wrong("assignees", Code::NotAllowed);
    }
    RunCommand {
        replace: list.is_some(),
        assignees: list.unwrap_or_default(),
        add: add.unwrap_or_default(),
        remove: remove.unwrap_or_default(),
        ..empty
    }
}

/// The form says `none` where the body says `null`.
fn emptied(patch: Patch<String>) -> String {
    match patch {
        Patch::Keep => String::new(),
        Patch::Clear => "none".to_owned(),
        Patch::Set(text) => text,
    }
}

/// The one field whose name in the body is another one than in the form.
pub(super) fn named_as_sent(error: AppError, command: Command) -> AppError {
    let AppError::Invalid(FieldErrors(mut errors)) = error else { return error };
    if command == Command::Close {
        for wrong in errors.iter_mut().filter(|wrong| wrong.field == "reason") {
            "override_reason".clone_into(&mut wrong.field);
        }
    }
    AppError::Invalid(FieldErrors(errors))
}

/// `POST /tickets/{number}/actions/mark-read`: up to and with an entry, or everything the caller may see of the ticket.
pub async fn mark_read(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let until = body.id("until");
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "mark-read", Some(number)).await?;
    tickets::mark_read_until(ctx, number, until, &key.0).await?;
    let ticket = after(ctx, number).await?.ok_or(ApiError::NOT_FOUND)?;
    once.finish(ctx, Answer::changed(ticket)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(json: &str) -> Fields {
        super::super::body::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn an_empty_list_of_assignees_replaces_and_an_absent_one_does_not() {
        let mut whole = body(r#"{"assignees":[]}"#);
        let form = form(Command::Assign, 1, &mut whole);
        assert!(form.replace && form.assignees.is_empty());
        let mut nothing = body("{}");
        super::form(Command::Assign, 1, &mut nothing);
        assert_eq!(nothing.finish(), Err(ApiError::field("assignees", Code::Required)));
    }

    #[test]
    fn null_empties_a_due_time_and_a_category() {
        let mut sent = body(r#"{"due_own_at":null,"justification":"x"}"#);
        let form = form(Command::ChangeSla, 1, &mut sent);
        assert_eq!((form.due_own_at.as_str(), form.due_resolve_at.as_str()), ("none", ""));
        assert!(sent.finish().is_ok());
    }

    #[test]
    fn a_bas_02_a_command_knows_its_own_arguments_only() {
        let mut sent = body(r#"{"take_over":true}"#);
        form(Command::GiveBack, 1, &mut sent);
        assert_eq!(sent.finish(), Err(ApiError::field("take_over", Code::UnknownField)));
    }
}
