//! Mails of what people are told of (M-OUT-05, M-OUT-06): who wants them, who gets them without being asked, and their text, which
//! is shipped: one sentence, the ticket, the way there.
//!
//! What says more at some moment of a ticket's life (solved with its two buttons, the link of a survey, a reminder) is a letter of
//! its own (`queue::ask`, `compose`), and no notice goes to who gets it.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use domain::lang::Lang;
use domain::mail::{Unsent, message_id, subject};
use domain::notification::{Event, Why};
use domain::settings::Key;
use domain::ticket::Status;
use entity::{list_row, outbox, ticket, ticket_actor};
use sea_orm::{ConnectionTrait, EntityTrait};
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
use crate::error::ServiceError;
use crate::links::escaped;
use crate::notifications::{News, Person};
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{people, status_of};
use crate::work::Work;
use crate::{lists, tasks, validations};

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
    // Many are told of one entry: it is read once.
    let mut entries: BTreeMap<(&str, Uuid), Option<About>> = BTreeMap::new();
    for one in listeners.iter().filter(|one| one.event.mails_to(one.why)) {
        let is_asker = matches!(one.why, Why::Requester | Why::RequesterGroup);
        let forced = is_asker && one.event.insisted_by().is_some_and(|mail| insisted.contains(&mail));
        if one.wants || forced {
            let person = one.person;
            let lang = person.language.parse().unwrap_or(home);
            let recipient = recipient(Some(person.id), &person.name, &person.email, lang, None);
            let entry = match one.entry {
                Some(named) => match entries.get(&named) {
                    Some(known) => *known,
                    None => *entries.entry(named).or_insert(About::find(&w.tx, ticket.id, named).await?),
                },
                None => None,
            };
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
    let has_letter =
        |one: &Notice| news.iter().any(|said| said.event == one.event && said.letters.contains(&one.recipient.key()));
    notices.retain(|one| !has_letter(one));
    let notices = once_each(notices);
    let notices = without_told(&w.tx, notices).await?;
    store(w, ticket, &notices).await
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

/// Without those who get a mail about the same entry already: one says all (M-RCP-01). Who is told of a task or a validation is
/// told of each thing that happens to it; the answer to a validation once, whatever he is to it.
async fn without_told(
    connection: &impl ConnectionTrait,
    mut notices: Vec<Notice>,
) -> Result<Vec<Notice>, ServiceError> {
    let entries: BTreeSet<Uuid> =
        notices.iter().filter_map(|one| one.entry).filter(|one| one.kind != tasks::KIND).map(|one| one.id).collect();
    if entries.is_empty() {
        return Ok(notices);
    }
    let mut told: BTreeSet<(Uuid, String)> = BTreeSet::new();
    let mut of_event: BTreeSet<(Uuid, String, String)> = BTreeSet::new();
    let mut sql = Sql::new("SELECT entry_id, address_key, event FROM outbox WHERE entry_id IN ");
    for row in sql.list(entries).rows(connection).await? {
        let (entry, key): (Uuid, String) = (row.try_get("", "entry_id")?, row.try_get("", "address_key")?);
        let event: Option<String> = row.try_get("", "event")?;
        of_event.insert((entry, key.clone(), event.unwrap_or_default()));
        told.insert((entry, key));
    }
    notices.retain(|one| {
        let key = one.recipient.key();
        one.entry.is_none_or(|entry| match entry.kind {
            tasks::KIND => true,
            validations::KIND => !of_event.contains(&(entry.id, key, one.event.as_str().to_owned())),
            _ => !told.contains(&(entry.id, key)),
        })
    });
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
    /// The public label of why the ticket waits, where this is told and it still does.
    waits_for: Option<String>,
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
        // Of a task those are told who do it, and whether they may read it is asked by `present`.
        let is_shown = |about: &About| about.kind == tasks::KIND || !about.visibility.is_private();
        let about = about.filter(|about| !about.is_removed && is_shown(about));
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
        let lang = recipient.lang;
        let waits_for = if event == Event::Pending { label_of(connection, &ticket, lang).await? } else { None };
        Ok(Some(Self { about, settings, lang, event, why, author, waits_for, ticket }))
    }

    /// One sentence, and which ticket it is about.
    fn notice(&self, name: &str) -> Rendered {
        let number = self.ticket.number;
        let happened = match &self.waits_for {
            Some(label) => words::on_hold(self.lang, &self.author, number, label),
            None => words::happened(self.lang, self.event, self.why, &self.author, number),
        };
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
        match self.why {
            Why::Assignee
            | Why::AssignedGroup
            | Why::RoutingGroup
            | Why::TaskUser
            | Why::TaskGroup
            | Why::Asker
            | Why::Administrator => true,
            Why::Requester
            | Why::RequesterGroup
            | Why::Observer
            | Why::ObserverGroup
            | Why::Approver
            | Why::ApproverGroup => false,
        }
    }

    /// Whether he is asked for a validation: he need not be anything else to the ticket.
    const fn is_for_approver(&self) -> bool {
        matches!(self.why, Why::Approver | Why::ApproverGroup)
    }

    fn link(&self, ctx: &Ctx) -> String {
        let base = &ctx.services.base_url;
        if self.is_for_approver() {
            return format!("{base}/approvals/{}", self.about.id);
        }
        let place = if self.is_for_team() { "tickets" } else { "requests" };
        let below = if self.about.kind == validations::KIND { "/validations" } else { "" };
        let page = format!("{base}/{place}/{}{below}", self.ticket.number);
        if self.about.id == self.ticket.id { page } else { format!("{page}#{}", self.about.anchor()) }
    }

    fn foot(&self, ctx: &Ctx, row: &outbox::Model) -> Vec<String> {
        let (lang, number) = (self.lang, self.ticket.number);
        let is_known = row.user_id.is_some();
        let is_copy = !is_known && self.is_for_team();
        let because = if is_copy { common::because_copy(lang, number) } else { words::because(lang, self.why, number) };
        let mut foot = vec![because];
        if is_known && !row.forced {
            foot.push(change(ctx, lang, self.event));
        }
        foot.push(match (is_known, self.is_for_team()) {
            (true, _) if self.is_for_approver() => words::not_read_by_approvers(lang),
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
        let open = match (self.is_for_approver(), self.is_for_team()) {
            (true, _) => words::open_approval(lang),
            (_, true) => common::open_ticket(lang),
            (..) => common::open_request(lang),
        };
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

/// The public label of why a ticket waits; `None` once it does not any more.
async fn label_of(
    connection: &impl ConnectionTrait,
    ticket: &ticket::Model,
    lang: Lang,
) -> Result<Option<String>, ServiceError> {
    if status_of(ticket) != Status::Pending {
        return Ok(None);
    }
    let reason = match ticket.pending_reason_id {
        Some(id) => list_row::Entity::find_by_id(id).one(connection).await?,
        None => None,
    };
    Ok(Some(reason.map_or_else(|| lists::waiting(lang).to_owned(), |row| lists::label(&row, lang))))
}

/// Where somebody chooses what he is mailed of an event (M-CON-05).
pub(super) fn change(ctx: &Ctx, lang: Lang, event: Event) -> String {
    words::change(lang, &format!("{}/profile/notifications#event-{event}", ctx.services.base_url))
}

/// The name mails come from: the setting, else the name of the entity (M-HDR-01).
pub(super) fn sender(ctx: &Ctx, settings: &Settings, entity: Uuid) -> String {
    let name = settings.text(Key::MailSenderName);
    if name.is_empty() { ctx.actor.entity_name(entity) } else { name.to_owned() }
}
