//! Thumbnails of images of customer occurrences: made by a job, once, within limits, with the rights of the image (C-IMG-05).

use std::io::Cursor;

use domain::error::AppError;
use domain::forms::{CustomerImage, CustomerOccurrencePatch as Patched, CustomerPatch, Patch};
use futures::TryStreamExt;
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use service::customer_occurrences::{self as occurrences, Basis, Door};
use service::documents::{self, OpenDocument, Thumbnail};
use service::{customers, jobs, lists};
use testing::{Db, Services, Sql, World, both_engines, error, upload};
use tokio::sync::oneshot;
use uuid::Uuid;

const RED: [u8; 3] = [220, 20, 20];
const BLUE: [u8; 3] = [20, 20, 220];

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> DynamicImage {
    let colour = |x: u32| Rgb(if x < width / 2 { RED } else { BLUE });
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| colour(x)))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A JPEG that says how it is to be turned, and something else about itself.
fn turned(orientation: u8) -> Vec<u8> {
    let jpeg = encoded(&halves(640, 400), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"Camera of Ana");
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

async fn customer(world: &World) -> Uuid {
    let patch = CustomerPatch { name: set("Acme"), entity: set(&world.root.to_string()), ..CustomerPatch::default() };
    customers::create(&world.ctx("supervisor").await, patch, "").await.unwrap().id
}

/// An occurrence with these images: its id and theirs.
async fn register(world: &World, customer: Uuid, images: &[(&str, &[u8])]) -> (Uuid, Vec<Uuid>) {
    let ctx = world.ctx("tech1").await;
    let mut ids = Vec::new();
    for (name, content) in images {
        ids.push(upload(&ctx, name, content).await.unwrap().id);
    }
    let patch = Patched {
        body: set("Pallets arrived wet."),
        category: set(&world.coded(lists::CUSTOMER_CATEGORIES, "delivery").await),
        impact: set("negative"),
        occurred_on: set("2026-01-12"),
        images: Some(ids.iter().map(|id| CustomerImage { id: id.to_string(), alt: String::new() }).collect()),
        ..Patched::default()
    };
    let door = Door { fixed: Some(customer), ..Door::default() };
    (occurrences::create(&ctx, door, patch, "").await.unwrap(), ids)
}

/// Looks until nothing is due, and answers how many images were settled.
async fn drain(services: &Services) -> usize {
    let mut settled = 0;
    loop {
        let more = jobs::make_thumbnail(services).await.unwrap();
        settled += more;
        if more == 0 {
            return settled;
        }
    }
}

async fn thumbnail(world: &World, who: &str, id: Uuid) -> Thumbnail {
    documents::open_thumbnail(&world.ctx(who).await, id).await.unwrap()
}

async fn content(file: &OpenDocument) -> Vec<u8> {
    let pieces: Vec<bytes::Bytes> = file.stream(None).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

/// The thumbnail that was made, as bytes and as a picture.
async fn made(world: &World, id: Uuid) -> (Vec<u8>, RgbImage) {
    let Thumbnail::Ready(file) = thumbnail(world, "observer", id).await else { panic!("{id} was not made") };
    let bytes = content(&file).await;
    assert_eq!((file.media_type.as_str(), file.size), ("image/jpeg", u64::try_from(bytes.len()).unwrap()));
    assert!(file.view.name.to_ascii_lowercase().ends_with(".jpg"), "{}", file.view.name);
    let picture = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap().into_rgb8();
    (bytes, picture)
}

#[track_caller]
fn assert_colour(picture: &RgbImage, (x, y): (u32, u32), expected: [u8; 3]) {
    let found = picture.get_pixel(x, y).0;
    let is_near = found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) < 40);
    assert!(is_near, "{found:?} at {x}, {y} is not {expected:?}");
}

both_engines!(c_img_05_a_thumbnail_is_made_by_the_job_upright_small_and_without_metadata, |world: World| async move {
    let acme = customer(&world).await;
    let (sideways, wide) = (turned(6), encoded(&halves(800, 200), ImageFormat::Png));
    let (_, ids) = register(&world, acme, &[("sideways.jpg", &sideways), ("wide.png", &wide)]).await;
    for id in &ids {
        assert!(matches!(thumbnail(&world, "observer", *id).await, Thumbnail::Waiting), "until it is made");
        let file = documents::open(&world.ctx("observer").await, *id).await.unwrap();
        assert!(file.view.is_image && !file.view.has_thumbnail);
    }
    assert_eq!(drain(&world.services).await, 2);
    let (bytes, picture) = made(&world, ids[0]).await;
    // Its left lies at the top once it is turned.
    assert_eq!(picture.dimensions(), (200, 320));
    assert_colour(&picture, (100, 40), RED);
    assert_colour(&picture, (100, 280), BLUE);
    for trace in [&b"Exif"[..], b"Ana"] {
        assert!(sideways.windows(trace.len()).any(|bytes| bytes == trace));
        assert!(!bytes.windows(trace.len()).any(|bytes| bytes == trace), "{trace:?}");
    }
    assert_eq!(made(&world, ids[1]).await.1.dimensions(), (320, 80));
    let file = documents::open(&world.ctx("observer").await, ids[0]).await.unwrap();
    assert!(file.view.has_thumbnail);
    assert_eq!(content(&file).await, sideways, "the original is unchanged");
    assert_eq!(drain(&world.services).await, 0, "once");
    world.assert_sound().await;
});

both_engines!(c_img_05_of_an_animation_the_first_frame_is_shown, |world: World| async move {
    let mut animation = Vec::new();
    let mut encoder = GifEncoder::new(&mut animation);
    for [red, green, blue] in [RED, BLUE] {
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(40, 30, Rgba([red, green, blue, 255])))).unwrap();
    }
    drop(encoder);
    let acme = customer(&world).await;
    let (_, ids) = register(&world, acme, &[("moving.gif", &animation)]).await;
    assert_eq!(drain(&world.services).await, 1);
    let (_, picture) = made(&world, ids[0]).await;
    assert_eq!(picture.dimensions(), (40, 30), "never larger than its picture");
    assert_colour(&picture, (20, 15), RED);
});

both_engines!(c_img_05_what_cannot_be_decoded_is_tried_once_and_keeps_no_other_waiting, |world: World| async move {
    let acme = customer(&world).await;
    // A screen of one pixel, and on it a frame of 60 000 a side: 14 GB.
    let mut bomb = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0".to_vec();
    bomb.extend([0x60, 0xea, 0x60, 0xea, 0, 2, 2, 0x4c, 0x01, 0, 0x3b]);
    let whole = encoded(&halves(8, 8), ImageFormat::Png);
    let torn = whole[..40].to_vec();
    let (_, bad) = register(&world, acme, &[("bomb.gif", &bomb), ("torn.png", &torn)]).await;
    let (_, good) = register(&world, acme, &[("whole.png", &whole)]).await;
    assert_eq!(drain(&world.services).await, 3);
    for id in bad {
        assert!(matches!(thumbnail(&world, "observer", id).await, Thumbnail::Impossible));
    }
    made(&world, good[0]).await;
    world.advance(86_400);
    assert_eq!(drain(&world.services).await, 0, "not for ever");
    world.assert_sound().await;
});

both_engines!(c_img_05_an_image_that_nobody_comes_back_from_is_left_alone, |world: World| async move {
    let acme = customer(&world).await;
    let whole = encoded(&halves(8, 8), ImageFormat::Png);
    let (_, ids) = register(&world, acme, &[("whole.png", &whole), ("deadly.png", &whole)]).await;
    // An instance holds the first one, and died for the last time with the second one.
    let mut held = Sql::new("UPDATE thumbnail SET tries = 1, lease_until = ");
    held.bind(world.now() + 60).push_bind(" WHERE document_id = ", ids[0]);
    world.run(&held).await;
    let mut deadly = Sql::new("UPDATE thumbnail SET tries = 3 WHERE document_id = ");
    deadly.bind(ids[1]);
    world.run(&deadly).await;
    assert_eq!(drain(&world.services).await, 1);
    assert!(matches!(thumbnail(&world, "observer", ids[0]).await, Thumbnail::Waiting));
    assert!(matches!(thumbnail(&world, "observer", ids[1]).await, Thumbnail::Impossible));
    world.advance(60);
    assert_eq!(drain(&world.services).await, 1);
    made(&world, ids[0]).await;
});

both_engines!(c_img_05_two_instances_make_each_thumbnail_once, |db: &TestDb| async move {
    let one = World::open(db.db().clone()).await;
    let two = Services { db: Db::connect(db.url()).await.unwrap(), ..one.services.clone() };
    let acme = customer(&one).await;
    let mut ids = Vec::new();
    for round in 1..=4 {
        let (first, second) = (halves(round * 90, 50), halves(50, round * 90));
        let (first, second) = (encoded(&first, ImageFormat::Png), encoded(&second, ImageFormat::Png));
        ids.extend(register(&one, acme, &[("a.png", &first), ("b.png", &second)]).await.1);
    }
    let (here, there) = tokio::join!(drain(&one.services), drain(&two));
    assert_eq!(here + there, 8, "{here} here, {there} there");
    for id in &ids {
        made(&one, *id).await;
    }
    assert_eq!(one.count("thumbnail WHERE tries = 1 AND NOT is_open").await, 8);
    one.assert_sound().await;
    two.db.close().await.unwrap();
});

both_engines!(c_img_05_the_jobs_of_an_instance_come_to_a_new_image_by_themselves, |world: World| async move {
    let acme = customer(&world).await;
    let whole = encoded(&halves(400, 300), ImageFormat::Png);
    let (stop, stopped) = oneshot::channel::<()>();
    let jobs = jobs::run(world.services.clone(), async move {
        let _told = stopped.await;
    });
    let story = async {
        let (_, ids) = register(&world, acme, &[("whole.png", &whole)]).await;
        for _look in 0..600 {
            if matches!(thumbnail(&world, "observer", ids[0]).await, Thumbnail::Ready(_)) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        made(&world, ids[0]).await;
        let _gone = stop.send(());
    };
    tokio::join!(jobs, story);
});

both_engines!(c_img_05_06_a_thumbnail_is_for_those_who_may_see_its_image, |world: World| async move {
    let acme = customer(&world).await;
    let whole = encoded(&halves(400, 300), ImageFormat::Png);
    let (id, images) = register(&world, acme, &[("whole.png", &whole)]).await;
    let image = images[0];
    let (observer, requester) = (world.ctx("observer").await, world.ctx("requester1").await);
    assert_eq!(error(documents::open_thumbnail(&requester, image).await), AppError::NotFound, "while it waits");
    drain(&world.services).await;
    made(&world, image).await;
    assert_eq!(error(documents::open_thumbnail(&requester, image).await), AppError::NotFound);
    // What is no picture has none; an own upload is its own, and nobody else's.
    let tech1 = world.ctx("tech1").await;
    let words = upload(&tech1, "words.txt", b"words").await.unwrap().id;
    assert_eq!(error(documents::open_thumbnail(&tech1, words).await), AppError::NotFound);
    let own = upload(&tech1, "own.png", &whole).await.unwrap().id;
    assert!(matches!(documents::open_thumbnail(&tech1, own).await.unwrap(), Thumbnail::Ready(_)));
    assert_eq!(error(documents::open_thumbnail(&observer, own).await), AppError::NotFound);
    // Taken off, it is left to the page of versions.
    let none = Patched { images: Some(Vec::new()), ..Patched::default() };
    let first = Basis { version: Some(1), if_match: None };
    occurrences::update(&tech1, id, none, first).await.unwrap();
    assert_eq!(error(documents::open_thumbnail(&observer, image).await), AppError::NotFound);
    let former = occurrences::former_thumbnail(&observer, id, image).await.unwrap();
    assert!(matches!(former, Thumbnail::Ready(_)));
    assert_eq!(error(occurrences::former_thumbnail(&requester, id, image).await), AppError::NotFound);
    assert_eq!(error(occurrences::former_thumbnail(&observer, id, own).await), AppError::NotFound);
});

/// Every drawer is looked into, long after everything in it was written by the clock of the machine.
async fn sweep(world: &World) {
    world.advance(50 * 365 * 86_400);
    for _drawer in 0..256 {
        documents::collect_orphans(&world.services).await.unwrap();
        world.advance(300);
    }
}

both_engines!(c_img_05_the_collector_keeps_thumbnails_until_their_image_is_gone, |world: World| async move {
    let acme = customer(&world).await;
    let whole = encoded(&halves(400, 300), ImageFormat::Png);
    let (_, ids) = register(&world, acme, &[("whole.png", &whole)]).await;
    drain(&world.services).await;
    let (bytes, _) = made(&world, ids[0]).await;
    // Somebody takes it in again and forgets it: one content under two names.
    let tech1 = world.ctx("tech1").await;
    let again = documents::upload(&tech1, Some(world.root), "again.jpg", pieces(&bytes)).await.unwrap().id;
    documents::remove_upload(&tech1, again).await.unwrap();
    assert_eq!(documents::collect_orphans(&world.services).await.unwrap(), 1);
    sweep(&world).await;
    assert_eq!(made(&world, ids[0]).await.0, bytes);
    world.assert_sound().await;
    let Thumbnail::Ready(open) = thumbnail(&world, "observer", ids[0]).await else { panic!("it was made") };
    let mut gone = Sql::new("DELETE FROM document WHERE id = ");
    gone.bind(ids[0]);
    world.run(&gone).await;
    assert_eq!(world.count("thumbnail").await, 0, "it goes with its image");
    sweep(&world).await;
    assert!(open.stream(None).await.is_err(), "its content went, too");
});

fn pieces(content: &[u8]) -> impl futures::Stream<Item = Result<bytes::Bytes, std::io::Error>> + Send + Unpin + use<> {
    futures::stream::iter([Ok(bytes::Bytes::copy_from_slice(content))])
}
