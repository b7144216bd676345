//! Tokens of the API (A-AUT-01, A-AUT-02).

use domain::error::{AppError, Code};
use service::Ctx;
use service::tokens::{self, Scope};
use testing::{PASSWORD, World, both_engines, error, field};

async fn token(world: &World, name: &str, scope: &str, days: Option<i64>) -> tokens::CreatedToken {
    tokens::create_for(&world.services, &format!("{name}@example.org"), "ci", scope, days).await.unwrap()
}

async fn opens(world: &World, bearer: &str) -> bool {
    tokens::authenticate(&world.services, bearer).await.unwrap().is_some()
}

both_engines!(a_aut_02_a_token_acts_as_its_user_with_the_rights_of_this_moment, |world: World| async move {
    let created = token(&world, "tech1", "read", None).await;
    let (actor, scope) = tokens::authenticate(&world.services, &created.token).await.unwrap().unwrap();
    assert_eq!((actor.user.name.as_str(), scope), ("tech1", Scope::Read));
    let secret = created.token.trim_start_matches("guichet_");
    assert_eq!(world.count(&format!("api_token WHERE token_hash LIKE '%{secret}%'")).await, 0, "only its hash");
    for wrong in ["", "guichet_", "guichet_guess", secret] {
        assert!(!opens(&world, wrong).await, "{wrong}");
    }
    world.disable("tech1").await;
    assert!(!opens(&world, &created.token).await);
});

both_engines!(a_aut_01_a_token_ends_on_its_day, |world: World| async move {
    let short = token(&world, "tech1", "", Some(1)).await;
    world.advance(86_399);
    assert!(opens(&world, &short.token).await);
    world.advance(1);
    assert!(!opens(&world, &short.token).await);
});

both_engines!(a_aut_03_a_token_is_made_for_address_and_password, |world: World| async move {
    world.let_in("tech1").await;
    let make = |password: &'static str, scope: &'static str| {
        tokens::create(&world.services, "tech1@example.org", password, "ci", scope, Some(30), "192.0.2.1")
    };
    assert_eq!(error(make("wrong password 1", "full").await), AppError::InvalidCredentials);
    assert_eq!(field(make(PASSWORD, "write").await, "scope"), Some(Code::Invalid));
    let created = make(PASSWORD, "").await.unwrap();
    assert_eq!(created.scope, Scope::Full);
    assert!(opens(&world, &created.token).await);
    let nobody = tokens::create_for(&world.services, "nobody@example.org", "ci", "", None).await;
    assert_eq!(field(nobody, "email"), Some(Code::UnknownReference));
});

both_engines!(a_tokens_are_listed_and_revoked_by_their_user, |world: World| async move {
    let created = token(&world, "tech1", "", None).await;
    let other = token(&world, "tech1", "", None).await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    assert_eq!(tokens::list(&tech1).await.unwrap().len(), 2);
    assert!(tokens::list(&tech2).await.unwrap().is_empty());
    assert_eq!(error(tokens::revoke(&tech2, &created.id.to_string()).await), AppError::NotFound);
    assert_eq!(error(tokens::revoke(&tech1, "no id").await), AppError::NotFound);
    tokens::revoke(&tech1, &created.id.to_string()).await.unwrap();
    assert!(!opens(&world, &created.token).await && opens(&world, &other.token).await);
    let (actor, _scope) = tokens::authenticate(&world.services, &other.token).await.unwrap().unwrap();
    tokens::revoke_current(&Ctx::new(world.services.clone(), actor)).await.unwrap();
    assert!(!opens(&world, &other.token).await);
});
