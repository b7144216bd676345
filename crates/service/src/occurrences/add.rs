//! Registering an occurrence: the main job (T-OCC-01..14), alone or with what its command does to the ticket (T-STA-31).

mod fields;

use domain::duration::{Minutes, parse_minutes};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::AddOccurrence;
use domain::notification::Event;
use domain::occurrence::{ATTACHMENTS_MAX, Visibility, check_past};
use domain::policy::{self, Capability};
use domain::settings::Key;
use domain::ticket::machine::{Rules, Trigger};
use domain::ticket::{Side, Status};
use domain::views::Ref;
use entity::occurrence;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::rows;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::mail::{self, Cause, Recipient};
use crate::notifications::{self, News};
use crate::sanitise::{self, Rich};
use crate::search;
use crate::settings::Settings;
use crate::tickets::commands::JUSTIFICATION_MAX;
use crate::tickets::hold::{Hold, Told};
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency, moments, solutions};

/// Kind of the draft of the composer, and name of the command among idempotency keys.
const KIND: &str = "occurrence";

/// Registers an occurrence and answers its id.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` with every wrong field, `NotFound`, `Forbidden`, `Disabled`, `Refused` by state.
pub async fn add(ctx: &Ctx, form: AddOccurrence) -> Result<Uuid, ServiceError> {
    let (object, fields) = (form.ticket.to_string(), serde_json::to_value(&form)?);
    drafts::keeping(ctx, (KIND, &object), &fields, save(ctx, form, true)).await
}

/// The same with a text that was not written at its ticket: a draft there is another text, and stays (T-BLK-01).
///
/// # Errors
/// As [`add`].
pub(crate) async fn add_from_elsewhere(ctx: &Ctx, form: AddOccurrence) -> Result<Uuid, ServiceError> {
    save(ctx, form, false).await
}

/// What can be said of an occurrence before any ticket is looked at.
///
/// # Errors
/// `Invalid` with every wrong field.
pub(crate) fn check(ctx: &Ctx, form: &AddOccurrence) -> Result<(), AppError> {
    Parsed::read(ctx, form).map(|_parsed| ())
}

/// Registers in one transaction; `is_drafted`: the draft of the ticket is this text, and goes with it.
async fn save(ctx: &Ctx, form: AddOccurrence, is_drafted: bool) -> Result<Uuid, ServiceError> {
    let parsed = Parsed::read(ctx, &form);
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, parsed, hash) = (form.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            let object = form.ticket.to_string();
            let id = new_id();
            if let Some(done) = idempotency::claim_answering(w, KIND, &form.key, &hash, &id).await? {
                if is_drafted {
                    drafts::remove(w, KIND, &object).await?;
                }
                return Ok(done);
            }
            let parsed = parsed?;
            let mut loaded = tickets::lock(w, form.ticket).await?;
            insert(w, &mut loaded, id, &form, parsed).await?;
            if is_drafted {
                drafts::remove(w, KIND, &object).await?;
            }
            Ok(id)
        })
    })
    .await
}

/// What the same command does to the ticket (T-STA-31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Nothing,
    Resume,
    Suspend,
}

impl Then {
    fn read(text: &str) -> Result<Self, Code> {
        match text {
            "" => Ok(Self::Nothing),
            "resume" => Ok(Self::Resume),
            "suspend" => Ok(Self::Suspend),
            _ => Err(Code::Invalid),
        }
    }

    /// The right it needs, and the field by which it is asked for.
    const fn asks(self) -> Option<(Capability, &'static str)> {
        match self {
            Self::Nothing => None,
            Self::Resume => Some((Capability::TicketReactivate, "reactivate")),
            Self::Suspend => Some((Capability::TicketSuspend, "suspend")),
        }
    }
}

/// Fields that need no stored data (T-GEN-02, step 2), parsed before the write lock.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    body: Rich,
    visibility: Option<Visibility>,
    occurred_at: Option<i64>,
    minutes: Option<Minutes>,
    attachments: Vec<Uuid>,
    send_mail: bool,
    then: Then,
}

impl Parsed {
    /// Reads them.
    ///
    /// # Errors
    /// `Invalid` with every wrong one.
    pub(crate) fn read(ctx: &Ctx, form: &AddOccurrence) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let body = errors.check("body", sanitise::check(&form.body, form.format));
        let visibility =
            if form.visibility.is_empty() { None } else { errors.check("visibility", form.visibility.parse()) };
        let occurred_at = occurred_at(&form.occurred_at, ctx, &mut errors);
        let minutes = errors.check("minutes", parse_minutes(&form.minutes)).flatten();
        let attachments = attachments(&form.attachments, &mut errors);
        let then = errors.check("then", Then::read(&form.then)).unwrap_or(Then::Nothing);
        if form.send_mail && visibility == Some(Visibility::Private) {
            errors.add("send_mail", Code::MailRequiresPublic);
        }
        if then == Then::Suspend && form.pending_text.trim().chars().count() > JUSTIFICATION_MAX {
            errors.add("suspend.text", Code::TooLong);
        }
        let send_mail = form.send_mail;
        errors.or(body.map(|body| Self { body, visibility, occurred_at, minutes, attachments, send_mail, then }))
    }
}

/// When it happened, empty = now.
pub(super) fn occurred_at(text: &str, ctx: &Ctx, errors: &mut FieldErrors) -> Option<i64> {
    if text.trim().is_empty() {
        return None;
    }
    let at = errors.check("occurred_at", moments::parse(text, ctx.actor.zone))?;
    errors.check("occurred_at", check_past(at, ctx.now()))
}

/// Ids of uploads; malformed ones and more than 20 are refused at the field.
pub(crate) fn attachments(texts: &[String], errors: &mut FieldErrors) -> Vec<Uuid> {
    if texts.len() > ATTACHMENTS_MAX {
        errors.add("attachments", Code::TooMany);
        return Vec::new();
    }
    let mut out = Vec::new();
    for (index, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        out.extend(errors.check(
            &format!("attachments[{index}]"),
            text.parse::<Uuid>().map_err(|_not_an_id| Code::UnknownReference),
        ));
    }
    out
}

/// Adds an occurrence to a locked ticket, with everything that follows from it, and answers its id.
///
/// # Errors
/// As `add`.
pub(crate) async fn insert(
    w: &mut Work,
    loaded: &mut Loaded,
    id: Uuid,
    form: &AddOccurrence,
    parsed: Parsed,
) -> Result<(), ServiceError> {
    policy::can_add_occurrence(loaded.caps, &loaded.facts)
        .map_err(|capability| AppError::Forbidden(capability.name().to_owned()))?;
    let agent = loaded.is_agent();
    if let Some((capability, _)) = parsed.then.asks().filter(|_| agent) {
        loaded.require(capability)?;
    }
    if parsed.send_mail && agent {
        loaded.require(Capability::OccurrenceSendMail)?;
    }
    if form.save_to_knowledge && agent {
        loaded.require(Capability::KnowledgeEdit)?;
    }
    let path = w.actor().path_of(loaded.ticket.entity_id);
    let settings = w.settings(&path).await?;
    let side = loaded.side();
    if !agent && side == Side::Requester && !settings.is_on(Key::PortalRegisterOccurrence) {
        return Err(AppError::Disabled(Key::PortalRegisterOccurrence.as_str().to_owned()).into());
    }
    let (new, hold) = Checked::read(w, loaded, form, &parsed, &settings, &path).await?;
    let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
    state::require_writable(loaded, &rules)?;
    let was_pending = loaded.status() == Status::Pending;
    let was_solved = loaded.status() == Status::Solved;
    let said = parsed.body.text.clone();
    store(w, loaded, id, &new, parsed.body, &parsed.attachments).await?;
    if !new.mail_to.is_empty() || form.notify_responsible {
        let entry = occurrence::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
        if form.notify_responsible {
            mail::notify(w, loaded, &settings, &path, &entry).await?;
        }
        let cause = Cause { kind: mail::Kind::Requester, changed: false };
        mail::queue(w, &loaded.ticket, &entry, cause, &new.mail_to).await?;
        if !new.mail_to.is_empty() {
            mail::copy_to_observers(w, loaded, &entry, cause, &new.mail_to).await?;
        }
    }
    let is_answer = side == Side::Requester && new.visibility == Visibility::Public;
    let trigger = if is_answer { Trigger::OccurrenceRequester } else { Trigger::OccurrenceService };
    let mut changed = state::apply(w, loaded, trigger, &rules).await?;
    if was_solved && loaded.status() != Status::Solved {
        // T-STA-09: what the requester side wrote is why the solution is refused.
        solutions::because(w, &loaded.ticket, &said).await?;
    }
    // An answer of the requester side has resumed the ticket already (T-STA-08).
    let is_resumed = was_pending && loaded.status() != Status::Pending;
    if !(parsed.then == Then::Resume && is_resumed) {
        changed |= follow(w, loaded, parsed.then, hold, &rules).await?;
    }
    if side == Side::Service && loaded.ticket.taken_at.is_none() {
        loaded.ticket.taken_at = Some(w.now());
    }
    let touch = match (changed, new.visibility) {
        (true, _) => Touch::Fields,
        (false, Visibility::Public) => Touch::PublicEntry,
        (false, Visibility::Private) => Touch::PrivateEntry,
    };
    tickets::save(w, &mut loaded.ticket, touch).await?;
    if changed {
        let ticket = &loaded.ticket;
        let change = NewChange {
            kind: "ticket",
            what: "changed",
            object: ticket.id,
            version: ticket.version,
            audience: "public",
            author: None,
        };
        events::emit(w, ticket, change).await?;
    }
    if new.visibility == Visibility::Public {
        tell(w, loaded, id, side).await?;
    }
    Ok(())
}

/// Tells of a public entry: the requester side and observers, and of one that is not the service side's the team (T-NTF-02).
async fn tell(w: &Work, loaded: &Loaded, id: Uuid, side: Side) -> Result<(), ServiceError> {
    let of = |event: Event| News { entry: Some(("occurrence", id)), ..News::of(event) };
    let all = [of(Event::PublicOccurrence), of(Event::RequesterOccurrence)];
    let news = if side == Side::Service { all.get(..1).unwrap_or_default() } else { all.as_slice() };
    notifications::add(w, &loaded.ticket, &loaded.actors, news).await
}

/// T-STA-12..14 in the same command (T-STA-31); answers whether a field of the ticket changed.
async fn follow(
    w: &Work,
    loaded: &mut Loaded,
    then: Then,
    hold: Option<Hold>,
    rules: &Rules,
) -> Result<bool, ServiceError> {
    let (kind, told) = match (then, hold) {
        (Then::Resume, _) => {
            state::apply(w, loaded, Trigger::Reactivate, rules).await?;
            ("reactivated", Told::default())
        }
        (Then::Suspend, Some(hold)) => ("suspended", hold.apply(w, loaded, rules).await?),
        _ => return Ok(false),
    };
    let version = loaded.ticket.version + 1;
    let Told { changes, text: reason } = told;
    history::record(w, loaded.ticket.id, Record { kind, changes, reason, version, ..Record::default() }).await?;
    Ok(true)
}

/// Fields that need stored data (T-GEN-02, step 6).
struct Checked {
    visibility: Visibility,
    side: Side,
    occurred_at: i64,
    minutes: Option<Minutes>,
    category: Option<Uuid>,
    source: Option<Uuid>,
    template: Option<Ref>,
    reply_to: Option<occurrence::Model>,
    /// Who gets it by mail.
    mail_to: Vec<Recipient>,
    /// Its author, where he has no account (T-ROL-10).
    author_name: Option<String>,
}

impl Checked {
    async fn read(
        w: &Work,
        loaded: &Loaded,
        form: &AddOccurrence,
        parsed: &Parsed,
        settings: &Settings,
        path: &[Uuid],
    ) -> Result<(Self, Option<Hold>), ServiceError> {
        let mut errors = FieldErrors::new();
        let agent = loaded.is_agent();
        if let Some((_, field)) = parsed.then.asks().filter(|_| !agent) {
            errors.add(field, Code::NotAllowed);
        }
        if !agent {
            let given = [
                ("visibility", parsed.visibility == Some(Visibility::Private)),
                ("minutes", parsed.minutes.is_some()),
                ("occurred_at", parsed.occurred_at.is_some()),
                ("reply_to", !form.reply_to.is_empty()),
                ("send_mail", parsed.send_mail),
                ("save_to_knowledge", form.save_to_knowledge),
            ];
            for (field, _) in given.iter().filter(|(_, is_given)| *is_given) {
                errors.add(*field, Code::NotAllowed);
            }
        }
        let category = fields::category(w, agent, form, settings, path, &mut errors).await?;
        let source = fields::source(w, agent, form, settings, path, &mut errors).await?;
        let template = fields::template(w, agent, &form.template, path, &mut errors).await?;
        let reply_to = fields::reply_target(w, loaded, &form.reply_to, &mut errors).await?;
        let default: Visibility = tickets::detail::default_visibility(loaded, w.actor()).parse().unwrap_or_default();
        let inherited = reply_to.as_ref().map_or(default, rows::visibility_of);
        let hold = fields::hold(w, agent, form, parsed.then, settings, path, &mut errors).await?;
        let default = if parsed.send_mail { Visibility::Public } else { inherited };
        let visibility = if agent { parsed.visibility.unwrap_or(default) } else { Visibility::Public };
        let mail_to = if agent && parsed.send_mail {
            let found = mail::check(&w.ctx, &w.tx, loaded, settings, mail::Kind::Requester).await?;
            errors.check("send_mail", found).unwrap_or_default()
        } else if visibility.is_private() {
            Vec::new()
        } else {
            mail::insisted(&w.ctx, &w.tx, loaded, settings).await?
        };
        let side = loaded.side();
        if form.notify_responsible && side == Side::Service {
            errors.add("notify_responsible", Code::NotAllowed);
        } else if form.notify_responsible && visibility.is_private() {
            errors.add("notify_responsible", Code::MailRequiresPublic);
        }
        let new = Self {
            visibility,
            side,
            occurred_at: parsed.occurred_at.unwrap_or(w.now()),
            minutes: parsed.minutes,
            category,
            source,
            template,
            reply_to,
            mail_to,
            author_name: None,
        };
        Ok(errors.or(Some((new, hold)))?)
    }
}

async fn store(
    w: &Work,
    loaded: &Loaded,
    id: Uuid,
    new: &Checked,
    body: Rich,
    files: &[Uuid],
) -> Result<(), ServiceError> {
    let ticket = &loaded.ticket;
    // The system, and people without account, have no id.
    let author = Some(w.actor().id()).filter(|id| !id.is_nil());
    let attached = if files.is_empty() {
        Vec::new()
    } else {
        documents::attach(w, ticket, "occurrence", id, new.visibility, files, "attachments").await?
    };
    let html = sanitise::keep_images(&body.html, &attached);
    let row = occurrence::ActiveModel {
        id: Set(id),
        ticket_id: Set(ticket.id),
        entity_id: Set(ticket.entity_id),
        author_id: Set(author),
        author_name: Set(new.author_name.clone()),
        side: Set(new.side.as_str().to_owned()),
        body: Set(html.as_str().to_owned()),
        body_text: Set(body.text.clone()),
        visibility: Set(new.visibility.as_str().to_owned()),
        occurred_at: Set(new.occurred_at),
        registered_at: Set(w.now()),
        minutes: Set(new.minutes.map(|m| m.0)),
        category_id: Set(new.category),
        source_id: Set(new.source),
        template_id: Set(new.template.as_ref().map(|template| template.id)),
        template_name: Set(new.template.as_ref().map(|template| template.name.clone())),
        reply_to_id: Set(new.reply_to.as_ref().map(|r| r.id)),
        root_id: Set(new.reply_to.as_ref().map(|r| r.root_id.unwrap_or(r.id))),
        edited_at: Set(None),
        edited_by_id: Set(None),
        public_edited_at: Set(None),
        revision_count: Set(0),
        removed_at: Set(None),
        removed_by_id: Set(None),
        removed_reason: Set(None),
        version: Set(1),
    };
    let row = row.insert(&w.tx).await?;
    search::index_new(w, search::occurrence_doc(&row)).await?;
    let entry = Some(("occurrence", id, new.visibility, author));
    history::record(w, ticket.id, Record { kind: "occurrence_added", entry, ..Record::default() }).await?;
    let author = author.filter(|_| new.visibility.is_private());
    let change = NewChange {
        kind: "occurrence",
        what: "created",
        object: id,
        version: 1,
        audience: events::audience(new.visibility),
        author,
    };
    events::emit(w, ticket, change).await
}

/// Writes the words of a changed entry into the index of its visibility.
pub(super) async fn index(w: &Work, row: &occurrence::Model) -> Result<(), ServiceError> {
    search::index(w, search::occurrence_doc(row)).await
}

/// A text that a command adds by itself: the reason of a reopening, the public text of a suspension.
#[derive(Debug)]
pub(crate) struct Plain<'a> {
    /// Plain text.
    pub(crate) text: &'a str,
    /// Who may read it.
    pub(crate) visibility: Visibility,
    /// Side of its author.
    pub(crate) side: Side,
}

/// Adds such a text as an occurrence, without a trigger of its own.
pub(crate) async fn add_plain(w: &Work, loaded: &mut Loaded, plain: Plain<'_>) -> Result<Uuid, ServiceError> {
    add_named(w, loaded, plain, None).await
}

/// The same by somebody who has no account, under the name he is known by.
pub(crate) async fn add_named(
    w: &Work,
    loaded: &mut Loaded,
    plain: Plain<'_>,
    author_name: Option<String>,
) -> Result<Uuid, ServiceError> {
    let body = sanitise::rich(plain.text, domain::occurrence::BodyFormat::Text);
    let new = Checked {
        visibility: plain.visibility,
        side: plain.side,
        occurred_at: w.now(),
        minutes: None,
        category: None,
        source: None,
        template: None,
        reply_to: None,
        mail_to: Vec::new(),
        author_name,
    };
    let id = new_id();
    store(w, loaded, id, &new, body, &[]).await?;
    Ok(id)
}
