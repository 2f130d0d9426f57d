"""Agents whose certificates are good and who are not: the right answer, one line in the log, and no effect on anyone else."""

import gzip
import hashlib
import http.client
import json
import pathlib
import re
import socket
import ssl
import tempfile
import time
import unittest

import logged
from agent import Agent, Refused
from service import ACCOUNT, REGION, Service
from test_operations import ABSENT
from wire import Wire

OTHERS = "111122223333"
ROUTES = ["renew", "poll", "chunk", "complete", "failure"]


class Link(logged.Logged):
    """Agents, whose certificates are good and who are not."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="assay-link-")))
        cls.service = cls.enterClassContext(Service("--agents", "127.0.0.1:0"))
        cls.wire = Wire(cls.service)
        cls.addClassCleanup(cls.wire.close)
        cls.numbers = 0

    def agent(self, token=None, **facts):
        type(self).numbers += 1
        agent = Agent(self.service, self.folder, f"i-{self.numbers:017x}", **facts)
        self.addCleanup(agent.close)
        if token is None:
            token = re.search(r"--token (\S+)", self.service.assay("admin", "tokens", "create"))[1]
        agent.enrol(token)
        return agent

    def name(self, agent):
        return agent.facts["agent"]

    def refuses(self, status, code, call, /, *words, **members):
        with self.assertRaises(Refused) as caught:
            call(*words, **members)
        self.assertEqual((caught.exception.status, caught.exception.code), (status, code))

    def test_forged_tokens_let_nobody_in(self):
        printed = self.service.assay("admin", "tokens", "create", "--uses", "1")
        token, name = re.search(r"--token (\S+)", printed)[1], re.match(r"token (\S+),", printed)[1]
        forged = ["", "x", token.lower(), token[:-1] + ("A" if token[-1] != "A" else "B"), token + "A", token[:-1], name,
                  "A" * 40, "' OR 1=1 --"]
        before = len(self.lines("WARN.*403", 0))
        for text in forged:
            with self.subTest(text):
                self.refuses(403, "token", self.agent, text)
        self.assertEqual(len(self.lines("WARN.*403", before + len(forged))), before + len(forged))
        good = self.agent(token)
        self.refuses(403, "token", self.agent, token)
        self.assertEqual(good.poll()["kind"], "idle")
        self.assertNotIn(token, self.service.log_path.read_text())

    def test_garbage_behind_a_good_certificate_harms_nobody(self):
        rogue, neighbour = (self.agent(tags={"fleet": "garbage"}) for _ in range(2))
        for agent in (rogue, neighbour):
            agent.poll()
        group = self.wire.send("CreateResourceGroup", {"resourceGroupTags": [{"key": "fleet", "value": "garbage"}]})
        target = self.wire.send("CreateAssessmentTarget", {
            "assessmentTargetName": "all", "resourceGroupArn": group[2]["resourceGroupArn"]})[2]["assessmentTargetArn"]
        template = self.wire.send("CreateAssessmentTemplate", {
            **ABSENT["CreateAssessmentTemplate"], "assessmentTargetArn": target,
            "rulesPackageArns": [f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-R01qwB5Q"],
        })[2]["assessmentTemplateArn"]
        run = self.wire.send("StartAssessmentRun", {"assessmentTemplateArn": template})[2]["assessmentRunArn"]
        for agent in (rogue, neighbour):
            self.assertEqual(agent.poll(wait_seconds=50)["kind"], "collect")
        self.check_garbage(rogue, neighbour, run)
        # Evidence that is none: the run goes on without this host, and the neighbour's is judged.
        bomb = gzip.compress(b"\0" * (64 << 20))
        self.assertLess(len(bomb), 1 << 20)
        rogue.chunk(run, 0, bomb)
        complete = {"run": run, "chunks": 1, "digest": "0" * 64, "size": 10, "telemetry": []}
        self.assertEqual(rogue.send("complete", complete)["result"], "corrupt")
        self.refuses(400, "malformed", rogue.upload, run, b"{}")
        evidence = json.loads(self.service.assay("collect", "--root", str(self.root())))
        evidence["host"]["agent_id"] = self.name(neighbour)
        document = json.dumps(evidence).encode()
        self.assertEqual(neighbour.upload(run, document), "accepted")
        self.assertIn(self.ended(run)["state"], ["COMPLETED", "COMPLETED_WITH_ERRORS"])
        arns = self.wire.send("ListExclusions", {"assessmentRunArn": run})[2]["exclusionArns"]
        excluded = self.wire.send("DescribeExclusions", {"exclusionArns": arns})[2]["exclusions"].values()
        lost = {"key": "INSTANCE_ID", "value": self.name(rogue)}
        self.assertTrue(any(lost in exclusion["scopes"] for exclusion in excluded), "nothing says that a host was lost")
        arns = self.wire.send("ListFindings", {"assessmentRunArns": [run], "maxResults": 100})[2]["findingArns"]
        findings = self.wire.send("DescribeFindings", {"findingArns": arns})[2]["findings"]
        self.assertEqual({finding["assetAttributes"]["agentId"] for finding in findings}, {self.name(neighbour)})
        self.refuses(410, "closed", rogue.chunk, run, 0, b"late")

    def root(self):
        (self.folder / "root/etc/ssh").mkdir(parents=True)
        (self.folder / "root/etc/os-release").write_text("ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n")
        (self.folder / "root/etc/login.defs").write_text("PASS_MAX_DAYS 99999\n")
        return self.folder / "root"

    def ended(self, run):
        for _ in range(300):
            described = self.wire.send("DescribeAssessmentRuns", {"assessmentRunArns": [run]})[2]["assessmentRuns"][0]
            if described["state"] in ("COMPLETED", "COMPLETED_WITH_ERRORS", "FAILED", "ERROR", "CANCELED"):
                return described
            time.sleep(0.2)
        raise AssertionError(f"the run did not end: {described}")

    def check_garbage(self, rogue, neighbour, run):
        """Everything but evidence; each refusal is one line of the log."""
        digest = hashlib.sha256(b"a").hexdigest()
        refusals = 0
        pattern = f"WARN.*{self.name(rogue)}"
        before = len(self.lines(pattern, 0))
        for body in (b"", b"\xff\x00", b"null", b"[" * 5000, b'{"version":2,"message":{}}', b'{"version":1,"message":[]}',
                     b'{"version":1,"message":{"facts":{"agent":"' + b"i" * 5000 + b'"}}}'):
            for route in ROUTES:
                with self.subTest(route=route, body=body[:30]):
                    self.refuses(400, "malformed", rogue.send, route, body)
                    refusals += 1
        for number, piece, said in ((-1, b"a", digest), (128, b"a", digest), (0, b"b", digest), (0, b"a", "x"),
                                    ("0", b"a", digest)):
            with self.subTest(number=number, piece=piece, digest=said):
                self.refuses(400, "malformed", rogue.chunk, run, number, piece, said)
                refusals += 1
        for members in ({"facts": {**rogue.facts, "hostname": "a\x1b[2J"}}, {"wait_seconds": 51}, {"code": "FINE"},
                        {"facts": {**rogue.facts, "tags": {str(number): "" for number in range(51)}}}):
            with self.subTest(**members):
                self.refuses(400, "malformed", rogue.poll, **members)
                refusals += 1
        self.assertEqual(len(self.lines(pattern, before + refusals)), before + refusals)
        # Too large: cut off, however it is sent.
        with self.assertRaises((Refused, OSError, http.client.HTTPException)) as caught:
            rogue.send("poll", b" " * (50 << 20))
        if isinstance(caught.exception, Refused):
            self.assertEqual(caught.exception.status, 413)
        rogue.close()
        # In the name of the neighbour: it is the certificate that counts.
        own = rogue.facts
        rogue.facts = neighbour.facts
        try:
            rogue.poll()
        except Refused as refused:
            self.assertIn(refused.status, (400, 403, 409))
        rogue.facts = own
        listed = [line.split()[0] for line in self.service.assay("admin", "agents", "list").splitlines()]
        self.assertEqual((listed.count(self.name(rogue)), listed.count(self.name(neighbour))), (1, 1))
        self.assertEqual(rogue.send("failure", {"run": run.replace(ACCOUNT, OTHERS), "reason": "spite"}), {})
        self.assertEqual(neighbour.poll(running=run)["kind"], "idle")

    def test_a_stolen_certificate_is_of_no_use_after_revocation(self):
        owner, bystander = self.agent(), self.agent()
        thief = Agent(self.service, self.folder, self.name(owner))
        self.addCleanup(thief.close)
        self.assertEqual((owner.poll()["kind"], thief.poll()["kind"]), ("idle", "idle"))
        self.service.assay("admin", "agents", "revoke", self.name(owner))
        before = len(self.lines(f"WARN.*{self.name(owner)}.*403", 0))
        for agent in (thief, owner):
            # On the connection that was open, and on a new one.
            for _ in range(2):
                for route in ROUTES:
                    self.refuses(403, "revoked", agent.send, route, b"{}")
                agent.close()
        self.assertEqual(len(self.lines(f"WARN.*{self.name(owner)}.*403", before + 20)), before + 20)
        # Nor does a token bring it back, and nobody else is kept out.
        token = re.search(r"--token (\S+)", self.service.assay("admin", "tokens", "create"))[1]
        self.refuses(403, "revoked", thief.enrol, token)
        self.assertEqual(bystander.poll()["kind"], "idle")
        self.service.kill()
        for agent in (thief, bystander):
            agent.close()
            agent.port = Agent(self.service, self.folder, "i-nobody").port
        self.refuses(403, "revoked", thief.poll)
        self.assertEqual(bystander.poll()["kind"], "idle")

    def test_without_a_certificate_of_the_authority_there_is_nothing(self):
        agent = self.agent()
        agent.close()
        other = self.enterContext(Service("--agents", "127.0.0.1:0"))
        stranger = Agent(other, self.folder, "i-00000000000000abc")
        self.addCleanup(stranger.close)
        stranger.enrol(re.search(r"--token (\S+)", other.assay("admin", "tokens", "create"))[1])
        stranger.close()
        stranger.host, stranger.port = agent.host, agent.port
        with self.assertRaises((ssl.SSLError, OSError, http.client.HTTPException)):
            stranger.poll()
        agent.chain.unlink()
        for route in ROUTES:
            self.refuses(401, "no-certificate", agent.send, route, b"{}")
        # No TLS at all.
        with socket.create_connection((agent.host, agent.port), timeout=30) as plain:
            plain.sendall(b"POST /v1/poll HTTP/1.1\r\nHost: x\r\n\r\n")
            try:
                self.assertNotIn(b"HTTP/1.1 200", plain.recv(4096))
            except ConnectionResetError:
                pass


if __name__ == "__main__":
    unittest.main()
