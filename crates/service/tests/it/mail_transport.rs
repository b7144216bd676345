//! Mails on their way to a real server: what each of its answers means, and which connection is used.

use std::time::Duration;

use lettre::address::{Address, Envelope};
use service::mail::{Limits, SendError, Server, Step, Transport};
use testing::{Behaviour, Encryption, Sink, Stage};

const MESSAGE: &[u8] = b"Subject: Printer\r\n\r\n.hidden files\r\nare listed.\r\n";

fn envelope(to: &str) -> Envelope {
    Envelope::new(Some("desk@example.org".parse().unwrap()), vec![to.parse::<Address>().unwrap()]).unwrap()
}

/// Trusts the certificate of the server, if it has one.
fn server(sink: &Sink, url: &str) -> Server {
    let server = Server::read(url).unwrap();
    if sink.certificate().is_empty() { server } else { server.trusting(sink.certificate().as_bytes()).unwrap() }
}

fn transport(sink: &Sink) -> Transport {
    Transport::new(server(sink, &sink.url()))
}

/// Of somebody who gives up soon, yet after the longest answer of a busy machine.
fn hasty(sink: &Sink) -> Transport {
    let limits = Limits { command: Duration::from_secs(1), mail: Duration::from_secs(3), ..Limits::default() };
    Transport::with_limits(server(sink, &sink.url()), limits)
}

async fn send(transport: &Transport) -> Result<String, SendError> {
    transport.send(&envelope("ana@example.org"), MESSAGE).await
}

async fn refusal(behaviour: Behaviour) -> (SendError, Sink) {
    let sink = Sink::start().await;
    sink.behave(behaviour);
    (send(&transport(&sink)).await.unwrap_err(), sink)
}

#[track_caller]
fn assert_transport(error: &SendError, words: &str) {
    assert!(matches!(error, SendError::Transport(text) if text.contains(words)), "{error:?}");
}

#[track_caller]
fn assert_later(error: &SendError, words: &str) {
    assert!(matches!(error, SendError::Later(text) if text.contains(words)), "{error:?}");
}

/// Neither a password nor a mail reached the server.
#[track_caller]
fn assert_nothing_left(sink: &Sink) {
    assert!(!sink.commands().iter().any(|verb| ["AUTH", "MAIL", "RCPT", "DATA"].contains(&verb.as_str())));
    assert_eq!(sink.mails().len(), 0);
}

fn names(steps: &[Step]) -> Vec<(&'static str, bool)> {
    steps.iter().map(|step| (step.name, step.ok)).collect()
}

#[tokio::test]
async fn m_dlv_03_an_accepted_mail_arrives_as_it_was_and_the_words_of_the_server_come_back() {
    let sink = Sink::start().await;
    assert_eq!(send(&transport(&sink)).await, Ok("250 2.0.0 taken as number 1".to_owned()));
    let mails = sink.wait(1).await;
    let [mail] = mails.as_slice() else { panic!("one mail") };
    assert_eq!((mail.from.as_str(), mail.to.join(" ").as_str()), ("desk@example.org", "ana@example.org"));
    assert_eq!(mail.data.trim_end().as_bytes(), MESSAGE.trim_ascii_end());
}

#[tokio::test]
async fn m_dlv_03_a_mail_that_nobody_may_answer_has_no_sender() {
    let sink = Sink::start().await;
    let envelope = Envelope::new(None, vec!["ana@example.org".parse().unwrap()]).unwrap();
    transport(&sink).send(&envelope, MESSAGE).await.unwrap();
    assert_eq!(sink.mails()[0].from, "");
}

#[tokio::test]
async fn m_dlv_03_5xx_for_the_recipient_is_final_and_the_connection_goes_on() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    sink.behave(Behaviour::RefuseRecipient(550, Some("gone@example.org".to_owned())));
    let refused = transport.send(&envelope("gone@example.org"), MESSAGE).await;
    assert_eq!(refused, Err(SendError::Never("550 5.1.1 <gone@example.org>: nobody of that name".to_owned())));
    send(&transport).await.unwrap();
    assert_eq!((sink.mails().len(), sink.connections()), (1, 1));
}

#[tokio::test]
async fn m_dlv_03_4xx_for_the_recipient_is_tried_again() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    sink.behave(Behaviour::Greylist { times: 1 });
    assert_later(&send(&transport).await.unwrap_err(), "450 4.2.0");
    send(&transport).await.unwrap();
    assert_eq!((sink.mails().len(), sink.connections()), (1, 1));
}

#[tokio::test]
async fn m_dlv_03_a_refused_text_is_final_or_tried_again_by_its_code() {
    let (error, sink) = refusal(Behaviour::RefuseData(554)).await;
    assert_eq!(error, SendError::Never("554 5.6.0 this text is not wanted".to_owned()));
    assert_eq!(sink.mails().len(), 0);
    let (error, _) = refusal(Behaviour::RefuseData(451)).await;
    assert_later(&error, "451 4.6.0");
}

#[tokio::test]
async fn m_dlv_03_a_connection_lost_after_the_recipient_was_named_is_tried_again() {
    for stage in [Stage::Recipient, Stage::Data] {
        let (error, sink) = refusal(Behaviour::CloseAfter(stage)).await;
        assert_later(&error, "connection lost");
        assert_eq!((sink.mails().len(), sink.connections()), (0, 1), "{stage:?}");
    }
}

#[tokio::test]
async fn m_dlv_07_a_connection_lost_after_the_final_dot_is_tried_again_though_the_mail_arrived() {
    let (error, sink) = refusal(Behaviour::CloseAfter(Stage::Dot)).await;
    assert_later(&error, "connection lost");
    assert_eq!((sink.mails().len(), sink.connections()), (1, 1));
}

#[tokio::test]
async fn m_dlv_03_silence_after_the_recipient_was_named_is_tried_again() {
    for stage in [Stage::Data, Stage::Dot] {
        let sink = Sink::start().await;
        sink.behave(Behaviour::Hang(stage));
        assert_later(&send(&hasty(&sink)).await.unwrap_err(), "no answer in time");
        assert_eq!(sink.connections(), 1, "{stage:?}");
    }
}

#[tokio::test]
async fn m_dlv_03_an_internationalised_address_needs_a_server_that_takes_it() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    let refused = transport.send(&envelope("josé@example.org"), MESSAGE).await;
    assert!(matches!(&refused, Err(SendError::Never(text)) if text.contains("SMTPUTF8")), "{refused:?}");
    assert_nothing_left(&sink);
    send(&transport).await.unwrap();
    assert_eq!(sink.connections(), 1);
}

#[tokio::test]
async fn m_trn_04_a_port_without_a_server_uses_up_no_try() {
    let transport = Transport::new(Server::read(&Sink::refusing_port()).unwrap());
    assert_transport(&send(&transport).await.unwrap_err(), "connect: ");
}

#[tokio::test]
async fn m_trn_04_silence_before_the_recipient_is_named_uses_up_no_try() {
    for stage in [Stage::Greeting, Stage::Sender] {
        let sink = Sink::start().await;
        sink.behave(Behaviour::Hang(stage));
        assert_transport(&send(&hasty(&sink)).await.unwrap_err(), "no answer in time");
        assert_eq!(sink.mails().len(), 0, "{stage:?}");
    }
}

#[tokio::test]
async fn m_trn_04_a_connection_lost_before_the_recipient_is_named_uses_up_no_try() {
    for stage in [Stage::Greeting, Stage::Hello, Stage::Sender] {
        let (error, _) = refusal(Behaviour::CloseAfter(stage)).await;
        assert!(matches!(error, SendError::Transport(_)), "{stage:?}: {error:?}");
    }
}

#[tokio::test]
async fn m_trn_04_a_refused_sender_uses_up_no_try() {
    for code in [451, 553] {
        let (error, _) = refusal(Behaviour::RefuseSender(code)).await;
        assert_transport(&error, &format!("MAIL FROM: {code}"));
    }
}

#[tokio::test]
async fn m_trn_04_a_server_that_went_away_uses_up_no_try() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    send(&transport).await.unwrap();
    sink.stop().await;
    assert!(matches!(send(&transport).await, Err(SendError::Transport(_))));
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn m_trn_01_mails_share_a_connection() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    for _ in 0..3 {
        send(&transport).await.unwrap();
    }
    assert_eq!((sink.mails().len(), sink.connections()), (3, 1));
}

#[tokio::test]
async fn m_trn_01_mails_at_the_same_time_do_not_wait_for_each_other() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    let (first, second) = tokio::join!(send(&transport), send(&transport));
    first.and(second).unwrap();
    assert_eq!((sink.mails().len(), sink.connections()), (2, 2));
}

#[tokio::test]
async fn m_trn_01_a_connection_idle_for_too_long_is_not_used_again() {
    let sink = Sink::start().await;
    let limits = Limits { idle: Duration::ZERO, ..Limits::default() };
    let transport = Transport::with_limits(server(&sink, &sink.url()), limits);
    send(&transport).await.unwrap();
    transport.close_idle().await;
    assert_eq!(sink.commands().last().map(String::as_str), Some("QUIT"));
    send(&transport).await.unwrap();
    assert_eq!((sink.mails().len(), sink.connections()), (2, 2));
}

#[tokio::test]
async fn m_trn_04_a_kept_connection_that_is_dead_is_replaced() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    sink.behave(Behaviour::CloseAfter(Stage::Accepted));
    send(&transport).await.unwrap();
    sink.behave(Behaviour::Accept);
    send(&transport).await.unwrap();
    assert_eq!((sink.mails().len(), sink.connections()), (2, 2));
}

#[tokio::test]
async fn m_dlv_07_a_kept_connection_lost_after_the_recipient_was_named_is_not_replaced() {
    let sink = Sink::start().await;
    let transport = transport(&sink);
    send(&transport).await.unwrap();
    sink.behave(Behaviour::CloseAfter(Stage::Dot));
    assert_later(&send(&transport).await.unwrap_err(), "connection lost");
    assert_eq!((sink.mails().len(), sink.connections()), (2, 1));
}

#[tokio::test]
async fn m_trn_01_required_tls_that_is_not_offered_lets_nothing_leave() {
    let sink = Sink::start().await;
    let address = sink.url().replace("?tls=none", "");
    for url in [format!("{address}?tls=required"), address.replace("smtp://", "smtp://robot:secret@")] {
        let transport = Transport::new(server(&sink, &url));
        assert_transport(&send(&transport).await.unwrap_err(), "does not offer STARTTLS");
    }
    assert_nothing_left(&sink);
}

#[tokio::test]
async fn m_trn_01_tls_with_a_trusted_certificate_signs_in_and_sends() {
    for encryption in [Encryption::StartTls, Encryption::Implicit] {
        let sink = Sink::start_tls(encryption).await;
        let transport = transport(&sink);
        send(&transport).await.unwrap();
        send(&transport).await.unwrap();
        assert_eq!((sink.mails().len(), sink.connections()), (2, 1), "{encryption:?}");
        assert_eq!(sink.commands().iter().filter(|verb| *verb == "AUTH").count(), 1, "{encryption:?}");
    }
}

#[tokio::test]
async fn m_trn_01_opportunistic_tls_encrypts_where_it_can() {
    let sink = Sink::start_tls(Encryption::StartTls).await;
    let url = sink.url().replace("robot:paper-towel-42@", "").replace("required", "opportunistic");
    send(&Transport::new(server(&sink, &url))).await.unwrap();
    assert!(sink.commands().iter().any(|verb| verb == "STARTTLS"));

    let plain = Sink::start().await;
    let url = plain.url().replace("none", "opportunistic");
    send(&Transport::new(server(&plain, &url))).await.unwrap();
}

#[tokio::test]
async fn m_trn_01_an_unknown_certificate_lets_nothing_leave() {
    for encryption in [Encryption::StartTls, Encryption::Implicit] {
        let sink = Sink::start_tls(encryption).await;
        let transport = Transport::new(Server::read(&sink.url()).unwrap());
        assert_transport(&send(&transport).await.unwrap_err(), "certificate");
        assert_nothing_left(&sink);
    }
}

#[tokio::test]
async fn m_trn_01_a_certificate_of_another_host_lets_nothing_leave() {
    for encryption in [Encryption::StartTls, Encryption::Implicit] {
        let sink = Sink::start_tls(encryption).await;
        let url = sink.url().replace("127.0.0.1", "localhost");
        assert_transport(&send(&Transport::new(server(&sink, &url))).await.unwrap_err(), "certificate");
        assert_nothing_left(&sink);
    }
}

#[tokio::test]
async fn m_trn_04_a_wrong_password_uses_up_no_try_and_is_never_told() {
    let sink = Sink::start_tls(Encryption::StartTls).await;
    let url = sink.url().replace(Sink::PASSWORD, "wooden-spoon-7");
    let transport = Transport::new(server(&sink, &url));
    let error = send(&transport).await.unwrap_err();
    assert_transport(&error, "sign_in: 535 5.7.8");
    let steps = transport.probe().await;
    assert_eq!(names(&steps), [("resolve", true), ("connect", true), ("tls", true), ("sign_in", false)]);
    assert_eq!(steps[3].answer, "535 5.7.8 wrong user or password");
    assert!(!format!("{error:?} {steps:?} {transport:?}").contains("wooden-spoon"));
    assert_eq!(sink.mails().len(), 0);
}

#[tokio::test]
async fn m_trn_02_a_probe_shows_each_step_and_its_connection_carries_the_next_mail() {
    for encryption in [Encryption::StartTls, Encryption::Implicit] {
        let sink = Sink::start_tls(encryption).await;
        let transport = transport(&sink);
        let steps = transport.probe().await;
        let expected = [("resolve", true), ("connect", true), ("tls", true), ("sign_in", true)];
        assert_eq!(names(&steps), expected, "{steps:?}");
        assert_eq!((steps[0].answer.as_str(), steps[3].answer.as_str()), ("127.0.0.1", "235 2.7.0 welcome"));
        let connections = sink.connections();
        send(&transport).await.unwrap();
        assert_eq!((sink.mails().len(), sink.connections()), (1, connections), "{encryption:?}");
    }
}

#[tokio::test]
async fn m_trn_02_a_probe_shows_the_greeting_and_ends_with_what_fails() {
    let sink = Sink::start().await;
    let steps = transport(&sink).probe().await;
    assert_eq!(names(&steps), [("resolve", true), ("connect", true)]);
    assert_eq!(steps[1].answer, "220 sink.example ESMTP at your service");

    let url = sink.url().replace("tls=none", "tls=required");
    let steps = Transport::new(server(&sink, &url)).probe().await;
    assert_eq!(names(&steps), [("resolve", true), ("connect", true), ("tls", false)]);

    let nobody = Transport::new(Server::read(&Sink::refusing_port()).unwrap());
    assert_eq!(names(&nobody.probe().await), [("resolve", true), ("connect", false)]);

    // Longer than a name may be, so that nobody is asked for it.
    let url = format!("smtp://{}.example?tls=none", "a".repeat(64));
    let nowhere = Transport::new(Server::read(&url).unwrap());
    assert_eq!(names(&nowhere.probe().await), [("resolve", false)]);
}
