//! The schema of Guichet, step by step, for SQLite and PostgreSQL.
//!
//! A migration never changes when an entity does: it is written in SQL and knows no entity. Expand,
//! move, contract: see `README.md` beside this crate. Times are seconds since 1970 (UTC), ids are UUIDs.

pub use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};

mod ddl;
mod m20261122_000001_create_identity;
mod m20261122_000002_create_tickets;
mod m20261122_000003_create_search;
mod m20261122_000004_order_lists_by_person;
mod m20261122_000005_send_mail;
mod m20261122_000006_find_audit_rows;
mod m20261122_000007_exchange_messages;
mod m20261122_000008_notify_people;
mod m20261122_000011_use_templates;
mod m20261122_000013_administer_access;
mod m20261122_000014_chat;
mod m20261122_000015_complete_mail;
mod m20261122_000016_keep_calendars;
mod m20261122_000017_plan_tasks;
mod m20261122_000018_wait_and_ask;
mod m20261122_000019_solve_tickets;
mod m20261122_000020_validate_and_count;
mod m20261122_000021_write_articles;
mod m20261122_000022_keep_customers;
mod m20261122_000023_keep_refused_forms;
mod m20261122_000024_begin_tasks;
mod m20261122_000025_make_thumbnails;
mod m20261122_000026_watch_due_dates;
mod m20261123_000027_find_merged_tickets;
mod m20261123_000028_count_customers_of;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_identity::Migration),
            Box::new(m20261122_000002_create_tickets::Migration),
            Box::new(m20261122_000003_create_search::Migration),
            Box::new(m20261122_000004_order_lists_by_person::Migration),
            Box::new(m20261122_000005_send_mail::Migration),
            Box::new(m20261122_000006_find_audit_rows::Migration),
            Box::new(m20261122_000007_exchange_messages::Migration),
            Box::new(m20261122_000008_notify_people::Migration),
            Box::new(m20261122_000011_use_templates::Migration),
            Box::new(m20261122_000013_administer_access::Migration),
            Box::new(m20261122_000014_chat::Migration),
            Box::new(m20261122_000015_complete_mail::Migration),
            Box::new(m20261122_000016_keep_calendars::Migration),
            Box::new(m20261122_000017_plan_tasks::Migration),
            Box::new(m20261122_000018_wait_and_ask::Migration),
            Box::new(m20261122_000019_solve_tickets::Migration),
            Box::new(m20261122_000020_validate_and_count::Migration),
            Box::new(m20261122_000021_write_articles::Migration),
            Box::new(m20261122_000022_keep_customers::Migration),
            Box::new(m20261122_000023_keep_refused_forms::Migration),
            Box::new(m20261122_000024_begin_tasks::Migration),
            Box::new(m20261122_000025_make_thumbnails::Migration),
            Box::new(m20261122_000026_watch_due_dates::Migration),
            Box::new(m20261123_000027_find_merged_tickets::Migration),
            Box::new(m20261123_000028_count_customers_of::Migration),
        ]
    }
}
