//! DKIM signatures (M-HDR-06, RFC 6376, RFC 8463): header lines and the body, both in relaxed form, signed by the one
//! cryptography library of the project.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The header lines that are signed, as far as a mail has them.
const SIGNED: [&str; 8] =
    ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"];
/// Characters of a signature on one line.
const LINE: usize = 70;

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// Why mails cannot be signed as the environment wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    /// Not a private key in PEM form: PKCS#8 (RSA, Ed25519) or PKCS#1 (RSA), without a passphrase.
    #[error("not a private key in PEM form (RSA or Ed25519, without a passphrase)")]
    Key,
    /// Not a name under which DNS could hold a key.
    #[error("not a selector")]
    Selector,
}

/// The key of the instance, and where others find its public half: `<selector>._domainkey.<domain>`.
pub struct Dkim {
    key: Key,
    selector: String,
}

impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dkim").field("selector", &self.selector).finish_non_exhaustive()
    }
}

impl Dkim {
    /// Reads the key from the text of a PEM file.
    ///
    /// # Errors
    /// See [`DkimError`].
    pub fn new(pem: &str, selector: &str) -> Result<Self, DkimError> {
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        if selector.len() > 200 || !selector.split('.').all(is_label) {
            return Err(DkimError::Selector);
        }
        Ok(Self { key: read(pem).ok_or(DkimError::Key)?, selector: selector.to_owned() })
    }

    /// The mail with its signature as the first header line; `now` is seconds since 1970. Without an empty line after its
    /// headers it is no mail and stays as it is, as it does should the library fail.
    pub(super) fn sign(&self, mail: Vec<u8>, domain: &str, now: i64) -> Vec<u8> {
        match self.signature(&mail, domain, now) {
            Some(header) => [header.into_bytes(), mail].concat(),
            None => {
                tracing::warn!("a mail could not be signed");
                mail
            }
        }
    }

    fn signature(&self, mail: &[u8], domain: &str, now: i64) -> Option<String> {
        let text = String::from_utf8_lossy(mail);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let lines = unfolded(head);
        let of = |name: &&str| lines.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let present: Vec<&str> = SIGNED.iter().copied().filter(|name| of(name).is_some()).collect();
        let mut data: String =
            present.iter().filter_map(of).map(|(name, value)| relaxed(name, value) + "\r\n").collect();
        let algorithm = match self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let hash = STANDARD.encode(sha256(relaxed_body(body).as_bytes()));
        let own = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n s={}; t={now};\r\n h={};\r\n bh={hash};\r\n b=",
            self.selector,
            present.join(":")
        );
        data.push_str(&relaxed("DKIM-Signature", &own));
        let signature = STANDARD.encode(self.key.sign(data.as_bytes())?);
        Some(format!("DKIM-Signature: {own}{}\r\n", folded(&signature)))
    }
}

impl Key {
    fn sign(&self, data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(key) => {
                let mut out = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut out).ok()?;
                Some(out)
            }
            // RFC 8463: what is signed is the hash.
            Self::Ed25519(key) => {
                let signature = key.try_sign(&sha256(data)).ok()?;
                let bytes: &[u8] = signature.as_ref();
                Some(bytes.to_vec())
            }
        }
    }
}

fn sha256(data: &[u8]) -> Vec<u8> {
    Sha256::digest(data).to_vec()
}

fn read(pem: &str) -> Option<Key> {
    let mut lines = pem.lines().map(str::trim).skip_while(|line| !line.starts_with("-----BEGIN "));
    let label = lines.next()?.strip_prefix("-----BEGIN ")?.strip_suffix("-----")?;
    let inside: String = lines.take_while(|line| !line.starts_with("-----END ")).collect();
    let der = STANDARD.decode(inside).ok()?;
    match label {
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).ok().map(|key| Key::Rsa(Box::new(key))),
        "PRIVATE KEY" => {
            let rsa = RsaKeyPair::from_pkcs8(&der).ok().map(|key| Key::Rsa(Box::new(key)));
            rsa.or_else(|| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok().map(|key| Key::Ed25519(Box::new(key))))
        }
        _ => None,
    }
}

/// Names and values of header lines; folded lines are one.
fn unfolded(head: &str) -> Vec<(&str, String)> {
    let mut out: Vec<(&str, String)> = Vec::new();
    for line in head.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = out.last_mut() {
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            out.push((name, value.to_owned()));
        }
    }
    out
}

/// A header line in relaxed form (RFC 6376, 3.4.2), without its end.
fn relaxed(name: &str, value: &str) -> String {
    let words: Vec<&str> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}", name.trim().to_ascii_lowercase(), words.join(" "))
}

/// A body in relaxed form (RFC 6376, 3.4.4).
fn relaxed_body(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 2);
    let mut empty = 0;
    for line in body.split("\r\n") {
        let line = line.trim_end_matches([' ', '\t']);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        // Empty lines count only before one that is not.
        out.push_str(&"\r\n".repeat(empty));
        empty = 0;
        let mut was_blank = false;
        for c in line.chars() {
            let is_blank = matches!(c, ' ' | '\t');
            if !is_blank {
                out.push(c);
            } else if !was_blank {
                out.push(' ');
            }
            was_blank = is_blank;
        }
        out.push_str("\r\n");
    }
    out
}

/// A long word on several lines.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / LINE * 3);
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % LINE == 0 {
            out.push_str("\r\n ");
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ED25519, KeyPair as _, UnparsedPublicKey};

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    const MAIL: &str = "From: \"Desk\" <desk@desk.example>\r\nTo: ana@home.example\r\nSubject: [Guichet #42]\r\n VPN  drops\r\n\
        X-Guichet-Ticket: 42\r\n\r\nIt works  again. \r\n\r\n\r\n";

    #[test]
    fn m_hdr_06_blanks_and_ends_of_lines_do_not_count() {
        assert_eq!(relaxed("SubJect", " [Guichet #42]\r\n VPN \t drops "), "subject:[Guichet #42] VPN drops");
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n", "the example of RFC 6376, 3.4.5");
        assert_eq!(relaxed_body("a\r\n\r\nb"), "a\r\n\r\nb\r\n");
        assert_eq!(relaxed_body("\r\n\r\n"), "");
        assert_eq!(folded(&"x".repeat(71)), format!("{}\r\n x", "x".repeat(70)));
    }

    #[test]
    fn m_hdr_06_the_signature_covers_the_named_lines_and_the_body() {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let dkim = Dkim::new(&pem("PRIVATE KEY", pkcs8.as_ref()), "mail2026").unwrap();
        let signed = String::from_utf8(dkim.sign(MAIL.into(), "desk.example", 1_773_320_400)).unwrap();
        assert!(signed.ends_with(MAIL), "{signed}");
        let (head, _) = signed.split_once("\r\n\r\n").unwrap();
        let lines = unfolded(head);
        let (_, own) = &lines[0];
        for part in ["a=ed25519-sha256", "d=desk.example", "s=mail2026", "t=1773320400", "h=From:To:Subject;"] {
            assert!(own.contains(part), "{own}");
        }
        let (before, signature) = own.rsplit_once("b=").unwrap();
        let signature = STANDARD.decode(signature.replace(' ', "")).unwrap();
        let named: String = lines[1..].iter().take(3).map(|(name, value)| relaxed(name, value) + "\r\n").collect();
        let data = named + &relaxed("DKIM-Signature", &format!("{before}b="));
        let public = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8.as_ref()).unwrap();
        let verifier = UnparsedPublicKey::new(&ED25519, public.public_key().as_ref().to_vec());
        verifier.verify(&sha256(data.as_bytes()), &signature).unwrap();
    }

    #[test]
    fn m_hdr_06_what_is_no_key_and_no_selector_is_refused() {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let good = pem("PRIVATE KEY", pkcs8.as_ref());
        for selector in ["", "a..b", "a b", "a;b", "é"] {
            assert_eq!(Dkim::new(&good, selector).err(), Some(DkimError::Selector), "{selector}");
        }
        for key in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", &pem("CERTIFICATE", b"x")] {
            assert_eq!(Dkim::new(key, "mail").err(), Some(DkimError::Key), "{key}");
        }
        assert!(format!("{:?}", Dkim::new(&good, "mail").unwrap()).starts_with("Dkim { selector: \"mail\""));
    }
}
