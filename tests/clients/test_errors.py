"""Every error of the published model that this service can give, by boto3: class, code, status, and shape."""

import concurrent.futures
import contextlib
import re
import tempfile
import unittest

import botocore.exceptions

from agent import Agent
from database import Postgres
from service import ACCOUNT, MODEL, REGION, Service, checked, problems
from test_operations import ABSENT, RUN, TARGET, TEMPLATE

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:topic"
CVE = f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-gEjTy7T7"
OTHERS = "999999999999"
LATE_FIRST = {"beginDate": 2000000000, "endDate": 1000000000}


def pairs(*items):
    return [dict(zip(("key", "value"), item)) for item in items]


def many(count, item):
    return [item] * count


# What is changed in a well-formed request, for each code of InvalidInputException.
INVALID = [
    ("INVALID_ASSESSMENT_TARGET_ARN", "DeleteAssessmentTarget", {"assessmentTargetArn": RUN}),
    ("INVALID_ASSESSMENT_TARGET_ARN", "PreviewAgents", {"previewAgentsArn": RUN}),
    ("INVALID_ASSESSMENT_TEMPLATE_ARN", "StartAssessmentRun", {"assessmentTemplateArn": "x"}),
    ("INVALID_ASSESSMENT_RUN_ARN", "ListFindings", {"assessmentRunArns": [RUN, TARGET]}),
    ("INVALID_FINDING_ARN", "DescribeFindings", {"findingArns": [""]}),
    ("INVALID_RESOURCE_GROUP_ARN", "CreateAssessmentTarget", {"resourceGroupArn": RUN}),
    ("INVALID_RULES_PACKAGE_ARN", "CreateAssessmentTemplate", {"rulesPackageArns": [RUN]}),
    ("INVALID_RESOURCE_ARN", "ListTagsForResource", {"resourceArn": RUN}),
    ("INVALID_SNS_TOPIC_ARN", "SubscribeToEvent", {"topicArn": RUN}),
    ("INVALID_IAM_ROLE_ARN", "RegisterCrossAccountAccessRole", {"roleArn": TOPIC}),
    ("INVALID_ASSESSMENT_TARGET_NAME", "UpdateAssessmentTarget", {"assessmentTargetName": "a\nb"}),
    ("INVALID_ASSESSMENT_TARGET_NAME_PATTERN", "ListAssessmentTargets", {"filter": {"assessmentTargetNamePattern": ""}}),
    ("INVALID_ASSESSMENT_TEMPLATE_NAME", "CreateAssessmentTemplate", {"assessmentTemplateName": "n" * 141}),
    ("INVALID_ASSESSMENT_TEMPLATE_NAME", "StartAssessmentRun", {"assessmentRunName": ""}),
    ("INVALID_ASSESSMENT_TEMPLATE_NAME_PATTERN", "ListAssessmentTemplates", {"filter": {"namePattern": "n" * 141}}),
    ("INVALID_ASSESSMENT_TEMPLATE_DURATION", "CreateAssessmentTemplate", {"durationInSeconds": 179}),
    ("INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE", "ListAssessmentTemplates",
     {"filter": {"durationRange": {"minSeconds": 900, "maxSeconds": 180}}}),
    ("INVALID_ASSESSMENT_RUN_DURATION_RANGE", "ListAssessmentRuns", {"filter": {"durationRange": {"maxSeconds": 604801}}}),
    ("INVALID_ASSESSMENT_RUN_START_TIME_RANGE", "ListAssessmentRuns", {"filter": {"startTimeRange": LATE_FIRST}}),
    ("INVALID_ASSESSMENT_RUN_COMPLETION_TIME_RANGE", "ListAssessmentRuns", {"filter": {"completionTimeRange": LATE_FIRST}}),
    ("INVALID_ASSESSMENT_RUN_STATE_CHANGE_TIME_RANGE", "ListAssessmentRuns", {"filter": {"stateChangeTimeRange": LATE_FIRST}}),
    ("INVALID_ASSESSMENT_RUN_STATE", "ListAssessmentRuns", {"filter": {"states": ["created"]}}),
    ("INVALID_TAG", "SetTagsForResource", {"tags": [{"value": "v"}]}),
    ("INVALID_TAG_KEY", "SetTagsForResource", {"tags": pairs(("k", "v"), ("k", "w"))}),
    ("INVALID_TAG_VALUE", "SetTagsForResource", {"tags": pairs(("k", "v" * 257))}),
    ("INVALID_RESOURCE_GROUP_TAG_KEY", "CreateResourceGroup", {"resourceGroupTags": pairs(("", "v"))}),
    ("INVALID_RESOURCE_GROUP_TAG_VALUE", "CreateResourceGroup", {"resourceGroupTags": pairs(("k", ""))}),
    ("INVALID_ATTRIBUTE", "ListFindings", {"filter": {"attributes": pairs(("", "v"))}}),
    ("INVALID_USER_ATTRIBUTE", "ListFindings", {"filter": {"userAttributes": [{}]}}),
    ("INVALID_USER_ATTRIBUTE_KEY", "CreateAssessmentTemplate", {"userAttributesForFindings": pairs(("k", "v"), ("k", "w"))}),
    ("INVALID_USER_ATTRIBUTE_VALUE", "AddAttributesToFindings", {"attributes": pairs(("k", ""))}),
    ("INVALID_PAGINATION_TOKEN", "ListFindings", {"nextToken": "1"}),
    ("INVALID_MAX_RESULTS", "ListFindings", {"maxResults": 501}),
    ("INVALID_AGENT_ID", "ListFindings", {"filter": {"agentIds": ["i" * 129]}}),
    ("INVALID_AUTO_SCALING_GROUP", "ListFindings", {"filter": {"autoScalingGroups": [""]}}),
    ("INVALID_RULE_NAME", "ListFindings", {"filter": {"ruleNames": ["r" * 1001]}}),
    ("INVALID_SEVERITY", "ListFindings", {"filter": {"severities": ["high"]}}),
    ("INVALID_LOCALE", "DescribeFindings", {"locale": "DE_DE"}),
    ("INVALID_EVENT", "UnsubscribeFromEvent", {"event": "NOTHING"}),
    ("INVALID_NUMBER_OF_ASSESSMENT_TARGET_ARNS", "DescribeAssessmentTargets", {"assessmentTargetArns": []}),
    ("INVALID_NUMBER_OF_ASSESSMENT_TEMPLATE_ARNS", "ListAssessmentRuns", {"assessmentTemplateArns": many(51, TEMPLATE)}),
    ("INVALID_NUMBER_OF_ASSESSMENT_RUN_ARNS", "DescribeAssessmentRuns", {"assessmentRunArns": many(11, RUN)}),
    ("INVALID_NUMBER_OF_FINDING_ARNS", "DescribeFindings", {"findingArns": many(101, "x")}),
    ("INVALID_NUMBER_OF_RESOURCE_GROUP_ARNS", "DescribeResourceGroups", {"resourceGroupArns": []}),
    ("INVALID_NUMBER_OF_RULES_PACKAGE_ARNS", "CreateAssessmentTemplate", {"rulesPackageArns": []}),
    ("INVALID_NUMBER_OF_ASSESSMENT_RUN_STATES", "ListAssessmentRuns", {"filter": {"states": many(51, "CREATED")}}),
    ("INVALID_NUMBER_OF_TAGS", "SetTagsForResource", {"tags": pairs(*((f"k{number}", "v") for number in range(11)))}),
    ("INVALID_NUMBER_OF_RESOURCE_GROUP_TAGS", "CreateResourceGroup", {"resourceGroupTags": []}),
    ("INVALID_NUMBER_OF_ATTRIBUTES", "ListFindings", {"filter": {"attributes": many(51, {"key": "k"})}}),
    ("INVALID_NUMBER_OF_USER_ATTRIBUTES", "RemoveAttributesFromFindings", {"attributeKeys": many(11, "k")}),
    ("INVALID_NUMBER_OF_AGENT_IDS", "ListFindings", {"filter": {"agentIds": many(100, "i-0")}}),
    ("INVALID_NUMBER_OF_AUTO_SCALING_GROUPS", "ListFindings", {"filter": {"autoScalingGroups": many(21, "g")}}),
    ("INVALID_NUMBER_OF_RULE_NAMES", "ListFindings", {"filter": {"ruleNames": many(51, "r")}}),
    ("INVALID_NUMBER_OF_SEVERITIES", "ListFindings", {"filter": {"severities": many(51, "Low")}}),
]
# Those of an object that is there already, which need it to be.
TAKEN = {"ASSESSMENT_TARGET_NAME_ALREADY_TAKEN", "ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN"}
KINDS = {"assessmentTargetArn": "ASSESSMENT_TARGET", "assessmentTemplateArn": "ASSESSMENT_TEMPLATE",
         "assessmentRunArn": "ASSESSMENT_RUN", "previewAgentsArn": "ASSESSMENT_TARGET", "resourceArn": "ASSESSMENT_TEMPLATE"}


class Errors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service("--agents", "127.0.0.1:0"))
        cls.client = checked(cls.service.client())

    def call(self, operation, client=None, **members):
        return getattr(client or self.client, re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower())(**members)

    def fails(self, exception, code, operation, client=None, **members):
        """The answer, after its shape is compared with the model's."""
        client = client or self.client
        with self.assertRaises(getattr(client.exceptions, exception)) as caught:
            self.call(operation, client, **members)
        answer = caught.exception.response
        shape = MODEL.shape_for(exception)
        self.assertIn(exception, [error.name for error in MODEL.operation_model(operation).error_shapes],
                      f"{operation} does not give it")
        said = {name: answer[name] for name in shape.members if name in answer}
        said.setdefault("message", answer["Error"]["Message"])
        self.assertEqual(problems(shape, said), [])
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertEqual(answer.get("errorCode"), code)
        # Only what passes by itself is worth another try.
        self.assertIs(answer.get("canRetry", False), exception == "AssessmentRunInProgressException")
        return answer

    def test_every_code_of_invalid_input(self):
        given = {code for code, _, _ in INVALID} | TAKEN
        self.assertEqual(sorted(given), sorted(MODEL.shape_for("InvalidInputErrorCode").enum))
        for code, operation, members in INVALID:
            with self.subTest(code, operation=operation):
                self.fails("InvalidInputException", code, operation, **{**ABSENT[operation], **members})
        target = self.call("CreateAssessmentTarget", assessmentTargetName="taken")["assessmentTargetArn"]
        self.fails("InvalidInputException", "ASSESSMENT_TARGET_NAME_ALREADY_TAKEN", "CreateAssessmentTarget",
                   assessmentTargetName="taken")
        template = {**ABSENT["CreateAssessmentTemplate"], "assessmentTargetArn": target}
        self.call("CreateAssessmentTemplate", **template)
        self.fails("InvalidInputException", "ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN", "CreateAssessmentTemplate", **template)

    def test_what_nobody_has_and_what_others_have(self):
        """Each operation that takes the ARN of one object: of none, of another account, of another region."""
        asked = 0
        for operation, members in ABSENT.items():
            for member in members.keys() & KINDS.keys():
                with self.subTest(operation, member=member):
                    arn, kind = members[member], KINDS[member]
                    kind = "ASSESSMENT_TARGET" if operation == "PreviewAgents" else kind
                    self.fails("NoSuchEntityException", f"{kind}_DOES_NOT_EXIST", operation, **members)
                    for foreign in (arn.replace(ACCOUNT, OTHERS), arn.replace(REGION, "eu-west-1", 1)):
                        self.fails("AccessDeniedException", f"ACCESS_DENIED_TO_{kind}", operation,
                                   **{**members, member: foreign})
                    asked += 1
        self.assertEqual(asked, 18)
        target = self.call("CreateAssessmentTarget", assessmentTargetName="mine")["assessmentTargetArn"]
        template = {**ABSENT["CreateAssessmentTemplate"], "assessmentTargetArn": target}
        group = f"arn:aws:inspector:{REGION}:{OTHERS}:resourcegroup/0-nobody00"
        for exception, code, operation, members in [
            ("AccessDeniedException", "ACCESS_DENIED_TO_RESOURCE_GROUP", "CreateAssessmentTarget",
             {"assessmentTargetName": "g", "resourceGroupArn": group}),
            ("NoSuchEntityException", "RESOURCE_GROUP_DOES_NOT_EXIST", "UpdateAssessmentTarget",
             {"assessmentTargetArn": target, "assessmentTargetName": "g", "resourceGroupArn": group.replace(OTHERS, ACCOUNT)}),
            ("AccessDeniedException", "ACCESS_DENIED_TO_RESOURCE_GROUP", "UpdateAssessmentTarget",
             {"assessmentTargetArn": target, "assessmentTargetName": "g", "resourceGroupArn": group}),
            ("NoSuchEntityException", "RULES_PACKAGE_DOES_NOT_EXIST", "CreateAssessmentTemplate",
             {**template, "rulesPackageArns": [CVE[:-8] + "nobody00"]}),
            ("AccessDeniedException", "ACCESS_DENIED_TO_ASSESSMENT_RUN", "ListFindings",
             {"assessmentRunArns": [RUN.replace(ACCOUNT, OTHERS)]}),
            ("NoSuchEntityException", "ASSESSMENT_RUN_DOES_NOT_EXIST", "ListFindings", {"assessmentRunArns": [RUN]}),
            ("AccessDeniedException", "ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE", "ListAssessmentRuns",
             {"assessmentTemplateArns": [TEMPLATE.replace(ACCOUNT, OTHERS)]}),
            ("AccessDeniedException", "ACCESS_DENIED_TO_ASSESSMENT_TARGET", "ListAssessmentTemplates",
             {"assessmentTargetArns": [TARGET.replace(ACCOUNT, OTHERS)]}),
        ]:
            with self.subTest(code, operation=operation):
                self.fails(exception, code, operation, **members)

    def test_lists_name_each_foreign_item(self):
        """Each operation that takes ARNs of many objects, and answers for each."""
        asked = 0
        for operation, members in ABSENT.items():
            member = next((name for name in members if name.endswith("Arns") and name != "rulesPackageArns"), None)
            if member is None:
                continue
            with self.subTest(operation):
                arn = members[member][0]
                foreign = [arn.replace(ACCOUNT, OTHERS), arn.replace(REGION, "eu-west-1", 1)]
                failed = self.call(operation, **{**members, member: [arn, *foreign, "nonsense"]})["failedItems"]
                self.assertEqual({name: item["failureCode"] for name, item in failed.items()}, {
                    arn: "ITEM_DOES_NOT_EXIST", **dict.fromkeys(foreign, "ACCESS_DENIED"), "nonsense": "INVALID_ARN"})
                self.assertEqual({item["retryable"] for item in failed.values()}, {False})
                asked += 1
        self.assertEqual(asked, 8)

    def test_limits_are_told(self):
        client = checked(self.service.client(region="eu-central-1"))
        target = self.call("CreateAssessmentTarget", client, assessmentTargetName="0")["assessmentTargetArn"]
        for number in range(1, 50):
            self.call("CreateAssessmentTarget", client, assessmentTargetName=str(number))
        self.fails("LimitExceededException", "ASSESSMENT_TARGET_LIMIT_EXCEEDED", "CreateAssessmentTarget", client,
                   assessmentTargetName="one too many")
        package = client.list_rules_packages()["rulesPackageArns"][0]
        members = {"assessmentTargetArn": target, "durationInSeconds": 180, "rulesPackageArns": [package]}
        for number in range(500):
            answer = self.call("CreateAssessmentTemplate", client, assessmentTemplateName=str(number), **members)
        self.fails("LimitExceededException", "ASSESSMENT_TEMPLATE_LIMIT_EXCEEDED", "CreateAssessmentTemplate", client,
                   assessmentTemplateName="one too many", **members)
        members = {"resourceArn": answer["assessmentTemplateArn"], "event": "FINDING_REPORTED"}
        for number in range(50):
            self.call("SubscribeToEvent", client, topicArn=f"{TOPIC}{number}", **members)
        self.fails("LimitExceededException", "EVENT_SUBSCRIPTION_LIMIT_EXCEEDED", "SubscribeToEvent", client,
                   topicArn=TOPIC, **members)

    def test_limits_are_settings(self):
        limits = ("targets=1", "templates=2", "runs=1", "resource_groups=1", "subscriptions=1")
        service = self.enterContext(Service(*(word for limit in limits for word in ("--limit", limit))))
        client = checked(service.client())
        group = ABSENT["CreateResourceGroup"]
        self.call("CreateResourceGroup", client, **group)
        self.fails("LimitExceededException", "RESOURCE_GROUP_LIMIT_EXCEEDED", "CreateResourceGroup", client, **group)
        answer = self.call("CreateAssessmentTarget", client, assessmentTargetName="one")
        self.fails("LimitExceededException", "ASSESSMENT_TARGET_LIMIT_EXCEEDED", "CreateAssessmentTarget", client,
                   assessmentTargetName="two")
        template = {**ABSENT["CreateAssessmentTemplate"], "assessmentTargetArn": answer["assessmentTargetArn"]}
        arns = [self.call("CreateAssessmentTemplate", client, **{**template, "assessmentTemplateName": name})
                ["assessmentTemplateArn"] for name in "ab"]
        self.fails("LimitExceededException", "ASSESSMENT_TEMPLATE_LIMIT_EXCEEDED", "CreateAssessmentTemplate", client, **template)
        self.call("StartAssessmentRun", client, assessmentTemplateArn=arns[0])
        for arn in arns:
            self.fails("LimitExceededException", "ASSESSMENT_RUN_LIMIT_EXCEEDED", "StartAssessmentRun", client,
                       assessmentTemplateArn=arn)
            subscription = {**ABSENT["SubscribeToEvent"], "resourceArn": arn}
            for _ in range(2):
                self.call("SubscribeToEvent", client, **subscription)
            self.fails("LimitExceededException", "EVENT_SUBSCRIPTION_LIMIT_EXCEEDED", "SubscribeToEvent", client,
                       **{**subscription, "event": "OTHER"})
        # Another region has limits of its own.
        self.call("CreateAssessmentTarget", checked(service.client(region="eu-west-1")), assessmentTargetName="one")

    def test_a_store_that_is_away_is_an_error_of_the_service(self):
        with contextlib.ExitStack() as stack:
            database = stack.enter_context(Postgres())
            service = self.enterContext(Service(database=database.url))
            client = service.client()
            client.list_findings()
            stack.close()
            for operation in ("ListFindings", "CreateAssessmentTarget", "DescribeFindings"):
                with self.assertRaises(client.exceptions.InternalException) as caught:
                    self.call(operation, client, **ABSENT[operation])
                answer = caught.exception.response
                self.assertEqual((answer["ResponseMetadata"]["HTTPStatusCode"], answer["canRetry"]), (500, True))
                self.assertEqual(answer["Error"]["Message"], "the service failed; its log says why")

    def test_a_run_in_progress_is_in_the_way(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="assay-errors-"))
        agent = Agent(self.service, folder, "i-0000000000000000a")
        self.addCleanup(agent.close)
        agent.enrol(re.search(r"--token (\S+)", self.service.assay("admin", "tokens", "create"))[1])
        agent.poll()
        target = self.call("CreateAssessmentTarget", assessmentTargetName="busy")["assessmentTargetArn"]
        template = self.call("CreateAssessmentTemplate", **{
            **ABSENT["CreateAssessmentTemplate"], "assessmentTargetArn": target, "durationInSeconds": 3600,
        })["assessmentTemplateArn"]
        run = self.call("StartAssessmentRun", assessmentTemplateArn=template)["assessmentRunArn"]
        answer = self.fails("AgentsAlreadyRunningAssessmentException", None, "StartAssessmentRun", assessmentTemplateArn=template)
        self.assertEqual(answer["agents"], [{"agentId": "i-0000000000000000a", "assessmentRunArn": run}])
        self.assertFalse(answer["agentsTruncated"])
        for operation, members in [
            ("DeleteAssessmentRun", {"assessmentRunArn": run}),
            ("DeleteAssessmentTemplate", {"assessmentTemplateArn": template}),
            ("DeleteAssessmentTarget", {"assessmentTargetArn": target}),
            ("GetAssessmentReport", {"assessmentRunArn": run, "reportFileFormat": "PDF", "reportType": "FULL"}),
        ]:
            with self.subTest(operation):
                answer = self.fails("AssessmentRunInProgressException", None, operation, **members)
                self.assertEqual((answer["assessmentRunArns"], answer["assessmentRunArnsTruncated"]), ([run], False))
        self.call("StopAssessmentRun", assessmentRunArn=run, stopAction="SKIP_EVALUATION")

    def test_two_previews_at_once_are_one_too_many(self):
        target = self.call("CreateAssessmentTarget", assessmentTargetName="preview")["assessmentTargetArn"]
        template = self.call("CreateAssessmentTemplate", **{
            **ABSENT["CreateAssessmentTemplate"], "assessmentTargetArn": target})["assessmentTemplateArn"]

        def preview(_):
            try:
                return "previewToken" in self.call("CreateExclusionsPreview", assessmentTemplateArn=template)
            except botocore.exceptions.ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], "PreviewGenerationInProgressException")
                return False

        with concurrent.futures.ThreadPoolExecutor(8) as together:
            for _ in range(100):
                answers = list(together.map(preview, range(8)))
                if not all(answers):
                    break
        self.assertIn(True, answers)
        self.assertIn(False, answers, "no two previews ever met")


if __name__ == "__main__":
    unittest.main()
