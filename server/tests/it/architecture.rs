//! The rules of the house that no compiler checks: these tests read the sources of the project.

mod arrows;
mod coverage;
mod errors;
mod locales;
mod patterns;
mod sources;
