"""Hosts with many findings: the packages of a Debian host that was not updated, judged by the advisories of shared/data."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time

from agent import Agent
from service import ACCOUNT, REGION, ROOT

SHARED = pathlib.Path(os.environ.get("ASSAY_SHARED", ROOT.parent / "shared"), "data")
PACKAGES = {
    "CVE": f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-gEjTy7T7",
    "BEST_PRACTICES": f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-R01qwB5Q",
}
GROUPS = ["web", "web", "data", None, None]
WEAK = {
    "etc/passwd": "root:x:0:0::/root:/bin/bash\n",
    "etc/ssh/sshd_config": "PermitRootLogin yes\nPasswordAuthentication yes\n",
    "etc/login.defs": "PASS_MAX_DAYS 99999\nENCRYPT_METHOD MD5\n",
    "etc/pam.d/common-password": "password required pam_unix.so\n",
}


def unpacked(path):
    return subprocess.run(["xz", "-dc", SHARED / path], check=True, capture_output=True).stdout


def names():
    return [f"i-{number:017x}" for number in range(1, len(GROUPS) + 1)]


def describe_instances(folder):
    """The folder for `--instances`: only the cloud knows auto scaling groups."""
    def instance(name, group):
        tags = [{"Key": "aws:autoscaling:groupName", "Value": group}] if group else []
        return {"InstanceId": name, "State": {"Name": "running"}, "Placement": {"AvailabilityZone": f"{REGION}a"},
                "PrivateIpAddress": "10.0.0.1", "Tags": tags}

    instances = [instance(name, group) for name, group in zip(names(), GROUPS)]
    answer = {"Reservations": [{"ReservationId": "r-1", "OwnerId": ACCOUNT, "Instances": instances}]}
    pathlib.Path(folder, "describe-instances.json").write_text(json.dumps(answer))


class Fleet:
    """Enrolled agents, and what they send when they are asked to collect."""

    def __init__(self, service, folder):
        self.service, folder = service, pathlib.Path(folder)
        mirror = folder / "mirror"
        (mirror / "debian-tracker").mkdir(parents=True)
        (mirror / "debian-tracker/json").write_bytes(unpacked("feeds/debian-tracker/json.xz"))
        shutil.copytree(SHARED / "feeds/cve-records", mirror / "cve-records")
        service.assay("feeds", "import", str(mirror))
        token = re.search(r"--token (\S+)", service.assay("admin", "tokens", "create", "--uses", str(len(GROUPS))))[1]
        self.agents = [Agent(service, folder, name) for name in names()]
        self.documents = []
        for number, agent in enumerate(self.agents):
            agent.enrol(token)
            root = folder / agent.facts["agent"]
            files = {"var/lib/dpkg/status": unpacked("hosts/debian-12.11/dpkg-status.xz"),
                     "etc/os-release": (SHARED / "hosts/debian-12.11/os-release").read_bytes(),
                     **{path: text.encode() for path, text in (WEAK if number % 2 == 0 else {}).items()}}
            for path, content in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content)
            evidence = json.loads(service.assay("collect", "--root", str(root)))
            evidence["host"]["agent_id"] = agent.facts["agent"]
            self.documents.append(json.dumps(evidence).encode())

    def assess(self, client, template):
        """A run from its start to its end."""
        for agent in self.agents:
            # Who was not heard from lately is excluded.
            agent.poll()
        run = client.start_assessment_run(assessmentTemplateArn=template)["assessmentRunArn"]
        for agent, document in zip(self.agents, self.documents):
            instruction = agent.poll(wait_seconds=50)
            assert instruction["kind"] == "collect" and instruction["run"] == run, instruction
            result = agent.upload(run, document)
            assert result == "accepted", result
        while True:
            described = client.describe_assessment_runs(assessmentRunArns=[run])["assessmentRuns"][0]
            if described["state"] in ("COMPLETED", "COMPLETED_WITH_ERRORS", "FAILED", "ERROR", "CANCELED"):
                assert described["state"].startswith("COMPLETED"), described
                return run
            time.sleep(0.2)

    def close(self):
        for agent in self.agents:
            agent.close()
