//! The demo desk: what a visitor finds there.

use domain::views::TimelineQuery;
use entity::app_user;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use service::actor::Actor;
use service::chat::{self, ChatQuery};
use service::demo;
use service::history::{self, HistoryQuery};
use service::{Ctx, Services, requests};
use testing::{both_engines, disabled};

/// A ticket of Lucía Fernández, assigned to Marina Costa, where the chat is switched on.
const TALKED_ABOUT: i64 = 34;
/// One of Ana Souza, where it is not.
const OTHER: i64 = 1;

async fn ctx(services: &Services, who: &str) -> Ctx {
    let address = format!("{who}@demo.guichet.test");
    let found = app_user::Entity::find().filter(app_user::Column::EmailKey.eq(address));
    let user = found.one(services.db.reader()).await.unwrap().expect("the desk has this person");
    Ctx::new(services.clone(), Actor::load(services.db.reader(), user, String::new()).await.unwrap())
}

both_engines!(t_his_02_the_demo_desk_has_a_chat_in_which_both_sides_spoke, |services: Services| async move {
    let summary = demo::load_desk(&services, 1).await.unwrap();
    assert_eq!(summary.tickets, 60);
    let (lucia, marina) = (ctx(&services, "requester6").await, ctx(&services, "tech2").await);
    for reader in [&lucia, &marina] {
        let said = chat::list(reader, TALKED_ABOUT, ChatQuery::default()).await.unwrap().items;
        let sides: Vec<&str> = said.iter().map(|line| line.side.as_str()).collect();
        assert_eq!(sides, ["requester", "service", "requester", "service", "requester", "service"]);
        assert!(said.iter().all(|line| !line.unread), "both have read it");
    }
    let tab = HistoryQuery { chat: true, ..HistoryQuery::default() };
    assert_eq!(history::list(&marina, TALKED_ABOUT, tab).await.unwrap().items.len(), 6);
    let own = HistoryQuery { chat: true, own: true, ..HistoryQuery::default() };
    assert_eq!(history::list(&lucia, TALKED_ABOUT, own).await.unwrap().items.len(), 6);
    let told = history::list(&marina, TALKED_ABOUT, HistoryQuery::default()).await.unwrap().items;
    let kinds: Vec<&str> =
        told.iter().map(|row| row.event.kind.as_str()).filter(|kind| kind.starts_with("chat")).collect();
    assert_eq!(kinds, ["chat_ended", "chat_started"]);
    let request = requests::detail(&lucia, TALKED_ABOUT, TimelineQuery::default()).await.unwrap();
    assert_eq!(request.chat, Some(0), "nothing of it waits");
    assert!(chat::panel(&marina, "").await.unwrap().mine.is_empty(), "it is over");
    assert_eq!(disabled(chat::list(&marina, OTHER, ChatQuery::default()).await), "chat.enabled", "off at first");
});
