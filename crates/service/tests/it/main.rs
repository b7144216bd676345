//! The use cases on both engines, each on a desk of its own with a clock that only the test moves.

// The name every other crate gives it.
extern crate guichet_service as service;

#[cfg(test)]
mod access;
#[cfg(test)]
mod access_races;
#[cfg(test)]
mod access_users;
#[cfg(test)]
mod account;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod away;
#[cfg(test)]
mod calendars;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod canary_sides;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod chat_mail;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod conflicts;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod courses;
#[cfg(test)]
mod customer_occurrences;
#[cfg(test)]
mod customer_page;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod deadlines;
#[cfg(test)]
mod decided;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod details;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod full;
#[cfg(test)]
mod history;
#[cfg(test)]
mod history_page;
#[cfg(test)]
mod home;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod knowledge;
#[cfg(test)]
mod knowledge_reach;
#[cfg(test)]
mod knowledge_trash;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod locked;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod mail_asked;
#[cfg(test)]
mod mail_entries;
#[cfg(test)]
mod mail_faults;
#[cfg(test)]
mod mail_notices;
#[cfg(test)]
mod mail_outgoing;
#[cfg(test)]
mod mail_responsible;
#[cfg(test)]
mod mail_sight;
#[cfg(test)]
mod mail_transport;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod new_ticket;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod occurrences;
#[cfg(test)]
mod occurrences_commands;
#[cfg(test)]
mod occurrences_edit;
#[cfg(test)]
mod occurrences_list;
#[cfg(test)]
mod pending;
#[cfg(test)]
mod refused_forms;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod requests_new;
#[cfg(test)]
mod requests_shown;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod search;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod solutions;
#[cfg(test)]
mod solutions_sight;
#[cfg(test)]
mod statistics;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod surveys;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod tasks_planner;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod thumbnails;
#[cfg(test)]
mod tickets;
#[cfg(test)]
mod tickets_bulk;
#[cfg(test)]
mod tickets_commands;
#[cfg(test)]
mod tickets_create;
#[cfg(test)]
mod tickets_list;
#[cfg(test)]
mod to_its_end;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod validations;
#[cfg(test)]
mod validations_again;
#[cfg(test)]
mod validations_timeline;
