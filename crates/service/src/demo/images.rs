//! Three small pictures, so that attachments can be looked at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::occurrence::Visibility;
use entity::{document, occurrence};
use uuid::Uuid;

use crate::ctx::{Services, new_id};
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;

/// A picture and the occurrence it belongs to.
#[derive(Debug)]
pub(super) struct Picture {
    /// Number of the ticket.
    pub(super) ticket: i64,
    /// Which of its occurrences, from 0 on.
    pub(super) entry: usize,
    /// Also in the text, not only below it.
    pub(super) in_text: bool,
    /// Name of the file.
    pub(super) name: &'static str,
    content: &'static str,
}

/// All of them; PNG, drawn for this desk.
static PICTURES: [Picture; 3] = [
    Picture { ticket: 23, entry: 1, in_text: false, name: "pagina-manchada.png", content: PAGE },
    Picture { ticket: 33, entry: 0, in_text: true, name: "access-denied.png", content: DIALOG },
    Picture { ticket: 34, entry: 0, in_text: false, name: "tiempos-madrid.png", content: CHART },
];

/// The picture of an occurrence.
pub(super) fn of(ticket: i64, entry: usize) -> Option<&'static Picture> {
    PICTURES.iter().find(|picture| picture.ticket == ticket && picture.entry == entry)
}

/// Largest content taken, in bytes.
const MAX: i64 = 64 * 1024;

/// Stores the content and answers the row that attaches it to `entry`.
pub(super) async fn attach(
    services: &Services,
    picture: &Picture,
    id: Uuid,
    entry: &occurrence::Model,
) -> Result<document::Model, ServiceError> {
    let content = Bytes::from(STANDARD.decode(picture.content).map_err(ServiceError::internal)?);
    let stream = futures::stream::iter([Ok::<Bytes, std::io::Error>(content)]);
    let incoming = services.files.receive(entry.entity_id, new_id(), MAX, stream).await?;
    services.files.keep(&incoming).await?;
    Ok(document::Model {
        id,
        entity_id: entry.entity_id,
        ticket_id: Some(entry.ticket_id),
        entry_kind: Some(OCCURRENCE.to_owned()),
        entry_id: Some(entry.id),
        position: 0,
        name: picture.name.to_owned(),
        media_type: "image/png".to_owned(),
        size: incoming.stored.size,
        sha256: incoming.stored.key,
        visibility: entry.visibility.parse().unwrap_or(Visibility::Private).as_str().to_owned(),
        comment: None,
        author_id: entry.author_id.unwrap_or_default(),
        uploaded_at: entry.registered_at,
        registered_at: Some(entry.registered_at),
        expires_at: None,
        removed_at: None,
        removed_by_id: None,
        version: 1,
    })
}

/// A printed page with a dark stripe.
const PAGE: &str = "iVBORw0KGgoAAAANSUhEUgAAAUAAAADcCAMAAAA2nYgUAAAAD1BMVEXY3eP///86QlCapLFLVWONc3XOAAABc0lEQVR42u3aMQrA\
    IBBFQY3e/8whpSAINu7GeZA2xTQfFkuRJEmSpPTV4AEECBBgfMDeWxu/L4AAAQIECBAgQIAAAQIECDAB4LPXHHDrVwABAgRoRAAC\
    BAgQIECAAAECBAgQIEDHBIAAAQI0IgABAgQIECBAgAABAgQIEKBjAkCAAAEaEYAAAQIECBAgQIAAAQIECDDKMQEgQIAAjQhAgAAB\
    AgQIECBAgAABAgR4zzHB6yyAAAEaESsMECBAgAABAgQIECBAgAAdE1xjAAIEaESsMECAAAECBAgQIECAAAECdExwjQEIEKARAQgQ\
    IECAAAECBAgQIECAAPMeEwACBAjQiAAECBAgQIAAAQIECBAgQID3HBO8zgIIEKARscIAAQIECBAgQIAAAQIECNAxwTUGIECARsQK\
    AwQIECBAgAABAgQIECBAxwTXGIAAARoRgAABAgQIECBAgAABAgQIECBAgIcCCBAgQIAA/wsoSZIkScteDgG5DTFfBhQAAAAASUVO\
    RK5CYII=";

/// A window that refuses access.
const DIALOG: &str = "iVBORw0KGgoAAAANSUhEUgAAAWgAAADICAMAAADyUIu9AAAAFVBMVEUkUHr09vgvbbPGKChbZnP////I0NjdLz4YAAABjUlEQVR4\
    2u3dwQ7CIBBAwVas///JxpPEYCFhrRDm3ehx0ugCJm6bJEmSJEmSJEmSJEmSJEmSJEmSaj1ULB76pkKgQYMGDRr0Wh1ZoEGDBg0a\
    NGjQoEGDBg0aNGjQDpVAgwYt0HND7yoEGjRo0KBBgwYNGjRo0KBBgwYNGjRo0KBBgwYNGvTa0OlV5QnoKOh09gB0IHT6us67T9ho\
    0Km8BB0OnQor0JFTR2577gy6b7x761acQXfO0emzHfRvNiyNzsa77p3hys7XbsEXdr74rGNdZ2+0z2jQpo6xoZvnaNBL7wxngZ7+\
    rGM26PopKegI6IZzf9AB0E03WaC7odvuZkH7uQFo0AINGjRo0KA1LPSsWxLQoEGDBg0atPHOeAcaNGjQoEGDBg0aNGjQoEGDBg0a\
    NGjQoEGDBg0aNGjQoFeDjvxTPdCgQYMGDRo0aNBDQh8NgQYNGjRoX4agQYMGDRo0aNCgXWWBBg0aNGjQoEGDBg0a9F+gVWyTJEmS\
    JEmSJEmSJEmSJEmSJElSrSfVgODX6v/cKgAAAABJRU5ErkJggg==";

/// Bars, some of them far too high.
const CHART: &str = "iVBORw0KGgoAAAANSUhEUgAAAWgAAADICAMAAADyUIu9AAAAD1BMVEX///8vbbPZU0/j5+tbZnOFSVqHAAABlklEQVR42u3bMQ7D\
    IAxA0bTN/c/cKQMqjRQIyDHvj0zwZLF52yRJkiRJkiRJ/9t3BqBBCzTo5aE/astE+zpACzRogQYNWqBBd/QuAg0aNGjQoEGDBg0a\
    NGjQmaHrpKBBrwCdmh80aNCgQYMGDRo0aNCgQYMGDRo06AbosYseJV7LqR0WEw0aNOi40En4QYMGDRo0aNCgQYMGDRo0aNCgQYMG\
    DRo0aNCgQYMGDRo0aNCgQYMGDRo0aNCgQYMGPQE6+g5L2M0WE+3rAA0aNGjQoEGDBg0aNGjQoEGDBg0aNGjQoEGDBg0aNGjQoEFX\
    Tl9FoEGDBg0aNGjQoEGDBg0aNGjQB/Qzd1hKaDssJho0aNCgQYMGDRo0aNCgQYPOCB2YHzRo0KBBgwa9AHQIftCgQderPwf08tCT\
    +UEHhr5y8adBD+MHDToQ9A3859D9lwENGnRq6FGXAQ0aNGjQoEGDPqDPdkL6T+fusEw9NdG+DtCgQYMGDRo0aNCgQYMGDRo0aNCg\
    QV+CVmOgQ0JLkiRJkiRJkiTppy+Lpmr0eygovgAAAABJRU5ErkJggg==";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_doc_03_every_picture_is_a_png() {
        for picture in &PICTURES {
            let content = STANDARD.decode(picture.content).unwrap();
            assert!(content.starts_with(b"\x89PNG\r\n\x1a\n"), "{}", picture.name);
            assert!(content.len() < 1_024 && content.ends_with(b"IEND\xaeB\x60\x82"), "{}", picture.name);
        }
    }
}
