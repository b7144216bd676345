//! One table per file: columns and nothing else. Times are seconds since 1970 (UTC).
//!
//! Rules live in `domain`, queries in `service`, the schema itself in `migration`.

pub mod api_token;
pub mod app_group;
pub mod app_group_member;
pub mod app_user;
pub mod assignment;
pub mod audit;
pub mod chat;
pub mod chat_line;
pub mod chat_line_read;
pub mod description_revision;
pub mod document;
pub mod draft;
pub mod entity;
pub mod event;
pub mod idempotency;
pub mod instance_secret;
pub mod list_row;
pub mod login_attempt;
pub mod mail_transport;
pub mod message;
pub mod message_read;
pub mod notification;
pub mod notification_preference;
pub mod number_sequence;
pub mod occurrence;
pub mod occurrence_revision;
pub mod outbox;
pub mod read_mark;
pub mod role;
pub mod session;
pub mod setting;
pub mod status_interval;
pub mod template;
pub mod ticket;
pub mod ticket_actor;
pub mod ticket_event;
