"""Every operation of the published model is answered, and every member that it requires is asked for."""

import re
import unittest

import botocore.exceptions

from service import ACCOUNT, MODEL, REGION, Service, checked

TARGET = f"arn:aws:inspector:{REGION}:{ACCOUNT}:target/0-nobody00"
TEMPLATE = TARGET + "/template/0-nobody00"
RUN = TEMPLATE + "/run/0-nobody00"
# Well-formed requests for objects that nobody has, where an object is needed.
ABSENT = {
    "AddAttributesToFindings": {"findingArns": [RUN + "/finding/0-nobody00"], "attributes": [{"key": "a", "value": "b"}]},
    "CreateAssessmentTarget": {"assessmentTargetName": "made by the test"},
    "CreateAssessmentTemplate": {
        "assessmentTargetArn": TARGET, "assessmentTemplateName": "t", "durationInSeconds": 180,
        "rulesPackageArns": [f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-gEjTy7T7"]},
    "CreateExclusionsPreview": {"assessmentTemplateArn": TEMPLATE},
    "CreateResourceGroup": {"resourceGroupTags": [{"key": "a", "value": "b"}]},
    "DeleteAssessmentRun": {"assessmentRunArn": RUN},
    "DeleteAssessmentTarget": {"assessmentTargetArn": TARGET},
    "DeleteAssessmentTemplate": {"assessmentTemplateArn": TEMPLATE},
    "DescribeAssessmentRuns": {"assessmentRunArns": [RUN]},
    "DescribeAssessmentTargets": {"assessmentTargetArns": [TARGET]},
    "DescribeAssessmentTemplates": {"assessmentTemplateArns": [TEMPLATE]},
    "DescribeCrossAccountAccessRole": {},
    "DescribeExclusions": {"exclusionArns": [RUN + "/exclusion/0-nobody00"]},
    "DescribeFindings": {"findingArns": [RUN + "/finding/0-nobody00"]},
    "DescribeResourceGroups": {"resourceGroupArns": [TARGET.replace(":target/", ":resourcegroup/")]},
    "DescribeRulesPackages": {"rulesPackageArns": [f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-nobody00"]},
    "GetAssessmentReport": {"assessmentRunArn": RUN, "reportFileFormat": "HTML", "reportType": "FULL"},
    "GetExclusionsPreview": {
        "assessmentTemplateArn": TEMPLATE, "previewToken": "00000000-0000-0000-0000-000000000000"},
    "GetTelemetryMetadata": {"assessmentRunArn": RUN},
    "ListAssessmentRunAgents": {"assessmentRunArn": RUN},
    "ListAssessmentRuns": {},
    "ListAssessmentTargets": {},
    "ListAssessmentTemplates": {},
    "ListEventSubscriptions": {},
    "ListExclusions": {"assessmentRunArn": RUN},
    "ListFindings": {},
    "ListRulesPackages": {},
    "ListTagsForResource": {"resourceArn": TEMPLATE},
    "PreviewAgents": {"previewAgentsArn": TARGET},
    "RegisterCrossAccountAccessRole": {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/r"},
    "RemoveAttributesFromFindings": {"findingArns": [RUN + "/finding/0-nobody00"], "attributeKeys": ["a"]},
    "SetTagsForResource": {"resourceArn": TEMPLATE, "tags": []},
    "StartAssessmentRun": {"assessmentTemplateArn": TEMPLATE},
    "StopAssessmentRun": {"assessmentRunArn": RUN},
    "SubscribeToEvent": {
        "resourceArn": TEMPLATE, "event": "FINDING_REPORTED", "topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:topic"},
    "UnsubscribeFromEvent": {
        "resourceArn": TEMPLATE, "event": "FINDING_REPORTED", "topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:topic"},
    "UpdateAssessmentTarget": {"assessmentTargetArn": TARGET, "assessmentTargetName": "n"},
}


class Operations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.client = checked(cls.service.client())

    def call(self, operation, members):
        """The answer, or the name and code of the error."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            answer = getattr(self.client, name)(**members)
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"], error.response.get("errorCode")
        return answer

    def test_the_table_is_the_model(self):
        self.assertEqual(sorted(ABSENT), sorted(MODEL.operation_names))

    def test_what_is_not_there_is_said_to_be_so(self):
        for operation, members in ABSENT.items():
            with self.subTest(operation):
                answer = self.call(operation, members)
                if isinstance(answer, tuple):
                    self.assertEqual(answer[0], "NoSuchEntityException")
                    self.assertRegex(answer[1], "_DOES_NOT_EXIST$")
                elif operation.startswith("Describe") and operation != "DescribeCrossAccountAccessRole" or \
                        operation.endswith("Findings") and operation != "ListFindings":
                    codes = {item["failureCode"] for item in answer["failedItems"].values()}
                    self.assertEqual(codes, {"ITEM_DOES_NOT_EXIST"})

    def test_every_member_that_is_required_is_asked_for(self):
        for operation in MODEL.operation_names:
            shape = MODEL.operation_model(operation).input_shape
            for member in shape.required_members if shape else []:
                with self.subTest(operation=operation, member=member):
                    members = {name: value for name, value in ABSENT[operation].items() if name != member}
                    answer = self.call(operation, members)
                    self.assertIsInstance(answer, tuple, "it was answered all the same")
                    self.assertIn(answer[0], ["InvalidInputException", "ValidationException"])

    def test_members_of_the_wrong_type_are_told(self):
        for operation, members in ABSENT.items():
            # botocore itself refuses other things than lists where lists belong.
            for member in (member for member, value in members.items() if isinstance(value, (str, int))):
                with self.subTest(operation=operation, member=member):
                    self.assertEqual(self.call(operation, {**members, member: {"a": 1}})[0], "SerializationException")


if __name__ == "__main__":
    unittest.main()
