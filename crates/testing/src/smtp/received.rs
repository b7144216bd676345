//! A mail as it arrived, and simple ways to read it.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail as the server took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Sender of the envelope; empty for mails that nobody may answer.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body as they came.
    pub data: String,
    /// When the final dot came.
    pub at: Instant,
}

impl Received {
    /// The first header of that name: on one line, with encoded words in plain text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.data, name).map(|value| plain_words(&value))
    }

    /// The plain text, decoded; empty if there is none.
    #[must_use]
    pub fn text(&self) -> String {
        part(&self.data, "text/plain").unwrap_or_default()
    }

    /// The HTML, decoded; empty if there is none.
    #[must_use]
    pub fn html(&self) -> String {
        part(&self.data, "text/html").unwrap_or_default()
    }
}

/// A header as it is, but unfolded.
fn header(data: &str, name: &str) -> Option<String> {
    let (headers, _) = halves(data);
    let mut found: Option<String> = None;
    for line in headers.lines() {
        match &mut found {
            Some(value) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            Some(_) => break,
            None => {
                let named = line.split_once(':').filter(|(before, _)| before.trim().eq_ignore_ascii_case(name));
                found = named.map(|(_, value)| value.trim().to_owned());
            }
        }
    }
    found
}

fn halves(data: &str) -> (&str, &str) {
    // A part without headers begins with the empty line.
    data.strip_prefix("\r\n").map(|body| ("", body)).or_else(|| data.split_once("\r\n\r\n")).unwrap_or((data, ""))
}

/// The first part of that kind, looked for in the parts of parts too.
fn part(data: &str, wanted: &str) -> Option<String> {
    let kind = header(data, "Content-Type").unwrap_or_else(|| "text/plain".to_owned());
    let (_, body) = halves(data);
    if kind.to_ascii_lowercase().starts_with("multipart/") {
        let (_, boundary) = kind.split_once("boundary=")?;
        let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
        // The line break before a boundary belongs to it.
        let (body, line) = (format!("\r\n{body}"), format!("\r\n--{boundary}"));
        let inner = body.split(line.as_str()).skip(1).take_while(|inner| !inner.starts_with("--"));
        return inner.filter_map(|inner| inner.strip_prefix("\r\n")).find_map(|inner| part(inner, wanted));
    }
    kind.to_ascii_lowercase().starts_with(wanted).then(|| decoded(data, body))
}

fn decoded(data: &str, body: &str) -> String {
    let bytes = match header(data, "Content-Transfer-Encoding").unwrap_or_default().to_ascii_lowercase().as_str() {
        "base64" => from_base64(body),
        "quoted-printable" => from_quoted(body),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

fn from_base64(text: &str) -> Vec<u8> {
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).expect("a part in base64")
}

fn from_quoted(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, piece) in text.replace("=\r\n", "").split('=').enumerate() {
        let code = piece.get(..2).filter(|_| number > 0).and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(piece.get(2..).unwrap_or_default().as_bytes());
            }
            None => bytes.extend_from_slice(piece.as_bytes()),
        }
    }
    bytes
}

/// `=?utf-8?b?…?=` and `=?utf-8?q?…?=` as the words they stand for.
fn plain_words(value: &str) -> String {
    let mut plain = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some((before, word, after)) = encoded_word(rest) {
        // White space between two encoded words is not part of the text.
        if !(after_word && before.trim().is_empty()) {
            plain.push_str(before);
        }
        plain.push_str(&word);
        (rest, after_word) = (after, true);
    }
    plain.push_str(rest);
    plain
}

fn encoded_word(text: &str) -> Option<(&str, String, &str)> {
    let (before, word) = text.split_once("=?")?;
    let (_charset, word) = word.split_once('?')?;
    let (encoding, word) = word.split_once('?')?;
    let (word, after) = word.split_once("?=")?;
    let bytes = match encoding {
        "b" | "B" => from_base64(word),
        _ => from_quoted(&word.replace('_', " ")),
    };
    Some((before, String::from_utf8_lossy(&bytes).into_owned(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail_of(data: &str) -> Received {
        Received { from: String::new(), to: Vec::new(), data: data.replace('\n', "\r\n"), at: Instant::now() }
    }

    #[test]
    fn headers_are_unfolded_and_in_plain_words() {
        let mail = mail_of("Subject: =?utf-8?b?w4k=?=\n =?utf-8?q?t=C3=A9_!?= [x]\nX-Empty:\n\nSubject: no\n");
        assert_eq!(mail.header("subject").as_deref(), Some("Été ! [x]"));
        assert_eq!(mail.header("X-Empty").as_deref(), Some(""));
        assert_eq!(mail.header("Date"), None);
    }

    #[test]
    fn parts_are_found_and_decoded() {
        let mail = mail_of(
            "Content-Type: multipart/mixed;\n boundary=\"a\"\n\n--a\nContent-Type: multipart/alternative; boundary=\"b\"\n\n\
             --b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n1 =3D=\n un, d=C3=A9j=C3=A0\n\
             --b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+w6k8\nL2I+\n--b--\n--a--\n",
        );
        assert_eq!((mail.text().as_str(), mail.html().as_str()), ("1 = un, déjà", "<b>é</b>"));
        assert_eq!(mail_of("Subject: x\n\nplain\n").text(), "plain\n");
    }
}
