"""The quotas that a rate of sign-ins meets, from a dated file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.template import project_template
from tools.cost.bill import Duration, assumption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.cost.usage import Flow

QUOTAS = Path(__file__).parent / "quotas-2026-11.json"
RATES = (10, 1_000, 10_000)
REFRESHES = 1
"""Of one session: members stay for less than half an hour (assumed)."""


@dataclass(frozen=True)
class Quota:
    """One quota.

    Attributes:
        name: what is limited.
        limit: a second; for concurrency, at once.
        use: of one sign-in.
        source: the page that documents it.
        remedy: what an operator does.
    """

    name: str
    limit: float
    use: float
    source: str
    remedy: str

    @property
    def reached_at(self) -> float:
        """The rate of sign-ins that uses it up, by the second."""
        return self.limit / self.use


def quotas(sign_in: Flow, refresh: Flow) -> list[Quota]:
    """Read the quotas, the one that is met first at the head."""
    used = _used(sign_in, refresh)
    body = json.loads(QUOTAS.read_text(encoding="utf-8"))
    found = [
        Quota(one["name"], _limit(one["limit"]), used[one["use"]], one["source"], one["remedy"])
        for one in body["quotas"]
    ]
    return sorted(found, key=lambda quota: quota.reached_at)


def _used(sign_in: Flow, refresh: Flow) -> Mapping[str, float]:
    """Return what one sign-in a second uses, with the refreshes of its session."""
    sign = sign_in.counts["kms:Sign"] + REFRESHES * refresh.counts["kms:Sign"]
    seconds = sum(Duration.of(step).seconds * times for flow, times in _both(sign_in, refresh) for step in flow.steps)
    return {
        "RRU": sign_in.rru + REFRESHES * refresh.rru,
        "WRU": sign_in.wru + REFRESHES * refresh.wru,
        "kms:Sign": sign,
        "kms:GenerateMac": sign_in.counts["kms:GenerateMac"],
        "concurrency": seconds,
        "sign-in requests": sign_in.requests,
        "requests": sign_in.requests + REFRESHES * refresh.requests,
        "CDN requests": sign_in.requests + REFRESHES * refresh.requests + assumption("page_files_new"),
    }


def _both(sign_in: Flow, refresh: Flow) -> tuple[tuple[Flow, int], tuple[Flow, int]]:
    return (sign_in, 1), (refresh, REFRESHES)


def _limit(written: float | str) -> float:
    if not isinstance(written, str):
        return written
    (api,) = project_template().resources("AWS::Serverless::Api").values()
    (setting,) = (one for one in api["Properties"]["MethodSettings"] if "ThrottlingRateLimit" in one)
    limit = project_template().resolve(setting["ThrottlingRateLimit"], {})
    return float(limit)
