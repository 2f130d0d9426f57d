"""A PostgreSQL server for tests: it listens on a socket in a folder of its own, and is gone when the test is."""

import os
import subprocess

SCRIPT = r"""
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
folder=$(mktemp -d /tmp/assay-postgres.XXXXXX)
trap 'kill -INT "$server" 2>/dev/null; wait; rm -rf "$folder"' EXIT
server=
"$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1
"$bin/postgres" -D "$folder/data" -k "$folder" -h '' -c fsync=off >"$folder/log" 2>&1 </dev/null &
server=$!
until "$bin/pg_isready" -q -h "$folder"; do kill -0 "$server"; sleep 0.1; done
"$bin/createdb" -h "$folder" -U postgres assay
echo "$folder"
cat >/dev/null
"""


class Postgres:
    """Its address is `url` as long as it is entered. It ends when its input does, however this process ends."""

    def __enter__(self):
        # PostgreSQL does not run as root.
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen([*become, "sh", "-c", SCRIPT], cwd="/", stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        folder = self.process.stdout.readline().strip()
        if not folder:
            raise RuntimeError("PostgreSQL did not start: is the package `postgresql` installed?")
        self.url = f"postgres://postgres@localhost/assay?host={folder}"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()
