//! Home of agents, and tickets on paper (T-LST-09).

use domain::error::AppError;
use domain::views::{Entry, HomeList, ListQuery, PrintView, TimelineQuery};
use service::{ServiceError, home, tickets};
use testing::{World, both_engines, error};

/// Tickets of every kind that Home counts.
async fn some_tickets(world: &World) {
    world.ticket().create().await;
    world.ticket().assignee("tech1").create().await;
    world.ticket().assigned_group(world.network).create().await;
    let number = world.ticket().assignee("tech1").create().await;
    world.occurrence("requester1", number, "", "Any news?").await;
    world.advance(1);
}

both_engines!(every_number_of_home_is_that_of_its_list, |world: World| async move {
    some_tickets(&world).await;
    for who in ["tech1", "tech2", "supervisor", "observer", "admin"] {
        let ctx = world.ctx(who).await;
        let view = home::view(&ctx).await.unwrap();
        assert_eq!(view.counts.len(), HomeList::ALL.len());
        for one in view.counts {
            let query = ListQuery { count: true, ..one.list.query(&view.today) };
            let page = tickets::list(&ctx, query).await.unwrap();
            assert_eq!(page.count, Some(one.count), "{who} {:?}", one.list);
        }
    }
    let view = home::view(&world.ctx("tech1").await).await.unwrap();
    let mine = view.counts.iter().find(|one| one.list == HomeList::Mine).unwrap();
    assert_eq!((mine.count.value, view.next.items.len(), view.drafts), (2, 2, 0));
    assert_eq!((view.tasks.value, view.late_tasks.value, view.approvals.map(|one| one.value)), (0, 0, Some(0)));
    assert_eq!(error(home::view(&world.ctx("requester1").await).await), AppError::NotFound);
});

both_engines!(home_asks_as_often_for_many_tickets_as_for_few, |world: World| async move {
    let (heard, statements) = world.heard();
    let ctx = heard.ctx("tech1").await;
    some_tickets(&world).await;
    let (few, asked) = statements.during(home::view(&ctx)).await;
    few.unwrap();
    for _round in 0..5 {
        some_tickets(&world).await;
    }
    let (many, asked_again) = statements.during(home::view(&ctx)).await;
    many.unwrap();
    assert!(!asked.is_empty());
    assert_eq!(asked.len(), asked_again.len());
});

async fn printed(world: &World, who: &str, number: i64, private: bool) -> Result<PrintView, ServiceError> {
    tickets::print(&world.ctx(who).await, number, TimelineQuery::default(), private).await
}

/// The texts of the occurrences on a paper.
fn texts(print: &PrintView) -> Vec<String> {
    let text = |entry: &Entry| if let Entry::Occurrence(entry) = entry { Some(entry.body_text.clone()) } else { None };
    print.timeline.entries.iter().filter_map(text).collect()
}

both_engines!(t_lst_09_a_print_is_public_unless_somebody_asks_for_more, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.occurrence("tech1", number, "public", "Cable replaced.").await;
    world.occurrence("tech1", number, "private", "Behind the rack.").await;
    let public = printed(&world, "tech1", number, false).await.unwrap();
    assert_eq!(texts(&public), ["Cable replaced."]);
    assert!(!public.ticket.agent && public.ticket.worked.is_none() && public.ticket.source.is_none());
    let whole = printed(&world, "tech1", number, true).await.unwrap();
    assert_eq!(texts(&whole).len(), 2);
    assert!(whole.ticket.agent);
    for private in [false, true] {
        assert_eq!(error(printed(&world, "requester1", number, private).await), AppError::NotFound);
        assert_eq!(error(printed(&world, "tech1", 987_654, private).await), AppError::NotFound);
    }
    let narrow = TimelineQuery { find: "rack".to_owned(), ..TimelineQuery::default() };
    let ctx = world.ctx("tech1").await;
    assert_eq!(texts(&tickets::print(&ctx, number, narrow.clone(), true).await.unwrap()), ["Behind the rack."]);
    assert!(texts(&tickets::print(&ctx, number, narrow, false).await.unwrap()).is_empty());
});

both_engines!(t_lst_09_a_long_timeline_is_printed_whole, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    for _entry in 0..205 {
        world.occurrence("tech1", number, "private", "Still at it.").await;
        world.advance(1);
    }
    let whole = printed(&world, "tech1", number, true).await.unwrap();
    assert_eq!((texts(&whole).len(), whole.timeline.next_cursor), (205, None));
});
