//! A server that has the right certificate and says what no server says.

use std::sync::Arc;

use assay_agent::{EnrolOptions, MetadataService, Pin, ProxySettings, enroll};
use assay_model::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::host::Host;

/// Starts a server that answers every connection with these bytes, again and again up to a length.
async fn start(answer: Vec<u8>, repeated: usize) -> (String, Pin) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap();
    let issuer = Issuer::from_params(&params, &key);
    let own = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivatePkcs8KeyDer::from(own.serialize_der()).into();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 64 << 10]).await;
            for _ in 0..repeated {
                if stream.write_all(&answer).await.is_err() {
                    break;
                }
            }
            let _ = stream.shutdown().await;
        }
    });
    (address, Pin::authority(authority.pem().as_bytes()).unwrap())
}

async fn check(answer: &[u8], repeated: usize, expected: &str) {
    let (address, pin) = start(answer.to_vec(), repeated).await;
    let host = Host::new();
    let options = EnrolOptions {
        server: address.parse().unwrap(),
        token: "token".into(),
        pin: Some(pin),
        tags: [].into(),
        metadata: MetadataService::Off,
        proxy: ProxySettings::default(),
    };
    let error = enroll(&host.folder(), options, Timestamp::now()).await.unwrap_err();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    assert!(text.contains(expected), "{text}");
}

fn response(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

#[tokio::test]
async fn answers_that_are_none_are_refused_within_limits() {
    check(&response("200 OK", ""), 1, "the issued message is malformed").await;
    check(&response("200 OK", "<html>"), 1, "the issued message is malformed").await;
    check(&response("200 OK", &"[".repeat(200_000)), 1, "the issued message is malformed").await;
    check(&response("200 OK", r#"{"version":9,"message":{}}"#), 1, "has version 9 of the link").await;
    check(&response("403 Forbidden", "<html>"), 1, "status 403 with what is no answer").await;
    check(&response("302 Found", ""), 1, "status 302 with what is no answer").await;
    check(b"SSH-2.0-OpenSSH_9.2p1\r\n", 1, "no connection").await;
    check(b"", 1, "no connection").await;
    let issued = r#"{"version":1,"message":{"agent":"i-1","chain":"x","authority":"y","renew_after_seconds":1}}"#;
    check(&response("200 OK", issued), 1, "comes from another authority").await;
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    answer.resize(1 << 20, b' ');
    // A gigabyte, of which at most the limit of the message is read.
    check(&answer, 1024, "the issued message has 262145 bytes, over the limit of 262144").await;
    check(&b"x: y\r\n".repeat(20_000), 1024, "no connection").await;
    let refusal = format!(r#"{{"version":1,"message":{{"code":"token","reason":"{}"}}}}"#, "r".repeat(7000));
    check(&response("403 Forbidden", &refusal), 1, "reason of the refusal message has 7000 bytes").await;
}
