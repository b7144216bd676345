//! What others read takes no place among the articles a reader is offered (T-KNO-02, T-KNO-05).

use domain::occurrence::BodyFormat;
use service::knowledge::{self, AUDIENCE, BODY, NewArticle, STATUS, TITLE};
use testing::{World, both_engines};
use uuid::Uuid;

/// More than a suggestion looks at.
const MANY: usize = 101;

/// A published public article of an entity alone.
async fn publish(world: &World, entity: Uuid, title: &str) {
    let given = [(TITLE, title), (BODY, "Words."), (AUDIENCE, "public"), (STATUS, "published")];
    let form = NewArticle {
        values: given.into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
        format: BodyFormat::Text,
        entity: entity.to_string(),
        ..NewArticle::default()
    };
    knowledge::create(&world.ctx("supervisor").await, form).await.unwrap();
}

both_engines!(t_kno_05_newer_articles_of_elsewhere_do_not_hide_older_ones_of_here, |world: World| async move {
    let iberia = world.entity("Iberia", world.root).await;
    publish(&world, world.brasil, "VPN of Brasil").await;
    world.advance(60);
    for n in 0..MANY {
        publish(&world, iberia, &format!("VPN of Iberia {n}")).await;
    }
    // The supervisor reads both, and asks for a place in one of them.
    let supervisor = world.ctx("supervisor").await;
    let told = knowledge::suggest(&supervisor, "the vpn drops", &world.brasil.to_string()).await.unwrap();
    let titles: Vec<&str> = told.iter().map(|hint| hint.title.as_str()).collect();
    assert_eq!(titles, ["VPN of Brasil"]);
    let number = world.ticket().create().await;
    let tab = knowledge::of_ticket(&supervisor, number, "vpn", "").await.unwrap();
    let titles: Vec<&str> = tab.found.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["VPN of Brasil"]);
});
