use super::address::{Server, ServerError, Tls};
use super::{Limits, Transport};

fn read(url: &str) -> Server {
    Server::read(url).unwrap()
}

fn mistake(url: &str) -> ServerError {
    Server::read(url).unwrap_err()
}

#[test]
fn m_trn_01_the_url_says_host_port_and_tls() {
    let cases = [
        ("smtps://mail.example.org", "mail.example.org", 465, Tls::Implicit),
        ("smtps://u:p@mail.example.org:4465/", "mail.example.org", 4465, Tls::Implicit),
        ("smtp://u:p@mail.example.org", "mail.example.org", 587, Tls::Required),
        (" smtp://mail.example.org:25?tls=required\n", "mail.example.org", 25, Tls::Required),
        ("smtp://127.0.0.1?tls=opportunistic", "127.0.0.1", 587, Tls::Opportunistic),
        ("smtp://[::1]:2525?tls=none", "::1", 2525, Tls::None),
        ("smtp://localhost?tls=none", "localhost", 25, Tls::None),
        ("smtp://münchen.example?tls=none", "xn--mnchen-3ya.example", 25, Tls::None),
    ];
    for (url, host, port, tls) in cases {
        let server = read(url);
        assert_eq!((server.host(), server.port(), server.tls()), (host, port, tls), "{url}");
    }
}

#[test]
fn m_trn_01_a_password_never_travels_in_plain_text() {
    for tls in ["none", "opportunistic"] {
        assert_eq!(mistake(&format!("smtp://u:p@mail.example.org?tls={tls}")), ServerError::PlainLogin);
    }
}

#[test]
fn m_trn_01_what_is_not_understood_is_refused() {
    let cases = [
        ("https://mail.example.org", ServerError::Scheme),
        ("mailto:u@example.org", ServerError::Scheme),
        ("smtp:mail.example.org", ServerError::Host),
        ("smtp://mail.example.org/box", ServerError::Rest),
        ("smtp://mail.example.org#top", ServerError::Rest),
        ("smtp://mail.example.org?tls=maybe", ServerError::Options),
        ("smtp://mail.example.org?tls=none&tls=required", ServerError::Options),
        ("smtp://mail.example.org?verify=no", ServerError::Options),
        ("smtps://mail.example.org?tls=none", ServerError::Options),
        ("smtp://u@mail.example.org", ServerError::HalfLogin),
        ("smtp://:p@mail.example.org", ServerError::HalfLogin),
        ("smtp://u:%ff@mail.example.org", ServerError::Encoding),
    ];
    for (url, expected) in cases {
        assert_eq!(mistake(url), expected, "{url}");
    }
    for url in ["", "mail.example.org", "smtp://mail.example.org:99999"] {
        assert!(matches!(mistake(url), ServerError::Url(_)), "{url}");
    }
}

#[test]
fn m_trn_01_the_password_is_never_printed() {
    let server = read("smtps://robot:s3cret%40word@mail.example.org");
    let texts = [format!("{server:?}"), format!("{:?}", Transport::new(server.clone()))];
    assert!(texts.iter().all(|text| !text.contains("s3cret") && text.contains("mail.example.org")), "{texts:?}");
    for url in ["smtps://robot:s3cret#word@mail.example.org", "smtp://robot:s3cret@mail.example.org?tls=none"] {
        let error = mistake(url);
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
    // By itself, as AUTH LOGIN sends it, and as AUTH PLAIN does.
    let said = server.said("535 s3cret@word czNjcmV0QHdvcmQ= AHJvYm90AHMzY3JldEB3b3Jk are wrong");
    assert_eq!(said, "535 ••• ••• ••• are wrong");
}

#[test]
fn m_trn_02_an_answer_is_one_line_of_bounded_length() {
    let server = read("smtp://mail.example.org?tls=none");
    assert_eq!(server.said(" 250-one\r\n250 two\u{0}\u{7}\r\n"), "250-one 250 two");
    assert_eq!(server.said(&"é".repeat(900)), "é".repeat(500));
}

#[test]
fn m_trn_01_a_file_without_certificates_is_refused() {
    let server = read("smtps://mail.example.org");
    for pem in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        assert!(matches!(server.clone().trusting(pem.as_bytes()), Err(ServerError::Certificates(_))), "{pem}");
    }
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(server.trusting(broken), Err(ServerError::Certificates(_))));
}

#[test]
fn m_trn_02_the_usual_limits_are_those_of_the_rule_and_end_before_a_lease() {
    let limits = Limits::default();
    assert_eq!((limits.connect.as_secs(), limits.command.as_secs(), limits.mail.as_secs()), (10, 30, 45));
    assert_eq!((limits.idle.as_secs(), limits.kept), (60, 8));
}
