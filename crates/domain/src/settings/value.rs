//! Whether a text is a value of a setting, and the one form it is stored in (T-SET-04).

use uuid::Uuid;

use super::{Key, Kind, TextForm};
use crate::error::Code;
use crate::text;
use crate::ticket::priority::Matrix;

/// Longest address in characters.
const ADDRESS_MAX: usize = 500;
/// Longest name of a time zone in bytes.
const ZONE_MAX: usize = 64;
/// Currencies of ISO 4217 that people pay with.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS \
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
    MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS \
    SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW \
    ZWG";
/// Where an address may lead.
const SCHEMES: [&str; 3] = ["https://", "mailto:", "tel:"];

/// The form in which a value is stored. That a reference leads somewhere, and that a time zone exists, is for whoever knows
/// them to say.
///
/// # Errors
/// `Invalid` for another type, `OutOfRange` for what is too small, too large or too long, `UnknownReference` for what is no
/// id, `NotAllowed` for what is not set here (T-SET-04).
pub fn validate(key: Key, value: &str) -> Result<String, Code> {
    let value = text::normalise_line(value);
    match key.kind() {
        Kind::Switch => word(&["true", "false"], value),
        Kind::Word(words) => word(words, value),
        Kind::Integer { least, most } => integer(&value, least, most),
        Kind::Days { .. } if value == "never" => Ok(value),
        Kind::Days { most } => integer(&value, 0, most),
        Kind::Reference(_) => reference(value),
        Kind::Text { most, form } => line(value, most, form),
        Kind::Address => address(value),
        Kind::TimeZone if value.is_empty() || value.len() > ZONE_MAX => Err(Code::Invalid),
        Kind::TimeZone => Ok(value),
        Kind::Currency => currency(&value),
        Kind::Matrix => matrix(&value),
        Kind::Transport => Err(Code::NotAllowed),
    }
}

fn word(known: &[&str], value: String) -> Result<String, Code> {
    if known.contains(&value.as_str()) { Ok(value) } else { Err(Code::Invalid) }
}

fn integer(value: &str, least: i64, most: i64) -> Result<String, Code> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Code::Invalid);
    }
    // More digits than a number has are a number all the same.
    match value.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number.to_string()),
        _ => Err(Code::OutOfRange),
    }
}

fn reference(value: String) -> Result<String, Code> {
    if value.is_empty() {
        return Ok(value);
    }
    match value.parse::<Uuid>() {
        Ok(id) => Ok(id.to_string()),
        Err(_no_id) => Err(Code::UnknownReference),
    }
}

fn line(value: String, most: usize, form: TextForm) -> Result<String, Code> {
    let value = match form {
        TextForm::Line => value,
        TextForm::Tag => {
            let is_word = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if !is_word {
                return Err(Code::Invalid);
            }
            value
        }
        TextForm::Extensions => extensions(&value)?,
    };
    if text::length(&value) > most { Err(Code::OutOfRange) } else { Ok(value) }
}

/// Lower case, without dots before them, each once.
fn extensions(value: &str) -> Result<String, Code> {
    let mut out: Vec<String> = Vec::new();
    for piece in value.split(';') {
        let piece = piece.trim().trim_start_matches('.').to_lowercase();
        if piece.chars().any(|c| c.is_whitespace() || matches!(c, '/' | '\\' | '.' | '*')) {
            return Err(Code::Invalid);
        }
        if !piece.is_empty() && !out.contains(&piece) {
            out.push(piece);
        }
    }
    Ok(out.join(";"))
}

fn address(value: String) -> Result<String, Code> {
    if value.is_empty() {
        return Ok(value);
    }
    if text::length(&value) > ADDRESS_MAX {
        return Err(Code::OutOfRange);
    }
    let leads_on = |scheme: &&str| {
        let start = value.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && value.len() > scheme.len()
    };
    let is_one = SCHEMES.iter().any(leads_on) && !value.chars().any(char::is_whitespace);
    if is_one { Ok(value) } else { Err(Code::Invalid) }
}

/// The three letters of a currency, however they are typed.
fn currency(value: &str) -> Result<String, Code> {
    let letters = value.to_ascii_uppercase();
    if CURRENCIES.split(' ').any(|one| one == letters) { Ok(letters) } else { Err(Code::Invalid) }
}

/// Five rows of five cells (T-PRI-02).
fn matrix(value: &str) -> Result<String, Code> {
    let Ok(matrix) = serde_json::from_str::<Matrix>(value) else { return Err(Code::Invalid) };
    if !matrix.is_valid() {
        return Err(Code::OutOfRange);
    }
    match serde_json::to_string(&matrix) {
        Ok(text) => Ok(text),
        Err(_cannot_be) => Err(Code::Invalid),
    }
}
