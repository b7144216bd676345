//! What the search finds besides tickets (T-LST-08): articles and customers, each by the search it has anyway and within the
//! rights of that. Whoever has none is told what he would be told if there were no such thing.

use domain::search::Query;
use domain::views::{ArticleRow, FoundCustomer, Page};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{customers, knowledge};

/// What is found besides tickets.
pub(super) const KINDS: [&str; 2] = [knowledge::KIND, customers::KIND];
/// Most of each beside the first page of tickets.
const BESIDE: u32 = 5;

/// What is looked for among the objects of one kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Find<'a> {
    /// The text as typed.
    pub(crate) typed: &'a str,
    /// The same as it is read (T-OCC-25); never empty.
    pub(crate) query: &'a Query,
    /// Only of this entity and of those below it.
    pub(crate) entity: Option<Uuid>,
    /// What a cursor belongs to.
    pub(crate) binding: &'a str,
    /// Where to go on.
    pub(crate) cursor: &'a str,
    /// Rows of a page.
    pub(crate) limit: u32,
    /// How many there are is asked, too.
    pub(crate) is_counted: bool,
}

/// A search, as far as it is about other things than tickets.
pub(super) struct Others<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) q: &'a str,
    pub(super) query: &'a Query,
    pub(super) kinds: &'a [String],
    pub(super) entity: Option<Uuid>,
    pub(super) cursor: &'a str,
    pub(super) limit: u32,
}

/// Whether a search asks for articles alone or for customers alone: its pages, cursor and count are those of them.
#[must_use]
pub fn is_alone(kinds: &[String]) -> bool {
    matches!(kinds, [kind] if KINDS.contains(&kind.as_str()))
}

impl Others<'_> {
    /// What the cursors of a search for these kinds belong to; those of a few that stand beside tickets lead on where their kind is
    /// asked for alone.
    pub(super) fn binding(&self, kinds: &str) -> String {
        format!("search:{}:{}:{kinds}:{:?}", self.ctx.actor.id(), self.q, self.entity)
    }

    pub(super) async fn articles(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Option<Page<ArticleRow>>, ServiceError> {
        let binding = self.binding(knowledge::KIND);
        match self.find(knowledge::KIND, &binding) {
            Some(find) => knowledge::found(self.ctx, connection, &find).await,
            None => Ok(None),
        }
    }

    pub(super) async fn customers(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Option<Page<FoundCustomer>>, ServiceError> {
        let binding = self.binding(customers::KIND);
        match self.find(customers::KIND, &binding) {
            Some(find) => customers::found(self.ctx, connection, &find).await,
            None => Ok(None),
        }
    }

    fn find<'b>(&'b self, kind: &str, binding: &'b str) -> Option<Find<'b>> {
        let is_asked = self.kinds.is_empty() || self.kinds.iter().any(|asked| asked == kind);
        let is_alone = is_alone(self.kinds);
        (is_asked && (is_alone || self.cursor.is_empty())).then_some(Find {
            typed: self.q,
            query: self.query,
            entity: self.entity,
            binding,
            cursor: self.cursor,
            limit: if is_alone { self.limit } else { self.limit.min(BESIDE) },
            is_counted: is_alone,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_lst_08_articles_and_customers_have_pages_of_their_own_when_they_are_asked_for_alone() {
        for (kinds, expected) in [
            ("", false),
            ("article", true),
            ("customer", true),
            ("ticket", false),
            ("article customer", false),
            ("ticket article", false),
        ] {
            let kinds: Vec<String> = kinds.split_whitespace().map(str::to_owned).collect();
            assert_eq!(is_alone(&kinds), expected, "{kinds:?}");
        }
    }
}
