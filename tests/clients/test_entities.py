"""Targets, templates, groups, tags, rules packages and the role, by boto3."""

import unittest

import botocore.exceptions

from service import ACCOUNT, REGION, Service, checked

CVE = f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-gEjTy7T7"
BEST_PRACTICES = f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-R01qwB5Q"
# Well formed, and nobody has it.
NOBODY = f"arn:aws:inspector:{REGION}:{ACCOUNT}:target/0-nobody00"
REGIONS = [
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-1", "ap-northeast-2",
    "ap-southeast-2", "eu-central-1", "eu-west-1", "eu-west-2", "eu-north-1", "us-gov-east-1", "us-gov-west-1",
]


class Entities(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.client = checked(cls.service.client())
        cls.names = 0

    def name(self):
        type(self).names += 1
        return f"name {type(self).names}"

    def target(self, **members):
        answer = self.client.create_assessment_target(assessmentTargetName=self.name(), **members)
        return answer["assessmentTargetArn"]

    def template(self, target, **members):
        members = {"durationInSeconds": 180, "rulesPackageArns": [CVE], **members}
        members.setdefault("assessmentTemplateName", self.name())
        answer = self.client.create_assessment_template(assessmentTargetArn=target, **members)
        return answer["assessmentTemplateArn"]

    def fails(self, exception, code, call, **members):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**members)
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], exception, answer)
        self.assertEqual(answer.get("errorCode"), code, answer)
        self.assertIn("x-amzn-requestid", answer["ResponseMetadata"]["HTTPHeaders"])

    def test_a_target_lives_and_dies(self):
        group = self.client.create_resource_group(resourceGroupTags=[{"key": "Name", "value": "web"}, {"key": "any"}])
        group = group["resourceGroupArn"]
        described = self.client.describe_resource_groups(resourceGroupArns=[group])["resourceGroups"][0]
        self.assertEqual(described["tags"], [{"key": "Name", "value": "web"}, {"key": "any"}])
        name = self.name()
        arn = self.client.create_assessment_target(assessmentTargetName=name, resourceGroupArn=group)
        arn = arn["assessmentTargetArn"]
        one = self.client.describe_assessment_targets(assessmentTargetArns=[arn])["assessmentTargets"][0]
        self.assertEqual((one["name"], one["resourceGroupArn"]), (name, group))
        self.client.update_assessment_target(assessmentTargetArn=arn, assessmentTargetName=name + " new")
        changed = self.client.describe_assessment_targets(assessmentTargetArns=[arn])["assessmentTargets"][0]
        self.assertNotIn("resourceGroupArn", changed)
        self.assertEqual(changed["createdAt"], one["createdAt"])
        self.assertGreater(changed["updatedAt"], one["updatedAt"])
        template = self.template(arn)
        self.client.delete_assessment_target(assessmentTargetArn=arn)
        gone = self.client.describe_assessment_targets(assessmentTargetArns=[arn])
        self.assertEqual(gone["failedItems"][arn]["failureCode"], "ITEM_DOES_NOT_EXIST")
        gone = self.client.describe_assessment_templates(assessmentTemplateArns=[template])
        self.assertEqual((gone["assessmentTemplates"], list(gone["failedItems"])), ([], [template]))
        self.fails("NoSuchEntityException", "ASSESSMENT_TARGET_DOES_NOT_EXIST",
                   self.client.delete_assessment_target, assessmentTargetArn=arn)

    def test_describing_names_what_is_wrong_with_each(self):
        arn = self.target()
        elsewhere = arn.replace(REGION, "eu-west-1", 1)
        answer = self.client.describe_assessment_targets(assessmentTargetArns=[arn, NOBODY, "nonsense", elsewhere, arn])
        codes = {arn: item["failureCode"] for arn, item in answer["failedItems"].items()}
        self.assertEqual([target["arn"] for target in answer["assessmentTargets"]], [arn])
        self.assertEqual(codes, {NOBODY: "ITEM_DOES_NOT_EXIST", "nonsense": "INVALID_ARN",
                                 elsewhere: "ACCESS_DENIED", arn: "DUPLICATE_ARN"})

    def test_what_cannot_be_made_says_why(self):
        target = self.target()
        taken = self.client.describe_assessment_targets(assessmentTargetArns=[target])["assessmentTargets"][0]["name"]
        template = self.template(target)
        template_name = self.client.describe_assessment_templates(assessmentTemplateArns=[template])
        template_name = template_name["assessmentTemplates"][0]["name"]
        create_target, create_template = self.client.create_assessment_target, self.client.create_assessment_template
        good = {"assessmentTargetArn": target, "assessmentTemplateName": "t", "durationInSeconds": 180,
                "rulesPackageArns": [CVE]}
        group = f"arn:aws:inspector:{REGION}:{ACCOUNT}:resourcegroup/0-nobody00"
        package = f"arn:aws:inspector:{REGION}:316112463485:rulespackage/0-nobody00"
        invalid, absent, denied = "InvalidInputException", "NoSuchEntityException", "AccessDeniedException"
        twice = [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]
        for exception, code, call, members in [
            (invalid, "ASSESSMENT_TARGET_NAME_ALREADY_TAKEN", create_target, {"assessmentTargetName": taken}),
            (invalid, "INVALID_ASSESSMENT_TARGET_NAME", create_target, {"assessmentTargetName": ""}),
            (invalid, "INVALID_ASSESSMENT_TARGET_NAME", create_target, {"assessmentTargetName": "n" * 141}),
            (absent, "RESOURCE_GROUP_DOES_NOT_EXIST", create_target,
             {"assessmentTargetName": "g", "resourceGroupArn": group}),
            (denied, "ACCESS_DENIED_TO_RESOURCE_GROUP", create_target,
             {"assessmentTargetName": "g", "resourceGroupArn": group.replace(ACCOUNT, "111122223333")}),
            (invalid, "INVALID_RESOURCE_GROUP_ARN", create_target,
             {"assessmentTargetName": "g", "resourceGroupArn": target}),
            (invalid, "ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN", create_template,
             {**good, "assessmentTemplateName": template_name}),
            (absent, "ASSESSMENT_TARGET_DOES_NOT_EXIST", create_template, {**good, "assessmentTargetArn": NOBODY}),
            (absent, "RULES_PACKAGE_DOES_NOT_EXIST", create_template, {**good, "rulesPackageArns": [package]}),
            (invalid, "INVALID_NUMBER_OF_RULES_PACKAGE_ARNS", create_template, {**good, "rulesPackageArns": []}),
            (invalid, "INVALID_ASSESSMENT_TEMPLATE_DURATION", create_template, {**good, "durationInSeconds": 179}),
            (invalid, "INVALID_ASSESSMENT_TEMPLATE_DURATION", create_template, {**good, "durationInSeconds": 86401}),
            (invalid, "INVALID_USER_ATTRIBUTE_KEY", create_template, {**good, "userAttributesForFindings": twice}),
            ("SerializationException", None, create_template, {**good, "durationInSeconds": "an hour"}),
        ]:
            with self.subTest(code=code, members=members):
                self.fails(exception, code, call, **members)

    def test_a_template_lives_with_its_tags(self):
        target = self.target()
        attributes = [{"key": "team", "value": "core"}]
        arn = self.template(target, rulesPackageArns=[CVE, BEST_PRACTICES], userAttributesForFindings=attributes)
        one = self.client.describe_assessment_templates(assessmentTemplateArns=[arn])["assessmentTemplates"][0]
        self.assertEqual((one["rulesPackageArns"], one["durationInSeconds"], one["assessmentRunCount"]),
                         ([CVE, BEST_PRACTICES], 180, 0))
        self.assertEqual(one["userAttributesForFindings"], attributes)
        self.assertNotIn("lastAssessmentRunArn", one)
        tags = [{"key": "Env", "value": "prod"}]
        self.client.set_tags_for_resource(resourceArn=arn, tags=tags)
        self.assertEqual(self.client.list_tags_for_resource(resourceArn=arn)["tags"], tags)
        self.client.set_tags_for_resource(resourceArn=arn)
        self.assertEqual(self.client.list_tags_for_resource(resourceArn=arn)["tags"], [])
        self.fails("InvalidInputException", "INVALID_RESOURCE_ARN", self.client.list_tags_for_resource, resourceArn=target)
        too_many = [{"key": str(number)} for number in range(11)]
        self.fails("InvalidInputException", "INVALID_NUMBER_OF_TAGS", self.client.set_tags_for_resource,
                   resourceArn=arn, tags=too_many)
        self.client.delete_assessment_template(assessmentTemplateArn=arn)
        self.fails("NoSuchEntityException", "ASSESSMENT_TEMPLATE_DOES_NOT_EXIST",
                   self.client.list_tags_for_resource, resourceArn=arn)

    def test_lists_are_paged_and_filtered(self):
        target, other = self.target(), self.target()
        arns = [self.template(target, assessmentTemplateName=f"page {number:02}", durationInSeconds=180 + number)
                for number in range(25)]
        elsewhere = self.template(other, assessmentTemplateName="page 03", rulesPackageArns=[CVE, BEST_PRACTICES])
        paginator = self.client.get_paginator("list_assessment_templates")
        for size in (None, 1, 10, 100, 500):
            pages = paginator.paginate(assessmentTargetArns=[target], PaginationConfig={"PageSize": size} if size else {})
            found = [arn for page in pages for arn in page["assessmentTemplateArns"]]
            self.assertEqual(found, arns, f"page size {size}")

        def listed(target_arns=(target, other), **filter):
            answer = self.client.list_assessment_templates(
                assessmentTargetArns=list(target_arns), filter=filter, maxResults=100)
            return answer["assessmentTemplateArns"]

        self.assertEqual(listed(namePattern="page 03"), [arns[3], elsewhere])
        self.assertEqual(listed(namePattern="*2?"), [])
        self.assertEqual(listed(namePattern="*ge 2*"), arns[20:])
        self.assertEqual(listed(namePattern="PAGE 2*"), [])
        self.assertEqual(listed(durationRange={"minSeconds": 190, "maxSeconds": 192}), arns[10:13])
        self.assertEqual(listed(rulesPackageArns=[BEST_PRACTICES, CVE]), [elsewhere])
        self.fails("InvalidInputException", "INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE",
                   self.client.list_assessment_templates, filter={"durationRange": {"minSeconds": 300, "maxSeconds": 200}})
        page = self.client.list_assessment_templates(assessmentTargetArns=[target], maxResults=1)
        for members in ({"assessmentTargetArns": [other]}, {}):
            self.fails("InvalidInputException", "INVALID_PAGINATION_TOKEN", self.client.list_assessment_templates,
                       nextToken=page["nextToken"], **members)
        for most in (0, 501):
            self.fails("InvalidInputException", "INVALID_MAX_RESULTS", self.client.list_assessment_templates, maxResults=most)
        name = self.client.describe_assessment_targets(assessmentTargetArns=[target])["assessmentTargets"][0]["name"]
        one = self.client.list_assessment_targets(filter={"assessmentTargetNamePattern": name})
        self.assertEqual(one["assessmentTargetArns"], [target])

    def test_rules_packages_answer_in_every_region(self):
        for region in REGIONS:
            client = checked(self.service.client(region=region))
            arns = client.list_rules_packages()["rulesPackageArns"]
            packages = client.describe_rules_packages(rulesPackageArns=arns)["rulesPackages"]
            self.assertEqual([package["arn"] for package in packages], arns)
            self.assertIn("Common Vulnerabilities and Exposures", [package["name"] for package in packages])
            self.assertTrue(all(arn.split(":")[3] == region for arn in arns), arns)

    def test_accounts_and_regions_see_nothing_of_each_other(self):
        self.service.assay("admin", "accounts", "create", "111122223333")
        other = checked(self.service.client(self.service.new_key("111122223333")))
        elsewhere = checked(self.service.client(region="eu-west-1"))
        target = self.target()
        for client in (other, elsewhere):
            self.assertEqual(client.list_assessment_targets()["assessmentTargetArns"], [])
            answer = client.describe_assessment_targets(assessmentTargetArns=[target])
            self.assertEqual(answer["failedItems"][target]["failureCode"], "ACCESS_DENIED")
            self.fails("AccessDeniedException", "ACCESS_DENIED_TO_ASSESSMENT_TARGET",
                       client.delete_assessment_target, assessmentTargetArn=target)

    def test_the_role_is_kept(self):
        role = self.client.describe_cross_account_access_role()
        self.assertTrue(role["roleArn"].endswith("AWSServiceRoleForAmazonInspector"))
        arn = f"arn:aws:iam::{ACCOUNT}:role/inspector"
        self.client.register_cross_account_access_role(roleArn=arn)
        self.assertEqual(self.client.describe_cross_account_access_role()["roleArn"], arn)
        self.fails("InvalidInputException", "INVALID_IAM_ROLE_ARN",
                   self.client.register_cross_account_access_role, roleArn="role")


if __name__ == "__main__":
    unittest.main()
