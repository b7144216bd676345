//! Uploads and documents.

use serde_json::json;

use crate::support::{Desk, PNG, Story, keys, sorted};

#[tokio::test]
async fn an_upload_is_seen_by_its_uploader_and_attached_once() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let upload = desk.upload("cable.png", PNG, "tech1").await.expect(201).json();
    assert_eq!(keys(&upload), sorted("id name media_type size expires_at warnings"));
    assert_eq!((&upload["name"], &upload["media_type"]), (&json!("cable.png"), &json!("image/png")));
    assert_eq!(upload["size"], PNG.len());
    let path = format!("/tickets/{}/occurrences", story.number);
    let of =
        |text: &str| json!({ "body": text, "format": "text", "visibility": "public", "attachments": [upload["id"]] });
    let foreign = desk.api("POST", &path, "tech2", Some(of("Not mine."))).await;
    foreign.invalid(&[("attachments[0]", "unknown_reference")]);
    desk.api("POST", &path, "tech1", Some(of("Mine."))).await.expect(201);
    desk.api("POST", &path, "tech1", Some(of("Twice."))).await.invalid(&[("attachments[0]", "unknown_reference")]);
    desk.api("DELETE", &format!("/uploads/{}", upload["id"].as_str().unwrap()), "tech1", None)
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn t_doc_01_hostile_files_are_refused_on_the_field_file() {
    let desk = Desk::new().await;
    desk.upload("empty.txt", b"", "tech1").await.invalid(&[("file", "file_empty")]);
    for name in ["virus.exe", "page.html", "../../etc/passwd.exe"] {
        let answer = desk.upload(name, b"MZ\x90\x00\x03\x00", "tech1").await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
    }
    let named = desk.upload("..%2F..%2Fetc%2Fnotes.txt", b"words", "tech1").await;
    if named.status == 201 {
        let name = named.json()["name"].as_str().unwrap().to_owned();
        assert!(!name.contains('/') && !name.contains('\\'), "{name}");
    }
    let none =
        desk.api_raw("POST", "/uploads", "tech1", "multipart/form-data; boundary=border", "--border--\r\n").await;
    none.invalid(&[("file", "required")]);
    desk.api_raw("POST", "/uploads", "tech1", "application/json", "{}").await.problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn content_is_sent_so_that_no_browser_runs_it() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    for (name, content, is_image) in
        [("cable.png", PNG, true), ("notes.txt", b"<script>alert(1)</script>".as_slice(), false)]
    {
        let upload = desk.upload(name, content, "tech1").await.expect(201).json();
        let body = json!({ "body": "File.", "format": "text", "visibility": "public", "attachments": [upload["id"]] });
        desk.api("POST", &format!("/tickets/{}/occurrences", story.number), "tech1", Some(body)).await.expect(201);
        let path = format!("/documents/{}", upload["id"].as_str().unwrap());
        let theirs = desk.api("GET", &path, "requester1", None).await.expect(200).json();
        assert!(!keys(&theirs).contains(&"visibility".to_owned()), "{theirs}");
        let whole = desk.api("GET", &path, "tech1", None).await.expect(200).json();
        for field in sorted(
            "id name media_type size ticket entry visibility comment author registered_at has_thumbnail versions version",
        ) {
            assert!(keys(&whole).contains(&field), "{field}");
        }
        let answer = desk.api("GET", &format!("{path}/content?inline=true"), "requester1", None).await.expect(200);
        assert_eq!(answer.bytes, content);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert!(answer.header("content-security-policy").contains("sandbox"));
        assert!(!answer.header("etag").is_empty());
        let disposition = answer.header("content-disposition");
        assert_eq!(disposition.starts_with("inline"), is_image, "{name}: {disposition}");
        let part = desk
            .api_with("GET", &format!("{path}/content"), "requester1", &[("range", "bytes=1-3")], None)
            .await
            .expect(206);
        assert_eq!(part.bytes, &content[1..4]);
        desk.api("GET", &format!("{path}/content"), "requester2", None).await.problem(404, "not_found");
        // The address of pages is for sessions, with the same sight.
        desk.get(&path, "requester1").await.expect(200);
        desk.get(&path, "requester2").await.expect(404);
    }
}
