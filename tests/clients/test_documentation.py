"""What docs/service.md tells users of clients to set and to type, tried as it is written."""

import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from service import ASSAY, ROOT, TOOLS, Service

TEXT = (ROOT / "docs/service.md").read_text()


def block(language, word):
    """The one block of a language that has a word in it."""
    (found,) = [text for text in re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S) if word in text]
    return found


class Documentation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.home = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="assay-home-")))
        (cls.home / ".aws").mkdir()
        (cls.home / "bin").mkdir()
        commands = {"aws": f"'{sys.executable}' '{TOOLS}/bin/aws'", "assay": f"'{ASSAY}' --data '{cls.service.data}'"}
        for name, command in commands.items():
            (cls.home / "bin" / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (cls.home / "bin" / name).chmod(0o755)

    def here(self, text):
        """With the folder and the address of this test in place of those that are written."""
        self.assertTrue("/var/lib/assay" in text or "127.0.0.1:8440" in text or "assay admin" in text, text)
        address = self.service.endpoint.split("//")[1]
        return text.replace("/var/lib/assay", self.service.data).replace("127.0.0.1:8440", address)

    def type(self, *lines, **environment):
        """What a shell prints; all lines in one, and each has to succeed."""
        environment = {"PATH": f"{self.home}/bin:{os.environ['PATH']}", "HOME": str(self.home), "PYTHONPATH": str(TOOLS),
                       **environment}
        told = subprocess.run(["bash", "-euc", "\n".join(lines)], capture_output=True, env=environment,
                              stdin=subprocess.DEVNULL, text=True)
        self.assertEqual(told.returncode, 0, told.stderr)
        return told.stdout

    def test_the_first_steps(self):
        lines = [line.removeprefix("$ ") for line in block("console", "AWS_ENDPOINT_URL_INSPECTOR").splitlines()]
        self.assertIn("rulespackage/0-gEjTy7T7", self.type(*map(self.here, lines[:-1]), lines[-1]))

    def test_a_configuration_file(self):
        config = self.home / ".aws/config"
        config.write_text(self.here(block("ini", "endpoint_url")))
        self.addCleanup(config.unlink)
        told = self.type("aws inspector list-rules-packages", AWS_PROFILE="assay",
                         AWS_SHARED_CREDENTIALS_FILE=f"{self.service.data}/credentials")
        self.assertIn("rulespackage/0-gEjTy7T7", told)

    def test_python(self):
        # boto3 reads its environment when it makes a session.
        before = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(before)))
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = f"{self.service.data}/credentials"
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            exec(compile(self.here(block("python", "endpoint_url")), "docs/service.md", "exec"), {})
        self.assertIn("rulespackage/0-gEjTy7T7", told.getvalue())

    def test_a_key_of_another_account(self):
        create, key, shown, disable = (line.removeprefix("$ ") for line in block("console", "admin keys create").splitlines())
        call = "aws --profile team-a inspector list-assessment-targets"
        environment = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL_INSPECTOR": self.service.endpoint}
        # Two keys in one file, and both can be read.
        again = key.replace("team-a", "team-b")
        self.assertNotEqual(key, again)
        told = self.type(create, key, again, call, call.replace("team-a", "team-b"), shown, **environment)
        self.assertEqual(told.count('"assessmentTargetArns": []'), 2)
        ids = re.findall("^(AKIA[A-Z0-9]{16})  111122223333  operator ", told, re.M)
        self.assertEqual(len(ids), 2)
        self.type(*(disable.replace("AKIA…", one) for one in ids))
        with self.assertRaises(AssertionError) as caught:
            self.type(call, **environment)
        self.assertIn("UnrecognizedClientException", str(caught.exception))

    def test_a_profile_is_a_name(self):
        for name in ("", "a]", "a b", "a\n[b", "\u00e4", "a" * 65):
            told = subprocess.run([ASSAY, "--data", self.service.data, "admin", "keys", "create", "--profile", name],
                                  capture_output=True, stdin=subprocess.DEVNULL, text=True)
            self.assertEqual(told.returncode, 64, name)
            self.assertIn("a profile has 1 to 64", told.stderr)

    def test_terraform_is_told_of_the_same(self):
        """The provider is not here; its block names what the other clients are told."""
        told = block("terraform", "endpoints")
        for word in ("/var/lib/assay/credentials", "http://127.0.0.1:8440", "us-east-1"):
            self.assertIn(f'"{word}"', told)


if __name__ == "__main__":
    unittest.main()
