//! Mails of what people are told of (M-OUT-05, M-OUT-06): who wants them, who gets them without being asked, and their text, which
//! is shipped: one sentence, the ticket, the way there.
//!
//! A later part that says more at some moment of a ticket's life (solved with its two buttons, the link of a survey, a reminder)
//! gives that mail a [`Kind`] of its own in [`kind_of`] and a function beside [`receipt`]; who gets it stays here.

mod words;

use std::collections::BTreeSet;

use domain::lang::Lang;
use domain::mail::{Unsent, message_id, subject};
use domain::notification::{Event, Why};
use domain::settings::Key;
use entity::{outbox, ticket, ticket_actor};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::about::About;
use super::compose::{Made, made, references, room, ticket_of};
use super::groups::{copies, switches};
use super::kind::Kind;
use super::letter::{self, Letter, Marks};
use super::present::present;
use super::queue::{New, insert};
use super::recipients::{Recipient, language_of, outside, recipient};
use super::template::Rendered;
use super::{domain_of, instance, mac, unsubscribe, words as common};
use crate::ctx::Ctx;
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;
use crate::links::escaped;
use crate::messages;
use crate::notifications::{News, Person};
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::people;
use crate::work::Work;

/// Somebody with an account who is told of something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listener<'a> {
    /// Who.
    pub(crate) person: &'a Person,
    /// Of what.
    pub(crate) event: Event,
    /// Why he.
    pub(crate) why: Why,
    /// Kind and id of the entry it is about.
    pub(crate) entry: Option<(&'a str, Uuid)>,
    /// He wants it by mail.
    pub(crate) wants: bool,
}

/// A mail to be.
struct Notice {
    event: Event,
    why: Why,
    entry: Option<About>,
    recipient: Recipient,
    forced: bool,
}

/// Which mail an event is.
const fn kind_of(event: Event, why: Why) -> Kind {
    match (event, why) {
        (Event::Registered, Why::Requester | Why::RequesterGroup) => Kind::Receipt,
        _ => Kind::Notice,
    }
}

/// Queues the mails of what the actor just did: to those who want them, to requesters whatever they want where an assigned group
/// insists, to people known by their address, to the addresses the groups copy to (M-OUT-05, M-OUT-06, M-OUT-08, M-RCP-05).
pub(crate) async fn tell(
    w: &Work,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    news: &[News<'_>],
    listeners: &[Listener<'_>],
) -> Result<(), ServiceError> {
    if w.ctx.services.mailer.is_none() {
        return Ok(());
    }
    let home = language_of(&w.tx, ticket.entity_id).await?;
    let insisted = switches(&w.tx, actors).await?;
    let mut notices: Vec<Notice> = Vec::new();
    for one in listeners.iter().filter(|one| one.event.mails_to(one.why)) {
        let is_asker = matches!(one.why, Why::Requester | Why::RequesterGroup);
        let forced = is_asker && one.event.insisted_by().is_some_and(|mail| insisted.contains(&mail));
        if one.wants || forced {
            let person = one.person;
            let lang = person.language.parse().unwrap_or(home);
            let recipient = recipient(Some(person.id), &person.name, &person.email, lang, None);
            let entry = one.entry.and_then(|entry| about(ticket, entry));
            notices.push(Notice { event: one.event, why: one.why, entry, recipient, forced });
        }
    }
    for one in news {
        notices.extend(without_account(one.event, actors, home));
        if matches!(one.event, Event::Assigned | Event::Delegated) {
            let why = Why::AssignedGroup;
            let all = copies(&w.tx, one.only.unwrap_or(actors), home).await?;
            notices.extend(all.into_iter().map(|recipient| Notice {
                event: one.event,
                why,
                entry: None,
                recipient,
                forced: true,
            }));
        }
    }
    let notices = once_each(notices);
    let notices = without_told(&w.tx, notices).await?;
    store(w, ticket, &notices).await
}

/// An entry that is told of: public, or it would not be.
fn about(ticket: &ticket::Model, (kind, id): (&str, Uuid)) -> Option<About> {
    let kind = [OCCURRENCE, messages::KIND].into_iter().find(|known| *known == kind)?;
    Some(About { kind, id, ..About::from(ticket) })
}

/// People of the ticket who are known by their address only.
fn without_account(event: Event, actors: &[ticket_actor::Model], home: Lang) -> Vec<Notice> {
    let found =
        [("requester", Why::Requester), ("observer", Why::Observer)].into_iter().flat_map(move |(role, why)| {
            let of_role = actors.iter().filter(move |row| row.role == role && event.mails_outside(why));
            of_role.filter_map(move |row| {
                Some(Notice { event, why, entry: None, recipient: outside(row, home)?, forced: true })
            })
        });
    found.collect()
}

/// One mail per event and address, and none that could not arrive (M-RCP-01, M-RCP-02).
fn once_each(notices: Vec<Notice>) -> Vec<Notice> {
    let mut seen: BTreeSet<(Event, String)> = BTreeSet::new();
    let can_arrive = notices.into_iter().filter(|one| one.recipient.problem.is_none());
    can_arrive.filter(|one| seen.insert((one.event, one.recipient.key()))).collect()
}

/// Without those who get a mail about the same entry already: one says all (M-RCP-01).
async fn without_told(
    connection: &impl ConnectionTrait,
    mut notices: Vec<Notice>,
) -> Result<Vec<Notice>, ServiceError> {
    let entries: BTreeSet<Uuid> = notices.iter().filter_map(|one| one.entry.map(|entry| entry.id)).collect();
    if entries.is_empty() {
        return Ok(notices);
    }
    let mut told: BTreeSet<(Uuid, String)> = BTreeSet::new();
    let mut sql = Sql::new("SELECT entry_id, address_key FROM outbox WHERE entry_id IN ");
    for row in sql.list(entries).rows(connection).await? {
        told.insert((row.try_get("", "entry_id")?, row.try_get("", "address_key")?));
    }
    notices.retain(|one| one.entry.is_none_or(|entry| !told.contains(&(entry.id, one.recipient.key()))));
    Ok(notices)
}

/// Writes the rows, those of one event about one thing together.
async fn store(w: &Work, ticket: &ticket::Model, notices: &[Notice]) -> Result<(), ServiceError> {
    let mut left: Vec<&Notice> = notices.iter().collect();
    while let Some(first) = left.first().copied() {
        let is_same = |one: &&Notice| (one.event, one.entry) == (first.event, first.entry);
        let (same, others): (Vec<&Notice>, Vec<&Notice>) = left.into_iter().partition(is_same);
        left = others;
        let about = first.entry.unwrap_or_else(|| About::from(ticket));
        let rows: Vec<New<'_>> = same
            .into_iter()
            .map(|one| New {
                kind: kind_of(one.event, one.why),
                entry: (about.kind, about.id, about.version),
                changed: false,
                recipient: &one.recipient,
                told: Some((one.event, one.why)),
                forced: one.forced,
            })
            .collect();
        insert(w, ticket, about, &rows).await?;
    }
    Ok(())
}

/// What a notice is made from.
struct Matter {
    ticket: ticket::Model,
    about: About,
    settings: Settings,
    lang: Lang,
    event: Event,
    why: Why,
    author: String,
}

/// Makes the mail of a row.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn compose(ctx: &Ctx, row: &outbox::Model, kind: Kind) -> Result<Made, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let Some(matter) = Matter::load(ctx, &snapshot, row).await? else { return Ok(Made::Unsent(Unsent::Withdrawn)) };
    let references = references(&snapshot, row).await?;
    drop(snapshot);
    let room = room(ctx, 0).await?;
    let said = match kind {
        Kind::Receipt => matter.receipt(&row.name),
        _ => matter.notice(&row.name),
    };
    Ok(made(ctx, matter.letter(ctx, row, kind, &said, references), room))
}

impl Matter {
    /// `None` when the ticket or the entry is gone or hidden, or the person may not see it or is nothing to it any more (M-RCP-03).
    async fn load(
        ctx: &Ctx,
        connection: &impl ConnectionTrait,
        row: &outbox::Model,
    ) -> Result<Option<Self>, ServiceError> {
        let event = row.event.as_deref().and_then(|text| text.parse::<Event>().ok());
        let why = row.why.as_deref().and_then(|text| text.parse::<Why>().ok());
        let found = ticket_of(connection, row).await?;
        let about = About::of(connection, row).await?;
        let about = about.filter(|about| !about.is_removed && !about.visibility.is_private());
        let (Some(event), Some(why), Some((ticket, actors)), Some(about)) = (event, why, found, about) else {
            return Ok(None);
        };
        let home = language_of(connection, ticket.entity_id).await?;
        let recipient = present(connection, row, &ticket, &actors, &about, home).await?;
        let Some(recipient) = recipient else { return Ok(None) };
        let names = people::directory(connection, &[], row.author_id.as_slice()).await?;
        let settings = Settings::load(connection, &ctx.actor.path_of(ticket.entity_id)).await?;
        let author = row.author_id.map(|author| names.user(author).name).filter(|name| !name.is_empty());
        // What happens by itself is said by the desk.
        let author = author.unwrap_or_else(|| sender(ctx, &settings, ticket.entity_id));
        Ok(Some(Self { about, settings, lang: recipient.lang, event, why, author, ticket }))
    }

    /// One sentence, and which ticket it is about.
    fn notice(&self, name: &str) -> Rendered {
        let happened = words::happened(self.lang, self.event, self.why, &self.author, self.ticket.number);
        self.rendered(name, &[happened, self.heading()])
    }

    /// That the request has come in, and its number (M-OUT-06).
    fn receipt(&self, name: &str) -> Rendered {
        self.rendered(name, &[words::received(self.lang, self.ticket.number), self.heading()])
    }

    fn heading(&self) -> String {
        format!("#{} · {}", self.ticket.number, self.ticket.title)
    }

    fn rendered(&self, name: &str, said: &[String]) -> Rendered {
        let lines: Vec<String> = std::iter::once(words::hello(self.lang, name)).chain(said.iter().cloned()).collect();
        let html = lines.iter().map(|line| format!("<p>{}</p>", escaped(line))).collect();
        Rendered { text: lines.join("\n\n"), html }
    }

    /// The side of its reader, by why he gets it (M-CON-04).
    const fn is_for_team(&self) -> bool {
        matches!(self.why, Why::Assignee | Why::AssignedGroup | Why::RoutingGroup | Why::Administrator)
    }

    fn link(&self, ctx: &Ctx) -> String {
        let place = if self.is_for_team() { "tickets" } else { "requests" };
        let page = format!("{}/{place}/{}", ctx.services.base_url, self.ticket.number);
        if self.about.id == self.ticket.id { page } else { format!("{page}#{}", self.about.anchor()) }
    }

    fn foot(&self, ctx: &Ctx, row: &outbox::Model) -> Vec<String> {
        let (lang, number) = (self.lang, self.ticket.number);
        let is_known = row.user_id.is_some();
        let is_copy = !is_known && self.is_for_team();
        let because = if is_copy { common::because_copy(lang, number) } else { words::because(lang, self.why, number) };
        let mut foot = vec![because];
        if is_known && !row.forced {
            let page = format!("{}/profile/notifications#event-{}", ctx.services.base_url, self.event);
            foot.push(words::change(lang, &page));
        }
        foot.push(match (is_known, self.is_for_team()) {
            (true, true) => common::not_read_by_team(lang),
            (true, false) => common::not_read(lang),
            (false, _) => common::not_read_outside(lang, self.settings.text(Key::HelpContactUrl)),
        });
        foot
    }

    /// What programs are told: receipts are bulk and answered by nothing; what a person may switch off, he may so by one click
    /// (M-HDR-01, M-HDR-04).
    fn marks(&self, ctx: &Ctx, row: &outbox::Model, kind: Kind) -> Marks {
        let is_receipt = kind == Kind::Receipt;
        let switchable = row.user_id.filter(|_| !is_receipt && !row.forced);
        let unsubscribe = switchable.map(|user| unsubscribe::link(&ctx.services, user, self.event));
        Marks { is_bulk: is_receipt, is_receipt, unsubscribe }
    }

    fn letter(&self, ctx: &Ctx, row: &outbox::Model, kind: Kind, said: &Rendered, references: Vec<String>) -> Letter {
        let (lang, number) = (self.lang, self.ticket.number);
        let foot = self.foot(ctx, row);
        let url = self.link(ctx);
        let open = if self.is_for_team() { common::open_ticket(lang) } else { common::open_request(lang) };
        let link = row.user_id.is_some().then_some((url.as_str(), open));
        let address = ctx.services.mailer.as_ref().map(|mailer| mailer.address().to_owned()).unwrap_or_default();
        let secret = &ctx.services.secret;
        Letter {
            from_name: sender(ctx, &self.settings, self.ticket.entity_id),
            to_name: row.name.clone(),
            to_address: row.address.clone(),
            subject: subject(self.settings.text(Key::MailSubjectTag), number, None, &self.ticket.title),
            lang,
            text: letter::plain(&said.text, &foot, link),
            html: letter::frame(lang, &said.html, &foot, link),
            message_id: row.message_id.clone(),
            root_id: message_id('t', self.ticket.id, &mac(secret, self.ticket.id), domain_of(&address)),
            references,
            ticket: number,
            instance: instance(secret),
            date: ctx.now(),
            inline: Vec::new(),
            files: Vec::new(),
            marks: self.marks(ctx, row, kind),
            from_address: address,
        }
    }
}

/// The name mails come from: the setting, else the name of the entity (M-HDR-01).
pub(super) fn sender(ctx: &Ctx, settings: &Settings, entity: Uuid) -> String {
    let name = settings.text(Key::MailSenderName);
    if name.is_empty() { ctx.actor.entity_name(entity) } else { name.to_owned() }
}
