//! The page "Outgoing mail", what stays of old mails, and templates that fail (M-DLV-08, M-DLV-09, M-CON-07).

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, OccurrencePatch, OutgoingCommand, Patch};
use domain::mail::{KEPT_FOR, MailState};
use domain::policy::Capability;
use domain::settings::Key;
use domain::views::{OutgoingMail, OutgoingQuery, OutgoingView, SettingWarning};
use service::{mail, occurrences, settings};
use testing::{Behaviour, Sink, Sql, World, both_engines, error, field, note, refused};
use uuid::Uuid;

use crate::mail::{connected, relay};

fn letter(number: i64, text: &str) -> AddOccurrence {
    AddOccurrence { send_mail: true, ..note(number, text) }
}

async fn listed(world: &World, who: &str, query: OutgoingQuery) -> OutgoingView {
    mail::outgoing(&world.ctx(who).await, query).await.unwrap()
}

async fn all(world: &World) -> Vec<OutgoingMail> {
    listed(world, "admin", OutgoingQuery::default()).await.page.items
}

fn about(mail: Uuid, key: &str) -> OutgoingCommand {
    OutgoingCommand { mail: mail.to_string(), key: key.to_owned(), ..OutgoingCommand::default() }
}

fn count(view: &OutgoingView, state: MailState) -> u32 {
    view.counts.iter().find(|(known, _)| *known == state).map(|(_, count)| count.value).unwrap()
}

both_engines!(m_dlv_09_outgoing_mails_are_listed_counted_and_found, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let (first, second) = (world.ticket().create().await, world.ticket().requester("requester2").create().await);
    let tech1 = world.ctx("tech1").await;
    occurrences::add(&tech1, letter(first, "One.")).await.unwrap();
    relay(&world.services).await;
    world.advance(60);
    let queued_at = world.now();
    occurrences::add(&tech1, letter(second, "Two.")).await.unwrap();
    world.advance(60);
    let view = listed(&world, "admin", OutgoingQuery::default()).await;
    let shown: Vec<(Option<i64>, MailState)> = view.page.items.iter().map(|mail| (mail.ticket, mail.state)).collect();
    assert_eq!(shown, [(Some(second), MailState::Queued), (Some(first), MailState::Sent)]);
    assert_eq!(
        (count(&view, MailState::Queued), count(&view, MailState::Sent), count(&view, MailState::Failed)),
        (1, 1, 0)
    );
    let oldest = view.oldest_queued.clone().and_then(|at| at.date_time()).map(|at| at.timestamp());
    assert_eq!(oldest, Some(queued_at));
    assert!(!serde_json::to_string(&view).unwrap().contains("One."), "no text is shown");

    let found = async |query: OutgoingQuery| listed(&world, "admin", query).await.page.items.len();
    assert_eq!(found(OutgoingQuery { state: "sent".into(), ..Default::default() }).await, 1);
    assert_eq!(found(OutgoingQuery { ticket: format!("#{second}"), ..Default::default() }).await, 1);
    assert_eq!(found(OutgoingQuery { address: "Requester2@".into(), ..Default::default() }).await, 1);
    assert_eq!(found(OutgoingQuery { address: "nobody".into(), ..Default::default() }).await, 0);
    let wrong = OutgoingQuery { state: "lost".into(), ..Default::default() };
    assert_eq!(field(mail::outgoing(&world.ctx("admin").await, wrong).await, "state"), Some(Code::Invalid));
    let wrong = OutgoingQuery { ticket: "x".into(), ..Default::default() };
    assert_eq!(field(mail::outgoing(&world.ctx("admin").await, wrong).await, "ticket"), Some(Code::Invalid));

    let page = listed(&world, "admin", OutgoingQuery { limit: 1, ..Default::default() }).await.page;
    let cursor = page.next_cursor.unwrap();
    let next = listed(&world, "admin", OutgoingQuery { limit: 1, cursor, ..Default::default() }).await.page;
    assert_eq!((next.items[0].ticket, next.next_cursor), (Some(first), None));
});

both_engines!(m_dlv_09_outgoing_mails_are_for_those_who_set_settings_there, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    occurrences::add(&world.ctx("tech1").await, letter(number, "Canary.")).await.unwrap();
    let id = all(&world).await[0].id;
    for stranger in ["requester1", "observer", "tech1", "supervisor"] {
        let ctx = world.ctx(stranger).await;
        assert_eq!(error(mail::outgoing(&ctx, OutgoingQuery::default()).await), AppError::NotFound, "{stranger}");
        assert_eq!(error(mail::give_up(&ctx, about(id, "")).await), AppError::NotFound, "{stranger}");
        assert_eq!(error(mail::outgoing_send_again(&ctx, about(id, "")).await), AppError::NotFound, "{stranger}");
    }
    world.hire_with("setter", &[Capability::AdminSettings]).await;
    assert_eq!(listed(&world, "setter", OutgoingQuery::default()).await.page.items.len(), 1);
    // Somewhere else.
    let rio = world.entity("Rio", world.root).await;
    world.run(&move_to(rio)).await;
    let mut sql = Sql::new("UPDATE assignment SET recursive = FALSE WHERE user_id = ");
    world.run(sql.bind(world.person("setter").await.id)).await;
    let setter = world.ctx("setter").await;
    assert_eq!(mail::outgoing(&setter, OutgoingQuery::default()).await.unwrap().page.items.len(), 0);
    assert_eq!(error(mail::outgoing_mail(&setter, id).await), AppError::NotFound);
    assert_eq!(error(mail::give_up(&setter, about(id, "")).await), AppError::NotFound);
});

fn move_to(entity: Uuid) -> Sql {
    let mut sql = Sql::new("UPDATE outbox SET entity_id = ");
    sql.bind(entity);
    sql
}

both_engines!(m_dlv_09_a_mail_that_waits_is_given_up_and_sent_again, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    sink.behave(Behaviour::RefuseRecipient(451, None));
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "Patience.")).await.unwrap();
    relay(&world.services).await;
    let waiting = all(&world).await.remove(0);
    assert_eq!((waiting.can_give_up, waiting.can_send_again, waiting.next_try_at.is_some()), (true, false, true));
    let admin = world.ctx("admin").await;
    assert_eq!(refused(mail::outgoing_send_again(&admin, about(waiting.id, "")).await), Code::TransitionNotAllowed);
    mail::give_up(&admin, about(waiting.id, "k1")).await.unwrap();
    mail::give_up(&admin, about(waiting.id, "k1")).await.unwrap();
    assert_eq!(refused(mail::give_up(&admin, about(waiting.id, "k2")).await), Code::TransitionNotAllowed);
    let given_up = mail::outgoing_mail(&admin, waiting.id).await.unwrap();
    assert_eq!((given_up.state, given_up.answer.as_deref()), (MailState::Failed, Some("given_up")));
    sink.behave(Behaviour::Accept);
    world.advance(4 * 3600);
    relay(&world.services).await;
    assert!(sink.mails().is_empty());

    mail::outgoing_send_again(&admin, about(waiting.id, "k3")).await.unwrap();
    mail::outgoing_send_again(&admin, about(waiting.id, "k3")).await.unwrap();
    assert_eq!(refused(mail::outgoing_send_again(&admin, about(waiting.id, "k4")).await), Code::TransitionNotAllowed);
    relay(&world.services).await;
    assert_eq!((sink.mails().len(), all(&world).await.len()), (1, 2));
    let view = occurrences::get(&world.ctx("tech1").await, entry).await.unwrap();
    assert_eq!(view.mails.last().map(|mail| mail.state), Some(MailState::Sent));
    world.assert_sound().await;
});

both_engines!(m_dlv_08_after_ninety_days_the_state_of_the_entry_stays, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let sent = occurrences::add(&tech1, letter(number, "Arrives.")).await.unwrap();
    relay(&world.services).await;
    sink.behave(Behaviour::RefuseRecipient(550, None));
    let failed = occurrences::add(&tech1, letter(number, "Does not.")).await.unwrap();
    relay(&world.services).await;
    world.advance(KEPT_FOR - 1);
    mail::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(world.count("outbox").await, 2);
    let open = occurrences::add(&tech1, letter(number, "Waits.")).await.unwrap();
    world.advance(1);
    mail::sweep(world.db(), world.now()).await.unwrap();
    mail::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(world.count("outbox").await, 1, "the one that waits");

    let seen = async |who: &str, entry: Uuid| {
        let view = occurrences::get(&world.ctx(who).await, entry).await.unwrap();
        (view.mail_state, view.sent_by_mail, view.mails.len())
    };
    assert_eq!(seen("tech1", sent).await, (Some(MailState::Sent), true, 0));
    assert_eq!(seen("tech1", failed).await, (Some(MailState::Failed), false, 0));
    assert_eq!(seen("tech1", open).await, (Some(MailState::Queued), false, 1));
    assert_eq!(seen("requester1", sent).await, (None, true, 0));
    assert_eq!(seen("requester1", failed).await, (None, false, 0));
    let hide =
        OccurrencePatch { version: Some(1), visibility: Patch::Set("private".into()), ..OccurrencePatch::default() };
    let answer = occurrences::edit(&tech1, sent, hide).await;
    assert_eq!(refused(answer), Code::MailAlreadySent, "it has left all the same");
    world.assert_sound().await;
});

both_engines!(m_con_07_a_template_that_fails_is_told_until_it_is_mended, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().description(&"x".repeat(10_000)).create().await;
    let write = async |text: &str| {
        let mut sql = Sql::new("UPDATE template SET texts = ");
        sql.bind(serde_json::json!({ "en": text }).to_string())
            .push_bind(", updated_at = ", world.now())
            .push(" WHERE purpose = 'requester'");
        world.run(&sql).await;
    };
    let warned = async || {
        let view = settings::list(&world.ctx("admin").await, &world.root.to_string()).await.unwrap();
        view.items.iter().find(|row| row.key == Key::MailTemplateRequester).and_then(|row| row.warning)
    };
    write(&"{{ ticket.description }}".repeat(30)).await;
    world.advance(1);
    occurrences::add(&world.ctx("tech1").await, letter(number, "Words.")).await.unwrap();
    relay(&world.services).await;
    let failed = all(&world).await.remove(0);
    assert_eq!((failed.answer.as_deref(), sink.mails().len()), (Some("template_failed"), 0));
    assert_eq!(warned().await, Some(SettingWarning::MailTemplateFailed));
    let before = settings::open_warnings(&world.ctx("admin").await).await.unwrap();
    world.advance(1);
    write("{{ entry.text }}").await;
    assert_eq!(warned().await, None);
    assert_eq!(settings::open_warnings(&world.ctx("admin").await).await.unwrap(), before - 1);
    mail::outgoing_send_again(&world.ctx("admin").await, about(failed.id, "")).await.unwrap();
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 1);
});
