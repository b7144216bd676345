//! One action on many tickets (T-BLK-01): the use case of one ticket, called for each of them in a transaction of its own with
//! all its rules. What one of them is refused stops none of the others.
//!
//! Belongs here: what is asked once for all of them, and what became of each. Does not belong here: any rule of a ticket.

mod page;

use std::collections::BTreeSet;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{AddOccurrence, AddSolution, BULK_MAX, BulkAction, BulkTickets, Patch, RunCommand, TicketPatch};
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use domain::solution::OpenTasks;
use domain::views::{BulkDone, BulkResult, Warning};
use uuid::Uuid;

pub use self::page::page;
use super::{commands, create};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{idempotency, occurrences, solutions, templates, work};

/// Name of the command among idempotency keys.
pub const KIND: &str = "bulk";

/// Does one thing to many tickets, and answers what became of each in the order in which they were named.
///
/// Under the same key it is done once: each ticket has a key of its own made from it, so what was cut off in the middle goes on
/// where it ended.
///
/// # Errors
/// `NotFound` for who is an agent nowhere; `Invalid` with every field that is wrong whatever the ticket (`numbers`: `required`,
/// `too_many` over 100), and then nothing is done; `Refused(IdempotencyMismatch)`. What a single ticket is refused, for not being
/// seen as well, is told in its result.
pub async fn run(ctx: &Ctx, form: BulkTickets) -> Result<Vec<BulkResult>, ServiceError> {
    if !ctx.actor.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let form = checked(ctx, form)?;
    let ctx = ctx.clone();
    work::to_its_end(async move { run_each(&ctx, form).await }).await
}

/// The form with each ticket once, and what is wrong whatever the ticket (T-GEN-02, step 2).
fn checked(ctx: &Ctx, mut form: BulkTickets) -> Result<BulkTickets, AppError> {
    let mut seen = BTreeSet::new();
    form.numbers.retain(|number| seen.insert(*number));
    if let Some(command) = form.action.command() {
        form.command.command = command;
    }
    if form.occurrence.visibility.is_empty() {
        form.occurrence.visibility.clone_from(&form.visibility);
    }
    let mut errors = FieldErrors::new();
    if form.numbers.is_empty() {
        errors.add("numbers", Code::Required);
    } else if form.numbers.len() > BULK_MAX {
        errors.add("numbers", Code::TooMany);
    }
    match checked_fields(ctx, &form) {
        Err(AppError::Invalid(wrong)) => errors.0.extend(wrong.0),
        Err(other) => return Err(other),
        Ok(()) => {}
    }
    errors.or(Some(form))
}

/// The fields of the action, as its use case reads them.
fn checked_fields(ctx: &Ctx, form: &BulkTickets) -> Result<(), AppError> {
    if form.solves() {
        no_files(&form.solution.attachments)?;
        // A text is made from the template later, one for each ticket.
        return if is_rendered(&form.solution) { Ok(()) } else { solutions::check(&form.solution) };
    }
    match form.action {
        BulkAction::Occurrence => {
            no_files(&form.occurrence.attachments)?;
            occurrences::check(ctx, &form.occurrence)
        }
        BulkAction::Priority => checked_level("priority", &form.level, 6),
        BulkAction::Urgency => checked_level("urgency", &form.level, 5),
        BulkAction::Assign if names_nobody(&form.command) => Err(AppError::field("assignees", Code::Required)),
        _ => commands::check_lengths(&form.command).map_err(AppError::from),
    }
}

/// A file belongs to one entry of one ticket.
fn no_files(attachments: &[String]) -> Result<(), AppError> {
    if attachments.is_empty() { Ok(()) } else { Err(AppError::field("attachments", Code::NotAllowed)) }
}

fn checked_level(field: &str, text: &str, max: u8) -> Result<(), AppError> {
    let read = if text.trim().is_empty() { Err(Code::Required) } else { create::level(text, max) };
    read.map(|_level| ()).map_err(|code| AppError::field(field, code))
}

/// An empty list that is meant to empty says so by `replace`.
fn names_nobody(form: &RunCommand) -> bool {
    !form.replace && form.assignees.is_empty() && form.add.is_empty() && form.remove.is_empty()
}

/// Whether the text of a solution is that of its template.
fn is_rendered(form: &AddSolution) -> bool {
    form.body.trim().is_empty() && !form.template.trim().is_empty()
}

async fn run_each(ctx: &Ctx, form: BulkTickets) -> Result<Vec<BulkResult>, ServiceError> {
    if let Some(done) = claim(ctx, &form).await? {
        return Ok(done.results);
    }
    let mut results = Vec::with_capacity(form.numbers.len());
    for number in form.numbers.iter().copied() {
        results.push(match run_one(ctx, &form, number).await {
            Ok(warnings) => BulkResult { number, error: None, warnings },
            Err(error) => BulkResult { number, error: Some(error.public), warnings: Vec::new() },
        });
    }
    keep(ctx, form, &results).await?;
    Ok(results)
}

/// Takes the key of the whole, or tells what became of it before.
async fn claim(ctx: &Ctx, form: &BulkTickets) -> Result<Option<BulkDone>, ServiceError> {
    let (key, hash) = (form.key.clone(), idempotency::content_hash(form));
    work::write(ctx, move |w| {
        let (key, hash) = (key.clone(), hash.clone());
        Box::pin(async move { idempotency::claim::<BulkDone>(w, KIND, &key, &hash).await })
    })
    .await
}

/// Keeps what became of it; where a ticket was refused also what was sent, so that nobody types it again.
async fn keep(ctx: &Ctx, form: BulkTickets, results: &[BulkResult]) -> Result<(), ServiceError> {
    if form.key.is_empty() {
        return Ok(());
    }
    let (key, action) = (form.key.clone(), form.action);
    let form = (!results.iter().all(BulkResult::is_done)).then_some(form);
    let done = BulkDone { action, results: results.to_vec(), form };
    work::write(ctx, move |w| {
        let (key, done) = (key.clone(), done.clone());
        Box::pin(async move { idempotency::answer(w, KIND, &key, &done).await })
    })
    .await
}

/// The use case of one ticket, in a transaction of its own.
async fn run_one(ctx: &Ctx, form: &BulkTickets, number: i64) -> Result<Vec<Warning>, ServiceError> {
    let key = key_of(&form.key, number);
    if form.solves() {
        return solve(ctx, form, number, key).await;
    }
    match form.action {
        BulkAction::Occurrence => {
            let own = AddOccurrence { ticket: number, key, ..form.occurrence.clone() };
            occurrences::add_from_elsewhere(ctx, own).await?;
        }
        BulkAction::Priority => {
            let patch = TicketPatch { priority: Patch::Set(form.level.clone()), ..TicketPatch::default() };
            super::update(ctx, number, patch).await?;
        }
        BulkAction::Urgency => {
            let patch = TicketPatch { urgency: Patch::Set(form.level.clone()), ..TicketPatch::default() };
            super::update(ctx, number, patch).await?;
        }
        _ => {
            // Nobody saw a version of each: the present one counts, as where a single command names none.
            let own = RunCommand { number, key, version: 0, ..form.command.clone() };
            super::run(ctx, own).await?;
        }
    }
    Ok(Vec::new())
}

/// The key of a ticket under the key of the whole.
fn key_of(key: &str, number: i64) -> String {
    if key.is_empty() { String::new() } else { idempotency::content_hash(&(key, number)) }
}

async fn solve(ctx: &Ctx, form: &BulkTickets, number: i64, key: String) -> Result<Vec<Warning>, ServiceError> {
    let close = form.action == BulkAction::Close || form.solution.close;
    let mut own = AddSolution { ticket: number, key, version: 0, close, ..form.solution.clone() };
    if is_rendered(&own) {
        // What the template says of a ticket changes by solving it: who comes again under the same key is answered before.
        if idempotency::is_answered(ctx, solutions::KIND, &own.key).await? {
            return Ok(Vec::new());
        }
        render(ctx, &mut own).await?;
    }
    let keeps_tasks = own.open_tasks != OpenTasks::Done.as_str();
    solutions::add_from_elsewhere(ctx, own).await?;
    // The ticket is solved; that its tasks cannot be counted is no reason to say otherwise.
    Ok(if keeps_tasks { solutions::open_tasks(ctx, number).await.unwrap_or_default() } else { Vec::new() })
}

/// The text of the template with the values of the ticket, and its type where none is chosen (T-SOL-02).
async fn render(ctx: &Ctx, own: &mut AddSolution) -> Result<(), ServiceError> {
    let loaded = super::load_visible(ctx.db().reader(), &ctx.actor, own.ticket).await?;
    loaded.require(Capability::TicketSolve)?;
    let unknown = || ServiceError::from(AppError::field("template", Code::UnknownReference));
    let id = own.template.trim().parse::<Uuid>().map_err(|_not_an_id| unknown())?;
    let made = match templates::solution_of_ticket(ctx, own.ticket, id).await {
        // The ticket is in sight, so it is the template that does not count there.
        Err(error) if error.public == AppError::NotFound => return Err(unknown()),
        made => made?,
    };
    own.body = made.html;
    own.format = BodyFormat::Html;
    if own.kind.trim().is_empty() {
        own.kind = made.category;
    }
    Ok(())
}
