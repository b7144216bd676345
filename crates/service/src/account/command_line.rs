//! What the command line does to accounts: the way in when no administrator can sign in.

use domain::error::{AppError, Code};
use domain::policy::ShippedRole;
use entity::{app_user, assignment, entity as tenant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::passwords;
use crate::ctx::{Services, new_id};
use crate::error::ServiceError;
use crate::install;
use crate::sql::Sql;

/// Adds a person with a shipped role at the root entity (recursive), or gives an existing one a new password, which ends his
/// sessions and tokens.
///
/// Answers whether the person is new.
///
/// # Errors
/// `Invalid` on `email`, `name`, `role` or `password`; `Refused(SetupClosed)` before the first set-up.
pub async fn ensure_user(
    services: &Services,
    email: &str,
    name: Option<&str>,
    role: Option<&str>,
    password: &str,
) -> Result<bool, ServiceError> {
    let address = crate::people::email_address(email).map_err(|code| AppError::field("email", code))?;
    passwords::check_new(password, [&address, name.unwrap_or_default()])
        .map_err(|code| AppError::field("password", code))?;
    let hash = passwords::hash(password).await?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let found =
        app_user::Entity::find().filter(app_user::Column::EmailKey.eq(super::email_key(&address))).one(&tx).await?;
    let is_new = found.is_none();
    if let Some(user) = found {
        let mut sql = Sql::new("UPDATE app_user SET version = version + 1, active = TRUE, password_hash = ");
        sql.bind(hash).push_bind(" WHERE id = ", user.id);
        sql.run(&tx).await?;
        // Whoever came in by the former password goes with it.
        let mut sql = Sql::new("UPDATE session SET expires_at = ");
        sql.bind(now).push_bind(" WHERE user_id = ", user.id).push_bind(" AND expires_at > ", now);
        sql.run(&tx).await?;
        for table in ["invitation", "api_token"] {
            let mut sql = Sql::new(&format!("DELETE FROM {table} WHERE user_id = "));
            sql.bind(user.id).run(&tx).await?;
        }
    } else {
        let root = tenant::Entity::find().filter(tenant::Column::ParentId.is_null()).one(&tx).await?;
        let root = root.ok_or_else(|| AppError::refused(Code::SetupClosed))?;
        let name = super::line(name.unwrap_or_default(), 100).map_err(|code| AppError::field("name", code))?;
        let role: ShippedRole =
            role.unwrap_or_default().parse().map_err(|_unknown| AppError::field("role", Code::UnknownReference))?;
        let roles = install::shipped_roles(&tx, now).await?;
        let role = roles.get(&role).copied().ok_or_else(|| ServiceError::internal("a shipped role is missing"))?;
        let id = new_id();
        app_user::ActiveModel {
            id: Set(id),
            entity_id: Set(root.id),
            name: Set(name),
            email: Set(address.clone()),
            email_key: Set(super::email_key(&address)),
            password_hash: Set(Some(hash)),
            phone: Set(None),
            extension: Set(None),
            language: Set(root.language),
            time_zone: Set(root.time_zone),
            theme: Set("auto".to_owned()),
            density: Set("compact".to_owned()),
            default_visibility: Set("private".to_owned()),
            task_default_visibility: Set("private".to_owned()),
            timeline_order: Set(None),
            show_events: Set(false),
            signature: Set(String::new()),
            active: Set(true),
            created_at: Set(now),
            last_seen_at: Set(None),
            version: Set(1),
        }
        .insert(&tx)
        .await?;
        assignment::ActiveModel {
            id: Set(new_id()),
            user_id: Set(id),
            entity_id: Set(root.id),
            role_id: Set(role),
            recursive: Set(true),
        }
        .insert(&tx)
        .await?;
    }
    tx.commit().await?;
    Ok(is_new)
}
