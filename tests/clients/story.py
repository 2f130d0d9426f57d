"""The whole story: two hosts enrol, are assessed, and are read about, through the API alone."""

import re
import time
import unittest
import urllib.request

import botocore.exceptions

import hosts
from service import ASSAY, REGION, Service, checked

PACKAGES = {
    "CVE": f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-gEjTy7T7",
    "BEST_PRACTICES": f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-R01qwB5Q",
}
ORDER = ["CREATED", "START_DATA_COLLECTION_PENDING", "START_DATA_COLLECTION_IN_PROGRESS", "COLLECTING_DATA",
         "STOP_DATA_COLLECTION_PENDING", "DATA_COLLECTED", "START_EVALUATING_RULES_PENDING", "EVALUATING_RULES",
         "COMPLETED", "COMPLETED_WITH_ERRORS", "CANCELED", "FAILED", "ERROR"]
ENDED = ORDER[8:]


def wait_for(what, question, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.5)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def show_logs(service, hosts):
    """What the service and the agents said, for whoever looks why a test failed."""
    service.log.flush()
    for name, path in [("service", service.log_path), *((host.name, host.root / "var/log/agent") for host in hosts)]:
        print(f"--- {name}\n{path.read_text()[-6000:]}", flush=True)


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        hosts.make_network()
        cls.service = cls.enterClassContext(
            Service("--agents", f"{hosts.BRIDGE}:8441", "--agents-name", hosts.BRIDGE))
        cls.client = checked(cls.service.client())
        cls.hosts = [hosts.Host(number, name, is_weak=name == "weak", assay=ASSAY)
                     for number, name in enumerate(["weak", "clean"], 1)]
        told = cls.service.assay("admin", "tokens", "create", "--uses", "2", "--server", f"https://{hosts.BRIDGE}:8441")
        token = re.search(r"--token[ =](\S+)", told)[1]
        fingerprint = re.search(r"--ca-fingerprint[ =](\S+)", told)[1]
        for host in cls.hosts:
            host.enroll(f"https://{hosts.BRIDGE}:8441", token, fingerprint)
            host.start()
            cls.addClassCleanup(host.kill)

    def target(self, name):
        group = self.client.create_resource_group(resourceGroupTags=[{"key": "fleet", "value": "story"}])
        target = self.client.create_assessment_target(
            assessmentTargetName=name, resourceGroupArn=group["resourceGroupArn"])["assessmentTargetArn"]

        def healthy():
            agents = self.listed("preview_agents", "agentPreviews", previewAgentsArn=target)
            return agents if [agent.get("agentHealth") for agent in agents] == ["HEALTHY"] * 2 else None

        return target, {agent["hostname"]: agent["agentId"] for agent in wait_for("both agents' heartbeat", healthy)}

    def template(self, target, **members):
        return self.client.create_assessment_template(
            assessmentTargetArn=target, assessmentTemplateName="short", durationInSeconds=180,
            rulesPackageArns=list(PACKAGES.values()), **members)["assessmentTemplateArn"]

    def run_of(self, arn):
        return self.client.describe_assessment_runs(assessmentRunArns=[arn])["assessmentRuns"][0]

    def listed(self, operation, member, **members):
        pages = self.client.get_paginator(operation).paginate(**members)
        return [item for page in pages for item in page[member]]

    def test_the_whole_story(self):
        try:
            self.tell()
        except BaseException:
            show_logs(self.service, self.hosts)
            raise

    def tell(self):
        client = self.client
        target, agents = self.target("story")
        template = self.template(target, userAttributesForFindings=[{"key": "team", "value": "core"}])
        run = client.start_assessment_run(assessmentTemplateArn=template, assessmentRunName="first")["assessmentRunArn"]
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            client.start_assessment_run(assessmentTemplateArn=template)
        self.assertEqual(caught.exception.response["Error"]["Code"], "AgentsAlreadyRunningAssessmentException")
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            client.delete_assessment_target(assessmentTargetArn=target)
        self.assertEqual(caught.exception.response["Error"]["Code"], "AssessmentRunInProgressException")
        wait_for("collecting", lambda: self.run_of(run)["state"] == "COLLECTING_DATA", 60)
        self.assertEqual(self.listed("list_findings", "findingArns", assessmentRunArns=[run]), [])
        # The agents are killed as a power cut would, and go on where they were.
        for host in self.hosts:
            host.kill()
            host.start()
        client.stop_assessment_run(assessmentRunArn=run, stopAction="START_EVALUATION")
        wait_for("the end of the run", lambda: self.run_of(run)["state"] in ENDED, 240)
        ended = self.run_of(run)
        self.assertIn(ended["state"], ["COMPLETED", "COMPLETED_WITH_ERRORS"])
        states = [change["state"] for change in ended["stateChanges"]]
        self.assertEqual(states, sorted(states, key=ORDER.index))
        self.check_findings(run, ended, agents)
        self.check_reports(run)
        second = client.start_assessment_run(assessmentTemplateArn=template)["assessmentRunArn"]
        client.stop_assessment_run(assessmentRunArn=second, stopAction="SKIP_EVALUATION")
        wait_for("the second run's end", lambda: self.run_of(second)["state"] in ENDED)
        self.assertEqual(self.run_of(second)["state"], "CANCELED")
        client.delete_assessment_run(assessmentRunArn=second)
        client.delete_assessment_target(assessmentTargetArn=target)
        self.assertEqual(self.listed("list_findings", "findingArns"), [])
        self.assertEqual(client.list_assessment_runs()["assessmentRunArns"], [])

    def check_findings(self, run, ended, agents):
        arns = self.listed("list_findings", "findingArns", assessmentRunArns=[run])
        self.assertEqual(len(arns), len(set(arns)))
        self.assertEqual(sum(ended["findingCounts"].values()), len(arns))
        findings = []
        for first in range(0, len(arns), 10):
            findings += self.client.describe_findings(findingArns=arns[first:first + 10])["findings"]
        by_host = {name: {finding["id"] for finding in findings if finding["assetAttributes"]["agentId"] == agent}
                   for name, agent in agents.items()}
        for rule in ("Disable root login over SSH", "Disable password authentication over SSH"):
            self.assertIn(rule, by_host["weak"])
            self.assertNotIn(rule, by_host["clean"])
        self.assertTrue(all({"key": "team", "value": "core"} in finding["userAttributes"] for finding in findings))
        agents_of_run = self.listed("list_assessment_run_agents", "assessmentRunAgents", assessmentRunArn=run)
        self.assertEqual({agent["agentId"] for agent in agents_of_run}, set(agents.values()))
        telemetry = self.client.get_telemetry_metadata(assessmentRunArn=run)["telemetryMetadata"]
        counts = {row["messageType"]: row["count"] for row in telemetry}
        self.assertGreater(counts.get("InspectorPackageInfo", 0), 100)
        exclusions = self.listed("list_exclusions", "exclusionArns", assessmentRunArn=run)
        described = self.client.describe_exclusions(exclusionArns=exclusions[:100])["exclusions"]
        self.assertEqual(set(described), set(exclusions[:100]))
        self.assertNotIn("Agent not found", {exclusion["title"] for exclusion in described.values()})

    def check_reports(self, run):
        for format, beginning in (("HTML", b"<!"), ("PDF", b"%PDF-")):
            for kind in ("FINDING", "FULL"):
                def report():
                    answer = self.client.get_assessment_report(
                        assessmentRunArn=run, reportFileFormat=format, reportType=kind)
                    self.assertNotEqual(answer["status"], "FAILED")
                    return answer.get("url")

                with urllib.request.urlopen(wait_for(f"the {kind} report", report)) as answer:
                    self.assertEqual(answer.read(len(beginning)).lower(), beginning.lower())


if __name__ == "__main__":
    hosts.in_own_namespaces()
    unittest.main()
