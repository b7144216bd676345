//! Real processes: two servers on one PostgreSQL with one mail server, and what is left when one of them is killed.
//!
//! `GUICHET_TEST_KILLS` says how often (10; `make kills` 200). The points of the kills are the same in every run: after so many
//! answers, and half of them while a mail arrives.

mod client;
mod house;
mod load;
mod stream;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;
use testing::{Behaviour, Received, Sink, Stage};
use uuid::Uuid;

use self::house::{House, Instance};
use self::load::{Front, Written};
use self::stream::Stream;

/// Kills of an ordinary run.
const KILLS: usize = 10;
/// Who write side by side.
const WRITERS: usize = 3;
/// How long anything may take that has to come.
const PATIENCE: Duration = Duration::from_secs(30);

fn kills() -> usize {
    std::env::var("GUICHET_TEST_KILLS").map_or(KILLS, |text| text.parse().expect("GUICHET_TEST_KILLS is a number"))
}

/// Numbers that look like chance and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn set<T: Ord + Copy>(all: &[T]) -> BTreeSet<T> {
    all.iter().copied().collect()
}

/// How often each mail came, by its `Message-ID`.
fn copies(mails: &[Received]) -> BTreeMap<String, usize> {
    let mut copies = BTreeMap::new();
    for mail in mails {
        *copies.entry(mail.header("Message-ID").expect("every mail has an id")).or_insert(0) += 1;
    }
    copies
}

/// Waits until each of these mails has come.
async fn all_arrive(sink: &Sink, wanted: &BTreeSet<String>) {
    let mut count = 0;
    loop {
        let mails = sink.wait(count).await;
        let known = copies(&mails);
        if wanted.iter().all(|id| known.contains_key(id)) {
            return;
        }
        count = mails.len() + 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_evt_03_chat_and_news_cross_two_instances_and_each_mail_leaves_once() {
    let Some(house) = House::open().await else { return };
    let (one, two) = (house.start().await, house.start().await);
    let (tech, ana) = (house.token("tech1").await, house.token("requester1").await);
    let number = house.world.ticket().assignee("tech1").create().await;
    let chat = format!("/tickets/{number}/chat");
    let everything = "?kinds=chat,occurrence";
    let mut tech_on_one = Stream::open(one.address, &tech, everything, "").await.unwrap();
    let mut ana_on_two = Stream::open(two.address, &ana, everything, "").await.unwrap();

    // A line that is said on one instance is heard and read on the other, and the other way round.
    let said = client::post(one.address, &chat, &tech, "c1", &json!({ "text": "Hello from one." })).await.unwrap();
    ana_on_two.hear("chat", &said).await;
    let said = client::post(two.address, &chat, &ana, "c2", &json!({ "text": "Hello from two." })).await.unwrap();
    tech_on_one.hear("chat", &said).await;
    for (instance, token) in [(&one, &ana), (&two, &tech)] {
        let page = client::get(instance.address, &chat, token).await.unwrap();
        let texts: Vec<&str> =
            page["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["Hello from one.", "Hello from two."]);
    }

    // Twenty letters, written on both in turn: everybody hears of each, and each leaves once.
    for (n, instance) in [&one, &two].into_iter().cycle().take(20).enumerate() {
        let number = house.world.ticket().title(&format!("Ticket {n}")).create().await;
        let letter = load::letter(&format!("Letter {n}."));
        let path = format!("/tickets/{number}/occurrences");
        let added = client::post(instance.address, &path, &tech, &format!("l{n}"), &letter).await.unwrap();
        ana_on_two.hear("occurrence", &added).await;
        tech_on_one.hear("occurrence", &added).await;
    }
    house.sink.wait(20).await;
    drop((tech_on_one, ana_on_two));
    tokio::join!(one.stop(), two.stop());
    assert_eq!(house.letters("sent").await.len(), 20, "who was asked to stop has recorded what it sent");
    let copies = copies(&house.sink.mails());
    assert!(copies.len() == 20 && copies.values().all(|count| *count == 1), "{copies:?}");
    house.world.assert_sound().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m_dlv_07_a_mail_that_was_taken_when_its_instance_died_comes_again_with_its_id() {
    let Some(house) = House::open().await else { return };
    let mut one = house.start().await;
    let tech = house.token("tech1").await;
    // Taken and never answered.
    house.sink.behave(Behaviour::Hang(Stage::Dot));
    let number = house.world.ticket().create().await;
    let path = format!("/tickets/{number}/occurrences");
    client::post(one.address, &path, &tech, "l1", &load::letter("Twice at most.")).await.unwrap();
    house.sink.wait(1).await;
    one.kill();
    house.sink.behave(Behaviour::Accept);
    // Nobody else is there who could have leased it.
    house.end_leases().await;
    let two = house.start().await;
    let mails = house.sink.wait(2).await;
    two.stop().await;
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
    assert_eq!((house.sink.mails().len(), house.letters("sent").await.len()), (2, 1));
    house.world.assert_sound().await;
    house.close().await;
}

/// Kills one of the two again and again, in the middle of what the writers and the relays do. Answers what was under way: how
/// many attempts to send each mail were cut off, or may have been.
async fn kill_again_and_again(house: &House, front: &Front, instances: &mut [Instance; 2]) -> BTreeMap<String, usize> {
    let mut random = Random(20_261_122);
    let mut cut_off: BTreeSet<(String, i32)> = BTreeSet::new();
    for _kill in 0..kills() {
        front.answered(1 + random.below(15)).await;
        if random.below(2) == 0 {
            house.sink.wait(house.sink.mails().len() + 1).await;
        }
        let victim = usize::try_from(random.below(2)).unwrap();
        instances[victim].kill();
        // Those of the survivor are among them; an attempt that is seen twice is the same one.
        cut_off.extend(house.leased().await);
        instances[victim] = house.start().await;
        front.moved(victim, instances[victim].address);
    }
    let mut attempts = BTreeMap::new();
    for (id, _fence) in cut_off {
        *attempts.entry(id).or_insert(0) += 1;
    }
    attempts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_answered_is_lost_when_one_of_two_instances_is_killed() {
    let Some(house) = House::open().await else { return };
    let mut instances = [house.start().await, house.start().await];
    let tech = house.token("tech1").await;
    let front = Front::new(instances.each_ref().map(|instance| instance.address), &tech);
    let listener = stream::follow(front.clone(), &tech).await;
    let writers = load::write(&front, WRITERS, house.world.user("requester1").await);
    let attempts = kill_again_and_again(&house, &front, &mut instances).await;
    let written = writers.stop().await;
    assert!(written.letters.len() > kills(), "{written:?}");

    // Live: everything that was answered was heard of, over all the streams that broke, and nothing twice.
    let heard = listener.until(&written.letters, PATIENCE).await;
    assert_eq!(set(&heard).len(), heard.len(), "resuming repeats nothing (A-EVT-03)");

    // Mails: what was leased by the dead is sent by whoever lives.
    let [one, two] = instances;
    tokio::join!(one.stop(), two.stop());
    house.end_leases().await;
    let last = house.start().await;
    let wanted = house.letters("").await;
    all_arrive(&house.sink, &wanted).await;
    last.stop().await;
    assert_eq!(wanted.len(), written.letters.len(), "one mail for each letter");
    assert_eq!(house.letters("sent").await, wanted);
    for (id, count) in copies(&house.sink.mails()) {
        let cut_off = attempts.get(&id).copied().unwrap_or(0);
        assert!(count <= 1 + cut_off, "{id} came {count} times, and was cut off {cut_off} times");
    }
    assert_all_there(&house, &written).await;
    house.close().await;
}

/// Whatever was answered is stored, once, although it was sent again whenever no answer came.
async fn assert_all_there(house: &House, written: &Written) {
    let tickets: BTreeSet<i64> = house.column("SELECT number FROM ticket").await;
    let letters: BTreeSet<Uuid> = house.column("SELECT id FROM occurrence").await;
    let lines: BTreeSet<Uuid> = house.column("SELECT id FROM chat_line").await;
    // In the end each was answered, so that there are no others.
    assert_eq!(tickets, set(&written.tickets));
    assert_eq!(letters, set(&written.letters));
    assert_eq!(lines, set(&written.lines));
    house.world.assert_sound().await;
}
