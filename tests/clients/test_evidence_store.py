"""`--evidence-store s3://…` against moto: evidence is an object a document, and what nothing refers to goes when it is old."""

import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import re
import sqlite3
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from unittest import mock

from cloud import REGION, Cloud
from service import Service

BUCKET = "evidence-of-tests"
REPORT = {"SchemaVersion": 2, "ArtifactName": "web", "Results": []}


def wait_for(ask, expected):
    """Asks until that is the answer."""
    end = time.monotonic() + 60
    while (answer := ask()) != expected:
        if time.monotonic() > end:
            raise AssertionError(f"{answer!r}, not {expected!r}")
        time.sleep(0.2)


class Years:
    """Stands before a cloud, and says of each object in a list that it is from 2020."""

    def __init__(self, cloud):

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                request = urllib.request.Request(cloud.endpoint + self.path, data=body or None, headers=headers, method=self.command)
                try:
                    told = urllib.request.urlopen(request, timeout=60)
                except urllib.error.HTTPError as error:
                    told = error
                with told:
                    body = re.sub(rb"<LastModified>\d{4}", b"<LastModified>2020", told.read())
                    self.send_response(told.status)
                    for name, value in told.headers.items():
                        if name.lower() not in ("content-length", "connection", "date", "server", "transfer-encoding"):
                            self.send_header(name, value)
                    length = told.headers["Content-Length"] if self.command == "HEAD" else str(len(body))
                    self.send_header("Content-Length", length or "0")
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(body)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = pass_on

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class EvidenceStore(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = cls.enterClassContext(Cloud())
        cls.s3 = cls.cloud.client("s3")
        cls.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="assay-evidence-")))
        self.prefix = self.id().rsplit(".", 1)[1]
        self.place = f"s3://{BUCKET}/{self.prefix}"
        etc = self.folder / "root/etc"
        (etc / "ssh").mkdir(parents=True)
        (etc / "os-release").write_text('ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n')
        (etc / "ssh/sshd_config").write_text("PermitRootLogin yes\n")
        (self.folder / "report.json").write_text(json.dumps(REPORT))

    def environment(self, endpoint=None):
        return {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": endpoint or self.cloud.endpoint, "AWS_ALLOW_HTTP": "true"}

    def assay(self, *words, place=None, **environment):
        return self.cloud.assay(self.folder / "home", *words, "--evidence-store", place or self.place,
                                **{**self.environment(), **environment})

    def assess(self):
        told = self.assay("assess", "--offline", "--root", str(self.folder / "root"))
        self.assertEqual(told.returncode, 0, told.stderr)

    def compare(self, **options):
        """Judges by the evidence of the last run."""
        return self.assay("compare", str(self.folder / "report.json"), **options)

    def keys(self):
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{self.prefix}/")
        return sorted(item["Key"].removeprefix(f"{self.prefix}/") for item in listed.get("Contents", []))

    def put(self, key, body=b"bytes"):
        self.s3.put_object(Bucket=BUCKET, Key=f"{self.prefix}/{key}", Body=body)

    @contextlib.contextmanager
    def serve(self, endpoint=None):
        with mock.patch.dict(os.environ, {**self.cloud.environment(self.folder), **self.environment(endpoint)}), \
                Service("--evidence-store", self.place, data=str(self.folder / "home")) as service:
            yield service

    def has_swept(self):
        """Whether the sweep is due in an hour only."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/home/assay.db?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT due_at FROM job WHERE kind = 'sweep'").fetchall()
        return len(rows) == 1 and rows[0][0] > (time.time() + 3000) * 1000

    def test_evidence_is_an_object(self):
        self.assess()
        [key] = self.keys()
        self.assertRegex(key, r"^[0-9a-f]{2}/[0-9a-f]{62}$")
        self.assertFalse((self.folder / "home/evidence").exists())
        told = self.compare()
        self.assertEqual(told.returncode, 0, told.stderr)

        digest = key.replace("/", "")
        whole = self.s3.get_object(Bucket=BUCKET, Key=f"{self.prefix}/{key}")["Body"].read()
        for damaged in (b"", whole[:-9], b"x" * len(whole), whole * 80):
            self.put(key, damaged)
            told = self.compare()
            self.assertEqual(told.returncode, 1, told.stderr)
            self.assertIn(digest, told.stderr)
        self.s3.delete_object(Bucket=BUCKET, Key=f"{self.prefix}/{key}")
        told = self.compare()
        self.assertEqual(told.returncode, 1)
        self.assertIn(f"{digest} is no longer at {self.place}", told.stderr)
        self.put(key, whole)
        self.assertEqual(self.compare().returncode, 0)

        told = self.compare(place="database")
        self.assertEqual(told.returncode, 1)
        self.assertIn("--evidence-store", told.stderr)

    def test_a_place_that_fails_is_named(self):
        for place, environment, expected in (
            ("s3://no-such-bucket", {}, "s3://no-such-bucket/"),
            (self.place, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, self.place),
            (self.place, {"AWS_ALLOW_HTTP": "false"}, self.place),
        ):
            with self.subTest(place, **environment):
                told = self.assay("assess", "--offline", "--root", str(self.folder / "root"), place=place, **environment)
                self.assertNotEqual(told.returncode, 0)
                self.assertIn(expected, told.stderr)
        for place in ("s3://", "gs://bucket", "s3://bucket/../x"):
            self.assertEqual(self.assay("runs", "list", place=place).returncode, 64, place)

    def test_what_nothing_refers_to_goes_when_it_is_old(self):
        self.assess()
        kept = self.keys()
        orphan = hashlib.sha256(b"orphan").hexdigest()
        orphan = f"{orphan[:2]}/{orphan[2:]}"
        others = [f"{orphan[:2]}/README", "README"]
        for key in [orphan, *others]:
            self.put(key)
        with self.serve():
            wait_for(self.has_swept, True)
            self.assertEqual(self.keys(), sorted([*kept, orphan, *others, "owner"]))
        with contextlib.closing(sqlite3.connect(self.folder / "home/assay.db")) as database, database:
            database.execute("UPDATE job SET due_at = 0 WHERE kind = 'sweep'")
        with Years(self.cloud) as years, self.serve(years.endpoint) as service:
            wait_for(self.has_swept, True)
            self.assertEqual(self.keys(), sorted([*kept, *others, "owner"]))
            wait_for(lambda: "removed evidence that nothing refers to" in service.log_path.read_text(), True)
        self.assertEqual(self.compare().returncode, 0)


if __name__ == "__main__":
    unittest.main()
