//! Home: a store of its own for a test, on each of the two databases.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use assay_server::store::Store;
use camino::Utf8Path;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

/// A store, and what must live as long as it.
pub(crate) struct Home {
    pub(crate) store: Store,
    pub(crate) database: &'static str,
    pub(crate) folder: tempfile::TempDir,
}

/// An empty store on SQLite, and one on PostgreSQL.
pub(crate) async fn homes() -> Vec<Home> {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let sqlite = Store::open(Utf8Path::from_path(folders[0].path()).unwrap()).await.unwrap();
    let postgres = Store::connect(&new_database().await).await.unwrap();
    [("SQLite", sqlite), ("PostgreSQL", postgres)]
        .into_iter()
        .zip(folders)
        .map(|((database, store), folder)| Home { store, database, folder })
        .collect()
}

/// The address of an empty PostgreSQL database.
pub(crate) async fn new_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let socket = server();
    let url = |database: &str| format!("postgres://postgres@localhost/{database}?host={socket}");
    let name = format!("assay{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&url("postgres")).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    url(&name)
}

/// Starts one private server for all tests of this process: it listens on a socket in a folder of its own. It and its folder
/// are gone as soon as this process is, however it ends: a shell waits for the end of its input.
fn server() -> &'static str {
    const SCRIPT: &str = r#"
        set -eu
        bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
        folder=$(mktemp -d /tmp/assay-postgres.XXXXXX)
        trap 'kill "$server" 2>/dev/null; wait; rm -rf "$folder"' EXIT
        server=
        "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1
        "$bin/postgres" -D "$folder/data" -k "$folder" -h '' -c fsync=off -c max_connections=300 >"$folder/log" 2>&1 </dev/null &
        server=$!
        until "$bin/pg_isready" -q -h "$folder"; do kill -0 "$server"; sleep 0.1; done
        echo "$folder"
        cat >/dev/null
    "#;
    static SERVER: OnceLock<(String, Mutex<Child>)> = OnceLock::new();
    let (socket, _) = SERVER.get_or_init(|| {
        // PostgreSQL does not run as root.
        let mut command = if rustix::process::getuid().is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh", "-c", SCRIPT]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", SCRIPT]);
            command
        };
        let mut child = command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut folder = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut folder).unwrap();
        assert!(!folder.is_empty(), "PostgreSQL did not start: is the package `postgresql` installed?");
        // The child's input stays open until this process ends.
        (folder.trim_end().to_owned(), Mutex::new(child))
    });
    socket
}
