//! Mail addresses as people type them.

use domain::error::Code;
use domain::text;

/// Longest address, in characters.
const MAX: usize = 254;

/// A mail address, trimmed; its case stays.
///
/// # Errors
/// `Required` for nothing, `TooLong` above 254 characters, `Invalid` for anything that is none.
pub fn email_address(typed: &str) -> Result<String, Code> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Code::Required);
    }
    if text::length(typed) > MAX {
        return Err(Code::TooLong);
    }
    let (local, domain) = typed.rsplit_once('@').ok_or(Code::Invalid)?;
    if is_local(local) && is_domain(domain) { Ok(typed.to_owned()) } else { Err(Code::Invalid) }
}

fn is_local(local: &str) -> bool {
    let is_sign = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    text::length(local) <= 64 && local.split('.').all(|part| !part.is_empty() && part.chars().all(is_sign))
}

fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        let fits = text::length(label) <= 63 && !label.starts_with('-') && !label.ends_with('-');
        fits && !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    })
}

/// `Name <address>` or an address: the name, if there is one, and the address as typed.
pub(crate) fn split(typed: &str) -> (Option<&str>, &str) {
    let typed = typed.trim();
    let Some((name, address)) = typed.strip_suffix('>').and_then(|inside| inside.rsplit_once('<')) else {
        return (None, typed);
    };
    let name = name.trim().trim_matches('"').trim();
    (Some(name).filter(|name| !name.is_empty()), address.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_03_an_address_has_one_form() {
        for good in
            ["ana@example.org", "a.b+c@x-y.example", "root@localhost", "joão@exemplo.com.br", " Ana@Example.org "]
        {
            assert_eq!(email_address(good), Ok(good.trim().to_owned()), "{good}");
        }
        for bad in [
            "ana",
            "@example.org",
            "ana@",
            "a b@example.org",
            "a@b@c.org",
            ".a@example.org",
            "a..b@example.org",
            "a@-x.org",
            "a@x..org",
            "<a@x.org>",
            "a@x.org\r\nBcc:b@x.org",
        ] {
            assert_eq!(email_address(bad), Err(Code::Invalid), "{bad}");
        }
        assert_eq!(email_address("  "), Err(Code::Required));
        assert_eq!(email_address(&format!("a@{}.org", "x.".repeat(130))), Err(Code::TooLong));
    }

    #[test]
    fn an_address_may_come_with_a_name() {
        assert_eq!(split("Ana Souza <ana@example.org>"), (Some("Ana Souza"), "ana@example.org"));
        assert_eq!(split("\"Souza, Ana\" <ana@example.org> "), (Some("Souza, Ana"), "ana@example.org"));
        assert_eq!(split(" ana@example.org"), (None, "ana@example.org"));
        assert_eq!(split("<ana@example.org>"), (None, "ana@example.org"));
    }
}
