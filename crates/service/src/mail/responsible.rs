//! The mail of an occurrence of the requester side to the responsible (M-OUT-02, M-OUT-09, T-ROL-07).

use domain::error::{AppError, Code};
use domain::lang::Lang;
use domain::settings::Key;
use entity::{app_user, occurrence, outbox, ticket, ticket_actor};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::about::About;
use super::groups::copies;
use super::kind::Kind;
use super::queue::{Cause, queue, record};
use super::recipients::{Recipient, has_template, language_of, once_each, own_zone, recipient};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;
use crate::notifications::{Circle, Person};
use crate::settings::Settings;
use crate::tickets::{self, Loaded};
use crate::validations;
use crate::work::Work;

/// Whether such a mail can leave at all: what the form says before it is sent (P-OCC-04).
pub(crate) async fn can_leave(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    settings: &Settings,
    path: &[Uuid],
) -> Result<bool, ServiceError> {
    if ctx.services.mailer.is_none() {
        return Ok(false);
    }
    has_template(connection, settings, Kind::Responsible, path).await
}

/// Queues it for every responsible but the author, and for the addresses the assigned groups copy to (M-RCP-05). Nobody
/// responsible: the history says so. No way out or no template: nothing is queued, the notification in the product stays
/// (M-OUT-09).
pub(crate) async fn notify(
    w: &Work,
    loaded: &Loaded,
    settings: &Settings,
    path: &[Uuid],
    entry: &occurrence::Model,
) -> Result<(), ServiceError> {
    let author = w.actor().id();
    let found = of_ticket(&w.tx, &loaded.ticket, &loaded.actors, path, author).await?;
    if found.is_none() {
        record(w, "nobody_to_notify", entry.into(), Vec::new(), true).await?;
    }
    if !can_leave(&w.ctx, &w.tx, settings, path).await? {
        return Ok(());
    }
    let home = language_of(&w.tx, loaded.ticket.entity_id).await?;
    let mut all = found.unwrap_or_default();
    all.extend(copies(&w.tx, &loaded.actors, home).await?);
    let cause = Cause { kind: Kind::Responsible, changed: false };
    queue(w, &loaded.ticket, entry, cause, &once_each(all)).await
}

/// Who would get it if it were sent again, or why none can leave (M-DLV-05).
pub(super) async fn again(
    w: &Work,
    loaded: &Loaded,
    settings: &Settings,
    path: &[Uuid],
    about: &About,
) -> Result<Result<Vec<Recipient>, Code>, ServiceError> {
    if w.ctx.services.mailer.is_none() {
        return Ok(Err(Code::MailNotConfigured));
    }
    if !can_leave(&w.ctx, &w.tx, settings, path).await? {
        return Ok(Err(Code::MailTemplateMissing));
    }
    let author = about.author.unwrap_or_default();
    let home = language_of(&w.tx, loaded.ticket.entity_id).await?;
    let mut all = of_ticket(&w.tx, &loaded.ticket, &loaded.actors, path, author).await?.unwrap_or_default();
    all.extend(copies(&w.tx, &loaded.actors, home).await?);
    let all = once_each(all);
    Ok(if all.is_empty() { Err(Code::NoRecipient) } else { Ok(all) })
}

/// The responsible of a ticket without `author`, once each (M-RCP-01, M-RCP-02); `None` = nobody is responsible.
async fn of_ticket(
    connection: &impl ConnectionTrait,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    path: &[Uuid],
    author: Uuid,
) -> Result<Option<Vec<Recipient>>, ServiceError> {
    let circle = Circle::load(connection, ticket, actors, path).await?;
    let responsible = circle.responsible();
    if responsible.is_empty() {
        return Ok(None);
    }
    let home = language_of(connection, ticket.entity_id).await?;
    let others = responsible.into_iter().filter(|person| person.id != author);
    let of = |person: &Person| {
        recipient(Some(person.id), &person.name, &person.email, person.language.parse().unwrap_or(home), None)
    };
    Ok(Some(once_each(others.map(of).collect())))
}

/// The recipient of a mail who has an account, as he is now; `None` = he may not read the entry any more (M-RCP-03).
pub(super) async fn reader(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
    about: &About,
    home: Lang,
) -> Result<Option<Recipient>, ServiceError> {
    let Some(user) = row.user_id else { return Ok(None) };
    let user = app_user::Entity::find_by_id(user).one(connection).await?.filter(|user| user.active);
    let Some(user) = user else { return Ok(None) };
    let lang = user.language.parse().unwrap_or(home);
    let zone = own_zone(&user.time_zone);
    let found = Recipient { zone, ..recipient(Some(user.id), &user.name, &user.email, lang, None) };
    let actor = Actor::load(connection, user, String::new()).await?;
    let loaded = match tickets::load_visible_by_id(connection, &actor, about.ticket).await {
        Ok(loaded) => loaded,
        Err(error) if error.public == AppError::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // P-HIS-02: what the portal does not show is not told there either.
    if about.kind == OCCURRENCE && !loaded.is_agent() {
        let settings = Settings::load(connection, &actor.path_of(loaded.ticket.entity_id)).await?;
        if !settings.is_on(Key::PortalShowOccurrences) {
            return Ok(None);
        }
    }
    if about.kind == validations::KIND {
        let hears = validations::hears(connection, &actor, about.id, loaded.is_agent()).await?;
        return Ok(hears.then_some(found));
    }
    Ok(about.is_seen(&actor, &loaded).then_some(found))
}
