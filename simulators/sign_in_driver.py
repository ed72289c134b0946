"""Drives the functions as a browser does, on any cloud of a test."""

from __future__ import annotations

import io
import itertools
import json
import re
import secrets
from abc import ABC, abstractmethod
from collections import Counter
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from identifier import handler as identifier
from login import handler as login
from member_access.api.cookies import DEVICE_COOKIE
from member_access.members.pseudonyms import Pseudonyms
from member_access.pins.hashing import PinHasher, argon2id
from member_access.pins.pin_hash import Argon2Cost
from member_access.platform.runtime import Runtime
from member_access.values.types import Identifier, Pin
from reset import handler as reset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argon2 import PasswordHasher

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.runtime import Handler
    from simulators.clock import Clock
    from simulators.cloud import Cloud

Result = TypeVar("Result")

PIN = "270519"
OTHER_PIN = "481630"

_CHEAP = {"Argon2MemoryKib": "8", "Argon2Iterations": "1"}
_services = itertools.count()
_WITH_ID = re.compile("/(devices|passkeys|sessions)/(?!options$)([^/]+)")


@dataclass(frozen=True)
class Reply:
    """The response to a call."""

    status: int
    headers: Mapping[str, list[str]]
    text: str

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object in the body."""
        parsed: dict[str, Any] = json.loads(self.text)
        return parsed

    @property
    def code(self) -> str:
        """The code of a problem."""
        code: str = self.body["code"]
        return code


class CountedArgon2:
    """Makes argon2 hashers that count their verifications, in all and by cost, and the new hashes."""

    def __init__(self) -> None:
        self.verifications = 0
        self.hashes = 0
        self.costs: Counter[str] = Counter()

    def __call__(self, cost: Argon2Cost) -> PasswordHasher:
        """Make a hasher of this cost."""
        counter = self

        class Counting(type(argon2id(cost))):  # type: ignore[misc]  # the library's own class
            def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the library's name
                counter.verifications += 1
                counter.costs[str(hash).split("$")[3]] += 1
                return bool(super().verify(hash, password))

            def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
                counter.hashes += 1
                return str(super().hash(password, salt=salt))

        plain = argon2id(cost)
        hasher: PasswordHasher = Counting(plain.time_cost, plain.memory_cost, plain.parallelism)
        return hasher


class OneAfterTheOther(Executor):
    """Runs each task when it is submitted: moto's transactions do not support concurrent calls."""

    def submit(self, fn: Callable[..., Result], /, *args: object, **kwargs: object) -> Future[Result]:
        """Run a task; reading its result raises its error."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - an executor raises every error to the reader of the result
            future.set_exception(error)
        return future


NO_SOURCE_LIMITS = dict.fromkeys(("SourceFailures", "SourceEmailsADay", "SourceLettersADay"), "1000000")
"""Parameters under which one address may do as much as many."""


class FrontDoor:
    """The functions that members call, each composed as in a Lambda container."""

    def __init__(
        self,
        cloud: Cloud,
        parameters: Mapping[str, str] | None = None,
        *,
        clock: Clock | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.cloud = cloud
        self.clock = clock or cloud.clock
        self._parameters = {**_CHEAP, **(parameters or {})}
        self.environment = cloud.environment("LoginFunction", self._parameters)
        self.log = io.StringIO()
        self.argon2 = CountedArgon2()
        # Loggers of the same name share their stream, so each door has its own name.
        logger = Logger(service=f"door-{next(_services)}", stream=self.log)
        self.runtime = Runtime(
            environment=self.environment,
            clients=cloud,
            now=self.clock,
            random_bytes=secrets.token_bytes,
            logger=logger,
            executor=executor or OneAfterTheOther(),
        )
        self._login = login.compose(self.runtime, self.argon2)
        reset_environment = cloud.environment("ResetFunction", self._parameters)
        self._reset = reset.compose(replace(self.runtime, environment=reset_environment), self.argon2)
        identifier_environment = cloud.environment("IdentifierFunction", self._parameters)
        self._identifier = identifier.compose(replace(self.runtime, environment=identifier_environment))

    @cached_property
    def _account(self) -> Handler:
        # Its library is imported where it is needed: most tests do without.
        from account import handler as account  # noqa: PLC0415 - as above

        environment = self.cloud.environment("AccountFunction", self._parameters)
        return account.compose(replace(self.runtime, environment=environment))

    @cached_property
    def _passkeys(self) -> Handler:
        from passkeys import handler as passkeys  # noqa: PLC0415 - as above

        environment = self.cloud.environment("PasskeysFunction", self._parameters)
        return passkeys.compose(replace(self.runtime, environment=environment))

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the logged events, all or those of one name."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if name in {None, line["message"]}]

    def sweep_up(self) -> None:
        """Delete expired items, as DynamoDB does after some time; moto never does."""
        table = self.cloud.tables["AccessTable"]
        for item in self.cloud.dynamodb.scan(TableName=table)["Items"]:
            if int(item["expires_at"]["N"]) <= self.clock.time:
                self.cloud.dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})

    def subject(self, identifier: str) -> Pseudonym:
        """Return the pseudonym of an identifier in the keys of the sign-in and the reset."""
        return self.pseudonyms().of("identifier", identifier)

    def pseudonyms(self) -> Pseudonyms:
        """Return the pseudonyms of the sign-in and the reset."""
        keys = self.environment["PSEUDONYM_KEY_ARN"], self.environment["SOURCE_KEY_ARN"]
        return Pseudonyms.from_kms(self.cloud.kms, *keys)

    def add_member(
        self, identifier: str, pin: str | None = PIN, credential_version: int = 1, email: str | None = None
    ) -> Identifier:
        """Put a member into the table, with or without a PIN and an e-mail address."""
        parsed = Identifier.parse(identifier)
        item = {
            "pk": {"S": f"MEMBER#{parsed}"},
            "identifier": {"S": parsed},
            "postcode": {"S": "60740"},
            "credential_version": {"N": str(credential_version if pin else 0)},
        }
        if email:
            item["email"] = {"S": email}
        if pin:
            hashed = self.hasher().hash(parsed, Pin.parse(pin))
            item["pin_hash"] = {"S": hashed.encode()}
        self.cloud.dynamodb.put_item(TableName=self.cloud.tables["MembersTable"], Item=item)  # type: ignore[arg-type]  # plain dictionaries
        return parsed

    def give_pin(self, identifier: str, pin: str = PIN) -> None:
        """Give an imported member a PIN, without any of the flows."""
        parsed = Identifier.parse(identifier)
        self.cloud.dynamodb.update_item(
            TableName=self.cloud.tables["MembersTable"],
            Key={"pk": {"S": f"MEMBER#{parsed}"}},
            UpdateExpression="SET pin_hash = :hash, credential_version = :one",
            ExpressionAttributeValues={
                ":hash": {"S": self.hasher().hash(parsed, Pin.parse(pin)).encode()},
                ":one": {"N": "1"},
            },
        )

    def hasher(self, key_arn: str | None = None, cost: Argon2Cost = Argon2Cost(8, 1, 1)) -> PinHasher:  # noqa: B008 - immutable
        """Make a hasher like the function's, or with another key or cost."""
        return PinHasher(
            self.cloud.kms, key_arn or self.environment["PIN_KEY_ARN"], argon2id(cost), secrets.token_bytes
        )

    def call(self, event: dict[str, Any]) -> Reply:
        """Pass an event of API Gateway to the function of its path."""
        path = event["path"]
        function = (
            self._passkeys
            if path.startswith(("/passkeys", "/login/passkey"))
            else self._reset
            if path.startswith(("/reset", "/pin"))
            else self._identifier
            if path.startswith("/identifier")
            else self._account
            if path.startswith(("/account", "/devices", "/sessions"))
            else self._login
        )
        answer = function(event, _context())
        return Reply(answer["statusCode"], answer["multiValueHeaders"], answer["body"])


@dataclass
class AnyBrowser(ABC):
    """A browser with cookies; its subclasses know the way to the service."""

    cookies: dict[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def device_cookies(self) -> dict[str, str]:
        """The cookies by which it is known, in the order in which it got them."""
        return {name: value for name, value in self.cookies.items() if name.startswith(DEVICE_COOKIE)}

    def sign_in(self, identifier: str, pin: str = PIN) -> Reply:
        """``POST /login``."""
        return self.post("/login", {"identifier": identifier, "pin": pin})

    def confirm(self, code: str) -> Reply:
        """``POST /login/confirm``."""
        return self.post("/login/confirm", {"code": code})

    def step_up(self, code: str | None = None) -> Reply:
        """``POST /login/step-up``."""
        return self.post("/login/step-up", {"code": code} if code else {})

    def refresh(self) -> Reply:
        """``POST /login/refresh``."""
        return self.post("/login/refresh")

    def sign_out(self) -> Reply:
        """``POST /logout``."""
        return self.post("/logout")

    def post(self, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Send JSON."""
        text = None if body is None else json.dumps(body)
        return self.send("POST", path, text, {"Content-Type": "application/json", **(headers or {})})

    def send(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Send a request, and keep the cookies of the response."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = self._exchange(method, path, body, sent)
        for line in reply.headers.get("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return reply

    @abstractmethod
    def _exchange(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Reply:
        """Send a request with its cookies."""


@dataclass
class Browser(AnyBrowser):
    """A browser with a source address, before the functions in this process."""

    door: FrontDoor
    source: str = "192.0.2.1"

    def _exchange(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Reply:
        return self.door.call(api_event(method, path, body, headers, self.source))


def api_event(method: str, path: str, body: str | None, headers: Mapping[str, str], source: str) -> dict[str, Any]:
    """Make an event of API Gateway's proxy integration of a REST API."""
    own = _WITH_ID.fullmatch(path)
    resource = f"/{own[1]}/{{id}}" if own else path
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"id": own[2]} if own else None,
        "stageVariables": None,
        "requestContext": {
            "stage": "v1",
            "path": f"/v1{path}",
            "requestId": "request",
            "identity": {"sourceIp": source},
            "httpMethod": method,
            "resourcePath": resource,
        },
        "body": body,
        "isBase64Encoded": False,
    }


def _context() -> LambdaContext:
    context = LambdaContext()
    context._aws_request_id = "request"  # noqa: SLF001 - Lambda sets it so
    return context
