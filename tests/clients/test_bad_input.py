"""Bad input: the right answer, one line in the log, and no effect on anyone else."""

import datetime
import http.client
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

    def refused(self, send):
        """Status and error of a request that must be refused, after it was found in the log, once."""
        ids, original = [], http.client.HTTPResponse.getheader

        def getheader(response, name, default=None):
            value = original(response, name, default)
            if name == "x-amzn-ErrorType":
                ids.append(original(response, "x-amzn-RequestId"))
            return value

        http.client.HTTPResponse.getheader = getheader
        try:
            status, name, body = send()
        finally:
            http.client.HTTPResponse.getheader = original
        self.assertEqual(body["__type"], name)
        (line,) = self.lines(ids[0], 1)
        self.assertIn(f'name="{name}" status={status}', line)
        return status, name

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
        cases = [
            ("malformed", lambda: self.wire.send("ListFindings", b"{"), (400, "SerializationException")),
            ("wrong type", lambda: self.wire.send("ListFindings", {"filter": 1}), (400, "SerializationException")),
            ("wrong value", lambda: self.wire.send("ListFindings", {"maxResults": 0}), (400, "InvalidInputException")),
            ("50 MB", lambda: self.wire.send("ListFindings", b" " * (50 << 20)), (413, "RequestEntityTooLargeException")),
            ("signature", lambda: stranger.send("ListFindings", {}), (403, "InvalidSignatureException")),
            ("key", lambda: nobody.send("ListFindings", {}), (403, "UnrecognizedClientException")),
            ("old date", lambda: signed_at(-20), (403, "InvalidSignatureException")),
            ("operation", lambda: self.wire.send("ListFindingsNow", {}), (400, "UnknownOperationException")),
            ("service", lambda: self.wire.send("Inspector2.ListFindings", {}), (400, "UnknownOperationException")),
            ("own operation", lambda: self.wire.send("Assay.Nothing", {}), (400, "UnknownOperationException")),
            ("token", lambda: self.wire.send("ListFindings", {"nextToken": "x" * 300}), (400, "InvalidInputException")),
            ("theirs", lambda: self.wire.send("DeleteAssessmentTarget", {"assessmentTargetArn": made}),
             (400, "AccessDeniedException")),
            ("nobody's", lambda: self.wire.send("DeleteAssessmentRun", {"assessmentRunArn": RUN}),
             (400, "NoSuchEntityException")),
        ]
        for what, send, expected in cases:
            with self.subTest(what):
                self.assertEqual(self.refused(send), expected)
                # Another account, on a connection that was open all the time.
                status, _, body = self.other.send("ListAssessmentTargets", {})
                self.assertEqual((status, body["assessmentTargetArns"]), (200, [made]))
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
        service = self.enterContext(Service())
        good, guess = Wire(service), Wire(service, (service.first_key()[0], "x" * 40))
        for wire in (good, guess):
            self.addCleanup(wire.close)
        answers = [guess.send("ListFindings", {})[:2] for _ in range(320)]
        self.assertEqual(set(answers), {(403, "InvalidSignatureException"), (400, "ThrottlingException")})
        self.assertEqual(answers[299], (403, "InvalidSignatureException"))
        self.assertEqual(good.send("ListFindings", {})[:2], (200, None))


if __name__ == "__main__":
    unittest.main()
