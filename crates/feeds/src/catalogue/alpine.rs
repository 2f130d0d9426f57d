//! The files of Alpine's security database, two per branch.

use super::row::SourceFile;
use super::table::ANY_PACKING;

const fn secdb_file(
    folder: &'static str,
    name: &'static str,
    stored: &'static str,
    official: &'static str,
) -> SourceFile {
    SourceFile { folder, name, stored, packings: ANY_PACKING, official: Some(official) }
}

pub(super) const ALPINE: &[SourceFile] = &[
    secdb_file("alpine-secdb/edge", "main.json", "edge-main.json", "https://secdb.alpinelinux.org/edge/main.json"),
    secdb_file(
        "alpine-secdb/edge",
        "community.json",
        "edge-community.json",
        "https://secdb.alpinelinux.org/edge/community.json",
    ),
    secdb_file("alpine-secdb/v3.24", "main.json", "v3.24-main.json", "https://secdb.alpinelinux.org/v3.24/main.json"),
    secdb_file(
        "alpine-secdb/v3.24",
        "community.json",
        "v3.24-community.json",
        "https://secdb.alpinelinux.org/v3.24/community.json",
    ),
    secdb_file("alpine-secdb/v3.23", "main.json", "v3.23-main.json", "https://secdb.alpinelinux.org/v3.23/main.json"),
    secdb_file(
        "alpine-secdb/v3.23",
        "community.json",
        "v3.23-community.json",
        "https://secdb.alpinelinux.org/v3.23/community.json",
    ),
    secdb_file("alpine-secdb/v3.22", "main.json", "v3.22-main.json", "https://secdb.alpinelinux.org/v3.22/main.json"),
    secdb_file(
        "alpine-secdb/v3.22",
        "community.json",
        "v3.22-community.json",
        "https://secdb.alpinelinux.org/v3.22/community.json",
    ),
    secdb_file("alpine-secdb/v3.21", "main.json", "v3.21-main.json", "https://secdb.alpinelinux.org/v3.21/main.json"),
    secdb_file(
        "alpine-secdb/v3.21",
        "community.json",
        "v3.21-community.json",
        "https://secdb.alpinelinux.org/v3.21/community.json",
    ),
    secdb_file("alpine-secdb/v3.20", "main.json", "v3.20-main.json", "https://secdb.alpinelinux.org/v3.20/main.json"),
    secdb_file(
        "alpine-secdb/v3.20",
        "community.json",
        "v3.20-community.json",
        "https://secdb.alpinelinux.org/v3.20/community.json",
    ),
    secdb_file("alpine-secdb/v3.19", "main.json", "v3.19-main.json", "https://secdb.alpinelinux.org/v3.19/main.json"),
    secdb_file(
        "alpine-secdb/v3.19",
        "community.json",
        "v3.19-community.json",
        "https://secdb.alpinelinux.org/v3.19/community.json",
    ),
    secdb_file("alpine-secdb/v3.18", "main.json", "v3.18-main.json", "https://secdb.alpinelinux.org/v3.18/main.json"),
    secdb_file(
        "alpine-secdb/v3.18",
        "community.json",
        "v3.18-community.json",
        "https://secdb.alpinelinux.org/v3.18/community.json",
    ),
    secdb_file("alpine-secdb/v3.17", "main.json", "v3.17-main.json", "https://secdb.alpinelinux.org/v3.17/main.json"),
    secdb_file(
        "alpine-secdb/v3.17",
        "community.json",
        "v3.17-community.json",
        "https://secdb.alpinelinux.org/v3.17/community.json",
    ),
    secdb_file("alpine-secdb/v3.16", "main.json", "v3.16-main.json", "https://secdb.alpinelinux.org/v3.16/main.json"),
    secdb_file(
        "alpine-secdb/v3.16",
        "community.json",
        "v3.16-community.json",
        "https://secdb.alpinelinux.org/v3.16/community.json",
    ),
    secdb_file("alpine-secdb/v3.15", "main.json", "v3.15-main.json", "https://secdb.alpinelinux.org/v3.15/main.json"),
    secdb_file(
        "alpine-secdb/v3.15",
        "community.json",
        "v3.15-community.json",
        "https://secdb.alpinelinux.org/v3.15/community.json",
    ),
    secdb_file("alpine-secdb/v3.14", "main.json", "v3.14-main.json", "https://secdb.alpinelinux.org/v3.14/main.json"),
    secdb_file(
        "alpine-secdb/v3.14",
        "community.json",
        "v3.14-community.json",
        "https://secdb.alpinelinux.org/v3.14/community.json",
    ),
    secdb_file("alpine-secdb/v3.13", "main.json", "v3.13-main.json", "https://secdb.alpinelinux.org/v3.13/main.json"),
    secdb_file(
        "alpine-secdb/v3.13",
        "community.json",
        "v3.13-community.json",
        "https://secdb.alpinelinux.org/v3.13/community.json",
    ),
    secdb_file("alpine-secdb/v3.12", "main.json", "v3.12-main.json", "https://secdb.alpinelinux.org/v3.12/main.json"),
    secdb_file(
        "alpine-secdb/v3.12",
        "community.json",
        "v3.12-community.json",
        "https://secdb.alpinelinux.org/v3.12/community.json",
    ),
    secdb_file("alpine-secdb/v3.11", "main.json", "v3.11-main.json", "https://secdb.alpinelinux.org/v3.11/main.json"),
    secdb_file(
        "alpine-secdb/v3.11",
        "community.json",
        "v3.11-community.json",
        "https://secdb.alpinelinux.org/v3.11/community.json",
    ),
    secdb_file("alpine-secdb/v3.10", "main.json", "v3.10-main.json", "https://secdb.alpinelinux.org/v3.10/main.json"),
    secdb_file(
        "alpine-secdb/v3.10",
        "community.json",
        "v3.10-community.json",
        "https://secdb.alpinelinux.org/v3.10/community.json",
    ),
];
