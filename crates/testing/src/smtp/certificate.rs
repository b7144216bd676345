//! A certificate for one test, made by the `openssl` program: a key in the repository would alarm those who look for keys.

use std::process::Command;
use std::sync::Arc;

use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The address is the only name, so that a test can ask for another one.
const REQUEST: &str = "\
[req]
prompt = no
distinguished_name = who
x509_extensions = what
[who]
CN = guichet test
[what]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1
";

/// The certificate as PEM, and what a server needs to show it.
pub(super) fn make() -> (String, Arc<ServerConfig>) {
    let folder = tempfile::tempdir().expect("a folder for a certificate");
    let (request, key, certificate) =
        (folder.path().join("request"), folder.path().join("key"), folder.path().join("certificate"));
    std::fs::write(&request, REQUEST).expect("a request for a certificate");
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .arg("-config")
        .arg(&request)
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("the program openssl is installed");
    assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));

    let pem = std::fs::read_to_string(&certificate).expect("a certificate");
    let key = std::fs::read(&key).expect("a key");
    let chain = vec![CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate in PEM")];
    let key = PrivateKeyDer::from_pem_slice(&key).expect("a key in PEM");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocols that go with the ciphers")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate that goes with its key");
    (pem, Arc::new(config))
}
