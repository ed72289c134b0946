"""The inbox as a person uses it: to read an e-mail, look at a letter, copy a code."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from emails.rendering import EmailRenderer
from letters.page.geometry import MAILEVA
from letters.page.typesetting import LetterTypesetter
from local.front import HOST, listening_socket, serving
from local.inbox import Inbox
from local.inbox_pages import InboxPages
from local.pages import Pages
from member_access.values.types import Instant
from member_access.wording.texts import Language
from simulators.browser.portal import PHONE, Visitor, open_browser
from simulators.print_providers.fake_provider import SubmittedLetter
from simulators.samples import emails, letters
from simulators.samples.insurer import INSURER
from simulators.template import ROOT
from tests.support.axe import violations

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.needs("npm")

NOON = 1_795_428_000
SILENCE = "The stack is not responding. Start it with make run"
LOOKS_AGAIN = 3100
"""Milliseconds until the page has polled again."""

# The sandbox also refuses the scripts and messages by which a test looks into a frame.
_OF_THE_TEST = ("Blocked script execution", "Failed to execute 'postMessage' on 'DOMWindow'")


def email(minute: int, kind: str = "reset_code", language: Language = Language.FRENCH) -> dict[str, Any]:
    rendered = EmailRenderer(INSURER).render(emails.MESSAGES[kind], emails.ADDRESSEE, language)
    return {
        "To": ["camille@example.org"],
        "Subject": rendered.subject,
        "BodyText": rendered.text,
        "BodyHtml": rendered.html,
        "Timestamp": float(NOON + 60 * minute),
    }


def letter(language: Language = Language.FRENCH) -> SubmittedLetter:
    pdf = LetterTypesetter(INSURER, MAILEVA).typeset(letters.code_letter(language=language))
    return SubmittedLetter("sending-1", "letter-1", ("CAMILLE EXEMPLE",), "PENDING", Instant(NOON + 30), pdf)


_ICON = "brand/favicon.svg"


class Post:
    """The messages sent so far."""

    def __init__(self) -> None:
        self.emails: list[dict[str, Any]] = []
        self.letters: list[SubmittedLetter] = []

    @contextmanager
    def served(self) -> Generator[str]:
        inbox = Inbox("", lambda: {"messages": {"000000000000": self.emails}}, lambda: self.letters, len, len)
        application = DispatcherMiddleware(
            Pages(lambda: {_ICON: (ROOT / "portal" / _ICON).read_bytes()}, {}), {"/inbox": InboxPages(inbox)}
        )
        with listening_socket(0) as listener, serving(application, listener):
            yield f"http://{HOST}:{listener.getsockname()[1]}/inbox"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def silenced(headless: Browser, post: Post) -> Iterator[Visitor]:
    """A person who looks at the inbox on a phone; tests can advance the browser's clock."""
    with post.served() as url:
        reader = open_browser(headless, size=PHONE, calm=True)
        with reader.page.context:
            reader.page.clock.install()
            reader.page.goto(url)
            yield reader
            assert [line for line in reader.requests if not line.startswith(url.removesuffix("/inbox"))] == []


@pytest.fixture
def reader(silenced: Visitor) -> Iterator[Visitor]:
    """The same person while the stack responds, so that the browser reports no error."""
    yield silenced
    assert [line for line in silenced.console if not line.startswith(_OF_THE_TEST)] == []


def reload(reader: Visitor) -> None:
    reader.page.reload()
    reader.page.get_by_role("article").first.wait_for()


def test_an_empty_inbox_says_what_to_do(reader: Visitor) -> None:
    expect(reader.page.get_by_text("No messages yet")).to_be_visible()
    assert violations(reader.page) == []


def test_an_email_is_read_as_a_mail_program_shows_it(reader: Visitor, post: Post) -> None:
    post.emails.append(email(0))
    reload(reader)

    shown = reader.page.frame_locator("iframe")
    expect(shown.get_by_text("482913", exact=True)).to_be_visible()


def test_emails_of_one_subject_differ_by_the_names_of_their_frames(reader: Visitor, post: Post) -> None:
    post.emails += [email(0), email(1)]
    reload(reader)

    titles = reader.page.locator("iframe").evaluate_all("frames => frames.map(frame => frame.title)")
    assert len(set(titles)) == len(titles) == 2


def test_an_email_without_html_shows_its_text(reader: Visitor, post: Post) -> None:
    post.emails.append({**email(0), "BodyHtml": None})
    reload(reader)

    expect(reader.page.locator("pre")).to_contain_text("482913")
    expect(reader.page.locator("pre")).to_be_visible()
    expect(reader.page.locator("iframe")).to_have_count(0)


@pytest.mark.parametrize("language", list(Language))
def test_messages_are_read_aloud_in_their_own_language(reader: Visitor, post: Post, language: Language) -> None:
    post.emails.append(email(0, language=language))
    post.letters.append(letter(language))
    reload(reader)

    for text in reader.page.locator("pre").all():
        expect(text).to_have_attribute("lang", re.compile(f"^{language.value}"))


def test_a_letter_is_seen_as_it_is_printed(reader: Visitor, post: Post) -> None:
    post.letters.append(letter())
    reload(reader)
    picture = reader.page.get_by_role("img", name="The printed letter")
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
    grouped = "482913" if kind == "emails" else "48 29 13 05 67"
    reader.press(f"Copy code {grouped}")

    expect(reader.page.get_by_text("Copied.")).to_be_visible()
    assert reader.page.evaluate("navigator.clipboard.readText()") == grouped.replace(" ", "")


def test_a_new_message_comes_by_itself_and_takes_nothing_away(reader: Visitor, post: Post) -> None:
    post.emails.append(email(0))
    reload(reader)
    details = reader.page.get_by_text("Plain text")
    details.focus()
    details.press("Enter")
    post.letters.append(letter())
    reader.page.clock.fast_forward(LOOKS_AGAIN)

    expect(reader.page.get_by_role("status").get_by_text("A new letter arrived at 11:00:30.")).to_be_visible()
    expect(reader.page.get_by_role("article").first).to_contain_text("Letter")
    assert reader.page.evaluate("document.activeElement.textContent") == "Plain text"
    expect(reader.page.locator("article").last.locator("pre")).to_be_visible()


def test_the_first_message_of_all_is_announced(reader: Visitor, post: Post) -> None:
    reader.page.get_by_text("No messages yet").wait_for()
    post.emails.append(email(0))
    reader.page.clock.fast_forward(LOOKS_AGAIN)

    expect(reader.page.get_by_text("A new e-mail arrived at 11:00:00.")).to_be_visible()
    expect(reader.page.get_by_text("No messages yet")).to_be_hidden()


def test_several_new_messages_are_announced_at_once(reader: Visitor, post: Post) -> None:
    reader.page.get_by_text("No messages yet").wait_for()
    post.emails += [email(0), email(1)]
    reader.page.clock.fast_forward(LOOKS_AGAIN)

    expect(reader.page.get_by_text("2 new messages arrived, the last at 11:01:00.")).to_be_visible()


def test_a_new_message_does_not_move_what_is_being_read(reader: Visitor, post: Post) -> None:
    post.emails += [email(0), email(1)]
    reload(reader)
    read = reader.page.get_by_role("article").last
    read.evaluate("article => article.scrollIntoView()")
    top = "article => Math.round(article.getBoundingClientRect().top)"
    before = read.evaluate(top)
    post.emails += [email(2), email(3)]
    reader.page.clock.fast_forward(LOOKS_AGAIN)
    expect(reader.page.get_by_role("article")).to_have_count(4)

    assert read.evaluate(top) == before


def test_mail_that_a_new_stack_does_not_know_leaves_the_page(reader: Visitor, post: Post) -> None:
    post.emails += [email(0), email(1, "pin_changed")]
    reload(reader)
    post.emails[:] = [email(5, "identifier_reminder")]
    reader.page.clock.fast_forward(LOOKS_AGAIN)

    expect(reader.page.get_by_role("article")).to_have_count(1)
    expect(reader.page.frame_locator("iframe").get_by_role("article")).to_contain_text("AB123456")


def test_it_is_accessible_by_day_and_by_night(reader: Visitor, post: Post) -> None:
    post.emails += [email(minute, kind) for minute, kind in enumerate(emails.MESSAGES)]
    reload(reader)
    post.letters.append(letter())
    reader.page.clock.fast_forward(LOOKS_AGAIN)
    reader.page.get_by_text("A new letter arrived").wait_for()

    assert reader.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert violations(reader.page) == []
    reader.page.emulate_media(color_scheme="dark")
    assert violations(reader.page) == []


def test_the_page_reports_a_stack_that_has_stopped(silenced: Visitor, post: Post) -> None:
    post.emails.append(email(0))
    reload(silenced)
    silenced.page.route("**/messages.json", lambda route: route.abort())
    silenced.page.clock.fast_forward(LOOKS_AGAIN)
    expect(silenced.page.get_by_text(SILENCE)).to_be_visible()
    expect(silenced.page.get_by_role("article")).to_have_count(1)

    silenced.page.unroute("**/messages.json")
    silenced.page.clock.fast_forward(LOOKS_AGAIN)
    expect(silenced.page.get_by_text("The stack is responding again.")).to_be_visible()


def test_the_page_reports_a_stack_that_fails(silenced: Visitor) -> None:
    silenced.page.get_by_text("No messages yet").wait_for()
    silenced.page.route("**/messages.json", lambda route: route.fulfill(status=500, body="<h1>failed</h1>"))
    silenced.page.clock.fast_forward(LOOKS_AGAIN)

    expect(silenced.page.get_by_text(SILENCE)).to_be_visible()


def test_the_page_reports_a_stack_that_keeps_it_waiting(silenced: Visitor) -> None:
    silenced.page.get_by_text("No messages yet").wait_for()
    silenced.page.route("**/messages.json", lambda _: None)
    with silenced.page.expect_request("**/messages.json"):
        silenced.page.clock.fast_forward(LOOKS_AGAIN)
    silenced.page.clock.fast_forward(11_000)

    expect(silenced.page.get_by_text(SILENCE)).to_be_visible()
