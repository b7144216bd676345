//! What a row may hold beside the others of its list (T-SET-09..11).

use std::collections::BTreeMap;

use domain::error::{Code, FieldErrors};
use domain::lang::Lang;
use domain::lists::{List, check_parent, missing_name, same_name, stays_active};
use domain::pending::Rule;
use domain::template::TemplateKind;
use entity::{app_group, list_row};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::reaches;
use super::values::{Values, text_field};
use crate::error::ServiceError;
use crate::{people, templates};

/// Every row of a list in all entities, in order.
pub(super) async fn all_of(
    connection: &impl ConnectionTrait,
    list: List,
) -> Result<Vec<list_row::Model>, ServiceError> {
    Ok(list_row::Entity::find()
        .filter(list_row::Column::List.eq(list.as_str()))
        .order_by_asc(list_row::Column::Position)
        .order_by_asc(list_row::Column::Id)
        .all(connection)
        .await?)
}

/// Where a row stands.
pub(super) struct Place<'a> {
    /// Its list.
    pub(super) list: List,
    /// Its entity and the ancestors of that.
    pub(super) path: &'a [Uuid],
    /// Language of its entity.
    pub(super) home: Lang,
    /// Every row of the list.
    pub(super) all: &'a [list_row::Model],
    /// The row as it is stored; a new one is not.
    pub(super) stored: Option<&'a list_row::Model>,
}

impl Place<'_> {
    /// Notes every wrong field of the values a row is to have. What a row holds already may stay (T-SET-06).
    pub(super) async fn check(
        &self,
        connection: &impl ConnectionTrait,
        values: &Values,
        errors: &mut FieldErrors,
    ) -> Result<(), ServiceError> {
        self.check_names(values, errors);
        let before = self.stored.map(Values::of);
        if let Some(parent) = values.parent {
            let is_new = before.as_ref().and_then(|before| before.parent) != Some(parent);
            errors.check("parent", self.check_parent(values, parent, is_new));
        }
        if let Some(group) = values.group
            && before.as_ref().and_then(|before| before.group) != Some(group)
        {
            let found = app_group::Entity::find_by_id(group).one(connection).await?;
            let is_there = found.is_some_and(|row| people::group_reaches(&row, self.path));
            errors.check("routing_group", if is_there { Ok(()) } else { Err(Code::UnknownReference) });
        }
        if self.list.has_rule() {
            let before = before.map(|before| before.rule).unwrap_or_default();
            self.check_rule(connection, &values.rule, &before, errors).await?;
        }
        let code = self.stored.and_then(|row| row.code.as_deref());
        if !values.active && stays_active(self.list, code) {
            errors.add("active", Code::NotAllowed);
        }
        // A wrong day is told as what it is.
        let is_wrong = errors.0.iter().any(|wrong| wrong.field.starts_with("week"));
        if self.list.has_hours() && values.week.is_empty() && !is_wrong {
            errors.add("week", Code::CalendarEmpty);
        }
        Ok(())
    }

    /// Templates that are chosen now have to be there; what was chosen before may have broken since (T-SET-06).
    async fn check_rule(
        &self,
        connection: &impl ConnectionTrait,
        rule: &Rule,
        before: &Rule,
        errors: &mut FieldErrors,
    ) -> Result<(), ServiceError> {
        for (field, kind, wanted, stored) in [
            ("reminder_template", TemplateKind::Reply, rule.reminder_template, before.reminder_template),
            ("solution_template", TemplateKind::Solution, rule.solution_template, before.solution_template),
        ] {
            if wanted == stored || wanted.is_none() {
                continue;
            }
            if templates::usable(connection, kind, self.path, wanted).await?.is_none() {
                errors.add(field, Code::UnknownReference);
            }
        }
        Ok(())
    }

    fn check_names(&self, values: &Values, errors: &mut FieldErrors) {
        if let Some(lang) = missing_name(&values.names, self.home) {
            let field = text_field("names", lang);
            // A wrong name is told as what it is.
            if errors.of(&field).is_none() {
                errors.add(field, Code::Required);
            }
        }
        let before = self.stored.map(Values::of).unwrap_or_default();
        for lang in Lang::ALL {
            let Some(name) = values.names.get(lang.code()) else { continue };
            if before.names.get(lang.code()) == Some(name) {
                continue;
            }
            let is_taken = self
                .neighbours()
                .any(|row| Values::of(row).names.get(lang.code()).is_some_and(|other| same_name(other, name)));
            if is_taken {
                errors.add(text_field("names", lang), Code::DuplicateName);
            }
        }
    }

    /// The other rows of the entity.
    fn neighbours(&self) -> impl Iterator<Item = &list_row::Model> {
        let entity = self.path.first().copied();
        let own = self.stored.map(|row| row.id);
        self.all.iter().filter(move |row| Some(row.entity_id) == entity && Some(row.id) != own)
    }

    fn check_parent(&self, values: &Values, parent: Uuid, is_new: bool) -> Result<(), Code> {
        let found = self.all.iter().find(|row| row.id == parent);
        let visible = found.filter(|row| reaches(row.entity_id, row.recursive, self.path));
        let above = visible.filter(|row| row.active || !is_new).ok_or(Code::UnknownReference)?;
        // A row that sub-entities see needs a parent that they see as well.
        if values.recursive && !above.recursive {
            return Err(Code::NotAllowed);
        }
        let parents: BTreeMap<Uuid, Option<Uuid>> = self.all.iter().map(|row| (row.id, row.parent_id)).collect();
        check_parent(self.stored.map(|row| row.id), parent, &parents)
    }
}
