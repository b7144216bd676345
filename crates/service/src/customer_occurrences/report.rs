//! The report (C-REP-02): lists kept by entity, category and impact answer most questions without counting occurrences.

use std::collections::BTreeMap;

use domain::customer::period::{Period, bucket_of};
use domain::customer::{Impact, ImpactCounts, day_of};
use domain::error::{AppError, FieldErrors};
use domain::policy::Capability;
use domain::views::{Page, Ref, ReportBucket, ReportPage, ReportQuery, ReportShare, ReportView};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::fields::today;
use super::list::{Filters, counted, rows};
use super::page::category_choices;
use super::tally::{self, Cell, OfCustomer};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::customers::{self, Purpose};
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{lists, people, scope};

/// Customers that are named; the others are counted together.
const CUSTOMERS: usize = 20;

/// The numbers for some filters.
///
/// # Errors
/// `NotFound` for those who see no customer at all; `Invalid` with every wrong filter.
pub async fn report(ctx: &Ctx, query: &ReportQuery) -> Result<ReportView, ServiceError> {
    super::require_sight(&ctx.actor)?;
    let query = ReportQuery { whole: false, ..query.clone() };
    let filters = Filters::read(&ctx.actor, &query, ctx.now())?;
    let snapshot = ctx.db().snapshot().await?;
    let period = filters.period.unwrap_or_else(|| Period::usual(today(&ctx.actor, ctx.now())));
    let (cells, of_customers) = if filters.are_tallied() {
        tally::read(&snapshot, &ctx.actor, &filters, CUSTOMERS).await?
    } else {
        (cells(&snapshot, &ctx.actor, &filters).await?, of_customers(&snapshot, &ctx.actor, &filters).await?)
    };
    let steps = period.buckets();
    let mut buckets: Vec<ReportBucket> =
        steps.iter().map(|one| ReportBucket { from: one.from, to: one.to, counts: ImpactCounts::default() }).collect();
    let mut by_impact = ImpactCounts::default();
    let mut categories: BTreeMap<Uuid, i64> = BTreeMap::new();
    for cell in cells {
        let Ok(impact) = cell.impact.parse::<Impact>() else { continue };
        by_impact.add(impact, cell.n);
        *categories.entry(cell.category_id).or_default() += cell.n;
        if let Some(bucket) = bucket_of(&steps, day_of(cell.day)).and_then(|at| buckets.get_mut(at)) {
            bucket.counts.add(impact, cell.n);
        }
    }
    let by_customer = by_customer(&snapshot, &ctx.actor, of_customers, by_impact.total()).await?;
    let by_category = by_category(&snapshot, &ctx.actor, categories).await?;
    Ok(ReportView { from: period.from, to: period.to, by_impact, by_category, by_customer, buckets })
}

/// The numbers of named customers, from what happened to them.
async fn cells(connection: &impl ConnectionTrait, actor: &Actor, filters: &Filters) -> Result<Vec<Cell>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT o.occurred_on AS day, o.impact, o.category_id, COUNT(*) AS n FROM customer_occurrence o WHERE ",
    );
    sql.append(&scope::customers(actor, Capability::CustomerView, "o")).append(&filters.all());
    sql.push(" GROUP BY o.occurred_on, o.impact, o.category_id");
    Ok(sql.all(connection).await?)
}

async fn by_category(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    counts: BTreeMap<Uuid, i64>,
) -> Result<Vec<ReportShare>, ServiceError> {
    let ids: Vec<Uuid> = counts.keys().copied().collect();
    let names = lists::refs(connection, &ids, actor.lang).await?;
    let of = |id: Uuid| names.get(&id).cloned().unwrap_or(Ref { id, name: String::new() });
    let mut out: Vec<ReportShare> =
        counts.into_iter().map(|(id, count)| ReportShare { of: Some(of(id)), count }).collect();
    out.sort_by_cached_key(|share| (-share.count, share.of.as_ref().map(|one| one.name.clone())));
    Ok(out)
}

/// Which of named customers have the most.
async fn of_customers(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
) -> Result<Vec<OfCustomer>, ServiceError> {
    let mut sql = Sql::new("SELECT o.customer_id, COUNT(*) AS n FROM customer_occurrence o WHERE ");
    sql.append(&scope::customers(actor, Capability::CustomerView, "o")).append(&filters.all());
    let most = i64::try_from(CUSTOMERS).unwrap_or(i64::MAX);
    sql.push_bind(" GROUP BY o.customer_id ORDER BY n DESC, o.customer_id LIMIT ", most);
    Ok(sql.all(connection).await?)
}

async fn by_customer(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<OfCustomer>,
    total: i64,
) -> Result<Vec<ReportShare>, ServiceError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.customer_id).collect();
    let names = customers::Named::load(connection, actor, &ids).await?;
    let named = |row: &OfCustomer| {
        let of = names.get(Some(row.customer_id)).unwrap_or(Ref { id: row.customer_id, name: String::new() });
        ReportShare { of: Some(of), count: row.n }
    };
    let mut out: Vec<ReportShare> = rows.iter().map(named).collect();
    let others = total - out.iter().map(|share| share.count).sum::<i64>();
    if others > 0 {
        out.push(ReportShare { of: None, count: others });
    }
    Ok(out)
}

/// The page of the report; `words` look for the customer of the filter where no script does.
///
/// # Errors
/// `NotFound` for those who see no customer at all; wrong filters are told beside the page.
pub async fn report_page(ctx: &Ctx, query: &ReportQuery, words: &str) -> Result<ReportPage, ServiceError> {
    super::require_sight(&ctx.actor)?;
    let listed = ReportQuery { whole: false, count: false, ..query.clone() };
    let found = match report(ctx, query).await {
        Ok(report) => match rows(ctx, &listed).await {
            // The report has counted the same.
            Ok(rows) => Ok((Page { count: Some(counted(report.by_impact.total())), ..rows }, report)),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    let (report, rows, wrong) = match found {
        Ok((rows, report)) => (report, rows, FieldErrors::new()),
        Err(error) => match error.public {
            AppError::Invalid(wrong) => {
                let rows = Page { items: Vec::new(), next_cursor: None, count: None, now: ctx.moment() };
                (ReportView::default(), rows, wrong)
            }
            _ => return Err(error),
        },
    };
    let actor = &ctx.actor;
    let held = actor.entities_with(Capability::CustomerView);
    let snapshot = ctx.db().snapshot().await?;
    let segments = lists::rows_of_entities(&snapshot, lists::CUSTOMER_SEGMENTS, &held).await?;
    let people = customers::responsible_choices(&snapshot, actor, &held).await?;
    let customer = match query.customer.trim().parse::<Uuid>() {
        Ok(id) => customers::load(&snapshot, actor, id).await.ok().map(|found| customers::choice(actor, &found.row)),
        Err(_several_or_none) => None,
    };
    drop(snapshot);
    let found = if words.trim().is_empty() { Vec::new() } else { customers::pick(ctx, words, Purpose::Filter).await? };
    Ok(ReportPage {
        report,
        rows,
        categories: category_choices(ctx).await?,
        segments: lists::choices(&segments, actor.lang),
        people,
        entities: people::entity_choices(actor, &held),
        customer,
        found,
        wrong,
    })
}
