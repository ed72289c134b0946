"""What a command of an operator meets on AWS beside DynamoDB, over HTTP: its stack, its identity, KMS, the audit trail.

The real process of a command reaches it through the environment variables that all programs of AWS know.
"""

from __future__ import annotations

import hmac
import json
import threading
from base64 import b64decode, b64encode
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

STACK = "member-access-test"
_OPERATOR = "arn:aws:iam::123456789012:user/operator"


class OperatorsAws(ThreadingTCPServer):
    """One account with one stack. A key of KMS is its own name, so that every process has the same.

    Args:
        outputs: of the stack.

    Attributes:
        trail: the events that the audit trail of operators has taken.
        hashed: called after each answer of KMS is made and before it is given.
    """

    daemon_threads = True

    def __init__(self, outputs: Mapping[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self._outputs = outputs
        self.trail: list[dict[str, Any]] = []
        self.hashed: Callable[[], None] = lambda: None

    @property
    def endpoint(self) -> str:
        """The URL of all services."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, target: str, body: bytes) -> str:
        """Answer a request.

        Args:
            target: the service and operation of a service that speaks JSON; empty for the others.
            body: the request.
        """
        match target.rpartition(".")[2] or parse_qs(body.decode())["Action"][0]:
            case "GenerateMac":
                asked = json.loads(body)
                mac = hmac.digest(asked["KeyId"].encode(), b64decode(asked["Message"]), "sha256")
                self.hashed()
                return json.dumps({"Mac": b64encode(mac).decode(), "KeyId": asked["KeyId"]})
            case "PutLogEvents":
                self.trail += [json.loads(event["message"]) for event in json.loads(body)["logEvents"]]
                return "{}"
            case "CreateLogStream":
                return "{}"
            case "GetCallerIdentity":
                return _xml("GetCallerIdentity", f"<Arn>{_OPERATOR}</Arn>")
            case "DescribeStacks":
                outputs = "".join(
                    f"<member><OutputKey>{name}</OutputKey><OutputValue>{value}</OutputValue></member>"
                    for name, value in self._outputs.items()
                )
                stack = f"<StackName>{STACK}</StackName><Outputs>{outputs}</Outputs>"
                return _xml("DescribeStacks", f"<Stacks><member>{stack}</member></Stacks>")
            case other:
                raise NotImplementedError(other)


def _xml(operation: str, result: str) -> str:
    return f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"


class _Connection(StreamRequestHandler):
    """HTTP without the parts that boto3 does not use: ``http.server`` would take as long as the import itself."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        # A command that is killed takes its connections with it.
        with suppress(ConnectionError):
            while self.rfile.readline():
                headers = dict(self._headers())
                length = int(headers.get("content-length", 0))
                body = self.rfile.read(length)
                if not length or len(body) < length:
                    return
                server = cast("OperatorsAws", self.server)
                content = server.answer(headers.get("x-amz-target", ""), body).encode()
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(":")
            yield name.lower(), value.strip()


@contextmanager
def operators_aws(outputs: Mapping[str, str]) -> Iterator[OperatorsAws]:
    """Serve an account until the end of the block."""
    with OperatorsAws(outputs) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
