//! Settings: inherited, saved all or none, by those who may, with a trace (T-SET-01..08), and the test of the mail server (M-TRN-02).

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::error::{AppError, Code};
use domain::forms::{RunUserCommand, SaveSetting, UserCommand};
use domain::policy::{Capability, ShippedRole};
use domain::settings::Key;
use domain::views::{Origin, SettingView, SettingWarning, SettingsView};
use entity::{audit, setting};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use service::mail::{Mailer, Server, Transport, send_test};
use service::settings::{self, NewSettings};
use service::{ServiceError, access, lists, tickets};
use testing::{Behaviour, Sink, Sql, World, both_engines, conflict, error, field};
use uuid::Uuid;

fn row(view: &SettingsView, key: Key) -> SettingView {
    let found = view.items.iter().find(|item| item.key == key).cloned();
    found.unwrap_or_else(|| panic!("{} is not listed", key.as_str()))
}

async fn listed(world: &World, who: &str, entity: Uuid) -> SettingsView {
    settings::list(&world.ctx(who).await, &entity.to_string()).await.unwrap()
}

async fn save_from(
    world: &World,
    who: &str,
    entity: Uuid,
    values: &[(&str, Option<&str>)],
    version: Option<i32>,
) -> Result<SettingsView, ServiceError> {
    let values: BTreeMap<String, Option<String>> =
        values.iter().map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned))).collect();
    let new = NewSettings { values, version, if_match: None };
    settings::save(&world.ctx(who).await, &entity.to_string(), new).await
}

async fn save(
    world: &World,
    who: &str,
    entity: Uuid,
    values: &[(&str, Option<&str>)],
) -> Result<SettingsView, ServiceError> {
    save_from(world, who, entity, values, None).await
}

both_engines!(t_set_01_the_nearest_own_value_counts_and_its_origin_is_told, |world: World| async move {
    let below = world.entity("Rio", world.brasil).await;
    let shown = listed(&world, "admin", below).await;
    let days = row(&shown, Key::ReopenDays);
    assert_eq!((days.value.as_str(), &days.origin), ("7", &Origin::Default));

    save(&world, "admin", world.root, &[("reopen_days", Some("3"))]).await.unwrap();
    let days = row(&listed(&world, "admin", below).await, Key::ReopenDays);
    let Origin::Inherited(from) = &days.origin else { panic!("{:?}", days.origin) };
    assert_eq!((days.value.as_str(), from.id), ("3", world.root));

    save(&world, "admin", world.brasil, &[("reopen_days", Some("5"))]).await.unwrap();
    let days = row(&listed(&world, "admin", world.brasil).await, Key::ReopenDays);
    assert_eq!((days.value.as_str(), &days.origin, days.above.as_str()), ("5", &Origin::Own, "3"));
    let days = row(&listed(&world, "admin", below).await, Key::ReopenDays);
    assert!(matches!(&days.origin, Origin::Inherited(from) if from.id == world.brasil), "{:?}", days.origin);

    save(&world, "admin", world.brasil, &[("reopen_days", None)]).await.unwrap();
    let days = row(&listed(&world, "admin", world.brasil).await, Key::ReopenDays);
    assert!(matches!(&days.origin, Origin::Inherited(from) if from.id == world.root), "{:?}", days.origin);
    world.assert_sound().await;
});

both_engines!(t_set_01_instance_rows_belong_to_the_root_entity, |world: World| async move {
    let keys = |view: &SettingsView| view.items.iter().map(|item| item.key).collect::<Vec<_>>();
    let (root, brasil) = (listed(&world, "admin", world.root).await, listed(&world, "admin", world.brasil).await);
    assert!(keys(&root).contains(&Key::UploadMaxMib) && root.mail.is_some());
    assert!(!keys(&brasil).contains(&Key::UploadMaxMib) && brasil.mail.is_none());
    let refused = save(&world, "admin", world.brasil, &[("upload.max_mib", Some("9"))]).await;
    assert_eq!(field(refused, "upload.max_mib"), Some(Code::NotAllowed));
    let refused = save(&world, "admin", world.root, &[("mail.transport", Some("smtp://x"))]).await;
    assert_eq!(field(refused, "mail.transport"), Some(Code::NotAllowed));
});

both_engines!(t_set_02_only_holders_of_the_right_in_the_entity_read_and_set, |world: World| async move {
    for who in ["requester1", "observer", "tech1", "supervisor"] {
        let ctx = world.ctx(who).await;
        assert_eq!(error(settings::list(&ctx, "").await), AppError::NotFound, "{who}");
        assert_eq!(error(settings::list(&ctx, &world.brasil.to_string()).await), AppError::NotFound, "{who}");
        assert_eq!(error(settings::open_warnings(&ctx).await), AppError::NotFound, "{who}");
        let refused = save(&world, who, world.brasil, &[("reopen_days", Some("3"))]).await;
        assert_eq!(error(refused), AppError::NotFound, "{who}");
        assert_eq!(error(send_test(&ctx, "").await), AppError::NotFound, "{who}");
    }
    assert_eq!(world.count("setting").await, 0);
    world.hire("local", ShippedRole::Admin, world.brasil).await;
    let ctx = world.ctx("local").await;
    assert_eq!(settings::list(&ctx, "").await.unwrap().entity.id, world.brasil, "his topmost entity");
    assert_eq!(error(settings::list(&ctx, &world.root.to_string()).await), AppError::NotFound);
    assert_eq!(error(settings::list(&ctx, &Uuid::max().to_string()).await), AppError::NotFound);
    assert_eq!(error(send_test(&ctx, "").await), AppError::NotFound, "the mail server is one for all");
    save(&world, "local", world.brasil, &[("portal.cancel", Some("true"))]).await.unwrap();
});

both_engines!(t_set_03_a_saved_value_counts_from_the_next_request_on, |world: World| async move {
    let number = world.ticket().create().await;
    let can_note = async |world: &World| {
        let detail =
            service::requests::detail(&world.ctx("requester1").await, number, Default::default()).await.unwrap();
        detail.note_off.is_empty()
    };
    assert!(can_note(&world).await);
    save(&world, "admin", world.root, &[("portal.register_occurrence", Some("false"))]).await.unwrap();
    assert!(!can_note(&world).await);
    save(&world, "admin", world.brasil, &[("portal.register_occurrence", Some("true"))]).await.unwrap();
    assert!(can_note(&world).await);
});

both_engines!(t_set_04_wrong_values_are_refused_at_their_key_and_nothing_is_saved, |world: World| async move {
    let foreign = world.list_row(lists::OCCURRENCE_CATEGORIES, "Local", |row| {
        row.recursive = false;
    });
    let foreign = foreign.await;
    let inactive = world.list_row(lists::SOURCES, "Old", |row| row.active = false).await;
    let wrong = [
        ("reopen_days", Some("400")),
        ("portal.cancel", Some("maybe")),
        ("portal.default_category", Some(&foreign)),
        ("ticket.default_source", Some(&inactive)),
        ("ticket.default_group", Some("0195a1f0-0000-7000-8000-000000000000")),
        ("entity.time_zone", Some("Mars/Olympus")),
        ("entity.language", None),
        ("portal.nothing", Some("x")),
        ("mail.subject_tag", Some("Desk")),
    ];
    let refused = save(&world, "admin", world.brasil, &wrong);
    let AppError::Invalid(errors) = error(refused.await) else { panic!("must be refused") };
    for (key, code) in [
        ("reopen_days", Code::OutOfRange),
        ("portal.cancel", Code::Invalid),
        ("portal.default_category", Code::UnknownReference),
        ("ticket.default_source", Code::UnknownReference),
        ("ticket.default_group", Code::UnknownReference),
        ("entity.time_zone", Code::Invalid),
        ("entity.language", Code::Required),
        ("portal.nothing", Code::UnknownSetting),
    ] {
        assert_eq!(errors.of(key), Some(code), "{key}");
    }
    assert_eq!(errors.of("mail.subject_tag"), None);
    assert_eq!((world.count("setting").await, listed(&world, "admin", world.brasil).await.version), (0, 1));
});

both_engines!(t_set_04_references_that_exist_are_taken_and_used, |world: World| async move {
    let source = world.coded(lists::SOURCES, "monitoring").await;
    let group = world.network.to_string();
    let values = [("ticket.default_source", Some(source.as_str())), ("ticket.default_group", Some(group.as_str()))];
    let view = save(&world, "admin", world.root, &values).await.unwrap();
    assert_eq!(row(&view, Key::TicketDefaultSource).value, source);
    let number = world.ticket().create().await;
    let ticket = world.row(number).await;
    assert_eq!(ticket.source_id.map(|id| id.to_string()), Some(source));
    assert_eq!(row(&listed(&world, "admin", world.brasil).await, Key::TicketDefaultGroup).value, group);
});

both_engines!(t_set_05_every_change_writes_who_when_key_old_and_new, |world: World| async move {
    save(&world, "admin", world.root, &[("reopen_days", Some("3")), ("portal.cancel", Some("true"))]).await.unwrap();
    world.advance(60);
    // The first is a change, the second is none.
    save(&world, "admin", world.root, &[("reopen_days", None), ("portal.cancel", Some("true"))]).await.unwrap();
    let rows = audit::Entity::find()
        .filter(audit::Column::Kind.eq("setting_changed"))
        .order_by_asc(audit::Column::Id)
        .all(world.db().reader())
        .await
        .unwrap();
    let admin = world.person("admin").await.id;
    assert!(rows.iter().all(|row| row.user_id == Some(admin) && row.entity_id == Some(world.root)));
    let told: Vec<(&str, serde_json::Value)> =
        rows.iter().map(|row| (row.object.as_str(), serde_json::from_str(&row.data).unwrap())).collect();
    let changes: Vec<(&str, &serde_json::Value, &serde_json::Value)> =
        told.iter().map(|(key, data)| (*key, &data["old"], &data["new"])).collect();
    let (none, three, on) = (serde_json::Value::Null, serde_json::json!("3"), serde_json::json!("true"));
    let expected = [("portal.cancel", &none, &on), ("reopen_days", &none, &three), ("reopen_days", &three, &none)];
    assert_eq!(changes, expected);
    assert_eq!(rows[2].at, rows[0].at + 60);
});

both_engines!(t_set_05_the_entity_holds_its_language_and_zone_itself, |world: World| async move {
    let values = [("entity.language", Some("pt-BR")), ("entity.time_zone", Some("America/Sao_Paulo"))];
    let view = save(&world, "admin", world.brasil, &values).await.unwrap();
    let (lang, zone) = (row(&view, Key::EntityLanguage), row(&view, Key::EntityTimeZone));
    assert_eq!((lang.value.as_str(), zone.value.as_str()), ("pt-BR", "America/Sao_Paulo"));
    assert_eq!((&lang.origin, &zone.origin), (&Origin::Own, &Origin::Own));
    assert_eq!(world.ctx("admin").await.actor.entity_zone(world.brasil).name(), "America/Sao_Paulo");
    assert_eq!(world.count("setting").await, 0);
});

both_engines!(t_set_06_a_reference_that_breaks_warns_until_it_is_mended, |world: World| async move {
    let category = world.list_row(lists::OCCURRENCE_CATEGORIES, "Contact", |_| {}).await;
    let category = category.as_str();
    save(&world, "admin", world.root, &[("portal.default_category", Some(category))]).await.unwrap();
    let before = settings::open_warnings(&world.ctx("admin").await).await.unwrap();
    assert_eq!(before, 1, "email is not configured");
    let mut sql = Sql::new("UPDATE list_row SET active = FALSE WHERE id = ");
    sql.bind(category.parse::<Uuid>().unwrap());
    world.run(&sql).await;
    for entity in [world.root, world.brasil] {
        let found = row(&listed(&world, "admin", entity).await, Key::PortalDefaultCategory);
        assert_eq!(found.warning, Some(SettingWarning::UnknownReference));
    }
    // What several entities inherit is one thing to mend.
    assert_eq!(settings::open_warnings(&world.ctx("admin").await).await.unwrap(), 2);
    let used = settings::used_by(world.db().reader(), category.parse().unwrap()).await.unwrap();
    assert_eq!(used, [(Key::PortalDefaultCategory, world.root)], "T-SET-07");
    save(&world, "admin", world.root, &[("portal.default_category", None)]).await.unwrap();
    assert_eq!(settings::open_warnings(&world.ctx("admin").await).await.unwrap(), 1);
});

both_engines!(t_set_06_a_template_that_is_gone_or_does_not_compile_warns, |world: World| async move {
    let warning =
        async |world: &World| row(&listed(world, "admin", world.root).await, Key::MailTemplateRequester).warning;
    assert_eq!(warning(&world).await, None);
    world
        .run(&Sql::new("UPDATE template SET texts = '{\"en\":\"{{ nobody.knows }}\"}' WHERE purpose = 'requester'"))
        .await;
    assert_eq!(warning(&world).await, Some(SettingWarning::MailTemplateMissing));
    world.run(&Sql::new("UPDATE template SET active = FALSE WHERE purpose = 'message'")).await;
    let message = row(&listed(&world, "admin", world.root).await, Key::MailTemplateMessage);
    assert_eq!(message.warning, Some(SettingWarning::MailTemplateMissing));
    assert!(message.choices.iter().all(|choice| !choice.name.contains("Message to")), "{:?}", message.choices);
});

both_engines!(t_set_06_broken_defaults_are_treated_as_none_meanwhile, |world: World| async move {
    let source = world.list_row(lists::SOURCES, "Fax", |_| {}).await;
    let group = world.group("Night", &[]).await;
    let values = [("ticket.default_source", source.clone()), ("ticket.default_group", group.to_string())];
    let values: Vec<(&str, Option<&str>)> = values.iter().map(|(key, value)| (*key, Some(value.as_str()))).collect();
    save(&world, "admin", world.root, &values).await.unwrap();
    world.run(&Sql::new("UPDATE list_row SET active = FALSE WHERE names LIKE '%Fax%'")).await;
    world.run(&Sql::new("UPDATE app_group SET active = FALSE WHERE name = 'Night'")).await;
    let ticket = world.row(world.ticket().create().await).await;
    assert_eq!((ticket.source_id, ticket.routing_group_id), (None, None));
    world.assert_sound().await;
});

both_engines!(t_set_08_two_savers_of_one_key_conflict_and_of_two_keys_merge, |world: World| async move {
    world.hire("second", ShippedRole::Admin, world.root).await;
    let version = listed(&world, "admin", world.root).await.version;
    save_from(&world, "second", world.root, &[("reopen_days", Some("3"))], Some(version)).await.unwrap();
    let merged = save_from(&world, "admin", world.root, &[("portal.cancel", Some("true"))], Some(version)).await;
    assert_eq!(merged.unwrap().version, version + 2);
    let same = save_from(&world, "admin", world.root, &[("reopen_days", Some("3"))], Some(version)).await;
    assert_eq!(same.unwrap().version, version + 2, "a value equal to the present one never conflicts");
    let both = [("reopen_days", Some("5")), ("mail.subject_tag", Some("Desk"))];
    let conflicts = conflict(save_from(&world, "admin", world.root, &both, Some(version)).await);
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!((conflicts[0].field.as_str(), conflicts[0].by.as_deref()), ("reopen_days", Some("second")));
    assert_eq!((&conflicts[0].yours, &conflicts[0].theirs), (&serde_json::json!("5"), &serde_json::json!("3")));
    assert_eq!(world.count("setting WHERE key = 'mail.subject_tag'").await, 0, "nothing was saved");
    let new = NewSettings {
        values: BTreeMap::from([("reopen_days".to_owned(), Some("5".to_owned()))]),
        if_match: Some(version),
        ..NewSettings::default()
    };
    let stale = settings::save(&world.ctx("admin").await, &world.root.to_string(), new).await;
    assert_eq!(error(stale), AppError::PreconditionFailed(version + 2));
});

both_engines!(t_set_08_a_row_of_the_page_is_saved_and_given_up, |world: World| async move {
    let form = |value: &str, inherit: bool| SaveSetting {
        entity: world.brasil.to_string(),
        key: "mail.subject_tag".into(),
        value: value.into(),
        inherit,
        ..SaveSetting::default()
    };
    let ctx = world.ctx("admin").await;
    settings::save_one(&ctx, &form(" Suporte ", false)).await.unwrap();
    let stored = setting::Entity::find().all(world.db().reader()).await.unwrap();
    assert_eq!((stored.len(), stored[0].value.as_str(), stored[0].entity_id), (1, "Suporte", world.brasil));
    settings::save_one(&ctx, &form("", true)).await.unwrap();
    assert_eq!(world.count("setting").await, 0);
    let nowhere = SaveSetting { entity: String::new(), ..form("x", false) };
    assert_eq!(error(settings::save_one(&ctx, &nowhere).await), AppError::NotFound);
});

fn connected(mut world: World, url: &str) -> World {
    let server = Server::read(url).expect("the address of the sink is one");
    let mailer = Mailer::new(Transport::new(server), "Guichet <desk@example.org>").expect("an address");
    world.services.mailer = Some(Arc::new(mailer));
    world
}

both_engines!(m_trn_02_a_test_shows_each_step_and_sends_one_mail_to_the_caller, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink.url());
    let test = send_test(&world.ctx("admin").await, "once").await.unwrap();
    let names: Vec<&str> = test.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["resolve", "connect", "accepted"], "no TLS, nobody to sign in");
    assert!(test.steps.iter().all(|step| step.ok), "{test:?}");
    assert!(test.steps.last().is_some_and(|step| step.answer.starts_with("250")), "{test:?}");
    let again = send_test(&world.ctx("admin").await, "once").await.unwrap();
    assert_eq!(again, test, "the same key sends once");
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, [world.person("admin").await.email]);
    assert_eq!(mails[0].header("X-Guichet-Ticket"), None);
    let mail = listed(&world, "admin", world.root).await.mail.unwrap();
    assert_eq!(mail.last_test.map(|test| test.steps), Some(test.steps));
    let server = mail.server.unwrap();
    assert_eq!(
        (server.host.as_str(), server.tls.as_str(), server.sender.as_str()),
        ("127.0.0.1", "none", "desk@example.org")
    );
});

both_engines!(m_trn_02_the_words_of_a_server_that_refuses_are_shown, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink.url());
    sink.behave(Behaviour::RefuseSender(550));
    let test = send_test(&world.ctx("admin").await, "").await.unwrap();
    let last = test.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.ok), ("accepted", false));
    assert!(last.answer.contains("550"), "{last:?}");
    let world = connected(world, &Sink::refusing_port());
    let test = send_test(&world.ctx("admin").await, "").await.unwrap();
    let last = test.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.ok), ("connect", false));
});

both_engines!(t_rol_09_the_audit_log_names_who_tested_and_no_address, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink.url());
    world.hire_with("setter", &[Capability::AdminSettings]).await;
    let address = world.person("setter").await.email;
    sink.behave(Behaviour::RefuseRecipient(550, None));
    let test = send_test(&world.ctx("setter").await, "").await.unwrap();
    assert!(test.steps.last().unwrap().answer.contains(&address), "word for word: {test:?}");
    let shown = async || listed(&world, "admin", world.root).await.mail.unwrap().last_test.unwrap();
    assert_eq!(shown().await, test, "on the page too");
    assert_eq!(world.count("audit WHERE kind = 'mail_test_ended'").await, 1);
    assert_eq!(world.count("audit WHERE data LIKE '%setter@%'").await, 0, "the row has his id");
    let id = world.person("setter").await.id.to_string();
    let form = RunUserCommand { id, command: UserCommand::Anonymise, ..RunUserCommand::default() };
    access::run_user_command(&world.ctx("admin").await, form, access::Versions::default()).await.unwrap();
    let after = shown().await;
    assert_eq!(after.to, "Removed user");
    assert!(!format!("{after:?}").contains("setter"), "{after:?}");
});

both_engines!(a_aut_04_a_person_tests_the_mail_server_five_times_in_ten_minutes, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink.url());
    for _test in 0..5 {
        send_test(&world.ctx("admin").await, "").await.unwrap();
        world.advance(60);
    }
    assert_eq!(error(send_test(&world.ctx("admin").await, "").await), AppError::TooMany { retry_s: 300 });
    world.hire_with("setter", &[Capability::AdminSettings]).await;
    send_test(&world.ctx("setter").await, "").await.unwrap();
    world.advance(300);
    send_test(&world.ctx("admin").await, "").await.unwrap();
    assert_eq!(sink.mails().len(), 7);
});

both_engines!(m_trn_04_a_test_that_arrives_ends_the_pause_of_the_queue, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink.url());
    world
        .run(&Sql::new(
            "UPDATE mail_transport SET failures = 4, failing_since = 1, next_try_at = 9999999999 WHERE id = 1",
        ))
        .await;
    let state = listed(&world, "admin", world.root).await;
    assert_eq!(row(&state, Key::MailTransport).warning, Some(SettingWarning::MailFailing));
    send_test(&world.ctx("admin").await, "").await.unwrap();
    let state = listed(&world, "admin", world.root).await;
    assert_eq!(row(&state, Key::MailTransport).warning, None);
});

both_engines!(m_trn_03_only_those_who_may_mend_it_are_led_to_the_setting, |world: World| async move {
    let number = world.ticket().create().await;
    let fix = async |who: &str| {
        let page = tickets::page(&world.ctx(who).await, number, Default::default()).await.unwrap();
        page.mail.map(|offer| offer.fix)
    };
    assert_eq!(fix("tech1").await, Some(None));
    assert_eq!(fix("admin").await, Some(Some(world.root)), "the mail server is one for all");
});
