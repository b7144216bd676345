//! Opaque cursors of keyset pages: signed, and bound to the list, its filters and its reader (A-LST-01).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::error::{AppError, Code};
use serde::Serialize;
use serde::de::DeserializeOwned;

const SIGNATURE: usize = 12;

fn sign(secret: &[u8; 32], binding: &str, payload: &[u8]) -> Vec<u8> {
    let mut mac = crate::seal::mac(secret, &[binding.as_bytes(), &[0], payload]);
    mac.truncate(SIGNATURE);
    mac
}

/// Packs a position of a list; `binding` names the list, its filters, sort and reader.
#[must_use]
pub fn seal<T: Serialize>(secret: &[u8; 32], binding: &str, position: &T) -> String {
    let payload = serde_json::to_vec(position).unwrap_or_default();
    let mut bytes = sign(secret, binding, &payload);
    bytes.extend_from_slice(&payload);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Unpacks a position; an empty text is the beginning of the list.
///
/// # Errors
/// `Invalid` on field `cursor` for anything this instance's secret did not make for this list and reader.
pub fn open<T: DeserializeOwned>(secret: &[u8; 32], binding: &str, text: &str) -> Result<Option<T>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    let invalid = || AppError::field("cursor", Code::Invalid);
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_not_base64| invalid())?;
    let (signature, payload) = bytes.split_at_checked(SIGNATURE).ok_or_else(invalid)?;
    if sign(secret, binding, payload) != signature {
        return Err(invalid());
    }
    serde_json::from_slice(payload).map(Some).map_err(|_not_ours| invalid())
}

/// A word for something that must not be named itself: always the same within `binding`, and told by nobody else.
#[must_use]
pub(crate) fn alias(secret: &[u8; 32], binding: &str, thing: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(sign(secret, binding, thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lst_01_cursor_opens_only_for_the_list_it_was_made_for() {
        let secret = [7_u8; 32];
        let text = seal(&secret, "tickets:me", &(5_i64, 9_i64));
        assert_eq!(open::<(i64, i64)>(&secret, "tickets:me", &text).unwrap(), Some((5, 9)));
        assert!(open::<(i64, i64)>(&secret, "tickets:other", &text).is_err());
        assert!(open::<(i64, i64)>(&secret, "tickets:me", "AAAA").is_err());
        assert_eq!(open::<(i64, i64)>(&secret, "tickets:me", "").unwrap(), None);
    }
}
