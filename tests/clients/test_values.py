"""Every member of every request with every kind of value that the published model does not allow, on the wire."""

import unittest

from service import MODEL, Service
from test_operations import ABSENT
from wire import Wire

WRONG_TYPES = {
    "string": [1, True, [], {}],
    "integer": ["1", 1.5, True, [], {}, 2**70, -2**70],
    "list": ["x", 1, True, {}],
    "structure": ["x", 1, True, []],
    "timestamp": ["2026-01-01", True, [], {}],
}
TYPE, VALUE = "a type", "a value"
# Where the service takes more than the model says: clients send 100 ARNs at a time, and durations of a week were documented.
MORE = {"findingArns": 100, "minSeconds": 604800, "maxSeconds": 604800}


def sample(shape):
    """A value that the model allows."""
    kind, metadata = shape.type_name, shape.metadata
    if kind == "structure":
        return {name: sample(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [sample(shape.member)] * max(metadata.get("min", 0), 1)
    if kind == "string":
        return shape.enum[0] if shape.enum else "x" * max(metadata.get("min", 0), 1)
    return metadata.get("min", 0)


def bad_values(operation, shape, path):
    """What is wrong, where, and a value in which just that is wrong."""
    kind, metadata, name = shape.type_name, shape.metadata, path.split(".")[-1]
    for value in WRONG_TYPES[kind]:
        yield TYPE, path, value
    least, most = metadata.get("min"), metadata.get("max")
    if operation == "DescribeFindings" or name != "findingArns":
        most = MORE.get(name, most)
    if kind == "structure":
        for name, member in shape.members.items():
            for what, where, value in bad_values(operation, member, f"{path}.{name}"):
                yield what, where, {**sample(shape), name: value}
        for name in shape.required_members:
            yield VALUE, f"{path}.{name}", {other: value for other, value in sample(shape).items() if other != name}
    elif kind == "list":
        for what, where, value in bad_values(operation, shape.member, path + "[]"):
            yield what, where, [value]
        if least:
            yield VALUE, path, []
        if most is not None:
            yield VALUE, path, [sample(shape.member)] * (most + 1)
    elif kind == "string":
        if shape.enum:
            yield from ((VALUE, path, value) for value in ("", "NOTHING", shape.enum[0] + " ", shape.enum[0].swapcase()))
        if metadata.get("pattern"):
            yield from ((VALUE, path, value) for value in ("", "x", "\n"))
        if least:
            yield VALUE, path, ""
        if most is not None:
            yield from ((VALUE, path, letter * (most + 1)) for letter in ("x", "\N{GREEK SMALL LETTER OMEGA}", "\U0001f512"))
    elif kind == "integer":
        for limit, value in ((least, (least or 0) - 1), (most, (most or 0) + 1)):
            if limit is not None:
                yield VALUE, path, value


class Values(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.wire = Wire(cls.service)
        cls.addClassCleanup(cls.wire.close)

    def test_nothing_that_the_model_forbids_is_taken(self):
        codes = MODEL.shape_for("InvalidInputErrorCode").enum
        tried = 0
        for operation, members in ABSENT.items():
            shape = MODEL.operation_model(operation).input_shape
            for name, member in (shape.members if shape else {}).items():
                for what, path, value in bad_values(operation, member, name):
                    with self.subTest(operation=operation, path=path, what=what, value=str(value)[:60]):
                        status, error, body = self.wire.send(operation, {**members, name: value})
                        self.assertEqual(status, 400)
                        if what == TYPE:
                            self.assertEqual(error, "SerializationException")
                            self.assertNotIn("errorCode", body)
                        else:
                            self.assertIn(error, ["InvalidInputException", "ValidationException"])
                            self.assertEqual("errorCode" in body, error == "InvalidInputException")
                            self.assertTrue(error == "ValidationException" or body["errorCode"] in codes)
                        # The message names the member, and says nothing that was not asked for.
                        self.assertIn(path.split("[")[0].split(".")[-1], body["message"])
                        self.assertLess(len(body["message"]), 1000)
                        tried += 1
        self.assertGreater(tried, 1000)
        for operation, member in (("ListAssessmentTargets", "assessmentTargetArns"), ("ListAssessmentTemplates",
                                  "assessmentTemplateArns"), ("ListAssessmentRuns", "assessmentRunArns")):
            self.assertEqual(self.wire.send(operation, {})[2][member], [])

    def test_null_is_absent_and_what_is_not_known_is_left_out(self):
        for operation, members in ABSENT.items():
            shape = MODEL.operation_model(operation).input_shape
            optional = [name for name in (shape.members if shape else {}) if name not in members]
            with self.subTest(operation):
                plain = self.wire.send(operation, members)[:2]
                odd = {**members, **dict.fromkeys(optional), "futureMember": {"a": [1, None]}}
                if operation == "CreateAssessmentTarget":
                    odd["assessmentTargetName"] = "another"
                self.assertEqual(self.wire.send(operation, odd)[:2], plain)


if __name__ == "__main__":
    unittest.main()
