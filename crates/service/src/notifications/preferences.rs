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

/// What people chose, where they chose something.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen(BTreeMap<(Uuid, Event), (bool, bool)>);

impl Chosen {
    /// The choices of these people; one query.
    pub(super) async fn load(connection: &impl ConnectionTrait, users: BTreeSet<Uuid>) -> Result<Self, ServiceError> {
        let mut out = BTreeMap::new();
        if users.is_empty() {
            return Ok(Self(out));
        }
        let rows = stored::Entity::find().filter(stored::Column::UserId.is_in(users)).all(connection).await?;
        for row in rows {
            if let Ok(event) = row.event.parse::<Event>() {
                out.insert((row.user_id, event), (row.app, row.mail));
            }
        }
        Ok(Self(out))
    }

    /// Whether somebody wants an event in the product.
    pub(super) fn in_app(&self, user: Uuid, event: Event) -> bool {
        !event.may_be_off() || self.0.get(&(user, event)).is_none_or(|(app, _)| *app)
    }

    /// Whether somebody wants an event by mail (M-OUT-08).
    pub(super) fn by_mail(&self, user: Uuid, event: Event) -> bool {
        self.0.get(&(user, event)).map_or(event.is_mailed_by_default(), |(_, mail)| *mail)
    }
}
