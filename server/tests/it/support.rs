//! A desk without a socket: the whole router on a database of its own, and people who ask it.

mod answer;
mod story;

pub(crate) use answer::{Answer, keys, sorted};
pub(crate) use story::{Story, html_text};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, header};
use serde_json::Value;
use server::AppState;
use server::site::{Packed, Site};
use service::sql::Sql;
use service::{Ctx, Services, account, tokens};
use testing::{Engine, Template, TestDb, World};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// Nobody is signed in.
pub(crate) const NOBODY: &str = "";
/// One person of each shipped role, in the order of the matrix.
pub(crate) const ROLES: [&str; 5] = ["requester1", "observer", "tech1", "supervisor", "admin"];

/// A running instance without a socket.
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) services: Services,
    pub(crate) shutdown: CancellationToken,
    app: Router,
    /// Goes with the desk, if the desk has it of its own.
    _database: Option<TestDb>,
}

/// What the server warns of stands in the output of the test that fails.
fn log_causes() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer().init();
    });
}

impl Desk {
    /// On SQLite: what the router does with an answer does not depend on the engine.
    pub(crate) async fn new() -> Self {
        let database = match TestDb::if_wanted(Engine::Sqlite, Template::Desk).await {
            Some(database) => database,
            None => TestDb::durable(Engine::Sqlite, Template::Desk).await,
        };
        let world = World::open(database.db().clone()).await;
        Self { _database: Some(database), ..Self::on(world) }
    }

    /// On the desk of `both_engines!`.
    pub(crate) fn on(world: World) -> Self {
        log_causes();
        let services = world.services.clone();
        let shutdown = CancellationToken::new();
        let state = AppState::new(services.clone(), Site::new(&Packed::NONE, None), Vec::new(), shutdown.clone());
        Self { world, services, shutdown, app: server::router(state), _database: None }
    }

    /// A new session of a person: the value of its cookie.
    pub(crate) async fn session(&self, who: &str) -> String {
        let token = service::ctx::random_token(32);
        let now = self.services.now();
        let mut sql = Sql::new(
            "INSERT INTO session (token_hash, user_id, created_at, last_seen_at, expires_at, address, agent) VALUES (",
        );
        sql.bind(account::secret_hash(&token))
            .push_bind(", ", self.world.person(who).await.id)
            .push_bind(", ", now)
            .push_bind(", ", now)
            .push_bind(", ", now + 3_600)
            .push_bind(", ", "")
            .push_bind(", ", "tests")
            .push(")");
        sql.run(self.services.db.writer()).await.unwrap();
        token
    }

    /// The context of a person, for what a test prepares without HTTP.
    pub(crate) async fn ctx(&self, who: &str) -> Ctx {
        self.world.ctx(who).await
    }

    /// A new token of the API.
    pub(crate) async fn token(&self, who: &str, scope: &str) -> String {
        let email = self.world.person(who).await.email;
        tokens::create_for(&self.services, &email, "tests", scope, None).await.unwrap().token
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.open(request).await).await
    }

    /// Sends a request and leaves the body unread.
    pub(crate) async fn open(&self, request: Request<Body>) -> Response<Body> {
        self.app.clone().oneshot(request).await.unwrap()
    }

    /// A request as a browser makes it from a page of this site.
    pub(crate) async fn browser(&self, method: &str, path: &str, who: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "desk.test")
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT, "text/html,application/xhtml+xml");
        if who != NOBODY {
            let cookie = format!("{}={}", app::context::session_cookie(false), self.session(who).await);
            request = request.header(header::COOKIE, cookie);
        }
        request
    }

    /// A page.
    pub(crate) async fn get(&self, path: &str, who: &str) -> Answer {
        let request = self.browser("GET", path, who).await.body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// A form posted without JavaScript from the page `from`.
    pub(crate) async fn post_form(&self, name: &str, from: &str, fields: &[(&str, &str)], who: &str) -> Answer {
        let request = self
            .browser("POST", &server_fn(name), who)
            .await
            .header(header::REFERER, format!("http://desk.test{from}"))
            .header(header::ORIGIN, "http://desk.test")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(fields)))
            .unwrap();
        self.send(request).await
    }

    /// A server function called by the application in the browser.
    pub(crate) async fn call(&self, name: &str, fields: &[(&str, &str)], who: &str) -> Answer {
        let mut request = self
            .browser("POST", &server_fn(name), who)
            .await
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(fields)))
            .unwrap();
        request.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
        self.send(request).await
    }

    /// The API with a new token of full scope.
    pub(crate) async fn api(&self, method: &str, path: &str, who: &str, body: Option<Value>) -> Answer {
        self.api_with(method, path, who, &[], body).await
    }

    /// The API with further headers.
    pub(crate) async fn api_with(
        &self,
        method: &str,
        path: &str,
        who: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(format!("/api/v1{path}")).header(header::HOST, "desk.test");
        if who != NOBODY {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token(who, "full").await));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |value| Body::from(value.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// The API with a body that is not JSON.
    pub(crate) async fn api_raw(
        &self,
        method: &str,
        path: &str,
        who: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let token = self.token(who, "full").await;
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, content_type)
            .body(body.into())
            .unwrap();
        self.send(request).await
    }

    /// Uploads a file by the API; answers what the API says.
    pub(crate) async fn upload(&self, name: &str, content: &[u8], who: &str) -> Answer {
        let mut body = format!(
            "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--border--\r\n");
        self.api_raw("POST", "/uploads", who, "multipart/form-data; boundary=border", body).await
    }
}

/// Address of a server function, by its name.
#[track_caller]
pub(crate) fn server_fn(name: &str) -> String {
    let ending = format!("/{name}");
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .find(|path| path.ends_with(&ending))
        .unwrap_or_else(|| panic!("no server function {name}"))
        .to_owned()
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

/// Escapes a text for a query or a form.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A PNG of one pixel.
pub(crate) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];
