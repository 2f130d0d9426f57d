"""The AWS command line, with an endpoint override and nothing else."""

import json
import os
import re
import subprocess
import sys
import unittest

from service import MODEL, REGION, TOOLS, Service, problems
from test_operations import ABSENT

# Many commands in one process: its start takes longer than they do.
COMMANDS = """
import contextlib, io, json, sys
from awscli.clidriver import create_clidriver
driver, answers = create_clidriver(), []
for words in json.load(sys.stdin):
    told, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(error):
        code = driver.main(words)
    answers.append([code, told.getvalue(), error.getvalue()])
json.dump(answers, sys.stdout)
"""


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(TOOLS),
            "AWS_SHARED_CREDENTIALS_FILE": f"{self.service.data}/credentials",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_PROFILE": "assay",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL_INSPECTOR": self.service.endpoint,
        }

    def aws(self, *words):
        command = [sys.executable, str(TOOLS / "bin/aws"), "inspector", *words]
        told = subprocess.run(command, capture_output=True, env=self.environment(), stdin=subprocess.DEVNULL, text=True)
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

    def test_every_operation_is_a_command(self):
        """Each is called for objects that nobody has, with JSON; answers and errors are those of the model."""
        commands = [[re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower(), "--cli-input-json", json.dumps(members)]
                    for operation, members in ABSENT.items()]
        told = subprocess.run([sys.executable, "-c", COMMANDS], capture_output=True, env=self.environment(), text=True,
                              input=json.dumps([["inspector", *words] for words in commands]))
        self.assertEqual(told.returncode, 0, told.stderr)
        answers = json.loads(told.stdout)
        self.assertEqual(len(answers), len(ABSENT))
        for operation, (code, text, error) in zip(ABSENT, answers):
            with self.subTest(operation):
                shape = MODEL.operation_model(operation).output_shape
                if code == 0:
                    answer = json.loads(text) if text else None
                    self.assertEqual(answer is None, shape is None, text)
                    self.assertEqual(problems(shape, answer, operation) if shape else [], [])
                else:
                    self.assertEqual(text, "")
                    self.assertIn(f"An error occurred (NoSuchEntityException) when calling the {operation} operation", error)
        self.assertGreater(sum(code == 0 for code, _, _ in answers), 15)


if __name__ == "__main__":
    unittest.main()
