"""The calls of Terraform's AWS provider, in its order, and what it makes of the answers.

Facts about `aws_inspector_resource_group`, `_assessment_target`, `_assessment_template` and the data source `_rules_packages`
are from the provider's public source; the provider itself is not here. Each resource below is a small state machine of its own:
after each change it reads everything back, and a plan is the comparison of what was read with what was configured.
"""

import time
import unittest

from service import ACCOUNT, REGION, Service, checked

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:security"


class Gone(Exception):
    """The provider takes the resource out of its state."""


def only(answer, member, arn):
    """One described item. A failed item is an error, unless it says that the item does not exist."""
    for name, item in answer["failedItems"].items():
        if item["failureCode"] == "ITEM_DOES_NOT_EXIST" and name == arn:
            raise Gone(arn)
        raise AssertionError(f"{name}: {item}")
    found = [item for item in answer[member] if item["arn"] == arn]
    assert len(found) == 1, answer
    return found[0]


class Group:
    """Cannot be changed, and is forgotten where others are deleted."""

    def __init__(self, client):
        self.client = client

    def create(self, tags):
        pairs = [{"key": key, "value": value} for key, value in tags.items()]
        self.arn = self.client.create_resource_group(resourceGroupTags=pairs)["resourceGroupArn"]
        return self.read()

    def read(self):
        group = only(self.client.describe_resource_groups(resourceGroupArns=[self.arn]), "resourceGroups", self.arn)
        return {pair["key"]: pair.get("value", "") for pair in group["tags"]}


class Target:
    def __init__(self, client):
        self.client = client

    def create(self, name, **members):
        answer = self.client.create_assessment_target(assessmentTargetName=name, **members)
        self.arn = answer["assessmentTargetArn"]
        return self.read()

    def read(self):
        try:
            answer = self.client.describe_assessment_targets(assessmentTargetArns=[self.arn])
        except self.client.exceptions.InvalidInputException as error:
            raise Gone(self.arn) from error
        target = only(answer, "assessmentTargets", self.arn)
        return target["name"], target.get("resourceGroupArn")

    def update(self, name, **members):
        self.client.update_assessment_target(assessmentTargetArn=self.arn, assessmentTargetName=name, **members)
        return self.read()

    def delete(self, tries=200):
        """Again and again while a run is in progress, for an hour."""
        for _ in range(tries):
            try:
                return self.client.delete_assessment_target(assessmentTargetArn=self.arn)
            except self.client.exceptions.AssessmentRunInProgressException:
                time.sleep(0.1)
        raise AssertionError("the run never ended")


class Template:
    def __init__(self, client):
        self.client = client

    def create(self, tags, subscriptions, **members):
        answer = self.client.create_assessment_template(**members)
        self.arn = answer["assessmentTemplateArn"]
        if tags:
            self.set_tags(tags)
        self.subscribe(subscriptions)
        return self.read()

    def set_tags(self, tags):
        """Without any, the member is left out."""
        pairs = [{"key": key, "value": value} for key, value in tags.items()]
        self.client.set_tags_for_resource(resourceArn=self.arn, **({"tags": pairs} if pairs else {}))

    def subscribe(self, subscriptions):
        for event, topic in sorted(subscriptions):
            self.client.subscribe_to_event(resourceArn=self.arn, event=event, topicArn=topic)

    def read(self):
        answer = self.client.describe_assessment_templates(assessmentTemplateArns=[self.arn])
        template = only(answer, "assessmentTemplates", self.arn)
        tags = self.client.list_tags_for_resource(resourceArn=self.arn)["tags"]
        pages = self.client.get_paginator("list_event_subscriptions").paginate(resourceArn=self.arn)
        subscriptions = [(event["event"], one["topicArn"]) for page in pages for one in page["subscriptions"]
                         for event in one["eventSubscriptions"]]
        self.last = template
        return {
            "name": template["name"], "target": template["assessmentTargetArn"], "duration": template["durationInSeconds"],
            "packages": set(template["rulesPackageArns"]), "tags": {pair["key"]: pair["value"] for pair in tags},
            "subscriptions": set(subscriptions),
        }

    def update(self, tags, old, new):
        self.set_tags(tags)
        self.subscribe(new - old)
        for event, topic in sorted(old - new):
            self.client.unsubscribe_from_event(resourceArn=self.arn, event=event, topicArn=topic)
        return self.read()

    def delete(self):
        self.client.delete_assessment_template(assessmentTemplateArn=self.arn)


class Terraform(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.client = checked(cls.service.client())

    def packages(self):
        pages = self.client.get_paginator("list_rules_packages").paginate()
        return sorted(arn for page in pages for arn in page["rulesPackageArns"])

    def template(self, target, tags=None, subscriptions=frozenset(), **members):
        members = {"assessmentTemplateName": "nightly", "durationInSeconds": 3600, "rulesPackageArns": self.packages(),
                   "assessmentTargetArn": target.arn, **members}
        template = Template(self.client)
        return template, template.create(tags or {}, subscriptions, **members)

    def test_everything_is_applied_changed_imported_and_destroyed(self):
        tags = {"Name": "web", "Env": "production"}
        group, target = Group(self.client), Target(self.client)
        self.assertEqual(group.create(tags), tags)
        self.assertEqual(target.create("fleet", resourceGroupArn=group.arn), ("fleet", group.arn))
        subscriptions = {("ASSESSMENT_RUN_COMPLETED", TOPIC), ("FINDING_REPORTED", TOPIC), ("FINDING_REPORTED", TOPIC + "-2")}
        template, read = self.template(target, {"team": "core", "Empty": "-"}, subscriptions)
        expected = {"name": "nightly", "target": target.arn, "duration": 3600, "packages": set(self.packages()),
                    "tags": {"team": "core", "Empty": "-"}, "subscriptions": subscriptions}
        self.assertEqual(read, expected)
        # A plan finds nothing to do, and an import, which knows the ARN alone, reads the same.
        for _ in range(2):
            self.assertEqual((group.read(), target.read(), template.read()), (tags, ("fleet", group.arn), expected))
        for kind, one in ((Group, group), (Target, target), (Template, template)):
            imported = kind(self.client)
            imported.arn = one.arn
            self.assertEqual(imported.read(), one.read())
        # Changed in place: tags, subscriptions, the group of the target, and its absence.
        changed = {("ASSESSMENT_RUN_STARTED", TOPIC), ("FINDING_REPORTED", TOPIC + "-2")}
        read = template.update({"team": "edge"}, subscriptions, changed)
        self.assertEqual((read["tags"], read["subscriptions"]), ({"team": "edge"}, changed))
        read = template.update({}, changed, set())
        self.assertEqual((read["tags"], read["subscriptions"]), ({}, set()))
        other = Group(self.client)
        other.create({"Name": "data"})
        self.assertEqual(target.update("fleet", resourceGroupArn=other.arn), ("fleet", other.arn))
        self.assertEqual(target.update("fleet"), ("fleet", None))
        # Anything else replaces: destroyed first, then made anew under the same name.
        template.delete()
        self.assertRaises(Gone, template.read)
        template, read = self.template(target, durationInSeconds=900)
        self.assertEqual(read["duration"], 900)
        template.delete()
        target.delete()
        for resource in (template, target):
            self.assertRaises(Gone, resource.read)
        self.assertEqual(group.read(), tags)

    def test_replaced_before_it_is_destroyed(self):
        """With `create_before_destroy` the new one needs another name, and both are there for a while."""
        target = Target(self.client)
        target.create("replaced")
        old, _ = self.template(target)
        with self.assertRaises(self.client.exceptions.InvalidInputException):
            self.template(target)
        new, _ = self.template(target, assessmentTemplateName="nightly-2")
        old.delete()
        self.assertEqual(new.read()["name"], "nightly-2")
        target.delete()
        self.assertRaises(Gone, new.read)

    def test_what_was_deleted_elsewhere_is_noticed(self):
        """A refresh takes it out of the state; a destroy that comes too late fails with the error that names it."""
        target = Target(self.client)
        target.create("elsewhere")
        template, _ = self.template(target)
        self.client.delete_assessment_target(assessmentTargetArn=target.arn)
        self.assertRaises(Gone, target.read)
        self.assertRaises(Gone, template.read)
        for resource, code in ((target, "ASSESSMENT_TARGET_DOES_NOT_EXIST"), (template, "ASSESSMENT_TEMPLATE_DOES_NOT_EXIST")):
            with self.assertRaises(self.client.exceptions.NoSuchEntityException) as caught:
                resource.delete()
            self.assertEqual(caught.exception.response["errorCode"], code)
        # An import of what never was, or is no ARN at all.
        for kind, arn in ((Group, f"arn:aws:inspector:{REGION}:{ACCOUNT}:resourcegroup/0-nobody00"), (Target, target.arn)):
            imported = kind(self.client)
            imported.arn = arn
            self.assertRaises(Gone, imported.read)
        imported = Target(self.client)
        imported.arn = "fleet"
        with self.assertRaises(AssertionError) as caught:
            imported.read()
        self.assertIn("INVALID_ARN", str(caught.exception))

    def test_a_destroy_waits_for_the_run(self):
        target = Target(self.client)
        target.create("running")
        template, _ = self.template(target, durationInSeconds=180)
        run = self.client.start_assessment_run(assessmentTemplateArn=template.arn)["assessmentRunArn"]
        target.delete()
        self.assertRaises(Gone, target.read)
        gone = self.client.describe_assessment_runs(assessmentRunArns=[run])["failedItems"]
        self.assertEqual(gone[run]["failureCode"], "ITEM_DOES_NOT_EXIST")

    def test_the_order_of_a_set_is_of_no_matter(self):
        target = Target(self.client)
        target.create("order")
        template, _ = self.template(target, rulesPackageArns=self.packages()[::-1])
        self.assertEqual(template.last["rulesPackageArns"], self.packages()[::-1])
        self.assertEqual(template.read()["packages"], set(self.packages()))
        # Subscribed twice, and unsubscribed twice, as after an apply that was cut off.
        subscription = {("FINDING_REPORTED", TOPIC)}
        for _ in range(2):
            template.subscribe(subscription)
            self.assertEqual(template.read()["subscriptions"], subscription)
        for _ in range(2):
            read = template.update({}, subscription, set())
            self.assertEqual(read["subscriptions"], set())

    def test_the_packages_are_those_that_configurations_carry(self):
        self.assertEqual(len(self.packages()), 5)
        self.assertTrue(all(arn.startswith(f"arn:aws:inspector:{REGION}:316112463485:") for arn in self.packages()))


if __name__ == "__main__":
    unittest.main()
