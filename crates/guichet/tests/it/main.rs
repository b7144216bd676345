//! Tests of the binary as a process of its own.

#[cfg(test)]
mod instances;
