"""`assay serve --instances aws:REGION` against moto: the hosts that tags select are those that EC2 has."""

import os
import pathlib
import tempfile
import time
import unittest
from unittest import mock

from cloud import ACCOUNT, REGION, Cloud, Guard, fill
from service import Service


def wait_for(ask, expected):
    """Asks until that is the answer."""
    end = time.monotonic() + 60
    while (answer := ask()) != expected:
        if time.monotonic() > end:
            raise AssertionError(f"{answer!r}, not {expected!r}")
        time.sleep(0.2)


class Instances(unittest.TestCase):
    def test_instances_are_those_that_ec2_has(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="assay-instances-")))
        cloud = self.enterContext(Cloud())
        ids = fill(cloud)
        guard = self.enterContext(Guard(cloud))
        environment = {**cloud.environment(folder), "AWS_ENDPOINT_URL": guard.endpoint}
        with mock.patch.dict(os.environ, environment):
            service = self.enterContext(Service("--instances", f"aws:{REGION}", "--instances-every", "1"))
        # The account is there from now on; what was collected before is not taken over by itself.
        service.assay("admin", "accounts", "create", ACCOUNT, "--name", "moto")
        client = service.client(service.new_key(ACCOUNT), region=REGION)
        group = client.create_resource_group(resourceGroupTags=[{"key": "Name", "value": "web"}])["resourceGroupArn"]
        target = client.create_assessment_target(assessmentTargetName="web", resourceGroupArn=group)["assessmentTargetArn"]
        agents = lambda: sorted(agent["agentId"] for agent in client.preview_agents(previewAgentsArn=target)["agentPreviews"])

        ec2 = cloud.client("ec2")
        image = ec2.describe_images()["Images"][0]["ImageId"]
        run = lambda: ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}])["Instances"][0]["InstanceId"]
        second = run()
        wait_for(agents, sorted([ids["web"], second]))

        # An error keeps the last list, and is logged.
        guard.answers["refused"].add("DescribeInstances")
        asked = len(guard.actions)
        third = run()
        wait_for(lambda: guard.actions[asked:].count("DescribeInstances") >= 2, True)
        self.assertEqual(agents(), sorted([ids["web"], second]))
        wait_for(lambda: b"the last list stays" in service.log_path.read_bytes(), True)
        guard.answers["refused"].clear()
        wait_for(agents, sorted([ids["web"], second, third]))


if __name__ == "__main__":
    unittest.main()
