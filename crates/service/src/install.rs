//! What every instance starts with: roles, lists, secrets. Everything here may run again and adds only what is missing.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::policy::{self, Capability, ShippedRole};
use entity::{list_row, role};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::ctx::{new_id, random_token};
use crate::db::Db;
use crate::error::ServiceError;
use crate::lists;
use crate::sql::Sql;
use crate::templates;

/// Name of the row that holds the key of cursors.
const CURSOR_KEY: &str = "cursor_key";

/// The key that signs cursors, the same on all instances; made at the first start.
///
/// # Errors
/// `Unavailable` when the database is away; `Internal` when the stored key cannot be read.
pub async fn ensure_secret(db: &Db, now: i64) -> Result<[u8; 32], ServiceError> {
    let mut insert = Sql::new("INSERT INTO instance_secret (name, value, created_at) VALUES (");
    insert
        .bind(CURSOR_KEY)
        .push_bind(", ", random_token(32))
        .push_bind(", ", now)
        .push(") ON CONFLICT (name) DO NOTHING");
    insert.run(db.writer()).await?;
    let stored: Option<String> =
        Sql::new("SELECT value FROM instance_secret WHERE name = ").bind(CURSOR_KEY).scalar(db.writer()).await?;
    let bytes = URL_SAFE_NO_PAD.decode(stored.unwrap_or_default()).map_err(ServiceError::internal)?;
    <[u8; 32]>::try_from(bytes.as_slice()).map_err(ServiceError::internal)
}

/// Brings what is shipped up to this release, when the server starts: the capabilities of the roles, and mail templates that an
/// older release did not have.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sync_shipped(db: &Db, now: i64) -> Result<(), ServiceError> {
    let tx = db.begin().await?;
    shipped_roles(&tx, now).await?;
    let root: Option<Uuid> =
        Sql::new("SELECT id FROM entity WHERE parent_id IS NULL ORDER BY id LIMIT 1").scalar(&tx).await?;
    if let Some(root) = root {
        templates::ensure(&tx, root, now).await?;
        customer_categories(&tx, root).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The ids of the shipped roles; missing ones are added, changed ones set right (T-ROL-02).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn shipped_roles(
    connection: &impl ConnectionTrait,
    now: i64,
) -> Result<BTreeMap<ShippedRole, Uuid>, ServiceError> {
    let mut out = BTreeMap::new();
    for shipped in ShippedRole::ALL {
        let mut insert =
            Sql::new("INSERT INTO role (id, key, name, shipped, capabilities, created_at, version) VALUES (");
        insert
            .bind(new_id())
            .push_bind(", ", shipped.key())
            .push_bind(", ", role_name(shipped))
            .push_bind(", ", true)
            .push_bind(", ", capability_names(shipped))
            .push_bind(", ", now)
            .push(", 1) ON CONFLICT (key) DO NOTHING");
        insert.run(connection).await?;
        let mut update = Sql::new("UPDATE role SET version = version + 1, capabilities = ");
        update
            .bind(capability_names(shipped))
            .push_bind(" WHERE key = ", shipped.key())
            .push_bind(" AND capabilities <> ", capability_names(shipped));
        update.run(connection).await?;
        let row = role::Entity::find()
            .filter(role::Column::Key.eq(shipped.key()))
            .one(connection)
            .await?
            .ok_or_else(|| ServiceError::internal("a shipped role is missing"))?;
        out.insert(shipped, row.id);
    }
    Ok(out)
}

/// English name of a shipped role; pages translate it by its key.
const fn role_name(role: ShippedRole) -> &'static str {
    match role {
        ShippedRole::Requester => "Requester",
        ShippedRole::Observer => "Observer",
        ShippedRole::Technician => "Technician",
        ShippedRole::Supervisor => "Supervisor",
        ShippedRole::Admin => "Admin",
    }
}

fn capability_names(role: ShippedRole) -> String {
    policy::capabilities(role).iter().map(Capability::name).collect::<Vec<_>>().join(" ")
}

/// A row that comes with the product: list, code, names in en, pt-BR, es, fr.
struct Shipped(&'static str, &'static str, [&'static str; 4]);

const ROWS: [Shipped; 21] = [
    Shipped(lists::SOURCES, "phone", ["Phone", "Telefone", "Teléfono", "Téléphone"]),
    Shipped(lists::SOURCES, "email", ["Email", "E-mail", "Correo electrónico", "E-mail"]),
    Shipped(lists::SOURCES, "portal", ["Portal", "Portal", "Portal", "Portail"]),
    Shipped(lists::SOURCES, "chat", ["Chat", "Chat", "Chat", "Chat"]),
    Shipped(lists::SOURCES, "in-person", ["In person", "Pessoalmente", "En persona", "En personne"]),
    Shipped(lists::SOURCES, "monitoring", ["Monitoring", "Monitoramento", "Monitoreo", "Supervision"]),
    Shipped(lists::SOURCES, "other", ["Other", "Outro", "Otro", "Autre"]),
    Shipped(lists::OCCURRENCE_CATEGORIES, "execution", ["Execution", "Execução", "Ejecución", "Exécution"]),
    Shipped(lists::OCCURRENCE_CATEGORIES, "analysis", ["Analysis", "Análise", "Análisis", "Analyse"]),
    Shipped(
        lists::OCCURRENCE_CATEGORIES,
        "contact",
        [
            "Contact with requester",
            "Contato com o solicitante",
            "Contacto con el solicitante",
            "Contact avec le demandeur",
        ],
    ),
    Shipped(
        lists::PENDING_REASONS,
        "requester",
        [
            "Requester must answer",
            "Solicitante precisa responder",
            "El solicitante debe responder",
            "Le demandeur doit répondre",
        ],
    ),
    Shipped(lists::SOLUTION_TYPES, "corrective", ["Corrective", "Corretiva", "Correctiva", "Corrective"]),
    Shipped(
        lists::SOLUTION_TYPES,
        "workaround",
        ["Workaround", "Solução de contorno", "Solución temporal", "Solution de contournement"],
    ),
    Shipped(lists::SOLUTION_TYPES, "information", ["Information", "Informação", "Información", "Information"]),
    Shipped(lists::SOLUTION_TYPES, "other", ["Other", "Outra", "Otra", "Autre"]),
    // C-OCC-12.
    Shipped(lists::CUSTOMER_CATEGORIES, "service", ["Service", "Atendimento", "Servicio", "Service"]),
    Shipped(lists::CUSTOMER_CATEGORIES, "delivery", ["Delivery", "Entrega", "Entrega", "Livraison"]),
    Shipped(lists::CUSTOMER_CATEGORIES, "billing", ["Billing", "Cobrança", "Facturación", "Facturation"]),
    Shipped(lists::CUSTOMER_CATEGORIES, "product", ["Product", "Produto", "Producto", "Produit"]),
    Shipped(lists::CUSTOMER_CATEGORIES, "relationship", ["Relationship", "Relacionamento", "Relación", "Relation"]),
    Shipped(lists::CUSTOMER_CATEGORIES, "other", ["Other", "Outro", "Otro", "Autre"]),
];

/// What the requester side reads of the shipped pending reason (T-PEN-01).
const WAITING_FOR_ANSWER: [&str; 4] =
    ["Waiting for your answer", "Aguardando sua resposta", "Esperando su respuesta", "En attente de votre réponse"];

/// Adds the shipped rows of lists and mail templates that the root entity does not have yet; all are visible in sub-entities too.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn ensure(connection: &impl ConnectionTrait, root: Uuid, now: i64) -> Result<(), ServiceError> {
    templates::ensure(connection, root, now).await?;
    let present: BTreeSet<(String, String)> = list_row::Entity::find()
        .filter(list_row::Column::EntityId.eq(root))
        .all(connection)
        .await?
        .into_iter()
        .filter_map(|row| row.code.map(|code| (row.list, code)))
        .collect();
    for (shipped, position) in ROWS.iter().zip(1..) {
        if !present.contains(&(shipped.0.to_owned(), shipped.1.to_owned())) {
            let row = row(shipped, root, position);
            list_row::Entity::insert(list_row::ActiveModel::from(row)).exec_without_returning(connection).await?;
        }
    }
    Ok(())
}

/// The list of categories of customer occurrences came with a release: a desk of before gets the shipped ones, once, while
/// the list is empty.
async fn customer_categories(connection: &impl ConnectionTrait, root: Uuid) -> Result<(), ServiceError> {
    let list = list_row::Column::List.eq(lists::CUSTOMER_CATEGORIES);
    if list_row::Entity::find().filter(list).one(connection).await?.is_some() {
        return Ok(());
    }
    for (shipped, position) in ROWS.iter().filter(|row| row.0 == lists::CUSTOMER_CATEGORIES).zip(1..) {
        let row = row(shipped, root, position);
        list_row::Entity::insert(list_row::ActiveModel::from(row)).exec_without_returning(connection).await?;
    }
    Ok(())
}

fn row(shipped: &Shipped, root: Uuid, position: i32) -> list_row::Model {
    let Shipped(list, code, texts) = shipped;
    list_row::Model {
        id: new_id(),
        list: (*list).to_owned(),
        entity_id: root,
        recursive: true,
        parent_id: None,
        code: Some((*code).to_owned()),
        names: names(*texts),
        labels: (*list == lists::PENDING_REASONS).then(|| names(WAITING_FOR_ANSWER)),
        active: true,
        position,
        for_tickets: true,
        for_occurrences: true,
        for_incident: true,
        for_request: true,
        // Requesters come through the portal and say what they did; the other sources are for agents.
        portal: *list == lists::OCCURRENCE_CATEGORIES || *code == "portal",
        group_id: None,
        rule: None,
        version: 1,
        hours: None,
    }
}

/// Texts in the order of `Lang::ALL` as the column keeps them.
fn names(texts: [&str; 4]) -> String {
    let [en, pt, es, fr] = texts;
    serde_json::json!({ "en": en, "pt-BR": pt, "es": es, "fr": fr }).to_string()
}

#[cfg(test)]
mod tests {
    use domain::lang::Lang;

    use super::*;

    #[test]
    fn t_rol_02_a_shipped_role_is_stored_as_the_matrix_says() {
        let stored = capability_names(ShippedRole::Requester);
        let read: Vec<Capability> = stored.split(' ').map(|name| name.parse().unwrap()).collect();
        assert_eq!(read.into_iter().collect::<policy::CapSet>(), policy::capabilities(ShippedRole::Requester));
    }

    #[test]
    fn t_set_09_shipped_rows_have_a_name_in_every_language() {
        for shipped in &ROWS {
            let row = row(shipped, Uuid::nil(), 1);
            for (lang, expected) in Lang::ALL.into_iter().zip(shipped.2) {
                assert!(!expected.is_empty());
                assert_eq!(lists::name(&row, lang), expected, "{}", shipped.1);
            }
        }
    }

    #[test]
    fn t_set_10_the_shipped_sources_are_those_of_the_specification() {
        let codes: Vec<&str> = ROWS.iter().filter(|row| row.0 == lists::SOURCES).map(|row| row.1).collect();
        assert_eq!(codes, ["phone", "email", "portal", "chat", "in-person", "monitoring", "other"]);
    }

    #[test]
    fn t_pen_01_the_shipped_reason_has_a_public_label() {
        let reason = ROWS.iter().find(|row| row.0 == lists::PENDING_REASONS).unwrap();
        assert_eq!(lists::label(&row(reason, Uuid::nil(), 1), Lang::Es), "Esperando su respuesta");
    }
}
