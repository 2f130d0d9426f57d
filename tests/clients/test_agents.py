"""What a target selects, as PreviewAgents shows it, with instances from a folder."""

import json
import pathlib
import re
import tempfile
import unittest

import botocore.exceptions

from service import ACCOUNT, REGION, Service, checked

NOBODY = f"arn:aws:inspector:{REGION}:{ACCOUNT}:target/0-nobody00"
OTHERS = f"arn:aws:inspector:{REGION}:999999999999:target/0-nobody00"
CVE = f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-gEjTy7T7"


def instance(number):
    """One of many; every tenth is of the tag `rare`, and every seventh does not run."""
    state = "stopped" if number % 7 == 6 else "running"
    tags = [{"Key": "Kind", "Value": "rare" if number % 10 == 3 else "common"}]
    if number == 3:
        tags.append({"Key": "aws:autoscaling:groupName", "Value": "web"})
    return {
        "InstanceId": f"i-{number:017x}",
        "State": {"Name": state},
        "Placement": {"AvailabilityZone": f"{REGION}a"},
        "PublicDnsName": f"ec2-{number}.example.org",
        "PublicIpAddress": f"192.0.2.{number}",
        "PrivateIpAddress": f"10.0.0.{number}",
        "Tags": tags,
    }


class Agents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="assay-instances-"))
        reservation = {"ReservationId": "r-1", "OwnerId": ACCOUNT, "Instances": [instance(n) for n in range(45)]}
        other = {"ReservationId": "r-2", "OwnerId": "999999999999", "Instances": [instance(60)]}
        answer = {"Reservations": [reservation, other]}
        pathlib.Path(folder, "describe-instances.json").write_text(json.dumps(answer))
        cls.service = cls.enterClassContext(Service("--instances", folder, "--agents", "127.0.0.1:0"))
        cls.client = checked(cls.service.client())

    def target(self, name, tags=None):
        members = {}
        if tags:
            group = self.client.create_resource_group(resourceGroupTags=tags)
            members["resourceGroupArn"] = group["resourceGroupArn"]
        return self.client.create_assessment_target(assessmentTargetName=name, **members)["assessmentTargetArn"]

    def preview(self, arn, size=None):
        """All previews and the number of pages."""
        previews, pages, members = [], 0, {"maxResults": size} if size else {}
        while True:
            answer = self.client.preview_agents(previewAgentsArn=arn, **members)
            previews += answer["agentPreviews"]
            pages += 1
            if "nextToken" not in answer:
                return previews, pages
            members["nextToken"] = answer["nextToken"]

    def test_all_hosts_of_a_target_are_shown_page_by_page(self):
        arn = self.target("all")
        for size, expected in ((None, 5), (20, 3), (45, 1), (100, 1)):
            previews, pages = self.preview(arn, size)
            self.assertEqual(pages, expected, size)
            self.assertEqual([one["agentId"] for one in previews], [f"i-{n:017x}" for n in range(45)])

    def test_tags_select(self):
        arn = self.target("rare", [{"key": "Kind", "value": "rare"}, {"key": "Kind", "value": "nothing"}])
        previews, _ = self.preview(arn)
        self.assertEqual([one["agentId"] for one in previews], [f"i-{n:017x}" for n in (3, 13, 23, 33, 43)])
        expected = {
            "agentId": f"i-{3:017x}",
            "hostname": "ec2-3.example.org",
            "autoScalingGroup": "web",
            "agentHealth": "UNKNOWN",
            "ipv4Address": "192.0.2.3",
        }
        self.assertEqual(previews[0], expected)
        template = self.client.create_assessment_template(
            assessmentTargetArn=arn, assessmentTemplateName="rare", durationInSeconds=180, rulesPackageArns=[CVE]
        )
        self.assertEqual(self.preview(template["assessmentTemplateArn"])[0], previews)

    def test_what_is_not_there_is_not_shown(self):
        cases = [
            (NOBODY, "NoSuchEntityException", "ASSESSMENT_TARGET_DOES_NOT_EXIST"),
            (NOBODY + "/template/0-nobody00", "NoSuchEntityException", "ASSESSMENT_TEMPLATE_DOES_NOT_EXIST"),
            (OTHERS, "AccessDeniedException", "ACCESS_DENIED_TO_ASSESSMENT_TARGET"),
            ("nonsense", "InvalidInputException", None),
        ]
        for arn, exception, code in cases:
            with self.assertRaises(botocore.exceptions.ClientError) as caught:
                self.client.preview_agents(previewAgentsArn=arn)
            answer = caught.exception.response
            self.assertEqual(answer["Error"]["Code"], exception, answer)
            if code:
                self.assertEqual(answer.get("errorCode"), code, answer)

    def test_tokens_are_made_listed_and_revoked(self):
        printed = self.service.assay("admin", "tokens", "create", "--uses", "3", "--description", "for the web hosts")
        command = re.search(
            r"^assay agent enroll --server (\S+) --ca-fingerprint ([0-9a-f]{64}) --token ([A-Z2-7]{40})$", printed, re.M
        )
        self.assertIsNotNone(command, printed)
        name = re.match(r"token (\S+),", printed)[1]
        listed = self.service.assay("admin", "tokens", "list")
        self.assertIn(f"{name}  {ACCOUNT}  {REGION}  3 uses left", listed)
        self.assertNotIn(command[3], listed)
        self.service.assay("admin", "tokens", "revoke", name)
        self.assertRegex(self.service.assay("admin", "tokens", "list"), f"{name} .* revoked ")
        self.assertIn(command[2], self.service.log_path.read_text(), "the service shows the same fingerprint")
        self.assertEqual(self.service.assay("admin", "agents", "list"), "")


if __name__ == "__main__":
    unittest.main()
