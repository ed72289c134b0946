"""Cookie headers: only exact names count, and only one cookie of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.api.cookies import DEVICE_COOKIE, SESSION_COOKIE, sent_cookies
from member_access.values.types import Secret


@pytest.mark.parametrize("header", [None, "", ";", ";;;", "=", "name", " ", "=value"])
def test_a_header_without_a_cookie_gives_none(header: str | None) -> None:
    assert sent_cookies(header) == {}


def test_cookies_are_read_by_name() -> None:
    header = f"{SESSION_COOKIE}=one; {DEVICE_COOKIE}=two=; \tother=;last=4"
    assert sent_cookies(header) == {
        SESSION_COOKIE: Secret("one"),
        DEVICE_COOKIE: Secret("two="),
        "other": Secret(""),
        "last": Secret("4"),
    }


@given(
    character=st.characters().filter(lambda character: character not in " \t;="),
    name=st.sampled_from([SESSION_COOKIE, DEVICE_COOKIE]),
)
def test_a_name_with_another_character_is_another_name(character: str, name: str) -> None:
    """A sibling host can set ``U+2000__Host-session`` with ``Domain``: no browser sees the prefix."""
    header = f"{character}{name}=planted; {name}=own; {name}{character}=planted"
    assert sent_cookies(header)[name] == Secret("own")


@pytest.mark.parametrize("name", [SESSION_COOKIE, DEVICE_COOKIE])
@pytest.mark.parametrize("second", ["own", "planted", "", "x" * 1000])
def test_of_two_cookies_of_a_name_none_counts(name: str, second: str) -> None:
    assert sent_cookies(f"{name}=own; other=1; {name}={second}") == {"other": Secret("1")}
    assert sent_cookies(f"{name}={second};{name}=own;{name}=own") == {}


def test_a_value_may_have_200_characters() -> None:
    assert sent_cookies("a=" + "x" * 200) == {"a": Secret("x" * 200)}
    assert sent_cookies("a=" + "x" * 201) == {}
