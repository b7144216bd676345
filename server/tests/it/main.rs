//! Router tests: whole pages and JSON answers without a socket, laid out like the addresses; and the rules of the
//! house that only the sources can show.

#[cfg(test)]
mod api;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod health;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod support;
