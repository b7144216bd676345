//! Who gets a mail: each person once, with the reason of those who get none (mail.md section 3).

use std::collections::BTreeSet;

use domain::access::GroupMail;
use domain::error::Code;
use domain::lang::Lang;
use domain::mail::{Unsent, is_unattended};
use domain::notification::Event;
use domain::policy::Capability;
use domain::ticket::Side;
use domain::views::MailOffer;
use entity::ticket_actor;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::groups::{insisting, switches};
use super::kind::Kind;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::people::email_address;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::Loaded;
use crate::{moments, templates};

/// Somebody a mail is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// His account; none = known by his address only.
    pub(crate) user: Option<Uuid>,
    /// His name, or his address.
    pub(crate) name: String,
    /// Where it goes; may be no address at all.
    pub(crate) address: String,
    /// His language, else that of the entity (M-RCP-04).
    pub(crate) lang: Lang,
    /// His time zone; none = that of the entity (M-RCP-04).
    pub(crate) zone: Option<chrono_tz::Tz>,
    /// Why he gets none (M-RCP-02).
    pub(crate) problem: Option<Unsent>,
}

impl Recipient {
    /// The address as it is compared.
    pub(crate) fn key(&self) -> String {
        self.address.to_lowercase()
    }

    /// Name and address as agents read them.
    fn label(&self) -> String {
        if self.name == self.address || self.address.is_empty() {
            self.name.clone()
        } else {
            format!("{} <{}>", self.name, self.address)
        }
    }
}

#[derive(Debug, FromQueryResult)]
struct Person {
    id: Uuid,
    name: String,
    email: String,
    language: String,
    time_zone: String,
    active: bool,
}

/// The requesters of a ticket who are not `author`: users, people known by address, active members of groups; once each, by
/// account and then by address (M-RCP-01). With `only`, of the accounts just this one: whether somebody is still among them
/// must not cost reading all of them.
pub(crate) async fn requesters(
    connection: &impl ConnectionTrait,
    entity: Uuid,
    actors: &[ticket_actor::Model],
    author: Option<Uuid>,
    only: Option<Uuid>,
) -> Result<Vec<Recipient>, ServiceError> {
    let asked: Vec<&ticket_actor::Model> = actors.iter().filter(|row| row.role == "requester").collect();
    let named: Vec<Uuid> = asked.iter().filter_map(|row| row.user_id).collect();
    let groups: Vec<Uuid> = asked.iter().filter_map(|row| row.group_id).collect();
    let home: Lang = language_of(connection, entity).await?;
    let people = people(connection, &named, &groups, only).await?;
    let mut found: Vec<Recipient> = Vec::new();
    let known = people.iter().map(|person| (named.contains(&person.id), person));
    for (is_named, person) in known.filter(|(is_named, person)| *is_named || person.active) {
        if Some(person.id) != author {
            let problem = (is_named && !person.active).then_some(Unsent::Disabled);
            let lang = person.language.parse().unwrap_or(home);
            let zone = own_zone(&person.time_zone);
            found.push(Recipient { zone, ..recipient(Some(person.id), &person.name, &person.email, lang, problem) });
        }
    }
    found.extend(asked.into_iter().filter_map(|row| outside(row, home)));
    Ok(once_each(found))
}

/// The observers of a ticket who get a copy of what is mailed to its requesters (M-OUT-08): those known by their address, and
/// those with an account who want public occurrences by mail. `others` get it already.
pub(crate) async fn observers(
    connection: &impl ConnectionTrait,
    entity: Uuid,
    actors: &[ticket_actor::Model],
    author: Option<Uuid>,
    others: &[Recipient],
) -> Result<Vec<Recipient>, ServiceError> {
    let watching: Vec<&ticket_actor::Model> = actors.iter().filter(|row| row.role == "observer").collect();
    if watching.is_empty() {
        return Ok(Vec::new());
    }
    let named: Vec<Uuid> = watching.iter().filter_map(|row| row.user_id).collect();
    let groups: Vec<Uuid> = watching.iter().filter_map(|row| row.group_id).collect();
    let home = language_of(connection, entity).await?;
    let mut found: Vec<Recipient> = Vec::new();
    let people = people(connection, &named, &groups, None).await?;
    let wanting = wanting(connection, people.iter().map(|person| person.id).collect()).await?;
    for person in people.iter().filter(|person| person.active && wanting.contains(&person.id)) {
        if Some(person.id) != author {
            let lang = person.language.parse().unwrap_or(home);
            let zone = own_zone(&person.time_zone);
            found.push(Recipient { zone, ..recipient(Some(person.id), &person.name, &person.email, lang, None) });
        }
    }
    found.extend(watching.into_iter().filter_map(|row| outside(row, home)));
    let is_told = |one: &Recipient| others.iter().any(|other| other.key() == one.key());
    found.retain(|one| one.problem.is_none() && !is_told(one));
    Ok(once_each(found))
}

/// Which of these people want public occurrences by mail.
async fn wanting(connection: &impl ConnectionTrait, users: Vec<Uuid>) -> Result<BTreeSet<Uuid>, ServiceError> {
    let mut sql = Sql::new("SELECT user_id FROM notification_preference WHERE mail = TRUE AND event = ");
    sql.bind(Event::PublicOccurrence.as_str()).push(" AND user_id IN ").list(users);
    let mut out = BTreeSet::new();
    for row in sql.rows(connection).await? {
        out.insert(row.try_get("", "user_id")?);
    }
    Ok(out)
}

/// Somebody of a ticket who is known by his address only.
pub(super) fn outside(row: &ticket_actor::Model, home: Lang) -> Option<Recipient> {
    if row.user_id.is_some() || row.group_id.is_some() {
        return None;
    }
    let address = row.email.clone().unwrap_or_default();
    let name = row.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| address.clone());
    Some(recipient(None, &name, &address, home, None))
}

/// The zone a person chose, if any.
pub(crate) fn own_zone(name: &str) -> Option<chrono_tz::Tz> {
    (!name.is_empty()).then(|| moments::zone(name))
}

/// Every address once. Who can get none does not take the place of who can, at the same address.
pub(super) fn once_each(mut found: Vec<Recipient>) -> Vec<Recipient> {
    found.sort_by_key(|recipient| recipient.problem.is_some());
    let mut seen: BTreeSet<String> = BTreeSet::new();
    found.retain(|recipient| recipient.address.is_empty() || seen.insert(recipient.key()));
    found
}

/// Somebody with what is wrong with him or his address (M-RCP-02).
pub(super) fn recipient(
    user: Option<Uuid>,
    name: &str,
    address: &str,
    lang: Lang,
    problem: Option<Unsent>,
) -> Recipient {
    let problem = problem
        .or_else(|| email_address(address).is_err().then_some(Unsent::InvalidAddress))
        .or_else(|| is_unattended(address).then_some(Unsent::NoReplyAddress));
    Recipient { user, name: name.to_owned(), address: address.trim().to_owned(), lang, zone: None, problem }
}

async fn people(
    connection: &impl ConnectionTrait,
    named: &[Uuid],
    groups: &[Uuid],
    only: Option<Uuid>,
) -> Result<Vec<Person>, ServiceError> {
    if named.is_empty() && groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql =
        Sql::new("SELECT u.id, u.name, u.email, u.language, u.time_zone, u.active FROM app_user u WHERE (u.id IN ");
    sql.list(named.iter().copied());
    sql.push(" OR u.id IN (SELECT m.user_id FROM app_group_member m JOIN app_group g ON g.id = m.group_id WHERE g.active = TRUE AND g.id IN ");
    sql.list(groups.iter().copied()).push("))");
    if let Some(only) = only {
        sql.push_bind(" AND u.id = ", only);
    }
    sql.push(" ORDER BY u.name, u.id");
    Ok(sql.all(connection).await?)
}

/// Language of mails to people without one (T-SET: `entity.language`).
pub(crate) async fn language_of(connection: &impl ConnectionTrait, entity: Uuid) -> Result<Lang, ServiceError> {
    let stored: Option<String> =
        Sql::new("SELECT language FROM entity WHERE id = ").bind(entity).scalar(connection).await?;
    Ok(stored.and_then(|text| text.parse().ok()).unwrap_or_default())
}

/// Who would get the mail of an entry of the actor, one of those to the requesters, or why none can leave (T-OCC-12).
pub(crate) async fn check(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
    kind: Kind,
) -> Result<Result<Vec<Recipient>, Code>, ServiceError> {
    if ctx.services.mailer.is_none() {
        return Ok(Err(Code::MailNotConfigured));
    }
    let path = ctx.actor.path_of(loaded.ticket.entity_id);
    if !has_template(connection, settings, kind, &path).await? {
        return Ok(Err(Code::MailTemplateMissing));
    }
    let found = requesters(connection, loaded.ticket.entity_id, &loaded.actors, Some(ctx.actor.id()), None).await?;
    let reachable = found.iter().any(|recipient| recipient.problem.is_none());
    Ok(if reachable { Ok(found) } else { Err(Code::NoRecipient) })
}

/// Whether there is a text for a mail: the template its setting means, or one that is shipped and not to be changed.
pub(super) async fn has_template(
    connection: &impl ConnectionTrait,
    settings: &Settings,
    kind: Kind,
    path: &[Uuid],
) -> Result<bool, ServiceError> {
    match kind.template() {
        Some(key) => Ok(templates::mail(connection, settings, key, path).await?.is_some()),
        None => Ok(true),
    }
}

/// Who gets the mail of a new public occurrence although nobody ticked it: an assigned group insists (M-RCP-05). Nobody, where no
/// group does, the writer is not on the service side, or no mail can leave.
pub(crate) async fn insisted(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<Vec<Recipient>, ServiceError> {
    let is_team = loaded.is_agent() && loaded.side() == Side::Service;
    if !is_team || ctx.services.mailer.is_none() {
        return Ok(Vec::new());
    }
    if insisting(connection, &loaded.actors, GroupMail::Progress).await?.is_none() {
        return Ok(Vec::new());
    }
    Ok(check(ctx, connection, loaded, settings, Kind::Requester).await?.unwrap_or_default())
}

/// Who gets a letter that asks the requesters for something, and tells that by itself (M-OUT-06).
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Who, with the reasons of those who can get none.
    pub(crate) people: Vec<Recipient>,
    /// No preference stops it: an assigned group insists (M-RCP-05).
    pub(crate) forced: bool,
}

impl Asked {
    /// Names of those whom it reaches, for the form whose doing sends it.
    pub(crate) fn names(self) -> Vec<String> {
        self.people.into_iter().filter(|one| one.problem.is_none()).map(|one| one.name).collect()
    }
}

/// The requesters but the actor who did not switch the mails of an event off; where an assigned group insists, all of them.
/// Nobody where no mail can leave.
pub(crate) async fn asked(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    event: Event,
) -> Result<Asked, ServiceError> {
    if ctx.services.mailer.is_none() {
        return Ok(Asked::default());
    }
    let mut people =
        requesters(connection, loaded.ticket.entity_id, &loaded.actors, Some(ctx.actor.id()), None).await?;
    if let Some(mail) = event.insisted_by()
        && switches(connection, &loaded.actors).await?.contains(&mail)
    {
        return Ok(Asked { people, forced: true });
    }
    let users: Vec<Uuid> = people.iter().filter_map(|one| one.user).collect();
    if !users.is_empty() {
        let mut sql = Sql::new("SELECT user_id FROM notification_preference WHERE mail = FALSE AND event = ");
        sql.bind(event.as_str()).push(" AND user_id IN ").list(users);
        let mut off: BTreeSet<Uuid> = BTreeSet::new();
        for row in sql.rows(connection).await? {
            off.insert(row.try_get("", "user_id")?);
        }
        people.retain(|one| one.user.is_none_or(|user| !off.contains(&user)));
    }
    Ok(Asked { people, forced: false })
}

/// Whether a requester other than the actor has an account in use, so that a message reaches somebody without mail (T-MSG-05).
pub(crate) async fn has_account(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<bool, ServiceError> {
    let found = requesters(connection, loaded.ticket.entity_id, &loaded.actors, Some(ctx.actor.id()), None).await?;
    Ok(found.iter().any(|recipient| recipient.user.is_some() && recipient.problem != Some(Unsent::Disabled)))
}

/// What the form knows before it is sent (M-TRN-03); `None` for those who may not send mail.
pub(crate) async fn offer(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
    kind: Kind,
) -> Result<Option<MailOffer>, ServiceError> {
    if !loaded.is_agent() || !loaded.caps.contains(Capability::OccurrenceSendMail) {
        return Ok(None);
    }
    Ok(Some(known(ctx, connection, loaded, settings, kind).await?))
}

/// The same for a new occurrence, which an assigned group may have mailed whoever writes it (M-RCP-05).
pub(crate) async fn offer_new(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<Option<MailOffer>, ServiceError> {
    let insists = if loaded.is_agent() && loaded.side() == Side::Service {
        insisting(connection, &loaded.actors, GroupMail::Progress).await?
    } else {
        None
    };
    if insists.is_none() {
        return offer(ctx, connection, loaded, settings, Kind::Requester).await;
    }
    let known = known(ctx, connection, loaded, settings, Kind::Requester).await?;
    Ok(Some(MailOffer { insists: insists.filter(|_| known.reason.is_none()), ..known }))
}

async fn known(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
    kind: Kind,
) -> Result<MailOffer, ServiceError> {
    Ok(match check(ctx, connection, loaded, settings, kind).await? {
        Err(reason) => {
            let fix = mended_in(ctx, loaded.ticket.entity_id, reason);
            MailOffer { reason: Some(reason), fix, ..MailOffer::default() }
        }
        Ok(found) => {
            let (without, with): (Vec<Recipient>, Vec<Recipient>) =
                found.into_iter().partition(|recipient| recipient.problem.is_some());
            let labels = |all: Vec<Recipient>| all.iter().map(Recipient::label).collect();
            MailOffer { recipients: labels(with), without: labels(without), ..MailOffer::default() }
        }
    })
}

/// The entity whose settings mend what keeps mails from leaving, for those who may set them (M-TRN-03).
fn mended_in(ctx: &Ctx, entity: Uuid, reason: Code) -> Option<Uuid> {
    let place = match reason {
        Code::MailTemplateMissing => Some(entity),
        // The mail server is one for all.
        Code::MailNotConfigured => ctx.actor.path_of(entity).pop(),
        _ => None,
    };
    place.filter(|entity| ctx.actor.has(*entity, Capability::AdminSettings))
}
