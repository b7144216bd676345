//! A chat of the demo desk that is over: both sides said something, both have read it, and it stands in the history of its
//! ticket (T-HIS-02). The chat is switched on in that entity alone; everywhere else it is off, as it is at first.

use domain::settings::Key;
use domain::ticket::Side;
use entity::{chat as chat_row, chat_line, chat_line_read, setting, ticket, ticket_event};
use sea_orm::ConnectionTrait;

use super::desk::{Desk, known};
use super::rows::insert_all;
use super::story::Happening;
use crate::chat;
use crate::ctx::new_id;
use crate::error::ServiceError;

const MINUTE: i64 = 60;
/// Number of the ticket; its dates lie around the chat, so that none of them moves by it.
const TICKET: i64 = 34;
/// Entity of the ticket.
const ENTITY: &str = "iberia";
/// Who asks, and who answers.
const SIDES: [(&str, Side); 2] = [("requester6", Side::Requester), ("tech2", Side::Service)];
/// Place in [`SIDES`], minutes before loading, text.
const LINES: [(usize, i64, &str); 6] = [
    (0, 2_965, "Buenos días. ¿Puedo enseñarle la pantalla gris ahora? La tengo delante."),
    (1, 2_964, "Sí, ahora mismo. ¿Qué pedido abre?"),
    (0, 2_963, "El 20871. Van ya veinte segundos."),
    (1, 2_961, "Lo veo en el registro: espera a la red, no a la base de datos."),
    (0, 2_960, "Ahora se abrió. ¿Tengo que hacer algo?"),
    (1, 2_958, "Nada más, gracias. Le escribo en el ticket en cuanto sepa por qué."),
];
/// Minutes before loading at which it was ended.
const ENDED: i64 = 2_957;
/// Seconds until the other side has a line before it.
const READ_AFTER: i64 = 15;

/// Writes it; the rows of the tickets are there already.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    desk: &Desk,
    tickets: &[ticket::Model],
    now: i64,
) -> Result<(), ServiceError> {
    let lacking = || ServiceError::internal(format!("the demo files have no ticket {TICKET} to chat about"));
    let ticket = tickets.iter().find(|ticket| ticket.number == TICKET).ok_or_else(lacking)?;
    let people = SIDES.map(|(key, side)| known(&desk.people, key).map(|person| (person.id, side)));
    let [asking, answering] = people;
    let (asking, answering) = (asking?, answering?);
    let ago = |minutes: i64| now - minutes * MINUTE;
    let times: Vec<i64> = LINES.iter().map(|(_, minutes, _)| ago(*minutes)).collect();
    let (started_at, last_line_at) =
        (times.iter().copied().min().unwrap_or(now), times.iter().copied().max().unwrap_or(now));
    let chat = chat_row::Model {
        id: new_id(),
        ticket_id: ticket.id,
        started_at,
        last_line_at,
        waiting_since: None,
        ended_at: Some(ago(ENDED)),
    };
    let (mut lines, mut reads) = (Vec::new(), Vec::new());
    for ((place, minutes, text), number) in LINES.iter().zip(1..) {
        let (author, reader) = if *place == 0 { (asking, answering) } else { (answering, asking) };
        let line = chat_line::Model {
            id: new_id(),
            ticket_id: ticket.id,
            chat_id: chat.id,
            number,
            author_id: author.0,
            side: author.1.as_str().to_owned(),
            text: (*text).to_owned(),
            sent_at: ago(*minutes),
            // It was read in time: no mail is due.
            mail_due_at: None,
        };
        reads.push(chat_line_read::Model {
            line_id: line.id,
            user_id: reader.0,
            side: reader.1.as_str().to_owned(),
            read_at: line.sent_at + READ_AFTER,
        });
        lines.push(line);
    }
    let told = |at: i64, who, kind: &'static str| {
        let entry = Some((chat::KIND, chat.id, false, None));
        Happening { entry, ..Happening::new(at, Some(who), kind) }.into_row(ticket.id)
    };
    let events = vec![told(started_at, asking.0, "chat_started")?, told(ago(ENDED), answering.0, "chat_ended")?];
    let on = setting::Model {
        entity_id: *known(&desk.entities, ENTITY)?,
        key: Key::ChatEnabled.as_str().to_owned(),
        value: "true".to_owned(),
        updated_at: now,
    };
    insert_all::<setting::Entity>(tx, vec![on]).await?;
    insert_all::<chat_row::Entity>(tx, vec![chat]).await?;
    insert_all::<chat_line::Entity>(tx, lines).await?;
    insert_all::<chat_line_read::Entity>(tx, reads).await?;
    insert_all::<ticket_event::Entity>(tx, events).await
}
