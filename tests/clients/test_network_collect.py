"""`assay network collect` against moto: what it writes is what the AWS command line prints."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import shapes
from cloud import ACCOUNT, REGION, Cloud, Guard, fill
from service import ROOT, TOOLS

NAMED = {"TABLE": "--transit-gateway-route-table-id", "BALANCER": "--load-balancer-arn", "TARGET_GROUP": "--target-group-arn"}


def options():
    """The option of the command line that takes an object, of each call that is made for single objects."""
    found = {}
    for block in shapes.CALLS.read_text().split("call(")[1:]:
        each = re.search(r"\.for_each\((.*)", block, re.DOTALL)
        call = re.match(r'\s*Service::(\w+),\s*"([a-z0-9-]+)"', block)
        if call and each:
            name = re.match(r"[A-Z_]+", each[1])
            found[call[1].lower(), call[2]] = NAMED[name[0]] if name else re.search(r'"(--[a-z-]+)"', each[1])[1]
    return found


OPTIONS = options()


def command(path):
    """The words of the command line whose answer a file is."""
    stem, _, subject = path.name.removesuffix(".json").partition(".")
    service = next((name for name in ("elbv2", "elb", "directconnect") if stem.startswith(f"{name}-")), "ec2")
    call = stem.removeprefix(f"{service}-")
    words = [service, call]
    if subject:
        words += [OPTIONS[service, call], subject.replace("%2F", "/").replace("%25", "%")]
    if call == "search-transit-gateway-routes":
        words += ["--filters", "Name=state,Values=active,blackhole"]
    return words


def without_secrets(value):
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {name: without_secrets(item) for name, item in value.items() if name not in shapes.SECRETS}
    return value


class Collect(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="assay-cloud-")))
        cls.cloud = cls.enterClassContext(Cloud())
        cls.ids = fill(cls.cloud)

    def collect(self, *words, to="vpc", endpoint=None, **environment):
        return self.cloud.assay(self.folder, "network", "collect", "--endpoint", endpoint or self.cloud.endpoint,
                                "--to", str(self.folder / to), *words, **environment)

    def test_files_are_what_the_command_line_prints(self):
        told = self.collect("--region", REGION)
        self.assertEqual(told.returncode, 0, told.stderr)
        written = self.folder / "vpc" / ACCOUNT / REGION
        notes = json.loads((written / "_collection.json").read_text())
        # What moto does not have: the command line has no answer, either.
        for note in notes["not_had"]:
            self.assertIsNone(self.cloud.aws(self.folder, *note["call"].split()), note)
        files = sorted(path for path in written.iterdir() if path.name != "_collection.json")
        self.assertEqual(len(files), notes["files"])
        self.assertGreater(len(files), 40, told.stdout)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(path.stat().st_mode & 0o777, 0o600)
                expected = without_secrets(self.cloud.aws(self.folder, *command(path)))
                self.assertEqual(json.loads(path.read_text()), expected)
        # Each call has a file of its own, or a note.
        had = {command(path)[1] for path in files} | {note["call"].split()[1] for note in notes["not_had"]}
        missing = {name for _, name in re.findall(r'Service::(\w+),\s*"([a-z0-9-]+)"', shapes.CALLS.read_text())} - had
        # There are no objects that these could be made for.
        self.assertLessEqual(missing, {"describe-vpc-endpoint-service-permissions", "describe-direct-connect-gateway-associations"})

        answer = self.cloud.assay(self.folder, "network", "exposures", "--vpc", str(self.folder / "vpc"), "-o", "json")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        exposures = json.loads(answer.stdout)
        found = {(row["origin"], row["instance"], row["ports"]) for row in exposures["exposures"]}
        self.assertIn(("internet", self.ids["web"], "22-22"), found)
        self.assertTrue(any("describe-vpc-block-public-access-options" in row["detail"] for row in exposures["assumptions"]))

    def test_long_lists_come_in_pages(self):
        region = "eu-west-2"
        ec2 = self.cloud.client("ec2", region)
        image = ec2.describe_images()["Images"][0]["ImageId"]
        for _ in range(6):
            ec2.run_instances(ImageId=image, MinCount=200, MaxCount=200)
        told = self.collect("--region", f"{region},eu-west-3", to="pages")
        self.assertEqual(told.returncode, 0, told.stderr)
        regions = self.folder / "pages" / ACCOUNT
        count = lambda name: sum(len(item["Instances"]) for item in json.loads(
            (regions / name / "describe-instances.json").read_text())["Reservations"])
        self.assertEqual((count(region), count("eu-west-3")), (1200, 0))

    def test_what_one_call_cannot_have_stops_no_other(self):
        busy = ["DescribeSubnets", "DescribeVpcs", "DescribeVpcs", "DescribeListeners"]
        with Guard(self.cloud, refused=["DescribeRouteTables"], busy=busy, broken=["DescribeNetworkAcls"]) as guard:
            told = self.collect("--region", REGION, to="guarded", endpoint=guard.endpoint)
            self.assertEqual(told.returncode, 0, told.stderr)
            self.assertEqual((guard.actions.count("DescribeVpcs"), guard.actions.count("DescribeRouteTables")), (3, 1))
        self.assertIn("DescribeRouteTables)", told.stderr)
        written = self.folder / "guarded" / ACCOUNT / REGION
        notes = {note["call"]: note for note in json.loads((written / "_collection.json").read_text())["not_had"]}
        refused, broken = notes["ec2 describe-route-tables"], notes["ec2 describe-network-acls"]
        self.assertEqual((refused["permission"], refused["reason"]), ("ec2:DescribeRouteTables", "UnauthorizedOperation: said so"))
        self.assertIn("document type declaration", broken["reason"])
        self.assertEqual(len(json.loads((written / "describe-vpcs.json").read_text())["Vpcs"]), 3)
        self.assertTrue(any(written.glob("elbv2-describe-listeners.*.json")))
        answer = self.cloud.assay(self.folder, "network", "exposures", "--vpc", str(self.folder / "guarded"), "-o", "json")
        assumed = [row["detail"] for row in json.loads(answer.stdout)["assumptions"]]
        for call in ("describe-route-tables", "describe-network-acls"):
            self.assertTrue(any(f"no file tells of ec2 {call}" in detail for detail in assumed), call)
        # What was had before stays where nothing can be had now.
        every = {action for action in guard.actions}
        with Guard(self.cloud, refused=every) as guard:
            told = self.collect("--region", REGION, to="guarded", endpoint=guard.endpoint)
        self.assertEqual(told.returncode, 1, told.stderr)
        self.assertTrue((written / "describe-vpcs.json").exists())

    def test_credentials_that_are_none_are_an_error(self):
        told = self.collect("--region", REGION, to="none", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
        self.assertEqual(told.returncode, 1, told.stderr)
        self.assertIn("credentials", told.stderr)
        told = self.collect(to="none")
        self.assertEqual((told.returncode, "no region is named" in told.stderr), (64, True), told.stderr)
        told = self.collect("--region", "eu-west-1.example.org", to="none")
        self.assertEqual(told.returncode, 64, told.stderr)
        self.assertFalse((self.folder / "none" / ACCOUNT).exists())

    def test_the_table_of_shapes_is_what_the_model_says(self):
        # Elsewhere: the AWS command line, once imported, puts a botocore of its own in the place of the pinned one.
        written = subprocess.run([sys.executable, shapes.__file__], env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TOOLS)},
                                 capture_output=True, check=True, text=True).stdout
        self.assertEqual((ROOT / "crates/cloud/src/shapes.txt").read_text(), written, "run tests/clients/shapes.py, see there")


if __name__ == "__main__":
    unittest.main()
