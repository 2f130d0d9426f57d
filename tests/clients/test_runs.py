"""Runs of a target without hosts, and previews of exclusions, by boto3."""

import time
import unittest

import botocore.exceptions

from service import ACCOUNT, REGION, Service, checked

CVE = f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-gEjTy7T7"
BEST_PRACTICES = f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-R01qwB5Q"
SEVERITIES = ["High", "Medium", "Low", "Informational", "Undefined"]


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.client = checked(cls.service.client())
        cls.names = 0

    def template(self, **members):
        type(self).names += 1
        name = f"name {self.names}"
        target = self.client.create_assessment_target(assessmentTargetName=name)["assessmentTargetArn"]
        members = {"durationInSeconds": 3600, "rulesPackageArns": [CVE, BEST_PRACTICES], **members}
        return self.client.create_assessment_template(
            assessmentTargetArn=target, assessmentTemplateName=name, **members
        )["assessmentTemplateArn"]

    def start(self, template, **members):
        return self.client.start_assessment_run(assessmentTemplateArn=template, **members)["assessmentRunArn"]

    def describe(self, run):
        return self.client.describe_assessment_runs(assessmentRunArns=[run])["assessmentRuns"][0]

    def ended(self, run):
        while (described := self.describe(run))["state"] not in ("COMPLETED", "CANCELED"):
            time.sleep(0.05)
        return described

    def fails(self, exception, code, call, **members):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**members)
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], exception, answer)
        self.assertEqual(answer.get("errorCode"), code, answer)

    def test_a_run_without_hosts_ends_by_itself(self):
        attributes = [{"key": "team", "value": "web"}]
        template = self.template(userAttributesForFindings=attributes)
        run = self.start(template)
        self.assertTrue(run.startswith(f"{template}/run/0-"))
        ended = self.ended(run)
        states = [change["state"] for change in ended["stateChanges"]]
        self.assertEqual((states[0], states[-1]), ("CREATED", "COMPLETED"))
        self.assertIn("COLLECTING_DATA", states)
        self.assertEqual(ended["findingCounts"], dict.fromkeys(SEVERITIES, 0))
        self.assertEqual(ended["rulesPackageArns"], [CVE, BEST_PRACTICES])
        self.assertEqual(ended["userAttributesForFindings"], attributes)
        self.assertTrue(ended["dataCollected"])
        self.assertTrue(ended["createdAt"] <= ended["startedAt"] <= ended["completedAt"] == ended["stateChangedAt"])
        self.assertEqual(self.client.list_assessment_run_agents(assessmentRunArn=run)["assessmentRunAgents"], [])
        self.assertEqual(self.client.get_telemetry_metadata(assessmentRunArn=run)["telemetryMetadata"], [])
        described = self.client.describe_assessment_templates(assessmentTemplateArns=[template])
        described = described["assessmentTemplates"][0]
        self.assertEqual((described["lastAssessmentRunArn"], described["assessmentRunCount"]), (run, 1))
        for action in ("START_EVALUATION", "SKIP_EVALUATION"):
            self.fails(
                "InvalidInputException", "INVALID_ASSESSMENT_RUN_STATE",
                self.client.stop_assessment_run, assessmentRunArn=run, stopAction=action,
            )
        self.client.delete_assessment_run(assessmentRunArn=run)
        failed = self.client.describe_assessment_runs(assessmentRunArns=[run])["failedItems"]
        self.assertEqual(failed[run]["failureCode"], "ITEM_DOES_NOT_EXIST")
        for call in (
            self.client.delete_assessment_run, self.client.stop_assessment_run, self.client.get_telemetry_metadata,
            self.client.list_assessment_run_agents,
        ):
            self.fails("NoSuchEntityException", "ASSESSMENT_RUN_DOES_NOT_EXIST", call, assessmentRunArn=run)

    def test_names_of_runs_are_unique_in_their_template(self):
        template = self.template()
        runs = [self.start(template), self.start(template, assessmentRunName="mine"), self.start(template)]
        names = [self.describe(run)["name"] for run in runs]
        self.assertEqual(names, [f"Run 1 for name {self.names}", "mine", f"Run 3 for name {self.names}"])
        self.fails(
            "InvalidInputException", "ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN",
            self.client.start_assessment_run, assessmentTemplateArn=template, assessmentRunName="mine",
        )
        self.start(self.template(), assessmentRunName="mine")
        self.fails(
            "NoSuchEntityException", "ASSESSMENT_TEMPLATE_DOES_NOT_EXIST",
            self.client.start_assessment_run, assessmentTemplateArn=template[:-8] + "nobody00",
        )
        elsewhere = template.replace(ACCOUNT, "999999999999")
        self.fails(
            "AccessDeniedException", "ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE",
            self.client.start_assessment_run, assessmentTemplateArn=elsewhere,
        )

    def test_runs_are_listed_by_filters_and_pages(self):
        templates = [self.template(), self.template(durationInSeconds=200)]
        runs = [self.start(templates[index % 2], assessmentRunName=f"{'odd' if index % 2 else 'even'} {index}") for index in range(7)]
        for run in runs:
            self.ended(run)
        cases = [
            ({}, runs),
            ({"states": ["COMPLETED", "FAILED"]}, runs),
            ({"states": ["CREATED"]}, []),
            ({"namePattern": "odd*"}, runs[1::2]),
            ({"namePattern": "Odd*"}, []),
            ({"durationRange": {"minSeconds": 180, "maxSeconds": 200}}, runs[1::2]),
            ({"rulesPackageArns": [BEST_PRACTICES]}, runs),
            ({"startTimeRange": {"beginDate": 0}, "completionTimeRange": {"endDate": 4e9}}, runs),
            ({"stateChangeTimeRange": {"endDate": 1}}, []),
        ]
        for asked, expected in cases:
            found = []
            pages = self.client.get_paginator("list_assessment_runs").paginate(
                assessmentTemplateArns=templates, filter=asked, PaginationConfig={"PageSize": 2}
            )
            for page in pages:
                self.assertLessEqual(len(page["assessmentRunArns"]), 2)
                found += page["assessmentRunArns"]
            self.assertEqual(found, expected, asked)
        self.fails(
            "InvalidInputException", "INVALID_ASSESSMENT_RUN_DURATION_RANGE",
            self.client.list_assessment_runs, filter={"durationRange": {"minSeconds": 300, "maxSeconds": 200}},
        )

    def test_a_preview_is_computed_and_read(self):
        template = self.template()
        token = self.client.create_exclusions_preview(assessmentTemplateArn=template)["previewToken"]
        while True:
            answer = self.client.get_exclusions_preview(assessmentTemplateArn=template, previewToken=token)
            if answer["previewStatus"] == "COMPLETED":
                break
            time.sleep(0.05)
        (exclusion,) = answer["exclusionPreviews"]
        self.assertEqual(exclusion["title"], "No instances in target")
        scopes = [{"key": "RULES_PACKAGE_ARN", "value": arn} for arn in (CVE, BEST_PRACTICES)]
        self.assertEqual(exclusion["scopes"], scopes)
        other = "00000000-0000-0000-0000-000000000000"
        for arn, text in ((template, other), (self.template(), token)):
            self.fails(
                "NoSuchEntityException", "ASSESSMENT_TEMPLATE_DOES_NOT_EXIST",
                self.client.get_exclusions_preview, assessmentTemplateArn=arn, previewToken=text,
            )


if __name__ == "__main__":
    unittest.main()
