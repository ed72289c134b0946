"""The names of passkeys."""

from __future__ import annotations

import pytest

from member_access.errors import InvalidValue
from passkeys.names import browser_name, parse_name

_MOZILLA = "Mozilla/5.0 "


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Windows"),
        ("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("(Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("(Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1.15", "Safari, Mac"),
        ("(iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("(iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile Safari/604.1", "Chrome, iPhone"),
        ("(Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("(Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Safari/537.36", "Samsung Internet, Android"),
        ("(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("(X11; CrOS x86_64 14541.0.0) Chrome/140.0 Safari/537.36", "Chrome, ChromeOS"),
        ("", "Web"),
    ],
)
def test_a_browser_has_a_name_that_its_member_knows(user_agent: str, name: str) -> None:
    assert browser_name(_MOZILLA + user_agent) == name


@pytest.mark.parametrize(("text", "name"), [("", ""), ("  Mon   téléphone ", "Mon téléphone"), ("a" * 60, "a" * 60)])
def test_a_name_loses_the_blanks_around_it(text: str, name: str) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize("text", ["a" * 61, "a\x00", "a\u200b", "a\u202eb"])
def test_a_name_has_nothing_that_is_not_seen(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_name(text)
