"""The AWS command line, with an endpoint override and nothing else."""

import json
import os
import subprocess
import sys
import unittest

from service import REGION, TOOLS, Service


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def aws(self, *words):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(TOOLS),
            "AWS_SHARED_CREDENTIALS_FILE": f"{self.service.data}/credentials",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_PROFILE": "assay",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL_INSPECTOR": self.service.endpoint,
        }
        command = [sys.executable, str(TOOLS / "bin/aws"), "inspector", *words]
        told = subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL, text=True)
        return told.returncode, json.loads(told.stdout) if told.stdout.strip() else None, told.stderr

    def test_a_template_is_made_listed_and_deleted(self):
        code, group, error = self.aws("create-resource-group", "--resource-group-tags", "key=Name,value=web")
        self.assertEqual(code, 0, error)
        code, target, error = self.aws("create-assessment-target", "--assessment-target-name", "cli",
                                       "--resource-group-arn", group["resourceGroupArn"])
        self.assertEqual(code, 0, error)
        target = target["assessmentTargetArn"]
        _, packages, _ = self.aws("list-rules-packages")
        code, template, error = self.aws(
            "create-assessment-template", "--assessment-target-arn", target, "--assessment-template-name", "hour",
            "--duration-in-seconds", "3600", "--rules-package-arns", *packages["rulesPackageArns"])
        self.assertEqual(code, 0, error)
        _, listed, _ = self.aws("list-assessment-templates", "--filter", "namePattern=ho*")
        self.assertEqual(listed["assessmentTemplateArns"], [template["assessmentTemplateArn"]])
        code, answer, error = self.aws("delete-assessment-target", "--assessment-target-arn", target)
        self.assertEqual((code, answer), (0, None), error)
        code, _, error = self.aws("delete-assessment-target", "--assessment-target-arn", target)
        self.assertNotEqual(code, 0)
        self.assertIn("NoSuchEntityException", error)


if __name__ == "__main__":
    unittest.main()
