//! The text of a mail, made when it is sent: from the version of the entry its row names, under the rights of this moment
//! (M-DLV-01, M-RCP-03, M-CON).

use domain::lang::Lang;
use domain::mail::{FILES_MAX, Unsent, message_id, subject};
use domain::notification::Event;
use domain::settings::Key;
use domain::solution::Answer;
use entity::{outbox, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::content::Content;
use super::kind::Kind;
use super::letter::{self, Letter, Marks, Part};
use super::present::present;
use super::recipients::language_of;
use super::template::{self, Values};
use super::{Envelope, account, domain_of, instance, mac, notice, words};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::templates::{self, Facts};
use crate::tickets::people;
use crate::{lists, sanitise, solutions, surveys};

const MIB: i64 = 1024 * 1024;

/// A mail ready to be handed over, or why there is none.
#[derive(Debug)]
pub(crate) enum Made {
    /// It may leave.
    Ready(Mail),
    /// Nothing leaves.
    Unsent(Unsent),
}

/// A mail in memory, until it is dropped.
#[derive(Debug)]
pub(crate) struct Mail {
    /// Who it goes to.
    pub(crate) envelope: Envelope,
    /// What goes there.
    pub(crate) bytes: Vec<u8>,
    _room: OwnedSemaphorePermit,
}

/// Everything a mail is made from.
struct Matter {
    kind: Kind,
    ticket: ticket::Model,
    content: Content,
    settings: Settings,
    lang: Lang,
    home: Lang,
    zone: chrono_tz::Tz,
    entity_name: String,
    author: String,
    signature: String,
    facts: Facts,
}

/// Makes the mail of a row.
///
/// # Errors
/// `Unavailable` when the database or the files are away: nothing is decided then.
pub(crate) async fn compose(ctx: &Ctx, row: &outbox::Model) -> Result<Made, ServiceError> {
    let Some(kind) = Kind::read(&row.kind) else { return Ok(Made::Unsent(Unsent::Withdrawn)) };
    match kind {
        Kind::Invitation => account::compose(ctx, row).await,
        Kind::Receipt | Kind::Notice => notice::compose(ctx, row, kind).await,
        _ => of_entry(ctx, row, kind).await,
    }
}

/// The finished mail, or why there is none; `room` is the memory it takes.
pub(super) fn made(ctx: &Ctx, letter: Letter, room: OwnedSemaphorePermit) -> Made {
    match letter::build(letter) {
        Ok((envelope, bytes)) => {
            let bytes = match ctx.services.mailer.as_ref() {
                Some(mailer) => mailer.sign(bytes, ctx.now()),
                None => bytes,
            };
            Made::Ready(Mail { envelope, bytes, _room: room })
        }
        Err(reason) => Made::Unsent(reason),
    }
}

/// The mail of an entry, by the template that a setting chooses or that is shipped.
async fn of_entry(ctx: &Ctx, row: &outbox::Model, kind: Kind) -> Result<Made, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let matter = Matter::load(ctx, &snapshot, row, kind).await?;
    let Some(matter) = matter else { return Ok(Made::Unsent(Unsent::Withdrawn)) };
    let path = ctx.actor.path_of(matter.ticket.entity_id);
    let source = match kind.template() {
        Some(key) => {
            let chosen = templates::mail(&snapshot, &matter.settings, key, &path).await?;
            chosen.and_then(|chosen| templates::text(&chosen, matter.lang, matter.home))
        }
        None => kind.shipped(matter.lang).map(str::to_owned),
    };
    let Some(source) = source else { return Ok(Made::Unsent(Unsent::TemplateFailed)) };
    let references = references(&snapshot, row).await?;
    let category = match matter.content.category {
        Some(id) => lists::refs(&snapshot, &[id], matter.lang).await?.remove(&id).map(|found| found.name),
        None => None,
    };
    drop(snapshot);
    let room = room(ctx, matter.content.files.iter().map(|file| file.size).sum()).await?;
    let (inline, files, left) = matter.parts(ctx).await?;
    let html = sanitise::for_mail(&matter.content.html, &inline.iter().map(|(id, part)| (*id, cid(part))).collect());
    let inline = inline.into_iter().map(|(_, part)| part).collect();
    let rendered = template::render(&source, &matter.values(ctx, row, &html, category.as_deref(), &files));
    let rendered = match rendered {
        Ok(rendered) => rendered,
        Err(fault) => {
            tracing::warn!(mail = %row.id, line = fault.line, "a mail template failed");
            return Ok(Made::Unsent(Unsent::TemplateFailed));
        }
    };
    let letter = matter.letter(ctx, row, rendered, references, (inline, files, left));
    Ok(made(ctx, letter, room))
}

impl Matter {
    /// `None` when the entry is no longer public and there, the ticket is in the trash, or the person is no requester any more;
    /// of the responsible: may no longer see it.
    async fn load(
        ctx: &Ctx,
        connection: &impl ConnectionTrait,
        row: &outbox::Model,
        kind: Kind,
    ) -> Result<Option<Self>, ServiceError> {
        let found = ticket_of(connection, row).await?;
        let content = Content::load(connection, row).await?;
        let (Some((ticket, actors)), Some(mut content)) = (found, content) else { return Ok(None) };
        let settings = Settings::load(connection, &ctx.actor.path_of(ticket.entity_id)).await?;
        if kind == Kind::Solved && !settings.is_on(Key::PortalShowSolution) {
            // Setting 371: that it is solved, and nothing of how.
            content.html.clear();
            content.text.clear();
            content.category = None;
            content.files.clear();
        }
        let home = language_of(connection, ticket.entity_id).await?;
        let recipient = present(connection, row, &ticket, &actors, &content.about, home).await?;
        let Some(recipient) = recipient else { return Ok(None) };
        let author = content.about.author;
        let names = people::directory(connection, &[], author.as_slice()).await?;
        let facts = Facts::load(ctx, connection, &ticket, &actors).await?;
        Ok(Some(Self {
            kind,
            settings,
            lang: recipient.lang,
            home,
            zone: recipient.zone.unwrap_or_else(|| ctx.actor.entity_zone(ticket.entity_id)),
            entity_name: ctx.actor.entity_name(ticket.entity_id),
            author: author.map(|author| names.user(author).name).unwrap_or_default(),
            signature: signature(connection, author).await?,
            facts,
            ticket,
            content,
        }))
    }

    /// Pictures of the text, files that travel along, and names and sizes of those that do not (M-CON-03).
    async fn parts(&self, ctx: &Ctx) -> Result<(Vec<(Uuid, Part)>, Vec<Part>, Vec<String>), ServiceError> {
        let (mut inline, mut files, mut left) = (Vec::new(), Vec::new(), Vec::new());
        let mut room = FILES_MAX;
        for file in &self.content.files {
            if file.size > room {
                left.push(format!("{} ({})", file.name, domain::format::file_size(file.size, self.lang)));
                continue;
            }
            let Some(bytes) = ctx.services.files.read(&file.sha256).await? else {
                left.push(file.name.clone());
                continue;
            };
            room -= file.size;
            let shown = self.content.html.contains(&address(file.id));
            let cid = shown.then(|| format!("{}@{}", file.id.simple(), self.domain(ctx)));
            let part = Part { name: file.name.clone(), media_type: file.media_type.clone(), bytes, cid };
            if shown { inline.push((file.id, part)) } else { files.push(part) }
        }
        Ok((inline, files, left))
    }

    fn domain(&self, ctx: &Ctx) -> String {
        ctx.services.mailer.as_ref().map_or("localhost", |mailer| domain_of(mailer.address())).to_owned()
    }

    /// Address of the entry on the recipient's side (M-CON-04).
    fn link(&self, ctx: &Ctx) -> String {
        let place = self.kind.place();
        let (number, below) = (self.ticket.number, self.kind.below());
        format!("{}/{place}/{number}{below}#{}", ctx.services.base_url, self.content.about.anchor())
    }

    /// Address of the survey, with the secret of this recipient: the same whenever the mail is made (T-SRV-01).
    fn survey_link(&self, ctx: &Ctx, row: &outbox::Model) -> String {
        surveys::address(&ctx.services, self.content.about.id, row.user_id, &row.address_key)
    }

    /// What a template may say (T-TPL-03); everything of it is public.
    fn values(&self, ctx: &Ctx, row: &outbox::Model, html: &str, category: Option<&str>, files: &[Part]) -> Values {
        let mut values = Values::new(self.lang, self.zone);
        let link = if row.user_id.is_some() { self.link(ctx) } else { String::new() };
        self.facts.put(&mut values, self.lang, &link);
        let content = &self.content;
        // What a group copies elsewhere is public (M-RCP-05).
        if self.kind == Kind::Responsible && row.user_id.is_some() {
            self.facts.put_for_agents(&mut values, self.lang);
            values.set("entry.minutes", content.minutes.map(|minutes| minutes.to_string()).unwrap_or_default());
        }
        match self.kind {
            Kind::Message | Kind::ChatRequester | Kind::ChatTeam => {
                values.set_rich("message.text", &content.text, html);
            }
            Kind::Survey => values.set("links.survey", self.survey_link(ctx, row)),
            Kind::Solved => {
                values.set_rich("solution.text", &content.text, html);
                values.set("solution.type", category.unwrap_or_default().to_owned());
                values.set("solution.author", self.author.clone());
                for answer in Answer::ALL {
                    values.set(&format!("links.{answer}"), solutions::address(&ctx.services, row, *answer));
                }
            }
            _ => {
                values.set_rich("entry.text", &content.text, html);
                values.set("entry.author", self.author.clone());
                values.set_time("entry.occurred_at", Some(content.occurred_at));
                values.set_time("entry.registered_at", Some(content.registered_at));
                values.set("entry.category", category.unwrap_or_default().to_owned());
                values.set_list("entry.files", files.iter().map(|file| file.name.clone()).collect());
            }
        }
        values.set("recipient.name", row.name.clone());
        values.set("recipient.language", self.lang.code().to_owned());
        values.set("links.ticket", link);
        values.set("user.name", self.author.clone());
        values.set("user.signature", self.signature.clone());
        values.set_time("now", Some(ctx.now()));
        values
    }

    fn letter(
        &self,
        ctx: &Ctx,
        row: &outbox::Model,
        rendered: template::Rendered,
        references: Vec<String>,
        (inline, files, left): (Vec<Part>, Vec<Part>, Vec<String>),
    ) -> Letter {
        let (lang, number) = (self.lang, self.ticket.number);
        let is_known = row.user_id.is_some();
        let mut foot: Vec<String> = Vec::new();
        if !left.is_empty() {
            foot.push(self.kind.too_large(lang, &left.join(", ")));
        }
        let is_copy = self.kind == Kind::Responsible && !is_known;
        foot.push(if is_copy { words::because_copy(lang, number) } else { self.kind.because(lang, number) });
        let asked = row.event.as_deref().and_then(|word| word.parse::<Event>().ok());
        if let Some(event) = asked.filter(|_| is_known && !row.forced) {
            foot.push(notice::change(ctx, lang, event));
        }
        let contact = self.settings.text(Key::HelpContactUrl);
        foot.push(if is_known { self.kind.not_read(lang) } else { words::not_read_outside(lang, contact) });
        // A survey is answered without signing in, so everybody gets its link.
        let is_survey = self.kind == Kind::Survey;
        let url = if is_survey { self.survey_link(ctx, row) } else { self.link(ctx) };
        let link = (is_known || is_survey).then_some((url.as_str(), self.kind.open(lang)));
        let sender = self.settings.text(Key::MailSenderName);
        let address = ctx.services.mailer.as_ref().map(|mailer| mailer.address().to_owned()).unwrap_or_default();
        let domain = self.domain(ctx);
        let secret = &ctx.services.secret;
        let prefix = row.changed.then(|| words::changed(lang));
        Letter {
            from_name: if sender.is_empty() { self.entity_name.clone() } else { sender.to_owned() },
            from_address: address,
            to_name: row.name.clone(),
            to_address: row.address.clone(),
            subject: subject(self.settings.text(Key::MailSubjectTag), number, prefix, &self.ticket.title),
            lang,
            text: letter::plain(&rendered.text, &foot, link),
            html: letter::frame(lang, &rendered.html, &foot, link),
            message_id: row.message_id.clone(),
            root_id: message_id('t', self.ticket.id, &mac(secret, self.ticket.id), &domain),
            references,
            ticket: number,
            instance: instance(secret),
            date: ctx.now(),
            inline,
            files,
            marks: Marks { is_bulk: self.kind.is_bulk(), ..Marks::default() },
        }
    }
}

/// Waits until there is memory for so many bytes of files: many mails with large ones are made one after another.
pub(super) async fn room(ctx: &Ctx, bytes: i64) -> Result<OwnedSemaphorePermit, ServiceError> {
    let mailer = ctx.services.mailer.as_ref().ok_or_else(|| ServiceError::unavailable("no mail server"))?;
    mailer.room(1 + bytes.min(FILES_MAX) / MIB).await
}

/// The ticket of a mail with its people; `None` = it is gone or in the trash (M-RCP-03).
pub(super) async fn ticket_of(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
) -> Result<Option<(ticket::Model, Vec<ticket_actor::Model>)>, ServiceError> {
    let Some(id) = row.ticket_id else { return Ok(None) };
    let found = ticket::Entity::find_by_id(id).one(connection).await?;
    let Some(ticket) = found.filter(|ticket| ticket.deleted_at.is_none()) else { return Ok(None) };
    let actors = ticket_actor::Entity::find()
        .filter(ticket_actor::Column::TicketId.eq(ticket.id))
        .order_by_asc(ticket_actor::Column::Position)
        .all(connection)
        .await?;
    Ok(Some((ticket, actors)))
}

/// Address of a file inside a text.
fn address(id: Uuid) -> String {
    format!("/documents/{id}")
}

fn cid(part: &Part) -> String {
    part.cid.clone().unwrap_or_default()
}

/// What the author puts below what he writes; empty without one.
async fn signature(connection: &impl ConnectionTrait, author: Option<Uuid>) -> Result<String, ServiceError> {
    let Some(author) = author else { return Ok(String::new()) };
    let found: Option<String> =
        Sql::new("SELECT signature FROM app_user WHERE id = ").bind(author).scalar(connection).await?;
    Ok(found.unwrap_or_default())
}

/// Mails this person got about this ticket, the newest last, at most eight (M-HDR-03).
pub(super) async fn references(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
) -> Result<Vec<String>, ServiceError> {
    let Some(ticket) = row.ticket_id else { return Ok(Vec::new()) };
    let mut ids: Vec<String> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::MessageId)
        .filter(outbox::Column::TicketId.eq(ticket))
        .filter(outbox::Column::AddressKey.eq(row.address_key.clone()))
        .filter(outbox::Column::State.eq("sent"))
        .filter(outbox::Column::Id.lt(row.id))
        .order_by_desc(outbox::Column::Id)
        .limit(8)
        .into_tuple()
        .all(connection)
        .await?;
    ids.reverse();
    Ok(ids)
}
