//! Every address of the application, for whom it is and how the server renders it: always complete, so that
//! a page is readable and usable before and without scripts. The browser knows only the addresses of its bundle.

#[cfg(feature = "ssr")]
pub mod all;
#[cfg(not(feature = "ssr"))]
pub mod list;
#[cfg(not(feature = "ssr"))]
pub mod ticket;
