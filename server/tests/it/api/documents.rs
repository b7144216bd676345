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

#[tokio::test]
async fn t_doc_03_a_thumbnail_is_a_picture_and_shown_in_place_when_asked() {
    let desk = Desk::new().await;
    let picture = desk.upload("cable.png", PNG, "tech1").await.expect(201).json()["id"].clone();
    let text = desk.upload("notes.txt", b"words", "tech1").await.expect(201).json()["id"].clone();
    let path = |id: &serde_json::Value| format!("/documents/{}/thumbnail", id.as_str().unwrap());
    let answer = desk.api("GET", &path(&picture), "tech1", None).await.expect(200);
    assert!(answer.header("content-disposition").starts_with("attachment"), "{}", answer.header("content-disposition"));
    assert_eq!(answer.header("content-type"), "image/png");
    let answer = desk.api("GET", &format!("{}?inline=true", path(&picture)), "tech1", None).await.expect(200);
    assert!(answer.header("content-disposition").starts_with("inline"), "{}", answer.header("content-disposition"));
    desk.api("GET", &path(&text), "tech1", None).await.problem(404, "not_found");
    desk.api("GET", &path(&picture), "tech2", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_doc_04_removing_a_file_of_an_entry_is_a_change_of_the_entry() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let upload = desk.upload("cable.png", PNG, "tech1").await.expect(201).json()["id"].clone();
    let body = json!({ "body": "File.", "format": "text", "visibility": "public", "attachments": [upload] });
    let path = format!("/tickets/{}/occurrences", story.number);
    let entry = desk.api("POST", &path, "tech1", Some(body)).await.expect(201).json()["id"].clone();
    let (file, entry) = (format!("/documents/{}", upload.as_str().unwrap()), entry.as_str().unwrap().to_owned());
    let refused = desk.api("DELETE", &file, "tech2", None).await.problem(403, "forbidden");
    assert_eq!(refused["capability"], "occurrence.update-any");
    let present = desk.api("GET", &file, "tech1", None).await.json()["version"].as_i64().unwrap();
    let other = present + 1;
    let conflict = desk.api("DELETE", &format!("{file}?version={other}"), "tech1", None).await.problem(409, "conflict");
    assert_eq!(conflict["data"]["version"], present);
    let tag = format!("\"{other}\"");
    desk.api_with("DELETE", &file, "tech1", &[("if-match", &tag)], None).await.problem(412, "precondition_failed");
    desk.api("DELETE", &format!("{file}?version={present}"), "tech1", None).await.expect(204);
    let entry = format!("/occurrences/{entry}");
    let after = desk.api("GET", &entry, "tech1", None).await.expect(200).json();
    assert_eq!((&after["version"], &after["revision_count"]), (&json!(2), &json!(1)), "T-OCC-16");
    assert_eq!(after["attachments"], json!([]));
    let revisions = desk.api("GET", &format!("{entry}/revisions?count=true"), "tech1", None).await.expect(200).json();
    assert_eq!(revisions["count"], 2);
    assert_eq!(revisions["items"][0]["attachments"][0]["name"], "cable.png");
    desk.api("GET", &file, "tech1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_doc_04_the_files_of_a_ticket_are_filtered_negated_and_counted() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/documents", story.number);
    for (name, who) in [("plan.txt", "tech1"), ("Photo.png", "requester1")] {
        let content = if name.ends_with("png") { PNG } else { b"plan".as_slice() };
        let upload = desk.upload(name, content, who).await.expect(201).json()["id"].clone();
        let body =
            json!({ "upload": upload, "visibility": if who == "tech1" { json!("public") } else { json!(null) } });
        desk.api("POST", &path, who, Some(body)).await.expect(201);
    }
    let of = async |query: &str, who: &str| -> Vec<String> {
        let page = desk.api("GET", &format!("{path}?{query}"), who, None).await.expect(200).json();
        page["items"].as_array().unwrap().iter().filter_map(|d| d["name"].as_str()).map(str::to_owned).collect()
    };
    assert_eq!(of("name=photo", "tech1").await, ["Photo.png"]);
    assert_eq!(of("not.name=photo", "tech1").await, ["plan.txt"]);
    assert_eq!(of("author=me", "tech1").await, ["plan.txt"]);
    assert_eq!(of("not.author=me", "tech1").await, ["Photo.png"]);
    assert_eq!(of("entry_kind=document", "requester1").await.len(), 2);
    assert!(of("not.entry_kind=document", "requester1").await.is_empty());
    let page = desk.api("GET", &format!("{path}?count=true&limit=1"), "tech1", None).await.json();
    assert_eq!((&page["count"], page["next_cursor"].is_string()), (&json!(2), true));
    for query in ["entry_kind=gossip", "author=somebody"] {
        let field = query.split('=').next().unwrap();
        desk.api("GET", &format!("{path}?{query}"), "tech1", None).await.invalid(&[(field, "invalid")]);
    }
}
