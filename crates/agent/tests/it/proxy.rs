//! A proxy that knows CONNECT and nothing else.

use std::sync::Arc;
use std::sync::Mutex;

use assay_agent::ProxySettings;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::host::Host;
use crate::service::{Service, key, wait_for};

/// Starts a proxy; the heads of the requests that it gets.
async fn start_proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(forward(stream, Arc::clone(&seen)));
        }
    });
    (address, heads)
}

async fn forward(stream: TcpStream, heads: Arc<Mutex<Vec<String>>>) {
    let mut client = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if client.read_line(&mut head).await.unwrap() == 0 {
            return;
        }
    }
    let target = head.split(' ').nth(1).unwrap().to_owned();
    heads.lock().unwrap().push(head);
    let mut server = TcpStream::connect(target).await.unwrap();
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

#[tokio::test]
async fn everything_goes_through_the_proxy() {
    let service = Service::start(&["token"]).await;
    let (address, heads) = start_proxy().await;
    let mut host = Host::new();
    host.proxy = ProxySettings { proxy: Some(format!("me:secret@{address}")), except: Some("example.org".into()) };
    let enrolled = host.enroll(&service, "token", Some(service.pin())).await.unwrap();
    let of_enrolment = heads.lock().unwrap().len();
    assert!(of_enrolment > 0);
    let running = host.run().await;
    wait_for("a heartbeat", || service.desk.change(|state| state.agents[&key(&enrolled.agent)].clone())).await;
    running.stop().await.unwrap();
    let heads = heads.lock().unwrap();
    assert!(heads.len() > of_enrolment);
    for head in heads.iter() {
        assert!(head.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", service.address)), "{head}");
        // printf me:secret | base64
        assert!(head.to_lowercase().contains("proxy-authorization: basic bwu6c2vjcmv0\r\n"), "{head}");
    }
}

#[tokio::test]
async fn exceptions_are_reached_directly() {
    let service = Service::start(&["token"]).await;
    let (address, heads) = start_proxy().await;
    let mut host = Host::new();
    for except in ["127.0.0.1", "10.0.0.0/8, 127.0.0.0/8", "*"] {
        host.proxy = ProxySettings { proxy: Some(address.clone()), except: Some(except.into()) };
        host.enroll(&service, "token", Some(service.pin())).await.unwrap();
    }
    assert!(heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_refuses_is_a_failure_to_connect() {
    let service = Service::start(&["token"]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 1024]).await;
        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    });
    let mut host = Host::new();
    host.proxy = ProxySettings { proxy: Some(address), except: None };
    let error = host.enroll(&service, "token", Some(service.pin())).await.unwrap_err();
    assert!(error.to_string().starts_with("failed to talk to https://127.0.0.1:"), "{error}");
    assert!(service.desk.change(|state| state.agents.is_empty()));
}
