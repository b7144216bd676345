//! Former versions of a task: kept, compared, shown (T-TSK-02, T-OCC-16, T-GEN-07).

use chrono_tz::Tz;
use domain::duration::Minutes;
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::Decided;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::views::{FieldChange, OccurrencePage, RevisionView, SavedTask};
use entity::{task, task_revision};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::{KIND, add, fields, plans, read, rows};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::moments::moment;
use crate::sql::unique;
use crate::tickets::Loaded;
use crate::versions::{self, Field, Stored, Version, same};
use crate::work::Work;
use crate::{documents, lists, notifications, people, sanitise, search};

/// A task as a save would leave it.
pub(super) struct Wanted {
    /// The row.
    pub(super) new: task::Model,
    /// Its files from now on.
    pub(super) files: Vec<Uuid>,
    /// Those of them that are to be attached.
    pub(super) new_files: Vec<Uuid>,
    /// Its files of now.
    pub(super) present: Vec<Uuid>,
}

impl Wanted {
    fn files_changed(&self) -> bool {
        self.files.len() != self.present.len() || !self.new_files.is_empty()
    }

    /// Saves it with its revision, events and what it does to the ticket; nothing where nothing differs.
    pub(super) async fn store(
        self,
        w: &Work,
        loaded: &mut Loaded,
        row: task::Model,
    ) -> Result<SavedTask, ServiceError> {
        if self.new == row && !self.files_changed() {
            return Ok(SavedTask { id: row.id, warnings: Vec::new() });
        }
        let (before, after) = (rows::visibility_of(&row), rows::visibility_of(&self.new));
        keep(w, &row, "edited", &self.present).await?;
        documents::retain(w, row.id, &self.files).await?;
        documents::attach(w, &loaded.ticket, KIND, row.id, after, &self.new_files, "attachments").await?;
        let mut new = self.new.clone();
        new.version += 1;
        new.revision_count += 1;
        new.edited_at = Some(w.now());
        new.edited_by_id = Some(w.actor().id());
        if before == Visibility::Public && after == Visibility::Public && new.body != row.body {
            new.public_edited_at = Some(w.now());
        }
        let new = new.into_active_model().reset_all().update(&w.tx).await?;
        search::index(w, rows::doc(&new)).await?;
        self.record(w, loaded, &row, &new).await?;
        if before != after {
            documents::set_visibility(w, row.id, after).await?;
            history::follow_visibility(w, row.id, after).await?;
        }
        let path = w.actor().path_of(loaded.ticket.entity_id);
        let settings = w.settings(&path).await?;
        let changed = plans::follow(w, loaded, &settings).await?;
        let is_public = before == Visibility::Public || after == Visibility::Public;
        let shown = if is_public { Visibility::Public } else { Visibility::Private };
        add::save_ticket(w, loaded, changed, shown).await?;
        // Turned private: for readers of public tasks it is removed.
        let audience = if before == Visibility::Public && after == Visibility::Private {
            "hidden"
        } else {
            events::audience(after)
        };
        let author = new.author_id;
        let change = NewChange { kind: KIND, what: "changed", object: row.id, version: new.version, audience, author };
        events::emit(w, &loaded.ticket, change).await?;
        let is_given = new.user_id != row.user_id || new.group_id != row.group_id;
        let event = if is_given { Event::TaskGiven } else { Event::TaskChanged };
        notifications::of_task(w, &loaded.ticket, &loaded.actors, event, &new).await?;
        let is_planned_anew = is_given || rows::plan_of(&new) != rows::plan_of(&row);
        let warnings = if is_planned_anew { plans::warnings(w, &new).await? } else { Vec::new() };
        Ok(SavedTask { id: row.id, warnings })
    }

    /// The events name the fields, never the text (T-OCC-20).
    async fn record(
        &self,
        w: &Work,
        loaded: &Loaded,
        old: &task::Model,
        new: &task::Model,
    ) -> Result<(), ServiceError> {
        let entry = Some((KIND, new.id, rows::visibility_of(new), new.author_id));
        let named = |field: &str, changed: bool| {
            changed.then(|| FieldChange { field: field.into(), old: String::new(), new: String::new() })
        };
        let edited = [
            named("content", old.body != new.body),
            named("category", old.category_id != new.category_id),
            named("planned_begin", old.planned_begin != new.planned_begin),
            named("planned_end", old.planned_end != new.planned_end),
            named("estimated_minutes", old.estimated_minutes != new.estimated_minutes),
            named("actual_minutes", old.actual_minutes != new.actual_minutes),
            named("user", old.user_id != new.user_id),
            named("group", old.group_id != new.group_id),
            named("reminder_minutes", old.reminder_minutes != new.reminder_minutes),
            named("attachments", self.files_changed()),
        ];
        let kinds: [(&str, Vec<FieldChange>); 3] = [
            ("task_edited", edited.into_iter().flatten().collect()),
            ("task_state_changed", history::change("state", &*old.state, &*new.state).into_iter().collect()),
            (
                "visibility_changed",
                history::change("visibility", &*old.visibility, &*new.visibility).into_iter().collect(),
            ),
        ];
        for (kind, changes) in kinds.into_iter().filter(|(_, changes)| !changes.is_empty()) {
            history::record(w, loaded.ticket.id, Record { kind, changes, entry, ..Record::default() }).await?;
        }
        Ok(())
    }

    /// Refuses a save from `version` whose fields somebody else changed since to other values; those only others changed stay as
    /// they are (T-GEN-07).
    pub(super) async fn settle(
        &mut self,
        w: &Work,
        row: &task::Model,
        version: i32,
        decided: &Decided,
    ) -> Result<(), ServiceError> {
        if version >= row.version {
            return Ok(());
        }
        let states = task_revision::Entity::find()
            .filter(task_revision::Column::TaskId.eq(row.id))
            .filter(task_revision::Column::Number.gte(version))
            .order_by_asc(task_revision::Column::Number)
            .all(&w.tx)
            .await?;
        let present = as_revision(row, &self.present)?;
        let mine = as_revision(&self.new, &self.files)?;
        let untouched = versions::settle(w, states, present, &mine, decided, true).await?;
        if untouched.is_empty() {
            return Ok(());
        }
        self.leave(&untouched, row, w.now());
        self.check_merged(w, row).await
    }

    /// Takes these fields as the others left them.
    fn leave(&mut self, untouched: &[&str], row: &task::Model, now: i64) {
        let new = &mut self.new;
        for field in untouched {
            match *field {
                "content" => {
                    new.body.clone_from(&row.body);
                    new.body_text.clone_from(&row.body_text);
                }
                "visibility" => new.visibility.clone_from(&row.visibility),
                "state" => {
                    new.state.clone_from(&row.state);
                    new.done_at = row.done_at;
                    new.done_by_id = row.done_by_id;
                }
                "category" => new.category_id = row.category_id,
                "planned_begin" => new.planned_begin = row.planned_begin,
                "planned_end" => new.planned_end = row.planned_end,
                "estimated_minutes" => new.estimated_minutes = row.estimated_minutes,
                "actual_minutes" => new.actual_minutes = row.actual_minutes,
                "user" => new.user_id = row.user_id,
                "group" => new.group_id = row.group_id,
                "reminder_minutes" => new.reminder_minutes = row.reminder_minutes,
                "attachments" => {
                    self.files.clone_from(&self.present);
                    self.new_files.clear();
                }
                _ => {}
            }
        }
        // Pictures go by the files there are from now on, the reminder by the begin.
        let kept = sanitise::keep_images(&sanitise::stored(new.body.clone()), &self.files);
        kept.as_str().clone_into(&mut new.body);
        if rows::plan_of(new).is_none() {
            new.reminder_minutes = None;
        }
        new.remind_at = if new.planned_begin == row.planned_begin && new.reminder_minutes == row.reminder_minutes {
            row.remind_at
        } else {
            rows::plan_of(new).and_then(|plan| plan.remind_at(new.reminder_minutes, row.reminded_at, now))
        };
    }

    /// What two changes may bring together that neither of them asked for: an end before its begin, a private task of somebody who
    /// cannot read it.
    async fn check_merged(&self, w: &Work, row: &task::Model) -> Result<(), ServiceError> {
        let mut errors = FieldErrors::new();
        let new = &self.new;
        if rows::plan_of(new).is_some_and(|plan| plan.end <= plan.begin) {
            errors.add("planned_end", Code::EndBeforeBegin);
        }
        if new.user_id != row.user_id || new.visibility != row.visibility {
            let path = w.actor().path_of(new.entity_id);
            let visibility = rows::visibility_of(new);
            fields::check_sight(&w.tx, &path, visibility, new.user_id, row.author_id, &mut errors).await?;
        }
        Ok(errors.or(Some(()))?)
    }
}

/// Keeps the present state of a task as its next revision.
pub(super) async fn keep(w: &Work, row: &task::Model, what: &str, files: &[Uuid]) -> Result<(), ServiceError> {
    let kept = task_revision::Model {
        id: new_id(),
        at: w.now(),
        by_id: Some(w.actor().id()),
        what: what.to_owned(),
        ..as_revision(row, files)?
    };
    task_revision::ActiveModel::from(kept).reset_all().insert(&w.tx).await?;
    Ok(())
}

/// The present state in the form of a revision.
fn as_revision(row: &task::Model, files: &[Uuid]) -> Result<task_revision::Model, ServiceError> {
    Ok(task_revision::Model {
        id: row.id,
        task_id: row.id,
        number: row.version,
        at: row.edited_at.unwrap_or(row.registered_at),
        by_id: row.edited_by_id.or(row.author_id),
        what: "edited".to_owned(),
        body: row.body.clone(),
        body_text: row.body_text.clone(),
        visibility: row.visibility.clone(),
        state: row.state.clone(),
        category_id: row.category_id,
        planned_begin: row.planned_begin,
        planned_end: row.planned_end,
        estimated_minutes: row.estimated_minutes,
        actual_minutes: row.actual_minutes,
        user_id: row.user_id,
        group_id: row.group_id,
        reminder_minutes: row.reminder_minutes,
        attachments: serde_json::to_string(files)?,
    })
}

impl Stored for task_revision::Model {
    fn number(&self) -> i32 {
        self.number
    }

    fn at(&self) -> i64 {
        self.at
    }

    fn by(&self) -> Option<Uuid> {
        self.by_id
    }

    fn what(&self) -> &str {
        &self.what
    }

    fn visibility(&self) -> &str {
        &self.visibility
    }

    fn fields(&self, zone: Tz) -> Vec<Field> {
        let time = |name: &'static str, at: Option<i64>| {
            (name, json!(at), json!(at.map(|at| moment(at, zone).as_str().to_owned())))
        };
        vec![
            ("content", json!(self.body), json!(self.body_text)),
            same("visibility", json!(self.visibility)),
            same("state", json!(self.state)),
            same("category", json!(self.category_id)),
            time("planned_begin", self.planned_begin),
            time("planned_end", self.planned_end),
            same("estimated_minutes", json!(self.estimated_minutes)),
            same("actual_minutes", json!(self.actual_minutes)),
            same("user", json!(self.user_id)),
            same("group", json!(self.group_id)),
            same("reminder_minutes", json!(self.reminder_minutes)),
            versions::files(&self.attachments),
        ]
    }
}

/// A task with all its versions, oldest first, the present one last, in the form of an entry with its revisions.
///
/// # Errors
/// `NotFound` when the task is not one of this ticket that the reader may see, and for readers who are no agents.
pub async fn revisions(ctx: &Ctx, number: i64, id: Uuid) -> Result<OccurrencePage, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, row) = read::load(ctx, &snapshot, id).await?;
    if !loaded.is_agent() || loaded.ticket.number != number {
        return Err(AppError::NotFound.into());
    }
    let view = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), false).await?.into_iter().next();
    let view = view.ok_or(AppError::NotFound)?;
    let stored = task_revision::Entity::find()
        .filter(task_revision::Column::TaskId.eq(id))
        .order_by_asc(task_revision::Column::Number)
        .all(&snapshot)
        .await?;
    let present: Vec<Uuid> =
        documents::of_entries(&snapshot, &[id]).await?.into_values().flatten().map(|file| file.id).collect();
    let is_gone = row.removed_at.is_some();
    let mine = row.author_id == Some(ctx.actor.id());
    let may_read_gone = mine || loaded.caps.contains(Capability::TaskViewPrivate);
    let made = (row.registered_at, row.author_id);
    let visible: Vec<Version<task_revision::Model>> = versions::all(made, stored, as_revision(&row, &present)?)
        .into_iter()
        .filter(|version| {
            let private = version.row.visibility != Visibility::Public.as_str();
            policy::can_see_task(loaded.caps, private, mine) && (!is_gone || may_read_gone)
        })
        .collect();
    let revisions = shown(ctx, &snapshot, id, visible).await?;
    Ok(OccurrencePage {
        occurrence: view.entry,
        title: loaded.ticket.title,
        choices: domain::views::FormChoices::default(),
        draft: None,
        key: String::new(),
        mail: None,
        revisions,
        now: ctx.moment(),
    })
}

async fn shown(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    id: Uuid,
    visible: Vec<Version<task_revision::Model>>,
) -> Result<Vec<RevisionView>, ServiceError> {
    let users = unique(visible.iter().flat_map(|version| [version.by, version.row.user_id]).flatten());
    let groups = unique(visible.iter().filter_map(|version| version.row.group_id));
    let names = people::actor_views(connection, &users, &groups).await?;
    let refs = unique(visible.iter().filter_map(|version| version.row.category_id));
    let refs = lists::refs(connection, &refs, ctx.actor.lang).await?;
    let files = versions::file_names(connection, id).await?;
    let at = |at: i64| moment(at, ctx.actor.zone);
    let mut former = String::new();
    let mut out = Vec::new();
    for version in visible {
        let row = version.row;
        let diff = sanitise::word_diff(&former, &row.body_text);
        former.clone_from(&row.body_text);
        let time = |time: Option<i64>| time.map(|time| at(time).as_str().to_owned()).unwrap_or_default();
        let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        let more = [
            ("state", row.state.clone()),
            ("planned_begin", time(row.planned_begin)),
            ("planned_end", time(row.planned_end)),
            ("estimated_minutes", number(row.estimated_minutes)),
            ("user", row.user_id.map(|id| names.user(id).name).unwrap_or_default()),
            ("group", row.group_id.map(|id| names.group(id).name).unwrap_or_default()),
            ("reminder_minutes", number(row.reminder_minutes)),
        ];
        out.push(RevisionView {
            revision: row.number,
            at: at(version.at),
            by: names.author(version.by, true),
            what: version.what,
            visibility: row.visibility.parse().unwrap_or(Visibility::Private),
            // Only occurrences happen at a time of their own.
            occurred_at: at(0),
            minutes: row.actual_minutes.map(Minutes),
            category: row.category_id.and_then(|id| refs.get(&id)).cloned(),
            source: None,
            attachments: versions::attached(&row.attachments, &files),
            body: sanitise::stored(row.body),
            body_text: row.body_text,
            diff,
            more: more.map(|(field, value)| (field.to_owned(), value)).to_vec(),
        });
    }
    Ok(out)
}
