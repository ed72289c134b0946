"""A stack that asks new browsers for a code: over HTTP with two jars of cookies, and in a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from simulators.browser.portal import DESKTOP, ENGLISH, FRENCH, PHONE, open_browser
from tests.support.documented_answers import Caller, assert_kept
from tests.support.local_stack import running_stack
from tests.support.members import NEW_PIN
from tests.support.stack_members import PIN, Members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from simulators.browser.portal import Visitor
    from tests.support.local_stack import Answer, Stack
    from tests.support.stack_members import Member

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, with another value of one parameter."""
    with running_stack(tmp_path_factory.mktemp("confirming"), "--parameter", "NewBrowser=confirm") as running:
        yield running


@pytest.fixture(scope="module")
def members(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Members:
    """Members of that stack."""
    return Members(stack, tmp_path_factory.mktemp("confirming-members"))


def cookies_of(*answers: Answer) -> str:
    """A jar of cookies, as a browser sends it."""
    pairs = dict(line.split(";")[0].split("=", 1) for answer in answers for line in answer.cookies())
    return "; ".join(f"{name}={value}" for name, value in pairs.items() if value)


def confirmed(caller: Caller, member: Member, jar: str = "") -> Answer:
    mailbox = member.mailbox(caller.stack)
    asked = caller.post("/login", cookies=jar, identifier=member.identifier, pin=PIN)
    assert_kept(asked, ("/login", 202, None))
    return caller.post("/login/confirm", cookies=cookies_of(asked), code=mailbox.next_code())


def test_each_jar_of_cookies_needs_a_code_once(stack: Stack, members: Members) -> None:
    caller, other, member = Caller(stack, members), Caller(stack, members), members.next()
    change = {"identifier": member.identifier, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert_kept(other.post("/pin", **change), ("/pin", 403, "sign-in-first"))

    answer = confirmed(caller, member)
    assert_kept(answer, ("/login/confirm", 200, None))
    known = cookies_of(answer)
    assert caller.post("/login", cookies=known, identifier=member.identifier, pin=PIN).status == 200
    assert other.post("/login", identifier=member.identifier, pin=PIN).status == 429, "a minute after the first code"


def signs_in(visitor: Visitor, stack: Stack, member: Member) -> None:
    visitor.visit(stack.portal_url)
    visitor.sees(visitor.words.sign_in_title)
    visitor.sign_in(member.identifier, PIN)


def confirms(visitor: Visitor, stack: Stack, member: Member) -> None:
    mailbox, words = member.mailbox(stack), visitor.words
    signs_in(visitor, stack, member)
    visitor.sees(words.confirm_title)
    visitor.fill(words.any_code, mailbox.next_code())
    visitor.press(words.confirm)
    visitor.sees(words.area_title)


@pytest.mark.parametrize(("words", "size"), [(FRENCH, PHONE), (ENGLISH, DESKTOP)], ids=["French", "English"])
def test_two_members_confirm_one_browser_once_each(
    chromium: Browser, stack: Stack, members: Members, words: object, size: object
) -> None:
    visitor = open_browser(chromium, words, size)  # type: ignore[arg-type]  # as parametrized
    both = members.next(), members.next()
    for member in both:
        confirms(visitor, stack, member)
        visitor.press(visitor.words.sign_out)
        visitor.reads(visitor.words.signed_out)
    for member in both:
        signs_in(visitor, stack, member)
        visitor.sees(visitor.words.area_title)
        visitor.press(visitor.words.sign_out)
        visitor.reads(visitor.words.signed_out)
    visitor.page.context.close()


def test_a_reload_keeps_the_step_and_a_wrong_code_says_what_is_left(
    chromium: Browser, stack: Stack, members: Members
) -> None:
    visitor, member = open_browser(chromium, FRENCH, DESKTOP), members.next()
    mailbox, words = member.mailbox(stack), visitor.words
    signs_in(visitor, stack, member)
    visitor.sees(words.confirm_title)
    code = mailbox.next_code()
    visitor.page.reload()
    visitor.sees(words.confirm_title)
    visitor.fill(words.any_code, f"{(int(code) + 1) % 1_000_000:06}")
    visitor.press(words.confirm)
    expect(visitor.page.locator(".error-summary")).to_be_visible()
    visitor.fill(words.any_code, code)
    visitor.press(words.confirm)
    visitor.sees(words.area_title)
    visitor.page.context.close()


def test_a_member_comes_back_with_the_code_of_a_letter(chromium: Browser, stack: Stack, members: Members) -> None:
    member = members.next(email=False)
    mailbox, first = member.mailbox(stack), open_browser(chromium, FRENCH, DESKTOP)
    signs_in(first, stack, member)
    first.sees(first.words.confirm_title)
    code = mailbox.next_code()
    first.page.context.close()

    # Its cookies were cleared at its exit, so it is a new one.
    later = open_browser(chromium, replace(FRENCH), DESKTOP)
    signs_in(later, stack, member)
    later.sees(later.words.confirm_title)
    later.fill(later.words.any_code, code)
    later.press(later.words.confirm)
    later.sees(later.words.area_title)
    later.page.context.close()
