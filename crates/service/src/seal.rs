//! What only this instance can have made.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// HMAC-SHA-256 of the parts, one after another, under the instance's secret. Parts of changing length are to be told apart by
/// the caller.
pub(crate) fn mac(secret: &[u8; 32], parts: &[&[u8]]) -> Vec<u8> {
    // A key of any length fits; the impossible refusal becomes a mac that matches nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}
