//! Customers: duplicates, search, list, rights, history, files that are taken in (C-CUS, C-IMP, C-RGT).

use domain::customer::{Contact, CustomerStatus};
use domain::error::{AppError, Code};
use domain::forms::{CustomerPatch, ImportCustomers, Patch, TicketPatch};
use domain::policy::{Capability, ShippedRole};
use domain::views::{CustomerQuery, CustomerSection, ListQuery, ReportQuery};
use service::ctx::new_id;
use service::customers::{self, Basis, Purpose, Saved};
use service::history::{self, HistoryQuery};
use service::{ServiceError, tickets};
use testing::{Sql, World, both_engines, conflict, error, field, forbidden, refused, upload};
use uuid::Uuid;

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

fn named(name: &str) -> CustomerPatch {
    CustomerPatch { name: set(name), ..CustomerPatch::default() }
}

/// A customer of the root, which sub-entities reach.
async fn add(world: &World, name: &str) -> Uuid {
    let patch = CustomerPatch { entity: set(&world.root.to_string()), ..named(name) };
    create(world, patch).await.unwrap().id
}

async fn create(world: &World, patch: CustomerPatch) -> Result<Saved, ServiceError> {
    customers::create(&world.ctx("supervisor").await, patch, "").await
}

async fn found(world: &World, who: &str, words: &str) -> Vec<String> {
    let query = CustomerQuery { q: words.to_owned(), ..CustomerQuery::default() };
    let page = customers::list(&world.ctx(who).await, &query).await.unwrap();
    page.items.into_iter().map(|row| row.customer.name).collect()
}

both_engines!(c_cus_01_a_document_number_is_one_customers_and_a_name_is_a_warning, |world: World| async move {
    let first = CustomerPatch { document_id: set("12.345.678/0001-90"), ..named("Acme Ltda") };
    let first = create(&world, first).await.unwrap();
    assert!(first.similar.is_empty());
    let again = CustomerPatch { document_id: set("12345678 000190"), ..named("Other") };
    match error(create(&world, again).await) {
        AppError::Invalid(wrong) => {
            assert_eq!(wrong.of("document_id"), Some(Code::Duplicate));
            let told = wrong.0.iter().find_map(|one| one.data.clone()).unwrap().to_string();
            assert!(told.contains(&first.id.to_string()), "{told}");
        }
        other => panic!("{other:?}"),
    }
    let second = create(&world, named("ACME ltda")).await.unwrap();
    assert_eq!(second.similar, [first.id]);
    // Elsewhere the same number is another matter.
    let rio = world.entity("Rio", world.root).await;
    let elsewhere =
        CustomerPatch { entity: set(&rio.to_string()), document_id: set("12345678000190"), ..named("Rio Acme") };
    create(&world, elsewhere).await.unwrap();
});

both_engines!(c_cus_fields_are_checked_all_at_once, |world: World| async move {
    let contact = |name: &str, email: &str| Contact { name: name.into(), email: email.into(), ..Contact::default() };
    let wrong = CustomerPatch {
        legal_name: set(&"x".repeat(251)),
        document_id: set(&"1".repeat(33)),
        segment: set("0195a1f0-0000-7000-8000-000000000000"),
        responsible: set("0195a1f0-0000-7000-8000-000000000000"),
        status: set("gone"),
        contacts: Some(vec![contact("Ana", ""), contact("Rui", "no address")]),
        ..CustomerPatch::default()
    };
    let AppError::Invalid(errors) = error(create(&world, wrong).await) else { panic!("must be refused") };
    for (name, code) in [
        ("name", Code::Required),
        ("legal_name", Code::TooLong),
        ("document_id", Code::TooLong),
        ("segment", Code::UnknownReference),
        ("responsible", Code::UnknownReference),
        ("status", Code::Invalid),
        ("contacts[1].email", Code::Invalid),
    ] {
        assert_eq!(errors.of(name), Some(code), "{name}");
    }
    // Nobody is responsible who sees no customers.
    let requester = world.person("requester1").await.id.to_string();
    let patch = CustomerPatch { responsible: set(&requester), ..named("Acme") };
    assert_eq!(field(create(&world, patch).await, "responsible"), Some(Code::UnknownReference));
});

both_engines!(c_cus_03_words_are_found_folded_in_names_contacts_and_numbers, |world: World| async move {
    let ana = Contact { name: "Ana Conceição".into(), email: "ana@padaria.example".into(), ..Contact::default() };
    let padaria = CustomerPatch {
        legal_name: set("Padaria São João Comércio"),
        document_id: set("98.765.432/0001-10"),
        contacts: Some(vec![ana]),
        ..named("São João")
    };
    create(&world, padaria).await.unwrap();
    create(&world, named("Sao")).await.unwrap();
    create(&world, named("Mercado Sao Paulo")).await.unwrap();
    for words in ["joao", "SAO JOAO", "comerc", "conceicao", "ana@padaria.example", "987", "98.765"] {
        assert!(found(&world, "tech1", words).await.contains(&"São João".to_owned()), "{words}");
    }
    assert!(found(&world, "tech1", "joao paulo").await.is_empty(), "all words must be there");
    assert_eq!(found(&world, "tech1", "sao").await, ["Sao", "São João", "Mercado Sao Paulo"]);
    // Pickers leave inactive ones out, the list does so unless it is asked for them.
    let gone = add(&world, "Sao Gone").await;
    let inactive = CustomerPatch { status: set("inactive"), ..CustomerPatch::default() };
    customers::update(&world.ctx("supervisor").await, gone, inactive, Basis::default()).await.unwrap();
    let ctx = world.ctx("tech1").await;
    for purpose in [Purpose::Register, Purpose::Filter] {
        let is_filter = matches!(purpose, Purpose::Filter);
        let picked = customers::pick(&ctx, "sao gone", purpose).await.unwrap();
        assert_eq!(picked.len(), usize::from(is_filter), "C-CUS-05");
    }
    assert!(found(&world, "tech1", "sao gone").await.is_empty());
});

both_engines!(c_cus_02_the_list_is_read_by_cursor_in_every_order, |world: World| async move {
    let mut names = Vec::new();
    for n in 0..7 {
        names.push(format!("Customer {n}"));
        add(&world, &format!("Customer {n}")).await;
        world.advance(1);
    }
    let ctx = world.ctx("observer").await;
    for (sort, is_reversed) in
        [("", false), ("name", false), ("-name", true), ("updated_at", false), ("-updated_at", true)]
    {
        let mut query = CustomerQuery { sort: sort.into(), limit: 3, count: true, ..CustomerQuery::default() };
        let mut seen = Vec::new();
        loop {
            let page = customers::list(&ctx, &query).await.unwrap();
            assert_eq!(page.count.map(|count| (count.value, count.exact)), Some((7, true)));
            seen.extend(page.items.into_iter().map(|row| row.customer.name));
            match page.next_cursor {
                Some(cursor) => query.cursor = cursor,
                None => break,
            }
        }
        let mut expected = names.clone();
        if is_reversed {
            expected.reverse();
        }
        assert_eq!(seen, expected, "{sort}");
    }
    let wrong = CustomerQuery { sort: "colour".into(), status: "gone".into(), ..CustomerQuery::default() };
    let AppError::Invalid(errors) = error(customers::list(&ctx, &wrong).await) else { panic!("must be refused") };
    assert_eq!((errors.of("sort"), errors.of("status")), (Some(Code::Invalid), Some(Code::Invalid)));
});

both_engines!(c_rgt_01_an_entity_reaches_its_own_and_the_recursive_ones_above, |world: World| async move {
    let rio = world.entity("Rio", world.brasil).await;
    world.hire("local", ShippedRole::Technician, rio).await;
    let above = add(&world, "From above").await;
    let hidden =
        CustomerPatch { entity: set(&world.root.to_string()), recursive: Some(false), ..named("Of the root alone") };
    let hidden = create(&world, hidden).await.unwrap().id;
    let own = CustomerPatch { entity: set(&rio.to_string()), ..named("Of Rio") };
    let own = create(&world, own).await.unwrap().id;
    let local = world.ctx("local").await;
    assert_eq!(found(&world, "local", "").await, ["From above", "Of Rio"]);
    assert_eq!(error(customers::get(&local, hidden).await), AppError::NotFound);
    let renamed = || named("Renamed");
    assert_eq!(error(customers::update(&local, hidden, renamed(), Basis::default()).await), AppError::NotFound);
    // What belongs above is written above.
    assert_eq!(forbidden(customers::update(&local, above, renamed(), Basis::default()).await), "customer.edit");
    let view = customers::get(&local, above).await.unwrap();
    assert_eq!((view.may_edit, view.may_register), (false, true));
    customers::update(&local, own, renamed(), Basis::default()).await.unwrap();
});

both_engines!(c_rgt_who_sees_no_customers_meets_none_anywhere, |world: World| async move {
    let id = add(&world, "Acme").await;
    world.hire_with("clerk", &[Capability::TicketViewOwn, Capability::CustomerEdit]).await;
    for who in ["requester1", "clerk"] {
        let ctx = world.ctx(who).await;
        let is_hidden = |error: AppError| assert_eq!(error, AppError::NotFound, "{who}");
        is_hidden(error(customers::get(&ctx, id).await));
        is_hidden(error(customers::list(&ctx, &CustomerQuery::default()).await));
        is_hidden(error(customers::pick(&ctx, "acme", Purpose::Register).await));
        is_hidden(error(customers::create(&ctx, named("Mine"), "").await));
        is_hidden(error(customers::form(&ctx, "").await));
        is_hidden(error(customers::update(&ctx, id, named("Mine"), Basis::default()).await));
        is_hidden(error(customers::remove(&ctx, id, Basis::default()).await));
        is_hidden(error(customers::history(&ctx, id, "").await));
        let page = customers::page(&ctx, &id.to_string(), CustomerSection::Contacts, ReportQuery::default()).await;
        is_hidden(error(page));
    }
    let observer = world.ctx("observer").await;
    assert_eq!(forbidden(customers::create(&observer, named("Mine"), "").await), "customer.edit");
    assert_eq!(forbidden(customers::update(&observer, id, named("Mine"), Basis::default()).await), "customer.edit");
});

both_engines!(c_rgt_a_tickets_customer_is_kept_from_those_who_see_none_there, |world: World| async move {
    let id = add(&world, "Zebra").await.to_string();
    let number = world.ticket().create().await;
    let patch = |customer| TicketPatch { customer, ..TicketPatch::default() };
    tickets::update(&world.ctx("supervisor").await, number, patch(set(&id))).await.unwrap();
    // He sees customers in Rio, and every ticket.
    let clerk = world.hire_with("clerk", &[Capability::TicketViewAll, Capability::TicketUpdate]).await;
    let rio = world.entity("Rio", world.root).await;
    let mut sql = Sql::new("INSERT INTO assignment (id, user_id, entity_id, role_id, recursive) SELECT ");
    sql.bind(new_id()).push_bind(", ", clerk).push_bind(", ", rio);
    world.run(sql.push(", id, TRUE FROM role WHERE key = 'technician'")).await;
    assert_eq!(found(&world, "clerk", "").await, ["Zebra"]);
    let (ctx, supervisor) = (world.ctx("clerk").await, world.ctx("supervisor").await);
    for (name, value) in [("customer", id.as_str()), ("not.customer", id.as_str()), ("not.customer", "none")] {
        let query = || ListQuery { more: vec![(name.to_owned(), value.to_owned())], ..ListQuery::default() };
        assert!(tickets::list(&ctx, query()).await.unwrap().items.is_empty(), "{name} {value}");
        let is_shown = value == "none" || name == "customer";
        assert_eq!(tickets::list(&supervisor, query()).await.unwrap().items.len(), usize::from(is_shown));
    }
    for (reader, knows) in [(&supervisor, true), (&ctx, false)] {
        let page = history::list(reader, number, HistoryQuery::default()).await.unwrap();
        assert_eq!(format!("{page:?}").contains("Zebra"), knows);
    }
    // His page, and the number in the list, name no ticket of a place where the reader sees no customers.
    for (reader, seen) in [(&supervisor, 1), (&ctx, 0)] {
        let page = customers::page(reader, &id, CustomerSection::Tickets, ReportQuery::default()).await.unwrap();
        assert_eq!(page.tickets.unwrap().items.len(), seen);
        let rows = customers::list(reader, &CustomerQuery::default()).await.unwrap().items;
        assert_eq!(usize::try_from(rows[0].open_tickets).unwrap(), seen);
    }
    assert_eq!(field(tickets::update(&ctx, number, patch(Patch::Clear)).await, "customer"), Some(Code::NotAllowed));
    let guess = tickets::update(&ctx, number, patch(set(&id))).await;
    assert_eq!(field(guess, "customer"), Some(Code::UnknownReference));
});

both_engines!(c_cus_04_every_change_has_its_row_in_the_history, |world: World| async move {
    let id = add(&world, "Acme").await;
    let ctx = world.ctx("tech1").await;
    world.advance(60);
    let patch = CustomerPatch { status: set("blocked"), legal_name: set("Acme SA"), ..CustomerPatch::default() };
    customers::update(&ctx, id, patch, Basis::default()).await.unwrap();
    // Nothing changed: nothing happened.
    customers::update(&ctx, id, named("Acme"), Basis::default()).await.unwrap();
    let page = customers::history(&ctx, id, "").await.unwrap();
    let kinds: Vec<&str> = page.items.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["customer_changed", "customer_created"]);
    let changes: Vec<(&str, &str, &str)> =
        page.items[0].changes.iter().map(|c| (c.field.as_str(), c.old.as_str(), c.new.as_str())).collect();
    assert_eq!(changes, [("legal_name", "", "Acme SA"), ("status", "active", "blocked")]);
    assert_eq!(page.items[0].by.name, "tech1");
    assert_eq!(customers::get(&ctx, id).await.unwrap().status, CustomerStatus::Blocked);
});

both_engines!(t_gen_07_different_fields_merge_and_the_same_field_conflicts, |world: World| async move {
    let id = add(&world, "Acme").await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let from = |version: i32| Basis { version: Some(version), if_match: None };
    let legal = CustomerPatch { legal_name: set("Acme SA"), ..CustomerPatch::default() };
    customers::update(&tech1, id, legal, from(1)).await.unwrap();
    let status = CustomerPatch { status: set("blocked"), ..CustomerPatch::default() };
    customers::update(&tech2, id, status, from(1)).await.unwrap();
    let view = customers::get(&tech1, id).await.unwrap();
    assert_eq!((view.legal_name.as_deref(), view.status, view.version), (Some("Acme SA"), CustomerStatus::Blocked, 3));
    let other = CustomerPatch { legal_name: set("Acme AG"), ..CustomerPatch::default() };
    let conflicts = conflict(customers::update(&tech2, id, other, from(1)).await);
    let told: Vec<(&str, &serde_json::Value)> = conflicts.iter().map(|c| (c.field.as_str(), &c.theirs)).collect();
    assert_eq!(told, [("legal_name", &serde_json::json!("Acme SA"))]);
});

both_engines!(c_cus_06_07_what_is_used_is_neither_deleted_nor_torn_away, |world: World| async move {
    let id = add(&world, "Acme").await;
    let free = add(&world, "Free").await;
    let ctx = world.ctx("supervisor").await;
    let number = world.ticket().create().await;
    let patch = TicketPatch { customer: set(&id.to_string()), ..TicketPatch::default() };
    tickets::update(&ctx, number, patch).await.unwrap();
    let ticket = tickets::detail(&ctx, number).await.unwrap();
    assert_eq!(ticket.customer.map(|one| one.name), Some("Acme".to_owned()));
    assert!(tickets::detail(&world.ctx("requester1").await, number).await.unwrap().customer.is_none());
    assert_eq!(refused(customers::remove(&ctx, id, Basis::default()).await), Code::InUse);
    customers::remove(&ctx, free, Basis::default()).await.unwrap();
    assert_eq!(error(customers::get(&ctx, free).await), AppError::NotFound);
    // The ticket stands in Brasil, which would no longer reach the customer.
    let moved = CustomerPatch { recursive: Some(false), ..CustomerPatch::default() };
    match error(customers::update(&ctx, id, moved, Basis::default()).await) {
        AppError::Refused { code: Code::InUse, data: Some(data) } => {
            assert!(data.to_string().contains(&number.to_string()), "{data}");
        }
        other => panic!("{other:?}"),
    }
    let section =
        customers::page(&ctx, &id.to_string(), CustomerSection::Tickets, ReportQuery::default()).await.unwrap();
    assert_eq!(section.tickets.unwrap().items[0].number, number);
});

both_engines!(a_idm_01_a_customer_is_made_once_under_a_key, |world: World| async move {
    let ctx = world.ctx("tech1").await;
    let first = customers::create(&ctx, named("Acme"), "k1").await.unwrap();
    assert_eq!(customers::create(&ctx, named("Acme"), "k1").await.unwrap(), first);
    assert_eq!(refused(customers::create(&ctx, named("Other"), "k1").await), Code::IdempotencyMismatch);
    assert_eq!(world.count("customer").await, 1);
});

const FILE: &str = "\u{feff}Name;document_id;status;contact_name;contact_email\r\n\
    Acme Ltda;12345;active;Ana;ana@acme.example\r\n\
    \"Nova; Ltda\";67890;;;\r\n\
    ;1;active;;\r\n\
    Old;;sideways;;\r\n";

both_engines!(c_imp_a_file_is_looked_at_and_then_taken_in_whole, |world: World| async move {
    let ctx = world.ctx("tech1").await;
    let known = CustomerPatch { document_id: set("12.345"), ..named("Acme") };
    let known = customers::create(&ctx, known, "").await.unwrap().id;
    let file = upload(&ctx, "customers.csv", FILE.as_bytes()).await.unwrap().id.to_string();
    let preview = customers::preview(&ctx, &file, "", false).await.unwrap();
    assert_eq!((preview.created, preview.updated, preview.unchanged, preview.wrong), (1, 1, 0, 2));
    let wrong: Vec<(u32, &str, Code)> =
        preview.errors.iter().map(|row| (row.line, row.column.as_str(), row.code)).collect();
    assert_eq!(wrong, [(4, "name", Code::Required), (5, "status", Code::Invalid)]);
    assert_eq!(world.count("customer").await, 1, "nothing is saved by looking");
    let form = |only_right_rows: bool| ImportCustomers {
        preview: preview.id.clone(),
        only_right_rows,
        key: "k".into(),
        ..ImportCustomers::default()
    };
    assert_eq!(field(customers::import(&ctx, &form(false)).await, "only_right_rows"), Some(Code::Required));
    let done = customers::import(&ctx, &form(true)).await.unwrap();
    assert_eq!((done.created, done.updated, done.skipped), (1, 1, 2));
    // Once more with the same key: nothing twice.
    assert_eq!(customers::import(&ctx, &form(true)).await.unwrap(), done);
    assert_eq!(world.count("customer").await, 2);
    let view = customers::get(&ctx, known).await.unwrap();
    assert_eq!((view.name.as_str(), view.contacts[0].email.as_str()), ("Acme Ltda", "ana@acme.example"));
    assert_eq!(found(&world, "tech1", "nova ltda").await, ["Nova; Ltda"]);
});

both_engines!(c_imp_03_many_rows_are_made_and_changed_in_few_statements, |world: World| async move {
    let ctx = world.ctx("tech1").await;
    let file = |legal: &str| -> String {
        let rows = (0..450).map(|n| format!("Customer {n},{n},{legal} {n}\n"));
        ["name,document_id,legal_name\n".to_owned()].into_iter().chain(rows).collect()
    };
    for (legal, created, updated) in [("First", 450, 0), ("Second", 0, 450)] {
        let upload = upload(&ctx, "many.csv", file(legal).as_bytes()).await.unwrap().id.to_string();
        let preview = customers::preview(&ctx, &upload, "", false).await.unwrap();
        assert_eq!(customers::preview_again(&ctx, &preview.id).await.unwrap(), preview);
        let form = ImportCustomers { preview: preview.id, key: legal.to_owned(), ..ImportCustomers::default() };
        let done = customers::import(&ctx, &form).await.unwrap();
        assert_eq!((done.created, done.updated, done.skipped), (created, updated, 0));
        world.advance(60);
    }
    assert_eq!(world.count("customer").await, 450);
    assert_eq!(found(&world, "tech1", "second 449").await, ["Customer 449"]);
    assert!(found(&world, "tech1", "first").await.is_empty(), "former words are gone");
    let query = CustomerQuery { q: "second 7".into(), ..CustomerQuery::default() };
    let page = customers::list(&ctx, &query).await.unwrap();
    let row = page.items.iter().map(|row| &row.customer).find(|one| one.name == "Customer 7").unwrap();
    assert_eq!((row.version, row.legal_name.as_deref()), (2, Some("Second 7")));
    let told = customers::history(&ctx, row.id, "").await.unwrap();
    assert_eq!(told.items.len(), 2);
    assert_eq!((told.items[0].changes[0].old.as_str(), told.items[0].changes[0].new.as_str()), ("First 7", "Second 7"));
});

both_engines!(c_imp_03_a_preview_is_bound_to_the_state_of_the_data, |world: World| async move {
    let ctx = world.ctx("tech1").await;
    let id = customers::create(&ctx, named("Acme"), "").await.unwrap().id;
    let file = upload(&ctx, "c.csv", b"name,legal_name,colour\nAcme,Acme SA,red\n").await.unwrap().id.to_string();
    let strict = customers::preview(&ctx, &file, "", false).await.unwrap();
    assert_eq!(strict.unknown_columns, ["colour"]);
    let form = ImportCustomers { preview: strict.id, ..ImportCustomers::default() };
    assert_eq!(field(customers::import(&ctx, &form).await, "upload"), Some(Code::UnknownField));
    let preview = customers::preview(&ctx, &file, "", true).await.unwrap();
    let changed = CustomerPatch { status: set("leaving"), ..CustomerPatch::default() };
    customers::update(&ctx, id, changed, Basis::default()).await.unwrap();
    let form = ImportCustomers { preview: preview.id, ..ImportCustomers::default() };
    conflict(customers::import(&ctx, &form).await);
    assert_eq!(error(customers::import(&world.ctx("tech2").await, &form).await), AppError::NotFound, "somebody else's");
    // Two rows for one customer are both wrong.
    let twice = upload(&ctx, "t.csv", b"name\nAcme\nACME\n").await.unwrap().id.to_string();
    let preview = customers::preview(&ctx, &twice, "", false).await.unwrap();
    assert_eq!((preview.wrong, preview.errors[0].code), (2, Code::Duplicate));
    // So are two that give one number to two customers.
    customers::create(&ctx, named("Other"), "").await.unwrap();
    let file = b"name,document_id\nAcme,77\nOther,7-7\nThird,77\nFourth,78\n";
    let numbers = upload(&ctx, "n.csv", file).await.unwrap().id.to_string();
    let preview = customers::preview(&ctx, &numbers, "", false).await.unwrap();
    let wrong: Vec<(u32, &str)> = preview.errors.iter().map(|row| (row.line, row.column.as_str())).collect();
    assert_eq!(wrong, [(2, "document_id"), (3, "document_id"), (4, "document_id")]);
    let form = ImportCustomers { preview: preview.id, only_right_rows: true, ..ImportCustomers::default() };
    assert_eq!(customers::import(&ctx, &form).await.unwrap().created, 1);
});

both_engines!(c_imp_01_unknown_columns_are_left_out_after_a_tick_beside_the_preview, |world: World| async move {
    let ctx = world.ctx("tech1").await;
    let file = upload(&ctx, "c.csv", b"name,colour\nAcme,red\n").await.unwrap().id.to_string();
    let preview = customers::preview(&ctx, &file, "", false).await.unwrap();
    assert!(preview.must_ignore && preview.left_out == 0);
    let form = |ignore_unknown: bool| ImportCustomers {
        preview: preview.id.clone(),
        ignore_unknown,
        ..ImportCustomers::default()
    };
    assert_eq!(field(customers::import(&ctx, &form(false)).await, "upload"), Some(Code::UnknownField));
    assert_eq!(customers::import(&ctx, &form(true)).await.unwrap().created, 1);
    // Of very many wrong cells the first are told, and how many more there are.
    let rows: String = (0..250).map(|n| format!("Customer {n},sideways\n")).collect();
    let file = upload(&ctx, "w.csv", format!("name,status\n{rows}").as_bytes()).await.unwrap().id.to_string();
    let preview = customers::preview(&ctx, &file, "", false).await.unwrap();
    assert_eq!((preview.wrong, preview.errors.len(), preview.left_out, preview.must_ignore), (250, 200, 50, false));
});
