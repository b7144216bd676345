//! Mails about somebody's account (M-OUT-07): the link by which he chooses a password. They are about no ticket, and stop for no
//! preference.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::lang::Lang;
use domain::mail::Unsent;
use domain::settings::Key;
use entity::{app_user, outbox};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::compose::{Made, made, room};
use super::kind::Kind;
use super::letter::{self, Letter, Marks};
use super::queue::{New, insert_apart};
use super::recipients::{Recipient, language_of, own_zone, recipient};
use super::{instance, notice, words};
use crate::account;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::links::escaped;
use crate::seal;
use crate::settings::Settings;
use crate::work::Work;

/// Kind of what such a mail is about.
const ACCOUNT: &str = "account";

/// Queues the mail with the link by which somebody chooses his password, and answers the secret of that link. `None` = no mail
/// can leave, or none can reach him: whoever invites him has to hand the link over himself.
///
/// The secret follows from the id of the row and the secret of the instance, so that no row holds it.
pub(crate) async fn invite(w: &Work, user: &app_user::Model) -> Result<Option<String>, ServiceError> {
    if w.ctx.services.mailer.is_none() {
        return Ok(None);
    }
    let lang = user.language.parse().unwrap_or(language_of(&w.tx, user.entity_id).await?);
    let to =
        Recipient { zone: own_zone(&user.time_zone), ..recipient(Some(user.id), &user.name, &user.email, lang, None) };
    if to.problem.is_some() {
        return Ok(None);
    }
    let id = new_id();
    let new = New {
        kind: Kind::Invitation,
        entry: (ACCOUNT, user.id, 1),
        changed: false,
        recipient: &to,
        told: None,
        forced: true,
    };
    insert_apart(w, id, user.entity_id, &new).await?;
    Ok(Some(secret(&w.ctx.services.secret, id)))
}

fn secret(of_instance: &[u8; 32], mail: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(seal::mac(of_instance, &[b"invitation\0".as_slice(), mail.as_bytes()]))
}

/// Makes the mail of a row. Nothing leaves when the link is used, void or too old by now (M-RCP-03).
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn compose(ctx: &Ctx, row: &outbox::Model) -> Result<Made, ServiceError> {
    let token = secret(&ctx.services.secret, row.id);
    let reader = ctx.db().reader();
    let user = match row.user_id {
        Some(user) => app_user::Entity::find_by_id(user).one(reader).await?.filter(|user| user.active),
        None => None,
    };
    let is_good = account::invitation(&ctx.services, &token).await?.is_some();
    let Some(user) = user.filter(|_| is_good) else { return Ok(Made::Unsent(Unsent::Withdrawn)) };
    let lang: Lang = row.language.parse().unwrap_or_default();
    let settings = Settings::load(reader, &ctx.actor.path_of(user.entity_id)).await?;
    let room = room(ctx, 0).await?;
    Ok(made(ctx, letter(ctx, row, &user, &settings, lang, &token), room))
}

fn letter(
    ctx: &Ctx,
    row: &outbox::Model,
    user: &app_user::Model,
    settings: &Settings,
    lang: Lang,
    token: &str,
) -> Letter {
    let text = words::invitation_text(lang);
    let foot = [words::because_invited(lang).to_owned()];
    let url = format!("{}/invitation?token={token}", ctx.services.base_url);
    let link = Some((url.as_str(), words::invitation_open(lang)));
    Letter {
        from_name: notice::sender(ctx, settings, user.entity_id),
        from_address: ctx.services.mailer.as_ref().map(|mailer| mailer.address().to_owned()).unwrap_or_default(),
        to_name: row.name.clone(),
        // As it is now: an address that was corrected gets the link, the wrong one does not.
        to_address: user.email.clone(),
        subject: format!("[{}] {}", settings.text(Key::MailSubjectTag), words::invitation_subject(lang)),
        lang,
        text: letter::plain(text, &foot, link),
        html: letter::frame(lang, &format!("<p>{}</p>", escaped(text)), &foot, link),
        message_id: row.message_id.clone(),
        root_id: String::new(),
        references: Vec::new(),
        ticket: 0,
        instance: instance(&ctx.services.secret),
        date: ctx.now(),
        inline: Vec::new(),
        files: Vec::new(),
        marks: Marks::default(),
    }
}
