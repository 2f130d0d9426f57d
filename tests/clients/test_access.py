"""Who may call: signatures, roles, keys, and what is no proper request."""

import datetime
import http.client
import json
import pathlib
import socket
import subprocess
import unittest
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions

from service import ASSAY, REGION, Service


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        address = urllib.parse.urlsplit(cls.service.endpoint)
        cls.host, cls.port = address.hostname, address.port

    def send(self, body=b"{}", target="InspectorService.ListRulesPackages", key=None, change=None, now=None, auth=None):
        """One request, signed by botocore unless changed afterwards: status, name of the error, body, headers."""
        request = botocore.awsrequest.AWSRequest("POST", self.service.endpoint + "/", data=body, headers={
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target})
        credentials = botocore.credentials.Credentials(*(key or self.service.first_key()))
        signer = (auth or botocore.auth.SigV4Auth)(credentials, "inspector", REGION)
        if now:
            original = botocore.auth.get_current_datetime
            botocore.auth.get_current_datetime = lambda *_, **__: now
        try:
            signer.add_auth(request)
        finally:
            if now:
                botocore.auth.get_current_datetime = original
        headers = dict(request.headers.items())
        path = urllib.parse.urlsplit(request.url)
        path = path.path + ("?" + path.query if path.query else "")
        # A signed address has no body: botocore moves its members into the query.
        body = request.data if auth is None else b""
        if change:
            body = change(headers, body) or body
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request("POST", path, body, headers)
        return self.answer(connection)

    def answer(self, connection):
        response = connection.getresponse()
        text = response.read()
        connection.close()
        name = response.getheader("x-amzn-ErrorType")
        if name:
            self.assertEqual(json.loads(text)["__type"], name)
        self.assertRegex(response.getheader("x-amzn-RequestId"), "^[0-9a-f-]{36}$")
        return response.status, name

    def test_a_signed_request_is_answered(self):
        self.assertEqual(self.send(), (200, None))
        self.assertEqual(self.send(auth=botocore.auth.SigV4QueryAuth), (200, None))

    def test_a_wrong_signature_is_refused(self):
        def change_signature(headers, _):
            headers["Authorization"] = headers["Authorization"][:-1] + ("0" if headers["Authorization"][-1] != "0" else "1")

        def no_signature(headers, _):
            del headers["Authorization"]

        def half_a_signature(headers, _):
            headers["Authorization"] = headers["Authorization"].split(", Signature")[0]

        def other_target(headers, _):
            headers["X-Amz-Target"] = "InspectorService.DeleteAssessmentTarget"

        for what, change, expected in [
            ("signature", change_signature, (403, "InvalidSignatureException")),
            ("no signature", no_signature, (403, "MissingAuthenticationToken")),
            ("no signature's end", half_a_signature, (400, "IncompleteSignature")),
            ("body", lambda *_: b'{"maxResults":1}', (403, "InvalidSignatureException")),
            ("target", other_target, (403, "InvalidSignatureException")),
        ]:
            with self.subTest(what):
                self.assertEqual(self.send(change=change), expected)
        key_id, _ = self.service.first_key()
        self.assertEqual(self.send(key=(key_id, "x" * 40)), (403, "InvalidSignatureException"))
        self.assertEqual(self.send(key=("AKIANOBODY2345678901", "x" * 40)), (403, "UnrecognizedClientException"))

    def test_clocks_may_differ_by_minutes(self):
        for minutes, expected in [(-4, 200), (4, 200), (-16, 403), (16, 403)]:
            now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
            self.assertEqual(self.send(now=now.replace(tzinfo=None))[0], expected, minutes)

    def test_a_disabled_key_is_of_no_use_at_once(self):
        key = self.service.new_key(role="read-only")
        self.assertEqual(self.send(key=key), (200, None))
        self.service.assay("admin", "keys", "disable", key[0])
        self.assertEqual(self.send(key=key), (403, "UnrecognizedClientException"))

    def test_roles_limit_what_may_be_called(self):
        for role, may_create, may_register in [("read-only", False, False), ("operator", True, False),
                                               ("administrator", True, True)]:
            key = self.service.new_key(role=role)
            refused, admitted = (400, "AccessDeniedException"), (200, None)
            self.assertEqual(self.send(key=key), admitted)
            body = json.dumps({"resourceGroupTags": [{"key": "a"}]}).encode()
            answer = self.send(body, "InspectorService.CreateResourceGroup", key=key)
            self.assertEqual(answer, admitted if may_create else refused, role)
            body = json.dumps({"roleArn": "arn:aws:iam::000000000000:role/r"}).encode()
            answer = self.send(body, "InspectorService.RegisterCrossAccountAccessRole", key=key)
            self.assertEqual(answer, admitted if may_register else refused, role)

    def test_what_is_no_request_says_so(self):
        for body, target, expected in [
            (b"{", "InspectorService.ListRulesPackages", (400, "SerializationException")),
            (b"[]", "InspectorService.ListRulesPackages", (400, "SerializationException")),
            (b"\xff\xfe", "InspectorService.ListRulesPackages", (400, "SerializationException")),
            (b"[" * 100_000, "InspectorService.ListRulesPackages", (400, "SerializationException")),
            (b'{"maxResults":"ten"}', "InspectorService.ListRulesPackages", (400, "SerializationException")),
            (b"{}", "InspectorService.ListRulesPackagesNow", (400, "UnknownOperationException")),
            (b"{}", "Inspector2.ListFindings", (400, "UnknownOperationException")),
            (b"", "InspectorService.ListRulesPackages", (200, None)),
            (b'{"unknown":1,"nextToken":null}', "InspectorService.ListRulesPackages", (200, None)),
            (b'{"nextToken":"1"}', "InspectorService.ListRulesPackages", (400, "InvalidInputException")),
            (b" " * (1 << 20) + b"{}", "InspectorService.ListRulesPackages", (413, "RequestEntityTooLargeException")),
        ]:
            with self.subTest(body=body[:40], target=target):
                self.assertEqual(self.send(body, target), expected)

    def test_too_large_bodies_are_refused_however_they_come(self):
        refused = (413, "RequestEntityTooLargeException")
        self.assertEqual(self.send(b" " * (50 << 20)), refused)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(500 << 20))
        connection.endheaders()
        self.assertEqual(self.answer(connection), refused)
        # In chunks, without an end: the connection is cut.
        chunks = socket.create_connection((self.host, self.port), timeout=30)
        chunks.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with self.assertRaises(OSError):
            for _ in range(4000):
                chunks.sendall(chunk)
        chunks.close()
        self.assertEqual(self.send(), (200, None))

    def test_the_first_start_writes_credentials_for_nobody_else(self):
        path = pathlib.Path(self.service.data, "credentials")
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertIn("[assay]", path.read_text())

    def test_over_tls_only_with_the_certificate(self):
        with Service("--tls-self-signed", "127.0.0.1,localhost") as service:
            self.assertTrue(service.endpoint.startswith("https://"))
            client = service.client(verify=f"{service.data}/api-cert.pem")
            self.assertEqual(len(client.list_rules_packages()["rulesPackageArns"]), 5)
            with self.assertRaises(botocore.exceptions.SSLError):
                service.client().list_rules_packages()
            self.assertEqual(pathlib.Path(service.data, "api-key.pem").stat().st_mode & 0o777, 0o600)

    def test_beyond_loopback_tls_is_needed(self):
        command = [ASSAY, "--data", self.service.data, "serve", "--listen", "0.0.0.0:0"]
        told = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, text=True, timeout=60)
        self.assertEqual(told.returncode, 64, told.stderr)
        self.assertIn("--tls-cert", told.stderr)


if __name__ == "__main__":
    unittest.main()
