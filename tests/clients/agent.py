"""An agent that says what a test tells it to say: the link of docs/agent.md, spoken by Python with a key of its own."""

import gzip
import hashlib
import http.client
import json
import pathlib
import re
import ssl
import subprocess
import urllib.parse


class Refused(Exception):
    """What the listener answered instead."""

    def __init__(self, status, code):
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Agent:
    """Known to the listener by a certificate once it has enrolled."""

    def __init__(self, service, folder, name, **facts):
        service.log.flush()
        address, self.fingerprint = re.findall(
            r"listening to agents at (https://\S+), CA fingerprint ([0-9a-f]{64})", service.log_path.read_text())[-1]
        address = urllib.parse.urlsplit(address)
        self.host, self.port, self.connection = address.hostname, address.port, None
        self.key, self.chain = pathlib.Path(folder, f"{name}.key"), pathlib.Path(folder, f"{name}.chain")
        self.facts = {"agent": name, "version": "0.1.0", "operating_system": "Debian GNU/Linux 12 (bookworm)",
                      "kernel": "6.1.0", "hostname": name, **facts}

    def signing_request(self):
        """Makes the key where there is none."""
        if not self.key.exists():
            subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key], check=True)
        command = ["openssl", "req", "-new", "-subj", "/CN=agent", "-key", self.key]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def enrol(self, token):
        issued = self.send("enrol", {"token": token, "request": self.signing_request(), "facts": self.facts})
        self.chain.write_text(issued["chain"])
        self.close()
        return issued

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def connect(self):
        """The listener is the test's own: whether it is the right one is not asked."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if self.chain.exists():
            context.load_cert_chain(self.chain, self.key)
        return http.client.HTTPSConnection(self.host, self.port, timeout=60, context=context)

    def post(self, route, body, headers=()):
        """Any bytes at all; status and body of the answer. A connection that was closed meanwhile is opened again."""
        is_fresh = self.connection is None
        self.connection = self.connection or self.connect()
        try:
            self.connection.request("POST", f"/v1/{route}", body, dict(headers))
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            if is_fresh:
                raise
            return self.post(route, body, headers)

    def send(self, route, message, headers=()):
        """A message in its envelope, or bytes as they are; the message of the answer."""
        body = message if isinstance(message, bytes) else json.dumps({"version": 1, "message": message}).encode()
        status, answer = self.post(route, body, headers)
        if status != 200:
            raise Refused(status, json.loads(answer)["message"]["code"])
        return json.loads(answer)["message"]

    def poll(self, wait_seconds=0, **members):
        """The instruction."""
        message = {"facts": self.facts, "health": "HEALTHY", "code": "IDLE", "wait_seconds": wait_seconds, **members}
        return self.send("poll", message)["instruction"]

    def chunk(self, run, number, piece, digest=None):
        head = {"run": run, "number": number, "digest": digest or hashlib.sha256(piece).hexdigest()}
        return self.send("chunk", piece, {"assay-chunk": json.dumps({"version": 1, "message": head})})

    def upload(self, run, document, **members):
        """All of the evidence; what became of it."""
        packed = gzip.compress(document)
        pieces = [packed[first:first + (1 << 20)] for first in range(0, len(packed), 1 << 20)]
        for number, piece in enumerate(pieces):
            self.chunk(run, number, piece)
        complete = {"run": run, "chunks": len(pieces), "digest": hashlib.sha256(document).hexdigest(),
                    "size": len(document), "telemetry": [], **members}
        return self.send("complete", complete)["result"]
