//! Every sentence of the interface: `t::<area>::<key>(lang)`, made by `build.rs` from `locales/`.
//!
//! Slots follow in alphabetical order; a sentence with plural forms takes its number first. On the server the functions
//! hold the sentences of all languages; in the browser they find those of the page's one in [`crate::words`].

include!(concat!(env!("OUT_DIR"), "/t.rs"));
