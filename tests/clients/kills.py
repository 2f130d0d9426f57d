"""The story told while the service and the agents are killed at random moments: nothing acknowledged is lost, nothing is doubled.

On SQLite, on PostgreSQL, and with two services on one PostgreSQL. ASSAY_KILLS says how many kills each of them gets, and
ASSAY_KILL_SEED makes the moments those of an earlier test.
"""

import os
import random
import re
import threading
import time
import unittest
import urllib.request

import botocore.exceptions

import hosts
from database import Postgres
from hosts import BRIDGE
from service import ASSAY, Service, checked
from story import ENDED, PACKAGES, show_logs, wait_for
from wire import Wire

KILLS = int(os.environ.get("ASSAY_KILLS", 6))
SEED = int(os.environ.get("ASSAY_KILL_SEED", time.time_ns() % 1_000_000))
AGENTS = f"https://{BRIDGE}:8441"


class Killer(threading.Thread):
    """Ends somebody at random moments as a power cut would, and starts him again, as often as it may."""

    def __init__(self, victims, randomness, kills):
        """Each kind of victim is as likely as the other."""
        super().__init__(daemon=True)
        self.victims, self.randomness, self.kills = victims, randomness, kills
        self.over, self.failure, self.told = threading.Event(), None, []

    def run(self):
        try:
            while len(self.told) < self.kills and not self.over.wait(self.randomness.uniform(0.1, 2)):
                victim = self.randomness.choice(self.randomness.choice(self.victims))
                self.told.append(type(victim).__name__)
                victim.kill()
                if isinstance(victim, hosts.Host):
                    victim.start()
        except BaseException as failure:
            self.failure = failure

    def stop(self):
        self.over.set()
        self.join(timeout=120)
        if self.failure:
            raise self.failure


class Patient:
    """Clients of all services of a store. They ask again while nobody answers; what then was done already is no failure."""

    def __init__(self, services):
        self.clients = [checked(service.client(services[0].first_key())) for service in services]

    def call(self, operation, done=(), **members):
        """The answer, or the name of the error where that says that an earlier try was heard."""
        end, tries = time.monotonic() + 120, 0
        while True:
            client = self.clients[tries % len(self.clients)]
            tries += 1
            try:
                return getattr(client, operation)(**members)
            except (botocore.exceptions.ConnectionError, botocore.exceptions.HTTPClientError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
            except botocore.exceptions.ClientError as error:
                # Of what was not answered, nobody knows whether it was done.
                name = error.response["Error"]["Code"]
                if tries > 1 and name in done:
                    return name
                raise

    def listed(self, operation, member, **members):
        items = []
        while True:
            page = self.call(operation, **members)
            items += page[member]
            if "nextToken" not in page:
                return items
            members["nextToken"] = page["nextToken"]

    def create(self, operation, member, find, **members):
        """The ARN of what is made: where the answer got lost, of what is found in its place, which is one at most."""
        answer = self.call(operation, ["InvalidInputException", "AgentsAlreadyRunningAssessmentException"], **members)
        if isinstance(answer, dict):
            return answer[member]
        found = find()
        assert len(found) == 1, f"{operation} made {found}"
        return found[0]


class Kills:
    """The story on one kind of store; those who inherit say which."""

    @classmethod
    def setUpClass(cls):
        cls.services = [cls.enterClassContext(service) for service in cls.make_services()]
        told = cls.services[0].assay("admin", "tokens", "create", "--uses", "2", "--server", AGENTS)
        token = re.search(r"--token[ =](\S+)", told)[1]
        fingerprint = re.search(r"--ca-fingerprint[ =](\S+)", told)[1]
        cls.hosts = HOSTS
        for host in cls.hosts:
            # The other class had another service.
            hosts.run("rm", "-rf", host.root / "opt/data")
            host.enroll(AGENTS, token, fingerprint)
            host.start()
            cls.addClassCleanup(host.kill)

    def test_the_story_is_told_to_its_end(self):
        print(f"{type(self).__name__}: ASSAY_KILL_SEED={SEED}", flush=True)
        try:
            self.patient = Patient(self.services)
            expected = self.tell("calm")
            self.assertGreater(len(expected), 0)
            left, chapter, killed = KILLS, 0, []
            while left > 0:
                chapter += 1
                killer = Killer([self.services, self.hosts], random.Random(f"{type(self).__name__} {SEED} {chapter}"), left)
                killer.start()
                try:
                    self.assertEqual(self.tell(f"chapter {chapter}"), expected)
                finally:
                    killer.stop()
                left -= len(killer.told)
                killed += killer.told
            print(f"{type(self).__name__}: {len(killed)} kills of {sorted(killed)} in {chapter} chapters", flush=True)
            self.check_record(expected, chapter + 1)
        except BaseException:
            for service in self.services:
                show_logs(service, [])
            show_logs(self.services[0], self.hosts)
            raise

    def tell(self, name):
        """Everything from the group to the deletion; what was found."""
        patient = self.patient
        group = patient.call("create_resource_group", resourceGroupTags=[{"key": "fleet", "value": "story"}])
        target = patient.create(
            "create_assessment_target", "assessmentTargetArn",
            lambda: patient.listed("list_assessment_targets", "assessmentTargetArns",
                                   filter={"assessmentTargetNamePattern": name}),
            assessmentTargetName=name, resourceGroupArn=group["resourceGroupArn"])
        template = patient.create(
            "create_assessment_template", "assessmentTemplateArn",
            lambda: patient.listed("list_assessment_templates", "assessmentTemplateArns", assessmentTargetArns=[target]),
            assessmentTargetArn=target, assessmentTemplateName=name, durationInSeconds=180,
            rulesPackageArns=list(PACKAGES.values()))
        patient.call("set_tags_for_resource", resourceArn=template, tags=[{"key": "chapter", "value": name}])
        wait_for("both agents' heartbeat", lambda: [
            agent.get("agentHealth") for agent in patient.listed("preview_agents", "agentPreviews", previewAgentsArn=target)
        ] == ["HEALTHY"] * 2)
        wait_for("both agents' rest", lambda: self.both_are("IDLE"))
        run = self.assess(patient, template, name)
        findings = self.findings(patient, run)
        self.report(patient, run)
        # What was acknowledged is there, and once.
        self.assertEqual(patient.listed("list_assessment_runs", "assessmentRunArns", assessmentTemplateArns=[template]), [run])
        self.assertEqual(patient.call("list_tags_for_resource", resourceArn=template)["tags"],
                         [{"key": "chapter", "value": name}])
        described = patient.call("describe_resource_groups", resourceGroupArns=[group["resourceGroupArn"]])
        self.assertEqual(described["failedItems"], {})
        self.delete(patient, target, template, run)
        return findings

    def assess(self, patient, template, name):
        run = patient.create(
            "start_assessment_run", "assessmentRunArn",
            lambda: patient.listed("list_assessment_runs", "assessmentRunArns", assessmentTemplateArns=[template]),
            assessmentTemplateArn=template, assessmentRunName=name)
        wait_for("both agents' work", lambda: self.both_are("RUNNING"))
        patient.call("stop_assessment_run", ["InvalidInputException"], assessmentRunArn=run, stopAction="START_EVALUATION")

        def ended():
            return self.run_of(patient, run)["state"] in ENDED

        wait_for("the end of the run", ended, 240)
        self.assertIn(self.run_of(patient, run)["state"], ["COMPLETED", "COMPLETED_WITH_ERRORS"])
        return run

    def run_of(self, patient, run):
        return patient.call("describe_assessment_runs", assessmentRunArns=[run])["assessmentRuns"][0]

    def both_are(self, code):
        return self.services[0].assay("admin", "agents", "list").count(f"  {code} ") == 2

    def findings(self, patient, run):
        arns = patient.listed("list_findings", "findingArns", assessmentRunArns=[run], maxResults=5)
        self.assertEqual(len(arns), len(set(arns)))
        self.assertEqual(sum(self.run_of(patient, run)["findingCounts"].values()), len(arns))
        findings = []
        for first in range(0, len(arns), 100):
            findings += patient.call("describe_findings", findingArns=arns[first:first + 100])["findings"]
        found = sorted((finding["assetAttributes"]["agentId"], finding["id"], finding["title"]) for finding in findings)
        self.assertEqual(len(found), len(set(found)))
        return found

    def report(self, patient, run):
        def report():
            answer = patient.call("get_assessment_report", assessmentRunArn=run, reportFileFormat="HTML", reportType="FULL")
            self.assertNotEqual(answer["status"], "FAILED")
            try:
                return answer.get("url") and urllib.request.urlopen(answer["url"], timeout=30).read()
            except OSError:
                return None

        self.assertIn(b"</html>", wait_for("the report", report))

    def delete(self, patient, target, template, run):
        gone = ["NoSuchEntityException"]
        patient.call("delete_assessment_run", gone, assessmentRunArn=run)
        patient.call("delete_assessment_template", gone, assessmentTemplateArn=template)
        patient.call("delete_assessment_target", gone, assessmentTargetArn=target)
        for operation, member in (("list_findings", "findingArns"), ("list_assessment_runs", "assessmentRunArns"),
                                  ("list_assessment_templates", "assessmentTemplateArns"),
                                  ("list_assessment_targets", "assessmentTargetArns")):
            self.assertEqual(patient.listed(operation, member), [], "what was deleted is back")

    def check_record(self, expected, runs):
        """Each run counted each finding once, and the record of calls is whole."""
        wire = Wire(self.services[0])
        status, _, answer = wire.send("Assay.ListLiveFindings", {"maxResults": 500})
        wire.close()
        self.assertEqual(status, 200)
        seen = sorted((finding["agentId"], finding["ruleName"]) for finding in answer["liveFindings"])
        self.assertEqual(seen, [(agent, rule) for agent, rule, _ in expected])
        self.assertEqual({finding["timesSeen"] for finding in answer["liveFindings"]}, {runs})
        self.assertEqual({finding["status"] for finding in answer["liveFindings"]}, {"OPEN"})
        self.services[0].assay("admin", "audit", "verify")


class OnSqlite(Kills, unittest.TestCase):
    @classmethod
    def make_services(cls):
        return [Service("--agents", f"{BRIDGE}:8441", "--agents-name", BRIDGE)]


class OnPostgres(Kills, unittest.TestCase):
    @classmethod
    def make_services(cls):
        database = cls.enterClassContext(Postgres())
        return [Service("--agents", f"{BRIDGE}:8441", "--agents-name", BRIDGE, database=database.url)]


class TwoOnPostgres(Kills, unittest.TestCase):
    """The second service has no part in what agents are told, and in everything else."""

    @classmethod
    def make_services(cls):
        database = cls.enterClassContext(Postgres())
        return [Service("--agents", f"{BRIDGE}:8441", "--agents-name", BRIDGE, database=database.url),
                Service(database=database.url)]

    def assess(self, patient, template, name):
        if name != "calm":
            return super().assess(patient, template, name)
        # One of them dies for good while the run goes on.
        run = patient.call("start_assessment_run", assessmentTemplateArn=template, assessmentRunName=name)["assessmentRunArn"]
        wait_for("both agents' work", lambda: self.both_are("RUNNING"))
        patient.call("stop_assessment_run", assessmentRunArn=run, stopAction="START_EVALUATION")
        self.services[1].cut()
        wait_for("the end of the run", lambda: self.run_of(patient, run)["state"] in ENDED, 240)
        self.services[1].start()
        return run


if __name__ == "__main__":
    hosts.in_own_namespaces()
    hosts.make_network()
    HOSTS = [hosts.Host(number, name, is_weak=name == "weak", assay=ASSAY) for number, name in enumerate(["weak", "clean"], 1)]
    unittest.main()
