"""Tests of ``member_access.sessions.browser_families``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.sessions.browser_families import BrowserFamily, Product, System

_MOZILLA = "Mozilla/5.0"
_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "product", "system"),
    [
        (f"{_MOZILLA} (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", Product.FIREFOX, System.ANDROID),
        (
            f"{_MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) FxiOS/133.0 Safari/605",
            Product.FIREFOX,
            System.IPHONE,
        ),
        (f"{_MOZILLA} (Windows NT 10.0; Win64) {_WEBKIT} Chrome/131.0 Safari/537.36", Product.CHROME, System.WINDOWS),
        (
            f"{_MOZILLA} (Windows NT 10.0; Win64) {_WEBKIT} Chrome/131.0 Safari/537.36 Edg/131.0",
            Product.EDGE,
            System.WINDOWS,
        ),
        (f"{_MOZILLA} (X11; CrOS x86_64) {_WEBKIT} Chrome/131.0 Safari/537.36", Product.CHROME, System.CHROMEOS),
        (f"{_MOZILLA} (X11; Linux x86_64) {_WEBKIT} Chrome/131.0 Safari/537.36 OPR/116.0", Product.OPERA, System.LINUX),
        (
            f"{_MOZILLA} (Linux; Android 10; K) SamsungBrowser/27.0 Chrome/125.0",
            Product.SAMSUNG_INTERNET,
            System.ANDROID,
        ),
        (f"{_MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", Product.SAFARI, System.MAC),
        (f"{_MOZILLA} (iPad; CPU OS 16_7 like Mac OS X) Version/16.6 Safari/604.1", Product.SAFARI, System.IPAD),
        ("curl/8.5.0", Product.OTHER, System.OTHER),
        ("", Product.OTHER, System.OTHER),
    ],
)
def test_a_browser_says_its_family(user_agent: str, product: Product, system: System) -> None:
    assert BrowserFamily.of(user_agent) == (product, system)


@given(st.sampled_from(Product), st.sampled_from(System))
def test_a_family_is_one_byte(product: Product, system: System) -> None:
    family = BrowserFamily(product, system)
    assert 0 <= family.code < 256
    assert BrowserFamily.from_code(family.code) == family


def test_a_family_of_a_later_version_counts_as_another() -> None:
    assert BrowserFamily.from_code(255) == BrowserFamily()
