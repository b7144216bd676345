//! Lists as they are edited: names, trees, flags, what is in use, rights, traces (T-SET-07, T-SET-09..11).

use std::collections::BTreeMap;

use domain::error::{AppError, Code};
use domain::forms::{ListRowPatch, MoveListRow, Patch, SaveListRow};
use domain::lang::Lang;
use domain::lists::{Flag, List};
use domain::policy::ShippedRole;
use domain::settings::Key;
use domain::views::ListRowView;
use entity::audit;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use service::lists::{self, Basis};
use service::{ServiceError, settings};
use testing::{Sql, World, both_engines, conflict, error, field, forbidden, refused};
use uuid::Uuid;

fn named(pairs: &[(Lang, &str)]) -> ListRowPatch {
    let names = pairs.iter().map(|(lang, name)| (*lang, Patch::Set((*name).to_owned()))).collect();
    ListRowPatch { names, ..ListRowPatch::default() }
}

fn en(name: &str) -> ListRowPatch {
    named(&[(Lang::En, name)])
}

fn below(parent: Uuid, name: &str) -> ListRowPatch {
    ListRowPatch { parent: Patch::Set(parent.to_string()), ..en(name) }
}

async fn create(world: &World, list: List, entity: Uuid, patch: ListRowPatch) -> Result<Uuid, ServiceError> {
    lists::create(&world.ctx("supervisor").await, list, &entity.to_string(), patch, "").await
}

async fn update(world: &World, list: List, id: Uuid, patch: ListRowPatch) -> Result<(), ServiceError> {
    lists::update(&world.ctx("supervisor").await, list, id, patch, Basis::default()).await
}

async fn remove(world: &World, list: List, id: Uuid) -> Result<Uuid, ServiceError> {
    lists::remove(&world.ctx("supervisor").await, list, id, Basis::default()).await
}

async fn row(world: &World, list: List, id: Uuid) -> ListRowView {
    lists::get(&world.ctx("supervisor").await, list, id).await.unwrap().0
}

fn off() -> ListRowPatch {
    ListRowPatch { active: Some(false), ..ListRowPatch::default() }
}

/// The facts of a refusal.
#[track_caller]
fn data<T: std::fmt::Debug>(answer: Result<T, ServiceError>) -> serde_json::Value {
    match error(answer) {
        AppError::Refused { code: Code::InUse, data: Some(data) } => data,
        other => panic!("not in use but {other:?}"),
    }
}

both_engines!(t_set_09_a_row_has_a_name_in_each_language_and_falls_back, |world: World| async move {
    let all = [(Lang::En, "Cable"), (Lang::PtBr, "Cabo"), (Lang::Es, "Cable (es)"), (Lang::Fr, "Câble")];
    let id = create(&world, List::OccurrenceCategories, world.root, named(&all)).await.unwrap();
    let made = row(&world, List::OccurrenceCategories, id).await;
    let expected: BTreeMap<String, String> =
        all.iter().map(|(lang, name)| (lang.code().to_owned(), (*name).to_owned())).collect();
    assert_eq!((made.names, made.version, made.active, made.recursive), (expected, 1, true, true));

    // A desk whose language is French: its readers in other languages see the French name.
    settings::save(
        &world.ctx("admin").await,
        &world.brasil.to_string(),
        settings::NewSettings {
            values: BTreeMap::from([("entity.language".to_owned(), Some("fr".to_owned()))]),
            ..settings::NewSettings::default()
        },
    )
    .await
    .unwrap();
    let both = named(&[(Lang::Fr, "Étage"), (Lang::En, "Floor")]);
    let id = create(&world, List::Locations, world.brasil, both).await.unwrap();
    world.prefer("supervisor", "language", "es").await;
    assert_eq!(row(&world, List::Locations, id).await.name, "Étage");
    settings::save(
        &world.ctx("admin").await,
        &world.brasil.to_string(),
        settings::NewSettings {
            values: BTreeMap::from([("entity.language".to_owned(), Some("pt-BR".to_owned()))]),
            ..settings::NewSettings::default()
        },
    )
    .await
    .unwrap();
    assert_eq!(row(&world, List::Locations, id).await.name, "Floor", "the fallback follows the entity");
    world.assert_sound().await;
});

both_engines!(t_set_09_wrong_names_are_told_at_their_language, |world: World| async move {
    let long = "x".repeat(101);
    let cases: [(ListRowPatch, &str, Code); 4] = [
        (ListRowPatch::default(), "names.en", Code::Required),
        (en("   "), "names.en", Code::Required),
        (en(&long), "names.en", Code::TooLong),
        (named(&[(Lang::En, "Good"), (Lang::Fr, &long)]), "names.fr", Code::TooLong),
    ];
    for (patch, at, code) in cases {
        assert_eq!(field(create(&world, List::Locations, world.root, patch).await, at), Some(code), "{at}");
    }
    create(&world, List::Locations, world.root, named(&[(Lang::En, "Hall"), (Lang::Fr, "Salle")])).await.unwrap();
    let twice = named(&[(Lang::En, "Room"), (Lang::Fr, "SALLE")]);
    let refused = create(&world, List::Locations, world.root, twice).await;
    assert_eq!(field(refused, "names.fr"), Some(Code::DuplicateName));
    // Another language, another list, another entity: no twin.
    let other = named(&[(Lang::En, "Salle")]);
    create(&world, List::Locations, world.root, other).await.unwrap();
    create(&world, List::OccurrenceCategories, world.root, en("Hall")).await.unwrap();
    let id = create(&world, List::Locations, world.brasil, en("Hall")).await.unwrap();
    update(&world, List::Locations, id, en("Hall")).await.unwrap();
    assert_eq!(row(&world, List::Locations, id).await.version, 1, "nothing changed");
});

both_engines!(t_set_02_lists_are_edited_with_admin_templates_in_the_entity, |world: World| async move {
    let entity = world.brasil.to_string();
    let id = create(&world, List::TicketCategories, world.root, en("Hidden")).await.unwrap();
    for who in ["requester1", "observer", "tech1"] {
        let ctx = world.ctx(who).await;
        let made = lists::create(&ctx, List::Locations, &entity, en("Mine"), "").await;
        assert_eq!(forbidden(made), "admin.templates", "{who}");
        assert_eq!(error(lists::page(&ctx, "locations", "").await), AppError::NotFound, "{who}");
        let page = lists::row_page(&ctx, "ticket-categories", &id.to_string()).await;
        assert_eq!(error(page), AppError::NotFound, "{who}");
        let changed = lists::update(&ctx, List::TicketCategories, id, en("Mine"), Basis::default()).await;
        // Requesters do not know of a row that the portal does not show.
        let expected =
            if who == "requester1" { AppError::NotFound } else { AppError::Forbidden("admin.templates".to_owned()) };
        assert_eq!(error(changed), expected, "{who}");
    }
    world.hire("local", ShippedRole::Supervisor, world.brasil).await;
    let local = world.ctx("local").await;
    assert_eq!(lists::page(&local, "locations", "").await.unwrap().entity.id, world.brasil);
    lists::create(&local, List::Locations, &entity, en("Floor 1"), "").await.unwrap();
    let above = lists::update(&local, List::TicketCategories, id, en("Mine"), Basis::default()).await;
    assert_eq!(forbidden(above), "admin.templates", "a row of the entity above is read only");
    let foreign = lists::create(&local, List::Locations, &world.root.to_string(), en("Mine"), "").await;
    assert_eq!(field(foreign, "entity"), Some(Code::UnknownReference));
    let other_list = lists::update(&world.ctx("admin").await, List::Locations, id, en("x"), Basis::default()).await;
    assert_eq!(error(other_list), AppError::NotFound, "a row of another list");
});

both_engines!(t_set_03_t_set_09_an_inactive_row_stays_readable_and_cannot_be_chosen, |world: World| async move {
    let id = create(&world, List::TicketCategories, world.root, en("Printer")).await.unwrap();
    let text = id.to_string();
    let number = world.ticket().with(|form| form.category = text.clone()).create().await;
    update(&world, List::TicketCategories, id, off()).await.unwrap();
    assert_eq!(world.row(number).await.category_id, Some(id));
    let shown = service::tickets::detail(&world.ctx("tech1").await, number).await.unwrap();
    assert!(serde_json::to_string(&shown).unwrap().contains("Printer"), "readable on the old ticket");
    let choices = service::tickets::for_new_ticket(&world.ctx("tech1").await, "", "").await.unwrap().choices;
    assert!(choices.ticket_categories.iter().all(|choice| choice.value != text), "not to be chosen");
    update(&world, List::TicketCategories, id, ListRowPatch { active: Some(true), ..ListRowPatch::default() })
        .await
        .unwrap();
    let choices = service::tickets::for_new_ticket(&world.ctx("tech1").await, "", "").await.unwrap().choices;
    assert!(choices.ticket_categories.iter().any(|choice| choice.value == text), "from the next request on");
});

both_engines!(t_set_07_what_a_setting_names_is_neither_put_away_nor_deleted, |world: World| async move {
    let id = create(&world, List::OccurrenceCategories, world.root, en("Portal entries")).await.unwrap();
    world.set(Key::PortalDefaultCategory, world.brasil, &id.to_string()).await;
    for answer in [
        update(&world, List::OccurrenceCategories, id, off()).await,
        remove(&world, List::OccurrenceCategories, id).await.map(drop),
        // Below, where it is named, it would be out of sight.
        update(
            &world,
            List::OccurrenceCategories,
            id,
            ListRowPatch { recursive: Some(false), ..ListRowPatch::default() },
        )
        .await,
    ] {
        let data = data(answer);
        assert_eq!(data["settings"][0]["key"], "portal.default_category", "{data}");
        assert_eq!(data["settings"][0]["entity"]["id"], serde_json::json!(world.brasil), "{data}");
    }
    let page = lists::row_page(&world.ctx("supervisor").await, "occurrence-categories", &id.to_string()).await.unwrap();
    assert!(page.used.is_set() && !page.used.rows);
    // A setting of an entity that the caller does not know is counted, not named.
    let foreign = world.entity("Rio", world.root).await;
    world.hire("local", ShippedRole::Supervisor, world.brasil).await;
    let own = create(&world, List::OccurrenceCategories, world.brasil, en("Of Brasil")).await.unwrap();
    world.set(Key::PortalDefaultCategory, foreign, &own.to_string()).await;
    let local = world.ctx("local").await;
    let told = data(lists::update(&local, List::OccurrenceCategories, own, off(), Basis::default()).await);
    assert_eq!((&told["settings"], &told["other_settings"]), (&serde_json::json!([]), &serde_json::json!(1)));
});

both_engines!(t_set_09_only_what_nothing_uses_is_deleted, |world: World| async move {
    let category = create(&world, List::TicketCategories, world.root, en("Used")).await.unwrap();
    world.ticket().with(|form| form.category = category.to_string()).create().await;
    assert_eq!(data(remove(&world, List::TicketCategories, category).await)["records"], true);
    let parent = create(&world, List::Locations, world.root, en("House")).await.unwrap();
    let child = create(&world, List::Locations, world.root, below(parent, "Floor")).await.unwrap();
    assert_eq!(data(remove(&world, List::Locations, parent).await)["rows"], true);
    let before = world.count("list_row").await;
    assert_eq!(remove(&world, List::Locations, child).await.unwrap(), world.root);
    remove(&world, List::Locations, parent).await.unwrap();
    assert_eq!(world.count("list_row").await, before - 2);
    assert_eq!(error(remove(&world, List::Locations, child).await), AppError::NotFound);
    world.assert_sound().await;
});

both_engines!(t_set_10_shipped_sources_that_arrive_by_themselves_stay_active, |world: World| async move {
    for code in ["portal", "email", "chat"] {
        let id: Uuid = world.coded(lists::SOURCES, code).await.parse().unwrap();
        let refused = update(&world, List::RequestSources, id, off()).await;
        assert_eq!(field(refused, "active"), Some(Code::NotAllowed), "{code}");
        assert_eq!(data(remove(&world, List::RequestSources, id).await)["shipped"], true, "{code}");
        // What they are called, and what they are for, may be said anew.
        update(&world, List::RequestSources, id, en(&format!("The {code}"))).await.unwrap();
    }
    let phone: Uuid = world.coded(lists::SOURCES, "phone").await.parse().unwrap();
    let only_tickets =
        ListRowPatch { flags: BTreeMap::from([(Flag::ForOccurrences, false)]), ..ListRowPatch::default() };
    update(&world, List::RequestSources, phone, only_tickets).await.unwrap();
    let choices = service::tickets::for_new_ticket(&world.ctx("tech1").await, "", "").await.unwrap().choices;
    let has = |of: &[domain::views::Choice]| of.iter().any(|choice| choice.value == phone.to_string());
    assert!(has(&choices.ticket_sources) && !has(&choices.occurrence_sources));
    update(&world, List::RequestSources, phone, off()).await.unwrap();
    assert!(!row(&world, List::RequestSources, phone).await.active);
});

both_engines!(t_set_11_a_tree_has_no_circle_and_at_most_eight_levels, |world: World| async move {
    let mut way = vec![create(&world, List::TicketCategories, world.root, en("1")).await.unwrap()];
    for level in 2..=8 {
        let above = *way.last().unwrap();
        way.push(create(&world, List::TicketCategories, world.root, below(above, &level.to_string())).await.unwrap());
    }
    let ninth = create(&world, List::TicketCategories, world.root, below(way[7], "9")).await;
    assert_eq!(field(ninth, "parent"), Some(Code::OutOfRange));
    let move_to = |parent: Uuid| ListRowPatch { parent: Patch::Set(parent.to_string()), ..ListRowPatch::default() };
    for parent in [way[1], way[5]] {
        let circle = update(&world, List::TicketCategories, way[1], move_to(parent)).await;
        assert_eq!(field(circle, "parent"), Some(Code::Invalid));
    }
    let page = lists::page(&world.ctx("supervisor").await, "ticket-categories", "").await.unwrap();
    let levels: Vec<u8> = page.rows.iter().map(|row| row.depth).collect();
    assert_eq!(levels, [0, 1, 2, 3, 4, 5, 6, 7]);
    let form = lists::row_page(&world.ctx("supervisor").await, "ticket-categories", &way[1].to_string()).await.unwrap();
    let offered: Vec<&str> = form.parents.iter().map(|choice| choice.name.as_str()).collect();
    assert_eq!(offered, ["1"], "never itself nor what stands below it");
    let top = ListRowPatch { parent: Patch::Clear, ..ListRowPatch::default() };
    update(&world, List::TicketCategories, way[1], top).await.unwrap();
    assert_eq!(row(&world, List::TicketCategories, way[1]).await.parent, None);
});

both_engines!(t_set_11_a_parent_is_seen_wherever_its_children_are, |world: World| async move {
    let local = ListRowPatch { recursive: Some(false), ..en("Only here") };
    let local = create(&world, List::Locations, world.root, local).await.unwrap();
    let wide = create(&world, List::Locations, world.root, below(local, "Everywhere")).await;
    assert_eq!(field(wide, "parent"), Some(Code::NotAllowed));
    let foreign = create(&world, List::Locations, world.brasil, below(local, "Floor")).await;
    assert_eq!(field(foreign, "parent"), Some(Code::UnknownReference));
    let house = create(&world, List::Locations, world.root, en("House")).await.unwrap();
    create(&world, List::Locations, world.brasil, below(house, "Floor")).await.unwrap();
    let narrowed = ListRowPatch { recursive: Some(false), ..ListRowPatch::default() };
    assert_eq!(data(update(&world, List::Locations, house, narrowed).await)["rows"], true);
    let category = create(&world, List::TicketCategories, world.root, en("Of another list")).await.unwrap();
    let other = create(&world, List::Locations, world.root, below(category, "Room")).await;
    assert_eq!(field(other, "parent"), Some(Code::UnknownReference));
});

both_engines!(t_set_11_a_category_leads_its_tickets_and_those_below_to_a_group, |world: World| async move {
    let group = ListRowPatch { group: Patch::Set(world.network.to_string()), ..en("Network") };
    let above = create(&world, List::TicketCategories, world.root, group).await.unwrap();
    let id = create(&world, List::TicketCategories, world.root, below(above, "VPN")).await.unwrap();
    let number = world.ticket().with(|form| form.category = id.to_string()).create().await;
    assert_eq!(world.row(number).await.routing_group_id, Some(world.network));
    let unknown = ListRowPatch { group: Patch::Set(Uuid::max().to_string()), ..en("Nowhere") };
    let refused = create(&world, List::TicketCategories, world.root, unknown).await;
    assert_eq!(field(refused, "routing_group"), Some(Code::UnknownReference));
});

both_engines!(t_pen_01_a_pending_reason_has_a_label_for_the_requester, |world: World| async move {
    let patch = ListRowPatch {
        labels: BTreeMap::from([(Lang::En, Patch::Set("Waiting for a part".to_owned()))]),
        ..en("Supplier")
    };
    let id = create(&world, List::PendingReasons, world.root, patch).await.unwrap();
    assert_eq!(row(&world, List::PendingReasons, id).await.label, "Waiting for a part");
    let none = ListRowPatch { labels: BTreeMap::from([(Lang::En, Patch::Clear)]), ..ListRowPatch::default() };
    update(&world, List::PendingReasons, id, none).await.unwrap();
    assert_eq!(row(&world, List::PendingReasons, id).await.label, "Waiting");
});

both_engines!(t_set_05_every_change_of_a_row_leaves_a_trace, |world: World| async move {
    let id = create(&world, List::Locations, world.root, en("Hall")).await.unwrap();
    update(&world, List::Locations, id, en("Lobby")).await.unwrap();
    remove(&world, List::Locations, id).await.unwrap();
    let rows = audit::Entity::find()
        .filter(audit::Column::Kind.eq("list_row_changed"))
        .order_by_asc(audit::Column::Id)
        .all(world.db().reader())
        .await
        .unwrap();
    let supervisor = world.person("supervisor").await.id;
    assert!(rows.iter().all(|row| row.user_id == Some(supervisor) && row.object == id.to_string()));
    assert!(rows.iter().all(|row| row.entity_id == Some(world.root)));
    let told: Vec<serde_json::Value> = rows.iter().map(|row| serde_json::from_str(&row.data).unwrap()).collect();
    let names: Vec<_> = told.iter().map(|data| (&data["old"]["names"]["en"], &data["new"]["names"]["en"])).collect();
    let (none, hall, lobby) = (serde_json::Value::Null, serde_json::json!("Hall"), serde_json::json!("Lobby"));
    assert_eq!(names, [(&none, &hall), (&hall, &lobby), (&lobby, &none)]);
});

both_engines!(t_gen_07_two_people_change_a_row, |world: World| async move {
    let id = create(&world, List::Locations, world.root, en("Hall")).await.unwrap();
    let admin = world.ctx("admin").await;
    let from_1 = Basis { version: Some(1), if_match: None };
    update(&world, List::Locations, id, en("Lobby")).await.unwrap();
    let conflicts = conflict(lists::update(&admin, List::Locations, id, en("Foyer"), from_1).await);
    assert_eq!((conflicts.len(), conflicts[0].field.as_str()), (1, "names.en"));
    let (foyer, lobby) = (serde_json::json!("Foyer"), serde_json::json!("Lobby"));
    assert_eq!((&conflicts[0].yours, &conflicts[0].theirs), (&foyer, &lobby));
    // Other fields go together; the form sends them all, and only what was changed counts.
    let other = ListRowPatch { active: Some(false), ..en("Hall") };
    lists::update(&admin, List::Locations, id, other, from_1).await.unwrap();
    let now = row(&world, List::Locations, id).await;
    assert_eq!((now.name.as_str(), now.active, now.version), ("Lobby", false, 3));
    let stale = Basis { version: None, if_match: Some(1) };
    let refused = lists::update(&admin, List::Locations, id, en("Foyer"), stale).await;
    assert_eq!(error(refused), AppError::PreconditionFailed(3));
    let gone = lists::remove(&admin, List::Locations, id, from_1).await;
    assert!(matches!(error(gone), AppError::Conflict { version: 3, .. }));
});

both_engines!(t_gen_08_the_same_row_is_made_once_under_one_key, |world: World| async move {
    let ctx = world.ctx("supervisor").await;
    let root = world.root.to_string();
    let first = lists::create(&ctx, List::Locations, &root, en("Hall"), "key 1").await.unwrap();
    let again = lists::create(&ctx, List::Locations, &root, en("Hall"), "key 1").await.unwrap();
    assert_eq!(first, again);
    let other = lists::create(&ctx, List::Locations, &root, en("Lobby"), "key 1").await;
    assert_eq!(refused(other), Code::IdempotencyMismatch);
});

both_engines!(t_set_09_rows_are_put_in_order, |world: World| async move {
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        ids.push(create(&world, List::Locations, world.root, en(name)).await.unwrap());
    }
    // Rows of former releases may share a position.
    world.run(&Sql::new("UPDATE list_row SET position = 5 WHERE list = 'locations'")).await;
    let names = async |world: &World| {
        let page = lists::page(&world.ctx("supervisor").await, "locations", "").await.unwrap();
        page.rows.into_iter().map(|row| row.name).collect::<String>()
    };
    let shift = async |world: &World, at: usize, up: bool| {
        let form = MoveListRow { list: "locations".to_owned(), id: ids[at].to_string(), up };
        lists::shift(&world.ctx("supervisor").await, &form).await.unwrap();
    };
    assert_eq!(names(&world).await, "ABC");
    shift(&world, 2, true).await;
    assert_eq!(names(&world).await, "ACB");
    shift(&world, 0, false).await;
    assert_eq!(names(&world).await, "CAB");
    shift(&world, 2, true).await;
    assert_eq!(names(&world).await, "CAB", "before the first there is no place");
});

both_engines!(t_set_09_the_form_of_the_page_saves_the_same, |world: World| async move {
    let ctx = world.ctx("supervisor").await;
    let form = SaveListRow {
        list: "ticket-categories".to_owned(),
        entity: world.brasil.to_string(),
        names: BTreeMap::from([("en".to_owned(), " Printer ".to_owned()), ("fr".to_owned(), String::new())]),
        recursive: true,
        active: true,
        for_request: true,
        ..SaveListRow::default()
    };
    let id = lists::save_form(&ctx, &form).await.unwrap();
    let made = row(&world, List::TicketCategories, id).await;
    assert_eq!((made.name.as_str(), made.for_incident, made.for_request), ("Printer", false, true));
    let form = SaveListRow { id: id.to_string(), version: 1, portal: true, ..form };
    lists::save_form(&ctx, &form).await.unwrap();
    assert!(row(&world, List::TicketCategories, id).await.portal);
    let unknown = lists::save_form(&ctx, &SaveListRow { list: "gossip".to_owned(), ..form }).await;
    assert_eq!(error(unknown), AppError::NotFound);
});
