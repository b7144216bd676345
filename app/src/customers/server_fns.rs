//! What the pages of customers ask of the server.

use domain::forms;
use domain::views;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
#[cfg(feature = "ssr")]
use crate::customers::address;
use crate::error::Refusal;

/// The list of customers with what its filters offer.
#[server(output = crate::error::Wire)]
pub async fn customer_list(query: views::CustomerQuery) -> Result<views::CustomerList, Refusal> {
    let ctx = request_context()?;
    Ok(service::customers::list_page(&ctx, &query).await?)
}

/// A section of the page of a customer.
#[server(output = crate::error::Wire)]
pub async fn customer_page(
    id: String,
    section: String,
    query: views::ReportQuery,
) -> Result<views::CustomerPage, Refusal> {
    let ctx = request_context()?;
    let section = views::CustomerSection::read(&section);
    Ok(service::customers::page(&ctx, &id, section, query).await?)
}

/// What the form of a customer needs; an empty id is a new one.
#[server(output = crate::error::Wire)]
pub async fn customer_form(id: String) -> Result<views::CustomerForm, Refusal> {
    let ctx = request_context()?;
    Ok(service::customers::form(&ctx, &id).await?)
}

/// Saves a customer; what is refused is kept and comes back on its page.
#[server(output = crate::error::Wire)]
pub async fn save_customer(form: forms::SaveCustomer) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let saved = service::customers::save_form(&ctx, &form).await?;
    redirect(&address::noted(saved.id, if saved.similar.is_empty() { "saved" } else { "similar" }));
    Ok(())
}

/// Deletes a customer that nothing names.
#[server(output = crate::error::Wire)]
pub async fn remove_customer(form: forms::RemoveCustomer) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::customers::remove_form(&ctx, &form).await?;
    redirect(&[address::LIST, "?done=deleted"].concat());
    Ok(())
}

/// The preview of a file of customers, as its page shows it.
#[server(output = crate::error::Wire)]
pub async fn customer_import(preview: String) -> Result<views::ImportPreview, Refusal> {
    let ctx = request_context()?;
    Ok(service::customers::preview_again(&ctx, &preview).await?)
}

/// Takes a previewed file in.
#[server(output = crate::error::Wire)]
pub async fn import_customers(form: forms::ImportCustomers) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let done = service::customers::import(&ctx, &form).await?;
    redirect(&address::imported(&done));
    Ok(())
}

/// What the form of a new occurrence needs: of the customer of a page, or of one who is chosen.
#[server(output = crate::error::Wire)]
pub async fn customer_occurrence_form(
    fixed: String,
    chosen: String,
    words: String,
) -> Result<views::CustomerOccurrenceForm, Refusal> {
    let ctx = request_context()?;
    Ok(service::customer_occurrences::form(&ctx, &fixed, &chosen, &words).await?)
}

/// An occurrence with its versions.
#[server(output = crate::error::Wire)]
pub async fn customer_occurrence(id: String) -> Result<views::CustomerOccurrencePage, Refusal> {
    let ctx = request_context()?;
    Ok(service::customer_occurrences::revision_page(&ctx, &id).await?)
}

/// An occurrence with the form that changes it.
#[server(output = crate::error::Wire)]
pub async fn customer_occurrence_edit(id: String) -> Result<views::CustomerOccurrencePage, Refusal> {
    let ctx = request_context()?;
    Ok(service::customer_occurrences::edit_page(&ctx, &id).await?)
}

/// Registers or changes an occurrence, or looks for its customer; what was typed is kept, also when it is refused.
#[server(output = crate::error::Wire)]
pub async fn save_customer_occurrence(form: forms::SaveCustomerOccurrence) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let saved = service::customer_occurrences::save_form(&ctx, &form).await?;
    redirect(&address::after(&form, saved));
    Ok(())
}

/// Deletes an occurrence, or brings it back.
#[server(output = crate::error::Wire)]
pub async fn run_customer_occurrence(form: forms::RunCustomerOccurrence) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let customer = service::customer_occurrences::run(&ctx, &form).await?;
    redirect(&address::after_run(&form, customer));
    Ok(())
}

/// The report with its rows and what its filters offer.
#[server(output = crate::error::Wire)]
pub async fn customer_report(query: views::ReportQuery, words: String) -> Result<views::ReportPage, Refusal> {
    let ctx = request_context()?;
    Ok(service::customer_occurrences::report_page(&ctx, &query, &words).await?)
}

/// The customer section of a ticket.
#[server(output = crate::error::Wire)]
pub async fn ticket_customer(number: i64, words: String) -> Result<views::TicketCustomerPage, Refusal> {
    let ctx = request_context()?;
    Ok(service::customers::ticket_page(&ctx, number, &words).await?)
}

/// Sets or empties the customer of a ticket.
#[server(output = crate::error::Wire)]
pub async fn set_ticket_customer(form: forms::SetTicketCustomer) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::customers::set_of_ticket(&ctx, &form).await?;
    redirect(&address::of_ticket(form.number));
    Ok(())
}

/// What the form of a ticket begins with that is opened from an occurrence.
#[server(output = crate::error::Wire)]
pub async fn ticket_from_occurrence(id: String) -> Result<views::TicketFromOccurrence, Refusal> {
    let ctx = request_context()?;
    Ok(service::customer_occurrences::ticket_form(&ctx, &id).await?)
}

/// Opens a ticket from an occurrence.
#[server(output = crate::error::Wire)]
pub async fn open_ticket_from(form: forms::OpenTicketFrom) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let number = service::customer_occurrences::open_ticket(&ctx, &form).await?;
    redirect(&format!("/tickets/{number}"));
    Ok(())
}
