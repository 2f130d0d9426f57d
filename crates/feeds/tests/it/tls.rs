//! TLS against a real server, `openssl s_server`: who is trusted, and that no redirect leads out of it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use assay_feeds::{FeedError, Source, SyncOptions, SyncOutcome};
use camino::{Utf8Path, Utf8PathBuf};

use crate::child::{Task, run};
use crate::server::{Answer, Server};
use crate::specimen;
use crate::world::{Folder, World, failure, file_server, options, outcome, put, small_feeds};

/// A server whose certificate is signed by an authority that nobody knows.
struct TlsServer {
    process: Child,
    port: u16,
    folder: Folder,
}

impl TlsServer {
    /// Serves complete HTTP answers, by path.
    fn start(answers: &[(&str, String)]) -> TlsServer {
        let folder = Folder::new();
        for (path, answer) in answers {
            put(&folder.path, path, answer);
        }
        make_certificates(&folder.path);
        let mut process = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-key", "server.key", "-cert", "server.pem", "-HTTP"])
            .current_dir(&folder.path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let accept = lines.map_while(Result::ok).find(|line| line.starts_with("ACCEPT")).unwrap();
        let port = accept.rsplit(':').next().unwrap().parse().unwrap();
        TlsServer { process, port, folder }
    }

    fn tracker(&self, certificates: Option<Utf8PathBuf>) -> SyncOptions {
        let mirror = format!("https://127.0.0.1:{}", self.port).parse().unwrap();
        SyncOptions { sources: vec![Source::DebianTracker], certificates, ..options(mirror) }
    }

    fn authority(&self) -> Option<Utf8PathBuf> {
        Some(self.folder.path.join("authority.pem"))
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// An authority, and a server's certificate signed by it.
fn make_certificates(folder: &Utf8Path) {
    // Without a configuration of its own, openssl would add extensions of its own.
    put(folder, "openssl.cnf", "[req]\ndistinguished_name = name\n[name]\n");
    let make = |name: &str, extensions: &[&str], more: &[&str]| {
        let mut command = Command::new("openssl");
        command.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-config", "openssl.cnf"]);
        command.args([
            "-subj",
            &format!("/CN={name}"),
            "-keyout",
            &format!("{name}.key"),
            "-out",
            &format!("{name}.pem"),
        ]);
        for extension in extensions {
            command.args(["-addext", extension]);
        }
        let made = command.args(more).current_dir(folder).output();
        let made = made.expect("openssl(1) is needed: apt-get install openssl");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    make("authority", &["basicConstraints=critical,CA:TRUE", "subjectKeyIdentifier=hash"], &[]);
    make(
        "server",
        &["basicConstraints=critical,CA:FALSE", "subjectAltName=IP:127.0.0.1"],
        &["-CA", "authority.pem", "-CAkey", "authority.key"],
    );
}

fn whole(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn only_a_trusted_certificate_will_do() {
    let server = TlsServer::start(&[("debian-tracker/json", whole(&specimen::debian("bookworm", 20)))]);
    let world = World::new();
    let report = world.sync(&server.tracker(None)).unwrap();
    let problem = failure(&report, Source::DebianTracker);
    assert!(problem.contains("invalid peer certificate"), "{problem}");
    let report = world.sync(&server.tracker(server.authority())).unwrap();
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated);
    assert_eq!(world.records(), 20);
}

#[test]
fn no_redirect_leads_out_of_https() {
    let plain = Server::start(|_| Answer::ok(specimen::debian("bookworm", 30)));
    let away =
        format!("HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: {}\r\n\r\n", plain.url("debian-tracker/json"));
    let server = TlsServer::start(&[("debian-tracker/json", away)]);
    let world = World::new();
    let report = world.sync(&server.tracker(server.authority())).unwrap();
    let problem = failure(&report, Source::DebianTracker);
    assert!(problem.ends_with("it redirects from HTTPS to an address without it"), "{problem}");
    assert!(plain.asked().is_empty());
}

#[test]
fn a_file_without_certificates_is_refused() {
    let folder = Folder::new();
    let world = World::new();
    for (name, content) in
        [("empty.pem", ""), ("garbage.pem", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----")]
    {
        let path = folder.path.join(name);
        fs::write(&path, content).unwrap();
        let options = SyncOptions { certificates: Some(path), ..options("https://127.0.0.1:1".parse().unwrap()) };
        let error = world.sync(&options).unwrap_err();
        assert!(matches!(error, FeedError::Certificates { .. } | FeedError::Client { .. }), "{name}: {error:?}");
    }
}

#[test]
fn without_authorities_https_is_refused_and_http_still_works() {
    let world = World::new();
    let server = file_server(small_feeds(10));
    let task = Task::Distrust { store: world.store.folder(), mirror: &server.url("") };
    let none = ["env", "SSL_CERT_FILE=/nowhere", "SSL_CERT_DIR=/nowhere"];
    let output = run(&task, &none);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
