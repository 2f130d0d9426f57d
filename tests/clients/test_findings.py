"""Many findings of real advisories: read page by page, and by filters, each of which is computed a second time here."""

import itertools
import tempfile
import unittest

import botocore.exceptions

import fleet
from service import Service, checked

MANY = 1500
# What a filter may ask for, and which member of it asks.
MEMBERS = ["agentIds", "autoScalingGroups", "ruleNames", "severities", "rulesPackageArns", "attributes",
           "userAttributes", "creationTimeRange", "assessmentRunArns"]


def has_all(asked, pairs):
    return all(any(pair["key"] == one["key"] and one.get("value", pair.get("value")) == pair.get("value")
                   for pair in pairs) for one in asked)


# Whether a finding, as it is described, is one that the member asks for.
TAKES = {
    "agentIds": lambda asked, finding: finding["assetAttributes"]["agentId"] in asked,
    "autoScalingGroups": lambda asked, finding: finding["assetAttributes"].get("autoScalingGroup") in asked,
    "ruleNames": lambda asked, finding: finding["id"] in asked,
    "severities": lambda asked, finding: finding["severity"] in asked,
    "rulesPackageArns": lambda asked, finding: finding["serviceAttributes"]["rulesPackageArn"] in asked,
    "attributes": lambda asked, finding: has_all(asked, finding["attributes"]),
    "userAttributes": lambda asked, finding: has_all(asked, finding["userAttributes"]),
    "creationTimeRange": lambda asked, finding: asked.get("beginDate", finding["createdAt"]) <= finding["createdAt"]
    <= asked.get("endDate", finding["createdAt"]),
    "assessmentRunArns": lambda asked, finding: finding["serviceAttributes"]["assessmentRunArn"] in asked,
}


class Findings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="assay-fleet-"))
        fleet.describe_instances(folder)
        cls.service = cls.enterClassContext(Service("--instances", folder, "--agents", "127.0.0.1:0"))
        cls.client = checked(cls.service.client())
        hosts = fleet.Fleet(cls.service, folder)
        cls.addClassCleanup(hosts.close)
        target = cls.client.create_assessment_target(assessmentTargetName="all")["assessmentTargetArn"]
        cls.runs = []
        for name, packages in (("all of it", fleet.PACKAGES.values()), ("settings", [fleet.PACKAGES["BEST_PRACTICES"]])):
            template = cls.client.create_assessment_template(
                assessmentTargetArn=target, assessmentTemplateName=name, durationInSeconds=180,
                rulesPackageArns=list(packages), userAttributesForFindings=[{"key": "run", "value": name}])
            cls.runs.append(hosts.assess(cls.client, template["assessmentTemplateArn"]))
        cls.arns = cls.listed()
        cls.client.add_attributes_to_findings(
            findingArns=cls.arns[100:110], attributes=[{"key": "owner", "value": "somebody"}, {"key": "seen"}])
        cls.findings = []
        for first in range(0, len(cls.arns), 100):
            cls.findings += cls.client.describe_findings(findingArns=cls.arns[first:first + 100])["findings"]

    @classmethod
    def pages(cls, size=100, **members):
        config = {"PageSize": size} if size else {}
        return [page["findingArns"] for page in
                cls.client.get_paginator("list_findings").paginate(PaginationConfig=config, **members)]

    @classmethod
    def listed(cls, **members):
        return [arn for page in cls.pages(**members) for arn in page]

    def test_all_are_read_whatever_the_size_of_a_page(self):
        self.assertGreaterEqual(len(self.arns), MANY)
        self.assertEqual(len(set(self.arns)), len(self.arns))
        self.assertEqual([finding["arn"] for finding in self.findings], self.arns)
        runs = self.client.describe_assessment_runs(assessmentRunArns=self.runs)["assessmentRuns"]
        self.assertEqual(sum(sum(run["findingCounts"].values()) for run in runs), len(self.arns))
        for size, most in ((None, 10), (1, 1), (7, 7), (10, 10), (99, 99), (100, 100), (101, 100), (500, 100)):
            with self.subTest(size=size):
                pages = self.pages(size)
                self.assertEqual([arn for page in pages for arn in page], self.arns)
                self.assertEqual({len(page) for page in pages[:-1]}, {most})
                self.assertTrue(1 <= len(pages[-1]) <= most, "an empty page was promised to be more")

    def test_a_token_survives_a_restart_and_is_good_for_its_query_alone(self):
        asked = {"assessmentRunArns": self.runs[:1], "filter": {"severities": ["Informational"]}, "maxResults": 100}
        expected = self.listed(assessmentRunArns=self.runs[:1], filter=asked["filter"])
        found, tokens, members = [], [], asked
        while True:
            page = self.client.list_findings(**members)
            found += page["findingArns"]
            if "nextToken" not in page:
                break
            tokens.append(page["nextToken"])
            members = {**asked, "nextToken": page["nextToken"]}
            if len(tokens) in (1, 5, 9):
                self.service.kill()
        self.assertEqual(found, expected)
        self.assertEqual(len(set(tokens)), len(tokens))
        # Twice, the same page.
        again = [self.client.list_findings(**asked, nextToken=tokens[0])["findingArns"] for _ in range(2)]
        self.assertEqual(again, [expected[100:200]] * 2)
        token = tokens[2]
        others = [
            {"assessmentRunArns": self.runs[1:]}, {"assessmentRunArns": []}, {"filter": {"severities": ["Low"]}},
            {"filter": {}}, {"filter": {"severities": ["Informational"], "agentIds": fleet.names()}},
            {"nextToken": token[:-1] + ("A" if token[-1] != "A" else "B")}, {"nextToken": token[1:]},
            {"nextToken": token + token}, {"nextToken": "1"},
        ]
        for other in others:
            with self.subTest(**other):
                self.check_refusal(self.client.list_findings, **{**asked, "nextToken": token, **other})
        self.check_refusal(self.client.list_assessment_runs, nextToken=token)
        # Neither another account nor another region continues it.
        self.service.assay("admin", "accounts", "create", "111122223333")
        for client in (self.service.client(self.service.new_key("111122223333")), self.service.client(region="eu-west-1")):
            self.check_refusal(client.list_findings, filter=asked["filter"], maxResults=100, nextToken=token)

    def check_refusal(self, call, **members):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**members)
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["errorCode"]), ("InvalidInputException", "INVALID_PAGINATION_TOKEN"))

    def choices(self):
        """For each member, two things to ask for."""
        rules = [finding["id"] for finding in self.findings]
        settings = next(finding for finding in self.findings if finding["severity"] == "Medium")
        times = sorted(finding["createdAt"] for finding in self.findings)
        cve = next(pair for pair in self.findings[0]["attributes"] if pair["key"] == "CVE_ID")
        asked = [
            ("agentIds", [fleet.names()[0]], fleet.names()[1:3] + ["i-nobody"]),
            ("autoScalingGroups", ["web"], ["data", "nothing"]),
            ("ruleNames", [rules[0]], [rules[5], settings["id"]]),
            ("severities", ["Informational"], ["High", "Medium"]),
            ("rulesPackageArns", [fleet.PACKAGES["CVE"]], [fleet.PACKAGES["BEST_PRACTICES"]]),
            ("attributes", [{"key": "INSTANCE_ID"}, cve], [{"key": "INSTANCE_ID", "value": fleet.names()[2]}]),
            ("userAttributes", [{"key": "run", "value": "settings"}], [{"key": "owner"}, {"key": "run"}]),
            ("creationTimeRange", {"endDate": times[len(times) // 2]}, {"beginDate": times[400], "endDate": times[-1]}),
            ("assessmentRunArns", self.runs[:1], self.runs[1:]),
        ]
        return {member: values for member, *values in asked}

    def test_filters_in_all_combinations_of_two(self):
        choices = self.choices()
        self.assertEqual(sorted(choices), sorted(MEMBERS))
        empty, compared = 0, 0
        for one, other in itertools.combinations(MEMBERS, 2):
            for values in itertools.product(choices[one], choices[other]):
                asked = dict(zip((one, other), values))
                expected = [finding["arn"] for finding in self.findings
                            if all(TAKES[member](value, finding) for member, value in asked.items())]
                members = {"filter": {name: value for name, value in asked.items() if name != "assessmentRunArns"}}
                if "assessmentRunArns" in asked:
                    members["assessmentRunArns"] = asked["assessmentRunArns"]
                with self.subTest(**asked):
                    self.assertEqual(self.listed(**members), expected)
                empty += not expected
                compared += 1
        self.assertEqual(compared, 36 * 4)
        self.assertLess(empty, 50, "too many of the combinations find nothing to prove much")

    def test_an_empty_filter_takes_all(self):
        for filter in ({}, {member: [] for member in MEMBERS[:7]}, {"creationTimeRange": {}}):
            self.assertEqual(self.listed(filter=filter), self.arns)


if __name__ == "__main__":
    unittest.main()
