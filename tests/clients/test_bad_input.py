"""Bad input: the right answer, one line in the log, and no effect on anyone else."""

import datetime
import json
import time
import unittest

import botocore.auth

import logged
from service import Service
from test_operations import ABSENT, RUN, TEMPLATE
from wire import Wire

OTHERS = "111122223333"


class Api(logged.Logged):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.service.assay("admin", "accounts", "create", OTHERS)
        cls.key = cls.service.new_key()
        cls.wire, cls.other = Wire(cls.service, cls.key), Wire(cls.service, cls.service.new_key(OTHERS))
        for wire in (cls.wire, cls.other):
            cls.addClassCleanup(wire.close)

    def check_log(self, wire, status, name):
        """The last request was refused, and is in the log, once."""
        (line,) = self.lines(wire.request_id, 1)
        self.assertIn(f'name="{name}" status={status}', line)

    def test_each_refusal_is_logged_once_and_nobody_else_notices(self):
        made = self.other.send("CreateAssessmentTarget", {"assessmentTargetName": "theirs"})[2]["assessmentTargetArn"]
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)

        def signed_at(minutes):
            original = botocore.auth.get_current_datetime
            botocore.auth.get_current_datetime = lambda *_, **__: now + datetime.timedelta(minutes=minutes)
            try:
                return self.wire.send("ListFindings", {})
            finally:
                botocore.auth.get_current_datetime = original

        stranger = Wire(self.service, (self.key[0], "x" * 40))
        nobody = Wire(self.service, ("AKIANOBODY2345678901", "x" * 40))
        for wire in (stranger, nobody):
            self.addCleanup(wire.close)
        mine = self.wire
        cases = [
            ("malformed", mine, "ListFindings", b"{", (400, "SerializationException")),
            ("wrong type", mine, "ListFindings", {"filter": 1}, (400, "SerializationException")),
            ("wrong value", mine, "ListFindings", {"maxResults": 0}, (400, "InvalidInputException")),
            ("50 MB", mine, "ListFindings", b" " * (50 << 20), (413, "RequestEntityTooLargeException")),
            ("signature", stranger, "ListFindings", {}, (403, "InvalidSignatureException")),
            ("key", nobody, "ListFindings", {}, (403, "UnrecognizedClientException")),
            ("operation", mine, "ListFindingsNow", {}, (400, "UnknownOperationException")),
            ("service", mine, "Inspector2.ListFindings", {}, (400, "UnknownOperationException")),
            ("own operation", mine, "Assay.Nothing", {}, (400, "UnknownOperationException")),
            ("token", mine, "ListFindings", {"nextToken": "x" * 300}, (400, "InvalidInputException")),
            ("theirs", mine, "DeleteAssessmentTarget", {"assessmentTargetArn": made}, (400, "AccessDeniedException")),
            ("nobody's", mine, "DeleteAssessmentRun", {"assessmentRunArn": RUN}, (400, "NoSuchEntityException")),
        ]
        for what, wire, operation, body, expected in cases:
            with self.subTest(what):
                self.assertEqual(wire.send(operation, body)[:2], expected)
                self.check_log(wire, *expected)
                # Another account, on a connection that was open all the time.
                status, _, body = self.other.send("ListAssessmentTargets", {})
                self.assertEqual((status, body["assessmentTargetArns"]), (200, [made]))
        for minutes in (-20, 20):
            self.assertEqual(signed_at(minutes)[:2], (403, "InvalidSignatureException"))
            self.check_log(mine, 403, "InvalidSignatureException")
        self.assertEqual(self.wire.send("ListAssessmentTargets", {})[2]["assessmentTargetArns"], [])
        self.service.assay("admin", "audit", "verify")

    def test_no_operation_reaches_into_another_account(self):
        """What is there, by its true ARN, and each operation that takes one."""
        made = {"assessmentTargetName": "reached for"}
        target = self.other.send("CreateAssessmentTarget", made)[2]["assessmentTargetArn"]
        template = self.other.send("CreateAssessmentTemplate", {
            **ABSENT["CreateAssessmentTemplate"], "assessmentTargetArn": target})[2]["assessmentTemplateArn"]
        self.other.send("SetTagsForResource", {"resourceArn": template, "tags": [{"key": "a", "value": "b"}]})
        run = self.other.send("StartAssessmentRun", {"assessmentTemplateArn": template})[2]["assessmentRunArn"]
        while self.other.send("DescribeAssessmentRuns", {"assessmentRunArns": [run]})[2]["assessmentRuns"][0]["state"] not in (
                "COMPLETED", "COMPLETED_WITH_ERRORS"):
            time.sleep(0.05)
        reads = [("DescribeAssessmentTargets", {"assessmentTargetArns": [target]}),
                 ("ListTagsForResource", {"resourceArn": template}),
                 ("DescribeAssessmentTemplates", {"assessmentTemplateArns": [template]}),
                 ("DescribeAssessmentRuns", {"assessmentRunArns": [run]}), ("ListEventSubscriptions", {"resourceArn": template})]
        before = [self.other.send(operation, members) for operation, members in reads]
        tried = 0
        for operation, members in ABSENT.items():
            text = json.dumps(members)
            for absent, true in ((RUN, run), (TEMPLATE, template), (TEMPLATE.split("/template/")[0], target)):
                text = text.replace(absent, true)
            if text == json.dumps(members):
                continue
            with self.subTest(operation):
                status, name, body = self.wire.send(operation, json.loads(text))
                if status == 200:
                    codes = {item["failureCode"] for item in body["failedItems"].values()}
                    self.assertEqual(codes, {"ACCESS_DENIED"})
                else:
                    self.assertEqual((status, name), (400, "AccessDeniedException"))
                    self.assertRegex(body["errorCode"], "^ACCESS_DENIED_TO_")
                tried += 1
        self.assertGreaterEqual(tried, 25)
        self.assertEqual([self.other.send(operation, members) for operation, members in reads], before)

    def test_who_guesses_signatures_is_slowed_down_and_others_are_not(self):
        service = self.enterContext(Service("--limit", "failures_per_minute=10"))
        good, guess = Wire(service), Wire(service, (service.first_key()[0], "x" * 40))
        for wire in (good, guess):
            self.addCleanup(wire.close)
        answers = [guess.send("ListFindings", {})[:2] for _ in range(40)]
        self.assertEqual(set(answers[:10]), {(403, "InvalidSignatureException")})
        self.assertIn((400, "ThrottlingException"), answers)
        self.assertEqual(good.send("ListFindings", {})[:2], (200, None))


if __name__ == "__main__":
    unittest.main()
