#!/usr/bin/env python3
"""Writes crates/cloud/src/shapes.txt: what the answers of the calls that Assay makes look like, and under which names the AWS
command line prints them. It is cut out of the service models that botocore has (Apache License 2.0), in the version that
requirements.txt pins. test_network_collect.py fails when the file is not what this writes.

Usage: PYTHONPATH=target/tools/clients tests/clients/shapes.py > crates/cloud/src/shapes.txt
"""

import re
import sys

import botocore
import botocore.session

from service import ROOT

CALLS = ROOT / "crates/cloud/src/calls.rs"
SERVICES = {"Ec2": "ec2", "Elbv2": "elbv2", "Elb": "elb", "Sts": "sts"}
# Secrets; SECRETS in calls.rs has the same.
SECRETS = {"CustomerGatewayConfiguration", "PreSharedKey"}
SCALARS = {"boolean": "?", "integer": "#", "long": "#", "float": "#", "double": "#", "string": "", "timestamp": ""}
HEAD = f"""\
# Written by tests/clients/shapes.py from the service models of botocore {botocore.__version__} (Apache License 2.0), never by hand.
#
# `[service]`, then a line a structure: its name and its members, as the AWS command line prints them. `=name` is the element
# where that is another: for ec2 it has a small first letter, for the others it is the member itself. `?` is a boolean, `#` a
# number, `{{X}}` a structure, `[]` a list (`[#]` of numbers, `[X]` of structures), `<>` a map of texts; all else is a text.
"""


def actions():
    """Service and action of each call in calls.rs that is answered in XML."""
    found = re.findall(r'Service::(\w+),\s*"([a-z0-9-]+)"', CALLS.read_text())
    calls = {(SERVICES[service], "".join(word.capitalize() for word in call.split("-")))
             for service, call in found if service in SERVICES}
    return sorted(calls | {("sts", "GetCallerIdentity")})


def kind(shape, pending):
    """How the type of a member is written; structures are put onto `pending`."""
    if shape.type_name in SCALARS:
        return SCALARS[shape.type_name]
    if shape.serialization.get("flattened"):
        raise ValueError(f"{shape.name} is a flattened list, which the reader does not know")
    if shape.type_name == "structure":
        pending.append(shape)
        return f"{{{shape.name}}}"
    if shape.type_name == "map":
        return "<>"
    inner = kind(shape.member, pending)
    return f"[{inner.strip('{}')}]"


def line(service, shape, pending):
    members = []
    for name, member in shape.members.items():
        if name in SECRETS:
            continue
        element = member.serialization.get("name", name)
        usual = name[0].lower() + name[1:] if service == "ec2" else name
        members.append(name + (f"={element}" if element != usual else "") + kind(member, pending))
    return " ".join([shape.name, *members])


def table():
    session = botocore.session.get_session()
    lines, last = [], None
    for service, action in actions():
        if service != last:
            lines.append(f"[{service}]")
            last, seen = service, set()
        output = session.get_service_model(service).operation_model(action).output_shape
        # All actions have a line of their own, whatever their output is called.
        pending = []
        lines.append(f"{action}:" + line(service, output, pending)[len(output.name):])
        while pending:
            shape = pending.pop(0)
            if shape.name not in seen:
                seen.add(shape.name)
                lines.append(line(service, shape, pending))
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
