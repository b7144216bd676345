//! What a file is: by its content, not by its name (T-DOC-01, T-DOC-03).

use unicode_normalization::UnicodeNormalization;

/// Longest name of a file, in characters.
const NAME_MAX: usize = 255;
/// Longest extension kept when a name is cut, in characters.
const EXTENSION_MAX: usize = 20;
/// Type of what nobody can tell.
const UNKNOWN: &str = "application/octet-stream";

/// The name without folders, control characters, signs that turn the direction or have no width; at most 255 characters.
pub(super) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.nfc().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let clean = clean.trim();
    if clean.chars().all(|c| c == '.' || c.is_whitespace()) { "file".to_owned() } else { cut(clean) }
}

const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

fn cut(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    match name.rsplit_once('.').filter(|(_, extension)| extension.chars().count() <= EXTENSION_MAX) {
        Some((stem, extension)) => {
            let room = NAME_MAX - 1 - extension.chars().count();
            let stem: String = stem.chars().take(room).collect();
            format!("{stem}.{extension}")
        }
        None => name.chars().take(NAME_MAX).collect(),
    }
}

/// Whether any extension of the name is among the forbidden ones: `a.exe.txt` and `a.EXE ` are as dangerous as `a.exe`.
pub(super) fn has_forbidden_extension(name: &str, forbidden: &[String]) -> bool {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)).collect();
    folded.split(['.', ':']).skip(1).map(str::trim).any(|extension| forbidden.iter().any(|f| f == extension))
}

/// Whether a content is a program: Windows, Linux, macOS, Java, Android, WebAssembly, shortcut, or a script that names its interpreter.
pub(super) fn is_program(head: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"\x7fELF",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"\xca\xfe\xba\xbf",
        b"\0asm",
        b"BC\xc0\xde",
        b"L\0\0\0\x01\x14\x02\0",
    ];
    const INFERRED: [&str; 5] = [
        "application/x-executable",
        "application/x-mach-binary",
        "application/java",
        "application/vnd.android.dex",
        "application/wasm",
    ];
    MAGIC.iter().any(|magic| head.starts_with(magic))
        || is_windows_program(head)
        || is_script(head)
        || infer::get(head).is_some_and(|kind| INFERRED.contains(&kind.mime_type()))
}

/// `MZ` alone may begin a text; a program has zero bytes in its first lines.
fn is_windows_program(head: &[u8]) -> bool {
    head.starts_with(b"MZ") && head.iter().take(128).any(|byte| *byte == 0)
}

/// `#!` and a path; `#![…]` begins a Rust file.
fn is_script(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let Some(rest) = text.strip_prefix(b"#!") else { return false };
    rest.iter().find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'/')
}

/// The type of a content. Texts cannot be told apart by content: there the extension decides, and none of them is ever shown inline.
pub(super) fn media_type(head: &[u8], name: &str) -> String {
    if let Some(image) = image_type(head) {
        return image.to_owned();
    }
    let inferred = infer::get(head).map(|kind| kind.mime_type());
    // What claims to be one of the types shown inline must have passed the stricter look above; PDF is told by its content here.
    if let Some(kind) = inferred.filter(|kind| !is_inline_image(kind) && !kind.contains("executable")) {
        return kind.to_owned();
    }
    if head.contains(&0) {
        return UNKNOWN.to_owned();
    }
    match mime_guess::from_path(name).first_raw() {
        Some(kind) if kind.starts_with("text/") => kind.to_owned(),
        Some(kind @ ("image/svg+xml" | "application/json" | "application/xml" | "message/rfc822")) => kind.to_owned(),
        _ if is_text(head) => "text/plain".to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

/// The last character may be cut by the end of what was read.
fn is_text(head: &[u8]) -> bool {
    std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_text| true)
}

fn image_type(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if head.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        Some("image/gif")
    } else if head.starts_with(b"RIFF") && head.get(8..12).is_some_and(|tag| tag == b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

/// Shown as a picture: PNG, JPEG, GIF, WebP, as told by the content when it was stored.
pub(super) fn is_inline_image(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// Whether a browser may show it in place (T-DOC-03); everything else is downloaded.
pub(super) fn is_inline(media_type: &str) -> bool {
    is_inline_image(media_type) || media_type == "application/pdf"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_doc_01_names_lose_paths_and_signs_that_deceive() {
        let cases = [
            ("cable.jpg", "cable.jpg"),
            ("C:\\Users\\ana\\cable.jpg", "cable.jpg"),
            ("../../etc/passwd", "passwd"),
            ("in\u{202E}gpj.exe", "ingpj.exe"),
            ("a\u{0}b\r\nc.txt", "abc.txt"),
            (" .. ", "file"),
            ("/", "file"),
            ("", "file"),
            ("ac\u{327}a\u{303}o.pdf", "ação.pdf"),
        ];
        for (name, expected) in cases {
            assert_eq!(clean_name(name), expected, "{name:?}");
        }
        let long = clean_name(&format!("{}.pdf", "é".repeat(400)));
        assert_eq!(long.chars().count(), NAME_MAX);
        assert!(long.ends_with(".pdf"));
    }

    #[test]
    fn t_doc_01_forbidden_extensions_count_wherever_they_stand() {
        let forbidden = ["exe".to_owned(), "bat".to_owned()];
        for name in [
            "a.exe",
            "a.EXE",
            "a.exe.txt",
            "a.txt.exe",
            "a.exe ",
            "a.exe.",
            "a.ｅｘｅ",
            "a.exe:b",
            "a.e\u{200B}xe",
            ".exe",
        ] {
            assert!(has_forbidden_extension(name, &forbidden), "{name}");
        }
        for name in ["exe", "exe.txt", "a.exe2", "bat man.txt", "a.txt"] {
            assert!(!has_forbidden_extension(name, &forbidden), "{name}");
        }
    }

    #[test]
    fn t_doc_01_programs_are_told_by_their_content() {
        let mut windows = b"MZ\x90\0\x03\0".to_vec();
        windows.resize(200, 0);
        for program in [
            &windows[..],
            b"\x7fELF\x02\x01",
            b"\xcf\xfa\xed\xfe\x07",
            b"\xca\xfe\xba\xbe\0\0\0\x02",
            b"#!/bin/sh\nrm",
            b"#! /usr/bin/env x",
            b"\xef\xbb\xbf#!/bin/sh",
        ] {
            assert!(is_program(program), "{program:?}");
        }
        for harmless in [
            &b"MZ is a nice name"[..],
            b"#![deny(x)]",
            b"# Title",
            b"%PDF-1.7",
            b"\x89PNG\r\n\x1a\n",
            b"",
            b"PK\x03\x04",
        ] {
            assert!(!is_program(harmless), "{harmless:?}");
        }
    }

    #[test]
    fn t_doc_01_the_type_follows_the_content() {
        let cases: [(&[u8], &str, &str); 10] = [
            (b"\x89PNG\r\n\x1a\n\0\0", "a.txt", "image/png"),
            (b"\xff\xd8\xff\xe0", "a.exe", "image/jpeg"),
            (b"GIF89a", "a", "image/gif"),
            (b"RIFF\x01\0\0\0WEBPVP8 ", "a.webp", "image/webp"),
            (b"%PDF-1.7\n", "a.png", "application/pdf"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "a.svg", "image/svg+xml"),
            (b"a;b\n1;2\n", "a.csv", "text/csv"),
            (b"hello", "a.png", "text/plain"),
            (b"\0\x01\x02\x03", "a.png", "application/octet-stream"),
            (b"plain", "notes", "text/plain"),
        ];
        for (head, name, expected) in cases {
            assert_eq!(media_type(head, name), expected, "{name}");
        }
        assert!(!is_inline("image/svg+xml") && !is_inline("text/html") && is_inline("application/pdf"));
    }
}
