"""Limits guesses by source, against a caller who makes one guess at each of many members.

A guess is claimed for its source before it is checked, and a success takes the claim back. So parallel guesses get no
more tries than sequential ones. An IPv6 caller is counted in three networks, each with its own limit, because one
subscriber has many addresses.

Two fixed windows, the running one and the one before, stand for a sliding one: the older window counts by the part
that the sliding window still covers. Both are read with the member; the claim writes the running one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from member_access.platform.aws import CONDITION_FAILED, Item, TransactionCancelled, transact
from member_access.throttling.policy import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.aws import Write
    from member_access.values.types import Instant

Scarce: TypeAlias = Literal["emails", "letters"]
"""What a request may use up that others need: e-mails of a day's quota, letters that cost money."""


class SlidingWindow(NamedTuple):
    """Allows at most ``most`` claims within ``seconds``."""

    most: int
    seconds: int

    def wait(self, before: int, running: int, now: Instant) -> int:
        """Return the seconds until one more claim is allowed, 0 for now.

        Args:
            before: claims in the window before the running one.
            running: claims in the running window.
            now: the moment of the question.
        """
        elapsed = now % self.seconds
        if running < self.allowance(before, now):
            return 0
        if running >= self.most:
            return self.seconds - elapsed + self._fades_at(running, self.most)
        return self._fades_at(before, self.most - running) - elapsed

    def allowance(self, before: int, now: Instant) -> int:
        """Return how many claims the running window may hold now."""
        return self.most - before * (self.seconds - now % self.seconds) // self.seconds

    def _fades_at(self, before: int, allowance: int) -> int:
        """Return the first second of a window at which the window before it counts less than the allowance."""
        return self.seconds + 1 + (-allowance * self.seconds // before)


class SourcePolicy(NamedTuple):
    """The limits of one source. Those of IPv6 are given for its networks, the narrowest first; IPv4 has the first.

    Attributes:
        windows: claims of guesses and requests.
        a_day: claims of what is scarce, in one day (UTC).
    """

    windows: tuple[SlidingWindow, ...]
    a_day: Mapping[Scarce, tuple[int, ...]]

    @property
    def seconds(self) -> int:
        """The length of a window."""
        return self.windows[0].seconds


class SeenSource(NamedTuple):
    """A source as read, before a claim.

    Attributes:
        networks: the pseudonyms of its networks, the narrowest first.
        before: the claims of each network in the window before the running one.
        running: those in the running window.
        now: the moment of the read; it names the windows.
    """

    networks: tuple[Pseudonym, ...]
    before: tuple[int, ...]
    running: tuple[int, ...]
    now: Instant


class Sources:
    """Counts guesses and requests by source."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, policy: SourcePolicy) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._policy = policy

    def keys(self, networks: tuple[Pseudonym, ...], now: Instant) -> list[str]:
        """Return the partition keys to read: for each network the window before, and the running one."""
        running = now // self._policy.seconds
        return [_key(network, window) for network in networks for window in (running - 1, running)]

    def seen(self, found: dict[tuple[str, str], Item], networks: tuple[Pseudonym, ...], now: Instant) -> SeenSource:
        """Return the claims in what was read."""
        claims = [_claims(found.get((self._table, key))) for key in self.keys(networks, now)]
        return SeenSource(networks, before=tuple(claims[::2]), running=tuple(claims[1::2]), now=now)

    def wait(self, seen: SeenSource) -> int:
        """Return the seconds until a source may try again, 0 for now."""
        return max(
            window.wait(before, running, seen.now)
            for window, before, running in zip(self._policy.windows, seen.before, seen.running, strict=False)
        )

    def claim(self, seen: SeenSource, *scarce: Scarce) -> int:
        """Count one guess or request of a source, and what it may use up, if every limit allows it.

        Returns:
            0 if it is counted, else the seconds until the source may try again: nothing is counted.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first: the guess must not be checked.
        """
        if wait := self.wait(seen):
            return wait
        return self._claimed(self._windows(seen) + self._days(seen, scarce))

    def claim_scarce(self, seen: SeenSource, *scarce: Scarce) -> int:
        """Count what a guess uses up that was right and is counted already; see ``claim``.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first.
        """
        return self._claimed(self._days(seen, scarce))

    def _claimed(self, limits: list[_Limit]) -> int:
        try:
            transact(self._dynamodb, [self._count(limit) for limit in limits])
        except TransactionCancelled as cancelled:
            refused = [
                limit.wait(max(_claims(item), limit.most))
                for limit, (reason, item) in zip(limits, cancelled.reasons, strict=True)
                if reason == CONDITION_FAILED
            ]
            return max(refused)
        return 0

    def take_back(self, seen: SeenSource) -> list[Write]:
        """Take back the claim of a guess that was right."""
        return [
            {
                "Update": {
                    "TableName": self._table,
                    "Key": {"pk": {"S": limit.key}},
                    "UpdateExpression": "ADD claims :taken_back",
                    "ExpressionAttributeValues": {":taken_back": {"N": "-1"}},
                }
            }
            for limit in self._windows(seen)
        ]

    def _windows(self, seen: SeenSource) -> list[_Limit]:
        number = seen.now // self._policy.seconds
        return [
            _Limit(
                key=_key(network, number),
                most=window.allowance(before, seen.now),
                expires_at=(number + 2) * window.seconds,
                wait=partial(window.wait, before, now=seen.now),
            )
            for network, window, before in zip(seen.networks, self._policy.windows, seen.before, strict=False)
        ]

    def _days(self, seen: SeenSource, scarce: tuple[Scarce, ...]) -> list[_Limit]:
        day = seen.now // SECONDS_PER_DAY
        ends_at = (day + 1) * SECONDS_PER_DAY
        return [
            _Limit(f"{_key(network, day)}#{name}", most, ends_at, lambda _: ends_at - seen.now)
            for name in scarce
            for network, most in zip(seen.networks, self._policy.a_day[name], strict=False)
        ]

    def _count(self, limit: _Limit) -> Write:
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": limit.key}},
                "UpdateExpression": "ADD claims :one SET expires_at = :expires_at",
                "ConditionExpression": "attribute_not_exists(claims) OR claims < :most",
                "ExpressionAttributeValues": {
                    ":one": {"N": "1"},
                    ":most": {"N": str(limit.most)},
                    ":expires_at": {"N": str(limit.expires_at)},
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }


class _Limit(NamedTuple):
    """The limit of one counter: ``wait`` returns the seconds to wait at a number of claims."""

    key: str
    most: int
    expires_at: int
    wait: Callable[[int], int]


def _key(network: Pseudonym, number: int) -> str:
    return f"SOURCE#{network}#{number}"


def _claims(item: Item | None) -> int:
    return int(item["claims"]["N"]) if item else 0
