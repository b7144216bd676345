//! What a refused form held is there for the browser it came from, and for nobody else (T-DRF-03).

use entity::session;
use sea_orm::EntityTrait;
use service::account::{self, secret_hash};
use service::refused_forms::{self, Fields, Holder, LIFE, Place};
use service::sql::Sql;
use testing::{World, both_engines};
use uuid::Uuid;

const PAGE: &str = "/tickets/1/tasks/2";
const FORM: &str = "/fn/pause_task";
const KEY: &str = "the key of a browser";

const fn at(holder: &Holder) -> Place<'_> {
    Place { holder, page: PAGE, form: FORM }
}

fn typed(text: &str) -> Fields {
    vec![("form[text]".to_owned(), text.to_owned())]
}

async fn person(world: &World, name: &str) -> Holder {
    Holder::Person(world.person(name).await.id)
}

/// A link that opens something until `expires_at`.
async fn link(world: &World, token: &str, expires_at: i64) -> Holder {
    let ticket = world.ticket().create().await;
    let ticket: Option<Uuid> = {
        let mut sql = Sql::new("SELECT id FROM ticket WHERE number = ");
        sql.bind(ticket);
        sql.scalar(world.db().reader()).await.unwrap()
    };
    let ticket = ticket.unwrap();
    let mut sql = Sql::new(
        "INSERT INTO signed_link (token_hash, kind, object_id, ticket_id, address_key, name, expires_at) VALUES (",
    );
    sql.bind(secret_hash(token))
        .push_bind(", ", "solution")
        .push_bind(", ", ticket)
        .push_bind(", ", ticket)
        .push_bind(", ", "a@example.org")
        .push_bind(", ", "A")
        .push_bind(", ", expires_at)
        .push(")");
    sql.run(world.db().writer()).await.unwrap();
    Holder::Link(token.to_owned())
}

both_engines!(t_drf_03_a_refused_form_is_kept_for_its_holder_and_his_browser_alone, |world: World| async move {
    let (services, mine) = (&world.services, person(&world, "tech1").await);
    assert!(refused_forms::keep(services, &at(&mine), KEY, &typed("first")).await.unwrap());
    assert!(refused_forms::keep(services, &at(&mine), KEY, &typed("second")).await.unwrap());
    assert_eq!(world.count("refused_form").await, 1, "the later takes the place of the former");
    assert_eq!(refused_forms::find(services, &at(&mine), KEY).await.unwrap(), Some(typed("second")));
    assert_eq!(refused_forms::find(services, &at(&mine), "another key").await.unwrap(), None);
    for name in ["tech2", "admin", "requester1"] {
        let theirs = person(&world, name).await;
        assert_eq!(refused_forms::find(services, &at(&theirs), KEY).await.unwrap(), None, "{name}");
        refused_forms::remove(services, &at(&theirs), KEY).await.unwrap();
    }
    let elsewhere = Place { page: "/tickets/1/tasks/3", ..at(&mine) };
    assert_eq!(refused_forms::find(services, &elsewhere, KEY).await.unwrap(), None);
    let other_form = Place { form: "/fn/move_task", ..at(&mine) };
    assert_eq!(refused_forms::find(services, &other_form, KEY).await.unwrap(), None);
    refused_forms::remove(services, &at(&mine), "another key").await.unwrap();
    assert_eq!(world.count("refused_form").await, 1, "only its own browser takes it away");
    refused_forms::remove(services, &at(&mine), KEY).await.unwrap();
    assert_eq!(world.count("refused_form").await, 0);
});

both_engines!(t_drf_03_a_link_keeps_a_form_only_while_it_opens_something, |world: World| async move {
    let services = &world.services;
    let open = link(&world, "open", world.now() + 60).await;
    let over = link(&world, "over", world.now()).await;
    let guessed = Holder::Link("guessed".to_owned());
    assert!(refused_forms::keep(services, &at(&open), KEY, &typed("kept")).await.unwrap());
    for nobody in [&over, &guessed] {
        assert!(!refused_forms::keep(services, &at(nobody), KEY, &typed("flood")).await.unwrap());
    }
    assert_eq!(world.count("refused_form").await, 1);
    assert_eq!(refused_forms::find(services, &at(&open), KEY).await.unwrap(), Some(typed("kept")));
    assert_eq!(refused_forms::find(services, &at(&over), KEY).await.unwrap(), None);
});

both_engines!(t_drf_06_a_refused_form_is_gone_after_a_day, |world: World| async move {
    let (services, mine) = (&world.services, person(&world, "tech1").await);
    refused_forms::keep(services, &at(&mine), KEY, &typed("old")).await.unwrap();
    world.advance(LIFE - 1);
    refused_forms::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(refused_forms::find(services, &at(&mine), KEY).await.unwrap(), Some(typed("old")));
    world.advance(1);
    assert_eq!(refused_forms::find(services, &at(&mine), KEY).await.unwrap(), None, "also before it is swept");
    refused_forms::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(world.count("refused_form").await, 0);
});

both_engines!(t_drf_03_what_is_larger_than_any_draft_is_not_kept, |world: World| async move {
    let (services, mine) = (&world.services, person(&world, "tech1").await);
    let large = typed(&"x".repeat(2 * 1024 * 1024));
    assert!(!refused_forms::keep(services, &at(&mine), KEY, &large).await.unwrap());
    assert_eq!(world.count("refused_form").await, 0);
});

/// A session that is open for an hour.
async fn begin_session(world: &World, name: &str, secret: &str) {
    let row = session::Model {
        token_hash: secret_hash(secret),
        user_id: world.person(name).await.id,
        created_at: world.now(),
        last_seen_at: world.now(),
        expires_at: world.now() + 3_600,
        address: String::new(),
        agent: String::new(),
    };
    let row = session::ActiveModel::from(row);
    session::Entity::insert(row).exec_without_returning(world.db().writer()).await.unwrap();
}

both_engines!(t_drf_03_a_form_that_came_too_late_is_kept_for_whose_session_it_was, |world: World| async move {
    let (services, mine) = (&world.services, person(&world, "tech1").await);
    begin_session(&world, "tech1", "secret").await;
    let open = refused_forms::keep_late(services, "secret", PAGE, FORM, &typed("open")).await.unwrap();
    assert_eq!(open, None, "a session that opens is not late");
    world.advance(3_600);
    refused_forms::keep_late(services, "secret", "/tickets/9", FORM, &typed("first")).await.unwrap().unwrap();
    let second = [typed("second"), vec![("form[new_password]".to_owned(), "never".to_owned())]].concat();
    let kept = refused_forms::keep_late(services, "secret", PAGE, FORM, &second).await.unwrap();
    let (whose, key) = kept.unwrap();
    assert_eq!(Holder::Person(whose), mine);
    assert_eq!(world.count("refused_form").await, 1, "one for each session");
    assert_eq!(refused_forms::find_late(services, &at(&mine), &key).await.unwrap(), Some(typed("second")), "no secret");
    assert_eq!(refused_forms::find_late(services, &at(&mine), "another key").await.unwrap(), None);
    assert_eq!(refused_forms::find(services, &at(&mine), &key).await.unwrap(), None, "it was not refused to him");
    for name in ["tech2", "admin", "requester1"] {
        let theirs = person(&world, name).await;
        assert_eq!(refused_forms::find_late(services, &at(&theirs), &key).await.unwrap(), None, "{name}");
        refused_forms::remove_late(services, &at(&theirs), &key).await.unwrap();
    }
    let elsewhere = Place { page: "/tickets/9", ..at(&mine) };
    assert_eq!(refused_forms::find_late(services, &elsewhere, &key).await.unwrap(), None);
    refused_forms::remove_late(services, &at(&mine), "another key").await.unwrap();
    assert_eq!(world.count("refused_form").await, 1);
    refused_forms::remove_late(services, &at(&mine), &key).await.unwrap();
    assert_eq!(world.count("refused_form").await, 0);
});

both_engines!(t_drf_03_who_is_not_known_to_have_been_somebody_keeps_nothing, |world: World| async move {
    let services = &world.services;
    let kept = async |secret: &str| {
        let kept = refused_forms::keep_late(services, secret, PAGE, FORM, &typed("flood")).await.unwrap();
        kept.map(|(whose, _key)| whose)
    };
    for (name, secret) in [("tech1", "old"), ("tech2", "out"), ("requester1", "left")] {
        begin_session(&world, name, secret).await;
    }
    account::sign_out(services, "out").await.unwrap();
    world.disable("requester1").await;
    world.advance(3_600);
    assert_eq!(kept("old").await, Some(world.person("tech1").await.id));
    for nobody in ["", "guessed", "out", "left"] {
        assert_eq!(kept(nobody).await, None, "{nobody}");
    }
    let large = typed(&"x".repeat(2 * 1024 * 1024));
    assert_eq!(refused_forms::keep_late(services, "old", PAGE, FORM, &large).await.unwrap(), None);
    world.advance(86_400);
    assert_eq!(kept("old").await, None, "a day later it is nobody's");
    assert_eq!(world.count("refused_form").await, 1);
});

both_engines!(t_drf_03_a_session_that_was_ended_from_elsewhere_is_known_for_a_day, |world: World| async move {
    let (services, tech1) = (&world.services, world.person("tech1").await.id);
    begin_session(&world, "tech1", "elsewhere").await;
    begin_session(&world, "tech2", "of another").await;
    account::end_other_sessions(&world.ctx("tech1").await).await.unwrap();
    assert!(account::session_of(services, "elsewhere", "").await.unwrap().is_none(), "it opens nothing");
    assert!(account::session_of(services, "of another", "").await.unwrap().is_some());
    assert_eq!(account::who_was(services, "elsewhere").await.unwrap(), Some(tech1));
    assert_eq!(account::who_was(services, "of another").await.unwrap(), None);
    world.advance(86_399);
    account::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(account::who_was(services, "elsewhere").await.unwrap(), Some(tech1));
    world.advance(1);
    assert_eq!(account::who_was(services, "elsewhere").await.unwrap(), None, "also before it is swept");
});
