//! Signs of a chat on a stream: who came and went, who is writing, and that it was switched off (A-EVT-04, T-CHT-02, T-CHT-07).
//!
//! They are of the moment: looked at every second and read by one stream for all of the instance, so that it does not matter which
//! one somebody is connected to; without id, and not told again to who resumes.

use std::collections::BTreeSet;

use axum::response::sse::Event;
use serde_json::json;
use service::chat::{self, Sign, Signs};
use service::{Ctx, ServiceError};

/// The kind of changes a stream has to ask for by name.
const KIND: &str = "chat";
/// So many looks apart the own stream is noted as open.
const NOTED_EVERY: u32 = 20;
/// So many looks apart it is asked whether the chat is still switched on.
const ASKED_EVERY: u32 = 5;

/// What a stream was told of chats so far.
#[derive(Debug, Default)]
pub(super) struct Watch {
    looks: u32,
    known: Signs,
    off: BTreeSet<i64>,
}

impl Watch {
    /// For a stream that asks for chats by their kind; others neither hear of people nor stand for one.
    pub(super) fn of(kinds: &[String]) -> Option<Self> {
        kinds.iter().any(|kind| kind == KIND).then(Self::default)
    }

    /// Learns which chats are off as the stream begins: what changes from here on is told.
    pub(super) async fn begin(&mut self, ctx: &Ctx, tickets: &[i64]) -> Result<(), ServiceError> {
        self.off = chat::switched_off(ctx, tickets).await?.into_iter().collect();
        Ok(())
    }

    /// Notes that the stream is open, and says whether something may differ from what was told.
    pub(super) async fn has_news(&mut self, ctx: &Ctx, tickets: &[i64]) -> Result<bool, ServiceError> {
        let look = self.looks;
        self.looks = look.wrapping_add(1);
        if look.is_multiple_of(NOTED_EVERY)
            && let Err(error) = chat::note_presence(ctx, tickets).await
        {
            // Reading goes on without the right to write.
            tracing::debug!(%error, "presence not noted");
        }
        if tickets.is_empty() {
            return Ok(false);
        }
        Ok(look.is_multiple_of(ASKED_EVERY) || self.signs(ctx, tickets).await? != self.known)
    }

    async fn signs(&self, ctx: &Ctx, tickets: &[i64]) -> Result<Signs, ServiceError> {
        let presence = chat::presence(ctx).await?;
        chat::signs_in(ctx, tickets, &self.known, &presence).await
    }

    /// What differs, as events.
    pub(super) async fn news(&mut self, ctx: &Ctx, tickets: &[i64]) -> Result<Vec<Event>, ServiceError> {
        let now = self.signs(ctx, tickets).await?;
        let mut out = Vec::new();
        for (place, sign) in &now {
            match (self.known.get(place), sign) {
                (None, sign) => {
                    out.push(event("presence", place, "online"));
                    if *sign == Sign::Writing {
                        out.push(event("typing", place, "typing"));
                    }
                }
                (Some(Sign::Here), Sign::Writing) => out.push(event("typing", place, "typing")),
                (Some(Sign::Writing), Sign::Here) => out.push(event("typing", place, "idle")),
                _ => {}
            }
        }
        out.extend(
            self.known
                .keys()
                .filter(|place| !now.contains_key(*place))
                .map(|place| event("presence", place, "offline")),
        );
        self.known = now;
        let off: BTreeSet<i64> = chat::switched_off(ctx, tickets).await?.into_iter().collect();
        // Switched off or on again: whoever looks at it asks again.
        for number in off.symmetric_difference(&self.off) {
            let data = json!({ "kind": "setting", "what": "changed", "ticket": number, "id": null });
            out.push(Event::default().event("change").data(data.to_string()));
        }
        self.off = off;
        Ok(out)
    }
}

fn event(name: &str, (ticket, user): &(i64, String), state: &str) -> Event {
    let data = json!({ "ticket": ticket, "user": user, "state": state });
    Event::default().event(name).data(data.to_string())
}
