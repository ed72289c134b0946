"""The networks of sources against a simple model: each has a limit of its own, and only a full one refuses."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_access.members.pseudonyms import Pseudonyms
from member_access.platform.aws import batch_get, transact
from member_access.throttling.sources import SlidingWindow, SourcePolicy, Sources
from member_access.values.networks import networks_of
from member_access.values.types import Instant

if TYPE_CHECKING:
    from simulators.cloud import Cloud

SECONDS, DAY = 900, 86_400
MOST = (3, 4, 6)
LETTERS_A_DAY = (2, 3, 4)
NOON = Instant(20_000 * DAY + DAY // 2)
PSEUDONYMS = Pseudonyms(b"a key", b"a key of sources")
_sites = itertools.count(1)

outcomes = st.sampled_from(["wrong", "right", "letter"])
ipv4_hosts = st.integers(1, 2)
ipv6_places = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 2))


def address(site: int, place: int | tuple[int, int, int]) -> str:
    """An address of a site: of a host over IPv4, or of a home, a link and a host over IPv6."""
    if isinstance(place, int):
        return f"192.{site >> 8}.{site & 255}.{place}"
    home, link, host = place
    return f"2001:db8:{site:x}:{home:02x}{link:02x}::{host}"


@pytest.mark.slow
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(ipv4_hosts | ipv6_places, outcomes), max_size=40))
def test_a_claim_is_refused_exactly_where_a_network_is_at_its_limit(
    cloud: Cloud, steps: list[tuple[int | tuple[int, int, int], str]]
) -> None:
    table, site = cloud.tables["AccessTable"], next(_sites)
    policy = SourcePolicy(tuple(SlidingWindow(most, SECONDS) for most in MOST), {"letters": LETTERS_A_DAY})
    sources = Sources(cloud.dynamodb, table, policy)
    claims: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for place, outcome in steps:
        source = address(site, place)
        networks, pseudonyms = networks_of(source), PSEUDONYMS.of_source(source)
        found = batch_get(cloud.dynamodb, {table: sources.keys(pseudonyms, NOON)})
        seen = sources.seen(found, pseudonyms, NOON)
        is_full = any(claims[network] >= most for network, most in zip(networks, MOST, strict=False))
        has_no_letter = any(letters[network] >= most for network, most in zip(networks, LETTERS_A_DAY, strict=False))

        wait = sources.claim(seen, "letters") if outcome == "letter" else sources.claim(seen)

        if is_full:
            assert 0 < wait <= 2 * SECONDS
        elif outcome == "letter" and has_no_letter:
            assert wait == DAY // 2
        else:
            assert wait == 0
            claims.update(networks)
            letters.update(networks if outcome == "letter" else ())
        if wait == 0 and outcome == "right":
            transact(cloud.dynamodb, [sources.take_back(seen)])
            claims.subtract(networks)
