//! The report as a file (C-REP-04): CSV that is read while it is sent, and a workbook of one sheet without any formula. Pages
//! share both.

use std::fs::File;
use std::io::Seek as _;

use app::customers::table;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use chrono::{NaiveDateTime, Timelike as _};
use domain::customer::day_number;
use domain::error::AppError;
use domain::lang::Lang;
use domain::views::{ExportRow, ReportQuery};
use futures::{StreamExt as _, stream};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use service::customer_occurrences;
use service::{Ctx, ServiceError};
use tokio::sync::mpsc;
use tokio_util::io::ReaderStream;

/// Type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Readings of rows that may wait to be written into a workbook.
const BATCHES: usize = 2;
/// Days between the first day of the calendar of workbooks and 1970-01-01, behind the day that never was.
const EPOCH: i32 = 25_569;
/// The serial number of 1900-03-01: workbooks count a 29 February before it.
const MARCH_1900: i32 = 61;

/// The rows as CSV; without a separator that of the reader's language.
///
/// # Errors
/// As `service::customer_occurrences::export`.
pub async fn csv(ctx: &Ctx, query: ReportQuery, separator: Option<char>) -> Result<Response, AppError> {
    let export = customer_occurrences::export(ctx, query).await?;
    let lang = ctx.actor.lang;
    let separator = separator.unwrap_or_else(|| table::separator(lang));
    let head = stream::once(std::future::ready(Ok(Bytes::from(table::head(lang, separator)))));
    // What fails now breaks the answer off: half a table must not look like a whole one.
    let rows = stream::try_unfold(export, move |mut export| async move {
        let rows = export.next().await.map_err(std::io::Error::other)?;
        let text = rows.map(|rows| table::lines(lang, separator, &rows));
        Ok::<_, std::io::Error>(text.map(|text| (Bytes::from(text), export)))
    });
    Ok(file(Body::from_stream(head.chain(rows)), "text/csv; charset=utf-8", "csv"))
}

/// The rows as a workbook, made aside of the requests that are being answered: written into a file while they are read, and sent
/// from it, so that neither the rows nor the workbook lie in memory.
///
/// # Errors
/// As [`csv()`].
pub async fn xlsx(ctx: &Ctx, query: ReportQuery) -> Result<Response, AppError> {
    let mut export = customer_occurrences::export(ctx, query).await?;
    let lang = ctx.actor.lang;
    let (rows, mut written) = mpsc::channel(BATCHES);
    let batches = std::iter::from_fn(move || written.blocking_recv());
    let making = tokio::task::spawn_blocking(move || workbook(lang, batches));
    // What fails here ends the other side, too: without its sender it comes to an end, and its file is dropped.
    while let Some(more) = export.next().await? {
        if rows.send(more).await.is_err() {
            break;
        }
    }
    drop(rows);
    let made = making.await.map_err(ServiceError::internal)?.map_err(ServiceError::internal)?;
    let content = ReaderStream::new(tokio::fs::File::from_std(made));
    Ok(file(Body::from_stream(content), XLSX, "xlsx"))
}

fn file(body: Body, kind: &'static str, ending: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let disposition = format!("attachment; filename=\"customer-occurrences.{ending}\"");
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// One sheet with a heading row, as a file without a name that stands at its beginning. Texts are written as texts, whatever
/// they begin with; what is written is kept on the disk.
fn workbook(lang: Lang, batches: impl Iterator<Item = Vec<ExportRow>>) -> Result<File, XlsxError> {
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory();
    for (column, heading) in (0_u16..).zip(table::headings(lang)) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    for (at, row) in (1_u32..).zip(batches.flatten()) {
        sheet.write_number_with_format(at, 0, serial(day_number(row.occurred_on)), &day)?;
        let impact = table::impact(lang, row.impact);
        let texts = [
            (1, row.customer.as_str()),
            (2, row.legal_name.as_str()),
            (3, row.document_id.as_str()),
            (4, row.segment.as_str()),
            (5, row.category.as_str()),
            (6, impact),
            (7, row.body.as_str()),
            (10, row.author.as_str()),
            (12, row.entity.as_str()),
        ];
        for (column, text) in texts {
            sheet.write_string(at, column, text)?;
        }
        match row.registered_at.date_time() {
            Some(when) => sheet.write_number_with_format(at, 11, moment_serial(when.naive_local()), &time)?,
            None => sheet.write_string(at, 11, row.registered_at.as_str())?,
        };
        if let Some(number) = row.ticket {
            sheet.write_number(at, 8, number_cell(number))?;
        }
        sheet.write_number(at, 9, number_cell(row.images))?;
    }
    let mut file = tempfile::tempfile()?;
    workbook.save_to_writer(&mut file)?;
    file.rewind()?;
    Ok(file)
}

/// A count as cells hold it; beyond four thousand million it is cut.
fn number_cell(number: i64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A day of the calendar as workbooks count it.
fn serial(day: i32) -> f64 {
    let serial = day.saturating_add(EPOCH);
    f64::from(if serial < MARCH_1900 { serial.saturating_sub(1) } else { serial })
}

/// A time of the clock as workbooks count it: its day, and the part of the day that is over.
fn moment_serial(at: NaiveDateTime) -> f64 {
    const DAY: f64 = 86_400.0;
    serial(day_number(at.date())) + f64::from(at.num_seconds_from_midnight()) / DAY
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::customer::Impact;
    use domain::views::Moment;
    use testing::calamine::{Data, Reader, Xlsx};

    use super::*;

    fn row() -> ExportRow {
        ExportRow {
            occurred_on: NaiveDate::from_ymd_opt(2026, 3, 12).unwrap(),
            customer: "=1+1".into(),
            legal_name: String::new(),
            document_id: "12.345".into(),
            segment: String::new(),
            category: "Delivery".into(),
            impact: Impact::Negative,
            body: "Pallets arrived wet.".into(),
            ticket: Some(4182),
            images: 2,
            author: "Tom".into(),
            registered_at: Moment::try_from("2026-03-12T10:02:00-03:00".to_owned()).unwrap(),
            entity: "Head office".into(),
        }
    }

    #[test]
    fn c_rep_04_a_workbook_holds_days_numbers_and_texts_but_no_formula() {
        let content = workbook(Lang::En, [vec![row()], vec![row(), row()]].into_iter()).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(std::io::BufReader::new(content)).unwrap();
        let name = book.sheet_names().first().unwrap().clone();
        let sheet = book.worksheet_range(&name).unwrap();
        assert_eq!(sheet.get_value((0, 0)), Some(&Data::String("Date".to_owned())));
        assert_eq!(sheet.get_value((1, 1)), Some(&Data::String("=1+1".to_owned())));
        assert_eq!(sheet.get_value((1, 8)), Some(&Data::Float(4182.0)));
        assert_eq!(sheet.height(), 4, "every reading is written");
        match sheet.get_value((1, 0)) {
            Some(Data::DateTime(day)) => assert!((day.as_f64() - 46_093.0).abs() < 0.1),
            other => panic!("{other:?}"),
        }
        match sheet.get_value((1, 11)) {
            Some(Data::DateTime(at)) => {
                assert!((at.as_f64() - 46_093.418).abs() < 0.001, "10:02 of the exporter's day")
            }
            other => panic!("{other:?}"),
        }
        assert!(book.worksheet_formula(&name).unwrap().is_empty());
    }

    #[test]
    fn c_rep_04_days_are_counted_as_workbooks_do() {
        let of = |year, month, day| serial(day_number(NaiveDate::from_ymd_opt(year, month, day).unwrap()));
        for (found, wanted) in
            [(of(1900, 1, 1), 1.0), (of(1900, 2, 28), 59.0), (of(1900, 3, 1), 61.0), (of(2026, 3, 12), 46_093.0)]
        {
            assert!((found - wanted).abs() < 0.1, "{found} {wanted}");
        }
    }
}
