"""A service for tests: `assay serve` on a port of its own, and clients that sign with its first key."""

import configparser
import os
import pathlib
import re
import signal
import subprocess
import tempfile

import boto3
import botocore.config
import botocore.session

ROOT = pathlib.Path(__file__).resolve().parents[2]
ASSAY = os.environ.get("ASSAY_BINARY", str(ROOT / "target/debug/assay"))
TOOLS = ROOT / "target/tools/clients"
REGION = "us-east-1"
ACCOUNT = "000000000000"


class Service:
    """Starts on entering, ends on leaving; what it logged is kept in `log`."""

    def __init__(self, *arguments, data=None, database=None):
        self.arguments = arguments
        self.database = ["--database", database] if database else []
        self.folder = tempfile.TemporaryDirectory(prefix="assay-clients-")
        self.data = data or self.folder.name
        self.listen = "127.0.0.1:0"
        self.log_path = pathlib.Path(self.folder.name, "log")

    def __enter__(self):
        self.log = self.log_path.open("a+b")
        self.start()
        return self

    def start(self):
        command = [ASSAY, "--data", self.data, *self.database, "serve", "--listen", self.listen,
                   *([] if "--agents" in self.arguments else ["--no-agents"]), *self.arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.endpoint = None
        for line in self.process.stderr:
            self.log.write(line)
            if found := re.search(rb"serving the API at (https?://[0-9.:]+)", line):
                self.endpoint = found[1].decode()
                break
        self.log.flush()
        if self.endpoint is None:
            raise RuntimeError(f"the service did not start: {self.log_path.read_text()}")
        self.listen = self.endpoint.split("//")[1]
        # The pipe must not fill up.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)

    def end(self, signal):
        self.process.send_signal(signal)
        self.process.wait(timeout=20)
        self.process.stderr.close()
        self.drain.wait(timeout=20)

    def cut(self):
        """Ends it as a power cut would."""
        self.end(signal.SIGKILL)

    def kill(self):
        """The same, and starts it again where it was."""
        self.cut()
        self.start()

    def __exit__(self, *_):
        self.end(signal.SIGTERM)
        self.log.close()
        self.folder.cleanup()

    def assay(self, *arguments):
        """What a command prints that uses the same store."""
        command = [ASSAY, "--quiet", "--data", self.data, *self.database, *arguments]
        return subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, text=True).stdout

    def first_key(self):
        """The key of the administrator that the first start made."""
        return read_key(pathlib.Path(self.data, "credentials").read_text())

    def new_key(self, account=ACCOUNT, role="administrator"):
        """Another key."""
        return read_key(self.assay("admin", "keys", "create", "--account", account, "--role", role))

    def client(self, key=None, region=REGION, verify=None):
        """A client that tries once."""
        key_id, secret = key or self.first_key()
        return boto3.session.Session().client(
            "inspector",
            endpoint_url=self.endpoint,
            region_name=region,
            verify=verify,
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            config=botocore.config.Config(retries={"max_attempts": 0}, parameter_validation=False),
        )


def read_key(text):
    """Key and secret of a credentials file."""
    parser = configparser.ConfigParser()
    parser.read_string(text)
    section = parser["assay"]
    return section["aws_access_key_id"], section["aws_secret_access_key"]


MODEL = botocore.session.get_session().get_service_model("inspector")


def problems(shape, value, path=""):
    """What in a value its shape of the published model does not allow."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path} is no structure"]
        found = [f"{path}.{name} is missing" for name in shape.required_members if name not in value]
        for name, member in value.items():
            if name not in shape.members:
                found.append(f"{path}.{name} is not in the model")
            elif member is None:
                found.append(f"{path}.{name} is null")
            else:
                found += problems(shape.members[name], member, f"{path}.{name}")
        return found
    metadata = shape.metadata
    least, most = metadata.get("min"), metadata.get("max")
    if path == "DescribeExclusions.exclusions":
        # The model wants one at least, and says elsewhere that all may be among the failed items.
        least = 0
    size = value if kind in ("integer", "long", "float", "double") else len(value) if hasattr(value, "__len__") else None
    found = []
    if size is not None and (least is not None and size < least or most is not None and size > most):
        found.append(f"{path} is {size}, outside of {least} to {most}")
    if kind == "string":
        if not isinstance(value, str):
            return [f"{path} is no string"]
        if shape.enum and value not in shape.enum:
            found.append(f"{path} is {value!r}, no value of {shape.name}")
        if (pattern := metadata.get("pattern")) and not re.fullmatch(pattern, value):
            found.append(f"{path} is {value!r}, not {pattern}")
    elif kind == "list":
        for index, item in enumerate(value):
            found += problems(shape.member, item, f"{path}[{index}]")
    elif kind == "map":
        for key, item in value.items():
            found += problems(shape.key, key, f"{path} key") + problems(shape.value, item, f"{path}[{key}]")
    return found


def checked(client):
    """The client, each of whose answers is compared with the published model."""

    def check(parsed, model, **_):
        if parsed.get("ResponseMetadata", {}).get("HTTPStatusCode") != 200 or model.output_shape is None:
            return
        answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        if found := problems(model.output_shape, answer, model.name):
            raise AssertionError("; ".join(found))

    client.meta.events.register("after-call.inspector", check)
    return client
