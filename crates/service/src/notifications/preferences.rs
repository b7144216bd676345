//! What somebody wants to be told of (T-NTF-03). Only what differs from the default is stored.

use std::collections::{BTreeMap, BTreeSet};

use domain::error::{Code, FieldErrors};
use domain::forms::SaveNotificationPreferences;
use domain::notification::Event;
use domain::views::NotificationPreference;
use entity::notification_preference as stored;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work;

/// What holds for who chose nothing.
const fn default(event: Event) -> NotificationPreference {
    NotificationPreference { event, app: true, mail: event.is_mailed_by_default() }
}

/// One's own preferences, one for each event.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn preferences(ctx: &Ctx) -> Result<Vec<NotificationPreference>, ServiceError> {
    let rows = stored::Entity::find().filter(stored::Column::UserId.eq(ctx.actor.id())).all(ctx.db().reader()).await?;
    let own: BTreeMap<Event, (bool, bool)> =
        rows.into_iter().filter_map(|row| Some((row.event.parse().ok()?, (row.app, row.mail)))).collect();
    let of = |event: Event| match own.get(&event) {
        Some((app, mail)) => NotificationPreference { event, app: *app || !event.may_be_off(), mail: *mail },
        None => default(event),
    };
    Ok(Event::ALL.iter().copied().map(of).collect())
}

/// Replaces one's own preferences; events that are not named get their defaults.
///
/// # Errors
/// `Invalid` on `items[i].app` (`not_allowed`) for what cannot be switched off, on `items[i].event` (`duplicate`) for what is
/// named twice.
pub async fn save_preferences(ctx: &Ctx, wanted: Vec<NotificationPreference>) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    let mut named: BTreeSet<Event> = BTreeSet::new();
    for (index, one) in wanted.iter().enumerate() {
        if !named.insert(one.event) {
            errors.add(format!("items[{index}].event"), Code::Duplicate);
        }
        if !one.app && !one.event.may_be_off() {
            errors.add(format!("items[{index}].app"), Code::NotAllowed);
        }
    }
    let wanted = errors.or(Some(wanted))?;
    store(ctx, wanted).await
}

/// Saves what a page showed; what it did not show, and what cannot be switched off, stays.
///
/// # Errors
/// `Invalid` on `shown`, `app`, `mail` for words that are no events.
pub async fn save_form(ctx: &Ctx, form: SaveNotificationPreferences) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    let mut read = |field: &str, words: &[String]| -> BTreeSet<Event> {
        let given = words.iter().filter(|word| !word.is_empty());
        given.filter_map(|word| errors.check(field, word.parse::<Event>())).collect()
    };
    let (shown, app, mail) = (read("shown", &form.shown), read("app", &form.app), read("mail", &form.mail));
    errors.or(Some(()))?;
    let mut wanted = preferences(ctx).await?;
    for one in wanted.iter_mut().filter(|one| shown.contains(&one.event)) {
        one.app = app.contains(&one.event) || !one.event.may_be_off();
        if Event::MAILED.contains(&one.event) {
            one.mail = mail.contains(&one.event);
        }
    }
    store(ctx, wanted).await
}

async fn store(ctx: &Ctx, wanted: Vec<NotificationPreference>) -> Result<(), ServiceError> {
    work::write(ctx, move |w| {
        let wanted = wanted.clone();
        Box::pin(async move {
            let user = w.actor().id();
            stored::Entity::delete_many().filter(stored::Column::UserId.eq(user)).exec(&w.tx).await?;
            let rows: Vec<stored::ActiveModel> = wanted
                .into_iter()
                .filter(|one| *one != default(one.event))
                .map(|one| stored::ActiveModel {
                    user_id: Set(user),
                    event: Set(one.event.as_str().to_owned()),
                    app: Set(one.app),
                    mail: Set(one.mail),
                })
                .collect();
            if !rows.is_empty() {
                stored::Entity::insert_many(rows).exec_without_returning(&w.tx).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Which of these people switched which events off in the product.
pub(super) async fn switched_off(
    connection: &impl ConnectionTrait,
    users: BTreeSet<Uuid>,
) -> Result<BTreeSet<(Uuid, Event)>, ServiceError> {
    let mut sql = Sql::new("SELECT user_id, event FROM notification_preference WHERE app = FALSE AND user_id IN ");
    let mut out = BTreeSet::new();
    for row in sql.list(users).rows(connection).await? {
        let (user, event): (Uuid, String) = (row.try_get("", "user_id")?, row.try_get("", "event")?);
        out.extend(event.parse::<Event>().ok().map(|event| (user, event)));
    }
    Ok(out)
}
