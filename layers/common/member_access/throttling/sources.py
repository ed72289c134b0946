"""Limits guesses by source, against a caller who makes one guess at each of many members.

A guess is claimed for its source before it is checked, and a success takes the claim back. So parallel guesses get no
more tries than sequential ones. An IPv6 caller is counted in three networks, each with its own limit, because one
subscriber has many addresses. One item, that of the widest network, holds the counts of all: one update claims them.

Two fixed windows, the running one and the one before, stand for a sliding one: the older window counts by the part
that the sliding window still covers. Both are read with the member; the claim writes the running one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from member_access.platform.aws import CONDITION_FAILED, Item, TransactionCancelled, transact
from member_access.throttling.policy import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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
        """Return the partition keys to read: the window before, and the running one."""
        running = now // self._policy.seconds
        return [_key(networks, window) for window in (running - 1, running)]

    def seen(self, found: dict[tuple[str, str], Item], networks: tuple[Pseudonym, ...], now: Instant) -> SeenSource:
        """Return the claims in what was read."""
        before, running = (
            tuple(_claims(item, attribute) for attribute in _attributes(networks))
            for item in (found.get((self._table, key), {}) for key in self.keys(networks, now))
        )
        return SeenSource(networks, before, running, now)

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
        return self._claimed([self._window(seen), *self._days(seen, scarce)])

    def claim_scarce(self, seen: SeenSource, *scarce: Scarce) -> int:
        """Count what a guess uses up that was right and is counted already; see ``claim``.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first.
        """
        return self._claimed(self._days(seen, scarce))

    def _claimed(self, counts: list[_Count]) -> int:
        try:
            transact(self._dynamodb, [self._claim(count) for count in counts])
        except TransactionCancelled as cancelled:
            return max(
                limit.wait(claims)
                for count, (reason, item) in zip(counts, cancelled.reasons, strict=True)
                if reason == CONDITION_FAILED
                for limit in count.limits
                if (claims := _claims(item, limit.attribute)) >= limit.most
            )
        return 0

    def take_back(self, seen: SeenSource) -> Write:
        """Take back the claim of a guess that was right."""
        names = _names(_attributes(seen.networks))
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": _key(seen.networks, seen.now // self._policy.seconds)}},
                "UpdateExpression": _added(names, ":taken_back"),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {":taken_back": {"N": "-1"}},
            }
        }

    def _window(self, seen: SeenSource) -> _Count:
        number = seen.now // self._policy.seconds
        windows = zip(_attributes(seen.networks), self._policy.windows, seen.before, strict=False)
        return _Count(
            key=_key(seen.networks, number),
            expires_at=(number + 2) * self._policy.seconds,
            limits=tuple(
                _Limit(attribute, window.allowance(before, seen.now), partial(window.wait, before, now=seen.now))
                for attribute, window, before in windows
            ),
        )

    def _days(self, seen: SeenSource, scarce: tuple[Scarce, ...]) -> list[_Count]:
        day = seen.now // SECONDS_PER_DAY
        ends_at = (day + 1) * SECONDS_PER_DAY
        return [
            _Count(
                key=f"{_key(seen.networks, day)}#{name}",
                expires_at=ends_at,
                limits=tuple(
                    _Limit(attribute, most, lambda _: ends_at - seen.now)
                    for attribute, most in zip(_attributes(seen.networks), self._policy.a_day[name], strict=False)
                ),
            )
            for name in scarce
        ]

    def _claim(self, count: _Count) -> Write:
        names = _names(limit.attribute for limit in count.limits)
        allowed = (f"(attribute_not_exists(#{place}) OR #{place} < :most{place})" for place in range(len(names)))
        most = {f":most{place}": {"N": str(limit.most)} for place, limit in enumerate(count.limits)}
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": count.key}},
                "UpdateExpression": f"{_added(names, ':one')} SET expires_at = :expires_at",
                "ConditionExpression": " AND ".join(allowed),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {
                    ":one": {"N": "1"},
                    ":expires_at": {"N": str(count.expires_at)},
                    **most,
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }


class _Limit(NamedTuple):
    """The limit of one network: ``wait`` returns the seconds to wait at a number of claims."""

    attribute: str
    most: int
    wait: Callable[[int], int]


class _Count(NamedTuple):
    """The item that counts the claims of a source, and the limits of its networks."""

    key: str
    expires_at: int
    limits: tuple[_Limit, ...]


def _key(networks: tuple[Pseudonym, ...], number: int) -> str:
    return f"SOURCE#{networks[-1]}#{number}"


def _attributes(networks: tuple[Pseudonym, ...]) -> list[str]:
    """Return what names the claims of each network: the narrower ones of a site by their width and 32 bits."""
    return [*(f"{width}{network[:8]}" for width, network in enumerate(networks[:-1])), "claims"]


def _names(attributes: Iterable[str]) -> dict[str, str]:
    return {f"#{place}": attribute for place, attribute in enumerate(attributes)}


def _added(names: Iterable[str], value: str) -> str:
    return "ADD " + ", ".join(f"{name} {value}" for name in names)


def _claims(item: Item, attribute: str) -> int:
    return int(item[attribute]["N"]) if attribute in item else 0
