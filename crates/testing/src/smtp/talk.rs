//! One connection of the mail server of tests.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::{Behaviour, Encryption, Received, Shared, Sink, Stage};

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

fn boxed(wire: impl Wire + 'static) -> BufReader<Box<dyn Wire>> {
    let wire: Box<dyn Wire> = Box::new(wire);
    BufReader::new(wire)
}

struct Talk {
    wire: BufReader<Box<dyn Wire>>,
    shared: Arc<Shared>,
    behaviour: Behaviour,
    /// Still to be offered by STARTTLS.
    offered: Option<TlsAcceptor>,
    encrypted: bool,
    from: String,
    to: Vec<String>,
}

/// Talks until one side has enough.
pub(super) async fn hold(
    stream: TcpStream,
    shared: Arc<Shared>,
    security: Option<(Encryption, TlsAcceptor)>,
) -> io::Result<()> {
    let (wire, offered, encrypted) = match security {
        None => (boxed(stream), None, false),
        Some((Encryption::StartTls, acceptor)) => (boxed(stream), Some(acceptor), false),
        Some((Encryption::Implicit, acceptor)) => (boxed(acceptor.accept(stream).await?), None, true),
    };
    let behaviour = shared.state().behaviour.clone();
    Talk { wire, shared, behaviour, offered, encrypted, from: String::new(), to: Vec::new() }.run().await
}

impl Talk {
    async fn run(mut self) -> io::Result<()> {
        if !self.goes_on(Stage::Greeting).await {
            return Ok(());
        }
        self.say("220 sink.example ESMTP at your service").await?;
        while let Some(line) = self.hear().await? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let (verb, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            let verb = verb.to_ascii_uppercase();
            self.shared.state().commands.push(verb.clone());
            let goes_on = match verb.as_str() {
                "EHLO" | "HELO" => self.hello().await?,
                "STARTTLS" if self.offered.is_some() => {
                    self = self.encrypt().await?;
                    true
                }
                "AUTH" if self.encrypted => self.sign_in(rest).await?,
                "MAIL" => self.sender(rest).await?,
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.to.clear();
                    self.say("250 2.0.0 forgotten").await?
                }
                "NOOP" => self.say("250 2.0.0 done").await?,
                "QUIT" => {
                    self.say("221 2.0.0 bye").await?;
                    false
                }
                _ => self.say("502 5.5.1 not known here").await?,
            };
            if !goes_on {
                break;
            }
        }
        Ok(())
    }

    async fn hello(&mut self) -> io::Result<bool> {
        if !self.goes_on(Stage::Hello).await {
            return Ok(false);
        }
        let mut answer = "250-sink.example hello\r\n250-8BITMIME\r\n".to_owned();
        if self.offered.is_some() {
            answer.push_str("250-STARTTLS\r\n");
        }
        if self.encrypted {
            answer.push_str("250-AUTH PLAIN\r\n");
        }
        answer.push_str("250 SIZE 30000000");
        self.say(&answer).await
    }

    async fn encrypt(mut self) -> io::Result<Self> {
        self.say("220 2.0.0 go ahead").await?;
        if let Some(acceptor) = self.offered.take() {
            self.wire = boxed(acceptor.accept(self.wire.into_inner()).await?);
            self.encrypted = true;
        }
        Ok(self)
    }

    async fn sign_in(&mut self, rest: &str) -> io::Result<bool> {
        if !self.goes_on(Stage::SignIn).await {
            return Ok(false);
        }
        let right = format!("PLAIN {}", STANDARD.encode(format!("\0{}\0{}", Sink::USER, Sink::PASSWORD)));
        let is_right = rest == right;
        self.say(if is_right { "235 2.7.0 welcome" } else { "535 5.7.8 wrong user or password" }).await
    }

    async fn sender(&mut self, rest: &str) -> io::Result<bool> {
        self.behaviour = self.shared.state().behaviour.clone();
        if !self.goes_on(Stage::Sender).await {
            return Ok(false);
        }
        if let Behaviour::RefuseSender(code) = self.behaviour {
            return self.say(&format!("{code} {}.1.8 this sender is not wanted", code / 100)).await;
        }
        self.from = address(rest);
        self.to.clear();
        self.say("250 2.1.0 sender ok").await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<bool> {
        if !self.goes_on(Stage::Recipient).await {
            return Ok(false);
        }
        let to = address(rest);
        let refusal = match &self.behaviour {
            Behaviour::RefuseRecipient(code, only)
                if only.as_ref().is_none_or(|only| only.eq_ignore_ascii_case(&to)) =>
            {
                Some(format!("{code} {}.1.1 <{to}>: nobody of that name", code / 100))
            }
            Behaviour::Greylist { times } if self.puts_off(&to, *times) => {
                Some(format!("450 4.2.0 <{to}>: come again later"))
            }
            _ => None,
        };
        if let Some(refusal) = refusal {
            return self.say(&refusal).await;
        }
        self.to.push(to);
        self.say("250 2.1.5 recipient ok").await
    }

    fn puts_off(&self, to: &str, times: usize) -> bool {
        let mut state = self.shared.state();
        let so_far = state.put_off.entry(to.to_owned()).or_default();
        *so_far += 1;
        *so_far <= times
    }

    async fn data(&mut self) -> io::Result<bool> {
        if !self.goes_on(Stage::Data).await {
            return Ok(false);
        }
        if self.to.is_empty() {
            return self.say("503 5.5.1 nobody to send it to").await;
        }
        self.say("354 end with a dot").await?;
        let Some(data) = self.text().await? else { return Ok(false) };
        if let Behaviour::RefuseData(code) = self.behaviour {
            self.to.clear();
            return self.say(&format!("{code} {}.6.0 this text is not wanted", code / 100)).await;
        }
        let (from, to) = (std::mem::take(&mut self.from), std::mem::take(&mut self.to));
        let number = {
            let mut state = self.shared.state();
            state.mails.push(Received { from, to, data, at: Instant::now() });
            state.mails.len()
        };
        self.shared.arrived.notify_waiters();
        if !self.goes_on(Stage::Dot).await {
            return Ok(false);
        }
        self.say(&format!("250 2.0.0 taken as number {number}")).await?;
        Ok(self.goes_on(Stage::Accepted).await)
    }

    /// The lines until the final dot, without the dots that hide other dots; none if the connection ends before.
    async fn text(&mut self) -> io::Result<Option<String>> {
        let mut data = Vec::new();
        while let Some(line) = self.hear().await? {
            if line == b".\r\n" {
                return Ok(Some(String::from_utf8_lossy(&data).into_owned()));
            }
            data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        Ok(None)
    }

    /// One line with its end; none when the other side has closed.
    async fn hear(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.wire.read_until(b'\n', &mut line).await?;
        Ok((!line.is_empty()).then_some(line))
    }

    /// Always true: the talk goes on.
    async fn say(&mut self, answer: &str) -> io::Result<bool> {
        self.wire.write_all(format!("{answer}\r\n").as_bytes()).await?;
        self.wire.flush().await?;
        Ok(true)
    }

    /// Whether the talk may pass this stage; never answers where it is to hang. Exclusive, because a shared talk could not
    /// wait in a task that moves between threads.
    async fn goes_on(&mut self, stage: Stage) -> bool {
        match self.behaviour {
            Behaviour::Hang(at) if at == stage => pending().await,
            Behaviour::CloseAfter(at) => at != stage,
            _ => true,
        }
    }
}

/// What stands between the angle brackets.
fn address(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
