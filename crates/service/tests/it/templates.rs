//! Templates: compiled before they are stored, one name each, held by settings, shown with a ticket, used in the composer
//! (T-TPL-01..04, T-SET-07, T-OCC-09).

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, SaveTemplate};
use domain::lang::Lang;
use domain::policy::ShippedRole;
use domain::settings::Key;
use domain::template::{TemplateKind, text_field};
use domain::views::{TemplateView, TimelineQuery};
use entity::audit;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use service::templates::{
    self, ACTIVE, CATEGORY, Change, Fields, NAME, NewTemplate, PageQuery, RECURSIVE, SOURCE, VISIBILITY,
};
use service::{ServiceError, drafts, lists, occurrences, tickets};
use testing::{Sink, Sql, World, both_engines, conflict, error, field, forbidden, note, refused};
use uuid::Uuid;

use crate::mail::{connected, relay};

const EN: &str = text_field(Lang::En);
const FR: &str = text_field(Lang::Fr);

fn fields(pairs: &[(&'static str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

async fn make_in(
    world: &World,
    who: &str,
    kind: TemplateKind,
    entity: Uuid,
    pairs: &[(&'static str, &str)],
) -> Result<TemplateView, ServiceError> {
    let new = NewTemplate { kind, entity: entity.to_string(), fields: fields(pairs), key: String::new() };
    templates::create(&world.ctx(who).await, new).await
}

async fn reply(world: &World, name: &str, text: &str) -> TemplateView {
    make_in(world, "admin", TemplateKind::Reply, world.root, &[(NAME, name), (EN, text)]).await.unwrap()
}

async fn change(
    world: &World,
    who: &str,
    view: &TemplateView,
    pairs: &[(&'static str, &str)],
) -> Result<TemplateView, ServiceError> {
    let change = Change { fields: fields(pairs), version: Some(view.row.version), ..Change::default() };
    templates::update(&world.ctx(who).await, view.row.kind, view.row.id, change).await
}

async fn shipped(world: &World, purpose: &str) -> Uuid {
    let mut sql = Sql::new("SELECT id FROM template WHERE purpose = ");
    sql.bind(purpose);
    let id: Option<Uuid> = sql.scalar(world.db().reader()).await.unwrap();
    id.unwrap()
}

async fn page(world: &World, id: Uuid, ticket: i64, language: &str) -> domain::views::TemplatePage {
    let query = PageQuery {
        id: id.to_string(),
        ticket: if ticket == 0 { String::new() } else { ticket.to_string() },
        language: language.to_owned(),
        ..PageQuery::default()
    };
    templates::page(&world.ctx("admin").await, &query).await.unwrap()
}

both_engines!(t_tpl_01_a_template_is_made_changed_and_listed_by_name, |world: World| async move {
    let category = world.coded(lists::OCCURRENCE_CATEGORIES, "analysis").await;
    let source = world.coded(lists::SOURCES, "email").await;
    let made = make_in(
        &world,
        "supervisor",
        TemplateKind::Reply,
        world.root,
        &[
            (NAME, "  Received  "),
            (EN, "We got it.\r\nThank you."),
            (CATEGORY, &category),
            (SOURCE, &source),
            (VISIBILITY, "public"),
        ],
    )
    .await
    .unwrap();
    assert_eq!(
        (made.row.name.as_str(), made.row.version, made.row.active, made.row.recursive),
        ("Received", 1, true, true)
    );
    assert_eq!(made.texts.get(&Lang::En).map(String::as_str), Some("We got it.\nThank you."));
    assert_eq!(made.row.category.as_ref().map(|row| row.name.as_str()), Some("Analysis"));
    world.advance(60);
    let changed = change(&world, "supervisor", &made, &[(FR, "Bien reçu."), (VISIBILITY, "")]).await.unwrap();
    assert_eq!((changed.row.version, changed.row.visibility), (2, None));
    assert_eq!(changed.row.languages, [Lang::En, Lang::Fr]);
    assert_eq!(changed.row.category, made.row.category, "what is not given stays");
    // A change that changes nothing leaves neither version nor trace.
    let same = change(&world, "supervisor", &changed, &[(FR, "Bien reçu.")]).await.unwrap();
    assert_eq!(same.row.version, 2);
    reply(&world, "Another", "x").await;
    let ctx = world.ctx("admin").await;
    let all = templates::list(&ctx, TemplateKind::Reply, None).await.unwrap();
    assert_eq!(all.iter().map(|view| view.row.name.as_str()).collect::<Vec<_>>(), ["Another", "Received"]);
    let mails = templates::list(&ctx, TemplateKind::Mail, Some(world.brasil)).await.unwrap();
    assert_eq!(mails.len(), 4, "the shipped ones are in every sub-entity, too");
    assert!(mails.iter().all(|view| view.row.shipped && !view.row.broken && view.row.languages.len() == 4));
    world.assert_sound().await;
});

both_engines!(t_tpl_01_names_are_unique_per_kind_and_entity, |world: World| async move {
    let first = reply(&world, "Received", "x").await;
    let again = make_in(&world, "admin", TemplateKind::Reply, world.root, &[(NAME, "Received"), (EN, "y")]).await;
    assert_eq!(field(again, NAME), Some(Code::DuplicateName));
    make_in(&world, "admin", TemplateKind::Reply, world.brasil, &[(NAME, "Received"), (EN, "y")]).await.unwrap();
    make_in(&world, "admin", TemplateKind::Mail, world.root, &[(NAME, "Received"), (EN, "y")]).await.unwrap();
    let other = reply(&world, "Other", "x").await;
    assert_eq!(field(change(&world, "admin", &other, &[(NAME, "Received")]).await, NAME), Some(Code::DuplicateName));
    // Its own name is no twin.
    change(&world, "admin", &first, &[(NAME, "Received"), (EN, "z")]).await.unwrap();
});

both_engines!(t_tpl_01_every_wrong_field_is_named_and_nothing_is_saved, |world: World| async move {
    let none = make_in(&world, "admin", TemplateKind::Reply, world.root, &[(EN, "x")]).await;
    assert_eq!(field(none, NAME), Some(Code::Required));
    let silent = make_in(&world, "admin", TemplateKind::Reply, world.root, &[(NAME, "Silent"), (FR, "Bonjour")]).await;
    assert_eq!(field(silent, EN), Some(Code::Required), "nothing to fall back on");
    let foreign = world.list_row(lists::OCCURRENCE_CATEGORIES, "Old", |row| row.active = false).await;
    let deaf = world.list_row(lists::SOURCES, "Deaf", |row| row.for_occurrences = false).await;
    let wrong = [(NAME, "Wrong"), (EN, "x"), (CATEGORY, foreign.as_str()), (SOURCE, deaf.as_str())];
    let refused = make_in(&world, "admin", TemplateKind::Reply, world.root, &wrong).await;
    let AppError::Invalid(errors) = error(refused) else { panic!("must be refused") };
    assert_eq!((errors.of(CATEGORY), errors.of(SOURCE)), (Some(Code::UnknownReference), Some(Code::UnknownReference)));
    let mail =
        make_in(&world, "admin", TemplateKind::Mail, world.root, &[(NAME, "M"), (EN, "x"), (VISIBILITY, "public")]);
    assert_eq!(field(mail.await, VISIBILITY), Some(Code::NotAllowed));
    assert_eq!(world.count("template WHERE purpose IS NULL").await, 0);
});

both_engines!(t_tpl_01_who_may_read_and_who_may_change, |world: World| async move {
    let made = reply(&world, "Received", "x").await;
    let hidden = reply(&world, "Old", "x").await;
    change(&world, "admin", &hidden, &[(ACTIVE, "false")]).await.unwrap();
    let own = make_in(
        &world,
        "admin",
        TemplateKind::Reply,
        world.brasil,
        &[(NAME, "Local"), (EN, "x"), (RECURSIVE, "false")],
    );
    own.await.unwrap();
    let tech = world.ctx("tech1").await;
    let names: Vec<String> = templates::list(&tech, TemplateKind::Reply, None)
        .await
        .unwrap()
        .into_iter()
        .map(|view| view.row.name)
        .collect();
    assert_eq!(names, ["Local", "Received"], "agents read active replies");
    assert_eq!(error(templates::list(&tech, TemplateKind::Mail, None).await), AppError::NotFound);
    assert_eq!(error(templates::managed(&tech, TemplateKind::Reply).await), AppError::NotFound);
    assert_eq!(forbidden(change(&world, "tech1", &made, &[(EN, "y")]).await), "admin.templates");
    assert_eq!(error(change(&world, "tech1", &hidden, &[(EN, "y")]).await), AppError::NotFound);
    let remove = templates::remove(&tech, TemplateKind::Reply, made.row.id, Some(1), None).await;
    assert_eq!(forbidden(remove), "admin.templates");
    let requester = world.ctx("requester1").await;
    assert_eq!(error(templates::list(&requester, TemplateKind::Reply, None).await), AppError::NotFound);
    assert_eq!(error(templates::get(&requester, TemplateKind::Reply, made.row.id).await), AppError::NotFound);
    for who in ["requester1", "observer", "tech1"] {
        let new = make_in(&world, who, TemplateKind::Reply, world.root, &[(NAME, "Mine"), (EN, "x")]).await;
        assert_eq!(error(new), AppError::NotFound, "{who}");
        let form = SaveTemplate { kind: "replies".into(), name: "Mine".into(), ..SaveTemplate::default() };
        assert_eq!(error(templates::save_form(&world.ctx(who).await, &form).await), AppError::NotFound, "{who}");
    }
    // Who administers a sub-entity reads what reaches it, and changes only what is kept there.
    world.hire("local", ShippedRole::Supervisor, world.brasil).await;
    assert_eq!(forbidden(change(&world, "local", &made, &[(EN, "y")]).await), "admin.templates");
    let elsewhere = make_in(&world, "local", TemplateKind::Reply, world.root, &[(NAME, "Mine"), (EN, "x")]).await;
    assert_eq!(field(elsewhere, "entity"), Some(Code::UnknownReference));
    make_in(&world, "local", TemplateKind::Reply, world.brasil, &[(NAME, "Mine"), (EN, "x")]).await.unwrap();
});

both_engines!(t_tpl_02_a_broken_text_is_refused_with_its_line_and_reason, |world: World| async move {
    let broken = make_in(
        &world,
        "admin",
        TemplateKind::Reply,
        world.root,
        &[(NAME, "Broken"), (EN, "Hello\n{{ ticket.titel }}"), (FR, "{% if now %}")],
    );
    let AppError::Invalid(errors) = error(broken.await) else { panic!("must be refused") };
    assert_eq!(errors.of(EN), Some(Code::TemplateUnknownVariable));
    assert_eq!(errors.of(FR), Some(Code::TemplateInvalid));
    let data = errors.0.iter().find(|wrong| wrong.field == EN).and_then(|wrong| wrong.data.clone()).unwrap();
    assert_eq!((&data["line"], &data["column"]), (&serde_json::json!(2), &serde_json::json!(4)));
    assert!(data["reason"].as_str().unwrap().contains("ticket.titel"), "{data}");
    let long = "x".repeat(200_001);
    let large = make_in(&world, "admin", TemplateKind::Mail, world.root, &[(NAME, "Large"), (EN, &long)]).await;
    assert_eq!(field(large, EN), Some(Code::TemplateTooLarge));
    assert_eq!(world.count("template WHERE purpose IS NULL").await, 0);
});

both_engines!(t_tpl_02_a_preview_shows_public_content_in_a_language, |world: World| async move {
    let number = world.ticket().title("VPN <b>drops</b>").assignee("tech1").create().await;
    world.occurrence("tech1", number, "public", "Cable replaced.").await;
    world.advance(60);
    world.occurrence("tech1", number, "private", "Zwetschgenmus.").await;
    let id = shipped(&world, "requester").await;
    let ctx = world.ctx("admin").await;
    let shown = templates::preview(&ctx, TemplateKind::Mail, id, number, Lang::Fr).await.unwrap();
    assert!(shown.text.contains("Cable replaced.") && shown.text.contains("VPN <b>drops</b>"), "{}", shown.text);
    assert!(shown.html.as_str().contains("VPN &lt;b&gt;drops&lt;/b&gt;"), "{}", shown.html.as_str());
    assert!(!shown.text.contains("Zwetschgenmus"), "{}", shown.text);
    let unknown = templates::preview(&ctx, TemplateKind::Mail, id, 999_999, Lang::En).await;
    assert_eq!(field(unknown, "ticket"), Some(Code::UnknownReference));
    let made = reply(&world, "Who", "{{ assignees }} / {{ requesters }} / {{ ticket.status }} / {{ user.name }}").await;
    let shown = templates::preview(&ctx, TemplateKind::Reply, made.row.id, number, Lang::PtBr).await.unwrap();
    assert_eq!(shown.text, "tech1 / requester1 / Em andamento / admin");
    let tech = world.ctx("tech1").await;
    let other = templates::preview(&tech, TemplateKind::Reply, made.row.id, number, Lang::En).await;
    assert_eq!(error(other), AppError::NotFound);
});

both_engines!(t_set_07_what_a_setting_names_is_neither_removed_nor_switched_off, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let made = make_in(&world, "admin", TemplateKind::Mail, world.root, &[(NAME, "Ours"), (EN, "x")]).await.unwrap();
    world.set(Key::MailTemplateRequester, world.brasil, &made.row.id.to_string()).await;
    let remove = templates::remove(&ctx, TemplateKind::Mail, made.row.id, Some(1), None).await;
    let AppError::Refused { code, data } = error(remove) else { panic!("must be refused") };
    assert_eq!(code, Code::InUse);
    let settings = &data.unwrap()["settings"];
    assert_eq!(settings[0]["key"], "mail.template_requester");
    assert_eq!((&settings[0]["entity"]["name"], settings.as_array().unwrap().len()), (&serde_json::json!("Brasil"), 1));
    assert_eq!(refused(change(&world, "admin", &made, &[(ACTIVE, "false")]).await), Code::InUse);
    assert_eq!(refused(change(&world, "admin", &made, &[(RECURSIVE, "false")]).await), Code::InUse, "Brasil names it");
    let changed = change(&world, "admin", &made, &[(EN, "y")]).await.unwrap();
    world.set(Key::MailTemplateRequester, world.brasil, "").await;
    templates::remove(&ctx, TemplateKind::Mail, made.row.id, Some(changed.row.version), None).await.unwrap();
    assert_eq!(error(templates::get(&ctx, TemplateKind::Mail, made.row.id).await), AppError::NotFound);
});

both_engines!(m_out_01_m_out_02_the_templates_that_251_and_253_name_make_the_mails, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    for (key, name) in [(Key::MailTemplateRequester, "251"), (Key::MailTemplateResponsible, "253")] {
        let text = format!("By {name}:\n\n{{{{ entry.text }}}}");
        let fields = [(NAME, name), (EN, text.as_str())];
        let made = make_in(&world, "admin", TemplateKind::Mail, world.root, &fields).await.unwrap();
        world.set(key, world.brasil, &made.row.id.to_string()).await;
    }
    let told = AddOccurrence { send_mail: true, ..note(number, "Cable replaced.") };
    occurrences::add(&world.ctx("tech1").await, told).await.unwrap();
    let called = AddOccurrence { notify_responsible: true, ..note(number, "Thank you.") };
    occurrences::add(&world.ctx("requester1").await, called).await.unwrap();
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 2);
    for (who, begins, text) in [("requester1", "By 251:", "Cable replaced."), ("tech1", "By 253:", "Thank you.")] {
        let to = world.person(who).await.email;
        let said = mails.iter().find(|mail| mail.to == [to.as_str()]).unwrap().text();
        assert!(said.starts_with(begins) && said.contains(text), "{who}: {said}");
    }
});

both_engines!(t_set_07_a_shipped_template_is_reset_and_never_removed, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let id = shipped(&world, "requester").await;
    let before = templates::get(&ctx, TemplateKind::Mail, id).await.unwrap();
    let changed = change(&world, "admin", &before, &[(EN, "Ours: {{ entry.text }}"), (FR, "")]).await.unwrap();
    assert_eq!(changed.row.languages.len(), 3);
    assert_eq!(refused(templates::remove(&ctx, TemplateKind::Mail, id, None, None).await), Code::InUse);
    assert_eq!(refused(change(&world, "admin", &changed, &[(ACTIVE, "false")]).await), Code::InUse, "251 means it");
    let reset = Change { reset: true, version: Some(changed.row.version), ..Change::default() };
    let back = templates::update(&ctx, TemplateKind::Mail, id, reset).await.unwrap();
    assert_eq!(back.texts.keys().collect::<Vec<_>>(), before.texts.keys().collect::<Vec<_>>());
    assert_eq!(back.texts[&Lang::En].trim(), before.texts[&Lang::En].trim());
    let own = reply(&world, "Own", "x").await;
    let reset = Change { reset: true, ..Change::default() };
    let kept = templates::update(&ctx, TemplateKind::Reply, own.row.id, reset).await;
    assert_eq!(field(kept, "texts"), Some(Code::NotAllowed));
    let chat = shipped(&world, "chat_offline").await;
    let chat = templates::get(&ctx, TemplateKind::Mail, chat).await.unwrap();
    assert_eq!(refused(change(&world, "admin", &chat, &[(ACTIVE, "false")]).await), Code::InUse, "447 means it");
});

both_engines!(t_gen_07_two_people_who_change_one_text_conflict_and_two_texts_merge, |world: World| async move {
    world.hire("second", ShippedRole::Admin, world.root).await;
    let made = reply(&world, "Received", "one").await;
    change(&world, "second", &made, &[(EN, "two")]).await.unwrap();
    let merged = change(&world, "admin", &made, &[(FR, "deux")]).await.unwrap();
    assert_eq!((merged.row.version, merged.texts[&Lang::En].as_str()), (3, "two"));
    let conflicts = conflict(change(&world, "admin", &made, &[(EN, "three")]).await);
    assert_eq!((conflicts.len(), conflicts[0].field.as_str(), conflicts[0].by.as_deref()), (1, EN, Some("second")));
    // A whole form that left the text alone takes that of the other.
    let form = SaveTemplate {
        id: made.row.id.to_string(),
        version: 1,
        name: "Renamed".into(),
        recursive: true,
        active: true,
        text_en: "one".into(),
        ..SaveTemplate::default()
    };
    templates::save_form(&world.ctx("admin").await, &form).await.unwrap();
    let now = templates::get(&world.ctx("admin").await, TemplateKind::Reply, made.row.id).await.unwrap();
    assert_eq!((now.row.name.as_str(), now.texts[&Lang::En].as_str()), ("Renamed", "two"));
    assert_eq!(now.texts[&Lang::Fr].as_str(), "deux");
});

both_engines!(t_set_05_every_change_of_a_template_leaves_a_row, |world: World| async move {
    let made = reply(&world, "Received", "one").await;
    change(&world, "admin", &made, &[(EN, "two")]).await.unwrap();
    templates::remove(&world.ctx("admin").await, TemplateKind::Reply, made.row.id, Some(2), None).await.unwrap();
    let rows = audit::Entity::find()
        .filter(audit::Column::Object.eq(made.row.id.to_string()))
        .order_by_asc(audit::Column::Id)
        .all(world.db().reader())
        .await
        .unwrap();
    let kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["template_created", "template_changed", "template_removed"]);
    let data: serde_json::Value = serde_json::from_str(&rows[1].data).unwrap();
    assert_eq!(data["changes"]["texts.en"], serde_json::json!({ "old": "one", "new": "two" }));
    assert!(rows.iter().all(|row| row.entity_id == Some(world.root) && row.user_id.is_some()));
});

both_engines!(t_tpl_02_what_is_refused_or_only_shown_comes_back_on_the_page, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let number = world.ticket().title("VPN drops").create().await;
    let made = reply(&world, "Received", "one").await;
    let mut form = SaveTemplate {
        id: made.row.id.to_string(),
        version: 1,
        name: "Received".into(),
        recursive: true,
        active: true,
        text_en: "Hello\n{{ ticket.titel }}".into(),
        ..SaveTemplate::default()
    };
    assert_eq!(field(templates::save_form(&ctx, &form).await, EN), Some(Code::TemplateUnknownVariable));
    let shown = page(&world, made.row.id, 0, "").await;
    assert!(shown.is_unsaved && !shown.is_stale);
    assert_eq!(shown.form.text_en, form.text_en);
    assert_eq!((shown.faults[0].line, shown.faults[0].nearest.as_deref()), (2, Some("ticket.title")));
    form.text_en = "About {{ ticket.title }}".into();
    form.preview = true;
    assert_eq!(templates::save_form(&ctx, &form).await.unwrap(), None);
    let shown = page(&world, made.row.id, number, "fr").await;
    assert_eq!(shown.preview.map(|preview| preview.text), Some("About VPN drops".to_owned()));
    assert!(shown.faults.is_empty() && page(&world, made.row.id, 999_999, "").await.is_ticket_unknown);
    world.hire("second", ShippedRole::Admin, world.root).await;
    change(&world, "second", &made, &[(FR, "deux")]).await.unwrap();
    assert!(page(&world, made.row.id, 0, "").await.is_stale);
    form.preview = false;
    form.version = 2;
    assert_eq!(templates::save_form(&ctx, &form).await.unwrap(), Some(made.row.id));
    assert!(!page(&world, made.row.id, 0, "").await.is_unsaved);
    assert!(drafts::find(&ctx, "template", &made.row.id.to_string()).await.unwrap().is_none());
});

both_engines!(t_occ_09_a_reply_is_made_ready_for_its_ticket_and_its_requester, |world: World| async move {
    world.prefer("requester1", "language", "pt-BR").await;
    world.prefer("tech1", "signature", "Tom <ok>").await;
    let number = world.ticket().title("VPN & more").assignee("tech1").create().await;
    let category = world.coded(lists::OCCURRENCE_CATEGORIES, "contact").await;
    let pairs = [
        (NAME, "Received"),
        (EN, "About {{ ticket.title }}"),
        (text_field(Lang::PtBr), "Sobre {{ ticket.title }}\n\n{{ user.signature }}"),
        (CATEGORY, category.as_str()),
        (VISIBILITY, "public"),
    ];
    let made = make_in(&world, "admin", TemplateKind::Reply, world.root, &pairs).await.unwrap();
    let tech = world.ctx("tech1").await;
    let page = tickets::page(&tech, number, TimelineQuery::default()).await.unwrap();
    assert_eq!(page.templates.iter().map(|choice| choice.name.as_str()).collect::<Vec<_>>(), ["Received"]);
    let ready = templates::reply(&tech, number, made.row.id).await.unwrap();
    assert_eq!(ready.text, "Sobre VPN & more\n\nTom <ok>");
    assert_eq!(ready.html, "<p>Sobre VPN &amp; more</p><p>Tom &lt;ok&gt;</p>");
    assert_eq!((ready.category, ready.visibility.as_str(), ready.source.as_str()), (category, "public", ""));
    let stranger = templates::reply(&world.ctx("requester1").await, number, made.row.id).await;
    assert_eq!(error(stranger), AppError::NotFound);
    change(&world, "admin", &made, &[(ACTIVE, "false")]).await.unwrap();
    assert_eq!(error(templates::reply(&tech, number, made.row.id).await), AppError::NotFound);
    let page = tickets::page(&tech, number, TimelineQuery::default()).await.unwrap();
    assert!(page.templates.is_empty());
});

both_engines!(t_occ_09_without_scripts_the_text_is_added_to_what_is_typed, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let made = reply(&world, "Received", "We got it.").await;
    let tech = world.ctx("tech1").await;
    let form = AddOccurrence { minutes: "15".into(), ..note(number, "Typed before.") };
    templates::insert(&tech, &form, &made.row.id.to_string()).await.unwrap();
    let draft = drafts::find(&tech, "occurrence", &number.to_string()).await.unwrap().unwrap();
    assert_eq!(draft.text("body"), "Typed before.\n\nWe got it.");
    assert_eq!((draft.text("minutes"), draft.text("template")), ("15".to_owned(), made.row.id.to_string()));
    let gone = templates::insert(&tech, &note(number, "Kept."), &Uuid::nil().to_string()).await;
    assert_eq!(error(gone), AppError::NotFound);
    let draft = drafts::find(&tech, "occurrence", &number.to_string()).await.unwrap().unwrap();
    assert_eq!(draft.text("body"), "Kept.", "what is typed is never lost");
    let mut page = tickets::page(&tech, number, TimelineQuery::default()).await.unwrap();
    templates::begin(&tech, &mut page, made.row.id).await.unwrap();
    let begun = page.draft.unwrap();
    assert_eq!((begun.text("body"), begun.id), ("Kept.\n\nWe got it.".to_owned(), Uuid::nil()));
});

both_engines!(t_tpl_04_a_template_that_goes_while_it_is_used_leaves_its_name, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let made = reply(&world, "Received", "We got it.").await;
    let id = made.row.id;
    let tech = world.ctx("tech1").await;
    let form = || AddOccurrence { template: id.to_string(), ..note(number, "We got it.") };
    let first = occurrences::add(&tech, form()).await.unwrap();
    let renamed = change(&world, "admin", &made, &[(NAME, "Renamed"), (ACTIVE, "false")]).await.unwrap();
    let second = occurrences::add(&tech, form()).await.unwrap();
    let admin = world.ctx("admin").await;
    templates::remove(&admin, TemplateKind::Reply, id, Some(renamed.row.version), None).await.unwrap();
    let third = occurrences::add(&tech, form()).await.unwrap();
    for (entry, name) in [(first, "Received"), (second, "Renamed"), (third, "Renamed")] {
        let view = occurrences::get(&tech, entry).await.unwrap();
        assert_eq!(view.template.map(|template| template.name).as_deref(), Some(name));
        assert_eq!(view.body_text, "We got it.");
    }
    let unknown = AddOccurrence { template: Uuid::max().to_string(), ..note(number, "x") };
    assert_eq!(field(occurrences::add(&tech, unknown).await, "template"), Some(Code::UnknownReference));
    let requester = world.ctx("requester1").await;
    assert_eq!(field(occurrences::add(&requester, form()).await, "template"), Some(Code::NotAllowed));
    world.assert_sound().await;
});
