//! Calls of the API over real sockets, one connection each.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no answer to rely on.
#[derive(Debug)]
pub(super) enum Failure {
    /// None, or only a part of one.
    Lost(io::Error),
    /// Another status than was hoped for.
    Refused(u16, String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

/// Creates something.
pub(super) async fn post(
    address: SocketAddr,
    path: &str,
    token: &str,
    key: &str,
    body: &Value,
) -> Result<Value, Failure> {
    let body = body.to_string();
    let request = format!(
        "POST /api/v1{path} HTTP/1.0\r\nhost: desk.test\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    call(address, &request, 201).await
}

/// Reads something.
pub(super) async fn get(address: SocketAddr, path: &str, token: &str) -> Result<Value, Failure> {
    let request = format!("GET /api/v1{path} HTTP/1.0\r\nhost: desk.test\r\nauthorization: Bearer {token}\r\n\r\n");
    call(address, &request, 200).await
}

async fn call(address: SocketAddr, request: &str, hoped_for: u16) -> Result<Value, Failure> {
    // Of this version of HTTP an answer ends with its connection.
    let whole = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<String, io::Error>(answer)
    };
    let answer = tokio::time::timeout(PATIENCE, whole).await.map_err(io::Error::from)??;
    let cut = || Failure::Lost(io::ErrorKind::UnexpectedEof.into());
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok()).ok_or_else(cut)?;
    if status != hoped_for {
        return Err(Failure::Refused(status, body.to_owned()));
    }
    // A part of an object is none.
    serde_json::from_str(body).map_err(|_cut| cut())
}
