//! Every sentence of the interface: `t::<area>::<key>(lang)`, made by `build.rs` from `locales/`.
//!
//! Slots follow in alphabetical order; a sentence with plural forms takes its number first.

include!(concat!(env!("OUT_DIR"), "/t.rs"));
