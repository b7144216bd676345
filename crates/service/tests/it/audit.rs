//! The audit log as its page and its file show it (`admin.audit`).

use std::collections::BTreeMap;

use domain::error::Code;
use domain::forms::{ListRowPatch, Patch};
use domain::lang::Lang;
use domain::lists::List;
use domain::policy::ShippedRole;
use domain::settings::Key;
use domain::views::{AuditFilter, AuditLine};
use service::access::{self, AuditQuery};
use service::ctx::new_id;
use service::settings::NewSettings;
use service::{Ctx, ServiceError, lists, settings};
use testing::{Sql, World, both_engines, forbidden, refused};
use uuid::Uuid;

/// Every row of a file, in order.
async fn exported(ctx: &Ctx, filter: AuditFilter) -> Result<Vec<AuditLine>, ServiceError> {
    let mut export = access::audit_export(ctx, filter).await?;
    let mut out = Vec::new();
    while let Some(rows) = export.next().await? {
        out.extend(rows);
    }
    Ok(out)
}

async fn set(world: &World, entity: Uuid, key: &str, value: &str) {
    let values = BTreeMap::from([(key.to_owned(), Some(value.to_owned()))]);
    let new = NewSettings { values, ..NewSettings::default() };
    settings::save(&world.ctx("admin").await, &entity.to_string(), new).await.unwrap();
    world.advance(1);
}

/// So many rows of a kind of the root entity.
async fn add_rows(world: &World, number: usize) {
    let mut sql = Sql::new("INSERT INTO audit (id, at, user_id, entity_id, kind, object, data) VALUES ");
    for at in 0..number {
        sql.push(if at > 0 { ", (" } else { "(" }).bind(new_id()).push_bind(", ", world.now());
        sql.push(", NULL").push_bind(", ", world.root).push(", 'setting_changed', 'reopen_days', '{}')");
    }
    world.run(&sql).await;
}

both_engines!(t_set_05_the_page_tells_objects_and_people_by_their_names, |world: World| async move {
    set(&world, world.root, "ticket.default_group", &world.network.to_string()).await;
    let names = BTreeMap::from([(Lang::En, Patch::Set("Floor 1".to_owned()))]);
    let patch = ListRowPatch { names, ..ListRowPatch::default() };
    let root = world.root.to_string();
    lists::create(&world.ctx("supervisor").await, List::Locations, &root, patch, "").await.unwrap();
    let auditor = world.ctx("observer").await;
    let page = access::audit_page(&auditor, &AuditFilter::default()).await.unwrap();
    let told: Vec<(&str, &str)> = page.page.items.iter().map(|line| (line.kind.as_str(), line.name.as_str())).collect();
    assert_eq!(told, [("list_row_changed", "Floor 1"), ("setting_changed", "")]);
    let setting = page.page.items.last().unwrap();
    assert_eq!((setting.object.as_str(), setting.facts.len()), ("ticket.default_group", 1));
    assert_eq!((setting.facts[0].field.as_str(), setting.facts[0].new.as_str()), ("ticket.default_group", "Network"));
    assert_eq!(setting.person.as_ref().map(|who| who.name.as_str()), Some("admin"));
    assert_eq!(setting.entity.as_ref().map(|entity| entity.name.as_str()), Some("Acme"));
    for who in ["requester1", "tech1", "supervisor"] {
        let ctx = world.ctx(who).await;
        let shown = access::audit_page(&ctx, &AuditFilter::default()).await;
        assert_eq!(forbidden(shown), "admin.audit", "{who}");
        assert_eq!(forbidden(exported(&ctx, AuditFilter::default()).await), "admin.audit", "{who}");
    }
});

both_engines!(the_audit_log_is_filtered_by_person_kind_and_day, |world: World| async move {
    set(&world, world.root, "reopen_days", "9").await;
    let admin = world.person("admin").await.id.to_string();
    let tech = world.person("tech1").await.id.to_string();
    let auditor = world.ctx("observer").await;
    for (person, kind, from, rows) in [
        ("", "", "", 1),
        ("ADM", "", "", 1),
        ("nobody at all", "", "", 0),
        (admin.as_str(), "", "", 1),
        (tech.as_str(), "", "", 0),
        ("", "role_changed,setting_changed", "", 1),
        ("", "role_changed", "", 0),
        ("", "_exported", "", 0),
        ("", "", "2000-01-01", 1),
        ("", "", "2999-01-01", 0),
    ] {
        let filter = AuditFilter {
            person: person.to_owned(),
            kind: kind.to_owned(),
            from: from.to_owned(),
            ..AuditFilter::default()
        };
        let page = access::audit_page(&auditor, &filter).await.unwrap();
        assert_eq!(page.page.items.len(), rows, "{filter:?}");
        assert_eq!(page.person == "admin", person == admin, "{filter:?}");
    }
    let wrong = AuditFilter { from: "soon".to_owned(), to: "later".to_owned(), ..AuditFilter::default() };
    let page = access::audit_page(&auditor, &wrong).await.unwrap();
    assert_eq!((page.errors.of("from"), page.errors.of("to")), (Some(Code::Invalid), Some(Code::Invalid)));
    assert!(page.page.items.is_empty());
});

both_engines!(rows_of_entities_out_of_reach_stay_out_of_sight, |world: World| async move {
    set(&world, world.root, "reopen_days", "9").await;
    set(&world, world.brasil, "reopen_days", "3").await;
    world.hire("local", ShippedRole::Observer, world.brasil).await;
    // An export is a row itself: of the entity of whoever makes it.
    let (observer, local) = (world.ctx("observer").await, world.ctx("local").await);
    for (rows, who) in [(2, &observer), (1, &local)] {
        assert_eq!(access::audit_page(who, &AuditFilter::default()).await.unwrap().page.items.len(), rows);
        assert_eq!(access::audit_rows(who, AuditQuery::default()).await.unwrap().items.len(), rows);
        assert_eq!(exported(who, AuditFilter::default()).await.unwrap().len(), rows);
    }
});

both_engines!(the_log_is_read_page_by_page_and_taken_along_whole, |world: World| async move {
    add_rows(&world, 620).await;
    world.advance(1);
    let auditor = world.ctx("observer").await;
    let mut filter = AuditFilter::default();
    let mut shown = Vec::new();
    loop {
        let page = access::audit_page(&auditor, &filter).await.unwrap().page;
        assert_eq!(page.count.map(|count| count.value), Some(620));
        shown.extend(page.items);
        let Some(next) = page.next_cursor else { break };
        filter.cursor = next;
    }
    let rows = exported(&auditor, AuditFilter::default()).await.unwrap();
    assert_eq!((shown.len(), rows.len()), (620, 620), "the file does not tell of itself");
    assert_eq!(shown, rows);
    world.advance(1);
    let again =
        exported(&auditor, AuditFilter { kind: "_exported".to_owned(), ..AuditFilter::default() }).await.unwrap();
    assert_eq!(again.iter().map(|line| line.kind.as_str()).collect::<Vec<_>>(), ["audit_exported"]);
    assert!(again[0].facts.iter().any(|fact| fact.field == "rows" && fact.new == "620"), "{:?}", again[0].facts);
    world.set(Key::ListsExportMaxRows, world.root, "1000").await;
    add_rows(&world, 400).await;
    assert_eq!(refused(exported(&auditor, AuditFilter::default()).await), Code::TooManyRows);
});
