//! The schema goes up, down, and up again on both engines.

#[cfg(test)]
mod up_and_down;
