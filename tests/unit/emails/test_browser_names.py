"""Browsers have the names by which members know them."""

from __future__ import annotations

import pytest

from emails.browser_names import browser_name
from member_access.sessions.browser_families import BrowserFamily
from member_access.wording.texts import Language

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "french", "english"),
    [
        (f"{WINDOWS}; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox sur Windows", "Firefox on Windows"),
        (f"{WINDOWS}) {KHTML} Safari/537.36 Edg/126.0", "Edge sur Windows", "Edge on Windows"),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari sur iPhone", "Safari on iPhone"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {KHTML} Mobile Safari/537.36", "Chrome sur Android", "Chrome on Android"),
        ("curl/8.5.0", "un navigateur sans nom connu", "a browser without a known name"),
        ("", "un navigateur sans nom connu", "a browser without a known name"),
        ("<script>Firefox</script>", "Firefox", "Firefox"),
    ],
)
def test_a_browser_is_named_by_program_and_system(user_agent: str, french: str, english: str) -> None:
    family = BrowserFamily.of(user_agent)
    assert browser_name(family, Language.FRENCH) == french
    assert browser_name(family, Language.ENGLISH) == english
