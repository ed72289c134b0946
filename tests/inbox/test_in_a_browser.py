"""The inbox as a person uses it: reads an e-mail, sees a letter, copies a code."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from letter_pdf import LetterTypesetter
from local.front import HOST, listening_socket, serving
from local.inbox import Inbox
from local.inbox_pages import InboxPages
from local.pages import Pages
from member_access.texts import Language
from member_access.types import Instant
from page_geometry import MAILEVA
from rendering import EmailRenderer
from tests.fakes.fake_provider import SubmittedLetter
from tests.support import emails, letters
from tests.support.axe import violations
from tests.support.insurer import INSURER
from tests.support.portal import PHONE, Visitor, open_browser
from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.needs("chromium", "npm")

NOON = 1_795_428_000


def email(minute: int) -> dict[str, Any]:
    rendered = EmailRenderer(INSURER).render(emails.MESSAGES["reset_code"], Language.FRENCH)
    return {
        "To": ["camille@example.org"],
        "Subject": rendered.subject,
        "BodyText": rendered.text,
        "BodyHtml": rendered.html,
        "Timestamp": float(NOON + 60 * minute),
    }


def letter() -> SubmittedLetter:
    pdf = LetterTypesetter(INSURER, MAILEVA).typeset(letters.code_letter(language=Language.FRENCH))
    return SubmittedLetter("sending-1", "letter-1", ("CAMILLE EXEMPLE",), "PENDING", Instant(NOON + 30), pdf)


class Post:
    """What was sent so far."""

    def __init__(self) -> None:
        self.emails: list[dict[str, Any]] = []
        self.letters: list[SubmittedLetter] = []

    @contextmanager
    def served(self) -> Generator[str]:
        inbox = Inbox("", lambda: {"messages": {"000000000000": self.emails}}, lambda: self.letters)
        application = DispatcherMiddleware(Pages(ROOT / "portal", b"{}", {}), {"/inbox": InboxPages(inbox)})
        with listening_socket(0) as listener, serving(application, listener):
            yield f"http://{HOST}:{listener.getsockname()[1]}/inbox"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def reader(browser: Browser, post: Post) -> Iterator[Visitor]:
    """A person with a phone before the inbox, the clock of whose browser can be moved."""
    with post.served() as url:
        reader = open_browser(browser, size=PHONE, calm=True)
        reader.page.clock.install()
        reader.page.goto(url)
        yield reader
        assert [line for line in reader.requests if not line.startswith(url.removesuffix("/inbox"))] == []
        reader.page.context.close()


def reload(reader: Visitor) -> None:
    reader.page.reload()
    reader.page.get_by_role("article").first.wait_for()


def test_an_empty_inbox_says_what_to_do(reader: Visitor) -> None:
    expect(reader.page.get_by_text("No messages yet")).to_be_visible()
    assert violations(reader.page) == []
    assert reader.console == []


def test_an_email_is_read_as_a_mail_program_shows_it(reader: Visitor, post: Post) -> None:
    post.emails.append(email(0))
    reload(reader)

    shown = reader.page.frame_locator("iframe")
    expect(shown.get_by_role("img", name="4 8 2 9 1 3", exact=True)).to_be_visible()
    # What looks into the frame is itself refused to run a script there.
    assert [line for line in reader.console if not line.startswith("Blocked script execution")] == []


def test_a_letter_is_seen_as_it_is_printed(reader: Visitor, post: Post) -> None:
    post.letters.append(letter())
    reload(reader)
    picture = reader.page.get_by_role("img", name="The letter as it is printed")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)

    assert reader.page.evaluate("document.querySelector('article img').naturalWidth") > 800
    with reader.page.expect_request("**/inbox/letters/sending-1.pdf"):
        reader.page.evaluate("fetch(document.querySelector('[data-pdf]').href)")


@pytest.mark.parametrize("kind", ["emails", "letters"])
def test_a_code_is_copied_by_a_button_that_says_so(reader: Visitor, post: Post, kind: str) -> None:
    reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if kind == "emails":
        post.emails.append(email(0))
    else:
        post.letters.append(letter())
    reload(reader)
    reader.press("Copy code 482 913")

    expect(reader.page.get_by_text("Copied.")).to_be_visible()
    assert reader.page.evaluate("navigator.clipboard.readText()") == "482913"


def test_a_new_message_comes_by_itself_and_takes_nothing_away(reader: Visitor, post: Post) -> None:
    post.emails.append(email(0))
    reload(reader)
    details = reader.page.get_by_text("As plain text")
    details.focus()
    details.press("Enter")
    post.letters.append(letter())
    reader.page.clock.fast_forward(3100)

    expect(reader.page.get_by_text("A new message has come.")).to_be_visible()
    expect(reader.page.get_by_role("article").first).to_contain_text("Letter")
    assert reader.page.evaluate("document.activeElement.textContent") == "As plain text"
    expect(reader.page.locator("article").last.locator("pre")).to_be_visible()


def test_it_is_for_everybody_by_day_and_by_night(reader: Visitor, post: Post) -> None:
    post.emails.append(email(0))
    post.letters.append(letter())
    reload(reader)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(reader.page) == []
    reader.page.emulate_media(color_scheme="dark")
    assert violations(reader.page) == []


def test_a_stack_that_has_stopped_is_said_to_have(browser: Browser, post: Post) -> None:
    reader = open_browser(browser)
    reader.page.clock.install()
    with post.served() as url:
        reader.page.goto(url)
        reader.page.get_by_text("No messages yet").wait_for()
    reader.page.clock.fast_forward(3100)

    expect(reader.page.get_by_text("The stack does not answer: start it with make run.")).to_be_visible()
