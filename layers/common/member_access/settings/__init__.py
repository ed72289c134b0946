"""The settings of a function, read once from the environment and validated."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    StringConstraints,
    ValidationError,
)

from member_access.errors import InvalidValue, SettingsError
from member_access.members.store import UNKNOWN_MEMBER
from member_access.pins.pin_hash import Argon2Cost
from member_access.throttling.policy import MOST_TRIES, AttemptPolicy
from member_access.throttling.sources import SlidingWindow, SourcePolicy
from member_access.values.web_address import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.throttling.sources import Scarce

# KMS signs at most 4,096 bytes. Base64 makes four bytes of three, and the other claims take less than 1,000.
_LONGEST_AUDIENCES = 1000


def _split(text: object) -> object:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


def _audiences(text: object) -> object:
    if isinstance(text, str) and len(text) > _LONGEST_AUDIENCES:
        raise InvalidValue(f"must have at most {_LONGEST_AUDIENCES} characters, so that KMS can sign a token")
    return _split(text)


def _costs(text: str) -> tuple[Argon2Cost, ...]:
    return tuple(Argon2Cost.parse(part) for part in text.split())


def _identifier_pattern(text: str) -> str:
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error:
        raise InvalidValue("is not a regular expression") from None
    if pattern.fullmatch("") or pattern.fullmatch(UNKNOWN_MEMBER):
        raise InvalidValue(f"must match neither an empty text nor {UNKNOWN_MEMBER}, which stands for unknown members")
    return text


Count = Annotated[int, Field(ge=1, le=10_000_000)]
"""A number of items or attempts; the bounds here and below are those of the parameters in ``template.yaml``."""

Seconds = Annotated[int, Field(ge=1, le=31_536_000)]
"""A duration of at most a year."""

Tries = Annotated[int, Field(ge=1, le=MOST_TRIES)]
"""How often a secret may be tried in a row."""

KeyArns = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""ARNs of KMS keys, separated by commas."""

Audiences = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:[0-9A-Za-z._~:/?#@!$&()*+;=%-]+$")], ...],
    BeforeValidator(_audiences),
]
"""Absolute URIs (RFC 3986), separated by commas."""


IdentifierPattern = Annotated[str, AfterValidator(_identifier_pattern)]
"""A regular expression that matches identifiers."""


class TableSettings(BaseModel):
    """The settings of every function; each field comes from the variable of its name in capitals.

    Durations are in seconds.
    """

    # Only the last class of a function's settings is ever used.
    model_config = ConfigDict(frozen=True, defer_build=True)

    members_table: str
    access_table: str
    metrics_namespace: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            SettingsError: names every missing or wrong variable, never its value.
        """
        given = {name: environment[name.upper()] for name in cls.model_fields if name.upper() in environment}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError(_complaint(error)) from None


class ApiSettings(TableSettings):
    """The settings of every function behind the API."""

    allowed_origins: Annotated[tuple[Origin, ...], BeforeValidator(_split)] = ()
    identifier_pattern: IdentifierPattern = r"^[0-9A-Z]{6,12}$"
    origin_verify_secret: SecretStr = SecretStr("")


class CommonSettings(ApiSettings):
    """The settings of every function that members call."""

    public_origin: Annotated[Origin, BeforeValidator(lambda text: text.rstrip("/"))]
    pseudonym_key_arn: str
    source_key_arn: str
    source_failures: Count
    source_failures_of_56: Count
    source_failures_of_48: Count
    source_window_seconds: Seconds
    source_emails_a_day: Count
    source_letters_a_day: Count

    @cached_property
    def source_policy(self) -> SourcePolicy:
        """The limits of one source. The wider networks of IPv6 may use up two and four times as much of a day."""
        failures = self.source_failures, self.source_failures_of_56, self.source_failures_of_48
        a_day: dict[Scarce, int] = {"emails": self.source_emails_a_day, "letters": self.source_letters_a_day}
        return SourcePolicy(
            windows=tuple(SlidingWindow(most, self.source_window_seconds) for most in failures),
            a_day={scarce: (most, 2 * most, 4 * most) for scarce, most in a_day.items()},
        )

    @cached_property
    def issuer(self) -> str:
        """The issuer of access tokens (RFC 9068 §2.2): the address of the API."""
        return f"{self.public_origin}/v1"


class NewBrowser(StrEnum):
    """What follows a right PIN in a browser that is not known."""

    ALLOW = "allow"
    """A session, and nothing else."""
    NOTIFY = "notify"
    """A session, and a notice by e-mail."""
    CONFIRM = "confirm"
    """A code; the session once it was entered."""


class PinSettings(CommonSettings):
    """The settings of the functions that verify PINs."""

    new_browser: NewBrowser
    emails_queue_url: str
    pin_key_arn: str
    former_pin_key_arns: KeyArns = ()
    pin_free_attempts: Count
    pin_first_wait_seconds: Seconds
    pin_longest_wait_seconds: Seconds
    pin_consecutive_failures: Tries
    pin_failures_in_a_year: Count
    known_browsers_consecutive_failures: Count
    known_browsers_failures_in_a_year: Count
    # One gibibyte at most, and what a cost in OLDER_ARGON2_COSTS can state.
    argon2_memory_kib: Annotated[int, Field(ge=8, le=1_048_576)]
    argon2_iterations: Annotated[int, Field(ge=1, le=99)]
    argon2_lanes: Annotated[int, Field(ge=1, le=9)]
    older_argon2_costs: Annotated[tuple[Argon2Cost, ...], PlainValidator(_costs)] = ()

    @cached_property
    def attempt_policy(self) -> AttemptPolicy:
        """The limits of guesses at a PIN."""
        return AttemptPolicy(
            free_attempts=self.pin_free_attempts,
            first_wait=self.pin_first_wait_seconds,
            longest_wait=self.pin_longest_wait_seconds,
            consecutive_failures=self.pin_consecutive_failures,
            failures_in_a_year=self.pin_failures_in_a_year,
        )

    @cached_property
    def known_browsers_policy(self) -> AttemptPolicy:
        """The limits of guesses at a PIN over all known browsers of a member; the waits are those of each."""
        return AttemptPolicy(
            free_attempts=self.known_browsers_consecutive_failures,
            first_wait=self.pin_first_wait_seconds,
            longest_wait=self.pin_longest_wait_seconds,
            consecutive_failures=self.known_browsers_consecutive_failures,
            failures_in_a_year=self.known_browsers_failures_in_a_year,
        )

    @cached_property
    def argon2_cost(self) -> Argon2Cost:
        """The cost of one PIN hash."""
        return Argon2Cost(self.argon2_memory_kib, self.argon2_iterations, self.argon2_lanes)


def _complaint(error: ValidationError) -> str:
    return "; ".join(
        f"{str(problem['loc'][0]).upper()}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_context=False, include_url=False)
    )
