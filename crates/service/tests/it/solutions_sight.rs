//! Who answered a solution, as each side may know him (P-HID-01).

use domain::forms::AddSolution;
use domain::occurrence::BodyFormat;
use service::solutions;
use testing::{Sql, both_engines};

both_engines!(p_hid_01_an_answerer_without_a_name_is_no_address_to_others, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let form = AddSolution {
        ticket: number,
        body: "The cable was loose.".to_owned(),
        format: BodyFormat::Text,
        ..AddSolution::default()
    };
    let id = solutions::add(&world.ctx("tech1").await, form).await.unwrap();
    let mut sql = Sql::new("UPDATE solution SET state = 'refused', answered_name = ");
    sql.bind("zoe@elsewhere.example").push_bind(", answered_at = registered_at WHERE id = ", id);
    world.run(&sql).await;
    for (who, name) in [("tech1", "zoe@elsewhere.example"), ("requester1", "zoe")] {
        let view = solutions::get(&world.ctx(who).await, id).await.unwrap();
        assert_eq!(view.answered_by.map(|by| by.name).as_deref(), Some(name), "{who}");
    }
});
