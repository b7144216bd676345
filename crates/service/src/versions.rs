//! Former versions of entries (occurrences, tasks, solutions) and what is asked before one is removed: the same for every kind
//! (T-OCC-16, T-OCC-21..23, T-GEN-07).
//!
//! A stored version holds the state *before* the change it was kept for, with who made that change. Belongs here: walking,
//! comparing, refusing. Does not belong here: the fields of a kind and its tables (the module of the kind).

use std::collections::BTreeMap;

use chrono_tz::Tz;
use domain::error::{AppError, Code};
use domain::forms::{Decided, RemoveOccurrence};
use domain::occurrence::{REMOVE_REASON_MAX, Visibility};
use domain::views::Ref;
use entity::document;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::conflict::{self, Difference};
use crate::error::ServiceError;
use crate::sanitise;
use crate::sql::unique;
use crate::tickets::{Loaded, people, state};
use crate::work::Work;

/// Name, what is compared, what is told.
pub(crate) type Field = (&'static str, Value, Value);

/// A stored version of an entry, or its present state in that form.
pub(crate) trait Stored: Send + Sync {
    /// Its number; of the present state that of the entry.
    fn number(&self) -> i32;
    /// When it was kept.
    fn at(&self) -> i64;
    /// Who made the change it was kept for.
    fn by(&self) -> Option<Uuid>;
    /// What the change was: `edited`, `removed`.
    fn what(&self) -> &str;
    /// Who could read it.
    fn visibility(&self) -> &str;
    /// What can be changed, in the order of the form.
    fn fields(&self, zone: Tz) -> Vec<Field>;
}

/// A field that is told as it is compared.
pub(crate) fn same(name: &'static str, value: Value) -> Field {
    (name, value.clone(), value)
}

/// The files of a version, whatever their order.
pub(crate) fn files(attachments: &str) -> Field {
    let files: Vec<Uuid> = serde_json::from_str(attachments).unwrap_or_default();
    same("attachments", json!(unique(files)))
}

/// A version with who made it.
#[derive(Debug)]
pub(crate) struct Version<V> {
    /// Its state.
    pub(crate) row: V,
    /// When it was made.
    pub(crate) at: i64,
    /// By whom.
    pub(crate) by: Option<Uuid>,
    /// By what: `created`, `edited`, `visibility_changed`, `removed`.
    pub(crate) what: String,
}

/// All versions of an entry, oldest first, its present state last; `made` = when and by whom it was written.
pub(crate) fn all<V: Stored>(made: (i64, Option<Uuid>), stored: Vec<V>, present: V) -> Vec<Version<V>> {
    let mut out: Vec<Version<V>> = Vec::new();
    let (mut at, mut by) = made;
    let mut what = "created".to_owned();
    for row in stored.into_iter().chain([present]) {
        let next = (row.at(), row.by(), row.what().to_owned());
        let is_other = out.last().is_some_and(|before| before.row.visibility() != row.visibility());
        if what == "edited" && is_other {
            "visibility_changed".clone_into(&mut what);
        }
        out.push(Version { row, at, by, what });
        (at, by, what) = next;
    }
    out
}

/// Names of the files of an entry, those that were removed too.
pub(crate) async fn file_names(
    connection: &impl ConnectionTrait,
    entry: Uuid,
) -> Result<BTreeMap<Uuid, String>, ServiceError> {
    let rows = document::Entity::find().filter(document::Column::EntryId.eq(entry)).all(connection).await?;
    Ok(rows.into_iter().map(|file| (file.id, file.name)).collect())
}

/// The files of a version by their names.
pub(crate) fn attached(attachments: &str, names: &BTreeMap<Uuid, String>) -> Vec<Ref> {
    let ids: Vec<Uuid> = serde_json::from_str(attachments).unwrap_or_default();
    ids.iter().filter_map(|id| names.get(id).map(|name| Ref { id: *id, name: name.clone() })).collect()
}

/// Refuses a save whose fields somebody else changed to other values since, and answers the fields that only others changed: a
/// whole form repeats what they were, and theirs have to stay (T-GEN-07). `states` are the versions kept since the one it was made
/// from, oldest first; `present` and `mine` the entry as it is and as the save would leave it. What its writer has `decided` is his,
/// as long as nobody changed it again.
pub(crate) async fn settle<V: Stored>(
    w: &Work,
    mut states: Vec<V>,
    present: V,
    mine: &V,
    decided: &Decided,
    agent: bool,
) -> Result<Vec<&'static str>, ServiceError> {
    let zone = w.actor().zone;
    let Some(base) = states.first().map(|state| state.fields(zone)) else { return Ok(Vec::new()) };
    let (theirs, yours) = (present.fields(zone), mine.fields(zone));
    let shown = states.iter().chain([&present]).take_while(|state| state.number() <= decided.seen).last();
    let chosen = shown.map(|state| chosen(&state.fields(zone), &theirs, decided)).unwrap_or_default();
    let untouched = untouched(&base, &theirs, &yours, &chosen);
    let differing = differing(base, theirs, yours);
    // One that is asked is told with those that are decided, so that the next save decides them all.
    if differing.iter().all(|(field, ..)| chosen.contains(field)) {
        return Ok(untouched);
    }
    let version = present.number();
    states.push(present);
    let authors = unique(states.iter().filter_map(V::by));
    let names = people::directory(&w.tx, &[], &authors).await?;
    let mut conflicts = Vec::new();
    for difference in differing {
        let last = changed_last(&states, difference.0, zone).or_else(|| states.last());
        let (by, at) = last.map_or((None, w.now()), |state| (state.by(), state.at()));
        let actor = people::author(&names, by, agent);
        conflicts.push(conflict::told(w, difference, by, actor, at).await?);
    }
    Err(AppError::Conflict { version, conflicts }.into())
}

fn differing(base: Vec<Field>, theirs: Vec<Field>, yours: Vec<Field>) -> Vec<Difference> {
    base.into_iter()
        .zip(theirs)
        .zip(yours)
        .filter(|(((name, base, _), (_, theirs, _)), (_, yours, _))| {
            theirs != base && yours != theirs && (yours != base || is_kept_private(name, yours))
        })
        .map(|((_, (name, _, theirs)), (_, _, yours))| (name, yours, theirs))
        .collect()
}

/// What was written as private does not become public by somebody else's change: that is asked.
fn is_kept_private(name: &str, yours: &Value) -> bool {
    name == "visibility" && yours == Visibility::Private.as_str()
}

/// Fields whose writer chose his value beside the present one.
fn chosen(shown: &[Field], theirs: &[Field], decided: &Decided) -> Vec<&'static str> {
    shown
        .iter()
        .zip(theirs)
        .filter(|((name, shown, _), (_, theirs, _))| decided.covers(name) && shown == theirs)
        .map(|((name, ..), _)| *name)
        .collect()
}

/// Fields that are as they were in what is to be saved, and were changed by others since.
fn untouched(base: &[Field], theirs: &[Field], yours: &[Field], chosen: &[&str]) -> Vec<&'static str> {
    base.iter()
        .zip(theirs)
        .zip(yours)
        .filter(|(((name, base, _), (_, theirs, _)), (_, yours, _))| {
            yours == base && theirs != base && !is_kept_private(name, yours) && !chosen.contains(name)
        })
        .map(|(((name, ..), _), _)| *name)
        .collect()
}

/// The state that was kept when a field changed last: with who changed it, and when.
fn changed_last<'s, V: Stored>(states: &'s [V], field: &str, zone: Tz) -> Option<&'s V> {
    let value = |state: &V| state.fields(zone).into_iter().find(|(name, ..)| *name == field).map(|(_, value, _)| value);
    let later = states.iter().skip(1);
    states.iter().zip(later).rev().find(|(before, after)| value(before) != value(after)).map(|(before, _)| before)
}

/// T-GEN-02 (8): the ticket takes changes, and the entry is there.
pub(crate) fn require_present(loaded: &Loaded, removed_at: Option<i64>) -> Result<(), ServiceError> {
    state::require_writable_plainly(loaded)?;
    if removed_at.is_some() { Err(Code::EntryDeleted.into()) } else { Ok(()) }
}

/// What somebody asks who removes an entry.
#[derive(Clone, Debug)]
pub(crate) struct Removal {
    /// Which entry.
    pub(crate) id: Uuid,
    /// Why, for agents.
    pub(crate) reason: Option<String>,
    version: i32,
    if_match: bool,
}

impl Removal {
    /// Reads what needs no stored data (T-GEN-02, step 2).
    ///
    /// # Errors
    /// `Invalid` on `reason`; `NotFound` for what is no id.
    pub(crate) fn read(form: &RemoveOccurrence) -> Result<Self, AppError> {
        let reason = sanitise::nfc(&form.reason).trim().to_owned();
        if reason.chars().count() > REMOVE_REASON_MAX {
            return Err(AppError::field("reason", Code::TooLong));
        }
        let id: Uuid = form.id.parse().map_err(|_not_an_id| AppError::NotFound)?;
        let reason = (!reason.is_empty()).then_some(reason);
        Ok(Self { id, reason, version: form.version, if_match: form.if_match })
    }

    /// Refuses one that was decided from another version than the present one.
    ///
    /// # Errors
    /// `PreconditionFailed` for `If-Match`, else `Conflict`.
    pub(crate) fn check(&self, present: i32) -> Result<(), AppError> {
        match self.version {
            0 => Ok(()),
            version if version == present => Ok(()),
            _ if self.if_match => Err(AppError::PreconditionFailed(present)),
            _ => Err(AppError::Conflict { version: present, conflicts: Vec::new() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct State(i64, &'static str, &'static str);

    impl Stored for State {
        fn number(&self) -> i32 {
            1
        }

        fn at(&self) -> i64 {
            self.0
        }

        fn by(&self) -> Option<Uuid> {
            None
        }

        fn what(&self) -> &str {
            "edited"
        }

        fn visibility(&self) -> &str {
            self.1
        }

        fn fields(&self, _zone: Tz) -> Vec<Field> {
            vec![same("body", json!(self.2)), same("visibility", json!(self.1))]
        }
    }

    #[test]
    fn t_occ_16_a_stored_version_was_made_by_the_change_before_it() {
        let stored = vec![State(20, "private", "one"), State(30, "private", "two")];
        let all = all((10, None), stored, State(30, "public", "two"));
        let told: Vec<(i64, &str, &str)> = all.iter().map(|one| (one.at, one.what.as_str(), one.row.2)).collect();
        assert_eq!(told, [(10, "created", "one"), (20, "edited", "two"), (30, "visibility_changed", "two")]);
    }

    #[test]
    fn t_gen_07_only_what_both_changed_to_other_values_is_a_conflict() {
        let fields = |text: &'static str| State(0, "public", text).fields(Tz::UTC);
        assert!(differing(fields("one"), fields("one"), fields("two")).is_empty(), "theirs is unchanged");
        assert!(differing(fields("one"), fields("two"), fields("one")).is_empty(), "yours is unchanged");
        assert!(differing(fields("one"), fields("two"), fields("two")).is_empty(), "both say the same");
        assert_eq!(untouched(&fields("one"), &fields("two"), &fields("one"), &[]), ["body"], "theirs has to stay");
        assert!(untouched(&fields("one"), &fields("two"), &fields("one"), &["body"]).is_empty(), "chosen again");
        for yours in ["two", "three"] {
            assert!(untouched(&fields("one"), &fields("two"), &fields(yours), &[]).is_empty(), "{yours}");
        }
        let entry = |visibility: &'static str| State(0, visibility, "one").fields(Tz::UTC);
        assert_eq!(untouched(&entry("public"), &entry("private"), &entry("public"), &[]), ["visibility"]);
        assert!(untouched(&entry("private"), &entry("public"), &entry("private"), &[]).is_empty(), "that is asked");
        assert_eq!(differing(entry("private"), entry("public"), entry("private")).len(), 1);
        let found = differing(fields("one"), fields("two"), fields("three"));
        assert_eq!(found, [("body", json!("three"), json!("two"))]);
        for (shown, field, is_chosen) in
            [("two", "body", true), ("two", "visibility", false), ("one", "body", false), ("two", "", false)]
        {
            let chosen = chosen(&fields(shown), &fields("two"), &Decided::read(2, field));
            assert_eq!(chosen.contains(&"body"), is_chosen, "{shown} {field:?}");
        }
        let states = [State(1, "public", "one"), State(2, "public", "two"), State(2, "public", "two")];
        assert_eq!(changed_last(&states, "body", Tz::UTC).map(Stored::at), Some(1));
    }
}
