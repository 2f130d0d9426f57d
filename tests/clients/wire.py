"""Requests of any bytes at all, signed as botocore signs them, on one connection."""

import http.client
import json
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from service import REGION


class Wire:
    """What the service answers to a key: status, name of the error, and the body as it was parsed; and under which id."""

    def __init__(self, service, key=None):
        address = urllib.parse.urlsplit(service.endpoint)
        self.endpoint = service.endpoint + "/"
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        self.signer = botocore.auth.SigV4Auth(
            botocore.credentials.Credentials(*(key or service.first_key())), "inspector", REGION)

    def send(self, operation, body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        target = operation if "." in operation else f"InspectorService.{operation}"
        request = botocore.awsrequest.AWSRequest("POST", self.endpoint, data=data, headers={
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target})
        self.signer.add_auth(request)
        self.connection.request("POST", "/", data, dict(request.headers.items()))
        response = self.connection.getresponse()
        text, self.request_id = response.read(), response.getheader("x-amzn-RequestId")
        return response.status, response.getheader("x-amzn-ErrorType"), json.loads(text) if text else None

    def close(self):
        self.connection.close()
