//! Signing in, sessions, the first set-up, passwords (A-AUT-03).

use domain::error::{AppError, Code};
use domain::forms::{ChangePassword, SaveProfile, SetUp, SignIn};
use domain::settings::Key;
use entity::{login_attempt, session};
use sea_orm::EntityTrait;
use service::ctx::new_id;
use service::{Ctx, account, tokens};
use testing::{PASSWORD, World, both_engines, error, field, refused};

const ADDRESS: &str = "192.0.2.1";

fn form(name: &str, password: &str) -> SignIn {
    SignIn { email: format!("{name}@example.org"), password: password.to_owned(), ..SignIn::default() }
}

async fn failures(world: &World, name: &str, address: &str, count: usize) {
    let row = || login_attempt::Model {
        id: new_id(),
        account_key: format!("{name}@example.org"),
        address: address.to_owned(),
        success: false,
        at: world.now(),
    };
    let rows: Vec<login_attempt::ActiveModel> = (0..count).map(|_| login_attempt::ActiveModel::from(row())).collect();
    login_attempt::Entity::insert_many(rows).exec_without_returning(world.db().writer()).await.unwrap();
}

/// A session that needed no password, for tests of what happens to it.
async fn session_for(world: &World, name: &str, secret: &str) {
    let row = session::Model {
        token_hash: account::secret_hash(secret),
        user_id: world.person(name).await.id,
        created_at: world.now(),
        last_seen_at: world.now(),
        expires_at: world.now() + 168 * 3_600,
        address: String::new(),
        agent: String::new(),
    };
    let row = session::ActiveModel::from(row);
    session::Entity::insert(row).exec_without_returning(world.db().writer()).await.unwrap();
}

async fn is_open(world: &World, secret: &str) -> bool {
    account::session_of(&world.services, secret, "").await.unwrap().is_some()
}

both_engines!(a_aut_03_the_right_password_opens_a_session_until_sign_out, |world: World| async move {
    world.let_in("tech1").await;
    let signed_in = account::sign_in(&world.services, form("TECH1", PASSWORD), ADDRESS, "browser").await.unwrap();
    let user = account::session_of(&world.services, &signed_in.cookie_token, ADDRESS).await.unwrap().unwrap();
    assert_eq!((user.id, user.name.as_str()), (signed_in.user_id, "tech1"));
    let actor = account::load_actor(&world.services, &signed_in.cookie_token).await.unwrap().unwrap();
    assert!(actor.is_agent());
    assert_eq!(world.count("session").await, 1);
    assert!(!is_open(&world, "").await && !is_open(&world, "guess").await);
    account::sign_out(&world.services, &signed_in.cookie_token).await.unwrap();
    assert!(!is_open(&world, &signed_in.cookie_token).await);
});

both_engines!(a_aut_03_unknown_disabled_and_wrong_get_one_answer, |world: World| async move {
    world.let_in("tech1").await;
    world.let_in("tech2").await;
    world.disable("tech2").await;
    for (name, password) in
        [("tech1", "wrong password 1"), ("nobody", PASSWORD), ("tech2", PASSWORD), ("observer", PASSWORD)]
    {
        let answer = account::sign_in(&world.services, form(name, password), ADDRESS, "").await;
        assert_eq!(error(answer), AppError::InvalidCredentials, "{name}");
    }
    let empty = account::sign_in(&world.services, SignIn::default(), ADDRESS, "").await;
    assert_eq!(field(empty, "email"), Some(Code::Required));
    assert_eq!(world.count("session").await, 0);
});

both_engines!(a_aut_03_too_many_failures_of_an_account_block_its_address_only, |world: World| async move {
    world.let_in("tech1").await;
    failures(&world, "tech1", ADDRESS, 11).await;
    let answer = error(account::sign_in(&world.services, form("tech1", PASSWORD), ADDRESS, "").await);
    assert_eq!(answer, AppError::TooMany { retry_s: 900 });
    account::sign_in(&world.services, form("tech1", PASSWORD), "192.0.2.2", "").await.unwrap();
    world.advance(900);
    account::sign_in(&world.services, form("tech1", PASSWORD), ADDRESS, "").await.unwrap();
});

both_engines!(a_aut_03_a_strained_address_stays_open_for_accounts_known_there, |world: World| async move {
    world.let_in("tech1").await;
    account::sign_in(&world.services, form("tech1", PASSWORD), ADDRESS, "").await.unwrap();
    failures(&world, "nobody", ADDRESS, 101).await;
    account::sign_in(&world.services, form("tech1", PASSWORD), ADDRESS, "").await.unwrap();
    let unknown = error(account::sign_in(&world.services, form("tech2", PASSWORD), ADDRESS, "").await);
    assert!(matches!(unknown, AppError::TooMany { .. }), "{unknown:?}");
});

both_engines!(a_session_ends_by_idleness, |world: World| async move {
    world.set(Key::SessionIdleMinutes, world.root, "10").await;
    session_for(&world, "tech1", "secret").await;
    for _request in 0..3 {
        world.advance(9 * 60);
        assert!(is_open(&world, "secret").await, "each request counts");
    }
    world.advance(11 * 60);
    assert!(!is_open(&world, "secret").await);
});

both_engines!(a_session_ends_by_age, |world: World| async move {
    session_for(&world, "tech1", "secret").await;
    for _day in 0..21 {
        world.advance(7 * 3_600);
        assert!(is_open(&world, "secret").await);
    }
    world.advance(7 * 3_600);
    assert!(is_open(&world, "secret").await);
    world.advance(14 * 3_600);
    assert!(!is_open(&world, "secret").await);
    account::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(world.count("session").await, 1, "whose it was is known for a day");
    world.advance(24 * 3_600);
    account::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(world.count("session").await, 0);
});

both_engines!(t_set_03_what_stands_around_a_page_comes_with_the_session, |world: World| async move {
    for name in ["tech1", "requester1"] {
        session_for(&world, name, name).await;
    }
    let visit = async |name: &str| account::visit(&world.services, name).await.unwrap().unwrap();
    let seen = visit("tech1").await;
    assert_eq!((seen.actor.user.name.as_str(), seen.help.as_str(), seen.chats), ("tech1", "", false));
    assert_eq!(seen.actor.organisation(), "Acme");
    world.set(Key::HelpContactUrl, world.root, "https://help.example/").await;
    world.set(Key::ChatEnabled, world.brasil, "true").await;
    let seen = visit("tech1").await;
    assert_eq!((seen.help.as_str(), seen.chats), ("https://help.example/", true), "from the next request on");
    let seen = visit("requester1").await;
    assert_eq!((seen.help.as_str(), seen.chats), ("https://help.example/", false), "the panel is the agents'");
    world.set(Key::HelpContactUrl, world.brasil, "tel:+551112345678").await;
    world.set(Key::ChatEnabled, world.brasil, "false").await;
    world.set(Key::ChatEnabled, world.root, "true").await;
    let seen = visit("tech1").await;
    assert_eq!((seen.help.as_str(), seen.chats), ("tel:+551112345678", true), "he is an agent at the root too");

    // Session, account, groups, roles, entities, and one question for all settings.
    let (heard, statements) = world.heard();
    let (seen, asked) = statements.during(account::visit(&heard.services, "tech1")).await;
    assert!(seen.unwrap().is_some());
    let asked: Vec<&str> = asked.iter().map(|statement| statement.sql.as_str()).collect();
    assert_eq!(asked.len(), 6, "{asked:#?}");
});

both_engines!(t_rol_01_disabling_ends_sessions_at_once, |world: World| async move {
    session_for(&world, "tech1", "secret").await;
    assert!(is_open(&world, "secret").await);
    world.disable("tech1").await;
    assert!(!is_open(&world, "secret").await);
});

both_engines!(a_changed_password_ends_other_sessions_and_tokens, |world: World| async move {
    world.let_in("tech1").await;
    session_for(&world, "tech1", "mine").await;
    session_for(&world, "tech1", "other").await;
    session_for(&world, "tech2", "somebody").await;
    let token = tokens::create_for(&world.services, "tech1@example.org", "ci", "full", None).await.unwrap().token;
    let actor = account::load_actor(&world.services, "mine").await.unwrap().unwrap();
    let ctx = Ctx::new(world.services.clone(), actor);
    let change =
        |current: &str, new: &str| ChangePassword { current_password: current.into(), new_password: new.into() };
    let new = "mossy violet 29 anchor";
    assert_eq!(field(account::change_password(&ctx, change("", new)).await, "current_password"), Some(Code::Required));
    assert_eq!(
        field(account::change_password(&ctx, change(PASSWORD, "tech1tech1tech1")).await, "new_password"),
        Some(Code::WeakPassword)
    );
    assert_eq!(
        field(account::change_password(&ctx, change("wrong password 1", new)).await, "current_password"),
        Some(Code::WrongPassword)
    );
    account::change_password(&ctx, change(PASSWORD, new)).await.unwrap();
    assert!(is_open(&world, "mine").await && is_open(&world, "somebody").await);
    assert!(!is_open(&world, "other").await);
    assert!(tokens::authenticate(&world.services, &token).await.unwrap().is_none());
    account::sign_in(&world.services, form("tech1", new), ADDRESS, "").await.unwrap();
});

both_engines!(a_profile_is_saved_field_by_field, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let form = SaveProfile { language: "pt-BR".into(), theme: "dark".into(), ..SaveProfile::default() };
    assert_eq!(account::save(&tech1, form).await.unwrap(), 2);
    let user = world.person("tech1").await;
    assert_eq!((user.language.as_str(), user.theme.as_str(), user.density.as_str()), ("pt-BR", "dark", "compact"));
    let wrong = SaveProfile { language: "de".into(), ..SaveProfile::default() };
    assert_eq!(field(account::save(&tech1, wrong).await, "language"), Some(Code::Invalid));
});

both_engines!(a_new_password_by_the_command_line_ends_sessions_and_tokens, |world: World| async move {
    session_for(&world, "tech1", "elsewhere").await;
    session_for(&world, "tech2", "not his").await;
    let token = tokens::create_for(&world.services, "tech1@example.org", "ci", "full", None).await.unwrap().token;
    let weak = account::ensure_user(&world.services, "tech1@example.org", None, None, "password1234").await;
    assert_eq!(field(weak, "password"), Some(Code::WeakPassword));
    assert!(is_open(&world, "elsewhere").await, "what is refused changes nothing");
    let version = world.person("tech1").await.version;
    let changed =
        account::ensure_user(&world.services, "TECH1@example.org", None, None, "quartz lantern 83 mossy").await;
    assert!(!changed.unwrap(), "he was known");
    assert!(!is_open(&world, "elsewhere").await && is_open(&world, "not his").await);
    assert!(tokens::authenticate(&world.services, &token).await.unwrap().is_none());
    assert_eq!(world.person("tech1").await.version, version + 1);
    account::sign_in(&world.services, form("tech1", "quartz lantern 83 mossy"), ADDRESS, "").await.unwrap();
});

both_engines!(a_set_up_happens_once_and_with_the_printed_token, |services: Services| async move {
    assert!(account::set_up_needed(&services).await.unwrap());
    let old = account::set_up_token(&services).await.unwrap().unwrap();
    let token = account::set_up_token(&services).await.unwrap().unwrap();
    let form = |token: &str| SetUp {
        token: token.to_owned(),
        organisation: "Fictional Ltd".into(),
        language: "pt-BR".into(),
        time_zone: "America/Sao_Paulo".into(),
        name: "Ana Souza".into(),
        email: "ana@example.org".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(refused(account::set_up(&services, form("guess")).await), Code::SetupClosed);
    assert_eq!(refused(account::set_up(&services, form(&old)).await), Code::SetupClosed, "the newest token counts");
    let weak = SetUp { password: "password1234".into(), ..form(&token) };
    assert_eq!(field(account::set_up(&services, weak).await, "password"), Some(Code::WeakPassword));
    let signed_in = account::set_up(&services, form(&token)).await.unwrap();
    let actor = account::load_actor(&services, &signed_in.cookie_token).await.unwrap().unwrap();
    assert!(actor.has(actor.user.entity_id, domain::policy::Capability::AdminUsers));
    assert_eq!(actor.entity_name(actor.user.entity_id), "Fictional Ltd");
    assert_eq!(refused(account::set_up(&services, form(&token)).await), Code::SetupClosed);
    assert!(!account::set_up_needed(&services).await.unwrap());
    assert_eq!(account::set_up_token(&services).await.unwrap(), None);
});
